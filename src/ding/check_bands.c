/*
 * 查表 and 累进: bands without gap or overlap; dates with months added; figures of another period.
 */
#include <assert.h>
#include <string.h>

#include "ding/check_expr.h"

fd_span_kind fd_expr__span(const fd_expr *e, int *count)
{
    static const struct {
        const char *unit;
        fd_span_kind kind;
        int times;
    } units[] = {
        { "年", FD_SPAN_MONTHS, 12 },       { "year_unit", FD_SPAN_MONTHS, 12 },
        { "years", FD_SPAN_MONTHS, 12 },    { "月", FD_SPAN_MONTHS, 1 },
        { "个月", FD_SPAN_MONTHS, 1 },      { "month_unit", FD_SPAN_MONTHS, 1 },
        { "日", FD_SPAN_DAYS, 1 },          { "天", FD_SPAN_DAYS, 1 },
        { "day_unit", FD_SPAN_DAYS, 1 },    { "工作日", FD_SPAN_WORKING, 1 },
        { "个工作日", FD_SPAN_WORKING, 1 }, { "working_day", FD_SPAN_WORKING, 1 },
    };
    const char *u = e->kind == FD_EXPR_NUMBER ? e->unit_text : NULL;

    *count = 0;
    if (!u || e->number.scale || e->number.mantissa < 1 || e->number.mantissa > 1200)
        return FD_SPAN_NONE;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(u, units[i].unit) == 0) {
            *count = (int)e->number.mantissa * units[i].times;
            return units[i].kind;
        }
    return FD_SPAN_NONE;
}

/* A date plus or minus whole years or months (the day clamps to the month's end), days or working
 * days is a date. */
bool fd_check__date_sum(fd_check *c, fd_expr *e)
{
    fd_span_kind kind = FD_SPAN_NONE;
    int count;

    if ((e->kind == FD_EXPR_ADD || e->kind == FD_EXPR_SUB) && e->children[0]->type.is_date)
        kind = fd_expr__span(e->children[1], &count);
    if (kind == FD_SPAN_WORKING && !c->program->calendar) {
        fd_error_set_hint(fd_check__complain(c, e, "calendar", "没有工作日历,不能加减工作日",
                                             "there is no calendar of working days"),
                          "按国务院办公厅的放假安排补充 workdays.csv",
                          "add the State Council's arrangement to workdays.csv");
        return false;
    }
    if (kind != FD_SPAN_NONE) {
        e->type = e->children[0]->type;
        return true;
    }
    fd_error_set_hint(fd_check__complain(c, e, "type", "日期只能加减整年、整月、整日、工作日",
                                         "whole years, months, days or working days are added to "
                                         "a date"),
                      "例如 成立日期 + 1 年 ≤ 申请日,受理日 + 7 工作日 ≥ 申请日",
                      "for example: founded + 1 年 <= key date");
    return false;
}

static bool literal_value(fd_quot *out, const fd_expr *e)
{
    const fd_expr *n = e->kind == FD_EXPR_NEGATE ? e->children[0] : e;

    if (!fd_check__is_literal(e) ||
        fd_quot_mul(out, fd_quot_from_decimal(n->number),
                    n->type.unit ? n->type.unit->factor : (fd_quot){ 1, 1 }) < 0)
        return false;
    if (n != e)
        out->num = -out->num;
    return true;
}

/* The edge of a band on one side: upper for ≤ <, lower for ≥ >. NULL when it has none there. */
static const fd_expr *band_edge(const fd_expr *when, bool upper)
{
    assert(when);
    if (when->kind == FD_EXPR_AND) {
        const fd_expr *a = band_edge(when->children[0], upper);

        return a ? a : band_edge(when->children[1], upper);
    }
    return (when->kind == FD_EXPR_LE || when->kind == FD_EXPR_LT) == upper ? when : NULL;
}

/* Does `next` begin where `before` ends?  ≤ a is followed by > a, < a by ≥ a. @return 0 yes, 1 a
 * gap, 2 an overlap */
static int band_joint(const fd_expr *end, const fd_expr *start, bool upper)
{
    fd_quot a, b;
    bool end_in = end->kind == FD_EXPR_LE || end->kind == FD_EXPR_GE;
    bool start_in = start->kind == FD_EXPR_LE || start->kind == FD_EXPR_GE;
    int order;

    if (!literal_value(&a, end->children[1]) || !literal_value(&b, start->children[1]))
        return 0;
    order = fd_quot_compare(a, b);
    if (order == 0)
        return end_in == start_in ? (end_in ? 2 : 1) : 0;
    return (order < 0) == upper ? 1 : 2;
}

/* Bands run one way without gap or overlap. */
bool fd_check__bands(fd_check *c, fd_expr *e)
{
    bool upper = band_edge(e->children[0], true) != NULL &&
                 !(e->child_count > 3 && !band_edge(e->children[2], true));

    for (size_t i = 0; i + 1 < e->child_count; i += 2) {
        const fd_expr *end = band_edge(e->children[i], upper), *next, *start;
        const fd_expr *before = i ? band_edge(e->children[i - 2], upper) : NULL;
        fd_quot a, b;
        int joint;

        if (!end) {
            fd_check__complain(c, e->children[i], "bands", "各档要朝一个方向排,都写上限或都写下限",
                               "bands run one way: all by upper or all by lower edges");
            return false;
        }
        if (before && literal_value(&a, before->children[1]) &&
            literal_value(&b, end->children[1]) &&
            (upper ? fd_quot_compare(b, a) <= 0 : fd_quot_compare(b, a) >= 0)) {
            fd_check__complain(c, e->children[i], "bands",
                               "各档的界限没有依次排列,有一档永远轮不到",
                               "the edges are not in order: a band is never reached");
            return false;
        }
        next = i + 3 < e->child_count ? e->children[i + 2] : NULL;
        start = next ? band_edge(next, !upper) : NULL;
        joint = start ? band_joint(end, start, upper) : 0;
        if (joint) {
            fd_check__complain(c, next, "bands",
                               joint == 1 ? "这一档和上一档之间有空档" : "这一档和上一档重叠",
                               joint == 1 ? "there is a gap before this band"
                                          : "this band overlaps the one before");
            return false;
        }
    }
    return true;
}

static fd_expr *new_node(fd_check *c, const fd_expr *like, fd_expr_kind kind, fd_expr *a,
                         fd_expr *b)
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
    return e;
}

static fd_expr *extreme(fd_check *c, const fd_expr *like, fd_function function, const fd_expr *a,
                        const fd_expr *b)
{
    fd_expr *e =
        new_node(c, like, FD_EXPR_CALL, fd_expr__clone(c->arena, a), fd_expr__clone(c->arena, b));

    e->function = function;
    return e;
}

/* 累进: each part of the left side at its own band's rate, as a sum of rate × (part). */
bool fd_check__spread(fd_check *c, fd_expr *e)
{
    const fd_expr *subject = e->children[0]->children[0], *low = NULL;
    fd_expr *sum = NULL;

    for (size_t i = 0; i < e->child_count; i += 2) {
        bool last = i + 1 == e->child_count;
        const fd_expr *when = e->children[i], *high = last ? NULL : when->children[1];
        fd_expr *part, *term;

        if (!last && when->kind != FD_EXPR_LE && when->kind != FD_EXPR_LT) {
            fd_check__complain(c, e, "bands", "累进的各档写上限:不超过 …",
                               "cumulative bands are written by upper edges: up_to …");
            return false;
        }
        part = low    ? extreme(c, e, FD_FN_MAX, subject, low)
               : high ? NULL
                      : fd_expr__clone(c->arena, subject);
        if (high)
            part = part ? new_node(c, e, FD_EXPR_CALL, part, fd_expr__clone(c->arena, high))
                        : extreme(c, e, FD_FN_MIN, subject, high);
        if (high && low)
            part->function = FD_FN_MIN;
        if (low)
            part = new_node(c, e, FD_EXPR_SUB, part, fd_expr__clone(c->arena, low));
        term = new_node(c, e, FD_EXPR_MUL, e->children[last ? i : i + 1], part);
        sum = sum ? new_node(c, e, FD_EXPR_ADD, sum, term) : term;
        low = high;
    }
    if (!sum || sum->height > 200) {
        fd_check__complain(c, e, "bands", "累进的档太多", "too many cumulative bands");
        return false;
    }
    *e = *sum;
    return true;
}

bool fd_check__at(fd_check *c, fd_expr *e, const char *frame, bool vector)
{
    fd_expr *inner = e->children[0];

    if (!fd_check__expr(c, inner, frame, vector))
        return false;
    e->type = inner->type;
    if (inner->kind == FD_EXPR_NAME &&
        (inner->symbol == FD_SYM_ITEM || inner->symbol == FD_SYM_INDICATOR))
        return true;
    fd_check__complain(c, e, "at", "方括号只能跟在数据项或指标后面",
                       "brackets follow a data item or an indicator only");
    return false;
}
