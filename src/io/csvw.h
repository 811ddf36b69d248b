/*
 * CSV out, in the encoding, with the separator and the line ends of whoever will read it.
 *
 *     fd_csvw_options options = fd_csvw_like(fd_rows_info_of(rows));   // as the sender writes
 *     if ((err = fd_csvw_new(&w, stream, &options)) < 0) ...
 *     fd_csvw_cell(w, text); ...; fd_csvw_end_row(w);
 *     err = fd_csvw_finish(w);                                         // all failures come out
 * here
 */
#ifndef FD_IO_CSVW_H
#define FD_IO_CSVW_H

#include <stdio.h>

#include "io/rows.h"

typedef struct fd_csvw fd_csvw;

typedef struct fd_csvw_options {
    fd_encoding encoding; /* DETECT means UTF8; UTF-16 is written with its byte order mark */
    char separator;       /* 0 means ',' */
    bool crlf;
} fd_csvw_options;

/* What spreadsheets open without garbling. */
#define FD_CSVW_OPTIONS_INIT                                                                       \
    {                                                                                              \
        FD_ENCODING_UTF8_BOM, ',', true                                                            \
    }

/** The form of a file that was read; UTF-8 with a mark, commas and CR LF for one that was not CSV.
 */
fd_csvw_options fd_csvw_like(const fd_rows_info *info);

/** The stream stays the caller's. FD_EINVAL for another separator than ',' ';' tab; FD_ERROR
 * without GB18030. */
int fd_csvw_new(fd_csvw **out, FILE *stream, const fd_csvw_options *options);

/**
 * Put one cell. It is quoted when it holds the separator, a quote, a line end, or begins or ends
 * with a blank, or is the single empty cell of its row.  Bytes that are no UTF-8 become U+FFFD; a
 * character that the encoding lacks becomes '?' (GB18030 has them all).
 */
void fd_csvw_cell(fd_csvw *w, fd_view text);
void fd_csvw_text(fd_csvw *w, const char *text); /* the same; NULL is an empty cell */

/**
 * Put the bytes of a row as they were read (fd_row.raw), one or many cells; further cells may
 * follow. They must be in the encoding of the writer, but UTF-8 for UTF-16.
 */
void fd_csvw_raw(fd_csvw *w, fd_view bytes);

void fd_csvw_end_row(fd_csvw *w);

/** Write out what is pending, flush the stream, release w. @return 0, FD_ENOSPC, FD_EIO */
int fd_csvw_finish(fd_csvw *w);

#endif
