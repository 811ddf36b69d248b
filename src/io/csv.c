/*
 * The CSV reader.
 *
 * A window of bytes slides over the file (bytes in memory are one window of their own).  A row is
 * cut in place: the cells are views into the window.  When the window ends inside a row, the rest
 * of the window moves to its front, more is read, and the row is cut again from its beginning; the
 * window doubles when a row fills it, so the repeated work stays within twice the file.
 *
 * Only after a row is whole are its cells decoded, and only those that need it: doubled quotes,
 * GB18030, broken bytes.  Separators, quotes and line ends are ASCII and no part of any character
 * in UTF-8 or GB18030, so a broken character stays within its cell.  UTF-16 is turned into UTF-8 on
 * its way into the window, a lone surrogate into the byte 0xFF, which is then found as damage.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utf8.h"
#include "fangding/arena.h"
#include "io/csv_detect.h"
#include "io/csv_scan.h"
#include "io/file.h"
#include "io/gb18030.h"
#include "io/rows_internal.h"

#define WINDOW      ((size_t)1 << 20)
#define FIRST_LINES ((size_t)64 << 10) /* bytes in which the separator is looked for */
#define MORE        2                  /* cut_row: the window ends inside the row */

typedef struct csv {
    fd_rows base;
    /* The source: a descriptor, or bytes of the caller. */
    int fd;
    const unsigned char *memory;
    uint64_t size, at; /* of the source; `at` bytes were taken */
    /* The window: bytes [start, end) of `data` are not yet rows. */
    const unsigned char *data;
    unsigned char *buffer; /* owned; NULL while `data` is the caller's memory */
    size_t capacity, start, end;
    bool drained; /* the source has no more */
    /* Marks of the 64 bytes at `block`, those before the next byte to look at cleared. */
    size_t block;
    uint64_t marks;
    /* UTF-16 only. */
    unsigned char *wide;
    size_t wide_left; /* bytes at the front of `wide` not yet converted */
    /* Rows. */
    long number, line; /* of the next row */
    fd_cell *cells;
    size_t cell_capacity;
    bool vet; /* cells may hold bytes that need decoding */
    bool ended;
    fd_gb *gb;
    char *scratch;
    size_t scratch_capacity;
} csv;

/* The parts of a cut row that are not in fd_row. */
typedef struct cut {
    size_t end;  /* of the row, before its line end */
    size_t next; /* where the following row begins */
    size_t count;
    long lines;       /* line ends in it, its own included */
    bool unquote;     /* a cell has fd_cell.unit set to 'q': its quotes are to be resolved */
    size_t open_cell; /* cell whose quote is open when the window ends */
    bool open;
    long open_line;
} cut;

static int fail_at(const csv *c, int code, size_t cell)
{
    fd_place place = { c->base.info.name, c->base.sheet.name, c->number, (long)cell + 1 };

    fd_error_at(place);
    return code;
}

static int limit_cells(const csv *c, size_t cell)
{
    fd_error_set(FD_ELIMIT, "一行多于 %zu 格(文件第 %ld 行)",
                 "a row of more than %zu cells (line %ld)", c->base.options.max_cells, c->line);
    fd_error_hint("请检查分隔符和引号", "check separators and quotes");
    return fail_at(c, FD_ELIMIT, cell);
}

static int limit_row(const csv *c, const cut *t)
{
    if (t->open) {
        fd_error_set(FD_EPARSE, "文件第 %ld 行开始的引号没有闭合",
                     "the quote opened in line %ld of the file is never closed", t->open_line);
        fd_error_hint("补上右引号;单元格内的引号要写两遍",
                      "add the closing quote; a quote inside a quoted cell is written twice");
        return fail_at(c, FD_EPARSE, t->open_cell);
    }
    fd_error_set(FD_ELIMIT, "一行长于 %zu 字节(从文件第 %ld 行起)",
                 "a row longer than %zu bytes (from line %ld)", c->base.options.max_row_bytes,
                 c->line);
    return fail_at(c, FD_ELIMIT, 0);
}

/* Take up to n bytes from the source. */
static int take(csv *c, unsigned char *to, size_t n, size_t *got)
{
    *got = 0;
    if (n > c->size - c->at)
        n = (size_t)(c->size - c->at);
    if (c->fd < 0) {
        if (n)
            memcpy(to, c->memory + c->at, n);
        *got = n;
    }
    while (c->fd >= 0 && *got < n) {
        ssize_t r = read(c->fd, to + *got, n - *got);

        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return fd_file__errno(c->base.info.name, errno);
        if (r == 0) { /* it has become shorter */
            c->size = c->at + *got;
            break;
        }
        *got += (size_t)r;
    }
    c->at += *got;
    return 0;
}

/* Convert whole UTF-16 units; the last may wait for its second half unless `last`. @return bytes
 * put */
static size_t narrow(csv *c, unsigned char *to, size_t n, bool last)
{
    bool big = c->base.info.encoding == FD_ENCODING_UTF16BE;
    unsigned char *o = to;
    size_t i = 0;

    while (i + 2 <= n) {
        const unsigned char *p = c->wide + i;
        uint32_t unit = big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];

        if (unit >= 0xD800 && unit < 0xDC00) {
            uint32_t low;

            if (i + 4 > n && !last)
                break;
            low = i + 4 > n ? 0 : big ? (uint32_t)p[2] << 8 | p[3] : (uint32_t)p[3] << 8 | p[2];
            if (low >= 0xDC00 && low < 0xE000) {
                o += fd_utf8_encode(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), (char *)o);
                i += 4;
                continue;
            }
            *o++ = 0xFF;
        } else if (unit >= 0xDC00 && unit < 0xE000) {
            *o++ = 0xFF;
        } else {
            o += fd_utf8_encode(unit, (char *)o);
        }
        i += 2;
    }
    if (last && i < n) {
        *o++ = 0xFF;
        i = n;
    }
    c->wide_left = n - i;
    memmove(c->wide, c->wide + i, c->wide_left);
    return (size_t)(o - to);
}

/* Move what is left to the front, make room, read more. */
static int fill(csv *c)
{
    size_t got, room;
    int err;

    if (!c->buffer) {
        c->drained = true;
        return 0;
    }
    if (c->start) {
        memmove(c->buffer, c->buffer + c->start, c->end - c->start);
        c->end -= c->start;
        c->start = 0;
    }
    if (c->capacity - c->end < c->capacity / 2) {
        c->buffer = fd_realloc(c->buffer, c->capacity * 2);
        c->capacity *= 2;
        c->data = c->buffer;
    }
    room = c->capacity - c->end;
    if (c->wide) {
        /* Three bytes for two at most, and one for a lone half. */
        room = room / 2 < WINDOW ? room / 2 : WINDOW;
        if ((err = take(c, c->wide + c->wide_left, room - c->wide_left, &got)) < 0)
            return err;
        c->drained = c->at == c->size;
        got = narrow(c, c->buffer + c->end, c->wide_left + got, c->drained);
    } else {
        if ((err = take(c, c->buffer + c->end, room, &got)) < 0)
            return err;
        c->drained = c->at == c->size;
    }
    c->end += got;
    return 0;
}

static void look_from(csv *c, size_t at)
{
    c->block = at;
    c->marks = c->end - at >= 64 ? fd_csv_marks(c->data + at, (unsigned char)c->base.info.separator)
                                 : fd_csv_marks_tail(c->data + at, c->end - at,
                                                     (unsigned char)c->base.info.separator);
}

/* The next mark, or the end of the window. */
static inline size_t next_mark(csv *c)
{
    size_t at;

    while (c->marks == 0) {
        if (c->end - c->block <= 64)
            return c->end;
        look_from(c, c->block + 64);
    }
    at = c->block + (size_t)__builtin_ctzll(c->marks);
    c->marks &= c->marks - 1;
    return at;
}

/* Forget the marks before `at`. */
static void skip_to(csv *c, size_t at)
{
    if (at - c->block >= 64)
        look_from(c, at);
    else
        c->marks &= ~(uint64_t)0 << (at - c->block);
}

static int grow_cells(csv *c, size_t count)
{
    size_t capacity = c->cell_capacity ? c->cell_capacity * 2 : 64;

    if (count >= c->base.options.max_cells)
        return limit_cells(c, count);
    c->cells = fd_realloc_array(c->cells, capacity, sizeof *c->cells);
    memset(c->cells + c->cell_capacity, 0, (capacity - c->cell_capacity) * sizeof *c->cells);
    c->cell_capacity = capacity;
    return 0;
}

static long count_lines(const unsigned char *p, size_t n)
{
    long lines = 0;

    for (size_t i = 0; i < n; i++)
        lines += p[i] == '\n' || (p[i] == '\r' && (i + 1 == n || p[i + 1] != '\n'));
    return lines;
}

/*
 * Cut the quoted cell whose opening quote is at `at`. *after receives the place of the separator or
 * line end behind it, or the end of the source. @return 0, or MORE
 */
static int cut_quoted(csv *c, cut *t, size_t at, size_t *after)
{
    fd_cell *cell = &c->cells[t->count];
    const unsigned char *d = c->data;
    size_t from = at + 1, close;

    cell->unit = 0;
    for (;;) {
        const unsigned char *q = memchr(d + from, '"', c->end - from);

        if (!q || (q + 1 == d + c->end && !c->drained)) {
            t->open = true;
            t->open_cell = t->count;
            t->open_line = c->line + t->lines;
            return MORE;
        }
        close = (size_t)(q - d);
        if (close + 1 == c->end || d[close + 1] != '"')
            break;
        cell->unit = 'q';
        from = close + 2;
    }
    t->lines += count_lines(d + at, close - at);
    skip_to(c, close + 1);
    while ((*after = next_mark(c)) < c->end && d[*after] == '"')
        ;
    if (*after == c->end && !c->drained)
        return MORE;
    cell->text.ptr = (const char *)d + at + 1;
    cell->text.len = close - at - 1;
    for (size_t i = close + 1; i < *after; i++)
        if (d[i] != ' ') { /* blanks between quote and separator are harmless */
            cell->text.len = *after - at - 1;
            cell->unit = 'q';
            break;
        }
    cell->kind = cell->text.len ? FD_CELL_TEXT : FD_CELL_EMPTY;
    cell->quoted = true;
    cell->damaged = false;
    t->unquote |= cell->unit == 'q';
    return 0;
}

/* Cut one row at c->start. @return 0, MORE, or negative */
static int cut_row(csv *c, cut *t)
{
    const unsigned char separator = (unsigned char)c->base.info.separator;
    const unsigned char *d = c->data;
    size_t from = c->start, at;
    int err;

    memset(t, 0, sizeof *t);
    if (c->block > from || from - c->block >= 64)
        look_from(c, from);
    for (;;) {
        fd_cell *cell;
        unsigned char mark;

        if (t->count == c->cell_capacity || t->count >= c->base.options.max_cells)
            if ((err = grow_cells(c, t->count)) < 0)
                return err;
        at = next_mark(c);
        if (at < c->end && d[at] == '"' && at == from) {
            if ((err = cut_quoted(c, t, at, &at)) != 0)
                return err;
        } else {
            while (at < c->end && d[at] == '"') /* a quote inside an unquoted cell is a character */
                at = next_mark(c);
            if (at == c->end && !c->drained)
                return MORE;
            cell = &c->cells[t->count];
            cell->text.ptr = (const char *)d + from;
            cell->text.len = at - from;
            cell->kind = at > from ? FD_CELL_TEXT : FD_CELL_EMPTY;
            cell->unit = 0;
            cell->quoted = false;
            cell->damaged = false;
        }
        t->count++;
        mark = at < c->end ? d[at] : '\n';
        from = at + 1;
        if (mark == separator)
            continue;
        t->end = at;
        t->next = at < c->end ? from : at;
        if (mark == '\r') {
            if (from == c->end && !c->drained)
                return MORE;
            if (from < c->end && d[from] == '\n') {
                (void)next_mark(c);
                t->next = from + 1;
            }
        }
        t->lines++;
        return 0;
    }
}

static void damage(fd_row *row, size_t cell, fd_damage kind)
{
    if (!row->damaged) {
        row->damaged = true;
        row->damage = kind;
        row->damaged_cell = cell;
    }
}

/* Resolve quotes: "" is one; after a single one the rest stands as it is. @return bytes put */
static size_t unquote(char *to, fd_view text, bool *tail)
{
    size_t i = 0, o = 0;

    for (; i < text.len; i++) {
        if (text.ptr[i] == '"') {
            if (i + 1 == text.len || text.ptr[i + 1] != '"')
                break;
            i++;
        }
        to[o++] = text.ptr[i];
    }
    if (i < text.len) {
        *tail = true;
        i++;
        memcpy(to + o, text.ptr + i, text.len - i);
        o += text.len - i;
    }
    return o;
}

/* Has it a byte that is zero or above 0x7F? */
static bool is_plain(fd_view text)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    size_t i = 0;

    for (; i + 8 <= text.len; i += 8) {
        uint64_t w;

        memcpy(&w, p + i, 8);
        if ((w | (w - 0x0101010101010101u)) & 0x8080808080808080u)
            return false;
    }
    for (; i < text.len; i++)
        if (p[i] == 0 || p[i] > 0x7F)
            return false;
    return true;
}

/* Copy UTF-8, each byte of a fault as U+FFFD; to may need three times the length. */
static size_t mend(char *to, fd_view text, bool *damaged)
{
    size_t o = 0, at = 0;

    while (at < text.len) {
        size_t from = at;
        uint32_t code_point = fd_utf8_next(text.ptr, text.len, &at);

        if (code_point == 0xFFFD && at == from + 1)
            *damaged = true;
        o += fd_utf8_encode(code_point, to + o);
    }
    return o;
}

/*
 * Give cells their final text.  A cell's text first loses its doubled quotes, in place in the
 * scratch, then is decoded into the scratch behind it: 1 + 3 times the row's bytes always suffice.
 */
static void decode_row(csv *c, const cut *t, fd_row *row)
{
    size_t need = 4 * (t->end - c->start) + 16, used = 0;

    if (c->scratch_capacity < need) {
        free(c->scratch);
        c->scratch = fd_alloc(need * 2);
        c->scratch_capacity = need * 2;
    }
    for (size_t i = 0; i < t->count; i++) {
        fd_cell *cell = &c->cells[i];
        size_t length;

        if (cell->unit) {
            bool tail = false;

            cell->unit = 0;
            length = unquote(c->scratch + used, cell->text, &tail);
            cell->text = (fd_view){ c->scratch + used, length };
            used += length;
            if (tail) {
                cell->damaged = true;
                damage(row, i, FD_DAMAGE_QUOTE);
            }
        }
        if (!c->vet || is_plain(cell->text))
            continue;
        if (memchr(cell->text.ptr, 0, cell->text.len)) {
            cell->damaged = true;
            damage(row, i, FD_DAMAGE_NUL);
        }
        if (c->gb || !fd_utf8_valid(cell->text.ptr, cell->text.len, NULL)) {
            bool broken = false;

            length = c->gb ? fd_gb_decode(c->gb, c->scratch + used, cell->text.ptr, cell->text.len,
                                          &broken)
                           : mend(c->scratch + used, cell->text, &broken);
            cell->text = (fd_view){ c->scratch + used, length };
            used += length;
            if (broken) {
                cell->damaged = true;
                damage(row, i, FD_DAMAGE_BYTES);
            }
        }
    }
}

static int csv_next(fd_rows *rows, const fd_row **out)
{
    csv *c = (csv *)rows;
    fd_row *row = &c->base.row;
    cut t;
    int err;

    for (;;) {
        if (c->ended || (c->start == c->end && c->drained)) {
            c->ended = true;
            return 0;
        }
        err = c->start < c->end ? cut_row(c, &t) : MORE;
        if (err < 0)
            return err;
        if (err == MORE) {
            if (c->start < c->end &&
                (c->drained || c->end - c->start > c->base.options.max_row_bytes))
                return limit_row(c, &t);
            if ((err = fill(c)) < 0)
                return err;
            if (c->start < c->end)
                look_from(c, c->start);
            continue;
        }
        if (t.end - c->start > c->base.options.max_row_bytes)
            return limit_row(c, &t);
        if (t.end > c->start)
            break;
        c->start = t.next;
        c->number++;
        c->line += t.lines;
    }
    row->cells = c->cells;
    row->count = t.count;
    row->number = c->number;
    row->line = c->line;
    row->damaged = false;
    row->damage = FD_DAMAGE_NONE;
    row->damaged_cell = 0;
    row->raw = (fd_view){ (const char *)c->data + c->start, t.end - c->start };
    if (c->vet || t.unquote)
        decode_row(c, &t, row);
    c->start = t.next;
    c->number++;
    c->line += t.lines;
    *out = row;
    return 1;
}

static int csv_next_sheet(fd_rows *rows)
{
    ((csv *)rows)->ended = true;
    return 0;
}

static void csv_close(fd_rows *rows)
{
    csv *c = (csv *)rows;

    if (c->fd >= 0)
        close(c->fd);
    fd_gb_free(c->gb);
    free(c->buffer);
    free(c->wide);
    free(c->cells);
    free(c->scratch);
    fd_rows__dispose(rows);
    free(c);
}

static const fd_rows_ops csv_ops = { csv_next, csv_next_sheet, csv_close };

/* Files that people take for tables and that are none. */
static int refuse_strangers(const csv *c, const unsigned char *head, size_t n)
{
    static const unsigned char ole[] = { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 };
    static const char *const markup[] = { "<html", "<!doc", "<tabl", "<?xml", "<meta", "<head" };
    char word[6] = "";
    size_t i = 0;

    if (n >= sizeof ole && memcmp(head, ole, sizeof ole) == 0) {
        fd_error_set(FD_EFORMAT, "这是旧版 Excel 文件(xls)或加密的 Excel 文件",
                     "this is an old Excel file (xls) or an encrypted one");
        fd_error_hint("请在 Excel 或 WPS 中另存为不加密的 xlsx",
                      "save it as xlsx, without a password, in Excel or WPS");
        return fail_at(c, FD_EFORMAT, 0);
    }
    if (n >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0)
        i = 3;
    while (i < n && (head[i] == ' ' || head[i] == '\r' || head[i] == '\n' || head[i] == '\t'))
        i++;
    for (size_t k = 0; k < 5 && i + k < n; k++)
        word[k] = (char)(head[i + k] >= 'A' && head[i + k] <= 'Z' ? head[i + k] + 32 : head[i + k]);
    for (size_t k = 0; k < sizeof markup / sizeof *markup; k++)
        if (strcmp(word, markup[k]) == 0) {
            fd_error_set(FD_EFORMAT, "这是网页或 XML,不是表格文件",
                         "this is a web page or XML, not a table");
            fd_error_hint("请在 Excel 或 WPS 中打开后另存为 xlsx",
                          "open it in Excel or WPS and save it as xlsx");
            return fail_at(c, FD_EFORMAT, 0);
        }
    return 0;
}

/* Pass over the source to tell its encoding, and come back to its beginning. */
static int detect(csv *c, size_t *bom)
{
    fd_detect d = { 0 };
    unsigned char *block = NULL;
    unsigned char head[64];
    size_t got, n;
    fd_encoding found = c->base.options.encoding;
    int err;

    *bom = 0;
    if ((err = take(c, head, sizeof head, &n)) < 0 || (err = refuse_strangers(c, head, n)) < 0)
        return err;
    if (n >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0) {
        *bom = 3;
        found =
            found == FD_ENCODING_DETECT || found == FD_ENCODING_UTF8 ? FD_ENCODING_UTF8_BOM : found;
    } else if (n >= 2 && head[0] == 0xFF && head[1] == 0xFE) {
        *bom = 2;
        found = FD_ENCODING_UTF16LE;
    } else if (n >= 2 && head[0] == 0xFE && head[1] == 0xFF) {
        *bom = 2;
        found = FD_ENCODING_UTF16BE;
    }
    c->base.info.encoding = found;
    c->vet = true;
    if (found == FD_ENCODING_UTF16LE || found == FD_ENCODING_UTF16BE)
        return 0;
    if (c->fd < 0) {
        fd_detect_feed(&d, c->memory + *bom, (size_t)c->size - *bom);
    } else {
        block = fd_alloc(WINDOW);
        fd_detect_feed(&d, head + *bom, n - *bom);
        while (!d.decided) {
            if ((err = take(c, block, WINDOW, &got)) < 0)
                goto done;
            if (!got)
                break;
            fd_detect_feed(&d, block, got);
        }
    }
    if (found == FD_ENCODING_DETECT)
        c->base.info.encoding = fd_detect_finish(&d);
    else
        (void)fd_detect_finish(&d);
    c->vet = c->base.info.encoding == FD_ENCODING_GB18030 || d.utf8_faults || d.zeros;
    if (d.zeros > 16 && d.zeros > d.bytes / 64) {
        fd_error_set(FD_EFORMAT, "这不是文本文件", "this is not a text file");
        fd_error_hint("如果它是没有标记的 UTF-16 文本,请另存为 UTF-8 或 xlsx",
                      "if it is UTF-16 without a mark, save it as UTF-8 or xlsx");
        err = fail_at(c, FD_EFORMAT, 0);
    }
done:
    free(block);
    return err;
}

int fd_rows__csv_open(fd_rows **out, int fd, const void *data, size_t size, const char *name,
                      const fd_rows_options *options)
{
    csv *c = fd_alloc(sizeof *c);
    bool crlf = false;
    size_t bom;
    off_t length;
    int err;

    *out = NULL;
    c->base.ops = &csv_ops;
    c->base.options = *options;
    c->base.info.format = FD_ROWS_CSV;
    c->base.info.name = c->base.name = fd_strdup(name);
    c->base.info.sheets = 1;
    c->base.sheet.name = "";
    c->fd = fd;
    c->memory = data;
    c->size = size;
    if (fd >= 0) {
        if ((length = lseek(fd, 0, SEEK_END)) < 0 || lseek(fd, 0, SEEK_SET) < 0) {
            err = fd_file__errno(name, errno);
            goto done;
        }
        c->size = (uint64_t)length;
    }
    if ((err = detect(c, &bom)) < 0)
        goto done;
    c->at = bom;
    if (fd >= 0 && lseek(fd, (off_t)bom, SEEK_SET) < 0) {
        err = fd_file__errno(name, errno);
        goto done;
    }
    if (c->base.info.encoding == FD_ENCODING_GB18030 && (err = fd_gb_new(&c->gb)) < 0)
        goto done;
    if (c->base.info.encoding == FD_ENCODING_UTF16LE ||
        c->base.info.encoding == FD_ENCODING_UTF16BE)
        c->wide = fd_alloc(WINDOW);
    if (fd < 0 && !c->wide) {
        c->data = (const unsigned char *)data + bom;
        c->end = size - bom;
        c->drained = true;
    } else {
        /* A small file needs no window of a million bytes. */
        c->capacity = c->size < WINDOW ? (size_t)c->size * 2 + 64 : 2 * WINDOW;
        c->buffer = fd_alloc(c->capacity);
        c->data = c->buffer;
        if ((err = fill(c)) < 0)
            goto done;
    }
    c->base.info.separator =
        fd_detect_separator((const char *)c->data, c->end < FIRST_LINES ? c->end : FIRST_LINES,
                            &crlf);
    if (options->separator)
        c->base.info.separator = options->separator;
    c->base.info.crlf = crlf;
    c->number = c->line = 1;
    if (c->end)
        look_from(c, 0);
done:
    if (err < 0) {
        csv_close(&c->base);
        return err;
    }
    *out = &c->base;
    return 0;
}
