#include "table/json.h"

#include <stdlib.h>

#include "table/print.h"

static void put_pair(fd_jsonw *w, const char *key, const char *zh, const char *en)
{
    fd_jsonw_key(w, key);
    fd_jsonw_object(w);
    fd_jsonw_key(w, "zh");
    fd_jsonw_string(w, zh);
    fd_jsonw_key(w, "en");
    fd_jsonw_string(w, en);
    fd_jsonw_end_object(w);
}

/* At most 15 significant digits survive a double and back. */
static bool fits_double(const char *number)
{
    size_t digits = 0;

    for (const char *c = number; *c && *c != 'e'; c++)
        if (*c >= '0' && *c <= '9' && (digits || *c != '0'))
            digits++;
    return digits <= 15;
}

static void put_value(fd_jsonw *w, const fd_column *c, size_t row, fd_buf *text)
{
    fd_buf_clear(text);
    fd_print__machine(text, c, row);
    if (c->kind == FD_BOOL && c->digits != 0)
        fd_jsonw_bool(w, c->v.boolean[row]);
    else if (fd_print__is_number(c) && !text->len)
        fd_jsonw_null(w);
    else if (fd_print__is_number(c) && (c->kind == FD_EST || fits_double(fd_buf_text(text))))
        fd_jsonw_raw(w, fd_buf_text(text));
    else
        fd_jsonw_view(w, (fd_view){ fd_buf_text(text), text->len });
}

static void put_cell(fd_jsonw *w, const fd_column *c, size_t row, fd_buf *text)
{
    fd_state state = fd_column_state(c, row);
    bool valued = state == FD_HAS || state == FD_DOUBT;

    if (state == FD_HAS) {
        put_value(w, c, row, text);
        return;
    }
    if (!valued && !fd_print__is_number(c) && state == FD_MISSING) {
        fd_jsonw_null(w);
        return;
    }
    fd_jsonw_object(w);
    fd_jsonw_key(w, "s");
    fd_jsonw_string(w, fd_state_name(state, FD_ZH));
    fd_jsonw_key(w, "v");
    if (valued)
        put_value(w, c, row, text);
    else
        fd_jsonw_null(w);
    fd_jsonw_end_object(w);
}

/* Fraction digits that the terminal prints (fd_column_format); -1: estimates without a wish, six
 * significant digits. */
static int digits_of(const fd_column *c)
{
    switch (c->kind) {
    case FD_DEC:
        return c->digits >= 0 && c->digits < c->scale ? c->digits : c->scale;
    case FD_QUOT:
        return c->digits >= 0 ? c->digits : 4;
    case FD_EST:
        return c->digits;
    default:
        return 0;
    }
}

static void put_columns(fd_jsonw *w, const fd_table *t)
{
    static const char *const kinds[] = { "",       "decimal", "quotient", "estimate", "date",
                                         "period", "text",    "boolean",  "code" };

    fd_jsonw_key(w, "columns");
    fd_jsonw_array(w);
    for (size_t c = 0; c < t->column_count; c++) {
        const fd_column *column = t->columns[c];

        fd_jsonw_object(w);
        fd_jsonw_key(w, "id");
        fd_jsonw_string(w, column->id);
        put_pair(w, "title", column->title[FD_ZH], column->title[FD_EN]);
        fd_jsonw_key(w, "kind");
        fd_jsonw_string(
            w, kinds[column->kind == FD_BOOL && column->digits == 0 ? FD_DEC : column->kind]);
        fd_jsonw_key(w, "unit");
        fd_jsonw_string(w, column->unit ? column->unit : "");
        fd_jsonw_key(w, "scale");
        fd_jsonw_int(w, column->scale);
        if (fd_print__is_number(column)) {
            fd_jsonw_key(w, "digits");
            fd_jsonw_int(w, digits_of(column));
        }
        fd_jsonw_end_object(w);
    }
    fd_jsonw_end_array(w);
}

void fd_table_json(fd_jsonw *w, const fd_table *table, size_t from, size_t to)
{
    fd_buf text = FD_BUF_INIT;

    fd_jsonw_object(w);
    fd_jsonw_key(w, "id");
    fd_jsonw_string(w, table->id);
    put_pair(w, "title", table->title[FD_ZH], table->title[FD_EN]);
    put_columns(w, table);
    fd_jsonw_key(w, "rows");
    fd_jsonw_array(w);
    for (size_t r = from; r < to && r < table->rows; r++) {
        fd_jsonw_array(w);
        for (size_t c = 0; c < table->column_count; c++)
            put_cell(w, table->columns[c], r, &text);
        fd_jsonw_end_array(w);
    }
    fd_jsonw_end_array(w);
    fd_jsonw_key(w, "notes");
    fd_jsonw_array(w);
    for (size_t i = 0; i < table->note_count; i++) {
        fd_jsonw_object(w);
        fd_jsonw_key(w, "zh");
        fd_jsonw_string(w, table->notes[FD_ZH][i]);
        fd_jsonw_key(w, "en");
        fd_jsonw_string(w, table->notes[FD_EN][i]);
        fd_jsonw_end_object(w);
    }
    fd_jsonw_end_array(w);
    fd_jsonw_key(w, "tree");
    fd_jsonw_bool(w, table->parent_column >= 0);
    fd_jsonw_key(w, "total");
    fd_jsonw_int(w, (int64_t)table->rows);
    fd_jsonw_end_object(w);
    fd_buf_dispose(&text);
}
