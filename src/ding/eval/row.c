/*
 * Row expressions, compiled.
 *
 * A value is num / den × factor: num and den are nodes over whole numbers, factor is one exact
 * constant that holds the scale of the decimals, the unit's factor to base units and every literal
 * that was multiplied in.  So 万元 and 亿元, 2 and 4 decimals, meet by integer multipliers that are
 * known before the first row, and a division keeps its two parts until something asks for a
 * rounding or a comparison (which is done by cross-multiplication, never by dividing).
 */
#include <stdio.h>
#include <string.h>

#include "ding/eval/internal.h"

#define MOST_NESTED_INDICATORS 32

fd_row_node *fd_row__node(const fd_row_context *c, fd_row_op op, fd_row_node *a, fd_row_node *b)
{
    fd_row_node *n = fd_arena_alloc(c->arena, sizeof *n);

    n->op = op;
    n->a = a;
    n->b = b;
    n->ka = n->kb = 1;
    return n;
}

static fd_row_node *constant(const fd_row_context *c, fd_i128 value, fd_state state)
{
    fd_row_node *n = fd_row__node(c, FD_ROW_CONST, NULL, NULL);

    n->constant = value;
    n->constant_state = state;
    return n;
}

/* Registers needed: a result takes the place of its first operand. */
int fd_row__finish(fd_row_node *n)
{
    int a, b, c;

    if (!n)
        return 0;
    a = fd_row__finish(n->a);
    b = n->b ? 1 + fd_row__finish(n->b) : 0;
    c = n->c ? 2 + fd_row__finish(n->c) : 0;
    n->slots = a > b ? a : b;
    n->slots = n->slots > c ? n->slots : c;
    n->slots = n->slots ? n->slots : 1;
    return n->slots;
}

static int too_wide(void)
{
    return fd_error_set(FD_EOVERFLOW, "算式里的换算系数超出 64 位",
                        "a conversion factor of the formula needs more than 64 bits");
}

static fd_i128 gcd_of(fd_i128 a, fd_i128 b)
{
    while (b) {
        fd_i128 r = a % b;

        a = b;
        b = r;
    }
    return a < 0 ? -a : a;
}

/* Whole ka, kb and a factor f with fa = ka·f and fb = kb·f. */
int fd_row__common_factor(fd_quot fa, fd_quot fb, int64_t *ka, int64_t *kb, fd_quot *f)
{
    fd_i128 common, left, right, g;

    if (fa.num == fb.num && fa.den == fb.den) {
        *ka = *kb = 1;
        *f = fa;
        return 0;
    }
    if (fd_i128_mul_overflow(fa.den / gcd_of(fa.den, fb.den), fb.den, &common) ||
        fd_i128_mul_overflow(fa.num, common / fa.den, &left) ||
        fd_i128_mul_overflow(fb.num, common / fb.den, &right))
        return too_wide();
    g = gcd_of(left, right);
    left /= g;
    right /= g;
    if (left > INT64_MAX || right > INT64_MAX)
        return too_wide();
    *ka = (int64_t)left;
    *kb = (int64_t)right;
    return fd_quot_make(f, g, common);
}

static bool is_constant(const fd_row_value *v)
{
    return !v->is_estimate && !v->den && v->num->op == FD_ROW_CONST &&
           v->num->constant_state == FD_HAS;
}

static fd_row_node *product(const fd_row_context *c, fd_row_node *a, fd_row_node *b)
{
    if (!a)
        return b;
    if (!b)
        return a;
    return fd_row__node(c, FD_ROW_MUL, a, b);
}

/* num with 不适用 where the division is by zero. */
static fd_row_node *guarded(const fd_row_context *c, const fd_row_value *v)
{
    return v->den ? fd_row__node(c, FD_ROW_GUARD, v->num, v->den) : v->num;
}

static fd_row_node *real_of(const fd_row_context *c, const fd_row_value *v)
{
    fd_row_node *n;

    if (v->is_estimate)
        return v->num;
    n = fd_row__node(c, FD_ROW_REAL, v->num, v->den);
    n->real = fd_quot_to_double(v->factor);
    return n;
}

static fd_row_value estimate(fd_row_node *n)
{
    return (fd_row_value){ n, NULL, { 1, 1 }, true };
}

/* ---- arithmetic ---- */

static int add(fd_row_value *out, const fd_row_context *c, const fd_row_value *a,
               const fd_row_value *b, int sign)
{
    fd_row_node *n, *left, *right;
    int err;

    if (a->is_estimate || b->is_estimate) {
        n = fd_row__node(c, FD_ROW_REAL_ADD, real_of(c, a), real_of(c, b));
        n->real = sign;
        *out = estimate(n);
        return 0;
    }
    left = a->num;
    right = b->num;
    if (a->den || b->den) {
        left = product(c, left, b->den);
        right = product(c, right, a->den);
    }
    n = fd_row__node(c, FD_ROW_ADD, left, right);
    *out = (fd_row_value){ n, product(c, a->den, b->den), { 1, 1 }, false };
    if ((err = fd_row__common_factor(a->factor, b->factor, &n->ka, &n->kb, &out->factor)) < 0)
        return err;
    n->kb *= sign;
    return 0;
}

/* v × a whole constant, folded into the factor. */
static int times_constant(fd_row_value *out, const fd_row_context *c, const fd_row_value *v,
                          fd_i128 constant_value, fd_quot factor, bool divide)
{
    fd_quot k;
    bool negative = constant_value < 0;
    int err;

    *out = *v;
    if (constant_value == 0) {
        /* times zero: keep the states of the other operand */
        fd_row_node *n = fd_row__node(c, FD_ROW_ADD, v->num, NULL);

        n->ka = 0;
        out->num = n;
        return 0;
    }
    if ((err = fd_quot_make(&k, negative ? -constant_value : constant_value, 1)) < 0 ||
        (err = fd_quot_mul(&k, k, factor)) < 0 ||
        (err = divide ? fd_quot_div(&out->factor, v->factor, k)
                      : fd_quot_mul(&out->factor, v->factor, k)) < 0)
        return err;
    if (negative) {
        fd_row_node *n = fd_row__node(c, FD_ROW_ADD, v->num, NULL);

        n->ka = -1;
        out->num = n;
    }
    return 0;
}

static int multiply(fd_row_value *out, const fd_row_context *c, const fd_row_value *a,
                    const fd_row_value *b)
{
    if (a->is_estimate || b->is_estimate) {
        *out = estimate(fd_row__node(c, FD_ROW_REAL_MUL, real_of(c, a), real_of(c, b)));
        return 0;
    }
    if (is_constant(b))
        return times_constant(out, c, a, b->num->constant, b->factor, false);
    if (is_constant(a))
        return times_constant(out, c, b, a->num->constant, a->factor, false);
    *out =
        (fd_row_value){ product(c, a->num, b->num), product(c, a->den, b->den), { 1, 1 }, false };
    return fd_quot_mul(&out->factor, a->factor, b->factor);
}

static int divide(fd_row_value *out, const fd_row_context *c, const fd_row_value *a,
                  const fd_row_value *b)
{
    fd_row_node *num;

    if (a->is_estimate || b->is_estimate) {
        *out = estimate(fd_row__node(c, FD_ROW_REAL_DIV, real_of(c, a), real_of(c, b)));
        return 0;
    }
    if (is_constant(b)) {
        if (b->num->constant != 0)
            return times_constant(out, c, a, b->num->constant, b->factor, true);
        *out = (fd_row_value){ constant(c, 0, FD_NA), NULL, { 1, 1 }, false };
        return 0;
    }
    /* a/b ÷ c/d = ad / bc, but still 不适用 where d is 0. */
    num = b->den ? fd_row__node(c, FD_ROW_GUARD, product(c, a->num, b->den), b->den) : a->num;
    *out = (fd_row_value){ num, product(c, a->den, b->num), { 1, 1 }, false };
    return fd_quot_div(&out->factor, a->factor, b->factor);
}

/* ---- leaves ---- */

static int from_column(fd_row_value *out, const fd_row_context *c, const fd_eval_column *column,
                       const fd_unit *unit)
{
    fd_row_node *n = fd_row__node(c, FD_ROW_COLUMN, NULL, NULL);
    fd_quot scale = { 1, fd_pow10(column->column->scale) };

    n->column = column;
    *out = (fd_row_value){ n, NULL, scale, false };
    return unit ? fd_quot_mul(&out->factor, scale, unit->factor) : 0;
}

/* The one city's figure, the same for every subject; 不适用 when there is not exactly one city. */
static int from_city(fd_row_value *out, const fd_row_context *c, const fd_item *item,
                     const char *id)
{
    const fd_eval_column *column;
    fd_quot scale;
    int err;

    if ((err = fd_eval__column(c->eval, item->kind, id, c->period, c->basis, &column)) < 0)
        return err;
    if (!column->any && c->basis == FD_CURRENT &&
        (err = fd_eval__column(c->eval, item->kind, id, c->period, FD_VERIFIED, &column)) < 0)
        return err;
    if (column->frame->n != 1) {
        *out = (fd_row_value){ constant(c, 0, FD_NA), NULL, { 1, 1 }, false };
        return 0;
    }
    scale = (fd_quot){ 1, fd_pow10(column->column->scale) };
    *out =
        (fd_row_value){ constant(c, column->column->v.dec[0], fd_column_state(column->column, 0)),
                        NULL, scale, false };
    return item->unit ? fd_quot_mul(&out->factor, scale, item->unit->factor) : 0;
}

static int from_item(fd_row_value *out, const fd_row_context *c, const fd_expr *e)
{
    const fd_item *item = e->target;
    const char *id = fd_eval__item_id(c->arena, e);
    const fd_eval_column *column;
    int err;

    if (item->nature == FD_ATTRIBUTE)
        return fd_error_set(FD_EINVAL, "「%s」是属性,不是数", "%s is an attribute, not a number",
                            item->name);
    if (strcmp(item->kind, c->kind) == 0)
        err = fd_eval__column(c->eval, item->kind, id, c->period, c->basis, &column);
    else if (strcmp(item->kind, "city") == 0)
        return from_city(out, c, item, id);
    else if (strcmp(item->kind, "county") == 0 || strcmp(item->kind, "division") == 0)
        err = fd_eval__gathered(c->eval, c->kind, item->kind, id, c->period, c->basis, &column);
    else
        return fd_error_set(FD_EINVAL, "「%s」属于 %s,不能在 %s 上逐个计算",
                            "%s belongs to %s and cannot be read per %s", item->name, item->kind,
                            c->kind);
    return err < 0 ? err : from_column(out, c, column, item->unit);
}

static int from_decimal(fd_row_value *out, const fd_row_context *c, fd_decimal d,
                        const fd_unit *unit)
{
    fd_quot scale = { 1, fd_pow10(d.scale) };

    *out = (fd_row_value){ constant(c, d.mantissa, FD_HAS), NULL, scale, false };
    return unit ? fd_quot_mul(&out->factor, scale, unit->factor) : 0;
}

static int from_param(fd_row_value *out, const fd_row_context *c, const fd_param *param)
{
    fd_date at = fd_period_end(c->period);

    for (size_t i = param->count; i > 0; i--)
        if (param->from[i - 1] <= at)
            return from_decimal(out, c, param->values[i - 1], param->unit);
    *out = (fd_row_value){ constant(c, 0, FD_MISSING), NULL, { 1, 1 }, false };
    return 0;
}

static int from_name(fd_row_value *out, const fd_row_context *c, const fd_expr *e)
{
    int err;

    switch (e->symbol) {
    case FD_SYM_ITEM:
        return from_item(out, c, e);
    case FD_SYM_PARAM:
        return from_param(out, c, e->target);
    case FD_SYM_INDICATOR: {
        const fd_indicator *i = e->target;

        if (!i->formula)
            return fd_error_set(FD_EINVAL, "指标「%s」没有逐户的公式",
                                "indicator %s has no formula per subject", i->name);
        if (c->eval->depth >= MOST_NESTED_INDICATORS)
            return fd_error_set(FD_ELIMIT, "指标套指标太深", "indicators are nested too deeply");
        c->eval->depth++;
        err = fd_row__compile_indicator(out, c, i);
        c->eval->depth--;
        return err;
    }
    default:
        return fd_error_set(FD_EINVAL, "「%s」不是数", "%s is no number", e->text);
    }
}

static int from_at(fd_row_value *out, const fd_row_context *c, const fd_expr *e)
{
    fd_row_context shifted = *c;

    switch (e->at) {
    case FD_AT_YEAR_BEFORE:
        shifted.period = fd_period_years_before(c->period, 1);
        break;
    case FD_AT_YEAR_BEFORE_STORED:
        shifted.period = fd_period_years_before(c->period, 1);
        shifted.basis = FD_CURRENT;
        break;
    case FD_AT_COMPARATIVE:
        shifted.basis = FD_COMPARATIVE;
        break;
    case FD_AT_STEP:
        shifted.period = fd_period_step(c->period, e->step);
        break;
    case FD_AT_PERIOD:
        shifted.period = e->period;
        break;
    case FD_AT_VERIFIED:
        shifted.basis = FD_VERIFIED;
        break;
    case FD_AT_NONE:
        break;
    }
    return fd_row__compile(out, &shifted, e->children[0]);
}

/* ---- functions ---- */

int fd_row__deflate(fd_row_value *value, const fd_row_context *c, const fd_item *index)
{
    const fd_eval_column *column;
    fd_row_value p;
    fd_row_node *n;
    int err;

    if ((err = fd_eval__gathered(c->eval, c->kind, index->kind, index->id, c->period, FD_CURRENT,
                                 &column)) < 0 ||
        (err = from_column(&p, c, column, NULL)) < 0)
        return err;
    n = fd_row__node(c, FD_ROW_REAL_DIV, real_of(c, value), real_of(c, &p));
    n->b->real /= 100; /* the year before is 100 */
    *value = estimate(n);
    return 0;
}

/* The sum of a flow over the n closed years before the period. */
static int last_years(fd_row_value *out, const fd_row_context *c, const fd_expr *e)
{
    int64_t n = e->child_count > 1 ? e->children[1]->number.mantissa : 0;
    fd_row_context shifted = *c;
    fd_row_value year;
    int err;

    if (n < 1 || n > 50)
        return fd_error_set(FD_EINVAL, "近N年 的年数应为 1 到 50", "last N years: N is 1 to 50");
    for (int64_t k = 1; k <= n; k++) {
        shifted.period = fd_period_year(fd_period_year_of(c->period) - (int)k);
        shifted.basis = FD_CURRENT;
        if ((err = fd_row__compile(k == 1 ? out : &year, &shifted, e->children[0])) < 0)
            return err;
        if (k > 1) {
            fd_row_value sum;

            if ((err = add(&sum, c, out, &year, 1)) < 0)
                return err;
            *out = sum;
        }
    }
    return 0;
}

static int rounded(fd_row_value *out, const fd_row_context *c, const fd_expr *e)
{
    const fd_unit *unit = e->type.unit;
    fd_quot quantum = { 1, 1 }, ratio;
    fd_row_value v;
    fd_row_node *n;
    int err, digits = e->child_count > 1 ? (int)e->children[1]->number.mantissa : 0;

    if (digits < 0 || digits > 12)
        return fd_error_set(FD_EINVAL, "位数应为 0 到 12", "digits: 0 to 12");
    if ((err = fd_row__compile(&v, c, e->children[0])) < 0 ||
        (err = fd_quot_make(&quantum, unit ? unit->factor.num : 1, unit ? unit->factor.den : 1)) <
            0 ||
        (err = fd_quot_div(&quantum, quantum, fd_quot_from_int(fd_pow10(digits)))) < 0)
        return err;
    if (v.is_estimate) {
        n = fd_row__node(c, FD_ROW_REAL_ROUND, v.num, NULL);
        n->real = fd_quot_to_double(quantum);
    } else {
        if ((err = fd_quot_div(&ratio, v.factor, quantum)) < 0)
            return err;
        if (ratio.num > INT64_MAX || ratio.den > INT64_MAX)
            return too_wide();
        n = fd_row__node(c, FD_ROW_ROUND, v.num, v.den);
        n->ka = (int64_t)ratio.num;
        n->kb = (int64_t)ratio.den;
    }
    n->rounding = e->rounding;
    *out = (fd_row_value){ n, NULL, quantum, false };
    return 0;
}

/* Bring two values to one shape (both estimates, or one factor and both with or without divisor).
 */
static int align(const fd_row_context *c, fd_row_value *a, fd_row_value *b)
{
    int64_t ka, kb;
    fd_quot f;
    int err;

    if (a->is_estimate || b->is_estimate) {
        *a = estimate(real_of(c, a));
        *b = estimate(real_of(c, b));
        return 0;
    }
    if ((err = fd_row__common_factor(a->factor, b->factor, &ka, &kb, &f)) < 0)
        return err;
    if (a->den || b->den) {
        a->num = guarded(c, a);
        b->num = guarded(c, b);
        a->den = a->den ? a->den : constant(c, 1, FD_HAS);
        b->den = b->den ? b->den : constant(c, 1, FD_HAS);
    }
    if (ka != 1) {
        a->num = fd_row__node(c, FD_ROW_ADD, a->num, NULL);
        a->num->ka = ka;
    }
    if (kb != 1) {
        b->num = fd_row__node(c, FD_ROW_ADD, b->num, NULL);
        b->num->ka = kb;
    }
    a->factor = b->factor = f;
    return 0;
}

static int extreme(fd_row_value *out, const fd_row_context *c, const fd_expr *e)
{
    bool most = e->function == FD_FN_MAX;
    int err;

    if ((err = fd_row__compile(out, c, e->children[0])) < 0)
        return err;
    for (size_t i = 1; i < e->child_count; i++) {
        fd_row_value v;

        if ((err = fd_row__compile(&v, c, e->children[i])) < 0 || (err = align(c, out, &v)) < 0)
            return err;
        if (out->den)
            return fd_error_set(FD_EINVAL, "最大、最小 里的商要先写明取舍:四舍五入(…,n 位)",
                                "round quotients inside max and min: round(…, n)");
        out->num = fd_row__node(c,
                                out->is_estimate ? (most ? FD_ROW_REAL_MAX : FD_ROW_REAL_MIN)
                                                 : (most ? FD_ROW_MAX : FD_ROW_MIN),
                                out->num, v.num);
    }
    return 0;
}

static int absolute(fd_row_value *out, const fd_row_context *c, const fd_expr *e)
{
    int err = fd_row__compile(out, c, e->children[0]);

    if (err < 0)
        return err;
    out->num = fd_row__node(c, out->is_estimate ? FD_ROW_REAL_ABS : FD_ROW_ABS, out->num, NULL);
    if (out->den)
        out->den = fd_row__node(c, FD_ROW_ABS, out->den, NULL);
    return 0;
}

static int call(fd_row_value *out, const fd_row_context *c, const fd_expr *e)
{
    int err;

    switch (e->function) {
    case FD_FN_LAST_YEARS:
        return last_years(out, c, e);
    case FD_FN_ROUND:
        return rounded(out, c, e);
    case FD_FN_ABS:
        return absolute(out, c, e);
    case FD_FN_SQRT:
        if ((err = fd_row__compile(out, c, e->children[0])) < 0)
            return err;
        *out = estimate(fd_row__node(c, FD_ROW_REAL_SQRT, real_of(c, out), NULL));
        return 0;
    case FD_FN_MAX:
    case FD_FN_MIN:
        if (e->child_count > 1)
            return extreme(out, c, e);
        break;
    default:
        break;
    }
    return fd_error_set(FD_EINVAL, "逐户的算式里不能再合计",
                        "no aggregate inside a row expression");
}

int fd_row__compile_indicator(fd_row_value *out, const fd_row_context *c, const fd_indicator *i)
{
    int err = fd_row__compile(out, c, i->formula);

    /* 缺数 营业收入 = 0 → 不适用: the first rule that holds decides; an unknown one leaves the
     * value. */
    for (size_t k = i->rule_count; k > 0 && err >= 0; k--) {
        const fd_state_rule *rule = &i->rules[k - 1];
        fd_row_node *when, *n;

        if (!rule->when->type.is_vector)
            continue;
        if ((err = fd_row__compile_truth(&when, c, rule->when)) < 0)
            break;
        n = fd_row__node(c, FD_ROW_SELECT, when, constant(c, 0, rule->state));
        if (out->is_estimate) {
            n->b = fd_row__node(c, FD_ROW_REAL, n->b, NULL);
            n->b->real = 1;
        }
        n->ka = 0; /* unknown: the second value */
        n->c = guarded(c, out);
        out->num = n;
    }
    return err < 0 ? err : 0;
}

/* 条件 → 值;…;其余 值: from the last to the first. Without 其余 the rest is 不适用. */
static int cases(fd_row_value *out, const fd_row_context *c, const fd_expr *e)
{
    size_t pairs = e->child_count / 2;
    int err;

    if (e->child_count % 2)
        err = fd_row__compile(out, c, e->children[e->child_count - 1]);
    else {
        *out = (fd_row_value){ constant(c, 0, FD_NA), NULL, { 1, 1 }, false };
        err = 0;
    }
    for (size_t i = pairs; i > 0 && err >= 0; i--) {
        fd_row_value v;
        fd_row_node *when, *n;

        if ((err = fd_row__compile_truth(&when, c, e->children[2 * i - 2])) < 0 ||
            (err = fd_row__compile(&v, c, e->children[2 * i - 1])) < 0 ||
            (err = align(c, &v, out)) < 0)
            break;
        if (fd_row__is_partial(when))
            return fd_error_set(FD_EINVAL, "部分归属的条件不能用来选值",
                                "a condition met in part cannot choose a value");
        n = fd_row__node(c, FD_ROW_SELECT, when, v.num);
        n->c = out->num;
        if (v.den) {
            fd_row_node *d = fd_row__node(c, FD_ROW_SELECT, when, v.den);

            d->c = out->den;
            v.den = d;
        }
        v.num = n;
        *out = v;
    }
    return err < 0 ? err : 0;
}

int fd_row__compile(fd_row_value *out, const fd_row_context *c, const fd_expr *e)
{
    fd_row_value a, b;
    int err;

    switch (e->kind) {
    case FD_EXPR_NUMBER: {
        const fd_unit *unit = e->type.unit;

        return from_decimal(out, c, e->number, unit);
    }
    case FD_EXPR_NAME:
        return from_name(out, c, e);
    case FD_EXPR_AT:
        return from_at(out, c, e);
    case FD_EXPR_NEGATE:
        if ((err = fd_row__compile(&a, c, e->children[0])) < 0)
            return err;
        if (a.is_estimate) {
            *out = estimate(fd_row__node(c, FD_ROW_REAL_NEG, a.num, NULL));
            return 0;
        }
        return times_constant(out, c, &a, -1, (fd_quot){ 1, 1 }, false);
    case FD_EXPR_ADD:
    case FD_EXPR_SUB:
    case FD_EXPR_MUL:
    case FD_EXPR_DIV:
        if ((err = fd_row__compile(&a, c, e->children[0])) < 0 ||
            (err = fd_row__compile(&b, c, e->children[1])) < 0)
            return err;
        return e->kind == FD_EXPR_MUL   ? multiply(out, c, &a, &b)
               : e->kind == FD_EXPR_DIV ? divide(out, c, &a, &b)
                                        : add(out, c, &a, &b, e->kind == FD_EXPR_SUB ? -1 : 1);
    case FD_EXPR_CALL:
        return call(out, c, e);
    case FD_EXPR_CASE:
        return cases(out, c, e);
    default:
        return fd_error_set(FD_EINVAL, "这里应为数", "a number is expected here");
    }
}
