#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

#include "fangding/arena.h"

fd_view fd_view_of(const char *text)
{
    return (fd_view){ text ? text : "", text ? strlen(text) : 0 };
}

bool fd_view_equal(fd_view a, fd_view b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool fd_view_is(fd_view a, const char *text)
{
    return fd_view_equal(a, fd_view_of(text));
}

int fd_view_compare(fd_view a, fd_view b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.ptr, b.ptr, common) : 0;

    if (order)
        return order < 0 ? -1 : 1;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool fd_view_starts(fd_view a, const char *prefix)
{
    size_t n = strlen(prefix);

    return a.len >= n && memcmp(a.ptr, prefix, n) == 0;
}

bool fd_view_ends(fd_view a, const char *suffix)
{
    size_t n = strlen(suffix);

    return a.len >= n && memcmp(a.ptr + a.len - n, suffix, n) == 0;
}

/* Bytes of the blank that starts (or ends) at p, 0 when there is none. */
static size_t blank_at_start(fd_view a)
{
    unsigned char c;

    if (a.len == 0)
        return 0;
    c = (unsigned char)a.ptr[0];
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    if (a.len >= 2 && memcmp(a.ptr, "\xC2\xA0", 2) == 0)
        return 2;
    return a.len >= 3 && memcmp(a.ptr, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

static size_t blank_at_end(fd_view a)
{
    unsigned char c;

    if (a.len == 0)
        return 0;
    c = (unsigned char)a.ptr[a.len - 1];
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    if (fd_view_ends(a, "\xC2\xA0"))
        return 2;
    return fd_view_ends(a, "\xE3\x80\x80") ? 3 : 0;
}

fd_view fd_view_trim(fd_view a)
{
    size_t n;

    while ((n = blank_at_start(a)) > 0) {
        a.ptr += n;
        a.len -= n;
    }
    while ((n = blank_at_end(a)) > 0)
        a.len -= n;
    return a;
}

ptrdiff_t fd_view_find(fd_view a, const char *needle)
{
    const char *hit = a.len ? memmem(a.ptr, a.len, needle, strlen(needle)) : NULL;

    return hit ? hit - a.ptr : -1;
}

bool fd_view_split(fd_view *rest, char separator, fd_view *part)
{
    const char *hit;

    if (!rest->ptr)
        return false;
    hit = rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
    if (!hit) {
        *part = *rest;
        *rest = (fd_view){ NULL, 0 };
        return true;
    }
    *part = (fd_view){ rest->ptr, (size_t)(hit - rest->ptr) };
    rest->len -= part->len + 1;
    rest->ptr = hit + 1;
    return true;
}

void fd_buf_dispose(fd_buf *b)
{
    free(b->ptr);
    *b = (fd_buf)FD_BUF_INIT;
}

void fd_buf_clear(fd_buf *b)
{
    b->len = 0;
    if (b->ptr)
        b->ptr[0] = '\0';
}

void fd_buf_reserve(fd_buf *b, size_t extra)
{
    size_t need = b->len + extra + 1;
    size_t cap = b->cap ? b->cap : 64;

    if (need <= b->cap)
        return;
    while (cap < need)
        cap *= 2;
    b->ptr = fd_realloc(b->ptr, cap);
    b->cap = cap;
    b->ptr[b->len] = '\0';
}

void fd_buf_put(fd_buf *b, const char *text, size_t len)
{
    fd_buf_reserve(b, len);
    if (len)
        memcpy(b->ptr + b->len, text, len);
    b->len += len;
    b->ptr[b->len] = '\0';
}

void fd_buf_puts(fd_buf *b, const char *text)
{
    fd_buf_put(b, text, strlen(text));
}

void fd_buf_putc(fd_buf *b, char c)
{
    fd_buf_put(b, &c, 1);
}

void fd_buf_view(fd_buf *b, fd_view v)
{
    fd_buf_put(b, v.ptr, v.len);
}

void fd_buf_printf(fd_buf *b, const char *format, ...)
{
    va_list args, again;
    int length;

    va_start(args, format);
    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length > 0) {
        fd_buf_reserve(b, (size_t)length);
        vsnprintf(b->ptr + b->len, (size_t)length + 1, format, again);
        b->len += (size_t)length;
    }
    va_end(again);
}

void fd_buf_repeat(fd_buf *b, const char *text, size_t times)
{
    size_t len = strlen(text);

    fd_buf_reserve(b, len * times);
    while (times-- > 0)
        fd_buf_put(b, text, len);
}

const char *fd_buf_text(const fd_buf *b)
{
    return b->ptr ? b->ptr : "";
}

char *fd_buf_take(fd_buf *b)
{
    char *text = b->ptr ? b->ptr : fd_strdup("");

    *b = (fd_buf)FD_BUF_INIT;
    return text;
}

fd_truth fd_text_truth(const char *text)
{
    static const char *const yes[] = { "是",  "有",  "1",   "true", "TRUE", "True",
                                       "yes", "YES", "Yes", "Y",    "y",    "√" };
    static const char *const no[] = { "否", "无", "0",  "false", "FALSE", "False",
                                      "no", "NO", "No", "N",     "n",     "×" };

    for (size_t i = 0; text && i < sizeof yes / sizeof *yes; i++) {
        if (strcmp(text, yes[i]) == 0)
            return FD_TRUE;
        if (strcmp(text, no[i]) == 0)
            return FD_FALSE;
    }
    return FD_UNKNOWN;
}
