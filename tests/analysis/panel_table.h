/* Tables for the tests of engines: built from text, as a CSV would give them. */
#ifndef TESTS_ANALYSIS_PANEL_TABLE_H
#define TESTS_ANALYSIS_PANEL_TABLE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/table.h"

/* cmocka compares floats as floats. */
#define assert_near(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

/* Lines "a,b,1.5\n": the first names the columns; the first `text` columns are text; an empty cell
 * is missing. The caller frees it. */
static inline fd_table *table_of_lines(const char *lines, size_t text)
{
    fd_table *t = fd_table_new("in", "in", "in");
    const char *at = lines;
    size_t row = 0;

    for (size_t line = 0; *at; line++) {
        for (size_t c = 0; *at; c++) {
            size_t length = strcspn(at, ",\n");
            char cell[64];

            snprintf(cell, sizeof cell, "%.*s", (int)length, at);
            if (line == 0)
                fd_table_add_new(t, cell, cell, cell, c < text ? FD_TEXT : FD_EST, "", 0);
            else if (c == 0)
                row = fd_table_add_row(t);
            if (line > 0 && length && c < text)
                fd_column_set_text(t->columns[c], row, cell);
            else if (line > 0 && length)
                fd_column_set_est(t->columns[c], row, strtod(cell, NULL));
            at += length;
            if (*at == '\n' || !*at)
                break;
            at++;
        }
        at += *at == '\n';
    }
    return t;
}

/* The number in a row and column; NaN where there is none. */
static inline double number_at(const fd_table *t, size_t row, const char *column)
{
    const fd_column *c = t->columns[fd_table_find(t, column)];

    return fd_column_state(c, row) == FD_HAS ? fd_number_to_double(fd_column_number(c, row)) : NAN;
}

static inline const char *text_at(const fd_table *t, size_t row, const char *column)
{
    return fd_column_text_or(t->columns[fd_table_find(t, column)], row, "");
}

/* A fixed sequence of numbers in 0..1 for properties: a counter, well mixed. */
static inline double chance(unsigned *seed)
{
    unsigned x = *seed += 0x9E3779B9u;

    x = (x ^ (x >> 16)) * 0x85EBCA6Bu;
    x = (x ^ (x >> 13)) * 0xC2B2AE35u;
    return (double)((x ^ (x >> 16)) >> 8) / 16777216.0;
}

#endif
