#include "analysis/radial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"

enum { BLOCK = 1024, SUPER_BLOCK = 4 };

#define EXACT 1e-11 /* a distance below this is none: units on the frontier score 1 */

/* ---- frontiers ---- */

int fd_radial_init(fd_radial *out, const fd_points *points, size_t inputs, const uint32_t *units,
                   size_t count, const bool rts[FD_RTS_COUNT], fd_pool *pool)
{
    static const fd_rts order[] = { FD_VRS, FD_CRS, FD_DRS, FD_IRS };
    const bool hull = rts[FD_VRS] || rts[FD_DRS] || rts[FD_IRS];
    uint32_t *corners = NULL; /* of the convex hull: those of every other frontier are among them */
    size_t corner_count = 0;
    int err = 0;

    memset(out, 0, sizeof *out);
    out->points = points;
    out->inputs = inputs;
    out->units = units;
    out->count = count;
    for (size_t k = 0; k < FD_RTS_COUNT && err == 0; k++) {
        const fd_model model = { points->dims, 0, order[k] };
        uint32_t *own = NULL;
        size_t own_count = 0;

        if (!rts[order[k]] && !(order[k] == FD_VRS && hull))
            continue;
        err = fd_frontier_build(&own, &own_count, points, &model, corners ? corners : units,
                                corners ? corner_count : count, pool);
        if (err == 0)
            fd_reference_init(&out->reference[order[k]], points, &model, own, own_count);
        if (order[k] == FD_VRS) {
            corners = own;
            corner_count = own_count;
        } else {
            free(own);
        }
    }
    free(corners);
    return err;
}

void fd_radial_dispose(fd_radial *r)
{
    for (int k = 0; k < FD_RTS_COUNT; k++)
        fd_reference_dispose(&r->reference[k]);
    memset(r, 0, sizeof *r);
}

/* ---- scores ---- */

static void direction(double *g, const fd_radial *r, const double *point, bool output)
{
    for (size_t i = 0; i < r->points->dims; i++)
        g[i] = (i >= r->inputs) == output ? fabs(point[i]) : 0;
}

static double score_of(double beta, bool output)
{
    if (fabs(beta) < EXACT)
        return 1;
    return output ? 1 + beta : 1 - beta;
}

typedef struct scoring {
    const fd_radial *r;
    const fd_radial_job *job;
    double *super;
} scoring;

static void take_peers(fd_radial_peers *out, const fd_envelope *e)
{
    out->count = e->peer_count;
    out->unit = fd_alloc((e->peer_count + 1) * sizeof *out->unit);
    out->lambda = fd_alloc((e->peer_count + 1) * sizeof *out->lambda);
    for (size_t k = 0; k < e->peer_count; k++) {
        out->unit[k] = e->ref->unit[e->peer[k]];
        out->lambda[k] = e->lambda[k];
    }
}

static int refine(fd_envelope *e, const scoring *s, uint32_t unit)
{
    const fd_radial_job *job = s->job;
    const size_t dims = s->r->points->dims;
    int err;

    if (!job->slack_sum && !job->slack && !job->peers)
        return 0;
    if ((err = fd_envelope_refine(e)) < 0)
        return err;
    if (job->slack_sum)
        job->slack_sum[unit] = e->slack_sum < EXACT ? 0 : e->slack_sum;
    if (job->slack)
        memcpy(job->slack + unit * dims, e->slack, dims * sizeof *e->slack);
    if (job->peers)
        take_peers(&job->peers[unit], e);
    return 0;
}

static int score_block(void *payload, size_t block)
{
    scoring *s = payload;
    const fd_radial *r = s->r;
    const size_t dims = r->points->dims, from = block * BLOCK;
    const size_t to = from + BLOCK < s->job->count ? from + BLOCK : s->job->count;
    double *g = fd_alloc(dims * sizeof *g);
    fd_envelope e;
    int err = 0;

    fd_envelope_init(&e, &r->reference[s->job->rts]);
    for (size_t k = from; k < to && err == 0; k++) {
        const uint32_t unit = s->job->units[k];
        const double *point = r->points->v + unit * dims;

        direction(g, r, point, s->job->output);
        if ((err = fd_envelope_solve(&e, point, g, -INFINITY)) < 0)
            break;
        if (e.status != FD_ENVELOPE_OPTIMAL) {
            s->job->score[unit] = NAN;
            continue;
        }
        s->job->score[unit] = score_of(e.beta, s->job->output);
        err = refine(&e, s, unit);
    }
    fd_envelope_dispose(&e);
    free(g);
    return err;
}

int fd_radial_scores(const fd_radial *r, const fd_radial_job *job, fd_pool *pool)
{
    scoring s = { r, job, NULL };

    return fd_pool_run(pool, (job->count + BLOCK - 1) / BLOCK, score_block, &s);
}

/* ---- super-efficiency ---- */

/* The unit that the answer's plane cuts off farthest, or UINT32_MAX. */
static uint32_t cut_off(const fd_envelope *e, const fd_radial *r, uint32_t self)
{
    const fd_model *model = &e->ref->model;
    const size_t dims = model->dims;
    const double constant = e->ref->rows > dims ? e->normal[dims] * fd_model_scale_entry(model) : 0;
    const double spread = fd_model_size(model, r->points->v + self * dims);
    double least = e->status == FD_ENVELOPE_OPTIMAL ? -1e-11 : -1e-9;
    uint32_t at = UINT32_MAX;

    for (size_t k = 0; k < r->count; k++) {
        const double *v = r->points->v + r->units[k] * dims;
        double sum = constant, size;

        if (r->units[k] == self)
            continue;
        for (size_t i = 0; i < dims; i++)
            sum += e->normal[i] * v[i];
        if (sum >= 0)
            continue;
        size = fd_model_size(model, v);
        sum *= spread / (model->rts != FD_CRS && size < spread ? spread : size);
        if (sum < least) {
            least = sum;
            at = r->units[k];
        }
    }
    return at;
}

static bool holds(const fd_reference *r, uint32_t unit)
{
    for (size_t j = 0; j < r->count; j++)
        if (r->unit[j] == unit)
            return true;
    return false;
}

static bool shows_nothing(const fd_envelope *e)
{
    for (size_t i = 0; i < e->ref->rows; i++)
        if (e->normal[i] != 0)
            return false;
    return true;
}

static int super_one(double *out, const fd_radial *r, const fd_radial_job *job, uint32_t self)
{
    const fd_reference *all = &r->reference[job->rts];
    const size_t dims = r->points->dims;
    const double *point = r->points->v + self * dims;
    double *g = fd_alloc(dims * sizeof *g);
    fd_reference others;
    fd_envelope e;
    int err = 0;

    fd_reference_init(&others, r->points, &all->model, NULL, 0);
    for (size_t j = 0; j < all->count; j++)
        if (all->unit[j] != self)
            fd_reference_add(&others, r->points, all->unit[j]);
    direction(g, r, point, job->output);
    fd_envelope_init(&e, &others);
    for (bool more = true; more && err == 0;) {
        uint32_t next;

        more = false;
        fd_envelope_forget(&e);
        if ((err = fd_envelope_solve(&e, point, g, -INFINITY)) < 0)
            break;
        if (e.status != FD_ENVELOPE_OPTIMAL && shows_nothing(&e)) {
            /* No plane to go by: take everybody. */
            for (size_t k = 0; k < r->count; k++)
                if (r->units[k] != self && !holds(&others, r->units[k])) {
                    fd_reference_add(&others, r->points, r->units[k]);
                    more = true;
                }
        } else if ((next = cut_off(&e, r, self)) != UINT32_MAX && !holds(&others, next)) {
            fd_reference_add(&others, r->points, next);
            more = true;
        }
    }
    *out = e.status == FD_ENVELOPE_OPTIMAL ? score_of(e.beta, job->output)
           : job->output                   ? -INFINITY
                                           : INFINITY;
    fd_envelope_dispose(&e);
    fd_reference_dispose(&others);
    free(g);
    return err;
}

static int super_block(void *payload, size_t block)
{
    scoring *s = payload;
    const fd_reference *all = &s->r->reference[s->job->rts];
    int err = 0;

    for (size_t j = block * SUPER_BLOCK; j < (block + 1) * SUPER_BLOCK && j < all->count; j++)
        if ((err = super_one(&s->super[all->unit[j]], s->r, s->job, all->unit[j])) < 0)
            break;
    return err;
}

int fd_radial_super(double *super, const fd_radial *r, const fd_radial_job *job, fd_pool *pool)
{
    scoring s = { r, job, super };
    const size_t corners = r->reference[job->rts].count;

    for (size_t k = 0; k < job->count; k++)
        super[job->units[k]] = job->score[job->units[k]];
    return fd_pool_run(pool, (corners + SUPER_BLOCK - 1) / SUPER_BLOCK, super_block, &s);
}
