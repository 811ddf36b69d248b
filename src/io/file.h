/*
 * Whole files: reading with a cap, writing so that a reader sees the old bytes or the new ones,
 * and folders in a fixed order.
 */
#ifndef FD_IO_FILE_H
#define FD_IO_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/str.h"

/**
 * Read a whole file (or pipe).
 *
 * @param[out] out  the bytes, followed by a zero byte that is not counted; free() releases
 * @param cap       most bytes accepted
 * @return 0, FD_ENOTFOUND, FD_ELIMIT (longer than cap), FD_EIO (also for a folder)
 */
int fd_file_read(char **out, size_t *length, const char *path, size_t cap);

/**
 * Replace a file's content atomically: a temporary file beside it, fsync, rename, fsync of the
 * folder. An existing file keeps its permissions.
 *
 * @return 0, FD_ENOSPC (disk or quota full; the old file is untouched), FD_ENOTFOUND (no such
 *         folder), FD_EIO
 */
int fd_file_write(const char *path, const void *data, size_t length);

/* The same for content that is written piece by piece. */
typedef struct fd_file_out fd_file_out;

/** Begin; write through fd_file_stream(). End with commit or abandon, which both release *out. */
int fd_file_begin(fd_file_out **out, const char *path);
FILE *fd_file_stream(fd_file_out *out);
/** Make the new content the file. Failures of earlier writes are reported here. Codes as
 * fd_file_write(). */
int fd_file_commit(fd_file_out *out);
/** Forget it; the old file is untouched. NULL is fine. */
void fd_file_abandon(fd_file_out *out);

/**
 * The entries of a folder but those that begin with a dot, as paths (folder/name), in byte order.
 *
 * @param[out] paths  *count texts; free() each and the array
 * @return 0, FD_ENOTFOUND, FD_EIO
 */
int fd_file_list(char ***paths, size_t *count, const char *folder);

/** The last name of a path: what stands behind its last slash. Points into `path`. */
const char *fd_file_name(const char *path);
/** The part after the last dot of the last name, without the dot; empty when there is none. */
fd_view fd_file_extension(const char *path);
/** True when the extension is `extension` (given without dot), whatever the case of its ASCII
 * letters. */
bool fd_file_has_extension(const char *path, const char *extension);

/** Create a new file beside `path`, open for writing. *name: free() releases. @return the
 * descriptor, or a negative code with *name NULL */
int fd_file__temporary(char **name, const char *path);

/** Record errno as a failure of `path`: ENOSPC and EDQUOT are FD_ENOSPC, ENOENT FD_ENOTFOUND, else
 * FD_EIO. @return the code */
int fd_file__errno(const char *path, int number);

#endif
