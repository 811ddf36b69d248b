/*
 * Which batches have a living owner, and whose turn it is to write.
 *
 * Both are locks on bytes of a small side file, FILE-lock: the kernel gives them back when a
 * process dies, however it dies.  Byte 0 is the gate; byte 16 + b belongs to the owner of batch b.
 * The locks are those of an open file description, so that two stores in one process count as two.
 * The side file is empty and holds no data; it may be deleted when nobody has the city open.
 */
#ifndef FD_STORE_SQLITE_LIVE_H
#define FD_STORE_SQLITE_LIVE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct fd_live fd_live;

/** Open (or create) the side file of a city file. FD_EIO. */
int fd_live_open(fd_live **out, const char *city_path);
void fd_live_close(fd_live *live); /* gives everything back */
/** Own a batch; false when another description owns it. */
bool fd_live_own(fd_live *live, int64_t batch);
void fd_live_disown(fd_live *live, int64_t batch);
/** Wait at the gate until `deadline_us` (monotonic). FD_EBUSY. */
int fd_live_enter(fd_live *live, int64_t deadline_us);
void fd_live_leave(fd_live *live);

#endif
