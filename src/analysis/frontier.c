/*
 * BuildHull: the corners that span the frontier, found by growing a hull from inside.
 *
 * Each round tests a chunk of points that are not yet classified against the corners known at its
 * start.  A point inside is done with for good.  A point outside brings a plane that separates it;
 * the point farthest along it is a corner.  One pass over the points that are left serves several
 * planes.  Rounds are cut by numbers alone, so that the corners do not depend on threads.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/envelope.h"
#include "base/pool.h"
#include "base/vec.h"
#include "fangding/arena.h"

#define INSIDE 1e-10 /* a point that needs to move by less than this part of itself is inside */

enum {
    FIRST_CHUNK = 64,
    LAST_CHUNK = 1 << 15,
    TEST_BLOCK = 256,  /* points tested by one task */
    SCAN_BLOCK = 8192, /* points looked at by one task */
    DOMINATORS = 64,   /* corners that a point is compared with before a program is solved */
    PLANES = 16,       /* planes of one pass, at least */
    RANDOM_SEEDS = 3   /* random planes to begin with, for each dimension */
};

enum { UNKNOWN = 0, INNER = 1, CORNER = 2 };

typedef struct build {
    const fd_points *points;
    const fd_model *model;
    const uint32_t *left; /* not yet classified when last tidied */
    size_t left_count;
    uint8_t *state; /* by point */
    fd_reference ref;
    size_t rows;
    /* this round */
    const uint32_t *chunk;
    size_t chunk_count;
    double *normals; /* of the chunk: rows each */
    uint8_t *outside;
    /* this pass */
    const double *planes; /* plane_count × rows */
    size_t plane_count;
    double *least; /* blocks × planes */
    uint32_t *least_at;
} build;

/* ---- testing ---- */

/* Is one of the first corners at least as good in everything? Then the point is inside, and no
 * program is needed: true of most points. The axes and the fixed directions came first. */
static bool is_dominated(const build *b, const double *point, size_t *last)
{
    const size_t dims = b->points->dims;
    const size_t most = b->ref.count < DOMINATORS ? b->ref.count : DOMINATORS;

    for (size_t k = 0; k < most && b->model->equal == 0; k++) {
        const size_t j = k == 0 ? *last : k - (k <= *last);
        const double *corner = b->points->v + b->ref.unit[j] * dims;
        size_t i = 0;

        while (i < dims && corner[i] <= point[i])
            i++;
        if (i == dims) {
            *last = j;
            return true;
        }
    }
    return false;
}

static int test_block(void *payload, size_t block)
{
    build *b = payload;
    const size_t dims = b->points->dims, from = block * TEST_BLOCK;
    const size_t to = from + TEST_BLOCK < b->chunk_count ? from + TEST_BLOCK : b->chunk_count;
    double *g = fd_alloc(dims * sizeof *g);
    size_t last = 0;
    fd_envelope e;
    int err = 0;

    fd_envelope_init(&e, &b->ref);
    for (size_t k = from; k < to && err == 0; k++) {
        const double *point = b->points->v + b->chunk[k] * dims;

        b->outside[k] = false;
        if (is_dominated(b, point, &last))
            continue;
        for (size_t i = 0; i < dims; i++)
            g[i] = i + b->model->equal >= dims ? 0 : fabs(point[i]);
        err = fd_envelope_solve(&e, point, g, -INSIDE);
        b->outside[k] = e.status == FD_ENVELOPE_OUTSIDE || e.status == FD_ENVELOPE_INFEASIBLE ||
                        e.beta < -INSIDE;
        memcpy(b->normals + k * b->rows, e.normal, b->rows * sizeof *e.normal);
    }
    fd_envelope_dispose(&e);
    free(g);
    return err;
}

/* ---- looking along planes ---- */

static int scan_block(void *payload, size_t block)
{
    build *b = payload;
    const size_t dims = b->points->dims, from = block * SCAN_BLOCK;
    const size_t to = from + SCAN_BLOCK < b->left_count ? from + SCAN_BLOCK : b->left_count;
    double *least = b->least + block * b->plane_count;
    uint32_t *at = b->least_at + block * b->plane_count;
    const bool cone = b->model->rts == FD_CRS;

    for (size_t q = 0; q < b->plane_count; q++) {
        least[q] = INFINITY;
        at[q] = UINT32_MAX;
    }
    for (size_t k = from; k < to; k++) {
        const uint32_t unit = b->left[k];
        const double *v = b->points->v + unit * dims;
        double by;

        if (b->state[unit] != UNKNOWN)
            continue;
        by = cone ? 1 / fd_model_size(b->model, v) : 1; /* a cone is looked at in section */
        for (size_t q = 0; q < b->plane_count; q++) {
            const double *plane = b->planes + q * b->rows;
            double sum = 0;

            for (size_t i = 0; i < dims; i++)
                sum += plane[i] * v[i];
            sum *= by;
            if (sum < least[q]) {
                least[q] = sum;
                at[q] = unit;
            }
        }
    }
    return 0;
}

/* The farthest point along each plane becomes a corner. @return how many are new */
static size_t look_along(build *b, const double *planes, size_t count, fd_pool *pool)
{
    const size_t blocks = (b->left_count + SCAN_BLOCK - 1) / SCAN_BLOCK;
    size_t added = 0;

    b->planes = planes;
    b->plane_count = count;
    b->least = fd_alloc(blocks * count * sizeof *b->least + 1);
    b->least_at = fd_alloc(blocks * count * sizeof *b->least_at + 1);
    (void)fd_pool_run(pool, blocks, scan_block, b);
    for (size_t q = 0; q < count; q++) {
        double least = INFINITY;
        uint32_t at = UINT32_MAX;

        for (size_t k = 0; k < blocks; k++)
            if (b->least[k * count + q] < least) {
                least = b->least[k * count + q];
                at = b->least_at[k * count + q];
            }
        if (at != UINT32_MAX && b->state[at] == UNKNOWN) {
            b->state[at] = CORNER;
            fd_reference_add(&b->ref, b->points, at);
            added++;
        }
    }
    free(b->least);
    free(b->least_at);
    b->least = NULL;
    b->least_at = NULL;
    return added;
}

/* The axes and a few fixed random directions: corners that most points can be measured by. */
static void seed(build *b, fd_pool *pool)
{
    const size_t dims = b->points->dims, count = dims * (1 + RANDOM_SEEDS);
    double *planes = fd_alloc(count * b->rows * sizeof *planes);
    uint64_t state = 1;

    for (size_t q = 0; q < count; q++)
        for (size_t i = 0; i < dims; i++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            planes[q * b->rows + i] =
                q < dims ? (q == i) : (double)(state >> 33) / (double)(UINT64_C(1) << 31);
        }
    (void)look_along(b, planes, count, pool);
    free(planes);
}

/* ---- rounds ---- */

/* The corners that the points found outside lead to; at most a few planes a round while the hull is
 * young, since many points see the same corner. */
static void learn(build *b, fd_pool *pool)
{
    const size_t most = PLANES + b->ref.count / 8;
    double *planes = fd_alloc(most * b->rows * sizeof *planes);
    size_t count = 0;

    for (size_t k = 0; k < b->chunk_count && count < most; k++) {
        const double *normal = b->normals + k * b->rows;
        double size = 0;

        if (!b->outside[k])
            continue;
        for (size_t i = 0; i < b->rows; i++)
            size += fabs(normal[i]);
        if (size > 0) {
            memcpy(planes + count++ * b->rows, normal, b->rows * sizeof *planes);
        } else if (b->state[b->chunk[k]] == UNKNOWN) { /* outside, and nobody can say along what */
            b->state[b->chunk[k]] = CORNER;
            fd_reference_add(&b->ref, b->points, b->chunk[k]);
        }
    }
    if (count && look_along(b, planes, count, pool) == 0)
        /* Rounding: what lies farthest is classified already. The first point outside goes in as it
           is; one corner too many does no harm. */
        for (size_t k = 0; k < b->chunk_count; k++)
            if (b->outside[k] && b->state[b->chunk[k]] == UNKNOWN) {
                b->state[b->chunk[k]] = CORNER;
                fd_reference_add(&b->ref, b->points, b->chunk[k]);
                break;
            }
    free(planes);
}

static size_t tidy(const build *b, uint32_t *left, size_t count)
{
    size_t kept = 0;

    for (size_t k = 0; k < count; k++)
        if (b->state[left[k]] == UNKNOWN)
            left[kept++] = left[k];
    return kept;
}

static int rounds(build *b, uint32_t *left, fd_pool *pool)
{
    size_t chunk = FIRST_CHUNK;
    int err = 0;

    b->normals = fd_alloc(LAST_CHUNK * b->rows * sizeof *b->normals);
    b->outside = fd_alloc(LAST_CHUNK);
    b->left = left;
    b->left_count = tidy(b, left, b->left_count);
    while (b->left_count) {
        size_t outside = 0;

        b->chunk = left;
        b->chunk_count = chunk < b->left_count ? chunk : b->left_count;
        if ((err = fd_pool_run(pool, (b->chunk_count + TEST_BLOCK - 1) / TEST_BLOCK, test_block,
                               b)) < 0)
            break;
        for (size_t k = 0; k < b->chunk_count; k++) {
            outside += b->outside[k];
            if (!b->outside[k])
                b->state[left[k]] = INNER;
        }
        if (outside)
            learn(b, pool);
        if (outside * 16 < b->chunk_count && chunk < LAST_CHUNK)
            chunk *= 2;
        else if (outside * 4 > b->chunk_count && chunk > FIRST_CHUNK)
            chunk /= 2;
        b->left_count = tidy(b, left, b->left_count);
    }
    free(b->normals);
    free(b->outside);
    return err;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

int fd_frontier_build(uint32_t **out, size_t *out_count, const fd_points *points,
                      const fd_model *model, const uint32_t *among, size_t among_count,
                      fd_pool *pool)
{
    const size_t n = among ? among_count : points->n;
    uint32_t *left = fd_alloc(n * sizeof *left + 1);
    build b = { .points = points, .model = model, .left = left, .left_count = n };
    int err;

    for (size_t k = 0; k < n; k++)
        left[k] = among ? among[k] : (uint32_t)k;
    b.state = fd_alloc(points->n + 1);
    fd_reference_init(&b.ref, points, model, NULL, 0);
    b.rows = b.ref.rows;
    if (n)
        seed(&b, pool);
    err = rounds(&b, left, pool);
    if (err == 0) {
        *out_count = b.ref.count;
        *out = fd_alloc(b.ref.count * sizeof **out + 1);
        memcpy(*out, b.ref.unit, b.ref.count * sizeof **out);
        qsort(*out, *out_count, sizeof **out, by_number);
    }
    fd_reference_dispose(&b.ref);
    free(b.state);
    free(left);
    return err;
}
