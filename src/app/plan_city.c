#include "app/plan_city.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/assets.h"
#include "app/leg1.h"
#include "app/protect.h"
#include "fangding/industry.h"
#include "fangding/measure.h"
#include "app/subjects.h"

int fd_plan_template(fd_table **out, const char *name)
{
    char path[200], buf[512];
    fd_rows *rows = NULL;
    const fd_row *row;
    fd_view bytes;
    fd_table *t;
    int err;

    snprintf(path, sizeof path, "definitions/plan/%s", name);
    if (!fd_asset_find(path, &bytes))
        return fd_error_set(FD_ENOTFOUND, "程序里没有 %s", "the program has no %s", path);
    if ((err = fd_rows_open_memory(&rows, bytes.ptr, bytes.len, path, NULL)) < 0)
        return err;
    t = fd_table_new("template", name, name);
    while ((err = fd_rows_next(rows, &row)) > 0) {
        size_t at = 0;

        if (t->column_count)
            at = fd_table_add_row(t);
        for (size_t c = 0; c < row->count; c++) {
            const char *cell = fd_asset_cell(row, c, buf, sizeof buf);

            if (c >= t->column_count)
                fd_table_add_new(t, cell, cell, cell, FD_TEXT, "", 0);
            else if (cell[0])
                fd_column_set_text(t->columns[c], at, cell);
        }
    }
    fd_rows_close(rows);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err < 0 ? err : 0;
}

/* The indicator that measures.csv names for a use; NULL when the city's definitions lack it. */
static const fd_indicator *indicator_for(fd_call *call, const char *use)
{
    const fd_indicator *found = NULL;
    fd_table *t;

    if (fd_plan_template(&t, "measures.csv") < 0)
        return NULL;
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text_or(t->columns[0], r, ""), use) == 0)
            found =
                fd_program_indicator(call->city->program, fd_column_text_or(t->columns[1], r, ""));
    fd_table_free(t);
    return found;
}

static int newest_year(fd_period *out, fd_call *call, const fd_indicator *indicator)
{
    fd_period *periods = NULL;
    size_t count = 0;
    int err;

    if ((err = fd_measure_periods(&periods, &count, call->city->program, call->city->source,
                                  indicator)) < 0)
        return err;
    *out = FD_PERIOD_NONE;
    for (size_t i = 0; i < count; i++)
        if (fd_period_kind_of(periods[i]) == FD_YEAR)
            *out = periods[i];
    free(periods);
    return *out == FD_PERIOD_NONE
               ? fd_error_set(FD_ENOTFOUND, "没有年度增加值,规划没有起点",
                              "there is no yearly value added to start a plan from")
               : 0;
}

/* An indicator by dimensions, with what the role may not see taken out. */
static int measure(fd_table **out, fd_call *call, const fd_indicator *indicator, fd_period year,
                   const char *const *by, size_t by_count)
{
    fd_measure_options options = FD_MEASURE_OPTIONS_INIT;
    int err;

    *out = NULL;
    options.by = by;
    options.by_count = by_count;
    if ((err = fd_measure(out, call->city->program, call->city->source, &indicator, 1, &year, 1,
                          &options)) < 0)
        return err;
    return fd_protect(out, call, indicator, by_count, false);
}

/* The value of the row with these codes; NaN when it is hidden or not there. */
static double value_at(const fd_table *t, const char *chain, const char *county)
{
    int c = fd_table_find(t, "chain"), k = fd_table_find(t, "county"),
        v = fd_table_find(t, "value");

    for (size_t r = 0; v >= 0 && r < t->rows; r++) {
        if ((chain && (c < 0 || strcmp(fd_column_text_or(t->columns[c], r, ""), chain) != 0)) ||
            (county && (k < 0 || strcmp(fd_column_text_or(t->columns[k], r, ""), county) != 0)))
            continue;
        return fd_number_to_double(fd_column_number(t->columns[v], r));
    }
    return NAN;
}

static void add_row(fd_table *t, const char *chain, const char *county, double value,
                    double emerging)
{
    size_t row = fd_table_add_row(t);

    fd_column_set_text(t->columns[0], row, chain);
    fd_column_set_text(t->columns[1], row, county);
    if (!isnan(value))
        fd_column_set_est(t->columns[2], row, value);
    if (!isnan(emerging))
        fd_column_set_est(t->columns[3], row, emerging);
}

/* Rows of one grouping: cells, chains, counties or the city. */
static int add_group(fd_table *t, fd_call *call, const fd_indicator *const *indicators,
                     fd_period year, const char *const *by, size_t by_count)
{
    fd_table *value = NULL, *emerging = NULL;
    int err, chain_at, county_at;

    if ((err = measure(&value, call, indicators[0], year, by, by_count)) < 0 ||
        (err = measure(&emerging, call, indicators[1], year, by, by_count)) < 0)
        goto done;
    chain_at = fd_table_find(value, "chain");
    county_at = fd_table_find(value, "county");
    for (size_t r = 0; r < value->rows; r++) {
        const char *chain =
                       chain_at < 0 ? NULL : fd_column_text_or(value->columns[chain_at], r, "?"),
                   *county =
                       county_at < 0 ? NULL : fd_column_text_or(value->columns[county_at], r, "?");
        double v = value_at(value, chain, county), e = value_at(emerging, chain, county);

        if (v == 0)
            e = 0;
        add_row(t, chain ? chain : "*", county ? county : "*", v, e);
    }
done:
    fd_table_free(value);
    fd_table_free(emerging);
    return err;
}

int fd_plan_city_base(fd_table **out, int *year, fd_call *call)
{
    static const char *const both[] = { "chain", "county" };
    const fd_indicator *indicators[2] = { indicator_for(call, "value_added"),
                                          indicator_for(call, "emerging") };
    fd_period at;
    fd_table *t;
    int err;

    *out = NULL;
    if (fd_call_is_limited(call) || !fd_leg1_sees_names(call))
        return fd_error_set(FD_EDENIED, "规划要看全市,本角色只看一部分",
                            "a plan looks at the whole city, this role at a part of it");
    if (!indicators[0] || !indicators[1])
        return fd_error_set(FD_ENOTFOUND, "定义里没有增加值或战新增加值指标",
                            "the definitions have no indicator of value added, or of its emerging "
                            "part");
    if ((err = newest_year(&at, call, indicators[0])) < 0)
        return err;
    *year = fd_period_year_of(at);
    t = fd_table_new("base", "基期", "Base");
    fd_table_add_new(t, "chain", "链", "Chain", FD_TEXT, "", 0);
    fd_table_add_new(t, "county", "县区", "County", FD_TEXT, "", 0);
    fd_table_add_new(t, "value_added", "增加值", "Value added", FD_EST, "亿元", 0);
    fd_table_add_new(t, "emerging", "战新", "Emerging", FD_EST, "亿元", 0);
    if ((err = add_group(t, call, indicators, at, both, 2)) < 0 ||
        (err = add_group(t, call, indicators, at, both, 1)) < 0 ||
        (err = add_group(t, call, indicators, at, both + 1, 1)) < 0 ||
        (err = add_group(t, call, indicators, at, NULL, 0)) < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

/* ---- projects ---- */

/* An indicator per project; NULL when there is none. */
static int by_project(fd_table **out, fd_call *call, const char *use, fd_period month)
{
    static const char *const project[] = { "project" };
    const fd_indicator *indicator = indicator_for(call, use);

    *out = NULL;
    return indicator ? measure(out, call, indicator, month, project, 1) : 0;
}

static double of_project(const fd_table *t, const char *code)
{
    int c = t ? fd_table_find(t, "project") : -1, v = t ? fd_table_find(t, "value") : -1;

    for (size_t r = 0; c >= 0 && v >= 0 && r < t->rows; r++)
        if (strcmp(fd_column_text_or(t->columns[c], r, ""), code) == 0)
            return fd_number_to_double(fd_column_number(t->columns[v], r));
    return NAN;
}

/* Value added per output of the whole city, as a fraction. */
static double value_rate(fd_call *call, int base_year)
{
    const fd_indicator *indicator = indicator_for(call, "project_rate");
    fd_table *t = NULL;
    double rate = NAN;

    if (indicator && measure(&t, call, indicator, fd_period_year(base_year), NULL, 0) >= 0)
        rate = value_at(t, NULL, NULL) / 100;
    fd_error_clear();
    fd_table_free(t);
    return rate;
}

static void add_project(fd_table *t, const fd_table *from, size_t r, double output, double emerging,
                        double rate, int base_year)
{
    static const char *const texts[] = { "code", "name", "chain", "county", "finish" };
    const char *stage = fd_table_text(from, "stage", r), *finish = fd_table_text(from, "finish", r);
    size_t row;

    if (strcmp(stage, "投产") == 0 || strcmp(stage, "达效") == 0 || strcmp(stage, "终止") == 0 ||
        atoi(finish) < base_year || !fd_table_text(from, "chain", r)[0] ||
        !fd_table_text(from, "county", r)[0] || isnan(output) || isnan(rate))
        return;
    row = fd_table_add_row(t);
    for (size_t c = 0; c < 5; c++)
        fd_column_set_text(t->columns[c], row, fd_table_text(from, texts[c], r));
    fd_column_set_est(t->columns[5], row, output * rate);
    fd_column_set_est(t->columns[6], row, isnan(emerging) ? 0 : fmin(output, emerging) * rate);
}

int fd_plan_city_projects(fd_table **out, int base_year, fd_call *call)
{
    static const char *const ids[] = { "id", "name", "chain", "county", "finish" };
    fd_period month =
        fd_latest_period(call->city->source, "project_done", FD_CURRENT, FD_CUMULATIVE);
    fd_table *ledger = NULL, *output = NULL, *emerging = NULL,
             *t = fd_table_new("projects", "项目", "Projects");
    double rate;
    int err = 0;

    for (size_t c = 0; c < 5; c++)
        fd_table_add_new(t, ids[c], ids[c], ids[c], FD_TEXT, "", 0);
    fd_table_add_new(t, "value_added", "增加值", "Value added", FD_EST, "亿元", 0);
    fd_table_add_new(t, "emerging", "战新", "Emerging", FD_EST, "亿元", 0);
    if (month == FD_PERIOD_NONE)
        goto done;
    if ((err = fd_projects(&ledger, call->city->source, month, FD_LIGHT_YINCHUAN)) < 0 ||
        (err = by_project(&output, call, "project_output", month)) < 0 ||
        (err = by_project(&emerging, call, "project_emerging", month)) < 0)
        goto done;
    rate = value_rate(call, base_year);
    for (size_t r = 0; r < ledger->rows; r++) {
        const char *code = fd_table_text(ledger, "code", r);

        add_project(t, ledger, r, of_project(output, code), of_project(emerging, code), rate,
                    base_year);
    }
done:
    fd_table_free(ledger);
    fd_table_free(output);
    fd_table_free(emerging);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}
