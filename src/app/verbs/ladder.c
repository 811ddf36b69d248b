/*
 * ladder: where enterprises stand, what the next rung takes, what runs out, how they move.
 */
#include "app/figure.h"
#include "app/policy_desk.h"
#include "app/registry.h"

/* How many stand on the list that the ladder names (储备): from the register, never typed. */
static void say_pool(fd_call *call, fd_result *result, const fd_ladder *ladder)
{
    fd_figure f;

    if (!call->city || !ladder->pool)
        return;
    if (fd_figure_latest(&f, call->city, ladder->pool, call->lang) < 0)
        fd_error_clear();
    else if (f.has_value)
        fd_result_say(result, "储备:%s %s %s(%s%s%s);要培育多少见承诺登记",
                      "pool: %s %s %s (%s%s%s); how many were promised stands in the register of "
                      "promises",
                      call->lang == FD_ZH ? ladder->pool->name : ladder->pool->id, f.value, f.unit,
                      f.period_title,
                      !f.marks[0]           ? ""
                      : call->lang == FD_ZH ? ",标记 "
                                            : ", marked ",
                      f.marks);
}

static int run_ladder(fd_call *call, fd_result *result)
{
    const char *name = fd_call_text(call, "ladder");
    fd_policy_desk desk;
    const fd_ladder *ladder = NULL;
    const fd_decl *decl;
    const fd_policy **chosen;
    fd_table *t = NULL, *flow = NULL, *pipeline = NULL;
    size_t count = 0;
    int err = fd_policy_desk_open(&desk, call);

    if (err < 0)
        goto done;
    decl = name ? NULL : fd_program_decl(desk.program, FD_DECL_LADDER, 0);
    ladder = fd_program_ladder(desk.program, name ? name : decl ? decl->alias : "");
    if (!ladder) {
        err = fd_error_set(FD_ENOTFOUND, "没有这个梯度:%s", "no such ladder: %s", name ? name : "");
        goto done;
    }
    chosen = fd_arena_alloc(call->arena, (ladder->rung_count + 1) * sizeof *chosen);
    for (size_t i = 0; i < ladder->rung_count; i++)
        if (ladder->rungs[i].policy)
            chosen[count++] = ladder->rungs[i].policy;
    desk.policies = chosen;
    desk.policy_count = count;
    if ((err = fd_policy_desk_run(&desk, NULL)) < 0 ||
        (err = fd_ladder_table(&t, desk.set, ladder, fd_call_text(call, "enterprise"))) < 0)
        goto done;
    fd_policy_desk_notes(&desk, t);
    fd_result_add(result, t);
    if (!fd_call_text(call, "enterprise")) {
        if ((err = fd_ladder_flow(&flow, &pipeline, desk.set, ladder)) < 0)
            goto done;
        fd_result_add(result, flow);
        fd_result_add(result, pipeline);
        if (!fd_call_text(call, "data"))
            say_pool(call, result, ladder);
    }
done:
    fd_policy_desk_close(&desk);
    return err;
}

static const fd_verb_param ladder_params[] = {
    { "ladder", FD_P_TEXT, true, false, false, "LADDER", "梯度;不写是第一个",
      "the ladder; the first by default", NULL },
    FD_POLICY_DATA,
    FD_POLICY_ENTERPRISE,
    FD_POLICY_ON,
    FD_POLICY_DEFINITIONS,
};
static const char *const ladder_examples[] = { "ladder --city out/huanzhou.fangding",
                                               "ladder --data enterprises.csv --on 2026-06-30",
                                               NULL };
const fd_verb fd_verb_ladder = {
    .name = "ladder",
    .zh = "梯度:现在哪一级、下一级还差什么、证书何时到期、每年怎么流动、储备多少",
    .en = "the ladder: rung held, what the next takes, certificates that run out, yearly flow, "
          "pipeline",
    .purpose = FD_SERVICE,
    .takes_city = true,
    .params = ladder_params,
    .param_count = sizeof ladder_params / sizeof *ladder_params,
    .examples = ladder_examples,
    .run = run_ladder,
};
