#include "io/xlsx.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "io/xlsx_number.h"

typedef struct relation {
    char *id, *kind, *part;
} relation;

typedef struct relations {
    const char *base; /* folder of the part they belong to, "" or ending in '/' */
    fd_vec(relation) list;
} relations;

static int fail(const fd_xlsx_book *book, int code)
{
    fd_place place = { book->zip.name, NULL, 0, 0 };

    fd_error_at(place);
    return code;
}

static void relations_dispose(relations *r)
{
    for (size_t i = 0; i < r->list.count; i++) {
        free(r->list.items[i].id);
        free(r->list.items[i].kind);
        free(r->list.items[i].part);
    }
    fd_vec_dispose(&r->list);
}

/* The part a target names: absolute, or relative to `base`, with . and .. resolved. */
static char *resolve(const char *base, const char *target)
{
    fd_buf path = FD_BUF_INIT;
    fd_view rest, piece;

    if (*target != '/')
        fd_buf_puts(&path, base);
    rest = fd_view_of(target);
    while (fd_view_split(&rest, '/', &piece)) {
        if (piece.len == 0 || fd_view_is(piece, "."))
            continue;
        if (fd_view_is(piece, "..")) {
            if (path.len)
                path.len--;
            while (path.len && path.ptr[path.len - 1] != '/')
                path.len--;
            continue;
        }
        fd_buf_view(&path, piece);
        fd_buf_putc(&path, '/');
    }
    if (path.len)
        path.ptr[--path.len] = 0;
    else
        fd_buf_puts(&path, "");
    return fd_buf_take(&path);
}

static int on_relation(void *payload, const char *name, const char *const *attributes)
{
    relations *r = payload;
    const char *id, *type, *target, *mode, *slash;

    if (strcmp(name, "Relationship") != 0)
        return 0;
    id = fd_xml_attribute(attributes, "Id");
    type = fd_xml_attribute(attributes, "Type");
    target = fd_xml_attribute(attributes, "Target");
    mode = fd_xml_attribute(attributes, "TargetMode");
    if (!id || !type || !target || (mode && strcmp(mode, "External") == 0))
        return 0;
    /* Transitional and strict workbooks differ in all of the type but its last word. */
    slash = strrchr(type, '/');
    fd_vec_push(&r->list, ((relation){ fd_strdup(id), fd_strdup(slash ? slash + 1 : type),
                                       resolve(r->base, target) }));
    return 0;
}

static const relation *related(const relations *r, const char *kind, const char *id)
{
    for (size_t i = 0; i < r->list.count; i++)
        if ((!kind || strcmp(r->list.items[i].kind, kind) == 0) &&
            (!id || strcmp(r->list.items[i].id, id) == 0))
            return &r->list.items[i];
    return NULL;
}

/* Relations of a part; none when there is no file of them. */
static int read_relations(relations *r, fd_xlsx_book *book, const char *part)
{
    static const fd_xml_handlers handlers = { on_relation, NULL, NULL };
    const char *slash = strrchr(part, '/');
    size_t folder = slash ? (size_t)(slash - part) + 1 : 0;
    fd_buf path = FD_BUF_INIT;
    int err = 0;

    fd_buf_put(&path, part, folder);
    fd_buf_puts(&path, "_rels/");
    fd_buf_puts(&path, part + folder);
    fd_buf_puts(&path, ".rels");
    if (fd_xlsx_zip_has(&book->zip, fd_buf_text(&path)))
        err = fd_xml_read(&book->zip, fd_buf_text(&path), &handlers, r);
    fd_buf_dispose(&path);
    return err;
}

/* workbook.xml */
typedef struct workbook_reading {
    fd_xlsx_book *book;
    const relations *relations;
} workbook_reading;

static int on_workbook(void *payload, const char *name, const char *const *attributes)
{
    workbook_reading *w = payload;
    const char *id, *title, *state;
    const relation *r;

    if (strcmp(name, "workbookPr") == 0)
        w->book->since_1904 = fd_xml_true(fd_xml_attribute(attributes, "date1904"));
    if (strcmp(name, "sheet") != 0)
        return 0;
    id = fd_xml_attribute(attributes, "id");
    title = fd_xml_attribute(attributes, "name");
    state = fd_xml_attribute(attributes, "state");
    r = id ? related(w->relations, NULL, id) : NULL;
    if (!r) {
        fd_error_set(FD_EFORMAT, "工作表“%s”没有内容", "sheet \"%s\" has no content",
                     title ? title : "");
        return fail(w->book, FD_EFORMAT);
    }
    if (strcmp(r->kind, "worksheet") != 0) /* a chart or a macro has no rows */
        return 0;
    if (w->book->sheets.count == FD_XLSX_MAX_SHEETS)
        return fail(w->book, fd_error_set(FD_ELIMIT, "工作表多于 %d 张", "more than %d sheets",
                                          FD_XLSX_MAX_SHEETS));
    fd_vec_push(&w->book->sheets,
                ((fd_xlsx_entry){ fd_strdup(title ? title : ""), fd_strdup(r->part),
                                  state && strcmp(state, "visible") != 0 }));
    return 0;
}

/* styles.xml: number formats by id, then the list of cell formats that name them. */
typedef struct format {
    int id;
    char unit;
} format;

typedef struct styles_reading {
    fd_xlsx_book *book;
    fd_vec(format) formats;
    bool in_formats, in_cells;
} styles_reading;

static int on_style(void *payload, const char *name, const char *const *attributes)
{
    styles_reading *s = payload;
    const char *id, *code;

    if (strcmp(name, "numFmts") == 0)
        s->in_formats = true;
    else if (strcmp(name, "cellXfs") == 0)
        s->in_cells = true;
    else if (s->in_formats && strcmp(name, "numFmt") == 0) {
        id = fd_xml_attribute(attributes, "numFmtId");
        code = fd_xml_attribute(attributes, "formatCode");
        if (id && code)
            fd_vec_push(&s->formats, ((format){ atoi(id), fd_xlsx_format_unit(code) }));
    } else if (s->in_cells && strcmp(name, "xf") == 0) {
        int number = (id = fd_xml_attribute(attributes, "numFmtId")) ? atoi(id) : 0;
        char unit = fd_xlsx_builtin_unit(number);

        for (size_t i = 0; i < s->formats.count; i++)
            if (s->formats.items[i].id == number) {
                unit = s->formats.items[i].unit;
                break;
            }
        /* Style indexes go to 65,490 in a valid file; each costs a search. */
        if (s->book->units.count >= 65536 || s->formats.count > 4096)
            return fail(s->book, fd_error_set(FD_ELIMIT, "单元格样式过多", "too many cell styles"));
        fd_vec_push(&s->book->units, unit);
    }
    return 0;
}

static int on_style_end(void *payload, const char *name)
{
    styles_reading *s = payload;

    if (strcmp(name, "numFmts") == 0)
        s->in_formats = false;
    else if (strcmp(name, "cellXfs") == 0)
        s->in_cells = false;
    return 0;
}

static int read_styles(fd_xlsx_book *book, const char *part)
{
    static const fd_xml_handlers handlers = { on_style, on_style_end, NULL };
    styles_reading s = { book, { 0 }, false, false };
    int err = fd_xml_read(&book->zip, part, &handlers, &s);

    fd_vec_dispose(&s.formats);
    return err;
}

/* sharedStrings.xml: the text of an item is that of its t elements, runs included, phonetics not.
 */
typedef struct strings_reading {
    fd_xlsx_book *book;
    size_t most;
    bool in_item, in_text;
    int phonetic;
} strings_reading;

static int on_string(void *payload, const char *name, const char *const *attributes)
{
    strings_reading *s = payload;

    (void)attributes;
    if (strcmp(name, "si") == 0) {
        if (s->book->offsets.count > s->most)
            return fail(s->book, fd_error_set(FD_ELIMIT, "共享字符串多于 %zu 条",
                                              "more than %zu shared strings", s->most));
        s->in_item = true;
    } else if (strcmp(name, "rPh") == 0) {
        s->phonetic++;
    } else if (strcmp(name, "t") == 0) {
        s->in_text = s->in_item && !s->phonetic;
    }
    return 0;
}

static int on_string_text(void *payload, const char *text, size_t length)
{
    strings_reading *s = payload;

    if (s->in_text)
        fd_buf_put(&s->book->text, text, length);
    return 0;
}

static int on_string_end(void *payload, const char *name)
{
    strings_reading *s = payload;
    fd_buf *b = &s->book->text;

    if (strcmp(name, "t") == 0) {
        s->in_text = false;
    } else if (strcmp(name, "rPh") == 0) {
        s->phonetic--;
    } else if (strcmp(name, "si") == 0 && s->in_item) {
        size_t from = s->book->offsets.items[s->book->offsets.count - 1];

        s->in_item = false;
        if (b->len > from)
            b->len = from + fd_xlsx_unescape(b->ptr + from, b->len - from);
        fd_vec_push(&s->book->offsets, b->len);
    }
    return 0;
}

static int read_strings(fd_xlsx_book *book, const char *part, size_t most)
{
    static const fd_xml_handlers handlers = { on_string, on_string_end, on_string_text };
    strings_reading s = { book, most, false, false, 0 };

    return fd_xml_read(&book->zip, part, &handlers, &s);
}

static int no_workbook(const fd_xlsx_book *book)
{
    fd_error_set(FD_EFORMAT, "这个压缩包不是 xlsx 工作簿", "this archive is no xlsx workbook");
    fd_error_hint("ods、xlsb、et 文件请另存为 xlsx;压缩包请先解压",
                  "save ods, xlsb and et files as xlsx; unpack an archive first");
    return fail(book, FD_EFORMAT);
}

int fd_xlsx_book_open(fd_xlsx_book *book, const char *path, const void *data, size_t size,
                      const char *name, const fd_rows_options *options)
{
    static const fd_xml_handlers handlers = { on_workbook, NULL, NULL };
    relations package = { "", { 0 } }, own = { "", { 0 } };
    workbook_reading w = { book, &own };
    char *workbook = NULL, *folder = NULL;
    const relation *r;
    int err;

    book->zip.name = name;
    book->zip.max_inflated = options->max_inflated;
    book->zip.max_ratio = options->max_ratio;
    fd_vec_push(&book->offsets, (size_t)0);
    if ((err = fd_xlsx_zip_open(&book->zip, path, data, size)) < 0 ||
        (err = read_relations(&package, book, "")) < 0)
        goto done;
    r = related(&package, "officeDocument", NULL);
    workbook = fd_strdup(r ? r->part : "xl/workbook.xml");
    if (!fd_xlsx_zip_has(&book->zip, workbook) || !fd_view_ends(fd_view_of(workbook), ".xml")) {
        err = no_workbook(book);
        goto done;
    }
    folder = fd_strdup(workbook);
    if (strrchr(folder, '/'))
        strrchr(folder, '/')[1] = 0;
    else
        *folder = 0;
    own.base = folder;
    if ((err = read_relations(&own, book, workbook)) < 0 ||
        (err = fd_xml_read(&book->zip, workbook, &handlers, &w)) < 0)
        goto done;
    if (book->sheets.count == 0) {
        err = no_workbook(book);
        goto done;
    }
    if ((r = related(&own, "styles", NULL)) && (err = read_styles(book, r->part)) < 0)
        goto done;
    if ((r = related(&own, "sharedStrings", NULL)))
        err = read_strings(book, r->part, options->max_strings);
done:
    relations_dispose(&package);
    relations_dispose(&own);
    free(workbook);
    free(folder);
    /* A part that is named and absent is the file's fault, not the caller's. */
    return err == FD_ENOTFOUND ? no_workbook(book) : err;
}

void fd_xlsx_book_dispose(fd_xlsx_book *book)
{
    for (size_t i = 0; i < book->sheets.count; i++) {
        free(book->sheets.items[i].name);
        free(book->sheets.items[i].part);
    }
    fd_vec_dispose(&book->sheets);
    fd_vec_dispose(&book->offsets);
    fd_vec_dispose(&book->units);
    fd_buf_dispose(&book->text);
    fd_xlsx_zip_dispose(&book->zip);
}

bool fd_xlsx_book_string(const fd_xlsx_book *book, size_t i, fd_view *text)
{
    if (i + 1 >= book->offsets.count)
        return false;
    text->ptr = fd_buf_text(&book->text) + book->offsets.items[i];
    text->len = book->offsets.items[i + 1] - book->offsets.items[i];
    return true;
}

/* Four hexadecimal digits. */
static bool read_hex(const char *p, uint32_t *code)
{
    *code = 0;
    for (size_t i = 0; i < 4; i++) {
        char c = p[i];

        if (c >= '0' && c <= '9')
            *code = *code << 4 | (uint32_t)(c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            *code = *code << 4 | (uint32_t)((c | 32) - 'a' + 10);
        else
            return false;
    }
    return true;
}

size_t fd_xlsx_unescape(char *text, size_t length)
{
    char *first = memmem(text, length, "_x", 2);
    size_t at, put;

    if (!first)
        return length;
    at = put = (size_t)(first - text);
    while (at < length) {
        const char *p = text + at;
        uint32_t code;

        /* A zero is left as it is written; others need at most three bytes for seven. */
        if (length - at >= 7 && p[0] == '_' && p[1] == 'x' && p[6] == '_' &&
            read_hex(p + 2, &code) && code != 0) {
            put += fd_utf8_encode(code, text + put);
            at += 7;
            continue;
        }
        text[put++] = text[at++];
    }
    return put;
}

bool fd_xlsx_reference(const char *text, size_t length, long *row, long *column)
{
    size_t i = 0;

    *row = *column = 0;
    if (i < length && text[i] == '$')
        i++;
    for (; i < length && ((text[i] | 32) >= 'a' && (text[i] | 32) <= 'z'); i++)
        if ((*column = *column * 26 + ((text[i] | 32) - 'a' + 1)) > FD_XLSX_MAX_COLUMN)
            return false;
    if (i < length && text[i] == '$')
        i++;
    for (; i < length && text[i] >= '0' && text[i] <= '9'; i++)
        if ((*row = *row * 10 + (text[i] - '0')) > FD_XLSX_MAX_ROW)
            return false;
    return i == length && length > 0;
}
