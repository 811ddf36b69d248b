#include "http/router.h"

static const struct {
    fd_http_method method;
    const char *name;
} methods[] = {
    { FD_GET, "GET" },     { FD_GET, "HEAD" },      { FD_POST, "POST" },
    { FD_PATCH, "PATCH" }, { FD_DELETE, "DELETE" },
};

fd_http_method fd_http_method_parse(const char *name)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i].name, name) == 0)
            return methods[i].method;
    return (fd_http_method)0;
}

const char *fd_http_method_name(fd_http_method method)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (methods[i].method == method)
            return methods[i].name;
    return "";
}

/* Cut the part up to the next '/' off *rest, which begins with one. */
static fd_view next_segment(fd_view *rest)
{
    fd_view body = { rest->ptr + 1, rest->len - 1 };
    const char *slash = body.len ? memchr(body.ptr, '/', body.len) : NULL;
    size_t n = slash ? (size_t)(slash - body.ptr) : body.len;

    *rest = (fd_view){ body.ptr + n, body.len - n };
    return (fd_view){ body.ptr, n };
}

static bool fits(fd_match *out, const char *pattern, fd_view path)
{
    fd_view p = fd_view_of(pattern);

    out->count = 0;
    while (p.len && path.len) {
        fd_view want;

        if (*path.ptr != '/')
            return false;
        want = next_segment(&p);
        if (want.len > 3 && want.ptr[0] == '{' && want.ptr[want.len - 2] == '*') {
            out->values[out->count++] =
                (fd_route_value){ { want.ptr + 1, want.len - 3 }, { path.ptr + 1, path.len - 1 } };
            return path.len > 1;
        }
        if (want.len > 2 && want.ptr[0] == '{') {
            fd_view given = next_segment(&path);

            if (!given.len || out->count == FD_ROUTE_VALUES)
                return false;
            out->values[out->count++] = (fd_route_value){ { want.ptr + 1, want.len - 2 }, given };
            continue;
        }
        if (!fd_view_equal(want, next_segment(&path)))
            return false;
    }
    return !p.len && !path.len;
}

int fd_route_match(fd_match *out, const fd_route *routes, size_t count, fd_http_method method,
                   fd_view path)
{
    unsigned allowed = 0;

    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        fd_match match = { 0 };

        if (!fits(&match, routes[i].pattern, path))
            continue;
        allowed |= routes[i].method;
        if (routes[i].method != method || out->route)
            continue;
        *out = match;
        out->route = &routes[i];
    }
    out->allowed = allowed;
    return out->route ? 0 : FD_ENOTFOUND;
}
