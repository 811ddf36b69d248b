/*
 * Between finding a header (sheet.c) and laying its columns on the form's (bind.c).
 */
#ifndef FD_RETURNS_SHEET_H
#define FD_RETURNS_SHEET_H

#include "returns/read.h"

/** Texts of one column's header from top to bottom, equal neighbours once. @return how many */
size_t fd_head__levels(const fd_head *head, size_t first, size_t height, size_t column, bool merged,
                       fd_view out[3]);
/** Columns up to the last with a text. */
size_t fd_head__width(const fd_head *head, size_t first, size_t height);
/** Match every column, report what is unknown, ambiguous, contradictory or absent. unit_row
 * SIZE_MAX: none. */
void fd_sheet__bind(fd_reader_state *s, fd_sheet *sheet, const fd_head *head, size_t first,
                    size_t height, size_t unit_row, bool merged);

#endif
