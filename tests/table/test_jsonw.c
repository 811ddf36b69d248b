#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "table/jsonw.h"

static void test_document(void **state)
{
    fd_buf out = FD_BUF_INIT;
    fd_jsonw w;

    (void)state;
    fd_jsonw_init(&w, &out);
    fd_jsonw_object(&w);
    fd_jsonw_key(&w, "text");
    fd_jsonw_string(&w, "方\"鼎\"\\\n\t\x01");
    fd_jsonw_key(&w, "none");
    fd_jsonw_string(&w, NULL);
    fd_jsonw_key(&w, "list");
    fd_jsonw_array(&w);
    fd_jsonw_int(&w, INT64_MIN);
    fd_jsonw_bool(&w, true);
    fd_jsonw_bool(&w, false);
    fd_jsonw_double(&w, NAN);
    fd_jsonw_double(&w, -INFINITY);
    fd_jsonw_raw(&w, "12.50");
    fd_jsonw_object(&w);
    fd_jsonw_end_object(&w);
    fd_jsonw_array(&w);
    fd_jsonw_end_array(&w);
    fd_jsonw_end_array(&w);
    fd_jsonw_key(&w, "view");
    fd_jsonw_view(&w, (fd_view){ "abc", 2 });
    fd_jsonw_end_object(&w);
    assert_string_equal(
        fd_buf_text(&out),
        "{\"text\":\"方\\\"鼎\\\"\\\\\\n\\t\\u0001\",\"none\":null,\"list\":[-9223372036854775808,"
        "true,false,null,null,12.50,{},[]],\"view\":\"ab\"}");
    fd_buf_dispose(&out);
}

static void test_doubles_are_short_and_come_back(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = { { 0.1, "0.1" },
                  { 1.0 / 3, "0.3333333333333333" },
                  { 100, "100" },
                  { -0.0, "-0" },
                  { 1e300, "1e+300" },
                  { 0.1 + 0.2, "0.30000000000000004" },
                  { 5e-324, NULL },
                  { DBL_MAX, NULL },
                  { 123456789.123456789, NULL } };
    char buf[32];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_double_shortest(cases[i].value, buf, sizeof buf);
        assert_true(strtod(buf, NULL) == cases[i].value);
        if (cases[i].text)
            assert_string_equal(buf, cases[i].text);
    }
}

static void nest_too_deeply(fd_jsonw *w)
{
    for (int i = 0; i < FD_JSONW_DEPTH + 1; i++)
        fd_jsonw_array(w);
}

static void close_the_wrong_one(fd_jsonw *w)
{
    fd_jsonw_array(w);
    fd_jsonw_end_object(w);
}

static void close_too_much(fd_jsonw *w)
{
    fd_jsonw_array(w);
    fd_jsonw_end_array(w);
    fd_jsonw_end_array(w);
}

static void put_a_key_into_a_list(fd_jsonw *w)
{
    fd_jsonw_array(w);
    fd_jsonw_key(w, "x");
}

static void close_after_a_key(fd_jsonw *w)
{
    fd_jsonw_object(w);
    fd_jsonw_key(w, "x");
    fd_jsonw_end_object(w);
}

/* Wrong nesting ends the program in every build, also where asserts are off. */
static void test_wrong_nesting_aborts(void **state)
{
    static void (*const mistakes[])(fd_jsonw * w) = { nest_too_deeply, close_the_wrong_one,
                                                      close_too_much, put_a_key_into_a_list,
                                                      close_after_a_key };

    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        pid_t child = fork();
        int status;

        assert_true(child >= 0);
        if (child == 0) {
            fd_buf out = FD_BUF_INIT;
            fd_jsonw w;

            (void)signal(SIGABRT, SIG_DFL); /* without the test library's report */
            (void)!freopen("/dev/null", "w", stderr);
            fd_jsonw_init(&w, &out);
            mistakes[i](&w);
            _exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document),
        cmocka_unit_test(test_doubles_are_short_and_come_back),
        cmocka_unit_test(test_wrong_nesting_aborts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
