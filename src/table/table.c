#include "fangding/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"

fd_table *fd_table_new(const char *id, const char *title_zh, const char *title_en)
{
    fd_table *t = fd_alloc(sizeof *t);

    t->id = fd_strdup(id);
    t->title[FD_ZH] = fd_strdup(title_zh);
    t->title[FD_EN] = fd_strdup(title_en);
    t->parent_column = t->order_column = -1;
    return t;
}

void fd_table_free(fd_table *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->column_count; i++)
        fd_column_unref(t->columns[i]);
    for (int lang = 0; lang < 2; lang++) {
        for (size_t i = 0; i < t->note_count; i++)
            free(t->notes[lang][i]);
        free(t->notes[lang]);
        free(t->title[lang]);
    }
    free(t->columns);
    free(t->id);
    free(t);
}

size_t fd_table_add(fd_table *t, fd_column *column)
{
    if (t->column_count == 0 && t->rows == 0)
        t->rows = column->n;
    assert(column->n == t->rows);
    if (t->column_count == t->column_capacity) {
        t->column_capacity = t->column_capacity ? t->column_capacity * 2 : 8;
        t->columns = fd_realloc_array(t->columns, t->column_capacity, sizeof(void *));
    }
    t->columns[t->column_count] = column;
    return t->column_count++;
}

fd_column *fd_table_add_new(fd_table *t, const char *id, const char *zh, const char *en,
                            fd_kind kind, const char *unit, int scale)
{
    fd_column *c = fd_column_new(id, kind, unit, scale, t->rows);

    fd_column_set_title(c, zh, en);
    fd_table_add(t, c);
    return c;
}

void fd_table_add_columns(fd_table *t, const fd_column_spec *specs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fd_table_add_new(t, specs[i].id, specs[i].zh, specs[i].en, specs[i].kind,
                         specs[i].unit ? specs[i].unit : "", specs[i].scale);
}

size_t fd_table_add_row(fd_table *t)
{
    for (size_t i = 0; i < t->column_count; i++)
        fd_column_resize(t->columns[i], t->rows + 1);
    return t->rows++;
}

void fd_table_add_note(fd_table *t, const char *zh, const char *en)
{
    for (size_t i = 0; i < t->note_count; i++)
        if (strcmp(t->notes[FD_ZH][i], zh) == 0)
            return;
    if (t->note_count == t->note_capacity) {
        t->note_capacity = t->note_capacity ? t->note_capacity * 2 : 4;
        for (int lang = 0; lang < 2; lang++)
            t->notes[lang] =
                fd_realloc_array(t->notes[lang], t->note_capacity, sizeof *t->notes[lang]);
    }
    t->notes[FD_ZH][t->note_count] = fd_strdup(zh);
    t->notes[FD_EN][t->note_count] = fd_strdup(en);
    t->note_count++;
}

int fd_table_find(const fd_table *t, const char *column_id)
{
    for (size_t i = 0; i < t->column_count; i++)
        if (strcmp(t->columns[i]->id, column_id) == 0)
            return (int)i;
    return -1;
}

const char *fd_table_text(const fd_table *t, const char *column_id, size_t row)
{
    const int at = fd_table_find(t, column_id);

    return at < 0 ? "" : fd_column_text_or(t->columns[at], row, "");
}
