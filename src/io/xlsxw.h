/*
 * XLSX out: plain sheets of text, numbers and dates with headers, for the files that go back to
 * their senders and for forms.  Tables of results are printed by table/print.
 *
 * Rows and columns count from 1, as in fd_place.  The same calls give the same bytes.
 */
#ifndef FD_IO_XLSXW_H
#define FD_IO_XLSXW_H

#include <stdbool.h>

#include "base/str.h"
#include "fangding/decimal.h"
#include "fangding/period.h"

typedef enum fd_xlsxw_style {
    FD_XLSXW_PLAIN = 0,
    FD_XLSXW_HEADER = 1,  /* bold, centred, grey, framed, wrapped */
    FD_XLSXW_TITLE = 2,   /* bold, large, centred */
    FD_XLSXW_FAULT = 3,   /* light red: a rejected cell */
    FD_XLSXW_COMMENT = 4, /* red, wrapped: what is wrong with the row */
    FD_XLSXW_GREY = 5,    /* grey on pale grey, small: for reference beside an entry */
    FD_XLSXW_ENTRY = 6,   /* framed, may be edited on a protected sheet */
    FD_XLSXW_KNOWN = 7,   /* the same on pale yellow: filled in already */
    FD_XLSXW_STYLES = 8
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

/** An empty cell that shows numbers with `digits` fraction digits (0 to 18; -1: as text, -2: as a
 * day). */
int fd_xlsxw_blank(fd_xlsxw *w, long row, long column, int digits, fd_xlsxw_style style);
/** A note that opens over a cell, at most one for each. Longer than 32,767 bytes is cut. */
int fd_xlsxw_note(fd_xlsxw *w, long row, long column, const char *text);

/** Cells of a column, rows first … last, accept numbers only; with `nonnegative` none below zero.
 * Text that says why (缺报, 不适用) stays possible: the spreadsheet asks before it takes it. */
int fd_xlsxw_accept_number(fd_xlsxw *w, long first, long last, long column, bool nonnegative,
                           const char *title, const char *message);
/** They offer a list of words and accept no other. More than 255 characters in all: no check is
 * set, 0 comes back. */
int fd_xlsxw_accept_words(fd_xlsxw *w, long first, long last, long column, const char *const *words,
                          size_t count, const char *title, const char *message);
/** Only ENTRY and KNOWN cells of the sheet may be edited; sorting and sizing stay allowed. There is
 * no password: this is against slips, not against people. */
int fd_xlsxw_protect(fd_xlsxw *w);
/** Hide the sheet. Not the first one. */
int fd_xlsxw_hide(fd_xlsxw *w);

/** Merge a rectangle (both ends inclusive) and put a text into it; one cell is not merged. Ranges
 * may not overlap. */
int fd_xlsxw_merge(fd_xlsxw *w, long row, long column, long last_row, long last_column,
                   fd_view text, fd_xlsxw_style style);

/** Width of a column in characters (Chinese ones count two). */
int fd_xlsxw_width(fd_xlsxw *w, long column, double characters);
/** Height of a row in points (15 is one line). */
int fd_xlsxw_height(fd_xlsxw *w, long row, double points);
/** Keep the first `rows` rows on the screen. */
int fd_xlsxw_freeze(fd_xlsxw *w, long rows);
/** The same with the first `columns` columns. */
int fd_xlsxw_freeze_at(fd_xlsxw *w, long rows, long columns);

/** On paper: A4 landscape, all columns on one page, the first `header_rows` rows on each. */
int fd_xlsxw_print_wide(fd_xlsxw *w, long header_rows);

/** Write the file, atomically, and release w. @return 0, FD_ENOSPC, FD_EIO, FD_ENOTFOUND (the
 * folder) */
int fd_xlsxw_finish(fd_xlsxw *w);
/** Release w without a file. NULL is fine. */
void fd_xlsxw_abandon(fd_xlsxw *w);

#endif
