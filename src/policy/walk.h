/*
 * Walking a definition over one row.
 */
#ifndef FD_POLICY_WALK_H
#define FD_POLICY_WALK_H

#include "policy/set.h"

typedef struct fd_walk {
    fd_policy_context context;
    size_t row;
    /* Called for every unknown field met; may be NULL. */
    void (*meet)(void *payload, int leaf);
    void *payload;
    bool stuck; /* meet also fields that are 不适用 and divisors that are 0: no rule decides them */
    bool every;  /* meet the next field whatever its state */
    int instead; /* this leaf counts as known with the value below; −1 none */
    int64_t value;
} fd_walk;

fd_walk fd_walk_of(fd_policy_set *set, const fd_slot *slot, size_t row);
/** Values in base units. FD_EOVERFLOW. */
int fd_walk_number(fd_number *out, const fd_walk *w, const fd_expr *e);
int fd_walk_date(fd_state *state, fd_date *out, const fd_walk *w, const fd_expr *e);
/** na: what a comparison with 不适用 gives. */
int fd_walk__truth(fd_truth *out, const fd_walk *w, const fd_expr *e, fd_na_rule na);
/** A part with the direct passes that make it true. */
int fd_walk_part(fd_truth *out, const fd_walk *w, size_t part);
fd_state fd_walk__leaf_state(const fd_walk *w, int leaf);
/** Does `x relation y` hold when compare(x, y) is `order`? */
bool fd_walk__holds(fd_expr_kind relation, int order);

#endif
