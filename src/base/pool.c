/*
 * Workers wait for a job, take indices from a shared counter, and report when the last is done.
 * The caller works too, so that a pool of N threads has N-1 workers.
 */
#include "base/pool.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "fangding/arena.h"

struct fd_pool {
    pthread_mutex_t lock;
    pthread_cond_t wake, idle;
    pthread_t *workers;
    size_t worker_count;
    bool quit;
    uint64_t generation;
    size_t busy;
    /* the job */
    size_t count, next;
    int (*work)(void *payload, size_t i);
    void *payload;
    int err;
    size_t err_at;
    fd_error error;
};

/* Keep the failure of the smallest index, whichever thread meets it first. Lock held. */
static void note_failure(fd_pool *pool, size_t i, int err)
{
    if (pool->err == 0 || i < pool->err_at) {
        pool->err = err;
        pool->err_at = i;
        pool->error = *fd_error_last();
    }
}

static void take_part(fd_pool *pool)
{
    size_t i;

    while ((i = __atomic_fetch_add(&pool->next, 1, __ATOMIC_RELAXED)) < pool->count) {
        int err = pool->work(pool->payload, i);

        if (err < 0) {
            pthread_mutex_lock(&pool->lock);
            note_failure(pool, i, err);
            pthread_mutex_unlock(&pool->lock);
        }
    }
}

static void *worker(void *argument)
{
    fd_pool *pool = argument;
    uint64_t seen = 0;

    pthread_mutex_lock(&pool->lock);
    while (!pool->quit) {
        if (pool->generation == seen) {
            pthread_cond_wait(&pool->wake, &pool->lock);
            continue;
        }
        seen = pool->generation;
        pthread_mutex_unlock(&pool->lock);
        take_part(pool);
        pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->idle);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

fd_pool *fd_pool_new(size_t threads)
{
    fd_pool *pool = fd_alloc(sizeof *pool);

    if (threads == 0) {
        long online = sysconf(_SC_NPROCESSORS_ONLN);

        threads = online > 1 ? (size_t)online : 1;
    }
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->idle, NULL);
    pool->workers = fd_alloc(threads * sizeof *pool->workers);
    while (pool->worker_count + 1 < threads &&
           pthread_create(&pool->workers[pool->worker_count], NULL, worker, pool) == 0)
        pool->worker_count++;
    return pool;
}

void fd_pool_free(fd_pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->quit = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->worker_count; i++)
        pthread_join(pool->workers[i], NULL);
    pthread_cond_destroy(&pool->wake);
    pthread_cond_destroy(&pool->idle);
    pthread_mutex_destroy(&pool->lock);
    free(pool->workers);
    free(pool);
}

size_t fd_pool_threads(const fd_pool *pool)
{
    return pool ? pool->worker_count + 1 : 1;
}

static int run_alone(size_t count, int (*work)(void *payload, size_t i), void *payload)
{
    fd_error first = { 0 };
    int err = 0;

    for (size_t i = 0; i < count; i++) {
        int one = work(payload, i);

        if (one < 0 && err == 0) {
            err = one;
            first = *fd_error_last();
        }
    }
    if (err < 0)
        fd_error__restore(&first);
    return err;
}

int fd_pool_run(fd_pool *pool, size_t count, int (*work)(void *payload, size_t i), void *payload)
{
    if (!pool || pool->worker_count == 0 || count < 2)
        return run_alone(count, work, payload);
    pthread_mutex_lock(&pool->lock);
    pool->count = count;
    pool->work = work;
    pool->payload = payload;
    pool->err = 0;
    __atomic_store_n(&pool->next, 0, __ATOMIC_RELAXED);
    pool->busy = pool->worker_count;
    pool->generation++;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    take_part(pool);
    pthread_mutex_lock(&pool->lock);
    while (pool->busy)
        pthread_cond_wait(&pool->idle, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
    if (pool->err < 0)
        fd_error__restore(&pool->error);
    return pool->err;
}
