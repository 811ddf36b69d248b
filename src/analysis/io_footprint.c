/*
 * Accounts of sectors by producer and by consumer, and between regions.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/io.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "fangding/arena.h"

/* One question to fd_io_footprints(). */
typedef struct footprint {
    fd_io *io;
    char **account; /* names */
    size_t accounts;
    const double *f;   /* accounts × n */
    const double *own; /* accounts × columns of y, or NULL */
    double *s, *m;     /* n × accounts: intensity, multiplier */
    fd_io_regions regions;
    size_t *of_sector, *of_category;
    double *y; /* n × regions: final demand by region */
    double *x; /* n × regions: output it calls forth */
} footprint;

/* accounts × n as a table with the names in front. `v` is n × accounts. */
static fd_table *by_sector(const footprint *p, const char *id, const char *zh, const char *en,
                           const double *v)
{
    fd_table *t = fd_io__table(p->io, id, zh, en);

    fd_io__codes(t, p->account, p->accounts, "code");
    for (size_t j = 0; j < p->io->n; j++)
        fd_io__numbers(t, p->io->z->row[j], p->io->z->row[j], p->io->z->row[j], v + j * p->accounts,
                       1);
    return t;
}

/* v is accounts × regions. */
static fd_table *by_region(const footprint *p, const char *id, const char *zh, const char *en,
                           const double *v)
{
    fd_table *t = fd_io__table(p->io, id, zh, en);

    fd_io__codes(t, p->account, p->accounts, "code");
    for (size_t r = 0; r < p->regions.count; r++)
        fd_io__numbers(t, p->regions.name[r], p->regions.name[r], p->regions.name[r], v + r,
                       p->regions.count);
    return t;
}

static int multipliers(footprint *p)
{
    const size_t n = p->io->n;

    p->s = fd_alloc(n * p->accounts * sizeof *p->s + 1);
    p->m = fd_alloc(n * p->accounts * sizeof *p->m + 1);
    for (size_t i = 0; i < n; i++)
        for (size_t a = 0; a < p->accounts; a++)
            p->s[i * p->accounts + a] = fd_io__per_output(p->io, i, p->f[a * n + i]);
    return fd_io__apply(p->io, true, p->s, p->m, p->accounts);
}

static fd_table *demand_table(const footprint *p)
{
    const fd_labelled *y = p->io->y;
    fd_table *t = fd_io__table(p->io, "by_demand", "由各类最终使用带动的账户",
                               "accounts by category of final demand");
    double *v = fd_alloc(p->accounts * sizeof *v + 1);

    fd_io__codes(t, p->account, p->accounts, "code");
    for (size_t c = 0; c < y->columns; c++) {
        memset(v, 0, p->accounts * sizeof *v);
        for (size_t i = 0; i < p->io->n; i++)
            for (size_t a = 0; a < p->accounts; a++)
                v[a] += p->m[i * p->accounts + a] * y->v[i * y->columns + c];
        fd_io__numbers(t, y->column[c], y->column[c], y->column[c], v, 1);
    }
    free(v);
    return t;
}

/* ---- regions ---- */

/* Do the codes name regions? */
static bool find_regions(footprint *p)
{
    const fd_io *io = p->io;

    return fd_io__regions(&p->regions, p->of_sector, io->z->row, io->n) >= 0 &&
           fd_io__regions(&p->regions, p->of_category, io->y->column, io->y->columns) >= 0;
}

/* Final demand by region, and the output that each region's calls forth. */
static int regional_demand(footprint *p)
{
    fd_io *io = p->io;
    const size_t regions = p->regions.count;

    p->y = fd_alloc(io->n * regions * sizeof *p->y + 1);
    p->x = fd_alloc(io->n * regions * sizeof *p->x + 1);
    for (size_t i = 0; i < io->n; i++)
        for (size_t c = 0; c < io->y->columns; c++)
            p->y[i * regions + p->of_category[c]] += io->y->v[i * io->y->columns + c];
    return fd_io__apply(io, false, p->y, p->x, regions);
}

/*
 * What region r's consumption of product s needs, wherever it was made: sum over origins o of
 * M[o.s] Y[o.s, r].  One column for each code of a sector read as r.s, and for a product that r
 * consumes and does not make one more.
 */
static fd_table *product_table(const footprint *p)
{
    const fd_io *io = p->io;
    const size_t regions = p->regions.count;
    const char separator = io->z->row[0][strlen(p->regions.name[p->of_sector[0]])];
    fd_table *t =
        fd_io__table(io, "by_product", "消费侧账户(按产品)", "accounts of consumption, by product");
    fd_map *column = fd_map_new();
    fd_vec(double *) sums = { 0 };
    fd_buf code = FD_BUF_INIT;

    for (size_t j = 0; j < io->n; j++) {
        (void)fd_map_set(column, fd_view_of(io->z->row[j]), j);
        fd_vec_push(&sums, fd_alloc(p->accounts * sizeof(double) + 1));
    }
    for (size_t i = 0; i < io->n; i++)
        for (size_t r = 0; r < regions; r++) {
            const double bought = p->y[i * regions + r];
            uint64_t at;

            if (bought == 0)
                continue;
            fd_buf_clear(&code);
            fd_buf_printf(&code, "%s%c%s", p->regions.name[r], separator,
                          strchr(io->z->row[i], separator) + 1);
            at = fd_map_intern(column, (fd_view){ code.ptr, code.len }, sums.count);
            if (at == sums.count)
                fd_vec_push(&sums, fd_alloc(p->accounts * sizeof(double) + 1));
            for (size_t a = 0; a < p->accounts; a++)
                sums.items[at][a] += p->m[i * p->accounts + a] * bought;
        }
    fd_io__codes(t, p->account, p->accounts, "code");
    for (size_t j = 0; j < sums.count; j++) {
        const char *name = fd_map_key(column, j).ptr;

        fd_io__numbers(t, name, name, name, sums.items[j], 1);
        free(sums.items[j]);
    }
    fd_vec_dispose(&sums);
    fd_buf_dispose(&code);
    fd_map_free(column);
    return t;
}

static void region_tables(const footprint *p, fd_io_footprint *out)
{
    const fd_io *io = p->io;
    const size_t regions = p->regions.count, size = p->accounts * regions * sizeof(double) + 1;
    double *consumption = fd_alloc(size), *production = fd_alloc(size);
    double *imports = fd_alloc(size), *exports = fd_alloc(size);

    for (size_t a = 0; a < p->accounts; a++) {
        double *const rows[] = { consumption + a * regions, production + a * regions,
                                 imports + a * regions, exports + a * regions };

        for (size_t i = 0; i < io->n; i++) {
            const size_t o = p->of_sector[i];

            rows[1][o] += p->f[a * io->n + i];
            for (size_t r = 0; r < regions; r++) {
                const double v = p->s[i * p->accounts + a] * p->x[i * regions + r];

                rows[0][r] += v;
                if (r != o) {
                    rows[2][r] += v;
                    rows[3][o] += v;
                }
            }
        }
        for (size_t c = 0; p->own && c < io->y->columns; c++) {
            rows[0][p->of_category[c]] += p->own[a * io->y->columns + c];
            rows[1][p->of_category[c]] += p->own[a * io->y->columns + c];
        }
    }
    out->consumption = by_region(p, "consumption", "消费侧账户(含居民直接)",
                                 "consumption-based accounts", consumption);
    out->production = by_region(p, "production", "生产侧账户(含居民直接)",
                                "production-based accounts", production);
    out->imports = by_region(p, "imports", "消费中在别处发生的", "embodied in imports", imports);
    out->exports = by_region(p, "exports", "为别处消费发生的", "embodied in exports", exports);
    free(consumption);
    free(production);
    free(imports);
    free(exports);
}

/* The first account: region where it arises × region whose final demand it serves. */
static fd_table *origin_table(const footprint *p)
{
    const size_t regions = p->regions.count;
    fd_table *t = fd_io__table(p->io, "origin", "来源地区 × 最终使用地区",
                               "region of origin × region of final demand");
    double *v = fd_alloc(regions * regions * sizeof *v + 1);

    for (size_t i = 0; i < p->io->n; i++)
        for (size_t r = 0; r < regions; r++)
            v[p->of_sector[i] * regions + r] += p->s[i * p->accounts] * p->x[i * regions + r];
    fd_io__codes(t, p->regions.name, regions, "code");
    for (size_t r = 0; r < regions; r++)
        fd_io__numbers(t, p->regions.name[r], p->regions.name[r], p->regions.name[r], v + r,
                       regions);
    free(v);
    return t;
}

/* ---- the whole ---- */

static int order_households(const fd_io *io, fd_labelled *accounts, fd_labelled *own, double *to)
{
    for (size_t a = 0; a < accounts->rows; a++) {
        const ptrdiff_t row = fd_labelled_find(own->row, own->rows, accounts->row[a]);

        for (size_t c = 0; c < own->columns && row >= 0; c++) {
            const ptrdiff_t at = fd_labelled_find(io->y->column, io->y->columns, own->column[c]);

            if (at < 0)
                return fd_error_set(FD_EINVAL, "居民账户的列 %s 不在最终使用表里",
                                    "the households' column %s is not in final demand",
                                    own->column[c]);
            to[a * io->y->columns + (size_t)at] = own->v[(size_t)row * own->columns + c];
        }
        if (row < 0)
            return fd_error_set(FD_EINVAL, "居民账户里没有 %s", "households have no account %s",
                                accounts->row[a]);
    }
    return 0;
}

int fd_io_footprints(fd_io_footprint *out, fd_io *io, fd_labelled *accounts,
                     fd_labelled *households)
{
    static char value_added[] = "va";
    char *one[] = { value_added };
    footprint p = { .io = io,
                    .account = accounts ? accounts->row : one,
                    .accounts = accounts ? accounts->rows : 1,
                    .f = accounts ? accounts->v : io->va };
    double *own = NULL;
    int err = 0;

    memset(out, 0, sizeof *out);
    if (accounts && (err = fd_io__order_columns(io, accounts, "accounts")) < 0)
        return err;
    if (!p.accounts)
        return fd_error_set(FD_EINVAL, "账户表是空的", "there are no accounts");
    if (households && io->y) {
        own = fd_alloc(p.accounts * io->y->columns * sizeof *own + 1);
        if (!accounts)
            err = fd_error_set(FD_EINVAL, "居民账户要和部门账户一起给",
                               "households' accounts need the sectors' beside them");
        else
            err = order_households(io, accounts, households, own);
        p.own = own;
    }
    p.of_sector = fd_alloc(io->n * sizeof *p.of_sector);
    p.of_category = fd_alloc((io->y ? io->y->columns : 0) * sizeof *p.of_category + 1);
    if (err < 0 || (err = multipliers(&p)) < 0)
        goto done;
    out->intensity = by_sector(&p, "intensity", "直接强度", "direct intensity", p.s);
    out->multiplier = by_sector(&p, "multiplier", "完全强度(乘数)", "multiplier", p.m);
    if (io->y)
        out->by_demand = demand_table(&p);
    /* A table of one region has no more to say; that its codes name none is no failure. */
    if (io->y && find_regions(&p) && (err = regional_demand(&p)) >= 0) {
        out->by_product = product_table(&p);
        out->origin = origin_table(&p);
        region_tables(&p, out);
    }
done:
    free(p.s);
    free(p.m);
    free(p.y);
    free(p.x);
    free(p.of_sector);
    free(p.of_category);
    free(own);
    fd_io__regions_dispose(&p.regions);
    if (err < 0)
        fd_io_footprint_dispose(out);
    return err;
}

void fd_io_footprint_dispose(fd_io_footprint *f)
{
    fd_table *const all[] = { f->intensity,   f->multiplier, f->by_product,
                              f->consumption, f->production, f->imports,
                              f->exports,     f->by_demand,  f->origin };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        fd_table_free(all[i]);
    memset(f, 0, sizeof *f);
}
