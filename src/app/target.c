#include "app/target.h"

#include <string.h>

#include "app/assets.h"
#include "app/figure.h"
#include "measure/arith.h"

/* The newest figure of an indicator by id: computed, else as published; missing when the id is
 * empty, unknown or without data. */
static fd_number newest(fd_city *city, const char *id, const fd_indicator **indicator)
{
    fd_figure f;

    *indicator = id[0] ? fd_program_indicator(city->program, id) : NULL;
    if (!*indicator)
        return fd_number_missing();
    if (fd_figure_latest(&f, city, *indicator, FD_ZH) < 0) {
        fd_error_clear();
        return fd_number_missing();
    }
    if (!f.has_value && fd_figure_published(&f, city, (*indicator)->id, FD_PERIOD_NONE, FD_ZH) < 0)
        fd_error_clear();
    return f.has_value ? f.number : fd_number_missing();
}

/* Where nothing can be computed the published figure says where we stand. */
static int published_now(fd_target_options *options, fd_city *city, const fd_target *target)
{
    fd_figure f;
    int err;

    if (!target->indicator || fd_number_has(options->now))
        return 0;
    if ((err = fd_figure_latest(&f, city, target->indicator, FD_ZH)) < 0)
        return err;
    if (f.has_value ||
        (err = fd_figure_published(&f, city, target->indicator->id, FD_PERIOD_NONE, FD_ZH)) < 0 ||
        !f.has_value)
        return err;
    options->now = f.number;
    options->now_year = fd_period_year_of(f.period);
    return 0;
}

/* A number in another unit. Falls back to missing rather than to a wrong magnitude. */
static fd_number converted(fd_city *city, fd_number number, const fd_unit *from, const char *to)
{
    const fd_unit *unit = fd_program_unit(city->program, to);
    fd_quot factor;

    if (!fd_number_has(number) || !from || !unit || fd_unit_factor(&factor, from, unit) < 0) {
        fd_error_clear();
        return fd_number_missing();
    }
    return fd_number_apply(number, '*', fd_number_exact(factor));
}

/* A rate as the decimal that the report takes: exact figures as they are, estimates to 4 places. */
static fd_decimal rate_of(fd_number number)
{
    fd_decimal d = { 0, -1 };
    char text[64];

    if (!fd_number_has(number))
        return d;
    fd_number_text(number, 4, FD_ZH, text, sizeof text);
    if (fd_decimal_parse(&d, text, strlen(text)) < 0) {
        fd_error_clear();
        return (fd_decimal){ 0, -1 };
    }
    return d;
}

int fd_target_facts(fd_target_options *options, fd_city *city, const fd_target *target)
{
    const fd_indicator *growth, *contribution, *total;
    char id[128];
    fd_number whole;
    const fd_row *row;
    fd_rows *rows;
    int err;

    if ((err = published_now(options, city, target)) < 0 ||
        (err = fd_asset_rows(&rows, "definitions/targets.csv")) < 0)
        return err;
    while ((err = fd_rows_next(rows, &row)) > 0) {
        if (strcmp(fd_asset_cell(row, 0, id, sizeof id), target->id) != 0)
            continue;
        options->historic_growth =
            rate_of(newest(city, fd_asset_cell(row, 1, id, sizeof id), &growth));
        options->contribution = newest(city, fd_asset_cell(row, 2, id, sizeof id), &contribution);
        whole = newest(city, fd_asset_cell(row, 3, id, sizeof id), &total);
        options->total_value = converted(city, whole, total ? total->unit : NULL, "亿元");
        break;
    }
    fd_rows_close(rows);
    return err < 0 ? err : 0;
}
