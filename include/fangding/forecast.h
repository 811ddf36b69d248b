/*
 * Forecasts of one series by exponential smoothing, with the error that it made when it was tried.
 *
 * Pure: a table in, tables out.  How to use it and to say it: docs/methods/forecast.md.
 */
#ifndef FANGDING_FORECAST_H
#define FANGDING_FORECAST_H

#include <stdbool.h>
#include <stddef.h>

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fd_forecast_model {
    FD_FORECAST_SIMPLE,  /* ETS(A,N,N): a level */
    FD_FORECAST_HOLT,    /* ETS(A,A,N): level and trend */
    FD_FORECAST_DAMPED,  /* ETS(A,Ad,N): a trend that dies away */
    FD_FORECAST_WINTERS, /* ETS(A,A,A): level, trend and season */
    FD_FORECAST_MODELS,
    FD_FORECAST_AUTO = FD_FORECAST_MODELS
} fd_forecast_model;

typedef struct fd_forecast_options {
    int version;
    const char *period, *value; /* columns; NULL: the first and the second */
    fd_forecast_model model;
    size_t horizon; /* periods ahead; 0: a season twice, at least 5 */
    size_t season;  /* periods in a season; 0: 12 for months, 4 for quarters, else none */
    bool has_target;
    double target;
    size_t origins; /* back test: from how many last periods to forecast */
} fd_forecast_options;
#define FD_FORECAST_OPTIONS_INIT                                                                   \
    {                                                                                              \
        1, NULL, NULL, FD_FORECAST_AUTO, 0, 0, false, 0, 20                                        \
    }

typedef struct fd_forecast {
    fd_table *forecast; /* period, forecast, lo80, hi80, lo95, hi95 */
    fd_table *models; /* model, alpha, beta, phi, gamma, level, trend, parameters, sse, sigma, aic,
                         aicc, chosen: level and trend as they were before the first period */
    fd_table *backtest; /* h, n, bias, mae, rmse, mape, naive_mae, cover80, cover95 */
    fd_table *fitted;   /* period, value, fitted, error */
    fd_table *crossing; /* target, point, early, late, probability: with a target only */
} fd_forecast;

/**
 * Forecast a series of periods (years, quarters, months, days, or whole numbers) without gaps.
 *
 * With errors e(t) = y(t) - (l + phi b + s(t-m)):
 *   l <- l + phi b + alpha e;  b <- phi b + beta e;  s(t) = s(t-m) + gamma e
 * (Hyndman, Koehler, Ord, Snyder 2008, doi:10.1007/978-3-540-71918-2; additive errors).  alpha,
 * gamma, phi and the states before the first period minimise the sum of squares, in 1e-4 <= beta
 * <= alpha <= 0.9999, 1e-4 <= gamma <= 1 - alpha, 0.8 <= phi <= 0.98 (as the R package forecast).
 * The errors are linear in the states, which are therefore solved for exactly (QR) at every trial
 * of the others (Nelder and Mead 1965, doi:10.1093/comjnl/7.4.308, from several starts).
 *
 *   AIC = n ln SSE + 2 k, AICc = AIC + 2 k (k + 1) / (n - k - 1), k: parameters, states and
 *   sigma; the model with the lowest AICc is chosen.  Winters needs two whole seasons.
 *   band: +- z sigma sqrt(1 + sum c(j)^2), sigma^2 = SSE / (n - k + 1), c(j) = alpha + beta (phi +
 * …
 *   + phi^j) + gamma [j is a multiple of m]
 *   back test: for each of the last `origins` periods the whole choice is made again on what came
 *   before, and forecasts are held against what came; naive_mae: the same for the last value (of
 * the same season); cover: how often the band held crossing: the first period ahead in which the
 * forecast reaches the target (from the side on which the last value stands), and those of the
 * nearer and farther edge of the 95 % band; empty: not within 100 periods.  probability: of being
 * there at the horizon, normal errors.
 *
 * @return FD_ENOTFOUND a column; FD_EINVAL a period that is none, of another kind or twice, a gap
 * (named), a missing value (named), cumulative periods, fewer than 5 periods, or too few for the
 * model asked for
 *
 * n periods, o origins: O((o + 1) n m^2) with a factor of about a thousand trials.  Release with
 * fd_forecast_dispose().
 */
FD_API int fd_forecast_run(fd_forecast *out, const fd_table *in,
                           const fd_forecast_options *options);
FD_API void fd_forecast_dispose(fd_forecast *result);

#ifdef __cplusplus
}
#endif
#endif
