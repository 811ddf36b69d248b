/*
 * What a composite index tells beyond its scores: what moved it, how balanced its branches are,
 * how far two indices go together.
 *
 * Pure: the tables of fd_index_run() go in, tables come out.  How to use it and to say it:
 * docs/methods/index-city.md.
 */
#ifndef FANGDING_INDEX_STORY_H
#define FANGDING_INDEX_STORY_H

#include "fangding/index.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A score as steps that add up: every indicator's contribution, or its change since the period
 * before.
 *
 * @param cells   as fd_index_run() gives them: ID, TIME, code, value, normalised, weight,
 *                contribution
 * @param change  false: one step per indicator from 0 up to the score of each row (a waterfall);
 *                true: from the score of the row before it of the same unit to its own.  A unit's
 *                first row has no before and gives nothing.
 * @param[out] out  ID, TIME, code, before, after, move, upto: `upto` is the running total, the last
 *                one of a row is its score; by size of the move, largest first, ties in the order
 *                of the tree.  A contribution that is missing at either end leaves move and every
 *                `upto` of its row missing: a sum with a gap is not known.
 * @return FD_ENOTFOUND a column
 *
 * Time: O(n m log m).
 */
FD_API int fd_index_steps(fd_table **out, const fd_table *cells, bool change);

/**
 * How balanced the branches of an index are, and a score that pays for it.
 *
 *   u_k  = contribution of branch k ÷ its weight, held to 0..1: what it has of what it could have
 *   t    = sum of weight × u;  c and d as fd_index_run(): the corrected coupling degree
 *   combined  = (1 - share) t + share d
 *   imbalance = largest u - smallest u;  lagging: the branch with the smallest
 *
 * A branch that is not known leaves t, c, d, combined, imbalance and lagging missing and stands in
 * `missing`; the branches that are known are shown all the same.
 *
 * @param index  of a tree with at least two branches that count, scored by fixed or entropy weights
 * @param share  of the combination in the combined score, 0 to 1
 * @param[out] out  ID, TIME, u_BRANCH…, t, c, d, grade, combined, rank, imbalance, lagging,
 * missing; rank within the period by `combined`
 * @return FD_EINVAL fewer than two branches, a share outside 0..1
 */
FD_API int fd_index_balance(fd_table **out, const fd_index *index, double share);

/**
 * Two systems beside each other: the coupling coordination of two scores of the same unit and
 * period, classic and corrected, with equal weights.
 *
 * @param a, b   tables with ID, [TIME] and score (first columns of fd_index.scores); scores below 0
 *               or above 1 (beyond frozen bounds) are held to 0..1 and counted in a note
 * @param names  of the two systems, for titles and `lagging`
 * @param[out] out  ID, [TIME], u_a, u_b, t, c_classic, d_classic, grade_classic, c, d, grade,
 *               lagging, gap.  lagging: the name of the system with the lower score, when the gap
 *               is at least 0.05, else 同步 (even); missing in a row that one side does not know.
 * @return FD_ENOTFOUND a column score; FD_EINVAL tables of different shape
 *
 * Rows in the order of `a`; those that `b` lacks are kept, without a degree.  Time: O(n log n).
 */
FD_API int fd_index_pair(fd_table **out, const fd_table *a, const fd_table *b,
                         const char *const names[2]);

#ifdef __cplusplus
}
#endif
#endif
