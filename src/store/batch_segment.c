/*
 * Storing columns: cut into chunks, lists of subjects and rows stored once, numbers packed.
 *
 * A segment is encoded straight from the caller's arrays; what remains in memory is the packed
 * block until the next write, and one copy of the newest lists to recognise them again.
 */
#include <string.h>

#include "base/digest.h"
#include "store/batch.h"

void fd_batch__free_segments(fd_batch *b)
{
    fd_kept_lists *both[] = { &b->kept_subjects, &b->kept_rows };

    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < both[k]->count; i++)
            free(both[k]->items[i].values);
        fd_vec_dispose(both[k]);
    }
    free(b->scratch);
}

int fd_batch__shape(fd_batch *b, const char *kind, const char *item, fd_period period,
                    fd_basis basis, fd_shape **out)
{
    const char *key =
        fd_arena_printf(b->arena, "%s\x1f%s\x1f%d\x1f%d", kind, item, period, (int)basis);
    fd_reader *reader;
    fd_item_heads *heads;
    fd_shape *shape = NULL;
    uint64_t known;
    size_t first, end;
    int err;

    *out = NULL;
    if (fd_map_get(b->shapes, fd_view_of(key), &known)) {
        *out = (fd_shape *)(uintptr_t)known;
        return 0;
    }
    if ((err = fd_batch__reader(b, &reader)) < 0 ||
        (err = fd_reader__item(reader, item, &heads)) < 0)
        return err;
    fd_reader__run(heads, period, basis, &first, &end);
    for (size_t i = first; i < end; i++) {
        const fd_head *h = &heads->heads.items[i];

        if (strcmp(h->kind, kind) != 0)
            continue;
        if (!shape)
            shape = fd_arena_alloc(b->arena, sizeof *shape);
        shape->value_kind = h->value_kind;
        shape->unit = h->unit;
        if (h->scale > shape->scale)
            shape->scale = h->scale;
    }
    if (shape)
        fd_map_set(b->shapes, fd_view_of(key), (uint64_t)(uintptr_t)shape);
    *out = shape;
    return 0;
}

/* One item in one period has one kind of value and one unit, whoever sends it. */
static int check_shape(fd_batch *b, const fd_segment *s)
{
    const char *unit = s->unit ? s->unit : "";
    const char *key;
    fd_shape *shape;
    int err;

    if ((err = fd_batch__shape(b, s->kind, s->item, s->period, s->basis, &shape)) < 0)
        return err;
    if (!shape) {
        key = fd_arena_printf(b->arena, "%s\x1f%s\x1f%d\x1f%d", s->kind, s->item, s->period,
                              (int)s->basis);
        shape = fd_arena_alloc(b->arena, sizeof *shape);
        shape->value_kind = s->value_kind;
        shape->unit = fd_arena_strdup(b->arena, unit);
        fd_map_set(b->shapes, fd_view_of(key), (uint64_t)(uintptr_t)shape);
    }
    if (shape->value_kind != s->value_kind)
        return fd_error_set(FD_ECONFLICT, "“%s”该期已按另一种数值类型入库",
                            "\"%s\" is stored for that period with another kind of value", s->item);
    if (strcmp(shape->unit, unit) != 0)
        return fd_error_set(FD_EUNIT, "“%s”该期已按单位“%s”入库,现在是“%s”",
                            "\"%s\" is stored for that period in %s, this is %s", s->item,
                            shape->unit, unit);
    if (s->scale > shape->scale)
        shape->scale = s->scale;
    return 0;
}

static int check_arguments(const fd_segment *s)
{
    const fd_period_kind period = fd_period_kind_of(s->period);
    bool values = false;

    switch (s->value_kind) {
    case FD_DEC:
    case FD_DATE:
    case FD_BOOL:
        values = s->dec != NULL;
        break;
    case FD_EST:
        values = s->est != NULL;
        break;
    case FD_TEXT:
        values = s->text != NULL;
        break;
    default:
        return fd_error_set(FD_EINVAL, "数据段的数值类型不能入库",
                            "a segment cannot hold values of that kind");
    }
    if (!s->kind || !s->kind[0] || !s->item || !s->item[0])
        return fd_error_set(FD_EINVAL, "数据段缺主体类别或数据项",
                            "a segment lacks its kind or item");
    if (s->n > 0 && (!s->subjects || !values))
        return fd_error_set(FD_EINVAL, "数据段缺主体或数值",
                            "a segment lacks its subjects or values");
    if (period < FD_YEAR || period > FD_DAY || (unsigned)s->basis > FD_PUBLISHED)
        return fd_error_set(FD_EINVAL, "“%s”的期间或口径有误",
                            "\"%s\" has no valid period or basis", s->item);
    if (s->scale < 0 || s->scale > 18)
        return fd_error_set(FD_EINVAL, "“%s”的小数位数 %d 不在 0 至 18 之间",
                            "\"%s\": scale %d is not within 0 to 18", s->item, s->scale);
    return 0;
}

static int check_ascending(const fd_segment *s, size_t first, size_t n)
{
    for (size_t i = first; i < first + n; i++)
        if (s->subjects[i] < 1 || (i > 0 && s->subjects[i] <= s->subjects[i - 1]))
            return fd_error_set(FD_EINVAL, "“%s”的主体未按编号升序或有重复(第 %zu 个)",
                                "\"%s\": subjects do not ascend or repeat (number %zu)", s->item,
                                i + 1);
    return 0;
}

typedef struct block_finder {
    const fd_reader *reader;
    int64_t seq;
} block_finder;

static int find_block(void *payload, const fd_cell *cells)
{
    block_finder *finder = payload;

    if (fd_reader__snapshot_of(finder->reader, FD_SEQ_BATCH(cells[FD_BLOCK_SEQ].as.integer)) < 0)
        return 0;
    finder->seq = cells[FD_BLOCK_SEQ].as.integer;
    return FD_SCAN_STOP;
}

static int add_block(fd_batch *b, const uint8_t *hash, uint8_t *data, size_t bytes, int64_t *seq)
{
    fd_cell cells[FD_REL_WIDTH_MAX];
    int err;

    if ((err = fd_batch__seq(b, seq)) < 0) {
        free(data);
        return err;
    }
    cells[FD_BLOCK_SEQ] = fd_cell_int(*seq);
    /* The hash travels with the data: both live in one allocation that the batch frees after
     * writing. */
    cells[FD_BLOCK_HASH] = hash ? fd_cell_blob(hash, 16) : fd_cell_null();
    cells[FD_BLOCK_DATA] = fd_cell_blob(data, bytes);
    return fd_batch__add(b, FD_REL_BLOCK, cells, data);
}

/* The first 16 bytes of the SHA-256, for recognising equal lists. */
static void short_hash(const uint8_t *data, size_t bytes, uint8_t out[16])
{
    char hex[65];

    fd_digest_of(data, bytes, hex);
    for (size_t i = 0; i < 16; i++) {
        const char pair[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

        out[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
}

/* Store a list unless an equal one is known: of the same sheet (compared), of this batch or
 * published (by hash). */
static int store_list(fd_batch *b, fd_kept_lists *kept, size_t chunk, const int32_t *values,
                      size_t n, int64_t *seq)
{
    fd_kept_list *last;
    block_finder finder = { NULL, 0 };
    fd_reader *reader;
    uint8_t *data = NULL, *hash;
    fd_cell key;
    uint64_t own;
    size_t bytes;
    int err;

    while (kept->count <= chunk)
        fd_vec_push(kept, ((fd_kept_list){ NULL, 0, 0 }));
    last = &kept->items[chunk];
    if (last->seq > 0 && last->n == n && memcmp(last->values, values, n * sizeof *values) == 0) {
        *seq = last->seq;
        return 0;
    }
    if ((err = fd_block__from_list(&data, &bytes, values, n, b->scratch)) < 0 ||
        (err = fd_batch__reader(b, &reader)) < 0) {
        free(data);
        return err;
    }
    data = fd_realloc(data, bytes + 16);
    hash = data + bytes;
    short_hash(data, bytes, hash);
    key = fd_cell_blob(hash, 16);
    finder.reader = reader;
    if (fd_map_get(b->blocks, (fd_view){ (const char *)hash, 16 }, &own)) {
        *seq = (int64_t)own;
        free(data);
    } else if ((err = b->ops->scan(reader->link, FD_SCAN_BLOCK_HASH, &key, find_block, &finder)) <
               0) {
        free(data);
        return err;
    } else {
        char name[16];

        memcpy(name, hash, 16);
        if (finder.seq > 0) {
            *seq = finder.seq;
            free(data);
        } else if ((err = add_block(b, hash, data, bytes, seq)) < 0) {
            return err;
        }
        fd_map_set(b->blocks, (fd_view){ name, 16 }, (uint64_t)*seq);
    }
    last->values = fd_realloc_array(last->values, n + 1, sizeof *values);
    memcpy(last->values, values, n * sizeof *values);
    last->n = n;
    last->seq = *seq;
    return 0;
}

static int encode_cells(const fd_batch *b, const fd_segment *s, size_t first, size_t n,
                        uint8_t **data, size_t *bytes)
{
    const uint8_t *states = s->states ? s->states + first : NULL;
    int err;

    for (size_t i = 0; states && i < n; i++)
        if (states[i] > FD_DOUBT)
            return fd_error_set(FD_EINVAL, "“%s”有无效的状态 %d", "\"%s\" has the invalid state %d",
                                s->item, states[i]);
    switch (s->value_kind) {
    case FD_EST:
        return fd_block__from_doubles(data, bytes, s->est + first, states, n);
    case FD_TEXT:
        return fd_block__from_texts(data, bytes, s->text + first, states, n, b->scratch);
    default:
        if ((err = fd_block__from_ints(data, bytes, s->dec + first, states, n, b->scratch)) < 0 ||
            !s->written)
            return err;
        return fd_block__add_written(data, bytes, s->written_scale, s->written + first,
                                     s->spelled ? s->spelled + first : NULL, n, b->scratch);
    }
}

static int add_chunk(fd_batch *b, const fd_segment *s, size_t chunk, size_t first, size_t n)
{
    fd_cell cells[FD_REL_WIDTH_MAX];
    int64_t seq, subjects, rows = 0, values;
    uint8_t *data = NULL;
    size_t bytes;
    int err;

    if ((err = encode_cells(b, s, first, n, &data, &bytes)) < 0 ||
        (err = add_block(b, NULL, data, bytes, &values)) < 0 ||
        (err = store_list(b, &b->kept_subjects, chunk, s->subjects + first, n, &subjects)) < 0 ||
        (s->rows && (err = store_list(b, &b->kept_rows, chunk, s->rows + first, n, &rows)) < 0) ||
        (err = fd_batch__seq(b, &seq)) < 0)
        return err;
    cells[FD_SEG_SEQ] = fd_cell_int(seq);
    cells[FD_SEG_ITEM] = fd_cell_text(s->item);
    cells[FD_SEG_KIND] = fd_cell_text(s->kind);
    cells[FD_SEG_PERIOD] = fd_cell_int(s->period);
    cells[FD_SEG_BASIS] = fd_cell_int(s->basis);
    cells[FD_SEG_SOURCE] = fd_cell_int(s->source);
    cells[FD_SEG_SHEET] = fd_cell_text(s->sheet);
    cells[FD_SEG_HEADER] = fd_cell_text(s->column);
    cells[FD_SEG_ORIGIN] = fd_cell_text(s->origin ? s->origin : "");
    cells[FD_SEG_LAW] = fd_cell_text(s->basis_of_law ? s->basis_of_law : "");
    cells[FD_SEG_USE] = fd_cell_text(s->permitted_use ? s->permitted_use : "");
    cells[FD_SEG_MARKS] = fd_cell_text(s->marks ? s->marks : "");
    cells[FD_SEG_VALUE_KIND] = fd_cell_int(s->value_kind);
    cells[FD_SEG_SCALE] = fd_cell_int(s->scale);
    cells[FD_SEG_UNIT] = fd_cell_text(s->unit ? s->unit : "");
    cells[FD_SEG_N] = fd_cell_int((int64_t)n);
    cells[FD_SEG_SUBJECTS] = fd_cell_int(subjects);
    cells[FD_SEG_ROWS] = s->rows ? fd_cell_int(rows) : fd_cell_null();
    cells[FD_SEG_CELLS] = fd_cell_int(values);
    return fd_batch__add(b, FD_REL_SEGMENT, cells, NULL);
}

int fd_batch_segment(fd_batch *b, const fd_segment *s)
{
    const size_t size = fd_store__chunk_rows(b->store);
    int err;

    if ((err = fd_batch__usable(b)) < 0 || (err = check_arguments(s)) < 0 ||
        (err = check_ascending(s, 0, s->n)) < 0 || (err = check_shape(b, s)) < 0)
        return err;
    if (!b->scratch)
        b->scratch = fd_alloc(size * sizeof *b->scratch);
    for (size_t first = 0, chunk = 0; first < s->n; first += size, chunk++) {
        const size_t n = s->n - first < size ? s->n - first : size;

        if ((err = add_chunk(b, s, chunk, first, n)) < 0) {
            b->failed = b->failed ? b->failed : err; /* half a segment must not be published */
            return err;
        }
    }
    return 0;
}
