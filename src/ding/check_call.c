/*
 * Checking calls: which level an argument is wanted on, and what the result is.
 */
#include <assert.h>
#include <string.h>

#include "ding/check_expr.h"

const char *fd_expr__frame(const fd_program *p, const fd_expr *e)
{
    const char *found = NULL;
    const void *target;

    if (!e)
        return NULL;
    if (e->kind == FD_EXPR_NAME) {
        fd_symbol_kind symbol = fd_check__look_up(p, e->text, &target);

        if (symbol == FD_SYM_ITEM)
            return ((const fd_item *)target)->kind;
        if (symbol == FD_SYM_INDICATOR)
            return ((const fd_indicator *)target)->kind;
        if (symbol == FD_SYM_CLASS) {
            const fd_item *attribute = fd_program_item(p, ((const fd_class *)target)->attribute);

            return attribute ? attribute->kind : "enterprise";
        }
        return NULL;
    }
    for (size_t i = 0; i <= e->child_count; i++) {
        const char *kind = fd_expr__frame(p, i < e->child_count ? e->children[i] : e->where);

        if (kind && (!found || strcmp(kind, "enterprise") == 0 ||
                     (strcmp(kind, "project") == 0 && strcmp(found, "enterprise") != 0)))
            found = kind;
    }
    return found;
}

static bool is_aggregate(const fd_expr *e)
{
    switch (e->function) {
    case FD_FN_SUM:
    case FD_FN_MEAN:
    case FD_FN_COUNT:
    case FD_FN_SHARE:
    case FD_FN_CONTRIBUTION:
    case FD_FN_PULL:
    case FD_FN_COVERAGE:
    case FD_FN_DISTINCT:
    case FD_FN_GROWTH:
    case FD_FN_MEAN_GROWTH:
        return true;
    case FD_FN_MAX:
    case FD_FN_MIN:
        return e->child_count == 1;
    default:
        return false;
    }
}

/* Does the argument of a growth already stand for a group: a sum, an item of the city, an indicator
 * with its own total? */
static bool is_grouped(const fd_program *p, const fd_expr *e)
{
    const void *target;

    if (e->kind == FD_EXPR_CALL && is_aggregate(e))
        return true;
    if (e->kind == FD_EXPR_NAME) {
        fd_symbol_kind symbol = fd_check__look_up(p, e->text, &target);

        if (symbol == FD_SYM_INDICATOR)
            return ((const fd_indicator *)target)->total != NULL;
        return symbol == FD_SYM_ITEM && strcmp(((const fd_item *)target)->kind, "city") == 0;
    }
    for (size_t i = 0; i < e->child_count; i++)
        if (is_grouped(p, e->children[i]))
            return true;
    return false;
}

/* 增速 and 年均增长 take a figure of the group, or a figure per subject which they add up
 * themselves. */
static bool takes_group(const fd_program *p, const fd_expr *e)
{
    const char *frame;

    if ((e->function != FD_FN_GROWTH && e->function != FD_FN_MEAN_GROWTH) || e->where ||
        e->deflator || !e->child_count)
        return false;
    frame = fd_expr__frame(p, e->children[0]);
    return (frame && strcmp(frame, "city") == 0) || is_grouped(p, e->children[0]);
}

static bool check_deflator(fd_check *c, fd_expr *e)
{
    const fd_item *item;

    if (!e->deflator)
        return true;
    item = fd_program_item(c->program, e->deflator);
    if (item && strcmp(item->kind, "division") == 0 && item->nature == FD_RATIO) {
        e->deflator = item->id;
        return true;
    }
    fd_program__suggest(c->program, c->diags,
                        fd_program__find(c->diags, FD_FAULT, "deflator", c->decl, &e->span,
                                         "价格指数应为行业大类的比率数据项:%.80s",
                                         "a price index is a ratio of divisions: %.80s",
                                         e->deflator),
                        1u << FD_DECL_ITEM, e->deflator);
    return false;
}

static bool check_aggregate_type(fd_check *c, fd_expr *e)
{
    fd_type *t = &e->type;
    const fd_expr *x = e->child_count ? e->children[0] : NULL;
    fd_error *f;

    switch (e->function) {
    case FD_FN_COUNT:
        t->bits = FD_BITS_MEMBERS;
        t->count_power = 1;
        if (x && !x->type.is_truth) {
            fd_check__complain(c, x, "type", "计数 要一个条件", "count takes a condition");
            return false;
        }
        return true;
    case FD_FN_DISTINCT:
        t->bits = FD_BITS_MEMBERS;
        t->count_power = 1;
        if (x->type.is_text)
            return true;
        fd_check__complain(c, x, "type", "种数 要一个属性", "distinct takes an attribute");
        return false;
    case FD_FN_COVERAGE:
        t->bits = t->den_bits = FD_BITS_MEMBERS;
        t->is_quotient = true;
        t->rate = FD_RATE_LEVEL;
        return true;
    default:
        break;
    }
    if (!fd_check__both_numbers(c, e))
        return false;
    assert(x); /* only a count does without */
    switch (e->function) {
    case FD_FN_MAX:
    case FD_FN_MIN:
        *t = x->type;
        t->is_vector = false;
        return true;
    case FD_FN_SUM:
    case FD_FN_MEAN:
        t->unit = x->type.unit;
        t->scale = x->type.scale;
        t->is_estimate = x->type.is_estimate;
        t->is_stock = x->type.is_stock;
        t->rate = x->type.rate;
        t->count_power = x->type.count_power;
        t->is_quotient = e->function == FD_FN_MEAN;
        t->may_be_na = true;
        if (x->type.is_quotient && !t->is_estimate) {
            f = fd_check__complain(c, e, "width", "各户的商没有共同的分母,不能精确相加",
                                   "quotients of many subjects have no common denominator");
            fd_error_set_hint(f, "写 合计(a) ÷ 合计(b),或先取舍:合计(四舍五入(…,4 位))",
                              "write sum(a) / sum(b), or round each: sum(round(…, 4 digits))");
            return false;
        }
        if (e->function == FD_FN_SUM && x->kind == FD_EXPR_NAME && x->symbol == FD_SYM_ITEM &&
            ((const fd_item *)x->target)->nature == FD_RATIO)
            fd_program__find(c->diags, FD_WARNING, "ratio", c->decl, &e->span, "比率直接相加",
                             "ratios are added up");
        t->bits = fd_check__larger(FD_BITS_SUM, x->type.bits);
        t->den_bits = e->function == FD_FN_MEAN ? FD_BITS_MEMBERS : 0;
        return fd_check__width(c, e);
    case FD_FN_MEAN_GROWTH:
        t->is_estimate = true;
        t->rate = FD_RATE_LEVEL;
        return true;
    case FD_FN_PULL:
        t->rate = FD_RATE_POINTS;
        break;
    default: /* 增速, 占比, 贡献率 */
        t->rate = FD_RATE_LEVEL;
        break;
    }
    if (e->child_count == 2 && !fd_check__same_units(c, e, e->children[0], e->children[1]))
        return false; /* a part of that whole */
    t->is_estimate = e->deflator != NULL || x->type.is_estimate ||
                     e->children[e->child_count - 1]->type.is_estimate;
    t->is_quotient = true;
    t->may_be_na = true;
    t->bits = fd_check__larger(FD_BITS_SUM, x->type.bits + x->type.den_bits) + 2;
    t->den_bits = fd_check__larger(FD_BITS_SUM, x->type.bits + x->type.den_bits) + 2;
    return fd_check__width(c, e);
}

static bool check_aggregate(fd_check *c, fd_expr *e, const char *outer)
{
    const char *frame = fd_expr__frame(c->program, e);
    bool group = takes_group(c->program, e), ok = true;

    if (!frame || (!group && !fd_subject_kind_is_listed(frame) && strcmp(frame, "city") == 0))
        frame = outer && fd_subject_kind_is_listed(outer) ? outer : "enterprise";
    for (size_t i = 0; i < e->child_count; i++)
        ok &= fd_check__expr(c, e->children[i], frame, !group);
    if (e->where)
        ok &= fd_check__expr(c, e->where, frame, true);
    if (!ok)
        return false;
    if (e->where && !e->where->type.is_truth) {
        fd_check__complain(c, e->where, "type", "条件 后面应为条件",
                           "a condition is expected after where");
        return false;
    }
    if (!check_deflator(c, e))
        return false;
    e->type.frame = frame;
    e->type.unit = c->program->one;
    return check_aggregate_type(c, e);
}

/* The unit in which somebody reads a figure: 1 % × 万元 is composed as %·万元 and read in 万元. */
static const fd_unit *read_unit(const fd_expr *e)
{
    const fd_unit *unit = e->type.unit;
    size_t at = e->kind == FD_EXPR_CASE && e->child_count > 1 ? 1 : 0;

    switch (e->kind) {
    case FD_EXPR_MUL:
        if (fd_unit__same_dims(e->children[1]->type.unit, unit))
            return read_unit(e->children[1]);
        return fd_unit__same_dims(e->children[0]->type.unit, unit) ? read_unit(e->children[0])
                                                                   : unit;
    case FD_EXPR_DIV:
        return fd_unit__is_plain(e->children[1]->type.unit) && !fd_unit__is_plain(unit)
                   ? read_unit(e->children[0])
                   : unit;
    case FD_EXPR_CALL:
        if (e->function == FD_FN_ROUND)
            return unit;
        break;
    case FD_EXPR_ADD:
    case FD_EXPR_SUB:
    case FD_EXPR_NEGATE:
    case FD_EXPR_CASE:
        break;
    default:
        return unit;
    }
    return fd_unit__same_dims(e->children[at]->type.unit, unit) ? read_unit(e->children[at]) : unit;
}

static bool check_rounding(fd_check *c, fd_expr *e)
{
    fd_expr *x = e->children[0];
    const fd_unit *unit = read_unit(x);
    int digits = (int)e->children[1]->number.mantissa, bits;

    if (!fd_unit__is_plain(unit) && unit != x->type.unit && !fd_check__convert(c, x, unit))
        return false;

    bits = x->type.is_estimate
               ? FD_BITS_ROUNDED
               : fd_check__numerator(x) + fd_check__bits_of_scale(digits - x->type.scale) + 1;
    e->type = x->type;
    if (!fd_unit__is_plain(unit))
        e->type.unit = unit;
    e->type.bits =
        bits > 63 ? 63 : bits; /* the evaluator refuses a rounded number beyond 64 bits */
    e->type.den_bits = 0;
    e->type.scale = (int8_t)digits;
    e->type.is_quotient = e->type.is_estimate = false;
    return true;
}

static fd_expr *both(fd_check *c, const fd_expr *like, fd_expr_kind kind, fd_expr *a, fd_expr *b)
{
    fd_expr *e = fd_arena_alloc(c->arena, sizeof *e);

    e->kind = kind;
    e->span = like->span;
    e->convert = (fd_quot){ 1, 1 };
    e->children = fd_arena_alloc(c->arena, 2 * sizeof *e->children);
    e->children[0] = a;
    e->children[1] = b;
    e->child_count = 2;
    e->height = 1 + (a->height > b->height ? a->height : b->height);
    fd_check__merge(&e->type, &a->type, &b->type);
    e->type.is_truth = true;
    return e;
}

/* 至少(N 项,c1,…,cn) becomes 且 and 或: j of the first i hold when j of the first i − 1 do, or
 * c_i holds and j − 1 of those before it.  Every condition stands there without 非, so that
 * Kleene's answer is known whenever every completion of the unknown ones gives the same. */
static bool check_at_least(fd_check *c, fd_expr *e, const char *frame, bool vector)
{
    const fd_expr *wanted = e->children[0];
    fd_expr *best[14][14] = { { NULL } };
    size_t n = e->child_count - 1, k;
    bool ok = true;

    if (wanted->kind != FD_EXPR_NUMBER || wanted->number.scale || wanted->number.mantissa < 1 ||
        (wanted->unit_text && strcmp(wanted->unit_text, "项") != 0 &&
         strcmp(wanted->unit_text, "个") != 0 && strcmp(wanted->unit_text, "条") != 0)) {
        fd_error_set_hint(fd_check__complain(c, wanted, "type", "至少 的第一个参数是几项",
                                             "at_least takes how many first"),
                          "例如 至少(2 项,有专利,有机构,有标准)",
                          "for example: at_least(2, patents, body, standards)");
        return false;
    }
    if (wanted->number.mantissa > (int64_t)n) {
        fd_program__find(c->diags, FD_FAULT, "type", c->decl, &e->span,
                         "至少 %lld 项,后面只有 %zu 个条件",
                         "at least %lld wanted of only %zu conditions",
                         (long long)wanted->number.mantissa, n);
        return false;
    }
    k = (size_t)wanted->number.mantissa;
    for (size_t i = 1; i <= n; i++) {
        fd_expr *x = e->children[i];

        if (!fd_check__expr(c, x, frame, vector)) {
            ok = false;
        } else if (!x->type.is_truth) {
            fd_check__complain(c, x, "type", "这里应为条件", "a condition is expected here");
            ok = false;
        }
    }
    for (size_t i = 1; i <= n && ok; i++)
        for (size_t j = 1; j <= k && j <= i; j++) {
            fd_expr *x = e->children[i],
                    *with = j == 1 ? x : both(c, e, FD_EXPR_AND, best[i - 1][j - 1], x);

            best[i][j] = j < i ? both(c, e, FD_EXPR_OR, best[i - 1][j], with) : with;
        }
    if (ok)
        *e = *best[n][k];
    return ok;
}

bool fd_check__call(fd_check *c, fd_expr *e, const char *frame, bool vector)
{
    fd_error *f;
    bool ok = true;

    if (e->function == FD_FN_AT_LEAST)
        return check_at_least(c, e, frame, vector);
    if (is_aggregate(e)) {
        if (!vector)
            return check_aggregate(c, e, frame);
        f = fd_check__complain(c, e, "level", "逐户的算式里不能再汇总",
                               "no aggregate inside a formula per subject");
        fd_error_set_hint(f, "写在 汇总 里;逐户的增速写成 x ÷ x[上年同期] − 1",
                          "write it in total; growth per subject is x / x[comparative] - 1");
        return false;
    }
    for (size_t i = 0; i < e->child_count; i++)
        ok &= fd_check__expr(c, e->children[i], frame, vector);
    if (!ok || !fd_check__both_numbers(c, e))
        return false;
    e->type = e->children[0]->type;
    switch (e->function) {
    case FD_FN_MONTH_MEAN:
    case FD_FN_MONTH_MAX:
        if (!c->policy || e->type.is_stock || e->type.is_quotient) {
            fd_check__complain(c, e, "level", "月均、最大月 只用于政策里的流量",
                               "month_mean and month_max are for flows in policies");
            return false;
        }
        if (e->function == FD_FN_MONTH_MEAN) {
            e->type.is_quotient = true;
            e->type.bits += 4;
            e->type.den_bits = 4 + fd_check__bits_of_scale(e->type.scale);
            e->type.scale = 0;
        }
        return true;
    case FD_FN_ROUND:
        return check_rounding(c, e);
    case FD_FN_LAST_YEARS:
        if (e->children[0]->type.is_stock) {
            f = fd_check__complain(c, e, "stock", "存量不能跨期相加",
                                   "a stock does not add up over time");
            fd_error_set_hint(f, "流量才能写 近N年", "only a flow takes last N years");
            return false;
        }
        if (e->children[0]->type.is_quotient) {
            fd_check__complain(c, e, "width", "各年的商没有共同的分母",
                               "quotients of several years have no common denominator");
            return false;
        }
        e->type.bits += 7;
        return fd_check__width(c, e);
    case FD_FN_MAX:
    case FD_FN_MIN:
        for (size_t i = 1; i < e->child_count; i++) {
            if (!fd_check__same_units(c, e, e->children[0], e->children[i]))
                return false;
            fd_check__merge(&e->type, &e->type, &e->children[i]->type);
            e->type.bits = fd_check__larger(e->type.bits, fd_check__numerator(e->children[i]));
            e->type.den_bits =
                fd_check__larger(e->type.den_bits, fd_check__denominator(e->children[i]));
        }
        e->type.unit = e->children[0]->type.unit;
        return true;
    case FD_FN_SQRT:
        e->type.is_estimate = true;
        e->type.bits = e->type.den_bits = 0;
        if (!fd_unit__is_plain(e->type.unit)) {
            fd_check__complain(c, e, "unit", "开方只用于没有单位的数",
                               "the root is taken of a number without unit");
            return false;
        }
        e->type.unit = c->program->one;
        return fd_check__convert(c, e->children[0], c->program->one);
    case FD_FN_RANK:
        if (vector) {
            fd_check__complain(c, e, "level", "排名 只用于汇总", "rank stands in totals only");
            return false;
        }
        e->type =
            (fd_type){ .unit = c->program->one, .bits = FD_BITS_MEMBERS, .frame = e->type.frame };
        return true;
    default: /* 绝对值 */
        return true;
    }
}

void fd_expr__indicators(const fd_program *p, const fd_expr *e, bool vector,
                         void (*visit)(void *payload, const fd_indicator *i, bool vector),
                         void *payload)
{
    const void *target;
    bool inner = vector;

    if (!e)
        return;
    if (e->kind == FD_EXPR_NAME) {
        if (fd_check__look_up(p, e->text, &target) == FD_SYM_INDICATOR)
            visit(payload, target,
                  vector && fd_subject_kind_is_listed(((const fd_indicator *)target)->kind));
        return;
    }
    if (e->kind == FD_EXPR_CALL && is_aggregate(e))
        inner = !takes_group(p, e);
    for (size_t i = 0; i < e->child_count; i++)
        fd_expr__indicators(p, e->children[i], inner, visit, payload);
    fd_expr__indicators(p, e->where, true, visit, payload);
}
