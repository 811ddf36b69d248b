/*
 * Everything ever stored about one subject; records with their transitions.
 */
#include <string.h>

#include "store/json_flat.h"
#include "store/reader.h"

/* ---- values -------------------------------------------------------------------------------------
 */

typedef struct history_table {
    fd_table *table;
    fd_column *period, *basis, *value, *unit, *state, *snapshot, *file, *sheet, *column, *row,
        *corrected, *reason;
} history_table;

static history_table new_history(void)
{
    history_table t;

    t.table = fd_table_new("history", "历次数值", "History");
    t.period = fd_table_add_new(t.table, "period", "期间", "Period", FD_PERIOD, "", 0);
    t.basis = fd_table_add_new(t.table, "basis", "口径", "Basis", FD_TEXT, "", 0);
    t.value = fd_table_add_new(t.table, "value", "数值", "Value", FD_TEXT, "", 0);
    t.unit = fd_table_add_new(t.table, "unit", "单位", "Unit", FD_TEXT, "", 0);
    t.state = fd_table_add_new(t.table, "state", "状态", "State", FD_TEXT, "", 0);
    t.snapshot = fd_table_add_new(t.table, "snapshot", "快照", "Snapshot", FD_DEC, "", 0);
    t.file = fd_table_add_new(t.table, "file", "文件", "File", FD_TEXT, "", 0);
    t.sheet = fd_table_add_new(t.table, "sheet", "工作表", "Sheet", FD_TEXT, "", 0);
    t.column = fd_table_add_new(t.table, "column", "列", "Column", FD_TEXT, "", 0);
    t.row = fd_table_add_new(t.table, "row", "行", "Row", FD_DEC, "", 0);
    t.corrected = fd_table_add_new(t.table, "corrected", "更正", "Corrected", FD_BOOL, "", 0);
    t.reason = fd_table_add_new(t.table, "reason", "理由", "Reason", FD_TEXT, "", 0);
    return t;
}

static size_t add_value(const history_table *t, fd_period period, fd_basis basis, fd_state state,
                        const char *text, const char *unit, int64_t snapshot, bool corrected)
{
    const size_t row = fd_table_add_row(t->table);

    fd_column_set_day(t->period, row, period);
    fd_column_set_text(t->basis, row, fd_basis_name(basis, FD_EN));
    if (state == FD_HAS || state == FD_DOUBT)
        fd_column_set_text(t->value, row, text);
    if (state != FD_HAS)
        fd_column_set_state(t->value, row, state);
    fd_column_set_text(t->unit, row, unit);
    fd_column_set_text(t->state, row, state == FD_HAS ? "" : fd_state_name(state, FD_EN));
    fd_column_set_dec(t->snapshot, row, snapshot);
    fd_column_set_bool(t->corrected, row, corrected);
    return row;
}

static int add_segment_value(fd_reader *reader, const history_table *t, const fd_head *head,
                             const fd_frame_index *index, size_t subject)
{
    const fd_placement *place;
    const fd_source_row *source;
    int32_t *rows = NULL;
    size_t n = 0, i, row;
    fd_state state;
    char *text = NULL;
    int err;

    if ((err = fd_reader__place(reader, index, head->subjects, &place)) < 0)
        return err;
    if (place->dense) {
        i = subject - place->first;
        if (subject < place->first || i >= place->n)
            return 0;
    } else {
        for (i = 0; i < place->n && place->rows[i] != subject; i++)
            ;
        if (i == place->n)
            return 0;
    }
    if ((err = fd_reader__source_row(reader, head->source, &source)) < 0 ||
        (err = fd_reader__cell(reader, head, i, &state, NULL, &text)) < 0 ||
        (head->rows > 0 && (err = fd_reader__list(reader, head->rows, &rows, &n)) < 0))
        goto done;
    row = add_value(t, head->period, head->basis, state, text, head->unit, head->snapshot, false);
    if (source)
        fd_column_set_text(t->file, row, source->name);
    if (head->sheet)
        fd_column_set_text(t->sheet, row, head->sheet);
    if (head->header)
        fd_column_set_text(t->column, row, head->header);
    if (i < n && rows[i] > 0)
        fd_column_set_dec(t->row, row, rows[i]);
done:
    free(text);
    free(rows);
    return err;
}

static void add_correction(const history_table *t, const fd_correction *c,
                           const fd_item_heads *heads)
{
    char text[64];
    const char *unit = "";
    fd_kind value_kind = FD_DEC;
    size_t row;

    for (size_t i = 0; i < heads->heads.count; i++) {
        const fd_head *h = &heads->heads.items[i];

        if (h->kind == c->kind && h->period == c->period && h->basis == c->basis) {
            unit = h->unit;
            value_kind = h->value_kind;
        }
    }
    if (value_kind == FD_DATE)
        fd_date_format((fd_date)c->value, text, sizeof text);
    else
        fd_decimal_format((fd_decimal){ c->value, c->scale }, text, sizeof text);
    row = add_value(t, c->period, c->basis, c->state, text, unit, c->snapshot, true);
    fd_column_set_text(t->reason, row, c->reason);
}

int fd_reader_history(fd_reader *reader, const char *kind, int32_t subject, const char *item,
                      fd_table **out)
{
    history_table t = new_history();
    const fd_frame_index *index;
    fd_item_heads *heads;
    size_t row, next = 0;
    int err;

    if ((err = fd_reader__frame(reader, kind, &index)) < 0 ||
        (err = fd_reader__item(reader, item, &heads)) < 0)
        goto done;
    if (!fd_reader__find_subject(index, subject, &row)) {
        err = fd_error_set(FD_ENOTFOUND, "没有编号为 %d 的主体(%s)", "there is no subject %d (%s)",
                           subject, kind);
        goto done;
    }
    for (size_t i = 0; i < heads->heads.count; i++) {
        const fd_head *h = &heads->heads.items[i];
        const bool last = i + 1 == heads->heads.count ||
                          heads->heads.items[i + 1].period != h->period ||
                          heads->heads.items[i + 1].basis != h->basis;

        if (h->kind == index->frame.kind &&
            (err = add_segment_value(reader, &t, h, index, row)) < 0)
            goto done;
        /* Corrections follow the values of their own period and basis. */
        while (last && next < heads->corrections.count) {
            const fd_correction *c = &heads->corrections.items[next];
            size_t at;

            if (c->period != h->period || c->basis != h->basis)
                break;
            if (c->kind == index->frame.kind && fd_reader__find_subject(index, c->subject, &at) &&
                at == row)
                add_correction(&t, c, heads);
            next++;
        }
    }
done:
    if (err < 0)
        fd_table_free(t.table);
    else
        *out = t.table;
    return err;
}

/* ---- attributes
 * ----------------------------------------------------------------------------------- */

typedef struct attribute_row {
    const char *attribute;
    char *value; /* NULL = ended */
    int64_t snapshot;
    int32_t since;
} attribute_row;

typedef struct attribute_collector {
    fd_reader *reader;
    fd_vec(const char *) names;
    fd_vec(attribute_row) rows;
} attribute_collector;

static int collect_name(void *payload, const fd_cell *cells)
{
    attribute_collector *c = payload;

    fd_vec_push(&c->names, fd_reader__text(c->reader, fd_cell_text_or(&cells[FD_ATTR_NAME], "")));
    return 0;
}

static int collect_attribute(void *payload, const fd_cell *cells)
{
    attribute_collector *c = payload;
    attribute_row row = { 0 };

    row.snapshot = fd_reader__snapshot_of(c->reader, cells[FD_ATTR_BATCH].as.integer);
    if (row.snapshot < 0)
        return 0;
    row.attribute = fd_reader__text(c->reader, fd_cell_text_or(&cells[FD_ATTR_NAME], ""));
    row.since = (int32_t)cells[FD_ATTR_SINCE].as.integer;
    if (cells[FD_ATTR_VALUE].type == FD_CELL_TEXT)
        row.value = fd_strdup(cells[FD_ATTR_VALUE].as.text);
    fd_vec_push(&c->rows, row);
    return 0;
}

static int by_attribute(const void *a, const void *b)
{
    const attribute_row *x = a, *y = b;
    const int c = strcmp(x->attribute, y->attribute);

    if (c != 0)
        return c;
    if (x->since != y->since)
        return x->since < y->since ? -1 : 1;
    return x->snapshot < y->snapshot ? -1 : x->snapshot > y->snapshot;
}

/* Ids under which a subject was ever stored: its own and aliases of it, which its kind's frame
 * knows. Without the kind only frames already loaded can tell. */
static int collect_subject(attribute_collector *c, int32_t subject)
{
    fd_reader *reader = c->reader;
    int err = 0;

    for (size_t i = 0; err == 0 && i < c->names.count; i++) {
        fd_cell keys[] = { fd_cell_text(c->names.items[i]), fd_cell_int(subject) };

        err =
            reader->ops->scan(reader->link, FD_SCAN_ATTRIBUTE_SUBJECT, keys, collect_attribute, c);
        for (size_t k = 0; err == 0 && k < fd_map_count(reader->frames); k++) {
            const fd_frame_index *index =
                (const fd_frame_index *)(uintptr_t)fd_map_value(reader->frames, k);

            for (size_t a = 0; err == 0 && a < index->alias_count; a++) {
                if (index->alias_targets[a] != subject)
                    continue;
                keys[1] = fd_cell_int(index->alias_ids[a]);
                err = reader->ops->scan(reader->link, FD_SCAN_ATTRIBUTE_SUBJECT, keys,
                                        collect_attribute, c);
            }
        }
    }
    return err;
}

int fd_reader_attribute_history(fd_reader *reader, int32_t subject, fd_table **out)
{
    attribute_collector c = { .reader = reader };
    fd_table *table;
    int err;

    if ((err = reader->ops->scan(reader->link, FD_SCAN_ATTRIBUTE_NAMES, NULL, collect_name, &c)) <
            0 ||
        (err = collect_subject(&c, subject)) < 0)
        goto done;
    if (c.rows.count > 1)
        qsort(c.rows.items, c.rows.count, sizeof *c.rows.items, by_attribute);
    table = fd_table_new("attribute_history", "属性变更", "Attribute history");
    fd_table_add_new(table, "attribute", "属性", "Attribute", FD_TEXT, "", 0);
    fd_table_add_new(table, "from", "起始", "From", FD_DATE, "", 0);
    fd_table_add_new(table, "value", "值", "Value", FD_TEXT, "", 0);
    fd_table_add_new(table, "snapshot", "快照", "Snapshot", FD_DEC, "", 0);
    for (size_t i = 0; i < c.rows.count; i++) {
        const size_t row = fd_table_add_row(table);

        fd_column_set_text(table->columns[0], row, c.rows.items[i].attribute);
        if (c.rows.items[i].since != FD_DATE_NONE)
            fd_column_set_day(table->columns[1], row, c.rows.items[i].since);
        if (c.rows.items[i].value)
            fd_column_set_text(table->columns[2], row, c.rows.items[i].value);
        fd_column_set_dec(table->columns[3], row, c.rows.items[i].snapshot);
    }
    *out = table;
done:
    for (size_t i = 0; i < c.rows.count; i++)
        free(c.rows.items[i].value);
    fd_vec_dispose(&c.rows);
    fd_vec_dispose(&c.names);
    return err;
}

/* ---- records
 * --------------------------------------------------------------------------------------- */

typedef struct transition {
    char *key, *state, *fields;
    int64_t snapshot, seq;
    int32_t date;
} transition;

typedef struct record_value {
    fd_json_type type;
    char *text; /* NULL = never set */
} record_value;

typedef struct record_state {
    const char *key, *state;
    int32_t since, created;
    record_value *values; /* by field */
    size_t value_count;
} record_state;

typedef struct record_loader {
    fd_reader *reader;
    fd_date at;
    fd_vec(transition) transitions;
    fd_map *keys;   /* key → index of record */
    fd_map *fields; /* name → index of field, in order of first appearance */
    fd_vec(record_state) records;
} record_loader;

static int load_transition(void *payload, const fd_cell *cells)
{
    record_loader *l = payload;
    transition t = { 0 };

    t.seq = cells[FD_REC_SEQ].as.integer;
    t.snapshot = fd_reader__snapshot_of(l->reader, FD_SEQ_BATCH(t.seq));
    if (t.snapshot < 0 || cells[FD_REC_DATE].as.integer > l->at)
        return 0;
    t.date = (int32_t)cells[FD_REC_DATE].as.integer;
    t.key = fd_strdup(fd_cell_text_or(&cells[FD_REC_KEY], ""));
    t.state = fd_strdup(fd_cell_text_or(&cells[FD_REC_STATE], ""));
    t.fields = fd_strdup(fd_cell_text_or(&cells[FD_REC_FIELDS], "{}"));
    fd_vec_push(&l->transitions, t);
    return 0;
}

static int by_date(const void *a, const void *b)
{
    const transition *x = a, *y = b;

    if (x->date != y->date)
        return x->date < y->date ? -1 : 1;
    if (x->snapshot != y->snapshot)
        return x->snapshot < y->snapshot ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static int apply_transition(record_loader *l, const transition *t)
{
    const uint64_t at = fd_map_intern(l->keys, fd_view_of(t->key), l->records.count);
    fd_json_flat json = { 0 };
    record_state *record;
    int err;

    if (at == l->records.count)
        fd_vec_push(&l->records, ((record_state){ t->key, "", t->date, t->date, NULL, 0 }));
    record = &l->records.items[at];
    if (strcmp(record->state, t->state) != 0) {
        record->state = t->state;
        record->since = t->date;
    }
    if ((err = fd_json_flat_parse(&json, t->fields)) < 0)
        goto done;
    for (size_t i = 0; i < json.fields.count; i++) {
        fd_json_field *field = &json.fields.items[i];
        const size_t f = fd_map_intern(l->fields, fd_view_of(field->name), fd_map_count(l->fields));

        if (f >= record->value_count) {
            record->values = fd_realloc_array(record->values, f + 8, sizeof *record->values);
            memset(record->values + record->value_count, 0,
                   (f + 8 - record->value_count) * sizeof *record->values);
            record->value_count = f + 8;
        }
        free(record->values[f].text);
        record->values[f].type = field->type;
        record->values[f].text = field->type == FD_JSON_NULL ? NULL : field->text;
        if (field->type != FD_JSON_NULL)
            field->text = NULL;
    }
done:
    fd_json_flat_dispose(&json);
    return err;
}

static const record_value *value_of(const record_state *record, size_t field)
{
    return field < record->value_count && record->values[field].text ? &record->values[field]
                                                                     : NULL;
}

/* Numbers only: a decimal column at the largest scale. True and false only: a boolean one. Else
 * text. */
static int add_field_column(const record_loader *l, fd_table *table, size_t field)
{
    const char *name = fd_map_key(l->fields, field).ptr;
    bool numbers = true, truths = true;
    int scale = 0;
    fd_column *column;
    fd_decimal d;

    for (size_t i = 0; i < l->records.count; i++) {
        const record_value *v = value_of(&l->records.items[i], field);

        if (!v)
            continue;
        truths &= v->type == FD_JSON_BOOL;
        numbers = numbers && v->type == FD_JSON_NUMBER &&
                  fd_decimal_parse(&d, v->text, strlen(v->text)) == 0;
        if (numbers && d.scale > scale)
            scale = d.scale;
    }
    for (size_t i = 0; numbers && i < l->records.count;
         i++) { /* all of them must fit the common scale */
        const record_value *v = value_of(&l->records.items[i], field);

        numbers = !v || (fd_decimal_parse(&d, v->text, strlen(v->text)) == 0 &&
                         fd_decimal_rescale(&d, d, scale) == 0);
    }
    column = fd_table_add_new(table, name, name, name,
                              truths    ? FD_BOOL
                              : numbers ? FD_DEC
                                        : FD_TEXT,
                              "", !truths && numbers ? scale : 0);
    for (size_t i = 0; i < l->records.count; i++) {
        const record_value *v = value_of(&l->records.items[i], field);

        if (!v)
            continue;
        if (truths) {
            fd_column_set_bool(column, i, v->text[0] == 't');
        } else if (numbers) {
            if (fd_decimal_parse(&d, v->text, strlen(v->text)) < 0 ||
                fd_decimal_rescale(&d, d, scale) < 0)
                return fd_error_set(FD_EFORMAT, "记录字段“%s”不是数值",
                                    "record field \"%s\" is no number", name);
            fd_column_set_dec(column, i, d.mantissa);
        } else {
            fd_column_set_text(column, i, v->text);
        }
    }
    return 0;
}

static int build_records(const record_loader *l, fd_table **out)
{
    fd_table *table = fd_table_new("records", "记录", "Records");
    fd_column *id, *state, *since, *created;
    int err = 0;

    id = fd_table_add_new(table, "id", "编号", "Id", FD_TEXT, "", 0);
    state = fd_table_add_new(table, "state", "状态", "State", FD_TEXT, "", 0);
    since = fd_table_add_new(table, "since", "状态起始", "Since", FD_DATE, "", 0);
    created = fd_table_add_new(table, "created", "建立", "Created", FD_DATE, "", 0);
    for (size_t i = 0; i < l->records.count; i++) {
        const record_state *r = &l->records.items[i];
        const size_t row = fd_table_add_row(table);

        fd_column_set_text(id, row, r->key);
        fd_column_set_text(state, row, r->state);
        if (r->since != FD_DATE_NONE)
            fd_column_set_day(since, row, r->since);
        if (r->created != FD_DATE_NONE)
            fd_column_set_day(created, row, r->created);
    }
    for (size_t f = 0; err == 0 && f < fd_map_count(l->fields); f++)
        err = add_field_column(l, table, f);
    if (err < 0)
        fd_table_free(table);
    else
        *out = table;
    return err;
}

int fd_reader__op_records(fd_source *source, const char *type, fd_date at, fd_table **out)
{
    fd_reader *reader = (fd_reader *)source;
    const fd_cell key = fd_cell_text(type);
    record_loader l = { .reader = reader, .at = at, .keys = fd_map_new(), .fields = fd_map_new() };
    int err;

    if ((err = reader->ops->scan(reader->link, FD_SCAN_RECORD_TYPE, &key, load_transition, &l)) < 0)
        goto done;
    if (l.transitions.count > 1)
        qsort(l.transitions.items, l.transitions.count, sizeof *l.transitions.items, by_date);
    for (size_t i = 0; err == 0 && i < l.transitions.count; i++)
        err = apply_transition(&l, &l.transitions.items[i]);
    if (err == 0)
        err = build_records(&l, out);
done:
    for (size_t i = 0; i < l.transitions.count; i++) {
        free(l.transitions.items[i].key);
        free(l.transitions.items[i].state);
        free(l.transitions.items[i].fields);
    }
    for (size_t i = 0; i < l.records.count; i++) {
        for (size_t f = 0; f < l.records.items[i].value_count; f++)
            free(l.records.items[i].values[f].text);
        free(l.records.items[i].values);
    }
    fd_vec_dispose(&l.transitions);
    fd_vec_dispose(&l.records);
    fd_map_free(l.keys);
    fd_map_free(l.fields);
    return err;
}
