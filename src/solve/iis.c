/*
 * Elastic filter, deletion filter, and the check of both properties by numbers alone.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "solve/explain.h"

typedef struct search {
    const fd_model *model;
    const fd_groups *groups;
    fd_lp *lp;             /* zero objective; bounds of rows say which are active */
    bool *active;          /* per group */
    double *lower, *upper; /* of the rows as they stand now */
    double *ray;
    fd_farkas proof;
    double worst;
    double until; /* on the monotonic clock; 0: no limit */
    size_t solves;
} search;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int check_clock(const search *s)
{
    if (s->until == 0 || now() < s->until)
        return 0;
    return fd_error_set(FD_ENOCONV, "到了时限,不可行集还没有找完(已解 %zu 次)",
                        "out of time in the search for an infeasible set (%zu solves)", s->solves);
}

static bool stands(const search *s, size_t row)
{
    ptrdiff_t g = s->groups->group[row];

    return g < 0 || s->active[g];
}

/* Rows of groups that are left out get infinite bounds. */
static void apply(search *s)
{
    for (size_t r = 0; r < s->model->row_count; r++) {
        bool on = stands(s, r);

        s->lower[r] = on ? s->model->rows[r].lower : -FD_LP_INF;
        s->upper[r] = on ? s->model->rows[r].upper : FD_LP_INF;
        fd_lp_set_row(s->lp, r, s->lower[r], s->upper[r]);
    }
}

/* The elastic program over every row that stands: its duals are a proof when the solver's ray is
 * none, and where nothing has to give way the solver was wrong. */
static int decide_slowly(bool *feasible, search *s)
{
    fd_model *copy = fd_model_copy(s->model);
    fd_groups all;
    fd_elastic elastic;
    int err;

    for (size_t r = 0; r < copy->row_count; r++) {
        copy->rows[r].lower = s->lower[r];
        copy->rows[r].upper = s->upper[r];
    }
    fd_groups_by_row(&all, copy);
    err = fd_elastic_solve(&elastic, copy, &all, s->until == 0 ? 0 : fmax(1, s->until - now()));
    if (err >= 0 && elastic.status == FD_LP_OPTIMAL) {
        *feasible = elastic.count == 0;
        memcpy(s->ray, elastic.ray, s->model->row_count * sizeof *s->ray);
        s->proof = elastic.proof;
        if (*feasible)
            s->worst = fmax(s->worst, fd_certify_feasible(s->model, s->lower, s->upper, elastic.x));
    }
    fd_elastic_dispose(&elastic);
    fd_groups_dispose(&all);
    fd_model_free(copy);
    return err;
}

/* Is there a solution with the groups that are active? Yes: its residual is noted. No: the proof is
 * kept in ray and proof. */
static int solve(bool *feasible, search *s)
{
    fd_lp_status status;
    int err;

    if ((err = check_clock(s)) < 0)
        return err;
    apply(s);
    s->solves++;
    if ((err = fd_lp_solve(&status, s->lp)) < 0)
        return err;
    *feasible = status != FD_LP_INFEASIBLE;
    if (status == FD_LP_OPTIMAL) {
        double residual = fd_certify_feasible(s->model, s->lower, s->upper, fd_lp_primal(s->lp));

        s->worst = fmax(s->worst, residual);
        return 0;
    }
    s->proof = (fd_farkas){ 0 };
    if (fd_lp_ray(s->lp, s->ray))
        fd_certify_infeasible(&s->proof, s->model, s->lower, s->upper, s->ray);
    return s->proof.holds ? 0 : decide_slowly(feasible, s);
}

/* Groups without a multiplier in a proof that holds are not needed. */
static void keep_support(search *s)
{
    bool *needed;

    if (!s->proof.holds)
        return;
    needed = fd_alloc((s->groups->count + 1) * sizeof *needed);
    for (size_t r = 0; r < s->model->row_count; r++)
        if (s->groups->group[r] >= 0 && s->ray[r] != 0)
            needed[s->groups->group[r]] = true;
    for (size_t g = 0; g < s->groups->count; g++)
        s->active[g] = s->active[g] && needed[g];
    free(needed);
}

/* Rounds of the elastic program: what gives way becomes hard, until nothing can. On return active[]
 * holds the groups that became hard. */
static int elastic_filter(search *s, bool *feasible)
{
    const fd_model *model = s->model;
    fd_groups rest = { .count = s->groups->count, .names = s->groups->names };
    int err = 0;

    rest.group = fd_alloc((model->row_count + 1) * sizeof *rest.group);
    memcpy(rest.group, s->groups->group, model->row_count * sizeof *rest.group);
    memset(s->active, 0, s->groups->count * sizeof *s->active);
    for (size_t round = 0;; round++) {
        fd_elastic elastic;
        bool done;

        if ((err = check_clock(s)) < 0)
            break;
        s->solves++;
        err = fd_elastic_solve(&elastic, model, &rest, s->until == 0 ? 0 : s->until - now());
        done = err < 0 || elastic.status == FD_LP_INFEASIBLE || elastic.count == 0;
        *feasible = round == 0 && err >= 0 && elastic.status == FD_LP_OPTIMAL && elastic.count == 0;
        for (size_t i = 0; !done && i < elastic.count; i++)
            s->active[s->groups->group[elastic.items[i].row]] = true;
        fd_elastic_dispose(&elastic);
        if (done)
            break;
        for (size_t r = 0; r < model->row_count; r++)
            if (s->groups->group[r] >= 0 && s->active[s->groups->group[r]])
                rest.group[r] = -1;
    }
    free(rest.group);
    return err;
}

/* Leave out one group after the other, those of the highest number first, so that the earlier ones
 * of the caller's order stay where there is a choice. */
static int deletion_filter(search *s)
{
    bool feasible;
    int err;

    if ((err = solve(&feasible, s)) < 0)
        return err;
    if (feasible) { /* the filter stopped at its tolerance: start from everything */
        memset(s->active, 1, s->groups->count * sizeof *s->active);
        if ((err = solve(&feasible, s)) < 0)
            return err;
        if (feasible)
            return fd_error_set(FD_ENOCONV, "模型在容差边缘:一时可行一时不可行",
                                "the program is infeasible only within the tolerance");
    }
    keep_support(s);
    for (size_t g = s->groups->count; g-- > 0;) {
        if (!s->active[g])
            continue;
        s->active[g] = false;
        if ((err = solve(&feasible, s)) < 0)
            return err;
        if (feasible)
            s->active[g] = true;
        else
            keep_support(s);
    }
    return 0;
}

static int verify(fd_iis *out, search *s)
{
    bool feasible;
    int err;

    s->worst = 0;
    for (size_t g = 0; g < s->groups->count; g++) {
        if (!s->active[g])
            continue;
        out->groups[out->count++] = g;
        s->active[g] = false;
        err = solve(&feasible, s);
        s->active[g] = true;
        if (err < 0)
            return err;
        if (!feasible)
            out->verified = false;
    }
    if ((err = solve(&feasible, s)) < 0)
        return err;
    out->verified =
        out->verified && !feasible && s->proof.holds && s->worst <= FD_CERTIFY_TOLERANCE;
    out->proof = s->proof;
    out->worst = s->worst;
    out->ray = fd_alloc((s->model->row_count + 1) * sizeof *out->ray);
    memcpy(out->ray, s->ray, s->model->row_count * sizeof *out->ray);
    return 0;
}

int fd_iis_find(fd_iis *out, const fd_model *model, const fd_groups *groups, double seconds)
{
    fd_lp_options options = FD_LP_OPTIONS_INIT;
    search s = { .model = model, .groups = groups, .until = seconds > 0 ? now() + seconds : 0 };
    int err;

    memset(out, 0, sizeof *out);
    s.active = fd_alloc((groups->count + 1) * sizeof *s.active);
    s.lower = fd_alloc((model->row_count + 1) * sizeof *s.lower);
    s.upper = fd_alloc((model->row_count + 1) * sizeof *s.upper);
    s.ray = fd_alloc((model->row_count + 1) * sizeof *s.ray);
    out->groups = fd_alloc((groups->count + 1) * sizeof *out->groups);
    options.method = FD_LP_DUAL;
    options.seconds = seconds;
    s.lp = fd_model_lp(model, &options);
    for (size_t c = 0; c < model->column_count; c++)
        fd_lp_set_objective(s.lp, c, 0);
    if ((err = elastic_filter(&s, &out->feasible)) >= 0 && !out->feasible) {
        out->verified = true;
        if ((err = deletion_filter(&s)) >= 0)
            err = verify(out, &s);
    }
    out->solves = s.solves;
    fd_lp_free(s.lp);
    free(s.active);
    free(s.lower);
    free(s.upper);
    free(s.ray);
    if (err < 0)
        fd_iis_dispose(out);
    return err;
}

void fd_iis_dispose(fd_iis *iis)
{
    free(iis->groups);
    free(iis->ray);
    memset(iis, 0, sizeof *iis);
}
