/*
 * The tables of economic complexity, and what only they need: gains and variety.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/complexity_work.h"
#include "analysis/relatedness.h"
#include "base/bits.h"
#include "base/map.h"
#include "base/utf8.h"
#include "fangding/arena.h"

/* What each location has no presence in. Release start and list. */
static fd_baskets absences(const fd_cx *w)
{
    const size_t locs = w->loc.n, n = w->prod.n;
    size_t *start = fd_alloc((locs + 1) * sizeof *start), at = 0;
    uint32_t *list = fd_alloc((locs * n - w->loc.start[locs]) * sizeof *list + 1);

    for (size_t c = 0; c < locs; c++) {
        for (size_t p = 0; p < n; p++)
            if (!fd_cx__present(w, c, p))
                list[at++] = (uint32_t)p;
        start[c + 1] = at;
    }
    return (fd_baskets){ start, list, locs };
}

/* out(c,p) = (1 - M(c,p)) sum_q (1 - M(c,q)) phi(q,p) g(q) / sum_r phi(r,q): the gain around p. */
static void compute_gains(double *out, const fd_cx *w, const fd_baskets *absent, const double *g)
{
    const size_t n = w->prod.n;
    double *weight = fd_alloc(n * sizeof *weight);

    for (size_t q = 0; q < n; q++)
        weight[q] = g[q] / w->phi_sum[q];
    fd_basket_sums__run(out, absent, w->phi, n, weight, NULL, w->pool);
    for (size_t c = 0; c < w->loc.n; c++)
        for (size_t k = w->loc.start[c]; k < w->loc.start[c + 1]; k++)
            out[c * n + w->loc.list[k]] = 0;
    free(weight);
}

typedef struct heading {
    const char *id, *zh, *en;
} heading;

static fd_table *new_table(const char *id, const char *zh, const char *en, const heading *columns,
                           size_t texts, size_t count, size_t rows)
{
    fd_table *t = fd_table_new(id, zh, en);

    for (size_t i = 0; i < count; i++) {
        fd_column *c = fd_column_new(columns[i].id, i < texts ? FD_TEXT : FD_EST, "",
                                     i < texts ? 0 : 12, rows);

        fd_column_set_title(c, columns[i].zh, columns[i].en);
        fd_table_add(t, c);
    }
    return t;
}

static void put(fd_table *t, size_t column, size_t row, double value)
{
    fd_column_set_est(t->columns[column], row, value);
}

static void put_all(fd_table *t, size_t column, const double *values)
{
    for (size_t row = 0; row < t->rows; row++)
        put(t, column, row, values[row]);
}

/* Every cell of the column: not defined. */
static void put_undefined(fd_column *c, size_t rows)
{
    for (size_t row = 0; row < rows; row++)
        fd_column_set_state(c, row, FD_NA);
}

static double outlook(const fd_cx *w, size_t c, const double *value)
{
    const size_t n = w->prod.n;
    double sum = 0;

    for (size_t p = 0; p < n; p++)
        if (!fd_cx__present(w, c, p))
            sum += w->density[c * n + p] * value[p];
    return sum;
}

void fd_cx__put_locations(fd_complexity *out, const fd_cx *w, const fd_complexity_options *o)
{
    static const heading columns[] = { { "loc", "地区", "Location" },
                                       { "diversity", "多样性", "Diversity" },
                                       { "eci", "复杂度指数", "ECI" },
                                       { "mor18_z", "反射法18步", "Reflections" },
                                       { "fitness20", "适应度20步", "Fitness, 20" },
                                       { "fitness200", "适应度200步", "Fitness, 200" },
                                       { "coi", "机会前景", "Outlook" },
                                       { "coi_z", "机会前景(标准化)", "Outlook, z" } };
    static const heading products[] = { { "prod", "产品", "Product" },
                                        { "ubiquity", "遍在度", "Ubiquity" },
                                        { "pci", "产品复杂度", "PCI" },
                                        { "pci_z", "产品复杂度(标准化)", "PCI, z" },
                                        { "mor18_z", "反射法18步", "Reflections" },
                                        { "q20", "品质20步", "Quality, 20" },
                                        { "prox_rowsum", "邻近度之和", "Proximities" } };
    const size_t locs = w->loc.n, prods = w->prod.n;
    double *x = fd_alloc(locs * sizeof *x), *y = fd_alloc(prods * sizeof *y);
    double *z = fd_alloc(locs * sizeof *z), *q = fd_alloc(prods * sizeof *q);
    fd_table *t = out->locations = new_table("locations", "地区", "Locations", columns, 1, 8, locs);
    fd_table *s = out->products = new_table("products", "产品", "Products", products, 1, 7, prods);

    for (size_t c = 0; c < locs; c++) {
        fd_column_set_text(t->columns[0], c, w->loc.codes.items[c]);
        put(t, 1, c, w->loc.degree[c]);
        if (w->defined)
            put(t, 2, c, w->eci[c]);
        if (!w->density || !w->defined)
            continue;
        put(t, 6, c, outlook(w, c, w->pci));
        x[c] = outlook(w, c, w->pci_raw);
    }
    if (w->density && w->defined) {
        fd_cx__standardise(z, x, locs);
        put_all(t, 7, z);
    }
    for (size_t p = 0; p < prods; p++) {
        fd_column_set_text(s->columns[0], p, w->prod.codes.items[p]);
        put(s, 1, p, w->prod.degree[p]);
        if (w->defined) {
            put(s, 2, p, w->pci[p]);
            put(s, 3, p, w->pci_z[p]);
        }
        if (w->phi_sum)
            put(s, 6, p, w->phi_sum[p]);
    }
    for (size_t k = 2; k < 4 && !w->defined; k++)
        put_undefined(s->columns[k], prods);
    if (!w->defined) {
        put_undefined(t->columns[2], locs);
        for (size_t k = 6; k < 8 && w->density; k++)
            put_undefined(t->columns[k], locs);
    }
    if (o->reflections) {
        fd_cx__reflect(x, y, w, o->reflections);
        put_all(t, 3, x);
        put_all(s, 4, y);
    }
    if (o->fitness_steps) {
        fd_cx__fitness(x, q, w, 20);
        put_all(t, 4, x);
        put_all(s, 5, q);
        fd_cx__fitness(x, q, w, o->fitness_steps);
        put_all(t, 5, x);
    }
    free(x);
    free(y);
    free(z);
    free(q);
}

/* Add a column over an array of ours; what is large is not there twice. @return the array */
static double *add_over(fd_table *t, heading h, double *values, size_t n)
{
    fd_column *c = fd_column_new_over(h.id, "", 12, values, n);

    fd_column_set_title(c, h.zh, h.en);
    (void)fd_table_add(t, c);
    return values;
}

/* Add a column of codes: texts are interned once, not once a cell. @return the array to fill */
static uint32_t *add_codes(fd_table *t, heading h, const fd_cx_side *s, size_t n)
{
    fd_column *c = fd_column_new(h.id, FD_TEXT, "", 0, n);

    fd_column_set_title(c, h.zh, h.en);
    for (size_t i = 0; i < s->n; i++)
        (void)fd_dict_add(c->dict, s->codes.items[i], strlen(s->codes.items[i]));
    fd_bits_fill(c->has, n);
    (void)fd_table_add(t, c);
    return c->v.text;
}

/* The two columns of gains; without a PCI they are not defined. */
static void add_gains(fd_table *t, const fd_cx *w, size_t cells)
{
    static const heading columns[] = {
        { "cog", "机会收益", "Gain" }, { "cog_unshifted", "机会收益(不减均值)", "Gain, unshifted" }
    };
    const double *const worth[] = { w->pci, w->pci_raw };
    fd_baskets absent = absences(w);

    for (size_t k = 0; k < 2; k++) {
        const heading h = columns[k];

        if (w->defined)
            compute_gains(add_over(t, h, fd_alloc(cells * sizeof(double)), cells), w, &absent,
                          worth[k]);
        else
            put_undefined(fd_table_add_new(t, h.id, h.zh, h.en, FD_EST, "", 12), cells);
    }
    free((void *)(uintptr_t)absent.start);
    free((void *)(uintptr_t)absent.list);
}

/* Takes over w->value and w->density. What is large comes in turn: gains need lists of what is
 * absent, and pages of the other columns are not there before they are written. */
void fd_cx__put_cells(fd_complexity *out, fd_cx *w)
{
    const size_t n = w->prod.n, cells = w->loc.n * n;
    fd_table *t = out->cells = fd_table_new("cells", "地区×产品", "Cells");
    uint32_t *loc = add_codes(t, (heading){ "loc", "地区", "Location" }, &w->loc, cells);
    uint32_t *prod = add_codes(t, (heading){ "prod", "产品", "Product" }, &w->prod, cells);
    const double *density;
    fd_column *present;
    double *others;

    add_over(t, (heading){ "rca", "比较优势", "RCA" }, w->value, cells);
    (void)fd_table_add(t, present = fd_column_new("m", FD_BOOL, "", 0, cells));
    present->digits = 0;
    fd_column_set_title(present, "具备", "Present");
    fd_bits_fill(present->has, cells);
    density = add_over(t, (heading){ "density", "密度", "Density" }, w->density, cells);
    others = add_over(t, (heading){ "density_nodiag", "密度(不含自身)", "Density without itself" },
                      fd_alloc(cells * sizeof *others), cells);
    w->value = w->density = NULL;
    add_gains(t, w, cells);
    fd_cx__forget_lists(w);
    for (size_t i = 0; i < cells; i++) {
        const size_t c = i / n, p = i % n;
        const bool m = fd_cx__present(w, c, p);
        const double sum = w->phi_sum[p];

        loc[i] = (uint32_t)c;
        prod[i] = (uint32_t)p;
        present->v.boolean[i] = m;
        others[i] = sum > 1 ? (density[i] * sum - m) / (sum - 1) : 0;
    }
}

/* Takes over w->phi. */
void fd_cx__put_proximity(fd_complexity *out, fd_cx *w)
{
    const size_t n = w->prod.n;
    fd_table *t = out->proximity = fd_table_new("proximity", "产品邻近度", "Proximity");
    uint32_t *one = add_codes(t, (heading){ "prod1", "产品一", "Product 1" }, &w->prod, n * n);
    uint32_t *two = add_codes(t, (heading){ "prod2", "产品二", "Product 2" }, &w->prod, n * n);

    add_over(t, (heading){ "proximity", "邻近度", "Proximity" }, w->phi, n * n);
    w->phi = NULL;
    for (size_t i = 0; i < n * n; i++) {
        one[i] = (uint32_t)(i / n);
        two[i] = (uint32_t)(i % n);
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

typedef struct variety {
    const fd_cx *w;
    const size_t *group; /* of each product */
    size_t groups;
    fd_column **columns;
} variety;

static int variety_of(void *payload, size_t c)
{
    const variety *v = payload;
    const size_t n = v->w->prod.n;
    const double *value = v->w->value + c * n;
    double *share = fd_alloc(v->groups * sizeof *share + 1);
    double total = 0, hhi = 0, entropy = 0, between = 0;

    for (size_t p = 0; p < n; p++)
        total += value[p];
    for (size_t p = 0; p < n; p++) {
        const double s = total > 0 ? value[p] / total : 0;

        hhi += s * s;
        entropy -= s > 0 ? s * log(s) : 0;
        share[v->group[p]] += s;
    }
    for (size_t g = 0; g < v->groups; g++)
        between -= share[g] > 0 ? share[g] * log(share[g]) : 0;
    v->columns[1]->v.est[c] = hhi;
    v->columns[2]->v.est[c] = hhi > 0 ? 1 / hhi : 0;
    v->columns[3]->v.est[c] = entropy;
    v->columns[4]->v.est[c] = entropy / M_LN2;
    v->columns[5]->v.est[c] = between / M_LN2;
    v->columns[6]->v.est[c] = (entropy - between) / M_LN2;
    free(share);
    return 0;
}

void fd_cx__put_variety(fd_complexity *out, const fd_cx *w)
{
    static const heading columns[] = {
        { "loc", "地区", "Location" },
        { "hhi", "赫芬达尔", "HHI" },
        { "inv_hhi", "有效产品数", "1/HHI" },
        { "entropy_nat", "熵(自然对数)", "Entropy, nats" },
        { "entropy_bits", "熵(比特)", "Entropy, bits" },
        { "unrelated_variety_bits", "不相关多样性", "Unrelated variety" },
        { "related_variety_bits", "相关多样性", "Related variety" }
    };
    const size_t n = w->prod.n;
    size_t *group = fd_alloc(n * sizeof *group);
    fd_map *groups = fd_map_new();
    fd_table *t = out->variety = new_table("variety", "多样性", "Variety", columns, 1, 7, w->loc.n);
    variety v = { w, group, 0, t->columns };

    for (size_t p = 0; p < n; p++)
        group[p] = group_of(groups, w->prod.codes.items[p]);
    v.groups = fd_map_count(groups);
    for (size_t c = 0; c < w->loc.n; c++)
        fd_column_set_text(t->columns[0], c, w->loc.codes.items[c]);
    for (size_t k = 1; k < 7; k++) /* threads fill the cells, not the bits: those share words */
        fd_bits_fill(t->columns[k]->has, t->rows);
    (void)fd_pool_run(w->pool, w->loc.n, variety_of, &v);
    free(group);
    fd_map_free(groups);
}

/* Under every table that was made: each may be the only one that is looked at. */
static void note(const fd_complexity *out, const char *zh, const char *en)
{
    fd_table *const tables[] = { out->locations, out->products, out->cells,
                                 out->proximity, out->variety,  out->summary };

    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++)
        if (tables[k])
            fd_table_add_note(tables[k], zh, en);
}

void fd_cx__put_summary(fd_complexity *out, const fd_cx *w, size_t dropped)
{
    static const heading columns[] = { { "quantity", "量", "Quantity" },
                                       { "value", "值", "Value" } };
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
        note(out, zh, en);
    }
    if (!w->defined)
        note(
            out,
            "矩阵不连通或第二、第三特征值相同:复杂度指数没有定义,ECI、PCI 和由它们算的机会前景、"
            "机会收益都不给数;请把互不相连的各块分开算",
            "the matrix falls apart or lambda2 equals lambda3: the ECI is not defined, so ECI, PCI "
            "and the outlook and gains that rest on them have no value; run the parts that "
            "nothing joins one by one");
}
