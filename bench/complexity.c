/*
 * How fast economic complexity is computed: complexity [LOCATIONS PRODUCTS]
 *
 * A lognormal matrix with 30 % of its cells empty (3,000 × 1,400 without arguments), long, in
 * memory: first ECI and PCI, then with the outlook, then every table. The table of texts
 * and numbers is read inside the measured time. Prints wall and processor seconds, the peak memory
 * of the process with the part of it that is the input, and the sum of |ECI|, so that the work
 * cannot be left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "fangding/complexity.h"

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
        cell[k] = fd_bench_uniform(&state) < 0.3 ? 0 : exp(fd_bench_normal(&state));
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

static double seconds(struct timeval from, struct timeval to)
{
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_usec - from.tv_usec) * 1e-6;
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
    o.cells = o.proximity = o.variety = all;
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
    printf("%-46s | %6.3f s | %6.3f s processor | %3ld MB (input %ld) | %-12.9g | %s\n", what,
           (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9,
           seconds(before.ru_utime, usage.ru_utime) + seconds(before.ru_stime, usage.ru_stime),
           usage.ru_maxrss / 1024, before.ru_maxrss / 1024, sum, aim);
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
    int bad;

    snprintf(what, sizeof what, "complexity %zu x %zu, ECI and PCI", locations, products);
    bad = apart(in, what, false, false, "<= 0.2 s");
    snprintf(what, sizeof what, "complexity %zu x %zu, and outlook", locations, products);
    bad = bad || apart(in, what, true, false, "-");
    snprintf(what, sizeof what, "complexity %zu x %zu, every table", locations, products);
    bad = bad || apart(in, what, true, true, "<= 2 s, < 300 MB");
    fd_table_free(in);
    return bad;
}
