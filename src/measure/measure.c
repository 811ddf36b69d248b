/*
 * Indicators × periods × groups.
 */
#include "fangding/measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "ding/eval/eval.h"
#include "measure/arith.h"
#include "measure/internal.h"

#define KEEP_BYTES ((size_t)256 << 20) /* columns kept from one period to the next */

/* ---- marks ---- */

typedef struct marker {
    fd_source *source;
    fd_period period;
    fd_basis basis;
    char *buf;
    size_t size;
    int depth;
} marker;

static void add_mark(char *buf, size_t size, fd_view mark)
{
    fd_view have = fd_view_of(buf), piece;

    mark = fd_view_trim(mark);
    if (mark.len == 0)
        return;
    while (fd_view_split(&have, ';', &piece))
        if (fd_view_equal(fd_view_trim(piece), mark))
            return;
    if (strlen(buf) + mark.len + 2 < size)
        snprintf(buf + strlen(buf), size - strlen(buf), "%s%.*s", buf[0] ? ";" : "", (int)mark.len,
                 mark.ptr);
}

static int mark_name(void *payload, const fd_expr *name, const fd_expr *at)
{
    marker *m = payload;
    const char *marks = NULL;
    fd_view rest, piece;

    (void)at;
    if (name->symbol == FD_SYM_INDICATOR && m->depth < 32) {
        const fd_indicator *i = name->target;
        int err;

        m->depth++;
        err = fd_expr_each_name(i->formula, mark_name, m);
        if (err >= 0)
            err = fd_expr_each_name(i->total, mark_name, m);
        m->depth--;
        return err;
    }
    if (name->symbol != FD_SYM_ITEM)
        return 0;
    if (m->source->ops->marks(m->source, ((const fd_item *)name->target)->id, m->period, m->basis,
                              &marks, NULL) < 0) {
        fd_error_clear(); /* nothing stored, nothing marked */
        return 0;
    }
    for (rest = fd_view_of(marks); fd_view_split(&rest, ';', &piece);)
        add_mark(m->buf, m->size, piece);
    return 0;
}

void fd_measure__marks(char *buf, size_t size, fd_source *source, const fd_indicator *i,
                       fd_period period)
{
    marker m = { source, period, i->verified ? FD_VERIFIED : FD_CURRENT, buf, size, 0 };

    (void)fd_expr_each_name(i->formula, mark_name, &m);
    (void)fd_expr_each_name(i->total, mark_name, &m);
}

/* ---- tables ---- */

/* All results of one call: [indicator × periods + period]. */
typedef struct batch {
    const fd_indicator *const *indicators;
    size_t count;
    const fd_period *periods;
    size_t period_count;
    const fd_measure_options *options;
    fd_grouping *grouping;
    size_t *order;
    fd_eval_result *results;
} batch;

static const fd_eval_cell *cell_at(const batch *b, size_t i, size_t p, size_t g)
{
    const fd_eval_result *r = &b->results[i * b->period_count + p];

    return g < r->count ? &r->cells[g] : NULL;
}

/* A group stands in the table when it has members there, or a figure of its own. */
static bool shown(const batch *b, const fd_eval_cell *c)
{
    return b->options->all_groups || fd_grouping_dims(b->grouping) == 0 ||
           (c && (c->members > 0 || c->value.state != FD_NA));
}

typedef struct columns {
    fd_column *codes[8], *names[8];
    fd_column *period, *value, *n, *reported, *expected, *coverage;
} columns;

static void add_columns(columns *c, fd_table *t, const batch *b, const fd_indicator *i,
                        bool estimate)
{
    size_t dims = fd_grouping_dims(b->grouping);
    char id[96];

    for (size_t d = 0; d < dims; d++) {
        const char *dim = fd_grouping_dim(b->grouping, d);

        c->codes[d] = fd_table_add_new(t, dim, b->options->by[d], dim, FD_CODE, "", 0);
        snprintf(id, sizeof id, "%s_name", dim);
        c->names[d] = fd_table_add_new(t, id, "名称", "Name", FD_TEXT, "", 0);
    }
    c->period = fd_table_add_new(t, "period", "期间", "Period", FD_PERIOD, "", 0);
    c->value = fd_table_add_new(t, "value", i->name, i->id, estimate ? FD_EST : FD_QUOT,
                                i->unit ? i->unit->name : "", 0);
    c->value->digits = i->digits;
    c->n = fd_table_add_new(t, "n", "户数", "n", FD_DEC, "", 0);
    c->reported = fd_table_add_new(t, "reported", "已报", "Reported", FD_DEC, "", 0);
    c->expected = fd_table_add_new(t, "expected", "应报", "Expected", FD_DEC, "", 0);
    c->coverage = fd_table_add_new(t, "coverage", "覆盖率", "Coverage", FD_QUOT, "%", 0);
    c->coverage->digits = 1;
}

static void fill_row(const columns *c, fd_table *t, const batch *b, size_t g, size_t p,
                     const fd_eval_cell *cell)
{
    size_t row = fd_table_add_row(t);
    fd_quot share;

    for (size_t d = 0; d < fd_grouping_dims(b->grouping) && d < 8; d++) {
        const char *name = fd_grouping_name(b->grouping, g, d, FD_ZH);

        fd_column_set_text(c->codes[d], row, fd_grouping_code(b->grouping, g, d));
        if (name)
            fd_column_set_text(c->names[d], row, name);
    }
    fd_column_set_day(c->period, row, b->periods[p]);
    if (!cell) {
        fd_column_set_state(c->value, row, FD_NA);
        return;
    }
    fd_column_put(c->value, row, cell->value);
    fd_column_set_contributors(c->value, row, cell->n, cell->top1, cell->top2);
    if (cell->members || cell->n)
        fd_column_set_dec(c->n, row, cell->n);
    if (cell->expected) {
        fd_column_set_dec(c->reported, row, cell->reported);
        fd_column_set_dec(c->expected, row, cell->expected);
        if (fd_quot_make(&share, (fd_i128)cell->reported * 100, cell->expected) >= 0)
            fd_column_set_quot(c->coverage, row, share);
    }
}

static void add_notes(fd_table *t, const batch *b, size_t i, fd_source *source)
{
    const fd_indicator *indicator = b->indicators[i];
    bool stored = false, reported = false;
    uint32_t missing = 0;
    char marks[64] = "", zh[256], en[256];

    for (size_t p = 0; p < b->period_count; p++) {
        const fd_eval_result *r = &b->results[i * b->period_count + p];

        stored = stored || r->used_stored;
        reported = reported || r->used_reported;
        for (size_t g = 0; g < r->count; g++)
            missing = fd_measure__lacking(&r->cells[g]) > missing
                          ? fd_measure__lacking(&r->cells[g])
                          : missing;
        fd_measure__marks(marks, sizeof marks, source, indicator, b->periods[p]);
    }
    if (reported && missing) {
        snprintf(zh, sizeof zh, "只合计已报;单格最多缺 %u 户,覆盖率见表", missing);
        snprintf(en, sizeof en,
                 "sums of those who answered; at most %u missing in a cell, see coverage", missing);
        fd_table_add_note(t, zh, en);
    }
    if (stored)
        fd_table_add_note(
            t, "增速的基数是已存的上年数:本期报表没有同报的上年同期数",
            "growth compares with the stored year before: no comparative figures were reported");
    if (!indicator->verified)
        fd_table_add_note(t, "测算,内部参考", "own estimate, for internal reference");
    if (marks[0]) {
        snprintf(zh, sizeof zh, "数据标记:%s", marks);
        snprintf(en, sizeof en, "marks of the data: %s", marks);
        fd_table_add_note(t, zh, en);
    }
}

static fd_table *make_table(const batch *b, size_t i, fd_source *source)
{
    const fd_indicator *indicator = b->indicators[i];
    fd_table *t = fd_table_new(indicator->id, indicator->name, indicator->id);
    size_t groups = fd_grouping_count(b->grouping);
    bool estimate = false;
    columns c = { 0 };

    if (fd_grouping_dims(b->grouping) == 0)
        groups = 1;
    for (size_t p = 0; p < b->period_count; p++)
        estimate = estimate || b->results[i * b->period_count + p].is_estimate;
    add_columns(&c, t, b, indicator, estimate);
    for (size_t k = 0; k < groups; k++) {
        size_t g = fd_grouping_dims(b->grouping) ? b->order[k] : 0;

        for (size_t p = 0; p < b->period_count; p++) {
            const fd_eval_cell *cell = cell_at(b, i, p, g);

            if (shown(b, cell))
                fill_row(&c, t, b, g, p, cell);
        }
    }
    add_notes(t, b, i, source);
    return t;
}

int fd_measure(fd_table **out, const fd_program *program, fd_source *source,
               const fd_indicator *const *indicators, size_t count, const fd_period *periods,
               size_t period_count, const fd_measure_options *options)
{
    static const fd_measure_options defaults = FD_MEASURE_OPTIONS_INIT;
    batch b = { indicators, count, periods, period_count, options, NULL, NULL, NULL };
    fd_eval *eval = NULL;
    int err;

    for (size_t i = 0; i < count; i++)
        out[i] = NULL;
    if (!options)
        b.options = options = &defaults;
    if (options->by_count > 8)
        return fd_error_set(FD_ELIMIT, "最多八个维度", "at most eight dimensions");
    b.results = fd_alloc((count * period_count + 1) * sizeof *b.results);
    if ((err = fd_eval_new(&eval, program, source, options->pool)) < 0 ||
        (err = fd_grouping_new(&b.grouping, eval, options->by, options->by_count)) < 0)
        goto done;
    if (options->all_groups && (err = fd_grouping_declare(b.grouping)) < 0)
        goto done;
    for (size_t p = 0; p < period_count; p++) {
        for (size_t i = 0; i < count; i++) {
            fd_eval_query q = { .period = periods[p],
                                .where = options->where,
                                .grouping = b.grouping };

            if ((err = fd_eval_indicator(&b.results[i * period_count + p], eval, indicators[i],
                                         &q)) < 0) {
                (void)fd_error_detail("指标「%s」", "indicator %s", indicators[i]->name);
                goto done;
            }
        }
        fd_eval_trim(eval, KEEP_BYTES);
    }
    b.order = fd_grouping_order(b.grouping);
    for (size_t i = 0; i < count; i++)
        out[i] = make_table(&b, i, source);
done:
    for (size_t i = 0; i < count * period_count; i++)
        fd_eval_result_dispose(&b.results[i]);
    free(b.results);
    free(b.order);
    fd_grouping_free(b.grouping);
    fd_eval_free(eval);
    return err < 0 ? err : 0;
}

int fd_measure_one(fd_measured *out, const fd_program *program, fd_source *source,
                   const fd_indicator *indicator, fd_period period, const fd_expr *where)
{
    fd_eval_query q = { .period = period, .where = where };
    fd_eval_result r = { 0 };
    fd_eval *eval = NULL;
    int err;

    *out = (fd_measured){ .value = fd_number_missing() };
    if ((err = fd_eval_new(&eval, program, source, NULL)) < 0 ||
        (err = fd_eval_indicator(&r, eval, indicator, &q)) < 0)
        goto done;
    out->value = r.cells[0].value;
    out->n = r.cells[0].n;
    out->top1 = r.cells[0].top1;
    out->top2 = r.cells[0].top2;
    out->reported = r.cells[0].reported;
    out->expected = r.cells[0].expected;
    out->used_stored = r.used_stored;
    fd_measure__marks(out->marks, sizeof out->marks, source, indicator, period);
done:
    fd_eval_result_dispose(&r);
    fd_eval_free(eval);
    return err < 0 ? err : 0;
}

/* ---- periods ---- */

typedef struct finder {
    fd_source *source;
    const fd_indicator *indicator;
    fd_vec(fd_period) common;
    bool started;
    int depth;
} finder;

static bool right_kind(const fd_indicator *i, fd_period p)
{
    for (size_t k = 0; k < i->period_count; k++)
        if (fd_period_kind_of(p) == i->periods[k])
            return true;
    return i->period_count == 0;
}

static int item_periods(const fd_period **out, size_t *count, fd_source *source,
                        const fd_item *item, const char *id)
{
    int err = source->ops->periods(source, id, FD_CURRENT, out, count);

    if (err >= 0 && *count == 0 && strcmp(item->kind, "enterprise") != 0)
        err = source->ops->periods(source, id, FD_VERIFIED, out, count);
    return err;
}

static int find_periods(void *payload, const fd_expr *name, const fd_expr *at)
{
    finder *f = payload;
    const fd_item *item = name->target;
    const fd_period *periods;
    size_t count, kept = 0;
    char id[128];
    int err;

    if (name->symbol == FD_SYM_INDICATOR && f->depth < 32 && !at) {
        const fd_indicator *i = name->target;

        f->depth++;
        err = fd_expr_each_name(i->total ? i->total : i->formula, find_periods, f);
        f->depth--;
        return err;
    }
    /* A shifted name asks for another period; what is there is seen when it is computed. */
    if (name->symbol != FD_SYM_ITEM || item->nature == FD_ATTRIBUTE ||
        (at && at->at != FD_AT_VERIFIED && at->at != FD_AT_COMPARATIVE))
        return 0;
    snprintf(id, sizeof id, "%s%s%s", item->id, name->variant ? ":" : "",
             name->variant ? name->variant : "");
    if ((err = item_periods(&periods, &count, f->source, item, id)) < 0)
        return err;
    if (!f->started) {
        for (size_t i = 0; i < count; i++)
            if (right_kind(f->indicator, periods[i]))
                fd_vec_push(&f->common, periods[i]);
        f->started = true;
        return 0;
    }
    for (size_t i = 0; i < f->common.count; i++)
        for (size_t k = 0; k < count; k++)
            if (periods[k] == f->common.items[i]) {
                f->common.items[kept++] = f->common.items[i];
                break;
            }
    f->common.count = kept;
    return 0;
}

static int by_period(const void *a, const void *b)
{
    return fd_period_compare(*(const fd_period *)a, *(const fd_period *)b);
}

/* An indicator of attributes alone can be asked whenever something is known of its subjects. */
static int periods_of_kind(finder *f, const fd_program *program)
{
    const fd_decl *decl;
    size_t kept = 0;
    int err;

    for (size_t i = 0; (decl = fd_program_decl(program, FD_DECL_ITEM, i)); i++) {
        const fd_item *item = fd_program_item(program, decl->alias);
        const fd_period *periods;
        size_t count;

        if (!item || item->nature == FD_ATTRIBUTE || strcmp(item->kind, f->indicator->kind) != 0)
            continue;
        if ((err = item_periods(&periods, &count, f->source, item, item->id)) < 0)
            return err;
        for (size_t k = 0; k < count; k++)
            if (right_kind(f->indicator, periods[k]))
                fd_vec_push(&f->common, periods[k]);
    }
    if (f->common.count)
        qsort(f->common.items, f->common.count, sizeof *f->common.items, by_period);
    for (size_t i = 0; i < f->common.count; i++)
        if (i == 0 || f->common.items[i] != f->common.items[kept - 1])
            f->common.items[kept++] = f->common.items[i];
    f->common.count = kept;
    return 0;
}

int fd_measure_periods(fd_period **periods, size_t *count, const fd_program *program,
                       fd_source *source, const fd_indicator *indicator)
{
    finder f = { .source = source, .indicator = indicator };
    int err = fd_expr_each_name(indicator->total ? indicator->total : indicator->formula,
                                find_periods, &f);

    if (err >= 0 && !f.started)
        err = periods_of_kind(&f, program);
    if (err < 0) {
        fd_vec_dispose(&f.common);
        return err;
    }
    if (f.common.count)
        qsort(f.common.items, f.common.count, sizeof *f.common.items, by_period);
    *periods = f.common.items ? f.common.items : fd_alloc(sizeof **periods);
    *count = f.common.count;
    return 0;
}
