/*
 * A policy as a whole: conditions that contradict each other or never decide, grants without cap.
 *
 * The conditions of one version hold together, so bounds on one expression narrow an interval:
 * an empty one is a contradiction, a bound that narrows nothing never decides.  Expressions are the
 * same when they print the same.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "ding/policies.h"

typedef struct bound {
    bool has;
    bool inside; /* the edge itself belongs */
    fd_quot value;
    const fd_policy_part *part;
} bound;

typedef struct interval {
    bound low, high;
} interval;

typedef struct review {
    fd_loader *l;
    const fd_policy *p;
    size_t version;
    fd_map *names; /* printed expression → index of its interval */
    fd_vec(interval) list;
} review;

/* A number of one version: a literal or a parameter, in base units. */
static bool constant(const review *r, const fd_expr *e, fd_quot *out)
{
    const fd_unit *unit = e->type.unit;

    if (e->kind == FD_EXPR_NEGATE) {
        if (!constant(r, e->children[0], out))
            return false;
        out->num = -out->num;
        return true;
    }
    if (e->kind == FD_EXPR_NUMBER)
        *out = fd_quot_from_decimal(e->number);
    else if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_SETTING &&
             ((const fd_policy_param *)e->target)->has[r->version])
        *out = fd_quot_from_decimal(((const fd_policy_param *)e->target)->values[r->version]);
    else
        return false;
    if (unit && fd_quot_mul(out, *out, unit->factor) < 0) {
        fd_error_clear();
        return false;
    }
    return true;
}

static fd_expr_kind mirrored(fd_expr_kind kind)
{
    switch (kind) {
    case FD_EXPR_LT:
        return FD_EXPR_GT;
    case FD_EXPR_LE:
        return FD_EXPR_GE;
    case FD_EXPR_GT:
        return FD_EXPR_LT;
    case FD_EXPR_GE:
        return FD_EXPR_LE;
    default:
        return kind;
    }
}

/* Is `b` at least as tight as `a` on this side (sign 1 for lower bounds, −1 for upper)? */
static bool tighter(const bound *a, const bound *b, int sign)
{
    int order = a->has ? sign * fd_quot_compare(b->value, a->value) : 1;

    return order > 0 || (order == 0 && a->inside && !b->inside);
}

static bool is_empty(const interval *i)
{
    int order;

    if (!i->low.has || !i->high.has)
        return false;
    order = fd_quot_compare(i->low.value, i->high.value);
    return order > 0 || (order == 0 && !(i->low.inside && i->high.inside));
}

static void narrow(review *r, interval *i, const bound *b, bool is_low)
{
    bound *old;
    const fd_policy_part *other;

    assert(i);
    old = is_low ? &i->low : &i->high;
    other = is_low ? i->high.part : i->low.part;
    if (old->has && !tighter(old, b, is_low ? 1 : -1)) {
        fd_program__find(r->l->diags, FD_WARNING, "unreachable", r->p->decl, &b->part->clause->span,
                         "「%.60s」不起作用:「%.60s」已经更严",
                         "%.60s never decides: %.60s is stricter", b->part->name, old->part->name);
        return;
    }
    *old = *b;
    if (is_empty(i))
        fd_program__find(r->l->diags, FD_FAULT, "contradiction", r->p->decl, &b->part->clause->span,
                         "「%.60s」和「%.60s」不可能同时成立", "%.60s and %.60s cannot both hold",
                         b->part->name, other ? other->name : b->part->name);
}

/* Bounds that must hold when the condition holds. */
static void collect(review *r, const fd_policy_part *part, const fd_expr *e)
{
    const fd_expr *left, *right;
    fd_expr_kind kind = e->kind;
    fd_quot value;
    uint64_t at;
    char *text = NULL;
    bound b;

    if (e->kind == FD_EXPR_AND) {
        collect(r, part, e->children[0]);
        collect(r, part, e->children[1]);
        return;
    }
    if (e->kind < FD_EXPR_EQ || e->kind > FD_EXPR_GE || e->kind == FD_EXPR_NE)
        return;
    left = e->children[0];
    right = e->children[1];
    if (constant(r, left, &value)) {
        kind = mirrored(kind);
        left = right;
    } else if (!constant(r, right, &value)) {
        return;
    }
    if (left->type.is_date || left->type.is_text || constant(r, left, &b.value))
        return;
    fd_expr_print(&text, left, FD_ZH);
    at = fd_map_intern(r->names, fd_view_of(text), r->list.count);
    free(text);
    if (at == r->list.count) {
        interval none = { 0 };

        fd_vec_push(&r->list, none);
    }
    b = (bound){ true, kind == FD_EXPR_LE || kind == FD_EXPR_GE || kind == FD_EXPR_EQ, value,
                 part };
    if (kind == FD_EXPR_GE || kind == FD_EXPR_GT || kind == FD_EXPR_EQ)
        narrow(r, &r->list.items[at], &b, true);
    if (kind == FD_EXPR_LE || kind == FD_EXPR_LT || kind == FD_EXPR_EQ)
        narrow(r, &r->list.items[at], &b, false);
}

static void check_version(fd_loader *l, const fd_policy *p, size_t version)
{
    review r = { .l = l, .p = p, .version = version, .names = fd_map_new() };
    bool waived[256] = { false };

    for (size_t i = 0; i < p->part_count; i++)
        for (size_t k = 0; k < p->parts[i].waive_count; k++)
            if (p->parts[i].waives[k] < 256)
                waived[p->parts[i].waives[k]] = true;
    for (size_t i = 0; i < p->part_count; i++) {
        const fd_policy_part *part = &p->parts[i];

        if ((part->kind == FD_PART_WHERE || part->kind == FD_PART_GIVEN) && i < 256 && !waived[i] &&
            (part->versions & 1u << version))
            collect(&r, part, part->expr);
    }
    fd_map_free(r.names);
    fd_vec_dispose(&r.list);
}

/* Is the amount bounded by itself: literals and parameters, chosen by cases? */
static bool is_bounded(const fd_expr *e)
{
    switch (e->kind) {
    case FD_EXPR_NUMBER:
        return true;
    case FD_EXPR_NAME:
        return e->symbol == FD_SYM_SETTING ||
               (e->symbol == FD_SYM_PART && !e->type.is_truth &&
                is_bounded(((const fd_policy_part *)e->target)->expr));
    case FD_EXPR_CASE:
        for (size_t i = 0; i < e->child_count; i++)
            if ((i % 2 == 1 || i + 1 == e->child_count) && !is_bounded(e->children[i]))
                return false;
        return true;
    case FD_EXPR_CALL:
        if (e->function == FD_FN_MIN && e->child_count > 1)
            for (size_t i = 0; i < e->child_count; i++)
                if (is_bounded(e->children[i]))
                    return true;
        return false;
    default:
        for (size_t i = 0; i < e->child_count; i++)
            if (!is_bounded(e->children[i]))
                return false;
        return e->child_count > 0;
    }
}

void fd_policy__check(fd_loader *l, const fd_policy *p)
{
    size_t decides = 0;

    for (size_t i = 0; i < p->part_count; i++)
        decides += p->parts[i].kind != FD_PART_VALUE;
    /* one that is written and did not pass has had its message */
    for (size_t i = 0; i < p->decl->clause_count; i++) {
        static const char *const kinds[] = { "前提", "条件", "人工", "直通" };

        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            decides += strcmp(p->decl->clauses[i].keyword, kinds[k]) == 0;
    }
    if (!decides && !p->is_template && !p->decl->broken)
        fd_program__find(l->diags, FD_FAULT, "absent", p->decl, NULL, "政策没有条件",
                         "a policy without conditions");
    for (size_t v = 0; v < p->version_count; v++)
        check_version(l, p, v);
    if (p->grant && !p->cap && !is_bounded(p->grant) && p->stack_rule != FD_STACK_CAP)
        fd_error_set_hint(fd_program__find(l->diags, FD_FAULT, "cap", p->decl, &p->grant->span,
                                           "资助没有上限", "a grant without cap"),
                          "写一行 封顶 数 万元", "write: cap AMOUNT");
    if (p->grant && !p->grant_cite)
        fd_program__find(l->diags, FD_FAULT, "cite", p->decl, &p->grant->span, "资助没有写明条款",
                         "the grant names no clause of its document");
    if ((!strcmp(p->level, "市") || !strcmp(p->level, "县") || !strcmp(p->level, "省")) &&
        p->grant && !p->fair)
        fd_program__find(l->diags, FD_WARNING, "fair", p->decl, NULL,
                         "地方奖补没有写公平竞争审查的结论和日期",
                         "a local grant without the conclusion of its fair-competition review");
}
