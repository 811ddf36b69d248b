/*
 * Digests, over libcrypto: SHA-256 for definitions, files and the audit chain.
 */
#ifndef FD_BASE_DIGEST_H
#define FD_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

typedef struct fd_digest fd_digest;

fd_digest *fd_digest_new(void);
void fd_digest_update(fd_digest *d, const void *data, size_t length);
/** Finish and release; out receives 64 lower-case hex digits and a terminator. */
void fd_digest_finish(fd_digest *d, char out[65]);
void fd_digest_of(const void *data, size_t length, char out[65]);
/** Digest of a whole file, streamed. 0 or FD_EIO / FD_ENOTFOUND. */
int fd_digest_file(const char *path, char out[65]);

#endif
