/*
 * tfp: growth of total factor productivity, and whose it is; from a plain CSV, or from the city.
 */
#include <math.h>
#include <string.h>

#include "app/protect.h"
#include "app/registry.h"
#include "app/verbs/panel.h"
#include "fangding/tfp.h"
#include "io/csvtable.h"

static int read_elasticities(const fd_call *call, fd_tfp_options *o)
{
    const char **words;
    const size_t count = fd_call_list(call, "elasticities", &words);
    double *value = fd_arena_alloc(call->arena, count * sizeof *value);

    if (count == 1 && strcmp(words[0], "mean") == 0) {
        o->solow = true;
        return 0;
    }
    for (size_t i = 0; i < count; i++)
        if (!fd_csv_number(&value[i], words[i], strlen(words[i])))
            return fd_error_set(FD_EINVAL, "--elasticities:“%s”不是数",
                                "--elasticities: '%s' is no number", words[i]);
    o->elasticities = value;
    o->elasticity_count = count;
    o->solow = count > 0;
    return 0;
}

/* The mean of a column and how many cells it has. */
static double mean_of(const fd_table *t, const char *column, size_t *count)
{
    const fd_column *c = t->columns[fd_table_find(t, column)];
    double sum = 0;

    *count = 0;
    for (size_t r = 0; r < t->rows; r++)
        if (fd_column_state(c, r) == FD_HAS) {
            sum += fd_number_to_double(fd_column_number(c, r));
            ++*count;
        }
    return *count ? sum / (double)*count : NAN;
}

static void say_growth(fd_result *result, const fd_table *t)
{
    size_t count, solow_count = 0;
    const double mean = mean_of(t, "dln_tfp", &count);
    const double solow =
        fd_table_find(t, "dln_solow") >= 0 ? mean_of(t, "dln_solow", &solow_count) : NAN;

    if (count)
        fd_result_say(
            result,
            "会上可说:%zu 对相邻期里,全要素生产率平均每期变动 %+.2f%%(对数点),是产出增长中投入增加"
            "说明不了的部分。",
            "To say: over %zu pairs of periods total factor productivity moved by %+.2f%% a "
            "period (log points): output growth that more inputs do not explain.",
            count, 100 * mean);
    else if (solow_count)
        fd_result_say(result, "会上可说:%zu 对相邻期里,索洛余值平均每期 %+.2f%%,弹性是给定的。",
                      "To say: over %zu pairs of periods the Solow residual is %+.2f%% a period, "
                      "with the elasticities given.",
                      solow_count, 100 * solow);
}

static void say_parts(fd_result *result, const fd_table *t)
{
    static const char *const names[] = { "change", "within", "between", "cross", "entry", "exit" };
    const size_t last = t->rows - 2; /* fhk of the last pair */
    double v[6];

    for (size_t i = 0; i < 6; i++)
        v[i] = 100 *
               fd_number_to_double(fd_column_number(t->columns[fd_table_find(t, names[i])], last));
    fd_result_say(
        result,
        "会上可说:%s 到 %s 总体生产率变动 %+.2f%%,其中企业自身 %+.2f,份额转移 %+.2f,进入 "
        "%+.2f,退出 "
        "%+.2f。",
        "To say: from %s to %s aggregate productivity moved by %+.2f%%: within firms %+.2f, "
        "shifts of shares %+.2f, entry %+.2f, exit %+.2f.",
        fd_column_text(t->columns[1], last), fd_column_text(t->columns[2], last), v[0], v[1],
        v[2] + v[3], v[4], v[5]);
}

typedef struct asked {
    fd_tfp_options options;
    bool whole_only; /* parts rest on returns that may be seen summed only */
} asked;

static void protect_parts(fd_table *t, const fd_table *firms);

static int answer(fd_call *call, fd_result *result, const fd_table *in, void *payload)
{
    const asked *ask = payload;
    const fd_tfp_options *o = &ask->options;
    static const char *const names[] = { "growth", "units", "aggregate", "firms" };
    const char *wanted = fd_call_text(call, "out");
    fd_table *firms = NULL;
    fd_tfp all;
    int err;

    wanted = wanted ? wanted : o->decompose ? "aggregate" : "growth";
    if ((err = fd_tfp_run(&all, in, o)) < 0)
        return err;
    if (ask->whole_only) { /* what each unit did protects the sums and does not leave */
        firms = all.firms;
        all.firms = NULL;
    }
    if (o->decompose)
        say_parts(result, all.aggregate);
    else
        say_growth(result, all.growth);
    {
        fd_table **const tables[] = { &all.growth, &all.units, &all.aggregate, &all.firms };

        err = fd_result_pick(result, wanted, tables, names, sizeof names / sizeof *names);
    }
    if (err >= 0 && firms)
        protect_parts(result->tables[0], firms);
    fd_table_free(firms);
    fd_tfp_dispose(&all);
    return err;
}

static bool decomposes(const fd_call *call)
{
    const char *wanted = fd_call_text(call, "out");

    return fd_call_flag(call, "decompose") ||
           (wanted && (strcmp(wanted, "aggregate") == 0 || strcmp(wanted, "firms") == 0));
}

static int run_tfp(fd_call *call, fd_result *result)
{
    fd_tfp_options options = FD_TFP_OPTIONS_INIT;
    const char *text[2] = { fd_call_text(call, "id"), fd_call_text(call, "time") };
    const char **inputs, **shares;
    fd_table *in = NULL;
    int err;

    options.id = text[0];
    options.time = text[1];
    options.output = fd_call_text(call, "outputs");
    options.published = fd_call_text(call, "published");
    options.level = fd_call_text(call, "level");
    options.weight = fd_call_text(call, "weight");
    options.input_count = fd_call_list(call, "inputs", &inputs);
    options.inputs = inputs;
    options.share_count = fd_call_list(call, "shares", &shares);
    options.shares = shares;
    options.decompose = decomposes(call) || options.level;
    if ((err = read_elasticities(call, &options)) < 0 ||
        (err = fd_csv_table(&in, fd_call_text(call, "file"), text, 2, text[0] ? 0 : 1)) < 0)
        return err;
    err = answer(call, result, in, &(asked){ options, false });
    fd_table_free(in);
    return err;
}

static const fd_verb_param tfp_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "长表:单位、期间、产出、投入、成本份额",
      "long table: unit, period, output, inputs, cost shares", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 growth;分解时 aggregate)",
      "which table (growth; aggregate when decomposing)", "growth|units|aggregate|firms" },
    { "id", FD_P_TEXT, false, false, false, "COLUMN", "单位列(默认第一列)",
      "column of units (the first)", NULL },
    { "time", FD_P_TEXT, false, false, false, "COLUMN",
      "期间列(默认名为 t、year、time、period 的列,否则第二列)",
      "column of periods (t, year, time or period, else the second)", NULL },
    { "outputs", FD_P_TEXT, false, false, false, "COLUMN", "产出列(默认 q、y 或唯一的 out_*)",
      "column of output (q, y or the only out_*)", NULL },
    { "inputs", FD_P_LIST, false, false, false, "COLUMNS",
      "投入列,逗号分隔(默认 in_*,或旁边有份额列 sX 的各列 X)",
      "columns of inputs (in_*, or every X with a share sX)", NULL },
    { "shares", FD_P_LIST, false, false, false, "COLUMNS", "成本份额列,与投入同序(默认 s+投入名)",
      "columns of cost shares in the order of the inputs (s + input)", NULL },
    { "elasticities", FD_P_LIST, false, false, false, "NUMBERS",
      "产出弹性,与投入同序;或 mean(各单位平均份额):加印索洛余值",
      "output elasticities in the order of the inputs, or mean: print Solow, too", NULL },
    { "published", FD_P_TEXT, false, false, false, "COLUMN",
      "并列的公布指数(默认唯一的 *_published)",
      "a published index to stand beside (the only *_published)", NULL },
    { "decompose", FD_P_FLAG, false, false, false, NULL,
      "把总体变动分解到企业:企业内、企业间、进入、退出",
      "split the aggregate's change over firms: within, between, entry, exit", NULL },
    { "level", FD_P_TEXT, false, false, false, "COLUMN", "分解用的 ln TFP 列(默认由产出和投入算)",
      "ln TFP for the decomposition (else from output and inputs)", NULL },
    { "weight", FD_P_TEXT, false, false, false, "COLUMN", "分解的权数列(默认产出)",
      "weight for the decomposition (the output)", NULL },
};
static const char *const tfp_examples[] = {
    "tfp industries.csv --format csv",
    "tfp industries.csv --inputs k,l --elasticities 0.4,0.6",
    "tfp industries.csv --decompose --weight l --out firms",
    NULL,
};
const fd_verb fd_verb_tfp = {
    .name = "tfp",
    .zh = "全要素生产率:Törnqvist 指数、索洛余值,以及企业内、企业间、进入、退出的贡献",
    .en = "total factor productivity: Törnqvist, Solow, and within, between, entry and exit",
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = tfp_params,
    .param_count = sizeof tfp_params / sizeof *tfp_params,
    .examples = tfp_examples,
    .run = run_tfp,
};

/* ---- from the city ---- */

/* Columns of the city's table, in this order after the unit and the period. */
enum { Q = 2, K, L, VA, PAY };

static double cell(const fd_table *t, int column, size_t row)
{
    const fd_column *c = t->columns[column];

    return fd_column_state(c, row) == FD_HAS ? c->v.est[row] : NAN;
}

static int capital_share(double *out, const fd_call *call)
{
    const char *text = fd_call_text(call, "capital-share");

    *out = NAN;
    if (text && (!fd_csv_number(out, text, strlen(text)) || !(*out > 0 && *out < 1)))
        return fd_error_set(FD_EINVAL, "--capital-share 在 0 和 1 之间",
                            "--capital-share is between 0 and 1");
    return 0;
}

/* sk and sl: pay over value added, or what was assumed. @return the share of the whole */
static double add_shares(fd_table *t, double assumed)
{
    fd_column *sk = fd_table_add_new(t, "sk", "资本份额", "Share of capital", FD_EST, "", 0);
    fd_column *sl = fd_table_add_new(t, "sl", "劳动份额", "Share of labour", FD_EST, "", 0);
    double pay = 0, va = 0;

    for (size_t r = 0; r < t->rows; r++) {
        const double y = cell(t, VA, r), w = cell(t, PAY, r);
        const double labour = isnan(assumed) ? w / y : 1 - assumed;

        if (y > 0 && !isnan(labour)) {
            fd_column_set_est(sl, r, labour);
            fd_column_set_est(sk, r, 1 - labour);
            pay += isnan(w) ? 0 : w;
            va += isnan(w) ? 0 : y;
        }
    }
    return isnan(assumed) ? 1 - pay / va : assumed;
}

/* ln TFP at one pair of elasticities for all: levels compare across firms. */
static void add_levels(fd_table *t, double capital)
{
    fd_column *level = fd_table_add_new(t, "ln_tfp", "ln TFP", "ln TFP", FD_EST, "", 0);
    fd_column *weight =
        fd_table_add_new(t, "weight", "权数(增加值)", "Weight (value added)", FD_EST, "", 0);

    for (size_t r = 0; r < t->rows; r++) {
        const double p =
            log(cell(t, Q, r)) - capital * log(cell(t, K, r)) - (1 - capital) * log(cell(t, L, r));

        if (isfinite(p) && cell(t, VA, r) > 0) {
            fd_column_set_est(level, r, p);
            fd_column_set_est(weight, r, cell(t, VA, r));
        }
    }
}

static void note_assumptions(fd_table *t, double capital, bool assumed, bool decompose)
{
    char zh[400], en[400];

    snprintf(zh, sizeof zh,
             assumed ? "资本份额按 --capital-share 取 %.4f,劳动份额为其余"
                     : "劳动份额 = 应付职工薪酬 ÷ 现价增加值,资本份额为其余(合计 "
                       "%.4f):假定规模报酬不变、要素按边际产出得酬",
             capital);
    snprintf(en, sizeof en,
             assumed
                 ? "capital's share is taken as %.4f, labour has the rest"
                 : "labour's share = pay / value added, capital has the rest (%.4f of the whole): "
                   "assumes constant returns and factors paid their marginal product",
             capital);
    fd_table_add_note(t, zh, en);
    fd_table_add_note(
        t,
        "资本 = 固定资产原价 - 累计折旧,历史成本,没有剔除投资品价格;劳动 = 平均用工人数,不计工时",
        "capital is net fixed assets at historical cost, not deflated; labour is mean staff, not "
        "hours");
    if (decompose)
        fd_table_add_note(t,
                          "各企业同用一组弹性(上面的合计份额),水平才可比;"
                          "数不大于零或缺报的一期水平未知,不算进入或退出",
                          "all firms have the same elasticities, so that levels compare; a "
                          "firm-year with a gap is neither entry nor exit");
}

/* A part of the change that fewer than three firms make, or few dominate, is emptied, and never
 * one alone: the others would give it away. */
static void protect_parts(fd_table *t, const fd_table *firms)
{
    static const char *const parts[2][5] = { { "within", "between", "cross", "entry", "exit" },
                                             { "within", "between", NULL, "entry", "exit" } };
    bool any = false;

    for (size_t r = 0; r < t->rows; r++) {
        const char *method = fd_column_text_or(t->columns[0], r, "");
        const int m = strcmp(method, "mp") == 0;
        bool hide[5] = { false };
        size_t hidden = 0, least = 5;
        double sizes[5] = { 0 };

        for (int k = 0; k < 5; k++) {
            char id[32];
            uint32_t n = 0;
            double top[2] = { 0, 0 };
            int column;

            if (!parts[m][k])
                continue;
            snprintf(id, sizeof id, "%s_%s", method, parts[m][k]);
            column = fd_table_find(firms, id);
            for (size_t f = 0; f < firms->rows; f++) {
                const double v = fabs(cell(firms, column, f));

                if (strcmp(fd_column_text_or(firms->columns[1], f, ""),
                           fd_column_text_or(t->columns[1], r, "")) != 0 ||
                    !(v > 0))
                    continue;
                n++;
                sizes[k] += v;
                if (v > top[0]) {
                    top[1] = top[0];
                    top[0] = v;
                } else if (v > top[1]) {
                    top[1] = v;
                }
            }
            hide[k] = n && !fd_protect_shows(n, sizes[k], top[0], top[1]);
            hidden += hide[k];
        }
        for (size_t k = 0; hidden == 1 && k < 5; k++)
            if (parts[m][k] && !hide[k] && sizes[k] > 0 && (least == 5 || sizes[k] < sizes[least]))
                least = k;
        if (least < 5)
            hide[least] = true;
        for (int k = 0; k < 5; k++)
            if (hide[k])
                fd_column_set_state(t->columns[fd_table_find(t, parts[m][k])], r, FD_NA);
        any = any || hidden;
    }
    if (any)
        fd_table_add_note(
            t, "有的部分由不足三户或少数几户构成,按统计法不显示,并多隐去一项",
            "parts that fewer than three or a few firms make are not shown, and one more");
}

static int read_city(fd_table **out, fd_city_panel *p, bool decompose)
{
    static const struct {
        const char *column, *param, *otherwise;
        fd_city_use use;
    } columns[] = { { "q", "value", "value_added_total", FD_CITY_REAL },
                    { "k", "capital", "net_fixed_assets", FD_CITY_PLAIN },
                    { "l", "labour", "staff_sum", FD_CITY_PLAIN },
                    { "va", "value", "value_added_total", FD_CITY_PLAIN },
                    { "pay", "pay", "payroll_total", FD_CITY_OPTIONAL } };
    const char *deflator = fd_call_text(p->call, "deflator");
    int err;

    p->deflator = deflator ? deflator : "ppi";
    p->above_zero = true;
    if (decompose) {
        p->by_count = 1;
        p->by[0] = "enterprise";
        p->keep_rows = true;
        p->unprotected = true; /* sums over firms leave, each part judged by protect_parts() */
        if ((err = fd_protect_enterprises(p->call)) < 0)
            return err;
    } else if ((err = fd_city_by(p, "division", 1)) < 0) {
        return err;
    }
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
        const char *what = fd_call_text(p->call, columns[k].param);

        if ((err = fd_city_add(p, columns[k].column, what ? what : columns[k].otherwise,
                               strcmp(p->deflator, "none") == 0 && columns[k].use == FD_CITY_REAL
                                   ? FD_CITY_PLAIN
                                   : columns[k].use)) < 0)
            return err;
    }
    if ((err = fd_city_find_periods(p, 2)) < 0)
        return err;
    return fd_city_read(out, p);
}

static int run_city(fd_call *call, fd_result *result)
{
    fd_tfp_options o = FD_TFP_OPTIONS_INIT;
    fd_city_panel p = { .call = call };
    const char *out = fd_call_text(call, "out");
    fd_table *in = NULL;
    double assumed, capital, both[2];
    const bool decompose = decomposes(call);
    int err;

    if ((err = capital_share(&assumed, call)) < 0 || (err = read_city(&in, &p, decompose)) < 0)
        return err;
    if (p.unprotected && p.statistical && out &&
        (strcmp(out, "firms") == 0 || strcmp(out, "data") == 0)) {
        fd_table_free(in);
        return fd_error_set(FD_EDENIED, "这些数来自统计报表,只给出全市合计的分解",
                            "these figures come from statistical returns: the whole only");
    }
    capital = add_shares(in, assumed);
    note_assumptions(in, capital, !isnan(assumed), decompose);
    both[0] = capital;
    both[1] = 1 - capital;
    o.elasticities = both;
    o.elasticity_count = 2;
    o.solow = true;
    if (decompose) {
        add_levels(in, capital);
        o.decompose = true;
        o.level = "ln_tfp";
        o.weight = "weight";
    }
    return fd_verb_city_answer(NULL, call, result, in, answer,
                               &(asked){ o, p.unprotected && p.statistical });
}

static const fd_verb_param city_params[] = {
    { "by", FD_P_TEXT, false, false, false, "DIM",
      "单位:division、county、chain、size、city(全市)、enterprise(默认 division)",
      "units: division, county, chain, size, city, enterprise (division)", NULL },
    FD_CITY_PERIOD_PARAMS,
    { "decompose", FD_P_FLAG, false, false, false, NULL,
      "把全市变动分解到企业:企业内、企业间、进入、退出",
      "split the city's change over firms: within, between, entry, exit", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME",
      "要哪张表(默认 growth;分解时 aggregate);data 是引擎吃的那张表",
      "which table (growth; aggregate when decomposing); data is what the engine is given",
      "growth|units|aggregate|firms|data" },
    { "capital-share", FD_P_NUMBER, false, false, false, "SHARE", "资本份额(默认 1 - 薪酬÷增加值)",
      "capital's share (1 - pay / value added)", NULL },
    { "value", FD_P_TEXT, false, false, false, "ID", "产出(默认 value_added_total)",
      "output (value_added_total)", NULL },
    { "capital", FD_P_TEXT, false, false, false, "ID", "资本(默认 net_fixed_assets)",
      "capital (net_fixed_assets)", NULL },
    { "labour", FD_P_TEXT, false, false, false, "ID", "劳动(默认 staff_sum)", "labour (staff_sum)",
      NULL },
    { "pay", FD_P_TEXT, false, false, false, "ID", "劳动报酬(默认 payroll_total)",
      "pay (payroll_total)", NULL },
    { "deflator", FD_P_TEXT, false, false, false, "ITEM",
      "分行业价格指数(默认 ppi);none 不剔除价格", "price index by division (ppi); none", NULL },
};
static const char *const city_examples[] = {
    "tfp city --by county --from 2020 --to 2024 --city out/huanzhou.fangding",
    "tfp city --by city --out units --city out/huanzhou.fangding",
    "tfp city --decompose --from 2020 --to 2024 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_tfp_city = {
    .name = "tfp city",
    .zh = "本市全要素生产率:行业、县区、产业链、全市的增长,以及企业内、企业间、进入、退出的贡献",
    .en = "the city's total factor productivity: industries, counties, the whole; within, between, "
          "entry, exit",
    .detail_zh =
        "产出是各大类按价格指数折成首期价格的增加值。--out data 给出引擎吃的那张表:存成文件,"
        "用 tfp 文件 --elasticities(分解时 --level ln_tfp --weight weight)逐位相同。",
    .detail_en =
        "Output is value added at prices of the first period, by division. --out data is the "
        "engine's own table: tfp FILE --elasticities (--level ln_tfp --weight weight) gives the "
        "same digits.",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = city_params,
    .param_count = sizeof city_params / sizeof *city_params,
    .examples = city_examples,
    .run = run_city,
};
