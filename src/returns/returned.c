/*
 * Refused rows, back to their sender: as they were written, under the same header, with the reason.
 */
#include <stdlib.h>

#include "io/csvw.h"
#include "io/file.h"
#include "io/xlsxw.h"
#include "returns/read.h"

static const char label[] = FD_RETURNS_REASON;

static int by_place(const void *a, const void *b)
{
    const fd_reject *x = a, *y = b;

    if (x->sheet != y->sheet)
        return x->sheet < y->sheet ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* All reasons of one row, joined; *next moves past them. */
static const char *reasons(const fd_reject *rejects, size_t count, size_t *next, size_t sheet,
                           long row, fd_buf *out)
{
    fd_buf_clear(out);
    while (*next < count && rejects[*next].sheet == sheet && rejects[*next].row < row)
        ++*next;
    while (*next < count && rejects[*next].sheet == sheet && rejects[*next].row == row) {
        fd_buf_printf(out, "%s%s", out->len ? ";" : "", rejects[*next].reason[FD_ZH]);
        ++*next;
    }
    return out->len ? fd_buf_text(out) : NULL;
}

static const fd_sheet_head *head_of(const struct fd_returns_inner *inner, size_t sheet)
{
    for (size_t i = 0; i < inner->heads.count; i++)
        if (inner->heads.items[i].index == sheet)
            return &inner->heads.items[i];
    return NULL;
}

/* ---- CSV
 * ----------------------------------------------------------------------------------------------------
 */

static int write_csv(const struct fd_returns_inner *inner, const fd_reject *rejects, size_t count,
                     fd_rows *rows, const char *path)
{
    fd_csvw_options form = fd_csvw_like(fd_rows_info_of(rows));
    const fd_sheet_head *head = head_of(inner, 0);
    fd_file_out *file = NULL;
    fd_csvw *w = NULL;
    fd_buf reason = FD_BUF_INIT;
    const fd_row *row;
    size_t next = 0;
    int err, more = 0;

    if ((err = fd_file_begin(&file, path)) < 0 ||
        (err = fd_csvw_new(&w, fd_file_stream(file), &form)) < 0)
        goto done;
    while (err >= 0 && (more = fd_rows_next(rows, &row)) > 0) {
        bool above = head && row->number <= head->header_to;
        const char *why = reasons(rejects, count, &next, 0, row->number, &reason);

        if (!above && !why)
            continue;
        fd_csvw_raw(w, row->raw);
        if (!above || row->number == head->label_row) {
            for (size_t i = row->count; head && i < head->width; i++)
                fd_csvw_text(w, NULL);
            fd_csvw_text(w, above ? label : why);
        }
        fd_csvw_end_row(w);
    }
    err = more < 0 ? more : 0;
done:
    if (w) {
        int last = fd_csvw_finish(w);

        err = err < 0 ? err : last;
    }
    if (file && err >= 0)
        err = fd_file_commit(file);
    else
        fd_file_abandon(file);
    fd_buf_dispose(&reason);
    return err;
}

/* ---- XLSX
 * ---------------------------------------------------------------------------------------------------
 */

static int copy_cell(fd_xlsxw *w, long row, long column, const fd_cell *cell, fd_xlsxw_style style)
{
    fd_decimal number;
    fd_date date;

    if (cell->kind == FD_CELL_NUMBER &&
        fd_decimal_parse(&number, cell->text.ptr, cell->text.len) == 0)
        return fd_xlsxw_number(w, row, column, number, style);
    if (cell->kind == FD_CELL_DATE && cell->unit == 'd' &&
        fd_date_parse(&date, cell->text.ptr, cell->text.len) == 0)
        return fd_xlsxw_date(w, row, column, date, style);
    return cell->text.len ? fd_xlsxw_text(w, row, column, cell->text, style) : 0;
}

static bool faulty(const fd_reject *rejects, size_t count, size_t sheet, long row, size_t column)
{
    for (size_t i = 0; i < count; i++)
        if (rejects[i].sheet == sheet && rejects[i].row == row && rejects[i].column == column)
            return true;
    return false;
}

/* Cells of merged header ranges are written by the merge. */
static const fd_rows_range *range_of(const fd_rows_sheet *sheet, long row, long column, long last)
{
    for (size_t i = 0; i < sheet->merged_count; i++) {
        const fd_rows_range *r = &sheet->merged[i];

        if (row >= r->row && row <= r->last_row && column >= r->column &&
            column <= r->last_column && r->last_row <= last)
            return r;
    }
    return NULL;
}

static int write_sheet(const struct fd_returns_inner *inner, const fd_reject *rejects, size_t count,
                       fd_rows *rows, fd_xlsxw *w)
{
    const fd_rows_sheet *sheet = fd_rows_sheet_of(rows);
    const fd_sheet_head *head = head_of(inner, sheet->index);
    fd_buf reason = FD_BUF_INIT;
    const fd_row *row;
    size_t next = 0;
    long out = 0;
    int err, more = 0;

    while (next < count && rejects[next].sheet < sheet->index)
        next++;
    err = fd_xlsxw_sheet(w, sheet->name);
    while (err >= 0 && (more = fd_rows_next(rows, &row)) > 0) {
        bool above = row->number <= head->header_to;
        const char *why = reasons(rejects, count, &next, sheet->index, row->number, &reason);

        if (!above && !why)
            continue;
        out = above ? row->number : out > head->header_to ? out + 1 : head->header_to + 1;
        for (size_t c = 0; c < row->count && err >= 0; c++) {
            long column = (long)c + 1;
            const fd_rows_range *range =
                above ? range_of(sheet, row->number, column, head->header_to) : NULL;

            if (!range)
                err = copy_cell(w, out, column, &row->cells[c],
                                above ? FD_XLSXW_HEADER
                                : faulty(rejects, count, sheet->index, row->number, c + 1)
                                    ? FD_XLSXW_FAULT
                                    : FD_XLSXW_PLAIN);
            else if (range->row == row->number && range->column == column)
                err = fd_xlsxw_merge(w, range->row, range->column, range->last_row,
                                     range->last_column, row->cells[c].text, FD_XLSXW_HEADER);
        }
        if (err >= 0 && (!above || row->number == head->label_row))
            err = fd_xlsxw_text(w, out, (long)head->width + 1, fd_view_of(above ? label : why),
                                above ? FD_XLSXW_HEADER : FD_XLSXW_COMMENT);
    }
    if (err >= 0 && more == 0)
        err = fd_xlsxw_width(w, (long)head->width + 1, 48);
    fd_buf_dispose(&reason);
    return more < 0 ? more : err;
}

static int write_xlsx(const struct fd_returns_inner *inner, const fd_reject *rejects, size_t count,
                      fd_rows *rows, const char *path)
{
    fd_xlsxw *w = NULL;
    int err, more = 0;

    if ((err = fd_xlsxw_new(&w, path)) < 0)
        return err;
    do {
        size_t index = fd_rows_sheet_of(rows)->index;
        bool any = false;

        for (size_t i = 0; i < count; i++)
            any |= rejects[i].sheet == index;
        if (any && head_of(inner, index))
            err = write_sheet(inner, rejects, count, rows, w);
    } while (err >= 0 && (more = fd_rows_next_sheet(rows)) > 0);
    if (err >= 0 && more < 0)
        err = more;
    if (err < 0)
        fd_xlsxw_abandon(w);
    return err < 0 ? err : fd_xlsxw_finish(w);
}

int fd_returns_write_rejected(const fd_returns_result *result, const char *path)
{
    const struct fd_returns_inner *inner = result->inner;
    size_t count = inner->rejects.count;
    fd_reject *rejects;
    fd_rows *rows = NULL;
    int err;

    if (count == 0)
        return 0;
    rejects = fd_alloc(count * sizeof *rejects);
    memcpy(rejects, inner->rejects.items, count * sizeof *rejects);
    qsort(rejects, count, sizeof *rejects, by_place);
    err = inner->data ? fd_rows_open_memory(&rows, inner->data, inner->size, inner->path, NULL)
                      : fd_rows_open(&rows, inner->path, NULL);
    if (err >= 0)
        err = fd_rows_info_of(rows)->format == FD_ROWS_XLSX
                  ? write_xlsx(inner, rejects, count, rows, path)
                  : write_csv(inner, rejects, count, rows, path);
    fd_rows_close(rows);
    free(rejects);
    return err < 0 ? err : 1;
}
