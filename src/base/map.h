/*
 * A hash map from text to a 64-bit number (an index, or a pointer cast through uintptr_t).
 * Keys are copied. Order of iteration is order of insertion, so that output never depends on
 * hashes.
 */
#ifndef FD_BASE_MAP_H
#define FD_BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

typedef struct fd_map fd_map;

fd_map *fd_map_new(void);
void fd_map_free(fd_map *map);
size_t fd_map_count(const fd_map *map);
/** True and *value when the key is there. */
bool fd_map_get(const fd_map *map, fd_view key, uint64_t *value);
/** Set or replace. @return true when the key is new */
bool fd_map_set(fd_map *map, fd_view key, uint64_t value);
/** The value of the key, after inserting `fallback` when it was absent. */
uint64_t fd_map_intern(fd_map *map, fd_view key, uint64_t fallback);
/** The i-th entry in order of insertion, i < fd_map_count(). The key is terminated. */
fd_view fd_map_key(const fd_map *map, size_t i);
uint64_t fd_map_value(const fd_map *map, size_t i);
/** 64-bit hash of bytes (not for adversaries who can choose the seed: it is random per process). */
uint64_t fd_hash_bytes(const void *data, size_t length);

#endif
