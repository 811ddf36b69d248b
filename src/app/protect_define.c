/*
 * What a city's own definitions may do with locked returns (docs/decisions/0005).
 *
 * A condition on a return, stored again and again with another threshold, tells each return of a
 * county by bisection, as a free filter would.  So whoever may not see the returns may add them up,
 * subtract, divide and compare sums over time, but draws no line through them.
 */
#include <string.h>

#include "app/protect.h"
#include "app/subjects.h"

typedef struct guard {
    const fd_table *items; /* what the city holds */
    fd_script *const *own;
    size_t own_count;
} guard;

static bool is_own(const guard *g, fd_decl_kind kind, const char *alias)
{
    for (size_t i = 0; i < g->own_count; i++)
        for (size_t d = 0; d < g->own[i]->count; d++)
            if (g->own[i]->decls[d].kind == kind && strcmp(g->own[i]->decls[d].alias, alias) == 0)
                return true;
    return false;
}

/* A number of an enterprise, unless all that is stored of it comes from another origin. */
static bool is_locked(const guard *g, const fd_item *item)
{
    const fd_column *id = g->items->columns[fd_table_find(g->items, "item")],
                    *origin = g->items->columns[fd_table_find(g->items, "origin")];
    const size_t length = strlen(item->id);
    bool stored = false;

    if (item->nature == FD_ATTRIBUTE || strcmp(item->kind, "enterprise") != 0)
        return false;
    for (size_t i = 0; i < g->items->rows; i++) {
        const char *name = fd_column_text_or(id, i, ""), *class = fd_column_text_or(origin, i, "");

        if (strncmp(name, item->id, length) != 0 || (name[length] && name[length] != ':'))
            continue;
        stored = true;
        if (!class[0] ||
            (strstr(class, "statistical") && strcmp(class, "statistical-aggregate") != 0))
            return true;
    }
    return !stored;
}

static bool reads_locked(const guard *g, const fd_expr *e)
{
    if (!e)
        return false;
    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_ITEM)
        return is_locked(g, e->target);
    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_INDICATOR) {
        const fd_indicator *i = e->target;

        return reads_locked(g, i->formula) || reads_locked(g, i->total);
    }
    for (size_t i = 0; i < e->child_count; i++)
        if (reads_locked(g, e->children[i]))
            return true;
    return reads_locked(g, e->where);
}

/* A number that whoever writes definitions can move. */
static bool has_constant(const fd_expr *e)
{
    if (e->kind == FD_EXPR_NUMBER || (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_PARAM))
        return true;
    for (size_t i = 0; i < e->child_count; i++)
        if (has_constant(e->children[i]))
            return true;
    return false;
}

/* Draws no line through locked returns: sums, differences, shares, rates. */
static bool is_plain(const guard *g, const fd_expr *e)
{
    size_t locked = 0;

    if (!reads_locked(g, e))
        return true;
    if (reads_locked(g, e->where))
        return false;
    for (size_t i = 0; i < e->child_count; i++) {
        locked += reads_locked(g, e->children[i]);
        if (!is_plain(g, e->children[i]))
            return false;
    }
    switch (e->kind) {
    case FD_EXPR_NAME:
    case FD_EXPR_AT:
    case FD_EXPR_NEGATE:
    case FD_EXPR_ADD:
    case FD_EXPR_SUB:
        return true;
    case FD_EXPR_MUL:
        return locked == 1 || !e->type.is_vector;
    case FD_EXPR_DIV: /* x ÷ (x − c) of an enterprise runs away where c meets x */
        return !e->type.is_vector || !reads_locked(g, e->children[1]) ||
               !has_constant(e->children[1]);
    case FD_EXPR_CALL:
        break;
    default:
        return false;
    }
    switch (e->function) {
    case FD_FN_SUM:
    case FD_FN_MEAN:
    case FD_FN_LAST_YEARS:
    case FD_FN_GROWTH:
    case FD_FN_MEAN_GROWTH:
    case FD_FN_SHARE:
    case FD_FN_CONTRIBUTION:
    case FD_FN_PULL:
    case FD_FN_COVERAGE:
    case FD_FN_MONTH_MEAN:
        return true;
    case FD_FN_ROUND:
        return !e->type.is_vector;
    default:
        return false;
    }
}

/* 缺数 may say x = 0 → 不适用: nothing can be moved in it. */
static bool is_zero_test(const fd_expr *e)
{
    const fd_expr *x = e->child_count > 1 ? e->children[0] : NULL,
                  *zero = e->child_count > 1 ? e->children[1] : NULL;

    if (e->kind == FD_EXPR_AND || e->kind == FD_EXPR_OR) {
        for (size_t i = 0; i < e->child_count; i++)
            if (!is_zero_test(e->children[i]))
                return false;
        return true;
    }
    return e->kind == FD_EXPR_EQ && zero && zero->kind == FD_EXPR_NUMBER &&
           zero->number.mantissa == 0 && !has_constant(x);
}

/* Does what is being defined change what the expression means? */
static bool touches(const guard *g, const fd_expr *e)
{
    if (!e)
        return false;
    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_PARAM)
        return is_own(g, FD_DECL_PARAM, ((const fd_param *)e->target)->id);
    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_INDICATOR) {
        const fd_indicator *i = e->target;

        return is_own(g, FD_DECL_INDICATOR, i->id) || touches(g, i->formula) ||
               touches(g, i->total);
    }
    for (size_t i = 0; i < e->child_count; i++)
        if (touches(g, e->children[i]))
            return true;
    return touches(g, e->where);
}

static bool is_new(const guard *g, const fd_indicator *i)
{
    bool found = is_own(g, FD_DECL_INDICATOR, i->id) || touches(g, i->formula) ||
                 touches(g, i->total) || touches(g, i->population);

    for (size_t k = 0; k < i->rule_count; k++)
        found |= touches(g, i->rules[k].when);
    return found;
}

static bool may_stand(const guard *g, const fd_indicator *i)
{
    for (size_t k = 0; k < i->rule_count; k++)
        if (reads_locked(g, i->rules[k].when) && !is_zero_test(i->rules[k].when))
            return false;
    return !reads_locked(g, i->population) && is_plain(g, i->formula) && is_plain(g, i->total);
}

int fd_protect_definitions(const fd_call *call, const fd_program *program, fd_script *const *own,
                           size_t own_count)
{
    guard g = { NULL, own, own_count };
    const char *const *names;
    fd_table *items = NULL;
    size_t count;
    int err;

    if (fd_role_sees(call->role, "statistical"))
        return 0;
    if ((err = fd_reader_items(call->city->reader, &items)) < 0)
        return err;
    g.items = items;
    names = fd_program_names(program, FD_DECL_INDICATOR, &count);
    for (size_t i = 0; i < count && err >= 0; i++) {
        const fd_indicator *indicator = fd_program_indicator(program, names[i]);

        if (indicator && is_new(&g, indicator) && !may_stand(&g, indicator)) {
            err = fd_error_set(FD_EDENIED,
                               "指标「%s」在企业统计原始资料上设条件或门槛,本角色不能定义(统计法)",
                               "indicator \"%s\" draws a line through statistical returns, which "
                               "this role may not define (Statistics Law)",
                               indicator->name);
            fd_error_hint("只做加、减、比;条件用登记属性;带门槛的由统计部门用 --role 统计 定义",
                          "add, subtract, divide; put conditions on attributes of the register; "
                          "what has a threshold is defined by the statistics bureau with --role "
                          "statistics");
        }
    }
    fd_table_free(items);
    return err < 0 ? err : 0;
}
