/*
 * The pieces under the files: draws, sharing out, the plan.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "example/model.h"
#include "example/random.h"

/* cmocka compares floats only. */
#define assert_near(a, b, epsilon) assert_true(fabs((double)(a) - (double)(b)) <= (epsilon))

/* splitmix64 from state 0: the first outputs of the authors' reference program. */
static void test_splitmix(void **state)
{
    (void)state;
    assert_true(fd_example__mix(0) == 0xE220A8397B1DCDAFu);
    assert_true(fd_example__mix(0x9E3779B97F4A7C15u) == 0x6E789E6AA1B965F4u);
    assert_true(fd_example__mix(2 * 0x9E3779B97F4A7C15u) == 0x06C45D188009454Fu);
}

static void test_draws(void **state)
{
    double mean = 0, square = 0, bell = 0, bell_square = 0;
    enum { N = 20000 };

    (void)state;
    for (uint64_t i = 0; i < N; i++) {
        double u = fd_example__uniform(42, i), b = fd_example__bell(42, i);

        assert_true(u >= 0 && u < 1);
        assert_true(fd_example__below(42, i, 7) < 7);
        mean += u / N;
        square += u * u / N;
        bell += b / N;
        bell_square += b * b / N;
    }
    assert_near(mean, 0.5, 0.01);
    assert_near(square - mean * mean, 1.0 / 12, 0.005);
    assert_near(bell, 0, 0.03);
    assert_near(bell_square, 1, 0.04);
}

static void test_spread(void **state)
{
    static const struct {
        int64_t total, unit;
        double want[4], floor[4];
        size_t n;
        int64_t expected[4];
    } cases[] = {
        { 100, 1, { 1, 1, 2 }, { 0 }, 3, { 25, 25, 50 } },
        { 10, 1, { 1, 1, 1 }, { 0 }, 3, { 3, 4, 3 } },
        { 100, 1, { 1, 1, 8 }, { 30, 0, 0 }, 3, { 30, 8, 62 } },
        { 1050, 100, { 1, 1 }, { 0 }, 2, { 500, 550 } },   /* what is no unit goes to the last */
        { 100, 1, { 1, 1 }, { 200, 200 }, 2, { 48, 52 } }, /* floors lowered alike: 47.5 each first
                                                            */
        { 0, 1, { 1, 1 }, { 0 }, 2, { 0, 0 } },
    };

    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        int64_t out[4], sum = 0;

        fd_example__spread(out, cases[c].total, cases[c].unit, cases[c].want, cases[c].floor,
                           cases[c].n);
        for (size_t i = 0; i < cases[c].n; i++)
            sum += out[i];
        assert_true(sum == cases[c].total);
        if (c != 4)
            for (size_t i = 0; i < cases[c].n; i++)
                assert_int_equal(out[i], cases[c].expected[i]);
        else
            assert_true(out[0] >= 47 && out[1] >= 47);
    }
}

/* The closed form of plan.c against figures worked out by hand: T = 1.1203682, s20 = 10.44543 %. */
static void test_plan(void **state)
{
    fd_arena *arena = fd_arena_new();
    fd_ex_parameters *p;
    fd_ex_plan *plan = fd_alloc(sizeof *plan);
    double growth = 1;

    (void)state;
    assert_int_equal(fd_example__parameters(&p, arena), 0);
    assert_int_equal(p->line_count, 97);
    assert_int_equal(fd_example__plan(plan, p, 1), 0);
    assert_true(plan->total[6] == 64000000);
    assert_true(plan->emerging[6] == 8896000);
    for (int y = 3; y < 7; y++)
        growth *= 1 + plan->growth[y];
    assert_near(growth, 1.1203682, 0.000001);
    assert_near(plan->share[2], 0.1044543, 0.000001);
    for (size_t l = 0; l < p->line_count; l++) { /* 2024 is the table */
        assert_true(plan->value_added[l][6] == p->lines[l].value_added * 10);
        assert_true(plan->potential[l][6] == p->lines[l].emerging * 10);
    }
    free(plan);
    fd_arena_free(arena);
}

static void test_accounts(void **state)
{
    fd_ex_model *m;

    (void)state;
    assert_int_equal(fd_example__model(&m, 5, 1180), 0);
    for (size_t i = 0; i < m->count; i++)
        for (int y = 0; y < FD_EX_YEARS; y++) {
            const fd_ex_firm *f = &m->firms[i];
            fd_ex_finance a;

            if (!fd_example__live(f, y))
                continue;
            fd_example__finance(&a, m, f, y);
            assert_true(fd_example__value_added(&a) == f->value_added[y]);
            assert_true(a.operating_cost > 0 && a.assets > a.liabilities);
            assert_true(a.fixed_assets >= a.accumulated_depreciation);
            assert_true(f->output[y] > f->value_added[y]);
        }
    fd_example__model_free(m);
}

static void test_months(void **state)
{
    fd_ex_model *m;

    (void)state;
    assert_int_equal(fd_example__model(&m, 6, 1180), 0);
    for (size_t i = 0; i < m->count; i++) {
        const fd_ex_firm *f = &m->firms[i];
        int64_t spans[FD_EX_SPANS], sum = 0;

        if (!fd_example__live(f, FD_EX_LAST))
            continue;
        fd_example__months(spans, m, f, 2024);
        for (int k = 0; k < FD_EX_SPANS; k++) {
            assert_true(spans[k] >= 0);
            sum += spans[k];
        }
        assert_true(sum == f->output[FD_EX_LAST]);
        if (f->fate == FD_EX_STOPPED) { /* 3 to 5 % of an ordinary month's electricity */
            double part = (double)fd_example__power(m, f, 2024, 12) /
                          (double)fd_example__power(m, f, 2024, 6);

            assert_true(spans[FD_EX_SPANS - 1] == 0);
            assert_true(part > 0.02 && part < 0.06);
        }
    }
    fd_example__model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_splitmix), cmocka_unit_test(test_draws),
        cmocka_unit_test(test_spread),   cmocka_unit_test(test_plan),
        cmocka_unit_test(test_accounts), cmocka_unit_test(test_months),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
