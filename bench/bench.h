/*
 * What the measures share: a fixed generator (splitmix64), so that a run draws the same numbers on
 * every machine.
 */
#ifndef FD_BENCH_BENCH_H
#define FD_BENCH_BENCH_H

#include <math.h>
#include <stdint.h>

/* Above 0, below 1. */
static inline double fd_bench_uniform(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
}

/* Standard normal: Box and Muller, one of the pair. */
static inline double fd_bench_normal(uint64_t *state)
{
    const double u = fd_bench_uniform(state), v = fd_bench_uniform(state);

    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

#endif
