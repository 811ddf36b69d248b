#include "http/workers.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "fangding/arena.h"

typedef struct piece {
    void (*work)(void *payload);
    void *payload;
} piece;

struct fd_workers {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t *threads;
    size_t thread_count;
    piece *ring;
    size_t room, first, count, running;
    bool closing;
};

static void *serve(void *payload)
{
    fd_workers *w = payload;

    pthread_mutex_lock(&w->lock);
    for (;;) {
        piece next;

        while (!w->count && !w->closing)
            pthread_cond_wait(&w->wake, &w->lock);
        if (!w->count)
            break;
        next = w->ring[w->first];
        w->first = (w->first + 1) % w->room;
        w->count--;
        w->running++;
        pthread_mutex_unlock(&w->lock);
        next.work(next.payload);
        pthread_mutex_lock(&w->lock);
        w->running--;
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

fd_workers *fd_workers_new(size_t threads, size_t waiting)
{
    fd_workers *w = fd_alloc(sizeof *w);

    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    w->room = waiting ? waiting : 1;
    w->ring = fd_alloc(w->room * sizeof *w->ring);
    w->threads = fd_alloc(threads * sizeof *w->threads);
    while (w->thread_count < threads &&
           pthread_create(&w->threads[w->thread_count], NULL, serve, w) == 0)
        w->thread_count++;
    return w;
}

void fd_workers_free(fd_workers *workers)
{
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->closing = true;
    pthread_cond_broadcast(&workers->wake);
    pthread_mutex_unlock(&workers->lock);
    for (size_t i = 0; i < workers->thread_count; i++)
        pthread_join(workers->threads[i], NULL);
    pthread_mutex_destroy(&workers->lock);
    pthread_cond_destroy(&workers->wake);
    free(workers->threads);
    free(workers->ring);
    free(workers);
}

int fd_workers_add(fd_workers *workers, void (*work)(void *payload), void *payload)
{
    int err = 0;

    pthread_mutex_lock(&workers->lock);
    if (workers->closing || workers->count == workers->room || !workers->thread_count)
        err = fd_error_set(FD_EBUSY, "服务器正忙,请稍后再试", "the server is busy, try again soon");
    else {
        workers->ring[(workers->first + workers->count++) % workers->room] =
            (piece){ work, payload };
        pthread_cond_signal(&workers->wake);
    }
    pthread_mutex_unlock(&workers->lock);
    return err;
}

size_t fd_workers_load(fd_workers *workers)
{
    size_t n;

    pthread_mutex_lock(&workers->lock);
    n = workers->count + workers->running;
    pthread_mutex_unlock(&workers->lock);
    return n;
}
