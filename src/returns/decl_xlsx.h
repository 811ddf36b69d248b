/*
 * A declaration of 鼎言 as a spreadsheet, and back: for people who do not edit text files.
 *
 * One row for each clause (层级, 子句, 内容, 值, 表头, 依据, 备注, 上方注释); kind, name, id stand
 * above. What a 列 clause says behind 值 and 表头 has columns of its own.  Writing, reading and
 * parsing gives a declaration that fd_decl_equal() the first; the columns may stand in any order.
 */
#ifndef FD_RETURNS_DECL_XLSX_H
#define FD_RETURNS_DECL_XLSX_H

#include "base/str.h"
#include "fangding/ding.h"

/** Write one declaration as a workbook: its sheet, and a sheet 说明 with the clauses of its kind in
 * both languages. FD_EIO, FD_ENOSPC, FD_ENOTFOUND (the folder). */
int fd_decl_write_xlsx(const fd_decl *decl, const char *path);

/**
 * Read such a workbook into the text of a declaration; parsing it is the caller's.
 *
 * @param[out] text  appended to; what a cell holds never becomes a line of its own
 * @return 0; FD_EFORMAT names sheet and what is missing (no row 子句, no kind, no name); codes of
 *         fd_rows_open()
 */
int fd_decl_read_xlsx(fd_buf *text, const char *path);
/** The same over bytes; `name` is for messages. */
int fd_decl_read_xlsx_memory(fd_buf *text, const void *data, size_t size, const char *name);

#endif
