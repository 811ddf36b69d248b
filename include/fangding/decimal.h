/*
 * Exact numbers: decimals (int64 mantissa and a decimal scale) and quotients (128-bit fraction).
 *
 * Decisions are made with these, never with double.  Nothing here rounds silently: what does not
 * fit is FD_EOVERFLOW, what would lose a digit says so.
 */
#ifndef FANGDING_DECIMAL_H
#define FANGDING_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fangding/error.h"

#ifdef __cplusplus
extern "C" {
#endif

__extension__ typedef __int128 fd_i128;
__extension__ typedef unsigned __int128 fd_u128;

/* mantissa × 10^-scale, scale 0 to 18. 12.50 is {1250, 2}. */
typedef struct fd_decimal {
    int64_t mantissa;
    int8_t scale;
} fd_decimal;

/* num / den in lowest terms, den > 0. */
typedef struct fd_quot {
    fd_i128 num;
    fd_i128 den;
} fd_quot;

/* The written rounding rules. */
typedef enum fd_rounding {
    FD_ROUND_HALF_UP,   /* 四舍五入: halves away from zero */
    FD_ROUND_HALF_EVEN, /* 修约 GB/T 8170: halves to the even digit */
    FD_ROUND_UP,        /* 进位: away from zero */
    FD_ROUND_DOWN       /* 舍去: toward zero */
} fd_rounding;

/** 10^n for n from 0 to 18; n outside that range is a programming error (asserts). */
FD_API int64_t fd_pow10(int n);

/**
 * Read a decimal: optional sign (- − － +), digits with optional thousands commas in groups of
 * three, optional fraction, optional exponent (e or E).  Full-width digits and marks are accepted.
 * Blank space at both ends is skipped; anything else is FD_EPARSE.  Trailing zeros of the fraction
 * are kept as scale, except that more than 18 digits in all is FD_EOVERFLOW.
 */
FD_API int fd_decimal_parse(fd_decimal *out, const char *text, size_t length);

/**
 * Read a decimal straight to a mantissa at `scale` (0 to 18): the importer's fast path.  Accepts
 * what fd_decimal_parse() accepts.  FD_EINVAL when a nonzero digit would be lost, FD_EOVERFLOW,
 * FD_EPARSE.
 */
FD_API int fd_decimal_parse_scaled(int64_t *out, const char *text, size_t length, int scale);

/** The same number at another scale. FD_EOVERFLOW when it does not fit, FD_EINVAL when a digit
 * would be lost. */
FD_API int fd_decimal_rescale(fd_decimal *out, fd_decimal value, int scale);

/** Rescale with a written rounding rule. */
FD_API int fd_decimal_round(fd_decimal *out, fd_decimal value, int scale, fd_rounding rule);

/** -1, 0 or 1. Exact for all inputs. */
FD_API int fd_decimal_compare(fd_decimal a, fd_decimal b);

/** Text with exactly `scale` fraction digits, e.g. "-0.05". @return length; buf of 48 bytes always
 * suffices */
FD_API size_t fd_decimal_format(fd_decimal value, char *buf, size_t size);

FD_API fd_quot fd_quot_from_int(int64_t value);
FD_API fd_quot fd_quot_from_decimal(fd_decimal value);

/** num/den reduced, den made positive. FD_EINVAL when den is 0. */
FD_API int fd_quot_make(fd_quot *out, fd_i128 num, fd_i128 den);

/* Exact arithmetic; FD_EOVERFLOW when the reduced result needs more than 128 bits a part,
 * FD_EINVAL for a division by zero.  out may be one of the operands. */
FD_API int fd_quot_add(fd_quot *out, fd_quot a, fd_quot b);
FD_API int fd_quot_sub(fd_quot *out, fd_quot a, fd_quot b);
FD_API int fd_quot_mul(fd_quot *out, fd_quot a, fd_quot b);
FD_API int fd_quot_div(fd_quot *out, fd_quot a, fd_quot b);

/** -1, 0 or 1; never overflows (continued fractions where cross products would). */
FD_API int fd_quot_compare(fd_quot a, fd_quot b);

/** The nearest double. */
FD_API double fd_quot_to_double(fd_quot value);

/** Round to `scale` fraction digits by the rule. FD_EOVERFLOW when the mantissa needs more than 64
 * bits. */
FD_API int fd_quot_round(fd_decimal *out, fd_quot value, int scale, fd_rounding rule);

/** Text rounded to `scale` fraction digits by the rule; any magnitude. @return length; 64 bytes
 * suffice */
FD_API size_t fd_quot_format(fd_quot value, int scale, fd_rounding rule, char *buf, size_t size);

/** a*b + c, a*b etc. are built on these: true when the result does not fit (out is then undefined).
 */
FD_API bool fd_i128_add_overflow(fd_i128 a, fd_i128 b, fd_i128 *out);
FD_API bool fd_i128_mul_overflow(fd_i128 a, fd_i128 b, fd_i128 *out);

/* The state of a cell.  Strength when states meet: MISSING > DOUBT > NA > HAS. */
typedef enum fd_state {
    FD_HAS = 0,     /* 有值 */
    FD_MISSING = 1, /* 缺报: should exist, was not received */
    FD_NA = 2,      /* 不适用: does not exist for this one */
    FD_DOUBT = 3    /* 待核: present and disputed; carries its number */
} fd_state;

/** "", "缺报"/"missing", "不适用"/"n/a", "待核"/"in doubt". */
FD_API const char *fd_state_name(fd_state state, fd_lang lang);

/** The state of a result whose operands have states a and b. */
FD_API fd_state fd_state_combine(fd_state a, fd_state b);

/* One number with its state: exact (a quotient; decimals have a power of ten below) or estimate. */
typedef struct fd_number {
    fd_state state;
    bool is_estimate;
    fd_quot exact;   /* valid when !is_estimate and state is HAS or DOUBT */
    double estimate; /* valid when is_estimate and state is HAS or DOUBT */
} fd_number;

FD_API fd_number fd_number_missing(void);
FD_API fd_number fd_number_na(void);
FD_API fd_number fd_number_exact(fd_quot value);
FD_API fd_number fd_number_estimate(double value);
/** The number as double; NAN when there is none. */
FD_API double fd_number_to_double(fd_number value);

/* Kleene's third truth value sits between the two others, so that AND is min and OR is max. */
typedef enum fd_truth { FD_FALSE = 0, FD_UNKNOWN = 1, FD_TRUE = 2 } fd_truth;

#ifdef __cplusplus
}
#endif
#endif
