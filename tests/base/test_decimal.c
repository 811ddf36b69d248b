/* Exact decimals and quotients: parsing, rescaling, rounding, arithmetic at the edges. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "fangding/decimal.h"

#define I128_MAX ((fd_i128)(((fd_u128)1 << 127) - 1))

static void parses(void **state)
{
    static const struct {
        const char *text;
        int64_t mantissa;
        int scale;
        int err;
    } cases[] = {
        { "0", 0, 0, 0 },
        { "12.50", 1250, 2, 0 },
        { "-0.05", -5, 2, 0 },
        { " 7 ", 7, 0, 0 },
        { "\xE3\x80\x80"
          "8\xC2\xA0",
          8, 0, 0 },
        { "1,234,567.8", 12345678, 1, 0 },
        { "12,34", 0, 0, FD_EPARSE },
        { "1,2345", 0, 0, FD_EPARSE },
        { ",123", 0, 0, FD_EPARSE },
        { "1,234,", 0, 0, FD_EPARSE },
        { "１２．５", 125, 1, 0 },
        { "−3", -3, 0, 0 },
        { "－３", -3, 0, 0 },
        { "1.5e3", 1500, 0, 0 },
        { "15E-1", 15, 1, 0 },
        { ".5", 5, 1, 0 },
        { "5.", 5, 0, 0 },
        { ".", 0, 0, FD_EPARSE },
        { "", 0, 0, FD_EPARSE },
        { "-", 0, 0, FD_EPARSE },
        { "1 2", 0, 0, FD_EPARSE },
        { "12a", 0, 0, FD_EPARSE },
        { "一二", 0, 0, FD_EPARSE },
        { "1e", 0, 0, FD_EPARSE },
        { "999999999999999999", 999999999999999999, 0, 0 },
        { "1000000000000000000", 0, 0, FD_EOVERFLOW },
        { "0.0000000000000000001", 0, 0, FD_EOVERFLOW },
        { "000000000000000000000001", 1, 0, 0 },
        { "1e18", 1000000000000000000, 0, 0 },
        { "1e19", 0, 0, FD_EOVERFLOW },
        { "1e999999999", 0, 0, FD_EOVERFLOW },
        { "0e999999999", 0, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_decimal d = { -1, -1 };

        assert_int_equal(fd_decimal_parse(&d, cases[i].text, strlen(cases[i].text)), cases[i].err);
        if (cases[i].err == 0) {
            assert_true(d.mantissa == cases[i].mantissa);
            assert_int_equal(d.scale, cases[i].scale);
        }
    }
}

static void parses_at_a_scale(void **state)
{
    static const struct {
        const char *text;
        int scale;
        int64_t mantissa;
        int err;
    } cases[] = {
        { "12", 4, 120000, 0 },       { "-12.3456", 4, -123456, 0 },
        { "12.34560", 4, 123456, 0 }, { "12.34567", 4, 0, FD_EINVAL },
        { "1,234.5", 2, 123450, 0 },  { "99999999999999999", 4, 0, FD_EOVERFLOW },
        { "", 2, 0, FD_EPARSE },      { "-", 2, 0, FD_EPARSE },
        { "1..2", 2, 0, FD_EPARSE },  { "1.", 1, 10, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t m = -1;

        assert_int_equal(fd_decimal_parse_scaled(&m, cases[i].text, strlen(cases[i].text),
                                                 cases[i].scale),
                         cases[i].err);
        if (cases[i].err == 0)
            assert_true(m == cases[i].mantissa);
    }
}

static void rounds_by_the_written_rule(void **state)
{
    static const struct {
        int64_t num, den;
        int scale;
        int64_t half_up, half_even, up, down;
    } cases[] = {
        { 5, 2, 0, 3, 2, 3, 2 },
        { -5, 2, 0, -3, -2, -3, -2 },
        { 7, 2, 0, 4, 4, 4, 3 },
        { 2996, 1000, 2, 300, 300, 300, 299 },
        { 1, 3, 4, 3333, 3333, 3334, 3333 },
        { 2, 3, 4, 6667, 6667, 6667, 6666 },
        { 25, 1000, 2, 3, 2, 3, 2 },
        { 35, 1000, 2, 4, 4, 4, 3 },
        { 0, 7, 3, 0, 0, 0, 0 },
        { -1, 1000, 2, 0, 0, -1, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_quot q;
        fd_decimal d;

        assert_int_equal(fd_quot_make(&q, cases[i].num, cases[i].den), 0);
        assert_int_equal(fd_quot_round(&d, q, cases[i].scale, FD_ROUND_HALF_UP), 0);
        assert_true(d.mantissa == cases[i].half_up);
        assert_int_equal(fd_quot_round(&d, q, cases[i].scale, FD_ROUND_HALF_EVEN), 0);
        assert_true(d.mantissa == cases[i].half_even);
        assert_int_equal(fd_quot_round(&d, q, cases[i].scale, FD_ROUND_UP), 0);
        assert_true(d.mantissa == cases[i].up);
        assert_int_equal(fd_quot_round(&d, q, cases[i].scale, FD_ROUND_DOWN), 0);
        assert_true(d.mantissa == cases[i].down);
    }
}

static void formats(void **state)
{
    char buf[96];
    fd_quot q;

    (void)state;
    fd_decimal_format((fd_decimal){ -5, 2 }, buf, sizeof buf);
    assert_string_equal(buf, "-0.05");
    fd_decimal_format((fd_decimal){ INT64_MIN, 0 }, buf, sizeof buf);
    assert_string_equal(buf, "-9223372036854775808");
    assert_int_equal(fd_quot_make(&q, 1390, 10000), 0);
    fd_quot_format(q, 3, FD_ROUND_HALF_EVEN, buf, sizeof buf);
    assert_string_equal(buf, "0.139");
    assert_int_equal(fd_quot_make(&q, -1, 3), 0);
    fd_quot_format(q, 0, FD_ROUND_HALF_EVEN, buf, sizeof buf);
    assert_string_equal(buf, "0");
    fd_quot_format(q, 5, FD_ROUND_HALF_EVEN, buf, sizeof buf);
    assert_string_equal(buf, "-0.33333");
    assert_int_equal(fd_quot_make(&q, I128_MAX, 1), 0);
    fd_quot_format(q, 0, FD_ROUND_HALF_EVEN, buf, sizeof buf);
    assert_string_equal(buf, "170141183460469231731687303715884105727");
}

/* Small fractions against cross multiplication in 64 bits, every pair. */
static void arithmetic_agrees_with_brute_force(void **state)
{
    (void)state;
    for (int an = -6; an <= 6; an++)
        for (int ad = 1; ad <= 6; ad++)
            for (int bn = -6; bn <= 6; bn++)
                for (int bd = 1; bd <= 6; bd++) {
                    fd_quot a, b, r;

                    assert_int_equal(fd_quot_make(&a, an, ad), 0);
                    assert_int_equal(fd_quot_make(&b, bn, bd), 0);
                    assert_int_equal(fd_quot_add(&r, a, b), 0);
                    assert_true(r.num * (ad * bd) == (fd_i128)(an * bd + bn * ad) * r.den);
                    assert_int_equal(fd_quot_sub(&r, a, b), 0);
                    assert_true(r.num * (ad * bd) == (fd_i128)(an * bd - bn * ad) * r.den);
                    assert_int_equal(fd_quot_mul(&r, a, b), 0);
                    assert_true(r.num * (ad * bd) == (fd_i128)(an * bn) * r.den);
                    if (bn == 0) {
                        assert_int_equal(fd_quot_div(&r, a, b), FD_EINVAL);
                    } else {
                        assert_int_equal(fd_quot_div(&r, a, b), 0);
                        assert_true(r.den > 0);
                        assert_true(r.num * (ad * bn) == (fd_i128)(an * bd) * r.den);
                    }
                    assert_int_equal(fd_quot_compare(a, b),
                                     an * bd < bn * ad ? -1 : an * bd > bn * ad);
                }
}

static void wide_values_never_wrap(void **state)
{
    fd_quot big = { I128_MAX, 1 }, tiny = { 1, I128_MAX }, r;
    fd_quot near_one = { I128_MAX - 1, I128_MAX }, nearer_one = { I128_MAX - 2, I128_MAX - 1 };

    (void)state;
    assert_int_equal(fd_quot_add(&r, big, big), FD_EOVERFLOW);
    assert_int_equal(fd_quot_mul(&r, big, big), FD_EOVERFLOW);
    assert_int_equal(fd_quot_mul(&r, big, tiny), 0);
    assert_true(r.num == 1 && r.den == 1);
    assert_int_equal(fd_quot_compare(near_one, nearer_one), 1);
    assert_int_equal(fd_quot_compare(nearer_one, near_one), -1);
    assert_int_equal(fd_quot_compare(near_one, near_one), 0);
    near_one.num = -near_one.num;
    nearer_one.num = -nearer_one.num;
    assert_int_equal(fd_quot_compare(near_one, nearer_one), -1);
    assert_int_equal(fd_quot_make(&r, 1, 0), FD_EINVAL);
    assert_int_equal(fd_quot_make(&r, 6, -4), 0);
    assert_true(r.num == -3 && r.den == 2);
}

static void decimals_compare_across_scales(void **state)
{
    (void)state;
    assert_int_equal(fd_decimal_compare((fd_decimal){ 30, 1 }, (fd_decimal){ 3, 0 }), 0);
    assert_int_equal(fd_decimal_compare((fd_decimal){ 2996, 3 }, (fd_decimal){ 3, 0 }), -1);
    assert_int_equal(
        fd_decimal_compare((fd_decimal){ INT64_MAX, 0 }, (fd_decimal){ INT64_MAX, 18 }), 1);
}

static void states_combine_by_strength(void **state)
{
    static const fd_state order[] = { FD_HAS, FD_NA, FD_DOUBT, FD_MISSING };

    (void)state;
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++)
            assert_int_equal(fd_state_combine(order[a], order[b]), order[a > b ? a : b]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses),
        cmocka_unit_test(parses_at_a_scale),
        cmocka_unit_test(rounds_by_the_written_rule),
        cmocka_unit_test(formats),
        cmocka_unit_test(arithmetic_agrees_with_brute_force),
        cmocka_unit_test(wide_values_never_wrap),
        cmocka_unit_test(decimals_compare_across_scales),
        cmocka_unit_test(states_combine_by_strength),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
