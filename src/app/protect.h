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
 * the further cells that would give them away.  A free filter on protected items is audited.
 */
int fd_protect(fd_table **table, fd_call *call, const fd_indicator *indicator, size_t dimensions,
               bool filtered);

/** The same for a growth table of an item: with `--by enterprise`, or parts of fewer than three. */
int fd_protect_item(fd_table **table, fd_call *call, const fd_item *item, fd_period period);

#endif
