/*
 * Embodied carbon and energy of one region, with imports by the same-technology assumption.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/io.h"
#include "fangding/arena.h"

/* What final demand is split into. */
enum { EXPORTS, HOME, USES };

/* Final demand of one sector that leaves, and that stays. */
static void split_demand(const fd_labelled *y, ptrdiff_t exports, size_t i, double *to)
{
    to[EXPORTS] = to[HOME] = 0;
    for (size_t c = 0; y && c < y->columns; c++)
        to[(ptrdiff_t)c == exports ? EXPORTS : HOME] += y->v[i * y->columns + c];
}

/* e' (I - A - A_m)^-1, n × accounts. */
static int world_multipliers(double *m, const fd_io *io, const double *s, size_t accounts)
{
    const size_t n = io->n;
    double *a = fd_alloc(n * n * sizeof *a), *b = fd_alloc(n * accounts * sizeof *b + 1);
    int err;

    /* Transposed, so that the solution is the multiplier. */
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[j * n + i] =
                (i == j) -
                fd_io__per_output(io, j, io->z->v[i * n + j] + io->z_import->v[i * n + j]);
    memcpy(b, s, n * accounts * sizeof *b);
    if ((err = fd_linear_solve(a, b, n, accounts)) >= 0)
        memcpy(m, b, n * accounts * sizeof *m);
    free(a);
    free(b);
    return err;
}

/* A_m x for each use, n × USES. */
static void imported_inputs(double *to, const fd_io *io, const double *x)
{
    const size_t n = io->n;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double a = fd_io__per_output(io, j, io->z_import->v[i * n + j]);

            for (size_t u = 0; u < USES; u++)
                to[i * USES + u] += a * x[j * USES + u];
        }
}

typedef struct carbon {
    double *s, *m, *world;          /* n × accounts */
    double *y, *x, *inputs, *goods; /* n × USES: demand, output, imported inputs, imported goods */
} carbon;

static double weigh(const double *m, const double *v, size_t n, size_t accounts, size_t a, size_t u)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += m[i * accounts + a] * v[i * USES + u];
    return sum;
}

static double own_of(const fd_labelled *households, const char *account)
{
    const ptrdiff_t row =
        households ? fd_labelled_find(households->row, households->rows, account) : -1;
    double sum = 0;

    for (size_t c = 0; row >= 0 && c < households->columns; c++)
        sum += households->v[(size_t)row * households->columns + c];
    return sum;
}

static fd_table *carbon_table(const fd_io *io, const carbon *w, const fd_labelled *accounts,
                              const fd_labelled *households)
{
    static const fd_column_spec columns[] = {
        { "production", "本地生产", "production", FD_EST, NULL, 6 },
        { "exports", "为出口", "for exports", FD_EST, NULL, 6 },
        { "domestic_use", "为本地使用", "for domestic use", FD_EST, NULL, 6 },
        { "imports_intermediate", "进口投入隐含", "in imported inputs", FD_EST, NULL, 6 },
        { "imports_final", "进口最终品隐含", "in imported final goods", FD_EST, NULL, 6 },
        { "households", "居民直接", "households' own", FD_EST, NULL, 6 },
        { "consumption", "消费侧", "consumption-based", FD_EST, NULL, 6 },
    };
    const size_t n = io->n, k = accounts->rows;
    fd_table *t = fd_io__table(io, "carbon", "隐含碳、隐含能", "embodied carbon and energy");

    fd_io__codes(t, accounts->row, k, "account");
    fd_table_add_columns(t, columns, sizeof columns / sizeof *columns);
    for (size_t a = 0; a < k; a++) {
        const double home = weigh(w->m, w->y, n, k, a, HOME),
                     own = own_of(households, accounts->row[a]);
        double produced = 0, consumption = home + own;

        for (size_t i = 0; i < n; i++)
            produced += accounts->v[a * n + i];
        fd_column_set_est(t->columns[1], a, produced);
        fd_column_set_est(t->columns[2], a, weigh(w->m, w->y, n, k, a, EXPORTS));
        fd_column_set_est(t->columns[3], a, home);
        if (w->world) {
            const double inputs[USES] = { weigh(w->world, w->inputs, n, k, a, EXPORTS),
                                          weigh(w->world, w->inputs, n, k, a, HOME) };
            const double goods[USES] = { weigh(w->world, w->goods, n, k, a, EXPORTS),
                                         weigh(w->world, w->goods, n, k, a, HOME) };

            fd_column_set_est(t->columns[4], a, inputs[EXPORTS] + inputs[HOME]);
            fd_column_set_est(t->columns[5], a, goods[EXPORTS] + goods[HOME]);
            consumption += inputs[HOME] + goods[HOME];
        }
        fd_column_set_est(t->columns[6], a, own);
        if (w->world)
            fd_column_set_est(t->columns[7], a, consumption);
    }
    fd_table_add_note(t,
                      w->world ? "进口品按同样技术假设计算:国外生产同样的东西,排放强度与本地相同"
                               : "没有进口表:进口隐含和消费侧不知道",
                      w->world ? "imports by the same-technology assumption: made elsewhere as "
                                 "here, with the same intensity"
                               : "no import tables: what imports cause, and the consumption-based "
                                 "account, are not known");
    if (!households)
        fd_table_add_note(t, "没有给居民直接排放,记 0", "households' own were not given: 0");
    return t;
}

int fd_io_carbon(fd_table **out, fd_io *io, fd_labelled *accounts, fd_labelled *households)
{
    const size_t n = io->n, k = accounts->rows;
    const char *name = io->options.exports ? io->options.exports : "EX";
    ptrdiff_t exports, foreign = -1;
    carbon w = { 0 };
    int err;

    *out = NULL;
    if ((err = fd_io__order_columns(io, accounts, "accounts")) < 0)
        return err;
    if (!io->y)
        return fd_error_set(FD_ENOTFOUND, "没有最终使用表", "there is no final demand");
    exports = fd_labelled_find(io->y->column, io->y->columns, name);
    if (exports < 0) {
        fd_error_set(FD_ENOTFOUND, "最终使用表里没有出口列 %s", "final demand has no exports %s",
                     name);
        return fd_error_hint("用 --exports 说明出口是哪一列", "name the column with --exports");
    }
    if (io->y_import)
        foreign = fd_labelled_find(io->y_import->column, io->y_import->columns, name);
    w.s = fd_alloc(n * k * sizeof *w.s + 1);
    w.m = fd_alloc(n * k * sizeof *w.m + 1);
    w.y = fd_alloc(n * USES * sizeof *w.y);
    w.x = fd_alloc(n * USES * sizeof *w.x);
    w.inputs = fd_alloc(n * USES * sizeof *w.inputs);
    w.goods = fd_alloc(n * USES * sizeof *w.goods);
    for (size_t i = 0; i < n; i++) {
        for (size_t a = 0; a < k; a++)
            w.s[i * k + a] = fd_io__per_output(io, i, accounts->v[a * n + i]);
        split_demand(io->y, exports, i, w.y + i * USES);
        split_demand(io->y_import, foreign, i, w.goods + i * USES);
    }
    if ((err = fd_io__apply(io, true, w.s, w.m, k)) < 0)
        goto done;
    if (io->z_import) {
        w.world = fd_alloc(n * k * sizeof *w.world + 1);
        if ((err = fd_io__apply(io, false, w.y, w.x, USES)) < 0 ||
            (err = world_multipliers(w.world, io, w.s, k)) < 0)
            goto done;
        imported_inputs(w.inputs, io, w.x);
    }
    *out = carbon_table(io, &w, accounts, households);
done:
    free(w.s);
    free(w.m);
    free(w.world);
    free(w.y);
    free(w.x);
    free(w.inputs);
    free(w.goods);
    return err;
}
