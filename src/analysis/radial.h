/*
 * Scores of many units against one set of units, by the envelopment kernel: the part that `dea` and
 * `malmquist` share.
 */
#ifndef FD_ANALYSIS_RADIAL_H
#define FD_ANALYSIS_RADIAL_H

#include "analysis/envelope.h"

/* Frontiers of one set of units, by returns to scale. */
typedef struct fd_radial {
    const fd_points *points;
    size_t inputs;
    const uint32_t *units; /* the set; borrowed */
    size_t count;
    fd_reference reference[FD_RTS_COUNT]; /* corners; empty where not asked for */
} fd_radial;

typedef struct fd_radial_peers {
    size_t count;
    uint32_t *unit; /* owned */
    double *lambda; /* owned */
} fd_radial_peers;

/* What to compute. Arrays are indexed by point; NULL: not wanted. */
typedef struct fd_radial_job {
    fd_rts rts;
    bool output; /* phi >= 1; else theta <= 1 */
    const uint32_t *units;
    size_t count;
    double *score;          /* NAN where there is no solution */
    double *slack_sum;      /* of slacks divided by column means */
    double *slack;          /* dims for each point, in the units of the points */
    fd_radial_peers *peers; /* owned by the caller */
} fd_radial_job;

/** The frontiers of `units` for the returns to scale asked for. FD_ENOCONV. points and units must
 * outlive *out; release with _dispose, also after a failure. */
int fd_radial_init(fd_radial *out, const fd_points *points, size_t inputs, const uint32_t *units,
                   size_t count, const bool rts[FD_RTS_COUNT], fd_pool *pool);
void fd_radial_dispose(fd_radial *r);

/** Scores of job->units, which need not belong to the set. FD_ENOCONV. */
int fd_radial_scores(const fd_radial *r, const fd_radial_job *job, fd_pool *pool);

/**
 * Super-efficiency of job->units, which must be the units of the set: each without itself.
 *
 * A unit that is no corner has its score: the set does not need it. For a corner the reference is
 * the other corners, and units are added that the answer cuts off, until none is left.
 *
 * @param super  by point; INFINITY (in) or -INFINITY (out) where there is no solution
 */
int fd_radial_super(double *super, const fd_radial *r, const fd_radial_job *job, fd_pool *pool);

#endif
