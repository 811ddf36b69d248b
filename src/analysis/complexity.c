/*
 * Economic complexity: eigenvectors, reflections, fitness, proximity, density, outlook, variety.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "fangding/complexity.h"
#include "fangding/arena.h"
#include "solve/eigen.h"

/* One side of the matrix: codes in order of first appearance, with what stands on the other side.
 */
typedef struct side {
    fd_vec(const char *) codes;
    fd_vec(uint32_t) positions; /* of a text of the column's dictionary in codes */
    size_t n;
    size_t *start;  /* n + 1: list[start[i] .. start[i+1]) are the neighbours of i */
    uint32_t *list; /* ascending */
    double *degree; /* diversity or ubiquity */
    uint64_t *bits; /* n rows of `words` words: the same neighbours */
    size_t words;
} side;

typedef struct work {
    side loc, prod;
    double *value;    /* loc × prod */
    double *rca;      /* loc × prod */
    uint8_t *present; /* loc × prod */
    double *phi;      /* prod × prod */
    double *phi_sum;  /* prod */
    double *density;  /* loc × prod */
    double *eci, *pci, *pci_raw, *pci_z;
    double lambda[3];
    double total;
} work;

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
static int read_side(side *s, uint32_t **at, const fd_column *c, size_t rows)
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
static int read_values(work *w, const fd_table *in, const fd_complexity_options *o)
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
        x = fd_number_to_double(fd_column_number(value, r));
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

/* ---- presence ---- */

static void compute_rca(work *w)
{
    const size_t locs = w->loc.n, prods = w->prod.n;
    double *row = fd_alloc(locs * sizeof *row + 1), *column = fd_alloc(prods * sizeof *column + 1);

    for (size_t c = 0; c < locs; c++)
        for (size_t p = 0; p < prods; p++) {
            row[c] += w->value[c * prods + p];
            column[p] += w->value[c * prods + p];
        }
    w->total = 0;
    for (size_t c = 0; c < locs; c++)
        w->total += row[c];
    w->rca = fd_alloc(locs * prods * sizeof *w->rca + 1);
    for (size_t c = 0; c < locs; c++)
        for (size_t p = 0; p < prods; p++) {
            const double expected = row[c] * column[p];

            w->rca[c * prods + p] =
                expected > 0 ? w->value[c * prods + p] * w->total / expected : 0;
        }
    free(row);
    free(column);
}

static void keep_rows(side *s, const bool *keep)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        if (keep[i])
            s->codes.items[n++] = s->codes.items[i];
        else
            free((char *)(uintptr_t)s->codes.items[i]);
    s->codes.count = s->n = n;
}

/* Leave out locations and products without any presence; their values keep counting in the RCA of
 * the others. @return how many were left out */
static size_t drop_empty(work *w)
{
    const size_t locs = w->loc.n, prods = w->prod.n;
    bool *keep_loc = fd_alloc(locs + 1), *keep_prod = fd_alloc(prods + 1);
    size_t to = 0;

    for (size_t c = 0; c < locs; c++)
        for (size_t p = 0; p < prods; p++)
            if (w->rca[c * prods + p] >= 1)
                keep_loc[c] = keep_prod[p] = true;
    for (size_t c = 0; c < locs; c++)
        for (size_t p = 0; p < prods; p++)
            if (keep_loc[c] && keep_prod[p]) {
                w->rca[to] = w->rca[c * prods + p];
                w->value[to++] = w->value[c * prods + p];
            }
    keep_rows(&w->loc, keep_loc);
    keep_rows(&w->prod, keep_prod);
    free(keep_loc);
    free(keep_prod);
    return locs - w->loc.n + prods - w->prod.n;
}

static void fill_side(side *s, const uint8_t *present, size_t other, size_t step, size_t across)
{
    size_t at = 0;

    s->words = (other + 63) / 64;
    s->start = fd_alloc((s->n + 1) * sizeof *s->start);
    s->degree = fd_alloc(s->n * sizeof *s->degree + 1);
    s->bits = fd_alloc(s->n * s->words * sizeof *s->bits + 1);
    for (size_t i = 0; i < s->n; i++)
        for (size_t j = 0; j < other; j++)
            s->degree[i] += present[i * step + j * across];
    for (size_t i = 0; i < s->n; i++)
        s->start[i + 1] = s->start[i] + (size_t)s->degree[i];
    s->list = fd_alloc(s->start[s->n] * sizeof *s->list + 1);
    for (size_t i = 0; i < s->n; i++)
        for (size_t j = 0; j < other; j++)
            if (present[i * step + j * across]) {
                s->list[at++] = (uint32_t)j;
                s->bits[i * s->words + j / 64] |= UINT64_C(1) << (j % 64);
            }
}

static void compute_presence(work *w)
{
    const size_t cells = w->loc.n * w->prod.n;

    w->present = fd_alloc(cells + 1);
    for (size_t i = 0; i < cells; i++)
        w->present[i] = w->rca[i] >= 1;
    fill_side(&w->loc, w->present, w->prod.n, w->prod.n, 1);
    fill_side(&w->prod, w->present, w->loc.n, 1, w->prod.n);
}

/* out[i] = sum of x over the neighbours of i. */
static void gather(double *out, const side *s, const double *x)
{
    for (size_t i = 0; i < s->n; i++) {
        double sum = 0;

        for (size_t k = s->start[i]; k < s->start[i + 1]; k++)
            sum += x[s->list[k]];
        out[i] = sum;
    }
}

/* ---- statistics ---- */

static double mean_of(const double *x, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

static double deviation_of(const double *x, size_t n)
{
    const double mean = mean_of(x, n);
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sqrt(sum / (double)n);
}

static void standardise(double *out, const double *x, size_t n)
{
    const double mean = mean_of(x, n), deviation = deviation_of(x, n);

    for (size_t i = 0; i < n; i++)
        out[i] = deviation > 0 ? (x[i] - mean) / deviation : 0;
}

/* ---- the eigenvector ---- */

typedef struct symmetric {
    const side *a, *b; /* the matrix is on a; b is summed over */
    double *root;      /* degree(a)^-1/2 */
    double *left, *right;
} symmetric;

/* y = A^-1/2 M B^-1 M' A^-1/2 x */
static void apply_symmetric(void *payload, const double *x, double *y)
{
    symmetric *s = payload;

    for (size_t i = 0; i < s->a->n; i++)
        s->left[i] = x[i] * s->root[i];
    gather(s->right, s->b, s->left);
    for (size_t j = 0; j < s->b->n; j++)
        s->right[j] /= s->b->degree[j];
    gather(y, s->a, s->right);
    for (size_t i = 0; i < s->a->n; i++)
        y[i] *= s->root[i];
}

static double correlation(const double *x, const double *y, size_t n)
{
    const double a = mean_of(x, n), b = mean_of(y, n);
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (x[i] - a) * (y[i] - b);
    return sum;
}

/* The three largest eigenvalues on the smaller side; ECI and PCI from the second vector. */
static int compute_eci(work *w)
{
    const bool swap = w->prod.n < w->loc.n;
    symmetric s = { swap ? &w->prod : &w->loc, swap ? &w->loc : &w->prod, NULL, NULL, NULL };
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
    for (size_t i = 0; i < s.a->n; i++)
        (swap ? q : k)[i] = vectors[s.a->n + i] * s.root[i];
    if (swap) { /* M' k = lambda-eigenvector of the products; k = D^-1 M q */
        gather(k, &w->loc, q);
        for (size_t c = 0; c < w->loc.n; c++)
            k[c] /= w->loc.degree[c];
    }
    if (correlation(k, w->loc.degree, w->loc.n) < 0)
        for (size_t c = 0; c < w->loc.n; c++)
            k[c] = -k[c];
    gather(q, &w->prod, k);
    for (size_t p = 0; p < w->prod.n; p++)
        q[p] /= w->prod.degree[p] * lambda;
    mean = mean_of(k, w->loc.n);
    deviation = deviation_of(k, w->loc.n);
    w->eci = fd_alloc(w->loc.n * sizeof *w->eci);
    w->pci = fd_alloc(w->prod.n * sizeof *w->pci);
    w->pci_raw = fd_alloc(w->prod.n * sizeof *w->pci_raw);
    w->pci_z = fd_alloc(w->prod.n * sizeof *w->pci_z);
    standardise(w->eci, k, w->loc.n);
    for (size_t p = 0; p < w->prod.n; p++) {
        w->pci[p] = (q[p] - mean) / deviation;
        w->pci_raw[p] = q[p] / deviation;
    }
    standardise(w->pci_z, q, w->prod.n);
done:
    free(s.root);
    free(s.left);
    free(s.right);
    free(vectors);
    free(k);
    free(q);
    return err;
}

/* ---- iterations ---- */

/* Reflections, centred at each step: only differences matter, and they shrink by lambda2. */
static void reflect(double *loc, double *prod, const work *w, int steps)
{
    double *a = fd_alloc(w->loc.n * sizeof *a), *b = fd_alloc(w->prod.n * sizeof *b);

    memcpy(loc, w->loc.degree, w->loc.n * sizeof *loc);
    memcpy(prod, w->prod.degree, w->prod.n * sizeof *prod);
    for (int step = 0; step < steps; step++) {
        gather(a, &w->loc, prod);
        gather(b, &w->prod, loc);
        for (size_t c = 0; c < w->loc.n; c++)
            a[c] /= w->loc.degree[c];
        for (size_t p = 0; p < w->prod.n; p++)
            b[p] /= w->prod.degree[p];
        standardise(loc, a, w->loc.n);
        standardise(prod, b, w->prod.n);
    }
    free(a);
    free(b);
}

static void divide_by_mean(double *x, size_t n)
{
    const double mean = mean_of(x, n);

    for (size_t i = 0; i < n && mean > 0; i++)
        x[i] /= mean;
}

static void fitness(double *f, double *q, const work *w, int steps)
{
    double *a = fd_alloc(w->loc.n * sizeof *a), *b = fd_alloc(w->prod.n * sizeof *b);
    double *inverse = fd_alloc(w->loc.n * sizeof *inverse);

    for (size_t c = 0; c < w->loc.n; c++)
        f[c] = 1;
    for (size_t p = 0; p < w->prod.n; p++)
        q[p] = 1;
    for (int step = 0; step < steps; step++) {
        for (size_t c = 0; c < w->loc.n; c++)
            inverse[c] = 1 / f[c];
        gather(a, &w->loc, q);
        gather(b, &w->prod, inverse);
        for (size_t p = 0; p < w->prod.n; p++)
            b[p] = 1 / b[p];
        divide_by_mean(a, w->loc.n);
        divide_by_mean(b, w->prod.n);
        memcpy(f, a, w->loc.n * sizeof *f);
        memcpy(q, b, w->prod.n * sizeof *q);
    }
    free(a);
    free(b);
    free(inverse);
}

/* ---- relatedness ---- */

static void compute_proximity(work *w)
{
    const size_t n = w->prod.n, words = w->prod.words;

    w->phi = fd_alloc(n * n * sizeof *w->phi);
    w->phi_sum = fd_alloc(n * sizeof *w->phi_sum);
    for (size_t p = 0; p < n; p++)
        for (size_t q = p; q < n; q++) {
            const uint64_t *a = w->prod.bits + p * words, *b = w->prod.bits + q * words;
            int together = 0;

            for (size_t k = 0; k < words; k++)
                together += __builtin_popcountll(a[k] & b[k]);
            w->phi[p * n + q] = w->phi[q * n + p] =
                p == q ? 1 : together / fmax(w->prod.degree[p], w->prod.degree[q]);
        }
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++)
            w->phi_sum[p] += w->phi[p * n + q];
}

/* out(p) = sum over the list of weight(q) phi(q, p); weights may be NULL (1). */
static void add_rows(double *out, const work *w, const uint32_t *list, size_t count,
                     const double *weight)
{
    const size_t n = w->prod.n;

    memset(out, 0, n * sizeof *out);
    for (size_t k = 0; k < count; k++) {
        const double *row = w->phi + list[k] * n, by = weight ? weight[list[k]] : 1;

        for (size_t p = 0; p < n; p++)
            out[p] += by * row[p];
    }
}

static void compute_density(work *w)
{
    const size_t n = w->prod.n;

    w->density = fd_alloc(w->loc.n * n * sizeof *w->density);
    for (size_t c = 0; c < w->loc.n; c++) {
        double *row = w->density + c * n;
        const size_t from = w->loc.start[c];

        add_rows(row, w, w->loc.list + from, w->loc.start[c + 1] - from, NULL);
        for (size_t p = 0; p < n; p++)
            row[p] /= w->phi_sum[p];
    }
}

/* sum_q (1 - M(c,q)) phi(q,p) g(q) / sum_r phi(r,q) for every p: the gain that lies around p. */
static void gains(double *out, const work *w, size_t c, const double *g, uint32_t *absent,
                  double *weight)
{
    size_t count = 0;

    for (size_t q = 0; q < w->prod.n; q++)
        if (!w->present[c * w->prod.n + q]) {
            absent[count++] = (uint32_t)q;
            weight[q] = g[q] / w->phi_sum[q];
        }
    add_rows(out, w, absent, count, weight);
}

/* ---- tables ---- */

static fd_table *new_table(const char *id, const char *zh, const char *en,
                           const char *const *columns, size_t texts, size_t count, size_t rows)
{
    fd_table *t = fd_table_new(id, zh, en);

    for (size_t i = 0; i < count; i++) {
        fd_column *c =
            fd_column_new(columns[i], i < texts ? FD_TEXT : FD_EST, "", i < texts ? 0 : 12, rows);

        fd_column_set_title(c, columns[i], columns[i]);
        fd_table_add(t, c);
    }
    return t;
}

static void put(fd_table *t, size_t column, size_t row, double value)
{
    fd_column_set_est(t->columns[column], row, value);
}

static double outlook(const work *w, size_t c, const double *value)
{
    const size_t n = w->prod.n;
    double sum = 0;

    for (size_t p = 0; p < n; p++)
        if (!w->present[c * n + p])
            sum += w->density[c * n + p] * value[p];
    return sum;
}

static void put_locations(fd_complexity *out, const work *w, const fd_complexity_options *o)
{
    static const char *const columns[] = { "loc",       "diversity",  "eci", "mor18_z",
                                           "fitness20", "fitness200", "coi", "coi_z" };
    static const char *const products[] = { "prod",    "ubiquity", "pci",        "pci_z",
                                            "mor18_z", "q20",      "prox_rowsum" };
    const size_t locs = w->loc.n, prods = w->prod.n;
    double *x = fd_alloc(locs * sizeof *x), *y = fd_alloc(prods * sizeof *y);
    double *z = fd_alloc(locs * sizeof *z), *q = fd_alloc(prods * sizeof *q);
    fd_table *t = out->locations = new_table("locations", "地区", "Locations", columns, 1, 8, locs);
    fd_table *s = out->products = new_table("products", "产品", "Products", products, 1, 7, prods);

    for (size_t c = 0; c < locs; c++) {
        fd_column_set_text(t->columns[0], c, w->loc.codes.items[c]);
        put(t, 1, c, w->loc.degree[c]);
        put(t, 2, c, w->eci[c]);
        put(t, 6, c, outlook(w, c, w->pci));
        x[c] = outlook(w, c, w->pci_raw);
    }
    standardise(z, x, locs);
    for (size_t c = 0; c < locs; c++)
        put(t, 7, c, z[c]);
    for (size_t p = 0; p < prods; p++) {
        fd_column_set_text(s->columns[0], p, w->prod.codes.items[p]);
        put(s, 1, p, w->prod.degree[p]);
        put(s, 2, p, w->pci[p]);
        put(s, 3, p, w->pci_z[p]);
        put(s, 6, p, w->phi_sum[p]);
    }
    reflect(x, y, w, o->reflections);
    for (size_t c = 0; c < locs; c++)
        put(t, 3, c, x[c]);
    for (size_t p = 0; p < prods; p++)
        put(s, 4, p, y[p]);
    fitness(x, q, w, 20);
    for (size_t c = 0; c < locs; c++)
        put(t, 4, c, x[c]);
    for (size_t p = 0; p < prods; p++)
        put(s, 5, p, q[p]);
    fitness(x, q, w, o->fitness_steps);
    for (size_t c = 0; c < locs; c++)
        put(t, 5, c, x[c]);
    free(x);
    free(y);
    free(z);
    free(q);
}

static void put_cells(fd_complexity *out, const work *w)
{
    static const char *const columns[] = { "loc",     "prod",           "rca", "m",
                                           "density", "density_nodiag", "cog", "cog_unshifted" };
    const size_t n = w->prod.n;
    double *gain = fd_alloc(n * sizeof *gain), *raw = fd_alloc(n * sizeof *raw);
    double *weight = fd_alloc(n * sizeof *weight);
    uint32_t *absent = fd_alloc(n * sizeof *absent);
    fd_table *t = out->cells =
        new_table("cells", "地区×产品", "Cells", columns, 2, 8, w->loc.n * n);

    for (size_t c = 0; c < w->loc.n; c++) {
        gains(gain, w, c, w->pci, absent, weight);
        gains(raw, w, c, w->pci_raw, absent, weight);
        for (size_t p = 0; p < n; p++) {
            const size_t i = c * n + p;
            const double m = w->present[i], d = w->density[i];

            fd_column_set_text(t->columns[0], i, w->loc.codes.items[c]);
            fd_column_set_text(t->columns[1], i, w->prod.codes.items[p]);
            put(t, 2, i, w->rca[i]);
            put(t, 3, i, m);
            put(t, 4, i, d);
            put(t, 5, i, w->phi_sum[p] > 1 ? (d * w->phi_sum[p] - m) / (w->phi_sum[p] - 1) : 0);
            put(t, 6, i, (1 - m) * gain[p]);
            put(t, 7, i, (1 - m) * raw[p]);
        }
    }
    free(gain);
    free(raw);
    free(weight);
    free(absent);
}

static void put_proximity(fd_complexity *out, const work *w)
{
    static const char *const columns[] = { "prod1", "prod2", "proximity" };
    const size_t n = w->prod.n;
    fd_table *t = out->proximity =
        new_table("proximity", "产品邻近度", "Proximity", columns, 2, 3, n * n);

    for (size_t i = 0; i < n * n; i++) {
        fd_column_set_text(t->columns[0], i, w->prod.codes.items[i / n]);
        fd_column_set_text(t->columns[1], i, w->prod.codes.items[i % n]);
        put(t, 2, i, w->phi[i]);
    }
}

/* The group of a product: the first two characters of its code. */
static size_t group_of(fd_map *groups, const char *code)
{
    const size_t all = strlen(code);
    size_t length = 0;

    for (int k = 0; k < 2 && length < all; k++)
        (void)fd_utf8_next(code, all, &length);
    return (size_t)fd_map_intern(groups, (fd_view){ code, length }, fd_map_count(groups));
}

static void put_variety(fd_complexity *out, const work *w)
{
    static const char *const columns[] = { "loc",
                                           "hhi",
                                           "inv_hhi",
                                           "entropy_nat",
                                           "entropy_bits",
                                           "unrelated_variety_bits",
                                           "related_variety_bits" };
    const size_t n = w->prod.n;
    size_t *group = fd_alloc(n * sizeof *group), count;
    fd_map *groups = fd_map_new();
    double *share;
    fd_table *t = out->variety = new_table("variety", "多样性", "Variety", columns, 1, 7, w->loc.n);

    for (size_t p = 0; p < n; p++)
        group[p] = group_of(groups, w->prod.codes.items[p]);
    count = fd_map_count(groups);
    share = fd_alloc(count * sizeof *share + 1);
    for (size_t c = 0; c < w->loc.n; c++) {
        double total = 0, hhi = 0, entropy = 0, between = 0;

        for (size_t p = 0; p < n; p++)
            total += w->value[c * n + p];
        memset(share, 0, count * sizeof *share);
        for (size_t p = 0; p < n; p++) {
            const double s = total > 0 ? w->value[c * n + p] / total : 0;

            hhi += s * s;
            entropy -= s > 0 ? s * log(s) : 0;
            share[group[p]] += s;
        }
        for (size_t g = 0; g < count; g++)
            between -= share[g] > 0 ? share[g] * log(share[g]) : 0;
        fd_column_set_text(t->columns[0], c, w->loc.codes.items[c]);
        put(t, 1, c, hhi);
        put(t, 2, c, hhi > 0 ? 1 / hhi : 0);
        put(t, 3, c, entropy);
        put(t, 4, c, entropy / M_LN2);
        put(t, 5, c, between / M_LN2);
        put(t, 6, c, (entropy - between) / M_LN2);
    }
    free(group);
    free(share);
    fd_map_free(groups);
}

static void put_summary(fd_complexity *out, const work *w, size_t dropped)
{
    static const char *const columns[] = { "quantity", "value" };
    static const char *const names[] = { "n_loc", "n_prod", "lambda1", "lambda2", "lambda3" };
    const double values[] = { (double)w->loc.n, (double)w->prod.n, w->lambda[0], w->lambda[1],
                              w->lambda[2] };
    fd_table *t = out->summary = new_table("summary", "概要", "Summary", columns, 1, 2, 5);

    for (size_t i = 0; i < 5; i++) {
        fd_column_set_text(t->columns[0], i, names[i]);
        put(t, 1, i, values[i]);
    }
    if (dropped) {
        char zh[128], en[128];

        snprintf(zh, sizeof zh, "%zu 个地区或产品没有任何优势,未计入", dropped);
        snprintf(en, sizeof en, "%zu locations or products without any presence left out", dropped);
        fd_table_add_note(t, zh, en);
    }
    if (fabs(w->lambda[1] - 1) < 1e-9 || fabs(w->lambda[1] - w->lambda[2]) < 1e-9)
        fd_table_add_note(
            t, "矩阵不连通或第二、第三特征值相同:复杂度指数没有定义",
            "the matrix falls apart or lambda2 equals lambda3: the ECI is not defined");
}

static void dispose_side(side *s)
{
    for (size_t i = 0; i < s->codes.count; i++)
        free((char *)(uintptr_t)s->codes.items[i]);
    fd_vec_dispose(&s->codes);
    fd_vec_dispose(&s->positions);
    free(s->start);
    free(s->list);
    free(s->degree);
    free(s->bits);
}

int fd_complexity_run(fd_complexity *out, const fd_table *in, const fd_complexity_options *options)
{
    fd_complexity_options defaults = FD_COMPLEXITY_OPTIONS_INIT;
    const fd_complexity_options *o = options ? options : &defaults;
    work w = { 0 };
    size_t dropped;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = read_values(&w, in, o)) < 0)
        goto done;
    compute_rca(&w);
    dropped = drop_empty(&w);
    compute_presence(&w);
    if ((err = compute_eci(&w)) < 0)
        goto done;
    compute_proximity(&w);
    compute_density(&w);
    put_locations(out, &w, o);
    if (o->cells)
        put_cells(out, &w);
    if (o->proximity)
        put_proximity(out, &w);
    put_variety(out, &w);
    put_summary(out, &w, dropped);
done:
    dispose_side(&w.loc);
    dispose_side(&w.prod);
    free(w.value);
    free(w.rca);
    free(w.present);
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
