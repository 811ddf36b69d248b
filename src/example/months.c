/*
 * Months out of years: output by reporting month, electricity, and the state a firm reports.
 */
#include "example/model.h"

#include <math.h>
#include <stdlib.h>

#include "example/random.h"

enum { T_SHAPE = 300, T_YEAR_SHAPE = 400, T_POWER = 500, T_POWER_MONTH = 600, T_STOPPED = 900 };

static const double *season_of(const fd_ex_parameters *p, const fd_ex_line *line)
{
    const double *best = p->seasons[0].weights;
    int rank = 0;

    for (size_t i = 0; i < p->season_count; i++) {
        const fd_ex_season *s = &p->seasons[i];
        int r = s->industry ? 2 : s->chain >= 0 ? 1 : 0;

        if (r > rank && s->chain == line->chain &&
            (r < 2 || !strcmp(s->industry, line->industry))) {
            rank = r;
            best = s->weights;
        }
    }
    return best;
}

/* Does the firm stand still in the reporting month (index; 0 is 1–2)? */
static bool stands(const fd_ex_firm *f, int year, int span)
{
    int month = span + 2;

    if (f->fate == FD_EX_STOPPED && year == 2024 && month >= f->stop_month)
        return true;
    return (f->pause == 12 && year == 2023 && month == 12) ||
           (f->pause == 7 && year == 2024 && month == 7);
}

/* The weights of a firm's year: its trade's season, a habit of its own, a little of the year. */
static double shape(double weights[FD_EX_SPANS], const fd_ex_model *m, const fd_ex_firm *f,
                    int year)
{
    const double *season = season_of(m->parameters, &m->parameters->lines[f->line]);
    double sum = 0;

    for (int i = 0; i < FD_EX_SPANS; i++) {
        weights[i] =
            stands(f, year, i)
                ? 0
                : season[i] * fd_example__between(f->key, T_SHAPE + (uint64_t)i, 0.96, 1.04) *
                      fd_example__between(f->key, fd_ex_tag(T_YEAR_SHAPE + year % 10 * 16 + i),
                                          0.985, 1.015);
        sum += weights[i];
    }
    return sum;
}

void fd_example__months(int64_t out[FD_EX_SPANS], const fd_ex_model *m, const fd_ex_firm *firm,
                        int year)
{
    int64_t annual = firm->output[year - FD_EX_FIRST_YEAR], given = 0;
    double weights[FD_EX_SPANS], sum = shape(weights, m, firm, year), at = 0;

    for (int i = 0; i < FD_EX_SPANS; i++) {
        int64_t upto;

        at += weights[i];
        upto = llround((double)annual * (at / sum));
        out[i] = upto - given;
        given = upto;
    }
}

/* Electricity follows volume, not value: a year's output at prices of 2024, and 1 % a year of
 * electrification. */
static double volume(const fd_ex_model *m, const fd_ex_firm *f, int year)
{
    const int *price = m->plan.price[m->parameters->lines[f->line].division];
    int index = year - FD_EX_FIRST_YEAR;
    double output = (double)f->output[index];

    for (int y = index + 1; y < FD_EX_YEARS; y++)
        output *= price[y] / 10000.0 / 1.01;
    return output;
}

int64_t fd_example__power(const fd_ex_model *m, const fd_ex_firm *firm, int year, int month)
{
    const fd_ex_line *line = &m->parameters->lines[firm->line];
    double annual = volume(m, firm, year) / 10 * line->kwh *
                    exp(0.18 * fd_example__bell(firm->key, T_POWER)) *
                    fd_example__between(firm->key, fd_ex_tag(T_POWER + year), 0.975, 1.02),
           weights[FD_EX_SPANS], sum = shape(weights, m, firm, year), part, january;
    int span = month <= 2 ? 0 : month - 2;
    uint64_t tag = fd_ex_tag(T_POWER_MONTH + (year - 2022) * 16 + month);

    if (stands(firm, year, span))
        return llround(annual / 12 * fd_example__between(firm->key, T_STOPPED + tag, 0.03, 0.05));
    january = m->parameters->january[year - 2022];
    part = weights[span] / sum;
    if (span == 0)
        part *= month == 1 ? january : 1 - january;
    /* A quarter of a year's electricity does not follow production. */
    return llround(annual * (0.25 / 12 + 0.75 * part) *
                   fd_example__between(firm->key, tag, 0.97, 1.03));
}

const char *fd_example__state(const char **reason, const fd_ex_model *m, const fd_ex_firm *firm,
                              int year, int month)
{
    int64_t now, before;

    *reason = NULL;
    if (stands(firm, year, month - 2)) {
        *reason = fd_ex_reasons[firm->reason];
        return "停产";
    }
    if (year == 2024 && firm->fate == FD_EX_DOWN) {
        *reason = fd_ex_reasons[firm->reason];
        return "减产";
    }
    now = firm->output[year - FD_EX_FIRST_YEAR];
    before = firm->output[year - 1 - FD_EX_FIRST_YEAR];
    if (year < 2024 && now * 100 < before * 88) {
        *reason = fd_ex_reasons[5 + fd_example__below(firm->key, (uint64_t)year, 2)];
        return "减产";
    }
    (void)m;
    return "正常";
}
