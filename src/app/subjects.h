/*
 * Finding subjects and items by what a person types.
 */
#ifndef FD_APP_SUBJECTS_H
#define FD_APP_SUBJECTS_H

#include "fangding/verbs.h"

/* The kinds of subjects a city knows, and their Chinese names. */
typedef struct fd_subject_kind {
    const char *id, *zh, *en;
} fd_subject_kind;
extern const fd_subject_kind fd_subject_kinds[];
extern const size_t fd_subject_kind_count;

typedef struct fd_subject {
    const char *kind;
    size_t index; /* in the kind's frame */
    int32_t id;
    const char *code, *name;
} fd_subject;

/** A subject by exact code, else by exact name, else by a unique part of a name, in the order of
 * fd_subject_kinds. FD_ENOTFOUND with near names in the hint; FD_ECONFLICT lists the matches of an
 * ambiguous part. */
int fd_subject_find(fd_subject *out, fd_source *source, const char *text);

/** The same among the subjects of one kind: 洹西 is the county alone, however many enterprises
 * carry its name. FD_ENOTFOUND lists the names of the kind when they are few. */
int fd_subject_find_kind(fd_subject *out, fd_source *source, const char *kind, const char *text);

/** A data item by id, Chinese name or other name; FD_ENOTFOUND with the nearest in the hint. */
int fd_item_find(const fd_item **out, const fd_program *program, const char *text);

/** The id under which an item's facts are stored: its own, or with the variant that `text` names
 * (能源消费量:33 → energy_used:33). FD_EINVAL when the item is kept by variants and none is named.
 */
int fd_item_variant(const char **out, fd_arena *arena, const fd_item *item, const char *text);

/** Is any figure of the item, of whatever period and basis and of any of its variants (ITEM:33),
 * from a statistical return? Reads the list of all segments. */
int fd_item_is_statistical(bool *out, fd_reader *reader, const char *item);

/** The latest period for which an item holds any value at the basis and, when `kind` is not 0, of
 * that kind; FD_PERIOD_NONE when there is none. */
fd_period fd_latest_period(fd_source *source, const char *item, fd_basis basis,
                           fd_period_kind kind);

/** May this role see one respondent's values of this origin? Statistical returns serve statistics
 * only. */
bool fd_role_sees(fd_role role, const char *origin);

#endif
