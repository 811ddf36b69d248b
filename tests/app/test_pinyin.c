/*
 * First letters of Chinese names.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "app/pinyin.h"

static void test_initials(void **state)
{
    static const char *const cases[][2] = {
        { "洹西钢铁", "hxgt" },
        { "汤源面业", "tymy" },
        { "林虑水泥", "llsn" },
        { "翼鼎无人机", "ydwrj" },
        { "阿八嚓咑妸发旮哈丌咔垃妈拏噢妑七呥仨他屲夕丫帀", "abcdefghjklmnopqrstwxyz" },
        { "A-32 光电(示例)", "a32gdsl" },
        { "", "" },
        { "①——", "" },
    };
    fd_pinyin *pinyin = fd_pinyin_new();
    char buf[64];

    (void)state;
    assert_non_null(pinyin);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(fd_pinyin_initials(pinyin, cases[i][0], buf, sizeof buf),
                         strlen(cases[i][1]));
        assert_string_equal(buf, cases[i][1]);
    }
    fd_pinyin_free(pinyin);
    fd_pinyin_free(NULL);
}

static void test_cut_off(void **state)
{
    fd_pinyin *pinyin = fd_pinyin_new();
    char buf[3] = "zz";

    (void)state;
    assert_int_equal(fd_pinyin_initials(pinyin, "洹西钢铁", buf, sizeof buf), 2);
    assert_string_equal(buf, "hx");
    /* Broken bytes are no letters, and the end is the end. */
    fd_pinyin_initials(pinyin, "\xE6\xB4", buf, sizeof buf);
    assert_string_equal(buf, "");
    fd_pinyin_free(pinyin);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_initials),
                                        cmocka_unit_test(test_cut_off) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
