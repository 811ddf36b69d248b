/*
 * The largest output of a final good, where it ends, and what each enterprise contributes to it.
 *
 * The program has one variable per recipe that can run at all (its inputs makeable), one row per
 * item made for the capacity of those who make it, and one row per item for its balance.  Losing an
 * enterprise only lowers right-hand sides, so each loss is solved from the last basis; and where
 * the plan at hand leaves at least its capacity unused, the loss is 0 without solving.  Quantities
 * of zero and circles are the exception: there the program alone would go on without an input that
 * is gone, so what cannot be made any more is switched off first.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fangding/arena.h"
#include "industry/bom.h"
#include "solve/lp.h"

#define NO_ROW SIZE_MAX

typedef struct plan {
    const fd_bom *b;
    uint64_t set;
    uint32_t final;
    uint8_t *made;    /* makeable in the set */
    uint8_t *reach;   /* may go into the final good */
    double *capacity; /* by item, of the set */
    size_t *column;   /* by recipe, or NO_ROW */
    bool fragile;     /* a quantity of zero, or a circle */
    size_t *made_row; /* by item: sum of its activities <= capacity; for a leaf: use <= capacity */
    fd_lp *lp;
    double best;  /* largest output */
    double *used; /* by item: activity of the row in the best plan */
    double *dual; /* by item */
} plan;

static bool is_leaf(const fd_bom *b, uint32_t item)
{
    return b->made_by.start[item] == b->made_by.start[item + 1];
}

static int sum_capacity(plan *p)
{
    const fd_bom *b = p->b;

    for (size_t k = 0; k < b->offers; k++) {
        const fd_offer *o = &b->offer[k];

        if (!(p->set >> o->level & 1) || !p->reach[o->item])
            continue;
        if (isnan(o->capacity)) {
            fd_error_set(FD_EINVAL, "%s 的产能没有写,算不出最大产量",
                         "the capacity of %s is missing: the largest output is unknown",
                         fd_bom_enterprise(b, o->enterprise));
            return fd_error_at((fd_place){ b->file[2], NULL, (long)o->row + 2, 0 });
        }
        p->capacity[o->item] += o->capacity;
    }
    return 0;
}

static bool can_run(const plan *p, uint32_t recipe)
{
    const fd_bom *b = p->b;

    for (size_t k = b->inputs.start[recipe]; k < b->inputs.start[recipe + 1]; k++)
        if (!p->made[b->inputs.list[k]])
            return false;
    return true;
}

/* Rows of every item that counts, then a column per recipe. */
static void build(plan *p)
{
    const fd_bom *b = p->b;
    size_t *balance = fd_alloc(b->items * sizeof *balance + 1);
    fd_lp_options options = FD_LP_OPTIONS_INIT;

    options.scale_rows = true;
    p->lp = fd_lp_new(true);
    fd_lp_set_options(p->lp, &options);
    for (size_t i = 0; i < b->items; i++) {
        p->made_row[i] = balance[i] = NO_ROW;
        if (!p->reach[i] || !p->made[i])
            continue;
        p->made_row[i] = fd_lp_add_row(p->lp, -FD_LP_INF, p->capacity[i]);
        balance[i] = is_leaf(b, (uint32_t)i) ? NO_ROW : fd_lp_add_row(p->lp, 0, FD_LP_INF);
    }
    for (size_t r = 0; r < b->recipes; r++) {
        const uint32_t i = b->product[r];
        size_t column;

        p->column[r] = NO_ROW;
        if (p->made_row[i] == NO_ROW || !can_run(p, (uint32_t)r))
            continue;
        p->column[r] = column = fd_lp_add_column(p->lp, i == p->final ? 1 : 0, 0, FD_LP_INF);
        fd_lp_put(p->lp, p->made_row[i], column, 1);
        fd_lp_put(p->lp, balance[i], column, 1);
        for (size_t k = b->inputs.start[r]; k < b->inputs.start[r + 1]; k++) {
            const uint32_t j = b->inputs.list[k];

            p->fragile |= b->qty[k] == 0;
            if (b->qty[k] == 0)
                continue;
            if (is_leaf(b, j))
                fd_lp_put(p->lp, p->made_row[j], column, b->qty[k]);
            else
                fd_lp_put(p->lp, balance[j], column, -b->qty[k]);
        }
    }
    free(balance);
}

static int solve(double *out, plan *p)
{
    fd_lp_status status;
    const int err = fd_lp_solve(&status, p->lp);

    if (err < 0)
        return err;
    if (status != FD_LP_OPTIMAL) /* zero is feasible and capacities bound it */
        return fd_error_set(FD_ENOCONV, "最大产量没有解出", "the largest output was not found");
    *out = fd_lp_objective(p->lp);
    if (*out < 1e-9)
        *out = 0;
    return 0;
}

static void plan_dispose(plan *p)
{
    free(p->made);
    free(p->reach);
    free(p->capacity);
    free(p->column);
    free(p->made_row);
    free(p->used);
    free(p->dual);
    fd_lp_free(p->lp);
}

/* The largest output of the final good in a set; the program stays for what is asked next. */
static int plan_init(plan *p, const fd_bom *b, uint64_t set, uint32_t final)
{
    int err;

    *p = (plan){ .b = b, .set = set, .final = final };
    p->made = fd_alloc(b->items + 1);
    p->reach = fd_alloc(b->items + 1);
    p->capacity = fd_alloc(b->items * sizeof *p->capacity + 1);
    p->column = fd_alloc(b->recipes * sizeof *p->column + 1);
    p->fragile = b->order_count < b->items;
    p->made_row = fd_alloc(b->items * sizeof *p->made_row + 1);
    p->used = fd_alloc(b->items * sizeof *p->used + 1);
    p->dual = fd_alloc(b->items * sizeof *p->dual + 1);
    fd_bom__reach(p->reach, b, final);
    fd_bom_closure(p->made, b, set);
    if ((err = sum_capacity(p)) < 0)
        return err;
    if (!p->made[final])
        return 0;
    if (is_leaf(b, final)) {
        p->best = p->capacity[final];
        return 0;
    }
    build(p);
    if ((err = solve(&p->best, p)) < 0)
        return err;
    for (size_t i = 0; i < b->items; i++)
        if (p->made_row[i] != NO_ROW) {
            p->used[i] = fd_lp_activity(p->lp)[p->made_row[i]];
            p->dual[i] = fd_lp_dual(p->lp)[p->made_row[i]];
        }
    return 0;
}

static fd_column *add_for(fd_table *t, const char *id, const char *zh, const char *en,
                          const char *word)
{
    char *texts[3] = { fd_bom__format(id, word), fd_bom__format(zh, word),
                       fd_bom__format(en, word) };
    fd_column *c = fd_table_add_new(t, texts[0], texts[1], texts[2], FD_EST, "", 0);

    for (int i = 0; i < 3; i++)
        free(texts[i]);
    return c;
}

int fd_closure_max_output(fd_table **out, const fd_bom *b, const fd_closure_options *o)
{
    fd_scene s;
    fd_table *t = NULL;
    int err = fd_scene_init(&s, b, o);

    if (err < 0)
        return err;
    t = fd_table_new("max_output", "最大年产量", "Largest output a year");
    fd_table_add_new(t, "territory", "地域", "Territory", FD_TEXT, "", 0);
    add_for(t, "max_%s_per_year", "每年 %s", "%s a year", s.final_slug);
    do {
        plan p;

        if ((err = plan_init(&p, b, s.set, s.final)) >= 0) {
            const size_t row = fd_table_add_row(t);

            fd_column_set_text(t->columns[0], row, s.place);
            fd_column_set_est(t->columns[1], row, fd_bom__round(p.best));
        }
        plan_dispose(&p);
    } while (err >= 0 && fd_scene_widen(&s));
    fd_scene_note(&s, t);
    fd_table_add_note(
        t, "产能由当地企业之和限定,按线性规划求最大;0 表示造不出",
        "capacities of the enterprises there add up; largest by linear programming; 0: "
        "cannot be made");
    fd_scene_dispose(&s);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

/* What `target` units need of each item by the proportions of the plan, beside its capacity: the
 * smallest sum of shortfalls in units of the item, each counted by its share of its capacity. */
static int short_of(double *missing, plan *p, double target)
{
    const fd_bom *b = p->b;
    size_t *column = fd_alloc(b->items * sizeof *column + 1);
    size_t row = 0;
    fd_lp_status status;
    int err;

    fd_lp_set_maximize(p->lp, false);
    for (size_t i = 0; i < b->items; i++) {
        if (p->made_row[i] == NO_ROW)
            continue;
        column[i] = fd_lp_add_column(p->lp, 1 / p->capacity[i], 0, FD_LP_INF);
        fd_lp_put(p->lp, p->made_row[i], column[i], -1);
    }
    row = fd_lp_add_row(p->lp, target, FD_LP_INF);
    for (size_t r = 0, at = 0; r < b->recipes; r++) {
        if (p->made_row[b->product[r]] == NO_ROW || !can_run(p, (uint32_t)r))
            continue;
        if (b->product[r] == p->final) {
            fd_lp_put(p->lp, row, at, 1);
            fd_lp_set_objective(p->lp, at, 0);
        }
        at++;
    }
    if ((err = fd_lp_solve(&status, p->lp)) >= 0 && status != FD_LP_OPTIMAL)
        err = fd_error_set(FD_ENOCONV, "目标产量的缺口没有解出",
                           "what the target lacks was not found");
    for (size_t i = 0; i < b->items && err >= 0; i++)
        missing[i] = p->made_row[i] == NO_ROW ? 0 : fd_lp_primal(p->lp)[column[i]];
    free(column);
    return err;
}

int fd_closure_bottlenecks(fd_table **out, const fd_bom *b, const fd_closure_options *o)
{
    fd_scene s;
    plan p = { 0 };
    fd_table *t = NULL;
    double *missing = fd_alloc(b->items * sizeof *missing + 1);
    uint32_t *by_code = fd_bom__by_code(b);
    int err = fd_scene_init(&s, b, o);

    if (err < 0 || (err = plan_init(&p, b, s.set, s.final)) < 0)
        goto done;
    t = fd_table_new("bottlenecks", "产能堵点", "Where output ends");
    fd_table_add_new(t, "item", "产品", "Item", FD_TEXT, "", 0);
    fd_table_add_new(t, "capacity", "产能", "Capacity", FD_EST, "", 0);
    fd_table_add_new(t, "used", "用去", "Used", FD_EST, "", 0);
    fd_table_add_new(t, "dual", "每增一单位可多产", "More output per unit", FD_EST, "", 0);
    if (o->target > 0)
        fd_table_add_new(t, "short", "目标差产能", "Capacity short", FD_EST, "", 0);
    if (o->target > 0 && p.lp && (err = short_of(missing, &p, o->target)) < 0)
        goto done;
    for (size_t n = 0; n < b->items && p.lp; n++) {
        const uint32_t i = by_code[n];
        size_t row;

        if (p.made_row[i] == NO_ROW)
            continue;
        if (p.used[i] < p.capacity[i] * (1 - 1e-9) && missing[i] <= 1e-9 * p.capacity[i])
            continue;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, fd_bom__code(b, i));
        fd_column_set_est(t->columns[1], row, p.capacity[i]);
        fd_column_set_est(t->columns[2], row, fd_bom__round(p.used[i]));
        fd_column_set_est(t->columns[3], row,
                          fabs(p.dual[i]) < 1e-12 ? 0 : fd_bom__round(p.dual[i]));
        if (o->target > 0)
            fd_column_set_est(t->columns[4], row, fd_bom__round(missing[i]));
    }
    if (!p.made[s.final])
        fd_table_add_note(t, "这里造不出:先补断点", "it cannot be made here: fill the gaps first");
    fd_scene_note(&s, t);
done:
    fd_scene_dispose(&s);
    plan_dispose(&p);
    free(missing);
    free(by_code);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

/* ---- single failures ---- */

static double capacity_of(const plan *p, const fd_offer *o)
{
    return (p->set >> o->level & 1) && o->capacity > 0 ? o->capacity : 0;
}

/* Recipes that run with `made` but no more with `left` may not, or may again. */
static void switch_recipes(plan *p, const uint8_t *left, bool on)
{
    const fd_bom *b = p->b;

    for (size_t r = 0; r < b->recipes; r++) {
        bool runs = left[b->product[r]];

        for (size_t k = b->inputs.start[r]; runs && k < b->inputs.start[r + 1]; k++)
            runs = left[b->inputs.list[k]];
        if (p->column[r] != NO_ROW && !runs)
            fd_lp_set_column(p->lp, p->column[r], 0, on ? FD_LP_INF : 0);
    }
}

/* The loss when an enterprise stops: all of its items at once. `cut` is scratch, zero at entry and
 * exit: what is taken from each item. */
static int loss_of(double *out, plan *p, uint32_t enterprise, const fd_csr *by_enterprise,
                   double *cut)
{
    const fd_bom *b = p->b;
    const size_t from = by_enterprise->start[enterprise], to = by_enterprise->start[enterprise + 1];
    uint8_t *left = NULL;
    bool matters = false;
    double rest = 0;
    int err = 0;

    *out = 0;
    if (!p->made[p->final])
        return 0;
    for (size_t k = from; k < to; k++) {
        const fd_offer *o = &b->offer[by_enterprise->list[k]];

        cut[o->item] += capacity_of(p, o);
        if (!p->lp && o->item == p->final)
            *out = cut[o->item]; /* a final good without recipe */
        matters |= p->lp && p->reach[o->item] && p->made_row[o->item] != NO_ROW &&
                   cut[o->item] > 0 && p->used[o->item] > p->capacity[o->item] - cut[o->item];
    }
    if (p->lp && p->fragile) {
        left = fd_alloc(b->items + 1);
        fd_bom__closure_without(left, b, p->set, enterprise);
        for (size_t i = 0; i < b->items; i++)
            matters |= p->made_row[i] != NO_ROW && !left[i];
        switch_recipes(p, left, false);
    }
    for (size_t k = from; matters && k < to; k++) {
        const uint32_t i = b->offer[by_enterprise->list[k]].item;

        if (p->reach[i] && p->made_row[i] != NO_ROW)
            fd_lp_set_row(p->lp, p->made_row[i], -FD_LP_INF, fmax(p->capacity[i] - cut[i], 0));
    }
    if (matters && (err = solve(&rest, p)) >= 0) {
        *out = p->best - rest;
        if (*out < 1e-9 * p->best)
            *out = 0;
    }
    for (size_t k = from; k < to; k++) {
        const uint32_t i = b->offer[by_enterprise->list[k]].item;

        if (matters && p->reach[i] && p->made_row[i] != NO_ROW)
            fd_lp_set_row(p->lp, p->made_row[i], -FD_LP_INF, p->capacity[i]);
        cut[i] = 0;
    }
    if (left)
        switch_recipes(p, left, true);
    free(left);
    return err;
}

static int compare_losses(const void *left, const void *right, void *payload)
{
    const uint32_t a = *(const uint32_t *)left, c = *(const uint32_t *)right;
    const double *loss = payload;

    if (loss[a] != loss[c])
        return loss[a] > loss[c] ? -1 : 1;
    return a < c ? -1 : a > c;
}

int fd_closure_failures(fd_table **out, const fd_bom *b, const fd_closure_options *o)
{
    fd_scene s;
    plan p = { 0 };
    fd_table *t = NULL;
    fd_csr by_enterprise = { 0 };
    fd_buf items = FD_BUF_INIT;
    double *cut = fd_alloc(b->items * sizeof *cut + 1);
    double *loss = fd_alloc(b->enterprises * sizeof *loss + 1);
    uint32_t *list = fd_alloc(b->enterprises * sizeof *list + 1);
    char zh[128], en[128];
    int err = fd_scene_init(&s, b, o);

    if (err < 0 || (err = plan_init(&p, b, s.set, s.final)) < 0)
        goto done;
    fd_bom__by_enterprise(&by_enterprise, b);
    for (size_t e = 0; e < b->enterprises && err >= 0; e++) {
        list[e] = (uint32_t)e;
        err = loss_of(&loss[e], &p, (uint32_t)e, &by_enterprise, cut);
        loss[e] = fd_bom__round(loss[e]);
    }
    if (err < 0)
        goto done;
    qsort_r(list, b->enterprises, sizeof *list, compare_losses, loss);
    t = fd_table_new("failures", "单点失效的损失", "What a single failure costs");
    fd_table_add_new(t, "enterprise", "企业", "Enterprise", FD_TEXT, "", 0);
    fd_table_add_new(t, "item", "产品", "Items", FD_TEXT, "", 0);
    add_for(t, "loss_%s_per_year", "每年少产 %s", "%s less a year", s.final_slug);
    for (size_t n = 0; n < b->enterprises; n++) {
        size_t row;

        fd_bom__items_of(&items, b, list[n], s.set, &by_enterprise);
        if (!items.len)
            continue;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, fd_bom_enterprise(b, list[n]));
        fd_column_set_text(t->columns[1], row, fd_buf_text(&items));
        fd_column_set_est(t->columns[2], row, loss[list[n]]);
    }
    snprintf(zh, sizeof zh, "全部企业都在时每年最多 %.12g", p.best);
    snprintf(en, sizeof en, "with everybody at most %.12g a year", p.best);
    fd_table_add_note(t, zh, en);
    fd_scene_note(&s, t);
    *out = t;
done:
    fd_scene_dispose(&s);
    plan_dispose(&p);
    fd_csr_dispose(&by_enterprise);
    fd_buf_dispose(&items);
    free(cut);
    free(loss);
    free(list);
    return err;
}
