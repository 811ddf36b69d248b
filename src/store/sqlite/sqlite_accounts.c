/*
 * Accounts in a SQLite file of their own.  One connection behind one lock: every statement is a
 * look-up by key.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fangding/accounts.h"
#include "fangding/arena.h"

enum { APPLICATION_ID = 0x66647573 /* "fdus" */, SCHEMA_VERSION = 1 };

#define USER_COLUMNS                                                                               \
    "u.id, u.login, u.name, u.role, u.county, u.enterprise, u.password, u.disabled, u.failed, "    \
    "u.locked_until, u.created, u.version"
#define SESSION_COLUMNS "s.hash, s.user, s.csrf, s.created, s.seen"
#define TOKEN_COLUMNS   "t.id, t.user, t.hash, t.name, t.read_only, t.created, t.expires, t.used"

#define PROPOSAL_COLUMNS                                                                           \
    "id, user, login, verb, body, snapshot, created, expires, state, decider, decided, reason"

enum { USER_WIDTH = 12, SESSION_WIDTH = 5 };

static const char schema[] =
    "CREATE TABLE user(id INTEGER PRIMARY KEY AUTOINCREMENT, login TEXT NOT NULL COLLATE NOCASE "
    "UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, county TEXT NOT NULL, enterprise TEXT NOT "
    "NULL, password TEXT NOT NULL, disabled INTEGER NOT NULL, failed INTEGER NOT NULL, "
    "locked_until INTEGER NOT NULL, created INTEGER NOT NULL, version INTEGER NOT NULL) STRICT;"
    "CREATE TABLE session(hash TEXT PRIMARY KEY, user INTEGER NOT NULL REFERENCES user(id) ON "
    "DELETE CASCADE, csrf TEXT NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT, "
    "WITHOUT ROWID;"
    "CREATE INDEX session_user ON session(user);"
    "CREATE TABLE token(id INTEGER PRIMARY KEY AUTOINCREMENT, user INTEGER NOT NULL REFERENCES "
    "user(id) ON DELETE CASCADE, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, read_only INTEGER "
    "NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER NOT NULL) STRICT;"
    "CREATE TABLE request_key(user INTEGER NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, "
    "status INTEGER NOT NULL, body BLOB, location TEXT NOT NULL, created INTEGER NOT NULL, PRIMARY "
    "KEY(user, key)) STRICT, WITHOUT ROWID;";

/* Came later: files without it get it when they are opened. */
static const char proposals_schema[] =
    "CREATE TABLE IF NOT EXISTS proposal(id INTEGER PRIMARY KEY AUTOINCREMENT, user INTEGER NOT "
    "NULL, login TEXT NOT NULL, verb TEXT NOT NULL, body TEXT NOT NULL, snapshot INTEGER NOT NULL, "
    "created INTEGER NOT NULL, expires INTEGER NOT NULL, state TEXT NOT NULL, decider TEXT NOT "
    "NULL, decided INTEGER NOT NULL, reason TEXT NOT NULL) STRICT;";

typedef enum statement {
    USER_COUNT,
    USER_ADD,
    USER_ADD_FIRST,
    USER_BY_LOGIN,
    USER_BY_ID,
    USER_UPDATE,
    USER_RIGHT,
    USER_WRONG,
    USER_LOCKED,
    USER_REMOVE,
    USER_LIST,
    SESSION_ADD,
    SESSION_GET,
    SESSION_TOUCH,
    SESSION_REMOVE,
    SESSION_REMOVE_USER,
    SESSION_COUNT,
    TOKEN_ADD,
    TOKEN_GET,
    TOKEN_USED,
    TOKEN_REMOVE,
    TOKEN_LIST,
    KEY_ADD,
    KEY_GET,
    KEY_FINISH,
    KEY_FORGET,
    PROPOSAL_ADD,
    PROPOSAL_GET,
    PROPOSAL_LIST,
    PROPOSAL_DECIDE,
    SWEEP_SESSIONS,
    SWEEP_TOKENS,
    SWEEP_KEYS,
    STATEMENT_COUNT
} statement;

static const char *const texts[STATEMENT_COUNT] = {
    [USER_COUNT] = "SELECT count(*) FROM user",
    [USER_ADD] = "INSERT INTO user(login, name, role, county, enterprise, password, disabled, "
                 "failed, locked_until, created, version) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, "
                 "?8, 1)",
    [USER_ADD_FIRST] = "INSERT INTO user(login, name, role, county, enterprise, password, "
                       "disabled, failed, locked_until, created, version) SELECT ?1, ?2, ?3, ?4, "
                       "?5, ?6, ?7, 0, 0, ?8, 1 WHERE NOT EXISTS (SELECT 1 FROM user)",
    [USER_BY_LOGIN] = "SELECT " USER_COLUMNS " FROM user u WHERE u.login = ?1",
    [USER_BY_ID] = "SELECT " USER_COLUMNS " FROM user u WHERE u.id = ?1",
    [USER_UPDATE] = "UPDATE user SET name = ?2, role = ?3, county = ?4, enterprise = ?5, password "
                    "= ?6, disabled = ?7, failed = ?8, locked_until = ?9, version = version + 1 "
                    "WHERE id = ?1 AND version = ?10",
    [USER_RIGHT] = "UPDATE user SET failed = 0, locked_until = 0 WHERE id = ?1",
    [USER_WRONG] = "UPDATE user SET failed = failed + 1, locked_until = CASE WHEN failed + 1 >= ?2 "
                   "THEN ?3 ELSE locked_until END WHERE id = ?1",
    [USER_LOCKED] = "SELECT locked_until FROM user WHERE id = ?1",
    [USER_REMOVE] = "DELETE FROM user WHERE id = ?1",
    [USER_LIST] = "SELECT " USER_COLUMNS " FROM user u ORDER BY u.login",
    [SESSION_ADD] = "INSERT INTO session VALUES(?1, ?2, ?3, ?4, ?5)",
    [SESSION_GET] = "SELECT " USER_COLUMNS ", " SESSION_COLUMNS
                    " FROM session s JOIN user u ON u.id = s.user WHERE s.hash = ?1 AND s.seen >= "
                    "?2 AND s.created >= ?3 AND u.disabled = 0",
    [SESSION_TOUCH] = "UPDATE session SET seen = ?2 WHERE hash = ?1",
    [SESSION_REMOVE] = "DELETE FROM session WHERE hash = ?1",
    [SESSION_REMOVE_USER] = "DELETE FROM session WHERE user = ?1 AND hash <> ?2",
    [SESSION_COUNT] = "SELECT count(*) FROM session",
    [TOKEN_ADD] = "INSERT INTO token(user, hash, name, read_only, created, expires, used) "
                  "VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0)",
    [TOKEN_GET] = "SELECT " USER_COLUMNS ", " TOKEN_COLUMNS
                  " FROM token t JOIN user u ON u.id = t.user WHERE t.hash = ?1 AND (t.expires = 0 "
                  "OR t.expires > ?2) AND u.disabled = 0",
    [TOKEN_USED] = "UPDATE token SET used = ?2 WHERE id = ?1 AND used < ?2 - 60",
    [TOKEN_REMOVE] = "DELETE FROM token WHERE id = ?1 AND user = ?2",
    [TOKEN_LIST] = "SELECT " TOKEN_COLUMNS " FROM token t WHERE t.user = ?1 ORDER BY t.id DESC",
    [KEY_ADD] = "INSERT INTO request_key VALUES(?1, ?2, ?3, 0, NULL, '', ?4) ON CONFLICT DO "
                "NOTHING",
    [KEY_GET] = "SELECT request, status, body, location FROM request_key WHERE user = ?1 AND key = "
                "?2",
    [KEY_FINISH] = "UPDATE request_key SET status = ?3, body = ?4, location = ?5 WHERE user = ?1 "
                   "AND key = ?2",
    [KEY_FORGET] = "DELETE FROM request_key WHERE user = ?1 AND key = ?2",
    [PROPOSAL_ADD] = "INSERT INTO proposal(user, login, verb, body, snapshot, created, expires, "
                     "state, decider, decided, reason) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, "
                     "'waiting', '', 0, '')",
    [PROPOSAL_GET] = "SELECT " PROPOSAL_COLUMNS " FROM proposal WHERE id = ?1",
    [PROPOSAL_LIST] = "SELECT " PROPOSAL_COLUMNS " FROM proposal ORDER BY id DESC LIMIT 200",
    /* Confirming and refusing are for another person, withdrawing for the same. */
    [PROPOSAL_DECIDE] = "UPDATE proposal SET state = ?2, decider = ?4, decided = ?5, reason = ?6 "
                        "WHERE id = ?1 AND state = 'waiting' AND expires > ?5 AND (user = ?3) = "
                        "(?2 = 'withdrawn')",
    [SWEEP_SESSIONS] = "DELETE FROM session WHERE seen < ?1 OR created < ?2",
    [SWEEP_TOKENS] = "DELETE FROM token WHERE expires <> 0 AND expires <= ?1",
    [SWEEP_KEYS] = "DELETE FROM request_key WHERE created < ?1",
};

struct fd_accounts {
    sqlite3 *db;
    pthread_mutex_t lock;
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

/* ---- opening ---- */

static int failed(fd_accounts *a)
{
    fd_error_set(FD_EIO, "读写账号文件失败", "reading or writing the file of accounts failed");
    return fd_error_detail("%s", "%s", sqlite3_errmsg(a->db));
}

static int number_of(fd_accounts *a, const char *sql, int *out)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(a->db, sql, -1, &stmt, NULL);

    if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        *out = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return rc == SQLITE_ROW ? 0 : failed(a);
}

static int execute(fd_accounts *a, const char *sql)
{
    return sqlite3_exec(a->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : failed(a);
}

static int prepare_file(fd_accounts *a)
{
    int id = 0, version = 0, err;
    char sql[128];

    if ((err = execute(a, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA "
                          "foreign_keys=1; PRAGMA trusted_schema=0; PRAGMA secure_delete=1")) < 0 ||
        (err = number_of(a, "PRAGMA application_id", &id)) < 0 ||
        (err = number_of(a, "PRAGMA user_version", &version)) < 0)
        return err;
    /* A request that was at work when the program ended will not be answered: its key is free. */
    if (id == APPLICATION_ID && version == SCHEMA_VERSION)
        return (err = execute(a, proposals_schema)) < 0
                   ? err
                   : execute(a, "DELETE FROM request_key WHERE status = 0");
    if (id || version)
        return fd_error_set(FD_EFORMAT, "账号文件不是本程序的,或版本不同",
                            "the file of accounts is of another program or version");
    snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%d", APPLICATION_ID,
             SCHEMA_VERSION);
    if ((err = execute(a, "BEGIN IMMEDIATE")) < 0 || (err = execute(a, schema)) < 0 ||
        (err = execute(a, proposals_schema)) < 0 || (err = execute(a, sql)) < 0)
        return err;
    return execute(a, "COMMIT");
}

int fd_accounts_open(fd_accounts **out, const char *path)
{
    fd_accounts *a = fd_alloc(sizeof *a);
    bool in_memory = strcmp(path, ":memory:") == 0;
    int descriptor = in_memory ? -1 : open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    int err = 0;

    /* SQLite gives its journal the mode of the file; the file is made here so that it is ours. */
    pthread_mutex_init(&a->lock, NULL);
    if (!in_memory && descriptor < 0)
        err = fd_error_set(FD_EIO, "不能打开账号文件:%s", "cannot open the file of accounts: %s",
                           path);
    if (descriptor >= 0)
        close(descriptor);
    if (err >= 0 &&
        sqlite3_open_v2(path, &a->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
                        NULL) != SQLITE_OK)
        err = failed(a);
    if (err >= 0)
        sqlite3_busy_timeout(a->db, 5000);
    if (err >= 0)
        err = prepare_file(a);
    for (int i = 0; err >= 0 && i < STATEMENT_COUNT; i++)
        if (sqlite3_prepare_v3(a->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &a->statements[i],
                               NULL) != SQLITE_OK)
            err = failed(a);
    if (err < 0) {
        fd_accounts_close(a);
        a = NULL;
    }
    *out = a;
    return err < 0 ? err : 0;
}

void fd_accounts_close(fd_accounts *accounts)
{
    if (!accounts)
        return;
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(accounts->statements[i]);
    sqlite3_close(accounts->db);
    pthread_mutex_destroy(&accounts->lock);
    free(accounts);
}

/* ---- statements ---- */

/* Take the lock and the statement; give both back with finish(). */
static sqlite3_stmt *start(fd_accounts *a, statement which)
{
    pthread_mutex_lock(&a->lock);
    return a->statements[which];
}

static void reset(sqlite3_stmt *stmt)
{
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
}

/* Step once without rows expected. *changes may be NULL. */
static int run(fd_accounts *a, sqlite3_stmt *stmt, int *changes)
{
    int rc = sqlite3_step(stmt), err = rc == SQLITE_DONE || rc == SQLITE_ROW ? 0 : failed(a);

    if ((rc & 0xff) == SQLITE_CONSTRAINT)
        err = fd_error_set(FD_EEXISTS, "已经有了", "it is there already");
    if (changes)
        *changes = sqlite3_changes(a->db);
    reset(stmt);
    return err;
}

static void finish(fd_accounts *a)
{
    pthread_mutex_unlock(&a->lock);
}

static int run_and_finish(fd_accounts *a, sqlite3_stmt *stmt)
{
    int err = run(a, stmt, NULL);

    finish(a);
    return err;
}

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

static int not_found(void)
{
    return fd_error_set(FD_ENOTFOUND, "没有找到", "not found");
}

static int count_of(fd_accounts *a, statement which, int64_t *count)
{
    sqlite3_stmt *stmt = start(a, which);
    int err = sqlite3_step(stmt) == SQLITE_ROW ? 0 : failed(a);

    *count = err < 0 ? 0 : sqlite3_column_int64(stmt, 0);
    reset(stmt);
    finish(a);
    return err;
}

/* ---- users ---- */

int fd_user_count(fd_accounts *accounts, int64_t *count)
{
    return count_of(accounts, USER_COUNT, count);
}

static int add_user(fd_accounts *a, statement which, fd_user *user)
{
    sqlite3_stmt *stmt = start(a, which);
    int changes = 0, err;

    bind_text(stmt, 1, user->login);
    bind_text(stmt, 2, user->name);
    bind_text(stmt, 3, user->role);
    bind_text(stmt, 4, user->county);
    bind_text(stmt, 5, user->enterprise);
    bind_text(stmt, 6, user->password);
    sqlite3_bind_int(stmt, 7, user->disabled);
    sqlite3_bind_int64(stmt, 8, user->created);
    err = run(a, stmt, &changes);
    user->id = sqlite3_last_insert_rowid(a->db);
    user->version = 1;
    finish(a);
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
        err = rc == SQLITE_DONE ? not_found() : failed(a);
    reset(stmt);
    finish(a);
    return err;
}

int fd_user_by_login(fd_accounts *accounts, const char *login, fd_user *out)
{
    sqlite3_stmt *stmt = start(accounts, USER_BY_LOGIN);

    bind_text(stmt, 1, login);
    return one_user(accounts, stmt, out);
}

int fd_user_by_id(fd_accounts *accounts, int64_t id, fd_user *out)
{
    sqlite3_stmt *stmt = start(accounts, USER_BY_ID);

    sqlite3_bind_int64(stmt, 1, id);
    return one_user(accounts, stmt, out);
}

int fd_user_update(fd_accounts *accounts, fd_user *user)
{
    sqlite3_stmt *stmt = start(accounts, USER_UPDATE);
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
    err = run(accounts, stmt, &changes);
    finish(accounts);
    if (err >= 0 && !changes)
        return fd_error_set(FD_ECONFLICT, "这个用户刚被别人改过,请刷新后再改",
                            "somebody else changed this user meanwhile, reload first");
    user->version += err >= 0;
    return err;
}

int fd_user_note_sign_in(fd_accounts *accounts, int64_t id, bool right, int after, int64_t until,
                         int64_t *locked_until)
{
    sqlite3_stmt *stmt = start(accounts, right ? USER_RIGHT : USER_WRONG);
    int err;

    sqlite3_bind_int64(stmt, 1, id);
    if (!right) {
        sqlite3_bind_int(stmt, 2, after);
        sqlite3_bind_int64(stmt, 3, until);
    }
    err = run(accounts, stmt, NULL);
    stmt = accounts->statements[USER_LOCKED];
    sqlite3_bind_int64(stmt, 1, id);
    *locked_until = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    reset(stmt);
    finish(accounts);
    return err;
}

static int remove_by(fd_accounts *a, statement which, int64_t first, int64_t second)
{
    sqlite3_stmt *stmt = start(a, which);
    int changes = 0, err;

    sqlite3_bind_int64(stmt, 1, first);
    if (sqlite3_bind_parameter_count(stmt) > 1)
        sqlite3_bind_int64(stmt, 2, second);
    err = run(a, stmt, &changes);
    finish(a);
    return err < 0 || changes ? err : not_found();
}

int fd_user_remove(fd_accounts *accounts, int64_t id)
{
    return remove_by(accounts, USER_REMOVE, id, 0);
}

int fd_user_list(fd_accounts *accounts, int (*each)(void *payload, const fd_user *user),
                 void *payload)
{
    sqlite3_stmt *stmt = start(accounts, USER_LIST);
    int rc = SQLITE_DONE, err = 0;
    fd_user user;

    while (err >= 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        take_user(&user, stmt);
        err = each(payload, &user);
    }
    if (err >= 0 && rc != SQLITE_DONE)
        err = failed(accounts);
    reset(stmt);
    finish(accounts);
    return err;
}

/* ---- sessions ---- */

int fd_session_add(fd_accounts *accounts, const fd_session *session)
{
    sqlite3_stmt *stmt = start(accounts, SESSION_ADD);

    bind_text(stmt, 1, session->hash);
    sqlite3_bind_int64(stmt, 2, session->user);
    bind_text(stmt, 3, session->csrf);
    sqlite3_bind_int64(stmt, 4, session->created);
    sqlite3_bind_int64(stmt, 5, session->seen);
    return run_and_finish(accounts, stmt);
}

int fd_session_get(fd_accounts *accounts, const char *hash, int64_t idle_before,
                   int64_t born_before, fd_session *session, fd_user *user)
{
    sqlite3_stmt *stmt = start(accounts, SESSION_GET);
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
        err = rc == SQLITE_DONE ? not_found() : failed(accounts);
    }
    reset(stmt);
    finish(accounts);
    return err;
}

int fd_session_touch(fd_accounts *accounts, const char *hash, int64_t now)
{
    sqlite3_stmt *stmt = start(accounts, SESSION_TOUCH);

    bind_text(stmt, 1, hash);
    sqlite3_bind_int64(stmt, 2, now);
    return run_and_finish(accounts, stmt);
}

int fd_session_remove(fd_accounts *accounts, const char *hash)
{
    sqlite3_stmt *stmt = start(accounts, SESSION_REMOVE);

    bind_text(stmt, 1, hash);
    return run_and_finish(accounts, stmt);
}

int fd_session_remove_user(fd_accounts *accounts, int64_t user, const char *except)
{
    sqlite3_stmt *stmt = start(accounts, SESSION_REMOVE_USER);

    sqlite3_bind_int64(stmt, 1, user);
    bind_text(stmt, 2, except);
    return run_and_finish(accounts, stmt);
}

int fd_session_count(fd_accounts *accounts, int64_t *count)
{
    return count_of(accounts, SESSION_COUNT, count);
}

/* ---- tokens ---- */

int fd_token_add(fd_accounts *accounts, fd_token *token)
{
    sqlite3_stmt *stmt = start(accounts, TOKEN_ADD);
    int err;

    sqlite3_bind_int64(stmt, 1, token->user);
    bind_text(stmt, 2, token->hash);
    bind_text(stmt, 3, token->name);
    sqlite3_bind_int(stmt, 4, token->read_only);
    sqlite3_bind_int64(stmt, 5, token->created);
    sqlite3_bind_int64(stmt, 6, token->expires);
    err = run(accounts, stmt, NULL);
    token->id = sqlite3_last_insert_rowid(accounts->db);
    finish(accounts);
    return err;
}

int fd_token_get(fd_accounts *accounts, const char *hash, int64_t now, fd_token *token,
                 fd_user *user)
{
    sqlite3_stmt *stmt = start(accounts, TOKEN_GET);
    int rc, err = 0;

    bind_text(stmt, 1, hash);
    sqlite3_bind_int64(stmt, 2, now);
    if ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        take_user(user, stmt);
        take_token(token, stmt, USER_WIDTH);
    } else {
        err = rc == SQLITE_DONE ? not_found() : failed(accounts);
    }
    reset(stmt);
    if (err >= 0) {
        stmt = accounts->statements[TOKEN_USED];
        sqlite3_bind_int64(stmt, 1, token->id);
        sqlite3_bind_int64(stmt, 2, now);
        if (token->used < now - 60)
            err = run(accounts, stmt, NULL);
        else
            reset(stmt);
    }
    finish(accounts);
    return err;
}

int fd_token_remove(fd_accounts *accounts, int64_t id, int64_t user)
{
    return remove_by(accounts, TOKEN_REMOVE, id, user);
}

int fd_token_list(fd_accounts *accounts, int64_t user,
                  int (*each)(void *payload, const fd_token *token), void *payload)
{
    sqlite3_stmt *stmt = start(accounts, TOKEN_LIST);
    int rc = SQLITE_DONE, err = 0;
    fd_token token;

    sqlite3_bind_int64(stmt, 1, user);
    while (err >= 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        take_token(&token, stmt, 0);
        err = each(payload, &token);
    }
    if (err >= 0 && rc != SQLITE_DONE)
        err = failed(accounts);
    reset(stmt);
    finish(accounts);
    return err;
}

/* ---- keys ---- */

int fd_key_begin(fd_accounts *accounts, int64_t user, const char *key, const char *request,
                 int64_t now, int *status, char **body, char location[128])
{
    sqlite3_stmt *stmt = start(accounts, KEY_ADD);
    int changes = 0, err;

    *status = 0;
    *body = NULL;
    location[0] = '\0';
    sqlite3_bind_int64(stmt, 1, user);
    bind_text(stmt, 2, key);
    bind_text(stmt, 3, request);
    sqlite3_bind_int64(stmt, 4, now);
    err = run(accounts, stmt, &changes);
    if (err >= 0 && !changes) {
        stmt = accounts->statements[KEY_GET];
        sqlite3_bind_int64(stmt, 1, user);
        bind_text(stmt, 2, key);
        if (sqlite3_step(stmt) != SQLITE_ROW) {
            err = failed(accounts);
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
        reset(stmt);
    }
    finish(accounts);
    return err;
}

int fd_key_finish(fd_accounts *accounts, int64_t user, const char *key, int status,
                  const char *body, size_t length, const char *location)
{
    sqlite3_stmt *stmt = start(accounts, KEY_FINISH);

    sqlite3_bind_int64(stmt, 1, user);
    bind_text(stmt, 2, key);
    sqlite3_bind_int(stmt, 3, status);
    sqlite3_bind_blob64(stmt, 4, body, length, SQLITE_STATIC);
    bind_text(stmt, 5, location);
    return run_and_finish(accounts, stmt);
}

int fd_key_forget(fd_accounts *accounts, int64_t user, const char *key)
{
    sqlite3_stmt *stmt = start(accounts, KEY_FORGET);

    sqlite3_bind_int64(stmt, 1, user);
    bind_text(stmt, 2, key);
    return run_and_finish(accounts, stmt);
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
    sqlite3_stmt *stmt = start(accounts, PROPOSAL_ADD);
    int err;

    sqlite3_bind_int64(stmt, 1, p->user);
    bind_text(stmt, 2, p->login);
    bind_text(stmt, 3, p->verb);
    bind_text(stmt, 4, p->body);
    sqlite3_bind_int64(stmt, 5, p->snapshot);
    sqlite3_bind_int64(stmt, 6, p->created);
    sqlite3_bind_int64(stmt, 7, p->expires);
    err = run(accounts, stmt, NULL);
    p->id = err < 0 ? 0 : sqlite3_last_insert_rowid(accounts->db);
    finish(accounts);
    return err;
}

int fd_proposal_get(fd_accounts *accounts, int64_t id, fd_proposal *out)
{
    sqlite3_stmt *stmt = start(accounts, PROPOSAL_GET);
    int rc, err;

    memset(out, 0, sizeof *out);
    sqlite3_bind_int64(stmt, 1, id);
    rc = sqlite3_step(stmt);
    err = rc == SQLITE_ROW ? 0 : rc == SQLITE_DONE ? not_found() : failed(accounts);
    if (err >= 0)
        take_proposal(out, stmt);
    reset(stmt);
    finish(accounts);
    return err;
}

int fd_proposal_list(fd_accounts *accounts, int (*each)(void *payload, const fd_proposal *proposal),
                     void *payload)
{
    sqlite3_stmt *stmt = start(accounts, PROPOSAL_LIST);
    int rc = SQLITE_DONE, err = 0;

    while (err >= 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        fd_proposal p;

        take_proposal(&p, stmt);
        err = each(payload, &p);
        free(p.body);
    }
    if (err >= 0 && rc != SQLITE_DONE)
        err = failed(accounts);
    reset(stmt);
    finish(accounts);
    return err;
}

int fd_proposal_decide(fd_accounts *accounts, int64_t id, int64_t now, const char *state,
                       int64_t user, const char *login, const char *reason)
{
    sqlite3_stmt *stmt = start(accounts, PROPOSAL_DECIDE);
    int changes = 0, err;

    sqlite3_bind_int64(stmt, 1, id);
    bind_text(stmt, 2, state);
    sqlite3_bind_int64(stmt, 3, user);
    bind_text(stmt, 4, login);
    sqlite3_bind_int64(stmt, 5, now);
    bind_text(stmt, 6, reason);
    err = run(accounts, stmt, &changes);
    finish(accounts);
    if (err >= 0 && !changes)
        err = fd_error_set(FD_ECONFLICT, "这件事已经有了结论,或已过期",
                           "this has been decided already, or is over time");
    return err;
}

int fd_accounts_sweep(fd_accounts *accounts, int64_t now, int64_t idle_before, int64_t born_before,
                      int64_t keys_before)
{
    const struct {
        statement which;
        int64_t first, second;
    } sweeps[] = { { SWEEP_SESSIONS, idle_before, born_before },
                   { SWEEP_TOKENS, now, 0 },
                   { SWEEP_KEYS, keys_before, 0 } };
    int err = 0;

    for (size_t i = 0; err >= 0 && i < sizeof sweeps / sizeof *sweeps; i++)
        if ((err = remove_by(accounts, sweeps[i].which, sweeps[i].first, sweeps[i].second)) ==
            FD_ENOTFOUND)
            err = 0;
    return err;
}
