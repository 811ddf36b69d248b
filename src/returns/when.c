/*
 * Which year and month a text speaks of: titles, file names, folders, sheet names.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "returns/header.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int number(const char *p, size_t digits)
{
    int n = 0;

    for (size_t i = 0; i < digits; i++)
        n = n * 10 + (p[i] - '0');
    return n;
}

static size_t run_of(const char *p, const char *end)
{
    size_t n = 0;

    while (p + n < end && is_digit(p[n]))
        n++;
    return n;
}

/* After a year: 年5月, 年1-5月, -05, -01..05, .5, _05, 年第 … ; 0 when no month follows. *used
 * receives the bytes. */
static int month_after(const char *p, const char *end, size_t *used)
{
    const char *start = p;
    size_t n;
    int first, last = 0;
    bool named = false;

    *used = 0;
    if (end - p >= 3 && memcmp(p, "年", 3) == 0) {
        named = true;
        p += 3;
    } else if (p < end && strchr("-./_", *p)) {
        p++;
    } else {
        return 0;
    }
    n = run_of(p, end);
    if (n < 1 || n > 2)
        return 0;
    first = number(p, n);
    p += n;
    if (end - p >= 2 && p[0] == '.' && p[1] == '.')
        p++;
    if (p < end && (*p == '-' || *p == '.')) {
        size_t m = run_of(p + 1, end);

        /* 2024-03-05 is a day; 1-5 is a span. */
        if (m >= 1 && m <= 2 && first == 1 && (named || p[-1] == '.')) {
            last = number(p + 1, m);
            p += 1 + m;
        }
    }
    if (named) {
        if (end - p < 3 || memcmp(p, "月", 3) != 0)
            return 0;
        p += 3;
    }
    if (last == 0)
        last = first;
    *used = (size_t)(p - start);
    return last >= 1 && last <= 12 ? last : 0;
}

bool fd_returns__text_period(fd_view text, int *year, int *month)
{
    fd_buf folded = FD_BUF_INIT;
    const char *p, *end;
    bool found = false, clear = true;

    *year = *month = 0;
    fd_returns__fold_into(&folded, text);
    p = fd_buf_text(&folded);
    end = p + folded.len;
    while (p < end) {
        size_t n = run_of(p, end), used;
        int y = 0, m = 0;

        if (n == 0) {
            p++;
            continue;
        }
        if (n == 4) {
            y = number(p, 4);
            m = month_after(p + 4, end, &used);
        } else if (n == 6 || n == 8) {
            y = number(p, 4);
            m = number(p + 4, 2);
            if (m < 1 || m > 12)
                y = 0;
        }
        p += n;
        if (y < 1990 || y > 2100)
            continue;
        if (found && (y != *year || (m && *month && m != *month))) {
            clear = false;
            break;
        }
        found = true;
        *year = y;
        if (m)
            *month = m;
    }
    fd_buf_dispose(&folded);
    if (!clear)
        *year = *month = 0;
    return found && clear;
}

void fd_returns_path_period(const char *path, int *year, int *month)
{
    const char *end = path + strlen(path);
    int y, m, depth = 0;

    *year = *month = 0;
    /* The last name first, then folders from the innermost; a month is taken only with its year. */
    while (end > path && (*year == 0 || *month == 0) && depth++ < 3) {
        const char *start = end;

        while (start > path && start[-1] != '/')
            start--;
        if (fd_returns__text_period((fd_view){ start, (size_t)(end - start) }, &y, &m)) {
            if (*year == 0)
                *year = y;
            if (y == *year && *month == 0)
                *month = m;
            else if (y != *year)
                break;
        }
        end = start > path ? start - 1 : path;
    }
}
