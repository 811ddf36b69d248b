/*
 * Filling a result table cell by cell, where what is not known leaves its cell as it is: MISSING.
 * With setters alone every engine would say so again.
 */
#ifndef FD_TABLE_PUT_H
#define FD_TABLE_PUT_H

#include "fangding/table.h"

/** An estimate into the column at this place, when it is finite. */
void fd_table__put_est(fd_table *t, size_t column, size_t row, double value);

/** A number into a column by id (it must be there), when it has a value and is exact. */
void fd_table__put_exact(fd_table *t, const char *column, size_t row, fd_number value);

/** A text into a column by id (it must be there), unless it is NULL or empty. */
void fd_table__put_text(fd_table *t, const char *column, size_t row, const char *text);

#endif
