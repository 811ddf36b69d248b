/*
 * benchmarks: the city beside similar cities, its province and the country.
 */
#include <stdlib.h>
#include <string.h>

#include "app/figure.h"
#include "app/registry.h"
#include "fangding/arena.h"
#include "fangding/industry.h"

/* A field of a record, "" without one. */
/* A number of the city in the unit of the register. A computed figure goes before a published one;
 * without either, or in a unit that does not convert, it stays missing. */
static int own_figure(fd_benchmark *b, fd_call *call)
{
    fd_program *program = call->city->program;
    const fd_indicator *indicator = fd_program_indicator(program, b->indicator);
    const fd_unit *to = fd_program_unit(program, b->unit), *from;
    fd_quot factor;
    fd_figure f = { 0 };
    int err;

    if (indicator) {
        b->indicator = indicator->id;
        b->name = indicator->name;
        if ((err = fd_figure_at(&f, call->city, indicator, b->period, call->lang)) < 0)
            return err;
    }
    if (!f.has_value || f.number.is_estimate) {
        const fd_item *item = fd_program_item(program, b->indicator);

        if (!indicator && item) {
            b->indicator = item->id;
            b->name = item->name;
        }
        if ((err = fd_figure_published(&f, call->city, b->indicator, b->period, call->lang)) < 0)
            return err;
    }
    if (!f.has_value || f.number.is_estimate)
        return 0;
    b->own = f.number;
    if (strcmp(f.unit, b->unit) == 0)
        return 0;
    from = fd_program_unit(program, f.unit);
    if (from && to && fd_unit_factor(&factor, from, to) >= 0)
        return fd_quot_mul(&b->own.exact, b->own.exact, factor);
    fd_error_clear();
    b->own = fd_number_na();
    return 0;
}

/* One record; the indicator's id or name that the call asks for, or NULL for all. */
static int read_record(fd_benchmark *b, bool *wanted, fd_call *call, const fd_table *t, size_t row,
                       const char *asked)
{
    const char *period = fd_table_text(t, "period", row), *value = fd_table_text(t, "value", row);
    fd_decimal decimal;
    int err;

    *b = (fd_benchmark){ .area = fd_table_text(t, "area", row),
                         .kind = fd_table_text(t, "kind", row),
                         .indicator = fd_table_text(t, "indicator", row),
                         .name = fd_table_text(t, "indicator", row),
                         .unit = fd_table_text(t, "unit", row),
                         .reference = fd_table_text(t, "reference", row),
                         .dated = fd_table_text(t, "dated", row),
                         .value = fd_number_na(),
                         .own = fd_number_na() };
    if ((err = fd_period_parse(&b->period, period, strlen(period))) < 0 ||
        (err = fd_decimal_parse(&decimal, value, strlen(value))) < 0)
        return fd_error_detail("对标数 %s:期间「%s」、数值「%s」",
                               "benchmark %s: period \"%s\", value \"%s\"",
                               fd_table_text(t, "id", row), period, value);
    b->value = fd_number_exact(fd_quot_from_decimal(decimal));
    if ((err = own_figure(b, call)) < 0)
        return err;
    *wanted = !asked || strcmp(asked, b->indicator) == 0 || strcmp(asked, b->name) == 0;
    return 0;
}

static int run_benchmarks(fd_call *call, fd_result *result)
{
    fd_benchmark *list = NULL;
    fd_table *records = NULL, *t = NULL;
    size_t count = 0;
    int err;

    if (!fd_program_record(call->city->program, "benchmark"))
        return fd_error_set(FD_ENOTFOUND, "没有对标数登记册", "there is no register of benchmarks");
    if ((err = call->city->source->ops->records(call->city->source, "benchmark", FD_DATE_MAX,
                                                &records)) < 0)
        return err;
    list = fd_alloc((records->rows + 1) * sizeof *list);
    for (size_t r = 0; r < records->rows && err >= 0; r++) {
        bool wanted = false;

        err = read_record(&list[count], &wanted, call, records, r, fd_call_text(call, "indicator"));
        count += wanted;
    }
    if (err < 0 || (err = fd_benchmarks(&t, list, count)) < 0)
        goto done;
    fd_table_add_note(t, "位次从大到小;本市没有同一指标、同一期间的数时不比",
                      "rank is largest first; without a figure of the same indicator and period "
                      "the city is not compared");
    fd_result_add(result, t);
done:
    free(list);
    fd_table_free(records);
    return err < 0 ? err : 0;
}

static const fd_verb_param benchmarks_params[] = {
    { "indicator", FD_P_TEXT, true, false, false, "INDICATOR", "只看一个指标(编号或名称)",
      "one indicator (id or name)", NULL },
};
static const char *const benchmarks_examples[] = { "benchmarks --city out/huanzhou.fangding",
                                                   "benchmarks rd_gdp --city out/huanzhou.fangding",
                                                   NULL };
const fd_verb fd_verb_benchmarks = {
    .name = "benchmarks",
    .zh = "同类城市比较:每个数带出处和日期,本市的差距和位次",
    .en = "the city beside similar cities: every number with its source, gap and rank",
    .purpose = FD_PLANNING,
    .needs_city = true,
    .params = benchmarks_params,
    .param_count = sizeof benchmarks_params / sizeof *benchmarks_params,
    .examples = benchmarks_examples,
    .run = run_benchmarks,
};
