/*
 * Indicators over periods and groups with the shipped definitions, and the walk of why.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "fangding/measure.h"
#include "measure/internal.h"
#include "load_program.h"
#include "mock_source.h"

static const char *const files[] = {
    "units.ding",  "data.ding", "classes.ding", "indicators.ding", "targets.ding",
    "lights.ding", NULL
};

typedef struct world {
    loaded defs;
    fd_source *source;
} world;

/* Five firms; the last is not above scale. Value added by M2: 本年折旧 + 税金 + 增值税 + 薪酬 +
 * 营业利润, the rest 0. */
static int setup(void **state)
{
    static const char *const zero[] = { "asset_impairment",  "credit_impairment", "fair_value_gain",
                                        "investment_income", "disposal_gain",     "other_gain",
                                        "hedge_gain" };
    world *w = fd_alloc(sizeof *w);
    fd_source *s;

    w->defs = load_program(files, NULL);
    w->source = s = mock_source_new();
    mock_frame(s, "enterprise", 5, (const char *[]){ "A", "B", "C", "D", "E" },
               (const char *[]){ "甲厂", "乙厂", "丙厂", "丁厂", "戊厂" });
    mock_frame(s, "county", 2, (const char *[]){ "990501", "990502" },
               (const char *[]){ "洹东区", "洹西区" });
    mock_frame(s, "chain", 2, (const char *[]){ "L1", "E2" },
               (const char *[]){ "精品钢", "新材料" });
    mock_frame(s, "city", 1, (const char *[]){ "990500" }, NULL);
    mock_attribute(s, "enterprise", "county",
                   (const char *[]){ "990501", "990501", "990502", "990502", "990502" });
    mock_attribute(s, "enterprise", "chain",
                   (const char *[]){ "L1", "E2", "L1:0.6;E2:0.4", "L1", "" });
    mock_attribute(s, "enterprise", "industry",
                   (const char *[]){ "3110", "3061", "3130", "1411", "1411" });
    mock_attribute(s, "enterprise", "above_scale", (const char *[]){ "是", "是", "是", "是", "" });
    mock_attribute(s, "enterprise", "run_state",
                   (const char *[]){ "正常", "停产", "停产", "减产", "" });
    mock_facts(s, "enterprise", "depreciation", "2024", FD_CURRENT, 4,
               (const char *[]){ "10", "20", "30", "40", "" });
    mock_facts(s, "enterprise", "taxes_surcharges", "2024", FD_CURRENT, 4,
               (const char *[]){ "1", "1", "1", "1", "" });
    mock_facts(s, "enterprise", "vat", "2024", FD_CURRENT, 4,
               (const char *[]){ "4", "4", "4", "4", "" });
    mock_facts(s, "enterprise", "payroll", "2024", FD_CURRENT, 4,
               (const char *[]){ "50", "25", "15", "30", "" });
    mock_facts(s, "enterprise", "operating_profit", "2024", FD_CURRENT, 4,
               (const char *[]){ "35", "50", "0", "-25", "" });
    for (size_t i = 0; i < sizeof zero / sizeof *zero; i++)
        mock_facts(s, "enterprise", zero[i], "2024", FD_CURRENT, 4,
                   (const char *[]){ "0", "0", "0", "0", "" });
    mock_facts(s, "enterprise", "annual_output", "2024", FD_CURRENT, 4,
               (const char *[]){ "300", "300", "300", "300", "" });
    mock_facts(s, "enterprise", "sei_output", "2024", FD_CURRENT, 4,
               (const char *[]){ "0", "100", "150", "0", "" });
    mock_facts(s, "enterprise", "dispatch_revenue", "2024-01..12", FD_CURRENT, 4,
               (const char *[]){ "110", "90", "", "50", "" });
    mock_facts(s, "enterprise", "dispatch_revenue", "2024-01..12", FD_COMPARATIVE, 4,
               (const char *[]){ "100", "100", "", "50", "" });
    mock_facts(s, "city", "rd_city", "2024", FD_CURRENT, 4, (const char *[]){ "50" });
    mock_facts(s, "city", "gdp", "2024", FD_CURRENT, 4, (const char *[]){ "2500" });
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world *w = *state;

    mock_source_free(w->source);
    load_free(&w->defs);
    free(w);
    return 0;
}

static const fd_indicator *indicator(world *w, const char *id)
{
    const fd_indicator *i = fd_program_indicator(w->defs.program, id);

    assert_non_null(i);
    return i;
}

static void check_one(world *w, const char *id, const char *period, const char *wanted)
{
    fd_measured m;
    char text[96];

    assert_int_equal(fd_measure_one(&m, w->defs.program, w->source, indicator(w, id),
                                    mock_period(period), NULL),
                     0);
    if (m.value.state == FD_MISSING || m.value.state == FD_NA)
        snprintf(text, sizeof text, "%s", fd_state_name(m.value.state, FD_EN));
    else if (m.value.is_estimate)
        snprintf(text, sizeof text, "~%.4f", m.value.estimate);
    else
        fd_quot_format(m.value.exact, 4, FD_ROUND_HALF_EVEN, text, sizeof text);
    if (strcmp(text, wanted) != 0)
        print_error("%s\n", id);
    assert_string_equal(text, wanted);
}

/* Value added: 100, 100, 50, 50 = 300. Emerging: 100 × 1/3 = 33.3333, 50 × 1/2 = 25. */
static void test_shipped(void **state)
{
    world *w = *state;

    check_one(w, "value_added_total", "2024", "0.0300");
    check_one(w, "sei_share", "2024", "19.4444");
    check_one(w, "high_energy_share", "2024", "83.3333");
    check_one(w, "value_added_rate", "2024", "25.0000");
    check_one(w, "division_count", "2024", "3.0000");
    check_one(w, "firm_count", "2024", "4.0000");
    check_one(w, "stopped_count", "2024-01..12", "2.0000");
    check_one(w, "slowed_count", "2024-01..12", "1.0000");
    check_one(w, "dispatch_revenue_growth", "2024-01..12", "0.0000");
    check_one(w, "dispatch_revenue_total", "2024-01..12", "0.0250");
    check_one(w, "rd_gdp", "2024", "2.0000");
    check_one(w, "rd_intensity", "2024", "missing");
}

static void test_cube(void **state)
{
    world *w = *state;
    const fd_indicator *list[] = { indicator(w, "sei_share"), indicator(w, "value_added_total") };
    const char *by[] = { "chain", "county" };
    fd_period period = mock_period("2024");
    fd_measure_options o = FD_MEASURE_OPTIONS_INIT;
    fd_table *t[2];
    size_t reads;

    o.by = by;
    o.by_count = 2;
    assert_int_equal(fd_measure(t, w->defs.program, w->source, list, 2, &period, 1, &o), 0);
    /* E is not above scale: no member, no row. Rows in the order of the frames. */
    assert_int_equal(t[1]->rows, 4);
    assert_string_equal(fd_column_text(t[1]->columns[fd_table_find(t[1], "chain")], 0), "L1");
    assert_string_equal(fd_column_text(t[1]->columns[fd_table_find(t[1], "county")], 0), "990501");
    assert_string_equal(fd_column_text(t[1]->columns[fd_table_find(t[1], "county_name")], 0),
                        "洹东区");
    /* L1 in 990502: C's 0.6 × 50 and D's 50 */
    {
        const fd_column *value = t[1]->columns[fd_table_find(t[1], "value")];
        fd_quot q = value->v.quot[1], total = { 0, 1 };

        assert_true(q.num == 1 && q.den == 125);
        assert_int_equal(value->contributors[1], 2);
        assert_true(fabs(value->top1[1] - 0.005) < 1e-12);
        for (size_t i = 0; i < t[1]->rows; i++)
            assert_int_equal(fd_quot_add(&total, total, value->v.quot[i]), 0);
        assert_true(total.num == 3 && total.den == 100); /* the parts add up */
    }
    assert_int_equal(fd_table_find(t[0], "reported") >= 0, 1);
    fd_table_free(t[0]);
    fd_table_free(t[1]);
    /* each column is read once for all indicators */
    reads = ((mock_source *)w->source)->reads;
    assert_int_equal(fd_measure(t, w->defs.program, w->source, list, 2, &period, 1, &o), 0);
    reads = ((mock_source *)w->source)->reads - reads;
    assert_int_equal(reads, 14); /* 12 of M2, output, emerging output */
    fd_table_free(t[0]);
    fd_table_free(t[1]);
    by[0] = "没有";
    assert_int_equal(fd_measure(t, w->defs.program, w->source, list, 2, &period, 1, &o),
                     FD_ENOTFOUND);
}

/* By enterprise every firm is a group; the rule 营业收入 = 0 → 不适用 and a division by zero agree.
 */
static void test_by_enterprise(void **state)
{
    world *w = *state;
    const fd_indicator *list[] = { indicator(w, "rd_intensity") };
    const char *by[] = { "enterprise" };
    fd_period period = mock_period("2024");
    fd_measure_options o = FD_MEASURE_OPTIONS_INIT;
    const fd_column *value;
    fd_table *t;

    mock_facts(w->source, "enterprise", "revenue", "2024", FD_CURRENT, 4,
               (const char *[]){ "200", "0", "100", "", "" });
    mock_facts(w->source, "enterprise", "rd_expense", "2024", FD_CURRENT, 4,
               (const char *[]){ "3", "1", "", "1", "" });
    o.by = by;
    o.by_count = 1;
    assert_int_equal(fd_measure(&t, w->defs.program, w->source, list, 1, &period, 1, &o), 0);
    value = t->columns[fd_table_find(t, "value")];
    assert_int_equal(t->rows, 4);
    assert_true(value->v.quot[0].num == 3 && value->v.quot[0].den == 2);
    assert_int_equal(fd_column_state(value, 1), FD_NA);
    assert_int_equal(fd_column_state(value, 2), FD_MISSING);
    assert_int_equal(fd_column_state(value, 3), FD_MISSING);
    fd_table_free(t);
}

/* 已报 rule: who is missing shows as coverage, and a note says so. */
static void test_reported(void **state)
{
    world *w = *state;
    const fd_indicator *list[] = { indicator(w, "dispatch_revenue_total") };
    fd_period period = mock_period("2024-01..12");
    fd_table *t;
    bool noted = false;

    mock_attribute(w->source, "enterprise", "expects:dispatch",
                   (const char *[]){ "是", "是", "是", "", "" });
    assert_int_equal(fd_measure(&t, w->defs.program, w->source, list, 1, &period, 1, NULL), 0);
    assert_int_equal(t->rows, 1);
    assert_int_equal(t->columns[fd_table_find(t, "n")]->v.dec[0], 3);
    for (size_t i = 0; i < t->note_count; i++)
        noted = noted || strstr(t->notes[FD_ZH][i], "只合计已报;单格最多缺 2 户");
    assert_true(noted);
    fd_table_free(t);
}

/* What a cell lacks is what its columns 应报 and 已报 say, unless its value is 缺报. */
static void test_lacking(void **state)
{
    static const struct {
        fd_state state;
        uint32_t expected, reported, missing, lacks;
    } cases[] = {
        { FD_HAS, 99, 99, 7, 0 }, { FD_HAS, 150, 148, 6, 2 },   { FD_DOUBT, 3, 2, 9, 1 },
        { FD_HAS, 0, 0, 4, 4 },   { FD_MISSING, 99, 99, 7, 7 }, { FD_HAS, 2, 3, 0, 0 },
        { FD_NA, 10, 10, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_eval_cell c = { .value = { .state = cases[i].state },
                           .expected = cases[i].expected,
                           .reported = cases[i].reported,
                           .missing = cases[i].missing };

        assert_int_equal(fd_measure__lacking(&c), cases[i].lacks);
    }
}

static void test_periods(void **state)
{
    world *w = *state;
    fd_period *periods;
    size_t count;

    assert_int_equal(fd_measure_periods(&periods, &count, w->defs.program, w->source,
                                        indicator(w, "sei_share")),
                     0);
    assert_int_equal(count, 1);
    assert_int_equal(periods[0], mock_period("2024"));
    free(periods);
    assert_int_equal(fd_measure_periods(&periods, &count, w->defs.program, w->source,
                                        indicator(w, "stopped_count")),
                     0);
    assert_int_equal(count, 1);
    assert_int_equal(periods[0], mock_period("2024-01..12"));
    free(periods);
}

static size_t count_kind(const fd_table *t, const char *kind)
{
    const fd_column *c = t->columns[fd_table_find(t, "kind")];
    size_t n = 0;

    for (size_t i = 0; i < t->rows; i++)
        n += strcmp(fd_column_text(c, i), kind) == 0;
    return n;
}

static const char *field(const fd_table *t, size_t row, const char *column)
{
    const char *text = fd_column_text(t->columns[fd_table_find(t, column)], row);

    return text ? text : "";
}

static bool not_statistical(void *payload, const fd_origin *origin, const char *item)
{
    (void)payload, (void)item;
    return !origin || strcmp(origin->origin, "statistical") != 0;
}

static void test_why(void **state)
{
    world *w = *state;
    fd_why_options o = FD_WHY_OPTIONS_INIT;
    fd_table *t;
    bool found = false;

    assert_int_equal(fd_measure_why(&t, w->defs.program, w->source,
                                    indicator(w, "dispatch_revenue_total"),
                                    mock_period("2024-01..12"), &o),
                     0);
    assert_string_equal(field(t, 0, "kind"), "indicator");
    assert_string_equal(field(t, 0, "value"), "0.025");
    assert_string_equal(field(t, 0, "unit"), "亿元");
    assert_int_equal(count_kind(t, "group"), 2);
    assert_int_equal(count_kind(t, "subject"), 3);
    assert_int_equal(count_kind(t, "cell"), 3);
    assert_int_equal(count_kind(t, "residual"), 0);
    for (size_t i = 0; i < t->rows; i++)
        if (strcmp(field(t, i, "kind"), "cell") == 0 && strcmp(field(t, i, "subject"), "B") == 0) {
            found = true;
            assert_string_equal(field(t, i, "file"), "示例.xlsx");
            assert_string_equal(field(t, i, "value"), "90");
            assert_int_equal(t->columns[fd_table_find(t, "row")]->v.dec[i], 3);
        }
    assert_true(found);
    assert_true(t->parent_column >= 0);
    fd_table_free(t);

    /* by chain the partial member counts in part */
    o.by = "chain";
    assert_int_equal(fd_measure_why(&t, w->defs.program, w->source, indicator(w, "sei_share"),
                                    mock_period("2024"), &o),
                     0);
    found = false;
    for (size_t i = 0; i < t->rows; i++)
        found = found || strcmp(field(t, i, "note"), "按 60% 计入") == 0;
    assert_true(found);
    fd_table_free(t);

    /* one county only, two levels */
    o = (fd_why_options)FD_WHY_OPTIONS_INIT;
    o.place_kind = "county";
    o.place_code = "990501";
    o.depth = 1;
    assert_int_equal(fd_measure_why(&t, w->defs.program, w->source,
                                    indicator(w, "value_added_total"), mock_period("2024"), &o),
                     0);
    assert_string_equal(field(t, 0, "value"), "0.02");
    assert_int_equal(t->rows, 2);
    fd_table_free(t);
}

/* A count lists whom it counts, unless a statistical return chose them. */
static void test_members(void **state)
{
    world *w = *state;
    fd_why_options o = FD_WHY_OPTIONS_INIT;
    fd_table *t;

    assert_int_equal(fd_measure_why(&t, w->defs.program, w->source, indicator(w, "firm_count"),
                                    mock_period("2024"), &o),
                     0);
    assert_int_equal(count_kind(t, "subject"), 4);
    assert_int_equal(count_kind(t, "more"), 0);
    fd_table_free(t);
    o.largest = 1;
    assert_int_equal(fd_measure_why(&t, w->defs.program, w->source, indicator(w, "firm_count"),
                                    mock_period("2024"), &o),
                     0);
    assert_int_equal(count_kind(t, "subject"), 2); /* one for each of two counties */
    assert_int_equal(count_kind(t, "more"), 2);
    fd_table_free(t);
}

/* A statistical return stops above the enterprise. */
static void test_hidden(void **state)
{
    world *w = *state;
    fd_why_options o = FD_WHY_OPTIONS_INIT;
    fd_table *t;

    mock_origin(w->source, "depreciation", "statistical");
    o.visible = not_statistical;
    assert_int_equal(fd_measure_why(&t, w->defs.program, w->source,
                                    indicator(w, "value_added_total"), mock_period("2024"), &o),
                     0);
    assert_int_equal(count_kind(t, "subject"), 0);
    assert_int_equal(count_kind(t, "cell"), 0);
    assert_int_equal(count_kind(t, "hidden"), 2);
    assert_int_equal(count_kind(t, "group"), 2);
    fd_table_free(t);
    assert_int_equal(fd_measure_why(&t, w->defs.program, w->source,
                                    indicator(w, "dispatch_revenue_total"),
                                    mock_period("2024-01..12"), &o),
                     0);
    assert_int_equal(count_kind(t, "hidden"), 0);
    assert_int_equal(count_kind(t, "subject"), 3);
    fd_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_shipped, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cube, setup, teardown),
        cmocka_unit_test_setup_teardown(test_by_enterprise, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reported, setup, teardown),
        cmocka_unit_test(test_lacking),
        cmocka_unit_test_setup_teardown(test_periods, setup, teardown),
        cmocka_unit_test_setup_teardown(test_why, setup, teardown),
        cmocka_unit_test_setup_teardown(test_members, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hidden, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
