#include "http/answers.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/str.h"
#include "store/lru.h"

struct fd_answers {
    pthread_mutex_t lock;
    fd_lru *lru;
};

static void release(void *thing)
{
    fd_answer_dispose(thing);
    free(thing);
}

fd_answers *fd_answers_new(size_t cap)
{
    fd_answers *a = fd_alloc(sizeof *a);

    pthread_mutex_init(&a->lock, NULL);
    a->lru = fd_lru_new(cap, release);
    return a;
}

void fd_answers_free(fd_answers *answers)
{
    if (!answers)
        return;
    fd_lru_free(answers->lru);
    pthread_mutex_destroy(&answers->lock);
    free(answers);
}

static void copy(fd_answer *out, const fd_answer *in)
{
    out->blob = fd_blob_ref(in->blob);
    out->type = in->type;
    out->subjects = in->subjects ? fd_strdup(in->subjects) : NULL;
}

bool fd_answers_get(fd_answers *answers, const char *key, fd_answer *out)
{
    const fd_answer *kept;

    pthread_mutex_lock(&answers->lock);
    kept = fd_lru_get(answers->lru, key, strlen(key));
    if (kept)
        copy(out, kept);
    pthread_mutex_unlock(&answers->lock);
    return kept != NULL;
}

void fd_answers_put(fd_answers *answers, const char *key, const fd_answer *answer)
{
    pthread_mutex_lock(&answers->lock);
    if (!fd_lru_get(answers->lru, key, strlen(key))) {
        fd_answer *kept = fd_alloc(sizeof *kept);

        copy(kept, answer);
        fd_lru_put(answers->lru, key, strlen(key), kept,
                   answer->blob->length + answer->blob->gzip_length + strlen(key) + 256);
    }
    pthread_mutex_unlock(&answers->lock);
}

void fd_answer_dispose(fd_answer *answer)
{
    fd_blob_unref(answer->blob);
    free(answer->subjects);
    answer->blob = NULL;
    answer->subjects = NULL;
}
