/*
 * Programs with whole-number columns, by CBC in a child process that can be killed.
 */
#ifndef FD_SOLVE_MILP_H
#define FD_SOLVE_MILP_H

#include "solve/certify.h"

typedef struct fd_milp_options {
    int version;
    double seconds;      /* time limit; the child is killed a little later, whatever it does */
    double gap;          /* stop when bound and solution are so close, relative */
    const char *solver;  /* program; NULL: cbc */
    double absolute;     /* or so close in units of the objective; 0: only relative */
    const double *start; /* a solution to begin with, a number per column; NULL: none */
} fd_milp_options;
#define FD_MILP_OPTIONS_INIT                                                                       \
    {                                                                                              \
        1, 60, 0.01, NULL, 0, NULL                                                                 \
    }

typedef struct fd_milp {
    fd_lp_status status; /* OPTIMAL: x is a solution within `gap` of the bound (or see timed_out) */
    bool timed_out;      /* the limit ended the search; x is the best found, if any */
    bool has_solution;
    double objective, bound, gap; /* bound: no solution is better; gap relative to |objective| */
    double *x;
    fd_certificate certificate; /* feasibility and integrality, checked here */
    double seconds;
} fd_milp;

/**
 * Solve a model with whole-number columns.
 *
 * The model goes to a file in a private folder, the solver runs in a process of its own and its
 * answer is read back: no memory is shared, no crash of it is ours, and a limit that it overruns
 * ends with SIGKILL.  The bound is the better of the solver's own and the LP relaxation's (solved
 * and certified here).
 *
 * @return FD_ENOTFOUND there is no such solver; FD_ENOCONV it stopped without an answer and not
 * because of the time; FD_EIO. fd_milp_dispose() releases.
 */
int fd_milp_solve(fd_milp *out, const fd_model *model, const fd_milp_options *options);
void fd_milp_dispose(fd_milp *milp);

#endif
