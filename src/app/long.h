/*
 * The long form of several indicators: one row per indicator, place and period, with a unit each.
 * A table column has one unit, so the list exists only at the printer, as text.
 */
#ifndef FD_APP_LONG_H
#define FD_APP_LONG_H

#include "fangding/table.h"

/**
 * Join result tables (column "value", further columns alike) into indicator, dimension columns…,
 * period, value, unit, state, n.  value is text: exact decimals and quotients as CSV prints them.
 */
int fd_long_join(fd_table **out, fd_table *const *tables, size_t count);

#endif
