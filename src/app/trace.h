/*
 * The state of each of the article's 105 things, computed from what a city file holds.
 */
#ifndef FD_APP_TRACE_H
#define FD_APP_TRACE_H

#include "base/str.h"
#include "fangding/verbs.h"

/**
 * One row per line of definitions/trace.csv, in its order: id, group, phrase, title, state, figure,
 * command.  A note for each state says how many rows have it, and for the first two which.
 *
 * A need is verb:, indicator:, item:, class:, target:, chain:, policies: or record: and an id;
 * record:promise~康复 are the promises that speak of 康复.  answer:score[max]@county+year runs the
 * row's command and takes a cell of it (fd_trace__answer()).  The first figure found is the row's.
 * The state is
 *   ●算出 computed   every need is met, and one of them is a figure computed from the city's data
 *                    or a register with records;
 *   ◐有数据 data     some figure, published figure, fact or record is there, but not all that the
 *                    row needs;
 *   ○模板 template   no data, but an indicator, item, target or record type of the row is declared
 *                    and waits for them, or the verbs that are all it needs are there;
 *   ·未做 not yet    neither.
 * A row names a command only when it shows something in this city.
 */
int fd_trace(fd_table **out, const fd_call *call);

/**
 * Run a command as the caller and append one cell of its first table that has the column to
 * `figure`, unless a figure stands there already.
 * @param text COLUMN[WHICH]@LABELS: WHICH is max, min, KEY=VALUE or nothing (the first row with a
 *             value); LABELS are columns of that row joined by +, shown behind the figure in
 * brackets
 * @return whether there is such a value; errors of the command count as none
 */
bool fd_trace__answer(fd_buf *figure, const fd_call *caller, const char *command, const char *text);

/** The same table as lines for a terminal, part by part; the counts close it. The caller frees. */
char *fd_trace_screen(const fd_table *trace, fd_lang lang);

#endif
