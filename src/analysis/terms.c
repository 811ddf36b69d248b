/*
 * Reading groups × terms × times, and evaluating formulas over the rows.
 */
#include "analysis/terms.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/cube.h"
#include "base/bits.h"
#include "base/map.h"
#include "fangding/arena.h"

#define MOST_BYTES ((size_t)1 << 33)
#define BLOCK      ((size_t)512) /* rows evaluated at a time: the stack of a formula stays in cache */

/* ---- codes ---- */

static bool is_full(const fd_column *c)
{
    return !c->doubt && fd_bits_count(c->has, c->n) == c->n;
}

/* Codes of two columns together. Small products go through an array, large ones through a map. */
static void combine(fd_codes *a, const fd_codes *b, size_t n)
{
    const size_t product = a->count * b->count;
    uint32_t next = 0;

    assert(n == 0 || (a->at && b->at));
    if (!a->count || product / a->count != b->count || product > (n + 1) * 16) {
        fd_map *map = fd_map_new();

        for (size_t j = 0; j < n; j++) {
            const uint32_t pair[2] = { a->at[j], b->at[j] };
            const fd_view key = { (const char *)pair, sizeof pair };

            a->at[j] = (uint32_t)fd_map_intern(map, key, fd_map_count(map));
        }
        a->count = fd_map_count(map);
        fd_map_free(map);
        return;
    }
    uint32_t *seen = fd_alloc(product * sizeof *seen + 1);

    for (size_t j = 0; j < n; j++) {
        uint32_t *s = &seen[(size_t)a->at[j] * b->count + b->at[j]];

        if (!*s)
            *s = ++next;
        a->at[j] = *s - 1;
    }
    a->count = next;
    free(seen);
}

/* Codes of a column of names, repeated `width` times each. */
static int codes_of(fd_codes *out, const fd_column *c, size_t rows, size_t width)
{
    const bool text = c->kind == FD_TEXT || c->kind == FD_CODE, full = is_full(c);
    const size_t known = text ? fd_dict_count(c->dict) : 0;
    uint32_t *position = fd_alloc(known * sizeof *position + 1);
    fd_map *map = fd_map_new();
    int err = 0;

    out->at = fd_alloc(rows * width * sizeof *out->at + 1);
    out->count = 0;
    for (size_t r = 0; r < rows && err >= 0; r++) {
        uint32_t code = 0;

        if (!full && fd_column_state(c, r) != FD_HAS) {
            err =
                fd_error_set(FD_EINVAL, "第 %zu 行的 %s 是空的", "row %zu has no %s", r + 2, c->id);
        } else if (text) {
            uint32_t *p = &position[c->v.text[r]];

            if (!*p)
                *p = (uint32_t)++out->count;
            code = *p - 1;
        } else {
            char buf[32];

            snprintf(buf, sizeof buf, "%.15g", fd_number_to_double(fd_column_number(c, r)));
            code = (uint32_t)fd_map_intern(map, fd_view_of(buf), fd_map_count(map));
            out->count = fd_map_count(map);
        }
        for (size_t t = 0; t < width; t++)
            out->at[r * width + t] = code;
    }
    fd_map_free(map);
    free(position);
    return err;
}

/* Codes of several columns together; one code when there are none. */
static int codes_of_all(fd_codes *out, const fd_table *in, const size_t *columns, size_t count,
                        size_t width)
{
    const size_t n = in->rows * width;
    int err = 0;

    *out = (fd_codes){ NULL, 1 };
    if (!count)
        out->at = fd_alloc(n * sizeof *out->at + 1);
    for (size_t k = 0; k < count && err >= 0; k++) {
        fd_codes next = { NULL, 0 };

        err = codes_of(k ? &next : out, in->columns[columns[k]], in->rows, width);
        if (k && err >= 0)
            combine(out, &next, n);
        free(next.at);
    }
    return err;
}

/* A row of the table for each code. */
static size_t *rows_of(const fd_codes *codes, size_t n, size_t width)
{
    size_t *out = fd_alloc(codes->count * sizeof *out + 1);

    for (size_t j = n; j-- > 0;)
        out[codes->at[j]] = j / width;
    return out;
}

typedef struct order {
    char *text;
    uint32_t at;
} order;

static int by_time(const void *a, const void *b)
{
    return fd_cube_compare_times(((const order *)a)->text, ((const order *)b)->text);
}

static char *cell_text(const fd_column *c, size_t row)
{
    char buf[32];

    if (c->kind == FD_TEXT || c->kind == FD_CODE)
        return fd_strdup(fd_column_text_or(c, row, ""));
    snprintf(buf, sizeof buf, "%.15g", fd_number_to_double(fd_column_number(c, row)));
    return fd_strdup(buf);
}

/* Times of a long table, put into order. */
static int read_times(fd_terms *p, const fd_table *in, const fd_column *c)
{
    size_t *row;
    order *orders;
    uint32_t *rank;
    int err = codes_of(&p->time, c, in->rows, 1);

    if (err < 0)
        return err;
    row = rows_of(&p->time, p->n, 1);
    orders = fd_alloc(p->time.count * sizeof *orders + 1);
    rank = fd_alloc(p->time.count * sizeof *rank + 1);
    p->times = fd_alloc(p->time.count * sizeof *p->times + 1);
    for (size_t t = 0; t < p->time.count; t++)
        orders[t] = (order){ cell_text(c, row[t]), (uint32_t)t };
    qsort(orders, p->time.count, sizeof *orders, by_time);
    for (size_t t = 0; t < p->time.count; t++) {
        p->times[t] = orders[t].text;
        rank[orders[t].at] = (uint32_t)t;
    }
    for (size_t j = 0; j < p->n; j++)
        p->time.at[j] = rank[p->time.at[j]];
    free(row);
    free(orders);
    free(rank);
    return 0;
}

static int read_names(fd_terms *p, const fd_table *in, const fd_terms_plan *plan)
{
    size_t *columns = fd_alloc((in->column_count + plan->by_count + 1) * sizeof *columns);
    size_t count = 0;
    int err;

    if (plan->suffix_count) {
        p->time = (fd_codes){ fd_alloc(p->n * sizeof(uint32_t) + 1), plan->suffix_count };
        p->times = fd_alloc(plan->suffix_count * sizeof *p->times);
        for (size_t t = 0; t < plan->suffix_count; t++)
            p->times[t] = fd_strdup(plan->suffixes[t]);
        for (size_t j = 0; j < p->n; j++)
            p->time.at[j] = (uint32_t)(j % p->width);
    } else if ((err = read_times(p, in, in->columns[fd_table_find(in, plan->time)])) < 0) {
        goto done;
    }
    for (; count < plan->by_count; count++)
        columns[count] = (size_t)fd_table_find(in, plan->by[count]);
    if ((err = codes_of_all(&p->group, in, columns, count, p->width)) < 0)
        goto done;
    count = 0;
    for (size_t c = 0; c < in->column_count; c++) {
        bool term = fd_terms_is_name(plan, c) &&
                    !(plan->time && strcmp(in->columns[c]->id, plan->time) == 0);

        for (size_t k = 0; k < plan->by_count; k++)
            term = term && strcmp(in->columns[c]->id, plan->by[k]) != 0;
        if (term)
            columns[count++] = c;
    }
    if ((err = codes_of_all(&p->term, in, columns, count, p->width)) < 0)
        goto done;
    p->group_row = rows_of(&p->group, p->n, p->width);
    p->term_row = rows_of(&p->term, p->n, p->width);
done:
    free(columns);
    return err;
}

static int index_rows(fd_terms *p)
{
    const size_t cells = p->group.count * p->term.count;
    int err;

    if (p->time.count && cells > MOST_BYTES / sizeof *p->row_of / p->time.count)
        return fd_error_set(FD_ELIMIT, "组合太多", "too many combinations");
    if ((err = fd_try_alloc((void **)&p->row_of, cells * p->time.count + 1, sizeof *p->row_of,
                            MOST_BYTES)) < 0)
        return err;
    for (size_t j = 0; j < p->n; j++) {
        uint32_t *at =
            &p->row_of[((size_t)p->group.at[j] * p->term.count + p->term.at[j]) * p->time.count +
                       p->time.at[j]];

        if (*at) {
            fd_error_set(FD_EINVAL, "第 %zu 行和第 %zu 行是同一组、同一项、同一时间",
                         "rows %zu and %zu are of one group, term and time",
                         (*at - 1) / p->width + 2, j / p->width + 2);
            return fd_error_hint("算式没用到的列用来区分各项;分组用 --by",
                                 "columns that no expression uses tell terms apart; groups: --by");
        }
        *at = (uint32_t)j + 1;
    }
    return 0;
}

/* ---- evaluation ---- */

/* The column behind a name at a time of the long form. */
static int column_of(const fd_column **out, const fd_table *in, const fd_terms_plan *plan,
                     const char *name, size_t time)
{
    int at = fd_table_find(in, name);

    if (at < 0 || plan->melted[at]) {
        char id[512];

        snprintf(id, sizeof id, "%s_%s", name, plan->suffixes[time]);
        if ((at = fd_table_find(in, id)) < 0)
            return fd_error_set(FD_ENOTFOUND, "没有这一列:%s", "no such column: %s", id);
    }
    *out = in->columns[at];
    if ((*out)->kind == FD_TEXT || (*out)->kind == FD_CODE)
        return fd_error_set(FD_EINVAL, "列 %s 不是数", "column %s holds no numbers", (*out)->id);
    return 0;
}

/* The numbers of a column in the long form; NAN where there is none, and the row is unknown. A full
 * column of a long table is borrowed as it stands, any other copied into *own. */
static int numbers_of(const double **out, double **own, fd_terms *p, const fd_table *in,
                      const char *name, const fd_terms_plan *plan)
{
    const fd_column *c;
    int err;

    if ((err = column_of(&c, in, plan, name, 0)) < 0)
        return err;
    if (p->width == 1 && c->kind == FD_EST && is_full(c)) {
        *out = c->v.est;
        return 0;
    }
    *out = *own = fd_alloc(p->n * sizeof **own + 1);
    for (size_t t = 0; t < p->width; t++) {
        if ((err = column_of(&c, in, plan, name, t)) < 0)
            return err;
        for (size_t r = 0; r < in->rows; r++) {
            const bool has = fd_column_state(c, r) == FD_HAS;

            (*own)[r * p->width + t] = has ? fd_number_to_double(fd_column_number(c, r)) : NAN;
            p->unknown[r * p->width + t] |= !has;
        }
    }
    return 0;
}

/* Sums of a column over the terms of the same group and time. */
static int sums_of(double *out, const double *v, fd_terms *p, const fd_table *in,
                   const fd_formula_step *s)
{
    size_t columns[FD_FORMULA_KEYS];
    fd_codes place = { fd_alloc(p->n * sizeof(uint32_t) + 1), p->group.count };
    fd_codes key = { NULL, 0 };
    double *sum = NULL, *first = NULL;
    int err = 0;

    memcpy(place.at, p->group.at, p->n * sizeof *place.at);
    combine(&place, &p->time, p->n);
    for (size_t k = 0; k < s->key_count; k++)
        columns[k] = (size_t)fd_table_find(in, s->keys[k]);
    if (s->key_count && (err = codes_of_all(&key, in, columns, s->key_count, p->width)) < 0)
        goto done;
    if (s->key_count && !s->over)
        combine(&place, &key, p->n);
    sum = fd_alloc(place.count * sizeof *sum + 1);
    if (s->over) { /* one value of each key: the others must repeat it */
        combine(&key, &place, p->n);
        first = fd_alloc(key.count * sizeof *first + 1);
        for (size_t k = 0; k < key.count; k++)
            first[k] = INFINITY;
    }
    for (size_t j = 0; j < p->n && err >= 0; j++) {
        double *f = s->over ? &first[key.at[j]] : NULL;

        if (!f || *f == INFINITY)
            sum[place.at[j]] += v[j];
        else if (*f < v[j] || *f > v[j])
            err = fd_error_set(FD_EINVAL, "第 %zu 行的 %s 与同一 %s 的别的行不同",
                               "row %zu: %s differs from other rows of the same %s",
                               j / p->width + 2, s->column, s->keys[0]);
        if (f)
            *f = v[j];
    }
    for (size_t j = 0; j < p->n; j++) {
        out[j] = sum[place.at[j]];
        p->unknown[j] |= isnan(out[j]) != 0;
    }
done:
    free(place.at);
    free(key.at);
    free(sum);
    free(first);
    return err;
}

/* One block of rows through the stack machine; the result lies at the bottom of the stack. */
static void evaluate_block(double *stack, const fd_formula *f, const double *const *vectors,
                           size_t from, size_t count)
{
    size_t top = 0; /* values on the stack */

    for (size_t i = 0; i < f->count; i++) {
        double *a = stack + (top >= 2 ? top - 2 : 0) * BLOCK;
        const double *b = stack + (top >= 1 ? top - 1 : 0) * BLOCK;

        switch (f->steps[i].kind) {
        case FD_FORMULA_NUMBER:
            for (size_t j = 0; j < count; j++)
                stack[top * BLOCK + j] = f->steps[i].number;
            top++;
            continue;
        case FD_FORMULA_COLUMN:
        case FD_FORMULA_SUM:
            memcpy(stack + top * BLOCK, vectors[i] + from, count * sizeof *stack);
            top++;
            continue;
        case FD_FORMULA_ADD:
            for (size_t j = 0; j < count; j++)
                a[j] += b[j];
            break;
        case FD_FORMULA_SUBTRACT:
            for (size_t j = 0; j < count; j++)
                a[j] -= b[j];
            break;
        case FD_FORMULA_MULTIPLY:
            for (size_t j = 0; j < count; j++)
                a[j] *= b[j];
            break;
        case FD_FORMULA_DIVIDE:
            for (size_t j = 0; j < count; j++)
                a[j] /= b[j];
            break;
        }
        top--;
    }
}

/* A formula over all rows into out[j × step]; rows that miss a cell become unknown. */
static int evaluate(double *out, size_t step, fd_terms *p, const fd_table *in,
                    const fd_terms_plan *plan, const fd_formula *f)
{
    const double **vectors = fd_alloc(f->count * sizeof *vectors + 1);
    double **own = fd_alloc(f->count * sizeof *own + 1);
    double *stack = fd_alloc((f->depth + 1) * BLOCK * sizeof *stack);
    int err = 0;

    for (size_t i = 0; i < f->count && err >= 0; i++) {
        const fd_formula_step *s = &f->steps[i];

        if (!s->column || (err = numbers_of(&vectors[i], &own[i], p, in, s->column, plan)) < 0 ||
            s->kind != FD_FORMULA_SUM)
            continue;
        if (!own[i])
            own[i] = fd_alloc(p->n * sizeof *own[i] + 1);
        err = sums_of(own[i], vectors[i], p, in, s);
        vectors[i] = own[i];
    }
    for (size_t from = 0; from < p->n && err >= 0; from += BLOCK) {
        const size_t count = p->n - from < BLOCK ? p->n - from : BLOCK;

        evaluate_block(stack, f, vectors, from, count);
        for (size_t j = 0; j < count; j++)
            out[(from + j) * step] = stack[j];
    }
    for (size_t i = 0; i < f->count; i++)
        free(own[i]);
    free(own);
    free(vectors);
    free(stack);
    return err;
}

static int check_sign(const fd_terms *p, const double *v, size_t step, const char *name)
{
    for (size_t j = 0; j < p->n; j++)
        if (v[j * step] < 0)
            return fd_error_set(FD_EINVAL, "第 %zu 行的 %s 是负的(%g):LMDI 要求不小于 0",
                                "row %zu: %s is negative (%g); LMDI needs 0 or more",
                                j / p->width + 2, name, v[j * step]);
    return 0;
}

static int evaluate_all(fd_terms *p, const fd_table *in, const fd_terms_plan *plan)
{
    const size_t count = plan->factor_count;
    int err = 0;

    p->value = fd_alloc(p->n * sizeof *p->value + 1);
    p->unknown = fd_alloc(p->n + 1);
    if ((err = fd_try_alloc((void **)&p->factor, p->n * count + 1, sizeof *p->factor, MOST_BYTES)) <
        0)
        return err;
    for (size_t k = 0; k < count && err >= 0; k++)
        if ((err = evaluate(p->factor + k, count, p, in, plan, &plan->factors[k].formula)) >= 0)
            err = check_sign(p, p->factor + k, count, plan->factors[k].name);
    if (err < 0)
        return err;
    if (plan->value.count) {
        err = evaluate(p->value, 1, p, in, plan, &plan->value);
    } else {
        for (size_t j = 0; j < p->n; j++) {
            bool zero = false; /* 0 whatever the other factors are, a share of nothing among them */

            p->value[j] = 1;
            for (size_t k = 0; k < count; k++) {
                zero = zero || !(p->factor[j * count + k] > 0 || p->factor[j * count + k] < 0 ||
                                 isnan(p->factor[j * count + k]));
                p->value[j] *= p->factor[j * count + k];
            }
            if (zero)
                p->value[j] = 0;
            p->unknown[j] |= !isfinite(p->value[j]);
        }
    }
    return err < 0 ? err : check_sign(p, p->value, 1, plan->value.count ? "value" : "product");
}

int fd_terms_read(fd_terms *out, const fd_table *in, const fd_terms_plan *plan)
{
    int err;

    memset(out, 0, sizeof *out);
    out->width = plan->suffix_count ? plan->suffix_count : 1;
    out->n = in->rows * out->width;
    if (!in->rows)
        return fd_error_set(FD_EINVAL, "表里没有数据行", "the table has no rows of data");
    if (out->n > UINT32_MAX - 1)
        return fd_error_set(FD_ELIMIT, "行太多", "too many rows");
    if ((err = read_names(out, in, plan)) < 0 || (err = index_rows(out)) < 0 ||
        (err = evaluate_all(out, in, plan)) < 0)
        fd_terms_dispose(out);
    return err;
}

void fd_terms_dispose(fd_terms *p)
{
    for (size_t t = 0; p->times && t < p->time.count; t++)
        free(p->times[t]);
    free(p->times);
    free(p->group.at);
    free(p->term.at);
    free(p->time.at);
    free(p->group_row);
    free(p->term_row);
    free(p->row_of);
    free(p->value);
    free(p->factor);
    free(p->unknown);
    memset(p, 0, sizeof *p);
}
