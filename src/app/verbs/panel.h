/*
 * What dea, malmquist and green-tfp share: a plain file of units and the options that name its
 * columns.
 */
#ifndef FD_APP_VERBS_PANEL_H
#define FD_APP_VERBS_PANEL_H

#include "fangding/dea.h"
#include "fangding/verbs.h"

/** Read --inputs, --outputs, --id, --time (and --bads where the verb has it) and the file; the
 * caller frees *out. Names live in the call's arena. */
int fd_verb_panel(fd_table **out, fd_panel_columns *columns, fd_call *call);
/** --orient in,out; both when not given. */
int fd_verb_orientations(fd_call *call, bool *input, bool *output);
/** Add the file's name to a failure that names a row. @return err */
int fd_verb_panel_error(fd_call *call, int err);

#endif
