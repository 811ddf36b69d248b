/*
 * From headers to handler: limits, route, identity, rights, body.  Whatever is refused is refused
 * here, before a handler runs.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "http/server.h"

static bool over_rate(fd_request *r)
{
    int64_t wait = fd_limits_take(r->server->limits, r->address, fd_monotonic_ms());
    char seconds[24];

    if (!wait)
        return false;
    snprintf(seconds, sizeof seconds, "%lld", (long long)(wait + 999) / 1000);
    fd_reply_add(r, "Retry-After", seconds);
    atomic_fetch_add(&r->server->metrics.refused, 1);
    fd_reply_problem(r, 429, "请求太频繁,请稍后再试", "too many requests, try again soon");
    return true;
}

/* zh unless the address or the browser asks for English. */
static void choose_language(fd_request *r)
{
    const char *lang = fd_request_query(r, "lang");

    if (!lang)
        lang = r->header.accept_language;
    r->lang = lang && strncmp(lang, "en", 2) == 0 ? FD_EN : FD_ZH;
}

static bool read_target(fd_request *r)
{
    const char *question = strchr(r->target, '?');
    size_t length = strlen(r->target);

    r->path = (fd_view){ r->target, question ? (size_t)(question - r->target) : length };
    if (length > FD_URL_MAX) {
        fd_reply_problem(r, 414, "地址太长(超过 %d 字节)", "the address is longer than %d bytes",
                         FD_URL_MAX);
        return false;
    }
    if (fd_http_query(&r->query, &r->query_count, r->arena,
                      fd_view_of(question ? question + 1 : "")) < 0) {
        fd_reply_error(r);
        return false;
    }
    return true;
}

/* A body whose end nobody can tell would hold its connection until it is cut as slow. */
static bool framing_known(fd_request *r)
{
    const char *coding =
        MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Transfer-Encoding");

    if (!coding || strcasecmp(coding, "chunked") == 0)
        return true;
    fd_reply_problem(r, 400, "Transfer-Encoding 只认 chunked",
                     "chunked is the only Transfer-Encoding taken");
    return false;
}

static void allow_header(fd_request *r, unsigned allowed)
{
    char text[64] = "";

    for (unsigned m = FD_GET; m <= FD_DELETE; m <<= 1)
        if (allowed & m)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", text[0] ? ", " : "",
                     fd_http_method_name((fd_http_method)m));
    fd_reply_add(r, "Allow", text);
}

static const fd_route asset_route = {
    .method = FD_GET, .pattern = "/", .handle = fd_asset_answer, .access = FD_ACCESS_ANYONE
};

static bool find_route(fd_request *r)
{
    fd_server *s = r->server;
    bool is_api = fd_view_is(r->path, "/api") || fd_view_starts(r->path, "/api/");

    if (fd_route_match(&r->match, s->routes, s->route_count, r->method, r->path) == 0)
        return true;
    if (!is_api && !r->match.allowed) {
        r->match.allowed = FD_GET;
        r->match.route = &asset_route;
        if (r->method == FD_GET)
            return true;
    }
    r->match.route = NULL;
    if (r->match.allowed) {
        allow_header(r, r->match.allowed);
        fd_reply_problem(r, 405, "这个地址不接受 %s", "this address does not take %s",
                         r->method_name);
    } else {
        fd_reply_problem(r, 404, "没有这个地址:%.*s", "no such address: %.*s", (int)r->path.len,
                         r->path.ptr);
    }
    return false;
}

/* A browser says where a page that asks came from; it must be us. */
static bool is_foreign_origin(const fd_request *r)
{
    const char *host;

    if (!r->header.origin)
        return false;
    host = strstr(r->header.origin, "://");
    return !host || !r->header.host || strcmp(host + 3, r->header.host) != 0;
}

static bool may_ask(fd_request *r)
{
    const fd_route *route = r->match.route;

    if (fd_identify(r) < 0) {
        fd_reply_problem(r, 401, "登录已失效,请重新登录",
                         "the sign-in is no longer valid, sign in again");
        return false;
    }
    if (r->method != FD_GET && is_foreign_origin(r)) {
        fd_reply_problem(r, 403, "请求来自别的网站", "the request comes from another site");
        return false;
    }
    if (route->access == FD_ACCESS_ANYONE || (route->access == FD_ACCESS_LOCAL && r->is_local))
        return true;
    if (!r->who.user) {
        fd_reply_problem(r, 401, "请先登录", "sign in first");
        return false;
    }
    if (r->method != FD_GET && r->who.session && !fd_csrf_holds(r)) {
        fd_reply_problem(r, 403, "缺少或不符的 X-CSRF-Token", "X-CSRF-Token is missing or wrong");
        return false;
    }
    if (r->method != FD_GET && r->who.read_only) {
        fd_reply_problem(r, 403, "这个令牌只能读", "this token may only read");
        return false;
    }
    if (route->access != FD_ACCESS_USER && r->who.role != FD_ROLE_ADMINISTRATOR) {
        fd_reply_problem(r, 403, "只有管理员可以", "administrators only");
        return false;
    }
    return true;
}

/* ---- bodies ---- */

static int part_begins(void *payload, fd_view name, const fd_view *file_name)
{
    fd_request *r = payload;
    char *path;
    int err;

    r->part_name = fd_arena_strndup(r->arena, name.ptr, name.len);
    fd_buf_clear(&r->part_field);
    if (!file_name)
        return 0;
    if ((err = fd_request_folder(r)) < 0)
        return err;
    /* One folder for each file: two files of one name are two files. */
    path = fd_arena_printf(r->arena, "%s/%zu", r->folder, r->upload_count);
    if (mkdir(path, 0700) != 0)
        return fd_error_set(FD_EIO, "不能建立接收文件夹", "cannot make a folder for uploads");
    r->uploads[r->upload_count].field = r->part_name;
    r->uploads[r->upload_count].name = fd_http_file_name(r->arena, *file_name);
    r->uploads[r->upload_count].path =
        fd_arena_printf(r->arena, "%s/%s", path, r->uploads[r->upload_count].name);
    r->part_file = fopen(r->uploads[r->upload_count].path, "wbx");
    if (!r->part_file)
        return fd_error_set(FD_EIO, "不能写接收的文件:%s", "cannot write the file received: %s",
                            r->uploads[r->upload_count].name);
    r->upload_count++;
    return 0;
}

static int part_data(void *payload, const char *bytes, size_t length)
{
    fd_request *r = payload;

    if (r->part_file)
        return fwrite(bytes, 1, length, r->part_file) == length
                   ? 0
                   : fd_error_set(FD_ENOSPC, "磁盘写满,文件没有收下",
                                  "the disk is full, the file was not taken");
    if (r->part_field.len + length > FD_JSON_BODY_MAX)
        return fd_error_set(FD_ELIMIT, "字段太长", "a field is too long");
    fd_buf_put(&r->part_field, bytes, length);
    return 0;
}

static int part_ends(void *payload)
{
    fd_request *r = payload;
    int failed;

    if (!r->part_file) {
        r->fields[r->field_count].name = r->part_name;
        r->fields[r->field_count++].value =
            fd_arena_strndup(r->arena, fd_buf_text(&r->part_field), r->part_field.len);
        return 0;
    }
    failed = fclose(r->part_file);
    r->part_file = NULL;
    return failed ? fd_error_set(FD_ENOSPC, "磁盘写满,文件没有收下",
                                 "the disk is full, the file was not taken")
                  : 0;
}

static bool begin_body(fd_request *r)
{
    static const fd_multipart_handler handler = { part_begins, part_data, part_ends };
    const char *length =
        MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Content-Length");
    const char *type = r->header.content_type;
    bool is_multipart = type && fd_http_is_type(type, "multipart/form-data");

    r->body_limit = is_multipart && (r->match.route->flags & FD_ROUTE_MULTIPART)
                        ? r->server->options.max_upload
                        : FD_JSON_BODY_MAX;
    if (length && strtoull(length, NULL, 10) > r->body_limit) {
        fd_reply_problem(r, 413, "请求太大:最多 %zu 字节",
                         "the request is too large: at most %zu "
                         "bytes",
                         r->body_limit);
        return false;
    }
    if (r->method != FD_POST && r->method != FD_PATCH)
        return true;
    if (is_multipart && (r->match.route->flags & FD_ROUTE_MULTIPART)) {
        fd_view boundary = fd_http_boundary(type);

        if (!boundary.len) {
            fd_reply_problem(r, 400, "multipart 没有分隔线", "multipart without a boundary");
            return false;
        }
        r->multipart = fd_multipart_new(boundary, &handler, r);
        r->uploads = fd_arena_alloc(r->arena, FD_MULTIPART_PARTS_MAX * sizeof *r->uploads);
        r->fields = fd_arena_alloc(r->arena, FD_MULTIPART_PARTS_MAX * sizeof *r->fields);
        return true;
    }
    if (!type || !fd_http_is_type(type, "application/json")) {
        fd_reply_problem(r, 415, "内容类型应为 application/json",
                         "the content type must be application/json");
        return false;
    }
    return true;
}

/* ---- the three steps ---- */

bool fd_dispatch_begin(fd_request *r)
{
    unsigned char random[8];

    randombytes_buf(random, sizeof random);
    sodium_bin2hex(r->id, sizeof r->id, random, sizeof random);
    if (!read_target(r) || !framing_known(r))
        return true;
    choose_language(r);
    if (over_rate(r))
        return true;
    return !find_route(r) || !may_ask(r) || !begin_body(r);
}

void fd_dispatch_body(fd_request *r, const char *bytes, size_t length)
{
    if (r->body_seen > r->body_limit) {
        fd_reply_problem(r, 413, "请求太大:最多 %zu 字节",
                         "the request is too large: at most %zu "
                         "bytes",
                         r->body_limit);
        return;
    }
    if (r->multipart) {
        if (fd_multipart_feed(r->multipart, bytes, length) < 0)
            fd_reply_error(r);
        return;
    }
    if (r->method == FD_POST || r->method == FD_PATCH)
        fd_buf_put(&r->body, bytes, length);
}

void fd_dispatch_finish(fd_request *r)
{
    if (r->multipart && fd_multipart_finish(r->multipart) < 0) {
        fd_reply_error(r);
        return;
    }
    fd_error_clear();
    if (r->match.route->handle(r) < 0)
        fd_reply_error(r);
    if (!r->reply.status)
        fd_reply_problem(r, 500, "服务器内部错误", "internal error");
}

void fd_request_dispose(fd_request *r)
{
    if (r->part_file)
        fclose(r->part_file);
    if (r->reply.file >= 0)
        close(r->reply.file);
    fd_multipart_free(r->multipart);
    fd_folder_remove(r->folder);
    fd_buf_dispose(&r->body);
    fd_buf_dispose(&r->part_field);
    fd_blob_unref(r->reply.blob);
    fd_arena_free(r->arena);
}
