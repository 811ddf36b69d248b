/*
 * Open addressing over an index array; entries stand in insertion order, keys in blocks of their
 * own. The hash is a multiply-and-fold over 8-byte words, seeded per process.
 */
#include "base/map.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "fangding/arena.h"
#include "fangding/decimal.h"

typedef struct entry {
    fd_view key;
    uint64_t hash;
    uint64_t value;
} entry;

struct fd_map {
    fd_arena *keys;
    entry *entries;
    size_t count, capacity;
    uint32_t *slots; /* entry index + 1; 0 empty */
    size_t slot_count;
};

static uint64_t fold(uint64_t a, uint64_t b)
{
    fd_u128 product = (fd_u128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t process_seed(void)
{
    static uint64_t seed;
    uint64_t now = __atomic_load_n(&seed, __ATOMIC_RELAXED);

    if (!now) {
        struct timespec t;
        uint64_t expected = 0;

        clock_gettime(CLOCK_REALTIME, &t);
        now = fold((uint64_t)t.tv_nsec ^ 0x9E3779B97F4A7C15u,
                   (uint64_t)getpid() + 0xD1B54A32D192ED03u) |
              1;
        if (!__atomic_compare_exchange_n(&seed, &expected, now, false, __ATOMIC_RELAXED,
                                         __ATOMIC_RELAXED))
            now = expected;
    }
    return now;
}

uint64_t fd_hash_bytes(const void *data, size_t length)
{
    const unsigned char *p = data;
    uint64_t h = process_seed() ^ length, word;

    while (length >= 8) {
        memcpy(&word, p, 8);
        h = fold(h ^ word, 0x9FB21C651E98DF25u);
        p += 8;
        length -= 8;
    }
    word = 0;
    if (length)
        memcpy(&word, p, length);
    h = fold(h ^ word, 0xE7037ED1A0B428DBu);
    return h ^ (h >> 32);
}

fd_map *fd_map_new(void)
{
    fd_map *map = fd_alloc(sizeof *map);

    map->keys = fd_arena_new();
    map->slot_count = 16;
    map->slots = fd_alloc(map->slot_count * sizeof *map->slots);
    return map;
}

void fd_map_free(fd_map *map)
{
    if (!map)
        return;
    fd_arena_free(map->keys);
    free(map->entries);
    free(map->slots);
    free(map);
}

size_t fd_map_count(const fd_map *map)
{
    return map->count;
}

/* The slot that holds the key, or the empty one where it belongs. */
static size_t find_slot(const fd_map *map, fd_view key, uint64_t hash)
{
    size_t mask = map->slot_count - 1;
    size_t slot = (size_t)hash & mask;

    while (map->slots[slot]) {
        const entry *e = &map->entries[map->slots[slot] - 1];

        if (e->hash == hash && fd_view_equal(e->key, key))
            break;
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void grow(fd_map *map)
{
    size_t mask = map->slot_count * 2 - 1;

    free(map->slots);
    map->slot_count *= 2;
    map->slots = fd_alloc(map->slot_count * sizeof *map->slots);
    for (size_t i = 0; i < map->count; i++) {
        size_t slot = (size_t)map->entries[i].hash & mask;

        while (map->slots[slot])
            slot = (slot + 1) & mask;
        map->slots[slot] = (uint32_t)(i + 1);
    }
}

static entry *insert(fd_map *map, size_t slot, fd_view key, uint64_t hash)
{
    entry *e;

    if (map->count == map->capacity) {
        map->capacity = map->capacity ? map->capacity * 2 : 16;
        map->entries = fd_realloc_array(map->entries, map->capacity, sizeof *map->entries);
    }
    e = &map->entries[map->count++];
    e->key = (fd_view){ fd_arena_strndup(map->keys, key.ptr, key.len), key.len };
    e->hash = hash;
    map->slots[slot] = (uint32_t)map->count;
    if (map->count * 10 > map->slot_count * 7)
        grow(map);
    return &map->entries[map->count - 1];
}

bool fd_map_get(const fd_map *map, fd_view key, uint64_t *value)
{
    uint32_t at = map->slots[find_slot(map, key, fd_hash_bytes(key.ptr, key.len))];

    if (!at)
        return false;
    *value = map->entries[at - 1].value;
    return true;
}

bool fd_map_set(fd_map *map, fd_view key, uint64_t value)
{
    uint64_t hash = fd_hash_bytes(key.ptr, key.len);
    size_t slot = find_slot(map, key, hash);
    bool is_new = !map->slots[slot];

    if (is_new)
        insert(map, slot, key, hash)->value = value;
    else
        map->entries[map->slots[slot] - 1].value = value;
    return is_new;
}

uint64_t fd_map_intern(fd_map *map, fd_view key, uint64_t fallback)
{
    uint64_t hash = fd_hash_bytes(key.ptr, key.len);
    size_t slot = find_slot(map, key, hash);

    if (map->slots[slot])
        return map->entries[map->slots[slot] - 1].value;
    insert(map, slot, key, hash)->value = fallback;
    return fallback;
}

fd_view fd_map_key(const fd_map *map, size_t i)
{
    return map->entries[i].key;
}

uint64_t fd_map_value(const fd_map *map, size_t i)
{
    return map->entries[i].value;
}
