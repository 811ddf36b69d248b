/*
 * Numbers, dates and number formats as spreadsheets store them.
 */
#ifndef FD_IO_XLSX_NUMBER_H
#define FD_IO_XLSX_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define FD_XLSX_NUMBER_SIZE 96

/**
 * The decimal a person meant.
 *
 * A number with a fraction or an exponent and more than 15 significant digits is rounded to 15
 * (halves away from zero) and loses trailing zeros: spreadsheets compute in binary and print 17
 * digits, of which they show 15.  A plain integer is kept whatever its length.  Exponents are
 * written out while the result has at most 31 digits before the point and 30 zeros behind it.
 *
 * @param buf    FD_XLSX_NUMBER_SIZE bytes, terminated
 * @param value  the nearest double, independent of the locale
 * @return length, or 0 when the text is no number or an integer of more than 64 digits
 */
size_t fd_xlsx_number(char *buf, double *value, fd_view text);

/**
 * What a number format shows: 'y', 'm', 'd' (the smallest unit of a date), 't' (date and time), 'h'
 * (time only), 0 (no date; an elapsed time like [h]:mm is a number).
 */
char fd_xlsx_format_unit(const char *code);
/** The same for the formats that have numbers only, including those of Chinese editions (27–36,
 * 50–58). */
char fd_xlsx_builtin_unit(int id);

/**
 * ISO text of a serial number: "2024-03-05", with " 13:30:00" when it has a time of day; "13:30:00"
 * for unit 'h' below 1.  Day 1 is 1900-01-01, and day 60, the 1900-02-29 that never was, is
 * refused; with `since_1904` day 0 is 1904-01-01.
 *
 * @param unit  as above; becomes 't' when the value has a time of day
 * @param buf   32 bytes
 * @return length, or 0 when the number is no date of the years 1900 to 9999
 */
size_t fd_xlsx_date(char *buf, double serial, bool since_1904, char *unit);

#endif
