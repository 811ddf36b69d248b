/*
 * Balancing a matrix to known totals: RAS by sweeps, GRAS by Newton on the convex dual.
 */
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "fangding/region_io.h"
#include "solve/lp.h"

enum {
    MOST_SWEEPS = 200000,
    MOST_STEPS = 500,
    MOST_CELLS = 250000 /* of a pattern that is looked into when balancing fails */
};

typedef struct problem {
    double *z;
    size_t m, n;
    const double *rows, *columns;
    double scale; /* largest |total| */
    bool signs;   /* negative entries are allowed */
    fd_balance_report *report;
} problem;

/* ---- what is asked ---- */

static int refuse(problem *p, size_t at, const char *zh, const char *en)
{
    p->report->at = at;
    return fd_error_set(FD_EINVAL, "%s%.0s", "%.0s%s", zh, en);
}

/* A line of zeros (or of one sign only) and its total. */
static int check_line(problem *p, size_t at, double total, bool positive, bool negative)
{
    if (!isfinite(total) || (!p->signs && total < 0))
        return refuse(p, at, "合计数不对", "a total is not one that can be met");
    if (!positive && !negative && total != 0)
        return refuse(p, at, "这一行(列)全是零,合计却不是零",
                      "a line of zeros has a total that is not zero");
    if ((!positive && total > 0) || (!negative && p->signs && total < 0))
        return refuse(p, at, "这一行(列)的正负号达不到合计数",
                      "the signs of a line cannot make its total");
    return 0;
}

static int check(problem *p)
{
    double rows = 0, columns = 0, size = 0;
    int err = 0;

    for (size_t k = 0; k < p->m * p->n; k++)
        if (!isfinite(p->z[k]) || (!p->signs && p->z[k] < 0))
            return refuse(p, k / p->n, "有负数:RAS 不保留符号,请用 GRAS",
                          "an entry is negative: RAS is not for signs, GRAS is");
    for (size_t i = 0; i < p->m && err >= 0; i++) {
        bool positive = false, negative = false;

        for (size_t j = 0; j < p->n; j++) {
            positive |= p->z[i * p->n + j] > 0;
            negative |= p->z[i * p->n + j] < 0;
        }
        err = check_line(p, i, p->rows[i], positive, negative);
        rows += p->rows[i];
        size = fmax(size, fabs(p->rows[i]));
    }
    for (size_t j = 0; j < p->n && err >= 0; j++) {
        bool positive = false, negative = false;

        for (size_t i = 0; i < p->m; i++) {
            positive |= p->z[i * p->n + j] > 0;
            negative |= p->z[i * p->n + j] < 0;
        }
        err = check_line(p, p->m + j, p->columns[j], positive, negative);
        columns += p->columns[j];
        size = fmax(size, fabs(p->columns[j]));
    }
    if (err < 0)
        return err;
    p->scale = size > 0 ? size : 1;
    if (fabs(rows - columns) > 1e-9 * fmax(fabs(rows), p->scale))
        return fd_error_set(FD_EINVAL, "行合计 %.12g 与列合计 %.12g 不等",
                            "row totals sum to %.12g, column totals to %.12g", rows, columns);
    return 0;
}

/* ---- gaps ---- */

static double row_sum(const problem *p, size_t i)
{
    double sum = 0;

    for (size_t j = 0; j < p->n; j++)
        sum += p->z[i * p->n + j];
    return sum;
}

static double column_sum(const problem *p, size_t j)
{
    double sum = 0;

    for (size_t i = 0; i < p->m; i++)
        sum += p->z[i * p->n + j];
    return sum;
}

static void measure(problem *p)
{
    p->report->row_gap = p->report->column_gap = 0;
    for (size_t i = 0; i < p->m; i++)
        p->report->row_gap = fmax(p->report->row_gap, fabs(row_sum(p, i) - p->rows[i]) / p->scale);
    for (size_t j = 0; j < p->n; j++)
        p->report->column_gap =
            fmax(p->report->column_gap, fabs(column_sum(p, j) - p->columns[j]) / p->scale);
}

/* ---- why it fails ---- */

/* Can any matrix of these signs and zeros carry the totals? A program with slack in every total:
 * the line whose slack is needed most is the one to name. */
static int explain(problem *p, const double *pattern)
{
    const size_t lines = p->m + p->n;
    fd_lp_status status;
    fd_lp *lp;
    double most = 0;
    int err;

    if (p->m * p->n > MOST_CELLS)
        return fd_error_set(FD_ENOCONV, "没有平衡", "balancing did not converge");
    lp = fd_lp_new(false);
    for (size_t k = 0; k < lines; k++) {
        const double total = (k < p->m ? p->rows[k] : p->columns[k - p->m]) / p->scale;

        fd_lp_add_row(lp, total, total);
    }
    for (size_t k = 0; k < lines; k++)
        for (int sign = -1; sign <= 1; sign += 2)
            fd_lp_put(lp, k, fd_lp_add_column(lp, 1, 0, FD_LP_INF), sign);
    for (size_t k = 0; k < p->m * p->n; k++) {
        size_t column;

        if (pattern[k] == 0)
            continue;
        column = pattern[k] > 0 ? fd_lp_add_column(lp, 0, 0, FD_LP_INF)
                                : fd_lp_add_column(lp, 0, -FD_LP_INF, 0);
        fd_lp_put(lp, k / p->n, column, 1);
        fd_lp_put(lp, p->m + k % p->n, column, 1);
    }
    err = fd_lp_solve(&status, lp);
    for (size_t k = 0; err >= 0 && status == FD_LP_OPTIMAL && k < 2 * lines; k++)
        if (fd_lp_primal(lp)[k] > most) {
            most = fd_lp_primal(lp)[k];
            p->report->at = k / 2;
        }
    fd_lp_free(lp);
    if (err < 0)
        return err;
    return most > 1e-9 ? fd_error_set(FD_EINFEASIBLE, "零和正负号的位置达不到这些合计数",
                                      "zeros and signs stand where these totals cannot be met")
                       : fd_error_set(FD_ENOCONV, "没有平衡", "balancing did not converge");
}

/* ---- RAS ---- */

static void scale_rows(problem *p)
{
    for (size_t i = 0; i < p->m; i++) {
        const double sum = row_sum(p, i), by = sum > 0 ? p->rows[i] / sum : 0;

        for (size_t j = 0; j < p->n; j++)
            p->z[i * p->n + j] *= by;
    }
}

static void scale_columns(problem *p, double *by)
{
    for (size_t j = 0; j < p->n; j++) {
        const double sum = column_sum(p, j);

        by[j] = sum > 0 ? p->columns[j] / sum : 0;
    }
    for (size_t i = 0; i < p->m; i++)
        for (size_t j = 0; j < p->n; j++)
            p->z[i * p->n + j] *= by[j];
}

int fd_ras(double *z, size_t m, size_t n, const double *rows, const double *columns,
           double tolerance, fd_balance_report *report)
{
    problem p = { z, m, n, rows, columns, 1, false, report };
    double *pattern, *by, before = INFINITY;
    int err;

    *report = (fd_balance_report){ 0, 0, 0, SIZE_MAX };
    if ((err = check(&p)) < 0)
        return err;
    pattern = fd_alloc(m * n * sizeof *pattern + 1);
    by = fd_alloc(n * sizeof *by + 1);
    memcpy(pattern, z, m * n * sizeof *pattern);
    err = FD_ENOCONV;
    while (report->iterations < MOST_SWEEPS && err < 0) {
        scale_rows(&p);
        scale_columns(&p, by);
        report->iterations++;
        measure(&p);
        if (report->row_gap <= tolerance && report->column_gap <= tolerance)
            err = 0;
        /* A gap that stays is a pattern that cannot carry the totals; look every thousand. */
        if (err < 0 && report->iterations % 1000 == 0) {
            if (report->row_gap > 0.999 * before)
                break;
            before = report->row_gap;
        }
    }
    if (err < 0)
        err = explain(&p, pattern);
    free(pattern);
    free(by);
    return err;
}

/* ---- GRAS ---- */

/* Newton on F(rho, sigma): u holds rho, then sigma. */
typedef struct newton {
    const problem *p;
    const double *prior;
    double *u, *trial, *gradient, *step;
    double *weight; /* m × n: p e^t + n e^-t */
    double *schur;  /* of the smaller side */
    double *diagonal;
} newton;

static double cell(double prior, double t)
{
    return prior >= 0 ? prior * exp(t) : prior * exp(-t);
}

/* F at u; infinite where exp overflows. */
static double value_at(const newton *s, const double *u)
{
    const problem *p = s->p;
    double f = 0;

    for (size_t i = 0; i < p->m; i++)
        for (size_t j = 0; j < p->n; j++)
            f += fabs(cell(s->prior[i * p->n + j], u[i] + u[p->m + j]));
    for (size_t i = 0; i < p->m; i++)
        f -= p->rows[i] * u[i];
    for (size_t j = 0; j < p->n; j++)
        f -= p->columns[j] * u[p->m + j];
    return f;
}

/* The matrix, the gradient and the curvature at u. */
static void look(newton *s)
{
    const problem *p = s->p;
    const size_t m = p->m, n = p->n;

    for (size_t i = 0; i < m; i++)
        s->gradient[i] = -p->rows[i];
    for (size_t j = 0; j < n; j++)
        s->gradient[m + j] = -p->columns[j];
    memset(s->diagonal, 0, (m + n) * sizeof *s->diagonal);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            const double x = cell(s->prior[i * n + j], s->u[i] + s->u[m + j]), w = fabs(x);

            p->z[i * n + j] = x;
            s->weight[i * n + j] = w;
            s->gradient[i] += x;
            s->gradient[m + j] += x;
            s->diagonal[i] += w;
            s->diagonal[m + j] += w;
        }
}

/* H step = -gradient.  H = [D1 W; W' D2] is singular along (1, -1) of every connected part, so the
 * diagonal is lifted a little; the Schur complement of the larger side is solved by Cholesky. */
static int solve_step(newton *s, double lift)
{
    const problem *p = s->p;
    const size_t m = p->m, n = p->n;
    const bool by_rows = m <= n; /* the side that stays */
    const size_t k = by_rows ? m : n, other = by_rows ? n : m;
    const double *keep = s->diagonal + (by_rows ? 0 : m), *drop = s->diagonal + (by_rows ? m : 0);
    const double *gk = s->gradient + (by_rows ? 0 : m), *gd = s->gradient + (by_rows ? m : 0);
    double *sk = s->step + (by_rows ? 0 : m), *sd = s->step + (by_rows ? m : 0);
    double most = 0;

#define W(a, b) (by_rows ? s->weight[(a)*n + (b)] : s->weight[(b)*n + (a)])
    for (size_t i = 0; i < m + n; i++)
        most = fmax(most, s->diagonal[i]);
    lift *= most;
    for (size_t a = 0; a < k; a++) {
        sk[a] = -gk[a];
        for (size_t b = 0; b < k; b++)
            s->schur[a * k + b] = a == b ? keep[a] + lift : 0;
    }
    for (size_t c = 0; c < other; c++) {
        const double d = drop[c] + lift;

        for (size_t a = 0; a < k; a++) {
            const double w = W(a, c) / d;

            if (w == 0)
                continue;
            sk[a] += w * gd[c];
            for (size_t b = 0; b <= a; b++)
                s->schur[a * k + b] -= w * W(b, c);
        }
    }
    if (LAPACKE_dposv(LAPACK_ROW_MAJOR, 'L', (lapack_int)k, 1, s->schur, (lapack_int)k, sk, 1) != 0)
        return FD_ENOCONV;
    for (size_t c = 0; c < other; c++) {
        sd[c] = -gd[c];
        for (size_t a = 0; a < k; a++)
            sd[c] -= W(a, c) * sk[a];
        sd[c] /= drop[c] + lift;
    }
#undef W
    return 0;
}

/* Down along the step as far as F falls enough (Armijo). @return false when it does not fall */
static bool descend(newton *s)
{
    const size_t lines = s->p->m + s->p->n;
    const double from = value_at(s, s->u);
    double slope = 0, by = 1;

    for (size_t k = 0; k < lines; k++)
        slope += s->gradient[k] * s->step[k];
    for (int halvings = 0; halvings < 40; halvings++, by /= 2) {
        double to;

        for (size_t k = 0; k < lines; k++)
            s->trial[k] = s->u[k] + by * s->step[k];
        to = value_at(s, s->trial);
        /* Near the end F no longer tells the two apart; the gradient decides then. */
        if (isfinite(to) && to <= from + 1e-4 * by * slope + 1e-14 * fabs(from)) {
            memcpy(s->u, s->trial, lines * sizeof *s->u);
            return true;
        }
    }
    return false;
}

/* A line of one sign whose total is 0 is 0; its multiplier would run away. */
static void clear_lines(problem *p)
{
    for (size_t line = 0; line < p->m + p->n; line++) {
        const bool is_row = line < p->m;
        const size_t count = is_row ? p->n : p->m;
        const size_t first = is_row ? line * p->n : line - p->m, step = is_row ? 1 : p->n;
        bool positive = false, negative = false;

        for (size_t k = 0; k < count; k++) {
            positive |= p->z[first + k * step] > 0;
            negative |= p->z[first + k * step] < 0;
        }
        for (size_t k = 0; k < count && !(positive && negative) &&
                           (is_row ? p->rows[line] : p->columns[line - p->m]) == 0;
             k++)
            p->z[first + k * step] = 0;
    }
}

static int iterate(newton *s, double tolerance)
{
    problem p = *s->p;

    for (p.report->iterations = 0; p.report->iterations < MOST_STEPS; p.report->iterations++) {
        double lift = 1e-14;

        look(s);
        measure(&p);
        if (p.report->row_gap <= tolerance && p.report->column_gap <= tolerance)
            return 0;
        while (lift < 1 && solve_step(s, lift) < 0)
            lift *= 100;
        if (lift >= 1 || !descend(s))
            return FD_ENOCONV;
    }
    return FD_ENOCONV;
}

int fd_gras(double *z, size_t m, size_t n, const double *rows, const double *columns,
            double tolerance, fd_balance_report *report)
{
    problem p = { z, m, n, rows, columns, 1, true, report };
    const size_t small = m < n ? m : n;
    newton s = { .p = &p };
    double *prior;
    int err;

    *report = (fd_balance_report){ 0, 0, 0, SIZE_MAX };
    if ((err = check(&p)) < 0)
        return err;
    clear_lines(&p);
    s.prior = prior = fd_alloc(m * n * sizeof *prior + 1);
    memcpy(prior, z, m * n * sizeof *prior);
    s.weight = fd_alloc(m * n * sizeof *s.weight + 1);
    s.u = fd_alloc((m + n) * sizeof *s.u + 1);
    s.trial = fd_alloc((m + n) * sizeof *s.trial + 1);
    s.gradient = fd_alloc((m + n) * sizeof *s.gradient + 1);
    s.step = fd_alloc((m + n) * sizeof *s.step + 1);
    s.diagonal = fd_alloc((m + n) * sizeof *s.diagonal + 1);
    s.schur = fd_alloc(small * small * sizeof *s.schur + 1);
    if ((err = iterate(&s, tolerance)) < 0)
        err = explain(&p, prior);
    free(prior);
    free(s.weight);
    free(s.u);
    free(s.trial);
    free(s.gradient);
    free(s.step);
    free(s.diagonal);
    free(s.schur);
    return err;
}
