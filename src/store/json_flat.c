#include "store/json_flat.h"

#include <string.h>

#include "base/utf8.h"

enum { DEPTH_MAX = 32 };

typedef struct scanner {
    const char *begin, *p;
} scanner;

static int bad(const scanner *s)
{
    return fd_error_set(FD_EPARSE, "记录字段不是 JSON 对象(第 %zu 个字节处)",
                        "the fields of a record are no JSON object (at byte %zu)",
                        (size_t)(s->p - s->begin) + 1);
}

static void skip_blanks(scanner *s)
{
    while (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r')
        s->p++;
}

static bool read_hex4(scanner *s, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, s->p++) {
        const char c = *s->p;
        uint32_t digit;

        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            digit = (uint32_t)((c | 32) - 'a') + 10;
        else
            return false;
        *out = *out * 16 + digit;
    }
    return true;
}

static int read_unicode(scanner *s, fd_buf *out)
{
    uint32_t c, low;
    char bytes[4];

    if (!read_hex4(s, &c))
        return bad(s);
    if (c >= 0xD800 && c < 0xDC00) {
        if (s->p[0] != '\\' || s->p[1] != 'u')
            return bad(s);
        s->p += 2;
        if (!read_hex4(s, &low) || low < 0xDC00 || low > 0xDFFF)
            return bad(s);
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    } else if ((c >= 0xDC00 && c <= 0xDFFF) || c == 0) {
        return bad(s);
    }
    fd_buf_put(out, bytes, fd_utf8_encode(c, bytes));
    return 0;
}

/* A string, decoded. */
static int read_string(scanner *s, fd_buf *out)
{
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    int err;

    if (*s->p != '"')
        return bad(s);
    for (s->p++; *s->p != '"';) {
        const char *at;

        if ((unsigned char)*s->p < 0x20)
            return bad(s);
        if (*s->p != '\\') {
            fd_buf_putc(out, *s->p++);
            continue;
        }
        s->p++;
        if (*s->p == 'u') {
            s->p++;
            if ((err = read_unicode(s, out)) < 0)
                return err;
            continue;
        }
        at = *s->p ? strchr(escapes, *s->p) : NULL;
        if (!at)
            return bad(s);
        fd_buf_putc(out, meanings[at - escapes]);
        s->p++;
    }
    s->p++;
    return 0;
}

static bool read_digits(scanner *s)
{
    const char *begin = s->p;

    while (*s->p >= '0' && *s->p <= '9')
        s->p++;
    return s->p > begin;
}

static int read_number(scanner *s)
{
    if (*s->p == '-')
        s->p++;
    if (!read_digits(s))
        return bad(s);
    if (*s->p == '.') {
        s->p++;
        if (!read_digits(s))
            return bad(s);
    }
    if (*s->p == 'e' || *s->p == 'E') {
        s->p++;
        if (*s->p == '+' || *s->p == '-')
            s->p++;
        if (!read_digits(s))
            return bad(s);
    }
    return 0;
}

/* Brackets must close in order and strings must end; what lies between is not looked at. */
static int skip_nested(scanner *s)
{
    char closing[DEPTH_MAX];
    int depth = 0, err;

    do {
        const char c = *s->p;

        if (c == '"') {
            fd_buf text = FD_BUF_INIT;

            err = read_string(s, &text);
            fd_buf_dispose(&text);
            if (err < 0)
                return err;
            continue;
        }
        if (c == '\0')
            return bad(s);
        if (c == '{' || c == '[') {
            if (depth == DEPTH_MAX)
                return bad(s);
            closing[depth++] = c == '{' ? '}' : ']';
        } else if (c == '}' || c == ']') {
            if (closing[--depth] != c)
                return bad(s);
        }
        s->p++;
    } while (depth > 0);
    return 0;
}

static bool read_word(scanner *s, const char *word)
{
    const size_t n = strlen(word);

    if (strncmp(s->p, word, n) != 0)
        return false;
    s->p += n;
    return true;
}

static int read_value(scanner *s, fd_json_field *field)
{
    const char *begin = s->p;
    fd_buf text = FD_BUF_INIT;
    int err = 0;

    if (*s->p == '"') {
        field->type = FD_JSON_STRING;
        err = read_string(s, &text);
    } else if (*s->p == '{' || *s->p == '[') {
        field->type = FD_JSON_NESTED;
        err = skip_nested(s);
    } else if (read_word(s, "null")) {
        field->type = FD_JSON_NULL;
    } else if (read_word(s, "true") || read_word(s, "false")) {
        field->type = FD_JSON_BOOL;
    } else {
        field->type = FD_JSON_NUMBER;
        err = read_number(s);
    }
    if (field->type != FD_JSON_STRING)
        fd_buf_put(&text, begin, (size_t)(s->p - begin));
    fd_buf_putc(&text, '\0');
    field->text = fd_buf_take(&text);
    return err;
}

int fd_json_flat_parse(fd_json_flat *out, const char *text)
{
    scanner s = { text, text };
    int err;

    skip_blanks(&s);
    if (*s.p != '{')
        return bad(&s);
    s.p++;
    skip_blanks(&s);
    if (*s.p == '}') {
        s.p++;
    } else {
        for (;;) {
            fd_json_field field = { NULL, FD_JSON_NULL, NULL };
            fd_buf name = FD_BUF_INIT;

            skip_blanks(&s);
            err = read_string(&s, &name);
            fd_buf_putc(&name, '\0');
            field.name = fd_buf_take(&name);
            skip_blanks(&s);
            if (err == 0 && *s.p != ':')
                err = bad(&s);
            if (err == 0) {
                s.p++;
                skip_blanks(&s);
                err = read_value(&s, &field);
            }
            fd_vec_push(&out->fields, field);
            if (err < 0)
                return err;
            skip_blanks(&s);
            if (*s.p == '}') {
                s.p++;
                break;
            }
            if (*s.p != ',')
                return bad(&s);
            s.p++;
        }
    }
    skip_blanks(&s);
    return *s.p ? bad(&s) : 0;
}

void fd_json_flat_dispose(fd_json_flat *json)
{
    for (size_t i = 0; i < json->fields.count; i++) {
        free(json->fields.items[i].name);
        free(json->fields.items[i].text);
    }
    fd_vec_dispose(&json->fields);
}
