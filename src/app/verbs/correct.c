/*
 * correct: one cell, with a reason; what was there stays.
 */
#include <string.h>

#include "app/recheck.h"
#include "app/registry.h"
#include "app/subjects.h"

/* As the cell is stored: a verified rate is corrected as one, not beside it. */
static fd_basis basis_of(const fd_call *call, const char *item, fd_period period)
{
    static const fd_basis order[] = { FD_CURRENT, FD_VERIFIED, FD_PUBLISHED };
    fd_source *source = call->city->source;

    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const fd_period *periods;
        size_t count;

        if (source->ops->periods(source, item, order[i], &periods, &count) < 0) {
            fd_error_clear();
            continue;
        }
        for (size_t k = 0; k < count; k++)
            if (periods[k] == period)
                return order[i];
    }
    return FD_CURRENT;
}

/* One cell corrected: an overlay with a reason; what was there stays. */
static int run_correct(fd_call *call, fd_result *result)
{
    fd_batch_info info = { "correct", call->actor, fd_call_text(call, "reason"), NULL };
    const char *value = fd_call_text(call, "value");
    const fd_item *item;
    fd_subject subject;
    fd_overlay overlay = { 0 };
    fd_batch *batch = NULL;
    int64_t snapshot;
    fd_table *warnings = NULL;
    bool statistical;
    int err;

    if ((err = fd_subject_find(&subject, call->city->source, fd_call_text(call, "subject"))) < 0 ||
        (err = fd_item_find(&item, call->city->program, fd_call_text(call, "item"))) < 0 ||
        (err = fd_call_period(call, "at", &overlay.period)) < 0)
        return err;
    if (strcmp(subject.kind, item->kind) != 0)
        return fd_error_set(FD_EINVAL, "%s 不是「%s」这类对象的数据项", "%s is no item of %s",
                            item->name, subject.name);
    if ((err = fd_item_variant(&overlay.item, call->arena, item, fd_call_text(call, "item"))) < 0 ||
        (err = fd_item_is_statistical(&statistical, call->city->reader, item->id)) < 0)
        return err;
    if (statistical && strcmp(subject.kind, "enterprise") == 0) {
        fd_error_set(FD_EDENIED, "统计报表只能由填报单位更正",
                     "a statistical return is corrected by its respondent only");
        return fd_error_hint("请企业更正后重新报送,再导入",
                             "have the enterprise file again, then import");
    }
    overlay.kind = subject.kind;
    overlay.basis = basis_of(call, overlay.item, overlay.period);
    overlay.subject = subject.id;
    overlay.reason = fd_call_text(call, "reason");
    overlay.by = call->actor;
    if (strcmp(value, "缺报") == 0 || strcmp(value, "missing") == 0)
        overlay.state = FD_MISSING;
    else if (strcmp(value, "不适用") == 0 || strcmp(value, "n/a") == 0)
        overlay.state = FD_NA;
    else if ((err = fd_decimal_parse_scaled(&overlay.dec, value, strlen(value), item->scale)) < 0)
        return err;
    if ((err = fd_recheck_correction(&warnings, call, &subject, &overlay, item->scale)) < 0)
        return err;
    if (warnings)
        fd_result_add(result, warnings);
    if ((err = fd_batch_begin(&batch, call->city->store, &info)) < 0)
        return err;
    if ((err = fd_batch_overlay(batch, &overlay)) < 0) {
        fd_batch_abandon(batch);
        return err;
    }
    fd_batch_detail(batch,
                    fd_arena_printf(call->arena, "corrected %s %s", subject.name, item->name));
    if ((err = fd_batch_publish(batch, &snapshot)) >= 0)
        fd_result_say(result, "已更正 %s %s,快照 %lld;原值仍在 history 里",
                      "corrected %s %s, snapshot %lld; the earlier value stays in history",
                      subject.name, item->name, (long long)snapshot);
    return err;
}

static const fd_verb_param correct_params[] = {
    { "subject", FD_P_TEXT, true, true, false, "SUBJECT", "代码或名称", "code or name", NULL },
    { "item", FD_P_TEXT, true, true, false, "ITEM", "数据项", "data item", NULL },
    { "value", FD_P_TEXT, true, true, false, "VALUE", "新值,按数据项的单位;或 缺报、不适用",
      "the new value in the item's unit; or missing, n/a", NULL },
    { "at", FD_P_PERIOD, false, true, false, "PERIOD", "哪个期间", "which period", NULL },
    { "reason", FD_P_TEXT, false, true, false, "TEXT", "为什么", "why", NULL },
};
static const char *const correct_examples[] = {
    "correct 洹西钢铁 dispatch_output 812345.67 --at 2024-01..12 --reason 电话核实 --city "
    "out/huanzhou.fangding",
    NULL
};
const fd_verb fd_verb_correct = {
    .name = "correct",
    .zh = "更正一格:新值、理由、经手人都留下,原值不删",
    .en = "correct one cell: new value, reason and hand are kept, the old value stays",
    .effect = FD_PROPOSE,
    .detail_zh = "新值要过报表同样的检查:有错不收,可疑的照收并列出。",
    .detail_en = "The new value passes the checks of a return: an error refuses it, what is worth "
                 "a look is taken and listed.",
    .purpose = FD_ADMINISTRATION,
    .needs_city = true,
    .params = correct_params,
    .param_count = sizeof correct_params / sizeof *correct_params,
    .examples = correct_examples,
    .run = run_correct,
};
