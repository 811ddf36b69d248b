/*
 * chain map, gaps, candidates, members, index, overlap, graph: the chain graph of a city.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/chains.h"
#include "app/collect.h"
#include "app/leg1.h"
#include "app/registry.h"
#include "fangding/chainwork.h"

#define GRAPH                                                                                      \
    {                                                                                              \
        "graph", FD_P_PATH, false, false, false, "FILE", "图谱 CSV(默认用城市里的链声明)",         \
            "graph as CSV (the city's declarations)", NULL                                         \
    }
#define ENTERPRISES                                                                                \
    {                                                                                              \
        "enterprises", FD_P_PATH, false, false, false, "FILE",                                     \
            "补充企业 CSV:enterprise, node, capacity, active, leading",                            \
            "more enterprises as CSV: enterprise, node, capacity, active, leading", NULL           \
    }

#define DATA                                                                                       \
    {                                                                                              \
        "data", FD_P_PATH, false, false, false, "FILE",                                            \
            "企业平面文件,代替城市文件(同 --enterprises 的列;配 --graph)",                         \
            "enterprises as a plain file in place of a city (columns of --enterprises; with "      \
            "--graph)",                                                                            \
            NULL                                                                                   \
    }
#define PURCHASES                                                                                  \
    {                                                                                              \
        "purchases", FD_P_PATH, false, false, false, "FILE",                                       \
            "采购 CSV:buyer, node, supplier, place, amount(默认用采购申报)",                       \
            "purchases as CSV: buyer, node, supplier, place, amount (the register)", NULL          \
    }

/* The code of the chain in the parameter "chain"; *code NULL when it is not given. */
static int chosen(const char **code, const fd_chains *chains, fd_call *call)
{
    const char *text = fd_call_text(call, "chain");

    *code = NULL;
    if (text && !(*code = fd_city_chain(chains, call, text)))
        return fd_error_last()->code;
    return 0;
}

static void finish(fd_call *call, fd_result *result, fd_table *table)
{
    fd_city_chains_note(call, table);
    fd_result_add(result, table);
}

static int run_map(fd_call *call, fd_result *result)
{
    fd_chains *chains = NULL;
    fd_table *t = NULL;
    const char *code;
    size_t count[2] = { 0 };
    int err;

    if ((err = fd_city_chains(&chains, call)) < 0 || (err = chosen(&code, chains, call)) < 0 ||
        (err = fd_chains_map(&t, chains, code)) < 0)
        goto done;
    finish(call, result, t);
    for (int lang = 0; lang < 2; lang++)
        result->screen[lang] = fd_chains_draw(t, (fd_lang)lang);
    for (size_t r = 0; r < t->rows; r++) {
        const char *light = fd_column_text(t->columns[fd_table_find(t, "light")], r);

        count[0] += strcmp(light, "red") == 0;
        count[1] += strcmp(light, "yellow") == 0;
    }
    fd_result_say(result, "%s:%zu 个环节,断 %zu,黄灯 %zu。",
                  "%s: %zu nodes, %zu broken, %zu yellow.", t->title[FD_ZH], t->rows, count[0],
                  count[1]);
done:
    fd_chains_free(chains);
    return err;
}

static int run_gaps(fd_call *call, fd_result *result)
{
    static const char *const shown[] = { "id",   "name",       "light",     "gap", "finals_lost",
                                         "lead", "lead_state", "lead_days", "next" };
    fd_table *t = NULL, *leads = NULL, *unlinked = NULL;
    fd_chains *chains = NULL;
    const char *code;
    fd_date today;
    size_t with = 0;
    int err;

    if ((err = fd_leg1_day(&today, call)) < 0 || (err = fd_city_chains(&chains, call)) < 0 ||
        (err = chosen(&code, chains, call)) < 0 ||
        (fd_leg1_sees_names(call) &&
         (err = fd_city_chain_records(&leads, call, "lead", "leads")) < 0) ||
        (err = fd_chains_gap_leads(&t, &unlinked, chains, leads, today, code)) < 0)
        goto done;
    for (size_t r = 0; r < t->rows; r++)
        with += fd_column_text(t->columns[fd_table_find(t, "lead")], r) != NULL;
    fd_result_say(result, "缺口 %zu 个,%zu 个有在办招商线索;%zu 条线索没有对上缺口",
                  "%zu gaps, %zu with an open lead; %zu leads close no gap", t->rows, with,
                  unlinked->rows);
    finish(call, result, t);
    fd_city_chain_screen(result, t, shown, sizeof shown / sizeof *shown);
    if (fd_call_flag(call, "unlinked")) {
        for (int lang = 0; lang < 2; lang++) {
            free(result->screen[lang]);
            result->screen[lang] = NULL;
        }
        fd_result_add(result, unlinked);
        unlinked = NULL;
    }
done:
    fd_table_free(leads);
    fd_table_free(unlinked);
    fd_chains_free(chains);
    return err;
}

/* Names go to those who may see names; the others get the count alone. */
static int run_candidates(fd_call *call, fd_result *result)
{
    static const char *const shown[] = { "kind", "name", "territory", "score", "reason" };
    fd_chains *chains = NULL;
    fd_table *t = NULL;
    int64_t limit = 10;
    int err;

    if (!fd_leg1_sees_names(call))
        return fd_error_set(FD_EDENIED, "本角色不可见企业名单",
                            "this role is not shown lists of enterprises");
    if ((err = fd_call_integer(call, "top", &limit)) < 0)
        return err;
    if ((err = fd_city_chains(&chains, call)) >= 0)
        err = fd_chains_candidates(&t, chains, fd_call_text(call, "node"),
                                   limit > 0 ? (size_t)limit : 0);
    if (err >= 0) {
        finish(call, result, t);
        fd_city_chain_screen(result, t, shown, sizeof shown / sizeof *shown);
    }
    fd_chains_free(chains);
    return err;
}

static int run_members(fd_call *call, fd_result *result)
{
    fd_chains *chains = NULL;
    fd_table *t = NULL;
    const char *code;
    int err;

    if (!fd_leg1_sees_names(call))
        return fd_error_set(FD_EDENIED, "本角色不可见企业名单",
                            "this role is not shown lists of enterprises");
    if ((err = fd_city_chains(&chains, call)) >= 0 && (err = chosen(&code, chains, call)) >= 0 &&
        (err = fd_chains_members(&t, chains, code, fd_call_text(call, "node"))) >= 0)
        finish(call, result, t);
    fd_chains_free(chains);
    return err;
}

static int run_index(fd_call *call, fd_result *result)
{
    static const char *const shown[] = { "name",         "nodes",    "occupied", "completeness",
                                         "advancedness", "assessed", "security", "local_rate",
                                         "foreign_rate", "reds",     "yellows",  "unknown" };
    fd_chains *chains = NULL;
    fd_table *t = NULL;
    int err;

    if ((err = fd_city_chains(&chains, call)) >= 0)
        err = fd_chains_indices(&t, chains);
    if (err >= 0) {
        finish(call, result, t);
        fd_city_chain_screen(result, t, shown, sizeof shown / sizeof *shown);
    }
    fd_chains_free(chains);
    return err;
}

static int run_overlap(fd_call *call, fd_result *result)
{
    fd_chains *chains = NULL;
    fd_table *t = NULL;
    const char *code;
    int err;

    if ((err = fd_city_chains(&chains, call)) >= 0 && (err = chosen(&code, chains, call)) >= 0 &&
        (err = fd_chains_overlap(&t, chains, code)) >= 0)
        finish(call, result, t);
    fd_chains_free(chains);
    return err;
}

/* What --graph reads: the declared nodes, to be edited in a spreadsheet. */
static int run_graph(fd_call *call, fd_result *result)
{
    fd_table *all = NULL, *t = NULL;
    fd_chains *chains = NULL;
    const char *code = NULL;
    bool *keep = NULL;
    int err;

    if ((err = fd_chains_declared(&all, call->city->program)) < 0 ||
        (err = fd_chains_read(&chains, all, NULL)) < 0 || (err = chosen(&code, chains, call)) < 0)
        goto done;
    keep = calloc(all->rows + 1, sizeof *keep);
    for (size_t r = 0; r < all->rows; r++)
        keep[r] = !code || strcmp(fd_column_text(all->columns[0], r), code) == 0;
    if ((err = fd_table_filter(&t, all, keep)) >= 0)
        fd_result_add(result, t);
done:
    free(keep);
    fd_table_free(all);
    fd_chains_free(chains);
    return err;
}

#define CHAIN(positional, required)                                                                \
    {                                                                                              \
        "chain", FD_P_TEXT, positional, required, false, "CHAIN", "链:名称、代码或部分名称",       \
            "a chain by name, code or part of the name", NULL                                      \
    }
#define LEADS                                                                                      \
    {                                                                                              \
        "leads", FD_P_PATH, false, false, false, "FILE",                                           \
            "招商线索 CSV:id, state, since, gap(默认用登记册)",                                    \
            "leads as CSV: id, state, since, gap (the register)", NULL                             \
    }
#define TODAY                                                                                      \
    {                                                                                              \
        "today", FD_P_TEXT, false, false, false, "DATE", "算到哪一天;不写取城市最新月末",          \
            "count days to here; the end of the city's newest month by default", NULL              \
    }
static const fd_verb_param map_params[] = { CHAIN(true, true), GRAPH, ENTERPRISES, DATA };
static const fd_verb_param all_params[] = { CHAIN(false, false), GRAPH, ENTERPRISES, DATA };
static const fd_verb_param gaps_params[] = {
    CHAIN(false, false),
    GRAPH,
    ENTERPRISES,
    DATA,
    LEADS,
    TODAY,
    { "unlinked", FD_P_FLAG, false, false, false, NULL, "另列没有对上缺口的线索",
      "list the leads that close no gap, too", NULL },
};
static const fd_verb_param candidate_params[] = {
    { "node", FD_P_TEXT, true, true, false, "NODE", "环节:名称、代码或 链代码.环节代码",
      "a node by name, code or CHAIN.NODE", NULL },
    { "top", FD_P_INTEGER, false, false, false, "N", "最多几家(默认 10)", "at most so many (10)",
      NULL },
    GRAPH,
    ENTERPRISES,
    DATA,
};
static const fd_verb_param member_params[] = {
    CHAIN(true, true),
    { "node", FD_P_TEXT, false, false, false, "NODE", "只列这一环节:名称或代码",
      "this node only, by name or code", NULL },
    GRAPH,
    ENTERPRISES,
    DATA,
};
static const fd_verb_param index_params[] = { GRAPH, ENTERPRISES, DATA, PURCHASES };
static const fd_verb_param graph_params[] = { CHAIN(false, false) };

static const char *const map_examples[] = { "chain map 无人机 --city out/huanzhou.fangding",
                                            "chain map 新能源汽车 --format csv --city "
                                            "out/huanzhou.fangding",
                                            NULL };
static const char *const gaps_examples[] = { "chain gaps --chain 电子材料 --city "
                                             "out/huanzhou.fangding",
                                             NULL };
static const char *const candidate_examples[] = {
    "chain candidates uav.fc --top 5 --city out/huanzhou.fangding", NULL
};
static const char *const member_examples[] = {
    "chain members 无人机 --node 飞控 --city out/huanzhou.fangding", NULL
};
static const char *const index_examples[] = { "chain index --city out/huanzhou.fangding", NULL };
static const char *const overlap_examples[] = { "chain overlap --chain 精品钢 --city "
                                                "out/huanzhou.fangding",
                                                NULL };
static const char *const graph_examples[] = { "chain graph --chain uav --format csv --city "
                                              "out/huanzhou.fangding",
                                              NULL };

#define COUNT(list) (sizeof(list) / sizeof *(list))
const fd_verb fd_verb_chain_map = {
    .name = "chain map",
    .zh = "产业链图谱:上中下游各环节的灯、断点、堵点、单一来源",
    .en = "a chain's map: lights, breaks, chokes and single sources from up- to downstream",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = map_params,
    .param_count = COUNT(map_params),
    .examples = map_examples,
    .run = run_map,
};
const fd_verb fd_verb_chain_gaps = {
    .name = "chain gaps",
    .zh = "断点、堵点、单一来源、过于集中,最要紧的在前;每个缺口的编号、招商线索、下一步",
    .en = "breaks, chokes, single sources, concentration: the most pressing first, with the lead "
          "that closes each",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = gaps_params,
    .param_count = COUNT(gaps_params),
    .examples = gaps_examples,
    .run = run_gaps,
};
const fd_verb fd_verb_chain_candidates = {
    .name = "chain candidates",
    .zh = "谁能补链、强链、延链:本地最接近的企业和理由,到哪里外引",
    .en = "who could fill, strengthen or extend a node, why, and where to look outside",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = candidate_params,
    .param_count = COUNT(candidate_params),
    .examples = candidate_examples,
    .run = run_candidates,
};
const fd_verb fd_verb_chain_members = {
    .name = "chain members",
    .zh = "一条链各环节里有哪些企业",
    .en = "the enterprises in the nodes of a chain",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = member_params,
    .param_count = COUNT(member_params),
    .examples = member_examples,
    .run = run_members,
};
const fd_verb fd_verb_chain_index = {
    .name = "chain index",
    .zh = "各链的完整性、先进性、安全性",
    .en = "completeness, advancedness and security of every chain",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = index_params,
    .param_count = COUNT(index_params),
    .examples = index_examples,
    .run = run_index,
};
const fd_verb fd_verb_chain_overlap = {
    .name = "chain overlap",
    .zh = "几个县区占同一环节",
    .en = "several counties on one node",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = all_params,
    .param_count = COUNT(all_params),
    .examples = overlap_examples,
    .run = run_overlap,
};
const fd_verb fd_verb_chain_graph = {
    .name = "chain graph",
    .zh = "图谱的声明,一行一个环节:改好后用 --graph 试算",
    .en = "the declared graph, a row per node: edit it and try it with --graph",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = graph_params,
    .param_count = COUNT(graph_params),
    .examples = graph_examples,
    .run = run_graph,
};
