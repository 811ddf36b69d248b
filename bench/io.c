/*
 * How fast input–output analysis is: io [ROUNDS]
 *
 *   extraction  a dense table of 1,435 sectors: check, inverse, all extractions in closed form
 *   demands     9,800 sectors (49 × 200), 31 % of the cells filled, column sums .25 to .75: output
 *               called forth by 8 final demands, no inverse
 *   paths       the same table: the 1,000 largest structural paths, no limit of links
 *
 * Tables are invented by a hash of row and column; making them is not timed. The compressed matrix
 * is what a program would hold: its memory is in the peak that is printed. Medians of ROUNDS (3).
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "analysis/io.h"
#include "base/pool.h"
#include "fangding/arena.h"

#define REGIONS 49
#define SECTORS 200
#define LARGE   ((size_t)REGIONS * SECTORS)
#define MIDDLE  ((size_t)1435)

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* Sales of i to j before the column is scaled: 31 % of the cells, about lognormal, and twenty times
 * larger within a region. */
static double sales(size_t i, size_t j)
{
    const uint64_t h = mix(i * LARGE + j), g = mix(h);
    double normal = 0;

    if ((double)(h >> 11) * 0x1p-53 >= 0.31)
        return 0;
    for (int k = 0; k < 4; k++)
        normal += (double)(g >> 16 * k & 0xffff) * 0x1p-16 - 0.5;
    return exp(2 * normal * 1.7320508) * (i / SECTORS == j / SECTORS ? 20 : 1);
}

static double column_sum(size_t j)
{
    return 0.25 + 0.5 * (double)(mix(j ^ 0x5eed) >> 11) * 0x1p-53;
}

static double peak_mib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, ascending);
    return v[n / 2];
}

static char *code(size_t i)
{
    char text[32];

    snprintf(text, sizeof text, "r%zu.s%zu", i / SECTORS, i % SECTORS);
    return fd_strdup(text);
}

/* ---- extraction ---- */

static fd_labelled *matrix(size_t rows, size_t columns, const char *kind)
{
    fd_labelled *m = fd_alloc(sizeof *m);

    fd_labelled_init(m, rows, columns);
    for (size_t i = 0; i < rows; i++)
        m->row[i] = code(i);
    for (size_t j = 0; j < columns; j++)
        m->column[j] = kind ? fd_strdup(kind) : code(j);
    return m;
}

static fd_io_tables middle_table(void)
{
    fd_io_tables t = { .z = matrix(MIDDLE, MIDDLE, NULL), .y = matrix(MIDDLE, 1, "demand") };
    double *sum = fd_alloc(MIDDLE * sizeof *sum);

    for (size_t i = 0; i < MIDDLE; i++)
        for (size_t j = 0; j < MIDDLE; j++)
            sum[j] += sales(i, j);
    for (size_t i = 0; i < MIDDLE; i++) {
        for (size_t j = 0; j < MIDDLE; j++)
            t.z->v[i * MIDDLE + j] = sales(i, j) / sum[j] * column_sum(j) * 100;
        t.y->v[i] = 400; /* more than any row sells within, so that no column spends all */
    }
    free(sum);
    return t;
}

static void bench_extraction(size_t rounds)
{
    double *seconds = fd_alloc(rounds * sizeof *seconds), check = 0;

    for (size_t r = 0; r < rounds; r++) {
        fd_io_options options = FD_IO_OPTIONS_INIT;
        fd_io_tables t = middle_table();
        const double begin = now();
        fd_table *out = NULL;
        fd_io *io = NULL;

        if (fd_io_new(&io, &t, &options) < 0 || fd_io_extract(&out, io, 1) < 0)
            printf("%s\n", fd_error_last()->message[FD_EN]);
        else
            check = out->columns[1]->v.est[0];
        seconds[r] = now() - begin;
        fd_table_free(out);
        fd_io_free(io);
    }
    printf("%-46s | %9.3f | %9s | %-18.6g | %s\n", "extraction of each of 1,435, with inverse",
           median(seconds, rounds), "-", check, "<= 0.4 s");
    free(seconds);
}

/* ---- 9,800 sectors ---- */

static fd_sparse large_matrix(bool transposed, const double *sum)
{
    double *row = fd_alloc(LARGE * sizeof *row);
    fd_sparse m;

    fd_sparse_init(&m, LARGE);
    for (size_t i = 0; i < LARGE; i++) {
        for (size_t j = 0; j < LARGE; j++)
            row[j] = transposed ? sales(j, i) / sum[i] * column_sum(i)
                                : sales(i, j) / sum[j] * column_sum(j);
        fd_sparse_append(&m, row, 1, NULL);
    }
    free(row);
    return m;
}

static void bench_demands(size_t rounds, const double *sum, fd_pool *pool)
{
    fd_sparse a = large_matrix(false, sum);
    double *y = fd_alloc(LARGE * 8 * sizeof *y), *x = fd_alloc(LARGE * 8 * sizeof *x);
    double *seconds = fd_alloc(rounds * sizeof *seconds);
    fd_linear_report report = { 0, 0 };
    const double before = peak_mib();

    for (size_t i = 0; i < LARGE * 8; i++)
        y[i] = (double)(mix(i) >> 40);
    for (size_t r = 0; r < rounds; r++) {
        const double begin = now();

        if (fd_sparse_solve(&a, y, x, 8, 1e-12, pool, &report) < 0)
            printf("%s\n", fd_error_last()->message[FD_EN]);
        seconds[r] = now() - begin;
    }
    printf("%-46s | %9.3f | %9s | %3d steps, %.0e    | %s\n", "8 demands on 9,800 sectors",
           median(seconds, rounds), "-", report.iterations, report.residual, "<= 4 s");
    printf("%-46s | %9.0f | %9.0f | %-18s | %s\n", "  peak memory, MiB (before solving)",
           peak_mib(), before, "", "<= 1228.8 MiB");
    fd_sparse_dispose(&a);
    free(y);
    free(x);
    free(seconds);
}

static void bench_paths(size_t rounds, const double *sum, fd_pool *pool)
{
    fd_sparse a = large_matrix(true, sum);
    double *w = fd_alloc(LARGE * sizeof *w), *f = fd_alloc(LARGE * sizeof *f);
    double *bound = fd_alloc(LARGE * sizeof *bound), *seconds = fd_alloc(rounds * sizeof *seconds);
    char **codes = fd_alloc(LARGE * sizeof *codes);
    double last = 0;

    for (size_t i = 0; i < LARGE; i++) {
        w[i] = 1 - column_sum(i);
        f[i] = exp(4 * ((double)(mix(i ^ 77) >> 11) * 0x1p-53 - 0.5));
        codes[i] = code(i);
    }
    for (size_t r = 0; r < rounds; r++) {
        const double begin = now();
        fd_io_path *paths = NULL;
        size_t found = 0;

        if (fd_sparse_solve(&a, w, bound, 1, 1e-12, pool, NULL) < 0)
            printf("%s\n", fd_error_last()->message[FD_EN]);
        for (size_t i = 0; i < LARGE; i++)
            bound[i] *= 1 + 1e-9;
        if (fd_io__search(&paths, &found, &a, w, f, bound, 1000, 0, codes) < 0)
            printf("%s\n", fd_error_last()->message[FD_EN]);
        seconds[r] = now() - begin;
        last = found == 1000 ? paths[999].value : 0;
        fd_io__paths_free(paths, found);
    }
    printf("%-46s | %9.3f | %9s | %-18.6g | %s\n", "1,000 best paths on 9,800 sectors",
           median(seconds, rounds), "-", last, "<= 10 s");
    for (size_t i = 0; i < LARGE; i++)
        free(codes[i]);
    fd_sparse_dispose(&a);
    free(codes);
    free(w);
    free(f);
    free(bound);
    free(seconds);
}

int main(int argc, char **argv)
{
    const size_t rounds = argc > 1 && atoi(argv[1]) > 0 ? (size_t)atoi(argv[1]) : 3;
    double *sum = fd_alloc(LARGE * sizeof *sum);
    fd_pool *pool = fd_pool_new(0);

    bench_extraction(rounds);
    for (size_t i = 0; i < LARGE; i++)
        for (size_t j = 0; j < LARGE; j++)
            sum[j] += sales(i, j);
    bench_demands(rounds, sum, pool);
    bench_paths(rounds, sum, pool);
    fd_pool_free(pool);
    free(sum);
    return 0;
}
