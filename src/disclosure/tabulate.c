/*
 * From records (one enterprise, one row) to the cells of a declared cube, with their contributors.
 */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "fangding/disclosure.h"

typedef struct cell {
    size_t row, mask; /* where it first appeared, and over which dimensions it is a total (bits) */
    fd_i128 sum, top1, top2;
    bool missing, doubt, any;
    uint32_t n;
} cell;

/* What one contributor puts into one cell. */
typedef struct part {
    size_t cell;
    fd_i128 sum;
} part;

typedef struct tabulation {
    const fd_table *in;
    int columns[FD_DISCLOSURE_DIMENSIONS];
    size_t dimensions;
    const fd_column *value, *contributor; /* contributor NULL: each row is one */
    fd_map *cell_index, *part_index;
    fd_vec(cell) cells;
    fd_vec(part) parts;
    fd_buf key;
} tabulation;

static const char *category(const tabulation *t, size_t d, size_t row)
{
    const char *text = fd_column_text(t->in->columns[t->columns[d]], row);

    return text && text[0] ? text : FD_DISCLOSURE_UNKNOWN;
}

static size_t cell_of(tabulation *t, size_t row, size_t mask)
{
    size_t next = t->cells.count, at;

    fd_buf_clear(&t->key);
    for (size_t d = 0; d < t->dimensions; d++) {
        if (!(mask >> d & 1))
            fd_buf_puts(&t->key, category(t, d, row));
        fd_buf_putc(&t->key, '\x1f');
    }
    at = (size_t)fd_map_intern(t->cell_index, (fd_view){ fd_buf_text(&t->key), t->key.len }, next);
    if (at == next)
        fd_vec_push(&t->cells, ((cell){ .row = row, .mask = mask }));
    return at;
}

/* Rows of the same contributor in a cell count as one, and their values as one. */
static void add_part(tabulation *t, size_t at, size_t row, fd_i128 value)
{
    const char *who = t->contributor ? fd_column_text(t->contributor, row) : NULL;
    size_t next = t->parts.count, index = next;

    if (who) {
        fd_buf_clear(&t->key);
        fd_buf_printf(&t->key, "%zu\x1f", at);
        fd_buf_puts(&t->key, who);
        index = (size_t)fd_map_intern(t->part_index, (fd_view){ fd_buf_text(&t->key), t->key.len },
                                      next);
    }
    if (index == next)
        fd_vec_push(&t->parts, ((part){ .cell = at }));
    t->parts.items[index].sum += value;
}

static void add_row(tabulation *t, size_t row)
{
    fd_state state = fd_column_state(t->value, row);

    for (size_t mask = 0; mask < (size_t)1 << t->dimensions; mask++) {
        size_t at = cell_of(t, row, mask);
        cell *c = &t->cells.items[at];

        if (state == FD_NA)
            continue;
        c->missing = c->missing || state == FD_MISSING;
        c->doubt = c->doubt || state == FD_DOUBT;
        c->any = true;
        c->sum += t->value->v.dec[row]; /* 0 when missing; 2^63 rows fit */
        add_part(t, at, row, t->value->v.dec[row]);
    }
}

static void rank_parts(tabulation *t)
{
    for (size_t i = 0; i < t->parts.count; i++) {
        cell *c = &t->cells.items[t->parts.items[i].cell];
        fd_i128 size = t->parts.items[i].sum < 0 ? -t->parts.items[i].sum : t->parts.items[i].sum;

        c->n++;
        if (size > c->top1) {
            c->top2 = c->top1;
            c->top1 = size;
        } else if (size > c->top2) {
            c->top2 = size;
        }
    }
}

static bool fits(fd_i128 x)
{
    return x <= INT64_MAX && x >= INT64_MIN;
}

static int put_cell(fd_table *out, const tabulation *t, size_t row, const cell *c)
{
    fd_column *value = out->columns[t->dimensions];

    if (!fits(c->sum) || !fits(c->top1) || !fits(c->top2))
        return fd_error_set(FD_EOVERFLOW, "%s 的合计超出 64 位",
                            "the sum of %s needs more than 64 bits", value->id);
    for (size_t d = 0; d < t->dimensions; d++)
        fd_column_set_text(out->columns[d], row, c->mask >> d & 1 ? "" : category(t, d, c->row));
    if (!c->any) {
        fd_column_set_state(value, row, FD_NA);
    } else if (!c->missing) {
        fd_column_set_dec(value, row, (int64_t)c->sum);
        if (c->doubt)
            fd_column_set_state(value, row, FD_DOUBT);
    }
    fd_column_set_dec(out->columns[t->dimensions + 1], row, c->n);
    fd_column_set_dec(out->columns[t->dimensions + 2], row, (int64_t)c->top1);
    fd_column_set_dec(out->columns[t->dimensions + 3], row, (int64_t)c->top2);
    return 0;
}

/* Inner cells first, then the totals, each in order of first appearance. */
static int write_table(fd_table **out, const tabulation *t)
{
    fd_table *table = fd_table_new(t->in->id, t->in->title[FD_ZH], t->in->title[FD_EN]);
    size_t row = 0;
    fd_column *c;
    int err = 0;

    table->rows = t->cells.count;
    for (size_t d = 0; d < t->dimensions; d++) {
        const fd_column *from = t->in->columns[t->columns[d]];

        fd_table_add_new(table, from->id, from->title[FD_ZH], from->title[FD_EN], FD_TEXT, "", 0);
    }
    c = fd_table_add_new(table, t->value->id, t->value->title[FD_ZH], t->value->title[FD_EN],
                         FD_DEC, t->value->unit, t->value->scale);
    c->digits = t->value->digits;
    fd_table_add_new(table, "n", "家数", "Contributors", FD_DEC, "", 0);
    fd_table_add_new(table, "top1", "最大一家", "Largest", FD_DEC, t->value->unit, t->value->scale);
    fd_table_add_new(table, "top2", "第二大", "Second", FD_DEC, t->value->unit, t->value->scale);
    for (size_t mask = 0; mask < (size_t)1 << t->dimensions; mask++)
        for (size_t i = 0; i < t->cells.count && err == 0; i++)
            if (t->cells.items[i].mask == mask)
                err = put_cell(table, t, row++, &t->cells.items[i]);
    for (size_t i = 0; i < t->in->note_count; i++)
        fd_table_add_note(table, t->in->notes[FD_ZH][i], t->in->notes[FD_EN][i]);
    if (err < 0) {
        fd_table_free(table);
        table = NULL;
    }
    *out = table;
    return err;
}

static int find_column(const fd_column **out, const fd_table *in, const char *id, bool decimal)
{
    int at = fd_table_find(in, id);

    if (at < 0)
        return fd_error_set(FD_ENOTFOUND, "表 %s 没有列 %s", "table %s has no column %s", in->id,
                            id);
    *out = in->columns[at];
    if (decimal ? (*out)->kind != FD_DEC : (*out)->kind != FD_TEXT && (*out)->kind != FD_CODE)
        return fd_error_set(FD_EINVAL, "列 %s 的类型不对:数值列应是精确小数,其他应是文字或代码",
                            "column %s has the wrong kind: exact decimal for the value, text or "
                            "code for the others",
                            id);
    return 0;
}

int fd_disclosure_tabulate(fd_table **out, const fd_table *records, const char *const *dimensions,
                           size_t dimension_count, const char *value, const char *contributor)
{
    tabulation t = { .in = records, .dimensions = dimension_count };
    const fd_column *dimension;
    int err;

    *out = NULL;
    if (dimension_count < 1 || dimension_count > FD_DISCLOSURE_DIMENSIONS)
        return fd_error_set(FD_EINVAL, "发布表要有 1 到 %d 个维度", "a cube has 1 to %d dimensions",
                            FD_DISCLOSURE_DIMENSIONS);
    if ((err = find_column(&t.value, records, value, true)) < 0 ||
        (contributor && (err = find_column(&t.contributor, records, contributor, false)) < 0))
        return err;
    for (size_t d = 0; d < dimension_count; d++) {
        if ((err = find_column(&dimension, records, dimensions[d], false)) < 0)
            return err;
        t.columns[d] = fd_table_find(records, dimensions[d]);
    }
    t.cell_index = fd_map_new();
    t.part_index = fd_map_new();
    for (size_t r = 0; r < records->rows; r++)
        add_row(&t, r);
    rank_parts(&t);
    err = write_table(out, &t);
    fd_map_free(t.cell_index);
    fd_map_free(t.part_index);
    fd_vec_dispose(&t.cells);
    fd_vec_dispose(&t.parts);
    fd_buf_dispose(&t.key);
    return err;
}
