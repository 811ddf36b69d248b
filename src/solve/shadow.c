/*
 * A dual is one element of a set where the optimum is degenerate; the two one-sided differences say
 * whether it is the only one.
 */
#include <stdlib.h>

#include "solve/explain.h"

/* The optimum with the limits of one row moved by `move`; false when there is none. */
static int moved(bool *out, double *value, const fd_model *model, fd_lp *lp,
                 const fd_lp_basis *basis, const fd_shadow *s, bool by_lower, double move)
{
    const fd_model_row *row = &model->rows[s->row];
    bool equation = row->lower == row->upper;
    double lower = row->lower + (equation || by_lower ? move : 0),
           upper = row->upper + (equation || !by_lower ? move : 0);
    fd_lp_status status;
    int err;

    fd_lp_basis_load(lp, basis);
    fd_lp_set_row(lp, s->row, lower, upper);
    err = fd_lp_solve(&status, lp);
    *out = err >= 0 && status == FD_LP_OPTIMAL;
    if (*out)
        *value = fd_lp_objective(lp);
    fd_lp_set_row(lp, s->row, row->lower, row->upper);
    return err;
}

int fd_shadow_prices(fd_shadow *out, const fd_model *model, fd_lp *lp, const size_t *rows,
                     size_t count, double step)
{
    fd_lp_basis *basis = fd_lp_basis_save(lp);
    double base = fd_lp_objective(lp), *activity, *dual;
    fd_lp_status status;
    int err = 0;

    activity = fd_alloc((model->row_count + 1) * sizeof *activity);
    dual = fd_alloc((model->row_count + 1) * sizeof *dual);
    for (size_t r = 0; r < model->row_count; r++) {
        activity[r] = fd_lp_activity(lp)[r];
        dual[r] = fd_lp_dual(lp)[r];
    }
    fd_lp_set_method(lp, FD_LP_DUAL);
    for (size_t i = 0; i < count; i++) {
        const fd_model_row *row = &model->rows[rows[i]];
        double below = activity[rows[i]] - row->lower, above = row->upper - activity[rows[i]];
        bool by_lower = below <= above;
        double bound = by_lower ? row->lower : row->upper, h = step * fmax(1, fabs(bound));
        double value = 0;
        fd_shadow *s = &out[i];

        *s = (fd_shadow){ .row = rows[i],
                          .dual = dual[rows[i]],
                          .slack = fmax(0, by_lower ? below : above),
                          .has_plus = true,
                          .has_minus = true };
        if (isinf(bound) || (s->slack > h * (1 + 1e-9) && s->dual == 0))
            continue;
        if ((err = moved(&s->has_plus, &value, model, lp, basis, s, by_lower, h)) < 0)
            break;
        s->plus = s->has_plus ? (value - base) / h : 0;
        if ((err = moved(&s->has_minus, &value, model, lp, basis, s, by_lower, -h)) < 0)
            break;
        s->minus = s->has_minus ? (base - value) / h : 0;
        /* what is left of the objective's last digits, over a small step, is no difference */
        s->degenerate = !s->has_plus || !s->has_minus ||
                        fabs(s->plus - s->minus) > 1e-5 * fmax(fabs(s->plus), fabs(s->minus)) +
                                                       1e-11 * fmax(1, fabs(base)) / h;
    }
    fd_lp_basis_load(lp, basis);
    if (err >= 0)
        err = fd_lp_solve(&status, lp);
    fd_lp_basis_free(basis);
    free(activity);
    free(dual);
    return err;
}
