/*
 * Shift-share (Dunn, Esteban, dynamic) and the measures of structural change.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/cube.h"

/* The parts of a change. */
typedef struct parts {
    double total, national, mix, dunn, esteban, allocation;
} parts;

enum { TOTAL, NATIONAL, MIX, DUNN, NET, ESTEBAN, ALLOCATION, PART_COLUMNS };

static const fd_column_spec part_specs[PART_COLUMNS] = {
    { "total", "总变动", "Total", FD_EST, "", 0 },
    { "national", "全国增长分量", "National", FD_EST, "", 0 },
    { "mix", "产业结构分量", "Mix", FD_EST, "", 0 },
    { "regional_dunn", "竞争力分量", "Regional", FD_EST, "", 0 },
    { "net_total", "净变动", "Net total", FD_EST, "", 0 },
    { "regional_esteban", "竞争力(同构)", "Regional, Esteban", FD_EST, "", 0 },
    { "allocation_esteban", "配置分量", "Allocation, Esteban", FD_EST, "", 0 },
};
static const fd_column_spec change_specs[] = {
    { "lilien_avg", "利林(均值)", "Lilien, mean", FD_EST, "", 0 },
    { "lilien_end", "利林(期末)", "Lilien, end", FD_EST, "", 0 },
    { "moore_cos", "摩尔余弦", "Moore, cosine", FD_EST, "", 0 },
    { "moore_deg", "摩尔角", "Moore, angle", FD_EST, "°", 0 },
    { "nav", "结构变动(NAV)", "NAV", FD_EST, "", 0 },
    { "k_value_pct", "K 值", "K value", FD_EST, "%", 0 },
};
#define CHANGE_COLUMNS (sizeof change_specs / sizeof *change_specs)

/* One industry of one region. E and N are the totals at t0, growth the reference's. */
static parts industry_parts(double e0, double e1, double n0, double n1, double E, double N,
                            double growth)
{
    const double g = n0 > 0 ? n1 / n0 - 1 : 0, homothetic = N > 0 ? E * n0 / N : 0;
    parts p = { .total = e1 - e0, .national = e0 * growth, .mix = e0 * (g - growth) };

    p.dunn = e1 - e0 * (1 + g);
    if (e0 > 0) {
        const double ahead = e1 / e0 - 1 - g;

        p.esteban = homothetic * ahead;
        p.allocation = (e0 - homothetic) * ahead;
    } else {
        p.allocation = p.dunn;
    }
    return p;
}

static void add(parts *sum, const parts *p)
{
    sum->total += p->total;
    sum->national += p->national;
    sum->mix += p->mix;
    sum->dunn += p->dunn;
    sum->esteban += p->esteban;
    sum->allocation += p->allocation;
}

static void put_parts(fd_column **columns, size_t row, const parts *p)
{
    const double v[PART_COLUMNS] = {
        p->total, p->national, p->mix, p->dunn, p->total - p->national, p->esteban, p->allocation
    };

    for (int k = 0; k < PART_COLUMNS; k++)
        fd_column_set_est(columns[k], row, v[k]);
}

/* A region between two years; does it have a decomposition? */
typedef struct span {
    const fd_cube *cube;
    size_t region, from, to;
} span;

static bool span_known(const span *s)
{
    const fd_cube *c = s->cube;
    const ptrdiff_t region = (ptrdiff_t)s->region;

    return c->there[s->region * c->years + s->from] && c->there[s->region * c->years + s->to] &&
           fd_cube_known(c, region, s->from) && fd_cube_known(c, region, s->to) &&
           fd_cube_known(c, -1, s->from) && fd_cube_known(c, -1, s->to);
}

static parts span_industry(const span *s, size_t i)
{
    const fd_cube *c = s->cube;
    const double *e0 = fd_cube_at(c, s->region, s->from), *e1 = fd_cube_at(c, s->region, s->to);
    const double *n0 = c->reference + s->from * c->industries,
                 *n1 = c->reference + s->to * c->industries;
    const double N = fd_cube_sum(n0, c->industries);

    return industry_parts(e0[i], e1[i], n0[i], n1[i], fd_cube_sum(e0, c->industries), N,
                          N > 0 ? fd_cube_sum(n1, c->industries) / N - 1 : 0);
}

/* What is left of 0 when many products are summed is said as 0. */
static double without_noise(double part, double noise)
{
    return fabs(part) <= noise ? 0 : part;
}

static parts span_parts(const span *s)
{
    const fd_cube *c = s->cube;
    const double noise = 1e-14 * (fd_cube_sum(fd_cube_at(c, s->region, s->from), c->industries) +
                                  fd_cube_sum(fd_cube_at(c, s->region, s->to), c->industries));
    parts sum = { 0 };

    for (size_t i = 0; i < c->industries; i++) {
        const parts p = span_industry(s, i);

        add(&sum, &p);
    }
    sum.mix = without_noise(sum.mix, noise);
    sum.dunn = without_noise(sum.dunn, noise);
    sum.esteban = without_noise(sum.esteban, noise);
    sum.allocation = without_noise(sum.allocation, noise);
    return sum;
}

static size_t span_row(fd_table *t, const span *s, const char *industry)
{
    const fd_cube *c = s->cube;

    return fd_cube_row(t,
                       (const char *[]){ c->year[s->from], c->year[s->to],
                                         c->has_region ? c->region[s->region] : NULL, industry },
                       4);
}

static fd_table *new_table(const fd_cube *c, const char *id, const char *zh, const char *en,
                           const char *industry)
{
    return fd_cube_table(
        id, zh, en, (const char *[]){ "t0", "t1", c->has_region ? c->name[0] : NULL, industry }, 4);
}

/* ---- tables ---- */

/* Rows of all regions for one span; @return industries that had no log growth. */
static size_t change_rows(fd_table *t, size_t first, const fd_cube *c, size_t from, size_t to)
{
    size_t left_out = 0;

    for (size_t k = 0; k < c->regions; k++) {
        const span s = { c, k, from, to };
        fd_column **columns = t->columns + first;
        fd_shift change;
        parts p;
        size_t row;

        if (!c->shown[k])
            continue;
        row = span_row(t, &s, NULL);
        if (!span_known(&s))
            continue;
        p = span_parts(&s);
        put_parts(columns, row, &p);
        columns += PART_COLUMNS;
        if (fd_cube_shift(&change, fd_cube_at(c, k, from), fd_cube_at(c, k, to), c->industries)) {
            const double v[CHANGE_COLUMNS] = { change.lilien_avg, change.lilien_end,
                                               change.moore_cos,  change.moore_deg,
                                               change.nav,        200 * change.nav };

            for (size_t j = 0; j < CHANGE_COLUMNS; j++)
                fd_column_set_est(columns[j], row, v[j]);
            left_out += change.left_out;
        } else {
            for (size_t j = 0; j < CHANGE_COLUMNS; j++)
                fd_column_set_state(columns[j], row, FD_NA);
        }
    }
    return left_out;
}

static fd_table *change_table(const fd_cube *c, fd_regional_spans spans)
{
    fd_table *t =
        new_table(c, "shift_change", "偏离份额与结构变动", "Shift-share and change", NULL);
    const size_t first = t->column_count;
    size_t left_out = 0;

    fd_table_add_columns(t, part_specs, PART_COLUMNS);
    fd_table_add_columns(t, change_specs, CHANGE_COLUMNS);
    if (spans != FD_SPANS_STEPS)
        left_out += change_rows(t, first, c, 0, c->years - 1);
    for (size_t y = 0;
         y + 1 < c->years && (spans == FD_SPANS_STEPS || (spans == FD_SPANS_BOTH && c->years > 2));
         y++)
        left_out += change_rows(t, first, c, y, y + 1);
    if (left_out) {
        char zh[128], en[128];

        snprintf(zh, sizeof zh, "利林指数没有计入 %zu 处期初或期末为 0 的行业(没有对数增速)",
                 left_out);
        snprintf(en, sizeof en, "Lilien leaves out %zu industries at 0 at either end", left_out);
        fd_table_add_note(t, zh, en);
    }
    return t;
}

static fd_table *dynamic_table(const fd_cube *c)
{
    fd_table *t = new_table(c, "dynamic", "动态偏离份额", "Dynamic shift-share", NULL);
    const size_t first = t->column_count;

    fd_table_add_columns(t, part_specs, PART_COLUMNS);
    for (size_t k = 0; k < c->regions; k++) {
        const span whole = { c, k, 0, c->years - 1 };
        parts sum = { 0 };
        bool known = true;
        size_t row;

        if (!c->shown[k])
            continue;
        row = span_row(t, &whole, NULL);
        for (size_t y = 0; y + 1 < c->years && known; y++) {
            const span s = { c, k, y, y + 1 };

            if ((known = span_known(&s))) {
                const parts p = span_parts(&s);

                add(&sum, &p);
            }
        }
        if (known)
            put_parts(t->columns + first, row, &sum);
    }
    fd_table_add_note(t, "各年分解之和;与首末两年一次分解的分量不同,总变动相同",
                      "sums over the steps: other parts than the end points give, the same total");
    return t;
}

static fd_table *industries_table(const fd_cube *c)
{
    static const fd_column_spec levels[] = { { "e0", "期初", "Start", FD_EST, "", 0 },
                                             { "e1", "期末", "End", FD_EST, "", 0 } };
    fd_table *t =
        new_table(c, "industries", "分行业偏离份额", "Shift-share by industry", c->name[1]);
    const size_t first = t->column_count;

    fd_table_add_columns(t, levels, 2);
    fd_table_add_columns(t, part_specs, PART_COLUMNS);
    for (size_t k = 0; k < c->regions; k++) {
        const span s = { c, k, 0, c->years - 1 };

        if (!c->shown[k])
            continue;
        for (size_t i = 0; i < c->industries; i++) {
            const size_t row = span_row(t, &s, c->industry[i]);
            parts p;

            if (!span_known(&s))
                continue;
            p = span_industry(&s, i);
            fd_column_set_est(t->columns[first], row, fd_cube_at(c, k, s.from)[i]);
            fd_column_set_est(t->columns[first + 1], row, fd_cube_at(c, k, s.to)[i]);
            put_parts(t->columns + first + 2, row, &p);
        }
    }
    return t;
}

int fd_shift_share_run(fd_shift_share *out, const fd_table *in, const fd_regional_options *options)
{
    const fd_regional_options defaults = FD_REGIONAL_OPTIONS_INIT;
    const fd_regional_options *o = options ? options : &defaults;
    fd_cube c;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = fd_cube_read(&c, in, o)) < 0)
        return err;
    if (c.years < 2) {
        fd_error_set(FD_EINVAL, "只有一个年份:偏离份额要两个",
                     "one year only; shift-share needs two");
        err = fd_error_hint("用 --year 写年份的列", "name the column of years with --year");
        goto done;
    }
    out->shift_change = change_table(&c, o->spans);
    out->dynamic = dynamic_table(&c);
    out->industries = industries_table(&c);
    fd_cube_note(out->shift_change, &c);
    fd_cube_note(out->dynamic, &c);
    fd_cube_note(out->industries, &c);
done:
    fd_cube_dispose(&c);
    return err;
}

void fd_shift_share_dispose(fd_shift_share *r)
{
    fd_table_free(r->shift_change);
    fd_table_free(r->dynamic);
    fd_table_free(r->industries);
    memset(r, 0, sizeof *r);
}
