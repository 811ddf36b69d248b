/* Regional tables: quotients, balancing, and years. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/region_io.h"

static uint64_t seed = 88172645463325252u;

static double roll(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (double)(seed >> 11) / 9007199254740992.0;
}

static void near(double a, double b, double tolerance)
{
    if (fabs(a - b) > tolerance * fmax(1, fabs(b)))
        fail_msg("%.15g, expected %.15g", a, b);
}

enum { N = 3 };
static const double national[N * N] = { 0.1, 0.08, 0.02, 0.2, 0.35, 0.15, 0.1, 0.15, 0.2 };
static const double nation[N] = { 100, 400, 300 };

/* Worked by hand: shares of the region 1/9, 6/9, 2/9 against 1/8, 4/8, 3/8. */
static void quotients_by_hand(void **state)
{
    static const double region[N] = { 10, 60, 20 };
    double slq[N], r[N * N];
    const double lambda = fd_region_lambda(region, nation, N, 0.3);
    size_t at;

    (void)state;
    assert_int_equal(fd_region_slq(slq, &at, region, nation, N), 0);
    near(slq[0], 8.0 / 9, 1e-14);
    near(slq[1], 4.0 / 3, 1e-14);
    near(slq[2], 16.0 / 27, 1e-14);
    near(lambda, pow(log2(1 + 90.0 / 800), 0.3), 1e-14);
    fd_region_coefficients(r, national, slq, N, FD_QUOTIENT_SLQ, 1);
    near(r[0 * N + 1], 0.08 * 8 / 9, 1e-14);
    near(r[1 * N + 0], 0.2, 1e-14); /* capped at the nation's */
    fd_region_coefficients(r, national, slq, N, FD_QUOTIENT_CILQ, 1);
    near(r[0 * N + 1], 0.08 * (8.0 / 9) / (4.0 / 3), 1e-14);
    near(r[2 * N + 2], 0.2, 1e-14);
    fd_region_coefficients(r, national, slq, N, FD_QUOTIENT_CILQ_SLQ, 1);
    near(r[2 * N + 2], 0.2 * 16 / 27, 1e-14);
    fd_region_coefficients(r, national, slq, N, FD_QUOTIENT_FLQ, lambda);
    near(r[0 * N + 1], 0.08 * lambda * 2 / 3, 1e-14);
    fd_region_coefficients(r, national, slq, N, FD_QUOTIENT_AFLQ, lambda);
    near(r[0 * N + 1], 0.08 * lambda * 2 / 3 * log2(1 + 4.0 / 3), 1e-14);
}

/* A region that is the nation in small has the nation's coefficients; delta 0 makes FLQ the CILQ.
 */
static void limits_of_quotients(void **state)
{
    double region[N], slq[N], r[N * N], flq[N * N];
    size_t at;

    (void)state;
    for (size_t i = 0; i < N; i++)
        region[i] = nation[i] * 0.07;
    assert_int_equal(fd_region_slq(slq, &at, region, nation, N), 0);
    for (int q = FD_QUOTIENT_SLQ; q <= FD_QUOTIENT_CILQ_SLQ; q++) {
        fd_region_coefficients(r, national, slq, N, (fd_quotient)q, 1);
        for (size_t k = 0; k < N * N; k++)
            near(r[k], national[k], 1e-12);
    }
    near(fd_region_lambda(region, nation, N, 0), 1, 1e-15);
    region[1] = 0; /* it has no industry */
    assert_int_equal(fd_region_slq(slq, &at, region, nation, N), 0);
    fd_region_coefficients(r, national, slq, N, FD_QUOTIENT_CILQ_SLQ, 1);
    fd_region_coefficients(flq, national, slq, N, FD_QUOTIENT_FLQ, 1);
    for (size_t i = 0; i < N; i++) {
        assert_true(r[i * N + 1] == 0 && r[1 * N + i] == 0);
        for (size_t j = 0; j < N; j++)
            near(flq[i * N + j], r[i * N + j], 1e-15);
    }
    region[0] = -1;
    assert_int_equal(fd_region_slq(slq, &at, region, nation, N), FD_EINVAL);
    assert_int_equal(at, 0);
}

static void totals_of(const double *z, size_t m, size_t n, double *rows, double *columns)
{
    memset(rows, 0, m * sizeof *rows);
    memset(columns, 0, n * sizeof *columns);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            rows[i] += z[i * n + j];
            columns[j] += z[i * n + j];
        }
}

/* Random tables: totals met, signs and zeros kept, and for positive tables RAS and GRAS agree. */
static void balancing_meets_totals(void **state)
{
    enum { M = 7, K = 5 };

    (void)state;
    for (int round = 0; round < 60; round++) {
        double z[M * K], ras[M * K], gras[M * K], aim[M * K], rows[M], columns[K], r[M], c[K];
        const bool signs = round % 2;
        fd_balance_report report;

        for (size_t k = 0; k < M * K; k++) {
            z[k] = roll() < 0.15 ? 0 : exp(4 * roll() - 2);
            aim[k] = z[k] * exp(roll() - 0.5);
            if (signs && roll() < 0.2) {
                z[k] = -z[k];
                aim[k] = -aim[k];
            }
        }
        totals_of(aim, M, K, rows, columns);
        memcpy(gras, z, sizeof z);
        if (fd_gras(gras, M, K, rows, columns, 1e-12, &report) < 0)
            fail_msg("round %d: %s", round, fd_error_last()->message[FD_EN]);
        assert_in_range(report.iterations, 0, 60);
        totals_of(gras, M, K, r, c);
        for (size_t i = 0; i < M; i++)
            near(r[i], rows[i], 1e-9);
        for (size_t j = 0; j < K; j++)
            near(c[j], columns[j], 1e-9);
        for (size_t k = 0; k < M * K; k++)
            assert_true((z[k] > 0) == (gras[k] > 0) && (z[k] < 0) == (gras[k] < 0));
        if (signs)
            continue;
        memcpy(ras, z, sizeof z);
        assert_int_equal(fd_ras(ras, M, K, rows, columns, 1e-13, &report), 0);
        for (size_t k = 0; k < M * K; k++)
            near(ras[k], gras[k], 1e-8);
    }
}

static void what_cannot_be_balanced(void **state)
{
    double zero_row[4] = { 0, 0, 3, 4 }, negative[4] = { 1, -2, 3, 4 }, one_way[4] = { 1, 0, 1, 1 };
    const double rows[2] = { 3, 4 }, columns[2] = { 2, 5 }, more[2] = { 3, 5 };
    fd_balance_report report;

    (void)state;
    assert_int_equal(fd_ras(zero_row, 2, 2, rows, columns, 1e-10, &report), FD_EINVAL);
    assert_int_equal(report.at, 0);
    assert_int_equal(fd_ras(negative, 2, 2, rows, columns, 1e-10, &report), FD_EINVAL);
    assert_int_equal(fd_ras(one_way, 2, 2, rows, more, 1e-10, &report),
                     FD_EINVAL); /* 7 against 8 */
    /* row 1 sells to column 1 only, which takes 2 and not 3 */
    assert_int_equal(fd_ras(one_way, 2, 2, rows, columns, 1e-10, &report), FD_EINFEASIBLE);
    assert_true(report.at == 0 || report.at == 2);
    memcpy(one_way, (double[]){ 1, 0, 1, 1 }, sizeof one_way);
    assert_int_equal(fd_gras(one_way, 2, 2, rows, columns, 1e-10, &report), FD_EINFEASIBLE);
}

/* One year of capital that is not needed is the static model; both steps are checked by
 * substitution. */
static void years_satisfy_their_equations(void **state)
{
    enum { T = 5 };
    double y[N * T], x[N * T], b[N * N], none[N * N] = { 0 }, steady[N * T];

    (void)state;
    for (size_t k = 0; k < N * T; k++)
        y[k] = 1 + roll();
    for (size_t k = 0; k < N * N; k++)
        b[k] = 0.3 * roll();
    assert_int_equal(fd_dynamic_leontief(x, national, b, y, N, T), 0);
    for (size_t t = 0; t < T; t++)
        for (size_t i = 0; i < N; i++) {
            double right = y[i * T + t];

            for (size_t j = 0; j < N; j++) {
                const double after = t + 1 < T ? x[j * T + t + 1] : x[j * T + t];

                right += national[i * N + j] * x[j * T + t] + b[i * N + j] * (after - x[j * T + t]);
            }
            near(x[i * T + t], right, 1e-12);
        }
    assert_int_equal(fd_dynamic_leontief(x, national, none, y, N, T), 0);
    assert_int_equal(fd_output_path(steady, national, y, N, T), 0);
    for (size_t k = 0; k < N * T; k++)
        near(x[k], steady[k], 1e-12);
}

static void a_project_is_built_then_run(void **state)
{
    static const double build[N] = { 0, 60, 20 }, operate[N] = { 2, 20, 8 },
                        local[N] = { 1, .5, .9 };
    static const double ramp[2] = { 0.4, 1 };
    double y[N * 5];

    (void)state;
    fd_project_demand(y, build, operate, local, N, 2, ramp, 2, 5);
    near(y[1 * 5 + 0], 15, 1e-15);
    near(y[1 * 5 + 1], 15, 1e-15);
    near(y[1 * 5 + 2], 4, 1e-15);
    near(y[1 * 5 + 4], 10, 1e-15);
    near(y[0 * 5 + 3], 2, 1e-15);
}

static void samples_repeat_and_surround(void **state)
{
    fd_region_spread a[N], b[N], none[N];
    double m[N];

    (void)state;
    assert_int_equal(fd_region_multipliers(m, national, N), 0);
    assert_int_equal(fd_region_sample(a, national, N, 200, 0.1, 7), 0);
    assert_int_equal(fd_region_sample(b, national, N, 200, 0.1, 7), 0);
    assert_memory_equal(a, b, sizeof a);
    assert_int_equal(fd_region_sample(none, national, N, 10, 0, 7), 0);
    for (size_t j = 0; j < N; j++) {
        assert_true(a[j].low < m[j] && m[j] < a[j].high);
        near(none[j].mean, m[j], 1e-12);
        near(none[j].sd, 0, 1e-12);
    }
    assert_int_equal(fd_region_sample(a, national, N, 1, 0.1, 7), FD_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotients_by_hand),
        cmocka_unit_test(limits_of_quotients),
        cmocka_unit_test(balancing_meets_totals),
        cmocka_unit_test(what_cannot_be_balanced),
        cmocka_unit_test(years_satisfy_their_equations),
        cmocka_unit_test(a_project_is_built_then_run),
        cmocka_unit_test(samples_repeat_and_surround),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
