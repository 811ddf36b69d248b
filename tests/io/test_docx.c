/* DOCX: what is written comes back; what people and editors do to it is seen; bad files are named.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/docx.h"
#include "zip_parts.h"

#define OPEN                                                                                       \
    "<w:document "                                                                                 \
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>"
#define CLOSE "</w:body></w:document>"

static fd_docx_doc *read_back(fd_docx *d)
{
    fd_docx_doc *doc;
    char *bytes;
    size_t length;

    assert_int_equal(fd_docx_pack(d, &bytes, &length), 0);
    assert_int_equal(fd_docx_read(&doc, NULL, bytes, length, "memory"), 0);
    free(bytes);
    return doc;
}

static void assert_text(const fd_docx_span *spans, size_t count, const char *expected)
{
    fd_buf text = FD_BUF_INIT;

    fd_docx_spans_text(&text, spans, count);
    assert_string_equal(fd_buf_text(&text), expected);
    fd_buf_dispose(&text);
}

static void test_round_trip(void **state)
{
    fd_docx *d = fd_docx_new();
    fd_docx_span spans[] = { { "同比增长", NULL, NULL, 0 },
                             { "4.1", "fd:city_growth@2024", "4.1|2", 0 },
                             { "%,<&>\"\x01"
                               "粗",
                               NULL, NULL, FD_DOCX_BOLD } };
    fd_docx_column columns[] = { { 2, FD_DOCX_LEFT }, { 1, FD_DOCX_RIGHT } };
    fd_docx_cell header[] = { { &spans[0], 1 }, { &spans[0], 1 } };
    fd_docx_cell row[] = { { &spans[0], 1 }, { &spans[1], 1 } };
    fd_docx_doc *doc;
    const fd_docx_block *b;

    (void)state;
    fd_docx_set_title(d, "标题");
    fd_docx_property(d, "fangding.args", "a=\"1\" & b");
    fd_docx_footer_mark(d, "示例");
    fd_docx_text(d, FD_DOCX_TITLE, "标题");
    fd_docx_paragraph(d, FD_DOCX_BODY, spans, 3, "_fd_增速_0123456789ab");
    fd_docx_table_begin(d, columns, 2, "_fd_t_1");
    fd_docx_table_row(d, true, header);
    fd_docx_table_row(d, false, row);
    fd_docx_table_end(d);
    doc = read_back(d);
    assert_string_equal(fd_docx_doc_property(doc, "fangding.args"), "a=\"1\" & b");
    assert_null(fd_docx_doc_property(doc, "other"));
    assert_int_equal(doc->blocks.count, 3);
    assert_int_equal(fd_docx_style_of(doc->blocks.items[0].style), FD_DOCX_TITLE);
    b = &doc->blocks.items[1];
    assert_int_equal(b->spans.count, 3);
    assert_text(b->spans.items, 3, "同比增长4.1%,<&>\"粗");
    assert_string_equal(b->spans.items[1].tag, "fd:city_growth@2024");
    assert_string_equal(b->spans.items[1].title, "4.1|2");
    assert_null(b->spans.items[2].tag);
    assert_int_equal(b->spans.items[2].flags, FD_DOCX_BOLD);
    assert_int_equal(b->marks.count, 1);
    assert_string_equal(b->marks.items[0], "_fd_增速_0123456789ab");
    b = &doc->blocks.items[2];
    assert_true(b->is_table);
    assert_int_equal(b->rows.count, 2);
    assert_string_equal(b->marks.items[0], "_fd_t_1");
    assert_string_equal(b->rows.items[1].cells.items[1].spans.items[0].tag, "fd:city_growth@2024");
    fd_docx_doc_free(doc);
    fd_docx_free(d);
}

static void test_same_bytes(void **state)
{
    char *bytes[2];
    size_t length[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        fd_docx *d = fd_docx_new();
        const char *const names[] = { "甲", "乙", "合计" };
        double values[] = { 2, -3, -1 };
        fd_docx_series series = { "拉动", values };
        fd_docx_chart chart = { FD_DOCX_WATERFALL, "图", "百分点", 2, names, 3, &series, 1 };

        fd_docx_chart_add(d, &chart);
        chart.kind = FD_DOCX_LINE;
        values[1] = NAN;
        fd_docx_chart_add(d, &chart);
        chart.kind = FD_DOCX_BARS;
        fd_docx_chart_add(d, &chart);
        assert_int_equal(fd_docx_picture(d, "GIF89a..", 8, 10, 10, ""), FD_EFORMAT);
        assert_int_equal(fd_docx_picture(d, "\x89PNG\r\n\x1a\n....", 12, 10, 10, "图"), 0);
        assert_int_equal(fd_docx_pack(d, &bytes[i], &length[i]), 0);
        fd_docx_free(d);
    }
    assert_int_equal(length[0], length[1]);
    assert_memory_equal(bytes[0], bytes[1], length[0]);
    free(bytes[0]);
    free(bytes[1]);
}

/* Text of the first block of a hand-made document, with the tag of each span behind it. */
static const struct {
    const char *what, *body, *expected;
} bodies[] = {
    { "runs join", "<w:p><w:r><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r></w:p>", "ab" },
    { "deleted text is out, inserted in",
      "<w:p><w:del><w:r><w:delText>x</w:delText><w:t>y</w:t></w:r></w:del><w:ins><w:r><w:t>z</w:t>"
      "</w:r></w:ins></w:p>",
      "z" },
    { "field codes and drawings are out",
      "<w:p><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:drawing><w:t>q</w:t></w:drawing>"
      "<w:t>1</w:t></w:r></w:p>",
      "1" },
    { "a control around the paragraph",
      "<w:sdt><w:sdtPr><w:tag w:val=\"T\"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>a</w:t></w:r>"
      "</w:p></w:sdtContent></w:sdt>",
      "a{T}" },
    { "the innermost control names the text",
      "<w:p><w:sdt><w:sdtPr><w:tag w:val=\"A\"/></w:sdtPr><w:sdtContent><w:r><w:t>1</w:t></w:r>"
      "<w:sdt><w:sdtPr><w:tag w:val=\"B\"/></w:sdtPr><w:sdtContent><w:r><w:t>2</w:t></w:r>"
      "</w:sdtContent></w:sdt></w:sdtContent></w:sdt><w:r><w:t>3</w:t></w:r></w:p>",
      "1{A}2{B}3" },
    { "breaks and tabs", "<w:p><w:r><w:t>a</w:t><w:br/><w:tab/><w:t>b</w:t></w:r></w:p>",
      "a\n\tb" },
    { "a page break is no text", "<w:p><w:r><w:br w:type=\"page\"/><w:t>a</w:t></w:r></w:p>", "a" },
    { "a nested table is text of the cell",
      "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>b"
      "</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>",
      "a\nb" },
    { "an empty paragraph", "<w:p/>", "" },
};

static void test_bodies(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        fd_buf text = FD_BUF_INIT, got = FD_BUF_INIT;
        zip_part part = { "word/document.xml", NULL, 0 };
        const fd_docx_spans *spans;
        fd_docx_doc *doc;
        size_t size;
        char *bytes;

        fd_buf_printf(&text, "%s%s%s", OPEN, bodies[i].body, CLOSE);
        part.text = fd_buf_text(&text);
        bytes = zip_parts(&part, 1, &size);
        assert_int_equal(fd_docx_read(&doc, NULL, bytes, size, "memory"), 0);
        assert_int_equal(doc->blocks.count, 1);
        spans = doc->blocks.items[0].is_table
                    ? &doc->blocks.items[0].rows.items[0].cells.items[0].spans
                    : &doc->blocks.items[0].spans;
        for (size_t k = 0; k < spans->count; k++) {
            fd_buf_puts(&got, spans->items[k].text);
            if (spans->items[k].tag)
                fd_buf_printf(&got, "{%s}", spans->items[k].tag);
        }
        if (strcmp(fd_buf_text(&got), bodies[i].expected) != 0)
            fail_msg("%s: %s", bodies[i].what, fd_buf_text(&got));
        fd_docx_doc_free(doc);
        free(bytes);
        fd_buf_dispose(&text);
        fd_buf_dispose(&got);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *name, *text;
        int code;
    } cases[] = {
        { "word/document.xml", "<w:document><w:body>", FD_EFORMAT },
        { "word/document.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", FD_EFORMAT },
        { "xl/workbook.xml", "<workbook/>", FD_EFORMAT },
    };
    fd_docx_doc *doc;

    (void)state;
    assert_int_equal(fd_docx_read(&doc, NULL, "no zip at all", 13, "memory"), FD_EFORMAT);
    assert_null(doc);
    assert_int_equal(fd_docx_read(&doc, "no/such/file.docx", NULL, 0, "no/such/file.docx"),
                     FD_ENOTFOUND);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zip_part part = { cases[i].name, cases[i].text, 0 };
        size_t size;
        char *bytes = zip_parts(&part, 1, &size);

        assert_int_equal(fd_docx_read(&doc, NULL, bytes, size, "memory"), cases[i].code);
        assert_null(doc);
        assert_string_equal(fd_error_last()->file, "memory");
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
