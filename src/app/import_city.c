#include "app/import_city.h"

#include <stdlib.h>

#include "base/codes.h"
#include "base/str.h"
#include "returns/form.h"

enum { MOST_CACHED = 6000000 };
#define SEVERAL UINT64_MAX

/* The subjects of a kind: those of the source's frame and those that this import has entered.
 * Codes are looked up in the batch; without one, in a dictionary of the frame's codes, behind which
 * stand those that are only made up. */
typedef struct subject_set {
    const char *kind;
    const fd_frame *frame;
    fd_codes *codes; /* with their ids; NULL when there is a batch */
    fd_map *given;   /* id → name given by this import */
    fd_map *by_name; /* folded → id, SEVERAL when not one; made when a name is first looked for */
    size_t frame_done, given_done; /* of them stand in by_name */
    size_t entered;                /* subjects that were not there before */
    int32_t first_entered;
} subject_set;

typedef struct value_cell {
    int32_t subject;
    uint32_t order; /* later ones win */
    int64_t dec;
    uint8_t state;
} value_cell;

typedef struct value_set {
    fd_vec(value_cell) cells; /* of this batch, as they came */
    int8_t scale;
    bool built, from_store;
    size_t n;
    int32_t *subjects;
    int64_t *dec;
    uint8_t *states;
} value_set;

/* ---- subjects
 * ---------------------------------------------------------------------------------------------- */

static fd_view id_key(const int32_t *id)
{
    return (fd_view){ (const char *)id, sizeof *id };
}

static void index_name(subject_set *set, const char *name, int32_t id)
{
    fd_buf folded = FD_BUF_INIT;
    fd_view key;

    if (!name || !*name)
        return;
    fd_returns__fold_into(&folded, fd_view_of(name));
    key = (fd_view){ fd_buf_text(&folded), folded.len };
    if (fd_map_intern(set->by_name, key, (uint64_t)id) != (uint64_t)id)
        fd_map_set(set->by_name, key, SEVERAL);
    fd_buf_dispose(&folded);
}

/* A subject given another name is found by its old one too. */
static void index_names(subject_set *set)
{
    for (; set->frame_done < set->frame->n; set->frame_done++)
        index_name(set, set->frame->names[set->frame_done], set->frame->ids[set->frame_done]);
    for (; set->given_done < fd_map_count(set->given); set->given_done++) {
        int32_t id;

        memcpy(&id, fd_map_key(set->given, set->given_done).ptr, sizeof id);
        index_name(set, (const char *)(uintptr_t)fd_map_value(set->given, set->given_done), id);
    }
}

static void keep_code(subject_set *set, const char *code, int32_t id)
{
    int32_t *kept = fd_codes_payload(set->codes, fd_codes_add(set->codes, fd_view_of(code), NULL));

    *kept = id;
}

static int set_of(fd_import_city *city, const char *kind, subject_set **out)
{
    const fd_frame *frame;
    subject_set *set;
    uint64_t known;
    int err;

    if (fd_map_get(city->subjects, fd_view_of(kind), &known)) {
        *out = (subject_set *)(uintptr_t)known;
        return 0;
    }
    *out = NULL;
    if ((err = city->source->ops->frame(city->source, kind, &frame)) < 0)
        return err;
    set = fd_alloc(sizeof *set);
    set->kind = fd_arena_strdup(city->arena, kind);
    set->frame = frame;
    set->given = fd_map_new();
    set->by_name = fd_map_new();
    if (!city->batch) {
        set->codes = fd_codes_new(sizeof(int32_t));
        for (size_t i = 0; i < frame->n; i++)
            keep_code(set, frame->codes[i], frame->ids[i]);
    }
    fd_map_set(city->subjects, fd_view_of(kind), (uint64_t)(uintptr_t)set);
    *out = set;
    return 0;
}

static int32_t last_of(const subject_set *set)
{
    return set->frame->n ? set->frame->ids[set->frame->n - 1] : 0;
}

/* The code of a subject in the frame or of this import, NULL when it is neither. */
static const char *code_of(fd_import_city *city, const subject_set *set, int32_t id)
{
    const size_t at = fd_frame_position(set->frame, id);
    char room[FD_CODES_ROOM];
    const char *code = NULL;

    if (at != SIZE_MAX)
        return set->frame->codes[at];
    if (city->batch)
        return fd_batch_created(city->batch, set->kind, id, city->arena, &code) == 1 ? code : NULL;
    if (set->entered == 0 || id < set->first_entered ||
        (size_t)(id - set->first_entered) >= set->entered)
        return NULL;
    code =
        fd_codes_text(set->codes,
                      fd_codes_count(set->codes) - set->entered + (size_t)(id - set->first_entered),
                      room);
    return fd_arena_strdup(city->arena, code);
}

static const char *name_of(const subject_set *set, int32_t id)
{
    const size_t at = fd_frame_position(set->frame, id);
    uint64_t given;

    if (fd_map_get(set->given, id_key(&id), &given))
        return (const char *)(uintptr_t)given;
    return at != SIZE_MAX ? set->frame->names[at] : NULL;
}

int fd_import_city_find(fd_import_city *city, const char *kind, const char *code, size_t length,
                        int32_t *id)
{
    subject_set *set;
    size_t at;
    int err;

    if (city->batch)
        return fd_batch_find(city->batch, kind, code, length, id);
    if ((err = set_of(city, kind, &set)) < 0)
        return err;
    at = fd_codes_find(set->codes, (fd_view){ code, length });
    if (at == SIZE_MAX)
        return 0;
    *id = *(const int32_t *)fd_codes_payload(set->codes, at);
    return 1;
}

int fd_import_city_find_name(fd_import_city *city, const char *kind, const char *name, int32_t *id,
                             const char **code)
{
    fd_buf folded = FD_BUF_INIT;
    subject_set *set;
    uint64_t found;
    int err = set_of(city, kind, &set);
    bool is_known;

    if (err < 0)
        return err;
    index_names(set);
    fd_returns__fold_into(&folded, fd_view_of(name));
    is_known =
        folded.len > 0 && fd_map_get(set->by_name, (fd_view){ folded.ptr, folded.len }, &found);
    fd_buf_dispose(&folded);
    if (!is_known)
        return 0;
    if (found == SEVERAL)
        return 2;
    *id = (int32_t)found;
    *code = code_of(city, set, *id);
    return 1;
}

int fd_import_city_describe(fd_import_city *city, const char *kind, int32_t id, const char **code,
                            const char **name)
{
    subject_set *set;
    int err = set_of(city, kind, &set);

    if (err < 0 || (code && !(*code = code_of(city, set, id))))
        return err;
    *name = name_of(set, id);
    return 1;
}

int fd_import_city_only(fd_import_city *city, const char *kind, int32_t *id)
{
    subject_set *set;
    int err = set_of(city, kind, &set);

    if (err < 0 || set->frame->n + set->entered == 0)
        return err;
    *id = set->frame->n ? set->frame->ids[0] : set->first_entered;
    return set->frame->n + set->entered == 1 ? 1 : 2;
}

int fd_import_city_each(fd_import_city *city, const char *kind,
                        void (*visit)(void *inner, const char *code, const char *name), void *inner)
{
    subject_set *set;
    int err = set_of(city, kind, &set);

    if (err < 0)
        return err;
    for (size_t i = 0; i < set->frame->n; i++)
        visit(inner, set->frame->codes[i], name_of(set, set->frame->ids[i]));
    for (size_t i = 0; i < fd_map_count(set->given); i++) {
        int32_t id;

        memcpy(&id, fd_map_key(set->given, i).ptr, sizeof id);
        if (fd_frame_position(set->frame, id) == SIZE_MAX)
            visit(inner, code_of(city, set, id),
                  (const char *)(uintptr_t)fd_map_value(set->given, i));
    }
    return 0;
}

int fd_import_city_enter(fd_import_city *city, const char *kind, const char *code, const char *name,
                         int32_t *id)
{
    subject_set *set;
    int err = set_of(city, kind, &set), known;

    if (err < 0 || (known = fd_import_city_find(city, kind, code, strlen(code), id)) < 0)
        return err < 0 ? err : known;
    if (city->batch) {
        if ((err = fd_batch_subject(city->batch, kind, code, name, id)) < 0)
            return err;
    } else if (!known) {
        *id = last_of(set) + (int32_t)set->entered + 1;
        keep_code(set, code, *id);
    }
    if (!known && set->entered++ == 0)
        set->first_entered = *id;
    if (!name || !*name)
        return 0;
    if (known)
        index_names(set); /* the old name leads here too */
    fd_map_set(set->given, id_key(id), (uint64_t)(uintptr_t)fd_arena_strdup(city->arena, name));
    if (known)
        index_name(set, name, *id);
    return 0;
}

/* ---- values
 * --------------------------------------------------------------------------------------------------
 */

fd_view fd_import_city__key(fd_buf *out, const char *kind, const char *item, fd_period period,
                            fd_basis basis)
{
    fd_buf_clear(out);
    fd_buf_printf(out, "%s|%s|%d|%d", kind, item, period, (int)basis);
    return (fd_view){ out->ptr, out->len };
}

static value_set *values_of(fd_import_city *city, fd_view key)
{
    uint64_t known;
    value_set *set;

    if (fd_map_get(city->values, key, &known))
        return (value_set *)(uintptr_t)known;
    set = fd_alloc(sizeof *set);
    fd_map_set(city->values, key, (uint64_t)(uintptr_t)set);
    return set;
}

void fd_import_city_keep(fd_import_city *city, const fd_returns_segment *segment)
{
    fd_buf text = FD_BUF_INIT;
    value_set *set;

    if (segment->n >= FD_RETURNS_CHUNK || city->cached + segment->n > MOST_CACHED)
        return;
    city->cached += segment->n;
    set = values_of(city, fd_import_city__key(&text, segment->kind, segment->item, segment->period,
                                              segment->basis));
    fd_buf_dispose(&text);
    set->scale = segment->scale;
    set->built = false;
    for (size_t i = 0; i < segment->n; i++) {
        value_cell cell = { segment->subjects[i], (uint32_t)set->cells.count, segment->dec[i],
                            segment->states ? segment->states[i] : (uint8_t)FD_HAS };

        if (cell.state != FD_MISSING)
            fd_vec_push(&set->cells, cell);
    }
}

static int by_subject(const void *a, const void *b)
{
    const value_cell *x = a, *y = b;

    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* What the store holds comes before what this batch adds. */
static int take_stored(fd_import_city *city, value_set *set, const char *kind, const char *item,
                       fd_period period, fd_basis basis)
{
    const fd_frame *frame;
    fd_column *column = NULL;
    int err;

    if ((err = city->source->ops->frame(city->source, kind, &frame)) < 0 ||
        (err = city->source->ops->column(city->source, kind, item, period, basis, &column)) < 0)
        return err;
    if (column->kind == FD_DEC) {
        size_t own = set->cells.count;

        set->scale = column->scale;
        for (size_t i = 0; i < frame->n; i++) {
            fd_state state = fd_column_state(column, i);
            value_cell cell = { frame->ids[i], 0, column->v.dec[i], (uint8_t)state };

            if (state != FD_MISSING)
                fd_vec_push(&set->cells, cell);
        }
        for (size_t i = 0; i < own; i++) /* keep order: stored cells are the oldest */
            set->cells.items[i].order += 1;
    }
    fd_column_unref(column);
    return 0;
}

int fd_import_city_values(fd_import_city *city, const char *kind, const char *item,
                          fd_period period, fd_basis basis, fd_returns_values *out)
{
    fd_buf text = FD_BUF_INIT;
    fd_view key = fd_import_city__key(&text, kind, item, period, basis);
    uint64_t ignored;
    bool stored = fd_map_get(city->known, key, &ignored);
    value_set *set;
    int err = 0;

    if (!stored && !fd_map_get(city->values, key, &ignored)) {
        fd_buf_dispose(&text);
        return 0;
    }
    set = values_of(city, key);
    fd_buf_dispose(&text);
    if (stored && !set->from_store) {
        if ((err = take_stored(city, set, kind, item, period, basis)) < 0)
            return err;
        set->from_store = true;
        set->built = false;
    }
    if (!set->built) {
        size_t n = 0, count = set->cells.count;

        if (count)
            qsort(set->cells.items, count, sizeof *set->cells.items, by_subject);
        set->subjects = fd_realloc_array(set->subjects, count + 1, sizeof *set->subjects);
        set->dec = fd_realloc_array(set->dec, count + 1, sizeof *set->dec);
        set->states = fd_realloc_array(set->states, count + 1, 1);
        for (size_t i = 0; i < count; i++) {
            const value_cell *c = &set->cells.items[i];

            if (n == 0 || set->subjects[n - 1] != c->subject)
                n++;
            set->subjects[n - 1] = c->subject;
            set->dec[n - 1] = c->dec;
            set->states[n - 1] = c->state;
        }
        set->n = n;
        set->built = true;
    }
    *out = (fd_returns_values){ set->n, set->subjects, set->dec, set->states, set->scale };
    return set->n > 0;
}

/* ---- attributes and mappings
 * ------------------------------------------------------------------------------------ */

int fd_import_city_attribute(fd_import_city *city, int32_t subject, const char *attribute,
                             const char **value)
{
    fd_buf key = FD_BUF_INIT;
    const fd_frame *frame;
    fd_column *column;
    size_t at;
    uint64_t known = 0;
    int err = 0;

    *value = NULL;
    fd_buf_printf(&key, "%s|%s", city->kind, attribute);
    if ((err = city->source->ops->frame(city->source, city->kind, &frame)) < 0)
        goto done;
    if (!fd_map_get(city->attributes, (fd_view){ key.ptr, key.len }, &known)) {
        err = city->source->ops->attribute(city->source, city->kind, attribute,
                                           fd_date_make(2100, 1, 1), &column);
        if (err < 0)
            goto done;
        known = (uint64_t)(uintptr_t)column;
        fd_map_set(city->attributes, (fd_view){ key.ptr, key.len }, known);
    }
    column = (fd_column *)(uintptr_t)known;
    at = fd_frame_position(frame, subject);
    if (at != SIZE_MAX && fd_column_state(column, at) == FD_HAS)
        *value = fd_column_text(column, at);
    err = *value != NULL;
done:
    fd_buf_dispose(&key);
    return err;
}

int fd_import_city_attribute_on(fd_import_city *city, int32_t subject, const char *attribute,
                                fd_date day, const char **value)
{
    fd_date best = FD_DATE_NONE;
    int err, name, from, text;

    *value = NULL;
    if (!city->dated || city->dated_of != subject) {
        fd_table_free(city->dated);
        city->dated = NULL;
        city->dated_of = subject;
        if ((err = fd_reader_attribute_history(city->reader, subject, &city->dated)) < 0)
            return err;
    }
    name = fd_table_find(city->dated, "attribute");
    from = fd_table_find(city->dated, "from");
    text = fd_table_find(city->dated, "value");
    for (size_t i = 0; i < city->dated->rows; i++) {
        const fd_column *c = city->dated->columns[from];
        const fd_date since = fd_column_state(c, i) == FD_HAS ? c->v.day[i] : FD_DATE_NONE;

        if (strcmp(fd_column_text_or(city->dated->columns[name], i, ""), attribute) != 0 ||
            since > day || since < best)
            continue;
        best = since; /* of several of one day the later snapshot stands last */
        *value = fd_column_text(city->dated->columns[text], i);
    }
    return *value != NULL;
}

static void put_mapping(fd_import_city *city, const char *form, const char *sender,
                        const char *header, const char *target)
{
    fd_buf key = FD_BUF_INIT;

    fd_buf_printf(&key, "%s|%s|%s", form, sender, header);
    fd_map_set(city->mappings, (fd_view){ key.ptr, key.len },
               (uint64_t)(uintptr_t)fd_arena_strdup(city->arena, target));
    fd_buf_dispose(&key);
}

void fd_import_city_fold(fd_buf *out, const char *header)
{
    fd_returns__fold_into(out, fd_view_of(header));
}

void fd_import_city_map(fd_import_city *city, const char *header, const char *target)
{
    const char *folded = fd_returns__fold(city->arena, header, strlen(header));

    put_mapping(city, "", "", folded, target);
}

int fd_import_city_mapping(fd_import_city *city, const char *form, const char *sender,
                           const char *header, const char **target)
{
    fd_buf key = FD_BUF_INIT;
    uint64_t found = 0;
    int err = 0;

    fd_buf_printf(&key, "%s|%s", form, sender);
    if (fd_map_set(city->mapped, (fd_view){ key.ptr, key.len }, 1)) {
        fd_table *table = NULL;

        if ((err = fd_reader_mapping(city->reader, form, sender, &table)) < 0) {
            fd_buf_dispose(&key);
            return err;
        }
        for (size_t i = 0; i < table->rows; i++)
            put_mapping(city, form, sender, fd_column_text(table->columns[0], i),
                        fd_column_text(table->columns[1], i));
        fd_table_free(table);
    }
    fd_buf_clear(&key);
    fd_buf_printf(&key, "||%s", header);
    if (!fd_map_get(city->mappings, (fd_view){ key.ptr, key.len }, &found)) {
        fd_buf_clear(&key);
        fd_buf_printf(&key, "%s|%s|%s", form, sender, header);
        (void)fd_map_get(city->mappings, (fd_view){ key.ptr, key.len }, &found);
    }
    fd_buf_dispose(&key);
    *target = (const char *)(uintptr_t)found;
    return *target != NULL;
}

/* ---- the whole
 * ------------------------------------------------------------------------------------------------------
 */

/* Which (kind, item, period, basis) the store holds: so that a first import asks for nothing. */
static int read_known(fd_import_city *city)
{
    fd_table *items = NULL;
    fd_buf key = FD_BUF_INIT;
    int err = fd_reader_items(city->reader, &items), item, kind, period, basis;

    if (err < 0)
        return err;
    item = fd_table_find(items, "item");
    kind = fd_table_find(items, "kind");
    period = fd_table_find(items, "period");
    basis = fd_table_find(items, "basis");
    for (size_t i = 0; i < items->rows && item >= 0 && kind >= 0 && period >= 0 && basis >= 0;
         i++) {
        fd_basis b = FD_CURRENT;
        fd_period p = FD_PERIOD_NONE;
        char text[64];

        (void)fd_column_format(items->columns[basis], i, FD_ZH, text, sizeof text);
        (void)fd_basis_parse(&b, text);
        if (items->columns[period]->kind == FD_PERIOD) {
            p = items->columns[period]->v.day[i];
        } else {
            (void)fd_column_format(items->columns[period], i, FD_ZH, text, sizeof text);
            (void)fd_period_parse(&p, text, strlen(text));
        }
        fd_map_set(city->known,
                   fd_import_city__key(&key, fd_column_text(items->columns[kind], i),
                                       fd_column_text(items->columns[item], i), p, b),
                   1);
    }
    fd_buf_dispose(&key);
    fd_table_free(items);
    return 0;
}

int fd_import_city_open(fd_import_city *out, fd_store *store, fd_batch *batch)
{
    int64_t snapshot = 0; /* the batch's: what it finds stands in the frames */
    int err = batch ? fd_batch_snapshot(batch, &snapshot) : 0;

    *out = (fd_import_city){ .store = store, .batch = batch, .kind = "" };
    out->arena = fd_arena_new();
    out->subjects = fd_map_new();
    out->known = fd_map_new();
    out->values = fd_map_new();
    out->attributes = fd_map_new();
    out->mappings = fd_map_new();
    out->mapped = fd_map_new();
    out->touched = fd_map_new();
    out->recorded = fd_map_new();
    if (err < 0 || (err = fd_reader_open(&out->reader, store, snapshot)) < 0)
        return err;
    out->source = fd_reader_source(out->reader);
    return read_known(out);
}

void fd_import_city_dispose(fd_import_city *city)
{
    for (size_t i = 0; city->subjects && i < fd_map_count(city->subjects); i++) {
        subject_set *set = (subject_set *)(uintptr_t)fd_map_value(city->subjects, i);

        fd_codes_free(set->codes);
        fd_map_free(set->given);
        fd_map_free(set->by_name);
        free(set);
    }
    for (size_t i = 0; city->values && i < fd_map_count(city->values); i++) {
        value_set *set = (value_set *)(uintptr_t)fd_map_value(city->values, i);

        fd_vec_dispose(&set->cells);
        free(set->subjects);
        free(set->dec);
        free(set->states);
        free(set);
    }
    for (size_t i = 0; city->attributes && i < fd_map_count(city->attributes); i++)
        fd_column_unref((fd_column *)(uintptr_t)fd_map_value(city->attributes, i));
    fd_map_free(city->subjects);
    fd_map_free(city->known);
    fd_map_free(city->values);
    fd_map_free(city->attributes);
    fd_map_free(city->mappings);
    fd_map_free(city->mapped);
    fd_import_city__free_touched(city);
    fd_table_free(city->dated);
    if (city->reader)
        fd_reader_close(city->reader);
    fd_arena_free(city->arena);
}
