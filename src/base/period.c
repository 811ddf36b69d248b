/*
 * Packing: bits 28-30 kind; year, quarter, month, cumulative: bits 8-23 year, 0-7 number;
 * day: bits 0-27 days since 1970 plus 2^26.
 */
#include "fangding/period.h"

#include <stdio.h>
#include <string.h>

#include "base/dateparse.h"

#define DAY_OFFSET (1 << 26)

static fd_period pack(fd_period_kind kind, int year, int number)
{
    return (fd_period)((int)kind << 28 | year << 8 | number);
}

fd_period fd_period_year(int year)
{
    return year >= 1 && year <= 9999 ? pack(FD_YEAR, year, 0) : FD_PERIOD_NONE;
}

fd_period fd_period_quarter(int year, int quarter)
{
    return year >= 1 && year <= 9999 && quarter >= 1 && quarter <= 4
               ? pack(FD_QUARTER, year, quarter)
               : FD_PERIOD_NONE;
}

fd_period fd_period_month(int year, int month)
{
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 ? pack(FD_MONTH, year, month)
                                                                  : FD_PERIOD_NONE;
}

fd_period fd_period_cumulative(int year, int last_month)
{
    return year >= 1 && year <= 9999 && last_month >= 1 && last_month <= 12
               ? pack(FD_CUMULATIVE, year, last_month)
               : FD_PERIOD_NONE;
}

fd_period fd_period_day(fd_date date)
{
    if (date <= -DAY_OFFSET || date >= DAY_OFFSET)
        return FD_PERIOD_NONE;
    return (fd_period)((int)FD_DAY << 28 | (date + DAY_OFFSET));
}

fd_period_kind fd_period_kind_of(fd_period period)
{
    return (fd_period_kind)(period >> 28);
}

static fd_date day_of(fd_period period)
{
    return (period & 0x0FFFFFFF) - DAY_OFFSET;
}

int fd_period_year_of(fd_period period)
{
    int y, m, d;

    if (fd_period_kind_of(period) != FD_DAY)
        return period >> 8 & 0xFFFF;
    fd_date_split(day_of(period), &y, &m, &d);
    return y;
}

int fd_period_number_of(fd_period period)
{
    return fd_period_kind_of(period) == FD_DAY || fd_period_kind_of(period) == FD_YEAR
               ? 0
               : period & 0xFF;
}

fd_date fd_period_start(fd_period period)
{
    int year = fd_period_year_of(period), n = fd_period_number_of(period);

    switch (fd_period_kind_of(period)) {
    case FD_QUARTER:
        return fd_date_make(year, 3 * n - 2, 1);
    case FD_MONTH:
        return fd_date_make(year, n, 1);
    case FD_DAY:
        return day_of(period);
    case FD_YEAR:
    case FD_CUMULATIVE:
        break;
    }
    return fd_date_make(year, 1, 1);
}

fd_date fd_period_end(fd_period period)
{
    int year = fd_period_year_of(period), n = fd_period_number_of(period), month = 12;

    switch (fd_period_kind_of(period)) {
    case FD_QUARTER:
        month = 3 * n;
        break;
    case FD_MONTH:
    case FD_CUMULATIVE:
        month = n;
        break;
    case FD_DAY:
        return day_of(period);
    case FD_YEAR:
        break;
    }
    return fd_date_add_months(fd_date_make(year, month, 1), 1, NULL) - 1;
}

static int order(int a, int b)
{
    return a < b ? -1 : a > b;
}

int fd_period_compare(fd_period a, fd_period b)
{
    int by;

    if (a == b)
        return 0;
    if (a == FD_PERIOD_NONE || b == FD_PERIOD_NONE)
        return a == FD_PERIOD_NONE ? -1 : 1;
    if ((by = order(fd_period_end(a), fd_period_end(b))) != 0)
        return by;
    if ((by = order(fd_period_start(b), fd_period_start(a))) != 0)
        return by; /* the later start is the shorter period, and comes first */
    return order((int)fd_period_kind_of(a), (int)fd_period_kind_of(b));
}

static int floor_div(int a, int b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

fd_period fd_period_step(fd_period period, int n)
{
    int year = fd_period_year_of(period), number = fd_period_number_of(period), index, y;

    switch (fd_period_kind_of(period)) {
    case FD_YEAR:
        return fd_period_year(year + n);
    case FD_QUARTER:
        index = year * 4 + number - 1 + n;
        y = floor_div(index, 4);
        return fd_period_quarter(y, index - y * 4 + 1);
    case FD_MONTH:
        index = year * 12 + number - 1 + n;
        y = floor_div(index, 12);
        return fd_period_month(y, index - y * 12 + 1);
    case FD_CUMULATIVE:
        /* January alone is never filed: a year has the eleven steps 1–2 … 1–12. */
        index = year * 11 + (number < 2 ? 0 : number - 2) + n;
        y = floor_div(index, 11);
        return fd_period_cumulative(y, index - y * 11 + 2);
    case FD_DAY:
        return fd_period_day(day_of(period) + n);
    }
    return FD_PERIOD_NONE;
}

fd_period fd_period_years_before(fd_period period, int years)
{
    if (fd_period_kind_of(period) == FD_DAY)
        return fd_period_day(fd_date_add_months(day_of(period), -12 * years, NULL));
    return period == FD_PERIOD_NONE
               ? FD_PERIOD_NONE
               : pack(fd_period_kind_of(period), fd_period_year_of(period) - years,
                      fd_period_number_of(period));
}

/* One pattern at a time; %n proves that the whole text was used. */
static fd_period match(const char *t, int n)
{
    int y, a, b, used;

    if (n == 4 && strspn(t, "0123456789") == 4 && sscanf(t, "%4d", &y) == 1)
        return fd_period_year(y);
    used = 0;
    if (sscanf(t, "%4dY%n", &y, &used) == 1 && used == n)
        return fd_period_year(y);
    used = 0;
    if (((sscanf(t, "%4dQ%1d%n", &y, &a, &used) == 2 ||
          sscanf(t, "%4dY%1dQ%n", &y, &a, &used) == 2 ||
          sscanf(t, "%4d-Q%1d%n", &y, &a, &used) == 2)) &&
        used == n)
        return fd_period_quarter(y, a);
    if (n == 6 && strspn(t, "0123456789") == 6 && sscanf(t, "%4d%2d", &y, &a) == 2)
        return fd_period_month(y, a);
    used = 0;
    if (sscanf(t, "%4d-%2d..%2d%n", &y, &a, &b, &used) == 3 && used == n)
        return a == 1 ? fd_period_cumulative(y, b) : FD_PERIOD_NONE;
    used = 0;
    if ((sscanf(t, "%4dY%2d-%2dM%n", &y, &a, &b, &used) == 3 && used == n) ||
        (sscanf(t, "%4dY%2dM-%2dM%n", &y, &a, &b, &used) == 3 && used == n))
        return a == 1 ? fd_period_cumulative(y, b) : FD_PERIOD_NONE;
    used = 0;
    if ((sscanf(t, "%4d-%2d%n", &y, &a, &used) == 2 && used == n) ||
        (sscanf(t, "%4dY%2dM%n", &y, &a, &used) == 2 && used == n) ||
        (sscanf(t, "%4d/%2d%n", &y, &a, &used) == 2 && used == n) ||
        (sscanf(t, "%4d.%2d%n", &y, &a, &used) == 2 && used == n))
        return fd_period_month(y, a);
    return FD_PERIOD_NONE;
}

int fd_period_parse(fd_period *out, const char *text, size_t length)
{
    int shown = (int)(length > 60 ? 60 : length);
    char t[48];
    size_t n;
    fd_date date;

    *out = FD_PERIOD_NONE;
    if (fd_dateparse_ascii(text, length, t, sizeof t, &n) && t[0] >= '0' && t[0] <= '9') {
        *out = match(t, (int)n);
        if (*out == FD_PERIOD_NONE && fd_date_parse(&date, text, length) == 0)
            *out = fd_period_day(date);
    }
    if (*out == FD_PERIOD_NONE)
        return fd_error_set(FD_EPARSE, "不是期间:「%.*s」", "not a period: \"%.*s\"", shown,
                            length ? text : "");
    return 0;
}

static size_t printed(int n)
{
    return n > 0 ? (size_t)n : 0;
}

size_t fd_period_format(fd_period period, char *buf, size_t size)
{
    int year = fd_period_year_of(period), n = fd_period_number_of(period);

    if (period == FD_PERIOD_NONE) {
        if (size)
            buf[0] = '\0';
        return 0;
    }
    switch (fd_period_kind_of(period)) {
    case FD_YEAR:
        return printed(snprintf(buf, size, "%04d", year));
    case FD_QUARTER:
        return printed(snprintf(buf, size, "%04dQ%d", year, n));
    case FD_MONTH:
        return printed(snprintf(buf, size, "%04d-%02d", year, n));
    case FD_CUMULATIVE:
        return printed(snprintf(buf, size, "%04d-01..%02d", year, n));
    case FD_DAY:
        return fd_date_format(day_of(period), buf, size);
    }
    return 0;
}

size_t fd_period_title(fd_period period, fd_lang lang, char *buf, size_t size)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    static const char *const quarters[] = { "一", "二", "三", "四" };
    int year = fd_period_year_of(period), n = fd_period_number_of(period);
    bool zh = lang == FD_ZH;

    if (period == FD_PERIOD_NONE || fd_period_kind_of(period) == FD_DAY)
        return fd_period_format(period, buf, size);
    switch (fd_period_kind_of(period)) {
    case FD_QUARTER:
        return zh ? printed(snprintf(buf, size, "%d年%s季度", year, quarters[n - 1]))
                  : printed(snprintf(buf, size, "Q%d %d", n, year));
    case FD_MONTH:
        return zh ? printed(snprintf(buf, size, "%d年%d月", year, n))
                  : printed(snprintf(buf, size, "%s %d", months[n - 1], year));
    case FD_CUMULATIVE:
        return zh ? printed(snprintf(buf, size, "%d年1—%d月", year, n))
                  : printed(snprintf(buf, size, "Jan–%s %d", months[n - 1], year));
    case FD_YEAR:
    case FD_DAY:
        break;
    }
    return zh ? printed(snprintf(buf, size, "%d年", year))
              : printed(snprintf(buf, size, "%d", year));
}
