/*
 * 链长制: who has to meet by when, and who is late.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "fangding/chainwork.h"
#include "industry/works.h"

/* Months of a cadence; 0 for none, -1 for one nobody knows. */
static int months_of(const char *cadence)
{
    static const struct {
        const char *names[3];
        int months;
    } known[] = { { { "月", "每月", "month" }, 1 },
                  { { "季", "每季", "quarter" }, 3 },
                  { { "半年", "每半年", "half" }, 6 },
                  { { "年", "每年", "year" }, 12 } };

    for (size_t k = 0; *cadence && k < sizeof known / sizeof *known; k++)
        for (size_t i = 0; i < 3; i++)
            if (strcmp(cadence, known[k].names[i]) == 0)
                return known[k].months;
    return *cadence ? -1 : 0;
}

static int month_index(fd_date day)
{
    int year, month, of_month;

    fd_date_split(day, &year, &month, &of_month);
    return year * 12 + month - 1;
}

/* The last working day of the period, or its last day where the calendar does not say. */
static fd_date due_of(int period, int length, const fd_calendar *calendar, bool *by_calendar)
{
    const int next = (period + 1) * length;
    fd_date day = fd_date_make(next / 12, next % 12 + 1, 1) - 1;
    bool working = true;

    *by_calendar = calendar != NULL;
    for (fd_date d = day; calendar && d > day - 20; d--) {
        if (fd_calendar_is_working(calendar, d, &working) < 0) {
            fd_error_clear();
            *by_calendar = false;
            return day;
        }
        if (working)
            return d;
    }
    return day;
}

typedef struct duty {
    const char *chain, *role, *who, *cadence;
    fd_date last, due, planned;
    int months, missed;
    size_t row;
} duty;

/* The last meeting held, and the first one planned from today on. */
static void find_meetings(duty *d, const fd_table *meetings, fd_date today)
{
    d->last = d->planned = FD_DATE_NONE;
    for (size_t r = 0; r < meetings->rows; r++) {
        const char *state = fd_works__text_or(meetings, r, "state", "召开");
        const fd_date day = fd_works__date(meetings, r, "held");

        if (day == FD_DATE_NONE || strcmp(state, "取消") == 0 ||
            strcmp(fd_works__text_or(meetings, r, "chain", ""), d->chain) != 0 ||
            strcmp(fd_works__text_or(meetings, r, "role", ""), d->role) != 0)
            continue;
        if (strcmp(state, "计划") == 0 || day > today) {
            if (day >= today && (d->planned == FD_DATE_NONE || day < d->planned))
                d->planned = day;
        } else if (d->last == FD_DATE_NONE || day > d->last) {
            d->last = day;
        }
    }
}

static int compare_duties(const void *left, const void *right)
{
    const duty *a = left, *b = right;

    if ((a->due == FD_DATE_NONE) != (b->due == FD_DATE_NONE))
        return a->due == FD_DATE_NONE ? 1 : -1;
    if (a->due != b->due)
        return a->due < b->due ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static void put_day(fd_table *t, size_t column, size_t row, fd_date day)
{
    if (day != FD_DATE_NONE)
        fd_column_set_day(t->columns[column], row, day);
}

static void put_duty(fd_table *t, const duty *d, const fd_meeting_options *o)
{
    const size_t row = fd_table_add_row(t);
    const int left = d->due == FD_DATE_NONE ? 0 : d->due - o->today;
    const char *state = d->due == FD_DATE_NONE ? "unknown"
                        : left < 0             ? "overdue"
                        : left <= o->remind    ? "soon"
                                               : "planned";
    char zh[240], en[240];

    fd_column_set_text(t->columns[0], row, d->chain);
    fd_column_set_text(t->columns[1], row, d->role);
    if (d->who)
        fd_column_set_text(t->columns[2], row, d->who);
    fd_column_set_text(t->columns[3], row, d->cadence);
    put_day(t, 4, row, d->last);
    put_day(t, 5, row, d->due);
    if (d->due != FD_DATE_NONE) {
        fd_column_set_dec(t->columns[6], row, left);
        fd_column_set_dec(t->columns[7], row, d->missed);
    }
    put_day(t, 8, row, d->planned);
    fd_column_set_text(t->columns[9], row, state);
    fd_column_set_text(t->columns[10], row,
                       d->due == FD_DATE_NONE ? "grey"
                       : left < 0             ? "red"
                       : left <= o->remind    ? "yellow"
                                              : "green");
    if (d->due == FD_DATE_NONE) {
        snprintf(zh, sizeof zh, "没有开过,起始日期也没写:不知道该哪天开");
        snprintf(en, sizeof en, "never met, and nobody wrote since when: not known when it is due");
    } else if (left < 0) {
        snprintf(zh, sizeof zh, "超期 %d 天,欠 %d 次;请%s安排", -left, d->missed, d->role);
        snprintf(en, sizeof en, "%d days late, %d missed", -left, d->missed);
    } else if (left <= o->remind) {
        snprintf(zh, sizeof zh, "提醒:还有 %d 天到期", left);
        snprintf(en, sizeof en, "a reminder: due in %d days", left);
    } else {
        snprintf(zh, sizeof zh, "按期");
        snprintf(en, sizeof en, "on time");
    }
    fd_column_set_text(t->columns[11], row, zh);
    fd_column_set_text(t->columns[12], row, en);
}

int fd_meetings_make(fd_table **out, const fd_table *roles, const fd_table *meetings,
                     const fd_meeting_options *o)
{
    static const fd_column_spec specs[] = {
        { "chain", "产业链", "Chain", FD_TEXT, "", 0 },
        { "role", "角色", "Role", FD_TEXT, "", 0 },
        { "who", "责任人", "Who", FD_TEXT, "", 0 },
        { "cadence", "周期", "Cadence", FD_TEXT, "", 0 },
        { "last", "上次", "Last", FD_DATE, "", 0 },
        { "due", "应开", "Due", FD_DATE, "", 0 },
        { "days", "还有", "Days left", FD_DEC, "天", 0 },
        { "missed", "欠", "Missed", FD_DEC, "次", 0 },
        { "next", "已排", "Planned", FD_DATE, "", 0 },
        { "state", "状态", "State", FD_TEXT, "", 0 },
        { "light", "灯", "Light", FD_TEXT, "", 0 },
        { "why", "说明", "Why (Chinese)", FD_TEXT, "", 0 },
        { "why_en", "英文说明", "Why", FD_TEXT, "", 0 },
    };
    duty *all = fd_alloc((roles->rows + 1) * sizeof *all);
    bool by_calendar = true, every = true;
    size_t count = 0;
    fd_table *t = NULL;
    int err = 0;

    for (size_t r = 0; r < roles->rows; r++) {
        duty d = { .chain = fd_works__text_or(roles, r, "chain", ""),
                   .role = fd_works__text_or(roles, r, "role", ""),
                   .who = fd_works__text(roles, r, "who"),
                   .cadence = fd_works__text_or(roles, r, "cadence", ""),
                   .due = FD_DATE_NONE,
                   .row = r };
        fd_date from;
        int period;

        d.months = months_of(d.cadence);
        if (d.months < 0) {
            fd_error_set(FD_EINVAL, "会议周期应是 月、季、半年、年,见到 %s",
                         "a cadence is month, quarter, half or year, not %s", d.cadence);
            err = fd_error_at((fd_place){ NULL, NULL, (long)r + 2, 0 });
            goto done;
        }
        if (!d.months || strcmp(fd_works__text_or(roles, r, "state", "在任"), "离任") == 0)
            continue;
        find_meetings(&d, meetings, o->today);
        from = d.last != FD_DATE_NONE ? d.last : fd_works__date(roles, r, "started");
        if (from != FD_DATE_NONE) {
            /* A meeting in a period settles it; without one the first period is owed itself. */
            period = month_index(from) / d.months + (d.last != FD_DATE_NONE);
            d.due = due_of(period, d.months, o->calendar, &by_calendar);
            every = every && by_calendar;
            d.missed = month_index(o->today) / d.months - period;
            /* The period of today itself is owed only once its last working day is over. */
            d.missed += due_of(month_index(o->today) / d.months, d.months, o->calendar,
                               &by_calendar) < o->today;
            d.missed = d.missed < 0 ? 0 : d.missed;
        }
        all[count++] = d;
    }
    if (count)
        qsort(all, count, sizeof *all, compare_duties);
    t = fd_table_new("meetings", "链长制会议", "Meetings of the chains");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t k = 0; k < count; k++)
        put_duty(t, &all[k], o);
    fd_table_add_note(t, "应开:上次会议的下一个周期的最后一个工作日;从没开过的,从起始那个周期算起",
                      "due on the last working day of the period after that of the last meeting; "
                      "of the first period where there was none");
    if (!every)
        fd_table_add_note(t, "有的年份没有工作日历,按周期最后一天算",
                          "for some years there is no calendar of working days: the period's last "
                          "day is taken");
    *out = t;
done:
    free(all);
    return err;
}
