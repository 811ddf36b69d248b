/*
 * How a loss spreads.
 *
 * Write y for what a node has lost.  y(i) is the largest, over the groups of i, of the means of the
 * members' y by share: the largest probability with which a walk from i, choosing a group at each
 * node, comes to the node that was lost first; a group whose shares add up to less than 1 drops
 * walks on the way.  Sweeps alone close in at the pace at which a walk finds one node among all,
 * which is thousands of rounds.  Two things are exact and take the slow part away:
 *
 * - Nodes among which walks can go round at will without being dropped (end components) have the
 *   same y.  They do not depend on what was lost, so they are contracted once.
 * - Nodes from which a walk comes to the lost node for sure have y = 1: the largest set in which
 *   every node has a full group that stays in the set, and from which the lost node can be reached.
 *
 * From there only nodes that changed tell their groups by how much, until nothing changes by more
 * than `stop`.  The operators are monotone, so the limit is that of synchronous sweeps.
 * End components: de Alfaro (1997), Formal Verification of Probabilistic Systems, chapter 3.
 */
#include "industry/cascade_flow.h"

#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "industry/bom.h"

void fd_flow_alloc(fd_flow *f, size_t nodes, size_t groups, size_t arcs)
{
    *f = (fd_flow){ .nodes = nodes, .arc_count = arcs };
    f->start = fd_alloc((nodes + 1) * sizeof *f->start);
    f->arcs = fd_alloc(arcs * sizeof *f->arcs + 1);
    f->owner = fd_alloc(groups * sizeof *f->owner + 1);
    f->full = fd_alloc(groups + 1);
}

void fd_flow_dispose(fd_flow *f)
{
    free(f->start);
    free(f->arcs);
    free(f->owner);
    free(f->full);
}

/* ---- end components ---- */

/* Members of each group, and groups of each node, beside the flow itself. */
typedef struct splitting {
    const fd_flow *f;
    fd_csr members, groups;
    uint8_t *kept;       /* by group: full, and not seen to lead out */
    uint32_t *component; /* by node */
    uint32_t components;
    /* Tarjan's stacks; the walk's own place is kept by node: group and member */
    uint32_t *index, *low, *stack, *walk;
    size_t *at_group, *at_member;
    uint8_t *on_stack;
} splitting;

static void splitting_init(splitting *s, const fd_flow *f)
{
    uint32_t *key = fd_alloc(f->arc_count * sizeof *key + 1);
    uint32_t *from = fd_alloc(f->arc_count * sizeof *from + 1);

    memset(s, 0, sizeof *s);
    s->f = f;
    for (size_t i = 0; i < f->nodes; i++)
        for (size_t k = f->start[i]; k < f->start[i + 1]; k++) {
            key[k] = f->arcs[k].group;
            from[k] = (uint32_t)i;
        }
    fd_csr_build(&s->members, f->groups, key, from, f->arc_count);
    fd_csr_build(&s->groups, f->nodes, f->owner, NULL, f->groups);
    s->kept = fd_alloc(f->groups + 1);
    for (size_t g = 0; g < f->groups; g++)
        s->kept[g] = f->full[g] && s->members.start[g] != s->members.start[g + 1];
    s->component = fd_alloc(f->nodes * sizeof *s->component + 1);
    s->index = fd_alloc(f->nodes * sizeof *s->index + 1);
    s->low = fd_alloc(f->nodes * sizeof *s->low + 1);
    s->stack = fd_alloc(f->nodes * sizeof *s->stack + 1);
    s->walk = fd_alloc(f->nodes * sizeof *s->walk + 1);
    s->at_group = fd_alloc(f->nodes * sizeof *s->at_group + 1);
    s->at_member = fd_alloc(f->nodes * sizeof *s->at_member + 1);
    s->on_stack = fd_alloc(f->nodes + 1);
    free(key);
    free(from);
}

static void splitting_dispose(splitting *s)
{
    fd_csr_dispose(&s->members);
    fd_csr_dispose(&s->groups);
    free(s->kept);
    free(s->component);
    free(s->index);
    free(s->low);
    free(s->stack);
    free(s->walk);
    free(s->at_group);
    free(s->at_member);
    free(s->on_stack);
}

/* The next node that a kept group of `node` leads to; false when there is none left. */
static bool next_member(uint32_t *out, splitting *s, uint32_t node)
{
    size_t *g = &s->at_group[node], *m = &s->at_member[node];

    for (; *g < s->groups.start[node + 1]; ++*g, *m = 0) {
        const uint32_t group = s->groups.list[*g];

        if (!s->kept[group] || s->members.start[group] + *m >= s->members.start[group + 1])
            continue;
        *out = s->members.list[s->members.start[group] + (*m)++];
        return true;
    }
    return false;
}

/* Tarjan's strongly connected components over kept groups, without recursion. */
static void connect(splitting *s)
{
    const size_t n = s->f->nodes;
    uint32_t clock = 0;
    size_t depth = 0, open = 0;

    memset(s->index, 0, n * sizeof *s->index);
    s->components = 0;
    for (size_t i = 0; i < n; i++)
        s->at_group[i] = s->groups.start[i];
    memset(s->at_member, 0, n * sizeof *s->at_member);
    for (size_t root = 0; root < n; root++) {
        if (s->index[root])
            continue;
        s->walk[depth++] = (uint32_t)root;
        while (depth) {
            const uint32_t v = s->walk[depth - 1];
            uint32_t w;

            if (!s->index[v]) {
                s->index[v] = s->low[v] = ++clock;
                s->stack[open++] = v;
                s->on_stack[v] = 1;
            }
            if (next_member(&w, s, v)) {
                if (!s->index[w])
                    s->walk[depth++] = w;
                else if (s->on_stack[w] && s->index[w] < s->low[v])
                    s->low[v] = s->index[w];
                continue;
            }
            if (s->low[v] == s->index[v]) {
                do {
                    w = s->stack[--open];
                    s->on_stack[w] = 0;
                    s->component[w] = s->components;
                } while (w != v);
                s->components++;
            }
            if (--depth && s->low[v] < s->low[s->walk[depth - 1]])
                s->low[s->walk[depth - 1]] = s->low[v];
        }
    }
}

/* Components, less the groups that lead out of them, until none does. */
static void split(splitting *s)
{
    bool again = true;

    while (again) {
        again = false;
        connect(s);
        for (size_t g = 0; g < s->f->groups; g++)
            for (size_t k = s->members.start[g]; s->kept[g] && k < s->members.start[g + 1]; k++)
                if (s->component[s->members.list[k]] != s->component[s->f->owner[g]]) {
                    s->kept[g] = 0;
                    again = true;
                }
    }
}

void fd_flow_contract(fd_flow *out, uint32_t *node_of, const fd_flow *in)
{
    splitting s;
    uint32_t *group = fd_alloc(in->groups * sizeof *group + 1);
    uint32_t *key = fd_alloc(in->arc_count * sizeof *key + 1);
    fd_arc *arcs = fd_alloc(in->arc_count * sizeof *arcs + 1);
    double *sum;
    size_t count = 0;
    fd_csr by_node;

    splitting_init(&s, in);
    split(&s);
    memcpy(node_of, s.component, in->nodes * sizeof *node_of);
    fd_flow_alloc(out, s.components, in->groups, in->arc_count);
    sum = fd_alloc(s.components * sizeof *sum + 1);
    for (size_t g = 0; g < in->groups; g++) /* a kept group lies within its node */
        if (!s.kept[g]) {
            group[g] = (uint32_t)out->groups;
            out->owner[out->groups] = node_of[in->owner[g]];
            out->full[out->groups++] = in->full[g];
        } else {
            group[g] = UINT32_MAX;
        }
    /* arcs of `in` by group, to add up those of one node and divide out the node's own */
    for (size_t i = 0; i < in->nodes; i++)
        for (size_t k = in->start[i]; k < in->start[i + 1]; k++)
            key[k] = in->arcs[k].group;
    fd_csr_dispose(&s.members);
    fd_csr_build(&s.members, in->groups, key, NULL, in->arc_count);
    for (size_t i = 0; i < in->nodes; i++) /* from here on: whose an arc is */
        for (size_t k = in->start[i]; k < in->start[i + 1]; k++)
            key[k] = node_of[i];
    for (size_t g = 0; g < in->groups; g++) {
        const uint32_t own = node_of[in->owner[g]];
        double left;

        if (group[g] == UINT32_MAX)
            continue;
        for (size_t k = s.members.start[g]; k < s.members.start[g + 1]; k++)
            sum[key[s.members.list[k]]] += in->arcs[s.members.list[k]].share;
        left = 1 - sum[own];
        sum[own] = 0;
        for (size_t k = s.members.start[g]; k < s.members.start[g + 1]; k++) {
            const uint32_t node = key[s.members.list[k]];

            if (sum[node] > 0 && left > 0) {
                arcs[count] = (fd_arc){ group[g], sum[node] / left };
                s.members.list[count] = node; /* read already: count never passes k */
                count++;
            }
            sum[node] = 0;
        }
    }
    fd_csr_build(&by_node, out->nodes, s.members.list, NULL, count);
    memcpy(out->start, by_node.start, (out->nodes + 1) * sizeof *out->start);
    for (size_t k = 0; k < count; k++)
        out->arcs[k] = arcs[by_node.list[k]];
    out->arc_count = count;
    fd_csr_dispose(&by_node);
    splitting_dispose(&s);
    free(group);
    free(key);
    free(arcs);
    free(sum);
}

/* ---- spreading ---- */

void fd_spread_init(fd_spread *s, size_t nodes, size_t groups, double stop)
{
    *s = (fd_spread){ .stop = stop };
    s->level = fd_alloc(nodes * sizeof *s->level + 1);
    s->lost = fd_alloc(groups * sizeof *s->lost + 1);
    s->passed = fd_alloc(nodes * sizeof *s->passed + 1);
    s->waiting = fd_alloc(nodes + 1);
    s->front = fd_alloc(nodes * sizeof *s->front + 1);
    s->next = fd_alloc(nodes * sizeof *s->next + 1);
    s->ever = fd_alloc(nodes * sizeof *s->ever + 1);
    s->outside = fd_alloc(groups * sizeof *s->outside + 1);
    s->mark = fd_alloc(nodes * sizeof *s->mark + 1);
}

void fd_spread_dispose(fd_spread *s)
{
    free(s->level);
    free(s->lost);
    free(s->passed);
    free(s->waiting);
    free(s->front);
    free(s->next);
    free(s->ever);
    free(s->outside);
    free(s->mark);
}

void fd_spread_start(fd_spread *s, const fd_flow *f, uint32_t node)
{
    for (size_t i = 0; i < f->nodes; i++)
        s->level[i] = 1;
    memset(s->lost, 0, f->groups * sizeof *s->lost);
    memset(s->passed, 0, f->nodes * sizeof *s->passed);
    memset(s->waiting, 0, f->nodes);
    s->level[node] = 0;
    s->front[0] = s->ever[0] = node;
    s->front_count = s->ever_count = 1;
    s->next_count = 0;
}

/* Nodes lost altogether join the first front.  `front` serves as the queue: it ends up holding the
 * set, in order of discovery. Each round reaches back from the lost node over groups that lie in
 * the set of the round before; the set shrinks until it holds. O(arcs) a round. */
static void find_total_loss(fd_spread *s, const fd_flow *f, uint32_t node)
{
    size_t inside = f->nodes;

    for (size_t g = 0; g < f->groups; g++)
        s->outside[g] = !f->full[g];
    memset(s->mark, 0, f->nodes * sizeof *s->mark);
    for (uint32_t round = 1;; round++) {
        size_t count = 0;

        s->front[count++] = node;
        s->mark[node] = round;
        for (size_t head = 0; head < count; head++)
            for (size_t k = f->start[s->front[head]]; k < f->start[s->front[head] + 1]; k++) {
                const uint32_t g = f->arcs[k].group, i = f->owner[g];

                if (s->outside[g] || s->mark[i] == round)
                    continue;
                s->mark[i] = round;
                s->front[count++] = i;
            }
        s->front_count = count;
        if (count == inside)
            break;
        inside = count;
        for (size_t i = 0; i < f->nodes; i++) /* those who fell out in this round */
            if (s->mark[i] == round - 1)
                for (size_t k = f->start[i]; k < f->start[i + 1]; k++)
                    s->outside[f->arcs[k].group]++;
    }
    for (size_t k = 1; k < s->front_count; k++) {
        s->level[s->front[k]] = 0;
        s->ever[s->ever_count++] = s->front[k];
    }
}

/* Lower a node's level; it will pass the news on in the next round. */
static inline void lower(fd_spread *s, uint32_t node, double level)
{
    if (level < 0)
        level = 0;
    if (!(level < s->level[node] - s->stop))
        return;
    if (s->level[node] >= 1) /* not among those below 1 as yet */
        s->ever[s->ever_count++] = node;
    s->level[node] = level;
    if (!s->waiting[node]) {
        s->waiting[node] = 1;
        s->next[s->next_count++] = node;
    }
}

void fd_spread_turn(fd_spread *s)
{
    uint32_t *was = s->front;

    s->front = s->next;
    s->front_count = s->next_count;
    s->next = was;
    s->next_count = 0;
    for (size_t k = 0; k < s->front_count; k++)
        s->waiting[s->front[k]] = 0;
}

void fd_spread_pass(fd_spread *s, const fd_flow *f, uint32_t node, double loss)
{
    const double more = loss - s->passed[node];

    if (!(more > 0))
        return;
    s->passed[node] = loss;
    for (size_t k = f->start[node]; k < f->start[node + 1]; k++) {
        const fd_arc *a = &f->arcs[k];

        s->lost[a->group] += a->share * more;
        lower(s, f->owner[a->group], 1 - s->lost[a->group]);
    }
}

void fd_spread_run(fd_spread *s, const fd_flow *f, uint32_t node)
{
    fd_spread_start(s, f, node);
    find_total_loss(s, f, node);
    while (s->front_count) {
        for (size_t k = 0; k < s->front_count; k++)
            fd_spread_pass(s, f, s->front[k], 1 - s->level[s->front[k]]);
        fd_spread_turn(s);
    }
}

/* ---- several at once ---- */

void fd_gather_init(fd_gather *g, const fd_flow *f)
{
    size_t *at = fd_alloc((f->groups + 1) * sizeof *at);

    g->start = fd_alloc((f->groups + 1) * sizeof *g->start);
    g->node = fd_alloc(f->arc_count * sizeof *g->node + 1);
    g->share = fd_alloc(f->arc_count * sizeof *g->share + 1);
    for (size_t k = 0; k < f->arc_count; k++)
        g->start[f->arcs[k].group + 1]++;
    for (size_t i = 0; i < f->groups; i++)
        g->start[i + 1] += g->start[i];
    memcpy(at, g->start, f->groups * sizeof *at);
    for (size_t i = 0; i < f->nodes; i++)
        for (size_t k = f->start[i]; k < f->start[i + 1]; k++) {
            const size_t to = at[f->arcs[k].group]++;

            g->node[to] = (uint32_t)i;
            g->share[to] = f->arcs[k].share;
        }
    free(at);
}

void fd_gather_dispose(fd_gather *g)
{
    free(g->start);
    free(g->node);
    free(g->share);
}

/* Groups that a loss of any of the nodes can reach, nearest first. @return how many */
static size_t find_reach(uint32_t *list, fd_spread *s, const fd_flow *f, const uint32_t *nodes,
                         size_t count)
{
    size_t tail = 0, groups = 0;

    memset(s->waiting, 0, f->nodes);
    memset(s->outside, 0, f->groups * sizeof *s->outside);
    for (size_t k = 0; k < count; k++)
        if (!s->waiting[nodes[k]]) {
            s->waiting[nodes[k]] = 1;
            s->next[tail++] = nodes[k];
        }
    for (size_t head = 0; head < tail; head++)
        for (size_t k = f->start[s->next[head]]; k < f->start[s->next[head] + 1]; k++) {
            const uint32_t group = f->arcs[k].group, owner = f->owner[group];

            if (s->outside[group])
                continue;
            s->outside[group] = 1;
            list[groups++] = group;
            if (!s->waiting[owner]) {
                s->waiting[owner] = 1;
                s->next[tail++] = owner;
            }
        }
    return groups;
}

/* @return the largest rise of a lane */
static double renew(double *loss, const fd_flow *f, const fd_gather *g, uint32_t group)
{
    double now[FD_LANES] = { 0 }, rise = 0;
    double *own = loss + (size_t)f->owner[group] * FD_LANES;

    for (size_t k = g->start[group]; k < g->start[group + 1]; k++) {
        const double share = g->share[k], *from = loss + (size_t)g->node[k] * FD_LANES;

        for (int lane = 0; lane < FD_LANES; lane++)
            now[lane] += share * from[lane];
    }
    for (int lane = 0; lane < FD_LANES; lane++) {
        const double more = now[lane] - own[lane];

        rise = more > rise ? more : rise;
        own[lane] = more > 0 ? (now[lane] < 1 ? now[lane] : 1) : own[lane];
    }
    return rise;
}

void fd_spread_together(double *loss, fd_spread *s, const fd_flow *f, const fd_gather *g,
                        const uint32_t *nodes, size_t count)
{
    uint32_t *list = fd_alloc(f->groups * sizeof *list + 1);
    double rise = 1;
    size_t groups;

    memset(loss, 0, f->nodes * FD_LANES * sizeof *loss);
    for (size_t lane = 0; lane < count; lane++) {
        fd_spread_start(s, f, nodes[lane]);
        find_total_loss(s, f, nodes[lane]);
        for (size_t k = 0; k < s->front_count; k++)
            loss[(size_t)s->front[k] * FD_LANES + lane] = 1;
    }
    groups = find_reach(list, s, f, nodes, count);
    for (bool forth = true; rise > s->stop; forth = !forth) {
        rise = 0;
        for (size_t k = 0; k < groups; k++) {
            const double more = renew(loss, f, g, list[forth ? k : groups - 1 - k]);

            rise = more > rise ? more : rise;
        }
    }
    free(list);
}
