#include "base/bits.h"

#include <string.h>

#include "fangding/arena.h"

size_t fd_bits_count(const uint64_t *bits, size_t n)
{
    size_t ones = 0;

    for (size_t w = 0; w < n / 64; w++)
        ones += (size_t)__builtin_popcountll(bits[w]);
    if (n % 64)
        ones += (size_t)__builtin_popcountll(bits[n / 64] & (((uint64_t)1 << (n % 64)) - 1));
    return ones;
}

void fd_bits_fill(uint64_t *bits, size_t n)
{
    memset(bits, 0xFF, n / 64 * sizeof *bits);
    if (n % 64)
        bits[n / 64] = ((uint64_t)1 << (n % 64)) - 1;
}

bool fd_bitset_put(fd_bitset *set, size_t i)
{
    bool before;

    if (i >= set->size) {
        const size_t had = FD_BITS_WORDS(set->size), words = FD_BITS_WORDS(i + i / 2 + 1024);

        set->bits = fd_realloc_array(set->bits, words, sizeof *set->bits);
        memset(set->bits + had, 0, (words - had) * sizeof *set->bits);
        set->size = words * 64;
    }
    before = fd_bits_get(set->bits, i);
    fd_bits_set(set->bits, i);
    return before;
}
