/*
 * Tables as an Excel workbook, over libxlsxwriter: one sheet per table.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <xlsxwriter.h>

#include "base/utf8.h"
#include "table/print.h"

#define FIRST_ROW    2 /* title, blank, header */
#define MOST_ROWS    1048576
#define MOST_COLUMNS 16384
#define MOST_TEXT    32000 /* bytes; a cell holds 32,767 characters */

static void put_number_format(char *out, size_t size, const fd_column *c)
{
    int digits = c->digits >= 0 ? c->digits : c->kind == FD_DEC ? c->scale : 4;

    snprintf(out, size, digits > 0 ? "0.%0*d" : "0", digits, 0);
}

static void put_text(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, fd_buf *text,
                     lxw_format *format)
{
    if (text->len > MOST_TEXT) {
        size_t cut = MOST_TEXT;

        while (((unsigned char)text->ptr[cut] & 0xc0) == 0x80) /* not inside a character */
            cut--;
        text->len = cut;
        fd_buf_puts(text, "…");
    }
    worksheet_write_string(sheet, row, column, fd_buf_text(text), format);
}

static void put_column(lxw_workbook *book, lxw_worksheet *sheet, const fd_table *t, lxw_col_t at,
                       fd_lang lang)
{
    const fd_column *c = t->columns[at];
    lxw_format *format = workbook_add_format(book);
    fd_buf cell = FD_BUF_INIT;
    size_t width = 8;
    char number[32];

    put_number_format(number, sizeof number, c);
    if (fd_print__is_number(c))
        format_set_num_format(format, number);
    for (size_t r = 0; r < t->rows; r++) {
        lxw_row_t row = (lxw_row_t)(FIRST_ROW + 1 + r);
        fd_state state = fd_column_state(c, r);
        size_t columns;

        fd_buf_clear(&cell);
        fd_print__cell(&cell, c, r, lang);
        columns = fd_utf8_columns((fd_view){ fd_buf_text(&cell), cell.len });
        if (columns > width)
            width = columns;
        if (fd_print__is_number(c) && (state == FD_HAS || state == FD_DOUBT) &&
            isfinite(fd_number_to_double(fd_column_number(c, r))))
            worksheet_write_number(sheet, row, at, fd_number_to_double(fd_column_number(c, r)),
                                   format);
        else if (cell.len)
            put_text(sheet, row, at, &cell, NULL);
    }
    fd_buf_clear(&cell);
    fd_print__header(&cell, c, lang);
    if (fd_utf8_columns((fd_view){ fd_buf_text(&cell), cell.len }) > width)
        width = fd_utf8_columns((fd_view){ fd_buf_text(&cell), cell.len });
    worksheet_set_column(sheet, at, at, (double)(width > 60 ? 60 : width) + 2, NULL);
    fd_buf_dispose(&cell);
}

static void put_sheet(lxw_workbook *book, const fd_table *t, size_t index, fd_lang lang)
{
    lxw_format *bold = workbook_add_format(book), *header = workbook_add_format(book);
    fd_buf text = FD_BUF_INIT;
    lxw_worksheet *sheet;
    char name[64];

    /* Sheet names: at most 31 characters, no []:*?/\, each once. */
    snprintf(name, sizeof name, "%zu-%.*s", index % 1000 + 1,
             (int)fd_utf8_fit(fd_view_of(t->id), 20), t->id);
    for (char *p = name; *p; p++)
        if (strchr("[]:*?/\\", *p))
            *p = '_';
    sheet = workbook_add_worksheet(book, name);
    format_set_bold(bold);
    format_set_bold(header);
    format_set_bottom(header, LXW_BORDER_THIN);
    format_set_text_wrap(header);
    worksheet_write_string(sheet, 0, 0, t->title[lang], bold);
    for (size_t c = 0; c < t->column_count; c++) {
        put_column(book, sheet, t, (lxw_col_t)c, lang);
        fd_buf_clear(&text);
        fd_print__header(&text, t->columns[c], lang);
        worksheet_write_string(sheet, FIRST_ROW, (lxw_col_t)c, fd_buf_text(&text), header);
    }
    for (size_t i = 0; i < t->note_count; i++)
        worksheet_write_string(sheet, (lxw_row_t)(FIRST_ROW + 2 + t->rows + i), 0,
                               t->notes[lang][i], NULL);
    worksheet_freeze_panes(sheet, FIRST_ROW + 1, 0);
    fd_buf_dispose(&text);
}

int fd_table_write_xlsx(const fd_table *const *tables, size_t count, const char *path, fd_lang lang)
{
    lxw_workbook *book;
    lxw_error failed;
    FILE *probe;

    for (size_t i = 0; i < count; i++)
        if (tables[i]->rows + tables[i]->note_count + FIRST_ROW + 2 > MOST_ROWS ||
            tables[i]->column_count > MOST_COLUMNS)
            return fd_error_set(FD_ELIMIT, "表 %s 有 %zu 行 %zu 列,一张工作表放不下",
                                "table %s has %zu rows and %zu columns: too many for one sheet",
                                tables[i]->id, tables[i]->rows, tables[i]->column_count);
    /* Tried before, since the library reports to standard error on its own. */
    probe = fopen(path, "ab");
    if (!probe)
        return fd_error_set(FD_EIO, "不能写 %s:%s", "cannot write %s: %s", path, strerror(errno));
    fclose(probe);
    book = workbook_new(path);
    if (!book)
        return fd_error_set(FD_EIO, "不能写 %s", "cannot write %s", path);
    for (size_t i = 0; i < count; i++)
        put_sheet(book, tables[i], i, lang);
    failed = workbook_close(book);
    if (failed != LXW_NO_ERROR)
        return fd_error_set(FD_EIO, "不能写 %s:%s", "cannot write %s: %s", path,
                            lxw_strerror(failed));
    return 0;
}
