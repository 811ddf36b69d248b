/*
 * Groups × terms × times with a value and its factors: what lmdi reads.
 */
#ifndef FD_ANALYSIS_TERMS_H
#define FD_ANALYSIS_TERMS_H

#include "analysis/formula.h"
#include "fangding/lmdi.h"

/* A column of codes over the rows. */
typedef struct fd_codes {
    uint32_t *at; /* of each row: 0 … count - 1 */
    size_t count;
} fd_codes;

typedef struct fd_terms_factor {
    char *name;
    fd_formula formula;
} fd_terms_factor;

/* What the options say, and which columns they touch. */
typedef struct fd_terms_plan {
    fd_terms_factor *factors;
    size_t factor_count;
    fd_formula value; /* no steps: the product of the factors */
    char **by;
    size_t by_count;
    const char *time;    /* column, or NULL: wide */
    char **suffixes;     /* wide: times in order */
    size_t suffix_count; /* 0 of a long table */
    bool *used;          /* of each column of the table: holds numbers that a formula needs */
    bool *melted;        /* wide: of each column: NAME_suffix */
} fd_terms_plan;

int fd_terms_plan_make(fd_terms_plan *out, const fd_table *in, const fd_lmdi_options *options);
void fd_terms_plan_dispose(fd_terms_plan *plan);
/** Is a column one of names: a group, a time, or a part of the name of a term? */
bool fd_terms_is_name(const fd_terms_plan *plan, size_t column);

typedef struct fd_terms {
    size_t n;                     /* rows of the long form */
    size_t width;                 /* long rows of each row of the table: times of a wide one */
    fd_codes group, term, time;   /* times in order */
    size_t *group_row, *term_row; /* a row of the table with the names of a group, a term */
    char **times;
    uint32_t *row_of; /* (group × terms + term) × times + time: row + 1, or 0 */
    double *value;    /* n */
    double *factor;   /* n × factors */
    bool *unknown;    /* n: a cell it needs is missing */
} fd_terms;

/** Read, evaluate, check. Errors as fd_lmdi_run(). */
int fd_terms_read(fd_terms *out, const fd_table *in, const fd_terms_plan *plan);
void fd_terms_dispose(fd_terms *panel);

#endif
