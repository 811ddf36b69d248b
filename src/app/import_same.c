/*
 * What a file says again: cells and records that the city holds already.
 *
 * Only what differs is stored, so that a file sent once more with one number corrected leaves one
 * new version of one cell, and every other cell keeps the file it first came from.
 */
#include <stdlib.h>

#include "app/import_city.h"
#include "base/bits.h"
#include "base/str.h"
#include "fangding/chainwork.h"

typedef struct touched_set {
    fd_bitset subjects;
    uint32_t file; /* the last one that added to it */
} touched_set;

static touched_set *touched_of(fd_import_city *city, fd_view key)
{
    uint64_t known;
    touched_set *set;

    if (fd_map_get(city->touched, key, &known))
        return (touched_set *)(uintptr_t)known;
    set = fd_alloc(sizeof *set);
    fd_map_set(city->touched, key, (uint64_t)(uintptr_t)set);
    return set;
}

static bool touch(touched_set *set, int32_t subject)
{
    return fd_bitset_put(&set->subjects, (size_t)subject);
}

void fd_import_city__free_touched(fd_import_city *city)
{
    for (size_t i = 0; city->touched && i < fd_map_count(city->touched); i++) {
        touched_set *set = (touched_set *)(uintptr_t)fd_map_value(city->touched, i);

        free(set->subjects.bits);
        free(set);
    }
    fd_map_free(city->touched);
    fd_map_free(city->recorded);
    for (size_t i = 0; city->records && i < fd_map_count(city->records); i++)
        fd_table_free((fd_table *)(uintptr_t)fd_map_value(city->records, i));
    fd_map_free(city->records);
    fd_chains_free(city->chains);
    free(city->left_subjects);
    free(city->left_dec);
    free(city->left_states);
    free(city->left_rows);
    free(city->left_written);
    free(city->left_spelled);
}

/* A cell that another file of the batch held: the later one counts, and somebody should know. */
static void note_twice(fd_import_city *city, const fd_returns_segment *s, size_t i)
{
    if (city->twice++)
        return;
    city->twice_item = fd_arena_strdup(city->arena, s->item);
    city->twice_row = s->rows ? s->rows[i] : 0;
}

/* What the store does not hold at all is only compared with the other files. */
static void touch_all(fd_import_city *city, const fd_returns_segment *s, touched_set *set)
{
    for (size_t i = 0; i < s->n; i++)
        if ((!s->states || s->states[i] != FD_MISSING) && touch(set, s->subjects[i]) &&
            set->file != city->file)
            note_twice(city, s, i);
    set->file = city->file;
}

static void make_room(fd_import_city *city, size_t n)
{
    if (n <= city->left_room)
        return;
    city->left_room = n;
    city->left_subjects = fd_realloc_array(city->left_subjects, n, sizeof *city->left_subjects);
    city->left_dec = fd_realloc_array(city->left_dec, n, sizeof *city->left_dec);
    city->left_states = fd_realloc_array(city->left_states, n, sizeof *city->left_states);
    city->left_rows = fd_realloc_array(city->left_rows, n, sizeof *city->left_rows);
    city->left_written = fd_realloc_array(city->left_written, n, sizeof *city->left_written);
    city->left_spelled = fd_realloc_array(city->left_spelled, n, sizeof *city->left_spelled);
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Copy what differs from the stored column; both are by ascending id. */
static void take_changed(fd_import_city *city, const fd_returns_segment *s, const fd_frame *frame,
                         const fd_column *column, touched_set *set, fd_returns_segment *out)
{
    size_t at = 0, n = 0;

    for (size_t i = 0; i < s->n; i++) {
        const fd_state state = s->states ? (fd_state)s->states[i] : FD_HAS;
        const bool again = state != FD_MISSING && touch(set, s->subjects[i]);
        bool same = false;

        if (again && city->several && set->file != city->file)
            note_twice(city, s, i);

        while (at < frame->n && frame->ids[at] < s->subjects[i])
            at++;
        if (at < frame->n && frame->ids[at] == s->subjects[i])
            same = state == FD_MISSING || (state == fd_column_state(column, at) &&
                                           (state == FD_NA || column->v.dec[at] == s->dec[i]));
        if (same && !again)
            continue;
        city->left_subjects[n] = s->subjects[i];
        city->left_dec[n] = s->dec[i];
        city->left_states[n] = (uint8_t)state;
        if (s->rows)
            city->left_rows[n] = s->rows[i];
        if (s->written)
            city->left_written[n] = s->written[i];
        if (s->spelled)
            city->left_spelled[n] = s->spelled[i];
        n++;
    }
    set->file = city->file;
    out->n = n;
    out->subjects = city->left_subjects;
    out->dec = city->left_dec;
    out->states = city->left_states;
    out->rows = s->rows ? city->left_rows : NULL;
    out->written = s->written ? city->left_written : NULL;
    out->spelled = s->spelled ? city->left_spelled : NULL;
}

int fd_import_city_changed(fd_import_city *city, const fd_returns_segment *s, const char *origin,
                           fd_returns_segment *out)
{
    fd_buf text = FD_BUF_INIT;
    fd_view key = fd_import_city__key(&text, s->kind, s->item, s->period, s->basis);
    const char *old_marks = NULL, *old_origin = NULL;
    const fd_frame *frame;
    fd_column *column = NULL;
    uint64_t ignored;
    int err = 0;

    *out = *s;
    if (s->n == 0)
        goto done;
    if (!fd_map_get(city->known, key, &ignored)) {
        if (city->several)
            touch_all(city, s, touched_of(city, key));
        goto done;
    }
    if ((err = city->source->ops->frame(city->source, s->kind, &frame)) < 0 ||
        (err = city->source->ops->marks(city->source, s->item, s->period, s->basis, &old_marks,
                                        &old_origin)) < 0)
        goto done;
    if (!same_text(old_marks, s->marks) || !same_text(old_origin, origin))
        goto done;
    if ((err = city->source->ops->column(city->source, s->kind, s->item, s->period, s->basis,
                                         &column)) < 0)
        goto done;
    if (column->kind == FD_DEC && column->scale == s->scale && same_text(column->unit, s->unit)) {
        make_room(city, s->n);
        take_changed(city, s, frame, column, touched_of(city, key), out);
    }
done:
    fd_column_unref(column);
    fd_buf_dispose(&text);
    return err < 0 ? err : 0;
}

int fd_import_city_recorded(fd_import_city *city, const char *type, const char *key,
                            const char *state, fd_date date, bool dated, const char *fields)
{
    fd_buf name = FD_BUF_INIT;
    fd_table *history = NULL;
    bool is_new, same = false;
    int err, c_state, c_date, c_fields;

    fd_buf_printf(&name, "%s|%s", type, key);
    is_new = fd_map_set(city->recorded, (fd_view){ name.ptr, name.len }, 1);
    fd_buf_dispose(&name);
    if (!is_new)
        return 0;
    if ((err = fd_reader_record_history(city->reader, type, key, &history)) < 0) {
        if (err != FD_ENOTFOUND)
            return err;
        fd_error_clear();
        return 0;
    }
    c_state = fd_table_find(history, "state");
    c_date = fd_table_find(history, "date");
    c_fields = fd_table_find(history, "fields");
    if (history->rows && c_state >= 0 && c_date >= 0 && c_fields >= 0) {
        const size_t last = history->rows - 1;

        same = same_text(fd_column_text(history->columns[c_state], last), state) &&
               same_text(fd_column_text(history->columns[c_fields], last), fields) &&
               (!dated || (fd_column_state(history->columns[c_date], last) == FD_HAS &&
                           history->columns[c_date]->v.day[last] == date));
    }
    fd_table_free(history);
    return same;
}

/* ---- gates of records ------------------------------------------------------------------------ */

typedef struct evidence {
    const fd_table *stored;
    size_t row; /* SIZE_MAX: the record is new */
    const char *const *given;
} evidence;

static bool has_evidence(void *payload, const char *field)
{
    const evidence *e = payload;
    int at;

    for (const char *const *f = e->given; *f; f++)
        if (strcmp(*f, field) == 0)
            return true;
    at = e->row == SIZE_MAX ? -1 : fd_table_find(e->stored, field);
    return at >= 0 && fd_column_state(e->stored->columns[at], e->row) == FD_HAS;
}

int fd_import_city_may_move(fd_import_city *city, const struct fd_record_type *type,
                            const char *key, const char *state, const char *const *fields)
{
    evidence e = { NULL, SIZE_MAX, fields };
    const char *from = NULL;
    uint64_t known;
    int id;

    if (!city->records)
        city->records = fd_map_new();
    if (fd_map_get(city->records, fd_view_of(type->id), &known)) {
        e.stored = (const fd_table *)(uintptr_t)known;
    } else {
        fd_table *all = NULL;
        int err = city->source->ops->records(city->source, type->id, FD_DATE_MAX, &all);

        if (err < 0)
            return err;
        fd_map_set(city->records, fd_view_of(type->id), (uint64_t)(uintptr_t)all);
        e.stored = all;
    }
    id = fd_table_find(e.stored, "id");
    for (size_t r = 0; id >= 0 && r < e.stored->rows && e.row == SIZE_MAX; r++)
        if (same_text(fd_column_text(e.stored->columns[id], r), key))
            e.row = r;
    if (e.row != SIZE_MAX)
        from = fd_column_text(e.stored->columns[fd_table_find(e.stored, "state")], e.row);
    return fd_record_move(type, from, state, has_evidence, &e);
}

int fd_import_city_may_hold(fd_import_city *city, const struct fd_record_type *type,
                            const char *field, const char *value)
{
    fd_table *nodes = NULL;
    int err = 0;

    if (!city->program || strcmp(type->id, "lead") != 0 || strcmp(field, "gap") != 0)
        return 0;
    if (!city->chains) {
        if ((err = fd_chains_declared(&nodes, city->program)) >= 0 && nodes->rows)
            err = fd_chains_read(&city->chains, nodes, NULL);
        fd_table_free(nodes);
    }
    return err >= 0 && city->chains ? fd_chains_check_gap(city->chains, value) : err;
}
