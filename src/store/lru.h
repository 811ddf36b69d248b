/*
 * A cache of things that cost memory: the least recently used go first when a cap is passed.
 */
#ifndef FD_STORE_LRU_H
#define FD_STORE_LRU_H

#include <stddef.h>
#include <stdint.h>

typedef struct fd_lru fd_lru;

/** Holds things of up to `cap` bytes together; release(thing) is called when one leaves. */
fd_lru *fd_lru_new(size_t cap, void (*release)(void *thing));
void fd_lru_free(fd_lru *lru);
/** The thing under a key (bytes), now the most recently used; NULL when absent. Borrowed until the
 * next put. */
void *fd_lru_get(fd_lru *lru, const void *key, size_t length);
/** Take over a thing under a key that is absent. It stays at least until the next put, however big
 * it is. */
void fd_lru_put(fd_lru *lru, const void *key, size_t length, void *thing, size_t bytes);

#endif
