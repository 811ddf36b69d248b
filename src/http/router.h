/*
 * Which handler a request belongs to.  A table of routes is data: the router, the OpenAPI document
 * and the contract test read the same one.
 */
#ifndef FD_HTTP_ROUTER_H
#define FD_HTTP_ROUTER_H

#include <stdint.h>

#include "base/str.h"
#include "fangding/arena.h"

struct fd_request;

typedef enum fd_http_method {
    FD_GET = 1, /* HEAD is answered as GET without a body */
    FD_POST = 2,
    FD_PATCH = 4,
    FD_DELETE = 8
} fd_http_method;

/* Who may ask. */
typedef enum fd_access {
    FD_ACCESS_ANYONE,
    FD_ACCESS_USER, /* signed in, or a token */
    FD_ACCESS_ADMINISTRATOR,
    FD_ACCESS_LOCAL /* from this machine, or an administrator */
} fd_access;

enum {
    FD_ROUTE_SLOW = 1,     /* runs on a worker and not on the thread that serves connections */
    FD_ROUTE_MULTIPART = 2 /* takes files */
};

#define FD_ROUTE_STATUSES 12

typedef struct fd_route {
    fd_http_method method;
    const char *pattern; /* "/api/v1/jobs/{id}"; "{path*}" at the end takes the rest */
    int (*handle)(struct fd_request *request);
    fd_access access;
    unsigned flags;
    const char *zh, *en;             /* one sentence for the document */
    int statuses[FD_ROUTE_STATUSES]; /* what it may answer, 0 ends; 400, 405 and 429 of the room
                                        itself stand here too */
} fd_route;

/* A name in braces and what stood there, not decoded. */
typedef struct fd_route_value {
    fd_view name, value;
} fd_route_value;
#define FD_ROUTE_VALUES 4

typedef struct fd_match {
    const fd_route *route;
    fd_route_value values[FD_ROUTE_VALUES];
    size_t count;
    unsigned allowed; /* methods of all routes whose pattern fits */
} fd_match;

/** The method of a request line; 0 for one we do not serve. HEAD gives FD_GET. */
fd_http_method fd_http_method_parse(const char *name);
const char *fd_http_method_name(fd_http_method method);

/**
 * Find the first route whose method and pattern fit a path (without query, not decoded).
 *
 * A pattern fits segment by segment; {name} takes one non-empty segment.
 * @return 0; FD_ENOTFOUND when no pattern fits (out->allowed is 0) or none with this method
 *         (out->allowed says which ones there are)
 */
int fd_route_match(fd_match *out, const fd_route *routes, size_t count, fd_http_method method,
                   fd_view path);

#endif
