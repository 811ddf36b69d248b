#include "store/facts.h"

#include <string.h>

#include "base/bits.h"

struct fd_facts {
    fd_reader *reader;
    fd_period period;
    int basis;
    fd_vec(const char *) items;
    size_t item_at;
    fd_item_heads *heads;       /* of the current item */
    size_t run_at;              /* next head to look at */
    fd_vec(const char *) kinds; /* of the current run, still to do */
    size_t kind_at, run_first, run_end;
    /* the current group */
    const fd_frame_index *index;
    fd_column *column;
    fd_period group_period;
    fd_basis group_basis;
    size_t at;
    uint32_t *winner;   /* by row of the frame: head within the run + 1; 0 none */
    int32_t *row;       /* row in its file */
    int64_t *corrected; /* snapshot of the correction, 0 none */
};

static int note_item(void *payload, const fd_cell *cells)
{
    fd_facts *f = payload;
    const char *item;

    if (fd_reader__snapshot_of(f->reader, FD_SEQ_BATCH(cells[FD_SEG_SEQ].as.integer)) < 0)
        return 0;
    item = fd_reader__text(f->reader, fd_cell_text_or(&cells[FD_SEG_ITEM], ""));
    if (f->items.count == 0 || f->items.items[f->items.count - 1] != item)
        fd_vec_push(&f->items, item);
    return 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int fd_facts_open(fd_facts **out, fd_reader *reader, const char *item, fd_period period, int basis)
{
    fd_facts *f = fd_alloc(sizeof *f);
    size_t kept = 0;
    int err = 0;

    f->reader = reader;
    f->period = period;
    f->basis = basis;
    if (item)
        fd_vec_push(&f->items, fd_reader__text(reader, item));
    else
        err = reader->ops->scan(reader->link, FD_SCAN_SEGMENTS, NULL, note_item, f);
    if (err < 0) {
        fd_facts_close(f);
        return err;
    }
    if (f->items.count > 1)
        qsort(f->items.items, f->items.count, sizeof *f->items.items, by_text);
    for (size_t i = 0; i < f->items.count; i++)
        if (kept == 0 || f->items.items[kept - 1] != f->items.items[i])
            f->items.items[kept++] = f->items.items[i];
    f->items.count = kept;
    *out = f;
    return 0;
}

static void end_group(fd_facts *f)
{
    fd_column_unref(f->column);
    free(f->winner);
    free(f->row);
    free(f->corrected);
    f->column = NULL;
    f->winner = NULL;
    f->row = NULL;
    f->corrected = NULL;
}

void fd_facts_close(fd_facts *f)
{
    if (!f)
        return;
    end_group(f);
    fd_vec_dispose(&f->items);
    fd_vec_dispose(&f->kinds);
    free(f);
}

typedef struct state_user {
    fd_facts *facts;
    const fd_placement *place;
    const int32_t *rows;
    uint32_t head;
} state_user;

/* Who wins, by states alone. */
static int note_winners(void *payload, const uint8_t *data, size_t length)
{
    state_user *u = payload;
    fd_cells cells;
    int err;

    if ((err = fd_block__open(&cells, data, length)) < 0)
        return err;
    if (cells.n != u->place->n)
        return fd_error_set(FD_EFORMAT, "城市文件中的数据块已损坏",
                            "a data block of the city file is damaged");
    for (size_t i = 0; i < cells.n; i++) {
        const size_t row = u->place->dense ? u->place->first + i : u->place->rows[i];

        if (row == UINT32_MAX || fd_block__state(&cells, i) == FD_MISSING)
            continue;
        u->facts->winner[row] = u->head + 1;
        u->facts->row[row] = u->rows ? u->rows[i] : 0;
    }
    return 0;
}

static int begin_group(fd_facts *f, const char *kind)
{
    fd_reader *r = f->reader;
    size_t n, first, end;
    int err;

    end_group(f);
    f->at = 0;
    if ((err = fd_reader__frame(r, kind, &f->index)) < 0 ||
        (err = fd_reader__op_column(&r->source, kind, f->heads->item, f->group_period,
                                    f->group_basis, &f->column)) < 0)
        return err;
    n = f->index->frame.n;
    f->winner = fd_alloc(n * sizeof *f->winner + 1);
    f->row = fd_alloc(n * sizeof *f->row + 1);
    f->corrected = fd_alloc(n * sizeof *f->corrected + 1);
    for (size_t i = f->run_first; i < f->run_end; i++) {
        const fd_head *head = &f->heads->heads.items[i];
        state_user user = { f, NULL, NULL, (uint32_t)(i - f->run_first) };
        int32_t *rows = NULL;
        size_t row_count = 0;

        if (head->kind != f->index->frame.kind)
            continue;
        if (head->rows > 0 && (err = fd_reader__list(r, head->rows, &rows, &row_count)) < 0)
            return err;
        if ((err = fd_reader__place(r, f->index, head->subjects, &user.place)) == 0) {
            user.rows = row_count == user.place->n ? rows : NULL;
            err = fd_reader__block(r, head->cells, note_winners, &user);
        }
        free(rows);
        if (err < 0)
            return err;
    }
    fd_reader__correction_run(f->heads, f->group_period, f->group_basis, &first, &end);
    for (size_t i = first; i < end; i++) {
        const fd_correction *c = &f->heads->corrections.items[i];
        size_t row;

        if (c->kind == f->index->frame.kind && fd_reader__find_subject(f->index, c->subject, &row))
            f->corrected[row] = c->snapshot;
    }
    return 0;
}

/* The next run of heads with the wanted period and basis, and the kinds in it. */
static bool next_run(fd_facts *f)
{
    while (f->heads && f->run_at < f->heads->heads.count) {
        const fd_head *h = &f->heads->heads.items[f->run_at];

        fd_reader__run(f->heads, h->period, h->basis, &f->run_first, &f->run_end);
        f->run_at = f->run_end;
        if ((f->period != FD_PERIOD_NONE && h->period != f->period) ||
            (f->basis >= 0 && h->basis != (fd_basis)f->basis))
            continue;
        f->group_period = h->period;
        f->group_basis = h->basis;
        f->kinds.count = f->kind_at = 0;
        for (size_t i = f->run_first; i < f->run_end; i++) {
            bool known = false;

            for (size_t k = 0; !known && k < f->kinds.count; k++)
                known = f->kinds.items[k] == f->heads->heads.items[i].kind;
            if (!known)
                fd_vec_push(&f->kinds, f->heads->heads.items[i].kind);
        }
        qsort(f->kinds.items, f->kinds.count, sizeof *f->kinds.items, by_text);
        return true;
    }
    return false;
}

/* @return 1 when a group is at hand, 0 at the end, or a negative code */
static int next_group(fd_facts *f)
{
    int err;

    while (f->kind_at >= f->kinds.count) {
        if (next_run(f))
            break;
        if (f->item_at >= f->items.count)
            return 0;
        if ((err = fd_reader__item(f->reader, f->items.items[f->item_at++], &f->heads)) < 0)
            return err;
        f->run_at = 0;
    }
    err = begin_group(f, f->kinds.items[f->kind_at++]);
    return err < 0 ? err : 1;
}

static int fill(fd_facts *f, size_t i, fd_state state, fd_fact *out)
{
    const fd_head *head =
        f->winner[i] ? &f->heads->heads.items[f->run_first + f->winner[i] - 1] : NULL;
    const fd_source_row *source = NULL;
    const char *origin = head ? head->origin : "";
    int err;

    if (head && (err = fd_reader__source_row(f->reader, head->source, &source)) < 0)
        return err;
    /* A value that only a correction gave is as closed as the column it stands in. */
    if (!head && (err = fd_reader__op_marks(&f->reader->source, f->heads->item, f->group_period,
                                            f->group_basis, NULL, &origin)) < 0)
        return err;
    *out = (fd_fact){
        .item = f->heads->item,
        .kind = f->index->frame.kind,
        .code = f->index->frame.codes[i],
        .name = f->index->frame.names[i],
        .period = f->group_period,
        .basis = f->group_basis,
        .column = f->column,
        .index = i,
        .state = state,
        .snapshot = f->corrected[i] ? f->corrected[i]
                    : head          ? head->snapshot
                                    : 0,
        .file = source ? source->name : "",
        .sheet = head && head->sheet ? head->sheet : "",
        .header = head && head->header ? head->header : "",
        .origin = origin,
        .row = f->row[i],
        .corrected = f->corrected[i] != 0,
    };
    return 1;
}

int fd_facts_next(fd_facts *f, fd_fact *out)
{
    int err;

    for (;;) {
        while (f->column && f->at < f->column->n) {
            const size_t i = f->at++;
            const fd_state state = fd_column_state(f->column, i);

            if (state != FD_MISSING)
                return fill(f, i, state, out);
        }
        if ((err = next_group(f)) <= 0)
            return err;
    }
}

char *fd_facts_value_text(const fd_column *column, size_t index)
{
    const fd_state state = fd_column_state(column, index);
    char buf[64];

    buf[0] = '\0';
    if (state == FD_MISSING || state == FD_NA)
        return fd_strdup("");
    switch (column->kind) {
    case FD_DEC:
        fd_decimal_format((fd_decimal){ column->v.dec[index], column->scale }, buf, sizeof buf);
        break;
    case FD_EST:
        return fd_store__double_text(column->v.est[index]);
    case FD_DATE:
        fd_date_format(column->v.day[index], buf, sizeof buf);
        break;
    case FD_BOOL:
        snprintf(buf, sizeof buf, "%d", column->v.boolean[index] != 0);
        break;
    default: {
        const char *text = fd_column_text(column, index);

        return fd_strdup(text ? text : "");
    }
    }
    return fd_strdup(buf);
}

/* ---- as a table
 * ---------------------------------------------------------------------------------- */

static const char *state_word(fd_state state)
{
    return state == FD_HAS ? "" : fd_state_name(state, FD_EN);
}

int fd_reader_facts(fd_reader *reader, const char *item, fd_period period, fd_table **out)
{
    enum {
        ITEM,
        PERIOD,
        BASIS,
        KIND,
        CODE,
        NAME,
        VALUE,
        UNIT,
        STATE,
        SNAPSHOT,
        FILE_NAME,
        SHEET,
        COLUMN,
        ROW,
        CORRECTED,
        ORIGIN
    };
    fd_table *table = fd_table_new("facts", "事实", "Facts");
    fd_facts *facts = NULL;
    fd_fact fact;
    fd_column **c;
    int err;

    fd_table_add_new(table, "item", "数据项", "Item", FD_TEXT, "", 0);
    fd_table_add_new(table, "period", "期间", "Period", FD_PERIOD, "", 0);
    fd_table_add_new(table, "basis", "口径", "Basis", FD_TEXT, "", 0);
    fd_table_add_new(table, "kind", "类别", "Kind", FD_TEXT, "", 0);
    fd_table_add_new(table, "code", "编码", "Code", FD_TEXT, "", 0);
    fd_table_add_new(table, "name", "名称", "Name", FD_TEXT, "", 0);
    fd_table_add_new(table, "value", "数值", "Value", FD_TEXT, "", 0);
    fd_table_add_new(table, "unit", "单位", "Unit", FD_TEXT, "", 0);
    fd_table_add_new(table, "state", "状态", "State", FD_TEXT, "", 0);
    fd_table_add_new(table, "snapshot", "快照", "Snapshot", FD_DEC, "", 0);
    fd_table_add_new(table, "file", "文件", "File", FD_TEXT, "", 0);
    fd_table_add_new(table, "sheet", "工作表", "Sheet", FD_TEXT, "", 0);
    fd_table_add_new(table, "column", "列", "Column", FD_TEXT, "", 0);
    fd_table_add_new(table, "row", "行", "Row", FD_DEC, "", 0);
    fd_table_add_new(table, "corrected", "已更正", "Corrected", FD_BOOL, "", 0);
    fd_table_add_new(table, "origin", "来源类别", "Origin", FD_TEXT, "", 0);
    c = table->columns;
    if ((err = fd_facts_open(&facts, reader, item, period, -1)) < 0)
        goto done;
    while ((err = fd_facts_next(facts, &fact)) > 0) {
        const size_t row = fd_table_add_row(table);
        char *value = fd_facts_value_text(fact.column, fact.index);

        fd_column_set_text(c[ITEM], row, fact.item);
        fd_column_set_day(c[PERIOD], row, fact.period);
        fd_column_set_text(c[BASIS], row, fd_basis_name(fact.basis, FD_EN));
        fd_column_set_text(c[KIND], row, fact.kind);
        fd_column_set_text(c[CODE], row, fact.code);
        fd_column_set_text(c[NAME], row, fact.name);
        fd_column_set_text(c[VALUE], row, value);
        if (fact.state != FD_HAS)
            fd_column_set_state(c[VALUE], row, fact.state);
        fd_column_set_text(c[UNIT], row, fact.column->unit ? fact.column->unit : "");
        fd_column_set_text(c[STATE], row, state_word(fact.state));
        fd_column_set_dec(c[SNAPSHOT], row, fact.snapshot);
        fd_column_set_text(c[FILE_NAME], row, fact.file);
        fd_column_set_text(c[SHEET], row, fact.sheet);
        fd_column_set_text(c[COLUMN], row, fact.header);
        if (fact.row > 0)
            fd_column_set_dec(c[ROW], row, fact.row);
        fd_column_set_bool(c[CORRECTED], row, fact.corrected);
        fd_column_set_text(c[ORIGIN], row, fact.origin);
        free(value);
    }
done:
    fd_facts_close(facts);
    if (err < 0)
        fd_table_free(table);
    else
        *out = table;
    return err < 0 ? err : 0;
}
