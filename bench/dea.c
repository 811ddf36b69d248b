/*
 * How fast efficiency is computed: dea [UNITS [INPUTS OUTPUTS [THREADS]]]
 *
 * Without arguments the measures of bench/README.md.  Units are lognormal around a common size:
 * z ~ N(0,1); inputs exp(0.5 N + z), outputs exp(0.5 N + z), from a fixed generator.  A table in
 * memory goes in and tables come out; the file is not part of it.  Prints seconds, peak memory and
 * the corners of the frontier.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fangding/dea.h"

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double uniform(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
}

/* Box and Muller, one of the pair. */
static double normal(uint64_t *state)
{
    const double u = uniform(state), v = uniform(state);

    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

static fd_table *generate(size_t n, int inputs, int outputs)
{
    fd_table *t = fd_table_new("units", "units", "units");
    fd_column **c = calloc((size_t)(inputs + outputs), sizeof *c);
    uint64_t state = 20250724;

    fd_table_add(t, fd_column_new("row", FD_EST, "", 0, n));
    for (int k = 0; k < inputs + outputs; k++) {
        char id[24];

        snprintf(id, sizeof id, "%s%d", k < inputs ? "in_x" : "out_y",
                 k < inputs ? k + 1 : k - inputs + 1);
        c[k] = fd_table_add_new(t, id, id, id, FD_EST, "", 12);
    }
    for (size_t u = 0; u < n; u++) {
        const double z = normal(&state);

        for (int k = 0; k < inputs + outputs; k++)
            fd_column_set_est(c[k], u, exp(0.5 * normal(&state) + z));
    }
    free(c);
    return t;
}

static int run(size_t n, int inputs, int outputs, size_t threads, bool crs, bool vrs)
{
    fd_dea_options o = FD_DEA_OPTIONS_INIT;
    fd_table *in = generate(n, inputs, outputs);
    struct rusage before, after;
    double from, seconds, sum = 0;
    fd_dea r;

    o.rts[FD_CRS] = crs;
    o.rts[FD_VRS] = vrs;
    o.output = false;
    o.threads = threads;
    getrusage(RUSAGE_SELF, &before);
    from = now_s();
    if (fd_dea_run(&r, in, &o) < 0) {
        fprintf(stderr, "%s\n", fd_error_last()->message[FD_EN]);
        return 1;
    }
    seconds = now_s() - from;
    getrusage(RUSAGE_SELF, &after);
    for (size_t u = 0; u < n; u++)
        sum += r.scores->columns[1]->v.est[u];
    printf("DEA %s%s %d x %d, n = %-8zu %8.3f s %8.3f s user %6ld MB  corners", crs ? "CCR " : "",
           vrs ? "BCC" : "", inputs, outputs, n, seconds,
           (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
               (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) * 1e-6,
           after.ru_maxrss / 1024);
    for (size_t k = 0; k < r.frontier->rows; k++)
        printf(" %s %.0f", fd_column_text(r.frontier->columns[0], k),
               r.frontier->columns[3]->v.est[k]);
    printf("  mean %.9f\n", sum / (double)n);
    fd_dea_dispose(&r);
    fd_table_free(in);
    return 0;
}

/* Each measure in a process of its own, so that its peak memory is its own. */
static int apart(size_t n, int inputs, int outputs, bool crs)
{
    int status = 1;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        status = run(n, inputs, outputs, 0, crs, true);
        fflush(stdout);
        _exit(status);
    }
    return child < 0 || waitpid(child, &status, 0) < 0 || status != 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return run(strtoull(argv[1], NULL, 10), argc > 3 ? atoi(argv[2]) : 3,
                   argc > 3 ? atoi(argv[3]) : 2, argc > 4 ? strtoull(argv[4], NULL, 10) : 0,
                   argc > 5 && strchr(argv[5], 'c'), argc <= 5 || strchr(argv[5], 'v'));
    return apart(5000, 3, 2, true) | apart(100000, 3, 2, false) | apart(1000000, 3, 2, false) |
           apart(5000, 5, 3, true) | apart(100000, 5, 3, false);
}
