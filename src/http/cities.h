/*
 * The city file as many requests see it: one store for the audit chain, a few cities opened at the
 * newest snapshot that wait for the next request, others opened for a request of an older one.
 */
#ifndef FD_HTTP_CITIES_H
#define FD_HTTP_CITIES_H

#include "fangding/verbs.h"

typedef struct fd_cities fd_cities;

int fd_cities_new(fd_cities **out, const char *path);
void fd_cities_free(fd_cities *cities);
const char *fd_cities_path(const fd_cities *cities);
/** Where audit lines go. */
fd_store *fd_cities_store(fd_cities *cities);
/** The newest snapshot as of the last look. */
int64_t fd_cities_newest(fd_cities *cities);
/** Look again: another program may have written. */
int fd_cities_look(fd_cities *cities);
/** A city for one thread, at snapshot `as_of` (0 newest). Give it back. */
int fd_cities_lease(fd_city **out, fd_cities *cities, int64_t as_of);
void fd_cities_return(fd_cities *cities, fd_city *city);

#endif
