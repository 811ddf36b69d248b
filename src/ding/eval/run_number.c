/*
 * The operations of a row program that give numbers.
 *
 * 64 bits are used where the bounds of the operands prove that nothing overflows; else 128 bits,
 * unchecked where the bounds prove that, else checked row by row.  A row without a value is made 0.
 */
#include <math.h>
#include <string.h>

#include "ding/eval/machine.h"

/* ---- exact numbers ---- */

int fd_run__add(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b = { 0 };
    slot *r = slot_at(s, at);
    int err = fd_run__two(&a, &b, s, n, at);

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

int fd_run__mul(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b;
    slot *r = slot_at(s, at);
    int err = fd_run__two(&a, &b, s, n, at);

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
int fd_run__pick(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b = { .form = FD_ROW_I64 };
    slot *r = slot_at(s, at);
    int err = fd_run__two(&a, &b, s, n, at);

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

int fd_run__round(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b = { .form = FD_ROW_I64 };
    slot *r = slot_at(s, at);
    fd_u128 most = 0;
    int err = fd_run__two(&a, &b, s, n, at);

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

int fd_run__guard(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b;
    slot *r = slot_at(s, at);
    int err = fd_run__two(&a, &b, s, n, at);

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

int fd_run__select(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block cond, b, c;
    slot *r = slot_at(s, at);
    uint64_t take[FD_BLOCK_WORDS] = { 0 };
    int err;

    if ((err = fd_run__node(&cond, s, n->a, at)) < 0 ||
        (err = fd_run__node(&b, s, n->b, at + 1)) < 0 ||
        (err = fd_run__node(&c, s, n->c, at + 2)) < 0)
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
int fd_run__real(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a, b = { .form = FD_ROW_I64 };
    slot *r = slot_at(s, at);
    int err = fd_run__two(&a, &b, s, n, at);

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

int fd_run__real_round(fd_row_block *out, const step *s, const fd_row_node *n, int at)
{
    fd_row_block a;
    slot *r = slot_at(s, at);
    fd_u128 most = 0;
    int err = fd_run__node(&a, s, n->a, at);

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
