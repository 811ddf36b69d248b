/*
 * What is missing, and how far a condition is from holding.
 */
#include <stdlib.h>
#include <string.h>

#include "ding/eval/internal.h"
#include "policy/compile.h"
#include "policy/near.h"

/* ---- fields ---- */

size_t fd_policy_field_name(const fd_policy_field *field, fd_lang lang, char *buf, size_t size)
{
    char period[48];
    const char *name = lang == FD_ZH ? field->item->name : field->item->id;
    int n;

    if (!field->period) {
        n = snprintf(buf, size, "%s%s%s", name, field->variant ? ":" : "",
                     field->variant ? field->variant : "");
    } else {
        fd_period_format(field->period, period, sizeof period);
        n = snprintf(buf, size, "%s%s%s[%s%s]", name, field->variant ? ":" : "",
                     field->variant ? field->variant : "", period,
                     field->basis == FD_COMPARATIVE ? (lang == FD_ZH ? " 上年同期" : " comparative")
                                                    : "");
    }
    return n < 0 ? 0 : (size_t)n;
}

/* ---- the smallest set that could decide ---- */

typedef struct leaves {
    fd_vec(int) list;
} leaves;

static void add_leaf(void *payload, int leaf)
{
    leaves *l = payload;

    for (size_t i = 0; i < l->list.count; i++)
        if (l->list.items[i] == leaf)
            return;
    fd_vec_push(&l->list, leaf);
}

/* Does the list hold every unknown field that this atom meets? */
static bool holds_all(const leaves *have, const leaves *wanted)
{
    for (size_t i = 0; i < wanted->list.count; i++) {
        bool found = false;

        for (size_t k = 0; k < have->list.count; k++)
            found = found || have->list.items[k] == wanted->list.items[i];
        if (!found)
            return false;
    }
    return true;
}

typedef struct search {
    const fd_walk *walk;
    const leaves *have; /* covering: is it enough? NULL: collect into `out` */
    int err;
} search;

static int atom_leaves(leaves *out, const fd_walk *w, const fd_expr *e)
{
    fd_walk inner = *w;
    fd_truth t;

    inner.meet = add_leaf;
    inner.payload = out;
    return fd_walk__truth(&t, &inner, e, FD_NA_UNKNOWN);
}

static fd_truth now(search *s, const fd_walk *w, const fd_expr *e, fd_na_rule na)
{
    fd_walk quiet = *w;
    fd_truth t = FD_UNKNOWN;

    quiet.meet = NULL;
    if (s->err >= 0)
        s->err = fd_walk__truth(&t, &quiet, e, na);
    return t;
}

/* With these fields known, could `e` become `want`? `na` as in fd_walk__truth(). */
static bool covers(search *s, const fd_walk *w, const fd_expr *e, fd_na_rule na, fd_truth want)
{
    fd_truth t = now(s, w, e, na);
    leaves met = { { 0 } };
    fd_walk inner;
    bool both, ok;

    if (t != FD_UNKNOWN || s->err < 0)
        return t == want;
    switch (e->kind) {
    case FD_EXPR_AND:
    case FD_EXPR_OR:
        both = (e->kind == FD_EXPR_AND) == (want == FD_TRUE);
        ok = covers(s, w, e->children[0], na, want);
        return both ? ok && covers(s, w, e->children[1], na, want)
                    : ok || covers(s, w, e->children[1], na, want);
    case FD_EXPR_NOT:
        return covers(s, w, e->children[0], fd_policy__turned(na), (fd_truth)(FD_TRUE - want));
    case FD_EXPR_AT:
        inner = *w;
        inner.context = fd_policy__shift(&w->context, e);
        return covers(s, &inner, e->children[0], na, want);
    case FD_EXPR_NAME:
        if (e->symbol == FD_SYM_PART) {
            inner = *w;
            inner.context = fd_policy__context(w->context.set, w->context.slot);
            return covers(s, &inner, ((const fd_policy_part *)e->target)->expr, na, want);
        }
        break;
    default:
        break;
    }
    s->err = atom_leaves(&met, w, e);
    ok = met.list.count > 0 && holds_all(s->have, &met);
    fd_vec_dispose(&met.list);
    return ok;
}

static bool part_covered(search *s, const fd_walk *w, size_t part)
{
    const fd_policy *p = w->context.slot->pub.policy;
    uint32_t bit = 1u << w->context.slot->pub.edition;
    fd_walk pass = *w;

    pass.stuck = false; /* 不适用 never passes directly */
    if (covers(s, w, p->parts[part].expr, fd_policy__part_na(p, &p->parts[part]), FD_TRUE))
        return true;
    for (size_t d = 0; d < p->part_count; d++)
        if (fd_policy__waives(p, d, part) && (p->parts[d].versions & bit) &&
            covers(s, &pass, p->parts[d].expr, FD_NA_FAILS, FD_TRUE))
            return true;
    return false;
}

static bool counts(const fd_policy_slot *slot, size_t part)
{
    fd_part_kind kind = slot->policy->parts[part].kind;

    return slot->roots[part] >= 0 && (kind == FD_PART_WHERE || kind == FD_PART_GIVEN);
}

static bool all_covered(search *s, const fd_policy_slot *slot)
{
    for (size_t i = 0; i < slot->part_count && s->err >= 0; i++) {
        if (counts(slot, i) &&
            fd_policy_truth(s->walk->context.set, slot, i, s->walk->row) == FD_UNKNOWN &&
            !part_covered(s, s->walk, i))
            return false;
    }
    return s->err >= 0;
}

/* Everything unknown that the undecided parts meet, then whatever can be done without is dropped,
 * from the end: what stands first in the document stays. */
int fd_policy__missing_leaves(int **out, size_t *count, fd_policy_set *set,
                              const fd_policy_slot *slot, size_t row)
{
    fd_walk w = fd_walk_of(set, fd_policy__slot(set, slot), row);
    leaves all = { { 0 } };
    search s = { &w, &all, 0 };
    const fd_policy *p = slot->policy;

    *out = NULL;
    *count = 0;
    w.stuck = p->na == FD_NA_UNKNOWN;
    if (fd_policy_result(set, slot, row) != FD_NEEDS)
        return 0;
    for (size_t i = 0; i < slot->part_count && s.err >= 0; i++) {
        if (!counts(slot, i) || fd_policy_truth(set, slot, i, row) != FD_UNKNOWN)
            continue;
        s.err = atom_leaves(&all, &w, p->parts[i].expr);
        for (size_t d = 0; d < p->part_count && s.err >= 0; d++)
            if (fd_policy__waives(p, d, i) && slot->roots[d] >= 0) {
                fd_walk pass = w;

                pass.stuck = false;
                s.err = atom_leaves(&all, &pass, p->parts[d].expr);
            }
    }
    if (s.err >= 0 && all_covered(&s, slot))
        for (size_t i = all.list.count; i-- > 0 && s.err >= 0;) {
            int dropped = all.list.items[i];
            size_t after = (all.list.count - i - 1) * sizeof *all.list.items;

            memmove(&all.list.items[i], &all.list.items[i + 1], after);
            all.list.count--;
            if (!all_covered(&s, slot)) {
                memmove(&all.list.items[i + 1], &all.list.items[i], after);
                all.list.items[i] = dropped;
                all.list.count++;
            }
        }
    if (s.err < 0) {
        fd_vec_dispose(&all.list);
        return s.err;
    }
    *out = all.list.items;
    *count = all.list.count;
    return 0;
}

int fd_policy_missing(fd_policy_field **out, size_t *count, fd_policy_set *set,
                      const fd_policy_slot *slot, size_t row)
{
    int *list, err = fd_policy__missing_leaves(&list, count, set, slot, row);

    *out = NULL;
    if (err < 0)
        return err;
    *out = fd_alloc((*count + 1) * sizeof **out);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = set->leaves.items[list[i]]->field;
    free(list);
    return 0;
}

/* ---- gaps ---- */

static fd_expr_kind opposite(fd_expr_kind relation)
{
    static const fd_expr_kind other[] = { FD_EXPR_NE, FD_EXPR_EQ, FD_EXPR_GE,
                                          FD_EXPR_GT, FD_EXPR_LE, FD_EXPR_LT };

    return other[relation - FD_EXPR_EQ];
}

static fd_expr_kind mirrored(fd_expr_kind r)
{
    return r == FD_EXPR_LT   ? FD_EXPR_GT
           : r == FD_EXPR_LE ? FD_EXPR_GE
           : r == FD_EXPR_GT ? FD_EXPR_LT
           : r == FD_EXPR_GE ? FD_EXPR_LE
                             : r;
}

static const fd_expr *strip(const fd_expr *e)
{
    while (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_PART)
        e = ((const fd_policy_part *)e->target)->expr;
    return e;
}

static bool is_constant(const fd_expr *e)
{
    if (e->kind == FD_EXPR_NAME)
        return e->symbol == FD_SYM_SETTING || e->symbol == FD_SYM_PARAM;
    for (size_t i = 0; i < e->child_count; i++)
        if (!is_constant(e->children[i]))
            return false;
    return e->kind != FD_EXPR_TEXT && e->kind != FD_EXPR_CALL;
}

/* The comparison `e`, wanted with this relation; false: it gives no gap. */
static int atom_gap(fd_policy_gap *g, const fd_walk *w, const fd_expr *e, fd_expr_kind relation)
{
    const fd_expr *x = e->children[0], *y = e->children[1], *ratio;
    fd_number a, b, num, den;
    fd_quot need;
    int err;

    if (x->type.is_text || x->type.is_date)
        return 0;
    if (is_constant(x) || (x->kind == FD_EXPR_CASE && x->bands)) {
        const fd_expr *swap = x;

        x = y;
        y = swap;
        relation = mirrored(relation);
    }
    if ((err = fd_walk_number(&a, w, x)) < 0 || (err = fd_walk_number(&b, w, y)) < 0)
        return err;
    if (a.state != FD_HAS || b.state != FD_HAS)
        return 0;
    *g = (fd_policy_gap){
        .has_value = true, .left = a.exact, .right = b.exact, .relation = relation
    };
    g->left_expr = x;
    g->right_expr = y;
    g->unit = x->type.unit;
    g->moves = x;
    if (relation == FD_EXPR_EQ || relation == FD_EXPR_NE)
        return 0;
    ratio = strip(x);
    if (ratio->kind == FD_EXPR_DIV) {
        if ((err = fd_walk_number(&num, w, ratio->children[0])) < 0 ||
            (err = fd_walk_number(&den, w, ratio->children[1])) < 0)
            return err;
        if (num.state != FD_HAS || den.state != FD_HAS || den.exact.num <= 0)
            return 0;
        if ((err = fd_quot_mul(&need, b.exact, den.exact)) < 0)
            return err;
        g->moves = ratio->children[0];
        g->divisor = ratio->children[1];
        g->gap_unit = ratio->children[0]->type.unit;
        g->have = num.exact;
        g->need = need;
    } else {
        /* between two percentages there are points */
        if (x->type.unit && strcmp(x->type.unit->name, "%") == 0)
            g->gap_unit = fd_program_unit(w->context.set->program, "百分点");
        if (!g->gap_unit)
            g->gap_unit = x->type.unit;
        g->have = a.exact;
        g->need = b.exact;
    }
    g->has_gap = true;
    return relation == FD_EXPR_GE || relation == FD_EXPR_GT
               ? fd_quot_sub(&g->gap, g->need, g->have)
               : fd_quot_sub(&g->gap, g->have, g->need);
}

/* A comparison, or a choice between comparisons: nothing else stands beside it that would have to
 * hold as well. */
static bool is_alone(const fd_expr *e)
{
    return (e->kind >= FD_EXPR_EQ && e->kind <= FD_EXPR_GE) ||
           (e->kind == FD_EXPR_OR && is_alone(e->children[0]) && is_alone(e->children[1]));
}

/* Of two ways in of one unit, the shorter one. */
static int nearer_gap(fd_policy_gap *g, const fd_walk *w, const fd_expr *e)
{
    fd_policy_gap other = { 0 };
    int err = fd_policy__gap(g, w, e->children[0], true);

    if (err < 0 || (err = fd_policy__gap(&other, w, e->children[1], true)) < 0)
        return err;
    if (!g->has_gap || (other.has_gap && other.gap_unit == g->gap_unit &&
                        other.relation == g->relation && fd_quot_compare(other.gap, g->gap) < 0))
        *g = other.has_gap ? other : *g;
    return 0;
}

int fd_policy__gap(fd_policy_gap *g, const fd_walk *w, const fd_expr *e, bool wanted)
{
    fd_walk inner = *w;
    fd_truth t;
    int err;

    if (e->kind == FD_EXPR_OR && wanted && is_alone(e))
        return nearer_gap(g, w, e);

    switch (e->kind) {
    case FD_EXPR_AND:
    case FD_EXPR_OR:
        for (size_t i = 0; i < 2; i++) {
            if ((err = fd_walk__truth(&t, w, e->children[i], w->context.slot->pub.policy->na)) < 0)
                return err;
            if (t == (wanted ? FD_TRUE : FD_FALSE))
                continue;
            if ((err = fd_policy__gap(g, w, e->children[i], wanted)) < 0 || g->has_gap ||
                (e->kind == FD_EXPR_AND && wanted))
                return err;
        }
        return 0;
    case FD_EXPR_NOT:
        return fd_policy__gap(g, w, e->children[0], !wanted);
    case FD_EXPR_AT:
        inner.context = fd_policy__shift(&w->context, e);
        return fd_policy__gap(g, &inner, e->children[0], wanted);
    case FD_EXPR_NAME:
        if (e->symbol != FD_SYM_PART)
            return 0;
        inner.context = fd_policy__context(w->context.set, w->context.slot);
        return fd_policy__gap(g, &inner, ((const fd_policy_part *)e->target)->expr, wanted);
    case FD_EXPR_EQ:
    case FD_EXPR_NE:
    case FD_EXPR_LT:
    case FD_EXPR_LE:
    case FD_EXPR_GT:
    case FD_EXPR_GE:
        return atom_gap(g, w, e, wanted ? e->kind : opposite(e->kind));
    default:
        return 0;
    }
}

int fd_policy_gap_of(fd_policy_gap *out, fd_policy_set *set, const fd_policy_slot *slot,
                     size_t part, size_t row)
{
    fd_walk w = fd_walk_of(set, fd_policy__slot(set, slot), row);

    memset(out, 0, sizeof *out);
    if (!slot->policy->parts[part].expr)
        return 0;
    return fd_policy__gap(out, &w, slot->policy->parts[part].expr, true);
}

/* ---- numbers as people read them ---- */

/* In the unit, exact when that takes at most `digits` digits, else rounded; trailing zeros go. */
void fd_policy__number_text(fd_buf *out, fd_quot base, const fd_unit *unit, int digits)
{
    char buf[96];
    fd_quot q = base;
    size_t n;

    if (unit && fd_quot_div(&q, base, unit->factor) < 0)
        fd_error_clear();
    n = fd_quot_format(q, digits, FD_ROUND_HALF_UP, buf, sizeof buf);
    if (digits > 0)
        while (n > 0 && buf[n - 1] == '0')
            n--;
    if (n > 0 && buf[n - 1] == '.')
        n--;
    fd_buf_put(out, buf, n);
    if (unit && unit->name[0])
        fd_buf_printf(out, " %s", unit->name);
}

/* The gap in its unit rounded up to the item's own last decimal, so that it suffices. */
int fd_policy__gap_decimal(fd_decimal *out, const fd_policy_gap *g)
{
    fd_quot q = g->gap;
    int scale = g->moves->type.scale, err;

    if (g->gap_unit && (err = fd_quot_div(&q, g->gap, g->gap_unit->factor)) < 0)
        return err;
    return fd_quot_round(out, q, scale > 4 ? 4 : scale, FD_ROUND_UP);
}
