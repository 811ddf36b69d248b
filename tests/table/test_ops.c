#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "capture.h"

/* county, chain, output (two decimals). Results are compared as CSV. */
static fd_table *sample(void)
{
    static const struct {
        const char *county, *chain;
        int64_t output;
        fd_state state;
    } rows[] = {
        { "林州", "钢铁", 1050, FD_HAS },  { "滑县", "食品", 200, FD_HAS },
        { "林州", "装备", 395, FD_DOUBT }, { "内黄", "陶瓷", 0, FD_MISSING },
        { "滑县", "装备", 0, FD_NA },      { "内黄", "食品", 70, FD_HAS },
        { NULL, "食品", 10, FD_HAS },      { "汤阴", "食品", 0, FD_NA },
    };
    fd_table *t = fd_table_new("s", "样", "sample");

    fd_table_add_new(t, "county", "县区", "County", FD_TEXT, "", 0);
    fd_table_add_new(t, "chain", "产业链", "Chain", FD_CODE, "", 0);
    fd_table_add_new(t, "output", "产值", "Output", FD_DEC, "万元", 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t r = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], r, rows[i].county);
        fd_column_set_text(t->columns[1], r, rows[i].chain);
        fd_column_set_dec(t->columns[2], r, rows[i].output);
        fd_column_set_state(t->columns[2], r, rows[i].state);
    }
    fd_table_add_note(t, "示例", "example");
    fd_table_add_note(t, "示例", "example");
    return t;
}

static void check_csv(fd_table *t, const char *expected)
{
    fd_print_options o = FD_PRINT_OPTIONS_INIT;
    char *text;
    int err;

    o.format = FD_FORMAT_CSV;
    text = capture(t, &o, false, &err);
    assert_int_equal(err, 0);
    assert_string_equal(text, expected);
    free(text);
    fd_table_free(t);
}

static void test_group(void **state)
{
    static const char *const keys[] = { "county" };
    static const fd_agg_spec specs[] = {
        { "output", FD_AGG_SUM, NULL },    { "output", FD_AGG_COUNT, "n" },
        { "output", FD_AGG_MEAN, "mean" }, { "output", FD_AGG_MIN, "low" },
        { "output", FD_AGG_MAX, "high" },  { "chain", FD_AGG_FIRST, "first" }
    };
    fd_table *t = sample(), *out;

    (void)state;
    assert_int_equal(fd_table_group(&out, t, keys, 1, specs, 6), 0);
    assert_int_equal(fd_column_state(out->columns[1], 0), FD_DOUBT);   /* 林州: one in doubt */
    assert_int_equal(fd_column_state(out->columns[1], 2), FD_MISSING); /* 内黄: one missing */
    assert_int_equal(fd_column_state(out->columns[1], 4), FD_NA);      /* 汤阴: none applies */
    assert_int_equal(out->columns[3]->kind, FD_QUOT);
    assert_int_equal(out->note_count, 1);
    check_csv(out, "county,output,n,mean,low,high,first\n"
                   "林州,14.45,2,7.225,3.95,10.50,钢铁\n"
                   "滑县,2.00,1,2,2.00,2.00,食品\n"
                   "内黄,,1,,,,陶瓷\n"
                   ",0.10,1,0.1,0.10,0.10,食品\n"
                   "汤阴,,0,,,,食品\n");
    assert_int_equal(fd_table_group(&out, t, NULL, 0, specs + 1, 1), 0);
    check_csv(out, "n\n5\n");
    assert_int_equal(fd_table_group(&out, t, (const char *const[]){ "town" }, 1, specs, 1),
                     FD_ENOTFOUND);
    assert_null(out);
    assert_int_equal(fd_table_group(&out, t, keys, 1, &(fd_agg_spec){ "chain", FD_AGG_SUM, NULL },
                                    1),
                     FD_EINVAL);
    assert_null(out);
    fd_column_set_dec(t->columns[2], 0, INT64_MAX);
    fd_column_set_dec(t->columns[2], 2, 1);
    assert_int_equal(fd_table_group(&out, t, keys, 1, specs, 1), FD_EOVERFLOW);
    assert_null(out);
    assert_int_equal(fd_table_group(&out, t, keys, 1, specs + 2, 1),
                     0); /* the mean still is exact */
    assert_true(out->columns[1]->v.quot[0].num == (fd_i128)1 << 60 &&
                out->columns[1]->v.quot[0].den == 25);
    fd_table_free(out);
    fd_table_free(t);
}

static void test_sort(void **state)
{
    fd_table *t = sample(), *out;

    (void)state;
    assert_int_equal(fd_table_sort(&out, t, (const fd_sort_key[]){ { "output", true } }, 1), 0);
    assert_string_equal(fd_column_text(out->columns[1], 0), "钢铁");
    assert_int_equal(fd_column_state(out->columns[2], 1), FD_DOUBT);
    /* without value last, in the order they had, also when descending */
    assert_string_equal(fd_column_text(out->columns[1], 5), "陶瓷");
    assert_string_equal(fd_column_text(out->columns[0], 6), "滑县");
    assert_string_equal(fd_column_text(out->columns[0], 7), "汤阴");
    fd_table_free(out);
    assert_int_equal(
        fd_table_sort(&out, t, (const fd_sort_key[]){ { "county", false }, { "output", false } },
                      2),
        0);
    check_csv(out,
              "county,chain,output\n内黄,食品,0.70\n内黄,陶瓷,\n林州,装备,3.95\n林州,钢铁,10.50\n"
              "汤阴,食品,\n滑县,食品,2.00\n滑县,装备,\n,食品,0.10\n");
    assert_int_equal(fd_table_sort(&out, t, (const fd_sort_key[]){ { "nothing", false } }, 1),
                     FD_ENOTFOUND);
    fd_table_free(t);
}

static void test_join(void **state)
{
    fd_table *t = sample(), *right = fd_table_new("r", "", ""), *out;
    fd_column *key, *pop;

    (void)state;
    right->rows = 2;
    key = fd_table_add_new(right, "county", "", "", FD_TEXT, "", 0);
    pop = fd_table_add_new(right, "people", "", "", FD_DEC, "万人", 1);
    fd_column_set_text(key, 0, "滑县");
    fd_column_set_text(key, 1, "林州");
    fd_column_set_dec(pop, 0, 1113);
    fd_column_set_state(pop, 1, FD_NA);
    assert_int_equal(fd_table_join(&out, t, right, (const char *const[]){ "county" }, 1), 0);
    assert_int_equal(fd_column_state(out->columns[3], 0), FD_NA);
    assert_int_equal(fd_column_state(out->columns[3], 3), FD_MISSING);
    assert_int_equal(out->rows, t->rows);
    fd_table_free(out);
    fd_column_set_text(key, 1, "滑县");
    assert_int_equal(fd_table_join(&out, t, right, (const char *const[]){ "county" }, 1),
                     FD_ECONFLICT);
    assert_null(out);
    assert_int_equal(fd_table_join(&out, t, right, (const char *const[]){ "chain" }, 1),
                     FD_ENOTFOUND);
    fd_table_free(right);
    right = fd_table_new("r", "", "");
    right->rows = 1;
    fd_table_add_new(right, "county", "", "", FD_DEC, "", 0);
    assert_int_equal(fd_table_join(&out, t, right, (const char *const[]){ "county" }, 1),
                     FD_EINVAL);
    fd_table_free(right);
    fd_table_free(t);
}

static void test_pivot(void **state)
{
    fd_table *t = sample(), *out;

    (void)state;
    assert_int_equal(fd_table_pivot(&out, t, "county", "chain", "output"), 0);
    assert_int_equal(fd_column_state(out->columns[3], 0), FD_DOUBT);
    assert_int_equal(fd_column_state(out->columns[3], 1), FD_NA);
    assert_int_equal(fd_column_state(out->columns[3], 2), FD_MISSING);
    assert_string_equal(out->columns[1]->unit, "万元");
    check_csv(out, "county,钢铁,食品,装备,陶瓷\n林州,10.50,,3.95,\n滑县,,2.00,,\n内黄,,0.70,,\n,,0."
                   "10,,\n汤阴,,,,\n");
    fd_column_set_text(t->columns[1], 2, "钢铁");
    assert_int_equal(fd_table_pivot(&out, t, "county", "chain", "output"), FD_ECONFLICT);
    assert_null(out);
    assert_int_equal(fd_table_pivot(&out, t, "county", "chain", "nothing"), FD_ENOTFOUND);
    fd_table_free(t);
}

static void test_filter_and_find(void **state)
{
    static const bool keep[8] = { false, true, false, false, false, true };
    fd_table *t = sample(), *out;

    (void)state;
    assert_int_equal(fd_table_find(t, "output"), 2);
    assert_int_equal(fd_table_find(t, "Output"), -1);
    fd_column_set_contributors(t->columns[2], 5, 4, 30, 20);
    assert_int_equal(fd_table_filter(&out, t, keep), 0);
    assert_int_equal(out->columns[2]->contributors[1], 4);
    assert_true(out->columns[2]->top1[1] == 30);
    check_csv(out, "county,chain,output\n滑县,食品,2.00\n内黄,食品,0.70\n");
    assert_int_equal(fd_table_filter(&out, t, (const bool[8]){ false }), 0);
    check_csv(out, "county,chain,output\n");
    fd_table_free(t);
    fd_table_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_group),
        cmocka_unit_test(test_sort),
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_pivot),
        cmocka_unit_test(test_filter_and_find),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
