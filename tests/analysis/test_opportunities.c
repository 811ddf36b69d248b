/* Opportunities: which rule decides, ranks, and that what is not permitted stays visible. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/complexity.h"
#include "fangding/error.h"
#include "fangding/opportunities.h"

static const fd_opportunity_rule rules[] = {
    { "31", NULL, "high energy", false },
    { "3130", NULL, "not of steel", true },
    { "39", "B", "no land", false },
    { "C", NULL, "a whole section", false },
};
#define RULES (sizeof rules / sizeof *rules)

static void test_rules(void **state)
{
    static const struct {
        const char *location, *product, *reason; /* NULL: permitted */
    } cases[] = {
        { "A", "31", "high energy" }, { "A", "3110", "high energy" },
        { "A", "3130", NULL },        { "A", "313", "high energy" },
        { "A", "39", NULL },          { "B", "3910", "no land" },
        { "A", "13", NULL },          { "A", "C3110", "high energy" },
        { "A", "C3130", NULL },       { "A", "C13", "a whole section" },
        { "A", "3", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fd_opportunity_rule *r =
            fd_opportunity_rule_for(rules, RULES, cases[i].location, cases[i].product);

        if (!r != !cases[i].reason || (r && strcmp(r->reason, cases[i].reason) != 0))
            fail_msg("%s %s: %s", cases[i].location, cases[i].product, r ? r->reason : "permitted");
    }
}

/* A staircase of four locations and products, and a fifth place for each. */
static fd_table *staircase(double unit, bool backwards)
{
    static const struct {
        const char *loc, *prod;
        double value;
    } cells[] = {
        { "A", "11", 40 }, { "A", "12", 30 }, { "A", "13", 20 }, { "A", "31", 10 },
        { "B", "12", 30 }, { "B", "13", 20 }, { "B", "31", 10 }, { "C", "13", 20 },
        { "C", "31", 10 }, { "D", "31", 10 }, { "E", "11", 5 },  { "E", "13", 9 },
    };
    const size_t n = sizeof cells / sizeof *cells;
    fd_table *t = fd_table_new("in", "in", "in");

    fd_table_add_new(t, "place", "place", "place", FD_TEXT, "", 0);
    fd_table_add_new(t, "code", "code", "code", FD_TEXT, "", 0);
    fd_table_add_new(t, "v", "v", "v", FD_EST, "", 0);
    for (size_t i = 0; i < n; i++) {
        const size_t k = backwards ? n - 1 - i : i, row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, cells[k].loc);
        fd_column_set_text(t->columns[1], row, cells[k].prod);
        fd_column_set_est(t->columns[2], row, cells[k].value * unit);
    }
    return t;
}

static double number(const fd_table *t, size_t row, const char *column)
{
    return fd_number_to_double(fd_column_number(t->columns[fd_table_find(t, column)], row));
}

/* Every product without advantage stands there once, ranks run from 1, the score is the mean of
 * its parts, and a rule takes the rank but not the row. */
static void test_table(void **state)
{
    fd_opportunity_options o = FD_OPPORTUNITY_OPTIONS_INIT;
    fd_table *in = staircase(1, false), *t;
    fd_complexity c;
    size_t absent = 0, refused = 0;

    (void)state;
    o.top = 0;
    o.rules = rules;
    o.rule_count = 1;
    assert_int_equal(fd_complexity_run(&c, in, NULL), 0);
    for (size_t i = 0; i < c.cells->rows; i++)
        absent += !(number(c.cells, i, "m") > 0);
    fd_complexity_dispose(&c);
    assert_int_equal(fd_opportunities_run(&t, in, &o), 0);
    assert_string_equal(t->columns[0]->id, "place");
    assert_string_equal(t->columns[1]->id, "code");
    assert_int_equal(t->rows, absent);
    for (size_t r = 0, rank = 0, all = 0; r < t->rows; r++) {
        const bool same = r > 0 && strcmp(fd_column_text(t->columns[0], r),
                                          fd_column_text(t->columns[0], r - 1)) == 0;
        const bool steel = strcmp(fd_column_text(t->columns[1], r), "31") == 0;

        rank = same ? rank : 0;
        all = same ? all + 1 : 1;
        assert_true(number(t, r, "rca") < 1);
        assert_true(fabs(number(t, r, "score") - number(t, r, "near") / 2 -
                         number(t, r, "complex") / 4 - number(t, r, "gain") / 4) < 1e-12);
        assert_true(!same || number(t, r, "score") <= number(t, r - 1, "score"));
        assert_true(fabs(number(t, r, "rank_of_all") - (double)all) < 0.5);
        refused += steel;
        assert_string_equal(fd_column_text(t->columns[fd_table_find(t, "permitted")], r),
                            steel ? "否" : "是");
        assert_int_equal(fd_column_state(t->columns[fd_table_find(t, "rank")], r),
                         steel ? FD_NA : FD_HAS);
        if (steel)
            assert_string_equal(fd_column_text(t->columns[fd_table_find(t, "reason")], r),
                                "high energy");
        else
            assert_true(fabs(number(t, r, "rank") - (double)++rank) < 0.5);
    }
    assert_true(refused > 0);
    fd_table_free(t);
    fd_table_free(in);
}

/* Units and the order of rows do not matter; `top` cuts the permitted. */
static void test_what_does_not_matter(void **state)
{
    fd_opportunity_options o = FD_OPPORTUNITY_OPTIONS_INIT;
    fd_table *a = staircase(1, false), *b = staircase(1e4, true), *x, *y;
    size_t found = 0, one = 0;

    (void)state;
    o.top = 0;
    assert_int_equal(fd_opportunities_run(&x, a, &o), 0);
    assert_int_equal(fd_opportunities_run(&y, b, &o), 0);
    assert_int_equal(x->rows, y->rows);
    for (size_t r = 0; r < x->rows; r++)
        for (size_t s = 0; s < y->rows; s++)
            if (strcmp(fd_column_text(x->columns[0], r), fd_column_text(y->columns[0], s)) == 0 &&
                strcmp(fd_column_text(x->columns[1], r), fd_column_text(y->columns[1], s)) == 0) {
                found++;
                assert_true(fabs(number(x, r, "density") - number(y, s, "density")) < 1e-9);
                assert_true(fabs(number(x, r, "score") - number(y, s, "score")) < 1e-9);
            }
    assert_int_equal(found, x->rows);
    fd_table_free(y);
    o.top = 1;
    assert_int_equal(fd_opportunities_run(&y, a, &o), 0);
    for (size_t r = 0; r < x->rows; r++)
        one += fabs(number(x, r, "rank") - 1) < 0.5;
    assert_int_equal(y->rows, one);
    fd_table_free(x);
    fd_table_free(y);
    fd_table_free(a);
    fd_table_free(b);
}

static void test_bad_input(void **state)
{
    static const double weights[][3] = { { 0, 0, 0 }, { -1, 1, 1 }, { NAN, 1, 1 } };
    fd_table *in = staircase(1, false), *t;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        fd_opportunity_options o = FD_OPPORTUNITY_OPTIONS_INIT;

        memcpy(o.weight, weights[i], sizeof o.weight);
        assert_int_equal(fd_opportunities_run(&t, in, &o), FD_EINVAL);
    }
    fd_opportunity_options o = FD_OPPORTUNITY_OPTIONS_INIT;

    o.product = "none";
    assert_int_equal(fd_opportunities_run(&t, in, &o), FD_ENOTFOUND);
    fd_table_free(in);
}

/* Two blocks that nothing joins have no complexity: score and rank rest on nearness alone. */
static void test_no_complexity(void **state)
{
    static const struct {
        const char *loc, *prod;
        double value;
    } cells[] = { { "A", "p1", 3 }, { "A", "p2", 2 }, { "B", "p2", 4 }, { "B", "p3", 1 },
                  { "C", "q1", 5 }, { "C", "q2", 2 }, { "D", "q2", 3 }, { "D", "q3", 1 } };
    fd_table *in = fd_table_new("in", "in", "in"), *out = NULL;
    fd_opportunity_options o = FD_OPPORTUNITY_OPTIONS_INIT;

    (void)state;
    fd_table_add_new(in, "loc", "loc", "loc", FD_TEXT, "", 0);
    fd_table_add_new(in, "prod", "prod", "prod", FD_TEXT, "", 0);
    fd_table_add_new(in, "value", "value", "value", FD_EST, "", 0);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        const size_t row = fd_table_add_row(in);

        fd_column_set_text(in->columns[0], row, cells[i].loc);
        fd_column_set_text(in->columns[1], row, cells[i].prod);
        fd_column_set_est(in->columns[2], row, cells[i].value);
    }
    assert_int_equal(fd_opportunities_run(&out, in, &o), 0);
    assert_true(out->rows > 0);
    for (size_t r = 0; r < out->rows; r++) {
        const double near = number(out, r, "near");

        assert_true(fabs(number(out, r, "score") - near) < 1e-15);
        assert_int_equal(fd_column_state(out->columns[fd_table_find(out, "pci")], r), FD_NA);
        assert_int_equal(fd_column_state(out->columns[fd_table_find(out, "complex")], r), FD_NA);
    }
    fd_table_free(out);
    o.weight[0] = 0;
    out = NULL;
    assert_int_equal(fd_opportunities_run(&out, in, &o), FD_EINVAL);
    assert_null(out);
    fd_table_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_what_does_not_matter),
        cmocka_unit_test(test_no_complexity),
        cmocka_unit_test(test_bad_input),
    };

    return cmocka_run_group_tests_name("analysis: opportunities", tests, NULL, NULL);
}
