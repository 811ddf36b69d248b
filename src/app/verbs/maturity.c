/*
 * maturity: what is known of firms' maturity on a day, from their own claims and evidence.
 */
#include <string.h>

#include "app/collect.h"
#include "app/registry.h"
#include "fangding/maturity.h"
#include "io/csvtable.h"

static int run_maturity(fd_call *call, fd_result *result)
{
    static const char *const names[] = { "units", "groups", "claims" };
    const char *const texts[] = { "id",    "item",  "evidence", "expires",
                                  "group", "chain", "county",   fd_call_text(call, "by") };
    fd_maturity_options options = FD_MATURITY_OPTIONS_INIT;
    const char *wanted = fd_call_text(call, "out");
    int64_t top = options.top;
    fd_maturity all;
    fd_table *in = NULL;
    int err;

    options.by = fd_call_text(call, "by");
    options.weight = fd_call_text(call, "weight");
    if ((err = fd_collect_today(&options.at, fd_call_text(call, "today"))) < 0 ||
        (err = fd_call_integer(call, "top", &top)) < 0 ||
        (err = fd_csv_table(&in, fd_call_text(call, "file"), texts, sizeof texts / sizeof *texts,
                            0)) < 0)
        return err;
    options.top = top < 0 || top > 1000 ? 0 : (int)top;
    if ((err = fd_maturity_run(&all, in, &options)) >= 0) {
        fd_table **const tables[] = { &all.units, &all.groups, &all.claims };
        const size_t last = all.groups->rows - 1;

        if (fd_column_state(all.groups->columns[1], last) == FD_HAS)
            fd_result_say(
                result, "会上可说:有凭据的部分平均 %.1f 级,覆盖 %.0f%%;其余不知道,不是 0 级。",
                "To say: where there is evidence the level is %.1f, over %.0f%% of it; the "
                "rest is unknown, not level 0.",
                all.groups->columns[1]->v.est[last], 100 * all.groups->columns[2]->v.est[last]);
        err = fd_result_pick(result, wanted, tables, names, sizeof names / sizeof *names);
        fd_maturity_dispose(&all);
    }
    fd_table_free(in);
    return err;
}

static const fd_verb_param maturity_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE",
      "一行一项自评:id、item、level、evidence、expires,可带 item_weight、分组、产值",
      "a row for each claim: id, item, level, evidence, expires; item_weight, group, output",
      NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 units)",
      "which table (units)", "units|groups|claims" },
    { "today", FD_P_TEXT, false, false, false, "DAY", "以这一天为准(默认今天)",
      "as of this day (default: today)", NULL },
    { "by", FD_P_TEXT, false, false, false, "COLUMN", "分组列(默认 group、chain 或 county)",
      "column of groups (group, chain or county)", NULL },
    { "weight", FD_P_TEXT, false, false, false, "COLUMN", "汇总的权数列(默认 output,没有就每家 1)",
      "weight in the roll-up (output, else 1 each)", NULL },
    { "top", FD_P_INTEGER, false, false, false, "N", "最高等级(默认 5)", "the highest level (5)",
      NULL },
};
static const char *const maturity_examples[] = {
    "maturity claims.csv --today 2025-01-20",
    "maturity claims.csv --today 2025-01-20 --out groups --by chain",
    NULL,
};
const fd_verb fd_verb_maturity = {
    .name = "maturity",
    .zh = "成熟度自评:每项要凭据和有效期,过期或没有凭据就是不知道;按链、按县加权汇总",
    .en = "maturity by self-assessment: no evidence or expired means unknown; roll-up by group",
    .purpose = FD_SERVICE,
    .params = maturity_params,
    .param_count = sizeof maturity_params / sizeof *maturity_params,
    .examples = maturity_examples,
    .run = run_maturity,
};
