/*
 * A declared index on the city: leaves measured by county and year, scored, named.
 */
#include "app/index_city.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/protect.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/vec.h"
#include "fangding/measure.h"

enum { MOST_YEARS = 40 };

typedef struct leaves {
    const fd_indicator **items;
    size_t count;
} leaves;

/* ---- which leaves, which years ---- */

static bool has_children(const fd_table *tree, const char *code)
{
    for (size_t r = 0; r < tree->rows; r++)
        if (strcmp(fd_column_text_or(tree->columns[1], r, ""), code) == 0)
            return true;
    return false;
}

/* Indicators of the tree that is scored: the frozen one where there is one. An indicator that the
 * definitions no longer know stays out of the data and is unknown for everybody. */
static void find_leaves(leaves *out, fd_call *call, const fd_table *tree)
{
    out->items = fd_arena_alloc(call->arena, (tree->rows + 1) * sizeof *out->items);
    for (size_t r = 0; r < tree->rows; r++) {
        const char *code = fd_column_text_or(tree->columns[0], r, "");
        const fd_indicator *i = fd_program_indicator(call->city->program, code);

        if (i && !has_children(tree, code))
            out->items[out->count++] = i;
    }
}

/* The period by which a year of the indicator is asked: the year, or January to December. */
static fd_period period_of(const fd_indicator *indicator, int year)
{
    fd_period months = FD_PERIOD_NONE;
    char text[16];

    for (size_t k = 0; k < indicator->period_count; k++)
        if (indicator->periods[k] == FD_YEAR)
            return fd_period_year(year);
    snprintf(text, sizeof text, "%04d-01..12", year);
    return fd_period_parse(&months, text, strlen(text)) < 0 ? fd_period_year(year) : months;
}

/* years[y]: how many leaves have data for first + y. */
static int count_years(int years[MOST_YEARS], int first, fd_call *call, const leaves *l)
{
    int err = 0;

    memset(years, 0, MOST_YEARS * sizeof *years);
    for (size_t i = 0; i < l->count && err >= 0; i++) {
        fd_period *known = NULL;
        size_t count = 0;

        err = fd_measure_periods(&known, &count, call->city->program, call->city->source,
                                 l->items[i]);
        for (size_t k = 0; err >= 0 && k < count; k++) {
            const int year = fd_period_year_of(known[k]);

            if (year >= first && year < first + MOST_YEARS &&
                fd_period_compare(known[k], period_of(l->items[i], year)) == 0)
                years[year - first]++;
        }
        free(known);
    }
    return err;
}

/* The newest year that has most leaves, and the oldest of the plan (or of five) with any. */
static int find_years(int *from, int *to, fd_call *call, const leaves *l, const fd_index_city *c)
{
    enum { FIRST = 2000 };
    int years[MOST_YEARS], most = 0, err;

    if ((err = count_years(years, FIRST, call, l)) < 0)
        return err;
    *from = *to = 0;
    for (int y = 0; y < MOST_YEARS; y++)
        if (years[y] >= most && years[y] > 0) {
            most = years[y];
            *to = FIRST + y;
        }
    if (!*to)
        return fd_error_set(FD_ENOTFOUND, "指数「%s」的指标没有一年有数据",
                            "no indicator of index %s has data for any year", c->decl.name);
    for (int y = *to - FIRST; y >= 0 && *to - (FIRST + y) < 5; y--)
        if (years[y] == most && (!c->decl.plan_from || FIRST + y >= c->decl.plan_from))
            *from = FIRST + y;
    if (!*from)
        *from = *to;
    return 0;
}

/* ---- values ---- */

static size_t find_row(const fd_table *t, const char *unit, const char *year)
{
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text_or(t->columns[0], r, ""), unit) == 0 &&
            strcmp(fd_column_text_or(t->columns[1], r, ""), year) == 0)
            return r;
    return SIZE_MAX;
}

/* A row for every unit and year, whatever is known of it. */
static int begin_panel(fd_table **out, fd_index_city *c, fd_call *call, const leaves *l)
{
    const fd_frame *frame;
    fd_table *t;
    int err = call->city->source->ops->frame(call->city->source,
                                             c->decl.by_county ? "county" : "city", &frame);

    if (err < 0)
        return err;
    if (frame->n == 0)
        return fd_error_set(FD_ENOTFOUND, "城市文件里没有县区", "the city file has no county");
    t = fd_table_new("panel", "指标值", "Values");
    fd_table_add_new(t, c->decl.by_county ? "county" : "city", "单位", "Unit", FD_TEXT, "", 0);
    fd_table_add_new(t, "year", "年", "Year", FD_TEXT, "", 0);
    for (size_t i = 0; i < l->count; i++)
        fd_table_add_new(t, l->items[i]->id, l->items[i]->name, l->items[i]->id, FD_EST, "", 0);
    for (size_t u = 0; u < frame->n; u++)
        for (int year = c->from; year <= c->to; year++) {
            const size_t row = fd_table_add_row(t);
            char text[16];

            snprintf(text, sizeof text, "%d", year);
            fd_column_set_text(t->columns[0], row, frame->codes[u]);
            fd_column_set_text(t->columns[1], row, text);
        }
    c->units = frame->n;
    *out = t;
    return 0;
}

static void put_gap(fd_index_city *c, const char *unit, const char *year, const char *code,
                    const char *why)
{
    const size_t row = fd_table_add_row(c->gaps);

    fd_column_set_text(c->gaps->columns[0], row, unit);
    fd_column_set_text(c->gaps->columns[1], row, year);
    fd_column_set_text(c->gaps->columns[2], row, code);
    fd_column_set_text(c->gaps->columns[3], row, why);
}

static void take_values(fd_table *panel, size_t column, const fd_table *measured, int year)
{
    const int unit = fd_table_find(measured, panel->columns[0]->id),
              value = fd_table_find(measured, "value");
    char text[16];

    snprintf(text, sizeof text, "%d", year);
    for (size_t r = 0; r < measured->rows && value >= 0; r++) {
        const fd_column *v = measured->columns[value];
        const fd_state state = fd_column_state(v, r);
        const size_t row =
            unit >= 0 ? find_row(panel, fd_column_text_or(measured->columns[unit], r, ""), text)
                      : SIZE_MAX;

        if (row != SIZE_MAX && (state == FD_HAS || state == FD_DOUBT))
            fd_column_set_est(panel->columns[column], row,
                              fd_number_to_double(fd_column_number(v, r)));
    }
}

/* Why a cell is not known: hidden, not applicable, or not there. */
static const char *why_missing(const fd_table *measured, const char *unit, const char *unit_column)
{
    const int at = fd_table_find(measured, unit_column), value = fd_table_find(measured, "value"),
              hidden = fd_table_find(measured, "suppressed");

    for (size_t r = 0; at >= 0 && r < measured->rows; r++) {
        if (strcmp(fd_column_text_or(measured->columns[at], r, ""), unit) != 0)
            continue;
        if (hidden >= 0 && fd_column_text(measured->columns[hidden], r))
            return "保密";
        return fd_column_state(measured->columns[value], r) == FD_NA ? "不适用" : "缺报";
    }
    return "缺报";
}

static int measure_leaf(fd_table *panel, size_t column, fd_index_city *c, fd_call *call,
                        const fd_indicator *indicator, struct fd_pool *pool)
{
    const char *by[] = { panel->columns[0]->id };
    int err = 0;

    for (int year = c->from; year <= c->to && err >= 0; year++) {
        fd_measure_options options = FD_MEASURE_OPTIONS_INIT;
        const fd_period period = period_of(indicator, year);
        fd_table *t = NULL;
        char text[16];

        options.by = by;
        options.by_count = 1;
        options.pool = pool;
        snprintf(text, sizeof text, "%d", year);
        if ((err = fd_measure(&t, call->city->program, call->city->source, &indicator, 1, &period,
                              1, &options)) < 0)
            return err;
        if ((err = fd_protect(&t, call, indicator, 1, false)) >= 0) {
            take_values(panel, column, t, year);
            for (size_t r = 0; r < panel->rows; r++)
                if (strcmp(fd_column_text_or(panel->columns[1], r, ""), text) == 0 &&
                    fd_column_state(panel->columns[column], r) != FD_HAS) {
                    const char *unit = fd_column_text_or(panel->columns[0], r, "");

                    put_gap(c, unit, text, indicator->id, why_missing(t, unit, by[0]));
                }
        }
        fd_table_free(t);
    }
    return err;
}

static int measure_all(fd_table **out, fd_index_city *c, fd_call *call, const leaves *l)
{
    fd_table *panel = NULL;
    struct fd_pool *pool;
    int err;

    if ((err = begin_panel(&panel, c, call, l)) < 0)
        return err;
    c->gaps = fd_table_new("gaps", "数据不足", "Insufficient data");
    fd_table_add_new(c->gaps, panel->columns[0]->id, "单位", "Unit", FD_TEXT, "", 0);
    fd_table_add_new(c->gaps, "year", "年", "Year", FD_TEXT, "", 0);
    fd_table_add_new(c->gaps, "code", "指标", "Indicator", FD_TEXT, "", 0);
    fd_table_add_new(c->gaps, "why", "为什么", "Why", FD_TEXT, "", 0);
    pool = fd_pool_new(0);
    for (size_t i = 0; i < l->count && err >= 0; i++)
        err = measure_leaf(panel, 2 + i, c, call, l->items[i], pool);
    fd_pool_free(pool);
    if (err < 0)
        fd_table_free(panel);
    else
        *out = panel;
    return err;
}

/* ---- the whole ---- */

/* What the score rests on, said below it. */
static void note_batch(fd_index_city *c, bool trial)
{
    static const char *const methods[] = { "fixed", "entropy", "topsis" };
    fd_table *t = c->index.scores;
    char zh[500], en[500];

    if (c->frozen.there) {
        snprintf(zh, sizeof zh,
                 "权重冻结:版本 %d,规划期 %s,取自 %s;期内各年可比,改动要新版本和理由",
                 c->frozen.edition, c->frozen.plan, c->frozen.batch);
        snprintf(en, sizeof en,
                 "weights frozen: edition %d for %s, taken from %s; years inside it compare, a "
                 "change needs a new edition and a reason",
                 c->frozen.edition, c->frozen.plan, c->frozen.batch);
        fd_table_add_note(t, zh, en);
    } else {
        snprintf(zh, sizeof zh, "权重没有冻结:上下限%s取自这一批(%d—%d年,%zu 个单位),%s",
                 c->decl.method == FD_INDEX_FIXED ? "" : "和熵权", c->from, c->to, c->units,
                 c->decl.method == FD_INDEX_FIXED
                     ? "换一批数据就变"
                     : "熵权得分只在同一批里可比,换一批数据就变;fangding index freeze 冻结");
        snprintf(en, sizeof en,
                 "weights are not frozen (%s): bounds and entropy weights come from this batch "
                 "(%d-%d, %zu units); entropy scores are comparable only inside one batch; "
                 "fangding index freeze freezes them",
                 methods[c->decl.method], c->from, c->to, c->units);
        fd_table_add_note(t, zh, en);
    }
    if (trial)
        fd_table_add_note(t, "试算:不是规划期内冻结的权重,不作数",
                          "a trial: not the weights frozen for the plan period");
    if (c->decl.is_example)
        fd_table_add_note(t, "指标树是示例和编辑模板,权重没有官方依据",
                          "the tree is an example and a template: its weights are nobody's");
}

int fd_index_city_run(fd_index_city *out, fd_call *call, const fd_index_ask *ask)
{
    fd_index_options o = FD_INDEX_OPTIONS_INIT;
    fd_table *panel = NULL;
    leaves l = { NULL, 0 };
    int from, to, err;

    memset(out, 0, sizeof *out);
    if (fd_call_is_limited(call) || call->role == FD_ROLE_VIEWER)
        return fd_error_set(FD_EDENIED, "指数比较各县区,本角色只看一部分",
                            "an index compares counties, this role sees a part of the city");
    if ((err = fd_index_decl_read(&out->decl, call, ask->name)) < 0)
        return err;
    find_leaves(&l, call, out->decl.tree);
    if ((err = find_years(&from, &to, call, &l, out)) < 0)
        return err;
    out->from = ask->from && ask->from < from ? ask->from : from;
    out->to = ask->to > to ? ask->to : to;
    if (out->to - out->from >= MOST_YEARS)
        return fd_error_set(FD_EINVAL, "年份太多", "too many years");
    if ((err = fd_index_frozen_read(&out->frozen, call, out->decl.id, ask->to ? ask->to : to)) < 0)
        return err;
    if (ask->unfrozen || (ask->has_method && ask->method != out->decl.method)) {
        const bool was = out->frozen.there;

        fd_index_frozen_dispose(&out->frozen);
        memset(&out->frozen, 0, sizeof out->frozen);
        out->decl.method = ask->has_method ? ask->method : out->decl.method;
        ask = was ? ask : NULL;
    } else {
        ask = NULL;
    }
    if (out->frozen.there) {
        l = (leaves){ NULL, 0 };
        find_leaves(&l, call, out->frozen.tree);
    }
    if ((err = measure_all(&panel, out, call, &l)) < 0)
        return err;
    o.id = panel->columns[0]->id;
    o.time = "year";
    o.tree = out->frozen.there ? out->frozen.tree : out->decl.tree;
    o.frozen = out->frozen.there;
    o.method = out->decl.method;
    if ((err = fd_index_run(&out->index, panel, &o)) >= 0)
        note_batch(out, ask != NULL);
    fd_table_free(panel);
    return err;
}

void fd_index_city_dispose(fd_index_city *city)
{
    fd_index_decl_dispose(&city->decl);
    fd_index_frozen_dispose(&city->frozen);
    fd_index_dispose(&city->index);
    fd_table_free(city->gaps);
    city->gaps = NULL;
}

/* ---- names ---- */

const char *fd_index_city_name(const fd_index_city *city, fd_call *call, const char *code)
{
    const fd_indicator *indicator = fd_program_indicator(call->city->program, code);
    const fd_table *tree = city->decl.tree;

    if (indicator && strcmp(indicator->id, code) == 0)
        return indicator->name;
    for (size_t r = 0; r < tree->rows; r++)
        if (strcmp(fd_column_text_or(tree->columns[0], r, ""), code) == 0)
            return fd_column_text_or(tree->columns[6], r, code);
    return code;
}

/* Move the last column to `at`. */
static void move_last(fd_table *t, size_t at)
{
    fd_column *last = t->columns[t->column_count - 1];

    memmove(t->columns + at + 1, t->columns + at, (t->column_count - 1 - at) * sizeof *t->columns);
    t->columns[at] = last;
}

void fd_index_city_names(fd_table *t, const fd_index_city *city, fd_call *call)
{
    const char *kind = city->decl.by_county ? "county" : "city";
    fd_column *name = fd_table_add_new(t, "name", "名称", "Name", FD_TEXT, "", 0);
    int code;

    for (size_t r = 0; r < t->rows; r++) {
        const char *unit = fd_column_text_or(t->columns[0], r, "");

        fd_column_set_text(name, r, fd_source_name(call->city->source, kind, unit));
    }
    fd_column_set_title(t->columns[0], city->decl.by_county ? "代码" : "市", "Code");
    move_last(t, 1);
    if (fd_table_find(t, "year") >= 0)
        fd_column_set_title(t->columns[fd_table_find(t, "year")], "年", "Year");
    for (size_t c = 0; c < t->column_count; c++) {
        const char *id = t->columns[c]->id;
        char zh[200], en[200];

        if (strncmp(id, "c_", 2) != 0 && strncmp(id, "u_", 2) != 0)
            continue;
        if (strcmp(id, "c_classic") == 0 || strcmp(id, "u_a") == 0 || strcmp(id, "u_b") == 0)
            continue;
        snprintf(zh, sizeof zh, "%s %.160s", id[0] == 'c' ? "贡献" : "U",
                 fd_index_city_name(city, call, id + 2));
        snprintf(en, sizeof en, "%s %.160s", id[0] == 'c' ? "From" : "U", id + 2);
        fd_column_set_title(t->columns[c], zh, en);
    }
    if ((code = fd_table_find(t, "code")) < 0)
        return;
    name = fd_table_add_new(t, "indicator", "指标名称", "Indicator's name", FD_TEXT, "", 0);
    for (size_t r = 0; r < t->rows; r++)
        fd_column_set_text(
            name, r, fd_index_city_name(city, call, fd_column_text_or(t->columns[code], r, "")));
    move_last(t, (size_t)code + 1);
}

int fd_index_city_year(fd_table **t, int year)
{
    const int at = *t ? fd_table_find(*t, "year") : -1;
    fd_table *kept = NULL;
    bool *keep;
    char text[16];
    int err;

    if (at < 0 || !year)
        return 0;
    snprintf(text, sizeof text, "%d", year);
    keep = fd_alloc((*t)->rows + 1);
    for (size_t r = 0; r < (*t)->rows; r++)
        keep[r] = strcmp(fd_column_text_or((*t)->columns[at], r, ""), text) == 0;
    if ((err = fd_table_filter(&kept, *t, keep)) >= 0) {
        fd_table_free(*t);
        *t = kept;
    }
    free(keep);
    return err;
}
