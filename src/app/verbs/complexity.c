/*
 * complexity: who makes what, and what that says; from a plain CSV, or from the city's counties and
 * their industries or chains.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/registry.h"
#include "app/verbs/panel.h"
#include "fangding/complexity.h"
#include "io/csvtable.h"

static double number(const fd_table *t, const char *column, size_t row)
{
    return t->columns[fd_table_find(t, column)]->v.est[row];
}

/* The ECI is defined: lambda2 differs from 1 and from lambda3, as its note says. */
static bool is_defined(const fd_table *summary)
{
    const double second = number(summary, "value", 3), third = number(summary, "value", 4);

    return second < 1 - 1e-9 && second > third + 1e-9;
}

/* Who has the most complex basket, and which product asks most. */
static void say(fd_result *result, const fd_complexity *all)
{
    const fd_table *l = all->locations, *p = all->products;
    size_t best = 0, last = 0, product = 0;

    if (!is_defined(all->summary))
        return;
    for (size_t r = 1; r < l->rows; r++) {
        best = number(l, "eci", r) > number(l, "eci", best) ? r : best;
        last = number(l, "eci", r) < number(l, "eci", last) ? r : last;
    }
    for (size_t r = 1; r < p->rows; r++)
        product = number(p, "pci", r) > number(p, "pci", product) ? r : product;
    fd_result_say(
        result,
        "%zu 个地区里,%s 做得出的东西别处最少有(ECI %.2f),%s 最常见(%.2f);最不容易做的是 %s",
        "of %zu locations %s makes what fewest others can (ECI %.2f), %s what most can "
        "(%.2f); the product that asks most is %s",
        l->rows, fd_column_text_or(l->columns[0], best, ""), number(l, "eci", best),
        fd_column_text_or(l->columns[0], last, ""), number(l, "eci", last),
        fd_column_text_or(p->columns[0], product, ""));
}

/* The answer to a table, wherever it comes from. */
static int answer(fd_call *call, fd_result *result, const fd_table *in, void *options)
{
    static const char *const names[] = { "summary", "locations", "products",
                                         "cells",   "proximity", "variety" };
    fd_complexity_options *o = options;
    const char *wanted = fd_call_text(call, "out");
    fd_complexity all;
    int err;

    wanted = wanted ? wanted : "locations";
    o->cells = strcmp(wanted, "cells") == 0;
    o->proximity = strcmp(wanted, "proximity") == 0;
    o->variety = strcmp(wanted, "variety") == 0;
    o->relatedness = strcmp(wanted, "summary") != 0 && strcmp(wanted, "variety") != 0;
    if ((err = fd_complexity_run(&all, in, o)) >= 0) {
        fd_table **const tables[] = { &all.summary, &all.locations, &all.products,
                                      &all.cells,   &all.proximity, &all.variety };

        say(result, &all);
        err = fd_result_pick(result, wanted, tables, names, sizeof names / sizeof *names);
        fd_complexity_dispose(&all);
    }
    return err;
}

static int run_complexity(fd_call *call, fd_result *result)
{
    fd_complexity_options options = FD_COMPLEXITY_OPTIONS_INIT;
    const char *text[2];
    fd_table *in = NULL;
    int err;

    options.location = text[0] = fd_call_text(call, "location");
    options.product = text[1] = fd_call_text(call, "product");
    options.value = fd_call_text(call, "value");
    if ((err = fd_csv_table(&in, fd_call_text(call, "file"), text, 2, text[0] || text[1] ? 0 : 2)) <
        0)
        return err;
    err = answer(call, result, in, &options);
    fd_table_free(in);
    return err;
}

#define OUT_ZH "要哪张表(默认 locations)"
#define OUT_EN "which table (locations)"

static const fd_verb_param complexity_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "长表:地区、产品、数值",
      "long table: location, product, value", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME", OUT_ZH, OUT_EN,
      "summary|locations|products|cells|proximity|variety" },
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

/* ---- from the city ---- */

/* The place of each of the base's locations by ECI, 1 the highest; 0 where it is not in `l`. */
static void rank(size_t *out, const fd_table *base, const fd_table *l)
{
    for (size_t r = 0; r < base->rows; r++) {
        const char *code = fd_column_text_or(base->columns[0], r, "");
        size_t own = 0;

        while (own < l->rows && strcmp(fd_column_text_or(l->columns[0], own, ""), code) != 0)
            own++;
        out[r] = own < l->rows;
        for (size_t k = 0; k < l->rows && own < l->rows; k++)
            out[r] += number(l, "eci", k) > number(l, "eci", own);
    }
}

/* Each product left out in turn: by how many places does a location move at most? SIZE_MAX where
 * the ECI is not defined to begin with. */
static int steadiness(size_t *out, const fd_table *in, const fd_complexity_options *options)
{
    fd_complexity_options o = *options;
    fd_complexity base, part;
    size_t *before = NULL, *after = NULL;
    bool *keep = NULL;
    int err;

    o.cells = o.proximity = o.variety = o.relatedness = false;
    o.reflections = o.fitness_steps = 0;
    *out = SIZE_MAX;
    if ((err = fd_complexity_run(&base, in, &o)) < 0)
        return err;
    if (!is_defined(base.summary))
        goto done;
    *out = 0;
    before = fd_alloc(base.locations->rows * sizeof *before);
    after = fd_alloc(base.locations->rows * sizeof *after);
    keep = fd_alloc(in->rows);
    rank(before, base.locations, base.locations);
    for (size_t p = 0; p < base.products->rows && err >= 0; p++) {
        const char *product = fd_column_text_or(base.products->columns[0], p, "");
        fd_table *rest = NULL;

        for (size_t r = 0; r < in->rows; r++)
            keep[r] = strcmp(fd_column_text_or(in->columns[1], r, ""), product) != 0;
        if ((err = fd_table_filter(&rest, in, keep)) < 0)
            break;
        if (fd_complexity_run(&part, rest, &o) < 0) {
            fd_error_clear(); /* nothing is left to compare without it */
        } else {
            rank(after, base.locations, part.locations);
            for (size_t r = 0; r < base.locations->rows && is_defined(part.summary); r++) {
                const size_t move =
                    before[r] > after[r] ? before[r] - after[r] : after[r] - before[r];

                *out = after[r] && move > *out ? move : *out;
            }
            fd_complexity_dispose(&part);
        }
        fd_table_free(rest);
    }
done:
    free(before);
    free(after);
    free(keep);
    fd_complexity_dispose(&base);
    return err;
}

static size_t distinct(const fd_table *t, int column)
{
    size_t n = 0;

    for (size_t r = 0; r < t->rows; r++) {
        bool first = true;

        for (size_t k = 0; k < r && first; k++)
            first = t->columns[column]->v.text[k] != t->columns[column]->v.text[r];
        n += first;
    }
    return n;
}

/* What a matrix of a few counties can tell, and what it cannot. */
static void note_limits(fd_table *t, const fd_table *in, size_t moves)
{
    const bool chains = strcmp(in->columns[1]->id, "chain") == 0;
    const size_t counties = distinct(in, 0), products = distinct(in, 1);
    char zh[400], en[400];

    snprintf(zh, sizeof zh,
             "能说的:%zu 个县区 × %zu %s之内,谁的优势行业别处少有。不能说的:和外地、全国比高低,"
             "也不等于技术水平;没入调度的企业、缺报和不显示的格都当作没有",
             counties, products, chains ? "条产业链" : "个行业");
    snprintf(en, sizeof en,
             "it can tell, among %zu counties × %zu %s, whose strengths are rare here; it "
             "cannot rank them against other cities or the nation, nor is it a level of "
             "technology; what is not reported or not shown counts as not there",
             counties, products, chains ? "chains" : "industries");
    fd_table_add_note(t, zh, en);
    if (moves != SIZE_MAX) {
        snprintf(zh, sizeof zh,
                 "逐个去掉一个行业重算,县区名次最多变 %zu 位:相差不到这么多,先后就不要说", moves);
        snprintf(en, sizeof en,
                 "with each industry left out in turn a county moves by up to %zu places: do not "
                 "rank closer than that",
                 moves);
        fd_table_add_note(t, zh, en);
    }
    snprintf(zh, sizeof zh, "邻近度、密度、机会来自 %zu 个县区的同现,取值只有几种,同分多,作线索用",
             counties);
    snprintf(en, sizeof en,
             "proximity, density and gains rest on what %zu counties share: few values, many ties, "
             "a lead only",
             counties);
    fd_table_add_note(t, zh, en);
}

static int answer_city(fd_call *call, fd_result *result, const fd_table *in, void *options)
{
    size_t moves;
    int err;

    if ((err = answer(call, result, in, options)) >= 0 &&
        (err = steadiness(&moves, in, options)) >= 0)
        note_limits(result->tables[0], in, moves);
    return err;
}

static int run_city(fd_call *call, fd_result *result)
{
    fd_complexity_options o = FD_COMPLEXITY_OPTIONS_INIT;
    fd_city_panel p = { .call = call };
    const char *by = fd_call_text(call, "by");
    fd_table *in = NULL;
    int err;

    o.location = "county";
    o.product = by ? by : "division";
    o.value = "value";
    if ((err = fd_verb_city_products(&in, &p, o.product)) < 0)
        return err;
    return fd_verb_city_answer(NULL, call, result, in, answer_city, &o);
}

static const fd_verb_param city_params[] = {
    { "value", FD_P_TEXT, false, false, false, "ID", "按什么指标或数据项(默认调度产值)",
      "by which indicator or item (dispatch_output_total)", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "期间(默认最新)", "period (the newest)",
      NULL },
    { "by", FD_P_CHOICE, false, false, false, "DIM", "大类、小类或产业链(默认 division)",
      "divisions, full codes or chains (division)", "division|industry|chain" },
    { "out", FD_P_CHOICE, false, false, false, "NAME", OUT_ZH ";data 是引擎吃的那张表",
      OUT_EN "; data is what the engine is given",
      "summary|locations|products|cells|proximity|variety|data" },
};
static const char *const city_examples[] = {
    "complexity city --city out/huanzhou.fangding",
    "complexity city --by chain --out products --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_complexity_city = {
    .name = "complexity city",
    .zh = "本市各县区的复杂度:谁的优势行业别处少有,哪些行业不容易做;小矩阵,能说什么一并注明",
    .en =
        "complexity of the city's counties: whose strengths are rare here; what so small a matrix "
        "can tell is said below it",
    .detail_zh = "按保密规则不显示、缺报、不大于零的格不计入并注明。--out data 给出引擎吃的那张表:"
                 "存成文件再用 complexity,结果逐位相同。",
    .detail_en = "Cells that may not be shown, are missing or not above zero are left out, with "
                 "notes. --out data is the engine's own table: as a file it gives the same answer "
                 "to the last digit.",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = city_params,
    .param_count = sizeof city_params / sizeof *city_params,
    .examples = city_examples,
    .run = run_city,
};
