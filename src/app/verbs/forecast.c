/*
 * forecast: a series ahead by exponential smoothing, with the error it made when tried; from a
 * plain CSV, or an indicator of the city.
 */
#include <string.h>

#include "app/registry.h"
#include "app/verbs/panel.h"
#include "fangding/forecast.h"
#include "io/csvtable.h"

static int read_options(const fd_call *call, fd_forecast_options *o)
{
    static const char *const names[] = { "simple", "holt", "damped", "winters" };
    const char *model = fd_call_text(call, "model"), *target = fd_call_text(call, "target");
    int64_t horizon = 0, season = 0, origins = (int64_t)o->origins;
    int err;

    for (int k = 0; k < FD_FORECAST_MODELS; k++)
        if (model && strcmp(model, names[k]) == 0)
            o->model = (fd_forecast_model)k;
    if ((err = fd_call_integer(call, "horizon", &horizon)) < 0 ||
        (err = fd_call_integer(call, "season", &season)) < 0 ||
        (err = fd_call_integer(call, "origins", &origins)) < 0)
        return err;
    if (horizon < 0 || horizon > 1000 || season < 0 || season > 366 || origins < 0 ||
        origins > 1000)
        return fd_error_set(FD_EINVAL, "--horizon、--origins 应在 0 到 1000,--season 在 0 到 366",
                            "--horizon and --origins take 0 to 1000, --season 0 to 366");
    o->horizon = (size_t)horizon;
    o->season = (size_t)season;
    o->origins = (size_t)origins;
    o->has_target = target != NULL;
    if (target && !fd_csv_number(&o->target, target, strlen(target)))
        return fd_error_set(FD_EINVAL, "--target 不是数:%s", "--target is no number: %s", target);
    return 0;
}

static void say(fd_result *result, const fd_forecast *all)
{
    const fd_table *f = all->forecast, *b = all->backtest;
    const size_t last = f->rows - 1;
    const double tested =
        b->rows && fd_column_state(b->columns[3], 0) == FD_HAS ? b->columns[3]->v.est[0] : -1;

    if (all->crossing) {
        const char *when = fd_column_text_or(all->crossing->columns[1], 0, NULL);

        if (when)
            fd_result_say(
                result, "会上可说:照目前走势,%s 达到 %g;最早 %s,最晚 %s。",
                "To say: at this pace %s reaches %g; at the earliest %s, at the latest %s.", when,
                all->crossing->columns[0]->v.est[0],
                fd_column_text_or(all->crossing->columns[2], 0, "—"),
                fd_column_text_or(all->crossing->columns[3], 0, "—"));
        else
            fd_result_say(result, "会上可说:照目前走势,100 期内达不到 %g。",
                          "To say: at this pace %g is not reached within 100 periods.",
                          all->crossing->columns[0]->v.est[0]);
        return;
    }
    if (tested >= 0)
        fd_result_say(
            result, "会上可说:%s 预计 %.4g(95%% 在 %.4g 到 %.4g);过去提前一期预测平均差 %.3g。",
            "To say: %s is expected at %.4g (95%%: %.4g to %.4g); tried on the past one period "
            "ahead the mean error was %.3g.",
            fd_column_text_or(f->columns[0], last, ""), f->columns[1]->v.est[last],
            f->columns[4]->v.est[last], f->columns[5]->v.est[last], tested);
}

static int answer(fd_call *call, fd_result *result, const fd_table *in, void *options)
{
    fd_forecast_options *o = options;
    static const char *const names[] = { "forecast", "models", "backtest", "fitted", "crossing" };
    const char *wanted = fd_call_text(call, "out");
    fd_forecast all;
    int err;

    if ((err = fd_forecast_run(&all, in, o)) >= 0) {
        fd_table **const tables[] = { &all.forecast, &all.models, &all.backtest, &all.fitted,
                                      &all.crossing };

        say(result, &all);
        err = fd_result_pick(result,
                             wanted          ? wanted
                             : o->has_target ? "crossing"
                                             : "forecast",
                             tables, names, sizeof names / sizeof *names);
        if (err < 0)
            fd_error_hint("crossing 要有 --target", "crossing needs --target");
        fd_forecast_dispose(&all);
    }
    return err;
}

static int run_forecast(fd_call *call, fd_result *result)
{
    fd_forecast_options options = FD_FORECAST_OPTIONS_INIT;
    const char *period = fd_call_text(call, "period");
    fd_table *in = NULL;
    int err;

    options.period = period;
    options.value = fd_call_text(call, "value");
    if ((err = read_options(call, &options)) < 0 ||
        (err = fd_csv_table(&in, fd_call_text(call, "file"), &period, 1, period ? 0 : 1)) < 0)
        return err;
    err = answer(call, result, in, &options);
    fd_table_free(in);
    return err;
}

#define FORECAST_PARAMS                                                                            \
    { "model",                                                                                     \
      FD_P_CHOICE,                                                                                 \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "MODEL",                                                                                     \
      "模型(默认 auto:AICc 最低的)",                                                               \
      "model (auto: the lowest AICc)",                                                             \
      "auto|simple|holt|damped|winters" },                                                         \
        { "horizon",                                                                               \
          FD_P_INTEGER,                                                                            \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "N",                                                                                     \
          "预测几期(默认两季,至少 5)",                                                             \
          "periods ahead (two seasons, at least 5)",                                               \
          NULL },                                                                                  \
        { "season",                                                                                \
          FD_P_INTEGER,                                                                            \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "N",                                                                                     \
          "一季几期(默认月 12、季 4、其余无)",                                                     \
          "periods in a season (12 for months, 4 for quarters, else none)",                        \
          NULL },                                                                                  \
        { "target",                                                                                \
          FD_P_NUMBER,                                                                             \
          false,                                                                                   \
          false,                                                                                   \
          false,                                                                                   \
          "VALUE",                                                                                 \
          "目标值:什么时候达到",                                                                   \
          "a target: when is it reached",                                                          \
          NULL },                                                                                  \
    {                                                                                              \
        "origins", FD_P_INTEGER, false, false, false, "N", "回测从最后几期起(默认 20)",            \
            "back test from the last N periods (20)", NULL                                         \
    }

static const fd_verb_param forecast_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "一行一期:期间、数值",
      "a row a period: period, value", NULL },
    { "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 forecast;有目标时 crossing)",
      "which table (forecast; crossing with a target)",
      "forecast|models|backtest|fitted|crossing" },
    { "period", FD_P_TEXT, false, false, false, "COLUMN", "期间列(默认第一列)",
      "column of periods (the first)", NULL },
    { "value", FD_P_TEXT, false, false, false, "COLUMN", "数值列(默认第二列)",
      "column of values (the second)", NULL },
    FORECAST_PARAMS,
};
static const char *const forecast_examples[] = {
    "forecast share.csv --target 30",
    "forecast share.csv --out backtest --model holt",
    NULL,
};
const fd_verb fd_verb_forecast = {
    .name = "forecast",
    .zh = "预测:指数平滑(简单、Holt、阻尼、Winters),回测误差、预测带、达到目标的年份",
    .en = "forecast by exponential smoothing: back-test error, band, year of crossing a target",
    .purpose = FD_PLANNING,
    .is_job = true,
    .params = forecast_params,
    .param_count = sizeof forecast_params / sizeof *forecast_params,
    .examples = forecast_examples,
    .run = run_forecast,
};

/* ---- from the city ---- */

/* The rows of one unit as period, value; a gap inside stays a gap, and the engine names it. */
static int series_of(fd_table **out, const fd_table *in, const char *unit)
{
    fd_table *t = fd_table_new("data", in->columns[2]->title[FD_ZH], in->columns[2]->title[FD_EN]);

    fd_table_add_new(t, "period", "期间", "Period", FD_TEXT, "", 0);
    fd_table_add_new(t, "value", in->columns[2]->title[FD_ZH], in->columns[2]->title[FD_EN], FD_EST,
                     in->columns[2]->unit, 0);
    for (size_t r = 0; r < in->rows; r++) {
        size_t row;

        if (unit && strcmp(fd_column_text_or(in->columns[0], r, ""), unit) != 0)
            continue;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, fd_column_text_or(in->columns[1], r, ""));
        fd_column_set_est(t->columns[1], row, in->columns[2]->v.est[r]);
    }
    for (size_t k = 0; k < in->note_count; k++)
        fd_table_add_note(t, in->notes[0][k], in->notes[1][k]);
    *out = t;
    if (t->rows)
        return 0;
    fd_table_free(t);
    *out = NULL;
    return fd_error_set(FD_ENOTFOUND, "没有这个单位,或它的数不能显示:%s",
                        "no such unit, or its figures may not be shown: %s", unit);
}

static int run_city(fd_call *call, fd_result *result)
{
    fd_forecast_options o = FD_FORECAST_OPTIONS_INIT;
    fd_city_panel p = { .call = call };
    const char *unit = fd_call_text(call, "of");
    fd_table *in = NULL, *series = NULL;
    bool answered;
    int err;

    if ((err = read_options(call, &o)) < 0 ||
        (err = fd_city_by(&p, unit ? "county" : "city", 1)) < 0)
        return err;
    if (p.by_count && !unit)
        return fd_error_set(FD_EINVAL, "--by 要和 --of 一起用:预测哪一个",
                            "--by goes with --of: which one");
    if ((err = fd_city_add(&p, "value", fd_call_text(call, "indicator"), FD_CITY_PLAIN)) < 0 ||
        (err = fd_city_find_periods(&p, 1)) < 0 || (err = fd_city_read(&in, &p)) < 0 ||
        (err = series_of(&series, in, unit)) < 0)
        goto done;
    err = fd_verb_city_answer(&answered, call, result, series, answer, &o);
    if (answered)
        fd_table_add_note(result->tables[0],
                          "照过去走势外推,不含新项目和政策;目录、口径有变时不宜外推",
                          "extrapolates the past; new projects and policies are not in it");
done:
    fd_table_free(in);
    return err;
}

static const fd_verb_param city_params[] = {
    { "indicator", FD_P_TEXT, true, true, false, "ID", "指标、数据项或算式",
      "indicator, item or arithmetic", NULL },
    { "by", FD_P_TEXT, false, false, false, "DIM", "按什么分(默认 county,和 --of 一起用)",
      "dimension (county, with --of)", NULL },
    { "of", FD_P_TEXT, false, false, false, "NAME", "哪一个县区、行业……(默认全市)",
      "which county, industry … (the city)", NULL },
    FD_CITY_PERIOD_PARAMS,
    { "out", FD_P_CHOICE, false, false, false, "NAME",
      "要哪张表(默认 forecast;有目标时 crossing);data 是引擎吃的那张表",
      "which table (forecast; crossing with a target); data is what the engine is given",
      "forecast|models|backtest|fitted|crossing|data" },
    FORECAST_PARAMS,
};
static const char *const city_examples[] = {
    "forecast city sei_share --target 30 --city out/huanzhou.fangding",
    "forecast city sei_share --out backtest --city out/huanzhou.fangding", NULL
};
const fd_verb fd_verb_forecast_city = {
    .name = "forecast city",
    .zh = "本市指标的预测:预测带、回测误差、达到目标的年份(新旧动能的跨越年份)",
    .en = "an indicator of the city ahead: band, back-test error, year of crossing a target",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = city_params,
    .param_count = sizeof city_params / sizeof *city_params,
    .examples = city_examples,
    .run = run_city,
};
