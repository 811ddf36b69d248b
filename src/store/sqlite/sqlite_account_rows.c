/*
 * Users, sessions, tokens, request keys and proposals of the file of accounts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "store/sqlite/sqlite_accounts.h"

static void bind_text(sqlite3_stmt *stmt, int i, const char *text)
{
    sqlite3_bind_text(stmt, i, text ? text : "", -1, SQLITE_STATIC);
}
static void take_text(char *out, size_t size, sqlite3_stmt *stmt, int column)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);

    snprintf(out, size, "%s", text ? (const char *)text : "");
}

static void take_user(fd_user *u, sqlite3_stmt *stmt)
{
    u->id = sqlite3_column_int64(stmt, 0);
    take_text(u->login, sizeof u->login, stmt, 1);
    take_text(u->name, sizeof u->name, stmt, 2);
    take_text(u->role, sizeof u->role, stmt, 3);
    take_text(u->county, sizeof u->county, stmt, 4);
    take_text(u->enterprise, sizeof u->enterprise, stmt, 5);
    take_text(u->password, sizeof u->password, stmt, 6);
    u->disabled = sqlite3_column_int(stmt, 7) != 0;
    u->failed = sqlite3_column_int(stmt, 8);
    u->locked_until = sqlite3_column_int64(stmt, 9);
    u->created = sqlite3_column_int64(stmt, 10);
    u->version = sqlite3_column_int64(stmt, 11);
}

static void take_token(fd_token *t, sqlite3_stmt *stmt, int first)
{
    t->id = sqlite3_column_int64(stmt, first);
    t->user = sqlite3_column_int64(stmt, first + 1);
    take_text(t->hash, sizeof t->hash, stmt, first + 2);
    take_text(t->name, sizeof t->name, stmt, first + 3);
    t->read_only = sqlite3_column_int(stmt, first + 4) != 0;
    t->created = sqlite3_column_int64(stmt, first + 5);
    t->expires = sqlite3_column_int64(stmt, first + 6);
    t->used = sqlite3_column_int64(stmt, first + 7);
}
/* ---- users ---- */

int fd_user_count(fd_accounts *accounts, int64_t *count)
{
    return fd_accounts__count(accounts, USER_COUNT, count);
}

static int add_user(fd_accounts *a, statement which, fd_user *user)
{
    sqlite3_stmt *stmt = fd_accounts__start(a, which);
    int changes = 0, err;

    bind_text(stmt, 1, user->login);
    bind_text(stmt, 2, user->name);
    bind_text(stmt, 3, user->role);
    bind_text(stmt, 4, user->county);
    bind_text(stmt, 5, user->enterprise);
    bind_text(stmt, 6, user->password);
    sqlite3_bind_int(stmt, 7, user->disabled);
    sqlite3_bind_int64(stmt, 8, user->created);
    err = fd_accounts__run(a, stmt, &changes);
    user->id = sqlite3_last_insert_rowid(a->db);
    user->version = 1;
    fd_accounts__finish(a);
    if (err == FD_EEXISTS || (err >= 0 && !changes))
        return fd_error_set(FD_EEXISTS, "用户“%s”已经有了,或已完成首次设置",
                            "the user \"%s\" exists, or the set-up is done", user->login);
    return err;
}

int fd_user_add(fd_accounts *accounts, fd_user *user)
{
    return add_user(accounts, USER_ADD, user);
}

int fd_user_add_first(fd_accounts *accounts, fd_user *user)
{
    return add_user(accounts, USER_ADD_FIRST, user);
}

static int one_user(fd_accounts *a, sqlite3_stmt *stmt, fd_user *out)
{
    int rc = sqlite3_step(stmt), err = 0;

    if (rc == SQLITE_ROW)
        take_user(out, stmt);
    else
        err = rc == SQLITE_DONE ? fd_accounts__not_found() : fd_accounts__failed(a);
    fd_accounts__reset(stmt);
    fd_accounts__finish(a);
    return err;
}

int fd_user_by_login(fd_accounts *accounts, const char *login, fd_user *out)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, USER_BY_LOGIN);

    bind_text(stmt, 1, login);
    return one_user(accounts, stmt, out);
}

int fd_user_by_id(fd_accounts *accounts, int64_t id, fd_user *out)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, USER_BY_ID);

    sqlite3_bind_int64(stmt, 1, id);
    return one_user(accounts, stmt, out);
}

int fd_user_update(fd_accounts *accounts, fd_user *user)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, USER_UPDATE);
    int changes = 0, err;

    sqlite3_bind_int64(stmt, 1, user->id);
    bind_text(stmt, 2, user->name);
    bind_text(stmt, 3, user->role);
    bind_text(stmt, 4, user->county);
    bind_text(stmt, 5, user->enterprise);
    bind_text(stmt, 6, user->password);
    sqlite3_bind_int(stmt, 7, user->disabled);
    sqlite3_bind_int(stmt, 8, user->failed);
    sqlite3_bind_int64(stmt, 9, user->locked_until);
    sqlite3_bind_int64(stmt, 10, user->version);
    err = fd_accounts__run(accounts, stmt, &changes);
    fd_accounts__finish(accounts);
    if (err >= 0 && !changes)
        return fd_error_set(FD_ECONFLICT, "这个用户刚被别人改过,请刷新后再改",
                            "somebody else changed this user meanwhile, reload first");
    user->version += err >= 0;
    return err;
}

int fd_user_note_sign_in(fd_accounts *accounts, int64_t id, bool right, int after, int64_t until,
                         int64_t *locked_until)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, right ? USER_RIGHT : USER_WRONG);
    int err;

    sqlite3_bind_int64(stmt, 1, id);
    if (!right) {
        sqlite3_bind_int(stmt, 2, after);
        sqlite3_bind_int64(stmt, 3, until);
    }
    err = fd_accounts__run(accounts, stmt, NULL);
    stmt = accounts->statements[USER_LOCKED];
    sqlite3_bind_int64(stmt, 1, id);
    *locked_until = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    fd_accounts__reset(stmt);
    fd_accounts__finish(accounts);
    return err;
}

int fd_user_remove(fd_accounts *accounts, int64_t id)
{
    return fd_accounts__remove(accounts, USER_REMOVE, id, 0);
}

int fd_user_list(fd_accounts *accounts, int (*each)(void *payload, const fd_user *user),
                 void *payload)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, USER_LIST);
    int rc = SQLITE_DONE, err = 0;
    fd_user user;

    while (err >= 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        take_user(&user, stmt);
        err = each(payload, &user);
    }
    if (err >= 0 && rc != SQLITE_DONE)
        err = fd_accounts__failed(accounts);
    fd_accounts__reset(stmt);
    fd_accounts__finish(accounts);
    return err;
}

/* ---- sessions ---- */

int fd_session_add(fd_accounts *accounts, const fd_session *session)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, SESSION_ADD);

    bind_text(stmt, 1, session->hash);
    sqlite3_bind_int64(stmt, 2, session->user);
    bind_text(stmt, 3, session->csrf);
    sqlite3_bind_int64(stmt, 4, session->created);
    sqlite3_bind_int64(stmt, 5, session->seen);
    return fd_accounts__run_and_finish(accounts, stmt);
}

int fd_session_get(fd_accounts *accounts, const char *hash, int64_t idle_before,
                   int64_t born_before, fd_session *session, fd_user *user)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, SESSION_GET);
    int rc, err = 0;

    bind_text(stmt, 1, hash);
    sqlite3_bind_int64(stmt, 2, idle_before);
    sqlite3_bind_int64(stmt, 3, born_before);
    if ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        take_user(user, stmt);
        take_text(session->hash, sizeof session->hash, stmt, USER_WIDTH);
        session->user = sqlite3_column_int64(stmt, USER_WIDTH + 1);
        take_text(session->csrf, sizeof session->csrf, stmt, USER_WIDTH + 2);
        session->created = sqlite3_column_int64(stmt, USER_WIDTH + 3);
        session->seen = sqlite3_column_int64(stmt, USER_WIDTH + 4);
    } else {
        err = rc == SQLITE_DONE ? fd_accounts__not_found() : fd_accounts__failed(accounts);
    }
    fd_accounts__reset(stmt);
    fd_accounts__finish(accounts);
    return err;
}

int fd_session_touch(fd_accounts *accounts, const char *hash, int64_t now)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, SESSION_TOUCH);

    bind_text(stmt, 1, hash);
    sqlite3_bind_int64(stmt, 2, now);
    return fd_accounts__run_and_finish(accounts, stmt);
}

int fd_session_remove(fd_accounts *accounts, const char *hash)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, SESSION_REMOVE);

    bind_text(stmt, 1, hash);
    return fd_accounts__run_and_finish(accounts, stmt);
}

int fd_session_remove_user(fd_accounts *accounts, int64_t user, const char *except)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, SESSION_REMOVE_USER);

    sqlite3_bind_int64(stmt, 1, user);
    bind_text(stmt, 2, except);
    return fd_accounts__run_and_finish(accounts, stmt);
}

int fd_session_count(fd_accounts *accounts, int64_t *count)
{
    return fd_accounts__count(accounts, SESSION_COUNT, count);
}

/* ---- tokens ---- */

int fd_token_add(fd_accounts *accounts, fd_token *token)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, TOKEN_ADD);
    int err;

    sqlite3_bind_int64(stmt, 1, token->user);
    bind_text(stmt, 2, token->hash);
    bind_text(stmt, 3, token->name);
    sqlite3_bind_int(stmt, 4, token->read_only);
    sqlite3_bind_int64(stmt, 5, token->created);
    sqlite3_bind_int64(stmt, 6, token->expires);
    err = fd_accounts__run(accounts, stmt, NULL);
    token->id = sqlite3_last_insert_rowid(accounts->db);
    fd_accounts__finish(accounts);
    return err;
}

int fd_token_get(fd_accounts *accounts, const char *hash, int64_t now, fd_token *token,
                 fd_user *user)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, TOKEN_GET);
    int rc, err = 0;

    bind_text(stmt, 1, hash);
    sqlite3_bind_int64(stmt, 2, now);
    if ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        take_user(user, stmt);
        take_token(token, stmt, USER_WIDTH);
    } else {
        err = rc == SQLITE_DONE ? fd_accounts__not_found() : fd_accounts__failed(accounts);
    }
    fd_accounts__reset(stmt);
    if (err >= 0) {
        stmt = accounts->statements[TOKEN_USED];
        sqlite3_bind_int64(stmt, 1, token->id);
        sqlite3_bind_int64(stmt, 2, now);
        if (token->used < now - 60)
            err = fd_accounts__run(accounts, stmt, NULL);
        else
            fd_accounts__reset(stmt);
    }
    fd_accounts__finish(accounts);
    return err;
}

int fd_token_remove(fd_accounts *accounts, int64_t id, int64_t user)
{
    return fd_accounts__remove(accounts, TOKEN_REMOVE, id, user);
}

int fd_token_list(fd_accounts *accounts, int64_t user,
                  int (*each)(void *payload, const fd_token *token), void *payload)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, TOKEN_LIST);
    int rc = SQLITE_DONE, err = 0;
    fd_token token;

    sqlite3_bind_int64(stmt, 1, user);
    while (err >= 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        take_token(&token, stmt, 0);
        err = each(payload, &token);
    }
    if (err >= 0 && rc != SQLITE_DONE)
        err = fd_accounts__failed(accounts);
    fd_accounts__reset(stmt);
    fd_accounts__finish(accounts);
    return err;
}

/* ---- keys ---- */

int fd_key_begin(fd_accounts *accounts, int64_t user, const char *key, const char *request,
                 int64_t now, int *status, char **body, char location[128])
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, KEY_ADD);
    int changes = 0, err;

    *status = 0;
    *body = NULL;
    location[0] = '\0';
    sqlite3_bind_int64(stmt, 1, user);
    bind_text(stmt, 2, key);
    bind_text(stmt, 3, request);
    sqlite3_bind_int64(stmt, 4, now);
    err = fd_accounts__run(accounts, stmt, &changes);
    if (err >= 0 && !changes) {
        stmt = accounts->statements[KEY_GET];
        sqlite3_bind_int64(stmt, 1, user);
        bind_text(stmt, 2, key);
        if (sqlite3_step(stmt) != SQLITE_ROW) {
            err = fd_accounts__failed(accounts);
        } else if (strcmp((const char *)sqlite3_column_text(stmt, 0), request) != 0) {
            err = fd_error_set(FD_ECONFLICT, "这个 Idempotency-Key 已用于另一个请求",
                               "this Idempotency-Key was used for another request");
        } else {
            const void *bytes = sqlite3_column_blob(stmt, 2);
            size_t length = (size_t)sqlite3_column_bytes(stmt, 2);

            *status = sqlite3_column_int(stmt, 1) ? sqlite3_column_int(stmt, 1) : -1;
            *body = fd_alloc(length + 1);
            if (length)
                memcpy(*body, bytes, length);
            take_text(location, 128, stmt, 3);
        }
        fd_accounts__reset(stmt);
    }
    fd_accounts__finish(accounts);
    return err;
}

int fd_key_finish(fd_accounts *accounts, int64_t user, const char *key, int status,
                  const char *body, size_t length, const char *location)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, KEY_FINISH);

    sqlite3_bind_int64(stmt, 1, user);
    bind_text(stmt, 2, key);
    sqlite3_bind_int(stmt, 3, status);
    sqlite3_bind_blob64(stmt, 4, body, length, SQLITE_STATIC);
    bind_text(stmt, 5, location);
    return fd_accounts__run_and_finish(accounts, stmt);
}

int fd_key_forget(fd_accounts *accounts, int64_t user, const char *key)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, KEY_FORGET);

    sqlite3_bind_int64(stmt, 1, user);
    bind_text(stmt, 2, key);
    return fd_accounts__run_and_finish(accounts, stmt);
}

/* ---- proposals ---- */

static void take_proposal(fd_proposal *p, sqlite3_stmt *stmt)
{
    const unsigned char *body = sqlite3_column_text(stmt, 4);

    p->id = sqlite3_column_int64(stmt, 0);
    p->user = sqlite3_column_int64(stmt, 1);
    take_text(p->login, sizeof p->login, stmt, 2);
    take_text(p->verb, sizeof p->verb, stmt, 3);
    p->body = fd_strdup(body ? (const char *)body : "{}");
    p->snapshot = sqlite3_column_int64(stmt, 5);
    p->created = sqlite3_column_int64(stmt, 6);
    p->expires = sqlite3_column_int64(stmt, 7);
    take_text(p->state, sizeof p->state, stmt, 8);
    take_text(p->decider, sizeof p->decider, stmt, 9);
    p->decided = sqlite3_column_int64(stmt, 10);
    take_text(p->reason, sizeof p->reason, stmt, 11);
}

int fd_proposal_add(fd_accounts *accounts, fd_proposal *p)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, PROPOSAL_ADD);
    int err;

    sqlite3_bind_int64(stmt, 1, p->user);
    bind_text(stmt, 2, p->login);
    bind_text(stmt, 3, p->verb);
    bind_text(stmt, 4, p->body);
    sqlite3_bind_int64(stmt, 5, p->snapshot);
    sqlite3_bind_int64(stmt, 6, p->created);
    sqlite3_bind_int64(stmt, 7, p->expires);
    err = fd_accounts__run(accounts, stmt, NULL);
    p->id = err < 0 ? 0 : sqlite3_last_insert_rowid(accounts->db);
    fd_accounts__finish(accounts);
    return err;
}

int fd_proposal_get(fd_accounts *accounts, int64_t id, fd_proposal *out)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, PROPOSAL_GET);
    int rc, err;

    memset(out, 0, sizeof *out);
    sqlite3_bind_int64(stmt, 1, id);
    rc = sqlite3_step(stmt);
    err = rc == SQLITE_ROW    ? 0
          : rc == SQLITE_DONE ? fd_accounts__not_found()
                              : fd_accounts__failed(accounts);
    if (err >= 0)
        take_proposal(out, stmt);
    fd_accounts__reset(stmt);
    fd_accounts__finish(accounts);
    return err;
}

int fd_proposal_list(fd_accounts *accounts, int (*each)(void *payload, const fd_proposal *proposal),
                     void *payload)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, PROPOSAL_LIST);
    int rc = SQLITE_DONE, err = 0;

    while (err >= 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        fd_proposal p;

        take_proposal(&p, stmt);
        err = each(payload, &p);
        free(p.body);
    }
    if (err >= 0 && rc != SQLITE_DONE)
        err = fd_accounts__failed(accounts);
    fd_accounts__reset(stmt);
    fd_accounts__finish(accounts);
    return err;
}

int fd_proposal_decide(fd_accounts *accounts, int64_t id, int64_t now, const char *state,
                       int64_t user, const char *login, const char *reason)
{
    sqlite3_stmt *stmt = fd_accounts__start(accounts, PROPOSAL_DECIDE);
    int changes = 0, err;

    sqlite3_bind_int64(stmt, 1, id);
    bind_text(stmt, 2, state);
    sqlite3_bind_int64(stmt, 3, user);
    bind_text(stmt, 4, login);
    sqlite3_bind_int64(stmt, 5, now);
    bind_text(stmt, 6, reason);
    err = fd_accounts__run(accounts, stmt, &changes);
    fd_accounts__finish(accounts);
    if (err >= 0 && !changes)
        err = fd_error_set(FD_ECONFLICT, "这件事已经有了结论,或已过期",
                           "this has been decided already, or is over time");
    return err;
}
