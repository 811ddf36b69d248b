/*
 * The inner loops: 64 rows make one word of truth.  Two builds of the same text, one for AVX2; the
 * results are the same.
 */
#ifndef FD_POLICY_KERNEL_H
#define FD_POLICY_KERNEL_H

#include "fangding/ding.h"

typedef struct fd_policy_kernels {
    /** Bit i of out: a[i]·ka ? b[i]·kb; b NULL: a[i]·ka ? kb. words × 64 rows. */
    void (*compare)(uint64_t *out, const int64_t *a, int64_t ka, const int64_t *b, int64_t kb,
                    fd_expr_kind relation, size_t words);
    /** Bit i of out: a[i]·ka ? b[i]·table[j], j the first band with s[i] ≤ edges[j], else count. */
    void (*bands)(uint64_t *out, const int64_t *a, int64_t ka, const int64_t *b, const int64_t *s,
                  const int64_t *edges, const int64_t *table, size_t count, fd_expr_kind relation,
                  size_t words);
    /** out[i] = a[i]·ka + b[i]·kb; b NULL: a[i]·ka. */
    void (*linear)(int64_t *out, const int64_t *a, int64_t ka, const int64_t *b, int64_t kb,
                   size_t n);
    /** Bits of yes and open: table[index[i]] is 2, is 1. words × 64 rows. */
    void (*lookup)(uint64_t *yes, uint64_t *open, const uint32_t *index, const uint8_t *table,
                   size_t words);
    /** Is some value negative (bit 0), zero (bit 1)? */
    unsigned (*signs)(const int64_t *a, size_t n);
} fd_policy_kernels;

/** The build that this processor runs fastest. */
const fd_policy_kernels *fd_policy__kernels(void);

#endif
