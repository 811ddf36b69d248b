/*
 * A typed growing array:  fd_vec(int) v = { 0 };  fd_vec_push(&v, 3);  fd_vec_dispose(&v);
 * Elements are v.items[0 .. v.count-1].
 */
#ifndef FD_BASE_VEC_H
#define FD_BASE_VEC_H

#include <stddef.h>
#include <stdlib.h>

#include <assert.h>

#include "fangding/arena.h"

#define fd_vec(type)                                                                               \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count;                                                                              \
        size_t capacity;                                                                           \
    }

#define fd_vec_reserve(v, n)                                                                       \
    do {                                                                                           \
        if ((v)->capacity < (n)) {                                                                 \
            size_t fd__cap = (v)->capacity ? (v)->capacity * 2 : 8;                                \
            if (fd__cap < (n))                                                                     \
                fd__cap = (n);                                                                     \
            (v)->items = fd_realloc_array((v)->items, fd__cap, sizeof *(v)->items);                \
            (v)->capacity = fd__cap;                                                               \
        }                                                                                          \
    } while (0)

#define fd_vec_push(v, value)                                                                      \
    do {                                                                                           \
        fd_vec_reserve((v), (v)->count + 1);                                                       \
        assert((v)->items);                                                                        \
        (v)->items[(v)->count++] = (value);                                                        \
    } while (0)

#define fd_vec_dispose(v)                                                                          \
    do {                                                                                           \
        free((v)->items);                                                                          \
        (v)->items = NULL;                                                                         \
        (v)->count = (v)->capacity = 0;                                                            \
    } while (0)

#endif
