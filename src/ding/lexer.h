/*
 * Tokens of an expression.  Keywords are whole tokens: 税金及附加 is one name, 或有负债 another.
 *
 * The text comes in pieces, because a clause may go on over several lines and has citations and
 * comments cut out; every token knows the line and column it stands at.
 */
#ifndef FD_DING_LEXER_H
#define FD_DING_LEXER_H

#include "base/diag.h"
#include "base/str.h"
#include "fangding/ding.h"

/* A run of text on one line of a file. */
typedef struct fd_piece {
    fd_view text;
    fd_view whole;         /* the physical line, for messages */
    uint32_t line, column; /* of the first character, from 1 */
} fd_piece;

typedef enum fd_token_kind {
    FD_TOKEN_END,
    FD_TOKEN_NUMBER,
    FD_TOKEN_DATE,
    FD_TOKEN_NAME,   /* a bare name, or a whole 「…」 (then bracketed) */
    FD_TOKEN_TEXT,   /* "…" or “…” */
    FD_TOKEN_AT,     /* [ … ], the text between */
    FD_TOKEN_SYMBOL, /* + - * / ( ) , ; { } = ! (≠) < > L (≤) G (≥) A (→) % */
    FD_TOKEN_BAD
} fd_token_kind;

typedef struct fd_token {
    fd_token_kind kind;
    char symbol;
    bool bracketed;
    fd_view text; /* as written, without brackets or quotes */
    fd_view whole;
    fd_span span;
} fd_token;

typedef struct fd_lexer {
    const fd_piece *pieces;
    size_t count;
    size_t piece, at; /* the next character */
    uint32_t column;
} fd_lexer;

/** pieces must outlive the lexer. */
void fd_lexer_init(fd_lexer *lexer, const fd_piece *pieces, size_t count);
/** The next token; END for ever after the last. Linear in the text over all calls. */
fd_token fd_lexer_next(fd_lexer *lexer);

/** Full-width ASCII forms made half; in the arena. */
char *fd_ding__half(fd_arena *arena, fd_view text);
/** May the text stand bare as a name in an expression, that is, lexes as one NAME and is no
 * operator word? */
bool fd_ding__is_bare_name(const char *text);
/** Bytes of the blank at the start of v (space, tab, U+00A0, U+3000), 0 for none; *columns it takes
 * for indentation. */
size_t fd_ding__blank(fd_view v, unsigned *columns);
uint32_t fd_ding__code_points(fd_view v);

/**
 * Add a finding with its source line and a caret beneath the place, aligned as terminals show it (a
 * long line is cut around the place).
 *
 * @param whole  the physical line; empty: no excerpt
 * @return the record, for a hint
 */
fd_error *fd_ding__finding(fd_diags *diags, fd_severity severity, const char *rule,
                           const char *file, fd_span span, fd_view whole, const char *zh,
                           const char *en, ...) FD_PRINTF2(7, 8, 9);

#endif
