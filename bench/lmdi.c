/*
 * How fast a decomposition runs: lmdi [ROUNDS]
 *
 * 300 regions × 40 sectors × 20 years in memory (240,000 rows, invented), five factors written as
 * expressions, chained and by end points: the whole engine, from the table to the tables. After one
 * warm-up ROUNDS (15) runs on one thread; median and best in milliseconds. The sum of an effect is
 * printed, so that the work cannot be left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "fangding/lmdi.h"

#define REGIONS 300
#define SECTORS 40
#define YEARS   20

static fd_table *make(void)
{
    static const char *const names[] = { "region", "sector", "year", "pop",
                                         "gdp",    "out",    "tce",  "co2" };
    fd_table *t = fd_table_new("in", "in", "in");
    const size_t rows = (size_t)REGIONS * SECTORS * YEARS;
    uint64_t x = 20250724;

    for (int c = 0; c < 8; c++) {
        fd_column *column = fd_column_new(names[c], c < 3 ? FD_TEXT : FD_EST, "", 0, rows);

        fd_table_add(t, column);
    }
    for (size_t i = 0; i < rows; i++) {
        const size_t at[3] = { i / YEARS / SECTORS, i / YEARS % SECTORS, i % YEARS };
        double v[5];

        for (int c = 0; c < 3; c++) {
            char text[16];

            snprintf(text, sizeof text, "%zu", (c == 2 ? 2000 : 100) + at[c]);
            fd_column_set_text(t->columns[c], i, text);
        }
        for (int c = 0; c < 5; c++) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            v[c] = 1 + (double)(x >> 40) / (1 << 24);
        }
        v[0] = 1000 + (double)(at[0] * 7 + at[2]); /* of the region and year, on each sector */
        v[1] = v[0] * (20 + (double)at[2]);
        for (int c = 0; c < 5; c++)
            fd_column_set_est(t->columns[3 + c], i, v[c]);
    }
    return t;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static int measure(const fd_table *in, fd_lmdi_spans spans, const char *what, int rounds)
{
    fd_lmdi_options o = FD_LMDI_OPTIONS_INIT;
    double *ms = calloc((size_t)rounds, sizeof *ms), sum = 0;

    o.by = "region";
    o.value = "co2";
    o.factors = "pop;rich=gdp/pop;structure=out/gdp;intensity=tce/out;carbon=co2/tce";
    o.spans = spans;
    for (int r = -1; r < rounds && ms; r++) {
        struct timespec a, b;
        fd_lmdi result;

        clock_gettime(CLOCK_MONOTONIC, &a);
        if (fd_lmdi_run(&result, in, &o) < 0) {
            fprintf(stderr, "%s\n", fd_error_last()->message[FD_EN]);
            free(ms);
            return 1;
        }
        clock_gettime(CLOCK_MONOTONIC, &b);
        sum = result.effects->columns[fd_table_find(result.effects, "d_carbon")]->v.est[0];
        fd_lmdi_dispose(&result);
        if (r >= 0)
            ms[r] = (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
    }
    if (ms) {
        qsort(ms, (size_t)rounds, sizeof *ms, by_size);
        printf("%-46s | %6.1f ms | %6.1f best | %-18.6g | %s\n", what, ms[rounds / 2], ms[0], sum,
               "<= 50 ms");
    }
    free(ms);
    return 0;
}

int main(int argc, char **argv)
{
    const int rounds = argc > 1 ? atoi(argv[1]) : 15;
    fd_table *in = make();
    int bad = rounds < 1;

    bad = bad || measure(in, FD_LMDI_ENDS, "LMDI 300 x 40 x 20 x 5, end points", rounds);
    bad = bad || measure(in, FD_LMDI_CHAINED, "LMDI 300 x 40 x 20 x 5, chained", rounds);
    fd_table_free(in);
    return bad;
}
