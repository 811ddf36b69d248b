/*
 * Arenas: memory with one owner and one moment of release.
 *
 * Small allocations do not return on exhaustion: the process prints a line and aborts (a program
 * that cannot get a few hundred bytes cannot report it either).  Sizes that come from input go
 * through fd_try_alloc(), which has a cap and returns an error.
 *
 * Built with FD_ARENA_DEBUG every allocation is a malloc of its own, so that ASan sees inside.
 */
#ifndef FANGDING_ARENA_H
#define FANGDING_ARENA_H

#include <stddef.h>

#include "fangding/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fd_arena fd_arena;

/* A point to go back to. */
typedef struct fd_arena_mark {
    void *block;
    size_t used;
    void *release;
} fd_arena_mark;

FD_API fd_arena *fd_arena_new(void) FD_NOT_NULL;
FD_API void fd_arena_free(fd_arena *arena); /* NULL is fine */
/** Zeroed memory, aligned to 16 bytes, valid until reset below it. size 0 gives a valid pointer. */
FD_API void *fd_arena_alloc(fd_arena *arena, size_t size) FD_NOT_NULL;
FD_API char *fd_arena_strdup(fd_arena *arena, const char *text); /* NULL gives NULL */
FD_API char *fd_arena_strndup(fd_arena *arena, const char *text, size_t length) FD_NOT_NULL;
FD_API char *fd_arena_printf(fd_arena *arena, const char *format, ...) FD_PRINTF(2, 3);
FD_API fd_arena_mark fd_arena_here(fd_arena *arena);
/** Release everything allocated, and run every callback registered, since the mark, newest first.
 */
FD_API void fd_arena_reset(fd_arena *arena, fd_arena_mark mark);
/** Call release(payload) when the arena is freed or reset below here: for what is not memory. */
FD_API void fd_arena_on_release(fd_arena *arena, void (*release)(void *payload), void *payload);
/** Bytes handed out and not yet reset. */
FD_API size_t fd_arena_used(const fd_arena *arena);

/* For what lives longer than a scope. They abort on exhaustion like the arena; free() releases. */
FD_API void *fd_alloc(size_t size) FD_NOT_NULL;                 /* zeroed */
FD_API void *fd_realloc(void *memory, size_t size) FD_NOT_NULL; /* new part not zeroed */
FD_API void *fd_realloc_array(void *memory, size_t count,
                              size_t size) FD_NOT_NULL; /* checked product */
FD_API char *fd_strdup(const char *text);
/** count × size bytes, zeroed, for sizes that come from input: FD_ELIMIT above cap bytes,
 * FD_ENOMEM. */
FD_API int fd_try_alloc(void **out, size_t count, size_t size, size_t cap);

#ifdef __cplusplus
}
#endif
#endif
