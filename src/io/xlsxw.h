/*
 * XLSX out: plain sheets of text, numbers and dates with headers, for the files that go back to
 * their senders and for forms.  Tables of results are printed by table/print.
 *
 * Rows and columns count from 1, as in fd_place.  The same calls give the same bytes.
 */
#ifndef FD_IO_XLSXW_H
#define FD_IO_XLSXW_H

#include "base/str.h"
#include "fangding/decimal.h"
#include "fangding/period.h"

typedef enum fd_xlsxw_style {
    FD_XLSXW_PLAIN = 0,
    FD_XLSXW_HEADER = 1,  /* bold, centred, grey, framed, wrapped */
    FD_XLSXW_TITLE = 2,   /* bold, large, centred */
    FD_XLSXW_FAULT = 3,   /* light red: a rejected cell */
    FD_XLSXW_COMMENT = 4, /* red, wrapped: what is wrong with the row */
    FD_XLSXW_STYLES = 5
} fd_xlsxw_style;

typedef struct fd_xlsxw fd_xlsxw;

/** Begin a file. It appears, whole, at fd_xlsxw_finish(). Release with finish or abandon. */
int fd_xlsxw_new(fd_xlsxw **out, const char *path);

/**
 * Begin a sheet; at least one before anything else. Names longer than 31 characters are cut,
 * characters that spreadsheets refuse ([]:*?/\) become '_', a name that occurs again gets a number.
 */
int fd_xlsxw_sheet(fd_xlsxw *w, const char *name);

/* Cells. FD_ELIMIT outside 1,048,576 × 16,384; text beyond 32,767 characters is cut. */
int fd_xlsxw_text(fd_xlsxw *w, long row, long column, fd_view text, fd_xlsxw_style style);
/** A number, shown with the fraction digits of its scale. A spreadsheet keeps 15 significant
 * digits; more become text. */
int fd_xlsxw_number(fd_xlsxw *w, long row, long column, fd_decimal value, fd_xlsxw_style style);
/** A day; FD_DATE_NONE leaves the cell empty. Days before 1900-03-01 become text. */
int fd_xlsxw_date(fd_xlsxw *w, long row, long column, fd_date date, fd_xlsxw_style style);

/** Merge a rectangle (both ends inclusive) and put a text into it; one cell is not merged. Ranges
 * may not overlap. */
int fd_xlsxw_merge(fd_xlsxw *w, long row, long column, long last_row, long last_column,
                   fd_view text, fd_xlsxw_style style);

/** Width of a column in characters (Chinese ones count two). */
int fd_xlsxw_width(fd_xlsxw *w, long column, double characters);
/** Keep the first `rows` rows on the screen. */
int fd_xlsxw_freeze(fd_xlsxw *w, long rows);

/** Write the file, atomically, and release w. @return 0, FD_ENOSPC, FD_EIO, FD_ENOTFOUND (the
 * folder) */
int fd_xlsxw_finish(fd_xlsxw *w);
/** Release w without a file. NULL is fine. */
void fd_xlsxw_abandon(fd_xlsxw *w);

#endif
