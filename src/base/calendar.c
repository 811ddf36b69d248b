/*
 * Exceptions sorted by date; a year is known when it has at least one.
 */
#include <stdlib.h>

#include "base/vec.h"
#include "fangding/period.h"

typedef struct exception {
    fd_date date;
    bool is_working;
} exception;

struct fd_calendar {
    fd_vec(exception) list;
};

fd_calendar *fd_calendar_new(void)
{
    return fd_alloc(sizeof(fd_calendar));
}

void fd_calendar_free(fd_calendar *calendar)
{
    if (!calendar)
        return;
    fd_vec_dispose(&calendar->list);
    free(calendar);
}

/* Index of the first exception not before date. */
static size_t lower_bound(const fd_calendar *calendar, fd_date date)
{
    size_t low = 0, high = calendar->list.count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (calendar->list.items[middle].date < date)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void fd_calendar_set(fd_calendar *calendar, fd_date date, bool is_working)
{
    size_t at = lower_bound(calendar, date);

    if (at < calendar->list.count && calendar->list.items[at].date == date) {
        calendar->list.items[at].is_working = is_working;
        return;
    }
    fd_vec_push(&calendar->list, ((exception){ date, is_working }));
    for (size_t i = calendar->list.count - 1; i > at; i--)
        calendar->list.items[i] = calendar->list.items[i - 1];
    calendar->list.items[at] = (exception){ date, is_working };
}

int fd_calendar_is_working(const fd_calendar *calendar, fd_date date, bool *out)
{
    size_t at = lower_bound(calendar, date), january;
    int year, month, day;

    if (at < calendar->list.count && calendar->list.items[at].date == date) {
        *out = calendar->list.items[at].is_working;
        return 0;
    }
    fd_date_split(date, &year, &month, &day);
    january = lower_bound(calendar, fd_date_make(year, 1, 1));
    if (january >= calendar->list.count ||
        calendar->list.items[january].date > fd_date_make(year, 12, 31)) {
        fd_error_set(FD_ENOTFOUND, "工作日历没有 %d 年", "the working-day calendar has no year %d",
                     year);
        return fd_error_hint("按国务院办公厅通知补充 workdays.csv",
                             "add the State Council's arrangement to workdays.csv");
    }
    *out = fd_date_weekday(date) <= 5;
    return 0;
}

int fd_calendar_add(const fd_calendar *calendar, fd_date date, int n, fd_date *out)
{
    bool working;
    int err;

    if ((err = fd_calendar_is_working(calendar, date, &working)) < 0)
        return err;
    while (n > 0 || !working) {
        if ((err = fd_calendar_is_working(calendar, ++date, &working)) < 0)
            return err;
        if (working && n > 0)
            n--;
    }
    *out = date;
    return 0;
}

int fd_calendar_between(const fd_calendar *calendar, fd_date from, fd_date to, int *out)
{
    int count = 0, err;

    for (fd_date date = from + 1; date <= to; date++) {
        bool working;

        if ((err = fd_calendar_is_working(calendar, date, &working)) < 0)
            return err;
        count += working;
    }
    *out = count;
    return 0;
}
