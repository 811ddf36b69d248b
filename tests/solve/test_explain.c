/*
 * Certificates that tell right from wrong, irreducible sets with both properties, the least
 * relaxation, one-sided prices, the largest share; on programs solved by hand and on random ones.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "solve/explain.h"
#include "solve/milp.h"
#include "solve/mps.h"
#include "solve/share.h"

static uint64_t seed = 1;

static double uniform(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(seed >> 11) / 9007199254740992.0;
}

static fd_model *read_text(const char *text)
{
    fd_model *model = NULL;

    assert_int_equal(fd_mps_read(&model, text, strlen(text), NULL), 0);
    return model;
}

/* Rows with random coefficients and right-hand sides around what a random point gives; spread > 0
 * makes contradictions. */
static fd_model *random_model(size_t rows, size_t columns, double spread)
{
    fd_model *m = fd_model_new("random");
    double *point = malloc(columns * sizeof *point);
    char name[16];

    for (size_t c = 0; c < columns; c++) {
        point[c] = 10 * uniform();
        snprintf(name, sizeof name, "x%zu", c);
        fd_model_add_column(m, NULL, name, uniform() - 0.3, 0, 20, false);
    }
    for (size_t r = 0; r < rows; r++) {
        double at = 0, side;

        for (size_t c = 0; c < columns; c++)
            if (uniform() < 0.5) {
                double value = floor(10 * uniform()) - 4;

                fd_model_put(m, r, c, value);
                at += value * point[c];
            }
        side = at + spread * (uniform() - 0.5);
        snprintf(name, sizeof name, "r%zu", r);
        if (uniform() < 0.5)
            fd_model_add_row(m, NULL, name, side, FD_LP_INF);
        else
            fd_model_add_row(m, NULL, name, -FD_LP_INF, side);
    }
    free(point);
    assert_int_equal(fd_model_finish(m), 0);
    return m;
}

static fd_lp_status status_of(const fd_model *m)
{
    fd_lp *lp = fd_model_lp(m, NULL);
    fd_lp_status status;

    assert_int_equal(fd_lp_solve(&status, lp), 0);
    fd_lp_free(lp);
    return status;
}

static void certificates_tell_right_from_wrong(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++) {
        fd_model *m = random_model(6, 8, 0);
        fd_lp_options options = FD_LP_OPTIONS_INIT;
        fd_certificate good, bad;
        fd_lp_status status;
        double x[8], y[6];
        fd_lp *lp;

        options.method = i % 2 ? FD_LP_DUAL : FD_LP_PRIMAL;
        options.presolve = i % 4 > 1;
        m->maximize = i % 3 == 0;
        lp = fd_model_lp(m, &options);
        assert_int_equal(fd_lp_solve(&status, lp), 0);
        assert_int_equal(status, FD_LP_OPTIMAL);
        memcpy(x, fd_lp_primal(lp), sizeof x);
        memcpy(y, fd_lp_dual(lp), sizeof y);
        fd_certify_optimal(&good, m, x, y);
        assert_true(good.holds);
        assert_true(fabs(good.objective - fd_lp_objective(lp)) < 1e-9 * (1 + fabs(good.objective)));
        x[i % 8] += 25; /* outside its bounds */
        fd_certify_optimal(&bad, m, x, y);
        assert_false(bad.holds);
        x[i % 8] -= 25;
        /* a sign that no limit on that side could have earned */
        y[i % 6] = isinf(m->rows[i % 6].upper) == m->maximize ? 1 : -1;
        fd_certify_optimal(&bad, m, x, y);
        assert_false(bad.holds);
        fd_lp_free(lp);
        fd_model_free(m);
    }
}

static bool infeasible_with(const fd_model *m, const fd_groups *groups, const size_t *set,
                            size_t count, size_t without)
{
    fd_model *copy = fd_model_copy(m);
    bool result;

    for (size_t r = 0; r < m->row_count; r++) {
        bool stands = groups->group[r] < 0;

        for (size_t i = 0; i < count; i++)
            stands = stands || (i != without && groups->group[r] == (ptrdiff_t)set[i]);
        if (!stands) {
            copy->rows[r].lower = -FD_LP_INF;
            copy->rows[r].upper = FD_LP_INF;
        }
    }
    result = status_of(copy) == FD_LP_INFEASIBLE;
    fd_model_free(copy);
    return result;
}

static void irreducible_sets_have_both_properties(void **state)
{
    size_t infeasible = 0;

    (void)state;
    for (int i = 0; i < 80; i++) {
        fd_model *m = random_model(12, 6, 60);
        fd_groups groups;
        fd_iis iis;

        if (i % 2) {
            static const char *const patterns[] = { "r1*", "r[2-4]", "r5", "r[6-8]" };

            fd_groups_by_pattern(&groups, m, patterns, 4);
        } else {
            fd_groups_by_row(&groups, m);
        }
        assert_int_equal(fd_iis_find(&iis, m, &groups, 0), 0);
        assert_int_equal(iis.feasible, status_of(m) != FD_LP_INFEASIBLE);
        if (!iis.feasible) {
            infeasible++;
            assert_true(iis.verified);
            assert_true(infeasible_with(m, &groups, iis.groups, iis.count, SIZE_MAX));
            for (size_t k = 0; k < iis.count; k++)
                assert_false(infeasible_with(m, &groups, iis.groups, iis.count, k));
        }
        fd_iis_dispose(&iis);
        fd_groups_dispose(&groups);
        fd_model_free(m);
    }
    assert_true(infeasible > 20);
}

static void relaxations_are_enough_and_prove_infeasibility(void **state)
{
    size_t infeasible = 0;

    (void)state;
    for (int i = 0; i < 60; i++) {
        fd_model *m = random_model(12, 6, 60);
        fd_groups groups;
        fd_elastic elastic;
        double sum = 0;

        fd_groups_by_row(&groups, m);
        assert_int_equal(fd_elastic_solve(&elastic, m, &groups, 0), 0);
        assert_int_equal(elastic.status, FD_LP_OPTIMAL);
        assert_true(elastic.certificate.holds);
        assert_int_equal(elastic.count > 0, status_of(m) == FD_LP_INFEASIBLE);
        for (size_t k = 0; k < elastic.count; k++) {
            fd_model_row *row = &m->rows[elastic.items[k].row];

            sum += elastic.items[k].weighted;
            if (elastic.items[k].direction > 0)
                row->upper += elastic.items[k].violation + 1e-7;
            else
                row->lower -= elastic.items[k].violation + 1e-7;
        }
        assert_true(fabs(sum - elastic.objective) < 1e-7);
        if (elastic.count) {
            infeasible++;
            assert_true(elastic.proof.holds);
            assert_int_equal(status_of(m), FD_LP_OPTIMAL);
            /* The same multipliers prove nothing of the relaxed program. */
            fd_certify_infeasible(&elastic.proof, m, NULL, NULL, elastic.ray);
            assert_false(elastic.proof.holds);
        }
        fd_elastic_dispose(&elastic);
        fd_groups_dispose(&groups);
        fd_model_free(m);
    }
    assert_true(infeasible > 15);
}

/* max x + y, x + y <= 4 twice: relaxing one of the two rows gains nothing, tightening costs. */
static void prices_of_a_degenerate_optimum_have_two_sides(void **state)
{
    fd_model *m = read_text("NAME t\nOBJSENSE\n MAX\nROWS\n N o\n L a\n L b\n L c\nCOLUMNS\n"
                            " x o 1 a 1\n x b 1\n y o 1 a 1\n y b 1\n y c 1\nRHS\n"
                            " RHS a 4 b 4\n RHS c 100\nENDATA\n");
    const size_t rows[] = { 0, 1, 2 };
    fd_lp *lp = fd_model_lp(m, NULL);
    fd_lp_status status;
    fd_shadow s[3];

    (void)state;
    assert_int_equal(fd_lp_solve(&status, lp), 0);
    assert_int_equal(fd_shadow_prices(s, m, lp, rows, 3, FD_SHADOW_STEP), 0);
    for (size_t i = 0; i < 2; i++) {
        assert_true(fabs(s[i].plus) < 1e-9);
        assert_true(fabs(s[i].minus - 1) < 1e-9);
        assert_true(s[i].degenerate);
    }
    assert_true(s[2].dual == 0 && s[2].plus == 0 && s[2].minus == 0 && !s[2].degenerate);
    fd_lp_free(lp);
    fd_model_free(m);
}

/* Old industry q, new industry n <= 3; the whole at least 10: n / (q + n) is at most 0.3. */
static void the_largest_share_is_where_the_floor_says(void **state)
{
    fd_model *m = read_text("NAME t\nROWS\n N o\n G grow\n G share\nCOLUMNS\n"
                            " q o -1 grow 1\n q share -0.2\n n o -0.5 grow 1\n n share 0.8\nRHS\n"
                            " RHS grow 10\nBOUNDS\n UP BND q 12\n UP BND n 3\nENDATA\n");
    fd_front_point front[5];
    fd_largest largest;
    fd_shared shared;
    fd_share share;
    double s;
    fd_lp *lp;

    (void)state;
    assert_int_equal(fd_share_read(&share, &s, m, 1, 0), 0);
    assert_true(fabs(s - 0.2) < 1e-15);
    m->rows[1].lower = -FD_LP_INF;
    assert_int_equal(fd_share_attach(&shared, m, &share), 0);
    lp = fd_model_lp(shared.model, NULL);
    assert_int_equal(fd_share_largest(&largest, &shared, lp), 0);
    assert_true(fabs(largest.share - 0.3) < 1e-12);
    assert_true(largest.certificate.holds && fabs(largest.left) < 1e-12);
    assert_int_equal(fd_share_front(front, 5, &shared, lp, 0.2, 0.3), 0);
    for (size_t i = 0; i < 5; i++) {
        /* n = 3 and q = 3 (1-s)/s, but for q <= 12 */
        double q = fmin(12, 3 * (1 - front[i].share) / front[i].share);

        assert_true(front[i].feasible && !front[i].dominated && front[i].certificate.holds);
        assert_true(fabs(front[i].objective - (-q - 1.5)) < 1e-9);
    }
    fd_lp_free(lp);
    fd_largest_dispose(&largest);
    fd_model_free(shared.model);
    fd_share_dispose(&share);
    fd_model_free(m);
}

static void a_share_of_nothing_is_refused(void **state)
{
    fd_model *m = read_text("NAME t\nROWS\n N o\n L all\n G share\nCOLUMNS\n"
                            " q all 1 share -0.2\n n all 1 share 0.8\nRHS\n RHS all 10\nENDATA\n");
    fd_largest largest;
    fd_shared shared;
    fd_share share;
    double s;
    fd_lp *lp;

    (void)state;
    assert_int_equal(fd_share_read(&share, &s, m, 1, 0), 0);
    assert_int_equal(fd_share_attach(&shared, m, &share), 0);
    lp = fd_model_lp(shared.model, NULL);
    assert_int_equal(fd_share_largest(&largest, &shared, lp), FD_EINVAL);
    fd_lp_free(lp);
    fd_model_free(shared.model);
    fd_share_dispose(&share);
    fd_model_free(m);
}

/* Knapsack by all 2^n choices against the child process. */
static void whole_numbers_are_the_best_of_all(void **state)
{
    fd_milp_options options = FD_MILP_OPTIONS_INIT;

    (void)state;
    options.gap = 0;
    options.seconds = 20;
    for (int i = 0; i < 4; i++) {
        fd_model *m = fd_model_new("knapsack");
        double value[10], weight[10], best = 0;
        fd_milp milp;
        int err;

        fd_model_add_row(m, NULL, "w", -FD_LP_INF, 20);
        for (size_t k = 0; k < 10; k++) {
            char name[8];

            snprintf(name, sizeof name, "k%zu", k);
            value[k] = 1 + floor(20 * uniform());
            weight[k] = 1 + floor(10 * uniform());
            fd_model_add_column(m, NULL, name, value[k], 0, 1, true);
            fd_model_put(m, 0, k, weight[k]);
        }
        m->maximize = true;
        m->constant = 3;
        assert_int_equal(fd_model_finish(m), 0);
        for (unsigned set = 0; set < 1024; set++) {
            double w = 0, v = 3;

            for (size_t k = 0; k < 10; k++)
                if (set >> k & 1) {
                    w += weight[k];
                    v += value[k];
                }
            if (w <= 20 && v > best)
                best = v;
        }
        if ((err = fd_milp_solve(&milp, m, &options)) == FD_ENOTFOUND) {
            fd_model_free(m);
            skip();
        }
        assert_int_equal(err, 0);
        assert_true(milp.status == FD_LP_OPTIMAL && milp.certificate.holds && !milp.timed_out);
        assert_true(fabs(milp.objective - best) < 1e-9 && fabs(milp.bound - best) < 1e-6);
        { /* from the best itself, and from nothing taken, which an absolute gap does not accept */
            double *x = milp.x, none[10] = { 0 };
            fd_milp again;

            milp.x = NULL;
            options.start = i % 2 ? x : none;
            options.gap = 0;
            options.absolute = 0.5;
            assert_int_equal(fd_milp_solve(&again, m, &options), 0);
            assert_true(again.certificate.holds && again.objective > best - 0.5 - 1e-9);
            options.start = NULL;
            options.absolute = 0;
            fd_milp_dispose(&again);
            free(x);
        }
        fd_milp_dispose(&milp);
        fd_model_free(m);
    }
}

/* A solver that never ends is killed, one that is not there is named. */
static void a_solver_that_hangs_is_killed(void **state)
{
    fd_milp_options options = FD_MILP_OPTIONS_INIT;
    char path[] = P_tmpdir "/fdhangXXXXXX";
    fd_model *m = fd_model_new("t");
    fd_milp milp;
    FILE *file;

    (void)state;
    fd_model_add_column(m, NULL, "x", 1, 0, 1, true);
    fd_model_add_row(m, NULL, "r", 0, 1);
    fd_model_put(m, 0, 0, 1);
    assert_int_equal(fd_model_finish(m), 0);
    options.seconds = 0.1;
    options.solver = "no-such-solver-anywhere";
    assert_int_equal(fd_milp_solve(&milp, m, &options), FD_ENOTFOUND);
    file = fdopen(mkstemp(path), "w");
    fputs("#!/bin/sh\nexec sleep 60\n", file);
    fclose(file);
    assert_int_equal(chmod(path, 0700), 0);
    options.solver = path;
    assert_int_equal(fd_milp_solve(&milp, m, &options), 0);
    assert_true(milp.timed_out && !milp.has_solution && milp.seconds < 10);
    fd_milp_dispose(&milp);
    unlink(path);
    fd_model_free(m);
}

/* The same optimum from glpsol, when it is installed. */
static void an_outside_solver_agrees(void **state)
{
    (void)state;
    if (system("glpsol --version >/dev/null 2>&1") != 0)
        skip();
    for (int i = 0; i < 8; i++) {
        fd_model *m = random_model(15, 12, i % 2 ? 40 : 0);
        char path[] = P_tmpdir "/fdglpXXXXXX", command[256], line[256];
        double objective = 0, theirs = NAN;
        bool none = false;
        fd_buf text = FD_BUF_INIT;
        fd_lp *lp = fd_model_lp(m, NULL);
        fd_lp_status status;
        FILE *file;

        assert_int_equal(fd_lp_solve(&status, lp), 0);
        if (status == FD_LP_OPTIMAL)
            objective = fd_lp_objective(lp);
        assert_int_equal(fd_mps_write(&text, m), 0);
        file = fdopen(mkstemp(path), "w");
        fputs(fd_buf_text(&text), file);
        fclose(file);
        snprintf(command, sizeof command, "glpsol --freemps %s -o /dev/stdout", path);
        file = popen(command, "r");
        while (fgets(line, sizeof line, file)) {
            sscanf(line, "Objective: o = %lf", &theirs);
            sscanf(line, "Objective: OBJ = %lf", &theirs);
            none = none || strstr(line, "NO PRIMAL FEASIBLE") || strstr(line, "NO FEASIBLE");
        }
        pclose(file);
        unlink(path);
        if (status == FD_LP_INFEASIBLE)
            assert_true(none);
        else
            assert_true(fabs(theirs - objective) < 1e-6 * (1 + fabs(objective)));
        fd_buf_dispose(&text);
        fd_lp_free(lp);
        fd_model_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_tell_right_from_wrong),
        cmocka_unit_test(irreducible_sets_have_both_properties),
        cmocka_unit_test(relaxations_are_enough_and_prove_infeasibility),
        cmocka_unit_test(prices_of_a_degenerate_optimum_have_two_sides),
        cmocka_unit_test(the_largest_share_is_where_the_floor_says),
        cmocka_unit_test(a_share_of_nothing_is_refused),
        cmocka_unit_test(whole_numbers_are_the_best_of_all),
        cmocka_unit_test(a_solver_that_hangs_is_killed),
        cmocka_unit_test(an_outside_solver_agrees),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
