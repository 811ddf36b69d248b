/*
 * Quotients of 128-bit parts. Intermediate products that would overflow are first reduced
 * crosswise; what still does not fit is an overflow, never a wrong number.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fangding/decimal.h"

bool fd_i128_add_overflow(fd_i128 a, fd_i128 b, fd_i128 *out)
{
    return __builtin_add_overflow(a, b, out);
}

bool fd_i128_mul_overflow(fd_i128 a, fd_i128 b, fd_i128 *out)
{
    return __builtin_mul_overflow(a, b, out);
}

static fd_u128 magnitude(fd_i128 v)
{
    return v < 0 ? (fd_u128)0 - (fd_u128)v : (fd_u128)v;
}

static fd_u128 gcd(fd_u128 a, fd_u128 b)
{
    while (b >> 64) {
        fd_u128 r = a % b;

        a = b;
        b = r;
    }
    if (b == 0)
        return a;
    {
        /* Both below 2^64 after one step: the machine's own division is far cheaper. */
        uint64_t x = (uint64_t)b, y = (uint64_t)(a % b);

        while (y) {
            uint64_t r = x % y;

            x = y;
            y = r;
        }
        return x;
    }
}

static int overflow(void)
{
    return fd_error_set(FD_EOVERFLOW, "精确计算超出 128 位",
                        "an exact result needs more than 128 bits");
}

fd_quot fd_quot_from_int(int64_t value)
{
    return (fd_quot){ value, 1 };
}

fd_quot fd_quot_from_decimal(fd_decimal value)
{
    fd_quot q = { 0, 1 };

    (void)fd_quot_make(&q, value.mantissa, fd_pow10(value.scale)); /* 64-bit parts always fit */
    return q;
}

int fd_quot_make(fd_quot *out, fd_i128 num, fd_i128 den)
{
    const fd_u128 most = ((fd_u128)1 << 127) - 1;
    fd_u128 n = magnitude(num), d = magnitude(den), g;
    bool negative = (num < 0) != (den < 0);

    if (den == 0)
        return fd_error_set(FD_EINVAL, "除数为零", "division by zero");
    g = gcd(n, d);
    n /= g;
    d /= g;
    if (n > most || d > most)
        return overflow();
    *out = (fd_quot){ negative ? -(fd_i128)n : (fd_i128)n, (fd_i128)d };
    return 0;
}

static int add_signed(fd_quot *out, fd_quot a, fd_quot b, bool subtract)
{
    fd_i128 g = (fd_i128)gcd((fd_u128)a.den, (fd_u128)b.den);
    fd_i128 left, right, num, den;

    if (fd_i128_mul_overflow(a.num, b.den / g, &left) ||
        fd_i128_mul_overflow(b.num, a.den / g, &right) ||
        (subtract ? __builtin_sub_overflow(left, right, &num)
                  : __builtin_add_overflow(left, right, &num)))
        return overflow();
    {
        /* Only a common factor of num and g can still be removed. */
        fd_i128 h = (fd_i128)gcd(magnitude(num), (fd_u128)g);

        if (h == 0)
            h = 1;
        num /= h;
        if (fd_i128_mul_overflow(a.den / g, b.den / h, &den))
            return overflow();
    }
    return fd_quot_make(out, num, den);
}

int fd_quot_add(fd_quot *out, fd_quot a, fd_quot b)
{
    return add_signed(out, a, b, false);
}

int fd_quot_sub(fd_quot *out, fd_quot a, fd_quot b)
{
    return add_signed(out, a, b, true);
}

int fd_quot_mul(fd_quot *out, fd_quot a, fd_quot b)
{
    fd_i128 g = (fd_i128)gcd(magnitude(a.num), (fd_u128)b.den);
    fd_i128 h = (fd_i128)gcd(magnitude(b.num), (fd_u128)a.den);
    fd_i128 num, den;

    if (fd_i128_mul_overflow(a.num / g, b.num / h, &num) ||
        fd_i128_mul_overflow(a.den / h, b.den / g, &den))
        return overflow();
    *out = (fd_quot){ num, num == 0 ? 1 : den };
    return 0;
}

int fd_quot_div(fd_quot *out, fd_quot a, fd_quot b)
{
    if (b.num == 0)
        return fd_error_set(FD_EINVAL, "除数为零", "division by zero");
    if (b.num < 0) {
        a.num = -a.num;
        b.num = -b.num;
    }
    return fd_quot_mul(out, a, (fd_quot){ b.den, b.num });
}

/* Compare a.num/a.den with b.num/b.den, all non-negative, by their continued fractions. */
static int compare_positive(fd_u128 an, fd_u128 ad, fd_u128 bn, fd_u128 bd)
{
    int sign = 1;

    for (;;) {
        fd_u128 aq = an / ad, bq = bn / bd;

        if (aq != bq)
            return aq < bq ? -sign : sign;
        an %= ad;
        bn %= bd;
        if (an == 0 || bn == 0)
            return an == bn ? 0 : an == 0 ? -sign : sign;
        {
            /* The remainders r/d compare as the inverses d/r do, the other way round. */
            fd_u128 t = an;

            an = ad;
            ad = t;
            t = bn;
            bn = bd;
            bd = t;
            sign = -sign;
        }
    }
}

int fd_quot_compare(fd_quot a, fd_quot b)
{
    fd_i128 left, right;
    bool a_negative = a.num < 0, b_negative = b.num < 0;

    if (a_negative != b_negative)
        return a_negative ? -1 : 1;
    if (!fd_i128_mul_overflow(a.num, b.den, &left) && !fd_i128_mul_overflow(b.num, a.den, &right))
        return left < right ? -1 : left > right;
    if (a_negative)
        return -compare_positive(magnitude(a.num), (fd_u128)a.den, magnitude(b.num),
                                 (fd_u128)b.den);
    return compare_positive((fd_u128)a.num, (fd_u128)a.den, (fd_u128)b.num, (fd_u128)b.den);
}

double fd_quot_to_double(fd_quot value)
{
    /* long double has 64 bits of mantissa here: numerator and denominator lose at most half a unit
     * each. */
    return (double)((long double)value.num / (long double)value.den);
}

/* |value| × 10^scale split into whole part and remainder over den; the whole may be large. */
static bool scaled_parts(fd_quot value, int scale, fd_u128 *whole, fd_u128 *rest)
{
    fd_u128 n = magnitude(value.num), d = (fd_u128)value.den, q = n / d, r = n % d;

    while (scale-- > 0) {
        fd_u128 tenfold, carry = 0;

        if (__builtin_mul_overflow(q, (fd_u128)10, &q))
            return false;
        /* r < d < 2^127, so r × 10 may overflow: subtract d while multiplying. */
        tenfold = 0;
        for (int i = 0; i < 10; i++) {
            tenfold += r;
            if (tenfold >= d) {
                tenfold -= d;
                carry++;
            }
        }
        r = tenfold;
        if (__builtin_add_overflow(q, carry, &q))
            return false;
    }
    *whole = q;
    *rest = r;
    return true;
}

static bool rounds_away(fd_u128 whole, fd_u128 rest, fd_u128 den, fd_rounding rule)
{
    fd_u128 other = den - rest; /* compare rest with den/2 without doubling */

    switch (rule) {
    case FD_ROUND_UP:
        return rest != 0;
    case FD_ROUND_DOWN:
        return false;
    case FD_ROUND_HALF_UP:
        return rest != 0 && rest >= other;
    case FD_ROUND_HALF_EVEN:
        return rest != 0 && (rest > other || (rest == other && (whole & 1)));
    }
    return false;
}

int fd_quot_round(fd_decimal *out, fd_quot value, int scale, fd_rounding rule)
{
    fd_u128 whole, rest;

    if (!scaled_parts(value, scale, &whole, &rest))
        return overflow();
    if (rounds_away(whole, rest, (fd_u128)value.den, rule))
        whole++;
    if (whole > (fd_u128)INT64_MAX)
        return fd_error_set(FD_EOVERFLOW, "结果超出 64 位",
                            "the rounded result needs more than 64 bits");
    *out = (fd_decimal){ value.num < 0 ? -(int64_t)whole : (int64_t)whole, (int8_t)scale };
    return 0;
}

size_t fd_quot_format(fd_quot value, int scale, fd_rounding rule, char *buf, size_t size)
{
    char digits[64], text[80];
    fd_u128 whole, rest;
    size_t n = 0, at = 0;
    bool negative;

    if (!scaled_parts(value, scale, &whole, &rest)) {
        int length = snprintf(buf, size, "%.*e", 17, fd_quot_to_double(value));

        return length > 0 ? (size_t)length : 0;
    }
    if (rounds_away(whole, rest, (fd_u128)value.den, rule))
        whole++;
    negative = value.num < 0 && whole != 0;
    do {
        digits[n++] = (char)('0' + (int)(whole % 10));
        whole /= 10;
    } while (whole);
    while (n <= (size_t)scale)
        digits[n++] = '0';
    if (negative)
        text[at++] = '-';
    while (n > 0) {
        if (n == (size_t)scale)
            text[at++] = '.';
        text[at++] = digits[--n];
    }
    text[at] = '\0';
    if (size) {
        size_t fits = at < size - 1 ? at : size - 1;

        memcpy(buf, text, fits);
        buf[fits] = '\0';
    }
    return at;
}
