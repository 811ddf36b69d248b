#include "fangding/decimal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

#define MAX_SCALE 18

int64_t fd_pow10(int n)
{
    static const int64_t powers[] = {
        1,
        10,
        100,
        1000,
        10000,
        100000,
        1000000,
        10000000,
        100000000,
        1000000000,
        10000000000,
        100000000000,
        1000000000000,
        10000000000000,
        100000000000000,
        1000000000000000,
        10000000000000000,
        100000000000000000,
        1000000000000000000,
    };

    assert(n >= 0 && n <= MAX_SCALE);
    return powers[n];
}

static int not_a_number(const char *text, size_t length)
{
    int shown = (int)(length > 60 ? 60 : length);

    return fd_error_set(FD_EPARSE, "不是数:「%.*s」", "not a number: \"%.*s\"", shown,
                        length ? text : "");
}

static int too_wide(const char *text, size_t length)
{
    int shown = (int)(length > 60 ? 60 : length);

    return fd_error_set(FD_EOVERFLOW, "数太长,超过 18 位:「%.*s」", "more than 18 digits: \"%.*s\"",
                        shown, text);
}

/* What a scan found: value = ±digits × 10^(exponent - fraction digits). */
typedef struct scan {
    bool negative, wide;
    uint64_t digits;
    int digit_count; /* significant ones, without leading zeros */
    int fraction;
    int exponent;
} scan;

/* One ASCII character of the number, after full-width forms have been folded; 0 at the end. */
static bool fold_ascii(const char *text, size_t length, char *out, size_t size, size_t *out_length)
{
    size_t at = 0, n = 0;

    while (at < length) {
        uint32_t c = fd_utf8_next(text, length, &at);

        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        else if (c == 0x2212 || c == 0x2010 || c == 0x2013)
            c = '-';
        if (c >= 0x80 || n + 1 >= size)
            return false;
        out[n++] = (char)c;
    }
    out[n] = '\0';
    *out_length = n;
    return true;
}

/* Digits with optional thousands commas: "1,234,567" but neither "1,23" nor ",123". */
static bool scan_digits(const char *t, size_t n, size_t *at, scan *s)
{
    size_t i = *at, since_comma = 0;
    bool any = false, grouped = false;

    for (; i < n; i++) {
        char c = t[i];

        if (c >= '0' && c <= '9') {
            any = true;
            since_comma++;
            if (s->digit_count || c != '0') {
                if (++s->digit_count > MAX_SCALE)
                    s->wide = true;
                else
                    s->digits = s->digits * 10 + (uint64_t)(c - '0');
            }
        } else if (c == ',' && any &&
                   (grouped ? since_comma == 3 : since_comma >= 1 && since_comma <= 3)) {
            grouped = true;
            since_comma = 0;
        } else {
            break;
        }
    }
    *at = i;
    return (any || (i < n && t[i] == '.')) && (!grouped || since_comma == 3);
}

static bool scan_fraction(const char *t, size_t n, size_t *at, scan *s, bool had_digits)
{
    size_t i = *at;
    bool any = false;

    if (i >= n || t[i] != '.')
        return had_digits;
    for (i++; i < n && t[i] >= '0' && t[i] <= '9'; i++) {
        any = true;
        s->fraction++;
        if (s->digit_count || t[i] != '0') {
            if (++s->digit_count > MAX_SCALE)
                s->wide = true;
            else
                s->digits = s->digits * 10 + (uint64_t)(t[i] - '0');
        }
    }
    *at = i;
    return any || had_digits;
}

static bool scan_exponent(const char *t, size_t n, size_t *at, scan *s)
{
    size_t i = *at;
    bool negative = false;
    int value = 0;

    if (i >= n || (t[i] != 'e' && t[i] != 'E'))
        return true;
    i++;
    if (i < n && (t[i] == '+' || t[i] == '-'))
        negative = t[i++] == '-';
    if (i >= n)
        return false;
    for (; i < n && t[i] >= '0' && t[i] <= '9'; i++)
        if (value < 1000)
            value = value * 10 + (t[i] - '0');
    s->exponent = negative ? -value : value;
    *at = i;
    return true;
}

static int scan_number(scan *s, const char *text, size_t length)
{
    fd_view v = fd_view_trim((fd_view){ text, length });
    char ascii[96];
    const char *t = v.ptr;
    size_t n = v.len, at = 0;
    bool had_digits;

    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)t[i] >= 0x80) {
            if (!fold_ascii(v.ptr, v.len, ascii, sizeof ascii, &n))
                return not_a_number(text, length);
            t = ascii;
            break;
        }
    if (at < n && (t[at] == '-' || t[at] == '+'))
        s->negative = t[at++] == '-';
    had_digits = at < n && t[at] >= '0' && t[at] <= '9';
    if (at >= n || !scan_digits(t, n, &at, s) || !scan_fraction(t, n, &at, s, had_digits) ||
        !scan_exponent(t, n, &at, s) || at != n)
        return not_a_number(text, length);
    return s->wide ? too_wide(text, length) : 0;
}

int fd_decimal_parse(fd_decimal *out, const char *text, size_t length)
{
    scan s;
    int scale, err;
    int64_t mantissa;

    if ((err = scan_number(&s, text, length)) < 0)
        return err;
    mantissa = s.negative ? -(int64_t)s.digits : (int64_t)s.digits;
    scale = s.fraction - s.exponent;
    if (mantissa == 0)
        scale = scale < 0 ? 0 : scale > MAX_SCALE ? MAX_SCALE : scale;
    for (; scale > MAX_SCALE && mantissa % 10 == 0; scale--)
        mantissa /= 10;
    if (scale > MAX_SCALE)
        return too_wide(text, length);
    if (scale < 0) {
        if (-scale > MAX_SCALE || __builtin_mul_overflow(mantissa, fd_pow10(-scale), &mantissa))
            return too_wide(text, length);
        scale = 0;
    }
    *out = (fd_decimal){ mantissa, (int8_t)scale };
    return 0;
}

int fd_decimal_parse_scaled(int64_t *out, const char *text, size_t length, int scale)
{
    const char *p = text, *end = text + length;
    uint64_t value = 0;
    int digits = 0, fraction = -1, err;
    bool negative = false;
    fd_decimal d;

    /* The plain form: [-]digits[.digits], at most 18 digits, no more fraction than the scale. */
    if (p < end && *p == '-') {
        negative = true;
        p++;
    }
    for (; p < end; p++) {
        unsigned c = (unsigned)(unsigned char)*p - '0';

        if (c <= 9) {
            value = value * 10 + c;
            digits++;
            fraction += fraction >= 0;
        } else if (*p == '.' && fraction < 0 && digits > 0) {
            fraction = 0;
        } else {
            break;
        }
    }
    if (fraction < 0)
        fraction = 0;
    if (p == end && digits > 0 && fraction <= scale && digits + scale - fraction <= MAX_SCALE) {
        int64_t mantissa = (int64_t)value * fd_pow10(scale - fraction);

        *out = negative ? -mantissa : mantissa;
        return 0;
    }
    if ((err = fd_decimal_parse(&d, text, length)) < 0 ||
        (err = fd_decimal_rescale(&d, d, scale)) < 0)
        return err;
    *out = d.mantissa;
    return 0;
}

int fd_decimal_rescale(fd_decimal *out, fd_decimal value, int scale)
{
    int64_t mantissa = value.mantissa;

    if (scale >= value.scale) {
        if (scale - value.scale > MAX_SCALE ||
            __builtin_mul_overflow(mantissa, fd_pow10(scale - value.scale), &mantissa)) {
            if (value.mantissa)
                return fd_error_set(FD_EOVERFLOW, "数超出精确范围",
                                    "the number is outside the exact range");
            mantissa = 0;
        }
    } else {
        int64_t p = fd_pow10(value.scale - scale);

        if (mantissa % p)
            return fd_error_set(FD_EINVAL, "小数位太多:最多 %d 位",
                                "too many fraction digits: at most %d", scale);
        mantissa /= p;
    }
    *out = (fd_decimal){ mantissa, (int8_t)scale };
    return 0;
}

int fd_decimal_round(fd_decimal *out, fd_decimal value, int scale, fd_rounding rule)
{
    if (scale >= value.scale)
        return fd_decimal_rescale(out, value, scale);
    return fd_quot_round(out, fd_quot_from_decimal(value), scale, rule);
}

int fd_decimal_compare(fd_decimal a, fd_decimal b)
{
    fd_i128 x = a.mantissa, y = b.mantissa;

    if (a.scale < b.scale)
        x *= fd_pow10(b.scale - a.scale);
    else
        y *= fd_pow10(a.scale - b.scale);
    return x < y ? -1 : x > y;
}

size_t fd_decimal_format(fd_decimal value, char *buf, size_t size)
{
    uint64_t magnitude =
        value.mantissa < 0 ? 0 - (uint64_t)value.mantissa : (uint64_t)value.mantissa;
    uint64_t p = (uint64_t)fd_pow10(value.scale);
    const char *sign = value.mantissa < 0 ? "-" : "";
    int n;

    if (value.scale == 0)
        n = snprintf(buf, size, "%s%llu", sign, (unsigned long long)magnitude);
    else
        n = snprintf(buf, size, "%s%llu.%0*llu", sign, (unsigned long long)(magnitude / p),
                     value.scale, (unsigned long long)(magnitude % p));
    return n > 0 ? (size_t)n : 0;
}
