/*
 * plan, plan file, plan export, plan template: from where we stand to the share, and why not.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/assets.h"
#include "app/plan_city.h"
#include "app/registry.h"
#include "io/csvtable.h"
#include "io/file.h"

static const char *const files[] = { "base.csv", "technologies.csv", "limits.csv", "projects.csv" };
enum { BASE, TECHNOLOGIES, LIMITS, PROJECTS, FILE_COUNT };

/* A CSV of the scenario's folder; *out stays NULL when there is none. */
static int read_file(fd_table **out, fd_call *call, const char *folder, const char *name)
{
    static const char *const text[] = {
        "chain", "county", "technology", "name", "kind",    "id",
        "limit", "scope",  "year",       "unit", "name_en", "finish"
    };
    const char *path = fd_arena_printf(call->arena, "%s/%s", folder, name);
    struct stat info;

    *out = NULL;
    if (stat(path, &info) != 0)
        return 0;
    return fd_csv_table(out, path, text, sizeof text / sizeof *text, 0);
}

/* A base of one's own has no year but the one that is told. */
static int read_year(const char *text, int *year)
{
    if (text)
        *year = atoi(text);
    return *year >= 1900 && *year <= 2200 ? 0
                                          : fd_error_set(FD_EINVAL, "要写基期年:--base-year",
                                                         "give the base year: --base-year");
}

/* The plan as the tables have it, with the changes of the call or without. */
static int load(fd_plan **out, fd_call *call, const char *folder, bool city, bool changed)
{
    struct stat info;
    fd_table *t[FILE_COUNT] = { NULL };
    fd_plan_tables tables = { .base_year = 0 };
    const char **words;
    size_t count;
    int err = 0;

    *out = NULL;
    if (folder && (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode)))
        return fd_error_set(FD_ENOTFOUND, "%s 不是文件夹", "%s is no folder", folder);
    for (int f = 0; f < FILE_COUNT && err >= 0 && folder; f++)
        err = read_file(&t[f], call, folder, files[f]);
    if (err >= 0 && !t[TECHNOLOGIES])
        err = fd_plan_template(&t[TECHNOLOGIES], files[TECHNOLOGIES]);
    if (err >= 0 && !t[LIMITS])
        err = fd_plan_template(&t[LIMITS], files[LIMITS]);
    if (err >= 0 && !t[BASE] && city)
        err = fd_plan_city_base(&t[BASE], &tables.base_year, call);
    else if (err >= 0 && !t[BASE])
        err =
            fd_error_set(FD_ENOTFOUND, "%s 里没有 base.csv", "there is no base.csv in %s", folder);
    else if (err >= 0)
        err = read_year(fd_call_text(call, "base-year"), &tables.base_year);
    if (err >= 0 && !t[PROJECTS] && city)
        err = fd_plan_city_projects(&t[PROJECTS], tables.base_year, call);
    if (err < 0)
        goto done;
    tables.base = t[BASE];
    tables.technologies = t[TECHNOLOGIES];
    tables.limits = t[LIMITS];
    tables.projects = t[PROJECTS];
    if ((err = fd_plan_read(out, &tables)) < 0)
        goto done;
    count = fd_call_list(call, "set", &words);
    for (size_t i = 0; i < count && err >= 0; i++)
        if (changed || strncmp(words[i], "share", 5) == 0) /* the target is no difference */
            err = fd_plan_set(*out, words[i]);
    count = changed ? fd_call_list(call, "slip", &words) : 0;
    for (size_t i = 0; i < count && err >= 0; i++)
        err = fd_plan_slip(*out, words[i]);
    if (err >= 0 && changed && fd_call_flag(call, "nothing"))
        fd_plan_freeze(*out);
done:
    for (int f = 0; f < FILE_COUNT; f++)
        fd_table_free(t[f]);
    if (err < 0) {
        fd_plan_free(*out);
        *out = NULL;
    }
    return err;
}

static int read_options(fd_plan_options *o, const fd_call *call)
{
    int64_t year = 0, points = 9, draws = 10000, seed = 1;
    const char *gamma = fd_call_text(call, "gamma"), *seconds = fd_call_text(call, "seconds");
    int err;

    if ((err = fd_call_integer(call, "year", &year)) < 0 ||
        (err = fd_call_integer(call, "points", &points)) < 0 ||
        (err = fd_call_integer(call, "draws", &draws)) < 0 ||
        (err = fd_call_integer(call, "seed", &seed)) < 0)
        return err;
    if (points < 2 || points > 1000 || draws < 0 || draws > 10000000)
        return fd_error_set(FD_EINVAL, "--points 应在 2 与 1000 之间,--draws 不超过一千万",
                            "--points goes from 2 to 1000, --draws to ten million");
    o->year = (int)year;
    o->points = (size_t)points;
    o->draws = (size_t)draws;
    o->seed = (uint64_t)seed;
    if (gamma)
        o->gamma = fmax(0, strtod(gamma, NULL));
    if (seconds)
        o->seconds = fmin(86400, fmax(0.1, strtod(seconds, NULL)));
    return 0;
}

static void say(fd_result *result, const fd_plan_summary *s, fd_plan_answer answer)
{
    char date[2][96] = { "", "" };

    if (answer != FD_PLAN_REACH && answer != FD_PLAN_PATH && answer != FD_PLAN_PROGRAMME &&
        answer != FD_PLAN_BRIDGE)
        return;
    if (s->date[0]) {
        snprintf(date[0], sizeof date[0], ",按年占比连线最早约在 %s", s->date);
        snprintf(date[1], sizeof date[1], ", first about %s along the line of yearly shares",
                 s->date);
    }
    if (s->reachable)
        fd_result_say(result, "按本情景,%1$d 年战新占比 %2$g%% 可以达到(现值 %3$.4g%%)%4$s%5$.0s。",
                      "In this scenario %2$g %% in %1$d can be reached (now %3$.4g %%)%4$.0s%5$s.",
                      s->year, s->target, s->base_share, date[0], date[1]);
    else
        fd_result_say(result,
                      "按本情景,%1$d 年战新占比达不到 %2$g%%,最多 %3$.4g%%(现值 "
                      "%4$.4g%%)%5$s%6$.0s。",
                      "In this scenario %2$g %% in %1$d cannot be reached: %3$.4g %% at most (now "
                      "%4$.4g %%)%5$.0s%6$s.",
                      s->year, s->target, s->largest_share, s->base_share, date[0], date[1]);
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

        if ((err = load(&plan, call, folder, city, side)) >= 0)
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

static int answer_plan(fd_call *call, fd_result *result, const char *folder, bool city)
{
    fd_plan_options options = FD_PLAN_OPTIONS_INIT;
    fd_plan_answer answer = FD_PLAN_REACH;
    const char *out = fd_call_text(call, "out");
    fd_plan_summary summary;
    fd_plan *plan = NULL;
    fd_table *table = NULL;
    int err;

    for (int a = 0; out && a < FD_PLAN_COUNT; a++)
        if (strcmp(out, fd_plan_answer_name((fd_plan_answer)a)) == 0)
            answer = (fd_plan_answer)a;
    if ((err = read_options(&options, call)) < 0)
        return err;
    if (out && strcmp(out, "compare") == 0)
        return compare(call, result, folder, city, &options);
    if ((err = load(&plan, call, folder, city, true)) < 0)
        return err;
    if ((err = fd_plan_run(&table, &summary, plan, answer, &options)) >= 0) {
        fd_result_add(result, table);
        say(result, &summary, answer);
    }
    fd_plan_free(plan);
    return err;
}

static int run_plan(fd_call *call, fd_result *result)
{
    return answer_plan(call, result, fd_call_text(call, "scenario"), true);
}

static int run_file(fd_call *call, fd_result *result)
{
    return answer_plan(call, result, fd_call_text(call, "folder"), false);
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
    if ((err = load(&plan, call, fd_call_text(call, "scenario"), true, true)) < 0)
        return err;
    if ((err = fd_plan_export(&text, &length, plan, &options)) >= 0 &&
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
    const char *folder = fd_call_text(call, "folder");
    struct stat info;
    int err = 0;

    if (stat(folder, &info) != 0 && mkdir(folder, 0777) != 0)
        return fd_error_set(FD_EIO, "建不了文件夹 %s", "the folder %s cannot be made", folder);
    for (int f = TECHNOLOGIES; f <= LIMITS && err >= 0; f++) {
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

#define PLAN_OPTIONS                                                                               \
    { "out",                                                                                       \
      FD_P_CHOICE,                                                                                 \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "NAME",                                                                                      \
      "要哪张表(默认 reach)",                                                                      \
      "which table (reach)",                                                                       \
      "reach|path|programme|bridge|binds|front|sliders|robust|relax|why|base|compare" },           \
        { "year",                                                                                  \
          FD_P_INTEGER,                                                                            \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "YEAR",                                                                                  \
          "目标年(默认按限制表)",                                                                  \
          "year of the target (as limits say)",                                                    \
          NULL },                                                                                  \
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
        { "points",                                                                                \
          FD_P_INTEGER,                                                                            \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "N",                                                                                     \
          "前沿的点数(默认 9)",                                                                    \
          "points of the front (9)",                                                               \
          NULL },                                                                                  \
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
        { "seconds",                                                                               \
          FD_P_NUMBER,                                                                             \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "T",                                                                                     \
          "每次求解的时限(默认 120)",                                                              \
          "limit of each solve (120)",                                                             \
          NULL },                                                                                  \
    {                                                                                              \
        "base-year", FD_P_INTEGER, false, false, false, "YEAR", "base.csv 的年份",                 \
            "the year of base.csv", NULL                                                           \
    }

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
    PLAN_OPTIONS,
};
static const char *const plan_examples[] = {
    "plan --city out/huanzhou.fangding",
    "plan --out programme --set share@2027=16 --city out/huanzhou.fangding",
    "plan --out why --city out/huanzhou.fangding",
    "plan --out compare --set share=24 --slip HZ2023040=12 --city out/huanzhou.fangding",
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
    PLAN_OPTIONS,
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
    PLAN_OPTIONS,
};
static const char *const export_examples[] = {
    "plan export plan-30.mps --city out/huanzhou.fangding", NULL
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
