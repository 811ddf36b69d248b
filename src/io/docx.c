#include "io/docx.h"

#include <stdlib.h>
#include <zip.h>

#include "base/utf8.h"
#include "io/docx_internal.h"
#include "io/file.h"

/* 2000-01-01: a fixed time in every archive, so that the same paper gives the same bytes. */
#define FIXED_TIME 946684800

fd_docx *fd_docx_new(void)
{
    fd_docx *d = fd_alloc(sizeof *d);

    d->next_id = 1;
    return d;
}

static void parts_free(fd_docx__part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(parts[i].name);
        free(parts[i].bytes);
    }
    free(parts);
}

void fd_docx_free(fd_docx *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->properties.count; i++) {
        free(d->properties.items[i].name);
        free(d->properties.items[i].value);
    }
    fd_vec_dispose(&d->properties);
    parts_free(d->charts.items, d->charts.count);
    parts_free(d->pictures.items, d->pictures.count);
    fd_vec_dispose(&d->columns);
    fd_buf_dispose(&d->body);
    free(d->title);
    free(d->footer_mark);
    free(d->pending_bookmark);
    free(d);
}

void fd_docx__escape(fd_buf *out, const char *text)
{
    size_t length = strlen(text), at = 0;

    while (at < length) {
        size_t from = at;
        uint32_t c = fd_utf8_next(text, length, &at);

        if (c == '&')
            fd_buf_puts(out, "&amp;");
        else if (c == '<')
            fd_buf_puts(out, "&lt;");
        else if (c == '>')
            fd_buf_puts(out, "&gt;");
        else if (c == '"')
            fd_buf_puts(out, "&quot;");
        else if (c == 0xFFFD)
            fd_buf_puts(out, "\xEF\xBF\xBD");
        else if (c >= 0x20 || c == '\t' || c == '\n')
            if (c != 0xFFFE && c != 0xFFFF)
                fd_buf_put(out, text + from, at - from);
    }
}

static void replace(char **to, const char *text)
{
    free(*to);
    *to = text ? fd_strdup(text) : NULL;
}

void fd_docx_set_title(fd_docx *d, const char *title)
{
    replace(&d->title, title);
}

void fd_docx_set_compact(fd_docx *d, bool is_compact)
{
    d->is_compact = is_compact;
}

void fd_docx_footer_mark(fd_docx *d, const char *text)
{
    replace(&d->footer_mark, text);
}

void fd_docx_property(fd_docx *d, const char *name, const char *value)
{
    fd_vec_push(&d->properties, ((fd_docx__property){ fd_strdup(name), fd_strdup(value) }));
}

static void put_run(fd_buf *out, const fd_docx_span *s)
{
    fd_buf_puts(out, "<w:r>");
    if (s->flags & (FD_DOCX_BOLD | FD_DOCX_ITALIC))
        fd_buf_printf(out, "<w:rPr>%s%s</w:rPr>", s->flags & FD_DOCX_BOLD ? "<w:b/>" : "",
                      s->flags & FD_DOCX_ITALIC ? "<w:i/>" : "");
    if (s->flags & FD_DOCX_BREAK)
        fd_buf_puts(out, "<w:br/>");
    fd_buf_puts(out, "<w:t xml:space=\"preserve\">");
    fd_docx__escape(out, s->text);
    fd_buf_puts(out, "</w:t></w:r>");
}

static void put_spans(fd_docx *d, const fd_docx_span *spans, size_t count)
{
    fd_buf *out = &d->body;

    for (size_t i = 0; i < count; i++) {
        if (!spans[i].tag) {
            put_run(out, &spans[i]);
            continue;
        }
        fd_buf_puts(out, "<w:sdt><w:sdtPr>");
        if (spans[i].title) {
            fd_buf_puts(out, "<w:alias w:val=\"");
            fd_docx__escape(out, spans[i].title);
            fd_buf_puts(out, "\"/>");
        }
        fd_buf_puts(out, "<w:tag w:val=\"");
        fd_docx__escape(out, spans[i].tag);
        fd_buf_printf(out, "\"/><w:id w:val=\"%d\"/><w:text/></w:sdtPr><w:sdtContent>",
                      d->next_id++);
        put_run(out, &spans[i]);
        fd_buf_puts(out, "</w:sdtContent></w:sdt>");
    }
}

/* @return the bookmark's number, or 0 */
static int open_bookmark(fd_docx *d, const char *name)
{
    if (!name)
        return 0;
    fd_buf_printf(&d->body, "<w:bookmarkStart w:id=\"%d\" w:name=\"", d->next_id);
    fd_docx__escape(&d->body, name);
    fd_buf_puts(&d->body, "\"/>");
    return d->next_id++;
}

static void close_bookmark(fd_docx *d, int id)
{
    if (id)
        fd_buf_printf(&d->body, "<w:bookmarkEnd w:id=\"%d\"/>", id);
}

void fd_docx_paragraph(fd_docx *d, fd_docx_style style, const fd_docx_span *spans, size_t count,
                       const char *bookmark)
{
    int id;

    fd_buf_printf(&d->body, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr>",
                  fd_docx_style_id(style), d->keep_next ? "<w:keepNext/>" : "");
    d->keep_next = false;
    id = open_bookmark(d, bookmark);
    /* Closed at once: one that ends behind a full last line makes an empty line in LibreOffice. */
    close_bookmark(d, id);
    put_spans(d, spans, count);
    fd_buf_puts(&d->body, "</w:p>");
}

void fd_docx_keep_next(fd_docx *d)
{
    d->keep_next = true;
}

void fd_docx_text(fd_docx *d, fd_docx_style style, const char *text)
{
    fd_docx_span span = { text, NULL, NULL, 0 };

    fd_docx_paragraph(d, style, &span, 1, NULL);
}

void fd_docx_page_break(fd_docx *d)
{
    fd_buf_puts(&d->body, "<w:p><w:pPr><w:pStyle w:val=\"FdNote\"/></w:pPr><w:r><w:br "
                          "w:type=\"page\"/></w:r></w:p>");
}

static int column_width(const fd_docx *d, size_t column)
{
    double whole = 0;

    for (size_t i = 0; i < d->columns.count; i++)
        whole += d->columns.items[i].weight;
    return whole > 0 ? (int)(FD_DOCX__WIDTH * d->columns.items[column].weight / whole)
                     : FD_DOCX__WIDTH;
}

void fd_docx_table_begin(fd_docx *d, const fd_docx_column *columns, size_t count,
                         const char *bookmark)
{
    d->columns.count = 0;
    for (size_t i = 0; i < count; i++)
        fd_vec_push(&d->columns, columns[i]);
    /* Not every editor keeps a bookmark around a table: it goes into the first cell. */
    replace(&d->pending_bookmark, bookmark);
    fd_buf_printf(&d->body,
                  "<w:tbl><w:tblPr><w:tblStyle w:val=\"FdTable\"/><w:tblW w:w=\"%d\" "
                  "w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblLayout w:type=\"fixed\"/>"
                  "<w:tblLook w:val=\"0000\"/></w:tblPr><w:tblGrid>",
                  FD_DOCX__WIDTH);
    for (size_t i = 0; i < count; i++)
        fd_buf_printf(&d->body, "<w:gridCol w:w=\"%d\"/>", column_width(d, i));
    fd_buf_puts(&d->body, "</w:tblGrid>");
}

void fd_docx_table_row(fd_docx *d, bool is_header, const fd_docx_cell *cells)
{
    static const char *const aligns[] = { "left", "center", "right" };

    fd_buf_printf(&d->body, "<w:tr><w:trPr><w:cantSplit/>%s</w:trPr>",
                  is_header ? "<w:tblHeader/>" : "");
    for (size_t i = 0; i < d->columns.count; i++) {
        const char *align = aligns[is_header ? FD_DOCX_CENTER : d->columns.items[i].align];
        int id;

        fd_buf_printf(&d->body,
                      "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/>%s<w:vAlign "
                      "w:val=\"center\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"FdCell\"/>%s<w:jc "
                      "w:val=\"%s\"/></w:pPr>",
                      column_width(d, i),
                      is_header ? "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"E7E6E6\"/>"
                                : "",
                      is_header ? "<w:keepNext/>" : "", align);
        id = open_bookmark(d, d->pending_bookmark);
        put_spans(d, cells[i].spans, cells[i].count);
        close_bookmark(d, id);
        replace(&d->pending_bookmark, NULL);
        fd_buf_puts(&d->body, "</w:p></w:tc>");
    }
    fd_buf_puts(&d->body, "</w:tr>");
}

void fd_docx_table_end(fd_docx *d)
{
    fd_buf_puts(&d->body, "</w:tbl>");
}

/* The paragraph that holds a drawing. */
static void put_drawing(fd_docx *d, long width, long height, const char *text, const char *graphic)
{
    int id = d->next_id++;

    fd_buf_printf(&d->body,
                  "<w:p><w:pPr><w:pStyle w:val=\"FdCaption\"/><w:keepNext w:val=\"0\"/><w:spacing "
                  "w:before=\"0\" "
                  "w:after=\"0\"/></w:pPr><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" "
                  "distL=\"0\" distR=\"0\"><wp:extent cx=\"%ld\" cy=\"%ld\"/><wp:docPr id=\"%d\" "
                  "name=\"fangding %d\" descr=\"",
                  width, height, id, id);
    fd_docx__escape(&d->body, text ? text : "");
    fd_buf_printf(&d->body,
                  "\"/><wp:cNvGraphicFramePr/><a:graphic>%s</a:graphic></wp:inline></w:drawing>"
                  "</w:r></w:p>",
                  graphic);
}

void fd_docx_chart_add(fd_docx *d, const fd_docx_chart *chart)
{
    size_t n = d->charts.count + 1;
    long rows = chart->kind == FD_DOCX_BARS ? (long)chart->category_count : 10;
    fd_buf part = FD_BUF_INIT, graphic = FD_BUF_INIT, name = FD_BUF_INIT;
    size_t length;

    fd_docx__chart(&part, chart);
    length = part.len;
    fd_buf_printf(&name, "word/charts/chart%zu.xml", n);
    fd_vec_push(&d->charts, ((fd_docx__part){ fd_buf_take(&name), fd_buf_take(&part), length }));
    fd_buf_printf(&graphic,
                  "<a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\">"
                  "<c:chart r:id=\"rIdC%zu\"/></a:graphicData>",
                  n);
    put_drawing(d, FD_DOCX__WIDTH_EMU, (rows * 5 + 14) * FD_DOCX__EMU_MM, chart->title,
                fd_buf_text(&graphic));
    fd_buf_dispose(&graphic);
    fd_buf_dispose(&name);
}

/* A PNG by its signature, an EMF by its first record and its mark at byte 40; NULL: neither. */
static const char *picture_kind(const void *bytes, size_t length)
{
    if (length >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
        return "png";
    if (length >= 44 && memcmp(bytes, "\1\0\0\0", 4) == 0 &&
        memcmp((const char *)bytes + 40, " EMF", 4) == 0)
        return "emf";
    return NULL;
}

int fd_docx_picture(fd_docx *d, const void *picture, size_t length, double width_mm,
                    double height_mm, const char *alternative)
{
    size_t n = d->pictures.count + 1;
    long width = (long)(width_mm * (double)FD_DOCX__EMU_MM),
         height = (long)(height_mm * (double)FD_DOCX__EMU_MM);
    const char *kind = picture_kind(picture, length);
    fd_buf graphic = FD_BUF_INIT, name = FD_BUF_INIT, bytes = FD_BUF_INIT;

    if (!kind)
        return fd_error_set(FD_EFORMAT, "不是 PNG 或 EMF 图片", "this is no PNG or EMF picture");
    fd_buf_put(&bytes, picture, length);
    fd_buf_printf(&name, "word/media/image%zu.%s", n, kind);
    fd_vec_push(&d->pictures, ((fd_docx__part){ fd_buf_take(&name), fd_buf_take(&bytes), length }));
    fd_buf_printf(
        &graphic,
        "<a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>"
        "<pic:nvPicPr><pic:cNvPr id=\"%zu\" name=\"image%zu\"/><pic:cNvPicPr/></pic:nvPicPr>"
        "<pic:blipFill><a:blip r:embed=\"rIdP%zu\"/><a:stretch><a:fillRect/></a:stretch>"
        "</pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"%ld\" cy=\"%ld\"/>"
        "</a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>"
        "</a:graphicData>",
        n, n, n, width, height);
    put_drawing(d, width, height, alternative, fd_buf_text(&graphic));
    fd_buf_dispose(&graphic);
    return 0;
}

/* ---- packing ---- */

static void put_types(fd_buf *out, const fd_docx *d)
{
#define TYPE "application/vnd.openxmlformats-officedocument."
    static const char *const parts[][2] = {
        { "/word/document.xml", TYPE "wordprocessingml.document.main+xml" },
        { "/word/styles.xml", TYPE "wordprocessingml.styles+xml" },
        { "/word/settings.xml", TYPE "wordprocessingml.settings+xml" },
        { "/word/fontTable.xml", TYPE "wordprocessingml.fontTable+xml" },
        { "/word/footer1.xml", TYPE "wordprocessingml.footer+xml" },
        { "/word/footer2.xml", TYPE "wordprocessingml.footer+xml" },
        { "/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml" },
        { "/docProps/custom.xml", TYPE "custom-properties+xml" },
    };

    fd_buf_puts(out, FD_DOCX__HEAD
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                "<Default Extension=\"rels\" "
                "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                "<Default Extension=\"png\" ContentType=\"image/png\"/>"
                "<Default Extension=\"emf\" ContentType=\"image/x-emf\"/>");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        fd_buf_printf(out, "<Override PartName=\"%s\" ContentType=\"%s\"/>", parts[i][0],
                      parts[i][1]);
    for (size_t i = 0; i < d->charts.count; i++)
        fd_buf_printf(out,
                      "<Override PartName=\"/%s\" ContentType=\"" TYPE "drawingml.chart+xml\"/>",
                      d->charts.items[i].name);
    fd_buf_puts(out, "</Types>");
#undef TYPE
}

static void put_relations(fd_buf *out, const fd_docx *d)
{
    static const char *const fixed[][2] = { { "styles", "styles.xml" },
                                            { "settings", "settings.xml" },
                                            { "fontTable", "fontTable.xml" },
                                            { "footer", "footer1.xml" },
                                            { "footer", "footer2.xml" } };
    const char *format = "<Relationship Id=\"%s%zu\" Type=\"" FD_DOCX__R "/%s\" Target=\"%s\"/>";

    fd_buf_puts(out, FD_DOCX__HEAD "<Relationships "
                                   "xmlns=\"http://schemas.openxmlformats.org/package/2006/"
                                   "relationships\">");
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        fd_buf_printf(out, format, "rId", i + 1, fixed[i][0], fixed[i][1]);
    for (size_t i = 0; i < d->charts.count; i++)
        fd_buf_printf(out, format, "rIdC", i + 1, "chart", d->charts.items[i].name + 5);
    for (size_t i = 0; i < d->pictures.count; i++)
        fd_buf_printf(out, format, "rIdP", i + 1, "image", d->pictures.items[i].name + 5);
    fd_buf_puts(out, "</Relationships>");
}

static void put_custom(fd_buf *out, const fd_docx *d)
{
    fd_buf_puts(out, FD_DOCX__HEAD
                "<Properties "
                "xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" "
                "xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/"
                "docPropsVTypes\">");
    for (size_t i = 0; i < d->properties.count; i++) {
        fd_buf_printf(out,
                      "<property fmtid=\"{D5CDD505-2E9C-101B-9397-08002B2CF9AE}\" pid=\"%zu\" "
                      "name=\"",
                      i + 2);
        fd_docx__escape(out, d->properties.items[i].name);
        fd_buf_puts(out, "\"><vt:lpwstr>");
        fd_docx__escape(out, d->properties.items[i].value);
        fd_buf_puts(out, "</vt:lpwstr></property>");
    }
    fd_buf_puts(out, "</Properties>");
}

static void put_core(fd_buf *out, const fd_docx *d)
{
    fd_buf_puts(out, FD_DOCX__HEAD
                "<cp:coreProperties "
                "xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/"
                "core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>");
    fd_docx__escape(out, d->title ? d->title : "");
    fd_buf_puts(out, "</dc:title><dc:creator>方鼎</dc:creator></cp:coreProperties>");
}

static void put_document(fd_buf *out, const fd_docx *d)
{
    fd_buf_puts(out, FD_DOCX__HEAD
                "<w:document xmlns:w=\"" FD_DOCX__W "\" xmlns:r=\"" FD_DOCX__R "\" "
                "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/"
                "wordprocessingDrawing\" "
                "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "
                "xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" "
                "xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"><w:body>");
    fd_buf_put(out, fd_buf_text(&d->body), d->body.len);
    fd_docx__section(out);
    fd_buf_puts(out, "</w:body></w:document>");
}

static int add_part(zip_t *zip, const char *name, const char *bytes, size_t length)
{
    zip_source_t *source = zip_source_buffer(zip, bytes, length, 0);
    zip_int64_t index = source ? zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) : -1;

    if (index < 0) {
        if (source)
            zip_source_free(source);
        return fd_error_set(FD_EIO, "写不成 %s:%s", "cannot pack %s: %s", name, zip_strerror(zip));
    }
    zip_file_set_mtime(zip, (zip_uint64_t)index, FIXED_TIME, 0);
    zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, 6);
    return 0;
}

/* The parts made here; those of charts and pictures are the document's own. */
enum {
    TYPES,
    RELS,
    DOCUMENT,
    DOCUMENT_RELS,
    STYLES,
    SETTINGS,
    FONTS,
    ODD,
    EVEN,
    CORE,
    CUSTOM,
    MADE
};

static void make_parts(fd_buf *made, const fd_docx *d)
{
    put_types(&made[TYPES], d);
    fd_buf_puts(&made[RELS], FD_DOCX__HEAD
                "<Relationships "
                "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                "<Relationship Id=\"rId1\" Type=\"" FD_DOCX__R
                "/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"rId2\" "
                "Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
                "core-properties\" Target=\"docProps/core.xml\"/><Relationship Id=\"rId3\" "
                "Type=\"" FD_DOCX__R
                "/custom-properties\" Target=\"docProps/custom.xml\"/></Relationships>");
    put_document(&made[DOCUMENT], d);
    put_relations(&made[DOCUMENT_RELS], d);
    fd_docx__styles(&made[STYLES], d->is_compact);
    fd_docx__settings(&made[SETTINGS]);
    fd_docx__fonts(&made[FONTS]);
    fd_docx__footer(&made[ODD], d->footer_mark, false);
    fd_docx__footer(&made[EVEN], d->footer_mark, true);
    put_core(&made[CORE], d);
    put_custom(&made[CUSTOM], d);
}

static int pack_all(zip_t *zip, const fd_docx *d, fd_buf *made)
{
    static const char *const names[MADE] = {
        [TYPES] = "[Content_Types].xml",  [RELS] = "_rels/.rels",
        [DOCUMENT] = "word/document.xml", [DOCUMENT_RELS] = "word/_rels/document.xml.rels",
        [STYLES] = "word/styles.xml",     [SETTINGS] = "word/settings.xml",
        [FONTS] = "word/fontTable.xml",   [ODD] = "word/footer1.xml",
        [EVEN] = "word/footer2.xml",      [CORE] = "docProps/core.xml",
        [CUSTOM] = "docProps/custom.xml",
    };
    int err = 0;

    make_parts(made, d);
    for (size_t i = 0; i < MADE && err >= 0; i++)
        err = add_part(zip, names[i], fd_buf_text(&made[i]), made[i].len);
    for (size_t i = 0; i < d->charts.count && err >= 0; i++)
        err = add_part(zip, d->charts.items[i].name, d->charts.items[i].bytes,
                       d->charts.items[i].length);
    for (size_t i = 0; i < d->pictures.count && err >= 0; i++)
        err = add_part(zip, d->pictures.items[i].name, d->pictures.items[i].bytes,
                       d->pictures.items[i].length);
    return err;
}

int fd_docx_pack(fd_docx *d, char **bytes, size_t *length)
{
    zip_error_t error;
    zip_source_t *whole;
    zip_t *zip = NULL;
    zip_stat_t st;
    fd_buf made[MADE];
    int err = 0;

    *bytes = NULL;
    *length = 0;
    memset(made, 0, sizeof made);
    zip_error_init(&error);
    whole = zip_source_buffer_create(NULL, 0, 0, &error);
    if (!whole || !(zip = zip_open_from_source(whole, ZIP_TRUNCATE, &error))) {
        err = fd_error_set(FD_ENOMEM, "内存不足", "out of memory");
        goto done;
    }
    zip_source_keep(whole);
    if ((err = pack_all(zip, d, made)) < 0)
        goto done;
    if (zip_close(zip) != 0) {
        err = fd_error_set(FD_EIO, "写不成文档:%s", "cannot pack the document: %s",
                           zip_strerror(zip));
        goto done;
    }
    zip = NULL;
    zip_stat_init(&st);
    if (zip_source_open(whole) != 0 || zip_source_stat(whole, &st) != 0) {
        err = fd_error_set(FD_EIO, "写不成文档", "cannot pack the document");
        goto done;
    }
    *bytes = fd_alloc((size_t)st.size + 1);
    *length = (size_t)zip_source_read(whole, *bytes, st.size);
    zip_source_close(whole);
done:
    if (zip)
        zip_discard(zip);
    if (whole)
        zip_source_free(whole);
    zip_error_fini(&error);
    for (size_t i = 0; i < MADE; i++)
        fd_buf_dispose(&made[i]);
    return err < 0 ? err : 0;
}

int fd_docx_save(fd_docx *d, const char *path)
{
    char *bytes;
    size_t length;
    int err;

    if ((err = fd_docx_pack(d, &bytes, &length)) < 0)
        return err;
    err = fd_file_write(path, bytes, length);
    free(bytes);
    return err;
}
