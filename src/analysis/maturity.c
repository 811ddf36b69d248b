/*
 * Maturity by self-assessment: claims, what is known of them, roll-up.
 */
#include "fangding/maturity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "fangding/arena.h"

enum { KNOWN, NO_LEVEL, NO_EVIDENCE, NO_DATE, EXPIRED };

static const char *const state_names[] = { "known", "no level", "no evidence", "no date",
                                           "expired" };

typedef struct claim {
    size_t unit, item;
    double level; /* NaN: none */
    int state;
    fd_date expires; /* FD_DATE_NONE: none */
} claim;

typedef struct unit {
    const char *id;
    size_t group; /* SIZE_MAX: none */
    double weight;
    size_t claims, known, weakest;
    double sum, share, lowest; /* weight × level and weight of known items; lowest known level */
} unit;

typedef struct work {
    const fd_maturity_options *o;
    const fd_table *in;
    const fd_column *id, *item, *level, *evidence, *expires, *item_weight, *by, *weight;
    fd_map *units, *items, *groups;
    claim *claim;
    unit *unit;
    double *importance; /* of items */
    double total;       /* of importance */
} work;

static const fd_column *optional(const fd_table *in, const char *name)
{
    const int at = fd_table_find(in, name);

    return at < 0 ? NULL : in->columns[at];
}

static bool is_number(const fd_column *c)
{
    return c && (c->kind == FD_EST || c->kind == FD_DEC || c->kind == FD_QUOT);
}

static bool is_text(const fd_column *c)
{
    return c && (c->kind == FD_TEXT || c->kind == FD_CODE);
}

static int find_columns(work *w)
{
    static const char *const groups[] = { "group", "chain", "county" };
    static const char *const needed[] = { "id", "item", "level", "evidence", "expires" };
    const fd_table *in = w->in;

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (fd_table_find(in, needed[i]) < 0)
            return fd_error_set(FD_ENOTFOUND, "没有这一列:%s", "no such column: %s", needed[i]);
    w->id = optional(in, "id");
    w->item = optional(in, "item");
    w->level = optional(in, "level");
    w->evidence = optional(in, "evidence");
    w->expires = optional(in, "expires");
    w->item_weight = optional(in, "item_weight");
    w->by = w->o->by ? optional(in, w->o->by) : NULL;
    w->weight = optional(in, w->o->weight ? w->o->weight : "output");
    if ((w->o->by && !w->by) || (w->o->weight && !w->weight))
        return fd_error_set(FD_ENOTFOUND, "没有这一列:%s", "no such column: %s",
                            w->o->by && !w->by ? w->o->by : w->o->weight);
    for (size_t i = 0; i < 3 && !w->by && !w->o->by; i++)
        w->by = optional(in, groups[i]);
    if (!is_text(w->id) || !is_text(w->item) || !is_text(w->expires) || (w->by && !is_text(w->by)))
        return fd_error_set(FD_EINVAL, "id、item、expires 和分组列应是文字",
                            "id, item, expires and the group should be texts");
    if (!is_number(w->level) || (w->item_weight && !is_number(w->item_weight)) ||
        (w->weight && !is_number(w->weight)))
        return fd_error_set(FD_EINVAL, "level 和权重列应是数",
                            "level and weights should be numbers");
    return 0;
}

static double number_of(const fd_column *c, size_t row, double otherwise)
{
    return c && fd_column_state(c, row) == FD_HAS ? fd_number_to_double(fd_column_number(c, row))
                                                  : otherwise;
}

static int out_of_range(size_t row, const char *column, double value)
{
    return fd_error_set(FD_EINVAL, "第 %zu 行的 %s 不在范围里:%g",
                        "row %zu: %s is out of range: %g", row + 2, column, value);
}

/* Level, evidence and date of a row; what is not known is said, in this order. */
static int read_claim(claim *c, const work *w, size_t row)
{
    const char *day = fd_column_text_or(w->expires, row, "");

    c->level = number_of(w->level, row, NAN);
    c->expires = FD_DATE_NONE;
    if (c->level < 0 || c->level > w->o->top)
        return out_of_range(row, "level", c->level);
    if (day[0] && fd_date_parse(&c->expires, day, strlen(day)) < 0) {
        fd_error_set(FD_EINVAL, "第 %zu 行的 expires 不是日期:%s",
                     "row %zu: expires is no date: %s", row + 2, day);
        return FD_EINVAL;
    }
    c->state = isnan(c->level)                               ? NO_LEVEL
               : fd_column_state(w->evidence, row) != FD_HAS ? NO_EVIDENCE
               : c->expires == FD_DATE_NONE                  ? NO_DATE
               : c->expires < w->o->at                       ? EXPIRED
                                                             : KNOWN;
    return 0;
}

/* A unit's group and weight, which all its rows must agree on. */
static int read_unit(unit *u, const work *w, size_t row, bool first)
{
    const char *group = w->by ? fd_column_text_or(w->by, row, "") : "";
    const double weight = w->weight ? number_of(w->weight, row, NAN) : 1;
    const size_t at =
        group[0] ? (size_t)fd_map_intern(w->groups, fd_view_of(group), fd_map_count(w->groups))
                 : SIZE_MAX;

    if (w->weight && weight < 0)
        return out_of_range(row, w->weight->id, weight);
    if (first) {
        u->group = at;
        u->weight = weight;
        u->lowest = INFINITY;
        u->weakest = SIZE_MAX;
    } else if (u->group != at || (u->weight != weight && !(isnan(u->weight) && isnan(weight)))) {
        return fd_error_set(FD_EINVAL, "第 %zu 行:%s 的分组或权重与它前面的行不同",
                            "row %zu: the group or weight of %s differs from its rows before",
                            row + 2, u->id);
    }
    return 0;
}

static int read_rows(work *w)
{
    fd_map *pairs = fd_map_new();
    int err = 0;

    for (size_t r = 0; r < w->in->rows && err == 0; r++) {
        const char *id = fd_column_text_or(w->id, r, ""), *item = fd_column_text_or(w->item, r, "");
        claim *c = &w->claim[r];
        bool first;
        char key[64];

        if (!id[0] || !item[0]) {
            err = fd_error_set(FD_EINVAL, "第 %zu 行没有 id 或 item", "row %zu has no id or item",
                               r + 2);
            break;
        }
        first = !fd_map_get(w->units, fd_view_of(id), &(uint64_t){ 0 });
        c->unit = (size_t)fd_map_intern(w->units, fd_view_of(id), fd_map_count(w->units));
        c->item = (size_t)fd_map_intern(w->items, fd_view_of(item), fd_map_count(w->items));
        snprintf(key, sizeof key, "%zu %zu", c->unit, c->item);
        if (!fd_map_set(pairs, fd_view_of(key), r)) {
            err = fd_error_set(FD_EINVAL, "第 %zu 行:%s 的 %s 报了两次",
                               "row %zu: %s claims %s twice", r + 2, id, item);
            break;
        }
        w->unit[c->unit].id = fd_column_text(w->id, r);
        if ((err = read_unit(&w->unit[c->unit], w, r, first)) < 0 ||
            (err = read_claim(c, w, r)) < 0)
            break;
        w->importance[c->item] = number_of(w->item_weight, r, 1);
        if (w->importance[c->item] < 0)
            err = out_of_range(r, "item_weight", w->importance[c->item]);
    }
    fd_map_free(pairs);
    return err;
}

static void add_up(work *w)
{
    for (size_t k = 0; k < fd_map_count(w->items); k++)
        w->total += w->importance[k];
    for (size_t r = 0; r < w->in->rows; r++) {
        const claim *c = &w->claim[r];
        unit *u = &w->unit[c->unit];

        u->claims++;
        if (c->state != KNOWN)
            continue;
        u->known++;
        u->share += w->importance[c->item];
        u->sum += w->importance[c->item] * c->level;
        if (c->level < u->lowest) {
            u->lowest = c->level;
            u->weakest = c->item;
        }
    }
}

static void put(fd_table *t, size_t column, size_t row, double value)
{
    if (isfinite(value))
        fd_column_set_est(t->columns[column], row, value);
}

static void put_claims(fd_maturity *out, const work *w)
{
    static const fd_column_spec specs[] = {
        { "id", "单位", "Unit", FD_TEXT, NULL, 0 },
        { "item", "项目", "Item", FD_TEXT, NULL, 0 },
        { "level", "自评等级", "Level claimed", FD_EST, NULL, 0 },
        { "state", "状态", "State", FD_TEXT, NULL, 0 },
        { "expires", "有效期至", "Expires", FD_DATE, NULL, 0 },
    };
    fd_table *t = out->claims = fd_table_new("claims", "自评与凭据", "Claims and evidence");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t r = 0; r < w->in->rows; r++) {
        const claim *c = &w->claim[r];
        const size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, fd_map_key(w->units, c->unit).ptr);
        fd_column_set_text(t->columns[1], row, fd_map_key(w->items, c->item).ptr);
        put(t, 2, row, c->level);
        fd_column_set_text(t->columns[3], row, state_names[c->state]);
        if (c->expires != FD_DATE_NONE)
            fd_column_set_day(t->columns[4], row, c->expires);
    }
}

static double level_of(const unit *u)
{
    return u->share > 0 ? u->sum / u->share : NAN;
}

static void put_units(fd_maturity *out, const work *w)
{
    static const fd_column_spec specs[] = {
        { "id", "单位", "Unit", FD_TEXT, NULL, 0 },
        { "level", "等级", "Level", FD_EST, NULL, 0 },
        { "coverage", "有凭据的比重", "Coverage", FD_EST, NULL, 0 },
        { "level_low", "等级下限", "Lowest", FD_EST, NULL, 0 },
        { "level_high", "等级上限", "Highest", FD_EST, NULL, 0 },
        { "known", "有效项", "Known items", FD_EST, NULL, 0 },
        { "claims", "自评项", "Claims", FD_EST, NULL, 0 },
        { "next", "下一级", "Next level", FD_EST, NULL, 0 },
        { "gap", "尚差", "Gap", FD_EST, NULL, 0 },
        { "weakest", "最弱项", "Weakest item", FD_TEXT, NULL, 0 },
    };
    fd_table *t = out->units = fd_table_new("units", "成熟度", "Maturity");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; i < fd_map_count(w->units); i++) {
        const unit *u = &w->unit[i];
        const size_t row = fd_table_add_row(t);
        const double level = level_of(u), next = floor(level) + 1;

        fd_column_set_text(t->columns[0], row, fd_map_key(w->units, i).ptr);
        put(t, 1, row, level);
        put(t, 5, row, (double)u->known);
        put(t, 6, row, (double)u->claims);
        if (w->total > 0) {
            put(t, 2, row, u->share / w->total);
            put(t, 3, row, u->sum / w->total);
            put(t, 4, row, (u->sum + (w->total - u->share) * w->o->top) / w->total);
        }
        if (next <= w->o->top) {
            put(t, 7, row, next);
            put(t, 8, row, next - level);
        }
        if (u->weakest != SIZE_MAX)
            fd_column_set_text(t->columns[9], row, fd_map_key(w->items, u->weakest).ptr);
    }
}

/* One row for a group (SIZE_MAX: everybody). */
static void put_group(fd_table *t, const work *w, size_t group, const char *name)
{
    const size_t row = fd_table_add_row(t), levels = (size_t)w->o->top + 1;
    double *count = fd_alloc(levels * sizeof *count), sum = 0, weight = 0, all = 0, covered = 0;
    size_t units = 0, known = 0;

    for (size_t i = 0; i < fd_map_count(w->units); i++) {
        const unit *u = &w->unit[i];
        const double level = level_of(u);

        if (group != SIZE_MAX && u->group != group)
            continue;
        units++;
        if (isfinite(u->weight) && w->total > 0) {
            all += u->weight;
            covered += u->weight * u->share / w->total;
        }
        if (isnan(level))
            continue;
        known++;
        count[(size_t)floor(level)]++;
        if (isfinite(u->weight)) {
            sum += u->weight * level;
            weight += u->weight;
        }
    }
    fd_column_set_text(t->columns[0], row, name);
    put(t, 1, row, sum / weight);
    put(t, 2, row, covered / all);
    put(t, 3, row, (double)units);
    put(t, 4, row, (double)known);
    for (size_t k = 0; k < levels; k++)
        put(t, 5 + k, row, count[k]);
    free(count);
}

static void put_groups(fd_maturity *out, const work *w)
{
    static const fd_column_spec specs[] = {
        { "group", "分组", "Group", FD_TEXT, NULL, 0 },
        { "level", "等级(加权)", "Level (weighted)", FD_EST, NULL, 0 },
        { "coverage", "有凭据的比重", "Coverage", FD_EST, NULL, 0 },
        { "units", "单位数", "Units", FD_EST, NULL, 0 },
        { "known_units", "有等级的", "With a level", FD_EST, NULL, 0 },
    };
    fd_table *t = out->groups = fd_table_new("groups", "成熟度汇总", "Maturity by group");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (int k = 0; k <= w->o->top; k++) {
        char id[32], zh[32], en[32];

        snprintf(id, sizeof id, "l%d", k);
        snprintf(zh, sizeof zh, "%d 级", k);
        snprintf(en, sizeof en, "Level %d", k);
        fd_table_add_new(t, id, zh, en, FD_EST, "", 0);
    }
    for (size_t g = 0; g < fd_map_count(w->groups); g++)
        put_group(t, w, g, fd_map_key(w->groups, g).ptr);
    put_group(t, w, SIZE_MAX, "合计");
}

static void put_notes(fd_maturity *out, const work *w)
{
    fd_table *const tables[] = { out->claims, out->units, out->groups };
    size_t lost[5] = { 0 };
    char day[16], zh[300], en[300];

    for (size_t r = 0; r < w->in->rows; r++)
        lost[w->claim[r].state]++;
    fd_date_format(w->o->at, day, sizeof day);
    snprintf(zh, sizeof zh,
             "以 %s 为准:%zu 项有效;没有等级 %zu,没有凭据 %zu,没有有效期 %zu,过期 "
             "%zu:这些是不知道,不是 0 级",
             day, lost[KNOWN], lost[NO_LEVEL], lost[NO_EVIDENCE], lost[NO_DATE], lost[EXPIRED]);
    snprintf(en, sizeof en,
             "as of %s: %zu claims known; without level %zu, evidence %zu, date %zu, expired %zu: "
             "unknown, not level 0",
             day, lost[KNOWN], lost[NO_LEVEL], lost[NO_EVIDENCE], lost[NO_DATE], lost[EXPIRED]);
    for (size_t i = 0; i < 3; i++)
        fd_table_add_note(tables[i], zh, en);
}

int fd_maturity_run(fd_maturity *out, const fd_table *in, const fd_maturity_options *options)
{
    fd_maturity_options defaults = FD_MATURITY_OPTIONS_INIT;
    work w = { 0 };
    int err;

    memset(out, 0, sizeof *out);
    w.o = options ? options : &defaults;
    w.in = in;
    if (w.o->at == FD_DATE_NONE)
        return fd_error_set(FD_EINVAL, "没有说以哪一天为准", "the day is not given");
    if (w.o->top < 1 || w.o->top > 20)
        return fd_error_set(FD_EINVAL, "最高等级应在 1 到 20", "the top level takes 1 to 20");
    if (in->rows == 0)
        return fd_error_set(FD_EINVAL, "表里没有数据行", "the table has no row of data");
    if ((err = find_columns(&w)) < 0)
        return err;
    w.units = fd_map_new();
    w.items = fd_map_new();
    w.groups = fd_map_new();
    w.claim = fd_alloc(in->rows * sizeof *w.claim);
    w.unit = fd_alloc(in->rows * sizeof *w.unit);
    w.importance = fd_alloc(in->rows * sizeof *w.importance);
    if ((err = read_rows(&w)) >= 0) {
        add_up(&w);
        put_claims(out, &w);
        put_units(out, &w);
        put_groups(out, &w);
        put_notes(out, &w);
    }
    fd_map_free(w.units);
    fd_map_free(w.items);
    fd_map_free(w.groups);
    free(w.claim);
    free(w.unit);
    free(w.importance);
    return err;
}

void fd_maturity_dispose(fd_maturity *r)
{
    fd_table_free(r->claims);
    fd_table_free(r->units);
    fd_table_free(r->groups);
    memset(r, 0, sizeof *r);
}
