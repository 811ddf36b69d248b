/*
 * chain closure: from drawing to finished machine without leaving the park; from plain CSV.
 */
#include <stdlib.h>
#include <string.h>

#include "app/registry.h"
#include "base/pool.h"
#include "fangding/chain.h"
#include "io/csvtable.h"

typedef int table_maker(fd_table **out, const fd_bom *bom, const fd_closure_options *options);

static const struct {
    const char *name;
    table_maker *make;
} makers[] = {
    { "summary", fd_closure_summary },         { "status", fd_closure_status },
    { "explosion", fd_closure_explosion },     { "failures", fd_closure_failures },
    { "max-output", fd_closure_max_output },   { "producers", fd_closure_producers },
    { "bottlenecks", fd_closure_bottlenecks }, { "lost", fd_closure_lost },
};

static int read_bom(fd_bom **out, const fd_call *call)
{
    static const char *const text[] = { "item",   "name",  "class",      "product",
                                        "recipe", "input", "enterprise", "territory" };
    static const char *const files[] = { "items", "recipes", "enterprises" };
    const char *names[3];
    fd_table *tables[3] = { NULL };
    int err = 0;

    for (int i = 0; i < 3 && err >= 0; i++) {
        names[i] = fd_call_text(call, files[i]);
        err = fd_csv_table(&tables[i], names[i], text, sizeof text / sizeof *text, 0);
    }
    if (err >= 0)
        err = fd_bom_read(out, &(fd_bom_input){ tables[0], tables[1], tables[2], names[0], names[1],
                                                names[2] });
    for (int i = 0; i < 3; i++)
        fd_table_free(tables[i]);
    return err;
}

/* The sentence for a meeting, from the row of the territory asked for. */
static void say(fd_result *result, const fd_table *summary)
{
    const fd_column *place = summary->columns[0];
    double n[3];

    if (!summary->rows)
        return;
    for (size_t i = 0; i < 3; i++)
        n[i] = fd_number_to_double(fd_column_number(summary->columns[i + 1], 0));
    fd_result_say(result, "%s:所需 %.0f 种产品,%.0f 种有企业生产,%.0f 种真能造出来。",
                  "%s: of %.0f items needed, %.0f have a producer and %.0f can really be made.",
                  fd_column_text_or(place, 0, ""), n[0], n[1], n[2]);
}

static int run_closure(fd_call *call, fd_result *result)
{
    fd_closure_options options = FD_CLOSURE_OPTIONS_INIT;
    const char *wanted = fd_call_text(call, "out"), *target = fd_call_text(call, "target");
    fd_table *summary = NULL, *table = NULL;
    fd_bom *bom = NULL;
    int err;

    options.territory = fd_call_text(call, "territory");
    options.final = fd_call_text(call, "final");
    options.recipe = fd_call_text(call, "recipe");
    options.target = target ? strtod(target, NULL) : 0;
    options.pool = fd_pool_new(0);
    if ((err = read_bom(&bom, call)) < 0 || (err = fd_closure_summary(&summary, bom, &options)) < 0)
        goto done;
    say(result, summary);
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (strcmp(wanted ? wanted : "summary", makers[i].name) == 0)
            err = makers[i].make(&table, bom, &options);
    if (err >= 0)
        fd_result_add(result, table);
done:
    fd_table_free(summary);
    fd_bom_free(bom);
    fd_pool_free(options.pool);
    return err;
}

static const fd_verb_param closure_params[] = {
    { "items", FD_P_PATH, false, true, false, "FILE", "产品表:item, name, class, unit_cost",
      "items: item, name, class, unit_cost", NULL },
    { "recipes", FD_P_PATH, false, true, false, "FILE", "配方表:product, recipe, input, qty",
      "recipes: product, recipe, input, qty", NULL },
    { "enterprises", FD_P_PATH, false, true, false, "FILE",
      "企业表:enterprise, territory, item, capacity_per_year",
      "enterprises: enterprise, territory, item, capacity_per_year", NULL },
    { "territory", FD_P_TEXT, false, false, false, "T",
      "地域:park、city、province、national、overseas(含其内各级),或 A+B 只算这几级(默认最内一级)",
      "territory with all levels inside it, or A+B for just these (the innermost)", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 summary)",
      "which table (summary)",
      "summary|status|explosion|failures|max-output|producers|bottlenecks|lost" },
    { "final", FD_P_TEXT, false, false, false, "ITEM", "最终产品(默认由配方得出)",
      "the final good (found from the recipes)", NULL },
    { "recipe", FD_P_TEXT, false, false, false, "NAME",
      "explosion:有几条配方时用哪条,名称或 产品=名称,逗号分隔(默认第一条)",
      "explosion: which recipe where there are several, NAME or ITEM=NAME, by commas (the first)",
      NULL },
    { "target", FD_P_NUMBER, false, false, false, "N", "bottlenecks:目标年产量",
      "bottlenecks: output wanted a year", NULL },
};
static const char *const closure_examples[] = {
    "chain closure --items items.csv --recipes recipes.csv --enterprises makers.csv "
    "--territory park --out status --format csv",
    NULL
};
const fd_verb fd_verb_chain_closure = {
    .name = "chain closure",
    .zh = "不出园区能不能造出来:断点、堵点、用量、最大产量、单点失效、最少补哪几环",
    .en = "what can be made without leaving the park: gaps, quantities, largest output, failures",
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = closure_params,
    .param_count = sizeof closure_params / sizeof *closure_params,
    .examples = closure_examples,
    .run = run_closure,
};
