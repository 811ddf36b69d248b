#include "http/cities.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "fangding/arena.h"

#define IDLE_MAX 4

struct fd_cities {
    char *path;
    fd_store *store;
    _Atomic int64_t newest;
    pthread_mutex_t lock;
    fd_city *idle[IDLE_MAX];
    size_t idle_count;
};

int fd_cities_look(fd_cities *cities)
{
    fd_reader *reader = NULL;
    int err = fd_reader_open(&reader, cities->store, 0);

    if (err >= 0)
        atomic_store(&cities->newest, fd_reader_snapshot(reader));
    fd_reader_close(reader);
    return err;
}

int fd_cities_new(fd_cities **out, const char *path)
{
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    fd_cities *c = fd_alloc(sizeof *c);
    fd_city *first = NULL;
    int err;

    pthread_mutex_init(&c->lock, NULL);
    c->path = fd_strdup(path);
    if ((err = fd_store_open_sqlite(&c->store, path, &options)) >= 0 &&
        (err = fd_cities_look(c)) >= 0 && (err = fd_cities_lease(&first, c, 0)) >= 0)
        fd_cities_return(c, first);
    if (err < 0) {
        fd_cities_free(c);
        c = NULL;
    }
    *out = c;
    return err;
}

void fd_cities_free(fd_cities *cities)
{
    if (!cities)
        return;
    for (size_t i = 0; i < cities->idle_count; i++)
        fd_city_free(cities->idle[i]);
    fd_store_close(cities->store);
    pthread_mutex_destroy(&cities->lock);
    free(cities->path);
    free(cities);
}

const char *fd_cities_path(const fd_cities *cities)
{
    return cities->path;
}

fd_store *fd_cities_store(fd_cities *cities)
{
    return cities->store;
}

int64_t fd_cities_newest(fd_cities *cities)
{
    return atomic_load(&cities->newest);
}

int fd_cities_lease(fd_city **out, fd_cities *cities, int64_t as_of)
{
    const int64_t newest = fd_cities_newest(cities);
    fd_city *stale[IDLE_MAX];
    size_t stale_count = 0;

    *out = NULL;
    pthread_mutex_lock(&cities->lock);
    for (size_t i = 0; i < cities->idle_count;) {
        fd_city *city = cities->idle[i];
        const int64_t snapshot = fd_reader_snapshot(city->reader);

        if (snapshot < newest)
            stale[stale_count++] = city;
        else if (!*out && (!as_of || as_of == snapshot))
            *out = city;
        else {
            i++;
            continue;
        }
        cities->idle[i] = cities->idle[--cities->idle_count];
    }
    pthread_mutex_unlock(&cities->lock);
    for (size_t i = 0; i < stale_count; i++)
        fd_city_free(stale[i]);
    return *out ? 0 : fd_city_open(out, cities->path, as_of, false);
}

void fd_cities_return(fd_cities *cities, fd_city *city)
{
    if (!city)
        return;
    pthread_mutex_lock(&cities->lock);
    if (cities->idle_count < IDLE_MAX &&
        fd_reader_snapshot(city->reader) >= fd_cities_newest(cities)) {
        cities->idle[cities->idle_count++] = city;
        city = NULL;
    }
    pthread_mutex_unlock(&cities->lock);
    fd_city_free(city);
}
