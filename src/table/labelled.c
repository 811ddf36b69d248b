#include "table/labelled.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "fangding/arena.h"
#include "fangding/error.h"

void fd_labelled_init(fd_labelled *m, size_t rows, size_t columns)
{
    memset(m, 0, sizeof *m);
    m->rows = rows;
    m->columns = columns;
    m->v = fd_alloc(rows * columns * sizeof *m->v + 1);
    m->row = fd_alloc(rows * sizeof *m->row + 1);
    m->column = fd_alloc(columns * sizeof *m->column + 1);
}

static void free_codes(char **codes, size_t count)
{
    for (size_t i = 0; codes && i < count; i++)
        free(codes[i]);
    free(codes);
}

void fd_labelled_dispose(fd_labelled *m)
{
    free(m->v);
    free_codes(m->row, m->rows);
    free_codes(m->column, m->columns);
    free(m->corner);
    memset(m, 0, sizeof *m);
}

static int read_codes(fd_labelled *m, const fd_column *codes)
{
    fd_map *seen = fd_map_new();
    int err = 0;

    for (size_t r = 0; r < m->rows && err == 0; r++) {
        const char *code = fd_column_text(codes, r);

        if (!code)
            err =
                fd_error_set(FD_EINVAL, "数据第 %zu 行没有代码", "data row %zu has no code", r + 1);
        else if (!fd_map_set(seen, fd_view_of(code), r))
            err = fd_error_set(FD_EINVAL, "数据第 %zu 行的代码 %s 前面已有",
                               "data row %zu: the code %s stands twice", r + 1, code);
        else
            m->row[r] = fd_strdup(code);
    }
    fd_map_free(seen);
    return err;
}

static int read_numbers(fd_labelled *m, const fd_column *c, size_t j)
{
    if (c->kind == FD_TEXT || c->kind == FD_CODE || c->kind == FD_DATE || c->kind == FD_PERIOD)
        return fd_error_set(FD_EINVAL, "列 %s 不是数", "column %s holds no numbers", c->id);
    m->column[j] = fd_strdup(c->id);
    for (size_t r = 0; r < m->rows; r++) {
        if (fd_column_state(c, r) != FD_HAS)
            return fd_error_set(FD_EINVAL, "数据第 %zu 行(%s)的列 %s 没有数",
                                "data row %zu (%s) has no number in column %s", r + 1, m->row[r],
                                c->id);
        m->v[r * m->columns + j] = fd_number_to_double(fd_column_number(c, r));
    }
    return 0;
}

int fd_labelled_read(fd_labelled *m, const fd_table *in)
{
    const size_t columns = in->column_count ? in->column_count - 1 : 0;
    int err;

    memset(m, 0, sizeof *m);
    if (!in->column_count || (in->columns[0]->kind != FD_TEXT && in->columns[0]->kind != FD_CODE))
        return fd_error_set(FD_EINVAL, "第一列应是行的代码",
                            "the first column should hold the codes of the rows");
    fd_labelled_init(m, in->rows, columns);
    m->corner = fd_strdup(in->columns[0]->id);
    err = read_codes(m, in->columns[0]);
    for (size_t j = 0; j < columns && err >= 0; j++)
        err = read_numbers(m, in->columns[j + 1], j);
    if (err < 0)
        fd_labelled_dispose(m);
    return err;
}

fd_table *fd_labelled_table(const fd_labelled *m, const char *id, const char *zh, const char *en)
{
    const char *corner = m->corner ? m->corner : "code";
    fd_table *t = fd_table_new(id, zh, en);
    fd_column *codes = fd_column_new(corner, FD_TEXT, "", 0, m->rows);

    fd_column_set_title(codes, corner, corner);
    for (size_t r = 0; r < m->rows; r++)
        fd_column_set_text(codes, r, m->row[r]);
    fd_table_add(t, codes);
    for (size_t j = 0; j < m->columns; j++) {
        fd_column *c =
            fd_table_add_new(t, m->column[j], m->column[j], m->column[j], FD_EST, "", 12);

        for (size_t r = 0; r < m->rows; r++)
            if (isfinite(m->v[r * m->columns + j]))
                fd_column_set_est(c, r, m->v[r * m->columns + j]);
    }
    return t;
}

ptrdiff_t fd_labelled_find(char *const *codes, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(codes[i], code) == 0)
            return (ptrdiff_t)i;
    return -1;
}
