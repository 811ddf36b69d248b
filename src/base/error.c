/*
 * The thread's last failure.
 */
#include "fangding/error.h"

#include "base/diag.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* What the header tells the static analyser is not for this file. */
#undef fd_error_set
#undef fd_error_detail
#undef fd_error_hint
#undef fd_error_at

static _Thread_local fd_error last;

static void vput(char *out, size_t size, const char *format, va_list args)
{
    va_list copy;

    va_copy(copy, args);
    vsnprintf(out, size, format, copy);
    va_end(copy);
}

int fd_error_set(int code, const char *zh, const char *en, ...)
{
    fd_error fresh;
    va_list args;

    /* Arguments may point into the record that is being replaced. */
    memset(&fresh, 0, sizeof fresh);
    fresh.code = code;
    va_start(args, en);
    vput(fresh.message[FD_ZH], sizeof fresh.message[FD_ZH], zh, args);
    vput(fresh.message[FD_EN], sizeof fresh.message[FD_EN], en, args);
    va_end(args);
    last = fresh;
    return code;
}

int fd_error_detail(const char *zh, const char *en, ...)
{
    char text[2][sizeof last.detail[0]];
    va_list args;

    va_start(args, en);
    vput(text[FD_ZH], sizeof text[FD_ZH], zh, args);
    vput(text[FD_EN], sizeof text[FD_EN], en, args);
    va_end(args);
    memcpy(last.detail, text, sizeof text);
    return last.code;
}

int fd_error_hint(const char *zh, const char *en, ...)
{
    char text[2][sizeof last.hint[0]];
    va_list args;

    va_start(args, en);
    vput(text[FD_ZH], sizeof text[FD_ZH], zh, args);
    vput(text[FD_EN], sizeof text[FD_EN], en, args);
    va_end(args);
    memcpy(last.hint, text, sizeof text);
    return last.code;
}

int fd_error_at(fd_place place)
{
    if (place.file && place.file != last.file)
        snprintf(last.file, sizeof last.file, "%s", place.file);
    if (place.sheet && place.sheet != last.sheet)
        snprintf(last.sheet, sizeof last.sheet, "%s", place.sheet);
    if (place.row)
        last.row = place.row;
    if (place.column)
        last.column = place.column;
    return last.code;
}

const fd_error *fd_error_last(void)
{
    return &last;
}

void fd_error_clear(void)
{
    memset(&last, 0, sizeof last);
}

const char *fd_code_name(int code)
{
    static const char *const names[] = {
        "ok",        "error",          "invalid",    "not-found", "exists",
        "format",    "parse",          "unit",       "overflow",  "io",
        "no-space",  "busy",           "limit",      "denied",    "conflict",
        "cancelled", "no-convergence", "infeasible", "no-memory",
    };

    if (code > 0 || -code >= (int)(sizeof names / sizeof *names))
        return "unknown";
    return names[-code];
}

static size_t append(char *buf, size_t size, size_t used, const char *text)
{
    size_t length = strlen(text);

    if (used < size) {
        size_t fits = size - used - 1 < length ? size - used - 1 : length;

        memcpy(buf + used, text, fits);
        buf[used + fits] = '\0';
    }
    return used + length;
}

size_t fd_error_format(const fd_error *e, fd_lang lang, char *buf, size_t size)
{
    char place[768];
    size_t used = 0, at = 0;

    if (size)
        buf[0] = '\0';
    place[0] = '\0';
    if (e->file[0])
        at += (size_t)snprintf(place, sizeof place, "%s", e->file);
    if (e->sheet[0] && at < sizeof place)
        at += (size_t)snprintf(place + at, sizeof place - at,
                               lang == FD_ZH ? " 表「%s」" : " sheet \"%s\"", e->sheet);
    if (e->row && at < sizeof place)
        at += (size_t)snprintf(place + at, sizeof place - at,
                               lang == FD_ZH ? " 第 %ld 行" : " row %ld", e->row);
    if (e->column && at < sizeof place)
        snprintf(place + at, sizeof place - at, lang == FD_ZH ? " 第 %ld 列" : " column %ld",
                 e->column);
    if (place[0]) {
        used = append(buf, size, used, place);
        used = append(buf, size, used, ": ");
    }
    used = append(buf, size, used, e->message[lang]);
    if (e->detail[lang][0]) {
        used = append(buf, size, used, "\n  ");
        used = append(buf, size, used, e->detail[lang]);
    }
    if (e->hint[lang][0]) {
        used = append(buf, size, used, lang == FD_ZH ? "\n  建议:" : "\n  hint: ");
        used = append(buf, size, used, e->hint[lang]);
    }
    return used;
}

void fd_error__restore(const fd_error *e)
{
    last = *e;
}
