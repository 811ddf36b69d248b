/*
 * libmicrohttpd: its threads, its options, and the way of a request through them.
 *
 * A thread that serves connections never computes: a slow route suspends the connection and goes to
 * a worker, which resumes it when the answer is ready.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "http/server.h"

#define REFUSED_BODY_MAX ((size_t)1 << 20)

/* ---- connections ---- */

static void connection_event(void *cls, struct MHD_Connection *connection, void **context,
                             enum MHD_ConnectionNotificationCode code)
{
    fd_server *server = cls;
    fd_connection *c;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

        c = fd_alloc(sizeof *c);
        c->connection = connection;
        c->socket = info ? info->connect_fd : -1;
        c->waiting_since_ms = fd_monotonic_ms();
        pthread_mutex_lock(&server->connections_lock);
        c->next = server->connections;
        if (c->next)
            c->next->previous = c;
        server->connections = c;
        pthread_mutex_unlock(&server->connections_lock);
        atomic_fetch_add(&server->metrics.connections, 1);
        *context = c;
        return;
    }
    c = *context;
    *context = NULL;
    if (!c)
        return;
    pthread_mutex_lock(&server->connections_lock);
    if (c->previous)
        c->previous->next = c->next;
    else
        server->connections = c->next;
    if (c->next)
        c->next->previous = c->previous;
    pthread_mutex_unlock(&server->connections_lock);
    atomic_fetch_sub(&server->metrics.connections, 1);
    free(c);
}

static fd_connection *connection_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

static void set_waiting(fd_server *server, struct MHD_Connection *connection, int64_t since_ms)
{
    fd_connection *c = connection_of(connection);

    if (!c)
        return;
    pthread_mutex_lock(&server->connections_lock);
    c->waiting_since_ms = since_ms;
    pthread_mutex_unlock(&server->connections_lock);
}

/* A client that sends one byte now and then never times out in libmicrohttpd: it is cut here. */
void fd_daemon_watch(fd_server *server)
{
    const int64_t now = fd_monotonic_ms();

    pthread_mutex_lock(&server->connections_lock);
    for (fd_connection *c = server->connections; c; c = c->next)
        if (c->waiting_since_ms && now - c->waiting_since_ms > (int64_t)FD_HEADER_SECONDS * 1000) {
            shutdown(c->socket, SHUT_RDWR);
            c->waiting_since_ms = 0;
            atomic_fetch_add(&server->metrics.cut, 1);
        }
    pthread_mutex_unlock(&server->connections_lock);
}

/* ---- a request ---- */

static void *request_begin(void *cls, const char *uri, struct MHD_Connection *connection)
{
    fd_arena *arena = fd_arena_new();
    fd_request *r = fd_arena_alloc(arena, sizeof *r);

    r->arena = arena;
    r->server = cls;
    r->connection = connection;
    r->target = fd_arena_strdup(arena, uri);
    r->reply.file = -1;
    return r;
}

static void request_over(void *cls, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    fd_request *r = *context;

    (void)code;
    *context = NULL;
    if (!r)
        return;
    set_waiting(cls, connection, fd_monotonic_ms());
    fd_request_dispose(r);
}

static const char *header_of(struct MHD_Connection *connection, fd_request *r, const char *name)
{
    return fd_arena_strdup(r->arena,
                           MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name));
}

static void read_address(fd_request *r)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;

    snprintf(r->address, sizeof r->address, "?");
    if (address && address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;

        inet_ntop(AF_INET, &in->sin_addr, r->address, sizeof r->address);
        r->is_local = (ntohl(in->sin_addr.s_addr) >> 24) == 127;
    } else if (address && address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)(const void *)address;

        inet_ntop(AF_INET6, &in->sin6_addr, r->address, sizeof r->address);
        r->is_local = IN6_IS_ADDR_LOOPBACK(&in->sin6_addr);
    }
}

static void read_head(fd_request *r, const char *method)
{
    struct MHD_Connection *c = r->connection;

    r->method_name = fd_arena_strdup(r->arena, method);
    r->method = fd_http_method_parse(method);
    r->is_head = strcmp(method, "HEAD") == 0;
    r->header.cookie = header_of(c, r, "Cookie");
    r->header.authorization = header_of(c, r, "Authorization");
    r->header.if_none_match = header_of(c, r, "If-None-Match");
    r->header.if_match = header_of(c, r, "If-Match");
    r->header.idempotency_key = header_of(c, r, "Idempotency-Key");
    r->header.csrf = header_of(c, r, "X-CSRF-Token");
    r->header.accept_encoding = header_of(c, r, "Accept-Encoding");
    r->header.accept_language = header_of(c, r, "Accept-Language");
    r->header.content_type = header_of(c, r, "Content-Type");
    r->header.origin = header_of(c, r, "Origin");
    r->header.host = header_of(c, r, "Host");
    read_address(r);
}

/* ---- sending ---- */

static void unref_blob(void *blob)
{
    fd_blob_unref(blob);
}

static const char content_policy[] =
    "default-src 'self'; img-src 'self' data:; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

static void add_common_headers(const fd_request *r, struct MHD_Response *response)
{
    static const char *const fixed[][2] = {
        { "Content-Security-Policy", content_policy },
        { "X-Content-Type-Options", "nosniff" },
        { "X-Frame-Options", "DENY" },
        { "Referrer-Policy", "no-referrer" },
        { "Cross-Origin-Opener-Policy", "same-origin" },
        { "Cross-Origin-Resource-Policy", "same-origin" },
        { "Permissions-Policy", "camera=(), microphone=(), geolocation=()" },
    };
    bool cached = false;

    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        MHD_add_response_header(response, fixed[i][0], fixed[i][1]);
    if (!r->server->options.insecure_http)
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    MHD_add_response_header(response, "X-Request-Id", r->id);
    for (size_t i = 0; i < r->reply.header_count; i++) {
        cached = cached || strcmp(r->reply.headers[i].name, "Cache-Control") == 0;
        MHD_add_response_header(response, r->reply.headers[i].name, r->reply.headers[i].value);
    }
    if (!cached)
        MHD_add_response_header(response, "Cache-Control", "no-cache");
}

static struct MHD_Response *make_response(fd_request *r)
{
    fd_blob *blob = r->reply.blob;
    struct MHD_Response *response;
    bool gzip;

    if (r->reply.file >= 0) {
        response = MHD_create_response_from_fd64(r->reply.file_length, r->reply.file);
        r->reply.file = -1;
        return response;
    }
    if (!blob)
        return MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    gzip = blob->gzip && fd_http_takes_gzip(r->header.accept_encoding);
    response = MHD_create_response_from_buffer_with_free_callback_cls(
        gzip ? blob->gzip_length : blob->length, gzip ? blob->gzip : blob->bytes, unref_blob,
        fd_blob_ref(blob));
    if (response && gzip)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    if (response && blob->gzip)
        MHD_add_response_header(response, "Vary", "Accept-Encoding");
    return response;
}

static enum MHD_Result send_reply(fd_request *r)
{
    struct MHD_Response *response = make_response(r);
    enum MHD_Result sent;

    if (!response)
        return MHD_NO;
    add_common_headers(r, response);
    if (r->reply.type)
        MHD_add_response_header(response, "Content-Type", r->reply.type);
    sent = MHD_queue_response(r->connection, (unsigned)r->reply.status, response);
    MHD_destroy_response(response);
    fd_log_access(r);
    fd_metrics_count(&r->server->metrics, r->reply.status,
                     fd_monotonic_ms() * 1000 - r->started_us);
    return sent;
}

/* A body earns time with its bytes: since when it counts as waiting. */
static int64_t body_allowance(const fd_request *r)
{
    const int64_t now = fd_monotonic_ms();
    const int64_t earned =
        r->started_us / 1000 + (int64_t)(r->body_seen * 1000 / FD_BODY_BYTES_SECOND);

    return earned < now ? earned : now;
}

static void work(void *payload)
{
    fd_request *r = payload;

    fd_dispatch_finish(r);
    r->stage = FD_STAGE_ANSWERED;
    MHD_resume_connection(r->connection);
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *length, void **context)
{
    fd_server *server = cls;
    fd_request *r = *context;

    (void)url;
    (void)version;
    switch (r->stage) {
    case FD_STAGE_NEW:
        r->started_us = fd_monotonic_ms() * 1000;
        set_waiting(server, connection, fd_monotonic_ms());
        read_head(r, method);
        r->stage = FD_STAGE_BODY;
        return fd_dispatch_begin(r) ? send_reply(r) : MHD_YES;
    case FD_STAGE_BODY:
        if (*length) {
            size_t n = *length;

            *length = 0;
            r->body_seen += n;
            set_waiting(server, connection, body_allowance(r));
            if (!r->reply.status)
                fd_dispatch_body(r, data, n);
            /* What is refused is read and dropped for a while, so that the client reads why. */
            return r->reply.status && r->body_seen > r->body_limit + REFUSED_BODY_MAX ? MHD_NO
                                                                                      : MHD_YES;
        }
        set_waiting(server, connection, 0);
        if (r->reply.status)
            return send_reply(r);
        if (!r->match.route || !(r->match.route->flags & FD_ROUTE_SLOW) || fd_verb_from_cache(r)) {
            if (!r->reply.status)
                fd_dispatch_finish(r);
            return send_reply(r);
        }
        r->stage = FD_STAGE_WORKING;
        MHD_suspend_connection(connection);
        if (fd_workers_add(server->workers, work, r) < 0) {
            fd_reply_error(r);
            r->stage = FD_STAGE_ANSWERED;
            MHD_resume_connection(connection);
        }
        return MHD_YES;
    case FD_STAGE_WORKING:
        return MHD_YES;
    case FD_STAGE_ANSWERED:
        return send_reply(r);
    }
    return MHD_NO;
}

/* ---- start and stop ---- */

static void quiet(void *cls, const char *format, va_list args)
{
    char text[512];

    (void)cls;
    vsnprintf(text, sizeof text, format, args);
    fd_log(FD_LOG_DEBUG, "http: %s", text);
}

int fd_daemon_start(fd_server *server)
{
    const fd_serve_options *o = &server->options;
    const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_PASSIVE,
                                    .ai_socktype = SOCK_STREAM };
    struct addrinfo *address = NULL;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    struct MHD_OptionItem tls[4] = { { MHD_OPTION_END, 0, NULL } };
    char port[8];

    snprintf(port, sizeof port, "%u", o->port);
    if (getaddrinfo(o->listen, port, &hints, &address) != 0)
        return fd_error_set(FD_EINVAL, "监听地址不对:%s", "not an address to listen on: %s",
                            o->listen);
    if (address->ai_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    if (!o->insecure_http) {
        flags |= MHD_USE_TLS;
        tls[0] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0, server->cert_pem };
        tls[1] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0, server->key_pem };
        tls[2] = (struct MHD_OptionItem){
            MHD_OPTION_HTTPS_PRIORITIES, 0,
            (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"
        };
        tls[3] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
    }
    errno = 0;
    server->daemon = MHD_start_daemon(
        flags, o->port, NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, quiet, NULL,
        MHD_OPTION_SOCK_ADDR, address->ai_addr, MHD_OPTION_URI_LOG_CALLBACK, request_begin, server,
        MHD_OPTION_NOTIFY_COMPLETED, request_over, server, MHD_OPTION_NOTIFY_CONNECTION,
        connection_event, server, MHD_OPTION_CONNECTION_LIMIT, FD_CONNECTIONS_MAX,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, o->address_connections, MHD_OPTION_CONNECTION_TIMEOUT,
        FD_HEADER_SECONDS + 5, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)64 << 10,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_THREAD_POOL_SIZE, o->threads,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    freeaddrinfo(address);
    if (server->daemon)
        return 0;
    fd_error_set(FD_EIO, "不能在 %s:%u 上提供服务:%s", "cannot serve on %s:%u: %s", o->listen,
                 o->port, errno ? strerror(errno) : "TLS");
    return fd_error_hint("换一个 --port,或停掉占用它的程序",
                         "choose another --port, or stop the program that holds it");
}

uint16_t fd_daemon_port(fd_server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);

    return info ? info->port : server->options.port;
}

void fd_daemon_stop(fd_server *server)
{
    MHD_socket listening;

    if (!server->daemon)
        return;
    listening = MHD_quiesce_daemon(server->daemon);
    if (listening != MHD_INVALID_SOCKET)
        close(listening);
    /* A suspended connection must not be left behind: what computes is waited for. */
    while (fd_workers_load(server->workers))
        usleep(20000);
    MHD_stop_daemon(server->daemon);
    server->daemon = NULL;
}
