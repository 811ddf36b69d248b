#include "example/sheet.h"

#include <errno.h>
#include <stdlib.h>

#include "fangding/arena.h"
#include "io/file.h"

static void keep(fd_ex_sheet *s, int err)
{
    if (s->err == 0 && err < 0)
        s->err = err;
}

void fd_example__begin(fd_ex_sheet *s, const char *folder, const char *name, fd_ex_format format)
{
    fd_csvw_options options = FD_CSVW_OPTIONS_INIT;
    fd_buf path = FD_BUF_INIT;

    *s = (fd_ex_sheet){ .format = format, .row = 1, .column = 1 };
    fd_buf_printf(&path, "%s/%s.%s", folder, name, format == FD_EX_XLSX ? "xlsx" : "csv");
    s->path = fd_buf_take(&path);
    if (format == FD_EX_XLSX) {
        keep(s, fd_xlsxw_new(&s->xlsx, s->path));
        if (s->xlsx)
            keep(s, fd_xlsxw_sheet(s->xlsx, name));
        return;
    }
    if (format == FD_EX_GBK)
        options.encoding = FD_ENCODING_GB18030;
    if (!(s->stream = fopen(s->path, "wb")))
        keep(s, fd_file__errno(s->path, errno));
    else
        keep(s, fd_csvw_new(&s->csv, s->stream, &options));
}

int fd_example__end(fd_ex_sheet *s)
{
    if (s->csv)
        keep(s, fd_csvw_finish(s->csv));
    if (s->stream && fclose(s->stream) != 0 && s->err == 0)
        keep(s, fd_file__errno(s->path, errno));
    if (s->xlsx && s->err == 0)
        keep(s, fd_xlsxw_finish(s->xlsx));
    else if (s->xlsx)
        fd_xlsxw_abandon(s->xlsx);
    free(s->path);
    return s->err;
}

void fd_example__text(fd_ex_sheet *s, const char *text)
{
    if (s->err == 0 && s->csv)
        fd_csvw_text(s->csv, text);
    else if (s->err == 0 && text && *text)
        keep(s, fd_xlsxw_text(s->xlsx, s->row, s->column, fd_view_of(text), s->style));
    s->column++;
}

void fd_example__number(fd_ex_sheet *s, int64_t mantissa, int scale)
{
    fd_decimal value = { mantissa, (int8_t)scale };
    char text[48];

    if (s->err == 0 && s->csv) {
        size_t length = fd_decimal_format(value, text, sizeof text);

        fd_csvw_cell(s->csv, (fd_view){ text, length });
    } else if (s->err == 0) {
        keep(s, fd_xlsxw_number(s->xlsx, s->row, s->column, value, s->style));
    }
    s->column++;
}

void fd_example__row(fd_ex_sheet *s)
{
    if (s->err == 0 && s->csv)
        fd_csvw_end_row(s->csv);
    s->row++;
    s->column = 1;
}

void fd_example__heading(fd_ex_sheet *s, bool on)
{
    s->style = on ? FD_XLSXW_HEADER : FD_XLSXW_PLAIN;
}

void fd_example__headers(fd_ex_sheet *s, const char *const *texts)
{
    fd_example__heading(s, true);
    while (*texts)
        fd_example__text(s, *texts++);
    fd_example__row(s);
    fd_example__heading(s, false);
}

void fd_example__title(fd_ex_sheet *s, const char *title, const char *line, long columns)
{
    if (!s->xlsx || s->err < 0)
        return;
    keep(s, fd_xlsxw_merge(s->xlsx, 1, 1, 1, columns, fd_view_of(title), FD_XLSXW_TITLE));
    if (s->err == 0)
        keep(s, fd_xlsxw_merge(s->xlsx, 2, 1, 2, columns, fd_view_of(line), FD_XLSXW_PLAIN));
    s->row = 3;
}

void fd_example__merged(fd_ex_sheet *s, const char *text, long rows, long columns)
{
    if (s->xlsx && s->err == 0)
        keep(s, fd_xlsxw_merge(s->xlsx, s->row, s->column, s->row + rows - 1,
                               s->column + columns - 1, fd_view_of(text), FD_XLSXW_HEADER));
    s->column += columns;
}
