/*
 * The second stages of production functions: a cubic law of motion and what it leaves.
 *
 * The cubic is carried by polynomials that are orthonormal on the sample itself, built by the
 * three-term recurrence (Forsythe 1957, doi:10.1137/0105007): no system of equations, no loss of
 * digits however large phi is, and their derivatives follow from the same recurrence.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/prodfun.h"
#include "fangding/arena.h"
#include "solve/lsq.h"

enum { DEGREE = 3, TERMS = DEGREE + 1 };

/* Scratch of one evaluation; arrays of n. */
typedef struct news {
    double *past, *omega; /* omega_-1, omega */
    double *term[TERMS];  /* orthonormal polynomials at omega_-1 */
    double *slope[TERMS]; /* their derivatives by omega_-1; only where wanted */
    double *xi;           /* omega less the cubic */
    double *motion;       /* derivative of the cubic at omega_-1 */
    double *block;
} news;

void fd_prodfun__sample_init(fd_prodfun__sample *s, size_t rows, size_t m, bool instruments)
{
    memset(s, 0, sizeof *s);
    s->m = m;
    s->weight = fd_alloc((rows + 1) * sizeof *s->weight);
    s->now = fd_alloc((rows + 1) * sizeof *s->now);
    s->past = fd_alloc((rows + 1) * sizeof *s->past);
    s->noise = fd_alloc((rows + 1) * sizeof *s->noise);
    s->x = fd_alloc((m * rows + 1) * sizeof *s->x);
    s->x_lag = fd_alloc((m * rows + 1) * sizeof *s->x_lag);
    if (instruments)
        s->z = fd_alloc((m * rows + 1) * sizeof *s->z);
}

void fd_prodfun__sample_dispose(fd_prodfun__sample *s)
{
    free(s->weight);
    free(s->now);
    free(s->past);
    free(s->noise);
    free(s->x);
    free(s->x_lag);
    free(s->z);
    memset(s, 0, sizeof *s);
}

static void news_init(news *v, size_t n)
{
    double *at = v->block = fd_alloc((4 + 2 * TERMS) * (n + 1) * sizeof *v->block);

    v->past = at;
    v->omega = at += n;
    v->xi = at += n;
    v->motion = at += n;
    for (int k = 0; k < TERMS; k++) {
        v->term[k] = at += n;
        v->slope[k] = at += n;
    }
}

static double inner(const double *w, const double *a, const double *b, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += w[i] * a[i] * b[i];
    return sum;
}

/* Orthonormal polynomials of degree 0 to 3 on the points u with weights w. A degree that the points
 * cannot tell from the lower ones (fewer distinct points) is zero everywhere. */
static void build_terms(news *v, const double *w, const double *u, size_t n, bool slopes)
{
    double previous_norm = 0;

    for (int k = 0; k < TERMS; k++) {
        double *p = v->term[k], *d = v->slope[k], norm, before = 0;

        if (k == 0) {
            for (size_t i = 0; i < n; i++) {
                p[i] = 1;
                d[i] = 0;
            }
        } else {
            const double *q = v->term[k - 1], *e = v->slope[k - 1];
            double a = 0;

            for (size_t i = 0; i < n; i++) {
                a += w[i] * u[i] * q[i] * q[i];
                before += w[i] * u[i] * u[i] * q[i] * q[i];
            }
            for (size_t i = 0; i < n; i++) {
                p[i] = (u[i] - a) * q[i];
                d[i] = slopes ? q[i] + (u[i] - a) * e[i] : 0;
            }
            if (k > 1)
                for (size_t i = 0; i < n; i++) {
                    p[i] -= previous_norm * v->term[k - 2][i];
                    d[i] -= previous_norm * v->slope[k - 2][i];
                }
        }
        norm = sqrt(inner(w, p, p, n));
        previous_norm = norm;
        if (!(norm > 1e-12 * sqrt(before))) {
            memset(p, 0, n * sizeof *p);
            memset(d, 0, n * sizeof *d);
            previous_norm = 0;
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            p[i] /= norm;
            d[i] /= norm;
        }
    }
}

/* omega and its past at b, the cubic between them, and the news. With `derivative`, also the slope
 * of the cubic and of its terms. */
static void find_news(news *v, const fd_prodfun__sample *s, const double *b, bool derivative)
{
    const size_t n = s->n;

    memcpy(v->omega, s->now, n * sizeof *v->omega);
    memcpy(v->past, s->past, n * sizeof *v->past);
    for (size_t j = 0; j < s->m; j++) {
        const double *x = s->x + j * n, *lag = s->x_lag + j * n;

        for (size_t i = 0; i < n; i++) {
            v->omega[i] -= b[j] * x[i];
            v->past[i] -= b[j] * lag[i];
        }
    }
    build_terms(v, s->weight, v->past, n, derivative);
    memcpy(v->xi, v->omega, n * sizeof *v->xi);
    if (derivative)
        memset(v->motion, 0, n * sizeof *v->motion);
    for (int k = 0; k < TERMS; k++) {
        const double c = inner(s->weight, v->term[k], v->xi, n);

        for (size_t i = 0; i < n; i++)
            v->xi[i] -= c * v->term[k][i];
        for (size_t i = 0; derivative && i < n; i++)
            v->motion[i] += c * v->slope[k][i];
    }
}

/* ---- least squares in one coefficient ---- */

static double squares_at(news *v, const fd_prodfun__sample *s, double b)
{
    find_news(v, s, &b, false);
    for (size_t i = 0; i < s->n; i++)
        v->xi[i] += s->noise[i];
    return inner(s->weight, v->xi, v->xi, s->n);
}

/* Brent's minimisation without derivatives (Algorithms for Minimization without Derivatives, 1973,
 * chapter 5) between a and c, where b is lower than both. */
static double brent(news *v, const fd_prodfun__sample *s, double a, double b, double c, double *f)
{
    const double golden = 0.3819660112501051;
    double x = b, w = b, u = b, fx = *f, fw = *f, fu = *f, d = 0, e = 0;

    for (int step = 0; step < 100; step++) {
        const double middle = (a + c) / 2, tolerance = 1e-9 * fabs(x) + 1e-11;
        double p = 0, q = 0, next, fn;

        if (fabs(x - middle) <= 2 * tolerance - (c - a) / 2)
            break;
        if (fabs(e) > tolerance) {
            const double r = (x - w) * (fx - fu);

            q = (x - u) * (fx - fw);
            p = (x - u) * q - (x - w) * r;
            q = 2 * (q - r);
            p = q > 0 ? -p : p;
            q = fabs(q);
        }
        if (q != 0 && fabs(p) < fabs(q * e / 2) && p > q * (a - x) && p < q * (c - x)) {
            e = d;
            d = p / q;
        } else {
            e = x < middle ? c - x : a - x;
            d = golden * e;
        }
        next = x + (fabs(d) >= tolerance ? d : d > 0 ? tolerance : -tolerance);
        fn = squares_at(v, s, next);
        if (fn <= fx) {
            *(next < x ? &c : &a) = x;
            u = w, fu = fw;
            w = x, fw = fx;
            x = next, fx = fn;
        } else {
            *(next < x ? &a : &c) = next;
            if (fn <= fw || w == x) {
                u = w, fu = fw;
                w = next, fw = fn;
            } else if (fn <= fu || u == x || u == w) {
                u = next, fu = fn;
            }
        }
    }
    *f = fx;
    return x;
}

/* Near a minimum the sum of squares is flat: comparing its values finds half the digits. Newton
 * steps on derivatives by five points find the rest (errors O(h^4) and rounding / h). */
static double polish(news *v, const fd_prodfun__sample *s, double b, double *f)
{
    const double h = 2e-3;

    for (int step = 0; step < 3; step++) {
        const double a2 = squares_at(v, s, b - 2 * h), a1 = squares_at(v, s, b - h);
        const double f0 = squares_at(v, s, b), c1 = squares_at(v, s, b + h);
        const double c2 = squares_at(v, s, b + 2 * h);
        const double slope = (8 * (c1 - a1) - (c2 - a2)) / (12 * h);
        const double bend = (16 * (c1 + a1) - (c2 + a2) - 30 * f0) / (12 * h * h);

        if (!(bend > 0) || fabs(slope / bend) > h)
            break; /* a kink or an end of the scan: what Brent found stands */
        b -= slope / bend;
    }
    *f = squares_at(v, s, b);
    return b;
}

void fd_prodfun__least_squares(double *b, double *criterion, const fd_prodfun__sample *s)
{
    enum { POINTS = 61 };
    double value[POINTS];
    news v;
    int best = 0;

    news_init(&v, s->n);
    for (int k = 0; k < POINTS; k++) {
        value[k] = squares_at(&v, s, -1 + 0.05 * k);
        if (value[k] < value[best])
            best = k;
    }
    *criterion = value[best];
    *b = brent(&v, s, -1 + 0.05 * (best > 0 ? best - 1 : best), -1 + 0.05 * best,
               -1 + 0.05 * (best < POINTS - 1 ? best + 1 : best), criterion);
    *b = polish(&v, s, *b, criterion);
    free(v.block);
}

/* ---- moments ---- */

/* The lower Cholesky factor of Z'WZ; false when the instruments depend on each other. */
static bool factor_instruments(double *l, const fd_prodfun__sample *s)
{
    const size_t m = s->m;

    for (size_t r = 0; r < m; r++)
        for (size_t c = 0; c <= r; c++) {
            const double whole = inner(s->weight, s->z + r * s->n, s->z + c * s->n, s->n);
            double sum = whole;

            for (size_t k = 0; k < c; k++)
                sum -= l[r * m + k] * l[c * m + k];
            if (r == c && !(sum > 1e-12 * whole))
                return false;
            l[r * m + c] = r == c ? sqrt(sum) : sum / l[c * m + c];
        }
    return true;
}

static void forward(double *h, const double *l, size_t m)
{
    for (size_t r = 0; r < m; r++) {
        for (size_t k = 0; k < r; k++)
            h[r] -= l[r * m + k] * h[k];
        h[r] /= l[r * m + r];
    }
}

/* The whitened moments at b. @return h'h */
static double moments_at(double *h, news *v, const fd_prodfun__sample *s, const double *l,
                         const double *b, bool derivative)
{
    double sum = 0;

    find_news(v, s, b, derivative);
    for (size_t q = 0; q < s->m; q++)
        h[q] = inner(s->weight, s->z + q * s->n, v->xi, s->n);
    forward(h, l, s->m);
    for (size_t q = 0; q < s->m; q++)
        sum += h[q] * h[q];
    return sum;
}

/* Jacobian of the whitened moments, row-major, at the point of the last moments_at().  With P the
 * projection on the cubic's terms, r = (I - P) omega, z~ = (I - P) z and z^' the slope of P z:
 *   d(z'Wr)/db_j = sum w [ z~ (-x_j + g' x_lag_j) + z^' x_lag_j r ]. */
static void jacobian(double *jac, const news *v, const fd_prodfun__sample *s, const double *l)
{
    const size_t n = s->n, m = s->m;
    double *column = fd_alloc(m * sizeof *column);

    for (size_t q = 0; q < m; q++) {
        const double *z = s->z + q * n;
        double c[TERMS], *row = jac + q * m;

        for (int k = 0; k < TERMS; k++)
            c[k] = inner(s->weight, v->term[k], z, n);
        memset(row, 0, m * sizeof *row);
        for (size_t i = 0; i < n; i++) {
            double rest = z[i], slope = 0;

            for (int k = 0; k < TERMS; k++) {
                rest -= c[k] * v->term[k][i];
                slope += c[k] * v->slope[k][i];
            }
            for (size_t j = 0; j < m; j++)
                row[j] +=
                    s->weight[i] * (rest * (v->motion[i] * s->x_lag[j * n + i] - s->x[j * n + i]) +
                                    slope * s->x_lag[j * n + i] * v->xi[i]);
        }
    }
    for (size_t j = 0; j < m; j++) {
        for (size_t q = 0; q < m; q++)
            column[q] = jac[q * m + j];
        forward(column, l, m);
        for (size_t q = 0; q < m; q++)
            jac[q * m + j] = column[q];
    }
    free(column);
}

/* The step that minimises |J d + h|^2 + lambda |D d|^2, D the lengths of J's columns. */
static bool damped_step(double *d, const double *jac, const double *h, size_t m, double lambda)
{
    double *a = fd_alloc(2 * m * m * sizeof *a), *b = fd_alloc(2 * m * sizeof *b);
    int err;

    for (size_t j = 0; j < m; j++) {
        double length = 0;

        for (size_t q = 0; q < m; q++) {
            a[j * 2 * m + q] = jac[q * m + j];
            length += jac[q * m + j] * jac[q * m + j];
        }
        a[j * 2 * m + m + j] = sqrt(lambda * length);
        b[j] = -h[j];
    }
    err = fd_lsq_solve(d, a, b, 2 * m, m);
    free(a);
    free(b);
    return err >= 0;
}

bool fd_prodfun__moments(double *b, double *criterion, const fd_prodfun__sample *s)
{
    const size_t m = s->m;
    double l[FD_PRODFUN_MOST * FD_PRODFUN_MOST], jac[FD_PRODFUN_MOST * FD_PRODFUN_MOST];
    double h[FD_PRODFUN_MOST], trial_h[FD_PRODFUN_MOST], d[FD_PRODFUN_MOST], trial[FD_PRODFUN_MOST];
    double value, lambda = 1e-3, total = 0, square = 0;
    bool fresh = false, root = false;
    news v;

    *criterion = INFINITY;
    if (m > FD_PRODFUN_MOST || !factor_instruments(l, s))
        return false;
    news_init(&v, s->n);
    value = moments_at(h, &v, s, l, b, true);
    for (int step = 0; step < 100 && isfinite(value); step++) {
        double next, moved = 0;

        if (!fresh) {
            jacobian(jac, &v, s, l);
            square = inner(s->weight, v.xi, v.xi, s->n);
            fresh = true;
        }
        root = value <= 1e-18 * square;
        if (!damped_step(d, jac, h, m, lambda))
            break;
        for (size_t j = 0; j < m; j++) {
            trial[j] = b[j] + d[j];
            moved = fmax(moved, fabs(d[j]));
        }
        next = moments_at(trial_h, &v, s, l, trial, true);
        if (next < value) {
            memcpy(b, trial, m * sizeof *b);
            memcpy(h, trial_h, m * sizeof *h);
            value = next;
            lambda = lambda > 1e-14 ? lambda / 10 : 0;
            fresh = false;
        } else {
            lambda = lambda > 0 ? lambda * 10 : 1e-12;
        }
        root = value <= 1e-18 * square;
        if ((root && moved < 1e-13) || (root && next >= value && moved < 1e-9) || moved > 1e3 ||
            lambda > 1e8 || moved < 1e-15)
            break;
    }
    for (size_t i = 0; i < s->n; i++)
        total += s->weight[i];
    *criterion = value / total;
    free(v.block);
    return root;
}
