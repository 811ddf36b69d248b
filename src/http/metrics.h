/*
 * Counters of the server, as /metrics gives them (Prometheus text 0.0.4).
 */
#ifndef FD_HTTP_METRICS_H
#define FD_HTTP_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#define FD_METRIC_BUCKETS 8

typedef struct fd_metrics {
    atomic_uint_fast64_t by_class[6]; /* 1xx … 5xx */
    atomic_uint_fast64_t bucket[FD_METRIC_BUCKETS + 1];
    atomic_uint_fast64_t total_us;
    atomic_uint_fast64_t cache_hits, cache_misses;
    atomic_uint_fast64_t warm_rounds, warm_answers; /* warm.h */
    atomic_int_fast64_t warm_snapshot;              /* the last one whose round is over */
    atomic_uint_fast64_t refused;                   /* by a limit */
    atomic_uint_fast64_t cut;                       /* slow connections */
    atomic_int connections;
    int64_t started_ms;
} fd_metrics;

void fd_metrics_count(fd_metrics *metrics, int status, int64_t microseconds);

#endif
