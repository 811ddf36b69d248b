/*
 * A declared cube in memory: cells in the order of their keys, and every sum that ties them.
 */
#ifndef FD_DISCLOSURE_CUBE_H
#define FD_DISCLOSURE_CUBE_H

#include "base/vec.h"
#include "fangding/disclosure.h"

#define FD_CUBE_NOWHERE SIZE_MAX

typedef enum fd_cube_mark {
    FD_MARK_NONE = 0,
    FD_MARK_EMPTY,
    FD_MARK_PRIMARY,
    FD_MARK_DOMINANCE,
    FD_MARK_SECONDARY
} fd_cube_mark;

typedef struct fd_cube_item {
    uint32_t at[FD_DISCLOSURE_DIMENSIONS]; /* category per dimension, 0 the total; categories in
                                              byte order */
    size_t row; /* of the table; FD_CUBE_NOWHERE: a total that no row holds */
    int totals; /* over how many dimensions this is a total */
    bool has_value;
    fd_i128 value, top1, top2; /* at the cube's scale */
    bool n_known, tops_known;
    uint32_t n;
    fd_cube_mark
        sensitive;     /* NONE, EMPTY, PRIMARY or DOMINANCE: what the rules say of the cell alone */
    fd_cube_mark mark; /* what is done */
    bool fixed;        /* from the pattern: never released */
} fd_cube_item;

/* items[total] = sum of items[parts[0 .. count-1]] */
typedef struct fd_cube_sum {
    size_t total;
    size_t *parts;
    size_t count;
} fd_cube_sum;

typedef struct fd_cube {
    size_t dimensions;
    int columns[FD_DISCLOSURE_DIMENSIONS];
    fd_vec(char *) categories[FD_DISCLOSURE_DIMENSIONS]; /* [0] is "" */
    size_t strides[FD_DISCLOSURE_DIMENSIONS], places;
    size_t *place_item; /* place → item or FD_CUBE_NOWHERE */
    fd_vec(fd_cube_item) items;
    fd_vec(fd_cube_sum) sums;
    int scale;
    bool is_signed;
} fd_cube;

/** Read, order and classify the cells, add the totals that no row holds, check that everything adds
 * up. *cube must be zero; fd_disclosure__dispose() releases, also after a failure. Errors as
 * fd_disclosure_suppress(). */
int fd_disclosure__read(fd_cube *cube, const fd_table *table, const fd_disclosure_cube *spec,
                        const fd_disclosure_rules *rules);
void fd_disclosure__dispose(fd_cube *cube);

/** The item with the key in a row of another table with the same dimension columns, or
 * FD_CUBE_NOWHERE. */
size_t fd_disclosure__lookup(const fd_cube *cube, const fd_table *table, const int *columns,
                             size_t row);
/** Positions of the dimension columns in a table. FD_ENOTFOUND, FD_EINVAL. */
int fd_disclosure__columns(int *columns, const fd_table *table, const fd_disclosure_cube *spec);
/** The text of a dimension cell; "" for a total. */
const char *fd_disclosure__key(const fd_table *table, int column, size_t row);

/** Is the cell hidden by its mark? */
bool fd_disclosure__is_suppressed(const fd_cube_item *item);
/** Is the cell one that must not be placed too closely? */
bool fd_disclosure__is_sensitive(const fd_cube_item *item);
/** Does nobody outside hold a figure for it: suppressed, or a total that is not in the table? */
bool fd_disclosure__is_unknown(const fd_cube_item *item);
/** Could its figure be another one: it is not empty, and not a missing cell that an attacker is
 * granted? */
bool fd_disclosure__can_move(const fd_cube_item *item);
/** How far the interval must reach: below at most the value itself when values are not negative,
 * above at least one unit.  For an insider (else FD_CUBE_NOWHERE) whose own value is part of the
 * cell, the value is the rest: that is what the others have to hide. */
void fd_disclosure__protection(const fd_cube *cube, const fd_cube_item *item,
                               const fd_disclosure_rules *rules, size_t insider, double *below,
                               double *above);
/** Is the inner cell `inner` one of those that `item` adds up (or item itself)? */
bool fd_disclosure__covers(const fd_cube *cube, const fd_cube_item *item,
                           const fd_cube_item *inner);
/** Does the only contributor of the inner cell `insider` know the value of `item`, being alone in
 * it? */
bool fd_disclosure__knows(const fd_cube *cube, const fd_cube_item *insider,
                          const fd_cube_item *item);

const char *fd_disclosure__mark_name(fd_cube_mark mark);
fd_cube_mark fd_disclosure__mark_parse(const char *text);

/* What an attacker can do to one sensitive cell. */
typedef struct fd_cube_finding {
    size_t item;
    size_t insider; /* item whose contributor attacks, or FD_CUBE_NOWHERE */
    double below,
        above; /* how far the interval reaches from the true value, in units of the cube's scale */
} fd_cube_finding;

typedef struct fd_cube_findings {
    fd_vec(fd_cube_finding) list;
} fd_cube_findings;

/** The attack on the cube's marks; stops at the first finding when asked to. */
int fd_disclosure__audit(fd_cube_findings *out, const fd_cube *cube,
                         const fd_disclosure_rules *rules, bool only_first);

#endif
