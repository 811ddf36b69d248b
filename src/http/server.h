/*
 * What the parts of the server share.
 */
#ifndef FD_HTTP_SERVER_H
#define FD_HTTP_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "fangding/accounts.h"
#include "http/answers.h"
#include "http/cities.h"
#include "http/jobs.h"
#include "http/limits.h"
#include "http/metrics.h"
#include "http/request.h"
#include "http/serve.h"
#include "http/workers.h"

enum {
    FD_URL_MAX = 8192,
    FD_JSON_BODY_MAX = 1 << 20,
    FD_CONNECTIONS_MAX = 512,
    FD_HEADER_SECONDS = 30, /* from connecting, or the last answer, to the end of the headers */
    FD_BODY_BYTES_SECOND = 4096, /* slower bodies are cut after FD_HEADER_SECONDS of grace */
    FD_SESSION_IDLE_S = 30 * 60,
    FD_SESSION_LIFE_S = 12 * 3600,
    FD_LOCK_AFTER = 5, /* wrong passwords */
    FD_LOCK_S = 15 * 60
};

struct fd_ask;

/* One open connection, for the watch over slow clients. */
typedef struct fd_connection {
    struct MHD_Connection *connection;
    int socket;
    int64_t waiting_since_ms; /* 0 while a request is being answered */
    struct fd_connection *next, *previous;
} fd_connection;

typedef struct fd_server {
    fd_serve_options options;
    struct MHD_Daemon *daemon;
    fd_cities *cities;
    fd_accounts *accounts;
    fd_workers *workers;
    fd_workers *writer; /* one thread: jobs */
    fd_jobs *jobs;
    fd_answers *answers;
    struct fd_plan_shelf *plans; /* kept warm between requests */
    int64_t warmed;              /* the snapshot that was warmed last; the main thread's */
    _Atomic bool warming;        /* a round is under way (warm.h) */
    fd_limits *limits, *sign_ins, *unknown_users;
    fd_metrics metrics;
    char *upload_root; /* folder beside the city file for what is being received */
    char setup_token[65];
    char *city_name, *city_note;
    char *cert_pem, *key_pem;
    pthread_mutex_t connections_lock;
    fd_connection *connections;
    const fd_route *routes;
    size_t route_count;
} fd_server;

/* daemon.c */
int fd_daemon_start(fd_server *server);
/** Refuse new connections and wait for those at work. */
void fd_daemon_stop(fd_server *server);
/** Cut connections that are slower than the limits. */
void fd_daemon_watch(fd_server *server);
uint16_t fd_daemon_port(fd_server *server);

/* dispatch.c */
/** Headers are here: find the route, ask who it is, refuse early. @return true when answered */
bool fd_dispatch_begin(fd_request *r);
/** The next bytes of the body; refuses by answering. */
void fd_dispatch_body(fd_request *r, const char *bytes, size_t length);
/** The body is complete: answer, on this thread. */
void fd_dispatch_finish(fd_request *r);
void fd_request_dispose(fd_request *r);

/* api.c */
extern const fd_route fd_api_routes[];
extern const size_t fd_api_route_count;

/* asset.c */
/** A file of the user interface, or its first page for any other path. */
int fd_asset_answer(fd_request *r);

/* session.c */
/** Who asks: fills r->who. @return 0, or FD_EDENIED for credentials that are no longer good */
int fd_identify(fd_request *r);
const char *fd_cookie_name(const fd_server *server);
bool fd_csrf_holds(const fd_request *r);
int fd_handle_session_get(fd_request *r);
int fd_handle_session_post(fd_request *r);
int fd_handle_session_delete(fd_request *r);
int fd_handle_setup(fd_request *r);

/* users.c */
int fd_handle_users_list(fd_request *r);
int fd_handle_users_add(fd_request *r);
int fd_handle_users_change(fd_request *r);
int fd_handle_users_remove(fd_request *r);
int fd_handle_tokens_list(fd_request *r);
int fd_handle_tokens_add(fd_request *r);
int fd_handle_tokens_remove(fd_request *r);

/* verbs_api.c */
int fd_handle_verbs(fd_request *r);
int fd_handle_verb_get(fd_request *r);
int fd_handle_verb_post(fd_request *r);
/** A verb that answers from the cache can be answered without a worker. @return true when done */
bool fd_verb_from_cache(fd_request *r);

/** Run a checked call now and answer, or queue it as a job (202). */
int fd_verb_do(fd_request *r, struct fd_ask *ask);

/* proposals.c */
/** Does this verb take a second person here and now? Negative: could not be told. */
int fd_four_eyes_asked(fd_request *r, const fd_verb *verb);
/** Keep the call for a second person; answers 202. */
int fd_propose(fd_request *r, const struct fd_ask *ask);
int fd_handle_proposals(fd_request *r);
int fd_handle_proposal_decide(fd_request *r);

/* job_api.c */
int fd_handle_jobs(fd_request *r);
int fd_handle_job(fd_request *r);
int fd_handle_job_cancel(fd_request *r);
int fd_handle_job_file(fd_request *r);

/* openapi.c */
int fd_handle_openapi(fd_request *r);

/* metrics.c */
int fd_handle_health(fd_request *r);
int fd_handle_metrics(fd_request *r);

/* cert.c */
/** Read the given PEM files, or make a self-signed ECDSA P-256 pair beside the city file when there
 * is none yet (mode 0600). Fills cert_pem and key_pem. */
int fd_cert_load(fd_server *server);

/* accesslog.c */
/** One JSON line on standard error. */
void fd_log_access(const fd_request *r);
void fd_log_event(const char *event, const char *detail);

#endif
