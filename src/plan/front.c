/*
 * What one gives for the share: the front, uncertain yields.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/internal.h"

static fd_lp *solver_of(const fd_model *model, double seconds)
{
    fd_lp_options how = FD_LP_OPTIONS_INIT;

    how.method = FD_LP_DUAL;
    how.presolve = true;
    how.seconds = seconds;
    return fd_model_lp(model, &how);
}

/* The best of one goal for shares from `from` to `to`; the first call finds these two. */
static int front_of(fd_front_point *points, fd_plan *plan, fd_plan_goal goal, double *from,
                    double *to, const fd_plan_options *options)
{
    int at = fd_plan__target_year(plan, options) - plan->base_year - 1, err;
    fd_largest largest = { 0 };
    fd_shared shared = { 0 };
    fd_lp *lp = NULL;
    fd_lp_status status;
    fd_plan_model m;

    if ((err = fd_plan__build(&m, plan)) < 0)
        return err;
    fd_plan__aim(&m, plan, goal);
    if ((err = fd_share_attach(&shared, m.model, &m.shares[at])) < 0)
        goto done;
    lp = solver_of(shared.model, options->seconds);
    if ((err = fd_lp_solve(&status, lp)) < 0)
        goto done;
    if (status != FD_LP_OPTIMAL) {
        err = fd_error_set(FD_EINFEASIBLE, "限制之间互相矛盾", "the limits contradict each other");
        goto done;
    }
    if (goal == FD_GOAL_GROWTH) {
        fd_lp_basis *basis = fd_lp_basis_save(lp);

        *from = fd_share_value(&m.shares[at], fd_lp_primal(lp));
        if ((err = fd_share_largest(&largest, &shared, lp)) >= 0)
            *to = 0.9999 * largest.share;
        fd_lp_basis_load(lp, basis);
        fd_lp_basis_free(basis);
    }
    if (err >= 0)
        err = fd_share_front(points, options->points, &shared, lp, *from, *to);
done:
    fd_lp_free(lp);
    fd_largest_dispose(&largest);
    fd_model_free(shared.model);
    fd_plan__model_dispose(&m);
    return err;
}

int fd_plan__front(fd_table **out, fd_plan *plan, const fd_plan_options *options)
{
    static const fd_column_spec specs[] = {
        { "share_at_least", "占比不低于", "Share at least", FD_EST, "%", 0 },
        { "growth", "累计增加值减投资年费", "Value added less cost", FD_EST, "亿元", 0 },
        { "energy", "累计能耗最少", "Least energy", FD_EST, "万吨标准煤", 0 },
        { "jobs", "末年用工最多", "Most jobs", FD_EST, "人", 0 },
        { "dominated", "被支配", "Dominated", FD_BOOL, NULL, 0 },
        { "certificate", "证书", "Certificate", FD_BOOL, NULL, 0 },
    };
    size_t n = options->points < 2 ? 2 : options->points;
    fd_front_point *points = fd_alloc((FD_GOAL_COUNT * n + 1) * sizeof *points);
    fd_plan_options own = *options;
    double from = 0, to = 0;
    fd_table *t;
    int err = 0;

    own.points = n;
    for (int g = 0; g < FD_GOAL_COUNT && err >= 0; g++)
        err = front_of(points + (size_t)g * n, plan, (fd_plan_goal)g, &from, &to, &own);
    if (err < 0)
        goto done;
    t = fd_table_new("front", "占比与增长、能耗、用工的前沿", "Share against growth, energy, jobs");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; i < n; i++) {
        size_t row = fd_table_add_row(t);
        bool dominated = true, holds = true;

        fd_column_set_est(t->columns[0], row, 100 * points[i].share);
        for (size_t g = 0; g < FD_GOAL_COUNT; g++) {
            const fd_front_point *p = &points[g * n + i];

            dominated = dominated && p->dominated;
            holds = holds && p->feasible && p->certificate.holds;
            if (p->feasible)
                fd_column_set_est(t->columns[1 + g], row, p->objective);
        }
        fd_column_set_bool(t->columns[4], row, dominated);
        fd_column_set_bool(t->columns[5], row, holds);
    }
    fd_table_add_note(
        t, "ε 约束法:占比逐点抬高,三个目标各自求最优(不是同一个方案);各点从上一点的基出发。",
        "Epsilon-constraint: the share is raised point by point, the best of each goal on its own "
        "(not one plan), from the basis of the point before.");
    *out = t;
done:
    free(points);
    return err;
}

/* ---- uncertain yields ---- */

/* The program whose share row holds although `gamma` of the uncertain yields fall short together
 * (Bertsimas and Sim 2004, doi:10.1287/opre.1030.0065): sum (e-s) q - gamma z - sum p >= 0, z + p_j
 * >= deviation_j |e_j - s| q_j. */
static int robust_model(fd_plan_model *m, const fd_plan *plan, int year, double s, double gamma)
{
    int at = year - plan->base_year - 1, err;
    size_t row, z, p, protect;
    char name[64];

    if ((err = fd_plan__build(m, plan)) < 0 ||
        (err = fd_plan__require(&row, m, plan, year, s)) < 0 ||
        (err = fd_model_add_column(m->model, &z, "z", 0, 0, FD_LP_INF, false)) < 0)
        return err;
    fd_model_put(m->model, row, z, -gamma);
    for (size_t i = 0; i < m->activities.count; i++) {
        const fd_plan_activity *a = &m->activities.items[i];
        const fd_plan_technology *h = &plan->technologies.items[a->technology];

        if (h->deviation == 0 || h->existing)
            continue;
        snprintf(name, sizeof name, "short.%zu", i);
        if ((err = fd_model_add_column(m->model, &p, name, 0, 0, FD_LP_INF, false)) < 0 ||
            (err = fd_model_add_row(m->model, &protect, name, 0, FD_LP_INF)) < 0)
            return err;
        fd_model_put(m->model, row, p, -1);
        fd_model_put(m->model, protect, z, 1);
        fd_model_put(m->model, protect, p, 1);
        fd_model_put(m->model, protect, a->use + (size_t)at, -h->deviation * fabs(h->emerging - s));
    }
    return fd_model_finish(m->model);
}

/* The largest share that a budget of uncertainty leaves, by bisection: each step is exact for its
 * fixed share. */
static int robust_share(double *out, const fd_plan *plan, int year, double gamma, double most,
                        double seconds)
{
    double low = 0, high = most;
    fd_lp_basis *basis = NULL;
    int err = 0;

    for (int step = 0; step < 18 && err >= 0 && high - low > 1e-6; step++) {
        double s = step ? (low + high) / 2 : most * (1 - 1e-7);
        fd_plan_model m = { 0 };
        fd_lp_status status;
        fd_lp *lp = NULL;

        if ((err = robust_model(&m, plan, year, s, gamma)) >= 0) {
            lp = solver_of(m.model, seconds);
            for (size_t c = 0; c < m.model->column_count; c++)
                fd_lp_set_objective(lp, c, 0);
            fd_lp_basis_load(lp, basis);
            if ((err = fd_lp_solve(&status, lp)) >= 0) {
                if (status == FD_LP_OPTIMAL &&
                    fd_certify_feasible(m.model, NULL, NULL, fd_lp_primal(lp)) <=
                        FD_CERTIFY_TOLERANCE)
                    low = s; /* a plan that was checked guarantees it */
                else
                    high = s;
                fd_lp_basis_free(basis);
                basis = fd_lp_basis_save(lp);
            }
        }
        fd_lp_free(lp);
        fd_plan__model_dispose(&m);
    }
    fd_lp_basis_free(basis);
    *out = low;
    return err;
}

/* splitmix64: the same numbers everywhere. */
static double draw(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* Shares of the programme when every new activity yields 1 ± deviation, evenly; sorted. */
static void simulate(double *shares, const fd_plan *plan, const fd_plan_model *m, const double *x,
                     int at, const fd_plan_options *options)
{
    uint64_t state = options->seed;

    for (size_t k = 0; k < options->draws; k++) {
        double part = 0, whole = 0;

        for (size_t c = 0; c < m->shares[at].columns; c++) {
            part += m->shares[at].part[c] * x[c];
            whole += m->shares[at].whole[c] * x[c];
        }
        for (size_t i = 0; i < m->activities.count; i++) {
            const fd_plan_activity *a = &m->activities.items[i];
            const fd_plan_technology *h = &plan->technologies.items[a->technology];
            double q = x[a->use + (size_t)at], off;

            if (h->existing || h->deviation == 0)
                continue;
            off = h->deviation * (2 * draw(&state) - 1) * q;
            part += h->emerging * off;
            whole += off;
        }
        shares[k] = part / whole;
    }
    qsort(shares, options->draws, sizeof *shares, compare_doubles);
}

static void add_line(fd_table *t, const char *quantity, double gamma, double value)
{
    size_t row = fd_table_add_row(t);

    fd_column_set_text(t->columns[0], row, quantity);
    if (!isnan(gamma))
        fd_column_set_est(t->columns[1], row, gamma);
    fd_column_set_est(t->columns[2], row, value);
}

static int monte_carlo(fd_table *t, fd_plan *plan, const fd_plan_options *options)
{
    int at = fd_plan__target_year(plan, options) - plan->base_year - 1, err;
    double target = fd_plan__target(plan, options), *shares;
    fd_plan_solution s = { 0 };
    fd_plan_model m;
    size_t n = options->draws, reached = 0;

    if (n == 0)
        return 0;
    if ((err = fd_plan__build(&m, plan)) < 0)
        return err;
    if ((err = fd_plan__solve(&s, &m, plan, options)) < 0)
        goto done;
    shares = fd_alloc(n * sizeof *shares);
    simulate(shares, plan, &m, s.x, at, options);
    for (size_t k = 0; k < n; k++)
        reached += shares[k] >= target * (1 - 1e-9);
    add_line(t, "probability_of_target", NAN, 100 * (double)reached / (double)n);
    add_line(t, "share_p05", NAN, 100 * shares[n / 20]);
    add_line(t, "share_p50", NAN, 100 * shares[n / 2]);
    add_line(t, "share_p95", NAN, 100 * shares[n - 1 - n / 20]);
    free(shares);
done:
    fd_plan__solution_dispose(&s);
    fd_plan__model_dispose(&m);
    return err;
}

int fd_plan__robust(fd_table **out, fd_plan *plan, const fd_plan_options *options)
{
    static const double range[] = { 0, 1, 2, 5, 10, 1e6 };
    static const fd_column_spec specs[] = {
        { "quantity", "量", "Quantity", FD_TEXT, NULL, 0 },
        { "gamma", "同时失准的个数", "Gamma", FD_EST, NULL, 0 },
        { "value", "值", "Value", FD_EST, "%", 0 },
    };
    fd_table *t = fd_table_new("robust", "产出不确定时", "With uncertain yields");
    int year = fd_plan__target_year(plan, options), at = year - plan->base_year - 1, err;
    size_t count = options->gamma >= 0 ? 1 : sizeof range / sizeof *range;
    fd_largest largest = { 0 };
    fd_plan_model m;
    double most;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    if ((err = fd_plan__build(&m, plan)) < 0)
        goto done;
    err = fd_plan__largest(&largest, &m, at, options->seconds);
    fd_plan__model_dispose(&m);
    most = largest.share;
    if (err >= 0 && largest.status == FD_LP_INFEASIBLE)
        err = fd_error_set(FD_EINFEASIBLE, "限制之间互相矛盾", "the limits contradict each other");
    fd_largest_dispose(&largest);
    for (size_t i = 0; i < count && err >= 0; i++) {
        double gamma = options->gamma >= 0 ? options->gamma : range[i], share = most;

        if (gamma > 0)
            err = robust_share(&share, plan, year, gamma, most, options->seconds);
        if (err >= 0)
            add_line(t, "largest_share", gamma, 100 * share);
    }
    if (err >= 0)
        err = monte_carlo(t, plan, options);
    fd_table_add_note(t,
                      "Bertsimas–Sim:任意 Γ 个新增产能同时达不到预期时仍能保证的占比(Γ=1000000 "
                      "即全部);蒙特卡洛:方案不变,产出在 1±偏差 内均匀,种子固定。",
                      "Bertsimas-Sim: the share that holds when any gamma of the new capacities "
                      "fall short together (1000000: all); Monte Carlo: the plan as it is, yields "
                      "even in 1 ± deviation, fixed seed.");
done:
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}
