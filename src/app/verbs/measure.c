/*
 * measure, why, growth, target.
 */
#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/figure.h"
#include "app/protect.h"
#include "app/registry.h"
#include "app/subjects.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "fangding/measure.h"

typedef fd_vec(fd_period) period_list;

static int find_indicator(const fd_indicator **out, const fd_program *program, const char *name)
{
    const char *const *names;
    const char *nearest;
    size_t count;

    if ((*out = fd_program_indicator(program, name)))
        return 0;
    fd_error_set(FD_ENOTFOUND, "没有这个指标:%s", "no such indicator: %s", name);
    names = fd_program_names(program, FD_DECL_INDICATOR, &count);
    nearest = fd_nearest(name, names, count);
    if (nearest)
        return fd_error_hint("是不是「%s」?", "did you mean %s?", nearest);
    return fd_error_hint("fangding show indicators 列出全部指标",
                         "fangding show indicators lists all indicators");
}

/* The periods asked for: --at; --from --to of one kind, either alone as far as there are data; or
 * the newest that the first indicator can be asked. */
static int asked_periods(fd_call *call, const fd_indicator *indicator, period_list *out)
{
    fd_period at = FD_PERIOD_NONE, from = FD_PERIOD_NONE, to = FD_PERIOD_NONE, *known = NULL;
    size_t count = 0;
    int err;

    if ((err = fd_call_period(call, "at", &at)) < 0 ||
        (err = fd_call_period(call, "from", &from)) < 0 ||
        (err = fd_call_period(call, "to", &to)) < 0)
        return err;
    if (at != FD_PERIOD_NONE) {
        if (from != FD_PERIOD_NONE || to != FD_PERIOD_NONE)
            return fd_error_set(FD_EINVAL, "--at 和 --from、--to 不能同时写",
                                "--at does not go with --from or --to");
        fd_vec_push(out, at);
        return 0;
    }
    if (from != FD_PERIOD_NONE) {
        if (to == FD_PERIOD_NONE)
            to = fd_period_kind_of(from) == FD_YEAR ? fd_period_year(9999) : from;
        if (fd_period_kind_of(from) != fd_period_kind_of(to)) {
            fd_error_set(FD_EINVAL, "--from 和 --to 应是同一种期间",
                         "--from and --to are of one kind of period");
            return FD_EINVAL;
        }
        if (fd_period_compare(from, to) > 0)
            return fd_error_set(FD_EINVAL, "--from 在 --to 之后", "--from is after --to");
    }
    if (from != FD_PERIOD_NONE && to != fd_period_year(9999)) {
        for (fd_period p = from; fd_period_compare(p, to) <= 0 && out->count < 2400;
             p = fd_period_step(p, 1))
            fd_vec_push(out, p);
        return 0;
    }
    if ((err = fd_measure_periods(&known, &count, call->city->program, call->city->source,
                                  indicator)) < 0)
        return err;
    for (size_t i = 0; i < count; i++)
        if (from != FD_PERIOD_NONE && fd_period_kind_of(known[i]) == fd_period_kind_of(from) &&
            fd_period_compare(known[i], from) >= 0)
            fd_vec_push(out, known[i]);
        else if (from == FD_PERIOD_NONE && to != FD_PERIOD_NONE &&
                 fd_period_kind_of(known[i]) == fd_period_kind_of(to) &&
                 fd_period_compare(known[i], to) <= 0)
            fd_vec_push(out, known[i]);
    if (from == FD_PERIOD_NONE && to == FD_PERIOD_NONE && count)
        fd_vec_push(out, known[count - 1]);
    free(known);
    if (!out->count) {
        err = fd_error_set(FD_ENOTFOUND, "「%s」没有数据", "there is no data for %s",
                           indicator->name);
        fd_error_hint("fangding doctor 看城市文件里有什么;或用 --at 指定期间",
                      "fangding doctor shows what the city file holds; or give --at");
    }
    return err;
}

static int parse_where(fd_call *call, const fd_expr **out)
{
    const char *text = fd_call_text(call, "where");
    fd_expr *e = NULL;
    int err = 0;

    *out = NULL;
    if (text && (err = fd_expr_parse(&e, call->city->program, call->arena, text, true)) >= 0 &&
        (err = fd_protect_where(call, e)) >= 0)
        *out = e;
    return err;
}

static int run_measure(fd_call *call, fd_result *result)
{
    fd_measure_options options = FD_MEASURE_OPTIONS_INIT;
    const fd_indicator **indicators;
    const char **ids, **by;
    period_list periods = { 0 };
    fd_table **tables = NULL;
    size_t count = fd_call_list(call, "ids", &ids);
    int err = 0;

    indicators = fd_arena_alloc(call->arena, (count + 1) * sizeof *indicators);
    for (size_t i = 0; i < count; i++)
        if ((err = find_indicator(&indicators[i], call->city->program, ids[i])) < 0)
            return err;
    if (!count)
        return fd_error_set(FD_EINVAL, "要写指标", "name an indicator");
    if ((err = asked_periods(call, indicators[0], &periods)) < 0 ||
        (err = parse_where(call, &options.where)) < 0)
        goto done;
    options.by_count = fd_call_list(call, "by", &by);
    options.by = by;
    for (size_t i = 0; i < options.by_count; i++)
        if ((strcmp(by[i], "enterprise") == 0 || strcmp(by[i], "企业") == 0) &&
            (err = fd_protect_enterprises(call)) < 0)
            goto done;
    options.pool = fd_pool_new(0);
    tables = fd_alloc(count * sizeof *tables);
    err = fd_measure(tables, call->city->program, call->city->source, indicators, count,
                     periods.items, periods.count, &options);
    fd_pool_free(options.pool);
    for (size_t i = 0; i < count && err >= 0; i++) {
        err = fd_protect(&tables[i], call, indicators[i], options.by_count, options.where != NULL);
        if (err >= 0) {
            fd_result_add(result, tables[i]);
            tables[i] = NULL;
        }
    }
    for (size_t i = 0; i < count; i++)
        fd_table_free(tables[i]);
    result->long_form = true;
done:
    free(tables);
    fd_vec_dispose(&periods);
    return err < 0 ? err : 0;
}

static const fd_verb_param measure_params[] = {
    { "ids", FD_P_LIST, true, true, false, "ID[,ID…]", "指标的别名或中文名",
      "indicators by id or name", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "一个期间;不写取最新",
      "one period; the newest by default", NULL },
    { "from", FD_P_PERIOD, false, false, false, "PERIOD", "从哪个期间", "from this period", NULL },
    { "to", FD_P_PERIOD, false, false, false, "PERIOD", "到哪个期间", "to this period", NULL },
    { "by", FD_P_LIST, false, false, false, "DIM[,DIM…]",
      "county、chain、industry、division、size、town 或分类",
      "county, chain, industry, division, size, town or a class", NULL },
    { "where", FD_P_TEXT, false, false, false, "EXPR",
      "只算符合条件的,例如 '行业 属于 六大高耗能行业'", "only subjects for which this holds",
      NULL },
};
static const char *const measure_examples[] = {
    "measure sei_share --from 2018 --to 2024 --city out/huanzhou.fangding",
    "measure sei_share,high_energy_share --at 2024 --by county --city out/huanzhou.fangding "
    "--format csv",
    "measure dispatch_revenue_growth --at 2024-01..12 --by chain --where '规模 = 大型' --city "
    "out/huanzhou.fangding",
    NULL
};
const fd_verb fd_verb_measure = {
    .name = "measure",
    .zh = "算指标:按期间、县区、产业链、行业……;CSV 是长表",
    .en = "compute indicators by period, county, chain, industry …; CSV is a long list",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = measure_params,
    .param_count = sizeof measure_params / sizeof *measure_params,
    .examples = measure_examples,
    .run = run_measure,
};

/* ---- why ---- */

static bool sees_origin(void *payload, const fd_origin *origin, const char *item)
{
    const fd_call *call = payload;

    (void)item;
    return fd_role_sees(call->role, origin ? origin->origin : NULL);
}

static bool shows(void *payload, uint32_t n, double size, double top1, double top2)
{
    (void)payload;
    return fd_protect_shows(n, size, top1, top2);
}

/* What was published about the indicator, each with its source, below the tree of its own. */
static int note_published(fd_table *tree, fd_city *city, const fd_indicator *indicator)
{
    fd_table *t;
    int err = fd_figures_published(&t, city, indicator->id, FD_ZH);

    for (size_t r = 0; err >= 0 && r < t->rows; r++) {
        const char *cell[8];
        char zh[400], en[400];

        for (size_t c = 0; c < 8; c++)
            cell[c] = fd_column_text_or(t->columns[c], r, "");
        snprintf(zh, sizeof zh, "公开数字 %s%s(%s%s%s),出处:%s", cell[4], cell[5], cell[2],
                 cell[6][0] ? ";" : "", cell[6], cell[7]);
        snprintf(en, sizeof en, "published %s%s (%s%s%s), source: %s", cell[4], cell[5], cell[2],
                 cell[6][0] ? "; " : "", cell[6], cell[7]);
        fd_table_add_note(tree, zh, en);
    }
    fd_table_free(err < 0 ? NULL : t);
    return err < 0 ? err : 0;
}

/* Nothing to compute from: the published figures, when there are any, are all that is known.
 * @return 1 shown, 0 there are none */
static int why_published(fd_call *call, fd_result *result, const fd_indicator *indicator)
{
    fd_table *t;
    int err = fd_figures_published(&t, call->city, indicator->id, call->lang);

    if (err < 0)
        return err;
    if (t->rows == 0) {
        fd_table_free(t);
        return 0;
    }
    fd_error_clear();
    fd_table_add_note(t, "没有企业数据,不能逐级展开;只有公开发表的数字",
                      "no data of enterprises to open up; published figures only");
    fd_result_add(result, t);
    return 1;
}

static int run_why(fd_call *call, fd_result *result)
{
    fd_why_options options = FD_WHY_OPTIONS_INIT;
    const fd_indicator *indicator;
    period_list periods = { 0 };
    fd_subject place = { 0 };
    fd_table *t = NULL;
    int64_t depth = 0, largest = 5;
    int err;

    if ((err = find_indicator(&indicator, call->city->program, fd_call_text(call, "id"))) < 0)
        goto done;
    if (asked_periods(call, indicator, &periods) == FD_ENOTFOUND &&
        (err = why_published(call, result, indicator)) != 0)
        goto done;
    if ((!periods.count && (err = asked_periods(call, indicator, &periods)) < 0) ||
        (err = parse_where(call, &options.where)) < 0 ||
        (err = fd_call_integer(call, "depth", &depth)) < 0 ||
        (err = fd_call_integer(call, "largest", &largest)) < 0)
        goto done;
    if (depth < 0 || depth > INT_MAX || largest < 0 || largest > INT_MAX) {
        err = fd_error_set(FD_EINVAL, "--depth 和 --largest 应是不小于 0 的数",
                           "--depth and --largest are numbers from 0");
        goto done;
    }
    if (fd_call_text(call, "county")) {
        if ((err = fd_subject_find_kind(&place, call->city->source, "county",
                                        fd_call_text(call, "county"))) < 0)
            goto done;
        options.place_kind = "county";
        options.place_code = place.code;
    }
    if (fd_call_text(call, "chain")) {
        if ((err = fd_subject_find_kind(&place, call->city->source, "chain",
                                        fd_call_text(call, "chain"))) < 0)
            goto done;
        options.chain_code = place.code;
    }
    options.by = fd_call_text(call, "by");
    options.depth = (int)depth;
    options.largest = (int)largest;
    options.visible = sees_origin;
    options.shown = shows;
    options.payload = call;
    if (options.by && strcmp(options.by, "enterprise") == 0 &&
        (err = fd_protect_enterprises(call)) < 0)
        goto done;
    if (options.where && call->role != FD_ROLE_STATISTICS &&
        (fd_rests_on_statistics(call->city, indicator->total) ||
         fd_rests_on_statistics(call->city, indicator->formula)) &&
        (err = fd_protect_audit(call, indicator->id)) < 0)
        goto done;
    assert(periods.count > 0);
    err = fd_measure_why(&t, call->city->program, call->city->source, indicator, periods.items[0],
                         &options);
    if (err >= 0)
        err = note_published(t, call->city, indicator);
    if (err >= 0) {
        fd_result_add(result, t);
        result->is_tree = true;
    } else {
        fd_table_free(t);
    }
done:
    fd_vec_dispose(&periods);
    return err < 0 ? err : 0;
}

static const fd_verb_param why_params[] = {
    { "id", FD_P_TEXT, true, true, false, "ID", "指标", "indicator", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "期间;不写取最新",
      "period; the newest by default", NULL },
    { "from", FD_P_PERIOD, false, false, false, "PERIOD", "从这个期间起(只看第一个)",
      "from this period (the first is looked at)", NULL },
    { "to", FD_P_PERIOD, false, false, false, "PERIOD", "到这个期间", "to this period", NULL },
    { "county", FD_P_TEXT, false, false, false, "C", "只看一个县区", "one county only", NULL },
    { "chain", FD_P_TEXT, false, false, false, "C", "只看一条产业链", "one chain only", NULL },
    { "by", FD_P_TEXT, false, false, false, "DIM", "合计先按什么分(默认 county)",
      "first breakdown of sums (county)", NULL },
    { "where", FD_P_TEXT, false, false, false, "EXPR", "只看符合条件的",
      "only subjects for which this holds", NULL },
    { "depth", FD_P_INTEGER, false, false, false, "N", "往下几层(默认到底)",
      "levels down (default: to the cells)", NULL },
    { "largest", FD_P_INTEGER, false, false, false, "N", "每处列最大的几家(默认 5)",
      "largest contributors per sum (5)", NULL },
};
static const char *const why_examples[] = {
    "why sei_share --at 2024 --depth 3 --city out/huanzhou.fangding",
    "why dispatch_revenue_total --at 2024-01..12 --county 洹西区 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_why = {
    .name = "why",
    .zh = "为什么是这个数:算式、构成、企业、来源文件的那一格",
    .en = "why a number is what it is: formula, parts, enterprises, the cell of the source file",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = why_params,
    .param_count = sizeof why_params / sizeof *why_params,
    .examples = why_examples,
    .run = run_why,
};

/* ---- growth ---- */

static int run_growth(fd_call *call, fd_result *result)
{
    fd_growth_options options = FD_GROWTH_OPTIONS_INIT;
    const char *name = fd_call_text(call, "item"), *weight = fd_call_text(call, "weight");
    const fd_item *item = fd_program_item(call->city->program, name);
    const fd_indicator *indicator = item ? NULL : fd_program_indicator(call->city->program, name);
    fd_table *t = NULL;
    int err;

    if (!item && !indicator)
        return fd_item_find(&item, call->city->program, name);
    if ((err = fd_call_period(call, "from", &options.from)) < 0 ||
        (err = fd_call_period(call, "to", &options.to)) < 0 ||
        (err = parse_where(call, &options.where)) < 0)
        return err;
    options.by = fd_call_text(call, "by");
    if ((strcmp(options.by, "enterprise") == 0 || strcmp(options.by, "企业") == 0) &&
        (err = fd_protect_enterprises(call)) < 0)
        return err;
    options.reported_only = fd_call_flag(call, "reported");
    /* A ratio of counties or divisions is a rate that the bureau hands out; its weights stand
     * beside it. */
    if (item && item->nature == FD_RATIO) {
        char beside[128];

        options.mode = FD_GROWTH_RATES;
        snprintf(beside, sizeof beside, "%.*s_weight", (int)strcspn(item->id, "_"), item->id);
        if (weight && (err = fd_item_find(&options.weight, call->city->program, weight)) < 0)
            return err;
        if (!weight && !(options.weight = fd_program_item(call->city->program, beside))) {
            fd_error_set(FD_EINVAL, "增速要有权重", "rates need weights");
            return fd_error_hint("用 --weight 写权重的数据项",
                                 "name the item of the weights with --weight");
        }
    }
    if ((err = fd_growth(&t, call->city->program, call->city->source, item, indicator, &options)) <
        0)
        return err;
    if ((err = fd_protect_growth(t, call, item, indicator)) < 0) {
        fd_table_free(t);
        return err;
    }
    fd_result_add(result, t);
    return 0;
}

static const fd_verb_param growth_params[] = {
    { "item", FD_P_TEXT, true, true, false, "ITEM", "数据项,或可以相加的指标;核定增速按权重分解",
      "data item or additive indicator; verified rates are taken apart by weights", NULL },
    { "from", FD_P_PERIOD, false, false, false, "PERIOD", "基期;不写用本期报表里的上年同期",
      "base period; the comparative figures of the return by default", NULL },
    { "to", FD_P_PERIOD, false, true, false, "PERIOD", "报告期", "reporting period", NULL },
    { "by", FD_P_TEXT, false, true, false, "DIM",
      "county、chain、division、industry、enterprise 或分类",
      "county, chain, division, industry, enterprise or a class", NULL },
    { "weight", FD_P_TEXT, false, false, false, "ITEM", "核定增速的权重数据项",
      "the item of the weights of verified rates", NULL },
    { "where", FD_P_TEXT, false, false, false, "EXPR", "只算符合条件的",
      "only subjects for which this holds", NULL },
    { "reported", FD_P_FLAG, false, false, false, NULL, "缺报的跳过,并说明几户",
      "skip missing members, and say how many", NULL },
};
static const char *const growth_examples[] = {
    "growth dispatch_revenue --to 2024-01..12 --by chain --reported --city out/huanzhou.fangding",
    "growth county_growth --to 2024-01..12 --by county --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_growth = {
    .name = "growth",
    .zh = "增长拆开看:增量、贡献率、拉动、余差;从水平数,或从核定增速和权重",
    .en = "growth taken apart: increment, contribution, pull, residual; from levels, or verified "
          "rates and weights",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = growth_params,
    .param_count = sizeof growth_params / sizeof *growth_params,
    .examples = growth_examples,
    .run = run_growth,
};
