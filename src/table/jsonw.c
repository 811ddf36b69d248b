#include "table/jsonw.h"

#include <math.h>
#include <stdlib.h>

void fd_double_shortest(double value, char *buf, size_t size)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buf, size, "%.*g", digits, value);
        if (strtod(buf, NULL) == value)
            return;
    }
}

void fd_jsonw_init(fd_jsonw *w, fd_buf *out)
{
    memset(w, 0, sizeof *w);
    w->out = out;
}

/* Wrong nesting is a mistake of the program. It ends here in every build: the text would be no
 * JSON. */
static void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "fangding: JSON writer: %s\n", what);
    abort();
}

/* The comma before a member, unless it is the value of a key just written. */
static void separate(fd_jsonw *w)
{
    if (w->after_key) {
        w->after_key = false;
        return;
    }
    if (w->has_member[w->depth])
        fd_buf_putc(w->out, ',');
    w->has_member[w->depth] = true;
}

static void open_level(fd_jsonw *w, char bracket, bool is_object)
{
    separate(w);
    fd_buf_putc(w->out, bracket);
    require(w->depth + 1 < FD_JSONW_DEPTH, "nested too deeply");
    w->depth++;
    w->has_member[w->depth] = false;
    w->is_object[w->depth] = is_object;
}

static void close_level(fd_jsonw *w, char bracket, bool is_object)
{
    require(w->depth > 0 && !w->after_key && w->is_object[w->depth] == is_object,
            "closed what is not open");
    w->depth--;
    fd_buf_putc(w->out, bracket);
}

void fd_jsonw_object(fd_jsonw *w)
{
    open_level(w, '{', true);
}

void fd_jsonw_array(fd_jsonw *w)
{
    open_level(w, '[', false);
}

void fd_jsonw_end_object(fd_jsonw *w)
{
    close_level(w, '}', true);
}

void fd_jsonw_end_array(fd_jsonw *w)
{
    close_level(w, ']', false);
}

static void put_string(fd_buf *out, fd_view text)
{
    fd_buf_putc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c == '"' || c == '\\') {
            fd_buf_putc(out, '\\');
            fd_buf_putc(out, (char)c);
        } else if (c == '\n') {
            fd_buf_puts(out, "\\n");
        } else if (c == '\t') {
            fd_buf_puts(out, "\\t");
        } else if (c < 0x20) {
            fd_buf_printf(out, "\\u%04x", c);
        } else {
            fd_buf_putc(out, (char)c);
        }
    }
    fd_buf_putc(out, '"');
}

void fd_jsonw_key(fd_jsonw *w, const char *key)
{
    require(w->depth > 0 && w->is_object[w->depth] && !w->after_key, "a key outside an object");
    separate(w);
    put_string(w->out, fd_view_of(key));
    fd_buf_putc(w->out, ':');
    w->after_key = true;
}

void fd_jsonw_view(fd_jsonw *w, fd_view text)
{
    separate(w);
    put_string(w->out, text);
}

void fd_jsonw_string(fd_jsonw *w, const char *text)
{
    if (text)
        fd_jsonw_view(w, fd_view_of(text));
    else
        fd_jsonw_null(w);
}

void fd_jsonw_int(fd_jsonw *w, int64_t value)
{
    separate(w);
    fd_buf_printf(w->out, "%lld", (long long)value);
}

void fd_jsonw_double(fd_jsonw *w, double value)
{
    char text[32];

    if (!isfinite(value)) {
        fd_jsonw_null(w);
        return;
    }
    fd_double_shortest(value, text, sizeof text);
    fd_jsonw_raw(w, text);
}

void fd_jsonw_bool(fd_jsonw *w, bool value)
{
    fd_jsonw_raw(w, value ? "true" : "false");
}

void fd_jsonw_null(fd_jsonw *w)
{
    fd_jsonw_raw(w, "null");
}

void fd_jsonw_raw(fd_jsonw *w, const char *number)
{
    separate(w);
    fd_buf_puts(w->out, number);
}
