/*
 * Linear programs, over CLP: a sparse model that is built once, solved, changed and solved again.
 * A program with names, as files hold it, is fd_model (solve/model.h).
 *
 *     optimise  c'x   subject to   L <= A x <= U,   l <= x <= u
 *
 * Rows and columns are numbered from 0 in order of creation.  Bounds may be -FD_LP_INF and
 * FD_LP_INF.  A model belongs to one thread at a time; different models are independent.  A second
 * solve starts from the basis of the first as long as only bounds and objective were changed,
 * which makes long series of similar programs (an audit, DEA) cheap.
 */
#ifndef FD_SOLVE_LP_H
#define FD_SOLVE_LP_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "fangding/error.h"

#define FD_LP_INF HUGE_VAL

typedef struct fd_lp fd_lp;

/* What a finished solve has shown. */
typedef enum fd_lp_status {
    FD_LP_UNSOLVED = 0,
    FD_LP_OPTIMAL,
    FD_LP_INFEASIBLE, /* no x satisfies the bounds */
    FD_LP_UNBOUNDED   /* feasible, and the objective has no limit */
} fd_lp_status;

typedef enum fd_lp_method {
    FD_LP_PRIMAL = 0, /* primal simplex from where the last solve stopped */
    FD_LP_DUAL        /* dual simplex; better after a change of bounds */
} fd_lp_method;

typedef struct fd_lp_options {
    bool scale_rows;    /* our own: each row by the power of two nearest 1/sqrt(min|a| max|a|); CLP
                           scales besides */
    double tiny;        /* drop coefficients below tiny × the largest of their row; 0 keeps all */
    int max_iterations; /* 0: no limit of ours */
    fd_lp_method method;
    bool presolve;  /* reduce the program before the first solve; later ones start from the basis */
    double seconds; /* watchdog: stop a solve after so long; 0: no limit */
} fd_lp_options;
#define FD_LP_OPTIONS_INIT                                                                         \
    {                                                                                              \
        false, 0, 0, FD_LP_PRIMAL, false, 0                                                        \
    }

/** An empty model that minimises (or maximises). Never NULL; fd_lp_free() releases. */
fd_lp *fd_lp_new(bool maximize);
void fd_lp_free(fd_lp *lp); /* NULL is fine */
/** Options hold from the next solve on; a change rebuilds the matrix. */
void fd_lp_set_options(fd_lp *lp, const fd_lp_options *options);

/** A row lower <= a'x <= upper, empty as yet. @return its number */
size_t fd_lp_add_row(fd_lp *lp, double lower, double upper);
/** A variable with its objective coefficient and bounds. @return its number */
size_t fd_lp_add_column(fd_lp *lp, double objective, double lower, double upper);
/** Add value to the coefficient of a column in a row; entries for the same place add up. Row and
 * column must exist. */
void fd_lp_put(fd_lp *lp, size_t row, size_t column, double value);
size_t fd_lp_rows(const fd_lp *lp);
size_t fd_lp_columns(const fd_lp *lp);

/* Changes that keep the basis. */
void fd_lp_set_objective(fd_lp *lp, size_t column, double objective);
void fd_lp_set_row(fd_lp *lp, size_t row, double lower, double upper);
void fd_lp_set_column(fd_lp *lp, size_t column, double lower, double upper);
void fd_lp_set_maximize(fd_lp *lp, bool maximize);
/** Replace one coefficient that fd_lp_put() has put; the basis is kept. O(log entries). */
void fd_lp_change(fd_lp *lp, size_t row, size_t column, double value);
/** The method of the next solves; unlike fd_lp_set_options() it keeps matrix and basis. */
void fd_lp_set_method(fd_lp *lp, fd_lp_method method);

/* The basis of the last solve, to come back to it: one byte per column and row. */
typedef struct fd_lp_basis fd_lp_basis;
/** NULL when nothing was solved. fd_lp_basis_free() releases. */
fd_lp_basis *fd_lp_basis_save(const fd_lp *lp);
/** The next solve starts here; NULL, or a basis of another shape, changes nothing. */
void fd_lp_basis_load(fd_lp *lp, const fd_lp_basis *basis);
void fd_lp_basis_free(fd_lp_basis *basis);

/**
 * Solve by the method of the options (without options: primal simplex, no presolve). "Unbounded" is
 * only said of a feasible program: what presolve or the dual simplex finds to be so is looked at
 * again by the primal simplex.
 *
 * @param status  receives what was shown; infeasible and unbounded are answers, not failures
 * @return 0; FD_EINVAL when a coefficient, objective or bound is NaN, or a coefficient or objective
 * infinite; FD_ENOCONV when the solver stopped before an answer (status is then FD_LP_UNSOLVED);
 * the message says when it was the watchdog. A lower bound above its upper one is not an error: the
 * program is infeasible.
 */
int fd_lp_solve(fd_lp_status *status, fd_lp *lp);

/* Results of the last solve, valid until the next change; only after FD_LP_OPTIMAL. Borrowed
 * arrays. */
double fd_lp_objective(const fd_lp *lp);
const double *fd_lp_primal(const fd_lp *lp);   /* x, one per column */
const double *fd_lp_activity(const fd_lp *lp); /* A x, one per row */
/** One per row: the derivative of the optimal objective by the bound that binds, in the sense of
 * the problem as stated (a maximum that grows with its <= bound has a dual >= 0; a minimum that
 * grows with its >= bound too). */
const double *fd_lp_dual(const fd_lp *lp);
/** One per column: objective minus A'·dual, same sense. Zero for basic columns. */
const double *fd_lp_reduced(const fd_lp *lp);
/** After FD_LP_INFEASIBLE: multipliers of the rows that may prove it (to be verified with
 * fd_certify_infeasible(); their sign is the solver's). False when the solver kept none. */
bool fd_lp_ray(const fd_lp *lp, double *out);
/** Simplex iterations of the last solve. */
int fd_lp_iterations(const fd_lp *lp);
/** Coefficients that the tiny filter left out of the matrix. */
size_t fd_lp_dropped(const fd_lp *lp);

#endif
