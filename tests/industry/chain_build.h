/*
 * Tables for the tests of chains: from text by hand, and at random.
 */
#ifndef TEST_CHAIN_BUILD_H
#define TEST_CHAIN_BUILD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fangding/table.h"

/* "a,b:n\nx,1\n": columns whose name ends in ":n" hold numbers; empty cells are missing. */
static inline fd_table *table_from(const char *text)
{
    fd_table *t = fd_table_new("t", "t", "t");
    fd_view rest = fd_view_of(text), line, cell;
    bool header = true;

    while (fd_view_split(&rest, '\n', &line)) {
        size_t c = 0, row = 0;

        if (!line.len)
            continue;
        if (!header)
            row = fd_table_add_row(t);
        for (fd_view cells = line; fd_view_split(&cells, ',', &cell); c++) {
            char *word = strndup(cell.ptr, cell.len);

            if (header) {
                const bool number = fd_view_ends(cell, ":n");

                word[cell.len - (number ? 2 : 0)] = '\0';
                fd_table_add_new(t, word, word, word, number ? FD_EST : FD_TEXT, "", 0);
            } else if (!*word) {
            } else if (t->columns[c]->kind == FD_EST) {
                fd_column_set_est(t->columns[c], row, strtod(word, NULL));
            } else {
                fd_column_set_text(t->columns[c], row, word);
            }
            free(word);
        }
        header = false;
    }
    return t;
}

static inline uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* The same rows in another order. */
static inline fd_table *shuffled(const fd_table *in, uint64_t seed)
{
    fd_table *t = fd_table_new("t", "t", "t");
    size_t *order = calloc(in->rows + 1, sizeof *order);

    for (size_t i = 0; i < in->rows; i++)
        order[i] = i;
    for (size_t i = in->rows; i > 1; i--) {
        const size_t j = next_random(&seed) % i, was = order[i - 1];

        order[i - 1] = order[j];
        order[j] = was;
    }
    for (size_t c = 0; c < in->column_count; c++)
        fd_table_add_new(t, in->columns[c]->id, "", "", in->columns[c]->kind, "", 0);
    for (size_t i = 0; i < in->rows; i++) {
        fd_table_add_row(t);
        for (size_t c = 0; c < in->column_count; c++) {
            const fd_column *from = in->columns[c];

            if (fd_column_state(from, order[i]) != FD_HAS)
                continue;
            if (from->kind == FD_EST)
                fd_column_set_est(t->columns[c], i, from->v.est[order[i]]);
            else
                fd_column_set_text(t->columns[c], i, fd_column_text(from, order[i]));
        }
    }
    free(order);
    return t;
}

/* Every cell as CSV, notes left out; free(). */
static inline char *printed(const fd_table *t)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    fd_print_options o = FD_PRINT_OPTIONS_INIT;

    o.format = FD_FORMAT_CSV;
    fd_table_print(t, f, &o);
    fclose(f);
    return text;
}

#endif
