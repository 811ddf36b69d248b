/*
 * A few threads and a short queue: what must not hold up the threads that serve connections.
 */
#ifndef FD_HTTP_WORKERS_H
#define FD_HTTP_WORKERS_H

#include <stddef.h>

typedef struct fd_workers fd_workers;

/** `threads` threads, at most `waiting` pieces of work queued. */
fd_workers *fd_workers_new(size_t threads, size_t waiting);
/** Run what is queued, then end the threads. */
void fd_workers_free(fd_workers *workers);
/** Queue work(payload). FD_EBUSY when the queue is full or closing. */
int fd_workers_add(fd_workers *workers, void (*work)(void *payload), void *payload);
/** Pieces of work queued or running. */
size_t fd_workers_load(fd_workers *workers);

#endif
