/*
 * Production functions from a panel of firms: OLS, within, Olley–Pakes, Levinsohn–Petrin and
 * Ackerberg–Caves–Frazer.
 *
 * Pure: a table in, a table out.  The same input gives the same bytes on any number of threads.
 * How to use it and to say it: docs/methods/prodfun.md.
 */
#ifndef FANGDING_PRODFUN_H
#define FANGDING_PRODFUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fd_prodfun_method {
    FD_PRODFUN_OLS,
    FD_PRODFUN_FE,
    FD_PRODFUN_OP,
    FD_PRODFUN_LP,
    FD_PRODFUN_ACF,
    FD_PRODFUN_METHODS
} fd_prodfun_method;

typedef struct fd_prodfun_options {
    int version;
    const char *id, *time;     /* columns; NULL: the first; t, year, time, period or the second */
    const char *output;        /* log output; NULL: ln_y */
    const char *const *labour; /* log free inputs; NULL: every ln_l_*, or ln_l */
    size_t labour_count;
    const char *capital;             /* log state; NULL: ln_k */
    const char *proxy;               /* log materials or energy, for LP and ACF; NULL: ln_proxy */
    const char *investment;          /* log investment, for OP; NULL: ln_inv */
    bool method[FD_PRODFUN_METHODS]; /* none set: all for which the columns are there */
    bool full_first_stage;           /* ACF: a polynomial of all inputs, see below */
    size_t bootstraps;               /* replicates for standard errors; 0: none */
    uint64_t seed;
    size_t threads; /* 0: one for each processor */
} fd_prodfun_options;
#define FD_PRODFUN_OPTIONS_INIT                                                                    \
    {                                                                                              \
        1, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, { false }, false, 0, 1, 0                  \
    }

/**
 * Elasticities by each method asked for; a row each: method, b_LABOUR…, b_CAPITAL, criterion, n,
 * and with bootstraps se_X, lo_X, hi_X for each coefficient, replicates.  A column ln_l_X gives
 * b_X, any other ln_X gives b_X.
 *
 *   OLS  y on 1, l, k
 *   FE   the same within units: every variable minus its mean over the unit
 *   OP   (Olley, Pakes 1996, doi:10.2307/2171831) first stage: y on 1, l and a polynomial of degree
 *        2 in capital and investment with its cross term; it gives b_l, phi = fitted and e = y -
 * phi. Second stage: with omega = phi - b_l l - b_k k and g the cubic in omega_-1 that fits omega
 *        best, b_k in [-1, 2] minimises the sum of squares of e + omega - g(omega_-1), which is the
 *        criterion
 *   LP   (Levinsohn, Petrin 2003, doi:10.1111/1467-937X.00246) the same with the proxy in place of
 *        investment
 *   ACF  (Ackerberg, Caves, Frazer 2015, doi:10.3982/ECTA13408) phi = fitted of LP's first stage,
 *        or with full_first_stage of a polynomial of degree 2 in all of l, k and the proxy; then
 * all coefficients from E[xi z] = 0 with xi what the cubic leaves of omega and z = (l_-1, k).  As
 *        many moments as coefficients: the criterion xi'Z (Z'Z)^-1 Z'xi / n must reach 0.  Damped
 *        Newton steps from many starts; a note says when none reached a root, and how many distinct
 *        roots there were.  Among several the one nearest to the LP estimate is given.
 *   _-1 is the same unit exactly one period before; n of OP, LP and ACF counts rows that have it.
 *
 * Bootstrap: units are drawn with replacement, all their periods together; se is the standard
 * deviation of the replicates (divisor N - 1), lo and hi their 2.5th and 97.5th percentile, which
 * tell more where some replicates of ACF lie far out.  Replicate i depends on seed and i alone; it
 * takes the root nearest to the whole sample's.
 *
 * A method that cannot be computed (collinear, too few rows) has empty cells and a note why.
 *
 * @return FD_ENOTFOUND a column that a method asked for needs; FD_EINVAL as fd_prodpanel_read(), or
 *         no method could be computed (the last one's reason stands in the detail)
 *
 * n rows, p terms: first stages O(n p^2), a step of the second O(n (l + 1)^2).  Caller frees *out.
 */
FD_API int fd_prodfun_run(fd_table **out, const fd_table *in, const fd_prodfun_options *options);

#ifdef __cplusplus
}
#endif
#endif
