#include "io/csvmatrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "fangding/arena.h"
#include "io/csvtable.h"
#include "io/rows.h"

#define MOST_BYTES ((size_t)4 << 30)

typedef struct reading {
    const char *path;
    fd_labelled *m;
    fd_map *codes;   /* of the rows */
    size_t capacity; /* rows there is room for */
} reading;

static int at(const reading *r, const fd_row *row, size_t column)
{
    return fd_error_at((fd_place){ r->path, NULL, row->number, (long)column + 1 });
}

static char *code_of(fd_view text)
{
    char *code = fd_alloc(text.len + 1);

    if (text.len)
        memcpy(code, text.ptr, text.len);
    return code;
}

static int read_header(reading *r, const fd_row *row)
{
    fd_labelled *m = r->m;
    fd_map *seen = fd_map_new();
    int err = 0;

    m->columns = row->count ? row->count - 1 : 0;
    m->column = fd_alloc(m->columns * sizeof *m->column + 1);
    for (size_t c = 0; c < row->count && err == 0; c++) {
        const fd_view name = fd_view_trim(row->cells[c].text);

        if (c == 0) {
            m->corner = name.len ? code_of(name) : fd_strdup("code");
        } else if (!name.len) {
            err = fd_error_set(FD_EFORMAT, "第 %zu 列没有列名", "column %zu has no name", c + 1);
        } else {
            m->column[c - 1] = code_of(name);
            if (!fd_map_set(seen, name, c))
                err = fd_error_set(FD_EFORMAT, "列名重复:%s", "a column name stands twice: %s",
                                   m->column[c - 1]);
        }
        if (err < 0)
            (void)at(r, row, c);
    }
    fd_map_free(seen);
    return err;
}

/* Room for one more row; a table of n columns has n rows as a rule. */
static int make_room(reading *r)
{
    fd_labelled *m = r->m;
    size_t want;

    if (m->rows < r->capacity)
        return 0;
    want = r->capacity ? r->capacity * 2 : m->columns < 64 ? 64 : m->columns;
    if (m->columns && want > MOST_BYTES / sizeof *m->v / m->columns)
        want = MOST_BYTES / sizeof *m->v / m->columns;
    if (want <= m->rows)
        return fd_error_set(FD_ELIMIT, "表太大:多于 %zu 行 × %zu 列",
                            "the table is too large: more than %zu rows × %zu columns", m->rows,
                            m->columns);
    m->v = fd_realloc(m->v, want * m->columns * sizeof *m->v + 1);
    m->row = fd_realloc_array(m->row, want, sizeof *m->row);
    r->capacity = want;
    return 0;
}

static int read_row(reading *r, const fd_rows *rows, const fd_row *row)
{
    fd_labelled *m = r->m;
    fd_view code;
    double *v;
    int err;

    if (row->damaged)
        return fd_rows_describe_damage(rows, row);
    if (row->count != m->columns + 1) {
        fd_error_set(FD_EFORMAT, "这一行有 %zu 格,表头有 %zu 列",
                     "the row has %zu cells, the header %zu columns", row->count, m->columns + 1);
        return at(r, row, row->count);
    }
    if ((err = make_room(r)) < 0)
        return err;
    code = fd_view_trim(row->cells[0].text);
    if (!code.len) {
        fd_error_set(FD_EFORMAT, "这一行没有代码", "the row has no code");
        return at(r, row, 0);
    }
    v = m->v + m->rows * m->columns;
    m->row[m->rows++] = code_of(code);
    if (!fd_map_set(r->codes, code, m->rows)) {
        fd_error_set(FD_EFORMAT, "代码 %s 前面已有", "the code %s stands twice",
                     m->row[m->rows - 1]);
        return at(r, row, 0);
    }
    for (size_t c = 0; c < m->columns; c++) {
        const fd_view text = fd_view_trim(row->cells[c + 1].text);

        if (fd_csv_number(&v[c], text.ptr, text.len))
            continue;
        if (text.len)
            fd_error_set(FD_EFORMAT, "行 %s 列 %s 不是数:%.*s",
                         "row %s, column %s is no number: %.*s", m->row[m->rows - 1], m->column[c],
                         (int)(text.len < 60 ? text.len : 60), text.ptr);
        else
            fd_error_set(FD_EFORMAT, "行 %s 列 %s 是空的:空缺不是零,没有就写 0",
                         "row %s, column %s is empty: missing is not zero, write 0 where there is "
                         "none",
                         m->row[m->rows - 1], m->column[c]);
        return at(r, row, c + 1);
    }
    return 0;
}

/* Reads all of `rows` and closes it. */
static int read_all(fd_labelled *out, fd_rows *rows, const char *path)
{
    reading r = { path, out, fd_map_new(), 0 };
    const fd_row *row;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = fd_rows_next(rows, &row)) == 0)
        err = fd_error_set(FD_EFORMAT, "%s 是空的:第一行应是列名",
                           "%s is empty: the first row names the columns", path);
    if (err > 0)
        err = read_header(&r, row);
    while (err >= 0 && (err = fd_rows_next(rows, &row)) > 0)
        err = read_row(&r, rows, row);
    fd_map_free(r.codes);
    fd_rows_close(rows);
    if (err < 0)
        fd_labelled_dispose(out);
    return err;
}

int fd_csv_matrix(fd_labelled *out, const char *path)
{
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    fd_rows *rows;
    int err;

    memset(out, 0, sizeof *out);
    options.max_inflated = MOST_BYTES / 2;
    if ((err = fd_rows_open(&rows, path, &options)) < 0)
        return err;
    return read_all(out, rows, path);
}

int fd_csv_matrix_memory(fd_labelled *out, const void *data, size_t size, const char *name)
{
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    fd_rows *rows;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = fd_rows_open_memory(&rows, data, size, name, &options)) < 0)
        return err;
    return read_all(out, rows, name);
}
