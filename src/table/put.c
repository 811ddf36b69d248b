#include "table/put.h"

#include <math.h>

void fd_table__put_est(fd_table *t, size_t column, size_t row, double value)
{
    if (isfinite(value))
        fd_column_set_est(t->columns[column], row, value);
}

void fd_table__put_exact(fd_table *t, const char *column, size_t row, fd_number value)
{
    if (value.state == FD_HAS && !value.is_estimate)
        fd_column_set_number(t->columns[fd_table_find(t, column)], row, value);
}

void fd_table__put_text(fd_table *t, const char *column, size_t row, const char *text)
{
    if (text && *text)
        fd_column_set_text(t->columns[fd_table_find(t, column)], row, text);
}
