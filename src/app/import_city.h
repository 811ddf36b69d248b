/*
 * What an import must know of the city while it runs: subjects, values, attributes, mappings, both
 * those published and those of its own batch.
 */
#ifndef FD_APP_IMPORT_CITY_H
#define FD_APP_IMPORT_CITY_H

#include "base/map.h"
#include "base/vec.h"
#include "fangding/ding.h"
#include "fangding/returns.h"
#include "fangding/store.h"

typedef struct fd_import_city {
    fd_store *store;
    fd_batch *batch; /* NULL: dry run */
    fd_reader *reader;
    fd_source *source;
    fd_arena *arena;
    fd_map *subjects;   /* kind → set */
    fd_map *known;      /* "kind|item|period|basis" that the store holds */
    fd_map *values;     /* the same key → cached values */
    fd_map *attributes; /* "kind|attribute" → column */
    fd_table *dated;    /* attribute history of the subject dated_of */
    int32_t dated_of;
    fd_map *mappings;       /* "form|sender|header" → item */
    fd_map *mapped;         /* "form|sender" already read */
    fd_map *touched;        /* key of values → subjects that this batch has written */
    fd_map *recorded;       /* "type|key" of records that this batch has written */
    fd_map *records;        /* type → table of records as stored */
    bool several;           /* more files than one: do two of them hold the same cell? */
    uint32_t file;          /* which is being read, from 1 */
    size_t twice;           /* its cells that an earlier file of this batch held too */
    const char *twice_item; /* the first of them: in `arena`, with its row */
    int32_t twice_row;
    size_t cached;          /* cells copied from this batch */
    const char *kind;       /* of the file being read */
    int32_t *left_subjects; /* room for what is left of a segment */
    int64_t *left_dec;
    uint8_t *left_states;
    int32_t *left_rows;
    uint8_t *left_written;
    const char **left_spelled;
    size_t left_room;
    const fd_program *program; /* borrowed; NULL: no definitions */
    struct fd_chains *chains;  /* the graph, read when a lead names a gap */
} fd_import_city;

int fd_import_city_open(fd_import_city *out, fd_store *store, fd_batch *batch);
void fd_import_city_dispose(fd_import_city *city);

/* The look-ups of fd_returns_handler. */
int fd_import_city_find(fd_import_city *city, const char *kind, const char *code, size_t length,
                        int32_t *id);
int fd_import_city_find_name(fd_import_city *city, const char *kind, const char *name, int32_t *id,
                             const char **code);
int fd_import_city_describe(fd_import_city *city, const char *kind, int32_t id, const char **code,
                            const char **name);
int fd_import_city_only(fd_import_city *city, const char *kind, int32_t *id);
int fd_import_city_each(fd_import_city *city, const char *kind,
                        void (*visit)(void *inner, const char *code, const char *name),
                        void *inner);
int fd_import_city_values(fd_import_city *city, const char *kind, const char *item,
                          fd_period period, fd_basis basis, fd_returns_values *out);
int fd_import_city_attribute(fd_import_city *city, int32_t subject, const char *attribute,
                             const char **value);
/** The same on a day, from the subject's history. */
int fd_import_city_attribute_on(fd_import_city *city, int32_t subject, const char *attribute,
                                fd_date day, const char **value);
int fd_import_city_mapping(fd_import_city *city, const char *form, const char *sender,
                           const char *header, const char **target);

/** Enter a subject, or give it a new name. In a dry run its number is made up. */
int fd_import_city_enter(fd_import_city *city, const char *kind, const char *code, const char *name,
                         int32_t *id);
/** Remember a segment of this batch, for checks of files that follow. Very large ones are not kept.
 */
void fd_import_city_keep(fd_import_city *city, const fd_returns_segment *segment);
/**
 * Leave out of a segment what the store holds already: the same number and state under the same
 * origin and marks, and cells without a report. A corrected file so adds the corrected cells only.
 *
 * @param[out] out  the segment that is left, n possibly 0; its arrays live until the next call of
 *                  this function or are those of `segment`
 */
int fd_import_city_changed(fd_import_city *city, const fd_returns_segment *segment,
                           const char *origin, fd_returns_segment *out);
/** Is this the last transition of the record already? The date counts when `dated`. @return 1, 0 */
int fd_import_city_recorded(fd_import_city *city, const char *type, const char *key,
                            const char *state, fd_date date, bool dated, const char *fields);
/** May the record go to the state, with these fields beside what the store holds? FD_ECONFLICT. */
int fd_import_city_may_move(fd_import_city *city, const struct fd_record_type *type,
                            const char *key, const char *state, const char *const *fields);
void fd_import_city__free_touched(fd_import_city *city);
/** The key of values in maps, in `out`. */
fd_view fd_import_city__key(fd_buf *out, const char *kind, const char *item, fd_period period,
                            fd_basis basis);
/** Fold a header as mappings are kept. */
void fd_import_city_fold(fd_buf *out, const char *header);
/** A mapping given with this call. `header` is folded here. */
void fd_import_city_map(fd_import_city *city, const char *header, const char *target);

/** May a field of a record hold this? A lead's gap is a node of the chains declared, if any are.
 * FD_ENOTFOUND with the nearest in the hint. */
int fd_import_city_may_hold(fd_import_city *city, const struct fd_record_type *type,
                            const char *field, const char *value);

#endif
