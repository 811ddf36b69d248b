/*
 * The XLSX reader: rows of a sheet while its XML streams by.
 *
 * The parser is stopped at the end of each row that holds something and resumed for the next.
 * Merged ranges stand behind the rows in the file, so they are read first, in a pass of their own;
 * the pass is left out when the bytes of the part do not contain the word.  A merged range's value
 * waits beside the stream from its first row to its last.
 *
 * Cells are kept in an array by column.  Only those touched by a row are cleared afterwards, so
 * that a file whose rows hold one cell in the last column costs no more than it should.
 */
#include <stdlib.h>

#include "fangding/period.h"
#include "io/xlsx.h"
#include "io/xlsx_number.h"

#define MAX_RANGES 1000000

/* A merged range that began above, with its value. */
typedef struct spread {
    size_t range;
    fd_cell cell; /* its texts are in the sheet's arena */
} spread;

// Members stand by what they belong to; there is one object per open file.
typedef struct xlsx { // NOLINT(clang-analyzer-optin.performance.Padding)
    fd_rows base;
    fd_xlsx_book book;
    size_t current;
    fd_xml *xml;
    bool ended;
    fd_vec(fd_rows_range) ranges;
    size_t next_range;
    fd_vec(spread) spreads;
    size_t filled;
    /* The row being read. */
    bool in_data, in_row;
    long row;
    bool row_hidden;
    long last_column; /* of the row, 0 at its beginning */
    fd_cell *cells;
    size_t cell_capacity;
    fd_vec(uint32_t) touched;
    fd_arena *row_memory, *sheet_memory;
    fd_arena_mark row_mark, sheet_mark;
    size_t row_bytes;
    /* The cell being read. */
    bool in_cell, in_value;
    int phonetic;
    long column;
    char type[12];
    size_t style;
    bool formula, has_value;
    fd_buf value;
} xlsx;

static int fail_at(const xlsx *x, int code, long row, long column)
{
    fd_place place = { x->base.info.name, x->base.sheet.name, row, column };

    fd_error_at(place);
    return code;
}

/* Merged ranges. */

static int on_merged(void *payload, const char *name, const char *const *attributes)
{
    xlsx *x = payload;
    const char *reference, *colon;
    fd_rows_range r;
    bool ok;

    if (strcmp(name, "mergeCell") != 0)
        return 0;
    reference = fd_xml_attribute(attributes, "ref");
    colon = reference ? strchr(reference, ':') : NULL;
    if (reference && !colon) /* one cell, merged with itself */
        return 0;
    ok = reference &&
         fd_xlsx_reference(reference, (size_t)(colon - reference), &r.row, &r.column) &&
         fd_xlsx_reference(colon + 1, strlen(colon + 1), &r.last_row, &r.last_column) &&
         r.row > 0 && r.column > 0 && r.last_row >= r.row && r.last_column >= r.column;
    if (!ok) {
        fd_error_set(FD_EFORMAT, "合并单元格的范围“%.40s”无效",
                     "\"%.40s\" is no range of merged cells", reference ? reference : "");
        return fail_at(x, FD_EFORMAT, 0, 0);
    }
    if (x->ranges.count == MAX_RANGES) {
        fd_error_set(FD_ELIMIT, "合并单元格多于 %d 处", "more than %d merged ranges", MAX_RANGES);
        return fail_at(x, FD_ELIMIT, 0, 0);
    }
    fd_vec_push(&x->ranges, r);
    return 0;
}

static int by_place(const void *a, const void *b)
{
    const fd_rows_range *x = a, *y = b;

    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    if (x->last_row != y->last_row)
        return x->last_row < y->last_row ? -1 : 1;
    return (x->last_column > y->last_column) - (x->last_column < y->last_column);
}

static int read_ranges(xlsx *x, const char *part)
{
    static const fd_xml_handlers handlers = { on_merged, NULL, NULL };
    uint64_t inflated = x->book.zip.inflated;
    bool any;
    int err;

    x->ranges.count = 0;
    if ((err = fd_xlsx_part_contains(&any, &x->book.zip, part, "mergeCell")) < 0 || !any)
        return err;
    if ((err = fd_xml_read(&x->book.zip, part, &handlers, x)) < 0)
        return err;
    /* The part will be read once more; it counts once. */
    x->book.zip.inflated = inflated;
    if (x->ranges.count)
        qsort(x->ranges.items, x->ranges.count, sizeof *x->ranges.items, by_place);
    return 0;
}

/* Cells. */

static fd_cell *cell_at(xlsx *x, long column)
{
    size_t need = (size_t)column, capacity = x->cell_capacity ? x->cell_capacity : 64;
    fd_cell *cell;

    if (x->cell_capacity < need) {
        while (capacity < need)
            capacity *= 2;
        x->cells = fd_realloc_array(x->cells, capacity, sizeof *x->cells);
        memset(x->cells + x->cell_capacity, 0, (capacity - x->cell_capacity) * sizeof *x->cells);
        for (size_t i = x->cell_capacity; i < capacity; i++)
            x->cells[i].text = x->cells[i].raw = (fd_view){ "", 0 };
        x->cell_capacity = capacity;
    }
    cell = &x->cells[need - 1];
    if (cell->kind == FD_CELL_EMPTY && !cell->formula && !cell->merged)
        fd_vec_push(&x->touched, (uint32_t)(need - 1));
    return cell;
}

static void clear_row(xlsx *x)
{
    for (size_t i = 0; i < x->touched.count; i++) {
        fd_cell *cell = &x->cells[x->touched.items[i]];

        memset(cell, 0, sizeof *cell);
        cell->text = cell->raw = (fd_view){ "", 0 };
    }
    x->touched.count = 0;
    x->row_bytes = 0;
    fd_arena_reset(x->row_memory, x->row_mark);
}

static fd_view keep(fd_arena *arena, const char *text, size_t length)
{
    return (fd_view){ fd_arena_strndup(arena, text, length), length };
}

/* A number, or the date that its style makes of it. */
static void set_number(xlsx *x, fd_cell *cell)
{
    char text[FD_XLSX_NUMBER_SIZE], date[32];
    fd_view raw = fd_view_trim((fd_view){ x->value.ptr, x->value.len });
    size_t length = fd_xlsx_number(text, &cell->number, raw), date_length = 0;
    char unit = 0, shown;

    if (x->style < x->book.units.count)
        unit = x->book.units.items[x->style];
    shown = unit;
    if (!length) { /* the importer will say that it expected a number */
        cell->kind = FD_CELL_TEXT;
        cell->text = keep(x->row_memory, x->value.ptr, x->value.len);
        return;
    }
    if (unit)
        date_length = fd_xlsx_date(date, cell->number, x->book.since_1904, &shown);
    if (date_length && shown == 'h') {
        cell->kind = FD_CELL_TEXT;
        cell->text = keep(x->row_memory, date, date_length);
        cell->number = 0;
        return;
    }
    cell->raw = keep(x->row_memory, raw.ptr, raw.len);
    if (date_length) {
        cell->kind = FD_CELL_DATE;
        cell->unit = shown;
        cell->text = keep(x->row_memory, date, date_length);
    } else {
        cell->kind = FD_CELL_NUMBER;
        cell->text = keep(x->row_memory, text, length);
    }
}

/* "13:30:00" with an optional fraction of seconds and zone behind it. @return seconds, or -1 */
static int time_of_day(fd_view t)
{
    int part[3];

    if (t.len < 8 || t.ptr[2] != ':' || t.ptr[5] != ':')
        return -1;
    for (size_t i = 0; i < 3; i++) {
        char tens = t.ptr[3 * i], ones = t.ptr[3 * i + 1];

        if (tens < '0' || tens > '5' || ones < '0' || ones > '9')
            return -1;
        part[i] = (tens - '0') * 10 + (ones - '0');
    }
    for (size_t i = 8; i < t.len; i++)
        if (!strchr("0123456789.:+-Z", t.ptr[i]) || t.ptr[i] == 0)
            return -1;
    return part[0] < 24 ? part[0] * 3600 + part[1] * 60 + part[2] : -1;
}

/* ISO 8601 in the file itself (t="d"): 2024-03-05, 2024-03-05T13:30:00; anything else stays text.
 */
static void set_iso_date(xlsx *x, fd_cell *cell)
{
    fd_view v = fd_view_trim((fd_view){ x->value.ptr, x->value.len });
    int seconds = 0;
    fd_date date;
    char *text;

    cell->text = keep(x->row_memory, v.ptr, v.len);
    cell->kind = v.len ? FD_CELL_TEXT : FD_CELL_EMPTY;
    if (v.len < 10 || v.ptr[4] != '-' || v.ptr[7] != '-' || fd_date_parse(&date, v.ptr, 10) < 0)
        return;
    if (v.len > 10 &&
        (v.ptr[10] != 'T' || (seconds = time_of_day((fd_view){ v.ptr + 11, v.len - 11 })) < 0))
        return;
    text = fd_arena_strndup(x->row_memory, v.ptr, v.len);
    if (seconds > 0)
        text[10] = ' ';
    cell->raw = cell->text;
    cell->text = (fd_view){ text, seconds > 0 ? 19 : 10 };
    cell->kind = FD_CELL_DATE;
    cell->unit = seconds > 0 ? 't' : 'd';
    cell->number = (double)date + 25569 + seconds / 86400.0;
}

static int set_shared(xlsx *x, fd_cell *cell)
{
    size_t index = 0;
    fd_view v = fd_view_trim((fd_view){ x->value.ptr, x->value.len });
    bool ok = v.len > 0 && v.len < 10;

    for (size_t i = 0; i < v.len && ok; i++) {
        ok = v.ptr[i] >= '0' && v.ptr[i] <= '9';
        index = index * 10 + (size_t)(v.ptr[i] - '0');
    }
    if (!ok || !fd_xlsx_book_string(&x->book, index, &cell->text)) {
        fd_error_set(FD_EFORMAT, "共享字符串 %.*s 不存在", "there is no shared string %.*s",
                     v.len < 20 ? (int)v.len : 20, v.ptr);
        return fail_at(x, FD_EFORMAT, x->row, x->column);
    }
    cell->kind = cell->text.len ? FD_CELL_TEXT : FD_CELL_EMPTY;
    return 0;
}

static int finish_cell(xlsx *x)
{
    fd_cell *cell;
    int err = 0;

    x->in_cell = false;
    if ((!x->has_value || !x->value.len) && !x->formula)
        return 0;
    cell = cell_at(x, x->column);
    memset(cell, 0, sizeof *cell); /* the same cell twice: the last counts */
    cell->text = cell->raw = (fd_view){ "", 0 };
    cell->formula = x->formula;
    if (!x->has_value || !x->value.len)
        return 0;
    if ((x->row_bytes += x->value.len) > x->base.options.max_row_bytes) {
        fd_error_set(FD_ELIMIT, "一行长于 %zu 字节", "a row longer than %zu bytes",
                     x->base.options.max_row_bytes);
        return fail_at(x, FD_ELIMIT, x->row, x->column);
    }
    if (strcmp(x->type, "s") == 0) {
        err = set_shared(x, cell);
    } else if (strcmp(x->type, "str") == 0 || strcmp(x->type, "inlineStr") == 0) {
        size_t length = fd_xlsx_unescape(x->value.ptr, x->value.len);

        cell->kind = length ? FD_CELL_TEXT : FD_CELL_EMPTY;
        cell->text = keep(x->row_memory, x->value.ptr, length);
    } else if (strcmp(x->type, "b") == 0) {
        bool yes = fd_xml_true(fd_buf_text(&x->value));

        cell->kind = FD_CELL_BOOL;
        cell->number = yes ? 1 : 0;
        cell->text = fd_view_of(yes ? "TRUE" : "FALSE");
    } else if (strcmp(x->type, "e") == 0) {
        cell->kind = FD_CELL_ERROR;
        cell->text = keep(x->row_memory, x->value.ptr, x->value.len);
    } else if (strcmp(x->type, "d") == 0) {
        set_iso_date(x, cell);
    } else {
        set_number(x, cell);
    }
    return err;
}

static int begin_cell(xlsx *x, const char *const *attributes)
{
    const char *reference = fd_xml_attribute(attributes, "r");
    const char *type = fd_xml_attribute(attributes, "t");
    const char *style = fd_xml_attribute(attributes, "s");
    long row = 0, column = x->last_column + 1;

    if (reference && (!fd_xlsx_reference(reference, strlen(reference), &row, &column) || !column)) {
        fd_error_set(FD_EFORMAT, "“%.20s”不是单元格的位置", "\"%.20s\" is no place of a cell",
                     reference);
        return fail_at(x, FD_EFORMAT, x->row, 0);
    }
    if ((size_t)column > x->base.options.max_cells || column > FD_XLSX_MAX_COLUMN) {
        fd_error_set(FD_ELIMIT, "一行多于 %zu 格", "a row of more than %zu cells",
                     x->base.options.max_cells);
        return fail_at(x, FD_ELIMIT, x->row, column);
    }
    x->column = x->last_column = column;
    x->in_cell = true;
    x->in_value = x->formula = x->has_value = false;
    x->phonetic = 0;
    x->style = style ? (size_t)strtoul(style, NULL, 10) : 0;
    snprintf(x->type, sizeof x->type, "%s", type ? type : "n");
    fd_buf_clear(&x->value);
    return 0;
}

/* Rows. */

static int begin_row(xlsx *x, const char *const *attributes)
{
    const char *number = fd_xml_attribute(attributes, "r");
    char *end;
    long row = x->row + 1;

    if (number) {
        row = strtol(number, &end, 10);
        if (*end || end == number || row <= x->row) {
            fd_error_set(FD_EFORMAT, "行号“%.20s”跟在第 %ld 行之后,顺序不对",
                         "row number \"%.20s\" after row %ld is out of order", number, x->row);
            return fail_at(x, FD_EFORMAT, x->row, 0);
        }
    }
    if (row > FD_XLSX_MAX_ROW) {
        fd_error_set(FD_ELIMIT, "多于 %d 行", "more than %d rows", FD_XLSX_MAX_ROW);
        return fail_at(x, FD_ELIMIT, row, 0);
    }
    x->row = row;
    x->row_hidden = fd_xml_true(fd_xml_attribute(attributes, "hidden"));
    x->last_column = 0;
    x->in_row = true;
    return 0;
}

/* Remember the value of a range whose first row this is. */
static void begin_spread(xlsx *x, size_t i)
{
    const fd_rows_range *r = &x->ranges.items[i];
    spread s;

    if ((size_t)r->column > x->cell_capacity || !x->cells[r->column - 1].kind)
        return; /* merged and empty */
    x->cells[r->column - 1].merged = true;
    s.range = i;
    s.cell = x->cells[r->column - 1];
    s.cell.text = keep(x->sheet_memory, s.cell.text.ptr, s.cell.text.len);
    s.cell.raw = keep(x->sheet_memory, s.cell.raw.ptr, s.cell.raw.len);
    fd_vec_push(&x->spreads, s);
}

/* Repeat the values of merged ranges over this row; drop the ranges that ended above it. */
static int fill_merged(xlsx *x)
{
    size_t kept = 0;

    for (; x->next_range < x->ranges.count; x->next_range++) {
        long row = x->ranges.items[x->next_range].row;

        if (row > x->row)
            break;
        if (row == x->row)
            begin_spread(x, x->next_range);
    }
    for (size_t i = 0; i < x->spreads.count; i++) {
        const fd_rows_range *r = &x->ranges.items[x->spreads.items[i].range];
        long last = r->last_column;

        if (r->last_row < x->row)
            continue;
        x->spreads.items[kept] = x->spreads.items[i];
        if ((size_t)last > x->base.options.max_cells)
            last = (long)x->base.options.max_cells;
        x->filled += (size_t)(r->last_column - r->column) + 1;
        if (x->filled > x->base.options.max_merged) {
            fd_error_set(FD_ELIMIT, "合并单元格覆盖多于 %zu 格",
                         "merged ranges cover more than %zu cells", x->base.options.max_merged);
            return fail_at(x, FD_ELIMIT, x->row, r->column);
        }
        for (long column = r->column; column <= last; column++)
            *cell_at(x, column) = x->spreads.items[kept].cell;
        kept++;
    }
    x->spreads.count = kept;
    return 0;
}

/* @return 1 when the row holds something */
static int finish_row(xlsx *x)
{
    fd_row *row = &x->base.row;
    size_t count = 0;
    int err;

    x->in_row = false;
    if ((err = fill_merged(x)) < 0)
        return err;
    for (size_t i = 0; i < x->touched.count; i++) {
        const fd_cell *cell = &x->cells[x->touched.items[i]];

        if ((cell->kind || cell->formula) && x->touched.items[i] >= count)
            count = x->touched.items[i] + 1;
    }
    if (!count)
        return 0;
    memset(row, 0, sizeof *row);
    row->cells = x->cells;
    row->count = count;
    row->number = row->line = x->row;
    row->hidden = x->row_hidden;
    row->raw = (fd_view){ "", 0 };
    return 1;
}

static int on_start(void *payload, const char *name, const char *const *attributes)
{
    xlsx *x = payload;

    if (strcmp(name, "sheetData") == 0) {
        x->in_data = true;
    } else if (x->in_data && !x->in_row && strcmp(name, "row") == 0) {
        return begin_row(x, attributes);
    } else if (x->in_row && !x->in_cell && strcmp(name, "c") == 0) {
        return begin_cell(x, attributes);
    } else if (x->in_cell && strcmp(name, "f") == 0) {
        x->formula = true;
    } else if (x->in_cell && strcmp(name, "rPh") == 0) {
        x->phonetic++;
    } else if (x->in_cell && (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)) {
        x->in_value = x->phonetic == 0;
        x->has_value |= x->in_value;
    }
    return 0;
}

static int on_text(void *payload, const char *text, size_t length)
{
    xlsx *x = payload;

    if (!x->in_value)
        return 0;
    if (x->value.len + length > x->base.options.max_row_bytes) {
        fd_error_set(FD_ELIMIT, "一格长于 %zu 字节", "a cell longer than %zu bytes",
                     x->base.options.max_row_bytes);
        return fail_at(x, FD_ELIMIT, x->row, x->column);
    }
    fd_buf_put(&x->value, text, length);
    return 0;
}

static int on_end(void *payload, const char *name)
{
    xlsx *x = payload;

    if (x->in_value) {
        x->in_value = strcmp(name, "v") != 0 && strcmp(name, "t") != 0;
    } else if (x->in_cell) {
        if (strcmp(name, "rPh") == 0)
            x->phonetic--;
        else if (strcmp(name, "c") == 0)
            return finish_cell(x);
    } else if (x->in_row && strcmp(name, "row") == 0) {
        int held = finish_row(x);

        if (held == 0)
            clear_row(x);
        return held;
    } else if (strcmp(name, "sheetData") == 0) {
        x->in_data = false;
    }
    return 0;
}

static int open_sheet(xlsx *x, size_t index)
{
    static const fd_xml_handlers handlers = { on_start, on_end, on_text };
    const fd_xlsx_entry *entry = &x->book.sheets.items[index];
    int err;

    fd_xml_close(x->xml);
    x->xml = NULL;
    clear_row(x);
    fd_arena_reset(x->sheet_memory, x->sheet_mark);
    x->current = index;
    x->spreads.count = x->next_range = x->filled = 0;
    x->row = 0;
    x->in_data = x->in_row = x->in_cell = x->in_value = x->ended = false;
    x->base.sheet.name = entry->name;
    x->base.sheet.index = index;
    x->base.sheet.hidden = entry->hidden;
    if ((err = read_ranges(x, entry->part)) == 0)
        err = fd_xml_open(&x->xml, &x->book.zip, entry->part, &handlers, x);
    x->base.sheet.merged = x->ranges.items;
    x->base.sheet.merged_count = x->ranges.count;
    if (err == FD_ENOTFOUND) {
        fd_error_set(FD_EFORMAT, "工作表“%s”没有内容", "sheet \"%s\" has no content", entry->name);
        err = FD_EFORMAT;
    }
    return err < 0 ? fail_at(x, err, 0, 0) : 0;
}

static int xlsx_next(fd_rows *rows, const fd_row **row)
{
    xlsx *x = (xlsx *)rows;
    int err;

    if (x->ended)
        return 0;
    clear_row(x);
    err = fd_xml_run(x->xml);
    if (err > 0)
        *row = &x->base.row;
    if (err == 0)
        x->ended = true;
    if (err < 0) /* what the parser finds out has no sheet yet */
        fail_at(x, err, fd_error_last()->row ? 0 : x->row, 0);
    return err;
}

static int xlsx_next_sheet(fd_rows *rows)
{
    xlsx *x = (xlsx *)rows;
    int err;

    if (x->current + 1 >= x->book.sheets.count) {
        x->ended = true;
        return 0;
    }
    err = open_sheet(x, x->current + 1);
    return err < 0 ? err : 1;
}

static void xlsx_close(fd_rows *rows)
{
    xlsx *x = (xlsx *)rows;

    fd_xml_close(x->xml);
    fd_xlsx_book_dispose(&x->book);
    fd_vec_dispose(&x->ranges);
    fd_vec_dispose(&x->spreads);
    fd_vec_dispose(&x->touched);
    fd_buf_dispose(&x->value);
    fd_arena_free(x->row_memory);
    fd_arena_free(x->sheet_memory);
    free(x->cells);
    fd_rows__dispose(rows);
    free(x);
}

static const fd_rows_ops xlsx_ops = { xlsx_next, xlsx_next_sheet, xlsx_close };

int fd_rows__xlsx_open(fd_rows **out, const char *path, const void *data, size_t size,
                       const char *name, const fd_rows_options *options)
{
    xlsx *x = fd_alloc(sizeof *x);
    int err;

    *out = NULL;
    x->base.ops = &xlsx_ops;
    x->base.options = *options;
    x->base.info.format = FD_ROWS_XLSX;
    x->base.info.name = x->base.name = fd_strdup(name);
    x->base.info.encoding = FD_ENCODING_UTF8;
    x->base.sheet.name = "";
    x->row_memory = fd_arena_new();
    x->sheet_memory = fd_arena_new();
    x->row_mark = fd_arena_here(x->row_memory);
    x->sheet_mark = fd_arena_here(x->sheet_memory);
    if ((err = fd_xlsx_book_open(&x->book, path, data, size, x->base.name, options)) == 0) {
        x->base.info.sheets = x->book.sheets.count;
        err = open_sheet(x, 0);
    }
    if (err < 0) {
        xlsx_close(&x->base);
        return err;
    }
    *out = &x->base;
    return 0;
}
