/*
 * Inside compose: the state while a definition is read, shared by compose.c (lines, sentences,
 * headings, the end) and compose_blocks.c (tables, charts, items, quotations).
 */
#ifndef FD_REPORT_COMPOSING_H
#define FD_REPORT_COMPOSING_H

#include "report/internal.h"

typedef struct table_note {
    size_t block;
    const fd_list *list;
} table_note;

typedef struct composing {
    fd_composer m;
    long line;
    fd_phrase *phrase;     /* being read */
    const char *paragraph; /* id of the one being read, or NULL */
    fd_docx_spans spans;
    fd_vec(fd_paper_block) waiting; /* headings */
    fd_vec(table_note) notes;
    int headings;
    int sections, subsections; /* written, for "#、" and "(#)" */
    fd_map *counters;          /* "表", "附表", "图" … → how many were written */
    bool was_missing;
    size_t missing_before; /* the list of missing figures before the last sentence */
} composing;

/** FD_EPARSE with the definition's file and line; the texts are literals. */
#define fd_composing__fail(k, zh, en)                                                              \
    (fd_error_set(FD_EPARSE, zh, en), fd_composing__at_line(k, FD_EPARSE))
/** Name the place of a failure. @return err */
int fd_composing__at_line(const composing *k, int err);
/** Cut the first word off; *rest is trimmed. */
fd_view fd_composing__word(fd_view *rest);
/** An id of 1 to 20 letters, digits and ideographs; FD_EPARSE. */
int fd_composing__id(const composing *k, fd_view id);
/** Plain text of a template; *missing when it lacks something, which is then listed. */
int fd_composing__text(const char **out, bool *missing, composing *k, fd_view text);
/** Write the headings that wait: something stands below them. */
void fd_composing__settle(composing *k);
/** "附表# 停产企业": what is written gets the next number of its kind. */
const char *fd_composing__number(composing *k, const char *title);

int fd_composing__table(composing *k, fd_view rest);
int fd_composing__chart(composing *k, fd_view rest);
int fd_composing__items(composing *k, fd_view rest);
int fd_composing__quotation(composing *k, fd_view rest);

#endif
