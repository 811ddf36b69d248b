/*
 * publish: a declared cube through disclosure control into the city file's published cells.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/registry.h"
#include "base/str.h"
#include "fangding/arena.h"
#include "fangding/disclosure.h"
#include "fangding/measure.h"
#include "measure/arith.h"

#define MAX_SCALE 9

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

/* The fewest decimals that hold every value exactly: rounded cells would not add up, and a cube
 * that does not add up cannot be protected. */
static int exact_scale(int *scale, fd_table *const *measured, size_t count,
                       const fd_indicator *indicator)
{
    *scale = 0;
    for (size_t i = 0; i < count; i++) {
        const fd_column *v = measured[i]->columns[fd_table_find(measured[i], "value")];

        for (size_t r = 0; r < measured[i]->rows; r++) {
            fd_number number = fd_column_number(v, r);
            fd_decimal d;

            if (!fd_number_has(number))
                continue;
            while (!number.is_estimate && *scale <= MAX_SCALE &&
                   fd_quot_round(&d, number.exact, *scale, FD_ROUND_HALF_EVEN) >= 0 &&
                   fd_quot_compare(fd_quot_from_decimal(d), number.exact) != 0)
                ++*scale;
            if (number.is_estimate || *scale > MAX_SCALE) {
                fd_error_set(FD_EINVAL, "「%s」不能进发布表:它的值不是有限小数,各格加不起来",
                             "%s cannot be published in a cube: its values are no finite decimals "
                             "and do not add up",
                             indicator->name);
                return fd_error_hint("发布表的指标用 合计,不用比值",
                                     "a cube holds sums, not ratios");
            }
        }
    }
    fd_error_clear();
    return 0;
}

/* The cells of one combination of dimensions appended to the cube's table; the others are "" =
 * total. */
static int append(fd_table *t, const cube *c, unsigned combination, const fd_table *measured)
{
    fd_column *out = t->columns[c->dimension_count];
    const fd_column *v = measured->columns[fd_table_find(measured, "value")];
    const fd_column *n = measured->columns[fd_table_find(measured, "n")];
    const double unit = (double)fd_pow10(out->scale); /* tops are counted as the column counts */

    int from[FD_DISCLOSURE_DIMENSIONS];

    for (size_t k = 0; k < c->dimension_count; k++)
        from[k] = combination >> k & 1 ? fd_table_find(measured, c->dimensions[k]) : -1;
    for (size_t r = 0; r < measured->rows; r++) {
        fd_state state = fd_column_state(v, r);
        size_t row = fd_table_add_row(t);
        fd_decimal d = { 0, (int8_t)out->scale };
        int err;

        for (size_t k = 0; k < c->dimension_count; k++) {
            const char *code = from[k] >= 0 ? fd_column_text(measured->columns[from[k]], r) : NULL;

            fd_column_set_text(t->columns[k], row,
                               from[k] < 0       ? ""
                               : code && code[0] ? code
                                                 : FD_DISCLOSURE_UNKNOWN);
        }
        if (state == FD_HAS || state == FD_DOUBT) {
            if ((err = fd_quot_round(&d, fd_column_number(v, r).exact, out->scale,
                                     FD_ROUND_HALF_EVEN)) < 0)
                return err;
            fd_column_set_dec(out, row, d.mantissa);
        } else {
            fd_column_set_state(out, row, state);
        }
        fd_column_set_contributors(out, row,
                                   fd_column_state(n, r) == FD_HAS ? (uint32_t)n->v.dec[r] : 0,
                                   v->contributors ? v->top1[r] * unit : 0,
                                   v->contributors ? v->top2[r] * unit : 0);
    }
    return 0;
}

/* Every cell and every total of the cube, measured; exact. */
static int fill_cube(fd_table **out, fd_city *city, const cube *c, const fd_indicator *indicator,
                     fd_period at)
{
    const unsigned combinations = 1u << c->dimension_count;
    fd_table *measured[1u << 3] = { 0 }, *t = NULL;
    int scale, err = 0;

    for (unsigned combination = 0; err >= 0 && combination < combinations; combination++) {
        fd_measure_options options = FD_MEASURE_OPTIONS_INIT;
        const char *by[3];

        for (size_t k = 0; k < c->dimension_count; k++)
            if (combination >> k & 1)
                by[options.by_count++] = c->dimensions[k];
        options.by = by;
        err = fd_measure(&measured[combination], city->program, city->source, &indicator, 1, &at, 1,
                         &options);
    }
    if (err < 0 || (err = exact_scale(&scale, measured, combinations, indicator)) < 0)
        goto done;
    t = fd_table_new(indicator->id, indicator->name, indicator->id);
    for (size_t k = 0; k < c->dimension_count; k++)
        fd_table_add_new(t, c->dimensions[k], c->dimensions[k], c->dimensions[k], FD_TEXT, "", 0);
    fd_table_add_new(t, "value", "值", "Value", FD_DEC, indicator->unit->name, scale);
    for (unsigned combination = 0; err >= 0 && combination < combinations; combination++)
        err = append(t, c, combination, measured[combination]);
done:
    for (unsigned combination = 0; combination < combinations; combination++)
        fd_table_free(measured[combination]);
    if (err < 0) {
        fd_table_free(t);
        t = NULL;
    }
    *out = t;
    return err < 0 ? err : 0;
}

/* ---- what leaves, with names beside the codes ---- */

static const char *name_of(fd_source *source, const char *dimension, const char *code)
{
    return code && code[0] ? fd_source_name(source, dimension, code) : "合计";
}

/* Append "<dimension>_name" for each dimension column of a table of published cells. */
static void add_names(fd_table *t, fd_source *source, const char *const *dimensions,
                      const int *columns, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        char id[64];
        fd_column *names;

        snprintf(id, sizeof id, "%s_name", dimensions[k]);
        names = fd_table_add_new(t, id, "名称", "Name", FD_TEXT, "", 0);
        for (size_t r = 0; r < t->rows; r++)
            fd_column_set_text(names, r,
                               name_of(source, dimensions[k],
                                       fd_column_text(t->columns[columns[k]], r)));
    }
}

/* An item of one period leaves in one cube only: what one table hides, another could give away. */
static int refuse_second(fd_call *call, const cube *c, const char *indicator, fd_period at)
{
    const fd_decl *other;
    int err = 0;

    for (size_t i = 0; err >= 0 && (other = fd_program_decl(call->city->program, FD_DECL_CUBE, i));
         i++) {
        const fd_column *names, *period;
        fd_table *t = NULL;
        bool taken = false;

        if (other == c->decl || strcmp(other->alias, c->decl->alias) == 0)
            continue;
        if ((err = fd_reader_cube(call->city->reader, other->alias, &t)) < 0)
            break;
        names = t->columns[fd_table_find(t, "indicator")];
        period = t->columns[fd_table_find(t, "period")];
        for (size_t r = 0; r < t->rows && !taken; r++)
            taken = strcmp(fd_column_text(names, r), indicator) == 0 && period->v.day[r] == at;
        fd_table_free(t);
        if (taken) {
            err = fd_error_set(FD_ECONFLICT, "「%s」这一期已在发布表 %s 里发布,不能再进 %s",
                               "%s of this period was published in cube %s and cannot enter %s",
                               indicator, other->alias, c->decl->alias);
            fd_error_hint("一个数据项一期的全部格子放在一张发布表里,两张表会互相泄露",
                          "keep every published cell of an item and period in one cube: two would "
                          "give each other away");
        }
    }
    return err;
}

/* The column of the stored cube that keeps a dimension. */
static const char *stored_as(const cube *c, size_t dimension)
{
    return strcmp(c->dimensions[dimension], "county") == 0  ? "place"
           : strcmp(c->dimensions[dimension], "chain") == 0 ? "chain"
                                                            : "industry";
}

/* Published and suppressed cells into the batch. */
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

            const char *column = stored_as(c, k);

            *(strcmp(column, "place") == 0   ? &cell.place
              : strcmp(column, "chain") == 0 ? &cell.chain
                                             : &cell.industry) = code ? code : "";
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

/* What earlier periods of this cube hide stays hidden: two periods that hide different cells would
 * give a difference away, cumulative ones a month. */
static int earlier_pattern(fd_table **out, fd_call *call, const cube *c, const char *indicator)
{
    fd_table *stored = NULL, *pattern;
    const fd_column *why, *names, *from[FD_DISCLOSURE_DIMENSIONS];
    int err;

    *out = NULL;
    if ((err = fd_reader_cube(call->city->reader, c->decl->alias, &stored)) < 0)
        return err;
    why = stored->columns[fd_table_find(stored, "suppressed")];
    names = stored->columns[fd_table_find(stored, "indicator")];
    for (size_t k = 0; k < c->dimension_count; k++)
        from[k] = stored->columns[fd_table_find(stored, stored_as(c, k))];
    pattern = fd_table_new("pattern", "保密格", "Pattern");
    for (size_t k = 0; k < c->dimension_count; k++)
        fd_table_add_new(pattern, c->dimensions[k], "", "", FD_TEXT, "", 0);
    fd_table_add_new(pattern, "suppressed", "", "", FD_TEXT, "", 0);
    for (size_t r = 0; r < stored->rows; r++) {
        const char *text = fd_column_text(why, r);
        size_t row;

        if (!text || !text[0] || strcmp(fd_column_text(names, r), indicator) != 0)
            continue;
        row = fd_table_add_row(pattern);
        for (size_t k = 0; k < c->dimension_count; k++) {
            const char *code = fd_column_text(from[k], r);

            fd_column_set_text(pattern->columns[k], row, code ? code : "");
        }
        fd_column_set_text(pattern->columns[c->dimension_count], row, "secondary");
    }
    fd_table_free(stored);
    *out = pattern;
    return 0;
}

static int publish_one(fd_call *call, fd_result *result, const cube *c, const char *name,
                       fd_period at, fd_batch *batch)
{
    const fd_indicator *indicator = fd_program_indicator(call->city->program, name);
    fd_disclosure_rules rules = FD_DISCLOSURE_RULES_INIT;
    fd_disclosure_cube shape = {
        c->dimensions, c->dimension_count, "value", NULL, NULL, NULL, false
    };
    fd_table *cells = NULL, *pattern = NULL, *protected = NULL, *attack = NULL, *published = NULL;
    int columns[3], err;

    if (!indicator)
        return fd_error_set(FD_ENOTFOUND, "没有这个指标:%s", "no such indicator: %s", name);
    if ((err = refuse_second(call, c, indicator->id, at)) < 0 ||
        (err = fill_cube(&cells, call->city, c, indicator, at)) < 0 ||
        (err = earlier_pattern(&pattern, call, c, indicator->id)) < 0 ||
        (err = fd_disclosure_suppress(&protected, cells, &shape, &rules, pattern)) < 0 ||
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
    for (size_t k = 0; k < c->dimension_count; k++)
        columns[k] = (int)k;
    add_names(published, call->city->source, c->dimensions, columns, c->dimension_count);
    fd_table_add_note(
        published, "已按披露规则处理,线性规划攻击没有找到可推算的格",
        "protected; the attack by linear programming found no cell that can be derived");
    fd_result_add(result, published);
    published = NULL;
done:
    fd_table_free(cells);
    fd_table_free(pattern);
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

/* ---- published ---- */

static int list_cubes(fd_call *call, fd_result *result)
{
    fd_table *t = fd_table_new("cubes", "发布表", "Cubes");
    fd_column *id = fd_table_add_new(t, "cube", "发布表", "Cube", FD_TEXT, "", 0);
    fd_column *name = fd_table_add_new(t, "name", "名称", "Name", FD_TEXT, "", 0);
    fd_column *cells = fd_table_add_new(t, "cells", "已发布格数", "Published cells", FD_DEC, "", 0);
    const fd_decl *decl;
    int err = 0;

    fd_result_add(result, t);
    for (size_t i = 0; err >= 0 && (decl = fd_program_decl(call->city->program, FD_DECL_CUBE, i));
         i++) {
        fd_table *published = NULL;
        size_t row;

        if ((err = fd_reader_cube(call->city->reader, decl->alias, &published)) < 0)
            break;
        row = fd_table_add_row(t);
        fd_column_set_text(id, row, decl->alias);
        fd_column_set_text(name, row, decl->name);
        fd_column_set_dec(cells, row, (int64_t)published->rows);
        fd_table_free(published);
    }
    return err < 0 ? err : 0;
}

/* One stored cell as it may be seen: primary and secondary are not told apart, n goes with the
 * value. */
static void show_cell(fd_table *out, const fd_table *stored, size_t r, fd_source *source)
{
    static const char *const texts[] = { "period", "indicator", "place", "chain", "industry" };
    static const char *const kinds[] = { NULL, NULL, "county", "chain", "division" };
    const char *why = fd_column_text(stored->columns[fd_table_find(stored, "suppressed")], r);
    const char *unit = fd_column_text(stored->columns[fd_table_find(stored, "unit")], r);
    const bool hidden = why && why[0];
    size_t row = fd_table_add_row(out), c = 0;

    fd_column_set_day(out->columns[c++], row,
                      stored->columns[fd_table_find(stored, texts[0])]->v.day[r]);
    for (size_t k = 1; k < 5; k++) {
        const char *code = fd_column_text(stored->columns[fd_table_find(stored, texts[k])], r);

        fd_column_set_text(out->columns[c++], row, code ? code : "");
        if (kinds[k])
            fd_column_set_text(out->columns[c++], row, name_of(source, kinds[k], code));
    }
    if (!hidden) {
        fd_column_set_number(out->columns[c], row,
                             fd_column_number(stored->columns[fd_table_find(stored, "value")], r));
        fd_column_set_dec(out->columns[c + 2], row,
                          stored->columns[fd_table_find(stored, "n")]->v.dec[r]);
    }
    fd_column_set_text(out->columns[c + 1], row, unit ? unit : "");
    fd_column_set_text(out->columns[c + 3], row, hidden ? "保密" : "公布");
}

static int run_published(fd_call *call, fd_result *result)
{
    static const struct {
        const char *id, *zh, *en;
        fd_kind kind;
    } columns[] = {
        { "period", "期间", "Period", FD_PERIOD },
        { "indicator", "指标", "Indicator", FD_TEXT },
        { "county", "县区代码", "County", FD_TEXT },
        { "county_name", "县区", "Name", FD_TEXT },
        { "chain", "链代码", "Chain", FD_TEXT },
        { "chain_name", "产业链", "Name", FD_TEXT },
        { "division", "大类代码", "Division", FD_TEXT },
        { "division_name", "大类", "Name", FD_TEXT },
        { "value", "值", "Value", FD_QUOT },
        { "unit", "单位", "Unit", FD_TEXT },
        { "n", "户数", "N", FD_DEC },
        { "state", "状态", "State", FD_TEXT },
    };
    const char *name = fd_call_text(call, "cube");
    fd_period at = FD_PERIOD_NONE;
    fd_table *stored = NULL, *out;
    cube c = { 0 };
    int err;

    if (!name)
        return list_cubes(call, result);
    if ((err = read_cube(&c, call->city->program, name)) < 0 ||
        (err = fd_call_period(call, "at", &at)) < 0 ||
        (err = fd_reader_cube(call->city->reader, c.decl->alias, &stored)) < 0)
        return err;
    out = fd_table_new(c.decl->alias, c.decl->name, c.decl->alias);
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
        fd_table_add_new(out, columns[k].id, columns[k].zh, columns[k].en, columns[k].kind, "",
                         columns[k].kind == FD_QUOT ? 2 : 0);
    for (size_t r = 0; r < stored->rows; r++)
        if (at == FD_PERIOD_NONE ||
            stored->columns[fd_table_find(stored, "period")]->v.day[r] == at)
            show_cell(out, stored, r, call->city->source);
    fd_table_add_note(out, "标「保密」的格按统计资料保密要求不公布,不是缺报",
                      "cells marked 保密 are confidential, not missing");
    fd_table_free(stored);
    fd_result_add(result, out);
    return 0;
}

static const fd_verb_param published_params[] = {
    { "cube", FD_P_TEXT, true, false, false, "CUBE", "发布表;不写列出全部",
      "the cube; all of them by default", NULL },
    { "at", FD_P_PERIOD, false, false, false, "PERIOD", "只看一个期间", "one period only", NULL },
};
static const char *const published_examples[] = {
    "published --city out/huanzhou.fangding",
    "published va_county_chain --at 2024 --city out/huanzhou.fangding --format csv", NULL
};
const fd_verb fd_verb_published = {
    .name = "published",
    .zh = "已经发布的格子:谁都可以看,保密的格不给数",
    .en = "the cells that were published: open to everybody, suppressed ones without figure",
    .purpose = FD_STATISTICS,
    .needs_city = true,
    .params = published_params,
    .param_count = 2,
    .examples = published_examples,
    .run = run_published,
};
