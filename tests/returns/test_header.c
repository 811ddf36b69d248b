/* Headers taken apart, periods in texts, and which column of a form a header means. */
#include "returns/city.h"

#include "returns/header.h"

static void phrases_say_period_and_basis(void **state)
{
    static const struct {
        const char *text;
        bool known;
        fd_when when;
        int basis, month;
    } cases[] = {
        { "本月", true, FD_WHEN_MONTH, FD_CURRENT, 0 },
        { "1—本月累计", true, FD_WHEN_CUMULATIVE, FD_CURRENT, 0 },
        { "１-本月", true, FD_WHEN_CUMULATIVE, FD_CURRENT, 0 },
        { "上年同期", true, FD_WHEN_ANY, FD_COMPARATIVE, 0 },
        { "上年同期累计", true, FD_WHEN_CUMULATIVE, FD_COMPARATIVE, 0 },
        { "上年同月", true, FD_WHEN_MONTH, FD_COMPARATIVE, 0 },
        { "1—5月", true, FD_WHEN_CUMULATIVE, FD_BASIS_ANY, 5 },
        { "1-12月累计", true, FD_WHEN_CUMULATIVE, FD_BASIS_ANY, 12 },
        { "去年1-5月", true, FD_WHEN_CUMULATIVE, FD_COMPARATIVE, 5 },
        { "3月", true, FD_WHEN_MONTH, FD_BASIS_ANY, 3 },
        { "2-5月", false, FD_WHEN_ANY, 0, 0 },
        { "1-13月", false, FD_WHEN_ANY, 0, 0 },
        { "工业总产值", false, FD_WHEN_ANY, 0, 0 },
    };
    fd_buf folded = FD_BUF_INIT;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_header_time t = { 0 };
        bool known;

        fd_returns__fold_into(&folded, fd_view_of(cases[i].text));
        known = fd_header_time_phrase(&t, (fd_view){ folded.ptr, folded.len });
        if (known != cases[i].known ||
            (known &&
             (t.when != cases[i].when || t.basis != cases[i].basis || t.month != cases[i].month)))
            fail_msg("%s: %d when %d basis %d month %d", cases[i].text, known, (int)t.when, t.basis,
                     t.month);
    }
    fd_buf_dispose(&folded);
}

static void texts_say_year_and_month(void **state)
{
    static const struct {
        const char *text;
        bool known;
        int year, month;
    } cases[] = {
        { "2024年1—5月", true, 2024, 5 },
        { "２０２４年５月", true, 2024, 5 },
        { "2024-05", true, 2024, 5 },
        { "2024-01..05", true, 2024, 5 },
        { "调度表_202405", true, 2024, 5 },
        { "20240531报送", true, 2024, 5 },
        { "2024年财务状况B103-1", true, 2024, 0 },
        { "2024年能源205-1", true, 2024, 0 },
        { "2024年与2023年", false, 0, 0 },
        { "B204-1", false, 0, 0 },
        { "20241399", false, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int year, month;
        bool known = fd_returns__text_period(fd_view_of(cases[i].text), &year, &month);

        if (known != cases[i].known || year != cases[i].year || month != cases[i].month)
            fail_msg("%s: %d %d-%d", cases[i].text, known, year, month);
    }
}

/* Words beside a name that may make it another figure: the column is named and left out. */
static void what_may_be_another_figure_is_not_taken(void **state)
{
    static const struct {
        const char *levels[3];
        const char *item; /* taken as; NULL: left out */
    } cases[] = {
        { { "营业收入" }, "revenue" },
        { { "营业收入(计划)" }, NULL },
        { { "营业收入(上月)" }, NULL },
        { { "营业收入(同比)" }, NULL },
        { { "营业收入(增长%)" }, NULL },
        { { "营业收入(外销)" }, NULL },
        { { "营业收入(单位:百万)" }, NULL }, /* a unit that nobody declared */
        { { "营业收入(百万)" }, NULL },
        { { "营业收入301(计划)" }, NULL },
        { { "营业收入(千元)(预计)" }, NULL },
        { { "计划", "营业收入" }, NULL },
        { { "营业收入", "计划" }, NULL },
        { { "上月", "营业收入" }, NULL },
        { { "一、损益", "营业收入" }, "revenue" },
        { { "营业收入(不含税)" }, "revenue" },
        { { "营业收入(1=2+3)" }, "revenue" },
        { { "营业利润(亏损以“-”号填列)" }, "operating_profit" },
        { { "资产总计(年初)" }, NULL },
        { { "资产总计(年初数)213" }, NULL },
        { { "年初资产总计213" }, NULL },
        { { "资产总计213(年初)" }, NULL },
        { { "年初数", "资产总计" }, NULL },
        { { "资产总计;期末" }, "assets" },
        { { "资产总计213;期末" }, "assets" },
        { { "资产总计(期末余额)" }, "assets" },
        { { "期末", "资产总计" }, "assets" },
        { { "平均用工人数(女)" }, NULL },
        { { "平均用工人数(人)" }, "avg_staff" },
        { { "应交增值税(本年累计发生额);本年" }, "vat" },
    };
    city *c = *state;
    const fd_form *form = fd_forms_find(c->forms, "b103_1");
    fd_arena *arena = fd_arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_view levels[3];
        fd_header h;
        fd_match m;
        size_t n = 0;

        while (n < 3 && cases[i].levels[n]) {
            levels[n] = fd_view_of(cases[i].levels[n]);
            n++;
        }
        fd_header_read(&h, arena, c->program, levels, n);
        fd_header_match(&m, arena, c->forms, form, &h, NULL, 2024);
        if (cases[i].item ? m.count != 1 || strcmp(m.columns[0]->id, cases[i].item) != 0
                          : m.how != FD_MATCH_NONE)
            fail_msg("%s is taken as %s", h.text, m.count ? m.columns[0]->id : "nothing");
    }
    fd_arena_free(arena);
}

static void headers_find_their_columns(void **state)
{
    static const struct {
        const char *form, *levels[3];
        fd_match_how how;
        const char *item;
        fd_when when;
        int basis;
        const char *unit;
    } cases[] = {
        { "b103_1",
          { "其中：本年折旧211;本年" },
          FD_MATCH_NAME,
          "depreciation",
          FD_WHEN_ANY,
          FD_CURRENT,
          NULL },
        { "b103_1",
          { "本年折旧" },
          FD_MATCH_NAME,
          "depreciation",
          FD_WHEN_ANY,
          FD_BASIS_ANY,
          NULL },
        { "b103_1",
          { "应交增值税（本年累计发生额）402;上年" },
          FD_MATCH_NAME,
          "vat",
          FD_WHEN_ANY,
          FD_COMPARATIVE,
          NULL },
        { "b103_1",
          { "资产 总计(亿元)" },
          FD_MATCH_NAME,
          "assets",
          FD_WHEN_ANY,
          FD_BASIS_ANY,
          "亿元" },
        { "b103_1", { "本年折旧209" }, FD_MATCH_CONFLICT, NULL, FD_WHEN_ANY, 0, NULL },
        { "b103_1", { "211" }, FD_MATCH_CODE, "depreciation", FD_WHEN_ANY, FD_BASIS_ANY, NULL },
        { "b103_1",
          { "本年折旧额211" },
          FD_MATCH_CODE,
          "depreciation",
          FD_WHEN_ANY,
          FD_CURRENT,
          NULL },
        { "b103_1", { "厂区面积211" }, FD_MATCH_NONE, NULL, FD_WHEN_ANY, 0, NULL },
        { "b103_1", { "厂区面积" }, FD_MATCH_NONE, NULL, FD_WHEN_ANY, 0, NULL },
        { "dispatch",
          { "工业总产值(万元)", "1—本月累计" },
          FD_MATCH_NAME,
          "dispatch_output",
          FD_WHEN_CUMULATIVE,
          FD_CURRENT,
          "万元" },
        { "dispatch",
          { "工业总产值", "上年同期累计", "(千元)" },
          FD_MATCH_NAME,
          "dispatch_output",
          FD_WHEN_CUMULATIVE,
          FD_COMPARATIVE,
          "千元" },
        { "b204_1",
          { "工业总产值（当年价格）01;1-本月" },
          FD_MATCH_NAME,
          "output",
          FD_WHEN_CUMULATIVE,
          FD_CURRENT,
          NULL },
        { "power",
          { "本月电量(千瓦时)" },
          FD_MATCH_NAME,
          "power",
          FD_WHEN_ANY,
          FD_BASIS_ANY,
          "千瓦时" },
        { "power",
          { "上年同月电量(千瓦时)" },
          FD_MATCH_NAME,
          "power",
          FD_WHEN_MONTH,
          FD_COMPARATIVE,
          "千瓦时" },
        { "power", { "户名" }, FD_MATCH_IGNORED, NULL, FD_WHEN_ANY, 0, NULL },
        { "f107_2",
          { "研究开发费用合计7(千元)" },
          FD_MATCH_NAME,
          "rd_total",
          FD_WHEN_ANY,
          FD_BASIS_ANY,
          "千元" },
        { "f205_1",
          { "消费量", "工业生产消费" },
          FD_MATCH_NAME,
          "energy_industrial",
          FD_WHEN_ANY,
          FD_BASIS_ANY,
          NULL },
    };
    city *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_arena *arena = fd_arena_new();
        const fd_form *form = fd_forms_find(c->forms, cases[i].form);
        fd_view levels[3];
        size_t n = 0;
        fd_header h;
        fd_match m;

        while (n < 3 && cases[i].levels[n]) {
            levels[n] = fd_view_of(cases[i].levels[n]);
            n++;
        }
        fd_header_read(&h, arena, c->program, levels, n);
        fd_header_match(&m, arena, c->forms, form, &h, NULL, 2024);
        if (m.how != cases[i].how)
            fail_msg("%s: how %d", cases[i].levels[0], (int)m.how);
        if (cases[i].item) {
            assert_string_equal(m.columns[0]->id, cases[i].item);
            assert_int_equal(m.time.when, cases[i].when);
            assert_int_equal(m.time.basis, cases[i].basis);
        }
        if (cases[i].unit) {
            assert_non_null(h.unit);
            assert_ptr_equal(h.unit, fd_program_unit(c->program, cases[i].unit));
        }
        fd_arena_free(arena);
    }
}

static void patterns_with_stars(void **state)
{
    (void)state;
    assert_true(fd_returns__fits("*b103-1*", "2024年财务状况b103-1"));
    assert_true(fd_returns__fits("分户电量*", "分户电量"));
    assert_true(fd_returns__fits("a*b*c", "axxbyybc"));
    assert_false(fd_returns__fits("a*b*c", "axxbyyb"));
    assert_false(fd_returns__fits("县区", "县区名录"));
    assert_true(fd_returns__fits("*", ""));
}

static void a_path_names_its_form(void **state)
{
    static const struct {
        const char *path, *form;
    } cases[] = {
        { "月报/2024-05/重点企业调度表_洹东区.xlsx", "dispatch" },
        { "年报/2024年财务状况B103-1.xlsx", "b103_1" },
        { "年报/2024年财务状况Ｂ１０３－１.csv", "b103_1" },
        { "名录/县区.csv", "county_register" },
        { "月报/2024-05/分县区增加值增速.xlsx", "county_growth" },
        { "随便.csv", NULL },
    };
    city *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fd_form *form = fd_forms_guess(c->forms, cases[i].path);

        if (!cases[i].form)
            assert_null(form);
        else if (!form || strcmp(fd_form_id(form), cases[i].form) != 0)
            fail_msg("%s: %s", cases[i].path, form ? fd_form_id(form) : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases_say_period_and_basis),
        cmocka_unit_test(texts_say_year_and_month),
        cmocka_unit_test(headers_find_their_columns),
        cmocka_unit_test(what_may_be_another_figure_is_not_taken),
        cmocka_unit_test(patterns_with_stars),
        cmocka_unit_test(a_path_names_its_form),
    };

    return cmocka_run_group_tests_name("returns: headers", tests, city_open, city_close);
}
