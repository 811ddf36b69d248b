/*
 * One sheet out, cell after cell, as CSV (UTF-8 or GB18030) or as XLSX. A failure is kept and comes
 * out at the end.
 */
#ifndef FD_EXAMPLE_SHEET_H
#define FD_EXAMPLE_SHEET_H

#include <stdint.h>
#include <stdio.h>

#include "io/csvw.h"
#include "io/xlsxw.h"

typedef enum fd_ex_format { FD_EX_UTF8, FD_EX_GBK, FD_EX_XLSX } fd_ex_format;

typedef struct fd_ex_sheet {
    fd_ex_format format;
    char *path;
    FILE *stream;
    fd_csvw *csv;
    fd_xlsxw *xlsx;
    long row, column; /* of the next cell, from 1 */
    fd_xlsxw_style style;
    int err;
} fd_ex_sheet;

/** Begin `folder/name.csv` (UTF-8 with a mark, or GB18030; CR LF) or `folder/name.xlsx`. Always end
 * it. */
void fd_example__begin(fd_ex_sheet *s, const char *folder, const char *name, fd_ex_format format);
/** @return 0 or what went wrong at any time since begin; everything is released. */
int fd_example__end(fd_ex_sheet *s);

void fd_example__text(fd_ex_sheet *s, const char *text); /* NULL leaves the cell empty */
/** A number with `scale` fraction digits, all of them written. */
void fd_example__number(fd_ex_sheet *s, int64_t mantissa, int scale);
void fd_example__row(fd_ex_sheet *s); /* end the row */
/** Cells as header cells until the next call with false. */
void fd_example__heading(fd_ex_sheet *s, bool on);
/** The texts as one row of header cells; the list ends with NULL. */
void fd_example__headers(fd_ex_sheet *s, const char *const *texts);
/** XLSX: a title and a line with period and unit across `columns`; nothing in CSV. */
void fd_example__title(fd_ex_sheet *s, const char *title, const char *line, long columns);
/** XLSX: merge from the next cell over `rows` × `columns`, and go right past it. */
void fd_example__merged(fd_ex_sheet *s, const char *text, long rows, long columns);

#endif
