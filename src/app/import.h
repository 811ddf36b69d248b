/*
 * import: files → returns/ → the store, in one batch.
 */
#ifndef FD_APP_IMPORT_H
#define FD_APP_IMPORT_H

#include "fangding/verbs.h"

/* What is known of one path before it is read; beats the options of the call. */
typedef struct fd_import_hint {
    const char *form; /* id, or NULL */
    fd_period period;
    const char *sender;
    size_t row; /* set by the call: of the file in the report's table */
} fd_import_hint;

/* Start from FD_IMPORT_OPTIONS_INIT. */
struct fd_import_report;
typedef struct fd_import_options {
    const char *form; /* id, or NULL: told from the file's name and header */
    fd_period period; /* or NONE: told from title, folder and name */
    bool dry_run;     /* read and check, write nothing (no returned files either) */
    bool confirm_units;
    const char *rejects; /* folder for returned files, made when needed; NULL: beside the files, as
                            NAME.退回.csv; "": none are written */
    const char *actor;
    const char *sender; /* NULL: told from the file name (重点企业调度表_洹东区 → 洹东区) */
    const char *marks;     /* "示例" …; NULL: 示例 when the city says that it is invented */
    const char *timestamp; /* of the batch, ISO 8601 UTC; NULL: now */
    bool new_subjects;     /* unknown enterprises with a valid code enter the register */
    bool coverage;         /* also give the tables coverage and missing */
    /* "表头=数据项" pairs, remembered for this form and sender; NULL-terminated, or NULL */
    const char *const *mappings;
    fd_import_hint *hints; /* one for each path (files, not folders), or NULL */
    /** Called before the batch is published, to add what must count with it; a failure abandons
     * all. */
    int (*before_publish)(void *payload, fd_batch *batch, const struct fd_import_report *report);
    void *payload;
    fd_lang lang;  /* of the report's texts */
    fd_date since; /* what registers say holds from this day on; FD_DATE_NONE: changes from today */
} fd_import_options;
#define FD_IMPORT_OPTIONS_INIT                                                                     \
    {                                                                                              \
        NULL, FD_PERIOD_NONE, false, false, NULL, "cli", NULL, NULL, NULL, false, false, NULL,     \
            NULL, NULL, NULL, FD_ZH, FD_DATE_NONE                                                  \
    }

/*
 * What came of it. Whoever takes a table out sets its field to NULL or does not dispose the report.
 *
 * state of a file: 入库 taken, 同前 read before, 退回 left out, 试读 dry run.
 */
typedef struct fd_import_report {
    fd_table *files; /* file, form, period, encoding, read, accepted, rejected, doubtful, changed,
                        state, warnings, returned */
    fd_table *findings; /* file, sheet, row, column, rule, severity, message, found, expected,
                           hint */
    fd_table *coverage; /* form, period, county, expected, reported, missing, doubtful; NULL unless
                           asked for */
    fd_table *missing; /* the chase list: form, period, county, code, name; NULL unless asked for */
    fd_lang lang;
    int64_t snapshot; /* of the batch; the newest one when nothing was written */
    size_t rows, accepted, rejected, doubtful, faults, warnings;
    size_t left_out;  /* files with a fault that concerns the whole file */
    size_t same;      /* files read before */
    size_t came_back; /* returned files in a folder: they are read only when named */
    size_t changed;   /* cells and records that are new or differ from what was stored */
} fd_import_report;

/**
 * Import files and folders (walked in byte order, dot files and returned files left out; registers
 * first, then by period).
 *
 * All files of a call are one batch: it counts whole or, after an error, not at all.  A file that
 * fails as a whole is reported and left out; the others count.  The same file twice changes
 * nothing.  Rows with faults go to a returned file with the reason, in the sender's own format and
 * encoding.
 *
 * @return 0 also when rows or files were refused; FD_ENOTFOUND (a path, the form), FD_EINVAL (a
 *         mapping), FD_EIO, FD_ENOSPC, FD_EBUSY
 */
int fd_import(fd_import_report *out, fd_city *city, const char *const *paths, size_t count,
              const fd_import_options *options);
/** The same into any store (tests: in memory), with the program of definitions given. */
int fd_import_store(fd_import_report *out, fd_store *store, const fd_program *program,
                    const char *const *paths, size_t count, const fd_import_options *options);
void fd_import_report_dispose(fd_import_report *report);

/** fd_forms_options.read_list over the lists compiled into the program. */
int fd_import_read_list(void *payload, const char *name, const char **text, size_t *length);

#endif
