/* Look-ups, 替代, typed structs, members from files, conditions typed by users. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "ding/load.h"

static const char text[] =
    "指标 研发强度 / rd\n  对象 企业    期间 年 季    单位 %    方向 越高越好    核定\n  公式 "
    "研发费用 ÷ 营业收入\n"
    "  汇总 合计(研发费用) ÷ 合计(营业收入)\n  范围 规上 = 是\n  缺数 任一缺报 → 已报;营业收入 = 0 "
    "→ 不适用\n"
    "  来源 甲;乙    别名 投入强度\n  显示 保留 2 位\n"
    "目标 三成 / t30\n  指标 研发强度    范围 安阳市    牵头 市工信局\n  基线 2018年4.1%;2024 年 "
    "13.9 %  〔甲〕\n"
    "  到期 2027 年 ≥ 30 %(起算年 2024,参数;并列 2026、2028)  〔乙〕\n  路径 线性\n"
    "  亮灯 绿 ≥ 路径;黄 ≥ 路径 − 2 百分点;红 其余\n"
    "参数 下限 / floor_share\n  单位 %\n  值 70 %;2026-04-01 起 90 %\n  值 95 % 自 2028\n"
    "分类 高技术 / high_tech\n  按 行业    不全    未核实\n  有效 2018-01-01 至 2030-12-31\n  成员 "
    "27 3562\n"
    "  成员 38 份额 40 % 自 2020-01-01\n  成员 来自 \"a b.csv\" 列 代码 份额列 比例 其中 类 = 高\n "
    " 成员\n    43 修理\n"
    "灯 进度灯 / pace\n  绿 ≥ 路径    理由 按期\n  红 其余\n"
    "记录 承诺 / promise\n  状态 登记 → 办理 → 办结\n  转移 登记 → 办理 → 办结;办理 → 登记\n  字段 "
    "名称 / name 文本 必填\n"
    "    金额 / amount 万元 小数 4\n    日期/on 日期\n"
    "报表 月表 / monthly\n  主体 企业\n  列 a → b\n";

static int give_members(void *payload, fd_member_sink *sink, const fd_decl *decl,
                        const fd_member_file *file)
{
    int *calls = payload;

    ++*calls;
    assert_string_equal(decl->alias, "high_tech");
    assert_string_equal(file->file, "a b.csv");
    assert_string_equal(file->code_column, "代码");
    assert_string_equal(file->share_column, "比例");
    assert_string_equal(file->where_column, "类");
    assert_string_equal(file->where_value, "高");
    assert_int_equal(fd_class_add_member(sink, "", (fd_quot){ 1, 1 }, FD_DATE_NONE, FD_DATE_MAX),
                     FD_EINVAL);
    assert_int_equal(fd_class_add_member(sink, "99", (fd_quot){ 3, 2 }, FD_DATE_NONE, FD_DATE_MAX),
                     FD_EINVAL);
    fd_error_clear();
    return fd_class_add_member(sink, "39", (fd_quot){ 1, 2 }, FD_DATE_NONE, FD_DATE_MAX);
}

static int refuse_members(void *payload, fd_member_sink *sink, const fd_decl *decl,
                          const fd_member_file *file)
{
    (void)payload;
    (void)sink;
    (void)decl;
    return fd_error_set(FD_ENOTFOUND, "没有文件 %s", "no file %s", file->file);
}

static void indicators(void **state)
{
    loaded l;
    const fd_indicator *i;

    (void)state;
    load(&l, text, NULL);
    if (l.err < 0)
        show(&l);
    assert_int_equal(l.err, 0);
    i = fd_program_indicator(l.program, "rd");
    assert_ptr_equal(i, fd_program_indicator(l.program, "研发强度"));
    assert_ptr_equal(i, fd_program_indicator(l.program, "投入强度"));
    assert_ptr_equal(i, fd_program_indicator(l.program, "ＲＤ"));
    assert_string_equal(i->kind, "enterprise");
    assert_int_equal(i->period_count, 2);
    assert_int_equal(i->periods[1], FD_QUARTER);
    assert_true(i->verified && i->higher_is_better && !i->lower_is_better);
    assert_int_equal(i->digits, 2);
    assert_int_equal(i->source_count, 2);
    assert_int_equal(i->missing, FD_RULE_SKIP_REPORTED);
    assert_int_equal(i->rule_count, 1);
    assert_int_equal(i->rules[0].state, FD_NA);
    assert_true(i->rules[0].when->type.is_truth && i->rules[0].when->type.is_vector);
    /* 万元 ÷ 万元 is a pure number; in % it is 100 times as much */
    assert_true(i->formula->convert.num == 100 && i->formula->convert.den == 1);
    assert_true(i->formula->type.is_vector && i->formula->type.is_quotient &&
                !i->formula->type.is_estimate);
    assert_int_equal(i->formula->type.rate, FD_RATE_LEVEL);
    assert_false(i->total->type.is_vector);
    assert_int_equal(i->population->children[1]->kind, FD_EXPR_TEXT);
    /* the script keeps its own tree, unchanged */
    assert_ptr_not_equal(i->formula,
                         fd_program_find_decl(l.program, FD_DECL_INDICATOR, "rd")->clauses[5].expr);
    unload(&l);
}

static void targets_and_lights(void **state)
{
    const fd_target *t;
    const fd_light *light;
    loaded l;

    (void)state;
    load(&l, text, NULL);
    t = fd_program_target(l.program, "三成");
    assert_string_equal(t->indicator->id, "rd");
    assert_string_equal(t->scope, "安阳市");
    assert_string_equal(t->owner, "市工信局");
    assert_int_equal(t->base_count, 2);
    assert_int_equal(t->base[0].year, 2018);
    assert_int_equal(fd_decimal_compare(t->base[0].value, (fd_decimal){ 41, 1 }), 0);
    assert_string_equal(t->base[1].cite, "甲");
    assert_int_equal(t->due_year, 2027);
    assert_int_equal(t->relation, FD_EXPR_GE);
    assert_int_equal(fd_decimal_compare(t->value, (fd_decimal){ 30, 0 }), 0);
    assert_int_equal(t->start_year, 2024);
    assert_true(t->start_is_param && t->path_linear);
    assert_int_equal(t->path_from, 2024);
    assert_int_equal(t->path_to, 2027);
    assert_int_equal(t->also_count, 2);
    assert_int_equal(t->also_years[1], 2028);
    assert_string_equal(t->cite, "乙");
    assert_string_equal(t->unit->name, "%");
    assert_int_equal(fd_decimal_compare(t->yellow_margin, (fd_decimal){ 2, 0 }), 0);
    assert_int_equal(t->light->rule_count, 3);
    assert_int_equal(t->light->rules[1].color, 1);
    assert_null(t->light->rules[2].when);
    assert_int_equal(t->light->rules[0].when->children[1]->symbol, FD_SYM_VARIABLE);
    assert_string_equal(t->light->rules[0].when->children[1]->text, "path");
    light = fd_program_light(l.program, "pace");
    assert_string_equal(light->rules[0].reason, "按期");
    assert_null(light->rules[1].reason);
    unload(&l);
}

static void params_and_records(void **state)
{
    const fd_record_type *r;
    const fd_param *p;
    loaded l;

    (void)state;
    load(&l, text, NULL);
    p = fd_program_param(l.program, "下限");
    assert_int_equal(p->count, 3);
    assert_int_equal(p->from[0], FD_DATE_NONE);
    assert_int_equal(p->from[1], fd_date_make(2026, 4, 1));
    assert_int_equal(p->from[2], fd_date_make(2028, 1, 1));
    assert_int_equal(fd_decimal_compare(p->values[2], (fd_decimal){ 95, 0 }), 0);
    r = fd_program_record(l.program, "promise");
    assert_int_equal(r->state_count, 3);
    assert_int_equal(r->transition_count, 4);
    assert_int_equal(r->transitions[2].from, 1);
    assert_int_equal(r->transitions[2].to, 0);
    assert_int_equal(r->transitions[3].from, -1);
    assert_int_equal(r->field_count, 3);
    assert_string_equal(r->fields[0].id, "name");
    assert_true(r->fields[0].required && r->fields[0].kind == FD_TEXT);
    assert_string_equal(r->fields[1].unit->name, "万元");
    assert_int_equal(r->fields[1].scale, 4);
    assert_string_equal(r->fields[2].id, "on");
    assert_int_equal(r->fields[2].kind, FD_DATE);
    unload(&l);
}

static void classes(void **state)
{
    int calls = 0;
    fd_load_options options = FD_LOAD_OPTIONS_INIT;
    const fd_class *c;
    loaded l;

    (void)state;
    options.read_members = give_members;
    options.payload = &calls;
    load(&l, text, &options);
    if (l.err < 0)
        show(&l);
    assert_int_equal(calls, 1);
    c = fd_program_class(l.program, "high_tech");
    assert_true(c->partial && c->unverified && !c->members_unread);
    assert_string_equal(c->attribute, "industry");
    assert_int_equal(c->member_count, 5);
    assert_string_equal(c->members[2].code, "38");
    assert_true(c->members[2].share.num == 2 && c->members[2].share.den == 5);
    assert_int_equal(c->members[2].from, fd_date_make(2020, 1, 1));
    assert_int_equal(c->members[0].from, fd_date_make(2018, 1, 1));
    assert_int_equal(c->members[0].to, fd_date_make(2030, 12, 31));
    assert_string_equal(c->members[3].code, "39");
    assert_string_equal(c->members[4].code, "43");
    unload(&l);

    load(&l, text, NULL);
    assert_true(fd_program_class(l.program, "high_tech")->members_unread);
    unload(&l);

    options.read_members = refuse_members;
    load(&l, text, &options);
    assert_true(l.err < 0);
    assert_int_equal(l.diags.list.items[l.diags.list.count - 1]->error.code, FD_ENOTFOUND);
    unload(&l);
}

static void items_and_lists(void **state)
{
    size_t count;
    loaded l;

    (void)state;
    load(&l, text, NULL);
    assert_string_equal(fd_program_item(l.program, "能源消费量:33")->id, "energy_used");
    assert_string_equal(fd_program_item(l.program, "energy_used:40")->by, "能源");
    assert_null(fd_program_item(l.program, "revenue:33"));
    assert_string_equal(fd_program_item(l.program, "本月电量")->id, "power");
    assert_string_equal(fd_program_item(l.program, "工业总产值")->id,
                        "output"); /* a name goes before an alias */
    assert_null(fd_program_item(l.program, "没有"));
    assert_null(fd_program_item(l.program, ""));
    assert_string_equal(fd_program_decl(l.program, FD_DECL_FORM, 0)->alias, "monthly");
    assert_null(fd_program_decl(l.program, FD_DECL_FORM, 1));
    assert_null(fd_program_decl(l.program, FD_DECL_COUNT, 0));
    assert_string_equal(fd_program_find_decl(l.program, FD_DECL_FORM, "月表")->clauses[1].words[2],
                        "b");
    assert_non_null(fd_program_names(l.program, FD_DECL_ITEM, &count));
    assert_true(count > 180);
    unload(&l);
}

/* ---- 替代 ---- */

static void overriding(void **state)
{
    static const char mine[] = "数据 主营收入 / my_revenue\n  替代 revenue\n  对象 企业    单位 元 "
                               "   小数 2    性质 流量\n";
    static const char same[] =
        "数据 营业收入 / revenue\n  替代 revenue\n  对象 企业    单位 元    小数 2    性质 流量\n";
    static const char twice[] =
        "数据 甲 / a\n  替代 revenue\n  对象 企业    单位 元    性质 流量\n"
        "数据 乙 / b\n  替代 营业收入\n  对象 企业    单位 元    性质 流量\n";
    loaded l;

    (void)state;
    load(&l, mine, NULL);
    assert_int_equal(l.err, 0);
    assert_string_equal(fd_program_item(l.program, "revenue")->id, "my_revenue");
    assert_string_equal(fd_program_item(l.program, "营业收入")->unit->name, "元");
    assert_string_equal(fd_program_item(l.program, "主营收入")->id, "my_revenue");
    assert_string_equal(fd_program_find_decl(l.program, FD_DECL_ITEM, "my_revenue")->replaces,
                        "revenue");
    unload(&l);
    load(&l, same, NULL);
    assert_int_equal(l.err, 0);
    assert_int_equal(fd_program_item(l.program, "revenue")->scale, 2);
    unload(&l);
    load(&l, twice, NULL);
    assert_true(l.err < 0);
    assert_string_equal(l.diags.list.items[0]->rule, "replaces");
    unload(&l);
}

/* ---- --where ---- */

static void typed_conditions(void **state)
{
    static const struct {
        const char *text;
        bool condition;
        int err;
    } cases[] = {
        { "营业收入 > 2 亿元 且 县区 = 990501", true, 0 },
        { "高技术", true, 0 },
        { "非 高技术 或 行业大类 属于 {06,25}", true, 0 },
        { "计划总投资 ≥ 1 亿元", true, 0 },
        { "营业收入", true, FD_EPARSE },
        { "营业收入 >", true, FD_EPARSE },
        { "营业收人 > 1 元", true, FD_EPARSE },
        { "营业收入 > 1 人", true, FD_EUNIT },
        { "", true, FD_EPARSE },
        { "合计(营业收入)", false, 0 },
        { "合计(营业收入) > 1 元", false, FD_EPARSE },
        { "gdp", false, 0 },
        { "\xFF", true, FD_EPARSE },
    };
    loaded l;

    (void)state;
    load(&l, text, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_arena *arena = fd_arena_new();
        fd_expr *e = NULL;
        int err = fd_expr_parse(&e, l.program, arena, cases[i].text, cases[i].condition);

        if (err != cases[i].err)
            fail_msg("%s: %d %s", cases[i].text, err, fd_error_last()->message[FD_EN]);
        assert_int_equal(e != NULL, err == 0);
        if (e) {
            assert_int_equal(e->type.is_truth, cases[i].condition);
            assert_int_equal(e->type.is_vector, cases[i].condition);
        } else {
            assert_true(fd_error_last()->message[FD_ZH][0]);
        }
        fd_arena_free(arena);
    }
    unload(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indicators),         cmocka_unit_test(targets_and_lights),
        cmocka_unit_test(params_and_records), cmocka_unit_test(classes),
        cmocka_unit_test(items_and_lists),    cmocka_unit_test(overriding),
        cmocka_unit_test(typed_conditions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
