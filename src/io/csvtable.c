#include "io/csvtable.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fangding/arena.h"
#include "io/rows.h"

/* Up to 19 digits and a small exponent, as nearly all numbers are: a mantissa below 2^53 and a
 * power of ten up to 22 are both exact, so one product or quotient rounds as strtod does (Clinger
 * 1990, doi:10.1145/93542.93557). False when the text needs the long way, or is none. */
static bool short_number(double *out, const char *text, size_t length)
{
    static const double tens[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
    const bool negative = text[0] == '-';
    uint64_t mantissa = 0;
    size_t i = text[0] == '-' || text[0] == '+', digits = 0, behind = 0;
    bool point = false;

    for (; i < length; i++) {
        if (text[i] == '.' && !point) {
            point = true;
        } else if (text[i] >= '0' && text[i] <= '9') {
            mantissa = mantissa * 10 + (uint64_t)(text[i] - '0');
            behind += point;
            if (++digits > 18)
                return false;
        } else {
            return false;
        }
    }
    if (!digits || mantissa > (uint64_t)1 << 53)
        return false;
    *out = (negative ? -(double)mantissa : (double)mantissa) / tens[behind];
    return true;
}

bool fd_csv_number(double *out, const char *text, size_t length)
{
    char buf[64], *end;

    if (length == 0 || length >= sizeof buf)
        return false;
    if (short_number(out, text, length))
        return true;
    for (size_t i = 0; i < length; i++)
        if (!strchr("0123456789+-.eE", text[i]))
            return false; /* strtod would take inf, nan, hex and blanks */
    memcpy(buf, text, length);
    buf[length] = '\0';
    errno = 0;
    *out = strtod(buf, &end);
    return *end == '\0' && end != buf && isfinite(*out);
}

/* What a pass over the file knows of each column. A column counts as numbers until a cell says
 * otherwise; then the file is read again with that column as text, which happens at the first row
 * of data as a rule. */
typedef struct reading {
    const char *path;
    const char *const *text;
    size_t text_count, first_text;
    bool *is_text; /* by column; NULL before the first pass */
    fd_buf cell;
    fd_table *table;
} reading;

static bool asked_as_text(const reading *r, size_t column, const char *name)
{
    bool asked = column < r->first_text;

    for (size_t k = 0; k < r->text_count; k++)
        asked |= r->text[k] && strcmp(r->text[k], name) == 0;
    return asked;
}

static int read_header(reading *r, const fd_row *row)
{
    const bool first = !r->is_text;
    int err = 0;

    if (first)
        r->is_text = fd_alloc(row->count + 1);
    for (size_t c = 0; c < row->count && err == 0; c++) {
        const char *name;

        fd_buf_clear(&r->cell);
        fd_buf_view(&r->cell, fd_view_trim(row->cells[c].text));
        name = fd_buf_text(&r->cell);
        if (!name[0])
            err = fd_error_set(FD_EFORMAT, "第 %zu 列没有列名", "column %zu has no name", c + 1);
        else if (fd_table_find(r->table, name) >= 0)
            err = fd_error_set(FD_EFORMAT, "列名重复:%s", "a column name stands twice: %s", name);
        if (err < 0)
            return fd_error_at((fd_place){ r->path, NULL, row->number, (long)c + 1 });
        if (first)
            r->is_text[c] = asked_as_text(r, c, name);
        fd_table_add_new(r->table, name, name, name, r->is_text[c] ? FD_TEXT : FD_EST, "",
                         r->is_text[c] ? 0 : 12);
    }
    return 0;
}

/* @return 1 when a column turned out to be text */
static int read_row(reading *r, const fd_row *row)
{
    fd_table *t = r->table;
    size_t at;

    if (row->damaged) {
        fd_error_set(FD_EFORMAT, "这一行有不是文字的字节", "the row has bytes that are no text");
        return fd_error_at((fd_place){ r->path, NULL, row->number, (long)row->damaged_cell + 1 });
    }
    if (row->count > t->column_count) {
        fd_error_set(FD_EFORMAT, "这一行有 %zu 格,表头只有 %zu 列",
                     "the row has %zu cells, the header %zu columns", row->count, t->column_count);
        return fd_error_at((fd_place){ r->path, NULL, row->number, 0 });
    }
    at = fd_table_add_row(t);
    for (size_t c = 0; c < row->count; c++) {
        fd_view text = fd_view_trim(row->cells[c].text);
        double value;

        if (!text.len)
            continue;
        if (r->is_text[c]) {
            fd_buf_clear(&r->cell);
            fd_buf_view(&r->cell, text);
            fd_column_set_text(t->columns[c], at, fd_buf_text(&r->cell));
        } else if (fd_csv_number(&value, text.ptr, text.len)) {
            fd_column_set_est(t->columns[c], at, value);
        } else {
            r->is_text[c] = true;
            return 1;
        }
    }
    return 0;
}

/* @return 1 when the file must be read again */
static int read_once(reading *r)
{
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    fd_rows *rows = NULL;
    const fd_row *row;
    int err;

    r->table = fd_table_new("table", r->path, r->path);
    if ((err = fd_rows_open(&rows, r->path, &options)) < 0)
        goto done;
    if ((err = fd_rows_next(rows, &row)) == 0)
        err = fd_error_set(FD_EFORMAT, "%s 是空的:第一行应是列名",
                           "%s is empty: the first row names the columns", r->path);
    if (err < 0 || (err = read_header(r, row)) < 0)
        goto done;
    while ((err = fd_rows_next(rows, &row)) > 0)
        if ((err = read_row(r, row)) != 0)
            break;
done:
    fd_rows_close(rows);
    if (err != 0) {
        fd_table_free(r->table);
        r->table = NULL;
    }
    return err;
}

int fd_csv_table(fd_table **out, const char *path, const char *const *text, size_t text_count,
                 size_t first_text)
{
    reading r = { path, text, text_count, first_text, NULL, FD_BUF_INIT, NULL };
    int err;

    while ((err = read_once(&r)) > 0)
        ;
    free(r.is_text);
    fd_buf_dispose(&r.cell);
    *out = r.table;
    return err;
}
