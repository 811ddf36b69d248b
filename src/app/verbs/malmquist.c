/*
 * malmquist and green-tfp: how productivity changes from period to period; from a plain CSV, or
 * from the city.
 */
#include <math.h>
#include <string.h>

#include "app/registry.h"
#include "app/verbs/panel.h"
#include "fangding/malmquist.h"

/* The geometric mean of a column over rows that have a value. @return how many */
static size_t geometric(double *mean, const fd_table *t, const char *column)
{
    const fd_column *c = t->columns[fd_table_find(t, column)];
    double sum = 0;
    size_t count = 0;

    for (size_t r = 0; r < c->n; r++)
        if (fd_column_state(c, r) == FD_HAS && c->v.est[r] > 0) {
            sum += log(c->v.est[r]);
            count++;
        }
    *mean = count ? exp(sum / (double)count) : NAN;
    return count;
}

static void say_malmquist(fd_result *result, const fd_table *t)
{
    double mi, ec, tc;
    size_t count = geometric(&mi, t, "mi");

    (void)geometric(&ec, t, "ec");
    (void)geometric(&tc, t, "tc");
    if (count)
        fd_result_say(
            result,
            "%zu 个单位·时段,生产率平均变化 %+.1f%%:其中效率 %+.1f%%,技术 %+.1f%%(几何平均)",
            "%zu units and spans: productivity %+.1f%% on average, of it efficiency "
            "%+.1f%%, technology %+.1f%% (geometric means)",
            count, 100 * (mi - 1), 100 * (ec - 1), 100 * (tc - 1));
}

static int answer(fd_call *call, fd_result *result, const fd_table *in, void *options)
{
    fd_malmquist_options *o = options;
    static const char *const names[] = { "index", "summary" };
    fd_malmquist all;
    int err;

    o->global = fd_call_flag(call, "global");
    if ((err = fd_verb_orientations(call, &o->input, &o->output)) >= 0 &&
        (err = fd_malmquist_run(&all, in, o)) >= 0) {
        fd_table **const tables[] = { &all.index, &all.summary };

        say_malmquist(result, all.index);
        err = fd_result_pick(result, fd_call_text(call, "out"), tables, names,
                             sizeof names / sizeof *names);
        fd_malmquist_dispose(&all);
    }
    return err;
}

static int run_malmquist(fd_call *call, fd_result *result)
{
    fd_malmquist_options o = FD_MALMQUIST_OPTIONS_INIT;
    fd_table *in = NULL;
    int err;

    if ((err = fd_verb_panel(&in, &o.columns, call)) < 0)
        return err;
    err = fd_verb_panel_error(call, answer(call, result, in, &o));
    fd_table_free(in);
    return err;
}

static void say_green(fd_result *result, const fd_green *all)
{
    double gml;
    size_t count, best = 0;

    if (all->index) {
        count = geometric(&gml, all->index, "gml");
        if (count)
            fd_result_say(result,
                          "%zu 个单位·时段,绿色全要素生产率平均变化 %+.1f%%(全局 ML,几何平均)",
                          "%zu units and spans: green productivity %+.1f%% on average (global ML, "
                          "geometric mean)",
                          count, 100 * (gml - 1));
        return;
    }
    for (size_t r = 0; r < all->ddf->rows; r++) {
        const fd_column *c = all->ddf->columns[fd_table_find(all->ddf, "ddf_crs_weak")];

        best += fd_column_state(c, r) == FD_HAS && c->v.est[r] < 1e-9;
    }
    fd_result_say(result, "%zu 个单位中 %zu 个在前沿上(弱可处置)",
                  "of %zu units %zu are on the frontier (weak disposability)", all->ddf->rows,
                  best);
}

static int answer_green(fd_call *call, fd_result *result, const fd_table *in, void *options)
{
    fd_green_options *o = options;
    static const char *const names[] = { "index", "ddf" };
    const char *wanted = fd_call_text(call, "out");
    fd_green all;
    int err;

    o->ddf = wanted && strcmp(wanted, "ddf") == 0;
    o->index = !o->ddf;
    o->inequality = fd_call_flag(call, "inequality");
    if ((err = fd_green_run(&all, in, o)) >= 0) {
        fd_table **const tables[] = { &all.index, &all.ddf };

        say_green(result, &all);
        err = fd_result_pick(result, wanted, tables, names, sizeof names / sizeof *names);
        fd_green_dispose(&all);
    }
    return err;
}

static int run_green(fd_call *call, fd_result *result)
{
    fd_green_options o = FD_GREEN_OPTIONS_INIT;
    fd_table *in = NULL;
    int err;

    if ((err = fd_verb_panel(&in, &o.columns, call)) < 0)
        return err;
    err = fd_verb_panel_error(call, answer_green(call, result, in, &o));
    fd_table_free(in);
    return err;
}

#define COLUMNS                                                                                      \
    { "file",                                                                                        \
      FD_P_PATH,                                                                                     \
      true,                                                                                          \
      true,                                                                                          \
      false,                                                                                         \
      "FILE",                                                                                        \
      "每个单位每期一行:id,t,in_*,out_*,bad_*",                                                      \
      "one row for each unit and period: id, t, in_*, out_*, bad_*",                                 \
      NULL },                                                                                        \
        { "inputs",                                                                                  \
          FD_P_LIST,                                                                                 \
          false,                                                                                     \
          false,                                                                                     \
          false,                                                                                     \
          "COLUMNS",                                                                                 \
          "投入列(默认 in_ 开头)",                                                                   \
          "columns of inputs (those that begin with in_)",                                           \
          NULL },                                                                                    \
        { "outputs",                                                                                 \
          FD_P_LIST,                                                                                 \
          false,                                                                                     \
          false,                                                                                     \
          false,                                                                                     \
          "COLUMNS",                                                                                 \
          "产出列(默认 out_ 开头)",                                                                  \
          "columns of outputs (those that begin with out_)",                                         \
          NULL },                                                                                    \
        { "id", FD_P_TEXT, false, false, false, "COLUMN", "单位列(默认 id)", "column of units (id)", \
          NULL },                                                                                    \
    {                                                                                                \
        "time", FD_P_TEXT, false, false, false, "COLUMN", "时期列(默认 t)",                          \
            "column of periods (t)", NULL                                                            \
    }

#define MALMQUIST_PARAMS                                                                           \
    { "global",                                                                                    \
      FD_P_FLAG,                                                                                   \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      NULL,                                                                                        \
      "加全局指数 gmi、bpc",                                                                       \
      "add the global index, gmi and bpc",                                                         \
      NULL },                                                                                      \
    {                                                                                              \
        "orient", FD_P_LIST, false, false, false, "LIST",                                          \
            "纯效率与规模变化的导向 in,out(默认都要)",                                             \
            "orientation of pure efficiency and scale: in,out (both)", NULL                        \
    }

static const fd_verb_param malmquist_params[] = {
    COLUMNS,
    MALMQUIST_PARAMS,
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 index)",
      "which table (index)", "index|summary" },
};
static const char *const malmquist_examples[] = { "malmquist panel.csv --global --format csv",
                                                  "malmquist panel.csv --out summary", NULL };
const fd_verb fd_verb_malmquist = {
    .name = "malmquist",
    .zh = "Malmquist 生产率指数:效率变化、技术变化、规模,相邻期与全局",
    .en = "Malmquist productivity: efficiency, technology, scale; neighbouring periods and global",
    .detail_zh = "指数按规模报酬不变的前沿计算,大于 1 为进步。面板不必平衡:各期前沿用当期全部单位,"
                 "指数给相邻两期都有的单位。",
    .detail_en = "Frontiers have constant returns; above 1 is progress. Panels may be unbalanced: "
                 "a period's frontier is that of all its units, the index is given for units in "
                 "both periods.",
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = malmquist_params,
    .param_count = sizeof malmquist_params / sizeof *malmquist_params,
    .examples = malmquist_examples,
    .run = run_malmquist,
};

#define INEQUALITY_PARAM                                                                           \
    {                                                                                              \
        "inequality", FD_P_FLAG, false, false, false, NULL,                                        \
            "指数里非期望产出用不等式(当投入看),默认等式(弱可处置)",                               \
            "index: bads by inequality, like inputs (equality: weak disposability)", NULL          \
    }

static const fd_verb_param green_params[] = {
    COLUMNS,
    { "bads", FD_P_LIST, false, false, false, "COLUMNS", "非期望产出列(默认 bad_ 开头)",
      "columns of bad outputs (those that begin with bad_)", NULL },
    INEQUALITY_PARAM,
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表:index 指数(默认)、ddf 方向距离",
      "which table: index (default), ddf distances", "index|ddf" },
};
static const char *const green_examples[] = { "green-tfp panel.csv --format csv",
                                              "green-tfp panel.csv --inequality",
                                              "green-tfp units.csv --out ddf", NULL };
const fd_verb fd_verb_green_tfp = {
    .name = "green-tfp",
    .zh = "绿色全要素生产率:方向距离、Malmquist-Luenberger、Luenberger、全局指数",
    .en = "productivity with bad outputs: directional distances, Malmquist-Luenberger, "
          "Luenberger, global",
    .detail_zh = "非期望产出弱可处置(等式约束),规模报酬不变。跨期规划可能不可行:印“不可行”"
                 "(CSV 为 infeasible),不作替代。",
    .detail_en = "Bads are weakly disposable (equality), constant returns. A program across "
                 "periods may have no solution: it prints as infeasible, and nothing is put in its "
                 "place.",
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = green_params,
    .param_count = sizeof green_params / sizeof *green_params,
    .examples = green_examples,
    .run = run_green,
};

/* ---- from the city ---- */

static int run_city(fd_call *call, fd_result *result)
{
    fd_malmquist_options o = FD_MALMQUIST_OPTIONS_INIT;
    fd_city_panel p = { .call = call, .above_zero = true };
    fd_table *in = NULL;
    int err;

    if ((err = fd_verb_city_panel(&in, &p, "division", 2, false)) < 0)
        return err;
    return fd_verb_city_answer(NULL, call, result, in, answer, &o);
}

static const fd_verb_param city_params[] = {
    FD_CITY_PANEL_PARAMS,
    MALMQUIST_PARAMS,
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 index);data 是引擎吃的那张表",
      "which table (index); data is what the engine is given", "index|summary|data" },
};
static const char *const city_examples[] = {
    "malmquist city --from 2020 --to 2024 --global --city out/huanzhou.fangding",
    "malmquist city --by county --out summary --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_malmquist_city = {
    .name = "malmquist city",
    .zh = "本市 Malmquist 生产率指数:县区、行业、产业链或企业逐年的效率与技术变化",
    .en = "Malmquist productivity of the city's counties, industries, chains or firms, by year",
    .detail_zh = FD_CITY_DETAIL_ZH,
    .detail_en = FD_CITY_DETAIL_EN,
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = city_params,
    .param_count = sizeof city_params / sizeof *city_params,
    .examples = city_examples,
    .run = run_city,
};

static int run_green_city(fd_call *call, fd_result *result)
{
    fd_green_options o = FD_GREEN_OPTIONS_INIT;
    const char *wanted = fd_call_text(call, "out");
    fd_city_panel p = { .call = call, .above_zero = true };
    fd_table *in = NULL;
    int err;

    p.defaults[0] = "net_fixed_assets,staff_sum,energy_use";
    p.defaults[1] = "co2";
    p.where = "综合能源消费量 > 0 tce";
    if ((err = fd_verb_city_panel(&in, &p, "division", wanted && strcmp(wanted, "ddf") == 0 ? 1 : 2,
                                  false)) < 0)
        return err;
    return fd_verb_city_answer(NULL, call, result, in, answer_green, &o);
}

static const fd_verb_param green_city_params[] = {
    FD_CITY_PANEL_PARAMS,
    { "bads", FD_P_LIST, false, false, false, "IDS",
      "非期望产出(默认 co2:205-1 各能源品种按因子折算)", "bad outputs (co2: fuels of 205-1)",
      NULL },
    INEQUALITY_PARAM,
    { "out", FD_P_CHOICE, false, false, false, "NAME",
      "要哪张表:index 指数(默认)、ddf 方向距离、data 引擎吃的表",
      "which table: index (default), ddf distances, data", "index|ddf|data" },
};
static const char *const green_city_examples[] = {
    "green-tfp city --city out/huanzhou.fangding",
    "green-tfp city --out ddf --by county --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_green_tfp_city = {
    .name = "green-tfp city",
    .zh = "本市绿色全要素生产率:投入加能耗,非期望产出碳排放,只含报能耗的企业",
    .en =
        "green productivity of the city: energy among inputs, CO2 as bad output, same enterprises",
    .detail_zh = "默认投入 net_fixed_assets,staff_sum,energy_use,只取报了 205-1 "
                 "的企业,分子分母同一批。" FD_CITY_DETAIL_ZH,
    .detail_en = "Inputs net_fixed_assets,staff_sum,energy_use of enterprises that returned "
                 "205-1. " FD_CITY_DETAIL_EN,
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = green_city_params,
    .param_count = sizeof green_city_params / sizeof *green_city_params,
    .examples = green_city_examples,
    .run = run_green_city,
};
