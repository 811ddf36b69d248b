/*
 * LMDI-I, additive and multiplicative, with the analytical limits at zeros.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/cube.h"
#include "analysis/terms.h"
#include "base/vec.h"
#include "fangding/arena.h"

double fd_log_mean(double a, double b)
{
    if (!(a > 0) || !(b > 0))
        return 0;
    const double z = (a - b) / b;

    /* The difference of two logarithms loses digits near 1, log1p does not; far from it b + a z
     * may overflow log1p's argument and the plain quotient is exact enough. */
    if (z > -0.5 && z < 1)
        return fabs(z) < 1e-300 ? a : b * (z / log1p(z));
    return (a - b) / log(a / b);
}

/* What one span of one group comes to. */
typedef struct effects {
    size_t group, from, to;
    double v0, v1;
    double *d, *log_r; /* of each factor; log_r is d / L, or its sum along a chain */
    double log_total;
    size_t switches, one_ended;
    bool unknown, undefined; /* a cell is missing; a factor of a term that is not 0 has no value */
} effects;

typedef fd_vec(effects) effect_list;

typedef struct work {
    fd_terms panel;
    fd_terms_plan plan;
    effect_list list;
    bool residual; /* some span is not exhausted by its factors */
} work;

/* One end is 0: the factors that are 0 there take the whole, else those without value. */
static bool switch_on(double *d, const double *x, size_t factors, double change)
{
    size_t zero = 0, none = 0;

    for (size_t k = 0; k < factors; k++) {
        zero += (size_t)(x[k] >= 0 && x[k] <= 0);
        none += (size_t)(isnan(x[k]) != 0);
    }
    for (size_t k = 0; k < factors; k++)
        if (zero ? x[k] >= 0 && x[k] <= 0 : isnan(x[k]))
            d[k] += change / (double)(zero ? zero : none);
    return zero + none > 0;
}

/* The part of one term in its group's effects. Rows are row + 1, or 0 where there is none. */
static void add_term(effects *e, double *d, const work *w, uint32_t row0, uint32_t row1)
{
    const size_t factors = w->plan.factor_count;
    const fd_terms *p = &w->panel;
    const double v0 = row0 ? p->value[row0 - 1] : 0, v1 = row1 ? p->value[row1 - 1] : 0;

    if ((row0 && p->unknown[row0 - 1]) || (row1 && p->unknown[row1 - 1])) {
        e->unknown = true;
        return;
    }
    e->v0 += v0;
    e->v1 += v1;
    if (v0 > 0 && v1 > 0) {
        const double *x0 = p->factor + (size_t)(row0 - 1) * factors;
        const double *x1 = p->factor + (size_t)(row1 - 1) * factors;
        const double mean = fd_log_mean(v1, v0);

        for (size_t k = 0; k < factors; k++) {
            const double ratio = x1[k] / x0[k];

            if (!(ratio > 0) || !isfinite(ratio)) {
                e->undefined = true;
                return;
            }
            d[k] += mean * log(ratio);
        }
    } else if (v0 > 0 || v1 > 0) {
        const uint32_t zero = v0 > 0 ? row1 : row0;

        e->switches++;
        if (!zero) {
            e->one_ended++;
            d[factors - 1] += v1 - v0;
        } else {
            (void)switch_on(d, p->factor + (size_t)(zero - 1) * factors, factors, v1 - v0);
        }
    }
}

static effects span_effects(const work *w, size_t group, size_t from, size_t to)
{
    const fd_terms *p = &w->panel;
    const size_t factors = w->plan.factor_count;
    effects e = { .group = group, .from = from, .to = to };
    double mean;

    e.d = fd_alloc(2 * factors * sizeof *e.d);
    e.log_r = e.d + factors;
    for (size_t i = 0; i < p->term.count && !e.unknown; i++) {
        const uint32_t *rows = p->row_of + (group * p->term.count + i) * p->time.count;

        if (rows[from] || rows[to])
            add_term(&e, e.d, w, rows[from], rows[to]);
    }
    mean = fd_log_mean(e.v1, e.v0);
    for (size_t k = 0; k < factors; k++)
        e.log_r[k] = e.d[k] / mean;
    e.log_total = log(e.v1 / e.v0);
    return e;
}

/* The ends of a chain from its steps. */
static void link_on(effects *chain, const effects *step, size_t factors)
{
    for (size_t k = 0; k < factors; k++) {
        chain->d[k] += step->d[k];
        chain->log_r[k] += step->log_r[k];
    }
    chain->to = step->to;
    chain->v1 = step->v1;
    chain->log_total += step->log_total;
    chain->switches += step->switches;
    chain->one_ended += step->one_ended;
    chain->unknown |= step->unknown;
    chain->undefined |= step->undefined;
}

static bool has_rows(const fd_terms *p, size_t group, size_t time)
{
    for (size_t i = 0; i < p->term.count; i++)
        if (p->row_of[(group * p->term.count + i) * p->time.count + time])
            return true;
    return false;
}

static void group_effects(work *w, size_t group, fd_lmdi_spans spans)
{
    const fd_terms *p = &w->panel;
    size_t *times = fd_alloc(p->time.count * sizeof *times + 1), count = 0;

    for (size_t t = 0; t < p->time.count; t++)
        if (has_rows(p, group, t))
            times[count++] = t;
    if (count >= 2 && (spans == FD_LMDI_ENDS || spans == FD_LMDI_BOTH))
        fd_vec_push(&w->list, span_effects(w, group, times[0], times[count - 1]));
    for (size_t k = 0; k + 1 < count; k++) {
        effects e;

        if (spans == FD_LMDI_ENDS || (spans == FD_LMDI_BOTH && count == 2))
            break;
        e = span_effects(w, group, times[k], times[k + 1]);
        if (spans == FD_LMDI_CHAINED && k > 0) {
            link_on(&w->list.items[w->list.count - 1], &e, w->plan.factor_count);
            free(e.d);
        } else {
            fd_vec_push(&w->list, e);
        }
    }
    free(times);
}

/* What the factors leave of the change. */
static double residual_of(const effects *e, size_t factors)
{
    double sum = 0;

    for (size_t k = 0; k < factors; k++)
        sum += e->d[k];
    return e->v1 - e->v0 - sum;
}

/* ---- tables ---- */

static char *cell_text(const fd_column *c, size_t row)
{
    char buf[32];

    if (c->kind == FD_TEXT || c->kind == FD_CODE)
        return fd_strdup(fd_column_text_or(c, row, ""));
    snprintf(buf, sizeof buf, "%.15g", fd_number_to_double(fd_column_number(c, row)));
    return fd_strdup(buf);
}

static fd_column *add_number(fd_table *t, const char *prefix, const char *name, const char *zh,
                             const char *en)
{
    char id[256], title[2][256];

    snprintf(id, sizeof id, "%s%s", prefix, name);
    snprintf(title[0], sizeof title[0], "%s:%s", zh, name);
    snprintf(title[1], sizeof title[1], "%s: %s", en, name);
    return fd_table_add_new(t, id, title[0], title[1], FD_EST, "", 0);
}

static void add_spans(fd_table *t)
{
    fd_table_add_new(t, "t0", "从", "From", FD_TEXT, "", 0);
    fd_table_add_new(t, "t1", "到", "To", FD_TEXT, "", 0);
}

static void add_groups(fd_table *t, const work *w)
{
    for (size_t k = 0; k < w->plan.by_count; k++)
        fd_table_add_new(t, w->plan.by[k], w->plan.by[k], w->plan.by[k], FD_TEXT, "", 0);
}

static void put_groups(fd_table *t, size_t row, const work *w, const fd_table *in, size_t group)
{
    for (size_t k = 0; k < w->plan.by_count; k++) {
        char *text =
            cell_text(in->columns[fd_table_find(in, w->plan.by[k])], w->panel.group_row[group]);

        fd_column_set_text(t->columns[k], row, text);
        free(text);
    }
}

/* A number, or: unknown leaves the cell empty, undefined is not applicable. */
static void put(fd_column *c, size_t row, const effects *e, double value)
{
    if (e->unknown)
        return;
    if (e->undefined || !isfinite(value))
        fd_column_set_state(c, row, FD_NA);
    else
        fd_column_set_est(c, row, value);
}

/* Additive effects from column `at`, ratios behind them; the residual last when there is one. */
static void put_effects(fd_table *t, size_t row, size_t at, const work *w, const effects *e)
{
    const size_t factors = w->plan.factor_count, step = 1 + factors + w->residual;
    const double residual = residual_of(e, factors), *d = e->d;
    double log_residual = e->log_total;

    put(t->columns[at], row, e, e->v1 - e->v0);
    put(t->columns[at + step], row, e, exp(e->log_total));
    for (size_t k = 0; k < factors; k++) {
        put(t->columns[at + 1 + k], row, e, d[k]);
        put(t->columns[at + step + 1 + k], row, e, e->v0 > 0 && e->v1 > 0 ? exp(e->log_r[k]) : NAN);
        log_residual -= e->log_r[k];
    }
    if (w->residual) {
        put(t->columns[at + 1 + factors], row, e, residual);
        put(t->columns[at + step + 1 + factors], row, e, exp(log_residual));
    }
    if (!e->unknown)
        fd_column_set_est(t->columns[at + 2 * step], row, (double)e->switches);
}

static fd_table *effects_table(const work *w, const fd_table *in)
{
    fd_table *t = fd_table_new("effects", "因素分解", "Decomposition");
    size_t first;

    add_groups(t, w);
    add_spans(t);
    first = t->column_count;
    for (int ratio = 0; ratio < 2; ratio++) {
        const char *prefix = ratio ? "r_" : "d_", *zh = ratio ? "倍数" : "增量";
        const char *en = ratio ? "Ratio" : "Change";

        add_number(t, prefix, "total", zh, en);
        for (size_t k = 0; k < w->plan.factor_count; k++)
            add_number(t, prefix, w->plan.factors[k].name, zh, en);
        if (w->residual)
            add_number(t, prefix, "residual", zh, en);
    }
    fd_table_add_new(t, "n_zero_switch", "一端为零的项", "Switched terms", FD_EST, "", 0);
    for (size_t i = 0; i < w->list.count; i++) {
        const effects *e = &w->list.items[i];
        const size_t row = fd_table_add_row(t);

        put_groups(t, row, w, in, e->group);
        fd_column_set_text(t->columns[first - 2], row, w->panel.times[e->from]);
        fd_column_set_text(t->columns[first - 1], row, w->panel.times[e->to]);
        put_effects(t, row, first, w, e);
    }
    return t;
}

/* The same turned: a row for each factor. */
static fd_table *factors_table(const work *w, const fd_table *in, const fd_table *wide)
{
    const bool alone = w->list.count == 1 && !w->plan.by_count;
    const size_t lines = 1 + w->plan.factor_count + w->residual, from = w->plan.by_count + 2;
    fd_table *t = fd_table_new("factors", "各因素的作用", "Factors");
    size_t lead;

    if (!alone) {
        add_groups(t, w);
        add_spans(t);
    }
    lead = t->column_count;
    fd_table_add_new(t, "factor", "因素", "Factor", FD_TEXT, "", 0);
    fd_table_add_new(t, "additive", "增量", "Additive", FD_EST, "", 0);
    fd_table_add_new(t, "multiplicative", "倍数", "Multiplicative", FD_EST, "", 0);
    for (size_t i = 0; i < w->list.count; i++)
        for (size_t k = 0; k < lines; k++) {
            const size_t row = fd_table_add_row(t);

            if (!alone) {
                put_groups(t, row, w, in, w->list.items[i].group);
                fd_column_set_text(t->columns[lead - 2], row,
                                   w->panel.times[w->list.items[i].from]);
                fd_column_set_text(t->columns[lead - 1], row, w->panel.times[w->list.items[i].to]);
            }
            fd_column_set_text(t->columns[lead], row, wide->columns[from + k]->id + 2);
            for (size_t half = 0; half < 2; half++) {
                const fd_column *c = wide->columns[from + half * lines + k];

                if (fd_column_state(c, i) == FD_HAS)
                    fd_column_set_est(t->columns[lead + 1 + half], row, c->v.est[i]);
                else
                    fd_column_set_state(t->columns[lead + 1 + half], row, fd_column_state(c, i));
            }
        }
    return t;
}

/* Every term of every span that is no chain. */
static fd_table *terms_table(const work *w, const fd_table *in)
{
    fd_table *t = fd_table_new("terms", "各项的作用", "Terms");
    const fd_terms *p = &w->panel;
    const size_t factors = w->plan.factor_count, groups = w->plan.by_count;
    size_t names = 0, first;
    size_t *columns = fd_alloc(in->column_count * sizeof *columns + 1);

    add_groups(t, w);
    for (size_t c = 0; c < in->column_count; c++)
        if (fd_terms_is_name(&w->plan, c) && fd_table_find(t, in->columns[c]->id) < 0 &&
            !(w->plan.time && strcmp(w->plan.time, in->columns[c]->id) == 0)) {
            columns[names++] = c;
            fd_table_add_new(t, in->columns[c]->id, in->columns[c]->id, in->columns[c]->id, FD_TEXT,
                             "", 0);
        }
    add_spans(t);
    first = t->column_count;
    fd_table_add_new(t, "v0", "期初", "Start", FD_EST, "", 0);
    fd_table_add_new(t, "v1", "期末", "End", FD_EST, "", 0);
    for (size_t k = 0; k < factors; k++)
        add_number(t, "d_", w->plan.factors[k].name, "增量", "Change");
    for (size_t i = 0; i < w->list.count; i++)
        for (size_t j = 0; j < p->term.count; j++) {
            const effects *of = &w->list.items[i];
            const uint32_t *rows = p->row_of + (of->group * p->term.count + j) * p->time.count;
            effects e = { 0 };
            double *d;
            size_t row;

            if (!rows[of->from] && !rows[of->to])
                continue;
            d = fd_alloc(factors * sizeof *d);
            add_term(&e, d, w, rows[of->from], rows[of->to]);
            row = fd_table_add_row(t);
            put_groups(t, row, w, in, of->group);
            for (size_t k = 0; k < names; k++) {
                char *text = cell_text(in->columns[columns[k]], p->term_row[j]);

                fd_column_set_text(t->columns[groups + k], row, text);
                free(text);
            }
            fd_column_set_text(t->columns[first - 2], row, p->times[of->from]);
            fd_column_set_text(t->columns[first - 1], row, p->times[of->to]);
            put(t->columns[first], row, &e, e.v0);
            put(t->columns[first + 1], row, &e, e.v1);
            for (size_t k = 0; k < factors; k++)
                put(t->columns[first + 2 + k], row, &e, d[k]);
            free(d);
        }
    free(columns);
    return t;
}

/* What a reader must know, below the table. */
static void add_notes(fd_table *t, const work *w, fd_lmdi_spans spans)
{
    const size_t factors = w->plan.factor_count;
    size_t one_ended = 0, unknown = 0, undefined = 0;
    double most = 0;
    char zh[256], en[256];

    for (size_t i = 0; i < w->list.count; i++) {
        const effects *e = &w->list.items[i];
        const double size = fmax(e->v0, e->v1);

        one_ended += e->one_ended;
        unknown += e->unknown;
        undefined += !e->unknown && e->undefined;
        if (!e->unknown && !e->undefined && size > 0)
            most = fmax(most, fabs(residual_of(e, factors)) / size);
    }
    fd_table_add_note(t,
                      spans == FD_LMDI_CHAINED ? "LMDI-I,逐期相连:各期增量相加、倍数相乘"
                                               : "LMDI-I;首末一次分解与逐期相连的结果不同",
                      spans == FD_LMDI_CHAINED ? "LMDI-I, chained: effects added, ratios multiplied"
                                               : "LMDI-I; end points and chains differ");
    snprintf(zh, sizeof zh, "%s:最大残差是总量的 %.2g",
             w->residual ? "各因素相乘不等于总量" : "分解无残差", most);
    snprintf(en, sizeof en, "%s: the largest residual is %.2g of the value",
             w->residual ? "the factors do not multiply to the value" : "nothing is left over",
             most);
    fd_table_add_note(t, zh, en);
    if (one_ended) {
        snprintf(zh, sizeof zh, "%zu 项只在一端有行,变化计入最后一个因素 %s", one_ended,
                 w->plan.factors[factors - 1].name);
        snprintf(en, sizeof en, "%zu terms have a row at one end only: their change is in %s",
                 one_ended, w->plan.factors[factors - 1].name);
        fd_table_add_note(t, zh, en);
    }
    if (unknown) {
        snprintf(zh, sizeof zh, "%zu 个期间有缺报的格,不能分解", unknown);
        snprintf(en, sizeof en, "%zu spans have missing cells", unknown);
        fd_table_add_note(t, zh, en);
    }
    if (undefined) {
        snprintf(zh, sizeof zh, "%zu 个期间有不为零的项,其因素为零或没有值,不能分解", undefined);
        snprintf(en, sizeof en, "%zu spans: a factor of a term that is not 0 is 0 or has no value",
                 undefined);
        fd_table_add_note(t, zh, en);
    }
}

int fd_lmdi_names(const char ***out, size_t *count, const fd_table *in,
                  const fd_lmdi_options *options)
{
    fd_terms_plan plan;
    int err = fd_terms_plan_make(&plan, in, options);

    if (err < 0)
        return err;
    *out = fd_alloc((in->column_count + 1) * sizeof **out);
    *count = 0;
    for (size_t c = 0; c < in->column_count; c++)
        if (fd_terms_is_name(&plan, c))
            (*out)[(*count)++] = in->columns[c]->id;
    fd_terms_plan_dispose(&plan);
    return 0;
}

int fd_lmdi_run(fd_lmdi *out, const fd_table *in, const fd_lmdi_options *options)
{
    const fd_lmdi_options defaults = FD_LMDI_OPTIONS_INIT;
    const fd_lmdi_options *o = options ? options : &defaults;
    work w = { 0 };
    int err;

    memset(out, 0, sizeof *out);
    if ((err = fd_terms_plan_make(&w.plan, in, o)) < 0 ||
        (err = fd_terms_read(&w.panel, in, &w.plan)) < 0)
        goto done;
    for (size_t g = 0; g < w.panel.group.count; g++)
        group_effects(&w, g, o->spans);
    if (!w.list.count) {
        err = fd_error_set(FD_EINVAL, "只有一个时间:分解要两个", "one time only; needs two");
        goto done;
    }
    for (size_t i = 0; i < w.list.count; i++) {
        const effects *e = &w.list.items[i];

        w.residual |= !e->unknown && !e->undefined &&
                      fabs(residual_of(e, w.plan.factor_count)) > 1e-9 * fmax(e->v0, e->v1);
    }
    out->effects = effects_table(&w, in);
    out->factors = factors_table(&w, in, out->effects);
    add_notes(out->effects, &w, o->spans);
    add_notes(out->factors, &w, o->spans);
    if (o->terms && o->spans != FD_LMDI_CHAINED)
        out->terms = terms_table(&w, in);
done:
    for (size_t i = 0; i < w.list.count; i++)
        free(w.list.items[i].d);
    fd_vec_dispose(&w.list);
    fd_terms_dispose(&w.panel);
    fd_terms_plan_dispose(&w.plan);
    return err;
}

void fd_lmdi_dispose(fd_lmdi *r)
{
    fd_table_free(r->effects);
    fd_table_free(r->factors);
    fd_table_free(r->terms);
    memset(r, 0, sizeof *r);
}
