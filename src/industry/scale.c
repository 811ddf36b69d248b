/*
 * A chain against its promised scale: the pace it asks for, and the path that projects make.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "industry/works.h"

enum { HORIZON = 10 }; /* years */

static double ramp_share(const fd_table *curve, int months)
{
    fd_quot q;

    if (!fd_works__ramp(&q, curve, months))
        return 0;
    return fd_quot_to_double(q) / 100;
}

static fd_table *make_pace(const fd_scale_input *in)
{
    static const fd_column_spec specs[] = {
        { "year", "到", "By", FD_DEC, NULL, 0 },
        { "years", "年数", "Years", FD_DEC, "年", 0 },
        { "needed", "年均需增", "Growth needed", FD_EST, "%", 0 },
        { "added", "需新增", "To be added", FD_EST, "亿元", 0 },
    };
    fd_table *t = fd_table_new("pace", "所需速度", "Pace");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    t->columns[2]->digits = t->columns[3]->digits = 1;
    for (size_t i = 0; i < in->year_count; i++) {
        int n = in->years[i] - in->year;
        size_t row;

        if (n <= 0)
            continue;
        row = fd_table_add_row(t);
        fd_column_set_dec(t->columns[0], row, in->years[i]);
        fd_column_set_dec(t->columns[1], row, n);
        if (in->now > 0)
            fd_column_set_est(t->columns[2], row, (pow(in->target / in->now, 1.0 / n) - 1) * 100);
        fd_column_set_est(t->columns[3], row, in->target > in->now ? in->target - in->now : 0);
    }
    return t;
}

static int months_since(fd_date produces, int slip, int year, int month)
{
    int y, m, d;

    if (produces == FD_DATE_NONE)
        return -1;
    fd_date_split(produces, &y, &m, &d);
    return (year - y) * 12 + month - m - slip;
}

static fd_table *make_path(fd_scale *out, const fd_scale_input *in)
{
    static const fd_column_spec specs[] = {
        { "period", "期间", "Period", FD_PERIOD, NULL, 0 },
        { "base", "现有", "What exists", FD_EST, "亿元", 0 },
        { "projects", "项目新增", "Projects add", FD_EST, "亿元", 0 },
        { "total", "合计(年率)", "Total at annual rate", FD_EST, "亿元", 0 },
        { "share", "占目标", "Of the target", FD_EST, "%", 0 },
        { "producing", "本季投产", "Begin to produce", FD_TEXT, NULL, 0 },
    };
    fd_table *t = fd_table_new("path", "爬坡路径", "Path");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t c = 1; c < 5; c++)
        t->columns[c]->digits = 1;
    out->reached = 0;
    for (int q = 0; q < HORIZON * 4; q++) {
        int year = in->year + 1 + q / 4, quarter = q % 4 + 1;
        double base = in->now * pow(1 + in->growth / 100, (q + 1) / 4.0), added = 0, total;
        fd_buf names = FD_BUF_INIT;
        size_t row = fd_table_add_row(t);

        for (size_t p = 0; p < in->project_count; p++) {
            const fd_scale_project *x = &in->projects[p];
            int now = months_since(x->produces, x->slip, year, quarter * 3),
                then = months_since(x->produces, x->slip, in->year, 12);

            added += x->output * (ramp_share(in->ramp, now) - ramp_share(in->ramp, then));
            if (now >= 0 && now < 3 && then < 0)
                fd_buf_printf(&names, "%s%s", names.len ? "、" : "", x->code);
        }
        total = base + added;
        fd_column_set_day(t->columns[0], row, fd_period_quarter(year, quarter));
        fd_column_set_est(t->columns[1], row, base);
        fd_column_set_est(t->columns[2], row, added);
        fd_column_set_est(t->columns[3], row, total);
        if (in->target > 0)
            fd_column_set_est(t->columns[4], row, total / in->target * 100);
        if (names.len)
            fd_column_set_text(t->columns[5], row, fd_buf_text(&names));
        fd_buf_dispose(&names);
        if (!out->reached && in->target > 0 && total >= in->target)
            out->reached = year * 4 + quarter - 1;
    }
    fd_table_add_note(t, "现有部分的增速和爬坡曲线都是假设,不是预测",
                      "the growth of what exists and the ramp are assumptions, no forecast");
    return t;
}

int fd_scale_make(fd_scale *out, const fd_scale_input *in)
{
    memset(out, 0, sizeof *out);
    if (!isfinite(in->now) || in->now < 0 || !isfinite(in->target) || in->target <= 0 ||
        !isfinite(in->growth) || in->growth <= -100)
        return fd_error_set(FD_EINVAL, "规模、目标或增速不是可用的数",
                            "scale, target or growth is no usable number");
    out->pace = make_pace(in);
    out->path = make_path(out, in);
    return 0;
}

void fd_scale_dispose(fd_scale *scale)
{
    fd_table_free(scale->pace);
    fd_table_free(scale->path);
    memset(scale, 0, sizeof *scale);
}
