/*
 * Hidden cells of the base: what may not be shown is not used either, but its sum is known from the
 * totals.
 */
#include <math.h>
#include <stdlib.h>

#include "plan/internal.h"

/* What is left of a total after the known cells; NaN stays NaN. */
typedef struct fit {
    size_t chains, counties, count;
    const fd_plan_cell *cells;
    double *value;     /* per cell */
    const bool *known; /* per cell */
    double *chain_left, *county_left, left;
} fit;

static void take(double *left, double value)
{
    *left = fmax(0, *left - value); /* NaN: fmax would give 0 */
}

/* Scale the unknown cells of one chain (or county) to what it has left. */
static void scale(const fit *f, bool by_chain)
{
    size_t groups = by_chain ? f->chains : f->counties;
    double *sum = fd_alloc((groups + 1) * sizeof *sum),
           *left = by_chain ? f->chain_left : f->county_left;

    for (size_t i = 0; i < f->count; i++)
        if (!f->known[i])
            sum[by_chain ? f->cells[i].chain : f->cells[i].county] += f->value[i];
    for (size_t i = 0; i < f->count; i++) {
        size_t g = by_chain ? f->cells[i].chain : f->cells[i].county;

        if (!f->known[i] && !isnan(left[g]) && sum[g] > 0)
            f->value[i] *= left[g] / sum[g];
    }
    free(sum);
}

static void run(fit *f)
{
    double sum = 0;

    for (size_t i = 0; i < f->count; i++) {
        if (!f->known[i])
            continue;
        if (!isnan(f->chain_left[f->cells[i].chain]))
            take(&f->chain_left[f->cells[i].chain], f->value[i]);
        if (!isnan(f->county_left[f->cells[i].county]))
            take(&f->county_left[f->cells[i].county], f->value[i]);
        if (!isnan(f->left))
            take(&f->left, f->value[i]);
    }
    for (int round = 0; round < 500; round++) {
        scale(f, true);
        scale(f, false);
    }
    for (size_t i = 0; i < f->count; i++)
        if (!f->known[i])
            sum += f->value[i];
    for (size_t i = 0; i < f->count; i++)
        if (!f->known[i] && !isnan(f->left) && sum > 0)
            f->value[i] *= f->left / sum;
}

/* No part above its whole; what that takes away goes where there is room. */
static void make_room(fit *f, const double *whole, double total)
{
    double sum = 0, room = 0;

    for (size_t i = 0; i < f->count; i++) {
        f->value[i] = fmin(f->value[i], whole[i]);
        sum += f->value[i];
        if (!f->known[i])
            room += whole[i] - f->value[i];
    }
    if (isnan(total) || total <= sum || room <= 0)
        return;
    for (size_t i = 0; i < f->count; i++)
        if (!f->known[i])
            f->value[i] += (whole[i] - f->value[i]) * fmin(1, (total - sum) / room);
}

int fd_plan__fill(fd_plan *plan, const double *chain_value, const double *chain_emerging,
                  const double *county_value, const double *county_emerging, double value,
                  double emerging)
{
    size_t n = plan->cells.count, chains = plan->chains.count, counties = plan->counties.count;
    double *v = fd_alloc((n + 1) * sizeof *v), *e = fd_alloc((n + 1) * sizeof *e),
           *left = fd_alloc((chains + counties + 1) * sizeof *left);
    bool *known = fd_alloc(n + 1);
    fit f = { chains, counties, n, plan->cells.items, v, known, left, left + chains, value };

    for (size_t c = 0; c < chains; c++)
        f.chain_left[c] = chain_value[c];
    for (size_t k = 0; k < counties; k++)
        f.county_left[k] = county_value[k];
    for (size_t i = 0; i < n; i++) {
        known[i] = plan->cells.items[i].has_value;
        v[i] = known[i] ? plan->cells.items[i].value_added : 1;
        plan->hidden = plan->hidden || !known[i];
    }
    run(&f);
    f.value = e;
    f.left = emerging;
    for (size_t c = 0; c < chains; c++)
        f.chain_left[c] = chain_emerging[c];
    for (size_t k = 0; k < counties; k++)
        f.county_left[k] = county_emerging[k];
    for (size_t i = 0; i < n; i++) {
        known[i] = plan->cells.items[i].has_emerging;
        e[i] = known[i] ? plan->cells.items[i].emerging : v[i];
        plan->hidden = plan->hidden || !known[i];
    }
    run(&f);
    make_room(&f, v, emerging);
    plan->value_added = plan->emerging = 0;
    for (size_t i = 0; i < n; i++) {
        plan->cells.items[i].value_added = v[i];
        plan->cells.items[i].emerging = e[i];
        plan->value_added += v[i];
        plan->emerging += plan->cells.items[i].emerging;
    }
    free(v);
    free(e);
    free(left);
    free(known);
    if (plan->value_added > 0)
        return 0;
    return fd_error_set(FD_EINVAL, "基期增加值为零", "the base has no value added");
}
