/*
 * What leaves through a verb: disclosure rules for results that rest on statistical returns.
 */
#ifndef FD_APP_PROTECT_H
#define FD_APP_PROTECT_H

#include "fangding/verbs.h"

/** Does an expression's result rest on returns of statistical origin in this city? */
bool fd_rests_on_statistics(fd_city *city, const fd_expr *expr);

/**
 * Suppress what may not leave of a measured table (columns as fd_measure() gives them), in place of
 * *table.
 *
 * Untouched: the statistics role; tables without dimensions; indicators that read no statistical
 * return. Otherwise cells of fewer than three, or dominated, are emptied and marked, and with them
 * further cells until no line of a dimension (nor a division's classes of industry) hides one cell
 * alone; which, depends neither on the order of rows nor on that of dimensions.  That guards one
 * table and its sums; tables that leave the house are published as a cube, which guards all of it
 * at once (fd_disclosure_suppress).  A free filter on protected items is
 * audited.
 */
int fd_protect(fd_table **table, fd_call *call, const fd_indicator *indicator, size_t dimensions,
               bool filtered);

/**
 * The same for a growth table (columns as fd_growth() gives them) of an item or an indicator:
 * FD_EDENIED by enterprise; a part is emptied when fd_protect() would empty it in either period,
 * the whole when a filter left too few.
 */
int fd_protect_growth(fd_table *table, fd_call *call, const fd_item *item,
                      const fd_indicator *indicator);

/** May a figure of this size be shown that n enterprises contribute to, the two largest so much? */
bool fd_protect_shows(uint32_t n, double size, double top1, double top2);

/**
 * FD_EDENIED when a free filter reads returns the role may not see: who passes "profit > X" tells
 * the profit by bisection, however few or many the answer counts. NULL is no filter.
 */
int fd_protect_where(const fd_call *call, const fd_expr *where);

/** A free filter on protected items leaves a line in the audit chain. */
int fd_protect_audit(fd_call *call, const char *object);

/**
 * FD_EDENIED when what is being defined (`own`) puts a condition, a threshold or anything else that
 * draws a line on statistical returns that the role may not see, in an indicator of its own or
 * through a parameter of another.  A return of which nothing is stored yet counts as statistical.
 * `program` is everything as it would stand.
 */
int fd_protect_definitions(const fd_call *call, const fd_program *program, fd_script *const *own,
                           size_t own_count);

/** FD_EDENIED when the role may see published cells only and asks for enterprises. */
int fd_protect_enterprises(const fd_call *call);

#endif
