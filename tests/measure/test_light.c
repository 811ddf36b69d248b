/*
 * Lights at and around their thresholds.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "fangding/measure.h"

static fd_number number(const char *text)
{
    fd_decimal d;

    assert_int_equal(fd_decimal_parse(&d, text, strlen(text)), 0);
    return fd_number_exact(fd_quot_from_decimal(d));
}

static void test_progress(void **state)
{
    static const struct {
        fd_light_preset preset;
        const char *done, *plan, *schedule;
        fd_color wanted;
    } cases[] = {
        { FD_LIGHT_YINCHUAN, "42", "100", "67", FD_YELLOW }, /* 25 points behind */
        { FD_LIGHT_YINCHUAN, "57", "100", "67", FD_GREEN },  /* 10 behind: not specified, green */
        { FD_LIGHT_YINCHUAN, "56.99", "100", "67", FD_YELLOW },
        { FD_LIGHT_YINCHUAN, "37", "100", "67", FD_YELLOW }, /* exactly 30 */
        { FD_LIGHT_YINCHUAN, "36.99", "100", "67", FD_RED },
        { FD_LIGHT_YINCHUAN, "80", "100", "67", FD_GREEN },
        { FD_LIGHT_SANYA, "67", "100", "67", FD_GREEN },
        { FD_LIGHT_SANYA, "66.9", "100", "67", FD_YELLOW },
        { FD_LIGHT_SANYA, "33.5", "100", "67", FD_YELLOW }, /* exactly half */
        { FD_LIGHT_SANYA, "33.4", "100", "67", FD_RED },
        { FD_LIGHT_WUHAN, "40", "100", "50", FD_GREEN }, /* exactly 80 % */
        { FD_LIGHT_WUHAN, "39.9", "100", "50", FD_YELLOW },
        { FD_LIGHT_WUHAN, "30", "100", "50", FD_YELLOW }, /* exactly 60 % */
        { FD_LIGHT_WUHAN, "29.9", "100", "50", FD_RED },
        { FD_LIGHT_WUHAN, "10", "0", "50", FD_GREY },
    };
    fd_verdict v;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(fd_light_progress(&v, cases[i].preset, number(cases[i].done),
                                           number(cases[i].plan), number(cases[i].schedule).exact),
                         0);
        if (v.color != cases[i].wanted)
            print_error("case %zu: %s\n", i, v.reason[FD_ZH]);
        assert_int_equal(v.color, cases[i].wanted);
    }
    assert_int_equal(fd_light_progress(&v, FD_LIGHT_YINCHUAN, number("42"), number("100"),
                                       number("67").exact),
                     0);
    assert_string_equal(v.reason[FD_ZH],
                        "黄:累计完成 42%,序时 67%,落后 25 个百分点(规则:银川预设)");
    assert_string_equal(v.reason[FD_EN],
                        "yellow: 42% done, 67% due, 25 points behind (rule: yinchuan)");
    assert_int_equal(fd_light_progress(&v, FD_LIGHT_WUHAN, fd_number_missing(), number("1"),
                                       (fd_quot){ 50, 1 }),
                     0);
    assert_int_equal(v.color, FD_GREY);
    assert_int_equal(fd_light_progress(&v, FD_LIGHT_WUHAN, fd_number_estimate(1), number("1"),
                                       (fd_quot){ 50, 1 }),
                     FD_EINVAL);
}

static void test_growth(void **state)
{
    fd_verdict v;

    (void)state;
    assert_int_equal(fd_light_growth(&v, number("8"), number("7"), number("6.5")), 0);
    assert_int_equal(v.color, FD_GREEN);
    assert_int_equal(fd_light_growth(&v, number("6.8"), number("7"), number("6.5")), 0);
    assert_int_equal(v.color, FD_YELLOW);
    assert_int_equal(fd_light_growth(&v, number("0"), number("7"), number("6.5")), 0);
    assert_int_equal(v.color, FD_YELLOW);
    assert_int_equal(fd_light_growth(&v, number("-0.1"), number("-1"), number("-2")), 0);
    assert_int_equal(v.color, FD_RED);
}

static void test_dates(void **state)
{
    fd_date planned = fd_date_make(2024, 3, 15), none = FD_DATE_NONE;
    fd_verdict v;

    (void)state;
    assert_int_equal(fd_light_start(&v, planned, none, fd_date_make(2024, 2, 28)), 0);
    assert_int_equal(v.color, FD_GREEN);
    assert_int_equal(fd_light_start(&v, planned, none, fd_date_make(2024, 3, 1)), 0);
    assert_int_equal(v.color, FD_YELLOW);
    assert_int_equal(fd_light_start(&v, planned, none, fd_date_make(2024, 6, 1)), 0);
    assert_int_equal(v.color, FD_RED);
    assert_int_equal(
        fd_light_start(&v, planned, fd_date_make(2024, 5, 1), fd_date_make(2024, 6, 1)), 0);
    assert_int_equal(v.color, FD_GREEN);
    assert_int_equal(fd_light_entry(&v, planned, none, fd_date_make(2024, 4, 15)), 0);
    assert_int_equal(v.color, FD_GREEN);
    assert_int_equal(fd_light_entry(&v, planned, none, fd_date_make(2024, 4, 16)), 0);
    assert_int_equal(v.color, FD_YELLOW);
    assert_int_equal(fd_light_entry(&v, planned, none, fd_date_make(2024, 5, 16)), 0);
    assert_int_equal(v.color, FD_RED);
}

static void test_energy(void **state)
{
    fd_decimal smooth = { 100, 0 }, severe = { 80, 0 };
    fd_verdict v;

    (void)state;
    assert_int_equal(fd_light_energy(&v, number("100"), number("120"), smooth, severe), 0);
    assert_int_equal(v.color, FD_GREEN);
    assert_int_equal(fd_light_energy(&v, number("100"), number("80"), smooth, severe), 0);
    assert_int_equal(v.color, FD_YELLOW);
    assert_int_equal(fd_light_energy(&v, number("79.9"), number("120"), smooth, severe), 0);
    assert_int_equal(v.color, FD_RED);
    assert_non_null(strstr(v.reason[FD_ZH], "十分严峻"));
}

static void test_time_share(void **state)
{
    fd_quot q = fd_light_time_share(fd_period_cumulative(2024, 8));
    fd_light_preset p;

    (void)state;
    assert_true(q.num == 200 && q.den == 3);
    assert_int_equal(fd_light_preset_parse(&p, "武汉"), 0);
    assert_int_equal(p, FD_LIGHT_WUHAN);
    assert_int_equal(fd_light_preset_parse(&p, "上海"), FD_ENOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_progress),   cmocka_unit_test(test_growth),
        cmocka_unit_test(test_dates),      cmocka_unit_test(test_energy),
        cmocka_unit_test(test_time_share),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
