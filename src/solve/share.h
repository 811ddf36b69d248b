/*
 * A share as part of a linear program: part'x / whole'x, its largest value, and what it costs.
 */
#ifndef FD_SOLVE_SHARE_H
#define FD_SOLVE_SHARE_H

#include "solve/certify.h"

/* Coefficients by column. */
typedef struct fd_share {
    double *part, *whole; /* column_count numbers each */
    size_t columns;
} fd_share;

/**
 * Read a share off a requirement row of the form part'x - s whole'x >= 0 and a row whose
 * coefficients are whole (say, the floor on total growth).  s is recognised: every coefficient of
 * the requirement is -s or 1-s times the whole's.
 *
 * @param s  receives the share that the row requires
 * @return FD_EINVAL when the rows are not of that form, with the column
 */
int fd_share_read(fd_share *out, double *s, const fd_model *model, size_t requirement,
                  size_t whole);
void fd_share_dispose(fd_share *share);
double fd_share_value(const fd_share *share, const double *x);

/* A model with a share: the part and the whole as columns of their own, and the requirement
 * part - s whole >= 0, of which only one coefficient changes with s. */
typedef struct fd_shared {
    fd_model *model;
    size_t part, whole, requirement; /* two columns, one row */
} fd_shared;

/** s 0 and no requirement yet. fd_model_free(out->model) releases. */
int fd_share_attach(fd_shared *out, const fd_model *model, const fd_share *share);

/* The largest share. */
typedef struct fd_largest {
    fd_lp_status status; /* INFEASIBLE: no x at all */
    double share;
    double *x; /* a solution that reaches it, by columns of the shared model */
    size_t steps;
    double
        left; /* max (part - share × whole) at the end, over the whole: what is proved to remain */
    fd_certificate certificate; /* of that last program */
} fd_largest;

/**
 * Dinkelbach's method (1967, doi:10.1287/mnsc.13.7.492): with s from the last solution maximise
 * part - s whole; where that is 0 no larger share exists, because the whole is positive.  Each step
 * changes one coefficient of the objective and starts from the last basis; converges faster than
 * any geometric sequence, and ends with an LP whose duals are the proof.
 *
 * @param lp  of shared->model; its objective is restored afterwards
 * @return FD_EINVAL when the whole can be 0 or negative; FD_ENOCONV
 */
int fd_share_largest(fd_largest *out, const fd_shared *shared, fd_lp *lp);
void fd_largest_dispose(fd_largest *largest);

typedef struct fd_front_point {
    double share, objective; /* at least so much; the best objective then */
    bool feasible, dominated;
    fd_certificate certificate;
} fd_front_point;

/**
 * The front of share against the model's objective: for `count` shares from `from` to `to`, evenly,
 * the best objective with the share at least so large (epsilon-constraint), each from the basis of
 * the one before.
 */
int fd_share_front(fd_front_point *out, size_t count, const fd_shared *shared, fd_lp *lp,
                   double from, double to);

#endif
