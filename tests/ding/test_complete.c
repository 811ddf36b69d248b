/* 全名单: what it closes, on which days, what does not load, and how it is printed and told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "ding/eval/eval.h"
#include "load_program.h"
#include "mock_source.h"

static const char items[] =
    "数据 是小巨人 / giant\n  对象 企业    类型 是否    性质 属性\n"
    "数据 是高企 / hte\n  对象 企业    类型 是否    性质 属性\n"
    "数据 有效期至 / until\n  对象 企业    类型 日期    性质 属性\n"
    "数据 县区 / county\n  对象 企业    类型 代码    性质 属性\n"
    "数据 人数 / staff\n  对象 企业    单位 人    小数 0    性质 存量\n"
    "指标 小巨人数 / giants\n  对象 企业    期间 年    单位 户\n  汇总 计数(是小巨人) × 1 户\n"
    "  缺数 任一缺报 → 缺报\n  来源 名单\n"
    "指标 非小巨人数 / others\n  对象 企业    期间 年    单位 户\n  汇总 计数(非 是小巨人) × 1 户\n"
    "  缺数 任一缺报 → 缺报\n  来源 名单\n"
    "指标 高企数 / htes\n  对象 企业    期间 年    单位 户\n  汇总 计数(是高企) × 1 户\n"
    "  缺数 任一缺报 → 缺报\n  来源 名单\n"
    "指标 持证数 / held\n  对象 企业    期间 年    单位 户\n  汇总 计数(有效期至 ≥ 2024-06-30) × 1 "
    "户\n"
    "  缺数 任一缺报 → 缺报\n  来源 名单\n";

static const char list[] = "全名单 年末名单 / titles\n"
                           "  项 是小巨人、有效期至、是高企\n"
                           "  有效 2024-12-31 至 2025-12-31\n"
                           "  依据 某局公布的名单\n";

/* A is on the list, B is on it as a no, C and D are not on it; of 高企 nothing came in at all. */
static fd_source *enterprises(void)
{
    fd_source *s = mock_source_new();

    mock_frame(s, "enterprise", 4, (const char *[]){ "A", "B", "C", "D" }, NULL);
    mock_frame(s, "city", 1, (const char *[]){ "990500" }, NULL);
    mock_attribute(s, "enterprise", "giant", (const char *[]){ "是", "否", "", "" });
    mock_attribute(s, "enterprise", "hte", (const char *[]){ "", "", "", "" });
    mock_attribute(s, "enterprise", "until",
                   (const char *[]){ "2026-05-01", "2024-01-01", "", "" });
    return s;
}

/* What an indicator gives at the end of a year: "2", or missing while somebody's answer is unknown.
 */
static void counted(const char *declared, const char *indicator, int year, const char *wanted)
{
    static const char *const files[] = { "units.ding", NULL };
    char *text = fd_alloc(strlen(items) + strlen(declared) + 1);
    loaded defs;
    fd_source *source = enterprises();
    fd_eval_query q = { .period = fd_period_year(year), .kind = "enterprise" };
    fd_eval_result r = { 0 };
    fd_eval *eval;
    char got[64] = "missing";

    strcat(strcpy(text, items), declared);
    defs = load_program(files, text);
    free(text);
    assert_int_equal(fd_eval_new(&eval, defs.program, source, NULL), 0);
    assert_int_equal(fd_eval_indicator(&r, eval, fd_program_indicator(defs.program, indicator), &q),
                     0);
    if (r.cells[0].value.state == FD_HAS)
        snprintf(got, sizeof got, "%lld", (long long)r.cells[0].value.exact.num);
    if (strcmp(got, wanted) != 0)
        print_error("%s in %d with %s\n", indicator, year, declared);
    assert_string_equal(got, wanted);
    fd_eval_result_dispose(&r);
    fd_eval_free(eval);
    mock_source_free(source);
    load_free(&defs);
}

static void test_counts(void **state)
{
    static const char kept_up[] = "全名单 年末名单 / titles\n  项 是小巨人 有效期至\n"
                                  "  有效 2023-12-31 起\n  依据 某局公布的名单\n";

    (void)state;
    counted("", "giants", 2024, "missing");
    counted("", "held", 2024, "missing");
    /* the last days of 2024 and 2025 are in it, those of 2023 and 2026 are not */
    counted(list, "giants", 2023, "missing");
    counted(list, "giants", 2024, "1");
    counted(list, "giants", 2025, "1");
    counted(list, "giants", 2026, "missing");
    counted(kept_up, "giants", 2022, "missing");
    counted(kept_up, "giants", 2030, "1");
    /* not on the list is a no, so not being one is a yes; who is on it as a no stays one */
    counted(list, "others", 2024, "3");
    counted(list, "held", 2024, "1");
    /* a list of which nothing came in closes nothing, whatever is declared */
    counted(list, "htes", 2024, "missing");
}

/* ---- what does not load ---- */

static void refused(const char *text, const char *rule, long line)
{
    const char *const texts[] = { items, text };
    fd_script *scripts[3];
    fd_program *p = NULL;
    fd_diags diags = FD_DIAGS_INIT;
    char path[512];
    size_t length;
    char *units;
    bool found = false;

    snprintf(path, sizeof path, "%s/definitions/units.ding", FD_SOURCE_DIR);
    units = load__file(path, &length);
    assert_int_equal(fd_script_parse(&scripts[0], units, length, "units.ding", &diags), 0);
    free(units);
    for (size_t i = 0; i < 2; i++)
        (void)fd_script_parse(&scripts[i + 1], texts[i], strlen(texts[i]), "test.ding", &diags);
    assert_int_equal(fd_program_load(&p, (const fd_script *const *)scripts, 3, &diags), FD_EPARSE);
    for (size_t i = 0; i < diags.list.count; i++)
        found = found || (strcmp(diags.list.items[i]->rule, rule) == 0 &&
                          diags.list.items[i]->error.row == line);
    if (!found)
        load__report(&diags);
    assert_true(found);
    for (size_t i = 0; i < 3; i++)
        fd_script_free(scripts[i]);
    fd_diags_dispose(&diags);
}

static void test_refusals(void **state)
{
    (void)state;
    refused("全名单 甲 / x\n  项 是小巨人\n  有效 2024-12-31 起\n", "cite", 2);
    refused("全名单 甲 / x\n  有效 2024-12-31 起\n  依据 某局\n", "absent", 1);
    refused("全名单 甲 / x\n  项 是小巨人\n  依据 某局\n", "complete", 1);
    /* that day, or from that day on? */
    refused("全名单 甲 / x\n  项 是小巨人\n  有效 2024-12-31\n  依据 某局\n", "complete", 3);
    refused("全名单 甲 / x\n  项 是小巨人\n  有效 2025-12-31 至 2024-12-31\n  依据 某局\n", "date",
            3);
    refused("全名单 甲 / x\n  项 是小巨人 是小巨入\n  有效 2024-12-31 起\n  依据 某局\n", "name",
            2);
    refused("全名单 甲 / x\n  项 县区\n  有效 2024-12-31 起\n  依据 某局\n", "complete", 2);
    refused("全名单 甲 / x\n  项 人数\n  有效 2024-12-31 起\n  依据 某局\n", "complete", 2);
    refused("全名单 甲 / x\n  项 是小巨人\n  有效 2024-12-31 起\n  依据 某局\n  未核实\n",
            "complete", 1);
}

/* ---- printed and told ---- */

static void test_round_trip(void **state)
{
    fd_diags diags = FD_DIAGS_INIT;
    fd_script *first, *again;
    char *text;

    (void)state;
    assert_int_equal(fd_script_parse(&first, list, strlen(list), "a", &diags), 0);
    for (int lang = FD_ZH; lang <= FD_EN; lang++) {
        assert_int_equal(fd_decl_print(&text, &first->decls[0], (fd_lang)lang), 0);
        if (lang == FD_EN)
            assert_non_null(strstr(text, "complete_list 年末名单 / titles"));
        assert_int_equal(fd_script_parse(&again, text, strlen(text), "b", &diags), 0);
        assert_true(fd_decl_equal(&first->decls[0], &again->decls[0]));
        fd_script_free(again);
        free(text);
    }
    fd_script_free(first);
    fd_diags_dispose(&diags);
}

static void test_told(void **state)
{
    static const char *const files[] = { "units.ding", NULL };
    char *text = fd_alloc(sizeof items + sizeof list);
    loaded defs;
    char *words;

    (void)state;
    strcat(strcpy(text, items), list);
    defs = load_program(files, text);
    assert_int_equal(fd_decl_explain(&words, defs.program,
                                     fd_program_decl(defs.program, FD_DECL_COMPLETE, 0), FD_ZH),
                     0);
    assert_non_null(strstr(words, "2024-12-31 至 2025-12-31"));
    assert_non_null(strstr(words, "是小巨人、有效期至、是高企"));
    assert_non_null(strstr(words, "不知道"));
    free(words);
    assert_int_equal(fd_decl_explain(&words, defs.program,
                                     fd_program_item(defs.program, "giant")->decl, FD_EN),
                     0);
    assert_non_null(strstr(words, "Its list is complete from 2024-12-31 to 2025-12-31."));
    free(words);
    load_free(&defs);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
