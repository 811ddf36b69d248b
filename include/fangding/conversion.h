/*
 * Conversion: why the share of a class of enterprises changed, taken apart without a remainder.
 *
 * Pure: enterprises in, tables out; no file, no clock, no city.  How to use it and to say it:
 * docs/methods/conversion.md.
 */
#ifndef FANGDING_CONVERSION_H
#define FANGDING_CONVERSION_H

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One enterprise at the start (0) and the end (1). */
typedef struct fd_conversion_firm {
    const char *id, *group; /* group: of the table of groups, or NULL */
    bool there[2];          /* in the population at that time */
    fd_decimal value[2];    /* at current prices */
    fd_decimal comparable;  /* of the end at prices of the start */
    fd_decimal member[2];   /* the part of the enterprise that belongs to the class, 0 to 1 */
    const char
        *evidence; /* what a change of membership rests on (a decision, a product), or NULL */
} fd_conversion_firm;

typedef struct fd_conversion {
    fd_table *summary;     /* part, points, n, exact, part_name: start, growth, reclassification,
                              entry, exit, price, end, change */
    fd_table *enterprises; /* id, group, kind, member0, member1, evidence, growth, reclassification,
                              entry, exit, price, total, in points of the share */
    fd_table *groups;      /* group, n, growth … total; one row when there are no groups */
} fd_conversion;

/**
 * The change of the class's share S = sum m v / sum v from the start to the end, in parts.
 *
 * With w0 = v0 / V0 and w1 = c1 / C1 at prices of the start, m0 and m1 the membership, and s the
 * mean of the class's shares at start and end, at prices of the start, cut to four places:
 *   growth (enterprises there at both ends)  = ((m0 + m1)/2 - s) (w1 - w0)
 *   reclassification (the same)              = (m1 - m0) (w0 + w1)/2
 *   entry (at the end only)                  = (m1 - s) w1
 *   exit (at the start only)                 = -(m0 - s) w0
 *   price                                    = m1 (v1/V1 - c1/C1)
 * The five add up to S1 - S0 exactly, for every s, since the weights of each end add up to 1; s
 * makes an enterprise count as it stands to the whole: without it each entry of a
 * member would be a gain (Griliches and Regev 1995,
 * doi:10.1016/0304-4076(94)01601-U).
 *
 * When nothing but labels changes, all of it is reclassification; a note says how many points of it
 * rest on no evidence.
 *
 * All sums are exact fractions.  Points in the summary are printed to ten places by rounding the
 * running level, so that start + parts = end to the last digit; `exact` holds the fraction.
 *
 * @param labels   what start and end are called, e.g. "2020", "2024"
 * @return FD_EINVAL a membership outside 0 to 1, or a total that is not above 0; FD_EOVERFLOW when
 *         the fractions need more than 128 bits (the hint names larger units)
 *
 * O(n). Release with fd_conversion_dispose().
 */
FD_API int fd_conversion_run(fd_conversion *out, const fd_conversion_firm *firms, size_t count,
                             const char *const labels[2]);
FD_API void fd_conversion_dispose(fd_conversion *result);

typedef struct fd_conversion_options {
    int version;
    const char *id, *time, *value, *comparable, *member; /* columns; NULL: found by name */
    const char *by;                                      /* column of groups, or NULL */
    const char *evidence;  /* column of what a reclassification rests on; NULL: found by name */
    const char *from, *to; /* times; NULL: the first and last */
    bool reported_only;    /* leave enterprises with an empty cell out, at both ends, instead of
                              refusing */
} fd_conversion_options;
#define FD_CONVERSION_OPTIONS_INIT                                                                 \
    {                                                                                              \
        1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false                             \
    }

/**
 * The same from a table in long form: a row for each enterprise and time it is there; numbers as
 * texts, so that they stay exact (fd_csv_table() with all columns as text), or DEC. Membership is
 * a number from 0 to 1, a percentage "60%", 是 or 否, yes or no. Without a column of comparable
 * prices the price part is 0, and a note says so.
 *
 * @return as fd_conversion_run(), and FD_ENOTFOUND a column or time; FD_EINVAL an empty or
 *         unreadable cell or an enterprise twice at a time, with its row
 */
FD_API int fd_conversion_table(fd_conversion *out, const fd_table *in,
                               const fd_conversion_options *options);

#ifdef __cplusplus
}
#endif
#endif
