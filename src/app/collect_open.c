/*
 * collect open: templates for every sender, and the records that say who was asked for what.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/collect.h"
#include "app/subjects.h"
#include "base/utf8.h"
#include "io/file.h"
#include "table/jsonw.h"

/* What is known for one column of the template, over the whole frame. */
typedef struct known {
    fd_column *values, *fallback; /* fallback: the stored current value of a year ago */
    fd_period fallback_period;
    fd_map *names; /* attributes that name a subject: code → name */
} known;

/* A row of a template: whom it is about and, in forms by variant, which one. */
typedef struct asked {
    size_t row; /* of the frame */
    size_t variant;
} asked;

typedef struct opening {
    fd_collect *c;
    const fd_collect_open_options *options;
    const fd_form *form;
    fd_period period;
    fd_collect_scope scope;
    fd_template *t;
    size_t variants;       /* 1 in forms without */
    known *known;          /* by column of the template and variant */
    fd_vec(asked) rows;    /* of the sender being written */
    fd_column *industry;   /* forms by variant: what the others of an industry use is asked */
    fd_map *used;          /* "30/33" → 1: somebody of division 30 reported variant 33 */
    size_t *order, *start; /* rows of the frame by sender; start: of each sender, and the end */
    fd_buf source;
    fd_collection *before; /* the collection when it is reissued */
    int issue;
    char hash[20];
} opening;

/* ---- what is known already
 * --------------------------------------------------------------------------------- */

/* A column of facts, unless it is of an origin that this role may not see below the sum. */
static int visible_column(fd_column **out, opening *o, const char *item, fd_period period,
                          fd_basis basis)
{
    fd_source *source = o->c->city->source;
    const char *origin = NULL;
    int err = source->ops->marks(source, item, period, basis, NULL, &origin);

    *out = NULL;
    if (err < 0 || (origin && !fd_role_sees(o->c->role, origin)))
        return err;
    return source->ops->column(source, o->scope.frame->kind, item, period, basis, out);
}

static int load_names(known *k, opening *o, const char *kind)
{
    fd_source *source = o->c->city->source;
    const fd_frame *frame;
    int err = source->ops->frame(source, kind, &frame);

    k->names = fd_map_new();
    for (size_t i = 0; err >= 0 && i < frame->n; i++)
        fd_map_set(k->names, fd_view_of(frame->codes[i]), (uint64_t)(uintptr_t)frame->names[i]);
    return err;
}

static int load_known(opening *o)
{
    fd_source *source = o->c->city->source;
    size_t n = fd_template_count(o->t) * o->variants;
    int err = 0;

    o->known = fd_alloc((n + 1) * sizeof *o->known);
    for (size_t i = 0; i < n && err >= 0; i++) {
        const fd_template_column *c = fd_template_at(o->t, i / o->variants);
        const char *item = fd_template_variants(o->t) && c->item[0] && !c->is_attribute
                               ? fd_template_item(o->c->arena, o->t, c, i % o->variants)
                               : c->item;
        known *k = &o->known[i];

        if (!c->item[0])
            continue;
        if (c->is_attribute) {
            /* In a form for a period an attribute is asked anew; what it was stands beside it. */
            if (c->role == FD_TEMPLATE_ENTRY && o->period)
                continue;
            err = source->ops->attribute(source, o->scope.frame->kind, c->item,
                                         c->period ? fd_period_end(c->period) : FD_DATE_MAX,
                                         &k->values);
            if (err >= 0 && c->to_kind)
                err = load_names(k, o, c->to_kind);
            continue;
        }
        if (!c->period)
            continue;
        err = visible_column(&k->values, o, item, c->period, c->basis);
        if (err >= 0 && c->role == FD_TEMPLATE_ENTRY && c->basis == FD_COMPARATIVE) {
            k->fallback_period = fd_period_years_before(c->period, 1);
            err = visible_column(&k->fallback, o, item, k->fallback_period, FD_CURRENT);
        }
    }
    return err;
}

static bool has_value(const fd_column *column, size_t row)
{
    fd_state state = column ? fd_column_state(column, row) : FD_MISSING;

    return state == FD_HAS || state == FD_DOUBT || state == FD_NA;
}

/* 取自 2024年1—2月 重点企业调度表_洹东区.csv */
static const char *say_source(opening *o, const char *item, fd_period period, fd_basis basis,
                              size_t row)
{
    fd_source *source = o->c->city->source;
    fd_origin origin;
    char title[64];

    fd_period_title(period, FD_ZH, title, sizeof title);
    fd_buf_clear(&o->source);
    fd_buf_printf(&o->source, "%s,取自已报的", title);
    if (source->ops->origin(source, o->scope.frame->kind, item, period, basis,
                            o->scope.frame->ids[row], &origin) < 0)
        fd_error_clear();
    else
        fd_buf_printf(&o->source, "《%s》%s", origin.file ? origin.file : "",
                      origin.corrected ? "(更正后)" : "");
    fd_buf_puts(&o->source, ";不用再填,有变才改");
    return fd_buf_text(&o->source);
}

/* Codes of counties and chains as names; weighted memberships (L1:0.6;E2:0.4) as they are stored,
 * which is how they are read back. */
static const char *text_of(const known *k, size_t row)
{
    const char *text = fd_column_text(k->values, row);
    uint64_t name;

    return text && k->names && fd_map_get(k->names, fd_view_of(text), &name)
               ? (const char *)(uintptr_t)name
               : text;
}

static int look_up(void *payload, const fd_template_column *c, size_t at, fd_template_value *out)
{
    opening *o = payload;
    const asked *asks = &o->rows.items[at];
    const known *k = &o->known[(size_t)(c - fd_template_at(o->t, 0)) * o->variants + asks->variant];
    const char *item = fd_template_variants(o->t) && !c->is_attribute
                           ? fd_template_item(o->c->arena, o->t, c, asks->variant)
                           : c->item;
    size_t row = asks->row;
    const fd_column *from = has_value(k->values, row)     ? k->values
                            : has_value(k->fallback, row) ? k->fallback
                                                          : NULL;

    if (!from)
        return 0;
    out->state = fd_column_state(from, row);
    if (c->is_attribute) {
        if (from->kind != FD_TEXT && from->kind != FD_CODE)
            return 0;
        out->text = text_of(k, row);
        return out->text != NULL;
    }
    out->number = (fd_decimal){ from->v.dec[row], from->scale };
    if (c->role == FD_TEMPLATE_ENTRY)
        out->source = from == k->values ? say_source(o, item, c->period, c->basis, row)
                                        : say_source(o, item, k->fallback_period, FD_CURRENT, row);
    return 1;
}

/* ---- files
 * -------------------------------------------------------------------------------------------------
 */

/* What file systems refuse becomes '_', and so does '_' itself: it parts the name's pieces. */
static void put_safe(fd_buf *out, const char *text)
{
    fd_view v = fd_view_of(text);
    size_t at = 0, characters = 0;

    while (at < v.len && characters++ < 60) {
        size_t start = at;
        uint32_t ch = fd_utf8_next(v.ptr, v.len, &at);

        if (ch < 0x20 || (ch < 0x80 && strchr("\\/:*?\"<>|_", (int)ch)))
            fd_buf_putc(out, '-');
        else
            fd_buf_put(out, v.ptr + start, at - start);
    }
}

static int make_folder(const char *path)
{
    char *copy = fd_strdup(path);
    int err = 0;

    for (char *p = copy + 1; err == 0; p++)
        if (*p == '/' || !*p) {
            char kept = *p;

            *p = '\0';
            if (mkdir(copy, 0777) != 0 && errno != EEXIST)
                err = fd_file__errno(copy, errno);
            *p = kept;
            if (!kept)
                break;
        }
    free(copy);
    return err;
}

static void file_name(fd_buf *out, const opening *o, const fd_collect_sender *s)
{
    char title[64] = "";

    if (o->period)
        fd_period_title(o->period, FD_ZH, title, sizeof title);
    fd_buf_clear(out);
    put_safe(out, fd_form_name(o->form));
    fd_buf_putc(out, '_');
    put_safe(out, s->name);
    if (strcmp(o->options->by, "enterprise") == 0) { /* names repeat, codes do not */
        fd_buf_putc(out, '_');
        put_safe(out, s->code);
    }
    if (title[0]) {
        fd_buf_putc(out, '_');
        put_safe(out, title);
    }
    fd_buf_puts(out, ".xlsx");
}

/* ---- rows ---- */

static bool has_any(const opening *o, size_t row, size_t variant)
{
    for (size_t c = 0; c < fd_template_count(o->t); c++)
        if (has_value(o->known[c * o->variants + variant].values, row))
            return true;
    return false;
}

/* "30/33": the division of the industry's code and a variant. */
static const char *use_key(opening *o, size_t row, size_t variant)
{
    return fd_arena_printf(o->c->arena, "%.2s/%s", fd_column_text_or(o->industry, row, ""),
                           fd_template_variant(o->t, variant));
}

/* Which variants each division reported: what a subject is asked that never reported any. */
static int load_uses(opening *o)
{
    fd_source *source = o->c->city->source;
    int err;

    o->used = fd_map_new();
    if (strcmp(o->scope.frame->kind, "enterprise") != 0 ||
        (err = source->ops->attribute(source, "enterprise", "industry", FD_DATE_MAX,
                                      &o->industry)) < 0) {
        fd_error_clear(); /* a city without that attribute asks for all */
        return 0;
    }
    for (size_t v = 0; v < o->variants; v++)
        for (size_t row = 0; row < o->scope.frame->n; row++)
            if (has_any(o, row, v)) {
                fd_map_set(o->used, fd_view_of(use_key(o, row, v)), 1);
                fd_map_set(o->used, fd_view_of(fd_template_variant(o->t, v)), 1);
            }
    return 0;
}

static bool is_used(const opening *o, const char *key)
{
    return fd_map_get(o->used, fd_view_of(key), &(uint64_t){ 0 });
}

/* Who is asked for a variant: who reported it before; else who is of a division that did; else,
 * where the division reported none, whatever anybody reported; else everything. */
static void put_variants(opening *o, size_t row)
{
    enum { MINE, OF_DIVISION, OF_ANYBODY, ALL } ask = ALL;

    for (size_t v = 0; v < o->variants; v++) {
        if (fd_template_variant_always(o->t, v))
            continue;
        if (has_any(o, row, v))
            ask = MINE;
        else if (ask > OF_DIVISION && is_used(o, use_key(o, row, v)))
            ask = OF_DIVISION;
        else if (ask > OF_ANYBODY && is_used(o, fd_template_variant(o->t, v)))
            ask = OF_ANYBODY;
    }
    for (size_t v = 0; v < o->variants; v++)
        if (fd_template_variant_always(o->t, v) ||
            (ask == MINE          ? has_any(o, row, v)
             : ask == OF_DIVISION ? is_used(o, use_key(o, row, v))
             : ask == OF_ANYBODY  ? is_used(o, fd_template_variant(o->t, v))
                                  : true))
            fd_vec_push(&o->rows, ((asked){ row, v }));
}

static void put_rows(opening *o, size_t at)
{
    o->rows.count = 0;
    for (size_t i = o->start[at]; i < o->start[at + 1]; i++) {
        if (fd_template_variants(o->t))
            put_variants(o, o->order[i]);
        else
            fd_vec_push(&o->rows, ((asked){ o->order[i], 0 }));
    }
}

/* The codes that this sender is asked for, in the list's order. */
static void name_variants(fd_template_mark *m, const opening *o)
{
    size_t length = 0;

    for (size_t v = 0; fd_template_variants(o->t) && v < o->variants; v++) {
        const char *code = fd_template_variant(o->t, v);
        bool asks = false;

        for (size_t i = 0; i < o->rows.count && !asks; i++)
            asks = o->rows.items[i].variant == v;
        if (asks && length + strlen(code) + 2 < sizeof m->variants)
            length += (size_t)snprintf(m->variants + length, sizeof m->variants - length, "%s%s",
                                       length ? " " : "", code);
    }
}

static void fill_mark(fd_template_mark *m, const opening *o, const fd_collect_sender *s)
{
    memset(m, 0, sizeof *m);
    snprintf(m->city, sizeof m->city, "%s", o->c->city_name);
    snprintf(m->form, sizeof m->form, "%s", fd_form_id(o->form));
    snprintf(m->form_hash, sizeof m->form_hash, "%s", o->hash);
    snprintf(m->by, sizeof m->by, "%s", o->options->by);
    snprintf(m->sender, sizeof m->sender, "%s", s->code);
    snprintf(m->sender_name, sizeof m->sender_name, "%s", s->name);
    m->period = o->period;
    m->issue = o->issue;
    m->due = o->options->due;
    name_variants(m, o);
    fd_template_seal(m->seal, m);
}

static int write_one(opening *o, const char *path, const fd_template_mark *mark)
{
    size_t n = o->rows.count;
    fd_template_row *rows = fd_alloc((n + 1) * sizeof *rows);
    int err;

    for (size_t i = 0; i < n; i++)
        rows[i] = (fd_template_row){ o->scope.frame->codes[o->rows.items[i].row],
                                     o->scope.frame->names[o->rows.items[i].row],
                                     o->rows.items[i].variant };
    err = fd_template_write(o->t, path, mark, o->c->marks, rows, n, look_up, o);
    free(rows);
    return err;
}

/* Rows of the frame brought together by sender, in one pass. */
static void order_rows(opening *o)
{
    size_t senders = o->scope.senders.count, *next;

    o->start = fd_alloc((senders + 1) * sizeof *o->start);
    o->order = fd_alloc((o->scope.frame->n + 1) * sizeof *o->order);
    next = fd_alloc((senders + 1) * sizeof *next);
    for (size_t i = 0; i < senders; i++)
        next[i + 1] = o->start[i + 1] = o->start[i] + o->scope.senders.items[i].expected;
    for (size_t i = 0; i < o->scope.frame->n; i++)
        if (o->scope.sender_of[i] >= 0)
            o->order[next[o->scope.sender_of[i]]++] = i;
    free(next);
}

/* ---- records
 * ------------------------------------------------------------------------------------------------
 */

static int write_collection(opening *o, fd_batch *batch)
{
    const fd_collect_open_options *p = o->options;
    char period[24] = "", due[16];
    const char *key = fd_collect_key(o->c->arena, fd_form_id(o->form), o->period, NULL);
    fd_buf json = FD_BUF_INIT;
    fd_jsonw w;
    int err;

    if (o->period)
        fd_period_format(o->period, period, sizeof period);
    fd_date_format(p->due, due, sizeof due);
    fd_jsonw_init(&w, &json);
    fd_jsonw_object(&w);
    fd_jsonw_key(&w, "form");
    fd_jsonw_string(&w, fd_form_id(o->form));
    fd_jsonw_key(&w, "period");
    fd_jsonw_string(&w, period);
    fd_jsonw_key(&w, "by");
    fd_jsonw_string(&w, p->by);
    fd_jsonw_key(&w, "due");
    fd_jsonw_string(&w, due);
    fd_jsonw_key(&w, "issue");
    fd_jsonw_int(&w, o->issue);
    fd_jsonw_key(&w, "form_hash");
    fd_jsonw_string(&w, o->hash);
    fd_jsonw_end_object(&w);
    err = fd_collect_move(o->c, FD_COLLECT_TYPE, o->before ? o->before->state : NULL,
                          FD_COLLECT_OPEN);
    if (err >= 0)
        err =
            fd_batch_record(batch, FD_COLLECT_TYPE, key, FD_COLLECT_OPEN,
                            o->before && o->before->since > p->today ? o->before->since : p->today,
                            fd_buf_text(&json), p->actor);
    fd_buf_dispose(&json);
    return err;
}

static int write_item(opening *o, fd_batch *batch, const fd_collect_sender *s,
                      const fd_template_mark *mark)
{
    const fd_collect_open_options *p = o->options;
    const char *collection = fd_collect_key(o->c->arena, fd_form_id(o->form), o->period, NULL);
    const char *key = fd_collect_key(o->c->arena, fd_form_id(o->form), o->period, s->code);
    fd_collect_item *before = o->before ? fd_collect_find_item(o->c, o->before, s->code) : NULL;
    fd_buf json = FD_BUF_INIT;
    fd_jsonw w;
    char due[16];
    int err =
        fd_collect_move(o->c, FD_COLLECT_ITEM_TYPE, before ? before->state : NULL, FD_COLLECT_SENT);

    if (err < 0)
        return err;
    fd_date_format(p->due, due, sizeof due);
    fd_jsonw_init(&w, &json);
    fd_jsonw_object(&w);
    fd_jsonw_key(&w, "collection");
    fd_jsonw_string(&w, collection);
    fd_jsonw_key(&w, "sender");
    fd_jsonw_string(&w, s->code);
    fd_jsonw_key(&w, "sender_name");
    fd_jsonw_string(&w, s->name);
    fd_jsonw_key(&w, "due");
    fd_jsonw_string(&w, due);
    fd_jsonw_key(&w, "issue");
    fd_jsonw_int(&w, o->issue);
    fd_jsonw_key(&w, "seal");
    fd_jsonw_string(&w, mark->seal);
    fd_jsonw_key(&w, "expected");
    fd_jsonw_int(&w, (int64_t)s->expected);
    fd_jsonw_end_object(&w);
    err = fd_batch_record(batch, FD_COLLECT_ITEM_TYPE, key, FD_COLLECT_SENT,
                          before && before->since > p->today ? before->since : p->today,
                          fd_buf_text(&json), p->actor);
    fd_buf_dispose(&json);
    return err;
}

/* What the fingerprint cannot carry is said before anything is written. */
static int check_senders(const opening *o)
{
    fd_template_mark m;

    for (size_t i = 0; i < o->scope.senders.count; i++) {
        const fd_collect_sender *s = &o->scope.senders.items[i];

        if (strlen(s->code) >= sizeof m.sender || strlen(s->name) >= sizeof m.sender_name ||
            strpbrk(s->code, "|\r\n"))
            return fd_error_set(FD_EINVAL, "单位代码或名称太长,或含「|」:%.100s",
                                "a sender's code or name is too long or holds '|': %.100s",
                                s->code);
    }
    return 0;
}

/* ---- the whole
 * ---------------------------------------------------------------------------------------------- */

static int settle(opening *o)
{
    const fd_collect_open_options *p = o->options;
    int err;

    if (!(o->form = fd_forms_find(o->c->forms, p->form))) {
        fd_error_set(FD_ENOTFOUND, "没有报表「%s」", "there is no form %s", p->form);
        return fd_error_hint("fangding show definitions 列出报表",
                             "fangding show definitions lists the forms");
    }
    if (!fd_role_sees(o->c->role, fd_form_origin(o->form)))
        return fd_error_set(FD_EDENIED, "「%s」是统计原始资料,只由统计部门收",
                            "%s is a statistical return; only the statistics bureau collects it",
                            fd_form_name(o->form));
    if ((err = fd_template_period(&o->period, o->form, p->period)) < 0)
        return err;
    if (p->due == FD_DATE_NONE || p->due < p->today)
        return fd_error_set(FD_EINVAL, "截止日期在今天之前", "the due day is before today");
    o->before = fd_collect_find(o->c, fd_form_id(o->form), o->period);
    if (o->before && !p->reissue) {
        fd_error_set(FD_EEXISTS, "「%s」这一期已经发过(第 %d 次)",
                     "%s of this period was sent out already (issue %d)", fd_form_name(o->form),
                     o->before->issue);
        return fd_error_hint("要作废已发的模板、重新发,加 --reissue",
                             "add --reissue to replace the templates that are out");
    }
    if (o->before && strcmp(o->before->by, p->by) != 0)
        return fd_error_set(FD_ECONFLICT, "上次按 %s 发,这次不能改按 %s",
                            "it was sent by %s and cannot now go by %s", o->before->by, p->by);
    o->issue = o->before ? o->before->issue + 1 : 1;
    if ((err = fd_template_form_hash(o->hash, o->form)) < 0 ||
        (err = fd_template_new(&o->t, o->form, o->period,
                               o->period ? fd_period_step(o->period, -1) : FD_PERIOD_NONE)) < 0 ||
        (err = fd_collect_scope_of(&o->scope, o->c, o->form, o->period, p->by)) < 0)
        return err;
    if (o->scope.senders.count == 0)
        return fd_error_set(FD_ENOTFOUND, "没有要报「%s」的对象", "nobody is asked for %s",
                            fd_form_name(o->form));
    if ((err = check_senders(o)) < 0)
        return err;
    order_rows(o);
    o->variants = fd_template_variants(o->t) ? fd_template_variants(o->t) : 1;
    if ((err = load_known(o)) < 0 || !fd_template_variants(o->t))
        return err;
    return load_uses(o);
}

static int write_all(opening *o, fd_table *t, fd_batch *batch, size_t *kept)
{
    fd_buf path = FD_BUF_INIT, name = FD_BUF_INIT;
    int err = write_collection(o, batch);

    for (size_t i = 0; i < o->scope.senders.count && err >= 0; i++) {
        const fd_collect_sender *s = &o->scope.senders.items[i];
        fd_collect_item *before = o->before ? fd_collect_find_item(o->c, o->before, s->code) : NULL;
        fd_template_mark mark;
        size_t row;

        if (before && strcmp(before->state, FD_COLLECT_CLEARED) == 0) {
            ++*kept; /* what is there is not asked again */
            continue;
        }
        file_name(&name, o, s);
        fd_buf_clear(&path);
        fd_buf_printf(&path, "%s/%s", o->options->folder, fd_buf_text(&name));
        put_rows(o, i);
        fill_mark(&mark, o, s);
        if ((err = write_one(o, fd_buf_text(&path), &mark)) < 0 ||
            (err = write_item(o, batch, s, &mark)) < 0)
            break;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, s->code);
        fd_column_set_text(t->columns[1], row, s->name);
        fd_column_set_dec(t->columns[2], row, (int64_t)s->expected);
        fd_column_set_text(t->columns[3], row, fd_buf_text(&name));
    }
    fd_buf_dispose(&path);
    fd_buf_dispose(&name);
    return err;
}

int fd_collect_open(fd_result *result, fd_collect *c, const fd_collect_open_options *options)
{
    opening o = { .c = c, .options = options };
    fd_batch_info info = { "collect open", options->actor, options->form, NULL };
    fd_table *t = fd_table_new("templates", "发出的模板", "Templates sent out");
    fd_batch *batch = NULL;
    int64_t snapshot;
    size_t kept = 0;
    int err;

    fd_table_add_new(t, "sender", "单位代码", "Sender", FD_TEXT, "", 0);
    fd_table_add_new(t, "name", "单位", "Name", FD_TEXT, "", 0);
    fd_table_add_new(t, "expected", "应报", "Expected", FD_DEC, "户", 0);
    fd_table_add_new(t, "file", "文件", "File", FD_TEXT, "", 0);
    if ((err = settle(&o)) < 0 || (err = make_folder(options->folder)) < 0 ||
        (err = fd_batch_begin(&batch, c->city->store, &info)) < 0)
        goto done;
    if ((err = write_all(&o, t, batch, &kept)) < 0)
        goto done;
    err = fd_batch_publish(batch, &snapshot);
    batch = NULL;
    if (err < 0)
        goto done;
    fd_result_say(result, "「%s」第 %d 次,%zu 件模板在 %s", "%s, issue %d: %zu templates in %s",
                  fd_form_name(o.form), o.issue, t->rows, options->folder);
    if (o.scope.unplaced) {
        char zh[160], en[160];

        snprintf(zh, sizeof zh, "另有 %zu 户不知道归哪个单位,没有发", o.scope.unplaced);
        snprintf(en, sizeof en, "%zu more belong to no known sender and were not asked",
                 o.scope.unplaced);
        fd_table_add_note(t, zh, en);
    }
    if (o.scope.everybody && strcmp(o.scope.frame->kind, "enterprise") == 0)
        fd_table_add_note(t,
                          "名录没有登记谁应报这张表,问了全部企业;该谁报,写在名录报表的「应报」里",
                          "no register says who owes this form, so every enterprise is asked; the "
                          "register's form says who does (应报)");
    if (kept) {
        char zh[160], en[160];

        snprintf(zh, sizeof zh, "%zu 件已清,不再重发", kept);
        snprintf(en, sizeof en, "%zu items are complete and were not sent again", kept);
        fd_table_add_note(t, zh, en);
    }
    fd_result_add(result, t);
    t = NULL;
done:
    if (batch)
        fd_batch_abandon(batch);
    for (size_t i = 0; o.known && i < fd_template_count(o.t) * o.variants; i++) {
        fd_column_unref(o.known[i].values);
        fd_column_unref(o.known[i].fallback);
        fd_map_free(o.known[i].names);
    }
    free(o.known);
    fd_collect_scope_dispose(&o.scope);
    fd_template_free(o.t);
    fd_buf_dispose(&o.source);
    free(o.order);
    free(o.start);
    fd_vec_dispose(&o.rows);
    fd_column_unref(o.industry);
    fd_map_free(o.used);
    fd_table_free(t);
    return err < 0 ? err : 0;
}
