/*
 * The state of collecting: records read and written, who is asked, who has reported, days late.
 */
#include "base/str.h"
#include "app/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/assets.h"
#include "app/members.h"
#include "app/import.h"
#include "base/diag.h"
#include "table/jsonw.h"

/* ---- reading the state
 * ------------------------------------------------------------------------------------- */

static const char *cell(fd_collect *c, const fd_table *t, const char *column, size_t row)
{
    int at = fd_table_find(t, column);
    char text[64];
    const char *held;

    if (at < 0 || fd_column_state(t->columns[at], row) == FD_MISSING)
        return "";
    if ((held = t->columns[at]->kind == FD_TEXT ? fd_column_text(t->columns[at], row) : NULL))
        return fd_arena_strdup(c->arena, held);
    fd_column_format(t->columns[at], row, FD_EN, text, sizeof text);
    return fd_arena_strdup(c->arena, text);
}

static int64_t number(fd_collect *c, const fd_table *t, const char *column, size_t row)
{
    const char *text = cell(c, t, column, row);
    int64_t n = 0;

    if (*text && fd_decimal_parse_scaled(&n, text, strlen(text), 0) < 0)
        fd_error_clear();
    return n;
}

static fd_date day(fd_collect *c, const fd_table *t, const char *column, size_t row)
{
    const char *text = cell(c, t, column, row);
    fd_date date = FD_DATE_NONE;

    if (*text && fd_date_parse(&date, text, strlen(text)) < 0)
        fd_error_clear();
    return date;
}

static int read_collections(fd_collect *c)
{
    fd_source *source = c->city->source;
    fd_table *t = NULL;
    int err = source->ops->records(source, FD_COLLECT_TYPE, FD_DATE_MAX, &t);

    for (size_t i = 0; err >= 0 && i < t->rows; i++) {
        fd_collection k = { .key = cell(c, t, "id", i),
                            .state = cell(c, t, "state", i),
                            .form_id = cell(c, t, "form", i),
                            .by = cell(c, t, "by", i),
                            .form_hash = cell(c, t, "form_hash", i),
                            .due = day(c, t, "due", i),
                            .since = day(c, t, "since", i),
                            .issue = (int)number(c, t, "issue", i) };
        const char *period = cell(c, t, "period", i);

        if (*period && (err = fd_period_parse(&k.period, period, strlen(period))) < 0)
            break;
        k.form = fd_forms_find(c->forms, k.form_id);
        fd_vec_push(&c->collections, k);
    }
    fd_table_free(t);
    return err < 0 ? err : 0;
}

static int read_items(fd_collect *c)
{
    fd_source *source = c->city->source;
    fd_map *by_key = fd_map_new();
    fd_table *t = NULL;
    int err = source->ops->records(source, FD_COLLECT_ITEM_TYPE, FD_DATE_MAX, &t);

    for (size_t i = 0; i < c->collections.count; i++)
        fd_map_set(by_key, fd_view_of(c->collections.items[i].key), i);
    for (size_t i = 0; err >= 0 && i < t->rows; i++) {
        fd_collect_item item = { .key = cell(c, t, "id", i),
                                 .state = cell(c, t, "state", i),
                                 .sender = cell(c, t, "sender", i),
                                 .sender_name = cell(c, t, "sender_name", i),
                                 .seal = cell(c, t, "seal", i),
                                 .file = cell(c, t, "file", i),
                                 .path = cell(c, t, "path", i),
                                 .digest = cell(c, t, "digest", i),
                                 .reason = cell(c, t, "reason", i),
                                 .since = day(c, t, "since", i),
                                 .due = day(c, t, "due", i),
                                 .issue = (int)number(c, t, "issue", i),
                                 .expected = number(c, t, "expected", i),
                                 .rows = number(c, t, "rows", i),
                                 .rejected = number(c, t, "rejected", i) };
        uint64_t at;

        if (!fd_map_get(by_key, fd_view_of(cell(c, t, "collection", i)), &at))
            continue;
        item.collection = (size_t)at;
        fd_map_set(c->item_by_key, fd_view_of(item.key), c->items.count);
        fd_vec_push(&c->items, item);
    }
    fd_map_free(by_key);
    fd_table_free(t);
    return err < 0 ? err : 0;
}

/* The State Council's arrangement, as shipped. */
static int read_calendar(fd_collect *c)
{
    c->calendar = fd_calendar_new();
    return fd_workdays_read(NULL, c->calendar);
}

static int read_forms(fd_collect *c)
{
    fd_forms_options options = FD_FORMS_OPTIONS_INIT;
    fd_diags diags = FD_DIAGS_INIT;
    int err;

    options.read_list = fd_import_read_list;
    err = fd_forms_load(&c->forms, c->city->program, &options, &diags);
    fd_diags_dispose(&diags);
    if (err < 0 && c->forms && fd_forms_count(c->forms)) {
        fd_error_clear(); /* one form with a fault leaves the others */
        err = 0;
    }
    return err;
}

int fd_collect_load(fd_collect *c, fd_city *city, fd_role role)
{
    char *note = NULL;
    int err;

    memset(c, 0, sizeof *c);
    c->city = city;
    c->role = role;
    c->arena = fd_arena_new();
    c->item_by_key = fd_map_new();
    if (role == FD_ROLE_VIEWER)
        return fd_error_set(FD_EDENIED, "浏览角色不能收表", "the viewer role does not collect");
    if (!fd_program_record(city->program, FD_COLLECT_TYPE) ||
        !fd_program_record(city->program, FD_COLLECT_ITEM_TYPE)) {
        fd_error_set(FD_ENOTFOUND, "城市文件里没有记录类型 收表、收表件",
                     "the city file has no record types collection, collection_item");
        return fd_error_hint("用 fangding define 写入 definitions/records.ding 里的这两条",
                             "store them from definitions/records.ding with fangding define");
    }
    if ((err = read_forms(c)) < 0 || (err = read_collections(c)) < 0 || (err = read_items(c)) < 0 ||
        (err = read_calendar(c)) < 0 ||
        (err = fd_store_meta_get(city->store, "city", &c->city_name)) < 0 ||
        (err = fd_store_meta_get(city->store, "note", &note)) < 0)
        goto done;
    if (!c->city_name)
        c->city_name = fd_strdup("");
    c->marks =
        fd_strdup(note && (strstr(note, "虚构") || strstr(note, "示例")) ? "示例,虚构数据" : "");
done:
    free(note);
    return err < 0 ? err : 0;
}

void fd_collect_dispose(fd_collect *c)
{
    fd_vec_dispose(&c->collections);
    fd_vec_dispose(&c->items);
    fd_map_free(c->item_by_key);
    fd_calendar_free(c->calendar);
    fd_forms_free(c->forms);
    fd_arena_free(c->arena);
    free(c->city_name);
    free(c->marks);
    memset(c, 0, sizeof *c);
}

const char *fd_collect_key(fd_arena *arena, const char *form, fd_period period, const char *sender)
{
    char text[24] = "-";

    if (period)
        fd_period_format(period, text, sizeof text);
    return fd_arena_printf(arena, "%s@%s%s%s", form, text, sender ? "@" : "", sender ? sender : "");
}

fd_collection *fd_collect_find(const fd_collect *c, const char *form, fd_period period)
{
    for (size_t i = 0; i < c->collections.count; i++)
        if (c->collections.items[i].period == period &&
            strcmp(c->collections.items[i].form_id, form) == 0)
            return &c->collections.items[i];
    return NULL;
}

fd_collect_item *fd_collect_find_item(const fd_collect *c, const fd_collection *collection,
                                      const char *sender)
{
    const char *key = fd_collect_key(c->arena, collection->form_id, collection->period, sender);
    uint64_t at;

    return fd_map_get(c->item_by_key, fd_view_of(key), &at) ? &c->items.items[at] : NULL;
}

/* ---- who is asked
 * ------------------------------------------------------------------------------------------ */

/* "A:0.6;B:0.4" → the heaviest; one code as it is. */
static fd_view heaviest(const char *text)
{
    fd_view rest = fd_view_of(text), part, best = { "", 0 };
    fd_decimal most = { -1, 0 }, weight;

    while (fd_view_split(&rest, ';', &part)) {
        ptrdiff_t colon = fd_view_find(part, ":");
        fd_view code = colon < 0 ? part : (fd_view){ part.ptr, (size_t)colon };

        weight = (fd_decimal){ 1, 0 };
        if (colon >= 0 &&
            fd_decimal_parse(&weight, part.ptr + colon + 1, part.len - (size_t)colon - 1) < 0)
            fd_error_clear();
        if (fd_decimal_compare(weight, most) > 0) {
            most = weight;
            best = fd_view_trim(code);
        }
    }
    return best;
}

/* The attribute of a kind that names its county, its chain or its owner; NULL when there is none.
 */
static const char *attribute_for(const char *kind, const char *by)
{
    bool project = strcmp(kind, "project") == 0;

    if (strcmp(by, "county") == 0)
        return strcmp(kind, "enterprise") == 0 ? "county" : project ? "project_county" : NULL;
    if (strcmp(by, "department") == 0)
        return strcmp(kind, "enterprise") == 0 ? "chain"
               : project                       ? "project_owner"
               : strcmp(kind, "chain") == 0    ? "chain_owner"
                                               : NULL;
    return NULL;
}

typedef struct grouping {
    fd_collect *c;
    fd_collect_scope *scope;
    fd_map *senders; /* code → index */
    fd_date at;
} grouping;

static int32_t sender(grouping *g, fd_view code, const char *name)
{
    uint64_t fresh = g->scope->senders.count, at = fd_map_intern(g->senders, code, fresh);

    if (at == fresh) {
        const char *own = fd_arena_strndup(g->c->arena, code.ptr, code.len);

        fd_vec_push(&g->scope->senders,
                    ((fd_collect_sender){ own, fd_arena_strdup(g->c->arena, name ? name : own),
                                          0 }));
    }
    g->scope->senders.items[at].expected++;
    return (int32_t)at;
}

/* Names of counties, or owners of chains, by code. */
static int name_map(fd_map **out, fd_collect *c, const char *kind, const char *attribute,
                    fd_date at)
{
    fd_source *source = c->city->source;
    fd_column *values = NULL;
    const fd_frame *frame;
    int err = source->ops->frame(source, kind, &frame);

    *out = fd_map_new();
    if (err >= 0 && attribute)
        err = source->ops->attribute(source, kind, attribute, at, &values);
    for (size_t i = 0; err >= 0 && i < frame->n; i++) {
        const char *name = attribute ? fd_column_text(values, i) : frame->names[i];

        if (name && *name)
            fd_map_set(*out, fd_view_of(frame->codes[i]),
                       (uint64_t)(uintptr_t)fd_arena_strdup(c->arena, name));
    }
    fd_column_unref(values);
    return err < 0 ? err : 0;
}

static int group(grouping *g, const char *by, const uint8_t *asked)
{
    fd_collect_scope *scope = g->scope;
    fd_source *source = g->c->city->source;
    const char *kind = scope->frame->kind, *attribute = attribute_for(kind, by);
    bool chains = attribute && strcmp(attribute, "chain") == 0;
    bool counties = attribute && strcmp(by, "county") == 0;
    fd_column *values = NULL;
    fd_map *names = NULL;
    int err = 0;

    if (attribute)
        err = source->ops->attribute(source, kind, attribute, g->at, &values);
    if (err >= 0 && (chains || counties))
        err = name_map(&names, g->c, chains ? "chain" : "county", chains ? "chain_owner" : NULL,
                       g->at);
    for (size_t i = 0; err >= 0 && i < scope->frame->n; i++) {
        const char *text = values ? fd_column_text(values, i) : NULL;
        uint64_t name = 0;
        fd_view code;

        scope->sender_of[i] = -1;
        if (!asked[i])
            continue;
        if (!attribute) {
            scope->sender_of[i] =
                sender(g, fd_view_of(scope->frame->codes[i]), scope->frame->names[i]);
            continue;
        }
        code = text ? heaviest(text) : (fd_view){ "", 0 };
        if (names && !fd_map_get(names, code, &name))
            code.len = 0;
        if (!code.len)
            scope->unplaced++;
        else if (chains) /* the owner is the sender, whatever chain it is */
            scope->sender_of[i] = sender(g, fd_view_of((const char *)(uintptr_t)name), NULL);
        else
            scope->sender_of[i] = sender(g, code, (const char *)(uintptr_t)name);
    }
    fd_column_unref(values);
    fd_map_free(names);
    return err < 0 ? err : 0;
}

/* Those that owe the form; everybody when nobody is known to. */
static int find_asked(uint8_t **out, bool *everybody, fd_collect *c, const fd_form *form,
                      fd_date at, const fd_frame *frame)
{
    fd_source *source = c->city->source;
    fd_column *expects = NULL;
    char attribute[96];
    bool any = false;
    int err;

    *out = fd_alloc(frame->n + 1);
    snprintf(attribute, sizeof attribute, "expects:%s", fd_form_id(form));
    if ((err = source->ops->attribute(source, frame->kind, attribute, at, &expects)) < 0)
        return err;
    for (size_t i = 0; i < frame->n; i++) {
        const char *text = fd_column_text(expects, i);

        (*out)[i] = fd_text_truth(text) == FD_TRUE;
        any |= (*out)[i];
    }
    *everybody = !any;
    if (!any)
        memset(*out, 1, frame->n);
    fd_column_unref(expects);
    return 0;
}

typedef struct placed {
    fd_collect_sender sender;
    int32_t at; /* before sorting */
} placed;

static int by_code(const void *a, const void *b)
{
    const placed *x = a, *y = b;

    return strcmp(x->sender.code, y->sender.code);
}

/* Senders in the order of their codes, whoever came first in the register. */
static void order_senders(fd_collect_scope *scope)
{
    size_t n = scope->senders.count;
    placed *list = fd_alloc((n + 1) * sizeof *list);
    int32_t *place = fd_alloc((n + 1) * sizeof *place);

    for (size_t i = 0; i < n; i++)
        list[i] = (placed){ scope->senders.items[i], (int32_t)i };
    qsort(list, n, sizeof *list, by_code);
    for (size_t i = 0; i < n; i++) {
        scope->senders.items[i] = list[i].sender;
        place[list[i].at] = (int32_t)i;
    }
    for (size_t i = 0; i < scope->frame->n; i++)
        if (scope->sender_of[i] >= 0)
            scope->sender_of[i] = place[scope->sender_of[i]];
    free(list);
    free(place);
}

int fd_collect_scope_of(fd_collect_scope *scope, fd_collect *c, const fd_form *form,
                        fd_period period, const char *by)
{
    grouping g = { c, scope, NULL, period ? fd_period_end(period) : FD_DATE_MAX };
    uint8_t *asked = NULL;
    int err;

    memset(scope, 0, sizeof *scope);
    if ((err = c->city->source->ops->frame(c->city->source, fd_form_subject(form), &scope->frame)) <
            0 ||
        (err = find_asked(&asked, &scope->everybody, c, form, g.at, scope->frame)) < 0)
        goto done;
    scope->sender_of = fd_alloc((scope->frame->n + 1) * sizeof *scope->sender_of);
    g.senders = fd_map_new();
    if ((err = group(&g, by, asked)) >= 0)
        order_senders(scope);
done:
    fd_map_free(g.senders);
    free(asked);
    return err < 0 ? err : 0;
}

void fd_collect_scope_dispose(fd_collect_scope *scope)
{
    free(scope->sender_of);
    fd_vec_dispose(&scope->senders);
    memset(scope, 0, sizeof *scope);
}

int fd_collect_reported(uint8_t **out, fd_collect *c, const fd_form *form, fd_period period,
                        const fd_frame *frame)
{
    fd_source *source = c->city->source;
    fd_template *t = NULL;
    size_t variants;
    int err;

    *out = fd_alloc(frame->n + 1);
    if ((err = fd_template_new(&t, form, period, FD_PERIOD_NONE)) < 0)
        return err;
    variants = fd_template_variants(t);
    for (size_t k = 0; k < fd_template_count(t) * (variants ? variants : 1) && err >= 0; k++) {
        const fd_template_column *e = fd_template_at(t, variants ? k / variants : k);
        const char *item = e->item;
        fd_column *column = NULL;

        if (e->role != FD_TEMPLATE_ENTRY || !e->item[0] || e->basis == FD_COMPARATIVE ||
            (e->is_attribute && period))
            continue;
        if (variants)
            item = fd_template_item(c->arena, t, e, k % variants);
        err = e->is_attribute
                  ? source->ops->attribute(source, frame->kind, item, FD_DATE_MAX, &column)
                  : source->ops->column(source, frame->kind, item, e->period, e->basis, &column);
        for (size_t i = 0; err >= 0 && i < frame->n; i++)
            (*out)[i] |= fd_column_state(column, i) != FD_MISSING;
        fd_column_unref(column);
    }
    fd_template_free(t);
    return err < 0 ? err : 0;
}

int64_t *fd_collect_missing(const fd_collect_scope *scope, const uint8_t *reported)
{
    int64_t *missing = fd_alloc((scope->senders.count + 1) * sizeof *missing);

    for (size_t i = 0; i < scope->frame->n; i++)
        if (scope->sender_of[i] >= 0)
            missing[scope->sender_of[i]] += !reported[i];
    return missing;
}

/* ---- days, moves, writing
 * ---------------------------------------------------------------------------------- */

int fd_collect_days_late(int *out, const fd_collect *c, fd_date due, fd_date today)
{
    *out = 0;
    if (due == FD_DATE_NONE || today <= due)
        return 0;
    return fd_calendar_between(c->calendar, due, today, out);
}

int fd_collect_today(fd_date *out, const char *text)
{
    time_t now = time(NULL);
    struct tm tm;

    if (text)
        return fd_date_parse(out, text, strlen(text));
    if (!localtime_r(&now, &tm))
        return fd_error_set(FD_ERROR, "不知道今天是哪一天", "today is not known");
    *out = fd_date_make(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
    return 0;
}

static int state_index(const fd_record_type *type, const char *state)
{
    for (size_t i = 0; state && i < type->state_count; i++)
        if (strcmp(type->states[i], state) == 0)
            return (int)i;
    return -2;
}

int fd_collect_move(const fd_collect *c, const char *type_id, const char *from, const char *to)
{
    const fd_record_type *type = fd_program_record(c->city->program, type_id);
    int a = from && *from ? state_index(type, from) : -1, b = state_index(type, to);

    if (a == b && b >= 0)
        return 0;
    for (size_t i = 0; i < type->transition_count; i++)
        if (type->transitions[i].from == a && type->transitions[i].to == b)
            return 0;
    if (a == -1 && b == 0)
        return 0; /* a record begins in its first state */
    return fd_error_set(FD_ECONFLICT, "记录「%s」不能从「%s」转到「%s」",
                        "a record of %s cannot go from %s to %s", type->name,
                        from && *from ? from : "新建", to);
}

int fd_collect_write_item(const fd_collect *c, fd_batch *batch, const fd_collect_item *item,
                          const fd_collect_change *change, fd_date today, const char *actor)
{
    const char *state = change->state ? change->state : item->state;
    fd_buf json = FD_BUF_INIT;
    fd_jsonw w;
    int err;

    if ((err = fd_collect_move(c, FD_COLLECT_ITEM_TYPE, item->state, state)) < 0)
        return err;
    fd_jsonw_init(&w, &json);
    fd_jsonw_object(&w);
#define TEXT(name, value)                                                                          \
    if (value) {                                                                                   \
        fd_jsonw_key(&w, name);                                                                    \
        fd_jsonw_string(&w, value);                                                                \
    }
    TEXT("file", change->file)
    TEXT("path", change->path)
    TEXT("digest", change->digest)
    TEXT("reason", change->reason)
#undef TEXT
    if (change->rows >= 0) {
        fd_jsonw_key(&w, "rows");
        fd_jsonw_int(&w, change->rows);
    }
    if (change->rejected >= 0) {
        fd_jsonw_key(&w, "rejected");
        fd_jsonw_int(&w, change->rejected);
    }
    fd_jsonw_end_object(&w);
    if (item->since != FD_DATE_NONE && today < item->since)
        today = item->since;
    err = fd_batch_record(batch, FD_COLLECT_ITEM_TYPE, item->key, state, today, fd_buf_text(&json),
                          actor);
    fd_buf_dispose(&json);
    return err;
}
