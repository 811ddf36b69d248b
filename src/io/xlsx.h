/*
 * The parts of the XLSX reader: what a workbook says before its rows are read.
 */
#ifndef FD_IO_XLSX_H
#define FD_IO_XLSX_H

#include "base/vec.h"
#include "io/rows_internal.h"
#include "io/xlsx_xml.h"

#define FD_XLSX_MAX_ROW    1048576
#define FD_XLSX_MAX_COLUMN 16384
#define FD_XLSX_MAX_SHEETS 4096

typedef struct fd_xlsx_entry {
    char *name;
    char *part; /* its file in the archive */
    bool hidden;
} fd_xlsx_entry;

typedef struct fd_xlsx_book {
    fd_xlsx_zip zip;
    fd_vec(fd_xlsx_entry) sheets; /* worksheets only, in the order of the workbook */
    bool since_1904;
    /* Shared string i is text.ptr[offsets.items[i] .. offsets.items[i + 1]). */
    fd_buf text;
    fd_vec(size_t) offsets;
    fd_vec(char) units; /* by style index: fd_xlsx_format_unit() of its number format */
} fd_xlsx_book;

/** Read everything but the sheets. The book must be zeroed; dispose it also after a failure. */
int fd_xlsx_book_open(fd_xlsx_book *book, const char *path, const void *data, size_t size,
                      const char *name, const fd_rows_options *options);
void fd_xlsx_book_dispose(fd_xlsx_book *book);

/** Shared string i; false when there is none. */
bool fd_xlsx_book_string(const fd_xlsx_book *book, size_t i, fd_view *text);

/** Undo the escapes of control characters (_x000D_, and _x005F_ for a literal underscore), in
 * place. */
size_t fd_xlsx_unescape(char *text, size_t length);

/**
 * Read a reference such as AB12 (dollar signs allowed). Parts that are absent are 0.
 * @return false when it is none or lies outside a sheet
 */
bool fd_xlsx_reference(const char *text, size_t length, long *row, long *column);

#endif
