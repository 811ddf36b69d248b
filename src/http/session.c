/*
 * Signing in: sessions by cookie, tokens by header, the first administrator.
 *
 * The id of a session is 32 random bytes, made here at every sign-in and never taken from a client;
 * kept is only its SHA-256.  A wrong user, a wrong password and a disabled user give one answer, in
 * the same time.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/digest.h"
#include "http/body.h"
#include "http/password.h"
#include "http/server.h"

#define SECRET_BYTES 32
#define TOUCH_S      60

const char *fd_cookie_name(const fd_server *server)
{
    return server->options.insecure_http ? "fangding" : "__Host-fangding";
}

/* ---- who asks ---- */

static void become(fd_request *r, const fd_user *user)
{
    fd_identity *who = &r->who;

    /* A role that this program no longer knows may do nothing but look at what is published. */
    if (fd_role_parse(&who->role, user->role) < 0)
        who->role = FD_ROLE_VIEWER;
    who->user = user->id;
    who->login = fd_arena_strdup(r->arena, user->login);
    who->name = fd_arena_strdup(r->arena, user->name);
    who->scope.county = fd_arena_strdup(r->arena, user->county);
    who->scope.enterprise = fd_arena_strdup(r->arena, user->enterprise);
}

static int identify_token(fd_request *r, const char *secret)
{
    fd_token token;
    fd_user user;
    char hash[65];

    fd_digest_of(secret, strlen(secret), hash);
    if (fd_token_get(r->server->accounts, hash, time(NULL), &token, &user) < 0)
        return FD_EDENIED;
    become(r, &user);
    r->who.read_only = token.read_only;
    return 0;
}

int fd_identify(fd_request *r)
{
    fd_view id = fd_http_cookie(r->header.cookie, fd_cookie_name(r->server));
    const int64_t now = time(NULL);
    fd_session session;
    fd_user user;
    char hash[65];

    if (r->header.authorization)
        return strncmp(r->header.authorization, "Bearer ", 7) == 0
                   ? identify_token(r, r->header.authorization + 7)
                   : FD_EDENIED;
    if (id.len != (size_t)2 * SECRET_BYTES)
        return 0;
    fd_digest_of(id.ptr, id.len, hash);
    if (fd_session_get(r->server->accounts, hash, now - FD_SESSION_IDLE_S, now - FD_SESSION_LIFE_S,
                       &session, &user) < 0)
        return 0; /* over: the route says whether that matters */
    become(r, &user);
    r->who.session = fd_arena_strdup(r->arena, session.hash);
    r->who.csrf = fd_arena_strdup(r->arena, session.csrf);
    if (session.seen < now - TOUCH_S)
        fd_session_touch(r->server->accounts, hash, now);
    return 0;
}

bool fd_csrf_holds(const fd_request *r)
{
    return r->header.csrf && r->who.csrf && fd_http_same_secret(r->header.csrf, r->who.csrf);
}

/* ---- sessions ---- */

static void random_hex(char out[65])
{
    unsigned char bytes[SECRET_BYTES];

    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(out, 65, bytes, sizeof bytes);
}

static void set_cookie(fd_request *r, const char *id)
{
    char text[192];

    snprintf(text, sizeof text, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
             fd_cookie_name(r->server), id, r->server->options.insecure_http ? "" : "; Secure",
             *id ? "" : "; Max-Age=0");
    fd_reply_add(r, "Set-Cookie", text);
}

static int begin_session(fd_request *r, const fd_user *user)
{
    fd_session session = { .user = user->id, .created = time(NULL), .seen = time(NULL) };
    char id[65];
    int err;

    random_hex(id);
    random_hex(session.csrf);
    fd_digest_of(id, 64, session.hash);
    if (r->who.session) /* the old one ends: whoever knew it has nothing */
        fd_session_remove(r->server->accounts, r->who.session);
    if ((err = fd_session_add(r->server->accounts, &session)) < 0)
        return err;
    set_cookie(r, id);
    become(r, user);
    r->who.session = fd_arena_strdup(r->arena, session.hash);
    r->who.csrf = fd_arena_strdup(r->arena, session.csrf);
    return 0;
}

static int answer_session(fd_request *r, int status)
{
    fd_server *s = r->server;
    fd_buf out = FD_BUF_INIT;
    int64_t users = 0;
    fd_jsonw w;
    int err;

    if ((err = fd_user_count(s->accounts, &users)) < 0)
        return err;
    fd_jsonw_init(&w, &out);
    fd_jsonw_object(&w);
    fd_jsonw_key(&w, "user");
    fd_jsonw_string(&w, r->who.login);
    fd_jsonw_key(&w, "id");
    fd_jsonw_int(&w, r->who.user);
    fd_jsonw_key(&w, "name");
    fd_jsonw_string(&w, r->who.name);
    fd_jsonw_key(&w, "role");
    fd_jsonw_string(&w, r->who.user ? fd_role_name(r->who.role, FD_EN) : NULL);
    fd_jsonw_key(&w, "county");
    fd_jsonw_string(&w, r->who.scope.county);
    fd_jsonw_key(&w, "enterprise");
    fd_jsonw_string(&w, r->who.scope.enterprise);
    fd_jsonw_key(&w, "csrf");
    fd_jsonw_string(&w, r->who.csrf);
    fd_jsonw_key(&w, "setup_needed");
    fd_jsonw_bool(&w, users == 0);
    fd_jsonw_key(&w, "lang");
    fd_jsonw_string(&w, r->lang == FD_ZH ? "zh" : "en");
    fd_jsonw_key(&w, "notice");
    fd_jsonw_object(&w);
    fd_jsonw_key(&w, "zh");
    fd_jsonw_string(&w, "本系统不得处理国家秘密");
    fd_jsonw_key(&w, "en");
    fd_jsonw_string(&w, "State secrets must not be processed in this system");
    fd_jsonw_end_object(&w);
    fd_jsonw_key(&w, "city");
    fd_jsonw_object(&w);
    fd_jsonw_key(&w, "name");
    fd_jsonw_string(&w, s->city_name);
    fd_jsonw_key(&w, "note");
    fd_jsonw_string(&w, s->city_note);
    fd_jsonw_key(&w, "snapshot");
    fd_jsonw_int(&w, fd_cities_newest(s->cities));
    fd_jsonw_end_object(&w);
    fd_jsonw_end_object(&w);
    fd_reply_add(r, "Cache-Control", "no-store");
    return fd_reply_json(r, status, &out);
}

int fd_handle_session_get(fd_request *r)
{
    return answer_session(r, 200);
}

static int too_many(fd_request *r)
{
    char seconds[16];

    snprintf(seconds, sizeof seconds, "%d", FD_LOCK_S);
    fd_reply_add(r, "Retry-After", seconds);
    atomic_fetch_add(&r->server->metrics.refused, 1);
    return fd_reply_problem(r, 429, "登录失败次数太多,请稍后再试",
                            "too many failed sign-ins, try again later");
}

static int wrong(fd_request *r)
{
    return fd_reply_problem(r, 401, "用户名或密码不对", "wrong user or password");
}

static int64_t now_ms(void)
{
    return (int64_t)time(NULL) * 1000;
}

static void audit(fd_request *r, const char *what, const char *login)
{
    fd_store_audit(fd_cities_store(r->server->cities), login, what, r->address, r->id);
}

int fd_handle_session_post(fd_request *r)
{
    static const char *const known[] = { "user", "password", NULL };
    fd_server *s = r->server;
    char login[64] = "", password[FD_PASSWORD_MAX + 1] = "", key[80];
    const int64_t now = time(NULL);
    int64_t locked = 0;
    fd_user user = { 0 };
    json_t *body = NULL;
    bool found, right;
    int err;

    if ((err = fd_body_object(&body, r)) < 0 || (err = fd_body_only(body, known)) < 0 ||
        (err = fd_body_text(body, "user", true, login, sizeof login - 1)) < 0 ||
        (err = fd_body_text(body, "password", true, password, FD_PASSWORD_MAX)) < 0)
        goto done;
    if (fd_limits_take(s->sign_ins, r->address, now_ms())) {
        too_many(r);
        goto done;
    }
    snprintf(key, sizeof key, "login:%s", login);
    found = fd_user_by_login(s->accounts, login, &user) >= 0;
    if (found && user.locked_until > now) {
        audit(r, "sign-in refused", login);
        too_many(r);
        goto done;
    }
    right = fd_password_holds(found && !user.disabled ? user.password : NULL, password);
    if (found && (err = fd_user_note_sign_in(s->accounts, user.id, right, FD_LOCK_AFTER,
                                             now + FD_LOCK_S, &locked)) < 0)
        goto done;
    if (right) {
        if ((err = begin_session(r, &user)) >= 0) {
            audit(r, "sign-in", login);
            err = answer_session(r, 200);
        }
        goto done;
    }
    audit(r, "sign-in failed", login);
    /* An unknown user locks as a known one does, so that nobody learns who is known. */
    if (!found && fd_limits_take(s->unknown_users, key, now_ms()))
        too_many(r);
    else
        wrong(r);
done:
    sodium_memzero(password, sizeof password);
    json_decref(body);
    return err < 0 ? err : 0;
}

int fd_handle_session_delete(fd_request *r)
{
    if (r->who.session) {
        fd_session_remove(r->server->accounts, r->who.session);
        audit(r, "sign-out", r->who.login);
    }
    set_cookie(r, "");
    return fd_reply_empty(r, 204);
}

/* ---- the first administrator ---- */

int fd_handle_setup(fd_request *r)
{
    static const char *const known[] = { "token", "user", "password", "name", NULL };
    fd_server *s = r->server;
    char token[129] = "", password[FD_PASSWORD_MAX + 1] = "";
    fd_user user = { .role = "administrator", .created = time(NULL) };
    json_t *body = NULL;
    int64_t users;
    int err;

    if ((err = fd_user_count(s->accounts, &users)) < 0)
        return err;
    if (users)
        return fd_reply_problem(r, 409, "首次设置已经完成", "the set-up is done");
    if (fd_limits_take(s->sign_ins, r->address, now_ms()))
        return too_many(r);
    if ((err = fd_body_object(&body, r)) < 0 || (err = fd_body_only(body, known)) < 0 ||
        (err = fd_body_text(body, "token", true, token, sizeof token - 1)) < 0 ||
        (err = fd_body_text(body, "user", true, user.login, sizeof user.login - 1)) < 0 ||
        (err = fd_body_text(body, "name", false, user.name, sizeof user.name - 1)) < 0 ||
        (err = fd_body_text(body, "password", true, password, FD_PASSWORD_MAX)) < 0)
        goto done;
    if (!fd_http_same_secret(token, s->setup_token)) {
        fd_reply_problem(r, 403, "设置口令不对;它印在服务器的终端上",
                         "wrong set-up token; the server printed it on its terminal");
        goto done;
    }
    if ((err = fd_login_check(user.login)) < 0 ||
        (err = fd_password_set(user.password, password, user.login)) < 0 ||
        (err = fd_user_add_first(s->accounts, &user)) < 0 || (err = begin_session(r, &user)) < 0)
        goto done;
    audit(r, "set-up", user.login);
    err = answer_session(r, 201);
done:
    sodium_memzero(password, sizeof password);
    json_decref(body);
    return err < 0 ? err : 0;
}
