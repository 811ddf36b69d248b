/* What an index tells: steps that add up, branches by hand, two systems at the edges of grades. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/panel_table.h"
#include "fangding/error.h"
#include "fangding/index_story.h"

/* Three units and four indicators (万元, %, %, tce), two years; weights 40, 30, 20, 10. */
static const char *const three_by_four = "id,year,a,b,c,d\n"
                                         "X,2023,100,1,10,8\nX,2024,200,2,10,6\n"
                                         "Y,2023,300,2,20,4\nY,2024,300,3,25,4\n"
                                         "Z,2023,500,5,30,2\nZ,2024,400,5,20,0\n";
static const char *const four_leaves = "code,parent,direction,weight,low,high\na,,+,40,0,500\nb,,+,"
                                       "30,0,5\nc,,+,20,0,50\nd,,-,10,0,10\n";

static void run(fd_index *out, const char *lines, const char *tree_lines, fd_index_method method)
{
    fd_table *in = table_of_lines(lines, 2), *tree = table_of_lines(tree_lines, 3);
    fd_index_options o = FD_INDEX_OPTIONS_INIT;

    o.tree = tree;
    o.method = method;
    assert_int_equal(fd_index_run(out, in, &o), 0);
    fd_table_free(in);
    fd_table_free(tree);
}

static size_t find(const fd_table *t, const char *id, const char *year, const char *code)
{
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text(t->columns[0], r), id) == 0 &&
            strcmp(fd_column_text(t->columns[1], r), year) == 0 &&
            (!code || strcmp(fd_column_text(t->columns[2], r), code) == 0))
            return r;
    fail_msg("no row %s %s %s", id, year, code ? code : "");
    return 0;
}

/* X 2024: a 200/500 = 0.4, b 2/5 = 0.4, c 10/50 = 0.2, d 1 - 6/10 = 0.4: 0.4·0.4 + 0.3·0.4 +
 * 0.2·0.2
 * + 0.1·0.4 = 0.36; 2023: 0.08 + 0.06 + 0.04 + 0.02 = 0.2. */
static void test_three_by_four(void **state)
{
    fd_index r;
    fd_table *change, *fall;
    size_t at;

    (void)state;
    run(&r, three_by_four, four_leaves, FD_INDEX_FIXED);
    assert_near(number_at(r.scores, find(r.scores, "X", "2024", NULL), "score"), 0.36, 1e-15);
    assert_near(number_at(r.scores, find(r.scores, "X", "2023", NULL), "score"), 0.2, 1e-15);
    assert_int_equal(fd_index_steps(&change, r.cells, true), 0);
    assert_int_equal(change->rows, 3 * 4); /* nothing is before 2023 */
    at = find(change, "X", "2024", NULL);
    assert_string_equal(text_at(change, at, "code"), "a"); /* the largest move first */
    assert_near(number_at(change, at, "move"), 0.08, 1e-15);
    assert_near(number_at(change, at, "upto"), 0.28, 1e-15);
    assert_string_equal(text_at(change, at + 3, "code"), "c");
    assert_near(number_at(change, at + 3, "move"), 0, 0);
    assert_near(number_at(change, at + 3, "upto"), 0.36, 1e-15);
    at = find(change, "Z", "2024", NULL); /* fell: a −0.08, c −0.04, d +0.02 */
    assert_near(number_at(change, at, "move"), -0.08, 1e-15);
    assert_int_equal(fd_index_steps(&fall, r.cells, false), 0);
    at = find(fall, "X", "2024", NULL);
    assert_near(number_at(fall, at, "before"), 0, 0);
    assert_near(number_at(fall, at + 3, "upto"), 0.36, 1e-15);
    fd_table_free(change);
    fd_table_free(fall);
    fd_index_dispose(&r);
}

/* 万元 → 亿元: bounds come from the data, so every score stays as it was, whatever the weights. */
static void test_units_do_not_matter(void **state)
{
    static const char *const tree = "code,parent,direction\na,,+\nb,,+\nc,,+\nd,,-\n";
    static const char *const other = "id,year,a,b,c,d\n"
                                     "X,2023,0.01,1,10,8\nX,2024,0.02,2,10,6\n"
                                     "Y,2023,0.03,2,20,4\nY,2024,0.03,3,25,4\n"
                                     "Z,2023,0.05,5,30,2\nZ,2024,0.04,5,20,0\n";

    (void)state;
    for (int method = 0; method < 3; method++) {
        fd_index a, b;

        run(&a, three_by_four, tree, (fd_index_method)method);
        run(&b, other, tree, (fd_index_method)method);
        for (size_t r = 0; r < 6; r++)
            assert_near(number_at(a.scores, r, "score"), number_at(b.scores, r, "score"), 1e-14);
        fd_index_dispose(&a);
        fd_index_dispose(&b);
    }
}

/* A column that is the same everywhere gets no weight. */
static void test_constant_has_no_weight(void **state)
{
    fd_index r;

    (void)state;
    run(&r, "id,year,a,k\nX,1,1,7\nY,1,2,7\nZ,1,4,7\n", "code,parent,direction\na,,+\nk,,+\n",
        FD_INDEX_ENTROPY);
    assert_near(number_at(r.weights, 0, "global"), 1, 1e-15);
    assert_near(number_at(r.weights, 1, "global"), 0, 0);
    fd_index_dispose(&r);
}

/* What is missing leaves the score, the moves and every running total of its row open. */
static void test_missing_is_not_zero(void **state)
{
    fd_index r;
    fd_table *change, *balance;
    size_t at;

    (void)state;
    run(&r, "id,year,a,b\nX,2023,1,\nX,2024,2,3\nY,2023,3,1\nY,2024,4,2\n",
        "code,parent,direction,weight,low,high\na,,+,1,0,4\nb,,+,1,0,4\n", FD_INDEX_FIXED);
    assert_true(isnan(number_at(r.scores, 0, "score")));
    assert_int_equal(fd_index_steps(&change, r.cells, true), 0);
    at = find(change, "X", "2024", "a");
    assert_near(number_at(change, at, "move"), 0.125, 1e-15);
    assert_true(isnan(number_at(change, at, "upto")));
    at = find(change, "X", "2024", "b");
    assert_true(isnan(number_at(change, at, "move")));
    assert_near(number_at(change, find(change, "Y", "2024", "b"), "upto"), 0.75, 1e-15);
    assert_int_equal(fd_index_balance(&balance, &r, 0.2), 0);
    assert_near(number_at(balance, 0, "u_a"), 0.25, 1e-15); /* what is known is shown */
    assert_true(isnan(number_at(balance, 0, "combined")));
    assert_string_equal(text_at(balance, 0, "missing"), "b");
    assert_string_equal(text_at(balance, 0, "lagging"), "");
    fd_table_free(change);
    fd_table_free(balance);
    fd_index_dispose(&r);
}

/* Three branches 0.8, 0.2, 0.5 with equal weights: t = 0.5; pairs differ by 0.6, 0.3, 0.3, mean
 * 0.4; product of u/max = 1 · 0.25 · 0.625, its root 0.395285; c = sqrt(0.6 · 0.395285) = 0.487001;
 * d = sqrt(c t) = 0.493458; combined = 0.8 · 0.5 + 0.2 · d. Unit Y: all 0.5, c = 1, d = sqrt 0.5.
 */
static void test_balance_by_hand(void **state)
{
    const double c = sqrt(0.6 * sqrt(0.25 * 0.625)), d = sqrt(c * 0.5);
    fd_index r;
    fd_table *t;

    (void)state;
    run(&r, "id,year,p,q,s\nX,1,0.8,0.2,0.5\nY,1,0.5,0.5,0.5\nZ,1,0,0,0\n",
        "code,parent,direction,weight,low,high\nA,,+,1,,\nB,,+,1,,\nC,,+,1,,\n"
        "p,A,+,1,0,1\nq,B,+,1,0,1\ns,C,+,1,0,1\n",
        FD_INDEX_FIXED);
    assert_int_equal(fd_index_balance(&t, &r, 0.2), 0);
    assert_near(number_at(t, 0, "u_A"), 0.8, 1e-15);
    assert_near(number_at(t, 0, "c"), c, 1e-14);
    assert_near(number_at(t, 0, "d"), d, 1e-14);
    assert_near(number_at(t, 0, "combined"), 0.4 + 0.2 * d, 1e-14);
    assert_near(number_at(t, 0, "imbalance"), 0.6, 1e-15);
    assert_string_equal(text_at(t, 0, "lagging"), "B");
    assert_near(number_at(t, 1, "d"), sqrt(0.5), 1e-14);
    assert_near(number_at(t, 1, "imbalance"), 0, 1e-15);
    assert_near(number_at(t, 1, "rank"), 1, 0); /* as much on average, but together */
    assert_near(number_at(t, 0, "rank"), 2, 0);
    assert_near(number_at(t, 2, "combined"), 0, 0);
    assert_string_equal(text_at(t, 2, "grade"), "极度失调");
    fd_table_free(t);
    assert_int_equal(fd_index_balance(&t, &r, 1.5), FD_EINVAL);
    fd_index_dispose(&r);
}

static fd_table *scores(const char *lines)
{
    return table_of_lines(lines, 2);
}

/* U1 = U2: C = 1 and D = sqrt U in both forms; (0.9, 0.1): classic 2·0.3/1 = 0.6. */
static void test_pair_by_hand(void **state)
{
    static const char *const names[] = { "新质", "现代化" };
    fd_table *a = scores("id,year,score\nX,1,0.36\nY,1,0.9\nZ,1,0.5\nV,1,0\nW,1,1.2\n"),
             *b = scores("id,year,score\nZ,1,\nY,1,0.1\nX,1,0.36\nV,1,0\n"), *t;

    (void)state;
    assert_int_equal(fd_index_pair(&t, a, b, names), 0);
    assert_near(number_at(t, 0, "c_classic"), 1, 1e-15);
    assert_near(number_at(t, 0, "d_classic"), 0.6, 1e-15);
    assert_near(number_at(t, 0, "c"), 1, 1e-15);
    assert_near(number_at(t, 0, "d"), 0.6, 1e-15);
    assert_string_equal(text_at(t, 0, "lagging"), "同步");
    assert_near(number_at(t, 1, "c_classic"), 0.6, 1e-15);
    assert_near(number_at(t, 1, "d_classic"), sqrt(0.3), 1e-15);
    assert_near(number_at(t, 1, "c"), sqrt(0.2 * (0.1 / 0.9)), 1e-15);
    assert_string_equal(text_at(t, 1, "lagging"), "现代化");
    assert_near(number_at(t, 1, "gap"), 0.8, 1e-15);
    assert_true(isnan(number_at(t, 2, "d"))); /* one side is not known */
    assert_string_equal(text_at(t, 2, "grade"), "");
    assert_near(number_at(t, 2, "u_a"), 0.5, 0);
    assert_true(isnan(number_at(t, 3, "d"))); /* nothing on either side */
    assert_true(isnan(number_at(t, 4, "d")));
    assert_near(number_at(t, 4, "u_a"), 1, 0);
    assert_int_equal(t->note_count, 1);
    fd_table_free(t);
    fd_table_free(a);
    fd_table_free(b);
}

/* D of equal systems is sqrt U: U = (k/10)^2 lies on the lower edge of grade k. */
static void test_edges_of_grades(void **state)
{
    static const char *const grades[] = { "极度失调", "严重失调", "中度失调", "轻度失调",
                                          "濒临失调", "勉强协调", "初级协调", "中级协调",
                                          "良好协调", "优质协调" };
    static const char *const names[] = { "甲", "乙" };

    (void)state;
    for (int k = 1; k <= 9; k++) {
        char lines[200];
        fd_table *a, *t;

        snprintf(lines, sizeof lines, "id,year,score\nX,1,%.17g\nY,1,%.17g\n", k * k / 100.0,
                 k * k / 100.0 - 1e-6);
        a = scores(lines);
        assert_int_equal(fd_index_pair(&t, a, a, names), 0);
        assert_string_equal(text_at(t, 0, "grade"), grades[k]);
        assert_string_equal(text_at(t, 0, "grade_classic"), grades[k]);
        assert_string_equal(text_at(t, 1, "grade"), grades[k - 1]);
        fd_table_free(t);
        fd_table_free(a);
    }
    assert_string_equal(fd_index_grade(1, FD_ZH), "优质协调");
    assert_string_equal(fd_index_grade(0, FD_ZH), "极度失调");
}

static void test_refusals(void **state)
{
    static const char *const names[] = { "甲", "乙" };
    fd_table *a = scores("id,year,score\nX,1,0.5\n"), *b = table_of_lines("id,score\nX,0.5\n", 1),
             *c = table_of_lines("id,value\nX,0.5\n", 1), *t;

    (void)state;
    assert_int_equal(fd_index_pair(&t, a, b, names), FD_EINVAL);
    assert_int_equal(fd_index_pair(&t, a, c, names), FD_ENOTFOUND);
    assert_int_equal(fd_index_steps(&t, a, false), FD_ENOTFOUND);
    fd_table_free(a);
    fd_table_free(b);
    fd_table_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_by_four),          cmocka_unit_test(test_units_do_not_matter),
        cmocka_unit_test(test_constant_has_no_weight), cmocka_unit_test(test_missing_is_not_zero),
        cmocka_unit_test(test_balance_by_hand),        cmocka_unit_test(test_pair_by_hand),
        cmocka_unit_test(test_edges_of_grades),        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
