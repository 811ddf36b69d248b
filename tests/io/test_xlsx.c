/* The XLSX reader: what libxlsxwriter writes comes back; workbooks of hand-made parts for the odd
 * cases. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fangding/arena.h"
#include "io/rows.h"
#include "io/xlsx.h"
#include "io/xlsx_number.h"
#include "io/xlsxw.h"
#include "zip_parts.h"

#define RELS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define MAIN                                                                                       \
    "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"" RELS "\""

static const char package_rels[] =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Type=\"" RELS "/officeDocument\" Target=\"xl/workbook.xml\"/>"
    "</Relationships>";
static const char book_rels[] =
    "<Relationships>"
    "<Relationship Id=\"rId1\" Type=\"" RELS "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"" RELS
    "/worksheet\" Target=\"/xl/worksheets/../worksheets/sheet2.xml\"/>"
    "<Relationship Id=\"rId3\" Type=\"" RELS "/chartsheet\" Target=\"chartsheets/sheet1.xml\"/>"
    "<Relationship Id=\"rId4\" Type=\"" RELS "/styles\" Target=\"styles.xml\"/>"
    "<Relationship Id=\"rId5\" Type=\"" RELS "/sharedStrings\" Target=\"sharedStrings.xml\"/>"
    "</Relationships>";
static const char one_sheet[] =
    "<workbook " MAIN
    "><sheets><sheet name=\"表一\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
static const char styles[] =
    "<styleSheet " MAIN "><numFmts count=\"2\"><numFmt numFmtId=\"170\" "
    "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/>"
    "<numFmt numFmtId=\"171\" formatCode=\"0.00_);[Red]\\(0.00\\)\"/></numFmts>"
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/>"
    "<xf numFmtId=\"22\"/><xf numFmtId=\"20\"/></cellXfs>"
    "<dxfs><dxf><numFmt numFmtId=\"171\" formatCode=\"yyyy\"/></dxf></dxfs></styleSheet>";
static const char strings[] =
    "<sst " MAIN "><si><t>林州市</t></si><si><r><rPr><b/></rPr><t>工业</t></r><r><t "
    "xml:space=\"preserve\"> 总产值</t></r>"
    "<rPh sb=\"0\" "
    "eb=\"1\"><t>yin</t></rPh></si><si><t/></si><si><t>a_x000D_\nb_x005F_x_xZZZZ_</t></si></sst>";

static char *workbook(const char *book, const char *sheet1, const char *sheet2, size_t *size)
{
    const zip_part parts[] = {
        { "_rels/.rels", package_rels, 0 },
        { "xl/workbook.xml", book, 0 },
        { "xl/_rels/workbook.xml.rels", book_rels, 0 },
        { sheet1 ? "xl/worksheets/sheet1.xml" : NULL, sheet1, 0 },
        { sheet2 ? "xl/worksheets/sheet2.xml" : NULL, sheet2, 0 },
        { "xl/styles.xml", styles, 0 },
        { "xl/sharedStrings.xml", strings, 0 },
    };

    return zip_parts(parts, sizeof parts / sizeof *parts, size);
}

/* "3: N12.5| E|": row number, then kind letter and text of each cell, 'm' before a merged one. */
static int render(fd_buf *out, fd_rows *rows)
{
    static const char kinds[] = "-TNDBE";
    const fd_row *row;
    int err;

    while ((err = fd_rows_next(rows, &row)) > 0) {
        fd_buf_printf(out, "%ld%s:", row->number, row->hidden ? "h" : "");
        for (size_t i = 0; i < row->count; i++) {
            const fd_cell *cell = &row->cells[i];

            fd_buf_puts(out, cell->merged ? "m" : "");
            fd_buf_puts(out, cell->formula ? "=" : "");
            fd_buf_putc(out, kinds[cell->kind]);
            if (cell->unit)
                fd_buf_putc(out, cell->unit);
            fd_buf_view(out, cell->text);
            fd_buf_putc(out, '|');
        }
        fd_buf_putc(out, '\n');
    }
    return err;
}

typedef struct sheet_case {
    const char *label, *rows, *behind; /* what stands in sheetData, and behind it */
    const char *expect;
    int err;
    long row, column;
} sheet_case;

static const sheet_case cases[] = {
    { "kinds",
      "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"str\"><f>A1</f><v>x</v></c><c "
      "r=\"C1\" t=\"b\"><v>1</v></c>"
      "<c r=\"D1\" t=\"e\"><v>#DIV/0!</v></c><c r=\"E1\"><v>12.5</v></c><c r=\"F1\" "
      "t=\"inlineStr\"><is><t>in</t></is></c></row>",
      "", "1:T林州市|=Tx|BTRUE|E#DIV/0!|N12.5|Tin|\n", 0, 0, 0 },
    { "runs, phonetics, escapes, an empty string",
      "<row><c t=\"s\"><v>1</v></c><c t=\"s\"><v>3</v></c><c "
      "t=\"s\"><v>2</v></c><c><v>1</v></c></row>",
      "", "1:T工业 总产值|Ta\r\nb_x_xZZZZ_|-|N1|\n", 0, 0, 0 },
    { "inline runs",
      "<row><c "
      "t=\"inlineStr\"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>no</t></rPh></is></c></row>",
      "", "1:Tab|\n", 0, 0, 0 },
    { "rows and cells left out",
      "<row r=\"3\"><c r=\"C3\"><v>1</v></c></row><row><c><v>2</v></c><c "
      "r=\"D4\"><v>3</v></c></row><row r=\"9\" hidden=\"1\"><c><v>4</v></c></row>",
      "", "3:-|-|N1|\n4:N2|-|-|N3|\n9h:N4|\n", 0, 0, 0 },
    { "rows of formatted blanks",
      "<row r=\"1\"><c r=\"A1\" s=\"1\"/></row><row r=\"2\"/><row r=\"3\"><c "
      "r=\"A3\"><v>1</v></c><c r=\"B3\" s=\"2\"/></row>",
      "", "3:N1|\n", 0, 0, 0 },
    { "a formula without a result",
      "<row><c><f>1+1</f></c><c><v>1</v></c></row><row><c><f>B9</f></c></row>", "",
      "1:=-|N1|\n2:=-|\n", 0, 0, 0 },
    { "binary noise",
      "<row><c><v>12.300000000000001</v></c><c><v>0.30000000000000004</v></c><c><v>1.2E-3</v></"
      "c><c><v>4.1152119800101101E+17</v></c><c><v>411521198001011234</v></c></row>",
      "", "1:N12.3|N0.3|N0.0012|N411521198001011000|N411521198001011234|\n", 0, 0, 0 },
    { "dates",
      "<row><c s=\"1\"><v>45356</v></c><c s=\"2\"><v>45352</v></c><c s=\"3\"><v>45356</v></c><c "
      "s=\"4\"><v>45356.5625</v></c><c s=\"5\"><v>0.5625</v></c><c s=\"1\"><v>-3</v></c><c "
      "t=\"d\"><v>2024-03-05T00:00:00</v></c></row>",
      "", "1:Dd2024-03-05|Dm2024-03-01|N45356|Dt2024-03-05 13:30:00|T13:30:00|N-3|Dd2024-03-05|\n",
      0, 0, 0 },
    { "dates in ISO 8601",
      "<row><c t=\"d\"><v>2024-03-05</v></c><c t=\"d\"><v>2024-03-05T13:30:00.5Z</v></c><c "
      "t=\"d\"><v>2024-02-30</v></c>"
      "<c t=\"d\"><v>2024-03-05T13:30:0\xC2\xA0"
      "0Z</v></c><c t=\"d\"><v> </v></c><c t=\"d\"><v>13:30:00</v></c></row>",
      "",
      "1:Dd2024-03-05|Dt2024-03-05 13:30:00|T2024-02-30|T2024-03-05T13:30:0\xC2\xA0"
      "0Z|-|T13:30:00|\n",
      0, 0, 0 },
    { "a number that is none", "<row><c><v>x1</v></c></row>", "", "1:Tx1|\n", 0, 0, 0 },
    { "two-row header",
      "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row><row "
      "r=\"2\"><c r=\"B2\"><v>1</v></c><c r=\"C2\"><v>2</v></c></row><row r=\"3\"><c "
      "r=\"A3\"><v>5</v></c></row>",
      "<mergeCells count=\"2\"><mergeCell ref=\"B1:C1\"/><mergeCell ref=\"A1:A2\"/></mergeCells>",
      "1:mT林州市|mT工业 总产值|mT工业 总产值|\n2:mT林州市|N1|N2|\n3:N5|\n", 0, 0, 0 },
    { "a merged block over rows left out",
      "<row r=\"2\"><c r=\"B2\"><v>7</v></c></row><row r=\"4\"><c r=\"A4\"><v>1</v></c></row><row "
      "r=\"5\"><c r=\"A5\"><v>1</v></c></row>",
      "<mergeCells><mergeCell ref=\"$B$2:$C$4\"/></mergeCells>",
      "2:-|mN7|mN7|\n4:N1|mN7|mN7|\n5:N1|\n", 0, 0, 0 },
    { "an empty merged range", "<row r=\"1\"><c r=\"A1\" s=\"1\"/><c r=\"C1\"><v>1</v></c></row>",
      "<mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>", "1:-|-|N1|\n", 0, 0, 0 },
    { "prefixes", "<x:row xmlns:x=\"y\"><x:c><x:v>1</x:v></x:c></x:row>", "", "1:N1|\n", 0, 0, 0 },
    { "the same cell twice", "<row><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>", "",
      "1:N2|\n", 0, 0, 0 },
    { "a shared string that is not there", "<row r=\"2\"><c r=\"C2\" t=\"s\"><v>4</v></c></row>",
      "", "", FD_EFORMAT, 2, 3 },
    { "a shared string without a number", "<row r=\"2\"><c r=\"C2\" t=\"s\"><v>-1</v></c></row>",
      "", "", FD_EFORMAT, 2, 3 },
    { "rows out of order", "<row r=\"2\"><c><v>1</v></c></row><row r=\"2\"><c><v>1</v></c></row>",
      "", "2:N1|\n", FD_EFORMAT, 2, 0 },
    { "a place that is none", "<row r=\"2\"><c r=\"2C\"><v>1</v></c></row>", "", "", FD_EFORMAT, 2,
      0 },
    { "too many columns", "<row><c r=\"XFE1\"><v>1</v></c></row>", "", "", FD_EFORMAT, 1, 0 },
    { "too many rows", "<row r=\"1048577\"><c><v>1</v></c></row>", "", "", FD_ELIMIT, 1048577, 0 },
    { "no XML", "<row r=\"1\"><c><v>1</v></c></row><row r=\"2\"><c><v>2</c></row>", "", "1:N1|\n",
      FD_EFORMAT, 2, 0 },
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const sheet_case *c = &cases[i];
        fd_buf sheet = FD_BUF_INIT, got = FD_BUF_INIT;
        const fd_row *row;
        size_t size;
        char *bytes;
        fd_rows *rows;
        int err;

        fd_buf_printf(&sheet,
                      "<worksheet " MAIN
                      "><dimension ref=\"A1\"/><sheetData>%s</sheetData>%s</worksheet>",
                      c->rows, c->behind);
        bytes = workbook(one_sheet, fd_buf_text(&sheet), NULL, &size);
        if (fd_rows_open_memory(&rows, bytes, size, "x.xlsx", NULL) < 0)
            fail_msg("%s: %s", c->label, fd_error_last()->message[FD_EN]);
        err = render(&got, rows);
        if (err != c->err || strcmp(fd_buf_text(&got), c->expect) != 0)
            fail_msg("%s: %d %s, got\n%s\nexpected\n%s", c->label, err,
                     fd_error_last()->message[FD_EN], fd_buf_text(&got), c->expect);
        if (err < 0) {
            assert_string_equal(fd_error_last()->file, "x.xlsx");
            assert_string_equal(fd_error_last()->sheet, "表一");
            assert_int_equal(fd_error_last()->row, c->row);
            assert_int_equal(fd_error_last()->column, c->column);
            assert_int_equal(fd_rows_next(rows, &row), c->err);
        }
        fd_rows_close(rows);
        free(bytes);
        fd_buf_dispose(&sheet);
        fd_buf_dispose(&got);
    }
}

static const char cell1[] =
    "<worksheet " MAIN "><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>";
static const char cell2[] =
    "<worksheet " MAIN
    "><sheetData><row><c s=\"1\"><v>0</v></c></row><row><c><v>9</v></c></row></sheetData>"
    "<mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells></worksheet>";

static void test_sheets(void **state)
{
    static const char book[] =
        "<workbook " MAIN "><workbookPr date1904=\"true\"/><sheets><sheet name=\"后\" "
        "sheetId=\"2\" state=\"hidden\" r:id=\"rId2\"/>"
        "<sheet name=\"图\" sheetId=\"3\" r:id=\"rId3\"/><sheet name=\"A &amp; B\" sheetId=\"1\" "
        "r:id=\"rId1\"/></sheets></workbook>";
    fd_buf got = FD_BUF_INIT;
    size_t size;
    char *bytes = workbook(book, cell1, cell2, &size);
    const fd_row *row;
    fd_rows *rows;

    (void)state;
    assert_int_equal(fd_rows_open_memory(&rows, bytes, size, "x", NULL), 0);
    assert_int_equal(fd_rows_info_of(rows)->format, FD_ROWS_XLSX);
    assert_int_equal(fd_rows_info_of(rows)->sheets, 2);
    assert_string_equal(fd_rows_sheet_of(rows)->name, "后");
    assert_true(fd_rows_sheet_of(rows)->hidden);
    assert_int_equal(fd_rows_sheet_of(rows)->merged_count, 1);
    assert_int_equal(fd_rows_sheet_of(rows)->merged[0].last_column, 2);
    assert_int_equal(fd_rows_next(rows, &row), 1); /* and the second row is left */
    assert_true(fd_view_is(row->cells[0].text, "1904-01-01"));
    assert_true(fd_view_is(row->cells[1].text, "1904-01-01"));
    assert_true(fd_view_is(row->cells[0].raw, "0"));
    assert_int_equal(fd_rows_next_sheet(rows), 1);
    assert_string_equal(fd_rows_sheet_of(rows)->name, "A & B");
    assert_int_equal(fd_rows_sheet_of(rows)->index, 1);
    assert_false(fd_rows_sheet_of(rows)->hidden);
    assert_int_equal(fd_rows_sheet_of(rows)->merged_count, 0);
    assert_int_equal(render(&got, rows), 0);
    assert_string_equal(fd_buf_text(&got), "1:N1|\n");
    assert_int_equal(fd_rows_next(rows, &row), 0);
    assert_int_equal(fd_rows_next_sheet(rows), 0);
    assert_int_equal(fd_rows_next_sheet(rows), 0);
    fd_rows_close(rows);
    fd_buf_dispose(&got);
    free(bytes);
}

/* Archives that cannot be opened, or not be read to their end. */
static void test_refused(void **state)
{
    static const char dtd[] = "<!DOCTYPE a [<!ENTITY b \"bbbb\">]><worksheet><sheetData><row><c "
                              "t=\"str\"><v>&b;</v></c></row></sheetData></worksheet>";
    static const char outside[] = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><workbook/>";
    static const char no_sheets[] = "<workbook " MAIN "><sheets/></workbook>";
    static const char lost[] =
        "<workbook " MAIN
        "><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId77\"/></sheets></workbook>";
    static const char bad_merge[] =
        "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData><mergeCells><mergeCell "
        "ref=\"B2:A1\"/></mergeCells></worksheet>";
    static const char deep[] = "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><"
                               "a><a><a><a><a><a><a><a><a><a><a><a>"
                               "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><"
                               "a><a><a><a><a><a><a><a><a><a><a><a>"
                               "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><"
                               "a><a><a><a><a><a><a><a><a><a><a><a>";
    const struct {
        const char *label, *book, *sheet;
        int err;
    } list[] = {
        { "a declaration in the sheet", one_sheet, dtd, FD_EFORMAT },
        { "an outside declaration", outside, cell1, FD_EFORMAT },
        { "no sheets", no_sheets, cell1, FD_EFORMAT },
        { "a sheet without relation", lost, cell1, FD_EFORMAT },
        { "a sheet without part", one_sheet, NULL, FD_EFORMAT },
        { "a range upside down", one_sheet, bad_merge, FD_EFORMAT },
        { "depth", one_sheet, deep, FD_ELIMIT },
        { "an empty part", one_sheet, " ", FD_EFORMAT },
    };
    const zip_part other[] = { { "word/document.xml", "<a/>", 0 } };
    const fd_row *row;
    fd_rows *rows;
    size_t size;
    char *bytes;

    (void)state;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        int err;

        bytes = workbook(list[i].book, list[i].sheet, NULL, &size);
        err = fd_rows_open_memory(&rows, bytes, size, "x.xlsx", NULL);
        if (err == 0)
            while ((err = fd_rows_next(rows, &row)) > 0)
                ;
        if (err != list[i].err)
            fail_msg("%s: %d instead of %d", list[i].label, err, list[i].err);
        assert_string_equal(fd_error_last()->file, "x.xlsx");
        fd_rows_close(rows);
        free(bytes);
    }
    bytes = zip_parts(other, 1, &size);
    assert_int_equal(fd_rows_open_memory(&rows, bytes, size, "x.docx", NULL), FD_EFORMAT);
    assert_null(rows);
    /* Every truncation is refused or read; none may crash. */
    for (size_t n = 4; n < size; n++)
        assert_int_equal(fd_rows_open_memory(&rows, bytes, n, "x", NULL), FD_EFORMAT);
    free(bytes);
}

static int read_through(const char *bytes, size_t size, const fd_rows_options *options)
{
    const fd_row *row;
    fd_rows *rows;
    int err = fd_rows_open_memory(&rows, bytes, size, "bomb.xlsx", options);

    if (err == 0)
        while ((err = fd_rows_next(rows, &row)) > 0)
            ;
    fd_rows_close(rows);
    return err;
}

static void test_bombs(void **state)
{
    fd_rows_options options = FD_ROWS_OPTIONS_INIT;
    fd_buf sheet = FD_BUF_INIT;
    size_t size;
    char *bytes;

    (void)state;
    /* 24 MB of blanks pack 1000 to 1. */
    fd_buf_puts(&sheet, "<worksheet><sheetData>");
    fd_buf_repeat(&sheet, "                                ", 750000);
    fd_buf_puts(&sheet, "</sheetData></worksheet>");
    bytes = workbook(one_sheet, fd_buf_text(&sheet), NULL, &size);
    assert_true(size < 100000);
    assert_int_equal(read_through(bytes, size, NULL), FD_ELIMIT);
    options.max_ratio = 100000;
    assert_int_equal(read_through(bytes, size, &options), 0);
    options.max_inflated = (uint64_t)20 << 20;
    assert_int_equal(read_through(bytes, size, &options), FD_ELIMIT);
    free(bytes);
    /* One merged range over everything, and thirty thousand rows. */
    fd_buf_clear(&sheet);
    fd_buf_puts(&sheet, "<worksheet><sheetData><row><c><v>1</v></c></row>");
    fd_buf_repeat(&sheet, "<row/>", 30000);
    fd_buf_puts(
        &sheet,
        "</sheetData><mergeCells><mergeCell ref=\"A1:XFD1048576\"/></mergeCells></worksheet>");
    bytes = workbook(one_sheet, fd_buf_text(&sheet), NULL, &size);
    options = (fd_rows_options)FD_ROWS_OPTIONS_INIT;
    options.max_merged = 100000;
    assert_int_equal(read_through(bytes, size, &options), FD_ELIMIT);
    free(bytes);
    /* Shared strings and cells above their caps. */
    bytes = workbook(one_sheet, cell1, NULL, &size);
    options = (fd_rows_options)FD_ROWS_OPTIONS_INIT;
    options.max_strings = 3;
    assert_int_equal(read_through(bytes, size, &options), FD_ELIMIT);
    options.max_strings = 4;
    assert_int_equal(read_through(bytes, size, &options), 0);
    free(bytes);
    fd_buf_dispose(&sheet);
}

static void test_round_trip(void **state)
{
    fd_buf got = FD_BUF_INIT;
    char path[80], again[80];
    struct stat a, b;
    fd_rows *rows;
    fd_xlsxw *w;

    (void)state;
    snprintf(path, sizeof path, "%s/fd_xlsx_%ld.xlsx", P_tmpdir, (long)getpid());
    snprintf(again, sizeof again, "%s/fd_xlsx_%ld_2.xlsx", P_tmpdir, (long)getpid());
    for (int time = 0; time < 2; time++) {
        assert_int_equal(fd_xlsxw_new(&w, time ? again : path), 0);
        assert_int_equal(fd_xlsxw_text(w, 1, 1, FD_VIEW("x"), FD_XLSXW_PLAIN), FD_EINVAL);
        assert_int_equal(fd_xlsxw_sheet(w, "调度表[1]"), 0);
        assert_int_equal(fd_xlsxw_merge(w, 1, 1, 2, 1, FD_VIEW("企业"), FD_XLSXW_HEADER), 0);
        assert_int_equal(fd_xlsxw_merge(w, 1, 2, 1, 3, FD_VIEW("产值"), FD_XLSXW_HEADER), 0);
        assert_int_equal(fd_xlsxw_merge(w, 1, 3, 2, 3, FD_VIEW("overlap"), FD_XLSXW_HEADER),
                         FD_EINVAL);
        assert_int_equal(fd_xlsxw_text(w, 2, 2, FD_VIEW("本年"), FD_XLSXW_HEADER), 0);
        assert_int_equal(fd_xlsxw_text(w, 2, 3, FD_VIEW("上年"), FD_XLSXW_HEADER), 0);
        assert_int_equal(fd_xlsxw_text(w, 3, 1, FD_VIEW("甲厂 & \"<乙>\"\n二行"), FD_XLSXW_PLAIN),
                         0);
        assert_int_equal(fd_xlsxw_number(w, 3, 2, (fd_decimal){ 1250, 2 }, FD_XLSXW_PLAIN), 0);
        assert_int_equal(fd_xlsxw_number(w, 3, 3, (fd_decimal){ -1, 18 }, FD_XLSXW_FAULT), 0);
        assert_int_equal(fd_xlsxw_date(w, 3, 4, fd_date_make(2024, 2, 29), FD_XLSXW_PLAIN), 0);
        assert_int_equal(fd_xlsxw_text(w, 3, 5, FD_VIEW("单位疑为千元"), FD_XLSXW_COMMENT), 0);
        assert_int_equal(fd_xlsxw_number(w, 4, 2, (fd_decimal){ INT64_MAX, 2 }, FD_XLSXW_PLAIN), 0);
        assert_int_equal(fd_xlsxw_date(w, 4, 3, fd_date_make(1899, 1, 1), FD_XLSXW_PLAIN), 0);
        assert_int_equal(fd_xlsxw_date(w, 4, 4, fd_date_make(1900, 3, 1), FD_XLSXW_PLAIN), 0);
        assert_int_equal(fd_xlsxw_date(w, 4, 5, FD_DATE_NONE, FD_XLSXW_PLAIN), 0);
        assert_int_equal(
            fd_xlsxw_number(w, 5, 2, (fd_decimal){ 999999999999999, 5 }, FD_XLSXW_PLAIN), 0);
        assert_int_equal(fd_xlsxw_text(w, 0, 1, FD_VIEW("x"), FD_XLSXW_PLAIN), FD_ELIMIT);
        assert_int_equal(fd_xlsxw_width(w, 1, 30), 0);
        assert_int_equal(fd_xlsxw_freeze(w, 2), 0);
        assert_int_equal(fd_xlsxw_sheet(w, "调度表[1]"), 0);
        assert_int_equal(fd_xlsxw_text(w, 1, 2, FD_VIEW("second"), FD_XLSXW_TITLE), 0);
        assert_int_equal(fd_xlsxw_finish(w), 0);
    }
    assert_int_equal(fd_rows_open(&rows, path, NULL), 0);
    assert_string_equal(fd_rows_sheet_of(rows)->name, "调度表_1_");
    assert_int_equal(render(&got, rows), 0);
    assert_string_equal(
        fd_buf_text(&got),
        "1:mT企业|mT产值|mT产值|\n2:mT企业|T本年|T上年|\n"
        "3:T甲厂 & \"<乙>\"\n二行|N12.5|N-0.000000000000000001|Dd2024-02-29|T单位疑为千元|\n"
        "4:-|T92233720368547758.07|T1899-01-01|Dd1900-03-01|\n5:-|N9999999999.99999|\n");
    fd_buf_clear(&got);
    assert_int_equal(fd_rows_next_sheet(rows), 1);
    assert_string_equal(fd_rows_sheet_of(rows)->name, "调度表_1__2");
    assert_int_equal(render(&got, rows), 0);
    assert_string_equal(fd_buf_text(&got), "1:-|Tsecond|\n");
    fd_rows_close(rows);
    assert_int_equal(stat(path, &a), 0);
    assert_int_equal(stat(again, &b), 0);
    assert_int_equal(a.st_size, b.st_size);
    unlink(path);
    unlink(again);
    fd_buf_dispose(&got);
    /* A folder that is not there; an abandoned file leaves nothing. */
    assert_int_equal(fd_xlsxw_new(&w, "no/such/folder/x.xlsx"), FD_ENOTFOUND);
    assert_int_equal(fd_xlsxw_new(&w, path), 0);
    fd_xlsxw_abandon(w);
    assert_int_not_equal(stat(path, &a), 0);
    fd_xlsxw_abandon(NULL);
}

/* What a form to be filled in needs: a hidden sheet, checks, notes, cells that may be edited. */
static void test_form_parts(void **state)
{
    static const char *const words[] = { "正常", "减产", "停产" };
    static const char *const comma[] = { "a,b" };
    static char wide_word[300];
    const char *const wide[] = { wide_word };
    char path[256];
    fd_rows *rows = NULL;
    const fd_row *row;
    fd_xlsxw *w = NULL;

    (void)state;
    snprintf(path, sizeof path, "%s/fd_xlsx_%ld_form.xlsx", P_tmpdir, (long)getpid());
    memset(wide_word, 'x', sizeof wide_word - 1);
    assert_int_equal(fd_xlsxw_new(&w, path), 0);
    assert_int_equal(fd_xlsxw_hide(w), FD_EINVAL); /* there is no sheet yet */
    assert_int_equal(fd_xlsxw_sheet(w, "表"), 0);
    assert_int_equal(fd_xlsxw_text(w, 1, 1, FD_VIEW("产值"), FD_XLSXW_HEADER), 0);
    assert_int_equal(fd_xlsxw_note(w, 1, 1, "取自另一张表"), 0);
    assert_int_equal(fd_xlsxw_blank(w, 2, 1, 2, FD_XLSXW_ENTRY), 0);
    assert_int_equal(fd_xlsxw_number(w, 3, 1, (fd_decimal){ 15, 1 }, FD_XLSXW_KNOWN), 0);
    assert_int_equal(fd_xlsxw_accept_number(w, 2, 3, 1, true, "应当是数", "不小于 0"), 0);
    assert_int_equal(fd_xlsxw_accept_words(w, 2, 3, 2, words, 3, "请选", "只收这几个词"), 0);
    assert_int_equal(fd_xlsxw_accept_words(w, 2, 3, 3, comma, 1, "x", "y"), 0); /* none is set */
    assert_int_equal(fd_xlsxw_accept_words(w, 2, 3, 4, wide, 1, "x", "y"), 0);  /* nor here */
    assert_int_equal(fd_xlsxw_accept_number(w, 2, 2000000, 1, true, "x", "y"), FD_ELIMIT);
    assert_int_equal(fd_xlsxw_freeze_at(w, 1, 1), 0);
    assert_int_equal(fd_xlsxw_height(w, 1, 30), 0);
    assert_int_equal(fd_xlsxw_print_wide(w, 1), 0);
    assert_int_equal(fd_xlsxw_protect(w), 0);
    assert_int_equal(fd_xlsxw_sheet(w, "_隐"), 0);
    assert_int_equal(fd_xlsxw_text(w, 1, 1, FD_VIEW("k"), FD_XLSXW_PLAIN), 0);
    assert_int_equal(fd_xlsxw_hide(w), 0);
    assert_int_equal(fd_xlsxw_finish(w), 0);
    assert_int_equal(fd_rows_open(&rows, path, NULL), 0);
    assert_false(fd_rows_sheet_of(rows)->hidden);
    assert_int_equal(fd_rows_next(rows, &row), 1);
    assert_int_equal(fd_rows_next(rows, &row), 1); /* the empty entry is no row of its own */
    assert_int_equal(row->number, 3);
    assert_true(fd_view_is(row->cells[0].text, "1.5"));
    assert_int_equal(fd_rows_next_sheet(rows), 1);
    assert_true(fd_rows_sheet_of(rows)->hidden);
    fd_rows_close(rows);
    unlink(path);
}

static void test_numbers(void **state)
{
    static const struct {
        const char *raw, *text;
    } list[] = {
        { "0", "0" },
        { "-0", "0" },
        { "0.00", "0.00" },
        { "12.50", "12.50" },
        { "007", "7" },
        { ".5", "0.5" },
        { "5.", "5" },
        { "+3", "3" },
        { "-1.5E2", "-150" },
        { "1e-7", "0.0000001" },
        { "99999999999999.99999", "100000000000000" },
        { "0.1234567890123455", "0.123456789012346" },
        { "-12.300000000000001", "-12.3" },
        { "123456789012345678901", "123456789012345678901" },
        { "1E+40", "1e+40" },
        { "1.5e-40", "1.5e-40" },
        { "", "" },
        { "-", "" },
        { "1.2.3", "" },
        { "1e", "" },
        { "0x10", "" },
        { "nan", "" },
        { "1e999", "" },
        { "1,5", "" },
    };
    char text[FD_XLSX_NUMBER_SIZE];
    double value;

    (void)state;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        size_t length = fd_xlsx_number(text, &value, fd_view_of(list[i].raw));

        if (length != strlen(list[i].text) || (length && strcmp(text, list[i].text) != 0))
            fail_msg("%s gave %.*s instead of %s", list[i].raw, (int)length, text, list[i].text);
        if (length)
            assert_true(value == strtod(list[i].raw, NULL));
    }
}

static void test_formats(void **state)
{
    static const struct {
        const char *code;
        char unit;
    } list[] = {
        { "General", 0 },
        { "0.00E+00", 0 },
        { "#,##0.00_);[Red]\\(#,##0.00\\)", 0 },
        { "0\"days\"", 0 },
        { "yyyy-mm-dd", 'd' },
        { "yyyy\"年\"m\"月\"d\"日\";@", 'd' },
        { "[$-804]yyyy/m;@", 'm' },
        { "yyyy", 'y' },
        { "h:mm", 'h' },
        { "mm:ss.0", 'h' },
        { "[h]:mm:ss", 0 },
        { "[mm]:ss", 0 },
        { "yyyy-m-d h:mm", 't' },
        { "上午/下午h\"时\"mm\"分\"", 'h' },
        { "m/d/yy h:mm AM/PM", 't' },
        { "mmm-yy", 'm' },
        { "d-mmm", 'd' },
        { "@", 0 },
        { "", 0 },
        { "\"y", 0 },
        { "[y", 0 },
        { "\\", 0 },
        { "\"yyyy\"0", 0 },
        { "0;yyyy", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (fd_xlsx_format_unit(list[i].code) != list[i].unit)
            fail_msg("%s is %c", list[i].code, fd_xlsx_format_unit(list[i].code));
    assert_int_equal(fd_xlsx_builtin_unit(14), 'd');
    assert_int_equal(fd_xlsx_builtin_unit(22), 't');
    assert_int_equal(fd_xlsx_builtin_unit(57), 'm');
    assert_int_equal(fd_xlsx_builtin_unit(2), 0);
    assert_int_equal(fd_xlsx_builtin_unit(46), 0);
}

static void test_dates(void **state)
{
    static const struct {
        double serial;
        bool since_1904;
        char unit;
        const char *text;
        char shown;
    } list[] = {
        { 1, false, 'd', "1900-01-01", 'd' },
        { 59, false, 'd', "1900-02-28", 'd' },
        { 60, false, 'd', "", 0 },
        { 61, false, 'd', "1900-03-01", 'd' },
        { 0, false, 'd', "", 0 },
        { 45356, false, 'm', "2024-03-05", 'm' },
        { 43894, true, 'd', "2024-03-05", 'd' },
        { 45356.999999999, false, 'd', "2024-03-06", 'd' },
        { 0.75, false, 'h', "18:00:00", 'h' },
        { 45356.75, false, 'h', "2024-03-05 18:00:00", 't' },
        { 2958465, false, 'd', "9999-12-31", 'd' },
        { 2958466, false, 'd', "", 0 },
        { -1, false, 'd', "", 0 },
        { 2958465, true, 'd', "", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        char text[32] = "", unit = list[i].unit;
        size_t length = fd_xlsx_date(text, list[i].serial, list[i].since_1904, &unit);

        if (length != strlen(list[i].text) ||
            (length && (strcmp(text, list[i].text) != 0 || unit != list[i].shown)))
            fail_msg("%f gave %s %c", list[i].serial, text, unit);
    }
}

static void test_references(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        long row, column;
    } list[] = {
        { "A1", true, 1, 1 },        { "XFD1048576", true, 1048576, 16384 },
        { "$ab$12", true, 12, 28 },  { "XFE1", false, 0, 0 },
        { "A1048577", false, 0, 0 }, { "1A", false, 0, 0 },
        { "", false, 0, 0 },         { "C", true, 0, 3 },
        { "A1:B2", false, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        long row, column;
        bool ok = fd_xlsx_reference(list[i].text, strlen(list[i].text), &row, &column);

        if (ok != list[i].ok || (ok && (row != list[i].row || column != list[i].column)))
            fail_msg("%s: %ld %ld", list[i].text, row, column);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),      cmocka_unit_test(test_sheets),
        cmocka_unit_test(test_refused),    cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_formats),    cmocka_unit_test(test_dates),
        cmocka_unit_test(test_references), cmocka_unit_test(test_form_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
