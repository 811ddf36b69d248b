#include "app/protect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fangding/disclosure.h"

static const fd_item *item_of(const fd_expr *e)
{
    return e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_ITEM ? e->target : NULL;
}

/* Statistical in any period: the origin of the newest column decides. */
static bool is_statistical(fd_city *city, const fd_item *item)
{
    const char *origin = NULL;
    const fd_period *periods;
    size_t count;

    if (item->nature == FD_ATTRIBUTE || strcmp(item->kind, "enterprise") != 0 ||
        city->source->ops->periods(city->source, item->id, FD_CURRENT, &periods, &count) < 0 ||
        !count)
        return false;
    return city->source->ops->marks(city->source, item->id, periods[count - 1], FD_CURRENT, NULL,
                                    &origin) >= 0 &&
           origin && strcmp(origin, "statistical") == 0;
}

bool fd_rests_on_statistics(fd_city *city, const fd_expr *expr)
{
    const fd_item *item;

    if (!expr)
        return false;
    if ((item = item_of(expr)))
        return is_statistical(city, item);
    if (expr->kind == FD_EXPR_NAME && expr->symbol == FD_SYM_INDICATOR) {
        const fd_indicator *i = expr->target;

        return fd_rests_on_statistics(city, i->formula) || fd_rests_on_statistics(city, i->total);
    }
    for (size_t i = 0; i < expr->child_count; i++)
        if (fd_rests_on_statistics(city, expr->children[i]))
            return true;
    return fd_rests_on_statistics(city, expr->where);
}

/* Sensitive by the rules on contributors alone: what a ratio's table can be judged by. */
static bool sensitive(const fd_column *value, size_t row, uint32_t n)
{
    fd_disclosure_rules rules = FD_DISCLOSURE_RULES_INIT;
    fd_state state = fd_column_state(value, row);
    double size;

    if (state != FD_HAS && state != FD_DOUBT)
        return false;
    if (n < rules.min_contributors)
        return n > 0;
    if (!value->contributors)
        return false;
    size = fabs(fd_number_to_double(fd_column_number(value, row)));
    return value->top1[row] * 1000 > size * rules.top1_mille ||
           (value->top1[row] + value->top2[row]) * 1000 > size * rules.top2_mille;
}

static void empty_row(fd_table *t, size_t row, size_t first_measure, const char *why)
{
    int mark = fd_table_find(t, "suppressed");

    for (size_t c = first_measure; c < t->column_count; c++)
        if ((int)c != mark)
            fd_column_set_state(t->columns[c], row, FD_MISSING);
    fd_column_set_text(t->columns[mark], row, why);
}

/* Among the groups of one period: when exactly one is hidden, the next smallest goes too, for the
 * whole is published. */
static void hide_second(fd_table *t, size_t period_column, const bool *hidden_by_rule,
                        size_t first_measure, size_t value_at)
{
    const fd_column *period = t->columns[period_column], *value = t->columns[value_at];
    bool *done = fd_alloc(t->rows + 1);

    for (size_t r = 0; r < t->rows; r++) {
        size_t hidden = 0, smallest = t->rows;
        uint32_t least = UINT32_MAX;

        if (done[r])
            continue;
        for (size_t s = r; s < t->rows; s++) {
            uint32_t n = value->contributors ? value->contributors[s] : 0;

            if (period->v.day[s] != period->v.day[r])
                continue;
            done[s] = true;
            hidden += hidden_by_rule[s];
            if (!hidden_by_rule[s] && fd_column_state(value, s) == FD_HAS && n < least) {
                least = n;
                smallest = s;
            }
        }
        if (hidden == 1 && smallest < t->rows)
            empty_row(t, smallest, first_measure, "secondary");
    }
    free(done);
}

int fd_protect(fd_table **table, fd_call *call, const fd_indicator *indicator, size_t dimensions,
               bool filtered)
{
    fd_table *t = *table;
    int value_at = fd_table_find(t, "value"), n_at = fd_table_find(t, "n"),
        period_at = fd_table_find(t, "period");
    size_t count = 0;
    bool *hide;
    int err = 0;

    if (call->role == FD_ROLE_STATISTICS || (!dimensions && !filtered) ||
        (!fd_rests_on_statistics(call->city, indicator->total) &&
         !fd_rests_on_statistics(call->city, indicator->formula)))
        return 0;
    if (filtered)
        err = fd_store_audit(call->city->store, call->actor, "measure", indicator->id,
                             fd_call_text(call, "where"));
    fd_table_add_new(t, "suppressed", "披露", "Disclosure", FD_TEXT, "", 0);
    hide = fd_alloc(t->rows + 1);
    for (size_t r = 0; r < t->rows; r++) {
        const fd_column *n = t->columns[n_at];
        uint32_t members = fd_column_state(n, r) == FD_HAS ? (uint32_t)n->v.dec[r] : 0;

        hide[r] = sensitive(t->columns[value_at], r, members);
        count += hide[r];
    }
    if (count && dimensions)
        hide_second(t, (size_t)period_at, hide, (size_t)period_at + 1, (size_t)value_at);
    for (size_t r = 0; r < t->rows; r++)
        if (hide[r])
            empty_row(t, r, (size_t)period_at + 1, "primary");
    if (count)
        fd_table_add_note(t, "少于 3 户或一两户占绝大部分的格不显示(统计法)",
                          "cells of fewer than three enterprises, or dominated by one or two, are "
                          "not shown (Statistics Law)");
    free(hide);
    return err < 0 ? err : 0;
}

int fd_protect_item(fd_table **table, fd_call *call, const fd_item *item, fd_period period)
{
    const char *by = fd_call_text(call, "by");

    (void)table;
    (void)period;
    if (call->role == FD_ROLE_STATISTICS || !is_statistical(call->city, item) || !by ||
        (strcmp(by, "enterprise") != 0 && strcmp(by, "企业") != 0))
        return 0;
    fd_error_set(
        FD_EDENIED, "%s 来自企业统计原始资料,不能分企业给出(统计法)",
        "%s comes from statistical returns, which are not given by enterprise (Statistics Law)",
        item->name);
    return fd_error_hint(
        "按 county、chain 或 division 分;统计部门用 --role 统计",
        "break down by county, chain or division; the statistics bureau uses --role statistics");
}
