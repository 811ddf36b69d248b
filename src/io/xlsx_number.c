#include "io/xlsx_number.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "fangding/period.h"

#define SIGNIFICANT 15
#define MOST_DIGITS 64

/* A decimal taken apart: 0.DIGITS × 10^point. */
typedef struct parts {
    bool negative, plain; /* plain: digits only, no point and no exponent */
    char digits[MOST_DIGITS];
    size_t count; /* significant digits kept; 0 is zero */
    size_t dropped;
    long point;
    size_t fraction; /* digits behind the point as written */
} parts;

static bool take_apart(parts *p, fd_view t)
{
    bool any = false, behind = false;
    long exponent = 0;
    size_t i = 0;

    memset(p, 0, sizeof *p);
    p->plain = true;
    if (i < t.len && (t.ptr[i] == '-' || t.ptr[i] == '+'))
        p->negative = t.ptr[i++] == '-';
    for (; i < t.len; i++) {
        char c = t.ptr[i];

        if (c == '.' && !behind) {
            behind = true;
            p->plain = false;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        any = true;
        p->fraction += behind;
        if (p->count == 0 && c == '0') {
            p->point -= behind;
            continue;
        }
        p->point += !behind;
        if (p->count < MOST_DIGITS)
            p->digits[p->count++] = c;
        else
            p->dropped++;
    }
    if (!any)
        return false;
    if (i < t.len && (t.ptr[i] == 'e' || t.ptr[i] == 'E')) {
        bool negative = false, digit = false;

        p->plain = false;
        if (++i < t.len && (t.ptr[i] == '-' || t.ptr[i] == '+'))
            negative = t.ptr[i++] == '-';
        for (; i < t.len && t.ptr[i] >= '0' && t.ptr[i] <= '9'; i++) {
            digit = true;
            if (exponent < 100000)
                exponent = exponent * 10 + (t.ptr[i] - '0');
        }
        if (!digit)
            return false;
        exponent = negative ? -exponent : exponent;
        p->fraction = 0;
    }
    if (p->count)
        p->point += exponent;
    return i == t.len;
}

static void drop_zeros(parts *p)
{
    while (p->count && p->digits[p->count - 1] == '0')
        p->count--;
    p->fraction = 0;
}

static void round_off(parts *p)
{
    bool up = p->digits[SIGNIFICANT] >= '5';
    size_t i = SIGNIFICANT;

    p->count = SIGNIFICANT;
    while (up && i > 0) {
        i--;
        up = p->digits[i] == '9';
        p->digits[i] = (char)(up ? '0' : p->digits[i] + 1);
    }
    if (up) { /* 999… became 1000… */
        p->digits[0] = '1';
        p->count = 1;
        p->point++;
    }
    drop_zeros(p);
}

/* strtod() in the C locale: most numbers without it, exactly (both operands are exact doubles). */
static double to_double(const parts *p, const char *text)
{
    static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
    long exponent = p->point - (long)p->count;
    locale_t c_locale;
    double value = 0;

    if (p->count <= 15 && exponent >= -22 && exponent <= 22) {
        for (size_t i = 0; i < p->count; i++)
            value = value * 10 + (p->digits[i] - '0');
        value = exponent < 0 ? value / powers[-exponent] : value * powers[exponent];
        return p->negative && value != 0 ? -value : value;
    }
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c_locale == (locale_t)0)
        return strtod(text, NULL);
    value = strtod_l(text, NULL, c_locale);
    freelocale(c_locale);
    return value;
}

static size_t render(const parts *p, char *buf)
{
    size_t n = 0, at = 0, behind = 0;

    if (p->count == 0) {
        buf[n++] = '0';
        if (p->fraction && p->fraction <= SIGNIFICANT) {
            buf[n++] = '.';
            memset(buf + n, '0', p->fraction);
            n += p->fraction;
        }
        buf[n] = 0;
        return n;
    }
    if (p->negative)
        buf[n++] = '-';
    if ((p->point > 31 && !p->plain) || p->point < -30) {
        buf[n++] = p->digits[0];
        if (p->count > 1)
            buf[n++] = '.';
        memcpy(buf + n, p->digits + 1, p->count - 1);
        n += p->count - 1;
        return n + (size_t)snprintf(buf + n, FD_XLSX_NUMBER_SIZE - n, "e%+ld", p->point - 1);
    }
    if (p->point <= 0)
        buf[n++] = '0';
    for (long k = 0; k < p->point; k++)
        buf[n++] = (char)(at < p->count ? p->digits[at++] : '0');
    if (at < p->count || p->fraction) {
        buf[n++] = '.';
        for (long k = p->point; k < 0; k++, behind++)
            buf[n++] = '0';
        for (; at < p->count; behind++)
            buf[n++] = p->digits[at++];
    }
    if (buf[n - 1] == '.')
        n--;
    buf[n] = 0;
    return n;
}

size_t fd_xlsx_number(char *buf, double *value, fd_view text)
{
    char copy[400];
    parts p;

    *value = 0;
    text = fd_view_trim(text);
    if (text.len == 0 || text.len >= sizeof copy || !take_apart(&p, text) ||
        (p.plain && p.dropped) || p.point > 310)
        return 0;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = 0;
    *value = to_double(&p, copy);
    if (!isfinite(*value))
        return 0;
    if (!p.plain && p.count > SIGNIFICANT)
        round_off(&p);
    return render(&p, buf);
}

/* Skip what a format only shows: quoted, escaped, bracketed. True when something was skipped. */
static bool skip_literal(const char **code, bool *elapsed)
{
    const char *s = *code;

    if (*s == '"') {
        s = strchr(s + 1, '"');
        *code = s ? s + 1 : *code + strlen(*code);
        return true;
    }
    if (*s == '[') {
        *elapsed |= (s[1] | 32) == 'h' ||
                    ((s[1] | 32) == 'm' && ((s[2] | 32) == 'm' || s[2] == ']')) ||
                    ((s[1] | 32) == 's' && ((s[2] | 32) == 's' || s[2] == ']'));
        s = strchr(s, ']');
        *code = s ? s + 1 : *code + strlen(*code);
        return true;
    }
    if (*s == '\\' || *s == '_' || *s == '*') {
        *code += s[1] ? 2 : 1;
        return true;
    }
    return false;
}

char fd_xlsx_format_unit(const char *code)
{
    bool year = false, month = false, day = false, hour = false, elapsed = false, digits = false;
    char before = 0; /* the last letter group */

    if (strncmp(code, "General", 7) == 0 || strncmp(code, "GENERAL", 7) == 0)
        return 0;
    while (*code && *code != ';') {
        char letter = (char)(*code | 32);

        if (skip_literal(&code, &elapsed))
            continue;
        if (strncmp(code, "AM/PM", 5) == 0 || strncmp(code, "am/pm", 5) == 0) {
            code += 5;
            hour = true;
            continue;
        }
        if (*code == '0' || *code == '#' || *code == '?')
            digits |= before != 's'; /* ss.000 */
        if (letter < 'a' || letter > 'z' || !((*code >= 'A' && *code <= 'Z') || *code >= 'a')) {
            code++;
            continue;
        }
        while (((unsigned char)*code | 32) == (unsigned char)letter)
            code++;
        if (letter == 'm') {
            const char *ahead = code;
            bool ignored = false;

            /* Minutes stand behind hours or before seconds. */
            while (*ahead && *ahead != ';' &&
                   (skip_literal(&ahead, &ignored) || *ahead == ':' || *ahead == ' '))
                if (*ahead == ':' || *ahead == ' ')
                    ahead++;
            if (before == 'h' || (*ahead | 32) == 's')
                hour = true;
            else
                month = true;
        }
        year |= letter == 'y' || letter == 'e';
        day |= letter == 'd';
        hour |= letter == 'h' || letter == 's';
        before = letter;
    }
    if (elapsed || digits)
        return 0;
    if (year || month || day)
        return (char)(hour ? 't' : day ? 'd' : month ? 'm' : 'y');
    return (char)(hour ? 'h' : 0);
}

char fd_xlsx_builtin_unit(int id)
{
    /* 14 to 22, 27 to 36, 45 to 47, 50 to 58 of ECMA-376 part 1, 18.8.30, zh-cn. */
    static const char from14[] = "dddmhhhht", from27[] = "mddddhhhhm", from50[] = "mdmddhhmd";

    if (id >= 14 && id <= 22)
        return from14[id - 14];
    if (id >= 27 && id <= 36)
        return from27[id - 27];
    if (id == 45 || id == 47)
        return 'h';
    if (id >= 50 && id <= 58)
        return from50[id - 50];
    return 0;
}

size_t fd_xlsx_date(char *buf, double serial, bool since_1904, char *unit)
{
    double days, seconds;
    int64_t number;
    size_t n = 0;

    if (!(serial >= 0) || serial >= 2958466)
        return 0;
    days = floor(serial);
    seconds = round((serial - days) * 86400);
    if (seconds >= 86400) {
        days += 1;
        seconds = 0;
    }
    number = (int64_t)days;
    if (*unit == 'h' && number == 0)
        return (size_t)snprintf(buf, 32, "%02d:%02d:%02d", (int)seconds / 3600,
                                (int)seconds / 60 % 60, (int)seconds % 60);
    if (since_1904)
        number += 1462;
    else if (number == 0 || number == 60)
        return 0;
    else if (number < 60)
        number += 1;
    if (number > 2958465)
        return 0;
    n = fd_date_format((fd_date)(number - 25569), buf, 32);
    if (seconds > 0) {
        *unit = 't';
        n += (size_t)snprintf(buf + n, 32 - n, " %02d:%02d:%02d", (int)seconds / 3600,
                              (int)seconds / 60 % 60, (int)seconds % 60);
    } else if (*unit == 'h') {
        *unit = 't';
    }
    return n;
}
