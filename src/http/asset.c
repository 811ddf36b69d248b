/*
 * The user interface, compiled in: ui/dist/.  The UI has addresses of its own, so that any path
 * that is no file gives its first page.
 */
#include <pthread.h>
#include <stdlib.h>

#include "app/assets.h"
#include "base/digest.h"
#include "http/server.h"

#define UI "ui/dist"

static const struct {
    const char *suffix, *type;
} types[] = {
    { ".html", "text/html; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".svg", "image/svg+xml" },
    { ".json", "application/json" },
    { ".png", "image/png" },
    { ".ico", "image/x-icon" },
    { ".woff2", "font/woff2" },
    { ".txt", "text/plain; charset=utf-8" },
    { ".webmanifest", "application/manifest+json" },
};

static const char no_ui[] =
    "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>方鼎 fangding</title>"
    "<h1>方鼎 fangding</h1><p>这个程序编译时没有带上界面;接口在 "
    "<a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a>。</p>"
    "<p>This program was built without its pages; the interface is described at the link.</p>";

static const char *type_of(const char *path)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (fd_view_ends(fd_view_of(path), types[i].suffix))
            return types[i].type;
    return "application/octet-stream";
}

static int answer_bytes(fd_request *r, fd_view bytes, const char *type, bool immutable)
{
    fd_buf copy = FD_BUF_INIT;
    fd_answer kept;
    char digest[65], etag[80];

    fd_digest_of(bytes.ptr, bytes.len, digest);
    snprintf(etag, sizeof etag, "\"%.32s\"", digest);
    fd_reply_add(r, "Cache-Control",
                 immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (fd_reply_unchanged(r, etag))
        return 0;
    /* Compressed once; the answers' cache keeps it. */
    if (!fd_answers_get(r->server->answers, etag, &kept)) {
        fd_buf_view(&copy, bytes);
        kept = (fd_answer){ fd_blob_new(&copy, true), NULL, NULL };
        fd_answers_put(r->server->answers, etag, &kept);
    }
    return fd_reply_blob(r, 200, type, kept.blob);
}

int fd_asset_answer(fd_request *r)
{
    char *decoded, path[512];
    fd_view bytes;

    if (fd_http_decode(&decoded, r->arena, r->path, false) < 0)
        return fd_reply_error(r);
    /* Only names in the compiled-in table are found: no path leads out of it. */
    if (strlen(decoded) < sizeof path - sizeof UI) {
        snprintf(path, sizeof path, UI "%s", decoded);
        if (fd_asset_find(path, &bytes))
            return answer_bytes(r, bytes, type_of(path),
                                fd_view_starts(fd_view_of(decoded), "/assets/"));
    }
    if (fd_view_starts(fd_view_of(decoded), "/assets/"))
        return fd_reply_problem(r, 404, "没有这个文件", "no such file");
    if (!fd_asset_find(UI "/index.html", &bytes))
        bytes = (fd_view){ no_ui, sizeof no_ui - 1 };
    return answer_bytes(r, bytes, "text/html; charset=utf-8", false);
}
