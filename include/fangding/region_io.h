/*
 * A region's input–output table from the nation's: location quotients, balancing to known totals,
 * and what a project does year by year.
 *
 * Pure: matrices in, matrices out.  Rows sell, columns buy; a is input per unit of output.  How to
 * use it and to say it: docs/methods/region-io.md.
 */
#ifndef FANGDING_REGION_IO_H
#define FANGDING_REGION_IO_H

#include <stddef.h>
#include <stdint.h>

#include "fangding/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- location quotients ---- */

typedef enum fd_quotient {
    FD_QUOTIENT_SLQ,      /* simple: of the selling sector */
    FD_QUOTIENT_CILQ,     /* cross-industry, the diagonal left as it is */
    FD_QUOTIENT_CILQ_SLQ, /* cross-industry, the diagonal by SLQ */
    FD_QUOTIENT_FLQ,      /* Flegg: CILQ × lambda */
    FD_QUOTIENT_AFLQ      /* Flegg with the buyer's specialisation */
} fd_quotient;

/**
 * SLQ_i = (x_i / sum x) / (X_i / sum X).
 *
 * @param slq     n quotients; 0 where the region has none of the sector
 * @param region  outputs x of the region, @param nation outputs X, n each, any common unit
 * @return FD_EINVAL an output that is negative, a region that has what the nation lacks, or totals
 *         of zero; *at then tells the sector
 */
FD_API int fd_region_slq(double *slq, size_t *at, const double *region, const double *nation,
                         size_t n);

/** lambda = log2(1 + sum x / sum X) ^ delta, for FLQ (Flegg and Webber 1997,
 * doi:10.1080/713693401). */
FD_API double fd_region_lambda(const double *region, const double *nation, size_t n, double delta);

/**
 * Regional input coefficients r_ij = a_ij × q_ij:
 *   SLQ:  q = min(1, SLQ_i)
 *   CILQ: q = min(1, SLQ_i / SLQ_j); on the diagonal 1, or min(1, SLQ_i)
 *   FLQ:  q = min(1, lambda × CILQ_ij), on the diagonal min(1, lambda × SLQ_i)
 *   AFLQ: FLQ's q × max(1, log2(1 + SLQ_j)) (Flegg and Webber 2000, doi:10.1080/00343400050085675)
 * A sector that the region has not got sells nothing and buys nothing.
 *
 * @param r       n × n, row-major; may be a itself
 * @param lambda  of FLQ and AFLQ; else not looked at
 */
FD_API void fd_region_coefficients(double *r, const double *a, const double *slq, size_t n,
                                   fd_quotient quotient, double lambda);

/** Output multipliers: the column sums of (I - R)^-1. FD_EINFEASIBLE when it has no inverse. O(n^3)
 */
FD_API int fd_region_multipliers(double *multipliers, const double *r, size_t n);

/* How multipliers vary when coefficients do. */
typedef struct fd_region_spread {
    double mean, sd, low, high; /* 5th and 95th percentile */
} fd_region_spread;
/**
 * Monte Carlo: each coefficient times exp(sd × N(0,1) - sd²/2), independent, mean kept.
 *
 * @param spread  n, one for each sector
 * @return FD_EINVAL runs below 2 or sd negative; FD_EINFEASIBLE. The same seed gives the same
 * bytes.
 */
FD_API int fd_region_sample(fd_region_spread *spread, const double *r, size_t n, size_t runs,
                            double sd, uint64_t seed);

/* ---- balancing ---- */

typedef struct fd_balance_report {
    int iterations;
    double row_gap, column_gap; /* largest |sum - total| / largest |total| */
    size_t at;                  /* of an error: the row, or rows + the column, that cannot be met */
} fd_balance_report;

/**
 * RAS: r_i z_ij s_j with given row and column sums, the least change in information (Stone 1961).
 *
 * Stops when both gaps are at or below `tolerance` after a column step.
 *
 * @param z  m × n, row-major, no entry negative; replaced by the result
 * @return FD_EINVAL a negative entry or total, totals that differ by more than 1e-9 of their sum, a
 *         row or column of zeros with a total above zero; FD_EINFEASIBLE when the pattern of zeros
 *         cannot carry the totals (report->at names a row or column that is then missed);
 *         FD_ENOCONV. z is undefined after an error.
 */
FD_API int fd_ras(double *z, size_t m, size_t n, const double *rows, const double *columns,
                  double tolerance, fd_balance_report *report);

/**
 * GRAS: signs and zeros are kept, negative entries allowed (Junius and Oosterhaven 2003,
 * doi:10.1080/0953531022000056954; Lenzen, Wood and Gallego 2007, doi:10.1080/09535310701698613):
 *   x_ij = p_ij r_i s_j - n_ij / (r_i s_j),   p, n >= 0 the positive and negative parts of z
 *
 * With r = exp(rho), s = exp(sigma) the sums are the gradient of the convex
 *   F = sum p e^(rho+sigma) + n e^-(rho+sigma) - rows'rho - columns'sigma,
 * which is minimised by Newton with a line search: tens of steps where sweeps take tens of
 * thousands.
 *
 * Arguments and errors as fd_ras(), totals may be negative. O((m + n) min(m, n)^2) a step.
 */
FD_API int fd_gras(double *z, size_t m, size_t n, const double *rows, const double *columns,
                   double tolerance, fd_balance_report *report);

/* ---- year by year ---- */

/** x_t = (I - A)^-1 y_t. `y` and `x` are n × years, row-major; x may be y. Codes of
 * fd_region_multipliers(). */
FD_API int fd_output_path(double *x, const double *a, const double *y, size_t n, size_t years);

/**
 * Dynamic Leontief: x_t = A x_t + B (x_(t+1) - x_t) + y_t, backwards from x_(T+1) = x_T (Leontief
 * 1953; Miller and Blair 2009, ch. 13): (I - A) x_T = y_T, (I - A + B) x_t = y_t + B x_(t+1).
 */
FD_API int fd_dynamic_leontief(double *x, const double *a, const double *b, const double *y,
                               size_t n, size_t years);

/**
 * The demand that a project brings: its investment spread over the first `build_years`, then
 * running demand by the ramp.  What is bought elsewhere is not the region's: local shares multiply
 * both.
 *
 *   y_it = build_i local_i / build_years        t < build_years
 *        = operate_i local_i ramp_(t - build)   from then on; the last step of the ramp stays
 *
 * @param y  n × years, row-major; zeroed first
 */
FD_API void fd_project_demand(double *y, const double *build, const double *operate,
                              const double *local, size_t n, size_t build_years, const double *ramp,
                              size_t ramp_count, size_t years);

#ifdef __cplusplus
}
#endif
#endif
