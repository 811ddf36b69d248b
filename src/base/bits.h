/*
 * Bitmaps of 64-bit words, bit i of a column in word i/64. Bits past the end are kept 0.
 */
#ifndef FD_BASE_BITS_H
#define FD_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FD_BITS_WORDS(n) (((n) + 63) / 64)

static inline bool fd_bits_get(const uint64_t *bits, size_t i)
{
    return (bits[i >> 6] >> (i & 63)) & 1;
}

static inline void fd_bits_set(uint64_t *bits, size_t i)
{
    bits[i >> 6] |= (uint64_t)1 << (i & 63);
}

static inline void fd_bits_unset(uint64_t *bits, size_t i)
{
    bits[i >> 6] &= ~((uint64_t)1 << (i & 63));
}

static inline void fd_bits_assign(uint64_t *bits, size_t i, bool value)
{
    if (value)
        fd_bits_set(bits, i);
    else
        fd_bits_unset(bits, i);
}

/** Number of ones among the first n bits. */
size_t fd_bits_count(const uint64_t *bits, size_t n);
/** Set the first n bits, clear the rest of the last word. */
void fd_bits_fill(uint64_t *bits, size_t n);

/* A set of small numbers that grows with the largest of them. Zero-initialise; free(set.bits). */
typedef struct fd_bitset {
    uint64_t *bits;
    size_t size; /* numbers it has room for */
} fd_bitset;

/** Put a number in. @return whether it was there before */
bool fd_bitset_put(fd_bitset *set, size_t i);
static inline bool fd_bitset_has(const fd_bitset *set, size_t i)
{
    return i < set->size && fd_bits_get(set->bits, i);
}

#endif
