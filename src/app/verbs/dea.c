/*
 * dea: how far each unit stays behind the best practice; from a plain CSV, or from the city.
 */
#include <math.h>
#include <string.h>

#include "app/registry.h"
#include "app/verbs/panel.h"
#include "fangding/dea.h"

static int read_rts(fd_call *call, bool rts[FD_RTS_COUNT])
{
    static const char *const names[] = { "crs", "vrs", "drs", "irs" };
    const char **words;
    size_t count = fd_call_list(call, "rts", &words);

    for (int k = 0; count && k < FD_RTS_COUNT; k++)
        rts[k] = false;
    for (size_t i = 0; i < count; i++) {
        int k = 0;

        while (k < FD_RTS_COUNT && strcmp(words[i], names[k]) != 0)
            k++;
        if (k == FD_RTS_COUNT)
            return fd_error_set(FD_EINVAL, "--rts 不认识 %s;可用 crs、vrs、drs、irs",
                                "--rts does not know %s; there are crs, vrs, drs, irs", words[i]);
        rts[k] = true;
    }
    return 0;
}

/* One sentence: how many lead, and how far the others are on average, by the first score. */
static void say(fd_result *result, const fd_table *scores, const fd_dea_options *o)
{
    const fd_column *c = NULL;
    double sum = 0, best = 0;

    for (size_t k = 1; k < scores->column_count && !c; k++)
        if (scores->columns[k]->kind == FD_EST)
            c = scores->columns[k];
    for (size_t r = 0; c && r < c->n; r++) {
        sum += c->v.est[r];
        best += fabs(c->v.est[r] - 1) < 1e-9;
    }
    if (!c || !c->n)
        return;
    if (o->input)
        fd_result_say(
            result,
            "%zu 个单位中 %.0f 个在前沿上(%s);平均得分 %.3f:照最佳做法,同样产出平均可少用 "
            "%.1f%% 的投入",
            "of %zu units %.0f are on the frontier (%s); mean score %.3f: with "
            "best practice the same output would take %.1f%% less input on average",
            c->n, best, c->id, sum / (double)c->n, 100 * (1 - sum / (double)c->n));
    else
        fd_result_say(
            result,
            "%zu 个单位中 %.0f 个在前沿上(%s);平均得分 %.3f:照最佳做法,同样投入平均可多产出 "
            "%.1f%%",
            "of %zu units %.0f are on the frontier (%s); mean score %.3f: with "
            "best practice the same input would give %.1f%% more output on average",
            c->n, best, c->id, sum / (double)c->n, 100 * (sum / (double)c->n - 1));
}

/* The answer to a table, wherever it comes from. */
static int answer(fd_call *call, fd_result *result, const fd_table *in, void *options)
{
    fd_dea_options *o = options;
    static const char *const names[] = { "scores", "slacks", "peers", "frontier" };
    const char *wanted = fd_call_text(call, "out");
    fd_dea all;
    int err;

    if ((err = read_rts(call, o->rts)) < 0 ||
        (err = fd_verb_orientations(call, &o->input, &o->output)) < 0)
        return err;
    o->super = fd_call_flag(call, "super");
    o->slacks = fd_call_flag(call, "slacks") || (wanted && strcmp(wanted, "slacks") == 0);
    o->scale = fd_call_flag(call, "scale");
    o->peers = fd_call_flag(call, "peers") || (wanted && strcmp(wanted, "peers") == 0);
    if ((err = fd_dea_run(&all, in, o)) >= 0) {
        fd_table **const tables[] = { &all.scores, &all.slacks, &all.peers, &all.frontier };

        say(result, all.scores, o);
        err = fd_result_pick(result, wanted, tables, names, sizeof names / sizeof *names);
        fd_dea_dispose(&all);
    }
    return err;
}

static int run_dea(fd_call *call, fd_result *result)
{
    fd_dea_options o = FD_DEA_OPTIONS_INIT;
    fd_table *in = NULL;
    int err;

    if ((err = fd_verb_panel(&in, &o.columns, call)) < 0)
        return err;
    err = fd_verb_panel_error(call, answer(call, result, in, &o));
    fd_table_free(in);
    return err;
}

#define DEA_PARAMS                                                                                 \
    { "rts",                                                                                       \
      FD_P_LIST,                                                                                   \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "LIST",                                                                                      \
      "规模报酬 crs,vrs,drs,irs(默认 crs,vrs)",                                                    \
      "returns to scale: crs,vrs,drs,irs (crs,vrs)",                                               \
      NULL },                                                                                      \
        { "orient",                                                                                \
          FD_P_LIST,                                                                               \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "LIST",                                                                                  \
          "导向 in,out(默认都要)",                                                                 \
          "orientation: in,out (both)",                                                            \
          NULL },                                                                                  \
        { "super", FD_P_FLAG, false, false, false, NULL, "超效率", "super-efficiency", NULL },     \
        { "slacks",                                                                                \
          FD_P_FLAG,                                                                               \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          NULL,                                                                                    \
          "第二阶段松弛合计(除以均值)",                                                            \
          "sum of slacks of the second phase, each over its mean",                                 \
          NULL },                                                                                  \
        { "scale",                                                                                 \
          FD_P_FLAG,                                                                               \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          NULL,                                                                                    \
          "规模效率与规模报酬阶段",                                                                \
          "scale efficiency and class of returns",                                                 \
          NULL },                                                                                  \
    {                                                                                              \
        "peers", FD_P_FLAG, false, false, false, NULL, "标杆单位与权重",                           \
            "peers and their weights", NULL                                                        \
    }

static const fd_verb_param dea_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "每个单位一行:id,in_*,out_*",
      "one row for each unit: id, in_*, out_*", NULL },
    { "inputs", FD_P_LIST, false, false, false, "COLUMNS", "投入列(默认 in_ 开头)",
      "columns of inputs (those that begin with in_)", NULL },
    { "outputs", FD_P_LIST, false, false, false, "COLUMNS", "产出列(默认 out_ 开头)",
      "columns of outputs (those that begin with out_)", NULL },
    { "id", FD_P_TEXT, false, false, false, "COLUMN", "单位列(默认 id)", "column of units (id)",
      NULL },
    { "time", FD_P_TEXT, false, false, false, "COLUMN", "时期列(默认 t):各期各有前沿",
      "column of periods (t): each has its own frontier", NULL },
    DEA_PARAMS,
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 scores)",
      "which table (scores)", "scores|slacks|peers|frontier" },
};
static const char *const dea_examples[] = {
    "dea units.csv --rts crs,vrs --orient in --scale",
    "dea units.csv --rts crs,vrs,drs,irs --super --slacks --scale --peers --format csv", NULL
};
const fd_verb fd_verb_dea = {
    .name = "dea",
    .zh = "数据包络分析:径向效率、规模效率、超效率、松弛、标杆",
    .en = "data envelopment analysis: radial, scale and super-efficiency, slacks, peers",
    .detail_zh =
        "投入得分 theta ≤ 1,产出得分 phi ≥ 1(不取倒数)。所有数须大于零,否则指出行列并拒绝。"
        "超效率无解时屏幕印“不可行”,CSV 印 inf(投入)或 -inf(产出)。",
    .detail_en = "Input scores theta <= 1, output scores phi >= 1 (not their reciprocal). Every "
                 "number must be above zero, else row and column are named and nothing is "
                 "computed. Super-efficiency without a solution prints as infeasible, in CSV as "
                 "inf (input) or -inf (output).",
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = dea_params,
    .param_count = sizeof dea_params / sizeof *dea_params,
    .examples = dea_examples,
    .run = run_dea,
};

/* ---- from the city ---- */

static int run_city(fd_call *call, fd_result *result)
{
    fd_dea_options o = FD_DEA_OPTIONS_INIT;
    fd_city_panel p = { .call = call, .above_zero = true };
    fd_table *in = NULL;
    int err;

    if ((err = fd_verb_city_panel(&in, &p, "division", 1, true)) < 0)
        return err;
    return fd_verb_city_answer(NULL, call, result, in, answer, &o);
}

static const fd_verb_param city_params[] = {
    FD_CITY_PANEL_PARAMS,
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "一个期间(默认最新;给了 --from 就逐期)",
      "one period (the newest; with --from each of them)", NULL },
    DEA_PARAMS,
    { "out", FD_P_CHOICE, false, false, false, "NAME",
      "要哪张表(默认 scores);data 是引擎吃的那张表",
      "which table (scores); data is what the engine is given",
      "scores|slacks|peers|frontier|data" },
};
static const char *const city_examples[] = {
    "dea city --at 2024 --scale --city out/huanzhou.fangding",
    "dea city --by county --inputs net_fixed_assets,staff_sum,energy_use --outputs "
    "value_added_total --from 2023 --to 2024 --city out/huanzhou.fangding",
    NULL
};
const fd_verb fd_verb_dea_city = {
    .name = "dea city",
    .zh = "本市数据包络分析:县区、行业、产业链或企业谁在前沿上,别人差多少",
    .en = "envelopment analysis of the city: which counties, industries or firms lead, by how much",
    .detail_zh = FD_CITY_DETAIL_ZH,
    .detail_en = FD_CITY_DETAIL_EN,
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = city_params,
    .param_count = sizeof city_params / sizeof *city_params,
    .examples = city_examples,
    .run = run_city,
};
