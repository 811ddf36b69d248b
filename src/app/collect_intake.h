/*
 * What came back, as the parts of collect import share it.
 */
#ifndef FD_APP_COLLECT_INTAKE_H
#define FD_APP_COLLECT_INTAKE_H

#include "app/collect.h"
#include "app/import.h"

typedef enum fd_verdict {
    FD_ARRIVAL_TAKE = 0,
    FD_ARRIVAL_SAME,    /* the same bytes arrived before */
    FD_ARRIVAL_REFUSED, /* does not fit; no record changes */
    FD_ARRIVAL_BACK /* it is the sender's own return, but as a whole it cannot be read: 退回 */
} fd_verdict;

typedef struct fd_arrival {
    char *path;
    const char *name; /* the last part of path */
    char digest[65];
    struct timespec changed;
    fd_template_mark mark;
    bool marked;
    fd_collection *collection;
    fd_collect_item *item;
    fd_verdict verdict;
    int32_t sender; /* index in the scope */
    int64_t fresh;  /* subjects of its own that had not reported and do now */
    int64_t rows, rejected, missing;
    const char *state;  /* of the item afterwards */
    const char *reason; /* in the arena; NULL when all is well */
    char encoding[16];
} fd_arrival;

typedef struct fd_intake_note { /* a finding, until the table exists */
    int severity;
    const char *path, *rule, *zh, *en, *found, *expected;
} fd_intake_note;

typedef struct fd_intake {
    fd_collect *c;
    const fd_collect_import_options *options;
    fd_vec(fd_arrival) list;
    fd_vec(fd_intake_note) notes;
    fd_collect_scope *scopes; /* by collection, read when first needed */
    uint8_t **reported;
    int64_t **missing; /* by sender of each scope: subjects without a figure before this import */
    fd_import_city look;
    fd_import_hint *hints;
    size_t *taken; /* arrival of each hint */
    size_t taken_count;
} fd_intake;

/** Set an arrival aside: its verdict and reason, and a finding. Both texts take the same arguments.
 */
void fd_intake__refuse(fd_intake *in, fd_arrival *a, fd_verdict v, const char *rule,
                       const char *found, const char *expected, const char *zh, const char *en, ...)
    FD_PRINTF2(7, 8, 9);
/** A period as people write it, in the collection's arena; — for none. */
const char *fd_intake__title_of(fd_intake *in, fd_period period);
/** Every return in a file or folder into in->list. */
int fd_intake__walk(fd_intake *in, const char *path, int depth);
/** Whose return it is, and of which collection: by its mark, else by name, form and period. */
int fd_intake__settle(fd_intake *in, fd_arrival *a);
/** Of several files for one item the newest counts, when the options say so. */
void fd_intake__settle_versions(fd_intake *in);

#endif
