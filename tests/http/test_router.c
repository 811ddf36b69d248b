/* Which route takes a path, and what the others allow. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "http/router.h"

static const fd_route routes[] = {
    { .method = FD_GET, .pattern = "/healthz" },
    { .method = FD_GET, .pattern = "/jobs" },
    { .method = FD_GET, .pattern = "/jobs/{id}" },
    { .method = FD_DELETE, .pattern = "/jobs/{id}" },
    { .method = FD_GET, .pattern = "/jobs/{id}/files/{file}" },
    { .method = FD_GET, .pattern = "/verbs/{path*}" },
    { .method = FD_POST, .pattern = "/verbs/{path*}" },
};

static void test_match(void **state)
{
    static const struct {
        fd_http_method method;
        const char *path;
        int route; /* -1: none */
        unsigned allowed;
        const char *value;
    } cases[] = {
        { FD_GET, "/healthz", 0, FD_GET, NULL },
        { FD_POST, "/healthz", -1, FD_GET, NULL },
        { FD_GET, "/healthz/", -1, 0, NULL },
        { FD_GET, "/healthzz", -1, 0, NULL },
        { FD_GET, "", -1, 0, NULL },
        { FD_GET, "/", -1, 0, NULL },
        { FD_GET, "jobs", -1, 0, NULL },
        { FD_GET, "/jobs", 1, FD_GET, NULL },
        { FD_GET, "/jobs/", -1, 0, NULL },
        { FD_GET, "/jobs/ab12", 2, FD_GET | FD_DELETE, "ab12" },
        { FD_DELETE, "/jobs/ab12", 3, FD_GET | FD_DELETE, "ab12" },
        { FD_PATCH, "/jobs/ab12", -1, FD_GET | FD_DELETE, NULL },
        { FD_GET, "/jobs/ab/files/3", 4, FD_GET, "ab" },
        { FD_GET, "/jobs//files/3", -1, 0, NULL },
        { FD_GET, "/verbs/ding/check", 5, FD_GET | FD_POST, "ding/check" },
        { FD_POST, "/verbs/measure", 6, FD_GET | FD_POST, "measure" },
        { FD_GET, "/verbs/", -1, 0, NULL },
        { FD_GET, "/verbs/../x", 5, FD_GET | FD_POST, "../x" }, /* a name to be looked up */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_match m;
        int err = fd_route_match(&m, routes, sizeof routes / sizeof *routes, cases[i].method,
                                 fd_view_of(cases[i].path));

        assert_int_equal(err, cases[i].route < 0 ? FD_ENOTFOUND : 0);
        assert_int_equal(m.allowed, cases[i].allowed);
        if (cases[i].route >= 0)
            assert_ptr_equal(m.route, &routes[cases[i].route]);
        if (cases[i].value)
            assert_true(fd_view_is(m.values[0].value, cases[i].value));
    }
}

static void test_methods(void **state)
{
    (void)state;
    assert_int_equal(fd_http_method_parse("GET"), FD_GET);
    assert_int_equal(fd_http_method_parse("HEAD"), FD_GET);
    assert_int_equal(fd_http_method_parse("PATCH"), FD_PATCH);
    assert_int_equal(fd_http_method_parse("get"), 0);
    assert_int_equal(fd_http_method_parse("TRACE"), 0);
    assert_string_equal(fd_http_method_name(FD_DELETE), "DELETE");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_match),
                                        cmocka_unit_test(test_methods) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
