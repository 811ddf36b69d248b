/*
 * Hypothetical extraction in closed form from one inverse.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/io.h"
#include "fangding/arena.h"

/* x = L f; @return FD_ENOTFOUND without final demand */
static int leontief_output(double **out, const fd_io *io)
{
    const size_t n = io->n;
    double *x;

    if (!io->f) {
        fd_error_set(FD_ENOTFOUND, "没有最终使用表,不能做提取", "extraction needs final demand");
        return FD_ENOTFOUND;
    }
    x = fd_alloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            x[i] += io->l[i * n + j] * io->f[j];
    *out = x;
    return 0;
}

/* w' L, w an amount per output (NULL: 1). */
static double *weigh(const fd_io *io, const double *amount)
{
    const size_t n = io->n;
    double *sum = fd_alloc(n * sizeof *sum);

    for (size_t i = 0; i < n; i++) {
        const double w = amount ? fd_io__per_output(io, i, amount[i]) : 1;

        for (size_t j = 0; j < n; j++)
            sum[j] += w * io->l[i * n + j];
    }
    return sum;
}

/*
 * Loss of w' x when a share s of row k, column k and final demand k goes, each entry once.
 * A' = A - s e_k r' - s c e_k' with r row k of A and c its column without the diagonal, so that
 *   (I - A')^-1 = L - s L U (I + s V' L U)^-1 V' L,  U = [e_k c],  V = [r e_k],
 * and everything in it follows from L_kk, A_kk, x_k, f_k and m = w' L at k: r' L e_k = L_kk - 1,
 * r' L c = e_k' L c = L_kk - 1 - A_kk L_kk, w' L c = m_k - w_k - A_kk m_k, r' x = x_k - f_k.
 */
static double full_loss(double s, double lkk, double akk, double x, double f, double m, double w)
{
    const double across = lkk - 1 - akk * lkk;
    const double m11 = 1 + s * (lkk - 1), m12 = s * across, m21 = s * lkk, m22 = 1 + s * across;
    const double left = x - f - s * f * (lkk - 1), right = x - s * f * lkk;
    const double determinant = m11 * m22 - m12 * m21;
    const double first = (m22 * left - m12 * right) / determinant;
    const double second = (m11 * right - m21 * left) / determinant;

    return s * f * m + s * (m * first + (m - w - akk * m) * second);
}

static void put_losses(fd_table *t, const fd_io *io, const double *x, double share,
                       const double *amount, const char *const *ids, const char *const *zh,
                       const char *const *en)
{
    const size_t n = io->n;
    double *m = weigh(io, amount);
    fd_column *columns[3];

    for (size_t k = 0; k < 3; k++)
        columns[k] = fd_table_add_new(t, ids[k], zh[k], en[k], FD_EST, "", 12);
    for (size_t k = 0; k < n; k++) {
        const double lkk = io->l[k * n + k], w = amount ? fd_io__per_output(io, k, amount[k]) : 1;
        const double scaled = share / (1 + share * (lkk - 1));

        if (io->x[k] == 0) { /* what is not there cannot be taken out */
            for (size_t c = 0; c < 3; c++)
                fd_column_set_est(columns[c], k, 0);
            continue;
        }

        fd_column_set_est(columns[0], k,
                          full_loss(share, lkk,
                                    io->a ? io->a[k * n + k]
                                          : fd_io__per_output(io, k, io->z->v[k * n + k]),
                                    x[k], io->f[k], m[k], w));
        fd_column_set_est(columns[1], k, scaled * x[k] * (m[k] - w));
        fd_column_set_est(columns[2], k, scaled * m[k] * (x[k] - io->f[k]));
    }
    free(m);
}

int fd_io_extract(fd_table **out, fd_io *io, double share)
{
    static const char *const zh[3][3] = { { "产出·整体", "产出·后向", "产出·前向" },
                                          { "增加值·整体", "增加值·后向", "增加值·前向" },
                                          { "就业·整体", "就业·后向", "就业·前向" } };
    static const char *const en[3][3] = { { "output, full", "output, backward", "output, forward" },
                                          { "value added, full", "value added, backward",
                                            "value added, forward" },
                                          { "jobs, full", "jobs, backward", "jobs, forward" } };
    static const char *const output[] = { "full", "backward", "forward" };
    static const char *const va[] = { "full_va", "backward_va", "forward_va" };
    static const char *const employment[] = { "full_employment", "backward_employment",
                                              "forward_employment" };
    double *x = NULL;
    fd_table *t;
    char note[2][200];
    int err;

    *out = NULL;
    if (!(share > 0 && share <= 1))
        return fd_error_set(FD_EINVAL, "提取的比例应大于 0、不超过 1:%g",
                            "the share taken out lies above 0 and up to 1: %g", share);
    if ((err = fd_io__invert(io)) < 0 || (err = leontief_output(&x, io)) < 0)
        return err;
    t = fd_io__table(io, "extract", "假设提取:每个部门拿掉以后损失多少",
                     "hypothetical extraction: what is lost without each sector");
    fd_io__codes(t, io->z->row, io->n, "code");
    put_losses(t, io, x, share, NULL, output, zh[0], en[0]);
    put_losses(t, io, x, share, io->va, va, zh[1], en[1]);
    if (io->employment)
        put_losses(t, io, x, share, io->employment, employment, zh[2], en[2]);
    snprintf(note[FD_ZH], sizeof note[FD_ZH],
             "拿掉 %g%%;损失含本部门;整体:行、列、最终使用一起;后向:只拿列;前向:只拿行",
             share * 100);
    snprintf(note[FD_EN], sizeof note[FD_EN],
             "%g%% taken out; losses include the sector itself; full: row, column and final "
             "demand; backward: the column; forward: the row",
             share * 100);
    fd_table_add_note(t, note[FD_ZH], note[FD_EN]);
    free(x);
    *out = t;
    return 0;
}

/* ---- groups ---- */

/* Sectors named by code, or by region. */
static int find_members(bool *in, fd_io *io, const char *const *members, size_t count)
{
    fd_io_regions regions = { 0 };
    size_t *at = fd_alloc(io->n * sizeof *at);
    bool known = false;
    int err = 0;

    for (size_t m = 0; m < count && err == 0; m++) {
        const ptrdiff_t sector = fd_labelled_find(io->z->row, io->n, members[m]);
        bool found = sector >= 0;

        if (found) {
            in[sector] = true;
            continue;
        }
        if (!known)
            known = fd_io__regions(&regions, at, io->z->row, io->n) == 0;
        for (size_t i = 0; i < io->n && known; i++)
            if (strcmp(regions.name[at[i]], members[m]) == 0)
                in[i] = found = true;
        if (!found)
            err = fd_error_set(FD_ENOTFOUND, "没有部门或地区 %s", "no sector or region: %s",
                               members[m]);
    }
    fd_io__regions_dispose(&regions);
    free(at);
    return err;
}

/* What the others lose: L_rK y with L_KK y = x_K. */
static int group_loss(double *loss, const fd_io *io, const bool *in, const double *x)
{
    const size_t n = io->n;
    size_t *group = fd_alloc(n * sizeof *group), k = 0;
    double *block, *y;
    int err;

    for (size_t i = 0; i < n; i++)
        if (in[i])
            group[k++] = i;
    block = fd_alloc(k * k * sizeof *block + 1);
    y = fd_alloc(k * sizeof *y + 1);
    for (size_t a = 0; a < k; a++) {
        y[a] = x[group[a]];
        for (size_t b = 0; b < k; b++)
            block[a * k + b] = io->l[group[a] * n + group[b]];
    }
    if ((err = fd_linear_solve(block, y, k, 1)) >= 0)
        for (size_t i = 0; i < n; i++)
            for (size_t a = 0; a < k && !in[i]; a++)
                loss[i] += io->l[i * n + group[a]] * y[a];
    free(block);
    free(y);
    free(group);
    return err;
}

static int group_by_region(fd_table *t, const fd_io *io, const double *loss, const double *x)
{
    fd_io_regions regions = { 0 };
    size_t *at = fd_alloc(io->n * sizeof *at);
    double *lost = NULL, *made = NULL;
    int err;

    if ((err = fd_io__regions(&regions, at, io->z->row, io->n)) >= 0) {
        lost = fd_alloc(regions.count * sizeof *lost);
        made = fd_alloc(regions.count * sizeof *made);
        for (size_t i = 0; i < io->n; i++) {
            lost[at[i]] += loss[i];
            made[at[i]] += x[i];
        }
        fd_io__codes(t, regions.name, regions.count, "country");
        fd_io__numbers(t, "output_loss_others", "别处产出损失", "output lost elsewhere", lost, 1);
        fd_io__numbers(t, "output", "产出(Lf)", "output (L f)", made, 1);
    }
    free(lost);
    free(made);
    fd_io__regions_dispose(&regions);
    free(at);
    return err;
}

static void put_scaled(fd_table *t, const fd_io *io, const char *id, const char *zh, const char *en,
                       const double *amount, const double *loss)
{
    fd_column *c = fd_table_add_new(t, id, zh, en, FD_EST, "", 12);

    for (size_t i = 0; i < io->n; i++)
        fd_column_set_est(c, i, fd_io__per_output(io, i, amount[i]) * loss[i]);
}

int fd_io_extract_group(fd_table **out, fd_io *io, const char *const *members, size_t count,
                        bool by_region)
{
    bool *in = fd_alloc(io->n);
    double *x = NULL, *loss = fd_alloc(io->n * sizeof *loss);
    fd_table *t = NULL;
    int err;

    *out = NULL;
    if (!count) {
        err = fd_error_set(FD_EINVAL, "没有说提取哪些部门", "no sectors were named");
        goto done;
    }
    if ((err = find_members(in, io, members, count)) < 0 || (err = fd_io__invert(io)) < 0 ||
        (err = leontief_output(&x, io)) < 0 || (err = group_loss(loss, io, in, x)) < 0)
        goto done;
    t = fd_io__table(io, "extract", "假设提取一组部门:其余部门的损失",
                     "extraction of a group: what the others lose");
    if (by_region) {
        err = group_by_region(t, io, loss, x);
    } else {
        fd_io__codes(t, io->z->row, io->n, "code");
        fd_io__numbers(t, "output_loss", "产出损失", "output lost", loss, 1);
        put_scaled(t, io, "va_loss", "增加值损失", "value added lost", io->va, loss);
        if (io->employment)
            put_scaled(t, io, "employment_loss", "就业损失", "employment lost", io->employment,
                       loss);
        fd_io__numbers(t, "output", "产出(Lf)", "output (L f)", x, 1);
    }
    fd_table_add_note(t, "被提取部门自己的行记 0", "the group's own rows are 0");
done:
    free(in);
    free(x);
    free(loss);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}
