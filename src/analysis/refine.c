/*
 * What follows a solved program: slacks and unique peers; and the general solver for the programs
 * that the kernel gives up.
 *
 * The second phase stays on the face of solutions with the best beta: a column or slack with a
 * reduced cost above zero is zero in every best solution, so only the others may enter.  Beta stays
 * in the basis and keeps its value by itself; nothing has to be fixed and no small number weighs
 * one phase against the other.  The same holds for each lambda in turn, which makes peers unique.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/envelope_work.h"
#include "fangding/arena.h"
#include "solve/lp.h"

#define ON_FACE 1e-9  /* reduced costs up to this count as zero */
#define GAIN    1e-10 /* a smaller one is none */
#define ENTRY   1e-10 /* entries of a column below this do not bind */
#define LISTED  1e-12 /* lambdas below this are zero */

/* The columns and slacks that may enter. */
typedef struct face {
    uint32_t *variable;
    size_t count;
} face;

/* What is maximised: the sum of slacks, or one variable. */
typedef struct aim {
    bool slacks;
    uint32_t variable;
} aim;

static double gain_of(const fd_envelope *e, const aim *a, uint32_t variable)
{
    const size_t n = e->ref->count, row = variable - n;

    if (!a->slacks)
        return variable == a->variable;
    return variable >= n && row < e->ref->model.dims && !fd_envelope__is_equality(e->ref, row)
               ? e->work->scale[row]
               : 0;
}

/* price = (gains of the basis) × inverse */
static double set_prices(fd_envelope *e, const aim *a)
{
    fd_envelope__work *w = e->work;
    double size = 0;

    memset(w->price, 0, w->rows * sizeof *w->price);
    for (size_t p = 0; p < w->rows; p++) {
        const double gain = w->head[p] == e->ref->count + w->rows ? 0 : gain_of(e, a, w->head[p]);

        for (size_t i = 0; gain != 0 && i < w->rows; i++)
            w->price[i] += gain * w->inverse[p * w->rows + i];
    }
    for (size_t i = 0; i < w->rows; i++)
        size = fmax(size, a->slacks ? w->scale[i] : 1);
    return size;
}

static double reduced_gain(const fd_envelope *e, const aim *a, uint32_t variable)
{
    const fd_envelope__work *w = e->work;
    const fd_reference *r = e->ref;
    double sum = gain_of(e, a, variable), factor;

    if (variable >= r->count)
        return sum - w->price[variable - r->count];
    factor = fd_envelope__factor(w, variable);
    for (size_t i = 0; i < w->rows; i++)
        sum -= w->price[i] * r->a[i * r->stride + variable] * factor / w->scale[i];
    return sum;
}

static bool in_basis(const fd_envelope__work *w, uint32_t variable)
{
    for (size_t p = 0; p < w->rows; p++)
        if (w->head[p] == variable)
            return true;
    return false;
}

/* The row that leaves when the column in work->column enters; rows when nothing binds. */
static size_t binding(const fd_envelope *e, bool bland)
{
    const fd_envelope__work *w = e->work;
    const size_t n = e->ref->count;
    size_t best = w->rows;
    double least = INFINITY;

    for (size_t p = 0; p < w->rows; p++) {
        double ratio, entry = w->column[p];

        if (p == w->beta_at)
            continue;
        if (w->head[p] >= n && fd_envelope__is_equality(e->ref, w->head[p] - n)) {
            if (fabs(entry) > 1e-8)
                return p; /* fixed at zero: it must leave before anything moves */
            continue;
        }
        if (entry <= ENTRY)
            continue;
        ratio = fmax(w->x[p], 0) / entry;
        if (ratio < least || (ratio == least && best < w->rows &&
                              (bland ? w->head[p] < w->head[best] : entry > w->column[best]))) {
            least = ratio;
            best = p;
        }
    }
    return best;
}

/* Primal simplex over the face. @return 0, or -1 when it did not end */
static int improve(fd_envelope *e, const face *f, const aim *a)
{
    fd_envelope__work *w = e->work;
    size_t stalls = 0;

    for (size_t k = 0; k < 200 + 20 * (w->rows + f->count); k++) {
        const double least = GAIN * set_prices(e, a);
        const bool bland = stalls > 40;
        uint32_t enter = UINT32_MAX;
        double most = least;
        size_t p;

        for (size_t j = 0; j < f->count && (!bland || enter == UINT32_MAX); j++) {
            double gain;

            if (in_basis(w, f->variable[j]))
                continue;
            gain = reduced_gain(e, a, f->variable[j]);
            if (gain > most) {
                most = gain;
                enter = f->variable[j];
            }
        }
        if (enter == UINT32_MAX)
            return 0;
        fd_envelope__column(e, enter);
        if ((p = binding(e, bland)) == w->rows)
            return -1;
        stalls = w->x[p] / w->column[p] < 1e-13 ? stalls + 1 : 0;
        fd_envelope__exchange(e, p, enter);
        if (w->updates > 24 && !fd_envelope__factorise(e))
            return -1;
    }
    return -1;
}

/* Keep what still has no reduced gain to lose. */
static void narrow(fd_envelope *e, face *f, const aim *a)
{
    const double size = set_prices(e, a);
    size_t kept = 0;

    for (size_t j = 0; j < f->count; j++)
        if (in_basis(e->work, f->variable[j]) ||
            reduced_gain(e, a, f->variable[j]) >= -ON_FACE * size)
            f->variable[kept++] = f->variable[j];
    f->count = kept;
}

static bool is_unique(const fd_envelope *e, const face *f)
{
    for (size_t j = 0; j < f->count; j++)
        if (!in_basis(e->work, f->variable[j]))
            return false;
    return true;
}

static void find_face(fd_envelope *e, face *f)
{
    const fd_envelope__work *w = e->work;
    const fd_reference *r = e->ref;
    const double *normal = w->inverse + w->beta_at * w->rows;
    size_t count = r->rows;

    for (size_t j = 0; j < r->count; j++)
        count += w->d[j] <= ON_FACE;
    f->variable = fd_alloc((count + 1) * sizeof *f->variable);
    for (size_t j = 0; j < r->count; j++)
        if (w->d[j] <= ON_FACE)
            f->variable[f->count++] = (uint32_t)j;
    for (size_t i = 0; i < r->rows; i++)
        if (!fd_envelope__is_equality(r, i) && normal[i] <= ON_FACE)
            f->variable[f->count++] = (uint32_t)(r->count + i);
}

static int by_column(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Peers and slacks of the basis. */
static void take(fd_envelope *e)
{
    const fd_envelope__work *w = e->work;
    const fd_reference *r = e->ref;

    e->peer_count = 0;
    e->slack_sum = 0;
    memset(e->slack, 0, w->rows * sizeof *e->slack);
    for (size_t p = 0; p < w->rows; p++)
        if (w->head[p] < r->count &&
            w->x[p] * fd_envelope__factor(w, w->head[p]) / r->size[w->head[p]] > LISTED)
            e->peer[e->peer_count++] = w->head[p];
        else if (w->head[p] >= r->count && w->head[p] < r->count + r->model.dims &&
                 !fd_envelope__is_equality(r, w->head[p] - r->count) && w->x[p] > LISTED)
            e->slack[w->head[p] - r->count] = w->x[p] * w->scale[w->head[p] - r->count];
    qsort(e->peer, e->peer_count, sizeof *e->peer, by_column);
    for (size_t k = 0; k < e->peer_count; k++)
        for (size_t p = 0; p < w->rows; p++)
            if (w->head[p] == e->peer[k])
                e->lambda[k] = w->x[p] * fd_envelope__factor(w, e->peer[k]) / r->size[e->peer[k]];
    for (size_t i = 0; i < r->model.dims; i++)
        e->slack_sum += e->slack[i];
}

int fd_envelope_refine(fd_envelope *e)
{
    fd_envelope__work *w = e->work;
    const aim slacks = { true, 0 };
    face f = { 0 };
    int bad;

    if (w->by_solver)
        return fd_envelope__general(e, true);
    if (!w->costs_known)
        fd_envelope__costs(e);
    find_face(e, &f);
    bad = improve(e, &f, &slacks);
    if (!bad)
        narrow(e, &f, &slacks);
    for (uint32_t j = 0; !bad && j < e->ref->count && !is_unique(e, &f); j++) {
        const aim one = { false, j };
        bool there = false;

        for (size_t k = 0; k < f.count && !there; k++)
            there = f.variable[k] == j;
        if (!there)
            continue;
        bad = improve(e, &f, &one);
        narrow(e, &f, &one);
    }
    free(f.variable);
    if (!bad && w->updates && !fd_envelope__factorise(e))
        bad = -1;
    for (size_t p = 0; p < w->rows && !bad; p++)
        if (p != w->beta_at && !(w->x[p] >= -1e-8))
            bad = -1;
    if (bad)
        return fd_envelope__general(e, true);
    take(e);
    return 0;
}

/* ---- the general solver ---- */

static fd_lp *general_model(const fd_envelope *e)
{
    const fd_envelope__work *w = e->work;
    const fd_reference *r = e->ref;
    fd_lp *lp = fd_lp_new(true);
    size_t beta;

    for (size_t i = 0; i < r->rows; i++) {
        const double b = w->b[i] / w->scale[i];

        fd_lp_add_row(lp, fd_envelope__is_equality(r, i) ? b : -FD_LP_INF, b);
    }
    for (size_t j = 0; j < r->count; j++) {
        size_t column = fd_lp_add_column(lp, 0, 0, FD_LP_INF);

        for (size_t i = 0; i < r->rows; i++)
            if (r->a[i * r->stride + j] != 0)
                fd_lp_put(lp, i, column,
                          r->a[i * r->stride + j] * fd_envelope__factor(w, j) / w->scale[i]);
    }
    beta = fd_lp_add_column(lp, 1, -FD_LP_INF, FD_LP_INF);
    for (size_t i = 0; i < r->rows; i++)
        if (w->g[i] != 0)
            fd_lp_put(lp, i, beta, w->g[i] / w->scale[i]);
    return lp;
}

/* Beta fixed at its optimum, the slacks as columns that are maximised. */
static int general_refine(fd_envelope *e, fd_lp *lp)
{
    const fd_envelope__work *w = e->work;
    const fd_reference *r = e->ref;
    fd_lp_status status;
    const double *x;
    int err;

    fd_lp_set_objective(lp, r->count, 0);
    fd_lp_set_column(lp, r->count, e->beta, e->beta);
    for (size_t i = 0; i < r->model.dims; i++)
        if (!fd_envelope__is_equality(r, i)) {
            fd_lp_put(lp, i, fd_lp_add_column(lp, w->scale[i], 0, FD_LP_INF), 1);
            fd_lp_set_row(lp, i, w->b[i] / w->scale[i], w->b[i] / w->scale[i]);
        }
    if ((err = fd_lp_solve(&status, lp)) < 0)
        return err;
    if (status != FD_LP_OPTIMAL)
        return fd_error_set(FD_ENOCONV, "松弛量的规划没有解出",
                            "the program of slacks has no answer");
    x = fd_lp_primal(lp);
    e->peer_count = 0;
    e->slack_sum = fd_lp_objective(lp);
    for (size_t j = 0; j < r->count && e->peer_count < r->rows; j++)
        if (x[j] * fd_envelope__factor(w, j) / r->size[j] > LISTED) {
            e->lambda[e->peer_count] = x[j] * fd_envelope__factor(w, j) / r->size[j];
            e->peer[e->peer_count++] = (uint32_t)j;
        }
    memset(e->slack, 0, w->rows * sizeof *e->slack);
    for (size_t i = 0, at = r->count + 1; i < r->model.dims; i++)
        if (!fd_envelope__is_equality(r, i))
            e->slack[i] = fmax(x[at++], 0) * w->scale[i];
    return 0;
}

int fd_envelope__general(fd_envelope *e, bool refine)
{
    fd_envelope__work *w = e->work;
    fd_lp *lp = general_model(e);
    fd_lp_status status;
    int err;

    w->by_solver = true;
    if ((err = fd_lp_solve(&status, lp)) < 0)
        goto done;
    memset(e->normal, 0, w->rows * sizeof *e->normal);
    if (status == FD_LP_INFEASIBLE) {
        e->status = FD_ENVELOPE_INFEASIBLE;
        goto done;
    }
    if (status != FD_LP_OPTIMAL) {
        err = fd_error_set(FD_ENOCONV, "这个规划没有上界:单位的规模相差太大,或投入全为零",
                           "the program has no limit: units differ too much in size, or all inputs "
                           "are zero");
        goto done;
    }
    e->status = FD_ENVELOPE_OPTIMAL;
    e->beta = fd_lp_objective(lp);
    for (size_t i = 0; i < w->rows; i++)
        e->normal[i] = fd_lp_dual(lp)[i] / w->scale[i];
    if (refine)
        err = general_refine(e, lp);
done:
    fd_lp_free(lp);
    return err;
}
