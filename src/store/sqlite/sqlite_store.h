/*
 * The city file on SQLite: what the parts of this back end share.
 *
 * One connection writes, guarded by a mutex; each link reads through a connection of its own.
 * Writers of several processes take turns at a gate (live.h) before they ask SQLite for its write
 * lock, so that a long import, which takes the lock again and again, lets others in between.
 */
#ifndef FD_STORE_SQLITE_STORE_H
#define FD_STORE_SQLITE_STORE_H

#include <pthread.h>
#include <sqlite3.h>

#include "base/str.h"
#include "store/sqlite/live.h"
#include "store/store_ops.h"

enum {
    FD_SQLITE_APPLICATION_ID = 0x66646369, /* "fdci" */
    FD_SQLITE_VERSION = 1                  /* user_version */
};

/* Statements of the writing connection besides the INSERT of each relation. */
typedef enum fd_write_stmt {
    FD_STMT_BEGIN,
    FD_STMT_COMMIT,
    FD_STMT_ROLLBACK,
    FD_STMT_BATCH,
    FD_STMT_PUBLISH,
    FD_STMT_SNAPSHOT,
    FD_STMT_RESERVE,
    FD_STMT_AUDIT_LAST,
    FD_STMT_AUDIT,
    FD_STMT_COUNT
} fd_write_stmt;

typedef struct fd_sqlite {
    fd_backend backend;
    char *path;
    fd_store_options options;
    sqlite3 *db; /* the writing connection; NULL when read only */
    pthread_mutex_t turn,
        lock; /* first turn, then lock, then leave turn: nobody is overtaken twice */
    fd_live *live;
    sqlite3_stmt *inserts[FD_REL_COUNT];
    sqlite3_stmt *stmts[FD_STMT_COUNT];
    int64_t wait_since_us; /* when the busy handler was first called */
    int64_t held_since_us;
    size_t byte_budget; /* bytes of one transaction, adapted to how long the last ones took */
    int log_pages;      /* of the write-ahead log after the last commit */
    int copied_pages;   /* of them, those that a checkpoint has looked at */
    fd_write_stats stats;
} fd_sqlite;

typedef struct fd_sqlite_link {
    fd_link link;
    sqlite3 *db;
    sqlite3_stmt *scans[FD_SCAN_COUNT];
} fd_sqlite_link;

/** Whether a back end is this one. */
bool fd_sqlite__is(const fd_backend_ops *ops);
/** Turn a SQLite result into a code with a message. rc is SQLITE_OK, ROW or DONE: 0. */
int fd_sqlite__error(sqlite3 *db, int rc, const char *path);
int fd_sqlite__prepare(sqlite3_stmt **out, sqlite3 *db, const char *sql, const char *path);
int fd_sqlite__exec(sqlite3 *db, const char *sql, const char *path);
/** Wait for the write lock and begin. FD_EBUSY after the timeout. durable: the commit reaches the
 * disk. */
int fd_sqlite__begin(fd_sqlite *s, bool durable);
/** Commit, or roll back when err < 0. Always ends the transaction. @return err or what the commit
 * gave */
int fd_sqlite__end(fd_sqlite *s, int err);
/** Empty the log into the file, as far as readers allow; at most when it is long. */
void fd_sqlite__checkpoint(fd_sqlite *s, bool always);
/** Drop the batches that nobody alive owns. */
int fd_sqlite__sweep(fd_sqlite *s);

int fd_sqlite__batch_create(fd_backend *backend, const fd_batch_info *info, int64_t *batch);
int fd_sqlite__write(fd_backend *backend, const fd_row *rows, size_t count, size_t *done);
int fd_sqlite__batch_publish(fd_backend *backend, int64_t batch, const char *time,
                             int64_t *snapshot, fd_audit_line *line);
int fd_sqlite__batch_drop(fd_backend *backend, int64_t batch);
int fd_sqlite__reserve(fd_backend *backend, const char *counter, int32_t n, int32_t *first);
int fd_sqlite__audit_append(fd_backend *backend, fd_audit_line *lines, size_t count);

/** Bind a cell; its text or blob must stay until the statement has run. */
void fd_sqlite__bind(sqlite3_stmt *stmt, int at, const fd_cell *cell);

#endif
