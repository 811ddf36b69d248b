/*
 * Projects with lights, counties beside their peers, the matrix of chains × works × counties.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fangding/industry.h"
#include "load_program.h"
#include "mock_source.h"

static const char *const files[] = {
    "units.ding",  "data.ding", "classes.ding", "indicators.ding", "targets.ding",
    "lights.ding", NULL
};

static const fd_work works[] = { { "W1", { "工业技改", "renovation" }, "文化旅游" },
                                 { "W2", { "新上项目", "new projects" }, "" },
                                 { "W3", { "开放合作", "cooperation" }, "" },
                                 { "W4", { "产业创新", "innovation" }, "" },
                                 { "W5", { "助企服务", "service" }, "" } };

static fd_number exact(int64_t num, int64_t den)
{
    fd_quot q;

    assert_int_equal(fd_quot_make(&q, num, den), 0);
    return fd_number_exact(q);
}

static const char *text(const fd_table *t, size_t row, const char *column)
{
    int at = fd_table_find(t, column);
    const char *found;

    assert_true(at >= 0);
    found = fd_column_text(t->columns[at], row);
    return found ? found : "";
}

static double value(const fd_table *t, size_t row, const char *column)
{
    int at = fd_table_find(t, column);

    assert_true(at >= 0);
    assert_int_equal(fd_column_state(t->columns[at], row), FD_HAS);
    return fd_number_to_double(fd_column_number(t->columns[at], row));
}

static fd_state state(const fd_table *t, size_t row, const char *column)
{
    return fd_column_state(t->columns[fd_table_find(t, column)], row);
}

/* ---- peers ---- */

static void test_peers_groups_and_ranks(void **unused)
{
    const fd_peer peers[] = {
        { "1", "甲", exact(50, 1), exact(-3, 2), exact(-2, 1) },
        { "2", "乙", exact(30, 1), exact(5, 1), exact(1, 1) },
        { "3", "丙", exact(10, 1), exact(9, 1), exact(9, 1) },
        { "4", "丁", exact(10, 1), exact(9, 1), fd_number_missing() },
        { "5", "戊", fd_number_missing(), exact(20, 1), exact(1, 1) },
    };
    fd_table *t = NULL;

    (void)unused;
    assert_int_equal(fd_peers(&t, peers, 5), 0);
    /* The mean weight of the four that have one is 25. */
    assert_string_equal(text(t, 0, "group"), "large");
    assert_string_equal(text(t, 1, "group"), "large");
    assert_string_equal(text(t, 2, "group"), "other");
    assert_string_equal(text(t, 4, "group"), "");
    assert_true(value(t, 0, "rank") == 2 && value(t, 1, "rank") == 1);
    assert_true(value(t, 2, "rank") == 1 && value(t, 3, "rank") == 1); /* equal growth */
    assert_int_equal(state(t, 4, "rank"), FD_MISSING);
    assert_true(value(t, 0, "size") == 2 && value(t, 0, "improvement") == 0.5);
    assert_true(value(t, 0, "pull") == -0.75);
    /* What was not reported a year before has no improvement, not an improvement of its growth. */
    assert_int_equal(state(t, 3, "improvement"), FD_MISSING);
    assert_int_equal(state(t, 4, "pull"), FD_MISSING);
    fd_table_free(t);
}

/* ---- projects ---- */

static fd_source *project_world(void)
{
    fd_source *s = mock_source_new();

    mock_frame(s, "project", 4, (const char *[]){ "P1", "P2", "P3", "P4" },
               (const char *[]){ "一", "二", "三", "四" });
    mock_attribute(s, "project", "project_county",
                   (const char *[]){ "990501", "990501", "990501", "990502" });
    mock_attribute(s, "project", "project_chain", (const char *[]){ "U2", "U2", "U2", "U2" });
    mock_attribute(s, "project", "project_type",
                   (const char *[]){ "技改", "技改", "新建", "新建" });
    mock_attribute(s, "project", "project_stage", (const char *[]){ "在建", "投产", "签约", NULL });
    mock_attribute(s, "project", "planned_start",
                   (const char *[]){ "2024-01-01", "2024-01-01", "2024-01-01", NULL });
    mock_attribute(s, "project", "planned_finish",
                   (const char *[]){ "2024-12-21", "2024-12-21", "2025-06-30", NULL });
    mock_attribute(s, "project", "project_owner", (const char *[]){ "甲局", "乙局", NULL, NULL });
    mock_attribute(s, "project", "project_reason", (const char *[]){ "融资", NULL, NULL, NULL });
    mock_facts(s, "project", "project_done", "2024-01..12", FD_CURRENT, 4,
               (const char *[]){ "50", "100", "", "" });
    mock_facts(s, "project", "project_plan_year", "2024-01..12", FD_CURRENT, 4,
               (const char *[]){ "100", "100", "100", "" });
    mock_facts(s, "project", "project_total", "2024-01..12", FD_CURRENT, 4,
               (const char *[]){ "200", "100", "100", "" });
    return s;
}

static void test_projects_worst_first(void **unused)
{
    fd_source *s = project_world();
    fd_table *t = NULL;

    (void)unused;
    assert_int_equal(fd_projects(&t, s, fd_period_cumulative(2024, 12), FD_LIGHT_YINCHUAN), 0);
    assert_int_equal(t->rows, 3); /* the fourth is not in the ledger yet */
    assert_string_equal(text(t, 0, "code"), "P1");
    assert_string_equal(text(t, 0, "light"), "red"); /* 50 points behind */
    assert_true(value(t, 0, "days") == 10);
    assert_true(value(t, 0, "done") == 50 && value(t, 0, "total") == 200);
    assert_string_equal(text(t, 1, "code"), "P3");
    assert_string_equal(text(t, 1, "light"), "grey"); /* not reported is not red */
    assert_string_equal(text(t, 2, "light"), "green");
    /* Producing: past its finish, but not late. */
    assert_int_equal(state(t, 2, "days"), FD_MISSING);
    fd_table_free(t);
    mock_source_free(s);
}

/* ---- the matrix ---- */

/* Five firms of 食品 and one of 钢 in the first county, one firm on both chains, one in the second
 * county. */
static fd_source *matrix_world(void)
{
    fd_source *s = project_world();

    mock_frame(s, "enterprise", 8, (const char *[]){ "A", "B", "C", "D", "E", "F", "G", "H" },
               (const char *[]){ "甲", "乙", "丙", "丁", "戊", "己", "庚", "辛" });
    mock_frame(s, "county", 2, (const char *[]){ "990501", "990502" },
               (const char *[]){ "洹东区", "洹西区" });
    mock_frame(s, "chain", 3, (const char *[]){ "U2", "L1", "L4" },
               (const char *[]){ "食品制造", "精品钢", "文化旅游" });
    mock_frame(s, "city", 1, (const char *[]){ "990500" }, NULL);
    mock_attribute(s, "enterprise", "county",
                   (const char *[]){ "990501", "990501", "990501", "990501", "990501", "990502",
                                     "990502", "990502" });
    mock_attribute(s, "enterprise", "chain",
                   (const char *[]){ "U2", "U2", "U2", "U2:0.6;L1:0.4", "L1", "L1", "L1", "L1" });
    mock_attribute(s, "enterprise", "above_scale",
                   (const char *[]){ "是", "是", "是", "是", "是", "是", "是", "是" });
    mock_attribute(s, "enterprise", "run_state",
                   (const char *[]){ "正常", "停产", "减产", "正常", "正常", "正常", "正常",
                                     "正常" });
    mock_attribute(s, "chain", "chain_group", (const char *[]){ "传统", "主导", "主导" });
    mock_attribute(s, "chain", "chain_owner",
                   (const char *[]){ "市工信局", "市工信局", "市文旅局" });
    mock_facts(s, "enterprise", "dispatch_revenue", "2024-01..12", FD_CURRENT, 4,
               (const char *[]){ "10000", "30000", "20000", "10000", "5000", "40000", "40000",
                                 "45000" });
    mock_facts(s, "enterprise", "dispatch_revenue", "2024-01..12", FD_COMPARATIVE, 4,
               (const char *[]){ "10000", "20000", "20000", "10000", "5000", "40000", "40000",
                                 "45000" });
    mock_facts(s, "enterprise", "dispatch_output", "2024-01..12", FD_CURRENT, 4,
               (const char *[]){ "1", "1", "1", "1", "1", "1", "1", "1" });
    return s;
}

static size_t cell_row(const fd_table *cells, const char *chain, const char *county)
{
    for (size_t r = 0; r < cells->rows; r++)
        if (strcmp(text(cells, r, "chain"), chain) == 0 &&
            strcmp(text(cells, r, "county"), county) == 0)
            return r;
    fail_msg("no cell %s × %s", chain, county);
    return 0;
}

static size_t state_row(const fd_table *states, const char *chain, const char *county,
                        const char *work)
{
    for (size_t r = 0; r < states->rows; r++)
        if (strcmp(text(states, r, "chain"), chain) == 0 &&
            strcmp(text(states, r, "county"), county) == 0 &&
            strcmp(text(states, r, "work"), work) == 0)
            return r;
    fail_msg("no state %s × %s × %s", chain, county, work);
    return 0;
}

static void compute(fd_matrix *m, const loaded *defs, fd_source *s, bool name_leaders)
{
    fd_matrix_options options = FD_MATRIX_OPTIONS_INIT;

    options.works = works;
    options.work_count = 5;
    options.period = fd_period_cumulative(2024, 12);
    options.year = fd_period_year(2024);
    options.name_leaders = name_leaders;
    assert_int_equal(fd_matrix_compute(m, defs->program, s, &options), 0);
}

static void test_matrix_adds_up(void **unused)
{
    loaded defs = load_program(files, NULL);
    fd_source *s = matrix_world();
    const char *const chains[] = { "U2", "L1" }, *const counties[] = { "990501", "990502" };
    double firms = 0;
    fd_matrix m;

    (void)unused;
    compute(&m, &defs, s, true);
    assert_int_equal(m.cells->rows, 4 * 3); /* three chains and two counties, with totals */
    assert_int_equal(m.states->rows, 3 * 2 * 5);
    /* The firm on two chains counts 0.6 and 0.4: chains add up to the city. */
    assert_true(value(m.cells, cell_row(m.cells, "U2", "990501"), "firms") == 3.6);
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 2; k++) {
            size_t row = cell_row(m.cells, chains[i], counties[k]);

            if (state(m.cells, row, "firms") == FD_HAS)
                firms += value(m.cells, row, "firms");
        }
    assert_true(firms == value(m.cells, cell_row(m.cells, "", ""), "firms"));
    assert_true(value(m.cells, cell_row(m.cells, "", ""), "firms") == 8);
    /* 1 + 3 + 2 + 0.6 亿元. */
    assert_true(value(m.cells, cell_row(m.cells, "U2", "990501"), "revenue") == 6.6);
    assert_true(value(m.cells, cell_row(m.cells, "", ""), "revenue") == 20);
    assert_string_equal(text(m.cells, cell_row(m.cells, "U2", "990501"), "leader"), "乙");
    /* 1.4 firms: revenue, growth and share are not shown; the number of firms is. */
    assert_int_equal(state(m.cells, cell_row(m.cells, "L1", "990501"), "revenue"), FD_MISSING);
    assert_true(value(m.cells, cell_row(m.cells, "L1", "990501"), "firms") == 1.4);
    assert_string_equal(text(m.cells, cell_row(m.cells, "L1", "990501"), "leader"), "");
    /* Nobody is there: 不适用, not missing. */
    assert_int_equal(state(m.cells, cell_row(m.cells, "U2", "990502"), "revenue"), FD_NA);
    fd_matrix_dispose(&m);
    mock_source_free(s);
    load_free(&defs);
}

static void test_matrix_leads(void **unused)
{
    loaded defs = load_program(files, NULL);
    fd_source *s = matrix_world();
    fd_matrix m;

    (void)unused;
    compute(&m, &defs, s, false);
    /* Computed: 食品 is concentrated in the first county; 钢 there has too few firms. */
    assert_true(value(m.cells, cell_row(m.cells, "U2", "990501"), "lead") == 1);
    assert_true(value(m.cells, cell_row(m.cells, "L1", "990501"), "lead") == 0);
    assert_true(value(m.cells, cell_row(m.cells, "L1", "990502"), "lead") == 1);
    assert_true(value(m.cells, cell_row(m.cells, "", "990501"), "lead") == 0);
    assert_string_equal(text(m.cells, cell_row(m.cells, "U2", "990501"), "leader"), "");
    fd_matrix_dispose(&m);
    /* Declared leads win over computed ones, and their number is checked. */
    mock_attribute(s, "county", "lead_chains", (const char *[]){ "L1; L4", NULL });
    compute(&m, &defs, s, false);
    assert_true(value(m.cells, cell_row(m.cells, "U2", "990501"), "lead") == 0);
    assert_true(value(m.cells, cell_row(m.cells, "L1", "990501"), "lead") == 1);
    assert_true(value(m.cells, cell_row(m.cells, "L4", "990501"), "lead") == 1);
    assert_true(value(m.cells, cell_row(m.cells, "L1", "990502"), "lead") == 0);
    assert_non_null(strstr(m.cells->notes[FD_ZH][1], "18—27"));
    fd_matrix_dispose(&m);
    mock_source_free(s);
    load_free(&defs);
}

static void test_matrix_works(void **unused)
{
    loaded defs = load_program(files, NULL);
    fd_source *s = matrix_world();
    fd_matrix m;
    size_t row;

    (void)unused;
    compute(&m, &defs, s, false);
    row = state_row(m.states, "U2", "990501", "W1");
    assert_string_equal(text(m.states, row, "text"), "2项 完成75%/序时100%");
    assert_string_equal(text(m.states, row, "light"), "yellow");
    row = state_row(m.states, "U2", "990501", "W2");
    assert_string_equal(text(m.states, row, "text"), "签1 开0 投0");
    assert_string_equal(text(m.states, row, "light"), "grey"); /* done is not reported */
    assert_string_equal(text(m.states, state_row(m.states, "U2", "990501", "W3"), "state"), "缺报");
    assert_string_equal(text(m.states, state_row(m.states, "U2", "990501", "W4"), "state"), "缺报");
    row = state_row(m.states, "U2", "990501", "W5");
    assert_string_equal(text(m.states, row, "text"), "停产1 减产1");
    assert_string_equal(text(m.states, row, "light"), "");
    /* A work that cannot exist is not an empty one. */
    assert_string_equal(text(m.states, state_row(m.states, "L4", "990501", "W1"), "state"),
                        "不适用");
    assert_string_equal(text(m.states, state_row(m.states, "L4", "990501", "W2"), "state"), "");
    fd_matrix_dispose(&m);
    mock_source_free(s);
    load_free(&defs);
}

static void test_matrix_of_an_empty_city(void **unused)
{
    loaded defs = load_program(files, NULL);
    fd_source *s = mock_source_new();
    fd_matrix_options options = FD_MATRIX_OPTIONS_INIT;
    fd_matrix m;

    (void)unused;
    options.works = works;
    options.work_count = 5;
    assert_int_equal(fd_matrix_compute(&m, defs.program, s, &options), 0);
    assert_int_equal(m.states->rows, 0);
    assert_int_equal(m.cells->rows, 1); /* the city's total, of nobody */
    fd_matrix_dispose(&m);
    mock_source_free(s);
    load_free(&defs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_peers_groups_and_ranks),
        cmocka_unit_test(test_projects_worst_first),
        cmocka_unit_test(test_matrix_adds_up),
        cmocka_unit_test(test_matrix_leads),
        cmocka_unit_test(test_matrix_works),
        cmocka_unit_test(test_matrix_of_an_empty_city),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
