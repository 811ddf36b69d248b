/* What the checker refuses, and what it lets pass. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "ding/load.h"

/* An indicator 甲 / jia with these clauses, in units and data as shipped. */
#define INDICATOR(unit, body)                                                                      \
    "指标 甲 / jia\n  对象 企业    期间 年    单位 " unit "\n  缺数 任一缺报 → 缺报\n" body "\n"
#define CITY(unit, body)                                                                           \
    "指标 甲 / jia\n  对象 市    期间 年    单位 " unit "\n  缺数 任一缺报 → 缺报\n" body "\n"

typedef struct check_case {
    const char *text;
    const char *rule; /* of the first finding; NULL: none */
    int code;
    const char *hint; /* part of the Chinese hint, or NULL */
} check_case;

static const check_case cases[] = {
    /* names */
    { INDICATOR("万元", "  公式 营业收人"), "name", FD_EPARSE, "营业收入" },
    { INDICATOR("万元", "  公式 REVENUE"), NULL, 0, NULL },
    { INDICATOR("万元", "  公式 总产值"), NULL, 0, NULL }, /* an alias of one item only */
    { INDICATOR("万元", "  公式 甲且乙"), "name", FD_EPARSE, "空格" },
    { INDICATOR("万元", "  汇总 合计(甲)"), "level", FD_EPARSE, NULL },
    { INDICATOR("万元", "  公式 营业收入 + 营业成本\n  汇总 合计(甲)"), NULL, 0, NULL },
    /* units */
    { INDICATOR("万元", "  公式 营业收入 + 综合能源消费量"), "unit", FD_EUNIT, NULL },
    { INDICATOR("亿元", "  公式 营业收入 + 2 亿元"), NULL, 0, NULL },
    { INDICATOR("万元", "  公式 营业收入 + 2"), "unit", FD_EUNIT, "万元" },
    { INDICATOR("万元", "  公式 营业收入 × 2 + 0"), NULL, 0, NULL },
    { INDICATOR("人", "  公式 营业收入"), "unit", FD_EUNIT, NULL },
    { INDICATOR("万元/人", "  公式 营业收入 ÷ 平均用工人数"), NULL, 0, NULL },
    { INDICATOR("tce/万元", "  公式 综合能源消费量 ÷ 营业收入"), NULL, 0, NULL },
    { INDICATOR("万员", "  公式 营业收入"), "unit", FD_EPARSE, "万元" },
    { INDICATOR("万元", "  公式 营业收入 > 5 万圆 → 1 万元;其余 2 万元"), "unit", FD_EUNIT,
      "万元" },
    { INDICATOR("%", "  公式 研发费用 ÷ 营业收入"), NULL, 0, NULL },
    { INDICATOR("户", "  汇总 计数(规上 = 是)"), NULL, 0, NULL },
    { INDICATOR("家", "  汇总 计数()"), NULL, 0, NULL },
    { INDICATOR("万元/户", "  汇总 合计(营业收入) ÷ 计数()"), NULL, 0, NULL },
    { INDICATOR("万元", "  汇总 计数()"), "unit", FD_EUNIT, NULL },
    /* percentages and points */
    { CITY("百分点", "  公式 地区生产总值增速 − 全省规上工业增加值增速"), NULL, 0, NULL },
    { CITY("%", "  公式 地区生产总值增速 − 全省规上工业增加值增速"), "points", FD_EPARSE,
      "百分点" },
    { CITY("百分点", "  公式 地区生产总值增速"), "points", FD_EPARSE, "%" },
    { CITY("%", "  公式 地区生产总值增速 − 2 百分点"), NULL, 0, NULL },
    { CITY("%", "  公式 地区生产总值增速 − 2 %"), "points", FD_EPARSE, "2 百分点" },
    { CITY("%", "  公式 100 % − 地区生产总值增速"), NULL, 0, NULL },
    { CITY("%", "  公式 (1 + 地区生产总值增速) ÷ (1 + 全省规上工业增加值增速) − 1"), NULL, 0,
      NULL },
    { CITY("%", "  公式 地区生产总值增速 > 5 → 1 %;其余 2 %"), "unit", FD_EUNIT, "5 %" },
    { CITY("%", "  公式 地区生产总值增速 > 5 百分点 → 1 %;其余 2 %"), "points", FD_EPARSE, NULL },
    { INDICATOR("百分点", "  汇总 拉动(工业总产值,条件 行业大类 = 31)"), NULL, 0, NULL },
    /* flow and stock */
    { INDICATOR("万元", "  公式 近3年(研发费用)"), NULL, 0, NULL },
    { INDICATOR("万元", "  公式 近3年(资产总计)"), "stock", FD_EPARSE, "流量" },
    { INDICATOR("万元", "  公式 近3年(资产总计 + 应收账款)"), "stock", FD_EPARSE, NULL },
    /* levels */
    { INDICATOR("万元", "  汇总 营业收入"), "level", FD_EPARSE, "合计(营业收入)" },
    { INDICATOR("%", "  公式 营业收入 ÷ 合计(营业收入)"), "level", FD_EPARSE, "汇总" },
    { INDICATOR("万元", "  公式 县区增加值权重 × 营业收入"), NULL, 0, NULL },
    { INDICATOR("万元", "  公式 计划总投资"), "level", FD_EPARSE, NULL },
    { INDICATOR("万元", "  汇总 合计(营业收入,条件 计划总投资 > 0)"), "level", FD_EPARSE, NULL },
    { CITY("%", "  公式 合计(营业收入) ÷ 地区生产总值"), NULL, 0, NULL },
    /* truths, texts, dates */
    { INDICATOR("户", "  汇总 计数(生产状态 = 停产 且 行业大类 属于 {25,26})"), NULL, 0, NULL },
    { INDICATOR("户", "  汇总 计数(停产 = 生产状态)"), NULL, 0, NULL },
    { INDICATOR("户", "  汇总 计数(行业大类 = 06)"), NULL, 0, NULL },
    { INDICATOR("户", "  汇总 计数(成立日期 ≥ 2020-01-01)"), NULL, 0, NULL },
    { INDICATOR("户", "  汇总 计数(成立日期 ≥ 5)"), "type", FD_EPARSE, NULL },
    { INDICATOR("户", "  汇总 计数(生产状态 > 停产)"), "type", FD_EPARSE, NULL },
    { INDICATOR("户", "  汇总 计数(营业收入)"), "type", FD_EPARSE, NULL },
    { INDICATOR("户", "  汇总 计数(营业收入 属于 {1})"), "type", FD_EPARSE, NULL },
    { INDICATOR("户", "  汇总 计数(行业 属于 营业收入)"), "class", FD_EPARSE, NULL },
    { INDICATOR("户", "  汇总 种数(营业收入)"), "type", FD_EPARSE, NULL },
    { INDICATOR("万元", "  公式 营业收入 > 0"), "type", FD_EPARSE, NULL },
    { INDICATOR("万元", "  范围 营业收入\n  公式 营业收入"), "type", FD_EPARSE, NULL },
    { INDICATOR("万元", "  公式 营业收入 + 县区"), "type", FD_EPARSE, NULL },
    { INDICATOR("万元", "  公式 营业收入 且 县区"), "type", FD_EPARSE, NULL },
    { INDICATOR("万元", "  公式 (营业收入 + 1 元)[上年]"), "at", FD_EPARSE, NULL },
    { INDICATOR("万元", "  公式 营业收入 ÷ 0"), "zero", FD_EPARSE, NULL },
    /* estimates decide nothing */
    { INDICATOR("户", "  汇总 计数(开方(营业收入 ÷ 营业成本) > 1)"), "estimate", FD_EPARSE,
      "修约" },
    { INDICATOR("户", "  汇总 计数(修约(开方(营业收入 ÷ 营业成本),2 位) > 1)"), NULL, 0, NULL },
    { INDICATOR("%", "  汇总 增速(工业总产值,可比价 按 ppi) > 5 % → 1 %;其余 2 %"), "estimate",
      FD_EPARSE, NULL },
    { INDICATOR("%", "  汇总 增速(工业总产值,可比价 按 revenue)"), "deflator", FD_EPARSE, NULL },
    /* widths */
    { INDICATOR("%", "  汇总 合计(研发费用 ÷ 营业收入)"), "width", FD_EOVERFLOW, "取舍" },
    { INDICATOR("%", "  汇总 合计(四舍五入(研发费用 ÷ 营业收入,4 位))"), NULL, 0, NULL },
    { INDICATOR("万元", "  公式 营业收入 × (营业收入 ÷ 1 万元) × (营业收入 ÷ 1 万元)"), "width",
      FD_EOVERFLOW, NULL },
    { INDICATOR("%", "  汇总 平均(研发费用) ÷ 平均(营业收入)"), NULL, 0, NULL },
    /* families */
    { INDICATOR("实物量", "  公式 能源消费量:33"), NULL, 0, NULL },
    { INDICATOR("实物量", "  公式 能源消费量"), "variant", FD_EPARSE, "能源消费量:33" },
    /* clauses */
    { "指标 甲 / jia\n  公式 1\n", "absent", FD_EPARSE, NULL },
    { INDICATOR("万元", "  说明 没有公式"), "formula", FD_EPARSE, NULL },
    { INDICATOR("万元", "  公式 营业收入\n  显示 两位"), "display", FD_EPARSE, NULL },
    { INDICATOR("万元", "  公式 营业收入\n  核定    测算"), "series", FD_EPARSE, NULL },
    { INDICATOR("万元", "  公式 营业收入\n  有效 2024-01-01 至 2023-01-01"), "date", FD_EPARSE,
      NULL },
    /* circles */
    { "指标 甲 / jia\n  对象 市    期间 年    单位 %\n  公式 乙 × 2\n  缺数 任一缺报 → 缺报\n"
      "指标 乙 / yi\n  对象 市    期间 年    单位 %\n  公式 甲 × 2\n  缺数 任一缺报 → 缺报\n",
      "cycle", FD_EPARSE, NULL },
    { INDICATOR("万元", "  公式 甲 + 1 元"), "cycle", FD_EPARSE, NULL },
    /* items, parameters, classes, records, lights */
    { "数据 甲 / jia\n  对象 企业    性质 流量\n", "unit", FD_EPARSE, NULL },
    { "数据 甲 / jia\n  对象 企业    性质 流量    单位 元    小数 十\n", "decimals", FD_EPARSE,
      NULL },
    { "数据 营业收入 / jia\n  对象 企业    性质 流量    单位 元\n", "twice", FD_EPARSE,
      "替代 revenue" },
    { "参数 revenue / jia\n  值 1\n", "twice", FD_EPARSE, NULL },
    { "参数 甲 / jia\n  单位 %\n  值 70 %;2026-04-01 起 90 %\n", NULL, 0, NULL },
    { "参数 甲 / jia\n  单位 %\n  值 2026-04-01 起 90 %;2025-04-01 起 70 %\n", "order", FD_EPARSE,
      NULL },
    { "参数 甲 / jia\n  单位 %\n  值 3 万元\n", "unit", FD_EPARSE, "%" },
    { "参数 甲 / jia\n  单位 %\n", "value", FD_EPARSE, NULL },
    { "分类 甲 / jia\n  按 行页\n  成员 31\n", "by", FD_EPARSE, NULL },
    { "分类 甲 / jia\n  按 行业\n  成员 31 份额 140 %\n", "member", FD_EPARSE, NULL },
    { "分类 甲 / jia\n  按 行业\n  成员 31 自 2024-01-01 至 2023-01-01\n", "member", FD_EPARSE,
      NULL },
    { "分类 甲 / jia\n  按 行业\n  成员 来自 a.csv 行 b\n", "member", FD_EPARSE, NULL },
    { "记录 甲 / jia\n  状态 登记 办结\n  转移 登记 → 办理\n", "state", FD_EPARSE, NULL },
    { "记录 甲 / jia\n  状态 登记\n  字段 乙 / b 金额\n", "field", FD_EPARSE, NULL },
    { "灯 甲 / jia\n  绿 ≥ 路径\n", "light", FD_EPARSE, "其余" },
    { "灯 甲 / jia\n  绿 其余\n  红 其余\n", "light", FD_EPARSE, NULL },
    { "灯 甲 / jia\n  绿 ≥ 5\n  红 其余\n", "unit", FD_EUNIT, "5 %" },
    { "灯 甲 / jia\n  绿 ≥ 路径 − 2 %\n  红 其余\n", "points", FD_EPARSE, NULL },
    { "单位 甲 / jia\n  等于 2 乙\n单位 乙 / yi\n  等于 2 甲\n", "cycle", FD_EPARSE, NULL },
    { "单位 甲 / jia\n", "unit", FD_EPARSE, NULL },
    { "单位 甲 / jia\n  等于 2 圆\n", "unit", FD_EPARSE, NULL },
    { "数据 甲 / jia\n  对象 企业    性质 流量    单位 元\n  替代 renevue\n", "replaces", FD_EPARSE,
      "revenue" },
};

static void findings(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fd_diag *first = NULL;
        loaded l;

        load(&l, cases[i].text, NULL);
        for (size_t k = 0; k < l.diags.list.count && !first; k++)
            if (l.diags.list.items[k]->severity == FD_FAULT)
                first = l.diags.list.items[k];
        if ((first != NULL) != (cases[i].rule != NULL) ||
            (first && strcmp(first->rule, cases[i].rule) != 0) ||
            (first && first->error.code != cases[i].code) ||
            (cases[i].hint && !strstr(first->error.hint[FD_ZH], cases[i].hint))) {
            show(&l);
            fail_msg("%s: wanted %s", cases[i].text, cases[i].rule ? cases[i].rule : "nothing");
        }
        assert_int_equal(l.err < 0, cases[i].rule != NULL);
        assert_int_equal(l.program == NULL, cases[i].rule != NULL);
        if (first) {
            assert_true(first->error.row > 0 && first->error.column > 0);
            assert_non_null(strchr(first->error.detail[FD_EN], '^'));
            assert_string_equal(first->error.file, "test.ding");
        }
        unload(&l);
    }
}

/* ---- targets ---- */

#define RATE                                                                                                                 \
    "指标 甲 / jia\n  对象 企业    期间 年    单位 %\n  汇总 合计(研发费用) ÷ 合计(营业收入)\n  " \
    "缺数 任一缺报 → 缺报\n"
#define TARGET(body) RATE "目标 乙 / yi\n  指标 甲\n" body

static const check_case targets[] = {
    /* indices: leaves are indicators, words are known, weights numbers */
    { RATE "指数 丁 / ding\n  支 结构 / s    权重 40\n    项 甲    正    权重 50\n", NULL, 0,
      NULL },
    { RATE "指数 丁 / ding\n  项 jia    下限 0    上限 40\n", NULL, 0, NULL },
    { RATE "指数 丁 / ding\n  支 结构 / s\n    项 jiaa    正\n", "indicator", 0, "jia" },
    { RATE "指数 丁 / ding\n  项 没有的指标\n", "indicator", 0, NULL },
    { RATE "指数 丁 / ding\n  项 甲    重\n", "index", 0, "权重" },
    { RATE "指数 丁 / ding\n  项 甲    权重 多\n", "index", 0, NULL },
    { RATE "指数 丁 / ding\n  支 结构\n    条 甲\n", "index", 0, NULL },
    { TARGET("  到期 2027 年 ≥ 30 %  〔x〕\n"), NULL, 0, NULL },
    { TARGET("  到期 2027 年 ≥ 30 %\n  依据 x\n"), NULL, 0, NULL },
    { TARGET("  到期 2027 年 ≥ 30 %\n"), "cite", 0, "依据" },
    { TARGET("  基线 2024 年 1 %\n  到期 2027 年 ≥ 30 %  〔x〕\n"), "cite", 0, NULL },
    { TARGET("  到期 2027 年 30 %  〔x〕\n"), "due", 0, "≥" },
    { TARGET("  到期 2027 年 ≥ 30 万元  〔x〕\n"), "unit", 0, NULL },
    { TARGET("  到期 2027 年 ≥ 30 百分点  〔x〕\n"), "unit", 0, NULL },
    { TARGET("  到期 2027 年 ≥ 30 %(起算年 2028)  〔x〕\n"), "order", 0, NULL },
    { TARGET("  到期 2027 年 ≥ 30 %(并列 2027)  〔x〕\n"), "order", 0, NULL },
    { TARGET("  到期 2027 年 ≥ 30 %(起始 2024)  〔x〕\n"), "due", 0, NULL },
    { TARGET("  基线 2024 年 1 %;2018 年 2 %  〔x〕\n  到期 2027 年 ≥ 30 %  〔x〕\n"), "order", 0,
      NULL },
    { TARGET("  到期 2027 年 ≥ 30 %  〔x〕\n  路径 曲线\n"), "path", 0, NULL },
    { TARGET("  到期 2027 年 ≥ 30 %  〔x〕\n  路径 线性 2027 → 2024\n"), "order", 0, NULL },
    { TARGET("  到期 2027 年 ≥ 30 %  〔x〕\n  亮灯 绿 ≥ 路径;黄 ≥ 路径 − 2 %;红 其余\n"), "points",
      0, "百分点" },
    { TARGET("  到期 2027 年 ≥ 30 %  〔x〕\n  亮灯 绿 ≥ 路径;红 < 路径\n"), "light", 0, "其余" },
    { TARGET("  到期 2027 年 ≥ 30 %  〔x〕\n  亮灯 用 没有的灯\n"), "light", 0, NULL },
    { RATE "目标 乙 / yi\n  指标 假\n  到期 2027 年 ≥ 30 %  〔x〕\n", "indicator", 0, NULL },
    { RATE "目标 乙 / yi\n  到期 2027 年 ≥ 30 %  〔x〕\n", "absent", 0, NULL },
    { TARGET(""), "absent", 0, NULL },
    { INDICATOR("%", "  汇总 年均增长(工业总产值,起 2020)") "目标 乙 / yi\n  指标 甲\n  到期 2027 "
                                                            "年 ≥ 5 %  〔x〕\n",
      "estimate", 0, "修约" },
    { INDICATOR("%",
                "  汇总 修约(年均增长(工业总产值,起 2020),4 位)") "目标 乙 / yi\n  指标 甲\n  到期 "
                                                                  "2027 年 ≥ 5 %  〔x〕\n",
      NULL, 0, NULL },
};

static void targets_are_checked(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        const fd_diag *first = NULL;
        loaded l;

        load(&l, targets[i].text, NULL);
        for (size_t k = 0; k < l.diags.list.count && !first; k++)
            if (l.diags.list.items[k]->severity == FD_FAULT)
                first = l.diags.list.items[k];
        if ((first != NULL) != (targets[i].rule != NULL) ||
            (first && strcmp(first->rule, targets[i].rule) != 0) ||
            (targets[i].hint && !strstr(first->error.hint[FD_ZH], targets[i].hint))) {
            show(&l);
            fail_msg("%s: wanted %s", targets[i].text,
                     targets[i].rule ? targets[i].rule : "nothing");
        }
        unload(&l);
    }
}

/* Faults of one file do not hide those of another place, and a broken clause gives one message. */
static void one_mistake_one_message(void **state)
{
    loaded l;

    (void)state;
    load(&l,
         "指标 甲 / jia\n  对象 企业    期间 年    单位 万元\n  公式 (营业收入\n"
         "指标 乙 / yi\n  对象 企业    期间 年    单位 万元\n  公式 甲 + 营业收入\n  缺数 任一缺报 "
         "→ 缺报\n"
         "指标 丙 / bing\n  对象 企业    期间 年    单位 万元\n  公式 营业收人\n  缺数 任一缺报 → "
         "缺报\n",
         NULL);
    /* 乙 needs the formula of 甲, which is broken: that is the one that follows */
    assert_int_equal(l.diags.faults, 3);
    assert_string_equal(l.diags.list.items[l.diags.list.count - 1]->rule, "name");
    unload(&l);
}

/* All that is wrong in one expression is said, each at its own place; a list that is broken is
 * shown where it is. */
static void every_fault_of_an_expression(void **state)
{
    static const struct {
        const char *rule;
        long row, column;
    } wanted[] = { { "name", 4, 9 }, { "name", 4, 20 }, { "unit", 5, 20 }, { "name", 5, 10 } };
    loaded l;

    (void)state;
    load(&l,
         "指标 甲 / jia\n  对象 企业    期间 年    单位 万元\n  缺数 任一缺报 → 缺报\n"
         "  汇总 合计(营业收人) + 合计(营业成体, 条件\n"
         "    平均用工人书 > 5 人 且 营业收入 > 5 吨)\n",
         NULL);
    assert_int_equal(l.diags.faults, 4);
    for (size_t i = 0; i < 4; i++) {
        bool found = false;

        for (size_t k = 0; k < l.diags.list.count; k++) {
            const fd_diag *d = l.diags.list.items[k];

            found |= strcmp(d->rule, wanted[i].rule) == 0 && d->error.row == wanted[i].row &&
                     (wanted[i].row == 5 || d->error.column == wanted[i].column);
        }
        if (!found) {
            show(&l);
            fail_msg("%s in line %ld", wanted[i].rule, wanted[i].row);
        }
    }
    unload(&l);
    load(&l, "分类 类 / lei\n  按 行业\n  成员 2511 份额 140 %\n", NULL);
    assert_int_equal(l.diags.faults, 1);
    for (size_t k = 0; k < l.diags.list.count; k++)
        if (l.diags.list.items[k]->severity == FD_FAULT)
            assert_int_equal(l.diags.list.items[k]->error.column, 6);
    unload(&l);
}

/* Everything in full width is the same declaration. */
static void full_width_throughout(void **state)
{
    const fd_item *item;
    loaded l;

    (void)state;
    load(&l,
         "数据 某额 ／ ｍｏｕ\n　　对象　企业　　单位　万元　　小数　２　　性质　流量\n"
         "分类 类 ／ lei\n  按 行业\n  成员 ２５１１ 份额 ４０ ％ 自 ２０２０－０１－０１\n",
         NULL);
    if (l.err < 0)
        show(&l);
    assert_int_equal(l.err, 0);
    item = fd_program_item(l.program, "mou");
    assert_non_null(item);
    assert_string_equal(item->name, "某额");
    assert_int_equal(item->scale, 2);
    unload(&l);
}

/* A long chain of indicators is checked without recursion. */
static void a_long_chain(void **state)
{
    fd_buf text = FD_BUF_INIT;
    loaded l;

    (void)state;
    for (int i = 0; i < 5000; i++)
        fd_buf_printf(&text,
                      "指标 步%d / s%d\n  对象 市    期间 年    单位 亿元\n  公式 步%d\n  缺数 "
                      "任一缺报 → 缺报\n",
                      i, i, i + 1);
    fd_buf_puts(&text, "指标 步5000 / s5000\n  对象 市    期间 年    单位 亿元\n  公式 gdp\n  缺数 "
                       "任一缺报 → 缺报\n");
    load(&l, fd_buf_text(&text), NULL);
    if (l.err < 0)
        show(&l);
    assert_int_equal(l.err, 0);
    unload(&l);
    fd_buf_dispose(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings),
        cmocka_unit_test(targets_are_checked),
        cmocka_unit_test(one_mistake_one_message),
        cmocka_unit_test(every_fault_of_an_expression),
        cmocka_unit_test(full_width_throughout),
        cmocka_unit_test(a_long_chain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
