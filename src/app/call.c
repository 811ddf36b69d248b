/*
 * One request: typed access to its parameters, checking, running, and the audit line of a write.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/scope.h"
#include "base/diag.h"
#include "base/str.h"
#include "fangding/verbs.h"

size_t fd_call_index(const fd_call *call, const char *param)
{
    for (size_t i = 0; i < call->verb->param_count; i++)
        if (strcmp(call->verb->params[i].name, param) == 0)
            return i;
    assert(false && "parameter is not declared");
    return 0;
}

const char *fd_call_text(const fd_call *call, const char *param)
{
    return call->values[fd_call_index(call, param)];
}

bool fd_call_flag(const fd_call *call, const char *param)
{
    return fd_call_text(call, param) != NULL;
}

static int bad_value(const char *param, const char *found, const char *zh, const char *en)
{
    fd_error e;

    fd_error_set(FD_EINVAL, "参数 %s 的值不对:%s", "bad value for %s: %s", param, found);
    e = *fd_error_last();
    snprintf(e.detail[FD_ZH], sizeof e.detail[FD_ZH], "应为%s", zh);
    snprintf(e.detail[FD_EN], sizeof e.detail[FD_EN], "expected %s", en);
    fd_error__restore(&e);
    return FD_EINVAL;
}

static int parse_integer(const char *param, const char *text, int64_t *out)
{
    char *end;
    long long value;

    value = strtoll(text, &end, 10);
    if (end == text || *end)
        return bad_value(param, text, "整数", "a whole number");
    *out = value;
    return 0;
}

int fd_call_integer(const fd_call *call, const char *param, int64_t *out)
{
    const char *text = fd_call_text(call, param);

    return text ? parse_integer(param, text, out) : 0;
}

int fd_call_period(const fd_call *call, const char *param, fd_period *out)
{
    const char *text = fd_call_text(call, param);

    if (!text || fd_period_parse(out, text, strlen(text)) == 0)
        return 0;
    return bad_value(param, text, "期间,例如 2024、2024Q4、2024-12、2024-01..12",
                     "a period such as 2024, 2024Q4, 2024-12 or 2024-01..12");
}

size_t fd_call_list(const fd_call *call, const char *param, const char ***out)
{
    const char *text = fd_call_text(call, param);
    fd_view rest, part;
    size_t n = 0, room = 1;

    *out = NULL;
    if (!text)
        return 0;
    for (const char *c = text; *c; c++)
        room += *c == ',';
    *out = fd_arena_alloc(call->arena, room * sizeof **out);
    for (rest = fd_view_of(text); fd_view_split(&rest, ',', &part);) {
        part = fd_view_trim(part);
        if (part.len)
            (*out)[n++] = fd_arena_strndup(call->arena, part.ptr, part.len);
    }
    return n;
}

static bool is_choice(const char *choices, const char *text)
{
    fd_view rest = fd_view_of(choices), part;

    while (fd_view_split(&rest, '|', &part))
        if (fd_view_is(part, text))
            return true;
    return false;
}

static int check_value(const fd_verb_param *p, const char *text)
{
    fd_decimal number;
    fd_period period;
    int64_t integer;

    switch (p->type) {
    case FD_P_INTEGER:
        return parse_integer(p->name, text, &integer);
    case FD_P_NUMBER:
        if (fd_decimal_parse(&number, text, strlen(text)) < 0)
            return bad_value(p->name, text, "数", "a number");
        return 0;
    case FD_P_PERIOD:
        if (fd_period_parse(&period, text, strlen(text)) < 0)
            return bad_value(p->name, text, "期间,例如 2024、2024-12、2024-01..12",
                             "a period such as 2024, 2024-12 or 2024-01..12");
        return 0;
    case FD_P_CHOICE:
        if (!is_choice(p->choices, text))
            return bad_value(p->name, text, p->choices, p->choices);
        return 0;
    case FD_P_TEXT:
    case FD_P_LIST:
    case FD_P_PATH:
    case FD_P_OUTPUT:
    case FD_P_FLAG:
        return 0;
    }
    return 0;
}

/* Is a plain file given, which stands in for the city? */
static bool has_data(const fd_call *call)
{
    for (size_t i = 0; i < call->verb->param_count; i++)
        if (strcmp(call->verb->params[i].name, "data") == 0 && call->values[i])
            return true;
    return false;
}

int fd_call_check(const fd_call *call)
{
    const fd_verb *verb = call->verb;

    for (size_t i = 0; i < verb->param_count; i++) {
        const fd_verb_param *p = &verb->params[i];
        const char *text = call->values[i];
        bool given = text || (p->repeated && call->rest_count > 0);
        int err;

        if (p->required && !given) {
            fd_error_set(FD_EINVAL, "%s 缺少参数 %s", "%s needs %s", verb->name,
                         p->value ? p->value : p->name);
            return fd_error_hint("fangding help %s 列出全部参数",
                                 "fangding help %s lists every parameter", verb->name);
        }
        if (text && (err = check_value(p, text)) < 0)
            return err;
    }
    if (verb->needs_city && !call->city && !call->city_path && !has_data(call)) {
        fd_error_set(FD_EINVAL, "%s 需要城市文件", "%s needs a city file", verb->name);
        return fd_error_hint("加上 --city 文件,或设置环境变量 FANGDING_CITY",
                             "add --city FILE, or set FANGDING_CITY");
    }
    return 0;
}

/* "at=2024 by=county": what was asked, for the audit chain. */
static char *asked(const fd_call *call)
{
    fd_buf text = FD_BUF_INIT;
    char *kept;

    for (size_t i = 0; i < call->verb->param_count; i++)
        if (call->values[i])
            fd_buf_printf(&text, "%s%s=%s", text.len ? " " : "", call->verb->params[i].name,
                          call->values[i]);
    kept = fd_arena_strdup(call->arena, fd_buf_text(&text));
    fd_buf_dispose(&text);
    return kept;
}

int fd_call_audit(fd_call *call, const char *verb, const char *object, const char *detail)
{
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    fd_store *store = NULL;
    int err;

    if (call->audit)
        return fd_store_audit(call->audit, call->actor, verb, object, detail);
    if (call->verb->effect != FD_READ)
        return fd_store_audit(call->city->store, call->actor, verb, object, detail);
    /* A city opened for reading cannot write: the chain gets a store of its own. */
    if ((err = fd_store_open_sqlite(&store, call->city->path, &options)) < 0)
        return err;
    err = fd_store_audit(store, call->actor, verb, object, detail);
    fd_store_close(store);
    return err;
}

static int audit_run(fd_call *call, fd_result *result)
{
    if (!call->city)
        return 0;
    if (call->verb->effect != FD_READ && fd_store_audit_settled(call->city->store))
        return 0;
    if (call->verb->effect != FD_READ)
        return fd_call_audit(call, call->verb->name, asked(call),
                             result->message[FD_EN] ? result->message[FD_EN] : "");
    if (!call->audit || !(result->subjects = fd_scope_subjects(call->city, result)))
        return 0;
    return fd_call_audit(call, call->verb->name, result->subjects, asked(call));
}

/* Does the call read a city file? */
static bool reads_city(const fd_call *call)
{
    if (has_data(call))
        return false;
    return call->verb->needs_city || (call->verb->takes_city && call->city_path);
}

int fd_call_run(fd_call *call, fd_result *result)
{
    fd_city *opened = NULL, *whole = call->city;
    fd_scoped *scoped = NULL;
    int err;

    if (call->scope && !fd_role_may(call->role, call->verb)) {
        fd_error_set(FD_EDENIED, "%s 角色不能用 %s", "the role %s may not use %s",
                     fd_role_name(call->role, FD_ZH), call->verb->name);
        return fd_error_hint("请管理员调整角色", "ask the administrator for another role");
    }
    if ((err = fd_call_check(call)) < 0)
        return err;
    if (call->verb->needs_city && call->verb->effect != FD_READ && call->role == FD_ROLE_VIEWER)
        return fd_error_set(FD_EDENIED, "浏览角色不能写城市文件",
                            "the viewer role writes nothing into a city file");
    if (reads_city(call) && !call->city) {
        err = fd_city_open(&opened, call->city_path, call->as_of, call->verb->effect != FD_READ);
        if (err < 0)
            return err;
        call->city = whole = opened;
    }
    if (call->city && fd_call_is_limited(call)) {
        if ((err = fd_scoped_new(&scoped, call, call->city->source)) < 0)
            goto done;
        call->city = fd_scoped_city(scoped);
    }
    if (call->city && call->verb->effect != FD_READ &&
        (err = fd_store_audit_with_next(call->city->store, call->actor, call->verb->name,
                                        asked(call))) < 0)
        goto done;
    err = call->verb->run(call, result);
    call->city = whole;
    if (scoped && err >= 0)
        err = fd_scoped_sweep(scoped, result);
    if (err >= 0)
        err = audit_run(call, result);
done:
    fd_scoped_free(scoped);
    if (opened) {
        fd_city_free(opened);
        call->city = NULL;
    }
    return err;
}
