#include "app/protect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/subjects.h"
#include "base/map.h"
#include "base/str.h"
#include "fangding/disclosure.h"

static const fd_item *item_of(const fd_expr *e)
{
    return e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_ITEM ? e->target : NULL;
}

/* Of enterprises, and in any period of an origin the role does not see. */
static bool is_hidden(fd_city *city, const fd_item *item, fd_role role)
{
    const char *origin = NULL;
    const fd_period *periods;
    size_t count;
    bool statistical;

    if (item->nature == FD_ATTRIBUTE || strcmp(item->kind, "enterprise") != 0)
        return false;
    if (item->by) /* stored under ITEM:VARIANT, each by itself */
        return !fd_role_sees(role, "statistical") &&
               (role == FD_ROLE_VIEWER ||
                fd_item_is_statistical(&statistical, city->reader, item->id) < 0 || statistical);
    if (city->source->ops->periods(city->source, item->id, FD_CURRENT, &periods, &count) < 0 ||
        !count)
        return false;
    for (size_t k = count; k-- > 0;)
        if (city->source->ops->marks(city->source, item->id, periods[k], FD_CURRENT, NULL,
                                     &origin) >= 0 &&
            origin && origin[0] && !fd_role_sees(role, origin))
            return true;
    return false;
}

static bool rests_on_hidden(fd_city *city, const fd_expr *expr, fd_role role)
{
    const fd_item *item;

    if (!expr)
        return false;
    if ((item = item_of(expr)))
        return is_hidden(city, item, role);
    if (expr->kind == FD_EXPR_NAME && expr->symbol == FD_SYM_INDICATOR) {
        const fd_indicator *i = expr->target;

        return rests_on_hidden(city, i->formula, role) || rests_on_hidden(city, i->total, role);
    }
    for (size_t i = 0; i < expr->child_count; i++)
        if (rests_on_hidden(city, expr->children[i], role))
            return true;
    return rests_on_hidden(city, expr->where, role);
}

bool fd_rests_on_statistics(fd_city *city, const fd_expr *expr)
{
    return rests_on_hidden(city, expr, FD_ROLE_INDUSTRY);
}

static bool indicator_is_hidden(const fd_call *call, const fd_indicator *indicator)
{
    return rests_on_hidden(call->city, indicator->total, call->role) ||
           rests_on_hidden(call->city, indicator->formula, call->role);
}

int fd_protect_where(const fd_call *call, const fd_expr *where)
{
    if (!where || !rests_on_hidden(call->city, where, call->role))
        return 0;
    fd_error_set(FD_EDENIED, "筛选条件用到企业统计原始资料,本角色不可用(统计法)",
                 "the filter reads statistical returns, which this role may not use (Statistics "
                 "Law)");
    return fd_error_hint("按登记属性筛选,例如 规模、行业、县区;统计部门用 --role 统计",
                         "filter by attributes of the register such as size, industry, county; the "
                         "statistics bureau uses --role statistics");
}

int fd_protect_audit(fd_call *call, const char *object)
{
    return fd_call_audit(call, call->verb->name, object, fd_call_text(call, "where"));
}

int fd_protect_enterprises(const fd_call *call)
{
    if (call->role != FD_ROLE_VIEWER)
        return 0;
    fd_error_set(FD_EDENIED, "浏览角色只看已发布的数,不看企业",
                 "the viewer role sees published figures, not enterprises");
    return fd_error_hint("fangding published 列出已发布的格子",
                         "fangding published lists the published cells");
}

/* Sensitive by the rules on contributors alone: what a ratio's table can be judged by. */
static bool sensitive(const fd_column *value, size_t row, uint32_t n)
{
    fd_state state = fd_column_state(value, row);

    if ((state != FD_HAS && state != FD_DOUBT) || n == 0)
        return false;
    return !fd_protect_shows(n, fabs(fd_number_to_double(fd_column_number(value, row))),
                             value->contributors ? value->top1[row] : 0,
                             value->contributors ? value->top2[row] : 0);
}

bool fd_protect_shows(uint32_t n, double size, double top1, double top2)
{
    const fd_disclosure_rules rules = FD_DISCLOSURE_RULES_INIT;

    return n >= rules.min_contributors && top1 * 1000 <= size * rules.top1_mille &&
           (top1 + top2) * 1000 <= size * rules.top2_mille;
}

static bool is_enterprise(const char *dimension)
{
    return strcmp(dimension, "enterprise") == 0 || strcmp(dimension, "企业") == 0;
}

static void empty_row(fd_table *t, size_t row, size_t first_measure, const char *why)
{
    int mark = fd_table_find(t, "suppressed");

    for (size_t c = first_measure; c < t->column_count; c++)
        if ((int)c != mark)
            fd_column_set_state(t->columns[c], row, FD_MISSING);
    fd_column_set_text(t->columns[mark], row, why);
}

enum { SHOWN, PRIMARY, SECONDARY, MOST_DIMENSIONS = 8 };

/*
 * Cells of one measure, as lines of sums run through them.  Which cell goes with a hidden one
 * depends on contributors and codes alone, neither on the order of rows nor on that of dimensions:
 * two tables of one item, period and set of dimensions hide the same cells.
 */
typedef struct pattern {
    size_t rows; /* the first of the table; what follows is no part of a sum */
    const fd_column *value;
    const fd_column *period; /* or NULL: one period */
    const fd_column *dims[MOST_DIMENSIONS];
    bool classes[MOST_DIMENSIONS]; /* codes of industry: their first two places are the division */
    size_t dim_count;
} pattern;

static void add_dimension(pattern *p, const fd_column *column, bool classes)
{
    size_t at = p->dim_count;

    if (at == MOST_DIMENSIONS)
        return;
    while (at > 0 && strcmp(p->dims[at - 1]->id, column->id) > 0) {
        p->dims[at] = p->dims[at - 1];
        p->classes[at] = p->classes[at - 1];
        at--;
    }
    p->dims[at] = column;
    p->classes[at] = classes;
    p->dim_count++;
}

/* The line a row is part of: its period and all dimensions but one; of that one no more than the
 * first `prefix` bytes (the division of a class of industry). */
static void line_key(fd_buf *out, const pattern *p, size_t row, size_t but, size_t prefix)
{
    fd_buf_clear(out);
    if (p->period)
        fd_buf_printf(out, "%lld", (long long)p->period->v.day[row]);
    for (size_t d = 0; d < p->dim_count; d++) {
        const char *text = fd_column_text_or(p->dims[d], row, "");

        fd_buf_printf(out, "|%.*s", d == but ? (int)prefix : (int)strlen(text), text);
    }
}

/* In every line whose sum may be had from another table, one hidden cell alone is no secret: the
 * cell of the next fewest, of the smallest code among these, goes with it. @return whether some
 * cell did */
static bool hide_in_lines(uint8_t *hidden, const pattern *p, size_t but, size_t prefix)
{
    typedef struct line {
        size_t hidden, next;
        uint32_t least;
    } line;
    const fd_column *value = p->value, *codes = p->dims[but];
    line *lines = fd_alloc((p->rows + 1) * sizeof *lines);
    fd_map *index = fd_map_new();
    fd_buf key = FD_BUF_INIT;
    bool changed = false;
    size_t count = 0;

    for (size_t r = 0; r < p->rows; r++) {
        const uint32_t n = value->contributors ? value->contributors[r] : 0;
        const fd_state state = fd_column_state(value, r);
        line *l;
        uint64_t at;

        line_key(&key, p, r, but, prefix);
        at = fd_map_intern(index, (fd_view){ fd_buf_text(&key), key.len }, count);
        if (at == count)
            lines[count++] = (line){ 0, p->rows, UINT32_MAX };
        l = &lines[at];
        l->hidden += hidden[r] != SHOWN;
        if (hidden[r] == SHOWN && (state == FD_HAS || state == FD_DOUBT) && n > 0 &&
            (n < l->least ||
             (n == l->least && strcmp(fd_column_text_or(codes, r, ""),
                                      fd_column_text_or(codes, l->next, "")) < 0))) {
            l->least = n;
            l->next = r;
        }
    }
    for (size_t i = 0; i < count; i++)
        if (lines[i].hidden == 1 && lines[i].next < p->rows && hidden[lines[i].next] == SHOWN) {
            hidden[lines[i].next] = SECONDARY;
            changed = true;
        }
    fd_buf_dispose(&key);
    fd_map_free(index);
    free(lines);
    return changed;
}

/* Until no line of any dimension has a single hidden cell. A class of industry also stands in the
 * line of its division, which is another table's sum. */
static void hide_second(uint8_t *hidden, const pattern *p)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t d = 0; d < p->dim_count; d++) {
            changed |= hide_in_lines(hidden, p, d, 0);
            if (p->classes[d])
                changed |= hide_in_lines(hidden, p, d, 2);
        }
    }
}

int fd_protect(fd_table **table, fd_call *call, const fd_indicator *indicator, size_t dimensions,
               bool filtered)
{
    fd_table *t = *table;
    int value_at = fd_table_find(t, "value"), n_at = fd_table_find(t, "n"),
        period_at = fd_table_find(t, "period");
    bool one_by_one = fd_table_find(t, "enterprise") >= 0;
    pattern p = { .rows = t->rows };
    size_t count = 0;
    uint8_t *hide;
    int err = 0;

    if (call->role == FD_ROLE_STATISTICS || (!dimensions && !filtered) ||
        !indicator_is_hidden(call, indicator))
        return 0;
    if (filtered && (err = fd_protect_audit(call, indicator->id)) < 0)
        return err;
    fd_table_add_new(t, "suppressed", "披露", "Disclosure", FD_TEXT, "", 0);
    hide = fd_alloc(t->rows + 1);
    memset(hide, SHOWN, t->rows + 1);
    for (size_t r = 0; r < t->rows; r++) {
        const fd_column *n = t->columns[n_at];
        uint32_t members = fd_column_state(n, r) == FD_HAS ? (uint32_t)n->v.dec[r] : 0;

        if (one_by_one || sensitive(t->columns[value_at], r, members))
            hide[r] = PRIMARY;
        count += hide[r] != SHOWN;
    }
    p.value = t->columns[value_at];
    p.period = t->columns[period_at];
    /* columns of groups: the codes before the period, each followed by its names */
    for (int c = 0; c < period_at; c++)
        if (t->columns[c]->kind == FD_CODE)
            add_dimension(&p, t->columns[c], strcmp(t->columns[c]->id, "industry") == 0);
    if (count && dimensions && !one_by_one)
        hide_second(hide, &p);
    for (size_t r = 0; r < t->rows; r++)
        if (hide[r] != SHOWN)
            empty_row(t, r, (size_t)period_at + 1, hide[r] == PRIMARY ? "primary" : "secondary");
    if (count)
        fd_table_add_note(t, "少于 3 户或一两户占绝大部分的格不显示(统计法)",
                          "cells of fewer than three enterprises, or dominated by one or two, are "
                          "not shown (Statistics Law)");
    free(hide);
    return err < 0 ? err : 0;
}

/* Hide of a growth table what fd_protect() hides of the levels of one period. */
static void hide_level(uint8_t *hidden, const fd_table *t, const fd_column *level, bool classes)
{
    pattern p = { .rows = t->rows, .value = level };
    uint8_t *own = fd_alloc(t->rows + 1);

    memset(own, SHOWN, t->rows + 1);
    while (p.rows && (strcmp(fd_column_text(t->columns[0], p.rows - 1), "total") == 0 ||
                      strcmp(fd_column_text(t->columns[0], p.rows - 1), "residual") == 0))
        p.rows--;
    add_dimension(&p, t->columns[0], classes);
    for (size_t r = 0; r < t->rows; r++)
        if (sensitive(level, r, level->contributors ? level->contributors[r] : 0))
            own[r] = PRIMARY;
    hide_second(own, &p);
    for (size_t r = 0; r < t->rows; r++)
        if (own[r] != SHOWN && hidden[r] != PRIMARY)
            hidden[r] = own[r];
    free(own);
}

int fd_protect_growth(fd_table *t, fd_call *call, const fd_item *item,
                      const fd_indicator *indicator)
{
    const char *by = fd_call_text(call, "by");
    int current_at = fd_table_find(t, "current"), base_at = fd_table_find(t, "base");
    bool classes = by && (strcmp(by, "industry") == 0 || strcmp(by, "行业") == 0);
    uint8_t *hide;
    int err;

    if (call->role == FD_ROLE_STATISTICS || current_at < 0 || base_at < 0 ||
        !(item ? is_hidden(call->city, item, call->role) : indicator_is_hidden(call, indicator)))
        return 0;
    if (by && is_enterprise(by)) {
        fd_error_set(
            FD_EDENIED, "%s 来自企业统计原始资料,不能分企业给出(统计法)",
            "%s comes from statistical returns, which are not given by enterprise (Statistics Law)",
            item ? item->name : indicator->name);
        return fd_error_hint("按 county、chain 或 division 分;统计部门用 --role 统计",
                             "break down by county, chain or division; the statistics bureau uses "
                             "--role statistics");
    }
    if (fd_call_text(call, "where") &&
        (err = fd_protect_audit(call, item ? item->id : indicator->id)) < 0)
        return err;
    fd_table_add_new(t, "suppressed", "披露", "Disclosure", FD_TEXT, "", 0);
    hide = fd_alloc(t->rows + 1);
    memset(hide, SHOWN, t->rows + 1);
    hide_level(hide, t, t->columns[current_at], classes);
    hide_level(hide, t, t->columns[base_at], classes);
    for (size_t r = 0; r < t->rows; r++)
        if (hide[r] != SHOWN)
            empty_row(t, r, 2, hide[r] == PRIMARY ? "primary" : "secondary");
    free(hide);
    return 0;
}
