/*
 * prodfun: production functions from a panel of firms; from a plain CSV, or from the city.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/protect.h"
#include "app/registry.h"
#include "app/verbs/panel.h"
#include "fangding/prodfun.h"
#include "io/csvtable.h"

static int read_methods(const fd_call *call, fd_prodfun_options *o)
{
    static const char *const names[] = { "ols", "fe", "op", "lp", "acf" };
    const char **words;
    const size_t count = fd_call_list(call, "method", &words);

    for (size_t i = 0; i < count; i++) {
        size_t k = 0;

        while (k < FD_PRODFUN_METHODS && strcmp(words[i], names[k]) != 0)
            k++;
        if (k == FD_PRODFUN_METHODS)
            return fd_error_set(FD_EINVAL, "--method 没有“%s”:ols、fe、op、lp、acf",
                                "--method: no '%s': ols, fe, op, lp, acf", words[i]);
        o->method[k] = true;
    }
    return 0;
}

static int read_counts(const fd_call *call, fd_prodfun_options *o)
{
    int64_t bootstraps = 0, seed = 1, threads = 0;
    int err;

    if ((err = fd_call_integer(call, "bootstrap", &bootstraps)) < 0 ||
        (err = fd_call_integer(call, "seed", &seed)) < 0 ||
        (err = fd_call_integer(call, "threads", &threads)) < 0)
        return err;
    if (bootstraps < 0 || bootstraps > 100000 || threads < 0 || threads > 256)
        return fd_error_set(FD_EINVAL, "--bootstrap 应在 0 到 100000,--threads 在 0 到 256",
                            "--bootstrap takes 0 to 100000, --threads 0 to 256");
    o->bootstraps = (size_t)bootstraps;
    o->seed = (uint64_t)seed;
    o->threads = (size_t)threads;
    return 0;
}

/* The last row that has coefficients: the method with the fewest assumptions against it. */
static void say(fd_result *result, const fd_table *t)
{
    const size_t last = (size_t)fd_table_find(t, "criterion") - 1;

    for (size_t r = t->rows; r-- > 0;) {
        double sum = 0;

        if (fd_column_state(t->columns[last], r) != FD_HAS)
            continue;
        for (size_t c = 1; c <= last; c++)
            sum += fd_number_to_double(fd_column_number(t->columns[c], r));
        fd_result_say(result,
                      "会上可说:按 %s 估计,资本投入多 10%%,产出约多 %.1f%%;各投入弹性合计 %.2f。",
                      "To say: by %s, 10%% more capital goes with about %.1f%% more output; the "
                      "elasticities sum to %.2f.",
                      fd_column_text(t->columns[0], r),
                      10 * fd_number_to_double(fd_column_number(t->columns[last], r)), sum);
        return;
    }
}

static int answer(fd_call *call, fd_result *result, const fd_table *in, void *options)
{
    fd_prodfun_options *o = options;
    fd_table *out = NULL;
    int err;

    o->full_first_stage = fd_call_flag(call, "full-first-stage");
    if ((err = read_methods(call, o)) < 0 || (err = read_counts(call, o)) < 0 ||
        (err = fd_prodfun_run(&out, in, o)) < 0)
        return err;
    say(result, out);
    fd_result_add(result, out);
    return 0;
}

static int run_prodfun(fd_call *call, fd_result *result)
{
    fd_prodfun_options options = FD_PRODFUN_OPTIONS_INIT;
    const char *text[2] = { fd_call_text(call, "id"), fd_call_text(call, "time") };
    const char **labour;
    fd_table *in = NULL;
    int err;

    options.id = text[0];
    options.time = text[1];
    options.output = fd_call_text(call, "outputs");
    options.labour_count = fd_call_list(call, "labour", &labour);
    options.labour = labour;
    options.capital = fd_call_text(call, "capital");
    options.proxy = fd_call_text(call, "proxy");
    options.investment = fd_call_text(call, "investment");
    if ((err = fd_csv_table(&in, fd_call_text(call, "file"), text, 2, text[0] ? 0 : 1)) < 0)
        return err;
    err = answer(call, result, in, &options);
    fd_table_free(in);
    return err;
}

#define PRODFUN_PARAMS                                                                              \
    { "full-first-stage",                                                                           \
      FD_P_FLAG,                                                                                    \
      false,                                                                                        \
      false,                                                                                        \
      false,                                                                                        \
      NULL,                                                                                         \
      "ACF 的第一阶段用全部投入与代理变量的二次多项式(默认:劳动线性,资本与代理变量二次)",           \
      "ACF: a first stage of degree 2 in all inputs (else labour enters linearly)",                 \
      NULL },                                                                                       \
        { "bootstrap",                                                                              \
          FD_P_INTEGER,                                                                             \
          false,                                                                                    \
          false,                                                                                    \
          false,                                                                                    \
          "N",                                                                                      \
          "按单位重抽 N 次求标准误(默认不求)",                                                      \
          "standard errors from N resamples of units (none)",                                       \
          NULL },                                                                                   \
        { "seed", FD_P_INTEGER, false, false, false, "N", "重抽的种子(默认 1)", "seed (1)", NULL }, \
    {                                                                                               \
        "threads", FD_P_INTEGER, false, false, false, "N", "线程数(默认每处理器一个;结果不变)",     \
            "threads (one for each processor; the result is the same)", NULL                        \
    }

static const fd_verb_param prodfun_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "长表:单位、期间、产出和投入的对数",
      "long table: unit, period, logs of output and inputs", NULL },
    { "method", FD_P_LIST, false, false, false, "METHODS",
      "ols、fe、op、lp、acf,逗号分隔(默认:列齐的全部)",
      "ols, fe, op, lp, acf (all whose columns are there)", NULL },
    { "id", FD_P_TEXT, false, false, false, "COLUMN", "单位列(默认第一列)",
      "column of units (the first)", NULL },
    { "time", FD_P_TEXT, false, false, false, "COLUMN",
      "期间列(默认名为 t、year、time、period 的列,否则第二列)",
      "column of periods (t, year, time or period, else the second)", NULL },
    { "outputs", FD_P_TEXT, false, false, false, "COLUMN", "产出的对数(默认 ln_y)",
      "log output (ln_y)", NULL },
    { "labour", FD_P_LIST, false, false, false, "COLUMNS",
      "劳动等可变投入的对数(默认 ln_l_*、ln_l)", "log labour and other free inputs (ln_l_*, ln_l)",
      NULL },
    { "capital", FD_P_TEXT, false, false, false, "COLUMN", "资本的对数(默认 ln_k)",
      "log capital (ln_k)", NULL },
    { "proxy", FD_P_TEXT, false, false, false, "COLUMN", "代理变量的对数,供 LP、ACF(默认 ln_proxy)",
      "log proxy for LP and ACF (ln_proxy)", NULL },
    { "investment", FD_P_TEXT, false, false, false, "COLUMN", "投资的对数,供 OP(默认 ln_inv)",
      "log investment for OP (ln_inv)", NULL },
    PRODFUN_PARAMS,
};
static const char *const prodfun_examples[] = {
    "prodfun plants.csv --method ols,fe --format csv",
    "prodfun plants.csv --bootstrap 10 --seed 7",
    NULL,
};
const fd_verb fd_verb_prodfun = {
    .name = "prodfun",
    .zh = "生产函数:OLS、固定效应、Olley–Pakes、Levinsohn–Petrin、Ackerberg–Caves–Frazer",
    .en = "production functions: OLS, within, Olley–Pakes, Levinsohn–Petrin, "
          "Ackerberg–Caves–Frazer",
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = prodfun_params,
    .param_count = sizeof prodfun_params / sizeof *prodfun_params,
    .examples = prodfun_examples,
    .run = run_prodfun,
};

/* ---- from the city ---- */

/* The table of logs that the engine takes. */
static fd_table *logs_of(const fd_table *in)
{
    fd_table *t = fd_table_new("data", "引擎用的表(对数)", "What the engine is given (logs)");

    fd_table_add_new(t, "id", "企业", "Firm", FD_TEXT, "", 0);
    fd_table_add_new(t, "t", "期间", "Period", FD_TEXT, "", 0);
    for (size_t c = 2; c < in->column_count; c++)
        fd_table_add_new(t, in->columns[c]->id, in->columns[c]->title[FD_ZH],
                         in->columns[c]->title[FD_EN], FD_EST, "", 0);
    for (size_t r = 0; r < in->rows; r++) {
        const size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, fd_column_text_or(in->columns[0], r, ""));
        fd_column_set_text(t->columns[1], row, fd_column_text_or(in->columns[1], r, ""));
        for (size_t c = 2; c < in->column_count; c++)
            fd_column_set_est(t->columns[c], row, log(in->columns[c]->v.est[r]));
    }
    for (size_t k = 0; k < in->note_count; k++)
        fd_table_add_note(t, in->notes[0][k], in->notes[1][k]);
    return t;
}

static int read_city(fd_table **out, fd_city_panel *p)
{
    static const struct {
        const char *column, *param, *otherwise;
    } columns[] = { { "ln_y", "value", "value_added_total" },
                    { "ln_l", "labour", "staff_sum" },
                    { "ln_k", "capital", "net_fixed_assets" },
                    { "ln_proxy", "proxy", "intermediate_total" } };
    const char *deflator = fd_call_text(p->call, "deflator");
    fd_table *levels = NULL;
    int err;

    p->deflator = deflator ? deflator : "ppi";
    p->by_count = 1;
    p->by[0] = "enterprise";
    if ((err = fd_protect_enterprises(p->call)) < 0)
        return err;
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
        const char *what = fd_call_text(p->call, columns[k].param);
        fd_city_quantity *q = &p->quantities[p->count];

        if ((err = fd_city_add(p, columns[k].column, what ? what : columns[k].otherwise,
                               FD_CITY_PLAIN)) < 0)
            return err;
        if ((k == 0 || k == 3) && fd_city_is_money(q) && strcmp(p->deflator, "none") != 0)
            q->use = FD_CITY_REAL;
    }
    if ((err = fd_city_find_periods(p, 2)) < 0 || (err = fd_city_read(&levels, p)) < 0)
        return err;
    *out = logs_of(levels);
    fd_table_free(levels);
    fd_table_add_note(
        *out, "资本按账面净额(历史成本);代理变量是中间投入 = 总产值 - 增加值",
        "capital at book value; the proxy is intermediate input, output less value added");
    return 0;
}

enum { FEWEST_ROWS = 30 }; /* coefficients of fewer would tell of single firms */

static int run_city(fd_call *call, fd_result *result)
{
    fd_prodfun_options o = FD_PRODFUN_OPTIONS_INIT;
    fd_city_panel p = { .call = call, .above_zero = true, .unprotected = true };
    const char *wanted = fd_call_text(call, "out");
    fd_table *in = NULL;
    int err;

    if ((err = read_city(&in, &p)) < 0)
        return err;
    if (p.statistical && ((wanted && strcmp(wanted, "data") == 0) || in->rows < FEWEST_ROWS)) {
        fd_table_free(in);
        return fd_error_set(
            FD_EDENIED, "这些数来自统计报表:逐户的表,或不足 30 行的估计,不给出",
            "statistical returns: no table by firm, no estimate from fewer than 30 rows");
    }
    return fd_verb_city_answer(NULL, call, result, in, answer, &o);
}

static const fd_verb_param city_params[] = {
    { "method", FD_P_LIST, false, false, false, "METHODS",
      "ols、fe、op、lp、acf,逗号分隔(默认:列齐的全部)",
      "ols, fe, op, lp, acf (all whose columns are there)", NULL },
    FD_CITY_PERIOD_PARAMS,
    { "value", FD_P_TEXT, false, false, false, "ID", "产出(默认 value_added_total)",
      "output (value_added_total)", NULL },
    { "labour", FD_P_TEXT, false, false, false, "ID", "劳动(默认 staff_sum)", "labour (staff_sum)",
      NULL },
    { "capital", FD_P_TEXT, false, false, false, "ID", "资本(默认 net_fixed_assets)",
      "capital (net_fixed_assets)", NULL },
    { "proxy", FD_P_TEXT, false, false, false, "ID", "代理变量(默认中间投入 intermediate_total)",
      "proxy (intermediate_total)", NULL },
    { "deflator", FD_P_TEXT, false, false, false, "ITEM",
      "分行业价格指数(默认 ppi);none 不剔除价格", "price index by division (ppi); none", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME",
      "要哪张表(默认 coefficients);data 是引擎吃的那张表(统计部门)",
      "which table (coefficients); data is what the engine is given (statistics bureau)",
      "coefficients|data" },
    PRODFUN_PARAMS,
};
static const char *const city_examples[] = {
    "prodfun city --method ols,fe --city out/huanzhou.fangding",
    "prodfun city --method acf --from 2020 --to 2024 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_prodfun_city = {
    .name = "prodfun city",
    .zh = "本市规上企业的生产函数:各投入的弹性,五种估计并列",
    .en =
        "production functions of the city's enterprises above scale: elasticities by five methods",
    .detail_zh = "逐户取对数;产出和中间投入按分行业价格指数折成首期价格。只给系数,不给逐户的数。",
    .detail_en = "Logs by firm; output and intermediate input at prices of the first period. "
                 "Coefficients only, no figures of firms.",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .is_job = true,
    .params = city_params,
    .param_count = sizeof city_params / sizeof *city_params,
    .examples = city_examples,
    .run = run_city,
};
