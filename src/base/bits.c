#include "base/bits.h"

#include <string.h>

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
