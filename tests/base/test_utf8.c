/* UTF-8 validity, widths, folding, nearest names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static void faults_are_found(void **state)
{
    static const struct {
        const char *text;
        long bad; /* offset of the fault, -1 valid */
    } cases[] = {
        { "abc", -1 },
        { "安阳", -1 },
        { "\xF0\xA0\x80\x80", -1 },
        { "a\x80", 1 },
        { "\xC0\xAF", 0 },
        { "\xC1\xBF", 0 },
        { "\xE0\x80\xAF", 0 },
        { "\xED\xA0\x80", 0 },
        { "\xEF\xBF\xBF", -1 },
        { "\xF4\x8F\xBF\xBF", -1 },
        { "\xF4\x90\x80\x80", 0 },
        { "\xF5\x80\x80\x80", 0 },
        { "\xE5\xAE", 0 },
        { "12345678\xE5", 8 },
        { "1234567\xE5\xAE\x89", -1 },
        { "\xF0\x8F\xBF\xBF", 0 },
        { "\xFF", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t bad = 999;

        assert_int_equal(fd_utf8_valid(cases[i].text, strlen(cases[i].text), &bad),
                         cases[i].bad < 0);
        if (cases[i].bad >= 0)
            assert_int_equal(bad, cases[i].bad);
    }
}

static void every_code_point_round_trips(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char bytes[4];
        size_t n, at = 0;

        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        n = fd_utf8_encode(c, bytes);
        assert_true(fd_utf8_valid(bytes, n, NULL));
        assert_int_equal(fd_utf8_next(bytes, n, &at), c);
        assert_int_equal(at, n);
    }
}

static void widths(void **state)
{
    (void)state;
    unsetenv("FANGDING_AMBIGUOUS_WIDE");
    assert_int_equal(fd_utf8_columns(fd_view_of("abc安阳")), 7);
    assert_int_equal(fd_utf8_columns(fd_view_of("e\xCC\x81")), 1);
    assert_int_equal(fd_utf8_columns(fd_view_of("(万元)")), 8 - 2);
    assert_int_equal(fd_utf8_columns(fd_view_of("（万元）")), 8);
    assert_int_equal(fd_utf8_columns(fd_view_of("●")), 1);
    setenv("FANGDING_AMBIGUOUS_WIDE", "1", 1);
    assert_int_equal(fd_utf8_columns(fd_view_of("●")), 2);
    unsetenv("FANGDING_AMBIGUOUS_WIDE");
    assert_int_equal(fd_utf8_fit(fd_view_of("安阳市"), 5), 6);
    assert_int_equal(fd_utf8_fit(fd_view_of("abc"), 9), 3);
}

static void folds(void **state)
{
    static const char *const pairs[][2] = {
        { "应交增值税（本年累计发生额）；本年", "应交增值税(本年累计发生额);本年" },
        { " 工业 总产值　ＡＢｃ ", "工业总产值abc" },
        { "1—12月", "1-12月" },
        { "【甲】、乙", "(甲),乙" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        fd_buf out = FD_BUF_INIT;

        fd_utf8_fold(&out, fd_view_of(pairs[i][0]));
        assert_string_equal(fd_buf_text(&out), pairs[i][1]);
        fd_buf_dispose(&out);
    }
}

static void distances_and_nearest(void **state)
{
    static const char *const names[] = { "营业收入", "营业成本", "measure", "history" };

    (void)state;
    assert_int_equal(fd_utf8_distance(fd_view_of("营业收入"), fd_view_of("营业成本"), 9), 2);
    assert_int_equal(fd_utf8_distance(fd_view_of("ab"), fd_view_of("ba"), 9), 1);
    assert_int_equal(fd_utf8_distance(fd_view_of(""), fd_view_of("abc"), 9), 3);
    assert_int_equal(fd_utf8_distance(fd_view_of("abcdef"), fd_view_of("x"), 2), 3);
    assert_string_equal(fd_nearest("营业收人", names, 4), "营业收入");
    assert_string_equal(fd_nearest("mesure", names, 4), "measure");
    assert_null(fd_nearest("全不相干的名字", names, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_found),
        cmocka_unit_test(every_code_point_round_trips),
        cmocka_unit_test(widths),
        cmocka_unit_test(folds),
        cmocka_unit_test(distances_and_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
