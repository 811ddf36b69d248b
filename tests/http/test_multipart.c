/* multipart/form-data, whole and in pieces of every size. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "http/multipart.h"

static int on_part(void *payload, fd_view name, const fd_view *file_name)
{
    fd_buf_puts(payload, "[");
    fd_buf_view(payload, name);
    if (file_name) {
        fd_buf_puts(payload, "|");
        fd_buf_view(payload, *file_name);
    }
    fd_buf_puts(payload, "]");
    return 0;
}

static int on_data(void *payload, const char *bytes, size_t length)
{
    fd_buf_put(payload, bytes, length);
    return 0;
}

static int on_end(void *payload)
{
    fd_buf_puts(payload, ";");
    return 0;
}

static const fd_multipart_handler handler = { on_part, on_data, on_end };

#define HEAD(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_HEAD(name, file)                                                                      \
    "Content-Disposition: form-data; name=\"" name "\"; filename=\"" file                          \
    "\"\r\nContent-Type: text/csv\r\n\r\n"

static const struct {
    const char *body, *expected;
    int err;
} cases[] = {
    { "--B\r\n" HEAD("a") "1\r\n--B--\r\n", "[a]1;", 0 },
    { "--B\r\n" HEAD("a") "\r\n--B--", "[a];", 0 },
    { "--B\r\n" HEAD("a") "1\r\n--B\r\n" FILE_HEAD("f", "调度表.csv") "x,y\r\n1,2\r\n\r\n--B--\r\n",
      "[a]1;[f|调度表.csv]x,y\r\n1,2\r\n;", 0 },
    { "--B\r\n" HEAD("a") "not --B yet\r\n--BB\r\n--", "", FD_EPARSE },
    { "--B\r\n" HEAD("a") "\r\n-\r\n--\r\n--A\r\n--B--", "[a]\r\n-\r\n--\r\n--A;", 0 },
    { "--B\r\n" FILE_HEAD("f", "a\\\"b.csv") "1\r\n--B--", "[f|a\"b.csv]1;", 0 },
    { "--B\r\n" FILE_HEAD("f", "") "\r\n--B--", "[f|];", 0 },
    { "--B\r\nX-Other: 1\r\n" HEAD("a") "1\r\n--B--", "[a]1;", 0 },
    { "--B--", "", 0 },
    { "", "", FD_EPARSE },
    { "--B\r\n" HEAD("a") "1", "", FD_EPARSE },
    { "garbage\r\n--B\r\n", "", FD_EPARSE },
    { "--B\r\n\r\n1\r\n--B--", "", FD_EPARSE },
    { "--B\r\nContent-Type: text/plain\r\n\r\n1\r\n--B--", "", FD_EPARSE },
    { "--Bx", "", FD_EPARSE },
    { "--B\r\n" HEAD("a") "1\r\n--B--ignored", "[a]1;", 0 },
};

static void test_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t piece = 1; piece < 80; piece += piece < 12 ? 1 : 17) {
            fd_buf out = FD_BUF_INIT;
            fd_multipart *p = fd_multipart_new(FD_VIEW("B"), &handler, &out);
            size_t length = strlen(cases[i].body);
            int err = 0;

            for (size_t at = 0; at < length && err >= 0; at += piece)
                err = fd_multipart_feed(p, cases[i].body + at,
                                        length - at < piece ? length - at : piece);
            if (err >= 0)
                err = fd_multipart_finish(p);
            assert_int_equal(err, cases[i].err);
            if (err >= 0)
                assert_string_equal(fd_buf_text(&out), cases[i].expected);
            fd_multipart_free(p);
            fd_buf_dispose(&out);
        }
}

static void test_limits(void **state)
{
    fd_buf out = FD_BUF_INIT, body = FD_BUF_INIT;
    fd_multipart *p = fd_multipart_new(FD_VIEW("B"), &handler, &out);

    (void)state;
    fd_buf_puts(&body, "--B\r\nX: ");
    fd_buf_repeat(&body, "x", FD_MULTIPART_HEADER_MAX + 10);
    assert_int_equal(fd_multipart_feed(p, body.ptr, body.len), FD_ELIMIT);
    fd_multipart_free(p);
    fd_buf_clear(&body);
    for (int i = 0; i <= FD_MULTIPART_PARTS_MAX; i++)
        fd_buf_puts(&body, "--B\r\n" HEAD("a") "1\r\n");
    p = fd_multipart_new(FD_VIEW("B"), &handler, &out);
    assert_int_equal(fd_multipart_feed(p, body.ptr, body.len), FD_ELIMIT);
    fd_multipart_free(p);
    fd_buf_dispose(&body);
    fd_buf_dispose(&out);
}

static int refuse(void *payload, const char *bytes, size_t length)
{
    (void)payload;
    (void)bytes;
    (void)length;
    return FD_ENOSPC;
}

static void test_handler_ends_it(void **state)
{
    const fd_multipart_handler full = { on_part, refuse, on_end };
    fd_buf out = FD_BUF_INIT;
    fd_multipart *p = fd_multipart_new(FD_VIEW("B"), &full, &out);
    const char body[] = "--B\r\n" HEAD("a") "1\r\n--B--";

    (void)state;
    assert_int_equal(fd_multipart_feed(p, body, sizeof body - 1), FD_ENOSPC);
    fd_multipart_free(p);
    fd_buf_dispose(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_pieces),
                                        cmocka_unit_test(test_limits),
                                        cmocka_unit_test(test_handler_ends_it) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
