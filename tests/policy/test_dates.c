/*
 * Dates with months, days and working days; N of several conditions; rounding money: written as
 * samples, worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fangding/policy.h"
#include "load_program.h"

/* Spring Festival 2026: 15 to 23 February off, Saturdays 14 and 28 February worked. */
static const char text[] =
    "数据 受理日期 / accepted\n  对象 企业  类型 日期  性质 属性\n"
    "数据 备案日期 / filed\n  对象 企业  类型 日期  性质 属性\n"
    "数据 开工日期 / begun\n  对象 企业  类型 日期  性质 属性\n"
    "数据 有专利 / patents\n  对象 企业  类型 是否  性质 属性\n"
    "数据 有机构 / body\n  对象 企业  类型 是否  性质 属性\n"
    "数据 有标准 / standard\n  对象 企业  类型 是否  性质 属性\n"
    "数据 设备额 / equipment\n  对象 企业  单位 万元  小数 2  性质 流量\n"
    "政策 日期 / dates\n  类型 资质  置信 B  对象 企业  按 申请日\n  文号 x\n  有效 2020-01-01 起\n"
    "  条件 七个工作日 受理日期 + 7 工作日 ≥ 申请日 〔一〕\n"
    "  条件 半年内开工 备案日期 + 6 月 ≥ 开工日期 〔二〕\n"
    "  条件 三十日 开工日期 + 30 日 ≤ 申请日 〔三〕\n"
    "  样例 第七日 申请日 2026-02-26;受理日期 2026-02-10;其余符合 → 符合\n"
    "  样例 第八日 申请日 2026-02-27;受理日期 2026-02-10;其余符合 → 不符合 七个工作日\n"
    "  样例 久远 申请日 2026-02-27;受理日期 1990-02-10;其余符合 → 不符合 七个工作日\n"
    "  样例 将来 申请日 2026-02-27;受理日期 2050-02-10;其余符合 → 符合\n"
    "  样例 夹到月底 备案日期 2025-08-31;开工日期 2026-02-28;其余符合;申请日 2026-06-30 → 符合\n"
    "  样例 过月底 备案日期 2025-08-31;开工日期 2026-03-01;其余符合;申请日 2026-06-30 → 不符合 "
    "半年内开工\n"
    "  样例 正好三十日 开工日期 2026-01-26;申请日 2026-02-25;其余符合 → 符合\n"
    "  样例 差一日 开工日期 2026-01-27;申请日 2026-02-25;其余符合 → 不符合 三十日\n"
    "  样例 不知备案 开工日期 2026-01-26;申请日 2026-02-25;受理日期 2026-02-25 → 待补\n"
    "政策 回数 / back\n  类型 资质  置信 B  对象 企业  按 申请日\n  文号 x\n  有效 2020-01-01 起\n"
    "  条件 提前 申请日 − 5 工作日 ≥ 受理日期 〔一〕\n"
    "  样例 够 申请日 2026-02-26;受理日期 2026-02-12;其余符合 → 符合\n"
    "  样例 不够 申请日 2026-02-26;受理日期 2026-02-13;其余符合 → 不符合 提前\n"
    "政策 选 / choose\n  类型 奖补  置信 B  对象 企业  按 申请日\n  文号 x\n  有效 2020-01-01 起\n"
    "  条件 三选二 至少(2 项,有专利,有机构,有标准) 〔一〕\n"
    "  资助 四舍五入(1 % × 设备额[上年],1 位) 〔二〕\n  封顶 20 万元\n"
    "  样例 两项就够 有专利 是;有标准 是;设备额[上年] 5.05 万元 → 符合 得 0.1 万元\n"
    "  样例 两项没有 有专利 否;有标准 否 → 不符合 三选二\n"
    "  样例 一有一无 有专利 是;有标准 否 → 待补\n"
    "  样例 进一 有专利 是;有机构 是;设备额[上年] 1265 万元 → 符合 得 12.7 万元\n"
    "  样例 舍去 有专利 是;有机构 是;设备额[上年] 1264.99 万元 → 符合 得 12.6 万元\n";

static void samples(void **state)
{
    static const char *const files[] = { "units.ding", "data.ding", NULL };
    static const char *const policies[] = { "dates", "back", "choose" };
    loaded l = load_program(files, text);
    size_t ran = 0;

    (void)state;
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        fd_table *t;
        size_t wrong;

        assert_int_equal(
            fd_policy_samples(&t, &wrong, l.program, fd_program_policy(l.program, policies[i])), 0);
        for (size_t r = 0; r < t->rows; r++)
            assert_string_equal(fd_column_text(t->columns[3], r), fd_column_text(t->columns[2], r));
        ran += t->rows;
        fd_table_free(t);
    }
    assert_int_equal(ran, 16);
    load_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(samples) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
