#include "cli/serve.h"

#include <stdlib.h>

#include "http/serve.h"

static int run_serve(fd_call *call, fd_result *result)
{
    fd_serve_options o = FD_SERVE_OPTIONS_INIT;
    int64_t port = o.port, rate = (int64_t)o.rate, upload = (int64_t)(o.max_upload >> 20),
            connections = o.address_connections, queue = o.queue;
    int err;

    (void)result;
    if ((err = fd_call_integer(call, "port", &port)) < 0 ||
        (err = fd_call_integer(call, "rate", &rate)) < 0 ||
        (err = fd_call_integer(call, "max-upload", &upload)) < 0 ||
        (err = fd_call_integer(call, "address-connections", &connections)) < 0 ||
        (err = fd_call_integer(call, "queue", &queue)) < 0)
        return err;
    if (port < 0 || port > 65535 || rate < 0 || upload < 1 || upload > 65536 || connections < 1 ||
        connections > 100000 || queue < 1 || queue > 100000)
        return fd_error_set(FD_EINVAL, "端口、速率、上传、连接数或队列超出范围",
                            "port, rate, upload, connections or queue out of range");
    if (!call->city_path)
        return fd_error_set(FD_EINVAL, "serve 需要 --city 文件", "serve needs --city FILE");
    o.city = call->city_path;
    o.port = (uint16_t)port;
    o.rate = (double)rate;
    o.max_upload = (size_t)upload << 20;
    o.address_connections = (unsigned)connections;
    o.queue = (unsigned)queue;
    if (fd_call_text(call, "listen"))
        o.listen = fd_call_text(call, "listen");
    o.cert = fd_call_text(call, "cert");
    o.key = fd_call_text(call, "key");
    o.insecure_http = fd_call_flag(call, "insecure-http");
    o.setup_token = fd_call_text(call, "setup-token");
    return fd_serve(&o);
}

static const fd_verb_param params[] = {
    { "listen", FD_P_TEXT, false, false, false, "ADDRESS", "监听地址(默认 127.0.0.1,只给本机)",
      "address to listen on (default 127.0.0.1, this machine only)", NULL },
    { "port", FD_P_INTEGER, false, false, false, "N", "端口(默认 8443;0 任选一个空闲的)",
      "port (default 8443; 0 for any free one)", NULL },
    { "cert", FD_P_PATH, false, false, false, "FILE", "证书 PEM(默认自签名)",
      "certificate, PEM (default: self-signed)", NULL },
    { "key", FD_P_PATH, false, false, false, "FILE", "私钥 PEM", "private key, PEM", NULL },
    { "insecure-http", FD_P_FLAG, false, false, false, NULL, "不加密,只限本机地址",
      "without TLS, loopback addresses only", NULL },
    { "setup-token", FD_P_TEXT, false, false, false, "TEXT", "首次设置口令(默认随机,印在终端)",
      "set-up token (default: random, printed)", NULL },
    { "rate", FD_P_INTEGER, false, false, false, "N", "每个地址每秒请求数(默认 200;0 不限)",
      "requests a second of one address (default 200; 0 no limit)", NULL },
    { "address-connections", FD_P_INTEGER, false, false, false, "N", "每个地址的连接数(默认 64)",
      "connections of one address (default 64)", NULL },
    { "queue", FD_P_INTEGER, false, false, false, "N", "最多几个请求排队(默认 128)",
      "requests that may wait for a worker (default 128)", NULL },
    { "max-upload", FD_P_INTEGER, false, false, false, "MB", "一次上传最多多少 MB(默认 256)",
      "most megabytes of one upload (default 256)", NULL },
};
static const char *const examples[] = { "serve --city out/huanzhou.fangding",
                                        "serve --city ours.fangding --listen 0.0.0.0 --cert "
                                        "cert.pem --key key.pem",
                                        NULL };
const fd_verb fd_verb_serve = {
    .name = "serve",
    .zh = "在浏览器里打开城市:HTTPS 服务、接口和页面",
    .en = "open the city in a browser: HTTPS server, interface and pages",
    .purpose = FD_ADMINISTRATION,
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .examples = examples,
    .run = run_serve,
};
