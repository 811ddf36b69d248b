/*
 * Total factor productivity: growth of output that the growth of inputs does not explain, and whose
 * it is.
 *
 * Pure: a table in, tables out.  How to use it and to say it: docs/methods/tfp.md.
 */
#ifndef FANGDING_TFP_H
#define FANGDING_TFP_H

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fd_tfp_options {
    int version;
    const char *id, *time;     /* columns; NULL: the first; t, year, time, period or the second */
    const char *output;        /* NULL: q, y or the only out_* */
    const char *const *inputs; /* NULL: every column X with a cost share sX beside it, or in_* */
    size_t input_count;
    const char *const *shares; /* cost shares in the order of the inputs; NULL: sX of each input X,
                                  where all stand; else none */
    size_t share_count;
    const double *elasticities; /* output elasticities in the order of the inputs, for Solow; NULL:
                                   mean cost shares */
    size_t elasticity_count;
    bool solow;            /* print dln_solow in the table growth, too */
    const char *published; /* a published index to stand beside; NULL: the only *_published */
    bool decompose;        /* make aggregate and firms */
    const char *level;     /* ln TFP of a unit; NULL: ln output - elasticities × ln inputs */
    const char *weight;    /* weight of a unit in the aggregate; NULL: the output */
} fd_tfp_options;
#define FD_TFP_OPTIONS_INIT                                                                        \
    {                                                                                              \
        1, NULL, NULL, NULL, NULL, 0, NULL, 0, NULL, 0, false, NULL, false, NULL, NULL             \
    }

typedef struct fd_tfp {
    fd_table *growth; /* ID, t0, t1, dln_OUTPUT, c_INPUT…, dln_tfp, dln_PUBLISHED, dln_solow */
    fd_table *units;  /* ID, pairs, dln_output, dln_tfp, dln_solow, dln_published: means a pair */
    fd_table *aggregate; /* method, t0, t1, level0, level1, change, within, between, cross, entry,
                            exit, residual, continuing, entrants, exits */
    fd_table *firms;     /* ID, t0, t1, status, fhk_within, fhk_between, fhk_cross, fhk_entry,
                            fhk_exit, fhk_total, mp_within, mp_between, mp_entry, mp_exit, mp_total */
} fd_tfp;

/**
 * Growth accounting of every unit from each of its periods to its next one.
 *
 *   dln q           = ln q1 - ln q0                                   (log points, not percent)
 *   c(x)            = (s0(x) + s1(x))/2 × (ln x1 - ln x0), where s(x) are the cost shares of a
 *                     period divided by their sum
 *   dln_tfp         = dln q - sum of c(x)                             (Törnqvist; Divisia in
 *                     discrete time; superlative by Diewert 1976, doi:10.1016/0304-4076(76)90009-9)
 *   dln_solow       = dln q - sum of alpha(x) (ln x1 - ln x0) with alpha fixed: the elasticities
 *                     given, else the unit's mean cost shares       (Solow 1957,
 * doi:10.2307/1926047) dln_PUBLISHED   = difference of logs of the published index
 *
 * An input whose share is 0 at both ends contributes 0, whatever its quantity.  Pairs that lack a
 * number are left out and counted in a note.  Where shares are missing altogether dln_tfp is
 * missing and dln_solow needs elasticities.
 *
 * Decomposition of aggregate productivity P = sum of w p, w = share of a unit's weight in its
 * period, p = ln TFP, between successive periods of the panel; C continuing, N entrants, X exits:
 *   fhk   Foster, Haltiwanger, Krizan (2001, doi:10.7208/chicago/9780226360645.003.0008):
 *         within = sum_C w0 dp, between = sum_C dw (p0 - P0), cross = sum_C dw dp,
 *         entry = sum_N w1 (p1 - P0), exit = -sum_X w0 (p0 - P0)
 *   mp    Melitz, Polanec (2015, doi:10.1111/1756-2171.12088): with Pg the weighted mean of a group
 *         g, within = change of the plain mean of C, between = change of the covariance of weight
 *         and productivity in C, entry = W_N1 (P_N1 - P_C1), exit = W_X0 (P_C0 - P_X0)
 * Each adds to the change; `residual` is what rounding left.  The parts of a unit in `firms` add
 * to the parts of `aggregate`.
 *
 * @return FD_ENOTFOUND a column; FD_EINVAL as fd_prodpanel_read(), a quantity that is not positive
 *         (unit, row and column named), shares of a row that do not have a positive sum, numbers of
 * shares or elasticities that do not fit, or no pair of periods at all; weights of a period that do
 * not have a positive sum
 *
 * n rows, m inputs: O(n (log n + m)).  Release with fd_tfp_dispose().
 */
FD_API int fd_tfp_run(fd_tfp *out, const fd_table *in, const fd_tfp_options *options);
FD_API void fd_tfp_dispose(fd_tfp *result);

#ifdef __cplusplus
}
#endif
#endif
