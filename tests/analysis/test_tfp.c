/* Growth accounting by hand, a panel with known technology recovered, decompositions that add. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/panel_table.h"
#include "fangding/error.h"
#include "fangding/tfp.h"

/* Shares 30:70 and 40:60 in units that do not sum to 1: the means are 0.35 and 0.65. */
static void test_tornqvist_by_hand(void **state)
{
    fd_table *in = table_of_lines("id,t,q,k,l,sk,sl,x_published\n"
                                  "A,2021,110,220,105,40,60,104\n"
                                  "A,2020,100,200,100,0.6,1.4,100\n",
                                  2);
    fd_tfp_options o = FD_TFP_OPTIONS_INIT;
    const double alpha[] = { 0.3, 0.7 };
    fd_tfp r;

    (void)state;
    o.solow = true;
    o.elasticities = alpha;
    o.elasticity_count = 2;
    assert_int_equal(fd_tfp_run(&r, in, &o), 0);
    assert_int_equal(r.growth->rows, 1);
    assert_string_equal(text_at(r.growth, 0, "t0"), "2020");
    assert_string_equal(text_at(r.growth, 0, "t1"), "2021");
    assert_near(number_at(r.growth, 0, "dln_q"), log(1.1), 1e-15);
    assert_near(number_at(r.growth, 0, "c_k"), 0.35 * log(1.1), 1e-15);
    assert_near(number_at(r.growth, 0, "c_l"), 0.65 * log(1.05), 1e-15);
    assert_near(number_at(r.growth, 0, "dln_tfp"), 0.65 * (log(1.1) - log(1.05)), 1e-15);
    assert_near(number_at(r.growth, 0, "dln_solow"), 0.7 * (log(1.1) - log(1.05)), 1e-15);
    assert_near(number_at(r.growth, 0, "dln_x_published"), log(1.04), 1e-15);
    assert_near(number_at(r.units, 0, "dln_tfp"), number_at(r.growth, 0, "dln_tfp"), 0);
    fd_tfp_dispose(&r);
    fd_table_free(in);
}

/* A Cobb–Douglas panel whose technology grows by 3 % a year: Solow with the true elasticities gives
 * it back, and so does Törnqvist with constant shares. */
static void test_known_technology(void **state)
{
    unsigned seed = 7;
    char lines[8192] = "id,t,y,k,l,sk,sl\n";
    size_t used = strlen(lines);
    fd_tfp_options o = FD_TFP_OPTIONS_INIT;
    fd_table *in;
    fd_tfp r;

    (void)state;
    for (int u = 0; u < 10; u++)
        for (int t = 0; t < 5; t++) {
            const double k = exp(2 * chance(&seed)), l = exp(2 * chance(&seed));
            const double y = exp(0.03 * t + 0.1 * u) * pow(k, 0.4) * pow(l, 0.6);

            used += (size_t)snprintf(lines + used, sizeof lines - used,
                                     "u%d,%d,%.17g,%.17g,%.17g,0.4,0.6\n", u, t, y, k, l);
        }
    in = table_of_lines(lines, 2);
    o.solow = true;
    assert_int_equal(fd_tfp_run(&r, in, &o), 0);
    assert_int_equal(r.growth->rows, 40);
    for (size_t i = 0; i < 40; i++) {
        assert_near(number_at(r.growth, i, "dln_tfp"), 0.03, 1e-13);
        assert_near(number_at(r.growth, i, "dln_solow"), 0.03, 1e-13);
    }
    fd_tfp_dispose(&r);
    fd_table_free(in);
}

/* Other units of measurement and another order of rows give the same growth. */
static void test_units_and_order(void **state)
{
    fd_table *a = table_of_lines("id,t,q,k,l,sk,sl\nA,1,10,3,4,.5,.5\nA,2,12,4,4,.4,.6\n"
                                 "B,1,7,2,2,.2,.8\nB,2,6,2,3,.3,.7\n",
                                 2);
    fd_table *b = table_of_lines("id,t,q,k,l,sk,sl\nB,2,6e4,20,3e-3,3,7\nA,2,12e4,40,4e-3,4,6\n"
                                 "A,1,10e4,30,4e-3,5,5\nB,1,7e4,20,2e-3,2,8\n",
                                 2);
    fd_tfp x, y;

    (void)state;
    assert_int_equal(fd_tfp_run(&x, a, NULL), 0);
    assert_int_equal(fd_tfp_run(&y, b, NULL), 0);
    assert_int_equal(y.growth->rows, 2);
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 2; j++)
            if (strcmp(text_at(x.growth, i, "id"), text_at(y.growth, j, "id")) == 0)
                assert_near(number_at(x.growth, i, "dln_tfp"), number_at(y.growth, j, "dln_tfp"),
                            1e-14);
    fd_tfp_dispose(&x);
    fd_tfp_dispose(&y);
    fd_table_free(a);
    fd_table_free(b);
}

/* Shares 0.5, 0.5 → 0.6 (A), 0.4 (new C); B leaves. Levels A 1 → 1.2, B 0.8, C 1.5:
 * P0 = 0.9, P1 = 0.6 × 1.2 + 0.4 × 1.5 = 1.32, change 0.42. */
static void test_decomposition_by_hand(void **state)
{
    fd_table *in = table_of_lines("id,t,p,w\nA,1,1,50\nB,1,0.8,50\nA,2,1.2,30\nC,2,1.5,20\n", 2);
    fd_tfp_options o = FD_TFP_OPTIONS_INIT;
    fd_tfp r;

    (void)state;
    o.level = "p";
    o.weight = "w";
    o.decompose = true;
    assert_int_equal(fd_tfp_run(&r, in, &o), 0);
    assert_int_equal(r.aggregate->rows, 2);
    assert_near(number_at(r.aggregate, 0, "change"), 0.42, 1e-15);
    assert_near(number_at(r.aggregate, 0, "within"), 0.5 * 0.2, 1e-15);
    assert_near(number_at(r.aggregate, 0, "between"), 0.1 * 0.1, 1e-15);
    assert_near(number_at(r.aggregate, 0, "cross"), 0.1 * 0.2, 1e-15);
    assert_near(number_at(r.aggregate, 0, "entry"), 0.4 * 0.6, 1e-15);
    assert_near(number_at(r.aggregate, 0, "exit"), 0.5 * 0.1, 1e-15);
    /* Melitz, Polanec: A alone stayed; entry 0.4 (1.5 - 1.2), exit 0.5 (1 - 0.8). */
    assert_near(number_at(r.aggregate, 1, "within"), 0.2, 1e-15);
    assert_near(number_at(r.aggregate, 1, "between"), 0, 1e-15);
    assert_near(number_at(r.aggregate, 1, "entry"), 0.12, 1e-15);
    assert_near(number_at(r.aggregate, 1, "exit"), 0.1, 1e-15);
    assert_true(isnan(number_at(r.aggregate, 1, "cross")));
    assert_near(number_at(r.aggregate, 0, "residual"), 0, 1e-15);
    assert_near(number_at(r.aggregate, 1, "residual"), 0, 1e-15);
    assert_int_equal(r.firms->rows, 3);
    fd_tfp_dispose(&r);
    fd_table_free(in);
}

/* Random panels with entry, exit and missing cells: parts add to the change, firms to the parts. */
static void test_decomposition_adds(void **state)
{
    static const char *const parts[] = { "fhk_within", "fhk_between", "fhk_cross", "fhk_entry",
                                         "fhk_exit" };
    static const char *const whole[] = { "within", "between", "cross", "entry", "exit" };
    static const char *const mp[] = { "mp_within", "mp_between", "mp_entry", "mp_exit" };
    static const char *const mp_whole[] = { "within", "between", "entry", "exit" };
    unsigned seed = 11;

    (void)state;
    for (int round = 0; round < 20; round++) {
        char lines[16384] = "id,t,p,w\n";
        size_t used = strlen(lines), row = 0;
        fd_tfp_options o = FD_TFP_OPTIONS_INIT;
        fd_table *in;
        fd_tfp r;

        for (int u = 0; u < 30; u++)
            for (int t = 0; t < 4; t++)
                if (chance(&seed) < 0.7) {
                    const double p = 4 * chance(&seed) - 2;
                    char w[32];

                    snprintf(w, sizeof w, "%.17g", 100 * chance(&seed));
                    used += (size_t)snprintf(lines + used, sizeof lines - used, "u%d,%d,%.17g,%s\n",
                                             u, t, p, chance(&seed) < 0.1 ? "" : w);
                }
        in = table_of_lines(lines, 2);
        o.level = "p";
        o.weight = "w";
        o.decompose = true;
        assert_int_equal(fd_tfp_run(&r, in, &o), 0);
        assert_int_equal(r.aggregate->rows, 6);
        for (size_t k = 0; k < 6; k += 2) {
            double sum[5] = { 0 }, sum_mp[4] = { 0 };

            for (; row < r.firms->rows &&
                   strcmp(text_at(r.firms, row, "t0"), text_at(r.aggregate, k, "t0")) == 0;
                 row++) {
                for (size_t i = 0; i < 5; i++)
                    sum[i] += number_at(r.firms, row, parts[i]);
                for (size_t i = 0; i < 4; i++)
                    sum_mp[i] += number_at(r.firms, row, mp[i]);
            }
            for (size_t i = 0; i < 5; i++)
                assert_near(sum[i], number_at(r.aggregate, k, whole[i]), 1e-13);
            for (size_t i = 0; i < 4; i++)
                assert_near(sum_mp[i], number_at(r.aggregate, k + 1, mp_whole[i]), 1e-13);
            assert_near(number_at(r.aggregate, k, "residual"), 0, 1e-13);
            assert_near(number_at(r.aggregate, k + 1, "residual"), 0, 1e-13);
        }
        fd_tfp_dispose(&r);
        fd_table_free(in);
    }
}

/* A unit whose return is missing has not left, nor has it come. */
static void test_missing_is_no_exit(void **state)
{
    fd_table *in = table_of_lines("id,t,p,w\nA,1,1,1\nB,1,2,1\nA,2,1,1\nB,2,,1\n", 2);
    fd_tfp_options o = FD_TFP_OPTIONS_INIT;
    fd_tfp r;

    (void)state;
    o.level = "p";
    o.weight = "w";
    o.decompose = true;
    assert_int_equal(fd_tfp_run(&r, in, &o), 0);
    assert_near(number_at(r.aggregate, 0, "exits"), 0, 0);
    assert_near(number_at(r.aggregate, 0, "change"), 0, 0);
    assert_int_equal(r.aggregate->note_count, 2);
    fd_tfp_dispose(&r);
    fd_table_free(in);
}

typedef struct bad_case {
    const char *name, *lines;
    int err;
    const char *says;
} bad_case;

static void test_bad_input(void **state)
{
    static const bad_case cases[] = {
        { "one period", "id,t,q,k,sk\nA,1,1,1,1\nB,1,1,1,1\n", FD_EINVAL, "two" },
        { "no row", "id,t,q,k,sk\n", FD_EINVAL, "no row" },
        { "zero output", "id,t,q,k,sk\nA,1,1,1,1\nA,2,0,1,1\n", FD_EINVAL, "row 3" },
        { "negative input", "id,t,q,k,sk\nA,1,1,1,1\nA,2,1,-1,1\n", FD_EINVAL, "column k" },
        { "no shares at all", "id,t,q,k,sk\nA,1,1,1,0\nA,2,1,1,1\n", FD_EINVAL, "row 2" },
        { "twice", "id,t,q,k,sk\nA,1,1,1,1\nA,1,1,1,1\n", FD_EINVAL, "rows 2 and 3" },
        { "no unit", "id,t,q,k,sk\n,1,1,1,1\nA,1,1,1,1\n", FD_EINVAL, "row 2" },
        { "no period", "id,t,q,k,sk\nA,,1,1,1\nA,1,1,1,1\n", FD_EINVAL, "row 2" },
        { "what period", "id,t,q,k,sk\nA,soon,1,1,1\nA,1,1,1,1\n", FD_EINVAL, "soon" },
        { "no output", "id,t,z,k,sk\nA,1,1,1,1\nA,2,1,1,1\n", FD_ENOTFOUND, "--outputs" },
        { "no inputs", "id,t,q,z\nA,1,1,1\nA,2,1,1\n", FD_ENOTFOUND, "--inputs" },
        { "no shares", "id,t,q,in_k\nA,1,1,1\nA,2,1,1\n", FD_EINVAL, "shares" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_table *in = table_of_lines(cases[i].lines, 2);
        fd_tfp r;

        if (fd_tfp_run(&r, in, NULL) != cases[i].err ||
            !strstr(fd_error_last()->message[FD_EN], cases[i].says))
            fail_msg("%s: %s", cases[i].name, fd_error_last()->message[FD_EN]);
        fd_table_free(in);
    }
}

/* A gap is said; a missing number leaves its pairs out; an input that costs nothing may be 0. */
static void test_gaps(void **state)
{
    fd_table *in = table_of_lines("id,t,q,k,l,sk,sl\nA,2001,1,1,0,1,0\nA,2003,2,1,0,1,0\n"
                                  "B,2001,1,,1,1,0\nB,2002,1,1,1,1,0\n",
                                  2);
    fd_tfp r;

    (void)state;
    assert_int_equal(fd_tfp_run(&r, in, NULL), 0);
    assert_int_equal(r.growth->rows, 1);
    assert_near(number_at(r.growth, 0, "dln_tfp"), log(2), 1e-15);
    assert_near(number_at(r.growth, 0, "c_l"), 0, 0);
    assert_int_equal(r.growth->note_count, 4);
    fd_tfp_dispose(&r);
    fd_table_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tornqvist_by_hand),  cmocka_unit_test(test_known_technology),
        cmocka_unit_test(test_units_and_order),    cmocka_unit_test(test_decomposition_by_hand),
        cmocka_unit_test(test_decomposition_adds), cmocka_unit_test(test_missing_is_no_exit),
        cmocka_unit_test(test_bad_input),          cmocka_unit_test(test_gaps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
