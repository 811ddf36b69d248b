/*
 * The ledger of projects on a plain table: lights by the shipped rules, gates that are not skipped,
 * ramps against the study, projects that stand there twice.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/works.h"
#include "industry/works.h"
#include "table/tablesource.h"

static const fd_source_alias aliases[] = {
    { "project_county", "county" },     { "project_chain", "chain" },
    { "project_type", "type" },         { "project_stage", "stage" },
    { "planned_start", "start" },       { "planned_finish", "finish" },
    { "project_firm", "firm" },         { "project_site", "site" },
    { "project_approval", "approval" }, { "project_total", "total" },
    { "project_plan_year", "plan" },    { "project_done", "done|累计完成" },
    { "project_output", "output" },     { "project_made", "made" },
};

/* A table of texts from lines; the first names the columns. */
static fd_table *table_of(const char *const *lines)
{
    fd_table *t = fd_table_new("t", "t", "t");
    fd_view rest = fd_view_of(lines[0]), part;

    while (fd_view_split(&rest, ',', &part)) {
        char id[64];

        snprintf(id, sizeof id, "%.*s", (int)part.len, part.ptr);
        fd_table_add_new(t, id, id, id, FD_TEXT, "", 0);
    }
    for (size_t l = 1; lines[l]; l++) {
        size_t row = fd_table_add_row(t), c = 0;

        rest = fd_view_of(lines[l]);
        while (c < t->column_count && fd_view_split(&rest, ',', &part)) {
            char text[128];

            snprintf(text, sizeof text, "%.*s", (int)part.len, part.ptr);
            if (part.len)
                fd_column_set_text(t->columns[c], row, text);
            c++;
        }
    }
    return t;
}

/* The next cell of a line of a CSV; quotes may hold commas. */
static const char *next_cell(const char *at, char *buf, size_t size)
{
    bool quoted = *at == '"';
    size_t n = 0;

    for (at += quoted; *at && *at != '\n' && (quoted || *at != ','); at++) {
        if (quoted && *at == '"' && at[1] != '"') {
            at++;
            break;
        }
        assert_true(n + 1 < size);
        buf[n++] = *at;
    }
    buf[n] = '\0';
    return *at == ',' ? at + 1 : at;
}

/* A table of definitions/ as texts. */
static fd_table *shipped(const char *name)
{
    fd_table *t = fd_table_new("t", "t", "t");
    char path[512], line[2048], cell[512];
    bool first = true;
    FILE *file;

    snprintf(path, sizeof path, "%s/definitions/%s", FD_SOURCE_DIR, name);
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        const char *at = line;
        size_t row = first ? 0 : fd_table_add_row(t);

        for (size_t c = 0; *at && *at != '\n'; c++) {
            at = next_cell(at, cell, sizeof cell);
            if (first)
                fd_table_add_new(t, cell, cell, cell, FD_TEXT, "", 0);
            else if (*cell)
                fd_column_set_text(t->columns[c], row, cell);
        }
        first = false;
    }
    fclose(file);
    return t;
}

static const char *text(const fd_table *t, size_t row, const char *column)
{
    assert_true(fd_table_find(t, column) >= 0);
    return fd_works__text_or(t, row, column, "");
}

static double number(const fd_table *t, size_t row, const char *column)
{
    fd_number n = fd_works__number(t, row, column);

    assert_int_equal(n.state, FD_HAS);
    return fd_number_to_double(n);
}

static size_t row_of(const fd_table *t, const char *column, const char *wanted)
{
    size_t row = fd_works__find(t, column, wanted);

    assert_true(row != SIZE_MAX);
    return row;
}

/* ---- rules ---- */

/* The editable table says what the functions of M24 say, everywhere on a grid. */
static void test_rules_agree_with_m24(void **unused)
{
    static const struct {
        const char *id;
        fd_light_preset preset;
    } presets[] = { { "yinchuan", FD_LIGHT_YINCHUAN },
                    { "sanya", FD_LIGHT_SANYA },
                    { "wuhan", FD_LIGHT_WUHAN } };
    fd_table *book = shipped("project_rules.csv");
    size_t compared = 0;

    (void)unused;
    for (size_t p = 0; p < 3; p++)
        for (int schedule = 1; schedule <= 100; schedule += 3)
            for (int done = 0; done <= 120; done++) {
                fd_number percent = fd_number_exact(fd_quot_from_int(done)), behind, reached;
                fd_quot q;
                fd_verdict v;
                fd_color color;
                size_t row;

                assert_int_equal(fd_quot_make(&q, schedule - done, 1), 0);
                behind = fd_number_exact(q);
                assert_int_equal(fd_quot_make(&q, done * 100, schedule), 0);
                reached = fd_number_exact(q);
                assert_int_equal(fd_rules_judge(&color, &row, book, presets[p].id, "investment",
                                                (fd_rule_measure[]){ { "behind", behind },
                                                                     { "reached", reached } },
                                                2),
                                 0);
                assert_int_equal(fd_light_progress(&v, presets[p].preset, percent,
                                                   fd_number_exact(fd_quot_from_int(100)),
                                                   fd_quot_from_int(schedule)),
                                 0);
                assert_int_equal(color, v.color);
                compared++;
            }
    assert_true(compared > 10000);
    for (size_t r = 0; r < book->rows; r++) { /* nothing pretends to be more than it is */
        assert_true(*text(book, r, "source"));
        assert_non_null(strstr(text(book, r, "status"), "unverified"));
    }
    fd_table_free(book);
}

static void test_rules_know_what_they_do_not_know(void **unused)
{
    fd_table *book = table_of((const char *const[]){
        "preset,name_zh,name_en,kind,color,measure,relation,threshold,unit,source,status",
        "p,甲,p,investment,green,reached,>=,100,,,", "p,甲,p,investment,red,growth,<,0,,,",
        "p,甲,p,investment,yellow,,,,,,", "q,乙,q,investment,purple,,,,,,",
        "r,丙,r,investment,red,growth,about,0,,,", NULL });
    fd_rule_measure m[] = { { "reached", fd_number_exact(fd_quot_from_int(100)) },
                            { "growth", fd_number_missing() } };
    const char *preset;
    fd_color color;
    size_t row;

    (void)unused;
    /* The first row holds: what comes later need not be known. */
    assert_int_equal(fd_rules_judge(&color, &row, book, "p", "investment", m, 2), 0);
    assert_int_equal(color, FD_GREEN);
    /* Not the first; the second is unknown: it could be red. */
    m[0].value = fd_number_exact(fd_quot_from_int(99));
    assert_int_equal(fd_rules_judge(&color, &row, book, "p", "investment", m, 2), 0);
    assert_int_equal(color, FD_GREY);
    assert_true(row == SIZE_MAX);
    m[1].value = fd_number_exact(fd_quot_from_int(0));
    assert_int_equal(fd_rules_judge(&color, &row, book, "p", "investment", m, 2), 0);
    assert_int_equal(color, FD_YELLOW);
    m[1].value = fd_number_estimate(-1);
    assert_int_equal(fd_rules_judge(&color, &row, book, "p", "investment", m, 2), FD_EINVAL);
    assert_int_equal(fd_rules_judge(&color, &row, book, "q", "investment", m, 2), FD_EFORMAT);
    m[1].value = fd_number_exact(fd_quot_from_int(0));
    assert_int_equal(fd_rules_judge(&color, &row, book, "r", "investment", m, 2), FD_EFORMAT);
    assert_int_equal(fd_rules_judge(&color, &row, book, "p", "start", m, 2), FD_ENOTFOUND);
    assert_int_equal(fd_rules_judge(&color, &row, book, "p", "investment", m, 1), FD_EFORMAT);
    assert_int_equal(fd_rules_preset(&preset, book, "甲"), 0);
    assert_string_equal(preset, "p");
    assert_int_equal(fd_rules_preset(&preset, book, "丁"), FD_ENOTFOUND);
    fd_table_free(book);
}

static void test_ramp_goes_linearly_between_points(void **unused)
{
    fd_table *curve = shipped("project_ramp.csv"), *empty = NULL;
    static const struct {
        int months;
        double percent;
    } cases[] = { { 0, 0 }, { 1, 10 }, { 3, 30 }, { 9, 65 }, { 12, 80 }, { 18, 100 }, { 99, 100 } };
    fd_quot q;

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(fd_works__ramp(&q, curve, cases[i].months));
        assert_true(fd_quot_to_double(q) == cases[i].percent);
    }
    assert_false(fd_works__ramp(&q, curve, -1));
    assert_false(fd_works__ramp(&q, empty, 3));
    fd_table_free(curve);
}

/* ---- the ledger on a plain table ---- */

typedef struct plain {
    fd_table *table, *gates, *rules, *ramp;
    fd_source *source;
    fd_works_options options;
} plain;

static const char *const ledger_lines[] = {
    "period,code,name,county,chain,type,stage,start,finish,firm,site,approval,total,plan,done,"
    "output,"
    "made",
    /* A is on its way, B produces since August 2024, C has not begun, D is said to be effective. */
    "2023-01..12,A,甲厂智能化改造,一县,L1,技改,在建,2023-01-01,2024-12-31,F1,东区1号,A1,1000,500,"
    "400,,",
    "2024-01..03,B,乙厂新线项目,一县,L1,新建,在建,2023-05-01,2024-08-31,F2,东区2号,A2,2000,900,200,"
    "1200,",
    "2024-01..09,B,乙厂新线项目,一县,L1,新建,投产,2023-05-01,2024-08-31,F2,东区2号,A2,2000,900,850,"
    "1200,20",
    "2024-01..12,A,甲厂智能化改造,一县,L1,技改,在建,2023-01-01,2024-12-31,F1,东区1号,A1,1000,500,"
    "420,,",
    "2024-01..12,B,乙厂新线项目,一县,L1,新建,投产,2023-05-01,2024-08-31,F2,东区2号,A2,2000,900,900,"
    "1200,170",
    "2024-01..12,C,丙厂扩建,二县,L2,新建,签约,2024-08-15,2025-12-31,F3,西区,A3,3000,,,,",
    "2024-01..12,D,丁厂项目,二县,L2,新建,达效,2023-01-01,2023-06-30,F4,西区9号,A4,500,10,10,600,60",
    "2024-01..12,E,甲厂智能化改造项目(示例),一县,L1,技改,在建,2024-01-01,2025-12-31,F1,东区1号,A9,"
    "1010,"
    "300,300,,",
    "2024-01..12,G,丁厂二期,三县,L2,新建,在建,2024-01-01,2025-12-31,F5,,A4,9000,300,300,,", NULL
};

static const char *const gate_lines[] = {
    "id,state,planned_on,approval,signed_on,contract,started_on,permit,building_on,invest_no,"
    "produced_on,acceptance,effective_on,ramp_proof,listed_on,listing",
    "A,在建,2022-01-01,甲备,2022-06-01,合1,2023-01-05,许1,2023-02-01,入1,,,,,,",
    "B,投产,2022-02-01,乙备,2022-07-01,合2,2023-05-03,许2,2023-06-01,入2,2024-08-20,验2,,,,",
    /* produced before it was building, and nothing says that work began */
    "D,投产,2022-02-01,丁备,2022-07-01,合4,,,2023-06-01,入4,2023-05-20,验4,,,,", NULL
};

static plain plain_world(void)
{
    plain p = { .options = FD_WORKS_OPTIONS_INIT };

    p.table = table_of(ledger_lines);
    p.gates = table_of(gate_lines);
    p.rules = shipped("project_rules.csv");
    p.ramp = shipped("project_ramp.csv");
    assert_int_equal(fd_table_source_new(&p.source, "project", p.table, aliases,
                                         sizeof aliases / sizeof *aliases),
                     0);
    p.options.period = fd_period_cumulative(2024, 12);
    p.options.rules = p.rules;
    p.options.ramp = p.ramp;
    p.options.gates = p.gates;
    return p;
}

static void plain_free(plain *p)
{
    fd_table_source_free(p->source);
    fd_table_free(p->table);
    fd_table_free(p->gates);
    fd_table_free(p->rules);
    fd_table_free(p->ramp);
}

static void test_list_of_a_plain_file(void **unused)
{
    plain p = plain_world();
    fd_table *t = NULL;
    size_t row;

    (void)unused;
    assert_int_equal(fd_project_list(&t, p.source, &p.options), 0);
    assert_int_equal(t->rows, 6);
    row = row_of(t, "code", "A"); /* 84 % done, 100 % due */
    assert_string_equal(text(t, row, "light"), "yellow");
    assert_non_null(strstr(text(t, row, "why"), "落后 16 个百分点(规则:银川预设)"));
    assert_string_equal(text(t, row, "gate"), "在建");
    row =
        row_of(t, "code", "B"); /* (170 − 20) ÷ 3 × 12 = 600 of 1200 after four months: 36.7 due */
    assert_true(number(t, row, "ramp") == 50);
    assert_string_equal(text(t, row, "ramp_light"), "green");
    assert_string_equal(text(t, row, "overall"), "green");
    row = row_of(t, "code", "C"); /* four months after the planned start; no plan: no progress */
    assert_string_equal(text(t, row, "light"), "grey");
    assert_string_equal(text(t, row, "start_light"), "red");
    assert_string_equal(text(t, row, "overall"), "red");
    row = row_of(t, "code", "D"); /* no evidence of production: no ramp, and grey, not green */
    assert_int_equal(fd_works__number(t, row, "ramp").state, FD_MISSING);
    assert_string_equal(text(t, row, "ramp_light"), "grey");
    assert_string_equal(text(t, row, "gate"), "签约");
    assert_string_equal(text(t, 0, "code"), "C"); /* worst first */
    assert_true(t->note_count >= 2);              /* unverified rules are marked */
    fd_table_free(t);

    p.options.light = "红";
    assert_int_equal(fd_project_list(&t, p.source, &p.options), 0);
    assert_int_equal(t->rows, 1);
    fd_table_free(t);
    p.options.light = NULL;
    p.options.stage = "producing";
    p.options.county = "一县";
    assert_int_equal(fd_project_list(&t, p.source, &p.options), 0);
    assert_int_equal(t->rows, 1);
    fd_table_free(t);
    p.options.stage = "快要投产";
    assert_int_equal(fd_project_list(&t, p.source, &p.options), FD_EINVAL);
    p.options.stage = NULL;
    p.options.period = fd_period_year(2024);
    assert_int_equal(fd_project_list(&t, p.source, &p.options), FD_EINVAL);
    plain_free(&p);
}

/* 天津: growth against plan and average; a project without a year before is grey, not new-born
 * growth. */
static void test_growth_rule(void **unused)
{
    plain p = plain_world();
    fd_table *t = NULL;
    size_t row;

    (void)unused;
    p.options.preset = "tianjin";
    assert_int_equal(fd_project_list(&t, p.source, &p.options), 0);
    row = row_of(t, "code", "A"); /* 420 ÷ 400 = +5 %, planned 500 ÷ 400 = +25 % */
    assert_string_equal(text(t, row, "light"), "yellow");
    assert_non_null(strstr(text(t, row, "why"), "投资增长 5%,计划 25%,平均 5%"));
    assert_string_equal(text(t, row_of(t, "code", "B"), "light"), "grey");
    fd_table_free(t);
    plain_free(&p);
}

static void test_page_of_one_project(void **unused)
{
    plain p = plain_world();
    fd_project_page page;

    (void)unused;
    assert_int_equal(fd_project_page_make(&page, p.source, "B", &p.options), 0);
    assert_int_equal(page.months->rows, 3);
    assert_true(number(page.months, 0, "due") == 225); /* a quarter of 900 */
    assert_true(number(page.months, 1, "percent") > 94.4);
    assert_int_equal(page.ramp->rows, 2);               /* from 投产 on */
    assert_true(number(page.ramp, 0, "percent") == 20); /* one month: 20 × 12 ÷ 1200 */
    assert_true(number(page.ramp, 1, "percent") == 50);
    assert_string_equal(text(page.gates, 4, "state"), "passed");
    assert_string_equal(text(page.gates, 5, "state"), "next");
    fd_project_page_dispose(&page);
    assert_int_equal(fd_project_page_make(&page, p.source, "D", &p.options), 0);
    assert_string_equal(text(page.gates, 2, "state"), "missing");
    assert_string_equal(text(page.gates, 3, "state"), "skipped"); /* evidence that does not count */
    assert_string_equal(text(page.gates, 5, "state"), "missing");
    fd_project_page_dispose(&page);
    assert_int_equal(fd_project_page_make(&page, p.source, "Z", &p.options), FD_ENOTFOUND);
    plain_free(&p);
}

static bool has_finding(const fd_table *t, const char *rule, const char *code, const char *other)
{
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(text(t, r, "rule"), rule) == 0 && strcmp(text(t, r, "code"), code) == 0 &&
            strcmp(text(t, r, "other"), other) == 0)
            return true;
    return false;
}

static void test_nothing_counts_twice(void **unused)
{
    plain p = plain_world();
    fd_table *renovations = table_of(
        (const char *const[]){ "id,state,project,firm,name", "T1,在建,,F1,甲厂智能化改造",
                               "T2,在建,A,F1,甲厂智能化改造", "T3,在建,,F2,毫不相干", NULL });
    fd_table *t = NULL;

    (void)unused;
    assert_int_equal(fd_project_check(&t, p.source, renovations, &p.options), 0);
    assert_true(has_finding(t, "near-name", "A", "E"));
    assert_true(has_finding(t, "same-approval", "D", "G"));
    assert_true(has_finding(t, "twice", "A", "T1"));
    assert_false(has_finding(t, "twice", "A", "T2")); /* it says which project it is */
    assert_false(has_finding(t, "twice", "B", "T3"));
    assert_false(has_finding(t, "near-name", "B", "E"));
    assert_true(has_finding(t, "gate-skipped", "D", ""));
    assert_true(has_finding(t, "gate-order", "D", ""));
    assert_true(has_finding(t, "gate-missing", "D", ""));
    assert_true(has_finding(t, "effective", "D", ""));
    assert_false(has_finding(t, "gate-missing", "A", ""));
    assert_false(has_finding(t, "gate-missing", "C", "")); /* no evidence kept is not a claim */
    fd_table_free(t);
    fd_table_free(renovations);
    plain_free(&p);
}

/* The order of the rows changes nothing but the order of equals. */
static void test_order_of_rows_is_nothing(void **unused)
{
    plain p = plain_world();
    const char *turned[16] = { ledger_lines[0] };
    fd_table *a = NULL, *b = NULL, *table;
    fd_source *source;
    size_t n = 0;

    (void)unused;
    while (ledger_lines[n + 1])
        n++;
    for (size_t i = 0; i < n; i++)
        turned[1 + i] = ledger_lines[n - i];
    table = table_of(turned);
    assert_int_equal(fd_table_source_new(&source, "project", table, aliases,
                                         sizeof aliases / sizeof *aliases),
                     0);
    assert_int_equal(fd_project_list(&a, p.source, &p.options), 0);
    assert_int_equal(fd_project_list(&b, source, &p.options), 0);
    assert_int_equal(a->rows, b->rows);
    for (size_t r = 0; r < a->rows; r++) {
        size_t s = row_of(b, "code", text(a, r, "code"));

        for (size_t c = 0; c < a->column_count; c++) {
            char x[600], y[600];

            fd_column_format(a->columns[c], r, FD_ZH, x, sizeof x);
            fd_column_format(b->columns[c], s, FD_ZH, y, sizeof y);
            assert_string_equal(x, y);
        }
    }
    fd_table_free(a);
    fd_table_free(b);
    fd_table_source_free(source);
    fd_table_free(table);
    plain_free(&p);
}

static void test_broken_tables_are_refused(void **unused)
{
    static const char *const cases[][3] = {
        { "name,done", "甲,1", NULL },
        { "period,code,done", "2024-01..12,,1", NULL },
        { "period,code,done", "不知何时,A,1", NULL },
    };
    fd_table *twice = table_of(
        (const char *const[]){ "period,code,done", "2024-01..12,A,1", "2024-01..12,A,2", NULL });
    fd_source *s = NULL;

    (void)unused;
    for (size_t i = 0; i < 3; i++) {
        fd_table *t = table_of(cases[i]);

        assert_int_equal(fd_table_source_new(&s, "project", t, NULL, 0), FD_EFORMAT);
        fd_table_free(t);
    }
    assert_int_equal(fd_table_source_new(&s, "project", twice, NULL, 0), FD_EFORMAT);
    fd_table_free(twice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_agree_with_m24),
        cmocka_unit_test(test_rules_know_what_they_do_not_know),
        cmocka_unit_test(test_ramp_goes_linearly_between_points),
        cmocka_unit_test(test_list_of_a_plain_file),
        cmocka_unit_test(test_growth_rule),
        cmocka_unit_test(test_page_of_one_project),
        cmocka_unit_test(test_nothing_counts_twice),
        cmocka_unit_test(test_order_of_rows_is_nothing),
        cmocka_unit_test(test_broken_tables_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
