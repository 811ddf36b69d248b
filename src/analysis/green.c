/*
 * Directional distances with bad outputs, and the indices made from them.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/envelope.h"
#include "analysis/panel.h"
#include "base/pool.h"
#include "fangding/arena.h"
#include "fangding/malmquist.h"

enum { BLOCK = 512 };

#define EXACT 1e-11 /* a distance below this is none */

static const fd_na_words infeasible = { "infeasible", { "不可行", "infeasible" } };

typedef struct work {
    const fd_green_options *o;
    fd_panel panel;
    fd_pool *pool;
    fd_points points, goods; /* with and without the bads */
    fd_panel_pair *pairs;
    size_t pair_count;
    double *own, *earlier, *later, *global; /* by row of the panel; NAN: infeasible */
    double *ineq, *with_inputs, *no_bads;
} work;

/* ---- distances ---- */

/* One kind of distance: the set, and what moves. */
typedef struct kind {
    fd_rts rts;
    bool weak, inputs, bads; /* bads by equality; inputs move; bads are there and move */
} kind;

typedef struct measuring {
    const work *w;
    const fd_points *points;
    const fd_reference *ref;
    const kind *k;
    const uint32_t *units;
    size_t count;
    double *out;
} measuring;

static int measure_block(void *payload, size_t block)
{
    const measuring *m = payload;
    const fd_panel *p = &m->w->panel;
    const size_t dims = m->points->dims, from = block * BLOCK;
    const size_t to = from + BLOCK < m->count ? from + BLOCK : m->count;
    double *g = fd_alloc(dims * sizeof *g);
    fd_envelope e;
    int err = 0;

    fd_envelope_init(&e, m->ref);
    for (size_t j = from; j < to; j++) {
        const double *point = m->points->v + m->units[j] * dims;

        for (size_t i = 0; i < dims; i++)
            g[i] = i < p->inputs && !m->k->inputs ? 0 : fabs(point[i]);
        if ((err = fd_envelope_solve(&e, point, g, -INFINITY)) < 0)
            break;
        m->out[m->units[j]] = e.status != FD_ENVELOPE_OPTIMAL ? NAN
                              : fabs(e.beta) < EXACT          ? 0
                                                              : e.beta;
    }
    fd_envelope_dispose(&e);
    free(g);
    return err;
}

/* The frontier of a set. */
static int build(fd_reference *out, const work *w, const kind *k, const uint32_t *units,
                 size_t count)
{
    const fd_points *points = k->bads ? &w->points : &w->goods;
    const fd_model model = { points->dims, k->weak ? w->panel.bads : 0, k->rts };
    uint32_t *corners = NULL;
    size_t corner_count = 0;
    int err = fd_frontier_build(&corners, &corner_count, points, &model, units, count, w->pool);

    fd_reference_init(out, points, &model, corners, err < 0 ? 0 : corner_count);
    free(corners);
    return err;
}

static int distances(double *out, const work *w, const kind *k, const fd_reference *ref,
                     const uint32_t *units, size_t count)
{
    measuring m = { w, k->bads ? &w->points : &w->goods, ref, k, units, count, out };

    return fd_pool_run(w->pool, (count + BLOCK - 1) / BLOCK, measure_block, &m);
}

/* A set against its own frontier. */
static int among(double *out, const work *w, const kind *k, const uint32_t *units, size_t count)
{
    fd_reference ref;
    int err = build(&ref, w, k, units, count);

    if (err == 0)
        err = distances(out, w, k, &ref, units, count);
    fd_reference_dispose(&ref);
    return err;
}

static const kind weak = { FD_CRS, true, false, true };

static size_t side(uint32_t **out, const work *w, size_t period, bool after)
{
    size_t count = 0;

    *out = fd_alloc((w->pair_count + 1) * sizeof **out);
    for (size_t k = 0; k < w->pair_count; k++)
        if (w->panel.period[w->pairs[k].before] == period)
            (*out)[count++] = after ? w->pairs[k].after : w->pairs[k].before;
    return count;
}

static const kind ineq = { FD_CRS, false, false, true };

static int run_period(work *w, size_t period)
{
    const kind *set = w->o->inequality ? &ineq : &weak;
    static const kind with_inputs = { FD_CRS, true, true, true };
    static const kind no_bads = { FD_VRS, false, true, false };
    uint32_t *units = NULL, *before = NULL, *after = NULL;
    size_t count = fd_panel_units(&units, &w->panel, period), before_count = 0, after_count;
    fd_reference ref;
    int err = build(&ref, w, set, units, count);

    after_count = side(&after, w, period, true);
    if (period > 0)
        before_count = side(&before, w, period - 1, false);
    if (err == 0)
        err = distances(w->own, w, set, &ref, units, count);
    if (err == 0 && w->o->index)
        err = distances(w->earlier, w, set, &ref, after, after_count);
    if (err == 0 && w->o->index && before)
        err = distances(w->later, w, set, &ref, before, before_count);
    if (err == 0 && w->o->ddf)
        err = distances(w->with_inputs, w, &with_inputs, &ref, units, count);
    if (err == 0 && w->o->ddf)
        err = among(w->ineq, w, &ineq, units, count);
    if (err == 0 && w->o->ddf)
        err = among(w->no_bads, w, &no_bads, units, count);
    fd_reference_dispose(&ref);
    free(units);
    free(before);
    free(after);
    return err;
}

static int run_global(work *w)
{
    uint32_t *units = fd_alloc((w->panel.n + 1) * sizeof *units);
    int err;

    for (size_t u = 0; u < w->panel.n; u++)
        units[u] = (uint32_t)u;
    err = among(w->global, w, w->o->inequality ? &ineq : &weak, units, w->panel.n);
    free(units);
    return err;
}

/* ---- tables ---- */

/* Infinite or NAN: some program behind it has no solution. */
static void put(fd_table *t, const char *column, size_t row, double value)
{
    fd_column *c = t->columns[fd_table_find(t, column)];

    if (isfinite(value))
        fd_column_set_est(c, row, value);
    else
        fd_column_set_state(c, row, FD_NA);
}

static void add_columns(fd_table *t, const char *const columns[][3], size_t count)
{
    for (size_t c = 0; c < count; c++)
        fd_panel_column(t, columns[c][0], columns[c][1], columns[c][2])->na_words = &infeasible;
}

static void put_index(fd_green *out, const work *w)
{
    static const char *const columns[][3] = {
        { "d00", "前期点·前期前沿", "d0(0)" },
        { "d11", "后期点·后期前沿", "d1(1)" },
        { "d0_of_1", "后期点·前期前沿", "d0(1)" },
        { "d1_of_0", "前期点·后期前沿", "d1(0)" },
        { "ml", "ML 指数", "Malmquist-Luenberger" },
        { "mlec", "效率变化", "efficiency change" },
        { "mltc", "技术变化", "technical change" },
        { "luenberger", "Luenberger 指标", "Luenberger" },
        { "lec", "效率变化(差)", "efficiency, difference" },
        { "ltc", "技术变化(差)", "technology, difference" },
        { "gml", "全局 ML 指数", "global ML" },
        { "gml_bpc", "与全局前沿差距变化", "best practice change" },
    };
    fd_table *t = out->index =
        fd_panel_pair_table(&w->panel, w->pairs, w->pair_count, "index", "绿色全要素生产率指数",
                            "Productivity with bad outputs");
    size_t lost = 0;

    add_columns(t, columns, sizeof columns / sizeof *columns);
    for (size_t k = 0; k < w->pair_count; k++) {
        const uint32_t a = w->pairs[k].before, b = w->pairs[k].after;
        const double d00 = w->own[a], d11 = w->own[b], d01 = w->earlier[b], d10 = w->later[a];
        const double ec = (1 + d00) / (1 + d11), gml = (1 + w->global[a]) / (1 + w->global[b]);
        const double tc = sqrt((1 + d11) / (1 + d01) * ((1 + d10) / (1 + d00)));
        const double l = ((d00 - d01) + (d10 - d11)) / 2, lec = d00 - d11;

        lost += isnan(d01) || isnan(d10);
        put(t, "d00", k, d00);
        put(t, "d11", k, d11);
        put(t, "d0_of_1", k, d01);
        put(t, "d1_of_0", k, d10);
        put(t, "ml", k, ec * tc);
        put(t, "mlec", k, ec);
        put(t, "mltc", k, tc);
        put(t, "luenberger", k, l);
        put(t, "lec", k, lec);
        put(t, "ltc", k, l - lec);
        put(t, "gml", k, gml);
        put(t, "gml_bpc", k, gml / ec);
    }
    fd_table_add_note(
        t,
        w->o->inequality ? "规模报酬不变;非期望产出按不等式(当投入看);方向 (0, y, b);ML 大于 "
                           "1、Luenberger 大于 0 为进步"
                         : "规模报酬不变;非期望产出弱可处置(等式);方向 (0, y, b);ML 大于 "
                           "1、Luenberger 大于 0 为进步",
        w->o->inequality
            ? "constant returns; bads by inequality, like inputs; direction (0, y, b); ML above 1, "
              "Luenberger above 0 are progress"
            : "constant returns; bads weakly disposable (equality); direction (0, y, b); ML above "
              "1, "
              "Luenberger above 0 are progress");
    if (lost) {
        char zh[160], en[160];

        snprintf(zh, sizeof zh, "%zu 对跨期规划不可行,不作替代;全局指数(gml)总是可行", lost);
        snprintf(en, sizeof en,
                 "%zu pairs have an infeasible program across periods; nothing is put in its "
                 "place; gml is always feasible",
                 lost);
        fd_table_add_note(t, zh, en);
    }
}

static void put_ddf(fd_green *out, const work *w)
{
    static const char *const columns[][3] = {
        { "ddf_crs_weak", "弱可处置", "weak disposability" },
        { "ddf_crs_ineq", "非期望产出作投入", "bads as inputs" },
        { "ddf_crs_weak_xyb", "弱可处置,投入同减", "weak, inputs too" },
        { "ddf_vrs_noB_xy", "规模报酬可变,不计非期望产出", "variable returns, no bads" },
    };
    const fd_panel *p = &w->panel;
    fd_table *t = out->ddf = fd_table_new("ddf", "方向距离", "Directional distances");

    fd_table_add(t, fd_column_new(p->id_name, FD_TEXT, "", 0, p->n));
    fd_column_set_title(t->columns[0], "单位", "unit");
    if (p->time_name)
        fd_table_add_new(t, p->time_name, "时期", "period", FD_TEXT, "", 0);
    add_columns(t, columns, sizeof columns / sizeof *columns);
    for (size_t u = 0; u < p->n; u++) {
        fd_column_set_text(t->columns[0], u, p->id[u]);
        if (p->time_name)
            fd_column_set_text(t->columns[1], u, p->periods[p->period[u]]);
        put(t, "ddf_crs_weak", u, w->own[u]);
        put(t, "ddf_crs_ineq", u, w->ineq[u]);
        put(t, "ddf_crs_weak_xyb", u, w->with_inputs[u]);
        put(t, "ddf_vrs_noB_xy", u, w->no_bads[u]);
    }
    fd_panel_note(t, p);
    fd_table_add_note(t, "0 为在前沿上;0.1 表示好产出可增一成、同时非期望产出可减一成",
                      "0 is on the frontier; 0.1: a tenth more good output with a tenth less bad");
}

int fd_green_run(fd_green *out, const fd_table *in, const fd_green_options *options)
{
    const fd_green_options defaults = FD_GREEN_OPTIONS_INIT;
    work w = { .o = options ? options : &defaults };
    double *scaled = NULL, *goods = NULL;
    double **const arrays[] = { &w.own,  &w.earlier,     &w.later,  &w.global,
                                &w.ineq, &w.with_inputs, &w.no_bads };
    int err;

    memset(out, 0, sizeof *out);
    if (w.o->inequality && w.o->ddf)
        return fd_error_set(FD_EINVAL, "ddf 表等式、不等式两种都有,不用再指定不等式",
                            "the table ddf has equality and inequality both: do not ask for one");
    if ((err = fd_panel_read(&w.panel, in, &w.o->columns, FD_PANEL_DIRECTED, w.o->index)) < 0)
        goto done;
    if (!w.panel.bads) {
        fd_error_set(FD_ENOTFOUND, "没有非期望产出列", "there is no column of bad outputs");
        err = fd_error_hint("列名以 bad_ 开头,或用 --bads 指定;没有非期望产出时用 malmquist",
                            "name it bad_…, or give --bads; without bad outputs use malmquist");
        goto done;
    }
    if (w.o->index && (err = fd_panel_pairs(&w.pairs, &w.pair_count, &w.panel)) < 0)
        goto done;
    w.pool = fd_pool_new(w.o->threads);
    scaled = fd_panel_scaled(&w.panel, NULL, 0, true);
    goods = fd_panel_scaled(&w.panel, NULL, 0, false);
    w.points = (fd_points){ w.panel.n, w.panel.dims, scaled };
    w.goods = (fd_points){ w.panel.n, w.panel.inputs + w.panel.outputs, goods };
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
        *arrays[k] = fd_alloc((w.panel.n + 1) * sizeof(double));
    for (size_t t = 0; t < w.panel.period_count && err == 0; t++)
        err = run_period(&w, t);
    if (err == 0 && w.o->index)
        err = run_global(&w);
    if (err == 0 && w.o->index)
        put_index(out, &w);
    if (err == 0 && w.o->ddf)
        put_ddf(out, &w);
done:
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
        free(*arrays[k]);
    free(scaled);
    free(goods);
    free(w.pairs);
    fd_panel_dispose(&w.panel);
    fd_pool_free(w.pool);
    return err;
}

void fd_green_dispose(fd_green *r)
{
    fd_table_free(r->index);
    fd_table_free(r->ddf);
    memset(r, 0, sizeof *r);
}
