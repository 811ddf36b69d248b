/*
 * Inner loops of the evaluator: sums with the two largest contributors, over plain int64 columns.
 *
 * They run at the speed of memory and know nothing of expressions.  A row without a value holds 0
 * (table.h), so that no mask is needed for missing cells; who is missing is read from the bitmaps.
 * Where the compiler and machine allow, each loop exists in several versions and the best is chosen
 * at start.
 */
#ifndef FD_DING_KERNEL_H
#define FD_DING_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* The two largest magnitudes met so far; start with {0, 0}. */
typedef struct fd_top {
    uint64_t first, second;
} fd_top;

/** Put one magnitude in its place. */
static inline void fd_top_put(fd_top *top, uint64_t magnitude)
{
    if (magnitude <= top->second)
        return;
    if (magnitude > top->first) {
        top->second = top->first;
        top->first = magnitude;
    } else {
        top->second = magnitude;
    }
}

static inline uint64_t fd_magnitude(int64_t v)
{
    return v < 0 ? (uint64_t)0 - (uint64_t)v : (uint64_t)v;
}

/** The largest |v[i]|. 0 for n = 0. */
uint64_t fd_kernel__max(const int64_t *v, size_t n);

/** The sum of v[0 .. n-1], which must fit (n × max < 2^63), and the two largest magnitudes. O(n).
 */
int64_t fd_kernel__sum(const int64_t *v, size_t n, fd_top *top);

/** The same over rows whose bit is set in mask (bit i for v[i]). */
int64_t fd_kernel__sum_masked(const int64_t *v, const uint64_t *mask, size_t n, fd_top *top);

/**
 * Sums per group: acc[group[i]] += v[i] and the two largest magnitudes per group.
 *
 * acc has four lanes of `groups` entries each (lane = i mod 4, so that neighbours of one group do
 * not wait for each other); the caller adds the lanes.  A lane must not overflow: (rows since the
 * lanes were 0) × max < 2^63.  A group whose top.second is UINT64_MAX takes no part in the search
 * for the largest (rows that are left out).
 */
void fd_kernel__sum_grouped(const int64_t *v, const uint32_t *group, size_t n, int64_t *acc,
                            size_t groups, fd_top *top);

/* out = a + b, a·ka + b·kb, a·b: the caller proves that nothing overflows. out may be a or b. */
void fd_kernel__add(int64_t *out, const int64_t *a, const int64_t *b, size_t n);
void fd_kernel__add_scaled(int64_t *out, const int64_t *a, int64_t ka, const int64_t *b, int64_t kb,
                           size_t n);
void fd_kernel__mul(int64_t *out, const int64_t *a, const int64_t *b, size_t n);

/** Bit i of lt = a[i]·ka < b[i]·kb, of eq = equal; bits past n are 0. No overflow allowed. */
void fd_kernel__compare(uint64_t *lt, uint64_t *eq, const int64_t *a, int64_t ka, const int64_t *b,
                        int64_t kb, size_t n);

#endif
