/*
 * Opening a reader, frames, dated attributes. Columns are in reader_column.c.
 */
#include "store/reader.h"

#include <limits.h>
#include <string.h>

#include "base/bits.h"

enum { COLUMN_CACHE = 256 << 20, PLACE_CACHE = 64 << 20 };

static const fd_source_ops source_ops = {
    .frame = fd_reader__op_frame,
    .column = fd_reader__op_column,
    .attribute = fd_reader__op_attribute,
    .origin = fd_reader__op_origin,
    .periods = fd_reader__op_periods,
    .marks = fd_reader__op_marks,
    .records = fd_reader__op_records,
};

static void release_column(void *thing)
{
    fd_column_unref(thing);
}

static void release_placement(void *thing)
{
    fd_placement *place = thing;

    free(place->rows);
    free(place->ids);
    free(place);
}

typedef struct batch_loader {
    fd_reader *reader;
    int64_t as_of, newest;
} batch_loader;

static int load_batch(void *payload, const fd_cell *cells)
{
    batch_loader *loader = payload;
    fd_reader *r = loader->reader;
    const int64_t id = cells[FD_BATCH_ID].as.integer;
    const int64_t snapshot = cells[FD_BATCH_SNAPSHOT].as.integer;

    if (cells[FD_BATCH_SNAPSHOT].type != FD_CELL_INT)
        return 0;
    if (snapshot > loader->newest)
        loader->newest = snapshot;
    if (loader->as_of > 0 && snapshot > loader->as_of)
        return 0;
    if (id < 1 || id > INT_MAX)
        return fd_error_set(FD_EFORMAT, "批次编号 %lld 超出范围",
                            "batch number %lld is out of range", (long long)id);
    if ((size_t)id >= r->batch_count) {
        const size_t count = (size_t)id * 2 + 16;

        r->snapshot_of = fd_realloc_array(r->snapshot_of, count, sizeof *r->snapshot_of);
        memset(r->snapshot_of + r->batch_count, 0,
               (count - r->batch_count) * sizeof *r->snapshot_of);
        r->batch_count = count;
    }
    r->snapshot_of[id] = snapshot;
    return 0;
}

int fd_reader_open(fd_reader **out, fd_store *store, int64_t as_of)
{
    fd_reader *r = fd_alloc(sizeof *r);
    batch_loader loader = { r, as_of, 0 };
    int err = 0;

    *out = NULL;
    r->source.ops = &source_ops;
    r->store = store;
    r->ops = fd_store__backend(store)->ops;
    r->arena = fd_arena_new();
    r->texts = fd_map_new();
    r->frames = fd_map_new();
    r->items = fd_map_new();
    r->changes = fd_map_new();
    r->columns = fd_lru_new(COLUMN_CACHE, release_column);
    r->places = fd_lru_new(PLACE_CACHE, release_placement);
    if (as_of < 0) {
        err = fd_error_set(FD_EINVAL, "快照编号 %lld 为负", "snapshot number %lld is negative",
                           (long long)as_of);
        goto done;
    }
    if ((err = r->ops->link_open(&r->link, fd_store__backend(store))) < 0 ||
        (err = r->ops->scan(r->link, FD_SCAN_BATCHES, NULL, load_batch, &loader)) < 0)
        goto done;
    if (as_of > loader.newest) {
        fd_error_set(FD_ENOTFOUND, "没有快照 %lld,最新的是 %lld",
                     "there is no snapshot %lld; the newest is %lld", (long long)as_of,
                     (long long)loader.newest);
        err = FD_ENOTFOUND;
        goto done;
    }
    r->snapshot = as_of > 0 ? as_of : loader.newest;
done:
    if (err < 0)
        fd_reader_close(r);
    else
        *out = r;
    return err;
}

void fd_reader_close(fd_reader *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < fd_map_count(r->frames); i++) {
        fd_frame_index *index = (fd_frame_index *)(uintptr_t)fd_map_value(r->frames, i);

        fd_arena_free(index->arena);
    }
    for (size_t i = 0; i < fd_map_count(r->items); i++) {
        fd_item_heads *item = (fd_item_heads *)(uintptr_t)fd_map_value(r->items, i);

        fd_vec_dispose(&item->heads);
        fd_vec_dispose(&item->corrections);
        fd_vec_dispose(&item->periods);
    }
    fd_lru_free(r->columns);
    fd_lru_free(r->places);
    fd_map_free(r->texts);
    fd_map_free(r->frames);
    fd_map_free(r->items);
    fd_map_free(r->changes);
    fd_vec_dispose(&r->sources);
    fd_vec_dispose(&r->scratch);
    fd_buf_dispose(&r->written);
    free(r->snapshot_of);
    fd_arena_free(r->arena);
    if (r->link)
        r->ops->link_close(r->link);
    free(r);
}

int64_t fd_reader_snapshot(const fd_reader *reader)
{
    return reader->snapshot;
}

fd_source *fd_reader_source(fd_reader *reader)
{
    return &reader->source;
}

int64_t fd_reader__snapshot_of(const fd_reader *reader, int64_t batch)
{
    if (batch == FD_BATCH_BIRTH)
        return 0;
    if (batch < 0 || (size_t)batch >= reader->batch_count || reader->snapshot_of[batch] == 0)
        return -1;
    return reader->snapshot_of[batch];
}

const char *fd_reader__text(fd_reader *reader, const char *text)
{
    const fd_view key = fd_view_of(text);
    uint64_t value;
    char *copy;

    if (!text)
        return NULL;
    if (fd_map_get(reader->texts, key, &value))
        return (const char *)(uintptr_t)value;
    copy = fd_arena_strndup(reader->arena, key.ptr, key.len);
    fd_map_set(reader->texts, key, (uint64_t)(uintptr_t)copy);
    return copy;
}

int64_t *fd_reader__scratch(fd_reader *reader, size_t n)
{
    fd_vec_reserve(&reader->scratch, n);
    return reader->scratch.items;
}

typedef struct meta_loader {
    fd_reader *reader;
    int64_t snapshot, seq;
    char *value;
} meta_loader;

static int load_meta(void *payload, const fd_cell *cells)
{
    meta_loader *loader = payload;
    const int64_t seq = cells[FD_META_SEQ].as.integer;
    const int64_t snapshot = fd_reader__snapshot_of(loader->reader, FD_SEQ_BATCH(seq));

    if (snapshot < loader->snapshot || (snapshot == loader->snapshot && seq < loader->seq))
        return 0;
    loader->snapshot = snapshot;
    loader->seq = seq;
    free(loader->value);
    loader->value =
        cells[FD_META_VALUE].type == FD_CELL_TEXT ? fd_strdup(cells[FD_META_VALUE].as.text) : NULL;
    return 0;
}

/** The newest visible value of a setting; *value is the caller's, NULL when it was never set. */
int fd_reader__meta(fd_reader *reader, const char *key, char **value)
{
    meta_loader loader = { reader, 0, -1, NULL };
    const fd_cell cell = fd_cell_text(key);
    const int err = reader->ops->scan(reader->link, FD_SCAN_META, &cell, load_meta, &loader);

    if (err < 0)
        free(loader.value);
    *value = err < 0 ? NULL : loader.value;
    return err;
}

/* ---- frames -----------------------------------------------------------------------------------
 */

typedef struct subject_row {
    const char *code;
    int64_t snapshot;
    int32_t id;
} subject_row;

typedef struct frame_loader {
    fd_reader *reader;
    fd_arena *arena;
    fd_vec(subject_row) rows;
    bool sorted; /* so far by code */
} frame_loader;

static int load_subject(void *payload, const fd_cell *cells)
{
    frame_loader *loader = payload;
    const int64_t snapshot =
        fd_reader__snapshot_of(loader->reader, cells[FD_SUBJECT_BATCH].as.integer);
    const fd_cell *code = &cells[FD_SUBJECT_CODE];
    subject_row row;

    if (snapshot < 0)
        return 0;
    if (code->type != FD_CELL_TEXT || cells[FD_SUBJECT_ID].as.integer < 1 ||
        cells[FD_SUBJECT_ID].as.integer > INT32_MAX)
        return fd_error_set(FD_EFORMAT, "主体表有一行已损坏",
                            "a row of the table of subjects is damaged");
    row.code = fd_arena_strndup(loader->arena, code->as.text, code->length);
    row.snapshot = snapshot;
    row.id = (int32_t)cells[FD_SUBJECT_ID].as.integer;
    if (loader->rows.count > 0 &&
        strcmp(loader->rows.items[loader->rows.count - 1].code, row.code) > 0)
        loader->sorted = false;
    fd_vec_push(&loader->rows, row);
    return 0;
}

static int by_code(const void *a, const void *b)
{
    const subject_row *x = a, *y = b;

    return strcmp(x->code, y->code);
}

static int by_id(const void *a, const void *b)
{
    const subject_row *x = a, *y = b;

    return x->id < y->id ? -1 : x->id > y->id;
}

/* Rows by ascending id. Ids are handed out in runs, so a table of the range is nearly always the
 * quick way. */
static void sort_by_id(subject_row *rows, size_t n)
{
    int32_t low = INT32_MAX, high = 0;
    subject_row *table;
    size_t range, kept = 0;

    for (size_t i = 0; i < n; i++) {
        low = rows[i].id < low ? rows[i].id : low;
        high = rows[i].id > high ? rows[i].id : high;
    }
    range = n ? (size_t)(high - low) + 1 : 0;
    if (range > 2 * n + 1024) {
        qsort(rows, n, sizeof *rows, by_id);
        return;
    }
    table = fd_alloc(range * sizeof *table + 1);
    for (size_t i = 0; i < n; i++)
        table[rows[i].id - low] = rows[i];
    for (size_t i = 0; i < range; i++)
        if (table[i].code)
            rows[kept++] = table[i];
    free(table);
}

/* Two batches that ran side by side may both have created a code. The earlier snapshot's id is the
 * subject; the other becomes an alias. rows: sorted by code; the canonical ones are moved to the
 * front. @return how many those are */
static size_t resolve_aliases(fd_frame_index *index, subject_row *rows, size_t n)
{
    fd_vec(subject_row) aliases = { 0 }; /* .snapshot holds the target here */
    size_t kept = 0;

    for (size_t i = 0, end; i < n; i = end) {
        size_t best = i;

        for (end = i + 1; end < n && strcmp(rows[end].code, rows[i].code) == 0; end++)
            if (rows[end].snapshot < rows[best].snapshot ||
                (rows[end].snapshot == rows[best].snapshot && rows[end].id < rows[best].id))
                best = end;
        for (size_t j = i; j < end; j++) {
            subject_row alias = rows[j];

            if (j == best || rows[j].id == rows[best].id)
                continue;
            alias.snapshot = rows[best].id;
            fd_vec_push(&aliases, alias);
        }
        rows[kept++] = rows[best];
    }
    if (aliases.count > 0) {
        qsort(aliases.items, aliases.count, sizeof *aliases.items, by_id);
        index->alias_count = aliases.count;
        index->alias_ids = fd_arena_alloc(index->arena, aliases.count * sizeof *index->alias_ids);
        index->alias_targets =
            fd_arena_alloc(index->arena, aliases.count * sizeof *index->alias_targets);
        for (size_t i = 0; i < aliases.count; i++) {
            index->alias_ids[i] = aliases.items[i].id;
            index->alias_targets[i] = (int32_t)aliases.items[i].snapshot;
        }
    }
    fd_vec_dispose(&aliases);
    return kept;
}

static bool find_exact(const fd_frame *frame, int32_t id, size_t *row)
{
    *row = fd_frame_position(frame, id);
    return *row != SIZE_MAX;
}

bool fd_reader__find_subject(const fd_frame_index *index, int32_t id, size_t *row)
{
    size_t low = 0, high = index->alias_count;

    if (find_exact(&index->frame, id, row))
        return true;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (index->alias_ids[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < index->alias_count && index->alias_ids[low] == id &&
           find_exact(&index->frame, index->alias_targets[low], row);
}

/* ---- dated attributes ---------------------------------------------------------------------------
 */

/* Every day on which some subject's value of an attribute begins, ascending. Between two of them
 * the attribute's column is the same, so one cached column answers for all days between. */
typedef struct fd_attribute_changes {
    fd_date *days; /* in the reader's arena */
    size_t count;
} fd_attribute_changes;

/* The winning value of each subject: the latest `since` not after the date; of equal ones the
 * latest snapshot. */
typedef struct attribute_loader {
    fd_reader *reader;
    const fd_frame_index *index;
    fd_date date;
    int32_t *since;    /* of the winner so far, by row of the frame */
    int64_t *snapshot; /* of the winner so far; -1 none */
    fd_arena *arena;   /* where values are kept when texts is NULL */
    fd_map *texts;     /* else: each different value once */
    const char **value;
    uint32_t *number;     /* index into texts + 1; 0 = ended */
    fd_vec(fd_date) days; /* every `since` seen, when `all_days` */
    bool all_days;
} attribute_loader;

static int load_attribute(void *payload, const fd_cell *cells)
{
    attribute_loader *loader = payload;
    const int64_t snapshot =
        fd_reader__snapshot_of(loader->reader, cells[FD_ATTR_BATCH].as.integer);
    const int64_t since = cells[FD_ATTR_SINCE].as.integer;
    const fd_cell *value = &cells[FD_ATTR_VALUE];
    const bool ended = value->type != FD_CELL_TEXT;
    size_t row;

    if (snapshot >= 0 && loader->all_days &&
        (!loader->days.count || loader->days.items[loader->days.count - 1] != since))
        fd_vec_push(&loader->days, (fd_date)since);
    if (snapshot < 0 || since > loader->date ||
        !fd_reader__find_subject(loader->index, (int32_t)cells[FD_ATTR_SUBJECT].as.integer, &row))
        return 0;
    if (loader->snapshot[row] >= 0 &&
        (since < loader->since[row] ||
         (since == loader->since[row] && snapshot < loader->snapshot[row])))
        return 0;
    loader->since[row] = (int32_t)since;
    loader->snapshot[row] = snapshot;
    if (loader->texts) {
        const fd_view text = { value->as.text, value->length };

        loader->number[row] =
            ended ? 0
                  : (uint32_t)fd_map_intern(loader->texts, text, fd_map_count(loader->texts)) + 1;
    } else {
        loader->value[row] =
            ended ? NULL : fd_arena_strndup(loader->arena, value->as.text, value->length);
    }
    return 0;
}

static int run_attribute(attribute_loader *loader, const char *attribute)
{
    const size_t n = loader->index->frame.n;
    const fd_cell key = fd_cell_text(attribute);
    int err;

    loader->since = fd_alloc(n * sizeof *loader->since + 1);
    loader->snapshot = fd_alloc(n * sizeof *loader->snapshot + 1);
    for (size_t i = 0; i < n; i++)
        loader->snapshot[i] = -1;
    err = loader->reader->ops->scan(loader->reader->link, FD_SCAN_ATTRIBUTE, &key, load_attribute,
                                    loader);
    free(loader->since);
    free(loader->snapshot);
    return err;
}

static int load_names(fd_reader *reader, fd_frame_index *index)
{
    const size_t n = index->frame.n;
    attribute_loader loader = {
        .reader = reader, .index = index, .date = FD_DATE_MAX, .arena = index->arena
    };
    int err;

    loader.value = fd_arena_alloc(index->arena, n * sizeof *loader.value);
    err = run_attribute(&loader, "name");
    for (size_t i = 0; i < n; i++)
        if (!loader.value[i])
            loader.value[i] = "";
    index->frame.names = loader.value;
    return err;
}

int fd_reader__frame(fd_reader *reader, const char *kind, const fd_frame_index **out)
{
    frame_loader loader = { .reader = reader, .sorted = true };
    fd_frame_index *index;
    const fd_cell key = fd_cell_text(kind);
    const char **codes;
    int32_t *ids;
    uint64_t known;
    size_t n;
    int err;

    if (fd_map_get(reader->frames, fd_view_of(kind), &known)) {
        *out = (const fd_frame_index *)(uintptr_t)known;
        return 0;
    }
    index = fd_arena_alloc(reader->arena, sizeof *index);
    index->arena = loader.arena = fd_arena_new();
    if ((err = reader->ops->scan(reader->link, FD_SCAN_SUBJECT_KIND, &key, load_subject, &loader)) <
        0)
        goto done;
    if (!loader.sorted)
        qsort(loader.rows.items, loader.rows.count, sizeof *loader.rows.items, by_code);
    n = resolve_aliases(index, loader.rows.items, loader.rows.count);
    sort_by_id(loader.rows.items, n);
    ids = fd_arena_alloc(index->arena, n * sizeof *ids);
    codes = fd_arena_alloc(index->arena, n * sizeof *codes);
    for (size_t i = 0; i < n; i++) {
        ids[i] = loader.rows.items[i].id;
        codes[i] = loader.rows.items[i].code;
    }
    index->frame = (fd_frame){ fd_reader__text(reader, kind), n, ids, codes, NULL };
    if ((err = load_names(reader, index)) < 0)
        goto done;
    fd_map_set(reader->frames, fd_view_of(kind), (uint64_t)(uintptr_t)index);
    *out = index;
done:
    fd_vec_dispose(&loader.rows);
    if (err < 0)
        fd_arena_free(index->arena);
    return err;
}

int fd_reader__op_frame(fd_source *source, const char *kind, const fd_frame **out)
{
    const fd_frame_index *index;
    int err;

    if ((err = fd_reader__frame((fd_reader *)source, kind, &index)) < 0)
        return err;
    *out = &index->frame;
    return 0;
}

static int compare_days(const void *a, const void *b)
{
    const fd_date x = *(const fd_date *)a, y = *(const fd_date *)b;

    return (x > y) - (x < y);
}

/* Keep the days that a load has seen, sorted and once each. */
static void keep_changes(fd_reader *reader, attribute_loader *loader, const char *attribute)
{
    fd_attribute_changes *changes = fd_arena_alloc(reader->arena, sizeof *changes);

    if (loader->days.count)
        qsort(loader->days.items, loader->days.count, sizeof *loader->days.items, compare_days);
    changes->days = fd_arena_alloc(reader->arena, loader->days.count * sizeof(fd_date) + 1);
    changes->count = 0;
    for (size_t i = 0; i < loader->days.count; i++)
        if (i == 0 || loader->days.items[i] != loader->days.items[i - 1])
            changes->days[changes->count++] = loader->days.items[i];
    fd_map_set(reader->changes, fd_view_of(attribute), (uint64_t)(uintptr_t)changes);
}

/* The last day of change that is not after `date`; FD_DATE_NONE before the first, and `date` itself
 * while the days are not known. */
static fd_date last_change(const fd_reader *reader, const char *attribute, fd_date date,
                           bool *known)
{
    const fd_attribute_changes *changes;
    size_t low = 0, high;
    uint64_t found;

    *known = fd_map_get(reader->changes, fd_view_of(attribute), &found);
    if (!*known)
        return date;
    changes = (const fd_attribute_changes *)(uintptr_t)found;
    for (high = changes->count; low < high;) {
        const size_t mid = low + (high - low) / 2;

        if (changes->days[mid] <= date)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? changes->days[low - 1] : FD_DATE_NONE;
}

int fd_reader__op_attribute(fd_source *source, const char *kind, const char *attribute,
                            fd_date date, fd_column **out)
{
    fd_reader *reader = (fd_reader *)source;
    const fd_frame_index *index;
    struct {
        const char *tag, *kind, *attribute;
        int64_t date;
    } key = { "attribute", fd_reader__text(reader, kind), fd_reader__text(reader, attribute), 0 };
    attribute_loader loader = { .reader = reader, .date = date };
    fd_column *column = NULL;
    uint32_t *numbers = NULL; /* index in loader.texts → in the column's dictionary, + 1 */
    bool known;
    int err;

    key.date = last_change(reader, attribute, date, &known);
    loader.all_days = !known;
    if (known)
        column = fd_lru_get(reader->columns, &key, sizeof key);

    if (column) {
        *out = fd_column_ref(column);
        return 0;
    }
    if ((err = fd_reader__frame(reader, kind, &index)) < 0)
        return err;
    loader.index = index;
    loader.texts = fd_map_new();
    loader.number = fd_alloc(index->frame.n * sizeof *loader.number + 1);
    if ((err = run_attribute(&loader, attribute)) < 0)
        goto done;
    column = fd_column_new(attribute, FD_TEXT, "", 0, index->frame.n);
    if (!column->dict)
        column->dict = fd_dict_new();
    numbers = fd_alloc(fd_map_count(loader.texts) * sizeof *numbers + 1);
    for (size_t i = 0; i < index->frame.n; i++) {
        const uint32_t number = loader.number[i];

        if (number == 0)
            continue;
        if (numbers[number - 1] == 0) { /* only values that win somewhere enter the dictionary */
            const fd_view text = fd_map_key(loader.texts, number - 1);

            numbers[number - 1] = fd_dict_add(column->dict, text.ptr, text.len) + 1;
        }
        column->v.text[i] = numbers[number - 1] - 1;
        fd_bits_set(column->has, i);
    }
    if (loader.all_days) {
        keep_changes(reader, &loader, attribute);
        key.date = last_change(reader, attribute, date, &known);
    }
    fd_lru_put(reader->columns, &key, sizeof key, fd_column_ref(column), index->frame.n * 5 + 512);
    *out = column;
done:
    fd_vec_dispose(&loader.days);
    fd_map_free(loader.texts);
    free(loader.number);
    free(numbers);
    return err;
}
