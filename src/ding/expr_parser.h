/*
 * The state of parsing one argument, as the files of the parser share it.
 */
#ifndef FD_DING_EXPR_PARSER_H
#define FD_DING_EXPR_PARSER_H

#include "base/vec.h"
#include "ding/expr_parse.h"

typedef struct fd_parser {
    fd_arena *arena;
    fd_diags *diags;
    const char *file;
    fd_lexer lexer;
    fd_token token;
    int depth;
    size_t nodes;
    bool failed;
    bool open_cases; /* cases may end without 其余 */
} fd_parser;

typedef fd_vec(fd_expr *) expr_list;

/** The first fault of an argument is reported, those that follow from it are not. @return NULL then
 */
fd_error *fd_parse__fault(fd_parser *p, const fd_token *at, const char *zh, const char *en);
void fd_parse__hint(fd_error *e, const char *zh, const char *en);
void fd_parse__advance(fd_parser *p);
bool fd_parse__is_symbol(const fd_parser *p, char symbol);
bool fd_parse__word_is(const fd_token *t, const char *zh, const char *en);
/** Step over a symbol or word when it stands here. */
bool fd_parse__take_symbol(fd_parser *p, char symbol);
bool fd_parse__take_word(fd_parser *p, const char *zh, const char *en);
const char *fd_parse__keep(fd_parser *p, fd_view text);
/** New nodes; faults when there are too many, or the tree is too high. */
fd_expr *fd_parse__make(fd_parser *p, fd_expr_kind kind, const fd_token *at);
fd_expr *fd_parse__node(fd_parser *p, fd_expr_kind kind, const fd_token *at, fd_expr *a,
                        fd_expr *b);
void fd_parse__set_children(fd_parser *p, fd_expr *e, expr_list *list, const fd_token *at);
/** 不超过, 达到 …: where a band begins; NULL for another token. */
const fd_word *fd_parse__edge_of(const fd_token *t);
/** The levels that bands are made of. */
fd_expr *fd_parse__sum(fd_parser *p);
fd_expr *fd_parse__product(fd_parser *p);
fd_expr *fd_parse__sign(fd_parser *p);
/** 或 and what binds closer; the same where the first operand was read already. */
fd_expr *fd_parse__or(fd_parser *p);
fd_expr *fd_parse__or_after(fd_parser *p, fd_expr *left);
/** = ≠ ≥ … and the right side, or 属于; the left operand alone where none follows. */
fd_expr *fd_parse__comparison(fd_parser *p, fd_expr *left);
/** 条件 → 值;…;其余 值. */
fd_expr *fd_parse__case(fd_parser *p);
/** Is the token a comparison, which? Not stepped over. */
bool fd_parse__relation(const fd_parser *p, fd_expr_kind *kind);
bool fd_parse__is_operator(const fd_token *t);
/** 查表 (1) or 累进 (2), standing at the word. */
fd_expr *fd_parse__bands(fd_parser *p, int bands);

#endif
