#include "http/text.h"

#include <stdio.h>
#include <strings.h>

#include "base/utf8.h"
#include "base/vec.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static int bad_encoding(void)
{
    return fd_error_set(FD_EPARSE, "地址里的编码不对", "the address is not properly encoded");
}

int fd_http_decode(char **out, fd_arena *arena, fd_view text, bool form)
{
    char *p = fd_arena_alloc(arena, text.len + 1);
    size_t n = 0, bad;

    *out = p;
    for (size_t i = 0; i < text.len; i++) {
        int c = (unsigned char)text.ptr[i];

        if (c == '%') {
            if (text.len - i < 3 || hex(text.ptr[i + 1]) < 0 || hex(text.ptr[i + 2]) < 0)
                return bad_encoding();
            c = hex(text.ptr[i + 1]) * 16 + hex(text.ptr[i + 2]);
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
            return bad_encoding();
        p[n++] = (char)c;
    }
    p[n] = '\0';
    return fd_utf8_valid(p, n, &bad) ? 0 : bad_encoding();
}

int fd_http_query(fd_http_pair **out, size_t *count, fd_arena *arena, fd_view text)
{
    fd_view rest = text, part;
    int err;

    *count = 0;
    *out = fd_arena_alloc(arena, FD_HTTP_PAIRS_MAX * sizeof **out);
    while (fd_view_split(&rest, '&', &part)) {
        const char *equals = part.len ? memchr(part.ptr, '=', part.len) : NULL;
        fd_view name = { part.ptr, equals ? (size_t)(equals - part.ptr) : part.len };
        fd_view value = { equals ? equals + 1 : "",
                          equals ? (size_t)(part.ptr + part.len - equals - 1) : 0 };
        char *decoded[2];

        if (!part.len)
            continue;
        if (*count == FD_HTTP_PAIRS_MAX)
            return fd_error_set(FD_ELIMIT, "参数超过 %d 个", "more than %d parameters",
                                FD_HTTP_PAIRS_MAX);
        if ((err = fd_http_decode(&decoded[0], arena, name, true)) < 0 ||
            (err = fd_http_decode(&decoded[1], arena, value, true)) < 0)
            return err;
        (*out)[(*count)++] = (fd_http_pair){ decoded[0], decoded[1] };
    }
    return 0;
}

const char *fd_http_find(const fd_http_pair *pairs, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(pairs[i].name, name) == 0)
            return pairs[i].value;
    return NULL;
}

fd_view fd_http_cookie(const char *header, const char *name)
{
    fd_view rest = fd_view_of(header), part;
    size_t length = strlen(name);

    while (fd_view_split(&rest, ';', &part)) {
        part = fd_view_trim(part);
        if (part.len > length && part.ptr[length] == '=' && memcmp(part.ptr, name, length) == 0)
            return (fd_view){ part.ptr + length + 1, part.len - length - 1 };
    }
    return (fd_view){ "", 0 };
}

static bool same_word(fd_view a, const char *word)
{
    return a.len == strlen(word) && strncasecmp(a.ptr, word, a.len) == 0;
}

/* "q=0", "q=0.000" */
static bool is_zero_weight(fd_view parameter)
{
    parameter = fd_view_trim(parameter);
    if (parameter.len < 3 || strncasecmp(parameter.ptr, "q=", 2) != 0)
        return false;
    for (size_t i = 2; i < parameter.len; i++)
        if (parameter.ptr[i] != '0' && parameter.ptr[i] != '.')
            return false;
    return true;
}

bool fd_http_takes_gzip(const char *header)
{
    fd_view rest = fd_view_of(header), part;

    while (fd_view_split(&rest, ',', &part)) {
        fd_view word, parameter;
        bool refused = false;

        if (!fd_view_split(&part, ';', &word) || !same_word(fd_view_trim(word), "gzip"))
            continue;
        while (fd_view_split(&part, ';', &parameter))
            refused = refused || is_zero_weight(parameter);
        return !refused;
    }
    return false;
}

bool fd_http_tag_matches(const char *header, const char *tag)
{
    fd_view rest = fd_view_of(header), part;

    while (fd_view_split(&rest, ',', &part)) {
        part = fd_view_trim(part);
        if (fd_view_starts(part, "W/"))
            part = (fd_view){ part.ptr + 2, part.len - 2 };
        if (fd_view_is(part, "*") || fd_view_is(part, tag))
            return true;
    }
    return false;
}

bool fd_http_is_type(const char *header, const char *type)
{
    fd_view rest = fd_view_of(header), part;

    return fd_view_split(&rest, ';', &part) && same_word(fd_view_trim(part), type);
}

fd_view fd_http_boundary(const char *header)
{
    static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "'()+_,-./:=? ";
    const fd_view none = { "", 0 };
    fd_view rest = fd_view_of(header), part;

    if (!fd_http_is_type(header, "multipart/form-data"))
        return none;
    fd_view_split(&rest, ';', &part);
    while (fd_view_split(&rest, ';', &part)) {
        part = fd_view_trim(part);
        if (part.len < 9 || strncasecmp(part.ptr, "boundary=", 9) != 0)
            continue;
        part = (fd_view){ part.ptr + 9, part.len - 9 };
        if (part.len >= 2 && part.ptr[0] == '"' && part.ptr[part.len - 1] == '"')
            part = (fd_view){ part.ptr + 1, part.len - 2 };
        if (!part.len || part.len > 70 || part.ptr[part.len - 1] == ' ')
            return none;
        for (size_t i = 0; i < part.len; i++)
            if (!part.ptr[i] || !strchr(allowed, part.ptr[i]))
                return none;
        return part;
    }
    return none;
}

bool fd_http_header_safe(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c < 0x20 || *c == 0x7f)
            return false;
    return true;
}

char *fd_http_file_name(fd_arena *arena, fd_view name)
{
    fd_buf out = FD_BUF_INIT;
    char *kept;

    for (size_t i = name.len; i > 0; i--)
        if (name.ptr[i - 1] == '/' || name.ptr[i - 1] == '\\') {
            name = (fd_view){ name.ptr + i, name.len - i };
            break;
        }
    for (size_t i = 0; i < name.len;) {
        size_t from = i;
        uint32_t c = fd_utf8_next(name.ptr, name.len, &i);

        if (c < 0x20 || c == 0x7f || c == 0xfffd || (c == '.' && !out.len))
            continue;
        if (out.len + (i - from) > 200)
            break;
        fd_buf_put(&out, name.ptr + from, i - from);
    }
    kept = fd_arena_strdup(arena, out.len ? fd_buf_text(&out) : "file");
    fd_buf_dispose(&out);
    return kept;
}

void fd_http_encode(fd_buf *out, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        bool plain = (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') ||
                     (*c >= 'A' && *c <= 'Z') || strchr("-._~", *c);

        if (plain)
            fd_buf_putc(out, (char)*c);
        else
            fd_buf_printf(out, "%%%02X", *c);
    }
}

bool fd_http_same_secret(const char *given, const char *kept)
{
    size_t n = strlen(given), m = strlen(kept);
    unsigned difference = n != m;

    for (size_t i = 0; i < n; i++)
        difference |= (unsigned)((unsigned char)given[i] ^ (unsigned char)kept[m ? i % m : 0]);
    return difference == 0;
}
