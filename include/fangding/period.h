/*
 * Dates, periods and working days.
 *
 * A date is a day number.  A period is one of: a year, a quarter, a month, a day, or a cumulative
 * span of months of one year beginning in January (1–m, as Chinese returns are filed; 1–2 is
 * January and February together).  The year 2024 and the cumulative span 2024-01..12 are
 * different periods of equal extent: annual returns carry the first, December's monthly ones the
 * second.
 */
#ifndef FANGDING_PERIOD_H
#define FANGDING_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fangding/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Days since 1970-01-01, proleptic Gregorian. FD_DATE_NONE is "no date". */
typedef int32_t fd_date;
#define FD_DATE_NONE INT32_MIN
#define FD_DATE_MAX  INT32_MAX

/* Packed; compare with fd_period_compare(). 0 is "no period". */
typedef int32_t fd_period;
#define FD_PERIOD_NONE 0

typedef enum fd_period_kind {
    FD_YEAR = 1,
    FD_QUARTER = 2,
    FD_MONTH = 3,
    FD_CUMULATIVE = 4, /* January to month m */
    FD_DAY = 5
} fd_period_kind;

FD_API fd_date fd_date_make(int year, int month, int day); /* FD_DATE_NONE when not a day */
FD_API void fd_date_split(fd_date date, int *year, int *month, int *day);
/** Reads 2024-03-05, 2024/3/5, 2024.3.5, 20240305, 2024年3月5日. FD_EPARSE otherwise. */
FD_API int fd_date_parse(fd_date *out, const char *text, size_t length);
/** "2024-03-05". @return length; 16 bytes suffice */
FD_API size_t fd_date_format(fd_date date, char *buf, size_t size);
/** Add years and months; a day past the month's end clamps to it (02-29 + 1 year = 02-28) and sets
 * *clamped. */
FD_API fd_date fd_date_add_months(fd_date date, int months, bool *clamped);
/** 1 Monday to 7 Sunday. */
FD_API int fd_date_weekday(fd_date date);

FD_API fd_period fd_period_year(int year);
FD_API fd_period fd_period_quarter(int year, int quarter);
FD_API fd_period fd_period_month(int year, int month);
FD_API fd_period fd_period_cumulative(int year, int last_month);
FD_API fd_period fd_period_day(fd_date date);

FD_API fd_period_kind fd_period_kind_of(fd_period period);
FD_API int fd_period_year_of(fd_period period);
/** Month (month kind), last month (cumulative), quarter (quarter kind); 0 for years and days. */
FD_API int fd_period_number_of(fd_period period);
FD_API fd_date fd_period_start(fd_period period);
FD_API fd_date fd_period_end(fd_period period); /* the last day, inclusive */
/** Orders by end date, then by start date (shorter first), then by kind. */
FD_API int fd_period_compare(fd_period a, fd_period b);
/** The same kind, n steps later (n may be negative). A cumulative span steps through months of its
 * year and wraps to the year before with January–February as its first step. */
FD_API fd_period fd_period_step(fd_period period, int n);
/** The same period `years` years earlier. */
FD_API fd_period fd_period_years_before(fd_period period, int years);
/**
 * Reads 2024, 2024年, 2024Q3, 2024年三季度, 2024-03, 2024年3月, 202403, 2024-01..03,
 * 2024年1-3月, 2024年1—3月, 2024-03-05. FD_EPARSE otherwise.
 */
FD_API int fd_period_parse(fd_period *out, const char *text, size_t length);
/** Machine form: 2024, 2024Q3, 2024-03, 2024-01..03, 2024-03-05. @return length; 24 bytes suffice
 */
FD_API size_t fd_period_format(fd_period period, char *buf, size_t size);
/** For people: 2024年, 2024年三季度, 2024年3月, 2024年1—3月 / Jan–Mar 2024. 48 bytes suffice */
FD_API size_t fd_period_title(fd_period period, fd_lang lang, char *buf, size_t size);

/* The State Council's holiday arrangement: which dates differ from the Monday-to-Friday rule. */
typedef struct fd_calendar fd_calendar;
FD_API fd_calendar *fd_calendar_new(void);
FD_API void fd_calendar_free(fd_calendar *calendar);
/** Declare one exception: is_working is true for a 调休 working weekend day, false for a holiday.
 */
FD_API void fd_calendar_set(fd_calendar *calendar, fd_date date, bool is_working);
/** FD_ENOTFOUND when the calendar has no entry for that year: an unknown year is never guessed. */
FD_API int fd_calendar_is_working(const fd_calendar *calendar, fd_date date, bool *out);
/** The n-th working day after date (n >= 0; n = 0 is the date itself or the next working day). */
FD_API int fd_calendar_add(const fd_calendar *calendar, fd_date date, int n, fd_date *out);
/** Working days after `from` up to and including `to`. */
FD_API int fd_calendar_between(const fd_calendar *calendar, fd_date from, fd_date to, int *out);

#ifdef __cplusplus
}
#endif
#endif
