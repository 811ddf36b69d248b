/*
 * Accounts in a SQLite file of their own: the file, its tables and statements.  One connection
 * behind one lock: every statement is a look-up by key.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fangding/arena.h"
#include "store/sqlite/sqlite_accounts.h"

enum { APPLICATION_ID = 0x66647573 /* "fdus" */, SCHEMA_VERSION = 1 };

#define USER_COLUMNS                                                                               \
    "u.id, u.login, u.name, u.role, u.county, u.enterprise, u.password, u.disabled, u.failed, "    \
    "u.locked_until, u.created, u.version"
#define SESSION_COLUMNS "s.hash, s.user, s.csrf, s.created, s.seen"
#define TOKEN_COLUMNS   "t.id, t.user, t.hash, t.name, t.read_only, t.created, t.expires, t.used"

#define PROPOSAL_COLUMNS                                                                           \
    "id, user, login, verb, body, snapshot, created, expires, state, decider, decided, reason"

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

/* ---- opening ---- */

int fd_accounts__failed(fd_accounts *a)
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
    return rc == SQLITE_ROW ? 0 : fd_accounts__failed(a);
}

static int execute(fd_accounts *a, const char *sql)
{
    return sqlite3_exec(a->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fd_accounts__failed(a);
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
        err = fd_accounts__failed(a);
    if (err >= 0)
        sqlite3_busy_timeout(a->db, 5000);
    if (err >= 0)
        err = prepare_file(a);
    for (int i = 0; err >= 0 && i < STATEMENT_COUNT; i++)
        if (sqlite3_prepare_v3(a->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &a->statements[i],
                               NULL) != SQLITE_OK)
            err = fd_accounts__failed(a);
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

sqlite3_stmt *fd_accounts__start(fd_accounts *a, statement which)
{
    pthread_mutex_lock(&a->lock);
    return a->statements[which];
}

void fd_accounts__reset(sqlite3_stmt *stmt)
{
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
}

int fd_accounts__run(fd_accounts *a, sqlite3_stmt *stmt, int *changes)
{
    int rc = sqlite3_step(stmt),
        err = rc == SQLITE_DONE || rc == SQLITE_ROW ? 0 : fd_accounts__failed(a);

    if ((rc & 0xff) == SQLITE_CONSTRAINT)
        err = fd_error_set(FD_EEXISTS, "已经有了", "it is there already");
    if (changes)
        *changes = sqlite3_changes(a->db);
    fd_accounts__reset(stmt);
    return err;
}

void fd_accounts__finish(fd_accounts *a)
{
    pthread_mutex_unlock(&a->lock);
}

int fd_accounts__run_and_finish(fd_accounts *a, sqlite3_stmt *stmt)
{
    int err = fd_accounts__run(a, stmt, NULL);

    fd_accounts__finish(a);
    return err;
}

int fd_accounts__not_found(void)
{
    return fd_error_set(FD_ENOTFOUND, "没有找到", "not found");
}

int fd_accounts__count(fd_accounts *a, statement which, int64_t *count)
{
    sqlite3_stmt *stmt = fd_accounts__start(a, which);
    int err = sqlite3_step(stmt) == SQLITE_ROW ? 0 : fd_accounts__failed(a);

    *count = err < 0 ? 0 : sqlite3_column_int64(stmt, 0);
    fd_accounts__reset(stmt);
    fd_accounts__finish(a);
    return err;
}
int fd_accounts__remove(fd_accounts *a, statement which, int64_t first, int64_t second)
{
    sqlite3_stmt *stmt = fd_accounts__start(a, which);
    int changes = 0, err;

    sqlite3_bind_int64(stmt, 1, first);
    if (sqlite3_bind_parameter_count(stmt) > 1)
        sqlite3_bind_int64(stmt, 2, second);
    err = fd_accounts__run(a, stmt, &changes);
    fd_accounts__finish(a);
    return err < 0 || changes ? err : fd_accounts__not_found();
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
        if ((err = fd_accounts__remove(accounts, sweeps[i].which, sweeps[i].first,
                                       sweeps[i].second)) == FD_ENOTFOUND)
            err = 0;
    return err;
}
