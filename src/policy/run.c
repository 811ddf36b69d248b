/*
 * Evaluating the graph, block by block; each condition's truth is kept for all rows.
 *
 * A node is computed into a register as soon as its operands are, and a register is free again
 * after its last reader, so that a block's working set stays in cache however many policies there
 * are.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "policy/kernel.h"
#include "policy/set.h"

/* A block of one node, as its readers see it. */
typedef struct view {
    const int64_t *v;
    const fd_i128 *w;
    const uint64_t *known, *na; /* na NULL: none */
    const uint64_t *t, *u;
    bool all_known;
} view;

typedef struct reg {
    fd_i128 *values; /* room for FD_POLICY_BLOCK of either width */
    uint64_t *a, *b; /* known and 不适用, or true and unknown */
} reg;

typedef struct plan {
    fd_policy_set *set;
    const fd_policy_kernels *kernels;
    int *order;
    size_t count;
    int regs;
} plan;

typedef struct machine {
    const plan *p;
    reg *regs;
    view *views; /* by node */
    size_t start, n, words;
} machine;

static fd_node *node(const fd_policy_set *set, int i)
{
    return set->nodes.items[i];
}

/* ---- planning ---- */

static void operands(const fd_node *n, int out[3])
{
    out[0] = n->op == FD_N_LEAF || n->op == FD_T_LOOKUP ? -1 : n->a;
    out[1] = n->b;
    out[2] = n->c;
}

/* Does the run compute it, or is its truth already there? */
static bool is_ready(const fd_node *n)
{
    return n->root && n->done;
}

static void reach(const fd_policy_set *set, int from, uint8_t *needed)
{
    fd_vec(int) stack = { 0 };

    fd_vec_push(&stack, from);
    while (stack.count) {
        int i = stack.items[--stack.count], kids[3];

        if (needed[i])
            continue;
        needed[i] = 1;
        if (is_ready(node(set, i)))
            continue;
        operands(node(set, i), kids);
        for (int k = 0; k < 3; k++)
            if (kids[k] >= 0)
                fd_vec_push(&stack, kids[k]);
    }
    fd_vec_dispose(&stack);
}

static bool needs_register(const fd_node *n)
{
    return n->op != FD_N_LEAF && !n->root;
}

static void make_plan(plan *p, fd_policy_set *set)
{
    uint8_t *needed = fd_alloc(set->nodes.count + 1);
    fd_vec(int) released = { 0 };

    *p = (plan){ .set = set, .kernels = fd_policy__kernels() };
    for (size_t i = 0; i < set->nodes.count; i++)
        if (node(set, (int)i)->root && !node(set, (int)i)->done)
            reach(set, (int)i, needed);
    p->order = fd_alloc((set->nodes.count + 1) * sizeof *p->order);
    for (size_t i = 0; i < set->nodes.count; i++) {
        node(set, (int)i)->uses = 0;
        if (needed[i])
            p->order[p->count++] = (int)i;
    }
    for (size_t k = 0; k < p->count; k++) {
        int kids[3];

        if (is_ready(node(set, p->order[k])))
            continue;
        operands(node(set, p->order[k]), kids);
        for (int j = 0; j < 3; j++)
            if (kids[j] >= 0)
                node(set, kids[j])->uses++;
    }
    for (size_t k = 0; k < p->count; k++) {
        fd_node *n = node(set, p->order[k]);
        int kids[3];

        if (is_ready(n))
            continue;
        if (needs_register(n)) {
            if (released.count)
                n->reg = released.items[--released.count];
            else
                n->reg = p->regs++;
        }
        operands(n, kids);
        for (int j = 0; j < 3; j++)
            if (kids[j] >= 0 && --node(set, kids[j])->uses == 0 &&
                needs_register(node(set, kids[j])))
                fd_vec_push(&released, node(set, kids[j])->reg);
    }
    fd_vec_dispose(&released);
    free(needed);
}

/* ---- values ---- */

static fd_i128 at(const view *v, size_t i)
{
    assert(v);
    return v->v ? v->v[i] : v->w[i];
}

static void load_leaf(machine *m, const fd_node *n, view *out)
{
    const fd_leaf *leaf = m->p->set->leaves.items[n->a];

    *out = (view){ .v = leaf->v + m->start,
                   .known = leaf->known + m->start / 64,
                   .na = leaf->na ? leaf->na + m->start / 64 : NULL,
                   .all_known = leaf->all_known };
}

/* known: both are. 不适用: some is and none is unknown. */
static void merge_states(machine *m, reg *r, view *out, const view *const *in, size_t count)
{
    assert(r && out);
    out->all_known = true;
    out->known = r->a;
    out->na = NULL;
    for (size_t k = 0; k < count; k++) {
        out->all_known = out->all_known && in[k]->all_known;
        if (in[k]->na)
            out->na = r->b;
    }
    for (size_t w = 0; w < m->words; w++) {
        uint64_t known = ~(uint64_t)0, any = 0, settled = ~(uint64_t)0;

        for (size_t k = 0; k < count; k++) {
            uint64_t na = in[k]->na ? in[k]->na[w] : 0;

            known &= in[k]->known[w];
            any |= na;
            settled &= in[k]->known[w] | na;
        }
        r->a[w] = known;
        r->b[w] = any & settled;
    }
}

static void run_const(machine *m, const fd_node *n, reg *r, view *out)
{
    bool has = n->constant_state == FD_HAS;

    assert(r);
    *out =
        (view){ .known = r->a, .all_known = has, .na = n->constant_state == FD_NA ? r->b : NULL };
    for (size_t w = 0; w < m->words; w++) {
        r->a[w] = has ? ~(uint64_t)0 : 0;
        r->b[w] = ~(uint64_t)0;
    }
    if (n->wide) {
        for (size_t i = 0; i < m->n; i++)
            r->values[i] = n->constant;
        out->w = r->values;
    } else {
        int64_t *v = (int64_t *)(void *)r->values;

        for (size_t i = 0; i < m->n; i++)
            v[i] = (int64_t)n->constant;
        out->v = v;
    }
}

static fd_i128 rounded_at(const fd_node *n, fd_i128 num, fd_i128 den, bool *zero)
{
    fd_i128 a = num * n->ka, b = den * n->kb, q, r;
    bool up;

    *zero = b == 0;
    if (b == 0)
        return 0;
    if (b < 0) {
        a = -a;
        b = -b;
    }
    q = a / b;
    r = a % b < 0 ? -(a % b) : a % b;
    switch (n->rounding) {
    case FD_ROUND_HALF_UP:
        up = r >= b - r;
        break;
    case FD_ROUND_HALF_EVEN:
        up = r > b - r || (r == b - r && q % 2 != 0);
        break;
    case FD_ROUND_UP:
        up = r != 0;
        break;
    default:
        up = false;
        break;
    }
    return up ? q + (a < 0 ? -1 : 1) : q;
}

static void run_rounding(machine *m, const fd_node *n, reg *r, view *out, const view *a,
                         const view *b)
{
    const view *in[2] = { a, b };

    assert(r && out && a);
    merge_states(m, r, out, in, b ? 2 : 1);
    for (size_t i = 0; i < m->n; i++) {
        bool zero;

        r->values[i] = rounded_at(n, at(a, i), b ? at(b, i) : 1, &zero);
        if (zero && fd_bits_get(r->a, i)) {
            fd_bits_unset(r->a, i);
            if (!out->na)
                memset(r->b, 0, m->words * sizeof *r->b);
            out->na = r->b;
            out->all_known = false;
            fd_bits_set(r->b, i);
        }
    }
    out->w = r->values;
}

static void run_select(machine *m, const fd_node *n, reg *r, view *out, const view *a,
                       const view *b, const view *c)
{
    bool any_na;

    assert(r && a && b && c);
    any_na = a->na || b->na;
    *out = (view){ .known = r->a, .na = any_na ? r->b : NULL };
    for (size_t w = 0; w < m->words; w++) {
        uint64_t t = c->t[w], f = ~(c->t[w] | c->u[w]);

        r->a[w] = (t & a->known[w]) | (f & b->known[w]);
        r->b[w] = (t & (a->na ? a->na[w] : 0)) | (f & (b->na ? b->na[w] : 0));
    }
    for (size_t i = 0; i < m->n; i++) {
        fd_i128 x = fd_bits_get(c->t, i) ? at(a, i) : at(b, i);

        if (n->wide)
            r->values[i] = x;
        else
            ((int64_t *)(void *)r->values)[i] = (int64_t)x;
    }
    out->v = n->wide ? NULL : (const int64_t *)(const void *)r->values;
    out->w = n->wide ? r->values : NULL;
}

static fd_i128 combine_at(const fd_node *n, fd_i128 x, fd_i128 y)
{
    switch (n->op) {
    case FD_N_ADD:
        return x * n->ka + y * n->kb;
    case FD_N_MUL:
        return x * y;
    case FD_N_ABS:
        return x < 0 ? -x : x;
    case FD_N_MAX:
        return x > y ? x : y;
    default:
        return x < y ? x : y;
    }
}

static void run_value(machine *m, const fd_node *n, reg *r, view *out, const view *a, const view *b)
{
    const view *in[2] = { a, b };

    assert(r && out && a);
    merge_states(m, r, out, in, b ? 2 : 1);
    if (!n->wide && n->op == FD_N_ADD && a->v && (!b || b->v)) {
        int64_t *v = (int64_t *)(void *)r->values;

        m->p->kernels->linear(v, a->v, n->ka, b ? b->v : NULL, n->kb, m->n);
        out->v = v;
        return;
    }
    for (size_t i = 0; i < m->n; i++) {
        fd_i128 x = combine_at(n, at(a, i), b ? at(b, i) : 0);

        if (n->wide)
            r->values[i] = x;
        else
            ((int64_t *)(void *)r->values)[i] = (int64_t)x;
    }
    out->v = n->wide ? NULL : (const int64_t *)(const void *)r->values;
    out->w = n->wide ? r->values : NULL;
}

/* ---- truths ---- */

static fd_expr_kind turned(fd_expr_kind relation)
{
    return relation == FD_EXPR_LT   ? FD_EXPR_GT
           : relation == FD_EXPR_LE ? FD_EXPR_GE
           : relation == FD_EXPR_GT ? FD_EXPR_LT
           : relation == FD_EXPR_GE ? FD_EXPR_LE
                                    : relation;
}

static bool holds(fd_expr_kind relation, fd_i128 x, fd_i128 y)
{
    switch (relation) {
    case FD_EXPR_EQ:
        return x == y;
    case FD_EXPR_NE:
        return x != y;
    case FD_EXPR_LT:
        return x < y;
    case FD_EXPR_LE:
        return x <= y;
    case FD_EXPR_GT:
        return x > y;
    default:
        return x >= y;
    }
}

static size_t band_of(const fd_node *n, fd_i128 s)
{
    size_t j = 0;

    while (j < n->count && s > n->edges[j])
        j++;
    return j;
}

/* One row of a comparison in 128 bits; `table` true: the factor of the band. */
static bool holds_at(const fd_node *n, const view *a, const view *b, const view *c, const view *s,
                     size_t i, size_t band)
{
    fd_i128 left = at(a, i) * n->ka;
    fd_i128 right = (b ? at(b, i) : 1) * (s ? n->table_b[band] : n->kb);
    bool negative = c && at(c, i) < 0;

    return holds(negative ? turned(n->relation) : n->relation, left, right);
}

/* Rows whose band is unknown: decided all the same when every band says so. */
static void settle_bands(machine *m, const fd_node *n, const view *a, const view *b, const view *s,
                         uint64_t *t, uint64_t *u)
{
    for (size_t w = 0; w < m->words; w++) {
        uint64_t open =
            ~s->known[w] & a->known[w] & (b ? b->known[w] : ~(uint64_t)0) & ~(s->na ? s->na[w] : 0);

        while (open) {
            size_t i = w * 64 + (size_t)__builtin_ctzll(open), yes = 0;
            uint64_t bit = open & (0 - open);

            open &= open - 1;
            if (i >= m->n || (b && at(b, i) == 0))
                continue;
            for (size_t j = 0; j <= n->count; j++)
                yes += holds_at(n, a, b, b, s, i, j);
            if (yes == 0 || yes == n->count + 1)
                u[w] &= ~bit;
            if (yes == n->count + 1)
                t[w] |= bit;
        }
    }
}

/* True bits of the whole block, states left aside. */
static void compare_bits(machine *m, const fd_node *n, const view *a, const view *b, const view *c,
                         const view *s, uint64_t *t)
{
    const fd_policy_kernels *k = m->p->kernels;
    size_t full = m->n / 64;
    bool narrow = !n->wide && a->v && (!b || b->v) && (!c || c->v) && (!s || s->v);
    unsigned signs = c && narrow ? k->signs(c->v, m->n) : 0;

    if (!narrow || (signs & 1)) {
        full = 0;
    } else if (s) {
        k->bands(t, a->v, n->ka, b ? b->v : NULL, s->v, n->edges, n->table_b, n->count, n->relation,
                 full);
    } else {
        k->compare(t, a->v, n->ka, b ? b->v : NULL, n->kb, n->relation, full);
    }
    for (size_t w = full; w < m->words; w++)
        t[w] = 0;
    for (size_t i = full * 64; i < m->n; i++)
        if (holds_at(n, a, b, c, s, i, s ? band_of(n, at(s, i)) : 0))
            fd_bits_set(t, i);
}

static void run_compare(machine *m, const fd_node *n, const view *a, const view *b, const view *c,
                        const view *s, uint64_t *t, uint64_t *u)
{
    const view *in[4] = { a, b, c == b ? NULL : c, s };
    bool zeros = c && (!c->v || (m->p->kernels->signs(c->v, m->n) & 2));
    bool simple = !zeros;

    for (int k = 0; k < 4; k++)
        simple = simple && (!in[k] || (in[k]->all_known));
    compare_bits(m, n, a, b, c, s, t);
    if (simple) {
        memset(u, 0, m->words * sizeof *u);
        return;
    }
    for (size_t w = 0; w < m->words; w++) {
        uint64_t known = ~(uint64_t)0, any = 0, settled = ~(uint64_t)0, na;

        for (int k = 0; k < 4; k++) {
            uint64_t x;

            if (!in[k])
                continue;
            x = in[k]->na ? in[k]->na[w] : 0;
            known &= in[k]->known[w];
            any |= x;
            settled &= in[k]->known[w] | x;
        }
        na = any & settled;
        if (zeros)
            for (size_t i = 0; i < 64 && w * 64 + i < m->n; i++)
                if ((known >> i & 1) && at(c, w * 64 + i) == 0) {
                    known &= ~((uint64_t)1 << i);
                    na |= (uint64_t)1 << i;
                }
        t[w] &= known;
        u[w] = ~known & ~na;
        if (n->na == FD_NA_UNKNOWN)
            u[w] |= na;
        else if (n->na != FD_NA_FAILS)
            t[w] |= na;
    }
    if (s)
        settle_bands(m, n, a, b, s, t, u);
}

static void run_lookup(machine *m, const fd_node *n, uint64_t *t, uint64_t *u)
{
    const fd_leaf *leaf = m->p->set->leaves.items[n->a];
    const uint32_t *text = leaf->text + m->start;
    size_t full = m->n / 64;

    m->p->kernels->lookup(t, u, text, n->table, full);
    for (size_t w = full; w < m->words; w++)
        t[w] = u[w] = 0;
    for (size_t i = full * 64; i < m->n; i++) {
        fd_bits_assign(t, i, n->table[text[i]] == FD_TRUE);
        fd_bits_assign(u, i, n->table[text[i]] == FD_UNKNOWN);
    }
    for (size_t w = 0; w < m->words; w++) {
        uint64_t known = leaf->known[m->start / 64 + w];
        uint64_t na = leaf->na ? leaf->na[m->start / 64 + w] & ~known : 0;

        t[w] &= known;
        u[w] = (u[w] & known) | (~known & ~na);
        if (n->na == FD_NA_UNKNOWN)
            u[w] |= na;
        else if (n->na != FD_NA_FAILS)
            t[w] |= na;
    }
}

static void run_logic(machine *m, const fd_node *n, const view *a, const view *b, uint64_t *t,
                      uint64_t *u)
{
    for (size_t w = 0; w < m->words; w++) {
        uint64_t x = a->t[w], xu = a->u[w], y = b ? b->t[w] : 0, yu = b ? b->u[w] : 0;
        uint64_t xf = ~(x | xu), yf = ~(y | yu);

        if (n->op == FD_T_NOT) {
            t[w] = xf;
            u[w] = xu;
        } else if (n->op == FD_T_AND) {
            t[w] = x & y;
            u[w] = ~(x & y) & ~(xf | yf);
        } else {
            t[w] = x | y;
            u[w] = ~(x | y) & ~(xf & yf);
        }
    }
}

static void run_node(machine *m, int index)
{
    fd_policy_set *set = m->p->set;
    fd_node *n = node(set, index);
    view *out = &m->views[index];
    const view *a = n->op == FD_N_LEAF || n->op == FD_T_LOOKUP || n->a < 0 ? NULL : &m->views[n->a];
    const view *b = n->b < 0 ? NULL : &m->views[n->b], *c = n->c < 0 ? NULL : &m->views[n->c];
    reg *r = needs_register(n) && !is_ready(n) ? &m->regs[n->reg] : NULL;
    uint64_t *t = r ? r->a : n->root ? n->t + m->start / 64 : NULL;
    uint64_t *u = r ? r->b : n->root ? n->u + m->start / 64 : NULL;

    if (n->is_truth)
        *out = (view){ .t = t, .u = u };
    if (is_ready(n))
        return;
    assert(r || n->op == FD_N_LEAF || n->is_truth);
    assert(!n->is_truth || (t && u));
    switch (n->op) {
    case FD_N_LEAF:
        load_leaf(m, n, out);
        break;
    case FD_N_CONST:
        run_const(m, n, r, out);
        break;
    case FD_N_ROUND:
        run_rounding(m, n, r, out, a, b);
        break;
    case FD_N_SELECT:
        run_select(m, n, r, out, a, b, c);
        break;
    case FD_T_CONST:
        for (size_t w = 0; w < m->words; w++) {
            t[w] = n->constant == FD_TRUE ? ~(uint64_t)0 : 0;
            u[w] = n->constant == FD_UNKNOWN ? ~(uint64_t)0 : 0;
        }
        break;
    case FD_T_COMPARE:
        run_compare(m, n, a, b, c, NULL, t, u);
        break;
    case FD_T_BANDS:
        run_compare(m, n, a, b, b, c, t, u);
        break;
    case FD_T_LOOKUP:
        run_lookup(m, n, t, u);
        break;
    case FD_T_AND:
    case FD_T_OR:
    case FD_T_NOT:
        run_logic(m, n, a, b, t, u);
        break;
    default:
        *out = (view){ 0 };
        run_value(m, n, r, out, a, b);
        break;
    }
}

/* ---- blocks ---- */

static int run_chunk(void *payload, size_t chunk)
{
    const plan *p = payload;
    size_t rows = p->set->frame->n, from = chunk * FD_POLICY_CHUNK;
    size_t to = from + FD_POLICY_CHUNK < rows ? from + FD_POLICY_CHUNK : rows;
    machine m = { .p = p };

    m.regs = fd_alloc(((size_t)p->regs + 1) * sizeof *m.regs);
    m.views = fd_alloc((p->set->nodes.count + 1) * sizeof *m.views);
    for (int i = 0; i < p->regs; i++) {
        m.regs[i].values = fd_alloc(FD_POLICY_BLOCK * sizeof *m.regs[i].values);
        m.regs[i].a = fd_alloc(FD_POLICY_WORDS * sizeof *m.regs[i].a);
        m.regs[i].b = fd_alloc(FD_POLICY_WORDS * sizeof *m.regs[i].b);
    }
    for (m.start = from; m.start < to; m.start += FD_POLICY_BLOCK) {
        m.n = to - m.start < FD_POLICY_BLOCK ? to - m.start : FD_POLICY_BLOCK;
        m.words = FD_BITS_WORDS(m.n);
        for (size_t k = 0; k < p->count; k++)
            run_node(&m, p->order[k]);
    }
    for (int i = 0; i < p->regs; i++) {
        free(m.regs[i].values);
        free(m.regs[i].a);
        free(m.regs[i].b);
    }
    free(m.regs);
    free(m.views);
    return 0;
}

/* Bits past the last row are cleared in what is kept. */
static void trim(const fd_policy_set *set, uint64_t *bits)
{
    if (set->frame->n % 64)
        bits[set->words - 1] &= ((uint64_t)1 << (set->frame->n % 64)) - 1;
}

static void sum_up(fd_policy_set *set, fd_slot *slot)
{
    uint64_t *fails = slot->pub.fails, *open = slot->pub.unknown;

    memset(fails, 0, set->words * sizeof *fails);
    memset(open, 0, set->words * sizeof *open);
    for (size_t i = 0; i < slot->pub.part_count; i++) {
        const fd_node *n = slot->roots[i] < 0 ? NULL : node(set, slot->roots[i]);

        if (!n || slot->pub.policy->parts[i].kind == FD_PART_DIRECT)
            continue;
        for (size_t w = 0; w < set->words; w++) {
            fails[w] |= ~(n->t[w] | n->u[w]);
            open[w] |= n->u[w];
        }
    }
    for (size_t w = 0; w < set->words; w++)
        open[w] &= ~fails[w];
    if (set->words) {
        trim(set, fails);
        trim(set, open);
    }
}

int fd_policy__run(fd_policy_set *set)
{
    plan p;
    size_t chunks = (set->frame->n + FD_POLICY_CHUNK - 1) / FD_POLICY_CHUNK;
    int err = 0;

    make_plan(&p, set);
    for (size_t k = 0; k < p.count; k++) {
        fd_node *n = node(set, p.order[k]);

        if (n->root && !n->t) {
            n->t = fd_alloc((set->words + 1) * sizeof *n->t);
            n->u = fd_alloc((set->words + 1) * sizeof *n->u);
        }
    }
    if (chunks && p.count)
        err = fd_pool_run(set->pool, chunks, run_chunk, &p);
    for (size_t k = 0; k < p.count; k++) {
        fd_node *n = node(set, p.order[k]);

        if (n->root && err >= 0 && !n->done) {
            if (set->words) {
                trim(set, n->t);
                trim(set, n->u);
            }
            n->done = true;
        }
    }
    free(p.order);
    for (size_t s = 0; s < set->slots.count && err >= 0; s++)
        sum_up(set, set->slots.items[s]);
    return err;
}
