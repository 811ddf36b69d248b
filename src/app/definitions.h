/*
 * Definitions between files, the program's own copies, and the city file.
 */
#ifndef FD_APP_DEFINITIONS_H
#define FD_APP_DEFINITIONS_H

#include "base/diag.h"
#include "fangding/ding.h"
#include "fangding/store.h"

/** Parse a definitions table (columns text, file) into one script per file. The caller frees
 * scripts and array. */
int fd_definitions_parse(fd_script ***out, size_t *count, const fd_table *definitions,
                         fd_diags *diags);

/** Put every declaration shipped with the program (definitions/ … .ding) into the batch. */
int fd_definitions_ship(fd_batch *batch, fd_diags *diags);

/** Put every declaration of one text into the batch. */
int fd_definitions_add(fd_batch *batch, const char *text, size_t length, const char *file,
                       bool shipped, fd_diags *diags);

/** Of a definitions table the rows that stay when the declarations of `scripts` are stored: all but
 * those of the same kind and id as one that says 替代. The caller frees *out. */
int fd_definitions_beside(fd_table **out, const fd_table *held, fd_script *const *scripts,
                          size_t count);

/** The findings as a table: severity, file, line, column, rule, message, detail, hint. */
fd_table *fd_diags_table(const fd_diags *diags);
/** The findings for a terminal: file:line:column, severity and message, the source line with its
 * caret, the hint. The caller frees. */
char *fd_diags_text(const fd_diags *diags, fd_lang lang);

#endif
