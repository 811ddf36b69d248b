/*
 * SQL over a city file that is open here, with the facts as rows.
 *
 * The numbers of a segment are packed, so that the sqlite3 shell cannot read them; a connection of
 * ours has a virtual table for that:
 *
 *   facts(item, period, basis, kind, code, name, value, exact, unit, state, snapshot, file, row,
 * corrected)
 *
 * Conditions item = …, period = '2024-01..06', basis = 'current' choose what is decoded at all.
 * `value` is a number for arithmetic in SQL (an integer, or the nearest double of a decimal),
 * `exact` is the decimal as text.  The rows are those of the reader's snapshot; the other tables
 * are raw and hold rows of every batch.
 */
#ifndef FD_STORE_SQLITE_QUERY_H
#define FD_STORE_SQLITE_QUERY_H

#include "fangding/store.h"

/** Run one SELECT. Columns become TEXT, or DEC (integers only) or EST (any real number). FD_EINVAL
 * when the store is not a SQLite file or the statement would change something; FD_EPARSE when
 * SQLite refuses the text. */
int fd_sqlite_query(fd_reader *reader, const char *sql, fd_table **out);

#endif
