/* JSON: exact integers, refusals with their place, caps. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "io/json.h"

static const struct {
    const char *label, *text;
    int err;
    long line, column;
} cases[] = {
    { "an object", "{\"a\": [1, 2.5, null, true, \"县\"]}", 0, 0, 0 },
    { "a lone number", " 12 ", 0, 0, 0 },
    { "a byte order mark", "\xEF\xBB\xBF{}", 0, 0, 0 },
    { "the greatest integers", "[9223372036854775807, -9223372036854775808]", 0, 0, 0 },
    { "an integer too great", "{\"a\":\n 9223372036854775808}", FD_EPARSE, 2, 20 },
    { "the same member twice", "{\"a\": 1,\n\"a\": 2}", FD_EPARSE, 2, 3 },
    { "nothing", "", FD_EPARSE, 1, 0 },
    { "something behind", "{} x", FD_EPARSE, 1, 4 },
    { "a comma too many", "[1,\n2,]", FD_EPARSE, 2, 3 },
    { "invalid UTF-8", "[\"\xFF\"]", FD_EPARSE, 1, 2 },
    { "a zero character", "[\"\\u0000\"]", FD_EPARSE, 1, 9 },
    { "not closed", "[[[", FD_EPARSE, 1, 3 },
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *json = NULL;
        int err = fd_json_read(&json, cases[i].text, strlen(cases[i].text), "a.json");

        if (err != cases[i].err)
            fail_msg("%s: %d", cases[i].label, err);
        if (err < 0) {
            assert_null(json);
            assert_string_equal(fd_error_last()->file, "a.json");
            if (fd_error_last()->row != cases[i].line || fd_error_last()->column != cases[i].column)
                fail_msg("%s: line %ld column %ld", cases[i].label, fd_error_last()->row,
                         fd_error_last()->column);
        }
        json_decref(json);
    }
}

static void test_exact(void **state)
{
    static const char text[] = "[9007199254740993, -9223372036854775808]";
    json_t *json;

    (void)state;
    assert_int_equal(fd_json_read(&json, text, sizeof text - 1, NULL), 0);
    assert_true(json_integer_value(json_array_get(json, 0)) == INT64_C(9007199254740993));
    assert_true(json_integer_value(json_array_get(json, 1)) == INT64_MIN);
    json_decref(json);
}

static void test_caps(void **state)
{
    fd_buf text = FD_BUF_INIT;
    json_t *json;

    (void)state;
    fd_buf_repeat(&text, "[", FD_JSON_MAX_DEPTH);
    fd_buf_puts(&text, "\"]}[[[\\\"[[\"");
    fd_buf_repeat(&text, "]", FD_JSON_MAX_DEPTH);
    assert_int_equal(fd_json_read(&json, text.ptr, text.len, NULL), 0);
    json_decref(json);
    fd_buf_clear(&text);
    fd_buf_repeat(&text, "[\n", FD_JSON_MAX_DEPTH + 1);
    fd_buf_repeat(&text, "]", FD_JSON_MAX_DEPTH + 1);
    assert_int_equal(fd_json_read(&json, text.ptr, text.len, NULL), FD_ELIMIT);
    assert_int_equal(fd_error_last()->row, FD_JSON_MAX_DEPTH + 1);
    assert_null(json);
    fd_buf_dispose(&text);
    assert_int_equal(fd_json_read(&json, "[]", FD_JSON_MAX_BYTES + 1, NULL), FD_ELIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_caps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
