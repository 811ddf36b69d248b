/*
 * Reading what the writer writes, after people and editors have had it in their hands.
 *
 * One pass over word/document.xml.  The state is a handful of depths: inside a table (nested ones
 * become text of the outer cell), inside something whose text does not count (drawings, deleted
 * text, field codes), and a stack of content controls, of which the innermost names the text.
 */
#include <stdlib.h>

#include "io/docx.h"
#include "io/file.h"
#include "io/xlsx_xml.h"

#define MAX_FILE     ((size_t)128 << 20)
#define MAX_INFLATED ((uint64_t)256 << 20)
#define MAX_RATIO    200
#define MAX_BLOCKS   200000
#define MAX_CELLS    1000000
#define MAX_SPANS    4000000
#define MAX_CONTROLS 64   /* nested */
#define MAX_NAME     4096 /* bytes of a tag, title, bookmark or style */

typedef struct control {
    const char *tag, *title;
    bool in_content;
} control;

typedef struct reading {
    fd_docx_doc *doc;
    fd_docx_block block;          /* the paragraph or table being read */
    fd_vec(const char *) waiting; /* bookmarks that began between paragraphs */
    control controls[MAX_CONTROLS];
    size_t control_count, deeper;
    int tables, skipped, in_paragraph;
    bool in_text, in_control_properties, in_run_properties;
    unsigned flags;
    size_t cells, spans;
    fd_buf text; /* of the run being read */
    const char *name;
} reading;

static int over(const reading *r, int most)
{
    fd_place place = { r->name, NULL, 0, 0 };

    fd_error_set(FD_ELIMIT, "文档的段落、单元格或文字段多于 %d",
                 "the document has more than %d paragraphs, cells or stretches of text", most);
    fd_error_at(place);
    return FD_ELIMIT;
}

static const char *keep(reading *r, const char *text)
{
    return fd_arena_strndup(r->doc->arena, text, strnlen(text, MAX_NAME));
}

static void block_dispose(fd_docx_block *b)
{
    for (size_t i = 0; i < b->rows.count; i++) {
        for (size_t k = 0; k < b->rows.items[i].cells.count; k++)
            fd_vec_dispose(&b->rows.items[i].cells.items[k].spans);
        fd_vec_dispose(&b->rows.items[i].cells);
    }
    fd_vec_dispose(&b->rows);
    fd_vec_dispose(&b->spans);
    fd_vec_dispose(&b->marks);
}

static void block_begin(reading *r, bool is_table)
{
    memset(&r->block, 0, sizeof r->block);
    r->block.is_table = is_table;
    r->block.style = "";
    for (size_t i = 0; i < r->waiting.count; i++)
        fd_vec_push(&r->block.marks, r->waiting.items[i]);
    r->waiting.count = 0;
}

static int block_end(reading *r)
{
    if (r->doc->blocks.count >= MAX_BLOCKS) {
        block_dispose(&r->block);
        memset(&r->block, 0, sizeof r->block);
        return over(r, MAX_BLOCKS);
    }
    fd_vec_push(&r->doc->blocks, r->block);
    memset(&r->block, 0, sizeof r->block);
    return 0;
}

/* Where text goes now: the paragraph, or the last cell of the table; NULL outside both. */
static fd_docx_spans *target(reading *r)
{
    fd_docx_read_row *row;

    if (!r->tables)
        return r->in_paragraph ? &r->block.spans : NULL;
    if (!r->block.rows.count)
        return NULL;
    row = &r->block.rows.items[r->block.rows.count - 1];
    return row->cells.count ? &row->cells.items[row->cells.count - 1].spans : NULL;
}

static const control *innermost(const reading *r)
{
    for (size_t i = r->control_count; i > 0; i--)
        if (r->controls[i - 1].in_content && (r->controls[i - 1].tag || r->controls[i - 1].title))
            return &r->controls[i - 1];
    return NULL;
}

/* The text gathered becomes a span; neighbours of the same control and form grow together. */
static int flush(reading *r)
{
    fd_docx_spans *spans = target(r);
    const control *c = innermost(r);
    const char *tag = c ? c->tag : NULL, *title = c ? c->title : NULL;
    fd_docx_span *last;

    if (!r->text.len || !spans) {
        fd_buf_clear(&r->text);
        return 0;
    }
    if (++r->spans > MAX_SPANS)
        return over(r, MAX_SPANS);
    last = spans->count ? &spans->items[spans->count - 1] : NULL;
    if (last && last->tag == tag && last->title == title && last->flags == r->flags) {
        size_t before = strlen(last->text);
        char *joined;

        /* Growing by copying is quadratic for hostile files: long spans are not joined further. */
        if (before < MAX_NAME) {
            joined = fd_arena_alloc(r->doc->arena, before + r->text.len + 1);
            memcpy(joined, last->text, before);
            memcpy(joined + before, r->text.ptr, r->text.len);
            last->text = joined;
            fd_buf_clear(&r->text);
            return 0;
        }
    }
    fd_vec_push(spans, ((fd_docx_span){ fd_arena_strndup(r->doc->arena, r->text.ptr, r->text.len),
                                        tag, title, r->flags }));
    fd_buf_clear(&r->text);
    return 0;
}

static int start_structure(reading *r, const char *name)
{
    if (strcmp(name, "tbl") == 0) {
        if (r->tables == 0) {
            if (r->in_paragraph) { /* no table stands inside a paragraph; be lenient */
                int err = flush(r);

                r->in_paragraph = 0;
                if (err < 0 || (err = block_end(r)) < 0)
                    return err;
            }
            block_begin(r, true);
        }
        r->tables++;
    } else if (strcmp(name, "tr") == 0 && r->tables == 1) {
        if (++r->cells > MAX_CELLS)
            return over(r, MAX_CELLS);
        fd_vec_push(&r->block.rows, ((fd_docx_read_row){ { 0 } }));
    } else if (strcmp(name, "tc") == 0 && r->tables == 1 && r->block.rows.count) {
        if (++r->cells > MAX_CELLS)
            return over(r, MAX_CELLS);
        fd_vec_push(&r->block.rows.items[r->block.rows.count - 1].cells,
                    ((fd_docx_read_cell){ { 0 } }));
    } else if (strcmp(name, "p") == 0) {
        if (!r->tables && r->in_paragraph++ == 0)
            block_begin(r, false);
        else if (r->tables && target(r) && target(r)->count)
            fd_buf_putc(&r->text, '\n'); /* a further paragraph of the cell */
    }
    return 0;
}

static void start_control(reading *r, const char *name, const char *const *attributes)
{
    control *c = r->control_count ? &r->controls[r->control_count - 1] : NULL;
    const char *value = fd_xml_attribute(attributes, "val");

    if (strcmp(name, "sdt") == 0) {
        if (r->control_count < MAX_CONTROLS && !r->deeper)
            r->controls[r->control_count++] = (control){ NULL, NULL, false };
        else
            r->deeper++;
    } else if (strcmp(name, "sdtPr") == 0) {
        r->in_control_properties = true;
    } else if (strcmp(name, "sdtContent") == 0 && c && !r->deeper) {
        c->in_content = true;
    } else if (r->in_control_properties && c && value && !c->in_content && !r->deeper) {
        if (strcmp(name, "tag") == 0)
            c->tag = keep(r, value);
        else if (strcmp(name, "alias") == 0)
            c->title = keep(r, value);
    }
}

static bool is_skipped(const char *name)
{
    static const char *const names[] = { "del",    "moveFrom", "instrText",  "pict",
                                         "object", "Fallback", "txbxContent" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void start_bookmark(reading *r, const char *const *attributes)
{
    const char *name = fd_xml_attribute(attributes, "name");

    if (!name || r->block.marks.count + r->waiting.count > MAX_NAME)
        return;
    if (r->tables || r->in_paragraph)
        fd_vec_push(&r->block.marks, keep(r, name));
    else
        fd_vec_push(&r->waiting, keep(r, name));
}

static bool is_on(const char *const *attributes)
{
    const char *value = fd_xml_attribute(attributes, "val");

    return !value || fd_xml_true(value);
}

static int on_start(void *payload, const char *name, const char *const *attributes)
{
    reading *r = payload;
    const char *value;
    int err;

    if (r->skipped || is_skipped(name)) {
        r->skipped++;
        return 0;
    }
    if (strcmp(name, "drawing") == 0) {
        r->block.has_drawing |= r->in_paragraph || r->tables;
        r->skipped++;
        return 0;
    }
    if ((err = start_structure(r, name)) < 0)
        return err;
    if (strncmp(name, "sdt", 3) == 0 && (err = flush(r)) < 0)
        return err;
    start_control(r, name, attributes);
    if (strcmp(name, "bookmarkStart") == 0) {
        start_bookmark(r, attributes);
    } else if (strcmp(name, "pStyle") == 0 && r->in_paragraph && !r->tables) {
        if ((value = fd_xml_attribute(attributes, "val")))
            r->block.style = keep(r, value);
    } else if (strcmp(name, "r") == 0) {
        r->flags = 0;
    } else if (strcmp(name, "rPr") == 0) {
        r->in_run_properties = true;
    } else if (r->in_run_properties && strcmp(name, "b") == 0 && is_on(attributes)) {
        r->flags |= FD_DOCX_BOLD;
    } else if (r->in_run_properties && strcmp(name, "i") == 0 && is_on(attributes)) {
        r->flags |= FD_DOCX_ITALIC;
    } else if (strcmp(name, "t") == 0) {
        r->in_text = true;
    } else if (!r->in_run_properties && strcmp(name, "tab") == 0) {
        fd_buf_putc(&r->text, '\t');
    } else if (strcmp(name, "br") == 0 || strcmp(name, "cr") == 0) {
        if (!(value = fd_xml_attribute(attributes, "type")) || strcmp(value, "page") != 0)
            fd_buf_putc(&r->text, '\n');
    }
    return 0;
}

static int on_end(void *payload, const char *name)
{
    reading *r = payload;
    int err = 0;

    if (r->skipped) {
        r->skipped--;
        return 0;
    }
    if (strcmp(name, "t") == 0) {
        r->in_text = false;
    } else if (strcmp(name, "rPr") == 0) {
        r->in_run_properties = false;
    } else if (strcmp(name, "sdtPr") == 0) {
        r->in_control_properties = false;
    } else if (strcmp(name, "r") == 0) {
        err = flush(r);
        r->flags = 0;
    } else if (strcmp(name, "sdtContent") == 0) {
        err = flush(r);
        if (!r->deeper && r->control_count)
            r->controls[r->control_count - 1].in_content = false;
    } else if (strcmp(name, "sdt") == 0) {
        if (r->deeper)
            r->deeper--;
        else if (r->control_count)
            r->control_count--;
    } else if (strcmp(name, "tc") == 0) {
        err = flush(r);
    } else if (strcmp(name, "p") == 0 && !r->tables && r->in_paragraph) {
        if ((err = flush(r)) >= 0 && --r->in_paragraph == 0)
            err = block_end(r);
    } else if (strcmp(name, "tbl") == 0 && r->tables) {
        if ((err = flush(r)) >= 0 && --r->tables == 0)
            err = block_end(r);
    }
    return err;
}

static int on_text(void *payload, const char *text, size_t length)
{
    reading *r = payload;

    if (r->in_text && !r->skipped)
        fd_buf_put(&r->text, text, length);
    return 0;
}

/* docProps/custom.xml */
typedef struct property_reading {
    fd_docx_doc *doc;
    const char *name;
    fd_buf value;
} property_reading;

static int on_property(void *payload, const char *name, const char *const *attributes)
{
    property_reading *r = payload;
    const char *value = fd_xml_attribute(attributes, "name");

    if (strcmp(name, "property") == 0) {
        fd_buf_clear(&r->value);
        r->name = value ? fd_arena_strndup(r->doc->arena, value, strnlen(value, MAX_NAME)) : NULL;
    }
    return 0;
}

static int on_property_text(void *payload, const char *text, size_t length)
{
    property_reading *r = payload;

    fd_buf_put(&r->value, text, length);
    return 0;
}

static int on_property_end(void *payload, const char *name)
{
    property_reading *r = payload;

    if (strcmp(name, "property") == 0 && r->name && r->doc->properties.count < MAX_NAME)
        fd_vec_push(&r->doc->properties,
                    ((fd_docx_read_property){
                        r->name,
                        fd_arena_strndup(r->doc->arena, fd_buf_text(&r->value), r->value.len) }));
    return 0;
}

static int read_properties(fd_docx_doc *doc, fd_xlsx_zip *zip)
{
    static const fd_xml_handlers handlers = { on_property, on_property_end, on_property_text };
    property_reading r = { doc, NULL, FD_BUF_INIT };
    int err = 0;

    if (fd_xlsx_zip_has(zip, "docProps/custom.xml"))
        err = fd_xml_read(zip, "docProps/custom.xml", &handlers, &r);
    fd_buf_dispose(&r.value);
    return err;
}

int fd_docx_read(fd_docx_doc **out, const char *path, const void *data, size_t size,
                 const char *name)
{
    static const fd_xml_handlers handlers = { on_start, on_end, on_text };
    fd_xlsx_zip zip = { NULL, name, 0, MAX_INFLATED, MAX_RATIO };
    fd_docx_doc *doc = fd_alloc(sizeof *doc);
    reading r = { 0 };
    char *bytes = NULL;
    int err;

    doc->arena = fd_arena_new();
    r.doc = doc;
    r.name = name;
    if (path) {
        if ((err = fd_file_read(&bytes, &size, path, MAX_FILE)) < 0)
            goto done;
        data = bytes;
    }
    if ((err = fd_xlsx_zip_open(&zip, NULL, data, size)) < 0)
        goto done;
    if (!fd_xlsx_zip_has(&zip, "word/document.xml")) {
        fd_place place = { name, NULL, 0, 0 };

        err = fd_error_set(FD_EFORMAT, "不是 docx 文档", "this is no docx document");
        fd_error_hint("doc、wps 文件请另存为 docx", "save doc and wps files as docx");
        fd_error_at(place);
        goto done;
    }
    if ((err = fd_xml_read(&zip, "word/document.xml", &handlers, &r)) >= 0)
        err = read_properties(doc, &zip);
done:
    block_dispose(&r.block);
    fd_vec_dispose(&r.waiting);
    fd_buf_dispose(&r.text);
    fd_xlsx_zip_dispose(&zip);
    free(bytes);
    if (err < 0) {
        fd_docx_doc_free(doc);
        doc = NULL;
    }
    *out = doc;
    return err < 0 ? err : 0;
}

void fd_docx_doc_free(fd_docx_doc *doc)
{
    if (!doc)
        return;
    for (size_t i = 0; i < doc->blocks.count; i++)
        block_dispose(&doc->blocks.items[i]);
    fd_vec_dispose(&doc->blocks);
    fd_vec_dispose(&doc->properties);
    fd_arena_free(doc->arena);
    free(doc);
}

const char *fd_docx_doc_property(const fd_docx_doc *doc, const char *name)
{
    for (size_t i = 0; i < doc->properties.count; i++)
        if (strcmp(doc->properties.items[i].name, name) == 0)
            return doc->properties.items[i].value;
    return NULL;
}

void fd_docx_spans_text(fd_buf *out, const fd_docx_span *spans, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fd_buf_puts(out, spans[i].text);
}
