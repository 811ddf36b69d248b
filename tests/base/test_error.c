/* Errors, findings, the pool, digests, bitmaps. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/bits.h"
#include "base/diag.h"
#include "base/digest.h"
#include "base/pool.h"
#include "base/str.h"

static void an_error_says_everything(void **state)
{
    char text[512];

    (void)state;
    assert_int_equal(fd_error_set(FD_EPARSE, "不是数:%s", "not a number: %s", "十二"), FD_EPARSE);
    fd_error_detail("应为数", "a number was expected");
    fd_error_hint("看第 %d 列", "see column %d", 3);
    fd_error_at((fd_place){ "调度表.csv", NULL, 12, 3 });
    fd_error_format(fd_error_last(), FD_ZH, text, sizeof text);
    assert_string_equal(text,
                        "调度表.csv 第 12 行 第 3 列: 不是数:十二\n  应为数\n  建议:看第 3 列");
    fd_error_format(fd_error_last(), FD_EN, text, sizeof text);
    assert_string_equal(text, "调度表.csv row 12 column 3: not a number: 十二\n  a number was "
                              "expected\n  hint: see column 3");
    assert_int_equal(fd_error_format(fd_error_last(), FD_ZH, text, 5),
                     strlen(
                         "调度表.csv 第 12 行 第 3 列: 不是数:十二\n  应为数\n  建议:看第 3 列"));
    /* a message made from the one it replaces */
    fd_error_set(FD_EIO, "外:%s", "outer: %s", fd_error_last()->message[FD_EN]);
    assert_string_equal(fd_error_last()->message[FD_EN], "outer: not a number: 十二");
    assert_string_equal(fd_error_last()->hint[FD_ZH], "");
    assert_string_equal(fd_code_name(FD_ENOMEM), "no-memory");
    assert_string_equal(fd_code_name(7), "unknown");
    assert_string_equal(fd_code_name(-99), "unknown");
    fd_error_clear();
    assert_int_equal(fd_error_last()->code, 0);
}

static void findings_are_counted_past_their_limit(void **state)
{
    fd_diags d = FD_DIAGS_INIT;

    (void)state;
    d.limit = 3;
    for (int i = 0; i < 10; i++)
        fd_diags_add(&d, i % 2 ? FD_WARNING : FD_FAULT, "rule", (fd_place){ "f", NULL, i + 1, 0 },
                     "第 %d 处", "place %d", i);
    assert_int_equal(d.faults, 5);
    assert_int_equal(d.warnings, 5);
    assert_true(d.list.count <= 4);
    assert_int_equal(d.list.items[0]->error.row, 1);
    assert_string_equal(d.list.items[1]->error.message[FD_EN], "place 1");
    fd_error_set(FD_EUNIT, "单位", "unit");
    fd_diags_take_last(&d, FD_FAULT, "last");
    assert_int_equal(fd_error_last()->code, 0);
    fd_diags_dispose(&d);
}

typedef struct job {
    int hits[1000];
    bool fail;
} job;

static int touch(void *payload, size_t i)
{
    job *j = payload;

    __atomic_add_fetch(&j->hits[i], 1, __ATOMIC_RELAXED);
    if (j->fail && i % 100 == 37)
        return fd_error_set(FD_EINVAL, "第 %zu 件", "item %zu", i);
    return 0;
}

static void every_index_once_and_the_first_failure(void **state)
{
    static const size_t threads[] = { 1, 2, 4 };

    (void)state;
    for (size_t t = 0; t < 3; t++) {
        fd_pool *pool = fd_pool_new(threads[t]);

        assert_int_equal(fd_pool_threads(pool), threads[t]);
        for (int round = 0; round < 20; round++) {
            job j;

            memset(&j, 0, sizeof j);
            j.fail = round % 2;
            assert_int_equal(fd_pool_run(pool, 1000, touch, &j), j.fail ? FD_EINVAL : 0);
            for (size_t i = 0; i < 1000; i++)
                assert_int_equal(j.hits[i], 1);
            if (j.fail)
                assert_string_equal(fd_error_last()->message[FD_EN], "item 37");
        }
        fd_pool_free(pool);
    }
    assert_int_equal(fd_pool_run(NULL, 0, touch, NULL), 0);
}

static void digests(void **state)
{
    char hex[65];

    (void)state;
    fd_digest_of("abc", 3, hex); /* FIPS 180-2, appendix B.1 */
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(fd_digest_file("/nonexistent/file", hex), FD_ENOTFOUND);
}

static void bitmaps(void **state)
{
    uint64_t bits[3];

    (void)state;
    for (size_t n = 0; n <= 180; n++) {
        memset(bits, 0, sizeof bits);
        fd_bits_fill(bits, n);
        assert_int_equal(fd_bits_count(bits, 180), n);
        for (size_t i = 0; i < 180; i++)
            assert_int_equal(fd_bits_get(bits, i), i < n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_says_everything),
        cmocka_unit_test(findings_are_counted_past_their_limit),
        cmocka_unit_test(every_index_once_and_the_first_failure),
        cmocka_unit_test(digests),
        cmocka_unit_test(bitmaps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
