/*
 * multipart/form-data as it arrives, in pieces of any size.
 *
 * The calls of the handler follow the text: part (name, file name or NULL), data as often as there
 * is any, end.  Nothing is kept but a tail as long as a boundary and the header lines of one part.
 */
#ifndef FD_HTTP_MULTIPART_H
#define FD_HTTP_MULTIPART_H

#include "base/str.h"

typedef struct fd_multipart_handler {
    /** name and file_name are valid during the call; file_name is NULL for a plain field. A
     * negative return ends the parse and is given back. */
    int (*part)(void *payload, fd_view name, const fd_view *file_name);
    int (*data)(void *payload, const char *bytes, size_t length);
    int (*end)(void *payload);
} fd_multipart_handler;

typedef struct fd_multipart fd_multipart;

#define FD_MULTIPART_PARTS_MAX  512
#define FD_MULTIPART_HEADER_MAX 8192

/** boundary as in fd_http_boundary(); copied. */
fd_multipart *fd_multipart_new(fd_view boundary, const fd_multipart_handler *handler,
                               void *payload);
void fd_multipart_free(fd_multipart *parser);
/** @return 0, FD_EPARSE (a broken header, text before the first boundary), FD_ELIMIT (too many
 * parts, headers too long), or what the handler gave */
int fd_multipart_feed(fd_multipart *parser, const char *bytes, size_t length);
/** The body is over: FD_EPARSE unless the closing boundary was seen. */
int fd_multipart_finish(fd_multipart *parser);

#endif
