/*
 * Where numbers came from: origins, periods, marks, source files.
 */
#include <string.h>

#include "store/reader.h"

static int load_source(void *payload, const fd_cell *cells)
{
    fd_reader *r = payload;
    fd_source_row row = { 0 };

    row.snapshot = fd_reader__snapshot_of(r, FD_SEQ_BATCH(cells[FD_SRC_SEQ].as.integer));
    if (row.snapshot < 0)
        return 0;
    row.id = (int32_t)cells[FD_SRC_ID].as.integer;
    row.name = fd_reader__text(r, fd_cell_text_or(&cells[FD_SRC_NAME], ""));
    row.digest = fd_reader__text(r, fd_cell_text_or(&cells[FD_SRC_DIGEST], ""));
    row.bytes = cells[FD_SRC_BYTES].as.integer;
    row.encoding = fd_reader__text(r, fd_cell_text_or(&cells[FD_SRC_ENCODING], ""));
    row.form = fd_reader__text(r, fd_cell_text_or(&cells[FD_SRC_FORM], ""));
    row.sender = fd_reader__text(r, fd_cell_text_or(&cells[FD_SRC_SENDER], NULL));
    fd_vec_push(&r->sources, row);
    return 0;
}

static int by_id(const void *a, const void *b)
{
    const fd_source_row *x = a, *y = b;

    return x->id < y->id ? -1 : x->id > y->id;
}

int fd_reader__source_row(fd_reader *reader, int32_t id, const fd_source_row **out)
{
    size_t low = 0, high;
    int err;

    *out = NULL;
    if (!reader->sources_loaded) {
        if ((err = reader->ops->scan(reader->link, FD_SCAN_SOURCES, NULL, load_source, reader)) <
            0) {
            reader->sources.count = 0;
            return err;
        }
        if (reader->sources.count > 1)
            qsort(reader->sources.items, reader->sources.count, sizeof *reader->sources.items,
                  by_id);
        reader->sources_loaded = true;
    }
    high = reader->sources.count;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (reader->sources.items[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < reader->sources.count && reader->sources.items[low].id == id)
        *out = &reader->sources.items[low];
    return 0;
}

/* ---- one cell of a segment --------------------------------------------------------------------
 */

typedef struct cell_user {
    fd_reader *reader;
    const fd_head *head;
    size_t index;
    fd_state state;
    int64_t dec;
    char *text;
} cell_user;

/* The exact text of an integer cell: a decimal, a date, 0 or 1. */
static char *format_int(const fd_head *head, int64_t value)
{
    const fd_decimal decimal = { value, head->scale };
    char buf[64];

    if (head->value_kind == FD_DATE)
        fd_date_format((fd_date)value, buf, sizeof buf);
    else if (head->value_kind == FD_BOOL)
        snprintf(buf, sizeof buf, "%d", value != 0);
    else
        fd_decimal_format(decimal, buf, sizeof buf);
    return fd_strdup(buf);
}

static int read_cell(void *payload, const uint8_t *data, size_t length)
{
    cell_user *u = payload;
    fd_cells cells;
    int64_t *values;
    const char *text;
    size_t n;
    int err;

    if ((err = fd_block__open(&cells, data, length)) < 0)
        return err;
    if (u->index >= cells.n)
        return fd_error_set(FD_EFORMAT, "城市文件中的数据块已损坏",
                            "a data block of the city file is damaged");
    u->state = fd_block__state(&cells, u->index);
    if (u->state == FD_MISSING || u->state == FD_NA) {
        u->text = fd_strdup("");
        return 0;
    }
    if (cells.type == FD_BLOCK_DOUBLES) {
        u->text = fd_store__double_text(fd_block__double(&cells, u->index));
        return 0;
    }
    values = fd_reader__scratch(u->reader, cells.n);
    fd_pack__get(cells.list, values);
    u->dec = values[u->index];
    if (cells.type == FD_BLOCK_INTS) {
        u->text = format_int(u->head, u->dec);
        return 0;
    }
    if ((uint64_t)u->dec >= cells.text_count)
        return fd_error_set(FD_EFORMAT, "城市文件中的文本块已损坏",
                            "a block of texts of the city file is damaged");
    text = fd_block__text(&cells, (size_t)u->dec, &n);
    u->text = fd_alloc(n + 1);
    memcpy(u->text, text, n);
    return 0;
}

int fd_reader__cell(fd_reader *reader, const fd_head *head, size_t index, fd_state *state,
                    int64_t *dec, char **text)
{
    cell_user user = { reader, head, index, FD_MISSING, 0, NULL };
    const int err = fd_reader__block(reader, head->cells, read_cell, &user);

    if (state)
        *state = user.state;
    if (dec)
        *dec = user.dec;
    if (text && err == 0)
        *text = user.text;
    else
        free(user.text);
    return err;
}

/* ---- fd_source ----------------------------------------------------------------------------------
 */

/* Index of a subject within a segment; false when it is not among its subjects. */
static bool index_in(const fd_placement *place, size_t row, size_t *i)
{
    if (place->dense) {
        if (row < place->first || row >= place->first + place->n)
            return false;
        *i = row - place->first;
        return true;
    }
    for (size_t k = 0; k < place->n; k++) {
        if (place->rows[k] == row) {
            *i = k;
            return true;
        }
    }
    return false;
}

typedef struct written_user {
    fd_reader *reader;
    size_t index;
    bool there;
} written_user;

static int read_written(void *payload, const uint8_t *data, size_t length)
{
    written_user *u = payload;
    int there;
    fd_cells cells;

    if ((there = fd_block__open(&cells, data, length)) < 0)
        return there;
    fd_buf_clear(&u->reader->written);
    there = fd_block__written(&u->reader->written, data, length, u->index,
                              fd_reader__scratch(u->reader, cells.n));
    u->there = there > 0;
    return there < 0 ? there : 0;
}

static int fill_origin(fd_reader *reader, const fd_head *head, size_t i, fd_origin *out)
{
    written_user written = { reader, i, false };
    const fd_source_row *source;
    int32_t *rows = NULL;
    size_t n = 0;
    int err;

    if ((err = fd_reader__block(reader, head->cells, read_written, &written)) < 0)
        return err;
    out->written = written.there ? fd_buf_text(&reader->written) : NULL;
    if ((err = fd_reader__source_row(reader, head->source, &source)) < 0 ||
        (head->rows > 0 && (err = fd_reader__list(reader, head->rows, &rows, &n)) < 0))
        return err;
    out->file = source ? source->name : "";
    out->digest = source ? source->digest : "";
    out->sheet = head->sheet;
    out->column = head->header;
    out->row = i < n ? rows[i] : 0;
    out->origin = head->origin;
    out->basis_of_law = head->law;
    out->permitted_use = head->use;
    out->marks = head->marks;
    out->snapshot = head->snapshot;
    free(rows);
    return 0;
}

int fd_reader__op_origin(fd_source *base, const char *kind, const char *item, fd_period period,
                         fd_basis basis, int32_t subject, fd_origin *out)
{
    fd_reader *reader = (fd_reader *)base;
    const fd_frame_index *index;
    fd_item_heads *heads;
    size_t first, end, row, i;
    bool found = false;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = fd_reader__frame(reader, kind, &index)) < 0 ||
        (err = fd_reader__item(reader, item, &heads)) < 0)
        return err;
    if (!fd_reader__find_subject(index, subject, &row))
        goto none;
    fd_reader__run(heads, period, basis, &first, &end);
    while (!found && end > first) {
        const fd_head *head = &heads->heads.items[--end];
        const fd_placement *place;
        fd_state state;

        if (head->kind != index->frame.kind)
            continue;
        if ((err = fd_reader__place(reader, index, head->subjects, &place)) < 0)
            return err;
        if (!index_in(place, row, &i))
            continue;
        if ((err = fd_reader__cell(reader, head, i, &state, NULL, NULL)) < 0)
            return err;
        if (state == FD_MISSING)
            continue;
        if ((err = fill_origin(reader, head, i, out)) < 0)
            return err;
        found = true;
    }
    fd_reader__correction_run(heads, period, basis, &first, &end);
    for (i = end; i > first; i--) {
        const fd_correction *c = &heads->corrections.items[i - 1];
        size_t at;

        if (c->kind != index->frame.kind || !fd_reader__find_subject(index, c->subject, &at) ||
            at != row)
            continue;
        if (!found) { /* corrected although nobody reported it: the column's origin without file and
                         row */
            const char *marks, *origin;

            if ((err = fd_reader__op_marks(base, item, period, basis, &marks, &origin)) < 0)
                return err;
            *out = (fd_origin){ .file = "",
                                .digest = "",
                                .origin = origin,
                                .marks = marks,
                                .basis_of_law = "",
                                .permitted_use = "" };
            found = true;
        }
        out->corrected = true;
        out->reason = c->reason;
        out->by = c->by;
        out->snapshot = c->snapshot;
        break;
    }
    if (found)
        return 0;
none:
    return fd_error_set(FD_ENOTFOUND, "“%s”的这个数从未入库",
                        "this number of \"%s\" was never stored", item);
}

int fd_reader__op_periods(fd_source *base, const char *item, fd_basis basis,
                          const fd_period **periods, size_t *count)
{
    fd_item_heads *heads;
    int err;

    *periods = NULL;
    *count = 0;
    if ((err = fd_reader__item((fd_reader *)base, item, &heads)) < 0)
        return err;
    heads->periods.count = 0;
    for (size_t i = 0; i < heads->heads.count; i++) {
        const fd_head *h = &heads->heads.items[i];

        if (h->basis == basis && (heads->periods.count == 0 ||
                                  heads->periods.items[heads->periods.count - 1] != h->period))
            fd_vec_push(&heads->periods, h->period);
    }
    *periods = heads->periods.items;
    *count = heads->periods.count;
    return 0;
}

/* Add the marks of one segment, cut at ';', each once. */
static void join_marks(fd_buf *all, const char *marks)
{
    fd_view rest = fd_view_of(marks), part;

    while (rest.len > 0 && fd_view_split(&rest, ';', &part)) {
        fd_view known = fd_view_of(fd_buf_text(all)), one;
        bool there = part.len == 0;

        while (!there && known.len > 0 && fd_view_split(&known, ';', &one))
            there = fd_view_equal(one, part);
        if (there)
            continue;
        if (all->len > 0)
            fd_buf_putc(all, ';');
        fd_buf_view(all, part);
    }
}

int fd_reader__op_marks(fd_source *base, const char *item, fd_period period, fd_basis basis,
                        const char **marks, const char **origin)
{
    fd_reader *reader = (fd_reader *)base;
    fd_buf all = FD_BUF_INIT;
    const char *class = "";
    fd_item_heads *heads;
    size_t first, end;
    int err;

    if ((err = fd_reader__item(reader, item, &heads)) < 0)
        return err;
    fd_reader__run(heads, period, basis, &first, &end);
    for (size_t i = first; i < end; i++) {
        const fd_head *h = &heads->heads.items[i];

        join_marks(&all, h->marks);
        /* A column that holds any statistical return is treated as one: that is what locks it. */
        if (strcmp(class, "statistical") != 0)
            class = h->origin;
    }
    if (marks && heads->heads.count == 0) {
        /* Not a fact but an attribute of a register: the file says what its registers carry. */
        char *registers = NULL;

        if ((err = fd_reader__meta(reader, "register_marks", &registers)) < 0)
            goto done;
        join_marks(&all, registers ? registers : "");
        free(registers);
    }
    if (marks)
        *marks = fd_reader__text(reader, fd_buf_text(&all));
    if (origin)
        *origin = class;
done:
    fd_buf_dispose(&all);
    return err < 0 ? err : 0;
}
