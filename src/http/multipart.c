/*
 * A body looks like  --B CRLF headers CRLF CRLF data CRLF --B CRLF … CRLF --B-- .
 * What arrives is appended to `held`; as much of it is passed on as cannot be the beginning of the
 * next "CRLF --B".  The search is memmem: the boundary is short and the data are not ours to keep.
 */
#include "http/multipart.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/diag.h"
#include "fangding/arena.h"

typedef enum state { PREAMBLE, AFTER_BOUNDARY, HEADERS, DATA, DONE } state;

struct fd_multipart {
    fd_multipart_handler handler;
    void *payload;
    char delimiter[80]; /* CRLF -- boundary */
    size_t delimiter_length;
    state state;
    size_t parts;
    fd_buf held;
};

fd_multipart *fd_multipart_new(fd_view boundary, const fd_multipart_handler *handler, void *payload)
{
    fd_multipart *p = fd_alloc(sizeof *p);
    size_t n = boundary.len > 70 ? 70 : boundary.len;

    p->handler = *handler;
    p->payload = payload;
    memcpy(p->delimiter, "\r\n--", 4);
    memcpy(p->delimiter + 4, boundary.ptr, n);
    p->delimiter_length = n + 4;
    return p;
}

void fd_multipart_free(fd_multipart *parser)
{
    if (!parser)
        return;
    fd_buf_dispose(&parser->held);
    free(parser);
}

static int broken(const char *zh, const char *en)
{
    fd_error e;

    fd_error_set(FD_EPARSE, "上传的内容格式不对", "the upload is not well formed");
    e = *fd_error_last();
    snprintf(e.detail[FD_ZH], sizeof e.detail[FD_ZH], "%s", zh);
    snprintf(e.detail[FD_EN], sizeof e.detail[FD_EN], "%s", en);
    fd_error__restore(&e);
    return e.code;
}

static void drop(fd_buf *b, size_t n)
{
    if (!n)
        return;
    memmove(b->ptr, b->ptr + n, b->len - n);
    b->len -= n;
    b->ptr[b->len] = '\0';
}

/* name="…" of a Content-Disposition line; backslash escapes of quotes are kept as the quote. */
static bool parameter(fd_view line, const char *name, char *out, size_t size, size_t *length)
{
    size_t n = strlen(name);

    for (size_t i = 0; i + n + 2 <= line.len; i++) {
        const char *at = line.ptr + i;

        if ((i && at[-1] != ' ' && at[-1] != ';') || strncasecmp(at, name, n) != 0 ||
            at[n] != '=' || at[n + 1] != '"')
            continue;
        *length = 0;
        for (size_t j = i + n + 2; j < line.len && line.ptr[j] != '"'; j++) {
            char c = line.ptr[j];

            if (c == '\\' && j + 1 < line.len &&
                (line.ptr[j + 1] == '"' || line.ptr[j + 1] == '\\'))
                c = line.ptr[++j];
            if (*length + 1 >= size)
                return false;
            out[(*length)++] = c;
        }
        out[*length] = '\0';
        return true;
    }
    return false;
}

/* The header lines of one part, up to and without the empty line. */
static int begin_part(fd_multipart *p, fd_view headers)
{
    char name[256], file[1024];
    size_t name_length = 0, file_length = 0;
    bool found = false, is_file = false;

    if (p->parts++ == FD_MULTIPART_PARTS_MAX)
        return fd_error_set(FD_ELIMIT, "一次上传不超过 %d 个部分", "at most %d parts in one upload",
                            FD_MULTIPART_PARTS_MAX);
    while (headers.len) {
        ptrdiff_t end = fd_view_find(headers, "\r\n");
        fd_view line = { headers.ptr, end < 0 ? headers.len : (size_t)end };

        headers = end < 0 ? (fd_view){ "", 0 }
                          : (fd_view){ headers.ptr + end + 2, headers.len - (size_t)end - 2 };
        if (line.len < 20 || strncasecmp(line.ptr, "content-disposition:", 20) != 0)
            continue;
        found = parameter(line, "name", name, sizeof name, &name_length);
        is_file = parameter(line, "filename", file, sizeof file, &file_length);
    }
    if (!found)
        return broken("有一部分没有名字", "a part without a name");
    return p->handler.part(p->payload, (fd_view){ name, name_length },
                           is_file ? &(fd_view){ file, file_length } : NULL);
}

/* One step; *more says whether another may follow with what is held. */
static int step(fd_multipart *p, bool *more)
{
    fd_view held = { fd_buf_text(&p->held), p->held.len };
    const char *at;
    size_t safe;
    int err;

    *more = false;
    switch (p->state) {
    case PREAMBLE: /* the first boundary has no CRLF before it */
        if (held.len < p->delimiter_length - 2)
            return 0;
        if (memcmp(held.ptr, p->delimiter + 2, p->delimiter_length - 2) != 0)
            return broken("开头不是分隔线", "it does not begin with its boundary");
        drop(&p->held, p->delimiter_length - 2);
        p->state = AFTER_BOUNDARY;
        break;
    case AFTER_BOUNDARY:
        if (held.len < 2)
            return 0;
        if (memcmp(held.ptr, "--", 2) == 0) {
            p->state = DONE;
            break;
        }
        if (memcmp(held.ptr, "\r\n", 2) != 0)
            return broken("分隔线后没有换行", "a boundary not followed by a line end");
        p->state = HEADERS; /* its CRLF stays: "no headers" is then CRLF CRLF as well */
        break;
    case HEADERS:
        at = memmem(held.ptr, held.len, "\r\n\r\n", 4);
        if (!at && held.len <= FD_MULTIPART_HEADER_MAX)
            return 0;
        if (!at || at - held.ptr > FD_MULTIPART_HEADER_MAX)
            return fd_error_set(FD_ELIMIT, "上传部分的头太长", "the header of a part is too long");
        if (at == held.ptr)
            return broken("有一部分没有名字", "a part without a name");
        err = begin_part(p, (fd_view){ held.ptr + 2, (size_t)(at - held.ptr) - 2 });
        if (err < 0)
            return err;
        drop(&p->held, (size_t)(at - held.ptr) + 4);
        p->state = DATA;
        break;
    case DATA:
        at = memmem(held.ptr, held.len, p->delimiter, p->delimiter_length);
        safe = at                               ? (size_t)(at - held.ptr)
               : held.len > p->delimiter_length ? held.len - p->delimiter_length
                                                : 0;
        if (safe && (err = p->handler.data(p->payload, held.ptr, safe)) < 0)
            return err;
        drop(&p->held, safe);
        if (!at)
            return 0;
        if ((err = p->handler.end(p->payload)) < 0)
            return err;
        drop(&p->held, p->delimiter_length);
        p->state = AFTER_BOUNDARY;
        break;
    case DONE: /* an epilogue is ignored */
        fd_buf_clear(&p->held);
        return 0;
    }
    *more = true;
    return 0;
}

int fd_multipart_feed(fd_multipart *parser, const char *bytes, size_t length)
{
    bool more = true;
    int err = 0;

    if (parser->state == DONE)
        return 0;
    fd_buf_put(&parser->held, bytes, length);
    while (more && err >= 0)
        err = step(parser, &more);
    return err;
}

int fd_multipart_finish(fd_multipart *parser)
{
    return parser->state == DONE
               ? 0
               : broken("没有结束的分隔线", "it ends before its closing boundary");
}
