/*
 * Growth taken apart, against published numbers.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "fangding/measure.h"
#include "load_program.h"
#include "mock_source.h"

static fd_number number(const char *text)
{
    fd_decimal d;

    assert_int_equal(fd_decimal_parse(&d, text, strlen(text)), 0);
    return fd_number_exact(fd_quot_from_decimal(d));
}

static void check_cell(const fd_table *t, const char *part, const char *column, int digits,
                       const char *wanted)
{
    const fd_column *c = t->columns[fd_table_find(t, column)];
    char text[96] = "";

    for (size_t row = 0; row < t->rows; row++) {
        fd_number v;

        if (strcmp(fd_column_text(t->columns[0], row), part) != 0)
            continue;
        v = fd_column_number(c, row);
        if (v.state != FD_HAS)
            snprintf(text, sizeof text, "%s", fd_state_name(v.state, FD_EN));
        else if (v.is_estimate)
            snprintf(text, sizeof text, "~%.*f", digits, v.estimate);
        else
            fd_quot_format(v.exact, digits, FD_ROUND_HALF_EVEN, text, sizeof text);
    }
    if (strcmp(text, wanted) != 0)
        print_error("%s %s\n", part, column);
    assert_string_equal(text, wanted);
}

/*
 * Fuyang 2024, 高技术制造业 +34.3 %: current shares and rates of three industries.  The published
 * pulls 29.0, 2.4 and 3.0 follow from base shares; current shares would give 32.0, 2.2 and 2.4.
 */
static void test_fuyang(void **state)
{
    const char *names[] = { "电子", "医疗仪器", "医药" };
    fd_number rates[] = { number("49.1"), number("23.5"), number("9.6") };
    fd_number shares[] = { number("65.2"), number("9.3"), number("25.4") };
    fd_table *t;

    (void)state;
    assert_int_equal(fd_growth_from_rates(&t, names, rates, shares, 3, number("34.3"), true), 0);
    check_cell(t, "电子", "base_share", 1, "58.7");
    check_cell(t, "电子", "pull", 1, "28.8");
    check_cell(t, "医疗仪器", "base_share", 1, "10.1");
    check_cell(t, "医疗仪器", "pull", 2, "2.38");
    check_cell(t, "医药", "base_share", 1, "31.1");
    check_cell(t, "医药", "pull", 2, "2.99");
    check_cell(t, "total", "pull", 1, "34.3");
    /* the parts leave something, and it is shown */
    check_cell(t, "residual", "pull", 2, "0.10");
    fd_table_free(t);
}

/*
 * Guangdong 2009: total 39081.59 at +9.5 %; parts' increments 93.70, 1542.35, 1764.47 against
 * 3390.64.  Contributions 2.76, 45.49, 52.04 %; together 100.3 %: the residual is not forced to
 * nothing.
 */
static void test_guangdong(void **state)
{
    const char *names[] = { "一产", "二产", "三产" };
    fd_number base[] = { number("0"), number("0"), number("0") };
    fd_number increments[] = { number("93.70"), number("1542.35"), number("1764.47") };
    fd_number total = number("39081.59"), before, growth = number("0.095"), one = number("1");
    fd_quot q;
    fd_table *t;

    (void)state;
    assert_int_equal(fd_quot_add(&q, one.exact, growth.exact), 0);
    assert_int_equal(fd_quot_div(&q, total.exact, q), 0);
    before = fd_number_exact(q);
    assert_int_equal(fd_growth_from_levels(&t, names, base, increments, 3, before, total, "亿元"),
                     0);
    check_cell(t, "total", "increment", 2, "3390.64");
    check_cell(t, "一产", "contribution", 2, "2.76");
    check_cell(t, "二产", "contribution", 2, "45.49");
    check_cell(t, "三产", "contribution", 2, "52.04");
    check_cell(t, "residual", "contribution", 2, "-0.29");
    check_cell(t, "total", "contribution", 0, "100");
    check_cell(t, "total", "growth", 1, "9.5");
    fd_table_free(t);
}

/* 贡献率 42.6 % with growth 10.5 % and a base share of 13 to 13.5 %: total growth of 3.2 to 3.3 %.
 */
static void test_contribution_consistency(void **state)
{
    const char *names[] = { "战新" };
    static const struct {
        const char *share, *total, *contribution;
    } cases[] = { { "13", "3.204225", "42.60" }, { "13.5", "3.327465", "42.60" } };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        fd_number rate[] = { number("10.5") }, share[] = { number(cases[i].share) };
        fd_table *t;

        assert_int_equal(
            fd_growth_from_rates(&t, names, rate, share, 1, number(cases[i].total), false), 0);
        check_cell(t, "战新", "contribution", 2, cases[i].contribution);
        fd_table_free(t);
    }
}

static const char items[] =
    "数据 收入 / rev\n  对象 企业    单位 万元    小数 4    性质 流量\n"
    "数据 县区 / county\n  对象 企业    类型 代码    性质 属性\n"
    "数据 县增速 / county_growth\n  对象 县区    单位 %    小数 2    性质 比率\n"
    "数据 县权重 / county_weight\n  对象 县区    单位 %    小数 4    性质 比率\n"
    "数据 市增速 / city_growth\n  对象 市    单位 %    小数 2    性质 比率\n";

static fd_source *make_source(void)
{
    fd_source *s = mock_source_new();

    mock_frame(s, "enterprise", 4, (const char *[]){ "A", "B", "C", "D" }, NULL);
    mock_frame(s, "county", 2, (const char *[]){ "990501", "990502" },
               (const char *[]){ "洹东区", "洹西区" });
    mock_frame(s, "city", 1, (const char *[]){ "990500" }, NULL);
    mock_attribute(s, "enterprise", "county",
                   (const char *[]){ "990501", "990501", "990502", "990502" });
    mock_facts(s, "enterprise", "rev", "2024-01..12", FD_CURRENT, 4,
               (const char *[]){ "120", "90", "400", "" });
    mock_facts(s, "enterprise", "rev", "2024-01..12", FD_COMPARATIVE, 4,
               (const char *[]){ "100", "100", "300", "" });
    mock_facts(s, "county", "county_growth", "2024-01..12", FD_VERIFIED, 2,
               (const char *[]){ "5.0", "8.0" });
    mock_facts(s, "county", "county_weight", "2024-01..12", FD_VERIFIED, 4,
               (const char *[]){ "40", "59.5" });
    mock_facts(s, "city", "city_growth", "2024-01..12", FD_CURRENT, 2, (const char *[]){ "6.9" });
    return s;
}

static void test_levels(void **state)
{
    static const char *const files[] = { "units.ding", NULL };
    loaded l = load_program(files, items);
    fd_source *s = make_source();
    fd_growth_options o = FD_GROWTH_OPTIONS_INIT;
    fd_table *t;

    (void)state;
    o.by = "county";
    o.to = mock_period("2024-01..12");
    /* strict: one member is missing, so the whole is */
    assert_int_equal(fd_growth(&t, l.program, s, fd_program_item(l.program, "rev"), NULL, &o), 0);
    check_cell(t, "990501", "increment", 2, "10.00");
    check_cell(t, "990501", "pull", 2, "missing");
    check_cell(t, "total", "growth", 2, "missing");
    fd_table_free(t);
    o.reported_only = true;
    assert_int_equal(fd_growth(&t, l.program, s, fd_program_item(l.program, "rev"), NULL, &o), 0);
    check_cell(t, "990502", "growth", 2, "33.33");
    check_cell(t, "990502", "pull", 2, "20.00");
    check_cell(t, "990501", "pull", 2, "2.00");
    check_cell(t, "990501", "contribution", 2, "9.09");
    check_cell(t, "total", "growth", 2, "22.00");
    check_cell(t, "residual", "increment", 2, "0.00");
    /* largest pull first */
    assert_string_equal(fd_column_text(t->columns[0], 0), "990502");
    assert_true(t->note_count >= 2);
    fd_table_free(t);
    mock_source_free(s);
    load_free(&l);
}

static void test_verified_rates(void **state)
{
    static const char *const files[] = { "units.ding", NULL };
    loaded l = load_program(files, items);
    fd_source *s = make_source();
    fd_growth_options o = FD_GROWTH_OPTIONS_INIT;
    fd_table *t;

    (void)state;
    o.mode = FD_GROWTH_RATES;
    o.to = mock_period("2024-01..12");
    assert_int_equal(
        fd_growth(&t, l.program, s, fd_program_item(l.program, "county_growth"), NULL, &o), 0);
    check_cell(t, "990501", "pull", 2, "2.00");
    check_cell(t, "990502", "pull", 2, "4.76");
    check_cell(t, "total", "pull", 2, "6.90");
    check_cell(t, "residual", "pull", 2, "0.14");
    check_cell(t, "residual", "base_share", 2, "0.50");
    fd_table_free(t);
    assert_int_equal(fd_growth(&t, l.program, s, NULL, NULL, &o), FD_EINVAL);
    /* a period without rates: not reported, never a growth of nothing */
    o.to = mock_period("2023-01..12");
    assert_int_equal(
        fd_growth(&t, l.program, s, fd_program_item(l.program, "county_growth"), NULL, &o), 0);
    check_cell(t, "total", "growth", 2, "missing");
    check_cell(t, "total", "pull", 2, "missing");
    check_cell(t, "total", "contribution", 2, "missing");
    check_cell(t, "residual", "base_share", 2, "missing");
    fd_table_free(t);
    mock_source_free(s);
    load_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fuyang),
        cmocka_unit_test(test_guangdong),
        cmocka_unit_test(test_contribution_consistency),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_verified_rates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
