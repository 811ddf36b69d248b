/*
 * Production functions: the second stages, which are not linear.
 *
 * A sample is a weighted set of rows that have a predecessor.  Productivity is an unknown
 * combination omega = phi - x b; it follows a cubic in its own past, and what the cubic leaves is
 * the news xi.
 */
#ifndef FD_ANALYSIS_PRODFUN_H
#define FD_ANALYSIS_PRODFUN_H

#include <stdbool.h>
#include <stddef.h>

#define FD_PRODFUN_MOST 16 /* coefficients: labours and capital */

typedef struct fd_prodfun__sample {
    size_t n, m;       /* rows; coefficients */
    double *weight;    /* n: how often the row counts */
    double *now;       /* n: phi (ACF), or phi - b_l l (OP, LP) */
    double *past;      /* n: phi_-1 (ACF), or phi_-1 - b_l l_-1 (OP, LP) */
    double *noise;     /* n: y - fitted (OP, LP) */
    double *x, *x_lag; /* m × n, one variable after the other: what b multiplies */
    double *z;         /* m × n: instruments (ACF); NULL else */
} fd_prodfun__sample;

void fd_prodfun__sample_init(fd_prodfun__sample *s, size_t rows, size_t m, bool instruments);
void fd_prodfun__sample_dispose(fd_prodfun__sample *s);

/* Where OP and LP look for the coefficient of capital. */
#define FD_PRODFUN_LOW  (-1.0)
#define FD_PRODFUN_HIGH 2.0

/**
 * OP and LP (m = 1): the coefficient in [-1, 2] whose news has the smallest weighted sum of
 * squares, by a scan and Brent's method without derivatives.
 *
 * @param criterion  receives the sum of squares
 */
void fd_prodfun__least_squares(double *b, double *criterion, const fd_prodfun__sample *s);

/**
 * ACF: a root of the moments Z'W xi(b) from one start, by damped Newton steps with the exact
 * Jacobian (variable projection; Golub, Pereyra 1973, doi:10.1137/0710036).
 *
 * @param b          start in, end out
 * @param criterion  receives xi'WZ (Z'WZ)^-1 Z'W xi / sum of weights at the end
 * @return true when it is a root: the criterion is below 1e-18 of the news' mean square
 */
bool fd_prodfun__moments(double *b, double *criterion, const fd_prodfun__sample *s);

#endif
