/*
 * The one level of JSON that records use: an object of names and values.
 *
 * Numbers keep their text, because a decimal must not pass through a double; a nested value keeps
 * its text too and is checked no further than its brackets and strings.
 */
#ifndef FD_STORE_JSON_FLAT_H
#define FD_STORE_JSON_FLAT_H

#include "base/str.h"
#include "base/vec.h"

typedef enum fd_json_type {
    FD_JSON_NULL,
    FD_JSON_BOOL,
    FD_JSON_NUMBER,
    FD_JSON_STRING,
    FD_JSON_NESTED
} fd_json_type;

typedef struct fd_json_field {
    char *name; /* decoded; owned */
    fd_json_type type;
    char *text; /* STRING: decoded; else as written ("true", "12.50", "[1,2]"); owned */
} fd_json_field;

typedef struct fd_json_flat {
    fd_vec(fd_json_field) fields; /* in order; a repeated name keeps both */
} fd_json_flat;

/** Read an object. FD_EPARSE says where it stops being one. Dispose in either case. */
int fd_json_flat_parse(fd_json_flat *out, const char *text);
void fd_json_flat_dispose(fd_json_flat *json);

#endif
