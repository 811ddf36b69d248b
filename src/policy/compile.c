/*
 * Expressions → a graph in which equal things are one node.
 *
 * A value is num ÷ den × factor in base units, num and den nodes of whole numbers.  A comparison
 * of two values multiplies crosswise, so that nothing is ever divided; the sign of the divisors
 * travels along.  Every node knows a bound on its magnitude: below 2^62 it is computed in 64 bits,
 * below 2^126 in 128, and beyond that the policy is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "ding/eval/internal.h"
#include "policy/compile.h"
#include "policy/nodes.h"

static int add_values(fd_value *out, fd_policy_set *set, const fd_value *a, const fd_value *b,
                      int sign)
{
    int64_t ka, kb;
    fd_quot f = { 1, 1 };
    int x, y, err;

    if ((err = fd_row__common_factor(a->factor, b->factor, &ka, &kb, &f)) < 0 ||
        (err = fd_node__product(&x, set, a->num, b->den)) < 0 ||
        (err = fd_node__product(&y, set, b->num, a->den)) < 0 ||
        (err = fd_node__product(&out->den, set, a->den, b->den)) < 0)
        return err;
    if (a->den == b->den) { /* one divisor for both */
        x = a->num;
        y = b->num;
        out->den = a->den;
    }
    out->factor = f;
    return fd_node__sum(&out->num, set, x, ka, y, sign * kb);
}

static int from_decimal(fd_value *out, fd_policy_set *set, fd_decimal d, const fd_unit *unit)
{
    int err = fd_quot_make(&out->factor, 1, fd_pow10(d.scale));

    out->num = fd_node__constant(set, d.mantissa, FD_HAS);
    out->den = NONE;
    return err < 0 || !unit ? err : fd_quot_mul(&out->factor, out->factor, unit->factor);
}

static int from_leaf(fd_value *out, fd_policy_set *set, int leaf)
{
    if (set->leaves.items[leaf]->form == FD_LEAF_TEXT ||
        set->leaves.items[leaf]->form == FD_LEAF_DAYS)
        return fd_error_set(FD_EINVAL, "「%s」不是数", "%s is no number",
                            set->leaves.items[leaf]->item->name);
    out->num = fd_node__leaf(set, leaf);
    out->den = NONE;
    return fd_policy__leaf_factor(&out->factor, set->leaves.items[leaf]);
}

bool fd_policy__param(const fd_policy_set *set, const fd_slot *slot, const fd_policy_param *param,
                      fd_decimal *out)
{
    for (size_t i = set->settings.count; i-- > 0;)
        if (set->settings.items[i].param == param) {
            *out = set->settings.items[i].value;
            return true;
        }
    *out = param->values[slot->pub.edition];
    return param->has[slot->pub.edition];
}

/* Bring two values to one factor and one divisor, or none. */
static int align(fd_policy_set *set, fd_value *a, fd_value *b)
{
    int64_t ka, kb;
    fd_quot f;
    int err = fd_row__common_factor(a->factor, b->factor, &ka, &kb, &f);

    if (err < 0 || (err = fd_node__sum(&a->num, set, a->num, ka, NONE, 0)) < 0 ||
        (err = fd_node__sum(&b->num, set, b->num, kb, NONE, 0)) < 0)
        return err;
    a->factor = b->factor = f;
    if (a->den != NONE && b->den == NONE)
        b->den = fd_node__constant(set, 1, FD_HAS);
    if (b->den != NONE && a->den == NONE)
        a->den = fd_node__constant(set, 1, FD_HAS);
    return 0;
}

static int select_values(fd_value *out, fd_policy_set *set, int when, fd_value a, fd_value b)
{
    int err = align(set, &a, &b);

    if (err < 0)
        return err;
    out->factor = a.factor;
    out->num = fd_node__choice(set, when, a.num, b.num);
    out->den = a.den == NONE ? NONE : fd_node__choice(set, when, a.den, b.den);
    return 0;
}

static int from_indicator(fd_value *out, const fd_policy_context *c, const fd_indicator *i)
{
    fd_policy_context inner = *c;
    int err;

    if (!i->formula)
        return fd_error_set(FD_EINVAL, "指标「%s」没有逐户的公式",
                            "indicator %s has no formula per subject", i->name);
    if (++inner.depth > 24)
        return fd_error_set(FD_ELIMIT, "指标套指标太深", "indicators are nested too deeply");
    err = fd_value__compile(out, &inner, i->formula);
    for (size_t k = i->rule_count; k > 0 && err >= 0; k--) {
        fd_value state = { fd_node__constant(c->set, 0, i->rules[k - 1].state), NONE, { 1, 1 } };
        int when;

        if (!i->rules[k - 1].when->type.is_vector)
            continue;
        if ((err = fd_truth__compile(&when, &inner, i->rules[k - 1].when, FD_NA_UNKNOWN)) >= 0)
            err = select_values(out, c->set, when, state, *out);
    }
    return err;
}

static int from_name(fd_value *out, const fd_policy_context *c, const fd_expr *e)
{
    fd_decimal d;
    int leaf, err;

    switch (e->symbol) {
    case FD_SYM_ITEM:
        err = fd_policy__leaf(&leaf, c, e);
        return err < 0 ? err : from_leaf(out, c->set, leaf);
    case FD_SYM_PART: {
        fd_policy_context plain = fd_policy__context(c->set, c->slot);

        return fd_value__compile(out, &plain, ((const fd_policy_part *)e->target)->expr);
    }
    case FD_SYM_SETTING: {
        const fd_policy_param *param = e->target;

        if (fd_policy__param(c->set, c->slot, param, &d))
            return from_decimal(out, c->set, d, param->unit);
        break;
    }
    case FD_SYM_PARAM: {
        const fd_param *param = e->target;

        for (size_t i = param->count; i > 0; i--)
            if (param->from[i - 1] <= c->set->on)
                return from_decimal(out, c->set, param->values[i - 1], param->unit);
        break;
    }
    case FD_SYM_INDICATOR:
        return from_indicator(out, c, e->target);
    default:
        return fd_error_set(FD_EINVAL, "「%s」不是数", "%s is no number", e->text);
    }
    *out = (fd_value){ fd_node__constant(c->set, 0, FD_MISSING), NONE, { 1, 1 } };
    return 0;
}

static int rounded(fd_value *out, const fd_policy_context *c, const fd_expr *e)
{
    fd_quot quantum = e->type.unit ? e->type.unit->factor : (fd_quot){ 1, 1 }, ratio;
    fd_node n;
    fd_u128 x;
    fd_value v;
    int err;

    if ((err = fd_value__compile(&v, c, e->children[0])) < 0 ||
        (err = fd_quot_div(&quantum, quantum,
                           fd_quot_from_int(fd_pow10((int)e->children[1]->number.mantissa)))) < 0 ||
        (err = fd_quot_div(&ratio, v.factor, quantum)) < 0)
        return err;
    if (fd_node__magnitude(ratio.num) > INT64_MAX || ratio.den > INT64_MAX)
        return fd_node__too_wide();
    n = fd_node__blank(FD_N_ROUND, v.num, v.den);
    n.ka = (int64_t)ratio.num;
    n.kb = (int64_t)ratio.den;
    n.rounding = e->rounding;
    if (!fd_node__fits(&x, fd_node__at(c->set, v.num)->bound, fd_node__magnitude(ratio.num)) ||
        x >> 124 ||
        (v.den != NONE &&
         (!fd_node__fits(&x, fd_node__at(c->set, v.den)->bound, fd_node__magnitude(ratio.den)) ||
          x >> 124)))
        return fd_node__too_wide();
    n.bound = fd_node__at(c->set, v.num)->bound * fd_node__magnitude(ratio.num) + 1;
    n.wide = true;
    *out = (fd_value){ fd_node__add(c->set, &n), NONE, quantum };
    return 0;
}

static int extreme(fd_value *out, const fd_policy_context *c, const fd_expr *e)
{
    int err = fd_value__compile(out, c, e->children[0]);

    for (size_t i = 1; i < e->child_count && err >= 0; i++) {
        fd_value v;

        if ((err = fd_value__compile(&v, c, e->children[i])) < 0 ||
            (err = align(c->set, out, &v)) < 0)
            return err;
        if (out->den != NONE)
            return fd_error_set(FD_EINVAL, "最大、最小 里的商要先写明取舍:四舍五入(…,n 位)",
                                "round quotients inside max and min: round(…, n)");
        out->num =
            fd_node__pair(c->set, e->function == FD_FN_MAX ? FD_N_MAX : FD_N_MIN, out->num, v.num);
    }
    return err;
}

/* 近N年 of something composed: year by year. */
static int years(fd_value *out, const fd_policy_context *c, const fd_expr *e)
{
    int64_t n = e->children[1]->number.mantissa;
    int err = 0;

    if (n < 1 || n > 50)
        return fd_error_set(FD_EINVAL, "近N年 的年数应为 1 到 50", "last N years: N is 1 to 50");
    for (int64_t k = 1; k <= n && err >= 0; k++) {
        fd_policy_context shifted = fd_policy__year(c, (int)k);
        fd_value year;

        if ((err = fd_value__compile(k == 1 ? out : &year, &shifted, e->children[0])) >= 0 && k > 1)
            err = add_values(out, c->set, &(fd_value){ out->num, out->den, out->factor }, &year, 1);
    }
    return err;
}

static int call(fd_value *out, const fd_policy_context *c, const fd_expr *e)
{
    fd_node n;
    int leaf, err;

    switch (e->function) {
    case FD_FN_LAST_YEARS:
    case FD_FN_MONTH_MEAN:
    case FD_FN_MONTH_MAX:
        if ((err = fd_policy__window(&leaf, c, e)) < 0)
            return err;
        return leaf >= 0 ? from_leaf(out, c->set, leaf) : years(out, c, e);
    case FD_FN_ROUND:
        return rounded(out, c, e);
    case FD_FN_MAX:
    case FD_FN_MIN:
        return extreme(out, c, e);
    case FD_FN_ABS:
        if ((err = fd_value__compile(out, c, e->children[0])) < 0)
            return err;
        for (int *side = &out->num;; side = &out->den) {
            if (*side != NONE) {
                n = fd_node__blank(FD_N_ABS, *side, NONE);
                n.bound = fd_node__at(c->set, *side)->bound;
                n.wide = fd_node__is_wide(n.bound);
                *side = fd_node__add(c->set, &n);
            }
            if (side == &out->den)
                return 0;
        }
    default:
        return fd_error_set(FD_EINVAL, "政策里不能用这个函数", "a policy cannot use this function");
    }
}

/* 条件 → 值;…;其余 值. Without 其余 the rest is 0. */
static int cases(fd_value *out, const fd_policy_context *c, const fd_expr *e)
{
    size_t pairs = e->child_count / 2;
    int err = 0;

    if (e->child_count % 2)
        err = fd_value__compile(out, c, e->children[e->child_count - 1]);
    else
        *out = (fd_value){ fd_node__constant(c->set, 0, FD_HAS), NONE, { 1, 1 } };
    for (size_t i = pairs; i > 0 && err >= 0; i--) {
        fd_value v;
        int when;

        if ((err = fd_truth__compile(&when, c, e->children[2 * i - 2], FD_NA_UNKNOWN)) >= 0 &&
            (err = fd_value__compile(&v, c, e->children[2 * i - 1])) >= 0)
            err = select_values(out, c->set, when, v, *out);
    }
    return err;
}

int fd_value__compile(fd_value *out, const fd_policy_context *c, const fd_expr *e)
{
    fd_policy_context shifted;
    fd_value a = { 0 }, b = { 0 };
    int err;

    switch (e->kind) {
    case FD_EXPR_NUMBER:
        return from_decimal(out, c->set, e->number, e->type.unit);
    case FD_EXPR_NAME:
        return from_name(out, c, e);
    case FD_EXPR_AT:
        shifted = fd_policy__shift(c, e);
        return fd_value__compile(out, &shifted, e->children[0]);
    case FD_EXPR_NEGATE:
        if ((err = fd_value__compile(out, c, e->children[0])) < 0)
            return err;
        return fd_node__sum(&out->num, c->set, out->num, -1, NONE, 0);
    case FD_EXPR_ADD:
    case FD_EXPR_SUB:
    case FD_EXPR_MUL:
    case FD_EXPR_DIV:
        if ((err = fd_value__compile(&a, c, e->children[0])) < 0 ||
            (err = fd_value__compile(&b, c, e->children[1])) < 0)
            return err;
        if (e->kind == FD_EXPR_ADD || e->kind == FD_EXPR_SUB)
            return add_values(out, c->set, &a, &b, e->kind == FD_EXPR_ADD ? 1 : -1);
        if (e->kind == FD_EXPR_MUL) {
            if ((err = fd_node__product(&out->num, c->set, a.num, b.num)) < 0 ||
                (err = fd_node__product(&out->den, c->set, a.den, b.den)) < 0)
                return err;
            return fd_quot_mul(&out->factor, a.factor, b.factor);
        }
        if ((err = fd_node__product(&out->num, c->set, a.num, b.den)) < 0 ||
            (err = fd_node__product(&out->den, c->set, a.den, b.num)) < 0)
            return err;
        /* a ÷ (b ÷ c) is 不适用 where c is 0, too: keep c in the divisor */
        if (b.den != NONE && ((err = fd_node__product(&out->num, c->set, out->num, b.den)) < 0 ||
                              (err = fd_node__product(&out->den, c->set, out->den, b.den)) < 0))
            return err;
        return fd_quot_div(&out->factor, a.factor, b.factor);
    case FD_EXPR_CALL:
        return call(out, c, e);
    case FD_EXPR_CASE:
        return cases(out, c, e);
    default:
        return fd_error_set(FD_EINVAL, "这里应为数", "a number is expected here");
    }
}
