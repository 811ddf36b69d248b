/*
 * tfp: growth of total factor productivity from a plain CSV, and whose it is.
 */
#include <math.h>
#include <string.h>

#include "app/registry.h"
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

static int run_tfp(fd_call *call, fd_result *result)
{
    static const char *const names[] = { "growth", "units", "aggregate", "firms" };
    fd_tfp_options options = FD_TFP_OPTIONS_INIT;
    const char *wanted = fd_call_text(call, "out");
    const char *text[2] = { fd_call_text(call, "id"), fd_call_text(call, "time") };
    const char **inputs, **shares;
    fd_tfp all;
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
    options.decompose =
        fd_call_flag(call, "decompose") || options.level ||
        (wanted && (strcmp(wanted, "aggregate") == 0 || strcmp(wanted, "firms") == 0));
    wanted = wanted ? wanted : options.decompose ? "aggregate" : "growth";
    if ((err = read_elasticities(call, &options)) < 0 ||
        (err = fd_csv_table(&in, fd_call_text(call, "file"), text, 2, text[0] ? 0 : 1)) < 0)
        return err;
    err = fd_tfp_run(&all, in, &options);
    if (err >= 0) {
        fd_table **const tables[] = { &all.growth, &all.units, &all.aggregate, &all.firms };

        if (options.decompose)
            say_parts(result, all.aggregate);
        else
            say_growth(result, all.growth);
        err = fd_result_pick(result, wanted, tables, names, sizeof names / sizeof *names);
        fd_tfp_dispose(&all);
    }
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
