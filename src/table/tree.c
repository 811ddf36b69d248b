/*
 * A tree table (id, parent, order, label, …) as indented text.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "fangding/arena.h"
#include "table/print.h"

typedef struct tree {
    const fd_table *table;
    const fd_column *id, *parent, *order, *label;
    size_t *rows; /* by order */
    bool *done;   /* per row: printed; ids that repeat or form a ring are not walked again */
    FILE *stream;
    const fd_print_options *options;
    size_t label_width;
    size_t printed;
} tree;

static double order_of(const tree *t, size_t row)
{
    return t->order ? fd_number_to_double(fd_column_number(t->order, row)) : (double)row;
}

/* Stable insertion by (order, row): trees are small, and rows mostly arrive in order. */
static void sort_rows(tree *t)
{
    for (size_t i = 0; i < t->table->rows; i++) {
        size_t at = i;

        while (at > 0 && order_of(t, t->rows[at - 1]) > order_of(t, i)) {
            t->rows[at] = t->rows[at - 1];
            at--;
        }
        t->rows[at] = i;
    }
}

static void key_of(const fd_column *c, size_t row, fd_buf *out)
{
    fd_buf_clear(out);
    fd_print__machine(out, c, row);
}

static void put_line(tree *t, size_t row, const fd_buf *lead)
{
    fd_buf line = FD_BUF_INIT, cell = FD_BUF_INIT;
    size_t used;

    fd_buf_put(&line, fd_buf_text(lead), lead->len);
    fd_print__cell(&line, t->label, row, t->options->lang);
    used = fd_utf8_columns((fd_view){ fd_buf_text(&line), line.len });
    fd_buf_repeat(&line, " ", used < t->label_width ? t->label_width - used : 0);
    for (size_t c = 0; c < t->table->column_count; c++) {
        const fd_column *column = t->table->columns[c];

        if (column == t->id || column == t->parent || column == t->order || column == t->label)
            continue;
        fd_buf_clear(&cell);
        if (fd_column_state(column, row) != FD_MISSING)
            fd_print__cell(&cell, column, row, t->options->lang);
        if (!cell.len)
            continue;
        fd_buf_puts(&line, "  ");
        fd_buf_put(&line, cell.ptr, cell.len);
        if (column->unit[0])
            fd_buf_printf(&line, " %s", column->unit);
    }
    while (line.len && line.ptr[line.len - 1] == ' ')
        line.ptr[--line.len] = '\0';
    fprintf(t->stream, "%s\n", fd_buf_text(&line));
    fd_buf_dispose(&line);
    fd_buf_dispose(&cell);
}

static void put_children(tree *t, const fd_buf *parent, const fd_buf *lead, int depth)
{
    fd_buf key = FD_BUF_INIT, own = FD_BUF_INIT, below = FD_BUF_INIT, start = FD_BUF_INIT;
    size_t last = t->table->rows;

    if (depth > 64)
        return;
    for (size_t i = 0; i < t->table->rows; i++) {
        key_of(t->parent, t->rows[i], &key);
        if (key.len == parent->len && strcmp(fd_buf_text(&key), fd_buf_text(parent)) == 0)
            last = i;
    }
    for (size_t i = 0; i < t->table->rows && last < t->table->rows; i++) {
        key_of(t->parent, t->rows[i], &key);
        if (key.len != parent->len || strcmp(fd_buf_text(&key), fd_buf_text(parent)) != 0)
            continue;
        if (t->done[t->rows[i]])
            continue;
        t->done[t->rows[i]] = true;
        key_of(t->id, t->rows[i], &own);
        fd_buf_clear(&start);
        fd_buf_clear(&below);
        fd_buf_put(&start, fd_buf_text(lead), lead->len);
        fd_buf_put(&below, fd_buf_text(lead), lead->len);
        if (depth > 0) {
            fd_buf_puts(&start, i == last ? "└ " : "├ ");
            fd_buf_puts(&below, i == last ? "  " : "│ ");
        }
        put_line(t, t->rows[i], &start);
        t->printed++;
        put_children(t, &own, &below, depth + 1);
    }
    fd_buf_dispose(&key);
    fd_buf_dispose(&own);
    fd_buf_dispose(&below);
    fd_buf_dispose(&start);
}

int fd_table_print_tree(const fd_table *table, FILE *stream, const fd_print_options *options)
{
    fd_buf root = FD_BUF_INIT, lead = FD_BUF_INIT, cell = FD_BUF_INIT;
    int label = fd_table_find(table, "label");
    tree t = { .table = table, .stream = stream, .options = options };

    if (table->parent_column < 0 || table->column_count < 2)
        return fd_error_set(FD_EINVAL, "这不是树状的表", "the table is not a tree");
    t.id = table->columns[0];
    t.parent = table->columns[table->parent_column];
    t.order = table->order_column >= 0 ? table->columns[table->order_column] : NULL;
    t.label = label >= 0 ? table->columns[label] : t.id;
    t.rows = fd_alloc((table->rows + 1) * sizeof *t.rows);
    t.done = fd_alloc(table->rows + 1);
    sort_rows(&t);
    for (size_t r = 0; r < table->rows; r++) {
        size_t width;

        fd_buf_clear(&cell);
        fd_print__cell(&cell, t.label, r, options->lang);
        width = fd_utf8_columns((fd_view){ fd_buf_text(&cell), cell.len }) + 6;
        if (width > t.label_width && width <= 44)
            t.label_width = width;
    }
    if (table->title[options->lang][0])
        fprintf(stream, options->color ? "\x1b[1m%s\x1b[0m\n" : "%s\n",
                table->title[options->lang]);
    put_children(&t, &root, &lead, 0);
    for (size_t i = 0; i < table->note_count; i++)
        fprintf(stream, "%s%s\n",
                options->lang == FD_ZH ? "注:" : "note: ", table->notes[options->lang][i]);
    free(t.rows);
    free(t.done);
    fd_buf_dispose(&root);
    fd_buf_dispose(&lead);
    fd_buf_dispose(&cell);
    if (t.printed < table->rows)
        return fd_error_set(FD_ECONFLICT, "树里有 %zu 行接不上父行",
                            "%zu rows of the tree have no parent", table->rows - t.printed);
    return ferror(stream) ? fd_error_set(FD_EIO, "输出写不进去", "the output cannot be written")
                          : 0;
}
