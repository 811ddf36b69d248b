/*
 * A place to keep a test city in: a fresh SQLite file in a temporary folder, or memory.
 */
#ifndef TESTS_STORE_WORLD_H
#define TESTS_STORE_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "fangding/arena.h"
#include "fangding/store.h"

typedef struct world {
    bool on_disk;
    size_t chunk_rows;
    char folder[64];
    char path[80];
    fd_store *store;
} world;

static inline void world_fail(int err)
{
    char text[2048];

    if (err >= 0)
        return;
    fd_error_format(fd_error_last(), FD_EN, text, sizeof text);
    print_error("%s: %s\n", fd_code_name(err), text);
}

#define ok(call)                                                                                   \
    do {                                                                                           \
        const int ok_err = (call);                                                                 \
        world_fail(ok_err);                                                                        \
        assert_int_equal(ok_err, 0);                                                               \
    } while (0)

static inline void world_folder(world *w)
{
    const char *base = getenv("TMPDIR");

    snprintf(w->folder, sizeof w->folder, "%.40s/fdstoreXXXXXX", base ? base : P_tmpdir);
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->path, sizeof w->path, "%s/city.fd", w->folder);
}

static inline void world_open(world *w)
{
    fd_store_options options = FD_STORE_OPTIONS_INIT;

    if (!w->on_disk) {
        ok(fd_store_open_memory(&w->store));
        return;
    }
    world_folder(w);
    options.create = true;
    options.chunk_rows = w->chunk_rows;
    options.busy_timeout_ms = 3000;
    ok(fd_store_open_sqlite(&w->store, w->path, &options));
}

static inline void world_remove(world *w)
{
    static const char *const tails[] = { "", "-wal", "-shm", "-lock", "-journal" };
    char name[128];

    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        snprintf(name, sizeof name, "%s%s", w->path, tails[i]);
        unlink(name);
    }
    rmdir(w->folder);
}

static inline void world_close(world *w)
{
    fd_store_close(w->store);
    w->store = NULL;
    if (w->on_disk)
        world_remove(w);
}

/* Close and open the file again; memory keeps what it has. */
static inline void world_reopen(world *w)
{
    fd_store_options options = FD_STORE_OPTIONS_INIT;

    if (!w->on_disk)
        return;
    fd_store_close(w->store);
    options.chunk_rows = w->chunk_rows;
    options.busy_timeout_ms = 3000;
    ok(fd_store_open_sqlite(&w->store, w->path, &options));
}

static inline fd_batch *begin(fd_store *store)
{
    const fd_batch_info info = { "test", "tester", "", "2025-01-01T00:00:00Z" };
    fd_batch *batch;

    ok(fd_batch_begin(&batch, store, &info));
    return batch;
}

static inline int64_t publish(fd_batch *batch)
{
    int64_t snapshot = 0;

    ok(fd_batch_publish(batch, &snapshot));
    return snapshot;
}

static inline int32_t subject(fd_batch *batch, const char *kind, const char *code, const char *name)
{
    int32_t id;

    ok(fd_batch_subject(batch, kind, code, name, &id));
    return id;
}

static inline fd_reader *reader_at(fd_store *store, int64_t snapshot)
{
    fd_reader *reader;

    ok(fd_reader_open(&reader, store, snapshot));
    return reader;
}

static inline fd_column *column_of(fd_reader *reader, const char *kind, const char *item,
                                   fd_period period, fd_basis basis)
{
    fd_source *source = fd_reader_source(reader);
    fd_column *column;

    ok(source->ops->column(source, kind, item, period, basis, &column));
    return column;
}

/* A segment of decimals of kind "enterprise", scale 2. */
static inline fd_segment decimals(const char *item, fd_period period, int32_t source,
                                  const int32_t *subjects, const int64_t *values, size_t n)
{
    return (fd_segment){ .kind = "enterprise",
                         .item = item,
                         .period = period,
                         .basis = FD_CURRENT,
                         .source = source,
                         .sheet = "表1",
                         .column = "产值",
                         .origin = "dispatch",
                         .basis_of_law = "law",
                         .permitted_use = "administration",
                         .marks = "示例",
                         .value_kind = FD_DEC,
                         .scale = 2,
                         .unit = "万元",
                         .n = n,
                         .subjects = subjects,
                         .dec = values };
}

static inline const char *table_text(const fd_table *table, const char *column, size_t row)
{
    const int at = fd_table_find(table, column);

    assert_true(at >= 0);
    return fd_column_text(table->columns[at], row);
}

static inline int64_t table_dec(const fd_table *table, const char *column, size_t row)
{
    const int at = fd_table_find(table, column);

    assert_true(at >= 0);
    assert_int_equal(table->columns[at]->kind, FD_DEC);
    return table->columns[at]->v.dec[row];
}

/* ---- fixtures: the same test on every back end ---- */

static inline int world_setup(world **state, bool on_disk, size_t chunk_rows)
{
    world *w = fd_alloc(sizeof *w);

    w->on_disk = on_disk;
    w->chunk_rows = chunk_rows;
    world_open(w);
    *state = w;
    return 0;
}

static inline int world_setup_sqlite(void **state)
{
    return world_setup((world **)state, true, 0);
}

static inline int world_setup_chunks(void **state)
{
    return world_setup((world **)state, true, 3);
}

static inline int world_setup_memory(void **state)
{
    return world_setup((world **)state, false, 0);
}

static inline int world_teardown(void **state)
{
    world_close(*state);
    free(*state);
    return 0;
}

#define EVERYWHERE(f)                                                                              \
    { #f " (sqlite)", f, world_setup_sqlite, world_teardown, NULL },                               \
        { #f " (chunks)", f, world_setup_chunks, world_teardown, NULL },                           \
    {                                                                                              \
#f " (memory)", f, world_setup_memory, world_teardown, NULL                                \
    }

#endif
