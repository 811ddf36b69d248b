/*
 * complexity: who makes what, and what that says; from a plain CSV.
 */
#include <string.h>

#include "app/registry.h"
#include "fangding/complexity.h"
#include "io/csvtable.h"

static int run_complexity(fd_call *call, fd_result *result)
{
    static const char *const names[] = { "summary", "locations", "products",
                                         "cells",   "proximity", "variety" };
    fd_complexity_options options = FD_COMPLEXITY_OPTIONS_INIT;
    const char *wanted = fd_call_text(call, "out");
    const char *text[2];
    fd_complexity all;
    fd_table *in = NULL;
    int err;

    options.location = text[0] = fd_call_text(call, "location");
    options.product = text[1] = fd_call_text(call, "product");
    options.value = fd_call_text(call, "value");
    wanted = wanted ? wanted : "locations";
    options.cells = strcmp(wanted, "cells") == 0;
    options.proximity = strcmp(wanted, "proximity") == 0;
    options.variety = strcmp(wanted, "variety") == 0;
    options.relatedness = strcmp(wanted, "summary") != 0 && strcmp(wanted, "variety") != 0;
    if ((err = fd_csv_table(&in, fd_call_text(call, "file"), text, 2, text[0] || text[1] ? 0 : 2)) <
        0)
        return err;
    err = fd_complexity_run(&all, in, &options);
    if (err >= 0) {
        fd_table **const tables[] = { &all.summary, &all.locations, &all.products,
                                      &all.cells,   &all.proximity, &all.variety };

        err = fd_result_pick(result, wanted, tables, names, sizeof names / sizeof *names);
        fd_complexity_dispose(&all);
    }
    fd_table_free(in);
    return err;
}

static const fd_verb_param complexity_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "长表:地区、产品、数值",
      "long table: location, product, value", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 locations)",
      "which table (locations)", "summary|locations|products|cells|proximity|variety" },
    { "location", FD_P_TEXT, false, false, false, "COLUMN", "地区列(默认第一列)",
      "column of locations (the first)", NULL },
    { "product", FD_P_TEXT, false, false, false, "COLUMN", "产品列(默认第二列)",
      "column of products (the second)", NULL },
    { "value", FD_P_TEXT, false, false, false, "COLUMN", "数值列(默认最后一列)",
      "column of values (the last)", NULL },
};
static const char *const complexity_examples[] = {
    "complexity trade.csv --out products --format csv", NULL
};
const fd_verb fd_verb_complexity = {
    .name = "complexity",
    .zh = "经济复杂度:比较优势、复杂度指数、适应度、邻近度、密度、机会前景、多样性",
    .en = "economic complexity: RCA, ECI and PCI, fitness, proximity, density, outlook, variety",
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = complexity_params,
    .param_count = sizeof complexity_params / sizeof *complexity_params,
    .examples = complexity_examples,
    .run = run_complexity,
};
