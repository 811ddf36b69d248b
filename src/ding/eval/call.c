/*
 * From rows to groups: sums, counts, shares, growth, contributions.
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ding/eval/group.h"

/* ---- what an expression runs over ---- */

static bool aggregates(const fd_expr *e)
{
    if (e->kind != FD_EXPR_CALL)
        return false;
    switch (e->function) {
    case FD_FN_ROUND:
    case FD_FN_ABS:
    case FD_FN_SQRT:
    case FD_FN_LAST_YEARS:
    case FD_FN_RANK:
        return false;
    case FD_FN_MAX:
    case FD_FN_MIN:
        return e->child_count == 1;
    default:
        return true;
    }
}

/* Enterprises when any of them occurs, else projects, else what occurs first. */
static const char *stronger(const char *a, const char *b)
{
    if (!a || !b)
        return a ? a : b;
    if (strcmp(b, "enterprise") == 0 || (strcmp(b, "project") == 0 && strcmp(a, "enterprise") != 0))
        return b;
    return strcmp(a, "city") == 0 ? b : a;
}

const char *fd_expr_frame(const fd_expr *e)
{
    const char *found = NULL;

    if (!e || aggregates(e))
        return NULL;
    if (e->kind == FD_EXPR_NAME) {
        if (e->symbol == FD_SYM_ITEM)
            return ((const fd_item *)e->target)->kind;
        if (e->symbol == FD_SYM_INDICATOR) {
            const fd_indicator *i = e->target;

            return i->formula ? fd_expr_frame(i->formula) : NULL;
        }
        if (e->symbol == FD_SYM_CLASS)
            return "enterprise"; /* classes are of industries and other attributes of enterprises */
        return NULL;
    }
    /* right of 属于 stands a class or texts: the left side says whose it is */
    for (size_t i = 0; i < (e->kind == FD_EXPR_IN ? 1 : e->child_count); i++)
        found = stronger(found, fd_expr_frame(e->children[i]));
    return found;
}

bool fd_expr_is_row(const fd_expr *e)
{
    const char *frame = fd_expr_frame(e);

    return frame && strcmp(frame, "city") != 0;
}

/* The first item of facts in an expression: its form says who owes an answer. */
static const fd_item *first_item(const fd_expr *e)
{
    if (!e)
        return NULL;
    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_ITEM) {
        const fd_item *item = e->target;

        return item->nature == FD_ATTRIBUTE ? NULL : item;
    }
    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_INDICATOR)
        return first_item(((const fd_indicator *)e->target)->formula);
    for (size_t i = 0; i < e->child_count; i++) {
        const fd_item *item = first_item(e->children[i]);

        if (item)
            return item;
    }
    return NULL;
}

/* The declared form that has the item among its columns; NULL when none has. */
static const char *declared_form(fd_eval *e, const fd_item *item)
{
    const fd_decl *form, *found = NULL;
    uint64_t known;

    if (!e->program)
        return NULL;
    if (fd_map_get(e->forms, fd_view_of(item->id), &known))
        return (const char *)(uintptr_t)known;
    for (size_t i = 0; !found && (form = fd_program_decl(e->program, FD_DECL_FORM, i)); i++)
        for (size_t k = 0; k < form->clause_count; k++) {
            const fd_clause *c = &form->clauses[k];

            if (strcmp(c->keyword, "列") == 0 && c->word_count &&
                (strcmp(c->words[0], item->id) == 0 || strcmp(c->words[0], item->name) == 0)) {
                found = form;
                break;
            }
        }
    (void)fd_map_set(e->forms, fd_view_of(item->id), found ? (uint64_t)(uintptr_t)found->alias : 0);
    return found ? found->alias : NULL;
}

/* Who owes an answer is told by the form an item comes with: the declared one, else the one in its
 * code: "B204-1:01@2024" → "b204_1", "107-2:7" → "f107_2" (ids begin with a letter). */
static bool form_of(fd_eval *e, const fd_item *item, char *buf, size_t size)
{
    const char *form = item ? declared_form(e, item) : NULL;
    const char *code = item && item->code_count ? item->codes[0] : NULL;
    const char *colon = code ? strchr(code, ':') : NULL;
    size_t at = 0;

    if (form) {
        snprintf(buf, size, "%s", form);
        return true;
    }
    if (!colon || (size_t)(colon - code) + 2 > size)
        return false;
    if (code[0] >= '0' && code[0] <= '9')
        buf[at++] = 'f';
    for (; code < colon; code++)
        buf[at++] = *code == '-' ? '_' : *code >= 'A' && *code <= 'Z' ? (char)(*code + 32) : *code;
    buf[at] = '\0';
    return true;
}

/* ---- sums ---- */

static int pick_frame(const char **kind, const fd_gctx *x, const fd_expr *row, const fd_expr *where)
{
    *kind = stronger(fd_expr_frame(row), fd_expr_frame(where));
    if (!*kind || strcmp(*kind, "city") == 0)
        *kind = x->q->kind ? x->q->kind : "enterprise";
    return 0;
}

static void fill_info(fd_gcell *c, const fd_eval_sum_cell *s, const fd_eval_selection *sel,
                      size_t g, const struct fd_eval_due *due, double total)
{
    double size = fabs(total);

    c->has_info = true;
    c->n = s->n;
    c->members = sel->members[g];
    c->missing = s->missing + s->unknown;
    c->share1 = size > 0 ? s->top1 / size : s->top1 > 0;
    c->share2 = size > 0 ? s->top2 / size : s->top2 > 0;
    if (due && due->known) {
        c->expected = due->count[g];
        c->reported = s->reported;
    } else {
        c->expected = s->n + s->na + s->missing;
        c->reported = s->n + s->na;
    }
}

static fd_state state_of(const fd_eval_sum_cell *s, uint32_t members, bool reported_only,
                         bool empty_is_zero)
{
    if (members == 0)
        return FD_NA;
    if (!reported_only && s->missing + s->unknown > 0)
        return FD_MISSING;
    if (s->n > 0)
        return s->doubt ? FD_DOUBT : FD_HAS;
    if (s->missing + s->unknown > 0)
        return FD_MISSING; /* nobody has answered */
    return s->na > 0 || !empty_is_zero ? FD_NA : FD_HAS;
}

/* (sum + parts / 10^12) / weight of those with a value, for a mean; weight 1 for a sum. */
static int exact_cell(fd_gcell *c, const fd_eval_sum_cell *s, bool mean)
{
    fd_i128 num = s->sum, den = 1, weight;

    if (s->parts || (mean && s->weight)) {
        if (fd_i128_mul_overflow(num, FD_WEIGHT_ONE, &num) ||
            fd_i128_add_overflow(num, s->parts, &num))
            return fd_error_set(FD_EOVERFLOW, "合计超出 128 位", "a sum needs more than 128 bits");
        den = FD_WEIGHT_ONE;
    }
    if (mean) {
        weight = (fd_i128)s->weight_whole;
        if (den != 1)
            weight = weight * FD_WEIGHT_ONE + s->weight;
        /* num/den ÷ weight/den */
        den = weight;
    }
    c->num = num;
    c->den = den ? den : 1;
    return 0;
}

static void extreme_cell(fd_gcell *c, const fd_eval_sum_cell *s, bool most, bool estimate)
{
    c->is_estimate = estimate;
    c->num = most ? s->most : s->least;
    c->den = 1;
    c->real = most ? s->real_most : s->real_least;
}

/* One aggregate of a compiled value. */
static int fold(fd_gvec **result, const fd_gctx *x, const fd_row_value *value,
                fd_eval_selection *sel, const struct fd_eval_due *due, fd_function f,
                bool reported_only)
{
    bool extreme = f == FD_FN_MAX || f == FD_FN_MIN;
    fd_gvec *out = fd_gvec_new(x);
    fd_eval_sums sums = { 0 };
    int err = fd_eval__aggregate(&sums, x->eval, value, sel, due,
                                 extreme ? FD_WANT_EXTREMES : FD_WANT_SUM);

    if (err < 0)
        return err;
    out->factor = sums.factor;
    if (reported_only)
        x->eval->used_reported = true;
    for (size_t g = 0; g < x->groups && g < sel->groups; g++) {
        const fd_eval_sum_cell *s = &sums.cells[g];
        fd_gcell *c = &out->cells[g];

        c->state = state_of(s, sel->members[g], reported_only, f == FD_FN_SUM);
        fill_info(c, s, sel, g, due,
                  sums.is_estimate ? s->real
                                   : (double)s->sum + (double)s->parts / (double)FD_WEIGHT_ONE);
        if (c->state == FD_MISSING || c->state == FD_NA)
            continue;
        if (extreme) {
            extreme_cell(c, s, f == FD_FN_MAX, sums.is_estimate);
        } else if (sums.is_estimate) {
            c->is_estimate = true;
            c->real = s->real;
            if (f == FD_FN_MEAN)
                c->real /= (double)s->weight_whole + (double)s->weight / (double)FD_WEIGHT_ONE;
        } else if ((err = exact_cell(c, s, f == FD_FN_MEAN)) < 0) {
            break;
        }
    }
    free(sums.cells);
    *result = out;
    return err < 0 ? err : 0;
}

static int aggregate_row(fd_gvec **result, const fd_gctx *x, const fd_expr *row,
                         const fd_expr *where, const fd_expr *also, fd_function f,
                         bool reported_only, const fd_item *deflator)
{
    const struct fd_eval_due *due = NULL;
    fd_eval_selection *sel;
    fd_row_value value;
    fd_row_context c;
    const char *kind;
    char form[48];
    int err;

    if ((err = pick_frame(&kind, x, row, where)) < 0 ||
        (err = fd_eval__select(x->eval, kind, x->q, x->period, where, also, &sel)) < 0)
        return err;
    if (!sel) {
        *result = fd_gvec_new(x);
        return 0;
    }
    c = (fd_row_context){ x->eval, x->arena, kind, sel->frame, x->period, x->basis, false };
    if ((err = fd_row__compile(&value, &c, row)) < 0 ||
        (deflator && (err = fd_row__deflate(&value, &c, deflator)) < 0))
        return err;
    if (form_of(x->eval, first_item(row), form, sizeof form) &&
        (err = fd_eval__due(x->eval, kind, sel, fd_period_end(x->period), form, &due)) < 0)
        return err;
    return fold(result, x, &value, sel, due, f, reported_only);
}

int fd_geval_sum(fd_gvec **result, const fd_gctx *x, const fd_expr *row, const fd_expr *where,
                 bool reported_only)
{
    return aggregate_row(result, x, row, where, NULL, FD_FN_SUM, reported_only || x->reported_only,
                         NULL);
}

/* Members for which a condition holds, wholly or in part. */
static int count(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    const fd_expr *condition = e->child_count ? e->children[0] : NULL;
    bool reported_only = e->reported_only || x->reported_only;
    fd_gvec *out = fd_gvec_new(x);
    fd_eval_selection *sel;
    fd_i128 *parts;
    uint32_t *unknown, *n;
    const char *kind;
    int err;

    if ((err = pick_frame(&kind, x, condition, e->where)) < 0 ||
        (err = fd_eval__select(x->eval, kind, x->q, x->period, condition, e->where, &sel)) < 0)
        return err;
    *result = out;
    if (!sel)
        return 0;
    if (reported_only)
        x->eval->used_reported = true;
    parts = fd_arena_alloc(x->arena, (sel->groups + 1) * sizeof *parts);
    unknown = fd_arena_alloc(x->arena, (sel->groups + 1) * sizeof *unknown);
    n = fd_arena_alloc(x->arena, (sel->groups + 1) * sizeof *n);
    for (size_t i = 0; i < sel->extra_count; i++) {
        parts[sel->extra[i].group] += sel->extra[i].weight;
        n[sel->extra[i].group]++;
    }
    for (size_t i = 0; i < sel->unknown_count; i++)
        unknown[sel->unknown[i].group]++;
    for (size_t g = 0; g < x->groups && g < sel->groups; g++) {
        fd_gcell *c = &out->cells[g];

        c->has_info = true;
        c->n = sel->plain[g] + n[g];
        c->members = sel->members[g];
        c->missing = unknown[g];
        c->expected = sel->members[g];
        c->reported = sel->members[g] - unknown[g];
        if (sel->members[g] == 0)
            continue;
        c->state =
            unknown[g] && (!reported_only || unknown[g] == sel->members[g]) ? FD_MISSING : FD_HAS;
        c->num = sel->plain[g];
        if (parts[g]) {
            c->num = c->num * FD_WEIGHT_ONE + parts[g];
            c->den = FD_WEIGHT_ONE;
        }
    }
    return 0;
}

/* How many different values of an attribute occur among the members. */
static int distinct(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    const fd_expr *child = e->children[0];
    bool reported_only = e->reported_only || x->reported_only;
    const fd_eval_column *column;
    const fd_item *item;
    fd_gctx shifted = *x;
    fd_gvec *out = fd_gvec_new(x);
    fd_eval_selection *sel;
    size_t words;
    uint64_t *seen;
    int err;

    if (child->kind == FD_EXPR_AT) {
        fd_gctx_shift(&shifted, child);
        child = child->children[0];
    }
    if (child->kind != FD_EXPR_NAME || child->symbol != FD_SYM_ITEM ||
        ((const fd_item *)child->target)->nature != FD_ATTRIBUTE)
        return fd_error_set(FD_EINVAL, "种数 要一个属性", "distinct takes an attribute");
    item = child->target;
    if ((err = fd_eval__select(x->eval, item->kind, x->q, shifted.period, e->where, NULL, &sel)) <
        0)
        return err;
    *result = out;
    if (!sel)
        return 0;
    if ((err = fd_eval__attribute(x->eval, item->kind, item->id, fd_period_end(shifted.period),
                                  &column)) < 0)
        return err;
    assert(out->cells && column);
    words = FD_BITS_WORDS(fd_dict_count(column->column->dict));
    seen = fd_arena_alloc(x->arena, (sel->groups + 1) * (words + 1) * sizeof *seen);
    for (size_t row = 0; row < sel->frame->n; row++) {
        size_t g = sel->everything ? 0
                   : sel->group    ? sel->group[row]
                                   : (fd_bits_get(sel->in, row) ? 0 : sel->groups);
        fd_gcell *c = g < x->groups && g < sel->groups ? &out->cells[g] : NULL;

        if (!c)
            continue;
        if (fd_bits_get(column->column->has, row)) {
            fd_bits_set(seen + g * words, column->column->v.text[row]);
            c->n++;
        } else if (!(column->column->na && fd_bits_get(column->column->na, row))) {
            c->missing++;
        }
    }
    for (size_t i = 0; i < sel->extra_count; i++) {
        size_t g = sel->extra[i].group, row = sel->extra[i].row;

        if (g >= x->groups)
            continue;
        if (fd_bits_get(column->column->has, row)) {
            fd_bits_set(seen + g * words, column->column->v.text[row]);
            out->cells[g].n++;
        } else {
            out->cells[g].missing++;
        }
    }
    /* Who may or may not belong changes nothing when his value occurs anyway. */
    for (size_t i = 0; i < sel->unknown_count; i++) {
        size_t g = sel->unknown[i].group, row = sel->unknown[i].row;

        if (g < x->groups && !(fd_bits_get(column->column->has, row) &&
                               fd_bits_get(seen + g * words, column->column->v.text[row])))
            out->cells[g].missing++;
    }
    for (size_t g = 0; g < x->groups && g < sel->groups; g++) {
        fd_gcell *c = &out->cells[g];

        c->has_info = true;
        c->members = sel->members[g];
        c->expected = c->n + c->missing;
        c->reported = c->n;
        if (c->members == 0)
            continue;
        c->state = c->missing && !reported_only ? FD_MISSING : FD_HAS;
        c->num = (fd_i128)fd_bits_count(seen + g * words, words * 64);
    }
    return 0;
}

/* ---- growth ---- */

/* Whether every item of facts in an expression has comparative figures for the period. */
static int has_comparative(bool *all, const fd_gctx *x, const fd_expr *e)
{
    int err = 0;

    if (!e)
        return 0;
    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_INDICATOR) {
        const fd_indicator *i = e->target;

        return has_comparative(all, x, i->total ? i->total : i->formula);
    }
    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_ITEM) {
        const fd_item *item = e->target;
        const fd_eval_column *column;

        if (item->nature == FD_ATTRIBUTE)
            return 0;
        if ((err = fd_eval__column(x->eval, item->kind, fd_eval__item_id(x->arena, e), x->period,
                                   FD_COMPARATIVE, &column)) < 0)
            return err;
        *all = *all && column->any;
        return 0;
    }
    for (size_t i = 0; i < e->child_count && err >= 0; i++)
        err = has_comparative(all, x, e->children[i]);
    return err;
}

/* The level of an argument: a row expression is summed, a group expression taken as it is. */
static int level(fd_gvec **result, const fd_gctx *x, const fd_expr *e, const fd_expr *argument,
                 const fd_expr *where, const fd_item *deflator)
{
    if (fd_expr_is_row(argument))
        return aggregate_row(result, x, argument, where, NULL, FD_FN_SUM,
                             e->reported_only || x->reported_only, deflator);
    return fd_geval(result, x, argument);
}

static int index_of(const fd_item **out, const fd_gctx *x, const fd_expr *e)
{
    *out = NULL;
    if (!e->deflator)
        return 0;
    *out = x->eval->program ? fd_program_item(x->eval->program, e->deflator) : NULL;
    return *out ? 0
                : fd_error_set(FD_ENOTFOUND, "没有价格指数「%s」", "there is no price index %s",
                               e->deflator);
}

/*
 * Now and before: the comparative figures reported with the current return; where a source has
 * none, the stored year before, and the result says so.  At comparable prices each subject's value
 * now is divided by its own division's index (single deflation); before stays as it is.
 */
static int two_levels(fd_gvec **now, fd_gvec **before, const fd_gctx *x, const fd_expr *e,
                      const fd_expr *argument, const fd_expr *where)
{
    const fd_item *deflator;
    fd_gctx base = *x;
    bool comparative = true;
    int err;

    if ((err = index_of(&deflator, x, e)) < 0 ||
        (err = has_comparative(&comparative, x, argument)) < 0)
        return err;
    if (comparative && x->basis == FD_CURRENT) {
        base.basis = FD_COMPARATIVE;
    } else {
        base.period = fd_period_years_before(x->period, 1);
        x->eval->used_stored = true;
    }
    if ((err = level(now, x, e, argument, where, deflator)) < 0)
        return err;
    return level(before, &base, e, argument, where, NULL);
}

static int subtract_one(fd_gvec **result, const fd_gctx *x, fd_gvec *v)
{
    fd_gvec *one;
    int err = fd_gvec_constant(&one, x, (fd_decimal){ 1, 0 }, NULL);

    return err < 0 ? err : fd_gvec_operate(result, x, FD_EXPR_SUB, v, one);
}

/* A rate over a base that is not positive says nothing. */
static void need_positive(const fd_gctx *x, fd_gvec *base)
{
    for (size_t g = 0; g < x->groups; g++) {
        fd_gcell *c = &base->cells[g];

        if (c->state == FD_HAS && (c->is_estimate ? c->real <= 0 : c->num <= 0))
            c->state = FD_NA;
    }
}

static int growth(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    fd_gvec *now, *before, *ratio;
    int err;

    if ((err = two_levels(&now, &before, x, e, e->children[0], e->where)) < 0)
        return err;
    need_positive(x, before);
    if ((err = fd_gvec_operate(&ratio, x, FD_EXPR_DIV, now, before)) < 0)
        return err;
    return subtract_one(result, x, ratio);
}

static int base_year(const fd_gctx *x, const fd_expr *e)
{
    const fd_param *param;

    if (e->from_year)
        return e->from_year;
    param = x->eval->program ? fd_program_param(x->eval->program, "十四五基期") : NULL;
    return param && param->count && param->values[0].scale == 0 ? (int)param->values[0].mantissa
                                                                : 2020;
}

/* The product of the last n yearly growths (now ÷ before), each at the prices of its own base. */
static int chain(fd_gvec **out, const fd_gctx *x, const fd_expr *e, const fd_expr *argument,
                 const fd_expr *where, int n)
{
    fd_gctx base = *x;
    fd_gvec *now, *before, *factor;
    int err;

    if ((err = fd_gvec_constant(out, x, (fd_decimal){ 1, 0 }, NULL)) < 0)
        return err;
    for (int k = n - 1; k >= 0; k--) {
        base.period = fd_period_years_before(x->period, k);
        if ((err = two_levels(&now, &before, &base, e, argument, where)) < 0)
            return err;
        need_positive(x, before);
        if ((err = fd_gvec_operate(&factor, x, FD_EXPR_DIV, now, before)) < 0 ||
            (err = fd_gvec_operate(out, x, FD_EXPR_MUL, *out, factor)) < 0)
            return err;
    }
    return 0;
}

/* Levels n years before and now.  With a deflator the level now is the base times the chained
 * yearly real growths, a volume at prices of the base year; without one the current value. */
static int levels_since(fd_gvec **now, fd_gvec **before, const fd_gctx *x, const fd_expr *e,
                        const fd_expr *argument, const fd_expr *where, int n)
{
    fd_gctx base = *x;
    fd_gvec *factor;
    int err;

    base.period = fd_period_years_before(x->period, n);
    if ((err = level(before, &base, e, argument, where, NULL)) < 0)
        return err;
    if (!e->deflator)
        return level(now, x, e, argument, where, NULL);
    if ((err = chain(&factor, x, e, argument, where, n)) < 0)
        return err;
    return fd_gvec_operate(now, x, FD_EXPR_MUL, *before, factor);
}

/* (V_n / V_0)^(1/n) − 1; at comparable prices the product of the yearly real growths. M11. */
static int mean_growth(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    int n = fd_period_year_of(x->period) - base_year(x, e), err;
    fd_gvec *out = fd_gvec_new(x), *now, *before;

    *result = out;
    if (n < 1)
        return 0;
    if (e->deflator) {
        if ((err = chain(&out, x, e, e->children[0], e->where, n)) < 0)
            return err;
    } else {
        if ((err = levels_since(&now, &before, x, e, e->children[0], e->where, n)) < 0)
            return err;
        need_positive(x, before);
        if ((err = fd_gvec_operate(&out, x, FD_EXPR_DIV, now, before)) < 0)
            return err;
    }
    for (size_t g = 0; g < x->groups; g++) {
        fd_gcell *c = &out->cells[g];
        double ratio;

        if (c->state != FD_HAS && c->state != FD_DOUBT)
            continue;
        ratio = fd_gcell_real(out, g);
        c->is_estimate = true;
        if (ratio > 0)
            c->real = pow(ratio, 1.0 / n) - 1;
        else
            c->state = FD_NA;
    }
    out->factor = (fd_quot){ 1, 1 };
    *result = out;
    return 0;
}

/* The one value of an ungrouped evaluation, for every group. */
static void spread_one(const fd_gctx *x, fd_gvec *v)
{
    for (size_t g = 1; g < x->groups; g++)
        v->cells[g] = v->cells[0];
}

/* Now and before of a contribution or pull: over n years where 起 says so, else over one. */
static int two_levels_of(fd_gvec **now, fd_gvec **before, const fd_gctx *x, const fd_expr *e,
                         const fd_expr *argument, const fd_expr *where, int n)
{
    return n ? levels_since(now, before, x, e, argument, where, n)
             : two_levels(now, before, x, e, argument, where);
}

/* The whole against which a part is set: a second argument; else the same group without the
 * condition; else, with no condition either, everything there is.  before NULL: only now. */
static int whole_levels(fd_gvec **now, fd_gvec **before, const fd_gctx *x, const fd_expr *e, int n)
{
    fd_eval_query all = *x->q;
    fd_gctx inner = *x;
    const fd_expr *argument = e->child_count > 1 ? e->children[1] : e->children[0];
    bool everything = e->child_count < 2 && !e->where;
    int err;

    if (everything) {
        all.grouping = NULL;
        inner.q = &all;
    }
    err = before ? two_levels_of(now, before, &inner, e, argument, NULL, n)
                 : level(now, &inner, e, argument, NULL, NULL);
    if (err >= 0 && everything) {
        spread_one(x, *now);
        if (before)
            spread_one(x, *before);
    }
    return err < 0 ? err : 0;
}

static int share(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    fd_gvec *part, *whole;
    int err;

    if ((err = level(&part, x, e, e->children[0], e->where, NULL)) < 0 ||
        (err = whole_levels(&whole, NULL, x, e, 0)) < 0)
        return err;
    return fd_gvec_operate(result, x, FD_EXPR_DIV, part, whole);
}

/* 贡献率 = part's increment / whole's increment; 拉动 = part's increment / whole's base, over one
 * year or since 起. M7, M8. */
static int contribution(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    fd_gvec *now, *before, *whole_now, *whole_before, *part, *whole;
    int n = e->from_year ? fd_period_year_of(x->period) - e->from_year : 0, err;

    if (e->from_year && n < 1) {
        *result = fd_gvec_new(x);
        return 0;
    }
    if ((err = two_levels_of(&now, &before, x, e, e->children[0], e->where, n)) < 0 ||
        (err = whole_levels(&whole_now, &whole_before, x, e, n)) < 0 ||
        (err = fd_gvec_operate(&part, x, FD_EXPR_SUB, now, before)) < 0)
        return err;
    if (e->function == FD_FN_PULL) {
        need_positive(x, whole_before);
        return fd_gvec_operate(result, x, FD_EXPR_DIV, part, whole_before);
    }
    if ((err = fd_gvec_operate(&whole, x, FD_EXPR_SUB, whole_now, whole_before)) < 0)
        return err;
    return fd_gvec_operate(result, x, FD_EXPR_DIV, part, whole);
}

static int coverage(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    fd_gvec *v;
    int err = fd_expr_is_row(e->children[0])
                  ? aggregate_row(&v, x, e->children[0], e->where, NULL, FD_FN_SUM, true, NULL)
                  : fd_geval(&v, x, e->children[0]);

    if (err < 0)
        return err;
    v->factor = (fd_quot){ 1, 1 };
    for (size_t g = 0; g < x->groups; g++) {
        fd_gcell *c = &v->cells[g];

        c->is_estimate = false;
        c->state = c->has_info && c->expected ? FD_HAS : FD_NA;
        c->num = c->reported;
        c->den = c->expected ? c->expected : 1;
    }
    *result = v;
    return 0;
}

int fd_geval_aggregate(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    switch (e->function) {
    case FD_FN_SUM:
    case FD_FN_MEAN:
    case FD_FN_MAX:
    case FD_FN_MIN:
        return aggregate_row(result, x, e->children[0], e->where, NULL, e->function,
                             e->reported_only || x->reported_only, NULL);
    case FD_FN_COUNT:
        return count(result, x, e);
    case FD_FN_DISTINCT:
        return distinct(result, x, e);
    case FD_FN_GROWTH:
        return growth(result, x, e);
    case FD_FN_MEAN_GROWTH:
        return mean_growth(result, x, e);
    case FD_FN_SHARE:
        return share(result, x, e);
    case FD_FN_CONTRIBUTION:
    case FD_FN_PULL:
        return contribution(result, x, e);
    case FD_FN_COVERAGE:
        return coverage(result, x, e);
    default:
        return fd_error_set(FD_EINVAL, "这个函数不能用在这里", "this function cannot stand here");
    }
}
