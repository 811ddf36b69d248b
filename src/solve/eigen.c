#include "solve/eigen.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "fangding/error.h"

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* w -= (v·w) v for every basis vector, twice: once is not enough in floating point (Kahan). */
static void orthogonalise(double *w, const double *basis, size_t steps, size_t n)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t j = 0; j < steps; j++) {
            const double *v = basis + j * n;
            const double along = dot(v, w, n);

            for (size_t i = 0; i < n; i++)
                w[i] -= along * v[i];
        }
}

static double normalise(double *w, size_t n)
{
    const double norm = sqrt(dot(w, w, n));

    for (size_t i = 0; i < n && norm > 0; i++)
        w[i] /= norm;
    return norm;
}

/* A vector without symmetry and without chance: a fractional Weyl sequence. */
static void start_vector(double *v, size_t n, size_t shift)
{
    for (size_t i = 0; i < n; i++)
        v[i] = fmod((double)(i + 1 + shift) * 0.6180339887498949, 1.0) - 0.5;
}

/* The eigenpairs lo..s-1 (ascending) of the tridiagonal matrix. */
static int tridiagonal(double *values, double *vectors, const double *alpha, const double *beta,
                       size_t s, size_t k)
{
    double *d = fd_alloc(s * sizeof *d), *e = fd_alloc(s * sizeof *e);
    double *w = fd_alloc(s * sizeof *w);
    lapack_int *support = fd_alloc(2 * s * sizeof *support), found = 0, info;

    memcpy(d, alpha, s * sizeof *d);
    memcpy(e, beta, s * sizeof *e);
    info = LAPACKE_dstevr(LAPACK_COL_MAJOR, 'V', 'I', (lapack_int)s, d, e, 0, 0,
                          (lapack_int)(s - k + 1), (lapack_int)s, 0, &found, w, vectors,
                          (lapack_int)s, support);
    memcpy(values, w, k * sizeof *values);
    free(d);
    free(e);
    free(w);
    free(support);
    if (info != 0 || (size_t)found != k)
        return fd_error_set(FD_ENOCONV, "特征值没有算出来", "LAPACK found no eigenvalues");
    return 0;
}

int fd_eigen_largest(double *values, double *vectors, size_t n, size_t k, double tolerance,
                     fd_operator apply, void *payload)
{
    size_t capacity = n < 64 ? n : 64, s = 0;
    double *basis, *alpha, *beta, *w, *ritz = NULL, *small = NULL;
    int err = 0;

    if (!n || !k || k > n)
        return fd_error_set(FD_EINVAL, "要 %zu 个特征值,矩阵只有 %zu 阶",
                            "%zu eigenvalues of a matrix of order %zu", k, n);
    basis = fd_alloc(capacity * n * sizeof *basis);
    alpha = fd_alloc(n * sizeof *alpha);
    beta = fd_alloc(n * sizeof *beta);
    w = fd_alloc(n * sizeof *w);
    ritz = fd_alloc(k * sizeof *ritz);
    start_vector(basis, n, 0);
    (void)normalise(basis, n);
    for (;;) {
        double worst = 0;

        apply(payload, basis + s * n, w);
        alpha[s] = dot(basis + s * n, w, n);
        s++;
        orthogonalise(w, basis, s, n);
        beta[s - 1] = normalise(w, n);
        if (beta[s - 1] <= 1e-14 * fabs(alpha[0]) + 1e-300 && s < n) {
            /* An invariant space: go on in a fresh direction. */
            start_vector(w, n, s);
            orthogonalise(w, basis, s, n);
            (void)normalise(w, n);
            beta[s - 1] = 0;
        }
        if (s >= k && (s == n || s % 8 == 0)) {
            small = fd_realloc_array(small, s * k, sizeof *small);
            if ((err = tridiagonal(ritz, small, alpha, beta, s, k)) < 0)
                goto done;
            for (size_t i = 0; i < k; i++)
                worst = fmax(worst, fabs(beta[s - 1] * small[i * s + s - 1]));
            if (s == n || worst <= tolerance * fabs(ritz[k - 1]))
                break;
        }
        if (s == capacity) {
            capacity = capacity * 2 < n ? capacity * 2 : n;
            basis = fd_realloc_array(basis, capacity * n, sizeof *basis);
        }
        memcpy(basis + s * n, w, n * sizeof *w);
    }
    for (size_t i = 0; i < k; i++) {
        const double *weights = small + (k - 1 - i) * s;
        double *v = vectors + i * n;

        values[i] = ritz[k - 1 - i];
        memset(v, 0, n * sizeof *v);
        for (size_t j = 0; j < s; j++)
            for (size_t r = 0; r < n; r++)
                v[r] += weights[j] * basis[j * n + r];
        (void)normalise(v, n);
    }
done:
    free(basis);
    free(alpha);
    free(beta);
    free(w);
    free(ritz);
    free(small);
    return err;
}
