/*
 * What a text file is: its encoding, told by passing over all of it, and its separator, told from
 * its first lines.
 */
#ifndef FD_IO_CSV_DETECT_H
#define FD_IO_CSV_DETECT_H

#include "io/rows.h"

/* Counts over a file. Zero-initialise, feed its bytes in order, then finish. */
typedef struct fd_detect {
    uint64_t bytes, zeros;
    uint64_t utf8_faults; /* bytes that begin no UTF-8 character */
    uint64_t
        utf8_long; /* UTF-8 characters of three and four bytes since the block of the first fault */
    unsigned char tail[4]; /* an unfinished character at the end of the last feed */
    size_t tail_length;
    bool decided; /* further bytes change nothing */
} fd_detect;

void fd_detect_feed(fd_detect *d, const void *data, size_t size);

/**
 * UTF8 when there was no fault, or when at least 8 characters of three or four bytes and four times
 * as many as faults were met: text of another encoding does not look like that by chance.  Else
 * GB18030.
 */
fd_encoding fd_detect_finish(fd_detect *d);

/**
 * The separator: for ',' ';' and tab, how many of the first 64 records (within `size` bytes) hold
 * the most frequent positive number of them outside quotes; the greatest agreement wins, on a tie
 * tab, then
 * ';' (numbers may carry commas), then ','.  No separator at all gives ','.  *crlf: the first line
 * end.
 */
char fd_detect_separator(const char *text, size_t size, bool *crlf);

#endif
