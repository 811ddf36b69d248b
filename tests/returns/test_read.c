/* Whole files through the reader: what is handed out, what is said, what goes back. */
#include "returns/city.h"

#include <unistd.h>

#include "io/csvw.h"
#include "io/rows.h"
#include "io/xlsxw.h"

/* Text with %1 … %6 replaced by the enterprises' codes. */
static char *fill(const char *text)
{
    fd_buf out = FD_BUF_INIT;

    for (; *text; text++)
        if (text[0] == '%' && text[1] >= '1' && text[1] <= '9')
            fd_buf_puts(&out, city_uscc(*++text - '0'));
        else
            fd_buf_putc(&out, *text);
    return fd_buf_take(&out);
}

static fd_returns_result *read_csv(city *c, const char *path, const char *text,
                                   const fd_returns_options *options)
{
    static char *kept; /* a result refers to the bytes until its rows were sent back */

    free(kept);
    kept = fill(text);
    return city_read(c, path, kept, strlen(kept), options);
}

static char *temporary(const char *suffix)
{
    const char *base = getenv("TMPDIR");
    fd_buf path = FD_BUF_INIT;
    int fd;

    fd_buf_printf(&path, "%s/fdreturnsXXXXXX%s", base ? base : P_tmpdir, suffix);
    fd = mkstemps(path.ptr, (int)strlen(suffix));
    assert_true(fd >= 0);
    close(fd);
    return fd_buf_take(&path);
}

/* ---- formats and headers ---- */

static void gbk_with_title_unit_and_month(void **state)
{
    static const char utf8[] = "战略性新兴产业B104-4,,,\n"
                               "2024年,,计量单位:千元,\n"
                               "统一社会信用代码,单位详细名称,工业总产值;本年,工业总产值;上年\n"
                               "%1,东风钢铁有限公司,\"12,345.6\",10000\n"
                               "%2,西岭水泥有限公司,,8000\n";
    city *c = *state;
    char *text = fill(utf8), *bytes = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&bytes, &length);
    fd_csvw_options form = { FD_ENCODING_GB18030, ',', true };
    fd_csvw *w = NULL;
    fd_returns_result *r;

    assert_int_equal(fd_csvw_new(&w, stream, &form), 0);
    for (fd_view rest = fd_view_of(text), line; fd_view_split(&rest, '\n', &line);) {
        bool quoted = false;
        fd_buf cell = FD_BUF_INIT;

        if (!line.len)
            continue;
        for (size_t i = 0; i < line.len; i++) {
            if (line.ptr[i] == '"') {
                quoted = !quoted;
            } else if (line.ptr[i] == ',' && !quoted) {
                fd_csvw_text(w, fd_buf_text(&cell));
                fd_buf_clear(&cell);
            } else {
                fd_buf_putc(&cell, line.ptr[i]);
            }
        }
        fd_csvw_text(w, fd_buf_text(&cell));
        fd_csvw_end_row(w);
        fd_buf_dispose(&cell);
    }
    assert_int_equal(fd_csvw_finish(w), 0);
    fclose(stream);
    r = city_read(c, "年报/2024年战略性新兴产业B104-4.csv", bytes, length, NULL);
    assert_int_equal(r->state, FD_RETURNS_TAKEN);
    assert_string_equal(r->encoding, "GB18030");
    assert_int_equal(r->period, fd_period_year(2024));
    assert_int_equal(r->accepted, 2);
    city_expect(&c->log, "annual_output 2024 current: 6=1234.5600@4 7=missing@5\n");
    city_expect(&c->log, "annual_output 2024 comparative: 6=1000.0000@4 7=800.0000@5\n");
    fd_returns_free(r);
    free(bytes);
    free(text);
}

static void two_row_merged_xlsx(void **state)
{
    static const char *const spans[] = { "本月", "1—本月累计", "上年同期累计" };
    city *c = *state;
    char *path = temporary(".xlsx"), *bytes;
    size_t length;
    fd_xlsxw *w = NULL;
    fd_returns_result *r;

    assert_int_equal(fd_xlsxw_new(&w, path), 0);
    assert_int_equal(fd_xlsxw_sheet(w, "表"), 0);
    fd_xlsxw_merge(w, 1, 1, 1, 6, FD_VIEW("重点企业调度表"), FD_XLSXW_TITLE);
    fd_xlsxw_merge(w, 2, 1, 2, 6, FD_VIEW("填报单位:甲县工信局    2024年1—5月    计量单位:万元"),
                   FD_XLSXW_PLAIN);
    fd_xlsxw_merge(w, 3, 1, 4, 1, FD_VIEW("统一社会信用代码"), FD_XLSXW_HEADER);
    fd_xlsxw_merge(w, 3, 2, 4, 2, FD_VIEW("生产经营状态"), FD_XLSXW_HEADER);
    fd_xlsxw_merge(w, 3, 3, 3, 5, FD_VIEW("工业总产值(万元)"), FD_XLSXW_HEADER);
    fd_xlsxw_merge(w, 3, 6, 4, 6, FD_VIEW("在手订单(亿元)"), FD_XLSXW_HEADER);
    for (long i = 0; i < 3; i++)
        fd_xlsxw_text(w, 4, 3 + i, fd_view_of(spans[i]), FD_XLSXW_HEADER);
    fd_xlsxw_text(w, 5, 1, fd_view_of(city_uscc(2)), FD_XLSXW_PLAIN);
    fd_xlsxw_text(w, 5, 2, FD_VIEW("停产"), FD_XLSXW_PLAIN);
    fd_xlsxw_number(w, 5, 3, (fd_decimal){ 105, 1 }, FD_XLSXW_PLAIN);
    fd_xlsxw_number(w, 5, 4, (fd_decimal){ 521, 1 }, FD_XLSXW_PLAIN);
    fd_xlsxw_number(w, 5, 5, (fd_decimal){ 500, 0 }, FD_XLSXW_PLAIN);
    fd_xlsxw_number(w, 5, 6, (fd_decimal){ 25, 2 }, FD_XLSXW_PLAIN);
    fd_xlsxw_text(w, 6, 1, FD_VIEW("单位负责人:张三"), FD_XLSXW_PLAIN);
    assert_int_equal(fd_xlsxw_finish(w), 0);
    assert_int_equal(fd_file_read(&bytes, &length, path, 1 << 20), 0);
    r = city_read(c, "月报/2024-05/重点企业调度表_甲县.xlsx", bytes, length, NULL);
    assert_int_equal(r->state, FD_RETURNS_TAKEN);
    assert_string_equal(r->sender, "甲县");
    assert_int_equal(r->rows, 1);
    city_expect(&c->log, "dispatch_output 2024-05 current: 7=10.5000@5\n");
    city_expect(&c->log, "dispatch_output 2024-01..05 current: 7=52.1000@5\n");
    city_expect(&c->log, "dispatch_output 2024-01..05 comparative: 7=500.0000@5\n");
    city_expect(&c->log, "orders 2024-01..05 current: 7=2500.0000@5\n");
    city_expect(&c->log, "attribute 7 run_state 2024-05-01=停产\n");
    fd_returns_free(r);
    free(bytes);
    unlink(path);
    free(path);
}

/* The same figures in 千元 by a header, by a line above, and by the form. */
static void thousand_and_ten_thousand(void **state)
{
    static const struct {
        const char *path, *text, *expected;
    } cases[] = {
        { "2024年财务状况B103-1.csv", "统一社会信用代码,资产总计\n%1,12340\n",
          "assets 2024 current: 6=1234.0000@2\n" },
        { "2024年财务状况B103-1.csv", "统一社会信用代码,资产总计(万元)\n%1,1234\n",
          "assets 2024 current: 6=1234.0000@2\n" },
        { "2024年财务状况B103-1.csv", "(金额单位:万元)\n统一社会信用代码,资产总计\n%1,1234\n",
          "assets 2024 current: 6=1234.0000@3\n" },
        { "2024年财务状况B103-1.csv", "统一社会信用代码,资产总计\n—,万元\n%1,1234\n",
          "assets 2024 current: 6=1234.0000@3\n" },
        { "2024年财务状况B103-1.csv", "统一社会信用代码,资产总计,平均用工人数\n%1,12340,56\n",
          "avg_staff 2024 current: 6=56@2\n" },
    };
    city *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_returns_result *r = read_csv(c, cases[i].path, cases[i].text, NULL);

        assert_int_equal(r->state, FD_RETURNS_TAKEN);
        city_expect(&c->log, cases[i].expected);
        fd_returns_free(r);
    }
}

static void files_that_are_left_out(void **state)
{
    static const struct {
        const char *path, *text, *rule;
    } cases[] = {
        { "2024年财务状况B103-1.csv", "统一社会信用代码,本年折旧209\n%1,5\n",
          "fault code-conflict" },
        { "2024年财务状况B103-1.csv", "统一社会信用代码,资产总计;本年,资产总计213\n%1,5,6\n",
          "fault ambiguous" },
        { "2024年财务状况B103-1.csv", "统一社会信用代码,资产总计(人)\n%1,5\n", "fault unit" },
        { "2024年财务状况B103-1.csv", "2023年,\n统一社会信用代码,资产总计\n%1,5\n",
          "fault period" },
        { "财务状况B103-1.csv", "统一社会信用代码,资产总计\n%1,5\n", "fault period" },
        { "月报/2024-05/重点企业调度表.csv", "统一社会信用代码,工业总产值;1-4月\n%1,5\n",
          "fault period" },
        { "月报/2024-05/2024年4月重点企业调度表.csv", "统一社会信用代码,工业总产值\n%1,5\n",
          "fault period" },
        { "2024年财务状况B103-1.csv", "随便,写写\n1,2\n", "fault header" },
        { "2024年财务状况B103-1.csv", "统一社会信用代码,资产总计\n%1,\"5\n", "fault format" },
        { "某表.csv", "甲,乙\n1,2\n", "fault form" },
        { "2024年产业分类认定表.csv", "统一社会信用代码,行业代码\n%1,3110\n", "fault header" },
    };
    city *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_returns_result *r = read_csv(c, cases[i].path, cases[i].text, NULL);

        if (r->state != FD_RETURNS_LEFT_OUT)
            fail_msg("taken: %s\n%s", cases[i].text, fd_buf_text(&c->log));
        city_expect(&c->findings, cases[i].rule);
        assert_int_equal(c->begins, 0);
        assert_int_equal(c->log.len, 0); /* nothing half applied */
        fd_returns_free(r);
    }
}

static void unknown_columns_are_reported_and_ignored(void **state)
{
    city *c = *state;
    fd_returns_result *r =
        read_csv(c, "2024年财务状况B103-1.csv",
                 "统一社会信用代码,资产总计,厂区面积,折旧方法211\n%1,50,9,直线\n", NULL);

    assert_int_equal(r->state, FD_RETURNS_TAKEN);
    city_expect(&c->findings, "note column 0 厂区面积: unknown column");
    city_expect(&c->findings, "warning column 0 折旧方法211: unknown column");
    city_expect_not(&c->log, "depreciation");
    fd_returns_free(r);
    /* … until somebody says what the column is. */
    c->mapped_header = "厂区面积";
    c->mapped_target = "fixed_assets";
    r = read_csv(c, "2024年财务状况B103-1.csv", "统一社会信用代码,资产总计,厂区面积\n%1,50,90\n",
                 NULL);
    city_expect(&c->log, "fixed_assets 2024 current: 6=9.0000@2\n");
    c->mapped_header = NULL;
    fd_returns_free(r);
}

static void the_form_is_told_by_its_header(void **state)
{
    city *c = *state;
    fd_returns_result *r = read_csv(
        c, "2024年5月/未命名.csv",
        "统一社会信用代码,生产经营状态,工业总产值(万元);本月,在手订单(万元)\n%1,正常,5,6\n", NULL);

    assert_int_equal(r->state, FD_RETURNS_TAKEN);
    assert_string_equal(fd_form_id(r->form), "dispatch");
    fd_returns_free(r);
}

/* ---- subjects ---- */

static void rows_are_refused_with_a_reason(void **state)
{
    static const char text[] = "统一社会信用代码,单位详细名称,资产总计\n"
                               "%1,东风钢铁有限公司,10\n"     /* 2 */
                               "%2,,20\n"                     /* 3: twice */
                               "%2,,21\n"                     /* 4 */
                               "%9,无此企业,30\n"             /* 5: not in the register */
                               "91990500MA00000XYZ,坏码,40\n" /* 6: no valid code */
                               ",南湖食品有限公司,50\n"       /* 7: by name */
                               ",没有这家有限公司,60\n"       /* 8 */
                               "%4,,七十\n"                   /* 9: no number */
                               "%5,,0.00001\n"                /* 10: a digit too many */
                               "%6\n"                         /* 11: cut short */
                               "%6,,80,,9\n"                  /* 12: too long */
                               ",,90\n"                       /* 13: nobody */
                               "注:以上数据为快报,,\n";       /* 14: a footnote */
    static const char *const expected[] = {
        "fault duplicate 3", "fault duplicate 4", "fault subject 5",
        "fault uscc 6",      "fault subject 8",   "fault value 9 资产总计: not a number | 七十",
        "fault value 10",    "fault shape 11",    "fault shape 12",
        "fault subject 13",
    };
    city *c = *state;
    fd_returns_result *r = read_csv(c, "2024年财务状况B103-1.csv", text, NULL);

    assert_int_equal(r->state, FD_RETURNS_TAKEN);
    assert_int_equal(r->rows, 12);
    assert_int_equal(r->accepted, 2);
    assert_int_equal(r->rejected, 10);
    city_expect(&c->log, "assets 2024 current: 6=1.0000@2 8=5.0000@7\n");
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        city_expect(&c->findings, expected[i]);
    city_expect_not(&c->findings, " 14 ");
    fd_returns_free(r);
}

/* A sender hears of everything at once: numbers, signs, words and days, also of a row whose code is
 * wrong. */
static void all_faults_of_a_row_are_said(void **state)
{
    static const char text[] =
        "统一社会信用代码,生产经营状态,工业总产值(万元);1—本月累计,在手订单(万元)\n"
        "%1,怪,七十,-5\n"                 /* 2 */
        "91990500MA00000XYZ,怪,七十,5\n"; /* 3 */
    static const char *const expected[] = {
        "fault value 2 工业总产值",   "fault negative 2 在手订单",
        "fault value 2 生产经营状态", "fault uscc 3",
        "fault value 3 工业总产值",   "fault value 3 生产经营状态",
    };
    city *c = *state;
    fd_returns_result *r = read_csv(c, "月报/2024-05/重点企业调度表.csv", text, NULL);

    assert_int_equal(r->rows, 2);
    assert_int_equal(r->rejected, 2);
    assert_int_equal(r->accepted, 0);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        city_expect(&c->findings, expected[i]);
    fd_returns_free(r);
}

/* A date whose cell lost its format is a spreadsheet's day number; it is said how it was read. */
static void day_numbers_of_a_spreadsheet(void **state)
{
    static const char text[] = "统一社会信用代码,企业名称,成立日期,规上起\n"
                               "%1,东风钢铁有限公司,45292,45658.5\n"
                               "%2,西岭水泥有限公司,19999,\n" /* 1954: no day number of ours */
                               "%3,南湖食品有限公司,45292x,\n";
    city *c = *state;
    size_t before = c->subject_count;
    fd_returns_result *r = read_csv(c, "企业名录.csv", text, NULL);

    city_expect(&c->log, "founded ever=2024-01-01");
    city_expect(&c->log, "above_scale 2025-01-01=是");
    city_expect(&c->findings, "note date 2 成立日期");
    city_expect(&c->findings, "fault value 3 成立日期");
    city_expect(&c->findings, "fault value 4 成立日期");
    assert_int_equal(r->rejected, 2);
    c->subject_count = before;
    fd_returns_free(r);
}

/* A unit that stands once is meant for the same item's other columns, where nothing says theirs. */
static void a_unit_stands_for_both_years(void **state)
{
    static const struct {
        const char *text, *expected;
        bool said;
    } cases[] = {
        { "统一社会信用代码,资产总计;本年(亿元),资产总计;上年\n%1,1,2\n",
          "assets 2024 comparative: 6=20000.0000@2\n", true },
        { "计量单位:万元\n统一社会信用代码,资产总计;本年(亿元),资产总计;上年\n%1,1,2\n",
          "assets 2024 comparative: 6=2.0000@3\n", false },
        { "统一社会信用代码,资产总计;本年(亿元),资产总计;上年(万元)\n%1,1,2\n",
          "assets 2024 comparative: 6=2.0000@2\n", false },
        { "统一社会信用代码,资产总计;本年(亿元),流动资产合计\n%1,1,2\n",
          "current_assets 2024 current: 6=0.2000@2\n", false },
    };
    city *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_returns_result *r = read_csv(c, "2024年财务状况B103-1.csv", cases[i].text, NULL);

        city_expect(&c->log, cases[i].expected);
        if (cases[i].said)
            city_expect(&c->findings, "warning unit 0 资产总计;上年");
        else
            city_expect_not(&c->findings, "warning unit");
        fd_returns_free(r);
    }
}

/* A figure that came suppressed is not reported; what was wrong is told in the sender's own words;
 * the reason's column of a returned file is not read. */
static void words_of_the_sender(void **state)
{
    static const char text[] =
        "统一社会信用代码,工业总产值(千元),战略性新兴产业总产值(千元),退回原因\n"
        "%1,***,保密,\n"
        "%2,100,101,上次的原因\n";
    city *c = *state;
    fd_returns_result *r = read_csv(c, "2024年战略性新兴产业B104-4.csv", text, NULL);

    assert_int_equal(r->accepted, 1);
    city_expect(&c->findings, "战略性新兴产业总产值(千元) ≤ 工业总产值(千元)");
    city_expect(&c->findings, "10.1000 万元");
    city_expect_not(&c->findings, "sei_output");
    city_expect_not(&c->findings, "退回原因");
    fd_returns_free(r);
}

static void accounts_of_one_firm_add_up(void **state)
{
    static const char text[] = "户号,户名,统一社会信用代码,本月电量(千瓦时),上年同月电量(千瓦时)\n"
                               "1,东风,%1,1000,900\n"
                               "2,东风二厂,%1,234,\n"
                               "3,西岭,%2,500,400\n";
    city *c = *state;
    fd_returns_result *r = read_csv(c, "月报/2024-05/分户电量.csv", text, NULL);

    assert_int_equal(r->accepted, 3);
    city_expect(&c->log, "power 2024-05 current: 6=0.1234@2 7=0.0500@4\n");
    city_expect(&c->log,
                "power 2024-05 comparative: 6=missing@2 7=0.0400@4\n"); /* a part is unknown */
    fd_returns_free(r);
}

static void a_register_enters_subjects_and_what_is_expected(void **state)
{
    static const char text[] =
        "统一社会信用代码,企业名称,县区,县区代码,行业代码,产业链,企业规模,成立日期,规上起,规上止\n"
        "%8,东风刚铁有限公司,甲县,990501,C3110,\"精品钢及深加工:0.6;E2:0.4\",1,2010-03-05,2020-01-"
        "01,2023-12-31\n"
        "%7,全新厂,乙县,990502,3011,L9,小型,,,\n";
    city *c = *state;
    size_t before = c->subject_count;
    fd_returns_result *r = read_csv(c, "企业名录.csv", text, NULL);

    assert_int_equal(r->accepted, 1);
    assert_int_equal(r->rejected, 1); /* L9 is not registered */
    city_expect(&c->findings, "fault value 3 产业链: not registered | L9");
    city_expect(&c->findings, "warning near-name 2");
    city_expect(&c->log, "subject enterprise");
    city_expect(&c->log, "county ever=990501");
    city_expect(&c->log, "industry ever=3110");
    city_expect(&c->log, "chain ever=L1:0.6;E2:0.4");
    city_expect(&c->log, "size ever=大型");
    city_expect(&c->log, "above_scale 2020-01-01=是");
    city_expect(&c->log, "expects:dispatch 2020-01-01=是");
    city_expect(&c->log, "expects:dispatch 2024-01-01=(ends)");
    city_expect(&c->log, "founded ever=2010-03-05");
    c->subject_count = before;
    fd_returns_free(r);
}

/* 是否规上 is what most registers have: it makes returns expected; dates in the same row say more,
 * and a plain no ends what has begun. */
static void a_plain_yes_or_no_of_being_above_scale(void **state)
{
    static const char text[] = "统一社会信用代码,企业名称,是否规上,规上起,规上止\n"
                               "%1,东风钢铁有限公司,是,,\n"
                               "%2,西岭水泥有限公司,否,,\n"
                               "%3,南湖食品有限公司,是,2019-05-01,\n"
                               "%4,北河机械有限公司,规下,2018-02-01,\n"
                               "%5,中原电子有限公司,否,2017-03-01,2021-06-30\n"
                               "%6,东湖化工有限公司,大概,,\n";
    city *c = *state;
    size_t before = c->subject_count;
    fd_returns_result *r = read_csv(c, "企业名录.csv", text, NULL);

    assert_int_equal(r->accepted, 5);
    city_expect(&c->findings, "fault value 7 是否规上");
    city_expect(&c->log, "above_scale ever=是");
    city_expect(&c->log, "expects:dispatch ever=是");
    city_expect(&c->log, "above_scale ever=否");
    city_expect(&c->log, "expects:dispatch ever=(ends)");
    city_expect(&c->log, "above_scale 2019-05-01=是");
    city_expect(&c->log, "above_scale 2018-02-01=是");
    city_expect(&c->log, "above_scale 2025-01-15=否");
    city_expect(&c->log, "expects:dispatch 2025-01-15=(ends)");
    city_expect(&c->log, "above_scale 2021-07-01=(ends)");
    city_expect_not(&c->log, "above_scale 2019-05-01=否");
    c->subject_count = before;
    fd_returns_free(r);
}

/* ---- checks ---- */

static void energy_balances(void **state)
{
    static const char text[] =
        "统一社会信用代码,能源名称,计量单位,代码,期初库存量,购进量实物量,消费量合计,工业生产消费,"
        "非工业生产消费,期末库存量,采用折标系数\n"
        ",甲,乙,丙,1,2,4,5,7,9,10\n"
        "%1,原煤,吨,1,100,100,35,24,11,165,0.7143\n"
        "%1,电力,万千瓦时,33,,10,10,10,0,,1.2290\n"
        "%1,能源合计,吨标准煤,40,,,37.29,29.43,7.86,,\n"
        "%2,原煤,吨,01,0,50,40,30,11,10,0.7143\n" /* 4 is not 5 + 7 */
        "%3,原煤,吨,01,0,50,40,30,10,11,0.7143\n" /* 9 is not 1 + 2 − 4: a warning */
        "%3,能源合计,吨标准煤,40,,,99,70,29,,\n"  /* not the sum */
        "%4,焦炭,吨,33,0,1,1,1,0,0,0.9714\n"      /* the name is another code's */
        "%5,电力,千瓦时,33,0,1,1,1,0,0,1.2290\n"  /* not the list's unit */
        "%6,新能源,吨,77,0,1,1,1,0,0,1\n"         /* no such code */
        "%6,沼气,万立方米,15,0,1,1,1,0,0,11\n"    /* a name that is nobody's: the code decides */
        "%6,其中:柴油,吨,21,0,1,1,1,0,0,1.4571\n";
    city *c = *state;
    fd_returns_result *r = read_csv(c, "2024年能源205-1.csv", text, NULL);

    assert_int_equal(r->state, FD_RETURNS_TAKEN);
    assert_int_equal(r->rows, 11);
    assert_int_equal(r->rejected, 4);
    city_expect(&c->findings, "warning variant 12");
    city_expect_not(&c->findings, "variant 13");
    city_expect(&c->log, "energy_used:01 2024 current: 6=35.00@3 8=40.00@7\n");
    city_expect(&c->log, "energy_used:33 2024 current: 6=10.00@4\n");
    city_expect(&c->log, "energy_used:40 2024 current: 6=37.29@5 8=99.00!@8\n");
    city_expect(&c->log, "energy_tce 2024 current: 6=29.43@5 8=70.00@8\n");
    city_expect(&c->findings, "fault balance 6 消费量合计: does not hold");
    city_expect(&c->findings, "warning balance 7 期末库存量");
    city_expect(&c->findings, "warning sum 8");
    city_expect(&c->findings, "fault code-conflict 9");
    city_expect(&c->findings, "fault unit 10");
    city_expect(&c->findings, "fault variant 11");
    fd_returns_free(r);
}

static void remember(city *c, const char *item, fd_period period, fd_basis basis, int8_t scale,
                     size_t n, const int64_t *dec)
{
    city_past *p = &c->past[c->past_count++];

    *p = (city_past){ .item = item, .period = period, .basis = basis, .n = n, .scale = scale };
    for (size_t i = 0; i < n; i++) {
        p->subjects[i] = 6 + (int32_t)i;
        p->dec[i] = dec[i];
    }
}

static void a_whole_column_tenfold_leaves_the_file_out(void **state)
{
    static const int64_t before[] = { 1000000, 2000000, 3000000, 4000000 };
    static const char text[] =
        "统一社会信用代码,工业总产值(万元);1—本月累计\n%1,1250\n%2,2500\n%3,3650\n%4,5100\n";
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;
    city *c = *state;
    fd_returns_result *r;

    /* 100 a month for four months, now 250 a month: no factor of ten. */
    remember(c, "dispatch_output", fd_period_cumulative(2024, 4), FD_CURRENT, 4, 4, before);
    r = read_csv(c, "月报/2024-05/重点企业调度表.csv", text, NULL);
    assert_int_equal(r->state, FD_RETURNS_LEFT_OUT);
    city_expect(&c->findings, "fault unit-suspect 0 工业总产值(万元);1—本月累计");
    assert_int_equal(r->period, fd_period_cumulative(2024, 5)); /* known all the same */
    assert_int_equal(c->log.len, 0);
    fd_returns_free(r);
    options.confirm_units = true;
    r = read_csv(c, "月报/2024-05/重点企业调度表.csv", text, &options);
    assert_int_equal(r->state, FD_RETURNS_TAKEN);
    assert_int_equal(r->doubtful, 4);
    city_expect(&c->log, "6=1250.0000!@2");
    fd_returns_free(r);
    c->past_count = 0;
}

static void one_cell_tenfold_is_in_doubt(void **state)
{
    static const int64_t before[] = { 1000000, 2000000, 3000000, 4000000 };
    city *c = *state;
    fd_returns_result *r;

    remember(c, "dispatch_output", fd_period_cumulative(2024, 4), FD_CURRENT, 4, 4, before);
    r = read_csv(c, "月报/2024-05/重点企业调度表.csv",
                 "统一社会信用代码,工业总产值(万元);1—本月累计\n%1,125\n%2,250\n%3,3750\n%4,490\n",
                 NULL);
    assert_int_equal(r->state, FD_RETURNS_TAKEN);
    assert_int_equal(r->doubtful, 1);
    city_expect(&c->log, "8=3750.0000!@4 9=490.0000@5");
    fd_returns_free(r);
    c->past_count = 0;
}

static void output_without_power_is_in_doubt(void **state)
{
    static const int64_t power[] = { 500, 0 };
    city *c = *state;
    fd_returns_result *r;

    remember(c, "power", fd_period_month(2024, 5), FD_CURRENT, 4, 2, power);
    r = read_csv(c, "月报/2024-05/重点企业调度表.csv",
                 "统一社会信用代码,工业总产值(万元);本月,工业总产值(万元);1—本月累计\n%1,10,50\n%2,"
                 "20,90\n%3,0,30\n",
                 NULL);
    city_expect(&c->findings, "warning companion 3");
    city_expect_not(&c->findings, "warning companion 2");
    city_expect_not(&c->findings, "warning companion 4"); /* no output, nothing to explain */
    city_expect(&c->log, "dispatch_output 2024-05 current: 6=10.0000@2 7=20.0000!@3 8=0.0000@4\n");
    city_expect(&c->log,
                "dispatch_output 2024-01..05 current: 6=50.0000@2 7=90.0000!@3 8=30.0000@4\n");
    fd_returns_free(r);
    c->past_count = 0;
}

/* C34 and 34 are one division; 7 is 07; X34 is none. */
static void divisions_with_the_letter_of_their_section(void **state)
{
    city *c = *state;
    size_t before = c->subject_count;
    int32_t id = city_add(c, "division", "34", "通用设备制造业");
    char expected[128];
    fd_returns_result *r =
        read_csv(c, "2024年1-5月分行业增加值增速.csv",
                 "行业代码,行业,增速(%)\nc34,通用设备制造业,5.2\nX34,别的,1\nC344,别的,1\n", NULL);

    snprintf(expected, sizeof expected, "division_growth 2024-01..05 verified: %d=5.20@2\n",
             (int)id);
    city_expect(&c->log, expected);
    assert_int_equal(r->rejected, 2);
    c->subject_count = before;
    fd_returns_free(r);
}

static void parts_and_whole(void **state)
{
    city *c = *state;
    fd_returns_result *r =
        read_csv(c, "2024年1-5月分县区总量.csv",
                 "县区,工业总产值,增加值\n甲县,60,20\n乙县,39,10\n全市,100,30\n", NULL);

    assert_int_equal(r->accepted, 2);
    city_expect(
        &c->findings,
        "warning parts-whole 4 工业总产值: the parts do not add up to the whole; residual -1.0000");
    city_expect_not(&c->findings, "增加值");
    fd_returns_free(r);
    r = read_csv(c, "2024年1-5月分县区增加值增速.csv",
                 "县区,增速(%),权重(%)\n甲县,5.2,60\n乙县,-1.3%,39\n", NULL);
    city_expect(&c->log, "county_growth 2024-01..05 verified: 1=5.20@2 2=-1.30@3\n");
    city_expect(&c->findings, "warning weights");
    fd_returns_free(r);
}

static void rows_that_name_their_indicator(void **state)
{
    city *c = *state;
    fd_returns_result *r = read_csv(c, "全市主要指标.csv",
                                    "指标,年份,数值,单位,来源,状态\n"
                                    "地区生产总值,2024,2610,亿元,公报,示例\n"
                                    "规上工业增加值增速,2024-01..05,5.1,%,统计局,核定\n"
                                    "接待游客,2024,85000000,人次,文旅局,\n"
                                    "没有这个,2024,1,亿元,,\n"
                                    "地区生产总值,2023,2500,人,公报,\n"
                                    "目标:地区生产总值,2027,4000,亿元,规划,\n",
                                    NULL);

    assert_int_equal(r->accepted, 3);
    assert_int_equal(r->rejected, 2);
    city_expect(&c->log, "gdp 2024 current: 3=2610.0000@2\n");
    city_expect(&c->log, "city_growth 2024-01..05 verified: 3=5.10@3\n");
    city_expect(&c->log, "visitors 2024 current: 3=8500.00@4\n");
    city_expect(&c->findings, "note target 7");
    fd_returns_free(r);
}

/* 107-1 lists projects; its rows add up by firm, in 千元, and count. */
static void projects_add_up_by_firm(void **state)
{
    city *c = *state;
    fd_returns_result *r = read_csv(
        c, "2024/107-1.csv",
        "统一社会信用代码,单位详细名称,项目名称,项目来源,参加项目人员,项目经费支出,其中：政府资金\n"
        "%1,甲厂,新炉,1,12,1500,300\n"
        "%1,甲厂,新钢,2,8,700.5,\n"
        "%2,乙厂,新板,1,5,400,500\n" /* 4: more from the state than in all */
        "%3,丙厂,新线,1,3,90,0\n",
        NULL);

    assert_int_equal(r->rejected, 1);
    city_expect(&c->findings, "fault balance 4");
    city_expect(&c->log, "rd_project_staff 2024 current: 6=20@2 7=missing@4 8=3@5\n");
    city_expect(&c->log, "rd_project_expense 2024 current: 6=220.0500@2 7=missing@4 8=9.0000@5\n");
    city_expect(&c->log,
                "rd_project_government 2024 current: 6=missing@2 7=missing@4 8=0.0000@5\n");
    city_expect(&c->log, "rd_projects 2024 current: 6=2@2 7=missing@4 8=1@5\n");
    fd_returns_free(r);
}

/* Published figures: other names, spans of years, half years, remarks as marks, whose city it is.
 */
static void published_figures(void **state)
{
    city *c = *state;
    fd_returns_result *r = read_csv(
        c, "公开数字.csv",
        "indicator,year,value,unit,scope,source,status\n"
        "研发经费投入强度,2024,2.07,%,全市,文章,公开\n"
        "战新增速,2021—2024,10.5,%,全市,文章,公开\n"                                     /* 3 */
        "战略性新兴产业增加值年均增长（“十四五”以来）,2021-2024,10.5,%,全市,文章,公开\n" /* 4 */
        "战新贡献率,2024,42.6,%,全市,文章,公开；期间待核\n"                              /* 5 */
        "无人机企业总数,2024,103,家,全市（含在建）,文章,\"示例,待核\"\n"
        "规上工业增加值增速,2025H1,8.4,%,全市,网页,公开\n" /* 7 */
        "工业增加值,2023,1.69,万亿元,某省,网页,公开\n"     /* 8 */
        "没有这个,2025H1,8.4,%,全国,网页,公开\n"           /* 9 */
        "研发经费投入强度,2024-2021,2,%,全市,文章,公开\n"  /* 10 */
        "研发经费投入强度,2025H3,2,%,全市,文章,公开\n"     /* 11 */
        "目标:研发强度,2027-2028,3,%,全市,文章,目标;以上\n",
        NULL);

    assert_int_equal(r->accepted, 5);
    assert_int_equal(r->rejected, 5);
    city_expect(&c->log, "rd_gdp 2024 published: 3=2.0700@2 [] 文章\n");
    city_expect(&c->log, "sei_mean_growth 2024 published: 3=10.5000@4 [2021-2024] 文章\n");
    city_expect(&c->log, "sei_contribution 2024 published: 3=42.6000@5 [期间待核] 文章\n");
    city_expect(&c->log, "drones_total 2024 published: 3=103@6 [示例;unverified] 文章\n");
    city_expect(&c->log, "city_growth 2025-01..06 published: 3=8.40@7 [] 网页\n");
    city_expect(&c->findings, "fault indicator 3");
    city_expect(&c->findings, "fault subject 8");
    city_expect(&c->findings, "fault subject 9");
    city_expect(&c->findings, "fault period 10");
    city_expect(&c->findings, "fault period 11");
    city_expect(&c->findings, "note target 12");
    fd_returns_free(r);
}

static void promises_become_records(void **state)
{
    city *c = *state;
    fd_returns_result *r =
        read_csv(c, "承诺登记.csv",
                 "编号,承诺,原句,出处\nP1,三成,\"说了\"\"算\"\"\",报告\n,无号,某句,某处\n", NULL);

    assert_int_equal(r->accepted, 1);
    assert_int_equal(r->rejected, 1);
    city_expect(&c->log,
                "record promise P1 登记 2025-01-15 "
                "{\"title\":\"三成\",\"sentence\":\"说了\\\"算\\\"\",\"reference\":\"报告\"}");
    fd_returns_free(r);
}

/* ---- large files, and what goes back ---- */

static void chunks_give_the_same_as_one_piece(void **state)
{
    static const char text[] =
        "统一社会信用代码,资产总计\n%6,60\n%2,20\n%5,50\n%3,坏\n%2,21\n%1,10\n%4,40\n";
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;
    city *c = *state;

    for (size_t chunk = 1; chunk <= 8; chunk++) {
        fd_returns_result *r;

        options.chunk_rows = chunk;
        r = read_csv(c, "2024年财务状况B103-1.csv", text, &options);
        assert_int_equal(r->rows, 7);
        assert_int_equal(r->accepted, 4);
        assert_int_equal(r->rejected, 3);
        assert_int_equal(c->begins, 1);
        city_expect(&c->log, "6=1.0000@7");
        city_expect(&c->log, "9=4.0000@8");
        city_expect(&c->log, "10=5.0000@4");
        city_expect(&c->log, "11=6.0000@2");
        city_expect_not(&c->log, "7=2");
        city_expect(&c->findings, "fault duplicate 3");
        city_expect(&c->findings, "fault duplicate 6");
        fd_returns_free(r);
    }
}

/* The same of enterprises that nobody knows yet: each is entered once, with its own row. */
static void chunks_enter_who_is_new_once(void **state)
{
    static const char text[] =
        "统一社会信用代码,资产总计\n%7,70\n%2,20\n%8,80\n%9,坏\n%8,81\n%1,10\n%9,90\n";
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;

    (void)state;
    options.new_subjects = true;
    for (size_t chunk = 1; chunk <= 8; chunk++) {
        void *inner;
        fd_returns_result *r;
        city *c;

        city_open(&inner);
        c = inner;
        options.chunk_rows = chunk;
        r = read_csv(c, "2024年财务状况B103-1.csv", text, &options);
        assert_int_equal(r->rows, 7);
        assert_int_equal(r->accepted, 3);
        assert_int_equal(r->rejected, 4);
        assert_int_equal(c->subject_count, 12);
        city_expect(&c->log, "12=7.0000@2");
        city_expect(&c->log, "7=2.0000@3");
        city_expect(&c->log, "6=1.0000@7");
        city_expect(&c->findings, "fault duplicate 4");
        city_expect(&c->findings, "fault duplicate 6");
        city_expect(&c->findings, "fault duplicate 5");
        city_expect(&c->findings, "fault duplicate 8");
        fd_returns_free(r);
        city_close(&inner);
    }
}

static void refused_rows_go_back_as_they_came(void **state)
{
    static const char utf8[] = "调度表,,\n统一社会信用代码,企业名称,工业总产值(万元);1—本月累计\n%"
                               "1,东风,5\n%9,\"无,此\",6\n%3,南湖,坏\n";
    city *c = *state;
    char *text = fill(utf8), *in = temporary(".csv"), *out = temporary(".csv"), *bytes;
    fd_csvw_options form = { FD_ENCODING_GB18030, ';', true };
    fd_returns_options options = FD_RETURNS_OPTIONS_INIT;
    fd_returns_handler handler = city_handler(c);
    fd_returns_result *r = NULL;
    const fd_row *row;
    fd_rows *rows;
    size_t length;
    FILE *stream = fopen(in, "wb");
    fd_csvw *w = NULL;

    assert_non_null(stream);
    assert_int_equal(fd_csvw_new(&w, stream, &form), 0);
    for (fd_view rest = fd_view_of(text), line, cell; fd_view_split(&rest, '\n', &line);) {
        if (!line.len)
            continue;
        for (bool quoted = false; line.len || quoted;) { /* one cell of the sample holds a comma */
            if (line.ptr[0] == '"') {
                fd_csvw_text(w, "无;此");
                line = (fd_view){ line.ptr + 9 + 1, line.len - 9 - 1 };
                continue;
            }
            if (!fd_view_split(&line, ',', &cell))
                break;
            fd_csvw_cell(w, cell);
        }
        fd_csvw_end_row(w);
    }
    assert_int_equal(fd_csvw_finish(w), 0);
    fclose(stream);
    options.form = "dispatch";
    options.period = fd_period_cumulative(2024, 5);
    assert_int_equal(fd_returns_read(&r, in, c->forms, &options, &handler), 0);
    assert_int_equal(r->state, FD_RETURNS_TAKEN);
    assert_int_equal(r->rejected, 2);
    assert_int_equal(fd_returns_write_rejected(r, out), 1);
    assert_int_equal(fd_rows_open(&rows, out, NULL), 0);
    assert_int_equal(fd_rows_info_of(rows)->encoding, FD_ENCODING_GB18030);
    assert_int_equal(fd_rows_info_of(rows)->separator, ';');
    assert_true(fd_rows_info_of(rows)->crlf);
    assert_int_equal(fd_rows_next(rows, &row), 1); /* the title */
    assert_int_equal(fd_rows_next(rows, &row), 1); /* the header, with one column more */
    assert_int_equal(row->count, 4);
    assert_true(fd_view_is(row->cells[3].text, "退回原因"));
    assert_int_equal(fd_rows_next(rows, &row), 1);
    assert_true(fd_view_is(row->cells[1].text, "无;此"));
    assert_true(fd_view_find(row->cells[3].text, "名录里没有这个代码") >= 0);
    assert_int_equal(fd_rows_next(rows, &row), 1);
    assert_true(fd_view_is(row->cells[2].text, "坏"));
    assert_true(fd_view_find(row->cells[3].text, "不是数") >= 0);
    assert_int_equal(fd_rows_next(rows, &row), 0);
    fd_rows_close(rows);
    fd_returns_free(r);
    /* Sent back untouched it is refused for the same reasons: the added column disturbs nothing. */
    assert_int_equal(fd_file_read(&bytes, &length, out, 1 << 20), 0);
    r = city_read(c, "x.csv", bytes, length, &options);
    assert_int_equal(r->rows, 2);
    assert_int_equal(r->rejected, 2);
    fd_returns_free(r);
    free(bytes);
    free(text);
    unlink(in);
    unlink(out);
    free(in);
    free(out);
}

static void nothing_refused_writes_no_file(void **state)
{
    city *c = *state;
    fd_returns_result *r =
        read_csv(c, "2024年财务状况B103-1.csv", "统一社会信用代码,资产总计\n%1,10\n", NULL);

    assert_int_equal(fd_returns_write_rejected(r, "/nonexistent/x.csv"), 0);
    fd_returns_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gbk_with_title_unit_and_month),
        cmocka_unit_test(two_row_merged_xlsx),
        cmocka_unit_test(thousand_and_ten_thousand),
        cmocka_unit_test(files_that_are_left_out),
        cmocka_unit_test(unknown_columns_are_reported_and_ignored),
        cmocka_unit_test(the_form_is_told_by_its_header),
        cmocka_unit_test(rows_are_refused_with_a_reason),
        cmocka_unit_test(all_faults_of_a_row_are_said),
        cmocka_unit_test(day_numbers_of_a_spreadsheet),
        cmocka_unit_test(a_unit_stands_for_both_years),
        cmocka_unit_test(words_of_the_sender),
        cmocka_unit_test(accounts_of_one_firm_add_up),
        cmocka_unit_test(a_register_enters_subjects_and_what_is_expected),
        cmocka_unit_test(a_plain_yes_or_no_of_being_above_scale),
        cmocka_unit_test(energy_balances),
        cmocka_unit_test(a_whole_column_tenfold_leaves_the_file_out),
        cmocka_unit_test(one_cell_tenfold_is_in_doubt),
        cmocka_unit_test(output_without_power_is_in_doubt),
        cmocka_unit_test(divisions_with_the_letter_of_their_section),
        cmocka_unit_test(parts_and_whole),
        cmocka_unit_test(rows_that_name_their_indicator),
        cmocka_unit_test(projects_add_up_by_firm),
        cmocka_unit_test(published_figures),
        cmocka_unit_test(promises_become_records),
        cmocka_unit_test(chunks_give_the_same_as_one_piece),
        cmocka_unit_test(chunks_enter_who_is_new_once),
        cmocka_unit_test(refused_rows_go_back_as_they_came),
        cmocka_unit_test(nothing_refused_writes_no_file),
    };

    return cmocka_run_group_tests_name("returns: files", tests, city_open, city_close);
}
