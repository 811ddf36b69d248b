#include "app/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/measure.h"

/* The number with the indicator's display digits, by GB/T 8170. */
static void format_value(fd_figure *f, const fd_indicator *indicator)
{
    int digits = indicator->digits >= 0 ? indicator->digits : 2;

    if (f->number.is_estimate)
        snprintf(f->value, sizeof f->value, "%.*f", digits, f->number.estimate);
    else
        fd_quot_format(f->number.exact, digits, FD_ROUND_HALF_EVEN, f->value, sizeof f->value);
}

int fd_figure_at(fd_figure *out, fd_city *city, const fd_indicator *indicator, fd_period period,
                 fd_lang lang)
{
    fd_measured measured;
    int err;

    memset(out, 0, sizeof *out);
    out->period = period;
    fd_period_title(period, lang, out->period_title, sizeof out->period_title);
    snprintf(out->unit, sizeof out->unit, "%s", indicator->unit ? indicator->unit->name : "");
    if ((err = fd_measure_one(&measured, city->program, city->source, indicator, period, NULL)) < 0)
        return err;
    out->number = measured.value;
    out->has_value = measured.value.state == FD_HAS || measured.value.state == FD_DOUBT;
    snprintf(out->marks, sizeof out->marks, "%s", measured.marks);
    if (out->has_value)
        format_value(out, indicator);
    else
        snprintf(out->value, sizeof out->value, "%s", fd_state_name(measured.value.state, lang));
    return 0;
}

int fd_figure_latest(fd_figure *out, fd_city *city, const fd_indicator *indicator, fd_lang lang)
{
    fd_period *periods = NULL;
    size_t count = 0;
    int err;

    memset(out, 0, sizeof *out);
    if ((err = fd_measure_periods(&periods, &count, city->program, city->source, indicator)) < 0)
        return err;
    for (size_t i = count; i > 0 && err >= 0 && !out->has_value; i--)
        err = fd_figure_at(out, city, indicator, periods[i - 1], lang);
    free(periods);
    return err;
}
