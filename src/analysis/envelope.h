/*
 * Envelopment programs: how far a point lies from the frontier that reference points span.
 *
 *     maximise beta   subject to   A lambda + beta g + s = b,   lambda >= 0,   s >= 0
 *
 * One column of A is one reference point: inputs as they are, good outputs with their sign turned,
 * so that every row reads "at most" (bad outputs under weak disposability: "equal", no s).  The
 * returns to scale add a row: sum(lambda) = 1, <= 1 or >= 1.  Radial scores, directional distances,
 * super-efficiency and the question whether a point lies inside a hull are all of this form; beta
 * is free in sign.
 *
 * There are few rows (inputs + outputs + 1) and many columns, and thousands of programs share A.
 * So the kernel is a dense dual simplex method with an explicit inverse of rows × rows:
 *  - A facet of the frontier (a basis) found for one point stays dual feasible for every other one:
 *    its normal supports the hull wherever the point lies.  The workspace keeps the facets it has
 *    met and starts from the one that gives the lowest bound on beta, which mostly is the answer
 *    already and then costs no pass over A at all.
 *  - Without facets the first basis is a coordinate plane, or that plane lifted by one ratio test:
 *    dual feasible, so that there is no phase one, and an infeasible program shows as such.
 *  - Rows leave by steepest edge (exact, since the inverse is at hand), columns enter by Harris'
 * ratio test, Bland's rule after a stall; the basis is factorised anew before an answer is given,
 * and a program that does not pass its final checks goes to the general solver (solve/lp.h). Rows
 * are scaled by the point, columns by their size: units of measurement do not matter.
 *
 * The answer depends on the programs solved before in the same workspace by rounding only; callers
 * cut their work into fixed blocks with a workspace each, so that it does not depend on threads.
 */
#ifndef FD_ANALYSIS_ENVELOPE_H
#define FD_ANALYSIS_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"
#include "fangding/dea.h"

/* n points of `dims` numbers: inputs positive, good outputs negative, bad outputs positive, each
 * divided by the mean of its column. Borrowed. */
typedef struct fd_points {
    size_t n, dims;
    const double *v; /* n × dims */
} fd_points;

/* Which set the points span. */
typedef struct fd_model {
    size_t dims;
    size_t equal; /* so many dimensions at the end bind as equalities */
    fd_rts rts;
} fd_model;

/* The columns of A. Rows: dims, and one for the returns to scale unless they are constant. */
typedef struct fd_reference {
    fd_model model;
    size_t rows, count, stride;
    double *a;      /* rows × stride; column j is its point divided by size[j] */
    double *size;   /* count */
    uint32_t *unit; /* count: which point */
    double *lowest; /* rows: the least entry */
    double least_size;
} fd_reference;

/** A reference of `count` of the points, in the order given. Release with _dispose. */
void fd_reference_init(fd_reference *out, const fd_points *points, const fd_model *model,
                       const uint32_t *units, size_t count);
/** One more column at the end. */
void fd_reference_add(fd_reference *r, const fd_points *points, uint32_t unit);
void fd_reference_dispose(fd_reference *r);

/** Coefficient of a point in the row of returns to scale: 1, -1 for increasing ones (the row is
 * turned to read "at most"), 0 when there is no such row. */
double fd_model_scale_entry(const fd_model *m);
/** What a column is divided by: the sum of its absolute values. */
double fd_model_size(const fd_model *m, const double *point);

typedef enum fd_envelope_status {
    FD_ENVELOPE_OPTIMAL,
    FD_ENVELOPE_INFEASIBLE, /* normal: a ray that shows it */
    FD_ENVELOPE_OUTSIDE     /* beta is below the limit asked for; normal: a plane that shows it */
} fd_envelope_status;

/* A workspace, with the last answer. */
typedef struct fd_envelope {
    const fd_reference *ref;
    fd_envelope_status status;
    double beta;
    /* normal . a >= 0 for every column, in the units of the points; rows entries. Optimal: also
     * normal . g = 1 and normal . b = beta, which proves the answer. */
    double *normal;
    /* After _refine(): positive lambdas by column, ascending, and slacks in the units of the
     * points. */
    size_t peer_count;
    uint32_t *peer;
    double *lambda;
    double *slack; /* dims */
    double slack_sum;
    struct fd_envelope__work *work;
} fd_envelope;

/** A workspace for programs over `ref`, which must outlive it; columns may be added to it as long
 * as fd_envelope_forget() follows. */
void fd_envelope_init(fd_envelope *out, const fd_reference *ref);
void fd_envelope_dispose(fd_envelope *e);
/** Forget the facets: needed after the reference has changed. */
void fd_envelope_forget(fd_envelope *e);

/**
 * Solve one program.
 *
 * @param point       dims numbers: b
 * @param g           dims numbers >= 0, not all 0
 * @param stop_below  give up as soon as beta is known to be lower; -INFINITY: never
 * @return FD_ENOCONV when neither the kernel nor the general solver came to an answer, or beta has
 *         no limit. Time: O(pivots × rows × columns), no pass when a known facet fits.
 */
int fd_envelope_solve(fd_envelope *e, const double *point, const double *g, double stop_below);

/**
 * Second phase, after an optimal solve: among the solutions with the best beta the one with the
 * largest sum of slacks (in the units of the points, that is each divided by the mean of its
 * column), and among those the one whose lambdas are lexicographically largest in the order of
 * columns, which makes the peers unique. FD_ENOCONV.
 */
int fd_envelope_refine(fd_envelope *e);

/**
 * The columns that a reference needs: the extreme points of the hull of `among` (all points when
 * NULL), ascending, once each. A point that lies on the frontier without being a corner is not one
 * of them, nor is the second of two equal points.
 *
 * BuildHull (Dulá 2011, doi:10.1287/ijoc.1100.0389): a point is tested against the corners known so
 * far; if it lies outside, the point farthest along the separating plane's normal is a new corner.
 * Tests run in rounds of fixed size, many at once.
 *
 * @param pool  or NULL
 * @return FD_ENOCONV. Time: a program over the corners per point, and a pass over the points for
 *         each corner. The caller frees *out.
 */
int fd_frontier_build(uint32_t **out, size_t *out_count, const fd_points *points,
                      const fd_model *model, const uint32_t *among, size_t among_count,
                      fd_pool *pool);

#endif
