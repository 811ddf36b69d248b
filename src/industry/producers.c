/*
 * The fewest, or cheapest, new producers that let a territory make a final good.
 *
 *     min  sum over items without producer of w(i) n(i)
 *     s.t. n(final) = 1;  sum of z(r) over i's recipes >= n(i);  n(j) >= z(r) for each input j of r
 *          n(i) in [0, 1],  z(r) in {0, 1}
 *
 * Only the choice between recipes is integer: given z, need spreads down by itself.  Branch and
 * bound dives first (recipe taken, then left out), starting each program from the last basis, and
 * rounds every relaxation into a plan by taking the recipe with the largest z.  The least bound of
 * what is still open is the bound reported.
 *
 * Where recipes go in circles (scrap, own use) a whole z may support itself.  Such a set U of items
 * that only wait for each other is cut off by what every real plan fulfils: some recipe of an item
 * of U takes nothing from U (a loop formula).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fangding/arena.h"
#include "industry/bom.h"
#include "solve/lp.h"

#define NO_COLUMN SIZE_MAX

typedef struct search {
    const fd_bom *b;
    uint32_t final;
    const uint8_t *reach;
    const uint8_t *missing; /* by item: no producer in the territory */
    const double *weight;   /* by item */
    bool whole;             /* weights are whole numbers: a bound may be rounded up */
    fd_lp *lp;
    size_t *need, *take; /* columns of items and of recipes */
    uint8_t *best_set;   /* by item: new producer in the best plan */
    uint8_t *trial;      /* by item: needed, scratch */
    uint32_t *stack;     /* items, scratch */
    uint32_t *from;      /* by item: the recipe that makes it in the trial */
    bool cyclic;         /* recipes go in circles: plans are checked for standing on leaves */
    double best, bound;  /* bound: least of the nodes that were given up for the limit */
    size_t nodes, limit;
    bool cut; /* the limit was met */
} search;

static bool is_leaf(const fd_bom *b, uint32_t item)
{
    return b->made_by.start[item] == b->made_by.start[item + 1];
}

static void build(search *x)
{
    const fd_bom *b = x->b;

    x->lp = fd_lp_new(false);
    for (size_t i = 0; i < b->items; i++)
        x->need[i] = x->reach[i] ? fd_lp_add_column(x->lp, x->missing[i] ? x->weight[i] : 0,
                                                    i == x->final ? 1 : 0, 1)
                                 : NO_COLUMN;
    for (size_t r = 0; r < b->recipes; r++)
        x->take[r] = x->reach[b->product[r]] ? fd_lp_add_column(x->lp, 0, 0, 1) : NO_COLUMN;
    for (size_t i = 0; i < b->items; i++) {
        size_t row;

        if (!x->reach[i] || is_leaf(b, (uint32_t)i))
            continue;
        row = fd_lp_add_row(x->lp, 0, FD_LP_INF);
        fd_lp_put(x->lp, row, x->need[i], -1);
        for (size_t m = b->made_by.start[i]; m < b->made_by.start[i + 1]; m++)
            fd_lp_put(x->lp, row, x->take[b->made_by.list[m]], 1);
    }
    for (size_t r = 0; r < b->recipes; r++)
        for (size_t k = b->inputs.start[r]; x->take[r] != NO_COLUMN && k < b->inputs.start[r + 1];
             k++) {
            const size_t row = fd_lp_add_row(x->lp, 0, FD_LP_INF);

            fd_lp_put(x->lp, row, x->need[b->inputs.list[k]], 1);
            fd_lp_put(x->lp, row, x->take[r], -1);
        }
}

/* Items that the recipes with `allowed` set make, from the leaves up, each marked in trial with the
 * recipe that came first in from[].  Is the final good among them? */
static bool stand_on_leaves(search *x, const uint8_t *allowed)
{
    const fd_bom *b = x->b;
    uint32_t *left = fd_alloc(b->recipes * sizeof *left + 1);
    size_t head = 0, count = 0;

    memset(x->trial, 0, b->items);
    for (size_t r = 0; r < b->recipes; r++)
        left[r] = (uint32_t)(b->inputs.start[r + 1] - b->inputs.start[r]);
    for (size_t i = 0; i < b->items; i++)
        if (x->reach[i] && is_leaf(b, (uint32_t)i)) {
            x->trial[i] = 1;
            x->stack[count++] = (uint32_t)i;
        }
    for (; head < count; head++)
        for (size_t k = b->used_in.start[x->stack[head]]; k < b->used_in.start[x->stack[head] + 1];
             k++) {
            const uint32_t r = b->used_in.list[k], made = b->product[r];

            if (--left[r] > 0 || !allowed[r] || x->trial[made])
                continue;
            x->trial[made] = 1;
            x->from[made] = r;
            x->stack[count++] = made;
        }
    free(left);
    return x->trial[x->final];
}

/* The recipes in from[], followed down from the final good: needed items in trial. @return their
 * cost */
static double follow(search *x)
{
    const fd_bom *b = x->b;
    size_t open = 0;
    double cost = 0;

    memset(x->trial, 0, b->items);
    x->trial[x->final] = 1;
    x->stack[open++] = x->final;
    while (open) {
        const uint32_t i = x->stack[--open];

        cost += x->missing[i] ? x->weight[i] : 0;
        if (is_leaf(b, i))
            continue;
        for (size_t k = b->inputs.start[x->from[i]]; k < b->inputs.start[x->from[i] + 1]; k++) {
            const uint32_t j = b->inputs.list[k];

            if (!x->trial[j]) {
                x->trial[j] = 1;
                x->stack[open++] = j;
            }
        }
    }
    return cost;
}

static void keep_cheapest(search *x, double cost)
{
    if (cost >= x->best - 1e-9)
        return;
    x->best = cost;
    for (size_t i = 0; i < x->b->items; i++)
        x->best_set[i] = x->trial[i] && x->missing[i];
}

/* The plan that takes, of each item needed, the recipe with the largest z; kept when it is the
 * cheapest so far and does not wait for itself. */
static void round_plan(search *x, const double *z)
{
    const fd_bom *b = x->b;
    uint8_t *allowed = x->cyclic ? fd_alloc(b->recipes + 1) : NULL;

    for (size_t i = 0; i < b->items; i++) {
        uint32_t r;

        if (!x->reach[i] || is_leaf(b, (uint32_t)i))
            continue;
        r = b->made_by.list[b->made_by.start[i]];
        for (size_t m = b->made_by.start[i]; m < b->made_by.start[i + 1]; m++)
            if (z[x->take[b->made_by.list[m]]] > z[x->take[r]] + 1e-9)
                r = b->made_by.list[m];
        x->from[i] = r;
        if (allowed)
            allowed[r] = 1;
    }
    if (!allowed || stand_on_leaves(x, allowed))
        keep_cheapest(x, follow(x));
    free(allowed);
}

/* The items that final waits for and that only wait for each other, from trial (what stands). */
static void find_waiting(uint8_t *waiting, search *x, const uint8_t *allowed)
{
    const fd_bom *b = x->b;
    size_t open = 0;

    memset(waiting, 0, b->items);
    waiting[x->final] = 1;
    x->stack[open++] = x->final;
    while (open) {
        const uint32_t i = x->stack[--open];

        for (size_t m = b->made_by.start[i]; m < b->made_by.start[i + 1]; m++) {
            const uint32_t r = b->made_by.list[m];

            for (size_t k = b->inputs.start[r]; allowed[r] && k < b->inputs.start[r + 1]; k++) {
                const uint32_t j = b->inputs.list[k];

                if (!x->trial[j] && !waiting[j]) {
                    waiting[j] = 1;
                    x->stack[open++] = j;
                }
            }
        }
    }
}

/* Every z is whole. True when the recipes taken stand on leaves: then the plan counts. Otherwise a
 * row is added that this z breaks and no real plan does. */
static bool stands_or_is_cut(search *x, const double *z)
{
    const fd_bom *b = x->b;
    uint8_t *allowed = fd_alloc(b->recipes + 1), *waiting = NULL;
    bool stands;

    for (size_t r = 0; r < b->recipes; r++)
        allowed[r] = x->take[r] != NO_COLUMN && z[x->take[r]] > 0.5;
    if ((stands = stand_on_leaves(x, allowed))) {
        keep_cheapest(x, follow(x));
    } else {
        const size_t row = fd_lp_add_row(x->lp, 1, FD_LP_INF);

        waiting = fd_alloc(b->items + 1);
        find_waiting(waiting, x, allowed);
        for (size_t r = 0; r < b->recipes; r++) {
            bool outside = x->take[r] != NO_COLUMN && waiting[b->product[r]];

            for (size_t k = b->inputs.start[r]; outside && k < b->inputs.start[r + 1]; k++)
                outside = !waiting[b->inputs.list[k]];
            if (outside)
                fd_lp_put(x->lp, row, x->take[r], 1);
        }
        free(waiting);
    }
    free(allowed);
    return stands;
}

/* The recipe whose z is furthest from whole; recipes when all are whole. */
static size_t find_fraction(const search *x, const double *z)
{
    size_t at = x->b->recipes;
    double most = 1e-6;

    for (size_t r = 0; r < x->b->recipes; r++)
        if (x->take[r] != NO_COLUMN) {
            const double value = z[x->take[r]], off = fmin(value, 1 - value);

            if (off > most) {
                most = off;
                at = r;
            }
        }
    return at;
}

static int branch(search *x, double above)
{
    fd_lp_status status;
    double bound;
    size_t recipe;
    int err;

    for (;;) {
        if (x->nodes++ >= x->limit) {
            x->cut = true;
            x->bound = fmin(x->bound, above);
            return 0;
        }
        if ((err = fd_lp_solve(&status, x->lp)) < 0)
            return err;
        if (status != FD_LP_OPTIMAL)
            return 0; /* recipes left out leave nothing to take */
        bound = fd_lp_objective(x->lp);
        if (x->whole)
            bound = ceil(bound - 1e-6);
        round_plan(x, fd_lp_primal(x->lp));
        if (bound >= x->best - 1e-9 * fmax(1, fabs(x->best)))
            return 0;
        recipe = find_fraction(x, fd_lp_primal(x->lp));
        if (recipe < x->b->recipes)
            break;
        if (!x->cyclic || stands_or_is_cut(x, fd_lp_primal(x->lp)))
            return 0;
        above = bound;
    }
    for (int value = 1; value >= 0 && err >= 0; value--) {
        fd_lp_set_column(x->lp, x->take[recipe], value, value);
        err = branch(x, bound);
    }
    fd_lp_set_column(x->lp, x->take[recipe], 0, 1);
    return err;
}

static int minimise(search *x)
{
    const fd_bom *b = x->b;
    int err;

    x->need = fd_alloc(b->items * sizeof *x->need + 1);
    x->take = fd_alloc(b->recipes * sizeof *x->take + 1);
    x->best_set = fd_alloc(b->items + 1);
    x->trial = fd_alloc(b->items + 1);
    x->stack = fd_alloc(b->items * sizeof *x->stack + 1);
    x->from = fd_alloc(b->items * sizeof *x->from + 1);
    x->best = x->bound = HUGE_VAL;
    build(x);
    err = branch(x, 0);
    x->bound = fmin(x->bound, x->best);
    return err;
}

static void search_dispose(search *x)
{
    fd_lp_free(x->lp);
    free(x->need);
    free(x->take);
    free(x->best_set);
    free(x->trial);
    free(x->stack);
    free(x->from);
}

static void put_row(fd_table *t, const char *objective, const search *x, const uint32_t *by_code)
{
    const size_t row = fd_table_add_row(t);
    const double gap = x->best > 0 ? (x->best - x->bound) / x->best : 0;
    fd_buf set = FD_BUF_INIT;
    char zh[200], en[200];

    if (!isfinite(x->best) && !x->cut) {
        fd_column_set_text(t->columns[0], row, objective);
        fd_table_add_note(t, "配方互相等待,没有一条路从原料开始:补多少企业也造不出",
                          "the recipes wait for each other and none starts from materials: no new "
                          "producer helps");
        return;
    }
    for (size_t n = 0; n < x->b->items; n++)
        if (x->best_set[by_code[n]]) {
            if (set.len)
                fd_buf_putc(&set, ';');
            fd_buf_puts(&set, fd_bom__code(x->b, by_code[n]));
        }
    fd_column_set_text(t->columns[0], row, objective);
    if (isfinite(x->best))
        fd_column_set_est(t->columns[1], row, fd_bom__round(x->best));
    fd_column_set_text(t->columns[2], row, fd_buf_text(&set));
    snprintf(zh, sizeof zh, "%s:下界 %.12g,差距 %.3g %%,解了 %zu 个线性规划%s", objective,
             fd_bom__round(x->bound), 100 * gap, x->nodes, x->cut ? "(到上限,未证最优)" : "");
    snprintf(en, sizeof en, "%s: bound %.12g, gap %.3g %%, %zu linear programs%s", objective,
             fd_bom__round(x->bound), 100 * gap, x->nodes,
             x->cut ? " (the limit: not proved optimal)" : "");
    fd_table_add_note(t, zh, en);
    fd_buf_dispose(&set);
}

int fd_closure_producers(fd_table **out, const fd_bom *b, const fd_closure_options *o)
{
    fd_scene s;
    fd_table *t = NULL;
    uint8_t *reach = fd_alloc(b->items + 1), *missing = fd_alloc(b->items + 1);
    double *one = fd_alloc(b->items * sizeof *one + 1);
    uint32_t *by_code = fd_bom__by_code(b);
    size_t unpriced = 0;
    bool cyclic;
    int err = fd_scene_init(&s, b, o);

    if (err < 0)
        goto done;
    fd_bom__reach(reach, b, s.final);
    cyclic = fd_bom__acyclic(b, reach) < 0;
    for (size_t i = 0; cyclic && i < b->items; i++)
        if (reach[i] && b->stock[i]) { /* whether stock carries a circle depends on the plan */
            err = fd_bom__acyclic(b, reach);
            goto done;
        }
    fd_error_clear();
    memset(missing, 1, b->items);
    for (size_t k = 0; k < b->offers; k++)
        if (fd_offer_counts(&b->offer[k], s.set))
            missing[b->offer[k].item] = 0;
    for (size_t i = 0; i < b->items; i++) {
        one[i] = 1;
        unpriced += reach[i] && missing[i] && isnan(b->unit_cost[i]) ? 1 : 0;
    }
    t = fd_table_new("producers", "最少新增生产环节", "Fewest new producers");
    fd_table_add_new(t, "objective", "目标", "Objective", FD_TEXT, "", 0);
    fd_table_add_new(t, "optimum", "最优值", "Optimum", FD_EST, "", 0);
    fd_table_add_new(t, "one_optimal_set", "一组最优解", "One optimal set", FD_TEXT, "", 0);
    for (int priced = 0; priced < 2 && err >= 0; priced++) {
        search x = { .b = b,
                     .final = s.final,
                     .reach = reach,
                     .missing = missing,
                     .weight = priced ? b->unit_cost : one,
                     .whole = !priced,
                     .cyclic = cyclic,
                     .limit = o->nodes };

        if (priced && unpriced) {
            fd_table_add_note(t, "有缺口产品没有单价,不能按金额求最省",
                              "an item that is missing has no unit cost: no cheapest set");
            break;
        }
        if ((err = minimise(&x)) >= 0)
            put_row(t, priced ? "cost_weighted" : "count", &x, by_code);
        search_dispose(&x);
    }
    fd_table_add_note(t, "只有最优值唯一;按金额以单价之和计,不是投资额",
                      "only the optimum is unique; cost is the sum of unit costs, not investment");
    fd_scene_note(&s, t);
done:
    fd_scene_dispose(&s);
    free(reach);
    free(missing);
    free(one);
    free(by_code);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}
