/* The dictionary of codes, against a map that keeps whole texts; the set of small numbers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/codes.h"
#include "base/map.h"

/* Codes that pack and codes that do not, and pairs that differ by as little as can be. */
static const char *const odd[] = {
    "",
    "0",
    "00",
    "000000000",
    "0000000000",
    "Z",
    "ZZZZZZZZZZZZZZZZZZ",  /* the largest that packs */
    "ZZZZZZZZZZZZZZZZZZZ", /* one character too long */
    "91990500MA0000007P",
    "91990500MA0000007Q",
    "91990500MA0000007p", /* a small letter does not pack */
    "410502",
    "41050",
    "P-2024-001",
    "项目一",
    "项目",
    " 410502",
    "410502 ",
};
enum { ODD = sizeof odd / sizeof *odd };

static void every_text_comes_back(void **state)
{
    fd_codes *codes = fd_codes_new(0);
    char room[FD_CODES_ROOM];
    bool is_new;

    (void)state;
    for (size_t round = 0; round < 2; round++)
        for (size_t i = 0; i < ODD; i++) {
            assert_int_equal(fd_codes_add(codes, fd_view_of(odd[i]), &is_new), i);
            assert_int_equal(is_new, round == 0);
        }
    assert_int_equal(fd_codes_count(codes), ODD);
    for (size_t i = 0; i < ODD; i++) {
        assert_string_equal(fd_codes_text(codes, i, room), odd[i]);
        assert_int_equal(fd_codes_find(codes, fd_view_of(odd[i])), i);
        for (size_t j = 0; j < ODD; j++) {
            const int here = fd_codes_compare(codes, i, j),
                      there = fd_view_compare(fd_view_of(odd[i]), fd_view_of(odd[j]));

            assert_int_equal((here > 0) - (here < 0), (there > 0) - (there < 0));
        }
    }
    assert_int_equal(fd_codes_find(codes, fd_view_of("91990500MA0000007")), SIZE_MAX);
    assert_null(fd_codes_payload(codes, 0));
    fd_codes_free(codes);
    fd_codes_free(NULL);
}

static void length_counts_not_the_terminator(void **state)
{
    fd_codes *codes = fd_codes_new(0);
    const fd_view whole = { "A\0B", 3 }, part = { "ABC", 1 };

    (void)state;
    assert_int_equal(fd_codes_add(codes, part, NULL), 0);
    assert_int_equal(fd_codes_add(codes, whole, NULL), 1);
    assert_int_equal(fd_codes_find(codes, fd_view_of("A")), 0);
    assert_int_equal(fd_codes_find(codes, whole), 1);
    assert_int_equal(fd_codes_find(codes, (fd_view){ "A\0C", 3 }), SIZE_MAX);
    fd_codes_free(codes);
}

/* Codes of every length, some again, over many pages; each with a number of its own. */
static void agrees_with_a_map(void **state)
{
    enum { CODES = 50000 };
    fd_codes *codes = fd_codes_new(sizeof(uint64_t));
    fd_map *map = fd_map_new();
    uint64_t random = 88172645463325252u;
    char text[32], room[FD_CODES_ROOM];

    (void)state;
    for (uint64_t i = 0; i < CODES; i++) {
        int length;
        uint64_t *kept;
        size_t at;
        bool is_new;

        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        length = snprintf(text, sizeof text, "%.*llX%s", (int)(random % 7 + 1),
                          (unsigned long long)(random >> 20) % 40000,
                          random % 11 == 0 ? "-long enough not to pack" : "");
        at = fd_codes_add(codes, (fd_view){ text, (size_t)length }, &is_new);
        assert_int_equal(fd_map_intern(map, (fd_view){ text, (size_t)length }, at), at);
        kept = fd_codes_payload(codes, at);
        assert_int_equal(*kept, is_new ? 0 : at + 1);
        *kept = at + 1;
    }
    assert_int_equal(fd_codes_count(codes), fd_map_count(map));
    assert_true(fd_codes_count(codes) > 20000);
    for (size_t i = 0; i < fd_map_count(map); i++) {
        assert_string_equal(fd_codes_text(codes, i, room), fd_map_key(map, i).ptr);
        assert_int_equal(fd_codes_find(codes, fd_map_key(map, i)), i);
        assert_int_equal(*(uint64_t *)fd_codes_payload(codes, i), i + 1);
    }
    fd_map_free(map);
    fd_codes_free(codes);
}

static void what_is_forgotten_is_gone(void **state)
{
    static const size_t keeps[] = { 10000, 9999, 8192, 4097, 4096, 4095, 1, 0, 0 };
    fd_codes *codes = fd_codes_new(sizeof(int32_t));
    char text[32], room[FD_CODES_ROOM];

    (void)state;
    for (size_t k = 0; k < sizeof keeps / sizeof *keeps; k++) {
        const size_t before = fd_codes_count(codes);

        for (size_t i = before; i < 10000; i++) {
            snprintf(text, sizeof text, i % 2 ? "C%zu" : "small letters %zu", i);
            assert_int_equal(fd_codes_add(codes, fd_view_of(text), NULL), i);
            assert_int_equal(*(int32_t *)fd_codes_payload(codes, i), 0);
            *(int32_t *)fd_codes_payload(codes, i) = (int32_t)i + 1;
        }
        fd_codes_keep(codes, keeps[k]);
        assert_int_equal(fd_codes_count(codes), keeps[k]);
        for (size_t i = 0; i < 10000; i++) {
            snprintf(text, sizeof text, i % 2 ? "C%zu" : "small letters %zu", i);
            assert_int_equal(fd_codes_find(codes, fd_view_of(text)), i < keeps[k] ? i : SIZE_MAX);
            if (i >= keeps[k])
                continue;
            assert_string_equal(fd_codes_text(codes, i, room), text);
            assert_int_equal(*(int32_t *)fd_codes_payload(codes, i), (int32_t)i + 1);
        }
    }
    fd_codes_free(codes);
}

static void a_set_grows_with_its_numbers(void **state)
{
    static const size_t numbers[] = { 0, 63, 64, 5, 1000000, 64, 0 };
    fd_bitset set = { NULL, 0 };

    (void)state;
    assert_false(fd_bitset_has(&set, 0));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        assert_int_equal(fd_bitset_put(&set, numbers[i]), i >= 5);
        assert_true(fd_bitset_has(&set, numbers[i]));
    }
    assert_int_equal(fd_bits_count(set.bits, set.size), 5);
    assert_false(fd_bitset_has(&set, 999999));
    assert_false(fd_bitset_has(&set, SIZE_MAX / 2));
    free(set.bits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_comes_back),
        cmocka_unit_test(length_counts_not_the_terminator),
        cmocka_unit_test(agrees_with_a_map),
        cmocka_unit_test(what_is_forgotten_is_gone),
        cmocka_unit_test(a_set_grows_with_its_numbers),
    };

    return cmocka_run_group_tests_name("base: codes", tests, NULL, NULL);
}
