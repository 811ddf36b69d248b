/* Views, buffers, the map, arenas. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "fangding/arena.h"

static void views(void **state)
{
    fd_view rest = fd_view_of("a,,b"), part;

    (void)state;
    assert_true(fd_view_is(fd_view_trim(fd_view_of(" \t\xE3\x80\x80x y\xC2\xA0\r\n")), "x y"));
    assert_true(fd_view_is(fd_view_trim(fd_view_of("   ")), ""));
    assert_int_equal(fd_view_find(fd_view_of("abcabc"), "ca"), 2);
    assert_int_equal(fd_view_find(fd_view_of("abc"), "x"), -1);
    assert_true(fd_view_compare(fd_view_of("a"), fd_view_of("ab")) < 0);
    assert_true(fd_view_split(&rest, ',', &part) && fd_view_is(part, "a"));
    assert_true(fd_view_split(&rest, ',', &part) && fd_view_is(part, ""));
    assert_true(fd_view_split(&rest, ',', &part) && fd_view_is(part, "b"));
    assert_false(fd_view_split(&rest, ',', &part));
}

static void buffers(void **state)
{
    fd_buf b = FD_BUF_INIT;
    char *text;

    (void)state;
    assert_string_equal(fd_buf_text(&b), "");
    for (int i = 0; i < 1000; i++)
        fd_buf_printf(&b, "%d,", i);
    assert_int_equal(b.len, 10 * 2 + 90 * 3 + 900 * 4);
    assert_memory_equal(fd_buf_text(&b), "0,1,2,3,", 8);
    fd_buf_clear(&b);
    fd_buf_repeat(&b, "─", 3);
    text = fd_buf_take(&b);
    assert_string_equal(text, "───");
    assert_int_equal(b.len, 0);
    free(text);
    fd_buf_dispose(&b);
}

static void a_large_map_keeps_order(void **state)
{
    fd_map *map = fd_map_new();
    char key[32];
    uint64_t value = 0;

    (void)state;
    for (uint64_t i = 0; i < 100000; i++) {
        snprintf(key, sizeof key, "9141%llu", (unsigned long long)(i * 7919));
        assert_true(fd_map_set(map, fd_view_of(key), i));
    }
    assert_int_equal(fd_map_count(map), 100000);
    for (uint64_t i = 0; i < 100000; i++) {
        snprintf(key, sizeof key, "9141%llu", (unsigned long long)(i * 7919));
        assert_true(fd_map_get(map, fd_view_of(key), &value) && value == i);
        assert_string_equal(fd_map_key(map, i).ptr, key);
    }
    assert_false(fd_map_get(map, fd_view_of("absent"), &value));
    assert_false(fd_map_set(map, fd_view_of("91410"), 5));
    assert_int_equal(fd_map_intern(map, fd_view_of("91410"), 9), 5);
    assert_int_equal(fd_map_intern(map, fd_view_of("new"), 9), 9);
    assert_true(fd_map_set(map, (fd_view){ "a\0b", 3 }, 1));
    assert_true(fd_map_set(map, (fd_view){ "a\0c", 3 }, 2));
    fd_map_free(map);
}

static void append_letter(void *payload)
{
    char **at = payload;

    *(*at)++ = 'x';
}

static void arenas_go_back_to_a_mark(void **state)
{
    fd_arena *arena = fd_arena_new();
    char log[8] = "", *at = log;
    fd_arena_mark mark;
    char *kept = fd_arena_strdup(arena, "kept"), *big;
    size_t used;

    (void)state;
    mark = fd_arena_here(arena);
    used = fd_arena_used(arena);
    fd_arena_on_release(arena, append_letter, &at);
    for (int i = 0; i < 5000; i++) {
        char *p = fd_arena_alloc(arena, 100);

        assert_true(((uintptr_t)p & 15) == 0);
        assert_int_equal(p[0] | p[99], 0);
        memset(p, 0xAA, 100);
    }
    big = fd_arena_alloc(arena, 1 << 20);
    assert_int_equal(big[(1 << 20) - 1], 0);
    fd_arena_reset(arena, mark);
    assert_string_equal(log, "x");
    assert_int_equal(fd_arena_used(arena), used);
    assert_string_equal(kept, "kept");
    assert_string_equal(fd_arena_printf(arena, "%s-%d", "a", 7), "a-7");
    fd_arena_on_release(arena, append_letter, &at);
    fd_arena_free(arena);
    assert_string_equal(log, "xx");
}

static void sizes_from_input_are_capped(void **state)
{
    void *p = &p;

    (void)state;
    assert_int_equal(fd_try_alloc(&p, SIZE_MAX / 2, 4, SIZE_MAX), FD_ELIMIT);
    assert_null(p);
    assert_int_equal(fd_try_alloc(&p, 100, 10, 999), FD_ELIMIT);
    assert_int_equal(fd_try_alloc(&p, 100, 10, 1000), 0);
    free(p);
}

static void yes_and_no_as_people_write_them(void **state)
{
    (void)state;
    assert_int_equal(fd_text_truth("是"), FD_TRUE);
    assert_int_equal(fd_text_truth("1"), FD_TRUE);
    assert_int_equal(fd_text_truth("×"), FD_FALSE);
    assert_int_equal(fd_text_truth("no"), FD_FALSE);
    assert_int_equal(fd_text_truth("也许"), FD_UNKNOWN);
    assert_int_equal(fd_text_truth(""), FD_UNKNOWN);
    assert_int_equal(fd_text_truth(NULL), FD_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views),
        cmocka_unit_test(buffers),
        cmocka_unit_test(a_large_map_keeps_order),
        cmocka_unit_test(arenas_go_back_to_a_mark),
        cmocka_unit_test(sizes_from_input_are_capped),
        cmocka_unit_test(yes_and_no_as_people_write_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
