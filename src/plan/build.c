/*
 * The program.  Per activity (a technology in a chain and county) and year:
 *
 *     state_t = state_{t-1} + build_{t-lag} - give_up_t          capacity
 *     use_t <= (1 + growth)^t state_t - (1 - first) build_{t-lag}   what runs
 *     give_up_t <= retire × state_{t-1}
 *     use_t >= state_t - (1 - first) build_{t-lag}               nothing idles
 *
 * and over all of them, per year: growth, energy, carbon, pollutant, labour, finance; per chain:
 * market; per county: floor and land.  Rows of policies are called limit_scope_year, so that a
 * pattern finds them; the rest are arithmetic and never give way.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/internal.h"

static const char *const policies[] = { "growth",    "county", "market", "energy",  "carbon",
                                        "pollutant", "labour", "land",   "finance", "share" };

const char *const *fd_plan__policies(size_t *count)
{
    *count = sizeof policies / sizeof *policies;
    return policies;
}

double fd_plan__available(const fd_plan_project *project, double first, int year)
{
    double end = 12.0 * (year - project->year) + 13 - project->month, begin = fmax(0, end - 12);

    if (end <= 0)
        return 0;
    return ((fmin(end, 12) - fmin(begin, 12)) * first + fmax(end, 12) - fmax(begin, 12)) / 12;
}

/* Names for a file: no blanks. */
static const char *word(char *buf, size_t size, const char *format, ...) FD_PRINTF(3, 4);
static const char *word(char *buf, size_t size, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(buf, size, format, args);
    va_end(args);
    for (char *p = buf; *p; p++)
        if (isspace((unsigned char)*p))
            *p = '_';
    return buf;
}

/* The existing technology of a chain and part; its own before that of any chain. */
static const fd_plan_technology *existing(const fd_plan *plan, const char *chain, double emerging)
{
    const fd_plan_technology *best = NULL;

    for (size_t i = 0; i < plan->technologies.count; i++) {
        const fd_plan_technology *h = &plan->technologies.items[i];

        if (!h->existing || h->emerging != emerging)
            continue;
        if (strcmp(h->chain, chain) == 0)
            return h;
        if (strcmp(h->chain, "*") == 0)
            best = h;
    }
    return best;
}

typedef struct building {
    fd_plan_model *m;
    const fd_plan *plan;
    size_t capacity; /* of the arrays per column */
    size_t *whole;   /* rows, see the enum */
} building;

/* Columns of one kind for all years; -1 as upper bound: none. */
static size_t add_columns(building *b, const char *kind, const char *chain, const char *county,
                          const char *id, const double *upper)
{
    size_t first = b->m->model->column_count;
    char name[400];

    for (int t = 0; t < b->plan->years; t++)
        fd_model_add_column(b->m->model, NULL,
                            word(name, sizeof name, "%s.%s.%s.%s.%d", kind, chain, county, id,
                                 b->plan->base_year + 1 + t),
                            0, 0, upper ? upper[t] : FD_LP_INF, false);
    return first;
}

static size_t add_row(building *b, double lower, double upper, const char *limit, const char *scope,
                      int year)
{
    char name[400];
    size_t row = FD_PLAN_NONE;

    if (scope)
        word(name, sizeof name, "%s_%s_%d", limit, scope, year);
    else
        word(name, sizeof name, "%s_%d", limit, year);
    fd_model_add_row(b->m->model, &row, name, lower, upper);
    return row;
}

/* What a unit of the base's capacity yields after some years. */
static double yield_of(const fd_plan *plan, const fd_plan_technology *h, double years)
{
    return plan->frozen ? 1 : pow(1 + h->growth / 100, years);
}

/* Balance, use and retirement of one activity. */
static void add_rows_of(building *b, const fd_plan_activity *a)
{
    const fd_plan *plan = b->plan;
    const fd_plan_technology *h = &plan->technologies.items[a->technology];
    const fd_plan_cell *cell = &plan->cells.items[a->cell];
    fd_model *model = b->m->model;
    char scope[300];

    snprintf(scope, sizeof scope, "%s.%s.%s", plan->chains.items[cell->chain],
             plan->counties.items[cell->county], h->id);
    for (int t = 0; t < plan->years; t++) {
        size_t at = (size_t)t;
        int year = plan->base_year + 1 + t, from = t - h->lag;
        size_t row = add_row(b, t ? 0 : a->capacity, t ? 0 : a->capacity, "cap", scope, year);

        fd_model_put(model, row, a->state + at, 1);
        if (t)
            fd_model_put(model, row, a->state + at - 1, -1);
        if (a->give_up != FD_PLAN_NONE)
            fd_model_put(model, row, a->give_up + at, 1);
        if (a->build != FD_PLAN_NONE && from >= 0)
            fd_model_put(model, row, a->build + (size_t)from, -1);
        row = add_row(b, -FD_LP_INF, 0, "use", scope, year);
        fd_model_put(model, row, a->use + at, 1);
        fd_model_put(model, row, a->state + at, -yield_of(plan, h, t + 1));
        if (a->build != FD_PLAN_NONE && from >= 0)
            fd_model_put(model, row, a->build + (size_t)from, 1 - h->first);
        /* What is there and not given up runs: no share is reached by idling what exists, no
         * growth by holding back what is new. */
        row = add_row(b, 0, FD_LP_INF, "run", scope, year);
        fd_model_put(model, row, a->use + at, 1);
        fd_model_put(model, row, a->state + at, -1);
        if (a->build != FD_PLAN_NONE && from >= 0)
            fd_model_put(model, row, a->build + (size_t)from, 1 - h->first);
        if (a->give_up != FD_PLAN_NONE && t) {
            row = add_row(b, -FD_LP_INF, 0, "old", scope, year);
            fd_model_put(model, row, a->give_up + at, 1);
            fd_model_put(model, row, a->state + at - 1, -h->retire / 100);
        }
    }
}

/* build = lot × a whole number of plants. */
static void add_lots(building *b, const fd_plan_activity *a)
{
    const fd_plan *plan = b->plan;
    const fd_plan_technology *h = &plan->technologies.items[a->technology];
    const fd_plan_cell *cell = &plan->cells.items[a->cell];
    char name[400], scope[300];

    snprintf(scope, sizeof scope, "%s.%s.%s", plan->chains.items[cell->chain],
             plan->counties.items[cell->county], h->id);
    for (int t = 0; t < plan->years; t++) {
        int year = plan->base_year + 1 + t;
        size_t row = add_row(b, 0, 0, "lot", scope, year), n;
        double most = b->m->model->columns[a->build + (size_t)t].upper;

        fd_model_add_column(b->m->model, &n, word(name, sizeof name, "n.%s.%d", scope, year), 0, 0,
                            floor(most / h->lot + 1e-9), true);
        fd_model_put(b->m->model, row, a->build + (size_t)t, 1);
        fd_model_put(b->m->model, row, n, -h->lot);
    }
}

static void add_activity(building *b, size_t technology, size_t cell_index, double capacity)
{
    const fd_plan *plan = b->plan;
    const fd_plan_technology *h = &plan->technologies.items[technology];
    const fd_plan_cell *cell = &plan->cells.items[cell_index];
    const char *chain = plan->chains.items[cell->chain],
               *county = plan->counties.items[cell->county];
    double most[FD_PLAN_MOST_YEARS], least[FD_PLAN_MOST_YEARS];
    fd_plan_activity a = { technology, cell_index, capacity, 0, 0, FD_PLAN_NONE, FD_PLAN_NONE };

    for (int t = 0; t < plan->years; t++) {
        int year = plan->base_year + 1 + t;

        most[t] = h->build * fd_plan__value(plan, "build", chain, year, 100) / 100;
        least[t] = t ? FD_LP_INF : h->retire / 100 * capacity;
    }
    a.use = add_columns(b, "q", chain, county, h->id, NULL);
    a.state = add_columns(b, "k", chain, county, h->id, NULL);
    if (!h->existing && !plan->frozen)
        a.build = add_columns(b, "b", chain, county, h->id, most);
    if (h->retire > 0 && !plan->frozen)
        a.give_up = add_columns(b, "r", chain, county, h->id, least);
    if (plan->frozen) /* what there is runs */
        for (int t = 0; t < plan->years; t++) {
            fd_model_column *q = &b->m->model->columns[a.use + (size_t)t];

            q->lower = q->upper = capacity;
        }
    fd_vec_push(&b->m->activities, a);
    add_rows_of(b, &a);
    if (a.build != FD_PLAN_NONE && h->lot > 0)
        add_lots(b, &a);
}

static int add_activities(building *b)
{
    const fd_plan *plan = b->plan;

    for (size_t i = 0; i < plan->cells.count; i++) {
        const fd_plan_cell *cell = &plan->cells.items[i];
        const char *chain = plan->chains.items[cell->chain];
        const double parts[2] = { cell->value_added - cell->emerging, cell->emerging };

        if (cell->value_added <= 0)
            continue;
        for (int part = 0; part < 2; part++) {
            const fd_plan_technology *h = existing(plan, chain, part);

            if (!h)
                return fd_error_set(FD_ENOTFOUND,
                                    "technologies 表没有链 %s 的现有技术(emerging = %d)",
                                    "table technologies has no existing one for chain %s with "
                                    "emerging = %d",
                                    chain, part);
            if (parts[part] > 0)
                add_activity(b, (size_t)(h - plan->technologies.items), i, parts[part]);
        }
        for (size_t k = 0; k < plan->technologies.count; k++) {
            const fd_plan_technology *h = &plan->technologies.items[k];

            if (!h->existing && (strcmp(h->chain, "*") == 0 || strcmp(h->chain, chain) == 0))
                add_activity(b, k, i, 0);
        }
    }
    return 0;
}

static void add_projects(building *b)
{
    const fd_plan *plan = b->plan;
    double first = fd_plan__value(plan, "project_first", "*", 0, 60) / 100;

    b->m->project = fd_alloc((plan->projects.count + 1) * sizeof *b->m->project);
    for (size_t j = 0; j < plan->projects.count; j++) {
        const fd_plan_project *p = &plan->projects.items[j];
        double most[FD_PLAN_MOST_YEARS];

        for (int t = 0; t < plan->years; t++)
            most[t] = plan->frozen
                          ? 0
                          : p->value_added * fd_plan__available(p, first, plan->base_year + 1 + t);
        b->m->project[j] = add_columns(b, "p", plan->chains.items[p->chain],
                                       plan->counties.items[p->county], p->id, most);
        for (size_t t = 0; t < (size_t)plan->years; t++) /* what is ready produces */
            b->m->model->columns[b->m->project[j] + t].lower = most[t];
    }
}

/* Coefficients per column that several rows and answers need. */
static void note_uses(building *b)
{
    fd_plan_model *m = b->m;
    const fd_plan *plan = b->plan;
    size_t columns = m->model->column_count;

    for (int u = 0; u < FD_USE_COUNT; u++)
        m->use[u] = fd_alloc((columns + 1) * sizeof *m->use[u]);
    m->invest = fd_alloc((columns + 1) * sizeof *m->invest);
    m->shares = fd_alloc((size_t)plan->years * sizeof *m->shares);
    for (int t = 0; t < plan->years; t++) {
        m->shares[t].columns = columns;
        m->shares[t].part = fd_alloc((columns + 1) * sizeof(double));
        m->shares[t].whole = fd_alloc((columns + 1) * sizeof(double));
    }
    for (size_t i = 0; i < m->activities.count; i++) {
        const fd_plan_activity *a = &m->activities.items[i];
        const fd_plan_technology *h = &plan->technologies.items[a->technology];

        for (size_t t = 0; t < (size_t)plan->years; t++) {
            m->shares[t].whole[a->use + t] = 1;
            m->shares[t].part[a->use + t] = h->emerging;
            /* What the same capacity yields more, it yields with the same energy and hands. */
            for (int u = 0; u < FD_USE_COUNT; u++)
                m->use[u][a->use + t] = h->use[u] / yield_of(plan, h, (double)t + 1);
            if (a->build != FD_PLAN_NONE)
                m->invest[a->build + t] = h->investment;
        }
    }
    for (size_t j = 0; j < plan->projects.count; j++) {
        const fd_plan_project *p = &plan->projects.items[j];
        double e = p->value_added > 0 ? p->emerging / p->value_added : 0;
        const fd_plan_technology *new_part = existing(plan, plan->chains.items[p->chain], 1),
                                 *old_part = existing(plan, plan->chains.items[p->chain], 0);

        for (size_t t = 0; t < (size_t)plan->years; t++) {
            m->shares[t].whole[m->project[j] + t] = 1;
            m->shares[t].part[m->project[j] + t] = e;
            for (int u = 0; u < FD_USE_COUNT && new_part && old_part; u++)
                m->use[u][m->project[j] + t] = e * new_part->use[u] + (1 - e) * old_part->use[u];
        }
    }
}

/* Put weight[column] of every use and project column of year t into a row; of one chain or county
 * only, where these are not FD_PLAN_NONE. */
static void put_year(building *b, size_t row, size_t t, const double *weight, double sign,
                     size_t chain, size_t county)
{
    const fd_plan *plan = b->plan;

    for (size_t i = 0; i < b->m->activities.count; i++) {
        const fd_plan_activity *a = &b->m->activities.items[i];
        const fd_plan_cell *cell = &plan->cells.items[a->cell];

        if ((chain == FD_PLAN_NONE || cell->chain == chain) &&
            (county == FD_PLAN_NONE || cell->county == county))
            fd_model_put(b->m->model, row, a->use + t, sign * (weight ? weight[a->use + t] : 1));
    }
    for (size_t j = 0; j < plan->projects.count; j++) {
        const fd_plan_project *p = &plan->projects.items[j];

        if ((chain == FD_PLAN_NONE || p->chain == chain) &&
            (county == FD_PLAN_NONE || p->county == county))
            fd_model_put(b->m->model, row, b->m->project[j] + t,
                         sign * (weight ? weight[b->m->project[j] + t] : 1));
    }
}

/* What the base uses. */
static double base_use(const building *b, int use)
{
    double sum = 0;

    for (size_t i = 0; i < b->m->activities.count; i++) {
        const fd_plan_activity *a = &b->m->activities.items[i];

        sum += a->capacity * b->plan->technologies.items[a->technology].use[use];
    }
    return sum;
}

static void add_city_rows(building *b, int t)
{
    static const char *const uses[FD_USE_COUNT] = { "energy", "carbon", "pollutant", "labour" };
    const fd_plan *plan = b->plan;
    int year = plan->base_year + 1 + t;
    double value = fd_plan__value(plan, "growth", "*", year, NAN);

    if (!isnan(value) && !plan->frozen) {
        /* On the year before, so that no year shrinks after a better one. */
        size_t row = add_row(b, t ? 0 : plan->value_added * (1 + value / 100), FD_LP_INF, "growth",
                             NULL, year);

        put_year(b, row, (size_t)t, NULL, 1, FD_PLAN_NONE, FD_PLAN_NONE);
        if (t)
            put_year(b, row, (size_t)t - 1, NULL, -(1 + value / 100), FD_PLAN_NONE, FD_PLAN_NONE);
    }
    for (int u = 0; u < FD_USE_COUNT; u++) {
        value = fd_plan__value(plan, uses[u], "*", year, NAN);
        if (!isnan(value) && !plan->frozen)
            put_year(b, add_row(b, -FD_LP_INF, base_use(b, u) * value / 100, uses[u], NULL, year),
                     (size_t)t, b->m->use[u], 1, FD_PLAN_NONE, FD_PLAN_NONE);
    }
    value = fd_plan__value(plan, "finance", "*", year, NAN);
    if (!isnan(value) && !plan->frozen) {
        size_t row = add_row(b, -FD_LP_INF, value, "finance", NULL, year);

        for (size_t i = 0; i < b->m->activities.count; i++) {
            const fd_plan_activity *a = &b->m->activities.items[i];

            if (a->build != FD_PLAN_NONE)
                fd_model_put(b->m->model, row, a->build + (size_t)t,
                             b->m->invest[a->build + (size_t)t]);
        }
    }
}

static double base_of(const fd_plan *plan, size_t chain, size_t county)
{
    double sum = 0;

    for (size_t i = 0; i < plan->cells.count; i++)
        if ((chain == FD_PLAN_NONE || plan->cells.items[i].chain == chain) &&
            (county == FD_PLAN_NONE || plan->cells.items[i].county == county))
            sum += plan->cells.items[i].value_added;
    return sum;
}

static void add_land_row(building *b, size_t county, int t, double value)
{
    const fd_plan *plan = b->plan;
    size_t row = add_row(b, -FD_LP_INF, value, "land", plan->counties.items[county],
                         plan->base_year + 1 + t);

    for (size_t i = 0; i < b->m->activities.count; i++) {
        const fd_plan_activity *a = &b->m->activities.items[i];

        if (plan->cells.items[a->cell].county != county || a->build == FD_PLAN_NONE)
            continue;
        for (size_t s = 0; s <= (size_t)t; s++)
            fd_model_put(b->m->model, row, a->build + s,
                         plan->technologies.items[a->technology].land);
    }
}

static void add_local_rows(building *b, int t)
{
    const fd_plan *plan = b->plan;
    int year = plan->base_year + 1 + t;

    for (size_t c = 0; c < plan->chains.count && !plan->frozen; c++) {
        double value = fd_plan__value(plan, "market", plan->chains.items[c], year, NAN),
               base = base_of(plan, c, FD_PLAN_NONE);

        if (!isnan(value) && base > 0)
            put_year(b,
                     add_row(b, -FD_LP_INF, base * pow(1 + value / 100, t + 1), "market",
                             plan->chains.items[c], year),
                     (size_t)t, NULL, 1, c, FD_PLAN_NONE);
    }
    for (size_t k = 0; k < plan->counties.count && !plan->frozen; k++) {
        double value = fd_plan__value(plan, "county", plan->counties.items[k], year, NAN),
               base = base_of(plan, FD_PLAN_NONE, k);

        if (!isnan(value) && base > 0)
            put_year(b,
                     add_row(b, base * value / 100, FD_LP_INF, "county", plan->counties.items[k],
                             year),
                     (size_t)t, NULL, 1, FD_PLAN_NONE, k);
        value = fd_plan__value(plan, "land", plan->counties.items[k], year, NAN);
        if (!isnan(value))
            add_land_row(b, k, t, value);
    }
}

int fd_plan__build(fd_plan_model *out, const fd_plan *plan)
{
    building b = { .m = out, .plan = plan };
    int err;

    memset(out, 0, sizeof *out);
    out->model = fd_model_new("plan");
    out->years = plan->years;
    out->target = FD_PLAN_NONE;
    if ((err = add_activities(&b)) < 0)
        goto done;
    add_projects(&b);
    note_uses(&b);
    for (int t = 0; t < plan->years; t++) {
        add_city_rows(&b, t);
        add_local_rows(&b, t);
    }
    fd_plan__aim(out, plan, FD_GOAL_GROWTH);
    err = fd_model_finish(out->model);
done:
    if (err < 0)
        fd_plan__model_dispose(out);
    return err;
}

void fd_plan__aim(fd_plan_model *m, const fd_plan *plan, fd_plan_goal goal)
{
    double cost = fd_plan__value(plan, "cost", "*", 0, 5) / 100;
    size_t years = (size_t)m->years;

    m->model->maximize = goal != FD_GOAL_ENERGY;
    for (size_t c = 0; c < m->model->column_count; c++)
        m->model->columns[c].objective = 0;
    for (size_t t = 0; t < years; t++)
        for (size_t c = 0; c < m->shares[t].columns; c++) {
            double *objective = &m->model->columns[c].objective;

            if (m->shares[t].whole[c] == 0)
                continue;
            if (goal == FD_GOAL_GROWTH)
                *objective = 1;
            else if (goal == FD_GOAL_ENERGY)
                *objective = m->use[FD_USE_ENERGY][c];
            else if (t + 1 == years)
                *objective = m->use[FD_USE_LABOUR][c];
        }
    for (size_t i = 0; goal == FD_GOAL_GROWTH && i < m->activities.count; i++) {
        const fd_plan_activity *a = &m->activities.items[i];

        for (size_t t = 0; a->build != FD_PLAN_NONE && t < years; t++)
            m->model->columns[a->build + t].objective =
                -cost * m->invest[a->build + t] * (double)(years - t);
    }
}

void fd_plan__model_dispose(fd_plan_model *m)
{
    fd_model_free(m->model);
    fd_vec_dispose(&m->activities);
    free(m->project);
    for (int t = 0; m->shares && t < m->years; t++)
        fd_share_dispose(&m->shares[t]);
    free(m->shares);
    for (int u = 0; u < FD_USE_COUNT; u++)
        free(m->use[u]);
    free(m->invest);
    memset(m, 0, sizeof *m);
}

int fd_plan__require(size_t *row, fd_plan_model *m, const fd_plan *plan, int year, double share)
{
    const fd_share *s = &m->shares[year - plan->base_year - 1];
    char name[32];
    int err;

    snprintf(name, sizeof name, "share_%d", year);
    if ((err = fd_model_add_row(m->model, row, name, 0, FD_LP_INF)) < 0)
        return err;
    for (size_t c = 0; c < s->columns; c++)
        fd_model_put(m->model, *row, c, s->part[c] - share * s->whole[c]);
    m->target = *row;
    return fd_model_finish(m->model);
}

void fd_plan__words(const fd_plan *plan, const char *row, fd_lang lang, char *buf, size_t size)
{
    char limit[64], scope[200] = "";
    const char *first = strchr(row, '_'), *last = strrchr(row, '_');
    const fd_plan_limit *l = NULL;

    snprintf(limit, sizeof limit, "%.*s", first ? (int)(first - row) : (int)strlen(row), row);
    if (first && last > first)
        snprintf(scope, sizeof scope, "%.*s", (int)(last - first - 1), first + 1);
    if (last)
        l = fd_plan__limit(plan, limit, scope, atoi(last + 1));
    snprintf(buf, size, "%s%s%s%s%s", l ? (lang == FD_ZH ? l->name : l->name_en) : limit,
             scope[0] ? " " : "", scope, last ? " " : "", last ? last + 1 : "");
}
