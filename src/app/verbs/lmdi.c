/*
 * lmdi: how much of a change each factor has made; from a plain CSV.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/registry.h"
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

static int run_lmdi(fd_call *call, fd_result *result)
{
    static const char *const names[] = { "effects", "factors", "terms" };
    static const char *const spans[] = { "ends", "steps", "both", "chained" };
    fd_lmdi_options options = FD_LMDI_OPTIONS_INIT;
    const char *factors = NULL;
    const char *chain = fd_call_text(call, "chain"), *wanted = fd_call_text(call, "out");
    fd_table *in = NULL;
    fd_lmdi all;
    int err;

    options.by = fd_call_text(call, "by");
    options.time = fd_call_text(call, "time");
    options.value = fd_call_text(call, "value");
    for (size_t k = 0; k < call->rest_count; k++)
        factors =
            fd_arena_printf(call->arena, "%s%s%s", k ? factors : "", k ? ";" : "", call->rest[k]);
    options.factors = factors;
    options.terms = wanted && strcmp(wanted, "terms") == 0;
    for (size_t k = 0; chain && k < 4; k++)
        if (strcmp(chain, spans[k]) == 0)
            options.spans = (fd_lmdi_spans)k;
    if (options.terms && options.spans == FD_LMDI_CHAINED)
        return fd_error_set(FD_EINVAL, "逐期相连没有 terms 表", "a chain has no table of terms");
    if ((err = read_file(&in, call, &options)) < 0)
        return err;
    if ((err = fd_lmdi_run(&all, in, &options)) >= 0) {
        fd_table **const tables[] = { &all.effects, &all.factors, &all.terms };

        say(result, all.effects);
        err = fd_result_pick(result, wanted, tables, names, 3);
        fd_lmdi_dispose(&all);
    }
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
