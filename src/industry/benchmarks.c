#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "fangding/industry.h"

enum {
    INDICATOR,
    NAME,
    PERIOD,
    AREA,
    KIND,
    VALUE,
    OWN,
    UNIT,
    GAP,
    RANK,
    OF,
    REFERENCE,
    DATED,
    ALL
};

static const fd_column_spec specs[ALL] = {
    { "indicator", "指标编号", "Indicator", FD_TEXT, "", 0 },
    { "name", "指标", "Name", FD_TEXT, "", 0 },
    { "period", "期间", "Period", FD_TEXT, "", 0 },
    { "area", "地区", "Area", FD_TEXT, "", 0 },
    { "kind", "类别", "Kind", FD_TEXT, "", 0 },
    { "value", "数值", "Value", FD_QUOT, "", 0 },
    { "own", "本市", "The city", FD_QUOT, "", 0 },
    { "unit", "单位", "Unit", FD_TEXT, "", 0 },
    { "gap", "本市−对方", "Gap", FD_QUOT, "", 0 },
    { "rank", "本市位次", "Rank", FD_DEC, "", 0 },
    { "of", "共", "Of", FD_DEC, "", 0 },
    { "reference", "出处", "Source", FD_TEXT, "", 0 },
    { "dated", "出处日期", "Dated", FD_TEXT, "", 0 },
};

static bool has(fd_number n)
{
    return n.state == FD_HAS && !n.is_estimate;
}

static int by_place(const void *a, const void *b)
{
    const fd_benchmark *x = *(const fd_benchmark *const *)a, *y = *(const fd_benchmark *const *)b;
    int order = strcmp(x->indicator, y->indicator);

    if (order == 0)
        order = fd_period_compare(y->period, x->period);
    if (order == 0)
        order = strcmp(x->kind, y->kind);
    if (order == 0 && has(x->value) && has(y->value))
        order = fd_quot_compare(y->value.exact, x->value.exact);
    return order ? order : strcmp(x->area, y->area);
}

static bool together(const fd_benchmark *a, const fd_benchmark *b)
{
    return a->period == b->period && strcmp(a->indicator, b->indicator) == 0 &&
           strcmp(a->kind, b->kind) == 0;
}

/* The city's place among the areas from .. to, itself counted. */
static void put_rank(fd_table *t, const fd_benchmark *const *list, size_t from, size_t to)
{
    int64_t rank = 1, of = 1;

    if (!has(list[from]->own))
        return;
    for (size_t i = from; i < to; i++) {
        if (!has(list[i]->value))
            continue;
        of++;
        rank += fd_quot_compare(list[i]->value.exact, list[from]->own.exact) > 0;
    }
    for (size_t i = from; i < to; i++) {
        fd_column_set_dec(t->columns[RANK], i, rank);
        fd_column_set_dec(t->columns[OF], i, of);
    }
}

static int put_row(fd_table *t, const fd_benchmark *b)
{
    const size_t row = fd_table_add_row(t);
    char period[32];
    int err = 0;

    fd_period_format(b->period, period, sizeof period);
    fd_column_set_text(t->columns[INDICATOR], row, b->indicator);
    fd_column_set_text(t->columns[NAME], row, b->name);
    fd_column_set_text(t->columns[PERIOD], row, period);
    fd_column_set_text(t->columns[AREA], row, b->area);
    fd_column_set_text(t->columns[KIND], row, b->kind);
    fd_column_set_text(t->columns[UNIT], row, b->unit);
    fd_column_set_text(t->columns[REFERENCE], row, b->reference);
    fd_column_set_text(t->columns[DATED], row, b->dated);
    if (has(b->value))
        fd_column_set_quot(t->columns[VALUE], row, b->value.exact);
    if (has(b->own))
        fd_column_set_quot(t->columns[OWN], row, b->own.exact);
    if (has(b->value) && has(b->own)) {
        fd_quot gap;

        if ((err = fd_quot_sub(&gap, b->own.exact, b->value.exact)) >= 0)
            fd_column_set_quot(t->columns[GAP], row, gap);
    }
    return err;
}

int fd_benchmarks(fd_table **out, const fd_benchmark *list, size_t count)
{
    const fd_benchmark **order = fd_alloc((count + 1) * sizeof *order);
    fd_table *t = fd_table_new("benchmarks", "同类城市比较", "Beside similar cities");
    int err = 0;

    fd_table_add_columns(t, specs, ALL);
    t->columns[VALUE]->digits = t->columns[OWN]->digits = t->columns[GAP]->digits = 2;
    for (size_t i = 0; i < count; i++)
        order[i] = &list[i];
    qsort(order, count, sizeof *order, by_place);
    for (size_t i = 0; i < count && err >= 0; i++)
        err = put_row(t, order[i]);
    for (size_t from = 0, to; from < count && err >= 0; from = to) {
        for (to = from + 1; to < count && together(order[from], order[to]);)
            to++;
        put_rank(t, order, from, to);
    }
    free(order);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err < 0 ? err : 0;
}
