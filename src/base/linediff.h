/*
 * What changed between two texts, line by line: the fewest lines taken out and put in.
 */
#ifndef FD_BASE_LINEDIFF_H
#define FD_BASE_LINEDIFF_H

#include "base/str.h"
#include "base/vec.h"

typedef struct fd_line_change {
    char op;                   /* ' ' in both, '-' taken out, '+' put in */
    size_t old_line, new_line; /* from 1; 0 where the line is not in that text */
    fd_view text;              /* without the line's end; points into the text it is from */
} fd_line_change;

typedef fd_vec(fd_line_change) fd_line_changes;

/**
 * Compare two texts.
 *
 * Lines end in LF or CRLF; the last needs no end.  What the texts begin and end with alike is set
 * aside, the longest common subsequence of the rest is found by the usual table (time and memory:
 * lines × lines).  Where that table would have more than FD_LINEDIFF_CELLS cells the rest counts as
 * wholly replaced: still true, no longer the shortest.
 *
 * @param[out] out  every line of both, in order, taken out before put in; fd_vec_dispose() releases
 */
void fd_linediff(fd_line_changes *out, fd_view old_text, fd_view new_text);

#define FD_LINEDIFF_CELLS ((size_t)16 << 20)

#endif
