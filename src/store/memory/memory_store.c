/*
 * The city in memory: rows as they were given, in arrays, found by looking at each.
 *
 * It exists so that the rules above the back end are tested without SQL, and for callers who need
 * a city for the length of one command.  One lock guards everything; writing a row copies it.
 */
#include <pthread.h>
#include <string.h>

#include "base/vec.h"
#include "store/store_ops.h"

typedef fd_vec(fd_cell *) memory_rows;
typedef fd_vec(fd_audit_line) memory_audit;

typedef struct memory_store {
    fd_backend backend;
    pthread_rwlock_t lock;
    memory_rows rows[FD_REL_COUNT];
    memory_audit audit;
    int64_t next_batch, newest;
    int32_t next_subject, next_source;
    fd_write_stats stats;
} memory_store;

static memory_store *of(fd_backend *backend)
{
    return (memory_store *)backend;
}

static void free_cells(fd_cell *cells, size_t width)
{
    for (size_t i = 0; i < width; i++)
        if (cells[i].type == FD_CELL_TEXT || cells[i].type == FD_CELL_BLOB)
            free((void *)(uintptr_t)cells[i].as.blob);
    free(cells);
}

static fd_cell copy_cell(const fd_cell *cell)
{
    fd_cell copy = *cell;

    if (cell->type == FD_CELL_TEXT || cell->type == FD_CELL_BLOB) {
        uint8_t *bytes = fd_alloc(cell->length + 1);

        if (cell->length > 0)
            memcpy(bytes, cell->as.blob, cell->length);
        copy.as.blob = bytes;
    }
    return copy;
}

static void add_row(memory_store *m, fd_rel rel, const fd_cell *cells)
{
    const size_t width = fd_store__relations[rel].width;
    fd_cell *copy = fd_alloc(width * sizeof *copy);

    for (size_t i = 0; i < width; i++)
        copy[i] = copy_cell(&cells[i]);
    fd_vec_push(&m->rows[rel], copy);
}

static void memory_close(fd_backend *backend)
{
    memory_store *m = of(backend);

    for (int rel = 0; rel < FD_REL_COUNT; rel++) {
        for (size_t i = 0; i < m->rows[rel].count; i++)
            free_cells(m->rows[rel].items[i], fd_store__relations[rel].width);
        fd_vec_dispose(&m->rows[rel]);
    }
    for (size_t i = 0; i < m->audit.count; i++) {
        fd_audit_line *line = &m->audit.items[i];

        free((void *)(uintptr_t)line->time);
        free((void *)(uintptr_t)line->actor);
        free((void *)(uintptr_t)line->verb);
        free((void *)(uintptr_t)line->object);
        free((void *)(uintptr_t)line->detail);
    }
    fd_vec_dispose(&m->audit);
    pthread_rwlock_destroy(&m->lock);
    free(m);
}

static int memory_link_open(fd_link **out, fd_backend *backend)
{
    fd_link *link = fd_alloc(sizeof *link);

    link->backend = backend;
    *out = link;
    return 0;
}

static void memory_link_close(fd_link *link)
{
    free(link);
}

static bool matches(const fd_scan_spec *spec, const fd_cell *cells, const fd_cell *keys)
{
    for (size_t k = 0; k < spec->key_count; k++)
        if (!fd_cell_equal(&cells[spec->keys[k]], &keys[k]))
            return false;
    return true;
}

static bool seen_before(const fd_scan_spec *spec, const memory_rows *rows, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        bool same = true;

        for (size_t c = 0; same && c < spec->width; c++)
            same = fd_cell_equal(&rows->items[i][c], &rows->items[j][c]);
        if (same)
            return true;
    }
    return false;
}

static int memory_scan(fd_link *link, fd_scan scan, const fd_cell *keys, fd_scan_row row,
                       void *payload)
{
    memory_store *m = of(link->backend);
    const fd_scan_spec *spec = &fd_store__scans[scan];
    const memory_rows *rows = &m->rows[spec->rel];
    int err = 0;

    pthread_rwlock_rdlock(&m->lock);
    for (size_t i = 0; err == 0 && i < rows->count; i++)
        if (matches(spec, rows->items[i], keys) && !(spec->distinct && seen_before(spec, rows, i)))
            err = row(payload, rows->items[i]);
    pthread_rwlock_unlock(&m->lock);
    return err < 0 ? err : 0;
}

static int memory_audit_scan(fd_link *link, int64_t first, fd_audit_row row, void *payload)
{
    memory_store *m = of(link->backend);
    int err = 0;

    pthread_rwlock_rdlock(&m->lock);
    for (size_t i = first > 1 ? (size_t)(first - 1) : 0; err == 0 && i < m->audit.count; i++)
        err = row(payload, &m->audit.items[i]);
    pthread_rwlock_unlock(&m->lock);
    return err < 0 ? err : 0;
}

static int memory_audit_last(fd_link *link, int64_t *id)
{
    memory_store *m = of(link->backend);

    pthread_rwlock_rdlock(&m->lock);
    *id = (int64_t)m->audit.count;
    pthread_rwlock_unlock(&m->lock);
    return 0;
}

static int memory_batch_create(fd_backend *backend, const fd_batch_info *info, int64_t *batch)
{
    memory_store *m = of(backend);
    fd_cell cells[FD_REL_WIDTH_MAX];

    pthread_rwlock_wrlock(&m->lock);
    *batch = ++m->next_batch;
    cells[FD_BATCH_ID] = fd_cell_int(*batch);
    cells[FD_BATCH_SNAPSHOT] = fd_cell_null();
    cells[FD_BATCH_TIME] = fd_cell_text(info->timestamp ? info->timestamp : "");
    cells[FD_BATCH_VERB] = fd_cell_text(info->verb);
    cells[FD_BATCH_ACTOR] = fd_cell_text(info->actor);
    cells[FD_BATCH_NOTE] = fd_cell_text(info->note);
    add_row(m, FD_REL_BATCH, cells);
    pthread_rwlock_unlock(&m->lock);
    return 0;
}

/* A row of the same batch for the same subject and day is replaced, as the key of the file's table
 * does. */
static bool replace_attribute(memory_store *m, const fd_cell *cells)
{
    memory_rows *rows = &m->rows[FD_REL_ATTRIBUTE];

    /* Only the newest rows can belong to a batch that is still open; a short look back is enough to
     * keep the array small, and readers let the later row win anyway. */
    for (size_t back = 1; back <= 64 && back <= rows->count; back++) {
        fd_cell *old = rows->items[rows->count - back];
        bool same = true;

        for (size_t c = 0; same && c < FD_ATTR_VALUE; c++)
            same = fd_cell_equal(&old[c], &cells[c]);
        if (!same)
            continue;
        if (old[FD_ATTR_VALUE].type == FD_CELL_TEXT)
            free((void *)(uintptr_t)old[FD_ATTR_VALUE].as.text);
        old[FD_ATTR_VALUE] = copy_cell(&cells[FD_ATTR_VALUE]);
        return true;
    }
    return false;
}

static int memory_write(fd_backend *backend, const fd_row *rows, size_t count, size_t *done)
{
    memory_store *m = of(backend);

    pthread_rwlock_wrlock(&m->lock);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].rel != FD_REL_ATTRIBUTE || !replace_attribute(m, rows[i].cells))
            add_row(m, rows[i].rel, rows[i].cells);
        m->stats.bytes += rows[i].bytes;
    }
    m->stats.transactions++;
    pthread_rwlock_unlock(&m->lock);
    *done = count;
    return 0;
}

static bool is_published(const memory_store *m, int64_t batch)
{
    const memory_rows *batches = &m->rows[FD_REL_BATCH];

    for (size_t i = 0; i < batches->count; i++)
        if (batches->items[i][FD_BATCH_ID].as.integer == batch)
            return batches->items[i][FD_BATCH_SNAPSHOT].type == FD_CELL_INT;
    return false;
}

/* Does the batch hold a file that another one has published since? */
static bool came_twice(const memory_store *m, int64_t batch)
{
    const memory_rows *sources = &m->rows[FD_REL_SOURCE];

    for (size_t i = 0; i < sources->count; i++) {
        const fd_cell *mine = sources->items[i];

        if (FD_SEQ_BATCH(mine[FD_SRC_SEQ].as.integer) != batch ||
            !fd_cell_text_or(&mine[FD_SRC_DIGEST], "")[0])
            continue;
        for (size_t k = 0; k < sources->count; k++) {
            const fd_cell *other = sources->items[k];
            const int64_t owner = FD_SEQ_BATCH(other[FD_SRC_SEQ].as.integer);

            if (owner != batch && fd_cell_equal(&mine[FD_SRC_DIGEST], &other[FD_SRC_DIGEST]) &&
                fd_cell_equal(&mine[FD_SRC_FORM], &other[FD_SRC_FORM]) && is_published(m, owner))
                return true;
        }
    }
    return false;
}

static void append_lines(memory_store *m, fd_audit_line *lines, size_t count)
{
    static const char zeros[65] =
        "0000000000000000000000000000000000000000000000000000000000000000";

    for (size_t i = 0; i < count; i++) {
        const size_t n = m->audit.count;
        fd_audit_line copy;

        lines[i].id = (int64_t)n + 1;
        fd_audit__chain(&lines[i], n > 0 ? m->audit.items[n - 1].hash : zeros);
        copy = lines[i];
        copy.time = fd_strdup(lines[i].time);
        copy.actor = fd_strdup(lines[i].actor);
        copy.verb = fd_strdup(lines[i].verb);
        copy.object = fd_strdup(lines[i].object);
        copy.detail = fd_strdup(lines[i].detail);
        fd_vec_push(&m->audit, copy);
    }
}

static int memory_batch_publish(fd_backend *backend, int64_t batch, const char *time,
                                int64_t *snapshot, fd_audit_line *line)
{
    memory_store *m = of(backend);
    memory_rows *batches = &m->rows[FD_REL_BATCH];
    int err = fd_error_set(FD_ENOTFOUND, "没有编号为 %lld 的批次", "there is no batch %lld",
                           (long long)batch);

    pthread_rwlock_wrlock(&m->lock);
    if (came_twice(m, batch)) {
        pthread_rwlock_unlock(&m->lock);
        return fd_error_set(FD_EEXISTS, "另一次导入同时收了同一个文件",
                            "another import has taken the same file meanwhile");
    }
    for (size_t i = 0; err < 0 && i < batches->count; i++) {
        fd_cell *cells = batches->items[i];
        const fd_cell text = fd_cell_text(time);

        if (cells[FD_BATCH_ID].as.integer != batch)
            continue;
        *snapshot = ++m->newest;
        cells[FD_BATCH_SNAPSHOT] = fd_cell_int(*snapshot);
        free((void *)(uintptr_t)cells[FD_BATCH_TIME].as.text);
        cells[FD_BATCH_TIME] = copy_cell(&text);
        err = 0;
    }
    if (err == 0 && line)
        append_lines(m, line, 1);
    pthread_rwlock_unlock(&m->lock);
    return err;
}

static int memory_batch_drop(fd_backend *backend, int64_t batch)
{
    memory_store *m = of(backend);

    pthread_rwlock_wrlock(&m->lock);
    for (int rel = 0; rel < FD_REL_COUNT; rel++) {
        memory_rows *rows = &m->rows[rel];
        size_t kept = 0;

        for (size_t i = 0; i < rows->count; i++) {
            if (fd_store__row_batch((fd_rel)rel, rows->items[i]) == batch)
                free_cells(rows->items[i], fd_store__relations[rel].width);
            else
                rows->items[kept++] = rows->items[i];
        }
        rows->count = kept;
    }
    pthread_rwlock_unlock(&m->lock);
    return 0;
}

static int memory_reserve(fd_backend *backend, const char *counter, int32_t n, int32_t *first)
{
    memory_store *m = of(backend);
    int32_t *next = strcmp(counter, "subject") == 0 ? &m->next_subject : &m->next_source;

    pthread_rwlock_wrlock(&m->lock);
    *first = *next;
    *next += n;
    pthread_rwlock_unlock(&m->lock);
    return 0;
}

static int memory_audit_append(fd_backend *backend, fd_audit_line *lines, size_t count)
{
    memory_store *m = of(backend);

    pthread_rwlock_wrlock(&m->lock);
    append_lines(m, lines, count);
    pthread_rwlock_unlock(&m->lock);
    return 0;
}

static void memory_stats(fd_backend *backend, fd_write_stats *out)
{
    memory_store *m = of(backend);

    pthread_rwlock_rdlock(&m->lock);
    *out = m->stats;
    pthread_rwlock_unlock(&m->lock);
}

static const fd_backend_ops memory_ops = {
    .close = memory_close,
    .link_open = memory_link_open,
    .link_close = memory_link_close,
    .scan = memory_scan,
    .audit_scan = memory_audit_scan,
    .audit_last = memory_audit_last,
    .batch_create = memory_batch_create,
    .write = memory_write,
    .batch_publish = memory_batch_publish,
    .batch_drop = memory_batch_drop,
    .reserve = memory_reserve,
    .audit_append = memory_audit_append,
    .stats = memory_stats,
};

/* What a city file is born with: its schema and the time. */
static void add_birth(memory_store *m)
{
    char now[32];
    const char *const pairs[][2] = { { "schema", "1" }, { "created", now } };

    fd_store__now(now);
    for (uint32_t i = 0; i < 2; i++) {
        const fd_cell cells[] = { fd_cell_int(FD_SEQ(FD_BATCH_BIRTH, i + 1)),
                                  fd_cell_text(pairs[i][0]), fd_cell_text(pairs[i][1]) };

        add_row(m, FD_REL_META, cells);
    }
}

int fd_store_open_memory(fd_store **out)
{
    memory_store *m = fd_alloc(sizeof *m);

    m->backend.ops = &memory_ops;
    pthread_rwlock_init(&m->lock, NULL);
    m->next_subject = m->next_source = 1;
    add_birth(m);
    return fd_store__new(out, &m->backend, NULL);
}
