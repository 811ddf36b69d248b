/*
 * prodfun: production functions from a panel of firms.
 */
#include <stdlib.h>
#include <string.h>

#include "app/registry.h"
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

static int run_prodfun(fd_call *call, fd_result *result)
{
    fd_prodfun_options options = FD_PRODFUN_OPTIONS_INIT;
    const char *text[2] = { fd_call_text(call, "id"), fd_call_text(call, "time") };
    const char **labour;
    fd_table *in = NULL, *out = NULL;
    int err;

    options.id = text[0];
    options.time = text[1];
    options.output = fd_call_text(call, "outputs");
    options.full_first_stage = fd_call_flag(call, "full-first-stage");
    options.labour_count = fd_call_list(call, "labour", &labour);
    options.labour = labour;
    options.capital = fd_call_text(call, "capital");
    options.proxy = fd_call_text(call, "proxy");
    options.investment = fd_call_text(call, "investment");
    if ((err = read_methods(call, &options)) < 0 || (err = read_counts(call, &options)) < 0 ||
        (err = fd_csv_table(&in, fd_call_text(call, "file"), text, 2, text[0] ? 0 : 1)) < 0)
        return err;
    err = fd_prodfun_run(&out, in, &options);
    if (err >= 0) {
        say(result, out);
        fd_result_add(result, out);
    }
    fd_table_free(in);
    return err;
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
    { "full-first-stage", FD_P_FLAG, false, false, false, NULL,
      "ACF 的第一阶段用全部投入与代理变量的二次多项式(默认:劳动线性,资本与代理变量二次)",
      "ACF: a first stage of degree 2 in all inputs (else labour enters linearly)", NULL },
    { "bootstrap", FD_P_INTEGER, false, false, false, "N", "按单位重抽 N 次求标准误(默认不求)",
      "standard errors from N resamples of units (none)", NULL },
    { "seed", FD_P_INTEGER, false, false, false, "N", "重抽的种子(默认 1)", "seed (1)", NULL },
    { "threads", FD_P_INTEGER, false, false, false, "N", "线程数(默认每处理器一个;结果不变)",
      "threads (one for each processor; the result is the same)", NULL },
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
