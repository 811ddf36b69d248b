/* Composite indices by hand, contributions that add exactly, what must not matter, coupling. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/panel_table.h"
#include "fangding/error.h"
#include "fangding/index.h"

/* A tree: code, parent and direction are texts, weight, low and high are numbers. */
static fd_table *tree_of_lines(const char *lines)
{
    return table_of_lines(lines, 3);
}

static size_t row_of(const fd_table *t, const char *id, const char *column, const char *code)
{
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text(t->columns[0], r), id) == 0 &&
            (!column || strcmp(text_at(t, r, column), code) == 0))
            return r;
    fail_msg("no row %s %s", id, code ? code : "");
    return 0;
}

static const char *const three = "id,a,b,c\nX,0,10,5\nY,5,20,1\nZ,10,40,3\n";

/* x' of X: a 0, b 0, c (less is better) 0; of Y: 0.5, 1/3, 1; of Z: 1, 1, 0.5. Weights: (a, b) 2
 * against c 1; inside a 1 against b 3. */
static void test_tree_by_hand(void **state)
{
    fd_table *in = table_of_lines(three, 1);
    fd_table *tree = tree_of_lines("code,parent,direction,weight\ng,,+,2\nc,,-,1\n"
                                   "a,g,+,1\nb,g,+,3\n");
    fd_index_options o = FD_INDEX_OPTIONS_INIT;
    fd_index r;
    size_t y;

    (void)state;
    o.tree = tree;
    assert_int_equal(fd_index_run(&r, in, &o), 0);
    y = row_of(r.scores, "Y", NULL, NULL);
    assert_near(number_at(r.scores, y, "score"), 2.0 / 3 * (0.25 * 0.5 + 0.75 / 3) + 1.0 / 3,
                1e-15);
    assert_near(number_at(r.scores, y, "c_g"), 2.0 / 3 * (0.25 * 0.5 + 0.75 / 3), 1e-15);
    assert_near(number_at(r.scores, row_of(r.scores, "X", NULL, NULL), "score"), 0, 0);
    assert_near(number_at(r.scores, row_of(r.scores, "Z", NULL, NULL), "rank"), 1, 0);
    assert_near(number_at(r.cells, row_of(r.cells, "Y", "code", "b"), "contribution"),
                2.0 / 3 * 0.25, 1e-15);
    fd_index_dispose(&r);
    fd_table_free(in);
    fd_table_free(tree);
}

/* Two indicators: a = 0, 1, 1 has p = 0, 1/2, 1/2, entropy ln 2 / ln 3; b = 0, 0, 1 has p = 0, 0, 1
 * and entropy 0. */
static void test_entropy_by_hand(void **state)
{
    const double e = log(2) / log(3);
    fd_table *in = table_of_lines("id,a,b\nX,0,0\nY,1,0\nZ,1,1\n", 1);
    fd_index_options o = FD_INDEX_OPTIONS_INIT;
    fd_index r;
    size_t y;

    (void)state;
    o.method = FD_INDEX_ENTROPY;
    assert_int_equal(fd_index_run(&r, in, &o), 0);
    assert_near(number_at(r.weights, 0, "global"), (1 - e) / (2 - e), 1e-15);
    assert_near(number_at(r.weights, 1, "global"), 1 / (2 - e), 1e-15);
    fd_index_dispose(&r);
    o.method = FD_INDEX_TOPSIS; /* Y: D- = w(a), D+ = w(b) */
    assert_int_equal(fd_index_run(&r, in, &o), 0);
    y = row_of(r.scores, "Y", NULL, NULL);
    assert_near(number_at(r.scores, y, "score"), (1 - e) / (2 - e), 1e-15);
    assert_near(number_at(r.scores, row_of(r.scores, "Z", NULL, NULL), "score"), 1, 1e-15);
    assert_near(number_at(r.scores, row_of(r.scores, "X", NULL, NULL), "score"), 0, 0);
    assert_null(r.coupling);
    fd_index_dispose(&r);
    fd_table_free(in);
}

/* Random tables: cells add to groups and groups to the score without remainder, for every method.
 */
static void test_contributions_add(void **state)
{
    fd_table *tree = tree_of_lines("code,parent,direction,weight\ng,,+,\nh,,+,\na,g,+,\nb,g,-,\n"
                                   "c,h,+,\nd,h,-,\n");
    unsigned seed = 3;

    (void)state;
    for (int round = 0; round < 10; round++)
        for (int method = 0; method < 3; method++) {
            char lines[4096] = "id,a,b,c,d\n";
            size_t used = strlen(lines);
            fd_index_options o = FD_INDEX_OPTIONS_INIT;
            fd_table *in;
            fd_index r;

            for (int u = 0; u < 20; u++)
                used += (size_t)snprintf(lines + used, sizeof lines - used,
                                         "u%d,%.17g,%.17g,%.17g,%.17g\n", u, chance(&seed),
                                         chance(&seed), chance(&seed), chance(&seed));
            in = table_of_lines(lines, 1);
            o.tree = tree;
            o.method = (fd_index_method)method;
            assert_int_equal(fd_index_run(&r, in, &o), 0);
            for (size_t i = 0; i < 20; i++) {
                const double *cell = r.cells->columns[5]->v.est + 4 * i;
                const double g = number_at(r.scores, i, "c_g"), h = number_at(r.scores, i, "c_h");

                assert_true(cell[0] + cell[1] == g && cell[2] + cell[3] == h);
                assert_true(g + h == number_at(r.scores, i, "score"));
                assert_true(number_at(r.scores, i, "score") >= 0 &&
                            number_at(r.scores, i, "score") <= 1);
                assert_true(number_at(r.sensitivity, i, "rank_best") <=
                            number_at(r.scores, i, "rank"));
                assert_true(number_at(r.sensitivity, i, "rank_worst") >=
                            number_at(r.scores, i, "rank"));
            }
            fd_index_dispose(&r);
            fd_table_free(in);
        }
    fd_table_free(tree);
}

/* Units of measurement and the order of rows and columns. */
static void test_units_and_order(void **state)
{
    fd_table *a = table_of_lines(three, 1);
    fd_table *b =
        table_of_lines("id,c,b,a\nZ,3e4,-0.4,1010\nX,5e4,-0.1,1000\nY,1e4,-0.2,1005\n", 1);
    static const char *const less_a[] = { "c" }, *const less_b[] = { "c", "b" };
    fd_index_options o = FD_INDEX_OPTIONS_INIT;
    fd_index x, y;

    (void)state;
    for (int method = 0; method < 3; method++) {
        o.method = (fd_index_method)method;
        o.negative = less_a;
        o.negative_count = 1;
        assert_int_equal(fd_index_run(&x, a, &o), 0);
        o.negative = less_b;
        o.negative_count = 2;
        assert_int_equal(fd_index_run(&y, b, &o), 0);
        for (size_t i = 0; i < 3; i++) {
            const size_t k = row_of(y.scores, fd_column_text(x.scores->columns[0], i), NULL, NULL);

            assert_near(number_at(x.scores, i, "score"), number_at(y.scores, k, "score"), 1e-13);
            assert_near(number_at(x.scores, i, "rank"), number_at(y.scores, k, "rank"), 0);
        }
        fd_index_dispose(&x);
        fd_index_dispose(&y);
    }
    fd_table_free(a);
    fd_table_free(b);
}

/* What was frozen in one year scores another year without looking at it. */
static void test_frozen(void **state)
{
    static const char *const less[] = { "c" };
    fd_table *first = table_of_lines(three, 1), *later = table_of_lines("id,a,b,c\nX,12,10,5\n", 1);
    fd_index_options o = FD_INDEX_OPTIONS_INIT;
    fd_index old, again, next;

    (void)state;
    o.negative = less;
    o.negative_count = 1;
    o.method = FD_INDEX_ENTROPY;
    o.plan = "2021..2025";
    assert_int_equal(fd_index_run(&old, first, &o), 0);
    o = (fd_index_options)FD_INDEX_OPTIONS_INIT;
    o.frozen = true;
    o.tree = old.weights;
    assert_int_equal(fd_index_run(&again, first, &o), 0);
    for (size_t i = 0; i < 3; i++)
        assert_near(number_at(old.scores, i, "score"), number_at(again.scores, i, "score"), 1e-15);
    assert_string_equal(text_at(again.weights, 0, "method"), "entropy");
    assert_string_equal(text_at(again.weights, 0, "plan"), "2021..2025");
    assert_int_equal(fd_index_run(&next, later, &o), 0);
    assert_near(number_at(next.scores, 0, "score"), 1.2 * number_at(old.weights, 0, "global"),
                1e-15);
    fd_index_dispose(&old);
    fd_index_dispose(&again);
    fd_index_dispose(&next);
    fd_table_free(first);
    fd_table_free(later);
}

/* A missing cell gives no score, and every way of filling it lies between the two bounds. */
static void test_missing(void **state)
{
    fd_table *gap = table_of_lines("id,a,b\nX,0,0\nY,,0.3\nZ,1,1\n", 1);
    fd_index r, full;
    double low, high;

    (void)state;
    assert_int_equal(fd_index_run(&r, gap, NULL), 0);
    assert_true(isnan(number_at(r.scores, 1, "score")));
    assert_true(isnan(number_at(r.scores, 1, "rank")));
    assert_near(number_at(r.scores, 1, "coverage"), 0.5, 1e-15);
    assert_near(number_at(r.scores, 2, "rank"), 1, 0);
    low = number_at(r.scores, 1, "score_low");
    high = number_at(r.scores, 1, "score_high");
    assert_near(high - low, 0.5, 1e-15);
    for (int k = 0; k <= 10; k++) {
        char lines[128];
        fd_table *in;

        snprintf(lines, sizeof lines, "id,a,b\nX,0,0\nY,%g,0.3\nZ,1,1\n", k / 10.0);
        in = table_of_lines(lines, 1);
        assert_int_equal(fd_index_run(&full, in, NULL), 0);
        assert_true(number_at(full.scores, 1, "score") >= low - 1e-15);
        assert_true(number_at(full.scores, 1, "score") <= high + 1e-15);
        fd_index_dispose(&full);
        fd_table_free(in);
    }
    fd_index_dispose(&r);
    fd_table_free(gap);
}

/* Periods are ranked apart; ties share a rank; an indicator that never differs is left out. */
static void test_periods_and_ties(void **state)
{
    fd_table *in = table_of_lines("id,year,a,same\nX,2023,1,7\nY,2023,1,7\nZ,2023,0,7\nX,2024,3,7\n"
                                  "Y,2024,4,7\n",
                                  2);
    fd_index r;

    (void)state;
    assert_int_equal(fd_index_run(&r, in, NULL), 0);
    assert_near(number_at(r.scores, 0, "rank"), 1, 0);  /* X 2023 */
    assert_near(number_at(r.scores, 1, "rank"), 2, 0);  /* X 2024 */
    assert_near(number_at(r.scores, 2, "rank"), 1, 0);  /* Y 2023 */
    assert_near(number_at(r.scores, 4, "rank"), 3, 0);  /* Z 2023 */
    assert_near(number_at(r.scores, 3, "score"), 1, 0); /* the other one carries all weight */
    assert_true(fd_table_find(r.scores, "c_same") < 0);
    fd_index_dispose(&r);
    fd_table_free(in);
}

/*
 * The corrected form against published pairs: for two subsystems C classic gives their ratio, and
 * both pairs of Wang et al. (2021, Table 8: Beijing 2008 0.9989 and 0.9404, Tangshan 2008 0.9073
 * and 0.5769) fit a larger score of 0.31 to 0.32.
 */
static void test_coupling(void **state)
{
    static const double published[][2] = { { 0.9989, 0.9404 }, { 0.9073, 0.5769 } };
    static const double equal[] = { 0.7, 0.7, 0.7 }, three_u[] = { 0.2, 0.5, 0.8 };
    static const double half[] = { 0.8, 0 }, none[] = { 0, 0 };
    double classic, corrected;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const double c = published[i][0], s = (1 - sqrt(1 - c * c)) / c;
        const double u[] = { 0.315 * s * s, 0.315 };

        fd_index_couple(&classic, &corrected, u, 2);
        assert_near(classic, published[i][0], 1e-12);
        assert_near(corrected, published[i][1], 1.5e-3);
    }
    fd_index_couple(&classic, &corrected, equal, 3);
    assert_near(classic, 1, 1e-15);
    assert_near(corrected, 1, 1e-15);
    fd_index_couple(&classic, &corrected, three_u, 3);
    assert_near(classic, 3 * cbrt(0.08) / 1.5, 1e-15);
    assert_near(corrected, sqrt((1 - 0.4) * sqrt(0.25 * 0.625)), 1e-15);
    fd_index_couple(&classic, &corrected, half, 2);
    assert_near(classic, 0, 0);
    assert_near(corrected, 0, 0);
    fd_index_couple(&classic, &corrected, none, 2);
    assert_true(isnan(classic) && isnan(corrected));
    assert_string_equal(fd_index_grade(0, FD_ZH), "极度失调");
    assert_string_equal(fd_index_grade(0.4, FD_ZH), "濒临失调");
    assert_string_equal(fd_index_grade(0.59, FD_ZH), "勉强协调");
    assert_string_equal(fd_index_grade(0.6, FD_ZH), "初级协调");
    assert_string_equal(fd_index_grade(1, FD_ZH), "优质协调");
}

static void test_coupling_table(void **state)
{
    fd_table *in = table_of_lines("id,u,v\nX,0.6,0.4\nY,0,0\nZ,0.5,\n", 1);
    fd_index r;

    (void)state;
    assert_int_equal(fd_index_run(&r, in, NULL), 0);
    assert_near(number_at(r.coupling, 0, "t"), 0.5, 1e-15);
    assert_near(number_at(r.coupling, 0, "c_classic"), 2 * sqrt(0.24), 1e-15);
    assert_near(number_at(r.coupling, 0, "c"), sqrt(0.8 * 2 / 3), 1e-15);
    assert_near(number_at(r.coupling, 0, "d"), sqrt(0.5 * sqrt(0.8 * 2 / 3)), 1e-15);
    assert_string_equal(text_at(r.coupling, 0, "grade"), "初级协调");
    assert_true(isnan(number_at(r.coupling, 1, "c")));
    assert_true(isnan(number_at(r.coupling, 2, "t")));
    fd_index_dispose(&r);
    fd_table_free(in);
}

typedef struct bad_case {
    const char *name, *lines, *tree;
    int err;
    const char *says;
} bad_case;

static void test_bad_input(void **state)
{
#define HEAD "code,parent,direction,weight\n"
    static const bad_case cases[] = {
        { "one unit", "id,a\nX,1\n", NULL, FD_EINVAL, "differs" },
        { "all equal", "id,a\nX,1\nY,1\n", NULL, FD_EINVAL, "differs" },
        { "no rows", "id,a\n", NULL, FD_EINVAL, "no row" },
        { "no numbers", "id\nX\n", NULL, FD_EINVAL, "no indicator" },
        { "twice", "id,a\nX,1\nX,2\n", NULL, FD_EINVAL, "rows 2 and 3" },
        { "no such parent", "id,a\nX,1\nY,2\n", HEAD "a,g,+,1\n", FD_EINVAL, "not in the tree" },
        { "a code twice", "id,a\nX,1\nY,2\n", HEAD "a,,+,1\na,,+,1\n", FD_EINVAL, "twice" },
        { "a ring", "id,a\nX,1\nY,2\n", HEAD "a,b,+,1\nb,a,+,1\n", FD_EINVAL, "ancestor" },
        { "negative weight", "id,a\nX,1\nY,2\n", HEAD "a,,+,-1\n", FD_EINVAL, "negative weight" },
        { "no weight", "id,a,b\nX,1,1\nY,2,2\n", HEAD "a,,+,0\nb,,+,0\n", FD_EINVAL, "sum to 0" },
        { "half a weight", "id,a,b\nX,1,1\nY,2,2\n", HEAD "a,,+,1\nb,,+,\n", FD_EINVAL,
          "no weight" },
        { "direction", "id,a\nX,1\nY,2\n", HEAD "a,,up or down,1\n", FD_EINVAL, "direction" },
        { "empty tree", "id,a\nX,1\nY,2\n", HEAD, FD_EINVAL, "empty" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_index_options o = FD_INDEX_OPTIONS_INIT;
        fd_table *in = table_of_lines(cases[i].lines, 1);
        fd_table *tree = cases[i].tree ? tree_of_lines(cases[i].tree) : NULL;
        fd_index r;

        o.tree = tree;
        if (fd_index_run(&r, in, &o) != cases[i].err ||
            !strstr(fd_error_last()->message[FD_EN], cases[i].says))
            fail_msg("%s: %s", cases[i].name, fd_error_last()->message[FD_EN]);
        fd_table_free(in);
        fd_table_free(tree);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree_by_hand),
        cmocka_unit_test(test_entropy_by_hand),
        cmocka_unit_test(test_contributions_add),
        cmocka_unit_test(test_units_and_order),
        cmocka_unit_test(test_frozen),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_periods_and_ties),
        cmocka_unit_test(test_coupling),
        cmocka_unit_test(test_coupling_table),
        cmocka_unit_test(test_bad_input),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
