/*
 * Residuals are taken relative to the size of what is summed, so that a plan in 万元 and one in
 * 亿元 pass or fail alike.
 */
#include "solve/certify.h"

#include <stdlib.h>

/* Neumaier's sum. */
typedef struct sum {
    double value, rest;
} sum;

static void add(sum *s, double x)
{
    double t = s->value + x;

    s->rest += fabs(s->value) >= fabs(x) ? s->value - t + x : x - t + s->value;
    s->value = t;
}

static double total(const sum *s)
{
    return s->value + s->rest;
}

static double beyond(double value, double lower, double upper)
{
    return value < lower ? lower - value : value > upper ? value - upper : 0;
}

double fd_certify_feasible(const fd_model *model, const double *lower, const double *upper,
                           const double *x)
{
    sum *activity = fd_alloc((model->row_count + 1) * sizeof *activity);
    double *size = fd_alloc((model->row_count + 1) * sizeof *size), worst = 0;

    for (size_t i = 0; i < model->entry_count; i++) {
        const fd_model_entry *e = &model->entries[i];

        add(&activity[e->row], e->value * x[e->column]);
        size[e->row] = fmax(size[e->row], fabs(e->value * x[e->column]));
    }
    for (size_t r = 0; r < model->row_count; r++) {
        double low = lower ? lower[r] : model->rows[r].lower,
               high = upper ? upper[r] : model->rows[r].upper;

        worst = fmax(worst, beyond(total(&activity[r]), low, high) / (1 + size[r]));
    }
    for (size_t c = 0; c < model->column_count; c++) {
        const fd_model_column *column = &model->columns[c];

        worst = fmax(worst, beyond(x[c], column->lower, column->upper) / (1 + fabs(x[c])));
    }
    free(activity);
    free(size);
    return worst;
}

/* What a multiplier contributes at the bound that its sign points to; a bound at infinity makes it
 * a residual. */
static double at_bound(double multiplier, double lower, double upper, double *residual)
{
    double bound = multiplier > 0 ? lower : upper;

    *residual = 0;
    if (multiplier == 0)
        return 0;
    if (isinf(bound)) {
        *residual = fabs(multiplier);
        return 0;
    }
    return multiplier * bound;
}

static void certify_dual(fd_certificate *out, const fd_model *model, const double *y)
{
    double sense = model->maximize ? -1 : 1, residual;
    sum bound = { sense * model->constant, 0 };

    for (size_t r = 0; r < model->row_count; r++) {
        add(&bound, at_bound(sense * y[r], model->rows[r].lower, model->rows[r].upper, &residual));
        out->dual = fmax(out->dual, residual / (1 + fabs(y[r])));
    }
    for (size_t c = 0; c < model->column_count; c++) {
        const fd_model_column *column = &model->columns[c];
        sum d = { sense * column->objective, 0 };
        double size = fabs(column->objective);

        for (size_t i = model->starts[c]; i < model->starts[c + 1]; i++) {
            double term = model->entries[i].value * sense * y[model->entries[i].row];

            add(&d, -term);
            size = fmax(size, fabs(term));
        }
        add(&bound, at_bound(total(&d), column->lower, column->upper, &residual));
        out->dual = fmax(out->dual, residual / (1 + size));
    }
    out->bound = sense * total(&bound);
    out->gap = fabs(out->objective - out->bound) / (1 + fabs(out->objective));
}

void fd_certify_optimal(fd_certificate *out, const fd_model *model, const double *x,
                        const double *y)
{
    sum objective = { model->constant, 0 };

    *out = (fd_certificate){ .primal = fd_certify_feasible(model, NULL, NULL, x) };
    for (size_t c = 0; c < model->column_count; c++) {
        add(&objective, model->columns[c].objective * x[c]);
        if (model->columns[c].integer)
            out->integrality = fmax(out->integrality, fabs(x[c] - round(x[c])));
    }
    out->objective = out->bound = total(&objective);
    if (y)
        certify_dual(out, model, y);
    out->holds = out->primal <= FD_CERTIFY_TOLERANCE && out->dual <= FD_CERTIFY_TOLERANCE &&
                 out->gap <= FD_CERTIFY_TOLERANCE && (y || out->integrality <= 1e-5);
}

/* The proof with y multiplied by sign; coefficients below what rounding leaves count as zero. */
static void judge(fd_farkas *out, const fd_model *model, const double *lower, const double *upper,
                  const double *y, double sign)
{
    const double rounding = 1e-9;
    sum asked = { 0, 0 }, allowed = { 0, 0 };
    double scale = 0, residual;

    *out = (fd_farkas){ .holds = true };
    for (size_t r = 0; r < model->row_count; r++) {
        double low = lower ? lower[r] : model->rows[r].lower,
               high = upper ? upper[r] : model->rows[r].upper;
        double part = at_bound(sign * y[r], low, high, &residual);

        add(&asked, part);
        scale = fmax(scale, fabs(part));
        /* A multiplier on a side that does not exist is noise or a mistake. */
        if (residual > rounding)
            out->holds = false;
    }
    for (size_t c = 0; c < model->column_count; c++) {
        const fd_model_column *column = &model->columns[c];
        sum coefficient = { 0, 0 };
        double size = 0, a, part;

        for (size_t i = model->starts[c]; i < model->starts[c + 1]; i++) {
            double term = sign * model->entries[i].value * y[model->entries[i].row];

            add(&coefficient, term);
            size = fmax(size, fabs(term));
        }
        a = total(&coefficient);
        /* max over the bounds of a x is minus the "bound" of -a */
        part = -at_bound(-a, column->lower, column->upper, &residual);
        if (residual > 0 && size > 0) {
            out->residual = fmax(out->residual, residual / size);
            if (residual > rounding * (1 + size))
                out->holds = false;
        }
        add(&allowed, part);
        scale = fmax(scale, fabs(part));
    }
    out->excess = (total(&asked) - total(&allowed)) / (scale > 0 ? scale : 1);
    if (out->excess <= rounding)
        out->holds = false;
}

void fd_certify_infeasible(fd_farkas *out, const fd_model *model, const double *lower,
                           const double *upper, double *y)
{
    double largest = 0;
    fd_farkas turned;

    for (size_t r = 0; r < model->row_count; r++)
        largest = fmax(largest, fabs(y[r]));
    if (largest == 0 || !isfinite(largest)) {
        *out = (fd_farkas){ 0 };
        /* No multiplier is needed where bounds alone contradict. */
        for (size_t c = 0; c < model->column_count; c++)
            if (model->columns[c].lower > model->columns[c].upper)
                *out = (fd_farkas){ true, 1, 0 };
        return;
    }
    for (size_t r = 0; r < model->row_count; r++) {
        y[r] /= largest;
        if (fabs(y[r]) < 1e-11)
            y[r] = 0;
    }
    judge(out, model, lower, upper, y, 1);
    if (out->holds)
        return;
    judge(&turned, model, lower, upper, y, -1);
    if (!turned.holds)
        return;
    *out = turned;
    for (size_t r = 0; r < model->row_count; r++)
        y[r] = -y[r];
}
