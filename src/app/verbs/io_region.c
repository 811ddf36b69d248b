/*
 * io region, ras, gras, dynamic: a region's table from the nation's, balanced to its own totals,
 * and what a project does to it year by year.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/registry.h"
#include "app/verbs/io_load.h"
#include "app/verbs/io_region.h"
#include "base/str.h"
#include "fangding/arena.h"
#include "fangding/region_io.h"
#include "io/csvmatrix.h"
#include "io/csvtable.h"

/* ---- files ---- */

/* The file of a parameter, or on the command line one of a usual name in the current folder. */
static int read_file(fd_labelled *out, const fd_call *call, const char *param, const char *usual)
{
    const char *path = fd_call_text(call, param);

    memset(out, 0, sizeof *out);
    if (!path && call->scope)
        return fd_error_set(FD_EINVAL, "要给出 %s", "%s is needed", param);
    return fd_csv_matrix(out, path ? path : usual);
}

static int needs_square(const fd_labelled *m, const char *what)
{
    bool same = m->rows == m->columns;

    for (size_t i = 0; same && i < m->rows; i++)
        same = strcmp(m->row[i], m->column[i]) == 0;
    return same
               ? 0
               : fd_error_set(FD_EINVAL, "%s 的行和列应是同样的部门、同样的次序",
                              "rows and columns of %s should be the same sectors in the same order",
                              what);
}

/* A column of numbers in the order of `codes`; absent codes are refused. */
static int aligned(double **out, const fd_labelled *from, size_t column, char *const *codes,
                   size_t count, const char *what)
{
    *out = fd_alloc(count * sizeof **out + 1);
    if (column >= from->columns)
        return fd_error_set(FD_EINVAL, "%s 缺少一列数", "%s lacks a column of numbers", what);
    for (size_t i = 0; i < count; i++) {
        const ptrdiff_t at = fd_labelled_find(from->row, from->rows, codes[i]);

        if (at < 0)
            return fd_error_set(FD_ENOTFOUND, "%s 没有部门 %s", "%s has no sector %s", what,
                                codes[i]);
        (*out)[i] = from->v[(size_t)at * from->columns + column];
    }
    if (from->rows != count)
        return fd_error_set(FD_EINVAL, "%s 有 %zu 个部门,应为 %zu 个",
                            "%s has %zu sectors, expected %zu", what, from->rows, count);
    return 0;
}

static int read_vector(double **out, const fd_call *call, const char *param, const char *usual,
                       char *const *codes, size_t count)
{
    fd_labelled m;
    int err = read_file(&m, call, param, usual);

    *out = NULL;
    if (err < 0)
        return err;
    err = aligned(out, &m, 0, codes, count, fd_call_text(call, param) ? param : usual);
    fd_labelled_dispose(&m);
    return err;
}

/* A table that shares the codes of a matrix. */
static fd_table *with_codes(const fd_labelled *like, const char *id, const char *zh, const char *en)
{
    fd_table *t = fd_table_new(id, zh, en);
    fd_column *codes = fd_column_new(like->corner, FD_TEXT, "", 0, like->rows);

    fd_column_set_title(codes, "部门", "Sector");
    for (size_t i = 0; i < like->rows; i++)
        fd_column_set_text(codes, i, like->row[i]);
    fd_table_add(t, codes);
    return t;
}

static void put_column(fd_table *t, const char *id, const double *v)
{
    fd_column *c = fd_table_add_new(t, id, id, id, FD_EST, "", 12);

    for (size_t i = 0; i < t->rows; i++)
        fd_column_set_est(c, i, v[i]);
}

/* ---- io region ---- */

static const struct {
    const char *name;
    fd_quotient quotient;
} methods[] = { { "slq", FD_QUOTIENT_SLQ },
                { "cilq_diag1", FD_QUOTIENT_CILQ },
                { "cilq_diagslq", FD_QUOTIENT_CILQ_SLQ },
                { "flq", FD_QUOTIENT_FLQ },
                { "aflq", FD_QUOTIENT_AFLQ } };
enum { METHODS = sizeof methods / sizeof *methods, MOST_DELTAS = 32 };

void fd_io_region_dispose(fd_io_region *g)
{
    fd_labelled_dispose(&g->a);
    free(g->x);
    free(g->nation);
    free(g->slq);
    free(g->r);
    free(g->multipliers);
}

void fd_io_region_init(fd_io_region *g, size_t n)
{
    memset(g, 0, sizeof *g);
    g->n = n;
    g->slq = fd_alloc(n * sizeof *g->slq + 1);
    g->r = fd_alloc(n * n * sizeof *g->r + 1);
    g->multipliers = fd_alloc(n * sizeof *g->multipliers + 1);
}

/* What the region has of each sector, compared with the nation. */
static int find_quotients(fd_io_region *g)
{
    size_t at;
    int err = fd_region_slq(g->slq, &at, g->x, g->nation, g->n);

    if (err < 0 && at < g->n) {
        fd_error e = *fd_error_last();

        err = fd_error_set(err, "部门 %s:%s", "sector %s: %s", g->a.row[at], e.message[FD_EN]);
    }
    return err;
}

static int region_load(fd_io_region *g, const fd_call *call)
{
    fd_labelled a;
    int err;

    memset(g, 0, sizeof *g);
    if ((err = read_file(&a, call, "national", "national_A.csv")) < 0)
        return err;
    fd_io_region_init(g, a.rows);
    g->a = a;
    if ((err = needs_square(&g->a, "national")) < 0)
        return err;
    if ((err = read_vector(&g->nation, call, "national-output", "national_output.csv", g->a.row,
                           g->n)) < 0)
        return err;
    return read_vector(&g->x, call, "output-of-region", "region_output.csv", g->a.row, g->n);
}

/* Deltas as they were written: 0.25 names a column flq_0p25. */
static int read_deltas(double *out, const char **names, size_t *count, const fd_call *call)
{
    static const char *const usual[] = { "0.1", "0.2", "0.25", "0.3", "0.4" };
    const char **texts = (const char **)usual;

    *count = sizeof usual / sizeof *usual;
    if (fd_call_text(call, "delta"))
        *count = fd_call_list(call, "delta", &texts);
    if (*count == 0 || *count > MOST_DELTAS)
        return fd_error_set(FD_EINVAL, "δ 的个数应在 1 到 %d 之间", "between 1 and %d deltas",
                            MOST_DELTAS);
    for (size_t k = 0; k < *count; k++) {
        char *name = fd_arena_strdup(call->arena, texts[k]);

        if (!fd_csv_number(&out[k], texts[k], strlen(texts[k])) || out[k] < 0 || out[k] >= 1)
            return fd_error_set(FD_EINVAL, "δ 应在 0 与 1 之间:%s", "a delta lies in [0, 1): %s",
                                texts[k]);
        for (char *c = name; *c; c++)
            *c = *c == '.' ? 'p' : *c;
        names[k] = name;
    }
    return 0;
}

static int put_multipliers(fd_table *t, fd_io_region *g, const char *name, const double *r)
{
    int err = fd_region_multipliers(g->multipliers, r, g->n);

    if (err >= 0)
        put_column(t, name, g->multipliers);
    return err;
}

/* All methods beside the nation, FLQ and AFLQ at each delta. */
static int multipliers_table(fd_table **out, fd_io_region *g, const fd_call *call)
{
    const char *names[MOST_DELTAS];
    double deltas[MOST_DELTAS];
    fd_table *t = with_codes(&g->a, "multipliers", "产出乘数", "Output multipliers");
    size_t count;
    int err = read_deltas(deltas, names, &count, call);

    if (err >= 0)
        err = put_multipliers(t, g, "national", g->a.v);
    for (size_t k = 0; k < 3 && err >= 0; k++) {
        fd_region_coefficients(g->r, g->a.v, g->slq, g->n, methods[k].quotient, 1);
        err = put_multipliers(t, g, methods[k].name, g->r);
    }
    for (size_t d = 0; d < count && err >= 0; d++) {
        const double lambda = fd_region_lambda(g->x, g->nation, g->n, deltas[d]);
        char *name;

        for (size_t k = 3; k < METHODS && err >= 0; k++) {
            fd_region_coefficients(g->r, g->a.v, g->slq, g->n, methods[k].quotient, lambda);
            name = fd_arena_printf(call->arena, "%s_%s", methods[k].name, names[d]);
            err = put_multipliers(t, g, name, g->r);
        }
        for (size_t i = 0; i < g->n; i++)
            g->multipliers[i] = lambda;
        name = fd_arena_printf(call->arena, "lambda_%s", names[d]);
        put_column(t, name, g->multipliers);
    }
    if (err < 0) {
        fd_table_free(t);
        t = NULL;
    }
    *out = t;
    return err;
}

/* The coefficients that one method gives; FLQ and AFLQ at the first delta. */
static int one_method(fd_io_region *g, const fd_call *call)
{
    const char *wanted = fd_call_text(call, "method"), *names[MOST_DELTAS];
    double deltas[MOST_DELTAS] = { 0.25 };
    size_t count, k = 0;
    int err;

    if (fd_call_text(call, "delta") && (err = read_deltas(deltas, names, &count, call)) < 0)
        return err;
    wanted = wanted ? wanted : "flq";
    while (k + 1 < METHODS && strcmp(methods[k].name, wanted) != 0)
        k++;
    fd_region_coefficients(g->r, g->a.v, g->slq, g->n, methods[k].quotient,
                           fd_region_lambda(g->x, g->nation, g->n, deltas[0]));
    return 0;
}

static int spread_table(fd_table **out, fd_io_region *g, const fd_call *call)
{
    int64_t runs = 200, seed = 1;
    fd_region_spread *spread = fd_alloc(g->n * sizeof *spread + 1);
    const char *const columns[] = { "mean", "sd", "p5", "p95" };
    int err;

    if ((fd_call_text(call, "runs") && (err = fd_call_integer(call, "runs", &runs)) < 0) ||
        (fd_call_text(call, "seed") && (err = fd_call_integer(call, "seed", &seed)) < 0))
        goto done;
    if (runs < 2 || runs > 100000) {
        err = fd_error_set(FD_EINVAL, "--runs 应在 2 到 100000 之间", "--runs is 2 to 100000");
        goto done;
    }
    if ((err = one_method(g, call)) < 0 ||
        (err = fd_region_sample(spread, g->r, g->n, (size_t)runs, fd_io_number(call, "sd", 0.1),
                                (uint64_t)seed)) < 0)
        goto done;
    *out = with_codes(&g->a, "spread", "乘数的离散", "Spread of the multipliers");
    for (size_t k = 0; k < 4; k++) {
        for (size_t i = 0; i < g->n; i++)
            g->multipliers[i] = k == 0   ? spread[i].mean
                                : k == 1 ? spread[i].sd
                                : k == 2 ? spread[i].low
                                         : spread[i].high;
        put_column(*out, columns[k], g->multipliers);
    }
done:
    free(spread);
    return err;
}

/* From the lowest to the highest mean multiplier: what the choice of method is worth. */
static void say_range(fd_result *result, const fd_table *t)
{
    double low = INFINITY, high = -INFINITY;

    for (size_t c = 2; c < t->column_count; c++) {
        double sum = 0;

        if (strncmp(t->columns[c]->id, "lambda", 6) == 0)
            continue;
        for (size_t r = 0; r < t->rows; r++)
            sum += t->columns[c]->v.est[r];
        low = fmin(low, sum / (double)t->rows);
        high = fmax(high, sum / (double)t->rows);
    }
    fd_result_say(
        result, "各种方法、各个 δ 下,地区平均产出乘数在 %.2f 到 %.2f 之间:方法的选择和数据一样重要",
        "over all methods and deltas the region's mean output multiplier lies between "
        "%.2f and %.2f: the choice of method counts as much as the data",
        low, high);
}

/* How much of what the region buys by the nation's ways it can supply itself: sum r x over sum a x.
 */
static void say_supply(fd_result *result, const fd_io_region *g)
{
    double own = 0, all = 0;

    for (size_t i = 0; i < g->n; i++)
        for (size_t j = 0; j < g->n; j++) {
            own += g->r[i * g->n + j] * g->x[j];
            all += g->a.v[i * g->n + j] * g->x[j];
        }
    if (all > 0)
        fd_result_say(
            result, "按全国的生产方法,本地企业用的中间投入约 %.0f%% 本地供得上(推算)",
            "by the nation's ways about %.0f %% of the inputs that the region uses can be "
            "supplied there (an estimate)",
            100 * own / all);
}

/* The sector that stands out most. */
static void say_strongest(fd_result *result, const fd_io_region *g)
{
    size_t best = 0;

    for (size_t i = 1; i < g->n; i++)
        best = g->slq[i] > g->slq[best] ? i : best;
    if (g->n && g->slq[best] > 0)
        fd_result_say(result, "最突出的部门是 %s:占比是全国的 %.2f 倍",
                      "the sector that stands out is %s: its share is %.2f times the nation's",
                      g->a.row[best], g->slq[best]);
}

int fd_io_region_answer(fd_result *result, const fd_call *call, fd_io_region *g)
{
    const char *wanted = fd_call_text(call, "out");
    fd_table *t = NULL;
    int err = find_quotients(g);

    if (err < 0)
        return err;
    if (wanted && strcmp(wanted, "slq") == 0) {
        t = with_codes(&g->a, "slq", "区位商", "Location quotients");
        put_column(t, "slq", g->slq);
        say_strongest(result, g);
    } else if (wanted && strcmp(wanted, "multipliers") == 0) {
        if ((err = multipliers_table(&t, g, call)) >= 0)
            say_range(result, t);
    } else if (wanted && strcmp(wanted, "spread") == 0) {
        err = spread_table(&t, g, call);
    } else if ((err = one_method(g, call)) >= 0) {
        t = fd_labelled_table(&(fd_labelled){ g->n, g->n, g->r, g->a.row, g->a.column,
                                              g->a.corner },
                              "coefficients", "地区直接消耗系数", "Regional input coefficients");
        say_supply(result, g);
    }
    if (err >= 0)
        fd_result_add(result, t);
    return err;
}

static int run_region(fd_call *call, fd_result *result)
{
    fd_io_region g;
    int err;

    if ((err = region_load(&g, call)) >= 0 && (err = fd_io_region_answer(result, call, &g)) >= 0)
        fd_table_add_note(result->tables[0],
                          "系数基础:给出的全国表(含进口的系数表示技术,境内系数表示只从国内买)",
                          "on the national coefficients given: with imports they are technology, "
                          "domestic ones say what is bought at home");
    fd_io_region_dispose(&g);
    return err;
}

/* ---- io ras, io gras ---- */

/* Totals: a file with columns row_total and col_total by the same codes, or one file for each side.
 */
static int read_totals(double **rows, double **columns, const fd_labelled *z, const fd_call *call,
                       const char *const usual[3])
{
    const bool apart = fd_call_text(call, "rows") || (!fd_call_text(call, "targets") && !usual[0]);
    fd_labelled m;
    int err;

    if (apart) {
        if ((err = read_vector(rows, call, "rows", usual[1], z->row, z->rows)) < 0)
            return err;
        return read_vector(columns, call, "columns", usual[2], z->column, z->columns);
    }
    if ((err = read_file(&m, call, "targets", usual[0])) < 0)
        return err;
    if ((err = aligned(rows, &m, 0, z->row, z->rows, "targets")) >= 0)
        err = aligned(columns, &m, 1, z->column, z->columns, "targets");
    fd_labelled_dispose(&m);
    return err;
}

static int fit(fd_call *call, fd_result *result, bool signs)
{
    static const char *const ras[3] = { "ras_targets.csv", "row_targets.csv", "col_targets.csv" };
    static const char *const gras[3] = { NULL, "gras_row_targets.csv", "gras_col_targets.csv" };
    const double tolerance = fd_io_number(call, "tolerance", signs ? 1e-12 : 1e-10);
    double *rows = NULL, *columns = NULL;
    fd_balance_report report;
    fd_labelled z;
    int err = read_file(&z, call, "prior", signs ? "gras_prior.csv" : "ras_prior.csv");

    if (err < 0)
        return err;
    if ((err = read_totals(&rows, &columns, &z, call, signs ? gras : ras)) < 0)
        goto done;
    if (fd_call_flag(call, "scale-columns")) {
        double u = 0, v = 0;

        for (size_t i = 0; i < z.rows; i++)
            u += rows[i];
        for (size_t j = 0; j < z.columns; j++)
            v += columns[j];
        for (size_t j = 0; v != 0 && j < z.columns; j++)
            columns[j] *= u / v;
    }
    err = (signs ? fd_gras : fd_ras)(z.v, z.rows, z.columns, rows, columns, tolerance, &report);
    if (err < 0 && report.at < z.rows + z.columns) {
        const fd_error e = *fd_error_last();
        const bool is_row = report.at < z.rows;

        err = fd_error_set(err, "%s %s:%s", "%s %s: %s", is_row ? "row" : "column",
                           is_row ? z.row[report.at] : z.column[report.at - z.rows],
                           e.message[call->lang]);
        fd_error_hint("合计对不上时 --scale-columns 按行合计缩放列合计",
                      "--scale-columns scales the column totals to those of the rows");
    }
    if (err >= 0) {
        fd_result_add(result, fd_labelled_table(&z, signs ? "gras" : "ras", "平衡后的表",
                                                "The balanced matrix"));
        fd_result_say(result, "%d 步,行差 %.1e,列差 %.1e(占最大合计)",
                      "%d steps, row gap %.1e, column gap %.1e (of the largest total)",
                      report.iterations, report.row_gap, report.column_gap);
    }
done:
    fd_labelled_dispose(&z);
    free(rows);
    free(columns);
    return err;
}

static int run_ras(fd_call *call, fd_result *result)
{
    return fit(call, result, false);
}

static int run_gras(fd_call *call, fd_result *result)
{
    return fit(call, result, true);
}

/* ---- io dynamic ---- */

/* Demand of a project: a file with the columns build, operate and local_share. */
static int read_project(fd_labelled *y, const fd_call *call, char *const *codes, size_t n)
{
    double ramp[64], *columns[3] = { 0 };
    const char **texts = NULL;
    size_t steps = fd_call_text(call, "ramp") ? fd_call_list(call, "ramp", &texts) : 0;
    int64_t years = 10, build = 1;
    fd_labelled m = { 0 };
    int err;

    if ((fd_call_text(call, "years") && (err = fd_call_integer(call, "years", &years)) < 0) ||
        (fd_call_text(call, "build-years") &&
         (err = fd_call_integer(call, "build-years", &build)) < 0))
        return err;
    if (years < 1 || years > 200 || build < 1 || build > years || steps > 64)
        return fd_error_set(FD_EINVAL, "年数应在 1 到 200 之间,建设期不长于它,达产曲线至多 64 步",
                            "1 to 200 years, no shorter than the building, a ramp of 64 steps");
    for (size_t k = 0; k < steps; k++)
        if (!fd_csv_number(&ramp[k], texts[k], strlen(texts[k])))
            return fd_error_set(FD_EINVAL, "不是数:%s", "not a number: %s", texts[k]);
    if ((err = fd_csv_matrix(&m, fd_call_text(call, "project"))) < 0)
        return err;
    for (size_t k = 0; k < 3 && err >= 0; k++)
        err = aligned(&columns[k], &m, k, codes, n, "project");
    if (err >= 0) {
        fd_labelled_init(y, n, (size_t)years);
        y->corner = fd_strdup("code");
        for (size_t i = 0; i < n; i++)
            y->row[i] = fd_strdup(codes[i]);
        for (size_t t = 0; t < (size_t)years; t++) {
            char name[24];

            snprintf(name, sizeof name, "y%zu", t + 1);
            y->column[t] = fd_strdup(name);
        }
        fd_project_demand(y->v, columns[0], columns[1], columns[2], n, (size_t)build, ramp, steps,
                          (size_t)years);
    }
    fd_labelled_dispose(&m);
    for (size_t k = 0; k < 3; k++)
        free(columns[k]);
    return err;
}

/* The rows of a path in the order of the coefficients. */
static int align_path(double **out, const fd_labelled *path, char *const *codes, size_t n)
{
    *out = fd_alloc(n * path->columns * sizeof **out + 1);
    for (size_t i = 0; i < n; i++) {
        const ptrdiff_t at = fd_labelled_find(path->row, path->rows, codes[i]);

        if (at < 0)
            return fd_error_set(FD_ENOTFOUND, "最终需求没有部门 %s",
                                "final demand has no sector %s", codes[i]);
        memcpy(*out + i * path->columns, path->v + (size_t)at * path->columns,
               path->columns * sizeof **out);
    }
    return 0;
}

static int solve_path(double *x, const fd_call *call, const fd_labelled *a, const double *y,
                      size_t years)
{
    const char *wanted = fd_call_text(call, "out");
    fd_labelled b;
    int err;

    if (!wanted || strcmp(wanted, "leontief") != 0)
        return fd_output_path(x, a->v, y, a->rows, years);
    if ((err = read_file(&b, call, "capital", "capital_B.csv")) < 0)
        return err;
    if (b.rows != a->rows || b.columns != a->columns)
        err = fd_error_set(FD_EINVAL, "资本系数应与直接消耗系数同阶",
                           "capital coefficients should be of the order of the input coefficients");
    for (size_t i = 0; i < a->rows && err >= 0; i++)
        if (strcmp(a->row[i], b.row[i]) != 0)
            err = fd_error_set(FD_EINVAL, "资本系数第 %zu 行是 %s,应为 %s",
                               "row %zu of the capital coefficients is %s, expected %s", i + 1,
                               b.row[i], a->row[i]);
    if (err >= 0)
        err = fd_dynamic_leontief(x, a->v, b.v, y, a->rows, years);
    fd_labelled_dispose(&b);
    return err;
}

/* The whole span, and the year that brings most; x is n × years. */
static void say_path(fd_result *result, const double *x, const fd_labelled *path, size_t n)
{
    const size_t years = path->columns;
    double total = 0, most = 0;
    size_t best = 0;

    for (size_t k = 0; k < years; k++) {
        double sum = 0;

        for (size_t i = 0; i < n; i++)
            sum += x[i * years + k];
        total += sum;
        if (k == 0 || sum > most) {
            most = sum;
            best = k;
        }
    }
    if (years)
        fd_result_say(result, "%zu 年合计 %.6g,最多的是 %s:%.6g",
                      "%zu years together %.6g, most in %s: %.6g", years, total, path->column[best],
                      most);
}

static int run_dynamic(fd_call *call, fd_result *result)
{
    const char *wanted = fd_call_text(call, "out");
    fd_labelled a, path = { 0 };
    double *y = NULL, *x = NULL;
    size_t n, years;
    int err = read_file(&a, call, "coefficients", "A_used.csv");

    if (err < 0)
        return err;
    n = a.rows;
    if ((err = needs_square(&a, "coefficients")) < 0 ||
        (err = fd_call_text(call, "project")
                   ? read_project(&path, call, a.row, n)
                   : read_file(&path, call, "demand", "final_demand_path.csv")) < 0 ||
        (err = align_path(&y, &path, a.row, n)) < 0)
        goto done;
    years = path.columns;
    x = fd_alloc(n * years * sizeof *x + 1);
    if (wanted && strcmp(wanted, "demand") == 0)
        memcpy(x, y, n * years * sizeof *x);
    else if ((err = solve_path(x, call, &a, y, years)) < 0)
        goto done;
    {
        fd_table *t = with_codes(&a, "path", "逐年结果", "Year by year");

        for (size_t k = 0; k < years; k++) {
            fd_column *c =
                fd_table_add_new(t, path.column[k], path.column[k], path.column[k], FD_EST, "", 12);

            for (size_t i = 0; i < n; i++)
                fd_column_set_est(c, i, x[i * years + k]);
        }
        fd_table_add_note(
            t, "项目自己的产出不在里面:只算它的采购带动的产出",
            "the project's own output is not in it, only what its purchases bring about");
        say_path(result, x, &path, n);
        fd_result_add(result, t);
    }
done:
    fd_labelled_dispose(&a);
    fd_labelled_dispose(&path);
    free(y);
    free(x);
    return err;
}

/* ---- declarations ---- */

#define CHOICE(choices, zh, en)                                                                    \
    {                                                                                              \
        "out", FD_P_CHOICE, false, false, false, "NAME", zh, en, choices                           \
    }

static const fd_verb_param region_params[] = {
    CHOICE("coefficients|slq|multipliers|spread", "要哪张表(默认 coefficients)",
           "which table (coefficients)"),
    FD_IO_REGION_METHOD,
    FD_IO_FILE("national", "全国直接消耗系数(默认 national_A.csv)",
               "national input coefficients (national_A.csv)"),
    FD_IO_FILE("national-output", "全国各部门产出", "national output by sector"),
    FD_IO_FILE("output-of-region", "地区各部门产出(或就业)", "the region's output (or employment)"),
    FD_IO_REGION_SAMPLE,
};
static const char *const region_examples[] = {
    "io region --national 地区表/A.csv --national-output 地区表/nation.csv --output-of-region "
    "地区表/region.csv --out multipliers",
    NULL
};
FD_IO_VERB(fd_verb_io_region, "io region",
           "投入产出:由全国表推地区表,SLQ、CILQ、FLQ、AFLQ,δ 一并扫过",
           "a region's coefficients from the nation's: SLQ, CILQ, FLQ, AFLQ, sweeping delta",
           region_params, region_examples, run_region);

#define FIT_PARAMS                                                                                 \
    FD_IO_FILE("prior", "原来的表", "the matrix before"),                                          \
        FD_IO_FILE("targets", "合计:代码、行合计、列合计",                                         \
                   "totals: code, row total, column total"),                                       \
        FD_IO_FILE("rows", "行合计", "row totals"),                                                \
        FD_IO_FILE("columns", "列合计", "column totals"),                                          \
        FD_IO_PARAM("scale-columns", FD_P_FLAG, NULL, "列合计按行合计缩放",                        \
                    "scale the column totals to those of the rows"),                               \
        FD_IO_PARAM("tolerance", FD_P_NUMBER, "GAP", "收敛容差", "gap that is good enough")

static const fd_verb_param ras_params[] = { FIT_PARAMS };
static const char *const ras_examples[] = {
    "io ras --prior 地区表/prior.csv --targets 地区表/targets.csv", NULL
};
FD_IO_VERB(fd_verb_io_ras, "io ras", "投入产出:按行列合计平衡(RAS),没有负数的表",
           "balance a matrix without negative entries to its totals (RAS)", ras_params,
           ras_examples, run_ras);

static const fd_verb_param gras_params[] = { FIT_PARAMS };
static const char *const gras_examples[] = {
    "io gras --prior 地区表/prior.csv --targets 地区表/targets.csv", NULL
};
FD_IO_VERB(fd_verb_io_gras, "io gras", "投入产出:按行列合计平衡(GRAS),正负号和零都保留",
           "balance a matrix to its totals keeping signs and zeros (GRAS)", gras_params,
           gras_examples, run_gras);

static const fd_verb_param dynamic_params[] = {
    CHOICE("output|leontief|demand", "要什么(默认 output;leontief 带资本系数)",
           "which (output; leontief with capital coefficients)"),
    FD_IO_FILE("coefficients", "直接消耗系数(默认 A_used.csv)", "input coefficients (A_used.csv)"),
    FD_IO_FILE("capital", "资本系数(默认 capital_B.csv)", "capital coefficients (capital_B.csv)"),
    FD_IO_FILE("demand", "逐年最终需求(默认 final_demand_path.csv)",
               "final demand by year (final_demand_path.csv)"),
    FD_IO_FILE("project", "项目:代码、建设投资、年运行采购、本地率",
               "a project: code, investment, yearly purchases, local share"),
    { "years", FD_P_INTEGER, false, false, false, "N", "算几年(默认 10)", "years (10)", NULL },
    { "build-years", FD_P_INTEGER, false, false, false, "N", "建设几年(默认 1)",
      "years of building (1)", NULL },
    { "ramp", FD_P_LIST, false, false, false, "SHARE,…", "达产曲线,如 0.3,0.6,1(默认一步到位)",
      "the ramp, such as 0.3,0.6,1 (full at once)", NULL },
};
static const char *const dynamic_examples[] = {
    "io dynamic --coefficients 地区表/A.csv --project 地区表/project.csv --years 6 --build-years 2 "
    "--ramp 0.4,0.8,1",
    NULL
};
FD_IO_VERB(fd_verb_io_dynamic, "io dynamic", "投入产出:项目建设和运行逐年带动多少产出;动态列昂惕夫",
           "what building and running a project brings each year; dynamic Leontief", dynamic_params,
           dynamic_examples, run_dynamic);
