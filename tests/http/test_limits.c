/* Buckets of tokens, with a clock of their own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "http/limits.h"

static void test_bucket(void **state)
{
    /* 2 a second, 3 at once */
    static const struct {
        int64_t at_ms;
        const char *key;
        int64_t wait; /* 0: let through */
    } steps[] = {
        { 1000, "a", 0 },   { 1000, "a", 0 },   { 1000, "a", 0 },
        { 1000, "a", 500 }, { 1000, "b", 0 }, /* another address has its own */
        { 1400, "a", 100 }, { 1500, "a", 0 },   { 1500, "a", 500 },
        { 9000, "a", 0 },   { 9000, "a", 0 },   { 9000, "a", 0 },
        { 9000, "a", 500 }, { 8000, "a", 500 }, /* a clock that goes back gives nothing */
    };
    fd_limits *l = fd_limits_new(2, 3, 64);

    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        assert_int_equal(fd_limits_take(l, steps[i].key, steps[i].at_ms), steps[i].wait);
    fd_limits_free(l);
}

static void test_off(void **state)
{
    fd_limits *l = fd_limits_new(0, 0, 4);

    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(fd_limits_take(l, "a", 0), 0);
    fd_limits_free(l);
}

/* An address that asks all the time is not forgotten because many others come. */
static void test_crowd(void **state)
{
    fd_limits *l = fd_limits_new(1, 2, 16);
    char key[32];

    (void)state;
    (void)fd_limits_take(l, "busy", 0);
    (void)fd_limits_take(l, "busy", 0);
    for (int i = 0; i < 200; i++) {
        snprintf(key, sizeof key, "other%d", i);
        (void)fd_limits_take(l, key, 1);
    }
    assert_true(fd_limits_take(l, "busy", 2) > 0);
    fd_limits_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_bucket), cmocka_unit_test(test_off),
                                        cmocka_unit_test(test_crowd) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
