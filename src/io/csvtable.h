/*
 * A plain CSV (or XLSX) file as a table: what an engine takes that works without a city.
 *
 * The first row names the columns. A column in which every cell that is not empty reads as a number
 * becomes EST, any other TEXT; empty cells are 缺报. Ids are text whatever they look like: name
 * them in `text`, since "0011" is a code and "NA" is a country.
 */
#ifndef FD_IO_CSVTABLE_H
#define FD_IO_CSVTABLE_H

#include "fangding/table.h"

/**
 * Read a file whole.
 *
 * @param text         ids of columns that stay TEXT, or NULL; NULL entries are passed over
 * @param first_text   as many columns at the left stay TEXT, too
 * @return FD_EFORMAT no header, a name twice, a row of another length, bytes that are no text;
 *         FD_ENOTFOUND, FD_EIO, FD_ELIMIT as fd_rows_open(). Errors name file, row and column. The
 *         caller frees *out.
 */
int fd_csv_table(fd_table **out, const char *path, const char *const *text, size_t text_count,
                 size_t first_text);

/** A number as such files write it: optional sign, digits, point, exponent; inf and nan are no
 * numbers. False when the text is anything else or beyond a double. */
bool fd_csv_number(double *out, const char *text, size_t length);

#endif
