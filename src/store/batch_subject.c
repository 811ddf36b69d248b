/*
 * Finding and creating subjects: a dictionary of codes per kind.
 *
 * The first few codes of a kind are looked up one by one; after that all codes of the kind are read
 * once.  Ids come in blocks that double, so that a million new enterprises cost twenty small
 * transactions.  A code that another open batch creates at the same time is created here too: the
 * reader lets the earlier snapshot's id stand and takes the other for an alias of it.
 *
 * This is what of an import grows with the register: 12 bytes of code, 6 to 9 of index, 8 of place,
 * 4 when the subject is new, 8 when it has a name.
 */
#include <assert.h>
#include <string.h>

#include "base/codes.h"
#include "store/batch.h"

enum { SINGLE_LOOKUPS = 1024, ID_STEP_MAX = 65536, NEW = -1 };

/* Kept with each code. */
typedef struct place {
    int32_t id;
    int32_t snapshot; /* when it was first published; NEW */
} place;

typedef struct fd_subject_set {
    const char *kind;
    fd_codes *codes;
    fd_vec(uint64_t) names;   /* hashes, as far as there are names; 0 none known */
    fd_vec(uint32_t) created; /* positions of the new ones: by ascending id */
    size_t lookups;
    bool loaded, names_loaded; /* all that is published of the kind */
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
    set->codes = fd_codes_new(sizeof(place));
    fd_map_set(b->subjects, fd_view_of(kind), (uint64_t)(uintptr_t)set);
    return set;
}

void fd_batch__free_subjects(fd_batch *b)
{
    for (size_t i = 0; i < fd_map_count(b->subjects); i++) {
        fd_subject_set *set = set_of(b, i);

        fd_codes_free(set->codes);
        fd_vec_dispose(&set->names);
        fd_vec_dispose(&set->created);
        free(set);
    }
}

bool fd_batch__has_new_subjects(const fd_batch *b)
{
    for (size_t i = 0; i < fd_map_count(b->subjects); i++)
        if (set_of(b, i)->created.count > 0)
            return true;
    return false;
}

static place *place_of(const fd_subject_set *set, size_t at)
{
    return fd_codes_payload(set->codes, at);
}

static size_t add_code(fd_subject_set *set, fd_view code, int32_t id, int32_t snapshot)
{
    const size_t at = fd_codes_add(set->codes, code, NULL);

    *place_of(set, at) = (place){ id, snapshot };
    return at;
}

/* ---- names: their hashes, to see a new one ---- */

static uint64_t name_hash(const char *name, size_t length)
{
    const uint64_t hash = fd_hash_bytes(name, length);

    return hash ? hash : 1;
}

static uint64_t name_of(const fd_subject_set *set, size_t at)
{
    return at < set->names.count ? set->names.items[at] : 0;
}

static void set_name(fd_subject_set *set, size_t at, uint64_t hash)
{
    while (set->names.count <= at)
        fd_vec_push(&set->names, 0);
    set->names.items[at] = hash;
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
    const fd_view code = fd_view_of(fd_cell_text_or(&cells[FD_SUBJECT_CODE], ""));
    const int32_t id = (int32_t)cells[FD_SUBJECT_ID].as.integer;
    const size_t at = fd_codes_find(loader->set->codes, code);
    place *known;

    if (snapshot < 0)
        return 0;
    if (at == SIZE_MAX) {
        add_code(loader->set, code, id, (int32_t)snapshot);
        return 0;
    }
    known = place_of(loader->set, at);
    if (known->snapshot != NEW &&
        (snapshot < known->snapshot || (snapshot == known->snapshot && id < known->id)))
        *known = (place){ id, (int32_t)snapshot };
    return 0;
}

/* The name that a subject has now: the latest `since`, of equal ones the latest snapshot. */
typedef struct held_name {
    int64_t snapshot; /* -1 none */
    uint64_t hash;
    int32_t since;
} held_name;

typedef struct name_loader {
    const fd_reader *reader;
    const fd_subject_set *set;
    const uint32_t *by_id; /* positions in order of id; NULL: of one subject, held[0] */
    held_name *held;       /* in that order */
} name_loader;

/* SIZE_MAX when the subject is none of the published ones. */
static size_t find_id(const name_loader *loader, int64_t id)
{
    size_t low = 0, high = fd_codes_count(loader->set->codes);
    const place *found;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (place_of(loader->set, loader->by_id[mid])->id < id)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == fd_codes_count(loader->set->codes))
        return SIZE_MAX;
    found = place_of(loader->set, loader->by_id[low]);
    return found->id == id && found->snapshot != NEW ? low : SIZE_MAX;
}

static int load_name(void *payload, const fd_cell *cells)
{
    name_loader *loader = payload;
    const int64_t snapshot =
        fd_reader__snapshot_of(loader->reader, cells[FD_ATTR_BATCH].as.integer);
    const int32_t since = (int32_t)cells[FD_ATTR_SINCE].as.integer;
    const fd_cell *value = &cells[FD_ATTR_VALUE];
    const size_t at = loader->by_id ? find_id(loader, cells[FD_ATTR_SUBJECT].as.integer) : 0;
    held_name *held;

    if (snapshot < 0 || at == SIZE_MAX)
        return 0;
    held = &loader->held[at];
    if (held->snapshot < 0 || since > held->since ||
        (since == held->since && snapshot >= held->snapshot))
        *held =
            (held_name){ snapshot,
                         value->type == FD_CELL_TEXT ? name_hash(value->as.text, value->length) : 0,
                         since };
    return 0;
}

static int compare_ids(const void *a, const void *b, void *payload)
{
    const int32_t x = place_of(payload, *(const uint32_t *)a)->id,
                  y = place_of(payload, *(const uint32_t *)b)->id;

    return x < y ? -1 : x > y;
}

/* The names of all; one that this batch has given stands. */
static int load_names(fd_batch *b, fd_reader *reader, fd_subject_set *set)
{
    const size_t n = fd_codes_count(set->codes);
    const fd_cell key = fd_cell_text("name");
    uint32_t *by_id = fd_alloc(n * sizeof *by_id + 1);
    held_name *held = fd_alloc(n * sizeof *held + 1);
    name_loader loader = { reader, set, by_id, held };
    int err;

    for (size_t i = 0; i < n; i++) {
        by_id[i] = (uint32_t)i;
        held[i].snapshot = -1;
    }
    qsort_r(by_id, n, sizeof *by_id, compare_ids, set);
    err = n > 0 ? b->ops->scan(reader->link, FD_SCAN_ATTRIBUTE, &key, load_name, &loader) : 0;
    for (size_t i = 0; err == 0 && i < n; i++)
        if (held[i].hash && !name_of(set, by_id[i]))
            set_name(set, by_id[i], held[i].hash);
    set->names_loaded = err == 0;
    free(by_id);
    free(held);
    return err;
}

/* One subject's name and since when it has it. */
static int load_one_name(fd_batch *b, const fd_subject_set *set, int32_t id, held_name *held)
{
    const fd_cell keys[] = { fd_cell_text("name"), fd_cell_int(id) };
    name_loader loader = { NULL, set, NULL, held };
    fd_reader *reader;
    int err = fd_batch__reader(b, &reader);

    *held = (held_name){ -1, 0, FD_DATE_NONE };
    if (err < 0)
        return err;
    loader.reader = reader;
    return b->ops->scan(reader->link, FD_SCAN_ATTRIBUTE_SUBJECT, keys, load_name, &loader);
}

/* The position of a code that is published or of this batch; SIZE_MAX when it is neither. */
static int look_up(fd_batch *b, fd_subject_set *set, fd_view code, size_t *at)
{
    fd_cell keys[] = { fd_cell_text(set->kind), { 0 } };
    subject_loader loader = { NULL, set };
    char *terminated;
    fd_reader *reader;
    int err;

    *at = fd_codes_find(set->codes, code);
    if (*at != SIZE_MAX || set->loaded)
        return 0;
    if ((err = fd_batch__reader(b, &reader)) < 0)
        return err;
    loader.reader = reader;
    if (++set->lookups > SINGLE_LOOKUPS) {
        if ((err = b->ops->scan(reader->link, FD_SCAN_SUBJECT_KIND, keys, load_subject, &loader)) <
            0)
            return err;
        set->loaded = true;
    } else {
        terminated = fd_alloc(code.len + 1);
        memcpy(terminated, code.ptr, code.len);
        keys[1] = fd_cell_text(terminated);
        err = b->ops->scan(reader->link, FD_SCAN_SUBJECT_CODE, keys, load_subject, &loader);
        free(terminated);
        if (err < 0)
            return err;
    }
    *at = fd_codes_find(set->codes, code);
    return 0;
}

int fd_batch_find(fd_batch *b, const char *kind, const char *code, size_t length, int32_t *id)
{
    const fd_subject_set *set;
    size_t at;
    int err;

    *id = 0;
    if ((err = fd_batch__usable(b)) < 0)
        return err;
    set = find_set(b, kind);
    if ((err = look_up(b, find_set(b, kind), (fd_view){ code, length }, &at)) < 0 || at == SIZE_MAX)
        return err;
    *id = place_of(set, at)->id;
    return 1;
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

/* A name that differs from the one that holds now, of this batch or published, is kept: from when
 * the published one began, which it replaces. */
static int take_name(fd_batch *b, fd_subject_set *set, size_t at, const char *name)
{
    const uint64_t hash = name_hash(name, strlen(name));
    const place *p = place_of(set, at);
    held_name held = { -1, 0, FD_DATE_NONE };
    fd_reader *reader;
    int err;

    if (p->snapshot != NEW && !name_of(set, at) && set->loaded && !set->names_loaded &&
        ((err = fd_batch__reader(b, &reader)) < 0 || (err = load_names(b, reader, set)) < 0))
        return err;
    if (name_of(set, at) == hash)
        return 0;
    if (p->snapshot != NEW && (name_of(set, at) || !set->names_loaded)) {
        if ((err = load_one_name(b, set, p->id, &held)) < 0)
            return err;
        if (!name_of(set, at) && held.hash == hash) {
            set_name(set, at, hash);
            return 0;
        }
    }
    set_name(set, at, hash);
    return fd_batch_attribute(b, p->id, "name", held.hash ? held.since : FD_DATE_NONE, name);
}

int fd_batch_subject(fd_batch *b, const char *kind, const char *code, const char *name, int32_t *id)
{
    fd_subject_set *set;
    size_t at;
    int err;

    *id = 0;
    if (!kind || !kind[0] || !code || !code[0])
        return fd_error_set(FD_EINVAL, "主体缺类别或编码", "a subject lacks its kind or code");
    if ((err = fd_batch__usable(b)) < 0)
        return err;
    set = find_set(b, kind);
    if ((err = look_up(b, set, fd_view_of(code), &at)) < 0)
        return err;
    if (at == SIZE_MAX) {
        int32_t fresh;

        if (fd_codes_count(set->codes) >= INT32_MAX / 2)
            return fd_error_set(FD_ELIMIT, "“%s”主体过多", "too many subjects of kind \"%s\"",
                                kind);
        if ((err = next_id(b, &fresh)) < 0)
            return err;
        at = add_code(set, fd_view_of(code), fresh, NEW);
        fd_vec_push(&set->created, (uint32_t)at);
    }
    *id = place_of(set, at)->id;
    return name && name[0] ? take_name(b, set, at, name) : 0;
}

int fd_batch_created(fd_batch *b, const char *kind, int32_t id, fd_arena *arena, const char **code)
{
    const fd_subject_set *set = find_set(b, kind);
    size_t low = 0, high = set->created.count;
    char room[FD_CODES_ROOM];

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (place_of(set, set->created.items[mid])->id < id)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == set->created.count || place_of(set, set->created.items[low])->id != id)
        return 0;
    *code = fd_arena_strdup(arena, fd_codes_text(set->codes, set->created.items[low], room));
    return 1;
}

/* ---- writing
 * -------------------------------------------------------------------------------------- */

static int compare_codes(const void *a, const void *b, void *codes)
{
    return fd_codes_compare(codes, *(const uint32_t *)a, *(const uint32_t *)b);
}

/* The batch ends with this: the list of new ones may lose its order. */
static int write_set(fd_batch *b, fd_subject_set *set)
{
    int err = 0;

    if (set->created.count)
        qsort_r(set->created.items, set->created.count, sizeof *set->created.items, compare_codes,
                set->codes);
    for (size_t i = 0; err == 0 && i < set->created.count; i++) {
        const uint32_t at = set->created.items[i];
        char room[FD_CODES_ROOM];
        fd_cell cells[FD_REL_WIDTH_MAX];

        cells[FD_SUBJECT_KIND] = fd_cell_text(set->kind);
        cells[FD_SUBJECT_CODE] = fd_cell_text(fd_codes_text(set->codes, at, room));
        cells[FD_SUBJECT_BATCH] = fd_cell_int(b->id);
        cells[FD_SUBJECT_ID] = fd_cell_int(place_of(set, at)->id);
        err = fd_batch__add(b, FD_REL_SUBJECT, cells, NULL);
    }
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
