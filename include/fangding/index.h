/*
 * Composite indices: a tree of indicators, weights, scores whose every cell is accounted for, and
 * how far subsystems move together.
 *
 * Pure: tables in, tables out.  How to use it and to say it: docs/methods/index.md.
 */
#ifndef FANGDING_INDEX_H
#define FANGDING_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fd_index_method {
    FD_INDEX_FIXED,   /* weights of the tree, equal among siblings where it gives none */
    FD_INDEX_ENTROPY, /* weights from the data: what differs more counts more */
    FD_INDEX_TOPSIS   /* entropy weights; the score is the closeness to the best */
} fd_index_method;

typedef struct fd_index_options {
    int version;
    const char *id,
        *time; /* columns; time NULL: a column t, year, time, period, 年份, 期间, or none */
    const fd_table *tree; /* see below; NULL: every column of numbers, side by side */
    bool frozen; /* the tree is an earlier table `weights`: nothing is taken from the data */
    fd_index_method method;      /* of a frozen tree: what it says */
    const char *const *negative; /* without a tree: columns of which less is better */
    size_t negative_count;
    double perturbation; /* sensitivity: each weight up and down by this share */
    const char *plan;    /* written into `weights`: what the weights are frozen for, "2021..2025" */
} fd_index_options;
#define FD_INDEX_OPTIONS_INIT                                                                      \
    {                                                                                              \
        1, NULL, NULL, NULL, false, FD_INDEX_FIXED, NULL, 0, 0.2, NULL                             \
    }

typedef struct fd_index {
    fd_table *scores;  /* ID, [TIME], score, rank, coverage, score_low, score_high, c_NODE… of the
                          first level */
    fd_table *cells;   /* ID, [TIME], code, value, normalised, weight, contribution */
    fd_table *weights; /* code, parent, direction, low, high, weight, global, entropy, method, plan:
                          a tree with nothing left open */
    fd_table *sensitivity; /* ID, [TIME], rank, rank_fixed, rank_entropy, rank_topsis, rank_best,
                              rank_worst */
    fd_table
        *coupling; /* ID, [TIME], u_NODE…, t, c_classic, d_classic, grade_classic, c, d, grade */
} fd_index;

/**
 * Scores of units (in periods) over a tree of indicators.
 *
 * Tree table: code, and where known parent (empty: first level), direction (- or 负 or negative:
 * less is better), weight (among siblings; any positive scale), low and high (what counts as 0 and
 * 1). Nodes without children are indicators, columns of `in` by their code; one that is no column
 * is unknown for everybody.  Bounds that are not given are the smallest and largest value in the
 * data, over all periods.  An indicator that is the same everywhere and has no bounds is left out
 * and its siblings share its weight (a note says so).
 *
 *   x'   = (x - low) / (high - low), or 1 minus that where less is better; beyond the bounds of a
 *          frozen tree it goes below 0 or above 1
 *   entropy of an indicator: e = -sum p ln p / ln n, p = x' / sum x' over the n rows that have it;
 *          global weight = (1 - e) / sum (1 - e) (Shannon 1948,
 *          doi:10.1002/j.1538-7305.1948.tb01338.x; weights of a tree are then not used)
 *   fixed, entropy: contribution of a cell = global weight × x'; score = sum of contributions
 *   topsis (Hwang, Yoon 1981, doi:10.1007/978-3-642-48318-9): with D+ and D- the distances of the
 *          weighted x' (held to 0..1) from all 1 and from all 0, score = D- / (D+ + D-); the
 *          contribution of a cell is the score × its part of the square of D-
 *   A parent's contribution is the sum of its children's in the order of the tree, the score the
 *   sum of the first level: they add without remainder.
 *   rank: 1 + how many of the same period score higher.
 *
 * Missing cells: no score and no rank; coverage is the weight that is known; score_low and
 * score_high (not for topsis) are what the score could be if the missing x' were 0 or 1.
 *
 * Coupling of the first-level nodes with u = contribution / weight (also without a tree: each
 * column, as it stands between 0 and 1 if all are, else x'); a and b are the weights:
 *   t = sum a u;  d = sqrt(c t);  grade by tenths of d, 极度失调 … 优质协调
 *   c_classic = n (prod u)^(1/n) / sum u
 *   c = sqrt[(1 - mean of |ui - uj| over pairs) × (prod of u / max u)^(1/(n-1))] (王淑佳等 2021,
 *       doi:10.31497/zrzyxb.20210319): spreads over the whole of 0..1, where the classic form
 *       crowds near 1
 *   All u 0: c is not defined and stays missing.  Fewer than two nodes: no table, NULL.
 *
 * @return FD_ENOTFOUND a column; FD_EINVAL as fd_prodpanel_read(), a tree with an unknown parent, a
 *         code twice, a cycle, a negative weight, weights of siblings that are all 0 or low not
 *         below high; a frozen tree with gaps; no indicator that differs between rows (one unit
 *         alone needs bounds)
 *
 * n rows, m indicators: O(m^2 + n m + m n log n); the last for sensitivity.  Release with
 * fd_index_dispose().
 */
FD_API int fd_index_run(fd_index *out, const fd_table *in, const fd_index_options *options);
FD_API void fd_index_dispose(fd_index *result);

/** Coupling of `n` >= 2 values between 0 and 1: classic and corrected (see above); NaN when all are
 * 0. */
FD_API void fd_index_couple(double *classic, double *corrected, const double *u, size_t n);

/** The grade of a coordination degree d in 0..1, by tenths: 0 极度失调 … 9 优质协调; its name. */
FD_API const char *fd_index_grade(double d, fd_lang lang);

#ifdef __cplusplus
}
#endif
#endif
