/*
 * /api/v1/jobs: what became of a verb that takes long.
 */
#include <stdio.h>
#include <stdlib.h>

#include "http/server.h"

int fd_handle_jobs(fd_request *r)
{
    fd_buf out = FD_BUF_INIT;
    fd_jsonw w;

    fd_jsonw_init(&w, &out);
    fd_jobs_write_all(r->server->jobs, &w, r->who.user);
    return fd_reply_json(r, 200, &out);
}

int fd_handle_job(fd_request *r)
{
    fd_buf out = FD_BUF_INIT;
    fd_jsonw w;
    int err;

    fd_jsonw_init(&w, &out);
    err = fd_jobs_write(r->server->jobs, &w, fd_request_value(r, "id"), r->who.user);
    if (err >= 0)
        return fd_reply_json(r, 200, &out);
    fd_buf_dispose(&out);
    return err;
}

int fd_handle_job_cancel(fd_request *r)
{
    int err = fd_jobs_cancel(r->server->jobs, fd_request_value(r, "id"), r->who.user);

    return err < 0 ? err : fd_reply_empty(r, 204);
}

int fd_handle_job_file(fd_request *r)
{
    fd_buf disposition = FD_BUF_INIT;
    const char *name, *text = fd_request_value(r, "file");
    char *end;
    unsigned long i = strtoul(text, &end, 10);
    int descriptor;

    if (end == text || *end)
        return fd_error_set(FD_ENOTFOUND, "没有这个文件", "no such file");
    descriptor = fd_jobs_file(r->server->jobs, fd_request_value(r, "id"), r->who.user, i, r->arena,
                              &name, &r->reply.file_length);
    if (descriptor < 0)
        return descriptor;
    r->reply.file = descriptor;
    fd_buf_puts(&disposition, "attachment; filename*=UTF-8''");
    fd_http_encode(&disposition, name);
    fd_reply_add(r, "Content-Disposition", fd_buf_text(&disposition));
    fd_buf_dispose(&disposition);
    r->reply.status = 200;
    r->reply.type = "application/octet-stream";
    return 0;
}
