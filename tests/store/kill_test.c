/*
 * Kill an importing process at random moments, then look at the file.
 *
 *   store_kill [KILLS [SEED]]
 *
 * The victim publishes batches in a loop: batch k stores the number k for every firm in every item,
 * in many transactions, with some pieces of bytes kept as they are, and says so in the audit chain
 * before and after.  After SIGKILL the file
 * must equal the state before or after some batch: in every snapshot each column holds one number
 * throughout, the number of snapshots and the newest number agree, nothing of an unpublished batch
 * is left once the file was opened for writing, the audit chain holds, and SQLite finds no damage.
 */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "fangding/arena.h"
#include "fangding/store.h"

enum { FIRMS = 3000, NEW_PER_BATCH = 40, ITEMS = 6, CHUNK = 500, LONGEST_MS = 160, PAPER = 600000 };

static const char *const items[ITEMS] = { "output", "profit", "staff", "power", "tax", "orders" };

static int complain(const char *what)
{
    char text[2048];

    fd_error_format(fd_error_last(), FD_EN, text, sizeof text);
    fprintf(stderr, "store_kill: %s: %s\n", what, text);
    return -1;
}

/* ---- the victim
 * ---------------------------------------------------------------------------------- */

/* The bytes that batch k keeps: three pieces, different for each k. */
static uint8_t *paper_of(int64_t k)
{
    uint8_t *bytes = fd_alloc(PAPER);

    for (size_t i = 0; i < PAPER; i++)
        bytes[i] = (uint8_t)((uint64_t)k * 31 + i / 7);
    memcpy(bytes, &k, sizeof k); /* the rest comes round again after 256 batches */
    return bytes;
}

/* Batch k: every firm known by then says k. New firms join, so that the table of subjects is
 * written too. */
static int write_batch(fd_store *store, int64_t k)
{
    const fd_batch_info info = { "import", "victim", "", NULL };
    const size_t n = FIRMS + (size_t)k * NEW_PER_BATCH;
    int32_t *ids = fd_alloc(n * sizeof *ids);
    int64_t *values = fd_alloc(n * sizeof *values);
    fd_batch *b = NULL;
    uint8_t *paper = paper_of(k);
    char code[24], text[32], hash[65];
    int err;

    snprintf(text, sizeof text, "%lld", (long long)k);
    if ((err = fd_store_audit(store, "victim", "begin", "batch", text)) < 0 ||
        (err = fd_store_audit_with_next(store, "victim", "publish", text)) < 0 ||
        (err = fd_batch_begin(&b, store, &info)) < 0 || (err = fd_batch_meta(b, "k", text)) < 0 ||
        (err = fd_batch_blob(b, paper, PAPER, hash)) < 0)
        goto done;
    for (size_t i = 0; err == 0 && i < n; i++) {
        snprintf(code, sizeof code, "K%08zu", i);
        values[i] = k;
        err = fd_batch_subject(b, "enterprise", code, code, &ids[i]);
        if (err == 0 && i % 50 == 0)
            err = fd_batch_attribute(b, ids[i], "mark", FD_DATE_NONE, text);
    }
    for (size_t i = 0; err == 0 && i < ITEMS; i++) {
        const fd_segment s = { .kind = "enterprise",
                               .item = items[i],
                               .period = fd_period_year(2024),
                               .basis = FD_CURRENT,
                               .sheet = "s",
                               .column = "c",
                               .value_kind = FD_DEC,
                               .unit = "",
                               .n = n,
                               .subjects = ids,
                               .dec = values };

        err = fd_batch_segment(b, &s);
    }
    if (err == 0) {
        err = fd_batch_publish(b, NULL);
        b = NULL;
    }
done:
    fd_batch_abandon(b);
    free(paper);
    free(ids);
    free(values);
    return err;
}

static int newest_number(fd_store *store, int64_t *k)
{
    char *text;
    int err;

    if ((err = fd_store_meta_get(store, "k", &text)) < 0)
        return err;
    *k = text ? strtoll(text, NULL, 10) : 0;
    free(text);
    return 0;
}

static void victim(const char *path)
{
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    fd_store *store;
    int64_t k;

    options.chunk_rows = CHUNK;
    if (fd_store_open_sqlite(&store, path, &options) < 0 || newest_number(store, &k) < 0)
        _exit(complain("victim"));
    for (;;)
        if (write_batch(store, ++k) < 0)
            _exit(complain("victim"));
}

/* ---- the inspection
 * -------------------------------------------------------------------------------- */

/* The bytes of this snapshot are there, those of the next are not. */
static int check_paper(fd_reader *r, int64_t snapshot)
{
    uint8_t *paper = paper_of(snapshot), *next = paper_of(snapshot + 1);
    char hash[65];
    void *data = NULL;
    size_t n;
    int err = 0;

    fd_digest_of(paper, PAPER, hash);
    if (snapshot > 0 && fd_reader_blob(r, hash, &data, &n) < 0)
        err = complain("bytes");
    free(data);
    fd_digest_of(next, PAPER, hash);
    if (err == 0 && fd_reader_blob(r, hash, &data, &n) != FD_ENOTFOUND) {
        fprintf(stderr, "store_kill: snapshot %lld knows the next one's bytes\n",
                (long long)snapshot);
        free(data);
        err = -1;
    }
    free(paper);
    free(next);
    return err;
}

static int check_snapshot(fd_store *store, int64_t snapshot)
{
    fd_reader *r = NULL;
    fd_source *source;
    fd_column *c = NULL;
    const size_t n = FIRMS + (size_t)snapshot * NEW_PER_BATCH;
    int err;

    if ((err = fd_reader_open(&r, store, snapshot)) < 0)
        return complain("reader");
    source = fd_reader_source(r);
    err = check_paper(r, snapshot);
    for (size_t i = 0; err == 0 && i < ITEMS; i++) {
        if (source->ops->column(source, "enterprise", items[i], fd_period_year(2024), FD_CURRENT,
                                &c) < 0) {
            err = complain(items[i]);
            break;
        }
        if (c->n != n) {
            fprintf(stderr, "store_kill: snapshot %lld has %zu firms, not %zu\n",
                    (long long)snapshot, c->n, n);
            err = -1;
        }
        for (size_t row = 0; err == 0 && row < c->n; row++) {
            if (fd_column_state(c, row) != FD_HAS || c->v.dec[row] != snapshot) {
                fprintf(stderr, "store_kill: snapshot %lld, %s, firm %zu: %lld\n",
                        (long long)snapshot, items[i], row, (long long)c->v.dec[row]);
                err = -1;
            }
        }
        fd_column_unref(c);
    }
    fd_reader_close(r);
    return err;
}

static int check_sql(const char *path)
{
    static const struct {
        const char *sql;
        const char *expected;
    } checks[] = {
        { "PRAGMA integrity_check", "ok" },
        { "SELECT count(*) FROM batch WHERE snapshot IS NULL", "0" },
        { "SELECT count(*) FROM segment WHERE seq >> 32 NOT IN (SELECT id FROM batch)", "0" },
        { "SELECT count(*) FROM block WHERE seq >> 32 NOT IN (SELECT id FROM batch)", "0" },
        { "SELECT count(*) FROM meta WHERE seq >> 32 NOT IN (SELECT id FROM batch UNION SELECT 0)",
          "0" },
        { "SELECT count(*) FROM subject WHERE batch NOT IN (SELECT id FROM batch)", "0" },
        { "SELECT count(*) FROM attribute WHERE batch NOT IN (SELECT id FROM batch)", "0" },
        { "SELECT count(*) - max(snapshot) FROM batch", "0" },
        { "SELECT count(*) FROM meta m WHERE key = 'k' AND NOT EXISTS (SELECT 1 FROM audit a WHERE"
          " a.verb = 'publish' AND a.object = m.value)",
          "0" },
        { "SELECT count(*) FROM audit a WHERE verb = 'publish' AND NOT EXISTS (SELECT 1 FROM meta m"
          " WHERE m.key = 'k' AND m.value = a.object)",
          "0" },
    };
    sqlite3 *db = NULL;
    int err = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK ? 0 : -1;

    for (size_t i = 0; err == 0 && i < sizeof checks / sizeof checks[0]; i++) {
        sqlite3_stmt *stmt = NULL;
        const char *got = NULL;

        if (sqlite3_prepare_v2(db, checks[i].sql, -1, &stmt, NULL) == SQLITE_OK &&
            sqlite3_step(stmt) == SQLITE_ROW)
            got = (const char *)sqlite3_column_text(stmt, 0);
        if (got && strcmp(got, checks[i].expected) != 0) {
            fprintf(stderr, "store_kill: %s: %s, not %s\n", checks[i].sql, got, checks[i].expected);
            err = -1;
        } else if (!got && strstr(checks[i].sql, "max(") == NULL) { /* max() of no batch is NULL */
            fprintf(stderr, "store_kill: %s: %s\n", checks[i].sql, sqlite3_errmsg(db));
            err = -1;
        }
        sqlite3_finalize(stmt);
    }
    sqlite3_close(db);
    return err;
}

static int inspect(const char *path, int64_t *snapshot)
{
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    fd_store *store = NULL;
    fd_reader *r = NULL;
    int64_t lines, k, newest;
    int err = 0;

    options.chunk_rows = CHUNK;
    if (fd_store_open_sqlite(&store, path, &options) < 0)
        return complain("open");
    if (fd_store_audit_verify(store, &lines) < 0 || newest_number(store, &k) < 0 ||
        fd_reader_open(&r, store, 0) < 0) {
        err = complain("verify");
        goto done;
    }
    newest = fd_reader_snapshot(r);
    if (newest != k || newest < *snapshot) {
        fprintf(stderr,
                "store_kill: %lld snapshots, the newest says %lld; %lld had been seen before\n",
                (long long)newest, (long long)k, (long long)*snapshot);
        err = -1;
        goto done;
    }
    /* What was checked in an earlier round cannot change: look at the first, the new and the
     * newest. */
    for (int64_t i = 1; err == 0 && i <= newest; i++)
        if (i == 1 || i == newest || i > *snapshot)
            err = check_snapshot(store, i);
    *snapshot = newest;
done:
    fd_reader_close(r);
    fd_store_close(store);
    return err < 0 ? err : check_sql(path);
}

int main(int argc, char **argv)
{
    const int kills = argc > 1 ? atoi(argv[1]) : 20;
    unsigned seed = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : (unsigned)time(NULL);
    const char *base = getenv("TMPDIR");
    char folder[128], path[160], command[256];
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    fd_store *store;
    int64_t snapshot = 0, before;
    unsigned longest = LONGEST_MS; /* grows until batches get through, on a slow or busy machine */
    int err = 0;

    printf("store_kill: %d kills, seed %u\n", kills, seed);
    fflush(stdout);
    snprintf(folder, sizeof folder, "%.80s/fdkillXXXXXX", base ? base : P_tmpdir);
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/city.fd", folder);
    options.create = true;
    if (fd_store_open_sqlite(&store, path, &options) < 0)
        return complain("create") != 0;
    fd_store_close(store);
    for (int i = 0; err == 0 && i < kills; i++) {
        struct timespec wait = { 0, 0 };
        int status;
        pid_t child = fork();

        if (child == 0)
            victim(path);
        seed = seed * 1103515245u + 12345u;
        wait.tv_nsec = (long)(1 + (seed >> 16) % longest) * 1000000L;
        wait.tv_sec = wait.tv_nsec / 1000000000L;
        wait.tv_nsec %= 1000000000L;
        nanosleep(&wait, NULL);
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        if (!WIFSIGNALED(status)) {
            fprintf(stderr, "store_kill: the victim ended by itself\n");
            err = -1;
        }
        before = snapshot;
        if (err == 0 && (err = inspect(path, &snapshot)) < 0)
            fprintf(stderr, "store_kill: after kill %d (%ld ms); the file is kept: %s\n", i + 1,
                    (long)wait.tv_sec * 1000 + wait.tv_nsec / 1000000L, path);
        if (snapshot == before && longest < 16 * LONGEST_MS)
            longest += LONGEST_MS / 4;
    }
    printf("store_kill: %lld batches survived whole\n", (long long)snapshot);
    if (err == 0) {
        static const char *const tails[] = { "", "-wal", "-shm", "-lock" };

        for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
            snprintf(command, sizeof command, "%s%s", path, tails[i]);
            unlink(command);
        }
        rmdir(folder);
        if (snapshot == 0 && kills >= 20) {
            fprintf(stderr, "store_kill: no batch was ever published: the test tested nothing\n");
            err = -1;
        }
    }
    return err < 0;
}
