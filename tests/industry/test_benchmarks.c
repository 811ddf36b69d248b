/* The city beside other areas: rank, gap, what is missing, and that order does not matter. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "fangding/industry.h"

static fd_number number(int64_t mantissa)
{
    return fd_number_exact(fd_quot_from_decimal((fd_decimal){ mantissa, 2 }));
}

static fd_benchmark figure(const char *area, const char *kind, const char *indicator,
                           const char *period, int64_t value, fd_number own)
{
    fd_benchmark b = { area,           kind,          indicator,  indicator,    "%",
                       FD_PERIOD_NONE, number(value), "bulletin", "2025-02-20", own };

    assert_true(fd_period_parse(&b.period, period, strlen(period)) >= 0);
    return b;
}

static int64_t whole(const fd_table *t, size_t row, const char *column)
{
    return t->columns[fd_table_find(t, column)]->v.dec[row];
}

static const char *text(const fd_table *t, size_t row, const char *column)
{
    return fd_column_text_or(t->columns[fd_table_find(t, column)], row, "");
}

static void test_rank_and_gap(void **state)
{
    const fd_number own = number(207), none = fd_number_na();
    fd_benchmark list[] = {
        figure("D", "city", "rd", "2024", 162, own),
        figure("A", "city", "rd", "2024", 231, own),
        figure("B", "city", "rd", "2024", 207, own),
        figure("P", "province", "rd", "2024", 201, own),
        figure("A", "city", "rd", "2023", 220, none),
    };
    const size_t n = sizeof list / sizeof *list;
    fd_table *t = NULL, *again = NULL;
    char one[32], two[32];

    (void)state;
    assert_true(fd_benchmarks(&t, list, n) >= 0);
    assert_int_equal(t->rows, n);
    /* newest first; A 2.31, B 2.07 = ours, D 1.62: ours stands second of four, equal to B */
    assert_string_equal(text(t, 0, "area"), "A");
    assert_string_equal(text(t, 1, "area"), "B");
    assert_string_equal(text(t, 2, "area"), "D");
    for (size_t r = 0; r < 3; r++) {
        assert_int_equal(whole(t, r, "rank"), 2);
        assert_int_equal(whole(t, r, "of"), 4);
    }
    fd_column_format(t->columns[fd_table_find(t, "gap")], 0, FD_EN, one, sizeof one);
    assert_string_equal(one, "-0.24");
    assert_string_equal(text(t, 3, "area"), "P");
    assert_int_equal(whole(t, 3, "rank"), 1);
    /* a year without our figure: neither gap nor rank, never a zero */
    assert_string_equal(text(t, 4, "period"), "2023");
    assert_int_equal(fd_column_state(t->columns[fd_table_find(t, "gap")], 4), FD_MISSING);
    assert_int_equal(fd_column_state(t->columns[fd_table_find(t, "rank")], 4), FD_MISSING);
    for (size_t i = 0; i < n / 2; i++) {
        const fd_benchmark other = list[i];

        list[i] = list[n - 1 - i];
        list[n - 1 - i] = other;
    }
    assert_true(fd_benchmarks(&again, list, n) >= 0);
    for (size_t r = 0; r < n; r++)
        for (size_t c = 0; c < t->column_count; c++) {
            fd_column_format(t->columns[c], r, FD_EN, one, sizeof one);
            fd_column_format(again->columns[c], r, FD_EN, two, sizeof two);
            assert_string_equal(one, two);
        }
    fd_table_free(t);
    fd_table_free(again);
}

static void test_nothing(void **state)
{
    fd_table *t = NULL;

    (void)state;
    assert_true(fd_benchmarks(&t, NULL, 0) >= 0);
    assert_int_equal(t->rows, 0);
    fd_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rank_and_gap),
        cmocka_unit_test(test_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
