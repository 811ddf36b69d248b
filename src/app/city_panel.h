/*
 * What a city gives an engine: quantities by unit and period, as the table that the same engine
 * takes from a plain file.
 *
 * A verb `X city` fills an fd_city_panel, reads it and hands the table to the code of `X`; with
 * `--out data` it prints the table itself, so that `X` on that file gives the same answer to the
 * last digit. Rights, disclosure, units, gaps and marks are settled here and nowhere else.
 */
#ifndef FD_APP_CITY_PANEL_H
#define FD_APP_CITY_PANEL_H

#include "fangding/verbs.h"

enum { FD_CITY_QUANTITIES = 24, FD_CITY_DIMENSIONS = 2, FD_CITY_PERIODS = 600 };

typedef enum fd_city_use {
    FD_CITY_PLAIN,
    FD_CITY_REAL,    /* at prices of the first period: deflated by the index of each division */
    FD_CITY_OPTIONAL /* a row without it stays */
} fd_city_use;

/* A column of the table: an indicator of the city, or a sum made for the occasion. */
typedef struct fd_city_quantity {
    const char *column; /* id in the table */
    const struct fd_indicator *indicator;
    fd_city_use use;
    bool adds;   /* a sum over subjects: parts may be put together */
    bool months; /* set by finding periods: January to December stand for a year */
    bool carbon; /* CO2 of the fuels of 205-1, worked out here */
} fd_city_quantity;

typedef struct fd_city_panel {
    fd_call *call;
    const char *by[FD_CITY_DIMENSIONS]; /* dimensions of measuring; none: the city is one unit */
    size_t by_count;
    const char *keys[FD_CITY_DIMENSIONS]; /* ids of the columns of units; NULL: "id" */
    const char *time;                     /* id of the column of periods; NULL: "t" */
    const char *deflator;                 /* price index by division, the year before = 100 */
    fd_city_quantity quantities[FD_CITY_QUANTITIES];
    size_t count;
    fd_period periods[FD_CITY_PERIODS];
    size_t period_count;
    bool above_zero; /* rows with a number that is not above zero are left out: logs, radial scores
                      */
    bool as_parts;   /* the second dimension divides the first: what may not be shown is put
                        together, never left out, since a part left out would count as none */
    const char *where; /* a condition in 鼎言 that all quantities share, of the verb's own making:
                          both sides of a ratio then rest on the same enterprises; or NULL */
    const char *defaults[2]; /* --inputs and --bads when not given; NULL: the usual, none */
    bool keep_rows; /* a row with a gap stays, its cells empty: missing is neither entry nor exit */
    bool unprotected; /* the caller shows only sums, which it protects itself */
    const char *(*merged)[FD_CITY_DIMENSIONS]; /* set by reading: labels of parts put together */
    size_t merged_count;
    bool statistical; /* set by reading: rests on returns that the role may see summed only */
} fd_city_panel;

/** Dimensions from --by ("county", "county,industry" …; "city" is none), `otherwise` when not
 * given. FD_EINVAL when there are more than `most`. By enterprise needs the right to see them. */
int fd_city_by(fd_city_panel *p, const char *otherwise, size_t most);

/**
 * Add a column.
 *
 * @param what  an indicator (id or name); "co2"; a data item, or arithmetic over items in 鼎言: its
 * sum over the unit's enterprises above scale
 * @return FD_ENOTFOUND with the nearest name; FD_EPARSE; FD_ELIMIT
 */
int fd_city_add(fd_city_panel *p, const char *column, const char *what, fd_city_use use);

/** Add a column for each word of a LIST parameter, or of `otherwise` (commas between) when it is
 * not given: "in_" + id. A word may be name=expression. */
int fd_city_add_list(fd_city_panel *p, const char *param, const char *otherwise,
                     const char *prefix);

/**
 * The periods for which all quantities that are not optional hold values, within --at, or --from
 * and --to, as far as the verb declares them.  Years, when there are any (January to December of a
 * monthly item stands for its year), else the kind of the newest period.
 *
 * @return FD_ENOTFOUND says which quantity has which periods; FD_EINVAL --from and --to that do not
 *         go together, or fewer than `least` periods
 */
int fd_city_find_periods(fd_city_panel *p, size_t least);

/**
 * Read the table: the columns of units (text: "CODE NAME", for counties and chains the name),
 * periods (text), quantities (estimates with their unit).
 *
 * A row in which a number is missing or may not be shown is left out, with a count in a note; so
 * is one with a number not above zero when that is asked for. Notes carry definitions, units,
 * coverage and marks.
 *
 * @return FD_ENOTFOUND when no row is left, with the reason; what measuring returns
 */
int fd_city_read(fd_table **out, fd_city_panel *p);

/** The unit is money: prices can be taken out of it. */
bool fd_city_is_money(const fd_city_quantity *q);

/** Put the notes of the table that was read under the answer's first table. */
void fd_city_note(fd_result *result, const fd_table *read);

/** Empty the numbers of rows about parts that were put together: to the engine they are not there,
 * which is not nothing. `region` stands in where the table has no column of regions. */
void fd_city_blank_merged(fd_table *t, const fd_city_panel *p, const char *region);

/** `--out data`: hand the table over as the answer. @return it did, *in is then NULL */
bool fd_city_gives_data(fd_result *result, fd_call *call, fd_table **in);

#define FD_CITY_PERIOD_PARAMS                                                                      \
    { "from",                                                                                      \
      FD_P_PERIOD,                                                                                 \
      false,                                                                                       \
      false,                                                                                       \
      false,                                                                                       \
      "PERIOD",                                                                                    \
      "从哪个期间(默认最早)",                                                                      \
      "from this period (the first)",                                                              \
      NULL },                                                                                      \
    {                                                                                              \
        "to", FD_P_PERIOD, false, false, false, "PERIOD", "到哪个期间(默认最新)",                  \
            "to this period (the newest)", NULL                                                    \
    }

#endif
