/*
 * A list of findings: what a checker or an importer has to say, in the order found.
 */
#ifndef FD_BASE_DIAG_H
#define FD_BASE_DIAG_H

#include <stdbool.h>

#include "base/vec.h"
#include "fangding/error.h"

typedef enum fd_severity { FD_NOTE, FD_WARNING, FD_FAULT } fd_severity;

typedef struct fd_diag {
    fd_severity severity;
    const char *rule; /* stable short name of the check, e.g. "unit-suspect"; static */
    fd_error error;
} fd_diag;

typedef struct fd_diags {
    fd_vec(fd_diag *) list;
    size_t faults;
    size_t warnings;
    size_t limit; /* faults kept; further ones are counted only; 0 means 1000 */
} fd_diags;

#define FD_DIAGS_INIT                                                                              \
    {                                                                                              \
        { 0 }, 0, 0, 0                                                                             \
    }

void fd_diags_dispose(fd_diags *d);
/** Record a finding. @return the error record, to which detail and hint may be added (never NULL)
 */
fd_error *fd_diags_add(fd_diags *d, fd_severity severity, const char *rule, fd_place place,
                       const char *zh, const char *en, ...) FD_PRINTF2(5, 6, 7);
/** Move the thread's last error into the list. */
void fd_diags_take_last(fd_diags *d, fd_severity severity, const char *rule);
/** Fill detail or hint of one record. */
void fd_error_set_detail(fd_error *e, const char *zh, const char *en, ...) FD_PRINTF2(2, 3, 4);
void fd_error_set_hint(fd_error *e, const char *zh, const char *en, ...) FD_PRINTF2(2, 3, 4);

/** Make a saved record the thread's last failure again. */
void fd_error__restore(const fd_error *e);

#endif
