#include "http/ask.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "http/server.h"
#include "io/file.h"
#include "io/json.h"
#include "table/json.h"

#define DOWNLOAD_CAP ((size_t)512 << 20)

bool fd_verb_takes(const fd_verb *verb, fd_param_type type)
{
    for (size_t i = 0; i < verb->param_count; i++)
        if (verb->params[i].type == type)
            return true;
    return false;
}

bool fd_verb_may_get(const fd_verb *verb)
{
    for (size_t i = 0; i < verb->param_count; i++)
        if (verb->params[i].type == FD_P_OUTPUT ||
            (verb->params[i].type == FD_P_PATH &&
             (verb->params[i].required || !(verb->takes_city || verb->needs_city))))
            return false;
    return verb->effect == FD_READ && !verb->is_job;
}

bool fd_verb_may_post(const fd_verb *verb)
{
    return !fd_verb_may_get(verb) || fd_verb_takes(verb, FD_P_PATH);
}

bool fd_verb_is_remote(const fd_verb *verb)
{
    for (int role = 0; role < FD_ROLE_COUNT; role++)
        if (fd_role_may((fd_role)role, verb))
            return true;
    return false;
}

int fd_ask_verb(const fd_verb **out, const fd_request *r)
{
    char *name = fd_arena_strdup(r->arena, fd_request_value(r, "path"));

    for (char *c = name; *c; c++)
        if (*c == '/')
            *c = ' ';
    *out = fd_verb_find(name);
    if (*out && fd_verb_is_remote(*out))
        return 0;
    if (*out)
        fd_error_set(FD_ENOTFOUND, "%s 只能在命令行用", "%s is for the command line only", name);
    return FD_ENOTFOUND;
}

/* ---- parameters ---- */

static void begin(fd_ask *ask, fd_request *r, const fd_verb *verb)
{
    memset(ask, 0, sizeof *ask);
    ask->verb = verb;
    ask->limit = -1;
    ask->is_json = true;
    ask->format = FD_FORMAT_JSON;
    ask->call.verb = verb;
    ask->call.arena = r->arena;
    ask->call.values = fd_arena_alloc(r->arena, (verb->param_count + 1) * sizeof(char *));
    ask->call.rest =
        fd_arena_alloc(r->arena, (FD_HTTP_PAIRS_MAX + FD_MULTIPART_PARTS_MAX) * sizeof(char *));
    ask->call.lang = r->lang;
    ask->call.role = r->who.role;
    ask->call.scope = &r->who.scope;
    ask->call.actor = r->who.login;
    ask->call.city_path = fd_cities_path(r->server->cities);
    ask->call.audit = fd_cities_store(r->server->cities);
    ask->call.plans = r->server->plans;
}

static const fd_verb_param *find_param(const fd_verb *verb, const char *name, size_t *index)
{
    for (size_t i = 0; i < verb->param_count; i++)
        if (strcmp(verb->params[i].name, name) == 0) {
            *index = i;
            return &verb->params[i];
        }
    return NULL;
}

static int unknown_param(const fd_verb *verb, const char *name)
{
    const char **names = fd_alloc((verb->param_count + 1) * sizeof *names);
    const char *nearest;

    for (size_t i = 0; i < verb->param_count; i++)
        names[i] = verb->params[i].name;
    nearest = fd_nearest(name, names, verb->param_count);
    free(names);
    fd_error_set(FD_EINVAL, "%s 没有参数 %s", "%s has no parameter %s", verb->name, name);
    if (nearest)
        return fd_error_hint("是不是 %s?", "did you mean %s?", nearest);
    return fd_error_hint("/api/v1/verbs 列出全部参数", "/api/v1/verbs lists every parameter");
}

/* A file that the verb writes goes into the request's own folder, whatever it is called; without a
 * name it is a folder, or a paper called after the verb. */
static int set_output(fd_ask *ask, fd_request *r, size_t i, const char *given)
{
    const fd_verb_param *p = &ask->verb->params[i];
    int err;

    if (!ask->output_folder) {
        if ((err = fd_request_folder(r)) < 0)
            return err;
        ask->output_folder = fd_arena_printf(r->arena, "%s/out", r->folder);
        if (mkdir(ask->output_folder, 0700) != 0)
            return fd_error_set(FD_EIO, "不能建立文件夹", "cannot make a folder");
    }
    if (!*given || strcmp(given, "true") == 0 || strcmp(given, "false") == 0) {
        const bool is_folder = p->value && strcmp(p->value, "FOLDER") == 0;
        const char *dot = p->value ? strchr(p->value, '.') : NULL; /* "FILE.xlsx" */

        given = is_folder ? p->name
                          : fd_arena_printf(r->arena, "%s%s", ask->verb->name, dot ? dot : ".docx");
    }
    ask->call.values[i] = fd_arena_printf(r->arena, "%s/%s", ask->output_folder,
                                          fd_http_file_name(r->arena, fd_view_of(given)));
    return 0;
}

static int set_param(fd_ask *ask, fd_request *r, const char *name, const char *value)
{
    size_t i;
    const fd_verb_param *p = find_param(ask->verb, name, &i);

    if (!p)
        return unknown_param(ask->verb, name);
    if (p->type == FD_P_PATH) {
        fd_error_set(FD_EINVAL, "%s 要随请求上传文件", "%s is a file sent with the request", name);
        return fd_error_hint("用 multipart/form-data 上传", "send it as multipart/form-data");
    }
    if (p->type == FD_P_OUTPUT)
        return set_output(ask, r, i, value);
    if (p->type == FD_P_FLAG) {
        if (strcmp(value, "true") == 0 || strcmp(value, "1") == 0 || !*value)
            ask->call.values[i] = "1";
        else if (strcmp(value, "false") != 0 && strcmp(value, "0") != 0)
            return fd_error_set(FD_EINVAL, "参数 %s 应为 true 或 false",
                                "parameter %s is true or false", name);
        return 0;
    }
    if (p->repeated) {
        if (ask->call.rest_count < FD_HTTP_PAIRS_MAX)
            ask->call.rest[ask->call.rest_count++] = value;
        return 0;
    }
    if (*value)
        ask->call.values[i] = value;
    return 0;
}

static int parse_whole(int64_t *out, const char *name, const char *text)
{
    char *end;
    long long value = strtoll(text, &end, 10);

    if (end == text || *end || value < 0)
        return fd_error_set(FD_EINVAL, "参数 %s 应为不小于 0 的整数:%s",
                            "parameter %s is a whole number from 0: %s", name, text);
    *out = value;
    return 0;
}

/* "SNAPSHOT.ROW", as an earlier page gave it. */
static int parse_cursor(fd_ask *ask, const char *text)
{
    char *end;
    long long snapshot = strtoll(text, &end, 10), row = -1;

    if (end != text && *end == '.')
        row = strtoll(end + 1, &end, 10);
    if (snapshot <= 0 || row < 0 || *end)
        return fd_error_set(FD_EINVAL, "cursor 不对", "not a cursor of ours");
    ask->call.as_of = snapshot;
    ask->from = (size_t)row;
    return 0;
}

static const char *const common[] = { "lang", "as_of", "format", "limit", "cursor", "bom" };

static bool is_common(const fd_verb *verb, const char *name)
{
    size_t unused;

    if (find_param(verb, name, &unused))
        return false;
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (strcmp(common[i], name) == 0)
            return true;
    return false;
}

static int set_common(fd_ask *ask, const char *name, const char *value)
{
    int err = 0;

    if (strcmp(name, "as_of") == 0)
        err = parse_whole(&ask->call.as_of, name, value);
    else if (strcmp(name, "limit") == 0)
        err = parse_whole(&ask->limit, name, value);
    else if (strcmp(name, "cursor") == 0)
        err = parse_cursor(ask, value);
    else if (strcmp(name, "bom") == 0)
        ask->bom = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
    else if (strcmp(name, "format") == 0)
        err = fd_format_parse(&ask->format, value);
    else if (strncmp(value, "zh", 2) != 0 && strncmp(value, "en", 2) != 0)
        err = fd_error_set(FD_EINVAL, "语言只有 zh 和 en:%s", "languages are zh and en: %s", value);
    ask->is_json = ask->format == FD_FORMAT_JSON;
    return err;
}

/* What the answer depends on, in one text. Names and values are kept apart by control characters,
 * which no value holds. */
static void make_key(fd_ask *ask, fd_request *r)
{
    fd_buf key = FD_BUF_INIT;

    fd_buf_printf(&key, "%s\x1f%d\x1f%s\x1f%s\x1f%d\x1f%d%d\x1f%lld\x1f%zu", ask->verb->name,
                  (int)r->who.role, r->who.scope.county ? r->who.scope.county : "",
                  r->who.scope.enterprise ? r->who.scope.enterprise : "", (int)r->lang,
                  (int)ask->format, ask->bom, (long long)ask->limit, ask->from);
    for (size_t i = 0; i < ask->verb->param_count; i++)
        if (ask->call.values[i])
            fd_buf_printf(&key, "\x1f%zu=%s", i, ask->call.values[i]);
    for (size_t i = 0; i < ask->call.rest_count; i++)
        fd_buf_printf(&key, "\x1f+%s", ask->call.rest[i]);
    ask->key = fd_arena_strdup(r->arena, fd_buf_text(&key));
    fd_buf_dispose(&key);
}

int fd_ask_from_query(fd_ask *out, fd_request *r)
{
    const fd_verb *verb;
    int err;

    if ((err = fd_ask_verb(&verb, r)) < 0)
        return err;
    begin(out, r, verb);
    for (size_t i = 0; i < r->query_count; i++) {
        const fd_http_pair *p = &r->query[i];

        err = is_common(verb, p->name) ? set_common(out, p->name, p->value)
                                       : set_param(out, r, p->name, p->value);
        if (err < 0)
            return err;
    }
    out->pinned = out->call.as_of != 0;
    make_key(out, r);
    return 0;
}

/* ---- bodies ---- */

/* A JSON value as the text that the command line would be given. */
static int text_of(const char **out, fd_request *r, const char *name, const json_t *value)
{
    fd_buf text = FD_BUF_INIT;
    char number[32];
    int err = 0;

    switch (json_typeof(value)) {
    case JSON_STRING:
        *out = fd_arena_strdup(r->arena, json_string_value(value));
        return 0;
    case JSON_TRUE:
        *out = "true";
        return 0;
    case JSON_FALSE:
    case JSON_NULL:
        *out = "";
        return 0;
    case JSON_INTEGER:
        *out = fd_arena_printf(r->arena, "%lld", (long long)json_integer_value(value));
        return 0;
    case JSON_REAL:
        fd_double_shortest(json_real_value(value), number, sizeof number);
        *out = fd_arena_strdup(r->arena, number);
        return 0;
    case JSON_ARRAY:
        for (size_t i = 0; err >= 0 && i < json_array_size(value); i++) {
            const char *part;

            if (json_is_array(json_array_get(value, i)))
                err = FD_EINVAL;
            else if ((err = text_of(&part, r, name, json_array_get(value, i))) >= 0)
                fd_buf_printf(&text, "%s%s", i ? "," : "", part);
        }
        *out = fd_arena_strdup(r->arena, fd_buf_text(&text));
        fd_buf_dispose(&text);
        if (err >= 0)
            return 0;
        break;
    case JSON_OBJECT:
        break;
    }
    return fd_error_set(FD_EINVAL, "参数 %s 的值不能是这种 JSON",
                        "parameter %s cannot be that kind of JSON", name);
}

/* A repeated parameter may be an array of its values. */
static int set_json(fd_ask *ask, fd_request *r, const char *name, const json_t *value)
{
    size_t i;
    const fd_verb_param *p = find_param(ask->verb, name, &i);
    const char *text;
    int err = 0;

    if (p && p->repeated && json_is_array(value)) {
        for (size_t k = 0; err >= 0 && k < json_array_size(value); k++)
            if ((err = text_of(&text, r, name, json_array_get(value, k))) >= 0)
                err = set_param(ask, r, name, text);
        return err;
    }
    if (p && p->type == FD_P_FLAG && json_is_false(value))
        return 0;
    if (json_is_null(value))
        return p ? 0 : unknown_param(ask->verb, name);
    if ((err = text_of(&text, r, name, value)) < 0)
        return err;
    return is_common(ask->verb, name) ? set_common(ask, name, text) : set_param(ask, r, name, text);
}

static int set_upload(fd_ask *ask, const fd_upload *upload)
{
    size_t i;
    const fd_verb_param *p = find_param(ask->verb, upload->field, &i);

    if (!p)
        return unknown_param(ask->verb, upload->field);
    if (p->type != FD_P_PATH)
        return fd_error_set(FD_EINVAL, "参数 %s 不是文件", "parameter %s is no file",
                            upload->field);
    if (p->repeated)
        ask->call.rest[ask->call.rest_count++] = upload->path;
    else
        ask->call.values[i] = upload->path;
    return 0;
}

static int set_members(fd_ask *out, fd_request *r, const char *text, size_t length)
{
    json_t *body = NULL, *value;
    const char *name;
    int err;

    if ((err = fd_json_read(&body, text, length, NULL)) < 0)
        return err;
    if (!json_is_object(body))
        err = fd_error_set(FD_EINVAL, "应为一个 JSON 对象", "expected a JSON object");
    else
        json_object_foreach(body, name, value)
        {
            if (err >= 0)
                err = set_json(out, r, name, value);
        }
    json_decref(body);
    return err;
}

int fd_ask_from_kept(fd_ask *out, fd_request *r, const fd_verb *verb, const char *json)
{
    begin(out, r, verb);
    return set_members(out, r, json, strlen(json));
}

int fd_ask_from_body(fd_ask *out, fd_request *r)
{
    const fd_verb *verb;
    int err;

    if ((err = fd_ask_verb(&verb, r)) < 0)
        return err;
    begin(out, r, verb);
    for (size_t i = 0; i < r->upload_count; i++)
        if ((err = set_upload(out, &r->uploads[i])) < 0)
            return err;
    for (size_t i = 0; i < r->field_count; i++) {
        const fd_http_pair *f = &r->fields[i];

        err = is_common(verb, f->name) ? set_common(out, f->name, f->value)
                                       : set_param(out, r, f->name, f->value);
        if (err < 0)
            return err;
    }
    if (!r->multipart && r->body.len && (err = set_members(out, r, r->body.ptr, r->body.len)) < 0)
        return err;
    /* Where the client names no file, the verb's own default would be a place on the server. */
    for (size_t i = 0; i < verb->param_count; i++)
        if (verb->params[i].type == FD_P_OUTPUT && !out->call.values[i] &&
            (err = set_output(out, r, i, "")) < 0)
            return err;
    out->call.as_of = 0;
    make_key(out, r);
    return 0;
}

/* ---- answers ---- */

static void put_pair(fd_jsonw *w, const char *key, char *const text[2])
{
    fd_jsonw_key(w, key);
    if (!text[FD_ZH] && !text[FD_EN]) {
        fd_jsonw_null(w);
        return;
    }
    fd_jsonw_object(w);
    fd_jsonw_key(w, "zh");
    fd_jsonw_string(w, text[FD_ZH] ? text[FD_ZH] : text[FD_EN]);
    fd_jsonw_key(w, "en");
    fd_jsonw_string(w, text[FD_EN] ? text[FD_EN] : text[FD_ZH]);
    fd_jsonw_end_object(w);
}

void fd_answer_write(fd_jsonw *w, const fd_ask *ask, const fd_city *city, const fd_result *result)
{
    size_t to = ask->limit < 0 ? SIZE_MAX : ask->from + (size_t)ask->limit;
    int64_t snapshot = city ? fd_reader_snapshot(city->reader) : 0;
    bool more = false;

    fd_jsonw_key(w, "snapshot");
    fd_jsonw_int(w, snapshot);
    fd_jsonw_key(w, "definitions");
    fd_jsonw_string(w, city ? city->definitions_hash : NULL);
    fd_jsonw_key(w, "program");
    fd_jsonw_string(w, FD_VERSION);
    fd_jsonw_key(w, "verb");
    fd_jsonw_string(w, ask->verb->name);
    fd_jsonw_key(w, "exit");
    fd_jsonw_int(w, result->exit_code);
    put_pair(w, "message", result->message);
    fd_jsonw_key(w, "tables");
    fd_jsonw_array(w);
    for (size_t i = 0; i < result->table_count; i++) {
        fd_table_json(w, result->tables[i], ask->from, to);
        more = more || result->tables[i]->rows > to;
    }
    fd_jsonw_end_array(w);
    put_pair(w, "screen", result->screen);
    if (more) {
        char cursor[64];

        snprintf(cursor, sizeof cursor, "%lld.%zu", (long long)snapshot, to);
        fd_jsonw_key(w, "next");
        fd_jsonw_string(w, cursor);
    }
}

/* XLSX is written to a file first. */
static int xlsx_bytes(fd_buf *out, const fd_ask *ask, const fd_result *result,
                      const char *scratch_folder)
{
    const fd_print_options options = { FD_FORMAT_XLSX, ask->call.lang, 0, false, false, false };
    unsigned char random[8];
    char name[17], *path, *bytes;
    size_t length;
    int err;

    randombytes_buf(random, sizeof random);
    path = fd_arena_printf(ask->call.arena, "%s/%s.xlsx", scratch_folder,
                           sodium_bin2hex(name, sizeof name, random, sizeof random));
    if ((err = fd_result_print(result, NULL, &options, path)) >= 0 &&
        (err = fd_file_read(&bytes, &length, path, DOWNLOAD_CAP)) >= 0) {
        fd_buf_put(out, bytes, length);
        free(bytes);
    }
    unlink(path);
    return err;
}

int fd_answer_bytes(fd_buf *out, const char **type, const fd_ask *ask, const fd_city *city,
                    const fd_result *result, const char *scratch_folder)
{
    static const char *const types[] = {
        [FD_FORMAT_TABLE] = "text/plain; charset=utf-8",
        [FD_FORMAT_CSV] = "text/csv; charset=utf-8",
        [FD_FORMAT_JSON] = "application/json; charset=utf-8",
        [FD_FORMAT_MD] = "text/markdown; charset=utf-8",
        [FD_FORMAT_XLSX] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    fd_print_options options = FD_PRINT_OPTIONS_INIT;
    char *text = NULL;
    size_t length = 0;
    FILE *stream;
    fd_jsonw w;
    int err;

    *type = types[ask->format];
    if (ask->is_json) {
        fd_jsonw_init(&w, out);
        fd_jsonw_object(&w);
        fd_answer_write(&w, ask, city, result);
        fd_jsonw_end_object(&w);
        fd_buf_putc(out, '\n');
        return 0;
    }
    if (ask->format == FD_FORMAT_XLSX)
        return xlsx_bytes(out, ask, result, scratch_folder);
    options.format = ask->format;
    options.lang = ask->call.lang;
    options.bom = ask->bom;
    if (!(stream = open_memstream(&text, &length)))
        return fd_error_set(FD_ENOMEM, "内存不够", "out of memory");
    err = fd_result_print(result, stream, &options, NULL);
    fclose(stream);
    if (err >= 0)
        fd_buf_put(out, text, length);
    free(text);
    return err;
}
