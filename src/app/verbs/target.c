/*
 * target: where we stand on the way to a promise, and what it asks for.
 */
#include <stdio.h>
#include <string.h>

#include "app/registry.h"
#include "app/target.h"
#include "base/utf8.h"
#include "fangding/measure.h"
#include "measure/arith.h"

static int find_target(const fd_target **out, const fd_program *program, const char *name)
{
    const char *const *names;
    const char *nearest;
    size_t count;

    if ((*out = fd_program_target(program, name)))
        return 0;
    fd_error_set(FD_ENOTFOUND, "没有这个目标:%s", "no such target: %s", name);
    names = fd_program_names(program, FD_DECL_TARGET, &count);
    nearest = fd_nearest(name, names, count);
    if (nearest)
        return fd_error_hint("是不是「%s」?", "did you mean %s?", nearest);
    return fd_error_hint("fangding target 列出全部目标", "fangding target lists all targets");
}

/* Tables of a result pass to the answer; what is left is released with the result. */
static void hand_over(fd_result *result, fd_table **table)
{
    if (*table)
        fd_result_add(result, *table);
    *table = NULL;
}

static int report(fd_call *call, fd_target_options *options, const fd_target *target,
                  fd_result *result)
{
    fd_target_result r;
    int err;

    if ((err = fd_target_facts(options, call->city, target)) < 0 ||
        (err = fd_target_report(&r, call->city->program, call->city->source, target, options)) < 0)
        return err;
    hand_over(result, &r.summary);
    hand_over(result, &r.path_table);
    hand_over(result, &r.needs_table);
    hand_over(result, &r.matrix);
    fd_target_result_dispose(&r);
    return 0;
}

/* One line per target: base, now, path, light. */
static int add_line(fd_call *call, fd_target_options options, const fd_target *target, fd_table *t)
{
    const int digits =
        target->indicator && target->indicator->digits >= 0 ? target->indicator->digits : 2;
    fd_target_result r;
    char base[96], now[96], path[96], due[96], number[80];
    int err;

    if ((err = fd_target_facts(&options, call->city, target)) < 0 ||
        (err = fd_target_report(&r, call->city->program, call->city->source, target, &options)) < 0)
        return err;
    fd_number_text(r.base, digits, call->lang, number, sizeof number);
    snprintf(base, sizeof base, "%s (%d)", number, r.base_year);
    fd_number_text(r.now, digits, call->lang, number, sizeof number);
    snprintf(now, sizeof now, r.now_year ? "%s (%d)" : "%s", number, r.now_year);
    fd_number_text(r.path, 2, call->lang, path, sizeof path);
    fd_decimal_format(target->value, number, sizeof number);
    snprintf(due, sizeof due, "%s %s (%d)",
             target->relation == FD_EXPR_LE   ? "≤"
             : target->relation == FD_EXPR_GE ? "≥"
                                              : "=",
             number, target->due_year);
    {
        const char *const cells[] = { target->id,
                                      target->name,
                                      base,
                                      now,
                                      path,
                                      due,
                                      target->unit ? target->unit->name : "",
                                      fd_color_name(r.verdict.color, call->lang),
                                      r.verdict.reason[call->lang],
                                      target->cite ? target->cite : "" };
        size_t row = fd_table_add_row(t);

        for (size_t c = 0; c < sizeof cells / sizeof *cells; c++)
            fd_column_set_text(t->columns[c], row, cells[c]);
    }
    fd_target_result_dispose(&r);
    return 0;
}

static int list_targets(fd_call *call, const fd_target_options *options, fd_result *result)
{
    static const char *const columns[][3] = {
        { "target", "目标", "Target" },    { "name", "名称", "Name" },
        { "base", "基线", "Base" },        { "now", "现值", "Now" },
        { "path", "路径应到", "On path" }, { "due", "到期", "Due" },
        { "unit", "单位", "Unit" },        { "light", "灯", "Light" },
        { "reason", "理由", "Reason" },    { "cite", "依据", "Source" },
    };
    const fd_program *program = call->city->program;
    fd_table *t = fd_table_new("targets", "目标", "Targets");
    const fd_decl *decl;

    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        fd_table_add_new(t, columns[c][0], columns[c][1], columns[c][2], FD_TEXT, "", 0);
    fd_result_add(result, t);
    for (size_t i = 0; (decl = fd_program_decl(program, FD_DECL_TARGET, i)); i++) {
        const fd_target *target = fd_program_target(program, decl->alias);
        int err;

        if (target && target->decl == decl && (err = add_line(call, *options, target, t)) < 0)
            return err;
    }
    return 0;
}

static int run_target(fd_call *call, fd_result *result)
{
    fd_target_options options = FD_TARGET_OPTIONS_INIT;
    const char *name = fd_call_text(call, "id"), *growth = fd_call_text(call, "growth");
    const fd_target *target;
    int err;

    if ((err = fd_call_period(call, "at", &options.at)) < 0)
        return err;
    if (growth && (err = fd_decimal_parse(&options.growth, growth, strlen(growth))) < 0)
        return err;
    if (fd_decimal_compare(options.growth, (fd_decimal){ -100, 0 }) <= 0 ||
        fd_decimal_compare(options.growth, (fd_decimal){ 1000, 0 }) > 0)
        return fd_error_set(FD_EINVAL, "年均增长应在 -100 %% 与 1000 %% 之间:%s",
                            "growth a year lies between -100 %% and 1000 %%: %s", growth);
    if (!name)
        return list_targets(call, &options, result);
    if ((err = find_target(&target, call->city->program, name)) < 0)
        return err;
    return report(call, &options, target, result);
}

static const fd_verb_param target_params[] = {
    { "id", FD_P_TEXT, true, false, false, "ID", "目标;不写列出全部",
      "the target; all of them by default", NULL },
    { "growth", FD_P_NUMBER, false, false, false, "G", "设总量(规上工业)年均增长 G %(默认 5)",
      "assume that the whole grows by G % a year (5)", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "站在哪个期间看;不写取最新",
      "where we stand; the newest by default", NULL },
};
static const char *const target_examples[] = {
    "target --city out/huanzhou.fangding",
    "target emerging_30 --growth 6 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_target = {
    .name = "target",
    .zh = "目标怎么走:基线、现值、路径、灯和理由、需要的增速、新增多少亿元、口径提示",
    .en = "the way to a target: base, now, path, light with its reason, growth needed, extra value",
    .detail_zh = "测算,不是预测;不对企业、不对报表下达数。",
    .detail_en = "A scenario, not a forecast; it hands no number down to enterprises or returns.",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = target_params,
    .param_count = sizeof target_params / sizeof *target_params,
    .examples = target_examples,
    .run = run_target,
};
