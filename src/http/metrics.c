#include "http/metrics.h"

#include <stdio.h>

#include "base/log.h"
#include "http/server.h"

/* Upper bounds of the histogram, in microseconds. */
static const int64_t bounds[FD_METRIC_BUCKETS] = { 1000,   5000,   20000,   50000,
                                                   100000, 500000, 2000000, 10000000 };

void fd_metrics_count(fd_metrics *metrics, int status, int64_t microseconds)
{
    int bucket = 0, class = status / 100;

    while (bucket < FD_METRIC_BUCKETS && microseconds > bounds[bucket])
        bucket++;
    atomic_fetch_add(&metrics->by_class[class >= 1 && class <= 5 ? class : 0], 1);
    atomic_fetch_add(&metrics->bucket[bucket], 1);
    atomic_fetch_add(&metrics->total_us, (uint64_t)(microseconds > 0 ? microseconds : 0));
}

static void one(fd_buf *out, const char *name, const char *help, const char *type, double value)
{
    fd_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.15g\n", name, help, name, type, name,
                  value);
}

int fd_handle_metrics(fd_request *r)
{
    fd_server *s = r->server;
    fd_metrics *m = &s->metrics;
    fd_buf out = FD_BUF_INIT;
    uint64_t sum = 0;
    int64_t sessions = 0;

    fd_buf_puts(&out, "# HELP fangding_http_responses_total Answers by class of status\n"
                      "# TYPE fangding_http_responses_total counter\n");
    for (int i = 1; i <= 5; i++)
        fd_buf_printf(&out, "fangding_http_responses_total{class=\"%dxx\"} %llu\n", i,
                      (unsigned long long)atomic_load(&m->by_class[i]));
    fd_buf_puts(&out, "# HELP fangding_http_duration_seconds Time to an answer\n"
                      "# TYPE fangding_http_duration_seconds histogram\n");
    for (int i = 0; i < FD_METRIC_BUCKETS; i++) {
        sum += atomic_load(&m->bucket[i]);
        fd_buf_printf(&out, "fangding_http_duration_seconds_bucket{le=\"%.15g\"} %llu\n",
                      (double)bounds[i] / 1e6, (unsigned long long)sum);
    }
    sum += atomic_load(&m->bucket[FD_METRIC_BUCKETS]);
    fd_buf_printf(&out,
                  "fangding_http_duration_seconds_bucket{le=\"+Inf\"} %llu\n"
                  "fangding_http_duration_seconds_sum %.15g\n"
                  "fangding_http_duration_seconds_count %llu\n",
                  (unsigned long long)sum, (double)atomic_load(&m->total_us) / 1e6,
                  (unsigned long long)sum);
    fd_session_count(s->accounts, &sessions);
    one(&out, "fangding_cache_hits_total", "Answers given again", "counter",
        (double)atomic_load(&m->cache_hits));
    one(&out, "fangding_cache_misses_total", "Answers computed", "counter",
        (double)atomic_load(&m->cache_misses));
    one(&out, "fangding_warm_rounds_total", "Snapshots read before anybody asked", "counter",
        (double)atomic_load(&m->warm_rounds));
    one(&out, "fangding_warm_answers_total", "Answers computed in those rounds", "counter",
        (double)atomic_load(&m->warm_answers));
    one(&out, "fangding_warm_snapshot", "Newest snapshot whose round is over", "gauge",
        (double)atomic_load(&m->warm_snapshot));
    one(&out, "fangding_refused_total", "Requests refused by a limit", "counter",
        (double)atomic_load(&m->refused));
    one(&out, "fangding_slow_connections_cut_total", "Connections cut as too slow", "counter",
        (double)atomic_load(&m->cut));
    one(&out, "fangding_connections", "Open connections", "gauge",
        (double)atomic_load(&m->connections));
    one(&out, "fangding_jobs_open", "Jobs waiting or running", "gauge",
        (double)fd_jobs_open(s->jobs));
    one(&out, "fangding_sessions", "Sessions kept", "gauge", (double)sessions);
    one(&out, "fangding_snapshot", "Newest snapshot of the city", "gauge",
        (double)fd_cities_newest(s->cities));
    one(&out, "fangding_uptime_seconds", "Since the start", "gauge",
        (double)(fd_monotonic_ms() - m->started_ms) / 1000);
    return fd_reply_blob(r, 200, "text/plain; version=0.0.4; charset=utf-8",
                         fd_blob_new(&out, false));
}

int fd_handle_health(fd_request *r)
{
    fd_buf out = FD_BUF_INIT;
    fd_jsonw w;

    fd_jsonw_init(&w, &out);
    fd_jsonw_object(&w);
    fd_jsonw_key(&w, "status");
    fd_jsonw_string(&w, "ok");
    fd_jsonw_key(&w, "program");
    fd_jsonw_string(&w, FD_VERSION);
    fd_jsonw_key(&w, "snapshot");
    fd_jsonw_int(&w, fd_cities_newest(r->server->cities));
    fd_jsonw_end_object(&w);
    return fd_reply_json(r, 200, &out);
}
