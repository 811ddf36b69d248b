/*
 * opportunities: near, valuable, permitted; from a plain CSV, or from the city's own counties.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/registry.h"
#include "app/verbs/panel.h"
#include "base/str.h"
#include "base/vec.h"
#include "fangding/opportunities.h"
#include "io/csvtable.h"

/* What the call says about permission; texts live in the call's arena. */
typedef fd_vec(fd_opportunity_rule) rule_list;

static int first_of(const fd_table *t, const char *const *names)
{
    int at = -1;

    for (; at < 0 && *names; names++)
        at = fd_table_find(t, *names);
    return at;
}

static const char *cell(const fd_call *call, const fd_table *t, int column, size_t row)
{
    const char *text = column < 0 ? NULL : fd_column_text(t->columns[column], row);

    return text ? fd_arena_strdup(call->arena, text) : NULL;
}

/* product, reason, and perhaps location and permitted. */
static int read_rules(rule_list *out, fd_call *call, const char *path)
{
    static const char *const product[] = { "product",  "产品", "industry", "行业",
                                           "行业代码", "code", "代码",     NULL };
    static const char *const location[] = { "location", "地区", "county", "县区", "loc", NULL };
    static const char *const reason[] = { "reason", "理由", "原因", NULL };
    static const char *const permitted[] = { "permitted", "允许", NULL };
    fd_table *t = NULL;
    int at[4], err;

    if ((err = fd_csv_table(&t, path, NULL, 0, SIZE_MAX)) < 0)
        return err;
    at[0] = first_of(t, product);
    at[1] = first_of(t, location);
    at[2] = first_of(t, reason);
    at[3] = first_of(t, permitted);
    if (at[0] < 0 || at[2] < 0) {
        fd_error_set(FD_ENOTFOUND, "%s 要有产品(product)和理由(reason)两列",
                     "%s needs columns product and reason", path);
        err = fd_error_at((fd_place){ path, NULL, 1, 0 });
    }
    for (size_t row = 0; row < t->rows && err >= 0; row++) {
        const fd_opportunity_rule rule = { cell(call, t, at[0], row), cell(call, t, at[1], row),
                                           cell(call, t, at[2], row),
                                           fd_text_truth(cell(call, t, at[3], row)) == FD_TRUE };

        if (!rule.product || !rule.reason) {
            fd_error_set(FD_EINVAL, "限制要写产品和理由", "a rule needs product and reason");
            err = fd_error_at((fd_place){ path, NULL, (long)row + 2, 0 });
        } else {
            fd_vec_push(out, rule);
        }
    }
    fd_table_free(t);
    return err;
}

/* The options that both verbs share. */
static int read_options(fd_opportunity_options *o, rule_list *rules, fd_call *call, bool energy)
{
    static const char *const divisions[] = { "25", "26", "30", "31", "32", "44" };
    const char *path = fd_call_text(call, "exclude"), **weights;
    int64_t top = 10;
    size_t count = fd_call_list(call, "weights", &weights);
    int err;

    if ((err = fd_call_integer(call, "top", &top)) < 0)
        return err;
    if (top < 0)
        return fd_error_set(FD_EINVAL, "--top 不小于 0", "--top is 0 or more");
    for (size_t k = 0; energy && k < 6; k++)
        fd_vec_push(rules, ((fd_opportunity_rule){ divisions[k], NULL,
                                                   "六大高耗能行业:能耗、排放指标受限", false }));
    if (path && (err = read_rules(rules, call, path)) < 0)
        return err;
    if (count && count != 3)
        return fd_error_set(FD_EINVAL, "--weights 是三个数:近,高,前景",
                            "--weights are three numbers: near,complex,gain");
    for (size_t k = 0; k < count; k++)
        if (!fd_csv_number(&o->weight[k], weights[k], strlen(weights[k])))
            return fd_error_set(FD_EINVAL, "权重不是数:%s", "not a weight: %s", weights[k]);
    o->top = (size_t)top;
    o->rules = rules->items;
    o->rule_count = rules->count;
    return 0;
}

static void say(fd_result *result, const fd_table *t)
{
    const fd_column *permitted = t->columns[fd_table_find(t, "permitted")];
    const int score = fd_table_find(t, "score");
    size_t best = t->rows;

    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text_or(permitted, r, ""), "是") == 0 &&
            (best == t->rows || t->columns[score]->v.est[r] > t->columns[score]->v.est[best]))
            best = r;
    if (best < t->rows)
        fd_result_say(result, "最值得看的一格:%s 做 %s(得分 %.2f)",
                      "the cell to look at first: %s making %s (score %.2f)",
                      fd_column_text_or(t->columns[0], best, ""),
                      fd_column_text_or(t->columns[1], best, ""), t->columns[score]->v.est[best]);
}

/* ---- from a file ---- */

static int run_opportunities(fd_call *call, fd_result *result)
{
    fd_opportunity_options o = FD_OPPORTUNITY_OPTIONS_INIT;
    const char *text[2];
    rule_list rules = { 0 };
    fd_table *in = NULL, *t;
    int err;

    o.location = text[0] = fd_call_text(call, "location");
    o.product = text[1] = fd_call_text(call, "product");
    o.value = fd_call_text(call, "value");
    if ((err = read_options(&o, &rules, call, fd_call_flag(call, "high-energy"))) < 0 ||
        (err = fd_csv_table(&in, fd_call_text(call, "file"), text, 2, text[0] || text[1] ? 0 : 2)) <
            0)
        goto done;
    if ((err = fd_opportunities_run(&t, in, &o)) >= 0) {
        say(result, t);
        fd_result_add(result, t);
    }
done:
    fd_table_free(in);
    fd_vec_dispose(&rules);
    return err;
}

#define SHARED_PARAMS                                                                              \
    { "exclude",                                                                                   \
      FD_P_PATH,                                                                                   \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "FILE",                                                                                      \
      "限制清单 CSV:product(代码开头即可)、reason,可有 location、permitted(是=例外)",              \
      "CSV of rules: product (or how codes begin), reason, perhaps location, permitted",           \
      NULL },                                                                                      \
        { "top",                                                                                   \
          FD_P_INTEGER,                                                                            \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "N",                                                                                     \
          "每个地区列几个(默认 10;0 全列)",                                                        \
          "so many for each location (10; 0 all)",                                                 \
          NULL },                                                                                  \
    {                                                                                              \
        "weights", FD_P_LIST, false, false, false, "N,C,G",                                        \
            "近、高、前景的权重(默认 0.5,0.25,0.25)",                                              \
            "weights of near, complex, gain (0.5,0.25,0.25)", NULL                                 \
    }

static const fd_verb_param opportunities_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "长表:地区、产品或行业、数值",
      "long table: location, product or industry, value", NULL },
    { "location", FD_P_TEXT, false, false, false, "COLUMN", "地区列(默认第一列)",
      "column of locations (the first)", NULL },
    { "product", FD_P_TEXT, false, false, false, "COLUMN", "产品列(默认第二列)",
      "column of products (the second)", NULL },
    { "value", FD_P_TEXT, false, false, false, "COLUMN", "数值列(默认最后一列)",
      "column of values (the last)", NULL },
    { "high-energy", FD_P_FLAG, false, false, false, NULL,
      "产品是国民经济行业代码:限制六大高耗能行业",
      "products are codes of GB/T 4754: six high-energy divisions are not permitted", NULL },
    SHARED_PARAMS,
};
static const char *const opportunities_examples[] = {
    "opportunities trade.csv --top 3 --format csv",
    "opportunities trade.csv --exclude exclude.csv --weights 1,0,0", NULL
};
const fd_verb fd_verb_opportunities = {
    .name = "opportunities",
    .zh = "机会清单:每个地区近、高、可行的产品或行业,被限制的连理由一起列出",
    .en = "opportunities: near, valuable, permitted products of each location; exclusions visible",
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = opportunities_params,
    .param_count = sizeof opportunities_params / sizeof *opportunities_params,
    .examples = opportunities_examples,
    .run = run_opportunities,
};

/* ---- from the city ---- */

static int answer_city(fd_call *call, fd_result *result, const fd_table *in, void *options)
{
    fd_table *t;
    int err = fd_opportunities_run(&t, in, options);

    (void)call;
    if (err < 0)
        return err;
    fd_table_add_note(t, "只看本市数据:邻近度来自各县区的同现,县区少时很粗,作线索用",
                      "the city's own data: proximity from few counties is coarse, a lead only");
    fd_table_add_note(t, "土地、环境容量、规划没有入库的,用 --exclude 写明",
                      "land, environment and plans that are not on file: write them in --exclude");
    say(result, t);
    fd_result_add(result, t);
    return 0;
}

static int run_city(fd_call *call, fd_result *result)
{
    fd_opportunity_options o = FD_OPPORTUNITY_OPTIONS_INIT;
    fd_city_panel p = { .call = call };
    const char *by = fd_call_text(call, "by");
    rule_list rules = { 0 };
    fd_table *in = NULL;
    int err;

    o.location = "county";
    o.product = by ? by : "division";
    o.value = "value";
    if ((err = read_options(&o, &rules, call, true)) >= 0 &&
        (err = fd_verb_city_products(&in, &p, o.product)) >= 0)
        err = fd_verb_city_answer(NULL, call, result, in, answer_city, &o);
    fd_vec_dispose(&rules);
    return err;
}

static const fd_verb_param city_params[] = {
    { "value", FD_P_TEXT, false, false, false, "ID", "按什么指标(默认调度产值)",
      "by which indicator (dispatch_output_total)", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "期间(默认最新)", "period (the newest)",
      NULL },
    { "by", FD_P_CHOICE, false, false, false, "DIM", "大类或小类(默认 division)",
      "divisions or full codes (division)", "division|industry" },
    SHARED_PARAMS,
    { "out", FD_P_CHOICE, false, false, false, "NAME", "清单(默认),或 data:引擎吃的那张表",
      "the list, or data: what the engine is given", "opportunities|data" },
};
static const char *const city_examples[] = {
    "opportunities city --top 3 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_opportunities_city = {
    .name = "opportunities city",
    .zh = "本市各县区的机会清单:近、高、可行;六大高耗能行业和限制清单连理由列出",
    .en = "opportunities of the city's counties; high-energy divisions and exclusions with reasons",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .is_job = true,
    .params = city_params,
    .param_count = sizeof city_params / sizeof *city_params,
    .examples = city_examples,
    .run = run_city,
};
