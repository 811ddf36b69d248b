/*
 * Malmquist indices between neighbouring periods, and against the frontier of all periods.
 */
#include "fangding/malmquist.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/panel.h"
#include "analysis/radial.h"
#include "base/pool.h"
#include "fangding/arena.h"

typedef struct work {
    const fd_malmquist_options *o;
    fd_panel panel;
    fd_pool *pool;
    fd_points points;
    fd_panel_pair *pairs; /* by period, then id */
    size_t pair_count;
    /* By row of the panel: distances to the own frontier, to those of the neighbouring periods, to
     * the global one; variable returns in both orientations. */
    double *own, *earlier, *later, *global, *vrs_in, *vrs_out;
} work;

/* The rows of one side of the pairs that begin in a period. */
static size_t side(uint32_t **out, const work *w, size_t period, bool after)
{
    size_t count = 0;

    *out = fd_alloc((w->pair_count + 1) * sizeof **out);
    for (size_t k = 0; k < w->pair_count; k++)
        if (w->panel.period[w->pairs[k].before] == period)
            (*out)[count++] = after ? w->pairs[k].after : w->pairs[k].before;
    return count;
}

/* Constant returns: theta is 1/phi, the output distance. */
static int distances(double *out, const work *w, const fd_radial *r, fd_rts rts, bool output,
                     const uint32_t *units, size_t count)
{
    const fd_radial_job job = {
        .rts = rts, .output = output, .units = units, .count = count, .score = out
    };

    return fd_radial_scores(r, &job, w->pool);
}

/* Everything that is measured against the frontier of one period. */
static int run_period(work *w, size_t period)
{
    const bool variable = w->o->input || w->o->output;
    const bool rts[FD_RTS_COUNT] = { [FD_CRS] = true, [FD_VRS] = variable };
    uint32_t *units = NULL, *before = NULL, *after = NULL;
    size_t count = fd_panel_units(&units, &w->panel, period), before_count = 0, after_count;
    fd_radial r;
    int err = fd_radial_init(&r, &w->points, w->panel.inputs, units, count, rts, w->pool);

    after_count = side(&after, w, period, true);
    if (period > 0)
        before_count = side(&before, w, period - 1, false);
    if (err == 0)
        err = distances(w->own, w, &r, FD_CRS, false, units, count);
    if (err == 0)
        err = distances(w->earlier, w, &r, FD_CRS, false, after, after_count);
    if (err == 0 && before)
        err = distances(w->later, w, &r, FD_CRS, false, before, before_count);
    if (err == 0 && w->o->input)
        err = distances(w->vrs_in, w, &r, FD_VRS, false, units, count);
    if (err == 0 && w->o->output)
        err = distances(w->vrs_out, w, &r, FD_VRS, true, units, count);
    fd_radial_dispose(&r);
    free(units);
    free(before);
    free(after);
    return err;
}

static int run_global(work *w)
{
    const bool rts[FD_RTS_COUNT] = { [FD_CRS] = true };
    uint32_t *units = fd_alloc((w->panel.n + 1) * sizeof *units);
    fd_radial r;
    int err;

    for (size_t u = 0; u < w->panel.n; u++)
        units[u] = (uint32_t)u;
    err = fd_radial_init(&r, &w->points, w->panel.inputs, units, w->panel.n, rts, w->pool);
    if (err == 0)
        err = distances(w->global, w, &r, FD_CRS, false, units, w->panel.n);
    fd_radial_dispose(&r);
    free(units);
    return err;
}

static double efficiency_change(const work *w, const fd_panel_pair *p)
{
    return w->own[p->after] / w->own[p->before];
}

static double technical_change(const work *w, const fd_panel_pair *p)
{
    return sqrt(w->earlier[p->after] / w->own[p->after] *
                (w->own[p->before] / w->later[p->before]));
}

/* pech and sech of one orientation; scores of the output side are phi, so their ratio turns over.
 */
static void put_scale(fd_table *t, const work *w, const double *scores, bool output)
{
    fd_column *pech =
        output ? fd_panel_column(t, "pech_out", "纯效率变化·产出", "pure efficiency, output")
               : fd_panel_column(t, "pech_in", "纯效率变化·投入", "pure efficiency, input");
    fd_column *sech = output ? fd_panel_column(t, "sech_out", "规模变化·产出", "scale, output")
                             : fd_panel_column(t, "sech_in", "规模变化·投入", "scale, input");

    for (size_t k = 0; k < w->pair_count; k++) {
        const fd_panel_pair *p = &w->pairs[k];
        const double pure =
            output ? scores[p->before] / scores[p->after] : scores[p->after] / scores[p->before];

        fd_column_set_est(pech, k, pure);
        fd_column_set_est(sech, k, efficiency_change(w, p) / pure);
    }
}

static void put_global(fd_table *t, const work *w)
{
    fd_column *gmi = fd_panel_column(t, "gmi", "全局指数", "global index");
    fd_column *bpc = fd_panel_column(t, "bpc", "与全局前沿差距变化", "best practice change");

    for (size_t k = 0; k < w->pair_count; k++) {
        const fd_panel_pair *p = &w->pairs[k];
        const double g = w->global[p->after] / w->global[p->before];

        fd_column_set_est(gmi, k, g);
        fd_column_set_est(bpc, k, g / efficiency_change(w, p));
    }
}

static void put_index(fd_malmquist *out, const work *w)
{
    static const char *const columns[][3] = {
        { "D00", "前期点·前期前沿", "D0(0)" },     { "D11", "后期点·后期前沿", "D1(1)" },
        { "D0_of_1", "后期点·前期前沿", "D0(1)" }, { "D1_of_0", "前期点·后期前沿", "D1(0)" },
        { "mi", "生产率指数", "Malmquist index" }, { "ec", "效率变化", "efficiency change" },
        { "tc", "技术变化", "technical change" },
    };
    enum { COLUMNS = sizeof columns / sizeof *columns };
    fd_table *t = out->index = fd_panel_pair_table(&w->panel, w->pairs, w->pair_count, "index",
                                                   "Malmquist 生产率指数", "Malmquist indices");

    for (size_t c = 0; c < COLUMNS; c++)
        fd_panel_column(t, columns[c][0], columns[c][1], columns[c][2]);
    for (size_t k = 0; k < w->pair_count; k++) {
        const fd_panel_pair *p = &w->pairs[k];
        const double ec = efficiency_change(w, p), tc = technical_change(w, p);
        const double values[COLUMNS] = { w->own[p->before],
                                         w->own[p->after],
                                         w->earlier[p->after],
                                         w->later[p->before],
                                         ec * tc,
                                         ec,
                                         tc };

        for (size_t c = 0; c < COLUMNS; c++)
            fd_column_set_est(t->columns[3 + c], k, values[c]);
    }
    if (w->o->output)
        put_scale(t, w, w->vrs_out, true);
    if (w->o->input)
        put_scale(t, w, w->vrs_in, false);
    if (w->o->global)
        put_global(t, w);
    fd_table_add_note(t, "规模报酬不变;D 为产出距离 1/phi;大于 1 为进步",
                      "constant returns; D is the output distance 1/phi; above 1 is progress");
}

static void put_summary(fd_malmquist *out, const work *w)
{
    static const fd_column_spec specs[] = {
        { "t1", "后期", "to", FD_TEXT, NULL, 0 },
        { "units0", "前期单位数", "units before", FD_EST, NULL, 12 },
        { "units1", "后期单位数", "units after", FD_EST, NULL, 12 },
        { "both", "两期都有", "in both", FD_EST, NULL, 12 },
        { "mi", "生产率指数", "Malmquist index", FD_EST, NULL, 12 },
        { "ec", "效率变化", "efficiency change", FD_EST, NULL, 12 },
        { "tc", "技术变化", "technical change", FD_EST, NULL, 12 },
    };
    fd_table *t = out->summary = fd_table_new("summary", "各期几何平均", "Geometric means");
    const size_t rows = w->panel.period_count - 1;
    double *units = fd_alloc(w->panel.period_count * sizeof *units);

    for (size_t u = 0; u < w->panel.n; u++)
        units[w->panel.period[u]]++;
    fd_table_add(t, fd_column_new("t0", FD_TEXT, "", 0, rows));
    fd_column_set_title(t->columns[0], "前期", "from");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t r = 0; r < rows; r++) {
        double logs[2] = { 0, 0 }, both = 0;

        for (size_t k = 0; k < w->pair_count; k++)
            if (w->panel.period[w->pairs[k].before] == r) {
                logs[0] += log(efficiency_change(w, &w->pairs[k]));
                logs[1] += log(technical_change(w, &w->pairs[k]));
                both++;
            }
        fd_column_set_text(t->columns[0], r, w->panel.periods[r]);
        fd_column_set_text(t->columns[1], r, w->panel.periods[r + 1]);
        fd_column_set_est(t->columns[2], r, units[r]);
        fd_column_set_est(t->columns[3], r, units[r + 1]);
        fd_column_set_est(t->columns[4], r, both);
        if (both > 0) {
            fd_column_set_est(t->columns[5], r, exp((logs[0] + logs[1]) / both));
            fd_column_set_est(t->columns[6], r, exp(logs[0] / both));
            fd_column_set_est(t->columns[7], r, exp(logs[1] / both));
        }
    }
    fd_panel_note(t, &w->panel);
    free(units);
}

int fd_malmquist_run(fd_malmquist *out, const fd_table *in, const fd_malmquist_options *options)
{
    const fd_malmquist_options defaults = FD_MALMQUIST_OPTIONS_INIT;
    work w = { .o = options ? options : &defaults };
    double *scaled = NULL,
           **const arrays[] = { &w.own, &w.earlier, &w.later, &w.global, &w.vrs_in, &w.vrs_out };
    int err;

    memset(out, 0, sizeof *out);
    if ((err = fd_panel_read(&w.panel, in, &w.o->columns, FD_PANEL_POSITIVE, true)) < 0 ||
        (err = fd_panel_pairs(&w.pairs, &w.pair_count, &w.panel)) < 0)
        goto done;
    w.pool = fd_pool_new(w.o->threads);
    scaled = fd_panel_scaled(&w.panel, NULL, 0, false);
    w.points = (fd_points){ w.panel.n, w.panel.dims, scaled };
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
        *arrays[k] = fd_alloc((w.panel.n + 1) * sizeof(double));
    for (size_t t = 0; t < w.panel.period_count && err == 0; t++)
        err = run_period(&w, t);
    if (err == 0 && w.o->global)
        err = run_global(&w);
    if (err < 0)
        goto done;
    put_index(out, &w);
    put_summary(out, &w);
done:
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
        free(*arrays[k]);
    free(scaled);
    free(w.pairs);
    fd_panel_dispose(&w.panel);
    fd_pool_free(w.pool);
    return err;
}

void fd_malmquist_dispose(fd_malmquist *r)
{
    fd_table_free(r->index);
    fd_table_free(r->summary);
    memset(r, 0, sizeof *r);
}
