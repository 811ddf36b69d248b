/*
 * conversion: why the share of a class changed, exactly; from a plain CSV, or from the city's own
 * enterprises.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/protect.h"
#include "app/registry.h"
#include "app/subjects.h"
#include "base/map.h"
#include "base/str.h"
#include "fangding/conversion.h"
#include "fangding/measure.h"
#include "io/csvtable.h"

static const char *const table_names[] = { "summary", "groups", "enterprises" };

/* The sentence for a meeting: change, and its two largest parts. */
static void say(const fd_call *call, fd_result *result, const fd_table *t)
{
    const fd_column *names;
    const size_t first = 1, last = 5, change = t->rows - 1;
    const fd_column *points = t->columns[1];
    size_t a = first, b = first;
    char text[3][48];

    for (size_t r = first; r <= change; r++)
        if (fd_column_state(points, r) != FD_HAS)
            return;
    for (size_t r = first; r <= last; r++)
        a = llabs(points->v.dec[r]) > llabs(points->v.dec[a]) ? r : a;
    b = a == first ? first + 1 : first;
    for (size_t r = first; r <= last; r++)
        b = r != a && llabs(points->v.dec[r]) > llabs(points->v.dec[b]) ? r : b;
    for (int k = 0; k < 3; k++)
        fd_column_format(points, k == 0 ? change : k == 1 ? a : b, FD_ZH, text[k], sizeof text[k]);
    names = t->columns[call->lang == FD_ZH ? 4 : 0];
    fd_result_say(result, "占比变动 %s 个百分点,主要是%s %s、%s %s",
                  "the share changed by %s points, mostly %s %s and %s %s", text[0],
                  fd_column_text_or(names, a, ""), text[1], fd_column_text_or(names, b, ""),
                  text[2]);
}

static int answer(fd_call *call, fd_result *result, fd_conversion *c)
{
    fd_table **const tables[] = { &c->summary, &c->groups, &c->enterprises };

    say(call, result, c->summary);
    return fd_result_pick(result, fd_call_text(call, "out"), tables, table_names, 3);
}

/* ---- from a file ---- */

static int run_conversion(fd_call *call, fd_result *result)
{
    fd_conversion_options o = FD_CONVERSION_OPTIONS_INIT;
    fd_conversion all;
    fd_table *in = NULL;
    int err;

    o.id = fd_call_text(call, "id");
    o.time = fd_call_text(call, "time");
    o.value = fd_call_text(call, "value");
    o.comparable = fd_call_text(call, "comparable");
    o.member = fd_call_text(call, "member");
    o.by = fd_call_text(call, "by");
    o.evidence = fd_call_text(call, "evidence");
    o.from = fd_call_text(call, "from");
    o.to = fd_call_text(call, "to");
    o.reported_only = fd_call_flag(call, "reported");
    if ((err = fd_csv_table(&in, fd_call_text(call, "file"), NULL, 0, SIZE_MAX)) < 0)
        return err;
    if ((err = fd_conversion_table(&all, in, &o)) >= 0) {
        err = answer(call, result, &all);
        fd_conversion_dispose(&all);
    }
    fd_table_free(in);
    return err;
}

#define OUT_PARAM                                                                                  \
    {                                                                                              \
        "out", FD_P_CHOICE, false, false, false, "NAME", "要哪张表(默认 summary)",                 \
            "which table (summary)", "summary|groups|enterprises"                                  \
    }

static const fd_verb_param conversion_params[] = {
    { "file", FD_P_PATH, true, true, false, "FILE", "企业×年份:数值、可比价数值、归属(0 到 1)",
      "enterprise × year: value, value at comparable prices, membership (0 to 1)", NULL },
    OUT_PARAM,
    { "id", FD_P_TEXT, false, false, false, "COLUMN", "企业列", "column of enterprises", NULL },
    { "time", FD_P_TEXT, false, false, false, "COLUMN", "年份列", "column of times", NULL },
    { "value", FD_P_TEXT, false, false, false, "COLUMN", "现价数值列", "values, current prices",
      NULL },
    { "comparable", FD_P_TEXT, false, false, false, "COLUMN", "按期初价格计的数值列",
      "values at prices of the start", NULL },
    { "member", FD_P_TEXT, false, false, false, "COLUMN", "归属列:0 到 1、百分数、是或否",
      "membership: 0 to 1, percent, yes or no", NULL },
    { "evidence", FD_P_TEXT, false, false, false, "COLUMN", "类别变动的依据列(认定、产品)",
      "what a reclassification rests on", NULL },
    { "by", FD_P_TEXT, false, false, false, "COLUMN", "分组列(groups 表)", "column of groups",
      NULL },
    { "from", FD_P_TEXT, false, false, false, "TIME", "期初(默认最早)", "the start (first)", NULL },
    { "to", FD_P_TEXT, false, false, false, "TIME", "期末(默认最晚)", "the end (last)", NULL },
    { "reported", FD_P_FLAG, false, false, false, NULL, "有缺报的企业两端都不计",
      "leave enterprises with empty cells out at both ends", NULL },
};
static const char *const conversion_examples[] = {
    "conversion two_years.csv", "conversion two_years.csv --by 县区 --out groups --format csv", NULL
};
const fd_verb fd_verb_conversion = {
    .name = "conversion",
    .zh = "转化:一类企业占比的变动 = 增长 + 类别变动 + 新进 + 退出 + 价格,分毫不差",
    .en =
        "conversion: change of a share = growth + reclassification + entry + exit + price, exactly",
    .purpose = FD_PLANNING,
    .params = conversion_params,
    .param_count = sizeof conversion_params / sizeof *conversion_params,
    .examples = conversion_examples,
    .run = run_conversion,
};

/* ---- from the city ---- */

/* What of a city goes into the decomposition. */
typedef struct reading {
    fd_call *call;
    const fd_indicator *whole, *part;
    fd_period period[2];
    fd_map *ids; /* code of an enterprise → position */
    fd_conversion_firm *firms;
    bool *dropped;
    size_t count, capacity, incomplete;
    fd_column *industry, *group;
    const fd_frame *frame;
    double **index; /* of each year after the start: by division */
    const fd_frame *divisions;
} reading;

enum { MEMBER_DIGITS = 6, VALUE_DIGITS = 8 };

static size_t firm_at(reading *r, const char *code)
{
    const size_t at = (size_t)fd_map_intern(r->ids, fd_view_of(code), r->count);

    if (at < r->count)
        return at;
    if (r->count == r->capacity) {
        const size_t more = r->capacity ? 2 * r->capacity : 256;

        r->firms = fd_realloc_array(r->firms, more, sizeof *r->firms);
        r->dropped = fd_realloc_array(r->dropped, more, sizeof *r->dropped);
        r->capacity = more;
    }
    memset(&r->firms[at], 0, sizeof r->firms[at]);
    r->firms[at].id = fd_arena_strdup(r->call->arena, code);
    r->dropped[at] = false;
    r->count++;
    return at;
}

static void drop(reading *r, size_t at)
{
    r->incomplete += !r->dropped[at];
    r->dropped[at] = true;
}

/* Both indicators of each enterprise at one end; the membership is their ratio. */
static int read_end(reading *r, int end)
{
    static const char *const by[] = { "enterprise" };
    const fd_indicator *const both[] = { r->whole, r->part };
    fd_measure_options o = FD_MEASURE_OPTIONS_INIT;
    fd_table *t[2] = { NULL, NULL };
    fd_map *rows = fd_map_new();
    int err, value[2];

    o.by = by;
    o.by_count = 1;
    if ((err = fd_measure(t, r->call->city->program, r->call->city->source, both, 2,
                          &r->period[end], 1, &o)) < 0)
        goto done;
    for (int k = 0; k < 2; k++)
        value[k] = fd_table_find(t[k], "value");
    for (size_t row = 0; row < t[1]->rows; row++)
        fd_map_set(rows, fd_view_of(fd_column_text_or(t[1]->columns[0], row, "")), row);
    for (size_t row = 0; row < t[0]->rows && err >= 0; row++) {
        const char *code = fd_column_text_or(t[0]->columns[0], row, "");
        const fd_number v = fd_column_number(t[0]->columns[value[0]], row);
        const size_t at = firm_at(r, code);
        fd_conversion_firm *f = &r->firms[at];
        fd_number e = fd_number_missing();
        uint64_t other;
        fd_quot m = { 0, 1 };

        if (v.state == FD_NA)
            continue;
        if (fd_map_get(rows, fd_view_of(code), &other))
            e = fd_column_number(t[1]->columns[value[1]], (size_t)other);
        f->there[end] = true;
        if (v.state == FD_MISSING || e.state == FD_MISSING || v.is_estimate || e.is_estimate) {
            drop(r, at);
            continue;
        }
        if ((err = fd_quot_round(&f->value[end], v.exact, VALUE_DIGITS, FD_ROUND_HALF_EVEN)) < 0 ||
            (v.exact.num && e.state != FD_NA && (err = fd_quot_div(&m, e.exact, v.exact)) < 0) ||
            (err = fd_quot_round(&f->member[end], m, MEMBER_DIGITS, FD_ROUND_HALF_EVEN)) < 0)
            break;
    }
done:
    fd_map_free(rows);
    fd_table_free(t[0]);
    fd_table_free(t[1]);
    return err < 0 ? err : 0;
}

/* Price indices of the divisions for each year after the start (the year before is 100). */
static int read_prices(reading *r, const char *item, int years)
{
    fd_source *source = r->call->city->source;
    int err;

    if ((err = source->ops->frame(source, "division", &r->divisions)) < 0)
        return err;
    r->index = fd_arena_alloc(r->call->arena, ((size_t)years + 1) * sizeof *r->index);
    for (int y = 0; y < years && err >= 0; y++) {
        fd_column *c = NULL;
        const fd_period period = fd_period_year(fd_period_year_of(r->period[0]) + 1 + y);

        if ((err = source->ops->column(source, "division", item, period, FD_CURRENT, &c)) < 0)
            break;
        r->index[y] = fd_arena_alloc(r->call->arena, (r->divisions->n + 1) * sizeof **r->index);
        for (size_t d = 0; d < r->divisions->n; d++)
            r->index[y][d] = fd_column_state(c, d) == FD_HAS
                                 ? fd_number_to_double(fd_column_number(c, d)) / 100
                                 : 0;
        fd_column_unref(c);
    }
    return err;
}

/* The end's value at prices of the start: divided by the indices of the enterprise's division. */
static bool deflate(fd_conversion_firm *f, const reading *r, const char *industry, int years)
{
    double index = 1;
    size_t d = 0;
    double value = (double)f->value[1].mantissa;

    while (d < r->divisions->n && (!industry || strncmp(r->divisions->codes[d], industry, 2) != 0))
        d++;
    if (d == r->divisions->n)
        return false;
    for (int y = 0; y < years; y++)
        index *= r->index[y][d];
    if (!(index > 0))
        return false;
    value /= index;
    if (!(value < 9e17) || !(value > -9e17))
        return false;
    f->comparable = (fd_decimal){ (int64_t)(value < 0 ? value - 0.5 : value + 0.5), VALUE_DIGITS };
    return true;
}

/* Groups and prices of the enterprises. */
static int read_attributes(reading *r, const char *deflator)
{
    fd_source *source = r->call->city->source;
    const char *by = fd_call_text(r->call, "by");
    const int years = fd_period_year_of(r->period[1]) - fd_period_year_of(r->period[0]);
    const fd_date at = fd_period_end(r->period[1]);
    const bool prices = strcmp(deflator, "none") != 0;
    int err;

    if ((err = source->ops->frame(source, "enterprise", &r->frame)) < 0 ||
        (prices && (err = read_prices(r, deflator, years)) < 0) ||
        (err = source->ops->attribute(source, "enterprise", "industry", at, &r->industry)) < 0 ||
        (by && (err = source->ops->attribute(source, "enterprise", by, at, &r->group)) < 0))
        return err;
    for (size_t i = 0; i < r->frame->n; i++) {
        const char *industry = fd_column_text_or(r->industry, i, NULL);
        uint64_t k;

        if (!fd_map_get(r->ids, fd_view_of(r->frame->codes[i]), &k))
            continue;
        if (r->group)
            r->firms[k].group = fd_column_text(r->group, i);
        if (!r->firms[k].there[1] || r->dropped[k])
            continue;
        if (!prices)
            r->firms[k].comparable = r->firms[k].value[1];
        else if (!deflate(&r->firms[k], r, industry, years))
            drop(r, (size_t)k);
    }
    return 0;
}

/* What may leave: a part that fewer than three carry, or few dominate, is emptied, and never one
 * alone, since the others would give it away. */
static void protect(fd_table *t, const fd_table *firms)
{
    bool hidden[5] = { false };
    size_t count = 0, least = 5;

    for (size_t k = 0; k < 5; k++) {
        const fd_column *c = firms->columns[6 + k];
        double size = 0, top[2] = { 0, 0 };
        uint32_t n = 0;

        for (size_t r = 0; r < firms->rows; r++) {
            double v = fd_number_to_double(fd_column_number(c, r));

            v = v < 0 ? -v : v;
            n += v > 0;
            size += v;
            if (v > top[0]) {
                top[1] = top[0];
                top[0] = v;
            } else if (v > top[1]) {
                top[1] = v;
            }
        }
        hidden[k] = n && !fd_protect_shows(n, size, top[0], top[1]);
        count += hidden[k];
    }
    for (size_t k = 0; count == 1 && k < 5; k++)
        if (!hidden[k] && t->columns[2]->v.dec[1 + k] > 0 &&
            (least == 5 || t->columns[2]->v.dec[1 + k] < t->columns[2]->v.dec[1 + least]))
            least = k;
    if (least < 5)
        hidden[least] = true;
    for (size_t k = 0; k < 5; k++)
        for (int column = 1; hidden[k] && column < 4; column++)
            fd_column_set_state(t->columns[column], 1 + k, FD_NA);
    if (count)
        fd_table_add_note(t, "有的部分由不足三户或少数几户构成,按统计法不显示,并多隐去一项",
                          "parts that fewer than three or a few carry are not shown, and one more");
}

static int find_indicator(const fd_indicator **out, fd_call *call, const char *param,
                          const char *otherwise)
{
    const char *name = fd_call_text(call, param);

    name = name ? name : otherwise;
    if ((*out = fd_program_indicator(call->city->program, name)))
        return 0;
    fd_error_set(FD_ENOTFOUND, "没有这个指标:%s", "no such indicator: %s", name);
    return fd_error_hint("fangding show indicators 列出全部指标",
                         "fangding show indicators lists all indicators");
}

/* The years asked for, or the last five. */
static int find_periods(reading *r)
{
    fd_period *known = NULL;
    size_t count = 0;
    int err;

    r->period[0] = r->period[1] = FD_PERIOD_NONE;
    if ((err = fd_call_period(r->call, "from", &r->period[0])) < 0 ||
        (err = fd_call_period(r->call, "to", &r->period[1])) < 0)
        return err;
    if (r->period[1] == FD_PERIOD_NONE) {
        if ((err = fd_measure_periods(&known, &count, r->call->city->program, r->call->city->source,
                                      r->part)) < 0)
            return err;
        for (size_t i = 0; i < count; i++)
            if (fd_period_kind_of(known[i]) == FD_YEAR)
                r->period[1] = known[i];
        free(known);
        if (r->period[1] == FD_PERIOD_NONE)
            return fd_error_set(FD_ENOTFOUND, "「%s」没有年度数据", "there is no year of %s",
                                r->part->name);
    }
    if (r->period[0] == FD_PERIOD_NONE)
        r->period[0] = fd_period_years_before(r->period[1], 1);
    if (fd_period_kind_of(r->period[0]) != FD_YEAR || fd_period_kind_of(r->period[1]) != FD_YEAR ||
        fd_period_compare(r->period[0], r->period[1]) >= 0)
        return fd_error_set(FD_EINVAL, "--from 和 --to 应是先后两年",
                            "--from and --to are two years, in order");
    return 0;
}

static void note_reading(fd_table *t, const reading *r, bool prices)
{
    char zh[256], en[256];

    snprintf(zh, sizeof zh,
             "%s ÷ %s;归属取两者之比,四舍六入到第 %d 位;新进、退出指进入、退出统计范围",
             r->part->name, r->whole->name, MEMBER_DIGITS);
    snprintf(
        en, sizeof en,
        "%s ÷ %s; membership is their ratio to %d places; entry and exit are of the population",
        r->part->id, r->whole->id, MEMBER_DIGITS);
    fd_table_add_note(t, zh, en);
    if (!prices)
        fd_table_add_note(t, "没有用价格指数:价格的作用混在增长里",
                          "no price index: the part of prices hides in growth");
    if (r->incomplete) {
        snprintf(zh, sizeof zh, "%zu 户有缺报,或没有价格指数,两端都未计入", r->incomplete);
        snprintf(en, sizeof en,
                 "%zu enterprises with missing figures or prices are left out at both ends",
                 r->incomplete);
        fd_table_add_note(t, zh, en);
    }
}

static int run_city(fd_call *call, fd_result *result)
{
    reading r = { .call = call };
    const char *deflator = fd_call_text(call, "deflator"), *out = fd_call_text(call, "out");
    const char *labels[2];
    char text[2][32];
    fd_conversion all = { 0 };
    bool statistical;
    int err;

    deflator = deflator ? deflator : "ppi";
    r.ids = fd_map_new();
    if ((err = find_indicator(&r.whole, call, "value", "value_added_total")) < 0 ||
        (err = find_indicator(&r.part, call, "part", "sei_value_added_total")) < 0 ||
        (err = find_periods(&r)) < 0)
        goto done;
    statistical =
        call->role != FD_ROLE_STATISTICS && (fd_rests_on_statistics(call->city, r.whole->total) ||
                                             fd_rests_on_statistics(call->city, r.part->total));
    if (out && strcmp(out, "summary") != 0 &&
        ((err = fd_protect_enterprises(call)) < 0 || statistical)) {
        if (err >= 0)
            err = fd_error_set(FD_EDENIED, "这些数来自统计报表,只给出全市合计的分解",
                               "these figures come from statistical returns: the whole only");
        goto done;
    }
    for (int end = 0; end < 2 && err >= 0; end++)
        err = read_end(&r, end);
    if (err < 0 || (err = read_attributes(&r, deflator)) < 0)
        goto done;
    for (size_t i = 0; i < r.count; i++)
        if (r.dropped[i])
            r.firms[i].there[0] = r.firms[i].there[1] = false;
    for (int end = 0; end < 2; end++) {
        fd_period_format(r.period[end], text[end], sizeof text[end]);
        labels[end] = text[end];
    }
    if ((err = fd_conversion_run(&all, r.firms, r.count, labels)) < 0)
        goto done;
    note_reading(all.summary, &r, strcmp(deflator, "none") != 0);
    if (statistical)
        protect(all.summary, all.enterprises);
    err = answer(call, result, &all);
done:
    fd_conversion_dispose(&all);
    fd_map_free(r.ids);
    free(r.firms);
    free(r.dropped);
    fd_column_unref(r.industry);
    fd_column_unref(r.group);
    return err;
}

static const fd_verb_param city_params[] = {
    OUT_PARAM,
    { "from", FD_P_PERIOD, false, false, false, "YEAR", "期初年份(默认上一年)",
      "the start (the year before)", NULL },
    { "to", FD_P_PERIOD, false, false, false, "YEAR", "期末年份(默认最新)", "the end (the newest)",
      NULL },
    { "part", FD_P_TEXT, false, false, false, "ID", "哪一类的指标(默认战新增加值)",
      "indicator of the class (sei_value_added_total)", NULL },
    { "value", FD_P_TEXT, false, false, false, "ID", "总量的指标(默认规上工业增加值)",
      "indicator of the whole (value_added_total)", NULL },
    { "deflator", FD_P_TEXT, false, false, false, "ITEM", "分行业价格指数(默认 ppi);none 不剔除",
      "price index by division (ppi); none leaves prices in", NULL },
    { "by", FD_P_TEXT, false, false, false, "DIM", "groups 表按什么分:county、industry、size……",
      "attribute of the groups: county, industry, size …", NULL },
};
static const char *const city_examples[] = {
    "conversion city --from 2023 --to 2024 --city out/huanzhou.fangding",
    "conversion city --from 2020 --to 2024 --by county --out groups --role statistics --city "
    "out/huanzhou.fangding",
    NULL
};
const fd_verb fd_verb_conversion_city = {
    .name = "conversion city",
    .zh = "本市占比变动的分解:战新(或别的指标)占比为什么变",
    .en = "why the share of emerging industry (or another class) of the city changed",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = city_params,
    .param_count = sizeof city_params / sizeof *city_params,
    .examples = city_examples,
    .run = run_city,
};
