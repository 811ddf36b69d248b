#include "app/plan_warm.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/plan_load.h"
#include "base/vec.h"

/* A place is found by its key under the shelf's lock; its desk is made and used under its own.
 * While `users` is not 0 the place stays, so that nobody waits for a lock that is gone. */
typedef struct fd_plan_place {
    char *key;
    fd_plan_desk *desk;
    size_t bytes, users;
    uint64_t used; /* the shelf's count of loans when it was last asked for */
    pthread_mutex_t lock;
} fd_plan_place;

struct fd_plan_shelf {
    pthread_mutex_t lock;
    fd_vec(fd_plan_place *) places;
    size_t most, bytes;
    uint64_t loans;
};

fd_plan_shelf *fd_plan_shelf_new(size_t most, size_t bytes)
{
    fd_plan_shelf *s = fd_alloc(sizeof *s);

    pthread_mutex_init(&s->lock, NULL);
    s->most = most;
    s->bytes = bytes;
    return s;
}

static void free_place(fd_plan_place *p)
{
    fd_plan_desk_free(p->desk);
    pthread_mutex_destroy(&p->lock);
    free(p->key);
    free(p);
}

void fd_plan_shelf_free(fd_plan_shelf *shelf)
{
    if (!shelf)
        return;
    for (size_t i = 0; i < shelf->places.count; i++)
        free_place(shelf->places.items[i]);
    fd_vec_dispose(&shelf->places);
    pthread_mutex_destroy(&shelf->lock);
    free(shelf);
}

size_t fd_plan_shelf_count(fd_plan_shelf *shelf, size_t *bytes)
{
    size_t count;

    pthread_mutex_lock(&shelf->lock);
    count = shelf->places.count;
    *bytes = 0;
    for (size_t i = 0; i < count; i++)
        *bytes += shelf->places.items[i]->bytes;
    pthread_mutex_unlock(&shelf->lock);
    return count;
}

/* Under the shelf's lock: the longest unused goes until both bounds hold; those at work stay. */
static void make_room(fd_plan_shelf *s)
{
    for (;;) {
        size_t sum = 0, oldest = SIZE_MAX;

        for (size_t i = 0; i < s->places.count; i++) {
            const fd_plan_place *p = s->places.items[i];

            sum += p->bytes;
            if (!p->users && (oldest == SIZE_MAX || p->used < s->places.items[oldest]->used))
                oldest = i;
        }
        if ((s->places.count <= s->most && sum <= s->bytes) || oldest == SIZE_MAX)
            return;
        free_place(s->places.items[oldest]);
        s->places.items[oldest] = s->places.items[--s->places.count];
    }
}

static fd_plan_place *find_place(fd_plan_shelf *s, const char *key)
{
    fd_plan_place *place = NULL;

    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->places.count && !place; i++)
        if (strcmp(s->places.items[i]->key, key) == 0)
            place = s->places.items[i];
    if (!place) {
        place = fd_alloc(sizeof *place);
        place->key = fd_strdup(key);
        pthread_mutex_init(&place->lock, NULL);
        fd_vec_push(&s->places, place);
    }
    place->users++;
    place->used = ++s->loans;
    make_room(s);
    pthread_mutex_unlock(&s->lock);
    return place;
}

static int make_desk(fd_plan_desk **out, fd_call *call)
{
    fd_plan *plan = NULL;
    int err = fd_plan_load(&plan, call, NULL, true);

    return err < 0 ? err : fd_plan_desk_new(out, plan);
}

int fd_plan_borrow(fd_plan_loan *out, fd_call *call, const char *use)
{
    int err;

    memset(out, 0, sizeof *out);
    /* Before the shelf: a desk is made with the rights of whoever came first, and what a role sees
     * is part of the key. */
    if ((err = fd_plan_may_see(call)) < 0)
        return err;
    if (!call->plans)
        return make_desk(&out->desk, call);
    out->shelf = call->plans;
    out->place = find_place(call->plans,
                            fd_arena_printf(call->arena, "%lld|%s|%d|%s",
                                            (long long)fd_reader_snapshot(call->city->reader),
                                            call->city->definitions_hash, (int)call->role, use));
    pthread_mutex_lock(&out->place->lock);
    if (!out->place->desk)
        err = make_desk(&out->place->desk, call);
    out->desk = out->place->desk;
    return err;
}

void fd_plan_give_back(fd_plan_loan *loan)
{
    fd_plan_place *place = loan->place;
    fd_plan_shelf *s = loan->shelf;

    if (!s) {
        fd_plan_desk_free(loan->desk);
    } else {
        size_t bytes = place->desk ? fd_plan_desk_bytes(place->desk) : 0;

        pthread_mutex_unlock(&place->lock);
        pthread_mutex_lock(&s->lock);
        place->bytes = bytes;
        place->users--;
        make_room(s);
        pthread_mutex_unlock(&s->lock);
    }
    memset(loan, 0, sizeof *loan);
}
