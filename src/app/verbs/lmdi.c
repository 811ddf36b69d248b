/*
 * lmdi: how much of a change each factor has made; from a plain CSV, or from the city.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/registry.h"
#include "app/verbs/panel.h"
#include "fangding/lmdi.h"
#include "io/csvtable.h"

/* The file, with what is not a number to the expressions as text: the first reading tells. */
static int read_file(fd_table **out, const fd_call *call, const fd_lmdi_options *o)
{
    const char *path = fd_call_text(call, "file"), **names = NULL;
    size_t count = 0;
    fd_table *first = NULL;
    int err;

    if ((err = fd_csv_table(&first, path, NULL, 0, 0)) >= 0 &&
        (err = fd_lmdi_names(&names, &count, first, o)) >= 0)
        err = fd_csv_table(out, path, names, count, 0);
    free(names);
    fd_table_free(first);
    return err;
}

/* The first decomposition in a sentence: the total and its largest factor. */
static void say(fd_result *result, const fd_table *t)
{
    const int total = fd_table_find(t, "d_total"), t0 = fd_table_find(t, "t0");
    double most = 0;
    int at = -1;

    for (int k = total + 1; k < (int)t->column_count; k++) {
        const double v = fd_number_to_double(fd_column_number(t->columns[k], 0));

        if (strncmp(t->columns[k]->id, "d_", 2) == 0 && fabs(v) > fabs(most)) {
            most = v;
            at = k;
        }
    }
    if (at >= 0)
        fd_result_say(result, "%s%s%s—%s 变动 %.6g,最大的因素是 %s:%+.6g",
                      "%s%s%s to %s: change %.6g, the largest factor is %s: %+.6g",
                      t0 > 0 ? fd_column_text_or(t->columns[0], 0, "") : "", t0 > 0 ? " " : "",
                      fd_column_text_or(t->columns[t0], 0, ""),
                      fd_column_text_or(t->columns[t0 + 1], 0, ""),
                      fd_number_to_double(fd_column_number(t->columns[total], 0)),
                      t->columns[at]->id + 2, most);
}

static int answer(fd_call *call, fd_result *result, const fd_table *in, void *options)
{
    fd_lmdi_options *o = options;
    static const char *const names[] = { "effects", "factors", "terms" };
    const char *wanted = fd_call_text(call, "out");
    fd_lmdi all;
    int err;

    if ((err = fd_lmdi_run(&all, in, o)) >= 0) {
        fd_table **const tables[] = { &all.effects, &all.factors, &all.terms };

        say(result, all.effects);
        err = fd_result_pick(result, wanted, tables, names, 3);
        fd_lmdi_dispose(&all);
    }
    return err;
}

/* Factors, spans and which table, as both verbs have them. */
static int read_options(fd_lmdi_options *o, fd_call *call)
{
    static const char *const spans[] = { "ends", "steps", "both", "chained" };
    const char *chain = fd_call_text(call, "chain"), *wanted = fd_call_text(call, "out");
    const char *factors = NULL;

    for (size_t k = 0; k < call->rest_count; k++)
        factors =
            fd_arena_printf(call->arena, "%s%s%s", k ? factors : "", k ? ";" : "", call->rest[k]);
    o->factors = factors;
    o->terms = wanted && strcmp(wanted, "terms") == 0;
    for (size_t k = 0; chain && k < 4; k++)
        if (strcmp(chain, spans[k]) == 0)
            o->spans = (fd_lmdi_spans)k;
    if (o->terms && o->spans == FD_LMDI_CHAINED)
        return fd_error_set(FD_EINVAL, "逐期相连没有 terms 表", "a chain has no table of terms");
    return 0;
}

static int run_lmdi(fd_call *call, fd_result *result)
{
    fd_lmdi_options options = FD_LMDI_OPTIONS_INIT;
    fd_table *in = NULL;
    int err;

    options.by = fd_call_text(call, "by");
    options.time = fd_call_text(call, "time");
    options.value = fd_call_text(call, "value");
    if ((err = read_options(&options, call)) < 0 || (err = read_file(&in, call, &options)) < 0)
        return err;
    err = answer(call, result, in, &options);
    fd_table_free(in);
    return err;
}

static const fd_verb_param lmdi_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "长表(组、项、时间)或宽表(列名 名_时间)",
      "long table (group, term, time) or wide one (columns NAME_time)", NULL },
    { "value", FD_P_TEXT, false, false, false, "EXPR", "被分解的量(默认各因素之积)",
      "what is taken apart (the product of the factors)", NULL },
    { "by", FD_P_TEXT, false, false, false, "COLUMNS", "分组列,逗号分开", "columns of groups",
      NULL },
    { "time", FD_P_TEXT, false, false, false, "COLUMN", "时间列(默认按列名认)",
      "column of times (found by name)", NULL },
    { "chain", FD_P_CHOICE, false, false, false, "HOW",
      "首末一次、逐期、两样都要、逐期相连(默认 ends)",
      "end points, each step, both, or chained (ends)", "ends|steps|both|chained" },
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 effects)",
      "which table (effects)", "effects|factors|terms" },
    { "factor", FD_P_TEXT, true, false, true, "FACTOR",
      "因素:名=算式,或列名;不写则每个数值列是一个因素",
      "name=expression, or a column; without any each column of numbers is a factor", NULL },
};
static const char *const lmdi_examples[] = {
    "lmdi carbon.csv 规模=sum:增加值 结构=增加值/sum:增加值 强度=碳排放/增加值 --value 碳排放 --by "
    "县区 --format csv",
    "lmdi carbon.csv 规模=增加值 强度=碳排放/增加值 --chain chained --out factors", NULL
};
const fd_verb fd_verb_lmdi = {
    .name = "lmdi",
    .zh = "LMDI 因素分解:加法与乘法,首末或逐期相连,零值取解析极限",
    .en = "LMDI decomposition: additive and multiplicative, end points or chained, limits at zeros",
    .detail_zh =
        "算式有列名(带运算符的加双引号)、数、+ - * / "
        "和括号;算式没用到的列用来区分各项(如能源品种、行业)。"
        "sum:X 是同组同期各项之和;sum:X:by:A 只加 A 相同的行;sum:X:over:A 每个 A 只取一次。"
        "例(Kaya):人口=pop 人均=gdp/pop 碳强度=sum:co2/gdp 燃料结构=co2/sum:co2。",
    .detail_en = "Expressions have columns (in double quotes when the name holds operators), "
                 "numbers, + - * / and brackets. Columns that none uses tell terms apart (fuels, "
                 "industries). sum:X adds the terms of a group and time; sum:X:by:A those with the "
                 "same A; sum:X:over:A takes one value for each A. Kaya: pop affluence=gdp/pop "
                 "intensity=sum:co2/gdp fuels=co2/sum:co2.",
    .purpose = FD_PLANNING,
    .params = lmdi_params,
    .param_count = sizeof lmdi_params / sizeof *lmdi_params,
    .examples = lmdi_examples,
    .run = run_lmdi,
};

/* ---- from the city ---- */

static int read_city(fd_table **out, fd_call *call)
{
    fd_city_panel p = { .call = call, .as_parts = true, .time = "year" };
    const char *value = fd_call_text(call, "value"), *activity = fd_call_text(call, "activity");
    const char *deflator = fd_call_text(call, "deflator");
    int err;

    p.deflator = deflator ? deflator : "ppi";
    if ((err = fd_city_by(&p, "division", 2)) < 0)
        return err;
    if (!p.by_count)
        return fd_error_set(FD_EINVAL, "--by 要有分项的维度,例如 division",
                            "--by needs the dimension of the terms, such as division");
    p.keys[p.by_count - 1] = "industry";
    if (p.by_count == 2)
        p.keys[0] = "region";
    /* Energy and what is made from it: both sides of the intensity of the same enterprises. */
    if (!value || strcmp(value, "energy_use") == 0 || strcmp(value, "co2") == 0)
        p.where = "综合能源消费量 > 0 tce";
    if ((err = fd_city_add(&p, "value", value ? value : "energy_use", FD_CITY_PLAIN)) < 0 ||
        (err = fd_city_add(&p, "activity", activity ? activity : "value_added_total",
                           FD_CITY_PLAIN)) < 0)
        return err;
    if (strcmp(p.deflator, "none") != 0 && fd_city_is_money(&p.quantities[1]))
        p.quantities[1].use = FD_CITY_REAL;
    if ((err = fd_city_find_periods(&p, 2)) < 0)
        return err;
    return fd_city_read(out, &p);
}

static int run_city(fd_call *call, fd_result *result)
{
    fd_lmdi_options o = FD_LMDI_OPTIONS_INIT;
    fd_table *in = NULL;
    int err;

    if ((err = read_options(&o, call)) < 0 || (err = read_city(&in, call)) < 0)
        return err;
    o.time = "year";
    o.value = "value";
    o.by = fd_table_find(in, "region") >= 0 ? "region" : NULL;
    if (!o.factors)
        o.factors = "scale=sum:activity;structure=activity/sum:activity;intensity=value/activity";
    return fd_verb_city_answer(NULL, call, result, in, answer, &o);
}

static const fd_verb_param city_params[] = {
    { "value", FD_P_TEXT, false, false, false, "ID",
      "被分解的量(默认 energy_use;co2 是 205-1 各品种按因子折算的碳排放)",
      "what is taken apart (energy_use; co2: fuels of 205-1 by factors)", NULL },
    { "activity", FD_P_TEXT, false, false, false, "ID", "规模(默认 value_added_total)",
      "activity (value_added_total)", NULL },
    { "by", FD_P_LIST, false, false, false, "DIMS",
      "分项,前面可加分组:division、county,division(默认 division)",
      "terms, perhaps after groups: division or county,division (division)", NULL },
    FD_CITY_PERIOD_PARAMS,
    { "deflator", FD_P_TEXT, false, false, false, "ITEM",
      "规模按哪个分行业价格指数折成首期价格(默认 ppi);none 不折",
      "price index by division for the activity (ppi); none", NULL },
    { "chain", FD_P_CHOICE, false, false, false, "HOW",
      "首末一次、逐期、两样都要、逐期相连(默认 ends)",
      "end points, each step, both, or chained (ends)", "ends|steps|both|chained" },
    { "out", FD_P_CHOICE, false, false, false, "NAME",
      "要哪张表(默认 effects);data 是引擎吃的那张表",
      "which table (effects); data is what the engine is given", "effects|factors|terms|data" },
    { "factor", FD_P_TEXT, true, false, true, "FACTOR",
      "因素:名=算式,列有 value、activity(默认 规模、结构、强度)",
      "name=expression of value and activity (scale, structure, intensity)", NULL },
};
static const char *const city_examples[] = {
    "lmdi city --city out/huanzhou.fangding",
    "lmdi city --value co2 --out factors --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_lmdi_city = {
    .name = "lmdi city",
    .zh = "本市能耗或碳排放变动的因素分解:规模、结构、强度(增加值可比价)",
    .en = "why the city's energy or CO2 changed: scale, structure, intensity (value added in real "
          "terms)",
    .detail_zh =
        "能耗、碳排放只取报了 205-1 的企业,增加值取同一批。--out data 存成文件后:lmdi 文件 "
        "scale=sum:activity structure=activity/sum:activity intensity=value/activity --value value "
        "--time year,结果逐位相同。",
    .detail_en =
        "Energy and CO2 of enterprises that returned 205-1, value added of the same. --out "
        "data as a file: lmdi FILE scale=sum:activity structure=activity/sum:activity "
        "intensity=value/activity --value value --time year gives the same digits.",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = city_params,
    .param_count = sizeof city_params / sizeof *city_params,
    .examples = city_examples,
    .run = run_city,
};
