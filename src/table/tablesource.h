/*
 * A plain table as an fd_source: what lets a verb that reads the city work on a CSV, too.
 *
 * One row is one subject at one period. Columns are found by id, by the aliases given for an item,
 * and with or without a unit in brackets behind them.
 */
#ifndef FD_TABLE_TABLESOURCE_H
#define FD_TABLE_TABLESOURCE_H

#include "fangding/source.h"

typedef struct fd_source_alias {
    const char *item;  /* "code", "name", "period" or the id of an item or attribute */
    const char *names; /* other headers, separated by | */
} fd_source_alias;

/**
 * Make a source of one kind of subjects from a table of texts.
 *
 * Subjects are the distinct codes in order of first appearance. A figure is that of the row of its
 * period; without a column of periods the rows hold for whatever period is asked. An attribute on a
 * day is that of the newest row whose period has begun by then. Cells: a decimal with at most nine
 * places; empty missing; 不适用; anything else missing. Basis FD_CURRENT only; other kinds have
 * empty frames; there are no origins, marks or records.
 *
 * @param table  kept until the source is freed; columns of kind TEXT
 * @return FD_EFORMAT no column of codes, a row without code, a period that is none, or a subject
 *         twice in one period (the message names the row)
 */
int fd_table_source_new(fd_source **out, const char *kind, const fd_table *table,
                        const fd_source_alias *aliases, size_t alias_count);
void fd_table_source_free(fd_source *source);

#endif
