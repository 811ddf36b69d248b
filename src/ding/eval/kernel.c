#include "ding/eval/kernel.h"
#include "base/versions.h"

/* GCC vectorises little at -O2; these loops are worth it in every build. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#pragma GCC optimize("O3")
#endif

/* Rows searched together: short enough to be in the first cache when they are searched again. */
#define STRETCH 256

FD_MANY_VERSIONS uint64_t fd_kernel__max(const int64_t *v, size_t n)
{
    uint64_t max = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t m = fd_magnitude(v[i]);

        max = m > max ? m : max;
    }
    return max;
}

/*
 * The largest of a stretch is found without branches; only a stretch that holds something larger
 * than the present second is searched again, which for data in no special order happens a few
 * dozen times in a million rows.
 */
FD_MANY_VERSIONS int64_t fd_kernel__sum(const int64_t *v, size_t n, fd_top *top)
{
    int64_t total = 0;

    for (size_t start = 0; start < n; start += STRETCH) {
        size_t end = n - start < STRETCH ? n : start + STRETCH;
        int64_t sum = 0, high = 0, low = 0;

        for (size_t i = start; i < end; i++) {
            int64_t x = v[i];

            sum += x;
            high = x > high ? x : high;
            low = x < low ? x : low;
        }
        total += sum;
        if (fd_magnitude(high) > top->second || fd_magnitude(low) > top->second)
            for (size_t i = start; i < end; i++)
                fd_top_put(top, fd_magnitude(v[i]));
    }
    return total;
}

FD_MANY_VERSIONS int64_t fd_kernel__sum_masked(const int64_t *v, const uint64_t *mask, size_t n,
                                               fd_top *top)
{
    int64_t total = 0;

    for (size_t start = 0; start < n; start += 64) {
        size_t count = n - start < 64 ? n - start : 64;
        uint64_t bits = mask[start / 64];
        int64_t sum = 0, high = 0, low = 0;

        if (bits == 0)
            continue;
        for (size_t i = 0; i < count; i++) {
            int64_t x = v[start + i] & -(int64_t)((bits >> i) & 1);

            sum += x;
            high = x > high ? x : high;
            low = x < low ? x : low;
        }
        total += sum;
        if (fd_magnitude(high) > top->second || fd_magnitude(low) > top->second)
            for (size_t i = 0; i < count; i++)
                if ((bits >> i) & 1)
                    fd_top_put(top, fd_magnitude(v[start + i]));
    }
    return total;
}

static inline void add_row(int64_t x, uint32_t g, int64_t *lane, fd_top *top)
{
    uint64_t m = fd_magnitude(x);

    lane[g] += x;
    if (__builtin_expect(m > top[g].second, 0))
        fd_top_put(&top[g], m);
}

void fd_kernel__sum_grouped(const int64_t *v, const uint32_t *group, size_t n, int64_t *acc,
                            size_t groups, fd_top *top)
{
    int64_t *lane1 = acc + groups, *lane2 = lane1 + groups, *lane3 = lane2 + groups;
    size_t i = 0;

    for (; i + 4 <= n; i += 4) {
        add_row(v[i], group[i], acc, top);
        add_row(v[i + 1], group[i + 1], lane1, top);
        add_row(v[i + 2], group[i + 2], lane2, top);
        add_row(v[i + 3], group[i + 3], lane3, top);
    }
    for (; i < n; i++)
        add_row(v[i], group[i], acc, top);
}

FD_MANY_VERSIONS void fd_kernel__add(int64_t *out, const int64_t *a, const int64_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = a[i] + b[i];
}

FD_MANY_VERSIONS void fd_kernel__add_scaled(int64_t *out, const int64_t *a, int64_t ka,
                                            const int64_t *b, int64_t kb, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = a[i] * ka + b[i] * kb;
}

FD_MANY_VERSIONS void fd_kernel__mul(int64_t *out, const int64_t *a, const int64_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = a[i] * b[i];
}

FD_MANY_VERSIONS void fd_kernel__compare(uint64_t *lt, uint64_t *eq, const int64_t *a, int64_t ka,
                                         const int64_t *b, int64_t kb, size_t n)
{
    for (size_t start = 0; start < n; start += 64) {
        size_t count = n - start < 64 ? n - start : 64;
        uint64_t less = 0, same = 0;

        for (size_t i = 0; i < count; i++) {
            int64_t x = a[start + i] * ka, y = b[start + i] * kb;

            less |= (uint64_t)(x < y) << i;
            same |= (uint64_t)(x == y) << i;
        }
        lt[start / 64] = less;
        eq[start / 64] = same;
    }
}
