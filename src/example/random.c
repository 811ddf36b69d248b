#include "example/random.h"

uint64_t fd_example__mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

uint64_t fd_example__key(uint64_t key, uint64_t tag)
{
    return fd_example__mix(key ^ fd_example__mix(tag));
}

double fd_example__uniform(uint64_t key, uint64_t tag)
{
    return (double)(fd_example__key(key, tag) >> 11) * 0x1p-53;
}

double fd_example__between(uint64_t key, uint64_t tag, double low, double high)
{
    return low + (high - low) * fd_example__uniform(key, tag);
}

size_t fd_example__below(uint64_t key, uint64_t tag, size_t n)
{
    return (size_t)(fd_example__uniform(key, tag) * (double)n);
}

double fd_example__bell(uint64_t key, uint64_t tag)
{
    uint64_t base = fd_example__key(key, tag);
    double sum = 0;

    /* Three 21-bit uniforms out of each of four words. */
    for (uint64_t i = 0; i < 4; i++) {
        uint64_t word = fd_example__key(base, i);

        for (int part = 0; part < 3; part++)
            sum += (double)((word >> (21 * part)) & 0x1FFFFF) * 0x1p-21;
    }
    return sum - 6;
}
