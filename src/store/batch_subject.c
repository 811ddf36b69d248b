/*
 * Finding and creating subjects: a hash of code → id per kind.
 *
 * The first few codes of a kind are looked up one by one; after that all codes of the kind are read
 * once.  Ids come in blocks that double, so that a million new enterprises cost twenty small
 * transactions.  A code that another open batch creates at the same time is created here too: the
 * reader lets the earlier snapshot's id stand and takes the other for an alias of it.
 */
#include <assert.h>
#include <string.h>

#include "store/batch.h"

enum { SINGLE_LOOKUPS = 1024, ID_STEP_MAX = 65536, NEW = -1 };

typedef struct subject_entry {
    size_t code; /* offset into texts */
    uint64_t name_hash;
    int32_t id;
    int32_t snapshot; /* when it was first published; NEW */
    bool named;       /* name_hash is known */
} subject_entry;

typedef struct fd_subject_set {
    const char *kind;
    fd_vec(subject_entry) entries;
    fd_buf texts;
    uint32_t *slots; /* entry + 1, open addressing */
    size_t slot_count, lookups, new_count;
    bool loaded;
} fd_subject_set;

static fd_subject_set *set_of(const fd_batch *b, size_t i)
{
    return (fd_subject_set *)(uintptr_t)fd_map_value(b->subjects, i);
}

static fd_subject_set *find_set(fd_batch *b, const char *kind)
{
    uint64_t known;
    fd_subject_set *set;

    if (fd_map_get(b->subjects, fd_view_of(kind), &known))
        return (fd_subject_set *)(uintptr_t)known;
    set = fd_alloc(sizeof *set);
    set->kind = fd_arena_strdup(b->arena, kind);
    set->slot_count = 256;
    set->slots = fd_alloc(set->slot_count * sizeof *set->slots);
    fd_map_set(b->subjects, fd_view_of(kind), (uint64_t)(uintptr_t)set);
    return set;
}

void fd_batch__free_subjects(fd_batch *b)
{
    for (size_t i = 0; i < fd_map_count(b->subjects); i++) {
        fd_subject_set *set = set_of(b, i);

        fd_vec_dispose(&set->entries);
        fd_buf_dispose(&set->texts);
        free(set->slots);
        free(set);
    }
}

bool fd_batch__has_new_subjects(const fd_batch *b)
{
    for (size_t i = 0; i < fd_map_count(b->subjects); i++)
        if (set_of(b, i)->new_count > 0)
            return true;
    return false;
}

static const char *code_of(const fd_subject_set *set, const subject_entry *e)
{
    assert(e);
    return set->texts.ptr + e->code;
}

/* The slot that holds the code, or the empty one where it belongs. */
static uint32_t *slot_for(fd_subject_set *set, const char *code, size_t length)
{
    size_t i = (size_t)fd_hash_bytes(code, length) & (set->slot_count - 1);

    while (set->slots[i] != 0 &&
           strcmp(code_of(set, &set->entries.items[set->slots[i] - 1]), code) != 0)
        i = (i + 1) & (set->slot_count - 1);
    return &set->slots[i];
}

static subject_entry *find_entry(fd_subject_set *set, const char *code)
{
    const uint32_t slot = *slot_for(set, code, strlen(code));

    return slot ? &set->entries.items[slot - 1] : NULL;
}

static subject_entry *add_entry(fd_subject_set *set, const char *code, int32_t id, int32_t snapshot)
{
    subject_entry e = { set->texts.len, 0, id, snapshot, false };
    const size_t length = strlen(code);

    if ((set->entries.count + 1) * 2 > set->slot_count) {
        free(set->slots);
        set->slot_count *= 2;
        set->slots = fd_alloc(set->slot_count * sizeof *set->slots);
        for (size_t i = 0; i < set->entries.count; i++) {
            const char *old = code_of(set, &set->entries.items[i]);

            *slot_for(set, old, strlen(old)) = (uint32_t)i + 1;
        }
    }
    *slot_for(set, code, length) = (uint32_t)set->entries.count + 1;
    fd_buf_put(&set->texts, code, length + 1);
    fd_vec_push(&set->entries, e);
    return &set->entries.items[set->entries.count - 1];
}

/* ---- what is published -------------------------------------------------------------------------
 */

typedef struct subject_loader {
    const fd_reader *reader;
    fd_subject_set *set;
} subject_loader;

static int load_subject(void *payload, const fd_cell *cells)
{
    subject_loader *loader = payload;
    const int64_t snapshot =
        fd_reader__snapshot_of(loader->reader, cells[FD_SUBJECT_BATCH].as.integer);
    const char *code = fd_cell_text_or(&cells[FD_SUBJECT_CODE], "");
    const int32_t id = (int32_t)cells[FD_SUBJECT_ID].as.integer;
    subject_entry *e;

    if (snapshot < 0)
        return 0;
    e = find_entry(loader->set, code);
    if (!e) {
        add_entry(loader->set, code, id, (int32_t)snapshot);
    } else if (e->snapshot != NEW &&
               (snapshot < e->snapshot || (snapshot == e->snapshot && id < e->id))) {
        e->id = id;
        e->snapshot = (int32_t)snapshot;
    }
    return 0;
}

/* The name that a subject has now: the latest `since`, of equal ones the latest snapshot. */
typedef struct name_loader {
    const fd_reader *reader;
    fd_subject_set *set;
    uint32_t *by_id; /* entries in order of id, or NULL when `only` is asked for */
    subject_entry *only;
    int32_t *since;
    int64_t *snapshot; /* -1 none */
} name_loader;

static int load_name(void *payload, const fd_cell *cells)
{
    name_loader *loader = payload;
    const int64_t snapshot =
        fd_reader__snapshot_of(loader->reader, cells[FD_ATTR_BATCH].as.integer);
    const int64_t id = cells[FD_ATTR_SUBJECT].as.integer, since = cells[FD_ATTR_SINCE].as.integer;
    const fd_cell *value = &cells[FD_ATTR_VALUE];
    subject_entry *e = loader->only;
    size_t low = 0, high = loader->set->entries.count;

    if (snapshot < 0)
        return 0;
    if (!e) {
        while (low < high) {
            const size_t mid = low + (high - low) / 2;

            if (loader->set->entries.items[loader->by_id[mid]].id < id)
                low = mid + 1;
            else
                high = mid;
        }
        if (low >= loader->set->entries.count)
            return 0;
        e = &loader->set->entries.items[loader->by_id[low]];
        if (e->id != id || e->snapshot == NEW)
            return 0;
    }
    if (loader->snapshot[low] >= 0 &&
        (since < loader->since[low] ||
         (since == loader->since[low] && snapshot < loader->snapshot[low])))
        return 0;
    loader->since[low] = (int32_t)since;
    loader->snapshot[low] = snapshot;
    e->named = value->type == FD_CELL_TEXT;
    e->name_hash = e->named ? fd_hash_bytes(value->as.text, value->length) : 0;
    return 0;
}

static int compare_ids(const void *a, const void *b, void *payload)
{
    const subject_entry *entries = payload;
    const int32_t x = entries[*(const uint32_t *)a].id, y = entries[*(const uint32_t *)b].id;

    return x < y ? -1 : x > y;
}

static int load_names(fd_batch *b, fd_reader *reader, fd_subject_set *set)
{
    const size_t n = set->entries.count;
    const fd_cell key = fd_cell_text("name");
    name_loader loader = { reader, set, NULL, NULL, NULL, NULL };
    int err;

    loader.by_id = fd_alloc(n * sizeof *loader.by_id + 1);
    loader.since = fd_alloc(n * sizeof *loader.since + 1);
    loader.snapshot = fd_alloc(n * sizeof *loader.snapshot + 1);
    for (size_t i = 0; i < n; i++) {
        loader.by_id[i] = (uint32_t)i;
        loader.snapshot[i] = -1;
    }
    qsort_r(loader.by_id, n, sizeof *loader.by_id, compare_ids, set->entries.items);
    err = n > 0 ? b->ops->scan(reader->link, FD_SCAN_ATTRIBUTE, &key, load_name, &loader) : 0;
    free(loader.by_id);
    free(loader.since);
    free(loader.snapshot);
    return err;
}

/* One subject's name and since when it has it. */
static int load_one_name(fd_batch *b, fd_reader *reader, fd_subject_set *set, subject_entry *e,
                         int32_t *since)
{
    const fd_cell keys[] = { fd_cell_text("name"), fd_cell_int(e->id) };
    int64_t snapshot = -1;
    name_loader loader = { reader, set, NULL, e, since, &snapshot };

    *since = FD_DATE_NONE;
    return b->ops->scan(reader->link, FD_SCAN_ATTRIBUTE_SUBJECT, keys, load_name, &loader);
}

/* Look for a code that the set does not know yet. */
static int look_up(fd_batch *b, fd_subject_set *set, const char *code, subject_entry **out)
{
    const fd_cell keys[] = { fd_cell_text(set->kind), fd_cell_text(code) };
    subject_loader loader = { NULL, set };
    fd_reader *reader;
    int32_t since;
    int err;

    *out = NULL;
    if (set->loaded)
        return 0;
    if ((err = fd_batch__reader(b, &reader)) < 0)
        return err;
    loader.reader = reader;
    if (++set->lookups > SINGLE_LOOKUPS) {
        if ((err = b->ops->scan(reader->link, FD_SCAN_SUBJECT_KIND, keys, load_subject, &loader)) <
                0 ||
            (err = load_names(b, reader, set)) < 0)
            return err;
        set->loaded = true;
        *out = find_entry(set, code);
        return 0;
    }
    if ((err = b->ops->scan(reader->link, FD_SCAN_SUBJECT_CODE, keys, load_subject, &loader)) < 0)
        return err;
    *out = find_entry(set, code);
    return *out ? load_one_name(b, reader, set, *out, &since) : 0;
}

/* ---- creating
 * ------------------------------------------------------------------------------------ */

static int next_id(fd_batch *b, int32_t *id)
{
    int err;

    if (b->next_id == b->end_id) {
        if ((err = b->ops->reserve(b->backend, "subject", b->id_step, &b->next_id)) < 0)
            return err;
        if (b->first_id == 0)
            b->first_id = b->next_id;
        b->end_id = b->next_id + b->id_step;
        if (b->id_step < ID_STEP_MAX)
            b->id_step *= 2;
    }
    *id = b->next_id++;
    return 0;
}

int fd_batch_subject(fd_batch *b, const char *kind, const char *code, const char *name, int32_t *id)
{
    fd_subject_set *set;
    subject_entry *e;
    uint64_t hash;
    int32_t since = FD_DATE_NONE;
    int err;

    *id = 0;
    if (!kind || !kind[0] || !code || !code[0])
        return fd_error_set(FD_EINVAL, "主体缺类别或编码", "a subject lacks its kind or code");
    if ((err = fd_batch__usable(b)) < 0)
        return err;
    set = find_set(b, kind);
    e = find_entry(set, code);
    if (!e && (err = look_up(b, set, code, &e)) < 0)
        return err;
    if (!e) {
        int32_t fresh;

        if (set->entries.count >= INT32_MAX / 2)
            return fd_error_set(FD_ELIMIT, "“%s”主体过多", "too many subjects of kind \"%s\"",
                                kind);
        if ((err = next_id(b, &fresh)) < 0)
            return err;
        e = add_entry(set, code, fresh, NEW);
        set->new_count++;
    }
    *id = e->id;
    if (!name || !name[0])
        return 0;
    hash = fd_hash_bytes(name, strlen(name));
    if (e->named && e->name_hash == hash)
        return 0;
    if (e->named &&
        e->snapshot != NEW) { /* the name that holds now is replaced from when it began */
        subject_entry probe = *e;
        fd_reader *reader;

        if ((err = fd_batch__reader(b, &reader)) < 0 ||
            (err = load_one_name(b, reader, set, &probe, &since)) < 0)
            return err;
    }
    e->named = true;
    e->name_hash = hash;
    return fd_batch_attribute(b, *id, "name", since, name);
}

static int compare_codes(const void *a, const void *b, void *payload)
{
    const fd_subject_set *set = payload;

    return strcmp(code_of(set, &set->entries.items[*(const uint32_t *)a]),
                  code_of(set, &set->entries.items[*(const uint32_t *)b]));
}

static int write_set(fd_batch *b, fd_subject_set *set)
{
    uint32_t *order = fd_alloc(set->new_count * sizeof *order + 1);
    size_t n = 0;
    int err = 0;

    for (size_t i = 0; i < set->entries.count; i++)
        if (set->entries.items[i].snapshot == NEW)
            order[n++] = (uint32_t)i;
    qsort_r(order, n, sizeof *order, compare_codes, set);
    for (size_t i = 0; err == 0 && i < n; i++) {
        const subject_entry *e = &set->entries.items[order[i]];
        fd_cell cells[FD_REL_WIDTH_MAX];

        cells[FD_SUBJECT_KIND] = fd_cell_text(set->kind);
        cells[FD_SUBJECT_CODE] = fd_cell_text(code_of(set, e));
        cells[FD_SUBJECT_BATCH] = fd_cell_int(b->id);
        cells[FD_SUBJECT_ID] = fd_cell_int(e->id);
        err = fd_batch__add(b, FD_REL_SUBJECT, cells, NULL);
    }
    free(order);
    return err;
}

int fd_batch__write_subjects(fd_batch *b)
{
    int64_t seq;
    int err = 0;

    if (!fd_batch__has_new_subjects(b))
        return 0;
    if (b->id == 0 && (err = fd_batch__seq(b, &seq)) < 0)
        return err;
    for (size_t i = 0; err == 0 && i < fd_map_count(b->subjects); i++)
        err = write_set(b, set_of(b, i));
    return err;
}
