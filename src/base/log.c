#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SHOW_AFTER_MS 1000
#define REDRAW_MS     100
#define BAR_COLUMNS   24

static fd_log_level threshold = FD_LOG_WARN;

/* Of one thread each: jobs of a server look at their own work. */
static _Thread_local struct {
    bool (*step)(void *payload, const fd_progress *p);
    void *payload;
    bool cancelled;
} watcher;

void fd_progress_watch(bool (*step)(void *payload, const fd_progress *p), void *payload)
{
    watcher.step = step;
    watcher.payload = payload;
    watcher.cancelled = false;
}

bool fd_progress_cancelled(void)
{
    return watcher.cancelled;
}

void fd_log_set_level(fd_log_level level)
{
    threshold = level;
}

void fd_log(fd_log_level level, const char *format, ...)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    char line[1024];
    va_list args;

    if (level < threshold)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    fprintf(stderr, "%s: %s\n", names[level], line);
}

int64_t fd_monotonic_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void fd_progress_start(fd_progress *p, const char *title_zh, const char *title_en, uint64_t total,
                       const char *unit)
{
    memset(p, 0, sizeof *p);
    p->title_zh = title_zh;
    p->title_en = title_en;
    p->total = total;
    p->unit = unit;
    p->started_ms = p->drawn_ms = fd_monotonic_ms();
    p->visible = isatty(STDERR_FILENO);
}

static void draw(const fd_progress *p)
{
    if (!p->total) {
        fprintf(stderr, "\r%s %s %llu %s\x1b[K", p->title_zh, p->title_en,
                (unsigned long long)p->done, p->unit);
        return;
    }
    fprintf(stderr, "\r%s %s [", p->title_zh, p->title_en);
    for (uint64_t i = 0; i < BAR_COLUMNS; i++)
        fputs(i * p->total < p->done * BAR_COLUMNS ? "#" : ".", stderr);
    fprintf(stderr, "] %llu/%llu %s\x1b[K", (unsigned long long)p->done,
            (unsigned long long)p->total, p->unit);
}

void fd_progress_step(fd_progress *p, uint64_t done)
{
    int64_t now;

    p->done = done;
    if (watcher.step && !watcher.step(watcher.payload, p))
        watcher.cancelled = true;
    if (!p->visible || watcher.step)
        return;
    now = fd_monotonic_ms();
    if (now - p->started_ms < SHOW_AFTER_MS || now - p->drawn_ms < REDRAW_MS)
        return;
    p->drawn_ms = now;
    draw(p);
}

void fd_progress_finish(fd_progress *p)
{
    if (p->visible && p->drawn_ms != p->started_ms)
        fputs("\r\x1b[K", stderr);
    p->visible = false;
}
