/*
 * Draws without a state: the i-th draw of a tag under a key is a function of the three, so that a
 * number does not change because another one is drawn before it.  The mixer is splitmix64 (Steele,
 * Lea, Flood 2014, doi:10.1145/2714064.2660195).
 */
#ifndef FD_EXAMPLE_RANDOM_H
#define FD_EXAMPLE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/** A tag out of small whole numbers. */
static inline uint64_t fd_ex_tag(int n)
{
    return (uint64_t)n;
}

/** splitmix64's output function: a bijection of 64-bit numbers. */
uint64_t fd_example__mix(uint64_t x);
/** A key below another key. */
uint64_t fd_example__key(uint64_t key, uint64_t tag);
/** Uniform in [0, 1), 53 bits. */
double fd_example__uniform(uint64_t key, uint64_t tag);
/** Uniform in [low, high). */
double fd_example__between(uint64_t key, uint64_t tag, double low, double high);
/** A whole number in [0, n), n > 0. */
size_t fd_example__below(uint64_t key, uint64_t tag, size_t n);
/** Bell-shaped with mean 0 and deviation 1: the sum of twelve uniforms less six. No libm, so the
 *  same bits everywhere; never beyond ±6. */
double fd_example__bell(uint64_t key, uint64_t tag);

#endif
