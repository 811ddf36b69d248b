/*
 * chain block: a chain of the graph as a block of industry: who is in it, how large, what is being
 * built, how far a promised scale is.
 */
#include <stdlib.h>
#include <string.h>

#include "app/chains.h"
#include "app/leg1.h"
#include "app/registry.h"
#include "app/works.h"
#include "base/vec.h"
#include "fangding/chainwork.h"
#include "fangding/works.h"

typedef struct block {
    fd_call *call;
    fd_works_input in;
    fd_chains *chains;
    const char *code; /* of the chain */
    fd_table *members;
    fd_scale_projects projects;
    double revenue, target; /* 亿元 a year */
    bool has_revenue, has_target;
    bool has_ledger; /* a city of published figures has no ledger: its projects stay unknown */
    size_t unknown;  /* active members without a size */
    int by;
} block;

/* Revenue of the active members, a part of the year made annual. */
static void add_up(block *b)
{
    const int months = fd_period_number_of(b->in.options.period);

    for (size_t r = 0; r < b->members->rows; r++) {
        if (!b->members->columns[5]->v.dec[r] || !b->members->columns[7]->v.dec[r])
            continue;
        if (fd_column_state(b->members->columns[4], r) != FD_HAS) {
            b->unknown++;
            continue;
        }
        b->revenue += b->members->columns[4]->v.est[r] / 10000 * 12 / (months > 0 ? months : 12);
        b->has_revenue = true;
    }
}

static bool is_member(const block *b, const char *firm)
{
    for (size_t r = 0; firm && r < b->members->rows; r++)
        if (strcmp(fd_column_text(b->members->columns[1], r), firm) == 0)
            return true;
    return false;
}

/* A project is the block's when its builder is in the chain or its name speaks of its products. */
static bool is_project(const void *payload, const char *name, const char *firm, const char *chain)
{
    const block *b = payload;

    (void)chain;
    return is_member(b, firm) || (name && fd_chains_speaks_of(b->chains, b->code, name));
}

/* --target, or the promise of definitions/block_targets.csv. */
static int read_target(block *b)
{
    const char *given = fd_call_text(b->call, "target");
    int64_t by = 0;
    fd_table *t = NULL;
    int err;

    if ((err = fd_call_integer(b->call, "by", &by)) < 0 ||
        (err = fd_works_asset(&t, "definitions/block_targets.csv",
                              "chain|target|unit|by|source|status")) < 0)
        return err;
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text_or(t->columns[0], r, ""), b->code) == 0) {
            b->target = strtod(fd_column_text_or(t->columns[1], r, "0"), NULL);
            b->by = atoi(fd_column_text_or(t->columns[3], r, "0"));
        }
    fd_table_free(t);
    if (given)
        b->target = strtod(given, NULL);
    if (by)
        b->by = (int)by;
    b->has_target = b->target > 0;
    return 0;
}

static fd_table *make_card(const block *b, const fd_table *index, size_t row)
{
    static const fd_column_spec specs[] = {
        { "chain", "链", "Chain", FD_TEXT, "", 0 },
        { "name", "板块", "Block", FD_TEXT, "", 0 },
        { "completeness", "完整性", "Completeness", FD_EST, "%", 0 },
        { "breaks", "断点", "Breaks", FD_DEC, "个", 0 },
        { "enterprises", "企业", "Enterprises", FD_DEC, "户", 0 },
        { "revenue", "规模", "Scale", FD_EST, "亿元", 0 },
        { "unknown", "规模未知企业", "Of unknown size", FD_DEC, "户", 0 },
        { "projects", "在库项目", "Projects", FD_DEC, "个", 0 },
        { "project_output", "达产年产值", "Output when reached", FD_EST, "亿元", 0 },
        { "target", "目标", "Target", FD_EST, "亿元", 0 },
        { "by", "目标年", "By", FD_DEC, "", 0 },
        { "gap", "还差", "Gap", FD_EST, "亿元", 0 },
    };
    fd_table *t = fd_table_new("block", "板块", "Block");
    const size_t at = fd_table_add_row((fd_table_add_columns(t, specs, 12), t));
    double output = 0;

    for (size_t k = 2; k < 12; k++)
        if (t->columns[k]->kind == FD_EST)
            t->columns[k]->digits = 1;
    for (size_t i = 0; i < b->projects.count; i++)
        output += b->projects.items[i].output;
    fd_column_set_text(t->columns[0], at, b->code);
    fd_column_set_text(t->columns[1], at, fd_column_text_or(index->columns[1], row, b->code));
    if (fd_column_state(index->columns[fd_table_find(index, "completeness")], row) == FD_HAS)
        fd_column_set_est(t->columns[2], at,
                          index->columns[fd_table_find(index, "completeness")]->v.est[row]);
    fd_column_set_dec(t->columns[3], at, index->columns[fd_table_find(index, "reds")]->v.dec[row]);
    fd_column_set_dec(t->columns[4], at, (int64_t)b->members->rows);
    if (b->has_revenue)
        fd_column_set_est(t->columns[5], at, b->revenue);
    else
        fd_table_add_note(t, "规模不知道:核心环节的在产企业都没有调度营业收入",
                          "the scale is unknown: no active enterprise on a core node has dispatch "
                          "revenue");
    fd_column_set_dec(t->columns[6], at, (int64_t)b->unknown);
    if (b->has_ledger) {
        fd_column_set_dec(t->columns[7], at, (int64_t)b->projects.count);
        fd_column_set_est(t->columns[8], at, output);
    } else {
        fd_table_add_note(t, "没有项目台账:在库项目和路径不知道",
                          "there is no ledger of projects: projects and path are unknown");
    }
    if (b->has_target) {
        fd_column_set_est(t->columns[9], at, b->target);
        if (b->by)
            fd_column_set_dec(t->columns[10], at, b->by);
        if (b->has_revenue)
            fd_column_set_est(t->columns[11], at, b->target - b->revenue);
    }
    fd_table_add_note(
        t,
        "规模 = "
        "板块核心环节(下游,或写了产品词的)在产企业的调度营业收入之和(累计折年),通用配套不算;"
        "一家企业在几条链上各算一次,链之间不能相加;"
        "项目:建设单位在链上,或名称里有链上的产品词",
        "scale: dispatch revenue, made annual, of active enterprises on the block's own nodes "
        "(downstream, or with product words; general suppliers are left out); one "
        "of several chains counts in each, so chains do not add up; projects: the "
        "builder is in the chain, or the name holds one of its products");
    fd_table_add_note(
        t,
        "和 chain-scale CHAIN --about WORD "
        "的规模不是一个口径:这里按环节认企业,那里按企业名称里的词认、"
        "并按链的权重计,两个数不能互相印证",
        "not the scale of chain-scale CHAIN --about WORD: here an enterprise counts by its nodes, "
        "there by a word in its name and its weight in the chain; neither checks the other");
    return t;
}

static fd_table *list_projects(const block *b)
{
    static const fd_column_spec specs[] = {
        { "code", "项目代码", "Project", FD_TEXT, "", 0 },
        { "name", "项目", "Name", FD_TEXT, "", 0 },
        { "produces", "计划投产", "Planned production", FD_DATE, "", 0 },
        { "output", "达产年产值", "Output when reached", FD_EST, "亿元", 0 },
    };
    fd_table *t = fd_table_new("projects", "板块项目", "Projects of the block");

    fd_table_add_columns(t, specs, 4);
    t->columns[3]->digits = 2;
    for (size_t i = 0; i < b->projects.count; i++) {
        const size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, b->projects.items[i].code);
        fd_column_set_text(t->columns[1], row, b->projects.items[i].name);
        fd_column_set_day(t->columns[2], row, b->projects.items[i].produces);
        fd_column_set_est(t->columns[3], row, b->projects.items[i].output);
    }
    return t;
}

/* Pace and path to the target, where scale and target are known. */
static int add_path(block *b, fd_result *result)
{
    const char *growth = fd_call_text(b->call, "growth");
    fd_scale_input input = { .now = b->revenue,
                             .year = fd_period_year_of(b->in.options.period),
                             .target = b->target,
                             .growth = growth ? strtod(growth, NULL) : 0,
                             .years = &b->by,
                             .year_count = b->by > 0,
                             .projects = b->projects.items,
                             .project_count = b->projects.count,
                             .ramp = b->in.ramp };
    fd_scale scale;
    int err;

    if (!b->has_target || !b->has_revenue) {
        fd_result_say(result, "%s:%s,不测算路径", "%s: %s, no path is computed", b->code,
                      b->call->lang == FD_ZH ? b->has_target ? "规模不明" : "没有写目标"
                      : b->has_target        ? "its scale is not known"
                                             : "no target is written");
        return 0;
    }
    if ((err = fd_scale_make(&scale, &input)) < 0)
        return err;
    fd_result_say(result, "%s:现有 %.1f 亿元,目标 %g,在库项目 %zu 个;现有部分年增 %g%%(假设)时%s",
                  "%s: %.1f now, target %g, %zu projects; what exists growing %g %% a year (an "
                  "assumption) %s",
                  b->code, b->revenue, b->target, b->projects.count, input.growth,
                  b->call->lang == FD_ZH ? scale.reached ? "十年内能到,季度见路径" : "十年内到不了"
                  : scale.reached ? "it is reached in ten years, see the path"
                                  : "it is not reached in ten years");
    fd_result_add(result, scale.pace);
    fd_result_add(result, scale.path);
    scale.pace = scale.path = NULL;
    fd_scale_dispose(&scale);
    return 0;
}

static int run_block(fd_call *call, fd_result *result)
{
    block b = { .call = call };
    fd_table *index = NULL;
    size_t row = 0;
    int err;

    err = fd_works_open(&b.in, call);
    b.has_ledger = err >= 0;
    if (err == FD_ENOTFOUND)
        fd_error_clear();
    else if (err < 0)
        goto done;
    if ((err = fd_city_chains(&b.chains, call)) < 0)
        goto done;
    if (!(b.code = fd_city_chain(b.chains, call, fd_call_text(call, "block")))) {
        err = fd_error_last()->code;
        goto done;
    }
    if ((err = fd_chains_enterprises(&b.members, b.chains, b.code)) < 0 ||
        (err = fd_chains_indices(&index, b.chains)) < 0 ||
        (b.has_ledger && (err = fd_works_projects(&b.projects, &b.in, is_project, &b)) < 0) ||
        (err = read_target(&b)) < 0)
        goto done;
    while (strcmp(fd_column_text_or(index->columns[0], row, ""), b.code) != 0)
        row++;
    add_up(&b);
    fd_result_add(result, make_card(&b, index, row));
    if (b.has_ledger) {
        if ((err = add_path(&b, result)) < 0)
            goto done;
        fd_result_add(result, list_projects(&b));
    }
    fd_city_chains_note(call, b.members);
    fd_result_add(result, b.members);
    b.members = NULL;
done:
    fd_table_free(index);
    fd_table_free(b.members);
    fd_vec_dispose(&b.projects);
    fd_chains_free(b.chains);
    fd_works_close(&b.in);
    return err < 0 ? err : 0;
}

static const fd_verb_param block_params[] = {
    { "block", FD_P_TEXT, true, true, false, "CHAIN", "图谱上的链:康复设备、电子材料、无人机……",
      "a chain of the graph: rehab, electronic_materials, uav …", NULL },
    { "growth", FD_P_NUMBER, false, false, false, "G", "现有部分年增速假设,%(默认 0)",
      "assumed growth of what exists, % a year (0)", NULL },
    { "target", FD_P_NUMBER, false, false, false, "X",
      "目标规模,亿元(默认 definitions/block_targets.csv)",
      "target, 亿元 (definitions/block_targets.csv)", NULL },
    { "by", FD_P_INTEGER, false, false, false, "YEAR", "目标年", "by which year", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "哪个月(累计);不写取最新",
      "which month (cumulative); the newest by default", NULL },
    { "graph", FD_P_PATH, false, false, false, "FILE", "图谱 CSV(默认用城市里的链声明)",
      "graph as CSV (the city's declarations)", NULL },
};
static const char *const block_examples[] = {
    "chain block 康复设备 --growth 8 --city out/huanzhou.fangding",
    "chain block electronic_materials --target 100 --by 2028 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_chain_block = {
    .name = "chain block",
    .zh = "新板块:链上企业和规模、在库项目、离百亿多远、路径",
    .en = "a block of industry: its enterprises and scale, its projects, the path to its target",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = block_params,
    .param_count = sizeof block_params / sizeof *block_params,
    .examples = block_examples,
    .run = run_block,
};
