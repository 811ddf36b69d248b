/*
 * The largest eigenvalues of a symmetric matrix that is given only by what it does to a vector.
 */
#ifndef FD_SOLVE_EIGEN_H
#define FD_SOLVE_EIGEN_H

#include <stddef.h>

/* y = A x, vectors of n doubles. */
typedef void (*fd_operator)(void *payload, const double *x, double *y);

/**
 * Lanczos with full reorthogonalisation (Golub and Van Loan, Matrix Computations, 4th ed., 10.3);
 * the tridiagonal problem by LAPACK dstevr.  Grows the space until the k largest Ritz pairs have
 * residuals |beta s| <= tolerance × |largest|, or the space is the whole.  Deterministic: the start
 * vector is fixed.
 *
 * @param values   k eigenvalues, descending
 * @param vectors  k × n, row i belongs to values[i], Euclidean norm 1
 * @return FD_EINVAL n or k is 0 or k > n; FD_ENOCONV LAPACK failed
 *
 * Time: O(s (operator + s n)) for s steps; memory s × n doubles.
 */
int fd_eigen_largest(double *values, double *vectors, size_t n, size_t k, double tolerance,
                     fd_operator apply, void *payload);

#endif
