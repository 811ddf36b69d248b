/*
 * The plan at city size, against CLP alone in the same process: 12 chains × 9 counties × 5 years ×
 * 12 technologies with 460 projects, about 27,000 columns; synthetic, seed 1.
 *
 *   bench_plan [RUNS]      medians of processor seconds (wall in brackets)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <coin/Clp_C_Interface.h>

#include "plan/internal.h"
#include "solve/mps.h"

enum { CHAINS = 12, COUNTIES = 9, TECHNOLOGIES = 10, PROJECTS = 460, POINTS = 50, WARM = 20 };

static uint64_t state = 1;

static double uniform(double low, double high)
{
    uint64_t z = (state += 0x9E3779B97F4A7C15u);

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return low + (high - low) * ((double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0);
}

typedef struct seconds {
    double processor, wall;
} seconds;

static seconds now(void)
{
    struct timespec a, b;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    clock_gettime(CLOCK_MONOTONIC, &b);
    return (seconds){ (double)a.tv_sec + 1e-9 * (double)a.tv_nsec,
                      (double)b.tv_sec + 1e-9 * (double)b.tv_nsec };
}

static seconds since(seconds begun)
{
    seconds end = now();

    return (seconds){ end.processor - begun.processor, end.wall - begun.wall };
}

static int compare(const void *a, const void *b)
{
    const seconds *x = a, *y = b;

    return x->processor < y->processor ? -1 : x->processor > y->processor;
}

static seconds median(seconds *runs, size_t count)
{
    qsort(runs, count, sizeof *runs, compare);
    return runs[count / 2];
}

static void put(fd_table *t, size_t row, const char *column, double value)
{
    fd_column_set_est(t->columns[fd_table_find(t, column)], row, value);
}

static fd_table *new_table(const char *const *texts, const char *const *numbers)
{
    fd_table *t = fd_table_new("t", "t", "t");

    for (; *texts; texts++)
        fd_table_add_new(t, *texts, *texts, *texts, FD_TEXT, "", 0);
    for (; *numbers; numbers++)
        fd_table_add_new(t, *numbers, *numbers, *numbers, FD_EST, "", 0);
    return t;
}

static const char *code(const char *kind, int i)
{
    static char buf[4][32];
    static int at;

    at = (at + 1) % 4;
    snprintf(buf[at], sizeof buf[at], "%s%02d", kind, i);
    return buf[at];
}

static fd_table *make_base(void)
{
    fd_table *t = new_table((const char *[]){ "chain", "county", NULL },
                            (const char *[]){ "value_added", "emerging", NULL });

    for (int c = 0; c < CHAINS; c++)
        for (int k = 0; k < COUNTIES; k++) {
            size_t row = fd_table_add_row(t);
            double value = uniform(1, 11), part = c < 4 ? uniform(0.3, 0.6) : uniform(0.01, 0.06);

            fd_column_set_text(t->columns[0], row, code("c", c));
            fd_column_set_text(t->columns[1], row, code("k", k));
            put(t, row, "value_added", value);
            put(t, row, "emerging", value * part);
        }
    return t;
}

static void technology(fd_table *t, const char *chain, const char *id, bool existing,
                       double emerging, double dirt)
{
    size_t row = fd_table_add_row(t);

    fd_column_set_text(t->columns[0], row, chain);
    fd_column_set_text(t->columns[1], row, id);
    fd_column_set_text(t->columns[2], row, existing ? "existing" : "new");
    put(t, row, "emerging", emerging);
    put(t, row, "investment", existing ? 0 : uniform(1.5, 4));
    put(t, row, "energy", dirt * uniform(0.8, 1.2));
    put(t, row, "carbon", dirt * uniform(2, 3));
    put(t, row, "pollutant", dirt * uniform(8, 14));
    put(t, row, "land", existing ? 0 : uniform(5, 40));
    put(t, row, "jobs", uniform(150, 360));
    put(t, row, "lag", existing ? 0 : (uniform(0, 1) < 0.6 ? 1 : 2));
    put(t, row, "first", existing ? 1 : uniform(0.5, 0.8));
    put(t, row, "build", existing ? 0 : uniform(0.3, 1.2));
    put(t, row, "growth", existing ? (emerging > 0 ? 8 : 4.5) : 0);
    put(t, row, "retire", existing ? (emerging > 0 ? 2 : 6) : 3);
    put(t, row, "deviation", existing ? 0 : 0.2);
}

static fd_table *make_technologies(void)
{
    fd_table *t = new_table((const char *[]){ "chain", "technology", "kind", NULL },
                            (const char *[]){ "emerging", "investment", "energy", "carbon",
                                              "pollutant", "land", "jobs", "lag", "first", "build",
                                              "growth", "retire", "deviation", NULL });

    for (int c = 0; c < CHAINS; c++) {
        double dirt = c < 4 ? 0.6 : uniform(1, 3);

        technology(t, code("c", c), "old", true, 0, dirt);
        technology(t, code("c", c), "sei", true, 1, 0.4);
        for (int h = 0; h < TECHNOLOGIES; h++)
            technology(t, code("c", c), code("h", h), false, h % 2 ? uniform(0.6, 1) : 0.1,
                       dirt * uniform(0.2, 0.8));
    }
    return t;
}

static fd_table *make_limits(double share)
{
    static const struct {
        const char *limit;
        double value;
    } limits[] = { { "years", 5 },       { "growth", 5 },   { "county", 98 },  { "market", 25 },
                   { "energy", 103 },    { "carbon", 102 }, { "labour", 115 }, { "land", 900 },
                   { "pollutant", 101 }, { "finance", 75 } };
    fd_table *t =
        new_table((const char *[]){ "limit", "year", NULL }, (const char *[]){ "value", NULL });
    size_t row;

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, limits[i].limit);
        put(t, row, "value", limits[i].value);
    }
    row = fd_table_add_row(t);
    fd_column_set_text(t->columns[0], row, "share");
    put(t, row, "value", share);
    return t;
}

static fd_table *make_projects(void)
{
    fd_table *t = new_table((const char *[]){ "id", "chain", "county", "finish", NULL },
                            (const char *[]){ "value_added", "emerging", NULL });

    for (int j = 0; j < PROJECTS; j++) {
        size_t row = fd_table_add_row(t);
        double value = uniform(0.01, 0.12);
        char finish[40];

        snprintf(finish, sizeof finish, "%d-%02d-01", 2025 + (int)uniform(0, 3),
                 1 + (int)uniform(0, 12));
        fd_column_set_text(t->columns[0], row, code("p", j));
        fd_column_set_text(t->columns[1], row, code("c", (int)uniform(0, CHAINS)));
        fd_column_set_text(t->columns[2], row, code("k", (int)uniform(0, COUNTIES)));
        fd_column_set_text(t->columns[3], row, finish);
        put(t, row, "value_added", value);
        put(t, row, "emerging", value * uniform(0, 1));
    }
    return t;
}

static fd_plan *make_plan(double share)
{
    fd_table *t[] = { make_base(), make_technologies(), make_limits(share), make_projects() };
    fd_plan_tables tables = { t[0], t[1], t[2], t[3], 2024 };
    fd_plan *plan = NULL;

    if (fd_plan_read(&plan, &tables) < 0) {
        fprintf(stderr, "%s\n", fd_error_last()->message[FD_EN]);
        exit(1);
    }
    for (int i = 0; i < 4; i++)
        fd_table_free(t[i]);
    return plan;
}

static void must(int err)
{
    if (err < 0) {
        fprintf(stderr, "%s\n", fd_error_last()->message[FD_EN]);
        exit(1);
    }
}

/* CLP by itself: its own reader's arrays are ours, its own defaults, nothing checked. */
static double clp_alone(const fd_model *m)
{
    Clp_Simplex *clp = Clp_newModel();
    int *starts = fd_alloc((m->column_count + 1) * sizeof *starts),
        *rows = fd_alloc((m->entry_count + 1) * sizeof *rows);
    double *values = fd_alloc((m->entry_count + 1) * sizeof *values),
           *v = fd_alloc((3 * m->column_count + 2 * m->row_count + 1) * sizeof *v), *lower = v,
           *upper = lower + m->column_count, *cost = upper + m->column_count,
           *low = cost + m->column_count, *high = low + m->row_count, objective;

    for (size_t c = 0; c <= m->column_count; c++)
        starts[c] = (int)m->starts[c];
    for (size_t i = 0; i < m->entry_count; i++) {
        rows[i] = (int)m->entries[i].row;
        values[i] = m->entries[i].value;
    }
    for (size_t c = 0; c < m->column_count; c++) {
        lower[c] = m->columns[c].lower;
        upper[c] = m->columns[c].upper;
        cost[c] = -m->columns[c].objective;
    }
    for (size_t r = 0; r < m->row_count; r++) {
        low[r] = m->rows[r].lower;
        high[r] = m->rows[r].upper;
    }
    Clp_setLogLevel(clp, 0);
    Clp_loadProblem(clp, (int)m->column_count, (int)m->row_count, starts, rows, values, lower,
                    upper, cost, low, high);
    Clp_initialSolve(clp);
    objective = -Clp_objectiveValue(clp);
    Clp_deleteModel(clp);
    free(starts);
    free(rows);
    free(values);
    free(v);
    return objective;
}

static fd_lp *ours(const fd_model *m, double *objective, fd_certificate *certificate)
{
    fd_lp_options how = FD_LP_OPTIONS_INIT;
    fd_lp_status status;
    fd_lp *lp;

    how.method = FD_LP_DUAL;
    how.presolve = true;
    lp = fd_model_lp(m, &how);
    must(fd_lp_solve(&status, lp));
    if (status != FD_LP_OPTIMAL) {
        fprintf(stderr, "no optimum\n");
        exit(1);
    }
    fd_certify_optimal(certificate, m, fd_lp_primal(lp), fd_lp_dual(lp));
    *objective = certificate->objective;
    return lp;
}

static void line(const char *what, seconds s, const char *rest)
{
    printf("%-44s | %7.3f s [%.3f] | %s\n", what, s.processor, s.wall, rest);
    fflush(stdout);
}

static void cold(const fd_plan_model *m, size_t runs, fd_lp **kept)
{
    seconds mine[16], clp[16], a, b;
    fd_certificate certificate;
    double x = 0, y = 0;
    char rest[160];

    for (size_t i = 0; i < runs; i++) {
        seconds begun = now();

        y = clp_alone(m->model);
        clp[i] = since(begun);
        begun = now();
        fd_lp_free(*kept);
        *kept = ours(m->model, &x, &certificate);
        mine[i] = since(begun);
    }
    a = median(mine, runs);
    b = median(clp, runs);
    snprintf(rest, sizeof rest,
             "CLP alone %.3f s, ratio %.2f (aim <= 1.1), optima differ by %.1e, certificate %s",
             b.processor, a.processor / b.processor, fabs(x - y) / fabs(y),
             certificate.holds ? "holds" : "FAILS");
    line("plan LP, cold, with certificate", a, rest);
}

static void warm(const fd_plan_model *m, fd_lp *lp)
{
    fd_lp_status status;
    seconds begun, s;
    size_t row;

    if (!fd_model_find_row(m->model, "energy_2027", &row))
        exit(1);
    fd_lp_set_method(lp, FD_LP_DUAL);
    begun = now();
    for (int i = 1; i <= WARM; i++) {
        fd_lp_set_row(lp, row, -FD_LP_INF, m->model->rows[row].upper * (1 + 0.001 * (i % 7 - 3)));
        must(fd_lp_solve(&status, lp));
    }
    s = since(begun);
    s.processor /= WARM;
    s.wall /= WARM;
    line("warm re-solve, mean of 20", s, "aim <= 0.2 s");
}

static void front(const fd_plan_model *m)
{
    fd_front_point points[POINTS];
    fd_lp_options how = FD_LP_OPTIONS_INIT;
    fd_largest largest;
    fd_lp_status status;
    fd_shared shared;
    seconds begun;
    size_t good = 0;
    char rest[160];
    double from;
    fd_lp *lp;

    how.method = FD_LP_DUAL;
    how.presolve = true;
    must(fd_share_attach(&shared, m->model, &m->shares[m->years - 1]));
    lp = fd_model_lp(shared.model, &how);
    must(fd_lp_solve(&status, lp));
    from = fd_share_value(&m->shares[m->years - 1], fd_lp_primal(lp));
    {
        fd_lp_basis *basis = fd_lp_basis_save(lp);

        begun = now();
        must(fd_share_largest(&largest, &shared, lp));
        snprintf(rest, sizeof rest, "%.4f %%, %zu steps, certificate %s", 100 * largest.share,
                 largest.steps, largest.certificate.holds ? "holds" : "FAILS");
        line("largest share, from the optimum's basis", since(begun), rest);
        fd_lp_basis_load(lp, basis);
        fd_lp_basis_free(basis);
    }
    begun = now();
    must(fd_share_front(points, POINTS, &shared, lp, from, 0.9999 * largest.share));
    for (size_t i = 0; i < POINTS; i++)
        good += points[i].feasible && points[i].certificate.holds;
    snprintf(rest, sizeof rest, "%zu of %d certified, %.2f to %.2f %% (aim <= 25 s)", good, POINTS,
             100 * from, 100 * largest.share);
    line("front of 50 points", since(begun), rest);
    fd_largest_dispose(&largest);
    fd_lp_free(lp);
    fd_model_free(shared.model);
}

static void why(void)
{
    fd_plan_options options = FD_PLAN_OPTIONS_INIT;
    fd_plan *plan;
    fd_table *t;
    seconds begun;
    char rest[160];

    state = 1;
    plan = make_plan(42);
    options.seconds = 600;
    begun = now();
    must(fd_plan_run(&t, NULL, plan, FD_PLAN_WHY, &options));
    snprintf(rest, sizeof rest, "%zu policies, %s (aim <= 60 s)", t->rows,
             t->rows && fd_number_to_double(fd_column_number(t->columns[3], 0)) == 1
                 ? "verified"
                 : "none or NOT VERIFIED");
    line("explained infeasibility", since(begun), rest);
    fd_table_free(t);
    fd_plan_free(plan);
}

int main(int argc, char **argv)
{
    size_t runs = argc > 1 ? (size_t)atoi(argv[1]) : 3;
    fd_plan *plan = make_plan(20);
    fd_plan_model m;
    fd_lp *lp = NULL;

    must(fd_plan__build(&m, plan));
    printf("%zu columns, %zu rows, %zu non-zeros\n", m.model->column_count, m.model->row_count,
           m.model->entry_count);
    cold(&m, runs < 1 ? 1 : runs > 16 ? 16 : runs, &lp);
    warm(&m, lp);
    fd_lp_free(lp);
    front(&m);
    why();
    fd_plan__model_dispose(&m);
    fd_plan_free(plan);
    return 0;
}
