/*
 * `fangding serve`: the HTTPS server over one city file.
 */
#ifndef FD_HTTP_SERVE_H
#define FD_HTTP_SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fd_serve_options {
    const char *city;
    const char *listen;           /* an address, e.g. 127.0.0.1, ::1, 0.0.0.0 */
    uint16_t port;                /* 0: any free one */
    const char *cert, *key;       /* PEM files; NULL: a self-signed pair beside the city file */
    bool insecure_http;           /* no TLS: loopback addresses only, or behind a gateway */
    const char *setup_token;      /* for the first administrator; NULL: a random one is printed */
    double rate;                  /* requests a second of one address; 0: no limit */
    size_t max_upload;            /* bytes of one body with files */
    unsigned threads;             /* that serve connections; as many workers */
    unsigned address_connections; /* of one address at once */
    unsigned queue;               /* slow requests that may wait for a worker */
} fd_serve_options;

#define FD_SERVE_OPTIONS_INIT                                                                      \
    {                                                                                              \
        NULL, "127.0.0.1", 8443, NULL, NULL, false, NULL, 200, (size_t)256 << 20, 2, 64, 128       \
    }

/**
 * Serve until SIGTERM or SIGINT; requests at work are finished first, the running
 * job is asked to stop, and jobs that wait are dropped.
 *
 * @return 0 after an orderly stop; FD_EINVAL (options), FD_EIO (address in use, certificate), or
 *         what opening the city file gave
 */
int fd_serve(const fd_serve_options *options);

#endif
