/*
 * Log lines and progress, both to standard error. The sink is the only global mutable state.
 */
#ifndef FD_BASE_LOG_H
#define FD_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fangding/error.h"

typedef enum fd_log_level { FD_LOG_DEBUG, FD_LOG_INFO, FD_LOG_WARN, FD_LOG_ERROR } fd_log_level;

void fd_log_set_level(fd_log_level level);
void fd_log(fd_log_level level, const char *format, ...) FD_PRINTF(2, 3);

/* A progress bar appears once the work has lasted a second, on a terminal only. */
typedef struct fd_progress {
    const char *title_zh, *title_en;
    uint64_t done, total; /* total 0: unknown, a counter is shown */
    const char *unit;
    int64_t started_ms, drawn_ms;
    bool visible;
} fd_progress;

void fd_progress_start(fd_progress *p, const char *title_zh, const char *title_en, uint64_t total,
                       const char *unit);
void fd_progress_step(fd_progress *p, uint64_t done);
void fd_progress_finish(fd_progress *p);
int64_t fd_monotonic_ms(void);

/** In place of a bar, tell a watcher of this thread about every step; false asks the work to stop.
 * NULL ends it. The texts of the progress are valid during the call. */
void fd_progress_watch(bool (*step)(void *payload, const fd_progress *p), void *payload);
/** Has the watcher of this thread asked to stop? Work that can be undone looks here between its
 * steps and returns FD_ECANCELLED. */
bool fd_progress_cancelled(void);

#endif
