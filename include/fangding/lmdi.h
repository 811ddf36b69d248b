/*
 * LMDI-I: how much of a change each of several factors that multiply has made.
 *
 * Pure: a table in, tables out; no file, no clock, no city.  How to use it and to say it:
 * docs/methods/lmdi.md.
 *
 * A value V of a group at a time is the sum of terms (fuels, industries …), each of them a product
 * of factors.  Input is long, a row for each group, term and time; or wide, without a column of
 * times: "activity_0", "activity_T" are the column activity at the times 0 and T.
 */
#ifndef FANGDING_LMDI_H
#define FANGDING_LMDI_H

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fd_lmdi_spans {
    FD_LMDI_ENDS,   /* each group's first time to its last */
    FD_LMDI_STEPS,  /* each of its times to the next */
    FD_LMDI_BOTH,   /* the ends, then each step */
    FD_LMDI_CHAINED /* the ends, from the steps: effects added, ratios multiplied */
} fd_lmdi_spans;

typedef struct fd_lmdi_options {
    int version;
    const char *by; /* columns of groups, comma between; NULL: all is one group */
    const char *time; /* column of times; NULL: found by name (year, t, 年份 …), or a wide table */
    /* What is taken apart: an expression; NULL: the product of the factors. */
    const char *value;
    /*
     * name=expression;name=expression;…  A column alone is its own name.  Expressions have columns
     * (in "" when the name holds operators or blanks), numbers, + - * / ( ), and sums over the
     * terms of the same group and time: sum:X; sum:X:by:A, of the rows with the same A;
     * sum:X:over:A, one value for each A, in whose rows X must be the same (further columns after
     * another colon).  NULL: each column of numbers but the value is a factor.
     */
    const char *factors;
    fd_lmdi_spans spans;
    bool terms; /* make the table of terms, too */
} fd_lmdi_options;
#define FD_LMDI_OPTIONS_INIT                                                                       \
    {                                                                                              \
        1, NULL, NULL, NULL, NULL, FD_LMDI_ENDS, false                                             \
    }

/**
 * The columns that are names, not numbers: groups, times, and what neither the value nor a factor
 * uses, which tells terms apart. A caller reads these as text.
 *
 * @param out   ids, borrowed from the table; the caller frees the array
 * @return as fd_lmdi_run() for columns and expressions
 */
FD_API int fd_lmdi_names(const char ***out, size_t *count, const fd_table *in,
                         const fd_lmdi_options *options);

typedef struct fd_lmdi {
    fd_table *effects; /* groups, t0, t1, d_total, d_<factor> …, r_total, r_<factor> …,
                          n_zero_switch */
    fd_table *factors; /* groups, t0, t1 (unless there is one row of effects alone), factor (total
                          first), additive, multiplicative */
    fd_table *terms;   /* groups, the names of the term, t0, t1, v0, v1, d_<factor> …; or NULL */
} fd_lmdi;

/**
 * Decompose (Ang 2005, doi:10.1016/j.enpol.2003.10.010; zeros: Ang and Liu 2007,
 * doi:10.1016/j.enpol.2006.11.018).
 *
 * With L(a,b) = (a - b) / ln(a/b), L(a,a) = a, L(a,0) = 0, V the sum of the terms v:
 *   d_x = sum over terms of L(v1,v0) ln(x1/x0), d_total = V1 - V0 = sum of all d_x
 *   r_x = exp(d_x / L(V1,V0)), r_total = V1 / V0 = product of all r_x
 * A term that is 0 at one end only (counted in n_zero_switch) has the analytical limit: the factor
 * that is 0 there takes the whole v1 - v0, several share it evenly; where none is 0 those without
 * value (0/0) do. A term without a row at one end goes to the last factor, and a note says so.
 * What is left when the factors do not multiply to the value stands in columns d_residual and
 * r_residual, which are there only then (more than 1e-9 of the larger end).
 *
 * Ratios are not applicable where an end of V is 0. A missing cell leaves the span of its group
 * unknown; so does a factor without value (x/0) in a term that is not 0.
 *
 * @return FD_ENOTFOUND a column; FD_EPARSE an expression; FD_EINVAL a negative value or factor, a
 *         row twice, with the row; fewer than two times
 *
 * O(rows × (factors + columns)): one logarithm for each factor, term and span. Release with
 * fd_lmdi_dispose().
 */
FD_API int fd_lmdi_run(fd_lmdi *out, const fd_table *in, const fd_lmdi_options *options);
FD_API void fd_lmdi_dispose(fd_lmdi *result);

/** The logarithmic mean of a and b, both >= 0. Close to a full double also where a is near b. */
FD_API double fd_log_mean(double a, double b);

#ifdef __cplusplus
}
#endif
#endif
