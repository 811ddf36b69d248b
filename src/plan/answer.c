/*
 * Solving the plan, and what it says: reach, path, programme, bridge, base.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/internal.h"

static const char *const names[FD_PLAN_COUNT] = {
    [FD_PLAN_REACH] = "reach",   [FD_PLAN_PATH] = "path",     [FD_PLAN_PROGRAMME] = "programme",
    [FD_PLAN_BINDS] = "binds",   [FD_PLAN_FRONT] = "front",   [FD_PLAN_SLIDERS] = "sliders",
    [FD_PLAN_ROBUST] = "robust", [FD_PLAN_RELAX] = "relax",   [FD_PLAN_WHY] = "why",
    [FD_PLAN_BASE] = "base",     [FD_PLAN_BRIDGE] = "bridge",
};

const char *fd_plan_answer_name(fd_plan_answer answer)
{
    return names[answer];
}

static fd_lp *solver_of(const fd_model *model, double seconds)
{
    fd_lp_options how = FD_LP_OPTIONS_INIT;

    how.method = FD_LP_DUAL;
    how.presolve = true;
    how.seconds = seconds;
    return fd_model_lp(model, &how);
}

int fd_plan__largest(fd_largest *out, const fd_plan_model *m, int at, double seconds)
{
    fd_shared shared;
    fd_lp *lp;
    int err;

    if ((err = fd_share_attach(&shared, m->model, &m->shares[at])) < 0)
        return err;
    lp = solver_of(shared.model, seconds);
    err = fd_share_largest(out, &shared, lp);
    fd_lp_free(lp);
    fd_model_free(shared.model);
    return err;
}

/* Solve the model as it stands; false in *found when it has no solution. */
static int solve_model(bool *found, fd_plan_solution *out, const fd_plan_model *m, int at,
                       double seconds)
{
    fd_lp_status status;
    fd_lp *lp;
    int err;

    if (m->model->integers)
        return fd_plan__solve_whole(found, out, m, at, seconds, 0.01);
    lp = solver_of(m->model, seconds);
    err = fd_lp_solve(&status, lp);
    *found = err >= 0 && status == FD_LP_OPTIMAL;
    if (*found) {
        out->x = fd_alloc((m->model->column_count + 1) * sizeof *out->x);
        memcpy(out->x, fd_lp_primal(lp), m->model->column_count * sizeof *out->x);
        out->share = fd_share_value(&m->shares[at], out->x);
        fd_certify_optimal(&out->certificate, m->model, fd_lp_primal(lp), fd_lp_dual(lp));
    }
    fd_lp_free(lp);
    return err;
}

int fd_plan__contradiction(void)
{
    fd_error_set(FD_EINFEASIBLE, "不设占比目标,限制之间也互相矛盾",
                 "the limits contradict each other even without a target");
    return fd_error_hint("--out why 看是哪些,--out relax 看至少放宽多少",
                         "--out why says which, --out relax how far they must give way");
}

int fd_plan__solve(fd_plan_solution *out, fd_plan_model *m, const fd_plan *plan,
                   const fd_plan_options *options)
{
    int year = fd_plan__target_year(plan, options), at = year - plan->base_year - 1, err;
    double target = fd_plan__target(plan, options);
    fd_largest largest = { 0 };
    size_t row;
    bool found;

    memset(out, 0, sizeof *out);
    if (plan->frozen) { /* nothing to decide: the target is not asked for */
        if ((err = solve_model(&found, out, m, at, options->seconds)) < 0)
            return err;
        out->largest = found ? out->share : 0;
        out->reachable = found && out->share >= target;
        return found ? 0 : fd_plan__contradiction();
    }
    if (m->model->integers)
        return fd_plan__solve_plants(out, m, plan, year, target, options->seconds);
    if ((err = fd_plan__require(&row, m, plan, year, target)) < 0 ||
        (err = solve_model(&found, out, m, at, options->seconds)) < 0)
        return err;
    if (found) {
        out->reachable = true;
        return 0;
    }
    fd_plan__model_dispose(m);
    if ((err = fd_plan__build(m, plan)) < 0 ||
        (err = fd_plan__largest(&largest, m, at, options->seconds)) < 0)
        return err;
    if (largest.status == FD_LP_INFEASIBLE)
        return fd_plan__contradiction();
    out->largest = largest.share;
    /* Just short of the largest share there still is a choice to make. */
    if ((err = fd_plan__require(&row, m, plan, year, largest.share * (1 - 1e-6))) >= 0)
        err = solve_model(&found, out, m, at, options->seconds);
    fd_largest_dispose(&largest);
    return err < 0 ? err : found ? 0 : fd_plan__contradiction();
}

void fd_plan__solution_dispose(fd_plan_solution *s)
{
    free(s->x);
    memset(s, 0, sizeof *s);
}

/* ---- reach ---- */

static void add_notes(fd_table *t, const fd_plan *plan, const fd_plan_summary *s,
                      const fd_plan_solution *solution);

void fd_plan__summary(fd_plan_summary *out, const fd_plan *plan, const fd_plan_options *options)
{
    *out = (fd_plan_summary){ .year = fd_plan__target_year(plan, options),
                              .base_share = 100 * plan->emerging / plan->value_added,
                              .target = 100 * fd_plan__target(plan, options),
                              .largest_share = NAN,
                              .moment = NAN };
}

/* Shares of whole years stand at their ends; between two of them the way is taken as straight. */
static double find_date(char *out, size_t size, const fd_plan *plan, const double *largest,
                        double target)
{
    double before = plan->emerging / plan->value_added;

    out[0] = '\0';
    for (int t = 0; t < plan->years; t++) {
        if (largest[t] >= target && !isnan(largest[t])) {
            double part = before >= target ? 0 : (target - before) / (largest[t] - before);
            int month = (int)ceil(12 * part - 1e-9);

            snprintf(out, size, "%d-%02d", plan->base_year + 1 + t,
                     month < 1    ? 1
                     : month > 12 ? 12
                                  : month);
            return plan->base_year + 1 + t + part;
        }
        before = largest[t];
    }
    return NAN;
}

int fd_plan__reach(fd_table **out, fd_plan_summary *summary, const fd_plan *plan,
                   const fd_plan_options *options, fd_plan__finder find, void *payload)
{
    static const fd_column_spec specs[] = {
        { "year", "年", "Year", FD_EST, NULL, 0 },
        { "largest_share", "最大占比", "Largest share", FD_EST, "%", 0 },
        { "target", "目标", "Target", FD_EST, "%", 0 },
        { "reachable", "可达", "Reachable", FD_BOOL, NULL, 0 },
        { "proof_gap", "证明的余差", "Proved gap", FD_EST, "%", 0 },
        { "certificate", "证书", "Certificate", FD_BOOL, NULL, 0 },
    };
    double target = fd_plan__target(plan, options), largest_of[FD_PLAN_MOST_YEARS];
    int target_year = fd_plan__target_year(plan, options), err = 0;
    fd_table *t = fd_table_new("reach", "占比最多能到多少", "How far the share can go");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (int y = 0; y < plan->years && err >= 0; y++) {
        fd_largest largest;
        size_t row;

        if ((err = find(&largest, payload, y)) < 0)
            break;
        if (largest.status == FD_LP_INFEASIBLE) {
            err = fd_plan__contradiction();
            break;
        }
        largest_of[y] = largest.share;
        row = fd_table_add_row(t);
        fd_column_set_est(t->columns[0], row, plan->base_year + 1 + y);
        fd_column_set_est(t->columns[1], row, 100 * largest.share);
        fd_column_set_est(t->columns[2], row, 100 * target);
        fd_column_set_bool(t->columns[3], row, largest.share >= target * (1 - 1e-9));
        fd_column_set_est(t->columns[4], row, 100 * largest.left);
        fd_column_set_bool(t->columns[5], row, largest.certificate.holds);
        fd_largest_dispose(&largest);
    }
    if (err >= 0) {
        int at = target_year - plan->base_year - 1;

        summary->moment = find_date(summary->date, sizeof summary->date, plan, largest_of, target);
        summary->largest_share = 100 * largest_of[at];
        summary->reachable = largest_of[at] >= target * (1 - 1e-9);
        fd_table_add_note(
            t,
            "各年各自求最大占比(Dinkelbach "
            "法),余差是对偶证明还剩的百分点;总量有增长底线,占比不能靠缩小总量达到。",
            "Each year's largest share on its own (Dinkelbach); the gap is what the duals leave "
            "open; a floor under total growth keeps the share from being reached by shrinking.");
        if (summary->date[0]) {
            char zh[200], en[200];

            snprintf(zh, sizeof zh, "按年占比连线,%g%% 最早约在 %s 达到(%.3f 年)。", 100 * target,
                     summary->date, summary->moment);
            snprintf(en, sizeof en,
                     "Along the line of yearly shares %g %% is first reached about %s (%.3f).",
                     100 * target, summary->date, summary->moment);
            fd_table_add_note(t, zh, en);
        }
        add_notes(t, plan, summary, NULL);
    }
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

/* From scratch: a solver of its own for each year. */
typedef struct cold {
    const fd_plan_model *m;
    double seconds;
} cold;

static int find_cold(fd_largest *out, void *payload, int at)
{
    const cold *c = payload;

    return fd_plan__largest(out, c->m, at, c->seconds);
}

static int reach(fd_table **out, fd_plan_summary *summary, const fd_plan *plan,
                 const fd_plan_options *options)
{
    fd_plan_model m;
    int err = fd_plan__build(&m, plan);

    if (err >= 0) {
        cold c = { &m, options->seconds };

        err = fd_plan__reach(out, summary, plan, options, find_cold, &c);
        fd_plan__model_dispose(&m);
    }
    return err;
}

/* ---- the plan as tables ---- */

static double sum_of(const fd_plan_model *m, const double *weight, const double *x, int year)
{
    double sum = 0;

    for (size_t c = 0; c < m->shares[year].columns; c++)
        if (m->shares[year].whole[c] != 0)
            sum += weight[c] * x[c];
    return sum;
}

static double invested(const fd_plan_model *m, const double *x, int year)
{
    double sum = 0;

    for (size_t i = 0; i < m->activities.count; i++) {
        const fd_plan_activity *a = &m->activities.items[i];

        if (a->build != FD_PLAN_NONE)
            sum += m->invest[a->build + (size_t)year] * x[a->build + (size_t)year];
    }
    return sum;
}

static fd_table *path(const fd_plan *plan, const fd_plan_model *m, const fd_plan_solution *s)
{
    static const fd_column_spec specs[] = {
        { "year", "年", "Year", FD_EST, NULL, 0 },
        { "value_added", "规上增加值", "Value added", FD_EST, "亿元", 0 },
        { "emerging", "战新", "Emerging", FD_EST, "亿元", 0 },
        { "share", "占比", "Share", FD_EST, "%", 0 },
        { "energy", "能耗", "Energy", FD_EST, "万吨标准煤", 0 },
        { "carbon", "碳排放", "Carbon", FD_EST, "万吨", 0 },
        { "jobs", "用工", "Jobs", FD_EST, "人", 0 },
        { "investment", "投资", "Investment", FD_EST, "亿元", 0 },
    };
    fd_table *t = fd_table_new("path", "逐年路径", "Year by year");
    double used[FD_USE_COUNT] = { 0 };
    size_t row;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; i < m->activities.count; i++)
        for (int u = 0; u < FD_USE_COUNT; u++)
            used[u] += m->activities.items[i].capacity *
                       plan->technologies.items[m->activities.items[i].technology].use[u];
    row = fd_table_add_row(t);
    {
        const double base[] = { plan->base_year,     plan->value_added,
                                plan->emerging,      100 * plan->emerging / plan->value_added,
                                used[FD_USE_ENERGY], used[FD_USE_CARBON],
                                used[FD_USE_LABOUR], 0 };

        for (size_t c = 0; c < 8; c++)
            fd_column_set_est(t->columns[c], row, base[c]);
    }
    for (int y = 0; y < plan->years; y++) {
        const double values[] = { plan->base_year + 1 + y,
                                  sum_of(m, m->shares[y].whole, s->x, y),
                                  sum_of(m, m->shares[y].part, s->x, y),
                                  100 * fd_share_value(&m->shares[y], s->x),
                                  sum_of(m, m->use[FD_USE_ENERGY], s->x, y),
                                  sum_of(m, m->use[FD_USE_CARBON], s->x, y),
                                  sum_of(m, m->use[FD_USE_LABOUR], s->x, y),
                                  invested(m, s->x, y) };

        row = fd_table_add_row(t);
        for (size_t c = 0; c < 8; c++)
            fd_column_set_est(t->columns[c], row, values[c]);
    }
    return t;
}

typedef struct listing {
    fd_table *table;
    const fd_plan *plan;
    const fd_plan_model *m;
    const double *x;
} listing;

static void list_line(const listing *l, int year, const char *what, const char *kind, size_t chain,
                      size_t county, double capacity, double investment)
{
    size_t row = fd_table_add_row(l->table);

    fd_column_set_est(l->table->columns[0], row, year);
    fd_column_set_text(l->table->columns[1], row, what);
    fd_column_set_text(l->table->columns[2], row, kind);
    fd_column_set_text(l->table->columns[3], row, l->plan->chains.items[chain]);
    fd_column_set_text(l->table->columns[4], row, l->plan->counties.items[county]);
    fd_column_set_est(l->table->columns[5], row, capacity);
    fd_column_set_est(l->table->columns[6], row, investment);
}

static fd_table *programme(const fd_plan *plan, const fd_plan_model *m, const fd_plan_solution *s)
{
    static const fd_column_spec specs[] = {
        { "year", "年", "Year", FD_EST, NULL, 0 },
        { "what", "做什么", "What", FD_TEXT, NULL, 0 },
        { "kind", "类别", "Kind", FD_TEXT, NULL, 0 },
        { "chain", "链", "Chain", FD_TEXT, NULL, 0 },
        { "county", "县区", "County", FD_TEXT, NULL, 0 },
        { "capacity", "年增加值能力", "Yearly value added", FD_EST, "亿元", 0 },
        { "investment", "投资", "Investment", FD_EST, "亿元", 0 },
    };
    const double small = 0.01; /* 100 万元: less is not worth a line */
    listing l = { fd_table_new("programme", "做什么、在哪里、什么时候", "What, where and when"),
                  plan, m, s->x };

    fd_table_add_columns(l.table, specs, sizeof specs / sizeof *specs);
    for (int y = 0; y < plan->years; y++) {
        int year = plan->base_year + 1 + y;

        for (size_t i = 0; i < m->activities.count; i++) {
            const fd_plan_activity *a = &m->activities.items[i];
            const fd_plan_technology *h = &plan->technologies.items[a->technology];
            const fd_plan_cell *cell = &plan->cells.items[a->cell];
            size_t at = (size_t)y;

            if (a->build != FD_PLAN_NONE && s->x[a->build + at] > small)
                list_line(&l, year, h->name, "build", cell->chain, cell->county,
                          s->x[a->build + at], s->x[a->build + at] * h->investment);
            if (a->give_up != FD_PLAN_NONE && s->x[a->give_up + at] > small)
                list_line(&l, year, h->name, "give up", cell->chain, cell->county,
                          -s->x[a->give_up + at], 0);
        }
        for (size_t j = 0; j < plan->projects.count; j++) {
            const fd_plan_project *p = &plan->projects.items[j];

            if (p->year == year && s->x[m->project[j] + (size_t)y] > small)
                list_line(&l, year, p->name, "project", p->chain, p->county, p->value_added,
                          p->investment);
        }
    }
    return l.table;
}

/* ---- the bridge ---- */

typedef struct bridging {
    fd_table *table;
    double old, whole; /* the base's share, the whole at the end */
    double sum;        /* of the points so far, %, from the base on */
} bridging;

static void bridge_line(bridging *b, const char *source, const char *kind, const char *chain,
                        double value_added, double emerging, double points)
{
    size_t row = fd_table_add_row(b->table);

    fd_column_set_text(b->table->columns[0], row, source);
    fd_column_set_text(b->table->columns[1], row, kind);
    if (chain)
        fd_column_set_text(b->table->columns[2], row, chain);
    fd_column_set_est(b->table->columns[3], row, value_added);
    fd_column_set_est(b->table->columns[4], row, emerging);
    fd_column_set_est(b->table->columns[5], row, points);
}

/* One source: its change of emerging - old share × its change of the whole, over the whole at the
 * end. */
static void bridge_part(bridging *b, const char *source, const char *kind, const char *chain,
                        double value_added, double emerging)
{
    double points = 100 * (emerging - b->old * value_added) / b->whole;

    /* What a solver leaves of a zero is no source; its points stand in the residual. */
    if (fmax(fabs(value_added), fabs(emerging)) <= 1e-9 * fabs(b->whole))
        return;
    bridge_line(b, source, kind, chain, value_added, emerging, points);
    b->sum += points;
}

/* What exists: what its capacity yields more, by part, and what was given up of it. */
static void bridge_existing(bridging *b, const fd_plan *plan, const fd_plan_model *m,
                            const double *x, size_t at)
{
    double more[2] = { 0, 0 }, gone[2] = { 0, 0 };

    for (size_t i = 0; i < m->activities.count; i++) {
        const fd_plan_activity *a = &m->activities.items[i];
        const fd_plan_technology *h = &plan->technologies.items[a->technology];
        int part = h->emerging > 0;
        double left = 0;

        if (!h->existing)
            continue;
        for (size_t t = 0; a->give_up != FD_PLAN_NONE && t <= at; t++)
            left += x[a->give_up + t];
        gone[part] -= left;
        more[part] += x[a->use + at] - a->capacity + left;
    }
    bridge_part(b, "现有企业:战新产能增产", "existing", NULL, more[1], more[1]);
    bridge_part(b, "现有企业:传统产能增产", "existing", NULL, more[0], 0);
    bridge_part(b, "退出", "retire", NULL, gone[0] + gone[1], gone[1]);
}

/* New capacity by technology, projects of the ledger by chain. */
static void bridge_new(bridging *b, const fd_plan *plan, const fd_plan_model *m, const double *x,
                       size_t at)
{
    size_t n = plan->technologies.count, chains = plan->chains.count;
    double *v = fd_alloc((n + chains + 1) * sizeof *v), *e = fd_alloc((n + chains + 1) * sizeof *e);

    for (size_t i = 0; i < m->activities.count; i++) {
        const fd_plan_activity *a = &m->activities.items[i];
        const fd_plan_technology *h = &plan->technologies.items[a->technology];

        if (h->existing)
            continue;
        v[a->technology] += x[a->use + at] - a->capacity;
        e[a->technology] += (x[a->use + at] - a->capacity) * h->emerging;
    }
    for (size_t j = 0; j < plan->projects.count; j++) {
        size_t c = m->project[j] + at, k = n + plan->projects.items[j].chain;

        v[k] += x[c];
        e[k] += x[c] * m->shares[at].part[c];
    }
    for (size_t k = 0; k < n; k++) {
        const fd_plan_technology *h = &plan->technologies.items[k];

        bridge_part(b, h->name, "build", strcmp(h->chain, "*") ? h->chain : NULL, v[k], e[k]);
    }
    for (size_t k = 0; k < chains; k++)
        bridge_part(b, "在库项目", "project", plan->chains.items[k], v[n + k], e[n + k]);
    free(v);
    free(e);
}

/* Base + sources + residual = plan, in the numbers as they stand; plan + gap = target. */
static fd_table *bridge(const fd_plan *plan, const fd_plan_model *m, const fd_plan_solution *s,
                        int at, double target)
{
    static const fd_column_spec specs[] = {
        { "source", "来源", "Source", FD_TEXT, NULL, 0 },
        { "kind", "类别", "Kind", FD_TEXT, NULL, 0 },
        { "chain", "链", "Chain", FD_TEXT, NULL, 0 },
        { "value_added", "增加值变动", "Change of value added", FD_EST, "亿元", 0 },
        { "emerging", "战新变动", "Change of emerging", FD_EST, "亿元", 0 },
        { "points", "占比", "Points of share", FD_EST, "百分点", 0 },
    };
    double whole = sum_of(m, m->shares[at].whole, s->x, at),
           part = sum_of(m, m->shares[at].part, s->x, at), old = plan->emerging / plan->value_added;
    bridging b = { fd_table_new("bridge", "从现值到规划", "From where we stand to the plan"), old,
                   whole, 100 * old };

    fd_table_add_columns(b.table, specs, sizeof specs / sizeof *specs);
    for (int k = 3; k < 6; k++)
        b.table->columns[k]->digits = k < 5 ? 2 : 3;
    bridge_line(&b, "基期", "base", NULL, plan->value_added, plan->emerging, 100 * old);
    bridge_existing(&b, plan, m, s->x, (size_t)at);
    bridge_new(&b, plan, m, s->x, (size_t)at);
    bridge_line(&b, "余差", "residual", NULL, 0, 0, 100 * s->share - b.sum);
    bridge_line(&b, "规划", "plan", NULL, whole, part, 100 * s->share);
    if (s->share < target)
        bridge_line(&b, "距目标还差", "gap", NULL, 0, target * whole - part,
                    100 * (target - s->share));
    fd_table_add_note(b.table,
                      "各来源的百分点 = (战新变动 − 基期占比 × 增加值变动) ÷ 规划年增加值;基期 + "
                      "各来源 + 余差 = 规划,余差只是浮点尾数。",
                      "Points of a source = (its emerging - base share × its value added) / value "
                      "added of the plan; base + sources + residual = plan, the residual being "
                      "rounding only.");
    return b.table;
}

/* ---- the certificate ---- */

static fd_table *certificate(const fd_plan_solution *s)
{
    static const fd_column_spec specs[] = {
        { "what", "复核什么", "What", FD_TEXT, NULL, 0 },
        { "what_en", "英文", "What (en)", FD_TEXT, NULL, 0 },
        { "value", "余差", "Residual", FD_TEXT, NULL, 0 },
        { "tolerance", "允许", "Allowed", FD_TEXT, NULL, 0 },
        { "holds", "成立", "Holds", FD_BOOL, NULL, 0 },
    };
    static const char *const checks[][2] = {
        { "方案满足每一条限制(原始残差,相对)",
          "the plan meets every limit (primal residual, relative)" },
        { "影子价格满足对偶条件(对偶残差,相对)",
          "the prices meet the dual conditions (dual residual, relative)" },
        { "两边目标值相等(对偶差距,相对)", "both objectives agree (duality gap, relative)" },
    };
    const double values[] = { s->certificate.primal, s->certificate.dual, s->certificate.gap };
    fd_table *t = fd_table_new("certificate", "证书", "Certificate");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; i < 3; i++) {
        size_t row = fd_table_add_row(t);
        char text[32];

        fd_column_set_text(t->columns[0], row, checks[i][0]);
        fd_column_set_text(t->columns[1], row, checks[i][1]);
        snprintf(text, sizeof text, "%.1e", values[i]);
        fd_column_set_text(t->columns[2], row, text);
        snprintf(text, sizeof text, "%.0e", FD_CERTIFY_TOLERANCE);
        fd_column_set_text(t->columns[3], row, text);
        fd_column_set_bool(t->columns[4], row, values[i] <= FD_CERTIFY_TOLERANCE);
    }
    return t;
}

static fd_table *base(const fd_plan *plan)
{
    static const fd_column_spec specs[] = {
        { "chain", "链", "Chain", FD_TEXT, NULL, 0 },
        { "county", "县区", "County", FD_TEXT, NULL, 0 },
        { "value_added", "增加值", "Value added", FD_EST, "亿元", 0 },
        { "emerging", "战新", "Emerging", FD_EST, "亿元", 0 },
        { "estimated", "推算", "Estimated", FD_BOOL, NULL, 0 },
    };
    fd_table *t = fd_table_new("base", "基期", "Base");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; i < plan->cells.count; i++) {
        const fd_plan_cell *c = &plan->cells.items[i];
        size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, plan->chains.items[c->chain]);
        fd_column_set_text(t->columns[1], row, plan->counties.items[c->county]);
        fd_column_set_est(t->columns[2], row, c->value_added);
        fd_column_set_est(t->columns[3], row, c->emerging);
        fd_column_set_bool(t->columns[4], row, !c->has_value || !c->has_emerging);
    }
    if (plan->hidden)
        fd_table_add_note(t, "推算:不可披露的格不取原数,按链与县区剩下的数分摊,合计与公布数相等。",
                          "Estimated: cells that may not be shown are not used; they share what "
                          "chain and county have left, and add up to the totals.");
    return t;
}

static void add_notes(fd_table *t, const fd_plan *plan, const fd_plan_summary *s,
                      const fd_plan_solution *solution)
{
    char zh[300], en[300];

    if (solution && !s->reachable && !plan->frozen) {
        snprintf(zh, sizeof zh, "目标 %g%%(%d 年)达不到;这里是占比最大(%.4g%%)的方案。", s->target,
                 s->year, s->largest_share);
        snprintf(en, sizeof en,
                 "%g %% in %d cannot be reached; this is the plan with the largest share, %.4g %%.",
                 s->target, s->year, s->largest_share);
        fd_table_add_note(t, zh, en);
    }
    if (solution) {
        const fd_certificate *c = &solution->certificate;

        snprintf(zh, sizeof zh, "证书%s:原始残差 %.1e,对偶残差 %.1e,差距 %.1e(独立复算)。",
                 c->holds ? "成立" : "不成立", c->primal, c->dual, c->gap);
        snprintf(en, sizeof en, "Certificate %s: primal %.1e, dual %.1e, gap %.1e (recomputed).",
                 c->holds ? "holds" : "does not hold", c->primal, c->dual, c->gap);
        fd_table_add_note(t, zh, en);
        if (solution->gap > 0 && solution->found <= 0) {
            snprintf(zh, sizeof zh, "整厂建设(整数规划,CBC):离最优至多差 %.2g%%。",
                     100 * solution->gap);
            snprintf(en, sizeof en, "Whole plants (CBC): within %.2g %% of the best.",
                     100 * solution->gap);
            fd_table_add_note(t, zh, en);
        }
        if (solution->found > 0) {
            snprintf(zh, sizeof zh,
                     "整厂建设(整数规划,CBC):找到的最大占比 %.4g%%,线性松弛的上限 %.4g%%;"
                     "目标值离最优至多差 %.2g%%。",
                     100 * solution->found, 100 * solution->largest, 100 * solution->gap);
            snprintf(en, sizeof en,
                     "Whole plants (CBC): the largest share found is %.4g %%, at most %.4g %% by "
                     "the relaxation; the objective is within %.2g %% of the best.",
                     100 * solution->found, 100 * solution->largest, 100 * solution->gap);
            fd_table_add_note(t, zh, en);
        }
    }
    fd_table_add_note(
        t, "测算,不是预测;技术参数和限制见情景表,示例值不代表任何城市;不对企业、不对报表下达数。",
        "A scenario, not a forecast; technologies and limits are those of the scenario's tables, "
        "examples stand for no city; no number is handed down to enterprises or returns.");
}

int fd_plan_report(fd_table *out[FD_PLAN_R_COUNT], fd_plan_summary *summary, fd_plan *plan,
                   const fd_plan_options *options)
{
    fd_plan_solution s = { 0 };
    fd_plan_model m;
    int err;

    for (int i = 0; i < FD_PLAN_R_COUNT; i++)
        out[i] = NULL;
    fd_plan__summary(summary, plan, options);
    if ((err = fd_plan__build(&m, plan)) < 0)
        return err;
    if ((err = fd_plan__solve(&s, &m, plan, options)) >= 0) {
        summary->reachable = s.reachable;
        summary->largest_share = 100 * (s.reachable ? s.share : s.largest);
        out[FD_PLAN_R_PATH] = path(plan, &m, &s);
        out[FD_PLAN_R_PROGRAMME] = programme(plan, &m, &s);
        out[FD_PLAN_R_BRIDGE] =
            bridge(plan, &m, &s, summary->year - plan->base_year - 1, summary->target / 100);
        out[FD_PLAN_R_CERTIFICATE] = certificate(&s);
        for (int i = 0; i < FD_PLAN_R_COUNT; i++)
            add_notes(out[i], plan, summary, &s);
    }
    fd_plan__solution_dispose(&s);
    fd_plan__model_dispose(&m);
    return err;
}

/* One table of the report. */
static int solved_table(fd_table **out, fd_plan_summary *summary, fd_plan *plan, int which,
                        const fd_plan_options *options)
{
    fd_table *all[FD_PLAN_R_COUNT];
    int err = fd_plan_report(all, summary, plan, options);

    for (int i = 0; err >= 0 && i < FD_PLAN_R_COUNT; i++)
        if (i == which)
            *out = all[i];
        else
            fd_table_free(all[i]);
    return err;
}

int fd_plan_run(fd_table **out, fd_plan_summary *summary, fd_plan *plan, fd_plan_answer answer,
                const fd_plan_options *options)
{
    fd_plan_summary own;
    int err;

    *out = NULL;
    fd_plan__summary(&own, plan, options);
    switch (answer) {
    case FD_PLAN_REACH:
        err = reach(out, &own, plan, options);
        break;
    case FD_PLAN_PATH:
        err = solved_table(out, &own, plan, FD_PLAN_R_PATH, options);
        break;
    case FD_PLAN_PROGRAMME:
        err = solved_table(out, &own, plan, FD_PLAN_R_PROGRAMME, options);
        break;
    case FD_PLAN_BRIDGE:
        err = solved_table(out, &own, plan, FD_PLAN_R_BRIDGE, options);
        break;
    case FD_PLAN_BINDS:
        err = fd_plan__binds(out, plan, options);
        break;
    case FD_PLAN_FRONT:
        err = fd_plan__front(out, plan, options);
        break;
    case FD_PLAN_SLIDERS:
        err = fd_plan__sliders(out, plan, options);
        break;
    case FD_PLAN_ROBUST:
        err = fd_plan__robust(out, plan, options);
        break;
    case FD_PLAN_RELAX:
        err = fd_plan__relax(out, plan, options);
        break;
    case FD_PLAN_WHY:
        err = fd_plan__why(out, plan, options);
        break;
    case FD_PLAN_BASE:
        *out = base(plan);
        err = 0;
        break;
    default:
        err = fd_error_set(FD_EINVAL, "没有这张表", "no such table");
    }
    if (summary)
        *summary = own;
    return err;
}
