/*
 * How fast economic complexity is computed: complexity [LOCATIONS PRODUCTS [FILE]]
 *
 * A lognormal matrix with 30 % of its cells empty (3,000 × 1,400 without arguments), long, in
 * memory: first the indices without relatedness (ECI, PCI, reflections, fitness, variety), then
 * with the outlook, then every table. Prints seconds, peak memory and the sum of |ECI|, so that the
 * work cannot be left out. With FILE the matrix is written there too, for a peer to read.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fangding/complexity.h"

static double uniform(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(uint64_t *state)
{
    const double u = uniform(state), v = uniform(state);

    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

/* Columns row, location, product, value; locations × products rows less the empty cells. */
static fd_table *make(size_t locations, size_t products)
{
    fd_table *t = fd_table_new("flows", "flows", "flows");
    double *cell = malloc(locations * products * sizeof *cell);
    fd_column *location, *product, *value;
    uint64_t state = 20250724;
    size_t rows = 0;
    char text[24];

    if (t == NULL || cell == NULL)
        abort();
    for (size_t k = 0; k < locations * products; k++) {
        cell[k] = uniform(&state) < 0.3 ? 0 : exp(normal(&state));
        rows += cell[k] > 0;
    }
    fd_table_add(t, location = fd_column_new("location", FD_TEXT, "", 0, rows));
    product = fd_table_add_new(t, "product", "product", "product", FD_TEXT, "", 0);
    value = fd_table_add_new(t, "value", "value", "value", FD_EST, "", 12);
    for (size_t k = 0, row = 0; k < locations * products; k++) {
        if (cell[k] == 0)
            continue;
        snprintf(text, sizeof text, "c%04zu", k / products);
        fd_column_set_text(location, row, text);
        snprintf(text, sizeof text, "%04zu", k % products);
        fd_column_set_text(product, row, text);
        fd_column_set_est(value, row++, cell[k]);
    }
    free(cell);
    return t;
}

static int write_csv(const char *path, const fd_table *t)
{
    FILE *file = fopen(path, "w");

    if (file == NULL)
        return 1;
    fputs("location,product,value\n", file);
    for (size_t row = 0; row < t->rows; row++)
        fprintf(file, "%s,%s,%.17g\n", fd_column_text(t->columns[0], row),
                fd_column_text(t->columns[1], row), t->columns[2]->v.est[row]);
    return fclose(file) != 0;
}

static int run(const fd_table *in, const char *what, bool relatedness, bool all, const char *aim)
{
    fd_complexity_options o = FD_COMPLEXITY_OPTIONS_INIT;
    fd_complexity result;
    struct timespec from, to;
    struct rusage before, usage;
    double sum = 0;

    o.relatedness = relatedness;
    if (!relatedness)
        o.reflections = o.fitness_steps = 0;
    o.cells = o.proximity = all;
    getrusage(RUSAGE_SELF, &before);
    clock_gettime(CLOCK_MONOTONIC, &from);
    if (fd_complexity_run(&result, in, &o) < 0) {
        fprintf(stderr, "%s\n", fd_error_last()->message[FD_EN]);
        return 1;
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    getrusage(RUSAGE_SELF, &usage);
    for (size_t row = 0; row < result.locations->rows; row++)
        sum += fabs(result.locations->columns[fd_table_find(result.locations, "eci")]->v.est[row]);
    printf("%-46s | %7.3f s | %3ld+%3ld MB | %-18.9g | %s\n", what,
           (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9,
           before.ru_maxrss / 1024, (usage.ru_maxrss - before.ru_maxrss) / 1024, sum, aim);
    fd_complexity_dispose(&result);
    return 0;
}

/* Each measure in a process of its own, so that its peak memory is its own. */
static int apart(const fd_table *in, const char *what, bool relatedness, bool all, const char *aim)
{
    int status = 1;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        status = run(in, what, relatedness, all, aim);
        fflush(stdout);
        _exit(status);
    }
    return child < 0 || waitpid(child, &status, 0) < 0 || status != 0;
}

int main(int argc, char **argv)
{
    const size_t locations = argc > 2 ? strtoull(argv[1], NULL, 10) : 3000;
    const size_t products = argc > 2 ? strtoull(argv[2], NULL, 10) : 1400;
    fd_table *in = make(locations, products);
    char what[80];
    int bad = argc > 3 && write_csv(argv[3], in);

    snprintf(what, sizeof what, "complexity %zu x %zu, ECI and PCI", locations, products);
    bad = bad || apart(in, what, false, false, "<= 0.2 s");
    snprintf(what, sizeof what, "complexity %zu x %zu, and outlook", locations, products);
    bad = bad || apart(in, what, true, false, "-");
    snprintf(what, sizeof what, "complexity %zu x %zu, every table", locations, products);
    bad = bad || apart(in, what, true, true, "<= 2 s, < 300 MB");
    fd_table_free(in);
    return bad;
}
