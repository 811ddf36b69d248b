/*
 * Dated attributes. What is stored already with the same day and value is not stored again: a
 * register that comes every month would otherwise grow the file by all that has not changed.
 *
 * As with subjects, the first few are looked up one by one; after that the whole attribute is read.
 */
#include <string.h>

#include "store/batch.h"

enum { SINGLE_LOOKUPS = 256, ENDED = 1 };

/* The value that holds from one day on, by its hash. */
typedef struct held_value {
    uint64_t hash; /* ENDED: the attribute ends that day */
    int64_t snapshot;
} held_value;

typedef struct attribute_set {
    fd_map *index; /* subject and day → place in values */
    fd_map *asked; /* subjects looked up one by one */
    fd_vec(held_value) values;
    bool loaded;
} attribute_set;

typedef struct held_key {
    int32_t subject, since;
} held_key;

static uint64_t hash_of(const char *value)
{
    uint64_t hash = value ? fd_hash_bytes(value, strlen(value)) : ENDED;

    return value && hash == ENDED ? ENDED + 1 : hash;
}

static attribute_set *set_of(fd_batch *b, const char *name)
{
    uint64_t known;
    attribute_set *set;

    if (fd_map_get(b->attributes, fd_view_of(name), &known))
        return (attribute_set *)(uintptr_t)known;
    set = fd_alloc(sizeof *set);
    set->index = fd_map_new();
    set->asked = fd_map_new();
    fd_map_set(b->attributes, fd_view_of(name), (uint64_t)(uintptr_t)set);
    return set;
}

void fd_batch__free_attributes(fd_batch *b)
{
    for (size_t i = 0; i < fd_map_count(b->attributes); i++) {
        attribute_set *set = (attribute_set *)(uintptr_t)fd_map_value(b->attributes, i);

        fd_map_free(set->index);
        fd_map_free(set->asked);
        fd_vec_dispose(&set->values);
        free(set);
    }
}

/* Of two values of the same day the later snapshot's counts. */
static void hold(attribute_set *set, int32_t subject, int32_t since, uint64_t hash,
                 int64_t snapshot)
{
    const held_key key = { subject, since };
    const fd_view view = { (const char *)&key, sizeof key };
    const uint64_t fresh = set->values.count;
    const uint64_t at = fd_map_intern(set->index, view, fresh);

    if (at == fresh)
        fd_vec_push(&set->values, ((held_value){ hash, snapshot }));
    else if (snapshot >= set->values.items[at].snapshot)
        set->values.items[at] = (held_value){ hash, snapshot };
}

typedef struct attribute_loader {
    const fd_reader *reader;
    attribute_set *set;
} attribute_loader;

static int load_value(void *payload, const fd_cell *cells)
{
    attribute_loader *l = payload;
    const int64_t snapshot = fd_reader__snapshot_of(l->reader, cells[FD_ATTR_BATCH].as.integer);
    const fd_cell *value = &cells[FD_ATTR_VALUE];

    if (snapshot >= 0)
        hold(l->set, (int32_t)cells[FD_ATTR_SUBJECT].as.integer,
             (int32_t)cells[FD_ATTR_SINCE].as.integer,
             hash_of(value->type == FD_CELL_TEXT ? value->as.text : NULL), snapshot);
    return 0;
}

static int look_up(fd_batch *b, attribute_set *set, const char *attribute, int32_t subject)
{
    const fd_cell keys[] = { fd_cell_text(attribute), fd_cell_int(subject) };
    const fd_view view = { (const char *)&subject, sizeof subject };
    attribute_loader l = { NULL, set };
    fd_reader *reader;
    uint64_t ignored;
    int err;

    if (set->loaded || fd_map_get(set->asked, view, &ignored))
        return 0;
    if ((err = fd_batch__reader(b, &reader)) < 0)
        return err;
    l.reader = reader;
    if (fd_map_count(set->asked) < SINGLE_LOOKUPS) {
        fd_map_set(set->asked, view, 1);
        return b->ops->scan(reader->link, FD_SCAN_ATTRIBUTE_SUBJECT, keys, load_value, &l);
    }
    set->loaded = true;
    return b->ops->scan(reader->link, FD_SCAN_ATTRIBUTE, keys, load_value, &l);
}

int fd_batch_attribute(fd_batch *b, int32_t subject, const char *attribute, fd_date from,
                       const char *value)
{
    fd_cell cells[FD_REL_WIDTH_MAX];
    int64_t seq = 0;
    int err;

    if (subject < 1 || !attribute || !attribute[0])
        return fd_error_set(FD_EINVAL, "属性缺主体或名称",
                            "an attribute lacks its subject or name");
    if ((err = fd_batch__usable(b)) < 0)
        return err;
    if (b->first_id == 0 || subject < b->first_id) {
        attribute_set *set = set_of(b, attribute);
        const held_key key = { subject, from };
        uint64_t at;

        if ((err = look_up(b, set, attribute, subject)) < 0)
            return err;
        if (fd_map_get(set->index, (fd_view){ (const char *)&key, sizeof key }, &at) &&
            set->values.items[at].hash == hash_of(value))
            return 0;
        hold(set, subject, from, hash_of(value), INT64_MAX);
    }
    /* The number itself is not stored; taking one makes sure that the batch exists. */
    if (b->id == 0 && (err = fd_batch__seq(b, &seq)) < 0)
        return err;
    cells[FD_ATTR_NAME] = fd_cell_text(attribute);
    cells[FD_ATTR_SUBJECT] = fd_cell_int(subject);
    cells[FD_ATTR_SINCE] = fd_cell_int(from);
    cells[FD_ATTR_BATCH] = fd_cell_int(b->id);
    cells[FD_ATTR_VALUE] = fd_cell_text(value);
    return fd_batch__add(b, FD_REL_ATTRIBUTE, cells, NULL);
}
