/*
 * Why a program has no solution: the least relaxation of named rows, an irreducible set of rows
 * that contradict each other, and what each limit is worth where there is a solution.
 */
#ifndef FD_SOLVE_EXPLAIN_H
#define FD_SOLVE_EXPLAIN_H

#include "solve/certify.h"

/* Which rows may give way: group[r] is a number from 0, or -1 for a row that stays hard. */
typedef struct fd_groups {
    ptrdiff_t *group; /* one per row */
    size_t count;
    char **names; /* count */
} fd_groups;

/** Groups by patterns as fd_model_match(): one group a pattern. Groups without rows stay. */
void fd_groups_by_pattern(fd_groups *out, const fd_model *model, const char *const *patterns,
                          size_t count);
/** Every row its own group. */
void fd_groups_by_row(fd_groups *out, const fd_model *model);
void fd_groups_dispose(fd_groups *groups);

typedef struct fd_relaxed {
    size_t row;
    double violation, weighted; /* in the row's unit; times 1 / max(1, |rhs|) */
    int direction;              /* +1: the upper limit is exceeded; -1: the lower one is missed */
} fd_relaxed;

typedef struct fd_elastic {
    fd_lp_status status; /* INFEASIBLE: the hard rows contradict by themselves */
    double objective;    /* the least weighted sum of violations; 0: nothing has to give way */
    fd_relaxed *items;
    size_t count;
    double *ray;     /* multipliers of the rows: proof of the infeasibility of the original */
    fd_farkas proof; /* of that ray, where the objective is > 0 */
    double *x;       /* the relaxed solution */
    fd_certificate certificate; /* of the relaxation as an LP */
} fd_elastic;

/**
 * The least weighted violation of the grouped rows under which the rest has a solution.
 *
 * Each grouped row gets a non-negative slack for each of its finite sides, cost 1 / max(1,
 * |bound|); the original objective is dropped.  The duals of this program are a Farkas proof for
 * the original one; it is verified.
 *
 * @param seconds  watchdog, 0: none
 * @return FD_ENOCONV the watchdog; results otherwise. fd_elastic_dispose() releases.
 */
int fd_elastic_solve(fd_elastic *out, const fd_model *model, const fd_groups *groups,
                     double seconds);
void fd_elastic_dispose(fd_elastic *elastic);

typedef struct fd_iis {
    bool feasible;  /* there is nothing to explain; the rest is empty */
    size_t *groups; /* an irreducible set: infeasible with the hard rows, feasible less any one */
    size_t count;
    fd_farkas proof; /* that the set is infeasible */
    double *ray;     /* its multipliers, zero outside the set and the hard rows */
    double worst;    /* largest primal residual of the solutions that show the second property */
    bool verified;   /* the proof holds, and so do all solutions */
    size_t solves;
} fd_iis;

/**
 * One irreducible infeasible set at the level of groups; hard rows and bounds of columns always
 * stand.  An empty set means that the hard rows contradict by themselves.
 *
 * Elastic filter (Chinneck and Dravnieks 1991, doi:10.1287/ijoc.3.2.157): groups that must give way
 * are made hard one round after another until nothing is left to give; what was made hard contains
 * a set.  Then the deletion filter: leave a group out; still infeasible: it is not needed, and
 * neither are those without a multiplier in the proof.  Last, each subset less one is solved and
 * its solution checked, and the proof of the set is checked, both without the solver.
 *
 * @return FD_ENOCONV the watchdog (seconds for all of it). fd_iis_dispose() releases.
 *
 * Time: at most two solves a group after the filter, each from the last basis.
 */
int fd_iis_find(fd_iis *out, const fd_model *model, const fd_groups *groups, double seconds);
void fd_iis_dispose(fd_iis *iis);

typedef struct fd_shadow {
    size_t row;
    double dual;              /* as the solver gives it: d objective / d right-hand side */
    double plus, minus;       /* one-sided: [f(b + h) - f(b)] / h and [f(b) - f(b - h)] / h */
    bool has_plus, has_minus; /* false: no solution on that side */
    bool degenerate;          /* the two sides differ: no single price */
    double slack;             /* distance to the nearest side */
} fd_shadow;

#define FD_SHADOW_STEP 1e-4

/**
 * One-sided shadow prices of rows, by solving again at b ± h, h = step × max(1, |b|), from the
 * basis of the optimum.  Rows farther from their limit than h have 0 on both sides without a solve.
 * For an equation both sides move; for a range the side that binds.
 *
 * @param lp    the model's program, solved to an optimum; solved again on return
 * @param rows  which rows
 * @param out   count entries of the caller
 */
int fd_shadow_prices(fd_shadow *out, const fd_model *model, fd_lp *lp, const size_t *rows,
                     size_t count, double step);

#endif
