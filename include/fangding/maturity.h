/*
 * Maturity by self-assessment: levels that count only with evidence that has not expired.
 *
 * Pure: tables in, tables out; the day is given.  How to use it and to say it:
 * docs/methods/maturity.md.
 */
#ifndef FANGDING_MATURITY_H
#define FANGDING_MATURITY_H

#include "fangding/period.h"
#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fd_maturity_options {
    int version;
    fd_date at; /* the day of which it is true */
    int top;    /* the highest level */
    const char
        *by; /* group of a unit (chain, county): a column; NULL: group, chain, county or none */
    const char
        *weight; /* what a unit counts in its group: a column; NULL: output, or every unit 1 */
} fd_maturity_options;
#define FD_MATURITY_OPTIONS_INIT                                                                   \
    {                                                                                              \
        1, FD_DATE_NONE, 5, NULL, NULL                                                             \
    }

typedef struct fd_maturity {
    fd_table *claims; /* id, item, level, state, expires: every claim and what became of it */
    fd_table
        *units; /* id, level, coverage, level_low, level_high, known, claims, next, gap, weakest */
    fd_table *groups; /* group, level, coverage, units, known_units, l0 … lTOP */
} fd_maturity;

/**
 * What is known of each unit's maturity on a day.
 *
 * One row a claim: id, item, level (0 to top, halves and so on allowed), evidence (what and where),
 * expires (the last day it is good for), item_weight (default 1).  A claim is
 *   known        it has a level, evidence and a date of expiry on or after the day
 *   no level, no evidence, no date, expired     else, the first of these that applies
 * A claim that is not known counts neither as 0 nor as its last level: it lowers the coverage.
 *
 *   unit:  level = weighted mean of its known items; coverage = their share of the weight of all
 *          items that anybody claims (an item that a unit does not mention is not known either);
 *          level_low and level_high fill what is not known with 0 and top.  No item known: no
 *          level.  next: the next whole level, gap: what is missing to it, weakest: the known item
 *          with the lowest level, the first such in order.
 *   group: level = mean over units with a level, weighted by `weight`; coverage = their weight ×
 *          coverage over the weight of all; l0 … lTOP: units by whole level reached
 *
 * @return FD_ENOTFOUND a column; FD_EINVAL no day, no row, a level outside 0..top, an item twice
 * for a unit, a weight below 0, a unit in two groups or with two weights, a date that is none: each
 *         with its row.  Release with fd_maturity_dispose().
 */
FD_API int fd_maturity_run(fd_maturity *out, const fd_table *in,
                           const fd_maturity_options *options);
FD_API void fd_maturity_dispose(fd_maturity *result);

#ifdef __cplusplus
}
#endif
#endif
