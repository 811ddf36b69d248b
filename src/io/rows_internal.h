/*
 * What the two row readers share: the public part of a reader and its three operations.
 */
#ifndef FD_IO_ROWS_INTERNAL_H
#define FD_IO_ROWS_INTERNAL_H

#include "io/rows.h"

typedef struct fd_rows_ops {
    int (*next)(fd_rows *rows, const fd_row **row);
    int (*next_sheet)(fd_rows *rows);
    void (*close)(fd_rows *rows); /* releases the whole object, see fd_rows__dispose() */
} fd_rows_ops;

/* First member of each reader. */
struct fd_rows {
    const fd_rows_ops *ops;
    fd_rows_info info;
    fd_rows_sheet sheet;
    fd_rows_options options; /* defaults filled in */
    char *name;
    int failed;        /* the code every further call gives */
    fd_error *failure; /* and its record */
    fd_row row;
};

/** Make a CSV reader; takes over descriptor `fd` (-1: bytes in memory), also on failure. */
int fd_rows__csv_open(fd_rows **out, int fd, const void *data, size_t size, const char *name,
                      const fd_rows_options *options);

/** Make an XLSX reader over a file (data NULL) or over bytes in memory. */
int fd_rows__xlsx_open(fd_rows **out, const char *path, const void *data, size_t size,
                       const char *name, const fd_rows_options *options);

/** Release the members above: the last thing `close` does before it frees the object. */
void fd_rows__dispose(fd_rows *rows);

#endif
