#include "analysis/relatedness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/versions.h"
#include "fangding/arena.h"

/* GCC vectorises little at -O2; these loops are worth it in every build. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#pragma GCC optimize("O3")
#endif

/* Columns summed together: eight vectors of four stay in registers. */
#define PANEL 32

typedef double four __attribute__((vector_size(32), aligned(8), may_alias));

/* ---- proximity ---- */

typedef struct proximity_work {
    double *phi;
    const fd_makers *makers;
} proximity_work;

FD_MANY_VERSIONS uint32_t fd_proximity__together(const uint64_t *a, const uint64_t *b, size_t words)
{
    uint32_t n = 0;

    for (size_t k = 0; k < words; k++)
        n += (uint32_t)__builtin_popcountll(a[k] & b[k]);
    return n;
}

/* Row p right of the diagonal, and the column below it. */
static int proximity_row(void *payload, size_t p)
{
    const proximity_work *w = payload;
    const fd_makers *m = w->makers;
    const size_t n = m->products;
    const uint64_t *own = m->bits + p * m->words;

    w->phi[p * n + p] = 1;
    for (size_t q = p + 1; q < n; q++)
        w->phi[p * n + q] = w->phi[q * n + p] =
            fd_proximity__together(own, m->bits + q * m->words, m->words) /
            fmax(m->ubiquity[p], m->ubiquity[q]);
    return 0;
}

void fd_proximity__run(double *phi, double *phi_sum, const fd_makers *makers, fd_pool *pool)
{
    proximity_work w = { phi, makers };
    const size_t n = makers->products;

    (void)fd_pool_run(pool, n, proximity_row, &w);
    for (size_t p = 0; p < n; p++) {
        phi_sum[p] = 0;
        for (size_t q = 0; q < n; q++)
            phi_sum[p] += phi[p * n + q];
    }
}

/* ---- sums over baskets ---- */

typedef struct sums_work {
    double *out;
    const fd_baskets *baskets;
    const double *phi, *weight, *divide;
    size_t products;
} sums_work;

/* out = sum of the panel's rows in the list; PANEL columns. */
FD_MANY_VERSIONS void fd_basket_sums__panel(double *out, const double *panel, const uint32_t *list,
                                            size_t count)
{
    four a[PANEL / 4] = { { 0 } };

    for (size_t k = 0; k < count; k++) {
        const four *row = (const four *)(const void *)(panel + (size_t)list[k] * PANEL);

        for (int v = 0; v < PANEL / 4; v++)
            a[v] += row[v];
    }
    memcpy(out, a, sizeof a);
}

static int sums_of_panel(void *payload, size_t at)
{
    const sums_work *w = payload;
    const size_t n = w->products, from = at * PANEL, width = n - from < PANEL ? n - from : PANEL;
    double *panel = fd_alloc(n * PANEL * sizeof *panel), sum[PANEL];

    for (size_t q = 0; q < n; q++)
        for (size_t k = 0; k < width; k++)
            panel[q * PANEL + k] = w->phi[q * n + from + k] * (w->weight ? w->weight[q] : 1);
    for (size_t c = 0; c < w->baskets->locations; c++) {
        const size_t begin = w->baskets->start[c];

        fd_basket_sums__panel(sum, panel, w->baskets->list + begin,
                              w->baskets->start[c + 1] - begin);
        for (size_t k = 0; k < width; k++)
            w->out[c * n + from + k] = w->divide ? sum[k] / w->divide[from + k] : sum[k];
    }
    free(panel);
    return 0;
}

void fd_basket_sums__run(double *out, const fd_baskets *baskets, const double *phi, size_t products,
                         const double *weight, const double *divide, fd_pool *pool)
{
    sums_work w = { out, baskets, phi, weight, divide, products };

    (void)fd_pool_run(pool, (products + PANEL - 1) / PANEL, sums_of_panel, &w);
}
