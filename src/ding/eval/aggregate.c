/*
 * Sums and extremes of a row program over a selection.
 *
 * Rows are cut into chunks of fixed size, one task each; chunks are joined in order.  Sums of exact
 * numbers do not depend on that; sums of estimates are the same for any number of threads because
 * the cut is.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "ding/eval/internal.h"

#define LANES_ROOM ((fd_u128)1 << 62) /* what a lane may hold before it is emptied */

typedef struct job {
    const fd_row_node *node;
    const fd_eval_selection *s;
    const struct fd_eval_due *due;
    fd_eval_want want;
    size_t chunk_rows, chunks;
    fd_eval_sum_cell *cells; /* chunks × groups */
} job;

/* One chunk at work. */
typedef struct worker {
    const job *j;
    fd_eval_sum_cell *cells;
    fd_row_machine *machine;
    int64_t *lanes; /* 4 × (groups + 1) */
    fd_top *tops;   /* groups + 1 */
    fd_u128 load;   /* bound on what the lanes hold */
} worker;

static void put_top(fd_eval_sum_cell *c, double magnitude)
{
    if (magnitude > c->top1) {
        c->top2 = c->top1;
        c->top1 = magnitude;
    } else if (magnitude > c->top2) {
        c->top2 = magnitude;
    }
}

static int overflow(void)
{
    return fd_error_set(FD_EOVERFLOW, "合计超出 128 位", "a sum needs more than 128 bits");
}

static size_t group_at(const fd_eval_selection *s, size_t row)
{
    if (s->everything)
        return 0;
    if (s->group)
        return s->group[row];
    return fd_bits_get(s->in, row) ? 0 : s->groups;
}

/* Empty the lanes into the sums. */
static void flush_lanes(worker *w)
{
    size_t groups = w->j->s->groups;

    for (size_t g = 0; g < groups; g++)
        for (size_t lane = 0; lane < 4; lane++)
            w->cells[g].sum += w->lanes[lane * (groups + 1) + g];
    memset(w->lanes, 0, 4 * (groups + 1) * sizeof *w->lanes);
    w->load = 0;
}

/* The plain rows of a block in 64 bits. */
static void add_fast(worker *w, const fd_row_block *b, size_t start, size_t n)
{
    const fd_eval_selection *s = w->j->s;

    if (s->everything) {
        w->cells[0].sum += fd_kernel__sum(b->v, n, &w->tops[0]);
    } else if (!s->group) {
        w->cells[0].sum += fd_kernel__sum_masked(b->v, s->in + start / 64, n, &w->tops[0]);
    } else {
        fd_u128 load = (fd_u128)n * b->bound;

        if (w->load + load > LANES_ROOM)
            flush_lanes(w);
        w->load += load;
        fd_kernel__sum_grouped(b->v, s->group + start, n, w->lanes, s->groups + 1, w->tops);
    }
}

static bool has_at(const fd_row_block *b, size_t i)
{
    return !b->has || fd_bits_get(b->has, i);
}

/* One member with a value: sum, extremes, largest. weight in 10^-12. */
static int add_value(worker *w, fd_eval_sum_cell *c, const fd_row_block *b, size_t i,
                     int64_t weight)
{
    if (b->form == FD_ROW_F64) {
        double x = b->d[i] * ((double)weight / (double)FD_WEIGHT_ONE);

        c->real_least = c->any ? fmin(c->real_least, b->d[i]) : b->d[i];
        c->real_most = c->any ? fmax(c->real_most, b->d[i]) : b->d[i];
        c->real += x;
        put_top(c, fabs(x));
    } else {
        fd_i128 x = fd_row__at(b, i), y;

        c->least = c->any && c->least < x ? c->least : x;
        c->most = c->any && c->most > x ? c->most : x;
        if (w->j->want == FD_WANT_EXTREMES)
            ;
        else if (weight == FD_WEIGHT_ONE) {
            if (fd_i128_add_overflow(c->sum, x, &c->sum))
                return overflow();
        } else if (fd_i128_mul_overflow(x, weight, &y) ||
                   fd_i128_add_overflow(c->parts, y, &c->parts)) {
            return overflow();
        }
        put_top(c, fabs((double)x) * ((double)weight / (double)FD_WEIGHT_ONE));
    }
    c->any = true;
    return 0;
}

static int add_slow(worker *w, const fd_row_block *b, size_t start, size_t n)
{
    const fd_eval_selection *s = w->j->s;
    int err;

    for (size_t i = 0; i < n; i++) {
        size_t g = group_at(s, start + i);

        if (g < s->groups && has_at(b, i) &&
            (err = add_value(w, &w->cells[g], b, i, FD_WEIGHT_ONE)) < 0)
            return err;
    }
    return 0;
}

static void count_state(worker *w, fd_eval_sum_cell *c, const fd_row_block *b, size_t i, size_t row)
{
    if (!has_at(b, i)) {
        if (b->na && fd_bits_get(b->na, i)) {
            c->na++;
            return;
        }
        c->missing++;
        if (w->j->due && w->j->due->known && fd_bits_get(w->j->due->rows, row))
            c->reported++; /* counted off what is due, when the chunks are joined */
    } else if (b->doubt && fd_bits_get(b->doubt, i)) {
        c->doubt++;
    }
}

/* Plain rows that are not simply a value. */
static void count_states(worker *w, const fd_row_block *b, size_t start, size_t n)
{
    const fd_eval_selection *s = w->j->s;

    if (!b->has && !b->doubt)
        return;
    for (size_t word = 0; word < FD_BITS_WORDS(n); word++) {
        uint64_t full = n - word * 64 < 64 ? (UINT64_C(1) << (n - word * 64)) - 1 : ~UINT64_C(0);
        uint64_t odd = (b->has ? full & ~b->has[word] : 0) | (b->doubt ? b->doubt[word] : 0);

        while (odd) {
            size_t i = word * 64 + (size_t)__builtin_ctzll(odd);
            size_t g = group_at(s, start + i);

            odd &= odd - 1;
            if (g >= s->groups)
                continue;
            count_state(w, &w->cells[g], b, i, start + i);
            if (!has_at(b, i))
                w->cells[g].plain_gone++;
        }
    }
}

static const fd_eval_extra *first_from(const fd_eval_extra *list, size_t count, size_t row)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (list[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    return list + low;
}

static int add_extras(worker *w, const fd_row_block *b, size_t start, size_t n)
{
    const fd_eval_selection *s = w->j->s;
    const fd_eval_extra *end = s->extra + s->extra_count;
    int err;

    for (const fd_eval_extra *x = first_from(s->extra, s->extra_count, start);
         x < end && x->row < start + n; x++) {
        fd_eval_sum_cell *c = &w->cells[x->group];
        size_t i = x->row - start;

        count_state(w, c, b, i, x->row);
        if (!has_at(b, i))
            continue;
        c->n++;
        c->weight += x->weight;
        if ((err = add_value(w, c, b, i, x->weight)) < 0)
            return err;
    }
    return 0;
}

/* A row that may or may not belong matters unless it surely adds nothing: 不适用, or an exact
 * undisputed 0 in a sum. */
static void count_unknown(worker *w, const fd_row_block *b, size_t start, size_t n)
{
    const fd_eval_selection *s = w->j->s;
    const fd_eval_extra *end = s->unknown + s->unknown_count;

    for (const fd_eval_extra *x = first_from(s->unknown, s->unknown_count, start);
         x < end && x->row < start + n; x++) {
        size_t i = x->row - start;
        bool nothing = b->na && fd_bits_get(b->na, i);

        if (w->j->want == FD_WANT_SUM && b->form != FD_ROW_F64 && has_at(b, i) &&
            !(b->doubt && fd_bits_get(b->doubt, i)) && fd_row__at(b, i) == 0)
            nothing = true;
        if (!nothing)
            w->cells[x->group].unknown++;
    }
}

static int work_chunk(void *payload, size_t chunk)
{
    const job *j = payload;
    const fd_eval_selection *s = j->s;
    size_t groups = s->groups, first = chunk * j->chunk_rows;
    size_t last = first + j->chunk_rows < s->frame->n ? first + j->chunk_rows : s->frame->n;
    worker w = { .j = j, .cells = j->cells + chunk * groups };
    int err = 0;

    w.machine = fd_row_machine_new(j->node->slots);
    w.lanes = fd_alloc(4 * (groups + 1) * sizeof *w.lanes);
    w.tops = fd_alloc((groups + 1) * sizeof *w.tops);
    w.tops[groups].second = UINT64_MAX; /* left out */
    for (size_t start = first; start < last; start += FD_BLOCK_ROWS) {
        size_t n = last - start < FD_BLOCK_ROWS ? last - start : FD_BLOCK_ROWS;
        fd_row_block b;

        if ((err = fd_row__run(&b, w.machine, j->node, start, n)) < 0)
            goto done;
        if (j->want == FD_WANT_SUM && b.form == FD_ROW_I64 && b.bound <= LANES_ROOM / n)
            add_fast(&w, &b, start, n);
        else if ((err = add_slow(&w, &b, start, n)) < 0)
            goto done;
        count_states(&w, &b, start, n);
        if (s->extra_count && (err = add_extras(&w, &b, start, n)) < 0)
            goto done;
        if (s->unknown_count)
            count_unknown(&w, &b, start, n);
    }
    flush_lanes(&w);
    for (size_t g = 0; g < groups; g++) {
        put_top(&w.cells[g], (double)w.tops[g].first);
        put_top(&w.cells[g], (double)w.tops[g].second);
    }
done:
    fd_row_machine_free(w.machine);
    free(w.lanes);
    free(w.tops);
    return err < 0 ? err : 0;
}

static int join_cell(fd_eval_sum_cell *to, const fd_eval_sum_cell *from)
{
    if (fd_i128_add_overflow(to->sum, from->sum, &to->sum) ||
        fd_i128_add_overflow(to->parts, from->parts, &to->parts))
        return overflow();
    to->real += from->real;
    if (from->any) {
        to->least = to->any && to->least < from->least ? to->least : from->least;
        to->most = to->any && to->most > from->most ? to->most : from->most;
        to->real_least = to->any ? fmin(to->real_least, from->real_least) : from->real_least;
        to->real_most = to->any ? fmax(to->real_most, from->real_most) : from->real_most;
        to->any = true;
    }
    to->n += from->n;
    to->na += from->na;
    to->missing += from->missing;
    to->doubt += from->doubt;
    to->unknown += from->unknown;
    to->plain_gone += from->plain_gone;
    to->weight += from->weight;
    to->reported += from->reported;
    put_top(to, from->top1);
    put_top(to, from->top2);
    return 0;
}

int fd_eval__aggregate(fd_eval_sums *out, fd_eval *e, const fd_row_value *value,
                       fd_eval_selection *s, const struct fd_eval_due *due, fd_eval_want want)
{
    fd_row_node real = { 0 };
    fd_row_value v = *value;
    job j = { .s = s, .due = due, .want = want };
    int err = 0;

    /* Quotients of many rows have no common denominator: their sum is an estimate. */
    if (v.den && !v.is_estimate) {
        real = (fd_row_node){ .op = FD_ROW_REAL, .a = v.num, .b = v.den };
        real.real = fd_quot_to_double(v.factor);
        v = (fd_row_value){ &real, NULL, { 1, 1 }, true };
    }
    (void)fd_row__finish(v.num);
    j.node = v.num;
    /* Many groups: one task, for each task holds a cell per group. */
    j.chunk_rows = s->groups > 4096 ? (s->frame->n ? s->frame->n : 1) : FD_CHUNK_ROWS;
    j.chunk_rows = (j.chunk_rows + FD_BLOCK_ROWS - 1) / FD_BLOCK_ROWS * FD_BLOCK_ROWS;
    j.chunks = (s->frame->n + j.chunk_rows - 1) / j.chunk_rows;
    j.cells = fd_alloc((j.chunks * s->groups + 1) * sizeof *j.cells);
    out->factor = v.factor;
    out->is_estimate = v.is_estimate;
    out->cells = NULL;
    if ((err = fd_pool_run(j.chunks > 1 ? e->pool : NULL, j.chunks, work_chunk, &j)) < 0)
        goto done;
    out->cells = fd_alloc((s->groups + 1) * sizeof *out->cells);
    for (size_t chunk = 0; chunk < j.chunks; chunk++)
        for (size_t g = 0; g < s->groups; g++)
            if ((err = join_cell(&out->cells[g], &j.cells[chunk * s->groups + g])) < 0)
                goto done;
    for (size_t g = 0; g < s->groups; g++) {
        fd_eval_sum_cell *c = &out->cells[g];

        c->n += s->plain[g] - c->plain_gone;
        c->weight_whole = s->plain[g] - c->plain_gone;
        c->any = c->n > 0;
        if (due && due->known)
            c->reported = due->count[g] - c->reported;
    }
done:
    if (err < 0) {
        free(out->cells);
        out->cells = NULL;
    }
    free(j.cells);
    return err < 0 ? err : 0;
}
