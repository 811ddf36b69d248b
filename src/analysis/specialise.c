/*
 * Specialisation of regions, and their structure over time.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/cube.h"
#include "base/map.h"
#include "base/str.h"
#include "base/utf8.h"
#include "fangding/arena.h"

/* How shares s stand to shares r. */
typedef struct comparison {
    double hhi, krugman, entropy, theil, hachman;
    bool outside; /* some s > 0 where r = 0: theil and hachman have no value */
} comparison;

static bool compare(comparison *out, const double *e, const double *n, size_t count)
{
    const double total = fd_cube_sum(e, count), whole = fd_cube_sum(n, count);
    double weight = 0;

    memset(out, 0, sizeof *out);
    if (!(total > 0) || !(whole > 0))
        return false;
    for (size_t i = 0; i < count; i++) {
        const double s = e[i] / total, r = n[i] / whole;

        out->hhi += s * s;
        out->krugman += fabs(s - r);
        if (!(s > 0))
            continue;
        out->entropy -= s * log(s);
        if (r > 0) {
            out->theil += s * log(s / r);
            weight += s * s / r;
        } else {
            out->outside = true;
        }
    }
    out->hachman = weight > 0 ? 1 / weight : 0;
    return true;
}

/* A value, or why there is none: unknown operands give 缺报, no meaning 不适用. */
static void put(fd_column *c, size_t row, double value, bool known, bool applies)
{
    if (!known)
        return;
    if (applies && isfinite(value))
        fd_column_set_est(c, row, value);
    else
        fd_column_set_state(c, row, FD_NA);
}

static bool year_wanted(const fd_cube *c, const fd_regional_options *o, size_t t)
{
    return !o->ends || t == 0 || t + 1 == c->years;
}

/* ---- specialise ---- */

static fd_table *lq_table(const fd_cube *c, const fd_regional_options *o)
{
    const char *const names[] = { c->name[2], c->has_region ? c->name[0] : NULL, c->name[1] };
    fd_table *t = fd_cube_table("lq", "区位商", "Location quotients", names, 3);
    fd_column *lq = fd_table_add_new(t, "lq", "区位商", "LQ", FD_EST, "", 0);

    lq->digits = 3;
    for (size_t y = 0; y < c->years; y++)
        for (size_t k = 0; k < c->regions; k++) {
            const double *e = fd_cube_at(c, k, y), *n = c->reference + y * c->industries;
            const double total = fd_cube_sum(e, c->industries),
                         whole = fd_cube_sum(n, c->industries);
            const bool known = fd_cube_known(c, (ptrdiff_t)k, y) && fd_cube_known(c, -1, y);

            if (!c->shown[k] || !c->there[k * c->years + y] || !year_wanted(c, o, y))
                continue;
            for (size_t i = 0; i < c->industries; i++) {
                const char *const leading[] = { c->name[2] ? c->year[y] : NULL,
                                                c->has_region ? c->region[k] : NULL,
                                                c->industry[i] };

                put(lq, fd_cube_row(t, leading, 3), e[i] / total / (n[i] / whole), known,
                    total > 0 && n[i] > 0);
            }
        }
    return t;
}

static fd_table *measures_table(const fd_cube *c, const fd_regional_options *o)
{
    static const fd_column_spec specs[] = {
        { "hhi", "赫芬达尔", "HHI", FD_EST, "", 0 },
        { "krugman", "克鲁格曼", "Krugman", FD_EST, "", 0 },
        { "krugman_half", "克鲁格曼之半", "Krugman/2", FD_EST, "", 0 },
        { "entropy_nat", "熵", "Entropy", FD_EST, "", 0 },
        { "theil_rel", "相对泰尔", "Theil", FD_EST, "", 0 },
        { "hachman", "哈克曼", "Hachman", FD_EST, "", 0 },
    };
    const size_t count = sizeof specs / sizeof *specs;
    const char *const names[] = { c->name[2], c->has_region ? c->name[0] : NULL };
    fd_table *t = fd_cube_table("specialisation", "专业化", "Specialisation", names, 2);
    const size_t first = t->column_count;

    fd_table_add_columns(t, specs, count);
    for (size_t y = 0; y < c->years; y++)
        for (size_t k = 0; k < c->regions; k++) {
            const char *const leading[] = { c->name[2] ? c->year[y] : NULL,
                                            c->has_region ? c->region[k] : NULL };
            const bool own = fd_cube_known(c, (ptrdiff_t)k, y);
            const bool known = own && fd_cube_known(c, -1, y);
            comparison m;
            size_t row;
            bool any;

            if (!c->shown[k] || !c->there[k * c->years + y] || !year_wanted(c, o, y))
                continue;
            any = compare(&m, fd_cube_at(c, k, y), c->reference + y * c->industries, c->industries);
            row = fd_cube_row(t, leading, 2);
            put(t->columns[first], row, m.hhi, own, any);
            put(t->columns[first + 1], row, m.krugman, known, any);
            put(t->columns[first + 2], row, m.krugman / 2, known, any);
            put(t->columns[first + 3], row, m.entropy, own, any);
            put(t->columns[first + 4], row, m.theil, known, any && !m.outside);
            put(t->columns[first + 5], row, m.hachman, known, any && !m.outside);
        }
    return t;
}

int fd_specialise(fd_specialisation *out, const fd_table *in, const fd_regional_options *options)
{
    const fd_regional_options defaults = FD_REGIONAL_OPTIONS_INIT;
    const fd_regional_options *o = options ? options : &defaults;
    fd_cube c;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = fd_cube_read(&c, in, o)) < 0)
        return err;
    out->lq = lq_table(&c, o);
    out->specialisation = measures_table(&c, o);
    fd_cube_note(out->lq, &c);
    fd_cube_note(out->specialisation, &c);
    fd_cube_dispose(&c);
    return 0;
}

void fd_specialisation_dispose(fd_specialisation *r)
{
    fd_table_free(r->lq);
    fd_table_free(r->specialisation);
    memset(r, 0, sizeof *r);
}

/* ---- structure over time ---- */

/* Entropy between groups of industries that share `length` leading characters. */
static double entropy_between(const fd_cube *c, const double *e, size_t length)
{
    const double total = fd_cube_sum(e, c->industries);
    fd_map *groups = fd_map_new();
    double *share = fd_alloc(c->industries * sizeof *share + 1), between = 0;

    for (size_t i = 0; i < c->industries; i++) {
        const char *code = c->industry[i];
        const size_t all = strlen(code);
        size_t to = 0, g;

        for (size_t k = 0; k < length && to < all; k++)
            (void)fd_utf8_next(code, all, &to);
        g = (size_t)fd_map_intern(groups, (fd_view){ code, to }, fd_map_count(groups));
        share[g] += e[i] / total;
    }
    for (size_t g = 0; g < fd_map_count(groups); g++)
        between -= share[g] > 0 ? share[g] * log(share[g]) : 0;
    fd_map_free(groups);
    free(share);
    return between;
}

enum {
    N,
    TOTAL,
    HHI,
    INV_HHI,
    ENTROPY,
    BITS,
    UNRELATED,
    RELATED,
    KRUGMAN,
    THEIL,
    HACHMAN,
    LILIEN_AVG,
    LILIEN_END,
    MOORE_COS,
    MOORE_DEG,
    NAV,
    K_VALUE,
    STRUCTURE_COLUMNS
};

static const fd_column_spec structure_specs[STRUCTURE_COLUMNS] = {
    { "n", "行业数", "Industries", FD_EST, "", 0 },
    { "total", "合计", "Total", FD_EST, "", 0 },
    { "hhi", "赫芬达尔", "HHI", FD_EST, "", 0 },
    { "inv_hhi", "有效行业数", "1/HHI", FD_EST, "", 0 },
    { "entropy_nat", "熵(自然对数)", "Entropy, nat", FD_EST, "", 0 },
    { "entropy_bits", "熵(比特)", "Entropy, bits", FD_EST, "", 0 },
    { "unrelated_variety_bits", "无关多样性", "Unrelated variety", FD_EST, "", 0 },
    { "related_variety_bits", "相关多样性", "Related variety", FD_EST, "", 0 },
    { "krugman", "克鲁格曼", "Krugman", FD_EST, "", 0 },
    { "theil_rel", "相对泰尔", "Theil", FD_EST, "", 0 },
    { "hachman", "哈克曼", "Hachman", FD_EST, "", 0 },
    { "lilien_avg", "利林(均值)", "Lilien, mean", FD_EST, "", 0 },
    { "lilien_end", "利林(期末)", "Lilien, end", FD_EST, "", 0 },
    { "moore_cos", "摩尔余弦", "Moore, cosine", FD_EST, "", 0 },
    { "moore_deg", "摩尔角", "Moore, angle", FD_EST, "°", 0 },
    { "nav", "结构变动(NAV)", "NAV", FD_EST, "", 0 },
    { "k_value_pct", "K 值", "K value", FD_EST, "%", 0 },
};

static void put_structure(fd_column **columns, size_t row, const fd_cube *c,
                          const fd_regional_options *o, size_t region, size_t year)
{
    const double *e = fd_cube_at(c, region, year);
    const bool own = fd_cube_known(c, (ptrdiff_t)region, year);
    const bool known = own && fd_cube_known(c, -1, year), alone = c->nation < 0 && c->regions == 1;
    const bool before = year > 0 && c->there[region * c->years + year - 1];
    double v[STRUCTURE_COLUMNS] = { 0 };
    comparison m;
    fd_shift s = { 0 };
    bool any, changed = false;

    any = compare(&m, e, c->reference + year * c->industries, c->industries);
    if (before)
        changed = fd_cube_shift(&s, fd_cube_at(c, region, year - 1), e, c->industries);
    for (size_t i = 0; i < c->industries; i++)
        v[N] += e[i] > 0;
    v[TOTAL] = fd_cube_sum(e, c->industries);
    v[HHI] = m.hhi;
    v[INV_HHI] = 1 / m.hhi;
    v[ENTROPY] = m.entropy;
    v[BITS] = m.entropy / M_LN2;
    v[UNRELATED] = any ? entropy_between(c, e, o->group) / M_LN2 : 0;
    v[RELATED] = v[BITS] - v[UNRELATED];
    v[KRUGMAN] = m.krugman;
    v[THEIL] = m.theil;
    v[HACHMAN] = m.hachman;
    v[LILIEN_AVG] = s.lilien_avg;
    v[LILIEN_END] = s.lilien_end;
    v[MOORE_COS] = s.moore_cos;
    v[MOORE_DEG] = s.moore_deg;
    v[NAV] = s.nav;
    v[K_VALUE] = 200 * s.nav;
    for (int k = 0; k < STRUCTURE_COLUMNS; k++)
        if (k <= TOTAL)
            put(columns[k], row, v[k], own, true);
        else if (k < KRUGMAN)
            put(columns[k], row, v[k], own, any);
        else if (k <= HACHMAN)
            put(columns[k], row, v[k], known, any && !alone && (k == KRUGMAN || !m.outside));
        else
            put(columns[k], row, v[k],
                own && (!before || fd_cube_known(c, (ptrdiff_t)region, year - 1)), changed);
}

int fd_structure_run(fd_table **out, const fd_table *in, const fd_regional_options *options)
{
    const fd_regional_options defaults = FD_REGIONAL_OPTIONS_INIT;
    const fd_regional_options *o = options ? options : &defaults;
    fd_cube c;
    fd_table *t;
    size_t first;
    int err;

    if ((err = fd_cube_read(&c, in, o)) < 0)
        return err;
    t = fd_cube_table("structure", "产业结构", "Structure",
                      (const char *[]){ c.has_region ? c.name[0] : NULL, c.name[2] }, 2);
    first = t->column_count;
    fd_table_add_columns(t, structure_specs, STRUCTURE_COLUMNS);
    for (size_t k = 0; k < c.regions; k++)
        for (size_t y = 0; c.shown[k] && y < c.years; y++)
            if (c.there[k * c.years + y]) {
                const char *const leading[] = { c.has_region ? c.region[k] : NULL,
                                                c.name[2] ? c.year[y] : NULL };

                put_structure(t->columns + first, fd_cube_row(t, leading, 2), &c, o, k, y);
            }
    if (c.nation < 0 && c.regions == 1)
        fd_table_add_note(t, "只有一个地区,没有参照可比",
                          "one region alone: nothing to compare with");
    else
        fd_cube_note(t, &c);
    fd_cube_dispose(&c);
    *out = t;
    return 0;
}
