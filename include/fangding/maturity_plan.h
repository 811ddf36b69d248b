/*
 * What to do next about maturity: the shortest way to the next level, and who should go first.
 *
 * Pure: tables in, a table out; the day is given.  How to use it and to say it:
 * docs/methods/maturity.md.
 */
#ifndef FANGDING_MATURITY_PLAN_H
#define FANGDING_MATURITY_PLAN_H

#include "fangding/maturity.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * For each unit the fewest whole steps (one item up by one level) to its next whole level, and
 * the order in which units should be helped.
 *
 * Only items that are known count: level = sum w l / sum w.  To reach next = floor(level) + 1 (at
 * most top) the sum must grow by need = sum w × (next - level).  Steps are taken where they weigh
 * most; among items of equal weight the lowest first, then in order of the table; an item goes no
 * higher than top.  That is the fewest steps there are.
 *
 *   priority = weight ÷ steps: output moved for each step; larger first, then fewer steps, then the
 *              order of the table.  A unit without weight comes behind those that have one.
 *   A unit with no known item has no step: `advice` says evidence first; it comes last.
 *
 * @param in    claims, as fd_maturity_run() takes them
 * @param[out] out  id, level, next, steps, items (ITEM+n …: the items to raise and by how many
 *                  levels), unknown (items claimed without valid evidence), weight, priority,
 * advice
 *                  ("raise", "evidence", "top")
 * @return as fd_maturity_run()
 *
 * Time: O(n m s) for n units, m items of one and s steps.
 */
FD_API int fd_maturity_priority(fd_table **out, const fd_table *in,
                                const fd_maturity_options *options);

#ifdef __cplusplus
}
#endif
#endif
