/*
 * Production functions: reading, first stages, choice of roots, bootstrap, the table.
 */
#include "fangding/prodfun.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/prodfun.h"
#include "analysis/prodpanel.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/vec.h"
#include "fangding/arena.h"
#include "solve/lsq.h"
#include "table/put.h"

static const char *const method_names[] = { "OLS", "FE", "OP", "LP", "ACF" };

/* Columns of the panel: output, capital, labours, then proxy and investment where there are any. */
typedef struct work {
    const fd_prodfun_options *o;
    fd_arena *arena;
    fd_vec(const char *) columns;
    size_t labours, m;        /* m = labours + 1 coefficients, capital last */
    size_t proxy, investment; /* columns of the panel; SIZE_MAX: none */
    bool method[FD_PRODFUN_METHODS];
    fd_prodpanel panel;
    size_t *lag;        /* row of the same unit one period before; SIZE_MAX: none */
    const char **names; /* of the coefficients, without b_ */
} work;

enum { SHOWN_ROOTS = 4 };

/* What one method says of one (re)sample. */
typedef struct estimate {
    double b[FD_PRODFUN_MOST], criterion;
    double home[FD_PRODFUN_MOST]; /* ACF: where the search began */
    size_t n, roots, starts;
    double other[SHOWN_ROOTS][FD_PRODFUN_MOST]; /* ACF: roots that were not taken */
    bool known, converged;
    char why[2][256]; /* when not known */
} estimate;

/* ---- columns ---- */

static const char *present(const fd_table *in, const char *named, const char *usual)
{
    if (named)
        return named;
    return fd_table_find(in, usual) >= 0 ? usual : NULL;
}

static int no_column(const char *zh, const char *en, const char *option)
{
    fd_error_set(FD_ENOTFOUND, "没有这样的列:%s(%s)", "no such column: %s (%s)", zh, en);
    fd_error_hint("用 --%s 说明是哪一列", "say with --%s which column it is", option);
    return FD_ENOTFOUND;
}

/* b_ and se_ take the part of a name that tells inputs apart. */
static const char *short_name(const char *column)
{
    const char *s = column;

    if (strncmp(s, "ln_l_", 5) == 0 && s[5])
        return s + 5;
    return strncmp(s, "ln_", 3) == 0 && s[3] ? s + 3 : s;
}

static void find_labours(work *w, const fd_table *in)
{
    for (size_t i = 0; i < w->o->labour_count; i++)
        fd_vec_push(&w->columns, w->o->labour[i]);
    for (size_t c = 0; c < in->column_count && !w->o->labour_count; c++)
        if (fd_view_starts(fd_view_of(in->columns[c]->id), "ln_l_") ||
            strcmp(in->columns[c]->id, "ln_l") == 0)
            fd_vec_push(&w->columns, in->columns[c]->id);
    w->labours = w->columns.count - 2;
    w->m = w->labours + 1;
}

static size_t append(work *w, const char *column)
{
    if (!column)
        return SIZE_MAX;
    fd_vec_push(&w->columns, column);
    return w->columns.count - 1;
}

static int plan(work *w, const fd_table *in)
{
    const fd_prodfun_options *o = w->o;
    const char *output = present(in, o->output, "ln_y"), *capital = present(in, o->capital, "ln_k");
    bool any = false;

    if (!output)
        return no_column("产出的对数", "ln_y", "outputs");
    if (!capital)
        return no_column("资本的对数", "ln_k", "capital");
    append(w, output);
    append(w, capital);
    find_labours(w, in);
    if (w->m > FD_PRODFUN_MOST)
        return fd_error_set(FD_ELIMIT, "投入最多 %d 个", "at most %d inputs", FD_PRODFUN_MOST);
    w->proxy = append(w, present(in, o->proxy, "ln_proxy"));
    w->investment = append(w, present(in, o->investment, "ln_inv"));
    for (int k = 0; k < FD_PRODFUN_METHODS; k++)
        any |= o->method[k];
    for (int k = 0; k < FD_PRODFUN_METHODS; k++) {
        const size_t needed = k == FD_PRODFUN_OP                          ? w->investment
                              : k == FD_PRODFUN_LP || k == FD_PRODFUN_ACF ? w->proxy
                                                                          : 0;

        w->method[k] = any ? o->method[k] : needed != SIZE_MAX;
        if (w->method[k] && needed == SIZE_MAX)
            return k == FD_PRODFUN_OP ? no_column("投资的对数", "ln_inv", "investment")
                                      : no_column("代理变量的对数", "ln_proxy", "proxy");
    }
    w->names = fd_arena_alloc(w->arena, w->m * sizeof *w->names);
    for (size_t j = 0; j < w->labours; j++)
        w->names[j] = short_name(w->columns.items[2 + j]);
    w->names[w->labours] = short_name(capital);
    return 0;
}

static const double *column(const work *w, size_t k)
{
    return fd_prodpanel_column(&w->panel, k);
}

/* Coefficient j belongs to labour j, the last one to capital. */
static const double *input(const work *w, size_t j)
{
    return column(w, j == w->labours ? 1 : 2 + j);
}

/* The row before: same unit, exactly one period earlier. */
static void find_lags(work *w)
{
    w->lag = fd_alloc(w->panel.n * sizeof *w->lag);
    for (size_t u = 0; u < w->panel.units; u++)
        for (size_t i = w->panel.start[u]; i < w->panel.start[u + 1]; i++)
            w->lag[i] = i > w->panel.start[u] && w->panel.time[i - 1] == w->panel.time[i] - 1
                            ? i - 1
                            : SIZE_MAX;
}

/* ---- samples ---- */

/* Rows that have all a method needs and count at least once; `times` by row. @return how many */
static size_t select_rows(size_t *rows, const work *w, size_t extra, const double *times)
{
    size_t n = 0;

    for (size_t i = 0; i < w->panel.n; i++) {
        bool complete = times[i] > 0 && isfinite(column(w, 0)[i]);

        for (size_t j = 0; j < w->m; j++)
            complete &= isfinite(input(w, j)[i]) != 0;
        if (extra != SIZE_MAX)
            complete &= isfinite(column(w, extra)[i]) != 0;
        if (complete)
            rows[n++] = i;
    }
    return n;
}

static void set_why(estimate *e)
{
    const fd_error *error = fd_error_last();

    for (int lang = 0; lang < 2; lang++)
        snprintf(e->why[lang], sizeof e->why[lang], "%.250s", error->message[lang]);
    e->known = false;
}

/* y on a constant and the inputs, each row as often as it counts. */
static int regress_plain(estimate *e, const work *w, const size_t *rows, size_t n,
                         const double *times)
{
    const size_t p = w->m + 1;
    double *a = fd_alloc((n * p + 1) * sizeof *a), *b = fd_alloc((n + 1) * sizeof *b);
    double x[FD_PRODFUN_MOST + 1] = { 0 };
    int err;

    for (size_t i = 0; i < n; i++) {
        const double root = sqrt(times[rows[i]]);

        a[i] = root;
        for (size_t j = 0; j < w->m; j++)
            a[(j + 1) * n + i] = root * input(w, j)[rows[i]];
        b[i] = root * column(w, 0)[rows[i]];
    }
    err = fd_lsq_solve(x, a, b, n, p);
    memcpy(e->b, x + 1, w->m * sizeof *x);
    free(a);
    free(b);
    return err;
}

/* The mean of a variable over each unit's rows, taken from it, times the root of the weight. */
static void put_within(double *out, const work *w, const double *v, const size_t *rows, size_t n,
                       const double *times)
{
    size_t i = 0;

    for (size_t u = 0; u < w->panel.units; u++) {
        const size_t from = i;
        double sum = 0;

        for (; i < n && rows[i] < w->panel.start[u + 1]; i++)
            sum += v[rows[i]];
        for (size_t k = from; k < i; k++)
            out[k] = sqrt(times[rows[k]]) * (v[rows[k]] - sum / (double)(i - from));
    }
}

static int regress_within(estimate *e, const work *w, const size_t *rows, size_t n,
                          const double *times)
{
    double *a = fd_alloc((n * w->m + 1) * sizeof *a), *b = fd_alloc((n + 1) * sizeof *b);
    int err;

    for (size_t j = 0; j < w->m; j++)
        put_within(a + j * n, w, input(w, j), rows, n, times);
    put_within(b, w, column(w, 0), rows, n, times);
    err = fd_lsq_solve(e->b, a, b, n, w->m);
    free(a);
    free(b);
    return err;
}

/* A variable of the first stage, moved and scaled to mean 0 and deviation 1: the polynomials span
 * the same space, and the digits stay. */
static void standardise(double *out, const double *v, const size_t *rows, size_t n,
                        const double *times)
{
    double total = 0, mean = 0, square = 0;

    for (size_t i = 0; i < n; i++) {
        total += times[rows[i]];
        mean += times[rows[i]] * v[rows[i]];
    }
    mean /= total;
    for (size_t i = 0; i < n; i++) {
        out[i] = v[rows[i]] - mean;
        square += times[rows[i]] * out[i] * out[i];
    }
    square = sqrt(square / total);
    for (size_t i = 0; i < n && square > 0; i++)
        out[i] /= square;
}

/* The first stage: y on 1 and, if `full`, all terms to degree 2 of inputs and proxy, else labours
 * as they stand and terms to degree 2 of capital and proxy.  phi receives the fit by row of the
 * panel, b the coefficients of labours (not with `full`). */
static int first_stage(double *phi, double *b, const work *w, size_t proxy, bool full,
                       const size_t *rows, size_t n, const double *times)
{
    const size_t vars = w->m + 1, first = full ? 0 : w->labours;
    const size_t squares = (vars - first) * (vars - first + 1) / 2, p = 1 + vars + squares;
    double *x = fd_alloc((n * p + 1) * sizeof *x), *a = fd_alloc((n * p + 1) * sizeof *a);
    double *y = fd_alloc((n + 1) * sizeof *y), *c = fd_alloc(p * sizeof *c);
    size_t at = 1 + vars;
    int err;

    for (size_t i = 0; i < n; i++)
        x[i] = 1;
    for (size_t j = 0; j < vars; j++) {
        if (j >= first)
            standardise(x + (1 + j) * n, j < w->m ? input(w, j) : column(w, proxy), rows, n, times);
        for (size_t i = 0; i < n && j < first; i++)
            x[(1 + j) * n + i] = input(w, j)[rows[i]];
    }
    for (size_t j = first; j < vars; j++)
        for (size_t k = j; k < vars; k++, at++)
            for (size_t i = 0; i < n; i++)
                x[at * n + i] = x[(1 + j) * n + i] * x[(1 + k) * n + i];
    for (size_t i = 0; i < n; i++) {
        const double root = sqrt(times[rows[i]]);

        for (size_t j = 0; j < p; j++)
            a[j * n + i] = root * x[j * n + i];
        y[i] = root * column(w, 0)[rows[i]];
    }
    err = fd_lsq_solve(c, a, y, n, p);
    memcpy(b, c + 1, w->labours * sizeof *b);
    for (size_t i = 0; i < w->panel.n; i++)
        phi[i] = NAN;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;

        for (size_t j = 0; j < p; j++)
            sum += c[j] * x[j * n + i];
        phi[rows[i]] = sum;
    }
    free(x);
    free(a);
    free(y);
    free(c);
    return err;
}

static double net_of_labour(const work *w, double value, const double *b, size_t row)
{
    for (size_t j = 0; j < w->labours; j++)
        value -= b[j] * input(w, j)[row];
    return value;
}

/* OP and LP: the news of y less labour, capital the only unknown. */
static int proxy_method(estimate *e, const work *w, size_t proxy, const size_t *rows, size_t n,
                        const double *times)
{
    double *phi = fd_alloc(w->panel.n * sizeof *phi);
    fd_prodfun__sample s;
    int err = first_stage(phi, e->b, w, proxy, false, rows, n, times);

    fd_prodfun__sample_init(&s, n, 1, false);
    for (size_t i = 0; i < n && err >= 0; i++) {
        const size_t row = rows[i], lag = w->lag[row];

        if (lag == SIZE_MAX || isnan(phi[lag]))
            continue;
        s.weight[s.n] = times[row];
        s.now[s.n] = net_of_labour(w, phi[row], e->b, row);
        s.noise[s.n] = column(w, 0)[row] - phi[row];
        s.past[s.n] = net_of_labour(w, phi[lag], e->b, lag);
        s.x[s.n] = column(w, 1)[row];
        s.x_lag[s.n++] = column(w, 1)[lag];
    }
    e->n = s.n;
    if (err >= 0 && s.n < 6)
        err = fd_error_set(FD_EINVAL, "只有 %zu 行有上一期:第二阶段至少要 6 行",
                           "only %zu rows have a period before: the second stage needs 6", s.n);
    if (err >= 0)
        fd_prodfun__least_squares(&e->b[w->labours], &e->criterion, &s);
    fd_prodfun__sample_dispose(&s);
    free(phi);
    return err;
}

/* ---- ACF ---- */

/* A fixed mixing of numbers (SplitMix64, Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195):
 * starts and draws must not depend on threads. */
static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static double uniform(uint64_t a, uint64_t b)
{
    return (double)(mix(mix(a) ^ b) >> 11) * 0x1p-53;
}

static int acf_sample(fd_prodfun__sample *s, const work *w, const size_t *rows, size_t n,
                      const double *times)
{
    double *phi = fd_alloc(w->panel.n * sizeof *phi), unused[FD_PRODFUN_MOST];
    int err = first_stage(phi, unused, w, w->proxy, w->o->full_first_stage, rows, n, times);
    size_t count = 0, used = 0;

    for (size_t i = 0; i < n; i++)
        count += w->lag[rows[i]] != SIZE_MAX && !isnan(phi[w->lag[rows[i]]]);
    fd_prodfun__sample_init(s, count, w->m, true);
    s->n = count;
    for (size_t i = 0; i < n && err >= 0; i++) {
        const size_t row = rows[i], lag = w->lag[row];

        if (lag == SIZE_MAX || isnan(phi[lag]))
            continue;
        s->weight[used] = times[row];
        s->now[used] = phi[row];
        s->past[used] = phi[lag];
        for (size_t j = 0; j < w->m; j++) {
            s->x[j * count + used] = input(w, j)[row];
            s->x_lag[j * count + used] = input(w, j)[lag];
            s->z[j * count + used] = input(w, j)[j == w->labours ? row : lag];
        }
        used++;
    }
    if (err >= 0 && count < w->m + 5)
        err = fd_error_set(FD_EINVAL, "只有 %zu 行有上一期:ACF 至少要 %zu 行",
                           "only %zu rows have a period before: ACF needs %zu", count, w->m + 5);
    free(phi);
    return err;
}

static double distance(const double *a, const double *b, size_t m)
{
    double sum = 0;

    for (size_t j = 0; j < m; j++)
        sum += (a[j] - b[j]) * (a[j] - b[j]);
    return sum;
}

/* A resample's root this far from the whole sample's may be another one: then all are looked for.
 */
#define FAR 0.5

enum { STARTS = 40, MOST_STARTS = 240 }; /* the rest only while no root was found */

/* Roots from many starts, near and far; the one nearest to `home` is taken. */
static void search_roots(estimate *e, const work *w, const fd_prodfun__sample *s,
                         const double *home)
{
    double found[STARTS][FD_PRODFUN_MOST], best = INFINITY;

    e->criterion = INFINITY;
    e->converged = false;
    e->roots = 0;
    for (e->starts = 0; e->starts < (e->roots ? STARTS : MOST_STARTS); e->starts++) {
        double b[FD_PRODFUN_MOST], criterion;
        bool known = false, root;

        for (size_t j = 0; j < w->m; j++)
            b[j] = e->starts == 0 ? home[j] : 1.2 * uniform(e->starts, j) - 0.1;
        root = fd_prodfun__moments(b, &criterion, s);
        for (size_t r = 0; root && r < e->roots; r++)
            known |= distance(found[r], b, w->m) < 1e-8;
        if (root && !known && e->roots < STARTS)
            memcpy(found[e->roots++], b, w->m * sizeof *b);
        if (root ? !e->converged || distance(b, home, w->m) < best
                 : !e->converged && criterion < e->criterion) {
            memcpy(e->b, b, w->m * sizeof *b);
            best = distance(b, home, w->m);
            e->criterion = criterion;
            e->converged = root;
        }
    }
    for (size_t r = 0, to = 0; r < e->roots && to < SHOWN_ROOTS; r++)
        if (distance(found[r], e->b, w->m) >= 1e-8)
            memcpy(e->other[to++], found[r], w->m * sizeof *e->b);
}

/* home: where to begin and what to stay near to; refined: home is a root of the whole sample. */
static int acf(estimate *e, const work *w, const size_t *rows, size_t n, const double *times,
               const double *home, bool refined)
{
    fd_prodfun__sample s;
    int err = acf_sample(&s, w, rows, n, times);

    e->n = s.n;
    memcpy(e->home, home, w->m * sizeof *home);
    if (err >= 0 && refined) {
        memcpy(e->b, home, w->m * sizeof *home);
        e->converged = fd_prodfun__moments(e->b, &e->criterion, &s);
        e->roots = e->starts = 1;
    }
    if (err >= 0 && (!e->converged || distance(e->b, home, w->m) > FAR * FAR))
        search_roots(e, w, &s, home);
    if (err >= 0 && !isfinite(e->criterion))
        err = fd_error_set(FD_EINVAL, "工具变量线性相关:ACF 的矩条件定不了系数",
                           "the instruments depend on each other: ACF's moments do not determine "
                           "the coefficients");
    fd_prodfun__sample_dispose(&s);
    return err;
}

/* One method on one (re)sample. `home` as in acf(). */
static void estimate_one(estimate *e, const work *w, int method, const double *times,
                         const double *home, bool refined)
{
    const size_t extra = method == FD_PRODFUN_OP                               ? w->investment
                         : method == FD_PRODFUN_LP || method == FD_PRODFUN_ACF ? w->proxy
                                                                               : SIZE_MAX;
    size_t *rows = fd_alloc((w->panel.n + 1) * sizeof *rows);
    const size_t n = select_rows(rows, w, extra, times);
    int err;

    memset(e, 0, sizeof *e);
    e->criterion = NAN;
    e->n = n;
    if (method == FD_PRODFUN_OLS)
        err = regress_plain(e, w, rows, n, times);
    else if (method == FD_PRODFUN_FE)
        err = regress_within(e, w, rows, n, times);
    else if (method == FD_PRODFUN_ACF)
        err = acf(e, w, rows, n, times, home, refined);
    else
        err = proxy_method(e, w, extra, rows, n, times);
    e->known = err >= 0;
    if (err < 0)
        set_why(e);
    free(rows);
}

/* ---- bootstrap ---- */

typedef struct bootstrap {
    const work *w;
    const estimate *whole; /* by method */
    double *b;             /* methods × replicates × m; NaN: that replicate failed */
} bootstrap;

static int replicate(void *payload, size_t r)
{
    const bootstrap *boot = payload;
    const work *w = boot->w;
    const size_t units = w->panel.units;
    double *times = fd_alloc(w->panel.n * sizeof *times);

    for (size_t draw = 0; draw < units; draw++) {
        const size_t u = (size_t)(uniform(mix(w->o->seed) ^ r, draw) * (double)units);

        for (size_t i = w->panel.start[u]; i < w->panel.start[u + 1]; i++)
            times[i]++;
    }
    for (int k = 0; k < FD_PRODFUN_METHODS; k++) {
        double *out = boot->b + ((size_t)k * w->o->bootstraps + r) * w->m;
        estimate e = { .known = false };

        if (boot->whole[k].known)
            estimate_one(&e, w, k, times, boot->whole[k].b, boot->whole[k].converged);
        for (size_t j = 0; j < w->m; j++)
            out[j] = e.known && (k != FD_PRODFUN_ACF || e.converged) ? e.b[j] : NAN;
    }
    fd_error_clear();
    free(times);
    return 0;
}

/* Coefficient j over the replicates that have one: standard deviation (divisor n - 1) and the
 * 2.5th and 97.5th percentile, between neighbours in proportion. */
typedef struct spread {
    size_t n;
    double deviation, low, high;
} spread;

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double percentile(const double *sorted, size_t n, double share)
{
    const double at = share * (double)(n - 1);
    const size_t below = (size_t)at;

    return below + 1 < n
               ? sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below])
               : sorted[n - 1];
}

static spread spread_of(const bootstrap *boot, int method, size_t j)
{
    const size_t count = boot->w->o->bootstraps, m = boot->w->m;
    const double *b = boot->b + (size_t)method * count * m + j;
    double *x = fd_alloc(count * sizeof *x), mean = 0, square = 0;
    spread s = { 0, NAN, NAN, NAN };

    for (size_t r = 0; r < count; r++)
        if (!isnan(b[r * m]))
            x[s.n++] = b[r * m];
    for (size_t i = 0; i < s.n; i++)
        mean += x[i] / (double)s.n;
    for (size_t i = 0; i < s.n; i++)
        square += (x[i] - mean) * (x[i] - mean);
    if (s.n > 1) {
        qsort(x, s.n, sizeof *x, compare_numbers);
        s.deviation = sqrt(square / (double)(s.n - 1));
        s.low = percentile(x, s.n, 0.025);
        s.high = percentile(x, s.n, 0.975);
    }
    free(x);
    return s;
}

/* ---- the table ---- */

/* The roots that were not taken, so that the reader can judge the choice. */
static void note_others(fd_table *t, const work *w, const estimate *e)
{
    fd_buf text = FD_BUF_INIT;

    if (e->roots < 2)
        return;
    for (size_t r = 0; r + 1 < e->roots && r < SHOWN_ROOTS; r++)
        for (size_t j = 0; j < w->m; j++)
            fd_buf_printf(&text, "%s%.6g%s", j ? ", " : " (", e->other[r][j],
                          j + 1 == w->m ? ")" : "");
    fd_table_add_note(t, fd_arena_printf(w->arena, "ACF 的其他根:%s", fd_buf_text(&text)),
                      fd_arena_printf(w->arena, "other roots of ACF:%s", fd_buf_text(&text)));
    fd_buf_dispose(&text);
}

/* The least squares of OP and LP look between -1 and 2: an end is where the search stopped, not a
 * minimum. */
static void note_bound(fd_table *t, const work *w, const estimate *e, int method)
{
    const double b = e->b[w->labours];
    const char *name = method_names[method];

    if (b > FD_PRODFUN_LOW + 1e-6 && b < FD_PRODFUN_HIGH - 1e-6)
        return;
    fd_table_add_note(
        t,
        fd_arena_printf(w->arena,
                        "%s 的资本系数 %.4g 停在搜索范围 [%g, %g] 的边上:不是极小点,勿引用", name,
                        b, FD_PRODFUN_LOW, FD_PRODFUN_HIGH),
        fd_arena_printf(w->arena,
                        "%s: the coefficient of capital, %.4g, lies at an end of the search, "
                        "[%g, %g]: no minimum, do not quote",
                        name, b, FD_PRODFUN_LOW, FD_PRODFUN_HIGH));
}

/* A root far from where the search began, the LP estimate, or outside [0, 1.5]: it solves the
 * moments, but is hardly the technology. */
static void note_far(fd_table *t, const work *w, const estimate *e)
{
    double far = 0, low = INFINITY, high = -INFINITY;

    for (size_t j = 0; j < w->m; j++) {
        far = fmax(far, fabs(e->b[j] - e->home[j]));
        low = fmin(low, e->b[j]);
        high = fmax(high, e->b[j]);
    }
    if (far <= FAR && low >= 0 && high <= 1.5)
        return;
    fd_table_add_note(
        t,
        fd_arena_printf(w->arena,
                        "ACF 的根离起点(LP 估计)最远 %.3g,系数在 %.3g 到 %.3g 之间:"
                        "多半不是要找的技术,先和 LP、OLS 对照再引用",
                        far, low, high),
        fd_arena_printf(w->arena,
                        "ACF's root lies up to %.3g from its start, the LP estimate, with "
                        "coefficients from %.3g to %.3g: hardly the technology; compare with LP "
                        "and OLS before quoting it",
                        far, low, high));
}

static void note(fd_table *t, const work *w, const estimate *e, int method)
{
    if (!e->known)
        fd_table_add_note(
            t, fd_arena_printf(w->arena, "%s 算不出:%s", method_names[method], e->why[FD_ZH]),
            fd_arena_printf(w->arena, "%s not computed: %s", method_names[method], e->why[FD_EN]));
    if (!e->known)
        return;
    if (method == FD_PRODFUN_OP || method == FD_PRODFUN_LP)
        note_bound(t, w, e, method);
    if (method != FD_PRODFUN_ACF)
        return;
    if (!e->converged)
        fd_table_add_note(
            t, fd_arena_printf(w->arena, "ACF 的判据没有到 0(%.3g):不是解,勿引用", e->criterion),
            fd_arena_printf(w->arena,
                            "ACF's criterion did not reach 0 (%.3g): no root, do not "
                            "quote",
                            e->criterion));
    else
        fd_table_add_note(
            t,
            fd_arena_printf(w->arena, "ACF:%zu 个起点找到 %zu 个根;取离 LP 估计最近的", e->starts,
                            e->roots),
            fd_arena_printf(w->arena,
                            "ACF: %zu roots from %zu starts; the one nearest to LP is given",
                            e->roots, e->starts));
    if (e->converged) {
        note_far(t, w, e);
        note_others(t, w, e);
    }
}

static fd_table *make_table(const work *w, const estimate *all, const bootstrap *boot)
{
    static const char *const parts[] = { "se", "lo", "hi" };
    fd_table *t = fd_table_new("prodfun", "生产函数", "Production function");
    const size_t m = w->m;

    fd_table_add_new(t, "method", "方法", "Method", FD_TEXT, "", 0);
    for (size_t j = 0; j < m; j++) {
        const char *id = fd_arena_printf(w->arena, "b_%s", w->names[j]);

        fd_table_add_new(t, id, id, id, FD_EST, "", 0);
    }
    fd_table_add_new(t, "criterion", "判据", "Criterion", FD_EST, "", 0);
    fd_table_add_new(t, "n", "行数", "Rows", FD_EST, "", 0);
    for (size_t j = 0; j < m && boot; j++)
        for (size_t k = 0; k < 3; k++) {
            const char *id = fd_arena_printf(w->arena, "%s_%s", parts[k], w->names[j]);

            fd_table_add_new(t, id, id, id, FD_EST, "", 0);
        }
    if (boot)
        fd_table_add_new(t, "replicates", "有效重抽次数", "Replicates", FD_EST, "", 0);
    for (int k = 0; k < FD_PRODFUN_METHODS; k++) {
        const estimate *e = &all[k];
        size_t row;

        if (!w->method[k])
            continue;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, method_names[k]);
        fd_table__put_est(t, 2 + m, row, (double)e->n);
        note(t, w, e, k);
        if (!e->known)
            continue;
        for (size_t j = 0; j < m; j++)
            fd_table__put_est(t, 1 + j, row, e->b[j]);
        fd_table__put_est(t, 1 + m, row, e->criterion);
        if (k <= FD_PRODFUN_FE)
            fd_column_set_state(t->columns[1 + m], row, FD_NA);
        for (size_t j = 0; j < m && boot; j++) {
            const spread x = spread_of(boot, k, j);

            fd_table__put_est(t, 3 + m + 3 * j, row, x.deviation);
            fd_table__put_est(t, 4 + m + 3 * j, row, x.low);
            fd_table__put_est(t, 5 + m + 3 * j, row, x.high);
            fd_table__put_est(t, 3 + 4 * m, row, (double)x.n);
        }
    }
    return t;
}

static void estimate_all(estimate *all, const work *w)
{
    double *times = fd_alloc(w->panel.n * sizeof *times);
    estimate near;

    for (size_t i = 0; i < w->panel.n; i++)
        times[i] = 1;
    for (int k = 0; k < FD_PRODFUN_ACF; k++)
        if (w->method[k])
            estimate_one(&all[k], w, k, times, NULL, false);
    if (w->method[FD_PRODFUN_ACF]) {
        estimate_one(&near, w, FD_PRODFUN_LP, times, NULL, false);
        if (!near.known)
            estimate_one(&near, w, FD_PRODFUN_OLS, times, NULL, false);
        estimate_one(&all[FD_PRODFUN_ACF], w, FD_PRODFUN_ACF, times, near.b, false);
    }
    free(times);
}

/* Why the last method asked for failed; both texts go into the error's detail. */
static void explain_failure(const work *w, const estimate *all)
{
    int last = 0;

    for (int k = 0; k < FD_PRODFUN_METHODS; k++)
        last = w->method[k] ? k : last;
    fd_error_detail("%s:%s(%s)", "%s: %s (%s)", method_names[last], all[last].why[FD_EN],
                    all[last].why[FD_ZH]);
}

int fd_prodfun_run(fd_table **out, const fd_table *in, const fd_prodfun_options *options)
{
    fd_prodfun_options defaults = FD_PRODFUN_OPTIONS_INIT;
    estimate all[FD_PRODFUN_METHODS] = { { .known = false } };
    work w = { 0 };
    bootstrap boot = { &w, all, NULL };
    fd_pool *pool = NULL;
    bool any = false;
    int err;

    *out = NULL;
    w.o = options ? options : &defaults;
    w.arena = fd_arena_new();
    if ((err = plan(&w, in)) < 0 || (err = fd_prodpanel_read(&w.panel, in, w.o->id, w.o->time,
                                                             w.columns.items, w.columns.count)) < 0)
        goto done;
    find_lags(&w);
    estimate_all(all, &w);
    for (int k = 0; k < FD_PRODFUN_METHODS; k++)
        any |= all[k].known;
    if (!any) {
        err = fd_error_set(FD_EINVAL, "没有一种方法算得出", "no method could be computed");
        explain_failure(&w, all);
        goto done;
    }
    if (w.o->bootstraps) {
        boot.b = fd_alloc(FD_PRODFUN_METHODS * w.o->bootstraps * w.m * sizeof *boot.b);
        pool = fd_pool_new(w.o->threads);
        err = fd_pool_run(pool, w.o->bootstraps, replicate, &boot);
        fd_pool_free(pool);
    }
    if (err >= 0)
        *out = make_table(&w, all, boot.b ? &boot : NULL);
done:
    fd_prodpanel_dispose(&w.panel);
    fd_vec_dispose(&w.columns);
    fd_arena_free(w.arena);
    free(w.lag);
    free(boot.b);
    return err;
}
