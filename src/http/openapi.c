/*
 * The OpenAPI 3.1 document, from the table of routes and the registry of verbs.  The route
 * /api/v1/verbs/{path*} stands in it as one path per verb, with the verb's own parameters; the
 * shapes of bodies stand in openapi/schemas.json, which is compiled in.
 */
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/assets.h"
#include "app/foureyes.h"
#include "base/digest.h"
#include "http/ask.h"
#include "http/server.h"

/* What a route takes and gives; NULL for nothing, "[X]" for an array of X, "*" for bytes. */
static const struct {
    int (*handle)(fd_request *r);
    const char *takes, *gives, *tag;
} bodies[] = {
    { fd_handle_health, NULL, "Health", "server" },
    { fd_handle_metrics, NULL, "*text/plain", "server" },
    { fd_handle_openapi, NULL, "*application/json", "server" },
    { fd_handle_session_get, NULL, "Session", "session" },
    { fd_handle_session_post, "SignIn", "Session", "session" },
    { fd_handle_session_delete, NULL, NULL, "session" },
    { fd_handle_setup, "Setup", "Session", "session" },
    { fd_handle_users_list, NULL, "[User]", "users" },
    { fd_handle_users_add, "NewUser", "User", "users" },
    { fd_handle_users_change, "UserChange", "User", "users" },
    { fd_handle_users_remove, NULL, NULL, "users" },
    { fd_handle_tokens_list, NULL, "[Token]", "tokens" },
    { fd_handle_tokens_add, "NewToken", "Token", "tokens" },
    { fd_handle_tokens_remove, NULL, NULL, "tokens" },
    { fd_handle_verbs, NULL, "[Verb]", "verbs" },
    { fd_handle_verb_get, NULL, "Answer", "verbs" },
    { fd_handle_verb_post, NULL, "Answer", "verbs" },
    { fd_handle_proposals, NULL, "[Proposal]", "proposals" },
    { fd_handle_proposal_decide, "Decision", "Decided", "proposals" },
    { fd_handle_jobs, NULL, "[Job]", "jobs" },
    { fd_handle_job, NULL, "Job", "jobs" },
    { fd_handle_job_cancel, NULL, NULL, "jobs" },
    { fd_handle_job_file, NULL, "*application/octet-stream", "jobs" },
};

static const struct {
    int status;
    const char *text;
} reasons[] = {
    { 200, "done" },
    { 201, "made" },
    { 202, "a job was started, or a second person has to confirm, see Location" },
    { 204, "done, nothing to say" },
    { 304, "what the client holds is the newest" },
    { 400, "a parameter or the body is wrong" },
    { 401, "not signed in" },
    { 403, "the role, the CSRF token or the token's scope does not allow it" },
    { 404, "there is no such thing, or it is not in scope" },
    { 405, "another method" },
    { 409, "it contradicts what is stored" },
    { 412, "changed since the client read it" },
    { 413, "too large" },
    { 415, "another content type" },
    { 422, "understood, but it cannot be computed or taken" },
    { 429, "too often, see Retry-After" },
    { 503, "busy, see Retry-After" },
};

/* ---- pieces ---- */

static void put(fd_jsonw *w, const char *key, const char *value)
{
    fd_jsonw_key(w, key);
    fd_jsonw_string(w, value);
}

static void open_object(fd_jsonw *w, const char *key)
{
    fd_jsonw_key(w, key);
    fd_jsonw_object(w);
}

static void put_reference(fd_jsonw *w, const char *schema)
{
    char text[96];

    if (*schema != '[') {
        snprintf(text, sizeof text, "#/components/schemas/%s", schema);
        put(w, "$ref", text);
        return;
    }
    snprintf(text, sizeof text, "#/components/schemas/%.*s", (int)strlen(schema) - 2, schema + 1);
    put(w, "type", "array");
    open_object(w, "items");
    put(w, "$ref", text);
    fd_jsonw_end_object(w);
}

static void put_content(fd_jsonw *w, const char *type, const char *schema)
{
    open_object(w, "content");
    open_object(w, type);
    open_object(w, "schema");
    if (schema)
        put_reference(w, schema);
    fd_jsonw_end_object(w);
    fd_jsonw_end_object(w);
    fd_jsonw_end_object(w);
}

static void put_response(fd_jsonw *w, int status, const char *gives)
{
    char key[8];

    snprintf(key, sizeof key, "%d", status);
    open_object(w, key);
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            put(w, "description", reasons[i].text);
    if (status >= 400)
        put_content(w, "application/problem+json", "Problem");
    else if (status == 202)
        put_content(w, "application/json", "JobOrProposed");
    else if (gives && *gives == '*' && status != 304)
        put_content(w, gives + 1, NULL);
    else if (gives && status != 304 && status != 204)
        put_content(w, "application/json", gives);
    fd_jsonw_end_object(w);
}

static bool has_status(const fd_route *route, int status)
{
    for (size_t i = 0; i < FD_ROUTE_STATUSES && route->statuses[i]; i++)
        if (route->statuses[i] == status)
            return true;
    return false;
}

/* Beside its own, every route may say 429 (rate) and every slow one 503 (queue). `now`: may be done
 * at once (200); `later`: may become a job, or wait for a second person (202). */
static void put_responses(fd_jsonw *w, const fd_route *route, const char *gives, bool now,
                          bool later)
{
    open_object(w, "responses");
    for (size_t i = 0; i < FD_ROUTE_STATUSES && route->statuses[i]; i++)
        if (!(route->statuses[i] == 202 && !later) && !(route->statuses[i] == 200 && !now))
            put_response(w, route->statuses[i], gives);
    if (!has_status(route, 429))
        put_response(w, 429, NULL);
    if (route->flags & FD_ROUTE_SLOW)
        put_response(w, 503, NULL);
    fd_jsonw_end_object(w);
}

static void put_head(fd_jsonw *w, const fd_route *route, const char *id, const char *zh,
                     const char *en, const char *tag)
{
    put(w, "operationId", id);
    put(w, "summary", en);
    put(w, "description", zh);
    fd_jsonw_key(w, "tags");
    fd_jsonw_array(w);
    fd_jsonw_string(w, tag);
    fd_jsonw_end_array(w);
    fd_jsonw_key(w, "security");
    fd_jsonw_array(w);
    if (route->access != FD_ACCESS_ANYONE) {
        static const char *const schemes[] = { "session", "token" };

        for (int i = 0; i < 2; i++) {
            fd_jsonw_object(w);
            fd_jsonw_key(w, schemes[i]);
            fd_jsonw_array(w);
            fd_jsonw_end_array(w);
            fd_jsonw_end_object(w);
        }
    }
    fd_jsonw_end_array(w);
}

/* ---- verbs ---- */

static void put_param_schema(fd_jsonw *w, const fd_verb_param *p)
{
    static const char *const types[] = {
        [FD_P_TEXT] = "string",   [FD_P_FLAG] = "boolean",  [FD_P_INTEGER] = "integer",
        [FD_P_NUMBER] = "number", [FD_P_PERIOD] = "string", [FD_P_PATH] = "string",
        [FD_P_OUTPUT] = "string", [FD_P_CHOICE] = "string", [FD_P_LIST] = "string",
    };
    fd_view rest, part;

    if (p->repeated) {
        put(w, "type", "array");
        open_object(w, "items");
    }
    put(w, "type", types[p->type]);
    if (p->type == FD_P_PATH)
        put(w, "contentMediaType", "application/octet-stream");
    if (p->type == FD_P_CHOICE) {
        fd_jsonw_key(w, "enum");
        fd_jsonw_array(w);
        for (rest = fd_view_of(p->choices); fd_view_split(&rest, '|', &part);)
            fd_jsonw_view(w, part);
        fd_jsonw_end_array(w);
    }
    if (p->repeated)
        fd_jsonw_end_object(w);
}

static void put_description(fd_jsonw *w, const char *zh, const char *en)
{
    char text[1024];

    snprintf(text, sizeof text, "%s — %s", zh && *zh ? zh : "…", en && *en ? en : "…");
    put(w, "description", text);
}

static void put_query_parameter(fd_jsonw *w, const char *name, const char *zh, const char *en,
                                bool required, const fd_verb_param *p, const char *type)
{
    fd_jsonw_object(w);
    put(w, "name", name);
    put(w, "in", "query");
    put_description(w, zh, en);
    fd_jsonw_key(w, "required");
    fd_jsonw_bool(w, required);
    open_object(w, "schema");
    if (p)
        put_param_schema(w, p);
    else
        put(w, "type", type);
    fd_jsonw_end_object(w);
    fd_jsonw_end_object(w);
}

static void put_verb_query(fd_jsonw *w, const fd_verb *verb)
{
    static const struct {
        const char *name, *zh, *en, *type;
    } common[] = {
        { "lang", "语言 zh 或 en", "language, zh or en", "string" },
        { "as_of", "按第 N 号快照回答", "answer from snapshot N", "integer" },
        { "format", "json、csv、xlsx、md、table", "json, csv, xlsx, md, table", "string" },
        { "limit", "每张表最多几行", "most rows of each table", "integer" },
        { "cursor", "上一页给的 next", "`next` of the page before", "string" },
    };

    fd_jsonw_key(w, "parameters");
    fd_jsonw_array(w);
    for (size_t i = 0; i < verb->param_count; i++) {
        const fd_verb_param *p = &verb->params[i];

        if (p->type != FD_P_OUTPUT && p->type != FD_P_PATH)
            put_query_parameter(w, p->name, p->zh, p->en, p->required, p, NULL);
    }
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
        bool taken = false;

        for (size_t k = 0; k < verb->param_count; k++)
            taken = taken || strcmp(verb->params[k].name, common[i].name) == 0;
        if (!taken)
            put_query_parameter(w, common[i].name, common[i].zh, common[i].en, false, NULL,
                                common[i].type);
    }
    fd_jsonw_end_array(w);
}

static void put_verb_headers(fd_jsonw *w)
{
    static const char *const headers[][2] = {
        { "X-CSRF-Token", "csrf of the session; not needed with a token" },
        { "Idempotency-Key", "the same key gives the same answer, once done" },
        { "If-Match", "ETag of an answer: refuse when the city changed since" },
    };

    fd_jsonw_key(w, "parameters");
    fd_jsonw_array(w);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        fd_jsonw_object(w);
        put(w, "name", headers[i][0]);
        put(w, "in", "header");
        put(w, "description", headers[i][1]);
        open_object(w, "schema");
        put(w, "type", "string");
        fd_jsonw_end_object(w);
        fd_jsonw_end_object(w);
    }
    fd_jsonw_end_array(w);
}

static void put_verb_body(fd_jsonw *w, const fd_verb *verb)
{
    bool needs = false;

    open_object(w, "requestBody");
    open_object(w, "content");
    open_object(w, fd_verb_takes(verb, FD_P_PATH) ? "multipart/form-data" : "application/json");
    open_object(w, "schema");
    put(w, "type", "object");
    open_object(w, "properties");
    for (size_t i = 0; i < verb->param_count; i++) {
        open_object(w, verb->params[i].name);
        put_param_schema(w, &verb->params[i]);
        put_description(w, verb->params[i].zh, verb->params[i].en);
        fd_jsonw_end_object(w);
        needs = needs || verb->params[i].required;
    }
    fd_jsonw_end_object(w);
    if (needs) {
        fd_jsonw_key(w, "required");
        fd_jsonw_array(w);
        for (size_t i = 0; i < verb->param_count; i++)
            if (verb->params[i].required)
                fd_jsonw_string(w, verb->params[i].name);
        fd_jsonw_end_array(w);
    }
    fd_jsonw_end_object(w);
    fd_jsonw_end_object(w);
    fd_jsonw_end_object(w);
    fd_jsonw_end_object(w);
}

static void put_verb_operation(fd_jsonw *w, const fd_verb *verb, bool is_get, bool also_get)
{
    char id[128];
    const bool is_job = verb->is_job || fd_verb_takes(verb, FD_P_OUTPUT);
    const fd_route *route = NULL;

    snprintf(id, sizeof id, "verb-%s%s", verb->name, also_get ? "-with-files" : "");
    for (char *c = id; *c; c++)
        if (*c == ' ')
            *c = '-';
    for (size_t i = 0; i < fd_api_route_count; i++)
        if (fd_api_routes[i].handle == (is_get ? fd_handle_verb_get : fd_handle_verb_post))
            route = &fd_api_routes[i];
    assert(route);
    open_object(w, is_get ? "get" : "post");
    put_head(w, route, id, verb->zh, verb->en, "verbs");
    if (is_get) {
        put_verb_query(w, verb);
    } else {
        put_verb_headers(w);
        put_verb_body(w, verb);
    }
    put_responses(w, route, "Answer", !is_job, is_job || fd_four_eyes_can(verb));
    fd_jsonw_end_object(w);
}

static void put_verb(fd_jsonw *w, const fd_verb *verb)
{
    const bool may_get = fd_verb_may_get(verb);
    char path[160];

    snprintf(path, sizeof path, "/api/v1/verbs/%s", verb->name);
    for (char *c = path; *c; c++)
        if (*c == ' ')
            *c = '/';
    open_object(w, path);
    if (may_get)
        put_verb_operation(w, verb, true, false);
    if (fd_verb_may_post(verb))
        put_verb_operation(w, verb, false, may_get);
    fd_jsonw_end_object(w);
}

/* ---- routes ---- */

static void put_path_parameters(fd_jsonw *w, const char *pattern)
{
    const char *open = strchr(pattern, '{');

    if (!open)
        return;
    fd_jsonw_key(w, "parameters");
    fd_jsonw_array(w);
    for (; open; open = strchr(open + 1, '{')) {
        fd_jsonw_object(w);
        fd_jsonw_key(w, "name");
        fd_jsonw_view(w, (fd_view){ open + 1, strcspn(open + 1, "}") });
        put(w, "in", "path");
        fd_jsonw_key(w, "required");
        fd_jsonw_bool(w, true);
        open_object(w, "schema");
        put(w, "type", "string");
        fd_jsonw_end_object(w);
        fd_jsonw_end_object(w);
    }
    fd_jsonw_end_array(w);
}

/* get-api-v1-jobs-id */
static void operation_id(char *out, size_t size, const char *method, const char *pattern)
{
    size_t n = (size_t)snprintf(out, size, "%s", method);

    for (const char *c = pattern; *c && n + 2 < size; c++) {
        if (isalnum((unsigned char)*c))
            out[n++] = *c;
        else if (n && out[n - 1] != '-')
            out[n++] = '-';
    }
    while (n && out[n - 1] == '-')
        n--;
    out[n] = '\0';
}

static void put_route(fd_jsonw *w, const fd_route *route)
{
    char method[16], id[128];

    snprintf(method, sizeof method, "%s", fd_http_method_name(route->method));
    for (char *c = method; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    operation_id(id, sizeof id, method, route->pattern);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        if (bodies[i].handle != route->handle)
            continue;
        open_object(w, method);
        put_head(w, route, id, route->zh, route->en, bodies[i].tag);
        put_path_parameters(w, route->pattern);
        if (bodies[i].takes) {
            open_object(w, "requestBody");
            put_content(w, "application/json", bodies[i].takes);
            fd_jsonw_end_object(w);
        }
        put_responses(w, route, bodies[i].gives, true, true);
        fd_jsonw_end_object(w);
    }
}

static void put_paths(fd_jsonw *w)
{
    const fd_verb *const *verbs;
    size_t count;

    open_object(w, "paths");
    for (size_t i = 0; i < fd_api_route_count; i++) {
        const fd_route *route = &fd_api_routes[i];

        if (strchr(route->pattern, '*') ||
            (i && strcmp(route->pattern, fd_api_routes[i - 1].pattern) == 0))
            continue;
        open_object(w, route->pattern);
        for (size_t k = i; k < fd_api_route_count; k++)
            if (strcmp(fd_api_routes[k].pattern, route->pattern) == 0)
                put_route(w, &fd_api_routes[k]);
        fd_jsonw_end_object(w);
    }
    verbs = fd_verbs(&count);
    for (size_t i = 0; i < count; i++)
        if (fd_verb_is_remote(verbs[i]))
            put_verb(w, verbs[i]);
    fd_jsonw_end_object(w);
}

static void put_document(fd_jsonw *w, const char *cookie)
{
    static const char *const tags[][2] = {
        { "server", "是否在运行 is it running" },
        { "session", "登录 signing in" },
        { "users", "用户和角色 users and roles" },
        { "tokens", "接口令牌 tokens for programs" },
        { "proposals", "双人复核 changes that take a second person" },
        { "verbs", "问城市 asking the city" },
        { "jobs", "费时的动词 verbs that take long" },
    };
    fd_view schemas;

    fd_jsonw_object(w);
    put(w, "openapi", "3.1.0");
    open_object(w, "info");
    put(w, "title", "方鼎 fangding");
    put(w, "version", FD_VERSION);
    put(w, "description",
        "一座城市的指标、目标、产业链和政策。A city's indicators, targets, chains "
        "and policies. Made from the registry of verbs.");
    open_object(w, "license");
    put(w, "name", "Apache-2.0");
    put(w, "identifier", "Apache-2.0");
    fd_jsonw_end_object(w);
    fd_jsonw_end_object(w);
    fd_jsonw_key(w, "servers");
    fd_jsonw_array(w);
    fd_jsonw_object(w);
    put(w, "url", "/");
    put(w, "description", "this server");
    fd_jsonw_end_object(w);
    fd_jsonw_end_array(w);
    fd_jsonw_key(w, "tags");
    fd_jsonw_array(w);
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        fd_jsonw_object(w);
        put(w, "name", tags[i][0]);
        put(w, "description", tags[i][1]);
        fd_jsonw_end_object(w);
    }
    fd_jsonw_end_array(w);
    put_paths(w);
    open_object(w, "components");
    fd_jsonw_key(w, "schemas");
    fd_jsonw_raw(w, fd_asset_find("src/http/openapi/schemas.json", &schemas) ? schemas.ptr : "{}");
    open_object(w, "securitySchemes");
    open_object(w, "session");
    put(w, "type", "apiKey");
    put(w, "in", "cookie");
    put(w, "name", cookie);
    fd_jsonw_end_object(w);
    open_object(w, "token");
    put(w, "type", "http");
    put(w, "scheme", "bearer");
    fd_jsonw_end_object(w);
    fd_jsonw_end_object(w);
    fd_jsonw_end_object(w);
    fd_jsonw_end_object(w);
}

int fd_handle_openapi(fd_request *r)
{
    fd_buf out = FD_BUF_INIT;
    char digest[65], etag[48];
    fd_jsonw w;

    fd_jsonw_init(&w, &out);
    put_document(&w, fd_cookie_name(r->server));
    fd_digest_of(out.ptr, out.len, digest);
    snprintf(etag, sizeof etag, "\"%.32s\"", digest);
    if (fd_reply_unchanged(r, etag)) {
        fd_buf_dispose(&out);
        return 0;
    }
    return fd_reply_json(r, 200, &out);
}
