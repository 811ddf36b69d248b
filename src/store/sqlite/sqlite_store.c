/*
 * Opening city files, their schema, and reading.
 */
#include "store/sqlite/sqlite_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fangding/arena.h"

enum { BUSY_MS = 10000, BYTE_BUDGET = 1 << 20, POLL_US = 400 };

/* docs/city-file.md explains every table. seq >> 32 is the batch. */
static const char schema_sql[] =
    "CREATE TABLE batch(id INTEGER PRIMARY KEY, snapshot INTEGER UNIQUE, time TEXT NOT NULL, verb "
    "TEXT NOT NULL,"
    " actor TEXT NOT NULL, note TEXT NOT NULL) STRICT;"
    "CREATE TABLE counter(name TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO counter VALUES('batch', 1), ('subject', 1), ('source', 1);"
    "CREATE TABLE meta(seq INTEGER PRIMARY KEY, key TEXT NOT NULL, value TEXT) STRICT;"
    "CREATE TABLE subject(kind TEXT NOT NULL, code TEXT NOT NULL, batch INTEGER NOT NULL, id "
    "INTEGER NOT NULL,"
    " PRIMARY KEY(kind, code, batch)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE attribute(attribute TEXT NOT NULL, subject INTEGER NOT NULL, since INTEGER NOT "
    "NULL,"
    " batch INTEGER NOT NULL, value TEXT, PRIMARY KEY(attribute, subject, since, batch)) STRICT, "
    "WITHOUT ROWID;"
    "CREATE TABLE source(seq INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, name TEXT NOT NULL,"
    " digest TEXT NOT NULL, bytes INTEGER NOT NULL, encoding TEXT NOT NULL, form TEXT NOT NULL, "
    "sender TEXT) STRICT;"
    "CREATE INDEX source_digest ON source(digest);"
    "CREATE TABLE block(seq INTEGER PRIMARY KEY, hash BLOB, data BLOB NOT NULL) STRICT;"
    "CREATE INDEX block_hash ON block(hash) WHERE hash IS NOT NULL;"
    "CREATE TABLE segment(seq INTEGER PRIMARY KEY, item TEXT NOT NULL, kind TEXT NOT NULL, period "
    "INTEGER NOT NULL,"
    " basis INTEGER NOT NULL, source INTEGER NOT NULL, sheet TEXT, header TEXT, origin TEXT NOT "
    "NULL,"
    " basis_of_law TEXT NOT NULL, permitted_use TEXT NOT NULL, marks TEXT NOT NULL, value_kind "
    "INTEGER NOT NULL,"
    " scale INTEGER NOT NULL, unit TEXT NOT NULL, n INTEGER NOT NULL, subject_block INTEGER NOT "
    "NULL,"
    " row_block INTEGER, cell_block INTEGER NOT NULL) STRICT;"
    "CREATE INDEX segment_item ON segment(item);"
    "CREATE TABLE overlay(seq INTEGER PRIMARY KEY, item TEXT NOT NULL, kind TEXT NOT NULL, period "
    "INTEGER NOT NULL,"
    " basis INTEGER NOT NULL, subject INTEGER NOT NULL, state INTEGER NOT NULL, value INTEGER NOT "
    "NULL,"
    " scale INTEGER NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL) STRICT;"
    "CREATE INDEX overlay_item ON overlay(item);"
    "CREATE TABLE definition(seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, hash "
    "TEXT NOT NULL,"
    " text TEXT NOT NULL, file TEXT NOT NULL, shipped INTEGER NOT NULL, replaces TEXT) STRICT;"
    "CREATE INDEX definition_id ON definition(kind, id);"
    "CREATE TABLE record(seq INTEGER PRIMARY KEY, type TEXT NOT NULL, key TEXT NOT NULL, state "
    "TEXT NOT NULL,"
    " date INTEGER NOT NULL, fields TEXT NOT NULL, actor TEXT NOT NULL) STRICT;"
    "CREATE INDEX record_key ON record(type, key);"
    "CREATE TABLE cube(seq INTEGER PRIMARY KEY, cube TEXT NOT NULL, indicator TEXT NOT NULL, place "
    "TEXT NOT NULL,"
    " chain TEXT NOT NULL, industry TEXT NOT NULL, period INTEGER NOT NULL, state INTEGER NOT "
    "NULL, numerator TEXT,"
    " denominator TEXT, value REAL, n INTEGER NOT NULL, unit TEXT NOT NULL, suppressed TEXT) "
    "STRICT;"
    "CREATE INDEX cube_cube ON cube(cube);"
    "CREATE TABLE mapping(seq INTEGER PRIMARY KEY, form TEXT NOT NULL, sender TEXT NOT NULL, "
    "header TEXT NOT NULL,"
    " item TEXT) STRICT;"
    "CREATE INDEX mapping_form ON mapping(form, sender);"
    "CREATE TABLE audit(id INTEGER PRIMARY KEY, time TEXT NOT NULL, actor TEXT NOT NULL, verb TEXT "
    "NOT NULL,"
    " object TEXT NOT NULL, detail TEXT NOT NULL, hash TEXT NOT NULL) STRICT;"
    "CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit lines are "
    "never changed'); END;"
    "CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit lines are "
    "never removed'); END;"
    "CREATE VIEW published_segment AS SELECT b.snapshot, s.* FROM segment s JOIN batch b ON b.id = "
    "s.seq >> 32"
    " WHERE b.snapshot IS NOT NULL;"
    "CREATE VIEW published_attribute AS SELECT b.snapshot, a.* FROM attribute a JOIN batch b ON "
    "b.id = a.batch"
    " WHERE b.snapshot IS NOT NULL;"
    "CREATE VIEW published_cube AS SELECT b.snapshot, c.* FROM cube c JOIN batch b ON b.id = c.seq "
    ">> 32"
    " WHERE b.snapshot IS NOT NULL;";

/* ---- errors ------------------------------------------------------------------------------------
 */

int fd_sqlite__error(sqlite3 *db, int rc, const char *path)
{
    /* SQLite calls ENOSPC "full" itself. A quota or a limit on file size it reports as a failed
     * write, and keeps no error number for it in sqlite3_system_errno(): errno still has it. */
    const int system_error = errno;

    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return 0;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fd_error_set(FD_EBUSY, "城市文件“%s”正被另一个程序写入",
                            "the city file \"%s\" is being written by another program", path);
    case SQLITE_FULL:
        goto full;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return fd_error_set(FD_EFORMAT, "“%s”不是城市文件,或已损坏",
                            "\"%s\" is no city file, or is damaged", path);
    case SQLITE_IOERR:
        if (system_error == ENOSPC || system_error == EFBIG || system_error == EDQUOT)
            goto full;
        break;
    case SQLITE_CANTOPEN:
        return fd_error_set(FD_EIO, "无法打开城市文件“%s”", "cannot open the city file \"%s\"",
                            path);
    case SQLITE_READONLY:
        return fd_error_set(FD_EDENIED, "城市文件“%s”不可写",
                            "the city file \"%s\" cannot be written", path);
    default:
        break;
    }
    fd_error_set(FD_EIO, "读写城市文件“%s”失败", "reading or writing the city file \"%s\" failed",
                 path);
    return fd_error_detail("%s", "%s", db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
full:
    fd_error_set(FD_ENOSPC, "磁盘已满,城市文件“%s”未作改动",
                 "the disk is full; the city file \"%s\" is as it was", path);
    return fd_error_hint("腾出空间后重试", "free some space and try again");
}

int fd_sqlite__prepare(sqlite3_stmt **out, sqlite3 *db, const char *sql, const char *path)
{
    return fd_sqlite__error(db,
                            sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL),
                            path);
}

int fd_sqlite__exec(sqlite3 *db, const char *sql, const char *path)
{
    return fd_sqlite__error(db, sqlite3_exec(db, sql, NULL, NULL, NULL), path);
}

/* ---- opening ------------------------------------------------------------------------------------
 */

/* Called while SQLite's write lock belongs to another process: poll often, so that we wait no
 * longer than it holds. */
static int wait_busy(void *payload, int count)
{
    fd_sqlite *s = payload;
    const struct timespec pause = { 0, POLL_US * 1000L };
    const int64_t now = fd_store__monotonic_us();

    if (count == 0)
        s->wait_since_us = now;
    if (now - s->wait_since_us > (int64_t)s->options.busy_timeout_ms * 1000)
        return 0;
    nanosleep(&pause, NULL);
    return 1;
}

static int note_log(void *payload, sqlite3 *db, const char *name, int pages)
{
    fd_sqlite *s = payload;

    (void)db;
    (void)name;
    s->log_pages = pages;
    return SQLITE_OK;
}

static int number_of(sqlite3 *db, const char *sql, int *out)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

    if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        *out = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return rc == SQLITE_ROW ? SQLITE_OK : rc == SQLITE_DONE ? SQLITE_CORRUPT : rc;
}

static int check_format(sqlite3 *db, const char *path)
{
    int id = 0, version = 0, rc;

    if ((rc = number_of(db, "PRAGMA application_id", &id)) != SQLITE_OK ||
        (rc = number_of(db, "PRAGMA user_version", &version)) != SQLITE_OK)
        return fd_sqlite__error(db, rc, path);
    if (id != FD_SQLITE_APPLICATION_ID)
        return fd_error_set(FD_EFORMAT, "“%s”不是城市文件", "\"%s\" is no city file", path);
    if (version != FD_SQLITE_VERSION) {
        fd_error_set(FD_EFORMAT, "城市文件“%s”的格式版本是 %d,本程序只认识 %d",
                     "the city file \"%s\" has format version %d, this program knows %d", path,
                     version, FD_SQLITE_VERSION);
        return fd_error_hint("请用较新的程序打开", "open it with a newer program");
    }
    return 0;
}

static int create_schema(fd_sqlite *s)
{
    char now[32];
    char *sql;
    int err;

    fd_store__now(now);
    if ((err = fd_sqlite__exec(s->db,
                               "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; BEGIN IMMEDIATE;",
                               s->path)) < 0 ||
        (err = fd_sqlite__exec(s->db, schema_sql, s->path)) < 0)
        return err;
    sql = sqlite3_mprintf("INSERT INTO meta VALUES(1, 'schema', '%d'), (2, 'created', %Q);"
                          "PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT;",
                          FD_SQLITE_VERSION, now, FD_SQLITE_APPLICATION_ID, FD_SQLITE_VERSION);
    err = fd_sqlite__exec(s->db, sql, s->path);
    sqlite3_free(sql);
    return err;
}

static int prepare_writes(fd_sqlite *s)
{
    static const char *const sql[FD_STMT_COUNT] = {
        [FD_STMT_BEGIN] = "BEGIN IMMEDIATE",
        [FD_STMT_COMMIT] = "COMMIT",
        [FD_STMT_ROLLBACK] = "ROLLBACK",
        [FD_STMT_BATCH] = "INSERT INTO batch VALUES(?1, NULL, ?2, ?3, ?4, ?5)",
        [FD_STMT_PUBLISH] =
            "UPDATE batch SET time = ?2, snapshot = (SELECT "
            "coalesce(max(snapshot), 0) + 1 FROM batch)"
            " WHERE id = ?1 AND snapshot IS NULL AND NOT EXISTS (SELECT 1 FROM source "
            "mine JOIN source other ON other.digest = mine.digest AND other.form = "
            "mine.form JOIN batch b ON b.id = other.seq >> 32 WHERE mine.seq BETWEEN "
            "?1 << 32 AND (?1 << 32) + 4294967295 AND mine.digest <> '' AND b.id <> ?1 "
            "AND b.snapshot IS NOT NULL)",
        [FD_STMT_SNAPSHOT] = "SELECT snapshot FROM batch WHERE id = ?1",
        [FD_STMT_RESERVE] =
            "UPDATE counter SET next = next + ?2 WHERE name = ?1 RETURNING next - ?2",
        [FD_STMT_AUDIT_LAST] = "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1",
        [FD_STMT_AUDIT] = "INSERT INTO audit VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    };
    fd_buf text = FD_BUF_INIT;
    int err = 0;

    for (int i = 0; err == 0 && i < FD_STMT_COUNT; i++)
        err = fd_sqlite__prepare(&s->stmts[i], s->db, sql[i], s->path);
    for (int rel = FD_REL_META; err == 0 && rel < FD_REL_COUNT; rel++) {
        fd_buf_clear(&text);
        fd_buf_puts(&text, "INSERT OR REPLACE INTO ");
        fd_buf_puts(&text, fd_store__relations[rel].name);
        fd_buf_puts(&text, " VALUES(");
        for (size_t c = 0; c < fd_store__relations[rel].width; c++)
            fd_buf_printf(&text, c ? ",?%zu" : "?%zu", c + 1);
        fd_buf_putc(&text, ')');
        err = fd_sqlite__prepare(&s->inserts[rel], s->db, fd_buf_text(&text), s->path);
    }
    fd_buf_dispose(&text);
    return err;
}

static int open_writer(fd_sqlite *s)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    int err;

    if ((err = fd_sqlite__error(NULL, sqlite3_open_v2(s->path, &s->db, flags, NULL), s->path)) < 0)
        return err;
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_handler(s->db, wait_busy, s);
    if (s->options.create && (err = create_schema(s)) < 0)
        return err;
    if ((err = check_format(s->db, s->path)) < 0 ||
        (err = fd_sqlite__exec(
             s->db,
             "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0;"
             "PRAGMA cache_size=-16384; PRAGMA trusted_schema=0",
             s->path)) < 0)
        return err;
    sqlite3_wal_hook(s->db, note_log, s);
    if ((err = fd_live_open(&s->live, s->path)) < 0 || (err = prepare_writes(s)) < 0)
        return err;
    return fd_sqlite__sweep(s);
}

static void sqlite_close(fd_backend *backend)
{
    fd_sqlite *s = (fd_sqlite *)backend;

    for (int i = 0; i < FD_STMT_COUNT; i++)
        sqlite3_finalize(s->stmts[i]);
    for (int i = 0; i < FD_REL_COUNT; i++)
        sqlite3_finalize(s->inserts[i]);
    sqlite3_close(s->db);
    fd_live_close(s->live);
    pthread_mutex_destroy(&s->turn);
    pthread_mutex_destroy(&s->lock);
    free(s->path);
    free(s);
}

/* ---- reading
 * ------------------------------------------------------------------------------------- */

static int sqlite_link_open(fd_link **out, fd_backend *backend)
{
    fd_sqlite *s = (fd_sqlite *)backend;
    const int mode = s->options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    fd_sqlite_link *link = fd_alloc(sizeof *link);
    int err;

    link->link.backend = backend;
    err = fd_sqlite__error(NULL,
                           sqlite3_open_v2(s->path, &link->db,
                                           mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
                                           NULL),
                           s->path);
    if (err == 0) {
        sqlite3_extended_result_codes(link->db, 1);
        sqlite3_busy_timeout(link->db, s->options.busy_timeout_ms);
        err = fd_sqlite__exec(
            link->db, "PRAGMA query_only=1; PRAGMA cache_size=-16384; PRAGMA trusted_schema=0",
            s->path);
    }
    if (err < 0) {
        sqlite3_close(link->db);
        free(link);
        return err;
    }
    *out = &link->link;
    return 0;
}

static void sqlite_link_close(fd_link *base)
{
    fd_sqlite_link *link = (fd_sqlite_link *)base;

    for (int i = 0; i < FD_SCAN_COUNT; i++)
        sqlite3_finalize(link->scans[i]);
    sqlite3_close_v2(link->db);
    free(link);
}

/* SELECT the leading columns of the relation WHERE the keys equal parameters. */
static int prepare_scan(fd_sqlite_link *link, fd_scan scan, const char *path)
{
    const fd_scan_spec *spec = &fd_store__scans[scan];
    const fd_relation *rel = &fd_store__relations[spec->rel];
    const size_t width = spec->width ? spec->width : rel->width;
    fd_buf sql = FD_BUF_INIT;
    int err;

    fd_buf_puts(&sql, spec->distinct ? "SELECT DISTINCT " : "SELECT ");
    for (size_t i = 0; i < width; i++)
        fd_buf_printf(&sql, i ? ", %s" : "%s", rel->columns[i]);
    fd_buf_printf(&sql, " FROM %s", rel->name);
    for (size_t k = 0; k < spec->key_count; k++)
        fd_buf_printf(&sql, "%s%s = ?%zu", k ? " AND " : " WHERE ", rel->columns[spec->keys[k]],
                      k + 1);
    err = fd_sqlite__prepare(&link->scans[scan], link->db, fd_buf_text(&sql), path);
    fd_buf_dispose(&sql);
    return err;
}

void fd_sqlite__bind(sqlite3_stmt *stmt, int at, const fd_cell *cell)
{
    switch (cell->type) {
    case FD_CELL_NULL:
        sqlite3_bind_null(stmt, at);
        break;
    case FD_CELL_INT:
        sqlite3_bind_int64(stmt, at, cell->as.integer);
        break;
    case FD_CELL_REAL:
        sqlite3_bind_double(stmt, at, cell->as.real);
        break;
    case FD_CELL_TEXT:
        sqlite3_bind_text64(stmt, at, cell->as.text, cell->length, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case FD_CELL_BLOB:
        sqlite3_bind_blob64(stmt, at, cell->as.blob, cell->length, SQLITE_STATIC);
        break;
    }
}

static fd_cell column_cell(sqlite3_stmt *stmt, int at)
{
    fd_cell c = fd_cell_null();

    switch (sqlite3_column_type(stmt, at)) {
    case SQLITE_INTEGER:
        return fd_cell_int(sqlite3_column_int64(stmt, at));
    case SQLITE_FLOAT:
        return fd_cell_real(sqlite3_column_double(stmt, at));
    case SQLITE_TEXT:
        c.type = FD_CELL_TEXT;
        c.as.text = (const char *)sqlite3_column_text(stmt, at);
        c.length = (size_t)sqlite3_column_bytes(stmt, at);
        return c;
    case SQLITE_BLOB:
        c.type = FD_CELL_BLOB;
        c.as.blob = sqlite3_column_blob(stmt, at);
        c.length = (size_t)sqlite3_column_bytes(stmt, at);
        return c;
    default:
        return c;
    }
}

static int sqlite_scan(fd_link *base, fd_scan scan, const fd_cell *keys, fd_scan_row row,
                       void *payload)
{
    fd_sqlite_link *link = (fd_sqlite_link *)base;
    const char *path = ((fd_sqlite *)base->backend)->path;
    const fd_scan_spec *spec = &fd_store__scans[scan];
    const size_t width = spec->width ? spec->width : fd_store__relations[spec->rel].width;
    fd_cell cells[FD_REL_WIDTH_MAX] = { 0 };
    sqlite3_stmt *stmt;
    int rc, err = 0;

    if (!link->scans[scan] && (err = prepare_scan(link, scan, path)) < 0)
        return err;
    stmt = link->scans[scan];
    for (int k = 0; k < spec->key_count; k++)
        fd_sqlite__bind(stmt, k + 1, &keys[k]);
    while (err == 0 && (rc = sqlite3_step(stmt)) != SQLITE_DONE) {
        if (rc != SQLITE_ROW) {
            err = fd_sqlite__error(link->db, rc, path);
            break;
        }
        for (size_t i = 0; i < width; i++)
            cells[i] = column_cell(stmt, (int)i);
        err = row(payload, cells);
    }
    sqlite3_reset(stmt);
    return err < 0 ? err : 0;
}

static int sqlite_audit_scan(fd_link *base, int64_t first, fd_audit_row row, void *payload)
{
    fd_sqlite_link *link = (fd_sqlite_link *)base;
    const char *path = ((fd_sqlite *)base->backend)->path;
    sqlite3_stmt *stmt = NULL;
    int rc, err;

    if ((err = fd_sqlite__prepare(
             &stmt, link->db,
             "SELECT id, time, actor, verb, object, detail, hash FROM audit WHERE id >= ?1"
             " ORDER BY id",
             path)) < 0)
        return err;
    sqlite3_bind_int64(stmt, 1, first);
    while (err == 0 && (rc = sqlite3_step(stmt)) != SQLITE_DONE) {
        fd_audit_line line = { 0 };

        if (rc != SQLITE_ROW) {
            err = fd_sqlite__error(link->db, rc, path);
            break;
        }
        line.id = sqlite3_column_int64(stmt, 0);
        line.time = (const char *)sqlite3_column_text(stmt, 1);
        line.actor = (const char *)sqlite3_column_text(stmt, 2);
        line.verb = (const char *)sqlite3_column_text(stmt, 3);
        line.object = (const char *)sqlite3_column_text(stmt, 4);
        line.detail = (const char *)sqlite3_column_text(stmt, 5);
        snprintf(line.hash, sizeof line.hash, "%s", (const char *)sqlite3_column_text(stmt, 6));
        err = row(payload, &line);
    }
    sqlite3_finalize(stmt);
    return err < 0 ? err : 0;
}

static int sqlite_audit_last(fd_link *base, int64_t *id)
{
    fd_sqlite_link *link = (fd_sqlite_link *)base;
    const char *path = ((fd_sqlite *)base->backend)->path;
    sqlite3_stmt *stmt = NULL;
    int rc, err;

    *id = 0;
    if ((err = fd_sqlite__prepare(&stmt, link->db, "SELECT coalesce(max(id), 0) FROM audit",
                                  path)) < 0)
        return err;
    if ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
        *id = sqlite3_column_int64(stmt, 0);
    else
        err = fd_sqlite__error(link->db, rc, path);
    sqlite3_finalize(stmt);
    return err;
}

static void sqlite_stats(fd_backend *backend, fd_write_stats *out)
{
    fd_sqlite *s = (fd_sqlite *)backend;

    pthread_mutex_lock(&s->lock);
    *out = s->stats;
    pthread_mutex_unlock(&s->lock);
}

static const fd_backend_ops sqlite_ops = {
    .close = sqlite_close,
    .link_open = sqlite_link_open,
    .link_close = sqlite_link_close,
    .scan = sqlite_scan,
    .audit_scan = sqlite_audit_scan,
    .audit_last = sqlite_audit_last,
    .batch_create = fd_sqlite__batch_create,
    .write = fd_sqlite__write,
    .batch_publish = fd_sqlite__batch_publish,
    .batch_drop = fd_sqlite__batch_drop,
    .reserve = fd_sqlite__reserve,
    .audit_append = fd_sqlite__audit_append,
    .stats = sqlite_stats,
};

bool fd_sqlite__is(const fd_backend_ops *ops)
{
    return ops == &sqlite_ops;
}

/* Create the empty file; whoever comes second gets FD_EEXISTS. */
static int create_file(const char *path)
{
    const int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);

    if (fd < 0) {
        if (errno == EEXIST)
            return fd_error_set(FD_EEXISTS, "文件“%s”已经存在", "the file \"%s\" exists already",
                                path);
        return fd_error_set(errno == ENOSPC ? FD_ENOSPC : FD_EIO, "无法创建“%s”:%s",
                            "cannot create \"%s\": %s", path, strerror(errno));
    }
    close(fd);
    return 0;
}

int fd_store_open_sqlite(fd_store **out, const char *path, const fd_store_options *options)
{
    fd_sqlite *s = NULL;
    sqlite3 *probe = NULL;
    struct stat st;
    int err = 0;

    *out = NULL;
    if (options && options->version != FD_STORE_OPTIONS_VERSION)
        return fd_error_set(FD_EINVAL, "选项版本不符", "the options have another version");
    if (options && options->create) {
        if ((err = create_file(path)) < 0)
            return err;
    } else if (stat(path, &st) != 0) {
        return fd_error_set(errno == ENOENT || errno == ENOTDIR ? FD_ENOTFOUND : FD_EIO,
                            "找不到城市文件“%s”", "there is no city file \"%s\"", path);
    }
    s = fd_alloc(sizeof *s);
    s->backend.ops = &sqlite_ops;
    s->path = fd_strdup(path);
    if (options)
        s->options = *options;
    if (s->options.busy_timeout_ms <= 0)
        s->options.busy_timeout_ms = BUSY_MS;
    s->byte_budget = BYTE_BUDGET;
    pthread_mutex_init(&s->turn, NULL);
    pthread_mutex_init(&s->lock, NULL);
    if (s->options.read_only) {
        if ((err = fd_sqlite__error(NULL, sqlite3_open_v2(path, &probe, SQLITE_OPEN_READONLY, NULL),
                                    path)) == 0) {
            sqlite3_busy_timeout(probe, s->options.busy_timeout_ms);
            err = check_format(probe, path);
        }
        sqlite3_close(probe);
    } else {
        err = open_writer(s);
    }
    if (err < 0) {
        sqlite_close(&s->backend);
        if (options && options->create)
            unlink(path);
        return err;
    }
    return fd_store__new(out, &s->backend, &s->options);
}
