/*
 * One row, by walking the definition: what the vectors compute, a second time and independently,
 * with the numbers themselves as exact quotients.  Reasons, amounts and the shortest way in are
 * made of this.
 */
#include <string.h>

#include "base/str.h"
#include "ding/eval/internal.h"
#include "policy/compile.h"
#include "policy/dates.h"
#include "policy/walk.h"

fd_walk fd_walk_of(fd_policy_set *set, const fd_slot *slot, size_t row)
{
    return (fd_walk){ .context = fd_policy__context(set, slot), .row = row, .instead = -1 };
}

static fd_walk moved(const fd_walk *w, fd_policy_context context)
{
    fd_walk inner = *w;

    inner.context = context;
    return inner;
}

static fd_walk plain(const fd_walk *w)
{
    return moved(w, fd_policy__context(w->context.set, w->context.slot));
}

static bool exact(const fd_number *n)
{
    return n->state == FD_HAS;
}

/* ---- leaves ---- */

fd_state fd_walk__leaf_state(const fd_walk *w, int index)
{
    const fd_leaf *leaf = w->context.set->leaves.items[index];

    if (index == w->instead || fd_bits_get(leaf->known, w->row))
        return FD_HAS;
    if (leaf->na && fd_bits_get(leaf->na, w->row))
        return FD_NA;
    return FD_MISSING;
}

/* Report what is unknown, down to the single fields. */
static void report(const fd_walk *w, int index)
{
    const fd_leaf *leaf = w->context.set->leaves.items[index];
    fd_state state;

    if (!w->meet)
        return;
    state = fd_walk__leaf_state(w, index);
    if (state != FD_MISSING && !(w->stuck && state == FD_NA) && !w->every)
        return;
    if (!leaf->part_count) {
        w->meet(w->payload, index);
        return;
    }
    /* of a divisor that is 0, one year is enough to ask about */
    for (size_t k = 0; k < (state == FD_HAS && w->stuck ? 1 : leaf->part_count); k++)
        report(w, leaf->parts[k]);
}

static int leaf_number(fd_number *out, const fd_walk *w, int index)
{
    const fd_leaf *leaf = w->context.set->leaves.items[index];
    fd_quot factor;
    int err;

    *out = fd_number_missing();
    out->state = fd_walk__leaf_state(w, index);
    if (out->state != FD_HAS) {
        report(w, index);
        return 0;
    }
    if ((err = fd_policy__leaf_factor(&factor, leaf)) < 0)
        return err;
    report(w, index);
    *out = fd_number_exact(fd_quot_from_int(index == w->instead ? w->value : leaf->v[w->row]));
    return fd_quot_mul(&out->exact, out->exact, factor);
}

static int decimal_number(fd_number *out, fd_decimal d, const fd_unit *unit)
{
    *out = fd_number_exact(fd_quot_from_decimal(d));
    return unit ? fd_quot_mul(&out->exact, out->exact, unit->factor) : 0;
}

static int name_number(fd_number *out, const fd_walk *w, const fd_expr *e)
{
    fd_walk inner;
    fd_decimal d;
    int leaf, err;

    *out = fd_number_missing();
    switch (e->symbol) {
    case FD_SYM_ITEM:
        err = fd_policy__leaf(&leaf, &w->context, e);
        return err < 0 ? err : leaf_number(out, w, leaf);
    case FD_SYM_PART:
        inner = plain(w);
        return fd_walk_number(out, &inner, ((const fd_policy_part *)e->target)->expr);
    case FD_SYM_SETTING:
        if (fd_policy__param(w->context.set, w->context.slot, e->target, &d))
            return decimal_number(out, d, ((const fd_policy_param *)e->target)->unit);
        return 0;
    case FD_SYM_PARAM: {
        const fd_param *param = e->target;

        for (size_t i = param->count; i > 0; i--)
            if (param->from[i - 1] <= w->context.set->on)
                return decimal_number(out, param->values[i - 1], param->unit);
        return 0;
    }
    case FD_SYM_INDICATOR: {
        const fd_indicator *i = e->target;

        inner = *w;
        if (!i->formula || ++inner.context.depth > 24)
            return fd_error_set(FD_EINVAL, "指标「%s」没有逐户的公式",
                                "indicator %s has no formula per subject", i->name);
        for (size_t k = 0; k < i->rule_count; k++) {
            fd_truth t;

            if (!i->rules[k].when->type.is_vector)
                continue;
            if ((err = fd_walk__truth(&t, &inner, i->rules[k].when, FD_NA_UNKNOWN)) < 0)
                return err;
            if (t == FD_TRUE) {
                out->state = i->rules[k].state;
                return 0;
            }
            if (t == FD_UNKNOWN)
                return 0;
        }
        return fd_walk_number(out, &inner, i->formula);
    }
    default:
        return fd_error_set(FD_EINVAL, "「%s」不是数", "%s is no number", e->text);
    }
}

/* ---- arithmetic ---- */

static int arithmetic(fd_number *out, const fd_walk *w, const fd_expr *e)
{
    fd_number a, b;
    int err;

    if ((err = fd_walk_number(&a, w, e->children[0])) < 0 ||
        (err = fd_walk_number(&b, w, e->children[1])) < 0)
        return err;
    *out = fd_number_missing();
    out->state = fd_state_combine(a.state, b.state);
    if (out->state != FD_HAS)
        return 0;
    *out = fd_number_exact((fd_quot){ 0, 1 });
    switch (e->kind) {
    case FD_EXPR_ADD:
        return fd_quot_add(&out->exact, a.exact, b.exact);
    case FD_EXPR_SUB:
        return fd_quot_sub(&out->exact, a.exact, b.exact);
    case FD_EXPR_MUL:
        return fd_quot_mul(&out->exact, a.exact, b.exact);
    default:
        if (b.exact.num == 0) {
            fd_walk divisor = *w;

            divisor.every = w->stuck;
            *out = fd_number_na();
            return w->stuck && !w->every ? fd_walk_number(&b, &divisor, e->children[1]) : 0;
        }
        return fd_quot_div(&out->exact, a.exact, b.exact);
    }
}

static int call(fd_number *out, const fd_walk *w, const fd_expr *e)
{
    fd_quot unit = e->type.unit ? e->type.unit->factor : (fd_quot){ 1, 1 };
    fd_number x;
    fd_decimal d;
    int leaf, err;

    switch (e->function) {
    case FD_FN_LAST_YEARS:
    case FD_FN_MONTH_MEAN:
    case FD_FN_MONTH_MAX:
        if ((err = fd_policy__window(&leaf, &w->context, e)) < 0)
            return err;
        if (leaf >= 0)
            return leaf_number(out, w, leaf);
        *out = fd_number_exact((fd_quot){ 0, 1 });
        for (int k = 1; k <= (int)e->children[1]->number.mantissa; k++) {
            fd_walk year = moved(w, fd_policy__year(&w->context, k));

            if ((err = fd_walk_number(&x, &year, e->children[0])) < 0)
                return err;
            out->state = fd_state_combine(out->state, x.state);
            if (out->state == FD_HAS && (err = fd_quot_add(&out->exact, out->exact, x.exact)) < 0)
                return err;
        }
        return 0;
    case FD_FN_ROUND:
        if ((err = fd_walk_number(out, w, e->children[0])) < 0 || !exact(out))
            return err;
        if ((err = fd_quot_div(&out->exact, out->exact, unit)) < 0 ||
            (err = fd_quot_round(&d, out->exact, (int)e->children[1]->number.mantissa,
                                 e->rounding)) < 0)
            return err;
        return fd_quot_mul(&out->exact, fd_quot_from_decimal(d), unit);
    case FD_FN_ABS:
        err = fd_walk_number(out, w, e->children[0]);
        if (err >= 0 && exact(out) && out->exact.num < 0)
            out->exact.num = -out->exact.num;
        return err;
    case FD_FN_MAX:
    case FD_FN_MIN:
        err = fd_walk_number(out, w, e->children[0]);
        for (size_t i = 1; i < e->child_count && err >= 0; i++) {
            int order;

            if ((err = fd_walk_number(&x, w, e->children[i])) < 0)
                return err;
            out->state = fd_state_combine(out->state, x.state);
            if (out->state != FD_HAS)
                continue;
            order = fd_quot_compare(x.exact, out->exact);
            if (e->function == FD_FN_MAX ? order > 0 : order < 0)
                out->exact = x.exact;
        }
        return err;
    default:
        return fd_error_set(FD_EINVAL, "政策里不能用这个函数", "a policy cannot use this function");
    }
}

static int cases(fd_number *out, const fd_walk *w, const fd_expr *e)
{
    for (size_t i = 0; i + 1 < e->child_count; i += 2) {
        fd_truth t;
        int err = fd_walk__truth(&t, w, e->children[i], FD_NA_UNKNOWN);

        if (err < 0)
            return err;
        if (t == FD_TRUE)
            return fd_walk_number(out, w, e->children[i + 1]);
        if (t == FD_UNKNOWN) {
            *out = fd_number_missing();
            return 0;
        }
    }
    if (e->child_count % 2)
        return fd_walk_number(out, w, e->children[e->child_count - 1]);
    *out = fd_number_exact((fd_quot){ 0, 1 });
    return 0;
}

int fd_walk_number(fd_number *out, const fd_walk *w, const fd_expr *e)
{
    fd_walk inner;
    int err;

    switch (e->kind) {
    case FD_EXPR_NUMBER:
        return decimal_number(out, e->number, e->type.unit);
    case FD_EXPR_NAME:
        return name_number(out, w, e);
    case FD_EXPR_AT:
        inner = moved(w, fd_policy__shift(&w->context, e));
        return fd_walk_number(out, &inner, e->children[0]);
    case FD_EXPR_NEGATE:
        err = fd_walk_number(out, w, e->children[0]);
        if (err >= 0 && exact(out))
            out->exact.num = -out->exact.num;
        return err;
    case FD_EXPR_CALL:
        return call(out, w, e);
    case FD_EXPR_CASE:
        return cases(out, w, e);
    default:
        return arithmetic(out, w, e);
    }
}

/* ---- truths ---- */

static fd_truth by_rule(fd_na_rule na)
{
    return na == FD_NA_UNKNOWN ? FD_UNKNOWN : na == FD_NA_FAILS ? FD_FALSE : FD_TRUE;
}

bool fd_walk__holds(fd_expr_kind relation, int order)
{
    switch (relation) {
    case FD_EXPR_EQ:
        return order == 0;
    case FD_EXPR_NE:
        return order != 0;
    case FD_EXPR_LT:
        return order < 0;
    case FD_EXPR_LE:
        return order <= 0;
    case FD_EXPR_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

int fd_walk_date(fd_state *state, fd_date *out, const fd_walk *w, const fd_expr *e)
{
    fd_walk inner = *w;
    int leaf, err;

    *state = FD_HAS;
    switch (e->kind) {
    case FD_EXPR_DATE:
        *out = e->date;
        return 0;
    case FD_EXPR_ADD:
    case FD_EXPR_SUB:
        if ((err = fd_walk_date(state, out, w, fd_policy__date_base(e))) < 0 || *state != FD_HAS)
            return err;
        return fd_policy__moved(out, w->context.set->program, e, *out, FD_DATE_NONE);
    case FD_EXPR_AT:
        inner.context = fd_policy__shift(&w->context, e);
        return fd_walk_date(state, out, &inner, e->children[0]);
    default:
        if (e->symbol == FD_SYM_VARIABLE) {
            *out = w->context.set->on;
            return 0;
        }
        if ((err = fd_policy__leaf(&leaf, &w->context, e)) < 0)
            return err;
        *state = fd_walk__leaf_state(w, leaf);
        *out = *state == FD_HAS ? (fd_date)w->context.set->leaves.items[leaf]->v[w->row] : 0;
        report(w, leaf);
        return 0;
    }
}

static int text_truth(fd_truth *out, const fd_walk *w, const fd_expr *attribute, const fd_expr *e,
                      fd_na_rule na)
{
    fd_walk inner = *w;
    const fd_leaf *leaf;
    const char *text;
    int index, err;

    if (attribute->kind == FD_EXPR_AT) {
        inner.context = fd_policy__shift(&w->context, attribute);
        attribute = attribute->children[0];
    }
    if ((err = fd_policy__leaf(&index, &inner.context, attribute)) < 0)
        return err;
    leaf = w->context.set->leaves.items[index];
    switch (fd_walk__leaf_state(w, index)) {
    case FD_NA:
        report(w, index);
        *out = by_rule(na);
        return 0;
    case FD_MISSING:
        report(w, index);
        *out = FD_UNKNOWN;
        return 0;
    default:
        text = fd_dict_text(leaf->column->dict, leaf->text[w->row]);
        if (e)
            return fd_policy__text_truth(out, w->context.set, e, text);
        *out = fd_text_truth(text);
        return 0;
    }
}

static int dates(fd_truth *out, const fd_walk *w, const fd_expr *e, fd_na_rule na)
{
    const fd_expr *left = e->children[0], *right = e->children[1];
    fd_state a, b;
    fd_date x = 0, y = 0;
    int order, err;

    if ((err = fd_walk_date(&a, &x, w, fd_policy__date_base(left))) < 0 ||
        (err = fd_walk_date(&b, &y, w, fd_policy__date_base(right))) < 0)
        return err;
    a = fd_state_combine(a, b);
    *out = a == FD_NA ? by_rule(na) : FD_UNKNOWN;
    if (a != FD_HAS)
        return 0;
    err = fd_policy__date_order(&order, w->context.set->program, left, x, right, y);
    if (err >= 0)
        *out = fd_walk__holds(e->kind, order) ? FD_TRUE : FD_FALSE;
    return err;
}

/* x ≥ 查表 s … with s unknown: decided when every band says the same. */
static int any_band(fd_truth *out, const fd_walk *w, const fd_number *x, const fd_expr *bands,
                    fd_expr_kind relation, bool bands_left, fd_na_rule na)
{
    size_t yes = 0, all = 0;
    fd_number s, y;
    int err;
    const fd_expr *first = bands->children[0];

    *out = FD_UNKNOWN;
    if (first->kind == FD_EXPR_AND)
        first = first->children[0];
    if ((err = fd_walk_number(&s, w, first->children[0])) < 0)
        return err;
    if (s.state == FD_NA && x->state != FD_MISSING)
        *out = by_rule(na);
    if (s.state != FD_MISSING || !exact(x))
        return 0;
    for (size_t i = 1; i <= bands->child_count; i += 2) {
        int order;

        if ((err = fd_walk_number(&y, w, bands->children[i < bands->child_count ? i : i - 1])) < 0)
            return err;
        if (!exact(&y))
            return 0;
        order =
            bands_left ? fd_quot_compare(y.exact, x->exact) : fd_quot_compare(x->exact, y.exact);
        yes += fd_walk__holds(relation, order);
        all++;
    }
    *out = yes == all ? FD_TRUE : yes == 0 ? FD_FALSE : FD_UNKNOWN;
    return 0;
}

static int figures(fd_truth *out, const fd_walk *w, const fd_expr *e, fd_na_rule na)
{
    const fd_expr *x = e->children[0], *y = e->children[1];
    fd_number a, b;
    fd_state state;
    int err;

    if ((err = fd_walk_number(&a, w, x)) < 0 || (err = fd_walk_number(&b, w, y)) < 0)
        return err;
    state = fd_state_combine(a.state, b.state);
    if (state == FD_HAS) {
        *out = fd_walk__holds(e->kind, fd_quot_compare(a.exact, b.exact)) ? FD_TRUE : FD_FALSE;
        return 0;
    }
    *out = state == FD_NA ? by_rule(na) : FD_UNKNOWN;
    if (state == FD_MISSING && fd_policy__simple_bands(y))
        return any_band(out, w, &a, y, e->kind, false, na);
    if (state == FD_MISSING && fd_policy__simple_bands(x))
        return any_band(out, w, &b, x, e->kind, true, na);
    return 0;
}

int fd_walk__truth(fd_truth *out, const fd_walk *w, const fd_expr *e, fd_na_rule na)
{
    fd_walk inner;
    fd_truth a = FD_UNKNOWN, b = FD_UNKNOWN;
    int err;

    switch (e->kind) {
    case FD_EXPR_AND:
    case FD_EXPR_OR:
        if ((err = fd_walk__truth(&a, w, e->children[0], na)) < 0 ||
            (err = fd_walk__truth(&b, w, e->children[1], na)) < 0)
            return err;
        *out = e->kind == FD_EXPR_AND ? (a < b ? a : b) : (a > b ? a : b);
        return 0;
    case FD_EXPR_NOT:
        err = fd_walk__truth(&a, w, e->children[0], fd_policy__turned(na));
        *out = (fd_truth)(FD_TRUE - a);
        return err;
    case FD_EXPR_IN:
        return text_truth(out, w, e->children[0], e, na);
    case FD_EXPR_NAME:
        if (e->symbol == FD_SYM_PART) {
            inner = plain(w);
            return fd_walk__truth(out, &inner, ((const fd_policy_part *)e->target)->expr, na);
        }
        return text_truth(out, w, e, NULL, na);
    case FD_EXPR_AT:
        inner = moved(w, fd_policy__shift(&w->context, e));
        return fd_walk__truth(out, &inner, e->children[0], na);
    default:
        if (e->children[0]->type.is_date)
            return dates(out, w, e, na);
        if (!e->children[0]->type.is_text)
            return figures(out, w, e, na);
        if (e->kind != FD_EXPR_NE)
            return text_truth(out, w, e->children[0], e, na);
        err = text_truth(&a, w, e->children[0], e, fd_policy__turned(na));
        *out = (fd_truth)(FD_TRUE - a);
        return err;
    }
}

int fd_walk_part(fd_truth *out, const fd_walk *w, size_t part)
{
    const fd_policy *p = w->context.slot->pub.policy;
    uint32_t bit = 1u << w->context.slot->pub.edition;
    int err = 0;

    *out = FD_UNKNOWN;
    if (!p->parts[part].expr || !(p->parts[part].versions & bit))
        return 0;
    err = fd_walk__truth(out, w, p->parts[part].expr, fd_policy__part_na(p, &p->parts[part]));
    for (size_t d = 0; d < p->part_count && err >= 0; d++) {
        fd_truth t = FD_UNKNOWN;

        if (!fd_policy__waives(p, d, part) || !(p->parts[d].versions & bit))
            continue;
        err = fd_walk__truth(&t, w, p->parts[d].expr, FD_NA_FAILS);
        *out = t > *out ? t : *out;
    }
    return err;
}

int fd_policy_walk_truth(fd_truth *out, fd_policy_set *set, const fd_policy_slot *slot, size_t part,
                         size_t row)
{
    fd_walk w = fd_walk_of(set, fd_policy__slot(set, slot), row);

    return fd_walk_part(out, &w, part);
}
