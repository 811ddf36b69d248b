/* Steps to the next level by hand and against every other way; who goes first; roll-up as weighted
 * mean; what expires lowers the coverage. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/panel_table.h"
#include "fangding/error.h"
#include "fangding/maturity_plan.h"

#define HEAD "id,item,evidence,expires,chain,level,item_weight,output\n"

static fd_table *run(const char *lines, fd_date at)
{
    fd_table *in = table_of_lines(lines, 5), *out = NULL;
    fd_maturity_options o = FD_MATURITY_OPTIONS_INIT;

    o.at = at;
    assert_int_equal(fd_maturity_priority(&out, in, &o), 0);
    fd_table_free(in);
    return out;
}

static size_t row_of(const fd_table *t, const char *id)
{
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text(t->columns[0], r), id) == 0)
            return r;
    fail_msg("no row %s", id);
    return 0;
}

/* A: levels 2, 1, 1 with weights 1, 1, 2: mean 5/4; to 2 the sum must grow by 3: the item of weight
 * 2 once, then one of weight 1, the lower. B: 1, 1: mean 1, to 2 two steps, 500 each. C: expired.
 * D: all 5. */
static void test_by_hand(void **state)
{
    fd_table *t = run(HEAD "A,甲,f,2026-01-01,x,2,1,300\nA,乙,f,2026-01-01,x,1,1,300\n"
                           "A,丙,f,2026-01-01,x,1,2,300\n"
                           "B,甲,f,2026-01-01,x,1,1,1000\nB,乙,f,2026-01-01,x,1,1,1000\n"
                           "C,甲,f,2024-01-01,x,4,1,9000\n"
                           "D,甲,f,2026-01-01,x,5,1,9000\n",
                      fd_date_make(2025, 1, 1));
    size_t a = row_of(t, "A");

    (void)state;
    assert_string_equal(text_at(t, 0, "id"), "B");
    assert_near(number_at(t, 0, "priority"), 500, 0);
    assert_near(number_at(t, 0, "steps"), 2, 0);
    assert_string_equal(text_at(t, 0, "items"), "甲+1 乙+1");
    assert_int_equal(a, 1);
    assert_near(number_at(t, a, "level"), 1.25, 1e-15);
    assert_near(number_at(t, a, "next"), 2, 0);
    assert_near(number_at(t, a, "steps"), 2, 0);
    assert_string_equal(text_at(t, a, "items"), "丙+2");
    assert_near(number_at(t, a, "priority"), 150, 0);
    assert_string_equal(text_at(t, row_of(t, "C"), "advice"), "evidence");
    assert_near(number_at(t, row_of(t, "C"), "unknown"), 1, 0);
    assert_true(isnan(number_at(t, row_of(t, "C"), "level")));
    assert_string_equal(text_at(t, row_of(t, "D"), "advice"), "top");
    assert_true(isnan(number_at(t, row_of(t, "D"), "steps")));
    fd_table_free(t);
}

/* Three items, every way to raise them: none takes fewer steps. */
static void test_fewest_steps(void **state)
{
    unsigned seed = 5;

    (void)state;
    for (int round = 0; round < 60; round++) {
        int level[3], weight[3], best = 99, top = 5;
        double sum = 0, all = 0, need;
        char lines[512];
        size_t used = (size_t)snprintf(lines, sizeof lines, HEAD);
        fd_table *t;

        for (int k = 0; k < 3; k++) {
            level[k] = (int)(chance(&seed) * 5);
            weight[k] = 1 + (int)(chance(&seed) * 3);
            sum += level[k] * weight[k];
            all += weight[k];
            used += (size_t)snprintf(lines + used, sizeof lines - used,
                                     "A,i%d,f,2026-01-01,x,%d,%d,7\n", k, level[k], weight[k]);
        }
        need = all * (floor(sum / all) + 1) - sum;
        for (int a = 0; a <= top - level[0]; a++)
            for (int b = 0; b <= top - level[1]; b++)
                for (int c = 0; c <= top - level[2]; c++)
                    if (a * weight[0] + b * weight[1] + c * weight[2] >= need - 1e-9 &&
                        a + b + c < best)
                        best = a + b + c;
        t = run(lines, fd_date_make(2025, 1, 1));
        assert_near(number_at(t, 0, "steps"), best, 0);
        fd_table_free(t);
    }
}

/* Groups are the weighted mean of their units, whatever the numbers. */
static void test_roll_up_is_the_weighted_mean(void **state)
{
    unsigned seed = 11;

    (void)state;
    for (int round = 0; round < 20; round++) {
        char lines[8192];
        size_t used = (size_t)snprintf(lines, sizeof lines, HEAD);
        fd_maturity_options o = FD_MATURITY_OPTIONS_INIT;
        double sum[2] = { 0 }, weight[2] = { 0 };
        fd_maturity r;
        fd_table *in;

        for (int u = 0; u < 24; u++) {
            const double output = 10 + floor(chance(&seed) * 1000);

            for (int k = 0; k < 4; k++)
                used +=
                    (size_t)snprintf(lines + used, sizeof lines - used,
                                     "u%d,i%d,f,%s,%s,%d,%d,%g\n", u, k,
                                     chance(&seed) < 0.3 ? "2024-06-30" : "2026-01-01",
                                     u % 2 ? "x" : "y", (int)(chance(&seed) * 6), 1 + k, output);
        }
        in = table_of_lines(lines, 5);
        o.at = fd_date_make(2025, 1, 1);
        assert_int_equal(fd_maturity_run(&r, in, &o), 0);
        for (size_t u = 0; u < r.units->rows; u++) {
            const int group = atoi(text_at(r.units, u, "id") + 1) % 2;
            const double level = number_at(r.units, u, "level");
            const double output = number_at(in, 4 * u, "output");

            sum[group] += isnan(level) ? 0 : output * level;
            weight[group] += isnan(level) ? 0 : output;
        }
        for (size_t g = 0; g < 2; g++) {
            const int group = text_at(r.groups, g, "group")[0] == 'x';

            assert_near(number_at(r.groups, g, "level"), sum[group] / weight[group], 1e-12);
        }
        fd_table_free(in);
        fd_maturity_dispose(&r);
    }
}

/* The day after: one item has expired; what is left keeps its level, the coverage falls. */
static void test_expiry(void **state)
{
    static const char *const lines = HEAD "A,甲,f,2025-06-30,x,3,1,5\nA,乙,f,2026-06-30,x,3,1,5\n";
    fd_maturity_options o = FD_MATURITY_OPTIONS_INIT;
    fd_table *in = table_of_lines(lines, 5);
    fd_maturity r;

    (void)state;
    o.at = fd_date_make(2025, 6, 30);
    assert_int_equal(fd_maturity_run(&r, in, &o), 0);
    assert_near(number_at(r.units, 0, "level"), 3, 0);
    assert_near(number_at(r.units, 0, "coverage"), 1, 0);
    fd_maturity_dispose(&r);
    o.at = fd_date_make(2025, 7, 1);
    assert_int_equal(fd_maturity_run(&r, in, &o), 0);
    assert_near(number_at(r.units, 0, "level"), 3, 0);
    assert_near(number_at(r.units, 0, "coverage"), 0.5, 0);
    fd_maturity_dispose(&r);
    fd_table_free(in);
}

static void test_refusals(void **state)
{
    fd_maturity_options o = FD_MATURITY_OPTIONS_INIT;
    fd_table *in = table_of_lines(HEAD "A,甲,f,2026-01-01,x,9,1,5\n", 5), *t;

    (void)state;
    o.at = fd_date_make(2025, 1, 1);
    assert_int_equal(fd_maturity_priority(&t, in, &o), FD_EINVAL);
    fd_table_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_fewest_steps),
        cmocka_unit_test(test_roll_up_is_the_weighted_mean),
        cmocka_unit_test(test_expiry),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
