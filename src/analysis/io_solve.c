/*
 * Inverses, products with them, and what all tables of input–output analysis have in common.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/io.h"
#include "base/map.h"
#include "base/str.h"
#include "fangding/arena.h"

#define TOLERANCE 1e-13 /* of the iteration, relative to the right-hand side */

/* ---- inverses ---- */

/* I - a, inverted in place. */
static int invert(double *a, size_t n)
{
    for (size_t i = 0; i < n * n; i++)
        a[i] = -a[i];
    for (size_t i = 0; i < n; i++)
        a[i * n + i] += 1;
    return fd_linear_invert(a, n);
}

int fd_io__invert(fd_io *io)
{
    const size_t n = io->n;
    void *memory;
    int err;

    if (io->l)
        return 0;
    if ((err = fd_try_alloc(&memory, n * n, sizeof(double), (size_t)8 << 30)) < 0)
        return err;
    io->l = memory;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            io->l[i * n + j] =
                io->a ? io->a[i * n + j] : fd_io__per_output(io, j, io->z->v[i * n + j]);
    if ((err = invert(io->l, n)) < 0) {
        free(io->l);
        io->l = NULL;
        return err;
    }
    io->colsum = fd_alloc(n * sizeof *io->colsum + 1);
    io->rowsum = fd_alloc(n * sizeof *io->rowsum + 1);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            io->colsum[j] += io->l[i * n + j];
            io->rowsum[i] += io->l[i * n + j];
        }
    return 0;
}

int fd_io__invert_total(fd_io *io)
{
    const size_t n = io->n;
    int err;

    if (io->l_total)
        return 0;
    if (!io->competitive)
        return fd_error_set(FD_EINVAL, "只有竞争型表才有含进口的逆",
                            "only a competitive table has an inverse with imports inside");
    io->l_total = fd_alloc(n * n * sizeof *io->l_total);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            io->l_total[i * n + j] = fd_io__per_output(io, j, io->z_total[i * n + j]);
    if ((err = invert(io->l_total, n)) < 0) {
        free(io->l_total);
        io->l_total = NULL;
    }
    return err;
}

/* ---- large tables ---- */

static int make_rows(fd_io *io)
{
    if (io->by_row.start)
        return 0;
    fd_sparse_init(&io->by_row, io->n);
    for (size_t i = 0; i < io->n; i++)
        fd_sparse_append(&io->by_row, io->z->v + i * io->n, 1, io->x);
    return 0;
}

int fd_io__suppliers(fd_io *io)
{
    /* Sixteen columns at a time: one alone would touch a cache line for each number. */
    enum { STRIP = 16 };
    double *strip;

    if (io->by_column.start)
        return 0;
    fd_sparse_init(&io->by_column, io->n);
    strip = fd_alloc(STRIP * io->n * sizeof *strip);
    for (size_t from = 0; from < io->n; from += STRIP) {
        const size_t width = io->n - from < STRIP ? io->n - from : STRIP;

        for (size_t i = 0; i < io->n; i++)
            for (size_t c = 0; c < width; c++)
                strip[c * io->n + i] =
                    fd_io__per_output(io, from + c, io->z->v[i * io->n + from + c]);
        for (size_t c = 0; c < width; c++)
            fd_sparse_append(&io->by_column, strip + c * io->n, 1, NULL);
    }
    free(strip);
    return 0;
}

/* x = L b, or L' b, with the inverse at hand. */
static void multiply(const fd_io *io, bool transposed, const double *b, double *x, size_t k)
{
    const size_t n = io->n;

    memset(x, 0, n * k * sizeof *x);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double l = io->l[i * n + j];
            double *to = x + (transposed ? j : i) * k;
            const double *from = b + (transposed ? i : j) * k;

            for (size_t c = 0; c < k; c++)
                to[c] += l * from[c];
        }
}

int fd_io__apply(fd_io *io, bool transposed, const double *b, double *x, size_t k)
{
    fd_linear_report report;
    int err;

    if (io->l || io->n <= io->options.dense_order) {
        if ((err = fd_io__invert(io)) < 0)
            return err;
        multiply(io, transposed, b, x, k);
        return 0;
    }
    if ((err = transposed ? fd_io__suppliers(io) : make_rows(io)) < 0)
        return err;
    err = fd_sparse_solve(transposed ? &io->by_column : &io->by_row, b, x, k, TOLERANCE,
                          io->options.pool, &report);
    if (report.residual > io->report.residual)
        io->report = report;
    return err;
}

/* ---- factors ---- */

int fd_io__factor(const fd_io *io, const char *name, const double **amount)
{
    const struct {
        const char *name;
        const double *v;
    } known[] = { { "output", io->x },      { "va", io->va },
                  { "income", io->labour }, { "employment", io->employment },
                  { "tax", io->tax },       { "import", io->import } };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, name) != 0)
            continue;
        if (!known[i].v)
            return fd_error_set(FD_ENOTFOUND, "表里没有 %s 的数据", "the table has no data on %s",
                                name);
        *amount = known[i].v;
        return 0;
    }
    fd_error_set(FD_ENOTFOUND, "没有这个要素:%s", "no such factor: %s", name);
    return fd_error_hint("可用 output va income employment tax import",
                         "known are output va income employment tax import");
}

/* ---- tables ---- */

void fd_io__notes(const fd_io *io, fd_table *t)
{
    char zh[256], en[256];

    fd_table_add_note(t, "行是卖方,列是买方;A 的第 j 列除以 x_j",
                      "rows sell, columns buy; column j "
                      "of A is divided by x_j");
    if (io->competitive)
        fd_table_add_note(t, "竞争型表:进口按 M=IM/(x+IM−EX) 从各种用途(出口除外)中同比例扣除",
                          "competitive table: imports are taken out of every use but exports by "
                          "M = IM/(x+IM-EX)");
    if (io->worst > 1e-6) {
        snprintf(zh, sizeof zh, "表不完全平衡:部门 %s 的%s差 %.4f%%;提取和路径用 x=Lf,不用表上的 x",
                 io->z->row[io->worst_at], io->worst_is_column ? "列" : "行", io->worst * 100);
        snprintf(en, sizeof en,
                 "not fully balanced: the %s of sector %s is off by %.4f%%; extraction and paths "
                 "take x = L f, not the stated x",
                 io->worst_is_column ? "column" : "row", io->z->row[io->worst_at], io->worst * 100);
        fd_table_add_note(t, zh, en);
    }
    if (io->column_sum_high)
        fd_table_add_note(t, "有部门的国内中间投入不小于产出(列和 ≥ 1)",
                          "some sector buys as much as it makes (column sum of A at or above 1)");
    if (io->employment_unnamed)
        fd_table_add_note(t, "就业表有几行,没有说用哪一行(--employment-row),未计就业",
                          "employment has several rows and none was named (--employment-row): left "
                          "out");
    if (io->report.iterations) {
        snprintf(zh, sizeof zh, "大表用迭代求解,不求逆:相对残差不超过 %.1e", io->report.residual);
        snprintf(en, sizeof en,
                 "large table, solved by iteration without an inverse: relative "
                 "residual at most %.1e",
                 io->report.residual);
        fd_table_add_note(t, zh, en);
    }
}

fd_table *fd_io__table(const fd_io *io, const char *id, const char *zh, const char *en)
{
    fd_table *t = fd_table_new(id, zh, en);

    fd_io__notes(io, t);
    return t;
}

fd_column *fd_io__codes(fd_table *t, char *const *codes, size_t n, const char *id)
{
    fd_column *c = fd_column_new(id, FD_TEXT, "", 0, n);
    const bool is_region = strcmp(id, "country") == 0, is_account = strcmp(id, "account") == 0;

    fd_column_set_title(c,
                        is_region    ? "地区"
                        : is_account ? "账户"
                                     : "部门",
                        is_region    ? "country"
                        : is_account ? "account"
                                     : "sector");
    for (size_t i = 0; i < n; i++)
        fd_column_set_text(c, i, codes[i]);
    fd_table_add(t, c);
    return c;
}

void fd_io__numbers(fd_table *t, const char *id, const char *zh, const char *en, const double *v,
                    size_t step)
{
    fd_column *c = fd_table_add_new(t, id, zh, en, FD_EST, "", 12);

    for (size_t i = 0; i < t->rows; i++)
        if (isfinite(v[i * step]))
            fd_column_set_est(c, i, v[i * step] + 0.0); /* never -0 */
}

ptrdiff_t fd_io__sector(const fd_io *io, const char *code)
{
    const ptrdiff_t at = fd_labelled_find(io->z->row, io->n, code);

    if (at < 0) {
        fd_error_set(FD_ENOTFOUND, "没有部门 %s", "no such sector: %s", code);
        fd_error_hint("第一个部门是 %s", "the first sector is %s", io->z->row[0]);
    }
    return at;
}

/* ---- regions ---- */

static char separator_of(char *const *codes, size_t n)
{
    for (const char *s = "._"; *s; s++) {
        bool all = n > 0;

        for (size_t i = 0; i < n && all; i++) {
            const char *at = strchr(codes[i], *s);

            all = at && at != codes[i];
        }
        if (all)
            return *s;
    }
    return '\0';
}

int fd_io__regions(fd_io_regions *regions, size_t *at, char *const *codes, size_t n)
{
    const char separator = separator_of(codes, n);
    fd_map *known;

    if (!separator)
        return fd_error_set(FD_EINVAL, "代码里看不出地区:应是 地区.部门 或 地区_部门,例如 %s",
                            "the codes name no regions: region.sector or region_sector is "
                            "expected, found %s",
                            n ? codes[0] : "-");
    known = fd_map_new();
    for (size_t r = 0; r < regions->count; r++)
        (void)fd_map_set(known, fd_view_of(regions->name[r]), r);
    for (size_t i = 0; i < n; i++) {
        const fd_view name = { codes[i], (size_t)(strchr(codes[i], separator) - codes[i]) };
        const uint64_t r = fd_map_intern(known, name, regions->count);

        if (r == regions->count) {
            regions->name =
                fd_realloc_array(regions->name, regions->count + 1, sizeof *regions->name);
            regions->name[regions->count] = fd_alloc(name.len + 1);
            memcpy(regions->name[regions->count++], name.ptr, name.len);
        }
        at[i] = (size_t)r;
    }
    fd_map_free(known);
    return 0;
}

void fd_io__regions_dispose(fd_io_regions *regions)
{
    for (size_t r = 0; r < regions->count; r++)
        free(regions->name[r]);
    free(regions->name);
    memset(regions, 0, sizeof *regions);
}
