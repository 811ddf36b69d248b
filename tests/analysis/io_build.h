/*
 * Tables for the tests of input–output analysis.
 */
#ifndef FD_TEST_IO_BUILD_H
#define FD_TEST_IO_BUILD_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/io.h"
#include "fangding/arena.h"

static inline fd_labelled *matrix(size_t rows, size_t columns, const double *v, const char *row,
                                  const char *column)
{
    fd_labelled *m = fd_alloc(sizeof *m);
    char name[48];

    fd_labelled_init(m, rows, columns);
    memcpy(m->v, v, rows * columns * sizeof *v);
    for (size_t i = 0; i < rows; i++) {
        snprintf(name, sizeof name, "%s%zu", row, i + 1);
        m->row[i] = fd_strdup(name);
    }
    for (size_t j = 0; j < columns; j++) {
        snprintf(name, sizeof name, "%s%zu", column, j + 1);
        m->column[j] = fd_strdup(name);
    }
    return m;
}

static inline void rename_code(char **code, const char *name)
{
    free(*code);
    *code = fd_strdup(name);
}

/* A balanced table: n sectors, 3 categories (TC, FU, EX), 3 parts of value added, imports. */
#define MOST 16
typedef struct data {
    size_t n;
    double z[MOST * MOST], zm[MOST * MOST], y[MOST * 3], ym[MOST * 3], va[3 * MOST], x[MOST],
        jobs[MOST];
} data;

static inline double random_of(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) * 0x1p-53;
}

static inline void invent(data *d, size_t n, uint64_t seed)
{
    memset(d, 0, sizeof *d);
    d->n = n;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            d->z[i * n + j] = random_of(&seed) < 0.3 ? 0 : 100 * random_of(&seed);
            d->zm[i * n + j] = 20 * random_of(&seed);
            d->x[i] += d->z[i * n + j];
        }
        for (size_t c = 0; c < 3; c++) {
            d->y[i * 3 + c] = 100 * (double)n * (c == 1 && i == 1 ? -0.05 : random_of(&seed));
            d->ym[i * 3 + c] = c < 2 ? 30 * random_of(&seed) : 0;
            d->x[i] += d->y[i * 3 + c];
        }
        d->jobs[i] = 50 * random_of(&seed);
    }
    for (size_t j = 0; j < n; j++) {
        double left = d->x[j];

        for (size_t i = 0; i < n; i++)
            left -= d->z[i * n + j] + d->zm[i * n + j];
        d->va[0 * n + j] = 0.6 * left;
        d->va[1 * n + j] = j == 0 ? -0.1 * left : 0.1 * left; /* subsidies */
        d->va[2 * n + j] = left - d->va[0 * n + j] - d->va[1 * n + j];
    }
}

static inline fd_io_tables tables_of(const data *d)
{
    fd_io_tables t = { 0 };

    t.z = matrix(d->n, d->n, d->z, "s", "s");
    t.z_import = matrix(d->n, d->n, d->zm, "s", "s");
    t.y = matrix(d->n, 3, d->y, "s", "c");
    t.y_import = matrix(d->n, 3, d->ym, "s", "c");
    t.output = matrix(d->n, 1, d->x, "s", "x");
    t.value_added = matrix(3, d->n, d->va, "VA00", "s");
    t.employment = matrix(d->n, 1, d->jobs, "s", "persons");
    for (size_t k = 0; k < 2; k++) {
        fd_labelled *y = k ? t.y_import : t.y;

        rename_code(&y->column[0], "TC");
        rename_code(&y->column[1], "FU");
        rename_code(&y->column[2], "EX");
    }
    return t;
}

static inline fd_io *open_tables(fd_io_tables *t, const fd_io_options *options)
{
    const fd_io_options defaults = FD_IO_OPTIONS_INIT;
    fd_io *io = NULL;

    if (fd_io_new(&io, t, options ? options : &defaults) < 0)
        fail_msg("%s", fd_error_last()->message[FD_EN]);
    return io;
}

static inline fd_io *open_data(const data *d, const fd_io_options *options)
{
    fd_io_tables t = tables_of(d);

    return open_tables(&t, options);
}

static inline double cell(const fd_table *t, const char *column, size_t row)
{
    const int at = fd_table_find(t, column);

    assert_true(at >= 0);
    assert_int_equal(fd_column_state(t->columns[at], row), FD_HAS);
    return t->columns[at]->v.est[row];
}

static inline const char *word(const fd_table *t, const char *column, size_t row)
{
    const int at = fd_table_find(t, column);

    assert_true(at >= 0);
    return fd_column_text(t->columns[at], row);
}

static inline void near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance * fmax(1, fabs(expected))))
        fail_msg("expected %.17g, got %.17g", expected, got);
}

#endif
