#include "http/limits.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "fangding/arena.h"

#define WAYS 4

typedef struct bucket {
    char key[64];
    double tokens;
    int64_t at_ms;
} bucket;

struct fd_limits {
    double rate, burst;
    size_t sets;
    bucket *buckets;
    pthread_mutex_t lock;
};

fd_limits *fd_limits_new(double rate, double burst, size_t slots)
{
    fd_limits *l = fd_alloc(sizeof *l);

    l->rate = rate;
    l->burst = burst;
    l->sets = slots / WAYS ? slots / WAYS : 1;
    l->buckets = fd_alloc(l->sets * WAYS * sizeof *l->buckets);
    pthread_mutex_init(&l->lock, NULL);
    return l;
}

void fd_limits_free(fd_limits *limits)
{
    if (!limits)
        return;
    pthread_mutex_destroy(&limits->lock);
    free(limits->buckets);
    free(limits);
}

static void refill(const fd_limits *l, bucket *b, int64_t now_ms)
{
    if (now_ms > b->at_ms) {
        b->tokens += (double)(now_ms - b->at_ms) * l->rate / 1000;
        b->at_ms = now_ms;
    }
    if (b->tokens > l->burst)
        b->tokens = l->burst;
}

/* The key's bucket, or the fullest of its set made new: who is full has not asked lately. */
static bucket *find(fd_limits *l, const char *key, int64_t now_ms)
{
    bucket *set = &l->buckets[fd_hash_bytes(key, strlen(key)) % l->sets * WAYS];
    bucket *fullest = set;

    for (int i = 0; i < WAYS; i++) {
        if (!set[i].key[0]) {
            fullest = &set[i];
            break;
        }
        refill(l, &set[i], now_ms);
        if (strncmp(set[i].key, key, sizeof set[i].key - 1) == 0)
            return &set[i];
        if (set[i].tokens > fullest->tokens)
            fullest = &set[i];
    }
    snprintf(fullest->key, sizeof fullest->key, "%s", key);
    fullest->tokens = l->burst;
    fullest->at_ms = now_ms;
    return fullest;
}

int64_t fd_limits_take(fd_limits *limits, const char *key, int64_t now_ms)
{
    int64_t wait = 0;
    bucket *b;

    if (limits->rate <= 0)
        return 0;
    pthread_mutex_lock(&limits->lock);
    b = find(limits, key, now_ms);
    refill(limits, b, now_ms);
    if (b->tokens >= 1)
        b->tokens -= 1;
    else
        wait = (int64_t)ceil((1 - b->tokens) * 1000 / limits->rate - 1e-6);
    pthread_mutex_unlock(&limits->lock);
    return wait;
}
