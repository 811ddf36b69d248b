/*
 * Group, sort, join, pivot, filter.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "fangding/arena.h"
#include "table/print.h"

static int no_column(const fd_table *t, const char *id)
{
    return fd_error_set(FD_ENOTFOUND, "表 %s 没有列 %s", "table %s has no column %s", t->id, id);
}

static void copy_cell(fd_column *to, size_t to_row, const fd_column *from, size_t row)
{
    fd_state state = fd_column_state(from, row);

    if (state == FD_HAS || state == FD_DOUBT) {
        switch (from->kind) {
        case FD_DEC:
            fd_column_set_dec(to, to_row, from->v.dec[row]);
            break;
        case FD_QUOT:
            fd_column_set_quot(to, to_row, from->v.quot[row]);
            break;
        case FD_EST:
            fd_column_set_est(to, to_row, from->v.est[row]);
            break;
        case FD_DATE:
        case FD_PERIOD:
            fd_column_set_day(to, to_row, from->v.day[row]);
            break;
        case FD_TEXT:
        case FD_CODE:
            fd_column_set_text(to, to_row, fd_column_text(from, row));
            break;
        case FD_BOOL:
            fd_column_set_bool(to, to_row, from->v.boolean[row]);
            break;
        }
    }
    if (state != FD_HAS)
        fd_column_set_state(to, to_row, state);
    if (from->contributors)
        fd_column_set_contributors(to, to_row, from->contributors[row], from->top1[row],
                                   from->top2[row]);
}

static fd_column *like(const fd_column *c, size_t n)
{
    fd_column *copy = fd_column_new(c->id, c->kind, c->unit, c->scale, n);

    fd_column_set_title(copy, c->title[FD_ZH], c->title[FD_EN]);
    copy->digits = c->digits;
    copy->na_words = c->na_words;
    copy->words = c->words;
    copy->classification = c->classification ? fd_strdup(c->classification) : NULL;
    return copy;
}

static fd_table *like_table(const fd_table *in)
{
    fd_table *t = fd_table_new(in->id, in->title[FD_ZH], in->title[FD_EN]);

    for (size_t i = 0; i < in->note_count; i++)
        fd_table_add_note(t, in->notes[FD_ZH][i], in->notes[FD_EN][i]);
    t->parent_column = in->parent_column;
    t->order_column = in->order_column;
    return t;
}

/* The given rows of a table, in the given order. */
static fd_table *take_rows(const fd_table *in, const size_t *rows, size_t n)
{
    fd_table *t = like_table(in);

    for (size_t c = 0; c < in->column_count; c++) {
        fd_column *copy = like(in->columns[c], n);

        for (size_t r = 0; r < n; r++)
            copy_cell(copy, r, in->columns[c], rows[r]);
        fd_table_add(t, copy);
    }
    t->rows = n;
    return t;
}

int fd_table_filter(fd_table **out, const fd_table *in, const bool *keep)
{
    size_t *rows = fd_alloc((in->rows + 1) * sizeof *rows), n = 0;

    for (size_t r = 0; r < in->rows; r++)
        if (keep[r])
            rows[n++] = r;
    *out = take_rows(in, rows, n);
    free(rows);
    return 0;
}

/* ---- sort ---- */

typedef struct sorter {
    const fd_column *const *columns;
    const fd_sort_key *keys;
    size_t count;
} sorter;

static int compare_values(const fd_column *c, size_t a, size_t b)
{
    switch (c->kind) {
    case FD_DEC:
        return c->v.dec[a] < c->v.dec[b] ? -1 : c->v.dec[a] > c->v.dec[b];
    case FD_QUOT:
        return fd_quot_compare(c->v.quot[a], c->v.quot[b]);
    case FD_EST:
        return c->v.est[a] < c->v.est[b] ? -1 : c->v.est[a] > c->v.est[b];
    case FD_DATE:
        return c->v.day[a] < c->v.day[b] ? -1 : c->v.day[a] > c->v.day[b];
    case FD_PERIOD:
        return fd_period_compare(c->v.day[a], c->v.day[b]);
    case FD_TEXT:
    case FD_CODE:
        return fd_view_compare(fd_view_of(fd_column_text(c, a)), fd_view_of(fd_column_text(c, b)));
    case FD_BOOL:
        return (int)c->v.boolean[a] - (int)c->v.boolean[b];
    }
    return 0;
}

static bool has_value(const fd_column *c, size_t row)
{
    fd_state s = fd_column_state(c, row);

    return s == FD_HAS || s == FD_DOUBT;
}

static int compare_rows(const void *left, const void *right, void *payload)
{
    const sorter *s = payload;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;

    for (size_t k = 0; k < s->count; k++) {
        const fd_column *c = s->columns[k];
        bool has_a = has_value(c, a), has_b = has_value(c, b);
        int order;

        if (has_a != has_b)
            return has_a ? -1 : 1;
        if (!has_a || (order = compare_values(c, a, b)) == 0)
            continue;
        return s->keys[k].descending ? -order : order;
    }
    return a < b ? -1 : a > b; /* stable */
}

int fd_table_sort(fd_table **out, const fd_table *in, const fd_sort_key *keys, size_t key_count)
{
    const fd_column **columns = fd_alloc((key_count + 1) * sizeof(void *));
    size_t *rows = fd_alloc((in->rows + 1) * sizeof *rows);
    sorter s = { columns, keys, key_count };
    int err = 0;

    for (size_t k = 0; k < key_count && err == 0; k++) {
        int at = fd_table_find(in, keys[k].column);

        if (at < 0)
            err = no_column(in, keys[k].column);
        else
            columns[k] = in->columns[at];
    }
    if (err == 0) {
        for (size_t r = 0; r < in->rows; r++)
            rows[r] = r;
        qsort_r(rows, in->rows, sizeof *rows, compare_rows, &s);
        *out = take_rows(in, rows, in->rows);
    }
    free(rows);
    free(columns);
    return err;
}

/* ---- group ---- */

/* Key cells joined by a byte that no text holds; a cell without value is its state. */
static void put_key(fd_buf *key, const fd_table *t, const int *columns, size_t count, size_t row)
{
    fd_buf_clear(key);
    for (size_t k = 0; k < count; k++) {
        fd_state state = fd_column_state(t->columns[columns[k]], row);

        fd_buf_putc(key, (char)('0' + (int)state));
        fd_print__machine(key, t->columns[columns[k]], row);
        fd_buf_putc(key, '\x1f');
    }
}

static int find_columns(const fd_table *t, const char *const *ids, size_t count, int **out)
{
    *out = fd_alloc((count + 1) * sizeof **out);
    for (size_t k = 0; k < count; k++)
        if (((*out)[k] = fd_table_find(t, ids[k])) < 0)
            return no_column(t, ids[k]);
    return 0;
}

typedef struct accumulator {
    bool missing, doubt, any;
    fd_i128 exact;
    double estimate;
    size_t n, best;
} accumulator;

static void accumulate(accumulator *a, const fd_column *c, size_t row, fd_agg op)
{
    fd_state state = fd_column_state(c, row);

    if (state == FD_NA)
        return;
    if (state == FD_MISSING) {
        a->missing = true;
        return;
    }
    a->doubt |= state == FD_DOUBT;
    if ((op == FD_AGG_SUM || op == FD_AGG_MEAN) && c->kind == FD_DEC)
        a->exact += c->v.dec[row]; /* 2^63 rows of 64 bits fit in 127 */
    else if ((op == FD_AGG_SUM || op == FD_AGG_MEAN) && fd_print__is_number(c))
        a->estimate += fd_number_to_double(fd_column_number(c, row));
    if (!a->any || (op == FD_AGG_MIN && compare_values(c, row, a->best) < 0) ||
        (op == FD_AGG_MAX && compare_values(c, row, a->best) > 0))
        a->best = row;
    a->any = true;
    a->n++;
}

static int finish(fd_column *to, size_t row, const accumulator *a, const fd_column *from, fd_agg op)
{
    fd_quot q;

    if (op == FD_AGG_COUNT) {
        fd_column_set_dec(to, row, (int64_t)a->n);
        return 0;
    }
    if (op == FD_AGG_FIRST || op == FD_AGG_MIN || op == FD_AGG_MAX) {
        if (a->any)
            copy_cell(to, row, from, a->best);
        if (op != FD_AGG_FIRST && a->missing)
            fd_column_set_state(to, row, FD_MISSING);
        return 0;
    }
    if (a->missing)
        return 0;
    if (!a->any) {
        fd_column_set_state(to, row, FD_NA);
        return 0;
    }
    if (from->kind != FD_DEC) {
        fd_column_set_est(to, row, op == FD_AGG_MEAN ? a->estimate / (double)a->n : a->estimate);
    } else if (op == FD_AGG_SUM) {
        if (a->exact > INT64_MAX || a->exact < INT64_MIN)
            return fd_error_set(FD_EOVERFLOW, "%s 的合计超出 64 位",
                                "the sum of %s needs more than 64 bits", from->id);
        fd_column_set_dec(to, row, (int64_t)a->exact);
    } else {
        int err = fd_quot_make(&q, a->exact, (fd_i128)a->n * fd_pow10(from->scale));

        if (err < 0)
            return err;
        fd_column_set_quot(to, row, q);
    }
    if (a->doubt)
        fd_column_set_state(to, row, FD_DOUBT);
    return 0;
}

static fd_column *result_column(const fd_column *from, const fd_agg_spec *spec, size_t n)
{
    fd_kind kind = from->kind;
    fd_column *c;

    if (spec->op == FD_AGG_COUNT)
        kind = FD_DEC;
    else if (spec->op == FD_AGG_MEAN)
        kind = from->kind == FD_DEC ? FD_QUOT : FD_EST;
    else if (spec->op == FD_AGG_SUM && from->kind != FD_DEC)
        kind = FD_EST;
    c = fd_column_new(spec->as ? spec->as : from->id, kind,
                      spec->op == FD_AGG_COUNT ? "" : from->unit,
                      spec->op == FD_AGG_COUNT ? 0 : from->scale, n);
    fd_column_set_title(c, spec->as ? spec->as : from->title[FD_ZH],
                        spec->as ? spec->as : from->title[FD_EN]);
    c->digits = from->digits;
    return c;
}

int fd_table_group(fd_table **out, const fd_table *in, const char *const *keys, size_t key_count,
                   const fd_agg_spec *specs, size_t spec_count)
{
    fd_map *groups = fd_map_new();
    fd_buf key = FD_BUF_INIT;
    size_t *group_of = fd_alloc((in->rows + 1) * sizeof *group_of),
           *first = fd_alloc((in->rows + 1) * sizeof *first);
    accumulator *acc = NULL;
    fd_table *t = like_table(in);
    int *at = NULL, err;
    size_t n = 0;

    t->parent_column = t->order_column = -1;
    if ((err = find_columns(in, keys, key_count, &at)) < 0)
        goto done;
    for (size_t r = 0; r < in->rows; r++) {
        put_key(&key, in, at, key_count, r);
        group_of[r] = (size_t)fd_map_intern(groups, (fd_view){ fd_buf_text(&key), key.len }, n);
        if (group_of[r] == n)
            first[n++] = r;
    }
    for (size_t k = 0; k < key_count; k++) {
        fd_column *copy = like(in->columns[at[k]], n);

        for (size_t g = 0; g < n; g++)
            copy_cell(copy, g, in->columns[at[k]], first[g]);
        fd_table_add(t, copy);
    }
    t->rows = n;
    acc = fd_alloc((n + 1) * sizeof *acc);
    for (size_t s = 0; s < spec_count && err == 0; s++) {
        int source = fd_table_find(in, specs[s].column);
        fd_column *to;

        if (source < 0) {
            err = no_column(in, specs[s].column);
            break;
        }
        if ((specs[s].op == FD_AGG_SUM || specs[s].op == FD_AGG_MEAN) &&
            (!fd_print__is_number(in->columns[source]) || in->columns[source]->kind == FD_BOOL)) {
            err = fd_error_set(FD_EINVAL, "列 %s 不是数,不能求合计或平均",
                               "column %s holds no numbers to sum or average", specs[s].column);
            break;
        }
        memset(acc, 0, (n + 1) * sizeof *acc);
        for (size_t r = 0; r < in->rows; r++)
            accumulate(&acc[group_of[r]], in->columns[source], r, specs[s].op);
        to = result_column(in->columns[source], &specs[s], n);
        fd_table_add(t, to);
        for (size_t g = 0; g < n && err == 0; g++)
            err = finish(to, g, &acc[g], in->columns[source], specs[s].op);
    }
done:
    if (err < 0) {
        fd_table_free(t);
        t = NULL;
    }
    *out = t;
    fd_map_free(groups);
    fd_buf_dispose(&key);
    free(group_of);
    free(first);
    free(acc);
    free(at);
    return err;
}

/* ---- join and pivot ---- */

int fd_table_join(fd_table **out, const fd_table *left, const fd_table *right,
                  const char *const *keys, size_t key_count)
{
    fd_map *index = fd_map_new();
    fd_buf key = FD_BUF_INIT;
    fd_table *t = like_table(left);
    int *left_at = NULL, *right_at = NULL, err;
    size_t *hits = fd_alloc((left->rows + 1) * sizeof *hits); /* row of the right, from 1; 0 none */

    if ((err = find_columns(left, keys, key_count, &left_at)) < 0 ||
        (err = find_columns(right, keys, key_count, &right_at)) < 0)
        goto done;
    for (size_t k = 0; k < key_count; k++)
        if (left->columns[left_at[k]]->kind != right->columns[right_at[k]]->kind) {
            err = fd_error_set(FD_EINVAL, "关联列 %s 两边类型不同",
                               "join column %s has different kinds", keys[k]);
            goto done;
        }
    for (size_t r = 0; r < right->rows; r++) {
        put_key(&key, right, right_at, key_count, r);
        if (!fd_map_set(index, (fd_view){ fd_buf_text(&key), key.len }, r)) {
            err = fd_error_set(FD_ECONFLICT, "表 %s 第 %zu 行的关联键重复",
                               "table %s repeats a join key in row %zu", right->id, r + 1);
            goto done;
        }
    }
    for (size_t c = 0; c < left->column_count; c++)
        fd_table_add(t, fd_column_ref(left->columns[c]));
    t->rows = left->rows;
    for (size_t r = 0; r < left->rows; r++) {
        uint64_t hit;

        put_key(&key, left, left_at, key_count, r);
        if (fd_map_get(index, (fd_view){ fd_buf_text(&key), key.len }, &hit))
            hits[r] = (size_t)hit + 1;
    }
    for (size_t c = 0; c < right->column_count; c++) {
        fd_column *to;
        bool is_key = false;

        for (size_t k = 0; k < key_count; k++)
            is_key = is_key || (size_t)right_at[k] == c;
        if (is_key)
            continue;
        to = like(right->columns[c], left->rows);
        for (size_t r = 0; r < left->rows; r++)
            if (hits[r])
                copy_cell(to, r, right->columns[c], hits[r] - 1);
        fd_table_add(t, to);
    }
done:
    if (err < 0) {
        fd_table_free(t);
        t = NULL;
    }
    *out = t;
    fd_map_free(index);
    fd_buf_dispose(&key);
    free(hits);
    free(left_at);
    free(right_at);
    return err;
}

int fd_table_pivot(fd_table **out, const fd_table *in, const char *rows, const char *columns,
                   const char *value)
{
    int r_at = fd_table_find(in, rows), c_at = fd_table_find(in, columns),
        v_at = fd_table_find(in, value), err = 0;
    fd_map *row_map = fd_map_new(), *column_map = fd_map_new();
    fd_buf key = FD_BUF_INIT;
    fd_table *t = like_table(in);
    size_t *first = fd_alloc((in->rows + 1) * sizeof *first), row_count = 0;
    bool *taken = NULL;

    t->parent_column = t->order_column = -1;
    if (r_at < 0 || c_at < 0 || v_at < 0) {
        err = no_column(in, r_at < 0 ? rows : c_at < 0 ? columns : value);
        goto done;
    }
    for (size_t i = 0; i < in->rows; i++) {
        put_key(&key, in, &r_at, 1, i);
        if (fd_map_intern(row_map, (fd_view){ fd_buf_text(&key), key.len }, row_count) == row_count)
            first[row_count++] = i;
    }
    {
        fd_column *names = like(in->columns[r_at], row_count);

        for (size_t g = 0; g < row_count; g++)
            copy_cell(names, g, in->columns[r_at], first[g]);
        fd_table_add(t, names);
        t->rows = row_count;
    }
    for (size_t i = 0; i < in->rows; i++) {
        size_t known;

        fd_buf_clear(&key);
        fd_print__machine(&key, in->columns[c_at], i);
        known = fd_map_count(column_map);
        if (fd_map_intern(column_map, (fd_view){ fd_buf_text(&key), key.len }, known) == known) {
            fd_column *to = like(in->columns[v_at], row_count);

            free((void *)to->id);
            to->id = fd_strdup(fd_buf_text(&key));
            fd_column_set_title(to, fd_buf_text(&key), fd_buf_text(&key));
            fd_table_add(t, to);
        }
    }
    taken = fd_alloc((row_count * fd_map_count(column_map)) + 1);
    for (size_t i = 0; i < in->rows && err == 0; i++) {
        uint64_t r = 0, c = 0;

        put_key(&key, in, &r_at, 1, i);
        (void)fd_map_get(row_map, (fd_view){ fd_buf_text(&key), key.len }, &r);
        fd_buf_clear(&key);
        fd_print__machine(&key, in->columns[c_at], i);
        (void)fd_map_get(column_map, (fd_view){ fd_buf_text(&key), key.len }, &c);
        if (taken[r * fd_map_count(column_map) + c])
            err = fd_error_set(FD_ECONFLICT, "两行落在同一格(第 %zu 行)",
                               "two rows fall into one cell (row %zu)", i + 1);
        taken[r * fd_map_count(column_map) + c] = true;
        copy_cell(t->columns[c + 1], (size_t)r, in->columns[v_at], i);
    }
done:
    if (err < 0) {
        fd_table_free(t);
        t = NULL;
    }
    *out = t;
    fd_map_free(row_map);
    fd_map_free(column_map);
    fd_buf_dispose(&key);
    free(first);
    free(taken);
    return err;
}
