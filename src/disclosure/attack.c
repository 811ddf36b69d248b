/*
 * The attack: how closely can a sensitive cell be placed by somebody who knows everything
 * published?
 *
 * Unknown cells are written as their true value plus a shift y.  What is published does not shift,
 * so every sum becomes  y[total] - sum y[parts] = 0  over the unknown ones, with y >= -value where
 * values are not negative.  The largest and smallest y of the sensitive cell are two linear
 * programs. Shifts rather than values, measured in protection levels of the cell under attack: a
 * cell of 3 beside a total of 10^12 is then no numerical problem, since no true value enters a sum.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "disclosure/cube.h"
#include "fangding/arena.h"
#include "solve/lp.h"

#define CAP       10.0 /* protection levels within which the search stays: farther is as good */
#define TOLERANCE 1e-6

typedef struct attack {
    const fd_cube *cube;
    const fd_disclosure_rules *rules;
    fd_lp *lp;
    size_t *variable; /* per item: its column, or FD_CUBE_NOWHERE */
    size_t aimed;     /* the variable that the objective holds, or FD_CUBE_NOWHERE */
} attack;

static bool has_variable(const fd_cube_item *item)
{
    return fd_disclosure__is_unknown(item) && fd_disclosure__can_move(item);
}

static void build(attack *a)
{
    const fd_cube *cube = a->cube;

    a->lp = fd_lp_new(true);
    a->variable = fd_alloc((cube->items.count + 1) * sizeof *a->variable);
    for (size_t i = 0; i < cube->items.count; i++)
        a->variable[i] = has_variable(&cube->items.items[i])
                             ? fd_lp_add_column(a->lp, 0, -FD_LP_INF, FD_LP_INF)
                             : FD_CUBE_NOWHERE;
    for (size_t s = 0; s < cube->sums.count; s++) {
        const fd_cube_sum *sum = &cube->sums.items[s];
        size_t row = FD_CUBE_NOWHERE;

        /* A missing total is not published: its sum ties nothing that anybody could use. */
        for (size_t k = 0; k <= sum->count; k++) {
            size_t at = k < sum->count ? sum->parts[k] : sum->total;

            if (a->variable[at] == FD_CUBE_NOWHERE)
                continue;
            if (row == FD_CUBE_NOWHERE)
                row = fd_lp_add_row(a->lp, 0, 0);
            fd_lp_put(a->lp, row, a->variable[at], k < sum->count ? -1 : 1);
        }
    }
}

/* Bounds in units of `scale`; everything that the insider knows stands still. */
static void set_bounds(attack *a, double scale, size_t target, size_t insider)
{
    const fd_cube *cube = a->cube;

    for (size_t i = 0; i < cube->items.count; i++) {
        const fd_cube_item *item = &cube->items.items[i];
        double lower = -FD_LP_INF, upper = FD_LP_INF;

        if (a->variable[i] == FD_CUBE_NOWHERE)
            continue;
        if (!cube->is_signed && item->has_value && item->row != FD_CUBE_NOWHERE)
            lower = -(double)item->value / scale;
        if (i == target) {
            upper = CAP;
            lower = lower < -CAP ? -CAP : lower;
        }
        if (insider != FD_CUBE_NOWHERE &&
            fd_disclosure__knows(cube, &cube->items.items[insider], item))
            lower = upper = 0;
        fd_lp_set_column(a->lp, a->variable[i], lower, upper);
    }
}

/* Furthest shift of the target in one direction, in units of scale. */
static int reach(double *out, attack *a, size_t target, bool up)
{
    fd_lp_status status;
    int err;

    *out = 0;
    if (a->aimed != FD_CUBE_NOWHERE)
        fd_lp_set_objective(a->lp, a->aimed, 0);
    a->aimed = a->variable[target];
    fd_lp_set_objective(a->lp, a->aimed, 1);
    fd_lp_set_maximize(a->lp, up);
    if ((err = fd_lp_solve(&status, a->lp)) < 0)
        return err;
    if (status != FD_LP_OPTIMAL)
        return fd_error_set(FD_ENOCONV, "保密核查的线性规划没有答案(状态 %d)",
                            "a linear program of the disclosure audit has no answer (status %d)",
                            (int)status);
    *out = up ? fd_lp_objective(a->lp) : -fd_lp_objective(a->lp);
    return 0;
}

/* Does anything that the insider knows shift in the last solution? If not, it holds for the insider
 * as well. */
static bool disturbs(const attack *a, size_t insider)
{
    const fd_cube *cube = a->cube;

    for (size_t i = 0; i < cube->items.count; i++)
        if (a->variable[i] != FD_CUBE_NOWHERE &&
            fabs(fd_lp_primal(a->lp)[a->variable[i]]) > TOLERANCE &&
            fd_disclosure__knows(cube, &cube->items.items[insider], &cube->items.items[i]))
            return true;
    return false;
}

/* An insider: the only contributor of an inner cell, hidden with others, and not the one behind the
 * target itself. */
static bool is_insider(const attack *a, size_t i, size_t target)
{
    const fd_cube_item *item = &a->cube->items.items[i];

    return a->rules->insiders && item->totals == 0 && item->n_known && item->n == 1 &&
           a->variable[i] != FD_CUBE_NOWHERE &&
           !fd_disclosure__knows(a->cube, item, &a->cube->items.items[target]);
}

static bool is_short(double reached, double needed)
{
    return reached < needed * (1 - TOLERANCE);
}

/* The insiders whose knowledge the last solution contradicts. */
static size_t find_insiders(const attack *a, size_t target, size_t *insiders)
{
    size_t count = 0;

    for (size_t i = 0; i < a->cube->items.count; i++)
        if (is_insider(a, i, target) && disturbs(a, i))
            insiders[count++] = i;
    return count;
}

/*
 * One direction: the outsider first, then the insiders; `kept` receives the first reach that is too
 * short, else the outsider's.  *failed says that one was too short.
 */
static int audit_direction(attack *a, size_t target, bool up, fd_cube_finding *f, bool *failed)
{
    const fd_cube_item *item = &a->cube->items.items[target];
    size_t *insiders = fd_alloc((a->cube->items.count + 1) * sizeof *insiders), count = 0;
    double distance, below, above, scale, *kept = up ? &f->above : &f->below;
    int err;

    fd_disclosure__protection(a->cube, item, a->rules, FD_CUBE_NOWHERE, &below, &above);
    scale = above;
    set_bounds(a, scale, target, FD_CUBE_NOWHERE);
    if ((err = reach(&distance, a, target, up)) < 0)
        goto done;
    *kept = distance * scale;
    if (is_short(*kept, up ? above : below)) {
        *failed = true;
        goto done;
    }
    count = find_insiders(a, target, insiders);
    for (size_t k = 0; k < count; k++) {
        fd_disclosure__protection(a->cube, item, a->rules, insiders[k], &below, &above);
        scale = above;
        set_bounds(a, scale, target, insiders[k]);
        if ((err = reach(&distance, a, target, up)) < 0)
            goto done;
        if (is_short(distance * scale, up ? above : below)) {
            *kept = distance * scale;
            f->insider = insiders[k];
            *failed = true;
            goto done;
        }
    }
done:
    free(insiders);
    return err;
}

static int audit_item(fd_cube_findings *out, attack *a, size_t target)
{
    fd_cube_finding f = { .item = target, .insider = FD_CUBE_NOWHERE };
    bool failed = a->variable[target] == FD_CUBE_NOWHERE; /* published, or nothing in it can move */
    int err;

    if (!failed && ((err = audit_direction(a, target, true, &f, &failed)) < 0 ||
                    (err = audit_direction(a, target, false, &f, &failed)) < 0))
        return err;
    if (failed)
        fd_vec_push(&out->list, f);
    return 0;
}

int fd_disclosure__audit(fd_cube_findings *out, const fd_cube *cube,
                         const fd_disclosure_rules *rules, bool only_first)
{
    attack a = { .cube = cube, .rules = rules, .aimed = FD_CUBE_NOWHERE };
    int err = 0;

    out->list.count = 0;
    build(&a);
    for (size_t i = 0; i < cube->items.count && err == 0; i++) {
        if (only_first && out->list.count)
            break;
        if (fd_disclosure__is_sensitive(&cube->items.items[i]))
            err = audit_item(out, &a, i);
    }
    fd_lp_free(a.lp);
    free(a.variable);
    return err;
}

/* ---- the attack on a table ---- */

static int read_marks(fd_cube *cube, const fd_table *t)
{
    int at = fd_table_find(t, "suppressed");

    if (at >= 0 && t->columns[at]->kind != FD_TEXT && t->columns[at]->kind != FD_CODE)
        return fd_error_set(FD_EINVAL, "列 suppressed 应是文字", "column suppressed must be text");
    for (size_t i = 0; i < cube->items.count; i++) {
        fd_cube_item *item = &cube->items.items[i];

        item->mark = at < 0 || item->row == FD_CUBE_NOWHERE
                         ? FD_MARK_NONE
                         : fd_disclosure__mark_parse(fd_column_text(t->columns[at], item->row));
    }
    return 0;
}

static void name_insider(fd_buf *out, const fd_cube *cube, const fd_cube_finding *f)
{
    fd_buf_clear(out);
    if (f->insider == FD_CUBE_NOWHERE)
        return;
    for (size_t d = 0; d < cube->dimensions; d++) {
        fd_buf_puts(out, d ? "/" : "");
        fd_buf_puts(out, cube->categories[d].items[cube->items.items[f->insider].at[d]]);
    }
}

static fd_table *report(const fd_cube *cube, const fd_table *in, const fd_disclosure_cube *spec,
                        const fd_cube_findings *found)
{
    fd_table *t =
        fd_table_new("disclosure-attack", "可以推算的保密格", "Cells that can be derived");
    const fd_column *value = in->columns[fd_table_find(in, spec->value)];
    fd_column *mark, *truth, *lower, *upper, *insider;
    size_t n = found->list.items ? found->list.count : 0;
    double unit = pow(10, -cube->scale);
    fd_buf key = FD_BUF_INIT;

    t->rows = n;
    for (size_t d = 0; d < cube->dimensions; d++) {
        const fd_column *from = in->columns[cube->columns[d]];
        fd_column *to =
            fd_table_add_new(t, from->id, from->title[FD_ZH], from->title[FD_EN], FD_TEXT, "", 0);

        for (size_t r = 0; r < n; r++)
            fd_column_set_text(
                to, r,
                cube->categories[d].items[cube->items.items[found->list.items[r].item].at[d]]);
    }
    mark = fd_table_add_new(t, "suppressed", "保密标记", "Suppressed", FD_TEXT, "", 0);
    truth = fd_table_add_new(t, "value", "数值", "Value", FD_DEC, value->unit, value->scale);
    lower = fd_table_add_new(t, "lower", "可推下限", "Lower", FD_EST, value->unit, 0);
    upper = fd_table_add_new(t, "upper", "可推上限", "Upper", FD_EST, value->unit, 0);
    insider = fd_table_add_new(t, "insider", "知情格", "Insider", FD_TEXT, "", 0);
    for (size_t r = 0; r < n; r++) {
        const fd_cube_finding *f = &found->list.items[r];
        const fd_cube_item *item = &cube->items.items[f->item];

        fd_column_set_text(mark, r, fd_disclosure__mark_name(item->mark));
        fd_column_set_dec(truth, r, value->v.dec[item->row]);
        fd_column_set_est(lower, r, ((double)item->value - f->below) * unit);
        fd_column_set_est(upper, r, ((double)item->value + f->above) * unit);
        name_insider(&key, cube, f);
        fd_column_set_text(insider, r, fd_buf_text(&key));
    }
    fd_buf_dispose(&key);
    return t;
}

int fd_disclosure_attack(fd_table **out, const fd_table *cells, const fd_disclosure_cube *spec,
                         const fd_disclosure_rules *rules)
{
    fd_cube cube = { 0 };
    fd_cube_findings found = { { 0 } };
    int err;

    *out = NULL;
    if ((err = fd_disclosure__read(&cube, cells, spec, rules)) < 0 ||
        (err = read_marks(&cube, cells)) < 0 ||
        (err = fd_disclosure__audit(&found, &cube, rules, false)) < 0)
        goto done;
    *out = report(&cube, cells, spec, &found);
done:
    fd_vec_dispose(&found.list);
    fd_disclosure__dispose(&cube);
    return err;
}
