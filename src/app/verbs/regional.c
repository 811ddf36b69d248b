/*
 * specialise, shift-share, structure: regions and their industries; from a plain CSV, or the
 * city's counties and industries.
 */
#include <string.h>

#include "app/city_drivers.h"
#include "app/registry.h"
#include "app/verbs/panel.h"
#include "fangding/regional.h"
#include "io/csvtable.h"

#define REGIONAL_PARAMS                                                                            \
    { "region", FD_P_TEXT, false, false, false, "COLUMN", "地区列", "column of regions", NULL },   \
        { "industry", FD_P_TEXT, false, false, false, "COLUMN", "行业列", "column of industries",  \
          NULL },                                                                                  \
        { "year", FD_P_TEXT, false, false, false, "COLUMN", "年份列", "column of years", NULL },   \
        { "value",                                                                                 \
          FD_P_TEXT,                                                                               \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "COLUMN",                                                                                \
          "数值列(默认最后一列)",                                                                  \
          "column of values (the last)",                                                           \
          NULL },                                                                                  \
        { "reference",                                                                             \
          FD_P_TEXT,                                                                               \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "NAME",                                                                                  \
          "参照:表里的一个地区,或 sum(全部之和);默认自动找",                                       \
          "a region, or sum; found by default",                                                    \
          NULL },                                                                                  \
    {                                                                                              \
        "only", FD_P_TEXT, false, false, false, "NAME", "只列这个地区", "this region alone", NULL  \
    }

static const char detail_zh[] =
    "表有两种:长表(地区、行业、年份、数值各一列);宽表(行业一列,其余列名以年份结尾,如 "
    "e_Freiburg2008)。列按列名认(region、地区、industry、行业、year、年份……),认不出按左起顺序;"
    "参照没写时,取每个行业每年都不小于其余之和的那个地区(如全国),没有就取全部之和。";
static const char detail_en[] =
    "Long tables have columns for region, industry, year and value; wide ones a column for "
    "industries, and columns whose names end in a year (e_Freiburg2008). Columns are known by "
    "name, else by position. The reference, when not named, is the region that holds in each "
    "industry and year at least the others together, or else the sum of all.";

static void read_options(fd_regional_options *o, const fd_call *call)
{
    o->region = fd_call_text(call, "region");
    o->industry = fd_call_text(call, "industry");
    o->year = fd_call_text(call, "year");
    o->value = fd_call_text(call, "value");
    o->reference = fd_call_text(call, "reference");
    o->only = fd_call_text(call, "only");
}

/* The file, with its codes as text: which columns these are, the first reading tells. */
static int read_file(fd_table **out, const fd_call *call, const fd_regional_options *o)
{
    const char *path = fd_call_text(call, "file"), *text[3];
    fd_regional_columns columns;
    fd_table *first = NULL;
    int err;

    if ((err = fd_csv_table(&first, path, NULL, 0, 0)) < 0 ||
        (err = fd_regional_find(&columns, first, o)) < 0)
        goto done;
    text[0] = columns.region;
    text[1] = columns.industry;
    text[2] = columns.year;
    err = fd_csv_table(out, path, text, 3, 0);
done:
    fd_table_free(first);
    return err;
}

static double number_at(const fd_table *t, const char *column, size_t row)
{
    return fd_number_to_double(fd_column_number(t->columns[fd_table_find(t, column)], row));
}

static int from_file(fd_call *call, fd_result *result, fd_verb_answer *answer)
{
    fd_regional_options options = FD_REGIONAL_OPTIONS_INIT;
    fd_table *in = NULL;
    int err;

    read_options(&options, call);
    if ((err = read_file(&in, call, &options)) >= 0)
        err = answer(call, result, in, &options);
    fd_table_free(in);
    return err;
}

/* ---- specialise ---- */

/* The strongest industry of the newest year. */
static void say_lq(fd_result *result, const fd_table *t)
{
    const int lq = fd_table_find(t, "lq"), industry = lq - 1;
    double most = -1;
    size_t at = 0;
    const char *year = t->rows && lq > 1 ? fd_column_text_or(t->columns[0], t->rows - 1, "") : "";

    for (size_t r = 0; r < t->rows; r++) {
        const fd_number v = fd_column_number(t->columns[lq], r);

        if (v.state == FD_HAS && fd_number_to_double(v) > most &&
            (lq < 2 || strcmp(fd_column_text_or(t->columns[0], r, ""), year) == 0)) {
            most = fd_number_to_double(v);
            at = r;
        }
    }
    if (most >= 0)
        fd_result_say(result, "%s%s最突出的是 %s%s%s,区位商 %.2f",
                      "%s%s the strongest is %s%s%s, "
                      "LQ %.2f",
                      year, lq > 1 ? ":" : "",
                      lq > 2 ? fd_column_text_or(t->columns[1], at, "") : "", lq > 2 ? " " : "",
                      fd_column_text_or(t->columns[industry], at, ""), most);
}

static int answer_specialise(fd_call *call, fd_result *result, const fd_table *in, void *options)
{
    fd_regional_options *o = options;
    static const char *const names[] = { "lq", "specialisation" };
    const char *years = fd_call_text(call, "years");
    fd_specialisation all;
    int err;

    o->ends = years && strcmp(years, "ends") == 0;
    if ((err = fd_specialise(&all, in, o)) >= 0) {
        fd_table **const tables[] = { &all.lq, &all.specialisation };

        say_lq(result, all.lq);
        err = fd_result_pick(result, fd_call_text(call, "out"), tables, names, 2);
        fd_specialisation_dispose(&all);
    }
    return err;
}

static int run_specialise(fd_call *call, fd_result *result)
{
    return from_file(call, result, answer_specialise);
}

static const fd_verb_param specialise_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "长表或宽表:地区、行业、年份、数值",
      "long or wide table: region, industry, year, value", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 lq)", "which table (lq)",
      "lq|specialisation" },
    { "years", FD_P_CHOICE, false, false, false, "WHICH", "全部年份,或只要首末两年(默认 all)",
      "all years, or the first and last (all)", "all|ends" },
    REGIONAL_PARAMS,
};
static const char *const specialise_examples[] = {
    "specialise regions.csv --format csv",
    "specialise regions.csv --out specialisation --reference 全国", NULL
};
const fd_verb fd_verb_specialise = {
    .name = "specialise",
    .zh = "专业化:区位商、赫芬达尔、克鲁格曼、熵、相对泰尔、哈克曼",
    .en = "specialisation: location quotients, HHI, Krugman, entropy, Theil, Hachman",
    .detail_zh = detail_zh,
    .detail_en = detail_en,
    .purpose = FD_PLANNING,
    .params = specialise_params,
    .param_count = sizeof specialise_params / sizeof *specialise_params,
    .examples = specialise_examples,
    .run = run_specialise,
};

/* ---- shift-share ---- */

/* Of one region in one span; of several, the region that gained most by itself. */
static void say_shift(fd_result *result, const fd_table *t)
{
    const int regional = fd_table_find(t, "regional_dunn"), total = fd_table_find(t, "total");
    size_t best = t->rows;

    for (size_t r = 0; r < t->rows; r++)
        if (fd_column_state(t->columns[regional], r) == FD_HAS &&
            (best == t->rows ||
             number_at(t, "regional_dunn", r) > number_at(t, "regional_dunn", best)))
            best = r;
    if (best == t->rows)
        return;
    if (total == 2)
        fd_result_say(result, "%s—%s 年变动 %.6g:全国增长带来 %.6g,产业结构 %.6g,自身竞争力 %.6g",
                      "%s to %s: change %.6g = national %.6g + mix %.6g + regional %.6g",
                      fd_column_text_or(t->columns[0], 0, ""),
                      fd_column_text_or(t->columns[1], 0, ""), number_at(t, "total", 0),
                      number_at(t, "national", 0), number_at(t, "mix", 0),
                      number_at(t, "regional_dunn", 0));
    else
        fd_result_say(result,
                      "%s—%s 自身竞争力分量最大的是 %s:变动 %.6g,其中整体增长 %.6g,产业结构 %.6g,"
                      "自身竞争力 %.6g",
                      "%s to %s: the largest regional part has %s: change %.6g = reference %.6g + "
                      "mix %.6g + regional %.6g",
                      fd_column_text_or(t->columns[0], best, ""),
                      fd_column_text_or(t->columns[1], best, ""),
                      fd_column_text_or(t->columns[2], best, ""), number_at(t, "total", best),
                      number_at(t, "national", best), number_at(t, "mix", best),
                      number_at(t, "regional_dunn", best));
}

static int answer_shift_share(fd_call *call, fd_result *result, const fd_table *in, void *options)
{
    fd_regional_options *o = options;
    static const char *const names[] = { "shift_change", "dynamic", "industries" };
    const char *spans = fd_call_text(call, "spans");
    fd_shift_share all;
    int err;

    if (spans && strcmp(spans, "ends") != 0)
        o->spans = strcmp(spans, "steps") == 0 ? FD_SPANS_STEPS : FD_SPANS_BOTH;
    if ((err = fd_shift_share_run(&all, in, o)) >= 0) {
        fd_table **const tables[] = { &all.shift_change, &all.dynamic, &all.industries };

        say_shift(result, all.shift_change);
        err = fd_result_pick(result, fd_call_text(call, "out"), tables, names, 3);
        fd_shift_share_dispose(&all);
    }
    return err;
}

static int run_shift_share(fd_call *call, fd_result *result)
{
    return from_file(call, result, answer_shift_share);
}

static const fd_verb_param shift_share_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "长表或宽表:地区、行业、年份、数值",
      "long or wide table: region, industry, year, value", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 shift_change)",
      "which table (shift_change)", "shift_change|dynamic|industries" },
    { "spans", FD_P_CHOICE, false, false, false, "WHICH", "首末两年、逐年,或都要(默认 ends)",
      "first year to last, year to year, or both (ends)", "ends|steps|both" },
    REGIONAL_PARAMS,
};
static const char *const shift_share_examples[] = {
    "shift-share regions.csv --spans both --format csv", "shift-share regions.csv --out dynamic",
    NULL
};
const fd_verb fd_verb_shift_share = {
    .name = "shift-share",
    .zh = "偏离份额:全国、结构、竞争力分量(Dunn、Esteban、动态),利林、摩尔、NAV、K 值",
    .en = "shift-share: national, mix, regional (Dunn, Esteban, dynamic); Lilien, Moore, NAV, K",
    .detail_zh = detail_zh,
    .detail_en = detail_en,
    .purpose = FD_PLANNING,
    .params = shift_share_params,
    .param_count = sizeof shift_share_params / sizeof *shift_share_params,
    .examples = shift_share_examples,
    .run = run_shift_share,
};

/* ---- structure ---- */

static int answer_structure(fd_call *call, fd_result *result, const fd_table *in, void *options)
{
    fd_regional_options *o = options;
    fd_table *out = NULL;
    int64_t group = 1;
    int err;

    if ((err = fd_call_integer(call, "group", &group)) < 0)
        return err;
    if (group < 1 || group > 20)
        return fd_error_set(FD_EINVAL, "--group 是 1 到 20", "--group is from 1 to 20");
    o->group = (size_t)group;
    if ((err = fd_structure_run(&out, in, o)) >= 0) {
        const size_t last = out->rows - 1;
        const int k = fd_table_find(out, "k_value_pct");

        if (out->rows && fd_column_state(out->columns[k], last) == FD_HAS)
            fd_result_say(result, "最近一期结构变动 K 值 %.3g%%,相当于 %.3g 个有效行业",
                          "latest change of structure: K %.3g %%, as many as %.3g industries",
                          number_at(out, "k_value_pct", last), number_at(out, "inv_hhi", last));
        fd_result_add(result, out);
    }
    return err;
}

static int run_structure(fd_call *call, fd_result *result)
{
    return from_file(call, result, answer_structure);
}

static const fd_verb_param structure_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "长表或宽表:地区、行业、年份、数值",
      "long or wide table: region, industry, year, value", NULL },
    { "group", FD_P_INTEGER, false, false, false, "N", "行业代码前几位相同算一组(默认 1)",
      "industries that share N leading characters are one group (1)", NULL },
    REGIONAL_PARAMS,
};
static const char *const structure_examples[] = { "structure regions.csv --only 甲市", NULL };
const fd_verb fd_verb_structure = {
    .name = "structure",
    .zh = "产业结构逐年变化:多样性、泰尔、哈克曼、利林、摩尔、NAV",
    .en = "structure over time: variety, Theil, Hachman, Lilien, Moore, NAV",
    .detail_zh = detail_zh,
    .detail_en = detail_en,
    .purpose = FD_PLANNING,
    .params = structure_params,
    .param_count = sizeof structure_params / sizeof *structure_params,
    .examples = structure_examples,
    .run = run_structure,
};

/* ---- from the city ---- */

/* Regions × industries × periods of one quantity; parts that may not be shown are put together. */
static int read_city(fd_table **out, fd_city_panel *p, const char *deflator, size_t least)
{
    const char *value = fd_call_text(p->call, "value");
    int err;

    p->deflator = fd_call_text(p->call, "deflator");
    p->deflator = p->deflator ? p->deflator : deflator;
    if ((err = fd_city_by(p, "county,division", 2)) < 0 ||
        (err = fd_city_add(p, "value", value ? value : "value_added_total", FD_CITY_PLAIN)) < 0)
        return err;
    if (p->by_count != 2)
        return fd_error_set(FD_EINVAL, "--by 要两个维度:地区,行业",
                            "--by needs two dimensions: region,industry");
    if (!p->quantities[0].adds)
        return fd_error_set(FD_EINVAL, "「%s」不是合计数,不能算份额",
                            "%s is no sum: it has no shares", p->quantities[0].indicator->name);
    if (strcmp(p->deflator, "none") != 0 && fd_city_is_money(&p->quantities[0]))
        p->quantities[0].use = FD_CITY_REAL;
    if ((err = fd_city_find_periods(p, least)) < 0)
        return err;
    return fd_city_read(out, p);
}

static int from_city(fd_call *call, fd_result *result, fd_verb_answer *answer, const char *deflator,
                     size_t least)
{
    fd_regional_options o = FD_REGIONAL_OPTIONS_INIT;
    fd_city_panel p = {
        .call = call, .as_parts = true, .keys = { "region", "industry" }, .time = "year"
    };
    fd_table *in = NULL;
    bool answered;
    int err;

    o.region = "region";
    o.industry = "industry";
    o.year = "year";
    o.value = "value";
    o.reference = fd_call_text(call, "reference");
    o.reference = o.reference ? o.reference : "sum";
    o.only = fd_call_text(call, "only");
    if ((err = read_city(&in, &p, deflator, least)) < 0)
        return err;
    err = fd_verb_city_answer(&answered, call, result, in, answer, &o);
    if (answered)
        fd_city_blank_merged(result->tables[0], &p, o.only);
    return err;
}

#define CITY_PARAMS                                                                                    \
    { "value",                                                                                         \
      FD_P_TEXT,                                                                                       \
      false,                                                                                           \
      false,                                                                                           \
      false,                                                                                           \
      "ID",                                                                                            \
      "按什么量:指标或数据项(默认 value_added_total;用工用 staff_sum)",                                \
      "which quantity: indicator or item (value_added_total; staff_sum for jobs)",                     \
      NULL },                                                                                          \
        { "by",                                                                                        \
          FD_P_LIST,                                                                                   \
          false,                                                                                       \
          false,                                                                                       \
          false,                                                                                       \
          "REGION,INDUSTRY",                                                                           \
          "地区和行业的维度(默认 county,division)",                                                    \
          "dimensions of region and industry (county,division)",                                       \
          NULL },                                                                                      \
        FD_CITY_PERIOD_PARAMS,                                                                         \
        { "reference",                                                                                 \
          FD_P_TEXT,                                                                                   \
          false,                                                                                       \
          false,                                                                                       \
          false,                                                                                       \
          "NAME",                                                                                      \
          "参照:一个地区,或 sum(全市之和,默认)",                                                       \
          "a region, or sum, the whole city (sum)",                                                    \
          NULL },                                                                                      \
        { "only", FD_P_TEXT, false, false, false, "NAME", "只列这个地区", "this region alone", NULL }, \
    {                                                                                                  \
        "deflator", FD_P_TEXT, false, false, false, "ITEM",                                            \
            "按哪个分行业价格指数折成首期价格;none 用现价",                                            \
            "price index by division; none: current prices", NULL                                      \
    }
#define CITY_DETAIL_ZH                                                                                                \
    "按保密规则不能单独显示的县区×行业,各期一致并入“其他(合并)”,地区合计不变。" \
    "--out data 给出引擎吃的那张表:存成文件再用不带 city 的同名命令加 --reference "            \
    "sum,结果逐位相同。"
#define CITY_DETAIL_EN                                                                             \
    "Cells that may not be shown alone stand together as one industry of the region, in all "      \
    "periods; totals hold. "                                                                       \
    "--out data is the engine's own table: as a file, with --reference sum, it gives the same "    \
    "digits."
#define CITY_VERB(NAME, ZH, EN, PARAMS, EXAMPLES, RUN)                                             \
    {                                                                                              \
        .name = NAME, .zh = ZH, .en = EN, .detail_zh = CITY_DETAIL_ZH,                             \
        .detail_en = CITY_DETAIL_EN, .purpose = FD_PLANNING, .needs_city = true, .params = PARAMS, \
        .param_count = sizeof PARAMS / sizeof *PARAMS, .examples = EXAMPLES, .run = RUN            \
    }

static int run_specialise_city(fd_call *call, fd_result *result)
{
    return from_city(call, result, answer_specialise, "none", 1);
}

static const fd_verb_param specialise_city_params[] = {
    CITY_PARAMS,
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 lq)", "which table (lq)",
      "lq|specialisation|data" },
    { "years", FD_P_CHOICE, false, false, false, "WHICH", "全部年份,或只要首末两年(默认 all)",
      "all years, or the first and last (all)", "all|ends" },
};
static const char *const specialise_city_examples[] = {
    "specialise city --from 2024 --only 漳阳县 --city out/huanzhou.fangding",
    "specialise city --value staff_sum --out specialisation --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_specialise_city =
    CITY_VERB("specialise city", "本市各县区的区位商与专业化(参照全市)",
              "location quotients and specialisation of the city's counties, against the city",
              specialise_city_params, specialise_city_examples, run_specialise_city);

static int run_shift_share_city(fd_call *call, fd_result *result)
{
    return from_city(call, result, answer_shift_share, "ppi", 2);
}

static const fd_verb_param shift_share_city_params[] = {
    CITY_PARAMS,
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 shift_change)",
      "which table (shift_change)", "shift_change|dynamic|industries|data" },
    { "spans", FD_P_CHOICE, false, false, false, "WHICH", "首末两年、逐年,或都要(默认 ends)",
      "first year to last, year to year, or both (ends)", "ends|steps|both" },
};
static const char *const shift_share_city_examples[] = {
    "shift-share city --from 2020 --to 2024 --city out/huanzhou.fangding",
    "shift-share city --value staff_sum --out dynamic --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_shift_share_city =
    CITY_VERB("shift-share city", "本市各县区的偏离份额:全市增长、产业结构、自身竞争力(默认可比价)",
              "shift-share of the city's counties: city growth, mix, own strength (real terms)",
              shift_share_city_params, shift_share_city_examples, run_shift_share_city);

static int run_structure_city(fd_call *call, fd_result *result)
{
    const char *out = fd_call_text(call, "out");

    return out && strcmp(out, "drivers") == 0
               ? fd_city_drivers(call, result)
               : from_city(call, result, answer_structure, "none", 1);
}

static const fd_verb_param structure_city_params[] = {
    CITY_PARAMS,
    { "out", FD_P_CHOICE, false, false, false, "NAME",
      "要哪张表(默认 structure);drivers 是新旧动能的份额转移",
      "which table (structure); drivers: shares "
      "moving from old to new",
      "structure|drivers|data" },
    { "group", FD_P_INTEGER, false, false, false, "N", "行业代码前几位相同算一组(默认 1)",
      "industries that share N leading characters are one group (1)", NULL },
    { "new", FD_P_TEXT, false, false, false, "ID",
      "新动能的指标(drivers;默认 sei_value_added_total)",
      "indicator of the new drivers (drivers; sei_value_added_total)", NULL },
    { "spans", FD_P_CHOICE, false, false, false, "WHICH",
      "drivers:首末两年、逐年,或都要(默认 ends)", "drivers: ends, steps or both (ends)",
      "ends|steps|both" },
};
static const char *const structure_city_examples[] = {
    "structure city --only 漳阳县 --city out/huanzhou.fangding",
    "structure city --out drivers --from 2018 --to 2024 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_structure_city =
    CITY_VERB("structure city", "本市各县区产业结构逐年变化;新旧动能份额转移的速度(每年几个百分点)",
              "structure of the city's counties over time; speed at which shares move from old to "
              "new drivers",
              structure_city_params, structure_city_examples, run_structure_city);
