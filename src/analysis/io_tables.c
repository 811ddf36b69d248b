/*
 * The matrices themselves as tables, cells of inverses, and the balance report.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/io.h"
#include "fangding/arena.h"

static const struct {
    const char *id, *zh, *en;
} titles[] = {
    [FD_IO_A] = { "A", "直接消耗系数(国内品)", "direct input coefficients A (domestic)" },
    [FD_IO_A_IMPORT] = { "A_import", "进口品直接消耗系数", "imported input coefficients" },
    [FD_IO_A_TOTAL] = { "A_total", "直接消耗系数(含进口)", "input coefficients with imports" },
    [FD_IO_B] = { "B", "分配系数", "allocation coefficients B" },
    [FD_IO_L] = { "L", "完全需要系数(列昂惕夫逆)", "Leontief inverse L" },
    [FD_IO_L_TOTAL] = { "L_total", "完全需要系数(含进口)", "Leontief inverse with imports inside" },
    [FD_IO_COMPLETE] = { "complete", "完全消耗系数 L−I", "complete input coefficients L - I" },
    [FD_IO_G] = { "G", "完全供给系数(高什逆)", "Ghosh inverse G" },
    [FD_IO_G_USE] = { "G_use", "高什逆(除以总使用)", "Ghosh inverse, divided by total use" },
    [FD_IO_X] = { "x", "总产出", "output" },
};

/* G = x^-1 L x, since B = x^-1 A x; a sector without output sells nothing of its own. */
static double ghosh(const fd_io *io, size_t i, size_t j)
{
    if (io->x[i] == 0)
        return i == j;
    return io->l[i * io->n + j] * io->x[j] / io->x[i];
}

/* G of B_ij = Z_ij / u_i, u the total use of the goods: x may not be it where stocks are left out.
 */
static int ghosh_by_use(const fd_io *io, double *g)
{
    const size_t n = io->n;

    if (!io->f)
        return fd_error_set(FD_ENOTFOUND, "没有最终使用表,不知道总使用",
                            "without final demand total use is not known");
    for (size_t i = 0; i < n; i++) {
        double use = io->f[i];

        for (size_t j = 0; j < n; j++)
            use += io->z->v[i * n + j];
        for (size_t j = 0; j < n; j++)
            g[i * n + j] = (i == j) - (use != 0 ? io->z->v[i * n + j] / use : 0);
    }
    return fd_linear_invert(g, n);
}

static int fill(double *out, fd_io *io, fd_io_matrix which)
{
    const size_t n = io->n;
    int err;

    if (which == FD_IO_L || which == FD_IO_COMPLETE || which == FD_IO_G) {
        if ((err = fd_io__invert(io)) < 0)
            return err;
    } else if (which == FD_IO_L_TOTAL) {
        if ((err = fd_io__invert_total(io)) < 0)
            return err;
    } else if (which == FD_IO_G_USE) {
        return ghosh_by_use(io, out);
    } else if ((which == FD_IO_A_IMPORT && !io->z_import) ||
               (which == FD_IO_A_TOTAL && !io->competitive)) {
        return fd_error_set(FD_ENOTFOUND, "这张表没有%s", "the table has no %s",
                            which == FD_IO_A_IMPORT ? "Z_import" : "imports");
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const size_t at = i * n + j;
            double v = 0;

            switch (which) {
            case FD_IO_A:
                v = fd_io__per_output(io, j, io->z->v[at]);
                break;
            case FD_IO_A_IMPORT:
                v = fd_io__per_output(io, j, io->z_import->v[at]);
                break;
            case FD_IO_A_TOTAL:
                v = fd_io__per_output(io, j, io->z_total[at]);
                break;
            case FD_IO_B:
                v = fd_io__per_output(io, i, io->z->v[at]);
                break;
            case FD_IO_L:
                v = io->l[at];
                break;
            case FD_IO_L_TOTAL:
                v = io->l_total[at];
                break;
            case FD_IO_COMPLETE:
                v = io->l[at] - (i == j);
                break;
            case FD_IO_G:
                v = ghosh(io, i, j);
                break;
            case FD_IO_G_USE:
            case FD_IO_X:
                break;
            }
            out[at] = v;
        }
    return 0;
}

int fd_io_matrix_table(fd_table **out, fd_io *io, fd_io_matrix which)
{
    fd_table *t = NULL;
    double *v;
    int err = 0;

    *out = NULL;
    if (which == FD_IO_X) {
        t = fd_io__table(io, "x", titles[which].zh, titles[which].en);
        fd_io__codes(t, io->z->row, io->n, "code");
        fd_io__numbers(t, "x", "总产出", "output", io->x, 1);
        *out = t;
        return 0;
    }
    v = fd_alloc(io->n * io->n * sizeof *v);
    if ((err = fill(v, io, which)) >= 0) {
        t = fd_io__table(io, titles[which].id, titles[which].zh, titles[which].en);
        fd_io__codes(t, io->z->row, io->n, "code");
        for (size_t j = 0; j < io->n; j++)
            fd_io__numbers(t, io->z->row[j], io->z->row[j], io->z->row[j], v + j, io->n);
        *out = t;
    }
    free(v);
    return err;
}

int fd_io_cells(fd_table **out, fd_io *io)
{
    const size_t n = io->n;
    fd_column *from, *to, *first, *second;
    fd_table *t;
    int err;

    *out = NULL;
    if ((err = fd_io__invert(io)) < 0 || (io->competitive && (err = fd_io__invert_total(io)) < 0))
        return err;
    t = fd_io__table(io, "cells", "逆矩阵的各格", "cells of the inverses");
    from = fd_column_new("i", FD_TEXT, "", 0, n * n);
    fd_column_set_title(from, "卖方", "seller");
    fd_table_add(t, from);
    to = fd_table_add_new(t, "j", "买方", "buyer", FD_TEXT, "", 0);
    first = io->competitive ? fd_table_add_new(t, "L_competitive", "完全需要系数(含进口)",
                                               "L with imports", FD_EST, "", 12)
                            : fd_table_add_new(t, "L", "完全需要系数", "L", FD_EST, "", 12);
    second = io->competitive ? fd_table_add_new(t, "L_importadj", "完全需要系数(扣进口)",
                                                "L without imports", FD_EST, "", 12)
                             : fd_table_add_new(t, "G", "完全供给系数", "G", FD_EST, "", 12);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const size_t r = i * n + j;

            fd_column_set_text(from, r, io->z->row[i]);
            fd_column_set_text(to, r, io->z->row[j]);
            fd_column_set_est(first, r, io->competitive ? io->l_total[r] : io->l[r]);
            fd_column_set_est(second, r, io->competitive ? io->l[r] : ghosh(io, i, j));
        }
    *out = t;
    return 0;
}

/* ---- balance ---- */

typedef struct gap {
    size_t at;
    bool is_column;
    double difference, share, weight; /* share: of its own output; weight: what is judged */
} gap;

static int by_share(const void *a, const void *b)
{
    const gap *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    if (x->is_column != y->is_column)
        return x->is_column ? 1 : -1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static size_t collect_gaps(gap *to, const fd_io *io, const double *difference, bool is_column)
{
    for (size_t i = 0; difference && i < io->n; i++)
        to[i] = (gap){ i, is_column, difference[i], io->x[i] != 0 ? difference[i] / io->x[i] : NAN,
                       fabs(difference[i]) / fd_io__size(io, i) };
    return difference ? io->n : 0;
}

int fd_io_balance(fd_table **out, const fd_io *io)
{
    static const fd_column_spec columns[] = {
        { "side", "方向", "side", FD_TEXT, NULL, 0 },
        { "output", "表上的产出", "stated output", FD_EST, NULL, 6 },
        { "found", "按各项合计", "sum of its parts", FD_EST, NULL, 6 },
        { "difference", "差", "difference", FD_EST, NULL, 6 },
        { "share", "占产出", "share of output", FD_EST, NULL, 6 },
        { "weight", "占产出(不小于平均部门)", "share of output or of the mean sector", FD_EST, NULL,
          6 },
    };
    gap *gaps = fd_alloc(2 * io->n * sizeof *gaps + 1);
    size_t count = collect_gaps(gaps, io, io->row_gap, false);
    fd_table *t =
        fd_io__table(io, "balance", "平衡检查(差得最多的在前)", "balance, the worst first");
    fd_column *codes = fd_column_new("code", FD_TEXT, "", 0, 0);

    count += collect_gaps(gaps + count, io, io->column_gap, true);
    qsort(gaps, count, sizeof *gaps, by_share);
    fd_column_set_title(codes, "部门", "sector");
    fd_table_add(t, codes);
    fd_table_add_columns(t, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        const size_t r = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], r, io->z->row[gaps[i].at]);
        fd_column_set_text(t->columns[1], r, gaps[i].is_column ? "column" : "row");
        fd_column_set_est(t->columns[2], r, io->x[gaps[i].at]);
        fd_column_set_est(t->columns[3], r, io->x[gaps[i].at] - gaps[i].difference);
        fd_column_set_est(t->columns[4], r, gaps[i].difference);
        if (isfinite(gaps[i].share))
            fd_column_set_est(t->columns[5], r, gaps[i].share);
        fd_column_set_est(t->columns[6], r, gaps[i].weight);
    }
    if (!io->row_gap)
        fd_table_add_note(t, "没有另给总产出或最终使用,行没有可对的数",
                          "rows cannot be checked: output or final demand is not given");
    if (!io->column_gap)
        fd_table_add_note(t, "增加值没有分项给出,或没有进口表,列没有可对的数",
                          "columns cannot be checked: value added is not given in parts, or "
                          "imports are not");
    free(gaps);
    *out = t;
    return 0;
}
