#include "http/serve.h"

#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "app/plan_warm.h"
#include "base/log.h"
#include "http/server.h"
#include "http/warm.h"

enum {
    TICK_MS = 200,        /* how soon the writes of another program are seen */
    SWEEP_TICKS = 5 * 60, /* of sessions and keys: once a minute */
    KEYS_KEPT_S = 24 * 3600,
    ANSWER_CACHE = 64 << 20,
    PLANS_KEPT = 4, /* versions of the city × roles × uses */
    PLAN_CACHE = 256 << 20
};

/* Tell systemd, when it started us (sd_notify's datagram). */
static void notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int s;

    if (!path || !*path || strlen(path) >= sizeof address.sun_path)
        return;
    memcpy(address.sun_path, path, strlen(path));
    if (address.sun_path[0] == '@')
        address.sun_path[0] = '\0';
    if ((s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0)
        return;
    (void)sendto(s, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path)));
    close(s);
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

static int open_accounts(fd_server *s)
{
    fd_buf path = FD_BUF_INIT;
    unsigned char random[16];
    int64_t users = 0;
    int err;

    fd_buf_printf(&path, "%s.users", s->options.city);
    if ((err = fd_accounts_open(&s->accounts, fd_buf_text(&path))) >= 0)
        err = fd_user_count(s->accounts, &users);
    fd_buf_dispose(&path);
    if (err < 0 || users)
        return err;
    if (s->options.setup_token) {
        if (strlen(s->options.setup_token) < 16 || strlen(s->options.setup_token) > 64)
            return fd_error_set(FD_EINVAL, "--setup-token 要 16 到 64 个字符",
                                "--setup-token has 16 to 64 characters");
        snprintf(s->setup_token, sizeof s->setup_token, "%s", s->options.setup_token);
        return 0;
    }
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(s->setup_token, sizeof s->setup_token, random, sizeof random);
    return 0;
}

/* What earlier runs left half received is removed. */
static int open_upload_root(fd_server *s)
{
    fd_buf path = FD_BUF_INIT;

    fd_buf_printf(&path, "%s.incoming", s->options.city);
    s->upload_root = fd_buf_take(&path);
    fd_folder_remove(s->upload_root);
    if (mkdir(s->upload_root, 0700) == 0)
        return 0;
    return fd_error_set(FD_EIO, "不能建立接收文件夹:%s", "cannot make the folder for uploads: %s",
                        s->upload_root);
}

static int open_all(fd_server *s)
{
    const fd_serve_options *o = &s->options;
    int err;

    if (sodium_init() < 0)
        return fd_error_set(FD_ERROR, "随机数源不可用", "no source of randomness");
    if (o->insecure_http && !is_loopback(o->listen)) {
        fd_error_set(FD_EINVAL, "--insecure-http 只能在本机地址上用",
                     "--insecure-http is for loopback addresses only");
        return fd_error_hint("对外提供服务请用 HTTPS,或在前面放网关",
                             "serve others by HTTPS, or behind a gateway");
    }
    s->metrics.started_ms = fd_monotonic_ms();
    s->routes = fd_api_routes;
    s->route_count = fd_api_route_count;
    pthread_mutex_init(&s->connections_lock, NULL);
    s->limits = fd_limits_new(o->rate, o->rate * 2, 4096);
    s->sign_ins = fd_limits_new(o->rate > 0 ? 1.0 / 30 : 0, 20, 4096);
    s->unknown_users = fd_limits_new(1.0 / FD_LOCK_S, FD_LOCK_AFTER, 4096);
    s->answers = fd_answers_new(ANSWER_CACHE);
    s->plans = fd_plan_shelf_new(PLANS_KEPT, PLAN_CACHE);
    if ((err = fd_cities_new(&s->cities, o->city)) < 0 ||
        (err = fd_store_meta_get(fd_cities_store(s->cities), "city", &s->city_name)) < 0 ||
        (err = fd_store_meta_get(fd_cities_store(s->cities), "note", &s->city_note)) < 0 ||
        (err = open_accounts(s)) < 0 || (err = open_upload_root(s)) < 0 ||
        (!o->insecure_http && (err = fd_cert_load(s)) < 0))
        return err;
    s->jobs = fd_jobs_new(s);
    s->workers = fd_workers_new(o->threads, o->queue);
    s->writer = fd_workers_new(1, FD_JOBS_WAITING);
    return fd_daemon_start(s);
}

static void close_all(fd_server *s)
{
    fd_daemon_stop(s);
    if (s->jobs)
        fd_jobs_cancel_all(s->jobs);
    fd_workers_free(s->writer);
    fd_workers_free(s->workers);
    fd_jobs_free(s->jobs);
    fd_answers_free(s->answers);
    fd_plan_shelf_free(s->plans);
    fd_limits_free(s->limits);
    fd_limits_free(s->sign_ins);
    fd_limits_free(s->unknown_users);
    fd_accounts_close(s->accounts);
    fd_cities_free(s->cities);
    fd_folder_remove(s->upload_root);
    if (s->key_pem)
        sodium_memzero(s->key_pem, strlen(s->key_pem));
    free(s->key_pem);
    free(s->cert_pem);
    free(s->upload_root);
    free(s->city_name);
    free(s->city_note);
    if (s->routes)
        pthread_mutex_destroy(&s->connections_lock);
}

static void announce(fd_server *s)
{
    const fd_serve_options *o = &s->options;
    bool is_v6 = strchr(o->listen, ':') != NULL;

    printf("方鼎 fangding: %s://%s%s%s:%u/\n", o->insecure_http ? "http" : "https",
           is_v6 ? "[" : "", o->listen, is_v6 ? "]" : "", fd_daemon_port(s));
    if (s->setup_token[0])
        printf("首次设置口令 set-up token: %s\n", s->setup_token);
    if (!o->insecure_http && !o->cert)
        printf("自签名证书,浏览器会问一次 self-signed certificate, the browser asks once: "
               "%s.cert.pem\n",
               o->city);
    printf("本系统不得处理国家秘密 State secrets must not be processed in this system\n");
    fflush(stdout);
}

static void tick(fd_server *s, unsigned n)
{
    const int64_t now = time(NULL);

    fd_cities_look(s->cities);
    fd_daemon_watch(s);
    fd_warm_watch(s);
    if (n % SWEEP_TICKS)
        return;
    fd_accounts_sweep(s->accounts, now, now - FD_SESSION_IDLE_S, now - FD_SESSION_LIFE_S,
                      now - KEYS_KEPT_S);
    notify("WATCHDOG=1");
}

/* Signals are taken here and nowhere else: no handler, no flag. */
static void serve_until_told(fd_server *s, const sigset_t *signals)
{
    const struct timespec pause = { 0, TICK_MS * 1000000L };

    for (unsigned n = 1;; n++) {
        int number = sigtimedwait(signals, NULL, &pause);

        if (number == SIGTERM || number == SIGINT)
            return;
        if (number < 0 && errno == EAGAIN)
            tick(s, n);
    }
}

int fd_serve(const fd_serve_options *options)
{
    fd_server *s = fd_alloc(sizeof *s);
    sigset_t signals, before;
    int err;

    s->options = *options;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    signal(SIGPIPE, SIG_IGN);
    if ((err = open_all(s)) >= 0) {
        announce(s);
        notify("READY=1");
        fd_log_event("started", FD_VERSION);
        serve_until_told(s, &signals);
        notify("STOPPING=1");
        fd_log_event("stopping", "");
    }
    close_all(s);
    free(s);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return err < 0 ? err : 0;
}
