/*
 * Total factor productivity: Törnqvist and Solow, unit by unit.
 */
#include "analysis/tfp.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "fangding/arena.h"
#include "table/put.h"

/* What the columns of the panel are: output, then inputs, then shares (or none), then the others
 * that the options name. */
typedef struct plan {
    fd_arena *arena;
    const char *output;
    fd_vec(const char *) inputs;
    fd_vec(const char *) shares;
    const char *published;
    fd_vec(const char *) all;
    size_t share_at, published_at, level_at, weight_at; /* columns of the panel; SIZE_MAX: none */
} plan;

typedef struct work {
    const fd_tfp_options *o;
    plan p;
    fd_prodpanel panel;
    double *share;   /* inputs × n, divided by their sum; NULL without shares */
    double *alpha;   /* units × inputs: elasticities; NaN where a unit has none */
    double *all;     /* inputs: elasticities for the whole panel */
    size_t skipped;  /* pairs that lack a number */
    size_t gaps;     /* pairs that span more than one period */
    size_t negative; /* shares below 0, as a loss makes capital's */
} work;

/* ---- which columns ---- */

static const char *only_ending(const fd_table *in, const char *ending)
{
    const char *found = NULL;

    for (size_t c = 0; c < in->column_count; c++)
        if (fd_view_ends(fd_view_of(in->columns[c]->id), ending)) {
            if (found)
                return NULL;
            found = in->columns[c]->id;
        }
    return found;
}

static const char *default_output(const fd_table *in)
{
    const char *found = NULL;

    for (size_t c = 0; c < in->column_count; c++)
        if (fd_view_starts(fd_view_of(in->columns[c]->id), "out_")) {
            if (found)
                return NULL;
            found = in->columns[c]->id;
        }
    if (found)
        return found;
    return fd_table_find(in, "q") >= 0 ? "q" : fd_table_find(in, "y") >= 0 ? "y" : NULL;
}

static const char *share_name(fd_arena *arena, const fd_table *in, const char *input)
{
    const char *name = fd_arena_printf(arena, "s%s", input);

    return fd_table_find(in, name) >= 0 ? name : NULL;
}

static void default_inputs(plan *p, const fd_table *in)
{
    for (size_t c = 0; c < in->column_count; c++)
        if (fd_view_starts(fd_view_of(in->columns[c]->id), "in_"))
            fd_vec_push(&p->inputs, in->columns[c]->id);
    if (p->inputs.count)
        return;
    for (size_t c = 0; c < in->column_count; c++)
        if (strcmp(in->columns[c]->id, p->output) != 0 &&
            share_name(p->arena, in, in->columns[c]->id))
            fd_vec_push(&p->inputs, in->columns[c]->id);
}

static int plan_shares(plan *p, const fd_table *in, const fd_tfp_options *o)
{
    if (o->share_count && o->share_count != p->inputs.count)
        return fd_error_set(FD_EINVAL, "成本份额有 %zu 列,投入有 %zu 列:应一一对应",
                            "%zu columns of shares for %zu inputs: one for each, in their order",
                            o->share_count, p->inputs.count);
    for (size_t i = 0; i < o->share_count; i++)
        fd_vec_push(&p->shares, o->shares[i]);
    for (size_t i = 0; i < p->inputs.count && !o->share_count; i++) {
        const char *name = share_name(p->arena, in, p->inputs.items[i]);

        if (name)
            fd_vec_push(&p->shares, name);
    }
    if (p->shares.count != p->inputs.count)
        fd_vec_dispose(&p->shares);
    return 0;
}

static size_t append(plan *p, const char *name)
{
    if (!name)
        return SIZE_MAX;
    fd_vec_push(&p->all, name);
    return p->all.count - 1;
}

static int no_weights(void)
{
    fd_error_set(FD_EINVAL, "没有成本份额也没有弹性:算不出投入的贡献",
                 "neither cost shares nor elasticities: what did the inputs contribute?");
    return fd_error_hint("用 --shares 说明成本份额列,或用 --elasticities 给出弹性",
                         "name columns of cost shares with --shares, or give --elasticities");
}

/* Levels are given: no growth accounting, only weights and levels are read. */
static int plan_levels(plan *p, const fd_table *in, const fd_tfp_options *o)
{
    const char *weight = o->weight ? o->weight : o->output ? o->output : default_output(in);

    if (!weight)
        return fd_error_set(FD_ENOTFOUND, "不知道用哪一列加权:用 --weight 说明",
                            "which column is the weight? say it with --weight");
    p->weight_at = append(p, weight);
    p->level_at = append(p, o->level);
    p->share_at = p->published_at = SIZE_MAX;
    return 0;
}

static int make_plan(plan *p, const fd_table *in, const fd_tfp_options *o)
{
    int err;

    p->arena = fd_arena_new();
    if (o->level)
        return plan_levels(p, in, o);
    p->output = o->output ? o->output : default_output(in);
    if (!p->output)
        return fd_error_set(FD_ENOTFOUND, "不知道哪一列是产出:用 --outputs 说明",
                            "which column is the output? say it with --outputs");
    for (size_t i = 0; i < o->input_count; i++)
        fd_vec_push(&p->inputs, o->inputs[i]);
    if (!o->input_count)
        default_inputs(p, in);
    if (!p->inputs.count)
        return fd_error_set(FD_ENOTFOUND, "不知道哪些列是投入:用 --inputs 说明",
                            "which columns are inputs? say it with --inputs");
    if ((err = plan_shares(p, in, o)) < 0)
        return err;
    if (o->elasticity_count && o->elasticity_count != p->inputs.count)
        return fd_error_set(FD_EINVAL, "弹性有 %zu 个,投入有 %zu 列:应一一对应",
                            "%zu elasticities for %zu inputs: one for each, in their order",
                            o->elasticity_count, p->inputs.count);
    if (!p->shares.count && !o->elasticity_count)
        return no_weights();
    p->published = o->published ? o->published : only_ending(in, "_published");
    append(p, p->output);
    for (size_t i = 0; i < p->inputs.count; i++)
        append(p, p->inputs.items[i]);
    p->share_at = p->shares.count ? p->all.count : SIZE_MAX;
    for (size_t i = 0; i < p->shares.count; i++)
        append(p, p->shares.items[i]);
    p->published_at = append(p, p->published);
    p->level_at = SIZE_MAX;
    p->weight_at = append(p, o->weight);
    return 0;
}

/* ---- numbers ---- */

static const double *input_of(const work *w, size_t k)
{
    return fd_prodpanel_column(&w->panel, 1 + k);
}

/* A quantity whose logarithm is needed. */
static int check_positive(const work *w, size_t column, size_t i)
{
    const double x = fd_prodpanel_column(&w->panel, column)[i];

    if (isnan(x) || x > 0)
        return 0;
    return fd_error_set(FD_EINVAL, "第 %zu 行(%s)的列 %s 是 %g:要取对数,必须大于 0",
                        "row %zu (%s), column %s holds %g: its logarithm is needed, it must be "
                        "above 0",
                        fd_prodpanel_line(&w->panel, i), w->panel.label[i], w->p.all.items[column],
                        x);
}

/* Cost shares of each row over their sum; NaN in the row when one is missing. */
static int normalise_shares(work *w)
{
    const size_t n = w->panel.n, m = w->p.inputs.count;

    if (w->p.share_at == SIZE_MAX)
        return 0;
    w->share = fd_alloc(n * m * sizeof *w->share);
    for (size_t i = 0; i < n; i++) {
        double sum = 0;

        for (size_t k = 0; k < m; k++) {
            const double s = fd_prodpanel_column(&w->panel, w->p.share_at + k)[i];

            w->negative += s < 0;
            sum += s;
        }
        if (sum <= 0)
            return fd_error_set(FD_EINVAL, "第 %zu 行的成本份额合计是 %g:应大于 0",
                                "row %zu: the cost shares sum to %g, which should be above 0",
                                fd_prodpanel_line(&w->panel, i), sum);
        for (size_t k = 0; k < m; k++)
            w->share[k * n + i] = fd_prodpanel_column(&w->panel, w->p.share_at + k)[i] / sum;
    }
    return 0;
}

static int check_quantities(const work *w)
{
    const size_t n = w->panel.n, m = w->p.inputs.count;
    int err = 0;

    for (size_t i = 0; i < n && err >= 0; i++) {
        err = check_positive(w, 0, i);
        for (size_t k = 0; k < m && err >= 0; k++)
            if (!w->share || w->share[k * n + i] != 0) /* what costs nothing may be nothing */
                err = check_positive(w, 1 + k, i);
        if (err >= 0 && w->p.published_at != SIZE_MAX)
            err = check_positive(w, w->p.published_at, i);
    }
    return err;
}

/* Elasticities of every unit: given, else its own mean shares; and for the whole panel. */
static void find_elasticities(work *w)
{
    const size_t n = w->panel.n, m = w->p.inputs.count;

    w->alpha = fd_alloc((w->panel.units * m + 1) * sizeof *w->alpha);
    w->all = fd_alloc(m * sizeof *w->all);
    for (size_t k = 0; k < m; k++) {
        double total = 0;
        size_t rows = 0;

        for (size_t u = 0; u < w->panel.units; u++) {
            double sum = 0;
            size_t count = 0;

            for (size_t i = w->panel.start[u]; i < w->panel.start[u + 1]; i++)
                if (w->share && !isnan(w->share[k * n + i])) {
                    sum += w->share[k * n + i];
                    count++;
                }
            w->alpha[u * m + k] = w->o->elasticity_count ? w->o->elasticities[k]
                                  : count                ? sum / (double)count
                                                         : NAN;
            total += sum;
            rows += count;
        }
        w->all[k] = w->o->elasticity_count ? w->o->elasticities[k]
                    : rows                 ? total / (double)rows
                                           : NAN;
    }
}

/* ---- growth ---- */

/* One pair of periods; NaN for what is not known. contribution has one entry for each input. */
typedef struct growth {
    double output, tfp, solow, published;
} growth;

static double log_ratio(double now, double before)
{
    return log(now / before);
}

static growth grow(double *contribution, const work *w, size_t unit, size_t i0, size_t i1)
{
    const size_t n = w->panel.n, m = w->p.inputs.count;
    const double *q = fd_prodpanel_column(&w->panel, 0);
    growth g = { log_ratio(q[i1], q[i0]), 0, 0, NAN };

    g.tfp = g.solow = g.output;
    for (size_t k = 0; k < m; k++) {
        const double *x = input_of(w, k), dx = log_ratio(x[i1], x[i0]);
        const double share = w->share ? (w->share[k * n + i0] + w->share[k * n + i1]) / 2 : NAN;
        const double alpha = w->alpha[unit * m + k];

        contribution[k] = share == 0 ? 0 : share * dx;
        g.tfp -= contribution[k];
        g.solow -= alpha == 0 ? 0 : alpha * dx;
    }
    if (w->p.published_at != SIZE_MAX) {
        const double *index = fd_prodpanel_column(&w->panel, w->p.published_at);

        g.published = log_ratio(index[i1], index[i0]);
    }
    return g;
}

static fd_table *growth_table(const work *w)
{
    fd_table *t = fd_table_new("growth", "全要素生产率增长", "TFP growth");
    fd_arena *a = w->p.arena;

    fd_table_add_new(t, w->panel.id_name, w->panel.id_name, w->panel.id_name, FD_TEXT, "", 0);
    fd_table_add_new(t, "t0", "起", "From", FD_TEXT, "", 0);
    fd_table_add_new(t, "t1", "止", "To", FD_TEXT, "", 0);
    fd_table_add_new(t, fd_arena_printf(a, "dln_%s", w->p.output), "产出增长", "Output growth",
                     FD_EST, "", 0);
    for (size_t k = 0; k < w->p.inputs.count; k++) {
        const char *name = w->p.inputs.items[k];

        fd_table_add_new(t, fd_arena_printf(a, "c_%s", name), fd_arena_printf(a, "%s 的贡献", name),
                         fd_arena_printf(a, "From %s", name), FD_EST, "", 0);
    }
    fd_table_add_new(t, "dln_tfp", "TFP 增长(Törnqvist)", "TFP growth (Törnqvist)", FD_EST, "", 0);
    if (w->p.published)
        fd_table_add_new(t, fd_arena_printf(a, "dln_%s", w->p.published), "公布指数的增长",
                         "Published index", FD_EST, "", 0);
    if (w->o->solow)
        fd_table_add_new(t, "dln_solow", "索洛余值(弹性固定)", "Solow (fixed elasticities)", FD_EST,
                         "", 0);
    return t;
}

static fd_table *units_table(const work *w)
{
    static const fd_column_spec specs[] = {
        { "pairs", "对数", "Pairs", FD_EST, "", 0 },
        { "dln_output", "产出年均增长", "Output growth", FD_EST, "对数点", 0 },
        { "dln_tfp", "TFP 年均增长(Törnqvist)", "TFP growth (Törnqvist)", FD_EST, "对数点", 0 },
        { "dln_solow", "索洛余值(弹性固定)", "Solow (fixed elasticities)", FD_EST, "对数点", 0 },
        { "dln_published", "公布指数", "Published index", FD_EST, "对数点", 0 },
    };
    fd_table *t = fd_table_new("units", "各单位年均增长", "Mean growth by unit");

    fd_table_add_new(t, w->panel.id_name, w->panel.id_name, w->panel.id_name, FD_TEXT, "", 0);
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    return t;
}

static bool usable(const work *w, const growth *g)
{
    return isfinite(g->output) && (w->share ? isfinite(g->tfp) : isfinite(g->solow));
}

/* Rows of one unit in both tables. */
static void put_unit(fd_tfp *out, work *w, size_t u, double *contribution)
{
    const size_t m = w->p.inputs.count;
    fd_table *t = out->growth, *s = out->units;
    double sum[4] = { 0 }, count[4] = { 0 };
    size_t row, pairs = 0;

    for (size_t i = w->panel.start[u] + 1; i < w->panel.start[u + 1]; i++) {
        const growth g = grow(contribution, w, u, i - 1, i);
        const double four[4] = { g.output, g.tfp, g.solow, g.published };
        size_t column = 4 + m;

        if (!usable(w, &g)) {
            w->skipped++;
            continue;
        }
        pairs++;
        w->gaps += w->panel.time[i] != w->panel.time[i - 1] + 1;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, w->panel.unit[u]);
        fd_column_set_text(t->columns[1], row, w->panel.label[i - 1]);
        fd_column_set_text(t->columns[2], row, w->panel.label[i]);
        fd_table__put_est(t, 3, row, g.output);
        for (size_t k = 0; k < m; k++)
            fd_table__put_est(t, 4 + k, row, contribution[k]);
        fd_table__put_est(t, column++, row, g.tfp);
        if (w->p.published)
            fd_table__put_est(t, column++, row, g.published);
        if (w->o->solow)
            fd_table__put_est(t, column, row, g.solow);
        for (size_t k = 0; k < 4; k++)
            if (isfinite(four[k])) {
                sum[k] += four[k];
                count[k]++;
            }
    }
    row = fd_table_add_row(s);
    fd_column_set_text(s->columns[0], row, w->panel.unit[u]);
    fd_table__put_est(s, 1, row, (double)pairs);
    for (size_t k = 0; k < 4; k++)
        fd_table__put_est(s, 2 + k, row, sum[k] / count[k]);
}

static void put_notes(fd_tfp *out, const work *w)
{
    fd_table *t = out->growth;
    char *zh = fd_arena_printf(w->p.arena, "%zu 对缺数,未计入", w->skipped);
    char *en = fd_arena_printf(w->p.arena, "%zu pairs lack a number and are left out", w->skipped);

    fd_table_add_note(t, "增长是对数差(对数点),不是百分数", "growth in log points, not percent");
    if (w->share)
        fd_table_add_note(t, "权数:两期成本份额(各除以其和)的平均",
                          "weights: mean of the two periods' cost shares, each over their sum");
    else
        fd_table_add_note(t, "没有成本份额:不算 Törnqvist,只有弹性固定的索洛余值",
                          "no cost shares: no Törnqvist index, only Solow with fixed elasticities");
    if (w->skipped)
        fd_table_add_note(t, zh, en);
    if (w->gaps)
        fd_table_add_note(
            t, fd_arena_printf(w->p.arena, "%zu 对中间缺期:增长跨了不止一期", w->gaps),
            fd_arena_printf(w->p.arena, "%zu pairs span more than one period", w->gaps));
    if (w->negative)
        fd_table_add_note(
            t,
            fd_arena_printf(w->p.arena, "%zu 个份额是负的(如亏损年份的资本):照数计入", w->negative),
            fd_arena_printf(
                w->p.arena,
                "%zu shares are negative (as capital's in a year of loss) and count as they stand",
                w->negative));
    fd_table_add_note(out->units,
                      w->o->elasticity_count ? "索洛余值用给定弹性"
                                             : "索洛余值用各单位成本份额的历年平均",
                      w->o->elasticity_count ? "Solow with the elasticities given"
                                             : "Solow with each unit's mean cost shares");
}

static int put_growth(fd_tfp *out, work *w)
{
    double *contribution = fd_alloc(w->p.inputs.count * sizeof *contribution);

    out->growth = growth_table(w);
    out->units = units_table(w);
    for (size_t u = 0; u < w->panel.units; u++)
        put_unit(out, w, u, contribution);
    free(contribution);
    put_notes(out, w);
    if (out->growth->rows == 0 && !w->o->decompose)
        return fd_error_set(FD_EINVAL, "没有一个单位有两期完整的数:增长至少要两期",
                            "no unit has two complete periods: growth needs two");
    return 0;
}

/* ---- the decomposition ---- */

static int decompose(fd_tfp *out, const work *w)
{
    const size_t n = w->panel.n, m = w->p.inputs.count;
    const double *q = fd_prodpanel_column(&w->panel, 0);
    const double *weight =
        w->p.weight_at == SIZE_MAX ? q : fd_prodpanel_column(&w->panel, w->p.weight_at);
    double *level = fd_alloc(n * sizeof *level);
    int err;

    for (size_t i = 0; i < n; i++) {
        level[i] = log(q[i]);
        for (size_t k = 0; k < m; k++)
            level[i] -= w->all[k] == 0 ? 0 : w->all[k] * log(input_of(w, k)[i]);
        level[i] = isfinite(level[i]) ? level[i] : NAN;
    }
    err = fd_tfp__decompose(out, &w->panel, level, weight);
    if (err >= 0)
        fd_table_add_note(out->aggregate,
                          w->o->elasticity_count ? "水平 = ln 产出 − 给定弹性 × ln 投入"
                                                 : "水平 = ln 产出 − 全体平均成本份额 × ln 投入",
                          w->o->elasticity_count
                              ? "level = ln output - given elasticities × ln inputs"
                              : "level = ln output - mean cost shares of all × ln inputs");
    free(level);
    return err;
}

int fd_tfp_run(fd_tfp *out, const fd_table *in, const fd_tfp_options *options)
{
    fd_tfp_options defaults = FD_TFP_OPTIONS_INIT;
    work w = { 0 };
    int err;

    memset(out, 0, sizeof *out);
    w.o = options ? options : &defaults;
    if ((err = make_plan(&w.p, in, w.o)) < 0 ||
        (err = fd_prodpanel_read(&w.panel, in, w.o->id, w.o->time, w.p.all.items, w.p.all.count)) <
            0 ||
        (err = normalise_shares(&w)) < 0)
        goto done;
    if (w.o->level) {
        err = fd_tfp__decompose(out, &w.panel, fd_prodpanel_column(&w.panel, w.p.level_at),
                                fd_prodpanel_column(&w.panel, w.p.weight_at));
        goto done;
    }
    if ((err = check_quantities(&w)) < 0)
        goto done;
    find_elasticities(&w);
    if ((err = put_growth(out, &w)) >= 0 && w.o->decompose)
        err = decompose(out, &w);
done:
    fd_prodpanel_dispose(&w.panel);
    fd_vec_dispose(&w.p.inputs);
    fd_vec_dispose(&w.p.shares);
    fd_vec_dispose(&w.p.all);
    fd_arena_free(w.p.arena);
    free(w.share);
    free(w.alpha);
    free(w.all);
    if (err < 0)
        fd_tfp_dispose(out);
    return err;
}

void fd_tfp_dispose(fd_tfp *r)
{
    fd_table_free(r->growth);
    fd_table_free(r->units);
    fd_table_free(r->aggregate);
    fd_table_free(r->firms);
    memset(r, 0, sizeof *r);
}
