/*
 * The store itself, and its audit chain with group commit.
 *
 * A line waits in memory for at most FLUSH_MS, so that a hundred requests a second cost a few
 * synchronous writes and not a hundred.  The thread that writes them starts with the first line.
 */
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/digest.h"
#include "base/str.h"
#include "base/vec.h"
#include "store/reader.h"

enum { FLUSH_MS = 40, CHUNK_ROWS = 65536 };

struct fd_store {
    fd_backend *backend;
    size_t chunk_rows;
    bool read_only;
    pthread_mutex_t lock;  /* guards what follows */
    pthread_mutex_t flush; /* held while lines travel, so that their order is kept */
    pthread_cond_t wake;
    pthread_t thread;
    bool thread_started, stop;
    fd_vec(fd_audit_line) queue;
    int flush_error;       /* of the last attempt; the lines are still queued */
    fd_audit_line waiting; /* for the next publication; no actor: none */
    bool took;
};

/* ---- the store --------------------------------------------------------------------------------
 */

int fd_store__new(fd_store **out, fd_backend *backend, const fd_store_options *options)
{
    fd_store *store = fd_alloc(sizeof *store);
    pthread_condattr_t attr;

    store->backend = backend;
    store->chunk_rows = options && options->chunk_rows ? options->chunk_rows : CHUNK_ROWS;
    store->read_only = options && options->read_only;
    pthread_mutex_init(&store->lock, NULL);
    pthread_mutex_init(&store->flush, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&store->wake, &attr);
    pthread_condattr_destroy(&attr);
    *out = store;
    return 0;
}

fd_backend *fd_store__backend(fd_store *store)
{
    return store->backend;
}

size_t fd_store__chunk_rows(const fd_store *store)
{
    return store->chunk_rows;
}

bool fd_store__read_only(const fd_store *store)
{
    return store->read_only;
}

static void free_line(fd_audit_line *line)
{
    free((void *)(uintptr_t)line->time);
    free((void *)(uintptr_t)line->actor);
    free((void *)(uintptr_t)line->verb);
    free((void *)(uintptr_t)line->object);
    free((void *)(uintptr_t)line->detail);
}

void fd_store_close(fd_store *store)
{
    if (!store)
        return;
    if (store->thread_started) {
        pthread_mutex_lock(&store->lock);
        store->stop = true;
        pthread_cond_signal(&store->wake);
        pthread_mutex_unlock(&store->lock);
        pthread_join(store->thread, NULL);
    }
    fd_store__audit_flush(store);
    for (size_t i = 0; i < store->queue.count; i++)
        free_line(&store->queue.items[i]);
    fd_vec_dispose(&store->queue);
    free_line(&store->waiting);
    pthread_cond_destroy(&store->wake);
    pthread_mutex_destroy(&store->lock);
    pthread_mutex_destroy(&store->flush);
    store->backend->ops->close(store->backend);
    free(store);
}

int fd_store_meta_get(fd_store *store, const char *key, char **value)
{
    fd_reader *reader = NULL;
    int err;

    *value = NULL;
    if ((err = fd_reader_open(&reader, store, 0)) < 0)
        goto done;
    err = fd_reader__meta(reader, key, value);
done:
    fd_reader_close(reader);
    return err;
}

/* ---- the audit chain --------------------------------------------------------------------------
 */

static void digest_field(fd_digest *d, const char *text)
{
    char head[24];
    const size_t length = strlen(text);
    const int n = snprintf(head, sizeof head, "%zu:", length);

    fd_digest_update(d, head, (size_t)n);
    fd_digest_update(d, text, length);
}

void fd_audit__chain(fd_audit_line *line, const char previous[65])
{
    fd_digest *d = fd_digest_new();
    char id[24];

    snprintf(id, sizeof id, "%lld", (long long)line->id);
    fd_digest_update(d, previous, 64);
    digest_field(d, id);
    digest_field(d, line->time);
    digest_field(d, line->actor);
    digest_field(d, line->verb);
    digest_field(d, line->object);
    digest_field(d, line->detail);
    fd_digest_finish(d, line->hash);
}

int fd_store__audit_flush(fd_store *store)
{
    fd_vec(fd_audit_line) lines = { 0 };
    int err = 0;

    pthread_mutex_lock(&store->flush);
    pthread_mutex_lock(&store->lock);
    lines.items = store->queue.items;
    lines.count = store->queue.count;
    lines.capacity = store->queue.capacity;
    memset(&store->queue, 0, sizeof store->queue);
    pthread_mutex_unlock(&store->lock);

    if (lines.count > 0)
        err = store->backend->ops->audit_append(store->backend, lines.items, lines.count);

    pthread_mutex_lock(&store->lock);
    store->flush_error = err;
    if (err < 0) { /* they go back before those that came meanwhile */
        for (size_t i = 0; i < store->queue.count; i++)
            fd_vec_push(&lines, store->queue.items[i]);
        free(store->queue.items);
        store->queue.items = lines.items;
        store->queue.count = lines.count;
        store->queue.capacity = lines.capacity;
    }
    pthread_mutex_unlock(&store->lock);
    pthread_mutex_unlock(&store->flush);
    if (err == 0) {
        for (size_t i = 0; i < lines.count; i++)
            free_line(&lines.items[i]);
        fd_vec_dispose(&lines);
    }
    return err;
}

static struct timespec after_ms(int ms)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    ts.tv_nsec += (long)ms * 1000000;
    if (ts.tv_nsec >= 1000000000) {
        ts.tv_nsec -= 1000000000;
        ts.tv_sec++;
    }
    return ts;
}

static void *flush_thread(void *payload)
{
    fd_store *store = payload;

    pthread_mutex_lock(&store->lock);
    while (!store->stop) {
        struct timespec until;

        if (store->queue.count == 0) {
            pthread_cond_wait(&store->wake, &store->lock);
            continue;
        }
        until = after_ms(FLUSH_MS);
        while (!store->stop && pthread_cond_timedwait(&store->wake, &store->lock, &until) == 0)
            ; /* more lines came: they travel together */
        pthread_mutex_unlock(&store->lock);
        fd_store__audit_flush(store);
        pthread_mutex_lock(&store->lock);
    }
    pthread_mutex_unlock(&store->lock);
    return NULL;
}

int fd_store_audit(fd_store *store, const char *actor, const char *verb, const char *object,
                   const char *detail)
{
    fd_audit_line line = { 0 };
    char now[32];
    int err = 0;

    if (store->read_only)
        return fd_error_set(FD_EDENIED, "城市文件以只读方式打开,不能写审计记录",
                            "the city file is open for reading only: no audit line can be written");
    fd_store__now(now);
    line.time = fd_strdup(now);
    line.actor = fd_strdup(actor ? actor : "");
    line.verb = fd_strdup(verb ? verb : "");
    line.object = fd_strdup(object ? object : "");
    line.detail = fd_strdup(detail ? detail : "");
    pthread_mutex_lock(&store->lock);
    fd_vec_push(&store->queue, line);
    if (store->flush_error < 0) {
        err = fd_error_set(
            store->flush_error, "审计记录暂时无法落盘,已留在内存中重试",
            "audit lines cannot be made durable at the moment; they are kept and retried");
    } else if (!store->thread_started) {
        store->thread_started = pthread_create(&store->thread, NULL, flush_thread, store) == 0;
        if (!store->thread_started)
            err = fd_error_set(FD_ERROR, "无法启动审计线程", "the audit thread cannot be started");
    } else if (store->queue.count == 1) {
        pthread_cond_signal(&store->wake);
    }
    pthread_mutex_unlock(&store->lock);
    return err;
}

int fd_store_audit_with_next(fd_store *store, const char *actor, const char *verb,
                             const char *object)
{
    if (store->read_only)
        return fd_error_set(FD_EDENIED, "城市文件以只读方式打开,不能写审计记录",
                            "the city file is open for reading only: no audit line can be written");
    pthread_mutex_lock(&store->lock);
    free_line(&store->waiting);
    store->waiting = (fd_audit_line){ .actor = fd_strdup(actor ? actor : ""),
                                      .verb = fd_strdup(verb ? verb : ""),
                                      .object = fd_strdup(object ? object : "") };
    store->took = false;
    pthread_mutex_unlock(&store->lock);
    return 0;
}

bool fd_store_audit_settled(fd_store *store)
{
    bool took;

    pthread_mutex_lock(&store->lock);
    took = store->took;
    free_line(&store->waiting);
    store->waiting = (fd_audit_line){ 0 };
    store->took = false;
    pthread_mutex_unlock(&store->lock);
    return took;
}

bool fd_store__audit_waiting(fd_store *store, fd_audit_line *line)
{
    bool there;

    pthread_mutex_lock(&store->lock);
    *line = store->waiting;
    there = line->actor && !store->took;
    pthread_mutex_unlock(&store->lock);
    return there;
}

void fd_store__audit_took(fd_store *store)
{
    pthread_mutex_lock(&store->lock);
    store->took = true;
    pthread_mutex_unlock(&store->lock);
}

typedef struct verify_state {
    char hash[65];
    int64_t expected;
} verify_state;

static int verify_line(void *payload, const fd_audit_line *line)
{
    verify_state *state = payload;
    fd_audit_line copy = *line;

    if (line->id != state->expected)
        return fd_error_set(FD_ECONFLICT, "审计链缺第 %lld 条(下一条是 %lld)",
                            "the audit chain lacks line %lld (the next one is %lld)",
                            (long long)state->expected, (long long)line->id);
    fd_audit__chain(&copy, state->hash);
    if (strcmp(copy.hash, line->hash) != 0)
        return fd_error_set(FD_ECONFLICT, "审计链在第 %lld 条断开:内容与散列不符",
                            "the audit chain is broken at line %lld: content and hash differ",
                            (long long)line->id);
    memcpy(state->hash, copy.hash, sizeof state->hash);
    state->expected++;
    return 0;
}

int fd_store_audit_verify(fd_store *store, int64_t *lines)
{
    verify_state state = { { 0 }, 1 };
    fd_link *link = NULL;
    int err;

    memset(state.hash, '0', 64);
    if (lines)
        *lines = 0;
    if ((err = fd_store__audit_flush(store)) < 0)
        return err;
    if ((err = store->backend->ops->link_open(&link, store->backend)) < 0)
        return err;
    err = store->backend->ops->audit_scan(link, 1, verify_line, &state);
    store->backend->ops->link_close(link);
    if (lines)
        *lines = state.expected - 1;
    return err;
}
