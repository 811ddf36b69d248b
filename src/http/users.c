/*
 * /api/v1/users and /api/v1/tokens.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/digest.h"
#include "http/body.h"
#include "http/password.h"
#include "http/server.h"

/* ---- users ---- */

static void put_user(fd_jsonw *w, const fd_user *u)
{
    char etag[48];

    snprintf(etag, sizeof etag, "\"u%lld-%lld\"", (long long)u->id, (long long)u->version);
    fd_jsonw_object(w);
    fd_jsonw_key(w, "id");
    fd_jsonw_int(w, u->id);
    fd_jsonw_key(w, "user");
    fd_jsonw_string(w, u->login);
    fd_jsonw_key(w, "name");
    fd_jsonw_string(w, u->name);
    fd_jsonw_key(w, "role");
    fd_jsonw_string(w, u->role);
    fd_jsonw_key(w, "county");
    fd_jsonw_string(w, u->county);
    fd_jsonw_key(w, "enterprise");
    fd_jsonw_string(w, u->enterprise);
    fd_jsonw_key(w, "disabled");
    fd_jsonw_bool(w, u->disabled);
    fd_jsonw_key(w, "locked");
    fd_jsonw_bool(w, u->locked_until > time(NULL));
    fd_jsonw_key(w, "created");
    fd_jsonw_int(w, u->created);
    fd_jsonw_key(w, "etag");
    fd_jsonw_string(w, etag);
    fd_jsonw_end_object(w);
}

static int put_each_user(void *payload, const fd_user *user)
{
    put_user(payload, user);
    return 0;
}

int fd_handle_users_list(fd_request *r)
{
    fd_buf out = FD_BUF_INIT;
    fd_jsonw w;
    int err;

    fd_jsonw_init(&w, &out);
    fd_jsonw_array(&w);
    err = fd_user_list(r->server->accounts, put_each_user, &w);
    fd_jsonw_end_array(&w);
    if (err >= 0)
        return fd_reply_json(r, 200, &out);
    fd_buf_dispose(&out);
    return err;
}

static int answer_user(fd_request *r, int status, const fd_user *user)
{
    fd_buf out = FD_BUF_INIT;
    fd_jsonw w;

    fd_jsonw_init(&w, &out);
    put_user(&w, user);
    return fd_reply_json(r, status, &out);
}

static int audit(fd_request *r, const char *what, const fd_user *user, const char *detail)
{
    return fd_store_audit(fd_cities_store(r->server->cities), r->who.login, what, user->login,
                          detail);
}

/* Role, county and enterprise belong together: a county user without a county would see nothing. */
static int take_rights(fd_user *user, const json_t *body)
{
    fd_role role;
    int err;

    if ((err = fd_body_text(body, "role", false, user->role, sizeof user->role - 1)) < 0 ||
        (err = fd_body_text(body, "county", false, user->county, sizeof user->county - 1)) < 0 ||
        (err = fd_body_text(body, "enterprise", false, user->enterprise,
                            sizeof user->enterprise - 1)) < 0 ||
        (err = fd_role_parse(&role, user->role)) < 0)
        return err;
    snprintf(user->role, sizeof user->role, "%s", fd_role_name(role, FD_EN));
    if (role == FD_ROLE_COUNTY && !user->county[0])
        return fd_error_set(FD_EINVAL, "县区角色要写 county", "the county role needs a county");
    if (role == FD_ROLE_ENTERPRISE && !user->enterprise[0])
        return fd_error_set(FD_EINVAL, "企业角色要写 enterprise",
                            "the enterprise role needs an enterprise");
    return 0;
}

int fd_handle_users_add(fd_request *r)
{
    static const char *const known[] = { "user",   "password",   "name", "role",
                                         "county", "enterprise", NULL };
    char password[FD_PASSWORD_MAX + 1] = "";
    fd_user user = { .role = "viewer", .created = time(NULL) };
    json_t *body = NULL;
    int err;

    if ((err = fd_body_object(&body, r)) < 0 || (err = fd_body_only(body, known)) < 0 ||
        (err = fd_body_text(body, "user", true, user.login, sizeof user.login - 1)) < 0 ||
        (err = fd_body_text(body, "name", false, user.name, sizeof user.name - 1)) < 0 ||
        (err = fd_body_text(body, "password", true, password, FD_PASSWORD_MAX)) < 0 ||
        (err = take_rights(&user, body)) < 0 || (err = fd_login_check(user.login)) < 0 ||
        (err = fd_password_set(user.password, password, user.login)) < 0 ||
        (err = fd_user_add(r->server->accounts, &user)) < 0)
        goto done;
    audit(r, "user added", &user, user.role);
    err = answer_user(r, 201, &user);
done:
    sodium_memzero(password, sizeof password);
    json_decref(body);
    return err < 0 ? err : 0;
}

static int asked_user(fd_request *r, fd_user *user)
{
    const char *text = fd_request_value(r, "id");
    char *end;
    long long id = strtoll(text, &end, 10);

    if (end == text || *end || fd_user_by_id(r->server->accounts, id, user) < 0)
        return fd_error_set(FD_ENOTFOUND, "没有这个用户", "no such user");
    return 0;
}

/* A user may change the own name and password (giving the old one); the rest is the
 * administrator's. */
static int may_change(fd_request *r, const fd_user *user, const json_t *body)
{
    char current[FD_PASSWORD_MAX + 1] = "";
    bool is_self = user->id == r->who.user, right;
    int err;

    if (r->who.role == FD_ROLE_ADMINISTRATOR && !is_self)
        return 0;
    if (!is_self)
        return fd_error_set(FD_EDENIED, "只有管理员可以改别人", "administrators only");
    if (json_object_get(body, "role") || json_object_get(body, "county") ||
        json_object_get(body, "enterprise") || json_object_get(body, "disabled"))
        return fd_error_set(FD_EDENIED, "自己的权限要由另一位管理员改",
                            "one's own rights are changed by another administrator");
    if (!json_object_get(body, "password"))
        return 0;
    if ((err = fd_body_text(body, "current", true, current, FD_PASSWORD_MAX)) < 0)
        return err;
    right = fd_password_holds(user->password, current);
    sodium_memzero(current, sizeof current);
    return right ? 0 : fd_error_set(FD_EDENIED, "原密码不对", "the current password is wrong");
}

int fd_handle_users_change(fd_request *r)
{
    static const char *const known[] = { "name",     "role",    "county", "enterprise", "disabled",
                                         "password", "current", "unlock", NULL };
    char password[FD_PASSWORD_MAX + 1] = "", etag[48];
    json_t *body = NULL;
    bool unlock = false;
    fd_user user;
    int err;

    if ((err = asked_user(r, &user)) < 0 || (err = fd_body_object(&body, r)) < 0)
        return err;
    snprintf(etag, sizeof etag, "\"u%lld-%lld\"", (long long)user.id, (long long)user.version);
    if (r->header.if_match && !fd_http_tag_matches(r->header.if_match, etag)) {
        fd_reply_problem(r, 412, "这个用户刚被别人改过,请刷新后再改",
                         "somebody else changed this user meanwhile, reload first");
        goto done;
    }
    if ((err = fd_body_only(body, known)) < 0 || (err = may_change(r, &user, body)) < 0 ||
        (err = fd_body_text(body, "name", false, user.name, sizeof user.name - 1)) < 0 ||
        (err = fd_body_bool(body, "disabled", &user.disabled)) < 0 ||
        (err = fd_body_bool(body, "unlock", &unlock)) < 0 ||
        (err = fd_body_text(body, "password", false, password, FD_PASSWORD_MAX)) < 0 ||
        (err = take_rights(&user, body)) < 0 ||
        (password[0] && (err = fd_password_set(user.password, password, user.login)) < 0))
        goto done;
    if (unlock) {
        user.failed = 0;
        user.locked_until = 0;
    }
    if ((err = fd_user_update(r->server->accounts, &user)) < 0)
        goto done;
    /* Rights or password changed: every session of that user begins anew, but the one that asks. */
    fd_session_remove_user(r->server->accounts, user.id,
                           user.id == r->who.user ? r->who.session : NULL);
    audit(r, "user changed", &user, user.role);
    err = answer_user(r, 200, &user);
done:
    sodium_memzero(password, sizeof password);
    json_decref(body);
    return err < 0 ? err : 0;
}

int fd_handle_users_remove(fd_request *r)
{
    fd_user user;
    int err = asked_user(r, &user);

    if (err < 0)
        return err;
    if (user.id == r->who.user)
        return fd_error_set(FD_ECONFLICT, "不能删除自己", "one cannot remove oneself");
    if ((err = fd_user_remove(r->server->accounts, user.id)) < 0)
        return err;
    audit(r, "user removed", &user, "");
    return fd_reply_empty(r, 204);
}

/* ---- tokens ---- */

static void put_token(fd_jsonw *w, const fd_token *t, const char *secret)
{
    fd_jsonw_object(w);
    fd_jsonw_key(w, "id");
    fd_jsonw_int(w, t->id);
    fd_jsonw_key(w, "name");
    fd_jsonw_string(w, t->name);
    fd_jsonw_key(w, "read_only");
    fd_jsonw_bool(w, t->read_only);
    fd_jsonw_key(w, "created");
    fd_jsonw_int(w, t->created);
    fd_jsonw_key(w, "expires");
    if (t->expires)
        fd_jsonw_int(w, t->expires);
    else
        fd_jsonw_null(w);
    fd_jsonw_key(w, "used");
    if (t->used)
        fd_jsonw_int(w, t->used);
    else
        fd_jsonw_null(w);
    if (secret) {
        fd_jsonw_key(w, "token");
        fd_jsonw_string(w, secret);
    }
    fd_jsonw_end_object(w);
}

static int put_each_token(void *payload, const fd_token *token)
{
    put_token(payload, token, NULL);
    return 0;
}

int fd_handle_tokens_list(fd_request *r)
{
    fd_buf out = FD_BUF_INIT;
    fd_jsonw w;
    int err;

    fd_jsonw_init(&w, &out);
    fd_jsonw_array(&w);
    err = fd_token_list(r->server->accounts, r->who.user, put_each_token, &w);
    fd_jsonw_end_array(&w);
    if (err >= 0)
        return fd_reply_json(r, 200, &out);
    fd_buf_dispose(&out);
    return err;
}

int fd_handle_tokens_add(fd_request *r)
{
    static const char *const known[] = { "name", "read_only", "days", NULL };
    fd_token token = { .user = r->who.user, .read_only = true, .created = time(NULL) };
    unsigned char random[24];
    char secret[64] = "fd_";
    int64_t days = 90;
    json_t *body = NULL;
    fd_buf out = FD_BUF_INIT;
    fd_jsonw w;
    int err;

    if (!r->who.session)
        return fd_reply_problem(r, 403, "令牌不能再发令牌", "a token cannot make tokens");
    if ((err = fd_body_object(&body, r)) < 0 || (err = fd_body_only(body, known)) < 0 ||
        (err = fd_body_text(body, "name", true, token.name, sizeof token.name - 1)) < 0 ||
        (err = fd_body_bool(body, "read_only", &token.read_only)) < 0 ||
        (err = fd_body_integer(body, "days", &days)) < 0)
        goto done;
    if (days < 1 || days > 366) {
        err = fd_error_set(FD_EINVAL, "days 应在 1 到 366 之间", "days is from 1 to 366");
        goto done;
    }
    token.expires = token.created + days * 86400;
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(secret + 3, sizeof secret - 3, random, sizeof random);
    fd_digest_of(secret, strlen(secret), token.hash);
    if ((err = fd_token_add(r->server->accounts, &token)) < 0)
        goto done;
    fd_store_audit(fd_cities_store(r->server->cities), r->who.login, "token added", token.name,
                   token.read_only ? "read only" : "read and write");
    fd_jsonw_init(&w, &out);
    put_token(&w, &token, secret);
    fd_reply_add(r, "Cache-Control", "no-store");
    err = fd_reply_json(r, 201, &out);
done:
    sodium_memzero(secret, sizeof secret);
    json_decref(body);
    return err < 0 ? err : 0;
}

int fd_handle_tokens_remove(fd_request *r)
{
    const char *text = fd_request_value(r, "id");
    char *end;
    long long id = strtoll(text, &end, 10);

    if (end == text || *end || fd_token_remove(r->server->accounts, id, r->who.user) < 0)
        return fd_error_set(FD_ENOTFOUND, "没有这个令牌", "no such token");
    fd_store_audit(fd_cities_store(r->server->cities), r->who.login, "token removed", text, "");
    return fd_reply_empty(r, 204);
}
