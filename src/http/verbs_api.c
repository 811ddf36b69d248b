/*
 * /api/v1/verbs: the registry over the network.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/digest.h"
#include "http/ask.h"
#include "http/server.h"

/* ---- the list ---- */

static const char *type_name(fd_param_type type)
{
    static const char *const names[] = {
        [FD_P_TEXT] = "text",     [FD_P_FLAG] = "flag",     [FD_P_INTEGER] = "integer",
        [FD_P_NUMBER] = "number", [FD_P_PERIOD] = "period", [FD_P_PATH] = "file",
        [FD_P_OUTPUT] = "output", [FD_P_CHOICE] = "choice", [FD_P_LIST] = "list",
    };

    return names[type];
}

static void put_param(fd_jsonw *w, const fd_verb_param *p)
{
    fd_view rest, part;

    fd_jsonw_object(w);
    fd_jsonw_key(w, "name");
    fd_jsonw_string(w, p->name);
    fd_jsonw_key(w, "type");
    fd_jsonw_string(w, type_name(p->type));
    fd_jsonw_key(w, "required");
    fd_jsonw_bool(w, p->required);
    fd_jsonw_key(w, "positional");
    fd_jsonw_bool(w, p->positional);
    fd_jsonw_key(w, "repeated");
    fd_jsonw_bool(w, p->repeated);
    fd_jsonw_key(w, "value");
    fd_jsonw_string(w, p->value);
    fd_jsonw_key(w, "zh");
    fd_jsonw_string(w, p->zh);
    fd_jsonw_key(w, "en");
    fd_jsonw_string(w, p->en);
    fd_jsonw_key(w, "choices");
    fd_jsonw_array(w);
    for (rest = fd_view_of(p->choices); fd_view_split(&rest, '|', &part);)
        fd_jsonw_view(w, part);
    fd_jsonw_end_array(w);
    fd_jsonw_end_object(w);
}

static void put_verb(fd_jsonw *w, const fd_verb *verb, const fd_identity *who)
{
    static const char *const effects[] = { "read", "write", "propose" };
    static const char *const purposes[] = { "statistics", "planning", "service", "administration" };
    char path[128];

    snprintf(path, sizeof path, "%s", verb->name);
    for (char *c = path; *c; c++)
        if (*c == ' ')
            *c = '/';
    fd_jsonw_object(w);
    fd_jsonw_key(w, "name");
    fd_jsonw_string(w, verb->name);
    fd_jsonw_key(w, "path");
    fd_jsonw_string(w, path);
    fd_jsonw_key(w, "zh");
    fd_jsonw_string(w, verb->zh);
    fd_jsonw_key(w, "en");
    fd_jsonw_string(w, verb->en);
    fd_jsonw_key(w, "effect");
    fd_jsonw_string(w, effects[verb->effect]);
    fd_jsonw_key(w, "purpose");
    fd_jsonw_string(w, purposes[verb->purpose]);
    fd_jsonw_key(w, "job");
    fd_jsonw_bool(w, verb->is_job);
    fd_jsonw_key(w, "method");
    fd_jsonw_string(w, fd_verb_may_get(verb) ? "GET" : "POST");
    fd_jsonw_key(w, "allowed");
    fd_jsonw_bool(w, fd_role_may(who->role, verb));
    fd_jsonw_key(w, "params");
    fd_jsonw_array(w);
    for (size_t i = 0; i < verb->param_count; i++)
        put_param(w, &verb->params[i]);
    fd_jsonw_end_array(w);
    fd_jsonw_end_object(w);
}

int fd_handle_verbs(fd_request *r)
{
    fd_buf out = FD_BUF_INIT;
    const fd_verb *const *verbs;
    size_t count;
    fd_jsonw w;

    verbs = fd_verbs(&count);
    fd_jsonw_init(&w, &out);
    fd_jsonw_array(&w);
    for (size_t i = 0; i < count; i++)
        if (fd_verb_is_remote(verbs[i]))
            put_verb(&w, verbs[i], &r->who);
    fd_jsonw_end_array(&w);
    return fd_reply_json(r, 200, &out);
}

/* ---- reading ---- */

/* "SNAPSHOT-digest": the snapshot in front, for If-Match. */
static void make_etag(char etag[64], const fd_ask *ask, int64_t snapshot)
{
    char digest[65];

    fd_digest_of(ask->key, strlen(ask->key), digest);
    snprintf(etag, 64, "\"%lld-%.32s\"", (long long)snapshot, digest);
}

static int64_t snapshot_of(fd_request *r, const fd_ask *ask)
{
    return ask->call.as_of ? ask->call.as_of : fd_cities_newest(r->server->cities);
}

static char *cache_key(fd_request *r, const fd_ask *ask, int64_t snapshot)
{
    return fd_arena_printf(r->arena, "%lld\x1f%s", (long long)snapshot, ask->key);
}

static int read_ask(fd_ask *ask, fd_request *r)
{
    int err = fd_ask_from_query(ask, r);

    if (err < 0)
        return err;
    if (!fd_verb_may_get(ask->verb)) {
        fd_reply_add(r, "Allow", "POST");
        fd_reply_problem(r, 405, "%s 用 POST", "%s takes POST", ask->verb->name);
        return 1;
    }
    return 0;
}

static void attach(fd_request *r, const fd_ask *ask)
{
    static const char *const extensions[] = { [FD_FORMAT_TABLE] = "txt",
                                              [FD_FORMAT_CSV] = "csv",
                                              [FD_FORMAT_JSON] = "json",
                                              [FD_FORMAT_MD] = "md",
                                              [FD_FORMAT_XLSX] = "xlsx" };
    char text[160], name[64];

    if (ask->is_json)
        return;
    snprintf(name, sizeof name, "%s", ask->verb->name);
    for (char *c = name; *c; c++)
        if (*c == ' ')
            *c = '-';
    snprintf(text, sizeof text, "attachment; filename=\"%s.%s\"", name, extensions[ask->format]);
    fd_reply_add(r, "Content-Disposition", text);
}

/* Personal by session: no shared cache may keep it. */
static void mark_private(fd_request *r)
{
    fd_reply_add(r, "Cache-Control", "private, no-cache");
    fd_reply_add(r, "Vary", "Cookie, Authorization, Accept-Language");
}

bool fd_verb_from_cache(fd_request *r)
{
    fd_answer kept;
    char etag[64];
    int64_t snapshot;
    fd_ask ask;

    if (r->match.route->handle != fd_handle_verb_get || read_ask(&ask, r) != 0)
        return r->reply.status != 0;
    if (!fd_role_may(r->who.role, ask.verb))
        return false;
    snapshot = snapshot_of(r, &ask);
    make_etag(etag, &ask, snapshot);
    if (!fd_answers_get(r->server->answers, cache_key(r, &ask, snapshot), &kept)) {
        atomic_fetch_add(&r->server->metrics.cache_misses, 1);
        return false;
    }
    atomic_fetch_add(&r->server->metrics.cache_hits, 1);
    mark_private(r);
    if (fd_reply_unchanged(r, etag)) {
        fd_answer_dispose(&kept);
        return true;
    }
    if (kept.subjects)
        fd_call_audit(&ask.call, ask.verb->name, kept.subjects, "");
    attach(r, &ask);
    free(kept.subjects);
    fd_reply_blob(r, 200, kept.type, kept.blob);
    return true;
}

int fd_handle_verb_get(fd_request *r)
{
    fd_result result = { 0 };
    fd_answer answer = { 0 };
    fd_buf out = FD_BUF_INIT;
    fd_city *city = NULL;
    int64_t snapshot;
    char etag[64];
    fd_ask ask;
    int err;

    /* While this one waited for a worker, another may have asked the same. */
    if (fd_verb_from_cache(r))
        return 0;
    if ((err = read_ask(&ask, r)) != 0)
        return err < 0 ? err : 0;
    snapshot = snapshot_of(r, &ask);
    if (ask.verb->needs_city) {
        if ((err = fd_cities_lease(&city, r->server->cities, ask.call.as_of)) < 0)
            goto done;
        snapshot = fd_reader_snapshot(city->reader);
        if (ask.call.as_of && snapshot != ask.call.as_of) {
            err = fd_error_set(FD_ENOTFOUND, "没有快照 %lld", "there is no snapshot %lld",
                               (long long)ask.call.as_of);
            goto done;
        }
    }
    ask.call.city = city;
    if ((err = fd_call_run(&ask.call, &result)) < 0 ||
        (err = fd_answer_bytes(&out, &answer.type, &ask, city, &result, r->server->upload_root)) <
            0)
        goto done;
    answer.blob = fd_blob_new(&out, ask.format != FD_FORMAT_XLSX);
    answer.subjects = result.subjects;
    fd_answers_put(r->server->answers, cache_key(r, &ask, snapshot), &answer);
    make_etag(etag, &ask, snapshot);
    mark_private(r);
    if (fd_reply_unchanged(r, etag)) {
        fd_blob_unref(answer.blob);
        goto done;
    }
    attach(r, &ask);
    fd_reply_blob(r, 200, answer.type, answer.blob);
done:
    fd_cities_return(r->server->cities, city);
    fd_result_dispose(&result);
    fd_buf_dispose(&out);
    return err < 0 ? err : 0;
}

/* ---- writing ---- */

/* If-Match names the snapshot the client has seen; a newer one means that somebody wrote since. */
static bool is_stale(fd_request *r)
{
    fd_view rest = fd_view_of(r->header.if_match), part;
    char prefix[32];

    if (!r->header.if_match)
        return false;
    fd_cities_look(r->server->cities);
    snprintf(prefix, sizeof prefix, "\"%lld-", (long long)fd_cities_newest(r->server->cities));
    while (fd_view_split(&rest, ',', &part)) {
        part = fd_view_trim(part);
        if (fd_view_is(part, "*") || fd_view_starts(part, prefix))
            return false;
    }
    fd_reply_problem(r, 412, "数据已有更新,请刷新后再写",
                     "the data changed meanwhile, reload before writing");
    return true;
}

static int run_now(fd_request *r, fd_ask *ask)
{
    fd_result result = { 0 };
    fd_buf out = FD_BUF_INIT;
    fd_city *city = NULL;
    const char *type;
    int err;

    if (ask->verb->needs_city &&
        (err = fd_city_open(&city, ask->call.city_path, 0, ask->verb->effect != FD_READ)) < 0)
        return err;
    ask->call.city = city;
    err = fd_call_run(&ask->call, &result);
    if (err >= 0 && ask->verb->effect != FD_READ) {
        if (city)
            err = fd_city_refresh(city);
        fd_cities_look(r->server->cities);
    }
    if (err >= 0)
        err = fd_answer_bytes(&out, &type, ask, city, &result, r->server->upload_root);
    if (err >= 0) {
        attach(r, ask);
        fd_reply_blob(r, 200, type, fd_blob_new(&out, ask->format != FD_FORMAT_XLSX));
    }
    fd_buf_dispose(&out);
    fd_result_dispose(&result);
    fd_city_free(city);
    return err;
}

static int start_job(fd_request *r, const fd_ask *ask)
{
    fd_buf out = FD_BUF_INIT;
    char id[17], location[64];
    fd_jsonw w;
    int err;

    if ((err = fd_call_check(&ask->call)) < 0 ||
        (err = fd_jobs_add(id, r->server->jobs, r, &ask->call, ask->output_folder)) < 0)
        return err;
    snprintf(location, sizeof location, "/api/v1/jobs/%s", id);
    fd_reply_add(r, "Location", location);
    fd_jsonw_init(&w, &out);
    fd_jobs_write(r->server->jobs, &w, id, r->who.user);
    return fd_reply_json(r, 202, &out);
}

int fd_verb_do(fd_request *r, fd_ask *ask)
{
    return ask->verb->is_job || ask->output_folder ? start_job(r, ask) : run_now(r, ask);
}

static int run_or_queue(fd_request *r)
{
    fd_ask ask;
    int err = fd_ask_from_body(&ask, r), second;

    if (err < 0)
        return err;
    if (!fd_verb_may_post(ask.verb)) {
        fd_reply_add(r, "Allow", "GET");
        return fd_reply_problem(r, 405, "%s 用 GET", "%s takes GET", ask.verb->name);
    }
    if (r->who.read_only && ask.verb->effect != FD_READ)
        return fd_reply_problem(r, 403, "这个令牌只能读", "this token may only read");
    if (!fd_role_may(r->who.role, ask.verb)) {
        fd_error_set(FD_EDENIED, "%s 角色不能用 %s", "the role %s may not use %s",
                     fd_role_name(r->who.role, r->lang), ask.verb->name);
        return FD_EDENIED;
    }
    if (ask.verb->effect != FD_READ && is_stale(r))
        return 0;
    if ((second = fd_four_eyes_asked(r, ask.verb)) != 0)
        return second < 0 ? second : fd_propose(r, &ask);
    return fd_verb_do(r, &ask);
}

/* What makes two requests the same: address, fields, and the bytes of the files. */
static int request_digest(char out[65], fd_request *r)
{
    fd_digest *d = fd_digest_new();
    char file[65];
    int err = 0;

    fd_digest_update(d, r->target, strlen(r->target) + 1);
    fd_digest_update(d, fd_buf_text(&r->body), r->body.len);
    for (size_t i = 0; i < r->field_count; i++) {
        fd_digest_update(d, r->fields[i].name, strlen(r->fields[i].name) + 1);
        fd_digest_update(d, r->fields[i].value, strlen(r->fields[i].value) + 1);
    }
    for (size_t i = 0; i < r->upload_count && err >= 0; i++) {
        if ((err = fd_digest_file(r->uploads[i].path, file)) < 0)
            break;
        fd_digest_update(d, r->uploads[i].field, strlen(r->uploads[i].field) + 1);
        fd_digest_update(d, r->uploads[i].name, strlen(r->uploads[i].name) + 1);
        fd_digest_update(d, file, sizeof file);
    }
    fd_digest_finish(d, out);
    return err;
}

static const char *location_of(const fd_request *r)
{
    for (size_t i = 0; i < r->reply.header_count; i++)
        if (strcmp(r->reply.headers[i].name, "Location") == 0)
            return r->reply.headers[i].value;
    return "";
}

/* @return true when the key has its answer already, which is given */
static bool replay(fd_request *r, const char *key)
{
    char digest[65], location[128], *body = NULL;
    fd_buf bytes = FD_BUF_INIT;
    int status = 0, err;

    if ((err = request_digest(digest, r)) < 0 ||
        (err = fd_key_begin(r->server->accounts, r->who.user, key, digest, time(NULL), &status,
                            &body, location)) < 0) {
        if (err == FD_ECONFLICT)
            fd_reply_problem(r, 422, "这个 Idempotency-Key 已用于另一个请求",
                             "this Idempotency-Key was used for another request");
        else
            fd_reply_error(r);
        return true;
    }
    if (status < 0)
        fd_reply_problem(r, 409, "同一个请求还在办理", "the same request is still at work");
    if (status > 0) {
        fd_buf_puts(&bytes, body);
        if (location[0])
            fd_reply_add(r, "Location", location);
        fd_reply_add(r, "Idempotent-Replay", "true");
        fd_reply_blob(r, status, "application/json; charset=utf-8", fd_blob_new(&bytes, false));
    }
    free(body);
    return status != 0;
}

int fd_handle_verb_post(fd_request *r)
{
    const char *key = r->header.idempotency_key;
    int err;

    if (!key)
        return run_or_queue(r);
    if (!*key || strlen(key) > 128 || !fd_http_header_safe(key))
        return fd_error_set(FD_EINVAL, "Idempotency-Key 应为 1 到 128 个字符",
                            "Idempotency-Key has 1 to 128 characters");
    if (replay(r, key))
        return 0;
    if ((err = run_or_queue(r)) < 0)
        fd_reply_error(r);
    /* Only what was done is remembered: a refused request may be mended and sent again. */
    if (r->reply.status / 100 == 2 && r->reply.blob)
        fd_key_finish(r->server->accounts, r->who.user, key, r->reply.status, r->reply.blob->bytes,
                      r->reply.blob->length, location_of(r));
    else
        fd_key_forget(r->server->accounts, r->who.user, key);
    return 0;
}
