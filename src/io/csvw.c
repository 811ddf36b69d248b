#include "io/csvw.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "fangding/arena.h"
#include "io/file.h"

#define FLUSH_AT 65536

struct fd_csvw {
    FILE *stream;
    fd_csvw_options options;
    iconv_t cd; /* from UTF-8, when has_cd */
    bool has_cd;
    fd_buf out;   /* in the target encoding */
    fd_buf cell;  /* UTF-8 */
    size_t cells; /* in the row so far */
    bool lone_empty, begun;
    int failed; /* errno */
};

fd_csvw_options fd_csvw_like(const fd_rows_info *info)
{
    fd_csvw_options options = FD_CSVW_OPTIONS_INIT;

    if (info->format == FD_ROWS_CSV)
        options = (fd_csvw_options){ info->encoding, info->separator, info->crlf };
    return options;
}

int fd_csvw_new(fd_csvw **out, FILE *stream, const fd_csvw_options *options)
{
    fd_csvw_options defaults = FD_CSVW_OPTIONS_INIT, o = options ? *options : defaults;
    const char *to = o.encoding == FD_ENCODING_GB18030   ? "GB18030"
                     : o.encoding == FD_ENCODING_UTF16LE ? "UTF-16LE"
                     : o.encoding == FD_ENCODING_UTF16BE ? "UTF-16BE"
                                                         : NULL;
    fd_csvw *w;
    iconv_t cd = 0;

    *out = NULL;
    if (!o.separator)
        o.separator = ',';
    if (o.separator != ',' && o.separator != ';' && o.separator != '\t')
        return fd_error_set(FD_EINVAL, "分隔符只能是逗号、分号或制表符",
                            "the separator must be a comma, a semicolon or a tab");
    if (to && (cd = iconv_open(to, "UTF-8")) == (iconv_t)-1) // NOLINT(performance-no-int-to-ptr)
        return fd_error_set(FD_ERROR, "本机的字符转换库没有 %s",
                            "the character conversion of this system lacks %s", to);
    w = fd_alloc(sizeof *w);
    w->stream = stream;
    w->options = o;
    w->cd = cd;
    w->has_cd = to != NULL;
    if (o.encoding == FD_ENCODING_UTF8_BOM)
        fd_buf_put(&w->out, "\xEF\xBB\xBF", 3);
    else if (o.encoding == FD_ENCODING_UTF16LE)
        fd_buf_put(&w->out, "\xFF\xFE", 2);
    else if (o.encoding == FD_ENCODING_UTF16BE)
        fd_buf_put(&w->out, "\xFE\xFF", 2);
    *out = w;
    return 0;
}

static void flush(fd_csvw *w)
{
    if (w->out.len && !w->failed && fwrite(w->out.ptr, 1, w->out.len, w->stream) != w->out.len)
        w->failed = errno ? errno : EIO;
    fd_buf_clear(&w->out);
}

/* Valid UTF-8 into the target encoding. */
static void convert(fd_csvw *w, char *text, size_t length)
{
    while (length) {
        size_t room, at = 0;
        char *to;

        fd_buf_reserve(&w->out, length * 4 + 16);
        to = w->out.ptr + w->out.len;
        room = length * 4;
        if (iconv(w->cd, &text, &length, &to, &room) != (size_t)-1) {
            w->out.len = (size_t)(to - w->out.ptr);
            return;
        }
        w->out.len = (size_t)(to - w->out.ptr);
        /* A character that the target lacks. */
        (void)fd_utf8_next(text, length, &at);
        text += at;
        length -= at;
        fd_buf_putc(&w->out, '?');
    }
}

static void put(fd_csvw *w, const char *text, size_t length)
{
    bool utf16 =
        w->options.encoding == FD_ENCODING_UTF16LE || w->options.encoding == FD_ENCODING_UTF16BE;
    bool ascii = true;

    for (size_t i = 0; i < length && ascii; i++)
        ascii = (unsigned char)text[i] < 0x80;
    if (utf16 || !ascii) {
        fd_buf mended = FD_BUF_INIT;
        size_t at = 0;
        char utf8[4];

        if (!fd_utf8_valid(text, length, NULL)) {
            while (at < length)
                fd_buf_put(&mended, utf8, fd_utf8_encode(fd_utf8_next(text, length, &at), utf8));
        } else {
            fd_buf_put(&mended, text, length);
        }
        if (w->has_cd)
            convert(w, mended.ptr, mended.len);
        else
            fd_buf_view(&w->out, (fd_view){ fd_buf_text(&mended), mended.len });
        fd_buf_dispose(&mended);
    } else {
        fd_buf_put(&w->out, text, length);
    }
}

static bool needs_quotes(const fd_csvw *w, fd_view text)
{
    /* A file that begins with '<' would be taken for a web page. */
    if (!w->begun && text.len && text.ptr[0] == '<')
        return true;
    if (text.len && (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' '))
        return true;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == w->options.separator || text.ptr[i] == '"' || text.ptr[i] == '\n' ||
            text.ptr[i] == '\r')
            return true;
    return false;
}

static void separate(fd_csvw *w)
{
    if (w->cells++) {
        /* An empty first cell is no lone one any more. */
        put(w, &w->options.separator, 1);
        w->lone_empty = false;
    }
}

void fd_csvw_cell(fd_csvw *w, fd_view text)
{
    separate(w);
    w->lone_empty = w->cells == 1 && text.len == 0;
    if (!needs_quotes(w, text)) {
        put(w, text.ptr, text.len);
        return;
    }
    fd_buf_clear(&w->cell);
    fd_buf_putc(&w->cell, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            fd_buf_putc(&w->cell, '"');
        fd_buf_putc(&w->cell, text.ptr[i]);
    }
    fd_buf_putc(&w->cell, '"');
    put(w, w->cell.ptr, w->cell.len);
}

void fd_csvw_text(fd_csvw *w, const char *text)
{
    fd_csvw_cell(w, fd_view_of(text));
}

void fd_csvw_raw(fd_csvw *w, fd_view bytes)
{
    separate(w);
    w->lone_empty = false;
    if (w->options.encoding == FD_ENCODING_UTF16LE || w->options.encoding == FD_ENCODING_UTF16BE)
        put(w, bytes.ptr, bytes.len);
    else
        fd_buf_view(&w->out, bytes);
}

void fd_csvw_end_row(fd_csvw *w)
{
    if (w->lone_empty) /* an empty line would be no row */
        put(w, "\"\"", 2);
    if (w->options.crlf)
        put(w, "\r\n", 2);
    else
        put(w, "\n", 1);
    w->cells = 0;
    w->lone_empty = false;
    w->begun = true;
    if (w->out.len >= FLUSH_AT)
        flush(w);
}

int fd_csvw_finish(fd_csvw *w)
{
    int failed;

    flush(w);
    if (!w->failed && fflush(w->stream) != 0)
        w->failed = errno;
    failed = w->failed;
    if (w->has_cd)
        iconv_close(w->cd);
    fd_buf_dispose(&w->out);
    fd_buf_dispose(&w->cell);
    free(w);
    return failed ? fd_file__errno(NULL, failed) : 0;
}
