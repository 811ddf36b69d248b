/*
 * Cubes for the tests: from a list of cells, or from invented enterprises drawn with a seed.
 */
#ifndef TESTS_DISCLOSURE_CUBES_H
#define TESTS_DISCLOSURE_CUBES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/disclosure.h"

#define CUBE_MOST 7

static const char *const cube_dimensions[] = { "county", "industry", "size" };

typedef struct cell_in {
    const char *county, *industry;
    int64_t value;
    int n;
    int64_t top1, top2;
} cell_in;

static inline fd_disclosure_cube cube_spec(size_t dimensions)
{
    return (
        fd_disclosure_cube){ cube_dimensions, dimensions, "output", "n", "top1", "top2", false };
}

static inline fd_table *cube_new(size_t dimensions)
{
    fd_table *t = fd_table_new("cube", "发布表", "Cube");

    for (size_t d = 0; d < dimensions; d++)
        fd_table_add_new(t, cube_dimensions[d], cube_dimensions[d], cube_dimensions[d], FD_TEXT, "",
                         0);
    fd_table_add_new(t, "output", "产值", "Output", FD_DEC, "万元", 1);
    fd_table_add_new(t, "n", "家数", "Number", FD_DEC, "家", 0);
    fd_table_add_new(t, "top1", "最大", "Largest", FD_DEC, "万元", 1);
    fd_table_add_new(t, "top2", "次大", "Second", FD_DEC, "万元", 1);
    return t;
}

static inline fd_column *cube_column(const fd_table *t, const char *id)
{
    return t->columns[fd_table_find(t, id)];
}

/* n < 0: not known. */
static inline void cube_put(fd_table *t, const char *const *keys, size_t dimensions, int64_t value,
                            int n, int64_t top1, int64_t top2)
{
    size_t row = fd_table_add_row(t);

    for (size_t d = 0; d < dimensions; d++)
        fd_column_set_text(t->columns[d], row, keys[d]);
    fd_column_set_dec(cube_column(t, "output"), row, value);
    if (n >= 0)
        fd_column_set_dec(cube_column(t, "n"), row, n);
    fd_column_set_dec(cube_column(t, "top1"), row, top1);
    fd_column_set_dec(cube_column(t, "top2"), row, top2);
}

static inline fd_table *cube_from(const cell_in *cells, size_t count)
{
    fd_table *t = cube_new(2);

    for (size_t i = 0; i < count; i++)
        cube_put(t, (const char *const[]){ cells[i].county, cells[i].industry }, 2, cells[i].value,
                 cells[i].n, cells[i].top1, cells[i].top2);
    return t;
}

typedef struct drawn {
    int64_t value, top1, top2;
    int n;
} drawn;

static inline uint32_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(*seed >> 33);
}

static inline void drawn_add(drawn *to, int64_t value)
{
    to->value += value;
    to->n++;
    if (value > to->top1) {
        to->top2 = to->top1;
        to->top1 = value;
    } else if (value > to->top2) {
        to->top2 = value;
    }
}

/* sizes[d] categories per dimension, up to `most` enterprises in an inner cell, skewed as
 * enterprises are. Rows in the order of places, or backwards. Combinations without an enterprise
 * have no row. */
static inline fd_table *cube_random(uint64_t seed, size_t dimensions, const size_t *sizes,
                                    uint32_t most, bool backwards)
{
    drawn *cells;
    size_t places = 1, strides[3];
    fd_table *t = cube_new(dimensions);

    for (size_t d = 0; d < dimensions; d++) {
        strides[d] = places;
        places *= sizes[d] + 1;
    }
    cells = calloc(places, sizeof *cells);
    for (size_t p = 0; p < places; p++) {
        bool inner = true;
        uint32_t n;

        for (size_t d = 0; d < dimensions; d++)
            inner = inner && p / strides[d] % (sizes[d] + 1) != 0;
        if (!inner)
            continue;
        n = draw(&seed) % (most + 1);
        for (uint32_t e = 0; e < n; e++) {
            int64_t value = 5 + draw(&seed) % 40;

            for (uint32_t k = draw(&seed) % 8; k > 0; k--)
                value = value * 3 / 2 + draw(&seed) % 7;
            /* into the cell and every total above it */
            for (size_t mask = 0; mask < (size_t)1 << dimensions; mask++) {
                size_t place = p;

                for (size_t d = 0; d < dimensions; d++)
                    if (mask >> d & 1)
                        place -= p / strides[d] % (sizes[d] + 1) * strides[d];
                drawn_add(&cells[place], value);
            }
        }
    }
    for (size_t i = 0; i < places; i++) {
        size_t p = backwards ? places - 1 - i : i;
        char names[3][24];
        const char *keys[3] = { names[0], names[1], names[2] };

        if (cells[p].n == 0)
            continue;
        for (size_t d = 0; d < dimensions; d++) {
            size_t k = p / strides[d] % (sizes[d] + 1);

            if (k)
                snprintf(names[d], sizeof names[d], "%c%02zu", (char)('a' + (int)d), k);
            else
                names[d][0] = '\0';
        }
        cube_put(t, keys, dimensions, cells[p].value, cells[p].n, cells[p].top1, cells[p].top2);
    }
    free(cells);
    return t;
}

/* ---- an independent look: which suppressed cells do the published sums determine exactly? ---- */

#define PRIME 1000003

static inline int64_t inverse(int64_t a)
{
    int64_t result = 1, power = a, e = PRIME - 2;

    for (; e > 0; e >>= 1) {
        if (e & 1)
            result = result * power % PRIME;
        power = power * power % PRIME;
    }
    return result;
}

static inline bool same_but(const fd_table *t, size_t dimensions, size_t a, size_t b, size_t except)
{
    for (size_t d = 0; d < dimensions; d++)
        if (d != except &&
            strcmp(fd_column_text(t->columns[d], a), fd_column_text(t->columns[d], b)) != 0)
            return false;
    return true;
}

static inline bool is_hidden(const fd_table *t, size_t row)
{
    const char *mark = fd_column_text(cube_column(t, "suppressed"), row);

    return strcmp(mark, "") != 0 && strcmp(mark, "empty") != 0;
}

static inline bool is_sensitive_row(const fd_table *t, size_t row)
{
    const char *mark = fd_column_text(cube_column(t, "suppressed"), row);

    return strcmp(mark, "primary") == 0 || strcmp(mark, "dominance") == 0;
}

/*
 * Gauss-Jordan elimination modulo a prime of all sums over the hidden cells (row `known` counts as
 * known): a sensitive cell is determined when a reduced equation holds it alone. All totals must
 * have rows.
 */
static inline size_t cube_determined(const fd_table *t, size_t dimensions, size_t known)
{
    size_t n = t->rows, equations = 0, rank = 0, found = 0;
    int64_t *m = calloc(n * dimensions * n + 1, sizeof *m);

    for (size_t r = 0; r < n; r++)
        for (size_t d = 0; d < dimensions; d++) {
            bool any = false;

            if (fd_column_text(t->columns[d], r)[0])
                continue;
            for (size_t c = 0; c < n; c++) {
                bool total = c == r, part = c != r && same_but(t, dimensions, r, c, d);

                if ((total || part) && is_hidden(t, c) && c != known) {
                    m[equations * n + c] = total ? PRIME - 1 : 1;
                    any = true;
                }
            }
            equations += any;
        }
    for (size_t c = 0; c < n && rank < equations; c++) {
        size_t pivot = rank;

        while (pivot < equations && m[pivot * n + c] == 0)
            pivot++;
        if (pivot == equations)
            continue;
        for (size_t k = 0; k < n; k++) {
            int64_t swap = m[pivot * n + k];

            m[pivot * n + k] = m[rank * n + k];
            m[rank * n + k] = swap;
        }
        for (size_t k = n, scale = (size_t)inverse(m[rank * n + c]); k-- > 0;)
            m[rank * n + k] = m[rank * n + k] * (int64_t)scale % PRIME;
        for (size_t e = 0; e < equations; e++)
            if (e != rank && m[e * n + c])
                for (size_t k = n, factor = (size_t)m[e * n + c]; k-- > 0;)
                    m[e * n + k] =
                        (m[e * n + k] + (PRIME - (int64_t)factor) * m[rank * n + k]) % PRIME;
        rank++;
    }
    for (size_t e = 0; e < rank; e++) {
        size_t alone = n, count = 0;

        for (size_t c = 0; c < n; c++)
            if (m[e * n + c]) {
                count++;
                alone = c;
            }
        found += count == 1 && is_sensitive_row(t, alone);
    }
    free(m);
    return found;
}

#endif
