/* The kernel of envelopment programs: every answer carries its proof, and the proof is checked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/envelope_work.h"
#include "fangding/arena.h"

#define assert_near(a, b, tolerance)                                                               \
    do {                                                                                           \
        const double near_a = (a), near_b = (b);                                                   \
        if (!(fabs(near_a - near_b) <= (tolerance)))                                               \
            fail_msg("%s: %.15g, %s: %.15g", #a, near_a, #b, near_b);                              \
    } while (0)

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 33) + 0.5) / (double)(UINT64_C(1) << 31);
}

/* Inputs positive, outputs negative, the last `bads` positive; sizes over `orders` powers of e. */
static double *cloud(size_t n, size_t inputs, size_t outputs, size_t bads, double orders, bool ties,
                     uint64_t seed)
{
    const size_t dims = inputs + outputs + bads;
    double *v = fd_alloc(n * dims * sizeof *v);

    for (size_t u = 0; u < n; u++) {
        const double size = exp(orders * uniform(&seed));

        for (size_t k = 0; k < dims; k++) {
            const double x = ties ? 1 + floor(3 * uniform(&seed)) : exp(uniform(&seed));

            v[u * dims + k] = (k >= inputs && k < inputs + outputs ? -1 : 1) * x * size;
        }
    }
    return v;
}

/* normal . a_j >= 0 for all points, normal . g = 1 and normal . b = beta: no better beta exists. */
static void check_dual(const fd_envelope *e, const fd_points *p, const double *b, const double *g)
{
    const fd_model *m = &e->ref->model;
    const double constant =
        e->ref->rows > m->dims ? e->normal[m->dims] * fd_model_scale_entry(m) : 0;
    double by = 0, bound = constant;

    for (size_t i = 0; i < m->dims; i++) {
        by += e->normal[i] * g[i];
        bound += e->normal[i] * b[i];
        if (i + m->equal < m->dims)
            assert_true(e->normal[i] * fabs(b[i]) >= -1e-9);
    }
    assert_near(by, 1, 1e-9);
    assert_near(bound, e->beta, 1e-9 * (1 + fabs(e->beta)));
    for (size_t u = 0; u < p->n; u++) {
        double sum = constant, size = fabs(constant);

        for (size_t i = 0; i < m->dims; i++) {
            sum += e->normal[i] * p->v[u * p->dims + i];
            size += fabs(e->normal[i] * p->v[u * p->dims + i]);
        }
        assert_true(sum >= -1e-9 * size - 1e-10);
    }
}

/* lambda >= 0 reaches b - beta g with the slacks: beta can be had. */
static void check_primal(const fd_envelope *e, const fd_points *p, const double *b, const double *g,
                         double tolerance)
{
    const fd_model *m = &e->ref->model;
    double total = 0;

    for (size_t k = 0; k < e->peer_count; k++) {
        assert_true(e->lambda[k] > 0);
        total += e->lambda[k];
    }
    for (size_t i = 0; i < m->dims; i++) {
        double sum = e->beta * g[i] + e->slack[i];

        for (size_t k = 0; k < e->peer_count; k++)
            sum += e->lambda[k] * p->v[e->ref->unit[e->peer[k]] * p->dims + i];
        assert_near(sum, b[i], tolerance * fabs(b[i]));
        assert_true(e->slack[i] >= 0);
        if (i + m->equal >= m->dims)
            assert_near(e->slack[i], 0, 1e-12);
    }
    if (m->rts == FD_VRS)
        assert_near(total, 1, tolerance);
    if (m->rts == FD_DRS)
        assert_true(total <= 1 + tolerance);
    if (m->rts == FD_IRS)
        assert_true(total >= 1 - tolerance);
}

static void check_cloud(const fd_points *p, const fd_model *m, size_t inputs, size_t outputs)
{
    double *g = fd_alloc(p->dims * sizeof *g);
    uint32_t *corners = NULL;
    size_t count = 0;
    fd_reference ref;
    fd_envelope e;

    assert_int_equal(fd_frontier_build(&corners, &count, p, m, NULL, 0, NULL), 0);
    assert_true(count >= 1 && count <= p->n);
    fd_reference_init(&ref, p, m, corners, count);
    fd_envelope_init(&e, &ref);
    for (size_t u = 0; u < p->n; u++)
        for (int way = 0; way < 3; way++) { /* inputs, outputs, outputs with bads */
            const double *b = p->v + u * p->dims;

            for (size_t i = 0; i < p->dims; i++)
                g[i] = (i < inputs) == (way == 0) && (i < inputs + outputs || way == 2) ? fabs(b[i])
                                                                                        : 0;
            assert_int_equal(fd_envelope_solve(&e, b, g, -INFINITY), 0);
            assert_int_equal(e.status, FD_ENVELOPE_OPTIMAL);
            assert_true(e.beta >= -1e-9);
            check_dual(&e, p, b, g);
            assert_int_equal(fd_envelope_refine(&e), 0);
            check_primal(&e, p, b, g, 1e-9);
        }
    fd_envelope_dispose(&e);
    fd_reference_dispose(&ref);
    free(corners);
    free(g);
}

static void test_proofs(void **state)
{
    static const struct {
        size_t n, inputs, outputs, bads;
        double orders;
        bool ties;
    } clouds[] = {
        { 1, 1, 1, 0, 1, false },    { 2, 1, 1, 1, 1, false },  { 200, 3, 2, 0, 2, false },
        { 200, 3, 2, 0, 14, false }, { 120, 2, 2, 0, 0, true }, { 80, 6, 6, 0, 0, false },
        { 150, 2, 1, 1, 2, false },  { 90, 2, 2, 2, 1, true },  { 60, 4, 4, 0, 1, true },
    };

    (void)state;
    for (size_t k = 0; k < sizeof clouds / sizeof *clouds; k++)
        for (int rts = 0; rts < FD_RTS_COUNT; rts++) {
            const size_t dims = clouds[k].inputs + clouds[k].outputs + clouds[k].bads;
            double *v = cloud(clouds[k].n, clouds[k].inputs, clouds[k].outputs, clouds[k].bads,
                              clouds[k].orders, clouds[k].ties, 17 + k);
            const fd_points p = { clouds[k].n, dims, v };
            const fd_model m = { dims, clouds[k].bads, (fd_rts)rts };

            check_cloud(&p, &m, clouds[k].inputs, clouds[k].outputs);
            free(v);
        }
}

/* Corners: all of a circle's arc, none of the points inside it, one of each pair of twins. */
static void test_corners(void **state)
{
    enum { ARC = 50 };
    double v[3 * ARC * 2];
    const fd_points p = { (size_t)(3 * ARC), 2, v };
    const fd_model m = { 2, 0, FD_VRS };
    uint32_t *corners = NULL;
    size_t count = 0;

    (void)state;
    for (size_t u = 0; u < ARC; u++) { /* output rises from 0.5 to 1.5, with falling returns */
        const double a = M_PI / 2 * ((double)u + 1) / (ARC + 1);

        for (size_t copy = 0; copy < 2; copy++) {
            v[(u + copy * ARC) * 2] = 2 - cos(a);
            v[(u + copy * ARC) * 2 + 1] = -0.5 - sin(a);
        }
        v[(u + 2 * ARC) * 2] = 2 - 0.9 * cos(a);
        v[(u + 2 * ARC) * 2 + 1] = -0.5 - 0.9 * sin(a);
    }
    assert_int_equal(fd_frontier_build(&corners, &count, &p, &m, NULL, 0, NULL), 0);
    assert_int_equal(count, ARC);
    for (size_t k = 0; k < count; k++)
        assert_int_equal(corners[k] % ARC, k);
    free(corners);
}

/* A point that no mixture reaches: infeasible, with a ray that shows it; and the early stop. */
static void test_infeasible(void **state)
{
    const double v[] = { 1, -1, 2, -3, 4, -4 }, b[] = { 3, -5 }, g[] = { 3, 0 };
    const double outside[] = { 0.5, -1 }, inwards[] = { 0.5, 0 };
    const uint32_t all[] = { 0, 1, 2 };
    const fd_points p = { 3, 2, v };
    const fd_model m = { 2, 0, FD_VRS };
    fd_reference ref;
    fd_envelope e;

    (void)state;
    fd_reference_init(&ref, &p, &m, all, 3);
    fd_envelope_init(&e, &ref);
    assert_int_equal(fd_envelope_solve(&e, b, g, -INFINITY), 0);
    assert_int_equal(e.status, FD_ENVELOPE_INFEASIBLE);
    assert_true(e.normal[0] * b[0] + e.normal[1] * b[1] + e.normal[2] < 0);
    for (size_t u = 0; u < 3; u++)
        assert_true(e.normal[0] * v[2 * u] + e.normal[1] * v[2 * u + 1] + e.normal[2] >= -1e-12);
    assert_int_equal(fd_envelope_solve(&e, outside, inwards, -0.5), 0);
    assert_int_equal(e.status, FD_ENVELOPE_OUTSIDE);
    assert_int_equal(fd_envelope_solve(&e, outside, inwards, -INFINITY), 0);
    assert_near(e.beta, -1, 1e-12);
    fd_envelope_dispose(&e);
    fd_reference_dispose(&ref);
}

/* What the kernel would do if it gave up: the general solver agrees, second phase included. */
static void test_general_solver(void **state)
{
    double *v = cloud(60, 2, 2, 1, 1, false, 5);
    const fd_points p = { 60, 5, v };

    (void)state;
    for (int rts = 0; rts < FD_RTS_COUNT; rts++) {
        const fd_model m = { 5, 1, (fd_rts)rts };
        uint32_t *corners = NULL;
        size_t count = 0;
        fd_reference ref;
        fd_envelope e;

        assert_int_equal(fd_frontier_build(&corners, &count, &p, &m, NULL, 0, NULL), 0);
        fd_reference_init(&ref, &p, &m, corners, count);
        fd_envelope_init(&e, &ref);
        for (size_t u = 0; u < p.n; u++) {
            const double *b = v + u * 5, g[] = { 0, 0, -b[2], -b[3], b[4] };
            double beta, slacks;

            assert_int_equal(fd_envelope_solve(&e, b, g, -INFINITY), 0);
            assert_int_equal(fd_envelope_refine(&e), 0);
            beta = e.beta;
            slacks = e.slack_sum;
            assert_int_equal(fd_envelope__general(&e, true), 0);
            assert_near(e.beta, beta, 1e-7);
            assert_near(e.slack_sum, slacks, 1e-5);
            check_primal(&e, &p, b, g, 1e-6);
        }
        fd_envelope_dispose(&e);
        fd_reference_dispose(&ref);
        free(corners);
    }
    free(v);
}

/* Points that are not of the set, as across periods: kernel and general solver say the same, that
 * there is no solution included; and both happen. */
static void test_foreign_points(void **state)
{
    size_t seen[2] = { 0, 0 };

    (void)state;
    for (int ties = 0; ties < 2; ties++)
        for (int k = 0; k < 8; k++) {
            double *v = cloud(80, 2, 1, 2, 1, ties == 1, (uint64_t)(31 + k));
            const fd_points p = { 80, 5, v };
            const fd_model m = { 5, k < 4 ? 2 : 0, (fd_rts)(k % 4) };
            uint32_t early[40], *corners = NULL;
            size_t count = 0;
            fd_reference ref;
            fd_envelope e;

            for (uint32_t u = 0; u < 40; u++)
                early[u] = u;
            assert_int_equal(fd_frontier_build(&corners, &count, &p, &m, early, 40, NULL), 0);
            fd_reference_init(&ref, &p, &m, corners, count);
            fd_envelope_init(&e, &ref);
            for (size_t u = 40; u < p.n; u++) {
                const double *b = v + u * 5, g[] = { 0, 0, -b[2], b[3], b[4] };
                fd_envelope_status status;
                double beta;

                assert_int_equal(fd_envelope_solve(&e, b, g, -INFINITY), 0);
                status = e.status;
                beta = e.beta;
                seen[status == FD_ENVELOPE_OPTIMAL]++;
                assert_int_equal(fd_envelope__general(&e, false), 0);
                assert_int_equal(e.status, status);
                if (status == FD_ENVELOPE_OPTIMAL)
                    assert_near(beta, e.beta, 1e-7);
            }
            fd_envelope_dispose(&e);
            fd_reference_dispose(&ref);
            free(corners);
            free(v);
        }
    assert_true(seen[0] > 0 && seen[1] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proofs),         cmocka_unit_test(test_corners),
        cmocka_unit_test(test_infeasible),     cmocka_unit_test(test_general_solver),
        cmocka_unit_test(test_foreign_points),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
