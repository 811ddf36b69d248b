/* Radial efficiency: values by hand, the general solver as a second opinion, and what must not
 * matter. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "fangding/dea.h"
#include "fangding/error.h"
#include "solve/lp.h"

/* cmocka compares floats as floats. */
#define assert_near(a, b, tolerance)                                                               \
    do {                                                                                           \
        const double near_a = (a), near_b = (b);                                                   \
        if (!(fabs(near_a - near_b) <= (tolerance)))                                               \
            fail_msg("%s: %.15g, %s: %.15g", #a, near_a, #b, near_b);                              \
    } while (0)

static const char *const rts_names[] = { "crs", "vrs", "drs", "irs" };

/* ---- data ---- */

typedef struct data {
    size_t n, inputs, outputs;
    double v[160 * 12]; /* n × (inputs + outputs) */
} data;

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 33) + 0.5) / (double)(UINT64_C(1) << 31);
}

enum { LOGNORMAL, SMALL_INTEGERS, TWICE, ONE_RAY, EQUAL, WIDE, SPHERE, KINDS };

/* Data as they come and as they hurt: ties, duplicates, one ray, one point, seven orders of
 * magnitude, nearly everybody efficient. */
static data make(int kind, size_t n, size_t inputs, size_t outputs, uint64_t seed)
{
    data d = { n, inputs, outputs, { 0 } };
    const size_t dims = inputs + outputs;

    for (size_t u = 0; u < n; u++) {
        const double z = exp(uniform(&seed) * (kind == WIDE ? 16 : 4) - (kind == WIDE ? 8 : 2));
        double squares = 0;

        for (size_t k = 0; k < dims; k++) {
            double *x = &d.v[u * dims + k];

            *x = kind == SMALL_INTEGERS ? 1 + floor(4 * uniform(&seed))
                 : kind == ONE_RAY      ? (double)(1 + u % 5) * (double)(1 + k)
                 : kind == EQUAL        ? 3 + (double)k
                 : kind == SPHERE       ? 0.1 + uniform(&seed)
                                        : z * exp(uniform(&seed));
            if (kind == TWICE && u % 2)
                *x = d.v[(u - 1) * dims + k];
            squares += *x * *x;
        }
        for (size_t k = 0; kind == SPHERE && k < dims;
             k++) { /* outputs on a sphere, inputs mirrored */
            d.v[u * dims + k] /= sqrt(squares);
            if (k < inputs)
                d.v[u * dims + k] = 1.5 - d.v[u * dims + k];
        }
    }
    return d;
}

static fd_table *table_of(const data *d, const double *unit, bool backwards)
{
    const size_t dims = d->inputs + d->outputs;
    fd_table *t = fd_table_new("in", "in", "in");
    char name[32];

    fd_table_add_new(t, "id", "id", "id", FD_TEXT, "", 0);
    for (size_t k = 0; k < dims; k++) {
        snprintf(name, sizeof name, "%s%zu", k < d->inputs ? "in_" : "out_", k);
        fd_table_add_new(t, name, name, name, FD_EST, "", 12);
    }
    for (size_t r = 0; r < d->n; r++) {
        const size_t u = backwards ? d->n - 1 - r : r;

        (void)fd_table_add_row(t);
        snprintf(name, sizeof name, "u%zu", u);
        fd_column_set_text(t->columns[0], r, name);
        for (size_t k = 0; k < dims; k++)
            fd_column_set_est(t->columns[k + 1], r, d->v[u * dims + k] * (unit ? unit[k] : 1));
    }
    return t;
}

static fd_dea_options everything(void)
{
    fd_dea_options o = FD_DEA_OPTIONS_INIT;

    o.rts[FD_DRS] = o.rts[FD_IRS] = true;
    o.super = o.slacks = o.scale = o.peers = true;
    o.threads = 1;
    return o;
}

static size_t row_of(const fd_table *t, const char *id)
{
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text(t->columns[0], r), id) == 0)
            return r;
    fail_msg("no row %s", id);
    return 0;
}

static double at(const fd_table *t, const char *id, const char *column)
{
    const int c = fd_table_find(t, column);
    const size_t r = row_of(t, id);

    assert_true(c >= 0);
    if (fd_column_state(t->columns[c], r) == FD_NA)
        return strstr(column, "_out") ? -INFINITY : INFINITY;
    return fd_number_to_double(fd_column_number(t->columns[c], r));
}

/* ---- a second opinion: one full program a unit, by the general solver ---- */

typedef struct opinion {
    bool feasible;
    double score, slacks;
} opinion;

static fd_lp *full_program(const data *d, size_t self, fd_rts rts, bool output, bool without)
{
    const size_t dims = d->inputs + d->outputs;
    const double *own = d->v + self * dims;
    fd_lp *lp = fd_lp_new(output);
    size_t score;

    for (size_t k = 0; k < dims; k++) {
        const bool in = k < d->inputs, moves = in != output;
        const double fixed = moves ? 0 : 1;

        (void)fd_lp_add_row(lp, in ? -FD_LP_INF : fixed, in ? fixed : FD_LP_INF);
    }
    if (rts != FD_CRS)
        (void)fd_lp_add_row(lp, rts == FD_DRS ? -FD_LP_INF : 1, rts == FD_IRS ? FD_LP_INF : 1);
    score = fd_lp_add_column(lp, 1, -FD_LP_INF, FD_LP_INF);
    for (size_t k = 0; k < dims; k++)
        if ((k < d->inputs) != output)
            fd_lp_put(lp, k, score, -1);
    for (size_t u = 0; u < d->n; u++) {
        const size_t lambda = fd_lp_add_column(lp, 0, 0, without && u == self ? 0 : FD_LP_INF);

        for (size_t k = 0; k < dims; k++)
            fd_lp_put(lp, k, lambda, d->v[u * dims + k] / own[k]);
        if (rts != FD_CRS)
            fd_lp_put(lp, dims, lambda, 1);
    }
    return lp;
}

static opinion ask(const data *d, size_t self, fd_rts rts, bool output, bool without, bool slacks)
{
    const size_t dims = d->inputs + d->outputs;
    double mean[12] = { 0 };
    opinion o = { false, 0, 0 };
    fd_lp_status status;
    fd_lp *lp;

    for (size_t k = 0; k < dims; k++)
        for (size_t u = 0; u < d->n; u++)
            mean[k] += d->v[u * dims + k] / (double)d->n;
    lp = full_program(d, self, rts, output, without);
    assert_int_equal(fd_lp_solve(&status, lp), 0);
    o.feasible = status == FD_LP_OPTIMAL;
    if (o.feasible)
        o.score = fd_lp_objective(lp);
    if (o.feasible && slacks) { /* the radial score held, the slacks as columns */
        fd_lp_set_maximize(lp, true);
        fd_lp_set_objective(lp, 0, 0);
        fd_lp_set_column(lp, 0, o.score, o.score);
        for (size_t k = 0; k < dims; k++) {
            const double fixed = (k < d->inputs) != output ? 0 : 1;

            fd_lp_put(lp, k, fd_lp_add_column(lp, d->v[self * dims + k] / mean[k], 0, FD_LP_INF),
                      k < d->inputs ? 1 : -1);
            fd_lp_set_row(lp, k, fixed, fixed);
        }
        assert_int_equal(fd_lp_solve(&status, lp), 0);
        o.slacks = status == FD_LP_OPTIMAL ? fd_lp_objective(lp) : NAN;
    }
    fd_lp_free(lp);
    return o;
}

static void check_against_solver(const data *d, const fd_dea *r)
{
    static const char *const ways[] = { "in", "out" };
    char id[32], column[48];

    for (size_t u = 0; u < d->n; u++)
        for (int m = 0; m < 8; m++) {
            const bool output = m % 2;
            const fd_rts rts = (fd_rts)(m / 2);
            opinion o = ask(d, u, rts, output, false, true);

            snprintf(id, sizeof id, "u%zu", u);
            snprintf(column, sizeof column, "%s_%s", rts_names[rts], ways[output]);
            assert_near(at(r->scores, id, column), o.score, 1e-8 * fmax(1, o.score));
            if (rts > FD_VRS)
                continue;
            snprintf(column, sizeof column, "slacksum_mean_%s_%s", rts_names[rts], ways[output]);
            if (!isnan(o.slacks))
                assert_near(at(r->scores, id, column), o.slacks, 1e-6);
            o = ask(d, u, rts, output, true, false);
            snprintf(column, sizeof column, "super_%s_%s", rts_names[rts], ways[output]);
            if (!o.feasible)
                assert_true(isinf(at(r->scores, id, column)));
            else
                assert_near(at(r->scores, id, column), o.score, 1e-8 * fmax(1, fabs(o.score)));
        }
}

static void test_second_opinion(void **state)
{
    static const size_t shapes[][3] = { { 1, 1, 1 },  { 2, 2, 1 },  { 7, 1, 1 },
                                        { 25, 2, 2 }, { 40, 3, 2 }, { 30, 6, 6 } };
    const fd_dea_options o = everything();

    (void)state;
    for (int kind = 0; kind < KINDS; kind++) /* WIDE: beyond its tolerances, see test_envelope.c */
        for (size_t s = 0; s < sizeof shapes / sizeof *shapes && kind != WIDE; s++) {
            data d = make(kind, shapes[s][0], shapes[s][1], shapes[s][2], 7 + s);
            fd_table *in = table_of(&d, NULL, false);
            fd_dea r;

            assert_int_equal(fd_dea_run(&r, in, &o), 0);
            check_against_solver(&d, &r);
            fd_dea_dispose(&r);
            fd_table_free(in);
        }
}

/* ---- by hand ---- */

/* One input, one output: A (1,1), B (2,3), C (4,4), D (4,2). CRS: B leads with 3/2. VRS: the
 * frontier is A-B-C. D: 2 units of output need 1.5 of input (between A and B); with 4 of input, 4.
 */
static void test_by_hand(void **state)
{
    static const struct {
        const char *id, *column;
        double value;
    } cases[] = {
        { "u0", "crs_in", 2.0 / 3 },
        { "u1", "crs_in", 1 },
        { "u2", "crs_in", 2.0 / 3 },
        { "u3", "crs_in", 1.0 / 3 },
        { "u3", "crs_out", 3 },
        { "u0", "vrs_in", 1 },
        { "u2", "vrs_in", 1 },
        { "u3", "vrs_in", 1.5 / 4 },
        { "u3", "vrs_out", 2 },
        { "u3", "drs_in", 1.0 / 3 },
        { "u3", "irs_in", 1.5 / 4 },
        { "u2", "drs_in", 1 },
        { "u2", "irs_in", 2.0 / 3 },
        { "u3", "scale_eff_in", 8.0 / 9 },
        { "u1", "super_crs_in", 1.5 },
        { "u0", "super_vrs_in", 2 },
        { "u1", "super_vrs_out", 2.0 / 3 }, /* A and C at 2: 1 + 3/3 = 2 */
        { "u2", "super_vrs_out", 0.75 },
        { "u0", "super_vrs_out", -INFINITY },
        { "u2", "super_vrs_in", INFINITY },
        { "u1", "slacksum_mean_crs_in", 0 },
    };
    data d = { 4, 1, 1, { 1, 1, 2, 3, 4, 4, 4, 2 } };
    const fd_dea_options o = everything();
    fd_table *in = table_of(&d, NULL, false);
    fd_dea r;

    (void)state;
    assert_int_equal(fd_dea_run(&r, in, &o), 0);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        if (isinf(cases[k].value))
            assert_true(at(r.scores, cases[k].id, cases[k].column) == cases[k].value);
        else
            assert_near(at(r.scores, cases[k].id, cases[k].column), cases[k].value, 1e-12);
    assert_string_equal(
        fd_column_text(r.scores->columns[fd_table_find(r.scores, "rts_class_in")], 3), "irs");
    assert_string_equal(
        fd_column_text(r.scores->columns[fd_table_find(r.scores, "rts_class_in")], 2), "drs");
    assert_string_equal(
        fd_column_text(r.scores->columns[fd_table_find(r.scores, "rts_class_in")], 1), "crs");
    assert_string_equal(fd_column_text(r.scores->columns[fd_table_find(r.scores, "peers_vrs_in")],
                                       3),
                        "u0:0.5;u1:0.5");
    fd_dea_dispose(&r);
    fd_table_free(in);
}

/* A weakly efficient unit scores 1 and has slack: A (1,2,1), B (1,1,1), inputs first: A wastes 1 of
 * the second, whose mean is 1.5. */
static void test_weak_efficiency(void **state)
{
    data d = { 2, 2, 1, { 1, 2, 1, 1, 1, 1 } };
    const fd_dea_options o = everything();
    fd_table *in = table_of(&d, NULL, false);
    fd_dea r;

    (void)state;
    assert_int_equal(fd_dea_run(&r, in, &o), 0);
    assert_near(at(r.scores, "u0", "vrs_in"), 1, 1e-12);
    assert_near(at(r.scores, "u0", "slacksum_mean_vrs_in"), 1 / 1.5, 1e-12);
    assert_near(at(r.slacks, "u0", "in_1"), 1, 1e-12); /* in the unit of the table */
    assert_string_equal(
        fd_column_text(r.scores->columns[fd_table_find(r.scores, "peers_vrs_in")], 0), "u1:1");
    fd_dea_dispose(&r);
    fd_table_free(in);
}

/* Four corners of one face, A and its opposite a, B and b, and a unit halfway below the centre: the
 * centre is A/2 + a/2 as well as B/2 + b/2. Whoever stands first takes part. */
static void test_unique_peers(void **state)
{
    static const double corners[4][3] = {
        { 1.4, 0.8, 0.8 }, { 0.8, 1.4, 0.8 }, { 0.6, 1.2, 1.2 }, { 1.2, 0.6, 1.2 }
    };
    static const int orders[][4] = { { 0, 1, 2, 3 }, { 1, 0, 2, 3 }, { 3, 2, 0, 1 } };
    static const char *const expected[] = { "u0:0.5;u2:0.5", "u0:0.5;u3:0.5", "u0:0.5;u3:0.5" };
    const fd_dea_options o = everything();

    (void)state;
    for (size_t k = 0; k < 3; k++) {
        data d = { 5, 1, 3, { 0 } };
        fd_table *in;
        fd_dea r;

        for (size_t u = 0; u < 5; u++) {
            d.v[u * 4] = 1;
            for (size_t i = 0; i < 3; i++)
                d.v[u * 4 + 1 + i] = u < 4 ? corners[orders[k][u]][i] : 0.5;
        }
        in = table_of(&d, NULL, false);
        assert_int_equal(fd_dea_run(&r, in, &o), 0);
        assert_near(at(r.scores, "u4", "vrs_out"), 2, 1e-12);
        assert_string_equal(
            fd_column_text(r.scores->columns[fd_table_find(r.scores, "peers_vrs_out")], 4),
            expected[k]);
        fd_dea_dispose(&r);
        fd_table_free(in);
    }
}

/* ---- what must not matter, and what must hold ---- */

static void test_properties(void **state)
{
    static const double units[] = { 1e6, 1e-3, 7, 1e4, 1e-6 };
    fd_dea_options o = everything();

    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        data d = make(kind, 60, 3, 2, 99);
        fd_table *plain = table_of(&d, NULL, false), *other = table_of(&d, units, true);
        const char *id;
        fd_dea a, b;

        assert_int_equal(fd_dea_run(&a, plain, &o), 0);
        assert_int_equal(fd_dea_run(&b, other, &o), 0);
        for (size_t u = 0; u < d.n; u++) {
            id = fd_column_text(a.scores->columns[0], u);
            for (size_t c = 1; c < a.scores->column_count; c++) {
                const char *name = a.scores->columns[c]->id;
                double x;

                if (a.scores->columns[c]->kind != FD_EST)
                    continue;
                x = at(a.scores, id, name);
                if (isinf(x))
                    assert_true(x == at(b.scores, id, name));
                else
                    assert_near(x, at(b.scores, id, name),
                                (strncmp(name, "slack", 5) == 0 ? 1e-6 : 1e-9) * fmax(1, fabs(x)));
            }
            assert_true(at(a.scores, id, "crs_in") <= at(a.scores, id, "drs_in") + 1e-10);
            assert_true(at(a.scores, id, "drs_in") <= at(a.scores, id, "vrs_in") + 1e-10);
            assert_true(at(a.scores, id, "irs_in") <= at(a.scores, id, "vrs_in") + 1e-10);
            assert_true(at(a.scores, id, "vrs_in") <= 1 + 1e-12);
            assert_near(at(a.scores, id, "crs_in") * at(a.scores, id, "crs_out"), 1, 1e-10);
        }
        fd_dea_dispose(&a);
        fd_dea_dispose(&b);
        fd_table_free(plain);
        fd_table_free(other);
    }
}

/* A second copy of every unit changes no score, only super-efficiency (a twin stands in). */
static void test_duplicates(void **state)
{
    data one = make(LOGNORMAL, 40, 2, 2, 5), two = one;
    const fd_dea_options o = everything();
    fd_table *a, *b;
    fd_dea x, y;

    (void)state;
    memcpy(two.v + one.n * 4, one.v, one.n * 4 * sizeof *one.v);
    two.n = 2 * one.n;
    a = table_of(&one, NULL, false);
    b = table_of(&two, NULL, false);
    assert_int_equal(fd_dea_run(&x, a, &o), 0);
    assert_int_equal(fd_dea_run(&y, b, &o), 0);
    for (size_t u = 0; u < one.n; u++) {
        const char *id = fd_column_text(x.scores->columns[0], u);

        for (int k = 0; k < FD_RTS_COUNT; k++) {
            char column[16];

            snprintf(column, sizeof column, "%s_in", rts_names[k]);
            assert_near(at(x.scores, id, column), at(y.scores, id, column), 1e-11);
        }
        assert_near(at(y.scores, id, "super_vrs_in"), at(y.scores, id, "vrs_in"), 1e-10);
    }
    fd_dea_dispose(&x);
    fd_dea_dispose(&y);
    fd_table_free(a);
    fd_table_free(b);
}

/* The peers' mixture reaches the projection: X lambda + s = theta x, Y lambda - s = y. */
static void test_projection(void **state)
{
    data d = make(LOGNORMAL, 80, 3, 2, 11);
    const fd_dea_options o = everything();
    fd_table *in = table_of(&d, NULL, false);
    double *sum = fd_alloc(d.n * 5 * sizeof *sum);
    fd_dea r;

    (void)state;
    assert_int_equal(fd_dea_run(&r, in, &o), 0);
    for (size_t k = 0; k < r.peers->rows; k++)
        if (strcmp(fd_column_text(r.peers->columns[1], k), "vrs_in") == 0) {
            const size_t u = row_of(r.scores, fd_column_text(r.peers->columns[0], k));
            const size_t peer = row_of(r.scores, fd_column_text(r.peers->columns[2], k));

            for (size_t i = 0; i < 5; i++)
                sum[u * 5 + i] += r.peers->columns[3]->v.est[k] * d.v[peer * 5 + i];
        }
    for (size_t k = 0; k < r.slacks->rows; k++)
        if (strcmp(fd_column_text(r.slacks->columns[1], k), "vrs_in") == 0) {
            const char *id = fd_column_text(r.slacks->columns[0], k);
            const size_t u = row_of(r.scores, id);

            for (size_t i = 0; i < 5; i++) {
                const double slack = r.slacks->columns[2 + i]->v.est[k];

                assert_true(slack >= 0);
                if (i < 3)
                    assert_near(sum[u * 5 + i] + slack, at(r.scores, id, "vrs_in") * d.v[u * 5 + i],
                                1e-9);
                else
                    assert_near(sum[u * 5 + i] - slack, d.v[u * 5 + i], 1e-9);
            }
        }
    free(sum);
    fd_dea_dispose(&r);
    fd_table_free(in);
}

/* The same bytes on one thread and on several, over more units than a block holds. */
static void test_threads(void **state)
{
    enum { UNITS = 3000 };
    fd_dea_options o = FD_DEA_OPTIONS_INIT;
    fd_table *in = fd_table_new("in", "in", "in");
    uint64_t seed = 3;
    fd_dea a, b;

    (void)state;
    fd_table_add(in, fd_column_new("in_a", FD_EST, "", 12, UNITS));
    fd_table_add(in, fd_column_new("in_b", FD_EST, "", 12, UNITS));
    fd_table_add(in, fd_column_new("out_c", FD_EST, "", 12, UNITS));
    for (size_t u = 0; u < UNITS; u++)
        for (size_t k = 0; k < 3; k++)
            fd_column_set_est(in->columns[k], u, exp(2 * uniform(&seed)));
    o.slacks = o.peers = o.super = o.scale = true;
    o.threads = 1;
    assert_int_equal(fd_dea_run(&a, in, &o), 0);
    o.threads = 3;
    assert_int_equal(fd_dea_run(&b, in, &o), 0);
    for (size_t c = 1; c < a.scores->column_count; c++)
        if (a.scores->columns[c]->kind == FD_EST)
            assert_memory_equal(a.scores->columns[c]->v.est, b.scores->columns[c]->v.est,
                                UNITS * sizeof(double));
        else
            for (size_t u = 0; u < UNITS; u++)
                assert_string_equal(fd_column_text(a.scores->columns[c], u),
                                    fd_column_text(b.scores->columns[c], u));
    fd_dea_dispose(&a);
    fd_dea_dispose(&b);
    fd_table_free(in);
}

/* ---- input ---- */

static void test_bad_input(void **state)
{
    static const char *const twice[] = { "in_0", "in_0" }, *const nowhere[] = { "x" };
    data d = make(LOGNORMAL, 5, 2, 1, 1);
    fd_dea_options o = FD_DEA_OPTIONS_INIT;
    fd_table *in;
    fd_dea r;

    (void)state;
    d.v[2 * 3 + 2] = -4;
    in = table_of(&d, NULL, false);
    assert_int_equal(fd_dea_run(&r, in, &o), FD_EINVAL);
    assert_non_null(strstr(fd_error_last()->message[FD_EN], "row 4, column out_2"));
    assert_int_equal(fd_error_last()->row, 4);
    assert_int_equal(fd_error_last()->column, 4);
    fd_column_set_est(in->columns[3], 2, 0);
    assert_int_equal(fd_dea_run(&r, in, &o), FD_EINVAL);
    fd_column_set_state(in->columns[3], 2, FD_MISSING); /* left out, and said so */
    assert_int_equal(fd_dea_run(&r, in, &o), 0);
    assert_int_equal(r.scores->rows, 4);
    assert_non_null(strstr(r.scores->notes[FD_EN][1], "1 rows left out"));
    fd_dea_dispose(&r);
    o.columns.inputs = twice;
    o.columns.input_count = 2;
    assert_int_equal(fd_dea_run(&r, in, &o), FD_EINVAL);
    o.columns.inputs = nowhere;
    o.columns.input_count = 1;
    assert_int_equal(fd_dea_run(&r, in, &o), FD_ENOTFOUND);
    o.columns.inputs = NULL;
    o.columns.input_count = 0;
    fd_column_set_text(in->columns[0], 0, "u1");
    assert_int_equal(fd_dea_run(&r, in, &o), FD_EINVAL);
    assert_non_null(strstr(fd_error_last()->message[FD_EN], "u1"));
    fd_table_free(in);
    in = fd_table_new("in", "in", "in");
    assert_int_equal(fd_dea_run(&r, in, &o), FD_ENOTFOUND);
    fd_table_add_new(in, "in_a", "", "", FD_EST, "", 0);
    fd_table_add_new(in, "out_a", "", "", FD_EST, "", 0);
    assert_int_equal(fd_dea_run(&r, in, &o), FD_EINVAL);
    fd_table_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),      cmocka_unit_test(test_weak_efficiency),
        cmocka_unit_test(test_unique_peers), cmocka_unit_test(test_second_opinion),
        cmocka_unit_test(test_properties),   cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_projection),   cmocka_unit_test(test_threads),
        cmocka_unit_test(test_bad_input),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
