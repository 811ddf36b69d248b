#include "app/scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"

enum { HIDDEN, SHOWN };

/* One kind's rows in scope. */
typedef struct kept_frame {
    fd_frame frame; /* what is given out */
    bool *keep;     /* over the inner frame */
    size_t inner_n;
    bool whole; /* nothing is left out */
} kept_frame;

struct fd_scoped {
    fd_source source; /* first: this is the source */
    fd_source *inner;
    fd_city city;
    fd_role role;
    const char *county, *county_name; /* code and name; of the inner source */
    const char *enterprise;
    fd_arena *arena;
    fd_vec(kept_frame *) frames;
    fd_map *names; /* codes and names of enterprises and projects → SHOWN or HIDDEN */
};

bool fd_call_is_limited(const fd_call *call)
{
    return call->scope && (call->role == FD_ROLE_VIEWER || call->role == FD_ROLE_COUNTY ||
                           call->role == FD_ROLE_ENTERPRISE);
}

/* ---- which rows ---- */

/* Rows of a kind whose attribute names the county. */
static int keep_county(fd_scoped *s, const fd_frame *inner, const char *attribute, bool *keep)
{
    fd_column *column = NULL;
    int err = s->inner->ops->attribute(s->inner, inner->kind, attribute, FD_DATE_MAX, &column);

    for (size_t i = 0; err >= 0 && i < inner->n; i++) {
        const char *place = fd_column_text(column, i);

        keep[i] = place && (strcmp(place, s->county) == 0 ||
                            (s->county_name && strcmp(place, s->county_name) == 0));
    }
    fd_column_unref(column);
    return err;
}

static int choose(fd_scoped *s, const fd_frame *inner, bool *keep)
{
    bool is_enterprise = strcmp(inner->kind, "enterprise") == 0;
    bool is_project = strcmp(inner->kind, "project") == 0;

    if (s->role == FD_ROLE_COUNTY) {
        if (is_enterprise || is_project)
            return keep_county(s, inner, is_enterprise ? "county" : "project_county", keep);
        for (size_t i = 0; i < inner->n; i++)
            keep[i] = strcmp(inner->kind, "county") != 0 || strcmp(inner->codes[i], s->county) == 0;
        return 0;
    }
    for (size_t i = 0; i < inner->n; i++)
        keep[i] = is_enterprise ? s->enterprise && strcmp(inner->codes[i], s->enterprise) == 0
                                : !is_project;
    return 0;
}

static int frame_of(fd_scoped *s, const char *kind, kept_frame **out)
{
    const fd_frame *inner;
    kept_frame *f;
    size_t n = 0;
    int32_t *ids;
    const char **codes, **names;
    int err;

    for (size_t i = 0; i < s->frames.count; i++)
        if (strcmp(s->frames.items[i]->frame.kind, kind) == 0) {
            *out = s->frames.items[i];
            return 0;
        }
    if ((err = s->inner->ops->frame(s->inner, kind, &inner)) < 0)
        return err;
    f = fd_arena_alloc(s->arena, sizeof *f);
    f->keep = fd_arena_alloc(s->arena, inner->n + 1);
    f->inner_n = inner->n;
    f->frame.kind = fd_arena_strdup(s->arena, kind);
    if ((err = choose(s, inner, f->keep)) < 0)
        return err;
    ids = fd_arena_alloc(s->arena, (inner->n + 1) * sizeof *ids);
    codes = fd_arena_alloc(s->arena, (inner->n + 1) * sizeof *codes);
    names = fd_arena_alloc(s->arena, (inner->n + 1) * sizeof *names);
    for (size_t i = 0; i < inner->n; i++) {
        if (!f->keep[i])
            continue;
        ids[n] = inner->ids[i];
        codes[n] = inner->codes[i];
        names[n++] = inner->names[i];
    }
    f->frame.n = n;
    f->frame.ids = ids;
    f->frame.codes = codes;
    f->frame.names = names;
    f->whole = n == inner->n;
    fd_vec_push(&s->frames, f);
    *out = f;
    return 0;
}

/* ---- the source ---- */

static int scoped_frame(fd_source *source, const char *kind, const fd_frame **out)
{
    kept_frame *f;
    int err = frame_of((fd_scoped *)source, kind, &f);

    if (err >= 0)
        *out = &f->frame;
    return err;
}

/* May any value of this column be seen? */
static bool column_shown(fd_role role, const char *kind, const char *origin)
{
    bool is_enterprise = strcmp(kind, "enterprise") == 0;

    if (role == FD_ROLE_COUNTY)
        return !is_enterprise || !origin || strcmp(origin, "statistical") != 0;
    if (role == FD_ROLE_ENTERPRISE && is_enterprise)
        return true;
    return origin && strcmp(origin, "published") == 0;
}

/* The rows in scope of an inner column, which is given up. */
static int narrow(fd_column **out, fd_column *inner, const kept_frame *f)
{
    fd_table *one, *kept = NULL;
    int err = 0;

    if (f->whole) {
        *out = inner;
        return 0;
    }
    one = fd_table_new("", "", "");
    fd_table_add(one, inner);
    if ((err = fd_table_filter(&kept, one, f->keep)) >= 0)
        *out = fd_column_ref(kept->columns[0]);
    fd_table_free(kept);
    fd_table_free(one);
    return err;
}

static int scoped_column(fd_source *source, const char *kind, const char *item, fd_period period,
                         fd_basis basis, fd_column **out)
{
    fd_scoped *s = (fd_scoped *)source;
    const char *origin = NULL;
    fd_column *inner = NULL, *empty;
    kept_frame *f;
    int err;

    if ((err = frame_of(s, kind, &f)) < 0 ||
        (err = s->inner->ops->marks(s->inner, item, period, basis, NULL, &origin)) < 0 ||
        (err = s->inner->ops->column(s->inner, kind, item, period, basis, &inner)) < 0)
        return err;
    if (column_shown(s->role, kind, origin))
        return narrow(out, inner, f);
    empty = fd_column_new(inner->id, inner->kind, inner->unit, inner->scale, f->frame.n);
    fd_column_unref(inner);
    *out = empty;
    return 0;
}

static int scoped_attribute(fd_source *source, const char *kind, const char *attribute,
                            fd_date date, fd_column **out)
{
    fd_scoped *s = (fd_scoped *)source;
    fd_column *inner = NULL;
    kept_frame *f;
    int err;

    if ((err = frame_of(s, kind, &f)) < 0 ||
        (err = s->inner->ops->attribute(s->inner, kind, attribute, date, &inner)) < 0)
        return err;
    return narrow(out, inner, f);
}

static int scoped_origin(fd_source *source, const char *kind, const char *item, fd_period period,
                         fd_basis basis, int32_t subject, fd_origin *out)
{
    fd_scoped *s = (fd_scoped *)source;
    const char *origin = NULL;
    kept_frame *f;
    int err;

    if ((err = frame_of(s, kind, &f)) < 0 ||
        (err = s->inner->ops->marks(s->inner, item, period, basis, NULL, &origin)) < 0)
        return err;
    for (size_t i = 0; i < f->frame.n; i++)
        if (f->frame.ids[i] == subject && column_shown(s->role, kind, origin))
            return s->inner->ops->origin(s->inner, kind, item, period, basis, subject, out);
    return fd_error_set(FD_ENOTFOUND, "没有这个数的来源", "that number was never stored");
}

static int scoped_periods(fd_source *source, const char *item, fd_basis basis,
                          const fd_period **periods, size_t *count)
{
    fd_source *inner = ((fd_scoped *)source)->inner;

    return inner->ops->periods(inner, item, basis, periods, count);
}

static int scoped_marks(fd_source *source, const char *item, fd_period period, fd_basis basis,
                        const char **marks, const char **origin)
{
    fd_source *inner = ((fd_scoped *)source)->inner;

    return inner->ops->marks(inner, item, period, basis, marks, origin);
}

/* ---- names in texts ---- */

static int add_names(fd_map *map, fd_source *source, const char *kind, uint64_t value)
{
    const fd_frame *frame;
    int err = source->ops->frame(source, kind, &frame);

    for (size_t i = 0; err >= 0 && i < frame->n; i++) {
        fd_map_set(map, fd_view_of(frame->codes[i]), value);
        if (frame->names[i] && frame->names[i][0])
            fd_map_set(map, fd_view_of(frame->names[i]), value);
    }
    return err;
}

/* What a row names: a subject out of scope, one in scope, or neither. */
typedef struct mentions {
    bool hidden, shown;
} mentions;

static mentions row_mentions(const fd_scoped *s, const fd_table *t, size_t row)
{
    mentions m = { false, false };

    for (size_t c = 0; c < t->column_count; c++) {
        const fd_column *column = t->columns[c];
        const char *text =
            column->kind == FD_TEXT || column->kind == FD_CODE ? fd_column_text(column, row) : NULL;
        uint64_t value;

        if (!text || !fd_map_get(s->names, fd_view_of(text), &value))
            continue;
        m.hidden = m.hidden || value == HIDDEN;
        m.shown = m.shown || value == SHOWN;
    }
    return m;
}

/* Another county's name or code in a field of a record. */
static bool names_other_county(fd_scoped *s, const fd_frame *counties, const fd_table *t,
                               size_t row)
{
    for (size_t c = 0; c < t->column_count; c++) {
        const char *text =
            t->columns[c]->kind == FD_TEXT ? fd_column_text(t->columns[c], row) : NULL;

        for (size_t i = 0; text && i < counties->n; i++)
            if (strcmp(counties->codes[i], s->county) != 0 &&
                (strcmp(counties->codes[i], text) == 0 ||
                 (counties->names[i] && strcmp(counties->names[i], text) == 0)))
                return true;
    }
    return false;
}

static int scoped_records(fd_source *source, const char *type, fd_date at, fd_table **out)
{
    fd_scoped *s = (fd_scoped *)source;
    const fd_frame *counties;
    fd_table *all = NULL;
    bool *keep;
    int err;

    if ((err = s->inner->ops->frame(s->inner, "county", &counties)) < 0 ||
        (err = s->inner->ops->records(s->inner, type, at, &all)) < 0)
        return err;
    keep = fd_alloc(all->rows + 1);
    for (size_t i = 0; i < all->rows; i++) {
        mentions m = row_mentions(s, all, i);

        keep[i] = !m.hidden && (s->role != FD_ROLE_ENTERPRISE || m.shown) &&
                  (s->role != FD_ROLE_COUNTY || !names_other_county(s, counties, all, i));
    }
    err = fd_table_filter(out, all, keep);
    free(keep);
    fd_table_free(all);
    return err;
}

static const fd_source_ops ops = { scoped_frame,   scoped_column, scoped_attribute, scoped_origin,
                                   scoped_periods, scoped_marks,  scoped_records };

/* ---- making ---- */

/* The code of a subject that the account names by code or name; NULL when there is none. */
static const char *resolve(fd_source *source, const char *kind, const char *text, const char **name)
{
    const fd_frame *frame;

    if (!text || !*text || source->ops->frame(source, kind, &frame) < 0)
        return NULL;
    for (size_t i = 0; i < frame->n; i++)
        if (strcmp(frame->codes[i], text) == 0 ||
            (frame->names[i] && strcmp(frame->names[i], text) == 0)) {
            if (name)
                *name = frame->names[i];
            return frame->codes[i];
        }
    return NULL;
}

int fd_scoped_new(fd_scoped **out, const fd_call *call, fd_source *inner)
{
    fd_scoped *s = fd_alloc(sizeof *s);
    int err = 0;

    s->source.ops = &ops;
    s->inner = inner;
    s->role = call->role;
    s->arena = fd_arena_new();
    s->names = fd_map_new();
    s->city = *call->city;
    s->city.source = &s->source;
    if (s->role == FD_ROLE_COUNTY)
        s->county = resolve(s->inner, "county", call->scope->county, &s->county_name);
    if (s->role == FD_ROLE_ENTERPRISE)
        s->enterprise = resolve(s->inner, "enterprise", call->scope->enterprise, NULL);
    if ((s->role == FD_ROLE_COUNTY && !s->county) ||
        (s->role == FD_ROLE_ENTERPRISE && !s->enterprise)) {
        err = fd_error_set(FD_EDENIED, "账号没有对应的县区或企业",
                           "the account belongs to no county or enterprise of this city");
        fd_error_hint("请管理员补上账号的县区或企业",
                      "ask the administrator to give the account its county or enterprise");
        goto done;
    }
    if ((err = add_names(s->names, s->inner, "enterprise", HIDDEN)) < 0 ||
        (err = add_names(s->names, s->inner, "project", HIDDEN)) < 0 ||
        (err = add_names(s->names, &s->source, "enterprise", SHOWN)) < 0)
        goto done;
    err = add_names(s->names, &s->source, "project", SHOWN);
done:
    if (err < 0) {
        fd_scoped_free(s);
        s = NULL;
    }
    *out = s;
    return err < 0 ? err : 0;
}

void fd_scoped_free(fd_scoped *scoped)
{
    if (!scoped)
        return;
    fd_map_free(scoped->names);
    fd_vec_dispose(&scoped->frames);
    fd_arena_free(scoped->arena);
    free(scoped);
}

fd_city *fd_scoped_city(fd_scoped *scoped)
{
    return &scoped->city;
}

fd_source *fd_scoped_source(fd_scoped *scoped)
{
    return &scoped->source;
}

static void add_note(const fd_scoped *s, fd_table *t)
{
    char zh[256], en[256];

    if (s->role == FD_ROLE_COUNTY) {
        snprintf(zh, sizeof zh, "口径:只含%s的企业和项目",
                 s->county_name ? s->county_name : s->county);
        snprintf(en, sizeof en, "of enterprises and projects of %s only",
                 s->county_name ? s->county_name : s->county);
    } else if (s->role == FD_ROLE_ENTERPRISE) {
        snprintf(zh, sizeof zh, "口径:只含本企业");
        snprintf(en, sizeof en, "of this enterprise only");
    } else {
        snprintf(zh, sizeof zh, "口径:只含公开发表的数");
        snprintf(en, sizeof en, "of published figures only");
    }
    fd_table_add_note(t, zh, en);
}

int fd_scoped_sweep(fd_scoped *scoped, fd_result *result)
{
    int err = 0;

    for (size_t i = 0; i < result->table_count && err >= 0; i++) {
        fd_table *t = result->tables[i], *kept = NULL;
        bool *keep = fd_alloc(t->rows + 1), all = true;

        for (size_t r = 0; r < t->rows; r++) {
            keep[r] = !row_mentions(scoped, t, r).hidden;
            all = all && keep[r];
        }
        if (!all && (err = fd_table_filter(&kept, t, keep)) >= 0) {
            fd_table_free(t);
            result->tables[i] = t = kept;
        }
        add_note(scoped, t);
        free(keep);
    }
    return err;
}

/* Every "kind/code" of the kinds met so far that is in scope. */
static int in_scope(fd_map *known, fd_source *source, const char *kind, const char *code,
                    bool *shown)
{
    fd_buf key = FD_BUF_INIT;
    const fd_frame *frame;
    uint64_t unused;
    int err = 0;

    if (fd_map_set(known, fd_view_of(kind), 1)) {
        err = source->ops->frame(source, kind, &frame);
        for (size_t i = 0; err >= 0 && i < frame->n; i++) {
            fd_buf_clear(&key);
            fd_buf_printf(&key, "%s/%s", kind, frame->codes[i]);
            fd_map_set(known, (fd_view){ fd_buf_text(&key), key.len }, 1);
        }
    }
    fd_buf_clear(&key);
    fd_buf_printf(&key, "%s/%s", kind, code);
    *shown = fd_map_get(known, (fd_view){ fd_buf_text(&key), key.len }, &unused);
    fd_buf_dispose(&key);
    return err;
}

int fd_scope_facts(const fd_call *call, fd_table **facts)
{
    fd_table *t = *facts, *kept = NULL;
    int err = 0, kind_at, code_at, origin_at;
    fd_map *known;
    bool *keep;

    if (!fd_call_is_limited(call))
        return 0;
    kind_at = fd_table_find(t, "kind");
    code_at = fd_table_find(t, "code");
    origin_at = fd_table_find(t, "origin");
    known = fd_map_new();
    keep = fd_alloc(t->rows + 1);
    for (size_t r = 0; r < t->rows && err >= 0; r++) {
        const char *kind = fd_column_text(t->columns[kind_at], r);

        err = in_scope(known, call->city->source, kind, fd_column_text(t->columns[code_at], r),
                       &keep[r]);
        keep[r] =
            keep[r] && column_shown(call->role, kind, fd_column_text(t->columns[origin_at], r));
    }
    if (err >= 0)
        err = fd_table_filter(&kept, t, keep);
    fd_map_free(known);
    free(keep);
    if (err < 0)
        return err;
    fd_table_free(t);
    *facts = kept;
    return 0;
}

/* ---- what an answer showed ---- */

char *fd_scope_subjects(fd_city *city, const fd_result *result)
{
    enum { NAMED = 5 };
    fd_buf text = FD_BUF_INIT;
    fd_map *seen;
    size_t count;
    bool known = true;

    if (!city->respondents) {
        city->respondents = fd_map_new();
        known = add_names(city->respondents, city->source, "enterprise", 1) >= 0;
    }
    seen = fd_map_new();
    for (size_t i = 0; known && i < result->table_count; i++)
        for (size_t c = 0; c < result->tables[i]->column_count; c++) {
            const fd_column *column = result->tables[i]->columns[c];
            uint64_t value;

            if (column->kind != FD_TEXT && column->kind != FD_CODE)
                continue;
            for (size_t r = 0; r < result->tables[i]->rows; r++) {
                const char *cell = fd_column_text(column, r);

                if (cell && fd_map_get(city->respondents, fd_view_of(cell), &value))
                    fd_map_set(seen, fd_view_of(cell), 1);
            }
        }
    count = fd_map_count(seen);
    for (size_t i = 0; i < count && i < NAMED; i++)
        fd_buf_printf(&text, "%s%s", i ? " " : "", fd_map_key(seen, i).ptr);
    if (count > NAMED)
        fd_buf_printf(&text, " … %zu", count);
    fd_map_free(seen);
    return count ? fd_buf_take(&text) : NULL;
}
