/*
 * Rows of cells out of the files officials send: CSV and XLSX through one interface.
 *
 *     fd_rows_options options = FD_ROWS_OPTIONS_INIT;
 *     const fd_row *row;
 *
 *     if ((err = fd_rows_open(&rows, path, &options)) < 0)
 *         goto done;
 *     do {
 *         while ((err = fd_rows_next(rows, &row)) > 0)
 *             ...                              // row->cells[0 .. row->count-1]
 *     } while (err == 0 && (err = fd_rows_next_sheet(rows)) > 0);
 *
 * The format is told by content (a zip archive is XLSX, else CSV; either may be packed with gzip),
 * never by the name.  Memory stays
 * flat: CSV is read in blocks, XLSX is inflated and parsed as rows are asked for (its shared
 * strings are held).  Nothing here knows what a cell means: a number in CSV is text.
 */
#ifndef FD_IO_ROWS_H
#define FD_IO_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "fangding/error.h"

typedef enum fd_cell_kind {
    FD_CELL_EMPTY = 0,
    FD_CELL_TEXT = 1,
    FD_CELL_NUMBER = 2, /* XLSX only, as are the following */
    FD_CELL_DATE = 3,
    FD_CELL_BOOL = 4,
    FD_CELL_ERROR = 5
} fd_cell_kind;

/*
 * One cell.  Views are UTF-8, not terminated, valid until the next call on the reader.
 *
 *   kind    text
 *   EMPTY   ""  (a quoted empty CSV cell too; `quoted` tells)
 *   TEXT    the text, CSV quotes and XLSX escapes (_x000D_) resolved
 *   NUMBER  plain decimal, no exponent up to 10^±30, rounded to 15 significant digits when the file
 * has a fraction with more of them (12.300000000000001 is binary noise for 12.3) DATE 2024-03-05,
 * or 2024-03-05 13:30:00 when the value has a time of day BOOL    TRUE or FALSE ERROR   #DIV/0!,
 * #N/A …
 *
 * A number shown by a format of hours only is TEXT 13:30:00.
 */
typedef struct fd_cell {
    fd_view text;
    fd_view raw;   /* XLSX NUMBER and DATE: the characters of the file, noise and all; else empty */
    double number; /* XLSX NUMBER, DATE (days of Excel's calendar) and BOOL; 0 else */
    uint8_t kind;  /* fd_cell_kind */
    char unit;    /* DATE: what the cell's format shows, 'y' year, 'm' month, 'd' day, 't' time too;
                     else 0 */
    bool merged;  /* lies in a merged range; carries the value of its upper left cell */
    bool formula; /* the value is the cached result of a formula (EMPTY: no result was stored) */
    bool quoted;  /* CSV: stood in quotes */
    bool damaged; /* CSV: see fd_row.damage; bytes that decode to nothing became U+FFFD */
} fd_cell;

typedef enum fd_damage {
    FD_DAMAGE_NONE = 0,
    FD_DAMAGE_BYTES = 1, /* bytes that are no character of the file's encoding */
    FD_DAMAGE_NUL = 2,   /* a zero byte */
    FD_DAMAGE_QUOTE = 3  /* text after a closing quote */
} fd_damage;

/*
 * One row.  Rows without any content (an empty line, a row of formatted blanks in XLSX) are left
 * out, but they count.
 */
typedef struct fd_row {
    const fd_cell *cells;
    size_t count;
    long number;      /* as a spreadsheet shows it, from 1 (CSV: records, empty lines included) */
    long line;        /* CSV: line of the file at which the row begins, from 1; XLSX: as number */
    bool hidden;      /* XLSX: hidden by hand or filter */
    bool damaged;     /* CSV: something in it is broken; the following rows are not affected */
    fd_damage damage; /* the first fault */
    size_t damaged_cell; /* its index in cells */
    fd_view raw; /* CSV: the row's bytes in the file's encoding (UTF-16: as UTF-8), no line end */
} fd_row;

typedef enum fd_rows_format { FD_ROWS_CSV = 1, FD_ROWS_XLSX = 2 } fd_rows_format;

typedef enum fd_encoding {
    FD_ENCODING_DETECT = 0,
    FD_ENCODING_UTF8 = 1,
    FD_ENCODING_UTF8_BOM = 2,
    FD_ENCODING_GB18030 = 3, /* and its subsets GBK, GB2312 */
    FD_ENCODING_UTF16LE = 4,
    FD_ENCODING_UTF16BE = 5
} fd_encoding;

/* Every field 0 means the default. */
typedef struct fd_rows_options {
    int version;
    char separator;        /* CSV: ',' ';' or '\t'; default: told from the first lines */
    fd_encoding encoding;  /* CSV: default: told from the bytes */
    size_t max_row_bytes;  /* 16 MiB */
    size_t max_cells;      /* in a row; 16,384 */
    uint64_t max_inflated; /* XLSX: bytes of all parts read; gzip: of the file; 1 GiB */
    unsigned max_ratio;    /* XLSX: inflated to packed bytes of a part, beyond 10 MiB; 200 */
    size_t max_strings;    /* XLSX: shared strings; 5,000,000 */
    size_t max_merged;     /* XLSX: cells of a sheet filled from merged ranges; 16,000,000 */
} fd_rows_options;

#define FD_ROWS_OPTIONS_INIT                                                                       \
    {                                                                                              \
        1, 0, FD_ENCODING_DETECT, 0, 0, 0, 0, 0, 0                                                 \
    }

/* The whole file. */
typedef struct fd_rows_info {
    fd_rows_format format;
    const char *name;     /* as given to open */
    size_t sheets;        /* 1 for CSV */
    fd_encoding encoding; /* CSV: as found; XLSX: UTF8 */
    char separator;       /* CSV; 0 for XLSX */
    bool crlf;            /* CSV: the first line ends in CR LF */
} fd_rows_info;

/* A rectangle of cells, rows and columns from 1, both ends inclusive. */
typedef struct fd_rows_range {
    long row, column, last_row, last_column;
} fd_rows_range;

typedef struct fd_rows_sheet {
    const char *name; /* "" for CSV */
    size_t index;     /* from 0, in the order of the workbook */
    bool hidden;
    const fd_rows_range *merged; /* merged ranges by row, then column */
    size_t merged_count;
} fd_rows_sheet;

typedef struct fd_rows fd_rows;

/**
 * Open a file and stand before the first row of its first sheet.
 *
 * CSV files are passed over once to tell the encoding: a byte order mark, else UTF-8 when every
 * byte is strictly valid (or nearly every multi-byte sequence is: a UTF-8 file with a broken row),
 * else GB18030.  Pipes are read into memory first.
 *
 * @param[out] out  release with fd_rows_close(); NULL on failure
 * @param path      file name, UTF-8
 * @param options   or NULL for the defaults
 * @return 0, FD_ENOTFOUND, FD_EIO, FD_EINVAL (an option), FD_EFORMAT (neither CSV nor XLSX: old or
 *         encrypted Excel files, web pages with a table; the hint says what to do), FD_ELIMIT
 */
int fd_rows_open(fd_rows **out, const char *path, const fd_rows_options *options);

/** The same over bytes in memory, which must stay unchanged until fd_rows_close(). `name` is for
 * messages. */
int fd_rows_open_memory(fd_rows **out, const void *data, size_t size, const char *name,
                        const fd_rows_options *options);

/** Release everything. NULL is fine. */
void fd_rows_close(fd_rows *rows);

/** Valid until fd_rows_close(). */
const fd_rows_info *fd_rows_info_of(const fd_rows *rows);

/** The current sheet; valid until the next fd_rows_next_sheet(). */
const fd_rows_sheet *fd_rows_sheet_of(const fd_rows *rows);

/**
 * Read the next row of the current sheet.
 *
 * @param[out] row  valid, with its cells, until the next call on the reader
 * @return 1 with a row, 0 at the end of the sheet, or a negative code whose record names file,
 * sheet, row and column: FD_EPARSE (a quote that is never closed: the place is where it opens),
 *         FD_EFORMAT (XML that is none, a shared string that does not exist), FD_ELIMIT, FD_EIO.
 *         After a failure every further call fails the same way.
 */
int fd_rows_next(fd_rows *rows, const fd_row **row);

/** Go before the first row of the next sheet, also when rows were left. @return 1, 0 after the
 * last, or negative */
int fd_rows_next_sheet(fd_rows *rows);

/** Describe a damaged row as the thread's last error, with its place. @return FD_EFORMAT; 0 for a
 * sound row */
int fd_rows_describe_damage(const fd_rows *rows, const fd_row *row);

/** "UTF-8", "UTF-8 BOM", "GB18030", "UTF-16LE", "UTF-16BE". */
const char *fd_encoding_name(fd_encoding encoding);

#endif
