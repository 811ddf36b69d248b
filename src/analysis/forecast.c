/*
 * Forecasts of one series: reading, choice, back test, crossing, tables.
 */
#include "fangding/forecast.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/ets.h"
#include "base/pool.h"
#include "fangding/arena.h"
#include "fangding/period.h"
#include "table/put.h"

#define Z80 1.2815515655446004
#define Z95 1.9599639845400545

enum { FARTHEST = 100 };

static const char *const model_names[] = { "simple", "holt", "damped", "winters" };

typedef struct series {
    size_t n, season;
    double *y;
    bool periods;   /* else whole numbers */
    fd_period last; /* where periods */
    int64_t last_number;
    fd_period *period; /* n */
    int64_t *number;   /* n */
} series;

/* ---- reading ---- */

static void label_of(char *buf, size_t size, const series *s, ptrdiff_t after_last)
{
    if (s->periods)
        fd_period_format(fd_period_step(s->last, (int)after_last), buf, size);
    else
        snprintf(buf, size, "%" PRId64, s->last_number + after_last);
}

static const fd_column *column_of(const fd_table *in, const char *name, size_t otherwise)
{
    const int at = name ? fd_table_find(in, name) : (int)otherwise;

    if (at >= 0 && (size_t)at < in->column_count)
        return in->columns[at];
    fd_error_set(FD_ENOTFOUND, "没有这一列:%s", "no such column: %s",
                 name        ? name
                 : otherwise ? "value"
                             : "period");
    return NULL;
}

static void cell_text(char *buf, size_t size, const fd_column *c, size_t row)
{
    buf[0] = '\0';
    if (fd_column_state(c, row) != FD_HAS)
        return;
    if (c->kind == FD_EST)
        snprintf(buf, size, "%.15g", c->v.est[row]);
    else
        fd_column_format(c, row, FD_ZH, buf, size);
}

/* All of a kind: periods, or whole numbers. */
static int read_times(series *s, const fd_column *c)
{
    char text[64];

    s->periods = true;
    for (size_t i = 0; i < s->n && s->periods; i++) {
        cell_text(text, sizeof text, c, i);
        s->periods = fd_period_parse(&s->period[i], text, strlen(text)) == 0 &&
                     fd_period_kind_of(s->period[i]) == fd_period_kind_of(s->period[0]);
    }
    fd_error_clear();
    for (size_t i = 0; i < s->n && !s->periods; i++) {
        char *end;

        cell_text(text, sizeof text, c, i);
        errno = 0;
        s->number[i] = strtoll(text, &end, 10);
        if (errno || end == text || *end)
            return fd_error_set(FD_EINVAL, "第 %zu 行的期间“%s”读不出,或与别的行不是同一种",
                                "row %zu: the period '%s' is none, or of another kind than the "
                                "others",
                                i + 2, text);
    }
    if (s->periods && fd_period_kind_of(s->period[0]) == FD_CUMULATIVE)
        return fd_error_set(FD_EINVAL, "累计数(1—n 月)重复计入前几个月,不能直接预测:请换成当月数",
                            "cumulative figures repeat the months before: give each month's own");
    return 0;
}

static int64_t time_at(const series *s, size_t i)
{
    return s->periods ? (int64_t)fd_period_start(s->period[i]) : s->number[i];
}

/* Insertion sort: such series are short and nearly always in order. */
static void sort_series(series *s, size_t *row)
{
    for (size_t i = 1; i < s->n; i++)
        for (size_t k = i; k > 0 && time_at(s, k) < time_at(s, k - 1); k--) {
            const fd_period p = s->period[k];
            const int64_t number = s->number[k];
            const double y = s->y[k];
            const size_t r = row[k];

            s->period[k] = s->period[k - 1], s->period[k - 1] = p;
            s->number[k] = s->number[k - 1], s->number[k - 1] = number;
            s->y[k] = s->y[k - 1], s->y[k - 1] = y;
            row[k] = row[k - 1], row[k - 1] = r;
        }
}

static int check_series(const series *s, const size_t *row)
{
    char text[32];

    for (size_t i = 1; i < s->n; i++) {
        const bool next = s->periods ? fd_period_step(s->period[i - 1], 1) == s->period[i]
                                     : s->number[i - 1] + 1 == s->number[i];

        if (time_at(s, i) == time_at(s, i - 1))
            return fd_error_set(FD_EINVAL, "同一期有两行:第 %zu 行和第 %zu 行",
                                "a period stands twice: rows %zu and %zu", row[i - 1] + 2,
                                row[i] + 2);
        if (!next) {
            if (s->periods)
                fd_period_format(s->period[i - 1], text, sizeof text);
            else
                snprintf(text, sizeof text, "%" PRId64, s->number[i - 1]);
            return fd_error_set(FD_EINVAL, "%s 之后缺期:序列要连续,缺的不当 0",
                                "there is a gap after %s: the series must be whole, what is "
                                "missing is not 0",
                                text);
        }
    }
    for (size_t i = 0; i < s->n; i++)
        if (isnan(s->y[i]))
            return fd_error_set(FD_EINVAL, "第 %zu 行没有数:缺的不当 0",
                                "row %zu has no number: what is missing is not 0", row[i] + 2);
    return 0;
}

static int read_series(series *s, const fd_table *in, const fd_forecast_options *o)
{
    const fd_column *period = column_of(in, o->period, 0);
    const fd_column *value = period ? column_of(in, o->value, 1) : NULL;
    size_t *row;
    int err;

    if (!period || !value)
        return FD_ENOTFOUND;
    if (value->kind != FD_EST && value->kind != FD_DEC && value->kind != FD_QUOT)
        return fd_error_set(FD_EINVAL, "列 %s 不是数", "column %s holds no numbers", value->id);
    if (in->rows < 5)
        return fd_error_set(FD_EINVAL, "只有 %zu 期:至少要 5 期才能预测",
                            "only %zu periods: a forecast needs 5", in->rows);
    if (in->rows > 20000)
        return fd_error_set(FD_ELIMIT, "超过 20000 期", "more than 20000 periods");
    s->n = in->rows;
    s->y = fd_alloc(s->n * sizeof *s->y);
    s->period = fd_alloc(s->n * sizeof *s->period);
    s->number = fd_alloc(s->n * sizeof *s->number);
    row = fd_alloc(s->n * sizeof *row);
    for (size_t i = 0; i < s->n; i++) {
        row[i] = i;
        s->y[i] = fd_column_state(value, i) == FD_HAS
                      ? fd_number_to_double(fd_column_number(value, i))
                      : NAN;
    }
    if ((err = read_times(s, period)) >= 0) {
        sort_series(s, row);
        err = check_series(s, row);
        s->last = s->period[s->n - 1];
        s->last_number = s->number[s->n - 1];
        s->season = o->season;
        if (!s->season)
            s->season = !s->periods                                ? 1
                        : fd_period_kind_of(s->last) == FD_MONTH   ? 12
                        : fd_period_kind_of(s->last) == FD_QUARTER ? 4
                                                                   : 1;
    }
    free(row);
    return err;
}

/* ---- tables ---- */

static void put_forecast(fd_forecast *out, const series *s, const fd_ets *m, size_t horizon)
{
    static const fd_column_spec specs[] = {
        { "period", "期间", "Period", FD_TEXT, NULL, 0 },
        { "forecast", "预测", "Forecast", FD_EST, NULL, 0 },
        { "lo80", "80% 下限", "Low 80%", FD_EST, NULL, 0 },
        { "hi80", "80% 上限", "High 80%", FD_EST, NULL, 0 },
        { "lo95", "95% 下限", "Low 95%", FD_EST, NULL, 0 },
        { "hi95", "95% 上限", "High 95%", FD_EST, NULL, 0 },
    };
    fd_table *t = out->forecast = fd_table_new("forecast", "预测", "Forecast");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t h = 1; h <= horizon; h++) {
        const size_t row = fd_table_add_row(t);
        double point, deviation;
        char text[32];

        label_of(text, sizeof text, s, (ptrdiff_t)h);
        fd_ets_ahead(&point, &deviation, m, h);
        fd_column_set_text(t->columns[0], row, text);
        fd_table__put_est(t, 1, row, point);
        fd_table__put_est(t, 2, row, point - Z80 * deviation);
        fd_table__put_est(t, 3, row, point + Z80 * deviation);
        fd_table__put_est(t, 4, row, point - Z95 * deviation);
        fd_table__put_est(t, 5, row, point + Z95 * deviation);
    }
}

static void put_models(fd_forecast *out, const series *s, fd_forecast_model chosen)
{
    static const fd_column_spec specs[] = {
        { "model", "模型", "Model", FD_TEXT, NULL, 0 },
        { "alpha", "α", "alpha", FD_EST, NULL, 0 },
        { "beta", "β", "beta", FD_EST, NULL, 0 },
        { "phi", "φ", "phi", FD_EST, NULL, 0 },
        { "gamma", "γ", "gamma", FD_EST, NULL, 0 },
        { "level", "初始水平", "Initial level", FD_EST, NULL, 0 },
        { "trend", "初始趋势", "Initial trend", FD_EST, NULL, 0 },
        { "parameters", "参数个数", "Parameters", FD_EST, NULL, 0 },
        { "sse", "误差平方和", "SSE", FD_EST, NULL, 0 },
        { "sigma", "σ", "sigma", FD_EST, NULL, 0 },
        { "aic", "AIC", "AIC", FD_EST, NULL, 0 },
        { "aicc", "AICc", "AICc", FD_EST, NULL, 0 },
        { "chosen", "选用", "Chosen", FD_BOOL, NULL, 0 },
    };
    fd_table *t = out->models = fd_table_new("models", "模型比较", "Models");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (int k = 0; k < FD_FORECAST_MODELS; k++) {
        const bool trend = k != FD_FORECAST_SIMPLE;
        const size_t row = fd_table_add_row(t);
        fd_ets m;

        fd_column_set_text(t->columns[0], row, model_names[k]);
        fd_column_set_bool(t->columns[12], row, k == (int)chosen);
        if (fd_ets_fit(&m, s->y, s->n, (fd_forecast_model)k, s->season, NULL) < 0) {
            fd_error_clear();
            continue;
        }
        fd_table__put_est(t, 1, row, m.alpha);
        fd_table__put_est(t, 2, row, trend ? m.beta : NAN);
        fd_table__put_est(t, 3, row, k == FD_FORECAST_DAMPED ? m.phi : NAN);
        fd_table__put_est(t, 4, row, k == FD_FORECAST_WINTERS ? m.gamma : NAN);
        fd_table__put_est(t, 5, row, m.level0);
        fd_table__put_est(t, 6, row, trend ? m.trend0 : NAN);
        fd_table__put_est(t, 7, row, (double)m.k);
        fd_table__put_est(t, 8, row, m.sse);
        fd_table__put_est(t, 9, row, m.sigma);
        fd_table__put_est(t, 10, row, m.aic);
        fd_table__put_est(t, 11, row, m.aicc);
        fd_ets_dispose(&m);
    }
}

static int put_fitted(fd_forecast *out, const series *s, fd_forecast_model model)
{
    static const fd_column_spec specs[] = {
        { "period", "期间", "Period", FD_TEXT, NULL, 0 },
        { "value", "实际", "Value", FD_EST, NULL, 0 },
        { "fitted", "一步预测", "One step ahead", FD_EST, NULL, 0 },
        { "error", "误差", "Error", FD_EST, NULL, 0 },
    };
    double *fitted = fd_alloc(s->n * sizeof *fitted);
    fd_table *t = out->fitted = fd_table_new("fitted", "拟合", "Fitted");
    fd_ets m;
    const int err = fd_ets_fit(&m, s->y, s->n, model, s->season, fitted);

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; i < s->n && err >= 0; i++) {
        const size_t row = fd_table_add_row(t);
        char text[32];

        label_of(text, sizeof text, s, (ptrdiff_t)i + 1 - (ptrdiff_t)s->n);
        fd_column_set_text(t->columns[0], row, text);
        fd_table__put_est(t, 1, row, s->y[i]);
        fd_table__put_est(t, 2, row, fitted[i]);
        fd_table__put_est(t, 3, row, s->y[i] - fitted[i]);
    }
    if (err >= 0)
        fd_ets_dispose(&m);
    free(fitted);
    return err;
}

/* ---- back test ---- */

typedef struct test {
    const series *s;
    fd_forecast_model model;
    size_t first, horizon, origins;
    double *point, *deviation; /* origins × horizon; NaN: none */
} test;

/* The whole choice once more on what came before an origin. */
static int test_origin(void *payload, size_t i)
{
    const test *b = payload;
    const size_t n = b->first + i;
    fd_ets m;
    const int err = b->model == FD_FORECAST_AUTO
                        ? fd_ets_choose(&m, b->s->y, n, b->s->season)
                        : fd_ets_fit(&m, b->s->y, n, b->model, b->s->season, NULL);

    for (size_t h = 0; h < b->horizon; h++) {
        b->point[i * b->horizon + h] = NAN;
        if (err >= 0)
            fd_ets_ahead(&b->point[i * b->horizon + h], &b->deviation[i * b->horizon + h], &m,
                         h + 1);
    }
    if (err >= 0)
        fd_ets_dispose(&m);
    fd_error_clear();
    return 0;
}

static void put_horizon(fd_table *t, const test *b, size_t h)
{
    const series *s = b->s;
    double bias = 0, mae = 0, square = 0, relative = 0, naive = 0, in80 = 0, in95 = 0, n = 0;
    bool zero = false;
    size_t row;

    for (size_t i = 0; i < b->origins; i++) {
        const size_t at = b->first + i + h, back = (h / s->season + 1) * s->season;
        const double point = b->point[i * b->horizon + h];
        const double deviation = b->deviation[i * b->horizon + h];
        double e;

        if (at >= s->n || isnan(point))
            continue;
        e = s->y[at] - point;
        n++;
        bias += e;
        mae += fabs(e);
        square += e * e;
        zero |= s->y[at] == 0;
        relative += s->y[at] == 0 ? 0 : fabs(e / s->y[at]);
        naive += back <= at ? fabs(s->y[at] - s->y[at - back]) : NAN;
        in80 += fabs(e) <= Z80 * deviation;
        in95 += fabs(e) <= Z95 * deviation;
    }
    if (n == 0)
        return;
    row = fd_table_add_row(t);
    fd_table__put_est(t, 0, row, (double)h + 1);
    fd_table__put_est(t, 1, row, n);
    fd_table__put_est(t, 2, row, bias / n);
    fd_table__put_est(t, 3, row, mae / n);
    fd_table__put_est(t, 4, row, sqrt(square / n));
    fd_table__put_est(t, 5, row, zero ? NAN : relative / n);
    fd_table__put_est(t, 6, row, naive / n);
    fd_table__put_est(t, 7, row, in80 / n);
    fd_table__put_est(t, 8, row, in95 / n);
}

static int put_backtest(fd_forecast *out, const series *s, const fd_forecast_options *o,
                        size_t horizon)
{
    static const fd_column_spec specs[] = {
        { "h", "提前期", "Ahead", FD_EST, NULL, 0 },
        { "n", "次数", "Times", FD_EST, NULL, 0 },
        { "bias", "平均误差", "Bias", FD_EST, NULL, 0 },
        { "mae", "平均绝对误差", "MAE", FD_EST, NULL, 0 },
        { "rmse", "均方根误差", "RMSE", FD_EST, NULL, 0 },
        { "mape", "平均相对误差", "MAPE", FD_EST, NULL, 0 },
        { "naive_mae", "照抄上期的误差", "Naive MAE", FD_EST, NULL, 0 },
        { "cover80", "80% 带命中", "In 80% band", FD_EST, NULL, 0 },
        { "cover95", "95% 带命中", "In 95% band", FD_EST, NULL, 0 },
    };
    /* Enough before the first origin that a level and a trend can be fitted, two seasons if any. */
    const size_t least = s->season > 1 && s->n > 2 * s->season ? 2 * s->season : 7;
    test b = { s, o->model, 0, horizon, 0, NULL, NULL };
    fd_table *t = out->backtest = fd_table_new("backtest", "回测", "Back test");
    fd_pool *pool;
    int err;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    b.origins = s->n > least ? s->n - least : 0;
    b.origins = b.origins < o->origins ? b.origins : o->origins;
    if (b.origins == 0) {
        fd_table_add_note(t, "期数太少,没法回测:误差没有量过",
                          "too short for a back test: the error "
                          "was not measured");
        return 0;
    }
    b.first = s->n - b.origins;
    b.point = fd_alloc(2 * b.origins * horizon * sizeof *b.point);
    b.deviation = b.point + b.origins * horizon;
    pool = fd_pool_new(0);
    err = fd_pool_run(pool, b.origins, test_origin, &b);
    fd_pool_free(pool);
    for (size_t h = 0; h < horizon && err >= 0; h++)
        put_horizon(t, &b, h);
    fd_table_add_note(t, "每个起点只用它以前的数,从头选模型、估参数,再同后来的实际比",
                      "from each origin the model is chosen and fitted on what came before only");
    free(b.point);
    return err;
}

/* ---- crossing ---- */

/* The first period ahead in which point + z deviation reaches the target; 0: not within FARTHEST.
 */
static size_t first_reach(const fd_ets *m, double target, bool rising, double z)
{
    for (size_t h = 1; h <= FARTHEST; h++) {
        double point, deviation;

        fd_ets_ahead(&point, &deviation, m, h);
        point += z * deviation;
        if (rising ? point >= target : point <= target)
            return h;
    }
    return 0;
}

static void put_crossing(fd_forecast *out, const series *s, const fd_ets *m, double target,
                         size_t horizon)
{
    static const fd_column_spec specs[] = {
        { "target", "目标", "Target", FD_EST, NULL, 0 },
        { "point", "预计达到", "Expected", FD_TEXT, NULL, 0 },
        { "early", "最早(95%)", "Earliest (95%)", FD_TEXT, NULL, 0 },
        { "late", "最晚(95%)", "Latest (95%)", FD_TEXT, NULL, 0 },
        { "probability", "预测期末达到的概率", "Probability at the horizon", FD_EST, NULL, 0 },
    };
    const bool rising = s->y[s->n - 1] < target;
    const double sign = rising ? 1 : -1;
    const size_t h[] = { first_reach(m, target, rising, 0),
                         first_reach(m, target, rising, sign * Z95),
                         first_reach(m, target, rising, -sign * Z95) };
    fd_table *t = out->crossing = fd_table_new("crossing", "达到目标的时间", "Year of crossing");
    double point, deviation;
    size_t row;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    row = fd_table_add_row(t);
    fd_table__put_est(t, 0, row, target);
    for (size_t k = 0; k < 3; k++) {
        char text[32];

        label_of(text, sizeof text, s, (ptrdiff_t)h[k]);
        if (h[k])
            fd_column_set_text(t->columns[1 + k], row, text);
        else
            fd_column_set_state(t->columns[1 + k], row, FD_NA);
    }
    fd_ets_ahead(&point, &deviation, m, horizon);
    if (deviation > 0)
        fd_table__put_est(t, 4, row, 0.5 * erfc(-sign * (point - target) / deviation / sqrt(2)));
    fd_table_add_note(t, "没有写期间的:100 期内达不到;最晚一栏没有期间,就是不能保证达到",
                      "no period: not within 100; no latest one: no promise that it is reached");
}

static void put_notes(fd_forecast *out, const fd_ets *m)
{
    if (m->sse == 0)
        fd_table_add_note(out->forecast, "历史被模型一丝不差地拟合,带宽为 0:不代表没有风险",
                          "the past is fitted exactly and the band has no width: that is not "
                          "certainty");
    fd_table_add_note(out->forecast, "带只含模型内的误差;回测命中率见 --out backtest",
                      "the band holds the model's own error only; see --out backtest for how often "
                      "it held");
}

int fd_forecast_run(fd_forecast *out, const fd_table *in, const fd_forecast_options *options)
{
    fd_forecast_options defaults = FD_FORECAST_OPTIONS_INIT;
    const fd_forecast_options *o = options ? options : &defaults;
    series s = { 0 };
    fd_ets m = { .seasonal = NULL };
    size_t horizon;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = read_series(&s, in, o)) < 0)
        goto done;
    assert(s.y && s.n >= 5);
    if (o->model == FD_FORECAST_WINTERS && s.season < 2)
        err = fd_error_set(FD_EINVAL, "winters 要有季节:用 --season 说明一季几期",
                           "winters needs a season: say with --season how many periods it has");
    else if (o->model == FD_FORECAST_AUTO)
        err = fd_ets_choose(&m, s.y, s.n, s.season);
    else
        err = fd_ets_fit(&m, s.y, s.n, o->model, s.season, NULL);
    if (err < 0)
        goto done;
    horizon = o->horizon ? o->horizon : s.season > 2 ? 2 * s.season : 5;
    put_forecast(out, &s, &m, horizon);
    put_models(out, &s, m.model);
    if ((err = put_fitted(out, &s, m.model)) < 0 ||
        (err = put_backtest(out, &s, o, horizon < 12 ? horizon : 12)) < 0)
        goto done;
    if (o->has_target)
        put_crossing(out, &s, &m, o->target, horizon);
    put_notes(out, &m);
done:
    fd_ets_dispose(&m);
    free(s.y);
    free(s.period);
    free(s.number);
    if (err < 0)
        fd_forecast_dispose(out);
    return err;
}

void fd_forecast_dispose(fd_forecast *r)
{
    fd_table_free(r->forecast);
    fd_table_free(r->models);
    fd_table_free(r->backtest);
    fd_table_free(r->fitted);
    fd_table_free(r->crossing);
    memset(r, 0, sizeof *r);
}
