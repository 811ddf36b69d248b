/*
 * Steps over the matrix of presence: sums over neighbours, statistics, reflections, fitness.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/complexity_work.h"
#include "fangding/arena.h"

typedef struct gathering {
    double *out;
    const fd_cx_side *s;
    const double *x;
} gathering;

/* Rows that one thread takes at a time. */
#define BLOCK 256

static int gather_block(void *payload, size_t at)
{
    const gathering *g = payload;
    const fd_cx_side *s = g->s;
    const size_t end = (at + 1) * BLOCK < s->n ? (at + 1) * BLOCK : s->n;

    for (size_t i = at * BLOCK; i < end; i++) {
        const uint32_t *list = s->list + s->start[i];
        const size_t n = s->start[i + 1] - s->start[i];
        double sum[4] = { 0 }; /* four, or each addition waits for the one before */
        size_t k = 0;

        for (; k + 4 <= n; k += 4)
            for (size_t v = 0; v < 4; v++)
                sum[v] += g->x[list[k + v]];
        for (; k < n; k++)
            sum[0] += g->x[list[k]];
        g->out[i] = sum[0] + sum[1] + (sum[2] + sum[3]);
    }
    return 0;
}

void fd_cx__gather(double *out, const fd_cx_side *s, const double *x, fd_pool *pool)
{
    gathering g = { out, s, x };

    (void)fd_pool_run(pool, (s->n + BLOCK - 1) / BLOCK, gather_block, &g);
}

double fd_cx__mean_of(const double *x, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

double fd_cx__deviation_of(const double *x, size_t n)
{
    const double mean = fd_cx__mean_of(x, n);
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sqrt(sum / (double)n);
}

void fd_cx__standardise(double *out, const double *x, size_t n)
{
    const double mean = fd_cx__mean_of(x, n), deviation = fd_cx__deviation_of(x, n);

    for (size_t i = 0; i < n; i++)
        out[i] = deviation > 0 ? (x[i] - mean) / deviation : 0;
}

void fd_cx__reflect(double *loc, double *prod, const fd_cx *w, int steps)
{
    double *a = fd_alloc(w->loc.n * sizeof *a), *b = fd_alloc(w->prod.n * sizeof *b);

    memcpy(loc, w->loc.degree, w->loc.n * sizeof *loc);
    memcpy(prod, w->prod.degree, w->prod.n * sizeof *prod);
    for (int step = 0; step < steps; step++) {
        fd_cx__gather(a, &w->loc, prod, w->pool);
        fd_cx__gather(b, &w->prod, loc, w->pool);
        for (size_t c = 0; c < w->loc.n; c++)
            a[c] /= w->loc.degree[c];
        for (size_t p = 0; p < w->prod.n; p++)
            b[p] /= w->prod.degree[p];
        fd_cx__standardise(loc, a, w->loc.n);
        fd_cx__standardise(prod, b, w->prod.n);
    }
    free(a);
    free(b);
}

static void divide_by_mean(double *x, size_t n)
{
    const double mean = fd_cx__mean_of(x, n);

    for (size_t i = 0; i < n && mean > 0; i++)
        x[i] /= mean;
}

void fd_cx__fitness(double *f, double *q, const fd_cx *w, int steps)
{
    double *a = fd_alloc(w->loc.n * sizeof *a), *b = fd_alloc(w->prod.n * sizeof *b);
    double *inverse = fd_alloc(w->loc.n * sizeof *inverse);

    for (size_t c = 0; c < w->loc.n; c++)
        f[c] = 1;
    for (size_t p = 0; p < w->prod.n; p++)
        q[p] = 1;
    for (int step = 0; step < steps; step++) {
        for (size_t c = 0; c < w->loc.n; c++)
            inverse[c] = 1 / f[c];
        fd_cx__gather(a, &w->loc, q, w->pool);
        fd_cx__gather(b, &w->prod, inverse, w->pool);
        for (size_t p = 0; p < w->prod.n; p++)
            b[p] = 1 / b[p];
        divide_by_mean(a, w->loc.n);
        divide_by_mean(b, w->prod.n);
        memcpy(f, a, w->loc.n * sizeof *f);
        memcpy(q, b, w->prod.n * sizeof *q);
    }
    free(a);
    free(b);
    free(inverse);
}
