/*
 * collect import: what came back is told apart first (whose is it, which period, which issue, is it
 * the only version), then everything sound is taken in one batch together with its records.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/collect.h"
#include "app/import.h"
#include "app/import_report.h"
#include "base/digest.h"
#include "base/str.h"
#include "io/file.h"
#include "table/jsonw.h"

typedef enum verdict {
    TAKE = 0,
    SAME,    /* the same bytes arrived before */
    REFUSED, /* does not fit; no record changes */
    BACK     /* it is the sender's own return, but as a whole it cannot be read: 退回 */
} verdict;

typedef struct arrival {
    char *path;
    const char *name; /* the last part of path */
    char digest[65];
    struct timespec changed;
    fd_template_mark mark;
    bool marked;
    fd_collection *collection;
    fd_collect_item *item;
    verdict verdict;
    int32_t sender; /* index in the scope */
    int64_t fresh;  /* subjects of its own that had not reported and do now */
    int64_t rows, rejected, missing;
    const char *state;  /* of the item afterwards */
    const char *reason; /* in the arena; NULL when all is well */
    char encoding[16];
} arrival;

typedef struct note { /* a finding, until the table exists */
    const char *path, *rule, *zh, *en, *found, *expected;
} note;

typedef struct intake {
    fd_collect *c;
    const fd_collect_import_options *options;
    fd_vec(arrival) list;
    fd_vec(note) notes;
    fd_collect_scope *scopes; /* by collection, read when first needed */
    uint8_t **reported;
    int64_t **missing; /* by sender of each scope: subjects without a figure before this import */
    fd_import_city look;
    fd_import_hint *hints;
    size_t *taken; /* arrival of each hint */
    size_t taken_count;
} intake;

/* ---- findings
 * ---------------------------------------------------------------------------------------------- */

static void refuse(intake *in, arrival *a, verdict v, const char *rule, const char *found,
                   const char *expected, const char *zh, const char *en, ...) FD_PRINTF2(7, 8, 9);

/* Both texts take the same arguments. */
static void fill(char *out, size_t size, const char *format, va_list arguments)
{
    va_list copy;

    va_copy(copy, arguments);
    vsnprintf(out, size, format, copy);
    va_end(copy);
}

static void refuse(intake *in, arrival *a, verdict v, const char *rule, const char *found,
                   const char *expected, const char *zh, const char *en, ...)
{
    char text[2][512];
    va_list ap;
    note n = { a->path, rule, NULL, NULL, found ? found : "", expected ? expected : "" };

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

static const char *title_of(intake *in, fd_period period)
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

static int walk(intake *in, const char *path, int depth)
{
    struct stat st;
    char **paths = NULL;
    size_t count = 0;
    int err;

    if (stat(path, &st) != 0)
        return fd_file__errno(path, errno);
    if (!S_ISDIR(st.st_mode)) {
        arrival a = { .path = NULL };

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
            err = walk(in, paths[i], depth + 1);
        free(paths[i]);
    }
    free(paths);
    return err;
}

/* ---- whose return it is
 * --------------------------------------------------------------------------------------- */

static bool in_name(const arrival *a, const char *text)
{
    return *text && strstr(a->name, text) != NULL;
}

static bool shorter_names(const fd_collection *k)
{
    return strcmp(k->by, "enterprise") != 0; /* names of enterprises are parts of one another */
}

/* A template's own fingerprint against what was sent out. */
static void settle_marked(intake *in, arrival *a)
{
    const fd_template_mark *m = &a->mark;
    fd_collect *c = in->c;
    fd_period wanted = in->options->period;

    if (m->altered) {
        refuse(in, a, REFUSED, "fingerprint", NULL, NULL, "模板的指纹被改过,或与收表编号对不上",
               "the template's fingerprint was altered or contradicts its line");
        return;
    }
    if (m->hidden_sheet && strcmp(m->city, c->city_name) != 0) {
        refuse(in, a, REFUSED, "wrong-city", fd_arena_strdup(c->arena, m->city), c->city_name,
               "这是别的城市发的模板", "the template was sent out by another city");
        return;
    }
    if (wanted && m->period && wanted != m->period) {
        refuse(in, a, REFUSED, "wrong-period", title_of(in, m->period), title_of(in, wanted),
               "模板是另一期的", "the template is of another period");
        return;
    }
    if (!(a->collection = fd_collect_find(c, m->form, m->period))) {
        const char *open = NULL;

        for (size_t i = 0; i < c->collections.count; i++)
            if (strcmp(c->collections.items[i].form_id, m->form) == 0)
                open = title_of(in, c->collections.items[i].period);
        refuse(in, a, REFUSED, open ? "wrong-period" : "not-open", title_of(in, m->period), open,
               open ? "模板是另一期的,这一期没有在收" : "没有发过这张表",
               open ? "the template is of a period that is not being collected"
                    : "this form was never sent out");
        return;
    }
    if (m->hidden_sheet && strcmp(m->form_hash, a->collection->form_hash) != 0) {
        refuse(in, a, REFUSED, "form-changed", NULL, NULL, "发出后表样改过,请用新模板",
               "the form was changed since; use the new template");
        return;
    }
    if (!(a->item = fd_collect_find_item(c, a->collection, m->sender))) {
        refuse(in, a, REFUSED, "unknown-sender", fd_arena_strdup(c->arena, m->sender), NULL,
               "没有给这个单位发过这张表", "the form was not sent to this sender");
        return;
    }
    if (m->issue < a->item->issue) {
        refuse(in, a, REFUSED, "outdated-issue", fd_arena_printf(c->arena, "%d", m->issue),
               fd_arena_printf(c->arena, "%d", a->item->issue),
               "这是第 %d 次发的模板,已作废,现在收第 %d 次的",
               "the template is of issue %d, which was replaced by issue %d", m->issue,
               a->item->issue);
        return;
    }
    if (strcmp(m->seal, a->item->seal) != 0)
        refuse(in, a, REFUSED, "fingerprint", NULL, NULL, "收表编号与发出的不符",
               "the line does not agree with what was sent out");
}

/* Without a fingerprint: form from option, name or the only one being collected; period from the
 * option, the name or the only one; sender from the name. */
static void settle_unmarked(intake *in, arrival *a)
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
        refuse(in, a, REFUSED,
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
        refuse(in, a, REFUSED, "unknown-sender", a->name, NULL,
               "没有指纹,文件名里也没有单位的名称或代码",
               "no fingerprint, and the name holds no sender");
}

/* The name says another sender than the fingerprint: one file was saved over another's. */
static void check_name(intake *in, arrival *a)
{
    fd_collect *c = in->c;

    if (!shorter_names(a->collection) || in_name(a, a->item->sender_name) ||
        in_name(a, a->item->sender))
        return;
    for (size_t i = 0; i < c->items.count; i++) {
        const fd_collect_item *other = &c->items.items[i];

        if (&c->collections.items[other->collection] == a->collection && other != a->item &&
            in_name(a, other->sender_name)) {
            refuse(in, a, REFUSED, "wrong-sender", a->item->sender_name, other->sender_name,
                   "文件名是「%s」,模板却是发给「%s」的",
                   "the file is named for %s, the template was sent to %s", other->sender_name,
                   a->item->sender_name);
            return;
        }
    }
}

static int settle(intake *in, arrival *a)
{
    int err = fd_template_mark_read(&a->mark, a->path);

    if (err < 0) {
        const fd_error *e = fd_error_last();

        refuse(in, a, REFUSED, "format", NULL, NULL, "打不开:%.300s%.0s",
               "cannot be read: %.0s%.300s", e->message[FD_ZH], e->message[FD_EN]);
        return 0;
    }
    a->marked = err > 0;
    if (a->marked)
        settle_marked(in, a);
    else
        settle_unmarked(in, a);
    if (a->verdict == TAKE && !a->collection->form)
        refuse(in, a, REFUSED, "form", a->collection->form_id, NULL, "城市文件里已没有这种报表",
               "the city file no longer has this form");
    if (a->verdict == TAKE)
        check_name(in, a);
    return 0;
}

/* ---- versions
 * ---------------------------------------------------------------------------------------------- */

static bool newer(const arrival *a, const arrival *b)
{
    return a->changed.tv_sec != b->changed.tv_sec ? a->changed.tv_sec > b->changed.tv_sec
                                                  : a->changed.tv_nsec > b->changed.tv_nsec;
}

static bool rivals(const arrival *a, const arrival *b)
{
    return b->verdict == TAKE && b->item == a->item;
}

/* The newest of all versions of a's return; NULL when two that differ are of the same moment. */
static arrival *newest_of(intake *in, arrival *a)
{
    arrival *best = a;

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
static void settle_rivals(intake *in, arrival *a)
{
    arrival *other = NULL, *best;

    for (size_t i = 0; i < in->list.count; i++)
        if (rivals(a, &in->list.items[i]) && strcmp(a->digest, in->list.items[i].digest) != 0)
            other = &in->list.items[i];
    if (!other) {
        for (size_t i = 0; i < in->list.count; i++)
            if (&in->list.items[i] != a && rivals(a, &in->list.items[i]))
                in->list.items[i].verdict = SAME;
        return;
    }
    best = in->options->replace ? newest_of(in, a) : NULL;
    for (size_t i = 0; i < in->list.count; i++) {
        arrival *b = &in->list.items[i];

        if (b == best || b == a || !rivals(a, b))
            continue;
        if (best && strcmp(b->digest, best->digest) == 0)
            b->verdict = SAME;
        else if (best)
            refuse(in, b, REFUSED, "two-versions", b->name, best->name,
                   "同一单位另有较新的一份,以「%s」为准",
                   "a newer version of this return counts: %s", best->name);
        else
            refuse(in, b, REFUSED, "two-versions", b->name, a->name,
                   "同一单位有两份不同的来表(另一份「%s」),都不收;确认后加 --replace 收较新的",
                   "two versions of one return (the other: %s); neither is taken, --replace takes "
                   "the newer",
                   a->name);
    }
    if (a == best)
        return;
    if (best && strcmp(a->digest, best->digest) == 0)
        a->verdict = SAME;
    else if (best)
        refuse(in, a, REFUSED, "two-versions", a->name, best->name,
               "同一单位另有较新的一份,以「%s」为准", "a newer version of this return counts: %s",
               best->name);
    else
        refuse(in, a, REFUSED, "two-versions", a->name, other->name,
               "同一单位有两份不同的来表(另一份「%s」),都不收;确认后加 --replace 收较新的",
               "two versions of one return (the other: %s); neither is taken, --replace takes the "
               "newer",
               other->name);
}

/* What came in this time among itself, then against what was taken before. A return that went back
 * may come again without asking. */
static void settle_versions(intake *in)
{
    for (size_t i = 0; i < in->list.count; i++) {
        arrival *a = &in->list.items[i];

        if (a->verdict == TAKE && strcmp(a->digest, a->item->digest) == 0)
            a->verdict = SAME;
    }
    for (size_t i = 0; i < in->list.count; i++)
        if (in->list.items[i].verdict == TAKE)
            settle_rivals(in, &in->list.items[i]);
    for (size_t i = 0; i < in->list.count; i++) {
        arrival *a = &in->list.items[i];

        if (a->verdict == TAKE && !in->options->replace &&
            (strcmp(a->item->state, FD_COLLECT_RECEIVED) == 0 ||
             strcmp(a->item->state, FD_COLLECT_CLEARED) == 0))
            refuse(in, a, REFUSED, "two-versions", a->name, a->item->file,
                   "这个单位已经报过(「%s」),这一份不同;确认要替换加 --replace",
                   "this sender has reported already (%s) and this version differs; --replace "
                   "takes it",
                   a->item->file);
    }
}

/* ---- what is in it
 * ------------------------------------------------------------------------------------------- */

static int scope_of(intake *in, size_t collection)
{
    const fd_collection *k = &in->c->collections.items[collection];
    int err;

    if (in->scopes[collection].frame)
        return 0;
    if ((err = fd_collect_scope_of(&in->scopes[collection], in->c, k->form, k->period, k->by)) < 0)
        return err;
    if ((err = fd_collect_reported(&in->reported[collection], in->c, k->form, k->period,
                                   in->scopes[collection].frame)) < 0)
        return err;
    in->missing[collection] = fd_collect_missing(&in->scopes[collection], in->reported[collection]);
    return 0;
}

static ptrdiff_t frame_row(const fd_frame *frame, int32_t id)
{
    size_t low = 0, high = frame->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (frame->ids[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < frame->n && frame->ids[low] == id ? (ptrdiff_t)low : -1;
}

/* Rows about somebody else's subjects. True when there are none. */
static bool own_rows(intake *in, arrival *a, const fd_collect_peek *peek,
                     const fd_collect_scope *scope)
{
    size_t foreign = 0, first = 0;
    int32_t other = -1;
    ptrdiff_t whose = -1;

    for (size_t i = 0; i < peek->rows.count; i++) {
        ptrdiff_t row = frame_row(scope->frame, peek->rows.items[i].subject);
        int32_t sender = row < 0 ? -1 : scope->sender_of[row];

        if (sender < 0 || sender == a->sender)
            continue;
        if (foreign++ == 0) {
            first = i;
            other = sender;
            whose = row;
        }
    }
    if (!foreign)
        return true;
    refuse(in, a, REFUSED, "wrong-sender", scope->senders.items[other].name, a->item->sender_name,
           "%zu 行不是「%s」的:第 %d 行「%s」属于「%s」,整件不收",
           "%zu rows are not of %s: row %d, %s, belongs to %s; the file is left out", foreign,
           a->item->sender_name, peek->rows.items[first].row, scope->frame->names[whose],
           scope->senders.items[other].name);
    return false;
}

static void judge(intake *in, arrival *a, const fd_collect_peek *peek)
{
    size_t at = a->item->collection;
    const fd_collect_scope *scope = &in->scopes[at];

    a->rows = (int64_t)peek->result->rows;
    a->rejected = (int64_t)peek->result->rejected;
    snprintf(a->encoding, sizeof a->encoding, "%s", peek->result->encoding);
    a->sender = -1;
    for (size_t i = 0; i < scope->senders.count; i++)
        if (strcmp(scope->senders.items[i].code, a->item->sender) == 0)
            a->sender = (int32_t)i;
    if (peek->result->state == FD_RETURNS_LEFT_OUT) {
        refuse(in, a, BACK, "left-out", NULL, NULL, "整件不收:%s%.0s", "left out: %.0s%s",
               peek->fault[FD_ZH].len ? fd_buf_text(&peek->fault[FD_ZH]) : "读不出内容",
               peek->fault[FD_EN].len ? fd_buf_text(&peek->fault[FD_EN]) : "no content");
        return;
    }
    if (!own_rows(in, a, peek, scope))
        return;
    for (size_t i = 0; i < peek->rows.count; i++) {
        ptrdiff_t row = frame_row(scope->frame, peek->rows.items[i].subject);

        a->fresh += row >= 0 && (peek->rows.items[i].figure || !a->collection->period) &&
                    a->sender >= 0 && scope->sender_of[row] == a->sender && !in->reported[at][row];
    }
}

/* After all are judged: what the item becomes. */
static void conclude(intake *in, arrival *a)
{
    if (a->verdict == BACK) {
        /* A good return that is there already is not undone by a bad file. */
        if (strcmp(a->item->state, FD_COLLECT_SENT) == 0 ||
            strcmp(a->item->state, FD_COLLECT_RETURNED) == 0)
            a->state = FD_COLLECT_RETURNED;
        return;
    }
    if (a->sender >= 0)
        a->missing = in->missing[a->item->collection][a->sender] - a->fresh;
    if (a->rejected) {
        a->state = FD_COLLECT_RETURNED;
        a->reason = fd_arena_printf(in->c->arena, "%lld 行有错退回", (long long)a->rejected);
    } else if (a->missing) {
        a->state = FD_COLLECT_RECEIVED;
        a->reason = fd_arena_printf(in->c->arena, "还缺 %lld 户", (long long)a->missing);
    } else {
        a->state = FD_COLLECT_CLEARED;
    }
}

static int look_into(intake *in, arrival *a)
{
    fd_collect_peek peek = { 0 };
    int err = scope_of(in, a->item->collection);

    if (err >= 0)
        err = fd_collect_peek_file(&peek, in->c, &in->look, a->path, a->collection->form,
                                   a->collection->period, a->item->sender_name,
                                   in->options->confirm_units);
    if (err >= 0) {
        judge(in, a, &peek);
        if (a->verdict == TAKE || a->verdict == BACK)
            conclude(in, a);
    }
    fd_collect_peek_dispose(&peek);
    return err;
}

/* ---- writing
 * ------------------------------------------------------------------------------------------------
 */

static int write_arrival(intake *in, fd_batch *batch, const arrival *a)
{
    char absolute[PATH_MAX];
    fd_collect_change change = { .state = a->state,
                                 .file = a->name,
                                 .digest = a->digest,
                                 .reason = a->reason ? a->reason : "",
                                 .rows = a->rows,
                                 .rejected = a->rejected };

    change.path = realpath(a->path, absolute) ? absolute : a->path;
    return fd_collect_write_item(in->c, batch, a->item, &change, in->options->today,
                                 in->options->actor);
}

/* A collection is complete when every item of it is. */
static int write_collections(intake *in, fd_batch *batch)
{
    fd_collect *c = in->c;
    int err = 0;

    for (size_t k = 0; k < c->collections.count && err >= 0; k++) {
        const fd_collection *collection = &c->collections.items[k];
        bool complete = true, touched = false;
        const char *state;

        for (size_t i = 0; i < c->items.count; i++) {
            const fd_collect_item *item = &c->items.items[i];
            const char *now = item->state;

            if (item->collection != k)
                continue;
            for (size_t n = 0; n < in->list.count; n++)
                if (in->list.items[n].item == item && in->list.items[n].state) {
                    now = in->list.items[n].state;
                    touched = true;
                }
            complete &= strcmp(now, FD_COLLECT_CLEARED) == 0;
        }
        state = complete ? FD_COLLECT_COMPLETE : FD_COLLECT_OPEN;
        if (!touched || strcmp(state, collection->state) == 0)
            continue;
        if ((err = fd_collect_move(c, FD_COLLECT_TYPE, collection->state, state)) >= 0)
            err = fd_batch_record(batch, FD_COLLECT_TYPE, collection->key, state,
                                  collection->since > in->options->today ? collection->since
                                                                         : in->options->today,
                                  "{}", in->options->actor);
    }
    return err;
}

static int write_records(void *payload, fd_batch *batch, const fd_import_report *report)
{
    intake *in = payload;
    int err = 0;

    /* What the import itself made of each file wins over what the first reading foretold. */
    for (size_t i = 0; report && i < in->taken_count; i++) {
        arrival *a = &in->list.items[in->taken[i]];
        size_t row = in->hints[i].row;
        const char *state =
            fd_column_text(report->files->columns[fd_table_find(report->files, "state")], row);

        a->rejected = report->files->columns[fd_table_find(report->files, "rejected")]->v.dec[row];
        if (state && strcmp(state, "退回") == 0) {
            a->state = FD_COLLECT_RETURNED;
            a->reason = "整件不收";
        }
    }
    for (size_t i = 0; i < in->list.count && err >= 0; i++)
        if (in->list.items[i].state &&
            (in->list.items[i].verdict == TAKE || in->list.items[i].verdict == BACK))
            err = write_arrival(in, batch, &in->list.items[i]);
    return err < 0 ? err : write_collections(in, batch);
}

static int take_all(intake *in, fd_import_report *report)
{
    fd_import_options options = FD_IMPORT_OPTIONS_INIT;
    fd_batch_info info = { "collect import", in->options->actor, in->options->folder, NULL };
    const char **paths = fd_alloc((in->list.count + 1) * sizeof *paths);
    fd_batch *batch = NULL;
    int64_t snapshot;
    bool any = false;
    int err = 0;

    in->hints = fd_alloc((in->list.count + 1) * sizeof *in->hints);
    in->taken = fd_alloc((in->list.count + 1) * sizeof *in->taken);
    for (size_t i = 0; i < in->list.count; i++) {
        const arrival *a = &in->list.items[i];

        any |= a->verdict == BACK;
        if (a->verdict != TAKE)
            continue;
        in->hints[in->taken_count] =
            (fd_import_hint){ a->collection->form_id, a->collection->period, a->item->sender_name,
                              0 };
        paths[in->taken_count] = a->path;
        in->taken[in->taken_count++] = i;
    }
    options.actor = in->options->actor;
    options.rejects = "";
    options.dry_run = in->options->dry_run;
    options.confirm_units = in->options->confirm_units;
    options.hints = in->hints;
    options.before_publish = write_records;
    options.payload = in;
    if (in->taken_count)
        err = fd_import(report, in->c->city, paths, in->taken_count, &options);
    else
        fd_import_report_init(report, false, options.lang);
    if (err >= 0 && !in->taken_count && any && !in->options->dry_run &&
        (err = fd_batch_begin(&batch, in->c->city->store, &info)) >= 0) {
        if ((err = write_records(in, batch, NULL)) >= 0)
            err = fd_batch_publish(batch, &snapshot);
        else
            fd_batch_abandon(batch);
    }
    free(paths);
    return err;
}

/* ---- the answer
 * ---------------------------------------------------------------------------------------------- */

static void add_notes(intake *in, fd_import_report *report)
{
    for (size_t i = 0; i < in->notes.count; i++) {
        const note *n = &in->notes.items[i];
        fd_finding f = { 2,         n->rule,          "",       0,
                         "",        { n->zh, n->en }, n->found, { n->expected, n->expected },
                         { "", "" } };

        fd_import_report_finding(report, n->path, &f);
    }
}

static void answer(intake *in, fd_result *result)
{
    fd_table *t = fd_table_new("arrivals", "来表", "Arrivals");
    size_t counts[4] = { 0 };

    fd_table_add_new(t, "file", "文件", "File", FD_TEXT, "", 0);
    fd_table_add_new(t, "sender", "单位代码", "Sender", FD_TEXT, "", 0);
    fd_table_add_new(t, "name", "单位", "Name", FD_TEXT, "", 0);
    fd_table_add_new(t, "form", "报表", "Form", FD_TEXT, "", 0);
    fd_table_add_new(t, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(t, "encoding", "编码", "Encoding", FD_TEXT, "", 0);
    fd_table_add_new(t, "rows", "行数", "Rows", FD_DEC, "", 0);
    fd_table_add_new(t, "rejected", "退回行", "Refused rows", FD_DEC, "", 0);
    fd_table_add_new(t, "missing", "还缺", "Missing", FD_DEC, "户", 0);
    fd_table_add_new(t, "state", "结果", "Outcome", FD_TEXT, "", 0);
    fd_table_add_new(t, "reason", "说明", "Reason", FD_TEXT, "", 0);
    for (size_t i = 0; i < in->list.count; i++) {
        const arrival *a = &in->list.items[i];
        size_t row = fd_table_add_row(t);

        counts[a->verdict]++;
        fd_column_set_text(t->columns[0], row, a->name);
        if (a->item) {
            fd_column_set_text(t->columns[1], row, a->item->sender);
            fd_column_set_text(t->columns[2], row, a->item->sender_name);
        }
        if (a->collection) {
            fd_column_set_text(t->columns[3], row, a->collection->form_id);
            if (a->collection->period)
                fd_column_set_day(t->columns[4], row, a->collection->period);
        }
        if (a->encoding[0])
            fd_column_set_text(t->columns[5], row, a->encoding);
        if (a->verdict == TAKE) {
            fd_column_set_dec(t->columns[6], row, a->rows);
            fd_column_set_dec(t->columns[7], row, a->rejected);
            fd_column_set_dec(t->columns[8], row, a->missing);
        }
        fd_column_set_text(t->columns[9], row,
                           a->verdict == SAME      ? "同前"
                           : a->verdict == REFUSED ? "拒收"
                           : a->verdict == BACK    ? "退回"
                                                   : a->state);
        if (a->reason)
            fd_column_set_text(t->columns[10], row, a->reason);
    }
    fd_result_say(result, "来表 %zu 件:收 %zu,退回整件 %zu,拒收 %zu,同前 %zu%s",
                  "%zu files: %zu taken, %zu returned whole, %zu refused, %zu seen before%s",
                  in->list.count, counts[TAKE], counts[BACK], counts[REFUSED], counts[SAME],
                  in->options->dry_run ? " (--dry-run)" : "");
    result->exit_code = counts[REFUSED] || counts[BACK] ? 1 : 0;
    fd_result_add(result, t);
}

int fd_collect_import(fd_result *result, fd_collect *c, const fd_collect_import_options *options)
{
    intake in = { .c = c, .options = options };
    fd_import_report report = { 0 };
    int err;

    if (options->form && !fd_forms_find(c->forms, options->form))
        return fd_error_set(FD_ENOTFOUND, "没有报表「%s」", "there is no form %s", options->form);
    in.scopes = fd_alloc((c->collections.count + 1) * sizeof *in.scopes);
    in.reported = fd_alloc((c->collections.count + 1) * sizeof *in.reported);
    in.missing = fd_alloc((c->collections.count + 1) * sizeof *in.missing);
    if ((err = walk(&in, options->folder, 0)) < 0 ||
        (err = fd_import_city_open(&in.look, c->city->store, NULL)) < 0)
        goto done;
    for (size_t i = 0; i < in.list.count && err >= 0; i++)
        err = settle(&in, &in.list.items[i]);
    if (err < 0)
        goto done;
    settle_versions(&in);
    for (size_t i = 0; i < in.list.count && err >= 0; i++)
        if (in.list.items[i].verdict == TAKE)
            err = look_into(&in, &in.list.items[i]);
    if (err < 0 || (err = take_all(&in, &report)) < 0)
        goto done;
    add_notes(&in, &report);
    answer(&in, result);
    if (report.findings && report.findings->rows) {
        fd_result_add(result, report.findings);
        report.findings = NULL;
    }
done:
    fd_import_report_dispose(&report);
    if (in.look.subjects)
        fd_import_city_dispose(&in.look);
    for (size_t i = 0; i < c->collections.count; i++) {
        fd_collect_scope_dispose(&in.scopes[i]);
        free(in.reported[i]);
        free(in.missing[i]);
    }
    for (size_t i = 0; i < in.list.count; i++)
        free(in.list.items[i].path);
    fd_vec_dispose(&in.list);
    fd_vec_dispose(&in.notes);
    free(in.scopes);
    free(in.reported);
    free(in.missing);
    free(in.hints);
    free(in.taken);
    return err < 0 ? err : 0;
}
