/* A policy file: parse, check, compile over two enterprises, run, explain. Nothing may crash. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "fangding/policy.h"

static const char head[] =
    "单位 元 / yuan\n  量纲 元\n单位 万元 / wan\n  等于 10000 元\n单位 % / percent\n  等于 0.01\n"
    "单位 月 / month_unit\n  量纲 月\n单位 年 / year_unit\n  等于 12 月\n"
    "数据 甲数 / a\n  对象 企业  单位 万元  小数 2  性质 流量\n"
    "数据 乙数 / b\n  对象 企业  单位 万元  小数 2  性质 存量  不适用 可\n"
    "数据 旗 / flag\n  对象 企业  类型 是否  性质 属性\n"
    "数据 生日 / founded\n  对象 企业  类型 日期  性质 属性\n";

static fd_facts *facts(void)
{
    const char *codes[2] = { "1", "2" };
    fd_facts *f = fd_facts_new();

    fd_facts_subjects(f, 2, codes, NULL);
    for (int y = 2022; y <= 2026; y++) {
        fd_column *a = fd_column_new("a", FD_DEC, "万元", 2, 2),
                  *b = fd_column_new("b", FD_DEC, "万元", 2, 2);

        fd_column_set_dec(a, 0, 100 * (y - 2020));
        fd_column_set_dec(b, 0, 0);
        fd_column_set_state(b, 1, FD_NA);
        fd_facts_add(f, "a", fd_period_year(y), FD_CURRENT, a);
        fd_facts_add(f, "b", fd_period_year(y), FD_CURRENT, b);
    }
    return f;
}

static void run(const fd_program *p)
{
    const fd_decl *decl;
    fd_facts *f = facts();

    for (size_t i = 0; (decl = fd_program_decl(p, FD_DECL_POLICY, i)) && i < 20; i++) {
        const fd_policy *policy = fd_program_policy(p, decl->alias);
        fd_policy_options o = FD_POLICY_OPTIONS_INIT;
        fd_policy_check_options c = FD_POLICY_CHECK_INIT;
        fd_policy_set *set = NULL;
        fd_table *t = NULL;
        char *text = NULL;
        size_t n;

        o.on = fd_date_make(2026, 6, 30);
        if (fd_policy_set_new(&set, p, fd_facts_source(f), &policy, 1, &o) >= 0 &&
            fd_policy_set_run(set) >= 0) {
            if (fd_policy_check(&t, set, &c) >= 0)
                fd_table_free(t);
            if (fd_policy_set_slots(set, &n) && n &&
                fd_policy_why(&t, &text, set, fd_policy_set_slots(set, &n), 0, FD_ZH) >= 0)
                fd_table_free(t);
            free(text);
        }
        fd_policy_set_free(set);
        if (fd_policy_samples(&t, &n, p, policy) >= 0)
            fd_table_free(t);
        text = NULL;
        if (fd_decl_print(&text, decl, FD_EN) >= 0)
            free(text);
    }
    fd_facts_free(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fd_diags diags = FD_DIAGS_INIT;
    fd_script *scripts[2] = { NULL, NULL };
    fd_program *p = NULL;
    int ok;

    if (size > 65536)
        return 0;
    ok = fd_script_parse(&scripts[0], head, strlen(head), "head", &diags) >= 0;
    ok = fd_script_parse(&scripts[1], (const char *)data, size, "fuzz", &diags) >= 0 && ok;
    if (ok && fd_program_load(&p, (const fd_script *const *)scripts, 2, &diags) >= 0)
        run(p);
    fd_program_free(p);
    fd_script_free(scripts[0]);
    fd_script_free(scripts[1]);
    fd_diags_dispose(&diags);
    return 0;
}
