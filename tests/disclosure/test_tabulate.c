#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "disclosure/cubes.h"

static const char *const by[] = { "county", "industry" };

typedef struct record {
    const char *firm, *county, *industry;
    int64_t value;
    fd_state state;
} record;

static fd_table *records(const record *r, size_t n)
{
    fd_table *t = fd_table_new("output", "产值", "Output");
    fd_column *firm, *county, *industry, *value;

    t->rows = n;
    firm = fd_table_add_new(t, "firm", "", "", FD_TEXT, "", 0);
    county = fd_table_add_new(t, "county", "", "", FD_TEXT, "", 0);
    industry = fd_table_add_new(t, "industry", "", "", FD_CODE, "", 0);
    value = fd_table_add_new(t, "output", "", "", FD_DEC, "万元", 1);
    for (size_t i = 0; i < n; i++) {
        fd_column_set_text(firm, i, r[i].firm);
        fd_column_set_text(county, i, r[i].county);
        fd_column_set_text(industry, i, r[i].industry);
        fd_column_set_dec(value, i, r[i].value);
        fd_column_set_state(value, i, r[i].state);
    }
    fd_table_add_note(t, "示例", "invented");
    return t;
}

static const record sample[] = {
    { "f1", "A", "x", 100, FD_HAS },   { "f2", "A", "x", 30, FD_HAS },
    { "f1", "A", "x", 50, FD_HAS },    { "f3", "A", "y", 70, FD_DOUBT },
    { "f4", "B", "x", 0, FD_MISSING }, { "f5", "B", "y", -80, FD_HAS },
    { "f6", "B", "y", 20, FD_HAS },    { "f7", NULL, "y", 5, FD_HAS },
    { "f8", "C", "z", 0, FD_NA },
};

static size_t row_of(const fd_table *t, const char *county, const char *industry)
{
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text(t->columns[0], r), county) == 0 &&
            strcmp(fd_column_text(t->columns[1], r), industry) == 0)
            return r;
    fail_msg("no cell %s/%s", county, industry);
    return 0;
}

typedef struct expected {
    const char *county, *industry;
    fd_state state;
    int64_t value, n, top1, top2;
} expected;

static void test_cells_and_totals(void **state)
{
    static const expected cells[] = {
        { "A", "x", FD_HAS, 180, 2, 150, 30 },  { "A", "y", FD_DOUBT, 70, 1, 70, 0 },
        { "B", "x", FD_MISSING, 0, 1, 0, 0 },   { "B", "y", FD_HAS, -60, 2, 80, 20 },
        { "?", "y", FD_HAS, 5, 1, 5, 0 },       { "C", "z", FD_NA, 0, 0, 0, 0 },
        { "A", "", FD_DOUBT, 250, 3, 150, 70 }, { "B", "", FD_MISSING, 0, 3, 80, 20 },
        { "?", "", FD_HAS, 5, 1, 5, 0 },        { "", "x", FD_MISSING, 0, 3, 150, 30 },
        { "", "y", FD_DOUBT, 15, 4, 80, 70 },   { "", "z", FD_NA, 0, 0, 0, 0 },
        { "", "", FD_MISSING, 0, 7, 150, 80 },  { "C", "", FD_NA, 0, 0, 0, 0 },
    };
    fd_table *t = records(sample, sizeof sample / sizeof *sample), *out = NULL;

    (void)state;
    assert_int_equal(fd_disclosure_tabulate(&out, t, by, 2, "output", "firm"), 0);
    assert_int_equal(out->rows, sizeof cells / sizeof *cells);
    assert_string_equal(out->columns[2]->unit, "万元");
    assert_int_equal(out->note_count, 1);
    for (size_t i = 0; i < out->rows; i++) {
        size_t r = row_of(out, cells[i].county, cells[i].industry);

        assert_int_equal(fd_column_state(cube_column(out, "output"), r), cells[i].state);
        assert_int_equal(cube_column(out, "output")->v.dec[r], cells[i].value);
        assert_int_equal(cube_column(out, "n")->v.dec[r], cells[i].n);
        assert_int_equal(cube_column(out, "top1")->v.dec[r], cells[i].top1);
        assert_int_equal(cube_column(out, "top2")->v.dec[r], cells[i].top2);
    }
    fd_table_free(out);
    assert_int_equal(fd_disclosure_tabulate(&out, t, by, 2, "output", NULL), 0);
    assert_int_equal(cube_column(out, "n")->v.dec[row_of(out, "A", "x")],
                     3); /* the two plants apart */
    fd_table_free(out);
    fd_table_free(t);
}

/* Records → cells → protected → attacked: the whole way, with a few hundred invented firms. */
static void test_from_records_to_a_safe_table(void **state)
{
    static record many[300];
    static char names[300][8], counties[9][4], industries[12][4];
    fd_disclosure_cube spec = cube_spec(2);
    fd_disclosure_rules rules = FD_DISCLOSURE_RULES_INIT;
    fd_table *t, *cells = NULL, *safe = NULL, *found = NULL, *copy = NULL;
    uint64_t seed = 20241231;
    size_t hidden = 0;

    (void)state;
    for (size_t i = 0; i < 9; i++)
        snprintf(counties[i], sizeof counties[i], "c%zu", i % 10);
    for (size_t i = 0; i < 12; i++)
        snprintf(industries[i], sizeof industries[i], "%zu", (20 + i) % 100);
    for (size_t i = 0; i < 300; i++) {
        int64_t value = 100 + draw(&seed) % 900;

        for (uint32_t k = draw(&seed) % 9; k > 0; k--)
            value = value * 17 / 10;
        snprintf(names[i], sizeof names[i], "f%zu", i % 1000);
        many[i] = (record){ names[i], counties[draw(&seed) % 9], industries[draw(&seed) % 12],
                            value, FD_HAS };
    }
    t = records(many, 300);
    assert_int_equal(fd_disclosure_tabulate(&cells, t, by, 2, "output", "firm"), 0);
    assert_int_equal(fd_disclosure_attack(&found, cells, &spec, &rules), 0);
    assert_true(found->rows > 20); /* unprotected: every sensitive cell lies open */
    fd_table_free(found);
    assert_int_equal(fd_disclosure_suppress(&safe, cells, &spec, &rules, NULL), 0);
    assert_int_equal(fd_disclosure_attack(&found, safe, &spec, &rules), 0);
    assert_int_equal(found->rows, 0);
    assert_int_equal(cube_determined(safe, 2, safe->rows), 0);
    assert_int_equal(fd_disclosure_publish(&copy, safe, &spec), 0);
    for (size_t r = 0; r < safe->rows; r++)
        hidden += is_hidden(safe, r);
    assert_true(hidden < safe->rows); /* and something is left to publish */
    assert_int_equal(fd_column_state(cube_column(copy, "output"), row_of(copy, "", "")), FD_HAS);
    fd_table_free(copy);
    fd_table_free(found);
    fd_table_free(safe);
    fd_table_free(cells);
    fd_table_free(t);
}

static void test_refusals(void **state)
{
    static const record big[] = { { "a", "A", "x", INT64_MAX, FD_HAS },
                                  { "b", "A", "x", 1, FD_HAS } };
    fd_table *t = records(big, 2), *out = NULL;

    (void)state;
    assert_int_equal(fd_disclosure_tabulate(&out, t, by, 2, "output", "firm"), FD_EOVERFLOW);
    assert_null(out);
    assert_int_equal(fd_disclosure_tabulate(&out, t, by, 2, "county", NULL), FD_EINVAL);
    assert_int_equal(fd_disclosure_tabulate(&out, t, by, 2, "profit", NULL), FD_ENOTFOUND);
    assert_int_equal(fd_disclosure_tabulate(&out, t, by, 0, "output", NULL), FD_EINVAL);
    assert_int_equal(fd_disclosure_tabulate(&out, t, (const char *const[]){ "output" }, 1, "output",
                                            NULL),
                     FD_EINVAL);
    fd_table_free(t);
    t = records(big, 0);
    assert_int_equal(fd_disclosure_tabulate(&out, t, by, 2, "output", NULL), 0);
    assert_int_equal(out->rows, 0);
    fd_table_free(out);
    fd_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_and_totals),
        cmocka_unit_test(test_from_records_to_a_safe_table),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
