#include "table/tablesource.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "fangding/error.h"

typedef struct table_source {
    fd_source base; /* first */
    const char *kind;
    const fd_table *table;
    const fd_source_alias *aliases;
    size_t alias_count;
    fd_map *index; /* code → subject */
    fd_frame frame;
    fd_vec(int32_t) ids;
    fd_vec(const char *) codes;
    fd_vec(const char *) names;
    fd_period *row_period; /* by row; FD_PERIOD_NONE without a column of periods */
    size_t *row_subject;
    fd_vec(fd_period) periods; /* ascending, each once */
} table_source;

/* A header without a unit in brackets: 计划总投资(万元) → 计划总投资. */
static fd_view bare(const char *id)
{
    fd_view v = fd_view_of(id);
    ptrdiff_t half = fd_view_find(v, "("), full = fd_view_find(v, "（");

    if (half < 0 || (full >= 0 && full < half))
        half = full;
    return half > 0 ? fd_view_trim((fd_view){ v.ptr, (size_t)half }) : fd_view_trim(v);
}

static int column_of(const table_source *s, const char *item)
{
    int at = fd_table_find(s->table, item);

    for (size_t a = 0; at < 0 && a < s->alias_count; a++) {
        fd_view rest, name;

        if (strcmp(s->aliases[a].item, item) != 0)
            continue;
        rest = fd_view_of(s->aliases[a].names);
        while (at < 0 && rest.len && fd_view_split(&rest, '|', &name))
            for (size_t c = 0; at < 0 && c < s->table->column_count; c++)
                if (fd_view_equal(bare(s->table->columns[c]->id), name) ||
                    fd_view_equal(fd_view_of(s->table->columns[c]->id), name))
                    at = (int)c;
    }
    return at;
}

static const char *cell(const table_source *s, int column, size_t row)
{
    const char *text = column < 0 ? NULL : fd_column_text(s->table->columns[column], row);

    return text && *text ? text : NULL;
}

static int compare_periods(const void *a, const void *b)
{
    return fd_period_compare(*(const fd_period *)a, *(const fd_period *)b);
}

static int read_rows(table_source *s)
{
    int code = column_of(s, "code"), name = column_of(s, "name"), period = column_of(s, "period");
    fd_map *seen = fd_map_new();
    fd_buf key = FD_BUF_INIT;
    int err = 0;

    if (code < 0)
        err = fd_error_set(FD_EFORMAT, "没有代码列", "there is no column of codes");
    for (size_t r = 0; err >= 0 && r < s->table->rows; r++) {
        const char *c = cell(s, code, r), *text = cell(s, period, r);
        uint64_t at;

        if (!c) {
            err = fd_error_set(FD_EFORMAT, "第 %zu 行没有代码", "row %zu has no code", r + 2);
            break;
        }
        if (period >= 0 && (!text || fd_period_parse(&s->row_period[r], text, strlen(text)) < 0)) {
            err = fd_error_set(FD_EFORMAT, "第 %zu 行的期间看不懂:%s",
                               "row %zu: no such period: %s", r + 2, text ? text : "");
            break;
        }
        at = fd_map_intern(s->index, fd_view_of(c), s->codes.count);
        if (at == s->codes.count) {
            fd_vec_push(&s->codes, c);
            fd_vec_push(&s->names, cell(s, name, r) ? cell(s, name, r) : c);
            fd_vec_push(&s->ids, (int32_t)(s->codes.count));
        } else if (cell(s, name, r)) {
            s->names.items[at] = cell(s, name, r);
        }
        s->row_subject[r] = (size_t)at;
        fd_buf_clear(&key);
        fd_buf_printf(&key, "%d|%s", (int)s->row_period[r], c);
        if (!fd_map_set(seen, (fd_view){ key.ptr, key.len }, 1))
            err = fd_error_set(FD_EFORMAT, "第 %zu 行:%s 在同一期间出现两次",
                               "row %zu: %s stands twice in one period", r + 2, c);
        else if (period >= 0)
            fd_vec_push(&s->periods, s->row_period[r]);
    }
    fd_buf_dispose(&key);
    fd_map_free(seen);
    if (err >= 0 && s->periods.count) {
        size_t n = 1;

        qsort(s->periods.items, s->periods.count, sizeof *s->periods.items, compare_periods);
        for (size_t i = 1; i < s->periods.count; i++)
            if (s->periods.items[i] != s->periods.items[n - 1])
                s->periods.items[n++] = s->periods.items[i];
        s->periods.count = n;
    }
    return err < 0 ? err : 0;
}

/* ---- the operations -------------------------------------------------------------------------- */

static const fd_frame nobody = { "", 0, NULL, NULL, NULL };

static bool is_ours(const table_source *s, const char *kind)
{
    return strcmp(kind, s->kind) == 0;
}

static int op_frame(fd_source *source, const char *kind, const fd_frame **out)
{
    table_source *s = (table_source *)source;

    *out = is_ours(s, kind) ? &s->frame : &nobody;
    return 0;
}

static int op_column(fd_source *source, const char *kind, const char *item, fd_period period,
                     fd_basis basis, fd_column **out)
{
    table_source *s = (table_source *)source;
    int at = is_ours(s, kind) && basis == FD_CURRENT ? column_of(s, item) : -1, scale = 0;
    fd_column *column;
    fd_decimal d;

    for (size_t r = 0; at >= 0 && r < s->table->rows; r++) {
        const char *text = cell(s, at, r);

        if (!text || fd_decimal_parse(&d, text, strlen(text)) < 0)
            continue;
        scale = d.scale > scale && d.scale <= 9 ? d.scale : scale;
    }
    fd_error_clear();
    column = fd_column_new(item, FD_DEC, "", scale, is_ours(s, kind) ? s->frame.n : 0);
    for (size_t r = 0; at >= 0 && r < s->table->rows; r++) {
        const char *text = cell(s, at, r);

        if (!text || (s->row_period[r] != FD_PERIOD_NONE && s->row_period[r] != period))
            continue;
        if (strcmp(text, "不适用") == 0)
            fd_column_set_state(column, s->row_subject[r], FD_NA);
        else if (fd_decimal_parse(&d, text, strlen(text)) >= 0 &&
                 fd_decimal_rescale(&d, d, scale) >= 0)
            fd_column_set_dec(column, s->row_subject[r], d.mantissa);
    }
    fd_error_clear();
    *out = column;
    return 0;
}

static int op_attribute(fd_source *source, const char *kind, const char *attribute, fd_date date,
                        fd_column **out)
{
    table_source *s = (table_source *)source;
    size_t n = is_ours(s, kind) ? s->frame.n : 0;
    int at = is_ours(s, kind) ? column_of(s, attribute) : -1;
    fd_column *column = fd_column_new(attribute, FD_TEXT, "", 0, n);
    fd_date *since = fd_alloc((n + 1) * sizeof *since);

    for (size_t i = 0; i < n; i++)
        since[i] = FD_DATE_NONE;
    for (size_t r = 0; at >= 0 && r < s->table->rows; r++) {
        size_t i = s->row_subject[r];
        const char *text = cell(s, at, r);
        fd_date from =
            s->row_period[r] == FD_PERIOD_NONE
                ? FD_DATE_NONE
                : fd_period_start(fd_period_month(fd_period_year_of(s->row_period[r]),
                                                  fd_period_kind_of(s->row_period[r]) == FD_YEAR
                                                      ? 1
                                                      : fd_period_number_of(s->row_period[r])));

        if (from > date || from < since[i])
            continue;
        since[i] = from;
        if (text)
            fd_column_set_text(column, i, text);
        else
            fd_column_set_state(column, i, FD_MISSING);
    }
    free(since);
    *out = column;
    return 0;
}

static int op_origin(fd_source *source, const char *kind, const char *item, fd_period period,
                     fd_basis basis, int32_t subject, fd_origin *out)
{
    (void)source, (void)kind, (void)item, (void)period, (void)basis, (void)subject;
    memset(out, 0, sizeof *out);
    return fd_error_set(FD_ENOTFOUND, "平面文件没有来源记录", "a plain file keeps no origins");
}

static int op_periods(fd_source *source, const char *item, fd_basis basis,
                      const fd_period **periods, size_t *count)
{
    table_source *s = (table_source *)source;

    *periods = s->periods.items;
    *count = basis == FD_CURRENT && column_of(s, item) >= 0 ? s->periods.count : 0;
    return 0;
}

static int op_marks(fd_source *source, const char *item, fd_period period, fd_basis basis,
                    const char **marks, const char **origin)
{
    (void)source, (void)item, (void)period, (void)basis;
    if (marks)
        *marks = "";
    if (origin)
        *origin = "";
    return 0;
}

static int op_records(fd_source *source, const char *type, fd_date at, fd_table **out)
{
    static const fd_column_spec specs[] = { { "id", "编号", "Id", FD_TEXT, NULL, 0 },
                                            { "state", "状态", "State", FD_TEXT, NULL, 0 },
                                            { "since", "状态起始", "Since", FD_DATE, NULL, 0 },
                                            { "created", "建立", "Created", FD_DATE, NULL, 0 } };

    (void)source, (void)type, (void)at;
    *out = fd_table_new("records", "记录", "Records");
    fd_table_add_columns(*out, specs, sizeof specs / sizeof *specs);
    return 0;
}

static const fd_source_ops ops = { op_frame,   op_column, op_attribute, op_origin,
                                   op_periods, op_marks,  op_records };

/* ---- making ---------------------------------------------------------------------------------- */

int fd_table_source_new(fd_source **out, const char *kind, const fd_table *table,
                        const fd_source_alias *aliases, size_t alias_count)
{
    table_source *s = fd_alloc(sizeof *s);
    int err;

    s->base.ops = &ops;
    s->kind = kind;
    s->table = table;
    s->aliases = aliases;
    s->alias_count = alias_count;
    s->index = fd_map_new();
    s->row_period = fd_alloc((table->rows + 1) * sizeof *s->row_period);
    s->row_subject = fd_alloc((table->rows + 1) * sizeof *s->row_subject);
    for (size_t r = 0; r < table->rows; r++)
        s->row_period[r] = FD_PERIOD_NONE;
    if ((err = read_rows(s)) < 0) {
        fd_table_source_free(&s->base);
        return err;
    }
    s->frame = (fd_frame){ kind, s->codes.count, s->ids.items, s->codes.items, s->names.items };
    *out = &s->base;
    return 0;
}

void fd_table_source_free(fd_source *source)
{
    table_source *s = (table_source *)source;

    if (!s)
        return;
    fd_map_free(s->index);
    fd_vec_dispose(&s->ids);
    fd_vec_dispose(&s->codes);
    fd_vec_dispose(&s->names);
    fd_vec_dispose(&s->periods);
    free(s->row_period);
    free(s->row_subject);
    free(s);
}
