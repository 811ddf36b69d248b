#include <stdio.h>
#include <string.h>

#include "base/dateparse.h"
#include "base/utf8.h"
#include "fangding/period.h"

/* Days from civil date and back: shift the year to begin in March, so that the leap day is its
 * last. */
static int32_t days_from(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

fd_date fd_date_make(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month))
        return FD_DATE_NONE;
    return days_from(year, month, day);
}

void fd_date_split(fd_date date, int *year, int *month, int *day)
{
    int z = date + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = z - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;

    *day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted < 10 ? shifted + 3 : shifted - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

bool fd_dateparse_ascii(const char *text, size_t length, char *out, size_t size, size_t *out_length)
{
    static const struct {
        uint32_t from;
        char to;
    } marks[] = {
        { 0x5E74, 'Y' },          /* 年 */ { 0x6708, 'M' }, /* 月 */ { 0x65E5, 'D' },
        /* 日 */ { 0x53F7, 'D' }, /* 号 */
        { 0x5B63, 'Q' },          /* 季 */ { 0x5EA6, 'q' }, /* 度 */ { 0x4E00, '1' },
        { 0x4E8C, '2' },          { 0x4E09, '3' },          { 0x56DB, '4' },
        { 0x7B2C, 'q' },          /* 第 */ { 0x81F3, '-' }, /* 至 */ { 0x2010, '-' },
        { 0x2011, '-' },          { 0x2012, '-' },          { 0x2013, '-' },
        { 0x2014, '-' },          { 0x2015, '-' },          { 0x2212, '-' },
        { 0x301C, '-' },          { 0x223C, '-' },
    };
    fd_view v = fd_view_trim((fd_view){ text, length });
    size_t at = 0, n = 0;

    while (at < v.len) {
        uint32_t c = fd_utf8_next(v.ptr, v.len, &at);

        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
            if (marks[i].from == c) {
                c = (unsigned char)marks[i].to;
                break;
            }
        if (c == '~')
            c = '-';
        if (c == ' ' || c == 'q')
            continue;
        if (c >= 0x80 || n + 1 >= size)
            return false;
        out[n++] = (char)c;
    }
    out[n] = '\0';
    *out_length = n;
    return n > 0;
}

static int not_a_date(const char *text, size_t length)
{
    int shown = (int)(length > 60 ? 60 : length);

    return fd_error_set(FD_EPARSE, "不是日期:「%.*s」", "not a date: \"%.*s\"", shown,
                        length ? text : "");
}

int fd_date_parse(fd_date *out, const char *text, size_t length)
{
    char t[32];
    size_t n;
    int y, m, d, used = 0;

    if (!fd_dateparse_ascii(text, length, t, sizeof t, &n))
        return not_a_date(text, length);
    if (n == 8 && strspn(t, "0123456789") == 8) {
        (void)sscanf(t, "%4d%2d%2d", &y, &m, &d);
    } else if (!((sscanf(t, "%4d-%2d-%2d%n", &y, &m, &d, &used) == 3 && used == (int)n) ||
                 (sscanf(t, "%4d/%2d/%2d%n", &y, &m, &d, &used) == 3 && used == (int)n) ||
                 (sscanf(t, "%4d.%2d.%2d%n", &y, &m, &d, &used) == 3 && used == (int)n) ||
                 (sscanf(t, "%4dY%2dM%2dD%n", &y, &m, &d, &used) == 3 && used == (int)n))) {
        return not_a_date(text, length);
    }
    *out = fd_date_make(y, m, d);
    return *out == FD_DATE_NONE ? not_a_date(text, length) : 0;
}

size_t fd_date_format(fd_date date, char *buf, size_t size)
{
    int y, m, d, n;

    if (date == FD_DATE_NONE || date == FD_DATE_MAX) {
        if (size)
            buf[0] = '\0';
        return 0;
    }
    fd_date_split(date, &y, &m, &d);
    n = snprintf(buf, size, "%04d-%02d-%02d", y, m, d);
    return n > 0 ? (size_t)n : 0;
}

fd_date fd_date_add_months(fd_date date, int months, bool *clamped)
{
    int y, m, d, index, last;

    fd_date_split(date, &y, &m, &d);
    index = y * 12 + (m - 1) + months;
    y = index / 12;
    m = index % 12 + 1;
    if (y < 1 || y > 9999)
        return FD_DATE_NONE;
    last = days_in_month(y, m);
    if (clamped)
        *clamped = d > last;
    return fd_date_make(y, m, d > last ? last : d);
}

int fd_date_weekday(fd_date date)
{
    int since_monday = (date + 3) % 7; /* 1970-01-01 was a Thursday */

    return (since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}
