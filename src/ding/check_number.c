/*
 * Checking numbers and arithmetic: units, literals, widths, sums, products, growth rates.
 */
#include <string.h>

#include "ding/check_expr.h"

static int bits_of(int64_t value)
{
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    int bits = 0;

    for (; magnitude; magnitude >>= 1)
        bits++;
    return bits ? bits : 1;
}

static int bits_of_wide(fd_i128 value)
{
    int bits = 0;

    for (fd_u128 m = value < 0 ? 0 - (fd_u128)value : (fd_u128)value; m; m >>= 1)
        bits++;
    return bits;
}

/* 10^n needs this many bits. */
int fd_check__bits_of_scale(int digits)
{
    return digits > 0 ? (digits * 10 + 2) / 3 : 0;
}

bool fd_check__is_literal(const fd_expr *e)
{
    return e->kind == FD_EXPR_NUMBER ||
           (e->kind == FD_EXPR_NEGATE && e->children[0]->kind == FD_EXPR_NUMBER);
}

bool fd_check__is_zero(const fd_expr *e)
{
    return e->kind == FD_EXPR_NUMBER && e->number.mantissa == 0 && !e->unit_text;
}

/* A number without a unit, written as such. */
bool fd_check__is_bare(const fd_expr *e)
{
    const fd_expr *n = e->kind == FD_EXPR_NEGATE ? e->children[0] : e;

    return n->kind == FD_EXPR_NUMBER && !n->unit_text;
}

bool fd_check__number(fd_check *c, fd_expr *e)
{
    fd_error *f;

    e->type.scale = e->number.scale;
    e->type.unit = c->program->one;
    e->type.bits = bits_of(e->number.mantissa);
    if (!e->unit_text)
        return true;
    e->type.unit = fd_unit__named(c->program, c->arena, e->unit_text);
    if (e->type.unit) {
        if (fd_unit__is_plain(e->type.unit))
            e->type.rate = e->type.unit->is_points ? FD_RATE_POINTS : FD_RATE_LEVEL;
        return true;
    }
    f = fd_program__find(c->diags, FD_FAULT, "unit", c->decl, &e->span, "不认识的单位:%.80s",
                         "unknown unit: %.80s", e->unit_text);
    f->code = FD_EUNIT;
    if (strstr(e->unit_text, "且") || strstr(e->unit_text, "或"))
        fd_error_set_hint(f, "且、或 两边要留空格", "blanks stand around 且 and 或");
    if (strcmp(e->unit_text, "万") == 0 || strcmp(e->unit_text, "亿") == 0)
        fd_error_set_hint(f, "单位写全:%s元、%s户 等", "write the whole unit, such as %s元 or %s户",
                          e->unit_text, e->unit_text);
    else if (strncmp(e->unit_text, "年", strlen("年")) == 0 && strstr(e->unit_text, "月"))
        fd_error_set_hint(f, "日期写成 2020-01-01 的样子", "a date is written 2020-01-01");
    else
        fd_program__suggest(c->program, c->diags, f, 1u << FD_DECL_UNIT, e->unit_text);
    return false;
}

/* The child's value is wanted in `to`; widths grow by the factor. */
bool fd_check__convert(fd_check *c, fd_expr *child, const fd_unit *to)
{
    if (fd_quot_div(&child->convert, child->type.unit->factor, to->factor) < 0) {
        fd_error_clear();
        child->convert = (fd_quot){ 1, 1 };
        fd_check__complain(c, child, "width", "单位换算超出精确范围",
                           "the conversion exceeds exact range");
        return false;
    }
    return true;
}

int fd_check__numerator(const fd_expr *e)
{
    return e->type.bits + (e->convert.num == 1 ? 0 : bits_of_wide(e->convert.num));
}

static int plain_denominator(const fd_expr *e)
{
    return e->type.den_bits + (e->convert.den == 1 ? 0 : bits_of_wide(e->convert.den));
}

/* A decimal counts as a fraction over its power of ten only when something is not a decimal. */
int fd_check__denominator(const fd_expr *e)
{
    return plain_denominator(e) + fd_check__bits_of_scale(e->type.scale);
}

bool fd_check__width(fd_check *c, fd_expr *e)
{
    fd_error *f;

    if (e->type.is_estimate) {
        e->type.bits = e->type.den_bits = 0;
        return true;
    }
    if (e->type.bits <= FD_BITS_MOST && e->type.den_bits <= FD_BITS_MOST)
        return true;
    f = fd_check__complain(c, e, "width", "结果可能超过 126 位,不能保证精确",
                           "the result may need more than 126 bits");
    fd_error_set_hint(f, "先取舍再算:四舍五入(…,4 位)",
                      "round before going on: round(…, 4 digits)");
    return false;
}

const char *fd_check__unit_name(const fd_unit *u)
{
    return u->name[0] ? u->name : "无单位";
}

const char *fd_check__unit_name_en(const fd_unit *u)
{
    return u->name[0] ? u->name : "no unit";
}

/* Make both sides of + − and of comparisons comparable: b (or a literal a) is converted. */
bool fd_check__same_units(fd_check *c, fd_expr *e, fd_expr *a, fd_expr *b)
{
    const fd_unit *ua = a->type.unit, *ub = b->type.unit;
    fd_error *f;

    if (fd_check__is_zero(a) || fd_check__is_zero(b))
        return true;
    if (fd_unit__same_dims(ua, ub) ||
        fd_unit__fits_count(c->program, ua, a->type.count_power, ub) ||
        fd_unit__fits_count(c->program, ub, b->type.count_power, ua))
        return fd_check__is_literal(a) && !fd_check__is_literal(b) ? fd_check__convert(c, a, ub)
                                                                   : fd_check__convert(c, b, ua);
    f = fd_program__find(c->diags, FD_FAULT, "unit", c->decl, &e->span, "单位不同:%s%.0s 和 %s%.0s",
                         "units differ: %.0s%s and %.0s%s", fd_check__unit_name(ua),
                         fd_check__unit_name_en(ua), fd_check__unit_name(ub),
                         fd_check__unit_name_en(ub));
    f->code = FD_EUNIT;
    if (fd_check__is_bare(a) != fd_check__is_bare(b))
        fd_error_set_hint(f, "数字后面写上单位:5 %s", "write a unit behind the number: 5 %s",
                          fd_check__is_bare(a) ? ub->name : ua->name);
    return false;
}

bool fd_check__both_numbers(fd_check *c, const fd_expr *e)
{
    for (size_t i = 0; i < e->child_count; i++)
        if (e->children[i]->type.is_text || e->children[i]->type.is_truth ||
            e->children[i]->type.is_date) {
            fd_check__complain(c, e->children[i], "type", "这里应为数",
                               "a number is expected here");
            return false;
        }
    return true;
}

void fd_check__merge(fd_type *out, const fd_type *a, const fd_type *b)
{
    out->is_vector = a->is_vector || b->is_vector;
    out->frame = a->is_vector || !b->frame ? (a->frame ? a->frame : b->frame) : b->frame;
    out->is_estimate = a->is_estimate || b->is_estimate;
    out->is_quotient = a->is_quotient || b->is_quotient;
    out->may_be_na = a->may_be_na || b->may_be_na;
    out->is_stock = a->is_stock || b->is_stock;
    out->scale = a->scale > b->scale ? a->scale : b->scale;
}

/* Levels and differences of rates: 百分点 comes from subtracting two %, and from nothing else. */
static bool add_rates(fd_check *c, fd_expr *e, const fd_expr *a, const fd_expr *b)
{
    fd_rate_kind ra = a->type.rate, rb = b->type.rate;
    bool minus = e->kind == FD_EXPR_SUB;
    fd_error *f;

    e->type.rate = ra > rb ? ra : rb;
    if (ra == FD_RATE_LEVEL && rb == FD_RATE_LEVEL) {
        bool whole = b->kind == FD_EXPR_NUMBER && b->number.scale == 0 && b->number.mantissa == 100;

        if (minus && !fd_check__is_literal(a) && fd_check__is_literal(b) && !whole) {
            f = fd_check__complain(c, e, "points", "从百分数里减去的应是百分点",
                                   "what is taken from a percentage is in points");
            fd_error_set_hint(f, "写 %s 百分点", "write %s 百分点",
                              b->kind == FD_EXPR_NUMBER ? b->text : "2");
            return false;
        }
        e->type.rate = minus && !fd_check__is_literal(a) && !fd_check__is_literal(b)
                           ? FD_RATE_POINTS
                           : FD_RATE_LEVEL;
    } else if (ra == FD_RATE_POINTS && rb == FD_RATE_LEVEL) {
        if (minus) {
            fd_check__complain(c, e, "points", "百分点不能减百分数",
                               "a percentage cannot be taken from points");
            return false;
        }
        e->type.rate = FD_RATE_LEVEL;
    } else if (ra == FD_RATE_LEVEL && rb == FD_RATE_POINTS) {
        e->type.rate = FD_RATE_LEVEL;
    }
    if (e->type.rate == FD_RATE_POINTS && e->type.unit == c->program->percent && c->program->points)
        e->type.unit = c->program->points;
    else if (e->type.rate == FD_RATE_LEVEL && e->type.unit == c->program->points &&
             c->program->percent)
        e->type.unit = c->program->percent;
    return true;
}

static bool check_sum(fd_check *c, fd_expr *e)
{
    fd_expr *a = e->children[0], *b = e->children[1];
    const fd_unit *unit;

    if (!fd_check__same_units(c, e, a, b))
        return false;
    unit = fd_check__is_zero(a) || (fd_check__is_literal(a) && !fd_check__is_literal(b))
               ? b->type.unit
               : a->type.unit;
    fd_check__merge(&e->type, &a->type, &b->type);
    e->type.unit = unit;
    e->type.count_power =
        a->type.count_power == b->type.count_power ? a->type.count_power : (int8_t)0;
    if (!fd_unit__is_plain(unit) && a->type.is_stock != b->type.is_stock &&
        !fd_check__is_literal(a) && !fd_check__is_literal(b) && a->type.frame && b->type.frame &&
        !a->type.is_quotient && !b->type.is_quotient)
        fd_program__find(c->diags, FD_WARNING, "stock", c->decl, &e->span, "存量和流量相加减",
                         "a stock and a flow are added or subtracted");
    if (fd_unit__is_plain(unit) && !add_rates(c, e, a, b))
        return false;
    if (e->type.is_quotient || a->convert.den != 1 || b->convert.den != 1) {
        e->type.den_bits = fd_check__denominator(a) + fd_check__denominator(b);
        e->type.bits = fd_check__larger(fd_check__numerator(a) + fd_check__denominator(b),
                                        fd_check__numerator(b) + fd_check__denominator(a)) +
                       1;
        e->type.is_quotient = true;
        e->type.scale = 0;
    } else {
        int scale = e->type.scale;

        e->type.bits = fd_check__larger(fd_check__numerator(a) +
                                            fd_check__bits_of_scale(scale - a->type.scale),
                                        fd_check__numerator(b) +
                                            fd_check__bits_of_scale(scale - b->type.scale)) +
                       1;
    }
    return true;
}

static bool check_product(fd_check *c, fd_expr *e)
{
    fd_expr *a = e->children[0], *b = e->children[1];
    bool divide = e->kind == FD_EXPR_DIV;

    fd_check__merge(&e->type, &a->type, &b->type);
    e->type.unit = fd_unit__product(c->program, c->arena, a->type.unit, b->type.unit, divide);
    if (!e->type.unit) {
        fd_check__complain(c, e, "unit", "单位的换算数超出范围",
                           "the unit's factor exceeds its range");
        return false;
    }
    if (divide && fd_check__is_zero(b)) {
        fd_check__complain(c, e, "zero", "除数是 0", "division by zero");
        return false;
    }
    e->type.count_power = (int8_t)(divide ? a->type.count_power - b->type.count_power
                                          : a->type.count_power + b->type.count_power);
    e->type.is_stock = divide ? a->type.is_stock && fd_check__is_literal(b) : e->type.is_stock;
    if (fd_unit__is_plain(e->type.unit)) {
        bool points = a->type.rate == FD_RATE_POINTS || b->type.rate == FD_RATE_POINTS;

        e->type.rate = points                                   ? FD_RATE_POINTS
                       : divide || a->type.rate || b->type.rate ? FD_RATE_LEVEL
                                                                : FD_RATE_NONE;
    }
    if (divide) {
        /* powers of ten above and below the line cancel */
        int digits = a->type.scale - b->type.scale;

        e->type.bits =
            fd_check__numerator(a) + plain_denominator(b) + fd_check__bits_of_scale(-digits);
        e->type.den_bits =
            plain_denominator(a) + fd_check__numerator(b) + fd_check__bits_of_scale(digits);
        e->type.is_quotient = true;
        e->type.scale = 0;
        e->type.may_be_na = true; /* division by zero is 不适用 */
    } else if (e->type.is_quotient) {
        e->type.bits = fd_check__numerator(a) + fd_check__numerator(b);
        e->type.den_bits = fd_check__denominator(a) + fd_check__denominator(b);
        e->type.scale = 0;
    } else {
        e->type.bits = fd_check__numerator(a) + fd_check__numerator(b);
        e->type.scale = (int8_t)(a->type.scale + b->type.scale);
        if (e->type.scale > 18) {
            e->type.is_quotient = true;
            e->type.den_bits = fd_check__bits_of_scale(e->type.scale);
            e->type.scale = 0;
        }
    }
    return true;
}

bool fd_check__arithmetic(fd_check *c, fd_expr *e)
{
    if (e->child_count == 2 && (e->children[0]->type.is_date || e->children[1]->type.is_date))
        return fd_check__date_sum(c, e);
    if (!fd_check__both_numbers(c, e))
        return false;
    if (e->kind == FD_EXPR_NEGATE) {
        e->type = e->children[0]->type;
        return true;
    }
    if (!(e->kind == FD_EXPR_ADD || e->kind == FD_EXPR_SUB ? check_sum(c, e) : check_product(c, e)))
        return false;
    return fd_check__width(c, e);
}
