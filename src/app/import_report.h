/*
 * The tables an import answers with.
 */
#ifndef FD_APP_IMPORT_REPORT_H
#define FD_APP_IMPORT_REPORT_H

#include "app/import.h"
#include "app/import_city.h"
#include "base/diag.h"
#include "fangding/returns.h"

typedef struct fd_import_seen fd_import_seen; /* who has sent what in this call */

/** Empty tables; coverage and missing only when asked for. */
void fd_import_report_init(fd_import_report *report, bool coverage);
/** One line for a file. returned is the file of refused rows, or NULL. */
void fd_import_report_file(fd_import_report *report, const char *path,
                           const fd_returns_result *result, bool dry_run, const char *returned);
void fd_import_report_finding(fd_import_report *report, const char *path,
                              const fd_finding *finding);
/** Faults of the forms' own declarations. */
void fd_import_report_diags(fd_import_report *report, const fd_diags *diags);

fd_import_seen *fd_import_seen_new(const fd_forms *forms);
void fd_import_seen_free(fd_import_seen *seen);
/** A file of this form and period was read. */
void fd_import_seen_file(fd_import_seen *seen, const fd_form *form, fd_period period);
/** Its subjects. */
void fd_import_seen_segment(fd_import_seen *seen, const fd_form *form, fd_period period,
                            const fd_returns_segment *segment);
/**
 * 应报, 已报, 缺 for each form and period of this call: from the dated attribute expects:FORM and
 * from what the snapshot holds or, in a dry run, from this call alone.
 */
int fd_import_report_coverage(fd_import_report *report, const fd_import_seen *seen,
                              fd_reader *reader);

#endif
