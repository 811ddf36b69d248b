/*
 * A table as JSON for programs: columns once, rows as arrays of cells.
 *
 *   {"id", "title": {"zh","en"}, "columns": [{"id","title","kind","unit","scale","digits"}],
 *    "rows": [[cell, …]], "notes": [{"zh","en"}], "tree": bool, "total": rows of the whole table}
 *
 * "digits", numbers only: fraction digits that the terminal prints; -1: six significant digits.
 * A cell is its value; null when it was not reported and nothing more is to be said (missing text);
 * {"s": "缺报" | "不适用" | "待核", "v": value} otherwise.  Exact decimals whose digits a double
 * cannot hold are texts.
 */
#ifndef FD_TABLE_JSON_H
#define FD_TABLE_JSON_H

#include "fangding/table.h"
#include "table/jsonw.h"

/** Write rows from … to-1 (clamped) of a table as one JSON value. */
void fd_table_json(fd_jsonw *w, const fd_table *table, size_t from, size_t to);

#endif
