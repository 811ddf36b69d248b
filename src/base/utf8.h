/*
 * UTF-8, East Asian width, and the normal form in which headers and names are compared.
 */
#ifndef FD_BASE_UTF8_H
#define FD_BASE_UTF8_H

#include "base/str.h"

/** Strict validity (no surrogates, no overlong forms, at most U+10FFFF). *bad receives the offset
 * of the first fault. */
bool fd_utf8_valid(const char *text, size_t length, size_t *bad);
/** Decode one code point at *offset and advance; U+FFFD and one byte on a fault. */
uint32_t fd_utf8_next(const char *text, size_t length, size_t *offset);
/** Encode; @return bytes written (1 to 4). */
size_t fd_utf8_encode(uint32_t code_point, char out[4]);
/** Columns in a terminal: 2 for East Asian wide and full-width, 0 for combining marks and controls,
 * else 1. Ambiguous characters (○ ● ▲ ■ ★ — …) count 1, or 2 when the environment has
 * FANGDING_AMBIGUOUS_WIDE=1. */
int fd_utf8_width(uint32_t code_point);
size_t fd_utf8_columns(fd_view text);
/** Longest prefix (in bytes, whole code points) that fits in `columns`. */
size_t fd_utf8_fit(fd_view text, size_t columns);
/** Fold for comparison: full-width ASCII to half, full-width brackets and punctuation to ASCII,
 * blanks removed, Latin to lower case. */
void fd_utf8_fold(fd_buf *out, fd_view text);
/** Optimal string alignment distance in code points, stopping above `limit` (then limit + 1). */
size_t fd_utf8_distance(fd_view a, fd_view b, size_t limit);
/** The candidate nearest to `name` within a third of its length, or NULL: for "did you mean". */
const char *fd_nearest(const char *name, const char *const *candidates, size_t count);

#endif
