/*
 * Handing out: segments, attributes, records. Nothing here judges any more, but for duplicates.
 */
#include <stdlib.h>

#include "returns/read.h"
#include "table/jsonw.h"

/* ---- duplicates
 * --------------------------------------------------------------------------------------------------
 */

typedef struct occurrence {
    int32_t subject;
    uint32_t sheet, row;
} occurrence;

static int by_subject(const void *a, const void *b)
{
    const occurrence *x = a, *y = b;

    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    if (x->sheet != y->sheet)
        return x->sheet < y->sheet ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static void refuse_twice(fd_reader_state *s, const occurrence *o, const occurrence *other)
{
    fd_sheet *sheet = s->sheets.items[o->sheet];

    const fd_sheet *there = s->sheets.items[other->sheet];

    sheet->rejected[o->row] = 1;
    if (there != sheet)
        fd_returns__reject(s, "duplicate", sheet, sheet->rows[o->row], 0, "", "", NULL, NULL,
                           "同一主体在工作表「%s」里也有一行(第 %d 行),都不收",
                           "the same subject has a row in sheet %s too (row %d); none is taken",
                           there->name, there->rows[other->row]);
    else
        fd_returns__reject(s, "duplicate", sheet, sheet->rows[o->row], 0, "", "", NULL, NULL,
                           "同一主体在文件里不止一行(另见第 %d 行),都不收",
                           "the same subject has more than one row (see row %d); none is taken",
                           there->rows[other->row]);
}

static int record_keys(fd_reader_state *s)
{
    for (size_t k = 0; k < s->sheets.count; k++) {
        fd_sheet *sheet = s->sheets.items[k];
        fd_map *seen = fd_map_new();

        for (size_t r = 0; r < sheet->n; r++) {
            fd_view key = fd_view_of(sheet->records.items[r].key);
            uint64_t first = fd_map_intern(seen, key, r);

            if (first == r || !key.len)
                continue;
            if (!sheet->rejected[r])
                refuse_twice(s, &(occurrence){ 0, (uint32_t)k, (uint32_t)r },
                             &(occurrence){ 0, (uint32_t)k, (uint32_t)first });
            if (!sheet->rejected[first])
                refuse_twice(s, &(occurrence){ 0, (uint32_t)k, (uint32_t)first },
                             &(occurrence){ 0, (uint32_t)k, (uint32_t)r });
        }
        fd_map_free(seen);
    }
    return 0;
}

int fd_emit_duplicates(fd_reader_state *s)
{
    size_t total = 0, n = 0;
    occurrence *all;

    if (s->form->record)
        return record_keys(s);
    if (s->form->adds_up)
        fd_account_finish(s);
    if (s->form->adds_up || s->form->is_long)
        return 0;
    for (size_t k = 0; k < s->sheets.count; k++)
        total += s->sheets.items[k]->n;
    all = fd_alloc((total + 1) * sizeof *all);
    for (size_t k = 0; k < s->sheets.count; k++)
        for (size_t r = 0; r < s->sheets.items[k]->n; r++)
            all[n++] = (occurrence){ s->sheets.items[k]->subjects[r], (uint32_t)k, (uint32_t)r };
    qsort(all, n, sizeof *all, by_subject);
    for (size_t i = 1; i < n; i++) {
        if (all[i].subject != all[i - 1].subject)
            continue;
        if (i < 2 || all[i - 2].subject != all[i].subject)
            refuse_twice(s, &all[i - 1], &all[i]);
        refuse_twice(s, &all[i], &all[i - 1]);
    }
    free(all);
    return 0;
}

/* ---- subjects
 * ------------------------------------------------------------------------------------------------------
 */

void fd_returns__describe(fd_reader_state *s)
{
    s->result->form = s->form;
    s->result->period = s->year == 0                    ? FD_PERIOD_NONE
                        : s->form->when == FD_WHEN_YEAR ? fd_period_year(s->year)
                        : s->form->when == FD_WHEN_CUMULATIVE
                            ? fd_period_cumulative(s->year, s->month)
                        : s->form->when == FD_WHEN_MONTH ? fd_period_month(s->year, s->month)
                                                         : FD_PERIOD_NONE;
}

int fd_emit_begin(fd_reader_state *s)
{
    int err;

    if (s->begun)
        return 0;
    s->begun = true;
    fd_returns__describe(s);
    err = s->handler->begin ? s->handler->begin(s->handler->payload, s->result) : 0;
    return err;
}

int fd_emit_subject(fd_reader_state *s, int32_t provisional, const char *name, int32_t *id)
{
    const size_t at = (size_t)(-(int64_t)provisional - 1);
    int32_t *entered = fd_codes_payload(s->fresh, at);
    char room[FD_CODES_ROOM];
    int err;

    if (*entered) {
        *id = *entered;
        return 0;
    }
    if (!s->handler->subject)
        return fd_error_set(FD_EINVAL, "不能登记新主体", "new subjects cannot be entered here");
    err = s->handler->subject(s->handler->payload, s->form->kind, fd_codes_text(s->fresh, at, room),
                              name, id);
    if (err >= 0)
        *entered = *id;
    return err;
}

/* A register's new names for subjects that are known. */
static int rename_subject(fd_reader_state *s, int32_t id, const char *name)
{
    const char *code = NULL, *known = NULL;
    int32_t same;

    if (!s->handler->describe || !s->handler->subject ||
        s->handler->describe(s->handler->payload, s->form->kind, id, &code, &known) <= 0 ||
        (known && strcmp(known, name) == 0))
        return 0;
    return s->handler->subject(s->handler->payload, s->form->kind, code, name, &same);
}

static int enter_subjects(fd_reader_state *s, fd_sheet *sheet)
{
    int err = 0;

    for (size_t r = 0; r < sheet->n && err >= 0; r++) {
        if (sheet->rejected[r])
            continue;
        if (sheet->subjects[r] < 0)
            err = fd_emit_subject(s, sheet->subjects[r], sheet->names[r], &sheet->subjects[r]);
        else if (s->form->creates && sheet->names[r])
            err = rename_subject(s, sheet->subjects[r], sheet->names[r]);
        if (s->large && err >= 0)
            (void)fd_bitset_put(&s->before, (size_t)sheet->subjects[r]);
    }
    return err;
}

/* ---- segments
 * --------------------------------------------------------------------------------------------------------
 */

typedef struct sort_key {
    int32_t subject;
    uint32_t row;
} sort_key;

static int by_id(const void *a, const void *b)
{
    const sort_key *x = a, *y = b;

    return (x->subject > y->subject) - (x->subject < y->subject);
}

/* Rows to hand out by ascending subject; NULL when they are all and in order already. */
static uint32_t *order_rows(const fd_sheet *sheet, size_t *count)
{
    bool ascending = true, all = true;
    sort_key *keys;
    uint32_t *order;
    size_t n = 0;

    for (size_t r = 0; r < sheet->n; r++) {
        all &= !sheet->rejected[r];
        ascending &= r == 0 || sheet->subjects[r] > sheet->subjects[r - 1];
    }
    *count = sheet->n;
    if (all && ascending)
        return NULL;
    keys = fd_alloc((sheet->n + 1) * sizeof *keys);
    order = fd_alloc((sheet->n + 1) * sizeof *order);
    for (size_t r = 0; r < sheet->n; r++)
        if (!sheet->rejected[r])
            keys[n++] = (sort_key){ sheet->subjects[r], (uint32_t)r };
    qsort(keys, n, sizeof *keys, by_id);
    for (size_t i = 0; i < n; i++)
        order[i] = keys[i].row;
    free(keys);
    *count = n;
    return order;
}

/* Room for the rows of a chunk in the order of their subjects. */
typedef struct ordered {
    int32_t *subjects, *rows;
    int64_t *dec;
    uint8_t *states, *written;
    const char **spelled;
} ordered;

static int emit_bound(fd_reader_state *s, fd_sheet *sheet, fd_bound *b, const uint32_t *order,
                      size_t n, const ordered *room)
{
    fd_returns_segment segment = { .kind = b->c->item->kind,
                                   .item = b->c->item->id,
                                   .period = b->period,
                                   .basis = b->basis,
                                   .sheet = sheet->name,
                                   .column = b->header,
                                   .law = s->form->law,
                                   .marks = s->options->marks ? s->options->marks : "",
                                   .scale = b->c->item->scale,
                                   .unit = b->c->item->unit->name,
                                   .n = n,
                                   .subjects = order ? room->subjects : sheet->subjects,
                                   .dec = b->dec,
                                   .states = b->mixed ? b->states : NULL,
                                   .rows = order ? room->rows : sheet->rows,
                                   .written = b->written,
                                   .spelled = b->spelled,
                                   .written_scale = (int8_t)b->plan.scale_in };
    size_t something = 0;

    if (order) {
        for (size_t i = 0; i < n; i++) {
            room->dec[i] = b->dec[order[i]];
            room->states[i] = b->states[order[i]];
            room->written[i] = b->written[order[i]];
            if (b->spelled)
                room->spelled[i] = b->spelled[order[i]];
        }
        segment.dec = room->dec;
        segment.states = b->mixed ? room->states : NULL;
        segment.written = room->written;
        segment.spelled = b->spelled ? room->spelled : NULL;
    }
    for (size_t i = 0; b->mixed && i < n; i++) {
        something += segment.states[i] != FD_MISSING;
        s->result->doubtful += segment.states[i] == FD_DOUBT;
    }
    if (b->mixed && !something)
        return 0; /* a column without a single figure says nothing */
    return s->handler->segment ? s->handler->segment(s->handler->payload, &segment) : 0;
}

static int emit_segments(fd_reader_state *s, fd_sheet *sheet)
{
    size_t n;
    uint32_t *order = order_rows(sheet, &n);
    ordered room = { 0 };
    int err = 0;

    s->result->accepted += s->form->adds_up ? 0 : n;
    if (order) {
        room.subjects = fd_alloc((n + 1) * sizeof *room.subjects);
        room.rows = fd_alloc((n + 1) * sizeof *room.rows);
        room.dec = fd_alloc((n + 1) * sizeof *room.dec);
        room.states = fd_alloc(n + 1);
        room.written = fd_alloc(n + 1);
        room.spelled = fd_alloc((n + 1) * sizeof *room.spelled);
        for (size_t i = 0; i < n; i++) {
            room.subjects[i] = sheet->subjects[order[i]];
            room.rows[i] = sheet->rows[order[i]];
        }
    }
    for (size_t i = 0; n > 0 && i < sheet->bounds.count && err >= 0; i++)
        err = emit_bound(s, sheet, &sheet->bounds.items[i], order, n, &room);
    free(order);
    free(room.subjects);
    free(room.rows);
    free(room.dec);
    free(room.states);
    free(room.written);
    free(room.spelled);
    return err;
}

/* ---- attributes
 * --------------------------------------------------------------------------------------------------------
 */

static fd_date today_of(const fd_reader_state *s)
{
    return s->options->today == FD_DATE_NONE ? 0 : s->options->today;
}

static fd_date first_day(const fd_reader_state *s)
{
    if (s->month)
        return fd_period_start(fd_period_month(s->year, s->month));
    if (s->year)
        return fd_period_start(fd_period_year(s->year));
    return today_of(s);
}

/* An attribute, and where the form's 应报 hangs on it, which returns are expected from that day. */
static int emit_attribute(fd_reader_state *s, int32_t subject, const fd_form_column *c,
                          fd_date from, const char *value)
{
    const fd_returns_handler *h = s->handler;
    int err = h->put_attribute(h->payload, subject, c->id, from, value);

    if (!s->form->expects_from || strcmp(s->form->expects_from, c->id) != 0)
        return err;
    for (size_t i = 0; err >= 0 && i < s->form->expect_count; i++) {
        char name[96];

        snprintf(name, sizeof name, "expects:%s", s->form->expects[i]);
        err = h->put_attribute(h->payload, subject, name, from,
                               fd_text_truth(value) == FD_FALSE ? NULL : value);
    }
    return err;
}

/* What the row's other columns date of the attribute of an undated one: 规上起, 规上止 beside
 * 是否规上. */
typedef enum { UNDATED, OPEN, DATED } dating;

static dating dated_in_row(const fd_sheet *sheet, const fd_row_text *plain, const fd_form_column *c)
{
    const fd_row_text *end = sheet->row_texts.items + sheet->row_texts.count, *t = plain;
    dating found = UNDATED;

    while (t > sheet->row_texts.items && t[-1].row == plain->row)
        t--;
    for (; t < end && t->row == plain->row; t++) {
        const fd_form_column *other = sheet->texts.items[t->column].c;

        if ((other->from || other->to) && strcmp(other->id, c->id) == 0)
            found = other->to ? DATED : found == UNDATED ? OPEN : found;
    }
    return found;
}

/* The day from which a row of a register speaks: its own, else the call's; NONE when neither is
 * said. */
static fd_date day_of(const fd_reader_state *s, const fd_row_text *t)
{
    return t->date != FD_DATE_NONE ? t->date : s->options->since;
}

/*
 * From when a register's attribute holds: since ever when nothing was known; what changed from the
 * row's own day, else the day given with the call, else today.  With a day the value of that day
 * decides whether anything changes, so that a change dated too late can be sent again.
 * @return 1, 0 nothing changes, or what the look-up fails with
 */
static int changes_from(fd_reader_state *s, int32_t subject, const char *attribute,
                        const fd_row_text *t, fd_date *from)
{
    const fd_returns_handler *h = s->handler;
    const fd_date day = day_of(s, t);
    const char *known = NULL;
    int err = h->attribute ? h->attribute(h->payload, subject, attribute, &known) : 0;

    *from = FD_DATE_NONE;
    if (err != 1)
        return err < 0 ? err : 1;
    *from = day != FD_DATE_NONE ? day : today_of(s);
    if (day != FD_DATE_NONE && h->attribute_on) {
        known = NULL;
        if ((err = h->attribute_on(h->payload, subject, attribute, day, &known)) < 0)
            return err;
    }
    return !known || strcmp(known, t->value) != 0;
}

/* An undated column speaks of the day the table was made: dates in the same row say more, and only
 * a "no" to what has begun and not ended is news, of that day. */
static int emit_attributes(fd_reader_state *s, fd_sheet *sheet)
{
    const fd_returns_handler *h = s->handler;
    int err = 0;

    for (size_t i = 0; i < sheet->row_texts.count && err >= 0; i++) {
        const fd_row_text *t = &sheet->row_texts.items[i];
        const fd_form_column *c = sheet->texts.items[t->column].c;
        int32_t subject = sheet->subjects[t->row];
        fd_date from = t->date;

        if (sheet->rejected[t->row] || c->role != FD_COL_ATTRIBUTE || !h->put_attribute)
            continue;
        if (!c->from && !c->to) {
            from = first_day(s);
            if (s->form->since_ever) {
                int changes = changes_from(s, subject, c->id, t, &from);

                if (changes < 0)
                    return changes;
                if (!changes)
                    continue;
            }
            switch (dated_in_row(sheet, t, c)) {
            case DATED:
                continue;
            case OPEN:
                if (fd_text_truth(t->value) != FD_FALSE)
                    continue;
                from = day_of(s, t) != FD_DATE_NONE ? day_of(s, t) : today_of(s);
                break;
            case UNDATED:
                break;
            }
        }
        err = emit_attribute(s, subject, c, from, t->value);
    }
    return err;
}

/* ---- records
 * ------------------------------------------------------------------------------------------------------------
 */

static int emit_records(fd_reader_state *s, fd_sheet *sheet)
{
    size_t t = 0;
    int err = 0;

    for (size_t r = 0; r < sheet->n && err >= 0; r++) {
        const fd_row_record *record = &sheet->records.items[r];
        fd_buf json = FD_BUF_INIT;
        fd_jsonw w;

        fd_jsonw_init(&w, &json);
        fd_jsonw_object(&w);
        for (; t < sheet->row_texts.count && sheet->row_texts.items[t].row <= r; t++) {
            const fd_row_text *text = &sheet->row_texts.items[t];
            const fd_form_column *c = sheet->texts.items[text->column].c;

            if (text->row < r || c->role != FD_COL_FIELD)
                continue;
            fd_jsonw_key(&w, c->id);
            if (c->kind == FD_DEC)
                fd_jsonw_raw(&w, text->value);
            else
                fd_jsonw_string(&w, text->value);
        }
        fd_jsonw_end_object(&w);
        if (!sheet->rejected[r]) {
            s->result->accepted++;
            if (s->handler->record_at)
                s->handler->record_at(s->handler->payload, sheet->name, record->row);
            if (s->handler->record)
                err = s->handler->record(s->handler->payload, s->form->record->id, record->key,
                                         record->state, record->date, fd_buf_text(&json));
        }
        fd_buf_dispose(&json);
    }
    return err;
}

int fd_emit_sheet(fd_reader_state *s, fd_sheet *sheet)
{
    int err;

    if (s->form->record) {
        err = emit_records(s, sheet);
    } else if ((err = enter_subjects(s, sheet)) >= 0 && (err = emit_segments(s, sheet)) >= 0) {
        err = emit_attributes(s, sheet);
    }
    sheet->n = 0;
    sheet->row_texts.count = 0;
    sheet->records.count = 0;
    for (size_t i = 0; i < sheet->bounds.count; i++) {
        sheet->bounds.items[i].mixed = false;
        sheet->bounds.items[i].values = 0;
    }
    fd_arena_free(sheet->row_arena);
    sheet->row_arena = fd_arena_new();
    return err < 0 ? err : 0;
}
