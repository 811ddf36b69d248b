/*
 * How often an address may ask: one bucket of tokens for each, refilled with time.  The clock is
 * the caller's, so that tests need none.
 */
#ifndef FD_HTTP_LIMITS_H
#define FD_HTTP_LIMITS_H

#include <stddef.h>
#include <stdint.h>

typedef struct fd_limits fd_limits;

/** `burst` at once, `rate` a second on average; rate 0 lets everything through. Remembers up to
 * `slots` keys; the fullest bucket of a set of four makes room for a new key. */
fd_limits *fd_limits_new(double rate, double burst, size_t slots);
void fd_limits_free(fd_limits *limits);
/** Take one token of the key's bucket. @return 0, or the milliseconds until there is one */
int64_t fd_limits_take(fd_limits *limits, const char *key, int64_t now_ms);

#endif
