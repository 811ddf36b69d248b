/*
 * A fixed set of worker threads for data-parallel loops. Results do not depend on their number:
 * callers cut work into fixed blocks and reduce in block order.
 */
#ifndef FD_BASE_POOL_H
#define FD_BASE_POOL_H

#include <stddef.h>

typedef struct fd_pool fd_pool;

/** threads 0 = one per processor online; 1 = no thread at all, everything runs in the caller. */
fd_pool *fd_pool_new(size_t threads);
void fd_pool_free(fd_pool *pool);
size_t fd_pool_threads(const fd_pool *pool);
/**
 * Call work(payload, i) for i = 0 .. count-1, each once, in any order and thread; returns when all
 * are done. work returns 0 or a negative code; the code and error record of the smallest failing i
 * are given back. pool NULL runs in the caller.
 */
int fd_pool_run(fd_pool *pool, size_t count, int (*work)(void *payload, size_t i), void *payload);

#endif
