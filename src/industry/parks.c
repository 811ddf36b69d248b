/*
 * Parks from their parcels: what is supplied, used and vacant, output per mu.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "industry/works.h"
#include "measure/arith.h"
#include "table/put.h"

static bool known(fd_number n)
{
    return n.state == FD_HAS && !n.is_estimate;
}

static const fd_column_spec park_specs[] = {
    { "id", "编号", "Id", FD_TEXT, NULL, 0 },
    { "name", "园区", "Park", FD_TEXT, NULL, 0 },
    { "level", "级别", "Level", FD_TEXT, NULL, 0 },
    { "county", "县区", "County", FD_TEXT, NULL, 0 },
    { "chains", "产业链", "Chains", FD_TEXT, NULL, 0 },
    { "total", "规划面积", "Area", FD_QUOT, "亩", 0 },
    { "supplied", "已供", "Supplied", FD_QUOT, "亩", 0 },
    { "used", "在用", "Used", FD_QUOT, "亩", 0 },
    { "vacant", "空置闲置", "Vacant", FD_QUOT, "亩", 0 },
    { "occupancy", "占用率", "Occupancy", FD_QUOT, "%", 0 },
    { "vacancy", "空置率", "Vacancy", FD_QUOT, "%", 0 },
    { "firms", "企业", "Firms", FD_DEC, "户", 0 },
    { "parcels", "地块", "Parcels", FD_DEC, "块", 0 },
    { "output_per_mu", "亩均产值", "Output per mu", FD_QUOT, "万元", 0 },
    { "tax_per_mu", "亩均税收", "Tax per mu", FD_QUOT, "万元", 0 },
    { "invest_per_mu", "亩均投资", "Investment per mu", FD_QUOT, "万元", 0 },
    { "known", "产值已知面积", "Area with output", FD_QUOT, "%", 0 },
};

typedef struct sums {
    fd_quot all, supplied, used, vacant;
    fd_quot value[3], of[3]; /* output, tax, investment and the area that has them */
    int64_t parcels, firms;
    bool unknown_area;
} sums;

static int add(fd_quot *to, fd_quot by)
{
    return fd_quot_add(to, *to, by);
}

static int add_parcel(sums *s, const fd_table *t, size_t r)
{
    static const char *const columns[3] = { "output", "tax", "invest" };
    const char *state = fd_works__text_or(t, r, "state", "");
    bool used = strcmp(state, "在用") == 0,
         vacant = strcmp(state, "空置") == 0 || strcmp(state, "闲置") == 0,
         building = strcmp(state, "在建") == 0;
    fd_number area = fd_works__number(t, r, "area");
    int err;

    s->parcels++;
    if (!known(area)) {
        s->unknown_area = true;
        return 0;
    }
    if ((err = add(&s->all, area.exact)) < 0)
        return err;
    if ((used || vacant || building) && (err = add(&s->supplied, area.exact)) < 0)
        return err;
    if ((used && (err = add(&s->used, area.exact)) < 0) ||
        (vacant && (err = add(&s->vacant, area.exact)) < 0))
        return err;
    for (int i = 0; used && i < 3; i++) {
        fd_number n = fd_works__number(t, r, columns[i]);

        if (known(n) &&
            ((err = add(&s->value[i], n.exact)) < 0 || (err = add(&s->of[i], area.exact)) < 0))
            return err;
    }
    return 0;
}

/* Different firms on parcels of a park. */
static int64_t count_firms(const fd_table *t, const char *park)
{
    int64_t n = 0;

    for (size_t r = 0; r < t->rows; r++) {
        const char *firm = fd_works__text(t, r, "firm");
        bool seen = false;

        if (!firm || strcmp(fd_works__text_or(t, r, "park", ""), park) != 0)
            continue;
        for (size_t b = 0; b < r && !seen; b++)
            seen = strcmp(fd_works__text_or(t, b, "park", ""), park) == 0 &&
                   strcmp(fd_works__text_or(t, b, "firm", ""), firm) == 0;
        n += !seen;
    }
    return n;
}

static fd_number per(fd_quot a, fd_quot b, int64_t scale)
{
    if (b.num <= 0)
        return fd_number_missing();
    return fd_number_apply(fd_number_apply(fd_number_exact(a), '/', fd_number_exact(b)), '*',
                           fd_number_int(scale));
}

static void find(fd_table *t, const char *severity, const char *park, const char *zh,
                 const char *en)
{
    size_t row = fd_table_add_row(t);

    fd_column_set_text(t->columns[0], row, severity);
    fd_column_set_text(t->columns[1], row, park);
    fd_column_set_text(t->columns[2], row, zh);
    fd_column_set_text(t->columns[3], row, en);
}

static int put_park(fd_parks *out, const fd_table *parks, size_t p, const fd_table *parcels)
{
    const fd_quot zero = fd_quot_from_int(0);
    sums s = { zero, zero, zero, zero, { zero, zero, zero }, { zero, zero, zero }, 0, 0, false };
    const char *id = fd_works__text_or(parks, p, "id", "");
    fd_number total = fd_works__number(parks, p, "total");
    fd_table *t = out->parks;
    size_t row = fd_table_add_row(t);
    char a[80], b[80], zh[300], en[300];
    int err;

    for (size_t r = 0; r < parcels->rows; r++)
        if (strcmp(fd_works__text_or(parcels, r, "park", ""), id) == 0 &&
            (err = add_parcel(&s, parcels, r)) < 0)
            return err;
    for (size_t c = 0; c < 5; c++)
        fd_table__put_text(t, park_specs[c].id, row, fd_works__text(parks, p, park_specs[c].id));
    fd_table__put_exact(t, "total", row, total);
    fd_column_set_dec(t->columns[fd_table_find(t, "parcels")], row, s.parcels);
    if (!s.parcels)
        return 0; /* no parcel is reported: nothing is known, not nothing used */
    fd_column_set_dec(t->columns[fd_table_find(t, "firms")], row, count_firms(parcels, id));
    if (s.unknown_area) {
        find(out->findings, "warning", id, "有地块没有面积,面积合计缺报",
             "a parcel has no area: sums of area are missing");
        return 0;
    }
    fd_table__put_exact(t, "supplied", row, fd_number_exact(s.supplied));
    fd_table__put_exact(t, "used", row, fd_number_exact(s.used));
    fd_table__put_exact(t, "vacant", row, fd_number_exact(s.vacant));
    fd_table__put_exact(t, "occupancy", row, per(s.used, s.supplied, 100));
    fd_table__put_exact(t, "vacancy", row, per(s.vacant, s.supplied, 100));
    fd_table__put_exact(t, "output_per_mu", row, per(s.value[0], s.of[0], 1));
    fd_table__put_exact(t, "tax_per_mu", row, per(s.value[1], s.of[1], 1));
    fd_table__put_exact(t, "invest_per_mu", row, per(s.value[2], s.of[2], 1));
    fd_table__put_exact(t, "known", row, per(s.of[0], s.used, 100));
    if (known(total) && fd_number_compare(fd_number_exact(s.all), total) > 0) {
        fd_works__short(fd_number_exact(s.all), a, sizeof a);
        fd_works__short(total, b, sizeof b);
        snprintf(zh, sizeof zh, "地块合计 %s 亩,大于园区面积 %s 亩", a, b);
        snprintf(en, sizeof en, "parcels add up to %s mu, the park has %s", a, b);
        find(out->findings, "fault", id, zh, en);
    }
    return 0;
}

static fd_table *copy_parcels(const fd_table *in, const fd_table *parks)
{
    static const fd_column_spec specs[] = {
        { "park", "园区", "Park", FD_TEXT, NULL, 0 },
        { "id", "地块", "Parcel", FD_TEXT, NULL, 0 },
        { "firm", "企业", "Firm", FD_TEXT, NULL, 0 },
        { "state", "状态", "State", FD_TEXT, NULL, 0 },
        { "area", "面积", "Area", FD_QUOT, "亩", 0 },
        { "output", "年产值", "Output", FD_QUOT, "万元", 0 },
        { "tax", "年税收", "Tax", FD_QUOT, "万元", 0 },
        { "invest", "固定资产投资", "Invested", FD_QUOT, "万元", 0 },
        { "project", "项目", "Project", FD_TEXT, NULL, 0 },
    };
    fd_table *t = fd_table_new("parcels", "地块(来源行)", "Parcels (the rows it rests on)");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t c = 4; c < 8; c++)
        t->columns[c]->digits = 1;
    for (size_t r = 0; r < in->rows; r++) {
        size_t row;

        if (fd_works__find(parks, "id", fd_works__text(in, r, "park")) == SIZE_MAX)
            continue;
        row = fd_table_add_row(t);
        for (size_t c = 0; c < sizeof specs / sizeof *specs; c++)
            if (specs[c].kind == FD_TEXT)
                fd_table__put_text(t, specs[c].id, row, fd_works__text(in, r, specs[c].id));
            else
                fd_table__put_exact(t, specs[c].id, row, fd_works__number(in, r, specs[c].id));
    }
    return t;
}

int fd_parks_make(fd_parks *out, const fd_table *parks, const fd_table *parcels)
{
    static const fd_column_spec finding_specs[] = {
        { "severity", "级别", "Severity", FD_TEXT, NULL, 0 },
        { "park", "园区", "Park", FD_TEXT, NULL, 0 },
        { "said", "说明", "Said (zh)", FD_TEXT, NULL, 0 },
        { "said_en", "Said", "Said", FD_TEXT, NULL, 0 },
    };
    int err = 0;

    memset(out, 0, sizeof *out);
    out->parks = fd_table_new("parks", "园区", "Parks");
    fd_table_add_columns(out->parks, park_specs, sizeof park_specs / sizeof *park_specs);
    for (size_t c = 0; c < out->parks->column_count; c++)
        if (out->parks->columns[c]->kind == FD_QUOT)
            out->parks->columns[c]->digits = 1;
    out->findings = fd_table_new("findings", "园区核对", "Check of parks");
    fd_table_add_columns(out->findings, finding_specs, 4);
    for (size_t p = 0; p < parks->rows && err >= 0; p++)
        err = put_park(out, parks, p, parcels);
    for (size_t r = 0; r < parcels->rows && err >= 0; r++) {
        const char *park = fd_works__text_or(parcels, r, "park", "");
        char zh[200], en[200];

        if (fd_works__find(parks, "id", park) != SIZE_MAX)
            continue;
        snprintf(zh, sizeof zh, "地块 %s 的园区没有登记", fd_works__text_or(parcels, r, "id", "?"));
        snprintf(en, sizeof en, "the park of parcel %s is not registered",
                 fd_works__text_or(parcels, r, "id", "?"));
        find(out->findings, "warning", park, zh, en);
    }
    if (err < 0) {
        fd_parks_dispose(out);
        return err;
    }
    out->parcels = copy_parcels(parcels, parks);
    fd_table_add_note(out->parks,
                      "亩均 = 在用且有数的地块:产值合计 ÷ 面积合计;没有产值的地块不按零算",
                      "per mu: Σ output ÷ Σ area of used parcels whose output is known");
    return 0;
}

void fd_parks_dispose(fd_parks *parks)
{
    fd_table_free(parks->parks);
    fd_table_free(parks->parcels);
    fd_table_free(parks->findings);
    memset(parks, 0, sizeof *parks);
}
