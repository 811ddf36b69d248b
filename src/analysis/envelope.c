/*
 * The reference and the dual simplex method over it.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/envelope_work.h"
#include "fangding/arena.h"

#define FEASIBLE 1e-11 /* a basic value below minus this, by steepest edge, must leave */
#define ACCEPTED 1e-9  /* what the final checks let pass */
#define PIVOT    1e-9  /* entries of a pivot row (of norm 1) below this are zero */
#define EVEN     100   /* units of no more than so many times the least size are of one size */
#define HARRIS   1e-12 /* how far the ratio test lets reduced costs slip */

enum { REFACTOR_AFTER = 24, STALL = 60 };

/* ---- the reference ---- */

double fd_model_scale_entry(const fd_model *m)
{
    return m->rts == FD_CRS ? 0 : m->rts == FD_IRS ? -1 : 1;
}

double fd_model_size(const fd_model *m, const double *point)
{
    double size = 0;

    for (size_t i = 0; i < m->dims; i++)
        size += fabs(point[i]);
    return size > 0 ? size : 1;
}

static void grow(fd_reference *r, size_t columns)
{
    const size_t stride = columns + (columns & 1);
    double *a;

    if (stride <= r->stride)
        return;
    a = fd_alloc(r->rows * stride * sizeof *a);
    for (size_t i = 0; i < r->rows; i++)
        if (r->count)
            memcpy(a + i * stride, r->a + i * r->stride, r->count * sizeof *a);
    free(r->a);
    r->a = a;
    r->stride = stride;
    r->size = fd_realloc_array(r->size, stride, sizeof *r->size);
    r->unit = fd_realloc_array(r->unit, stride, sizeof *r->unit);
}

void fd_reference_add(fd_reference *r, const fd_points *points, uint32_t unit)
{
    const double *v = points->v + unit * points->dims;
    const size_t j = r->count;

    if (j == r->stride)
        grow(r, 2 * j + 8);
    r->size[j] = fd_model_size(&r->model, v);
    r->unit[j] = unit;
    if (j == 0 || r->size[j] < r->least_size)
        r->least_size = r->size[j];
    for (size_t i = 0; i < r->rows; i++) {
        double entry = (i < r->model.dims ? v[i] : fd_model_scale_entry(&r->model)) / r->size[j];

        r->a[i * r->stride + j] = entry;
        if (j == 0 || entry < r->lowest[i])
            r->lowest[i] = entry;
    }
    r->count++;
}

void fd_reference_init(fd_reference *out, const fd_points *points, const fd_model *model,
                       const uint32_t *units, size_t count)
{
    memset(out, 0, sizeof *out);
    out->model = *model;
    out->rows = model->dims + (model->rts != FD_CRS);
    out->lowest = fd_alloc(out->rows * sizeof *out->lowest);
    grow(out, count + 1);
    for (size_t j = 0; j < count; j++)
        fd_reference_add(out, points, units[j]);
}

void fd_reference_dispose(fd_reference *r)
{
    free(r->a);
    free(r->size);
    free(r->unit);
    free(r->lowest);
    memset(r, 0, sizeof *r);
}

/* ---- workspace ---- */

void fd_envelope_init(fd_envelope *out, const fd_reference *ref)
{
    const size_t m = ref->rows;
    fd_envelope__work *w = fd_alloc(sizeof *w);

    memset(out, 0, sizeof *out);
    out->ref = ref;
    out->work = w;
    w->rows = m;
    w->b = fd_alloc(m * sizeof *w->b);
    w->g = fd_alloc(m * sizeof *w->g);
    w->scale = fd_alloc(m * sizeof *w->scale);
    w->inverse = fd_alloc(m * m * sizeof *w->inverse);
    w->dense = fd_alloc(2 * m * m * sizeof *w->dense);
    w->x = fd_alloc(m * sizeof *w->x);
    w->head = fd_alloc(m * sizeof *w->head);
    w->row = fd_alloc(m * sizeof *w->row);
    w->column = fd_alloc(m * sizeof *w->column);
    w->price = fd_alloc(m * sizeof *w->price);
    w->facet = fd_alloc(FD_FACETS * m * sizeof *w->facet);
    w->facet_head = fd_alloc(FD_FACETS * m * sizeof *w->facet_head);
    out->normal = fd_alloc(m * sizeof *out->normal);
    out->peer = fd_alloc(m * sizeof *out->peer);
    out->lambda = fd_alloc(m * sizeof *out->lambda);
    out->slack = fd_alloc(m * sizeof *out->slack);
}

void fd_envelope_dispose(fd_envelope *e)
{
    fd_envelope__work *w = e->work;

    if (!w)
        return;
    free(w->b);
    free(w->g);
    free(w->scale);
    free(w->inverse);
    free(w->dense);
    free(w->x);
    free(w->head);
    free(w->row);
    free(w->column);
    free(w->price);
    free(w->facet);
    free(w->facet_head);
    free(w->d);
    free(w->alpha);
    free(w->list);
    free(w->factor);
    free(w);
    free(e->normal);
    free(e->peer);
    free(e->lambda);
    free(e->slack);
    memset(e, 0, sizeof *e);
}

void fd_envelope_forget(fd_envelope *e)
{
    e->work->facets = e->work->next_facet = 0;
}

/* ---- the basis ---- */

static void scaled_column(double *out, const fd_envelope *e, uint32_t variable)
{
    const fd_envelope__work *w = e->work;
    const fd_reference *r = e->ref;
    const size_t m = w->rows, n = r->count;
    const double factor = variable < n ? fd_envelope__factor(w, variable) : 1;

    for (size_t i = 0; i < m; i++)
        out[i] = variable < n        ? r->a[i * r->stride + variable] * factor / w->scale[i]
                 : variable == n + m ? w->g[i] / w->scale[i]
                                     : (double)(variable - n == i);
}

bool fd_envelope__factorise(fd_envelope *e)
{
    fd_envelope__work *w = e->work;
    const size_t m = w->rows, two = 2 * m;
    double *t =
        w->dense; /* m × 2m: the basis beside the identity, Gauss–Jordan with row pivoting */

    for (size_t p = 0; p < m; p++) {
        scaled_column(w->column, e, w->head[p]);
        for (size_t i = 0; i < m; i++) {
            t[i * two + p] = w->column[i];
            t[i * two + m + p] = i == p;
        }
    }
    for (size_t p = 0; p < m; p++) {
        size_t best = p;
        double pivot;

        for (size_t i = p + 1; i < m; i++)
            if (fabs(t[i * two + p]) > fabs(t[best * two + p]))
                best = i;
        if (!(fabs(t[best * two + p]) > 1e-13))
            return false;
        for (size_t k = p; best != p && k < two; k++) {
            double swap = t[p * two + k];

            t[p * two + k] = t[best * two + k];
            t[best * two + k] = swap;
        }
        pivot = 1 / t[p * two + p];
        for (size_t k = p; k < two; k++)
            t[p * two + k] *= pivot;
        for (size_t i = 0; i < m; i++) {
            const double by = t[i * two + p];

            if (i == p || by == 0)
                continue;
            for (size_t k = p; k < two; k++)
                t[i * two + k] -= by * t[p * two + k];
        }
    }
    for (size_t p = 0; p < m; p++) {
        double x = 0;

        for (size_t i = 0; i < m; i++) {
            w->inverse[p * m + i] = t[p * two + m + i];
            x += t[p * two + m + i] * (w->b[i] / w->scale[i]);
        }
        w->x[p] = x;
        if (w->head[p] == e->ref->count + m)
            w->beta_at = p;
    }
    w->updates = 0;
    w->costs_known = false;
    return true;
}

void fd_envelope__column(fd_envelope *e, uint32_t variable)
{
    fd_envelope__work *w = e->work;
    const size_t m = w->rows;

    scaled_column(w->row, e, variable);
    for (size_t p = 0; p < m; p++) {
        double sum = 0;

        for (size_t i = 0; i < m; i++)
            sum += w->inverse[p * m + i] * w->row[i];
        w->column[p] = sum;
    }
}

void fd_envelope__exchange(fd_envelope *e, size_t p, uint32_t variable)
{
    fd_envelope__work *w = e->work;
    const size_t m = w->rows;
    const double pivot = 1 / w->column[p], step = w->x[p] * pivot;

    for (size_t i = 0; i < m; i++)
        w->inverse[p * m + i] *= pivot;
    for (size_t q = 0; q < m; q++) {
        const double by = w->column[q];

        if (q == p || by == 0)
            continue;
        for (size_t i = 0; i < m; i++)
            w->inverse[q * m + i] -= by * w->inverse[p * m + i];
        w->x[q] -= by * step;
    }
    w->x[p] = step;
    w->head[p] = variable;
    w->updates++;
}

static void pass(double *restrict out, const fd_reference *r, const double *price)
{
    const size_t n = r->count;
    size_t i = 0;

    if (r->rows & 1) {
        const double *restrict a = r->a, p = price[0];

        for (size_t j = 0; j < n; j++)
            out[j] = p * a[j];
        i = 1;
    } else {
        memset(out, 0, n * sizeof *out);
    }
    for (; i < r->rows; i += 2) {
        const double *restrict a = r->a + i * r->stride, *restrict c = a + r->stride;
        const double p = price[i], q = price[i + 1];

        for (size_t j = 0; j < n; j++)
            out[j] += p * a[j] + q * c[j];
    }
}

/* out[j] = by × row p of the inverse × column j */
static void price_columns(double *restrict out, fd_envelope *e, size_t p, double by)
{
    fd_envelope__work *w = e->work;

    for (size_t i = 0; i < w->rows; i++)
        w->price[i] = by * w->inverse[p * w->rows + i] * w->spread / w->scale[i];
    pass(out, e->ref, w->price);
    for (size_t j = 0; w->uneven && j < e->ref->count; j++)
        out[j] *= w->factor[j];
}

static void reserve(fd_envelope__work *w, size_t columns)
{
    if (columns <= w->most)
        return;
    w->most = columns + columns / 2;
    free(w->d);
    free(w->alpha);
    free(w->list);
    free(w->factor);
    w->factor = fd_alloc(w->most * sizeof *w->factor);
    w->list = fd_alloc(w->most * sizeof *w->list);
    w->d = fd_alloc(w->most * sizeof *w->d);
    w->alpha = fd_alloc(w->most * sizeof *w->alpha);
}

void fd_envelope__costs(fd_envelope *e)
{
    price_columns(e->work->d, e, e->work->beta_at, 1);
    e->work->costs_known = true;
}

/* ---- the first basis ---- */

static void slack_basis(fd_envelope *e)
{
    for (size_t p = 0; p < e->work->rows; p++)
        e->work->head[p] = (uint32_t)(e->ref->count + p);
}

/* Beta in a row whose entries are all >= 0: d = a / g >= 0. Of these the one with the lowest bound
 * on beta, when one column is taken whole. */
static bool start_plane(fd_envelope *e)
{
    const fd_reference *r = e->ref;
    fd_envelope__work *w = e->work;
    size_t best = w->rows;
    double bound = INFINITY;

    for (size_t i = 0; i < r->model.dims; i++) {
        double here;

        if (!(w->g[i] > 0) || r->lowest[i] < 0)
            continue;
        here = (w->b[i] - (r->model.rts == FD_CRS ? 0 : r->lowest[i])) / w->g[i];
        if (best == w->rows || here < bound) {
            best = i;
            bound = here;
        }
    }
    if (best == w->rows)
        return false;
    slack_basis(e);
    w->head[best] = (uint32_t)(r->count + w->rows);
    return fd_envelope__factorise(e);
}

/* Beta in a row with negative entries, lifted: d + t a_lift >= 0 for the least t, whose column
 * takes the place of the slack of the row `lift`, all of whose entries are above 0. */
static bool start_lifted(fd_envelope *e)
{
    const fd_reference *r = e->ref;
    fd_envelope__work *w = e->work;
    size_t at = w->rows, lift = w->rows, column = 0;
    double most = 0;

    for (size_t i = 0; i < r->model.dims; i++)
        if (w->g[i] > 0 && (at == w->rows || w->g[i] / w->scale[i] > w->g[at] / w->scale[at]))
            at = i;
    for (size_t i = w->rows; i-- > 0 && lift == w->rows;)
        if (i != at && r->lowest[i] > 0)
            lift = i;
    if (at == w->rows || lift == w->rows)
        return false;
    for (size_t j = 0; j < r->count; j++) {
        const double t = -r->a[at * r->stride + j] / r->a[lift * r->stride + j];

        if (t > most) {
            most = t;
            column = j;
        }
    }
    slack_basis(e);
    w->head[at] = (uint32_t)(r->count + w->rows);
    if (most > 0)
        w->head[lift] = (uint32_t)column;
    return fd_envelope__factorise(e);
}

/* Does the direction meet the facet at more than a grazing angle? Else dividing by normal . g would
 * blow its rounding up. */
static bool is_steep(const fd_envelope__work *w, const double *normal)
{
    double g = 0, all = 0;

    for (size_t i = 0; i < w->rows; i++) {
        g += normal[i] * w->g[i];
        all += fabs(normal[i]) * w->scale[i];
    }
    return g > 1e-6 * all;
}

/* The facet that bounds beta lowest: min (normal . b) / (normal . g). */
static bool start_facet(fd_envelope *e)
{
    fd_envelope__work *w = e->work;
    const size_t m = w->rows;
    size_t best = w->facets;
    double bound = INFINITY;

    for (size_t f = 0; f < w->facets; f++) {
        const double *normal = w->facet + f * m;
        double b = 0, g = 0;

        for (size_t i = 0; i < m; i++) {
            b += normal[i] * w->b[i];
            g += normal[i] * w->g[i];
        }
        if (g > 0 && b < bound * g) {
            bound = b / g;
            best = f;
        }
    }
    if (best == w->facets || !is_steep(w, w->facet + best * m))
        return false;
    memcpy(w->head, w->facet_head + best * m, m * sizeof *w->head);
    return fd_envelope__factorise(e);
}

static void remember_facet(fd_envelope *e)
{
    fd_envelope__work *w = e->work;
    double *facet = w->facet + w->next_facet * w->rows, norm = 0;

    for (size_t i = 0; i < w->rows; i++)
        norm += fabs(e->normal[i]);
    for (size_t i = 0; i < w->rows; i++)
        facet[i] = e->normal[i] / norm;
    memcpy(w->facet_head + w->next_facet * w->rows, w->head, w->rows * sizeof *w->head);
    w->next_facet = (w->next_facet + 1) % FD_FACETS;
    if (w->facets < FD_FACETS)
        w->facets++;
}

/* ---- dual simplex ---- */

static double norm_of_row(const fd_envelope__work *w, size_t p)
{
    double sum = 0;

    for (size_t i = 0; i < w->rows; i++)
        sum += w->inverse[p * w->rows + i] * w->inverse[p * w->rows + i];
    return sqrt(sum);
}

/* The row that leaves: x / |row of the inverse| is how far the point lies beyond the hyperplane of
 * the other basic columns, whatever their scale. @return rows when all are feasible. */
static size_t leaving(const fd_envelope *e, double tolerance, bool bland, double *norm)
{
    const fd_envelope__work *w = e->work;
    const size_t n = e->ref->count;
    size_t best = w->rows;
    double most = tolerance;

    for (size_t p = 0; p < w->rows; p++) {
        double length, beyond = -w->x[p];

        if (p == w->beta_at)
            continue;
        if (w->head[p] >= n && fd_envelope__is_equality(e->ref, w->head[p] - n))
            beyond = fabs(w->x[p]);
        if (beyond <= 0)
            continue;
        length = norm_of_row(w, p);
        if (beyond <= most * length)
            continue;
        if (bland && best < w->rows && w->head[p] > w->head[best])
            continue;
        best = p;
        *norm = length;
        if (!bland)
            most = beyond / length;
    }
    return best;
}

static double at_least_zero(double cost)
{
    return cost > 0 ? cost : 0;
}

/* The columns with a negative entry in the pivot row; without branches, since half of them are. */
static size_t candidates(uint32_t *restrict out, const double *restrict alpha, size_t n)
{
    size_t count = 0;

    for (size_t j = 0; j < n; j++) {
        out[count] = (uint32_t)j;
        count += alpha[j] < -PIVOT;
    }
    return count;
}

/* The column that enters. Harris: the largest step that lets no reduced cost fall below -HARRIS,
 * and of the columns whose cost that step uses up the one with the largest pivot (Bland: the
 * first).
 * @return false when there is none: the row shows that the program is infeasible. */
static bool entering(const fd_envelope *e, const double *rho, bool bland, uint32_t *variable,
                     double *step)
{
    const fd_envelope__work *w = e->work;
    const size_t n = e->ref->count, count = candidates(w->list, w->alpha, n);
    const double *normal = w->inverse + w->beta_at * w->rows;
    double limit = INFINITY, best = 0;

    for (size_t k = 0; k < count; k++) {
        const size_t j = w->list[k];
        const double ratio = (at_least_zero(w->d[j]) + HARRIS) / -w->alpha[j];

        limit = ratio < limit ? ratio : limit;
    }
    for (size_t i = 0; i < w->rows; i++)
        if (rho[i] < -PIVOT && !fd_envelope__is_equality(e->ref, i))
            limit = fmin(limit, (at_least_zero(normal[i]) + HARRIS) / -rho[i]);
    for (size_t k = 0; k < count; k++) {
        const size_t j = w->list[k];

        if (-w->alpha[j] > best && at_least_zero(w->d[j]) <= limit * -w->alpha[j]) {
            best = -w->alpha[j];
            *variable = (uint32_t)j;
            *step = w->d[j] / best;
            if (bland)
                return true;
        }
    }
    for (size_t i = 0; i < w->rows; i++)
        if (-rho[i] > fmax(best, PIVOT) && !fd_envelope__is_equality(e->ref, i) &&
            at_least_zero(normal[i]) <= limit * -rho[i]) {
            best = -rho[i];
            *variable = (uint32_t)(n + i);
            *step = normal[i] / best;
            if (bland)
                return true;
        }
    return best > 0;
}

static void keep_normal(fd_envelope *e, const double *row, double by)
{
    for (size_t i = 0; i < e->work->rows; i++)
        e->normal[i] = by * row[i] / e->work->scale[i];
}

/* One pivot. @return 1 to go on, 0 when finished (status set), -1 when the numbers do not hold. */
static int pivot_once(fd_envelope *e, bool bland, double tolerance, bool *stalled)
{
    fd_envelope__work *w = e->work;
    const size_t m = w->rows, n = e->ref->count;
    double norm = 1, by, step = 0, *rho = w->dense;
    uint32_t variable = 0;
    size_t p = leaving(e, tolerance, bland, &norm);

    if (p == m) {
        e->status = FD_ENVELOPE_OPTIMAL;
        return 0;
    }
    if (!w->costs_known)
        fd_envelope__costs(e);
    by = (w->x[p] > 0 ? -1 : 1) / norm;
    price_columns(w->alpha, e, p, by);
    for (size_t i = 0; i < m; i++)
        rho[i] = by * w->inverse[p * m + i];
    if (!entering(e, rho, bland, &variable, &step)) {
        if (fabs(w->x[p]) <= ACCEPTED * norm) { /* rounding, no proof */
            if (w->updates == 0)
                return -1;
            return fd_envelope__factorise(e) ? 1 : -1;
        }
        e->status = FD_ENVELOPE_INFEASIBLE;
        keep_normal(e, rho, 1);
        return 0;
    }
    fd_envelope__column(e, variable);
    if (!(fabs(w->column[p]) > 1e-12))
        return w->updates && fd_envelope__factorise(e) ? 1 : -1;
    for (size_t j = 0; j < n; j++)
        w->d[j] += step * w->alpha[j];
    *stalled = fabs(step * w->x[p]) < 1e-14;
    fd_envelope__exchange(e, p, variable);
    if (w->updates >= REFACTOR_AFTER && !fd_envelope__factorise(e))
        return -1;
    return 1;
}

/* Beta, normal and whether they hold. */
static bool finish(fd_envelope *e, bool pivoted)
{
    fd_envelope__work *w = e->work;

    e->beta = w->x[w->beta_at];
    keep_normal(e, w->inverse + w->beta_at * w->rows, 1);
    if (!pivoted)
        return true; /* a facet that has been checked before */
    fd_envelope__costs(e);
    for (size_t j = 0; j < e->ref->count; j++)
        if (!(w->d[j] >= -ACCEPTED))
            return false;
    for (size_t i = 0; i < w->rows; i++)
        if (!fd_envelope__is_equality(e->ref, i) &&
            !(w->inverse[w->beta_at * w->rows + i] >= -ACCEPTED))
            return false;
    remember_facet(e);
    return true;
}

/* @return 1 solved, 0 not */
static int run_dual(fd_envelope *e, double stop_below)
{
    fd_envelope__work *w = e->work;
    const bool known = start_facet(e);
    const size_t limit = 500 + 20 * w->rows;
    size_t stalls = 0;
    bool pivoted = !known, stalled = false, bland = false;

    if (!known && !start_plane(e) && !start_lifted(e))
        return 0;
    for (size_t k = 0; k < limit; k++) {
        int more;

        if (w->x[w->beta_at] < stop_below) {
            e->status = FD_ENVELOPE_OUTSIDE;
            keep_normal(e, w->inverse + w->beta_at * w->rows, 1);
            return 1;
        }
        more = pivot_once(e, bland, FEASIBLE, &stalled);
        if (more < 0)
            return 0;
        if (more > 0) {
            pivoted = true;
            stalls = stalled ? stalls + 1 : 0;
            bland = stalls > STALL;
            continue;
        }
        if (e->status == FD_ENVELOPE_INFEASIBLE)
            return 1;
        if (w->updates) { /* once more from a fresh inverse */
            double norm;

            if (!fd_envelope__factorise(e))
                return 0;
            if (leaving(e, ACCEPTED, false, &norm) < w->rows)
                continue;
        }
        return finish(e, pivoted);
    }
    return 0;
}

/* A small unit's column has a large entry in the row of returns to scale when it is divided by its
 * own size; seen from a large unit it is divided by that one's size instead. */
static void set_factors(fd_envelope *e)
{
    const fd_reference *r = e->ref;
    fd_envelope__work *w = e->work;

    w->uneven =
        (r->model.rts == FD_VRS || r->model.rts == FD_DRS) && w->spread > EVEN * r->least_size;
    for (size_t j = 0; w->uneven && j < r->count; j++)
        w->factor[j] = r->size[j] < w->spread ? r->size[j] / w->spread : 1;
}

int fd_envelope_solve(fd_envelope *e, const double *point, const double *g, double stop_below)
{
    fd_envelope__work *w = e->work;
    const fd_model *model = &e->ref->model;

    for (size_t i = 0; i < w->rows; i++) {
        w->b[i] = i < model->dims ? point[i] : fd_model_scale_entry(model);
        w->g[i] = i < model->dims ? g[i] : 0;
        w->scale[i] = fabs(w->b[i]) > 0 ? fabs(w->b[i]) : 1;
    }
    reserve(w, e->ref->count + 1);
    w->spread = fd_model_size(model, point);
    set_factors(e);
    w->by_solver = false;
    e->peer_count = 0;
    if (e->ref->count && run_dual(e, stop_below))
        return 0;
    if (e->ref->count && w->facets) { /* perhaps it was the facet it set out from */
        fd_envelope_forget(e);
        if (run_dual(e, stop_below))
            return 0;
    }
    return fd_envelope__general(e, false);
}
