/*
 * Is the answer right?  Judged from the model and the numbers alone, in float64, never by what the
 * solver says of itself.
 */
#ifndef FD_SOLVE_CERTIFY_H
#define FD_SOLVE_CERTIFY_H

#include "solve/model.h"

#define FD_CERTIFY_TOLERANCE 1e-6

typedef struct fd_certificate {
    bool holds;    /* every number below is within FD_CERTIFY_TOLERANCE */
    double primal; /* worst violation of a row or bound, over 1 + |bound| + the size of the row */
    double dual;   /* worst reduced cost or dual of the wrong sign, over 1 + the column's size */
    double gap;    /* |objective - dual objective| / (1 + |objective|) */
    double integrality;      /* worst distance of a whole-number column from a whole number */
    double objective, bound; /* recomputed; bound is the dual objective */
} fd_certificate;

/**
 * Check a claimed optimum.
 *
 * Primal: L <= A x <= U and l <= x <= u.  Dual: with d = c - A'y (signs turned for a maximum), y_i
 * > 0 needs a finite L_i, y_i < 0 a finite U_i, the same for d_j and the bounds of x_j; what has no
 * such bound counts as residual.  Dual objective: sum of y_i at its bound and d_j at its bound.  By
 * weak duality no feasible x is better than it, so a small gap proves the optimum.  Sums are
 * compensated (Neumaier).
 *
 * @param x  one per column
 * @param y  one per row, as fd_lp_dual(); NULL: only feasibility and integrality are judged (MILP)
 *
 * O(non-zeros)
 */
void fd_certify_optimal(fd_certificate *out, const fd_model *model, const double *x,
                        const double *y);

typedef struct fd_farkas {
    bool holds;
    double excess; /* what the rows ask for together minus what the bounds allow, over the size of
                      the combination; > 0 proves infeasibility */
    double
        residual; /* worst coefficient of the combination on an unbounded column, over its size */
} fd_farkas;

/**
 * Check a proof that no x satisfies the model: multipliers y of the rows.  Any feasible x gives
 * sum_i (y_i > 0 ? y_i L_i : y_i U_i) <= y'A x <= sum_j max over the bounds of (A'y)_j x_j; when
 * the left side exceeds the right one there is no such x.  If -y proves it, that is accepted and y
 * is turned (solvers differ in the sign).
 *
 * @param lower, upper  bounds of the rows to judge by; NULL: the model's
 */
void fd_certify_infeasible(fd_farkas *out, const fd_model *model, const double *lower,
                           const double *upper, double *y);

/** Worst violation of rows and bounds by x, as fd_certificate.primal; lower and upper as above. */
double fd_certify_feasible(const fd_model *model, const double *lower, const double *upper,
                           const double *x);

#endif
