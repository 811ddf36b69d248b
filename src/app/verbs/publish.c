/*
 * publish: a declared cube through disclosure control into the city file's published cells.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/registry.h"
#include "base/str.h"
#include "base/vec.h"
#include "fangding/disclosure.h"
#include "fangding/measure.h"

#define VALUE_SCALE 4

typedef struct cube {
    const fd_decl *decl;
    const char **dimensions;
    size_t dimension_count;
    const char **indicators;
    size_t indicator_count;
} cube;

static const fd_clause *clause_of(const fd_decl *decl, const char *keyword)
{
    for (size_t i = 0; i < decl->clause_count; i++)
        if (strcmp(decl->clauses[i].keyword, keyword) == 0)
            return &decl->clauses[i];
    return NULL;
}

static int read_cube(cube *out, const fd_program *program, const char *name)
{
    const fd_clause *dimensions, *indicators;

    out->decl = fd_program_find_decl(program, FD_DECL_CUBE, name);
    if (!out->decl) {
        fd_error_set(FD_ENOTFOUND, "没有这个发布表:%s", "no such cube: %s", name);
        return fd_error_hint("fangding show definitions 列出发布表",
                             "fangding show definitions lists the cubes");
    }
    dimensions = clause_of(out->decl, "维度");
    indicators = clause_of(out->decl, "指标");
    if (!dimensions || !indicators || !dimensions->word_count || dimensions->word_count > 3 ||
        !indicators->word_count)
        return fd_error_set(FD_EFORMAT, "发布表 %s 要有 1 到 3 个维度和至少一个指标",
                            "cube %s needs 1 to 3 dimensions and at least one indicator", name);
    out->dimensions = dimensions->words;
    out->dimension_count = dimensions->word_count;
    out->indicators = indicators->words;
    out->indicator_count = indicators->word_count;
    return 0;
}

/* The cells of one combination of dimensions appended to the cube's table; the others are "" =
 * total. */
static int append(fd_table *t, const cube *c, unsigned combination, const fd_table *measured)
{
    int value = fd_table_find(measured, "value"), n_at = fd_table_find(measured, "n");

    for (size_t r = 0; r < measured->rows; r++) {
        const fd_column *v = measured->columns[value];
        fd_state state = fd_column_state(v, r);
        size_t row = fd_table_add_row(t);
        fd_decimal d = { 0, VALUE_SCALE };
        int err;

        for (size_t k = 0; k < c->dimension_count; k++) {
            int at = combination >> k & 1 ? fd_table_find(measured, c->dimensions[k]) : -1;
            const char *code = at >= 0 ? fd_column_text(measured->columns[at], r) : NULL;

            fd_column_set_text(t->columns[k], row, at < 0 ? "" : code && code[0] ? code : "-");
        }
        if (state == FD_HAS || state == FD_DOUBT) {
            fd_number number = fd_column_number(v, r);

            if (number.is_estimate)
                return fd_error_set(FD_EINVAL, "发布表只放可以相加的精确指标",
                                    "a cube holds exact, additive indicators only");
            if ((err = fd_quot_round(&d, number.exact, VALUE_SCALE, FD_ROUND_HALF_EVEN)) < 0)
                return err;
            fd_column_set_dec(t->columns[c->dimension_count], row, d.mantissa);
        } else {
            fd_column_set_state(t->columns[c->dimension_count], row, state);
        }
        fd_column_set_contributors(t->columns[c->dimension_count], row,
                                   fd_column_state(measured->columns[n_at], r) == FD_HAS
                                       ? (uint32_t)measured->columns[n_at]->v.dec[r]
                                       : 0,
                                   v->contributors ? v->top1[r] : 0,
                                   v->contributors ? v->top2[r] : 0);
    }
    return 0;
}

static int fill_cube(fd_table **out, fd_city *city, const cube *c, const fd_indicator *indicator,
                     fd_period at)
{
    fd_table *t = fd_table_new(indicator->id, indicator->name, indicator->id);
    int err = 0;

    for (size_t k = 0; k < c->dimension_count; k++)
        fd_table_add_new(t, c->dimensions[k], c->dimensions[k], c->dimensions[k], FD_TEXT, "", 0);
    fd_table_add_new(t, "value", "值", "Value", FD_DEC, indicator->unit->name, VALUE_SCALE);
    for (unsigned combination = 0; err >= 0 && combination < 1u << c->dimension_count;
         combination++) {
        fd_measure_options options = FD_MEASURE_OPTIONS_INIT;
        const char *by[3];
        fd_table *measured = NULL;

        for (size_t k = 0; k < c->dimension_count; k++)
            if (combination >> k & 1)
                by[options.by_count++] = c->dimensions[k];
        options.by = by;
        err = fd_measure(&measured, city->program, city->source, &indicator, 1, &at, 1, &options);
        if (err >= 0)
            err = append(t, c, combination, measured);
        fd_table_free(measured);
    }
    if (err < 0) {
        fd_table_free(t);
        t = NULL;
    }
    *out = t;
    return err;
}

/* Published and suppressed cells into the batch. The first dimension named county, chain or
 * division fills its column. */
static int store_cells(fd_batch *batch, const cube *c, const fd_indicator *indicator, fd_period at,
                       const fd_table *t)
{
    int mark = fd_table_find(t, "suppressed"), value = fd_table_find(t, "value"), err = 0;

    for (size_t r = 0; r < t->rows && err >= 0; r++) {
        fd_cube_cell cell = { .cube = c->decl->alias,
                              .indicator = indicator->id,
                              .place = "",
                              .chain = "",
                              .industry = "" };
        const char *why = fd_column_text(t->columns[mark], r);
        const fd_column *v = t->columns[value];

        for (size_t k = 0; k < c->dimension_count; k++) {
            const char *code = fd_column_text(t->columns[k], r);

            if (strcmp(c->dimensions[k], "county") == 0)
                cell.place = code ? code : "";
            else if (strcmp(c->dimensions[k], "chain") == 0)
                cell.chain = code ? code : "";
            else
                cell.industry = code ? code : "";
        }
        cell.period = at;
        cell.unit = v->unit;
        cell.n = v->contributors ? (int32_t)v->contributors[r] : 0;
        if (why && why[0] && strcmp(why, "empty") != 0) {
            cell.suppressed = why;
            cell.value = fd_number_missing();
            cell.n = 0;
        } else {
            cell.value = fd_column_number(v, r);
        }
        err = fd_batch_cube(batch, &cell, 1);
    }
    return err;
}

static int publish_one(fd_call *call, fd_result *result, const cube *c, const char *name,
                       fd_period at, fd_batch *batch)
{
    const fd_indicator *indicator = fd_program_indicator(call->city->program, name);
    fd_disclosure_rules rules = FD_DISCLOSURE_RULES_INIT;
    fd_disclosure_cube shape = {
        c->dimensions, c->dimension_count, "value", NULL, NULL, NULL, false
    };
    fd_table *cells = NULL, *protected = NULL, *attack = NULL, *published = NULL;
    int err;

    if (!indicator)
        return fd_error_set(FD_ENOTFOUND, "没有这个指标:%s", "no such indicator: %s", name);
    if ((err = fill_cube(&cells, call->city, c, indicator, at)) < 0 ||
        (err = fd_disclosure_suppress(&protected, cells, &shape, &rules, NULL)) < 0 ||
        (err = fd_disclosure_attack(&attack, protected, &shape, &rules)) < 0 ||
        (err = fd_disclosure_publish(&published, protected, &shape)) < 0)
        goto done;
    if (attack->rows) {
        result->exit_code = 1;
        fd_result_add(result, attack);
        attack = NULL;
        fd_result_say(result, "披露检验不通过,没有发布",
                      "the disclosure attack succeeded; nothing was published");
        goto done;
    }
    err = store_cells(batch, c, indicator, at, protected);
    fd_table_add_note(
        published, "已按披露规则处理,线性规划攻击没有找到可推算的格",
        "protected; the attack by linear programming found no cell that can be derived");
    fd_result_add(result, published);
    published = NULL;
done:
    fd_table_free(cells);
    fd_table_free(protected);
    fd_table_free(attack);
    fd_table_free(published);
    return err < 0 ? err : 0;
}

static int run_publish(fd_call *call, fd_result *result)
{
    fd_batch_info info = { "publish", call->actor, fd_call_text(call, "cube"), NULL };
    fd_period at = FD_PERIOD_NONE;
    fd_batch *batch = NULL;
    int64_t snapshot = 0;
    cube c = { 0 };
    int err;

    if ((err = read_cube(&c, call->city->program, fd_call_text(call, "cube"))) < 0 ||
        (err = fd_call_period(call, "at", &at)) < 0 ||
        (err = fd_batch_begin(&batch, call->city->store, &info)) < 0)
        return err;
    for (size_t i = 0; i < c.indicator_count && err >= 0; i++)
        err = publish_one(call, result, &c, c.indicators[i], at, batch);
    if (err < 0 || result->exit_code) {
        fd_batch_abandon(batch);
        return err;
    }
    if ((err = fd_batch_publish(batch, &snapshot)) >= 0)
        fd_result_say(result, "已发布,快照 %lld", "published, snapshot %lld", (long long)snapshot);
    return err;
}

static const fd_verb_param publish_params[] = {
    { "cube", FD_P_TEXT, true, true, false, "CUBE", "发布表", "the declared cube", NULL },
    { "at", FD_P_PERIOD, false, true, false, "PERIOD", "期间", "period", NULL },
};
static const char *const publish_examples[] = {
    "publish va_county_chain --at 2024 --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_publish = {
    .name = "publish",
    .zh = "把一张声明过的表按披露规则发布到城市文件,并用线性规划攻击自验",
    .en = "publish a declared cube under disclosure control, tested by an attack with linear "
          "programming",
    .effect = FD_PROPOSE,
    .purpose = FD_STATISTICS,
    .needs_city = true,
    .is_job = true,
    .params = publish_params,
    .param_count = 2,
    .examples = publish_examples,
    .run = run_publish,
};
