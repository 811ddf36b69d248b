/*
 * Composite indices: bounds, entropies, scores.
 */
#include "analysis/index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "fangding/arena.h"

/* ---- reading ---- */

static const char *time_name(const fd_table *in, const char *named)
{
    static const char *const usual[] = { "t", "year", "time", "period", "年份", "期间" };

    for (size_t i = 0; i < sizeof usual / sizeof *usual && !named; i++)
        if (fd_table_find(in, usual[i]) > 0)
            return usual[i];
    return named ? named : FD_PRODPANEL_NO_TIME;
}

static int read_panel(fd_index__work *w, const fd_table *in)
{
    fd_vec(const char *) columns = { 0 };
    int err;

    for (size_t i = 0; i < w->tree.count; i++) {
        fd_index__node *node = &w->tree.node[i];

        if (!fd_index__is_leaf(node) || fd_table_find(in, node->code) < 0)
            continue;
        node->column = (ptrdiff_t)columns.count;
        fd_vec_push(&columns, node->code);
    }
    err = fd_prodpanel_read(&w->panel, in, w->o->id, w->o->time, columns.items, columns.count);
    fd_vec_dispose(&columns);
    return err;
}

/* ---- bounds and x' ---- */

static void find_bounds(fd_index__node *node, const double *x, size_t n)
{
    double low = INFINITY, high = -INFINITY;

    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) {
            low = fmin(low, x[i]);
            high = fmax(high, x[i]);
        }
    if (low > high)
        return; /* nobody reports it: bounds stay unknown, and so does everybody's x' */
    node->low = isnan(node->low) ? low : node->low;
    node->high = isnan(node->high) ? high : node->high;
    node->dropped = !(node->low < node->high);
}

static void normalise(double *out, const fd_index__node *node, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (x[i] - node->low) / (node->high - node->low);
        if (node->negative)
            out[i] = 1 - out[i];
    }
}

/* -sum p ln p / ln n over the rows that have the indicator; NaN with fewer than two. */
static double entropy_of(const double *x, size_t n)
{
    double sum = 0, entropy = 0;
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) {
            sum += fmax(x[i], 0);
            count++;
        }
    if (count < 2 || !(sum > 0))
        return NAN;
    for (size_t i = 0; i < n; i++)
        if (x[i] > 0)
            entropy -= x[i] / sum * log(x[i] / sum);
    return entropy / log((double)count);
}

static int prepare(fd_index__work *w)
{
    const size_t n = w->panel.n;
    bool any = false;

    w->norm = fd_alloc((w->tree.count * n + 1) * sizeof *w->norm);
    for (size_t k = 0; k < w->tree.count; k++) {
        fd_index__node *node = &w->tree.node[k];
        double *norm = w->norm + k * n;

        for (size_t i = 0; i < n; i++)
            norm[i] = NAN;
        if (node->column < 0)
            continue;
        if (!w->o->frozen)
            find_bounds(node, fd_prodpanel_column(&w->panel, (size_t)node->column), n);
        if (node->dropped || isnan(node->low) || isnan(node->high))
            continue;
        any = true;
        normalise(norm, node, fd_prodpanel_column(&w->panel, (size_t)node->column), n);
        for (size_t i = 0; i < n; i++)
            w->beyond += norm[i] < 0 || norm[i] > 1;
        if (!w->o->frozen)
            node->entropy = entropy_of(norm, n);
    }
    if (any)
        return 0;
    fd_error_set(FD_EINVAL, "没有一个指标在各行之间有差别:分不出高低",
                 "no indicator differs between rows: nothing tells units apart");
    return fd_error_hint("只有一个单位时,在指标树里给出下限 low 和上限 high",
                         "for a single unit give low and high in the tree");
}

/* ---- scores ---- */

static bool counts(const fd_index__node *node)
{
    return fd_index__is_leaf(node) && node->global > 0;
}

/* Contributions of the indicators of row i by weights; parents and the score from their sums. NaN
 * where a cell that counts is missing. */
static double sum_row(double *part, const fd_index__work *w, size_t i)
{
    const fd_index__tree *t = &w->tree;
    const size_t n = w->panel.n;
    double score = 0;

    for (size_t k = 0; k < t->count; k++)
        part[k] = counts(&t->node[k]) ? t->node[k].global * w->norm[k * n + i] : 0;
    for (size_t depth = t->deepest; depth > 0; depth--)
        for (size_t k = 0; k < t->count; k++)
            if (t->node[k].depth == depth)
                part[t->node[k].parent] += part[k];
    for (size_t k = 0; k < t->count; k++)
        if (t->node[k].parent < 0)
            score += part[k];
    return score;
}

/* The same for the closeness: the indicators share the score as they share the square of D-. */
static double close_row(double *part, const fd_index__work *w, size_t i)
{
    const fd_index__tree *t = &w->tree;
    const size_t n = w->panel.n;
    double best = 0, worst = 0, score, sum = 0;

    for (size_t k = 0; k < t->count; k++) {
        const double x = w->norm[k * n + i], g = t->node[k].global;

        part[k] = 0;
        if (!counts(&t->node[k]))
            continue;
        if (isnan(x))
            return NAN;
        best += g * g * fmax(1 - x, 0) * fmax(1 - x, 0);
        part[k] = g * g * fmax(x, 0) * fmax(x, 0);
        worst += part[k];
    }
    score = sqrt(worst) / (sqrt(best) + sqrt(worst));
    for (size_t k = 0; k < t->count; k++)
        part[k] = worst > 0 ? score * part[k] / worst : 0;
    for (size_t depth = t->deepest; depth > 0; depth--)
        for (size_t k = 0; k < t->count; k++)
            if (t->node[k].depth == depth)
                part[t->node[k].parent] += part[k];
    for (size_t k = 0; k < t->count; k++)
        if (t->node[k].parent < 0)
            sum += part[k];
    return sum;
}

void fd_index__score(double *score, double *part, const fd_index__work *w, fd_index_method method)
{
    const size_t n = w->panel.n, m = w->tree.count;
    double *row = fd_alloc((m + 1) * sizeof *row);

    for (size_t i = 0; i < n; i++) {
        score[i] = method == FD_INDEX_TOPSIS ? close_row(row, w, i) : sum_row(row, w, i);
        for (size_t k = 0; part && k < m; k++)
            part[k * n + i] = isnan(score[i]) && method == FD_INDEX_TOPSIS ? NAN : row[k];
    }
    free(row);
}

static void find_coverage(fd_index__work *w)
{
    const size_t n = w->panel.n;

    for (size_t i = 0; i < n; i++) {
        double known = 0, unknown = 0, sum = 0;

        for (size_t k = 0; k < w->tree.count; k++) {
            const fd_index__node *node = &w->tree.node[k];
            const double x = w->norm[k * n + i];

            if (!counts(node))
                continue;
            *(isnan(x) ? &unknown : &known) += node->global;
            sum += isnan(x) ? 0 : node->global * x;
        }
        w->coverage[i] = unknown > 0 ? known / (known + unknown) : 1;
        w->low[i] = unknown > 0 ? sum : w->score[i];
        w->high[i] = unknown > 0 ? sum + unknown : w->score[i];
    }
}

typedef struct place {
    int64_t time;
    double score;
    size_t row;
} place;

static int compare_places(const void *a, const void *b)
{
    const place *x = a, *y = b;

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

void fd_index__rank(double *rank, const double *score, const fd_prodpanel *panel)
{
    place *p = fd_alloc((panel->n + 1) * sizeof *p);
    size_t count = 0, first = 0;

    for (size_t i = 0; i < panel->n; i++) {
        rank[i] = 0;
        if (!isnan(score[i]))
            p[count++] = (place){ panel->time[i], score[i], i };
    }
    qsort(p, count, sizeof *p, compare_places);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && p[i].time != p[i - 1].time)
            first = i;
        rank[p[i].row] = i > first && p[i].score == p[i - 1].score ? rank[p[i - 1].row]
                                                                   : (double)(i - first + 1);
    }
    free(p);
}

/* ---- the whole ---- */

int fd_index_run(fd_index *out, const fd_table *in, const fd_index_options *options)
{
    fd_index_options o = FD_INDEX_OPTIONS_INIT;
    fd_index__work w = { 0 };
    size_t n;
    int err;

    memset(out, 0, sizeof *out);
    if (options)
        o = *options;
    o.time = time_name(in, o.time);
    w.o = &o;
    if ((err = fd_index__read_tree(&w, in)) < 0 || (err = read_panel(&w, in)) < 0 ||
        (err = prepare(&w)) < 0)
        goto done;
    if (o.frozen || w.method == FD_INDEX_FIXED)
        err = fd_index__fixed_weights(&w.tree);
    else
        fd_index__entropy_weights(&w.tree);
    if (err < 0)
        goto done;
    n = w.panel.n;
    w.part = fd_alloc((w.tree.count * n + 1) * sizeof *w.part);
    w.score = fd_alloc(4 * n * sizeof *w.score);
    w.coverage = w.score + n;
    w.low = w.coverage + n;
    w.high = w.low + n;
    fd_index__score(w.score, w.part, &w, w.method);
    find_coverage(&w);
    fd_index__tables(out, &w);
done:
    fd_prodpanel_dispose(&w.panel);
    fd_index__tree_dispose(&w.tree);
    free(w.norm);
    free(w.part);
    free(w.score);
    free(w.plan);
    if (err < 0)
        fd_index_dispose(out);
    return err;
}

void fd_index_dispose(fd_index *r)
{
    fd_table_free(r->scores);
    fd_table_free(r->cells);
    fd_table_free(r->weights);
    fd_table_free(r->sensitivity);
    fd_table_free(r->coupling);
    memset(r, 0, sizeof *r);
}
