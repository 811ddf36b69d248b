/*
 * How fast efficiency is computed: dea [UNITS [INPUTS OUTPUTS [THREADS]]]
 *
 * Without arguments the measures of bench/README.md: DEA, then Malmquist and Malmquist–Luenberger.
 * Units are lognormal around a common size: z ~ N(0,1); inputs exp(0.5 N + z), outputs exp(0.5 N +
 * z), from a fixed generator.  A table in memory goes in and tables come out; the file is not part
 * of it.  Prints seconds, peak memory and the corners of the frontier.
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

#include "bench.h"
#include "fangding/malmquist.h"
#include "solve/lp.h"

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
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
        const double z = fd_bench_normal(&state);

        for (int k = 0; k < inputs + outputs; k++)
            fd_column_set_est(c[k], u, exp(0.5 * fd_bench_normal(&state) + z));
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

/* The usual way, for comparison: for each unit one program with a column for every unit, by CLP. */
static double one_program_each(const fd_table *in, int inputs, int dims, double *mean)
{
    const double from = now_s();
    const size_t n = in->rows;

    *mean = 0;
    for (size_t o = 0; o < n; o++) {
        fd_lp *lp = fd_lp_new(false);
        const size_t theta = fd_lp_add_column(lp, 1, 0, FD_LP_INF);
        fd_lp_status status;

        for (int k = 0; k < dims; k++) {
            const double own = in->columns[k + 1]->v.est[o];

            (void)fd_lp_add_row(lp, k < inputs ? -FD_LP_INF : own, k < inputs ? 0 : FD_LP_INF);
            if (k < inputs)
                fd_lp_put(lp, (size_t)k, theta, -own);
        }
        (void)fd_lp_add_row(lp, 1, 1);
        for (size_t u = 0; u < n; u++) {
            const size_t lambda = fd_lp_add_column(lp, 0, 0, FD_LP_INF);

            for (int k = 0; k < dims; k++)
                fd_lp_put(lp, (size_t)k, lambda, in->columns[k + 1]->v.est[u]);
            fd_lp_put(lp, (size_t)dims, lambda, 1);
        }
        if (fd_lp_solve(&status, lp) == 0 && status == FD_LP_OPTIMAL)
            *mean += fd_lp_objective(lp) / (double)n;
        fd_lp_free(lp);
    }
    return now_s() - from;
}

static int compare(size_t n)
{
    fd_dea_options o = FD_DEA_OPTIONS_INIT;
    fd_table *in = generate(n, 3, 2);
    double from = now_s(), ours, theirs, mean, sum = 0;
    fd_dea r;

    o.rts[FD_CRS] = o.output = false;
    if (fd_dea_run(&r, in, &o) < 0)
        return 1;
    ours = now_s() - from;
    for (size_t u = 0; u < n; u++)
        sum += r.scores->columns[1]->v.est[u] / (double)n;
    theirs = one_program_each(in, 3, 5, &mean);
    printf("DEA BCC 3 x 2, n = %zu: ours %.4f s, one CLP program a unit %.2f s, ratio %.0f; "
           "means differ by %.1e\n",
           n, ours, theirs, theirs / ours, fabs(mean - sum));
    fd_dea_dispose(&r);
    fd_table_free(in);
    return 0;
}

/* units × periods, inputs 3, outputs 2, 1 bad; everything grows by 2 % a period around its place.
 */
static fd_table *generate_panel(size_t units, size_t periods)
{
    static const char *const names[] = { "in_k", "in_l", "in_e", "out_y", "out_s", "bad_c" };
    const size_t n = units * periods;
    fd_table *t = fd_table_new("panel", "panel", "panel");
    fd_column *id, *time, *c[6];
    uint64_t state = 7;
    char text[32];

    fd_table_add(t, id = fd_column_new("id", FD_TEXT, "", 0, n));
    time = fd_table_add_new(t, "t", "t", "t", FD_TEXT, "", 0);
    for (int k = 0; k < 6; k++)
        c[k] = fd_table_add_new(t, names[k], names[k], names[k], FD_EST, "", 12);
    for (size_t u = 0; u < units; u++) {
        const double z = fd_bench_normal(&state);
        double own[6];

        for (int k = 0; k < 6; k++)
            own[k] = 0.5 * fd_bench_normal(&state) + z;
        for (size_t p = 0; p < periods; p++) {
            const size_t row = p * units + u;

            snprintf(text, sizeof text, "u%05zu", u);
            fd_column_set_text(id, row, text);
            snprintf(text, sizeof text, "%zu", 2010 + p);
            fd_column_set_text(time, row, text);
            for (int k = 0; k < 6; k++)
                fd_column_set_est(c[k], row,
                                  exp(own[k] + 0.02 * (double)p + 0.05 * fd_bench_normal(&state)));
        }
    }
    return t;
}

static int run_panel(size_t units, size_t periods, bool green)
{
    fd_table *in = generate_panel(units, periods);
    fd_malmquist_options o = FD_MALMQUIST_OPTIONS_INIT;
    fd_malmquist m = { NULL, NULL };
    fd_green g = { NULL, NULL };
    const double from = now_s();
    struct rusage usage;
    int err = green ? fd_green_run(&g, in, NULL) : fd_malmquist_run(&m, in, &o);

    if (err < 0) {
        fprintf(stderr, "%s\n", fd_error_last()->message[FD_EN]);
        return 1;
    }
    getrusage(RUSAGE_SELF, &usage);
    printf("%s, %zu units x %zu periods %8.3f s %6ld MB  %zu rows\n",
           green ? "Malmquist-Luenberger and global, 3 x 2 x 1" : "Malmquist and global, 3 x 2",
           units, periods, now_s() - from, usage.ru_maxrss / 1024,
           green ? g.index->rows : m.index->rows);
    fd_malmquist_dispose(&m);
    fd_green_dispose(&g);
    fd_table_free(in);
    return 0;
}

/* Each measure in a process of its own, so that its peak memory is its own. */
typedef struct measure {
    size_t n;
    int inputs, outputs; /* inputs 0: a panel of `outputs` periods */
    bool crs;            /* with constant returns, too; a panel: with bad outputs */
} measure;

static int apart(const measure *m)
{
    int status = 1;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        status = m->inputs ? run(m->n, m->inputs, m->outputs, 0, m->crs, true)
                           : run_panel(m->n, (size_t)m->outputs, m->crs);
        fflush(stdout);
        _exit(status);
    }
    return child < 0 || waitpid(child, &status, 0) < 0 || status != 0;
}

int main(int argc, char **argv)
{
    static const measure all[] = {
        { 5000, 3, 2, true },   { 100000, 3, 2, false }, { 1000000, 3, 2, false },
        { 5000, 5, 3, true },   { 100000, 5, 3, false }, { 2000, 6, 6, true },
        { 2800, 0, 10, false }, { 2800, 0, 10, true },
    };
    int failed = 0;

    if (argc > 1)
        return run(strtoull(argv[1], NULL, 10), argc > 3 ? atoi(argv[2]) : 3,
                   argc > 3 ? atoi(argv[3]) : 2, argc > 4 ? strtoull(argv[4], NULL, 10) : 0,
                   argc > 5 && strchr(argv[5], 'c'), argc <= 5 || strchr(argv[5], 'v'));
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        failed |= apart(&all[k]);
    return failed | compare(1000);
}
