/*
 * What came back, told apart: whose is it, which period, which issue, is it the only version.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/collect_intake.h"
#include "base/diag.h"
#include "base/digest.h"
#include "base/str.h"
#include "io/file.h"

/* ---- findings
 * ---------------------------------------------------------------------------------------------- */

/* Both texts take the same arguments. */
static void fill(char *out, size_t size, const char *format, va_list arguments)
{
    va_list copy;

    va_copy(copy, arguments);
    vsnprintf(out, size, format, copy);
    va_end(copy);
}

void fd_intake__refuse(fd_intake *in, fd_arrival *a, fd_verdict v, const char *rule,
                       const char *found, const char *expected, const char *zh, const char *en, ...)
{
    char text[2][512];
    va_list ap;
    fd_intake_note n = { (int)FD_FAULT,           a->path, rule, NULL, NULL, found ? found : "",
                         expected ? expected : "" };

    va_start(ap, en);
    fill(text[0], sizeof text[0], zh, ap);
    fill(text[1], sizeof text[1], en, ap);
    va_end(ap);
    n.zh = fd_arena_strdup(in->c->arena, text[0]);
    n.en = fd_arena_strdup(in->c->arena, text[1]);
    fd_vec_push(&in->notes, n);
    a->verdict = v;
    a->reason = n.zh;
}

const char *fd_intake__title_of(fd_intake *in, fd_period period)
{
    char text[64] = "—";

    if (period)
        fd_period_title(period, FD_ZH, text, sizeof text);
    return fd_arena_strdup(in->c->arena, text);
}

/* ---- which files
 * --------------------------------------------------------------------------------------------- */

static bool is_return(const char *path)
{
    const char *name = fd_file_name(path);

    return name[0] != '.' && strncmp(name, "~$", 2) != 0 && !strstr(name, ".退回.") &&
           (fd_file_has_extension(path, "csv") || fd_file_has_extension(path, "xlsx") ||
            fd_file_has_extension(path, "txt") || fd_file_has_extension(path, "xls"));
}

int fd_intake__walk(fd_intake *in, const char *path, int depth)
{
    struct stat st;
    char **paths = NULL;
    size_t count = 0;
    int err;

    if (stat(path, &st) != 0)
        return fd_file__errno(path, errno);
    if (!S_ISDIR(st.st_mode)) {
        fd_arrival a = { .path = NULL };

        if (depth > 0 && !is_return(path))
            return 0;
        a.path = fd_strdup(path);
        a.name = fd_file_name(a.path);
        a.changed = st.st_mtim;
        if ((err = fd_digest_file(path, a.digest)) < 0) {
            free(a.path);
            return err;
        }
        fd_vec_push(&in->list, a);
        return 0;
    }
    if ((err = fd_file_list(&paths, &count, path)) < 0)
        return err;
    for (size_t i = 0; i < count; i++) {
        if (err >= 0 && depth < 16)
            err = fd_intake__walk(in, paths[i], depth + 1);
        free(paths[i]);
    }
    free(paths);
    return err;
}

/* ---- whose return it is
 * --------------------------------------------------------------------------------------- */

static bool in_name(const fd_arrival *a, const char *text)
{
    return *text && strstr(a->name, text) != NULL;
}

static bool shorter_names(const fd_collection *k)
{
    return strcmp(k->by, "enterprise") != 0; /* names of enterprises are parts of one another */
}

/* A template's own fingerprint against what was sent out. */
static void settle_marked(fd_intake *in, fd_arrival *a)
{
    const fd_template_mark *m = &a->mark;
    fd_collect *c = in->c;
    fd_period wanted = in->options->period;

    if (m->altered) {
        fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, "fingerprint", NULL, NULL,
                          "模板的指纹被改过,或与收表编号对不上",
                          "the template's fingerprint was altered or contradicts its line");
        return;
    }
    if (m->hidden_sheet && strcmp(m->city, c->city_name) != 0) {
        fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, "wrong-city",
                          fd_arena_strdup(c->arena, m->city), c->city_name, "这是别的城市发的模板",
                          "the template was sent out by another city");
        return;
    }
    if (wanted && m->period && wanted != m->period) {
        fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, "wrong-period",
                          fd_intake__title_of(in, m->period), fd_intake__title_of(in, wanted),
                          "模板是另一期的", "the template is of another period");
        return;
    }
    if (!(a->collection = fd_collect_find(c, m->form, m->period))) {
        const char *open = NULL;

        for (size_t i = 0; i < c->collections.count; i++)
            if (strcmp(c->collections.items[i].form_id, m->form) == 0)
                open = fd_intake__title_of(in, c->collections.items[i].period);
        fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, open ? "wrong-period" : "not-open",
                          fd_intake__title_of(in, m->period), open,
                          open ? "模板是另一期的,这一期没有在收" : "没有发过这张表",
                          open ? "the template is of a period that is not being collected"
                               : "this form was never sent out");
        return;
    }
    if (m->hidden_sheet && strcmp(m->form_hash, a->collection->form_hash) != 0) {
        fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, "form-changed", NULL, NULL,
                          "发出后表样改过,请用新模板",
                          "the form was changed since; use the new template");
        return;
    }
    if (!(a->item = fd_collect_find_item(c, a->collection, m->sender))) {
        fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, "unknown-sender",
                          fd_arena_strdup(c->arena, m->sender), NULL, "没有给这个单位发过这张表",
                          "the form was not sent to this sender");
        return;
    }
    if (m->issue < a->item->issue) {
        fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, "outdated-issue",
                          fd_arena_printf(c->arena, "%d", m->issue),
                          fd_arena_printf(c->arena, "%d", a->item->issue),
                          "这是第 %d 次发的模板,已作废,现在收第 %d 次的",
                          "the template is of issue %d, which was replaced by issue %d", m->issue,
                          a->item->issue);
        return;
    }
    if (strcmp(m->seal, a->item->seal) != 0)
        fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, "fingerprint", NULL, NULL,
                          "收表编号与发出的不符", "the line does not agree with what was sent out");
}

/* Without a fingerprint: form from option, name or the only one being collected; period from the
 * option, the name or the only one; sender from the name. */
static void settle_unmarked(fd_intake *in, fd_arrival *a)
{
    fd_collect *c = in->c;
    const fd_form *form = in->options->form ? fd_forms_find(c->forms, in->options->form)
                                            : fd_forms_guess(c->forms, a->path);
    int year, month, fits = 0;
    size_t longest = 0;

    fd_returns_path_period(a->name, &year, &month);
    for (size_t i = 0; i < c->collections.count; i++) {
        fd_collection *k = &c->collections.items[i];

        if (!k->form || (form && k->form != form) ||
            (in->options->period && k->period != in->options->period))
            continue;
        if (!in->options->period && year && k->period &&
            (fd_period_year_of(k->period) != year ||
             (month && fd_period_number_of(k->period) && fd_period_number_of(k->period) != month)))
            continue;
        a->collection = k;
        fits++;
    }
    if (fits != 1) {
        a->collection = NULL;
        fd_intake__refuse(
            in, a, FD_ARRIVAL_REFUSED,
            fits   ? "ambiguous"
            : year ? "wrong-period"
                   : "not-open",
            a->name, NULL,
            fits ? "没有指纹,分不清是哪一次收表,请用 --form 和 --at 指明"
                 : "没有指纹,文件名说的报表和期间没有在收",
            fits ? "no fingerprint, and several collections would do; say --form and --at"
                 : "no fingerprint, and what the name says is not being collected");
        return;
    }
    for (size_t i = 0; i < c->items.count; i++) {
        fd_collect_item *item = &c->items.items[i];
        const char *by = in_name(a, item->sender)        ? item->sender
                         : in_name(a, item->sender_name) ? item->sender_name
                                                         : "";

        if (&c->collections.items[item->collection] != a->collection || strlen(by) <= longest)
            continue;
        longest = strlen(by);
        a->item = item;
    }
    if (!a->item)
        fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, "unknown-sender", a->name, NULL,
                          "没有指纹,文件名里也没有单位的名称或代码",
                          "no fingerprint, and the name holds no sender");
}

/* The name says another sender than the fingerprint: one file was saved over another's. */
static void check_name(fd_intake *in, fd_arrival *a)
{
    fd_collect *c = in->c;

    if (!shorter_names(a->collection) || in_name(a, a->item->sender_name) ||
        in_name(a, a->item->sender))
        return;
    for (size_t i = 0; i < c->items.count; i++) {
        const fd_collect_item *other = &c->items.items[i];

        if (&c->collections.items[other->collection] == a->collection && other != a->item &&
            in_name(a, other->sender_name)) {
            fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, "wrong-sender", a->item->sender_name,
                              other->sender_name, "文件名是「%s」,模板却是发给「%s」的",
                              "the file is named for %s, the template was sent to %s",
                              other->sender_name, a->item->sender_name);
            return;
        }
    }
}

int fd_intake__settle(fd_intake *in, fd_arrival *a)
{
    int err = fd_template_mark_read(&a->mark, a->path);

    if (err < 0) {
        const fd_error *e = fd_error_last();

        fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, "format", NULL, NULL, "打不开:%.300s%.0s",
                          "cannot be read: %.0s%.300s", e->message[FD_ZH], e->message[FD_EN]);
        return 0;
    }
    a->marked = err > 0;
    if (a->marked)
        settle_marked(in, a);
    else
        settle_unmarked(in, a);
    if (a->verdict == FD_ARRIVAL_TAKE && !a->collection->form)
        fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, "form", a->collection->form_id, NULL,
                          "城市文件里已没有这种报表", "the city file no longer has this form");
    if (a->verdict == FD_ARRIVAL_TAKE)
        check_name(in, a);
    return 0;
}

/* ---- versions
 * ---------------------------------------------------------------------------------------------- */

static bool newer(const fd_arrival *a, const fd_arrival *b)
{
    return a->changed.tv_sec != b->changed.tv_sec ? a->changed.tv_sec > b->changed.tv_sec
                                                  : a->changed.tv_nsec > b->changed.tv_nsec;
}

static bool rivals(const fd_arrival *a, const fd_arrival *b)
{
    return b->verdict == FD_ARRIVAL_TAKE && b->item == a->item;
}

/* The newest of all versions of a's return; NULL when two that differ are of the same moment. */
static fd_arrival *newest_of(fd_intake *in, fd_arrival *a)
{
    fd_arrival *best = a;

    for (size_t i = 0; i < in->list.count; i++)
        if (rivals(a, &in->list.items[i]) && newer(&in->list.items[i], best))
            best = &in->list.items[i];
    for (size_t i = 0; i < in->list.count; i++)
        if (rivals(a, &in->list.items[i]) && !newer(best, &in->list.items[i]) &&
            strcmp(best->digest, in->list.items[i].digest) != 0)
            return NULL;
    return best;
}

/* One return, one file: the same bytes count once; different ones not at all, or with --replace the
 * newest. */
static void settle_rivals(fd_intake *in, fd_arrival *a)
{
    fd_arrival *other = NULL, *best;

    for (size_t i = 0; i < in->list.count; i++)
        if (rivals(a, &in->list.items[i]) && strcmp(a->digest, in->list.items[i].digest) != 0)
            other = &in->list.items[i];
    if (!other) {
        for (size_t i = 0; i < in->list.count; i++)
            if (&in->list.items[i] != a && rivals(a, &in->list.items[i]))
                in->list.items[i].verdict = FD_ARRIVAL_SAME;
        return;
    }
    best = in->options->replace ? newest_of(in, a) : NULL;
    for (size_t i = 0; i < in->list.count; i++) {
        fd_arrival *b = &in->list.items[i];

        if (b == best || b == a || !rivals(a, b))
            continue;
        if (best && strcmp(b->digest, best->digest) == 0)
            b->verdict = FD_ARRIVAL_SAME;
        else if (best)
            fd_intake__refuse(in, b, FD_ARRIVAL_REFUSED, "two-versions", b->name, best->name,
                              "同一单位另有较新的一份,以「%s」为准",
                              "a newer version of this return counts: %s", best->name);
        else
            fd_intake__refuse(
                in, b, FD_ARRIVAL_REFUSED, "two-versions", b->name, a->name,
                "同一单位有两份不同的来表(另一份「%s」),都不收;确认后加 --replace 收较新的",
                "two versions of one return (the other: %s); neither is taken, --replace takes "
                "the newer",
                a->name);
    }
    if (a == best)
        return;
    if (best && strcmp(a->digest, best->digest) == 0)
        a->verdict = FD_ARRIVAL_SAME;
    else if (best)
        fd_intake__refuse(in, a, FD_ARRIVAL_REFUSED, "two-versions", a->name, best->name,
                          "同一单位另有较新的一份,以「%s」为准",
                          "a newer version of this return counts: %s", best->name);
    else
        fd_intake__refuse(
            in, a, FD_ARRIVAL_REFUSED, "two-versions", a->name, other->name,
            "同一单位有两份不同的来表(另一份「%s」),都不收;确认后加 --replace 收较新的",
            "two versions of one return (the other: %s); neither is taken, --replace takes the "
            "newer",
            other->name);
}

/* What came in this time among itself, then against what was taken before. A return that went back
 * may come again without asking. */
void fd_intake__settle_versions(fd_intake *in)
{
    for (size_t i = 0; i < in->list.count; i++) {
        fd_arrival *a = &in->list.items[i];

        if (a->verdict == FD_ARRIVAL_TAKE && strcmp(a->digest, a->item->digest) == 0)
            a->verdict = FD_ARRIVAL_SAME;
    }
    for (size_t i = 0; i < in->list.count; i++)
        if (in->list.items[i].verdict == FD_ARRIVAL_TAKE)
            settle_rivals(in, &in->list.items[i]);
    for (size_t i = 0; i < in->list.count; i++) {
        fd_arrival *a = &in->list.items[i];

        if (a->verdict == FD_ARRIVAL_TAKE && !in->options->replace &&
            (strcmp(a->item->state, FD_COLLECT_RECEIVED) == 0 ||
             strcmp(a->item->state, FD_COLLECT_CLEARED) == 0))
            fd_intake__refuse(
                in, a, FD_ARRIVAL_REFUSED, "two-versions", a->name, a->item->file,
                "这个单位已经报过(「%s」),这一份不同;确认要替换加 --replace",
                "this sender has reported already (%s) and this version differs; --replace "
                "takes it",
                a->item->file);
    }
}
