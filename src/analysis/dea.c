/*
 * Radial efficiency: scores, scale, super-efficiency, slacks and peers of every unit.
 */
#include "fangding/dea.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/envelope.h"
#include "analysis/panel.h"
#include "analysis/radial.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/vec.h"
#include "fangding/arena.h"

enum { MODELS = 2 * FD_RTS_COUNT }; /* by rts × 2 + orientation, 0 in, 1 out */

static const fd_na_words returns[] = {
    { "crs", { "不变crs", "constant (crs)" } },
    { "drs", { "递减drs", "decreasing (drs)" } },
    { "irs", { "递增irs", "increasing (irs)" } },
    { NULL, { NULL, NULL } },
};
static const char *const rts_names[] = { "crs", "vrs", "drs", "irs" };
static const char *const rts_zh[] = { "规模报酬不变", "规模报酬可变", "规模报酬不增",
                                      "规模报酬不减" };
static const char *const rts_en[] = { "constant returns", "variable returns",
                                      "non-increasing returns", "non-decreasing returns" };
static const char *const way_names[] = { "in", "out" };
static const char *const way_zh[] = { "投入", "产出" };
static const char *const way_en[] = { "input", "output" };

static const fd_na_words infeasible_in = { "inf", { "不可行", "infeasible" } };
static const fd_na_words infeasible_out = { "-inf", { "不可行", "infeasible" } };

typedef struct work {
    const fd_dea_options *o;
    fd_panel panel;
    fd_pool *pool;
    bool wanted[MODELS], refined[MODELS]; /* scores; super, slacks and peers */
    double *score[MODELS], *super[MODELS], *slack_sum[MODELS], *slack[MODELS];
    fd_radial_peers *peers[MODELS];
    size_t corners[FD_RTS_COUNT]; /* of the last period */
} work;

/* ---- what is to be computed ---- */

static void plan(work *w)
{
    const fd_dea_options *o = w->o;
    const bool ways[2] = { o->input, o->output };
    const bool usual = o->rts[FD_CRS] || o->rts[FD_VRS];

    for (int rts = 0; rts < FD_RTS_COUNT; rts++)
        for (int way = 0; way < 2; way++) {
            const int m = rts * 2 + way;

            w->wanted[m] = o->rts[rts] && ways[way];
            w->refined[m] = w->wanted[m] && (rts == FD_CRS || rts == FD_VRS || !usual);
        }
}

/* The orientation of scale efficiency: the first that is asked for. */
static int scale_way(const fd_dea_options *o)
{
    return o->input ? 0 : 1;
}

static bool is_needed(const work *w, int m)
{
    return w->wanted[m] || (w->o->scale && m % 2 == scale_way(w->o) && m / 2 != FD_IRS);
}

static void allocate(work *w)
{
    const size_t n = w->panel.n;

    for (int m = 0; m < MODELS; m++) {
        if (is_needed(w, m))
            w->score[m] = fd_alloc(n * sizeof(double) + 1);
        if (!w->refined[m])
            continue;
        if (w->o->super)
            w->super[m] = fd_alloc(n * sizeof(double) + 1);
        if (w->o->slacks) {
            w->slack_sum[m] = fd_alloc(n * sizeof(double) + 1);
            w->slack[m] = fd_alloc(n * w->panel.dims * sizeof(double) + 1);
        }
        if (w->o->peers)
            w->peers[m] = fd_alloc((n + 1) * sizeof *w->peers[m]);
    }
}

/* Slacks back from shares of the mean to the units of the table. */
static void unscale(double *slack, const fd_panel *p, const double *scaled, size_t unit)
{
    for (size_t i = 0; i < p->dims; i++)
        slack[i] *= p->v[unit * p->dims + i] / fabs(scaled[unit * p->dims + i]);
}

/* One period: every model against the units of that period. */
static int run_period(work *w, size_t period)
{
    fd_radial r;
    uint32_t *units = NULL;
    size_t count = fd_panel_units(&units, &w->panel, period);
    double *scaled = fd_panel_scaled(&w->panel, units, count, false);
    const fd_points points = { w->panel.n, w->panel.dims, scaled };
    bool needed[FD_RTS_COUNT] = { false };
    int err;

    for (int m = 0; m < MODELS; m++)
        needed[m / 2] |= is_needed(w, m);
    err = fd_radial_init(&r, &points, w->panel.inputs, units, count, needed, w->pool);
    for (int m = 0; m < MODELS && err == 0; m++) {
        const fd_radial_job job = {
            .rts = (fd_rts)(m / 2),
            .output = m % 2 == 1,
            .units = units,
            .count = count,
            .score = w->score[m],
            .slack_sum = w->slack_sum[m],
            .slack = w->slack[m],
            .peers = w->peers[m],
        };

        if (is_needed(w, m))
            err = fd_radial_scores(&r, &job, w->pool);
        if (err == 0 && w->super[m])
            err = fd_radial_super(w->super[m], &r, &job, w->pool);
    }
    for (int m = 0; m < MODELS; m++)
        for (size_t k = 0; w->slack[m] && k < count; k++)
            unscale(w->slack[m] + units[k] * points.dims, &w->panel, scaled, units[k]);
    for (int k = 0; k < FD_RTS_COUNT; k++)
        w->corners[k] = r.reference[k].count;
    fd_radial_dispose(&r);
    free(scaled);
    free(units);
    return err;
}

/* ---- tables ---- */

static fd_column *model_column(fd_table *t, const char *prefix, const char *zh, const char *en,
                               int m)
{
    char id[64], title_zh[128], title_en[128];

    snprintf(id, sizeof id, "%s%s_%s", prefix, rts_names[m / 2], way_names[m % 2]);
    snprintf(title_zh, sizeof title_zh, "%s%s·%s", zh, rts_names[m / 2], way_zh[m % 2]);
    snprintf(title_en, sizeof title_en, "%s%s, %s", en, rts_names[m / 2], way_en[m % 2]);
    return fd_panel_column(t, id, title_zh, title_en);
}

static void put_all(fd_column *c, const double *v, size_t n)
{
    for (size_t u = 0; u < n; u++)
        if (isfinite(v[u]))
            fd_column_set_est(c, u, v[u]);
        else
            fd_column_set_state(c, u, FD_NA);
}

static void put_scale(fd_table *t, const work *w)
{
    const int way = scale_way(w->o);
    const double *crs = w->score[FD_CRS * 2 + way], *vrs = w->score[FD_VRS * 2 + way];
    const double *drs = w->score[FD_DRS * 2 + way];
    char id[64];
    fd_column *scale, *class;

    snprintf(id, sizeof id, "scale_eff_%s", way_names[way]);
    scale = fd_panel_column(t, id, "规模效率", "scale efficiency");
    snprintf(id, sizeof id, "rts_class_%s", way_names[way]);
    class = fd_table_add_new(t, id, "规模报酬", "returns to scale", FD_TEXT, "", 0);
    class->words = returns;
    for (size_t u = 0; u < w->panel.n; u++) {
        const double s = way ? vrs[u] / crs[u] : crs[u] / vrs[u];

        fd_column_set_est(scale, u, s);
        fd_column_set_text(class, u,
                           fabs(s - 1) <= 1e-7             ? "crs"
                           : fabs(drs[u] - vrs[u]) <= 1e-7 ? "drs"
                                                           : "irs");
    }
}

static void put_peer_texts(fd_table *t, const work *w, int m)
{
    char id[64], zh[96], en[96];
    fd_buf text = FD_BUF_INIT;
    fd_column *c;

    snprintf(id, sizeof id, "peers_%s_%s", rts_names[m / 2], way_names[m % 2]);
    snprintf(zh, sizeof zh, "标杆 %s·%s", rts_names[m / 2], way_zh[m % 2]);
    snprintf(en, sizeof en, "peers %s, %s", rts_names[m / 2], way_en[m % 2]);
    c = fd_table_add_new(t, id, zh, en, FD_TEXT, "", 0);
    for (size_t u = 0; u < w->panel.n; u++) {
        const fd_radial_peers *p = &w->peers[m][u];

        fd_buf_clear(&text);
        for (size_t k = 0; k < p->count; k++)
            fd_buf_printf(&text, "%s%s:%.6g", k ? ";" : "", w->panel.id[p->unit[k]], p->lambda[k]);
        fd_column_set_text(c, u, fd_buf_text(&text));
    }
    fd_buf_dispose(&text);
}

/* id, and the period where there is one */
static fd_table *unit_table(const work *w, const char *id, const char *zh, const char *en,
                            size_t rows)
{
    fd_table *t = fd_table_new(id, zh, en);

    fd_table_add(t, fd_column_new(w->panel.id_name, FD_TEXT, "", 0, rows));
    fd_column_set_title(t->columns[0], "单位", "unit");
    if (w->panel.time_name)
        fd_table_add_new(t, w->panel.time_name, "时期", "period", FD_TEXT, "", 0);
    return t;
}

static size_t put_unit(fd_table *t, const work *w, size_t row, size_t unit)
{
    fd_column_set_text(t->columns[0], row, w->panel.id[unit]);
    if (!w->panel.time_name)
        return 1;
    fd_column_set_text(t->columns[1], row, w->panel.periods[w->panel.period[unit]]);
    return 2;
}

/* Beyond it the sum of lambdas and the data do not fit one basis in doubles. */
#define WIDEST 1e12

/* The largest ratio of two numbers of one column. */
static double widest(const fd_panel *p)
{
    double most = 1;

    for (size_t i = 0; i < p->dims; i++) {
        double low = INFINITY, high = 0;

        for (size_t u = 0; u < p->n; u++) {
            low = fmin(low, p->v[u * p->dims + i]);
            high = fmax(high, p->v[u * p->dims + i]);
        }
        most = low > 0 ? fmax(most, high / low) : most;
    }
    return most;
}

static void put_scores(fd_dea *out, const work *w)
{
    const size_t n = w->panel.n, d = w->panel.dims;
    fd_table *t = out->scores = unit_table(w, "scores", "效率得分", "Efficiency scores", n);

    for (size_t u = 0; u < n; u++)
        (void)put_unit(t, w, u, u);
    for (int m = 0; m < MODELS; m++)
        if (w->wanted[m])
            put_all(model_column(t, "", "", "", m), w->score[m], n);
    if (w->o->scale)
        put_scale(t, w);
    for (int m = 0; m < MODELS; m++)
        if (w->super[m]) {
            fd_column *c = model_column(t, "super_", "超效率 ", "super-efficiency ", m);

            c->na_words = m % 2 ? &infeasible_out : &infeasible_in;
            put_all(c, w->super[m], n);
        }
    for (int m = 0; m < MODELS; m++)
        if (w->slack_sum[m])
            put_all(model_column(t, "slacksum_mean_", "松弛合计 ", "slacks ", m), w->slack_sum[m],
                    n);
    for (int m = 0; m < MODELS; m++)
        if (w->peers[m])
            put_peer_texts(t, w, m);
    fd_panel_note(t, &w->panel);
    if ((w->wanted[2 * FD_DRS] || w->wanted[2 * FD_DRS + 1] || w->wanted[2 * FD_IRS] ||
         w->wanted[2 * FD_IRS + 1] || w->o->scale) &&
        widest(&w->panel) > WIDEST)
        fd_table_add_note(
            t, "有的列最大与最小相差超过 1e12 倍:drs、irs 得分超出双精度,小单位的只作参考",
            "a column spans more than 1e12: drs and irs scores of the smallest units "
            "are beyond double precision");
    if (w->panel.time_name)
        fd_table_add_note(t, "各时期只与同期单位比较", "each period is compared with itself only");
    if (n / w->panel.period_count < 3 * d)
        fd_table_add_note(t, "单位数不到指标数的三倍:许多单位仅因指标多而显得有效",
                          "fewer than three units for each measure: many are efficient only "
                          "because there are so many measures");
}

static void put_slacks(fd_dea *out, const work *w)
{
    const size_t n = w->panel.n;
    fd_table *t;
    size_t models = 0, row = 0;

    for (int m = 0; m < MODELS; m++)
        models += w->slack[m] != NULL;
    t = out->slacks = unit_table(w, "slacks", "松弛量", "Slacks", n * models);
    fd_table_add_new(t, "model", "模型", "model", FD_TEXT, "", 0);
    for (size_t k = 0; k < w->panel.dims; k++)
        fd_panel_column(t, w->panel.columns[k]->id, w->panel.columns[k]->title[FD_ZH],
                        w->panel.columns[k]->title[FD_EN]);
    for (int m = 0; m < MODELS; m++) {
        char name[16];

        if (!w->slack[m])
            continue;
        snprintf(name, sizeof name, "%s_%s", rts_names[m / 2], way_names[m % 2]);
        for (size_t u = 0; u < n; u++, row++) {
            size_t at = put_unit(t, w, row, u);

            fd_column_set_text(t->columns[at++], row, name);
            for (size_t k = 0; k < w->panel.dims; k++)
                fd_column_set_est(t->columns[at++], row, w->slack[m][u * w->panel.dims + k]);
        }
    }
    fd_table_add_note(t, "第二阶段:得分不变,按均值加权的松弛合计最大;合计唯一,单项不一定唯一",
                      "second phase: the largest sum of slacks over means at the same score; the "
                      "sum is unique, single slacks need not be");
    fd_panel_note(t, &w->panel);
}

static void put_peers(fd_dea *out, const work *w)
{
    fd_table *t;
    size_t rows = 0, row = 0;

    for (int m = 0; m < MODELS; m++)
        for (size_t u = 0; w->peers[m] && u < w->panel.n; u++)
            rows += w->peers[m][u].count;
    t = out->peers = unit_table(w, "peers", "标杆", "Peers", rows);
    fd_table_add_new(t, "model", "模型", "model", FD_TEXT, "", 0);
    fd_table_add_new(t, "peer", "标杆单位", "peer", FD_TEXT, "", 0);
    fd_panel_column(t, "lambda", "权重", "weight");
    for (int m = 0; m < MODELS; m++) {
        char name[16];

        snprintf(name, sizeof name, "%s_%s", rts_names[m / 2], way_names[m % 2]);
        for (size_t u = 0; w->peers[m] && u < w->panel.n; u++)
            for (size_t k = 0; k < w->peers[m][u].count; k++, row++) {
                size_t at = put_unit(t, w, row, u);

                fd_column_set_text(t->columns[at], row, name);
                fd_column_set_text(t->columns[at + 1], row, w->panel.id[w->peers[m][u].unit[k]]);
                fd_column_set_est(t->columns[at + 2], row, w->peers[m][u].lambda[k]);
            }
    }
    fd_table_add_note(t, "标杆不唯一时,先给行序靠前的单位最大的权重",
                      "where peers are not unique, the unit that stands first gets the largest "
                      "weight, then the next");
}

static void put_frontier(fd_dea *out, const work *w)
{
    fd_table *t = out->frontier = fd_table_new("frontier", "前沿", "Frontier");
    size_t row = 0, count = 0;

    for (int k = 0; k < FD_RTS_COUNT; k++)
        count += w->corners[k] > 0;
    fd_table_add(t, fd_column_new("rts", FD_TEXT, "", 0, count));
    fd_column_set_title(t->columns[0], "规模报酬", "returns to scale");
    fd_table_add_new(t, "name", "名称", "name", FD_TEXT, "", 0);
    fd_panel_column(t, "units", "单位数", "units");
    fd_panel_column(t, "corners", "角点数", "corners");
    for (int k = 0; k < FD_RTS_COUNT; k++)
        if (w->corners[k]) {
            char name[96];

            snprintf(name, sizeof name, "%s %s", rts_zh[k], rts_en[k]);
            fd_column_set_text(t->columns[0], row, rts_names[k]);
            fd_column_set_text(t->columns[1], row, name);
            fd_column_set_est(t->columns[2], row, (double)w->panel.n);
            fd_column_set_est(t->columns[3], row++, (double)w->corners[k]);
        }
    if (w->panel.period_count > 1)
        fd_table_add_note(t, "角点数是最后一个时期的", "the corners are those of the last period");
}

static void dispose(work *w)
{
    for (int m = 0; m < MODELS; m++) {
        free(w->score[m]);
        free(w->super[m]);
        free(w->slack_sum[m]);
        free(w->slack[m]);
        for (size_t u = 0; w->peers[m] && u < w->panel.n; u++) {
            free(w->peers[m][u].unit);
            free(w->peers[m][u].lambda);
        }
        free(w->peers[m]);
    }
    fd_panel_dispose(&w->panel);
    fd_pool_free(w->pool);
}

int fd_dea_run(fd_dea *out, const fd_table *in, const fd_dea_options *options)
{
    const fd_dea_options defaults = FD_DEA_OPTIONS_INIT;
    work w = { .o = options ? options : &defaults };
    int err;

    memset(out, 0, sizeof *out);
    plan(&w);
    if ((err = fd_panel_read(&w.panel, in, &w.o->columns, FD_PANEL_POSITIVE, false)) < 0)
        goto done;
    w.pool = fd_pool_new(w.o->threads);
    allocate(&w);
    for (size_t t = 0; t < w.panel.period_count && err == 0; t++)
        err = run_period(&w, t);
    if (err < 0)
        goto done;
    put_scores(out, &w);
    if (w.o->slacks)
        put_slacks(out, &w);
    if (w.o->peers)
        put_peers(out, &w);
    put_frontier(out, &w);
done:
    dispose(&w);
    return err;
}

void fd_dea_dispose(fd_dea *r)
{
    fd_table_free(r->scores);
    fd_table_free(r->slacks);
    fd_table_free(r->peers);
    fd_table_free(r->frontier);
    memset(r, 0, sizeof *r);
}
