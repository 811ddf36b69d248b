/*
 * Presence: who makes more of what than could be expected, as bits and as lists, from both sides.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/complexity_work.h"
#include "base/bits.h"
#include "base/versions.h"
#include "fangding/arena.h"

/* Locations that one thread takes at a time: a word of a product's bits. Sums are made by block and
 * then in the order of the blocks, so that threads do not change a bit of them. */
#define BLOCK 64

static size_t blocks_of(size_t n)
{
    return (n + BLOCK - 1) / BLOCK;
}

static size_t end_of(size_t block, size_t n)
{
    return (block + 1) * BLOCK < n ? (block + 1) * BLOCK : n;
}

/* ---- sums ---- */

typedef struct summing {
    fd_cx *w;
    double *part; /* block × prod */
} summing;

FD_MANY_VERSIONS void fd_cx__add_row(double *part, const double *row, size_t n)
{
    for (size_t p = 0; p < n; p++)
        part[p] += row[p];
}

static int sum_block(void *payload, size_t b)
{
    const summing *s = payload;
    const size_t prods = s->w->prod.n;

    for (size_t c = b * BLOCK; c < end_of(b, s->w->loc.n); c++) {
        const double *row = s->w->value + c * prods;
        double total = 0;

        for (size_t p = 0; p < prods; p++)
            total += row[p];
        s->w->loc.sum[c] = total;
        fd_cx__add_row(s->part + b * prods, row, prods);
    }
    return 0;
}

static void compute_sums(fd_cx *w)
{
    const size_t blocks = blocks_of(w->loc.n), prods = w->prod.n;
    summing s = { w, fd_alloc(blocks * prods * sizeof(double) + 1) };

    w->loc.sum = fd_alloc(w->loc.n * sizeof *w->loc.sum + 1);
    w->prod.sum = fd_alloc(prods * sizeof *w->prod.sum + 1);
    (void)fd_pool_run(w->pool, blocks, sum_block, &s);
    for (size_t b = 0; b < blocks; b++)
        fd_cx__add_row(w->prod.sum, s.part + b * prods, prods);
    w->total = 0;
    for (size_t c = 0; c < w->loc.n; c++)
        w->total += w->loc.sum[c];
    free(s.part);
}

/* ---- bits ---- */

/* The products of one location. x T / (r s) >= 1 is x T >= r s: a quotient of doubles below one
 * never rounds up to one. */
static void mark_row(const fd_cx *w, size_t c)
{
    const double *row = w->value + c * w->prod.n, sum = w->loc.sum[c], total = w->total;
    uint64_t *bits = w->loc.bits + c * w->loc.words;

    for (size_t from = 0; from < w->prod.n; from += 64) {
        const size_t n = w->prod.n - from < 64 ? w->prod.n - from : 64;
        uint64_t word = 0;

        for (size_t k = 0; k < n; k++) {
            const double expected = sum * w->prod.sum[from + k];

            word |= (uint64_t)((expected > 0) & (row[from + k] * total >= expected)) << k;
        }
        bits[from / 64] = word;
    }
}

/* 64 × 64 bits, rows to columns: swap halves, quarters … of the square (Warren, Hacker's Delight,
 * 7-3). */
static void transpose(uint64_t a[64])
{
    uint64_t mask = 0xffffffff00000000u;

    for (size_t width = 32; width; width >>= 1, mask ^= mask >> width)
        for (size_t k = 0; k < 64; k = ((k | width) + 1) & ~width) {
            const uint64_t t = (a[k] ^ (a[k | width] << width)) & mask;

            a[k] ^= t;
            a[k | width] ^= t >> width;
        }
}

/* 64 locations, and the word that they are in the bits of every product. */
static int mark_block(void *payload, size_t b)
{
    const fd_cx *w = payload;
    const size_t from = b * BLOCK, end = end_of(b, w->loc.n);

    for (size_t c = from; c < end; c++)
        mark_row(w, c);
    for (size_t word = 0; word < w->loc.words; word++) {
        uint64_t square[64] = { 0 };

        for (size_t c = from; c < end; c++)
            square[c - from] = w->loc.bits[c * w->loc.words + word];
        transpose(square);
        for (size_t k = 0; k < 64 && word * 64 + k < w->prod.n; k++)
            w->prod.bits[(word * 64 + k) * w->prod.words + b] = square[k];
    }
    return 0;
}

static void mark(fd_cx *w)
{
    fd_cx_side *const sides[] = { &w->loc, &w->prod };

    for (int k = 0; k < 2; k++) {
        fd_cx_side *s = sides[k];

        s->words = FD_BITS_WORDS(sides[1 - k]->n);
        free(s->bits);
        free(s->degree);
        s->bits = fd_alloc(s->n * s->words * sizeof *s->bits + 1);
        s->degree = fd_alloc(s->n * sizeof *s->degree + 1);
    }
    (void)fd_pool_run(w->pool, blocks_of(w->loc.n), mark_block, w);
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < sides[k]->n; i++)
            sides[k]->degree[i] =
                (double)fd_bits_count(sides[k]->bits + i * sides[k]->words, sides[1 - k]->n);
}

/* ---- without any presence ---- */

/* Leave out what has no presence; the values of the rest move up in mark_kept(). */
static size_t keep_present(fd_cx_side *s, size_t *kept)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        if (s->degree[i] > 0) {
            s->codes.items[n] = s->codes.items[i];
            s->sum[n] = s->sum[i];
            kept[n++] = i;
        } else {
            free((char *)(uintptr_t)s->codes.items[i]);
        }
    s->codes.count = n;
    return n;
}

static size_t drop_empty(fd_cx *w)
{
    const size_t locs = w->loc.n, prods = w->prod.n;
    size_t *loc = fd_alloc(locs * sizeof *loc + 1), *prod = fd_alloc(prods * sizeof *prod + 1);
    size_t to = 0;

    w->loc.n = keep_present(&w->loc, loc);
    w->prod.n = keep_present(&w->prod, prod);
    if (w->loc.n < locs || w->prod.n < prods) {
        for (size_t c = 0; c < w->loc.n; c++)
            for (size_t p = 0; p < w->prod.n; p++)
                w->value[to++] = w->value[loc[c] * prods + prod[p]];
        mark(w);
    }
    free(loc);
    free(prod);
    return locs - w->loc.n + prods - w->prod.n;
}

/* ---- lists ---- */

static void list_neighbours(fd_cx_side *s)
{
    size_t at = 0;

    s->start = fd_alloc((s->n + 1) * sizeof *s->start);
    for (size_t i = 0; i < s->n; i++)
        s->start[i + 1] = s->start[i] + (size_t)s->degree[i];
    s->list = fd_alloc(s->start[s->n] * sizeof *s->list + 1);
    for (size_t i = 0; i < s->n; i++)
        for (size_t word = 0; word < s->words; word++)
            for (uint64_t left = s->bits[i * s->words + word]; left; left &= left - 1)
                s->list[at++] = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(left));
}

size_t fd_cx__find_presence(fd_cx *w)
{
    size_t dropped;

    compute_sums(w);
    mark(w);
    dropped = drop_empty(w);
    list_neighbours(&w->loc);
    list_neighbours(&w->prod);
    return dropped;
}

static int advantages_of(void *payload, size_t c)
{
    const fd_cx *w = payload;
    double *row = w->value + c * w->prod.n;

    for (size_t p = 0; p < w->prod.n; p++) {
        const double expected = w->loc.sum[c] * w->prod.sum[p];

        row[p] = expected > 0 ? row[p] * w->total / expected : 0;
    }
    return 0;
}

void fd_cx__to_advantages(fd_cx *w)
{
    (void)fd_pool_run(w->pool, w->loc.n, advantages_of, w);
}

void fd_cx__forget_lists(fd_cx *w)
{
    free(w->loc.list);
    free(w->prod.list);
    w->loc.list = w->prod.list = NULL;
}
