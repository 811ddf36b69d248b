#include "http/server.h"

#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/diag.h"

/* ---- bytes shared by answers ---- */

/* Deflate with a gzip frame. NULL when it does not pay. */
static char *compress_gzip(const char *bytes, size_t length, size_t *out_length)
{
    z_stream z = { 0 };
    char *out;
    size_t room;

    if (length < 512 || length > UINT32_MAX ||
        deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    room = deflateBound(&z, (uLong)length);
    out = fd_alloc(room);
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)length;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END || z.total_out >= length) {
        free(out);
        out = NULL;
    }
    *out_length = z.total_out;
    deflateEnd(&z);
    return out;
}

fd_blob *fd_blob_new(fd_buf *bytes, bool compress)
{
    fd_blob *blob = fd_alloc(sizeof *blob);

    atomic_init(&blob->references, 1);
    blob->length = bytes->len;
    blob->bytes = fd_buf_take(bytes);
    if (compress)
        blob->gzip = compress_gzip(blob->bytes, blob->length, &blob->gzip_length);
    return blob;
}

fd_blob *fd_blob_ref(fd_blob *blob)
{
    atomic_fetch_add(&blob->references, 1);
    return blob;
}

void fd_blob_unref(fd_blob *blob)
{
    if (!blob || atomic_fetch_sub(&blob->references, 1) != 1)
        return;
    free(blob->bytes);
    free(blob->gzip);
    free(blob);
}

/* ---- what was asked ---- */

const char *fd_request_value(const fd_request *r, const char *name)
{
    char *text;

    for (size_t i = 0; i < r->match.count; i++)
        if (fd_view_is(r->match.values[i].name, name))
            return fd_http_decode(&text, r->arena, r->match.values[i].value, false) < 0 ? "" : text;
    return "";
}

const char *fd_request_query(const fd_request *r, const char *name)
{
    return fd_http_find(r->query, r->query_count, name);
}

/* ---- answers ---- */

void fd_reply_add(fd_request *r, const char *name, const char *value)
{
    const size_t room = sizeof r->reply.headers / sizeof *r->reply.headers;

    if (r->reply.header_count < room && fd_http_header_safe(value))
        r->reply.headers[r->reply.header_count++] =
            (fd_reply_header){ name, fd_arena_strdup(r->arena, value) };
}

int fd_reply_blob(fd_request *r, int status, const char *type, fd_blob *blob)
{
    fd_blob_unref(r->reply.blob);
    r->reply.status = status;
    r->reply.type = type;
    r->reply.blob = blob;
    return 0;
}

int fd_reply_json(fd_request *r, int status, fd_buf *json)
{
    fd_buf_putc(json, '\n');
    return fd_reply_blob(r, status, "application/json; charset=utf-8",
                         fd_blob_new(json, fd_http_takes_gzip(r->header.accept_encoding)));
}

int fd_reply_empty(fd_request *r, int status)
{
    return fd_reply_blob(r, status, NULL, NULL);
}

int fd_status_of(int code)
{
    switch (code) {
    case FD_EINVAL:
    case FD_EPARSE:
        return 400;
    case FD_EDENIED:
        return 403;
    case FD_ENOTFOUND:
        return 404;
    case FD_EEXISTS:
    case FD_ECONFLICT:
    case FD_ECANCELLED:
        return 409;
    case FD_ELIMIT:
        return 413;
    case FD_EFORMAT:
    case FD_EUNIT:
    case FD_EOVERFLOW:
    case FD_ENOCONV:
    case FD_EINFEASIBLE:
        return 422;
    case FD_EBUSY:
        return 503;
    case FD_ENOSPC:
        return 507;
    default:
        return 500;
    }
}

void fd_problem_write(fd_jsonw *w, const fd_error *e, int status, const char *request_id)
{
    static const char *const suffix[2] = { "", "_en" };
    const struct {
        const char *name;
        const char *text[2];
    } parts[] = {
        { "title", { e->message[FD_ZH], e->message[FD_EN] } },
        { "detail", { e->detail[FD_ZH], e->detail[FD_EN] } },
        { "hint", { e->hint[FD_ZH], e->hint[FD_EN] } },
    };
    char key[32], type[64];

    snprintf(type, sizeof type, "urn:fangding:problem:%s", fd_code_name(e->code));
    fd_jsonw_key(w, "type");
    fd_jsonw_string(w, type);
    fd_jsonw_key(w, "status");
    fd_jsonw_int(w, status);
    fd_jsonw_key(w, "code");
    fd_jsonw_string(w, fd_code_name(e->code));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (int lang = 0; lang < 2; lang++) {
            if (i && !parts[i].text[lang][0])
                continue;
            snprintf(key, sizeof key, "%s%s", parts[i].name, suffix[lang]);
            fd_jsonw_key(w, key);
            fd_jsonw_string(w, parts[i].text[lang]);
        }
    if (e->sheet[0]) {
        fd_jsonw_key(w, "sheet");
        fd_jsonw_string(w, e->sheet);
    }
    if (e->row) {
        fd_jsonw_key(w, "row");
        fd_jsonw_int(w, e->row);
    }
    if (e->column) {
        fd_jsonw_key(w, "column");
        fd_jsonw_int(w, e->column);
    }
    fd_jsonw_key(w, "request_id");
    fd_jsonw_string(w, request_id);
}

static int reply_last_error(fd_request *r, int status)
{
    fd_buf out = FD_BUF_INIT;
    fd_jsonw w;

    fd_jsonw_init(&w, &out);
    fd_jsonw_object(&w);
    fd_problem_write(&w, fd_error_last(), status, r->id);
    fd_jsonw_end_object(&w);
    r->problem = fd_arena_printf(r->arena, "%s %s", fd_error_last()->message[FD_EN],
                                 fd_error_last()->detail[FD_EN]);
    if (status == 503)
        fd_reply_add(r, "Retry-After", "2");
    fd_buf_putc(&out, '\n');
    return fd_reply_blob(r, status, "application/problem+json", fd_blob_new(&out, false));
}

int fd_reply_error(fd_request *r)
{
    return reply_last_error(r, fd_status_of(fd_error_last()->code));
}

static int code_of(int status)
{
    switch (status) {
    case 401:
    case 403:
        return FD_EDENIED;
    case 404:
        return FD_ENOTFOUND;
    case 409:
    case 412:
        return FD_ECONFLICT;
    case 413:
    case 414:
    case 429:
    case 431:
        return FD_ELIMIT;
    case 503:
        return FD_EBUSY;
    case 500:
        return FD_ERROR;
    default:
        return FD_EINVAL;
    }
}

int fd_reply_problem(fd_request *r, int status, const char *zh, const char *en, ...)
{
    const char *formats[2] = { zh, en };
    fd_error e = { 0 };

    e.code = code_of(status);
    for (int lang = 0; lang < 2; lang++) {
        va_list args;

        va_start(args, en);
        vsnprintf(e.message[lang], sizeof e.message[lang], formats[lang], args);
        va_end(args);
    }
    fd_error__restore(&e);
    return reply_last_error(r, status);
}

bool fd_reply_unchanged(fd_request *r, const char *etag)
{
    fd_reply_add(r, "ETag", etag);
    if (!r->header.if_none_match || !fd_http_tag_matches(r->header.if_none_match, etag))
        return false;
    fd_reply_empty(r, 304);
    return true;
}

/* ---- folders of uploads ---- */

int fd_request_folder(fd_request *r)
{
    unsigned char random[12];
    char name[25];

    if (r->folder)
        return 0;
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(name, sizeof name, random, sizeof random);
    r->folder = fd_arena_printf(r->arena, "%s/%s", r->server->upload_root, name);
    if (mkdir(r->folder, 0700) == 0)
        return 0;
    r->folder = NULL;
    return fd_error_set(FD_EIO, "不能建立接收文件夹", "cannot make a folder for uploads");
}

static void remove_below(const char *folder, int depth)
{
    DIR *d = opendir(folder);
    struct dirent *entry;

    while (d && (entry = readdir(d))) {
        fd_buf path = FD_BUF_INIT;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        fd_buf_printf(&path, "%s/%s", folder, entry->d_name);
        if (unlink(fd_buf_text(&path)) != 0 && depth > 0)
            remove_below(fd_buf_text(&path), depth - 1);
        fd_buf_dispose(&path);
    }
    if (d)
        closedir(d);
    rmdir(folder);
}

void fd_folder_remove(const char *folder)
{
    if (folder)
        remove_below(folder, 6);
}
