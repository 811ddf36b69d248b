/*
 * A dense matrix whose rows and columns have names: what input–output tables, targets and distances
 * arrive as. First column of the table: row codes; every other column: numbers.
 */
#ifndef FD_TABLE_LABELLED_H
#define FD_TABLE_LABELLED_H

#include "fangding/table.h"

typedef struct fd_labelled {
    size_t rows, columns;
    double *v;            /* rows × columns, row-major */
    char **row, **column; /* codes */
    char *corner;         /* name of the column of row codes */
} fd_labelled;

/** Zeros, with no codes yet (NULL entries). */
void fd_labelled_init(fd_labelled *out, size_t rows, size_t columns);
void fd_labelled_dispose(fd_labelled *m);

/**
 * The numbers of a table, once each, as doubles; O(rows × columns).
 *
 * @param in   first column TEXT or CODE, all others DEC, QUOT, EST or BOOL
 * @return FD_EINVAL a row without code, a code twice, a column that holds no numbers, or a cell
 *         without a number (missing is not zero), with its row and column. *out is disposed then.
 */
int fd_labelled_read(fd_labelled *out, const fd_table *in);

/** The same as a table of estimates with 12 significant digits; the caller frees it. */
fd_table *fd_labelled_table(const fd_labelled *m, const char *id, const char *zh, const char *en);

/** Position of a code among `count`, or -1. Linear: for loops over all codes build a map. */
ptrdiff_t fd_labelled_find(char *const *codes, size_t count, const char *code);

#endif
