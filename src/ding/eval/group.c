/*
 * Group expressions: one value per group.
 *
 * A vector of cells shares one exact factor (scale and unit), a cell is a fraction that is reduced
 * only at the end, or an estimate in base units.  States follow the language:
 *
 *   a op b           the strongest state: 缺报 > 待核 > 不适用; a doubtful number without a partner
 * is 缺报 a ÷ 0            不适用 合计 over members  skips 不适用; 缺报 as soon as one member is
 * 缺报, or may or may not belong and is not surely 0; 待核 when a member is in doubt.  With 已报:
 * who is in, and how many. no member        不适用; members but none that meets the condition: 0
 */
#include "ding/eval/group.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

fd_gvec *fd_gvec_new(const fd_gctx *x)
{
    fd_gvec *v = fd_arena_alloc(x->arena, sizeof *v);

    v->cells = fd_arena_alloc(x->arena, (x->groups + 1) * sizeof *v->cells);
    v->factor = (fd_quot){ 1, 1 };
    for (size_t g = 0; g < x->groups; g++) {
        v->cells[g].state = FD_NA;
        v->cells[g].den = 1;
    }
    return v;
}

static fd_state meet(fd_state a, fd_state b)
{
    if ((a == FD_DOUBT && b == FD_NA) || (a == FD_NA && b == FD_DOUBT))
        return FD_MISSING;
    return fd_state_combine(a, b);
}

static bool has_value(const fd_gcell *c)
{
    return c->state == FD_HAS || c->state == FD_DOUBT;
}

double fd_gcell_real(const fd_gvec *v, size_t g)
{
    const fd_gcell *c = &v->cells[g];

    if (c->is_estimate)
        return c->real;
    return (double)((long double)c->num / (long double)c->den * (long double)v->factor.num /
                    (long double)v->factor.den);
}

/* What the result rests on: the operand with the fewest subjects, the most concentrated operand,
 * the worst answered one. */
static void merge_info(fd_gcell *out, const fd_gcell *a, const fd_gcell *b)
{
    fd_gcell info = a->has_info ? *a : *b;

    out->has_info = a->has_info || b->has_info;
    if (a->has_info && b->has_info) {
        info.n = a->n < b->n ? a->n : b->n;
        info.share1 = a->share1;
        info.share2 = a->share2;
        if (b->share1 > a->share1 || (b->share1 == a->share1 && b->share2 > a->share2)) {
            info.share1 = b->share1;
            info.share2 = b->share2;
        }
        info.members = a->members > b->members ? a->members : b->members;
        info.missing = a->missing > b->missing ? a->missing : b->missing;
        if ((uint64_t)b->reported * a->expected < (uint64_t)a->reported * b->expected) {
            info.reported = b->reported;
            info.expected = b->expected;
        } else {
            info.reported = a->reported;
            info.expected = a->expected;
        }
    }
    out->n = info.n;
    out->share1 = info.share1;
    out->share2 = info.share2;
    out->members = info.members;
    out->missing = info.missing;
    out->reported = info.reported;
    out->expected = info.expected;
}

/* ---- arithmetic of cells ---- */

static int reduced(fd_quot *q, const fd_gcell *c)
{
    return fd_quot_make(q, c->num, c->den);
}

static int add_exact(fd_gcell *out, const fd_gcell *a, int64_t ka, const fd_gcell *b, int64_t kb)
{
    fd_i128 x, y;
    fd_quot p, q;
    int err;

    if (a->den == b->den) {
        if (!fd_i128_mul_overflow(a->num, ka, &x) && !fd_i128_mul_overflow(b->num, kb, &y) &&
            !fd_i128_add_overflow(x, y, &out->num)) {
            out->den = a->den;
            return 0;
        }
    }
    if ((err = reduced(&p, a)) < 0 || (err = reduced(&q, b)) < 0 ||
        (err = fd_quot_mul(&p, p, fd_quot_from_int(ka))) < 0 ||
        (err = fd_quot_mul(&q, q, fd_quot_from_int(kb))) < 0 || (err = fd_quot_add(&p, p, q)) < 0)
        return err;
    out->num = p.num;
    out->den = p.den;
    return 0;
}

static int mul_exact(fd_gcell *out, const fd_gcell *a, fd_i128 bn, fd_i128 bd)
{
    fd_quot p, q;
    int err;

    if (!fd_i128_mul_overflow(a->num, bn, &out->num) &&
        !fd_i128_mul_overflow(a->den, bd, &out->den)) {
        if (out->den < 0) {
            out->num = -out->num;
            out->den = -out->den;
        }
        return 0;
    }
    if ((err = reduced(&p, a)) < 0 || (err = fd_quot_make(&q, bn, bd)) < 0 ||
        (err = fd_quot_mul(&p, p, q)) < 0)
        return err;
    out->num = p.num;
    out->den = p.den;
    return 0;
}

static void settle_estimate(fd_gcell *c, double value)
{
    c->is_estimate = true;
    c->real = value;
    if (!isfinite(value))
        c->state = c->state == FD_DOUBT ? FD_MISSING : FD_NA;
}

int fd_gvec_operate(fd_gvec **result, const fd_gctx *x, fd_expr_kind op, const fd_gvec *a,
                    const fd_gvec *b)
{
    fd_gvec *out = fd_gvec_new(x);
    int64_t ka = 1, kb = 1;
    bool sum = op == FD_EXPR_ADD || op == FD_EXPR_SUB;
    int err;

    if (sum)
        err = fd_row__common_factor(a->factor, b->factor, &ka, &kb, &out->factor);
    else if (op == FD_EXPR_MUL)
        err = fd_quot_mul(&out->factor, a->factor, b->factor);
    else
        err = fd_quot_div(&out->factor, a->factor, b->factor);
    if (err < 0)
        return err;
    for (size_t g = 0; g < x->groups; g++) {
        const fd_gcell *p = &a->cells[g], *q = &b->cells[g];
        fd_gcell *c = &out->cells[g];

        merge_info(c, p, q);
        c->state = meet(p->state, q->state);
        if (!has_value(c))
            continue;
        if (op == FD_EXPR_DIV && (q->is_estimate ? q->real == 0 : q->num == 0)) {
            c->state = c->state == FD_DOUBT ? FD_MISSING : FD_NA;
            continue;
        }
        if (p->is_estimate || q->is_estimate) {
            double u = fd_gcell_real(a, g), v = fd_gcell_real(b, g);

            settle_estimate(c, op == FD_EXPR_ADD   ? u + v
                               : op == FD_EXPR_SUB ? u - v
                               : op == FD_EXPR_MUL ? u * v
                                                   : u / v);
            continue;
        }
        err = sum                 ? add_exact(c, p, ka, q, op == FD_EXPR_SUB ? -kb : kb)
              : op == FD_EXPR_MUL ? mul_exact(c, p, q->num, q->den)
                                  : mul_exact(c, p, q->den, q->num);
        if (err < 0)
            return err;
    }
    *result = out;
    return 0;
}

int fd_gvec_constant(fd_gvec **result, const fd_gctx *x, fd_decimal d, const fd_unit *unit)
{
    fd_gvec *out = fd_gvec_new(x);
    fd_quot scale = { 1, fd_pow10(d.scale) };
    int err = unit ? fd_quot_mul(&scale, scale, unit->factor) : 0;

    out->factor = scale;
    for (size_t g = 0; g < x->groups; g++) {
        out->cells[g].state = FD_HAS;
        out->cells[g].num = d.mantissa;
    }
    *result = out;
    return err;
}

/* ---- names ---- */

static int own_subject(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    const fd_item *item = e->target;
    const char *id = fd_eval__item_id(x->arena, e);
    fd_gvec *out = fd_gvec_new(x);
    const fd_eval_column *column;
    const char *kind = NULL, *code;
    fd_map *rows = NULL;
    fd_quot scale;
    int err;

    /* Nobody is placed into groups here: the subjects of the dimension's own kind are the groups.
     */
    if (fd_grouping_dims(x->q->grouping) == 1 &&
        strcmp(fd_grouping_dim(x->q->grouping, 0), item->kind) == 0 &&
        (err = fd_grouping_declare(x->q->grouping)) < 0)
        return err;
    if ((err = fd_eval__column(x->eval, item->kind, id, x->period, x->basis, &column)) < 0)
        return err;
    /* What the bureau hands out for places and industries stands under the verified basis only. */
    if (!column->any && x->basis == FD_CURRENT && strcmp(item->kind, "enterprise") != 0 &&
        (err = fd_eval__column(x->eval, item->kind, id, x->period, FD_VERIFIED, &column)) < 0)
        return err;
    scale = (fd_quot){ 1, fd_pow10(column->column->scale) };
    if (item->unit && (err = fd_quot_mul(&scale, scale, item->unit->factor)) < 0)
        return err;
    out->factor = scale;
    for (size_t g = 0; g < x->groups; g++) {
        fd_gcell *c = &out->cells[g];
        uint64_t row = 0;

        kind = fd_grouping__subject(x->q->grouping, g, &code);
        if (kind && strcmp(kind, item->kind) == 0) {
            if (!rows) {
                rows = fd_map_new();
                for (size_t i = 0; i < column->frame->n; i++)
                    (void)fd_map_set(rows, fd_view_of(column->frame->codes[i]), i);
            }
            if (!fd_map_get(rows, fd_view_of(code), &row))
                continue;
        } else if (fd_grouping_dims(x->q->grouping) || x->q->where || column->frame->n != 1 ||
                   strcmp(item->kind, "enterprise") == 0) {
            continue; /* a figure of the whole says nothing of a part */
        }
        c->state = fd_column_state(column->column, row);
        c->num = has_value(c) ? column->column->v.dec[row] : 0;
    }
    fd_map_free(rows);
    *result = out;
    return 0;
}

static int parameter(fd_gvec **result, const fd_gctx *x, const fd_param *param)
{
    fd_date at = fd_period_end(x->period);

    for (size_t i = param->count; i > 0; i--)
        if (param->from[i - 1] <= at)
            return fd_gvec_constant(result, x, param->values[i - 1], param->unit);
    *result = fd_gvec_new(x);
    for (size_t g = 0; g < x->groups; g++)
        (*result)->cells[g].state = FD_MISSING;
    return 0;
}

static int truth(fd_truth **result, const fd_gctx *x, const fd_expr *e);

/* 缺数 rules about the group: the first that holds decides. */
static int apply_rules(fd_gvec *v, const fd_gctx *x, const fd_indicator *i)
{
    int err;

    for (size_t k = i->rule_count; k > 0; k--) {
        fd_truth *when;

        if (i->rules[k - 1].when->type.is_vector)
            continue;
        if ((err = truth(&when, x, i->rules[k - 1].when)) < 0)
            return err;
        for (size_t g = 0; g < x->groups; g++)
            if (when[g] == FD_TRUE)
                v->cells[g].state = i->rules[k - 1].state;
    }
    return 0;
}

int fd_geval_indicator(fd_gvec **result, const fd_gctx *x, const fd_indicator *i)
{
    fd_eval_query q = *x->q;
    fd_gctx inner = *x;
    int err;

    q.population = i->population;
    q.kind = i->kind;
    inner.q = &q;
    inner.reported_only = i->missing == FD_RULE_SKIP_REPORTED;
    if (x->eval->depth >= 32)
        return fd_error_set(FD_ELIMIT, "指标套指标太深", "indicators are nested too deeply");
    x->eval->depth++;
    if (i->total) {
        err = fd_geval(result, &inner, i->total);
    } else if (i->formula && fd_expr_is_row(i->formula)) {
        const char *code, *kind = x->groups ? fd_grouping__subject(q.grouping, 0, &code) : NULL;

        if (kind && strcmp(kind, i->kind) == 0)
            err = fd_geval_rows(result, &inner, i);
        else if (!i->formula->type.is_quotient)
            err = fd_geval_sum(result, &inner, i->formula, NULL, inner.reported_only);
        else {
            *result = fd_gvec_new(x); /* a ratio of subjects has no value for a group */
            err = 0;
        }
    } else if (i->formula) {
        err = fd_geval(result, &inner, i->formula);
    } else {
        err = fd_error_set(FD_EINVAL, "指标「%s」没有公式", "indicator %s has no formula", i->name);
    }
    if (err >= 0)
        err = apply_rules(*result, &inner, i);
    x->eval->depth--;
    return err;
}

static int name(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    switch (e->symbol) {
    case FD_SYM_ITEM:
        return own_subject(result, x, e);
    case FD_SYM_PARAM:
        return parameter(result, x, e->target);
    case FD_SYM_INDICATOR:
        return fd_geval_indicator(result, x, e->target);
    default:
        return fd_error_set(FD_EINVAL, "「%s」不是数", "%s is no number", e->text);
    }
}

void fd_gctx_shift(fd_gctx *x, const fd_expr *at)
{
    switch (at->at) {
    case FD_AT_YEAR_BEFORE:
        x->period = fd_period_years_before(x->period, 1);
        break;
    case FD_AT_YEAR_BEFORE_STORED:
        x->period = fd_period_years_before(x->period, 1);
        x->basis = FD_CURRENT;
        break;
    case FD_AT_COMPARATIVE:
        x->basis = FD_COMPARATIVE;
        break;
    case FD_AT_STEP:
        x->period = fd_period_step(x->period, at->step);
        break;
    case FD_AT_PERIOD:
        x->period = at->period;
        break;
    case FD_AT_VERIFIED:
        x->basis = FD_VERIFIED;
        break;
    case FD_AT_NONE:
        break;
    }
}

/* ---- conditions on groups ---- */

static int compare_cells(const fd_gvec *a, size_t at, const fd_gvec *b, size_t bt, int *sign)
{
    const fd_gcell *p = &a->cells[at], *q = &b->cells[bt];
    fd_quot x, y;
    int err;

    if (p->is_estimate || q->is_estimate) {
        double u = fd_gcell_real(a, at), v = fd_gcell_real(b, bt);

        *sign = u < v ? -1 : u > v;
        return 0;
    }
    if ((err = reduced(&x, p)) < 0 || (err = reduced(&y, q)) < 0 ||
        (err = fd_quot_mul(&x, x, a->factor)) < 0 || (err = fd_quot_mul(&y, y, b->factor)) < 0)
        return err;
    *sign = fd_quot_compare(x, y);
    return 0;
}

static int truth(fd_truth **result, const fd_gctx *x, const fd_expr *e)
{
    fd_truth *out, *other;
    fd_gvec *a, *b;
    int err, sign;

    switch (e->kind) {
    case FD_EXPR_AND:
    case FD_EXPR_OR:
        if ((err = truth(&out, x, e->children[0])) < 0)
            return err;
        for (size_t i = 1; i < e->child_count; i++) {
            if ((err = truth(&other, x, e->children[i])) < 0)
                return err;
            for (size_t g = 0; g < x->groups; g++)
                if (e->kind == FD_EXPR_AND ? other[g] < out[g] : other[g] > out[g])
                    out[g] = other[g];
        }
        break;
    case FD_EXPR_NOT:
        if ((err = truth(&out, x, e->children[0])) < 0)
            return err;
        for (size_t g = 0; g < x->groups; g++)
            out[g] = (fd_truth)(FD_TRUE - out[g]);
        break;
    case FD_EXPR_EQ:
    case FD_EXPR_NE:
    case FD_EXPR_LT:
    case FD_EXPR_LE:
    case FD_EXPR_GT:
    case FD_EXPR_GE:
        if ((err = fd_geval(&a, x, e->children[0])) < 0 ||
            (err = fd_geval(&b, x, e->children[1])) < 0)
            return err;
        out = fd_arena_alloc(x->arena, (x->groups + 1) * sizeof *out);
        for (size_t g = 0; g < x->groups; g++) {
            bool holds;

            out[g] = FD_UNKNOWN;
            if (a->cells[g].state != FD_HAS || b->cells[g].state != FD_HAS)
                continue;
            if ((err = compare_cells(a, g, b, g, &sign)) < 0)
                return err;
            holds = e->kind == FD_EXPR_EQ   ? sign == 0
                    : e->kind == FD_EXPR_NE ? sign != 0
                    : e->kind == FD_EXPR_LT ? sign < 0
                    : e->kind == FD_EXPR_LE ? sign <= 0
                    : e->kind == FD_EXPR_GT ? sign > 0
                                            : sign >= 0;
            out[g] = holds ? FD_TRUE : FD_FALSE;
        }
        break;
    default:
        return fd_error_set(FD_EINVAL, "这里应为对各组的条件",
                            "a condition on groups is expected here");
    }
    *result = out;
    return 0;
}

/* Bring one cell of another vector to this vector's factor. */
static int take_cell(fd_gvec *out, size_t g, const fd_gvec *from)
{
    fd_gcell *c = &out->cells[g];
    fd_quot q;
    int err;

    *c = from->cells[g];
    if (!has_value(c) || c->is_estimate)
        return 0;
    if ((err = reduced(&q, c)) < 0 || (err = fd_quot_mul(&q, q, from->factor)) < 0 ||
        (err = fd_quot_div(&q, q, out->factor)) < 0)
        return err;
    c->num = q.num;
    c->den = q.den;
    return 0;
}

static int cases(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    size_t pairs = e->child_count / 2;
    fd_gvec *out = fd_gvec_new(x), *value;
    bool *open = fd_arena_alloc(x->arena, x->groups + 1);
    fd_truth *when;
    int err;

    memset(open, 1, x->groups);
    for (size_t i = 0; i < pairs; i++) {
        if ((err = truth(&when, x, e->children[2 * i])) < 0 ||
            (err = fd_geval(&value, x, e->children[2 * i + 1])) < 0)
            return err;
        if (i == 0)
            out->factor = value->factor;
        for (size_t g = 0; g < x->groups; g++) {
            if (!open[g] || when[g] == FD_FALSE)
                continue;
            open[g] = false;
            if (when[g] == FD_UNKNOWN)
                out->cells[g].state = FD_MISSING;
            else if ((err = take_cell(out, g, value)) < 0)
                return err;
        }
    }
    if (e->child_count % 2) {
        if ((err = fd_geval(&value, x, e->children[e->child_count - 1])) < 0)
            return err;
        for (size_t g = 0; g < x->groups; g++)
            if (open[g] && (err = take_cell(out, g, value)) < 0)
                return err;
    }
    *result = out;
    return 0;
}

/* ---- functions of group values ---- */

static int rounded(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    const fd_unit *unit = e->type.unit;
    int err, digits = e->child_count > 1 ? (int)e->children[1]->number.mantissa : 0;
    fd_gvec *v, *out = fd_gvec_new(x);
    fd_quot to_unit;

    if (digits < 0 || digits > 12)
        return fd_error_set(FD_EINVAL, "位数应为 0 到 12", "digits: 0 to 12");
    if ((err = fd_geval(&v, x, e->children[0])) < 0 ||
        (err = fd_quot_div(&to_unit, v->factor, unit ? unit->factor : (fd_quot){ 1, 1 })) < 0 ||
        (err = fd_quot_div(&out->factor, unit ? unit->factor : (fd_quot){ 1, 1 },
                           fd_quot_from_int(fd_pow10(digits)))) < 0)
        return err;
    for (size_t g = 0; g < x->groups; g++) {
        fd_gcell *c = &out->cells[g];
        fd_decimal d;
        fd_quot q;

        *c = v->cells[g];
        if (!has_value(c))
            continue;
        if (c->is_estimate) {
            double y = c->real / fd_quot_to_double(out->factor);

            y = e->rounding == FD_ROUND_HALF_UP     ? round(y)
                : e->rounding == FD_ROUND_HALF_EVEN ? nearbyint(y)
                : e->rounding == FD_ROUND_UP        ? (y < 0 ? floor(y) : ceil(y))
                                                    : trunc(y);
            if (fabs(y) >= 9.2e18)
                return fd_error_set(FD_EOVERFLOW, "取舍后的数超出 64 位",
                                    "a rounded value needs more than 64 bits");
            c->is_estimate = false;
            c->num = (fd_i128)y;
            c->den = 1;
            continue;
        }
        if ((err = reduced(&q, c)) < 0 || (err = fd_quot_mul(&q, q, to_unit)) < 0 ||
            (err = fd_quot_round(&d, q, digits, e->rounding)) < 0)
            return err;
        c->num = d.mantissa;
        c->den = 1;
    }
    *result = out;
    return 0;
}

static int each(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    fd_gvec *v, *out;
    int err;

    if ((err = fd_geval(&v, x, e->children[0])) < 0)
        return err;
    out = fd_gvec_new(x);
    out->factor = v->factor;
    for (size_t g = 0; g < x->groups; g++) {
        fd_gcell *c = &out->cells[g];

        *c = v->cells[g];
        if (!has_value(c))
            continue;
        if (e->kind == FD_EXPR_NEGATE) {
            c->num = -c->num;
            c->real = -c->real;
        } else if (e->function == FD_FN_ABS) {
            c->num = c->num < 0 ? -c->num : c->num;
            c->real = fabs(c->real);
        } else {
            settle_estimate(c, sqrt(fd_gcell_real(v, g)));
        }
    }
    *result = out;
    return 0;
}

static int extreme(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    fd_gvec *out, *v;
    int err;

    if ((err = fd_geval(&out, x, e->children[0])) < 0)
        return err;
    for (size_t i = 1; i < e->child_count; i++) {
        if ((err = fd_geval(&v, x, e->children[i])) < 0)
            return err;
        for (size_t g = 0; g < x->groups; g++) {
            fd_state state = meet(out->cells[g].state, v->cells[g].state);
            int sign = 0;

            if (state == FD_HAS || state == FD_DOUBT) {
                if ((err = compare_cells(v, g, out, g, &sign)) < 0)
                    return err;
                if ((e->function == FD_FN_MAX ? sign > 0 : sign < 0) &&
                    (err = take_cell(out, g, v)) < 0)
                    return err;
            }
            out->cells[g].state = state;
        }
    }
    *result = out;
    return 0;
}

static int last_years(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    int64_t n = e->child_count > 1 ? e->children[1]->number.mantissa : 0;
    fd_gctx shifted = *x;
    fd_gvec *sum = NULL, *v;
    int err;

    if (n < 1 || n > 50)
        return fd_error_set(FD_EINVAL, "近N年 的年数应为 1 到 50", "last N years: N is 1 to 50");
    shifted.basis = FD_CURRENT;
    for (int64_t k = 1; k <= n; k++) {
        shifted.period = fd_period_year(fd_period_year_of(x->period) - (int)k);
        if ((err = fd_geval(&v, &shifted, e->children[0])) < 0 ||
            (sum && (err = fd_gvec_operate(&v, x, FD_EXPR_ADD, sum, v)) < 0))
            return err;
        sum = v;
    }
    *result = sum;
    return 0;
}

/* 1 for the largest; equal values share a place; groups without value have none. */
static int ranked(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    fd_gvec *v, *out = fd_gvec_new(x);
    int err, sign;

    if ((err = fd_geval(&v, x, e->children[0])) < 0)
        return err;
    for (size_t g = 0; g < x->groups; g++) {
        fd_gcell *c = &out->cells[g];
        fd_i128 place = 1;

        *c = v->cells[g];
        if (!fd_grouping_dims(x->q->grouping))
            c->state = FD_NA;
        if (!has_value(c))
            continue;
        for (size_t h = 0; h < x->groups; h++) {
            if (!has_value(&v->cells[h]))
                continue;
            if ((err = compare_cells(v, h, v, g, &sign)) < 0)
                return err;
            place += sign > 0;
        }
        c->is_estimate = false;
        c->num = place;
        c->den = 1;
    }
    *result = out;
    return 0;
}

static int call(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    switch (e->function) {
    case FD_FN_ROUND:
        return rounded(result, x, e);
    case FD_FN_ABS:
    case FD_FN_SQRT:
        return each(result, x, e);
    case FD_FN_RANK:
        return ranked(result, x, e);
    case FD_FN_LAST_YEARS:
        return last_years(result, x, e);
    case FD_FN_MAX:
    case FD_FN_MIN:
        if (e->child_count > 1)
            return extreme(result, x, e);
        break;
    default:
        break;
    }
    return fd_geval_aggregate(result, x, e);
}

int fd_geval(fd_gvec **result, const fd_gctx *x, const fd_expr *e)
{
    fd_gvec *a, *b;
    int err;

    switch (e->kind) {
    case FD_EXPR_NUMBER:
        return fd_gvec_constant(result, x, e->number, e->type.unit);
    case FD_EXPR_NAME:
        return name(result, x, e);
    case FD_EXPR_AT: {
        fd_gctx shifted = *x;

        fd_gctx_shift(&shifted, e);
        return fd_geval(result, &shifted, e->children[0]);
    }
    case FD_EXPR_NEGATE:
        return each(result, x, e);
    case FD_EXPR_ADD:
    case FD_EXPR_SUB:
    case FD_EXPR_MUL:
    case FD_EXPR_DIV:
        if ((err = fd_geval(&a, x, e->children[0])) < 0 ||
            (err = fd_geval(&b, x, e->children[1])) < 0)
            return err;
        return fd_gvec_operate(result, x, e->kind, a, b);
    case FD_EXPR_CALL:
        return call(result, x, e);
    case FD_EXPR_CASE:
        return cases(result, x, e);
    default:
        return fd_error_set(FD_EINVAL, "这里应为数", "a number is expected here");
    }
}
