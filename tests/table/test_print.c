#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "table/json.h"

static fd_quot quot(int64_t num, int64_t den)
{
    fd_quot q;

    assert_int_equal(fd_quot_make(&q, num, den), 0);
    return q;
}

/* Every kind and every state. */
static fd_table *sample(void)
{
    fd_table *t = fd_table_new("sample", "各县区产值", "Output by county");
    fd_column *c;

    t->rows = 4;
    c = fd_table_add_new(t, "county", "县区", "County", FD_TEXT, "", 0);
    fd_column_set_text(c, 0, "林州市");
    fd_column_set_text(c, 1, "a,\"b\"|c");
    fd_column_set_text(c, 2, "滑县");
    c = fd_table_add_new(t, "output", "产值", "Output", FD_DEC, "万元", 2);
    fd_column_set_dec(c, 0, 123456);
    fd_column_set_dec(c, 1, -5);
    fd_column_set_state(c, 1, FD_DOUBT);
    fd_column_set_state(c, 3, FD_NA);
    c = fd_table_add_new(t, "share", "占比", "Share", FD_QUOT, "", 0);
    fd_column_set_quot(c, 0, quot(1, 3));
    fd_column_set_quot(c, 1, quot(1, 8));
    fd_column_set_quot(c, 2, quot(2, 1));
    c = fd_table_add_new(t, "growth", "增速", "Growth", FD_EST, "%", 0);
    fd_column_set_est(c, 0, 5.25);
    fd_column_set_est(c, 1, 10);
    fd_column_set_est(c, 2, -0.1);
    c = fd_table_add_new(t, "day", "日期", "Day", FD_DATE, "", 0);
    fd_column_set_day(c, 0, fd_date_make(2024, 12, 31));
    c = fd_table_add_new(t, "ok", "达标", "Met", FD_BOOL, "", 0);
    fd_column_set_bool(c, 0, true);
    fd_column_set_bool(c, 1, false);
    fd_table_add_note(t, "示例", "invented");
    return t;
}

static void check(const fd_table *t, const fd_print_options *o, const char *expected)
{
    int err;
    char *text = capture(t, o, false, &err);

    assert_int_equal(err, 0);
    assert_string_equal(text, expected);
    free(text);
}

/* A boolean with digits 0 is a number in every format. */
static void test_boolean_numbers(void **state)
{
    fd_table *t = fd_table_new("t", "", "");
    fd_column *c = fd_table_add_new(t, "m", "m", "m", FD_BOOL, "", 0);
    fd_print_options o = FD_PRINT_OPTIONS_INIT;

    (void)state;
    c->digits = 0;
    fd_table_add_row(t);
    fd_table_add_row(t);
    fd_column_set_bool(t->columns[0], 0, true);
    fd_column_set_bool(t->columns[0], 1, false);
    o.format = FD_FORMAT_CSV;
    check(t, &o, "m\n1\n0\n");
    fd_table_free(t);
}

static void test_formats(void **state)
{
    fd_table *t = sample();
    fd_print_options o = FD_PRINT_OPTIONS_INIT;

    (void)state;
    check(t, &o,
          "各县区产值\n"
          "县区     产值(万元)    占比  增速(%)  日期        达标\n"
          "──────────────────────────────────────────────────────\n"
          "林州市     1234.56   0.3333     5.25  2024-12-31  是\n"
          "a,\"b\"|c      -0.05?  0.1250    10                 否\n"
          "滑县           缺报  2.0000    -0.1\n"
          "             不适用    缺报     缺报\n"
          "注:示例\n");
    o.lang = FD_EN;
    o.ascii_ids = true;
    o.color = true;
    check(t, &o,
          "\x1b[1mOutput by county\x1b[0m\n"
          "county     output    share   growth  day         ok\n"
          "────────────────────────────────────────────────────\n"
          "林州市   1234.56    0.3333     5.25  2024-12-31  yes\n"
          "a,\"b\"|c    -0.05?   0.1250    10                 no\n"
          "滑县      missing   2.0000    -0.1\n"
          "              n/a  missing  missing\n"
          "note: invented\n");
    o = (fd_print_options)FD_PRINT_OPTIONS_INIT;
    o.format = FD_FORMAT_CSV;
    check(t, &o,
          "county,output,share,growth,day,ok\n"
          "林州市,1234.56,0.333333333333,5.25,2024-12-31,true\n"
          "\"a,\"\"b\"\"|c\",-0.05,0.125,10,,false\n"
          "滑县,,2,-0.1,,\n"
          ",,,,,\n");
    o.format = FD_FORMAT_MD;
    check(t, &o,
          "**各县区产值**\n\n"
          "| 县区 | 产值(万元) | 占比 | 增速(%) | 日期 | 达标 |\n"
          "| --- | ---: | ---: | ---: | --- | --- |\n"
          "| 林州市 | 1234.56 | 0.3333 | 5.25 | 2024-12-31 | 是 |\n"
          "| a,\"b\"\\|c | -0.05? | 0.1250 | 10 |  | 否 |\n"
          "| 滑县 | 缺报 | 2.0000 | -0.1 |  |  |\n"
          "|  | 不适用 | 缺报 | 缺报 |  |  |\n"
          "\n> 注:示例\n");
    o.format = FD_FORMAT_XLSX;
    {
        int err;

        free(capture(t, &o, false, &err));
        assert_int_equal(err, FD_EINVAL);
    }
    fd_table_free(t);
}

static void test_json(void **state)
{
    fd_table *t = sample();
    fd_print_options o = FD_PRINT_OPTIONS_INIT;
    int err;
    char *text;

    (void)state;
    o.format = FD_FORMAT_JSON;
    text = capture(t, &o, false, &err);
    assert_int_equal(err, 0);
    assert_non_null(strstr(text, "{\"id\":\"output\",\"title_zh\":\"产值\",\"title_en\":\"Output\","
                                 "\"kind\":\"decimal\",\"unit\":\"万元\"}"));
    assert_non_null(strstr(
        text, "{\"county\":\"林州市\",\"output\":1234.56,\"share\":0.333333333333,\"growth\":5.25,"
              "\"day\":\"2024-12-31\",\"ok\":true}"));
    assert_non_null(strstr(
        text,
        "{\"county\":\"a,\\\"b\\\"|c\",\"output\":-0.05,\"share\":0.125,\"growth\":10,\"day\":null,"
        "\"ok\":false,\"_states\":{\"output\":\"in doubt\"}}"));
    assert_non_null(strstr(
        text, "\"_states\":{\"output\":\"n/a\",\"share\":\"missing\",\"growth\":\"missing\"}"));
    assert_non_null(strstr(text, "\"notes\":[\"示例\"]}\n"));
    free(text);
    fd_table_free(t);
}

/* Text gives way to the width, numbers and dates never do; control characters do not get through.
 */
static void test_narrow_and_hostile(void **state)
{
    fd_table *t = fd_table_new("t", "", "");
    fd_print_options o = FD_PRINT_OPTIONS_INIT;
    fd_column *c;

    (void)state;
    o.width = 34;
    t->rows = 2;
    c = fd_table_add_new(t, "name", "企业", "Name", FD_TEXT, "", 0);
    fd_column_set_text(c, 0, "洹州市重型矿山机械制造有限公司");
    fd_column_set_text(c, 1,
                       "a\nb\x1b[31m\xc2\x9b"
                       "31m");
    c = fd_table_add_new(t, "n", "用工", "Staff", FD_DEC, "人", 0);
    fd_column_set_dec(c, 0, 9223372036854775807);
    fd_column_set_dec(c, 1, 1);
    check(t, &o,
          "企业                      用工(人)\n"
          "──────────────────────────────────\n"
          "洹州市重型矿…  9223372036854775807\n"
          "a b [31m 31m                     1\n");
    fd_table_free(t);
}

/* Numbers and codes among texts keep all their digits; a sentence beside them gives way. */
static void test_figures_among_texts(void **state)
{
    fd_table *t = fd_table_new("t", "表", "T");
    fd_column *code = fd_table_add_new(t, "code", "代码", "Code", FD_CODE, "", 0);
    fd_column *value = fd_table_add_new(t, "value", "数值", "Value", FD_TEXT, "", 0);
    fd_column *file = fd_table_add_new(t, "file", "文件", "File", FD_TEXT, "", 0);
    fd_print_options o = FD_PRINT_OPTIONS_INIT;
    char *text;
    int err;

    (void)state;
    fd_table_add_row(t);
    fd_column_set_text(code, 0, "91990502MA203M9477");
    fd_column_set_text(value, 0, "135029.1000");
    fd_column_set_text(file, 0, "2024年1-12月重点企业调度表");
    o.width = 44;
    text = capture(t, &o, false, &err);
    assert_int_equal(err, 0);
    assert_non_null(strstr(text, "91990502MA203M9477  135029.1000  2024年"));
    free(text);
    fd_table_free(t);
}

static void test_csv_for_excel_and_precision(void **state)
{
    fd_table *t = fd_table_new("t", "", "");
    fd_print_options o = FD_PRINT_OPTIONS_INIT;
    fd_column *c;

    (void)state;
    o.format = FD_FORMAT_CSV;
    o.bom = true;
    t->rows = 6;
    c = fd_table_add_new(t, "q", "q", "q", FD_QUOT, "", 0);
    fd_column_set_quot(c, 0, quot(2000000, 3));
    fd_column_set_quot(c, 1, quot(1, 3000));
    fd_column_set_quot(c, 2, quot(-7, 2));
    fd_column_set_quot(c, 3, quot(1000000000000007, 7));
    fd_column_set_quot(c, 4, quot(0, 1));
    fd_column_set_quot(c, 5, quot(1, 1099511627776)); /* 2^-40: finite, and longer than 12 digits */
    c = fd_table_add_new(t, "e", "e", "e", FD_EST, "", 0);
    fd_column_set_est(c, 0, 0.1 + 0.2);
    fd_column_set_est(c, 1, 1e-9);
    check(t, &o,
          "\xEF\xBB\xBFq,e\n666666.666667,0.30000000000000004\n0.000333333333333,1e-09\n-3.5,"
          "\n142857142857144,\n0,\n"
          "0.000000000000909494701773,\n");
    fd_table_free(t);
}

/* ---- trees ---- */

static fd_table *tree(void)
{
    static const char *const rows[][3] = {
        { "gdp", "", "工业增加值" }, { "b", "gdp", "装备" }, { "a", "gdp", "钢铁" },
        { "b1", "b", "起重" },       { "a1", "a", "炼钢" },
    };
    static const int64_t order[] = { 0, 2, 1, 0, 0 };
    fd_table *t = fd_table_new("tree", "为什么", "Why");

    for (int c = 0; c < 3; c++)
        fd_table_add_new(t, (const char *const[]){ "id", "parent", "label" }[c], "", "", FD_TEXT,
                         "", 0);
    t->parent_column = 1;
    t->order_column = (int)fd_table_add(t, fd_column_new("order", FD_DEC, "", 0, 0));
    fd_table_add_new(t, "value", "值", "Value", FD_DEC, "亿元", 1);
    for (size_t r = 0; r < 5; r++) {
        fd_table_add_row(t);
        for (size_t c = 0; c < 3; c++)
            fd_column_set_text(t->columns[c], r, rows[r][c]);
        fd_column_set_dec(t->columns[3], r, order[r]);
        if (r != 3)
            fd_column_set_dec(t->columns[4], r, (int64_t)(100 - r));
    }
    fd_table_add_note(t, "示例", "invented");
    return t;
}

static void test_tree(void **state)
{
    fd_table *t = tree(), *flat = sample();
    fd_print_options o = FD_PRINT_OPTIONS_INIT;
    char *text;
    int err;

    (void)state;
    text = capture(t, &o, true, &err);
    assert_int_equal(err, 0);
    assert_string_equal(text, "为什么\n"
                              "工业增加值        10.0 亿元\n"
                              "├ 钢铁            9.8 亿元\n"
                              "│ └ 炼钢          9.6 亿元\n"
                              "└ 装备            9.9 亿元\n"
                              "  └ 起重\n"
                              "注:示例\n");
    free(text);
    /* a row without a father, a ring, and an id that repeats: said, and never walked for ever */
    fd_column_set_text(t->columns[1], 4, "nobody");
    free(capture(t, &o, true, &err));
    assert_int_equal(err, FD_ECONFLICT);
    fd_column_set_text(t->columns[1], 4, "a1");
    free(capture(t, &o, true, &err));
    assert_int_equal(err, FD_ECONFLICT);
    fd_column_set_text(t->columns[0], 4, "gdp");
    fd_column_set_text(t->columns[1], 4, "gdp");
    text = capture(t, &o, true, &err);
    assert_int_equal(err, 0);
    free(text);
    free(capture(flat, &o, true, &err));
    assert_int_equal(err, FD_EINVAL);
    fd_table_free(flat);
    fd_table_free(t);
}

static void test_format_names(void **state)
{
    fd_format f;

    (void)state;
    assert_int_equal(fd_format_parse(&f, "xlsx"), 0);
    assert_int_equal(f, FD_FORMAT_XLSX);
    assert_int_equal(fd_format_parse(&f, "md"), 0);
    assert_int_equal(f, FD_FORMAT_MD);
    assert_int_equal(fd_format_parse(&f, "jsn"), FD_EINVAL);
    assert_non_null(strstr(fd_error_last()->hint[FD_EN], "did you mean json"));
    assert_int_equal(fd_format_parse(&f, ""), FD_EINVAL);
}

/* ---- XLSX ---- */

static char *part_of(const char *book, const char *part)
{
    char command[200], *text = calloc(1, 65536);
    FILE *pipe;

    snprintf(command, sizeof command, "unzip -p %s %s", book, part);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    (void)!fread(text, 1, 65535, pipe);
    pclose(pipe);
    return text;
}

static void test_xlsx(void **state)
{
    fd_table *t = sample(), *chinese = fd_table_new("一二三四五六七八九十一二/四", "标题", "title");
    char path[] = P_tmpdir "/fd-print-XXXXXX", *text;
    int file = mkstemp(path);

    (void)state;
    assert_true(file >= 0);
    close(file);
    assert_int_equal(fd_table_write_xlsx((const fd_table *const[]){ t, chinese }, 2, path, FD_ZH),
                     0);
    if (system("command -v unzip >/dev/null") != 0) {
        print_message("no unzip: the contents are not checked\n");
    } else {
        text = part_of(path, "xl/sharedStrings.xml");
        assert_non_null(strstr(text, "<t>各县区产值</t>"));
        assert_non_null(strstr(text, "<t>产值(万元)</t>"));
        assert_non_null(strstr(text, "<t>不适用</t>"));
        assert_non_null(strstr(text, "<t>示例</t>"));
        free(text);
        text = part_of(path, "xl/worksheets/sheet1.xml");
        assert_non_null(strstr(text, "<v>1234.56</v>"));
        assert_non_null(strstr(text, "<v>-0.05</v>"));
        free(text);
        text = part_of(path, "xl/styles.xml");
        assert_non_null(strstr(text, "formatCode=\"0.0000\""));
        free(text);
        text = part_of(path, "xl/workbook.xml");
        assert_non_null(strstr(text, "name=\"1-sample\""));
        assert_non_null(
            strstr(text, "name=\"2-一二三四五六七八九十\"")); /* 20 columns, whole characters */
        free(text);
    }
    unlink(path);
    assert_int_equal(fd_table_write_xlsx((const fd_table *const[]){ t }, 1, "/nonexistent/x.xlsx",
                                         FD_ZH),
                     FD_EIO);
    chinese->rows = 1048576; /* no columns: nothing is read before the limit is checked */
    assert_int_equal(fd_table_write_xlsx((const fd_table *const[]){ chinese }, 1, path, FD_ZH),
                     FD_ELIMIT);
    fd_table_free(chinese);
    fd_table_free(t);
}

/* What JSON says of digits is what the terminal prints. */
static void test_digits(void **state)
{
    static const struct {
        fd_kind kind;
        int scale, wish;
        const char *said;
    } cases[] = {
        { FD_DEC, 2, -1, "2" },  { FD_DEC, 3, 1, "1" },  { FD_DEC, 2, 5, "2" },
        { FD_QUOT, 0, -1, "4" }, { FD_QUOT, 0, 1, "1" }, { FD_EST, 0, 3, "3" },
        { FD_EST, 0, -1, "-1" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_table *t = fd_table_new("t", "表", "T");
        fd_column *c = fd_table_add_new(t, "v", "值", "V", cases[i].kind, "", cases[i].scale);
        fd_buf json = FD_BUF_INIT;
        char said[32], printed[64];
        const char *point;
        fd_jsonw w;

        fd_table_add_row(t);
        c->digits = (int8_t)cases[i].wish;
        if (cases[i].kind == FD_DEC)
            fd_column_set_dec(c, 0, 123456);
        else if (cases[i].kind == FD_QUOT)
            fd_column_set_quot(c, 0, quot(1, 3));
        else
            fd_column_set_est(c, 0, 1.0 / 3);
        fd_jsonw_init(&w, &json);
        fd_table_json(&w, t, 0, 1);
        snprintf(said, sizeof said, "\"digits\":%s}", cases[i].said);
        assert_non_null(strstr(fd_buf_text(&json), said));
        fd_column_format(c, 0, FD_ZH, printed, sizeof printed);
        point = strchr(printed, '.');
        if (cases[i].said[0] != '-')
            assert_int_equal(point ? strlen(point + 1) : 0, atoi(cases[i].said));
        else
            assert_string_equal(printed, "0.333333");
        fd_buf_dispose(&json);
        fd_table_free(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_boolean_numbers),
        cmocka_unit_test(test_digits),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_narrow_and_hostile),
        cmocka_unit_test(test_figures_among_texts),
        cmocka_unit_test(test_csv_for_excel_and_precision),
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_format_names),
        cmocka_unit_test(test_xlsx),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
