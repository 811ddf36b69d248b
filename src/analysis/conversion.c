/*
 * The change of a share in exact parts: growth, reclassification, entry, exit, price.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "fangding/arena.h"
#include "fangding/conversion.h"

enum { GROWTH, RECLASSIFICATION, ENTRY, EXIT, PRICE, PARTS };

static const char *const part_names[PARTS][3] = {
    { "growth", "增长快慢", "Growth" },
    { "reclassification", "类别变动(改造提升)", "Reclassification" },
    { "entry", "新进", "Entry" },
    { "exit", "退出", "Exit" },
    { "price", "价格", "Price" },
};

/* One enterprise in whole numbers: values of each kind in a unit of their own, shares in 1/scale.
 */
typedef struct firm {
    fd_i128 v0, v1, c1;
    int64_t m0, m1;
} firm;

typedef struct work {
    const fd_conversion_firm *in;
    firm *firms;
    size_t count;
    int64_t scale; /* of memberships: 10^digits */
    int digits;
    fd_i128 total[3];         /* V0, V1, C1 */
    fd_i128 in_class[3];      /* sums of m v, in 1/scale of the same units */
    int64_t centre;           /* s, in 1/scale */
    fd_i128 denominator;      /* of the first four parts: 2 scale V0 C1 */
    fd_i128 price_den;        /* of price: scale V1 C1 */
    fd_quot level[PARTS + 1]; /* the share after each part, in points */
} work;

static int too_large(void)
{
    fd_error_set(FD_EOVERFLOW, "数太大,精确分数超出 128 位",
                 "the exact fractions need more than 128 bits");
    return fd_error_hint("换成更大的单位,或减少小数位",
                         "take larger units, or fewer places after the point");
}

static bool multiply(fd_i128 *out, fd_i128 a, fd_i128 b)
{
    return !fd_i128_mul_overflow(a, b, out);
}

static bool add(fd_i128 *sum, fd_i128 b)
{
    return !fd_i128_add_overflow(*sum, b, sum);
}

/* ---- whole numbers ---- */

static fd_decimal value_of(const fd_conversion_firm *f, int kind)
{
    static const fd_decimal none = { 0, 0 };

    if (kind == 0)
        return f->there[0] ? f->value[0] : none;
    return f->there[1] ? (kind == 1 ? f->value[1] : f->comparable) : none;
}

static fd_i128 *slot(firm *f, int kind)
{
    return kind == 0 ? &f->v0 : kind == 1 ? &f->v1 : &f->c1;
}

static fd_i128 gcd(fd_i128 a, fd_i128 b)
{
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    while (b) {
        const fd_i128 r = a % b;

        a = b;
        b = r;
    }
    return a;
}

/* Values of one kind in their largest common unit: only their ratios matter. */
static int read_values(work *w, int kind)
{
    fd_i128 unit = 0;
    int scale = 0;

    for (size_t i = 0; i < w->count; i++) {
        const fd_decimal v = value_of(&w->in[i], kind);

        scale = v.mantissa && v.scale > scale ? v.scale : scale;
    }
    for (size_t i = 0; i < w->count; i++) {
        const fd_decimal v = value_of(&w->in[i], kind);

        *slot(&w->firms[i], kind) =
            v.mantissa ? (fd_i128)v.mantissa * fd_pow10(scale - v.scale) : 0;
        unit = gcd(unit, *slot(&w->firms[i], kind));
    }
    for (size_t i = 0; i < w->count; i++) {
        *slot(&w->firms[i], kind) /= unit ? unit : 1;
        if (!add(&w->total[kind], *slot(&w->firms[i], kind)))
            return too_large();
    }
    if (w->total[kind] > 0)
        return 0;
    return kind == 0 ? fd_error_set(FD_EINVAL, "期初合计不大于 0,没有占比",
                                    "the total at the start is not above 0")
                     : fd_error_set(FD_EINVAL, "期末合计不大于 0,没有占比",
                                    "the total at the end is not above 0");
}

static int read_members(work *w)
{
    w->digits = 4;
    for (size_t i = 0; i < w->count; i++)
        for (int t = 0; t < 2; t++) {
            const fd_decimal m = w->in[i].member[t], one = { 1, 0 }, zero = { 0, 0 };

            if (!w->in[i].there[t])
                continue;
            if (fd_decimal_compare(m, zero) < 0 || fd_decimal_compare(m, one) > 0)
                return fd_error_set(FD_EINVAL, "%s 的归属不在 0 到 1 之间",
                                    "%s: the membership is not between 0 and 1", w->in[i].id);
            w->digits = m.scale > w->digits ? m.scale : w->digits;
        }
    w->scale = fd_pow10(w->digits);
    for (size_t i = 0; i < w->count; i++)
        for (int t = 0; t < 2; t++) {
            const fd_decimal m = w->in[i].member[t];

            if (w->in[i].there[t])
                *(t ? &w->firms[i].m1 : &w->firms[i].m0) =
                    m.mantissa * fd_pow10(w->digits - m.scale);
        }
    return 0;
}

/* The shares at both ends, and s between them. */
static int find_centre(work *w)
{
    fd_quot a, b;
    fd_decimal mean;
    fd_i128 p;

    for (size_t i = 0; i < w->count; i++)
        for (int kind = 0; kind < 3; kind++)
            if (!multiply(&p, kind ? w->firms[i].m1 : w->firms[i].m0, *slot(&w->firms[i], kind)) ||
                !add(&w->in_class[kind], p))
                return too_large();
    if (fd_quot_make(&a, w->in_class[0], w->total[0]) < 0 ||
        fd_quot_make(&b, w->in_class[2], w->total[2]) < 0 || fd_quot_add(&a, a, b) < 0 ||
        fd_quot_div(&a, a, fd_quot_from_int(2)) < 0 ||
        fd_quot_round(&mean, a, 0, FD_ROUND_HALF_EVEN) < 0)
        return too_large();
    w->centre = mean.mantissa; /* in 1/scale; cut to four places */
    w->centre -= w->centre % fd_pow10(w->digits - 4);
    if (!multiply(&w->denominator, w->total[0], w->total[2]) ||
        !multiply(&w->denominator, w->denominator, 2 * (fd_i128)w->scale) ||
        !multiply(&w->price_den, w->total[1], w->total[2]) ||
        !multiply(&w->price_den, w->price_den, w->scale))
        return too_large();
    return 0;
}

/* ---- parts ---- */

/* Numerators of one enterprise: the first four over `denominator`, price over `price_den`. */
static bool parts_of(fd_i128 out[PARTS], const work *w, size_t i)
{
    const firm *f = &w->firms[i];
    const bool *there = w->in[i].there;
    fd_i128 a, b; /* c1 V0 and v0 C1 */
    bool good;

    memset(out, 0, PARTS * sizeof *out);
    good = multiply(&a, f->c1, w->total[0]) && multiply(&b, f->v0, w->total[2]);
    if (good && there[0] && there[1])
        good = multiply(&out[GROWTH], f->m0 + f->m1 - 2 * w->centre, a - b) &&
               multiply(&out[RECLASSIFICATION], f->m1 - f->m0, a + b);
    else if (good && there[1])
        good = multiply(&out[ENTRY], (fd_i128)2 * (f->m1 - w->centre), a);
    else if (good && there[0])
        good = multiply(&out[EXIT], (fd_i128)-2 * (f->m0 - w->centre), b);
    if (good && there[1])
        good = multiply(&a, f->v1, w->total[2]) && multiply(&b, f->c1, w->total[1]) &&
               multiply(&out[PRICE], f->m1, a - b);
    return good;
}

/* A part in points of the share, as a fraction. */
static int points_of(fd_quot *out, const work *w, int part, fd_i128 numerator)
{
    const fd_quot hundred = fd_quot_from_int(100);

    if (fd_quot_make(out, numerator, part == PRICE ? w->price_den : w->denominator) < 0 ||
        fd_quot_mul(out, *out, hundred) < 0)
        return too_large();
    return 0;
}

static int share_points(fd_quot *out, const work *w, int kind)
{
    fd_i128 whole;

    if (!multiply(&whole, w->total[kind], w->scale) ||
        fd_quot_make(out, w->in_class[kind], whole) < 0 ||
        fd_quot_mul(out, *out, fd_quot_from_int(100)) < 0)
        return too_large();
    return 0;
}

/* What a table's row holds: sums over its enterprises. */
typedef struct sums {
    fd_i128 part[PARTS];
    size_t n, contributors[PARTS];
} sums;

static int add_firm(sums *s, const fd_i128 part[PARTS])
{
    s->n++;
    for (int k = 0; k < PARTS; k++) {
        if (!add(&s->part[k], part[k]))
            return too_large();
        s->contributors[k] += part[k] != 0;
    }
    return 0;
}

static int put_parts(fd_table *t, size_t row, size_t first, const work *w, const sums *s)
{
    fd_i128 four = 0; /* parts of one denominator */
    fd_quot total, q;
    int err = 0;

    for (int k = 0; k < PARTS; k++) {
        if ((err = points_of(&q, w, k, s->part[k])) < 0)
            return err;
        fd_column_set_quot(t->columns[first + (size_t)k], row, q);
        if (k != PRICE && !add(&four, s->part[k]))
            return too_large();
    }
    if ((err = points_of(&total, w, GROWTH, four)) < 0)
        return err;
    if (fd_quot_add(&total, total, q) < 0)
        return too_large();
    fd_column_set_quot(t->columns[first + PARTS], row, total);
    return 0;
}

static void add_part_columns(fd_table *t)
{
    for (int k = 0; k < PARTS; k++)
        fd_table_add_new(t, part_names[k][0], part_names[k][1], part_names[k][2], FD_QUOT, "百分点",
                         0)
            ->digits = 4;
    fd_table_add_new(t, "total", "合计", "Total", FD_QUOT, "百分点", 0)->digits = 4;
}

static int make_enterprises(fd_table **out, const work *w)
{
    fd_table *t = *out = fd_table_new("enterprises", "各企业的作用", "By enterprise");
    int err = 0;

    fd_table_add_new(t, "id", "企业", "Enterprise", FD_TEXT, "", 0);
    fd_table_add_new(t, "group", "分组", "Group", FD_TEXT, "", 0);
    fd_table_add_new(t, "kind", "类型", "Kind", FD_TEXT, "", 0);
    fd_table_add_new(t, "member0", "期初归属", "Member, start", FD_DEC, "", w->digits);
    fd_table_add_new(t, "member1", "期末归属", "Member, end", FD_DEC, "", w->digits);
    fd_table_add_new(t, "evidence", "依据", "Evidence", FD_TEXT, "", 0);
    add_part_columns(t);
    for (size_t i = 0; i < w->count && err >= 0; i++) {
        const bool *there = w->in[i].there;
        sums s = { 0 };
        size_t row;
        fd_i128 parts[PARTS];

        if (!there[0] && !there[1])
            continue;
        row = fd_table_add_row(t);
        if (!parts_of(parts, w, i))
            return too_large();
        if ((err = add_firm(&s, parts)) < 0)
            break;
        fd_column_set_text(t->columns[0], row, w->in[i].id);
        if (w->in[i].group)
            fd_column_set_text(t->columns[1], row, w->in[i].group);
        fd_column_set_text(t->columns[2], row,
                           there[0] && there[1] ? "留存"
                           : there[1]           ? "新进"
                                                : "退出");
        for (size_t k = 0; k < 2; k++)
            if (there[k])
                fd_column_set_dec(t->columns[3 + k], row, k ? w->firms[i].m1 : w->firms[i].m0);
            else
                fd_column_set_state(t->columns[3 + k], row, FD_NA);
        if (w->in[i].evidence)
            fd_column_set_text(t->columns[5], row, w->in[i].evidence);
        err = put_parts(t, row, 6, w, &s);
    }
    return err;
}

static int make_groups(fd_table **out, const work *w)
{
    fd_table *t = *out = fd_table_new("groups", "各组的作用", "By group");
    fd_map *names = fd_map_new();
    sums *all = fd_alloc((w->count + 1) * sizeof *all);
    int err = 0;

    fd_table_add_new(t, "group", "分组", "Group", FD_TEXT, "", 0);
    fd_table_add_new(t, "n", "户数", "n", FD_DEC, "", 0);
    add_part_columns(t);
    for (size_t i = 0; i < w->count && err >= 0; i++) {
        fd_i128 parts[PARTS];

        if (!w->in[i].there[0] && !w->in[i].there[1])
            continue;
        if (!parts_of(parts, w, i))
            err = too_large();
        else
            err =
                add_firm(&all[fd_map_intern(names, fd_view_of(w->in[i].group ? w->in[i].group : ""),
                                            fd_map_count(names))],
                         parts);
    }
    for (size_t g = 0; g < fd_map_count(names) && err >= 0; g++) {
        const size_t row = fd_table_add_row(t);

        if (fd_map_key(names, g).len)
            fd_column_set_text(t->columns[0], row, fd_map_key(names, g).ptr);
        fd_column_set_dec(t->columns[1], row, (int64_t)all[g].n);
        err = put_parts(t, row, 2, w, &all[g]);
    }
    free(all);
    fd_map_free(names);
    return err;
}

/* ---- the summary ---- */

static size_t write_i128(char *buf, fd_i128 v)
{
    char digits[48];
    size_t n = 0, at = 0;
    fd_u128 u = v < 0 ? (fd_u128)0 - (fd_u128)v : (fd_u128)v;

    do
        digits[n++] = (char)('0' + (int)(u % 10));
    while (u /= 10);
    if (v < 0)
        buf[at++] = '-';
    while (n)
        buf[at++] = digits[--n];
    buf[at] = '\0';
    return at;
}

static void put_line(fd_table *t, const char *id, const char *name, int64_t points, size_t n,
                     bool counted, const fd_quot *exact)
{
    const size_t row = fd_table_add_row(t);
    char text[128];

    fd_column_set_text(t->columns[0], row, id);
    fd_column_set_text(t->columns[4], row, name);
    fd_column_set_dec(t->columns[1], row, points);
    if (counted)
        fd_column_set_dec(t->columns[2], row, (int64_t)n);
    else
        fd_column_set_state(t->columns[2], row, FD_NA);
    if (exact) {
        size_t at = write_i128(text, exact->num);

        if (exact->den != 1) {
            text[at++] = '/';
            (void)write_i128(text + at, exact->den);
        }
        fd_column_set_text(t->columns[3], row, text);
    }
}

enum { PLACES = 10 };

static int make_summary(fd_table **out, const work *w, const sums *all, const char *const labels[2])
{
    fd_table *t;
    fd_quot start, end, change;
    fd_i128 running = 0;
    int64_t before;
    fd_decimal at;
    bool known;
    int err;
    char title[2][128];

    snprintf(title[0], sizeof title[0], "占比变动的分解 %.40s—%.40s", labels[0], labels[1]);
    snprintf(title[1], sizeof title[1], "The change of the share, %.40s to %.40s", labels[0],
             labels[1]);
    t = *out = fd_table_new("summary", title[0], title[1]);
    fd_table_add_new(t, "part", "部分", "Part", FD_TEXT, "", 0);
    fd_table_add_new(t, "points", "数值", "Points", FD_DEC, "百分点", PLACES)->digits = 4;
    fd_table_add_new(t, "n", "户数", "n", FD_DEC, "", 0);
    fd_table_add_new(t, "exact", "精确值", "Exact", FD_TEXT, "", 0);
    fd_table_add_new(t, "part_name", "名称", "Name", FD_TEXT, "", 0);
    if ((err = share_points(&start, w, 0)) < 0 || (err = share_points(&end, w, 1)) < 0)
        return err;
    if (fd_quot_round(&at, start, PLACES, FD_ROUND_HALF_EVEN) < 0)
        return too_large();
    before = at.mantissa;
    put_line(t, "start", "期初占比", before, 0, false, &start);
    for (int k = 0; k < PARTS; k++) {
        fd_quot level, part;

        if ((err = points_of(&part, w, k, all->part[k])) < 0)
            return err;
        if (k == PRICE) {
            level = end;
        } else if (!add(&running, all->part[k]) || points_of(&level, w, k, running) < 0 ||
                   fd_quot_add(&level, level, start) < 0) {
            return too_large();
        }
        if (fd_quot_round(&at, level, PLACES, FD_ROUND_HALF_EVEN) < 0)
            return too_large();
        put_line(t, part_names[k][0], part_names[k][1], at.mantissa - before, all->contributors[k],
                 true, &part);
        before = at.mantissa;
    }
    put_line(t, "end", "期末占比", before, 0, false, &end);
    known = fd_quot_sub(&change, end, start) >= 0;
    if (!known)
        fd_error_clear();
    put_line(t, "change", "总变动", before - t->columns[1]->v.dec[0], all->n, true,
             known ? &change : NULL);
    return 0;
}

static void add_notes(fd_table *t, const work *w)
{
    char zh[256], en[256];

    snprintf(zh, sizeof zh,
             "增长、新进、退出按与参照占比 %.2f%% 之差计;类别变动按首末比重的平均;价格 = 现价占比 "
             "− 可比价占比",
             100 * (double)w->centre / (double)w->scale);
    snprintf(
        en, sizeof en,
        "growth, entry and exit count against a share of %.2f %%; reclassification by the mean "
        "weight; price is the share at current less that at comparable prices",
        100 * (double)w->centre / (double)w->scale);
    fd_table_add_note(t, zh, en);
    fd_table_add_note(t,
                      "各部分是精确分数,之和恰为总变动;百分点印到第 10 位,依次舍入,末位也相加得上",
                      "the parts are exact fractions and add up; points are rounded along the "
                      "running level, so that they add to the last digit");
}

/* How much of the reclassification rests on no evidence: relabelling until somebody says why. */
static int note_evidence(fd_table *t, const work *w)
{
    fd_i128 bare = 0;
    fd_quot points;
    size_t n = 0, all = 0;
    char text[64], zh[256], en[256];

    for (size_t i = 0; i < w->count; i++) {
        fd_i128 parts[PARTS];

        if (!parts_of(parts, w, i))
            return too_large();
        all += parts[RECLASSIFICATION] != 0;
        if (!parts[RECLASSIFICATION] || w->in[i].evidence)
            continue;
        n++;
        if (!add(&bare, parts[RECLASSIFICATION]))
            return too_large();
    }
    if (!all)
        return 0;
    if (points_of(&points, w, RECLASSIFICATION, bare) < 0)
        return too_large();
    fd_quot_format(points, 4, FD_ROUND_HALF_EVEN, text, sizeof text);
    snprintf(zh, sizeof zh, "类别变动 %zu 户,其中 %zu 户(%s 个百分点)没有写依据,可能只是重新认定",
             all, n, text);
    snprintf(
        en, sizeof en,
        "reclassified: %zu, of which %zu (%s points) rest on no evidence and may be relabelled",
        all, n, text);
    fd_table_add_note(t, zh, en);
    return 0;
}

int fd_conversion_run(fd_conversion *out, const fd_conversion_firm *firms, size_t count,
                      const char *const labels[2])
{
    work w = { .in = firms, .count = count };
    sums all = { 0 };
    int err = 0;

    memset(out, 0, sizeof *out);
    w.firms = fd_alloc((count + 1) * sizeof *w.firms);
    if ((err = read_members(&w)) < 0)
        goto done;
    for (int kind = 0; kind < 3 && err >= 0; kind++)
        err = read_values(&w, kind);
    if (err < 0 || (err = find_centre(&w)) < 0)
        goto done;
    for (size_t i = 0; i < count && err >= 0; i++) {
        fd_i128 parts[PARTS];

        if (!firms[i].there[0] && !firms[i].there[1])
            continue;
        err = parts_of(parts, &w, i) ? add_firm(&all, parts) : too_large();
    }
    if (err < 0 || (err = make_summary(&out->summary, &w, &all, labels)) < 0 ||
        (err = make_enterprises(&out->enterprises, &w)) < 0 ||
        (err = make_groups(&out->groups, &w)) < 0)
        goto done;
    if ((err = note_evidence(out->summary, &w)) < 0)
        goto done;
    add_notes(out->summary, &w);
    add_notes(out->groups, &w);
done:
    free(w.firms);
    if (err < 0)
        fd_conversion_dispose(out);
    return err;
}

void fd_conversion_dispose(fd_conversion *r)
{
    fd_table_free(r->summary);
    fd_table_free(r->enterprises);
    fd_table_free(r->groups);
    memset(r, 0, sizeof *r);
}
