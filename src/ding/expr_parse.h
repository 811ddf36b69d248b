/*
 * Expressions: text → tree, names unresolved.
 */
#ifndef FD_DING_EXPR_PARSE_H
#define FD_DING_EXPR_PARSE_H

#include "ding/grammar.h"
#include "ding/lexer.h"

#define FD_EXPR_HEIGHT 200   /* of the tree: bounds every recursion over it */
#define FD_EXPR_NODES  20000 /* of one clause: bounds its memory */

/** Parse the pieces as one argument of the shape: NUMBER, TRUTH and LIGHT fill clause->expr (NULL
 * for 其余), MISSING and LIGHTS fill clause->children.  False after a finding; the clause then has
 * neither.  Lives in the arena. */
bool fd_expr__parse(fd_clause *clause, fd_shape shape, fd_arena *arena, const fd_piece *pieces,
                    size_t count, const char *file, fd_diags *diags);

/** A copy whose checker fields may be written. */
fd_expr *fd_expr__clone(fd_arena *arena, const fd_expr *e);

#endif
