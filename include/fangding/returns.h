/*
 * Reading returns: files as senders make them → checked, typed columns with provenance.
 *
 * A 报表 (form) declares which files it reads, whom a row is about, which columns there may be, and
 * what is checked.  The engine finds the header, matches its columns, reads the period, checks
 * every cell and hands out segments, attributes and records.  It knows no database and no clock:
 * whatever it must know of the city comes through the handler's look-ups, and whatever it finds
 * leaves through the handler's sinks.
 *
 *     fd_forms_load(&forms, program, &forms_options, diags);
 *     fd_returns_read(&result, path, forms, &options, &handler);
 *     fd_returns_write_rejected(result, "returned.csv");
 *
 * A file of up to FD_RETURNS_CHUNK rows is judged as a whole before the first sink is called.  A
 * larger one is passed over once for its subjects (duplicates, structure), judged by its first
 * chunk, and then handed out chunk by chunk: memory stays flat.
 */
#ifndef FANGDING_RETURNS_H
#define FANGDING_RETURNS_H

#include "fangding/ding.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FD_RETURNS_CHUNK 65536

/* ---- forms --------------------------------------------------------------------------------- */

typedef struct fd_form fd_form;
typedef struct fd_forms fd_forms;

typedef struct fd_forms_options {
    int version; /* 1 */
    /** Bytes of a list that a form names (目录 energy.csv), valid as long as the forms.
     * FD_ENOTFOUND. */
    int (*read_list)(void *payload, const char *name, const char **text, size_t *length);
    void *payload;
} fd_forms_options;
#define FD_FORMS_OPTIONS_INIT                                                                      \
    {                                                                                              \
        1, NULL, NULL                                                                              \
    }

/**
 * Compile every 报表 of a program.  A form with a fault is reported and left out; the others stand.
 *
 * @param options  or NULL: forms that name a list are left out
 * @return 0, or FD_EPARSE when a form was left out (*out is valid all the same)
 */
FD_API int fd_forms_load(fd_forms **out, const fd_program *program, const fd_forms_options *options,
                         struct fd_diags *diags);
FD_API void fd_forms_free(fd_forms *forms);
FD_API size_t fd_forms_count(const fd_forms *forms);
FD_API const fd_form *fd_forms_at(const fd_forms *forms, size_t i);
/** By id or Chinese name; NULL when there is none. */
FD_API const fd_form *fd_forms_find(const fd_forms *forms, const char *name);
/** The one form whose file patterns fit the path's last name; NULL when none or several do. */
FD_API const fd_form *fd_forms_guess(const fd_forms *forms, const char *path);

FD_API const char *fd_form_id(const fd_form *form);
FD_API const char *fd_form_name(const fd_form *form);
FD_API const char *fd_form_subject(const fd_form *form); /* "enterprise", … */
FD_API const char *fd_form_origin(const fd_form *form); /* 来源类别: "dispatch", "statistical", … */
FD_API const char *fd_form_use(const fd_form *form);  /* 许可用途 */
FD_API bool fd_form_is_register(const fd_form *form); /* it enters subjects and has no period */
FD_API bool fd_form_is_record(const fd_form *form);
/** Does a check of this form look at what others report for the same period? Those are read later.
 */
FD_API bool fd_form_looks_across(const fd_form *form);
/** Ids of forms that subjects of this register are expected to send (应报). */
FD_API const char *const *fd_form_expects(const fd_form *form, size_t *count);
/** Ids of items whose current value shows that a subject has sent this form. */
FD_API const char *const *fd_form_items(const fd_form *form, size_t *count);

/** The year and month a path speaks of (its last name, else its folders); 0 for what it does not
 * say. */
FD_API void fd_returns_path_period(const char *path, int *year, int *month);

/* ---- what is handed out -----------------------------------------------------------------------
 */

/* A finding. Texts are valid during the call. */
typedef struct fd_finding {
    int severity;     /* 0 note, 1 warning, 2 fault */
    const char *rule; /* stable name: header, column, unit, period, subject, uscc, value, duplicate,
                         near-name, balance, sum, jump, unit-suspect, companion, … */
    const char *sheet;  /* "" for CSV */
    long row;           /* 0: the whole file or sheet */
    const char *column; /* header as received, "" when none */
    const char *message[2];
    const char *found;
    const char *expected[2];
    const char *hint[2]; /* what can be done, "" when the rule says enough */
} fd_finding;

/* Values of one item for many subjects; arrays are valid during the call. */
typedef struct fd_returns_segment {
    const char *kind;
    const char *item; /* with its variant: "energy_used:33" */
    fd_period period;
    fd_basis basis;
    const char *sheet, *column;
    const char *law;   /* 法律依据; for published figures their own source */
    const char *marks; /* "" or "示例", "unverified" */
    int8_t scale;
    const char *unit;
    size_t n;
    const int32_t *subjects; /* ascending, each once */
    const int64_t *dec;
    const uint8_t *states; /* NULL: all FD_HAS */
    const int32_t *rows;
    /* how each cell stands in the file (fd_written), as a number with written_scale digits;
     * spelled: its text where that byte says so, NULL when none does */
    const uint8_t *written;
    const char *const *spelled;
    int8_t written_scale;
} fd_returns_segment;

/* Stored values to compare with. Valid until the next call of the look-up with another file. */
typedef struct fd_returns_values {
    size_t n;
    const int32_t *subjects; /* ascending */
    const int64_t *dec;
    const uint8_t *states; /* NULL: all FD_HAS */
    int8_t scale;
} fd_returns_values;

typedef struct fd_returns_result fd_returns_result;

/* What a sender's file turned out to be. */
typedef enum fd_returns_state {
    FD_RETURNS_TAKEN = 0,
    FD_RETURNS_SAME,    /* the handler's begin() said FD_EEXISTS */
    FD_RETURNS_LEFT_OUT /* a fault concerns the whole file; nothing was handed out */
} fd_returns_state;

struct fd_returns_result {
    fd_returns_state state;
    const fd_form *form; /* NULL when not recognised */
    fd_period
        period; /* of the form's own kind; 0 for registers and rows with periods of their own */
    char encoding[16]; /* "UTF-8", "GB18030", "XLSX" … */
    char separator;
    const char *sender;              /* borrowed, "" when unknown */
    size_t rows, accepted, rejected; /* rows about subjects */
    size_t doubtful;                 /* cells stored as 待核 */
    size_t faults, warnings;
    struct fd_returns_inner *inner;
};

/* Look-ups return 1 found, 0 not, 2 several, or a negative code. Any may be NULL: nothing is known.
 */
typedef struct fd_returns_handler {
    void *payload;

    int (*find)(void *payload, const char *kind, const char *code, size_t length, int32_t *id);
    /** By exact name after folding width and blanks. *code receives the subject's code. */
    int (*find_name)(void *payload, const char *kind, const char *name, int32_t *id,
                     const char **code);
    /** Code and name of a subject that was found; `code` may be NULL when nobody asks for it. */
    int (*describe)(void *payload, const char *kind, int32_t id, const char **code,
                    const char **name);
    /** The only subject of a kind. */
    int (*only)(void *payload, const char *kind, int32_t *id);
    /** Visit every known subject's code and name. */
    int (*each)(void *payload, const char *kind,
                void (*visit)(void *inner, const char *code, const char *name), void *inner);
    /** The item (or role) this sender's header was mapped to before. *target is valid during the
     * file. */
    int (*mapping)(void *payload, const char *form, const char *sender, const char *header,
                   const char **target);
    /** What is stored (or was handed out earlier in this call) for exactly this period and basis.
     */
    int (*values)(void *payload, const char *kind, const char *item, fd_period period,
                  fd_basis basis, fd_returns_values *out);
    /** The value an attribute has now. *value is valid until the next call. */
    int (*attribute)(void *payload, int32_t subject, const char *attribute, const char **value);

    /* Sinks, in this order: findings at any time; begin once when the file is accepted; then the
     * rest. */
    void (*finding)(void *payload, const fd_finding *finding);
    /** result has form, period, encoding, sender. FD_EEXISTS: the same file was read before. */
    int (*begin)(void *payload, const fd_returns_result *result);
    /** Find or create. name may be NULL. */
    int (*subject)(void *payload, const char *kind, const char *code, const char *name,
                   int32_t *id);
    int (*segment)(void *payload, const fd_returns_segment *segment);
    /** value NULL ends the attribute on that day. from FD_DATE_NONE: since ever. */
    int (*put_attribute)(void *payload, int32_t subject, const char *attribute, fd_date from,
                         const char *value);
    /** fields is a JSON object. */
    int (*record)(void *payload, const char *type, const char *key, const char *state, fd_date date,
                  const char *fields);
    /** So much of the file has been read, roughly; for a progress bar. */
    void (*step)(void *payload, uint64_t bytes);
    /** May the record go to this state with these fields (ids; NULL-terminated) beside those it
     * has? FD_ECONFLICT: the row is refused with the message. NULL: judged as a new record. Asked
     * for types with 凭据 only. */
    int (*may_move)(void *payload, const struct fd_record_type *type, const char *key,
                    const char *state, const char *const *fields);
    /** The record that comes next stands in this row of this sheet; may be NULL. */
    void (*record_at)(void *payload, const char *sheet, long row);
    /** May a field of a record hold this text? FD_ENOTFOUND: the row is refused with message and
     * hint. NULL: any. */
    int (*may_hold)(void *payload, const struct fd_record_type *type, const char *field,
                    const char *value);
    /** The value an attribute had on a day; may be NULL: as attribute(). */
    int (*attribute_on)(void *payload, int32_t subject, const char *attribute, fd_date day,
                        const char **value);
} fd_returns_handler;

typedef struct fd_returns_options {
    int version;        /* 1 */
    const char *form;   /* id or name; NULL: told from name and header */
    fd_period period;   /* 0: told from headers, names of file, sheet and folder */
    const char *sender; /* NULL: what follows '_' in the file name */
    const char *marks;  /* added to every segment; NULL: none */
    fd_date today;      /* changes in a register hold from here; FD_DATE_NONE: 1970-01-01 */
    bool confirm_units; /* a column that is ×10, ×1000 … off is taken, its cells in doubt */
    bool new_subjects;  /* unknown enterprises with a valid code are entered */
    size_t chunk_rows;  /* 0: FD_RETURNS_CHUNK; smaller in tests */
    fd_date since; /* registers: the units are as the file says from this day on, unless their row
                      names its own (日期); FD_DATE_NONE: what changed holds from `today` */
} fd_returns_options;
#define FD_RETURNS_OPTIONS_INIT                                                                    \
    {                                                                                              \
        1, NULL, 0, NULL, NULL, INT32_MIN, false, false, 0, INT32_MIN                              \
    }

/**
 * Read one file.
 *
 * Faults of the file itself are findings, not failures: the call fails only when a sink or look-up
 * fails, when the file cannot be opened at all (FD_ENOTFOUND, FD_EIO), or when a large file turns
 * out broken after part of it was handed out (the caller then abandons its batch).
 *
 * @param[out] out  always set but on FD_ENOTFOUND; release with fd_returns_free()
 */
FD_API int fd_returns_read(fd_returns_result **out, const char *path, const fd_forms *forms,
                           const fd_returns_options *options, const fd_returns_handler *handler);
/** The same over bytes that stay unchanged; `path` is for messages and names. */
FD_API int fd_returns_read_memory(fd_returns_result **out, const void *data, size_t size,
                                  const char *path, const fd_forms *forms,
                                  const fd_returns_options *options,
                                  const fd_returns_handler *handler);
FD_API void fd_returns_free(fd_returns_result *result);

/**
 * Write the rows that were refused as the sender wrote them: the same format, encoding, separator
 * and header rows, with one more column that gives the reason. The file is read again for it.
 *
 * @return 1 when written, 0 when no row was refused (no file then), FD_ENOTFOUND, FD_EIO, FD_ENOSPC
 */
FD_API int fd_returns_write_rejected(const fd_returns_result *result, const char *path);

#ifdef __cplusplus
}
#endif
#endif
