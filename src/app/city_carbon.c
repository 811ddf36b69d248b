/*
 * CO2 of the fuels that enterprises returned in 205-1: amounts × factors of definitions/carbon.csv.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/assets.h"
#include "app/city_cells.h"
#include "base/str.h"
#include "fangding/measure.h"
#include "io/csvtable.h"

enum { CODE, NAME, FACTOR };

int fd_city__carbon(const fd_indicator **out, fd_call *call)
{
    const fd_indicator *energy = fd_program_indicator(call->city->program, "energy_use");
    fd_indicator *i;
    fd_unit *unit;

    if (!energy)
        return fd_error_set(FD_ENOTFOUND, "没有能源消费指标 energy_use,算不出 co2",
                            "no indicator energy_use: co2 cannot be worked out");
    i = fd_arena_alloc(call->arena, sizeof *i);
    unit = fd_arena_alloc(call->arena, sizeof *unit);
    *unit = (fd_unit){ .name = "万tCO2e", .alias = "wan_tco2e", .factor = { 10000, 1 } };
    *i = *energy;
    i->unit = unit;
    i->id = "co2";
    i->name = "能源活动二氧化碳排放(估算)";
    *out = i;
    return 0;
}

/* What the enterprises of a group used of one fuel, as far as they returned it. */
static int fuel_amount(fd_indicator *out, fd_call *call, const char *code)
{
    fd_expr *total = NULL;
    int err = fd_expr_parse(&total, call->city->program, call->arena,
                            fd_arena_printf(call->arena, "合计(能源工业生产消费:%s)", code), false);

    memset(out, 0, sizeof *out);
    out->id = out->name = fd_arena_strdup(call->arena, code);
    out->kind = "enterprise";
    out->total = total;
    out->unit = total ? total->type.unit : NULL;
    out->missing = FD_RULE_SKIP_REPORTED;
    out->periods[0] = FD_YEAR;
    out->period_count = 1;
    return err;
}

/* Total energy was returned: then a fuel without a row was not used. */
static void start_from_nothing(fd_city_cells *c, size_t q)
{
    for (size_t u = 0; u < c->count; u++)
        for (size_t slot = 0; slot < c->p->period_count; slot++)
            c->units[u].cells[slot * c->p->count + q].value = 0;
}

static int add_fuel(fd_city_cells *c, size_t q, const fd_expr *where, const char *code,
                    double factor)
{
    fd_indicator fuel;
    const fd_city_quantity quantity = { .indicator = &fuel };
    fd_table *t = NULL;
    int err, value;

    if ((err = fuel_amount(&fuel, c->p->call, code)) < 0 ||
        (err = fd_city__measure(&t, c->p, &quantity, c->p->by, c->p->by_count, where)) < 0)
        return err;
    value = fd_table_find(t, "value");
    for (size_t r = 0; r < t->rows; r++) {
        const fd_number v = fd_column_number(t->columns[value], r);

        if (v.state == FD_HAS || v.state == FD_DOUBT)
            fd_city__add(c, t, r, fd_city__slot(c->p, t, r), q,
                         fd_number_to_double(v) * factor / 1e4);
    }
    fd_table_free(t);
    return 0;
}

int fd_city__read_carbon(fd_city_cells *c, fd_table *notes, size_t q, const fd_expr *where)
{
    fd_rows *rows = NULL;
    const fd_row *row;
    char code[32], text[64];
    double factor;
    int err;

    start_from_nothing(c, q);
    if ((err = fd_asset_rows(&rows, "definitions/carbon.csv")) < 0)
        return err;
    while ((err = fd_rows_next(rows, &row)) > 0) {
        fd_asset_cell(row, CODE, code, sizeof code);
        fd_asset_cell(row, FACTOR, text, sizeof text);
        if (code[0] && code[0] != '#' && fd_csv_number(&factor, text, strlen(text)) &&
            (err = add_fuel(c, q, where, code, factor)) < 0)
            break;
    }
    fd_rows_close(rows);
    fd_table_add_note(notes,
                      "co2 按 205-1 工业生产消费 × definitions/carbon.csv "
                      "的因子(unverified)估算,含外购电热的间接排放",
                      "co2: industrial use by fuel × factors of definitions/carbon.csv "
                      "(unverified), with indirect "
                      "emissions of purchased power and heat");
    return err < 0 ? err : 0;
}
