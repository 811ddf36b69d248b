/* What only a file can do: be damaged, full, shared, killed over, read by SQL. */
#include "store/world.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "store/sqlite/sqlite_query.h"
#include "store/store_ops.h"

static int setup(void **state)
{
    world *w = fd_alloc(sizeof *w);

    w->on_disk = true;
    w->chunk_rows = 200;
    world_open(w);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    free(*state);
    return 0;
}

static void pause_ms(int ms)
{
    const struct timespec ts = { ms / 1000, (long)(ms % 1000) * 1000000 };

    nanosleep(&ts, NULL);
}

static sqlite3 *raw_open(const world *w)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
    return db;
}

static void raw_exec(sqlite3 *db, const char *sql)
{
    char *message = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

static int raw_number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;
    int value;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    value = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

/* A batch of n enterprises whose "output" is `value` each. */
static int write_uniform(fd_store *store, int n, int64_t value, fd_period period, int64_t *snapshot)
{
    const fd_batch_info info = { "import", "tester", "", NULL };
    int32_t *ids = fd_alloc((size_t)n * sizeof *ids);
    int64_t *values = fd_alloc((size_t)n * sizeof *values);
    fd_batch *b = NULL;
    fd_segment s;
    char code[16];
    int err;

    if ((err = fd_batch_begin(&b, store, &info)) < 0)
        goto done;
    for (int i = 0; i < n; i++) {
        snprintf(code, sizeof code, "E%06d", i);
        values[i] = value;
        if ((err = fd_batch_subject(b, "enterprise", code, "某企业", &ids[i])) < 0)
            goto done;
    }
    s = decimals("output", period, 0, ids, values, (size_t)n);
    if ((err = fd_batch_segment(b, &s)) < 0)
        goto done;
    err = fd_batch_publish(b, snapshot);
    b = NULL;
done:
    fd_batch_abandon(b);
    free(ids);
    free(values);
    return err;
}

static void assert_uniform(fd_store *store, int64_t snapshot, fd_period period, size_t n,
                           int64_t value)
{
    fd_reader *r = reader_at(store, snapshot);
    fd_column *c = column_of(r, "enterprise", "output", period, FD_CURRENT);

    assert_int_equal(c->n, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(fd_column_state(c, i), FD_HAS);
        assert_int_equal(c->v.dec[i], value);
    }
    fd_column_unref(c);
    fd_reader_close(r);
}

/* ---- opening
 * ------------------------------------------------------------------------------------------ */

static void only_city_files_open(void **state)
{
    world *w = *state;
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    char other[128];
    fd_store *store;
    sqlite3 *db;
    FILE *f;

    options.create = true;
    assert_int_equal(fd_store_open_sqlite(&store, w->path, &options), FD_EEXISTS);
    snprintf(other, sizeof other, "%s/none", w->folder);
    assert_int_equal(fd_store_open_sqlite(&store, other, NULL), FD_ENOTFOUND);
    f = fopen(other, "w");
    assert_non_null(f);
    fputs("县区,产值\n林州市,12.5\n这不是城市文件,只是一个文本文件,但它足够长,超过一百个字节,"
          "以便读到文件头。\n",
          f);
    fclose(f);
    assert_int_equal(fd_store_open_sqlite(&store, other, NULL), FD_EFORMAT);
    options.create = false;
    options.read_only = true;
    assert_int_equal(fd_store_open_sqlite(&store, other, &options), FD_EFORMAT);
    unlink(other);
    assert_int_equal(sqlite3_open(other, &db), SQLITE_OK);
    raw_exec(db, "CREATE TABLE t(x)");
    sqlite3_close(db);
    assert_int_equal(fd_store_open_sqlite(&store, other, NULL), FD_EFORMAT);
    unlink(other);
    fd_store_close(w->store);
    db = raw_open(w);
    raw_exec(db, "PRAGMA user_version = 2");
    sqlite3_close(db);
    assert_int_equal(fd_store_open_sqlite(&w->store, w->path, NULL), FD_EFORMAT);
    w->store = NULL;
    snprintf(other, sizeof other, "%s/none-lock", w->folder);
    unlink(other);
}

static void a_read_only_city_is_read_only(void **state)
{
    world *w = *state;
    const fd_period year = fd_period_year(2024);
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    fd_batch *b;

    ok(write_uniform(w->store, 10, 7, year, NULL));
    fd_store_close(w->store);
    options.read_only = true;
    ok(fd_store_open_sqlite(&w->store, w->path, &options));
    assert_uniform(w->store, 0, year, 10, 7);
    assert_int_equal(fd_batch_begin(&b, w->store, NULL), FD_EDENIED);
    assert_int_equal(fd_store_audit(w->store, "a", "b", "c", "d"), FD_EDENIED);
}

/* ---- killed writers
 * ------------------------------------------------------------------------------------ */

static void leave_half_a_batch(fd_store *store)
{
    const fd_batch_info info = { "import", "victim", "", NULL };
    static int64_t values[5000];
    static int32_t ids[5000];
    fd_batch *b;
    fd_segment s;
    char code[16];

    ok(fd_batch_begin(&b, store, &info));
    for (int i = 0; i < 5000; i++) {
        snprintf(code, sizeof code, "V%06d", i);
        ok(fd_batch_subject(b, "enterprise", code, "被中断", &ids[i]));
        values[i] = i * 1000003LL % 999983;
    }
    s = decimals("output", fd_period_year(2023), 0, ids, values, 5000);
    for (int k = 0; k < 200; k++) {
        values[k] += k; /* so that no two blocks are alike */
        ok(fd_batch_segment(b, &s));
    }
}

static void leftovers_are_swept_but_the_living_are_not(void **state)
{
    world *w = *state;
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    fd_store *second;
    fd_batch *b;
    sqlite3 *db;
    pid_t child;
    int status;

    ok(write_uniform(w->store, 10, 7, fd_period_year(2024), NULL));
    fd_store_close(w->store);
    w->store = NULL;
    child = fork();
    if (child == 0) {
        if (fd_store_open_sqlite(&w->store, w->path, &options) < 0)
            _exit(1);
        leave_half_a_batch(w->store);
        kill(getpid(), SIGKILL);
    }
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    db = raw_open(w);
    assert_int_equal(raw_number(db, "SELECT count(*) FROM batch WHERE snapshot IS NULL"), 1);
    assert_true(raw_number(db, "SELECT count(*) FROM segment") > 1);
    sqlite3_close(db);

    ok(fd_store_open_sqlite(&w->store, w->path, NULL));
    db = raw_open(w);
    assert_int_equal(raw_number(db, "SELECT count(*) FROM batch WHERE snapshot IS NULL"), 0);
    assert_int_equal(raw_number(db, "SELECT count(*) FROM segment"), 1);
    assert_int_equal(raw_number(db, "SELECT count(*) FROM subject"), 10);
    assert_int_equal(raw_number(db, "SELECT count(*) FROM attribute"), 10);
    assert_int_equal(raw_number(db, "SELECT count(*) FROM block"), 2);
    sqlite3_close(db);

    b = begin(w->store); /* a living batch survives that somebody else opens the city */
    ok(fd_batch_meta(b, "city", "洹州"));
    ok(fd_batch_attribute(b, 1, "county", FD_DATE_NONE, "x"));
    ok(fd_store_open_sqlite(&second, w->path, NULL));
    assert_int_equal(publish(b), 2);
    fd_store_close(second);
    {
        char *city;

        ok(fd_store_meta_get(w->store, "city", &city));
        assert_string_equal(city, "洹州");
        free(city);
    }
}

/* ---- sharing
 * -------------------------------------------------------------------------------------------- */

static void two_processes_write_in_turns(void **state)
{
    enum { EACH = 8, FIRMS = 600 };
    world *w = *state;
    int64_t snapshot = 0;
    pid_t child;
    fd_reader *r;
    fd_table *t;
    int status;

    fd_store_close(w->store);
    w->store = NULL;
    child = fork();
    ok(fd_store_open_sqlite(&w->store, w->path, NULL));
    for (int i = 0; i < EACH; i++) {
        const int err = write_uniform(w->store, FIRMS, child == 0 ? i + 100 : i,
                                      fd_period_year(child == 0 ? 2000 : 2001), &snapshot);

        if (child == 0 && err < 0)
            _exit(1);
        ok(err);
        ok(fd_store_audit(w->store, "a", "import", "x", "y"));
    }
    if (child == 0) {
        fd_store_close(w->store);
        _exit(0);
    }
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    r = reader_at(w->store, 0);
    assert_int_equal(fd_reader_snapshot(r), 2 * EACH);
    ok(fd_reader_snapshots(r, &t));
    assert_int_equal(t->rows, 2 * EACH);
    fd_table_free(t);
    fd_reader_close(r);
    assert_uniform(w->store, 0, fd_period_year(2000), FIRMS,
                   EACH - 1 + 100); /* each firm once, whoever made it */
    assert_uniform(w->store, 0, fd_period_year(2001), FIRMS, EACH - 1);
    ok(fd_store_audit_verify(w->store, &snapshot));
    assert_int_equal(snapshot, 2 * EACH);
}

static void a_held_lock_is_busy_in_time(void **state)
{
    world *w = *state;
    fd_store_options options = FD_STORE_OPTIONS_INIT;
    fd_store *second;
    fd_batch *b;
    int64_t before;
    sqlite3 *db = raw_open(w);

    options.busy_timeout_ms = 150;
    ok(fd_store_open_sqlite(&second, w->path, &options));
    raw_exec(db, "BEGIN IMMEDIATE");
    b = begin(second);
    before = fd_store__monotonic_us();
    assert_int_equal(fd_batch_meta(b, "city", "x"), FD_EBUSY);
    assert_true(fd_store__monotonic_us() - before >= 140000);
    assert_int_equal(fd_batch_publish(b, NULL), FD_EBUSY);
    raw_exec(db, "ROLLBACK");
    sqlite3_close(db);
    ok(write_uniform(second, 3, 1, fd_period_year(2024), NULL));
    fd_store_close(second);
}

typedef struct importer {
    fd_store *store;
    int err;
    _Atomic int done;
} importer;

static void *import_much(void *payload)
{
    enum { FIRMS = 60000, ITEMS = 40 };
    const fd_batch_info info = { "import", "tester", "", NULL };
    importer *im = payload;
    int32_t *ids = fd_alloc(FIRMS * sizeof *ids);
    int64_t *values = fd_alloc(FIRMS * sizeof *values);
    uint64_t seed = 7;
    fd_batch *b = NULL;
    char text[32];

    im->err = fd_batch_begin(&b, im->store, &info);
    for (int i = 0; im->err == 0 && i < FIRMS; i++) {
        snprintf(text, sizeof text, "N%012d", (int)((unsigned)i * 2654435761u % 100000007u));
        im->err = fd_batch_subject(b, "enterprise", text, text, &ids[i]);
    }
    for (int k = 0; im->err == 0 && k < ITEMS; k++) {
        fd_segment s;

        for (int i = 0; i < FIRMS; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            values[i] = (int64_t)(seed >> 30);
        }
        snprintf(text, sizeof text, "item%d", k);
        s = decimals(text, fd_period_year(2024), 0, ids, values, FIRMS);
        im->err = fd_batch_segment(b, &s);
    }
    if (im->err == 0)
        im->err = fd_batch_publish(b, NULL);
    free(ids);
    free(values);
    im->done = 1;
    return NULL;
}

static int ignore_row(void *payload, const fd_cell *cells)
{
    (void)payload;
    (void)cells;
    return 0;
}

/* The times are printed; what is asserted is the mechanism: many short transactions, and readers
 * and another writer that get through between them. */
static void imports_hold_the_lock_briefly(void **state)
{
    world *w = *state;
    importer im = { w->store, 0, 0 };
    int64_t worst_read = 0, worst_write = 0;
    const fd_cell key = fd_cell_text("schema");
    const fd_backend_ops *ops = fd_store__backend(w->store)->ops;
    int reads = 0, writes = 0;
    fd_write_stats stats;
    fd_link *link;
    fd_store *other;
    pthread_t thread;

    ok(write_uniform(w->store, 1000, 7, fd_period_year(2020), NULL));
    ok(fd_store_open_sqlite(&other, w->path, NULL));
    ok(ops->link_open(&link, fd_store__backend(w->store)));
    assert_int_equal(pthread_create(&thread, NULL, import_much, &im), 0);
    while (!im.done) {
        int64_t t, took;

        for (int i = 0; i < 20; i++) { /* a small query, so that its time is waiting and not work */
            t = fd_store__monotonic_us();
            ok(ops->scan(link, FD_SCAN_META, &key, ignore_row, NULL));
            took = fd_store__monotonic_us() - t;
            worst_read = took > worst_read ? took : worst_read;
            reads++;
        }
        assert_uniform(w->store, 1, fd_period_year(2020), 1000, 7);
        t = fd_store__monotonic_us();
        ok(write_uniform(other, 1, reads, fd_period_year(2021), NULL));
        took = fd_store__monotonic_us() - t;
        worst_write = took > worst_write ? took : worst_write;
        writes++;
    }
    pthread_join(thread, NULL);
    assert_int_equal(im.err, 0);
    ops->link_close(link);
    fd_store_close(other);
    ops->stats(fd_store__backend(w->store), &stats);
    print_message("import: %llu transactions, %llu over 20 ms, longest %.1f ms; %d queries "
                  "meanwhile, slowest %.1f ms; "
                  "%d batches of another writer, slowest %.1f ms\n",
                  (unsigned long long)stats.transactions, (unsigned long long)stats.slow,
                  (double)stats.longest_us / 1000, reads, (double)worst_read / 1000, writes,
                  (double)worst_write / 1000);
    assert_true(stats.transactions >= 10);
    assert_true(stats.bytes / stats.transactions <= (uint64_t)4 << 20);
    assert_true(reads > 0 && writes > 0);
}

/* ---- a full disk
 * --------------------------------------------------------------------------------------- */

static void a_full_disk_loses_nothing(void **state)
{
    world *w = *state;
    const fd_period year = fd_period_year(2024);
    pid_t child;
    int status;

    ok(write_uniform(w->store, 500, 42, year, NULL));
    fd_store_close(w->store);
    w->store = NULL;
    child = fork();
    if (child == 0) {
        struct rlimit limit = { 1500000, 1500000 };
        int err = 0;

        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
            fd_store_open_sqlite(&w->store, w->path, NULL) < 0)
            _exit(1);
        for (int i = 0; err == 0 && i < 200; i++)
            err = write_uniform(w->store, 60000, i * 7919, fd_period_year(2000 + i % 20), NULL);
        if (err != FD_ENOSPC) {
            world_fail(err);
            _exit(2);
        }
        if (fd_error_last()->message[FD_ZH][0] == '\0')
            _exit(3);
        fd_store_close(w->store);
        _exit(0);
    }
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    ok(fd_store_open_sqlite(&w->store, w->path, NULL));
    {
        fd_reader *r = reader_at(w->store, 0);
        fd_column *c = column_of(r, "enterprise", "output", year, FD_CURRENT);

        for (size_t i = 0; i < 500; i++)
            assert_int_equal(c->v.dec[i], 42);
        fd_column_unref(c);
        fd_reader_close(r);
    }
    ok(write_uniform(w->store, 500, 43, year, NULL)); /* and goes on as if nothing had happened */
    {
        sqlite3 *db = raw_open(w);

        assert_int_equal(raw_number(db, "SELECT count(*) FROM batch WHERE snapshot IS NULL"), 0);
        assert_int_equal(
            raw_number(db, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
        sqlite3_close(db);
    }
}

/* ---- audit
 * ------------------------------------------------------------------------------------------------
 */

static void audit_lines_arrive_soon_and_cannot_be_changed(void **state)
{
    world *w = *state;
    sqlite3 *db = raw_open(w);
    int64_t lines;
    int seen = 0;

    for (int i = 0; i < 10; i++)
        ok(fd_store_audit(w->store, "王", "import", "文件", "内容"));
    for (int i = 0; i < 100 && seen == 0;
         i++) { /* 50 ms is the promise; a busy machine gets two seconds */
        pause_ms(20);
        seen = raw_number(db, "SELECT count(*) FROM audit");
    }
    assert_int_equal(seen, 10);
    assert_int_equal(sqlite3_exec(db, "UPDATE audit SET detail = 'x' WHERE id = 4", NULL, NULL,
                                  NULL),
                     SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_exec(db, "DELETE FROM audit WHERE id = 4", NULL, NULL, NULL),
                     SQLITE_CONSTRAINT);
    ok(fd_store_audit_verify(w->store, &lines));
    raw_exec(db, "DROP TRIGGER audit_fixed; UPDATE audit SET detail = '改' WHERE id = 4");
    assert_int_equal(fd_store_audit_verify(w->store, &lines), FD_ECONFLICT);
    assert_int_equal(lines, 3);
    assert_non_null(strstr(fd_error_last()->message[FD_EN], "line 4"));
    raw_exec(db, "UPDATE audit SET detail = '内容' WHERE id = 4");
    ok(fd_store_audit_verify(w->store, &lines));
    raw_exec(db, "DROP TRIGGER audit_kept; DELETE FROM audit WHERE id = 7");
    assert_int_equal(fd_store_audit_verify(w->store, &lines), FD_ECONFLICT);
    sqlite3_close(db);
}

/* ---- damage
 * ------------------------------------------------------------------------------------------------
 */

static void damaged_blocks_are_errors_not_crashes(void **state)
{
    world *w = *state;
    const fd_period year = fd_period_year(2024);
    static const char *const texts[] = { "正常", "停产", "减产" };
    fd_batch *b = begin(w->store);
    const int32_t ids[] = { subject(b, "enterprise", "A", NULL),
                            subject(b, "enterprise", "B", NULL),
                            subject(b, "enterprise", "C", NULL) };
    const int64_t values[] = { 1, 1000, -5 };
    const uint8_t states[] = { FD_HAS, FD_NA, FD_HAS };
    fd_segment s = decimals("output", year, 0, ids, values, 3);
    uint64_t seed = 99;
    int errors = 0;
    sqlite3 *db;

    s.states = states;
    ok(fd_batch_segment(b, &s));
    s = decimals("state", year, 0, ids, NULL, 3);
    s.value_kind = FD_TEXT;
    s.text = texts;
    s.rows = ids;
    ok(fd_batch_segment(b, &s));
    publish(b);
    db = raw_open(w);
    raw_exec(db, "CREATE TABLE kept AS SELECT * FROM block");
    for (int round = 0; round < 400; round++) {
        static const char *const items[] = { "output", "state" };
        fd_source *source;
        sqlite3_stmt *stmt;
        fd_column *c;
        fd_reader *r;
        char sql[256];

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        if (round % 4 == 0)
            snprintf(sql, sizeof sql,
                     "UPDATE block SET data = substr(data, 1, length(data) * %d / 100)",
                     (int)((seed >> 40) % 100));
        else /* one byte of one block becomes another */
            snprintf(sql, sizeof sql,
                     "UPDATE block SET data = CAST(substr(data, 1, %d) || x'%02x' || substr(data, "
                     "%d) AS BLOB) WHERE"
                     " seq = (SELECT seq FROM kept LIMIT 1 OFFSET %d)",
                     (int)((seed >> 40) % 24), (unsigned)(seed >> 56), (int)((seed >> 40) % 24) + 2,
                     round % 5);
        raw_exec(db, sql);
        r = reader_at(w->store, 0);
        source = fd_reader_source(r);
        for (size_t i = 0; i < 2; i++) {
            fd_origin origin;
            const int err =
                source->ops->column(source, "enterprise", items[i], year, FD_CURRENT, &c);

            if (err == 0)
                fd_column_unref(c);
            errors += err < 0;
            assert_true(err == 0 || err == FD_EFORMAT);
            (void)source->ops->origin(source, "enterprise", items[i], year, FD_CURRENT, ids[0],
                                      &origin);
        }
        fd_reader_close(r);
        assert_int_equal(
            sqlite3_prepare_v2(db,
                               "UPDATE block SET data = (SELECT data FROM kept WHERE kept.seq ="
                               " block.seq)",
                               -1, &stmt, NULL),
            SQLITE_OK);
        assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
        sqlite3_finalize(stmt);
    }
    assert_true(errors > 100);
    sqlite3_close(db);
}

/* ---- SQL over facts
 * ------------------------------------------------------------------------------------------ */

static void facts_can_be_queried(void **state)
{
    world *w = *state;
    fd_batch *b = begin(w->store);
    const int32_t ids[] = { subject(b, "enterprise", "A", "甲"),
                            subject(b, "enterprise", "B", "乙") };
    const int64_t values[] = { 12345, -50 };
    const fd_source_file file = { "f.csv", "d", 1, "UTF-8", "x", NULL };
    const int32_t rows[] = { 2, 3 };
    fd_segment s;
    fd_table *t;
    fd_reader *r;
    int32_t source;

    ok(fd_batch_source(b, &file, &source));
    s = decimals("output", fd_period_cumulative(2024, 6), source, ids, values, 2);
    s.rows = rows;
    ok(fd_batch_segment(b, &s));
    s.item = "profit";
    ok(fd_batch_segment(b, &s));
    s.basis = FD_COMPARATIVE;
    ok(fd_batch_segment(b, &s));
    publish(b);
    r = reader_at(w->store, 0);
    ok(fd_sqlite_query(
        r,
        "SELECT code, name, value, exact, file, row FROM facts WHERE item = 'output' AND"
        " period = '2024-01..06' AND basis = 'current' ORDER BY value",
        &t));
    assert_int_equal(t->rows, 2);
    assert_string_equal(table_text(t, "name", 0), "乙");
    assert_string_equal(table_text(t, "exact", 1), "123.45");
    assert_true(t->columns[2]->v.est[0] == -0.5);
    assert_int_equal(table_dec(t, "row", 1), 2);
    fd_table_free(t);
    ok(fd_sqlite_query(
        r, "SELECT item, basis, count(*) AS n FROM facts GROUP BY item, basis ORDER BY 1, 2", &t));
    assert_int_equal(t->rows, 3);
    assert_string_equal(table_text(t, "basis", 1), "comparative");
    assert_int_equal(table_dec(t, "n", 2), 2);
    fd_table_free(t);
    ok(fd_sqlite_query(r, "SELECT * FROM facts WHERE period = 'nonsense'", &t));
    assert_int_equal(t->rows, 0);
    fd_table_free(t);
    assert_int_equal(fd_sqlite_query(r, "DELETE FROM segment", &t), FD_EINVAL);
    assert_int_equal(fd_sqlite_query(r, "SELEKT", &t), FD_EPARSE);
    fd_reader_close(r);
    {
        fd_store *memory;

        ok(fd_store_open_memory(&memory));
        r = reader_at(memory, 0);
        assert_int_equal(fd_sqlite_query(r, "SELECT 1", &t), FD_EINVAL);
        fd_reader_close(r);
        fd_store_close(memory);
    }
}

/* ---- size
 * ------------------------------------------------------------------------------------------------------
 */

static void equal_lists_are_stored_once(void **state)
{
    world *w = *state;
    const fd_period month = fd_period_month(2024, 1);
    sqlite3 *db;

    for (int i = 0; i < 5; i++)
        ok(write_uniform(w->store, 150, i, fd_period_step(month, i), NULL));
    db = raw_open(w);
    assert_int_equal(raw_number(db, "SELECT count(DISTINCT subject_block) FROM segment"), 1);
    assert_int_equal(raw_number(db, "SELECT count(*) FROM block WHERE hash IS NOT NULL"), 1);
    assert_true(raw_number(db, "SELECT max(length(data)) FROM block") <
                64); /* 150 equal numbers need no bits */
    sqlite3_close(db);
}

#define WITH_CITY(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CITY(only_city_files_open),
        WITH_CITY(a_read_only_city_is_read_only),
        WITH_CITY(leftovers_are_swept_but_the_living_are_not),
        WITH_CITY(two_processes_write_in_turns),
        WITH_CITY(a_held_lock_is_busy_in_time),
        WITH_CITY(imports_hold_the_lock_briefly),
        WITH_CITY(a_full_disk_loses_nothing),
        WITH_CITY(audit_lines_arrive_soon_and_cannot_be_changed),
        WITH_CITY(damaged_blocks_are_errors_not_crashes),
        WITH_CITY(facts_can_be_queried),
        WITH_CITY(equal_lists_are_stored_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
