/*
 * Text: views that own nothing, and a growing buffer that owns its bytes. All text is UTF-8.
 */
#ifndef FD_BASE_STR_H
#define FD_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "fangding/decimal.h"
#include "fangding/error.h"

typedef struct fd_view {
    const char *ptr;
    size_t len;
} fd_view;

#define FD_VIEW(literal) ((fd_view){ (literal), sizeof(literal) - 1 })

fd_view fd_view_of(const char *text); /* NULL gives the empty view */
bool fd_view_equal(fd_view a, fd_view b);
bool fd_view_is(fd_view a, const char *text);
int fd_view_compare(fd_view a, fd_view b); /* bytes, which for UTF-8 is code point order */
bool fd_view_starts(fd_view a, const char *prefix);
bool fd_view_ends(fd_view a, const char *suffix);
fd_view fd_view_trim(fd_view a); /* ASCII blanks, U+00A0, U+3000 at both ends */
/** Position of needle in a, or -1. */
ptrdiff_t fd_view_find(fd_view a, const char *needle);
/** Cut the part before the first `separator` off *rest; false when *rest was exhausted. */
bool fd_view_split(fd_view *rest, char separator, fd_view *part);

/* A growing, always terminated buffer. Zero-initialise; fd_buf_dispose() releases. */
typedef struct fd_buf {
    char *ptr;
    size_t len;
    size_t cap;
} fd_buf;

#define FD_BUF_INIT                                                                                \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

void fd_buf_dispose(fd_buf *b);
void fd_buf_clear(fd_buf *b);
void fd_buf_reserve(fd_buf *b, size_t extra);
void fd_buf_put(fd_buf *b, const char *text, size_t len);
void fd_buf_puts(fd_buf *b, const char *text);
void fd_buf_putc(fd_buf *b, char c);
void fd_buf_view(fd_buf *b, fd_view v);
void fd_buf_printf(fd_buf *b, const char *format, ...) FD_PRINTF(2, 3);
void fd_buf_repeat(fd_buf *b, const char *text, size_t times);
/** The text, terminated; "" when nothing was put. Still owned by the buffer. */
const char *fd_buf_text(const fd_buf *b);
/** Hand the bytes to the caller (free() releases); the buffer is empty afterwards. */
char *fd_buf_take(fd_buf *b);

/** What a sender's 是 有 1 yes √ or 否 无 0 no × says; FD_UNKNOWN for anything else, NULL too. The
 * one list of such words. */
fd_truth fd_text_truth(const char *text);

#endif
