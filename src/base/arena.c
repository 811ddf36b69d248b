/*
 * Blocks chained newest first; release records live inside the arena itself.
 */
#include "fangding/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)64 << 10)
#define ALIGN       ((size_t)16)

typedef struct block {
    struct block *older;
    size_t used, size;
    _Alignas(16) char bytes[];
} block;

typedef struct release {
    struct release *older;
    void (*call)(void *payload);
    void *payload;
} release;

struct fd_arena {
    block *newest;
    release *releases;
    size_t used;
};

static void out_of_memory(size_t size)
{
    fprintf(stderr, "fangding: 内存不足,需要 %zu 字节 | out of memory, %zu bytes needed\n", size,
            size);
    abort();
}

void *fd_alloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);

    if (!memory)
        out_of_memory(size);
    return memory;
}

void *fd_realloc(void *memory, size_t size)
{
    void *moved = realloc(memory, size ? size : 1);

    if (!moved)
        out_of_memory(size);
    return moved;
}

void *fd_realloc_array(void *memory, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes))
        out_of_memory(SIZE_MAX);
    return fd_realloc(memory, bytes);
}

char *fd_strdup(const char *text)
{
    size_t size;
    char *copy;

    if (!text)
        return NULL;
    size = strlen(text) + 1;
    copy = fd_realloc(NULL, size);
    memcpy(copy, text, size);
    return copy;
}

int fd_try_alloc(void **out, size_t count, size_t size, size_t cap)
{
    size_t bytes;

    *out = NULL;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > cap)
        return fd_error_set(FD_ELIMIT, "需要的内存超过上限 %zu 字节",
                            "more memory is asked for than the cap of %zu bytes", cap);
    *out = calloc(1, bytes ? bytes : 1);
    if (!*out)
        return fd_error_set(FD_ENOMEM, "内存不足:%zu 字节", "out of memory: %zu bytes", bytes);
    return 0;
}

fd_arena *fd_arena_new(void)
{
    return fd_alloc(sizeof(fd_arena));
}

static void run_releases(fd_arena *arena, const release *until)
{
    while (arena->releases != until) {
        release *r = arena->releases;

        arena->releases = r->older;
        r->call(r->payload);
    }
}

void fd_arena_free(fd_arena *arena)
{
    if (!arena)
        return;
    run_releases(arena, NULL);
    while (arena->newest) {
        block *b = arena->newest;

        arena->newest = b->older;
        free(b);
    }
    free(arena);
}

static block *new_block(fd_arena *arena, size_t size)
{
    block *b = fd_realloc(NULL, sizeof *b + size);

    b->older = arena->newest;
    b->used = 0;
    b->size = size;
    arena->newest = b;
    return b;
}

void *fd_arena_alloc(fd_arena *arena, size_t size)
{
    block *b = arena->newest;
    void *memory;

    if (size > SIZE_MAX - 2 * ALIGN)
        out_of_memory(size);
    size = (size + ALIGN - 1) & ~(ALIGN - 1);
#ifdef FD_ARENA_DEBUG
    b = new_block(arena, size);
#else
    if (!b || b->size - b->used < size)
        b = new_block(arena, size > BLOCK_BYTES ? size : BLOCK_BYTES);
#endif
    memory = b->bytes + b->used;
    b->used += size;
    arena->used += size;
    memset(memory, 0, size);
    return memory;
}

char *fd_arena_strndup(fd_arena *arena, const char *text, size_t length)
{
    char *copy = fd_arena_alloc(arena, length + 1);

    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *fd_arena_strdup(fd_arena *arena, const char *text)
{
    return text ? fd_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *fd_arena_printf(fd_arena *arena, const char *format, ...)
{
    va_list args, again;
    int length;
    char *text;

    va_start(args, format);
    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    text = fd_arena_alloc(arena, (size_t)(length > 0 ? length : 0) + 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

fd_arena_mark fd_arena_here(fd_arena *arena)
{
    return (fd_arena_mark){ arena->newest, arena->newest ? arena->newest->used : 0,
                            arena->releases };
}

void fd_arena_reset(fd_arena *arena, fd_arena_mark mark)
{
    run_releases(arena, mark.release);
    while (arena->newest != mark.block) {
        block *b = arena->newest;

        arena->newest = b->older;
        arena->used -= b->used;
        free(b);
    }
    if (arena->newest) {
        arena->used -= arena->newest->used - mark.used;
        arena->newest->used = mark.used;
    }
}

void fd_arena_on_release(fd_arena *arena, void (*call)(void *payload), void *payload)
{
    release *r = fd_arena_alloc(arena, sizeof *r);

    *r = (release){ arena->releases, call, payload };
    arena->releases = r;
}

size_t fd_arena_used(const fd_arena *arena)
{
    return arena->used;
}
