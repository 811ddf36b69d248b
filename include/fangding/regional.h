/*
 * Structure of regions: specialisation, shift-share, structural change.
 *
 * Pure: a table in, tables out; no file, no clock, no city.  How to use it and to say it:
 * docs/methods/regional.md.
 *
 * Two forms of input are understood, told apart by the columns:
 *   long: one row for each region, industry and year, and a column of values;
 *   wide: one row for each industry (and region), and columns whose names end in a year,
 *     "e_Freiburg2008": what stands before the year, less a beginning up to '_' that all such
 *     columns share, is the region.
 * Columns that are not named are found by their names (region, industry, year, 地区, 行业, 年份 …),
 * then by position: region, industry, year, value. A file without regions is one region, a file
 * without years one moment; that column is then missing from the results, too.
 *
 * The reference of a region is a region of the file (`reference`), or the sum of all of them
 * ("sum"). Without a word it is the region that holds in each industry and year, within half a
 * percent, at least as much as all others together, as a nation does; or else the sum. The
 * reference itself is not among the results.
 *
 * A combination without a row is 0, when the region has rows in that year; an empty cell is not
 * reported, and what needs it stays unknown.
 */
#ifndef FANGDING_REGIONAL_H
#define FANGDING_REGIONAL_H

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fd_regional_spans {
    FD_SPANS_ENDS,  /* the first year to the last */
    FD_SPANS_STEPS, /* each year to the next */
    FD_SPANS_BOTH   /* the ends, then each step */
} fd_regional_spans;

typedef struct fd_regional_options {
    int version;
    const char *region, *industry, *year, *value; /* columns; NULL: found */
    const char *reference;                        /* a region, "sum", or NULL: found */
    const char *only;                             /* report this region alone, or NULL */
    bool ends;                                    /* specialise: the first and last year only */
    fd_regional_spans spans;
    size_t group; /* structure: industries that share as many leading characters are one group */
} fd_regional_options;
#define FD_REGIONAL_OPTIONS_INIT                                                                   \
    {                                                                                              \
        1, NULL, NULL, NULL, NULL, NULL, NULL, false, FD_SPANS_ENDS, 1                             \
    }

/* The columns of codes of a file of either form, by name; NULL where it has none. Texts belong to
 * the table or the options. */
typedef struct fd_regional_columns {
    const char *region, *industry, *year, *value;
    bool wide; /* years stand in the names of columns; value is NULL */
} fd_regional_columns;

/**
 * Which columns hold what, from the names alone: a caller reads region, industry and year as text.
 *
 * @return FD_ENOTFOUND a column that was named, or no column for industries or values
 */
FD_API int fd_regional_find(fd_regional_columns *out, const fd_table *in,
                            const fd_regional_options *options);

typedef struct fd_specialisation {
    fd_table *lq;             /* year, region, industry, lq */
    fd_table *specialisation; /* year, region, hhi, krugman, krugman_half, entropy_nat, theil_rel,
                                 hachman */
} fd_specialisation;

/**
 * How a region differs from its reference, in each year.
 *
 * With shares s(i) of the region's industries and r(i) of the reference's:
 *   lq(i) = s / r (Florence 1939); hhi = sum s^2; krugman = sum |s - r|, 0 to 2 (Krugman 1991), and
 *   half of it; entropy = -sum s ln s; theil_rel = sum s ln(s / r) (Theil 1967); hachman =
 *   1 / sum(s^2 / r), 1 when equal (Hachman 1994).
 * 0 ln 0 is 0; where r = 0 the lq is not applicable and, when s > 0, theil_rel and hachman, too.
 *
 * @return FD_ENOTFOUND a column or region; FD_EINVAL a negative value, with its row; FD_EOVERFLOW
 *         values that cannot be summed
 *
 * O(rows + regions × industries × years). Release with fd_specialisation_dispose().
 */
FD_API int fd_specialise(fd_specialisation *out, const fd_table *in,
                         const fd_regional_options *options);
FD_API void fd_specialisation_dispose(fd_specialisation *result);

typedef struct fd_shift_share {
    fd_table *shift_change; /* t0, t1, region, total, national, mix, regional_dunn, net_total,
                               regional_esteban, allocation_esteban, lilien_avg, lilien_end,
                               moore_cos, moore_deg, nav, k_value_pct */
    fd_table *dynamic;      /* t0, t1, region, total … allocation_esteban: sums over the steps */
    fd_table *industries;   /* t0, t1, region, industry, e0, e1, total, national, mix,
                               regional_dunn, regional_esteban, allocation_esteban */
} fd_shift_share;

/**
 * What of a region's change is the nation's growth, its mix of industries, and its own.
 *
 * With e(i) the region's, n(i) the reference's values at t0 and t1, g(i) = n1/n0 - 1, G the same of
 * the totals, r(i) = e1/e0 - 1, e'(i) = E0 n0(i)/N0:
 *   total = E1 - E0 = national + mix + regional_dunn
 *   national = G E0; mix = sum e0 (g - G); regional_dunn = sum e1 - e0 (1 + g)  (Dunn 1960)
 *   net_total = total - national
 *   regional_dunn = regional_esteban + allocation_esteban: sum e'(r - g) and sum (e0 - e')(r - g)
 *     (Esteban-Marquillas 1972, doi:10.1016/0034-3331(72)90033-4)
 *   dynamic: the sums over all steps (Barff and Knight 1988, doi:10.1177/016001768801100201)
 * An industry new in the region (e0 = 0) has no r: its e1 is regional, and allocation. An industry
 * new in the reference (n0 = 0) has no g: 0 is taken.
 *
 * Structural change between the shares s0 and s1, with log growth h(i) = ln(e1/e0), H of the total:
 *   lilien = sqrt(sum w (h - H)^2), w the mean of the shares (avg) or the end share (end)
 *     (Lilien 1982, doi:10.1086/261088); industries at 0 at either end have no h and are left out
 *   moore = angle of the vectors of shares and its cosine (Moore 1978); nav = half of the sum of
 *     |s1 - s0|; k_value = twice that in percent
 *
 * Errors as fd_specialise(), and FD_EINVAL with fewer than two years. Release with
 * fd_shift_share_dispose().
 */
FD_API int fd_shift_share_run(fd_shift_share *out, const fd_table *in,
                              const fd_regional_options *options);
FD_API void fd_shift_share_dispose(fd_shift_share *result);

/**
 * The structure of each region over time, one row a year: number of industries, total, hhi,
 * inv_hhi, entropy_nat, entropy_bits, unrelated_variety_bits (entropy between groups of
 * industries), related_variety_bits (the rest; Frenken et al. 2007,
 * doi:10.1080/00343400601120296), krugman, theil_rel, hachman, and the change from the year before:
 * lilien_avg, lilien_end, moore_cos, moore_deg, nav, k_value_pct (not applicable in the first).
 * What compares with the reference is not applicable when the file holds one region alone.
 * Errors as fd_specialise(). The caller frees *out.
 */
FD_API int fd_structure_run(fd_table **out, const fd_table *in, const fd_regional_options *options);

#ifdef __cplusplus
}
#endif
#endif
