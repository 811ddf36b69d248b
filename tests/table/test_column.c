#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <string.h>

#include "base/bits.h"
#include "fangding/source.h"
#include "fangding/table.h"

static const char *format(const fd_column *c, size_t row, fd_lang lang, char buf[80])
{
    size_t length = fd_column_format(c, row, lang, buf, 80);

    assert_int_equal(length, strlen(buf));
    return buf;
}

static void test_states(void **state)
{
    static const fd_state states[] = { FD_HAS, FD_DOUBT, FD_NA, FD_MISSING };
    fd_column *c = fd_column_new("x", FD_DEC, "万元", 2, 130);

    (void)state;
    for (size_t r = 0; r < 130; r++)
        assert_int_equal(fd_column_state(c, r), FD_MISSING);
    /* every state after every other, at both ends of a word */
    for (size_t a = 0; a < 4; a++)
        for (size_t b = 0; b < 4; b++)
            for (size_t r = 63; r <= 129; r += 33) {
                fd_column_set_dec(c, r, 1234);
                fd_column_set_state(c, r, states[a]);
                fd_column_set_state(c, r, states[b]);
                assert_int_equal(fd_column_state(c, r), states[b]);
            }
    fd_column_set_dec(c, 1, 1234);
    fd_column_set_state(c, 1, FD_DOUBT);
    assert_int_equal(c->v.dec[1], 1234); /* a disputed number stays */
    fd_column_set_state(c, 1, FD_NA);
    assert_int_equal(c->v.dec[1], 0); /* a number that does not exist goes */
    fd_column_set_dec(c, 1, 5);
    assert_int_equal(fd_column_state(c, 1), FD_HAS);
    fd_column_unref(c);
}

static void test_resize_keeps_and_clears(void **state)
{
    fd_column *c = fd_column_new("x", FD_TEXT, "", 0, 0);

    (void)state;
    for (size_t r = 0; r < 1000; r++) {
        fd_column_resize(c, r + 1);
        assert_int_equal(fd_column_state(c, r), FD_MISSING);
        if (r % 3 == 0)
            fd_column_set_text(c, r, r % 2 ? "一" : "二");
        else if (r % 3 == 1)
            fd_column_set_state(c, r, FD_NA);
    }
    assert_int_equal(fd_dict_count(c->dict), 2);
    assert_string_equal(fd_column_text(c, 999), "一");
    assert_string_equal(fd_column_text(c, 996), "二");
    assert_null(fd_column_text(c, 998));
    fd_column_resize(c, 10);
    fd_column_resize(c, 1000);
    assert_int_equal(fd_column_state(c, 9), FD_HAS);
    for (size_t r = 10; r < 1000; r++)
        assert_int_equal(fd_column_state(c, r), FD_MISSING);
    fd_column_set_text(c, 0, NULL);
    assert_int_equal(fd_column_state(c, 0), FD_MISSING);
    fd_column_unref(c);
}

static void test_formats(void **state)
{
    fd_column *dec = fd_column_new("d", FD_DEC, "万元", 4, 4),
              *quot = fd_column_new("q", FD_QUOT, "", 0, 1),
              *est = fd_column_new("e", FD_EST, "", 0, 1),
              *day = fd_column_new("t", FD_DATE, "", 0, 1),
              *period = fd_column_new("p", FD_PERIOD, "", 0, 1),
              *flag = fd_column_new("b", FD_BOOL, "", 0, 1),
              *words = fd_column_new("w", FD_TEXT, "", 0, 2);
    static const fd_na_words verdicts[] = { { "even", { "看不出差别", "no difference" } },
                                            { NULL, { NULL, NULL } } };
    char buf[80], tiny[4];
    fd_quot q;

    (void)state;
    fd_column_set_dec(dec, 0, -1234567);
    assert_string_equal(format(dec, 0, FD_ZH, buf), "-123.4567");
    dec->digits = 1;
    assert_string_equal(format(dec, 0, FD_ZH, buf), "-123.5");
    fd_column_set_dec(dec, 1, 2500);
    fd_column_set_dec(dec, 2, 3500);
    assert_string_equal(format(dec, 1, FD_ZH, buf), "0.2"); /* 0.25: halves to the even digit */
    assert_string_equal(format(dec, 2, FD_ZH, buf), "0.4");
    assert_string_equal(format(dec, 3, FD_ZH, buf), "缺报");
    assert_string_equal(format(dec, 3, FD_EN, buf), "missing");
    fd_column_set_state(dec, 3, FD_NA);
    assert_string_equal(format(dec, 3, FD_ZH, buf), "不适用");
    assert_int_equal(fd_column_format(dec, 0, FD_ZH, tiny, sizeof tiny), 6);
    assert_string_equal(tiny, "-12");
    assert_int_equal(fd_quot_make(&q, 1, 3), 0);
    fd_column_set_quot(quot, 0, q);
    assert_string_equal(format(quot, 0, FD_ZH, buf), "0.3333");
    quot->digits = 1;
    assert_string_equal(format(quot, 0, FD_ZH, buf), "0.3");
    fd_column_set_est(est, 0, 1234.5678);
    assert_string_equal(format(est, 0, FD_ZH, buf), "1234.57");
    est->digits = 1;
    assert_string_equal(format(est, 0, FD_ZH, buf), "1234.6");
    fd_column_set_day(day, 0, fd_date_make(2024, 2, 29));
    assert_string_equal(format(day, 0, FD_ZH, buf), "2024-02-29");
    fd_column_set_day(period, 0, fd_period_cumulative(2024, 3));
    assert_string_equal(format(period, 0, FD_ZH, buf), "2024-01..03");
    fd_column_set_bool(flag, 0, true);
    assert_string_equal(format(flag, 0, FD_ZH, buf), "是");
    assert_string_equal(format(flag, 0, FD_EN, buf), "yes");
    fd_column_set_text(words, 0, "even");
    fd_column_set_text(words, 1, "other");
    words->words = verdicts;
    assert_string_equal(format(words, 0, FD_ZH, buf), "看不出差别");
    assert_string_equal(format(words, 0, FD_EN, buf), "no difference");
    assert_string_equal(format(words, 1, FD_ZH, buf), "other");
    assert_string_equal(fd_column_text(words, 0), "even");
    fd_column_unref(words);
    flag->digits = 0; /* a number: a byte a cell, printed as 1 and 0 */
    assert_string_equal(format(flag, 0, FD_ZH, buf), "1");
    fd_column_unref(dec);
    fd_column_unref(quot);
    fd_column_unref(est);
    fd_column_unref(day);
    fd_column_unref(period);
    fd_column_unref(flag);
}

static void test_numbers(void **state)
{
    fd_column *dec = fd_column_new("d", FD_DEC, "", 2, 2),
              *quot = fd_column_new("q", FD_QUOT, "", 0, 3),
              *est = fd_column_new("e", FD_EST, "", 0, 3);
    fd_number n;

    (void)state;
    fd_column_set_dec(dec, 0, 150);
    fd_column_set_state(dec, 0, FD_DOUBT);
    n = fd_column_number(dec, 0);
    assert_int_equal(n.state, FD_DOUBT);
    assert_false(n.is_estimate);
    assert_true(n.exact.num == 3 && n.exact.den == 2);
    fd_column_set_number(quot, 0, n);
    fd_column_set_number(est, 0, n);
    assert_int_equal(fd_column_state(quot, 0), FD_DOUBT);
    assert_int_equal(fd_column_state(est, 0), FD_DOUBT);
    assert_true(est->v.est[0] == 1.5);
    fd_column_set_number(quot, 1, fd_column_number(dec, 1));
    assert_int_equal(fd_column_state(quot, 1), FD_MISSING);
    fd_column_set_number(est, 1, fd_number_na());
    assert_int_equal(fd_column_state(est, 1), FD_NA);
    assert_true(isnan(fd_number_to_double(fd_column_number(est, 1))));
    fd_column_set_contributors(quot, 2, 7, 3.5, 1.5);
    assert_int_equal(quot->contributors[2], 7);
    assert_int_equal(quot->contributors[0], 0);
    fd_column_resize(quot, 500);
    assert_true(quot->top1[2] == 3.5 && quot->top2[2] == 1.5 && quot->contributors[499] == 0);
    fd_column_unref(dec);
    fd_column_unref(quot);
    fd_column_unref(est);
}

static void *share(void *payload)
{
    for (int i = 0; i < 20000; i++)
        fd_column_unref(fd_column_ref(payload));
    return NULL;
}

static void test_references_count_across_threads(void **state)
{
    fd_column *c = fd_column_new("x", FD_DEC, "", 0, 1);
    pthread_t threads[4];

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, share, c), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(c->refs, 1);
    fd_column_unref(c);
    fd_column_unref(NULL);
}

static void test_dictionary(void **state)
{
    fd_dict *dict = fd_dict_new(), *again = fd_dict_ref(dict);
    uint32_t index;

    (void)state;
    assert_int_equal(fd_dict_add(dict, "林州", 6), 0);
    assert_int_equal(fd_dict_add(dict, "滑县", 6), 1);
    assert_int_equal(fd_dict_add(dict, "林州", 6), 0);
    assert_int_equal(fd_dict_add(dict, "", 0), 2);
    assert_true(fd_dict_find(dict, "滑县", 6, &index));
    assert_int_equal(index, 1);
    assert_false(fd_dict_find(dict, "滑", 3, &index));
    assert_string_equal(fd_dict_text(dict, 2), "");
    fd_dict_unref(dict);
    assert_int_equal(fd_dict_count(again), 3);
    fd_dict_unref(again);
    fd_dict_unref(NULL);
}

static void test_basis_names(void **state)
{
    fd_basis b;

    (void)state;
    for (int i = FD_CURRENT; i <= FD_PUBLISHED; i++)
        for (int lang = FD_ZH; lang <= FD_EN; lang++) {
            assert_int_equal(fd_basis_parse(&b, fd_basis_name((fd_basis)i, (fd_lang)lang)), 0);
            assert_int_equal(b, i);
        }
    assert_int_equal(fd_basis_parse(&b, "上年"), 0);
    assert_int_equal(b, FD_COMPARATIVE);
    assert_int_equal(fd_basis_parse(&b, "去年"), FD_EPARSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_resize_keeps_and_clears),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_references_count_across_threads),
        cmocka_unit_test(test_dictionary),
        cmocka_unit_test(test_basis_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
