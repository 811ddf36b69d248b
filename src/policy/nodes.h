/*
 * Making nodes of the graph.
 */
#ifndef FD_POLICY_NODES_H
#define FD_POLICY_NODES_H

#include "policy/set.h"

#define NONE (-1)

/* A value: num ÷ den × factor in base units; den NONE is 1. */
typedef struct fd_value {
    int num, den;
    fd_quot factor;
} fd_value;

/** FD_EOVERFLOW, with its words. */
int fd_node__too_wide(void);
static inline fd_node *fd_node__at(const fd_policy_set *set, int i)
{
    return set->nodes.items[i];
}
/** A node to fill in, and its place in the graph: that of an equal one when there is one. */
fd_node fd_node__blank(fd_node_op op, int a, int b);
int fd_node__add(fd_policy_set *set, const fd_node *like);
fd_u128 fd_node__magnitude(fd_i128 x);
/** a × b when it stays below 2^126. */
bool fd_node__fits(fd_u128 *out, fd_u128 a, fd_u128 b);
/** Does a magnitude need 128 bits? */
bool fd_node__is_wide(fd_u128 bound);
int fd_node__constant(fd_policy_set *set, fd_i128 value, fd_state state);
int fd_node__truth(fd_policy_set *set, fd_truth truth);
bool fd_node__is_constant(const fd_policy_set *set, int i);
int fd_node__leaf(fd_policy_set *set, int leaf);
/** a·ka + b·kb; b NONE: a·ka. FD_EOVERFLOW */
int fd_node__sum(int *out, fd_policy_set *set, int a, int64_t ka, int b, int64_t kb);
/** a × b, NONE being 1. FD_EOVERFLOW */
int fd_node__product(int *out, fd_policy_set *set, int a, int b);
/** 最大, 最小 of two. */
int fd_node__pair(fd_policy_set *set, fd_node_op op, int a, int b);
/** 且, 或 of two. */
int fd_node__both(fd_policy_set *set, fd_node_op op, int a, int b);
int fd_node__not(fd_policy_set *set, int a);
/** when ? a : b */
int fd_node__choice(fd_policy_set *set, int when, int a, int b);

/** A number expression as a value (compile.c). */
int fd_value__compile(fd_value *out, const fd_policy_context *c, const fd_expr *e);
/** A condition as a truth node (truths.c); na: what a comparison with 不适用 gives. */
int fd_truth__compile(int *out, const fd_policy_context *c, const fd_expr *e, fd_na_rule na);

#endif
