/* Productivity over time: values by hand, identities, panels with gaps, what has no solution. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/error.h"
#include "fangding/malmquist.h"

#define assert_near(a, b, tolerance)                                                               \
    do {                                                                                           \
        const double near_a = (a), near_b = (b);                                                   \
        if (!(fabs(near_a - near_b) <= (tolerance)))                                               \
            fail_msg("%s: %.15g, %s: %.15g", #a, near_a, #b, near_b);                              \
    } while (0)

typedef struct row {
    const char *id, *time;
    double in[2], out, bad;
} row;

static fd_table *table_of(const row *rows, size_t n, double unit)
{
    static const char *const names[] = { "in_a", "in_b", "out_y", "bad_b" };
    fd_table *t = fd_table_new("in", "in", "in");

    fd_table_add_new(t, "id", "id", "id", FD_TEXT, "", 0);
    fd_table_add_new(t, "t", "t", "t", FD_TEXT, "", 0);
    for (int k = 0; k < 4; k++)
        fd_table_add_new(t, names[k], names[k], names[k], FD_EST, "", 12);
    for (size_t r = 0; r < n; r++) {
        (void)fd_table_add_row(t);
        fd_column_set_text(t->columns[0], r, rows[r].id);
        fd_column_set_text(t->columns[1], r, rows[r].time);
        fd_column_set_est(t->columns[2], r, rows[r].in[0]);
        fd_column_set_est(t->columns[3], r, rows[r].in[1] * unit);
        fd_column_set_est(t->columns[4], r, rows[r].out * unit * unit);
        fd_column_set_est(t->columns[5], r, rows[r].bad / unit);
    }
    return t;
}

/* NAN where the cell does not exist. */
static double at(const fd_table *t, const char *id, const char *from, const char *column)
{
    const int c = fd_table_find(t, column);

    assert_true(c >= 0);
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text(t->columns[0], r), id) == 0 &&
            strcmp(fd_column_text(t->columns[1], r), from) == 0)
            return fd_column_state(t->columns[c], r) == FD_NA ? NAN : t->columns[c]->v.est[r];
    fail_msg("no row %s %s", id, from);
    return NAN;
}

/* One input that counts (the second is the same), one output: D is y/x over the best y/x.
 * Period 9: A 1, B 0.5; period 10: A 1.5, B 1.5 of the unit best 1 and 1.5. */
static const row simple[] = {
    { "B", "9", { 2, 2 }, 1, 1 },
    { "A", "9", { 1, 1 }, 1, 1 },
    { "A", "10", { 2, 2 }, 3, 1 },
    { "B", "10", { 2, 2 }, 3, 1 },
};

static void test_by_hand(void **state)
{
    fd_table *in = table_of(simple, 4, 1);
    fd_malmquist r;

    (void)state;
    assert_int_equal(fd_malmquist_run(&r, in, NULL), 0);
    assert_int_equal(r.index->rows, 2);
    assert_string_equal(fd_column_text(r.index->columns[0], 0), "A");  /* by id */
    assert_string_equal(fd_column_text(r.index->columns[2], 0), "10"); /* 10 comes after 9 */
    assert_near(at(r.index, "A", "9", "D00"), 1, 1e-12);
    assert_near(at(r.index, "B", "9", "D00"), 0.5, 1e-12);
    assert_near(at(r.index, "B", "9", "D11"), 1, 1e-12);
    assert_near(at(r.index, "A", "9", "D0_of_1"), 1.5, 1e-12);
    assert_near(at(r.index, "A", "9", "D1_of_0"), 1 / 1.5, 1e-12);
    assert_near(at(r.index, "A", "9", "mi"), 1.5, 1e-12);
    assert_near(at(r.index, "B", "9", "mi"), 3, 1e-12);
    assert_near(at(r.index, "B", "9", "ec"), 2, 1e-12);
    assert_near(at(r.index, "B", "9", "tc"), 1.5, 1e-12);
    assert_near(at(r.index, "B", "9", "gmi"), 3, 1e-12);
    assert_near(r.summary->columns[fd_table_find(r.summary, "mi")]->v.est[0], sqrt(4.5), 1e-12);
    fd_malmquist_dispose(&r);
    fd_table_free(in);
}

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 33) + 0.5) / (double)(UINT64_C(1) << 31);
}

enum { UNITS = 12, PERIODS = 4 };

static void fill(row *rows)
{
    static const char *const ids[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l" };
    static const char *const times[] = { "2001", "2002", "2003", "2004" };
    uint64_t seed = 4;

    for (size_t k = 0; k < UNITS * PERIODS; k++)
        rows[k] = (row){ ids[k % UNITS],
                         times[k / UNITS],
                         { 1 + uniform(&seed), 1 + 3 * uniform(&seed) },
                         1 + uniform(&seed) + (double)k / 48,
                         1 + uniform(&seed) };
}

/* Scores of every unit of every period against all of them. */
static fd_dea pooled(const row *rows)
{
    fd_dea_options o = FD_DEA_OPTIONS_INIT;
    fd_table *in = table_of(rows, UNITS * PERIODS, 1);
    fd_dea r;

    for (size_t k = 0; k < UNITS * PERIODS; k++) { /* a name each, and one period */
        char name[32];

        snprintf(name, sizeof name, "%s %s", rows[k].id, rows[k].time);
        fd_column_set_text(in->columns[0], k, name);
        fd_column_set_text(in->columns[1], k, "all");
    }
    assert_int_equal(fd_dea_run(&r, in, &o), 0);
    fd_table_free(in);
    return r;
}

/* mi = ec tc, ec = pech sech on both sides, gmi = ec bpc, and gmi is circular. */
static void test_identities(void **state)
{
    row rows[UNITS * PERIODS];
    fd_table *in;
    fd_malmquist r;
    fd_dea all;

    (void)state;
    fill(rows);
    all = pooled(rows);
    assert_string_equal(all.scores->columns[2]->id, "crs_in");
    in = table_of(rows, UNITS * PERIODS, 1);
    assert_int_equal(fd_malmquist_run(&r, in, NULL), 0);
    assert_int_equal(r.index->rows, UNITS * (PERIODS - 1));
    for (size_t k = 0; k < UNITS; k++) {
        const char *id = rows[k].id;
        double product = 1;

        for (size_t t = 0; t + 1 < PERIODS; t++) {
            const char *from = rows[t * UNITS].time;
            const double ec = at(r.index, id, from, "ec");

            assert_near(at(r.index, id, from, "mi"), ec * at(r.index, id, from, "tc"), 1e-12);
            assert_near(at(r.index, id, from, "pech_in") * at(r.index, id, from, "sech_in"), ec,
                        1e-12);
            assert_near(at(r.index, id, from, "pech_out") * at(r.index, id, from, "sech_out"), ec,
                        1e-12);
            assert_near(at(r.index, id, from, "bpc") * ec, at(r.index, id, from, "gmi"), 1e-12);
            assert_true(at(r.index, id, from, "D00") <= 1 + 1e-12);
            product *= at(r.index, id, from, "gmi");
        }
        assert_near(product,
                    all.scores->columns[2]->v.est[(PERIODS - 1) * UNITS + k] /
                        all.scores->columns[2]->v.est[k],
                    1e-11);
    }
    fd_malmquist_dispose(&r);
    fd_dea_dispose(&all);
    fd_table_free(in);
}

static void test_units_and_threads(void **state)
{
    row rows[UNITS * PERIODS];
    fd_malmquist_options o = FD_MALMQUIST_OPTIONS_INIT;
    fd_green_options g = FD_GREEN_OPTIONS_INIT;
    fd_table *a, *b;
    fd_malmquist x, y, z;
    fd_green p, q;

    (void)state;
    fill(rows);
    a = table_of(rows, UNITS * PERIODS, 1);
    b = table_of(rows, UNITS * PERIODS, 1e3);
    o.threads = g.threads = 1;
    assert_int_equal(fd_malmquist_run(&x, a, &o), 0);
    assert_int_equal(fd_malmquist_run(&y, b, &o), 0);
    o.threads = 3;
    assert_int_equal(fd_malmquist_run(&z, a, &o), 0);
    for (size_t c = 3; c < x.index->column_count; c++) {
        assert_memory_equal(x.index->columns[c]->v.est, z.index->columns[c]->v.est,
                            x.index->rows * sizeof(double));
        for (size_t k = 0; k < x.index->rows; k++)
            assert_near(x.index->columns[c]->v.est[k], y.index->columns[c]->v.est[k], 1e-10);
    }
    assert_int_equal(fd_green_run(&p, a, &g), 0);
    assert_int_equal(fd_green_run(&q, b, &g), 0);
    for (size_t c = 3; c < p.index->column_count; c++)
        for (size_t k = 0; k < p.index->rows; k++) {
            const fd_state there = fd_column_state(p.index->columns[c], k);

            assert_int_equal(there, fd_column_state(q.index->columns[c], k));
            if (there == FD_HAS)
                assert_near(p.index->columns[c]->v.est[k], q.index->columns[c]->v.est[k], 1e-9);
        }
    fd_malmquist_dispose(&x);
    fd_malmquist_dispose(&y);
    fd_malmquist_dispose(&z);
    fd_green_dispose(&p);
    fd_green_dispose(&q);
    fd_table_free(a);
    fd_table_free(b);
}

/* C stands in the first period only and still bounds its frontier. */
static void test_unbalanced(void **state)
{
    static const row rows[] = {
        { "A", "1", { 1, 1 }, 1, 1 },
        { "C", "1", { 1, 1 }, 2, 1 },
        { "A", "2", { 1, 1 }, 1, 1 },
        { "D", "2", { 1, 1 }, 0.5, 1 },
    };
    fd_table *in = table_of(rows, 4, 1);
    fd_malmquist r;

    (void)state;
    assert_int_equal(fd_malmquist_run(&r, in, NULL), 0);
    assert_int_equal(r.index->rows, 1);
    assert_near(at(r.index, "A", "1", "D00"), 0.5, 1e-12);
    assert_near(at(r.index, "A", "1", "D11"), 1, 1e-12);
    assert_near(at(r.index, "A", "1", "mi"), 1, 1e-12); /* the same point: no change */
    assert_non_null(strstr(r.index->notes[FD_EN][1], "unbalanced: 4 rows in 2 periods, 1 pairs"));
    fd_malmquist_dispose(&r);
    fd_table_free(in);
}

/* Input 1 for all. A (2, 1), B (1, 1): B can have 2 (1 - d) >= 1 + d, d = 1/3, by weak
 * disposability as by the inequality. E (1, 0.5) has the least bad per output of all and is on the
 * frontier. */
static void test_distance_by_hand(void **state)
{
    static const row rows[] = {
        { "A", "1", { 1, 1 }, 2, 1 },
        { "B", "1", { 1, 1 }, 1, 1 },
    };
    fd_green_options o = FD_GREEN_OPTIONS_INIT;
    fd_table *in = table_of(rows, 2, 1);
    fd_green r;

    (void)state;
    o.index = false;
    o.ddf = true;
    assert_int_equal(fd_green_run(&r, in, &o), 0);
    assert_near(at(r.ddf, "A", "1", "ddf_crs_weak"), 0, 0);
    assert_near(at(r.ddf, "B", "1", "ddf_crs_weak"), 1.0 / 3, 1e-12);
    assert_near(at(r.ddf, "B", "1", "ddf_crs_ineq"), 1.0 / 3, 1e-12);
    /* inputs fall, too: lambda = 1 - d, as the bads say; the same third */
    assert_near(at(r.ddf, "B", "1", "ddf_crs_weak_xyb"), 1.0 / 3, 1e-12);
    /* one mixture, of A and B, has input 1 whatever happens: no input can fall */
    assert_near(at(r.ddf, "B", "1", "ddf_vrs_noB_xy"), 0, 1e-12);
    fd_green_dispose(&r);
    fd_table_free(in);
}

/* Chung's equality and the inequality differ: a unit with much good output and so little bad that
 * nobody can follow. Wet (1, 1, b = 4) cannot shed its bads by weak disposability. */
static void test_equality_differs(void **state)
{
    static const row rows[] = {
        { "clean", "1", { 1, 1 }, 1, 1 },
        { "wet", "1", { 1, 1 }, 0.9, 4 },
    };
    fd_green_options o = FD_GREEN_OPTIONS_INIT;
    fd_table *in = table_of(rows, 2, 1);
    fd_green r;

    (void)state;
    o.index = false;
    o.ddf = true;
    assert_int_equal(fd_green_run(&r, in, &o), 0);
    /* <=: clean alone gives 1 >= 0.9 (1 + d): d = 1/9. =: a + w = 1, a + 4 w = 4 (1 - d) and
     * a + 0.9 w = 0.9 (1 + d): w = 1 - 4 d / 3, so 0.9 + 2 d / 15 = 0.9 + 0.9 d: d = 0 */
    assert_near(at(r.ddf, "wet", "1", "ddf_crs_ineq"), 1.0 / 9, 1e-12);
    assert_near(at(r.ddf, "wet", "1", "ddf_crs_weak"), 0, 1e-12);
    fd_green_dispose(&r);
    fd_table_free(in);
}

/* The later point has thrice the bads: the earlier technology cannot make that much with this input
 * (lambda = 3 (1 - d) <= 1 and >= 1 + d). The earlier point against the later technology: -1/2. */
static void test_infeasible_is_said(void **state)
{
    static const row rows[] = {
        { "U", "1", { 1, 1 }, 1, 1 },
        { "U", "2", { 1, 1 }, 1, 3 },
    };
    fd_table *in = table_of(rows, 2, 1);
    char text[64];
    fd_green r;

    (void)state;
    assert_int_equal(fd_green_run(&r, in, NULL), 0);
    assert_near(at(r.index, "U", "1", "d00"), 0, 0);
    assert_near(at(r.index, "U", "1", "d1_of_0"), -0.5, 1e-12);
    assert_near(at(r.index, "U", "1", "mlec"), 1, 1e-12);
    assert_near(at(r.index, "U", "1", "gml"), 1, 1e-12);
    for (size_t k = 0; k < 4; k++) {
        static const char *const lost[] = { "d0_of_1", "ml", "mltc", "luenberger" };

        assert_true(isnan(at(r.index, "U", "1", lost[k])));
    }
    fd_column_format(r.index->columns[fd_table_find(r.index, "ml")], 0, FD_ZH, text, sizeof text);
    assert_string_equal(text, "不可行");
    fd_green_dispose(&r);
    fd_table_free(in);
}

static void test_green_identities(void **state)
{
    row rows[UNITS * PERIODS];
    fd_table *in;
    fd_green r;

    (void)state;
    fill(rows);
    in = table_of(rows, UNITS * PERIODS, 1);
    assert_int_equal(fd_green_run(&r, in, NULL), 0);
    for (size_t k = 0; k < r.index->rows; k++) {
        const char *id = fd_column_text(r.index->columns[0], k);
        const char *from = fd_column_text(r.index->columns[1], k);
        const double ml = at(r.index, id, from, "ml");

        assert_true(at(r.index, id, from, "d00") >= 0);
        assert_near(at(r.index, id, from, "gml"),
                    at(r.index, id, from, "gml_bpc") * at(r.index, id, from, "mlec"), 1e-12);
        if (isnan(ml))
            continue;
        assert_near(ml, at(r.index, id, from, "mlec") * at(r.index, id, from, "mltc"), 1e-12);
        assert_near(at(r.index, id, from, "luenberger"),
                    at(r.index, id, from, "lec") + at(r.index, id, from, "ltc"), 1e-12);
    }
    fd_green_dispose(&r);
    fd_table_free(in);
}

static void test_bad_input(void **state)
{
    row rows[] = {
        { "A", "1", { 1, 1 }, 1, 1 },
        { "A", "1", { 1, 1 }, 2, 1 },
        { "A", "2", { 1, 1 }, 2, -1 },
    };
    static const char *const none[] = { "out_y" };
    fd_green_options o = FD_GREEN_OPTIONS_INIT;
    fd_malmquist m;
    fd_green g;
    fd_table *in = table_of(rows, 1, 1);

    (void)state;
    assert_int_equal(fd_malmquist_run(&m, in, NULL), FD_EINVAL); /* one period */
    assert_int_equal(fd_green_run(&g, in, NULL), FD_EINVAL);
    fd_table_free(in);
    in = table_of(rows, 2, 1);
    assert_int_equal(fd_malmquist_run(&m, in, NULL), FD_EINVAL);
    assert_non_null(strstr(fd_error_last()->message[FD_EN], "A 1 stands twice"));
    fd_table_free(in);
    rows[1].id = "B";
    in = table_of(rows, 3, 1);
    assert_int_equal(fd_green_run(&g, in, NULL), FD_EINVAL);
    assert_non_null(strstr(fd_error_last()->message[FD_EN], "row 4, column bad_b"));
    assert_int_equal(fd_malmquist_run(&m, in, NULL), 0); /* which knows no bads */
    fd_malmquist_dispose(&m);
    fd_column_set_est(in->columns[5], 2, 0); /* no bads at all is fine */
    assert_int_equal(fd_green_run(&g, in, NULL), 0);
    fd_green_dispose(&g);
    o.columns.bads = none;
    o.columns.bad_count = 1;
    assert_int_equal(fd_green_run(&g, in, &o), FD_EINVAL); /* a column in two roles */
    fd_table_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_identities),
        cmocka_unit_test(test_units_and_threads),
        cmocka_unit_test(test_unbalanced),
        cmocka_unit_test(test_distance_by_hand),
        cmocka_unit_test(test_equality_differs),
        cmocka_unit_test(test_infeasible_is_said),
        cmocka_unit_test(test_green_identities),
        cmocka_unit_test(test_bad_input),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
