/*
 * Inside of the works: cells by column name whatever their kind, ramps, sentences.
 */
#ifndef FD_INDUSTRY_WORKS_H
#define FD_INDUSTRY_WORKS_H

#include "base/str.h"
#include "fangding/works.h"

/** Text of a named column, NULL where there is none. Dates and numbers are no text. */
const char *fd_works__text(const fd_table *t, size_t row, const char *column);
/** The same, `fallback` instead of NULL. */
const char *fd_works__text_or(const fd_table *t, size_t row, const char *column,
                              const char *fallback);
/** A number of a named column; text is read as a decimal (缺报, 不适用 and anything else: missing).
 */
fd_number fd_works__number(const fd_table *t, size_t row, const char *column);
/** A day of a named column of kind DATE or TEXT; FD_DATE_NONE when there is none. A month is its
 * last day. */
fd_date fd_works__date(const fd_table *t, size_t row, const char *column);
/** A day as text; FD_DATE_NONE for anything else. */
fd_date fd_works__day_of(const char *text);

/** The curve's percentage so many months after production, between its points linearly, after the
 * last one flat. False without a curve or before production. */
bool fd_works__ramp(fd_quot *out, const fd_table *curve, int months);

/** At most one fraction digit, without ".0". @return buf */
const char *fd_works__short(fd_number v, char *buf, size_t size);
/** "(规则:银川预设 落后>10百分点)" of a row of the book. */
void fd_works__rule_text(const fd_table *book, size_t row, fd_lang lang, char *buf, size_t size);
int fd_works__severity(fd_color color);
/** Months from one day's month to another's. */
int fd_works__months(fd_date from, fd_date to);
/** Note on the table that rules of this preset are not verified, when a row of it says so. */
void fd_works__note_rules(fd_table *t, const fd_table *book, const char *preset);
/** The row of a table whose column reads so; SIZE_MAX when none does. */
size_t fd_works__find(const fd_table *t, const char *column, const char *text);

/* One project's evidence: which gates have it, and when they were passed. */
enum { FD_STAGES = 7 };
typedef struct fd_gate_row {
    bool evident[FD_STAGES];
    fd_date on[FD_STAGES];
    char evidence[FD_STAGES][160];
    int proved; /* the last stage reached without a gap, -1 none */
    bool has;   /* there is a record at all */
} fd_gate_row;
/** Of record type project: fields <stage>_on and evidence of each stage; a record's own state is
 * taken as it is only when its evidence is there. */
void fd_works__gates(fd_gate_row *out, const fd_table *gates, const char *code);

/* 达产率 of a project at the end of a cumulative month. */
typedef struct fd_ramp_row {
    fd_number made, annual, percent, tax_percent;
} fd_ramp_row;

#endif
