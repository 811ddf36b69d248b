/*
 * GB18030 (and with it GBK and GB2312) to UTF-8, strict, with a table filled as characters are met.
 *
 * The structure matters to the CSV reader: the second byte of a pair is 0x40 to 0xFE, the second
 * and fourth byte of a quadruple are digits.  No byte of a character can be a separator, a quote or
 * a line end, so that rows are cut before anything is decoded and a broken character breaks one
 * cell.
 */
#ifndef FD_IO_GB18030_H
#define FD_IO_GB18030_H

#include <stdbool.h>
#include <stddef.h>

typedef struct fd_gb fd_gb;

/** FD_ERROR when this system's iconv lacks GB18030. */
int fd_gb_new(fd_gb **out);
void fd_gb_free(fd_gb *gb); /* NULL is fine */

/** Bytes of the character at p by structure alone: 1, 2 or 4; 0 for a fault. n > 0. */
size_t fd_gb_sequence(const unsigned char *p, size_t n);

/**
 * Decode; each byte that begins no character becomes U+FFFD.
 *
 * @param out      at least 3 × length bytes
 * @param damaged  set when there was a fault, else left alone
 * @return bytes written
 */
size_t fd_gb_decode(fd_gb *gb, char *out, const char *text, size_t length, bool *damaged);

#endif
