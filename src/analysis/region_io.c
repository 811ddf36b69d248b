/*
 * Location quotients, regional coefficients, and output over years.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "fangding/region_io.h"
#include "solve/linear.h"

static double sum_of(const double *v, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += v[i];
    return sum;
}

int fd_region_slq(double *slq, size_t *at, const double *region, const double *nation, size_t n)
{
    const double x = sum_of(region, n), all = sum_of(nation, n);

    *at = 0;
    for (size_t i = 0; i < n; i++) {
        *at = i;
        if (region[i] < 0 || nation[i] < 0)
            return fd_error_set(FD_EINVAL, "产出是负的", "an output is negative");
        if (region[i] > 0 && nation[i] <= 0)
            return fd_error_set(FD_EINVAL, "地区有这个部门,全国没有",
                                "the region has a sector that the nation lacks");
    }
    *at = 0;
    if (x <= 0 || all <= 0)
        return fd_error_set(FD_EINVAL, "总产出是零", "total output is zero");
    for (size_t i = 0; i < n; i++)
        slq[i] = nation[i] > 0 ? region[i] / x / (nation[i] / all) : 0;
    return 0;
}

double fd_region_lambda(const double *region, const double *nation, size_t n, double delta)
{
    return pow(log2(1 + sum_of(region, n) / sum_of(nation, n)), delta);
}

static double capped(double q)
{
    return q < 1 ? q : 1;
}

void fd_region_coefficients(double *r, const double *a, const double *slq, size_t n,
                            fd_quotient quotient, double lambda)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double across = slq[j] > 0 ? slq[i] / slq[j] : 0;
            double q = 0;

            switch (quotient) {
            case FD_QUOTIENT_SLQ:
                q = capped(slq[i]);
                break;
            case FD_QUOTIENT_CILQ:
                q = i == j ? 1 : capped(across);
                break;
            case FD_QUOTIENT_CILQ_SLQ:
                q = capped(i == j ? slq[i] : across);
                break;
            case FD_QUOTIENT_FLQ:
                q = capped(lambda * (i == j ? slq[i] : across));
                break;
            case FD_QUOTIENT_AFLQ:
                q = capped(lambda * (i == j ? slq[i] : across)) * fmax(1, log2(1 + slq[j]));
                break;
            }
            r[i * n + j] = slq[i] > 0 && slq[j] > 0 ? a[i * n + j] * q : 0;
        }
}

/* I - A + B; b may be NULL. */
static double *system_of(const double *a, const double *b, size_t n)
{
    double *m = fd_alloc(n * n * sizeof *m + 1);

    for (size_t k = 0; k < n * n; k++)
        m[k] = (b ? b[k] : 0) - a[k];
    for (size_t i = 0; i < n; i++)
        m[i * n + i] += 1;
    return m;
}

int fd_region_multipliers(double *multipliers, const double *r, size_t n)
{
    double *inverse = system_of(r, NULL, n);
    int err = fd_linear_invert(inverse, n);

    memset(multipliers, 0, n * sizeof *multipliers);
    for (size_t i = 0; i < n && err >= 0; i++)
        for (size_t j = 0; j < n; j++)
            multipliers[j] += inverse[i * n + j];
    free(inverse);
    return err;
}

/* ---- Monte Carlo ---- */

static uint64_t
next(uint64_t *state) /* splitmix64: Steele, Lea, Flood 2014, doi:10.1145/2714064.2660195 */
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static double normal(uint64_t *state) /* Box and Muller 1958, doi:10.1214/aoms/1177706645 */
{
    const double u = ((double)(next(state) >> 11) + 0.5) / 9007199254740992.0;
    const double v = (double)(next(state) >> 11) / 9007199254740992.0;

    return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Between the two nearest of sorted numbers. */
static double percentile(const double *sorted, size_t count, double p)
{
    const double at = p * (double)(count - 1);
    const size_t low = (size_t)at, high = low + 1 < count ? low + 1 : low;

    return sorted[low] + (at - (double)low) * (sorted[high] - sorted[low]);
}

int fd_region_sample(fd_region_spread *spread, const double *r, size_t n, size_t runs, double sd,
                     uint64_t seed)
{
    double *drawn = fd_alloc(n * n * sizeof *drawn + 1), *all, *one;
    int err = 0;

    if (runs < 2 || sd < 0 || n == 0) {
        free(drawn);
        return fd_error_set(FD_EINVAL, "抽样至少两次,标准差不能是负的",
                            "at least two runs, and no negative deviation");
    }
    all = fd_alloc(runs * n * sizeof *all); /* by sector, then run */
    one = fd_alloc(n * sizeof *one);
    for (size_t run = 0; run < runs && err >= 0; run++) {
        uint64_t state = seed * UINT64_C(0x2545f4914f6cdd1d) + run;

        for (size_t k = 0; k < n * n; k++)
            drawn[k] = r[k] * exp(sd * normal(&state) - sd * sd / 2);
        err = fd_region_multipliers(one, drawn, n);
        for (size_t j = 0; j < n; j++)
            all[j * runs + run] = one[j];
    }
    for (size_t j = 0; j < n && err >= 0; j++) {
        double *v = all + j * runs, mean = sum_of(v, runs) / (double)runs, squares = 0;

        for (size_t k = 0; k < runs; k++)
            squares += (v[k] - mean) * (v[k] - mean);
        qsort(v, runs, sizeof *v, by_value);
        spread[j] = (fd_region_spread){ mean, sqrt(squares / (double)(runs - 1)),
                                        percentile(v, runs, 0.05), percentile(v, runs, 0.95) };
    }
    free(drawn);
    free(all);
    free(one);
    return err;
}

/* ---- year by year ---- */

int fd_output_path(double *x, const double *a, const double *y, size_t n, size_t years)
{
    double *m = system_of(a, NULL, n);
    int err;

    memmove(x, y, n * years * sizeof *x);
    err = fd_linear_solve(m, x, n, years);
    free(m);
    return err;
}

int fd_dynamic_leontief(double *x, const double *a, const double *b, const double *y, size_t n,
                        size_t years)
{
    double *m = NULL, *right = fd_alloc(n * sizeof *right + 1),
           *after = fd_alloc(n * sizeof *after + 1);
    int err = 0;

    for (size_t t = years; t-- > 0 && err >= 0;) {
        for (size_t i = 0; i < n; i++) {
            right[i] = y[i * years + t];
            for (size_t j = 0; j < n && t + 1 < years; j++)
                right[i] += b[i * n + j] * after[j];
        }
        free(m);
        m = system_of(a, t + 1 < years ? b : NULL, n);
        if ((err = fd_linear_solve(m, right, n, 1)) < 0)
            break;
        memcpy(after, right, n * sizeof *after);
        for (size_t i = 0; i < n; i++)
            x[i * years + t] = right[i];
    }
    free(m);
    free(right);
    free(after);
    return err;
}

void fd_project_demand(double *y, const double *build, const double *operate, const double *local,
                       size_t n, size_t build_years, const double *ramp, size_t ramp_count,
                       size_t years)
{
    memset(y, 0, n * years * sizeof *y);
    for (size_t i = 0; i < n; i++)
        for (size_t t = 0; t < years; t++) {
            const size_t step = t < build_years ? 0 : t - build_years;

            if (t < build_years)
                y[i * years + t] = build[i] * local[i] / (double)build_years;
            else if (ramp_count)
                y[i * years + t] =
                    operate[i] * local[i] * ramp[step < ramp_count ? step : ramp_count - 1];
            else
                y[i * years + t] = operate[i] * local[i];
        }
}
