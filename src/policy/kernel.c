#include "policy/kernel.h"

#include <string.h>

#define CONCAT2(a, b) a##b
#define CONCAT(a, b)  CONCAT2(a, b)

/* Eight flags of one byte each → eight bits. */
static inline uint64_t pack(const uint8_t flags[64])
{
    uint64_t word = 0;

    for (int i = 0; i < 8; i++) {
        uint64_t eight;

        memcpy(&eight, flags + 8 * i, 8);
        word |= (eight * UINT64_C(0x0102040810204080) >> 56) << (8 * i);
    }
    return word;
}

#define SUFFIX plain
#define TARGET
#include "policy/kernel_body.h"
#undef SUFFIX
#undef TARGET

#if defined(__x86_64__) && defined(__GNUC__)
#define SUFFIX avx2
#define TARGET __attribute__((target("avx2")))
#include "policy/kernel_body.h"
#undef SUFFIX
#undef TARGET

const fd_policy_kernels *fd_policy__kernels(void)
{
    return __builtin_cpu_supports("avx2") ? &kernels_avx2 : &kernels_plain;
}
#else
const fd_policy_kernels *fd_policy__kernels(void)
{
    return &kernels_plain;
}
#endif
