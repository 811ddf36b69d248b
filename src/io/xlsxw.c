#include "io/xlsxw.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "fangding/arena.h"
#include "io/file.h"

#define MAX_TEXT 32767
#define MAX_NAME 31

typedef struct rectangle {
    long row, column, last_row, last_column;
} rectangle;

struct fd_xlsxw {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    /* By style and number format: text, 0 to 18 fraction digits, date. Made when first used. */
    lxw_format *formats[FD_XLSXW_STYLES][21];
    fd_vec(rectangle) merged; /* of the sheet */
    fd_file_out *file;
    char *temporary;
    char *path;
};

enum { FORMAT_TEXT = 0, FORMAT_DIGITS = 1, FORMAT_DATE = 20 };

int fd_xlsxw_new(fd_xlsxw **out, const char *path)
{
    /* The library writes to a name of its own; its bytes go on into our atomic file. */
    lxw_workbook_options options = { .constant_memory = LXW_FALSE,
                                     .tmpdir = NULL,
                                     .use_zip64 = LXW_FALSE };
    lxw_doc_properties properties = {
        .created = 946684800
    }; /* 2000-01-01: the same calls, the same bytes */
    fd_xlsxw *w = fd_alloc(sizeof *w);
    int err, fd;

    *out = NULL;
    w->path = fd_strdup(path);
    if ((err = fd_file_begin(&w->file, path)) < 0) {
        fd_xlsxw_abandon(w);
        return err;
    }
    if ((fd = fd_file__temporary(&w->temporary, path)) < 0) {
        fd_xlsxw_abandon(w);
        return fd;
    }
    close(fd);
    w->book = workbook_new_opt(w->temporary, &options);
    if (!w->book) {
        fd_xlsxw_abandon(w);
        return fd_error_set(FD_ENOMEM, "内存不足", "out of memory");
    }
    workbook_set_properties(w->book, &properties);
    *out = w;
    return 0;
}

int fd_xlsxw_sheet(fd_xlsxw *w, const char *name)
{
    fd_buf clean = FD_BUF_INIT;
    fd_view rest = fd_view_of(name);
    size_t at = 0, characters = 0;
    char cut[160];
    lxw_worksheet *sheet;

    while (at < rest.len && characters < MAX_NAME) {
        char utf8[4];
        uint32_t c = fd_utf8_next(rest.ptr, rest.len, &at);
        bool refused = c < 0x20 || (c < 0x80 && strchr("[]:*?/\\", (int)c));

        /* A quote may not stand at either end. */
        if (c == '\'')
            refused = true;
        fd_buf_put(&clean, utf8, fd_utf8_encode(refused ? '_' : c, utf8));
        characters += c > 0xFFFF ? 2 : 1;
    }
    if (!clean.len)
        fd_buf_puts(&clean, "Sheet");
    snprintf(cut, sizeof cut, "%s", fd_buf_text(&clean));
    for (int again = 2; workbook_validate_sheet_name(w->book, cut) != LXW_NO_ERROR && again < 1000;
         again++) {
        fd_view prefix = fd_view_of(fd_buf_text(&clean));
        size_t keep = 0, kept = 0;

        while (keep < prefix.len && kept < MAX_NAME - 5) {
            (void)fd_utf8_next(prefix.ptr, prefix.len, &keep);
            kept++;
        }
        snprintf(cut, sizeof cut, "%.*s_%d", (int)keep, prefix.ptr, again);
    }
    fd_buf_dispose(&clean);
    if (!(sheet = workbook_add_worksheet(w->book, cut)))
        return fd_error_set(FD_EINVAL, "工作表名“%s”不可用", "\"%s\" cannot name a sheet", name);
    w->sheet = sheet;
    w->merged.count = 0;
    return 0;
}

static int check(const fd_xlsxw *w, long row, long column)
{
    fd_place place = { w->path, NULL, row, column };

    if (w->sheet && row >= 1 && row <= LXW_ROW_MAX && column >= 1 && column <= LXW_COL_MAX)
        return 0;
    if (!w->sheet)
        return fd_error_set(FD_EINVAL, "还没有工作表", "there is no sheet yet");
    fd_error_set(FD_ELIMIT, "超出工作表的行列", "outside the rows and columns of a sheet");
    fd_error_at(place);
    return FD_ELIMIT;
}

static lxw_format *format(fd_xlsxw *w, fd_xlsxw_style style, int number)
{
    lxw_format **slot = &w->formats[style][number];
    char code[32] = "0";

    if (*slot || (style == FD_XLSXW_PLAIN && number == FORMAT_TEXT))
        return *slot;
    *slot = workbook_add_format(w->book);
    if (number == FORMAT_DATE) {
        format_set_num_format(*slot, "yyyy-mm-dd");
    } else if (number >= FORMAT_DIGITS) {
        if (number > FORMAT_DIGITS)
            snprintf(code, sizeof code, "0.%.*s", number - FORMAT_DIGITS, "000000000000000000");
        format_set_num_format(*slot, code);
    }
    switch (style) {
    case FD_XLSXW_HEADER:
        format_set_bold(*slot);
        format_set_align(*slot, LXW_ALIGN_CENTER);
        format_set_align(*slot, LXW_ALIGN_VERTICAL_CENTER);
        format_set_bg_color(*slot, 0xE7E6E6);
        format_set_border(*slot, LXW_BORDER_THIN);
        format_set_text_wrap(*slot);
        break;
    case FD_XLSXW_TITLE:
        format_set_bold(*slot);
        format_set_font_size(*slot, 14);
        format_set_align(*slot, LXW_ALIGN_CENTER);
        break;
    case FD_XLSXW_FAULT:
        format_set_bg_color(*slot, 0xFFC7CE);
        break;
    case FD_XLSXW_COMMENT:
        format_set_font_color(*slot, 0xC00000);
        format_set_text_wrap(*slot);
        break;
    case FD_XLSXW_GREY:
        format_set_font_color(*slot, 0x808080);
        format_set_bg_color(*slot, 0xF5F5F5);
        format_set_font_size(*slot, 9);
        format_set_text_wrap(*slot);
        break;
    case FD_XLSXW_ENTRY:
    case FD_XLSXW_KNOWN:
        format_set_border(*slot, LXW_BORDER_THIN);
        format_set_unlocked(*slot);
        if (style == FD_XLSXW_KNOWN)
            format_set_bg_color(*slot, 0xFFF8DC);
        break;
    default:
        break;
    }
    return *slot;
}

/* Terminated, valid UTF-8 of at most 32,767 characters. */
static void clean_text(fd_buf *out, fd_view text)
{
    size_t at = 0, characters = 0;
    char utf8[4];

    fd_buf_puts(out, "");
    while (at < text.len && characters < MAX_TEXT) {
        uint32_t c = fd_utf8_next(text.ptr, text.len, &at);

        characters += c > 0xFFFF ? 2 : 1;
        fd_buf_put(out, utf8, fd_utf8_encode(c ? c : 0xFFFD, utf8));
    }
}

int fd_xlsxw_text(fd_xlsxw *w, long row, long column, fd_view text, fd_xlsxw_style style)
{
    fd_buf clean = FD_BUF_INIT;
    int err = check(w, row, column);

    if (err < 0)
        return err;
    clean_text(&clean, text);
    worksheet_write_string(w->sheet, (lxw_row_t)(row - 1), (lxw_col_t)(column - 1),
                           fd_buf_text(&clean), format(w, style, FORMAT_TEXT));
    fd_buf_dispose(&clean);
    return 0;
}

int fd_xlsxw_number(fd_xlsxw *w, long row, long column, fd_decimal value, fd_xlsxw_style style)
{
    int64_t most = fd_pow10(15);
    char text[48];
    int err = check(w, row, column);

    if (err < 0)
        return err;
    if (value.mantissa <= -most || value.mantissa >= most) {
        size_t length = fd_decimal_format(value, text, sizeof text);

        return fd_xlsxw_text(w, row, column, (fd_view){ text, length }, style);
    }
    /* A quotient of two exact doubles for scales to 22 is the nearest double. */
    worksheet_write_number(w->sheet, (lxw_row_t)(row - 1), (lxw_col_t)(column - 1),
                           (double)value.mantissa / (double)fd_pow10(value.scale),
                           format(w, style, FORMAT_DIGITS + value.scale));
    return 0;
}

int fd_xlsxw_date(fd_xlsxw *w, long row, long column, fd_date date, fd_xlsxw_style style)
{
    char text[32];
    int err = check(w, row, column);

    if (err < 0 || date == FD_DATE_NONE)
        return err;
    /* Before March 1900 spreadsheets disagree by a day. */
    if (date < -25508) {
        size_t length = fd_date_format(date, text, sizeof text);

        return fd_xlsxw_text(w, row, column, (fd_view){ text, length }, style);
    }
    worksheet_write_number(w->sheet, (lxw_row_t)(row - 1), (lxw_col_t)(column - 1),
                           (double)date + 25569, format(w, style, FORMAT_DATE));
    return 0;
}

int fd_xlsxw_blank(fd_xlsxw *w, long row, long column, int digits, fd_xlsxw_style style)
{
    int err = check(w, row, column), number = digits < -1   ? FORMAT_DATE
                                              : digits < 0  ? FORMAT_TEXT
                                              : digits > 18 ? FORMAT_DIGITS + 18
                                                            : FORMAT_DIGITS + digits;

    if (err == 0)
        worksheet_write_blank(w->sheet, (lxw_row_t)(row - 1), (lxw_col_t)(column - 1),
                              format(w, style, number));
    return err;
}

int fd_xlsxw_note(fd_xlsxw *w, long row, long column, const char *text)
{
    lxw_comment_options options = { .author = "fangding", .x_scale = 2.0 };
    fd_buf clean = FD_BUF_INIT;
    lxw_error failed;
    int err = check(w, row, column);

    if (err < 0)
        return err;
    clean_text(&clean, fd_view_of(text));
    failed = worksheet_write_comment_opt(w->sheet, (lxw_row_t)(row - 1), (lxw_col_t)(column - 1),
                                         fd_buf_text(&clean), &options);
    fd_buf_dispose(&clean);
    return failed ? fd_error_set(FD_EINVAL, "不能加批注:%s", "cannot add a note: %s",
                                 lxw_strerror(failed))
                  : 0;
}

/* The library's limits: 32 characters for a title, 255 for a message. */
static char *at_most(const char *text, size_t characters)
{
    fd_view v = fd_view_of(text);
    size_t at = 0, n = 0;
    char *cut;

    while (at < v.len && n++ < characters)
        (void)fd_utf8_next(v.ptr, v.len, &at);
    cut = fd_alloc(at + 1);
    memcpy(cut, v.ptr, at);
    return cut;
}

static int validate(fd_xlsxw *w, long first, long last, long column, lxw_data_validation *rule,
                    const char *title, const char *message)
{
    lxw_error failed;
    int err;

    if ((err = check(w, first, column)) < 0 || (err = check(w, last, column)) < 0)
        return err;
    rule->error_title = at_most(title, 32);
    rule->error_message = at_most(message, 255);
    failed =
        worksheet_data_validation_range(w->sheet, (lxw_row_t)(first - 1), (lxw_col_t)(column - 1),
                                        (lxw_row_t)(last - 1), (lxw_col_t)(column - 1), rule);
    free((void *)(uintptr_t)rule->error_title);
    free((void *)(uintptr_t)rule->error_message);
    return failed ? fd_error_set(FD_EINVAL, "不能设数据校验:%s", "cannot set a validation: %s",
                                 lxw_strerror(failed))
                  : 0;
}

int fd_xlsxw_accept_number(fd_xlsxw *w, long first, long last, long column, bool nonnegative,
                           const char *title, const char *message)
{
    lxw_data_validation rule = { 0 };

    rule.validate = LXW_VALIDATION_TYPE_DECIMAL;
    rule.ignore_blank = LXW_VALIDATION_ON;
    rule.show_error = LXW_VALIDATION_ON;
    rule.error_type = LXW_VALIDATION_ERROR_TYPE_WARNING;
    if (nonnegative) {
        rule.criteria = LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO;
        rule.value_number = 0;
    } else {
        rule.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
        rule.minimum_number = -1e15;
        rule.maximum_number = 1e15;
    }
    return validate(w, first, last, column, &rule, title, message);
}

int fd_xlsxw_accept_words(fd_xlsxw *w, long first, long last, long column, const char *const *words,
                          size_t count, const char *title, const char *message)
{
    lxw_data_validation rule = { 0 };
    size_t characters = count;
    char **list;
    int err;

    for (size_t i = 0; i < count; i++) {
        if (strchr(words[i], ','))
            return 0; /* the list is cut at commas */
        for (size_t at = 0, length = strlen(words[i]); at < length; characters++)
            (void)fd_utf8_next(words[i], length, &at);
    }
    if (count == 0 || characters > 255)
        return 0;
    list = fd_alloc((count + 1) * sizeof *list);
    for (size_t i = 0; i < count; i++)
        list[i] = (char *)(uintptr_t)words[i]; /* read only */
    rule.validate = LXW_VALIDATION_TYPE_LIST;
    rule.ignore_blank = LXW_VALIDATION_ON;
    rule.show_error = LXW_VALIDATION_ON;
    rule.dropdown = LXW_VALIDATION_ON;
    rule.error_type = LXW_VALIDATION_ERROR_TYPE_STOP;
    rule.value_list = list;
    err = validate(w, first, last, column, &rule, title, message);
    free(list);
    return err;
}

int fd_xlsxw_protect(fd_xlsxw *w)
{
    lxw_protection options = { 0 };
    int err = check(w, 1, 1);

    options.format_columns = LXW_TRUE;
    options.format_rows = LXW_TRUE;
    options.sort = LXW_TRUE;
    options.autofilter = LXW_TRUE;
    if (err == 0)
        worksheet_protect(w->sheet, NULL, &options);
    return err;
}

int fd_xlsxw_hide(fd_xlsxw *w)
{
    int err = check(w, 1, 1);

    if (err == 0)
        worksheet_hide(w->sheet);
    return err;
}

int fd_xlsxw_merge(fd_xlsxw *w, long row, long column, long last_row, long last_column,
                   fd_view text, fd_xlsxw_style style)
{
    fd_buf clean = FD_BUF_INIT;
    lxw_error failed;
    int err;

    if ((err = check(w, row, column)) < 0 || (err = check(w, last_row, last_column)) < 0)
        return err;
    if (row == last_row && column == last_column)
        return fd_xlsxw_text(w, row, column, text, style);
    if (last_row < row || last_column < column)
        return fd_error_set(FD_EINVAL, "合并范围的两端颠倒",
                            "the ends of a merged range are swapped");
    /* The library does not look, and spreadsheets call the file damaged. */
    for (size_t i = 0; i < w->merged.count; i++) {
        const rectangle *m = &w->merged.items[i];

        if (m->row <= last_row && row <= m->last_row && m->column <= last_column &&
            column <= m->last_column) {
            fd_place place = { w->path, NULL, row, column };

            fd_error_set(FD_EINVAL, "合并范围与另一处重叠", "a merged range overlaps another");
            fd_error_at(place);
            return FD_EINVAL;
        }
    }
    fd_vec_push(&w->merged, ((rectangle){ row, column, last_row, last_column }));
    clean_text(&clean, text);
    failed = worksheet_merge_range(w->sheet, (lxw_row_t)(row - 1), (lxw_col_t)(column - 1),
                                   (lxw_row_t)(last_row - 1), (lxw_col_t)(last_column - 1),
                                   fd_buf_text(&clean), format(w, style, FORMAT_TEXT));
    fd_buf_dispose(&clean);
    if (failed)
        err = fd_error_set(FD_EINVAL, "不能合并:%s", "cannot merge: %s", lxw_strerror(failed));
    return err;
}

int fd_xlsxw_width(fd_xlsxw *w, long column, double characters)
{
    int err = check(w, 1, column);

    if (err == 0)
        worksheet_set_column(w->sheet, (lxw_col_t)(column - 1), (lxw_col_t)(column - 1), characters,
                             NULL);
    return err;
}

int fd_xlsxw_height(fd_xlsxw *w, long row, double points)
{
    int err = check(w, row, 1);

    if (err == 0)
        worksheet_set_row(w->sheet, (lxw_row_t)(row - 1), points, NULL);
    return err;
}

int fd_xlsxw_freeze(fd_xlsxw *w, long rows)
{
    return fd_xlsxw_freeze_at(w, rows, 0);
}

int fd_xlsxw_freeze_at(fd_xlsxw *w, long rows, long columns)
{
    int err = check(w, rows, columns + 1);

    if (err == 0)
        worksheet_freeze_panes(w->sheet, (lxw_row_t)rows, (lxw_col_t)columns);
    return err;
}

int fd_xlsxw_print_wide(fd_xlsxw *w, long header_rows)
{
    int err = check(w, header_rows, 1);

    if (err < 0)
        return err;
    worksheet_set_landscape(w->sheet);
    worksheet_set_paper(w->sheet, 9); /* A4 */
    worksheet_fit_to_pages(w->sheet, 1, 0);
    worksheet_repeat_rows(w->sheet, 0, (lxw_row_t)(header_rows - 1));
    return 0;
}

static int copy(FILE *to, const char *from)
{
    FILE *f = fopen(from, "rb");
    char block[65536];
    size_t got;
    int err = 0;

    if (!f)
        return fd_file__errno(from, errno);
    while ((got = fread(block, 1, sizeof block, f)) > 0 && !err)
        if (fwrite(block, 1, got, to) != got)
            err = fd_file__errno(from, errno);
    if (!err && ferror(f))
        err = fd_file__errno(from, EIO);
    fclose(f);
    return err;
}

int fd_xlsxw_finish(fd_xlsxw *w)
{
    lxw_error failed;
    int err = 0;

    if (!w->sheet && (err = fd_xlsxw_sheet(w, "Sheet1")) < 0)
        goto done;
    errno = 0;
    failed = workbook_close(w->book);
    w->book = NULL;
    if (failed) {
        err = errno == ENOSPC || errno == EDQUOT
                  ? fd_file__errno(w->path, errno)
                  : fd_error_set(FD_EIO, "写 xlsx 失败:%s", "writing xlsx failed: %s",
                                 lxw_strerror(failed));
        goto done;
    }
    if ((err = copy(fd_file_stream(w->file), w->temporary)) == 0) {
        err = fd_file_commit(w->file);
        w->file = NULL;
    }
done:
    fd_xlsxw_abandon(w);
    return err;
}

void fd_xlsxw_abandon(fd_xlsxw *w)
{
    if (!w)
        return;
    if (w->book)
        lxw_workbook_free(w->book);
    fd_file_abandon(w->file);
    if (w->temporary)
        unlink(w->temporary);
    fd_vec_dispose(&w->merged);
    free(w->temporary);
    free(w->path);
    free(w);
}
