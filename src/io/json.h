/*
 * JSON in. Writing is table/jsonw.
 */
#ifndef FD_IO_JSON_H
#define FD_IO_JSON_H

#include <jansson.h>
#include <stddef.h>

#define FD_JSON_MAX_BYTES ((size_t)64 << 20)
#define FD_JSON_MAX_DEPTH 64

/**
 * Parse one JSON text.
 *
 * Integers are exact over the whole range of int64; one outside it is an error, not a double.
 * Members that occur twice in an object are refused, as are zero characters in strings, invalid
 * UTF-8 and anything after the value.  The text may begin with a UTF-8 byte order mark.
 *
 * @param[out] out  json_decref() releases; NULL on failure
 * @param file      name for messages, or NULL
 * @return 0, FD_EPARSE with line and column (row and column of the record), FD_ELIMIT (larger than
 *         FD_JSON_MAX_BYTES or nested deeper than FD_JSON_MAX_DEPTH)
 */
int fd_json_read(json_t **out, const char *text, size_t length, const char *file);

#endif
