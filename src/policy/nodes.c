/*
 * The graph: equal nodes are one, and every value knows a bound on its magnitude.  Below 2^62 it is
 * computed in 64 bits, below 2^126 in 128, and beyond that the policy is refused.
 */
#include "policy/nodes.h"

#include <stdlib.h>
#include <string.h>

#include "policy/compile.h"

int fd_node__too_wide(void)
{
    return fd_error_set(FD_EOVERFLOW, "数值太大,精确计算超过 126 位",
                        "the figures are so large that exact arithmetic needs more than 126 bits");
}

/* ---- nodes ---- */

/* The bytes that say what a node is. */
static void key_of(fd_buf *key, const fd_node *n)
{
    fd_buf_put(key, (const char *)&n->op, sizeof n->op);
    fd_buf_put(key, (const char *)&n->a, sizeof n->a);
    fd_buf_put(key, (const char *)&n->b, sizeof n->b);
    fd_buf_put(key, (const char *)&n->c, sizeof n->c);
    fd_buf_put(key, (const char *)&n->ka, sizeof n->ka);
    fd_buf_put(key, (const char *)&n->kb, sizeof n->kb);
    fd_buf_put(key, (const char *)&n->relation, sizeof n->relation);
    fd_buf_put(key, (const char *)&n->rounding, sizeof n->rounding);
    fd_buf_put(key, (const char *)&n->na, sizeof n->na);
    fd_buf_put(key, (const char *)&n->constant, sizeof n->constant);
    fd_buf_put(key, (const char *)&n->constant_state, sizeof n->constant_state);
    fd_buf_put(key, (const char *)&n->count, sizeof n->count);
    if (n->op == FD_T_BANDS) {
        fd_buf_put(key, (const char *)n->edges, n->count * sizeof *n->edges);
        fd_buf_put(key, (const char *)n->table_b, (n->count + 1) * sizeof *n->table_b);
    }
    if (n->op == FD_T_LOOKUP)
        fd_buf_put(key, (const char *)n->table, n->count);
}

int fd_node__add(fd_policy_set *set, const fd_node *like)
{
    fd_buf key = FD_BUF_INIT;
    fd_node *n;
    uint64_t found;

    key_of(&key, like);
    found =
        fd_map_intern(set->node_index, (fd_view){ fd_buf_text(&key), key.len }, set->nodes.count);
    fd_buf_dispose(&key);
    if (found < set->nodes.count)
        return (int)found;
    n = fd_arena_alloc(set->arena, sizeof *n);
    *n = *like;
    fd_vec_push(&set->nodes, n);
    return (int)found;
}

fd_node fd_node__blank(fd_node_op op, int a, int b)
{
    return (fd_node){
        .op = op, .a = a, .b = b, .c = NONE, .ka = 1, .kb = 1, .is_truth = op >= FD_T_CONST
    };
}

fd_u128 fd_node__magnitude(fd_i128 x)
{
    return x < 0 ? 0 - (fd_u128)x : (fd_u128)x;
}

bool fd_node__fits(fd_u128 *out, fd_u128 a, fd_u128 b)
{
    const fd_u128 most = ((fd_u128)1 << FD_POLICY_BITS) - 1;

    if (a != 0 && b > most / a)
        return false;
    *out = a * b;
    return true;
}

bool fd_node__is_wide(fd_u128 bound)
{
    return bound >= (fd_u128)1 << 62;
}

int fd_node__constant(fd_policy_set *set, fd_i128 value, fd_state state)
{
    fd_node n = fd_node__blank(FD_N_CONST, NONE, NONE);

    n.constant = state == FD_HAS ? value : 0;
    n.constant_state = state;
    n.bound = fd_node__magnitude(n.constant);
    n.wide = fd_node__is_wide(n.bound);
    return fd_node__add(set, &n);
}

int fd_node__truth(fd_policy_set *set, fd_truth truth)
{
    fd_node n = fd_node__blank(FD_T_CONST, NONE, NONE);

    n.constant = truth;
    return fd_node__add(set, &n);
}

bool fd_node__is_constant(const fd_policy_set *set, int i)
{
    return i == NONE || fd_node__at(set, i)->op == FD_N_CONST;
}

int fd_node__leaf(fd_policy_set *set, int leaf)
{
    fd_node n = fd_node__blank(FD_N_LEAF, leaf, NONE);

    n.bound = set->leaves.items[leaf]->bound;
    n.wide = fd_node__is_wide(n.bound);
    return fd_node__add(set, &n);
}

/* a·ka + b·kb; b NONE: a·ka */
int fd_node__sum(int *out, fd_policy_set *set, int a, int64_t ka, int b, int64_t kb)
{
    fd_node n = fd_node__blank(FD_N_ADD, a, b);
    fd_u128 x, y = 0;

    if (b == NONE && ka == 1) {
        *out = a;
        return 0;
    }
    n.ka = ka;
    n.kb = b == NONE ? 0 : kb;
    if (!fd_node__fits(&x, fd_node__at(set, a)->bound, fd_node__magnitude(ka)) ||
        (b != NONE && !fd_node__fits(&y, fd_node__at(set, b)->bound, fd_node__magnitude(kb))) ||
        (x + y) >> FD_POLICY_BITS)
        return fd_node__too_wide();
    n.bound = x + y;
    n.wide = fd_node__is_wide(n.bound);
    if (fd_node__is_constant(set, a) && b == NONE &&
        fd_node__at(set, a)->constant_state == FD_HAS) {
        *out = fd_node__constant(set, fd_node__at(set, a)->constant * ka, FD_HAS);
        return 0;
    }
    *out = fd_node__add(set, &n);
    return 0;
}

int fd_node__product(int *out, fd_policy_set *set, int a, int b)
{
    fd_node n = fd_node__blank(FD_N_MUL, a < b ? a : b, a < b ? b : a);

    if (a == NONE || b == NONE) {
        *out = a == NONE ? b : a;
        return 0;
    }
    for (int side = 0; side < 2; side++) {
        int x = side ? a : b, y = side ? b : a;
        const fd_node *k = fd_node__at(set, x);

        if (k->op == FD_N_CONST && k->constant_state == FD_HAS && !k->wide)
            return fd_node__sum(out, set, y, (int64_t)k->constant, NONE, 0);
    }
    if (!fd_node__fits(&n.bound, fd_node__at(set, a)->bound, fd_node__at(set, b)->bound))
        return fd_node__too_wide();
    n.wide = fd_node__is_wide(n.bound);
    *out = fd_node__add(set, &n);
    return 0;
}

int fd_node__pair(fd_policy_set *set, fd_node_op op, int a, int b)
{
    fd_node n = fd_node__blank(op, a, b);

    n.bound = fd_node__at(set, a)->bound > fd_node__at(set, b)->bound ? fd_node__at(set, a)->bound
                                                                      : fd_node__at(set, b)->bound;
    n.wide = fd_node__is_wide(n.bound);
    return fd_node__add(set, &n);
}

int fd_node__both(fd_policy_set *set, fd_node_op op, int a, int b)
{
    fd_node n = fd_node__blank(op, a < b ? a : b, a < b ? b : a);

    if (a == b)
        return a;
    return fd_node__add(set, &n);
}

int fd_policy__or(fd_policy_set *set, int a, int b)
{
    return fd_node__both(set, FD_T_OR, a, b);
}

int fd_node__not(fd_policy_set *set, int a)
{
    fd_node n = fd_node__blank(FD_T_NOT, a, NONE);

    if (fd_node__at(set, a)->op == FD_T_NOT)
        return fd_node__at(set, a)->a;
    return fd_node__add(set, &n);
}

int fd_node__choice(fd_policy_set *set, int when, int a, int b)
{
    fd_node n = fd_node__blank(FD_N_SELECT, a, b);

    n.c = when;
    n.bound = fd_node__at(set, a)->bound > fd_node__at(set, b)->bound ? fd_node__at(set, a)->bound
                                                                      : fd_node__at(set, b)->bound;
    n.wide = fd_node__is_wide(n.bound);
    return a == b ? a : fd_node__add(set, &n);
}
