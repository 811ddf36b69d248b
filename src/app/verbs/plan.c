/*
 * plan, plan file, plan export, plan template: from where we stand to the share, and why not.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/assets.h"
#include "app/plan_load.h"
#include "app/registry.h"
#include "base/log.h"
#include "io/csvtable.h"
#include "io/file.h"

/* The changes of the call, or of them only the target, which is no difference. */
static int change(fd_plan *plan, fd_call *call, bool all)
{
    const char *lot = fd_call_text(call, "lot");
    fd_plan_changes changes;
    int err = fd_plan_call_changes(&changes, call);

    if (err >= 0 && all)
        err = fd_plan_apply(plan, &changes);
    for (size_t i = 0; i < changes.set_count && err >= 0 && !all; i++)
        if (strncmp(changes.set[i], "share", 5) == 0)
            err = fd_plan_set(plan, changes.set[i]);
    if (err >= 0 && all && fd_call_flag(call, "nothing"))
        fd_plan_freeze(plan);
    if (err >= 0 && lot)
        fd_plan_whole(plan, strtod(lot, NULL));
    return err;
}

/* The largest share by year without the changes of the call and with them, and the date. */
static int compare(fd_call *call, fd_result *result, const char *folder, bool city,
                   const fd_plan_options *options)
{
    static const fd_column_spec specs[] = {
        { "year", "年", "Year", FD_EST, NULL, 0 },
        { "before", "不改", "Without", FD_EST, "%", 0 },
        { "after", "改后", "With", FD_EST, "%", 0 },
        { "change", "变动", "Change", FD_EST, "百分点", 0 },
    };
    fd_table *t[2] = { NULL, NULL }, *out;
    fd_plan_summary s[2];
    int err = 0;

    for (int side = 0; side < 2 && err >= 0; side++) {
        fd_plan *plan = NULL;

        if ((err = fd_plan_load(&plan, call, folder, city)) >= 0 &&
            (err = change(plan, call, side)) >= 0)
            err = fd_plan_run(&t[side], &s[side], plan, FD_PLAN_REACH, options);
        fd_plan_free(plan);
    }
    if (err < 0)
        goto done;
    out = fd_table_new("compare", "两个情景", "Two scenarios");
    fd_table_add_columns(out, specs, sizeof specs / sizeof *specs);
    for (size_t r = 0; r < t[0]->rows && r < t[1]->rows; r++) {
        size_t row = fd_table_add_row(out);
        double before = t[0]->columns[1]->v.est[r], after = t[1]->columns[1]->v.est[r];

        fd_column_set_est(out->columns[0], row, t[0]->columns[0]->v.est[r]);
        fd_column_set_est(out->columns[1], row, before);
        fd_column_set_est(out->columns[2], row, after);
        fd_column_set_est(out->columns[3], row, fabs(after - before) < 1e-9 ? 0 : after - before);
    }
    fd_result_add(result, out);
    fd_result_say(result, "达到 %1$g%% 的时间:不改 %2$s(%3$.3f),改后 %4$s(%5$.3f)。",
                  "%1$g %% is reached: without the changes %2$s (%3$.3f), with them %4$s (%5$.3f).",
                  s[1].target, s[0].date[0] ? s[0].date : "—", s[0].moment,
                  s[1].date[0] ? s[1].date : "—", s[1].moment);
done:
    fd_table_free(t[0]);
    fd_table_free(t[1]);
    return err;
}

/* Everything that a planner takes to a meeting, in one answer: one workbook, one page. */
static int everything(fd_result *result, fd_plan *plan, const fd_plan_options *options)
{
    static const fd_plan_answer more[] = { FD_PLAN_BINDS, FD_PLAN_RELAX,   FD_PLAN_WHY,
                                           FD_PLAN_FRONT, FD_PLAN_SLIDERS, FD_PLAN_ROBUST };
    static const char *const zh[] = { "最大占比",           "方案", "什么在卡脖子", "至少放宽多少",
                                      "哪些政策合不到一起", "前沿", "各限制松紧",   "不确定" };
    static const char *const en[] = { "largest share",
                                      "programme",
                                      "what binds",
                                      "least relaxation",
                                      "policies that contradict each other",
                                      "front",
                                      "sliders",
                                      "uncertainty" };
    enum { STEPS = 2 + sizeof more / sizeof *more };
    fd_plan_summary s, solved;
    fd_table *t = NULL, *all[FD_PLAN_R_COUNT];
    bool reachable = false;
    int err = 0;

    for (int i = 0; i < STEPS && err >= 0; i++) {
        fd_progress p;

        fd_progress_start(&p, zh[i], en[i], STEPS, "项");
        fd_progress_step(&p, (uint64_t)i);
        if (fd_progress_cancelled())
            return fd_error_set(FD_ECANCELLED, "已取消", "cancelled");
        t = NULL;
        if (i == 0) {
            if ((err = fd_plan_run(&t, &s, plan, FD_PLAN_REACH, options)) >= 0)
                fd_plan_say(result, &s, false);
        } else if (i == 1) {
            err = fd_plan_report(all, &solved, plan, options);
            for (int k = 0; err >= 0 && k < FD_PLAN_R_COUNT; k++)
                fd_result_add(result, all[k]);
            reachable = err >= 0 && solved.reachable;
        } else if (!reachable || (more[i - 2] != FD_PLAN_RELAX && more[i - 2] != FD_PLAN_WHY)) {
            err = fd_plan_run(&t, NULL, plan, more[i - 2], options);
        }
        if (t)
            fd_result_add(result, t);
        fd_progress_step(&p, (uint64_t)i + 1);
        if (i + 1 == STEPS)
            fd_progress_finish(&p);
    }
    return err;
}

/* The table called `out`, or all of them. */
static int answer(fd_call *call, fd_result *result, const char *folder, bool city, const char *out)
{
    fd_plan_options options = FD_PLAN_OPTIONS_INIT;
    fd_plan_answer wanted = FD_PLAN_REACH;
    fd_plan_summary summary;
    fd_plan *plan = NULL;
    fd_table *table = NULL;
    int err;

    for (int a = 0; a < FD_PLAN_COUNT; a++)
        if (strcmp(out, fd_plan_answer_name((fd_plan_answer)a)) == 0)
            wanted = (fd_plan_answer)a;
    if ((err = fd_plan_call_options(&options, call)) < 0)
        return err;
    if (strcmp(out, "compare") == 0)
        return compare(call, result, folder, city, &options);
    if ((err = fd_plan_load(&plan, call, folder, city)) < 0 || (err = change(plan, call, true)) < 0)
        goto done;
    if (strcmp(out, "all") == 0) {
        err = everything(result, plan, &options);
    } else if (strcmp(out, "certificate") == 0) {
        fd_table *all[FD_PLAN_R_COUNT];

        err = fd_plan_report(all, &summary, plan, &options);
        for (int k = 0; err >= 0 && k < FD_PLAN_R_COUNT; k++) {
            if (k == FD_PLAN_R_CERTIFICATE)
                fd_result_add(result, all[k]);
            else
                fd_table_free(all[k]);
        }
    } else if ((err = fd_plan_run(&table, &summary, plan, wanted, &options)) >= 0) {
        fd_result_add(result, table);
        if (wanted == FD_PLAN_REACH || wanted == FD_PLAN_PATH || wanted == FD_PLAN_PROGRAMME ||
            wanted == FD_PLAN_BRIDGE)
            fd_plan_say(result, &summary, false);
    }
done:
    fd_plan_free(plan);
    return err;
}

static const char *out_or(const fd_call *call, const char *otherwise)
{
    const char *out = fd_call_text(call, "out");

    return out ? out : otherwise;
}

static void about_line(fd_table *t, const char *item, const char *value)
{
    size_t row = fd_table_add_row(t);

    fd_column_set_text(t->columns[0], row, item);
    if (value && *value)
        fd_column_set_text(t->columns[1], row, value);
}

static const char *listed(fd_arena *arena, const char *const *words, size_t count)
{
    const char *text = "";

    for (size_t i = 0; i < count; i++)
        text = fd_arena_printf(arena, "%s%s%s", text, i ? "," : "", words[i]);
    return count ? text : "不改";
}

/* The first sheet: whose figures these are, and on what they rest. */
static int about(fd_table **out, fd_call *call)
{
    fd_table *t = fd_table_new("about", "出处", "About");
    fd_plan_changes changes;
    int err = fd_plan_call_changes(&changes, call);

    fd_table_add_new(t, "item", "项", "Item", FD_TEXT, "", 0);
    fd_table_add_new(t, "value", "内容", "Value", FD_TEXT, "", 0);
    if (err >= 0) {
        about_line(t, "数据",
                   fd_arena_printf(call->arena, "城市文件快照 %lld",
                                   (long long)fd_reader_snapshot(call->city->reader)));
        about_line(t, "定义", call->city->definitions_hash);
        about_line(t, "程序", "fangding " FD_VERSION);
        about_line(t, "改动", listed(call->arena, changes.set, changes.set_count));
        about_line(t, "推迟", listed(call->arena, changes.slip, changes.slip_count));
        about_line(t, "基期", "最新一年规上增加值与战新增加值,链 × 县区;不可披露的格按合计分摊");
        about_line(t, "技术参数和限制",
                   fd_call_text(call, "scenario") ? "情景文件夹" : "模板 definitions/plan,示例");
        about_line(t, "单位", "见各表表头;增加值、投资为亿元,不变价");
        about_line(t, "性质", "测算,不是预测;不对企业、不对报表下达数");
    }
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

static int run_report(fd_call *call, fd_result *result)
{
    fd_table *first = NULL;
    int err;

    if ((err = about(&first, call)) < 0)
        return err;
    fd_result_add(result, first);
    if ((err = answer(call, result, fd_call_text(call, "scenario"), true, out_or(call, "all"))) >=
        0)
        err = fd_table_write_xlsx((const fd_table *const *)result->tables, result->table_count,
                                  fd_call_text(call, "file"), call->lang);
    return err;
}

static int run_plan(fd_call *call, fd_result *result)
{
    return answer(call, result, fd_call_text(call, "scenario"), true, out_or(call, "reach"));
}

static int run_file(fd_call *call, fd_result *result)
{
    return answer(call, result, fd_call_text(call, "folder"), false, out_or(call, "reach"));
}

static int run_export(fd_call *call, fd_result *result)
{
    fd_plan_options options = FD_PLAN_OPTIONS_INIT;
    const char *path = fd_call_text(call, "file");
    fd_plan *plan = NULL;
    size_t length;
    char *text = NULL;
    int64_t year = 0;
    int err;

    if ((err = fd_call_integer(call, "year", &year)) < 0)
        return err;
    options.year = (int)year;
    if ((err = fd_plan_load(&plan, call, fd_call_text(call, "scenario"), true)) >= 0 &&
        (err = change(plan, call, true)) >= 0 &&
        (err = fd_plan_export(&text, &length, plan, &options)) >= 0 &&
        (err = fd_file_write(path, text, length)) >= 0)
        fd_result_say(
            result, "已写出 %s(%zu 字节,求负目标的最小值),任何求解器都能读",
            "wrote %s (%zu bytes; the minimum of minus the objective), which any solver reads",
            path, length);
    free(text);
    fd_plan_free(plan);
    return err;
}

static int run_template(fd_call *call, fd_result *result)
{
    static const char *const files[] = { "technologies.csv", "limits.csv" };
    const char *folder = fd_call_text(call, "folder");
    struct stat info;
    int err = 0;

    if (stat(folder, &info) != 0 && mkdir(folder, 0777) != 0)
        return fd_error_set(FD_EIO, "建不了文件夹 %s", "the folder %s cannot be made", folder);
    for (size_t f = 0; f < sizeof files / sizeof *files && err >= 0; f++) {
        const char *path = fd_arena_printf(call->arena, "%s/%s", folder, files[f]);
        fd_view bytes;

        if (stat(path, &info) == 0)
            err =
                fd_error_set(FD_EEXISTS, "%s 已在,不覆盖", "%s is there and stays as it is", path);
        else if (fd_asset_find(fd_arena_printf(call->arena, "definitions/plan/%s", files[f]),
                               &bytes))
            err = fd_file_write(path, bytes.ptr, bytes.len);
    }
    if (err >= 0)
        fd_result_say(result, "模板已写到 %s;数值都是示例,请换成自己的并写明出处",
                      "templates are in %s; all values are examples: put yours, with their source",
                      folder);
    return err;
}

/* clang-format off: one parameter a line reads better than one field a line */
#define PLAN_TABLES                                                                                \
    "reach|path|programme|bridge|certificate|binds|front|sliders|robust|relax|why|base|compare|"   \
    "all"
#define PLAN_OUT(zh_, en_)                                                                         \
    {                                                                                              \
        "out", FD_P_CHOICE, false, false, false, "NAME", zh_, en_, PLAN_TABLES                     \
    }
/* What changes the program itself. */
#define PLAN_CHANGES                                                                               \
    { "year",                                                                                      \
      FD_P_INTEGER,                                                                                \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "YEAR",                                                                                      \
      "目标年(默认按限制表)",                                                                      \
      "year of the target (as limits say)",                                                        \
      NULL },                                                                                      \
        { "set",                                                                                   \
          FD_P_LIST,                                                                               \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "CHANGE[,…]",                                                                            \
          "改限制:energy=105、finance+10%、share@2028=25、market@E2-20%",                          \
          "change limits: energy=105, finance+10%, share@2028=25, market@E2-20%",                  \
          NULL },                                                                                  \
        { "slip",                                                                                  \
          FD_P_LIST,                                                                               \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "ID=MONTHS[,…]",                                                                         \
          "项目推迟几个月投产",                                                                    \
          "projects that produce so many months later",                                            \
          NULL },                                                                                  \
        { "nothing",                                                                               \
          FD_P_FLAG,                                                                               \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          NULL,                                                                                    \
          "什么都不做:基期照旧",                                                                   \
          "do nothing: the base repeats itself",                                                   \
          NULL },                                                                                  \
        { "lot",                                                                                   \
          FD_P_NUMBER,                                                                             \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "X",                                                                                     \
          "整厂建设:新建一次这么多亿元(混合整数,慢)",                                              \
          "whole plants of so many 亿元 (mixed-integer, slow)",                                    \
          NULL },                                                                                  \
    {                                                                                              \
        "base-year", FD_P_INTEGER, false, false, false, "YEAR", "base.csv 的年份",                 \
            "the year of base.csv", NULL                                                           \
    }
/* How it is asked. */
#define PLAN_STUDY                                                                                 \
    { "points",                                                                                    \
      FD_P_INTEGER,                                                                                \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "N",                                                                                         \
      "前沿的点数(默认 9)",                                                                        \
      "points of the front (9)",                                                                   \
      NULL },                                                                                      \
        { "gamma",                                                                                 \
          FD_P_NUMBER,                                                                             \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "G",                                                                                     \
          "同时失准的产能个数(默认给一组)",                                                        \
          "how many yields fall short together (a range)",                                         \
          NULL },                                                                                  \
        { "draws",                                                                                 \
          FD_P_INTEGER,                                                                            \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "N",                                                                                     \
          "蒙特卡洛次数(默认 10000)",                                                              \
          "draws of Monte Carlo (10000)",                                                          \
          NULL },                                                                                  \
        { "seed", FD_P_INTEGER, false, false, false, "S", "随机种子(默认 1)", "seed (1)", NULL },  \
    {                                                                                              \
        "seconds", FD_P_NUMBER, false, false, false, "T", "每次求解的时限(默认 120)",              \
            "limit of each solve (120)", NULL                                                      \
    }

/* clang-format on */

static const char detail_zh[] =
    "多年线性规划:链 × 县区 × 年 × "
    "技术与项目,受能耗、碳、污染物、用地、用工、投资、市场和总量增长底线"
    "约束。每个答案都带可复核的证书。技术参数未经替换前是示例。测算,不是预测。";
static const char detail_en[] =
    "A linear program over chains, counties, years, technologies and projects under limits of "
    "energy, carbon, pollutants, land, labour, finance, market and a floor under total growth. "
    "Every answer carries its certificate. Technologies are examples until replaced.";

static const fd_verb_param plan_params[] = {
    { "scenario", FD_P_PATH, false, false, false, "FOLDER",
      "情景文件夹(technologies.csv、limits.csv,可有 base.csv、projects.csv);不写用模板",
      "folder of the scenario; the templates by default", NULL },
    { "saved", FD_P_TEXT, false, false, false, "NAME", "从保存过的情景开始(plan save)",
      "start from a saved scenario (plan save)", NULL },
    PLAN_OUT("要哪张表(默认 reach)", "which table (reach)"),
    PLAN_CHANGES,
    PLAN_STUDY,
};
static const char *const plan_examples[] = {
    "plan --city out/huanzhou.fangding",
    "plan --out programme --set share@2027=16 --city out/huanzhou.fangding",
    "plan --out why --city out/huanzhou.fangding",
    "plan --out compare --set share=24 --slip HZ2023040=12 --city out/huanzhou.fangding",
    "plan --out all --draws 1000 --gamma 2 --points 3 --city out/huanzhou.fangding",
    NULL,
};
const fd_verb fd_verb_plan = {
    .name = "plan",
    .zh = "三成目标怎么走:可达与否、最多到多少、做什么、卡在哪、代价多大",
    .en = "the way to the share: reachable or not, how far, what to do, what binds, at what cost",
    .detail_zh = detail_zh,
    .detail_en = detail_en,
    .purpose = FD_PLANNING,
    .needs_city = true,
    .is_job = true,
    .params = plan_params,
    .param_count = sizeof plan_params / sizeof *plan_params,
    .examples = plan_examples,
    .run = run_plan,
};

static const fd_verb_param file_params[] = {
    { "folder", FD_P_PATH, true, true, false, "FOLDER",
      "文件夹:base.csv(chain、county、value_added、emerging),其余不写用模板",
      "folder with base.csv (chain, county, value_added, emerging); other tables as given or by "
      "template",
      NULL },
    PLAN_OUT("要哪张表(默认 reach)", "which table (reach)"),
    PLAN_CHANGES,
    PLAN_STUDY,
};
static const char *const file_examples[] = { "plan file scenario --base-year 2024 --out path",
                                             NULL };
const fd_verb fd_verb_plan_file = {
    .name = "plan file",
    .zh = "同 plan,从 CSV 文件夹出发,不用城市文件",
    .en = "plan from a folder of CSV files, without a city file",
    .detail_zh = detail_zh,
    .detail_en = detail_en,
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = file_params,
    .param_count = sizeof file_params / sizeof *file_params,
    .examples = file_examples,
    .run = run_file,
};

static const fd_verb_param export_params[] = {
    { "file", FD_P_OUTPUT, true, true, false, "FILE", "写到这个 MPS 文件", "write this MPS file",
      NULL },
    { "scenario", FD_P_PATH, false, false, false, "FOLDER", "情景文件夹;不写用模板",
      "folder of the scenario; the templates by default", NULL },
    { "saved", FD_P_TEXT, false, false, false, "NAME", "从保存过的情景开始(plan save)",
      "start from a saved scenario (plan save)", NULL },
    PLAN_CHANGES,
};
static const fd_verb_param report_params[] = {
    { "file", FD_P_OUTPUT, true, true, false, "FILE.xlsx", "写到这个 XLSX 文件,每张表一页",
      "write this workbook, a sheet per table", NULL },
    { "scenario", FD_P_PATH, false, false, false, "FOLDER", "情景文件夹;不写用模板",
      "folder of the scenario; the templates by default", NULL },
    { "saved", FD_P_TEXT, false, false, false, "NAME", "从保存过的情景开始(plan save)",
      "start from a saved scenario (plan save)", NULL },
    PLAN_OUT("只要这张表(默认 all:全部)", "only this table (all of them)"),
    PLAN_CHANGES,
    PLAN_STUDY,
};
static const char *const report_examples[] = {
    "plan report plan.xlsx --draws 1000 --gamma 2 --points 3 --city out/huanzhou.fangding",
    "plan report bridge.xlsx --out bridge --set share=16 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_plan_report = {
    .name = "plan report",
    .zh = "完整方案一次算出:做得到与否、做什么、桥、卡在哪、为什么、前沿、不确定、证书,写成 XLSX",
    .en = "the whole answer at once, as a workbook: reach, programme, bridge, what binds, why not, "
          "front, uncertainty, certificate",
    .detail_zh = detail_zh,
    .detail_en = detail_en,
    .purpose = FD_PLANNING,
    .needs_city = true,
    .is_job = true,
    .params = report_params,
    .param_count = sizeof report_params / sizeof *report_params,
    .examples = report_examples,
    .run = run_report,
};

static const char *const export_examples[] = {
    "plan export plan-30.mps --city out/huanzhou.fangding",
    "plan export late.mps --slip HZ2023040=6 --set finance+10% --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_plan_export = {
    .name = "plan export",
    .zh = "把规划写成自由格式 MPS,交给任何求解器",
    .en = "write the plan as free MPS for any solver",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .is_job = true,
    .params = export_params,
    .param_count = sizeof export_params / sizeof *export_params,
    .examples = export_examples,
    .run = run_export,
};

static const fd_verb_param template_params[] = {
    { "folder", FD_P_OUTPUT, true, true, false, "FOLDER", "写到这个文件夹",
      "write into this folder", NULL },
};
static const char *const template_examples[] = { "plan template 情景", NULL };
const fd_verb fd_verb_plan_template = {
    .name = "plan template",
    .zh = "写出可改的情景模板(数值为示例)",
    .en = "write templates of a scenario to change (values are examples)",
    .purpose = FD_PLANNING,
    .params = template_params,
    .param_count = 1,
    .examples = template_examples,
    .run = run_template,
};
