/*
 * A direction in which losses spread through a network, made so that they spread fast.
 */
#ifndef FD_INDUSTRY_CASCADE_FLOW_H
#define FD_INDUSTRY_CASCADE_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a node tells a group when it loses: `share` of the loss. */
typedef struct fd_arc {
    uint32_t group;
    double share; /* those of a group add up to 1 at most */
} fd_arc;

/* Each group belongs to a node; a node loses as much as the group that loses most. */
typedef struct fd_flow {
    size_t nodes, groups, arc_count;
    size_t *start; /* arcs of a node: arcs[start[i] .. start[i + 1]) */
    fd_arc *arcs;
    uint32_t *owner; /* by group */
    uint8_t *full;   /* by group: its shares add up to 1 */
} fd_flow;

void fd_flow_alloc(fd_flow *f, size_t nodes, size_t groups, size_t arcs);
void fd_flow_dispose(fd_flow *f);

/**
 * Contract nodes that lose alike: the largest sets in which full groups lead from every node to
 * every other and never out (maximal end components).  Whatever the loss outside, their members
 * lose the same; and when one is lost, all are.
 *
 * node_of: by node of `in`, its node in `out`.  A group that lies within one node says nothing and
 * is left out; of the others, what a node tells itself is divided out.
 * O(arcs) for each round of splitting, a few as a rule.
 */
void fd_flow_contract(fd_flow *out, uint32_t *node_of, const fd_flow *in);

/* State of one spread; reused from one to the next. */
typedef struct fd_spread {
    double stop;    /* a change at most so large is not carried on */
    double *level;  /* by node: what is left, 1 to 0 */
    double *lost;   /* by group */
    double *passed; /* by node: loss that its groups know of */
    uint8_t *waiting;
    uint32_t *front, *next, *ever; /* ever: nodes below 1 */
    size_t front_count, next_count, ever_count;
    uint32_t *outside, *mark;
} fd_spread;

void fd_spread_init(fd_spread *s, size_t nodes, size_t groups, double stop);
void fd_spread_dispose(fd_spread *s);
/** Everything whole but one node, which stands in the front alone. */
void fd_spread_start(fd_spread *s, const fd_flow *f, uint32_t node);
/** Tell the groups of a node that its loss is now `loss`. */
void fd_spread_pass(fd_spread *s, const fd_flow *f, uint32_t node, double loss);
/** The next front: those who fell. */
void fd_spread_turn(fd_spread *s);
/** The limit when one node is lost, in s->level. */
void fd_spread_run(fd_spread *s, const fd_flow *f, uint32_t node);

/* The same arcs from the other end: members of each group. */
typedef struct fd_gather {
    size_t *start; /* by group */
    uint32_t *node;
    double *share;
} fd_gather;

void fd_gather_init(fd_gather *g, const fd_flow *f);
void fd_gather_dispose(fd_gather *g);

enum { FD_LANES = 8 };
/**
 * The limits of up to FD_LANES losses at once: loss[node × FD_LANES + lane], 0 to 1.  For losses
 * that reach far: every group within reach is gone over again and again, forth and back from the
 * lost nodes outward, each value used as soon as it is there, until none changes by more than
 * s->stop.
 */
void fd_spread_together(double *loss, fd_spread *s, const fd_flow *f, const fd_gather *g,
                        const uint32_t *nodes, size_t count);

#endif
