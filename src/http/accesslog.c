/*
 * JSON lines on standard error, for journald and the like.  The query string is left out: it may
 * hold the names of people and enterprises.
 */
#include <stdio.h>
#include <time.h>

#include "base/log.h"
#include "http/server.h"
#include "table/jsonw.h"

static void begin(fd_jsonw *w, fd_buf *line)
{
    struct timespec ts;
    struct tm tm;
    char now[40];
    size_t n;

    clock_gettime(CLOCK_REALTIME, &ts);
    gmtime_r(&ts.tv_sec, &tm);
    n = strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(now + n, sizeof now - n, ".%03dZ", (int)(ts.tv_nsec / 1000000));
    fd_jsonw_init(w, line);
    fd_jsonw_object(w);
    fd_jsonw_key(w, "time");
    fd_jsonw_string(w, now);
}

static void end(fd_jsonw *w, fd_buf *line)
{
    fd_jsonw_end_object(w);
    fd_buf_putc(line, '\n');
    fwrite(line->ptr, 1, line->len, stderr);
    fd_buf_dispose(line);
}

/* Bytes of the path that are not printable ASCII are shown as '?'. */
static void put_path(fd_jsonw *w, const fd_request *r)
{
    char path[257];
    size_t n = r->path.len < sizeof path - 1 ? r->path.len : sizeof path - 1;

    for (size_t i = 0; i < n; i++)
        path[i] = (char)(r->path.ptr[i] >= 0x20 && r->path.ptr[i] < 0x7f ? r->path.ptr[i] : '?');
    path[n] = '\0';
    fd_jsonw_key(w, "path");
    fd_jsonw_string(w, path);
}

void fd_log_access(const fd_request *r)
{
    fd_buf line = FD_BUF_INIT;
    fd_jsonw w;

    begin(&w, &line);
    fd_jsonw_key(&w, "id");
    fd_jsonw_string(&w, r->id);
    fd_jsonw_key(&w, "method");
    fd_jsonw_string(&w, r->method ? r->method_name : "?");
    put_path(&w, r);
    fd_jsonw_key(&w, "status");
    fd_jsonw_int(&w, r->reply.status);
    fd_jsonw_key(&w, "ms");
    fd_jsonw_int(&w, fd_monotonic_ms() - r->started_us / 1000);
    fd_jsonw_key(&w, "user");
    fd_jsonw_string(&w, r->who.login);
    fd_jsonw_key(&w, "address");
    fd_jsonw_string(&w, r->address);
    if (r->reply.status >= 500 && r->problem) {
        fd_jsonw_key(&w, "problem");
        fd_jsonw_string(&w, r->problem);
    }
    end(&w, &line);
}

void fd_log_event(const char *event, const char *detail)
{
    fd_buf line = FD_BUF_INIT;
    fd_jsonw w;

    begin(&w, &line);
    fd_jsonw_key(&w, "event");
    fd_jsonw_string(&w, event);
    fd_jsonw_key(&w, "detail");
    fd_jsonw_string(&w, detail);
    end(&w, &line);
}
