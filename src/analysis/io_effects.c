/*
 * Prices, demand shocks, and who lives on whose demand.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/io.h"
#include "base/str.h"
#include "fangding/arena.h"

/* ---- prices ---- */

typedef struct price_column {
    char id[96];
    const char *zh, *en;
    double scale;
} price_column;

int fd_io_price(fd_table **out, fd_io *io, double percent, const char *const *parts,
                size_t part_count, struct fd_labelled *accounts, double levy)
{
    const size_t n = io->n, rows = accounts ? accounts->rows : 0;
    const size_t width = 3 + part_count + rows;
    double *w = fd_alloc(n * width * sizeof *w), *p = fd_alloc(n * width * sizeof *p);
    price_column *columns = fd_alloc(width * sizeof *columns);
    const double step = percent / 100;
    fd_table *t = NULL;
    int err = 0;

    *out = NULL;
    if (accounts && (err = fd_io__order_columns(io, accounts, "accounts")) < 0)
        goto done;
    snprintf(columns[0].id, sizeof columns[0].id, "base_price");
    columns[0].zh = "基准价格";
    columns[0].en = "base price";
    columns[0].scale = 1;
    snprintf(columns[1].id, sizeof columns[1].id, "dp_import_price_up_%gpct", percent);
    columns[1].zh = "进口价格上涨";
    columns[1].en = "import prices rise";
    snprintf(columns[2].id, sizeof columns[2].id, "dp_wage_up_%gpct", percent);
    columns[2].zh = "劳动报酬上涨";
    columns[2].en = "labour income rises";
    columns[1].scale = columns[2].scale = step;
    for (size_t k = 0; k < part_count && err == 0; k++) {
        price_column *c = &columns[3 + k];
        const ptrdiff_t at = io->value_added ? fd_labelled_find(io->value_added->row,
                                                                io->value_added->rows, parts[k])
                                             : -1;

        if (at < 0) {
            fd_error_set(FD_ENOTFOUND, "增加值表里没有行 %s", "value added has no row %s",
                         parts[k]);
            err = FD_ENOTFOUND;
            break;
        }
        snprintf(c->id, sizeof c->id, "dp_%.60s_up_%gpct", parts[k], percent);
        c->zh = c->en = parts[k];
        c->scale = step;
        for (size_t i = 0; i < n; i++)
            w[i * width + 3 + k] = fd_io__per_output(io, i, io->value_added->v[(size_t)at * n + i]);
    }
    if (err < 0)
        goto done;
    for (size_t k = 0; k < rows; k++) {
        price_column *c = &columns[3 + part_count + k];

        snprintf(c->id, sizeof c->id, "dp_levy_%.60s", accounts->row[k]);
        c->zh = c->en = accounts->row[k];
        c->scale = levy;
        for (size_t i = 0; i < n; i++)
            w[i * width + 3 + part_count + k] = fd_io__per_output(io, i, accounts->v[k * n + i]);
    }
    for (size_t i = 0; i < n; i++) {
        const double imported = io->import ? fd_io__per_output(io, i, io->import[i]) : 0;

        w[i * width] = fd_io__per_output(io, i, io->va[i]) + imported;
        w[i * width + 1] = imported;
        w[i * width + 2] = io->labour ? fd_io__per_output(io, i, io->labour[i]) : 0;
    }
    if ((err = fd_io__apply(io, true, w, p, width)) < 0)
        goto done;
    t = fd_io__table(io, "price", "价格模型", "price model");
    fd_io__codes(t, io->z->row, n, "code");
    for (size_t k = 0; k < width; k++) {
        if ((k == 1 && !io->import) || (k == 2 && !io->labour))
            continue;
        for (size_t i = 0; i < n; i++)
            p[i * width + k] *= columns[k].scale;
        fd_io__numbers(t, columns[k].id, columns[k].zh, columns[k].en, p + k, width);
    }
    fd_table_add_note(t, "成本推动,逐级全额转嫁,数量不变;变化是相对基准价格 1 的差",
                      "cost-push, passed on in full, quantities unchanged; changes are against a "
                      "base price of 1");
    *out = t;
done:
    free(w);
    free(p);
    free(columns);
    return err;
}

/* ---- shocks ---- */

/* What a unit of output carries of each factor that is known. */
enum { OUTPUT, VA, INCOME, EMPLOYMENT, TAX, IMPORT, FACTORS };
static const char *const factor_ids[] = { "output", "va", "income", "employment", "tax", "import" };
static const char *const factor_zh[] = { "产出", "增加值", "劳动报酬", "就业", "税", "进口" };
static const char *const factor_en[] = { "output",     "value added", "labour income",
                                         "employment", "taxes",       "imports" };

static void factor_amounts(const fd_io *io, const double *amount[FACTORS])
{
    const double *const all[] = { io->x, io->va, io->labour, io->employment, io->tax, io->import };

    memcpy(amount, all, sizeof all);
}

/* Type II: how much output rises by the households that earn income h'x and spend it on c: with
 * u = L c, s = 1 - h'u the induced output is u (h'x) / s. NULL where households are not known. */
static int household_spread(double **out, double *schur, fd_io *io)
{
    const size_t n = io->n;
    double total = 0, *c;
    int err;

    *out = NULL;
    if (!io->labour || !io->consumption)
        return 0;
    for (size_t i = 0; i < n; i++)
        total += io->labour[i];
    if (total == 0)
        return 0;
    c = fd_alloc(n * sizeof *c);
    for (size_t i = 0; i < n; i++)
        c[i] = io->consumption[i] / total;
    *out = fd_alloc(n * sizeof **out);
    err = fd_io__apply(io, false, c, *out, 1);
    *schur = 1;
    for (size_t i = 0; i < n; i++)
        *schur -= fd_io__per_output(io, i, io->labour[i]) * (*out)[i];
    free(c);
    if (err < 0 || *schur <= 0) {
        free(*out);
        *out = NULL;
    }
    return err;
}

static void put_effect(fd_table *t, const fd_io *io, const char *shock, const char *effect,
                       const double *dx)
{
    const double *amount[FACTORS];
    const size_t r = fd_table_add_row(t);
    size_t at = 2;

    factor_amounts(io, amount);
    fd_column_set_text(t->columns[0], r, shock);
    fd_column_set_text(t->columns[1], r, effect);
    for (size_t k = 0; k < FACTORS; k++) {
        double sum = 0;

        if (!amount[k])
            continue;
        for (size_t i = 0; i < io->n; i++)
            sum += k == OUTPUT ? dx[i] : fd_io__per_output(io, i, amount[k][i]) * dx[i];
        fd_column_set_est(t->columns[at++], r, sum);
    }
}

/* Four rows: the demand itself, what its suppliers make, what households' spending adds (where they
 * are known), and all. dx: output of type I, every `step`-th. */
static void put_steps(fd_table *t, const fd_io *io, const char *shock, const double *direct,
                      const double *dx, size_t step, const double *spread, double schur)
{
    const size_t n = io->n;
    double *part = fd_alloc(n * sizeof *part), income = 0;

    put_effect(t, io, shock, "direct", direct);
    for (size_t i = 0; i < n; i++)
        part[i] = dx[i * step] - direct[i];
    put_effect(t, io, shock, "indirect", part);
    for (size_t i = 0; i < n && spread; i++)
        income += fd_io__per_output(io, i, io->labour[i]) * dx[i * step];
    for (size_t i = 0; i < n; i++)
        part[i] = spread ? spread[i] * income / schur : 0;
    if (spread)
        put_effect(t, io, shock, "induced", part);
    for (size_t i = 0; i < n; i++)
        part[i] += dx[i * step];
    put_effect(t, io, shock, "total", part);
    free(part);
}

static int effects_table(fd_table **out, fd_io *io, const fd_io_shock *shocks, size_t count,
                         const size_t *at, const double *dx)
{
    const size_t n = io->n;
    const double *amount[FACTORS];
    double *spread = NULL, schur = 1;
    double *direct = fd_alloc(n * sizeof *direct), *sum = fd_alloc(n * sizeof *sum);
    fd_table *t = fd_io__table(io, "effects", "需求变动的影响:直接、间接、诱发",
                               "a change of demand: direct, indirect, induced");
    fd_column *first = fd_column_new("shock", FD_TEXT, "", 0, 0);
    int err;

    factor_amounts(io, amount);
    fd_column_set_title(first, "变动部门", "shock");
    fd_table_add(t, first);
    fd_table_add_new(t, "effect", "影响", "effect", FD_TEXT, "", 0);
    for (size_t k = 0; k < FACTORS; k++)
        if (amount[k])
            fd_table_add_new(t, factor_ids[k], factor_zh[k], factor_en[k], FD_EST, "", 6);
    if ((err = household_spread(&spread, &schur, io)) < 0)
        goto done;
    for (size_t s = 0; s < count; s++) {
        direct[at[s]] = shocks[s].amount;
        put_steps(t, io, shocks[s].sector, direct, dx + s, count, spread, schur);
        direct[at[s]] = 0;
    }
    for (size_t s = 0; s < count; s++) {
        direct[at[s]] = shocks[s].amount;
        for (size_t i = 0; i < n; i++)
            sum[i] += dx[i * count + s];
    }
    if (count > 1)
        put_steps(t, io, "all", direct, sum, 1, spread, schur);
    fd_table_add_note(t,
                      spread ? "诱发:劳动报酬按居民消费结构再花出去(Ⅱ型)"
                             : "表里没有劳动报酬或居民消费,没有诱发影响",
                      spread ? "induced: labour income spent again as households consume (type II)"
                             : "no induced effect: labour income or consumption is not known");
done:
    free(spread);
    free(direct);
    free(sum);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

static fd_table *shock_sectors(const fd_io *io, const fd_io_shock *shocks, size_t count,
                               const double *dx)
{
    fd_table *t = fd_io__table(io, "sectors", "需求变动对各部门的影响(Ⅰ型)",
                               "a change of demand, by sector (type I)");
    const struct {
        const char *id, *zh, *en;
        const double *amount;
    } kinds[] = { { "dx", "产出", "output", io->x },
                  { "dva", "增加值", "value added", io->va },
                  { "demp", "就业", "employment", io->employment } };
    double *v = fd_alloc(io->n * sizeof *v);
    fd_buf id = FD_BUF_INIT;

    fd_io__codes(t, io->z->row, io->n, "code");
    for (size_t s = 0; s < count; s++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            if (!kinds[k].amount)
                continue;
            fd_buf_clear(&id);
            fd_buf_printf(&id, "%s_%s", kinds[k].id, shocks[s].sector);
            for (size_t i = 0; i < io->n; i++)
                v[i] =
                    dx[i * count + s] * (k == 0 ? 1 : fd_io__per_output(io, i, kinds[k].amount[i]));
            fd_io__numbers(t, fd_buf_text(&id), kinds[k].zh, kinds[k].en, v, 1);
        }
    fd_buf_dispose(&id);
    free(v);
    return t;
}

int fd_io_shocks(fd_table **effects, fd_table **sectors, fd_io *io, const fd_io_shock *shocks,
                 size_t count)
{
    double *b, *dx;
    size_t *at;
    int err = 0;

    if (effects)
        *effects = NULL;
    if (sectors)
        *sectors = NULL;
    if (!count)
        return fd_error_set(FD_EINVAL, "没有说哪个部门的需求变动多少",
                            "no sector and amount were named");
    b = fd_alloc(io->n * count * sizeof *b);
    dx = fd_alloc(io->n * count * sizeof *dx);
    at = fd_alloc(count * sizeof *at);
    for (size_t s = 0; s < count && err == 0; s++) {
        const ptrdiff_t found = fd_io__sector(io, shocks[s].sector);

        for (size_t k = 0; k < s && found >= 0 && err == 0; k++)
            if (at[k] == (size_t)found)
                err = fd_error_set(FD_EINVAL, "部门 %s 说了两次", "sector %s stands twice",
                                   shocks[s].sector);
        if (found < 0)
            err = FD_ENOTFOUND;
        else
            b[(at[s] = (size_t)found) * count + s] = shocks[s].amount;
    }
    if (err == 0)
        err = fd_io__apply(io, false, b, dx, count);
    if (err >= 0 && effects)
        err = effects_table(effects, io, shocks, count, at, dx);
    if (err >= 0 && sectors)
        *sectors = shock_sectors(io, shocks, count, dx);
    free(b);
    free(dx);
    free(at);
    return err;
}

/* ---- dependence on final demand ---- */

int fd_io_demand(fd_table **out, fd_io *io, const char *factor)
{
    const size_t n = io->n, k = io->y ? io->y->columns : 0;
    const double *amount;
    double *x;
    fd_table *t;
    int err;

    *out = NULL;
    if (!io->y)
        return fd_error_set(FD_ENOTFOUND, "没有最终使用表", "there is no final demand");
    if ((err = fd_io__factor(io, factor, &amount)) < 0)
        return err;
    x = fd_alloc(n * k * sizeof *x + 1);
    if ((err = fd_io__apply(io, false, io->y->v, x, k)) >= 0) {
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < k && amount != io->x; c++)
                x[i * k + c] *= fd_io__per_output(io, i, amount[i]);
        t = fd_io__table(io, "demand", "由哪类最终使用带动", "called forth by which final demand");
        fd_io__codes(t, io->z->row, n, "code");
        for (size_t c = 0; c < k; c++)
            fd_io__numbers(t, io->y->column[c], io->y->column[c], io->y->column[c], x + c, k);
        *out = t;
    }
    free(x);
    return err;
}
