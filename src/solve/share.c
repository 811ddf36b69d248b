/*
 * The part and the whole are free columns tied to the rest by two equations.
 */
#include "solve/share.h"

#include <stdlib.h>
#include <string.h>

void fd_share_dispose(fd_share *share)
{
    free(share->part);
    free(share->whole);
    memset(share, 0, sizeof *share);
}

double fd_share_value(const fd_share *share, const double *x)
{
    double part = 0, whole = 0;

    for (size_t c = 0; c < share->columns; c++) {
        part += share->part[c] * x[c];
        whole += share->whole[c] * x[c];
    }
    return part / whole;
}

/* Ratios of the two rows take at most two values, one apart: -s and 1 - s. */
static int recognise(double *s, const fd_model *model, const double *row, const double *whole)
{
    double low = HUGE_VAL, high = -HUGE_VAL;

    for (size_t c = 0; c < model->column_count; c++) {
        if (whole[c] == 0 && row[c] != 0)
            return fd_error_set(FD_EINVAL, "列 %s 在占比行里有系数,在总量行里没有",
                                "column %s is in the row of the share but not in that of the whole",
                                model->columns[c].name);
        if (whole[c] == 0)
            continue;
        low = fmin(low, row[c] / whole[c]);
        high = fmax(high, row[c] / whole[c]);
    }
    *s = -low;
    if (low > high)
        return fd_error_set(FD_EINVAL, "总量行没有系数", "the row of the whole is empty");
    if (fabs(high - low - 1) > 1e-6)
        return fd_error_set(FD_EINVAL, "两行之比从 %g 到 %g,不是 -s 与 1-s",
                            "the ratios of the rows go from %g to %g, not from -s to 1-s", low,
                            high);
    for (size_t c = 0; c < model->column_count; c++) {
        double ratio = whole[c] == 0 ? low : row[c] / whole[c];

        if (fmin(fabs(ratio - low), fabs(ratio - high)) > 1e-6)
            return fd_error_set(FD_EINVAL, "列 %s 的系数既不是 -s 也不是 1-s",
                                "the coefficient of column %s is neither -s nor 1-s",
                                model->columns[c].name);
    }
    return 0;
}

int fd_share_read(fd_share *out, double *s, const fd_model *model, size_t requirement, size_t whole)
{
    double *row;
    int err;

    memset(out, 0, sizeof *out);
    out->columns = model->column_count;
    out->whole = fd_alloc((model->column_count + 1) * sizeof *out->whole);
    out->part = fd_alloc((model->column_count + 1) * sizeof *out->part);
    row = fd_alloc((model->column_count + 1) * sizeof *row);
    fd_model_row_vector(model, requirement, row);
    fd_model_row_vector(model, whole, out->whole);
    err = recognise(s, model, row, out->whole);
    for (size_t c = 0; err >= 0 && c < model->column_count; c++)
        if (out->whole[c] != 0 && row[c] / out->whole[c] > 0.5 - *s)
            out->part[c] = out->whole[c];
    free(row);
    if (err < 0)
        fd_share_dispose(out);
    return err;
}

int fd_share_attach(fd_shared *out, const fd_model *model, const fd_share *share)
{
    fd_model *m = fd_model_copy(model);
    size_t part_row, whole_row;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = fd_model_add_column(m, &out->part, "share.part", 0, -FD_LP_INF, FD_LP_INF, false)) <
            0 ||
        (err = fd_model_add_column(m, &out->whole, "share.whole", 0, -FD_LP_INF, FD_LP_INF,
                                   false)) < 0 ||
        (err = fd_model_add_row(m, &part_row, "share.part", 0, 0)) < 0 ||
        (err = fd_model_add_row(m, &whole_row, "share.whole", 0, 0)) < 0 ||
        (err = fd_model_add_row(m, &out->requirement, "share.least", -FD_LP_INF, FD_LP_INF)) < 0)
        goto done;
    for (size_t c = 0; c < share->columns; c++) {
        fd_model_put(m, part_row, c, share->part[c]);
        fd_model_put(m, whole_row, c, share->whole[c]);
    }
    fd_model_put(m, part_row, out->part, -1);
    fd_model_put(m, whole_row, out->whole, -1);
    fd_model_put(m, out->requirement, out->part, 1);
    fd_model_put(m, out->requirement, out->whole, -0.5); /* a place for s */
    err = fd_model_finish(m);
done:
    if (err < 0)
        fd_model_free(m);
    else
        out->model = m;
    return err;
}

static void set_objective(const fd_model *model, fd_lp *lp, bool own)
{
    for (size_t c = 0; c < model->column_count; c++)
        fd_lp_set_objective(lp, c, own ? model->columns[c].objective : 0);
    fd_lp_set_maximize(lp, own && model->maximize);
}

/* The residuals of the last program of Dinkelbach's method. */
static void certify(fd_largest *out, const fd_shared *shared, fd_lp *lp, double s)
{
    fd_model *copy = fd_model_copy(shared->model);

    for (size_t c = 0; c < copy->column_count; c++)
        copy->columns[c].objective = c == shared->part ? 1 : c == shared->whole ? -s : 0;
    copy->maximize = true;
    copy->constant = 0;
    fd_certify_optimal(&out->certificate, copy, fd_lp_primal(lp), fd_lp_dual(lp));
    fd_model_free(copy);
}

int fd_share_largest(fd_largest *out, const fd_shared *shared, fd_lp *lp)
{
    size_t columns = shared->model->column_count;
    double s = 0, part, whole;
    int err;

    memset(out, 0, sizeof *out);
    fd_lp_set_row(lp, shared->requirement, -FD_LP_INF, FD_LP_INF);
    set_objective(shared->model, lp, false);
    /* Is the whole positive wherever there is a solution? */
    fd_lp_set_objective(lp, shared->whole, 1);
    fd_lp_set_method(lp, FD_LP_PRIMAL);
    if ((err = fd_lp_solve(&out->status, lp)) < 0 || out->status == FD_LP_INFEASIBLE)
        goto done;
    if (out->status != FD_LP_OPTIMAL || fd_lp_objective(lp) <= 1e-9) {
        err = fd_error_set(FD_EINVAL, "总量可以小到零或负,占比没有意义",
                           "the whole can be zero or negative: the share means nothing");
        fd_error_hint("给总量一个下限(总量增长底线)", "put a floor under the whole");
        goto done;
    }
    s = fd_lp_primal(lp)[shared->part] / fd_lp_primal(lp)[shared->whole];
    fd_lp_set_maximize(lp, true);
    fd_lp_set_objective(lp, shared->part, 1);
    for (out->steps = 1;; out->steps++) {
        fd_lp_set_objective(lp, shared->whole, -s);
        if ((err = fd_lp_solve(&out->status, lp)) < 0)
            goto done;
        if (out->status != FD_LP_OPTIMAL || out->steps > 100) {
            err = fd_error_set(FD_ENOCONV, "最大占比求不出来(无界或不收敛)",
                               "no largest share was found (unbounded, or no convergence)");
            goto done;
        }
        part = fd_lp_primal(lp)[shared->part];
        whole = fd_lp_primal(lp)[shared->whole];
        out->left = fd_lp_objective(lp) / whole;
        if (part / whole <= s + 1e-13 || out->left <= 1e-13)
            break;
        s = part / whole;
    }
    out->share = fmax(s, part / whole);
    out->x = fd_alloc((columns + 1) * sizeof *out->x);
    memcpy(out->x, fd_lp_primal(lp), columns * sizeof *out->x);
    certify(out, shared, lp, s);
done:
    set_objective(shared->model, lp, true);
    if (err < 0)
        fd_largest_dispose(out);
    return err;
}

void fd_largest_dispose(fd_largest *largest)
{
    free(largest->x);
    memset(largest, 0, sizeof *largest);
}

int fd_share_front(fd_front_point *out, size_t count, const fd_shared *shared, fd_lp *lp,
                   double from, double to)
{
    fd_model *copy = fd_model_copy(shared->model); /* with s in place, to certify by */
    double *s = fd_model_at(copy, shared->requirement, shared->whole);
    double sense = copy->maximize ? -1 : 1;
    int err = 0;

    set_objective(shared->model, lp, true);
    fd_lp_set_method(lp, FD_LP_DUAL);
    copy->rows[shared->requirement].lower = 0;
    fd_lp_set_row(lp, shared->requirement, 0, FD_LP_INF);
    for (size_t i = 0; i < count; i++) {
        fd_front_point *point = &out[i];
        fd_lp_status status;

        *point = (fd_front_point){
            .share = count > 1 ? from + (to - from) * (double)i / (double)(count - 1) : to
        };
        *s = -point->share;
        fd_lp_change(lp, shared->requirement, shared->whole, -point->share);
        if ((err = fd_lp_solve(&status, lp)) < 0)
            break;
        point->feasible = status == FD_LP_OPTIMAL;
        if (!point->feasible)
            continue;
        point->objective = fd_lp_objective(lp) + copy->constant;
        fd_certify_optimal(&point->certificate, copy, fd_lp_primal(lp), fd_lp_dual(lp));
    }
    /* A point that a larger share reaches with an objective as good is dominated. */
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count && !out[i].dominated; k++)
            out[i].dominated = out[i].feasible && out[k].feasible && out[k].share > out[i].share &&
                               sense * (out[k].objective - out[i].objective) <=
                                   1e-9 * (1 + fabs(out[i].objective));
    fd_lp_set_row(lp, shared->requirement, -FD_LP_INF, FD_LP_INF);
    fd_model_free(copy);
    return err;
}
