/*
 * Linear least squares by QR with column pivoting (LAPACK dgelsy), with the rank said.
 */
#ifndef FD_SOLVE_LSQ_H
#define FD_SOLVE_LSQ_H

#include <stddef.h>

/**
 * Minimise |A x - b| for columns that are linearly independent.
 *
 * Columns are scaled to length 1 first, so that units of measurement do not decide on the rank; a
 * column counts as dependent when what the others leave of it is below 1e-11 of its length.  LAPACK
 * runs on one thread, so that results do not depend on the number of processors.
 *
 * @param x  receives p coefficients
 * @param a  n × p, column-major; destroyed
 * @param b  n; destroyed
 * @return FD_EINVAL n < p, p is 0, a number that is not finite, or columns that depend on each
 *         other; FD_ENOCONV LAPACK failed
 *
 * Time: O(n p^2).
 */
int fd_lsq_solve(double *x, double *a, double *b, size_t n, size_t p);

#endif
