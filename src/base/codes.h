/*
 * A dictionary of codes: each has a position, 0 .. n-1 in the order of arrival, and room of a fixed
 * size for what its owner knows of it.
 *
 * It is made for registers: a code of up to 18 digits and capital letters (a unified social credit
 * code) takes 12 bytes of text and 6 to 9 of index, a third of what a fd_map takes, and nothing
 * moves while it grows but the index.  Any other text is taken too and costs its length.
 */
#ifndef FD_BASE_CODES_H
#define FD_BASE_CODES_H

#include "base/str.h"

typedef struct fd_codes fd_codes;

enum { FD_CODES_ROOM = 19 }; /* a packed code, terminated */

/**
 * @param payload  bytes kept with each code, zero at first; aligned for 8-byte numbers when it is a
 *                 multiple of 8, for 4-byte ones when of 4
 */
fd_codes *fd_codes_new(size_t payload);
void fd_codes_free(fd_codes *codes); /* NULL is fine */
size_t fd_codes_count(const fd_codes *codes);
/** Position of the code, SIZE_MAX when it is not there. Bytes decide; expected O(1). */
size_t fd_codes_find(const fd_codes *codes, fd_view code);
/** Position of the code; an unknown one comes at the end (*is_new, which may be NULL). At most
 * UINT32_MAX - 1 codes. */
size_t fd_codes_add(fd_codes *codes, fd_view code, bool *is_new);
/** What is kept with it; stays where it is until the code is forgotten. NULL when payload was 0. */
void *fd_codes_payload(const fd_codes *codes, size_t at);
/** The text, terminated: in `room`, or a longer one that lives as long as the dictionary. */
const char *fd_codes_text(const fd_codes *codes, size_t at, char room[FD_CODES_ROOM]);
/** Negative, 0, positive by bytes, as fd_view_compare() on their texts. */
int fd_codes_compare(const fd_codes *codes, size_t a, size_t b);
/** Forget all but the first n. O(n), and the pages given back. */
void fd_codes_keep(fd_codes *codes, size_t n);

#endif
