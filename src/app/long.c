#include "app/long.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fangding/arena.h"
#include "table/print.h"

/* Every dimension of any table once, in order of first appearance: text columns before "period". */
static void add_dimensions(fd_table *out, const fd_table *t)
{
    for (size_t c = 0; c < t->column_count && strcmp(t->columns[c]->id, "period") != 0; c++)
        if (fd_table_find(out, t->columns[c]->id) < 0)
            fd_table_add_new(out, t->columns[c]->id, t->columns[c]->title[FD_ZH],
                             t->columns[c]->title[FD_EN], FD_TEXT, "", 0);
}

/* Rows of one indicator's table under the columns of the joined one; where[c] is its column. */
static void add_rows(fd_table *out, const fd_table *t, const int *where, fd_buf *text)
{
    const fd_column *value = t->columns[fd_table_find(t, "value")];
    fd_column *indicator = out->columns[0];
    fd_column *unit = out->columns[fd_table_find(out, "unit")];
    fd_column *state = out->columns[fd_table_find(out, "state")];

    for (size_t r = 0; r < t->rows; r++) {
        size_t row = fd_table_add_row(out);

        fd_column_set_text(indicator, row, t->id);
        fd_column_set_text(unit, row, value->unit);
        fd_column_set_text(state, row, fd_state_name(fd_column_state(value, r), FD_ZH));
        for (size_t c = 1; c < out->column_count; c++) {
            if (where[c] < 0)
                continue;
            fd_buf_clear(text);
            fd_print__machine(text, t->columns[where[c]], r);
            if (text->len)
                fd_column_set_text(out->columns[c], row, fd_buf_text(text));
        }
    }
}

int fd_long_join(fd_table **out, fd_table *const *tables, size_t count)
{
    static const char *const tail[][3] = {
        { "period", "期间", "Period" }, { "value", "值", "Value" },
        { "unit", "单位", "Unit" },     { "state", "状态", "State" },
        { "n", "家数", "N" },           { "suppressed", "披露", "Disclosure" }
    };
    fd_table *t = fd_table_new("measure", "指标", "Indicators");
    fd_buf text = FD_BUF_INIT;
    bool any_suppressed = false;

    fd_table_add_new(t, "indicator", "指标", "Indicator", FD_TEXT, "", 0);
    for (size_t i = 0; i < count; i++) {
        add_dimensions(t, tables[i]);
        any_suppressed |= fd_table_find(tables[i], "suppressed") >= 0;
    }
    for (size_t k = 0; k < 5 + (size_t)any_suppressed; k++)
        fd_table_add_new(t, tail[k][0], tail[k][1], tail[k][2], FD_TEXT, "", 0);
    for (size_t i = 0; i < count; i++) {
        const fd_table *from = tables[i];
        int *where = fd_alloc(t->column_count * sizeof *where);

        for (size_t n = 0; n < from->note_count; n++)
            fd_table_add_note(t, from->notes[FD_ZH][n], from->notes[FD_EN][n]);
        for (size_t c = 0; c < t->column_count; c++)
            where[c] = fd_table_find(from, t->columns[c]->id);
        add_rows(t, from, where, &text);
        free(where);
    }
    fd_buf_dispose(&text);
    *out = t;
    return 0;
}
