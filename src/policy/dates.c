/*
 * Dates: whole years, months, days and working days added to them, and comparisons.
 *
 * A date of the enterprise with months added, against a day that is the same for all, is a
 * comparison with another day (`last_that`).  Everything else is compared row by row into a column
 * of its own, which holds the order of the two sides: −1, 0, 1.  The calendar of working days is
 * asked only for days between the two sides, so that a date long past needs no calendar of its
 * year.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "ding/program.h"
#include "policy/compile.h"
#include "policy/dates.h"
#include "policy/nodes.h"
#include "policy/walk.h"

const fd_expr *fd_policy__date_base(const fd_expr *e)
{
    while (e->kind == FD_EXPR_ADD || e->kind == FD_EXPR_SUB)
        e = e->children[0];
    return e;
}

/* n working days on (direction 1) or back (−1); `stop`: a day past which the exact one does not
 * matter, FD_DATE_NONE for none. */
static int move_working(fd_date *day, const fd_calendar *calendar, int64_t n, int direction,
                        fd_date stop)
{
    bool working;
    int err;

    /* n working days never take 2 n + 40 days: seven days hold five, and no holiday with its
     * weekends is longer than that.  So one far from `stop` needs no calendar. */
    if (stop != FD_DATE_NONE && (int64_t)direction * (stop - *day) > 2 * n + 40) {
        *day = (fd_date)(*day + direction * (2 * n + 40));
        return 0;
    }
    while (n > 0) {
        *day += direction;
        if (stop != FD_DATE_NONE && (direction > 0 ? *day > stop : *day < stop))
            return 0;
        if ((err = fd_calendar_is_working(calendar, *day, &working)) < 0)
            return err;
        n -= working;
    }
    return 0;
}

int fd_policy__moved(fd_date *out, const fd_program *p, const fd_expr *e, fd_date base,
                     fd_date stop)
{
    int direction = e->kind == FD_EXPR_ADD ? 1 : -1, count, err;

    *out = base;
    if (e->kind != FD_EXPR_ADD && e->kind != FD_EXPR_SUB)
        return 0;
    if ((err = fd_policy__moved(out, p, e->children[0], base, FD_DATE_NONE)) < 0)
        return err;
    switch (fd_expr__span(e->children[1], &count)) {
    case FD_SPAN_WORKING:
        return move_working(out, p->calendar, count, direction, stop);
    case FD_SPAN_DAYS:
        *out += direction * count;
        return 0;
    default:
        *out = fd_date_add_months(*out, direction * count, NULL);
        return 0;
    }
}

static bool has_steps(const fd_expr *e)
{
    return e->kind == FD_EXPR_ADD || e->kind == FD_EXPR_SUB;
}

int fd_policy__date_order(int *out, const fd_program *p, const fd_expr *left, fd_date a,
                          const fd_expr *right, fd_date b)
{
    fd_date x = a, y = b;
    int err;

    if ((err = fd_policy__moved(&x, p, left, a, has_steps(right) ? FD_DATE_NONE : b)) < 0 ||
        (err = fd_policy__moved(&y, p, right, b, has_steps(left) ? FD_DATE_NONE : a)) < 0)
        return err;
    *out = (x > y) - (x < y);
    return 0;
}

/* ---- comparisons compiled ---- */

/* A side: a leaf of dates, or a day that is the same for all. */
typedef struct day_side {
    const fd_expr *expr;
    int leaf;
    fd_date day;
} day_side;

static int read_side(day_side *out, const fd_policy_context *c, const fd_expr *e)
{
    const fd_expr *base = fd_policy__date_base(e);

    *out = (day_side){ e, NONE, FD_DATE_NONE };
    if (base->kind == FD_EXPR_DATE)
        out->day = base->date;
    else if (base->kind == FD_EXPR_NAME && base->symbol == FD_SYM_VARIABLE)
        out->day = c->set->on;
    else
        return fd_policy__text_leaf(&out->leaf, c, base);
    return 0;
}

/* Whole months in all when the steps are nothing else; false: some step counts days. */
static bool months_only(const fd_expr *e, int *months)
{
    int count;

    *months = 0;
    for (; has_steps(e); e = e->children[0]) {
        if (fd_expr__span(e->children[1], &count) != FD_SPAN_MONTHS)
            return false;
        if (has_steps(e->children[0])) /* a day clamped twice is not clamped once */
            return false;
        *months += e->kind == FD_EXPR_ADD ? count : -count;
    }
    return true;
}

/* date + months ≤ day holds up to some last date, because adding months never goes back: the
 * comparison becomes one with that date. */
static fd_date last_that(fd_date day, int months, bool strictly)
{
    fd_date low = fd_date_make(1600, 1, 1), high = fd_date_make(2600, 1, 1);

    while (low < high) {
        fd_date mid = low + (high - low + 1) / 2, moved = fd_date_add_months(mid, months, NULL);

        if (strictly ? moved < day : moved <= day)
            low = mid;
        else
            high = mid - 1;
    }
    return low;
}

static fd_expr_kind mirrored(fd_expr_kind kind)
{
    return kind == FD_EXPR_LT   ? FD_EXPR_GT
           : kind == FD_EXPR_LE ? FD_EXPR_GE
           : kind == FD_EXPR_GT ? FD_EXPR_LT
           : kind == FD_EXPR_GE ? FD_EXPR_LE
                                : kind;
}

/* Known where both sides are; 不适用 where some is and none is unknown. */
static void states_of(fd_leaf *out, fd_policy_set *set, const day_side *a, const day_side *b)
{
    size_t words = FD_BITS_WORDS(set->frame->n);
    const fd_leaf *of[2] = { a->leaf == NONE ? NULL : set->leaves.items[a->leaf],
                             b->leaf == NONE ? NULL : set->leaves.items[b->leaf] };
    uint64_t *na = NULL;

    out->own_known = fd_alloc((words + 1) * sizeof *out->own_known);
    out->known = out->own_known;
    fd_bits_fill(out->own_known, set->frame->n);
    for (int i = 0; i < 2; i++) {
        for (size_t w = 0; of[i] && w < words; w++)
            out->own_known[w] &= of[i]->known[w];
        if (of[i] && of[i]->na && !na)
            out->na = na = fd_arena_alloc(set->arena, (words + 1) * sizeof *na);
    }
    for (size_t w = 0; na && w < words; w++) {
        uint64_t any = 0, settled = ~(uint64_t)0;

        for (int i = 0; i < 2; i++) {
            uint64_t x = of[i] && of[i]->na ? of[i]->na[w] : 0;

            any |= x;
            settled &= of[i] ? of[i]->known[w] | x : ~(uint64_t)0;
        }
        na[w] = any & settled;
    }
    out->all_known = fd_bits_count(out->known, set->frame->n) == set->frame->n;
}

/* The column of orders; the same comparison of the same columns is made once. */
static int order_leaf(int *out, const fd_policy_context *c, const day_side *a, const day_side *b)
{
    fd_policy_set *set = c->set;
    size_t n = set->frame->n;
    fd_buf key = FD_BUF_INIT;
    fd_leaf *leaf;
    char *left = NULL, *right = NULL;
    uint64_t at;
    int order = 0, err = 0;

    if ((err = fd_expr_print(&left, a->expr, FD_ZH)) >= 0 &&
        (err = fd_expr_print(&right, b->expr, FD_ZH)) >= 0)
        fd_buf_printf(&key, "order %d %lld %s|%d %lld %s", a->leaf, (long long)a->day, left,
                      b->leaf, (long long)b->day, right);
    free(left);
    free(right);
    if (err >= 0 && fd_map_get(set->leaf_index, fd_view_of(fd_buf_text(&key)), &at)) {
        *out = (int)at;
        fd_buf_dispose(&key);
        return 0;
    }
    if (err < 0) {
        fd_buf_dispose(&key);
        return err;
    }
    leaf = fd_alloc(sizeof *leaf);
    leaf->item = set->leaves.items[a->leaf != NONE ? a->leaf : b->leaf]->item;
    leaf->form = FD_LEAF_ORDER;
    leaf->bound = 1;
    leaf->own = fd_alloc((n + 1) * sizeof *leaf->own);
    leaf->v = leaf->own;
    states_of(leaf, set, a, b);
    for (size_t i = 0; i < n && err >= 0; i++) {
        fd_date x = a->leaf == NONE ? a->day : (fd_date)set->leaves.items[a->leaf]->v[i];
        fd_date y = b->leaf == NONE ? b->day : (fd_date)set->leaves.items[b->leaf]->v[i];

        if (!fd_bits_get(leaf->known, i))
            continue;
        err = fd_policy__date_order(&order, set->program, a->expr, x, b->expr, y);
        leaf->own[i] = order;
        if (err < 0)
            fd_error_detail("企业 %s", "enterprise %s", set->frame->codes[i]);
    }
    if (err >= 0)
        *out = fd_policy__keep_leaf(set, fd_buf_text(&key), leaf);
    else
        fd_policy__leaf_free(leaf);
    fd_buf_dispose(&key);
    return err;
}

int fd_policy__compare_days(int *out, const fd_policy_context *c, const fd_expr *e, fd_na_rule na)
{
    fd_expr_kind relation = e->kind;
    fd_node n = fd_node__blank(FD_T_COMPARE, NONE, NONE);
    day_side a, b;
    int months, ahead, leaf, order = 0, err;

    if ((err = read_side(&a, c, e->children[0])) < 0 ||
        (err = read_side(&b, c, e->children[1])) < 0)
        return err;
    if (a.leaf == NONE && b.leaf == NONE) {
        if ((err = fd_policy__date_order(&order, c->set->program, a.expr, a.day, b.expr, b.day)) <
            0)
            return err;
        *out = fd_node__truth(c->set, fd_walk__holds(relation, order) ? FD_TRUE : FD_FALSE);
        return 0;
    }
    if (a.leaf == NONE) {
        day_side swap = a;

        a = b;
        b = swap;
        relation = mirrored(relation);
    }
    n.relation = relation;
    n.na = na;
    if (!months_only(a.expr, &months) || (b.leaf != NONE && (months || has_steps(b.expr))) ||
        (b.leaf == NONE && !months_only(b.expr, &ahead)) ||
        (months && (relation == FD_EXPR_EQ || relation == FD_EXPR_NE))) {
        if ((err = order_leaf(&leaf, c, &a, &b)) < 0)
            return err;
        n.a = fd_node__leaf(c->set, leaf);
        n.kb = 0;
        *out = fd_node__add(c->set, &n);
        return 0;
    }
    n.a = fd_node__leaf(c->set, a.leaf);
    if (b.leaf != NONE) {
        n.b = fd_node__leaf(c->set, b.leaf);
    } else {
        if ((err = fd_policy__moved(&b.day, c->set->program, b.expr, b.day, FD_DATE_NONE)) < 0)
            return err;
        n.kb = b.day;
        if (months) {
            /* ≤ and < hold up to that date, > and ≥ after it */
            n.kb = last_that(b.day, months, relation == FD_EXPR_LT || relation == FD_EXPR_GE);
            n.relation = relation == FD_EXPR_LT || relation == FD_EXPR_LE ? FD_EXPR_LE : FD_EXPR_GT;
        }
    }
    *out = fd_node__add(c->set, &n);
    return 0;
}
