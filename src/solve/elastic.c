/*
 * Groups of rows, and the least relaxation.
 */
#include <stdlib.h>
#include <string.h>

#include "solve/explain.h"

void fd_groups_by_pattern(fd_groups *out, const fd_model *model, const char *const *patterns,
                          size_t count)
{
    out->count = count;
    out->group = fd_alloc((model->row_count + 1) * sizeof *out->group);
    out->names = fd_alloc((count + 1) * sizeof *out->names);
    for (size_t g = 0; g < count; g++)
        out->names[g] = fd_strdup(patterns[g]);
    for (size_t r = 0; r < model->row_count; r++)
        out->group[r] = fd_model_match(model->rows[r].name, patterns, count);
}

void fd_groups_by_row(fd_groups *out, const fd_model *model)
{
    out->count = model->row_count;
    out->group = fd_alloc((model->row_count + 1) * sizeof *out->group);
    out->names = fd_alloc((model->row_count + 1) * sizeof *out->names);
    for (size_t r = 0; r < model->row_count; r++) {
        out->group[r] = (ptrdiff_t)r;
        out->names[r] = fd_strdup(model->rows[r].name);
    }
}

void fd_groups_dispose(fd_groups *groups)
{
    for (size_t g = 0; g < groups->count; g++)
        free(groups->names[g]);
    free(groups->names);
    free(groups->group);
    memset(groups, 0, sizeof *groups);
}

void fd_elastic_dispose(fd_elastic *elastic)
{
    free(elastic->items);
    free(elastic->ray);
    free(elastic->x);
    memset(elastic, 0, sizeof *elastic);
}

/* The model with a slack for each finite side of each grouped row. slack[k] says which. */
typedef struct slack {
    size_t row;
    int direction;
    double weight;
} slack;

static fd_model *relaxed_model(slack **out, size_t *count, const fd_model *model,
                               const fd_groups *groups)
{
    fd_model *relaxed = fd_model_copy(model);
    slack *slacks = fd_alloc((2 * model->row_count + 1) * sizeof *slacks);
    fd_buf name = FD_BUF_INIT;
    size_t n = 0;

    relaxed->maximize = false;
    relaxed->constant = 0;
    for (size_t c = 0; c < relaxed->column_count; c++)
        relaxed->columns[c].objective = 0;
    for (size_t r = 0; r < model->row_count; r++) {
        const double bounds[2] = { model->rows[r].lower, model->rows[r].upper };

        for (int side = 0; side < 2 && groups->group[r] >= 0; side++) {
            double weight = 1 / fmax(1, fabs(bounds[side]));
            size_t column;

            if (isinf(bounds[side]))
                continue;
            fd_buf_clear(&name);
            fd_buf_printf(&name, "%s%s", side ? "over.." : "under..", model->rows[r].name);
            while (fd_model_add_column(relaxed, &column, fd_buf_text(&name), weight, 0, FD_LP_INF,
                                       false) < 0)
                fd_buf_putc(&name, '.'); /* the name is taken by the model itself */
            fd_model_put(relaxed, r, column, side ? -1 : 1);
            slacks[n++] = (slack){ r, side ? 1 : -1, weight };
        }
    }
    fd_buf_dispose(&name);
    fd_model_finish(relaxed);
    *out = slacks;
    *count = n;
    return relaxed;
}

int fd_elastic_solve(fd_elastic *out, const fd_model *model, const fd_groups *groups,
                     double seconds)
{
    fd_lp_options options = FD_LP_OPTIONS_INIT;
    fd_model *relaxed;
    slack *slacks;
    size_t n;
    fd_lp *lp;
    int err;

    memset(out, 0, sizeof *out);
    options.method = FD_LP_DUAL;
    options.presolve = true;
    options.seconds = seconds;
    relaxed = relaxed_model(&slacks, &n, model, groups);
    lp = fd_model_lp(relaxed, &options);
    if ((err = fd_lp_solve(&out->status, lp)) < 0 || out->status != FD_LP_OPTIMAL)
        goto done;
    out->objective = fd_lp_objective(lp);
    out->items = fd_alloc((n + 1) * sizeof *out->items);
    for (size_t k = 0; k < n; k++) {
        double violation = fd_lp_primal(lp)[model->column_count + k];

        if (violation * slacks[k].weight > 1e-9)
            out->items[out->count++] =
                (fd_relaxed){ slacks[k].row, violation, violation * slacks[k].weight,
                              slacks[k].direction };
    }
    out->x = fd_alloc((model->column_count + 1) * sizeof *out->x);
    memcpy(out->x, fd_lp_primal(lp), model->column_count * sizeof *out->x);
    out->ray = fd_alloc((model->row_count + 1) * sizeof *out->ray);
    memcpy(out->ray, fd_lp_dual(lp), model->row_count * sizeof *out->ray);
    fd_certify_optimal(&out->certificate, relaxed, fd_lp_primal(lp), fd_lp_dual(lp));
    if (out->count)
        fd_certify_infeasible(&out->proof, model, NULL, NULL, out->ray);
done:
    fd_lp_free(lp);
    free(slacks);
    fd_model_free(relaxed);
    return err;
}
