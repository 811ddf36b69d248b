/* Static checks, and input that is broken, huge or deep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "fangding/policy.h"
#include "load_program.h"

static const char head[] =
    "单位 元 / yuan\n  量纲 元\n单位 万元 / wan\n  等于 10000 元\n单位 % / percent\n  等于 0.01\n"
    "单位 年 / year_unit\n  量纲 月\n单位 日 / day_unit\n  量纲 日\n单位 工作日 / working_day\n"
    "  量纲 工作日\n单位 项 / items\n  量纲 项\n"
    "数据 甲数 / a\n  对象 企业  单位 万元  小数 2  性质 流量\n"
    "数据 乙数 / b\n  对象 企业  单位 万元  小数 2  性质 流量  不适用 可\n"
    "数据 生日 / founded\n  对象 企业  类型 日期  性质 属性\n";
static const char policy[] =
    "政策 试 / p\n  类型 资质  置信 B  对象 企业\n  文号 x\n  有效 2020-01-01 起\n";

/* Load head + a text; the findings stay in diags. */
static int load(fd_program **p, fd_script **script, fd_diags *diags, const char *a, const char *b)
{
    fd_buf all = FD_BUF_INIT;
    int err;

    *p = NULL;
    fd_buf_puts(&all, head);
    fd_buf_puts(&all, a);
    fd_buf_puts(&all, b);
    err = fd_script_parse(script, fd_buf_text(&all), all.len, "t.ding", diags);
    if (*script)
        err = fd_program_load(p, (const fd_script *const *)script, 1, diags);
    fd_buf_dispose(&all);
    return err;
}

static bool found(const fd_diags *diags, const char *rule)
{
    for (size_t i = 0; i < diags->list.count; i++)
        if (strcmp(diags->list.items[i]->rule, rule) == 0)
            return true;
    return false;
}

static const struct {
    const char *text, *rule;
    bool loads;
} cases[] = {
    { "  条件 一 甲数 ≥ 3 万元\n", "cite", false },
    { "  条件 一 甲数 ≥ 3 万元 〔一〕\n  条件 二 甲数 < 2 万元 〔二〕\n", "contradiction", false },
    { "  条件 一 甲数 ≥ 3 万元 〔一〕\n  条件 二 甲数 < 3 万元 〔二〕\n", "contradiction", false },
    { "  条件 一 甲数 ≥ 3 万元 〔一〕\n  条件 二 甲数 ≥ 2 万元 〔二〕\n", "unreachable", true },
    { "  条件 一 甲数 ≥ 3 万元 〔一〕\n  条件 二 甲数 ≤ 3 万元 〔二〕\n", NULL, true },
    { "  条件 一 乙数 ≥ 3 万元 〔一〕\n", "na", false },
    { "  不适用 跳过\n  条件 一 乙数 ≥ 3 万元 〔一〕\n", NULL, true },
    { "  条件 一 甲数 ≥ 3 万元 〔一〕\n  资助 10 % × 甲数 〔二〕\n", "cap", false },
    { "  条件 一 甲数 ≥ 3 万元 〔一〕\n  资助 10 % × 甲数 〔二〕\n  封顶 5 万元\n", NULL, true },
    { "  条件 一 甲数 ≥ 3 万元 〔一〕\n  资助 一 → 5 万元;其余 3 万元 〔二〕\n", NULL, true },
    { "  条件 一 甲数 ≥ 查表 甲数 不超过 3 万元 1 万元 不超过 2 万元 1 万元 其余 3 万元 〔一〕\n",
      "bands", false },
    { "  条件 一 甲数 ≥ 查表 甲数 不超过 3 万元 1 万元 超过 4 万元 不超过 5 万元 1 万元 其余 3 "
      "万元 〔一〕\n",
      "bands", false },
    { "  条件 一 甲数 ≥ 查表 甲数 不超过 3 万元 1 万元 达到 3 万元 不超过 5 万元 1 万元 其余 3 "
      "万元 〔一〕\n",
      "bands", false },
    { "  条件 一 甲数 ≥ 查表 甲数 不满 3 万元 1 万元 超过 3 万元 不超过 5 万元 1 万元 其余 3 万元 "
      "〔一〕\n",
      "bands", false },
    { "  条件 一 甲数 ≥ 查表 甲数 不超过 3 万元 1 万元 超过 3 万元 不超过 5 万元 1 万元 其余 3 "
      "万元 〔一〕\n",
      NULL, true },
    { "  条件 一 甲数 ≥ 查表 甲数 达到 5 万元 1 万元 达到 3 万元 2 万元 其余 3 万元 〔一〕\n", NULL,
      true },
    { "  条件 一 生日 + 甲数 ≤ 申请日 〔一〕\n", "type", false },
    { "  条件 一 生日 + 1 年 ≤ 申请日 〔一〕\n", NULL, true },
    { "  条件 一 生日 + 3 日 ≤ 申请日 〔一〕\n", NULL, true },
    { "  条件 一 生日 + 3 工作日 ≤ 申请日 〔一〕\n", "calendar", false },
    { "  条件 一 生日 + 1.5 日 ≤ 申请日 〔一〕\n", "type", false },
    { "  条件 一 至少(2 项,甲数 ≥ 3 万元,生日 ≤ 申请日) 〔一〕\n", NULL, true },
    { "  条件 一 至少(3 项,甲数 ≥ 3 万元,生日 ≤ 申请日) 〔一〕\n", "type", false },
    { "  条件 一 至少(0 项,甲数 ≥ 3 万元) 〔一〕\n", "type", false },
    { "  条件 一 至少(2 项,甲数 ≥ 3 万元,甲数) 〔一〕\n", "type", false },
    { "  条件 一 至少(甲数 ≥ 3 万元,生日 ≤ 申请日) 〔一〕\n", "type", false },
    { "  条件 一 甲书 ≥ 3 万元 〔一〕\n", "name", false },
    { "  条件 一 甲数 ≥ 3 % 〔一〕\n", "unit", false },
    { "  条件 一 甲数 ≥ 3 万元 〔一〕\n  条件 一 甲数 ≥ 4 万元 〔一〕\n", "twice", false },
    { "", "absent", false },
};

static void test_static(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_diags diags = FD_DIAGS_INIT;
        fd_script *script = NULL;
        fd_program *p;
        int err = load(&p, &script, &diags, policy, cases[i].text);

        if ((err >= 0) != cases[i].loads || (cases[i].rule && !found(&diags, cases[i].rule))) {
            load__report(&diags);
            fail_msg("case %zu: %s", i, cases[i].text);
        }
        if (!cases[i].rule)
            assert_int_equal(diags.list.count, 0);
        fd_program_free(p);
        fd_script_free(script);
        fd_diags_dispose(&diags);
    }
}

static const struct {
    const char *text, *rule;
    bool loads;
} editions[] = {
    { "  版本 一 有效 2020-01-01 至 2021-12-31 文号 x\n  版本 二 有效 2021-06-01 起 文号 y\n",
      "overlap", false },
    { "  版本 一 有效 2020-01-01 至 2021-12-31 文号 x\n  版本 二 有效 2021-06-01 起 文号 y\n  "
      "并行\n",
      NULL, true },
    { "  版本 一 有效 2020-01-01 至 2021-12-31 文号 x\n  版本 二 有效 2022-02-01 起 文号 y\n",
      "hole", true },
    { "  版本 一 有效 2020-01-01 至 2021-12-31 文号 x\n  版本 二 有效 2022-01-01 起 文号 y\n", NULL,
      true },
    { "  版本 一 有效 2020-01-01 起\n", "cite", false },
};

static void test_editions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof editions / sizeof *editions; i++) {
        fd_diags diags = FD_DIAGS_INIT;
        fd_script *script = NULL;
        fd_buf b = FD_BUF_INIT;
        fd_program *p;
        int err;

        fd_buf_puts(&b, editions[i].text);
        fd_buf_puts(&b, "  条件 一 甲数 ≥ 3 万元 〔一〕\n");
        err = load(&p, &script, &diags, "政策 试 / p\n  类型 资质  置信 B  对象 企业\n",
                   fd_buf_text(&b));
        if ((err >= 0) != editions[i].loads ||
            (editions[i].rule && !found(&diags, editions[i].rule))) {
            load__report(&diags);
            fail_msg("edition case %zu", i);
        }
        fd_program_free(p);
        fd_script_free(script);
        fd_diags_dispose(&diags);
        fd_buf_dispose(&b);
    }
}

static void test_ladder_circle(void **state)
{
    static const char text[] =
        "  条件 一 甲数 ≥ 3 万元 〔一〕\n梯度 梯 / g\n  级 甲 政策 p\n  级 乙 政策 p\n"
        "  级 丙 政策 p\n  晋级 甲 → 乙 → 丙 → 甲\n";
    fd_diags diags = FD_DIAGS_INIT;
    fd_script *script = NULL;
    fd_program *p;

    (void)state;
    assert_true(load(&p, &script, &diags, policy, text) < 0);
    assert_true(found(&diags, "cycle"));
    fd_script_free(script);
    fd_diags_dispose(&diags);
}

/* One broken file: every fault of it, each at its line. */
static void test_all_faults(void **state)
{
    static const char text[] = "  条件 一 甲数 ≥ 3 %  〔一〕\n  条件 二 甲书 ≥ 3 万元  〔二〕\n"
                               "  条件 三 甲数 ≥ 3 万元\n  条件 四 甲数 ≥ (3 万元  〔四〕\n";
    fd_diags diags = FD_DIAGS_INIT;
    fd_script *script = NULL;
    fd_program *p;

    (void)state;
    assert_true(load(&p, &script, &diags, policy, text) < 0);
    assert_true(found(&diags, "unit") && found(&diags, "name") && found(&diags, "cite") &&
                found(&diags, "syntax"));
    fd_script_free(script);
    fd_diags_dispose(&diags);
}

static void test_huge(void **state)
{
    fd_diags diags = FD_DIAGS_INIT;
    fd_script *script = NULL;
    fd_buf b = FD_BUF_INIT;
    fd_program *p;
    const fd_policy *all[10000];
    fd_policy_options o = FD_POLICY_OPTIONS_INIT;
    fd_policy_set *set;
    fd_facts *f;
    const char *codes[2] = { "1", "2" };
    size_t nodes, conditions;

    (void)state;
    /* 10,000 policies: an answer; equal conditions are one */
    for (int i = 0; i < 10000; i++)
        fd_buf_printf(
            &b,
            "政策 策%d / p%d\n  类型 资质  置信 B  对象 企业\n  文号 x\n  有效 2020-01-01 起\n"
            "  条件 一 甲数 ≥ %d 万元 〔一〕\n",
            i, i, i % 100);
    assert_int_equal(load(&p, &script, &diags, "", fd_buf_text(&b)), 0);
    for (int i = 0; i < 10000; i++)
        all[i] = fd_program_policy(p, fd_program_decl(p, FD_DECL_POLICY, (size_t)i)->alias);
    f = fd_facts_new();
    fd_facts_subjects(f, 2, codes, NULL);
    o.on = fd_date_make(2026, 1, 1);
    assert_int_equal(fd_policy_set_new(&set, p, fd_facts_source(f), all, 10000, &o), 0);
    assert_int_equal(fd_policy_set_run(set), 0);
    fd_policy_set_size(set, &nodes, &conditions);
    assert_int_equal(conditions, 10000);
    assert_true(nodes <= 201);
    fd_policy_set_free(set);
    fd_facts_free(f);
    fd_program_free(p);
    fd_script_free(script);
    /* a condition of 1 MB, and one 10,000 deep: refused, with the place */
    for (int deep = 0; deep < 2; deep++) {
        fd_buf_clear(&b);
        fd_buf_puts(&b, "  条件 一 ");
        for (int i = 0; i < (deep ? 10000 : 60000); i++)
            fd_buf_puts(&b, deep ? "(" : "甲数 ≥ 3 万元 或 ");
        fd_buf_puts(&b, "甲数 ≥ 3 万元");
        for (int i = 0; i < (deep ? 10000 : 0); i++)
            fd_buf_puts(&b, ")");
        fd_buf_puts(&b, "  〔一〕\n");
        script = NULL;
        assert_true(load(&p, &script, &diags, policy, fd_buf_text(&b)) < 0);
        fd_script_free(script);
    }
    fd_buf_dispose(&b);
    fd_diags_dispose(&diags);
}

/* What may exceed 128 bits is refused when it is compiled, not wrapped. */
static void test_overflow(void **state)
{
    static const char text[] = "  条件 一 甲数 × 甲数 × 100 ≥ 甲数 × 甲数 × 3 〔一〕\n";
    fd_diags diags = FD_DIAGS_INIT;
    fd_script *script = NULL;
    fd_program *p;
    fd_policy_options o = FD_POLICY_OPTIONS_INIT;
    fd_policy_set *set = NULL;
    fd_facts *f = fd_facts_new();
    const char *codes[1] = { "1" };
    const fd_policy *q;
    fd_column *c = fd_column_new("a", FD_DEC, "万元", 2, 1);

    (void)state;
    assert_int_equal(load(&p, &script, &diags, policy, text), 0);
    fd_facts_subjects(f, 1, codes, NULL);
    fd_column_set_dec(c, 0, INT64_MAX / 4);
    fd_facts_add(f, "a", fd_period_year(2026), FD_CURRENT, c);
    o.on = fd_date_make(2026, 1, 1);
    q = fd_program_policy(p, "p");
    assert_int_equal(fd_policy_set_new(&set, p, fd_facts_source(f), &q, 1, &o), FD_EOVERFLOW);
    assert_null(set);
    fd_facts_free(f);
    fd_program_free(p);
    fd_script_free(script);
    fd_diags_dispose(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_static),        cmocka_unit_test(test_editions),
        cmocka_unit_test(test_ladder_circle), cmocka_unit_test(test_all_faults),
        cmocka_unit_test(test_huge),          cmocka_unit_test(test_overflow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
