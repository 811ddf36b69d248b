/*
 * Conditions → truth nodes, and a policy's parts → its roots.
 *
 * A comparison of two values multiplies crosswise, so that nothing is ever divided; the sign of the
 * divisors travels along.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "ding/eval/internal.h"
#include "policy/compile.h"
#include "policy/dates.h"
#include "policy/nodes.h"

static int code_truth(fd_truth *out, const fd_policy_set *set, const fd_expr *e, const char *code)
{
    int64_t share;
    bool unknown;
    int err;

    *out = FD_FALSE;
    if (e->kind == FD_EXPR_IN && e->children[1]->kind == FD_EXPR_NAME) {
        err = fd_eval__class_share(&share, &unknown, e->children[1]->target, code, set->on);
        *out = unknown ? FD_UNKNOWN : share > 0 ? FD_TRUE : FD_FALSE;
        return err;
    }
    for (size_t i = 1; i < e->child_count; i++)
        if (strcmp(e->children[i]->text, code) == 0)
            *out = FD_TRUE;
    return 0;
}

/* An enterprise on two chains is on each of them. */
int fd_policy__text_truth(fd_truth *out, const fd_policy_set *set, const fd_expr *e,
                          const char *text)
{
    fd_arena *scratch = fd_arena_new();
    fd_eval_part *parts;
    size_t count;
    int err = fd_eval__parts(&parts, &count, scratch, text);

    *out = FD_FALSE;
    for (size_t i = 0; i < count && err >= 0; i++) {
        fd_truth one;

        err = code_truth(&one, set, e, parts[i].code);
        *out = one > *out ? one : *out;
    }
    fd_arena_free(scratch);
    return err;
}

/* A text attribute of the row, whatever stands around it: NAME or NAME[period]. */
int fd_policy__text_leaf(int *leaf, const fd_policy_context *c, const fd_expr *e)
{
    fd_policy_context shifted = *c;

    if (e->kind == FD_EXPR_AT) {
        shifted = fd_policy__shift(c, e);
        e = e->children[0];
    }
    if (e->kind != FD_EXPR_NAME || e->symbol != FD_SYM_ITEM)
        return fd_error_set(FD_EINVAL, "这里应为一个属性", "an attribute is expected here");
    return fd_policy__leaf(leaf, &shifted, e);
}

static int look_up(int *out, const fd_policy_context *c, const fd_expr *attribute, const fd_expr *e,
                   fd_na_rule na)
{
    fd_node n = fd_node__blank(FD_T_LOOKUP, NONE, NONE);
    const fd_leaf *leaf;
    uint8_t *table;
    int err;

    if ((err = fd_policy__text_leaf(&n.a, c, attribute)) < 0)
        return err;
    leaf = c->set->leaves.items[n.a];
    if (leaf->form != FD_LEAF_TEXT)
        return fd_error_set(FD_EINVAL, "「%s」不是文字", "%s is no text", leaf->item->name);
    n.count = leaf->column->dict ? fd_dict_count(leaf->column->dict) : 0;
    n.table = table = fd_arena_alloc(c->set->arena, n.count + 1);
    for (size_t i = 0; i < n.count && err >= 0; i++) {
        const char *text = fd_dict_text(leaf->column->dict, (uint32_t)i);
        fd_truth t;

        if (e)
            err = fd_policy__text_truth(&t, c->set, e, text);
        else
            t = fd_text_truth(text);
        table[i] = (uint8_t)t;
    }
    n.na = na;
    *out = fd_node__add(c->set, &n);
    return err;
}

/* ---- figures ---- */

static fd_expr_kind mirrored(fd_expr_kind kind)
{
    return kind == FD_EXPR_LT   ? FD_EXPR_GT
           : kind == FD_EXPR_LE ? FD_EXPR_GE
           : kind == FD_EXPR_GT ? FD_EXPR_LT
           : kind == FD_EXPR_GE ? FD_EXPR_LE
                                : kind;
}

/* n1/d1·f1 ? n2/d2·f2, as n1·d2·ka ? n2·d1·kb with the sign of d1·d2. */
static int compare_values(int *out, fd_policy_set *set, fd_value a, fd_value b,
                          fd_expr_kind relation, fd_na_rule na)
{
    fd_node n = fd_node__blank(FD_T_COMPARE, NONE, NONE);
    fd_u128 x, y;
    int64_t ka, kb;
    fd_quot f;
    int err;

    if (fd_node__is_constant(set, a.num) &&
        fd_node__is_constant(set, a.den)) { /* the constant stands right */
        fd_value swap = a;

        a = b;
        b = swap;
        relation = mirrored(relation);
    }
    if ((err = fd_row__common_factor(a.factor, b.factor, &ka, &kb, &f)) < 0)
        return err;
    n.relation = relation;
    n.na = na;
    n.ka = ka;
    n.kb = kb;
    if (f.num < 0)
        n.relation = mirrored(relation);
    if ((err = fd_node__product(&n.a, set, a.num, b.den)) < 0 ||
        (err = fd_node__product(&n.c, set, a.den, b.den)) < 0)
        return err;
    if (fd_node__at(set, b.num)->op == FD_N_CONST &&
        fd_node__at(set, b.num)->constant_state == FD_HAS &&
        fd_node__fits(&x, fd_node__magnitude(kb), fd_node__at(set, b.num)->bound) &&
        x <= INT64_MAX) {
        n.kb = (int64_t)(kb * fd_node__at(set, b.num)->constant);
        n.b = a.den;
    } else if ((err = fd_node__product(&n.b, set, b.num, a.den)) < 0) {
        return err;
    }
    if (!fd_node__fits(&x, fd_node__at(set, n.a)->bound, fd_node__magnitude(n.ka)) ||
        !fd_node__fits(&y, n.b == NONE ? 1 : fd_node__at(set, n.b)->bound,
                       fd_node__magnitude(n.kb)))
        return fd_node__too_wide();
    n.wide = fd_node__is_wide(x) || fd_node__is_wide(y) || fd_node__at(set, n.a)->wide ||
             (n.b != NONE && fd_node__at(set, n.b)->wide) ||
             (n.c != NONE && fd_node__at(set, n.c)->wide);
    *out = fd_node__add(set, &n);
    return 0;
}

static bool constant_value(fd_quot *out, const fd_policy_context *c, const fd_expr *e)
{
    fd_value v;
    const fd_node *n;

    if (fd_value__compile(&v, c, e) < 0) {
        fd_error_clear();
        return false;
    }
    n = fd_node__at(c->set, v.num);
    if (n->op != FD_N_CONST || n->constant_state != FD_HAS || v.den != NONE)
        return false;
    return fd_quot_mul(out, v.factor, (fd_quot){ n->constant, 1 }) >= 0;
}

/* The largest whole number of a leaf that is still in the band: ≤ edge, or < edge. */
static bool edge_of(int64_t *out, fd_quot edge, fd_quot factor, bool strict)
{
    fd_quot raw;
    fd_i128 whole;

    if (fd_quot_div(&raw, edge, factor) < 0)
        return false;
    whole = raw.num / raw.den - (raw.num % raw.den != 0 && raw.num < 0);
    if (strict && raw.num % raw.den == 0)
        whole--;
    if (whole > INT64_MAX / 2 || whole < INT64_MIN / 2)
        return false;
    *out = (int64_t)whole;
    return true;
}

static fd_i128 gcd_of(fd_i128 a, fd_i128 b)
{
    while (b) {
        fd_i128 r = a % b;

        a = b;
        b = r;
    }
    return a;
}

static bool is_figure(const fd_expr *e)
{
    if (e->kind == FD_EXPR_AT)
        e = e->children[0];
    if (e->kind == FD_EXPR_CALL)
        return (e->function == FD_FN_LAST_YEARS || e->function == FD_FN_MONTH_MAX) &&
               is_figure(e->children[0]);
    return e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_ITEM;
}

static bool is_number(const fd_expr *e)
{
    return e->kind == FD_EXPR_NUMBER || (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_SETTING) ||
           (e->kind == FD_EXPR_NEGATE && e->children[0]->kind == FD_EXPR_NUMBER);
}

bool fd_policy__simple_bands(const fd_expr *e)
{
    bool upper;

    if (e->kind != FD_EXPR_CASE || e->bands != 1 || !(e->child_count % 2) || e->child_count > 129 ||
        e->children[0]->child_count != 2 || !is_figure(e->children[0]->children[0]))
        return false;
    upper = e->children[0]->kind == FD_EXPR_LE || e->children[0]->kind == FD_EXPR_LT;
    for (size_t i = 0; i < e->child_count; i++) {
        const fd_expr *x = e->children[i];

        if (i % 2 == 1 || i + 1 == e->child_count) {
            if (!is_number(x))
                return false;
        } else if (x->kind == FD_EXPR_AND || !is_number(x->children[1]) ||
                   (x->kind == FD_EXPR_LE || x->kind == FD_EXPR_LT) != upper) {
            return false;
        }
    }
    return true;
}

/* x ≥ 查表 s …: one node, when every band is a constant and s is one figure.  *out NONE otherwise.
 */
static int compare_bands(int *out, const fd_policy_context *c, const fd_value *x,
                         const fd_expr *bands, fd_expr_kind relation, fd_na_rule na)
{
    fd_policy_set *set = c->set;
    size_t count = bands->child_count / 2;
    int64_t *edges = fd_arena_alloc(set->arena, (count + 1) * sizeof *edges);
    int64_t *table = fd_arena_alloc(set->arena, (count + 1) * sizeof *table);
    fd_quot *values = fd_arena_alloc(set->arena, (count + 1) * sizeof *values);
    fd_node n = fd_node__blank(FD_T_BANDS, x->num, x->den);
    fd_i128 common = 1;
    fd_u128 w, widest = 0;
    bool upper;
    fd_value s;
    int err;

    *out = NONE;
    if (!fd_policy__simple_bands(bands) || x->factor.num <= 0)
        return 0;
    if ((err = fd_value__compile(&s, c, bands->children[0]->children[0])) < 0)
        return err;
    if (s.den != NONE || fd_node__at(set, s.num)->op != FD_N_LEAF ||
        fd_node__at(set, s.num)->wide || s.factor.num <= 0)
        return 0;
    upper = bands->children[0]->kind == FD_EXPR_LE || bands->children[0]->kind == FD_EXPR_LT;
    for (size_t i = 0; i <= count; i++) {
        /* bands by lower edges are read from the end: what is below the last edge comes first */
        size_t j = upper ? i : count - i, edge_at = upper ? i : count - 1 - i;
        const fd_expr *when = i < count ? bands->children[2 * i] : NULL;
        fd_quot edge;

        if (!constant_value(&values[j], c, bands->children[when ? 2 * i + 1 : 2 * i]) ||
            fd_quot_div(&values[j], values[j], x->factor) < 0 || values[j].den > INT32_MAX ||
            common > INT32_MAX)
            return 0;
        if (when && (!constant_value(&edge, c, when->children[1]) ||
                     !edge_of(&edges[edge_at], edge, s.factor,
                              when->kind == FD_EXPR_LT || when->kind == FD_EXPR_GE)))
            return 0;
        common = common / gcd_of(common, values[j].den) * values[j].den;
    }
    if (common > INT32_MAX)
        return 0;
    for (size_t j = 0; j <= count; j++) {
        fd_i128 k = values[j].num * (common / values[j].den);

        if (fd_node__magnitude(k) > INT64_MAX / 2)
            return 0;
        table[j] = (int64_t)k;
        if (!fd_node__fits(&w, fd_node__magnitude(k),
                           x->den == NONE ? 1 : fd_node__at(set, x->den)->bound))
            return fd_node__too_wide();
        widest = w > widest ? w : widest;
    }
    if (!fd_node__fits(&w, fd_node__at(set, x->num)->bound, fd_node__magnitude(common)))
        return fd_node__too_wide();
    n.wide = fd_node__is_wide(w) || fd_node__is_wide(widest) || fd_node__at(set, x->num)->wide ||
             (x->den != NONE && fd_node__at(set, x->den)->wide);
    n.c = s.num;
    n.ka = (int64_t)common;
    n.count = count;
    n.edges = edges;
    n.table_b = table;
    n.relation = relation;
    n.na = na;
    *out = fd_node__add(set, &n);
    return 0;
}

static int compare(int *out, const fd_policy_context *c, const fd_expr *e, fd_na_rule na)
{
    const fd_expr *x = e->children[0], *y = e->children[1];
    fd_expr_kind relation = e->kind;
    fd_value a, b;
    int err;

    if (x->type.is_text || y->type.is_text) {
        fd_expr same = *e;

        if ((err = look_up(out, c, x, &same, e->kind == FD_EXPR_NE ? fd_policy__turned(na) : na)) >=
                0 &&
            e->kind == FD_EXPR_NE)
            *out = fd_node__not(c->set, *out);
        return err;
    }
    if (x->type.is_date)
        return fd_policy__compare_days(out, c, e, na);
    if (x->kind == FD_EXPR_CASE && x->bands == 1) {
        const fd_expr *swap = x;

        x = y;
        y = swap;
        relation = mirrored(relation);
    }
    if ((err = fd_value__compile(&a, c, x)) < 0)
        return err;
    if (y->kind == FD_EXPR_CASE && y->bands == 1) {
        if ((err = compare_bands(out, c, &a, y, relation, na)) < 0 || *out != NONE)
            return err;
    }
    if ((err = fd_value__compile(&b, c, y)) < 0)
        return err;
    return compare_values(out, c->set, a, b, relation, na);
}

int fd_truth__compile(int *out, const fd_policy_context *c, const fd_expr *e, fd_na_rule na)
{
    fd_policy_context shifted;
    int a, b, err;

    switch (e->kind) {
    case FD_EXPR_AND:
    case FD_EXPR_OR:
        if ((err = fd_truth__compile(&a, c, e->children[0], na)) < 0 ||
            (err = fd_truth__compile(&b, c, e->children[1], na)) < 0)
            return err;
        *out = fd_node__both(c->set, e->kind == FD_EXPR_AND ? FD_T_AND : FD_T_OR, a, b);
        return 0;
    case FD_EXPR_NOT:
        if ((err = fd_truth__compile(&a, c, e->children[0], fd_policy__turned(na))) < 0)
            return err;
        *out = fd_node__not(c->set, a);
        return 0;
    case FD_EXPR_IN:
        return look_up(out, c, e->children[0], e, na);
    case FD_EXPR_NAME:
        if (e->symbol == FD_SYM_PART) {
            fd_policy_context plain = fd_policy__context(c->set, c->slot);

            return fd_truth__compile(out, &plain, ((const fd_policy_part *)e->target)->expr, na);
        }
        return look_up(out, c, e, NULL, na);
    case FD_EXPR_AT:
        shifted = fd_policy__shift(c, e);
        return fd_truth__compile(out, &shifted, e->children[0], na);
    default:
        return compare(out, c, e, na);
    }
}

fd_na_rule fd_policy__turned(fd_na_rule na)
{
    return na == FD_NA_UNKNOWN ? na : na == FD_NA_FAILS ? FD_NA_PASSES : FD_NA_FAILS;
}

fd_na_rule fd_policy__part_na(const fd_policy *p, const fd_policy_part *part)
{
    return part->kind == FD_PART_DIRECT ? FD_NA_FAILS : p->na;
}

bool fd_policy__waives(const fd_policy *p, size_t direct, size_t part)
{
    const fd_policy_part *d = &p->parts[direct];

    if (d->kind != FD_PART_DIRECT || p->parts[part].kind == FD_PART_DIRECT)
        return false;
    if (!d->waive_count)
        return part < direct && p->parts[part].kind == FD_PART_WHERE;
    for (size_t i = 0; i < d->waive_count; i++)
        if (d->waives[i] == part)
            return true;
    return false;
}

/* ---- slots ---- */

static int compile_part(int *out, fd_policy_set *set, const fd_slot *slot, size_t i)
{
    const fd_policy *p = slot->pub.policy;
    fd_policy_context c = fd_policy__context(set, slot);
    int err = fd_truth__compile(out, &c, p->parts[i].expr, fd_policy__part_na(p, &p->parts[i]));

    return err < 0
               ? fd_error_detail("政策「%s」的「%s」", "policy %s, %s", p->name, p->parts[i].name)
               : 0;
}

int fd_policy__compile(fd_policy_set *set, fd_slot *slot)
{
    const fd_policy *p = slot->pub.policy;
    uint32_t bit = 1u << slot->pub.edition;
    int err;

    for (size_t i = 0; i < p->part_count; i++) {
        slot->roots[i] = NONE;
        if (!p->parts[i].expr || p->parts[i].kind == FD_PART_VALUE || !(p->parts[i].versions & bit))
            continue;
        if ((err = compile_part(&slot->roots[i], set, slot, i)) < 0)
            return err;
    }
    for (size_t d = 0; d < p->part_count; d++)
        for (size_t i = 0; i < p->part_count && slot->roots[d] != NONE; i++)
            if (slot->roots[i] != NONE && fd_policy__waives(p, d, i))
                slot->roots[i] = fd_policy__or(set, slot->roots[i], slot->roots[d]);
    for (size_t i = 0; i < p->part_count; i++)
        if (slot->roots[i] != NONE)
            fd_node__at(set, slot->roots[i])->root = true;
    return 0;
}
