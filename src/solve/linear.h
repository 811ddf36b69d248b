/*
 * Linear systems of the form (I - M) X = B: dense inverses by LAPACK, and large systems by
 * iteration over a compressed matrix, eight right-hand sides in one pass, without any inverse.
 *
 * Results are the same bytes whatever the number of threads: LAPACK runs on one thread (more would
 * change the order of its sums), the iteration cuts rows into parts that do not meet.
 */
#ifndef FD_SOLVE_LINEAR_H
#define FD_SOLVE_LINEAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"

/* Right-hand sides of one pass: the row of eight doubles that belongs to an unknown is one cache
 * line, so that an entry of the matrix is read once for eight products. */
#define FD_LINEAR_WIDTH 8

/**
 * Replace a matrix of order n by its inverse: dgetrf, dgetri.  Works for either order of storage,
 * since the inverse of the transpose is the transpose of the inverse.
 *
 * @return FD_EINFEASIBLE the matrix is singular; FD_EINVAL n is 0 or above 46340;
 *         FD_ENOMEM
 *
 * Time: 2 n^3 flops; memory n × 64 doubles beside the matrix.
 */
int fd_linear_invert(double *a, size_t n);

/**
 * Solve A X = B in place of B, k right-hand sides (row-major n × k), by dgesv. A is overwritten.
 * Codes as fd_linear_invert().
 */
int fd_linear_solve(double *a, double *b, size_t n, size_t k);

/* A square matrix by rows, zeros left out. */
typedef struct fd_sparse {
    size_t n;
    size_t *start;    /* n + 1 */
    uint32_t *column; /* ascending within a row */
    double *value;
    size_t capacity; /* entries there is room for */
    size_t rows;     /* appended so far */
} fd_sparse;

/** An empty matrix of order n < 2^32; rows are appended in order. Release with _dispose. */
void fd_sparse_init(fd_sparse *out, size_t n);
void fd_sparse_dispose(fd_sparse *m);
/** The next row, `row[j * step]` for j = 0 .. n-1, each divided by divisor[j] (NULL: by 1); a zero
 * divisor gives no entry. */
void fd_sparse_append(fd_sparse *m, const double *row, size_t step, const double *divisor);
/** Y = M X for n × 8 row-major blocks. O(entries). */
void fd_sparse_times(const fd_sparse *m, const double *x, double *y, fd_pool *pool);

typedef struct fd_linear_report {
    int iterations;  /* of the block that took longest */
    double residual; /* largest ||B - (I - M) X|| / ||B|| of a column, Euclidean */
} fd_linear_report;

/**
 * Solve (I - M) X = B for k right-hand sides: BiCGSTAB (van der Vorst 1992, doi:10.1137/0913035) on
 * blocks of eight columns that share each pass over M, each column with its own scalars; the
 * residual is computed anew at the end. A column that breaks down is finished by the power series
 * X <- B + M X, which converges for every M of spectral radius below 1.
 *
 * @param b, x       n × k, row-major; may be the same
 * @param tolerance  on the relative residual of every column, e.g. 1e-12
 * @return FD_ENOCONV when neither reaches the tolerance (spectral radius of M at or above 1)
 *
 * Time: about 20 passes over M for 8 columns at 1e-12; memory: 9 blocks of n × 8 doubles.
 */
int fd_sparse_solve(const fd_sparse *m, const double *b, double *x, size_t k, double tolerance,
                    fd_pool *pool, fd_linear_report *report);

#endif
