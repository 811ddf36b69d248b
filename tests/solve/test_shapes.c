/*
 * Programs of all shapes at random: what is said of them beside an outside solver, the least
 * relaxation beside the same program written by hand, prices beside solves from nothing, sets that
 * contradict each other; and programs that solvers got wrong.
 */
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

#include "base/str.h"
#include "solve/explain.h"
#include "solve/milp.h"
#include "solve/mps.h"

/* CoinUtils 2.11 leaks a few bytes when its presolve finds a program without a bound; read by the
 * leak sanitizer alone. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "fast_unwind_on_malloc=0"; /* the library has no frame pointers: or it is not named */
}

__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libCoinUtils";
}

static uint64_t seed = 7;

static size_t below(size_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(seed >> 33) % n;
}

/* Rows: less, greater, equal, between, empty; columns: free, fixed, negative, boxed, empty. */
static fd_model *random_model(size_t rows, size_t columns, bool whole)
{
    fd_model *m = fd_model_new("shapes");
    char name[16];

    for (size_t r = 0; r < rows; r++) {
        const double side = (double)below(12) - 4, width = (double)below(4);
        const size_t kind = below(4);

        snprintf(name, sizeof name, "r%zu", r);
        fd_model_add_row(m, NULL, name, kind == 0 ? -FD_LP_INF : side,
                         kind == 1   ? FD_LP_INF
                         : kind == 2 ? side
                                     : side + width);
    }
    for (size_t c = 0; c < columns; c++) {
        static const double limits[][2] = { { 0, FD_LP_INF },  { 0, 3 },  { -FD_LP_INF, FD_LP_INF },
                                            { -FD_LP_INF, 2 }, { 2, 2 },  { -3, 5 },
                                            { 1, FD_LP_INF },  { -4, -1 } };
        const double *limit = limits[below(sizeof limits / sizeof *limits)];

        snprintf(name, sizeof name, "x%zu", c);
        fd_model_add_column(m, NULL, name, (double)below(7) - 3, limit[0], limit[1],
                            whole && below(2));
        for (size_t r = 0; r < rows; r++)
            if (below(3) > 0)
                fd_model_put(m, r, c, (double)below(9) - 4);
    }
    m->constant = (double)below(3);
    assert_int_equal(fd_model_finish(m), 0);
    return m;
}

static fd_lp_status solved(double *value, const fd_model *m)
{
    fd_lp_options how = FD_LP_OPTIONS_INIT;
    fd_lp_status status;
    fd_lp *lp;

    how.method = FD_LP_DUAL;
    how.presolve = true;
    lp = fd_model_lp(m, &how);
    assert_int_equal(fd_lp_solve(&status, lp), 0);
    *value = status == FD_LP_OPTIMAL ? fd_lp_objective(lp) + m->constant : 0;
    fd_lp_free(lp);
    return status;
}

/* What glpsol says of the model as we write it; NAN in *value: no optimum. */
static void ask_glpsol(double *value, bool *infeasible, const fd_model *m)
{
    char path[] = P_tmpdir "/fdshapeXXXXXX", command[128], line[256];
    fd_buf text = FD_BUF_INIT;
    FILE *file;

    *value = NAN;
    *infeasible = false;
    assert_int_equal(fd_mps_write(&text, m), 0);
    file = fdopen(mkstemp(path), "w");
    fputs(fd_buf_text(&text), file);
    fclose(file);
    snprintf(command, sizeof command, "glpsol --nopresol --freemps %s -o /dev/stdout", path);
    file = popen(command, "r");
    while (fgets(line, sizeof line, file)) {
        const char *equals = strncmp(line, "Objective:", 10) == 0 ? strchr(line, '=') : NULL;

        if (equals)
            *value = strtod(equals + 1, NULL);
        *infeasible = *infeasible || strstr(line, "NO PRIMAL FEASIBLE") ||
                      strstr(line, "NO FEASIBLE") || strstr(line, "INFEASIBLE (FINAL)") ||
                      strstr(line, "INFEASIBLE (INT");
    }
    pclose(file);
    unlink(path);
    fd_buf_dispose(&text);
}

static void an_outside_solver_agrees(void **state)
{
    size_t said[3] = { 0 };

    (void)state;
    if (system("glpsol --version >/dev/null 2>&1") != 0) {
        print_message("glpsol is not installed\n");
        skip();
    }
    for (int i = 0; i < 120; i++) {
        const size_t rows = 1 + below(5), columns = 1 + below(5);
        fd_model *m = random_model(rows, columns, false);
        double ours, theirs;
        fd_lp_status status;
        bool none;

        m->constant = 0; /* of its sign solvers think differently */
        status = solved(&ours, m);
        ask_glpsol(&theirs, &none, m);
        if (status == FD_LP_OPTIMAL)
            assert_true(fabs(theirs - ours) <= 1e-6 * (1 + fabs(ours)));
        else if (status == FD_LP_INFEASIBLE)
            assert_true(none);
        else
            assert_false(none);
        said[status == FD_LP_OPTIMAL ? 0 : status == FD_LP_INFEASIBLE ? 1 : 2]++;
        fd_model_free(m);
    }
    assert_true(said[0] > 10 && said[1] > 10 && said[2] > 10);
}

/* The relaxation of every row as a program of its own: two slacks a row, by hand. */
static fd_model *relaxed_by_hand(const fd_model *m)
{
    fd_model *out = fd_model_copy(m);
    const size_t columns = m->column_count;
    char name[32];

    out->constant = 0;
    out->maximize = false;
    for (size_t c = 0; c < columns; c++)
        out->columns[c].objective = 0;
    for (size_t r = 0; r < m->row_count; r++)
        for (int side = 0; side < 2; side++) {
            const double limit = side ? m->rows[r].upper : m->rows[r].lower;
            size_t c;

            if (isinf(limit))
                continue;
            snprintf(name, sizeof name, "s%zu_%d", r, side);
            fd_model_add_column(out, &c, name, 1 / fmax(1, fabs(limit)), 0, FD_LP_INF, false);
            fd_model_put(out, r, c, side ? -1 : 1);
        }
    assert_int_equal(fd_model_finish(out), 0);
    return out;
}

static void relaxations_are_the_least(void **state)
{
    size_t gave_way = 0;

    (void)state;
    for (int i = 0; i < 150; i++) {
        const size_t rows = 2 + below(5), columns = 1 + below(4);
        fd_model *m = random_model(rows, columns, false), *hand = relaxed_by_hand(m);
        fd_groups groups;
        fd_elastic elastic;
        double least, value;

        fd_groups_by_row(&groups, m);
        assert_int_equal(fd_elastic_solve(&elastic, m, &groups, 0), 0);
        assert_int_equal(solved(&least, hand), FD_LP_OPTIMAL);
        assert_int_equal(elastic.status, FD_LP_OPTIMAL);
        assert_true(fabs(elastic.objective - least) < 1e-7);
        assert_true(elastic.certificate.holds);
        assert_true((elastic.objective > 1e-7) == (solved(&value, m) == FD_LP_INFEASIBLE));
        if (elastic.objective > 1e-7) {
            assert_true(elastic.proof.holds);
            gave_way++;
        }
        fd_elastic_dispose(&elastic);
        fd_groups_dispose(&groups);
        fd_model_free(hand);
        fd_model_free(m);
    }
    assert_true(gave_way > 20);
}

/* The model with the rows of the set alone, less one of them. */
static fd_lp_status status_of_set(const fd_model *m, const size_t *set, size_t count,
                                  size_t without)
{
    fd_model *part = fd_model_copy(m);
    fd_lp_status status;
    double value;

    for (size_t r = 0; r < part->row_count; r++) {
        bool in = false;

        for (size_t k = 0; k < count; k++)
            in = in || (set[k] == r && k != without);
        if (!in) {
            part->rows[r].lower = -FD_LP_INF;
            part->rows[r].upper = FD_LP_INF;
        }
    }
    status = solved(&value, part);
    fd_model_free(part);
    return status;
}

static void sets_are_irreducible(void **state)
{
    size_t explained = 0;

    (void)state;
    for (int i = 0; i < 150; i++) {
        const size_t rows = 2 + below(6), columns = 1 + below(4);
        fd_model *m = random_model(rows, columns, false);
        fd_groups groups;
        double value;
        fd_iis iis;

        fd_groups_by_row(&groups, m);
        assert_int_equal(fd_iis_find(&iis, m, &groups, 0), 0);
        assert_true(iis.feasible == (solved(&value, m) != FD_LP_INFEASIBLE));
        if (!iis.feasible) {
            assert_true(iis.verified && iis.proof.holds);
            assert_int_equal(status_of_set(m, iis.groups, iis.count, SIZE_MAX), FD_LP_INFEASIBLE);
            for (size_t k = 0; k < iis.count; k++)
                assert_int_not_equal(status_of_set(m, iis.groups, iis.count, k), FD_LP_INFEASIBLE);
            explained++;
        }
        fd_iis_dispose(&iis);
        fd_groups_dispose(&groups);
        fd_model_free(m);
    }
    assert_true(explained > 20);
}

/* The optimum with a row's limit moved, from nothing. A range moves on the side that binds. */
static fd_lp_status moved(double *value, const fd_model *m, size_t row, double by, bool upper)
{
    fd_model *other = fd_model_copy(m);
    const bool both = m->rows[row].lower == m->rows[row].upper;
    fd_lp_status status;

    if (both || upper)
        other->rows[row].upper += by;
    if (both || !upper)
        other->rows[row].lower += by;
    status = solved(value, other);
    fd_model_free(other);
    return status;
}

static void prices_are_differences(void **state)
{
    size_t compared = 0, degenerate = 0;

    (void)state;
    for (int i = 0; i < 200; i++) {
        const size_t rows = 2 + below(4), columns = 2 + below(4);
        fd_model *m = random_model(rows, columns, false);
        fd_lp *lp = fd_model_lp(m, NULL);
        fd_lp_status status;

        assert_int_equal(fd_lp_solve(&status, lp), 0);
        for (size_t r = 0; status == FD_LP_OPTIMAL && r < m->row_count; r++) {
            const fd_model_row *row = &m->rows[r];
            const double at = fd_lp_activity(lp)[r];
            const bool upper = isinf(row->lower) || row->upper - at < at - row->lower;
            const double limit = upper ? row->upper : row->lower;
            const double h = FD_SHADOW_STEP * fmax(1, fabs(limit));
            double base = fd_lp_objective(lp) + m->constant, value;
            fd_shadow price;

            if (row->upper > row->lower && row->upper - row->lower < 1) /* both sides near */
                continue;
            assert_int_equal(fd_shadow_prices(&price, m, lp, &r, 1, FD_SHADOW_STEP), 0);
            for (int side = 1; side >= -1; side -= 2) {
                const bool has = side > 0 ? price.has_plus : price.has_minus;
                const double told = side > 0 ? price.plus : price.minus;

                status = moved(&value, m, r, side * h, upper);
                assert_true(has == (status == FD_LP_OPTIMAL));
                if (has)
                    assert_true(fabs(told - side * (value - base) / h) < 1e-5);
                compared += has;
            }
            status = FD_LP_OPTIMAL;
            if (price.has_plus && price.has_minus)
                assert_true(price.degenerate ==
                            (fabs(price.plus - price.minus) > 1e-6 * fmax(1, fabs(price.plus))));
            degenerate += price.degenerate;
        }
        fd_lp_free(lp);
        fd_model_free(m);
    }
    assert_true(compared > 60 && degenerate > 3);
}

/* Each was called something else: no bound taken for no solution, an empty row, an error inside the
 * solver, whole numbers that the relaxation does not see. */
static void what_solvers_got_wrong(void **state)
{
    static const struct {
        const char *label, *text;
        fd_lp_status status;
    } cases[] = {
        { "no bound along an empty column",
          "NAME t\nOBJSENSE MAX\nROWS\n N o\n E r\nCOLUMNS\n a o 1 r 2\n b o 2 r -1\n c o 2 r -1\n"
          " d o -1\n e o 2 r -3\nRANGES\n R r 0\nBOUNDS\n FR B b\n FX B c 2\n MI B d\n FR B e\n"
          "ENDATA\n",
          FD_LP_UNBOUNDED },
        { "a row of nothing",
          "NAME t\nROWS\n N o\n E r\n E s\nCOLUMNS\n a o 1 r 1\nRHS\n R r 1 s 4\nENDATA\n",
          FD_LP_INFEASIBLE },
        { "an error inside",
          "NAME t\nROWS\n E p\n E q\n L r\n G s\n N o\n L t\n G u\nCOLUMNS\n a o 2 r -1\n"
          " a t 2 u -1\n a q -1 p -1\n b t -1 o 2\n b p 1 r 2\n c q 1\n d s 1 o 1\n"
          " d r 3.0283466922228115 u -3\n d p -3\n e o 1 s -1\nRHS\n R p -2 q -2\n R s 4 "
          "t 5.284764287016802\n R u 10\nRANGES\n G p -3 r 2\n G t 2 u -3\nBOUNDS\n FX B a 2\n"
          " MI B b\n UP B b 1\n FX B d 2\nENDATA\n",
          FD_LP_INFEASIBLE },
        { "no whole number",
          "NAME t\nOBJSENSE MAX\nROWS\n N o\n G r\nCOLUMNS\n M 'MARKER' 'INTORG'\n a r 3\n"
          " M 'MARKER' 'INTEND'\n b o 1\nRHS\n R r 10\nRANGES\n R r 0\nENDATA\n",
          FD_LP_INFEASIBLE },
        { "whole numbers without a bound",
          "NAME t\nOBJSENSE MAX\nROWS\n N o\n G r\nCOLUMNS\n M 'MARKER' 'INTORG'\n a o 1 r 1\n"
          " M 'MARKER' 'INTEND'\n b r -1\nRHS\n R r 2\nENDATA\n",
          FD_LP_UNBOUNDED },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_milp_options how = FD_MILP_OPTIONS_INIT;
        fd_model *m = NULL;
        fd_lp_status status;
        fd_milp milp;
        double value;
        int err = 0;

        assert_int_equal(fd_mps_read(&m, cases[i].text, strlen(cases[i].text), "t.mps"), 0);
        if (!m->integers) {
            status = solved(&value, m);
        } else if ((err = fd_milp_solve(&milp, m, &how)) >= 0) {
            status = milp.status;
            fd_milp_dispose(&milp);
        }
        if (err != FD_ENOTFOUND && (err < 0 || status != cases[i].status))
            fail_msg("%s: %d", cases[i].label, err < 0 ? err : (int)status);
        fd_error_clear();
        fd_model_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outside_solver_agrees), cmocka_unit_test(relaxations_are_the_least),
        cmocka_unit_test(sets_are_irreducible),     cmocka_unit_test(prices_are_differences),
        cmocka_unit_test(what_solvers_got_wrong),
    };

    return cmocka_run_group_tests_name("solve: shapes", tests, NULL, NULL);
}
