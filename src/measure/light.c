/*
 * Lights: published rules of progress as pure functions, each with the sentence that explains it.
 */
#include <stdio.h>
#include <string.h>

#include "measure/arith.h"
#include "measure/internal.h"

const char *fd_color_name(fd_color color, fd_lang lang)
{
    static const char *const names[4][2] = {
        { "绿", "green" }, { "黄", "yellow" }, { "红", "red" }, { "灰", "grey" }
    };

    return names[color][lang];
}

static const char *const presets[4][2] = {
    { "银川", "yinchuan" }, { "三亚", "sanya" }, { "武汉", "wuhan" }, { "天津", "tianjin" }
};

int fd_light_preset_parse(fd_light_preset *out, const char *name)
{
    for (int i = 0; i < 4; i++)
        if (strcmp(name, presets[i][0]) == 0 || strcmp(name, presets[i][1]) == 0) {
            *out = (fd_light_preset)i;
            return 0;
        }
    (void)fd_error_set(FD_ENOTFOUND, "没有叫「%s」的灯规则", "there is no light rule called %s",
                       name);
    return fd_error_hint("可用:银川、三亚、武汉、天津",
                         "there are yinchuan, sanya, wuhan, tianjin");
}

fd_quot fd_light_time_share(fd_period period)
{
    fd_quot q = { 100, 1 };
    int month = fd_period_number_of(period);

    switch (fd_period_kind_of(period)) {
    case FD_CUMULATIVE:
    case FD_MONTH:
        (void)fd_quot_make(&q, month * 100, 12);
        break;
    case FD_QUARTER:
        (void)fd_quot_make(&q, month * 100, 4);
        break;
    case FD_DAY: {
        fd_date day = fd_period_start(period);
        fd_date first = fd_period_start(fd_period_year(fd_period_year_of(period)));
        fd_date last = fd_period_end(fd_period_year(fd_period_year_of(period)));

        (void)fd_quot_make(&q, (fd_i128)(day - first + 1) * 100, last - first + 1);
        break;
    }
    case FD_YEAR:
        break;
    }
    return q;
}

static fd_number of_quot(fd_quot q)
{
    return fd_number_exact(q);
}

/* At most one fraction digit, none when it would be 0: 42, 66.7. */
static const char *short_text(fd_number v, char *buf, size_t size)
{
    size_t n;

    (void)fd_number_text(v, 1, FD_ZH, buf, size);
    n = strlen(buf);
    if (n > 2 && strcmp(buf + n - 2, ".0") == 0)
        buf[n - 2] = '\0';
    return buf;
}

static int grey(fd_verdict *out, const char *zh, const char *en)
{
    out->color = FD_GREY;
    snprintf(out->reason[FD_ZH], sizeof out->reason[FD_ZH], "灰:%s", zh);
    snprintf(out->reason[FD_EN], sizeof out->reason[FD_EN], "grey: %s", en);
    return 0;
}

/* value < limit, exact. */
static bool below(fd_number value, int64_t limit)
{
    return fd_number_compare(value, fd_number_int(limit)) < 0;
}

static bool above(fd_number value, int64_t limit)
{
    return fd_number_compare(value, fd_number_int(limit)) > 0;
}

int fd_light_progress(fd_verdict *out, fd_light_preset preset, fd_number done, fd_number plan,
                      fd_quot schedule_percent)
{
    fd_number percent, schedule = of_quot(schedule_percent), behind, reached;
    char p[80], s[80], b[80], r[80];

    memset(out, 0, sizeof *out);
    if (done.state != FD_HAS || plan.state != FD_HAS)
        return grey(out, "完成数或计划数缺报或待核", "done or plan is missing or in doubt");
    if (done.is_estimate || plan.is_estimate)
        return fd_error_set(FD_EINVAL, "亮灯要用精确数,估计值先写明修约",
                            "a light takes exact numbers: round an estimate first");
    if (fd_number_compare(plan, fd_number_int(0)) <= 0)
        return grey(out, "没有年度计划", "there is no plan for the year");
    if (preset == FD_LIGHT_TIANJIN)
        return fd_error_set(FD_EINVAL, "天津规则看增速,不看进度",
                            "the rule of tianjin is about growth, not progress");
    percent = fd_number_apply(fd_number_apply(done, '/', plan), '*', fd_number_int(100));
    behind = fd_number_apply(schedule, '-', percent);
    if (schedule_percent.num <= 0 && preset == FD_LIGHT_WUHAN)
        return grey(out, "序时进度为零", "nothing is due yet");
    reached = fd_number_apply(fd_number_apply(percent, '/', schedule), '*', fd_number_int(100));
    switch (preset) {
    case FD_LIGHT_YINCHUAN:
        out->color = above(behind, 30) ? FD_RED : above(behind, 10) ? FD_YELLOW : FD_GREEN;
        break;
    case FD_LIGHT_SANYA:
        /* done against what was planned by now */
        out->color = !above(behind, 0) ? FD_GREEN : below(reached, 50) ? FD_RED : FD_YELLOW;
        break;
    default:
        out->color = below(reached, 60) ? FD_RED : below(reached, 80) ? FD_YELLOW : FD_GREEN;
        break;
    }
    short_text(percent, p, sizeof p);
    short_text(schedule, s, sizeof s);
    short_text(reached, r, sizeof r);
    if (above(behind, 0)) {
        short_text(behind, b, sizeof b);
        snprintf(out->reason[FD_ZH], sizeof out->reason[FD_ZH],
                 "%s:累计完成 %s%%,序时 %s%%,落后 %s 个百分点(规则:%s预设)",
                 fd_color_name(out->color, FD_ZH), p, s, b, presets[preset][FD_ZH]);
        snprintf(out->reason[FD_EN], sizeof out->reason[FD_EN],
                 "%s: %s%% done, %s%% due, %s points behind (rule: %s)",
                 fd_color_name(out->color, FD_EN), p, s, b, presets[preset][FD_EN]);
    } else {
        short_text(fd_number_apply(fd_number_int(0), '-', behind), b, sizeof b);
        snprintf(out->reason[FD_ZH], sizeof out->reason[FD_ZH],
                 "%s:累计完成 %s%%,序时 %s%%,超序时 %s 个百分点(规则:%s预设)",
                 fd_color_name(out->color, FD_ZH), p, s, b, presets[preset][FD_ZH]);
        snprintf(out->reason[FD_EN], sizeof out->reason[FD_EN],
                 "%s: %s%% done, %s%% due, %s points ahead (rule: %s)",
                 fd_color_name(out->color, FD_EN), p, s, b, presets[preset][FD_EN]);
    }
    return 0;
}

int fd_light_growth(fd_verdict *out, fd_number growth, fd_number plan, fd_number average)
{
    char g[80], p[80], a[80];

    memset(out, 0, sizeof *out);
    if (growth.state != FD_HAS || plan.state != FD_HAS || average.state != FD_HAS)
        return grey(out, "增速、计划或平均数缺报或待核",
                    "growth, plan or average is missing or in doubt");
    if (growth.is_estimate || plan.is_estimate || average.is_estimate)
        return fd_error_set(FD_EINVAL, "亮灯要用精确数,估计值先写明修约",
                            "a light takes exact numbers: round an estimate first");
    out->color = below(growth, 0) ? FD_RED
                 : fd_number_compare(growth, plan) >= 0 && fd_number_compare(growth, average) >= 0
                     ? FD_GREEN
                     : FD_YELLOW;
    short_text(growth, g, sizeof g);
    short_text(plan, p, sizeof p);
    short_text(average, a, sizeof a);
    snprintf(out->reason[FD_ZH], sizeof out->reason[FD_ZH],
             "%s:增速 %s%%,计划 %s%%,平均 %s%%(规则:天津预设)", fd_color_name(out->color, FD_ZH), g,
             p, a);
    snprintf(out->reason[FD_EN], sizeof out->reason[FD_EN],
             "%s: growth %s%%, plan %s%%, average %s%% (rule: tianjin)",
             fd_color_name(out->color, FD_EN), g, p, a);
    return 0;
}

/* Whole months from one day's month to another's. */
static int months_between(fd_date from, fd_date to)
{
    int y1, m1, d1, y2, m2, d2;

    fd_date_split(from, &y1, &m1, &d1);
    fd_date_split(to, &y2, &m2, &d2);
    return (y2 - y1) * 12 + m2 - m1;
}

static int dated(fd_verdict *out, const char *zh, const char *en, fd_color color, fd_date planned,
                 int late)
{
    char day[16];

    out->color = color;
    (void)fd_date_format(planned, day, sizeof day);
    snprintf(out->reason[FD_ZH], sizeof out->reason[FD_ZH], "%s:应于 %s %s,已过 %d 个月",
             fd_color_name(color, FD_ZH), day, zh, late);
    snprintf(out->reason[FD_EN], sizeof out->reason[FD_EN], "%s: %s was due %s, %d months ago",
             fd_color_name(color, FD_EN), en, day, late);
    return 0;
}

static int in_time(fd_verdict *out, const char *zh, const char *en)
{
    out->color = FD_GREEN;
    snprintf(out->reason[FD_ZH], sizeof out->reason[FD_ZH], "绿:%s", zh);
    snprintf(out->reason[FD_EN], sizeof out->reason[FD_EN], "green: %s", en);
    return 0;
}

int fd_light_start(fd_verdict *out, fd_date planned, fd_date actual, fd_date at)
{
    int late;

    memset(out, 0, sizeof *out);
    if (planned == FD_DATE_NONE)
        return grey(out, "没有计划开工日", "no planned start");
    if (actual != FD_DATE_NONE && actual <= at)
        return in_time(out, "已开工", "work has begun");
    late = months_between(planned, at);
    if (late < 0)
        return in_time(out, "未到计划开工月", "the start is not yet due");
    return dated(out, "开工,尚未开工", "start", late >= 3 ? FD_RED : FD_YELLOW, planned, late);
}

int fd_light_entry(fd_verdict *out, fd_date due, fd_date actual, fd_date at)
{
    fd_date one, two;
    bool clamped;

    memset(out, 0, sizeof *out);
    if (due == FD_DATE_NONE)
        return grey(out, "没有应入库日", "no due date");
    if (actual != FD_DATE_NONE && actual <= at)
        return in_time(out, "已入库", "entered");
    one = fd_date_add_months(due, 1, &clamped);
    two = fd_date_add_months(due, 2, &clamped);
    if (at <= one)
        return in_time(out, "未超应入库日一个月", "not more than a month late");
    return dated(out, "入库,尚未入库", "entry", at > two ? FD_RED : FD_YELLOW, due,
                 months_between(due, at));
}

int fd_light_energy(fd_verdict *out, fd_number year_progress, fd_number plan_progress,
                    fd_decimal smooth, fd_decimal severe)
{
    static const char *const levels[3][2] = { { "三级 基本顺利", "level 3, smooth" },
                                              { "二级 比较严峻", "level 2, severe" },
                                              { "一级 十分严峻", "level 1, critical" } };
    fd_number worse, good = of_quot(fd_quot_from_decimal(smooth)),
                     bad = of_quot(fd_quot_from_decimal(severe));
    char y[80], p[80], s[80];

    memset(out, 0, sizeof *out);
    if (year_progress.state != FD_HAS || plan_progress.state != FD_HAS)
        return grey(out, "年度或五年进度缺报或待核",
                    "progress of the year or the plan is missing or in doubt");
    if (year_progress.is_estimate || plan_progress.is_estimate)
        return fd_error_set(FD_EINVAL, "亮灯要用精确数,估计值先写明修约",
                            "a light takes exact numbers: round an estimate first");
    worse = fd_number_compare(year_progress, plan_progress) < 0 ? year_progress : plan_progress;
    out->color = fd_number_compare(worse, good) >= 0  ? FD_GREEN
                 : fd_number_compare(worse, bad) >= 0 ? FD_YELLOW
                                                      : FD_RED;
    short_text(year_progress, y, sizeof y);
    short_text(plan_progress, p, sizeof p);
    short_text(out->color == FD_RED ? bad : good, s, sizeof s);
    snprintf(out->reason[FD_ZH], sizeof out->reason[FD_ZH],
             "%s:%s;年度进度 %s%%,五年进度 %s%%,界限 %s%%", fd_color_name(out->color, FD_ZH),
             levels[out->color][FD_ZH], y, p, s);
    snprintf(out->reason[FD_EN], sizeof out->reason[FD_EN],
             "%s: %s; year %s%%, five years %s%%, threshold %s%%", fd_color_name(out->color, FD_EN),
             levels[out->color][FD_EN], y, p, s);
    return 0;
}
