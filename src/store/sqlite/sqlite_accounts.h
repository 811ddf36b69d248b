/*
 * What the two files of the accounts share: the connection with its statements, and how a
 * statement is taken, run and given back.
 */
#ifndef FD_STORE_SQLITE_ACCOUNTS_H
#define FD_STORE_SQLITE_ACCOUNTS_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>

#include "fangding/accounts.h"

enum { USER_WIDTH = 12 }; /* columns of a user, which stand first where a row has more */

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

struct fd_accounts {
    sqlite3 *db;
    pthread_mutex_t lock;
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

/* Set and return the error FD_EIO with SQLite's own words. */
int fd_accounts__failed(fd_accounts *a);

/* Take the lock and the statement; fd_accounts__finish() gives both back. */
sqlite3_stmt *fd_accounts__start(fd_accounts *a, statement which);

/* Give the lock back. */
void fd_accounts__finish(fd_accounts *a);

/* Make a statement ready for its next use; its bindings are forgotten. */
void fd_accounts__reset(sqlite3_stmt *stmt);

/*
 * Step once without rows expected, and reset.  *changes (may be NULL) gets the number of rows
 * changed.  Errors: FD_EEXISTS where a constraint is broken, FD_EIO.
 */
int fd_accounts__run(fd_accounts *a, sqlite3_stmt *stmt, int *changes);

/* fd_accounts__run(), then fd_accounts__finish(). */
int fd_accounts__run_and_finish(fd_accounts *a, sqlite3_stmt *stmt);

/* *count = the number that the statement answers; 0 with FD_EIO. */
int fd_accounts__count(fd_accounts *a, statement which, int64_t *count);

/* Remove by one or two numbers.  FD_ENOTFOUND when nothing was there. */
int fd_accounts__remove(fd_accounts *a, statement which, int64_t first, int64_t second);

/* Set and return FD_ENOTFOUND. */
int fd_accounts__not_found(void);

#endif
