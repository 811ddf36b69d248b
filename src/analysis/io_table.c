/*
 * Taking in a table: orders, parts of value added, imports split off, balance, productivity.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/io.h"
#include "base/map.h"
#include "base/str.h"
#include "fangding/arena.h"

#define POWER_STEPS 4000

static fd_map *map_codes(char *const *codes, size_t n)
{
    fd_map *map = fd_map_new();

    for (size_t i = 0; i < n; i++)
        (void)fd_map_set(map, fd_view_of(codes[i]), i);
    return map;
}

/* to[i] is the place of sector i among `codes`. */
static int places(size_t *to, const fd_io *io, char *const *codes, size_t n, const char *what)
{
    fd_map *map = map_codes(codes, n);
    int err = 0;

    for (size_t i = 0; i < io->n && err == 0; i++) {
        uint64_t at;

        if (!fd_map_get(map, fd_view_of(io->z->row[i]), &at))
            err = fd_error_set(FD_EINVAL, "%s 里没有部门 %s", "%s has no sector %s", what,
                               io->z->row[i]);
        else
            to[i] = (size_t)at;
    }
    fd_map_free(map);
    if (err == 0 && n != io->n) {
        fd_map *known = map_codes(io->z->row, io->n);

        for (size_t i = 0; i < n && err == 0; i++)
            if (!fd_map_get(known, fd_view_of(codes[i]), &(uint64_t){ 0 }))
                err = fd_error_set(FD_EINVAL, "%s 里多出部门 %s", "%s has a sector too many: %s",
                                   what, codes[i]);
        fd_map_free(known);
    }
    return err;
}

static void permute_codes(char **codes, const size_t *to, size_t n)
{
    char **old = fd_alloc(n * sizeof *old + 1);

    memcpy(old, codes, n * sizeof *old);
    for (size_t i = 0; i < n; i++)
        codes[i] = old[to[i]];
    free(old);
}

int fd_io__order_columns(const fd_io *io, fd_labelled *m, const char *what)
{
    size_t *to = fd_alloc(io->n * sizeof *to + 1);
    double *row = fd_alloc(io->n * sizeof *row + 1);
    bool same = true;
    int err = places(to, io, m->column, m->columns, what);

    for (size_t i = 0; i < io->n && err == 0; i++)
        same &= to[i] == i;
    if (err == 0 && !same) {
        for (size_t r = 0; r < m->rows; r++) {
            double *v = m->v + r * m->columns;

            for (size_t j = 0; j < io->n; j++)
                row[j] = v[to[j]];
            memcpy(v, row, io->n * sizeof *row);
        }
        permute_codes(m->column, to, io->n);
    }
    free(row);
    free(to);
    return err;
}

static int order_rows(const fd_io *io, fd_labelled *m, const char *what)
{
    size_t *to = fd_alloc(io->n * sizeof *to + 1);
    bool same = true;
    int err = places(to, io, m->row, m->rows, what);

    for (size_t i = 0; i < io->n && err == 0; i++)
        same &= to[i] == i;
    if (err == 0 && !same) {
        double *v = fd_alloc(m->rows * m->columns * sizeof *v + 1);

        for (size_t i = 0; i < io->n; i++)
            memcpy(v + i * m->columns, m->v + to[i] * m->columns, m->columns * sizeof *v);
        free(m->v);
        m->v = v;
        permute_codes(m->row, to, io->n);
    }
    free(to);
    return err;
}

/* A vector by sector out of a matrix: the column `name` (NULL: the only one) of a matrix with
 * sectors in its rows, else the row `name` of one with sectors in its columns. */
static int read_vector(double **out, const fd_io *io, fd_labelled *m, const char *name,
                       const char *what)
{
    bool by_rows = true;
    char **kinds;
    size_t kind_count;
    ptrdiff_t at = 0;
    int err;

    for (size_t c = 0; c < m->columns && by_rows; c++)
        by_rows = strcmp(m->column[c], io->z->row[0]) != 0;
    kinds = by_rows ? m->column : m->row;
    kind_count = by_rows ? m->columns : m->rows;
    if ((err = by_rows ? order_rows(io, m, what) : fd_io__order_columns(io, m, what)) < 0)
        return err;
    if (!name && kind_count != 1) {
        fd_error_set(FD_EINVAL, "%s 有 %zu 项,请说明用哪一项", "%s has %zu kinds: say which", what,
                     kind_count);
        return fd_error_hint("第一项是 %s", "the first is %s", kind_count ? kinds[0] : "-");
    }
    if (name && (at = fd_labelled_find(kinds, kind_count, name)) < 0)
        return fd_error_set(FD_EINVAL, "%s 里没有 %s", "%s has no %s", what, name);
    *out = fd_alloc(io->n * sizeof **out + 1);
    for (size_t i = 0; i < io->n; i++)
        (*out)[i] = by_rows ? m->v[i * m->columns + (size_t)at] : m->v[(size_t)at * m->columns + i];
    return 0;
}

static int check_numbers(const fd_labelled *m, const char *what)
{
    for (size_t i = 0; m && i < m->rows * m->columns; i++)
        if (!isfinite(m->v[i]))
            return fd_error_set(FD_EINVAL, "%s 里行 %s 列 %s 不是有限的数",
                                "%s: row %s, column %s is not finite", what, m->row[i / m->columns],
                                m->column[i % m->columns]);
    return 0;
}

double fd_io__per_output(const fd_io *io, size_t i, double amount)
{
    return io->x[i] != 0 ? amount / io->x[i] : 0;
}

static double *sum_rows(const fd_labelled *m)
{
    double *sum = fd_alloc(m->rows * sizeof *sum + 1);

    for (size_t i = 0; i < m->rows; i++)
        for (size_t j = 0; j < m->columns; j++)
            sum[i] += m->v[i * m->columns + j];
    return sum;
}

static double *sum_columns(const fd_labelled *m)
{
    double *sum = fd_alloc(m->columns * sizeof *sum + 1);

    for (size_t i = 0; i < m->rows; i++)
        for (size_t j = 0; j < m->columns; j++)
            sum[j] += m->v[i * m->columns + j];
    return sum;
}

/* ---- parts ---- */

/* A row of value added by name, or by its usual name where nothing was said. */
static int read_part(double **out, const fd_io *io, const char *name, const char *usual)
{
    const fd_labelled *va = io->value_added;
    ptrdiff_t at = -1;

    if (va)
        at = fd_labelled_find(va->row, va->rows, name ? name : usual);
    if (at < 0)
        return name ? fd_error_set(FD_EINVAL, "增加值表里没有行 %s", "value added has no row %s",
                                   name)
                    : 0;
    *out = fd_alloc(io->n * sizeof **out + 1);
    memcpy(*out, va->v + (size_t)at * va->columns, io->n * sizeof **out);
    return 0;
}

static int read_value_added(fd_io *io)
{
    double *inputs = sum_columns(io->z);
    int err = 0;

    if (io->value_added) {
        if ((err = fd_io__order_columns(io, io->value_added, "value_added")) < 0)
            goto done;
        if (io->options.value_added)
            err = read_part(&io->va, io, io->options.value_added, NULL);
        else
            io->va = sum_columns(io->value_added);
        if (err < 0 || (err = read_part(&io->labour, io, io->options.labour, "VA001")) < 0 ||
            (err = read_part(&io->tax, io, io->options.tax, "VA002")) < 0)
            goto done;
    } else {
        io->va = fd_alloc(io->n * sizeof *io->va + 1);
        for (size_t j = 0; j < io->n; j++)
            io->va[j] = io->x[j] - inputs[j];
        if (io->z_import) {
            double *imported = sum_columns(io->z_import);

            for (size_t j = 0; j < io->n; j++)
                io->va[j] -= imported[j];
            free(imported);
        }
    }
    if (io->z_import)
        io->import = sum_columns(io->z_import);
    else if (io->options.import_row)
        err = read_part(&io->import, io, io->options.import_row, NULL);
done:
    free(inputs);
    return err;
}

static int read_consumption(fd_io *io)
{
    const char *name = io->options.consumption ? io->options.consumption : "TC";
    ptrdiff_t at = io->y ? fd_labelled_find(io->y->column, io->y->columns, name) : -1;

    if (at < 0)
        return io->options.consumption ? fd_error_set(FD_EINVAL, "最终使用表里没有列 %s",
                                                      "final demand has no column %s", name)
                                       : 0;
    io->consumption = fd_alloc(io->n * sizeof *io->consumption + 1);
    for (size_t i = 0; i < io->n; i++)
        io->consumption[i] = io->y->v[i * io->y->columns + (size_t)at];
    return 0;
}

static fd_labelled *take(fd_labelled **m)
{
    fd_labelled *taken = *m;

    *m = NULL;
    return taken;
}

static void drop(fd_labelled *m)
{
    if (m)
        fd_labelled_dispose(m);
    free(m);
}

/* ---- competitive tables ---- */

static fd_labelled *copy_of(const fd_labelled *m)
{
    fd_labelled *c = fd_alloc(sizeof *c);

    fd_labelled_init(c, m->rows, m->columns);
    memcpy(c->v, m->v, m->rows * m->columns * sizeof *c->v);
    for (size_t i = 0; i < m->rows; i++)
        c->row[i] = fd_strdup(m->row[i]);
    for (size_t j = 0; j < m->columns; j++)
        c->column[j] = fd_strdup(m->column[j]);
    c->corner = m->corner ? fd_strdup(m->corner) : NULL;
    return c;
}

/* Split both kinds of goods by M_i = IM_i / (x_i + IM_i - EX_i). */
static int split_imports(fd_io *io, const double *imports)
{
    const char *name = io->options.exports ? io->options.exports : "EX";
    const ptrdiff_t ex = io->y ? fd_labelled_find(io->y->column, io->y->columns, name) : -1;

    if (!io->y || ex < 0)
        return fd_error_set(FD_EINVAL, "竞争型表要有最终使用表和出口列 %s",
                            "a competitive table needs final demand with exports in column %s",
                            name);
    io->z_total = fd_alloc(io->n * io->n * sizeof *io->z_total + 1);
    memcpy(io->z_total, io->z->v, io->n * io->n * sizeof *io->z_total);
    io->z_import = copy_of(io->z);
    drop(io->y_import);
    io->y_import = copy_of(io->y);
    io->import_ratio = fd_alloc(io->n * sizeof *io->import_ratio + 1);
    for (size_t i = 0; i < io->n; i++) {
        const double exports = io->y->v[i * io->y->columns + (size_t)ex];
        const double used = io->x[i] + imports[i] - exports;
        const double ratio = used != 0 ? imports[i] / used : 0;

        io->import_ratio[i] = ratio;
        for (size_t j = 0; j < io->n; j++) {
            io->z_import->v[i * io->n + j] *= ratio;
            io->z->v[i * io->n + j] *= 1 - ratio;
        }
        for (size_t c = 0; c < io->y->columns; c++) {
            double *whole = &io->y->v[i * io->y->columns + c];
            double *foreign = &io->y_import->v[i * io->y->columns + c];

            *foreign = c == (size_t)ex ? 0 : *whole * ratio;
            *whole -= *foreign;
        }
    }
    io->competitive = true;
    return 0;
}

/* ---- balance ---- */

/* What a gap is measured against: the sector's output, or the mean sector's where that is larger: a
 * sector of a few units whose cells are rounded is no sign of a broken table. */
double fd_io__size(const fd_io *io, size_t i)
{
    return fmax(fmax(fabs(io->x[i]), io->mean_output), 1e-300);
}

static void note_worst(fd_io *io, const double *gap, bool is_column)
{
    for (size_t i = 0; i < io->n; i++)
        if (fabs(gap[i]) / fd_io__size(io, i) > io->worst) {
            io->worst = fabs(gap[i]) / fd_io__size(io, i);
            io->worst_at = i;
            io->worst_is_column = is_column;
        }
}

static int check_balance(fd_io *io, const fd_io_tables *given)
{
    const double limit = io->options.most_imbalance;

    for (size_t i = 0; i < io->n; i++)
        io->mean_output += io->x[i] / (double)io->n;
    if (io->y && given->output) {
        io->row_gap = sum_rows(io->z);
        for (size_t i = 0; i < io->n; i++)
            io->row_gap[i] = io->x[i] - io->row_gap[i] - io->f[i];
        note_worst(io, io->row_gap, false);
    }
    /* A total of value added beside its parts, or no parts at all: nothing to check against. */
    if (io->value_added && !io->options.value_added && (io->z_import || !given->y_import)) {
        io->column_gap = sum_columns(io->z);
        for (size_t j = 0; j < io->n; j++)
            io->column_gap[j] = io->x[j] - io->column_gap[j] - io->va[j] -
                                (io->z_import && io->import ? io->import[j] : 0);
        note_worst(io, io->column_gap, true);
    }
    if (limit < 0 || io->worst <= limit)
        return 0;
    if (io->worst_is_column)
        fd_error_set(FD_ECONFLICT, "表不平衡:部门 %s 的列差 %.2f%%,上限 %.2f%%",
                     "out of balance: the column of sector %s is off by %.2f%% (at most %.2f%%)",
                     io->z->row[io->worst_at], io->worst * 100, limit * 100);
    else
        fd_error_set(FD_ECONFLICT, "表不平衡:部门 %s 的行差 %.2f%%,上限 %.2f%%",
                     "out of balance: the row of sector %s is off by %.2f%% (at most %.2f%%)",
                     io->z->row[io->worst_at], io->worst * 100, limit * 100);
    return fd_error_hint("fangding io balance 列出差得最多的行和列;确认无误后加 --imbalance any",
                         "fangding io balance lists the worst rows and columns; --imbalance any "
                         "accepts them");
}

/* u' |A|, a pass over z. */
static void times_absolute(const fd_io *io, const double *u, double *w)
{
    memset(w, 0, io->n * sizeof *w);
    for (size_t i = 0; i < io->n; i++)
        for (size_t j = 0; j < io->n; j++)
            w[j] += fabs(io->z->v[i * io->n + j]) * u[i];
    for (size_t j = 0; j < io->n; j++)
        w[j] = fd_io__per_output(io, j, w[j]);
}

/*
 * Spectral radius of |A|, needed only where some column does not leave anything: then no bound by
 * column sums holds.  Steps on (|A| + I) / 2, whose largest eigenvalue is unique in size and which
 * keeps u positive; so max_j (u' |A|)_j / u_j is an upper bound (Collatz) that as a rule proves the
 * table productive after a few steps.
 */
static int check_radius(const fd_io *io)
{
    double *u = fd_alloc(io->n * sizeof *u + 1), *w = fd_alloc(io->n * sizeof *w + 1);
    double radius = 0, upper = 1;

    for (size_t i = 0; i < io->n; i++)
        u[i] = 1;
    for (int step = 0; step < POWER_STEPS && upper >= 1 - 1e-10; step++) {
        const double before = radius;
        double size = 0;

        times_absolute(io, u, w);
        upper = 0;
        for (size_t i = 0; i < io->n; i++) {
            upper = fmax(upper, w[i] / u[i]);
            w[i] = (w[i] + u[i]) / 2;
            size = fmax(size, w[i]);
        }
        radius = 2 * size - 1; /* u has maximum norm 1 */
        for (size_t i = 0; i < io->n; i++)
            u[i] = fmax(w[i] / size, 1e-200);
        if (step > 8 && fabs(radius - before) < 1e-13)
            break;
    }
    free(u);
    free(w);
    if (upper < 1 - 1e-10 || radius < 1 - 1e-10)
        return 0;
    fd_error_set(FD_EINFEASIBLE, "直接消耗系数矩阵的谱半径是 %.6g,不小于 1,没有列昂惕夫逆",
                 "the spectral radius of A is %.6g, not below 1: no Leontief inverse", radius);
    return fd_error_hint("fangding io balance 看哪些部门的投入超过产出",
                         "fangding io balance shows which sectors use more than they make");
}

static int make_coefficients(fd_io *io)
{
    double *sum = sum_columns(io->z);
    int err = 0;

    for (size_t j = 0; j < io->n && err == 0; j++) {
        bool buys = false;

        for (size_t i = 0; i < io->n && io->x[j] == 0 && !buys; i++)
            buys = io->z->v[i * io->n + j] != 0;
        if (buys)
            err = fd_error_set(FD_EINVAL, "部门 %s 没有产出,却有中间投入",
                               "sector %s has no output and yet buys", io->z->row[j]);
        io->column_sum_high |= fd_io__per_output(io, j, sum[j]) >= 1;
    }
    free(sum);
    if (err < 0 || (io->column_sum_high && (err = check_radius(io)) < 0))
        return err;
    if (io->n > io->options.dense_order)
        return 0; /* the compressed matrices take the place of A */
    io->a = fd_alloc(io->n * io->n * sizeof *io->a + 1);
    for (size_t i = 0; i < io->n; i++)
        for (size_t j = 0; j < io->n; j++)
            io->a[i * io->n + j] = fd_io__per_output(io, j, io->z->v[i * io->n + j]);
    return 0;
}

/* ---- the whole ---- */

static int check_shapes(fd_io *io)
{
    int err;

    if (!io->z || io->n == 0) {
        fd_error_set(FD_EINVAL, "中间使用表是空的", "the table of intermediate use is empty");
        return FD_EINVAL;
    }
    if ((err = fd_io__order_columns(io, io->z, "Z (columns)")) < 0 ||
        (err = check_numbers(io->z, "Z")) < 0)
        return err;
    if (io->z_import && ((err = order_rows(io, io->z_import, "Z_import")) < 0 ||
                         (err = fd_io__order_columns(io, io->z_import, "Z_import (columns)")) < 0 ||
                         (err = check_numbers(io->z_import, "Z_import")) < 0))
        return err;
    if (io->y && ((err = order_rows(io, io->y, "Y")) < 0 || (err = check_numbers(io->y, "Y")) < 0))
        return err;
    if (io->y_import && ((err = order_rows(io, io->y_import, "Y_import")) < 0 ||
                         (err = check_numbers(io->y_import, "Y_import")) < 0))
        return err;
    return check_numbers(io->value_added, "value_added");
}

static int read_output(fd_io *io, fd_labelled *output)
{
    if (output)
        return read_vector(&io->x, io, output, NULL, "output");
    if (!io->y) {
        fd_error_set(FD_EINVAL, "没有总产出,也没有最终使用,不知道产出是多少",
                     "neither output nor final demand is given: output is not known");
        return FD_EINVAL;
    }
    io->x = sum_rows(io->z);
    for (size_t i = 0; i < io->n; i++)
        io->x[i] += io->f[i];
    return 0;
}

/* Several kinds of employment and none named: the table is as good as without, which is said. */
static int read_employment(fd_io *io, fd_labelled *m)
{
    io->employment_unnamed = !io->options.employment && m->rows > 1 && m->columns > 1;
    return io->employment_unnamed
               ? 0
               : read_vector(&io->employment, io, m, io->options.employment, "employment");
}

int fd_io_new(fd_io **out, fd_io_tables *t, const fd_io_options *options)
{
    fd_io *io = fd_alloc(sizeof *io);
    fd_labelled *output = take(&t->output), *imports = take(&t->imports);
    fd_labelled *employment = take(&t->employment);
    const fd_io_tables given = { .output = output, .y_import = t->y_import };
    double *im = NULL;
    int err;

    io->options = *options;
    io->z = take(&t->z);
    io->z_import = take(&t->z_import);
    io->y = take(&t->y);
    io->y_import = take(&t->y_import);
    io->value_added = take(&t->value_added);
    io->n = io->z ? io->z->rows : 0;
    if ((err = check_shapes(io)) < 0)
        goto done;
    io->f = io->y ? sum_rows(io->y) : NULL;
    if ((err = read_output(io, output)) < 0)
        goto done;
    for (size_t i = 0; i < io->n && err == 0; i++)
        if (!isfinite(io->x[i]) || io->x[i] < 0)
            err = fd_error_set(FD_EINVAL, "部门 %s 的总产出不对:%g", "output of sector %s: %g",
                               io->z->row[i], io->x[i]);
    if (err < 0)
        goto done;
    /* Imports given cell by cell need no splitting. */
    if (imports && !io->z_import &&
        ((err = read_vector(&im, io, imports, NULL, "imports")) < 0 ||
         (err = split_imports(io, im)) < 0))
        goto done;
    if (io->competitive) {
        free(io->f);
        io->f = sum_rows(io->y);
    }
    if ((err = read_value_added(io)) < 0 || (err = read_consumption(io)) < 0)
        goto done;
    if (employment && (err = read_employment(io, employment)) < 0)
        goto done;
    if ((err = check_balance(io, &given)) < 0)
        goto done;
    err = make_coefficients(io);
done:
    drop(output);
    drop(imports);
    drop(employment);
    free(im);
    if (err < 0) {
        fd_io_free(io);
        io = NULL;
    }
    *out = io;
    return err;
}

void fd_io_free(fd_io *io)
{
    if (!io)
        return;
    drop(io->z);
    drop(io->z_import);
    drop(io->y);
    drop(io->y_import);
    drop(io->value_added);
    double *owned[] = { io->z_total, io->import_ratio, io->x,      io->f,      io->va,
                        io->labour,  io->tax,          io->import, io->a,      io->l,
                        io->l_total, io->employment,   io->colsum, io->rowsum, io->consumption,
                        io->row_gap, io->column_gap };
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
    fd_sparse_dispose(&io->by_row);
    fd_sparse_dispose(&io->by_column);
    free(io);
}

size_t fd_io_order(const fd_io *io)
{
    return io->n;
}

bool fd_io_is_competitive(const fd_io *io)
{
    return io->competitive;
}

double fd_io_worst(const fd_io *io, const char **code, bool *is_column)
{
    *code = io->z->row[io->worst_at];
    *is_column = io->worst_is_column;
    return io->worst;
}
