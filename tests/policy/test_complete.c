/* 全名单 in policies: who is not on a complete list is a no, on its days, and the answer says so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "fangding/policy.h"
#include "load_program.h"

static const char items[] =
    "数据 小巨人 / giant\n  对象 企业  类型 是否  性质 属性\n"
    "数据 高企 / hte\n  对象 企业  类型 是否  性质 属性\n"
    "数据 证书 / until\n  对象 企业  类型 日期  性质 属性\n"
    "政策 试 / p\n  类型 资质  置信 C  对象 企业  按 申请日\n  文号 示例\n  示例\n"
    "  有效 2020-01-01 起\n";
static const char list[] = "全名单 年末名单 / titles\n  项 小巨人 高企 证书\n"
                           "  有效 2025-12-31 至 2026-06-30\n  依据 某局公布的名单\n";

/* A is on the list, B on it as a no, C is not on it; of 高企 nothing came in. One letter each:
 * 符 合, 不 符合, 待 补. */
static void answers(const char *declared, const char *conditions, fd_date on, const char *wanted)
{
    static const char *const files[] = { "units.ding", NULL };
    static const char *const codes[] = { "A", "B", "C" };
    static const char *const cells[3][3] = { { "是", "否", NULL },
                                             { NULL, NULL, NULL },
                                             { "2027-01-01", "2026-01-01", NULL } };
    static const char *const ids[] = { "giant", "hte", "until" };
    char text[4096], got[64] = "";
    fd_policy_options o = FD_POLICY_OPTIONS_INIT;
    fd_facts *facts = fd_facts_new();
    fd_policy_set *set;
    const fd_policy_slot *slot;
    const fd_policy *p;
    loaded l;
    size_t n;

    snprintf(text, sizeof text, "%s%s%s", items, conditions, declared);
    l = load_program(files, text);
    fd_facts_subjects(facts, 3, codes, NULL);
    for (size_t k = 0; k < 3; k++) {
        fd_column *c = fd_column_new(ids[k], FD_TEXT, "", 0, 3);

        for (size_t i = 0; i < 3; i++)
            if (cells[k][i])
                fd_column_set_text(c, i, cells[k][i]);
        fd_facts_attribute(facts, ids[k], c);
    }
    p = fd_program_policy(l.program, "p");
    o.on = on;
    assert_int_equal(fd_policy_set_new(&set, l.program, fd_facts_source(facts), &p, 1, &o), 0);
    assert_int_equal(fd_policy_set_run(set), 0);
    slot = fd_policy_set_slots(set, &n);
    for (size_t row = 0; row < 3; row++) {
        fd_truth walked;

        strcat(got, fd_outcome_name(fd_policy_result(set, slot, row), FD_EN));
        strcat(got, row < 2 ? " " : "");
        assert_int_equal(fd_policy_walk_truth(&walked, set, slot, 0, row), 0);
        assert_int_equal(walked, fd_policy_truth(set, slot, 0, row));
    }
    if (strcmp(got, wanted) != 0)
        print_error("%s%s\n", conditions, declared);
    assert_string_equal(got, wanted);
    /* what the list decides is told, with who says so */
    if (declared[0] && strstr(conditions, "条件 是 小巨人") && on == fd_date_make(2026, 6, 30)) {
        char *sentence;
        fd_table *t;

        assert_int_equal(fd_policy_why(&t, &sentence, set, slot, 2, FD_ZH), 0);
        assert_non_null(strstr(sentence, "「小巨人」的名单是全的(年末名单)"));
        assert_non_null(strstr(sentence, "某局公布的名单"));
        free(sentence);
        fd_table_free(t);
        assert_int_equal(fd_policy_why(&t, &sentence, set, slot, 1, FD_ZH), 0);
        assert_null(strstr(sentence, "名单是全的"));
        free(sentence);
        fd_table_free(t);
    }
    fd_policy_set_free(set);
    fd_facts_free(facts);
    load_free(&l);
}

static void test_answers(void **state)
{
    const fd_date inside = fd_date_make(2026, 6, 30), after = fd_date_make(2026, 7, 1),
                  first = fd_date_make(2025, 12, 31), before = fd_date_make(2025, 12, 30);
    static const char is[] = "  条件 是 小巨人 〔一〕\n",
                      is_not[] = "  条件 不是 非 小巨人 〔一〕\n",
                      hte[] = "  条件 高 高企 〔一〕\n",
                      fails[] = "  不适用 不符合\n  条件 证 证书 ≥ 申请日 〔一〕\n",
                      holds[] = "  不适用 符合\n  条件 证 证书 ≥ 申请日 〔一〕\n";

    (void)state;
    answers("", is, inside, "yes no incomplete");
    answers(list, is, inside, "yes no no");
    answers(list, is_not, inside, "no yes yes");
    /* only on the days named */
    answers(list, is, first, "yes no no");
    answers(list, is, before, "yes no incomplete");
    answers(list, is, after, "yes no incomplete");
    /* a list of which nothing came in closes nothing */
    answers(list, hte, inside, "incomplete incomplete incomplete");
    /* of a date it is 不适用, by the policy's rule */
    answers("", fails, inside, "yes no incomplete");
    answers(list, fails, inside, "yes no no");
    answers(list, holds, inside, "yes no yes");
    answers(list, holds, after, "yes no incomplete");
}

/* A date of a complete list may be 不适用: a policy that compares it must say what then. */
static void test_rule_needed(void **state)
{
    char path[512], text[4096];
    size_t length;
    char *units;
    fd_script *scripts[2];
    fd_program *p = NULL;
    fd_diags diags = FD_DIAGS_INIT;
    bool found = false;

    (void)state;
    snprintf(path, sizeof path, "%s/definitions/units.ding", FD_SOURCE_DIR);
    units = load__file(path, &length);
    snprintf(text, sizeof text, "%s  条件 证 证书 ≥ 申请日 〔一〕\n%s", items, list);
    assert_int_equal(fd_script_parse(&scripts[0], units, length, "units.ding", &diags), 0);
    assert_int_equal(fd_script_parse(&scripts[1], text, strlen(text), "test.ding", &diags), 0);
    assert_true(fd_program_load(&p, (const fd_script *const *)scripts, 2, &diags) < 0);
    for (size_t i = 0; i < diags.list.count; i++)
        found = found || strcmp(diags.list.items[i]->rule, "na") == 0;
    if (!found)
        load__report(&diags);
    assert_true(found);
    fd_script_free(scripts[0]);
    fd_script_free(scripts[1]);
    fd_diags_dispose(&diags);
    free(units);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_answers),
                                        cmocka_unit_test(test_rule_needed) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
