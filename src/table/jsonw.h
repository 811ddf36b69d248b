/*
 * Writing JSON as a stream: no tree, no allocation but the buffer.  The calls follow the text:
 *
 *     fd_jsonw_init(&w, &buf); fd_jsonw_object(&w); fd_jsonw_key(&w, "n"); fd_jsonw_int(&w, 3);
 * fd_jsonw_end_object(&w);
 *
 * Commas and colons are the writer's.  The buffer may be written out and cleared between calls.
 * Wrong nesting, or more than FD_JSONW_DEPTH - 1 levels, is a mistake of the program and aborts in
 * every build. Text must be valid UTF-8; nothing is escaped but what JSON demands.
 */
#ifndef FD_TABLE_JSONW_H
#define FD_TABLE_JSONW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/str.h"

#define FD_JSONW_DEPTH 64

typedef struct fd_jsonw {
    fd_buf *out;
    int depth;
    bool has_member[FD_JSONW_DEPTH], is_object[FD_JSONW_DEPTH];
    bool after_key;
} fd_jsonw;

void fd_jsonw_init(fd_jsonw *w, fd_buf *out);
void fd_jsonw_object(fd_jsonw *w);
void fd_jsonw_array(fd_jsonw *w);
void fd_jsonw_end_object(fd_jsonw *w);
void fd_jsonw_end_array(fd_jsonw *w);
void fd_jsonw_key(fd_jsonw *w, const char *key);
void fd_jsonw_string(fd_jsonw *w, const char *text); /* NULL writes null */
void fd_jsonw_view(fd_jsonw *w, fd_view text);
void fd_jsonw_int(fd_jsonw *w, int64_t value);
/** Shortest text that reads back the same; NaN and infinities write null. */
void fd_jsonw_double(fd_jsonw *w, double value);
void fd_jsonw_bool(fd_jsonw *w, bool value);
void fd_jsonw_null(fd_jsonw *w);
/** A number already formatted (an exact decimal). */
void fd_jsonw_raw(fd_jsonw *w, const char *number);

/** Shortest of 15, 16, 17 significant digits that reads back the same double. buf of 32 bytes
 * suffices. */
void fd_double_shortest(double value, char *buf, size_t size);

#endif
