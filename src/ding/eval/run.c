/*
 * Running a row program over one block: the machine, columns and constants, truths.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ding/eval/machine.h"

fd_row_machine *fd_row_machine_new(int slots)
{
    fd_row_machine *m = fd_alloc(sizeof *m);

    m->count = slots;
    m->slots = fd_alloc((size_t)slots * sizeof *m->slots);
    return m;
}

void fd_row_machine_free(fd_row_machine *m)
{
    if (!m)
        return;
    for (int i = 0; i < m->count; i++)
        if (m->slots[i]) {
            free(m->slots[i]->w);
            free(m->slots[i]);
        }
    free(m->slots);
    free(m);
}

/* ---- operands ---- */

static void run_column(fd_row_block *out, const step *s, const fd_row_node *n)
{
    const fd_eval_column *c = n->column;
    size_t word = s->start / 64;

    *out = (fd_row_block){ .form = FD_ROW_I64,
                           .v = c->column->v.dec + s->start,
                           .bound = c->block_max[s->start / FD_BLOCK_ROWS] };
    if (!c->all_has && !all_set(s, c->column->has + word))
        out->has = c->column->has + word;
    if (c->any_doubt && !none_set(s, c->column->doubt + word))
        out->doubt = c->column->doubt + word;
    if (c->any_na && !none_set(s, c->column->na + word))
        out->na = c->column->na + word;
}

static void run_constant(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    slot *r = slot_at(s, at);
    bool has = n->constant_state == FD_HAS || n->constant_state == FD_DOUBT;
    fd_i128 value = has ? n->constant : 0;

    *out = (fd_row_block){ .bound = size_of(value) };
    if (out->bound <= SMALL) {
        out->form = FD_ROW_I64;
        out->v = r->v;
        for (size_t i = 0; i < s->n; i++)
            r->v[i] = (int64_t)value;
    } else {
        out->form = FD_ROW_I128;
        out->w = wide(r);
        for (size_t i = 0; i < s->n; i++)
            r->w[i] = value;
    }
    for (size_t w = 0; w < s->words; w++) {
        r->has[w] = has ? full_word(s, w) : 0;
        r->doubt[w] = n->constant_state == FD_DOUBT ? full_word(s, w) : 0;
        r->na[w] = n->constant_state == FD_NA ? full_word(s, w) : 0;
    }
    settle(s, r, out);
}

int fd_run__two(fd_row_block *a, fd_row_block *b, const step *s, const fd_row_node *n, int at)
{
    int err = fd_run__node(a, s, n->a, at);

    *b = (fd_row_block){ .form = FD_ROW_I64 };
    if (err >= 0 && n->b)
        err = fd_run__node(b, s, n->b, at + 1);
    return err;
}
/* ---- truths ---- */

static void relate(const step *s, slot *r, fd_expr_kind relation, const uint64_t *lt,
                   const uint64_t *eq)
{
    for (size_t w = 0; w < s->words; w++) {
        uint64_t t = relation == FD_EXPR_LT   ? lt[w]
                     : relation == FD_EXPR_LE ? lt[w] | eq[w]
                     : relation == FD_EXPR_GT ? ~(lt[w] | eq[w])
                     : relation == FD_EXPR_GE ? ~lt[w]
                     : relation == FD_EXPR_EQ ? eq[w]
                                              : ~eq[w];

        r->t[w] = t & full_word(s, w) & ~r->u[w];
    }
}

/* Unknown where an operand has no number or a disputed one. */
static void unknown_of(const step *s, slot *r, const fd_row_block *a, const fd_row_block *b,
                       const fd_row_block *c)
{
    for (size_t w = 0; w < s->words; w++) {
        bits x = bits_of(s, a, w), y = bits_of(s, b, w);
        uint64_t known = x.has & ~x.doubt & y.has & ~y.doubt;

        if (c) {
            bits z = bits_of(s, c, w);

            known &= z.has & ~z.doubt;
        }
        r->u[w] = full_word(s, w) & ~known;
    }
}

static int run_compare(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b, c = { 0 };
    slot *r = slot_at(s, at);
    uint64_t lt[FD_BLOCK_WORDS] = { 0 }, eq[FD_BLOCK_WORDS] = { 0 };
    int err;

    if ((err = fd_run__two(&a, &b, s, n, at)) < 0 ||
        (n->c && (err = fd_run__node(&c, s, n->c, at + 2)) < 0))
        return err;
    unknown_of(s, r, &a, &b, n->c ? &c : NULL);
    if (times(a.bound, (fd_u128)n->ka) <= SMALL && times(b.bound, (fd_u128)n->kb) <= SMALL &&
        a.form == FD_ROW_I64 && b.form == FD_ROW_I64) {
        fd_kernel__compare(lt, eq, a.v, n->ka, b.v, n->kb, s->n);
    } else {
        for (size_t i = 0; i < s->n; i++) {
            fd_i128 x = fd_row__at(&a, i), y = fd_row__at(&b, i);

            if (fd_i128_mul_overflow(x, n->ka, &x) || fd_i128_mul_overflow(y, n->kb, &y))
                return overflow();
            if (x < y)
                fd_bits_set(lt, i);
            else if (x == y)
                fd_bits_set(eq, i);
        }
    }
    for (size_t i = 0; n->c && i < s->n; i++) {
        fd_i128 sign = fd_row__at(&c, i);

        if (sign == 0)
            fd_bits_set(r->u, i); /* a quotient with divisor 0 is 不适用: nothing to compare */
        else if (sign < 0 && !fd_bits_get(eq, i))
            fd_bits_assign(lt, i, !fd_bits_get(lt, i));
    }
    relate(s, r, n->relation, lt, eq);
    *out = (fd_row_block){ .form = FD_ROW_TRUTH, .t = r->t, .u = r->u };
    return 0;
}

static int run_real_compare(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b;
    slot *r = slot_at(s, at);
    uint64_t lt[FD_BLOCK_WORDS] = { 0 }, eq[FD_BLOCK_WORDS] = { 0 };
    int err = fd_run__two(&a, &b, s, n, at);

    if (err < 0)
        return err;
    unknown_of(s, r, &a, &b, NULL);
    assert(a.d && b.d);
    for (size_t i = 0; i < s->n; i++) {
        if (a.d[i] < b.d[i])
            fd_bits_set(lt, i);
        else if (!(a.d[i] > b.d[i]))
            fd_bits_set(eq, i);
    }
    relate(s, r, n->relation, lt, eq);
    *out = (fd_row_block){ .form = FD_ROW_TRUTH, .t = r->t, .u = r->u };
    return 0;
}

static void run_lookup(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    slot *r = slot_at(s, at);
    const fd_column *c = n->column->column;

    memset(r->t, 0, s->words * sizeof *r->t);
    memset(r->u, 0, s->words * sizeof *r->u);
    for (size_t i = 0; i < s->n; i++) {
        size_t row = s->start + i;
        bool has = fd_bits_get(c->has, row), doubted = c->doubt && fd_bits_get(c->doubt, row);
        uint8_t truth = doubted ? n->doubted : has ? n->truth[c->v.text[row]] : n->without;

        r->t[i >> 6] |= (uint64_t)(truth == FD_TRUE) << (i & 63);
        r->u[i >> 6] |= (uint64_t)(truth == FD_UNKNOWN) << (i & 63);
    }
    *out = (fd_row_block){ .form = FD_ROW_TRUTH, .t = r->t, .u = r->u };
}

static int run_logic(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b;
    slot *r = slot_at(s, at);
    int err = fd_run__two(&a, &b, s, n, at);

    if (err < 0)
        return err;
    assert(a.t && a.u && (n->op == FD_ROW_NOT || (b.t && b.u)));
    for (size_t w = 0; w < s->words; w++) {
        uint64_t full = full_word(s, w), at_ = a.t[w], af = full & ~a.t[w] & ~a.u[w], t, f;

        if (n->op == FD_ROW_NOT) {
            t = af;
            f = at_;
        } else {
            uint64_t bt = b.t[w], bf = full & ~b.t[w] & ~b.u[w];

            t = n->op == FD_ROW_AND ? at_ & bt : at_ | bt;
            f = n->op == FD_ROW_AND ? af | bf : af & bf;
        }
        r->t[w] = t;
        r->u[w] = full & ~t & ~f;
    }
    *out = (fd_row_block){ .form = FD_ROW_TRUTH, .t = r->t, .u = r->u };
    return 0;
}

int fd_run__node(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    switch (n->op) {
    case FD_ROW_COLUMN:
        run_column(out, s, n);
        return 0;
    case FD_ROW_CONST:
        run_constant(out, s, n, at);
        return 0;
    case FD_ROW_ADD:
        return fd_run__add(out, s, n, at);
    case FD_ROW_MUL:
        return fd_run__mul(out, s, n, at);
    case FD_ROW_ABS:
    case FD_ROW_MAX:
    case FD_ROW_MIN:
        return fd_run__pick(out, s, n, at);
    case FD_ROW_SELECT:
        return fd_run__select(out, s, n, at);
    case FD_ROW_ROUND:
        return fd_run__round(out, s, n, at);
    case FD_ROW_GUARD:
        return fd_run__guard(out, s, n, at);
    case FD_ROW_REAL:
    case FD_ROW_REAL_ADD:
    case FD_ROW_REAL_MUL:
    case FD_ROW_REAL_DIV:
    case FD_ROW_REAL_SQRT:
    case FD_ROW_REAL_ABS:
    case FD_ROW_REAL_MAX:
    case FD_ROW_REAL_MIN:
    case FD_ROW_REAL_NEG:
        return fd_run__real(out, s, n, at);
    case FD_ROW_REAL_ROUND:
        return fd_run__real_round(out, s, n, at);
    case FD_ROW_COMPARE:
        return run_compare(out, s, n, at);
    case FD_ROW_REAL_COMPARE:
        return run_real_compare(out, s, n, at);
    case FD_ROW_LOOKUP:
        run_lookup(out, s, n, at);
        return 0;
    case FD_ROW_AND:
    case FD_ROW_OR:
    case FD_ROW_NOT:
        return run_logic(out, s, n, at);
    case FD_ROW_ALWAYS: {
        slot *r = slot_at(s, at);

        for (size_t w = 0; w < s->words; w++) {
            r->t[w] = full_word(s, w);
            r->u[w] = 0;
        }
        *out = (fd_row_block){ .form = FD_ROW_TRUTH, .t = r->t, .u = r->u };
        return 0;
    }
    }
    return fd_error_set(FD_ERROR, "求值器内部错误", "the evaluator met an unknown operation");
}

int fd_row__run(fd_row_block *out, fd_row_machine *m, const fd_row_node *node, size_t start,
                size_t count)
{
    step s = { m, start, count, FD_BITS_WORDS(count), 0 };

    s.tail = count % 64 ? (UINT64_C(1) << (count % 64)) - 1 : ~UINT64_C(0);
    return fd_run__node(out, &s, node, 0);
}
