/*
 * Several versions of one function, the best for the processor chosen when the program starts.
 *
 * For short loops over arrays, in portable C. A function marked so must give the same bytes in
 * every version: sums keep their order, and no product is added in the same expression (a version
 * that fuses the two would round once less).
 */
#ifndef FD_BASE_VERSIONS_H
#define FD_BASE_VERSIONS_H

/* Not under sanitizers: their run-time is not ready when the choice is made. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) &&                        \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && defined(__OPTIMIZE__)
#define FD_MANY_VERSIONS __attribute__((target_clones("arch=skylake-avx512", "avx2", "default")))
#elif defined(__x86_64__) && defined(__gnu_linux__) && defined(__clang__)
#if __has_attribute(target_clones) && !__has_feature(address_sanitizer) &&                         \
    !__has_feature(thread_sanitizer) && !__has_feature(memory_sanitizer)
#define FD_MANY_VERSIONS __attribute__((target_clones("avx2", "default")))
#endif
#endif
#ifndef FD_MANY_VERSIONS
#define FD_MANY_VERSIONS
#endif

#endif
