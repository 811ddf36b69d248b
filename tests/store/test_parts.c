/* The small parts: the cache, flat JSON, names of a basis. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "fangding/source.h"
#include "store/json_flat.h"
#include "store/lru.h"

static int released[400];

static void release(void *thing)
{
    released[(intptr_t)thing]++;
}

static void the_least_recently_used_leaves(void **state)
{
    fd_lru *lru = fd_lru_new(100, release);

    (void)state;
    memset(released, 0, sizeof released);
    for (int i = 1; i < 300; i++) {
        fd_lru_put(lru, &i, sizeof i, (void *)(intptr_t)i, 10);
        if (i > 5) { /* 5 is asked for again and again, so it stays */
            const int five = 5;

            assert_ptr_equal(fd_lru_get(lru, &five, sizeof five), (void *)5);
        }
    }
    for (int i = 1; i < 300; i++) {
        const int there = i == 5 || i > 290;

        assert_int_equal(released[i], !there);
        assert_ptr_equal(fd_lru_get(lru, &i, sizeof i), there ? (void *)(intptr_t)i : NULL);
    }
    {
        const int big = 300;

        fd_lru_put(lru, &big, sizeof big, (void *)300,
                   1000); /* larger than all: alone, but there */
        assert_ptr_equal(fd_lru_get(lru, &big, sizeof big), (void *)300);
        assert_int_equal(released[5], 1);
    }
    fd_lru_free(lru);
    for (int i = 1; i <= 300; i++)
        assert_int_equal(released[i], 1);
}

static void objects_are_read_or_refused(void **state)
{
    static const struct {
        const char *text;
        int fields; /* -1: refused */
    } cases[] = {
        { "{}", 0 },
        { " { } ", 0 },
        { "{\"a\":1}", 1 },
        { "{\"a\":-1.50e+3,\"b\":null,\"c\":[1,{\"x\":\"]\"}],\"d\":\"\\ud83d\\ude00\\n\",\"e\":"
          "false}",
          5 },
        { "", -1 },
        { "[]", -1 },
        { "{", -1 },
        { "{\"a\"}", -1 },
        { "{\"a\":}", -1 },
        { "{\"a\":1,}", -1 },
        { "{\"a\":1} x", -1 },
        { "{\"a\":01x}", -1 },
        { "{\"a\":.5}", -1 },
        { "{\"a\":[1}", -1 },
        { "{\"a\":\"\\ud83d\"}", -1 },
        { "{\"a\":\"\\x\"}", -1 },
        { "{\"a\":\"", -1 },
        { "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", -1 },
        { "{\"a\":tru}", -1 },
        { "{\"a\":\"\\u0000\"}", -1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fd_json_flat json = { 0 };
        const int err = fd_json_flat_parse(&json, cases[i].text);

        if (err != (cases[i].fields < 0 ? FD_EPARSE : 0))
            fail_msg("%s: %d", cases[i].text, err);
        if (err == 0)
            assert_int_equal(json.fields.count, cases[i].fields);
        fd_json_flat_dispose(&json);
    }
}

static void values_keep_their_text(void **state)
{
    fd_json_flat json = { 0 };

    (void)state;
    assert_int_equal(fd_json_flat_parse(&json, "{\"\\u540d\":\"a\\\"b\",\"n\":0.10,\"l\":[1, 2]}"),
                     0);
    assert_string_equal(json.fields.items[0].name, "名");
    assert_string_equal(json.fields.items[0].text, "a\"b");
    assert_int_equal(json.fields.items[1].type, FD_JSON_NUMBER);
    assert_string_equal(json.fields.items[1].text, "0.10");
    assert_int_equal(json.fields.items[2].type, FD_JSON_NESTED);
    assert_string_equal(json.fields.items[2].text, "[1, 2]");
    fd_json_flat_dispose(&json);
}

static void bases_have_names(void **state)
{
    fd_basis basis;

    (void)state;
    for (int i = FD_CURRENT; i <= FD_PUBLISHED; i++) {
        for (int lang = FD_ZH; lang <= FD_EN; lang++) {
            assert_int_equal(fd_basis_parse(&basis, fd_basis_name((fd_basis)i, (fd_lang)lang)), 0);
            assert_int_equal(basis, i);
        }
    }
    assert_int_equal(fd_basis_parse(&basis, "昨天"), FD_EPARSE);
    assert_string_equal(fd_basis_name((fd_basis)9, FD_EN), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_recently_used_leaves),
        cmocka_unit_test(objects_are_read_or_refused),
        cmocka_unit_test(values_keep_their_text),
        cmocka_unit_test(bases_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
