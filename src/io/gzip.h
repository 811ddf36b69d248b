/*
 * Files packed with gzip, as statistical tables are passed around: unpacked into a nameless
 * temporary file, with caps, before anybody reads them.
 */
#ifndef FD_IO_GZIP_H
#define FD_IO_GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Do these first bytes of a file say that it is packed with gzip? */
bool fd_gzip_is(const void *data, size_t size);

/**
 * Unpack an open file (all its members, one after the other).
 *
 * @param fd         read from where it stands; stays open
 * @param name       for messages
 * @param most       bytes unpacked at most
 * @param max_ratio  unpacked to packed bytes at most, once beyond 10 MiB
 * @return a descriptor of the unpacked bytes at their beginning, for the caller to close, or
 *         FD_EFORMAT (damaged, cut short), FD_ELIMIT (a cap was reached), FD_EIO
 */
int fd_gzip_unpack(int fd, const char *name, uint64_t most, unsigned max_ratio);

#endif
