/*
 * Running a row program over one block.
 *
 * A node leaves its result in the register of its depth, or points into the column itself.  64 bits
 * are used where the bounds of the operands prove that nothing overflows; else 128 bits, unchecked
 * where the bounds prove that, else checked row by row.  A row without a value is made 0.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ding/eval/internal.h"
#include "ding/program.h"

typedef struct slot {
    int64_t v[FD_BLOCK_ROWS];
    double d[FD_BLOCK_ROWS];
    fd_i128 *w; /* when first needed */
    uint64_t has[FD_BLOCK_WORDS], doubt[FD_BLOCK_WORDS], na[FD_BLOCK_WORDS];
    uint64_t t[FD_BLOCK_WORDS], u[FD_BLOCK_WORDS];
} slot;

struct fd_row_machine {
    int count;
    slot **slots;
};

/* One step: rows start .. start+n-1. */
typedef struct step {
    fd_row_machine *m;
    size_t start, n, words;
    uint64_t tail; /* mask of the last word */
} step;

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

static slot *slot_at(const step *s, int at)
{
    if (!s->m->slots[at])
        s->m->slots[at] = fd_alloc(sizeof(slot));
    return s->m->slots[at];
}

static fd_i128 *wide(slot *r)
{
    if (!r->w)
        r->w = fd_alloc(FD_BLOCK_ROWS * sizeof *r->w);
    return r->w;
}

static uint64_t full_word(const step *s, size_t w)
{
    return w + 1 == s->words ? s->tail : ~UINT64_C(0);
}

/* ---- states ---- */

static bool all_set(const step *s, const uint64_t *bits)
{
    for (size_t w = 0; w < s->words; w++)
        if (bits[w] != full_word(s, w))
            return false;
    return true;
}

static bool none_set(const step *s, const uint64_t *bits)
{
    for (size_t w = 0; w < s->words; w++)
        if (bits[w])
            return false;
    return true;
}

/* Point the block at the register's bitmaps, leaving out those that say nothing. */
static void settle(const step *s, slot *r, fd_row_block *out)
{
    out->has = all_set(s, r->has) ? NULL : r->has;
    out->doubt = none_set(s, r->doubt) ? NULL : r->doubt;
    out->na = none_set(s, r->na) ? NULL : r->na;
}

typedef struct bits {
    uint64_t has, doubt, na, missing;
} bits;

static bits bits_of(const step *s, const fd_row_block *b, size_t w)
{
    uint64_t full = full_word(s, w);
    bits x;

    x.has = b->has ? b->has[w] : full;
    x.doubt = b->doubt ? b->doubt[w] & x.has : 0;
    x.na = b->na ? b->na[w] & ~x.has : 0;
    x.missing = full & ~x.has & ~x.na;
    return x;
}

/*
 * The strongest state wins: 缺报 > 待核 > 不适用.  A doubtful number that meets 不适用 has no
 * number left to carry, so the result is 缺报: 待核 always carries one.
 */
static bits combine(bits a, bits b)
{
    bits x;
    uint64_t doubt = a.doubt | b.doubt;

    x.has = a.has & b.has;
    x.doubt = doubt & x.has;
    x.na = (a.na | b.na) & ~a.missing & ~b.missing & ~doubt;
    x.missing = 0;
    return x;
}

static void combine_states(const step *s, slot *r, const fd_row_block *a, const fd_row_block *b,
                           fd_row_block *out)
{
    bool a_plain = !a->has && !a->doubt && !a->na, b_plain = !b->has && !b->doubt && !b->na;

    if (a_plain && b_plain) {
        out->has = out->doubt = out->na = NULL;
        return;
    }
    for (size_t w = 0; w < s->words; w++) {
        bits x = combine(bits_of(s, a, w), bits_of(s, b, w));

        r->has[w] = x.has;
        r->doubt[w] = x.doubt;
        r->na[w] = x.na;
    }
    settle(s, r, out);
}

static void copy_states(const step *s, slot *r, const fd_row_block *a)
{
    for (size_t w = 0; w < s->words; w++) {
        bits x = bits_of(s, a, w);

        r->has[w] = x.has;
        r->doubt[w] = x.doubt;
        r->na[w] = x.na;
    }
}

/* Rows without a value hold 0. */
static void clear_missing(const step *s, slot *r, fd_row_block *out)
{
    if (!out->has)
        return;
    for (size_t w = 0; w < s->words; w++) {
        uint64_t missing = full_word(s, w) & ~out->has[w];

        while (missing) {
            size_t i = w * 64 + (size_t)__builtin_ctzll(missing);

            missing &= missing - 1;
            if (out->form == FD_ROW_I64)
                r->v[i] = 0;
            else if (out->form == FD_ROW_I128)
                r->w[i] = 0;
            else
                r->d[i] = 0;
        }
    }
}

static bool doubt_at(const fd_row_block *b, size_t i)
{
    return b->doubt && fd_bits_get(b->doubt, i);
}

/* ---- bounds ---- */

#define NO_BOUND (~(fd_u128)0)
#define SMALL    ((fd_u128)INT64_MAX)
#define LARGE    ((fd_u128)1 << 126)
#define ROUNDED  (((fd_u128)1 << FD_BITS_ROUNDED) - 1) /* what the checker counts on */

static fd_u128 times(fd_u128 a, fd_u128 b)
{
    fd_u128 r;

    return __builtin_mul_overflow(a, b, &r) ? NO_BOUND : r;
}

static fd_u128 plus(fd_u128 a, fd_u128 b)
{
    fd_u128 r;

    return __builtin_add_overflow(a, b, &r) ? NO_BOUND : r;
}

static fd_u128 size_of(fd_i128 v)
{
    return v < 0 ? (fd_u128)0 - (fd_u128)v : (fd_u128)v;
}

static int overflow(void)
{
    return fd_error_set(FD_EOVERFLOW, "逐户计算超出 128 位", "a row needs more than 128 bits");
}

/* ---- operations ---- */

static int run(fd_row_block *out, const step *s, const fd_row_node *n, int at);

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

static int run_two(fd_row_block *a, fd_row_block *b, const step *s, const fd_row_node *n, int at)
{
    int err = run(a, s, n->a, at);

    if (err >= 0 && n->b)
        err = run(b, s, n->b, at + 1);
    return err;
}

static int run_add(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b = { 0 };
    slot *r = slot_at(s, at);
    int err = run_two(&a, &b, s, n, at);

    if (err < 0)
        return err;
    *out = (fd_row_block){ .bound = times(a.bound, size_of(n->ka)) };
    if (n->b) {
        out->bound = plus(out->bound, times(b.bound, size_of(n->kb)));
        combine_states(s, r, &a, &b, out);
    } else {
        copy_states(s, r, &a);
        settle(s, r, out);
    }
    if (out->bound <= SMALL && a.form == FD_ROW_I64 && (!n->b || b.form == FD_ROW_I64)) {
        out->form = FD_ROW_I64;
        out->v = r->v;
        if (!n->b)
            for (size_t i = 0; i < s->n; i++)
                r->v[i] = a.v[i] * n->ka;
        else if (n->ka == 1 && n->kb == 1)
            fd_kernel__add(r->v, a.v, b.v, s->n);
        else
            fd_kernel__add_scaled(r->v, a.v, n->ka, b.v, n->kb, s->n);
    } else {
        bool safe = out->bound < LARGE;

        out->form = FD_ROW_I128;
        out->w = wide(r);
        for (size_t i = 0; i < s->n; i++) {
            fd_i128 x = fd_row__at(&a, i), y = n->b ? fd_row__at(&b, i) : 0;

            if (safe)
                r->w[i] = x * n->ka + y * n->kb;
            else if (fd_i128_mul_overflow(x, n->ka, &x) || fd_i128_mul_overflow(y, n->kb, &y) ||
                     fd_i128_add_overflow(x, y, &r->w[i]))
                return overflow();
        }
    }
    clear_missing(s, r, out);
    return 0;
}

static int run_mul(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b;
    slot *r = slot_at(s, at);
    int err = run_two(&a, &b, s, n, at);

    if (err < 0)
        return err;
    *out = (fd_row_block){ .bound = times(a.bound, b.bound) };
    combine_states(s, r, &a, &b, out);
    if (out->bound <= SMALL && a.form == FD_ROW_I64 && b.form == FD_ROW_I64) {
        out->form = FD_ROW_I64;
        out->v = r->v;
        fd_kernel__mul(r->v, a.v, b.v, s->n);
    } else {
        bool safe = out->bound < LARGE;

        out->form = FD_ROW_I128;
        out->w = wide(r);
        for (size_t i = 0; i < s->n; i++) {
            fd_i128 x = fd_row__at(&a, i), y = fd_row__at(&b, i);

            if (safe)
                r->w[i] = x * y;
            else if (fd_i128_mul_overflow(x, y, &r->w[i]))
                return overflow();
        }
    }
    clear_missing(s, r, out);
    return 0;
}

static fd_i128 pick(fd_row_op op, fd_i128 x, fd_i128 y)
{
    switch (op) {
    case FD_ROW_ABS:
        return x < 0 ? -x : x;
    case FD_ROW_MAX:
        return x > y ? x : y;
    default:
        return x < y ? x : y;
    }
}

/* 绝对值, 最大, 最小. */
static int run_pick(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b = { .form = FD_ROW_I64 };
    slot *r = slot_at(s, at);
    int err = run_two(&a, &b, s, n, at);

    if (err < 0)
        return err;
    *out = (fd_row_block){ .bound = a.bound > b.bound ? a.bound : b.bound };
    if (n->b) {
        combine_states(s, r, &a, &b, out);
    } else {
        copy_states(s, r, &a);
        settle(s, r, out);
    }
    out->form = a.form == FD_ROW_I64 && b.form == FD_ROW_I64 && out->bound <= SMALL ? FD_ROW_I64
                                                                                    : FD_ROW_I128;
    out->v = r->v;
    if (out->form == FD_ROW_I128)
        out->w = wide(r);
    for (size_t i = 0; i < s->n; i++) {
        fd_i128 x = pick(n->op, fd_row__at(&a, i), n->b ? fd_row__at(&b, i) : 0);

        if (out->form == FD_ROW_I64)
            r->v[i] = (int64_t)x;
        else
            r->w[i] = x;
    }
    clear_missing(s, r, out);
    return 0;
}

/* Division by zero: 不适用, but 缺报 when the zero or the number above it is in doubt. */
static void no_quotient(slot *r, const fd_row_block *a, const fd_row_block *b, size_t i)
{
    fd_bits_unset(r->has, i);
    fd_bits_unset(r->doubt, i);
    fd_bits_assign(r->na, i, !doubt_at(a, i) && !doubt_at(b, i));
}

/* Both states in full in the register, whatever the operands leave out. */
static void full_states(const step *s, slot *r, const fd_row_block *a, const fd_row_block *b)
{
    for (size_t w = 0; w < s->words; w++) {
        bits x = bits_of(s, a, w);

        if (b)
            x = combine(x, bits_of(s, b, w));
        r->has[w] = x.has;
        r->doubt[w] = x.doubt;
        r->na[w] = x.na;
    }
}

static fd_i128 round_quotient(fd_i128 num, fd_i128 den, fd_rounding rule)
{
    bool negative = (num < 0) != (den < 0);
    fd_u128 n = size_of(num), d = size_of(den), q, rest;

    if ((n >> 64) == 0 && (d >> 64) == 0) {
        q = (uint64_t)n / (uint64_t)d;
        rest = (uint64_t)n % (uint64_t)d;
    } else {
        q = n / d;
        rest = n % d;
    }
    if (rest) {
        fd_u128 other = d - rest;

        if (rule == FD_ROUND_UP || (rule == FD_ROUND_HALF_UP && rest >= other) ||
            (rule == FD_ROUND_HALF_EVEN && (rest > other || (rest == other && (q & 1)))))
            q++;
    }
    return negative ? -(fd_i128)q : (fd_i128)q;
}

static int run_round(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b = { .form = FD_ROW_I64 };
    slot *r = slot_at(s, at);
    fd_u128 most = 0;
    int err = run_two(&a, &b, s, n, at);

    if (err < 0)
        return err;
    *out = (fd_row_block){ .form = FD_ROW_I64, .v = r->v };
    full_states(s, r, &a, n->b ? &b : NULL);
    for (size_t i = 0; i < s->n; i++) {
        fd_i128 num, den = n->kb, q;

        if (!fd_bits_get(r->has, i)) {
            r->v[i] = 0;
            continue;
        }
        if (fd_i128_mul_overflow(fd_row__at(&a, i), n->ka, &num) ||
            (n->b && fd_i128_mul_overflow(fd_row__at(&b, i), n->kb, &den)))
            return overflow();
        if (den == 0) {
            no_quotient(r, &a, &b, i);
            r->v[i] = 0;
            continue;
        }
        q = round_quotient(num, den, n->rounding);
        if (size_of(q) > ROUNDED)
            return fd_error_set(FD_EOVERFLOW, "取舍后的数超出 59 位",
                                "a rounded value needs more than 59 bits");
        r->v[i] = (int64_t)q;
        most = size_of(q) > most ? size_of(q) : most;
    }
    out->bound = most;
    settle(s, r, out);
    return 0;
}

static int run_guard(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b;
    slot *r = slot_at(s, at);
    int err = run_two(&a, &b, s, n, at);

    if (err < 0)
        return err;
    *out = (fd_row_block){ .form = a.form, .v = r->v, .bound = a.bound };
    full_states(s, r, &a, &b);
    for (size_t i = 0; i < s->n; i++)
        if (fd_bits_get(r->has, i) && fd_row__at(&b, i) == 0)
            no_quotient(r, &a, &b, i);
    if (a.form == FD_ROW_I64) {
        memmove(r->v, a.v, s->n * sizeof *r->v);
    } else {
        memmove(wide(r), a.w, s->n * sizeof *r->w);
        out->w = r->w;
    }
    settle(s, r, out);
    clear_missing(s, r, out);
    return 0;
}

static int run_select(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block cond, b, c;
    slot *r = slot_at(s, at);
    uint64_t take[FD_BLOCK_WORDS];
    int err;

    if ((err = run(&cond, s, n->a, at)) < 0 || (err = run(&b, s, n->b, at + 1)) < 0 ||
        (err = run(&c, s, n->c, at + 2)) < 0)
        return err;
    *out = (fd_row_block){ .v = r->v, .d = r->d, .bound = b.bound > c.bound ? b.bound : c.bound };
    out->form = b.form == FD_ROW_F64                             ? FD_ROW_F64
                : b.form == FD_ROW_I128 || c.form == FD_ROW_I128 ? FD_ROW_I128
                                                                 : FD_ROW_I64;
    for (size_t w = 0; w < s->words; w++) {
        bits x = bits_of(s, &b, w), y = bits_of(s, &c, w);
        uint64_t yes = cond.t[w], no = full_word(s, w) & ~cond.t[w];

        if (n->ka) /* an unknown condition chooses nothing */
            no &= ~cond.u[w];

        take[w] = yes;
        r->has[w] = (yes & x.has) | (no & y.has);
        r->doubt[w] = (yes & x.doubt) | (no & y.doubt);
        r->na[w] = (yes & x.na) | (no & y.na);
    }
    if (out->form == FD_ROW_I128)
        out->w = wide(r);
    for (size_t i = 0; i < s->n; i++) {
        bool first = fd_bits_get(take, i);

        if (out->form == FD_ROW_F64)
            r->d[i] = first ? b.d[i] : c.d[i];
        else if (out->form == FD_ROW_I64)
            r->v[i] = first ? b.v[i] : c.v[i];
        else
            r->w[i] = first ? fd_row__at(&b, i) : fd_row__at(&c, i);
    }
    settle(s, r, out);
    clear_missing(s, r, out);
    return 0;
}

/* ---- estimates ---- */

static double real_operation(const fd_row_node *n, double x, double y)
{
    switch (n->op) {
    case FD_ROW_REAL_ADD:
        return x + n->real * y;
    case FD_ROW_REAL_MUL:
        return x * y;
    case FD_ROW_REAL_DIV:
        return x / y;
    case FD_ROW_REAL_SQRT:
        return sqrt(x);
    case FD_ROW_REAL_ABS:
        return fabs(x);
    case FD_ROW_REAL_NEG:
        return -x;
    case FD_ROW_REAL_MAX:
        return x > y ? x : y;
    default:
        return x < y ? x : y;
    }
}

/* What has no finite value (division by zero, root of a negative) is 不适用. */
static int run_real(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b = { .form = FD_ROW_I64 };
    slot *r = slot_at(s, at);
    int err = run_two(&a, &b, s, n, at);

    if (err < 0)
        return err;
    *out = (fd_row_block){ .form = FD_ROW_F64, .d = r->d, .bound = NO_BOUND };
    full_states(s, r, &a, n->b ? &b : NULL);
    for (size_t i = 0; i < s->n; i++) {
        double x;

        if (!fd_bits_get(r->has, i)) {
            r->d[i] = 0;
            continue;
        }
        if (n->op == FD_ROW_REAL)
            x = (double)fd_row__at(&a, i) * n->real / (n->b ? (double)fd_row__at(&b, i) : 1.0);
        else
            x = real_operation(n, a.d[i], n->b ? b.d[i] : 0.0);
        if (!isfinite(x)) {
            no_quotient(r, &a, &b, i);
            x = 0;
        }
        r->d[i] = x;
    }
    settle(s, r, out);
    return 0;
}

static int run_real_round(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a;
    slot *r = slot_at(s, at);
    fd_u128 most = 0;
    int err = run(&a, s, n->a, at);

    if (err < 0)
        return err;
    *out = (fd_row_block){ .form = FD_ROW_I64, .v = r->v };
    full_states(s, r, &a, NULL);
    for (size_t i = 0; i < s->n; i++) {
        double x = a.d[i] / n->real, y;

        r->v[i] = 0;
        if (!fd_bits_get(r->has, i))
            continue;
        y = n->rounding == FD_ROUND_HALF_UP     ? round(x)
            : n->rounding == FD_ROUND_HALF_EVEN ? nearbyint(x)
            : n->rounding == FD_ROUND_UP        ? (x < 0 ? floor(x) : ceil(x))
                                                : trunc(x);
        if (fabs(y) > (double)ROUNDED)
            return fd_error_set(FD_EOVERFLOW, "取舍后的数超出 59 位",
                                "a rounded value needs more than 59 bits");
        r->v[i] = (int64_t)y;
        most = fd_magnitude(r->v[i]) > most ? fd_magnitude(r->v[i]) : most;
    }
    out->bound = most;
    settle(s, r, out);
    return 0;
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

    if ((err = run_two(&a, &b, s, n, at)) < 0 || (n->c && (err = run(&c, s, n->c, at + 2)) < 0))
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
    int err = run_two(&a, &b, s, n, at);

    if (err < 0)
        return err;
    unknown_of(s, r, &a, &b, NULL);
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
        bool has = fd_bits_get(c->has, row) && !(c->doubt && fd_bits_get(c->doubt, row));
        uint8_t truth = has ? n->truth[c->v.text[row]] : n->without;

        r->t[i >> 6] |= (uint64_t)(truth == FD_TRUE) << (i & 63);
        r->u[i >> 6] |= (uint64_t)(truth == FD_UNKNOWN) << (i & 63);
    }
    *out = (fd_row_block){ .form = FD_ROW_TRUTH, .t = r->t, .u = r->u };
}

static int run_logic(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b;
    slot *r = slot_at(s, at);
    int err = run_two(&a, &b, s, n, at);

    if (err < 0)
        return err;
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

static int run(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    switch (n->op) {
    case FD_ROW_COLUMN:
        run_column(out, s, n);
        return 0;
    case FD_ROW_CONST:
        run_constant(out, s, n, at);
        return 0;
    case FD_ROW_ADD:
        return run_add(out, s, n, at);
    case FD_ROW_MUL:
        return run_mul(out, s, n, at);
    case FD_ROW_ABS:
    case FD_ROW_MAX:
    case FD_ROW_MIN:
        return run_pick(out, s, n, at);
    case FD_ROW_SELECT:
        return run_select(out, s, n, at);
    case FD_ROW_ROUND:
        return run_round(out, s, n, at);
    case FD_ROW_GUARD:
        return run_guard(out, s, n, at);
    case FD_ROW_REAL:
    case FD_ROW_REAL_ADD:
    case FD_ROW_REAL_MUL:
    case FD_ROW_REAL_DIV:
    case FD_ROW_REAL_SQRT:
    case FD_ROW_REAL_ABS:
    case FD_ROW_REAL_MAX:
    case FD_ROW_REAL_MIN:
    case FD_ROW_REAL_NEG:
        return run_real(out, s, n, at);
    case FD_ROW_REAL_ROUND:
        return run_real_round(out, s, n, at);
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
    return run(out, &s, node, 0);
}
