/*
 * Disclosure control: which cells of a table may leave the house.
 *
 * A *declared cube* is a table with up to four dimension columns, in which an empty dimension cell
 * means the total over that dimension, one value column, and the number of contributors with the
 * largest two of them.  The cube is the unit of protection: everything that is ever published of
 * an item for a period must be in one declared cube, since cells protected in one table can be
 * derived from another that was protected alone.
 *
 * A cell is sensitive when
 *   - primary:    fewer than min_contributors stand behind it, or nobody knows how many;
 *   - dominance:  top1 / value > top1_mille / 1000, or (top1 + top2) / value > top2_mille / 1000.
 * Both are decided with integers.  A sensitive cell is suppressed, and with it as many others
 * (secondary) as are needed so that whoever knows all published cells, and that values are not
 * negative, cannot place the sensitive value within ±protection_mille of itself.
 *
 * Same bytes for the same cube: cells are taken in the order of their keys, whatever order the rows
 * had, and nothing depends on threads or time.
 *
 * Over months: two tables protected each by itself may show a cell in one and hide it in the other;
 * with cumulative figures (1–2, 1–3) the difference gives a month away.  Therefore a pattern is
 * fixed per item and cube in a reference period, stored, and handed in for every other period: what
 * the pattern suppresses stays suppressed.  A period may still need further cells (a plant closed,
 * n fell to 2): when it has them, merge the patterns with fd_disclosure_pattern(), and treat the
 * periods that are still unpublished with the merged one; periods already published keep theirs.
 * For cumulative periods hand in the merged pattern of all periods of the year that are published
 * together, repeating until no table adds a cell.
 */
#ifndef FANGDING_DISCLOSURE_H
#define FANGDING_DISCLOSURE_H

#include <stdint.h>

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FD_DISCLOSURE_DIMENSIONS 4 /* at most */
#define FD_DISCLOSURE_CELLS                                                                        \
    1000000 /* at most, counting every combination of categories and totals */

typedef struct fd_disclosure_rules {
    uint32_t min_contributors;
    int32_t top1_mille,
        top2_mille;           /* shares above these dominate; 1000 or more switches the rule off */
    int32_t protection_mille; /* the interval must reach this share of the value to both sides */
    /* Also protect against the one enterprise behind a cell with n = 1, who knows its own value. */
    bool insiders;
} fd_disclosure_rules;
#define FD_DISCLOSURE_RULES_INIT                                                                   \
    {                                                                                              \
        3, 850, 900, 150, true                                                                     \
    }

typedef struct fd_disclosure_cube {
    const char *const *dimensions; /* ids of TEXT or CODE columns; "" or no value: the total */
    size_t dimension_count;        /* 1 to FD_DISCLOSURE_DIMENSIONS */
    const char *value;             /* id of a DEC column that adds up */
    /* Ids of DEC columns (top1 and top2 in the value's unit), or all NULL: the contributors of the
     * value column. */
    const char *n, *top1, *top2;
    bool may_be_negative; /* an attacker does not know the sign; set anyway when a value is negative
                           */
} fd_disclosure_cube;

#define FD_DISCLOSURE_UNKNOWN "?" /* category of a record whose dimension cell is empty */

/**
 * Make the cells of a full cube from records: every combination of categories that occurs, and
 * every total.
 *
 * Columns of the result: the dimensions (TEXT), `value`'s column (exact sums), `n`, `top1`, `top2`:
 * how many contributors, and the largest two of them by absolute value.  Inner cells come first,
 * then totals.  A cell is 缺报 when a record in it is, 不适用 when all are, 待核 when one is; a
 * record that is 不适用 is nobody.  A record whose dimension cell is empty goes to category
 * FD_DISCLOSURE_UNKNOWN, since "" is the total.
 *
 * @param contributor  id of a TEXT or CODE column; rows that share it are one contributor (several
 * plants of a firm). NULL, or a cell without value: the row is a contributor of its own
 * @return FD_ENOTFOUND, FD_EINVAL for columns; FD_EOVERFLOW a sum needs more than 64 bits
 *
 * Time: linear in records × 2^dimensions. Caller frees *out.
 */
FD_API int fd_disclosure_tabulate(fd_table **out, const fd_table *records,
                                  const char *const *dimensions, size_t dimension_count,
                                  const char *value, const char *contributor);

/**
 * Decide which cells are suppressed.
 *
 * The cube need not be full: a combination of categories without a row is empty (0, no
 * contributor), a total without a row is not published.  Cells that are 不适用, or 0 with n = 0,
 * are `empty`: published as such, nothing to protect.  A cell that is 缺报 is not published and, on
 * the safe side, taken as known to an attacker.  待核 counts as a value.
 *
 * Secondary cells: for each sensitive cell, from the largest to the smallest, and for either side,
 * the cheapest pattern of shifts that keeps every sum and moves the sensitive cell by its
 * protection level is found as a linear program (Kelly, Golden, Assad 1992,
 * doi:10.1002/net.3230220407, in the form of shifts up and down; cost of a cell: log2(2 +
 * |mantissa|), times 8 for each dimension over which it is a total; 0 when suppressed already); the
 * cells that shift are suppressed.  Superfluous ones are then released again, largest first, as
 * long as the audit stays clean (left out for cubes in which that needs more than 6,000 programs).
 * The result has been audited.
 *
 * @param out      the table with a TEXT column `suppressed`: "primary", "dominance", "secondary",
 * "empty" or "". The values stay in it: this is the house's own copy. See fd_disclosure_publish().
 * Caller frees.
 * @param pattern  NULL, or a table with the same dimension columns and `suppressed`: cells that are
 * suppressed there (primary, dominance or secondary) are suppressed here, as "secondary" unless
 * sensitive themselves
 * @return FD_EINVAL a column of the wrong kind, or rules out of range; FD_ENOTFOUND a column is not
 * there; FD_ECONFLICT a key repeats, or a total is not the sum of its parts (with the residual);
 * FD_ELIMIT; FD_EOVERFLOW; FD_ENOCONV the audit could not be satisfied
 *
 * Time: 2 to 4 linear programs per sensitive cell, of one row per sum and two columns per cell.
 */
FD_API int fd_disclosure_suppress(fd_table **out, const fd_table *cells,
                                  const fd_disclosure_cube *cube, const fd_disclosure_rules *rules,
                                  const fd_table *pattern);

/**
 * Attack a table: for each sensitive cell the smallest and largest value that agree with everything
 * published.
 *
 * Reads `suppressed` of the table (absent: nothing is suppressed) and decides anew which cells are
 * sensitive. Built from the published cells alone, apart from fd_disclosure_suppress().
 *
 * @param out  one row per sensitive cell that can be placed too closely: the dimensions,
 * `suppressed`, `value`, `lower`, `upper` (reaching at most ten protection levels from the value),
 * `insider` (key of the cell whose only contributor could do it, parts joined by '/', "" for
 * anybody). No rows: safe. Caller frees.
 * @return as fd_disclosure_suppress()
 *
 * Time: 2 linear programs per sensitive cell, of one row per sum and one column per suppressed
 * cell.
 */
FD_API int fd_disclosure_attack(fd_table **out, const fd_table *cells,
                                const fd_disclosure_cube *cube, const fd_disclosure_rules *rules);

/** Union of the patterns of several protected tables of one cube: the dimensions and `suppressed`
 * ("secondary" throughout), one row per cell suppressed anywhere, in order of first appearance.
 * Caller frees. FD_ENOTFOUND a column is not there. */
FD_API int fd_disclosure_pattern(fd_table **out, const fd_table *const *tables, size_t count,
                                 const fd_disclosure_cube *cube);

/**
 * The copy that may leave: in suppressed rows every column but the dimensions is emptied,
 * `suppressed` says only "suppressed" (primary and secondary are not told apart outside), and n,
 * top1, top2 are gone. A note says so. FD_ENOTFOUND when the table has no column `suppressed`.
 * Caller frees.
 */
FD_API int fd_disclosure_publish(fd_table **out, const fd_table *cells,
                                 const fd_disclosure_cube *cube);

#ifdef __cplusplus
}
#endif
#endif
