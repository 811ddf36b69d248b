/*
 * Templates: a form, the subjects it asks and what is known of them → a workbook that the importer
 * reads back.
 *
 * One visible sheet carries title, sender, period, due day, the form's own header with units, and a
 * row for every subject.  Beside each entry stands what was reported for the period before, grey
 * and never read back; a figure that is known already is filled in, with a note that says from
 * where. A target never stands there: the values come through one call-back that gets an item, a
 * basis and a period, and nothing of a 目标 is asked for (Statistics Law: nobody is handed a figure
 * to report).
 *
 * The hidden sheet _fangding carries the fingerprint; the line 收表编号 of the visible sheet
 * carries the part that must survive a save as CSV.
 *
 * A form whose rows name a variant of a list (energy by fuel) gets a row for every variant that
 * concerns a subject, with the list's code, name and unit; the fingerprint names them.
 *
 * Not for forms whose rows name their own item or period, nor for those of records.
 */
#ifndef FD_RETURNS_TEMPLATE_H
#define FD_RETURNS_TEMPLATE_H

#include "base/str.h"
#include "fangding/returns.h"

#define FD_TEMPLATE_SHEET "_fangding"

/* The fingerprint: for whom, which form and edition, which period, which issue. */
typedef struct fd_template_mark {
    char city[128];
    char form[64];
    char form_hash[20]; /* fd_template_form_hash() */
    fd_period period;
    char by[16];     /* "county", "department", "enterprise" */
    char sender[96]; /* code */
    char sender_name[160];
    int issue; /* from 1 */
    fd_date due;
    char variants[160]; /* "01 33 40": codes asked for, in forms by variant; else "" */
    char seal[16];      /* fd_template_seal() of the rest */
    /* Only after reading: */
    bool hidden_sheet; /* the whole fingerprint; else only what the line 收表编号 holds: form,
                          period, by, sender, issue, seal */
    bool altered;      /* the seal does not fit, or sheet and line contradict each other */
} fd_template_mark;

typedef enum fd_template_role {
    FD_TEMPLATE_CODE = 1,
    FD_TEMPLATE_NAME,
    FD_TEMPLATE_ENTRY,   /* to be filled in: item × basis × period, or an attribute */
    FD_TEMPLATE_BESIDE,  /* for reference: the entry's item in the period before */
    FD_TEMPLATE_VARIANT, /* given: which variant the row is about, … */
    FD_TEMPLATE_VARIANT_NAME,
    FD_TEMPLATE_UNIT /* … and its unit */
} fd_template_role;

typedef struct fd_template_column {
    fd_template_role role;
    const char *item; /* id of item or attribute; "" for code and name */
    bool is_attribute;
    fd_basis basis;
    fd_period period;    /* BESIDE: the one before; NONE for registers */
    const char *to_kind; /* attributes that name a subject of this kind; the value is its code */
    const char *header;  /* as it stands in the sheet */
    const fd_unit *from, *unit; /* stored and shown; NULL for texts */
    int digits;
    fd_kind kind;
    bool nonnegative;
    const char **words; /* the only ones allowed */
    size_t word_count;
    const char *at_variant, *item_there; /* in rows of this variant the cell is of that item, which
                                            has no variants of its own; or NULL */
} fd_template_column;

typedef struct fd_template fd_template;

/* What is known of one cell. number is in the item's own unit. */
typedef struct fd_template_value {
    fd_state state;
    fd_decimal number;
    const char *text;
    const char *source; /* where the figure was given before; NULL or "" for none */
} fd_template_value;

typedef struct fd_template_row {
    const char *code, *name;
    size_t variant; /* position in the list; forms by variant only */
} fd_template_row;

/* @return 1 known, 0 not, negative: give up. Texts stay valid until the next call. */
typedef int (*fd_template_lookup)(void *payload, const fd_template_column *column, size_t row,
                                  fd_template_value *out);

/**
 * Lay out a template of a form for a period. The form must live as long.
 *
 * @param before  the period shown beside the entries; NONE: no such columns
 * @return 0; FD_EINVAL for a form whose rows name their own item or period, one of records, and for
 * a period of another kind than the form's
 */
int fd_template_new(fd_template **out, const fd_form *form, fd_period period, fd_period before);
void fd_template_free(fd_template *t);
size_t fd_template_count(const fd_template *t);
const fd_template_column *fd_template_at(const fd_template *t, size_t i);
/** How many variants the form's list has; 0: its rows are subjects. */
size_t fd_template_variants(const fd_template *t);
const char *fd_template_variant(const fd_template *t, size_t i); /* its code */
/** Does every sender get this one? Those that the form itself names: the total row. */
bool fd_template_variant_always(const fd_template *t, size_t i);
/** The item of a column in rows of a variant: "energy_used:33"; its own where it has one there. */
const char *fd_template_item(fd_arena *arena, const fd_template *t, const fd_template_column *c,
                             size_t variant);

/**
 * Write one workbook. The same arguments give the same bytes.
 *
 * @param mark   its seal is computed here
 * @param marks  "示例" … is printed behind the title; NULL or "" for none
 * @return 0, a code of the look-up, FD_EIO, FD_ENOSPC, FD_ENOTFOUND (the folder)
 */
int fd_template_write(const fd_template *t, const char *path, const fd_template_mark *mark,
                      const char *marks, const fd_template_row *rows, size_t n,
                      fd_template_lookup lookup, void *payload);

/** The period of a form's kind that `period` means: a month becomes January to that month for a
 * cumulative form; NONE for registers. FD_EINVAL when it does not fit. */
int fd_template_period(fd_period *out, const fd_form *form, fd_period period);
/** The first 16 hex digits of the SHA-256 of the declaration as the canonical printer writes it. */
int fd_template_form_hash(char out[20], const fd_form *form);
/** Over city, form, hash, period, by, sender, issue and due day: 12 hex digits. */
void fd_template_seal(char out[16], const fd_template_mark *mark);

/** The part of the fingerprint that stands in the visible sheet: form|period|by|sender|issue|seal.
 */
void fd_template__line(fd_buf *out, const fd_template_mark *mark);

/**
 * Find the fingerprint of a file: the hidden sheet, else the line 收表编号 among the first rows.
 *
 * @return 1 found, 0 none, or why the file cannot be read
 */
int fd_template_mark_read(fd_template_mark *out, const char *path);
/** The same over bytes; `name` is for messages. */
int fd_template_mark_read_memory(fd_template_mark *out, const void *data, size_t size,
                                 const char *name);

#endif
