/*
 * One request from its first header to its answer, and the answer itself.
 *
 * A request lives in one arena.  It is made by the thread that serves the connection, may travel to
 * a worker while the connection is suspended, and is released when MHD says that it is over.
 */
#ifndef FD_HTTP_REQUEST_H
#define FD_HTTP_REQUEST_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "fangding/verbs.h"
#include "http/multipart.h"
#include "http/router.h"
#include "http/text.h"
#include "table/jsonw.h"

struct fd_server;

/* Bytes that several answers may share (a cached answer, a page), plain and compressed. */
typedef struct fd_blob {
    atomic_int references;
    char *bytes;
    size_t length;
    char *gzip; /* NULL when not smaller */
    size_t gzip_length;
} fd_blob;

/** Take over the bytes of a buffer; compress them once when `compress`. */
fd_blob *fd_blob_new(fd_buf *bytes, bool compress);
fd_blob *fd_blob_ref(fd_blob *blob);
void fd_blob_unref(fd_blob *blob); /* NULL is fine */

typedef struct fd_reply_header {
    const char *name, *value;
} fd_reply_header;

typedef struct fd_reply {
    int status;
    const char *type;
    fd_blob *blob; /* one reference; NULL for an empty body */
    int file;      /* a descriptor to send in place of the blob, or -1 */
    uint64_t file_length;
    fd_reply_header headers[12];
    size_t header_count;
} fd_reply;

/* Who asks. The texts live in the request's arena. */
typedef struct fd_identity {
    int64_t user; /* 0: nobody */
    const char *login, *name;
    fd_role role;
    fd_scope scope;
    const char *csrf;    /* of the session; NULL for a token */
    const char *session; /* hash of the session's id; NULL for a token */
    bool read_only;      /* a token that may only read */
} fd_identity;

/* A file that came with the body. */
typedef struct fd_upload {
    const char *field, *name, *path;
} fd_upload;

typedef struct fd_request {
    struct fd_server *server;
    struct MHD_Connection *connection;
    fd_arena *arena;
    char id[17];
    fd_http_method method;
    bool is_head;
    const char *method_name;
    const char *target; /* as in the request line */
    fd_view path;
    fd_http_pair *query;
    size_t query_count;
    struct {
        const char *cookie, *authorization, *if_none_match, *if_match, *idempotency_key, *csrf,
            *accept_encoding, *accept_language, *content_type, *origin, *host;
    } header;
    char address[48];
    bool is_local;
    fd_lang lang;
    fd_match match;
    fd_identity who;
    int64_t started_us;

    fd_buf body;
    size_t body_seen, body_limit;
    fd_multipart *multipart;
    char *folder; /* of uploads; removed with the request unless a job took it */
    FILE *part_file;
    fd_buf part_field;
    const char *part_name;
    fd_http_pair *fields; /* plain fields of a multipart body */
    size_t field_count;
    fd_upload *uploads;
    size_t upload_count;

    enum { FD_STAGE_NEW, FD_STAGE_BODY, FD_STAGE_WORKING, FD_STAGE_ANSWERED } stage;
    fd_reply reply;
    const char *problem; /* of a failed request, in English, for the log */
} fd_request;

/** The decoded value of {name} in the route's pattern; "" when it does not decode. */
const char *fd_request_value(const fd_request *r, const char *name);
const char *fd_request_query(const fd_request *r, const char *name);

/** Add a header to the answer. The value is copied. */
void fd_reply_add(fd_request *r, const char *name, const char *value);
/** Answer with bytes; takes one reference. Always returns 0, so that handlers can end with it. */
int fd_reply_blob(fd_request *r, int status, const char *type, fd_blob *blob);
/** Answer with JSON; takes the buffer over. */
int fd_reply_json(fd_request *r, int status, fd_buf *json);
int fd_reply_empty(fd_request *r, int status);
/** problem+json from the thread's last error, with the status that belongs to its code. */
int fd_reply_error(fd_request *r);
/** problem+json with a status of its own. */
int fd_reply_problem(fd_request *r, int status, const char *zh, const char *en, ...)
    FD_PRINTF2(3, 4, 5);
/** Write a problem for the thread's last error as one JSON object (no newline). */
void fd_problem_write(fd_jsonw *w, const fd_error *e, int status, const char *request_id);
/** The HTTP status of an fd_code. */
int fd_status_of(int code);

/** Is the newest answer the one the client holds? Sets ETag, and answers 304 when so. @return true
 * when answered */
bool fd_reply_unchanged(fd_request *r, const char *etag);

/** Make the request's own folder below the root of uploads, once. */
int fd_request_folder(fd_request *r);
/** Remove a folder of uploads and what is in it (six levels); links are removed, not followed. */
void fd_folder_remove(const char *folder);

#endif
