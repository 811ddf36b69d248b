/*
 * A reader: one snapshot of a city as an fd_source. What the parts of the reader share.
 *
 * Rows are immutable and a batch's snapshot number never changes, so that pinning a snapshot is
 * nothing but remembering which batches count: no transaction stays open, and no reader ever keeps
 * the write-ahead log from being emptied.
 */
#ifndef FD_STORE_READER_H
#define FD_STORE_READER_H

#include "base/map.h"
#include "base/vec.h"
#include "store/lru.h"
#include "store/pack.h"
#include "store/store_ops.h"

/* A segment without its numbers. Texts belong to the reader. */
typedef struct fd_head {
    int64_t seq, snapshot;
    const char *kind, *sheet, *header, *origin, *law, *use, *marks, *unit;
    fd_period period;
    fd_basis basis;
    int32_t source;
    fd_kind value_kind;
    int8_t scale;
    uint32_t n;
    int64_t subjects, rows, cells; /* seq of blocks; rows 0 = unknown */
} fd_head;

typedef struct fd_correction {
    int64_t seq, snapshot;
    const char *kind, *reason, *by;
    fd_period period;
    fd_basis basis;
    int32_t subject;
    fd_state state;
    int64_t value;
    int8_t scale;
} fd_correction;

/* All that is known of one item without decoding a number. */
typedef struct fd_item_heads {
    const char *item;
    fd_vec(fd_head) heads;             /* by period, basis, then snapshot, seq: later wins */
    fd_vec(fd_correction) corrections; /* the same order */
    fd_vec(fd_period) periods;         /* answer of the last call of periods() */
} fd_item_heads;

/* A frame and what is needed to align with it. */
typedef struct fd_frame_index {
    fd_frame frame;
    fd_arena *arena;
    /* Ids by which later batches called a subject that an earlier snapshot already had. */
    size_t alias_count;
    int32_t *alias_ids; /* ascending */
    int32_t *alias_targets;
} fd_frame_index;

/* Where the subjects of a list lie in a frame. */
typedef struct fd_placement {
    size_t n;
    bool dense;     /* first, first + 1, … */
    size_t first;   /* dense */
    uint32_t *rows; /* not dense: UINT32_MAX = not in the frame */
    int32_t *ids;   /* not dense or not: the list itself */
} fd_placement;

typedef struct fd_source_row {
    int32_t id;
    int64_t snapshot;
    const char *name, *digest, *encoding, *form, *sender;
    int64_t bytes;
} fd_source_row;

struct fd_reader {
    fd_source source; /* first: a reader is a source */
    fd_store *store;
    const fd_backend_ops *ops;
    fd_link *link;
    int64_t snapshot;
    int64_t *snapshot_of; /* by batch id; 0 = not visible */
    size_t batch_count;
    fd_arena *arena; /* texts and structs that live as long as the reader */
    fd_map *texts;   /* text → its copy in the arena */
    fd_map *frames;  /* kind → fd_frame_index */
    fd_map *items;   /* item → fd_item_heads */
    fd_map *changes; /* attribute → fd_attribute_changes */
    fd_lru *columns; /* fd_column */
    fd_lru *places;  /* fd_placement */
    bool sources_loaded;
    fd_vec(fd_source_row) sources; /* visible, by id */
    fd_vec(int64_t) scratch;
    fd_buf written; /* of the last origin */
};

/** Snapshot of a batch for this reader; -1 when the batch is not visible (0: the file's birth). */
int64_t fd_reader__snapshot_of(const fd_reader *reader, int64_t batch);
/** One copy per text, as long as the reader. NULL gives NULL. */
const char *fd_reader__text(fd_reader *reader, const char *text);
int fd_reader__meta(fd_reader *reader, const char *key, char **value);
/** The frame of a kind with its aliases; loaded once. */
int fd_reader__frame(fd_reader *reader, const char *kind, const fd_frame_index **out);
/** Position of a subject id (or an alias of one) in a frame; false when it is not there. */
bool fd_reader__find_subject(const fd_frame_index *index, int32_t id, size_t *row);
/** Everything known of an item; *out with no heads when it was never stored. */
int fd_reader__item(fd_reader *reader, const char *item, fd_item_heads **out);
/** The run of heads of one period and basis: [*first, *end). */
void fd_reader__run(const fd_item_heads *item, fd_period period, fd_basis basis, size_t *first,
                    size_t *end);
void fd_reader__correction_run(const fd_item_heads *item, fd_period period, fd_basis basis,
                               size_t *first, size_t *end);
/** Where a segment's subjects lie in the frame. Borrowed until the next call. */
int fd_reader__place(fd_reader *reader, const fd_frame_index *index, int64_t block,
                     const fd_placement **out);
/** Call use() with the bytes of a block. FD_EFORMAT when it is not there. */
int fd_reader__block(fd_reader *reader, int64_t seq,
                     int (*use)(void *payload, const uint8_t *data, size_t length), void *payload);
/** A block decoded as a list of int32, e.g. rows; *out belongs to the caller, n numbers. */
int fd_reader__list(fd_reader *reader, int64_t seq, int32_t **out, size_t *n);
/** Room for n numbers, valid until the next call. */
int64_t *fd_reader__scratch(fd_reader *reader, size_t n);
/** The visible source file with that id, or NULL. */
int fd_reader__source_row(fd_reader *reader, int32_t id, const fd_source_row **out);
/** Value of a cell of a segment (decoded block) as text for people and files; "" without value. */
int fd_reader__cell(fd_reader *reader, const fd_head *head, size_t index, fd_state *state,
                    int64_t *dec, char **text);

/* The operations of fd_source. */
int fd_reader__op_frame(fd_source *source, const char *kind, const fd_frame **out);
int fd_reader__op_column(fd_source *source, const char *kind, const char *item, fd_period period,
                         fd_basis basis, fd_column **out);
int fd_reader__op_attribute(fd_source *source, const char *kind, const char *attribute,
                            fd_date date, fd_column **out);
int fd_reader__op_origin(fd_source *source, const char *kind, const char *item, fd_period period,
                         fd_basis basis, int32_t subject, fd_origin *out);
int fd_reader__op_periods(fd_source *source, const char *item, fd_basis basis,
                          const fd_period **periods, size_t *count);
int fd_reader__op_marks(fd_source *source, const char *item, fd_period period, fd_basis basis,
                        const char **marks, const char **origin);
int fd_reader__op_records(fd_source *source, const char *type, fd_date at, fd_table **out);

#endif
