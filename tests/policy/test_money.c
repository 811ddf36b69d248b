/* Shares to the fen, pools, kernels against plain loops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fangding/policy.h"
#include "policy/kernel.h"

static uint64_t seed = 2463534242u;

static uint64_t roll(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % n;
}

static void test_shares_add_up(void **state)
{
    (void)state;
    for (int round = 0; round < 2000; round++) {
        int64_t weights[9], parts[9], sum = 0, total = 0,
                                      amount = (int64_t)roll(INT64_C(9000000000000000));
        size_t n = 1 + (size_t)roll(9);

        for (size_t i = 0; i < n; i++)
            total += weights[i] = (int64_t)roll(1000);
        if (!total) {
            assert_int_equal(fd_share_out(parts, amount, weights, n), FD_EINVAL);
            continue;
        }
        assert_int_equal(fd_share_out(parts, amount, weights, n), 0);
        for (size_t i = 0; i < n; i++) {
            fd_i128 exact = (fd_i128)amount * weights[i];

            sum += parts[i];
            assert_true(parts[i] == (int64_t)(exact / total) ||
                        parts[i] == (int64_t)(exact / total) + 1);
        }
        assert_true(sum == amount);
    }
}

static void test_largest_remainder(void **state)
{
    static const int64_t thirds[3] = { 1, 1, 1 }, uneven[3] = { 5, 3, 2 };
    int64_t parts[3];

    (void)state;
    assert_int_equal(fd_share_out(parts, 100, thirds, 3), 0);
    assert_true(parts[0] == 34 && parts[1] == 33 && parts[2] == 33);
    assert_int_equal(fd_share_out(parts, 11, uneven, 3), 0); /* 5.5 3.3 2.2 */
    assert_true(parts[0] == 6 && parts[1] == 3 && parts[2] == 2);
}

static void test_pools(void **state)
{
    static const int64_t claims[4] = { 100, 200, 300, 400 };
    int64_t paid[4];

    (void)state;
    assert_int_equal(fd_pool_pay(paid, claims, 4, 350, FD_POOL_ORDER), 0);
    assert_true(paid[0] == 100 && paid[1] == 200 && paid[2] == 50 && paid[3] == 0);
    assert_int_equal(fd_pool_pay(paid, claims, 4, 333, FD_POOL_RATA), 0);
    assert_true(paid[0] + paid[1] + paid[2] + paid[3] == 333);
    assert_true(paid[0] == 33 && paid[3] == 133);
    assert_int_equal(fd_pool_pay(paid, claims, 4, 5000, FD_POOL_RATA), 0);
    assert_true(paid[3] == 400);
}

static bool holds(fd_expr_kind r, int64_t x, int64_t y)
{
    return r == FD_EXPR_EQ   ? x == y
           : r == FD_EXPR_NE ? x != y
           : r == FD_EXPR_LT ? x < y
           : r == FD_EXPR_LE ? x <= y
           : r == FD_EXPR_GT ? x > y
                             : x >= y;
}

static void test_kernels(void **state)
{
    static int64_t a[256], b[256], s[256], out[256];
    static const int64_t edges[2] = { -5, 40 }, table[3] = { 7, -2, 3 };
    const fd_policy_kernels *k = fd_policy__kernels();
    uint64_t bits[4];

    (void)state;
    for (int round = 0; round < 300; round++) {
        int64_t ka = (int64_t)roll(2000) - 1000, kb = (int64_t)roll(2000) - 1000;
        fd_expr_kind r = FD_EXPR_EQ + (fd_expr_kind)roll(6);

        for (size_t i = 0; i < 256; i++) {
            int64_t range = roll(2) ? 50 : INT64_C(4000000000000);

            a[i] = (int64_t)roll((uint64_t)range * 2) - range;
            b[i] = roll(4) ? (int64_t)roll((uint64_t)range * 2) - range : a[i];
            s[i] = (int64_t)roll(100) - 50;
        }
        k->compare(bits, a, ka, b, kb, r, 4);
        for (size_t i = 0; i < 256; i++)
            assert_int_equal(bits[i / 64] >> (i % 64) & 1, holds(r, a[i] * ka, b[i] * kb));
        k->compare(bits, a, 1, NULL, kb, r, 4);
        for (size_t i = 0; i < 256; i++)
            assert_int_equal(bits[i / 64] >> (i % 64) & 1, holds(r, a[i], kb));
        k->bands(bits, a, ka, b, s, edges, table, 2, r, 4);
        for (size_t i = 0; i < 256; i++)
            assert_int_equal(bits[i / 64] >> (i % 64) & 1, holds(r, a[i] * ka,
                                                                 b[i] * table[s[i] <= -5   ? 0
                                                                              : s[i] <= 40 ? 1
                                                                                           : 2]));
        k->linear(out, a, ka, b, kb, 256);
        for (size_t i = 0; i < 256; i++)
            assert_true(out[i] == a[i] * ka + b[i] * kb);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares_add_up),
        cmocka_unit_test(test_largest_remainder),
        cmocka_unit_test(test_pools),
        cmocka_unit_test(test_kernels),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
