/*
 * One figure as a sentence needs it: an indicator's latest value for the whole city, formatted,
 * with its unit, period and marks; computed, or as it was published.
 */
#ifndef FD_APP_FIGURE_H
#define FD_APP_FIGURE_H

#include "fangding/verbs.h"

typedef struct fd_figure {
    bool has_value;
    fd_number number;
    fd_period period;
    char value[64]; /* with the indicator's display digits */
    char unit[32];
    char period_title[48];
    char marks[64];     /* "" | "示例" … of what it was computed from */
    const char *source; /* of a published figure: the publication; the city's source keeps it */
} fd_figure;

/** An indicator for the whole city at one period. No value is not an error: has_value is false. */
int fd_figure_at(fd_figure *out, fd_city *city, const fd_indicator *indicator, fd_period period,
                 fd_lang lang);
/** At the latest period for which it gives a value, trying the indicator's kinds of period. */
int fd_figure_latest(fd_figure *out, fd_city *city, const fd_indicator *indicator, fd_lang lang);
/**
 * The published figure of an indicator (or item) of the whole city, as it was published: no zeros
 * are added behind its decimals.  At `period`, or with FD_PERIOD_NONE the newest there is.  None is
 * not an error: has_value is false.
 */
int fd_figure_published(fd_figure *out, fd_city *city, const char *id, fd_period period,
                        fd_lang lang);
/** Every published figure as a table: name, period, place, value, unit, marks, source, file, row;
 * of one item or indicator, or of all (id NULL). The caller frees. */
int fd_figures_published(fd_table **out, fd_city *city, const char *id, fd_lang lang);

#endif
