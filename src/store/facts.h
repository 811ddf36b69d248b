/*
 * Facts one by one: the cell that wins for each subject, with where it came from.
 *
 * One group (item, period, basis, kind) is decoded at a time; memory is that of one column.
 */
#ifndef FD_STORE_FACTS_H
#define FD_STORE_FACTS_H

#include "store/reader.h"

typedef struct fd_facts fd_facts;

/* Everything is borrowed until the next step. */
typedef struct fd_fact {
    const char *item, *kind, *code, *name;
    fd_period period;
    fd_basis basis;
    const fd_column *column; /* holds the value at `index`, with unit and kind */
    size_t index;
    fd_state state; /* never MISSING */
    int64_t snapshot;
    const char *file;           /* "" when unknown */
    const char *sheet, *header; /* as received; "" when unknown or none */
    const char *origin;         /* as in fd_origin: "statistical", "dispatch" … */
    long row;                   /* 0 unknown */
    bool corrected;
} fd_fact;

/** Walk facts of one item or all (NULL), of one period or all (0), one basis or all (-1): by item,
 * period, basis, kind, subject. */
int fd_facts_open(fd_facts **out, fd_reader *reader, const char *item, fd_period period, int basis);
void fd_facts_close(fd_facts *facts);
/** @return 1 and *out, 0 at the end, or a negative code */
int fd_facts_next(fd_facts *facts, fd_fact *out);
/** The exact text of a cell of a column; the caller frees. */
char *fd_facts_value_text(const fd_column *column, size_t index);

#endif
