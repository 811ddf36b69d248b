/*
 * Exponential smoothing: the recursion, its best start, the search for the parameters.
 */
#include "analysis/ets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "fangding/error.h"
#include "solve/lsq.h"

enum { MOST_FREE = 3 }; /* smoothing parameters of a model */

/* What a trial needs again and again. */
typedef struct trial {
    const double *y;
    size_t n, season, states;
    fd_forecast_model model;
    double *error; /* n: with all states 0; then with the best ones */
    double *unit;  /* states × n: what a state of 1 before the first period adds to the error */
    double *a, *b; /* scratch of the least squares */
    double *past;  /* season: seasonal terms of a pass */
    double state[2 + FD_ETS_MOST_SEASON]; /* best states of the last trial */
    double alpha, beta, phi, gamma;
} trial;

static size_t free_count(fd_forecast_model model)
{
    return model == FD_FORECAST_SIMPLE ? 1 : model == FD_FORECAST_HOLT ? 2 : 3;
}

/* Level, trend, and all seasons but one, which is minus the sum of the others. */
static size_t state_count(fd_forecast_model model, size_t season)
{
    return model == FD_FORECAST_SIMPLE ? 1 : model == FD_FORECAST_WINTERS ? 1 + season : 2;
}

static double between(double low, double high, double x)
{
    return low + (high - low) / (1 + exp(-x));
}

/* Parameters from numbers without bounds. */
static void set_parameters(trial *t, const double *x)
{
    t->alpha = between(1e-4, 0.9999, x[0]);
    t->beta = t->model == FD_FORECAST_SIMPLE ? 0 : between(1e-4, t->alpha, x[1]);
    t->phi = t->model == FD_FORECAST_DAMPED ? between(0.8, 0.98, x[2]) : 1;
    t->gamma = t->model == FD_FORECAST_WINTERS ? between(1e-4, 1 - t->alpha, x[2]) : 0;
}

/* One pass of the recursion from the states given; y NULL is a series of zeros. */
static void pass(double *error, trial *t, const double *y, double *level, double *trend)
{
    double l = *level, b = *trend;

    for (size_t i = 0; i < t->n; i++) {
        double *s = t->season > 1 ? &t->past[i % t->season] : NULL;
        const double e = (y ? y[i] : 0) - (l + t->phi * b + (s ? *s : 0));

        l += t->phi * b + t->alpha * e;
        b = t->phi * b + t->beta * e;
        if (s)
            *s += t->gamma * e;
        error[i] = e;
    }
    *level = l;
    *trend = b;
}

static void set_states(trial *t, const double *state, double *level, double *trend)
{
    double sum = 0;

    *level = state[0];
    *trend = t->states > 1 ? state[1] : 0;
    for (size_t k = 0; k + 1 < t->season; k++) {
        t->past[k] = state[2 + k];
        sum += state[2 + k];
    }
    t->past[t->season - 1] = -sum;
}

/* The smallest sum of squares over all states before the first period, for the parameters set. */
static double sum_of_squares(trial *t)
{
    double state[2 + FD_ETS_MOST_SEASON] = { 0 }, level, trend, sum = 0;

    set_states(t, state, &level, &trend);
    pass(t->error, t, t->y, &level, &trend);
    for (size_t j = 0; j < t->states; j++) {
        state[j] = 1;
        set_states(t, state, &level, &trend);
        pass(t->unit + j * t->n, t, NULL, &level, &trend);
        state[j] = 0;
    }
    for (size_t i = 0; i < t->n * t->states; i++)
        t->a[i] = -t->unit[i];
    memcpy(t->b, t->error, t->n * sizeof *t->b);
    if (fd_lsq_solve(t->state, t->a, t->b, t->n, t->states) < 0) {
        fd_error_clear();
        return INFINITY; /* states that the data cannot tell apart: another trial will do */
    }
    for (size_t j = 0; j < t->states; j++)
        for (size_t i = 0; i < t->n; i++)
            t->error[i] += t->state[j] * t->unit[j * t->n + i];
    for (size_t i = 0; i < t->n; i++)
        sum += t->error[i] * t->error[i];
    return isfinite(sum) ? sum : INFINITY;
}

static double evaluate(trial *t, const double *x)
{
    set_parameters(t, x);
    return sum_of_squares(t);
}

/* Nelder and Mead's simplex in up to three dimensions. @return the value at *x */
static double simplex(trial *t, double *x, size_t d)
{
    double p[MOST_FREE + 1][MOST_FREE] = { { 0 } }, f[MOST_FREE + 1] = { 0 };

    for (size_t k = 0; k <= d; k++) {
        memcpy(p[k], x, d * sizeof *x);
        if (k > 0)
            p[k][k - 1] += 1;
        f[k] = evaluate(t, p[k]);
    }
    for (int step = 0; step < 400; step++) {
        static const double moves[] = { 2, 3, 0.5, 1.5 }; /* reflect, expand, contract in and out */
        size_t worst = 0, best = 0, second = 0;
        double centre[MOST_FREE] = { 0 }, q[MOST_FREE] = { 0 }, g[4] = { 0 };
        bool done = false;

        for (size_t k = 1; k <= d; k++) {
            best = f[k] < f[best] ? k : best;
            worst = f[k] >= f[worst] ? k : worst;
        }
        second = best;
        for (size_t k = 0; k <= d; k++)
            second = k != worst && f[k] >= f[second] ? k : second;
        if (fabs(f[worst] - f[best]) <= 1e-13 * (fabs(f[best]) + 1e-300))
            break;
        for (size_t k = 0; k <= d; k++)
            for (size_t j = 0; j < d && k != worst; j++)
                centre[j] += p[k][j] / (double)d;
        for (int move = 0; move < 4 && !done; move++) {
            if ((move == 1 && !(g[0] < f[best])) || (move == 2 && g[0] < f[worst]) ||
                (move == 3 && !(g[0] < f[worst])))
                continue;
            for (size_t j = 0; j < d; j++)
                q[j] = p[worst][j] + moves[move] * (centre[j] - p[worst][j]);
            g[move] = evaluate(t, q);
            if (move == 0 ? g[0] < f[second] && g[0] >= f[best]
                          : g[move] < (move == 1 ? g[0] : fmin(f[worst], g[0]))) {
                memcpy(p[worst], q, sizeof q);
                f[worst] = g[move];
                done = true;
            } else if (move == 1) { /* the reflection itself was the best yet */
                for (size_t j = 0; j < d; j++)
                    p[worst][j] += 2 * (centre[j] - p[worst][j]);
                f[worst] = g[0];
                done = true;
            }
        }
        for (size_t k = 0; k <= d && !done; k++) {
            if (k == best)
                continue;
            for (size_t j = 0; j < d; j++)
                p[k][j] = p[best][j] + 0.5 * (p[k][j] - p[best][j]);
            f[k] = evaluate(t, p[k]);
        }
    }
    for (size_t k = 1; k <= d; k++)
        if (f[k] < f[0]) {
            f[0] = f[k];
            memcpy(p[0], p[k], sizeof p[k]);
        }
    memcpy(x, p[0], d * sizeof *x);
    return f[0];
}

static void optimise(trial *t, double *best)
{
    static const double starts[][MOST_FREE] = { { 0, -2, 0 }, { -3, -1, -2 }, { 3, -4, 2 } };
    const size_t d = free_count(t->model);
    double value = INFINITY;

    memcpy(best, starts[0], sizeof starts[0]);
    for (size_t k = 0; k < sizeof starts / sizeof *starts; k++) {
        double x[MOST_FREE], f;

        memcpy(x, starts[k], sizeof x);
        f = simplex(t, x, d);
        if (f < value) {
            value = f;
            memcpy(best, x, sizeof x);
        }
    }
}

static void finish(fd_ets *out, trial *t, const double *x, double *fitted)
{
    const double n = (double)t->n, k = (double)out->k;
    double level, trend, biggest = 0;

    out->sse = evaluate(t, x);
    for (size_t i = 0; i < t->n; i++)
        biggest = fmax(biggest, fabs(t->y[i]));
    if (out->sse <= n * 1e-24 * biggest * biggest)
        out->sse = 0; /* an exact fit: what is left is rounding */
    out->alpha = t->alpha;
    out->beta = t->beta;
    out->phi = t->phi;
    out->gamma = t->gamma;
    out->level0 = t->state[0];
    out->trend0 = t->states > 1 ? t->state[1] : 0;
    set_states(t, t->state, &level, &trend);
    pass(t->error, t, t->y, &level, &trend);
    out->level = level;
    out->trend = trend;
    for (size_t j = 0; j < t->season; j++)
        out->seasonal[j] = t->season > 1 ? t->past[(t->n + j) % t->season] : 0;
    for (size_t i = 0; fitted && i < t->n; i++)
        fitted[i] = t->y[i] - t->error[i];
    out->sigma = sqrt(out->sse / (n - k + 1));
    out->aic = n * log(out->sse) + 2 * k;
    out->aicc = out->aic + 2 * k * (k + 1) / (n - k - 1);
}

int fd_ets_fit(fd_ets *out, const double *y, size_t n, fd_forecast_model model, size_t season,
               double *fitted)
{
    const size_t m = model == FD_FORECAST_WINTERS ? season : 1;
    trial *t;
    double x[MOST_FREE] = { 0 };

    memset(out, 0, sizeof *out);
    out->model = model;
    out->season = m;
    out->n = n;
    out->k = free_count(model) + state_count(model, m) + 1;
    if (n < out->k + 2 ||
        (model == FD_FORECAST_WINTERS && (m < 2 || m > FD_ETS_MOST_SEASON || n < 2 * m)))
        return fd_error_set(FD_EINVAL, "%zu 期不够定 %zu 个参数和初值",
                            "%zu periods are too few for %zu "
                            "parameters and states",
                            n, out->k);
    t = fd_alloc(sizeof *t);
    t->y = y;
    t->n = n;
    t->season = m;
    t->model = model;
    t->states = state_count(model, m);
    t->error = fd_alloc((n * (2 + 2 * t->states) + m) * sizeof *t->error);
    t->unit = t->error + n;
    t->a = t->unit + n * t->states;
    t->b = t->a + n * t->states;
    t->past = t->b + n;
    out->seasonal = fd_alloc(m * sizeof *out->seasonal);
    optimise(t, x);
    finish(out, t, x, fitted);
    free(t->error);
    free(t);
    return 0;
}

int fd_ets_choose(fd_ets *out, const double *y, size_t n, size_t season)
{
    fd_ets tried[FD_FORECAST_MODELS] = { { .seasonal = NULL } };
    int best = -1, err = FD_EINVAL;

    memset(out, 0, sizeof *out);
    for (int k = 0; k < FD_FORECAST_MODELS; k++) {
        if (k == FD_FORECAST_WINTERS && season < 2)
            continue;
        if ((err = fd_ets_fit(&tried[k], y, n, (fd_forecast_model)k, season, NULL)) < 0)
            continue;
        if (best < 0 || tried[k].aicc < tried[best].aicc) /* of exact fits the simplest stays */
            best = k;
    }
    if (best >= 0) {
        fd_error_clear();
        err = 0;
        *out = tried[best];
        tried[best].seasonal = NULL;
    }
    for (int k = 0; k < FD_FORECAST_MODELS; k++)
        fd_ets_dispose(&tried[k]);
    return err;
}

void fd_ets_ahead(double *point, double *deviation, const fd_ets *m, size_t h)
{
    double damp = 0, power = 1, variance = 1;

    for (size_t j = 1; j < h; j++) {
        double c;

        power *= m->phi;
        damp += power;
        c = m->alpha + m->beta * damp + (m->season > 1 && j % m->season == 0 ? m->gamma : 0);
        variance += c * c;
    }
    damp += power * m->phi;
    *point = m->level + damp * m->trend + (m->season > 1 ? m->seasonal[(h - 1) % m->season] : 0);
    *deviation = m->sigma * sqrt(variance);
}

void fd_ets_dispose(fd_ets *m)
{
    free(m->seasonal);
    m->seasonal = NULL;
}
