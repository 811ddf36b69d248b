/*
 * A panel for productivity: units over time, sorted, with the numbers that an engine asks for.
 *
 * Rows are ordered by unit (in order of first appearance in the table) and then by time, whatever
 * the order of the file.  Time is an integer axis on which one step is one period.
 */
#ifndef FD_ANALYSIS_PRODPANEL_H
#define FD_ANALYSIS_PRODPANEL_H

#include "fangding/table.h"

/* For `time`: the table has no periods, each unit stands once. Labels are "". */
#define FD_PRODPANEL_NO_TIME ""

typedef struct fd_prodpanel {
    size_t n, units, columns;
    char **unit;   /* units: their codes; owned */
    size_t *start; /* units + 1: rows of unit u are start[u] .. start[u+1]-1 */
    int64_t *time; /* n: position on the axis */
    char **label;  /* n: the time as the file writes it; owned */
    size_t *row;   /* n: row of the table */
    double *v;     /* columns × n, one column after the other; NaN where the file has no number */
    char *id_name, *time_name; /* column names; owned */
} fd_prodpanel;

/**
 * Read a long table (one row for each unit and period).
 *
 * Time: all labels are periods of one kind (2024, 2024Q1, 2024-03), or all are integers (1, 2, 3).
 *
 * @param id, time  columns; NULL: the first, and a column called t, year, time or period,
 *                  else the second
 * @param columns   `count` names of columns of numbers
 * @return FD_ENOTFOUND a column; FD_EINVAL a column without numbers, a row without unit or time, a
 *         unit twice in a period (both rows named), a time that is neither, or no row at all. *out
 *         is disposed then.
 *
 * Time: O(n log n + columns n).
 */
int fd_prodpanel_read(fd_prodpanel *out, const fd_table *in, const char *id, const char *time,
                      const char *const *columns, size_t count);
void fd_prodpanel_dispose(fd_prodpanel *panel);

/** Column k of the panel: n numbers, NaN where there is none. */
const double *fd_prodpanel_column(const fd_prodpanel *panel, size_t k);

/** Line of the file that row i of the panel comes from (the header is line 1). */
size_t fd_prodpanel_line(const fd_prodpanel *panel, size_t i);

#endif
