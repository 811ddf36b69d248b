/*
 * The evaluator's semantics, case by case: states, filters, units, shares, growth, scalars.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "ding/eval/eval.h"
#include "load_program.h"
#include "mock_source.h"

static const char items[] =
    "数据 收入 / rev\n  对象 企业    单位 万元    小数 4    性质 流量\n"
    "  代码 B204-1:01\n"
    "数据 研发 / rd\n  对象 企业    单位 千元    小数 2    性质 流量\n"
    "数据 利润 / profit\n  对象 企业    单位 万元    小数 4    性质 流量    不适用 可\n"
    "数据 人数 / staff\n  对象 企业    单位 人    小数 0    性质 存量\n"
    "数据 县区 / county\n  对象 企业    类型 代码    性质 属性\n"
    "数据 行业 / industry\n  对象 企业    类型 代码    性质 属性\n"
    "数据 产业链 / chain\n  对象 企业    类型 文本    性质 属性\n"
    "数据 状态 / run_state\n  对象 企业    类型 代码    性质 属性\n"
    "数据 规上 / above_scale\n  对象 企业    类型 文本    性质 属性\n"
    "数据 成立 / founded\n  对象 企业    类型 日期    性质 属性\n"
    "数据 产值总量 / gdp\n  对象 市    单位 亿元    小数 4    性质 流量\n"
    "数据 县值 / county_value\n  对象 县区    单位 亿元    小数 4    性质 流量\n"
    "数据 价格 / ppi\n  对象 行业大类    单位 指数    小数 2    性质 比率\n"
    "分类 高耗能 / energy6\n  按 行业\n  成员 31 32\n  依据 试验\n"
    "分类 半新 / half\n  按 行业\n  成员 31 份额 40 %\n  成员 39\n  依据 试验\n"
    "分类 残缺 / torn\n  按 行业\n  成员 39\n  不全 只列一类\n  依据 试验\n";

typedef struct world {
    loaded defs;
    fd_source *source;
    fd_eval *eval;
    fd_arena *arena;
} world;

/*
 *            A        B        C          D         E
 * county     1        1        2          2         (none)
 * chain      L1       L2       L1:.6;L2:.4 L1       L2
 * industry   3110     3990     3110       1310      3210
 */
static int setup(void **state)
{
    static const char *const counties[] = { "990501", "990502" };
    static const char *const county_names[] = { "洹东区", "洹西区" };
    static const char *const divisions[] = { "13", "31", "32", "39" };
    static const char *const files[] = { "units.ding", NULL };
    world *w = fd_alloc(sizeof *w);

    w->defs = load_program(files, items);
    w->source = mock_source_new();
    w->arena = fd_arena_new();
    mock_frame(w->source, "enterprise", 5, (const char *[]){ "A", "B", "C", "D", "E" }, NULL);
    mock_frame(w->source, "county", 2, counties, county_names);
    mock_frame(w->source, "division", 4, divisions, NULL);
    mock_frame(w->source, "city", 1, (const char *[]){ "990500" }, NULL);
    mock_attribute(w->source, "enterprise", "county",
                   (const char *[]){ "990501", "990501", "990502", "990502", "" });
    mock_attribute(w->source, "enterprise", "chain",
                   (const char *[]){ "L1", "L2", "L1:0.6;L2:0.4", "L1", "L2" });
    mock_attribute(w->source, "enterprise", "industry",
                   (const char *[]){ "3110", "3990", "3110", "1310", "3210" });
    mock_attribute(w->source, "enterprise", "run_state",
                   (const char *[]){ "正常", "停产", "正常", "", "减产" });
    mock_attribute(w->source, "enterprise", "above_scale",
                   (const char *[]){ "是", "是", "是", "是", "" });
    mock_attribute(w->source, "enterprise", "founded",
                   (const char *[]){ "2001-05-01", "2019-01-01", "2024-06-01", "1998-03-03", "" });
    mock_facts(w->source, "enterprise", "rev", "2024", FD_CURRENT, 4,
               (const char *[]){ "100", "200", "50.5", "10", "1000" });
    mock_facts(w->source, "enterprise", "rev", "2024", FD_COMPARATIVE, 4,
               (const char *[]){ "80", "210", "40", "10", "900" });
    mock_facts(w->source, "enterprise", "rev", "2023", FD_CURRENT, 4,
               (const char *[]){ "81", "209", "40", "10", "900" });
    mock_facts(w->source, "enterprise", "rev", "2022", FD_CURRENT, 4,
               (const char *[]){ "60", "100", "40", "10", "90" });
    mock_facts(w->source, "enterprise", "rd", "2024", FD_CURRENT, 2,
               (const char *[]){ "30", "", "5", "0", "2.5" });
    mock_facts(w->source, "enterprise", "profit", "2024", FD_CURRENT, 4,
               (const char *[]){ "5", "-20", "-", "1?", "0" });
    mock_facts(w->source, "enterprise", "staff", "2024", FD_CURRENT, 0,
               (const char *[]){ "10", "20", "0", "-", "7" });
    mock_facts(w->source, "city", "gdp", "2024", FD_CURRENT, 4, (const char *[]){ "1.5" });
    mock_facts(w->source, "county", "county_value", "2024", FD_VERIFIED, 4,
               (const char *[]){ "3", "4" });
    mock_facts(w->source, "division", "ppi", "2024", FD_CURRENT, 2,
               (const char *[]){ "100", "125", "80", "100" });
    mock_facts(w->source, "division", "ppi", "2023", FD_CURRENT, 2,
               (const char *[]){ "100", "100", "125", "100" });
    assert_int_equal(fd_eval_new(&w->eval, w->defs.program, w->source, NULL), 0);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world *w = *state;

    fd_eval_free(w->eval);
    mock_source_free(w->source);
    load_free(&w->defs);
    fd_arena_free(w->arena);
    free(w);
    return 0;
}

static fd_expr *parse(world *w, const char *text, bool condition)
{
    fd_expr *e = NULL;

    if (fd_expr_parse(&e, w->defs.program, w->arena, text, condition) < 0) {
        char line[1024];

        fd_error_format(fd_error_last(), FD_ZH, line, sizeof line);
        print_error("%s: %s\n", text, line);
        fail();
    }
    return e;
}

static void show(char *buf, size_t size, const fd_number *v)
{
    if (v->state == FD_MISSING || v->state == FD_NA) {
        snprintf(buf, size, "%s", v->state == FD_MISSING ? "missing" : "na");
        return;
    }
    if (v->is_estimate)
        snprintf(buf, size, "~%.6f", v->estimate);
    else if (v->exact.den == 1)
        snprintf(buf, size, "%lld", (long long)v->exact.num);
    else
        snprintf(buf, size, "%lld/%lld", (long long)v->exact.num, (long long)v->exact.den);
    if (v->state == FD_DOUBT)
        strncat(buf, "?", size - strlen(buf) - 1);
}

/* The values of all groups, in order, as one line. */
static void check_line(world *w, const char *text, const char *by, const char *unit,
                       const char *population, const char *where, const char *wanted)
{
    fd_eval_query q = { .period = fd_period_year(2024), .kind = "enterprise" };
    fd_eval_result r;
    char line[1024] = "", one[128];
    size_t *order;
    int err;

    q.unit = unit ? fd_program_unit(w->defs.program, unit) : NULL;
    q.population = population ? parse(w, population, true) : NULL;
    q.where = where ? parse(w, where, true) : NULL;
    if (by)
        assert_int_equal(fd_grouping_new(&q.grouping, w->eval, &by, 1), 0);
    err = fd_eval_expr(&r, w->eval, parse(w, text, false), &q);
    if (err < 0) {
        snprintf(line, sizeof line, "error %s", fd_code_name(err));
    } else {
        order = fd_grouping_order(q.grouping);
        for (size_t g = 0; g < r.count; g++) {
            show(one, sizeof one, &r.cells[by ? order[g] : g].value);
            snprintf(line + strlen(line), sizeof line - strlen(line), "%s%s", g ? " " : "", one);
        }
        free(order);
        fd_eval_result_dispose(&r);
    }
    if (strcmp(line, wanted) != 0)
        print_error("%s by %s where %s\n", text, by ? by : "-", where ? where : "-");
    assert_string_equal(line, wanted);
    fd_grouping_free(q.grouping);
}

static void test_sums(void **state)
{
    world *w = *state;

    check_line(w, "合计(收入)", NULL, "万元", NULL, NULL, "2721/2");
    check_line(w, "合计(收入)", NULL, "元", NULL, NULL, "13605000");
    check_line(w, "合计(收入)", NULL, "亿元", NULL, NULL, "2721/20000");
    /* thousands and ten thousands of yuan meet exactly: 30 千元 = 3 万元 */
    check_line(w, "合计 已报(研发 + 收入)", NULL, "万元", NULL, NULL, "4657/4");
    check_line(w, "合计(研发)", NULL, "千元", NULL, NULL, "missing");
    check_line(w, "合计 已报(研发)", NULL, "千元", NULL, NULL, "75/2");
    /* 不适用 is skipped, a disputed figure marks the sum */
    check_line(w, "合计(利润)", NULL, "万元", NULL, NULL, "-14?");
    check_line(w, "平均(利润)", NULL, "万元", NULL, NULL, "-7/2?");
    check_line(w, "平均(人数)", NULL, "人", NULL, NULL, "37/4");
    check_line(w, "最大(收入)", NULL, "万元", NULL, NULL, "1000");
    check_line(w, "最小(收入)", NULL, "万元", NULL, NULL, "10");
}

static void test_groups(void **state)
{
    world *w = *state;

    check_line(w, "合计(收入)", "county", "万元", NULL, NULL, "300 121/2 1000");
    check_line(w, "合计(收入)", "县区", "万元", "规上 = 是", NULL, "300 121/2 na");
    /* 50.5 × 0.6 = 30.3 goes to L1, 20.2 to L2; the parts add up */
    check_line(w, "合计(收入)", "chain", "万元", NULL, NULL, "1403/10 6101/5");
    check_line(w, "合计(收入)", "division", "万元", NULL, NULL, "10 301/2 1000 200");
    check_line(w, "合计(收入)", "enterprise", "万元", NULL, NULL, "100 200 101/2 10 1000");
    check_line(w, "合计(收入)", "half", "万元", NULL, NULL, "1301/5 11003/10");
    check_line(w, "计数(收入 > 0 元)", "chain", NULL, NULL, NULL, "13/5 12/5");
    check_line(w, "排名(合计(收入))", "division", NULL, NULL, NULL, "4 3 1 2");
}

static void test_filters(void **state)
{
    world *w = *state;

    check_line(w, "合计(收入, 条件 县区 = 洹东区)", NULL, "万元", NULL, NULL, "missing");
    /* E has no county, but the condition on its scale is not met: surely out */
    check_line(w, "合计(收入, 条件 县区 = 洹东区 且 收入 < 500 万元)", NULL, "万元", NULL, NULL,
               "300");
    check_line(w, "合计(收入, 条件 县区 = 洹东区)", NULL, "万元", "规上 = 是", NULL, "300");
    check_line(w, "合计(收入, 条件 行业 属于 高耗能)", NULL, "万元", NULL, NULL, "2301/2");
    check_line(w, "合计(收入, 条件 行业 不属于 高耗能)", NULL, "万元", NULL, NULL, "210");
    check_line(w, "合计(收入, 条件 行业 属于 半新)", NULL, "万元", NULL, NULL, "1301/5");
    check_line(w, "合计(收入, 条件 行业 不属于 半新)", NULL, "万元", NULL, NULL, "11003/10");
    check_line(w, "合计(收入, 条件 行业 属于 残缺)", NULL, "万元", NULL, NULL, "missing");
    check_line(w, "合计(收入, 条件 产业链 = L1)", NULL, "万元", NULL, NULL, "1403/10");
    check_line(w, "合计(收入, 条件 产业链 属于 {L1, L2})", NULL, "万元", NULL, NULL, "2721/2");
    /* the one of unknown staff is D with 不适用: an unknown condition makes the sum 缺报 … */
    check_line(w, "合计(收入, 条件 人数 > 8 人)", NULL, "万元", NULL, NULL, "missing");
    /* … unless what might be added is surely nothing: B's R&D is 缺报 and B is out, D's is 0 */
    check_line(w, "合计(研发, 条件 人数 < 15 人)", NULL, "千元", NULL, NULL, "75/2");
    check_line(w, "计数(状态 = 停产)", NULL, NULL, NULL, NULL, "missing");
    check_line(w, "合计(收入)", NULL, "万元", NULL, "产业链 = L1", "1403/10");
    check_line(w, "计数(高耗能)", NULL, NULL, NULL, NULL, "3");
    check_line(w, "合计(收入, 条件 半新)", NULL, "万元", NULL, NULL, "1301/5");
    check_line(w, "种数(行业大类)", NULL, NULL, NULL, NULL, "4");
    check_line(w, "种数(行业大类, 条件 收入 < 500 万元)", NULL, NULL, NULL, NULL, "3");
}

/* A date as the right side: the tree is made by hand, for dates are not yet written in texts. */
static void test_dates(void **state)
{
    world *w = *state;
    fd_expr *call = parse(w, "计数(县区 = 990501)", false), *condition = call->children[0];
    fd_eval_query q = { .period = fd_period_year(2024), .kind = "enterprise" };
    fd_eval_result r;

    q.population = parse(w, "规上 = 是", true);
    condition->kind = FD_EXPR_GE;
    condition->children[0]->target = fd_program_item(w->defs.program, "founded");
    condition->children[1]->kind = FD_EXPR_DATE;
    condition->children[1]->date = fd_date_make(2019, 1, 1);
    assert_int_equal(fd_eval_expr(&r, w->eval, call, &q), 0);
    assert_int_equal(r.cells[0].value.state, FD_HAS);
    assert_int_equal((long)r.cells[0].value.exact.num, 2);
    fd_eval_result_dispose(&r);
    /* without the population, E's day is not known */
    q.population = NULL;
    fd_eval_trim(w->eval, 0);
    assert_int_equal(fd_eval_expr(&r, w->eval, call, &q), 0);
    assert_int_equal(r.cells[0].value.state, FD_MISSING);
    fd_eval_result_dispose(&r);
}

static void test_ratios(void **state)
{
    world *w = *state;

    check_line(w, "合计 已报(研发) ÷ 合计(收入)", NULL, "%", NULL, NULL, "250/907");
    check_line(w, "合计(利润) ÷ 合计(收入, 条件 收入 < 0 元)", NULL, "%", NULL, NULL, "missing");
    check_line(w, "合计(收入) ÷ 合计(收入, 条件 收入 < 0 元)", NULL, "%", NULL, NULL, "na");
    check_line(w, "合计(研发) ÷ 合计(收入)", "county", "%", NULL, NULL, "missing 100/121 1/40");
    check_line(w, "占比(收入)", "division", "%", NULL, NULL,
               "2000/2721 30100/2721 200000/2721 40000/2721");
    check_line(w, "占比(收入, 条件 行业 属于 高耗能)", NULL, "%", NULL, NULL, "76700/907");
    check_line(w, "合计(四舍五入(收入 × 人数 ÷ 收入, 2 位))", NULL, NULL, NULL, NULL, "37");
    check_line(w, "合计(四舍五入(收入 ÷ 人数, 4 位))", NULL, "元", NULL, NULL, "1628571");
}

static void test_growth(void **state)
{
    world *w = *state;

    check_line(w, "增速(收入)", NULL, "%", NULL, NULL, "1205/124");
    check_line(w, "增速(收入)", "county", "%", NULL, NULL, "100/29 21 100/9");
    /* 31: ÷1.25, 32: ÷0.8. (120.4 + 1250 + 200 + 10) / 1240 − 1 */
    check_line(w, "增速(收入, 可比价 按 ppi)", NULL, "%", NULL, NULL, "~27.451613");
    check_line(w, "年均增长(收入, 起 2022)", NULL, "%", NULL, NULL, "~112.955394");
    check_line(w, "贡献率(收入, 条件 县区 = 990501)", NULL, "%", "规上 = 是", NULL, "2000/41");
    check_line(w, "拉动(收入, 条件 县区 = 990501)", NULL, "百分点", "规上 = 是", NULL, "50/17");
    check_line(w, "拉动(收入)", "county", "百分点", "规上 = 是", NULL, "50/17 105/34 na");
    /* since 2022: (300 − 160) of (360.5 − 210); chained, 160 → 280 of 210 → 330.4 */
    check_line(w, "贡献率(收入, 条件 县区 = 990501, 起 2022)", NULL, "%", "规上 = 是", NULL,
               "4000/43");
    check_line(w, "拉动(收入, 条件 县区 = 990501, 起 2022)", NULL, "百分点", "规上 = 是", NULL,
               "200/3");
    check_line(w, "贡献率(收入, 条件 县区 = 990501, 可比价 按 ppi, 起 2022)", NULL, "%",
               "规上 = 是", NULL, "~99.667774");
    check_line(w, "拉动(收入, 条件 县区 = 990501, 可比价 按 ppi, 起 2022)", NULL, "百分点",
               "规上 = 是", NULL, "~57.142857");
    check_line(w, "贡献率(收入, 条件 县区 = 990501, 起 2024)", NULL, "%", "规上 = 是", NULL, "na");
    check_line(w, "合计(近2年(收入))", NULL, "万元", NULL, NULL, "1540");
    check_line(w, "合计(收入[上年同期])", NULL, "万元", NULL, NULL, "1240");
    check_line(w, "合计(收入[上年])", NULL, "万元", NULL, NULL, "1240");
    check_line(w, "合计(收入[2022])", NULL, "万元", NULL, NULL, "300");
}

static void test_scalars(void **state)
{
    world *w = *state;

    check_line(w, "合计(收入) ÷ 产值总量", NULL, "%", NULL, NULL, "907/100");
    check_line(w, "合计(收入) ÷ 产值总量", "county", "%", NULL, NULL, "na na na");
    check_line(w, "合计(收入) ÷ 产值总量", NULL, "%", NULL, "产业链 = L1", "na");
    check_line(w, "县值", "county", "亿元", NULL, NULL, "3 4");
    check_line(w, "合计(收入) ÷ 县值", "county", "%", NULL, NULL, "1 121/800 na");
    check_line(w, "县值", NULL, "亿元", NULL, NULL, "na");
    check_line(w, "合计(县值)", NULL, "亿元", NULL, NULL, "missing");
    check_line(w, "合计(县值[核定])", NULL, "亿元", NULL, NULL, "7");
    check_line(w, "合计(收入) > 10 亿元 → 1; 合计(收入) > 1000 万元 → 2; 其余 3", NULL, NULL, NULL,
               NULL, "2");
}

static void test_contributors(void **state)
{
    world *w = *state;
    fd_eval_query q = { .period = fd_period_year(2024), .kind = "enterprise" };
    fd_eval_result r;

    q.unit = fd_program_unit(w->defs.program, "万元");
    assert_int_equal(fd_eval_expr(&r, w->eval, parse(w, "合计(收入)", false), &q), 0);
    assert_int_equal(r.cells[0].n, 5);
    assert_true(r.cells[0].top1 == 1000);
    assert_true(fabs(r.cells[0].top2 - 200) < 1e-9);
    assert_int_equal(r.cells[0].expected, 5);
    fd_eval_result_dispose(&r);
    q.unit = fd_program_unit(w->defs.program, "%");
    assert_int_equal(fd_eval_expr(&r, w->eval, parse(w, "合计 已报(研发) ÷ 合计(收入)", false), &q),
                     0);
    assert_int_equal(r.cells[0].n, 4); /* the operand with the fewest */
    /* R&D is the more concentrated: 30 of 37.5 */
    assert_true(fabs(r.cells[0].top1 / fd_number_to_double(r.cells[0].value) - 0.8) < 1e-9);
    assert_int_equal(r.cells[0].reported, 4);
    assert_int_equal(r.cells[0].expected, 5);
    assert_true(r.used_reported);
    fd_eval_result_dispose(&r);
}

/* Firms due for a form and not in: the form comes from the item's code. */
static void test_coverage(void **state)
{
    world *w = *state;

    check_line(w, "覆盖率(研发)", NULL, "%", NULL, NULL, "80");
    mock_attribute(w->source, "enterprise", "expects:b204_1",
                   (const char *[]){ "是", "是", "", "", "是" });
    mock_facts(w->source, "enterprise", "rev", "2024-12", FD_CURRENT, 4,
               (const char *[]){ "1", "", "", "5", "" });
    check_line(w, "覆盖率(收入[2024-12])", NULL, "%", NULL, NULL, "100/3");
}

static void test_errors(void **state)
{
    world *w = *state;
    const char *bad = "没有的维度";
    fd_grouping *g;

    assert_int_equal(fd_grouping_new(&g, w->eval, &bad, 1), FD_ENOTFOUND);
    mock_facts(w->source, "enterprise", "rev", "2020", FD_CURRENT, 4,
               (const char *[]){ "922337203685477", "922337203685477", "922337203685477", "1",
                                 "1" });
    check_line(w, "合计(收入[2020])", NULL, "万元", NULL, NULL, "2767011611056433");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sums, setup, teardown),
        cmocka_unit_test_setup_teardown(test_groups, setup, teardown),
        cmocka_unit_test_setup_teardown(test_filters, setup, teardown),
        cmocka_unit_test_setup_teardown(test_dates, setup, teardown),
        cmocka_unit_test_setup_teardown(test_ratios, setup, teardown),
        cmocka_unit_test_setup_teardown(test_growth, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scalars, setup, teardown),
        cmocka_unit_test_setup_teardown(test_contributors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_coverage, setup, teardown),
        cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
