/*
 * Economic complexity: reading the matrix, and its eigenvectors. Presence: complexity_presence.c;
 * steps over it: complexity_steps.c; tables: complexity_tables.c.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/complexity_work.h"
#include "analysis/relatedness.h"
#include "fangding/arena.h"
#include "solve/eigen.h"

/* ---- reading ---- */

static const fd_column *column_of(const fd_table *in, const char *name, size_t otherwise)
{
    int at = name ? fd_table_find(in, name) : (int)otherwise;

    if (at < 0 || (size_t)at >= in->column_count) {
        fd_error_set(FD_ENOTFOUND, "没有这一列:%s", "no such column: %s", name ? name : "?");
        return NULL;
    }
    return in->columns[at];
}

/* The position of each row's code on its side, in order of first appearance; UINT32_MAX without
 * one. Texts are told apart by their place in the column's dictionary. */
static int read_side(fd_cx_side *s, uint32_t **at, const fd_column *c, size_t rows)
{
    uint32_t *position = NULL;
    size_t known = 0;

    if (c->kind != FD_TEXT && c->kind != FD_CODE)
        return fd_error_set(FD_EINVAL, "列 %s 应是代码或名称",
                            "column %s should hold codes or names", c->id);
    *at = fd_alloc(rows * sizeof **at + 1);
    for (size_t r = 0; r < rows; r++) {
        const char *code = fd_column_text(c, r);

        (*at)[r] = UINT32_MAX;
        if (!code)
            continue;
        for (; known <= c->v.text[r]; known++) {
            fd_vec_reserve(&s->positions, known + 1);
            s->positions.items[known] = UINT32_MAX;
        }
        position = &s->positions.items[c->v.text[r]];
        if (*position == UINT32_MAX) {
            *position = (uint32_t)s->codes.count;
            fd_vec_push(&s->codes, fd_strdup(code));
        }
        (*at)[r] = *position;
    }
    s->n = s->codes.count;
    return 0;
}

/* Sums of each pair that has a value. */
static int read_values(fd_cx *w, const fd_table *in, const fd_complexity_options *o)
{
    const fd_column *loc = column_of(in, o->location, 0), *prod = column_of(in, o->product, 1);
    const fd_column *value = column_of(in, o->value, in->column_count - 1);
    uint32_t *c = NULL, *p = NULL;
    int err = 0;

    if (!loc || !prod || !value)
        return FD_ENOTFOUND;
    if (value->kind == FD_TEXT || value->kind == FD_CODE)
        return fd_error_set(FD_EINVAL, "列 %s 不是数", "column %s holds no numbers", value->id);
    if ((err = read_side(&w->loc, &c, loc, in->rows)) < 0 ||
        (err = read_side(&w->prod, &p, prod, in->rows)) < 0)
        goto done;
    w->value = fd_alloc(w->loc.n * w->prod.n * sizeof *w->value + 1);
    for (size_t r = 0; r < in->rows && err == 0; r++) {
        double x;

        if (c[r] == UINT32_MAX || p[r] == UINT32_MAX || fd_column_state(value, r) != FD_HAS)
            continue;
        x = value->kind == FD_EST ? value->v.est[r]
                                  : fd_number_to_double(fd_column_number(value, r));
        if (x < 0)
            err = fd_error_set(FD_EINVAL, "第 %zu 行的值是负的:%g",
                               "row %zu holds a negative value: %g", r + 2, x);
        w->value[c[r] * w->prod.n + p[r]] += x;
    }
done:
    free(c);
    free(p);
    return err;
}

/* ---- the eigenvector ---- */

typedef struct symmetric {
    const fd_cx_side *a, *b; /* the matrix is on a; b is summed over */
    double *root;            /* degree(a)^-1/2 */
    double *left, *right;
    fd_pool *pool;
} symmetric;

/* y = A^-1/2 M B^-1 M' A^-1/2 x */
static void apply_symmetric(void *payload, const double *x, double *y)
{
    symmetric *s = payload;

    for (size_t i = 0; i < s->a->n; i++)
        s->left[i] = x[i] * s->root[i];
    fd_cx__gather(s->right, s->b, s->left, s->pool);
    for (size_t j = 0; j < s->b->n; j++)
        s->right[j] /= s->b->degree[j];
    fd_cx__gather(y, s->a, s->right, s->pool);
    for (size_t i = 0; i < s->a->n; i++)
        y[i] *= s->root[i];
}

static double correlation(const double *x, const double *y, size_t n)
{
    const double a = fd_cx__mean_of(x, n), b = fd_cx__mean_of(y, n);
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (x[i] - a) * (y[i] - b);
    return sum;
}

/* The three largest eigenvalues on the smaller side; ECI and PCI from the second vector. */
static int compute_eci(fd_cx *w)
{
    const bool swap = w->prod.n < w->loc.n;
    symmetric s = {
        swap ? &w->prod : &w->loc, swap ? &w->loc : &w->prod, NULL, NULL, NULL, w->pool
    };
    double *vectors, *k, *q;
    double mean, deviation, lambda;
    int err;

    if (w->loc.n < 3 || w->prod.n < 3)
        return fd_error_set(FD_EINVAL, "至少要 3 个地区和 3 种产品",
                            "needs 3 locations and 3 products");
    s.root = fd_alloc(s.a->n * sizeof *s.root);
    s.left = fd_alloc(s.a->n * sizeof *s.left);
    s.right = fd_alloc(s.b->n * sizeof *s.right);
    vectors = fd_alloc(3 * s.a->n * sizeof *vectors);
    k = fd_alloc(w->loc.n * sizeof *k);
    q = fd_alloc(w->prod.n * sizeof *q);
    for (size_t i = 0; i < s.a->n; i++)
        s.root[i] = 1 / sqrt(s.a->degree[i]);
    if ((err = fd_eigen_largest(w->lambda, vectors, s.a->n, 3, 1e-13, apply_symmetric, &s)) < 0)
        goto done;
    lambda = w->lambda[1];
    w->defined = lambda < 1 - 1e-9 && lambda > w->lambda[2] + 1e-9;
    if (!w->defined)
        goto done; /* any mixture of the vectors would do: a number would only look like one */
    for (size_t i = 0; i < s.a->n; i++)
        (swap ? q : k)[i] = vectors[s.a->n + i] * s.root[i];
    if (swap) { /* M' k = lambda-eigenvector of the products; k = D^-1 M q */
        fd_cx__gather(k, &w->loc, q, w->pool);
        for (size_t c = 0; c < w->loc.n; c++)
            k[c] /= w->loc.degree[c];
    }
    if (correlation(k, w->loc.degree, w->loc.n) < 0)
        for (size_t c = 0; c < w->loc.n; c++)
            k[c] = -k[c];
    fd_cx__gather(q, &w->prod, k, w->pool);
    for (size_t p = 0; p < w->prod.n; p++)
        q[p] /= w->prod.degree[p] * lambda;
    mean = fd_cx__mean_of(k, w->loc.n);
    deviation = fd_cx__deviation_of(k, w->loc.n);
    w->eci = fd_alloc(w->loc.n * sizeof *w->eci);
    w->pci = fd_alloc(w->prod.n * sizeof *w->pci);
    w->pci_raw = fd_alloc(w->prod.n * sizeof *w->pci_raw);
    w->pci_z = fd_alloc(w->prod.n * sizeof *w->pci_z);
    fd_cx__standardise(w->eci, k, w->loc.n);
    for (size_t p = 0; p < w->prod.n; p++) {
        w->pci[p] = (q[p] - mean) / deviation;
        w->pci_raw[p] = q[p] / deviation;
    }
    fd_cx__standardise(w->pci_z, q, w->prod.n);
done:
    free(s.root);
    free(s.left);
    free(s.right);
    free(vectors);
    free(k);
    free(q);
    return err;
}

/* ---- relatedness ---- */

static void compute_relatedness(fd_cx *w)
{
    const size_t n = w->prod.n;
    const fd_makers makers = { w->prod.bits, w->prod.words, w->prod.degree, n };
    const fd_baskets baskets = { w->loc.start, w->loc.list, w->loc.n };

    w->phi = fd_alloc(n * n * sizeof *w->phi);
    w->phi_sum = fd_alloc(n * sizeof *w->phi_sum);
    w->density = fd_alloc(w->loc.n * n * sizeof *w->density);
    fd_proximity__run(w->phi, w->phi_sum, &makers, w->pool);
    fd_basket_sums__run(w->density, &baskets, w->phi, n, NULL, w->phi_sum, w->pool);
}

static void dispose_side(fd_cx_side *s)
{
    for (size_t i = 0; i < s->codes.count; i++)
        free((char *)(uintptr_t)s->codes.items[i]);
    fd_vec_dispose(&s->codes);
    fd_vec_dispose(&s->positions);
    free(s->sum);
    free(s->start);
    free(s->list);
    free(s->degree);
    free(s->bits);
}

int fd_complexity_run(fd_complexity *out, const fd_table *in, const fd_complexity_options *options)
{
    fd_complexity_options defaults = FD_COMPLEXITY_OPTIONS_INIT;
    const fd_complexity_options *o = options ? options : &defaults;
    fd_cx w = { 0 };
    size_t dropped;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = read_values(&w, in, o)) < 0)
        goto done;
    w.pool = fd_pool_new(o->threads);
    dropped = fd_cx__find_presence(&w);
    if ((err = compute_eci(&w)) < 0)
        goto done;
    if (o->variety)
        fd_cx__put_variety(out, &w);
    if (o->relatedness && o->cells) {
        fd_cx__to_advantages(&w);
    } else { /* the largest arrays leave before the largest tables come */
        free(w.value);
        w.value = NULL;
    }
    if (o->relatedness)
        compute_relatedness(&w);
    fd_cx__put_locations(out, &w, o);
    if (o->relatedness && o->cells)
        fd_cx__put_cells(out, &w);
    if (o->relatedness && o->proximity)
        fd_cx__put_proximity(out, &w);
    fd_cx__put_summary(out, &w, dropped);
done:
    fd_pool_free(w.pool);
    dispose_side(&w.loc);
    dispose_side(&w.prod);
    free(w.value);
    free(w.phi);
    free(w.phi_sum);
    free(w.density);
    free(w.eci);
    free(w.pci);
    free(w.pci_raw);
    free(w.pci_z);
    if (err < 0)
        fd_complexity_dispose(out);
    return err;
}

void fd_complexity_dispose(fd_complexity *r)
{
    fd_table_free(r->locations);
    fd_table_free(r->products);
    fd_table_free(r->cells);
    fd_table_free(r->proximity);
    fd_table_free(r->variety);
    fd_table_free(r->summary);
    memset(r, 0, sizeof *r);
}
