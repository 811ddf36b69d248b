#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <coin/Clp_C_Interface.h>

#include "solve/lp.h"

#define N INFINITY

/* Small programs with a known answer: at most three rows and three columns. */
typedef struct lp_case {
    const char *name;
    bool maximize;
    size_t rows, columns;
    double a[3][3], row_lower[3], row_upper[3], c[3], lower[3], upper[3];
    fd_lp_status status;
    double objective, x[3], dual[3], reduced[3];
    bool check_x, check_dual;
} lp_case;

static const lp_case cases[] = {
    /* Hillier & Lieberman's Wyndor Glass: max 3x+5y, x<=4, 2y<=12, 3x+2y<=18: (2, 6), 36, prices 0,
       3/2, 1. */
    { "wyndor glass",
      true,
      3,
      2,
      { { 1, 0 }, { 0, 2 }, { 3, 2 } },
      { -N, -N, -N },
      { 4, 12, 18 },
      { 3, 5 },
      { 0, 0 },
      { N, N },
      FD_LP_OPTIMAL,
      36,
      { 2, 6 },
      { 0, 1.5, 1 },
      { 0, 0 },
      true,
      true },
    /* Diet in two foods: min 2x+3y, x+y>=4, x+3y>=6: (3, 1), 9, prices 3/2, 1/2. */
    { "a minimum",
      false,
      2,
      2,
      { { 1, 1 }, { 1, 3 } },
      { 4, 6 },
      { N, N },
      { 2, 3 },
      { 0, 0 },
      { N, N },
      FD_LP_OPTIMAL,
      9,
      { 3, 1 },
      { 1.5, 0.5 },
      { 0, 0 },
      true,
      true },
    { "a column at its bound has a reduced cost",
      false,
      1,
      2,
      { { 1, 1 } },
      { 4 },
      { N },
      { 2, 3 },
      { 0, 0 },
      { N, N },
      FD_LP_OPTIMAL,
      8,
      { 4, 0 },
      { 2 },
      { 0, 1 },
      true,
      true },
    { "infeasible rows",
      false,
      2,
      1,
      { { 1 }, { 1 } },
      { 3, -N },
      { N, 2 },
      { 1 },
      { 0 },
      { N },
      FD_LP_INFEASIBLE,
      0,
      { 0 },
      { 0 },
      { 0 },
      false,
      false },
    { "infeasible and otherwise unbounded",
      true,
      1,
      2,
      { { 0, 1 } },
      { 3 },
      { N },
      { 1, 0 },
      { 0, 0 },
      { N, 2 },
      FD_LP_INFEASIBLE,
      0,
      { 0 },
      { 0 },
      { 0 },
      false,
      false },
    { "contradictory bounds",
      false,
      1,
      1,
      { { 1 } },
      { 0 },
      { 9 },
      { 1 },
      { 5 },
      { 4 },
      FD_LP_INFEASIBLE,
      0,
      { 0 },
      { 0 },
      { 0 },
      false,
      false },
    { "unbounded maximum",
      true,
      1,
      2,
      { { 1, -1 } },
      { -N },
      { 1 },
      { 1, 1 },
      { 0, 0 },
      { N, N },
      FD_LP_UNBOUNDED,
      0,
      { 0 },
      { 0 },
      { 0 },
      false,
      false },
    { "unbounded minimum, free column",
      false,
      1,
      1,
      { { 1 } },
      { -N },
      { 7 },
      { 1 },
      { -N },
      { N },
      FD_LP_UNBOUNDED,
      0,
      { 0 },
      { 0 },
      { 0 },
      false,
      false },
    /* Three constraints meet in (1, 1): the basis is not unique, the optimum is. */
    { "degenerate",
      true,
      3,
      2,
      { { 1, 0 }, { 0, 1 }, { 1, 1 } },
      { -N, -N, -N },
      { 1, 1, 2 },
      { 1, 1 },
      { 0, 0 },
      { N, N },
      FD_LP_OPTIMAL,
      2,
      { 1, 1 },
      { 0 },
      { 0 },
      true,
      false },
    { "equality and a range",
      false,
      2,
      2,
      { { 1, 1 }, { 1, -1 } },
      { 10, -2 },
      { 10, 2 },
      { 1, 0 },
      { 0, 0 },
      { N, N },
      FD_LP_OPTIMAL,
      4,
      { 4, 6 },
      { 0.5, 0.5 },
      { 0, 0 },
      true,
      true },
    { "no rows",
      true,
      0,
      2,
      { { 0 } },
      { 0 },
      { 0 },
      { 2, -1 },
      { 0, 3 },
      { 5, N },
      FD_LP_OPTIMAL,
      7,
      { 5, 3 },
      { 0 },
      { 2, -1 },
      true,
      false },
    { "no rows, unbounded",
      true,
      0,
      1,
      { { 0 } },
      { 0 },
      { 0 },
      { 2 },
      { 0 },
      { N },
      FD_LP_UNBOUNDED,
      0,
      { 0 },
      { 0 },
      { 0 },
      false,
      false },
    { "a row without coefficients that cannot hold",
      false,
      1,
      1,
      { { 0 } },
      { 6 },
      { 6 },
      { -1 },
      { 0 },
      { 2 },
      FD_LP_INFEASIBLE,
      0,
      { 0 },
      { 0 },
      { 0 },
      false,
      false },
    { "a row without coefficients that holds",
      false,
      1,
      1,
      { { 0 } },
      { -1 },
      { 6 },
      { -1 },
      { 0 },
      { 2 },
      FD_LP_OPTIMAL,
      -2,
      { 2 },
      { 0 },
      { -1 },
      true,
      true },
    { "badly scaled rows",
      true,
      3,
      2,
      { { 1e-7, 0 }, { 0, 2e6 }, { 3e-3, 2e-3 } },
      { -N, -N, -N },
      { 4e-7, 12e6, 18e-3 },
      { 3, 5 },
      { 0, 0 },
      { N, N },
      FD_LP_OPTIMAL,
      36,
      { 2, 6 },
      { 0, 1.5e-6, 1e3 },
      { 0, 0 },
      true,
      true },
};

static fd_lp *make(const lp_case *t)
{
    fd_lp *lp = fd_lp_new(t->maximize);

    for (size_t r = 0; r < t->rows; r++)
        fd_lp_add_row(lp, t->row_lower[r], t->row_upper[r]);
    for (size_t c = 0; c < t->columns; c++)
        fd_lp_add_column(lp, t->c[c], t->lower[c], t->upper[c]);
    for (size_t r = 0; r < t->rows; r++)
        for (size_t c = 0; c < t->columns; c++)
            fd_lp_put(lp, r, c, t->a[r][c]);
    return lp;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-8 * (1 + fabs(b));
}

static void check_case(const lp_case *t, const fd_lp_options *options)
{
    fd_lp *lp = make(t);
    fd_lp_status status;

    fd_lp_set_options(lp, options);
    assert_int_equal(fd_lp_solve(&status, lp), 0);
    if (status != t->status)
        fail_msg("%s: status %d, expected %d", t->name, status, t->status);
    if (status == FD_LP_OPTIMAL && !near(fd_lp_objective(lp), t->objective))
        fail_msg("%s: objective %g, expected %g", t->name, fd_lp_objective(lp), t->objective);
    for (size_t c = 0; t->check_x && c < t->columns; c++)
        if (!near(fd_lp_primal(lp)[c], t->x[c]))
            fail_msg("%s: x%zu is %g, expected %g", t->name, c, fd_lp_primal(lp)[c], t->x[c]);
    for (size_t r = 0; t->check_dual && r < t->rows; r++)
        if (!near(fd_lp_dual(lp)[r], t->dual[r]))
            fail_msg("%s: dual %zu is %g, expected %g", t->name, r, fd_lp_dual(lp)[r], t->dual[r]);
    for (size_t c = 0; t->check_dual && c < t->columns; c++)
        if (!near(fd_lp_reduced(lp)[c], t->reduced[c]))
            fail_msg("%s: reduced cost %zu is %g", t->name, c, fd_lp_reduced(lp)[c]);
    fd_lp_free(lp);
}

static void test_known_programs(void **state)
{
    static const fd_lp_options plain = FD_LP_OPTIONS_INIT,
                               scaled = { true, 1e-12, 0, FD_LP_PRIMAL, false, 0 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_case(&cases[i], &plain);
        check_case(&cases[i], &scaled);
    }
}

/* Changed bounds, objective and sense give the answers of models built afresh. */
static void test_changes_keep_the_model(void **state)
{
    fd_lp *lp = make(&cases[0]);
    fd_lp_status status;

    (void)state;
    assert_int_equal(fd_lp_solve(&status, lp), 0);
    fd_lp_set_row(lp, 1, -N, 6);
    assert_int_equal(fd_lp_solve(&status, lp), 0);
    assert_true(near(fd_lp_objective(lp), 27)); /* x = 4, y = 3 */
    fd_lp_set_column(lp, 0, 0, 1);
    assert_int_equal(fd_lp_solve(&status, lp), 0);
    assert_true(near(fd_lp_objective(lp), 18));
    fd_lp_set_objective(lp, 0, 100);
    fd_lp_set_objective(lp, 1, 0);
    assert_int_equal(fd_lp_solve(&status, lp), 0);
    assert_true(near(fd_lp_objective(lp), 100));
    fd_lp_set_maximize(lp, false);
    assert_int_equal(fd_lp_solve(&status, lp), 0);
    assert_true(near(fd_lp_objective(lp), 0));
    fd_lp_set_row(lp, 2, 1000, N);
    assert_int_equal(fd_lp_solve(&status, lp), 0);
    assert_int_equal(status, FD_LP_INFEASIBLE);
    fd_lp_set_row(lp, 2, -N, 18);
    assert_int_equal(fd_lp_solve(&status, lp), 0);
    assert_int_equal(status, FD_LP_OPTIMAL);
    fd_lp_free(lp);
}

static void test_entries_add_up_and_tiny_ones_go(void **state)
{
    fd_lp *lp = fd_lp_new(true);
    fd_lp_status status;
    size_t row = fd_lp_add_row(lp, -N, 12), x = fd_lp_add_column(lp, 1, 0, N),
           y = fd_lp_add_column(lp, 1, 0, 1e3);

    (void)state;
    fd_lp_put(lp, row, x, 1);
    fd_lp_put(lp, row, x, 2);
    fd_lp_put(lp, row, y, 1e-15);
    fd_lp_set_options(lp, &(fd_lp_options){ .tiny = 1e-12 });
    assert_int_equal(fd_lp_solve(&status, lp), 0);
    assert_int_equal(status, FD_LP_OPTIMAL);
    assert_int_equal(fd_lp_dropped(lp), 1);
    assert_true(near(fd_lp_objective(lp), 1004));
    assert_true(near(fd_lp_activity(lp)[0], 12));
    fd_lp_free(lp);
}

static void test_bad_numbers_are_refused(void **state)
{
    fd_lp *lp = make(&cases[0]);
    fd_lp_status status;

    (void)state;
    fd_lp_set_objective(lp, 1, NAN);
    assert_int_equal(fd_lp_solve(&status, lp), FD_EINVAL);
    assert_int_equal(status, FD_LP_UNSOLVED);
    fd_lp_set_objective(lp, 1, 5);
    fd_lp_set_row(lp, 0, NAN, 4);
    assert_int_equal(fd_lp_solve(&status, lp), FD_EINVAL);
    fd_lp_set_row(lp, 0, -N, 4);
    fd_lp_put(lp, 0, 0, N);
    assert_int_equal(fd_lp_solve(&status, lp), FD_EINVAL);
    fd_lp_free(lp);
}

/* ---- netlib: read by CLP, carried over into our model, solved by us ---- */

static fd_lp *read_mps(const char *path)
{
    Clp_Simplex *model = Clp_newModel();
    fd_lp *lp = NULL;

    Clp_setLogLevel(model, 0);
    if (Clp_readMps(model, path, 1, 0) == 0) {
        int rows = Clp_getNumRows(model), columns = Clp_getNumCols(model);
        const CoinBigIndex *starts = Clp_getVectorStarts(model);
        const int *lengths = Clp_getVectorLengths(model), *indexes = Clp_getIndices(model);
        const double *values = Clp_getElements(model);

        lp = fd_lp_new(false);
        for (int r = 0; r < rows; r++)
            fd_lp_add_row(lp, Clp_rowLower(model)[r] < -1e300 ? -N : Clp_rowLower(model)[r],
                          Clp_rowUpper(model)[r] > 1e300 ? N : Clp_rowUpper(model)[r]);
        for (int c = 0; c < columns; c++) {
            double lower = Clp_columnLower(model)[c], upper = Clp_columnUpper(model)[c];

            fd_lp_add_column(lp, Clp_objective(model)[c], lower < -1e300 ? -N : lower,
                             upper > 1e300 ? N : upper);
            for (CoinBigIndex k = starts[c]; k < starts[c] + lengths[c]; k++)
                fd_lp_put(lp, (size_t)indexes[k], (size_t)c, values[k]);
        }
    }
    Clp_deleteModel(model);
    return lp;
}

static bool find_netlib(char *folder, size_t size)
{
    const char *given = getenv("FD_CASES");
    char probe[1200];

    if (given)
        snprintf(folder, size, "%s/io/lp_netlib", given);
    else
        snprintf(folder, size, "%s/../shared/cases/io/lp_netlib", FD_SOURCE_DIR);
    snprintf(probe, sizeof probe, "%s/expected_optima.csv", folder);
    return access(probe, R_OK) == 0;
}

static void test_netlib(void **state)
{
    static const fd_lp_options each[] = { FD_LP_OPTIONS_INIT,
                                          { true, 1e-13, 0, FD_LP_PRIMAL, false, 0 },
                                          { false, 0, 0, FD_LP_DUAL, true, 60 } };
    char folder[1024], path[1400], line[200];
    FILE *expected;
    int solved = 0;

    (void)state;
    if (!find_netlib(folder, sizeof folder)) {
        print_message("netlib cases not found (set FD_CASES): skipped\n");
        skip();
    }
    snprintf(path, sizeof path, "%s/expected_optima.csv", folder);
    expected = fopen(path, "r");
    assert_non_null(expected);
    assert_non_null(fgets(line, sizeof line, expected)); /* header */
    while (fgets(line, sizeof line, expected)) {
        char *comma = strchr(line, ',');
        double optimum;

        if (!comma)
            continue;
        *comma = '\0';
        optimum = strtod(comma + 1, NULL);
        snprintf(path, sizeof path, "%s/%s.mps", folder, line);
        for (size_t i = 0; i < 3; i++) {
            fd_lp *lp = read_mps(path);
            fd_lp_status status;

            assert_non_null(lp);
            fd_lp_set_options(lp, &each[i]);
            assert_int_equal(fd_lp_solve(&status, lp), 0);
            assert_int_equal(status, FD_LP_OPTIMAL);
            /* nine published digits, of which the file keeps six to nine */
            if (fabs(fd_lp_objective(lp) - optimum) > 2e-8 * fabs(optimum) + 1e-6)
                fail_msg("%s: %.10g, published %.10g", line, fd_lp_objective(lp), optimum);
            fd_lp_free(lp);
            solved++;
        }
    }
    fclose(expected);
    assert_true(solved >= 14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_programs),
        cmocka_unit_test(test_changes_keep_the_model),
        cmocka_unit_test(test_entries_add_up_and_tiny_ones_go),
        cmocka_unit_test(test_bad_numbers_are_refused),
        cmocka_unit_test(test_netlib),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
