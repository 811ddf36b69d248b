/*
 * Composite indices: steps that add up to a score, balance of branches, two systems together.
 */
#include "fangding/index_story.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "fangding/arena.h"

static const double even_gap = 0.05; /* half a grade: below it nobody is said to lag */

static void put(fd_table *t, size_t column, size_t row, double value)
{
    if (isfinite(value))
        fd_column_set_est(t->columns[column], row, value);
}

static double number_in(const fd_table *t, size_t column, size_t row)
{
    return fd_column_state(t->columns[column], row) == FD_HAS
               ? fd_number_to_double(fd_column_number(t->columns[column], row))
               : NAN;
}

static void add_keys(fd_table *out, const fd_table *like, size_t keys)
{
    for (size_t k = 0; k < keys; k++) {
        const fd_column *c = like->columns[k];

        fd_table_add_new(out, c->id, c->title[FD_ZH], c->title[FD_EN], FD_TEXT, "", 0);
    }
}

static void put_keys(fd_table *out, size_t at, const fd_table *from, size_t row, size_t keys)
{
    for (size_t k = 0; k < keys; k++)
        fd_column_set_text(out->columns[k], at, fd_column_text_or(from->columns[k], row, ""));
}

/* How many key columns stand before `column`; FD_ENOTFOUND. */
static int keys_before(size_t *keys, const fd_table *t, const char *column)
{
    const int at = fd_table_find(t, column);

    if (at < 1 || at > 2)
        return fd_error_set(FD_ENOTFOUND, "表里没有 %s 列", "the table has no column %s", column);
    *keys = (size_t)at;
    return 0;
}

static bool same_key(const fd_table *t, size_t a, size_t b, size_t key)
{
    return strcmp(fd_column_text_or(t->columns[key], a, ""),
                  fd_column_text_or(t->columns[key], b, "")) == 0;
}

/* ---- steps ---- */

typedef struct step {
    size_t row, order;
    double before, after, move;
} step;

static int larger_move(const void *a, const void *b)
{
    const step *x = a, *y = b;
    const double p = isnan(x->move) ? INFINITY : fabs(x->move),
                 q = isnan(y->move) ? INFINITY : fabs(y->move);

    if (p != q)
        return p > q ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* The steps of rows first .. end-1 of one unit and period; `earlier` is where its rows of the
 * period before begin, SIZE_MAX for none. */
static void put_steps(fd_table *out, const fd_table *cells, size_t keys, size_t first, size_t end,
                      size_t earlier, size_t earlier_end)
{
    const size_t code = keys, part = keys + 4;
    step *s = fd_alloc((end - first + 1) * sizeof *s);
    double upto = 0;

    for (size_t r = first; r < end; r++) {
        step *one = &s[r - first];

        *one = (step){ r, r - first, earlier == SIZE_MAX ? 0 : NAN, number_in(cells, part, r), 0 };
        for (size_t e = earlier; earlier != SIZE_MAX && e < earlier_end; e++)
            if (same_key(cells, e, r, code))
                one->before = number_in(cells, part, e);
        one->move = one->after - one->before;
        upto += one->before;
    }
    qsort(s, end - first, sizeof *s, larger_move);
    for (size_t k = 0; k < end - first && !isnan(upto); k++)
        if (isnan(s[k].move))
            upto = NAN;
    for (size_t k = 0; k < end - first; k++) {
        const size_t at = fd_table_add_row(out);

        upto += s[k].move;
        put_keys(out, at, cells, s[k].row, keys);
        fd_column_set_text(out->columns[keys], at,
                           fd_column_text_or(cells->columns[code], s[k].row, ""));
        put(out, keys + 1, at, s[k].before);
        put(out, keys + 2, at, s[k].after);
        put(out, keys + 3, at, s[k].move);
        put(out, keys + 4, at, upto);
    }
    free(s);
}

int fd_index_steps(fd_table **out, const fd_table *cells, bool change)
{
    static const fd_column_spec specs[] = {
        { "code", "指标", "Indicator", FD_TEXT, NULL, 0 },
        { "before", "此前", "Before", FD_EST, NULL, 0 },
        { "after", "此后", "After", FD_EST, NULL, 0 },
        { "move", "变动", "Move", FD_EST, NULL, 0 },
        { "upto", "累计到", "Up to", FD_EST, NULL, 0 },
    };
    fd_table *t;
    size_t keys = 0, before = SIZE_MAX, before_end = 0;
    int err;

    if ((err = keys_before(&keys, cells, "code")) < 0)
        return err;
    if (cells->column_count < keys + 5)
        return fd_error_set(FD_ENOTFOUND, "表里没有 contribution 列",
                            "the table has no column contribution");
    t = change ? fd_table_new("change", "得分为什么变", "What moved the score")
               : fd_table_new("waterfall", "得分怎么来", "What makes the score");
    add_keys(t, cells, keys);
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t first = 0, end; first < cells->rows; first = end) {
        for (end = first + 1; end < cells->rows && same_key(cells, first, end, 0) &&
                              (keys < 2 || same_key(cells, first, end, 1));)
            end++;
        if (before != SIZE_MAX && !same_key(cells, before, first, 0))
            before = SIZE_MAX;
        if (!change)
            put_steps(t, cells, keys, first, end, SIZE_MAX, 0);
        else if (before != SIZE_MAX)
            put_steps(t, cells, keys, first, end, before, before_end);
        before = first;
        before_end = end;
    }
    *out = t;
    return 0;
}

/* ---- balance ---- */

typedef struct branch {
    const char *code;
    size_t column; /* of scores */
    double weight;
} branch;

static double global_weight(const fd_table *weights, const char *code)
{
    const int at = fd_table_find(weights, "global");

    for (size_t r = 0; at >= 0 && r < weights->rows; r++)
        if (strcmp(fd_column_text_or(weights->columns[0], r, ""), code) == 0)
            return number_in(weights, (size_t)at, r);
    return NAN;
}

static size_t find_branches(branch *b, const fd_index *index)
{
    const fd_table *s = index->scores;
    size_t count = 0;

    for (size_t c = 0; c < s->column_count; c++) {
        double weight;

        if (strncmp(s->columns[c]->id, "c_", 2) != 0)
            continue;
        weight = global_weight(index->weights, s->columns[c]->id + 2);
        if (weight > 0)
            b[count++] = (branch){ s->columns[c]->id + 2, c, weight };
    }
    return count;
}

static void add_u(fd_table *t, const char *code, const char *zh, const char *en)
{
    char id[160], title[2][200];

    snprintf(id, sizeof id, "u_%.128s", code);
    snprintf(title[FD_ZH], sizeof title[FD_ZH], "U %.160s", zh);
    snprintf(title[FD_EN], sizeof title[FD_EN], "U %.160s", en);
    fd_table_add_new(t, id, title[FD_ZH], title[FD_EN], FD_EST, "", 0);
}

static void balance_row(fd_table *t, size_t at, size_t keys, const double *u, const branch *b,
                        size_t n, double share)
{
    const size_t c = keys + n; /* t, c, d, grade, combined, rank, imbalance, lagging, missing */
    size_t low = 0, high = 0;
    double sum = 0, all = 0, classic, corrected, d;
    fd_buf missing = FD_BUF_INIT;

    for (size_t k = 0; k < n; k++) {
        put(t, keys + k, at, u[k]);
        if (isnan(u[k]))
            fd_buf_printf(&missing, "%s%s", missing.len ? " " : "", b[k].code);
        sum += b[k].weight * u[k];
        all += b[k].weight;
        low = u[k] < u[low] ? k : low;
        high = u[k] > u[high] ? k : high;
    }
    if (missing.len) {
        fd_column_set_text(t->columns[c + 8], at, fd_buf_text(&missing));
        fd_buf_dispose(&missing);
        return;
    }
    fd_buf_dispose(&missing);
    sum /= all;
    fd_index_couple(&classic, &corrected, u, n);
    d = isnan(corrected) ? 0 : sqrt(corrected * sum); /* all 0: nothing goes together */
    put(t, c, at, sum);
    put(t, c + 1, at, corrected);
    put(t, c + 2, at, d);
    fd_column_set_text(t->columns[c + 3], at, fd_index_grade(d, FD_ZH));
    put(t, c + 4, at, (1 - share) * sum + share * d);
    put(t, c + 6, at, u[high] - u[low]);
    if (u[high] > u[low])
        fd_column_set_text(t->columns[c + 7], at, b[low].code);
}

static void rank_rows(fd_table *t, size_t keys, size_t value, size_t rank)
{
    for (size_t r = 0; r < t->rows; r++) {
        const double mine = number_in(t, value, r);
        size_t above = 0;

        for (size_t s = 0; s < t->rows && !isnan(mine); s++)
            above += (keys < 2 || same_key(t, r, s, 1)) && number_in(t, value, s) > mine;
        if (!isnan(mine))
            put(t, rank, r, (double)(above + 1));
    }
}

int fd_index_balance(fd_table **out, const fd_index *index, double share)
{
    static const fd_column_spec specs[] = {
        { "t", "综合发展 T", "Development T", FD_EST, NULL, 0 },
        { "c", "耦合度 C(修正)", "Coupling C (corrected)", FD_EST, NULL, 0 },
        { "d", "组合(协调度 D)", "Combination (coordination D)", FD_EST, NULL, 0 },
        { "grade", "等级", "Grade", FD_TEXT, NULL, 0 },
        { "combined", "含组合得分", "Combined score", FD_EST, NULL, 0 },
        { "rank", "名次", "Rank", FD_EST, NULL, 0 },
        { "imbalance", "不平衡", "Imbalance", FD_EST, NULL, 0 },
        { "lagging", "短板", "Lagging", FD_TEXT, NULL, 0 },
        { "missing", "缺的支", "Unknown branches", FD_TEXT, NULL, 0 },
    };
    const fd_table *s = index->scores;
    branch *b = fd_alloc((s->column_count + 1) * sizeof *b);
    double *u = fd_alloc((s->column_count + 1) * sizeof *u);
    const size_t n = find_branches(b, index);
    fd_table *t = NULL;
    size_t keys = 0;
    int err = keys_before(&keys, s, "score");

    if (err >= 0 && n < 2)
        err = fd_error_set(FD_EINVAL, "平衡要至少两支", "balance needs at least two branches");
    if (err >= 0 && !(share >= 0 && share <= 1))
        err = fd_error_set(FD_EINVAL, "组合的比重应在 0 到 1", "the share lies in 0 to 1");
    if (err < 0)
        goto done;
    t = fd_table_new("balance", "各支与组合", "Branches and their combination");
    add_keys(t, s, keys);
    for (size_t k = 0; k < n; k++)
        add_u(t, b[k].code, b[k].code, b[k].code);
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t r = 0; r < s->rows; r++) {
        const size_t at = fd_table_add_row(t);

        put_keys(t, at, s, r, keys);
        for (size_t k = 0; k < n; k++) {
            const double x = number_in(s, b[k].column, r) / b[k].weight;

            u[k] = isnan(x) ? NAN : fmin(fmax(x, 0), 1);
        }
        balance_row(t, at, keys, u, b, n, share);
    }
    rank_rows(t, keys, keys + n + 4, keys + n + 5);
    *out = t;
done:
    free(b);
    free(u);
    return err < 0 ? err : 0;
}

/* ---- two systems ---- */

static void pair_key(fd_buf *key, const fd_table *t, size_t row, size_t keys)
{
    fd_buf_clear(key);
    for (size_t k = 0; k < keys; k++)
        fd_buf_printf(key, "%s\n", fd_column_text_or(t->columns[k], row, ""));
}

static double held(double x, size_t *beyond)
{
    *beyond += x < 0 || x > 1;
    return isnan(x) ? x : fmin(fmax(x, 0), 1);
}

static void pair_row(fd_table *t, size_t at, size_t keys, const double u[2],
                     const char *const names[2])
{
    const double develop = (u[0] + u[1]) / 2, gap = fabs(u[0] - u[1]);
    double classic, corrected;

    put(t, keys, at, u[0]);
    put(t, keys + 1, at, u[1]);
    if (isnan(develop))
        return;
    fd_index_couple(&classic, &corrected, u, 2);
    put(t, keys + 2, at, develop);
    put(t, keys + 10, at, gap);
    fd_column_set_text(t->columns[keys + 9], at,
                       gap + 1e-12 < even_gap ? "同步"
                       : u[0] < u[1]          ? names[0]
                                              : names[1]);
    if (isnan(classic))
        return;
    put(t, keys + 3, at, classic);
    put(t, keys + 4, at, sqrt(classic * develop));
    fd_column_set_text(t->columns[keys + 5], at, fd_index_grade(sqrt(classic * develop), FD_ZH));
    put(t, keys + 6, at, corrected);
    put(t, keys + 7, at, sqrt(corrected * develop));
    fd_column_set_text(t->columns[keys + 8], at, fd_index_grade(sqrt(corrected * develop), FD_ZH));
}

int fd_index_pair(fd_table **out, const fd_table *a, const fd_table *b, const char *const names[2])
{
    static const fd_column_spec specs[] = {
        { "t", "综合发展 T", "Development T", FD_EST, NULL, 0 },
        { "c_classic", "耦合度 C(经典)", "Coupling C (classic)", FD_EST, NULL, 0 },
        { "d_classic", "协调度 D(经典)", "Coordination D (classic)", FD_EST, NULL, 0 },
        { "grade_classic", "等级(经典)", "Grade (classic)", FD_TEXT, NULL, 0 },
        { "c", "耦合度 C(修正)", "Coupling C (corrected)", FD_EST, NULL, 0 },
        { "d", "协调度 D(修正)", "Coordination D (corrected)", FD_EST, NULL, 0 },
        { "grade", "等级(修正)", "Grade (corrected)", FD_TEXT, NULL, 0 },
        { "lagging", "滞后一方", "Lagging", FD_TEXT, NULL, 0 },
        { "gap", "相差", "Gap", FD_EST, NULL, 0 },
    };
    size_t keys = 0, other = 0, beyond = 0;
    fd_buf key = FD_BUF_INIT;
    fd_map *rows;
    fd_table *t;
    int err;

    if ((err = keys_before(&keys, a, "score")) < 0 || (err = keys_before(&other, b, "score")) < 0)
        return err;
    if (keys != other)
        return fd_error_set(FD_EINVAL, "两张表一张有期间,一张没有",
                            "one table has periods, the other has none");
    rows = fd_map_new();
    for (size_t r = 0; r < b->rows; r++) {
        pair_key(&key, b, r, keys);
        fd_map_set(rows, (fd_view){ fd_buf_text(&key), key.len }, r);
    }
    t = fd_table_new("coupling", "两个体系的耦合协调", "Coupling coordination of two systems");
    add_keys(t, a, keys);
    add_u(t, "a", names[0], names[0]);
    add_u(t, "b", names[1], names[1]);
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t r = 0; r < a->rows; r++) {
        const size_t at = fd_table_add_row(t);
        double u[2] = { held(number_in(a, keys, r), &beyond), NAN };
        uint64_t there;

        pair_key(&key, a, r, keys);
        if (fd_map_get(rows, (fd_view){ fd_buf_text(&key), key.len }, &there))
            u[1] = held(number_in(b, keys, (size_t)there), &beyond);
        put_keys(t, at, a, r, keys);
        pair_row(t, at, keys, u, names);
    }
    if (beyond) {
        char zh[120], en[120];

        snprintf(zh, sizeof zh, "%zu 个得分超出 0 到 1,按边界计", beyond);
        snprintf(en, sizeof en, "%zu scores beyond 0..1 are held to it", beyond);
        fd_table_add_note(t, zh, en);
    }
    fd_buf_dispose(&key);
    fd_map_free(rows);
    *out = t;
    return 0;
}
