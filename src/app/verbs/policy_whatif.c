/*
 * policy what-if and policy diff: two answers over the same enterprises.
 */
#include <stdlib.h>
#include <string.h>

#include "app/policy_desk.h"
#include "app/registry.h"
#include "base/str.h"
#include "base/utf8.h"

static int one_policy(fd_policy_desk *desk, const fd_policy **policy)
{
    int err = fd_policy_desk_find(policy, desk, fd_call_text(desk->call, "id"));

    desk->policies = policy;
    desk->policy_count = 1;
    return err;
}

static int make_set(fd_policy_set **out, fd_policy_desk *desk, const char *edition)
{
    fd_policy_options options = FD_POLICY_OPTIONS_INIT;

    if (!desk->source) {
        fd_error_set(FD_EINVAL, "没有数据", "there is no data");
        return fd_error_hint("加上 --city 文件,或 --data 企业表.csv",
                             "add --city FILE, or --data TABLE.csv");
    }
    options.on = desk->on;
    options.edition = edition;
    return fd_policy_set_new(out, desk->program, desk->source, desk->policies, desk->policy_count,
                             &options);
}

/* 参数=值, several with commas: --set 主营占比下限=85%,负债率上限=72% */
static int change(fd_policy_set *set, const fd_policy_desk *desk, const fd_policy *policy,
                  const char *text)
{
    const char *equals = strchr(text, '=');
    fd_policy_setting setting = { policy, NULL, { 0, 0 } };
    const char *names[64];
    size_t digits, count = 0;
    fd_view name, unit_name;
    const fd_unit *unit;
    fd_buf list = FD_BUF_INIT;
    fd_quot factor, q;
    int err;

    if (!equals)
        return fd_error_set(FD_EINVAL, "--set 应写 参数=值:%s", "--set is PARAM=VALUE: %s", text);
    name = fd_view_trim((fd_view){ text, (size_t)(equals - text) });
    for (size_t i = 0; i < policy->param_count; i++) {
        if (count < 64)
            names[count++] = policy->params[i].name;
        if (fd_view_is(name, policy->params[i].name))
            setting.param = &policy->params[i];
    }
    if (!setting.param) {
        char *wrong = fd_arena_strndup(desk->call->arena, name.ptr, name.len);
        const char *nearest = fd_nearest(wrong, names, count);

        fd_error_set(FD_ENOTFOUND, "政策「%s」没有参数「%s」", "policy %s has no parameter %s",
                     policy->name, wrong);
        if (nearest)
            return fd_error_hint("是不是「%s」?", "did you mean %s?", nearest);
        if (!count)
            return fd_error_hint(
                "这项政策没有声明参数:把要挪的线写成「参数 名称 数 单位」,条件里用它"
                "的名称,再用 --definitions 带上",
                "this policy declares no parameter: write the line to be moved as "
                "「参数 NAME NUMBER UNIT」, name it in the condition, and give the "
                "file by --definitions");
        for (size_t i = 0; i < count; i++)
            fd_buf_printf(&list, "%s%s", i ? "、" : "", names[i]);
        err = fd_error_hint("它的参数:%s", "its parameters: %s", fd_buf_text(&list));
        fd_buf_dispose(&list);
        return err;
    }
    equals++;
    while (*equals == ' ')
        equals++;
    digits = strspn(equals, "+-0123456789.");
    unit_name = fd_view_trim(fd_view_of(equals + digits));
    unit = setting.param->unit;
    if (!digits || (err = fd_decimal_parse(&setting.value, equals, digits)) < 0)
        return fd_error_set(FD_EINVAL, "不是数:%s", "not a number: %s", equals);
    if (unit_name.len &&
        !(unit = fd_program_unit(desk->program, fd_arena_strndup(desk->call->arena, unit_name.ptr,
                                                                 unit_name.len))))
        return fd_error_set(FD_EUNIT, "不认识的单位:%s", "unknown unit: %s", equals + digits);
    if ((err = fd_unit_factor(&factor, unit, setting.param->unit)) < 0 ||
        (err = fd_quot_mul(&q, fd_quot_from_decimal(setting.value), factor)) < 0)
        return err;
    for (int scale = 0; scale <= 9; scale++)
        if (fd_pow10(scale) % q.den == 0) {
            setting.value =
                (fd_decimal){ (int64_t)(q.num * (fd_pow10(scale) / q.den)), (int8_t)scale };
            return fd_policy_set_change(set, &setting);
        }
    return fd_error_set(FD_EINVAL, "换算后不是有限小数:%s",
                        "converted, it is no finite decimal: %s", equals);
}

/* Who cannot be told is said, so that nobody reads a zero as "nobody". */
static void say_shift(fd_result *result, const fd_policy_shift *shift, bool grants)
{
    char before[32], after[32], money[2][128] = { "", "" }, open[2][128] = { "", "" };

    if (grants) {
        fd_decimal_format((fd_decimal){ shift->before, 2 }, before, sizeof before);
        fd_decimal_format((fd_decimal){ shift->after, 2 }, after, sizeof after);
        snprintf(money[FD_ZH], sizeof money[0], ";预算 %s 元 → %s 元(算得出的部分)", before, after);
        snprintf(money[FD_EN], sizeof money[0], "; budget %s → %s yuan (what can be computed)",
                 before, after);
    }
    if (shift->undecided) {
        snprintf(open[FD_ZH], sizeof open[0], ";另有 %zu 户数据不全,得失说不准", shift->undecided);
        snprintf(open[FD_EN], sizeof open[0], "; of %zu more it cannot be told, data are missing",
                 shift->undecided);
    }
    fd_result_say(result, "得 %zu 户,失 %zu 户%s%s%.0s%.0s", "%zu gain, %zu lose%.0s%.0s%s%s",
                  shift->gains, shift->losses, money[FD_ZH], open[FD_ZH], money[FD_EN],
                  open[FD_EN]);
}

static int answer(fd_result *result, fd_policy_desk *desk, fd_policy_set *a,
                  const fd_policy_slot *sa, fd_policy_set *b, const fd_policy_slot *sb)
{
    fd_policy_shift shift;
    int err;

    if (!sa && !sb)
        return fd_error_set(FD_ENOTFOUND, "关键日当天没有有效的版本",
                            "no edition is in force on the key date");
    if ((err = fd_policy_compare(&shift, a, sa, b, sb)) < 0)
        return err;
    fd_policy_desk_notes(desk, shift.firms);
    if (desk->policies[0]->unverified)
        fd_table_add_note(shift.firms, "政策有未核实(unverified)的内容",
                          "parts of the policy are unverified");
    fd_result_add(result, shift.firms);
    fd_result_add(result, shift.budget);
    say_shift(result, &shift, desk->policies[0]->grant != NULL);
    return 0;
}

static int run_what_if(fd_call *call, fd_result *result)
{
    fd_policy_desk desk;
    const fd_policy *policy;
    fd_policy_set *before = NULL, *after = NULL;
    const char **sets = NULL;
    size_t count;
    int err;

    if ((err = fd_policy_desk_open(&desk, call)) < 0 || (err = one_policy(&desk, &policy)) < 0 ||
        (err = make_set(&before, &desk, NULL)) < 0 || (err = make_set(&after, &desk, NULL)) < 0)
        goto done;
    count = fd_call_list(call, "set", &sets);
    for (size_t i = 0; i < count && err >= 0; i++)
        err = change(after, &desk, policy, sets[i]);
    if (err >= 0 && (err = fd_policy_set_run(before)) >= 0 && (err = fd_policy_set_run(after)) >= 0)
        err = answer(result, &desk, before, fd_policy_set_slot(before, policy, -1), after,
                     fd_policy_set_slot(after, policy, -1));
done:
    fd_policy_set_free(before);
    fd_policy_set_free(after);
    fd_policy_desk_close(&desk);
    return err;
}

static int run_diff(fd_call *call, fd_result *result)
{
    fd_policy_desk desk;
    const fd_policy *policy;
    fd_policy_set *before = NULL, *after = NULL;
    const char *one = fd_call_text(call, "from"), *two = fd_call_text(call, "to");
    int err;

    if ((err = fd_policy_desk_open(&desk, call)) < 0 || (err = one_policy(&desk, &policy)) < 0 ||
        (err = make_set(&before, &desk, one)) < 0 || (err = make_set(&after, &desk, two)) < 0)
        goto done;
    if (!fd_policy_set_slot(before, policy, -1) || !fd_policy_set_slot(after, policy, -1))
        err = fd_error_set(FD_ENOTFOUND, "没有版本 %s 或 %s", "there is no edition %s or %s", one,
                           two);
    else if ((err = fd_policy_set_run(before)) >= 0 && (err = fd_policy_set_run(after)) >= 0)
        err = answer(result, &desk, before, fd_policy_set_slot(before, policy, -1), after,
                     fd_policy_set_slot(after, policy, -1));
done:
    fd_policy_set_free(before);
    fd_policy_set_free(after);
    fd_policy_desk_close(&desk);
    return err;
}

static const fd_verb_param what_if_params[] = {
    FD_POLICY_ID,
    { "set", FD_P_LIST, false, true, false, "PARAM=VALUE,…", "参数改成的值",
      "parameters and their values", NULL },
    FD_POLICY_DATA,
    FD_POLICY_ON,
    FD_POLICY_DEFINITIONS,
};
static const char *const what_if_examples[] = {
    "policy what-if giant --set 主营占比下限=80% --data enterprises.csv --on 2026-06-30", NULL
};
const fd_verb fd_verb_policy_what_if = {
    .name = "policy what-if",
    .zh = "线挪一挪:谁得、谁失、因为哪条、预算按县区和产业链",
    .en = "move a line: who gains, who loses, by which condition, the budget by county and chain",
    .purpose = FD_PLANNING,
    .takes_city = true,
    .params = what_if_params,
    .param_count = sizeof what_if_params / sizeof *what_if_params,
    .examples = what_if_examples,
    .run = run_what_if,
};

static const fd_verb_param diff_params[] = {
    FD_POLICY_ID,
    { "from", FD_P_TEXT, true, true, false, "V1", "原版本", "the edition before", NULL },
    { "to", FD_P_TEXT, true, true, false, "V2", "新版本", "the edition after", NULL },
    FD_POLICY_DATA,
    FD_POLICY_ON,
    FD_POLICY_DEFINITIONS,
};
static const char *const diff_examples[] = {
    "policy diff giant 2022 2026 --data enterprises.csv --on 2026-06-30", NULL
};
const fd_verb fd_verb_policy_diff = {
    .name = "policy diff",
    .zh = "两个版本比:谁得、谁失、因为哪条",
    .en = "two editions: who gains, who loses, by which condition",
    .purpose = FD_PLANNING,
    .takes_city = true,
    .params = diff_params,
    .param_count = sizeof diff_params / sizeof *diff_params,
    .examples = diff_examples,
    .run = run_diff,
};
