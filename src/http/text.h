/*
 * The small grammars of HTTP, without a connection: percent encoding, query strings, cookies,
 * lists of tokens, entity tags, file names.  Pure functions over views; every one takes hostile
 * bytes.
 */
#ifndef FD_HTTP_TEXT_H
#define FD_HTTP_TEXT_H

#include <stdint.h>

#include "base/str.h"
#include "fangding/arena.h"

/* A name and its value, both terminated and of the arena they were decoded into. */
typedef struct fd_http_pair {
    const char *name, *value;
} fd_http_pair;

#define FD_HTTP_PAIRS_MAX 128

/**
 * Decode %XX (and '+' as a blank when `form`).
 *
 * @param[out] out  terminated, in the arena
 * @return 0; FD_EPARSE for a broken escape, a zero byte, a control character other than tab and
 *         newline, or text that is not UTF-8
 */
int fd_http_decode(char **out, fd_arena *arena, fd_view text, bool form);

/**
 * Cut "a=1&b=2" into decoded pairs; a part without '=' has the value "".  Empty parts are skipped.
 *
 * @return 0; FD_EPARSE as fd_http_decode(); FD_ELIMIT for more than FD_HTTP_PAIRS_MAX pairs
 */
int fd_http_query(fd_http_pair **out, size_t *count, fd_arena *arena, fd_view text);

/** The value of the first pair of that name, or NULL. */
const char *fd_http_find(const fd_http_pair *pairs, size_t count, const char *name);

/** The value of a cookie in a Cookie header; the empty view when it is not there. */
fd_view fd_http_cookie(const char *header, const char *name);

/** Does an Accept-Encoding header take gzip? "gzip;q=0" does not. */
bool fd_http_takes_gzip(const char *header);

/** Does an If-None-Match (or If-Match) header name this tag (with its quotes) or "*"? Weak marks
 * W/ are ignored. */
bool fd_http_tag_matches(const char *header, const char *tag);

/** Is `type` the media type of a Content-Type header, parameters aside? */
bool fd_http_is_type(const char *header, const char *type);

/** The boundary of a multipart Content-Type, unquoted, 1 to 70 characters; the empty view when
 * there is none or it is not allowed. */
fd_view fd_http_boundary(const char *header);

/** May the text stand in a header? No control characters. */
bool fd_http_header_safe(const char *text);

/** The last component of a file name as a browser sent it, for a folder of ours: no '/' or '\\', no
 * leading dots, no control characters, at most 200 bytes of UTF-8; "file" when nothing is left. */
char *fd_http_file_name(fd_arena *arena, fd_view name);

/** Percent-encode all but unreserved characters (RFC 3986), for a header's filename* or a URL. */
void fd_http_encode(fd_buf *out, const char *text);

/** Are two texts equal? The time depends on the length of `given` alone. */
bool fd_http_same_secret(const char *given, const char *kept);

#endif
