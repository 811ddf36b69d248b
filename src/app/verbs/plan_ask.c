/*
 * plan ask: an answer at once, from the linear relaxation that a server keeps warm.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/plan_load.h"
#include "app/plan_warm.h"
#include "app/registry.h"

/* Without the changes and with them: how far, when, and by how many months the date moved. */
static fd_table *dates(const fd_plan_summary s[2])
{
    static const fd_column_spec specs[] = {
        { "scenario", "情景", "Scenario", FD_TEXT, NULL, 0 },
        { "year", "目标年", "Year", FD_TEXT, NULL, 0 },
        { "base_share", "现值", "Now", FD_EST, "%", 0 },
        { "target", "目标", "Target", FD_EST, "%", 0 },
        { "largest_share", "最大占比", "Largest share", FD_EST, "%", 0 },
        { "reachable", "做得到", "Reachable", FD_BOOL, NULL, 0 },
        { "date", "最早达到", "First reached", FD_TEXT, NULL, 0 },
        { "moved", "推后", "Later by", FD_EST, "月", 0 },
        { "change", "占比变动", "Change of share", FD_EST, "百分点", 0 },
    };
    fd_table *t = fd_table_new("dates", "什么时候达到", "When it is reached");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    t->columns[7]->digits = 1;
    for (int i = 0; i < 2; i++) {
        double moved = 12 * (s[1].moment - s[0].moment),
               change = s[1].largest_share - s[0].largest_share;
        size_t row = fd_table_add_row(t);
        char year[16];

        snprintf(year, sizeof year, "%d", s[i].year);
        fd_column_set_text(t->columns[0], row, i ? "本情景" : "不改");
        fd_column_set_text(t->columns[1], row, year);
        fd_column_set_est(t->columns[2], row, s[i].base_share);
        fd_column_set_est(t->columns[3], row, s[i].target);
        fd_column_set_est(t->columns[4], row, s[i].largest_share);
        fd_column_set_bool(t->columns[5], row, s[i].reachable);
        if (s[i].date[0])
            fd_column_set_text(t->columns[6], row, s[i].date);
        if (i && !isnan(moved) && s[0].target == s[1].target)
            fd_column_set_est(t->columns[7], row, fabs(moved) < 1e-9 ? 0 : moved);
        if (i && s[0].year == s[1].year)
            fd_column_set_est(t->columns[8], row, fabs(change) < 1e-9 ? 0 : change);
    }
    fd_table_add_note(
        t, "线性松弛:整厂、可分不可分不计;完整方案见 fangding plan。日期是各年最大占比连成的折线。",
        "Linear relaxation: plants may be of any size; fangding plan makes the whole programme. "
        "The date stands on the line of yearly shares.");
    return t;
}

/* The target is no difference between the two: both are asked about the same. */
static fd_plan_changes target_only(const fd_plan_changes *all, fd_call *call)
{
    const char **set = fd_arena_alloc(call->arena, (all->set_count + 1) * sizeof *set);
    fd_plan_changes out = { set, 0, NULL, 0 };

    for (size_t i = 0; i < all->set_count; i++)
        if (strncmp(all->set[i], "share", 5) == 0)
            set[out.set_count++] = all->set[i];
    return out;
}

static int run(fd_call *call, fd_result *result)
{
    fd_plan_options options = FD_PLAN_OPTIONS_INIT;
    fd_plan_changes changes, target;
    fd_plan_summary s[2];
    fd_plan_loan loan;
    fd_table *t = NULL, *unused = NULL;
    int err;

    if ((err = fd_plan_borrow(&loan, call, fd_call_flag(call, "moves") ? "moves" : "")) < 0 ||
        (err = fd_plan_call_options(&options, call)) < 0 ||
        (err = fd_plan_call_changes(&changes, call)) < 0)
        goto done;
    options.seconds = 10;
    target = target_only(&changes, call);
    if ((err = fd_plan_desk_reach(&unused, &s[0], loan.desk, &target, &options)) < 0 ||
        (err = fd_plan_desk_reach(&t, &s[1], loan.desk, &changes, &options)) < 0)
        goto done;
    fd_result_add(result, dates(s));
    fd_result_add(result, t);
    fd_plan_say(result, &s[1], true);
    if (fd_call_flag(call, "moves")) {
        if ((err = fd_plan_desk_moves(&t, loan.desk, &changes, &options)) < 0)
            goto done;
        fd_result_add(result, t);
    }
    if (!fd_call_flag(call, "short")) {
        if ((err = fd_plan_desk_limits(&t, loan.desk, &changes)) < 0)
            goto done;
        fd_result_add(result, t);
        if ((err = fd_plan_desk_projects(&t, loan.desk, &changes)) < 0)
            goto done;
        fd_result_add(result, t);
    }
done:
    fd_table_free(unused);
    fd_plan_give_back(&loan);
    return err;
}

static const fd_verb_param params[] = {
    { "saved", FD_P_TEXT, false, false, false, "NAME", "从保存过的情景开始(plan save)",
      "start from a saved scenario (plan save)", NULL },
    { "set", FD_P_LIST, false, false, false, "CHANGE[,…]",
      "改限制:energy=105、finance+10%、share@2028=25、market@E2-20%",
      "change limits: energy=105, finance+10%, share@2028=25, market@E2-20%", NULL },
    { "slip", FD_P_LIST, false, false, false, "ID=MONTHS[,…]", "项目推迟几个月投产",
      "projects that produce so many months later", NULL },
    { "year", FD_P_INTEGER, false, false, false, "YEAR", "目标年(默认按限制表)",
      "year of the target (as limits say)", NULL },
    { "moves", FD_P_FLAG, false, false, false, NULL, "再看每项限制松紧一成会怎样",
      "also every limit a tenth tighter and looser", NULL },
    { "short", FD_P_FLAG, false, false, false, NULL, "不列限制和项目",
      "without the limits and projects", NULL },
};
static const char *const examples[] = {
    "plan ask --city out/huanzhou.fangding",
    "plan ask --set finance+20%,share@2028=30 --slip HZ2023040=6 --short --city "
    "out/huanzhou.fangding",
    NULL
};
const fd_verb fd_verb_plan_ask = {
    .name = "plan ask",
    .zh = "三成目标:改一项限制、推迟一个项目,马上看最多到多少、什么时候(线性松弛)",
    .en = "the share at once: move a limit or a project and see how far and when (linear "
          "relaxation)",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .examples = examples,
    .run = run,
};
