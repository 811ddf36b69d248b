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
void fd_import_report_init(fd_import_report *report, bool coverage, fd_lang lang);
/** The empty tables coverage and missing. */
void fd_import_coverage_tables(fd_import_report *report);
/** What can be done about a finding of this rule; "" for a note that asks for nothing. Static. */
const char *fd_import_advice(const char *rule, int severity, fd_lang lang);
/** One line for a file. changed: cells and records that are new or differ from what was stored;
 * returned: the file of refused rows, or NULL. */
void fd_import_report_file(fd_import_report *report, const char *path,
                           const fd_returns_result *result, size_t changed, bool dry_run,
                           const char *returned);
void fd_import_report_finding(fd_import_report *report, const char *path,
                              const fd_finding *finding);
/** A file that cannot be opened at all: a finding made of the last error, and a line. */
void fd_import_report_failure(fd_import_report *report, const char *path);
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
 * 应报, 已报, 缺, 待核 by county for the newest period of each form of this call, all counties
 * first: from the dated attribute expects:FORM and from what the snapshot holds or, in a dry run,
 * from it and this call. 已报: any item of the form has a value; 待核: any is in doubt.
 */
int fd_import_report_coverage(fd_import_report *report, const fd_import_seen *seen,
                              fd_reader *reader);

#endif
