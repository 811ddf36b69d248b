/*
 * Compact lists of numbers, and the blocks built from them.
 *
 * A list of integers (little endian, as everything here):
 *
 *   u8 method   0 raw, 1 frame of reference, 2 differences
 *   u8 width    bits per number, 0 to 57; 64 for raw
 *   u16 0, u32 n
 *   i64 base    method 1: the least value; method 2: the least difference
 *   i64 first   method 2 alone: the first value
 *   payload     raw: n × i64; else the numbers minus base, `width` bits each, lowest bit first,
 *               and 8 zero bytes, so that a number can be read with one unaligned load
 *
 * Whichever of the three is smallest is taken.  Differences wrap modulo 2^64, so no input
 * overflows.
 *
 * A block of cells: u8 1 (version), u8 type (0 integers, 1 doubles, 2 texts), u8 has states, u8 has
 * written, u32 n; when it has states, 2 bits each (fd_state), padded to 8 bytes; then a list of
 * integers, or n × f64, or texts: u32 count, u32 bytes, count × u32 end offsets, bytes, list of
 * indexes.  A cell without value (MISSING, NA) has an arbitrary number, which a reader ignores.
 *
 * Behind the integers, when the block has written: u8 scale, u8 has spelled, u16 0, a list of one
 * fd_written (base/written.h) for each cell: how it stood in the file, as a number with `scale`
 * digits; when it has spelled, a block of texts, one for each cell that says SPELLED, in order.
 *
 * Blocks come from files that anyone may have written: decoding checks every length.
 */
#ifndef FD_STORE_PACK_H
#define FD_STORE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/written.h"
#include "fangding/decimal.h"

#define FD_PACK_MAX ((size_t)1 << 24) /* numbers in one list */

typedef struct fd_pack_plan {
    uint8_t method, width;
    size_t n;
    int64_t base, first;
    size_t bytes; /* of the whole list */
} fd_pack_plan;

/** Choose method and width. One pass over the values. */
void fd_pack__plan(fd_pack_plan *plan, const int64_t *values, size_t n);
/** Write plan->bytes bytes. The values are those that were planned. */
void fd_pack__put(const fd_pack_plan *plan, const int64_t *values, uint8_t *out);
/** Read the list's head: *n and the bytes that the whole list takes. FD_EFORMAT when damaged. */
int fd_pack__head(const uint8_t *data, size_t length, size_t *n, size_t *bytes);
/** Decode all n numbers of a list that fd_pack__head() accepted. */
void fd_pack__get(const uint8_t *data, int64_t *out);

typedef enum fd_block_type {
    FD_BLOCK_INTS = 0,
    FD_BLOCK_DOUBLES = 1,
    FD_BLOCK_TEXTS = 2
} fd_block_type;

/* What a block of cells says. Pointers lead into the block. */
typedef struct fd_cells {
    fd_block_type type;
    size_t n;
    const uint8_t *states;  /* 2 bits each, or NULL: all HAS */
    const uint8_t *list;    /* INTS, TEXTS (indexes) */
    const uint8_t *doubles; /* DOUBLES, unaligned */
    size_t text_count;
    const uint8_t *text_ends; /* u32 each, unaligned */
    const char *text_bytes;
} fd_cells;

/** Encode n integer cells. *out is new, free() it. states NULL = all HAS. scratch has room for n
 * numbers. */
int fd_block__from_ints(uint8_t **out, size_t *bytes, const int64_t *values, const uint8_t *states,
                        size_t n, int64_t *scratch);
int fd_block__from_doubles(uint8_t **out, size_t *bytes, const double *values,
                           const uint8_t *states, size_t n);
/** Each different text is stored once. A text that is NULL must not have a value (FD_EINVAL). */
int fd_block__from_texts(uint8_t **out, size_t *bytes, const char *const *texts,
                         const uint8_t *states, size_t n, int64_t *scratch);
/** Append to a block of integers how its cells were written. spelled[i] is the text where
 * written[i] says SPELLED (spelled may be NULL when none does). */
int fd_block__add_written(uint8_t **data, size_t *bytes, int scale, const uint8_t *written,
                          const char *const *spelled, size_t n, int64_t *scratch);
/** Append to `out` the text that cell i had in its file; 0 when nobody knows, 1 when it is there.
 * FD_EFORMAT when damaged. scratch has room for the block's n numbers. */
int fd_block__written(fd_buf *out, const uint8_t *data, size_t length, size_t i, int64_t *scratch);
/** A bare list of int32 (subjects, rows). */
int fd_block__from_list(uint8_t **out, size_t *bytes, const int32_t *values, size_t n,
                        int64_t *scratch);

/** Check a block of cells and find its parts. FD_EFORMAT when damaged. */
int fd_block__open(fd_cells *out, const uint8_t *data, size_t length);
static inline fd_state fd_block__state(const fd_cells *cells, size_t i)
{
    return cells->states ? (fd_state)((cells->states[i >> 2] >> (2 * (i & 3))) & 3) : FD_HAS;
}
/** The j-th different text. */
const char *fd_block__text(const fd_cells *cells, size_t j, size_t *length);
double fd_block__double(const fd_cells *cells, size_t i);

#endif
