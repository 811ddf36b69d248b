/*
 * A batch under construction: what its parts share.
 *
 * Rows wait in memory until about a megabyte has come together; then the back end writes them in
 * transactions that are short by the clock.  New subjects wait until the batch is published and are
 * then written in order of their codes: in the order of arrival each short transaction would touch
 * pages all over the table, and the log would carry it many times.
 */
#ifndef FD_STORE_BATCH_H
#define FD_STORE_BATCH_H

#include "base/map.h"
#include "base/vec.h"
#include "store/reader.h"

/* A list (subjects or rows) that was stored, kept to recognise it in the next column of the sheet.
 */
typedef struct fd_kept_list {
    int32_t *values;
    size_t n;
    int64_t seq;
} fd_kept_list;

typedef fd_vec(fd_kept_list) fd_kept_lists; /* by number of the chunk within a segment call */

/* What is stored of one item, kind, period and basis. */
typedef struct fd_shape {
    fd_kind value_kind;
    int8_t scale;
    const char *unit;
} fd_shape;

struct fd_batch {
    fd_store *store;
    fd_backend *backend;
    const fd_backend_ops *ops;
    int64_t id; /* 0 until the first row */
    uint32_t last_seq;
    int failed; /* code of the first failure to write; nothing more is accepted */
    fd_arena *arena;
    fd_batch_info info;
    const char *detail; /* of its audit line */
    fd_reader *reader;  /* what was published when first needed */

    fd_arena *row_arena; /* cells and texts of the waiting rows */
    fd_vec(fd_row) rows;
    size_t waiting;

    fd_map *subjects; /* kind → fd_subject_set */
    int32_t next_id, end_id, id_step;
    int32_t first_id; /* subjects from here on are new with this batch; 0 none yet */

    fd_map *attributes; /* name → what is stored of it, as far as it was asked for */

    fd_map *shapes; /* kind, item, period, basis → fd_shape */
    fd_map *blocks; /* hash → seq, of this batch */
    fd_kept_lists kept_subjects, kept_rows;
    int64_t *scratch;

    fd_map *definitions; /* kind, id → hash text, of this batch */
};

/** Add a row; texts are copied, `owned` is freed after writing. Writes when enough wait. */
int fd_batch__add(fd_batch *batch, fd_rel rel, const fd_cell *cells, void *owned);
/** The next seq; creates the batch in the back end when there is none yet. */
int fd_batch__seq(fd_batch *batch, int64_t *seq);
/** Write everything that waits. */
int fd_batch__flush(fd_batch *batch);
/** The published state against which the batch checks itself. */
int fd_batch__reader(fd_batch *batch, fd_reader **out);
/** FD_ERROR with a message when an earlier write of the batch failed. */
int fd_batch__usable(fd_batch *batch);

/** Write the new subjects, by kind and code. */
int fd_batch__write_subjects(fd_batch *batch);
bool fd_batch__has_new_subjects(const fd_batch *batch);
void fd_batch__free_subjects(fd_batch *batch);
void fd_batch__free_segments(fd_batch *batch);
void fd_batch__free_attributes(fd_batch *batch);
/** What is stored, published or in this batch, of one column; *out NULL when nothing is. */
int fd_batch__shape(fd_batch *batch, const char *kind, const char *item, fd_period period,
                    fd_basis basis, fd_shape **out);

#endif
