/*
 * A matrix with codes straight from a file: what fd_csv_table() and fd_labelled_read() do together,
 * for tables of millions of cells, in one pass and with one copy in memory.
 */
#ifndef FD_IO_CSVMATRIX_H
#define FD_IO_CSVMATRIX_H

#include "table/labelled.h"

/**
 * Read CSV or XLSX, also packed with gzip. First row: corner and column codes; first column: row
 * codes (text whatever they look like); every other cell a number.
 *
 * @return FD_EFORMAT no header, a code missing or twice, a row of another length, a cell that is no
 *         number or empty (missing is not zero): with file, row and column; FD_ELIMIT above 4 GiB
 *         of numbers; FD_ENOTFOUND, FD_EIO as fd_rows_open(). *out is disposed then.
 */
int fd_csv_matrix(fd_labelled *out, const char *path);

/** The same from bytes in memory; `name` is for messages. */
int fd_csv_matrix_memory(fd_labelled *out, const void *data, size_t size, const char *name);

#endif
