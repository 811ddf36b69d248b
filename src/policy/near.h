/*
 * Gaps and missing fields, as the tables use them.
 */
#ifndef FD_POLICY_NEAR_H
#define FD_POLICY_NEAR_H

#include "policy/walk.h"

/** The fields of fd_policy_missing() as leaves; the caller frees. */
int fd_policy__missing_leaves(int **out, size_t *count, fd_policy_set *set,
                              const fd_policy_slot *slot, size_t row);
/** The gap of the first comparison that keeps `e` from being `wanted`. */
int fd_policy__gap(fd_policy_gap *g, const fd_walk *w, const fd_expr *e, bool wanted);
/** A number of base units in a unit, with it. */
void fd_policy__number_text(fd_buf *out, fd_quot base, const fd_unit *unit, int digits);
/** The gap as a decimal in gap_unit, rounded up so that it suffices. */
int fd_policy__gap_decimal(fd_decimal *out, const fd_policy_gap *g);

#endif
