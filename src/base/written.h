/*
 * How a number stood in a file, in one byte: its text comes back exactly from number and byte.
 *
 * Nearly every cell is plain digits, or digits with thousands commas; what is written in any other
 * way (leading zeros, blanks, a unit, a word) is spelled out by whoever keeps the byte.
 */
#ifndef FD_BASE_WRITTEN_H
#define FD_BASE_WRITTEN_H

#include "base/str.h"

typedef enum fd_written {
    FD_WRITTEN_UNKNOWN = 0,  /* computed, or nothing stood there */
    FD_WRITTEN_SPELLED = 1,  /* the text is kept beside */
    FD_WRITTEN_PLAIN = 2,    /* + digits behind the point: 1234.50 */
    FD_WRITTEN_GROUPED = 32, /* + digits behind the point: 1,234.50 */
    FD_WRITTEN_END = 62
} fd_written;

enum { FD_WRITTEN_DIGITS = 29 }; /* most digits behind the point */

/** Which of PLAIN and GROUPED gives `text` back for mantissa × 10^-scale; else SPELLED, and
 * UNKNOWN for a text without length. scale < 0: SPELLED. */
uint8_t fd_written_of(fd_view text, int64_t mantissa, int scale);
/** Append the text. False (and nothing) for SPELLED, UNKNOWN and what is no such byte. */
bool fd_written_text(fd_buf *out, uint8_t written, int64_t mantissa, int scale);

#endif
