/*
 * Writing: short transactions, publishing, sweeping, the audit chain.
 *
 * A transaction ends when the lock has been held for HOLD_US or when it has taken byte_budget
 * bytes, whichever comes first.  The clock bounds the work before the commit; the byte budget
 * bounds the commit itself, which copies the changed pages into the log, and follows how long that
 * took.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "store/sqlite/sqlite_store.h"

enum {
    HOLD_US = 8000,  /* aim for the rows; the commit comes on top */
    SLOW_US = 20000, /* what the interface promises */
    LONG_US = 12000, /* shrink the budget above this */
    SHORT_US = 6000, /* grow it below this */
    BUDGET_MIN = 64 << 10,
    BUDGET_MAX = 4 << 20,
    LOG_PAGES = 4000, /* 32 MB of log before it is copied into the file */
    SWEEP_KEYS = 2000
};

static void unlock(fd_sqlite *s)
{
    pthread_mutex_unlock(&s->lock);
}

int fd_sqlite__begin(fd_sqlite *s, bool durable)
{
    const int64_t deadline = fd_store__monotonic_us() + (int64_t)s->options.busy_timeout_ms * 1000;
    int rc, err;

    pthread_mutex_lock(&s->turn);
    pthread_mutex_lock(&s->lock);
    pthread_mutex_unlock(&s->turn);
    if ((err = fd_live_enter(s->live, deadline)) < 0)
        goto failed;
    rc = sqlite3_exec(s->db, durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL",
                      NULL, NULL, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(s->stmts[FD_STMT_BEGIN]);
        sqlite3_reset(s->stmts[FD_STMT_BEGIN]);
    }
    s->held_since_us = fd_store__monotonic_us();
    fd_live_leave(s->live);
    if ((err = fd_sqlite__error(s->db, rc, s->path)) < 0)
        goto failed;
    return 0;
failed:
    unlock(s);
    return err;
}

int fd_sqlite__end(fd_sqlite *s, int err)
{
    int64_t held;

    if (err == 0) {
        err = fd_sqlite__error(s->db, sqlite3_step(s->stmts[FD_STMT_COMMIT]), s->path);
        sqlite3_reset(s->stmts[FD_STMT_COMMIT]);
    }
    if (err < 0 && !sqlite3_get_autocommit(s->db)) {
        sqlite3_step(s->stmts[FD_STMT_ROLLBACK]);
        sqlite3_reset(s->stmts[FD_STMT_ROLLBACK]);
    }
    held = fd_store__monotonic_us() - s->held_since_us;
    s->stats.transactions++;
    s->stats.slow += held > SLOW_US;
    if (held > s->stats.longest_us)
        s->stats.longest_us = held;
    if (held > LONG_US)
        s->byte_budget = s->byte_budget * 3 / 4 > BUDGET_MIN ? s->byte_budget * 3 / 4 : BUDGET_MIN;
    else if (held < SHORT_US && s->byte_budget < BUDGET_MAX)
        s->byte_budget += s->byte_budget / 8;
    unlock(s);
    return err;
}

void fd_sqlite__checkpoint(fd_sqlite *s, bool always)
{
    pthread_mutex_lock(&s->lock);
    /* PASSIVE takes no lock that a reader or another writer would wait for. What it cannot copy now
     * stays safe in the log, so its failure is nobody's error. */
    if (s->log_pages < s->copied_pages) /* the log began again from its start */
        s->copied_pages = 0;
    if (s->log_pages - s->copied_pages > (always ? 0 : LOG_PAGES)) {
        sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        s->copied_pages = s->log_pages;
    }
    pthread_mutex_unlock(&s->lock);
}

/* Run a prepared statement of the writer once. */
static int run(fd_sqlite *s, sqlite3_stmt *stmt)
{
    const int rc = sqlite3_step(stmt);
    const int err = fd_sqlite__error(s->db, rc, s->path);

    sqlite3_reset(stmt);
    return err;
}

static int next_number(fd_sqlite *s, const char *counter, int64_t n, int64_t *first)
{
    sqlite3_stmt *stmt = s->stmts[FD_STMT_RESERVE];
    int rc, err;

    sqlite3_bind_text(stmt, 1, counter, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, n);
    rc = sqlite3_step(stmt);
    err = fd_sqlite__error(s->db, rc, s->path);
    if (rc == SQLITE_ROW) {
        *first = sqlite3_column_int64(stmt, 0);
        rc = sqlite3_step(stmt); /* the change is made only when the statement is finished */
        err = fd_sqlite__error(s->db, rc, s->path);
    } else if (err == 0) {
        err = fd_error_set(FD_EFORMAT, "城市文件缺计数器“%s”",
                           "the city file lacks the counter \"%s\"", counter);
    }
    sqlite3_reset(stmt);
    return err;
}

int fd_sqlite__reserve(fd_backend *backend, const char *counter, int32_t n, int32_t *first)
{
    fd_sqlite *s = (fd_sqlite *)backend;
    int64_t number = 0;
    int err;

    if ((err = fd_sqlite__begin(s, false)) < 0)
        return err;
    err = next_number(s, counter, n, &number);
    if (err == 0 && number > INT32_MAX - n)
        err =
            fd_error_set(FD_ELIMIT, "城市文件的编号已用尽", "the city file has run out of numbers");
    *first = (int32_t)number;
    return fd_sqlite__end(s, err);
}

int fd_sqlite__batch_create(fd_backend *backend, const fd_batch_info *info, int64_t *batch)
{
    fd_sqlite *s = (fd_sqlite *)backend;
    sqlite3_stmt *stmt = s->stmts[FD_STMT_BATCH];
    int64_t number = 0;
    char now[32];
    int err;

    fd_store__now(now);
    if ((err = fd_sqlite__begin(s, false)) < 0)
        return err;
    if ((err = next_number(s, "batch", 1, &number)) < 0)
        goto done;
    /* The lock comes before the row, so that no sweeper ever sees the row without its owner. */
    fd_live_own(s->live, number);
    sqlite3_bind_int64(stmt, 1, number);
    sqlite3_bind_text(stmt, 2, info->timestamp ? info->timestamp : now, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, info->verb, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 4, info->actor, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 5, info->note, -1, SQLITE_STATIC);
    err = run(s, stmt);
    sqlite3_clear_bindings(stmt);
done:
    if (err < 0 && number > 0)
        fd_live_disown(s->live, number); /* before the number is free for others again */
    err = fd_sqlite__end(s, err);
    *batch = err < 0 ? 0 : number;
    return err;
}

static int insert(fd_sqlite *s, const fd_row *row)
{
    sqlite3_stmt *stmt = s->inserts[row->rel];

    for (size_t i = 0; i < fd_store__relations[row->rel].width; i++)
        fd_sqlite__bind(stmt, (int)i + 1, &row->cells[i]);
    return run(s, stmt);
}

int fd_sqlite__write(fd_backend *backend, const fd_row *rows, size_t count, size_t *done)
{
    fd_sqlite *s = (fd_sqlite *)backend;
    size_t written = 0, bytes = 0;
    int err;

    *done = 0;
    if ((err = fd_sqlite__begin(s, false)) < 0)
        return err;
    while (err == 0 && written < count) {
        if (written > 0 && (bytes + rows[written].bytes > s->byte_budget ||
                            fd_store__monotonic_us() - s->held_since_us > HOLD_US))
            break;
        err = insert(s, &rows[written]);
        bytes += rows[written].bytes;
        written++;
    }
    s->stats.bytes += bytes;
    if ((err = fd_sqlite__end(s, err)) == 0)
        *done = written;
    fd_sqlite__checkpoint(s, false);
    return err;
}

/* The batch is gone, or holds a file that another batch has published since. */
static int why_not_published(fd_sqlite *s, int64_t batch)
{
    sqlite3_stmt *read = s->stmts[FD_STMT_SNAPSHOT];
    bool there;

    sqlite3_bind_int64(read, 1, batch);
    there = sqlite3_step(read) == SQLITE_ROW && sqlite3_column_type(read, 0) == SQLITE_NULL;
    sqlite3_reset(read);
    if (there)
        return fd_error_set(FD_EEXISTS, "另一次导入同时收了同一个文件",
                            "another import has taken the same file meanwhile");
    return fd_error_set(FD_ECONFLICT, "批次 %lld 已不存在", "batch %lld does not exist any more",
                        (long long)batch);
}

/* Number, chain and append lines, within the transaction that is open. */
static int append_lines(fd_sqlite *s, fd_audit_line *lines, size_t count)
{
    sqlite3_stmt *last = s->stmts[FD_STMT_AUDIT_LAST], *stmt = s->stmts[FD_STMT_AUDIT];
    char hash[65];
    int64_t id = 0;
    int rc, err;

    memset(hash, '0', 64);
    hash[64] = '\0';
    rc = sqlite3_step(last);
    if (rc == SQLITE_ROW) {
        id = sqlite3_column_int64(last, 0);
        snprintf(hash, sizeof hash, "%s", (const char *)sqlite3_column_text(last, 1));
    }
    err = fd_sqlite__error(s->db, rc, s->path);
    sqlite3_reset(last);
    for (size_t i = 0; err == 0 && i < count; i++) {
        fd_audit_line *line = &lines[i];

        line->id = ++id;
        fd_audit__chain(line, hash);
        memcpy(hash, line->hash, sizeof hash);
        sqlite3_bind_int64(stmt, 1, line->id);
        sqlite3_bind_text(stmt, 2, line->time, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 3, line->actor, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 4, line->verb, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 5, line->object, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 6, line->detail, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 7, line->hash, -1, SQLITE_STATIC);
        err = run(s, stmt);
    }
    sqlite3_clear_bindings(stmt);
    return err;
}

int fd_sqlite__batch_publish(fd_backend *backend, int64_t batch, const char *time,
                             int64_t *snapshot, fd_audit_line *line)
{
    fd_sqlite *s = (fd_sqlite *)backend;
    sqlite3_stmt *stmt = s->stmts[FD_STMT_PUBLISH], *read = s->stmts[FD_STMT_SNAPSHOT];
    int rc, err;

    /* What came before reaches the disk outside the lock; the transaction then has two pages to
     * wait for. */
    fd_sqlite__checkpoint(s, true);
    if ((err = fd_sqlite__begin(s, true)) < 0)
        return err;
    sqlite3_bind_int64(stmt, 1, batch);
    sqlite3_bind_text(stmt, 2, time, -1, SQLITE_STATIC);
    err = run(s, stmt);
    sqlite3_clear_bindings(stmt);
    if (err == 0 && sqlite3_changes(s->db) != 1)
        err = why_not_published(s, batch);
    if (err == 0) {
        sqlite3_bind_int64(read, 1, batch);
        rc = sqlite3_step(read);
        err = fd_sqlite__error(s->db, rc, s->path);
        *snapshot = sqlite3_column_int64(read, 0);
        sqlite3_reset(read);
    }
    if (err == 0 && line)
        err = append_lines(s, line, 1);
    err = fd_sqlite__end(s, err);
    if (err == 0)
        fd_live_disown(s->live, batch);
    return err;
}

int fd_sqlite__audit_append(fd_backend *backend, fd_audit_line *lines, size_t count)
{
    fd_sqlite *s = (fd_sqlite *)backend;
    int err;

    if ((err = fd_sqlite__begin(s, true)) < 0)
        return err;
    err = append_lines(s, lines, count);
    err = fd_sqlite__end(s, err);
    fd_sqlite__checkpoint(s, false);
    return err;
}

/* ---- sweeping
 * ------------------------------------------------------------------------------------ */

/* Delete rows by one parametrised statement, some at a time, until it changes nothing. */
static int delete_slices(fd_sqlite *s, const char *sql, int64_t batch)
{
    sqlite3_stmt *stmt = NULL;
    int changed = 1, slice = 8, err;

    pthread_mutex_lock(&s->lock);
    err = fd_sqlite__prepare(&stmt, s->db, sql, s->path);
    pthread_mutex_unlock(&s->lock);
    while (err == 0 && changed > 0) {
        int64_t before, took;

        if ((err = fd_sqlite__begin(s, false)) < 0)
            break;
        before = s->held_since_us;
        sqlite3_bind_int64(stmt, 1, batch);
        sqlite3_bind_int64(stmt, 2, slice);
        err = run(s, stmt);
        changed = sqlite3_changes(s->db);
        err = fd_sqlite__end(s, err);
        took = fd_store__monotonic_us() - before;
        if (took < SHORT_US && slice < SWEEP_KEYS)
            slice *= 2;
        else if (took > LONG_US && slice > 1)
            slice /= 2;
        fd_sqlite__checkpoint(s, false);
    }
    sqlite3_finalize(stmt);
    return err;
}

/* Rows of a table whose key is natural are not in order of batches. They are found by reading,
 * which delays nobody, and deleted by key. */
typedef struct found_key {
    char *text;
    int64_t subject, since;
} found_key;

static int delete_keys(fd_sqlite *s, const char *find_sql, const char *delete_sql, int64_t batch,
                       bool attribute)
{
    fd_vec(found_key) keys = { 0 };
    sqlite3_stmt *find = NULL, *stmt = NULL;
    size_t at = 0;
    int rc = SQLITE_DONE, err;

    pthread_mutex_lock(&s->lock);
    if ((err = fd_sqlite__prepare(&find, s->db, find_sql, s->path)) < 0 ||
        (err = fd_sqlite__prepare(&stmt, s->db, delete_sql, s->path)) < 0) {
        pthread_mutex_unlock(&s->lock);
        goto done;
    }
    sqlite3_bind_int64(find, 1, batch);
    while ((rc = sqlite3_step(find)) == SQLITE_ROW) {
        found_key key = { fd_strdup((const char *)sqlite3_column_text(find, 0)), 0, 0 };

        key.subject = sqlite3_column_int64(find, 1);
        key.since = attribute ? sqlite3_column_int64(find, 2) : 0;
        if (!attribute) { /* kind and code, joined */
            fd_buf both = FD_BUF_INIT;

            fd_buf_printf(&both, "%s\x1f%s", key.text, (const char *)sqlite3_column_text(find, 1));
            free(key.text);
            key.text = fd_buf_take(&both);
        }
        fd_vec_push(&keys, key);
    }
    err = fd_sqlite__error(s->db, rc, s->path);
    sqlite3_reset(find);
    pthread_mutex_unlock(&s->lock);
    while (err == 0 && at < keys.count) {
        if ((err = fd_sqlite__begin(s, false)) < 0)
            break;
        do {
            const found_key *key = &keys.items[at];
            const char *cut = attribute ? NULL : strchr(key->text, '\x1f');

            if (attribute) {
                sqlite3_bind_text(stmt, 1, key->text, -1, SQLITE_STATIC);
                sqlite3_bind_int64(stmt, 2, key->subject);
                sqlite3_bind_int64(stmt, 3, key->since);
                sqlite3_bind_int64(stmt, 4, batch);
            } else {
                sqlite3_bind_text(stmt, 1, key->text, (int)(cut - key->text), SQLITE_STATIC);
                sqlite3_bind_text(stmt, 2, cut + 1, -1, SQLITE_STATIC);
                sqlite3_bind_int64(stmt, 3, batch);
            }
            err = run(s, stmt);
            at++;
        } while (err == 0 && at < keys.count &&
                 fd_store__monotonic_us() - s->held_since_us < HOLD_US);
        err = fd_sqlite__end(s, err);
        fd_sqlite__checkpoint(s, false);
    }
done:
    sqlite3_finalize(find);
    sqlite3_finalize(stmt);
    for (size_t i = 0; i < keys.count; i++)
        free(keys.items[i].text);
    fd_vec_dispose(&keys);
    return err;
}

static int drop_rows(fd_sqlite *s, int64_t batch)
{
    fd_buf sql = FD_BUF_INIT;
    int err = 0;

    for (int rel = FD_REL_META; err == 0 && rel < FD_REL_COUNT; rel++) {
        if (fd_store__relations[rel].batch_column >= 0)
            continue;
        fd_buf_clear(&sql);
        fd_buf_puts(&sql, "DELETE FROM ");
        fd_buf_puts(&sql, fd_store__relations[rel].name);
        fd_buf_puts(&sql, " WHERE seq IN (SELECT seq FROM ");
        fd_buf_puts(&sql, fd_store__relations[rel].name);
        fd_buf_puts(&sql, " WHERE seq >= ?1 << 32 AND seq < (?1 + 1) << 32 LIMIT ?2)");
        err = delete_slices(s, fd_buf_text(&sql), batch);
    }
    fd_buf_dispose(&sql);
    if (err < 0 ||
        (err = delete_keys(s, "SELECT kind, code FROM subject WHERE batch = ?1",
                           "DELETE FROM subject WHERE kind = ?1 AND code = ?2 AND batch = ?3",
                           batch, false)) < 0 ||
        (err = delete_keys(
             s, "SELECT attribute, subject, since FROM attribute WHERE batch = ?1",
             "DELETE FROM attribute WHERE attribute = ?1 AND subject = ?2 AND since = ?3 AND"
             " batch = ?4",
             batch, true)) < 0)
        return err;
    return delete_slices(s, "DELETE FROM batch WHERE id = ?1 AND snapshot IS NULL AND ?2 > 0",
                         batch);
}

int fd_sqlite__batch_drop(fd_backend *backend, int64_t batch)
{
    fd_sqlite *s = (fd_sqlite *)backend;
    const int err = drop_rows(s, batch);

    fd_live_disown(s->live,
                   batch); /* what could not be dropped now is swept when the file is next opened */
    return err;
}

static int is_unpublished(fd_sqlite *s, int64_t batch, bool *out)
{
    sqlite3_stmt *read = s->stmts[FD_STMT_SNAPSHOT];
    int rc;

    sqlite3_bind_int64(read, 1, batch);
    rc = sqlite3_step(read);
    *out = rc == SQLITE_ROW && sqlite3_column_type(read, 0) == SQLITE_NULL;
    sqlite3_reset(read);
    return fd_sqlite__error(s->db, rc, s->path);
}

int fd_sqlite__sweep(fd_sqlite *s)
{
    fd_vec(int64_t) open = { 0 };
    sqlite3_stmt *stmt = NULL;
    int rc = SQLITE_DONE, err;

    if ((err = fd_sqlite__prepare(&stmt, s->db, "SELECT id FROM batch WHERE snapshot IS NULL",
                                  s->path)) < 0)
        return err;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
        fd_vec_push(&open, sqlite3_column_int64(stmt, 0));
    err = fd_sqlite__error(s->db, rc, s->path);
    sqlite3_finalize(stmt);
    for (size_t i = 0; err == 0 && i < open.count; i++) {
        bool orphan = false;

        if (!fd_live_own(s->live, open.items[i]))
            continue; /* its owner lives */
        /* The owner may have published between the list and the lock. Now that the lock is ours,
         * nobody can. */
        if ((err = is_unpublished(s, open.items[i], &orphan)) == 0 && orphan)
            err = fd_sqlite__batch_drop(&s->backend, open.items[i]);
        else
            fd_live_disown(s->live, open.items[i]);
    }
    fd_vec_dispose(&open);
    /* A full disk or a busy writer must not keep anybody from opening the city: leftovers are
     * invisible. */
    return err == FD_ENOSPC || err == FD_EBUSY ? 0 : err;
}
