/*
 * The arithmetic of the 30 % promise, against the published table, and the report around it.
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

static void check_rounded(double value, int digits, const char *wanted)
{
    char text[64];

    snprintf(text, sizeof text, "%.*f", digits, value);
    assert_string_equal(text, wanted);
}

/* 13.9 → 30 by total growth: two years, three years. */
static void test_table(void **state)
{
    static const struct {
        double g;
        int n;
        const char *wanted;
    } cases[] = { { 4, 2, "52.8" }, { 5, 2, "54.3" }, { 6, 2, "55.7" },
                  { 7, 2, "57.2" }, { 4, 3, "34.4" }, { 5, 3, "35.7" },
                  { 6, 3, "37.0" }, { 7, 3, "38.3" }, { 5, 4, "27.3" } };
    double x;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(fd_target_needed_growth(&x, 13.9, 30, cases[i].n, cases[i].g), 0);
        check_rounded(x, 1, cases[i].wanted);
    }
    assert_int_equal(fd_target_needed_growth(&x, 13.9, 30, 0, 5), FD_EINVAL);
    assert_int_equal(fd_target_needed_growth(&x, 0, 30, 2, 5), FD_EINVAL);
    check_rounded(fd_target_projected_share(13.9, 3, 10.5, 5), 1, "16.2");
}

static void test_implied(void **state)
{
    double share;

    (void)state;
    assert_int_equal(fd_target_implied_share(&share, 13.9, 10.5, 4, 42.6), 0);
    check_rounded(share, 2, "10.45");
    assert_int_equal(fd_target_implied_share(&share, 13.9, 10.5, 4, 0), FD_EINVAL);
    assert_int_equal(fd_target_implied_share(&share, 90, 50, 4, 5), FD_EINVAL);
}

static const char *const files[] = { "units.ding",      "data.ding",    "classes.ding",
                                     "indicators.ding", "targets.ding", NULL };

static void test_report(void **state)
{
    loaded l = load_program(files, NULL);
    const fd_target *t = fd_program_target(l.program, "emerging_30");
    fd_target_options o = FD_TARGET_OPTIONS_INIT;
    fd_target_result r;
    bool told = false;

    (void)state;
    o.historic_growth = (fd_decimal){ 105, 1 };
    o.now = fd_number_exact((fd_quot){ 139, 10 });
    o.now_year = 2024;
    o.total_value = fd_number_exact(fd_quot_from_int(640));
    o.contribution = fd_number_exact((fd_quot){ 426, 10 });
    assert_int_equal(fd_target_report(&r, l.program, NULL, t, &o), 0);
    check_rounded(r.needed_pace, 1, "5.4");
    check_rounded(r.reached_pace, 2, "1.63");
    check_rounded(r.pace_ratio, 1, "3.3");
    assert_int_equal(r.need_count, 3);
    assert_int_equal(r.needs[0].year, 2026);
    assert_int_equal(r.needs[2].year, 2028);
    check_rounded(r.needs[0].needed_growth, 1, "54.3");
    check_rounded(r.needs[1].needed_growth, 1, "35.7");
    check_rounded(r.needs[2].needed_growth, 1, "27.3");
    check_rounded(r.needs[1].projected_share, 1, "16.2");
    /* 640 × 1.05³ = 740.88; 30 % of it is 222.264, today 88.96 */
    check_rounded(r.needs[1].needed_increment, 2, "133.30");
    check_rounded(r.needs[1].extra_value, 1, "102.2");
    check_rounded(r.implied_2020, 2, "10.45");
    assert_int_equal(r.verdict.color, FD_GREEN);
    assert_string_equal(r.verdict.reason[FD_ZH], "绿:2024 年 13.9%,路径 13.90%");
    /* the path: 2025 19.27 %, 2026 24.63 % */
    assert_int_equal(r.path_table->rows, 4);
    check_rounded(fd_number_to_double(fd_column_number(r.path_table->columns[1], 1)), 2, "19.27");
    check_rounded(fd_number_to_double(fd_column_number(r.path_table->columns[1], 2)), 2, "24.63");
    assert_int_equal(r.matrix->rows, 4);
    assert_int_equal(r.matrix->column_count, 4);
    for (size_t i = 0; i < r.summary->note_count; i++)
        told = told || strstr(r.summary->notes[FD_ZH][i], "不宜直接外推");
    assert_true(told);
    fd_target_result_dispose(&r);

    /* a year later, short of the path by more than two points: red; by one: yellow */
    o.now = fd_number_exact((fd_quot){ 16, 1 });
    o.now_year = 2025;
    assert_int_equal(fd_target_report(&r, l.program, NULL, t, &o), 0);
    assert_int_equal(r.verdict.color, FD_RED);
    assert_string_equal(r.verdict.reason[FD_ZH], "红:2025 年 16.0%,路径 19.27%,差 3.27 个百分点");
    fd_target_result_dispose(&r);
    o.now = fd_number_exact((fd_quot){ 183, 10 });
    assert_int_equal(fd_target_report(&r, l.program, NULL, t, &o), 0);
    assert_int_equal(r.verdict.color, FD_YELLOW);
    fd_target_result_dispose(&r);
    /* nothing known: grey, never red */
    o.now = fd_number_missing();
    assert_int_equal(fd_target_report(&r, l.program, NULL, t, &o), 0);
    assert_int_equal(r.verdict.color, FD_GREY);
    fd_target_result_dispose(&r);
    load_free(&l);
}

#define RULED(id, rules)                                                                           \
    "目标 " id " / " id "\n  指标 sei_share\n  依据 试\n  基线 2024 年 13.9 %\n"           \
    "  到期 2027 年 ≥ 30 %    路径 线性\n  亮灯 " rules "\n"

/* Rules of any shape: the first that holds, exactly; unknown before it is grey. */
static void test_declared(void **state)
{
    static const char text[] =
        "参数 宽限 / grace\n  单位 百分点\n  值 2020 起 3 百分点\n"
        "灯 进度三档 / thirds\n  绿 完成率 ≥ 100 %\n  黄 完成率 ≥ 80 %    理由 八成以上\n  红 "
        "其余\n" RULED("t_named", "用 进度三档")
            RULED("t_and", "绿 值 ≥ 路径 且 值 ≥ 基期值;红 值 < 基期值;黄 其余")
                RULED("t_param", "绿 值 ≥ 路径 − 宽限;红 其余")
                    RULED("t_share", "绿 值 ÷ 目标值 ≥ 60 %;红 其余")
                        RULED("t_other", "绿 规上工业营业收入 > 1 亿元;红 值 ≥ 路径;黄 其余")
                            RULED("t_or", "绿 规上工业营业收入 > 1 亿元 或 值 ≥ 目标值;红 其余");
    static const struct {
        const char *id;
        int year;
        int64_t num, den;
        int color;
        const char *says;
    } cases[] = {
        { "t_named", 2024, 139, 10, FD_GREEN, "绿:合「完成率 ≥ 100 %」" },
        { "t_named", 2025, 1542, 100, FD_YELLOW, "八成以上" }, /* 80.03 % of 19.2667 */
        { "t_named", 2025, 1541, 100, FD_RED, "红:其余各条不成立" },
        { "t_and", 2025, 1927, 100, FD_GREEN, "路径 19.27%" },
        { "t_and", 2025, 15, 1, FD_YELLOW, NULL },
        { "t_and", 2025, 138, 10, FD_RED, "值 < 基期值" },
        { "t_param", 2025, 163, 10, FD_GREEN, "宽限" }, /* 19.2667 − 3 = 16.2667 */
        { "t_param", 2025, 1626, 100, FD_RED, NULL },
        { "t_share", 2026, 18, 1, FD_GREEN, NULL },
        { "t_share", 2026, 1799, 100, FD_RED, NULL },
        { "t_other", 2025, 25, 1, FD_GREY, "灰:不明「" },
        { "t_or", 2025, 31, 1, FD_GREEN, NULL },
        { "t_or", 2025, 29, 1, FD_GREY, NULL },
    };
    loaded l = load_program(files, text);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fd_target *t = fd_program_target(l.program, cases[i].id);
        fd_target_options o = FD_TARGET_OPTIONS_INIT;
        fd_target_result r;

        assert_non_null(t);
        o.now = fd_number_exact((fd_quot){ cases[i].num, cases[i].den });
        o.now_year = cases[i].year;
        assert_int_equal(fd_target_report(&r, l.program, NULL, t, &o), 0);
        if ((int)r.verdict.color != cases[i].color)
            print_error("case %zu: %s\n", i, r.verdict.reason[FD_ZH]);
        assert_int_equal(r.verdict.color, cases[i].color);
        if (cases[i].says && !strstr(r.verdict.reason[FD_ZH], cases[i].says))
            print_error("case %zu: %s\n", i, r.verdict.reason[FD_ZH]);
        if (cases[i].says)
            assert_non_null(strstr(r.verdict.reason[FD_ZH], cases[i].says));
        fd_target_result_dispose(&r);
    }
    load_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_implied),
        cmocka_unit_test(test_report),
        cmocka_unit_test(test_declared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
