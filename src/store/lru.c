#include "store/lru.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "fangding/arena.h"

typedef struct entry {
    struct entry *next;          /* in its bucket */
    struct entry *newer, *older; /* in order of use */
    uint64_t hash;
    void *thing;
    size_t bytes, length;
    char key[];
} entry;

struct fd_lru {
    void (*release)(void *thing);
    size_t cap, bytes, count;
    entry **buckets;
    size_t bucket_count; /* a power of two */
    entry *newest, *oldest;
};

fd_lru *fd_lru_new(size_t cap, void (*release)(void *thing))
{
    fd_lru *lru = fd_alloc(sizeof *lru);

    lru->cap = cap;
    lru->release = release;
    lru->bucket_count = 64;
    lru->buckets = fd_alloc(lru->bucket_count * sizeof(entry *));
    return lru;
}

static void unlink_use(fd_lru *lru, entry *e)
{
    if (e->newer)
        e->newer->older = e->older;
    else
        lru->newest = e->older;
    if (e->older)
        e->older->newer = e->newer;
    else
        lru->oldest = e->newer;
}

static void link_newest(fd_lru *lru, entry *e)
{
    e->newer = NULL;
    e->older = lru->newest;
    if (lru->newest)
        lru->newest->newer = e;
    else
        lru->oldest = e;
    lru->newest = e;
}

static void evict(fd_lru *lru, entry *e)
{
    entry **at = &lru->buckets[e->hash & (lru->bucket_count - 1)];

    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    unlink_use(lru, e);
    assert(lru->oldest != e);
    lru->bytes -= e->bytes;
    lru->count--;
    lru->release(e->thing);
    free(e);
}

void fd_lru_free(fd_lru *lru)
{
    if (!lru)
        return;
    while (lru->oldest)
        evict(lru, lru->oldest);
    free(lru->buckets);
    free(lru);
}

void *fd_lru_get(fd_lru *lru, const void *key, size_t length)
{
    const uint64_t hash = fd_hash_bytes(key, length);

    for (entry *e = lru->buckets[hash & (lru->bucket_count - 1)]; e; e = e->next) {
        if (e->hash == hash && e->length == length && memcmp(e->key, key, length) == 0) {
            unlink_use(lru, e);
            link_newest(lru, e);
            return e->thing;
        }
    }
    return NULL;
}

static void grow(fd_lru *lru)
{
    const size_t count = lru->bucket_count * 2;
    entry **buckets = fd_alloc(count * sizeof *buckets);

    for (entry *e = lru->oldest; e; e = e->newer) {
        entry **at = &buckets[e->hash & (count - 1)];

        e->next = *at;
        *at = e;
    }
    free(lru->buckets);
    lru->buckets = buckets;
    lru->bucket_count = count;
}

void fd_lru_put(fd_lru *lru, const void *key, size_t length, void *thing, size_t bytes)
{
    entry *e = fd_alloc(sizeof *e + length);
    entry **at;

    while (lru->oldest && lru->bytes + bytes > lru->cap)
        evict(lru, lru->oldest);
    if (lru->count >= lru->bucket_count)
        grow(lru);
    e->hash = fd_hash_bytes(key, length);
    e->thing = thing;
    e->bytes = bytes;
    e->length = length;
    memcpy(e->key, key, length);
    at = &lru->buckets[e->hash & (lru->bucket_count - 1)];
    e->next = *at;
    *at = e;
    link_newest(lru, e);
    lru->bytes += bytes;
    lru->count++;
}
