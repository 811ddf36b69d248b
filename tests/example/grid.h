/*
 * Reading back what the generator wrote, with nothing of the generator: a file as a grid of texts.
 */
#ifndef FD_TEST_EXAMPLE_GRID_H
#define FD_TEST_EXAMPLE_GRID_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "io/rows.h"

typedef struct grid {
    char **cells; /* rows × columns, "" where a row is short */
    size_t rows, columns;
    fd_map *index; /* of the first column: text → row */
    char **heads;
    size_t damaged;
    fd_rows_info info;
} grid;

static void grid_free(grid *g)
{
    for (size_t i = 0; i < g->rows * g->columns; i++)
        free(g->cells[i]);
    for (size_t i = 0; i < g->columns; i++)
        free(g->heads[i]);
    free(g->cells);
    free(g->heads);
    fd_map_free(g->index);
    memset(g, 0, sizeof *g);
}

static char *copy_of(fd_view v)
{
    char *text = malloc(v.len + 1);

    memcpy(text, v.ptr, v.len);
    text[v.len] = 0;
    return text;
}

/*
 * The header is the first row whose first cell is `key`. A second such row below it is the lower
 * half of a merged header; the names are then joined by ';'. Damaged rows are counted and left out.
 */
static void grid_read(grid *g, const char *folder, const char *name, const char *key)
{
    char path[1024];
    fd_rows *rows = NULL;
    const fd_row *row;
    fd_vec(char *) cells = { 0 };
    int err;

    memset(g, 0, sizeof *g);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (fd_rows_open(&rows, path, NULL) < 0) {
        fprintf(stderr, "cannot read %s: %s\n", path, fd_error_last()->message[FD_EN]);
        abort();
    }
    g->info = *fd_rows_info_of(rows);
    g->index = fd_map_new();
    while ((err = fd_rows_next(rows, &row)) > 0) {
        bool head = row->count && fd_view_is(row->cells[0].text, key);

        if (row->damaged) {
            g->damaged++;
            continue;
        }
        if (!g->heads && !head)
            continue;
        if (!g->heads) {
            g->columns = row->count;
            g->heads = calloc(g->columns, sizeof *g->heads);
            for (size_t i = 0; i < g->columns; i++)
                g->heads[i] = copy_of(row->cells[i].text);
            continue;
        }
        if (head) {
            for (size_t i = 0; i < g->columns; i++)
                if (!fd_view_is(row->cells[i].text, g->heads[i])) {
                    char joined[256];

                    snprintf(joined, sizeof joined, "%s;%.*s", g->heads[i],
                             (int)row->cells[i].text.len, row->cells[i].text.ptr);
                    free(g->heads[i]);
                    g->heads[i] = copy_of(fd_view_of(joined));
                }
            continue;
        }
        for (size_t i = 0; i < g->columns; i++)
            fd_vec_push(&cells, copy_of(i < row->count ? row->cells[i].text : FD_VIEW("")));
        fd_map_set(g->index, fd_view_of(cells.items[cells.count - g->columns]), g->rows);
        g->rows++;
    }
    fd_rows_close(rows);
    if (err < 0 || !g->heads) {
        fprintf(stderr, "%s: %s\n", path, err < 0 ? fd_error_last()->message[FD_EN] : "no header");
        abort();
    }
    g->cells = cells.items;
}

static size_t grid_column(const grid *g, const char *head)
{
    for (size_t i = 0; i < g->columns; i++)
        if (!strcmp(g->heads[i], head))
            return i;
    fprintf(stderr, "no column %s\n", head);
    abort();
}

static const char *grid_text(const grid *g, size_t row, const char *head)
{
    return g->cells[row * g->columns + grid_column(g, head)];
}

static double grid_number(const grid *g, size_t row, const char *head)
{
    return atof(grid_text(g, row, head));
}

/* Row of a first cell; -1 when there is none. */
static long grid_find(const grid *g, const char *key)
{
    uint64_t row;

    return fd_map_get(g->index, fd_view_of(key), &row) ? (long)row : -1;
}

#endif
