#include "solve/linear.h"

#include <lapacke.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "fangding/error.h"

#define W          FD_LINEAR_WIDTH
#define PARTS      64 /* of the rows, for the pool */
#define MOST_ORDER 46340
#define MOST_STEPS 400
#define MOST_TERMS 20000

/* OpenBLAS answers to this name; reference BLAS has one thread anyway. */
extern void openblas_set_num_threads(int threads) __attribute__((weak));

static int check_order(size_t n)
{
    if (n == 0 || n > MOST_ORDER)
        return fd_error_set(FD_EINVAL, "矩阵的阶 %zu 不在 1 到 %d 之间",
                            "the order %zu of the matrix is not between 1 and %d", n, MOST_ORDER);
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    return 0;
}

static int singular(void)
{
    return fd_error_set(FD_EINFEASIBLE, "矩阵是奇异的,没有逆", "the matrix has no inverse");
}

int fd_linear_invert(double *a, size_t n)
{
    const lapack_int order = (lapack_int)n;
    lapack_int *pivot, info;
    double *work;
    int err;

    if ((err = check_order(n)) < 0)
        return err;
    pivot = fd_alloc(n * sizeof *pivot);
    work = fd_alloc(n * 64 * sizeof *work);
    info = LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, order, order, a, order, pivot);
    if (info == 0)
        info = LAPACKE_dgetri_work(LAPACK_COL_MAJOR, order, a, order, pivot, work,
                                   (lapack_int)(n * 64));
    free(work);
    free(pivot);
    return info == 0 ? 0 : singular();
}

int fd_linear_solve(double *a, double *b, size_t n, size_t k)
{
    lapack_int *pivot, info;
    int err;

    if ((err = check_order(n)) < 0)
        return err;
    pivot = fd_alloc(n * sizeof *pivot);
    info = LAPACKE_dgesv(LAPACK_ROW_MAJOR, (lapack_int)n, (lapack_int)k, a, (lapack_int)n, pivot, b,
                         (lapack_int)k);
    free(pivot);
    return info == 0 ? 0 : singular();
}

/* ---- the compressed matrix ---- */

void fd_sparse_init(fd_sparse *m, size_t n)
{
    memset(m, 0, sizeof *m);
    m->n = n;
    m->start = fd_alloc((n + 1) * sizeof *m->start);
}

void fd_sparse_dispose(fd_sparse *m)
{
    free(m->start);
    free(m->column);
    free(m->value);
    memset(m, 0, sizeof *m);
}

/* Room for `more` entries. The first rows tell how many there will be, so that the arrays seldom
 * hold twice what they need: for large tables that is what decides the peak of memory. */
static void make_room(fd_sparse *m, size_t more)
{
    const size_t used = m->start[m->rows];
    size_t want;

    if (used + more <= m->capacity)
        return;
    want = m->rows < 64 ? used * 2 + more : used / m->rows * m->n + used / 16 + more;
    if (want < used + more)
        want = used + more + used / 8;
    m->column = fd_realloc_array(m->column, want, sizeof *m->column);
    m->value = fd_realloc_array(m->value, want, sizeof *m->value);
    m->capacity = want;
}

void fd_sparse_append(fd_sparse *m, const double *row, size_t step, const double *divisor)
{
    size_t at = m->start[m->rows], entries = 0;

    for (size_t j = 0; j < m->n; j++)
        entries += row[j * step] != 0;
    make_room(m, entries);
    for (size_t j = 0; j < m->n; j++) {
        const double v = row[j * step];

        if (v == 0 || (divisor && divisor[j] == 0))
            continue;
        m->column[at] = (uint32_t)j;
        m->value[at++] = divisor ? v / divisor[j] : v;
    }
    m->start[++m->rows] = at;
}

typedef struct product {
    const fd_sparse *m;
    const double *x;
    double *y;
} product;

/* Half of a block's row. Eight sums, as two pairs of these, stay in registers. */
typedef double lane4 __attribute__((vector_size(4 * sizeof(double)), aligned(sizeof(double))));

/* Rows [from, to) of y = M x. Two sums by turns, so that a product need not wait for the one before
 * it; the order of each sum is fixed, so wider registers give the same bytes (multiplication and
 * addition are not fused: the targets below do not have it). */
static inline __attribute__((always_inline)) void rows_times(const product *p, size_t from,
                                                             size_t to)
{
    const fd_sparse *m = p->m;

    for (size_t i = from; i < to; i++) {
        lane4 low = { 0 }, high = { 0 }, low2 = { 0 }, high2 = { 0 };
        size_t e = m->start[i];
        const size_t end = m->start[i + 1];

        for (; e + 1 < end; e += 2) {
            const lane4 *a = (const lane4 *)(const void *)(p->x + (size_t)m->column[e] * W);
            const lane4 *b = (const lane4 *)(const void *)(p->x + (size_t)m->column[e + 1] * W);

            low += a[0] * m->value[e];
            high += a[1] * m->value[e];
            low2 += b[0] * m->value[e + 1];
            high2 += b[1] * m->value[e + 1];
        }
        if (e < end) {
            const lane4 *a = (const lane4 *)(const void *)(p->x + (size_t)m->column[e] * W);

            low += a[0] * m->value[e];
            high += a[1] * m->value[e];
        }
        low += low2;
        high += high2;
        memcpy(p->y + i * W, &low, sizeof low);
        memcpy(p->y + i * W + 4, &high, sizeof high);
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void rows_times_avx2(const product *p, size_t from,
                                                            size_t to)
{
    rows_times(p, from, to);
}
#endif

static int times_part(void *payload, size_t part)
{
    const product *p = payload;
    const size_t from = p->m->n * part / PARTS, to = p->m->n * (part + 1) / PARTS;

#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        rows_times_avx2(p, from, to);
        return 0;
    }
#endif
    rows_times(p, from, to);
    return 0;
}

void fd_sparse_times(const fd_sparse *m, const double *x, double *y, fd_pool *pool)
{
    product p = { m, x, y };

    (void)fd_pool_run(pool, PARTS, times_part, &p);
}

/* ---- BiCGSTAB on eight columns ---- */

/* What the iteration keeps: blocks of n × 8, and a scalar of each column. */
typedef struct krylov {
    const fd_sparse *m;
    fd_pool *pool;
    size_t n;
    double *b, *x, *r, *shadow, *p, *v, *t;
    double norm[W];
    bool done[W];
} krylov;

static void dots(double *out, const double *a, const double *b, size_t n)
{
    memset(out, 0, W * sizeof *out);
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < W; c++)
            out[c] += a[i * W + c] * b[i * W + c];
}

/* y = (I - M) x */
static void apply(const krylov *k, const double *x, double *y)
{
    fd_sparse_times(k->m, x, y, k->pool);
    for (size_t i = 0; i < k->n * W; i++)
        y[i] = x[i] - y[i];
}

/* r = b - (I - M) x, and the largest relative residual; columns within the tolerance are done. */
static double true_residual(krylov *k, double tolerance)
{
    double sum[W], worst = 0;

    apply(k, k->x, k->r);
    for (size_t i = 0; i < k->n * W; i++)
        k->r[i] = k->b[i] - k->r[i];
    dots(sum, k->r, k->r, k->n);
    for (size_t c = 0; c < W; c++) {
        const double relative = k->norm[c] > 0 ? sqrt(sum[c]) / k->norm[c] : 0;

        k->done[c] = relative <= tolerance;
        if (!(relative <= worst))
            worst = relative;
    }
    return worst;
}

static bool all_done(const krylov *k)
{
    bool all = true;

    for (size_t c = 0; c < W; c++)
        all &= k->done[c];
    return all;
}

/* One run from the current x; columns that are done, or whose scalars vanish, stand still: their
 * factors are 0. @return steps */
static int bicgstab(krylov *k, double tolerance)
{
    double rho[W], alpha[W], omega[W], upper[W], lower[W], beta[W];
    bool still[W];
    int step;

    memcpy(still, k->done, sizeof still);
    memcpy(k->shadow, k->r, k->n * W * sizeof *k->r);
    memcpy(k->p, k->r, k->n * W * sizeof *k->r);
    dots(rho, k->shadow, k->r, k->n);
    for (step = 1; step <= MOST_STEPS; step++) {
        bool any = false;

        apply(k, k->p, k->v);
        dots(lower, k->shadow, k->v, k->n);
        for (size_t c = 0; c < W; c++)
            alpha[c] = still[c] || lower[c] == 0 ? 0 : rho[c] / lower[c];
        for (size_t i = 0; i < k->n; i++) /* r becomes s */
            for (size_t c = 0; c < W; c++)
                k->r[i * W + c] -= alpha[c] * k->v[i * W + c];
        apply(k, k->r, k->t);
        dots(upper, k->t, k->r, k->n);
        dots(lower, k->t, k->t, k->n);
        for (size_t c = 0; c < W; c++)
            omega[c] = still[c] || lower[c] == 0 ? 0 : upper[c] / lower[c];
        for (size_t i = 0; i < k->n; i++)
            for (size_t c = 0; c < W; c++) {
                k->x[i * W + c] += alpha[c] * k->p[i * W + c] + omega[c] * k->r[i * W + c];
                k->r[i * W + c] -= omega[c] * k->t[i * W + c];
            }
        dots(upper, k->r, k->r, k->n);
        dots(lower, k->shadow, k->r, k->n);
        for (size_t c = 0; c < W; c++) {
            const double factor = rho[c] * omega[c];

            still[c] |= !(sqrt(upper[c]) > tolerance * k->norm[c]) || factor == 0 || lower[c] == 0;
            beta[c] = still[c] ? 0 : lower[c] / rho[c] * alpha[c] / omega[c];
            rho[c] = lower[c];
            any |= !still[c];
        }
        if (!any)
            break;
        for (size_t i = 0; i < k->n; i++)
            for (size_t c = 0; c < W; c++)
                k->p[i * W + c] =
                    k->r[i * W + c] + beta[c] * (k->p[i * W + c] - omega[c] * k->v[i * W + c]);
    }
    return step;
}

/* x <- b + M x until it stands still, for columns that are not done. */
static int power_series(krylov *k, double tolerance)
{
    int step;

    for (step = 1; step <= MOST_TERMS; step++) {
        fd_sparse_times(k->m, k->x, k->t, k->pool);
        for (size_t i = 0; i < k->n; i++)
            for (size_t c = 0; c < W; c++)
                if (!k->done[c])
                    k->x[i * W + c] = k->b[i * W + c] + k->t[i * W + c];
        if (step % 16 == 0) {
            const double worst = true_residual(k, tolerance);

            if (all_done(k) || !(worst < 1e6))
                break;
        }
    }
    return step;
}

static int solve_block(krylov *k, double tolerance, fd_linear_report *report)
{
    double residual, sum[W];
    int steps = 0;

    dots(sum, k->b, k->b, k->n);
    for (size_t c = 0; c < W; c++)
        k->norm[c] = sqrt(sum[c]);
    memcpy(k->x, k->b, k->n * W * sizeof *k->x);
    residual = true_residual(k, tolerance);
    /* A second run starts afresh from where rounding left the first. */
    for (int run = 0; run < 3 && !all_done(k); run++) {
        steps += bicgstab(k, tolerance / 4);
        residual = true_residual(k, tolerance);
    }
    if (!all_done(k)) {
        for (size_t c = 0; c < W; c++)
            if (!k->done[c])
                for (size_t i = 0; i < k->n; i++)
                    k->x[i * W + c] = k->b[i * W + c];
        steps += power_series(k, tolerance);
        residual = true_residual(k, tolerance);
    }
    if (steps > report->iterations)
        report->iterations = steps;
    if (!(residual <= report->residual))
        report->residual = residual;
    return all_done(k) ? 0
                       : fd_error_set(FD_ENOCONV, "迭代没有收敛(残差 %.3g):谱半径可能不小于 1",
                                      "the iteration did not converge (residual %.3g): the "
                                      "spectral radius may be 1 or more",
                                      residual);
}

int fd_sparse_solve(const fd_sparse *m, const double *b, double *x, size_t k, double tolerance,
                    fd_pool *pool, fd_linear_report *report)
{
    const size_t size = m->n * W * sizeof(double) + 1;
    fd_linear_report own = { 0, 0 };
    krylov work = { .m = m, .pool = pool, .n = m->n };
    double **const blocks[] = {
        &work.b, &work.x, &work.r, &work.shadow, &work.p, &work.v, &work.t
    };
    int err = 0;

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        *blocks[i] = fd_alloc(size);
    for (size_t from = 0; from < k && err >= 0; from += W) {
        const size_t width = k - from < W ? k - from : W;

        memset(work.b, 0, size);
        for (size_t i = 0; i < m->n; i++)
            memcpy(work.b + i * W, b + i * k + from, width * sizeof *b);
        err = solve_block(&work, tolerance, &own);
        for (size_t i = 0; i < m->n && err >= 0; i++)
            memcpy(x + i * k + from, work.x + i * W, width * sizeof *x);
    }
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        free(*blocks[i]);
    if (report)
        *report = own;
    return err;
}
