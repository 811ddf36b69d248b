/*
 * index: composite indices over a tree of indicators, and coupling coordination.
 */
#include <stdlib.h>
#include <string.h>

#include "app/registry.h"
#include "fangding/index.h"
#include "io/csvtable.h"

/* The tree, and the texts in it: everything but weight and bounds. */
static int read_tree(fd_table **out, const fd_call *call, fd_index_options *o)
{
    static const char *const texts[] = { "code", "parent", "direction", "method", "plan" };
    const char *tree = fd_call_text(call, "tree"), *weights = fd_call_text(call, "weights");

    *out = NULL;
    if (tree && weights)
        return fd_error_set(FD_EINVAL, "--tree 与 --weights 只能给一个:冻结的权重本身就是树",
                            "--tree or --weights, not both: frozen weights are a tree");
    o->frozen = weights != NULL;
    if (!tree && !weights)
        return 0;
    return fd_csv_table(out, tree ? tree : weights, texts, sizeof texts / sizeof *texts, 0);
}

static int read_options(const fd_call *call, fd_index_options *o)
{
    static const char *const methods[] = { "fixed", "entropy", "topsis" };
    const char *method = fd_call_text(call, "method"), *by = fd_call_text(call, "perturb");
    const char **negative;

    for (int k = 0; k < 3; k++)
        if (method && strcmp(method, methods[k]) == 0)
            o->method = (fd_index_method)k;
    if (by && (!fd_csv_number(&o->perturbation, by, strlen(by)) || o->perturbation < 0 ||
               o->perturbation >= 1))
        return fd_error_set(FD_EINVAL, "--perturb 应在 0 到 1 之间:%s",
                            "--perturb takes 0 to 1: %s", by);
    o->negative_count = fd_call_list(call, "negative", &negative);
    o->negative = negative;
    o->plan = fd_call_text(call, "plan");
    return 0;
}

/* Who leads in the last row's period, and what carries it. */
static void say(fd_result *result, const fd_table *t)
{
    const size_t rank = (size_t)fd_table_find(t, "rank"), score = rank - 1, first = rank + 4;

    for (size_t r = t->rows; r-- > 0;) {
        size_t best = first;

        if (fd_column_state(t->columns[rank], r) != FD_HAS || t->columns[rank]->v.est[r] != 1 ||
            first >= t->column_count)
            continue;
        for (size_t c = first; c < t->column_count; c++)
            if (t->columns[c]->v.est[r] > t->columns[best]->v.est[r])
                best = c;
        fd_result_say(result, "会上可说:%s 得分最高(%.3f),其中 %.3f 来自 %s。",
                      "To say: %s scores highest (%.3f), %.3f of it from %s.",
                      fd_column_text_or(t->columns[0], r, "?"), t->columns[score]->v.est[r],
                      t->columns[best]->v.est[r], t->columns[best]->id + 2);
        return;
    }
}

static int run_index(fd_call *call, fd_result *result)
{
    static const char *const names[] = { "scores", "cells", "weights", "sensitivity", "coupling" };
    fd_index_options options = FD_INDEX_OPTIONS_INIT;
    const char *wanted = fd_call_text(call, "out");
    const char *text[2] = { fd_call_text(call, "id"), fd_call_text(call, "time") };
    fd_table *in = NULL, *tree = NULL;
    fd_index all;
    int err;

    options.id = text[0];
    options.time = text[1];
    wanted = wanted ? wanted : fd_call_flag(call, "coupling") ? "coupling" : "scores";
    if ((err = read_options(call, &options)) < 0 || (err = read_tree(&tree, call, &options)) < 0 ||
        (err = fd_csv_table(&in, fd_call_text(call, "file"), text, 2, text[0] ? 0 : 1)) < 0)
        goto done;
    options.tree = tree;
    if ((err = fd_index_run(&all, in, &options)) >= 0) {
        fd_table **const tables[] = { &all.scores, &all.cells, &all.weights, &all.sensitivity,
                                      &all.coupling };

        say(result, all.scores);
        err = fd_result_pick(result, wanted, tables, names, sizeof names / sizeof *names);
        if (err < 0)
            fd_error_hint("耦合协调要至少两个子系统,且不是 TOPSIS",
                          "coupling needs two subsystems and a method other than topsis");
        fd_index_dispose(&all);
    }
done:
    fd_table_free(in);
    fd_table_free(tree);
    return err;
}

static const fd_verb_param index_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "一行一个单位(和期间),一列一个指标",
      "a row for each unit (and period), a column for each indicator", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 scores)",
      "which table (scores)", "scores|cells|weights|sensitivity|coupling" },
    { "id", FD_P_TEXT, false, false, false, "COLUMN", "单位列(默认第一列)",
      "column of units (the first)", NULL },
    { "time", FD_P_TEXT, false, false, false, "COLUMN",
      "期间列(默认名为 t、year、time、period 的列)",
      "column of periods (t, year, time or period, if there)", NULL },
    { "tree", FD_P_PATH, false, false, false, "FILE",
      "指标树:code、parent、direction、weight、low、high(默认各列并列)",
      "tree: code, parent, direction, weight, low, high (all columns side by side)", NULL },
    { "weights", FD_P_PATH, false, false, false, "FILE",
      "冻结的权重和上下限:以前用 --out weights 写下的表",
      "frozen weights and bounds: a table written with --out weights", NULL },
    { "method", FD_P_CHOICE, false, false, false, "METHOD", "定权(默认 fixed)", "weights (fixed)",
      "fixed|entropy|topsis" },
    { "negative", FD_P_LIST, false, false, false, "COLUMNS", "越小越好的列(没有指标树时)",
      "columns of which less is better (without a tree)", NULL },
    { "coupling", FD_P_FLAG, false, false, false, NULL,
      "耦合协调度:经典式与修正式(= --out coupling)",
      "coupling coordination, classic and corrected (= --out coupling)", NULL },
    { "perturb", FD_P_NUMBER, false, false, false, "SHARE", "敏感性:每个权重上下这么多(默认 0.2)",
      "sensitivity: each weight up and down by this (0.2)", NULL },
    { "plan", FD_P_TEXT, false, false, false, "PERIOD", "权重为哪个规划期冻结,写进权重表",
      "the plan period that weights are frozen for", NULL },
};
static const char *const index_examples[] = {
    "index counties.csv --negative energy --method entropy",
    "index counties.csv --negative energy --out weights --plan 2021..2025 --format csv",
    "index counties.csv --weights weights.csv --out cells",
    "index subsystems.csv --coupling",
    NULL,
};
const fd_verb fd_verb_index = {
    .name = "index",
    .zh = "综合指数:指标树,固定权重、熵权、熵权 TOPSIS,逐格贡献,名次敏感性,耦合协调度",
    .en = "composite index: tree, fixed, entropy and TOPSIS weights, every cell's part, ranks, "
          "coupling",
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = index_params,
    .param_count = sizeof index_params / sizeof *index_params,
    .examples = index_examples,
    .run = run_index,
};
