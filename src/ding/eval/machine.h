/*
 * The machine that runs a row program, as the files run.c and run_number.c see it; nobody else
 * includes this.
 *
 * A node leaves its result in the slot of its depth, or points into the column itself.  The small
 * functions stand here to be inlined: each is called for every word or row of every block.
 */
#ifndef FD_DING_EVAL_MACHINE_H
#define FD_DING_EVAL_MACHINE_H

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

static inline slot *slot_at(const step *s, int at)
{
    if (!s->m->slots[at])
        s->m->slots[at] = fd_alloc(sizeof(slot));
    return s->m->slots[at];
}

static inline fd_i128 *wide(slot *r)
{
    if (!r->w)
        r->w = fd_alloc(FD_BLOCK_ROWS * sizeof *r->w);
    return r->w;
}

static inline uint64_t full_word(const step *s, size_t w)
{
    return w + 1 == s->words ? s->tail : ~UINT64_C(0);
}

/* ---- states ---- */

static inline bool all_set(const step *s, const uint64_t *bits)
{
    for (size_t w = 0; w < s->words; w++)
        if (bits[w] != full_word(s, w))
            return false;
    return true;
}

static inline bool none_set(const step *s, const uint64_t *bits)
{
    for (size_t w = 0; w < s->words; w++)
        if (bits[w])
            return false;
    return true;
}

/* Point the block at the register's bitmaps, leaving out those that say nothing. */
static inline void settle(const step *s, slot *r, fd_row_block *out)
{
    out->has = all_set(s, r->has) ? NULL : r->has;
    out->doubt = none_set(s, r->doubt) ? NULL : r->doubt;
    out->na = none_set(s, r->na) ? NULL : r->na;
}

typedef struct bits {
    uint64_t has, doubt, na, missing;
} bits;

static inline bits bits_of(const step *s, const fd_row_block *b, size_t w)
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
static inline bits combine(bits a, bits b)
{
    bits x;
    uint64_t doubt = a.doubt | b.doubt;

    x.has = a.has & b.has;
    x.doubt = doubt & x.has;
    x.na = (a.na | b.na) & ~a.missing & ~b.missing & ~doubt;
    x.missing = 0;
    return x;
}

static inline void combine_states(const step *s, slot *r, const fd_row_block *a,
                                  const fd_row_block *b, fd_row_block *out)
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

static inline void copy_states(const step *s, slot *r, const fd_row_block *a)
{
    for (size_t w = 0; w < s->words; w++) {
        bits x = bits_of(s, a, w);

        r->has[w] = x.has;
        r->doubt[w] = x.doubt;
        r->na[w] = x.na;
    }
}

/* Rows without a value hold 0. */
static inline void clear_missing(const step *s, slot *r, fd_row_block *out)
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

static inline bool doubt_at(const fd_row_block *b, size_t i)
{
    return b->doubt && fd_bits_get(b->doubt, i);
}

/* ---- bounds ---- */

#define NO_BOUND (~(fd_u128)0)
#define SMALL    ((fd_u128)INT64_MAX)
#define LARGE    ((fd_u128)1 << 126)
#define ROUNDED  (((fd_u128)1 << FD_BITS_ROUNDED) - 1) /* what the checker counts on */

static inline fd_u128 times(fd_u128 a, fd_u128 b)
{
    fd_u128 r;

    return __builtin_mul_overflow(a, b, &r) ? NO_BOUND : r;
}

static inline fd_u128 plus(fd_u128 a, fd_u128 b)
{
    fd_u128 r;

    return __builtin_add_overflow(a, b, &r) ? NO_BOUND : r;
}

static inline fd_u128 size_of(fd_i128 v)
{
    return v < 0 ? (fd_u128)0 - (fd_u128)v : (fd_u128)v;
}

static inline int overflow(void)
{
    return fd_error_set(FD_EOVERFLOW, "逐户计算超出 128 位", "a row needs more than 128 bits");
}

/* ---- operations ---- */

/*
 * Run node `n` of step `s` and describe its result in `out`; its operands use the slots at, at + 1,
 * ….  `out` stays good until the slot is used again.  Error: FD_EOVERFLOW, which leaves `out`
 * unspecified.
 */
int fd_run__node(fd_row_block *out, const step *s, const fd_row_node *n, int at);

/* Run the operands of `n` into `a` and, where it has a second, `b`.  Errors of fd_run__node(). */
int fd_run__two(fd_row_block *a, fd_row_block *b, const step *s, const fd_row_node *n, int at);

/*
 * The operations that give a number (run_number.c), each with the parameters and errors of
 * fd_run__node(): ka·a + kb·b; a·b; 绝对值/最大/最小; a·ka / (b·kb) rounded; a where b is not zero;
 * b or c by the truth a; the estimates in double; an estimate rounded to a decimal.
 */
int fd_run__add(fd_row_block *out, const step *s, const fd_row_node *n, int at);
int fd_run__mul(fd_row_block *out, const step *s, const fd_row_node *n, int at);
int fd_run__pick(fd_row_block *out, const step *s, const fd_row_node *n, int at);
int fd_run__round(fd_row_block *out, const step *s, const fd_row_node *n, int at);
int fd_run__guard(fd_row_block *out, const step *s, const fd_row_node *n, int at);
int fd_run__select(fd_row_block *out, const step *s, const fd_row_node *n, int at);
int fd_run__real(fd_row_block *out, const step *s, const fd_row_node *n, int at);
int fd_run__real_round(fd_row_block *out, const step *s, const fd_row_node *n, int at);

#endif
