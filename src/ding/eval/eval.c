/*
 * The evaluator's doors: an expression or an indicator for all groups, sums, rows.
 */
#include "ding/eval/eval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ding/eval/group.h"

void fd_eval_result_dispose(fd_eval_result *r)
{
    free(r->cells);
    *r = (fd_eval_result){ 0 };
}

int fd_number_scale(fd_number *value, fd_quot factor)
{
    if (value->state == FD_MISSING || value->state == FD_NA)
        return 0;
    if (value->is_estimate) {
        value->estimate *= fd_quot_to_double(factor);
        return 0;
    }
    return fd_quot_mul(&value->exact, value->exact, factor);
}

static int finish_cell(fd_eval_cell *out, const fd_gcell *c, fd_quot factor, double unit)
{
    double size;
    int err;

    out->value = (fd_number){ .state = c->state, .exact = { 0, 1 } };
    if (c->has_info) {
        out->n = c->n;
        out->members = c->members;
        out->missing = c->missing;
        out->reported = c->reported;
        out->expected = c->expected;
    }
    if (c->state != FD_HAS && c->state != FD_DOUBT)
        return 0;
    if (c->is_estimate) {
        out->value.is_estimate = true;
        out->value.estimate = c->real / unit;
    } else if ((err = fd_quot_make(&out->value.exact, c->num, c->den)) < 0 ||
               (err = fd_quot_mul(&out->value.exact, out->value.exact, factor)) < 0) {
        return err;
    }
    size = fabs(fd_number_to_double(out->value));
    out->top1 = c->share1 * size;
    out->top2 = c->share2 * size;
    return 0;
}

/* What to evaluate: one of the three. */
typedef struct task {
    const fd_expr *expr;
    const fd_indicator *indicator;
    const fd_expr *row;
    bool reported_only;
} task;

static int once(fd_eval_result *out, fd_eval *e, const task *t, const fd_eval_query *q)
{
    fd_gctx x = {
        .eval = e, .q = q, .period = q->period, .basis = q->basis, .reported_only = q->reported_only
    };
    fd_quot factor, unit = q->unit ? q->unit->factor : (fd_quot){ 1, 1 };
    fd_gvec *v = NULL;
    int err;

    x.arena = fd_arena_new();
    x.groups = fd_grouping_count(q->grouping);
    if (q->grouping && fd_grouping_dims(q->grouping) == 0)
        x.groups = 1;
    err = t->indicator ? fd_geval_indicator(&v, &x, t->indicator)
          : t->row     ? fd_geval_sum(&v, &x, t->row, NULL, t->reported_only)
                       : fd_geval(&v, &x, t->expr);
    if (err < 0 || (err = fd_quot_div(&factor, v->factor, unit)) < 0)
        goto done;
    out->count = x.groups;
    out->cells = fd_alloc((x.groups + 1) * sizeof *out->cells);
    for (size_t g = 0; g < x.groups && err >= 0; g++) {
        err = finish_cell(&out->cells[g], &v->cells[g], factor, fd_quot_to_double(unit));
        out->is_estimate = out->is_estimate || out->cells[g].value.is_estimate;
    }
done:
    fd_arena_free(x.arena);
    if (err < 0)
        fd_eval_result_dispose(out);
    return err < 0 ? err : 0;
}

/* Groups appear while rows are placed; when some were new, everything is evaluated again with room
 * for them (selections are kept, so this costs little and happens at the first period). */
static int evaluate(fd_eval_result *out, fd_eval *e, const task *t, const fd_eval_query *q)
{
    size_t before;
    int err;

    do {
        before = fd_grouping_count(q->grouping);
        *out = (fd_eval_result){ 0 };
        e->used_stored = e->used_reported = false;
        if ((err = once(out, e, t, q)) < 0)
            return err;
        out->used_stored = e->used_stored;
        out->used_reported = e->used_reported;
        if (fd_grouping_count(q->grouping) != before)
            fd_eval_result_dispose(out);
    } while (fd_grouping_count(q->grouping) != before);
    return 0;
}

int fd_eval_expr(fd_eval_result *out, fd_eval *e, const fd_expr *expr, const fd_eval_query *q)
{
    return evaluate(out, e, &(task){ .expr = expr }, q);
}

int fd_eval_indicator(fd_eval_result *out, fd_eval *e, const fd_indicator *i,
                      const fd_eval_query *q)
{
    fd_eval_query own = *q;

    own.kind = i->kind;
    own.population = i->population;
    own.unit = i->unit;
    return evaluate(out, e, &(task){ .indicator = i }, &own);
}

int fd_eval_sum(fd_eval_result *out, fd_eval *e, const fd_expr *row, bool reported_only,
                const fd_eval_query *q)
{
    return evaluate(out, e, &(task){ .row = row, .reported_only = reported_only }, q);
}

/* ---- rows ---- */

static fd_state state_at(const fd_row_block *b, size_t i)
{
    if (!b->has || fd_bits_get(b->has, i))
        return b->doubt && fd_bits_get(b->doubt, i) ? FD_DOUBT : FD_HAS;
    return b->na && fd_bits_get(b->na, i) ? FD_NA : FD_MISSING;
}

/* Calls take(payload, row, state, num, den, real) for every row of a value. */
typedef int (*row_taker)(void *payload, size_t row, fd_state state, fd_i128 num, fd_i128 den,
                         double real);

static int each_row(const fd_row_value *value, size_t n, fd_arena *arena, row_taker take,
                    void *payload)
{
    fd_row_node *num = value->num, *den = value->den;
    fd_row_machine *left, *right = NULL;
    int err = 0;

    if (den) {
        num = fd_arena_alloc(arena, sizeof *num);
        *num = (fd_row_node){ .op = FD_ROW_GUARD, .a = value->num, .b = den, .ka = 1, .kb = 1 };
        right = fd_row_machine_new(fd_row__finish(den));
    }
    left = fd_row_machine_new(fd_row__finish(num));
    for (size_t start = 0; start < n && err >= 0; start += FD_BLOCK_ROWS) {
        size_t rows = n - start < FD_BLOCK_ROWS ? n - start : FD_BLOCK_ROWS;
        fd_row_block a, b = { 0 };

        if ((err = fd_row__run(&a, left, num, start, rows)) < 0 ||
            (den && (err = fd_row__run(&b, right, den, start, rows)) < 0))
            break;
        for (size_t i = 0; i < rows && err >= 0; i++) {
            bool real = a.form == FD_ROW_F64;

            err = take(payload, start + i, state_at(&a, i), real ? 0 : fd_row__at(&a, i),
                       den ? fd_row__at(&b, i) : 1, real ? a.d[i] : 0);
        }
    }
    fd_row_machine_free(left);
    fd_row_machine_free(right);
    return err < 0 ? err : 0;
}

typedef struct to_numbers {
    fd_number *values;
    fd_quot factor;
    double unit;
    bool is_estimate;
} to_numbers;

static int take_number(void *payload, size_t row, fd_state state, fd_i128 num, fd_i128 den,
                       double real)
{
    const to_numbers *t = payload;
    fd_number *v = &t->values[row];
    int err;

    *v = (fd_number){ .state = state, .exact = { 0, 1 } };
    if (state != FD_HAS && state != FD_DOUBT)
        return 0;
    if (t->is_estimate) {
        v->is_estimate = true;
        v->estimate = real / t->unit;
        return 0;
    }
    if ((err = fd_quot_make(&v->exact, num, den)) < 0)
        return err;
    return fd_quot_mul(&v->exact, v->exact, t->factor);
}

int fd_eval_rows(fd_number *values, double *inside, fd_eval *e, const fd_expr *row,
                 const fd_eval_query *q)
{
    const char *kind = q->kind ? q->kind : "enterprise";
    fd_quot unit = q->unit ? q->unit->factor : (fd_quot){ 1, 1 };
    fd_arena *arena = fd_arena_new();
    to_numbers t = { .values = values };
    fd_row_context c = { e, arena, kind, NULL, q->period, q->basis, false };
    fd_row_value value;
    int err;

    if ((err = fd_eval__frame(e, kind, &c.frame)) < 0 ||
        (err = fd_row__compile(&value, &c, row)) < 0 ||
        (err = fd_quot_div(&t.factor, value.factor, unit)) < 0)
        goto done;
    t.unit = fd_quot_to_double(unit);
    t.is_estimate = value.is_estimate;
    if ((err = each_row(&value, c.frame->n, arena, take_number, &t)) < 0)
        goto done;
    if (inside) {
        fd_eval_query all = *q;
        fd_eval_selection *s;

        all.grouping = NULL;
        if ((err = fd_eval__select(e, kind, &all, q->period, NULL, NULL, &s)) < 0)
            goto done;
        for (size_t i = 0; i < c.frame->n; i++)
            inside[i] = s && (s->everything || fd_bits_get(s->in, i)) ? 1 : 0;
        for (size_t i = 0; s && i < s->extra_count; i++)
            inside[s->extra[i].row] += (double)s->extra[i].weight / (double)FD_WEIGHT_ONE;
        for (size_t i = 0; s && i < s->unknown_count; i++)
            inside[s->unknown[i].row] = NAN;
    }
done:
    fd_arena_free(arena);
    return err < 0 ? err : 0;
}

typedef struct to_groups {
    const fd_gctx *x;
    fd_gvec *out;
    const fd_eval_selection *s;
    bool is_estimate;
} to_groups;

static int take_group(void *payload, size_t row, fd_state state, fd_i128 num, fd_i128 den,
                      double real)
{
    const to_groups *t = payload;
    size_t g = t->s->everything ? 0
               : t->s->group    ? t->s->group[row]
                                : (fd_bits_get(t->s->in, row) ? 0 : t->s->groups);
    fd_gcell *c;

    if (g >= t->x->groups || g >= t->s->groups)
        return 0;
    c = &t->out->cells[g];
    c->state = state;
    c->is_estimate = t->is_estimate;
    c->num = den < 0 ? -num : num;
    c->den = den < 0 ? -den : den ? den : 1;
    c->real = real;
    c->has_info = true;
    c->n = state == FD_HAS || state == FD_DOUBT;
    c->members = c->expected = 1;
    c->reported = state != FD_MISSING;
    c->missing = state == FD_MISSING;
    c->share1 = 1;
    return 0;
}

int fd_geval_rows(fd_gvec **result, const fd_gctx *x, const fd_indicator *i)
{
    const char *kind = fd_expr_frame(i->formula);
    fd_row_context c = { x->eval, x->arena, kind, NULL, x->period, x->basis, false };
    to_groups t = { .x = x };
    fd_eval_selection *s;
    fd_row_value value;
    int err;

    *result = t.out = fd_gvec_new(x);
    if ((err = fd_eval__select(x->eval, kind, x->q, x->period, NULL, NULL, &s)) < 0 || !s)
        return err;
    t.s = s;
    c.frame = s->frame;
    if ((err = fd_row__compile_indicator(&value, &c, i)) < 0)
        return err;
    t.out->factor = value.factor;
    t.is_estimate = value.is_estimate;
    return each_row(&value, s->frame->n, x->arena, take_group, &t);
}
