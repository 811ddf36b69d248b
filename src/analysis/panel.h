/*
 * Units with inputs, good and bad outputs, in one period or in several: what the engines of
 * efficiency and productivity read.
 */
#ifndef FD_ANALYSIS_PANEL_H
#define FD_ANALYSIS_PANEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fangding/dea.h"

/* What a row must hold. */
typedef enum fd_panel_rule {
    FD_PANEL_POSITIVE, /* every number above 0: radial scores */
    FD_PANEL_DIRECTED  /* inputs above 0; outputs and bads not below 0, some output above 0 */
} fd_panel_rule;

typedef struct fd_panel {
    size_t n, inputs, outputs, bads, dims; /* dims: all three, in this order */
    const fd_column **columns;             /* dims, of the table */
    double *v;                             /* n × dims, as in the table */
    size_t *row;                           /* n: of the table */
    char **id;                             /* n, owned */
    char *id_name;                         /* the column's; "id" when rows are only numbered */
    char *time_name;                       /* NULL: no periods */
    uint32_t *period;                      /* n; 0 without periods */
    char **periods;                        /* ascending: as numbers when all are, else as bytes */
    size_t period_count;                   /* at least 1 */
    size_t left_out;                       /* rows in which something was missing */
} fd_panel;

/**
 * Read the columns named, or those with the prefixes in_, out_ and bad_ and called id and t.
 *
 * Without a column of ids the first column that holds text and has no other part is taken, else
 * rows are numbered. A row without a number, id or period is left out and counted.
 *
 * @param needs_time   FD_ENOTFOUND without a column of periods
 * @return FD_ENOTFOUND a column, or no inputs or outputs; FD_EINVAL a value against the rule, a
 *         column that holds text, a unit twice in a period, more than FD_PANEL_MOST columns, no
 *         rows. Errors name row (the first of data is 2) and column. *out is disposed then.
 */
int fd_panel_read(fd_panel *out, const fd_table *in, const fd_panel_columns *columns,
                  fd_panel_rule rule, bool needs_time);
void fd_panel_dispose(fd_panel *p);

enum { FD_PANEL_MOST = 60 };

/** Units of a period, in the order of rows; the caller frees *out. */
size_t fd_panel_units(uint32_t **out, const fd_panel *p, size_t period);

/**
 * Signed and scaled as the programs want them: inputs and bads divided by their mean, outputs by
 * minus their mean. n × dims, the caller frees it; a mean of 0 counts as 1.
 *
 * @param units  whose means are taken; NULL: all
 * @param with_bads  false: leave bads out (rows are inputs + outputs long)
 */
double *fd_panel_scaled(const fd_panel *p, const uint32_t *units, size_t count, bool with_bads);

/* A unit in two neighbouring periods. */
typedef struct fd_panel_pair {
    uint32_t before, after;
} fd_panel_pair;

/** Units that stand in a period and in the next, by period and then by id (bytes). FD_EINVAL when
 * there is only one period. The caller frees *out. */
int fd_panel_pairs(fd_panel_pair **out, size_t *count, const fd_panel *p);

/** A table of pairs: columns of ids, t0 and t1 filled in; with the notes on columns, and on units
 * that stand in one of two periods only. */
fd_table *fd_panel_pair_table(const fd_panel *p, const fd_panel_pair *pairs, size_t count,
                              const char *id, const char *zh, const char *en);

/** A result table with the note on rows left out and the columns used. */
void fd_panel_note(fd_table *t, const fd_panel *p);

/** A column of estimates. */
fd_column *fd_panel_column(fd_table *t, const char *id, const char *zh, const char *en);

#endif
