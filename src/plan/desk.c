/*
 * The desk: a plan that stays warm between questions.
 *
 * Per year one program with the share attached, its solver and last basis.  A question moves limits
 * and projects of a copy of the plan; the program built from the copy has the same shape, so that
 * its bounds and coefficients go into the warm one (take_over) and the simplex starts where the
 * last question ended.  Where a change gives the program another shape (a limit that was not there,
 * other years) that question is solved from scratch.  Every answer is certified against the moved
 * program, not against the one before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/internal.h"

typedef struct warm_year {
    fd_shared shared;
    size_t rows, columns, entries; /* of the program without its share */
    fd_lp *lp;
} warm_year;

struct fd_plan_desk {
    fd_plan *plan;
    warm_year years[FD_PLAN_MOST_YEARS];
    size_t bytes;
};

int fd_plan_desk_new(fd_plan_desk **out, fd_plan *plan)
{
    fd_plan_desk *desk = fd_alloc(sizeof *desk);

    desk->plan = plan;
    desk->bytes = sizeof *desk + plan->cells.count * sizeof *plan->cells.items;
    *out = desk;
    return 0;
}

void fd_plan_desk_free(fd_plan_desk *desk)
{
    if (!desk)
        return;
    for (int t = 0; t < FD_PLAN_MOST_YEARS; t++) {
        fd_lp_free(desk->years[t].lp);
        fd_model_free(desk->years[t].shared.model);
    }
    fd_plan_free(desk->plan);
    free(desk);
}

size_t fd_plan_desk_bytes(const fd_plan_desk *desk)
{
    return desk->bytes;
}

/* ---- a plan with some limits moved ---- */

static void copy_plan(fd_plan *out, const fd_plan *plan)
{
    *out = *plan;
    out->arena = fd_arena_new(); /* what a change adds goes with the copy */
    memset(&out->limits, 0, sizeof out->limits);
    memset(&out->projects, 0, sizeof out->projects);
    for (size_t i = 0; i < plan->limits.count; i++)
        fd_vec_push(&out->limits, plan->limits.items[i]);
    for (size_t i = 0; i < plan->projects.count; i++)
        fd_vec_push(&out->projects, plan->projects.items[i]);
}

static void drop_copy(fd_plan *copy)
{
    fd_vec_dispose(&copy->limits);
    fd_vec_dispose(&copy->projects);
    fd_arena_free(copy->arena);
}

int fd_plan_apply(fd_plan *plan, const fd_plan_changes *changes)
{
    int err = 0;

    for (size_t i = 0; changes && i < changes->set_count && err >= 0; i++)
        err = fd_plan_set(plan, changes->set[i]);
    for (size_t i = 0; changes && i < changes->slip_count && err >= 0; i++)
        err = fd_plan_slip(plan, changes->slip[i]);
    return err;
}

/* ---- the warm program ---- */

static int open_year(warm_year *w, const fd_plan_model *m, int at, double seconds, size_t *bytes)
{
    fd_lp_options how = FD_LP_OPTIONS_INIT;
    int err;

    if ((err = fd_share_attach(&w->shared, m->model, &m->shares[at])) < 0) {
        w->shared.model = NULL;
        return err;
    }
    how.method = FD_LP_DUAL;
    how.presolve = true;
    how.seconds = seconds;
    w->lp = fd_model_lp(w->shared.model, &how);
    w->rows = m->model->row_count;
    w->columns = m->model->column_count;
    w->entries = m->model->entry_count;
    /* Our copy, the solver's two (by columns and by rows), its work space. */
    *bytes += w->shared.model->entry_count * 4 * sizeof(fd_model_entry) +
              (w->shared.model->row_count + w->shared.model->column_count) * 256;
    return 0;
}

/* Same rows, columns and places? Only then may numbers move over. */
static bool same_shape(const warm_year *w, const fd_model *from)
{
    if (w->rows != from->row_count || w->columns != from->column_count ||
        w->entries != from->entry_count)
        return false;
    for (size_t i = 0; i < from->entry_count; i++)
        if (!fd_model_at(w->shared.model, from->entries[i].row, from->entries[i].column))
            return false;
    return true;
}

static void take_over(warm_year *w, const fd_model *from)
{
    fd_model *model = w->shared.model;

    for (size_t r = 0; r < w->rows; r++) {
        fd_model_row *to = &model->rows[r];

        if (to->lower == from->rows[r].lower && to->upper == from->rows[r].upper)
            continue;
        to->lower = from->rows[r].lower;
        to->upper = from->rows[r].upper;
        fd_lp_set_row(w->lp, r, to->lower, to->upper);
    }
    for (size_t c = 0; c < w->columns; c++) {
        fd_model_column *to = &model->columns[c];

        to->objective = from->columns[c].objective;
        if (to->lower == from->columns[c].lower && to->upper == from->columns[c].upper)
            continue;
        to->lower = from->columns[c].lower;
        to->upper = from->columns[c].upper;
        fd_lp_set_column(w->lp, c, to->lower, to->upper);
    }
    /* The floor of growth stands on the year before: a coefficient, not a bound. */
    for (size_t i = 0; i < from->entry_count; i++) {
        const fd_model_entry *e = &from->entries[i];
        double *place = fd_model_at(model, e->row, e->column);

        if (*place != e->value) {
            *place = e->value;
            fd_lp_change(w->lp, e->row, e->column, e->value);
        }
    }
}

typedef struct question {
    fd_plan_desk *desk;
    const fd_plan_model *moved;
    double seconds;
} question;

/* fd_plan__finder: the largest share of a year, warm where the shape allows. */
static int find_warm(fd_largest *out, void *payload, int at)
{
    question *q = payload;
    warm_year *w = &q->desk->years[at];
    int err;

    if (!w->lp && (err = open_year(w, q->moved, at, q->seconds, &q->desk->bytes)) < 0)
        return err;
    if (!same_shape(w, q->moved->model))
        return fd_plan__largest(out, q->moved, at, q->seconds);
    take_over(w, q->moved->model);
    return fd_share_largest(out, &w->shared, w->lp);
}

int fd_plan_desk_reach(fd_table **out, fd_plan_summary *summary, fd_plan_desk *desk,
                       const fd_plan_changes *changes, const fd_plan_options *options)
{
    fd_plan_summary own;
    fd_plan_model m;
    fd_plan moved;
    int err;

    *out = NULL;
    copy_plan(&moved, desk->plan);
    if ((err = fd_plan_apply(&moved, changes)) < 0 || (err = fd_plan__build(&m, &moved)) < 0)
        goto done;
    fd_plan__summary(&own, &moved, options);
    {
        question q = { desk, &m, options->seconds };

        err = fd_plan__reach(out, &own, &moved, options, find_warm, &q);
    }
    if (err >= 0 && summary)
        *summary = own;
    fd_plan__model_dispose(&m);
done:
    drop_copy(&moved);
    return err;
}

/* ---- every limit a little tighter and looser ---- */

/* The largest share of the target's year with one more change; NAN when nothing is feasible. */
static int slide(double *share, bool *holds, fd_plan_desk *desk, const fd_plan_changes *changes,
                 const char *change, const fd_plan_options *options)
{
    fd_largest largest = { 0 };
    fd_plan_model m;
    fd_plan moved;
    int err;

    *share = NAN;
    copy_plan(&moved, desk->plan);
    if ((err = fd_plan_apply(&moved, changes)) < 0 ||
        (change && (err = fd_plan_set(&moved, change)) < 0) ||
        (err = fd_plan__build(&m, &moved)) < 0)
        goto done;
    {
        question q = { desk, &m, options->seconds };

        err = find_warm(&largest, &q, fd_plan__target_year(&moved, options) - moved.base_year - 1);
    }
    if (err >= 0 && largest.status != FD_LP_INFEASIBLE) {
        *share = largest.share;
        *holds = *holds && largest.certificate.holds;
    }
    fd_largest_dispose(&largest);
    fd_plan__model_dispose(&m);
done:
    drop_copy(&moved);
    return err;
}

static void set_share(fd_column *column, size_t row, double share)
{
    if (!isnan(share))
        fd_column_set_est(column, row, 100 * share);
}

int fd_plan_desk_moves(fd_table **out, fd_plan_desk *desk, const fd_plan_changes *changes,
                       const fd_plan_options *options)
{
    static const char *const sliders[] = { "growth",    "county", "market",  "energy", "carbon",
                                           "pollutant", "labour", "finance", "land",   "build" };
    static const fd_column_spec specs[] = {
        { "limit", "限制", "Limit", FD_TEXT, NULL, 0 },
        { "name", "名称", "Name", FD_TEXT, NULL, 0 },
        { "minus_10", "减一成", "-10 %", FD_EST, "%", 0 },
        { "now", "现在", "Now", FD_EST, "%", 0 },
        { "plus_10", "加一成", "+10 %", FD_EST, "%", 0 },
        { "certificate", "方案复核", "Checked", FD_BOOL, NULL, 0 },
    };
    const fd_plan *plan = desk->plan;
    fd_table *t = fd_table_new("sliders", "各限制松紧一成,占比最多到多少",
                               "The largest share when a limit moves by a tenth");
    bool holds = true;
    double now;
    int err;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    if ((err = slide(&now, &holds, desk, changes, NULL, options)) < 0)
        goto done;
    for (size_t i = 0; i < sizeof sliders / sizeof *sliders && err >= 0; i++) {
        const fd_plan_limit *limit = NULL;
        bool good = holds;
        double share[2];
        size_t row;

        for (size_t k = 0; k < plan->limits.count && !limit; k++)
            if (strcmp(plan->limits.items[k].limit, sliders[i]) == 0)
                limit = &plan->limits.items[k];
        if (!limit)
            continue;
        for (int side = 0; side < 2 && err >= 0; side++) {
            char change[64];

            snprintf(change, sizeof change, "%s%c10", sliders[i], side ? '+' : '-');
            err = slide(&share[side], &good, desk, changes, change, options);
        }
        if (err < 0)
            break;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, sliders[i]);
        fd_column_set_text(t->columns[1], row, limit->name);
        set_share(t->columns[2], row, share[0]);
        set_share(t->columns[3], row, now);
        set_share(t->columns[4], row, share[1]);
        fd_column_set_bool(t->columns[5], row, good);
    }
    fd_table_add_note(t, "在同一个线性规划上从上次的基接着解(线性松弛);空:那样就没有可行的方案。",
                      "The same linear program, each from the last basis (the linear relaxation); "
                      "empty: no plan is feasible then.");
done:
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

int fd_plan__sliders(fd_table **out, fd_plan *plan, const fd_plan_options *options)
{
    fd_plan_desk desk = { .plan = plan };
    int err = fd_plan_desk_moves(out, &desk, NULL, options);

    for (int t = 0; t < FD_PLAN_MOST_YEARS; t++) {
        fd_lp_free(desk.years[t].lp);
        fd_model_free(desk.years[t].shared.model);
    }
    return err;
}

/* ---- what can be moved ---- */

int fd_plan_desk_limits(fd_table **out, fd_plan_desk *desk, const fd_plan_changes *changes)
{
    static const fd_column_spec specs[] = {
        { "limit", "限制", "Limit", FD_TEXT, NULL, 0 },
        { "scope", "范围", "Scope", FD_TEXT, NULL, 0 },
        { "year", "年", "Year", FD_TEXT, NULL, 0 },
        { "value", "现值", "Value", FD_EST, NULL, 0 },
        { "standing", "原值", "Standing", FD_EST, NULL, 0 },
        { "unit", "单位", "Unit", FD_TEXT, NULL, 0 },
        { "name", "名称", "Name", FD_TEXT, NULL, 0 },
        { "name_en", "英文名", "Name (en)", FD_TEXT, NULL, 0 },
    };
    fd_table *t = fd_table_new("limits", "限制", "Limits");
    fd_plan moved;
    int err;

    copy_plan(&moved, desk->plan);
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    err = fd_plan_apply(&moved, changes);
    for (size_t i = 0; err >= 0 && i < moved.limits.count; i++) {
        const fd_plan_limit *l = &moved.limits.items[i];
        size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, l->limit);
        fd_column_set_text(t->columns[1], row, l->scope);
        fd_column_set_text(t->columns[2], row, l->year);
        fd_column_set_est(t->columns[3], row, l->value);
        if (i < desk->plan->limits.count) /* changes are made in place, new ones follow */
            fd_column_set_est(t->columns[4], row, desk->plan->limits.items[i].value);
        fd_column_set_text(t->columns[5], row, l->unit);
        fd_column_set_text(t->columns[6], row, l->name);
        fd_column_set_text(t->columns[7], row, l->name_en);
    }
    drop_copy(&moved);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

int fd_plan_desk_projects(fd_table **out, fd_plan_desk *desk, const fd_plan_changes *changes)
{
    static const fd_column_spec specs[] = {
        { "id", "项目", "Project", FD_TEXT, NULL, 0 },
        { "name", "名称", "Name", FD_TEXT, NULL, 0 },
        { "chain", "链", "Chain", FD_TEXT, NULL, 0 },
        { "county", "县区", "County", FD_TEXT, NULL, 0 },
        { "produces", "投产", "Produces from", FD_TEXT, NULL, 0 },
        { "slip", "推迟", "Slip", FD_EST, "月", 0 },
        { "value_added", "达产增加值", "Value added at full production", FD_EST, "亿元", 0 },
        { "emerging", "其中战新", "Emerging", FD_EST, "亿元", 0 },
    };
    fd_table *t = fd_table_new("projects", "在库项目", "Projects");
    fd_plan moved;
    int err;

    copy_plan(&moved, desk->plan);
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    err = fd_plan_apply(&moved, changes);
    for (size_t i = 0; err >= 0 && i < moved.projects.count; i++) {
        const fd_plan_project *p = &moved.projects.items[i], *was = &desk->plan->projects.items[i];
        size_t row = fd_table_add_row(t);
        char text[32];

        fd_column_set_text(t->columns[0], row, p->id);
        fd_column_set_text(t->columns[1], row, p->name);
        fd_column_set_text(t->columns[2], row, moved.chains.items[p->chain]);
        fd_column_set_text(t->columns[3], row, moved.counties.items[p->county]);
        snprintf(text, sizeof text, "%d-%02d", p->year, p->month);
        fd_column_set_text(t->columns[4], row, text);
        fd_column_set_est(t->columns[5], row, 12 * (p->year - was->year) + p->month - was->month);
        fd_column_set_est(t->columns[6], row, p->value_added);
        fd_column_set_est(t->columns[7], row, p->emerging);
    }
    drop_copy(&moved);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}
