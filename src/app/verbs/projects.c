/*
 * projects, projects check, project: the ledger with its lights, what is counted twice or ahead of
 * its evidence, one project's page.
 */
#include <string.h>

#include "app/registry.h"
#include "app/works.h"

#define DATA_PARAM                                                                                 \
    {                                                                                              \
        "data", FD_P_PATH, false, false, false, "FILE",                                            \
            "用平面文件代替城市文件:一行一个项目一个月(期间 2024-01..12)",                         \
            "a plain file in place of a city: one row per project and month (period 2024-01..12)", \
            NULL                                                                                   \
    }
#define GATES_PARAM                                                                                \
    {                                                                                              \
        "gates", FD_P_PATH, false, false, false, "FILE",                                           \
            "关口凭据的平面文件(id 和各关口的日期、凭据)",                                         \
            "evidence of gates as a plain file (id, days and documents of the gates)", NULL        \
    }
#define RULE_PARAMS                                                                                \
    { "preset",                                                                                    \
      FD_P_TEXT,                                                                                   \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "PRESET",                                                                                    \
      "亮灯口径:银川(默认)、三亚、武汉、天津,或自己表里的",                                        \
      "rule of lights: 银川 (default), 三亚, 武汉, 天津, or one of your own table",                \
      NULL },                                                                                      \
    {                                                                                              \
        "rules", FD_P_PATH, false, false, false, "FILE",                                           \
            "自己的亮灯口径表(形式同 definitions/project_rules.csv)",                              \
            "a table of rules of your own (as definitions/project_rules.csv)", NULL                \
    }
#define AT_PARAM                                                                                   \
    {                                                                                              \
        "at", FD_P_PERIOD, false, false, false, "PERIOD", "哪个月(累计);不写取最新",               \
            "which month (cumulative); the newest by default", NULL                                \
    }

static size_t count_light(const fd_table *t, const char *light)
{
    int at = fd_table_find(t, "overall");
    size_t n = 0;

    for (size_t r = 0; r < t->rows; r++)
        n += strcmp(fd_column_text_or(t->columns[at], r, ""), light) == 0;
    return n;
}

static int run_projects(fd_call *call, fd_result *result)
{
    fd_works_input in;
    fd_table *t = NULL;
    char zh[64], en[64];
    int err = fd_works_open(&in, call);

    if (err >= 0 && (err = fd_project_list(&t, in.source, &in.options)) >= 0) {
        fd_period_title(in.options.period, FD_ZH, zh, sizeof zh);
        fd_period_title(in.options.period, FD_EN, en, sizeof en);
        fd_table_add_note(t, zh, en);
        fd_result_say(result,
                      "%s:%zu 个项目,总灯(投资、开工、达产取最差)红 %zu、黄 %zu、绿 %zu、灰 %zu",
                      "%s: %zu projects, by the worst of investment, start and ramp %zu red, %zu "
                      "yellow, %zu green, %zu grey",
                      call->lang == FD_ZH ? zh : en, t->rows, count_light(t, "red"),
                      count_light(t, "yellow"), count_light(t, "green"), count_light(t, "grey"));
        fd_result_add(result, t);
    }
    fd_works_close(&in);
    return err;
}

static const fd_verb_param projects_params[] = {
    AT_PARAM,
    { "stage", FD_P_TEXT, false, false, false, "STAGE",
      "只列这一阶段:谋划 签约 开工 在建 投产 达效 入规",
      "only this stage: 谋划 签约 开工 在建 投产 达效 入规 (planned signed started building "
      "producing effective listed)",
      NULL },
    { "light", FD_P_TEXT, false, false, false, "LIGHT", "只列总灯为:红 黄 绿 灰",
      "only this worst light: red yellow green grey", NULL },
    { "chain", FD_P_TEXT, false, false, false, "CHAIN", "只列这条链", "only this chain", NULL },
    { "county", FD_P_TEXT, false, false, false, "COUNTY", "只列这个县区", "only this county",
      NULL },
    RULE_PARAMS,
    { "rule", FD_P_TEXT, false, false, false, "RULE", "同 --preset", "the same as --preset", NULL },
    DATA_PARAM,
    GATES_PARAM,
};
static const char *const projects_examples[] = {
    "projects --city out/huanzhou.fangding",
    "projects --light 红 --preset 武汉 --city out/huanzhou.fangding",
    "projects --stage 投产 --chain 新材料 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_projects = {
    .name = "projects",
    .zh = "项目:阶段、完成、灯和理由、达产率、超期、责任单位",
    .en = "projects: stage, progress, lights with their reasons, ramp, days late, owner",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = projects_params,
    .param_count = sizeof projects_params / sizeof *projects_params,
    .examples = projects_examples,
    .run = run_projects,
};

/* ---- projects check -------------------------------------------------------------------------- */

static int run_check(fd_call *call, fd_result *result)
{
    fd_table *t = NULL, *renovations = NULL;
    fd_works_input in;
    int err = fd_works_open(&in, call);

    if (err >= 0 &&
        (err = fd_works_records(&renovations, call, "renovation", "renovations")) >= 0 &&
        (err = fd_project_check(&t, in.source, renovations, &in.options)) >= 0) {
        size_t faults = 0;

        for (size_t r = 0; r < t->rows; r++)
            faults += strcmp(fd_column_text_or(t->columns[0], r, ""), "fault") == 0;
        result->exit_code = faults ? 1 : 0;
        fd_result_say(result, "%zu 处要核对,其中差错 %zu 处;没有合并任何项目",
                      "%zu findings, %zu of them faults; nothing was merged", t->rows, faults);
        fd_result_add(result, t);
    }
    fd_table_free(renovations);
    fd_works_close(&in);
    return err;
}

static const fd_verb_param check_params[] = {
    AT_PARAM,
    DATA_PARAM,
    GATES_PARAM,
    { "renovations", FD_P_PATH, false, false, false, "FILE", "技改登记的平面文件",
      "the register of renovations as a plain file", NULL },
    { "rules", FD_P_PATH, false, false, false, "FILE",
      "自己的亮灯口径表(形式同 definitions/project_rules.csv)",
      "a table of rules of your own (as definitions/project_rules.csv)", NULL },
};
static const char *const check_examples[] = { "projects check --city out/huanzhou.fangding", NULL };
const fd_verb fd_verb_projects_check = {
    .name = "projects check",
    .zh = "项目核对:一个项目不算两次,阶段不超过凭据;只列出,不合并",
    .en = "is a project counted twice, or ahead of its evidence; listed, never merged",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = check_params,
    .param_count = sizeof check_params / sizeof *check_params,
    .examples = check_examples,
    .run = run_check,
};

/* ---- one project ----------------------------------------------------------------------------- */

static void hand_over(fd_result *result, fd_table **table)
{
    if (*table)
        fd_result_add(result, *table);
    *table = NULL;
}

/* Its transitions, as recorded; nothing when the city keeps none. */
static int add_history(fd_call *call, fd_result *result, const char *code)
{
    fd_table *t = NULL;
    int err;

    if (!call->city || fd_call_is_limited(call) || fd_works_param(call, "data") ||
        !fd_program_record(call->city->program, "project"))
        return 0;
    if ((err = fd_reader_record_history(call->city->reader, "project", code, &t)) == FD_ENOTFOUND) {
        fd_error_clear();
        return 0;
    }
    if (err >= 0)
        fd_result_add(result, t);
    return err;
}

static int run_project(fd_call *call, fd_result *result)
{
    const char *code = fd_call_text(call, "code");
    fd_project_page page;
    fd_works_input in;
    int err = fd_works_open(&in, call);

    memset(&page, 0, sizeof page);
    if (err >= 0 && (err = fd_project_page_make(&page, in.source, code, &in.options)) >= 0) {
        hand_over(result, &page.card);
        hand_over(result, &page.gates);
        hand_over(result, &page.months);
        hand_over(result, &page.ramp);
        err = add_history(call, result, code);
    }
    fd_project_page_dispose(&page);
    fd_works_close(&in);
    return err;
}

static const fd_verb_param project_params[] = {
    { "code", FD_P_TEXT, true, true, false, "CODE", "项目代码", "code of the project", NULL },
    AT_PARAM,
    RULE_PARAMS,
    DATA_PARAM,
    GATES_PARAM,
};
static const char *const project_examples[] = { "project HZ2023039 --city out/huanzhou.fangding",
                                                NULL };
const fd_verb fd_verb_project = {
    .name = "project",
    .zh = "一个项目:关口和凭据、投资序时进度、投产与达产率、历次变更",
    .en = "one project: gates and evidence, investment by month, ramp, its history",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = project_params,
    .param_count = sizeof project_params / sizeof *project_params,
    .examples = project_examples,
    .run = run_project,
};
