/*
 * Tables as aligned text, CSV, JSON and Markdown.
 */
#include "table/print.h"

#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "fangding/arena.h"
#include "table/jsonw.h"

#define DEFAULT_WIDTH 100
#define NARROWEST     8
#define GAP           2

int fd_format_parse(fd_format *out, const char *name)
{
    static const char *const names[] = { "table", "csv", "json", "md", "xlsx" };
    static const fd_format formats[] = { FD_FORMAT_TABLE, FD_FORMAT_CSV, FD_FORMAT_JSON,
                                         FD_FORMAT_MD, FD_FORMAT_XLSX };
    const char *nearest;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = formats[i];
            return 0;
        }
    fd_error_set(FD_EINVAL, "没有这种输出格式:%s", "no such format: %s", name);
    nearest = fd_nearest(name, names, sizeof names / sizeof *names);
    if (nearest)
        return fd_error_hint("是不是 %s?可用 table、csv、json、md、xlsx",
                             "did you mean %s? There are table, csv, json, md, xlsx", nearest);
    return fd_error_hint("可用 table、csv、json、md、xlsx", "there are table, csv, json, md, xlsx");
}

bool fd_print__is_number(const fd_column *c)
{
    return c->kind == FD_DEC || c->kind == FD_QUOT || c->kind == FD_EST ||
           (c->kind == FD_BOOL && c->digits == 0);
}

/* Exact when the denominator has no factor but 2 and 5 and 12 digits suffice, else 12 significant
 * digits. */
static void put_quotient(fd_buf *out, fd_quot q)
{
    fd_i128 den = q.den;
    int scale = 0, twos = 0, fives = 0;
    char text[80];

    while (den % 2 == 0 && twos < 40) {
        den /= 2;
        twos++;
    }
    while (den % 5 == 0 && fives < 40) {
        den /= 5;
        fives++;
    }
    scale = twos > fives ? twos : fives;
    if (den != 1 || scale > 12) {
        double magnitude = fabs(fd_quot_to_double(q));
        int whole = magnitude >= 1 ? (int)floor(log10(magnitude)) + 1 : 0;
        int leading = magnitude > 0 && magnitude < 1 ? (int)-floor(log10(magnitude)) - 1 : 0;

        scale = whole ? (whole < 12 ? 12 - whole : 0) : 12 + leading;
        if (scale > 30)
            scale = 30;
    }
    fd_quot_format(q, scale, FD_ROUND_HALF_EVEN, text, sizeof text);
    fd_buf_puts(out, text);
}

void fd_print__machine(fd_buf *out, const fd_column *c, size_t row)
{
    fd_state state = fd_column_state(c, row);
    char text[64];

    if (state == FD_NA && c->na_words)
        fd_buf_puts(out, c->na_words->machine);
    if (state == FD_MISSING || state == FD_NA)
        return;
    switch (c->kind) {
    case FD_DEC:
        fd_decimal_format((fd_decimal){ c->v.dec[row], c->scale }, text, sizeof text);
        fd_buf_puts(out, text);
        return;
    case FD_QUOT:
        put_quotient(out, c->v.quot[row]);
        return;
    case FD_EST:
        if (isfinite(c->v.est[row])) {
            fd_double_shortest(c->v.est[row], text, sizeof text);
            fd_buf_puts(out, text);
        }
        return;
    case FD_BOOL:
        if (c->digits == 0)
            fd_buf_putc(out, c->v.boolean[row] ? '1' : '0');
        else
            fd_buf_puts(out, c->v.boolean[row] ? "true" : "false");
        return;
    case FD_TEXT:
    case FD_CODE:
        fd_buf_puts(out, fd_column_text(c, row));
        return;
    case FD_DATE:
    case FD_PERIOD:
        fd_column_format(c, row, FD_ZH, text, sizeof text);
        fd_buf_puts(out, text);
        return;
    }
}

void fd_print__header(fd_buf *out, const fd_column *c, fd_lang lang)
{
    fd_buf_puts(out, c->title[lang]);
    if (c->unit[0])
        fd_buf_printf(out, "(%s)", c->unit);
}

/* Does a text begin with a character that turns the writing direction? U+200E, U+200F, U+202A to
 * U+202E, U+2066 to U+2069. */
static bool turns_direction(const unsigned char *p)
{
    return p[0] == 0xe2 &&
           ((p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xaa && p[2] <= 0xae))) ||
            (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
}

void fd_print__clean(fd_buf *out, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p < 0x20 || *p == 0x7f) {
            fd_buf_putc(out, ' ');
        } else if (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0) { /* U+0080 to U+009F */
            fd_buf_putc(out, ' ');
            p++;
        } else if (turns_direction(p)) {
            fd_buf_putc(out, ' ');
            p += 2;
        } else {
            fd_buf_putc(out, (char)*p);
        }
    }
}

void fd_print__cell(fd_buf *out, const fd_column *c, size_t row, fd_lang lang)
{
    fd_state state = fd_column_state(c, row);
    char text[128];

    if (fd_column_text(c, row)) {
        fd_print__clean(out, fd_column_screen(c, fd_column_text(c, row), lang));
        return;
    }
    if (state == FD_MISSING && !fd_print__is_number(c))
        return; /* an empty text is nothing to report */
    fd_column_format(c, row, lang, text, sizeof text);
    fd_buf_puts(out, text);
    if (state == FD_DOUBT)
        fd_buf_puts(out, "?");
}

/* ---- aligned text ---- */

static size_t columns_of(const fd_buf *b)
{
    return fd_utf8_columns((fd_view){ fd_buf_text(b), b->len });
}

/* How wide a column is, and how much of it stands after (and with) the decimal point. */
typedef struct layout {
    size_t width, after;
    bool figures; /* of texts that are numbers or codes throughout: not cut either */
} layout;

static bool is_shortened(const fd_column *c)
{
    return c->kind == FD_TEXT || c->kind == FD_CODE;
}

/* Numbers and codes that stand in a column of texts (the versions of a figure, credit codes): half
 * of one says nothing, or something else. A hash is longer. */
static bool is_figure(const fd_buf *cell)
{
    enum { LONGEST = 20 };
    bool digit = false;

    for (size_t i = 0; i < cell->len; i++) {
        const char c = cell->ptr[i];

        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || strchr("+-.,%", c)))
            return false;
        digit = digit || (c >= '0' && c <= '9');
    }
    return cell->len == 0 || (digit && cell->len <= LONGEST);
}

static size_t after_point(const fd_buf *cell)
{
    const char *point = strchr(fd_buf_text(cell), '.');
    bool in_doubt = cell->len && cell->ptr[cell->len - 1] == '?';

    return point ? cell->len - (size_t)(point - cell->ptr) : in_doubt;
}

/* The cell, with blanks behind it so that the points of a column stand below each other. */
static void put_aligned(fd_buf *cell, const fd_column *c, size_t row, fd_lang lang, size_t after)
{
    fd_state state = fd_column_state(c, row);

    fd_buf_clear(cell);
    fd_print__cell(cell, c, row, lang);
    if (fd_print__is_number(c) && (state == FD_HAS || state == FD_DOUBT))
        fd_buf_repeat(cell, " ", after - after_point(cell));
}

static void put_header(fd_buf *cell, const fd_column *c, const fd_print_options *o)
{
    fd_buf_clear(cell);
    if (o->ascii_ids)
        fd_buf_puts(cell, c->id);
    else
        fd_print__header(cell, c, o->lang);
}

static layout natural_layout(const fd_table *t, size_t c, const fd_print_options *o)
{
    const fd_column *column = t->columns[c];
    layout l = { 0, 0, is_shortened(column) };
    size_t before = 0;
    fd_buf cell = FD_BUF_INIT;

    put_header(&cell, column, o);
    l.width = columns_of(&cell);
    for (size_t r = 0; r < t->rows; r++) {
        fd_state state = fd_column_state(column, r);
        size_t width, after = 0;

        fd_buf_clear(&cell);
        fd_print__cell(&cell, column, r, o->lang);
        width = columns_of(&cell);
        if (width > l.width)
            l.width = width;
        if (is_shortened(column) && !is_figure(&cell))
            l.figures = false;
        if (!fd_print__is_number(column) || (state != FD_HAS && state != FD_DOUBT))
            continue;
        after = after_point(&cell);
        l.after = after > l.after ? after : l.after;
        before = width - after > before ? width - after : before;
    }
    if (before + l.after > l.width)
        l.width = before + l.after;
    fd_buf_dispose(&cell);
    return l;
}

/* Take what is too much from the widest text columns; numbers and dates are never cut. */
static void shrink(const fd_table *t, layout *columns, size_t available)
{
    for (;;) {
        size_t total = 0, widest = t->column_count, excess, spare;

        for (size_t c = 0; c < t->column_count; c++) {
            total += columns[c].width + (c ? GAP : 0);
            if (is_shortened(t->columns[c]) && !columns[c].figures &&
                columns[c].width > NARROWEST &&
                (widest == t->column_count || columns[c].width > columns[widest].width))
                widest = c;
        }
        if (total <= available || widest == t->column_count)
            return;
        excess = total - available;
        spare = columns[widest].width - NARROWEST;
        columns[widest].width -= excess < spare ? excess : spare;
    }
}

static void put_cell(fd_buf *line, const fd_buf *cell, size_t width, bool right, bool last)
{
    size_t used = columns_of(cell);

    if (used > width) {
        size_t fits = fd_utf8_fit((fd_view){ fd_buf_text(cell), cell->len }, width - 1);
        size_t taken = fd_utf8_columns((fd_view){ fd_buf_text(cell), fits });

        fd_buf_put(line, fd_buf_text(cell), fits);
        fd_buf_puts(line, "…");
        if (!last)
            fd_buf_repeat(line, " ", width - taken - 1);
        return;
    }
    if (right)
        fd_buf_repeat(line, " ", width - used);
    fd_buf_put(line, fd_buf_text(cell), cell->len);
    if (!right && !last)
        fd_buf_repeat(line, " ", width - used);
}

static void put_line(fd_buf *line, FILE *stream)
{
    while (line->len && line->ptr[line->len - 1] == ' ')
        line->ptr[--line->len] = '\0';
    fprintf(stream, "%s\n", fd_buf_text(line));
    fd_buf_clear(line);
}

static void put_notes(const fd_table *t, FILE *stream, fd_lang lang, const char *before)
{
    for (size_t i = 0; i < t->note_count; i++)
        fprintf(stream, "%s%s\n", before, t->notes[lang][i]);
}

static int print_text(const fd_table *t, FILE *stream, const fd_print_options *o)
{
    layout *columns = fd_alloc((t->column_count + 1) * sizeof *columns);
    fd_buf line = FD_BUF_INIT, cell = FD_BUF_INIT;
    size_t total = 0;

    for (size_t c = 0; c < t->column_count; c++)
        columns[c] = natural_layout(t, c, o);
    shrink(t, columns, o->width > 0 ? (size_t)o->width : DEFAULT_WIDTH);
    if (t->title[o->lang][0])
        fprintf(stream, o->color ? "\x1b[1m%s\x1b[0m\n" : "%s\n", t->title[o->lang]);
    for (size_t c = 0; c < t->column_count; c++) {
        put_header(&cell, t->columns[c], o);
        fd_buf_repeat(&line, " ", c ? GAP : 0);
        put_cell(&line, &cell, columns[c].width, fd_print__is_number(t->columns[c]),
                 c + 1 == t->column_count);
        total += columns[c].width + (c ? GAP : 0);
    }
    put_line(&line, stream);
    fd_buf_repeat(&line, "─", total);
    put_line(&line, stream);
    for (size_t r = 0; r < t->rows; r++) {
        for (size_t c = 0; c < t->column_count; c++) {
            put_aligned(&cell, t->columns[c], r, o->lang, columns[c].after);
            fd_buf_repeat(&line, " ", c ? GAP : 0);
            put_cell(&line, &cell, columns[c].width, fd_print__is_number(t->columns[c]),
                     c + 1 == t->column_count);
        }
        put_line(&line, stream);
    }
    put_notes(t, stream, o->lang, o->lang == FD_ZH ? "注:" : "note: ");
    fd_buf_dispose(&line);
    fd_buf_dispose(&cell);
    free(columns);
    return 0;
}

/* ---- CSV ---- */

static void put_csv(fd_buf *line, fd_view text)
{
    bool quote = false;

    for (size_t i = 0; i < text.len && !quote; i++)
        quote =
            text.ptr[i] == ',' || text.ptr[i] == '"' || text.ptr[i] == '\n' || text.ptr[i] == '\r';
    if (!quote) {
        fd_buf_view(line, text);
        return;
    }
    fd_buf_putc(line, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            fd_buf_putc(line, '"');
        fd_buf_putc(line, text.ptr[i]);
    }
    fd_buf_putc(line, '"');
}

static int print_csv(const fd_table *t, FILE *stream, const fd_print_options *o)
{
    fd_buf line = FD_BUF_INIT, cell = FD_BUF_INIT;

    if (o->bom)
        fputs("\xEF\xBB\xBF", stream);
    for (size_t c = 0; c < t->column_count; c++) {
        fd_buf_puts(&line, c ? "," : "");
        put_csv(&line, fd_view_of(t->columns[c]->id));
    }
    fd_buf_putc(&line, '\n');
    for (size_t r = 0; r < t->rows; r++) {
        for (size_t c = 0; c < t->column_count; c++) {
            fd_buf_clear(&cell);
            fd_print__machine(&cell, t->columns[c], r);
            fd_buf_puts(&line, c ? "," : "");
            put_csv(&line, (fd_view){ fd_buf_text(&cell), cell.len });
        }
        fd_buf_putc(&line, '\n');
        if (line.len > 1 << 16) {
            fwrite(line.ptr, 1, line.len, stream);
            fd_buf_clear(&line);
        }
    }
    fwrite(fd_buf_text(&line), 1, line.len, stream);
    fd_buf_dispose(&line);
    fd_buf_dispose(&cell);
    return 0;
}

/* ---- JSON ---- */

static void put_json_cell(fd_jsonw *w, const fd_column *c, size_t row, fd_buf *cell)
{
    fd_state state = fd_column_state(c, row);

    if (state == FD_MISSING || state == FD_NA) {
        fd_jsonw_null(w);
        return;
    }
    fd_buf_clear(cell);
    fd_print__machine(cell, c, row);
    if (!cell->len && fd_print__is_number(c))
        fd_jsonw_null(w);
    else if (fd_print__is_number(c) || c->kind == FD_BOOL)
        fd_jsonw_raw(w, fd_buf_text(cell));
    else
        fd_jsonw_view(w, (fd_view){ fd_buf_text(cell), cell->len });
}

static void put_json_columns(fd_jsonw *w, const fd_table *t)
{
    static const char *const kinds[] = { "",       "decimal", "quotient", "estimate", "date",
                                         "period", "text",    "boolean",  "code" };

    fd_jsonw_key(w, "columns");
    fd_jsonw_array(w);
    for (size_t c = 0; c < t->column_count; c++) {
        fd_jsonw_object(w);
        fd_jsonw_key(w, "id");
        fd_jsonw_string(w, t->columns[c]->id);
        fd_jsonw_key(w, "title_zh");
        fd_jsonw_string(w, t->columns[c]->title[FD_ZH]);
        fd_jsonw_key(w, "title_en");
        fd_jsonw_string(w, t->columns[c]->title[FD_EN]);
        fd_jsonw_key(w, "kind");
        fd_jsonw_string(w, kinds[t->columns[c]->kind]);
        fd_jsonw_key(w, "unit");
        fd_jsonw_string(w, t->columns[c]->unit);
        fd_jsonw_end_object(w);
    }
    fd_jsonw_end_array(w);
}

/* A cell whose state is not "has" is named in "states" of its row: {"value": "缺报"}. */
static void put_json_row(fd_jsonw *w, const fd_table *t, size_t r, fd_buf *cell)
{
    bool plain = true;

    fd_jsonw_object(w);
    for (size_t c = 0; c < t->column_count; c++) {
        fd_jsonw_key(w, t->columns[c]->id);
        put_json_cell(w, t->columns[c], r, cell);
        plain = plain && (fd_column_state(t->columns[c], r) == FD_HAS ||
                          !fd_print__is_number(t->columns[c]));
    }
    if (!plain) {
        fd_jsonw_key(w, "_states");
        fd_jsonw_object(w);
        for (size_t c = 0; c < t->column_count; c++) {
            fd_state state = fd_column_state(t->columns[c], r);

            if (state == FD_HAS || !fd_print__is_number(t->columns[c]))
                continue;
            fd_jsonw_key(w, t->columns[c]->id);
            fd_jsonw_string(w, fd_state_name(state, FD_EN));
        }
        fd_jsonw_end_object(w);
    }
    fd_jsonw_end_object(w);
}

static int print_json(const fd_table *t, FILE *stream, const fd_print_options *o)
{
    fd_buf out = FD_BUF_INIT, cell = FD_BUF_INIT;
    fd_jsonw w;

    fd_jsonw_init(&w, &out);
    fd_jsonw_object(&w);
    fd_jsonw_key(&w, "id");
    fd_jsonw_string(&w, t->id);
    fd_jsonw_key(&w, "title_zh");
    fd_jsonw_string(&w, t->title[FD_ZH]);
    fd_jsonw_key(&w, "title_en");
    fd_jsonw_string(&w, t->title[FD_EN]);
    put_json_columns(&w, t);
    fd_jsonw_key(&w, "rows");
    fd_jsonw_array(&w);
    for (size_t r = 0; r < t->rows; r++) {
        put_json_row(&w, t, r, &cell);
        if (out.len > 1 << 16) {
            fwrite(out.ptr, 1, out.len, stream);
            fd_buf_clear(&out);
        }
    }
    fd_jsonw_end_array(&w);
    fd_jsonw_key(&w, "notes");
    fd_jsonw_array(&w);
    for (size_t i = 0; i < t->note_count; i++)
        fd_jsonw_string(&w, t->notes[o->lang][i]);
    fd_jsonw_end_array(&w);
    fd_jsonw_end_object(&w);
    fd_buf_putc(&out, '\n');
    fwrite(out.ptr, 1, out.len, stream);
    fd_buf_dispose(&out);
    fd_buf_dispose(&cell);
    return 0;
}

/* ---- Markdown ---- */

static void put_md(fd_buf *line, const fd_buf *cell)
{
    for (size_t i = 0; i < cell->len; i++) {
        if (cell->ptr[i] == '|')
            fd_buf_putc(line, '\\');
        fd_buf_putc(line, (char)(cell->ptr[i] == '\n' ? ' ' : cell->ptr[i]));
    }
}

static int print_md(const fd_table *t, FILE *stream, const fd_print_options *o)
{
    fd_buf line = FD_BUF_INIT, cell = FD_BUF_INIT;

    if (t->title[o->lang][0])
        fprintf(stream, "**%s**\n\n", t->title[o->lang]);
    for (size_t c = 0; c < t->column_count; c++) {
        put_header(&cell, t->columns[c], o);
        fd_buf_puts(&line, "| ");
        put_md(&line, &cell);
        fd_buf_putc(&line, ' ');
    }
    fd_buf_puts(&line, "|\n");
    for (size_t c = 0; c < t->column_count; c++)
        fd_buf_puts(&line, fd_print__is_number(t->columns[c]) ? "| ---: " : "| --- ");
    fd_buf_puts(&line, "|\n");
    for (size_t r = 0; r < t->rows; r++) {
        for (size_t c = 0; c < t->column_count; c++) {
            fd_buf_clear(&cell);
            fd_print__cell(&cell, t->columns[c], r, o->lang);
            fd_buf_puts(&line, "| ");
            put_md(&line, &cell);
            fd_buf_putc(&line, ' ');
        }
        fd_buf_puts(&line, "|\n");
    }
    fwrite(fd_buf_text(&line), 1, line.len, stream);
    if (t->note_count)
        fputc('\n', stream);
    put_notes(t, stream, o->lang, o->lang == FD_ZH ? "> 注:" : "> note: ");
    fd_buf_dispose(&line);
    fd_buf_dispose(&cell);
    return 0;
}

int fd_table_print(const fd_table *table, FILE *stream, const fd_print_options *options)
{
    int err = 0;

    switch (options->format) {
    case FD_FORMAT_TABLE:
        err = print_text(table, stream, options);
        break;
    case FD_FORMAT_CSV:
        err = print_csv(table, stream, options);
        break;
    case FD_FORMAT_JSON:
        err = print_json(table, stream, options);
        break;
    case FD_FORMAT_MD:
        err = print_md(table, stream, options);
        break;
    case FD_FORMAT_XLSX:
        return fd_error_set(FD_EINVAL, "XLSX 要写到文件", "XLSX is written to a file");
    }
    if (err == 0 && ferror(stream))
        return fd_error_set(FD_EIO, "输出写不进去", "the output cannot be written");
    return err;
}
