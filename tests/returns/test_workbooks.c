/* Workbooks as spreadsheets leave them: hidden rows, formulas without a result, dates where figures
 * belong, merged units, sums at the end, the same table on two sheets. */
#include "returns/city.h"

#include "io/zip_parts.h"

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
    "<Relationship Id=\"rId2\" Type=\"" RELS "/worksheet\" Target=\"worksheets/sheet2.xml\"/>"
    "<Relationship Id=\"rId3\" Type=\"" RELS "/styles\" Target=\"styles.xml\"/>"
    "</Relationships>";
static const char styles[] =
    "<styleSheet " MAIN
    "><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";

/* %1 … %6 stand for credit codes; [A2|text] for a cell of text. */
static char *fill(const char *text)
{
    fd_buf out = FD_BUF_INIT;

    for (; *text; text++) {
        const char *bar = *text == '[' ? strchr(text, '|') : NULL,
                   *end = bar ? strchr(bar, ']') : NULL;

        if (bar && end) {
            fd_buf_printf(&out, "<c r=\"%.*s\" t=\"inlineStr\"><is><t>", (int)(bar - text - 1),
                          text + 1);
            if (bar[1] == '%')
                fd_buf_puts(&out, city_uscc((bar[2] - '0') & 7));
            else
                fd_buf_put(&out, bar + 1, (size_t)(end - bar - 1));
            fd_buf_puts(&out, "</t></is></c>");
            text = end;
        } else {
            fd_buf_putc(&out, *text);
        }
    }
    return fd_buf_take(&out);
}

static char *sheet_of(const char *rows, const char *merges)
{
    char *cells = fill(rows);
    fd_buf out = FD_BUF_INIT;

    fd_buf_printf(&out, "<worksheet " MAIN "><sheetData>%s</sheetData>%s</worksheet>", cells,
                  merges);
    free(cells);
    return fd_buf_take(&out);
}

static char *book_of(const char *first, const char *second, const char *merges, size_t *size)
{
    char *sheets[2] = { sheet_of(first, merges), second ? sheet_of(second, "") : NULL }, *out;
    const char *names = second ? "<sheet name=\"表一\" sheetId=\"1\" r:id=\"rId1\"/>"
                                 "<sheet name=\"表二\" sheetId=\"2\" r:id=\"rId2\"/>"
                               : "<sheet name=\"表一\" sheetId=\"1\" r:id=\"rId1\"/>";
    fd_buf book = FD_BUF_INIT;

    fd_buf_printf(&book, "<workbook " MAIN "><sheets>%s</sheets></workbook>", names);
    {
        const zip_part parts[] = {
            { "_rels/.rels", package_rels, 0 },
            { "xl/workbook.xml", fd_buf_text(&book), 0 },
            { "xl/_rels/workbook.xml.rels", book_rels, 0 },
            { "xl/styles.xml", styles, 0 },
            { "xl/worksheets/sheet1.xml", sheets[0], 0 },
            { second ? "xl/worksheets/sheet2.xml" : NULL, sheets[1], 0 },
        };

        out = zip_parts(parts, sizeof parts / sizeof *parts, size);
    }
    fd_buf_dispose(&book);
    free(sheets[0]);
    free(sheets[1]);
    return out;
}

#define HEAD                "<row r=\"1\">[A1|统一社会信用代码][B1|企业名称][C1|工业总产值(万元);1—本月]</row>"
#define ROW(r, firm, value) "<row r=\"" r "\">[A" r "|%" firm "]" value "</row>"

static const struct {
    const char *what, *first, *second, *merges;
    size_t accepted, rejected;
    const char *log, *said; /* NULL: nothing at all is said */
} cases[] = {
    { "plain", HEAD ROW("2", "1", "<c r=\"C2\"><v>5</v></c>"), NULL, "", 1, 0, "6=5.0000@2", NULL },
    { "hidden rows",
      HEAD ROW("2", "1", "<c r=\"C2\"><v>5</v></c>") "<row r=\"3\" hidden=\"1\">[A3|%2]<c "
                                                     "r=\"C3\"><v>7</v></c></row>",
      NULL, "", 2, 0, "7=7.0000@3", "warning hidden 3 : 1 rows are hidden" },
    { "a formula with its result", HEAD ROW("2", "1", "<c r=\"C2\"><f>1+4</f><v>5</v></c>"), NULL,
      "", 1, 0, "6=5.0000@2", NULL },
    { "a formula without a result",
      HEAD ROW("2", "1", "<c r=\"C2\"><f>A1+1</f></c>") ROW("3", "2", "<c r=\"C3\"><v>7</v></c>"),
      NULL, "", 2, 0, "6=missing@2 7=7.0000@3", "warning formula 2" },
    { "an error",
      HEAD ROW("2", "1", "<c r=\"C2\" t=\"e\"><f>#REF!</f><v>#REF!</v></c>")
          ROW("3", "2", "<c r=\"C3\"><v>7</v></c>"),
      NULL, "", 1, 1, "7=7.0000@3", "fault value 2" },
    { "a date for a figure",
      HEAD ROW("2", "1", "<c r=\"C2\" s=\"1\"><v>45292</v></c>")
          ROW("3", "2", "<c r=\"C3\"><v>7</v></c>"),
      NULL, "", 1, 1, "7=7.0000@3", "fault value 2" },
    { "brackets", HEAD ROW("2", "1", "[C2|(1,234.5)]") ROW("3", "2", "<c r=\"C3\"><v>7</v></c>"),
      NULL, "", 1, 1, "7=7.0000@3",
      "a number in brackets | (1,234.5) | a negative number as -100" },
    { "a remark behind a figure",
      HEAD ROW("2", "1", "[C2|100(估)]") ROW("3", "2", "<c r=\"C3\"><v>7</v></c>"), NULL, "", 1, 1,
      "7=7.0000@3", "fault value 2" },
    { "one code merged over two rows",
      HEAD ROW("2", "1", "<c r=\"C2\"><v>5</v></c>") "<row r=\"3\"><c "
                                                     "r=\"C3\"><v>7</v></c></row>" ROW(
                                                         "4", "2", "<c r=\"C4\"><v>9</v></c>"),
      NULL, "<mergeCells count=\"1\"><mergeCell ref=\"A2:A3\"/></mergeCells>", 1, 2, "7=9.0000@4",
      "fault duplicate 2" },
    { "sums at the end",
      HEAD ROW(
          "2", "1",
          "<c r=\"C2\"><v>5</v></c>") "<row r=\"3\">[B3|甲县合计]<c r=\"C3\"><v>5</v></c></row>"
                                      "<row r=\"4\">[B4|本页小计]<c r=\"C4\"><v>5</v></c></row>"
                                      "<row r=\"5\">[B5|合 计]<c r=\"C5\"><v>5</v></c></row>",
      NULL, "", 1, 0, "6=5.0000@2", "note total 3" },
    { "a sum that is not",
      HEAD ROW("2", "1",
               "<c r=\"C2\"><v>5</v></c>") "<row r=\"3\">[B3|合计]<c r=\"C3\"><v>6</v></c></row>",
      NULL, "", 1, 0, "6=5.0000@2", "warning parts-whole 3" },
    { "the same table on two sheets",
      HEAD ROW("2", "1", "<c r=\"C2\"><v>5</v></c>") ROW("3", "2", "<c r=\"C3\"><v>7</v></c>"),
      HEAD ROW("2", "1", "<c r=\"C2\"><v>5</v></c>"), "", 1, 2, "7=7.0000@3",
      "has a row in sheet 表二 too (row 2)" },
};

static void what_spreadsheets_leave(void **state)
{
    city *c = *state;
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;

    options.form = "dispatch";
    options.period = fd_period_cumulative(2024, 5);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t size;
        char *bytes = book_of(cases[i].first, cases[i].second, cases[i].merges, &size);
        fd_returns_result *r = city_read(c, "重点企业调度表.xlsx", bytes, size, &options);
        const char *said = c->findings.len ? fd_buf_text(&c->findings) : "";

        if (r->accepted != cases[i].accepted || r->rejected != cases[i].rejected)
            fail_msg("%s: %zu taken, %zu refused\n%s", cases[i].what, r->accepted, r->rejected,
                     said);
        if (!c->log.len || !strstr(fd_buf_text(&c->log), cases[i].log))
            fail_msg("%s: %s", cases[i].what, c->log.len ? fd_buf_text(&c->log) : "nothing");
        if (cases[i].said ? !strstr(said, cases[i].said) : *said != '\0')
            fail_msg("%s: said %s", cases[i].what, said);
        fd_returns_free(r);
        free(bytes);
    }
}

/* Large workbooks: whatever the size of a chunk, who is there twice is found, within a sheet and
 * across sheets. What has left with an earlier sheet stays, and only its repetition is refused. */
static void sheets_of_a_large_workbook(void **state)
{
#define CELL(r, firm) ROW(r, firm, "<c r=\"C" r "\"><v>" r "</v></c>")
    static const char first[] = HEAD CELL("2", "1") CELL("3", "2") CELL("4", "3") CELL("5", "3"),
                      second[] = HEAD CELL("2", "4") CELL("3", "1") CELL("4", "5") CELL("5", "5");
    static const struct {
        size_t chunk, accepted;
        const char *one; /* the row of the enterprise that is on both sheets */
    } sizes[] = { { 1, 3, "6=2.0000@2" }, { 2, 3, "6=2.0000@2" }, { 3, 3, "6=2.0000@2" },
                  { 4, 3, "6=2.0000@2" }, { 5, 2, NULL },         { 9, 2, NULL } };
    city *c = *state;
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;
    size_t size;
    char *bytes = book_of(first, second, "", &size);

    options.form = "dispatch";
    options.period = fd_period_cumulative(2024, 5);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        fd_returns_result *r;

        options.chunk_rows = sizes[i].chunk;
        r = city_read(c, "重点企业调度表.xlsx", bytes, size, &options);
        if (r->accepted != sizes[i].accepted || r->rejected != 8 - sizes[i].accepted)
            fail_msg("chunks of %zu: %zu taken, %zu refused\n%s\n%s", sizes[i].chunk, r->accepted,
                     r->rejected, fd_buf_text(&c->log), fd_buf_text(&c->findings));
        assert_int_equal(c->begins, 1);
        city_expect(&c->log, "7=3.0000@3");
        city_expect(&c->log, "9=2.0000@2");
        if (sizes[i].one) {
            city_expect(&c->log, sizes[i].one);
            city_expect(&c->findings, "has a row in a sheet before");
        } else {
            city_expect_not(&c->log, "6=");
        }
        city_expect_not(&c->log, "8=");  /* 南湖: twice on the first */
        city_expect_not(&c->log, "10="); /* 中原: twice on the second */
        fd_returns_free(r);
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_spreadsheets_leave, city_open, city_close),
        cmocka_unit_test_setup_teardown(sheets_of_a_large_workbook, city_open, city_close),
    };

    return cmocka_run_group_tests_name("returns: workbooks", tests, NULL, NULL);
}
