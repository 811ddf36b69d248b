#include "store/batch.h"

#include <string.h>

#include "base/digest.h"
#include "store/json_flat.h"

enum { FLUSH_BYTES = 1 << 20, ROW_BYTES = 64 };

int fd_batch_begin(fd_batch **out, fd_store *store, const fd_batch_info *info)
{
    fd_batch *b;

    *out = NULL;
    if (fd_store__read_only(store))
        return fd_error_set(FD_EDENIED, "城市文件以只读方式打开",
                            "the city file is open for reading only");
    b = fd_alloc(sizeof *b);
    b->store = store;
    b->backend = fd_store__backend(store);
    b->ops = b->backend->ops;
    b->arena = fd_arena_new();
    b->row_arena = fd_arena_new();
    b->info.verb = fd_arena_strdup(b->arena, info && info->verb ? info->verb : "");
    b->info.actor = fd_arena_strdup(b->arena, info && info->actor ? info->actor : "");
    b->info.note = fd_arena_strdup(b->arena, info && info->note ? info->note : "");
    b->info.timestamp = fd_arena_strdup(b->arena, info ? info->timestamp : NULL);
    b->subjects = fd_map_new();
    b->shapes = fd_map_new();
    b->blocks = fd_map_new();
    b->definitions = fd_map_new();
    b->attributes = fd_map_new();
    b->id_step = 16;
    *out = b;
    return 0;
}

void fd_batch_detail(fd_batch *b, const char *text)
{
    b->detail = fd_arena_strdup(b->arena, text);
}

static void drop_waiting(fd_batch *b)
{
    for (size_t i = 0; i < b->rows.count; i++)
        free(b->rows.items[i].owned);
    b->rows.count = 0;
    b->waiting = 0;
    fd_arena_free(b->row_arena);
    b->row_arena = fd_arena_new();
}

static void batch_free(fd_batch *b)
{
    drop_waiting(b);
    fd_reader_close(b->reader);
    fd_batch__free_subjects(b);
    fd_batch__free_segments(b);
    fd_batch__free_attributes(b);
    fd_map_free(b->subjects);
    fd_map_free(b->shapes);
    fd_map_free(b->blocks);
    fd_map_free(b->definitions);
    fd_map_free(b->attributes);
    fd_vec_dispose(&b->rows);
    fd_arena_free(b->row_arena);
    fd_arena_free(b->arena);
    free(b);
}

int fd_batch__usable(fd_batch *b)
{
    if (b->failed == 0)
        return 0;
    return fd_error_set(b->failed, "这一批次此前写入失败,须放弃",
                        "an earlier write of this batch failed; abandon it");
}

int fd_batch__reader(fd_batch *b, fd_reader **out)
{
    int err = 0;

    if (!b->reader)
        err = fd_reader_open(&b->reader, b->store, 0);
    *out = b->reader;
    return err;
}

int fd_batch_snapshot(fd_batch *b, int64_t *snapshot)
{
    fd_reader *reader;
    const int err = fd_batch__reader(b, &reader);

    *snapshot = err < 0 ? 0 : fd_reader_snapshot(reader);
    return err;
}

int fd_batch__seq(fd_batch *b, int64_t *seq)
{
    int err;

    if (b->id == 0 && (err = b->ops->batch_create(b->backend, &b->info, &b->id)) < 0)
        return b->failed = err;
    if (b->last_seq == UINT32_MAX)
        return fd_error_set(FD_ELIMIT, "一个批次的记录过多", "a batch has too many rows");
    *seq = FD_SEQ(b->id, ++b->last_seq);
    return 0;
}

int fd_batch__flush(fd_batch *b)
{
    size_t at = 0;
    int err = 0;

    while (at < b->rows.count) {
        size_t done = 0;

        if ((err = b->ops->write(b->backend, b->rows.items + at, b->rows.count - at, &done)) < 0) {
            b->failed = err;
            break;
        }
        at += done;
    }
    drop_waiting(b);
    return err;
}

int fd_batch__add(fd_batch *b, fd_rel rel, const fd_cell *cells, void *owned)
{
    const size_t width = fd_store__relations[rel].width;
    fd_cell *copy = fd_arena_alloc(b->row_arena, width * sizeof *copy);
    fd_row row = { rel, copy, ROW_BYTES, owned };

    for (size_t i = 0; i < width; i++) {
        copy[i] = cells[i];
        row.bytes += cells[i].length;
        if (cells[i].type == FD_CELL_TEXT)
            copy[i].as.text = fd_arena_strndup(b->row_arena, cells[i].as.text, cells[i].length);
    }
    fd_vec_push(&b->rows, row);
    b->waiting += row.bytes;
    return b->waiting >= FLUSH_BYTES ? fd_batch__flush(b) : 0;
}

void fd_batch_abandon(fd_batch *b)
{
    if (!b)
        return;
    if (b->id > 0)
        b->ops->batch_drop(b->backend, b->id);
    batch_free(b);
}

int fd_batch_publish(fd_batch *b, int64_t *snapshot)
{
    fd_audit_line line;
    char now[32];
    int64_t number = 0;
    bool said = fd_store__audit_waiting(b->store, &line);
    int err = 0;

    if (b->id == 0 && b->rows.count == 0 && b->failed == 0 && !fd_batch__has_new_subjects(b)) {
        fd_reader_close(b->reader);
        b->reader = NULL;
        if ((err = fd_reader_open(&b->reader, b->store, 0)) < 0)
            goto done;
        number = fd_reader_snapshot(b->reader);
        goto done;
    }
    fd_store__now(now);
    line.time = now;
    line.detail = b->detail ? b->detail : b->info.note;
    if ((err = fd_batch__usable(b)) < 0 || (err = fd_batch__write_subjects(b)) < 0 ||
        (err = fd_batch__flush(b)) < 0 ||
        (err = b->ops->batch_publish(b->backend, b->id, b->info.timestamp ? b->info.timestamp : now,
                                     &number, said ? &line : NULL)) < 0)
        goto done;
    if (said)
        fd_store__audit_took(b->store);
    b->id = 0; /* nothing left to drop */
done:
    if (err == 0 && snapshot)
        *snapshot = number;
    if (err < 0) {
        const fd_error kept = *fd_error_last();

        fd_batch_abandon(
            b); /* may fail itself, but why publishing failed is what the caller needs */
        *(fd_error *)(uintptr_t)fd_error_last() = kept;
    } else {
        batch_free(b);
    }
    return err;
}

/* ---- simple rows --------------------------------------------------------------------------------
 */

int fd_batch_meta(fd_batch *b, const char *key, const char *value)
{
    fd_cell cells[FD_REL_WIDTH_MAX];
    int64_t seq = 0;
    int err;

    if ((err = fd_batch__usable(b)) < 0 || (err = fd_batch__seq(b, &seq)) < 0)
        return err;
    cells[FD_META_SEQ] = fd_cell_int(seq);
    cells[FD_META_KEY] = fd_cell_text(key);
    cells[FD_META_VALUE] = fd_cell_text(value);
    return fd_batch__add(b, FD_REL_META, cells, NULL);
}

typedef struct source_finder {
    const fd_reader *reader;
    const char *form;
    int64_t id, snapshot;
} source_finder;

static int find_source(void *payload, const fd_cell *cells)
{
    source_finder *finder = payload;
    const int64_t snapshot =
        fd_reader__snapshot_of(finder->reader, FD_SEQ_BATCH(cells[FD_SRC_SEQ].as.integer));

    if (snapshot < 0 || strcmp(fd_cell_text_or(&cells[FD_SRC_FORM], ""), finder->form) != 0)
        return 0;
    if (finder->id == 0 || snapshot < finder->snapshot) {
        finder->id = cells[FD_SRC_ID].as.integer;
        finder->snapshot = snapshot;
    }
    return 0;
}

int fd_batch_source(fd_batch *b, const fd_source_file *file, int32_t *id)
{
    fd_cell cells[FD_REL_WIDTH_MAX];
    const fd_cell key = fd_cell_text(file->digest ? file->digest : "");
    source_finder finder = { NULL, file->form ? file->form : "", 0, 0 };
    fd_reader *reader;
    int64_t seq = 0;
    int err;

    *id = 0;
    if ((err = fd_batch__usable(b)) < 0 || (err = fd_batch__reader(b, &reader)) < 0)
        return err;
    finder.reader = reader;
    if ((err = b->ops->scan(reader->link, FD_SCAN_SOURCE_DIGEST, &key, find_source, &finder)) < 0)
        return err;
    if (finder.id > 0 && key.length > 0) {
        *id = (int32_t)finder.id;
        return fd_error_set(FD_EEXISTS, "文件“%s”此前已经导入(快照 %lld)",
                            "file \"%s\" was imported before (snapshot %lld)",
                            file->name ? file->name : "", (long long)finder.snapshot);
    }
    if ((err = fd_batch__seq(b, &seq)) < 0 ||
        (err = b->ops->reserve(b->backend, "source", 1, id)) < 0)
        return err;
    cells[FD_SRC_SEQ] = fd_cell_int(seq);
    cells[FD_SRC_ID] = fd_cell_int(*id);
    cells[FD_SRC_NAME] = fd_cell_text(file->name ? file->name : "");
    cells[FD_SRC_DIGEST] = key;
    cells[FD_SRC_BYTES] = fd_cell_int(file->bytes);
    cells[FD_SRC_ENCODING] = fd_cell_text(file->encoding ? file->encoding : "");
    cells[FD_SRC_FORM] = fd_cell_text(finder.form);
    cells[FD_SRC_SENDER] = fd_cell_text(file->sender);
    return fd_batch__add(b, FD_REL_SOURCE, cells, NULL);
}

/* ---- corrections, definitions, records, cube
 * ------------------------------------------------------ */

int fd_batch_overlay(fd_batch *b, const fd_overlay *o)
{
    fd_cell cells[FD_REL_WIDTH_MAX];
    fd_shape *shape;
    int64_t seq = 0;
    int err;

    if (o->subject < 1 || (unsigned)o->state > FD_DOUBT)
        return fd_error_set(FD_EINVAL, "更正缺主体或状态有误",
                            "a correction lacks its subject or has no valid state");
    if (!o->reason || !o->reason[0] || !o->by || !o->by[0])
        return fd_error_set(FD_EINVAL, "更正必须写明理由和经手人",
                            "a correction needs a reason and a person");
    if ((err = fd_batch__usable(b)) < 0 ||
        (err = fd_batch__shape(b, o->kind, o->item, o->period, o->basis, &shape)) < 0)
        return err;
    if (!shape)
        return fd_error_set(FD_ENOTFOUND, "没有可更正的数据:“%s”该期未曾入库",
                            "nothing to correct: \"%s\" was never stored for that period", o->item);
    if (shape->value_kind == FD_TEXT)
        return fd_error_set(FD_ECONFLICT, "“%s”不是数值,不能更正",
                            "\"%s\" is no number and cannot be corrected", o->item);
    if ((err = fd_batch__seq(b, &seq)) < 0)
        return err;
    cells[FD_OVER_SEQ] = fd_cell_int(seq);
    cells[FD_OVER_ITEM] = fd_cell_text(o->item);
    cells[FD_OVER_KIND] = fd_cell_text(o->kind);
    cells[FD_OVER_PERIOD] = fd_cell_int(o->period);
    cells[FD_OVER_BASIS] = fd_cell_int(o->basis);
    cells[FD_OVER_SUBJECT] = fd_cell_int(o->subject);
    cells[FD_OVER_STATE] = fd_cell_int(o->state);
    cells[FD_OVER_VALUE] = fd_cell_int(o->dec);
    cells[FD_OVER_SCALE] = fd_cell_int(shape->scale);
    cells[FD_OVER_REASON] = fd_cell_text(o->reason);
    cells[FD_OVER_ACTOR] = fd_cell_text(o->by);
    return fd_batch__add(b, FD_REL_OVERLAY, cells, NULL);
}

typedef struct definition_finder {
    const fd_reader *reader;
    int64_t snapshot, seq;
    char hash[65];
} definition_finder;

static int find_definition(void *payload, const fd_cell *cells)
{
    definition_finder *finder = payload;
    const int64_t seq = cells[FD_DEF_SEQ].as.integer;
    const int64_t snapshot = fd_reader__snapshot_of(finder->reader, FD_SEQ_BATCH(seq));

    if (snapshot < 0 || snapshot < finder->snapshot ||
        (snapshot == finder->snapshot && seq < finder->seq))
        return 0;
    finder->snapshot = snapshot;
    finder->seq = seq;
    snprintf(finder->hash, sizeof finder->hash, "%s", fd_cell_text_or(&cells[FD_DEF_HASH], ""));
    return 0;
}

int fd_batch_definition(fd_batch *b, const char *kind, const char *id, const char *text,
                        const char *file, bool shipped, const char *replaces)
{
    const fd_cell keys[] = { fd_cell_text(kind), fd_cell_text(id) };
    const char *name = fd_arena_printf(b->arena, "%s\x1f%s", kind, id);
    definition_finder finder = { NULL, -1, -1, "" };
    fd_cell cells[FD_REL_WIDTH_MAX];
    fd_reader *reader;
    char hash[65];
    uint64_t own;
    int64_t seq = 0;
    int err;

    fd_digest_of(text, strlen(text), hash);
    if ((err = fd_batch__usable(b)) < 0)
        return err;
    if (fd_map_get(b->definitions, fd_view_of(name), &own)) {
        snprintf(finder.hash, sizeof finder.hash, "%s", (const char *)(uintptr_t)own);
    } else {
        if ((err = fd_batch__reader(b, &reader)) < 0)
            return err;
        finder.reader = reader;
        if ((err = b->ops->scan(reader->link, FD_SCAN_DEFINITION_ID, keys, find_definition,
                                &finder)) < 0)
            return err;
    }
    if (strcmp(finder.hash, hash) == 0)
        return 0;
    if (finder.hash[0] && !(replaces && strcmp(replaces, id) == 0)) {
        fd_error_set(FD_ECONFLICT, "“%s”已有不同的定义",
                     "there is a different definition of \"%s\" already", id);
        return fd_error_hint("要替换它,请写明“替代 %s”", "to replace it, say so: 替代 %s", id);
    }
    if ((err = fd_batch__seq(b, &seq)) < 0)
        return err;
    cells[FD_DEF_SEQ] = fd_cell_int(seq);
    cells[FD_DEF_KIND] = keys[0];
    cells[FD_DEF_ID] = keys[1];
    cells[FD_DEF_HASH] = fd_cell_text(hash);
    cells[FD_DEF_TEXT] = fd_cell_text(text);
    cells[FD_DEF_FILE] = fd_cell_text(file ? file : "");
    cells[FD_DEF_SHIPPED] = fd_cell_int(shipped);
    cells[FD_DEF_REPLACES] = fd_cell_text(replaces);
    fd_map_set(b->definitions, fd_view_of(name),
               (uint64_t)(uintptr_t)fd_arena_strdup(b->arena, hash));
    return fd_batch__add(b, FD_REL_DEFINITION, cells, NULL);
}

int fd_batch_record(fd_batch *b, const char *type, const char *key, const char *state, fd_date date,
                    const char *fields, const char *by)
{
    fd_cell cells[FD_REL_WIDTH_MAX];
    fd_json_flat json = { 0 };
    int64_t seq = 0;
    int err;

    if (!type || !type[0] || !key || !key[0] || !state)
        return fd_error_set(FD_EINVAL, "记录缺类型、编号或状态",
                            "a record lacks its type, key or state");
    if (!fields || !fields[0])
        fields = "{}";
    if ((err = fd_batch__usable(b)) < 0 || (err = fd_json_flat_parse(&json, fields)) < 0 ||
        (err = fd_batch__seq(b, &seq)) < 0)
        goto done;
    cells[FD_REC_SEQ] = fd_cell_int(seq);
    cells[FD_REC_TYPE] = fd_cell_text(type);
    cells[FD_REC_KEY] = fd_cell_text(key);
    cells[FD_REC_STATE] = fd_cell_text(state);
    cells[FD_REC_DATE] = fd_cell_int(date);
    cells[FD_REC_FIELDS] = fd_cell_text(fields);
    cells[FD_REC_ACTOR] = fd_cell_text(by ? by : "");
    err = fd_batch__add(b, FD_REL_RECORD, cells, NULL);
done:
    fd_json_flat_dispose(&json);
    return err;
}

/* A 128-bit integer as decimal text. */
static const char *integer_text(fd_i128 value, char buf[48])
{
    fd_u128 rest = value < 0 ? -(fd_u128)value : (fd_u128)value;
    char *p = buf + 47;

    *p = '\0';
    do {
        *--p = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        *--p = '-';
    return p;
}

static int add_cell(fd_batch *b, const fd_cube_cell *cell)
{
    const bool has = cell->value.state == FD_HAS || cell->value.state == FD_DOUBT;
    const bool exact = has && !cell->value.is_estimate;
    fd_cell cells[FD_REL_WIDTH_MAX];
    char num[48], den[48];
    int64_t seq = 0;
    int err;

    if ((err = fd_batch__seq(b, &seq)) < 0)
        return err;
    cells[FD_CUBE_SEQ] = fd_cell_int(seq);
    cells[FD_CUBE_CUBE] = fd_cell_text(cell->cube ? cell->cube : "");
    cells[FD_CUBE_INDICATOR] = fd_cell_text(cell->indicator ? cell->indicator : "");
    cells[FD_CUBE_PLACE] = fd_cell_text(cell->place ? cell->place : "");
    cells[FD_CUBE_CHAIN] = fd_cell_text(cell->chain ? cell->chain : "");
    cells[FD_CUBE_INDUSTRY] = fd_cell_text(cell->industry ? cell->industry : "");
    cells[FD_CUBE_PERIOD] = fd_cell_int(cell->period);
    cells[FD_CUBE_STATE] = fd_cell_int(cell->value.state);
    cells[FD_CUBE_NUM] =
        exact ? fd_cell_text(integer_text(cell->value.exact.num, num)) : fd_cell_null();
    cells[FD_CUBE_DEN] =
        exact ? fd_cell_text(integer_text(cell->value.exact.den, den)) : fd_cell_null();
    cells[FD_CUBE_VALUE] = has ? fd_cell_real(fd_number_to_double(cell->value)) : fd_cell_null();
    cells[FD_CUBE_N] = fd_cell_int(cell->n);
    cells[FD_CUBE_UNIT] = fd_cell_text(cell->unit ? cell->unit : "");
    cells[FD_CUBE_SUPPRESSED] = fd_cell_text(cell->suppressed);
    return fd_batch__add(b, FD_REL_CUBE, cells, NULL);
}

int fd_batch_cube(fd_batch *b, const fd_cube_cell *cells, size_t count)
{
    int err = fd_batch__usable(b);

    for (size_t i = 0; err == 0 && i < count; i++)
        err = add_cell(b, &cells[i]);
    return err;
}

int fd_batch_mapping(fd_batch *b, const char *form, const char *sender, const char *header,
                     const char *item)
{
    fd_cell cells[FD_REL_WIDTH_MAX];
    int64_t seq = 0;
    int err;

    if ((err = fd_batch__usable(b)) < 0 || (err = fd_batch__seq(b, &seq)) < 0)
        return err;
    cells[FD_MAP_SEQ] = fd_cell_int(seq);
    cells[FD_MAP_FORM] = fd_cell_text(form ? form : "");
    cells[FD_MAP_SENDER] = fd_cell_text(sender ? sender : "");
    cells[FD_MAP_HEADER] = fd_cell_text(header ? header : "");
    cells[FD_MAP_ITEM] = fd_cell_text(item);
    return fd_batch__add(b, FD_REL_MAPPING, cells, NULL);
}
