/* Packed lists and blocks: what goes in comes out, in the bytes that were promised. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "store/pack.h"

enum { N = 1000 };

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed ^ (*seed >> 29);
}

static void round_trip(const int64_t *values, size_t n, size_t at_most)
{
    fd_pack_plan plan;
    uint8_t *bytes;
    int64_t *back = calloc(n + 1, sizeof *back);
    size_t count, used;

    fd_pack__plan(&plan, values, n);
    assert_true(plan.bytes <= at_most);
    bytes = malloc(plan.bytes); /* exactly: a byte too many is found by the sanitizer */
    fd_pack__put(&plan, values, bytes);
    assert_int_equal(fd_pack__head(bytes, plan.bytes, &count, &used), 0);
    assert_int_equal(count, n);
    assert_int_equal(used, plan.bytes);
    fd_pack__get(bytes, back);
    assert_memory_equal(back, values, n * sizeof *values);
    for (size_t cut = 0; cut < plan.bytes; cut += 1 + plan.bytes / 7)
        assert_int_equal(fd_pack__head(bytes, cut, &count, &used), FD_EFORMAT);
    free(bytes);
    free(back);
}

static void numbers_of_every_width_come_back(void **state)
{
    int64_t values[N];
    uint64_t seed = 3;

    (void)state;
    for (unsigned width = 0; width <= 64; width++) {
        const uint64_t mask = width == 64 ? UINT64_MAX : ((uint64_t)1 << width) - 1;

        for (size_t n = 0; n <= N; n = n < 10 ? n + 1 : n * 10) {
            for (size_t i = 0; i < n; i++)
                values[i] = (int64_t)((next(&seed) & mask) - mask / 2);
            round_trip(values, n, 24 + n * 8 + 8);
        }
        for (size_t i = 0; i < N; i++)
            values[i] = (int64_t)(next(&seed) & mask);
        if (width <= 57)
            round_trip(values, N, 16 + (N * width + 7) / 8 + 8);
    }
}

static void orderly_lists_take_no_room(void **state)
{
    int64_t values[N];

    (void)state;
    for (size_t i = 0; i < N; i++)
        values[i] = (int64_t)(1000000 + 3 * i);
    round_trip(values, N, 32 + N / 8); /* the first difference of 0 costs two bits at most */
    for (size_t i = 0; i < N; i++)
        values[i] = -7;
    round_trip(values, N, 24);
    for (size_t i = 0; i < N; i++)
        values[i] = i % 2 ? INT64_MAX : INT64_MIN;
    round_trip(values, N, 16 + 8 * N);
}

static void blocks_keep_states(void **state)
{
    int64_t values[N], scratch[N], back[N];
    uint8_t states[N];
    uint64_t seed = 8;

    (void)state;
    for (int round = 0; round < 20; round++) {
        const size_t n = next(&seed) % N;
        uint8_t *bytes;
        size_t length;
        fd_cells cells;

        for (size_t i = 0; i < n; i++) {
            values[i] = (int64_t)(next(&seed) >> (round * 3));
            states[i] = round == 0   ? FD_MISSING
                        : round == 1 ? FD_HAS
                                     : (uint8_t)(next(&seed) >> 62);
        }
        assert_int_equal(fd_block__from_ints(&bytes, &length, values, states, n, scratch), 0);
        assert_int_equal(fd_block__open(&cells, bytes, length), 0);
        assert_int_equal(cells.n, n);
        fd_pack__get(cells.list, back);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(fd_block__state(&cells, i), states[i]);
            if (states[i] == FD_HAS || states[i] == FD_DOUBT)
                assert_int_equal(back[i], values[i]);
        }
        if (round == 1)
            assert_null(cells.states);
        free(bytes);
    }
}

static void texts_are_stored_once(void **state)
{
    static const char *const texts[] = { "正常", "停产", "正常", "", "停产", "正常" };
    const uint8_t states[] = { FD_HAS, FD_HAS, FD_DOUBT, FD_HAS, FD_NA, FD_HAS };
    const char *const hole[] = { "a", NULL };
    int64_t scratch[8], back[8];
    uint8_t *bytes;
    size_t length, n;
    fd_cells cells;

    (void)state;
    assert_int_equal(fd_block__from_texts(&bytes, &length, texts, states, 6, scratch), 0);
    assert_int_equal(fd_block__open(&cells, bytes, length), 0);
    assert_int_equal(cells.text_count, 3);
    fd_pack__get(cells.list, back);
    for (size_t i = 0; i < 6; i++) {
        const char *text;

        if (states[i] == FD_NA)
            continue;
        text = fd_block__text(&cells, (size_t)back[i], &n);
        assert_int_equal(n, strlen(texts[i]));
        assert_memory_equal(text, texts[i], n);
    }
    for (size_t cut = 0; cut < length;
         cut++) { /* cut anywhere: an error, never a read past the end */
        uint8_t *part = malloc(cut + 1);

        memcpy(part, bytes, cut);
        assert_int_equal(fd_block__open(&cells, part, cut), FD_EFORMAT);
        free(part);
    }
    free(bytes);
    assert_int_equal(fd_block__from_texts(&bytes, &length, hole, NULL, 2, scratch), FD_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_every_width_come_back),
        cmocka_unit_test(orderly_lists_take_no_room),
        cmocka_unit_test(blocks_keep_states),
        cmocka_unit_test(texts_are_stored_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
