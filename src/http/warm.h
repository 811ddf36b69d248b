/*
 * Warming: when the city has a new snapshot, what the first pages ask is computed once in the
 * background, so that the first reader after a large import or publication does not wait for every
 * column to be read.
 */
#ifndef FD_HTTP_WARM_H
#define FD_HTTP_WARM_H

typedef struct fd_server fd_server;

/** Once a tick: starts a round on a worker when the newest snapshot has had none, and none runs.
 * A busy server is left alone: its readers warm the city themselves. */
void fd_warm_watch(fd_server *server);

#endif
