/*
 * One line of a declaration → clauses with their argument, citation and comment.
 */
#ifndef FD_DING_CLAUSE_H
#define FD_DING_CLAUSE_H

#include "base/vec.h"
#include "ding/expr_parse.h"

/* A physical line. */
typedef struct fd_line {
    fd_view whole; /* without line end */
    size_t at;     /* next byte to read */
    uint32_t number, column;
    unsigned indent; /* columns */
} fd_line;

/* A clause while its lines are being read. Drafts live in the script's arena; pieces on the heap
 * until finished. */
typedef struct fd_draft {
    fd_clause clause;
    const fd_clause_rule *rule; /* NULL: a keyword that an open kind keeps, or a child line */
    fd_vec(fd_piece) pieces;
    fd_buf cite, comment;
    bool cited;
    fd_view whole; /* the line it begins on */
    unsigned indent;
    struct fd_draft *parent, *first, *last, *next;
    size_t children;
} fd_draft;

typedef struct fd_reader {
    fd_arena *arena;
    fd_diags *diags;
    const char *file;
    fd_decl_kind kind;
    size_t clauses; /* so far, against hostile input */
    bool faulty;    /* a fault was found since this was cleared */
} fd_reader;

#define FD_SCRIPT_CLAUSES ((size_t)500000)
#define FD_SCRIPT_DECLS   ((size_t)200000)

/** Skip blanks, count them as indentation. */
void fd_line_open(fd_line *line, fd_view whole, uint32_t number);
/** Is nothing left? */
bool fd_line_done(const fd_line *line);
bool fd_line_is_comment(const fd_line *line);
/** The next word without moving. */
fd_view fd_line_word(const fd_line *line);
/** The same, but a 「…」 at its start is taken whole, blanks and all. */
fd_view fd_line_wrapped_word(const fd_line *line);
/** Move past n bytes. */
void fd_line_pass(fd_line *line, size_t n);
/** Move past n bytes and the blanks behind them. */
void fd_line_skip(fd_line *line, size_t n);

fd_error *fd_reader__fault(fd_reader *r, const char *rule, const fd_line *line, uint32_t column,
                           fd_view found, const char *zh, const char *en, ...) FD_PRINTF2(6, 7, 8);

/**
 * Read an argument at the line's place into the draft: up to the line's end, or to the next clause
 * keyword behind two blanks (then true, and the line stands at that keyword).
 *
 * @param header  the line is a declaration's first: 依据 is a clause, not a citation
 */
bool fd_clause__scan(fd_reader *r, fd_line *line, fd_draft *draft, bool header);

/** Argument, words, expression of the draft. False after a finding: the clause is to be left out.
 * Releases the draft's heap memory in any case. */
bool fd_clause__finish(fd_reader *r, fd_draft *draft);

#endif
