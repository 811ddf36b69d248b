#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "fangding/error.h"
#include "solve/linear.h"

static double random_of(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) * 0x1p-53;
}

static void inverse(void **state)
{
    enum { N = 37 };
    double *a = fd_alloc(N * N * sizeof *a), *b = fd_alloc(N * N * sizeof *b);
    double singular[] = { 1, 2, 2, 4 };
    uint64_t seed = 1;

    (void)state;
    for (size_t i = 0; i < N * N; i++)
        a[i] = b[i] = random_of(&seed) - 0.5 + (i % (N + 1) == 0) * 4;
    assert_int_equal(fd_linear_invert(b, N), 0);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            double sum = 0;

            for (size_t k = 0; k < N; k++)
                sum += a[i * N + k] * b[k * N + j];
            assert_true(fabs(sum - (i == j)) < 1e-13);
        }
    assert_int_equal(fd_linear_invert(singular, 2), FD_EINFEASIBLE);
    assert_int_equal(fd_linear_invert(singular, 0), FD_EINVAL);
    free(a);
    free(b);
}

static void rows_and_right_sides(void **state)
{
    double a[] = { 2, 1, 1, 3 }, b[] = { 3, 5, 5, 10 };

    (void)state;
    assert_int_equal(fd_linear_solve(a, b, 2, 2), 0);
    assert_true(fabs(b[0] - 0.8) < 1e-15 && fabs(b[1] - 1) < 1e-15);
    assert_true(fabs(b[2] - 1.4) < 1e-15 && fabs(b[3] - 3) < 1e-15);
}

/* A sparse matrix with column sums below one; 11 right-hand sides are two blocks. */
static void iteration(void **state)
{
    enum { N = 300, K = 11 };
    double *m = fd_alloc(N * N * sizeof *m), *divisor = fd_alloc(N * sizeof *divisor);
    double *b = fd_alloc(N * K * sizeof *b), *x = fd_alloc(N * K * sizeof *x);
    double *again = fd_alloc(N * K * sizeof *again);
    fd_pool *two = fd_pool_new(2);
    fd_linear_report report;
    fd_sparse s;
    uint64_t seed = 5;

    (void)state;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            if (random_of(&seed) < 0.1)
                divisor[j] += m[i * N + j] = random_of(&seed);
    for (size_t j = 0; j < N; j++)
        divisor[j] = j == 7 ? 0 : divisor[j] / 0.9; /* a sector without output */
    for (size_t i = 0; i < N * K; i++)
        b[i] = i % K == 4 ? 0 : random_of(&seed) - 0.3; /* one right-hand side is nothing */
    fd_sparse_init(&s, N);
    for (size_t i = 0; i < N; i++)
        fd_sparse_append(&s, m + i * N, 1, divisor);
    assert_int_equal(fd_sparse_solve(&s, b, x, K, 1e-13, NULL, &report), 0);
    assert_true(report.residual <= 1e-13 && report.iterations > 0);
    for (size_t c = 0; c < K; c++)
        for (size_t i = 0; i < N; i++) {
            double sum = x[i * K + c];

            for (size_t j = 0; j < N; j++)
                if (divisor[j] != 0)
                    sum -= m[i * N + j] / divisor[j] * x[j * K + c];
            assert_true(fabs(sum - b[i * K + c]) < 1e-11);
        }
    assert_int_equal(fd_sparse_solve(&s, b, again, K, 1e-13, two, NULL), 0);
    assert_memory_equal(x, again, N * K * sizeof *x);
    assert_int_equal(fd_sparse_solve(&s, b, b, K, 1e-13, NULL, NULL), 0);
    assert_memory_equal(x, b, N * K * sizeof *x);
    fd_sparse_dispose(&s);
    fd_pool_free(two);
    free(m);
    free(divisor);
    free(b);
    free(x);
    free(again);
}

/* Above radius 1 there may be a solution, but not one that a series reaches: said, or right. */
static void no_radius(void **state)
{
    static const double m[] = { 1, 0, 0, 0.5 }, b[] = { 1, 1 };
    double x[2];
    fd_sparse s;

    (void)state;
    fd_sparse_init(&s, 2);
    fd_sparse_append(&s, m, 1, NULL);
    fd_sparse_append(&s, m + 2, 1, NULL);
    assert_int_equal(fd_sparse_solve(&s, b, x, 1, 1e-12, NULL, NULL), FD_ENOCONV);
    fd_sparse_dispose(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inverse),
        cmocka_unit_test(rows_and_right_sides),
        cmocka_unit_test(iteration),
        cmocka_unit_test(no_radius),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
