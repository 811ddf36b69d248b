/*
 * chain cascade: how much stops when one firm stops; from plain CSV.
 */
#include <stdlib.h>

#include "app/registry.h"
#include "base/pool.h"
#include "fangding/chain.h"
#include "io/csvtable.h"

/* The firm whose failure stops most. */
static void say(fd_result *result, const fd_table *t)
{
    double most = -1;
    size_t at = 0;

    for (size_t i = 0; i < t->rows; i++) {
        const double esri = fd_number_to_double(fd_column_number(t->columns[1], i));

        if (esri > most) {
            most = esri;
            at = i;
        }
    }
    if (t->rows)
        fd_result_say(result, "%s 一家停产,最终会带停 %.1f%% 的产出,是网络里最要紧的一家。",
                      "%s alone would stop %.1f%% of all output, more than any other firm.",
                      fd_column_text_or(t->columns[0], at, ""), 100 * most);
}

static int run_cascade(fd_call *call, fd_result *result)
{
    static const char *const text[] = { "firm", "sector", "supplier", "buyer" };
    static const char *const files[] = { "firms", "links", "essential" };
    fd_cascade_options options = FD_CASCADE_OPTIONS_INIT;
    const char *stop = fd_call_text(call, "stop"), *names[3] = { NULL };
    fd_table *tables[3] = { NULL }, *t = NULL;
    int err = 0;

    for (int i = 0; i < 3 && err >= 0; i++) {
        names[i] = fd_call_text(call, files[i]);
        err = fd_csv_table(&tables[i], names[i], text, sizeof text / sizeof *text, i == 2);
    }
    options.firms_name = names[0];
    options.links_name = names[1];
    options.essential_name = names[2];
    options.stop = stop ? strtod(stop, NULL) : options.stop;
    options.replaceability = !fd_call_flag(call, "no-replaceability");
    options.pool = fd_pool_new(0);
    if (err >= 0 && options.stop < 0)
        err = fd_error_set(FD_EINVAL, "--stop 不能是负数", "--stop may not be negative");
    if (err >= 0 && (err = fd_cascade_run(&t, tables[0], tables[1], tables[2], &options)) >= 0) {
        say(result, t);
        fd_result_add(result, t);
    }
    fd_pool_free(options.pool);
    for (int i = 0; i < 3; i++)
        fd_table_free(tables[i]);
    return err;
}

static const fd_verb_param cascade_params[] = {
    { "firms", FD_P_PATH, false, true, false, "FILE",
      "企业:firm, sector, final_sales, out_strength",
      "firms: firm, sector, final_sales, out_strength", NULL },
    { "links", FD_P_PATH, false, true, false, "FILE", "供货:supplier, buyer, volume",
      "links: supplier, buyer, volume", NULL },
    { "essential", FD_P_PATH, false, true, false, "FILE",
      "必需投入:首列为投入部门,其余各列为购买部门,1 为必需",
      "essential inputs: first column the input's sector, others the buyer's, 1 essential", NULL },
    { "stop", FD_P_NUMBER, false, false, false, "X", "变化不超过它就不再传(默认 1e-12)",
      "a change at most so large is not carried on (1e-12)", NULL },
    { "no-replaceability", FD_P_FLAG, false, false, false, NULL, "不算可替代的一列",
      "leave out the column with replaceability", NULL },
};
static const char *const cascade_examples[] = {
    "chain cascade --firms firms.csv --links links.csv --essential essential.csv --format csv", NULL
};
const fd_verb fd_verb_chain_cascade = {
    .name = "chain cascade",
    .zh = "一家企业停产,沿供应网络带停多少产出(ESRI)",
    .en = "how much output stops along the supply network when one firm stops (ESRI)",
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = cascade_params,
    .param_count = sizeof cascade_params / sizeof *cascade_params,
    .examples = cascade_examples,
    .run = run_cascade,
};
