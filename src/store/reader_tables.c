/*
 * What is in a city file, as tables for people and for the layers above.
 */
#include <string.h>

#include "base/bits.h"
#include "base/digest.h"
#include "store/reader.h"

/* ---- rows collected from a scan
 * -------------------------------------------------------------------- */

typedef struct kept_row {
    int64_t snapshot, seq;
    fd_cell *cells; /* texts in the arena */
} kept_row;

typedef struct collector {
    fd_reader *reader;
    fd_arena *arena;
    fd_rel rel;
    size_t width;
    fd_vec(kept_row) rows;
} collector;

static int keep(void *payload, const fd_cell *cells)
{
    collector *c = payload;
    const int64_t batch = fd_store__row_batch(c->rel, cells);
    kept_row row = { fd_reader__snapshot_of(c->reader, batch), cells[0].as.integer, NULL };

    if (row.snapshot < 0)
        return 0;
    row.cells = fd_arena_alloc(c->arena, c->width * sizeof *row.cells);
    for (size_t i = 0; i < c->width; i++) {
        row.cells[i] = cells[i];
        if (cells[i].type == FD_CELL_TEXT)
            row.cells[i].as.text = fd_arena_strndup(c->arena, cells[i].as.text, cells[i].length);
    }
    fd_vec_push(&c->rows, row);
    return 0;
}

static int by_snapshot(const void *a, const void *b)
{
    const kept_row *x = a, *y = b;

    if (x->snapshot != y->snapshot)
        return x->snapshot < y->snapshot ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* Visible rows of a scan in order of snapshot and seq. Release with drop(), also after an error. */
static int collect(collector *c, fd_reader *reader, fd_scan scan, const fd_cell *keys)
{
    int err;

    memset(c, 0, sizeof *c);
    c->reader = reader;
    c->arena = fd_arena_new();
    c->rel = fd_store__scans[scan].rel;
    c->width = fd_store__relations[c->rel].width;
    if ((err = reader->ops->scan(reader->link, scan, keys, keep, c)) < 0)
        return err;
    if (c->rows.count > 1)
        qsort(c->rows.items, c->rows.count, sizeof *c->rows.items, by_snapshot);
    return 0;
}

/* Of rows with equal texts in the given columns only the last stays, where the first stood. */
static void keep_last(collector *c, const int *columns, size_t count)
{
    fd_map *seen = fd_map_new();
    fd_buf key = FD_BUF_INIT;
    size_t kept = 0;

    for (size_t i = 0; i < c->rows.count; i++) {
        uint64_t at;

        fd_buf_clear(&key);
        for (size_t k = 0; k < count; k++) {
            const fd_cell *cell = &c->rows.items[i].cells[columns[k]];

            if (cell->type == FD_CELL_INT)
                fd_buf_printf(&key, "%lld", (long long)cell->as.integer);
            else
                fd_buf_puts(&key, fd_cell_text_or(cell, ""));
            fd_buf_putc(&key, '\x1f');
        }
        at = fd_map_intern(seen, (fd_view){ fd_buf_text(&key), key.len }, kept);
        c->rows.items[at] = c->rows.items[i];
        if (at == kept)
            kept++;
    }
    c->rows.count = kept;
    fd_buf_dispose(&key);
    fd_map_free(seen);
}

static void drop(collector *c)
{
    fd_vec_dispose(&c->rows);
    fd_arena_free(c->arena);
}

/* ---- columns from cells
 * ------------------------------------------------------------------------------ */

typedef struct column_spec {
    const char *id, *zh, *en;
    fd_kind kind;
    int from; /* column of the relation; SNAPSHOT = the row's snapshot */
} column_spec;

enum { SNAPSHOT = -1 };

static void set_cell(fd_column *column, size_t row, const fd_cell *cell)
{
    if (cell->type == FD_CELL_NULL)
        return;
    switch (column->kind) {
    case FD_DEC:
        fd_column_set_dec(column, row, cell->as.integer);
        break;
    case FD_BOOL:
        fd_column_set_bool(column, row, cell->as.integer != 0);
        break;
    case FD_DATE:
        if (cell->as.integer != FD_DATE_NONE)
            fd_column_set_day(column, row, (int32_t)cell->as.integer);
        break;
    case FD_PERIOD:
        fd_column_set_day(column, row, (int32_t)cell->as.integer);
        break;
    default:
        fd_column_set_text(column, row, fd_cell_text_or(cell, ""));
        break;
    }
}

static fd_table *make_table(const char *id, const char *zh, const char *en,
                            const column_spec *specs, size_t count, const kept_row *rows, size_t n)
{
    fd_table *table = fd_table_new(id, zh, en);

    for (size_t k = 0; k < count; k++)
        fd_table_add_new(table, specs[k].id, specs[k].zh, specs[k].en, specs[k].kind, "", 0);
    for (size_t i = 0; i < n; i++) {
        const size_t row = fd_table_add_row(table);

        for (size_t k = 0; k < count; k++) {
            const fd_cell snapshot = fd_cell_int(rows[i].snapshot);

            set_cell(table->columns[k], row,
                     specs[k].from == SNAPSHOT ? &snapshot : &rows[i].cells[specs[k].from]);
        }
    }
    return table;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

int fd_reader_snapshots(fd_reader *reader, fd_table **out)
{
    static const column_spec specs[] = {
        { "snapshot", "快照", "Snapshot", FD_DEC, SNAPSHOT },
        { "time", "时间", "Time", FD_TEXT, FD_BATCH_TIME },
        { "verb", "操作", "Verb", FD_TEXT, FD_BATCH_VERB },
        { "actor", "用户", "Actor", FD_TEXT, FD_BATCH_ACTOR },
        { "note", "说明", "Note", FD_TEXT, FD_BATCH_NOTE },
    };
    collector c;
    int err;

    if ((err = collect(&c, reader, FD_SCAN_BATCHES, NULL)) == 0)
        *out = make_table("snapshots", "快照", "Snapshots", specs, COUNT(specs), c.rows.items,
                          c.rows.count);
    drop(&c);
    return err;
}

static int by_definition(const void *a, const void *b)
{
    const kept_row *x = a, *y = b;
    const int c = strcmp(fd_cell_text_or(&x->cells[FD_DEF_ID], ""),
                         fd_cell_text_or(&y->cells[FD_DEF_ID], ""));

    return c != 0 ? c
                  : strcmp(fd_cell_text_or(&x->cells[FD_DEF_KIND], ""),
                           fd_cell_text_or(&y->cells[FD_DEF_KIND], ""));
}

/* The newest text of each definition, by id and kind. */
static int collect_definitions(collector *c, fd_reader *reader)
{
    static const int key[] = { FD_DEF_KIND, FD_DEF_ID };
    int err;

    if ((err = collect(c, reader, FD_SCAN_DEFINITIONS, NULL)) < 0)
        return err;
    keep_last(c, key, COUNT(key));
    if (c->rows.count > 1)
        qsort(c->rows.items, c->rows.count, sizeof *c->rows.items, by_definition);
    return 0;
}

int fd_reader_definitions(fd_reader *reader, fd_table **out)
{
    static const column_spec specs[] = {
        { "kind", "种类", "Kind", FD_TEXT, FD_DEF_KIND },
        { "id", "标识", "Id", FD_TEXT, FD_DEF_ID },
        { "text", "文本", "Text", FD_TEXT, FD_DEF_TEXT },
        { "file", "文件", "File", FD_TEXT, FD_DEF_FILE },
        { "shipped", "随程序", "Shipped", FD_BOOL, FD_DEF_SHIPPED },
        { "hash", "散列", "Hash", FD_TEXT, FD_DEF_HASH },
        { "snapshot", "快照", "Snapshot", FD_DEC, SNAPSHOT },
        { "replaces", "替代", "Replaces", FD_TEXT, FD_DEF_REPLACES },
    };
    collector c;
    int err;

    if ((err = collect_definitions(&c, reader)) == 0)
        *out = make_table("definitions", "定义", "Definitions", specs, COUNT(specs), c.rows.items,
                          c.rows.count);
    drop(&c);
    return err;
}

int fd_reader_definition_versions(fd_reader *reader, const char *id, fd_table **out)
{
    static const column_spec specs[] = {
        { "kind", "种类", "Kind", FD_TEXT, FD_DEF_KIND },
        { "id", "标识", "Id", FD_TEXT, FD_DEF_ID },
        { "snapshot", "快照", "Snapshot", FD_DEC, SNAPSHOT },
        { "hash", "散列", "Hash", FD_TEXT, FD_DEF_HASH },
        { "file", "文件", "File", FD_TEXT, FD_DEF_FILE },
        { "shipped", "随程序", "Shipped", FD_BOOL, FD_DEF_SHIPPED },
        { "text", "文本", "Text", FD_TEXT, FD_DEF_TEXT },
    };
    size_t kept = 0;
    collector c;
    int err;

    if ((err = collect(&c, reader, FD_SCAN_DEFINITIONS, NULL)) == 0) {
        for (size_t i = 0; i < c.rows.count; i++)
            if (strcmp(fd_cell_text_or(&c.rows.items[i].cells[FD_DEF_ID], ""), id) == 0)
                c.rows.items[kept++] = c.rows.items[i];
        c.rows.count = kept;
        *out = make_table("versions", "版本", "Versions", specs, COUNT(specs), c.rows.items, kept);
    }
    drop(&c);
    return err;
}

int fd_reader_definitions_hash(fd_reader *reader, char out[65])
{
    static const int fields[] = { FD_DEF_ID, FD_DEF_KIND, FD_DEF_HASH };
    fd_digest *digest;
    collector c;
    int err;

    if ((err = collect_definitions(&c, reader)) < 0)
        goto done;
    digest = fd_digest_new();
    for (size_t i = 0; i < c.rows.count; i++) {
        for (size_t k = 0; k < COUNT(fields); k++) {
            const char *text = fd_cell_text_or(&c.rows.items[i].cells[fields[k]], "");

            fd_digest_update(digest, text, strlen(text) + 1); /* the terminator parts the fields */
        }
    }
    fd_digest_finish(digest, out);
done:
    drop(&c);
    return err;
}

int fd_reader_sources(fd_reader *reader, fd_table **out)
{
    static const column_spec specs[] = {
        { "id", "编号", "Id", FD_DEC, FD_SRC_ID },
        { "name", "文件名", "Name", FD_TEXT, FD_SRC_NAME },
        { "digest", "SHA-256", "SHA-256", FD_TEXT, FD_SRC_DIGEST },
        { "bytes", "字节数", "Bytes", FD_DEC, FD_SRC_BYTES },
        { "encoding", "编码", "Encoding", FD_TEXT, FD_SRC_ENCODING },
        { "form", "报表", "Form", FD_TEXT, FD_SRC_FORM },
        { "sender", "报送单位", "Sender", FD_TEXT, FD_SRC_SENDER },
        { "snapshot", "快照", "Snapshot", FD_DEC, SNAPSHOT },
    };
    collector c;
    int err;

    if ((err = collect(&c, reader, FD_SCAN_SOURCES, NULL)) == 0)
        *out = make_table("sources", "源文件", "Source files", specs, COUNT(specs), c.rows.items,
                          c.rows.count);
    drop(&c);
    return err;
}

int fd_reader_record_history(fd_reader *reader, const char *type, const char *key, fd_table **out)
{
    static const column_spec specs[] = {
        { "snapshot", "快照", "Snapshot", FD_DEC, SNAPSHOT },
        { "date", "日期", "Date", FD_DATE, FD_REC_DATE },
        { "state", "状态", "State", FD_TEXT, FD_REC_STATE },
        { "fields", "字段", "Fields", FD_TEXT, FD_REC_FIELDS },
        { "by", "经手人", "By", FD_TEXT, FD_REC_ACTOR },
    };
    const fd_cell keys[] = { fd_cell_text(type), fd_cell_text(key) };
    collector c;
    int err;

    if ((err = collect(&c, reader, FD_SCAN_RECORD_KEY, keys)) == 0)
        *out = make_table("record_history", "记录经过", "Record history", specs, COUNT(specs),
                          c.rows.items, c.rows.count);
    drop(&c);
    return err;
}

int fd_reader_mapping(fd_reader *reader, const char *form, const char *sender, fd_table **out)
{
    static const column_spec specs[] = {
        { "header", "表头", "Header", FD_TEXT, FD_MAP_HEADER },
        { "item", "数据项", "Item", FD_TEXT, FD_MAP_ITEM },
        { "snapshot", "快照", "Snapshot", FD_DEC, SNAPSHOT },
    };
    static const int key[] = { FD_MAP_HEADER };
    const fd_cell keys[] = { fd_cell_text(form ? form : ""), fd_cell_text(sender ? sender : "") };
    collector c;
    int err;

    if ((err = collect(&c, reader, FD_SCAN_MAPPING, keys)) == 0) {
        keep_last(&c, key, 1);
        *out = make_table("mapping", "表头对应", "Header mapping", specs, COUNT(specs),
                          c.rows.items, c.rows.count);
    }
    drop(&c);
    return err;
}

/* ---- the published cube
 * ------------------------------------------------------------------------------ */

static fd_i128 read_integer(const char *text)
{
    const bool negative = *text == '-';
    fd_u128 value = 0;

    for (text += negative; *text >= '0' && *text <= '9'; text++)
        value = value * 10U + (unsigned)(*text - '0');
    return (fd_i128)(negative ? 0U - value : value);
}

static void set_cube_value(fd_column *exact, fd_column *estimate, size_t row, const fd_cell *cells)
{
    const fd_state state = (fd_state)(cells[FD_CUBE_STATE].as.integer & 3);
    fd_quot q;

    if (state == FD_MISSING || state == FD_NA) {
        fd_column_set_state(exact, row, state);
        fd_column_set_state(estimate, row, state);
        return;
    }
    if (cells[FD_CUBE_NUM].type == FD_CELL_TEXT && cells[FD_CUBE_DEN].type == FD_CELL_TEXT) {
        if (fd_quot_make(&q, read_integer(cells[FD_CUBE_NUM].as.text),
                         read_integer(cells[FD_CUBE_DEN].as.text)) < 0)
            return;
        fd_column_set_quot(exact, row, q);
        fd_column_set_state(exact, row, state);
    } else {
        fd_column_set_est(estimate, row, cells[FD_CUBE_VALUE].as.real);
        fd_column_set_state(estimate, row, state);
    }
}

int fd_reader_cube(fd_reader *reader, const char *cube, fd_table **out)
{
    static const column_spec specs[] = {
        { "indicator", "指标", "Indicator", FD_TEXT, FD_CUBE_INDICATOR },
        { "place", "地区", "Place", FD_TEXT, FD_CUBE_PLACE },
        { "chain", "产业链", "Chain", FD_TEXT, FD_CUBE_CHAIN },
        { "industry", "行业", "Industry", FD_TEXT, FD_CUBE_INDUSTRY },
        { "period", "期间", "Period", FD_PERIOD, FD_CUBE_PERIOD },
        { "unit", "单位", "Unit", FD_TEXT, FD_CUBE_UNIT },
        { "n", "户数", "n", FD_DEC, FD_CUBE_N },
        { "suppressed", "保密", "Suppressed", FD_TEXT, FD_CUBE_SUPPRESSED },
        { "snapshot", "快照", "Snapshot", FD_DEC, SNAPSHOT },
    };
    static const int key[] = { FD_CUBE_INDICATOR, FD_CUBE_PLACE, FD_CUBE_CHAIN, FD_CUBE_INDUSTRY,
                               FD_CUBE_PERIOD };
    const fd_cell cell = fd_cell_text(cube);
    fd_table *table;
    fd_column *exact, *estimate;
    collector c;
    int err;

    if ((err = collect(&c, reader, FD_SCAN_CUBE, &cell)) < 0)
        goto done;
    keep_last(&c, key, COUNT(key));
    table = make_table("cube", "发布数据", "Published cube", specs, COUNT(specs), c.rows.items,
                       c.rows.count);
    exact = fd_table_add_new(table, "value", "数值", "Value", FD_QUOT, "", 0);
    estimate = fd_table_add_new(table, "estimate", "估计值", "Estimate", FD_EST, "", 0);
    for (size_t i = 0; i < c.rows.count; i++)
        set_cube_value(exact, estimate, i, c.rows.items[i].cells);
    *out = table;
done:
    drop(&c);
    return err;
}

/* ---- items
 * -------------------------------------------------------------------------------------------- */

static int by_item(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

typedef struct item_lister {
    fd_reader *reader;
    fd_map *seen;
    fd_vec(const char *) items;
} item_lister;

static int list_item(void *payload, const fd_cell *cells)
{
    item_lister *l = payload;
    const char *item = fd_cell_text_or(&cells[FD_SEG_ITEM], "");

    if (fd_reader__snapshot_of(l->reader, FD_SEQ_BATCH(cells[FD_SEG_SEQ].as.integer)) >= 0 &&
        fd_map_set(l->seen, fd_view_of(item), 0))
        fd_vec_push(&l->items, fd_reader__text(l->reader, item));
    return 0;
}

/* How many subjects the segments [first, end) of one kind name together. */
static int count_subjects(fd_reader *reader, const fd_item_heads *heads, size_t first, size_t end,
                          const char *kind, size_t *out)
{
    const fd_frame_index *index;
    uint64_t *bits;
    int err;

    if ((err = fd_reader__frame(reader, kind, &index)) < 0)
        return err;
    bits = fd_alloc(FD_BITS_WORDS(index->frame.n) * sizeof *bits + 1);
    for (size_t i = first; err == 0 && i < end; i++) {
        const fd_placement *place;

        if (heads->heads.items[i].kind != kind)
            continue;
        err = fd_reader__place(reader, index, heads->heads.items[i].subjects, &place);
        for (size_t k = 0; err == 0 && k < place->n; k++) {
            const size_t row = place->dense ? place->first + k : place->rows[k];

            if (row != UINT32_MAX)
                fd_bits_set(bits, row);
        }
    }
    *out = fd_bits_count(bits, index->frame.n);
    free(bits);
    return err;
}

/* One row per kind of one period and basis. */
static int add_item_rows(fd_reader *reader, fd_table *table, const fd_item_heads *heads,
                         size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        const fd_head *h = &heads->heads.items[i];
        const char *marks, *origin;
        int64_t snapshot = 0;
        size_t n = 0, row;
        bool done = false;
        int err;

        for (size_t k = first; k < i; k++)
            done |= heads->heads.items[k].kind == h->kind;
        if (done)
            continue;
        for (size_t k = i; k < end; k++)
            if (heads->heads.items[k].kind == h->kind)
                snapshot = heads->heads.items[k].snapshot;
        if ((err = count_subjects(reader, heads, first, end, h->kind, &n)) < 0 ||
            (err = fd_reader__op_marks(&reader->source, heads->item, h->period, h->basis, &marks,
                                       &origin)) < 0)
            return err;
        row = fd_table_add_row(table);
        fd_column_set_text(table->columns[0], row, heads->item);
        fd_column_set_text(table->columns[1], row, h->kind);
        fd_column_set_day(table->columns[2], row, h->period);
        fd_column_set_text(table->columns[3], row, fd_basis_name(h->basis, FD_EN));
        fd_column_set_dec(table->columns[4], row, (int64_t)n);
        fd_column_set_dec(table->columns[5], row, snapshot);
        fd_column_set_text(table->columns[6], row, origin);
        fd_column_set_text(table->columns[7], row, marks);
    }
    return 0;
}

int fd_reader_items(fd_reader *reader, fd_table **out)
{
    fd_table *table = fd_table_new("items", "数据项", "Items");
    item_lister lister = { .reader = reader, .seen = fd_map_new() };
    int err;

    fd_table_add_new(table, "item", "数据项", "Item", FD_TEXT, "", 0);
    fd_table_add_new(table, "kind", "类别", "Kind", FD_TEXT, "", 0);
    fd_table_add_new(table, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(table, "basis", "口径", "Basis", FD_TEXT, "", 0);
    fd_table_add_new(table, "subjects", "主体数", "Subjects", FD_DEC, "", 0);
    fd_table_add_new(table, "snapshot", "快照", "Snapshot", FD_DEC, "", 0);
    fd_table_add_new(table, "origin", "来源类别", "Origin", FD_TEXT, "", 0);
    fd_table_add_new(table, "marks", "标记", "Marks", FD_TEXT, "", 0);
    if ((err = reader->ops->scan(reader->link, FD_SCAN_SEGMENTS, NULL, list_item, &lister)) < 0)
        goto done;
    if (lister.items.count > 1)
        qsort(lister.items.items, lister.items.count, sizeof *lister.items.items, by_item);
    for (size_t i = 0; err == 0 && i < lister.items.count; i++) {
        fd_item_heads *heads;

        err = fd_reader__item(reader, lister.items.items[i], &heads);
        for (size_t at = 0, end; err == 0 && at < heads->heads.count; at = end) {
            size_t first;

            fd_reader__run(heads, heads->heads.items[at].period, heads->heads.items[at].basis,
                           &first, &end);
            err = add_item_rows(reader, table, heads, first, end);
        }
    }
done:
    fd_map_free(lister.seen);
    fd_vec_dispose(&lister.items);
    if (err < 0)
        fd_table_free(table);
    else
        *out = table;
    return err;
}

/* ---- audit
 * ---------------------------------------------------------------------------------------------- */

static int add_audit_line(void *payload, const fd_audit_line *line)
{
    fd_table *table = payload;
    const char *const texts[] = { line->time,   line->actor,  line->verb,
                                  line->object, line->detail, line->hash };
    const size_t row = fd_table_add_row(table);

    fd_column_set_dec(table->columns[0], row, line->id);
    for (size_t i = 0; i < COUNT(texts); i++)
        fd_column_set_text(table->columns[i + 1], row, texts[i]);
    return 0;
}

int fd_reader_audit(fd_reader *reader, int64_t last, fd_table **out)
{
    fd_table *table = fd_table_new("audit", "审计记录", "Audit lines");
    int64_t newest = 0;
    int err = 0;

    fd_table_add_new(table, "id", "序号", "Id", FD_DEC, "", 0);
    fd_table_add_new(table, "time", "时间", "Time", FD_TEXT, "", 0);
    fd_table_add_new(table, "actor", "用户", "Actor", FD_TEXT, "", 0);
    fd_table_add_new(table, "verb", "操作", "Verb", FD_TEXT, "", 0);
    fd_table_add_new(table, "object", "对象", "Object", FD_TEXT, "", 0);
    fd_table_add_new(table, "detail", "内容", "Detail", FD_TEXT, "", 0);
    fd_table_add_new(table, "hash", "散列", "Hash", FD_TEXT, "", 0);
    if (!fd_store__read_only(reader->store))
        err = fd_store__audit_flush(reader->store); /* what was said a moment ago should be seen */
    if (err < 0 || (err = reader->ops->audit_last(reader->link, &newest)) < 0)
        goto done;
    err = reader->ops->audit_scan(reader->link, last > 0 && newest > last ? newest - last + 1 : 1,
                                  add_audit_line, table);
done:
    if (err < 0)
        fd_table_free(table);
    else
        *out = table;
    return err;
}
