/* Dates, periods, working days. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "fangding/period.h"

static void every_day_round_trips(void **state)
{
    (void)state;
    for (fd_date d = fd_date_make(1899, 1, 1); d <= fd_date_make(2101, 12, 31); d++) {
        int y, m, day;
        fd_date again = FD_DATE_NONE;
        char text[16];

        fd_date_split(d, &y, &m, &day);
        assert_int_equal(fd_date_make(y, m, day), d);
        fd_date_format(d, text, sizeof text);
        assert_int_equal(fd_date_parse(&again, text, strlen(text)), 0);
        assert_int_equal(again, d);
    }
    assert_int_equal(fd_date_make(1970, 1, 1), 0);
    assert_int_equal(fd_date_weekday(fd_date_make(2026, 11, 23)), 1);
    assert_int_equal(fd_date_make(2023, 2, 29), FD_DATE_NONE);
    assert_int_equal(fd_date_make(2024, 2, 29), fd_date_make(2024, 3, 1) - 1);
}

static void reads_dates_as_written(void **state)
{
    static const char *const good[] = { "2024-03-05", "2024/3/5",     "2024.3.5",
                                        "20240305",   "2024年3月5日", "２０２４年３月５日",
                                        " 2024-3-5 " };
    static const char *const bad[] = { "",        "2024",        "2024-13-01", "2024-02-30",
                                       "5 March", "2024-03-05x", "2024年3月" };
    fd_date d;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(fd_date_parse(&d, good[i], strlen(good[i])), 0);
        assert_int_equal(d, fd_date_make(2024, 3, 5));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(fd_date_parse(&d, bad[i], strlen(bad[i])), FD_EPARSE);
}

static void months_clamp_and_say_so(void **state)
{
    bool clamped = false;

    (void)state;
    assert_int_equal(fd_date_add_months(fd_date_make(2024, 2, 29), 12, &clamped),
                     fd_date_make(2025, 2, 28));
    assert_true(clamped);
    assert_int_equal(fd_date_add_months(fd_date_make(2024, 1, 31), -2, &clamped),
                     fd_date_make(2023, 11, 30));
    assert_true(clamped);
    assert_int_equal(fd_date_add_months(fd_date_make(2024, 1, 15), 1, &clamped),
                     fd_date_make(2024, 2, 15));
    assert_false(clamped);
}

static void reads_periods_as_written(void **state)
{
    static const struct {
        const char *text, *machine;
    } cases[] = {
        { "2024", "2024" },
        { "2024年", "2024" },
        { "2024Q3", "2024Q3" },
        { "2024年三季度", "2024Q3" },
        { "2024年第三季度", "2024Q3" },
        { "2024-03", "2024-03" },
        { "2024年3月", "2024-03" },
        { "202403", "2024-03" },
        { "2024-01..03", "2024-01..03" },
        { "2024年1-3月", "2024-01..03" },
        { "2024年1—3月", "2024-01..03" },
        { "2024年1–3月", "2024-01..03" },
        { "2024年1至3月", "2024-01..03" },
        { "２０２４年１－３月", "2024-01..03" },
        { "2024年1月-12月", "2024-01..12" },
        { "2024-03-05", "2024-03-05" },
        { "", NULL },
        { "24", NULL },
        { "2024-13", NULL },
        { "2024Q5", NULL },
        { "2024-02..03", NULL },
        { "三月", NULL },
        { "Q3", NULL },
        { "2024年3月x", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_period p;
        char text[32];

        assert_int_equal(fd_period_parse(&p, cases[i].text, strlen(cases[i].text)),
                         cases[i].machine ? 0 : FD_EPARSE);
        if (!cases[i].machine)
            continue;
        fd_period_format(p, text, sizeof text);
        assert_string_equal(text, cases[i].machine);
    }
}

static void steps_and_orders(void **state)
{
    fd_period feb = fd_period_cumulative(2024, 2);

    (void)state;
    assert_int_equal(fd_period_step(feb, -1), fd_period_cumulative(2023, 12));
    assert_int_equal(fd_period_step(feb, 10), fd_period_cumulative(2024, 12));
    assert_int_equal(fd_period_step(feb, 11), fd_period_cumulative(2025, 2));
    assert_int_equal(fd_period_step(fd_period_quarter(2024, 1), -1), fd_period_quarter(2023, 4));
    assert_int_equal(fd_period_step(fd_period_month(2024, 1), -13), fd_period_month(2022, 12));
    assert_int_equal(fd_period_years_before(feb, 1), fd_period_cumulative(2023, 2));
    assert_int_equal(fd_period_end(feb), fd_date_make(2024, 2, 29));
    assert_int_equal(fd_period_start(feb), fd_date_make(2024, 1, 1));
    assert_int_equal(fd_period_start(fd_period_quarter(2024, 3)), fd_date_make(2024, 7, 1));
    assert_int_equal(fd_period_end(fd_period_year(2024)), fd_date_make(2024, 12, 31));
    assert_true(fd_period_year(2024) != fd_period_cumulative(2024, 12));
    assert_true(fd_period_compare(fd_period_month(2024, 12), fd_period_cumulative(2024, 12)) < 0);
    assert_true(fd_period_compare(fd_period_year(2023), fd_period_month(2024, 1)) < 0);
    assert_int_equal(fd_period_compare(feb, feb), 0);
    assert_int_equal(fd_period_kind_of(fd_period_day(fd_date_make(1969, 12, 31))), FD_DAY);
    assert_int_equal(fd_period_start(fd_period_day(-1)), -1);
}

static void titles(void **state)
{
    char text[64];

    (void)state;
    fd_period_title(fd_period_cumulative(2024, 12), FD_ZH, text, sizeof text);
    assert_string_equal(text, "2024年1—12月");
    fd_period_title(fd_period_quarter(2024, 3), FD_ZH, text, sizeof text);
    assert_string_equal(text, "2024年三季度");
    fd_period_title(fd_period_cumulative(2024, 2), FD_EN, text, sizeof text);
    assert_string_equal(text, "Jan–Feb 2024");
}

static void working_days_follow_the_calendar(void **state)
{
    fd_calendar *c = fd_calendar_new();
    bool working;
    fd_date d;
    int n;

    (void)state;
    fd_calendar_set(c, fd_date_make(2024, 10, 1), false);
    fd_calendar_set(c, fd_date_make(2024, 9, 29), true); /* a Sunday that is worked */
    fd_calendar_set(c, fd_date_make(2024, 10, 2), false);
    assert_int_equal(fd_calendar_is_working(c, fd_date_make(2024, 9, 29), &working), 0);
    assert_true(working);
    assert_int_equal(fd_calendar_is_working(c, fd_date_make(2024, 9, 28), &working), 0);
    assert_false(working);
    assert_int_equal(fd_calendar_add(c, fd_date_make(2024, 9, 30), 1, &d), 0);
    assert_int_equal(d, fd_date_make(2024, 10, 3));
    assert_int_equal(fd_calendar_add(c, fd_date_make(2024, 10, 1), 0, &d), 0);
    assert_int_equal(d, fd_date_make(2024, 10, 3));
    assert_int_equal(
        fd_calendar_between(c, fd_date_make(2024, 9, 27), fd_date_make(2024, 10, 3), &n), 0);
    assert_int_equal(n, 3);
    assert_int_equal(fd_calendar_is_working(c, fd_date_make(2023, 5, 4), &working), FD_ENOTFOUND);
    assert_int_equal(fd_calendar_add(c, fd_date_make(2024, 12, 31), 1, &d), FD_ENOTFOUND);
    fd_calendar_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_round_trips),
        cmocka_unit_test(reads_dates_as_written),
        cmocka_unit_test(months_clamp_and_say_so),
        cmocka_unit_test(reads_periods_as_written),
        cmocka_unit_test(steps_and_orders),
        cmocka_unit_test(titles),
        cmocka_unit_test(working_days_follow_the_calendar),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
