/* 梯度: which lines an enterprise has, whose certificate runs out, and what stays unknown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "fangding/policy.h"
#include "load_program.h"

/* 甲 → 乙 → 丙, and 甲 → 旁. */
static const char text[] =
    "数据 收 / a\n  对象 企业  单位 万元  小数 0  性质 流量\n"
    "数据 龄 / b\n  对象 企业  单位 年  小数 0  性质 存量\n"
    "数据 甲证 / ua\n  对象 企业  类型 日期  性质 属性\n"
    "数据 乙证 / ub\n  对象 企业  类型 日期  性质 属性\n"
    "数据 丙证 / uc\n  对象 企业  类型 日期  性质 属性\n"
    "数据 旁证 / ud\n  对象 企业  类型 日期  性质 属性\n"
    "政策 试 / p\n  类型 资质  置信 C  对象 企业  按 申请日\n  文号 示例\n  示例\n"
    "  有效 2020-01-01 起\n  条件 收入 收[上年] ≥ 100 万元 〔一〕\n  条件 年限 龄 ≥ 3 年 〔二〕\n"
    "梯度 梯 / g\n  级 甲 政策 p 证书 ua\n  级 乙 政策 p 证书 ub\n  级 丙 政策 p 证书 uc\n"
    "  级 旁 政策 p 证书 ud\n  晋级 甲 → 乙 → 丙;甲 → 旁\n";

typedef struct firm {
    const char *until[4];
    int64_t income, age; /* -1 is missing */
    const char *lines;   /* rung>next alert money years, one after another */
} firm;

static const firm firms[] = {
    { { "", "", "", "" }, 40, 5, ">甲 money 60 years 0" },
    /* the last rung: nothing above, the certificate runs out all the same */
    { { "", "", "2026-07-30", "" }, 40, 5, "丙>旁 30天内到期 money 60 years 0" },
    { { "", "", "2026-07-30", "2026-09-28" }, 40, 5, "丙> 30天内到期;旁> 90天内到期" },
    { { "", "", "2026-07-31", "2026-09-29" }, 40, 5, "丙> 90天内到期;旁>" },
    /* held until the very day; the day after it is not held */
    { { "", "", "2026-06-30", "2026-06-29" }, 40, 5, "丙>旁 30天内到期 money 60 years 0" },
    /* one certificate below what is held: only when it runs out soon */
    { { "2027-01-01", "2027-01-01", "2027-01-01", "2027-01-01" }, 1, 1, "丙>;旁>" },
    { { "2027-01-01", "2026-07-01", "2027-01-01", "2027-01-01" }, 1, 1, "乙> 30天内到期;丙>;旁>" },
    /* 旁 hides none of the steps beside it */
    { { "2027-01-01", "", "", "2027-01-01" }, 40, 1, "甲>乙 money 60 years 2;旁>" },
    /* what a condition waits for is not zero */
    { { "2027-01-01", "2027-01-01", "", "2027-01-01" }, -1, 2, "乙>丙 years 1;旁>" },
    { { "2027-01-01", "2027-01-01", "", "2027-01-01" }, 40, -1, "乙>丙 money 60;旁>" },
    { { "2027-01-01", "2027-01-01", "", "2027-01-01" }, -1, -1, "乙>丙;旁>" },
};
enum { N = sizeof firms / sizeof *firms };

static void test_lines(void **state)
{
    static const char *const files[] = { "units.ding", NULL };
    static const char *const ids[] = { "ua", "ub", "uc", "ud" };
    loaded l = load_program(files, text);
    fd_facts *facts = fd_facts_new();
    const fd_policy *p = fd_program_policy(l.program, "p");
    fd_policy_options o = FD_POLICY_OPTIONS_INIT;
    fd_policy_set *set;
    fd_table *t;
    char codes[N][8], got[N][256] = { { 0 } };
    const char *list[N];
    fd_column *income = fd_column_new("a", FD_DEC, "万元", 0, N),
              *age = fd_column_new("b", FD_DEC, "年", 0, N);

    (void)state;
    for (size_t i = 0; i < N; i++) {
        snprintf(codes[i], sizeof codes[i], "%zu", i);
        list[i] = codes[i];
    }
    fd_facts_subjects(facts, N, list, NULL);
    for (size_t k = 0; k < 4; k++) {
        fd_column *c = fd_column_new(ids[k], FD_TEXT, "", 0, N);

        for (size_t i = 0; i < N; i++)
            if (firms[i].until[k][0])
                fd_column_set_text(c, i, firms[i].until[k]);
        fd_facts_attribute(facts, ids[k], c);
    }
    for (size_t i = 0; i < N; i++) {
        if (firms[i].income >= 0)
            fd_column_set_dec(income, i, firms[i].income);
        if (firms[i].age >= 0)
            fd_column_set_dec(age, i, firms[i].age);
    }
    fd_facts_add(facts, "a", fd_period_year(2025), FD_CURRENT, income);
    fd_facts_add(facts, "b", fd_period_year(2026), FD_CURRENT, age);
    o.on = fd_date_make(2026, 6, 30);
    assert_int_equal(fd_policy_set_new(&set, l.program, fd_facts_source(facts), &p, 1, &o), 0);
    assert_int_equal(fd_policy_set_run(set), 0);
    assert_int_equal(fd_ladder_table(&t, set, fd_program_ladder(l.program, "g"), NULL), 0);
    for (size_t r = 0; r < t->rows; r++) {
        size_t i = (size_t)atoi(fd_column_text(t->columns[0], r));
        fd_number money = fd_column_number(t->columns[8], r),
                  years = fd_column_number(t->columns[9], r);
        const char *alert = fd_column_text_or(t->columns[3], r, "");
        size_t n = strlen(got[i]);

        n += (size_t)snprintf(got[i] + n, sizeof got[i] - n, "%s%s>%s", n ? ";" : "",
                              fd_column_text_or(t->columns[1], r, ""),
                              fd_column_text_or(t->columns[4], r, ""));
        if (alert[0])
            n += (size_t)snprintf(got[i] + n, sizeof got[i] - n, " %s", alert);
        if (money.state == FD_HAS)
            n += (size_t)snprintf(got[i] + n, sizeof got[i] - n, " money %.0f",
                                  fd_number_to_double(money));
        if (years.state == FD_HAS)
            snprintf(got[i] + n, sizeof got[i] - n, " years %.0f", fd_number_to_double(years));
    }
    for (size_t i = 0; i < N; i++)
        assert_string_equal(got[i], firms[i].lines);
    fd_table_free(t);
    fd_policy_set_free(set);
    fd_facts_free(facts);
    load_free(&l);
}

/* The pool of the shipped ladder is what its declaration names; a name that is none does not load.
 */
static void test_declared(void **state)
{
    static const struct {
        const char *clause, *rule;
    } wrong[] = { { "  储备 没有的\n", "name" },          { "  储备\n", "name" },
                  { "  级 丁 政策 p 证书 收\n", "name" }, { "  级 丁 政策 p 证书 没有\n", "name" },
                  { "  级 丁 政册 p\n", "word" },         { "  级 丁 政策\n", "word" } };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char path[512], whole[4096];
        size_t length;
        char *units;
        fd_script *scripts[2] = { NULL, NULL };
        fd_program *p = NULL;
        fd_diags diags = FD_DIAGS_INIT;
        bool found = false;

        snprintf(path, sizeof path, "%s/definitions/units.ding", FD_SOURCE_DIR);
        units = load__file(path, &length);
        snprintf(whole, sizeof whole, "%s%s", text, wrong[i].clause);
        assert_int_equal(fd_script_parse(&scripts[0], units, length, "units.ding", &diags), 0);
        (void)fd_script_parse(&scripts[1], whole, strlen(whole), "test.ding", &diags);
        assert_true(fd_program_load(&p, (const fd_script *const *)scripts, 2, &diags) < 0);
        for (size_t k = 0; k < diags.list.count; k++)
            found = found || strcmp(diags.list.items[k]->rule, wrong[i].rule) == 0;
        if (!found)
            load__report(&diags);
        assert_true(found);
        for (size_t k = 0; k < 2; k++)
            fd_script_free(scripts[k]);
        fd_diags_dispose(&diags);
        free(units);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_lines),
                                        cmocka_unit_test(test_declared) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
