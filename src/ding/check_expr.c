/*
 * Resolving names and checking expressions: units, levels, estimates, widths.
 *
 * Two levels.  A vector expression has one value per subject of its frame (enterprises, projects);
 * a group expression has one value per group of the result.  合计(…) and its kin lead from the
 * first to the second.  Inside a vector over enterprises, an item of the city is the same for all,
 * an item of divisions or counties is that of the enterprise's own.  In a group expression an item
 * of counties, divisions or the city is that of the group.
 *
 * Every node's value is in its type's unit; where the parent works in another one, `convert` of the
 * child says by which exact factor.
 */
#include <string.h>

#include "base/utf8.h"
#include "ding/check_expr.h"

fd_error *fd_check__complain(fd_check *c, const fd_expr *e, const char *rule, const char *zh,
                             const char *en)
{
    const char *texts[2] = { zh, en };
    fd_error *f = fd_program__find(c->diags, FD_FAULT, rule, c->decl, &e->span, "%s", "%s", "");

    for (int lang = 0; lang < 2; lang++)
        strncat(f->message[lang], texts[lang],
                sizeof f->message[lang] - strlen(f->message[lang]) - 1);
    if (strcmp(rule, "unit") == 0)
        f->code = FD_EUNIT;
    else if (strcmp(rule, "width") == 0)
        f->code = FD_EOVERFLOW;
    return f;
}

/* ---- names ---- */

/* Attributes that every enterprise has without declaring them. */
static const fd_item *pseudo_attribute(const char *name)
{
    static const fd_item items[] = {
        { .id = "division",
          .name = "行业大类",
          .kind = "enterprise",
          .nature = FD_ATTRIBUTE,
          .value_kind = FD_CODE },
        { .id = "group",
          .name = "行业中类",
          .kind = "enterprise",
          .nature = FD_ATTRIBUTE,
          .value_kind = FD_CODE },
        { .id = "code",
          .name = "企业代码",
          .kind = "enterprise",
          .nature = FD_ATTRIBUTE,
          .value_kind = FD_TEXT },
    };

    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (strcmp(name, items[i].id) == 0 || strcmp(name, items[i].name) == 0)
            return &items[i];
    return NULL;
}

/* What a name means, with nothing reported. */
fd_symbol_kind fd_check__look_up(const fd_program *p, const char *name, const void **target)
{
    if ((*target = fd_program_item(p, name)))
        return FD_SYM_ITEM;
    if ((*target = fd_program_indicator(p, name)))
        return FD_SYM_INDICATOR;
    if ((*target = fd_program_param(p, name)))
        return FD_SYM_PARAM;
    if ((*target = fd_program_class(p, name)))
        return FD_SYM_CLASS;
    if ((*target = pseudo_attribute(name)))
        return FD_SYM_ITEM;
    return FD_SYM_UNRESOLVED;
}

static bool is_ambiguous(const fd_program *p, const char *name)
{
    uint64_t at;

    return fd_map_get(p->index[FD_DECL_ITEM], fd_view_of(name), &at) && at == 0;
}

/* 一百万元: begins with two numerals at least. */
static bool is_chinese_number(const char *text)
{
    static const char *const numerals[] = { "零", "一", "二", "两", "三", "四", "五", "六",
                                            "七", "八", "九", "十", "百", "千", "万", "亿" };
    fd_view rest = fd_view_of(text);
    size_t count = 0;

    for (size_t i = 0; i < sizeof numerals / sizeof *numerals && count < 2; i++)
        if (fd_view_starts(rest, numerals[i])) {
            rest.ptr += strlen(numerals[i]);
            rest.len -= strlen(numerals[i]);
            count++;
            i = SIZE_MAX; /* from the first again */
        }
    return count == 2;
}

static bool resolve(fd_check *c, fd_expr *e)
{
    const unsigned kinds =
        1u << FD_DECL_ITEM | 1u << FD_DECL_INDICATOR | 1u << FD_DECL_PARAM | 1u << FD_DECL_CLASS;
    static const char *const keywords[] = { "且", "或", "属于", "÷", "×" };
    fd_error *f;

    if (c->light_unit) {
        const fd_word *w = fd_grammar_word(fd_grammar_light_variables(), fd_view_of(e->text));

        if (w) {
            e->symbol = FD_SYM_VARIABLE;
            e->target = NULL;
            e->text = w->en;
            return true;
        }
    }
    e->symbol = c->policy ? fd_policy__look_up(c->policy, e->text, &e->target) : FD_SYM_UNRESOLVED;
    if (e->symbol != FD_SYM_UNRESOLVED)
        return true;
    e->symbol = fd_check__look_up(c->program, e->text, &e->target);
    if (e->symbol == FD_SYM_ITEM && ((const fd_item *)e->target)->by) {
        const char *colon = strrchr(e->text, ':');

        e->variant = colon ? colon + 1 : NULL;
    }
    if (e->symbol != FD_SYM_UNRESOLVED)
        return true;
    if (is_ambiguous(c->program, e->text)) {
        f = fd_program__find(c->diags, FD_FAULT, "name", c->decl, &e->span,
                             "「%.80s」是几个数据项共有的别名",
                             "\"%.80s\" is an alias of several items", e->text);
        fd_error_set_hint(f, "写数据项自己的名称", "write the item's own name");
        return false;
    }
    f = fd_program__find(c->diags, FD_FAULT, "name", c->decl, &e->span,
                         "没有叫「%.80s」的数据项、指标、参数或分类",
                         "no item, indicator, parameter or class is called %.80s", e->text);
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (strstr(e->text, keywords[i]))
            fd_error_set_hint(f, "「%s」作运算符时两边要留空格",
                              "blanks stand around %s when it is an operator", keywords[i]);
    if (strcmp(e->text, "是") == 0 || strcmp(e->text, "否") == 0)
        fd_error_set_hint(f, "是否的数据项直接写名称;「否」写成 非 名称",
                          "an item of yes or no stands by its name alone; for no write: not NAME");
    else if (is_chinese_number(e->text))
        fd_error_set_hint(f, "数用阿拉伯数字写,后面空一格写单位:100 万元",
                          "numbers are written in digits, a blank, then the unit: 100 万元");
    else
        fd_program__suggest(c->program, c->diags, f, kinds, e->text);
    return false;
}

/* May an item of this kind be read inside a vector over `frame`? */
static bool reachable(const char *item_kind, const char *frame)
{
    if (strcmp(item_kind, frame) == 0 || strcmp(item_kind, "city") == 0)
        return true;
    return strcmp(frame, "enterprise") == 0 &&
           (strcmp(item_kind, "division") == 0 || strcmp(item_kind, "county") == 0);
}

static bool check_item(fd_check *c, fd_expr *e, const char *frame, bool vector)
{
    const fd_item *item = e->target;
    fd_error *f;

    e->type.unit = item->unit ? item->unit : c->program->one;
    e->type.scale = item->scale;
    e->type.bits = FD_BITS_ITEM;
    e->type.may_be_na = fd_item_may_be_na(item);
    e->type.is_stock = item->nature == FD_STOCK;
    e->type.frame = item->kind;
    e->type.is_date = item->value_kind == FD_DATE;
    e->type.is_text = item->value_kind == FD_TEXT || item->value_kind == FD_CODE;
    e->type.is_vector = vector;
    if (item->value_kind == FD_BOOL)
        e->type.is_truth = true;
    if (!e->type.is_text && fd_unit__is_plain(e->type.unit) && item->nature == FD_RATIO)
        e->type.rate = e->type.unit->is_points ? FD_RATE_POINTS : FD_RATE_LEVEL;
    if (item->by && !e->variant) {
        f = fd_program__find(c->diags, FD_FAULT, "variant", c->decl, &e->span,
                             "「%s」按%s分列,要写明是哪一种", "%s is kept by %s: say which one",
                             item->name, item->by);
        fd_error_set_hint(f, "例如 %s:33", "for example %s:33", item->name);
        return false;
    }
    if (vector && !reachable(item->kind, frame)) {
        fd_program__find(c->diags, FD_FAULT, "level", c->decl, &e->span,
                         "「%s」是 %s 的数据,这里逐个算的是 %s",
                         "%s belongs to %s; this is computed per %s", item->name, item->kind,
                         frame);
        return false;
    }
    if (!vector && fd_subject_kind_is_listed(item->kind)) {
        f = fd_program__find(c->diags, FD_FAULT, "level", c->decl, &e->span,
                             "「%s」是逐户的数据,汇总里不能单独写",
                             "%s is one value per subject and cannot stand alone in a total",
                             item->name);
        fd_error_set_hint(f, "写成 合计(%s) 等", "write sum(%s) or the like", item->name);
        return false;
    }
    return true;
}

const fd_expr *fd_indicator__body(const fd_indicator *i, bool vector)
{
    if (vector && fd_subject_kind_is_listed(i->kind))
        return i->formula;
    return i->total ? i->total : fd_subject_kind_is_listed(i->kind) ? NULL : i->formula;
}

static bool check_indicator_name(fd_check *c, fd_expr *e, const char *frame, bool vector)
{
    const fd_indicator *i = e->target;
    /* an indicator of the city or of counties is one number inside a formula per enterprise */
    bool listed = fd_subject_kind_is_listed(i->kind), per_subject = vector && listed;
    const fd_expr *body = fd_indicator__body(i, per_subject);
    fd_error *f;

    if (vector && !reachable(i->kind, frame)) {
        fd_program__find(c->diags, FD_FAULT, "level", c->decl, &e->span,
                         "指标「%s」属于 %s,这里逐个算的是 %s",
                         "indicator %s belongs to %s; this is computed per %s", i->name, i->kind,
                         frame);
        return false;
    }
    if (!body) {
        f = fd_program__find(c->diags, FD_FAULT, "level", c->decl, &e->span,
                             per_subject ? "指标「%s」没有逐户的公式" : "指标「%s」没有汇总",
                             per_subject ? "indicator %s has no formula per subject"
                                         : "indicator %s has no total",
                             i->name);
        if (!per_subject)
            fd_error_set_hint(f, "给它写 汇总,或在这里写 合计(%s)",
                              "give it a total, or write sum(%s) here", i->name);
        return false;
    }
    e->type = body->type;
    e->type.unit = i->unit;
    e->type.is_vector = vector;
    e->type.frame = i->kind;
    if (e->type.bits == 0)
        e->type.bits = 100; /* its own expression is at fault; go on with a plausible width */
    if (fd_unit__is_plain(i->unit))
        e->type.rate = i->unit->is_points ? FD_RATE_POINTS
                       : e->type.rate     ? e->type.rate
                                          : FD_RATE_LEVEL;
    return true;
}

/* A class alone is the condition that the attribute belongs to it. */
static void expand_class(fd_check *c, fd_expr *e)
{
    const fd_class *class = e->target;
    fd_expr *attribute = fd_arena_alloc(c->arena, sizeof *attribute),
            *name = fd_arena_alloc(c->arena, sizeof *name);

    *name = *e;
    *attribute = *e;
    attribute->text = class->attribute;
    attribute->symbol = FD_SYM_UNRESOLVED;
    attribute->target = NULL;
    e->kind = FD_EXPR_IN;
    e->symbol = FD_SYM_UNRESOLVED;
    e->target = NULL;
    e->children = fd_arena_alloc(c->arena, 2 * sizeof *e->children);
    e->children[0] = attribute;
    e->children[1] = name;
    e->child_count = 2;
    e->height = 2;
}

static bool check_name(fd_check *c, fd_expr *e, const char *frame, bool vector)
{
    if (!resolve(c, e))
        return false;
    switch (e->symbol) {
    case FD_SYM_ITEM:
        return check_item(c, e, frame, vector);
    case FD_SYM_INDICATOR:
        return check_indicator_name(c, e, frame, vector);
    case FD_SYM_PARAM:
        e->type.unit = ((const fd_param *)e->target)->unit;
        e->type.bits = FD_BITS_ITEM;
        e->type.rate = !fd_unit__is_plain(e->type.unit) || e->type.unit == c->program->one
                           ? FD_RATE_NONE
                       : e->type.unit->is_points ? FD_RATE_POINTS
                                                 : FD_RATE_LEVEL;
        return true;
    case FD_SYM_SETTING:
        e->type.unit = ((const fd_policy_param *)e->target)->unit;
        e->type.bits = FD_BITS_ITEM;
        e->type.rate = fd_unit__is_plain(e->type.unit) && e->type.unit != c->program->one
                           ? e->type.unit->is_points ? FD_RATE_POINTS : FD_RATE_LEVEL
                           : FD_RATE_NONE;
        return true;
    case FD_SYM_PART:
        e->type = ((const fd_policy_part *)e->target)->expr->type;
        return true;
    case FD_SYM_VARIABLE:
        if (c->policy) {
            e->type.is_date = true;
            return true;
        }
        e->type.unit = strcmp(e->text, "progress") == 0 ? c->program->one : c->light_unit;
        e->type.bits = FD_BITS_SUM;
        e->type.rate = !fd_unit__is_plain(e->type.unit) ? FD_RATE_NONE
                       : e->type.unit->is_points        ? FD_RATE_POINTS
                                                        : FD_RATE_LEVEL;
        return true;
    default:
        expand_class(c, e);
        return fd_check__expr(c, e, frame, vector);
    }
}

/* ---- conditions ---- */

/* A bare word or number beside a text is a text: 生产状态 = 停产, 行业大类 = 31. */
static void take_as_text(fd_check *c, const fd_expr *side, fd_expr *other)
{
    const void *target;

    if (!side->type.is_text)
        return;
    if (other->kind == FD_EXPR_NUMBER && !other->unit_text && other->text) {
        other->kind = FD_EXPR_TEXT;
    } else if (other->kind == FD_EXPR_NAME) {
        fd_symbol_kind symbol = fd_check__look_up(c->program, other->text, &target);
        const fd_item *item = symbol == FD_SYM_ITEM ? target : NULL;

        if (!item || (item->value_kind != FD_TEXT && item->value_kind != FD_CODE))
            other->kind = FD_EXPR_TEXT;
    }
}

/* Is the name that of a text? Asked before the sides are checked, so that the other side may
 * follow. */
static bool is_text_name(fd_check *c, const fd_expr *e)
{
    const void *target;
    const fd_expr *name = e->kind == FD_EXPR_AT ? e->children[0] : e;

    if (name->kind == FD_EXPR_TEXT)
        return true;
    return name->kind == FD_EXPR_NAME &&
           fd_check__look_up(c->program, name->text, &target) == FD_SYM_ITEM &&
           (((const fd_item *)target)->value_kind == FD_TEXT ||
            ((const fd_item *)target)->value_kind == FD_CODE);
}

static bool check_relation(fd_check *c, fd_expr *e)
{
    fd_expr *a = e->children[0], *b = e->children[1];
    fd_error *f;

    fd_check__merge(&e->type, &a->type, &b->type);
    e->type.is_truth = true;
    e->type.bits = e->type.den_bits = 0;
    if (a->type.is_text || b->type.is_text) {
        if (a->kind == FD_EXPR_TEXT && b->kind != FD_EXPR_TEXT) { /* the attribute stands left */
            e->children[0] = b;
            e->children[1] = a;
        }
        if ((e->kind == FD_EXPR_EQ || e->kind == FD_EXPR_NE) && a->type.is_text && b->type.is_text)
            return true;
        fd_check__complain(c, e, "type", "文字只能用 = 或 ≠ 和文字比较",
                           "text compares with text, by = or <> only");
        return false;
    }
    if (a->type.is_date || b->type.is_date) {
        if (a->type.is_date && b->type.is_date)
            return true;
        fd_check__complain(c, e, "type", "日期只能和日期比较", "a date compares with a date only");
        return false;
    }
    if (!fd_check__both_numbers(c, e))
        return false;
    if (((fd_check__is_bare(a) && !fd_check__is_zero(a)) ||
         (fd_check__is_bare(b) && !fd_check__is_zero(b))) &&
        (a->type.unit == c->program->percent || b->type.unit == c->program->percent)) {
        f = fd_check__complain(c, e, "unit", "百分数和没有单位的数比较",
                               "a percentage is compared with a number without unit");
        fd_error_set_hint(f, "写成 5 %% 这样", "write it as 5 %%");
        return false;
    }
    if (!fd_check__same_units(c, e, a, b))
        return false;
    if (a->type.rate && b->type.rate && a->type.rate != b->type.rate) {
        fd_check__complain(c, e, "points", "百分数不能和百分点比较",
                           "a percentage does not compare with points");
        return false;
    }
    if (e->type.is_estimate) {
        f = fd_check__complain(c, e, "estimate", "估计值不能直接用来判定",
                               "an estimate does not decide");
        fd_error_set_hint(f, "写明取舍:修约(…,2 位) ≥ …",
                          "write the rounding: round_even(…, 2 digits) >= …");
        return false;
    }
    return true;
}

static bool check_in(fd_check *c, fd_expr *e, const char *frame, bool vector)
{
    fd_expr *left = e->children[0], *right = e->children[1];

    if (!fd_check__expr(c, left, frame, vector))
        return false;
    e->type = left->type;
    e->type.is_text = false;
    e->type.is_truth = true;
    if (!left->type.is_text) {
        fd_check__complain(c, left, "type", "属于 左边应为属性",
                           "an attribute is expected left of in");
        return false;
    }
    if (right->kind != FD_EXPR_NAME)
        return true;
    if (!resolve(c, right))
        return false;
    if (right->symbol == FD_SYM_CLASS)
        return true;
    fd_check__complain(c, right, "class", "属于 右边应为分类或 { … }",
                       "a class or { … } is expected right of in");
    return false;
}

static bool check_case(fd_check *c, fd_expr *e)
{
    fd_expr *first = e->children[1];
    bool quotient = false;

    if (e->bands && !fd_check__bands(c, e))
        return false;

    for (size_t i = 0; i < e->child_count; i++) {
        bool is_value = i % 2 == 1 || i + 1 == e->child_count;
        fd_expr *child = e->children[i];

        if (is_value ? child->type.is_truth || child->type.is_text || child->type.is_date
                     : !child->type.is_truth) {
            fd_check__complain(c, child, "type", is_value ? "→ 右边应为数" : "→ 左边应为条件",
                               is_value ? "a number is expected right of ->"
                                        : "a condition is expected left of ->");
            return false;
        }
        if (is_value && child != first && !fd_check__same_units(c, e, first, child))
            return false;
    }
    e->type = first->type;
    if (fd_check__is_zero(first))
        e->type.unit = e->children[e->child_count - 1]->type.unit;
    for (size_t i = 0; i < e->child_count; i++) {
        bool is_value = i % 2 == 1 || i + 1 == e->child_count;
        const fd_expr *child = e->children[i];

        e->type.is_vector = e->type.is_vector || child->type.is_vector;
        e->type.frame = e->type.frame ? e->type.frame : child->type.frame;
        if (!is_value)
            continue;
        quotient = quotient || child->type.is_quotient || child->convert.den != 1;
        e->type.is_estimate = e->type.is_estimate || child->type.is_estimate;
        e->type.may_be_na = e->type.may_be_na || child->type.may_be_na;
        e->type.rate = e->type.rate > child->type.rate ? e->type.rate : child->type.rate;
        e->type.scale = e->type.scale > child->type.scale ? e->type.scale : child->type.scale;
        e->type.bits = fd_check__larger(e->type.bits, fd_check__numerator(child) +
                                                          fd_check__bits_of_scale(e->type.scale));
        e->type.den_bits = fd_check__larger(e->type.den_bits, fd_check__denominator(child));
    }
    e->type.is_quotient = quotient;
    if (!quotient)
        e->type.den_bits = 0;
    else
        e->type.scale = 0;
    return fd_check__width(c, e);
}

static bool check_truths(fd_check *c, fd_expr *e)
{
    for (size_t i = 0; i < e->child_count; i++) {
        const fd_type *t = &e->children[i]->type;

        if (!t->is_truth) {
            fd_check__complain(c, e->children[i], "type", "这里应为条件",
                               "a condition is expected here");
            return false;
        }
        if (i == 0)
            e->type = *t;
        else
            fd_check__merge(&e->type, &e->type, t);
    }
    e->type.is_truth = true;
    return true;
}

bool fd_check__expr(fd_check *c, fd_expr *e, const char *frame, bool vector)
{
    bool ok = true;

    memset(&e->type, 0, sizeof e->type);
    e->convert = (fd_quot){ 1, 1 };
    switch (e->kind) {
    case FD_EXPR_NUMBER:
        return fd_check__number(c, e);
    case FD_EXPR_TEXT:
        e->type.is_text = true;
        return true;
    case FD_EXPR_DATE:
        e->type.is_date = true;
        return true;
    case FD_EXPR_NAME:
        return check_name(c, e, frame, vector);
    case FD_EXPR_AT:
        return fd_check__at(c, e, frame, vector);
    case FD_EXPR_CALL:
        return fd_check__call(c, e, frame, vector);
    case FD_EXPR_IN:
        return check_in(c, e, frame, vector);
    case FD_EXPR_EQ:
    case FD_EXPR_NE:
    case FD_EXPR_LT:
    case FD_EXPR_LE:
    case FD_EXPR_GT:
    case FD_EXPR_GE:
        for (int side = 0; side < 2; side++)
            if (is_text_name(c, e->children[side])) {
                fd_expr text = { .type = { .is_text = true } };

                take_as_text(c, &text, e->children[1 - side]);
                break;
            }
        break;
    default:
        break;
    }
    if (e->kind == FD_EXPR_CASE && e->bands == 2) {
        for (size_t i = 0; i < e->child_count; i++)
            if (!fd_check__expr(c, e->children[i], frame, vector))
                return false;
        if (!fd_check__bands(c, e) || !fd_check__spread(c, e))
            return false;
        return fd_check__expr(c, e, frame, vector);
    }
    for (size_t i = 0; i < e->child_count; i++) /* all of them: every fault is said at once */
        ok &= fd_check__expr(c, e->children[i], frame, vector);
    if (!ok)
        return false;
    switch (e->kind) {
    case FD_EXPR_NEGATE:
    case FD_EXPR_ADD:
    case FD_EXPR_SUB:
    case FD_EXPR_MUL:
    case FD_EXPR_DIV:
        return fd_check__arithmetic(c, e);
    case FD_EXPR_AND:
    case FD_EXPR_OR:
    case FD_EXPR_NOT:
        return check_truths(c, e);
    case FD_EXPR_CASE:
        return check_case(c, e);
    default:
        return check_relation(c, e);
    }
}

bool fd_expr__check(fd_check *c, fd_expr *e, const char *frame, bool vector)
{
    return fd_check__expr(c, e, frame ? frame : "enterprise", vector);
}

bool fd_expr__assign(fd_check *c, fd_expr *e, const fd_unit *unit)
{
    const fd_clause *stated = c->decl ? fd_decl__clause(c->decl, "单位") : NULL;
    const fd_unit *from = e->type.unit;
    fd_error *f;

    if (!from || fd_check__is_zero(e))
        return true;
    if (unit == c->program->one && stated && stated->word_count &&
        !fd_unit__named(c->program, c->program->arena, stated->words[0]))
        return true; /* an unknown unit, and told so where it stands */
    if (!fd_unit__same_dims(from, unit) &&
        !fd_unit__fits_count(c->program, from, e->type.count_power, unit)) {
        f = fd_program__find(c->diags, FD_FAULT, "unit", c->decl, &e->span,
                             "算式的单位是 %s%.0s,写明的单位是 %s%.0s",
                             "the expression is in %.0s%s, the unit declared is %.0s%s",
                             fd_check__unit_name(from), fd_check__unit_name_en(from),
                             fd_check__unit_name(unit), fd_check__unit_name_en(unit));
        f->code = FD_EUNIT;
        return false;
    }
    if (fd_unit__is_plain(unit) && unit->is_points && e->type.rate == FD_RATE_LEVEL) {
        f = fd_check__complain(c, e, "points", "百分点只能由两个百分数相减得到",
                               "points come only from subtracting two percentages");
        fd_error_set_hint(f, "单位写 %%", "write the unit as %%");
        return false;
    }
    if (unit == c->program->percent && e->type.rate == FD_RATE_POINTS) {
        f = fd_check__complain(c, e, "points", "两个百分数之差以百分点计",
                               "the difference of two percentages is in points");
        fd_error_set_hint(f, "单位写 百分点", "write the unit as 百分点");
        return false;
    }
    return fd_check__convert(c, e, unit);
}
