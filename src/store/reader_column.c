/*
 * Columns of facts: which segments count, in which order, and how their numbers become a column.
 *
 * Later snapshots win subject by subject; a MISSING cell wins nothing; corrections come last,
 * whatever the snapshot of the segments.
 */
#include <string.h>

#include "base/bits.h"
#include "store/reader.h"

/* ---- heads ------------------------------------------------------------------------------------
 */

static int head_order(const void *a, const void *b)
{
    const fd_head *x = a, *y = b;
    const int c = fd_period_compare(x->period, y->period);

    if (c != 0)
        return c;
    if (x->basis != y->basis)
        return x->basis < y->basis ? -1 : 1;
    if (x->snapshot != y->snapshot)
        return x->snapshot < y->snapshot ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static int correction_order(const void *a, const void *b)
{
    const fd_correction *x = a, *y = b;
    const int c = fd_period_compare(x->period, y->period);

    if (c != 0)
        return c;
    if (x->basis != y->basis)
        return x->basis < y->basis ? -1 : 1;
    if (x->snapshot != y->snapshot)
        return x->snapshot < y->snapshot ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

typedef struct head_loader {
    fd_reader *reader;
    fd_item_heads *item;
} head_loader;

static bool plausible(int64_t period, int64_t basis, int64_t scale)
{
    const int kind =
        period >= INT32_MIN && period <= INT32_MAX ? (int)fd_period_kind_of((fd_period)period) : 0;

    return kind >= FD_YEAR && kind <= FD_DAY && basis >= FD_CURRENT && basis <= FD_PUBLISHED &&
           scale >= 0 && scale <= 18;
}

static int load_head(void *payload, const fd_cell *cells)
{
    head_loader *loader = payload;
    fd_reader *r = loader->reader;
    const int64_t seq = cells[FD_SEG_SEQ].as.integer;
    fd_head h = { 0 };

    h.seq = seq;
    h.snapshot = fd_reader__snapshot_of(r, FD_SEQ_BATCH(seq));
    if (h.snapshot < 0)
        return 0;
    if (!plausible(cells[FD_SEG_PERIOD].as.integer, cells[FD_SEG_BASIS].as.integer,
                   cells[FD_SEG_SCALE].as.integer) ||
        cells[FD_SEG_KIND].type != FD_CELL_TEXT || cells[FD_SEG_N].as.integer < 0 ||
        cells[FD_SEG_N].as.integer > (int64_t)FD_PACK_MAX)
        return fd_error_set(FD_EFORMAT, "数据段 %lld 的描述已损坏",
                            "the description of segment %lld is damaged", (long long)seq);
    h.kind = fd_reader__text(r, cells[FD_SEG_KIND].as.text);
    h.sheet = fd_reader__text(r, fd_cell_text_or(&cells[FD_SEG_SHEET], NULL));
    h.header = fd_reader__text(r, fd_cell_text_or(&cells[FD_SEG_HEADER], NULL));
    h.origin = fd_reader__text(r, fd_cell_text_or(&cells[FD_SEG_ORIGIN], ""));
    h.law = fd_reader__text(r, fd_cell_text_or(&cells[FD_SEG_LAW], ""));
    h.use = fd_reader__text(r, fd_cell_text_or(&cells[FD_SEG_USE], ""));
    h.marks = fd_reader__text(r, fd_cell_text_or(&cells[FD_SEG_MARKS], ""));
    h.unit = fd_reader__text(r, fd_cell_text_or(&cells[FD_SEG_UNIT], ""));
    h.period = (fd_period)cells[FD_SEG_PERIOD].as.integer;
    h.basis = (fd_basis)cells[FD_SEG_BASIS].as.integer;
    h.source = (int32_t)cells[FD_SEG_SOURCE].as.integer;
    h.value_kind = (fd_kind)cells[FD_SEG_VALUE_KIND].as.integer;
    h.scale = (int8_t)cells[FD_SEG_SCALE].as.integer;
    h.n = (uint32_t)cells[FD_SEG_N].as.integer;
    h.subjects = cells[FD_SEG_SUBJECTS].as.integer;
    h.rows = cells[FD_SEG_ROWS].type == FD_CELL_INT ? cells[FD_SEG_ROWS].as.integer : 0;
    h.cells = cells[FD_SEG_CELLS].as.integer;
    fd_vec_push(&loader->item->heads, h);
    return 0;
}

static int load_correction(void *payload, const fd_cell *cells)
{
    head_loader *loader = payload;
    fd_reader *r = loader->reader;
    fd_correction c = { 0 };

    c.seq = cells[FD_OVER_SEQ].as.integer;
    c.snapshot = fd_reader__snapshot_of(r, FD_SEQ_BATCH(c.seq));
    if (c.snapshot < 0)
        return 0;
    if (!plausible(cells[FD_OVER_PERIOD].as.integer, cells[FD_OVER_BASIS].as.integer,
                   cells[FD_OVER_SCALE].as.integer) ||
        cells[FD_OVER_KIND].type != FD_CELL_TEXT)
        return fd_error_set(FD_EFORMAT, "更正 %lld 的描述已损坏",
                            "the description of correction %lld is damaged", (long long)c.seq);
    c.kind = fd_reader__text(r, cells[FD_OVER_KIND].as.text);
    c.reason = fd_reader__text(r, fd_cell_text_or(&cells[FD_OVER_REASON], ""));
    c.by = fd_reader__text(r, fd_cell_text_or(&cells[FD_OVER_ACTOR], ""));
    c.period = (fd_period)cells[FD_OVER_PERIOD].as.integer;
    c.basis = (fd_basis)cells[FD_OVER_BASIS].as.integer;
    c.subject = (int32_t)cells[FD_OVER_SUBJECT].as.integer;
    c.state = (fd_state)(cells[FD_OVER_STATE].as.integer & 3);
    c.value = cells[FD_OVER_VALUE].as.integer;
    c.scale = (int8_t)cells[FD_OVER_SCALE].as.integer;
    fd_vec_push(&loader->item->corrections, c);
    return 0;
}

int fd_reader__item(fd_reader *reader, const char *item, fd_item_heads **out)
{
    const fd_cell key = fd_cell_text(item);
    head_loader loader = { reader, NULL };
    fd_item_heads *heads;
    uint64_t known;
    int err;

    if (fd_map_get(reader->items, fd_view_of(item), &known)) {
        *out = (fd_item_heads *)(uintptr_t)known;
        return 0;
    }
    heads = loader.item = fd_arena_alloc(reader->arena, sizeof *heads);
    if ((err = reader->ops->scan(reader->link, FD_SCAN_SEGMENT_ITEM, &key, load_head, &loader)) <
            0 ||
        (err = reader->ops->scan(reader->link, FD_SCAN_OVERLAY_ITEM, &key, load_correction,
                                 &loader)) < 0)
        goto done;
    heads->item = fd_reader__text(reader, item);
    if (heads->heads.count > 1)
        qsort(heads->heads.items, heads->heads.count, sizeof *heads->heads.items, head_order);
    if (heads->corrections.count > 1)
        qsort(heads->corrections.items, heads->corrections.count, sizeof *heads->corrections.items,
              correction_order);
    fd_map_set(reader->items, fd_view_of(item), (uint64_t)(uintptr_t)heads);
    *out = heads;
done:
    if (err < 0) {
        fd_vec_dispose(&heads->heads);
        fd_vec_dispose(&heads->corrections);
    }
    return err;
}

/* Position of the first element not before (period, basis, snapshot 0). */
void fd_reader__run(const fd_item_heads *item, fd_period period, fd_basis basis, size_t *first,
                    size_t *end)
{
    const fd_head probe = { .period = period, .basis = basis, .snapshot = -1 };
    size_t low = 0, high = item->heads.count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (head_order(&item->heads.items[mid], &probe) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *first = low;
    while (low < item->heads.count && item->heads.items[low].period == period &&
           item->heads.items[low].basis == basis)
        low++;
    *end = low;
}

void fd_reader__correction_run(const fd_item_heads *item, fd_period period, fd_basis basis,
                               size_t *first, size_t *end)
{
    size_t i = 0;

    while (i < item->corrections.count && (item->corrections.items[i].period != period ||
                                           item->corrections.items[i].basis != basis))
        i++;
    *first = i;
    while (i < item->corrections.count && item->corrections.items[i].period == period &&
           item->corrections.items[i].basis == basis)
        i++;
    *end = i;
}

/* ---- blocks -----------------------------------------------------------------------------------
 */

typedef struct block_user {
    int (*use)(void *payload, const uint8_t *data, size_t length);
    void *payload;
    bool found;
} block_user;

static int use_block(void *payload, const fd_cell *cells)
{
    block_user *user = payload;
    const fd_cell *data = &cells[FD_BLOCK_DATA];
    int err;

    if (data->type != FD_CELL_BLOB)
        return 0;
    user->found = true;
    err = user->use(user->payload, data->as.blob, data->length);
    return err < 0 ? err : FD_SCAN_STOP;
}

int fd_reader__block(fd_reader *reader, int64_t seq,
                     int (*use)(void *payload, const uint8_t *data, size_t length), void *payload)
{
    block_user user = { use, payload, false };
    const fd_cell key = fd_cell_int(seq);
    const int err = reader->ops->scan(reader->link, FD_SCAN_BLOCK, &key, use_block, &user);

    if (err == 0 && !user.found)
        return fd_error_set(FD_EFORMAT, "城市文件缺数据块 %lld",
                            "the city file lacks data block %lld", (long long)seq);
    return err;
}

typedef struct list_user {
    fd_reader *reader;
    int32_t *list;
    size_t n;
} list_user;

static int use_list(void *payload, const uint8_t *data, size_t length)
{
    list_user *user = payload;
    int64_t *wide;
    size_t bytes;
    int err;

    if ((err = fd_pack__head(data, length, &user->n, &bytes)) < 0)
        return err;
    wide = fd_reader__scratch(user->reader, user->n);
    fd_pack__get(data, wide);
    user->list = fd_alloc(user->n * sizeof *user->list + 1);
    for (size_t i = 0; i < user->n; i++)
        user->list[i] = (int32_t)wide[i];
    return 0;
}

int fd_reader__list(fd_reader *reader, int64_t seq, int32_t **out, size_t *n)
{
    list_user user = { reader, NULL, 0 };
    int err;

    if ((err = fd_reader__block(reader, seq, use_list, &user)) < 0)
        return err;
    *out = user.list;
    *n = user.n;
    return 0;
}

int fd_reader__place(fd_reader *reader, const fd_frame_index *index, int64_t block,
                     const fd_placement **out)
{
    const struct {
        const void *index;
        int64_t block;
    } key = { index, block };
    fd_placement *place = fd_lru_get(reader->places, &key, sizeof key);
    const fd_frame *frame = &index->frame;
    size_t bytes = sizeof *place, row;
    int err;

    if (place) {
        *out = place;
        return 0;
    }
    place = fd_alloc(sizeof *place);
    if ((err = fd_reader__list(reader, block, &place->ids, &place->n)) < 0) {
        free(place);
        return err;
    }
    bytes += place->n * sizeof *place->ids;
    if (place->n > 0 && fd_reader__find_subject(index, place->ids[0], &row) &&
        row + place->n <= frame->n &&
        memcmp(place->ids, frame->ids + row, place->n * sizeof *place->ids) == 0) {
        place->dense = true;
        place->first = row;
    } else {
        place->rows = fd_alloc(place->n * sizeof *place->rows + 1);
        bytes += place->n * sizeof *place->rows;
        for (size_t i = 0; i < place->n; i++)
            place->rows[i] =
                fd_reader__find_subject(index, place->ids[i], &row) ? (uint32_t)row : UINT32_MAX;
    }
    fd_lru_put(reader->places, &key, sizeof key, place, bytes);
    *out = place;
    return 0;
}

/* ---- decoding ---------------------------------------------------------------------------------
 */

typedef struct cells_user {
    fd_reader *reader;
    fd_column *column;
    const fd_head *head;
    const fd_placement *place;
    int64_t factor; /* from the segment's scale to the column's */
    fd_cells cells;
} cells_user;

static void set_range(uint64_t *bits, size_t first, size_t n)
{
    size_t i = first;
    const size_t end = first + n;

    for (; i < end && (i & 63) != 0; i++)
        fd_bits_set(bits, i);
    for (; i + 64 <= end; i += 64)
        bits[i >> 6] = UINT64_MAX;
    for (; i < end; i++)
        fd_bits_set(bits, i);
}

static void clear_range(uint64_t *bits, size_t first, size_t n)
{
    for (size_t i = first; bits && i < first + n; i++)
        fd_bits_unset(bits, i);
}

/* Where cell i goes; false: nowhere (MISSING wins nothing, the subject is not visible). NA is set
 * here. */
static bool target(const cells_user *u, size_t i, fd_state *state, size_t *row)
{
    *state = fd_block__state(&u->cells, i);
    if (*state == FD_MISSING)
        return false;
    *row = u->place->dense ? u->place->first + i : u->place->rows[i];
    return *row != UINT32_MAX;
}

static void finish_state(fd_column *column, size_t row, fd_state state)
{
    if (state != FD_HAS)
        fd_column_set_state(column, row, state);
}

static int scale_overflow(const cells_user *u)
{
    return fd_error_set(FD_EOVERFLOW, "“%s”的数值换算到统一小数位时超出 64 位",
                        "a value of \"%s\" does not fit 64 bits at the common scale",
                        u->column->id);
}

static int spread_ints(cells_user *u)
{
    fd_column *column = u->column;
    const size_t n = u->cells.n;
    int64_t *values;

    if (column->kind == FD_DEC && u->place->dense && !u->cells.states && u->factor == 1) {
        fd_pack__get(u->cells.list, column->v.dec + u->place->first);
        set_range(column->has, u->place->first, n);
        clear_range(column->doubt, u->place->first, n);
        clear_range(column->na, u->place->first, n);
        return 0;
    }
    values = fd_reader__scratch(u->reader, n);
    fd_pack__get(u->cells.list, values);
    for (size_t i = 0; i < n; i++) {
        fd_state state;
        size_t row;

        if (!target(u, i, &state, &row))
            continue;
        if (state == FD_NA) {
            fd_column_set_state(column, row, FD_NA);
            continue;
        }
        if (column->kind == FD_DATE) {
            fd_column_set_day(column, row, (int32_t)values[i]);
        } else if (column->kind == FD_BOOL) {
            fd_column_set_bool(column, row, values[i] != 0);
        } else {
            int64_t scaled;

            if (__builtin_mul_overflow(values[i], u->factor, &scaled))
                return scale_overflow(u);
            fd_column_set_dec(column, row, scaled);
        }
        finish_state(column, row, state);
    }
    return 0;
}

static int spread_doubles(cells_user *u)
{
    for (size_t i = 0; i < u->cells.n; i++) {
        fd_state state;
        size_t row;

        if (!target(u, i, &state, &row))
            continue;
        if (state != FD_NA)
            fd_column_set_est(u->column, row, fd_block__double(&u->cells, i));
        finish_state(u->column, row, state);
    }
    return 0;
}

static int spread_texts(cells_user *u)
{
    fd_column *column = u->column;
    const size_t n = u->cells.n;
    int64_t *values = fd_reader__scratch(u->reader, n);
    uint32_t *numbers =
        fd_alloc(u->cells.text_count * sizeof *numbers + 1); /* in the column's dictionary, + 1 */
    int err = 0;

    if (!column->dict)
        column->dict = fd_dict_new();
    fd_pack__get(u->cells.list, values);
    for (size_t i = 0; i < n; i++) {
        fd_state state;
        size_t row, length;

        if (!target(u, i, &state, &row))
            continue;
        if (state == FD_NA) {
            fd_column_set_state(column, row, FD_NA);
            continue;
        }
        if ((uint64_t)values[i] >= u->cells.text_count) {
            err = fd_error_set(FD_EFORMAT, "城市文件中的文本块已损坏",
                               "a block of texts of the city file is damaged");
            break;
        }
        if (numbers[values[i]] == 0) {
            const char *text = fd_block__text(&u->cells, (size_t)values[i], &length);

            numbers[values[i]] = fd_dict_add(column->dict, text, length) + 1;
        }
        fd_column_set_state(column, row, FD_HAS);
        column->v.text[row] = numbers[values[i]] - 1;
        fd_bits_set(column->has, row);
        finish_state(column, row, state);
    }
    free(numbers);
    return err;
}

static int spread(void *payload, const uint8_t *data, size_t length)
{
    cells_user *u = payload;
    const fd_kind kind = u->column->kind;
    const fd_block_type expected = kind == FD_EST    ? FD_BLOCK_DOUBLES
                                   : kind == FD_TEXT ? FD_BLOCK_TEXTS
                                                     : FD_BLOCK_INTS;
    int err;

    if ((err = fd_block__open(&u->cells, data, length)) < 0)
        return err;
    if (u->cells.n != u->place->n || u->cells.type != expected)
        return fd_error_set(FD_EFORMAT, "数据段 %lld 的数值与主体个数或类型不符",
                            "segment %lld: its values do not fit its subjects or type",
                            (long long)u->head->seq);
    switch (u->cells.type) {
    case FD_BLOCK_DOUBLES:
        return spread_doubles(u);
    case FD_BLOCK_TEXTS:
        return spread_texts(u);
    case FD_BLOCK_INTS:
        break;
    }
    return spread_ints(u);
}

static int apply_correction(fd_column *column, const fd_correction *c, size_t row)
{
    fd_decimal value = { c->value, c->scale };
    int err;

    if (c->state == FD_MISSING || c->state == FD_NA) {
        fd_column_set_state(column, row, c->state);
        return 0;
    }
    switch (column->kind) {
    case FD_EST:
        fd_column_set_est(column, row, fd_quot_to_double(fd_quot_from_decimal(value)));
        break;
    case FD_DATE:
        fd_column_set_day(column, row, (int32_t)c->value);
        break;
    case FD_BOOL:
        fd_column_set_bool(column, row, c->value != 0);
        break;
    case FD_DEC:
        if ((err = fd_decimal_rescale(&value, value, column->scale)) < 0)
            return err;
        fd_column_set_dec(column, row, value.mantissa);
        break;
    default:
        return fd_error_set(FD_ECONFLICT, "“%s”不是数值,不能更正",
                            "\"%s\" is no number and cannot be corrected", column->id);
    }
    finish_state(column, row, c->state);
    return 0;
}

/* What the segments of one column have in common: kind and unit of the newest, the largest scale.
 */
static int common_shape(const fd_item_heads *item, const char *kind, size_t first, size_t end,
                        fd_head *shape)
{
    const fd_head *newest = NULL;

    *shape = (fd_head){ .value_kind = FD_DEC, .unit = "" };
    for (size_t i = first; i < end; i++) {
        const fd_head *h = &item->heads.items[i];

        if (h->kind != kind)
            continue;
        if (newest && (newest->value_kind != h->value_kind || strcmp(newest->unit, h->unit) != 0))
            return fd_error_set(FD_ECONFLICT, "“%s”同一期的数据段类型或单位不一致(%s、%s)",
                                "segments of \"%s\" for one period differ in type or unit (%s, %s)",
                                item->item, newest->unit, h->unit);
        newest = h;
        shape->value_kind = h->value_kind;
        shape->unit = h->unit;
        if (h->scale > shape->scale)
            shape->scale = h->scale;
    }
    return 0;
}

static int build_column(fd_column **out, fd_reader *reader, const fd_frame_index *index,
                        const fd_item_heads *item, fd_period period, fd_basis basis)
{
    const char *kind = index->frame.kind;
    fd_column *column = NULL;
    fd_head shape;
    size_t first, end, cfirst, cend;
    int err;

    fd_reader__run(item, period, basis, &first, &end);
    fd_reader__correction_run(item, period, basis, &cfirst, &cend);
    if ((err = common_shape(item, kind, first, end, &shape)) < 0)
        goto done;
    column = fd_column_new(item->item, shape.value_kind, shape.unit, shape.scale, index->frame.n);
    for (size_t i = first; i < end; i++) {
        cells_user user = { .reader = reader, .column = column, .head = &item->heads.items[i] };

        if (user.head->kind != kind)
            continue;
        user.factor = fd_pow10(shape.scale - user.head->scale);
        if ((err = fd_reader__place(reader, index, user.head->subjects, &user.place)) < 0 ||
            (err = fd_reader__block(reader, user.head->cells, spread, &user)) < 0)
            goto done;
    }
    for (size_t i = cfirst; i < cend; i++) {
        const fd_correction *c = &item->corrections.items[i];
        size_t row;

        if (c->kind == kind && fd_reader__find_subject(index, c->subject, &row) &&
            (err = apply_correction(column, c, row)) < 0)
            goto done;
    }
done:
    if (err < 0)
        fd_column_unref(column);
    else
        *out = column;
    return err;
}

static size_t column_bytes(const fd_column *column)
{
    const size_t cell = column->kind == FD_DEC || column->kind == FD_EST ? 8
                        : column->kind == FD_BOOL                        ? 1
                                                                         : 4;

    return sizeof *column + 256 + column->n * cell + (size_t)24 * FD_BITS_WORDS(column->n);
}

int fd_reader__op_column(fd_source *source, const char *kind, const char *item, fd_period period,
                         fd_basis basis, fd_column **out)
{
    fd_reader *reader = (fd_reader *)source;
    struct {
        const char *kind, *item;
        int64_t period, basis;
    } key = { fd_reader__text(reader, kind), fd_reader__text(reader, item), period, basis };
    fd_column *column = fd_lru_get(reader->columns, &key, sizeof key);
    const fd_frame_index *index;
    fd_item_heads *heads;
    int err;

    if (!column) {
        if ((err = fd_reader__frame(reader, kind, &index)) < 0 ||
            (err = fd_reader__item(reader, item, &heads)) < 0 ||
            (err = build_column(&column, reader, index, heads, period, basis)) < 0)
            return err;
        fd_lru_put(reader->columns, &key, sizeof key, column, column_bytes(column));
    }
    *out = fd_column_ref(column);
    return 0;
}
