/*
 * Growth taken apart: increments, contributions and pulls, with the residual shown.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "ding/eval/eval.h"
#include "measure/arith.h"
#include "measure/internal.h"

/* One line of a decomposition. Numbers are in the table's unit or in %. */
typedef struct part {
    const char *code, *name;
    fd_number base, current, increment, growth, base_share, contribution, pull;
    struct standing {
        uint32_t n; /* who stands behind a level, and the largest two of them */
        double top1, top2;
    } before, now;
} part;

typedef fd_vec(part) part_list;

static fd_number percent(fd_number v)
{
    return fd_number_apply(v, '*', fd_number_int(100));
}

static fd_number ratio_percent(fd_number a, fd_number b)
{
    return percent(fd_number_apply(a, '/', b));
}

static bool positive(fd_number v)
{
    return fd_number_has(v) && fd_number_compare(v, fd_number_int(0)) > 0;
}

/* M6 to M8 from levels: shares, contributions and pulls of the base. */
static void from_levels(part *p, fd_number total_base, fd_number total_increment)
{
    p->increment = fd_number_apply(p->current, '-', p->base);
    p->growth = positive(p->base) ? ratio_percent(p->increment, p->base)
                                  : (fd_number_has(p->base) ? fd_number_na() : p->base);
    p->base_share = ratio_percent(p->base, total_base);
    p->contribution = ratio_percent(p->increment, total_increment);
    p->pull = ratio_percent(p->increment, total_base);
}

static int by_pull(const void *a, const void *b)
{
    const part *x = a, *y = b;
    bool p = fd_number_has(x->pull), q = fd_number_has(y->pull);

    if (p != q)
        return p ? -1 : 1;
    if (p) {
        int c = fd_number_compare(y->pull, x->pull);

        if (c)
            return c;
    }
    return strcmp(x->code, y->code);
}

/* What the parts leave of the whole: never forced to nothing. */
static part residual_of(const part_list *parts, const part *total)
{
    part r = *total;

    r.code = "residual";
    r.name = "残差";
    r.growth = fd_number_na();
    r.before = r.now = (struct standing){ 0 };
    for (size_t i = 0; i < parts->count; i++) {
        const part *p = &parts->items[i];

        r.base = fd_number_apply(r.base, '-', p->base);
        r.current = fd_number_apply(r.current, '-', p->current);
        r.increment = fd_number_apply(r.increment, '-', p->increment);
        r.base_share = fd_number_apply(r.base_share, '-', p->base_share);
        r.contribution = fd_number_apply(r.contribution, '-', p->contribution);
        r.pull = fd_number_apply(r.pull, '-', p->pull);
    }
    return r;
}

enum { BASE, CURRENT, INCREMENT, GROWTH, BASE_SHARE, CONTRIBUTION, PULL, FIELDS };

static fd_number field(const part *p, int f)
{
    const fd_number values[FIELDS] = { p->base,       p->current,      p->increment, p->growth,
                                       p->base_share, p->contribution, p->pull };

    return values[f];
}

static fd_table *tabulate(const char *id, const char *zh, const char *en, const part_list *parts,
                          const part *total, const char *unit, bool levels)
{
    static const struct {
        const char *id, *zh, *en, *unit;
        int digits;
    } fields[FIELDS] = { { "base", "基期", "Base", NULL, 2 },
                         { "current", "本期", "Current", NULL, 2 },
                         { "increment", "增量", "Increment", NULL, 2 },
                         { "growth", "增速", "Growth", "%", 2 },
                         { "base_share", "基期占比", "Base share", "%", 2 },
                         { "contribution", "贡献率", "Contribution", "%", 2 },
                         { "pull", "拉动", "Pull", "百分点", 2 } };
    fd_table *t = fd_table_new(id, zh, en);
    fd_column *code = fd_table_add_new(t, "part", "部分", "Part", FD_TEXT, "", 0);
    fd_column *name = fd_table_add_new(t, "part_name", "名称", "Name", FD_TEXT, "", 0);
    fd_column *columns[FIELDS] = { NULL }, *n;
    part residual = residual_of(parts, total);

    for (int f = levels ? BASE : GROWTH; f < FIELDS; f++) {
        bool estimate = field(total, f).is_estimate;

        for (size_t i = 0; i < parts->count; i++)
            estimate = estimate || field(&parts->items[i], f).is_estimate;
        columns[f] = fd_table_add_new(t, fields[f].id, fields[f].zh, fields[f].en,
                                      estimate ? FD_EST : FD_QUOT,
                                      fields[f].unit ? fields[f].unit : unit, 0);
        columns[f]->digits = (int8_t)fields[f].digits;
    }
    n = fd_table_add_new(t, "n", "户数", "n", FD_DEC, "", 0);
    for (size_t i = 0; i < parts->count + 2; i++) {
        const part *p = i < parts->count ? &parts->items[i] : i == parts->count ? &residual : total;
        size_t row = fd_table_add_row(t);

        fd_column_set_text(code, row, p->code);
        if (p->name)
            fd_column_set_text(name, row, p->name);
        for (int f = 0; f < FIELDS; f++)
            if (columns[f])
                fd_column_put(columns[f], row, field(p, f));
        if (levels) {
            fd_column_set_contributors(columns[BASE], row, p->before.n, p->before.top1,
                                       p->before.top2);
            fd_column_set_contributors(columns[CURRENT], row, p->now.n, p->now.top1, p->now.top2);
        }
        if (p->now.n)
            fd_column_set_dec(n, row, p->now.n);
    }
    return t;
}

int fd_growth_from_levels(fd_table **out, const char *const *names, const fd_number *base,
                          const fd_number *current, size_t count, fd_number total_base,
                          fd_number total_current, const char *unit)
{
    part_list parts = { 0 };
    part total = { .code = "total", .name = "合计", .base = total_base, .current = total_current };

    total.increment = fd_number_apply(total_current, '-', total_base);
    from_levels(&total, total_base, total.increment);
    for (size_t i = 0; i < count; i++) {
        part p = { .code = names[i], .name = names[i], .base = base[i], .current = current[i] };

        from_levels(&p, total_base, total.increment);
        fd_vec_push(&parts, p);
    }
    if (parts.count)
        qsort(parts.items, parts.count, sizeof *parts.items, by_pull);
    *out = tabulate("growth", "增长分解", "Growth taken apart", &parts, &total, unit, true);
    fd_vec_dispose(&parts);
    return 0;
}

/* Pull = base share × rate; contribution = pull / total rate. */
static void from_rate(part *p, fd_number total_rate)
{
    p->pull =
        fd_number_apply(fd_number_apply(p->base_share, '*', p->growth), '/', fd_number_int(100));
    p->contribution = ratio_percent(p->pull, total_rate);
}

/* The whole: its rate is given, or else the sum of the pulls. Without either nothing is known. */
static void finish_rates(part_list *parts, part *total, fd_number total_rate)
{
    const bool known = fd_number_has(total_rate) || parts->count > 0;

    if (!fd_number_has(total_rate) && known) {
        total_rate = fd_number_int(0);
        for (size_t i = 0; i < parts->count; i++) {
            from_rate(&parts->items[i], fd_number_int(1));
            total_rate = fd_number_apply(total_rate, '+', parts->items[i].pull);
        }
    }
    for (size_t i = 0; i < parts->count; i++)
        from_rate(&parts->items[i], total_rate);
    *total = (part){ .code = "total", .name = "合计", .growth = total_rate, .pull = total_rate };
    total->base_share = total->contribution = known ? fd_number_int(100) : fd_number_missing();
    total->base = total->current = total->increment = fd_number_na();
    if (parts->count)
        qsort(parts->items, parts->count, sizeof *parts->items, by_pull);
}

int fd_growth_from_rates(fd_table **out, const char *const *names, const fd_number *rate,
                         const fd_number *share, size_t count, fd_number total_rate,
                         bool shares_are_current)
{
    fd_number one = fd_number_int(1), hundred = fd_number_int(100);
    part_list parts = { 0 };
    part total;

    for (size_t i = 0; i < count; i++) {
        part p = { .code = names[i], .name = names[i], .growth = rate[i], .base_share = share[i] };

        p.base = p.current = p.increment = fd_number_na();
        if (shares_are_current) {
            /* s0 = s1 (1+R)/(1+r) */
            fd_number own = fd_number_apply(one, '+', fd_number_apply(rate[i], '/', hundred));
            fd_number all = fd_number_apply(one, '+', fd_number_apply(total_rate, '/', hundred));

            p.base_share = fd_number_apply(fd_number_apply(share[i], '*', all), '/', own);
        }
        fd_vec_push(&parts, p);
    }
    finish_rates(&parts, &total, total_rate);
    *out = tabulate("growth", "增长分解(核定增速和权重)", "Growth taken apart (rates and weights)",
                    &parts, &total, "", false);
    fd_vec_dispose(&parts);
    return 0;
}

/* ---- from a source ---- */

/* 合计(item) as an expression that lives in the caller's frame. */
typedef struct sum_of_item {
    fd_expr name, sum;
    fd_expr *children[1];
} sum_of_item;

static const fd_expr *sum_expression(sum_of_item *s, const fd_item *item, bool reported_only)
{
    *s = (sum_of_item){ 0 };
    s->name.kind = FD_EXPR_NAME;
    s->name.text = item->name;
    s->name.symbol = FD_SYM_ITEM;
    s->name.target = item;
    s->name.convert = (fd_quot){ 1, 1 };
    s->name.type.unit = item->unit;
    s->sum.kind = FD_EXPR_CALL;
    s->sum.function = FD_FN_SUM;
    s->sum.reported_only = reported_only;
    s->sum.convert = (fd_quot){ 1, 1 };
    s->children[0] = &s->name;
    s->sum.children = s->children;
    s->sum.child_count = 1;
    s->sum.type.unit = item->unit;
    return &s->sum;
}

typedef struct asked {
    fd_eval *eval;
    const fd_expr *expr;           /* either */
    const fd_indicator *indicator; /* or */
    fd_eval_query q;
} asked;

static int level(fd_eval_result *r, const asked *a, fd_period period, fd_basis basis,
                 fd_grouping *grouping)
{
    fd_eval_query q = a->q;

    q.period = period;
    q.basis = basis;
    q.grouping = grouping;
    return a->indicator ? fd_eval_indicator(r, a->eval, a->indicator, &q)
                        : fd_eval_expr(r, a->eval, a->expr, &q);
}

static fd_number value_at(const fd_eval_result *r, size_t g)
{
    return g < r->count ? r->cells[g].value : fd_number_na();
}

static struct standing standing_at(const fd_eval_result *r, size_t g)
{
    return g < r->count ? (struct standing){ r->cells[g].n, r->cells[g].top1, r->cells[g].top2 }
                        : (struct standing){ 0 };
}

/* A part that exists in one of the two periods only counts as 0 in the other. */
static void appear_or_vanish(part *p, const fd_eval_result *base, const fd_eval_result *now,
                             size_t g)
{
    bool base_empty = p->base.state == FD_NA && (g >= base->count || base->cells[g].members == 0);
    bool now_empty = p->current.state == FD_NA && (g >= now->count || now->cells[g].members == 0);

    if (base_empty && fd_number_has(p->current))
        p->base = fd_number_int(0);
    if (now_empty && fd_number_has(p->base))
        p->current = fd_number_int(0);
}

static int levels(fd_table **out, const asked *a, const fd_growth_options *o, const char *title,
                  const char *unit)
{
    fd_period from = o->from == FD_PERIOD_NONE ? o->to : o->from;
    fd_basis basis = o->from == FD_PERIOD_NONE ? FD_COMPARATIVE : FD_CURRENT;
    fd_eval_result now = { 0 }, base = { 0 }, all_now = { 0 }, all_base = { 0 };
    fd_grouping *grouping = NULL;
    size_t *order = NULL;
    part_list parts = { 0 };
    part total = { .code = "total", .name = "合计" };
    char zh[160], from_text[48], to_text[48];
    int err;

    if ((err = fd_grouping_new(&grouping, a->eval, &o->by, 1)) < 0 ||
        (err = level(&now, a, o->to, FD_CURRENT, grouping)) < 0 ||
        (err = level(&base, a, from, basis, grouping)) < 0 ||
        (err = level(&all_now, a, o->to, FD_CURRENT, NULL)) < 0 ||
        (err = level(&all_base, a, from, basis, NULL)) < 0)
        goto done;
    total.base = all_base.cells[0].value;
    total.current = all_now.cells[0].value;
    total.before = standing_at(&all_base, 0);
    total.now = standing_at(&all_now, 0);
    total.increment = fd_number_apply(total.current, '-', total.base);
    from_levels(&total, total.base, total.increment);
    order = fd_grouping_order(grouping);
    for (size_t k = 0; k < fd_grouping_count(grouping); k++) {
        size_t g = order[k];
        part p = { .code = fd_grouping_code(grouping, g, 0),
                   .name = fd_grouping_name(grouping, g, 0, FD_ZH) };

        p.base = value_at(&base, g);
        p.current = value_at(&now, g);
        appear_or_vanish(&p, &base, &now, g);
        if (p.base.state == FD_NA && p.current.state == FD_NA)
            continue;
        p.before = standing_at(&base, g);
        p.now = standing_at(&now, g);
        from_levels(&p, total.base, total.increment);
        fd_vec_push(&parts, p);
    }
    if (parts.count)
        qsort(parts.items, parts.count, sizeof *parts.items, by_pull);
    snprintf(zh, sizeof zh, "%s 增长分解", title);
    *out = tabulate("growth", zh, "Growth taken apart", &parts, &total, unit, true);
    (void)fd_period_format(from, from_text, sizeof from_text);
    (void)fd_period_format(o->to, to_text, sizeof to_text);
    snprintf(zh, sizeof zh, "%s → %s;%s", from_text, to_text,
             basis == FD_COMPARATIVE ? "基期为与本期同报的上年同期数" : "基期为已存的数");
    fd_table_add_note(*out, zh,
                      basis == FD_COMPARATIVE
                          ? "base: comparative figures reported with the current return"
                          : "base: stored figures");
    fd_table_add_note(*out, "拉动 = 增量 ÷ 全体基期;残差不强行归零",
                      "pull = increment / base of the whole; the residual is shown as it is");
    if (fd_measure__lacking(&all_now.cells[0]) || fd_measure__lacking(&all_base.cells[0])) {
        const uint32_t lack = fd_measure__lacking(&all_now.cells[0]),
                       before = fd_measure__lacking(&all_base.cells[0]);
        char en[160];

        snprintf(zh, sizeof zh, "缺报:本期 %u 户,基期 %u 户", lack, before);
        snprintf(en, sizeof en, "missing: %u now, %u in the base", lack, before);
        fd_table_add_note(*out, zh, en);
    }
done:
    fd_eval_result_dispose(&now);
    fd_eval_result_dispose(&base);
    fd_eval_result_dispose(&all_now);
    fd_eval_result_dispose(&all_base);
    fd_vec_dispose(&parts);
    free(order);
    fd_grouping_free(grouping);
    return err < 0 ? err : 0;
}

/* One number of a column in %, whatever its scale. */
static fd_number column_number(const fd_column *c, size_t i)
{
    return fd_column_number(c, i);
}

static int handed_out(fd_column **out, fd_source *source, const fd_item *item, fd_period period)
{
    int err = source->ops->column(source, item->kind, item->id, period, FD_VERIFIED, out);

    if (err < 0)
        return err;
    for (size_t i = 0; i < (*out)->n; i++)
        if (fd_column_state(*out, i) != FD_MISSING)
            return 0;
    fd_column_unref(*out);
    *out = NULL;
    return source->ops->column(source, item->kind, item->id, period, FD_CURRENT, out);
}

static int rates(fd_table **out, const fd_program *program, fd_source *source, const fd_item *item,
                 const fd_growth_options *o)
{
    const fd_item *weight = o->weight, *whole = fd_program_item(program, "city_growth");
    fd_column *r = NULL, *w = NULL, *total_column = NULL;
    fd_number total_rate = fd_number_missing();
    part_list parts = { 0 };
    const fd_frame *frame;
    part total;
    char name[128];
    int err;

    if (!weight) {
        /* county_growth goes with county_weight */
        snprintf(name, sizeof name, "%.*sweight", (int)(strcspn(item->id, "_") + 1), item->id);
        weight = fd_program_item(program, name);
    }
    if (!weight || strcmp(weight->kind, item->kind) != 0)
        return fd_error_set(FD_EINVAL, "「%s」没有配套的权重", "%s has no weights beside it",
                            item->name);
    if ((err = source->ops->frame(source, item->kind, &frame)) < 0 ||
        (err = handed_out(&r, source, item, o->to)) < 0 ||
        (err = handed_out(&w, source, weight, o->to)) < 0)
        goto done;
    if (whole && (err = handed_out(&total_column, source, whole, o->to)) < 0)
        goto done;
    if (total_column && total_column->n == 1)
        total_rate = column_number(total_column, 0);
    for (size_t i = 0; i < frame->n; i++) {
        part p = { .code = frame->codes[i], .name = frame->names ? frame->names[i] : NULL };

        p.growth = column_number(r, i);
        p.base_share = column_number(w, i);
        p.base = p.current = p.increment = fd_number_na();
        if (fd_number_has(p.growth) || fd_number_has(p.base_share))
            fd_vec_push(&parts, p);
    }
    finish_rates(&parts, &total, total_rate);
    *out = tabulate("growth", "增长分解(核定增速和权重)",
                    "Growth taken apart (verified rates and weights)", &parts, &total, "", false);
    fd_table_add_note(
        *out, "核定增速和权重由统计部门提供;拉动 = 基期权重 × 增速",
        "rates and weights are handed out by the statistical bureau; pull = base weight × rate");
    if (!parts.count)
        fd_table_add_note(*out, "这一期没有核定增速和权重,不能分解",
                          "no verified rates and weights of this period: nothing to take apart");
    else if (!fd_number_has(total_rate))
        fd_table_add_note(*out, "没有全市核定增速,合计为各部分拉动之和",
                          "no verified rate of the whole: the total is the sum of the pulls");
done:
    fd_vec_dispose(&parts);
    fd_column_unref(r);
    fd_column_unref(w);
    fd_column_unref(total_column);
    return err < 0 ? err : 0;
}

static bool indicator_adds_up(const fd_indicator *indicator);

static bool is_constant(const fd_expr *e)
{
    return e->kind == FD_EXPR_NUMBER || (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_PARAM);
}

/* Do the values of parts add up to that of the whole? Sums and counts do, and what is made of them
 * by adding, rounding, or a constant factor; a share, a mean or a rate does not. */
static bool adds_up(const fd_expr *e)
{
    switch (e->kind) {
    case FD_EXPR_NEGATE:
        return adds_up(e->children[0]);
    case FD_EXPR_ADD:
    case FD_EXPR_SUB:
        return adds_up(e->children[0]) && adds_up(e->children[1]);
    case FD_EXPR_MUL:
        return (is_constant(e->children[0]) && adds_up(e->children[1])) ||
               (adds_up(e->children[0]) && is_constant(e->children[1]));
    case FD_EXPR_DIV:
        return adds_up(e->children[0]) && is_constant(e->children[1]);
    case FD_EXPR_NAME:
        return e->symbol == FD_SYM_INDICATOR && indicator_adds_up(e->target);
    case FD_EXPR_CALL:
        return e->function == FD_FN_SUM || e->function == FD_FN_COUNT ||
               e->function == FD_FN_LAST_YEARS ||
               (e->function == FD_FN_ROUND && e->child_count && adds_up(e->children[0]));
    default:
        return false;
    }
}

/* Without 汇总 the unit tells: a ratio, in % or 倍, is no amount. */
static bool indicator_adds_up(const fd_indicator *indicator)
{
    if (indicator->total)
        return adds_up(indicator->total);
    for (size_t d = 0; indicator->unit && d < FD_DIMENSIONS; d++)
        if (indicator->unit->dims[d])
            return true;
    return false;
}

int fd_growth(fd_table **out, const fd_program *program, fd_source *source, const fd_item *item,
              const fd_indicator *indicator, const fd_growth_options *o)
{
    asked a = { 0 };
    sum_of_item sum;
    int err;

    *out = NULL;
    if (!item == !indicator)
        return fd_error_set(FD_EINVAL, "增长分解要一个数据项或一个指标",
                            "growth takes an item or an indicator");
    if (!o->by && o->mode == FD_GROWTH_LEVELS)
        return fd_error_set(FD_EINVAL, "增长分解要写明按什么分", "growth needs a dimension");
    if (o->mode == FD_GROWTH_RATES)
        return item ? rates(out, program, source, item, o)
                    : fd_error_set(FD_EINVAL, "核定增速是数据项,不是指标",
                                   "verified rates are items, not indicators");
    if (indicator && !indicator_adds_up(indicator)) {
        fd_error_set(FD_EINVAL, "「%s」不可相加,没有各部分的贡献和拉动",
                     "%s is not additive: its parts have no contributions or pulls",
                     indicator->name);
        return fd_error_hint("占比、比率的变化用 measure --by 看;分子、分母各自可以分解",
                             "see the change of a ratio with measure --by; its numerator and "
                             "denominator can be taken apart");
    }
    if (o->from != FD_PERIOD_NONE && (fd_period_kind_of(o->from) != fd_period_kind_of(o->to) ||
                                      fd_period_compare(o->from, o->to) >= 0))
        return fd_error_set(FD_EINVAL, "基期应是报告期之前的同一种期间",
                            "the base is an earlier period of the same kind");
    if ((err = fd_eval_new(&a.eval, program, source, NULL)) < 0)
        return err;
    a.indicator = indicator;
    a.q.where = o->where;
    a.q.population = o->population;
    a.q.kind = item ? item->kind : indicator->kind;
    if (item) {
        a.expr = sum_expression(&sum, item, o->reported_only);
        a.q.unit = item->unit;
    }
    err = levels(out, &a, o, item ? item->name : indicator->name,
                 item ? (item->unit ? item->unit->name : "")
                      : (indicator->unit ? indicator->unit->name : ""));
    fd_eval_free(a.eval);
    return err;
}
