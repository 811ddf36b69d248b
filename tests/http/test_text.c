/* The small grammars of HTTP: decoding, queries, cookies, lists, names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "http/text.h"

#define LEN(a) (sizeof(a) / sizeof *(a))

static void test_decode(void **state)
{
    static const struct {
        const char *text, *expected; /* NULL: refused */
        bool form;
    } cases[] = {
        { "", "", false },
        { "abc", "abc", false },
        { "%E6%B4%B9", "洹", false },
        { "a+b", "a+b", false },
        { "a+b", "a b", true },
        { "%2b", "+", true },
        { "%2e%2e%2f", "../", false }, /* decoded, not judged: names are looked up in a table */
        { "%", NULL, false },
        { "%4", NULL, false },
        { "%zz", NULL, false },
        { "%00", NULL, false },
        { "a%0d%0aSet-Cookie:x", NULL, false },
        { "%ff", NULL, false },
        { "%c0%af", NULL, false }, /* overlong */
        { "%7f", NULL, false },
    };
    fd_arena *arena = fd_arena_new();

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        char *out;
        int err = fd_http_decode(&out, arena, fd_view_of(cases[i].text), cases[i].form);

        if (cases[i].expected) {
            assert_int_equal(err, 0);
            assert_string_equal(out, cases[i].expected);
        } else {
            assert_int_equal(err, FD_EPARSE);
        }
    }
    fd_arena_free(arena);
}

static void test_query(void **state)
{
    fd_arena *arena = fd_arena_new();
    fd_buf many = FD_BUF_INIT;
    fd_http_pair *pairs;
    size_t n;

    (void)state;
    assert_int_equal(fd_http_query(&pairs, &n, arena, fd_view_of("at=2024&by=county%2Cchain&&x")),
                     0);
    assert_int_equal(n, 3);
    assert_string_equal(fd_http_find(pairs, n, "by"), "county,chain");
    assert_string_equal(fd_http_find(pairs, n, "x"), "");
    assert_null(fd_http_find(pairs, n, "y"));
    assert_int_equal(fd_http_query(&pairs, &n, arena, fd_view_of("a=b=c")), 0);
    assert_string_equal(fd_http_find(pairs, n, "a"), "b=c");
    assert_int_equal(fd_http_query(&pairs, &n, arena, fd_view_of("")), 0);
    assert_int_equal(n, 0);
    assert_int_equal(fd_http_query(&pairs, &n, arena, fd_view_of("a=%")), FD_EPARSE);
    for (int i = 0; i <= FD_HTTP_PAIRS_MAX; i++)
        fd_buf_puts(&many, "a=1&");
    assert_int_equal(fd_http_query(&pairs, &n, arena, fd_view_of(fd_buf_text(&many))), FD_ELIMIT);
    fd_buf_dispose(&many);
    fd_arena_free(arena);
}

static void test_cookie(void **state)
{
    static const struct {
        const char *header, *expected;
    } cases[] = {
        { NULL, "" },         { "", "" },
        { "sid=abc", "abc" }, { "a=1; sid=abc; b=2", "abc" },
        { "xsid=abc", "" },   { "sid=", "" },
        { "sid", "" },        { "sid=first; sid=second", "first" },
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_true(fd_view_is(fd_http_cookie(cases[i].header, "sid"), cases[i].expected));
}

static void test_gzip(void **state)
{
    static const struct {
        const char *header;
        bool taken;
    } cases[] = {
        { NULL, false },       { "gzip", true },           { "deflate, gzip;q=0.5", true },
        { "gzip;q=0", false }, { "gzip; q=0.000", false }, { "x-gzip", false },
        { "GZIP", true },      { "identity", false },      { "br;q=1, gzip ;q=1", true },
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(fd_http_takes_gzip(cases[i].header), cases[i].taken);
}

static void test_tags(void **state)
{
    (void)state;
    assert_true(fd_http_tag_matches("\"a\"", "\"a\""));
    assert_true(fd_http_tag_matches("\"b\", W/\"a\"", "\"a\""));
    assert_true(fd_http_tag_matches("*", "\"a\""));
    assert_false(fd_http_tag_matches("\"ab\"", "\"a\""));
    assert_false(fd_http_tag_matches("", "\"a\""));
}

static void test_boundary(void **state)
{
    static const struct {
        const char *header, *expected;
    } cases[] = {
        { "multipart/form-data; boundary=----x1", "----x1" },
        { "multipart/form-data; charset=utf-8; boundary=\"a b\"", "a b" },
        { "Multipart/Form-Data;BOUNDARY=q", "q" },
        { "multipart/form-data", "" },
        { "multipart/form-data; boundary=", "" },
        { "multipart/form-data; boundary=\"a \"", "" },
        { "multipart/mixed; boundary=x", "" },
        { "multipart/form-data; boundary=a\"b", "" },
        { "multipart/form-data; "
          "boundary=01234567890123456789012345678901234567890123456789012345678901234567890",
          "" },
    };

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_true(fd_view_is(fd_http_boundary(cases[i].header), cases[i].expected));
    assert_true(fd_http_is_type("application/json; charset=utf-8", "application/json"));
    assert_false(fd_http_is_type("application/jsonx", "application/json"));
}

static void test_file_names(void **state)
{
    static const struct {
        const char *given, *expected;
    } cases[] = {
        { "调度表.xlsx", "调度表.xlsx" }, { "../../etc/passwd", "passwd" },
        { "C:\\表\\a.csv", "a.csv" },     { "..", "file" },
        { ".hidden", "hidden" },          { "", "file" },
        { "a\r\nb.csv", "ab.csv" },       { "dir/", "file" },
        { "\xff\xfe.csv", "csv" },
    };
    fd_arena *arena = fd_arena_new();
    fd_buf longest = FD_BUF_INIT;

    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_string_equal(fd_http_file_name(arena, fd_view_of(cases[i].given)),
                            cases[i].expected);
    fd_buf_repeat(&longest, "洹", 300);
    assert_int_equal(strlen(fd_http_file_name(arena, fd_view_of(fd_buf_text(&longest)))), 198);
    fd_buf_dispose(&longest);
    fd_arena_free(arena);
}

static void test_secrets_and_headers(void **state)
{
    fd_buf out = FD_BUF_INIT;

    (void)state;
    assert_true(fd_http_same_secret("abc", "abc"));
    assert_false(fd_http_same_secret("abc", "abd"));
    assert_false(fd_http_same_secret("abc", "abcabc"));
    assert_false(fd_http_same_secret("abcabc", "abc"));
    assert_false(fd_http_same_secret("", "abc"));
    assert_false(fd_http_same_secret("abc", ""));
    assert_true(fd_http_header_safe("洹州 ok"));
    assert_false(fd_http_header_safe("a\r\nX: y"));
    fd_http_encode(&out, "a b洹.csv");
    assert_string_equal(fd_buf_text(&out), "a%20b%E6%B4%B9.csv");
    fd_buf_dispose(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode),     cmocka_unit_test(test_query),
        cmocka_unit_test(test_cookie),     cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_tags),       cmocka_unit_test(test_boundary),
        cmocka_unit_test(test_file_names), cmocka_unit_test(test_secrets_and_headers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
