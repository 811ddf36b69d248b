/*
 * Taken in once per processor family with SUFFIX and TARGET defined.  Products wrap like unsigned
 * numbers: the compiler of policies has proved that those of real rows do not reach 2^63, and the
 * unknown rows, which hold 0, do not count.
 */
#define NAMED(name) CONCAT(CONCAT(name, _), SUFFIX)
#define TIMES(x, k) ((int64_t)((uint64_t)(x) * (uint64_t)(k)))

#define COMPARE_LOOP(left, op, right)                                                              \
    for (size_t w = 0; w < words; w++) {                                                           \
        uint8_t flags[64];                                                                         \
                                                                                                   \
        for (size_t k = 0; k < 64; k++) {                                                          \
            size_t i = w * 64 + k;                                                                 \
                                                                                                   \
            flags[k] = (uint8_t)((left)op(right));                                                 \
        }                                                                                          \
        out[w] = pack(flags);                                                                      \
    }

#define COMPARE_SWITCH(left, right)                                                                \
    switch (relation) {                                                                            \
    case FD_EXPR_EQ:                                                                               \
        COMPARE_LOOP(left, ==, right)                                                              \
        break;                                                                                     \
    case FD_EXPR_NE:                                                                               \
        COMPARE_LOOP(left, !=, right)                                                              \
        break;                                                                                     \
    case FD_EXPR_LT:                                                                               \
        COMPARE_LOOP(left, <, right)                                                               \
        break;                                                                                     \
    case FD_EXPR_LE:                                                                               \
        COMPARE_LOOP(left, <=, right)                                                              \
        break;                                                                                     \
    case FD_EXPR_GT:                                                                               \
        COMPARE_LOOP(left, >, right)                                                               \
        break;                                                                                     \
    default:                                                                                       \
        COMPARE_LOOP(left, >=, right)                                                              \
        break;                                                                                     \
    }

TARGET static void NAMED(compare)(uint64_t *out, const int64_t *restrict a, int64_t ka,
                                  const int64_t *restrict b, int64_t kb, fd_expr_kind relation,
                                  size_t words)
{
    if (!b && ka == 1) {
        COMPARE_SWITCH(a[i], kb)
    } else if (!b) {
        COMPARE_SWITCH(TIMES(a[i], ka), kb)
    } else {
        COMPARE_SWITCH(TIMES(a[i], ka), TIMES(b[i], kb))
    }
}

TARGET static void NAMED(bands)(uint64_t *out, const int64_t *restrict a, int64_t ka,
                                const int64_t *restrict b, const int64_t *restrict s,
                                const int64_t *edges, const int64_t *table, size_t count,
                                fd_expr_kind relation, size_t words)
{
    for (size_t at = 0; at < words; at++) {
        int64_t rate[64];
        uint64_t word;

        for (size_t k = 0; k < 64; k++)
            rate[k] = table[0];
        for (size_t j = 0; j < count; j++) {
            int64_t edge = edges[j], next = table[j + 1];

            for (size_t k = 0; k < 64; k++)
                rate[k] = s[at * 64 + k] > edge ? next : rate[k];
        }
        if (b)
            for (size_t k = 0; k < 64; k++)
                rate[k] = TIMES(rate[k], b[at * 64 + k]);
        NAMED(compare)(&word, a + at * 64, ka, rate, 1, relation, 1);
        out[at] = word;
    }
}

TARGET static void NAMED(linear)(int64_t *restrict out, const int64_t *restrict a, int64_t ka,
                                 const int64_t *restrict b, int64_t kb, size_t n)
{
    if (!b)
        for (size_t i = 0; i < n; i++)
            out[i] = TIMES(a[i], ka);
    else if (ka == 1 && (kb == 1 || kb == -1))
        for (size_t i = 0; i < n; i++)
            out[i] = kb > 0 ? a[i] + b[i] : a[i] - b[i];
    else
        for (size_t i = 0; i < n; i++)
            out[i] = (int64_t)((uint64_t)TIMES(a[i], ka) + (uint64_t)TIMES(b[i], kb));
}

TARGET static unsigned NAMED(signs)(const int64_t *a, size_t n)
{
    uint64_t negative = 0, zero = 0;

    for (size_t i = 0; i < n; i++) {
        negative |= (uint64_t)a[i] >> 63;
        zero |= a[i] == 0;
    }
    return (unsigned)negative | (unsigned)zero << 1;
}

TARGET static void NAMED(lookup)(uint64_t *yes, uint64_t *open, const uint32_t *index,
                                 const uint8_t *table, size_t words)
{
    for (size_t w = 0; w < words; w++) {
        uint8_t two[64], one[64];

        for (size_t k = 0; k < 64; k++) {
            uint8_t x = table[index[w * 64 + k]];

            two[k] = x >> 1;
            one[k] = x & 1;
        }
        yes[w] = pack(two);
        open[w] = pack(one);
    }
}

static const fd_policy_kernels NAMED(kernels) = { NAMED(compare), NAMED(bands), NAMED(linear),
                                                  NAMED(lookup), NAMED(signs) };

#undef NAMED
#undef TIMES
#undef COMPARE_LOOP
#undef COMPARE_SWITCH
