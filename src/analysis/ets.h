/*
 * Exponential smoothing with additive errors: one model fitted to one series.
 */
#ifndef FD_ANALYSIS_ETS_H
#define FD_ANALYSIS_ETS_H

#include <stdbool.h>
#include <stddef.h>

#include "fangding/forecast.h"

#define FD_ETS_MOST_SEASON 366

typedef struct fd_ets {
    fd_forecast_model model;
    size_t season;                  /* 1 unless Winters */
    double alpha, beta, phi, gamma; /* beta, gamma 0 and phi 1 where the model has none */
    double level0, trend0;          /* before the first period */
    double level, trend;            /* after the last */
    double *seasonal;               /* season: the next ones, in order; owned */
    size_t n, k;                    /* observations; parameters, states and sigma */
    double sse, sigma, aic, aicc;   /* sigma, aicc NaN where n is too small */
} fd_ets;

/**
 * Fit by least squares (see fd_forecast_run).
 *
 * @param fitted  receives n one-step forecasts, or NULL
 * @return FD_EINVAL n is too small for the model: AICc needs n > k + 1, Winters two seasons
 */
int fd_ets_fit(fd_ets *out, const double *y, size_t n, fd_forecast_model model, size_t season,
               double *fitted);

/** The model with the lowest AICc among those that can be fitted. @return FD_EINVAL none can */
int fd_ets_choose(fd_ets *out, const double *y, size_t n, size_t season);

/** Point forecast and standard deviation h >= 1 periods ahead. */
void fd_ets_ahead(double *point, double *deviation, const fd_ets *m, size_t h);

void fd_ets_dispose(fd_ets *m);

#endif
