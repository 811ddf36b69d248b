/*
 * Files compiled into the program: the shipped definitions and the files of the example cities.
 */
#ifndef FD_APP_ASSETS_H
#define FD_APP_ASSETS_H

#include <stddef.h>

#include "base/str.h"
#include "io/rows.h"

/** The i-th file in order of path; false past the end. Bytes are followed by a terminator that is
 * not counted. */
bool fd_asset_at(size_t i, const char **path, fd_view *bytes);
/** A file by its path in the source tree, e.g. "definitions/data.ding"; false when there is none.
 */
bool fd_asset_find(const char *path, fd_view *bytes);

/** The i-th shipped file of definitions (definitions/ … .ding) from *i on, which moves past it;
 * false when there is no other. */
bool fd_asset_next_definitions(size_t *i, const char **path, fd_view *bytes);
/** The rows of a compiled-in CSV after its header row.
 * FD_ENOTFOUND when there is none. Close with fd_rows_close(). */
int fd_asset_rows(fd_rows **out, const char *path);
/** A cell as text, "" past the end of the row; `buf` holds it. */
const char *fd_asset_cell(const fd_row *row, size_t column, char *buf, size_t size);

#endif
