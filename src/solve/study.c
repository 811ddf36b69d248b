/*
 * Each table solves what it needs anew; programs of this size take moments, and every table then
 * stands for itself.
 */
#include "solve/study_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

static const char *const names[FD_STUDY_COUNT] = {
    [FD_STUDY_SUMMARY] = "summary",
    [FD_STUDY_OPTIMA] = "optima",
    [FD_STUDY_OBJECTIVES] = "objectives",
    [FD_STUDY_SOLUTION] = "solution",
    [FD_STUDY_ROWS] = "rows",
    [FD_STUDY_SHADOW] = "shadow",
    [FD_STUDY_PARETO] = "pareto",
    [FD_STUDY_ELASTIC] = "elastic",
    [FD_STUDY_IIS] = "iis",
    [FD_STUDY_IIS_ROWS] = "iis_rows",
};

const char *fd_study_name(fd_study_table table)
{
    return names[table];
}

void fd_study__dispose(fd_study_outcome *o)
{
    fd_lp_free(o->lp);
    fd_milp_dispose(&o->milp);
    memset(o, 0, sizeof *o);
}

static int prove(fd_study_outcome *o, const fd_model *model, double seconds)
{
    double *ray = fd_alloc((model->row_count + 1) * sizeof *ray);
    fd_groups all;
    fd_elastic elastic;
    int err;

    if (fd_lp_ray(o->lp, ray))
        fd_certify_infeasible(&o->proof, model, NULL, NULL, ray);
    free(ray);
    if (o->proof.holds)
        return 0;
    fd_groups_by_row(&all, model);
    err = fd_elastic_solve(&elastic, model, &all, seconds);
    if (err >= 0)
        o->proof = elastic.proof;
    fd_elastic_dispose(&elastic);
    fd_groups_dispose(&all);
    return err;
}

/* Where the relaxation has no solution, that is the proof; else the search itself is. */
static int prove_whole(fd_study_outcome *o, const fd_model *model, double seconds)
{
    fd_lp_options how = FD_LP_OPTIONS_INIT;
    fd_lp_status status;
    int err;

    how.method = FD_LP_DUAL;
    how.seconds = seconds;
    o->lp = fd_model_lp(model, &how);
    if ((err = fd_lp_solve(&status, o->lp)) >= 0 && status == FD_LP_INFEASIBLE)
        err = prove(o, model, seconds);
    if (err < 0 || !o->proof.holds) {
        fd_lp_free(o->lp);
        o->lp = NULL;
    }
    return err;
}

static int solve_whole(fd_study_outcome *o, const fd_model *model, const fd_study_options *options)
{
    fd_milp_options how = FD_MILP_OPTIONS_INIT;
    int err;

    how.seconds = options->seconds > 0 ? options->seconds : 3600;
    how.gap = options->gap;
    if ((err = fd_milp_solve(&o->milp, model, &how)) < 0)
        return err;
    o->status = o->milp.status;
    o->objective = o->milp.objective;
    o->bound = o->milp.bound;
    o->gap = o->milp.gap;
    o->certificate = o->milp.certificate;
    return o->status == FD_LP_INFEASIBLE ? prove_whole(o, model, options->seconds) : 0;
}

static int solve(fd_study_outcome *o, const fd_model *model, const fd_study_options *options)
{
    fd_lp_options how = FD_LP_OPTIONS_INIT;
    int err;

    memset(o, 0, sizeof *o);
    if (model->integers > 0)
        return solve_whole(o, model, options);
    how.method = FD_LP_DUAL;
    how.presolve = true;
    how.seconds = options->seconds;
    o->lp = fd_model_lp(model, &how);
    if ((err = fd_lp_solve(&o->status, o->lp)) < 0)
        return err;
    if (o->status == FD_LP_INFEASIBLE)
        return prove(o, model, options->seconds);
    if (o->status != FD_LP_OPTIMAL)
        return 0;
    fd_certify_optimal(&o->certificate, model, fd_lp_primal(o->lp), fd_lp_dual(o->lp));
    o->objective = o->certificate.objective;
    o->bound = o->certificate.bound;
    o->gap = o->certificate.gap;
    return 0;
}

static const double *primal_of(const fd_study_outcome *o)
{
    return o->lp ? fd_lp_primal(o->lp) : o->milp.x;
}

/* ---- summary and optima ---- */

void fd_study__set(fd_table *t, const char *column, size_t row, double value)
{
    if (isfinite(value))
        fd_column_set_est(t->columns[fd_table_find(t, column)], row, value);
}

void fd_study__set_text(fd_table *t, const char *column, size_t row, const char *text)
{
    fd_column_set_text(t->columns[fd_table_find(t, column)], row, text);
}

static const char *status_name(const fd_study_outcome *o)
{
    if (o->milp.timed_out)
        return o->milp.has_solution ? "time limit, best found" : "time limit";
    switch (o->status) {
    case FD_LP_OPTIMAL:
        return "optimal";
    case FD_LP_INFEASIBLE:
        return "infeasible";
    case FD_LP_UNBOUNDED:
        return "unbounded";
    case FD_LP_UNSOLVED:
        break;
    }
    return "unsolved";
}

static void add_summary(fd_table *t, const fd_study_model *m, const fd_study_outcome *o)
{
    size_t row = fd_table_add_row(t);
    bool optimal = o->status == FD_LP_OPTIMAL;

    fd_study__set_text(t, "model", row, m->name);
    fd_study__set_text(t, "status", row, status_name(o));
    fd_study__set(t, "rows", row, (double)m->model->row_count);
    fd_study__set(t, "columns", row, (double)m->model->column_count);
    fd_study__set(t, "nonzeros", row, (double)m->model->entry_count);
    fd_study__set(t, "integers", row, (double)m->model->integers);
    if (optimal) {
        fd_study__set(t, "objective", row, o->objective);
        fd_study__set(t, "bound", row, o->bound);
        fd_study__set(t, "gap", row, o->gap);
        fd_study__set(t, "primal_residual", row, o->certificate.primal);
        if (o->lp)
            fd_study__set(t, "dual_residual", row, o->certificate.dual);
    }
    if (o->status == FD_LP_INFEASIBLE && o->lp)
        fd_study__set(t, "farkas_excess", row, o->proof.excess);
    if (optimal || (o->status == FD_LP_INFEASIBLE && o->lp))
        fd_study__set_text(t, "certificate", row,
                           (optimal ? o->certificate.holds : o->proof.holds) ? "holds"
                                                                             : "does not hold");
}

static fd_table *new_summary(void)
{
    static const fd_column_spec specs[] = {
        { "model", "模型", "Model", FD_TEXT, NULL, 0 },
        { "status", "结论", "Status", FD_TEXT, NULL, 0 },
        { "objective", "目标值", "Objective", FD_EST, NULL, 0 },
        { "bound", "界", "Bound", FD_EST, NULL, 0 },
        { "gap", "差距", "Gap", FD_EST, NULL, 0 },
        { "rows", "行", "Rows", FD_EST, NULL, 0 },
        { "columns", "列", "Columns", FD_EST, NULL, 0 },
        { "nonzeros", "非零元", "Non-zeros", FD_EST, NULL, 0 },
        { "integers", "整数列", "Integers", FD_EST, NULL, 0 },
        { "primal_residual", "原始残差", "Primal residual", FD_EST, NULL, 0 },
        { "dual_residual", "对偶残差", "Dual residual", FD_EST, NULL, 0 },
        { "farkas_excess", "矛盾量(Farkas)", "Farkas excess", FD_EST, NULL, 0 },
        { "certificate", "证书", "Certificate", FD_TEXT, NULL, 0 },
    };
    fd_table *t = fd_table_new("summary", "线性规划", "Linear programs");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    fd_table_add_note(
        t,
        "证书不看求解器怎么说,由模型和数重新算:原始残差、对偶残差、目标与对偶目标之差都不超过 "
        "1e-6;不可行由行乘数(Farkas)证明。",
        "The certificate is recomputed from model and numbers, whatever the solver says: residuals "
        "and gap within 1e-6; infeasibility by multipliers of rows (Farkas).");
    return t;
}

static int run_all(fd_table **out, fd_study_table wanted, const fd_study_model *models,
                   size_t count, const fd_study_options *options)
{
    static const fd_column_spec optima[] = {
        { "model", "模型", "Model", FD_TEXT, NULL, 0 },
        { "optimum", "最优值", "Optimum", FD_EST, NULL, 0 },
    };
    bool summary = wanted == FD_STUDY_SUMMARY;
    fd_table *t = summary ? new_summary() : fd_table_new("optima", "最优值", "Optima");
    int err = 0;

    if (!summary)
        fd_table_add_columns(t, optima, 2);
    for (size_t i = 0; i < count && err >= 0; i++) {
        fd_study_outcome o;

        if ((err = solve(&o, models[i].model, options)) >= 0 && summary) {
            add_summary(t, &models[i], &o);
        } else if (err >= 0) {
            size_t row = fd_table_add_row(t);

            fd_study__set_text(t, "model", row, models[i].name);
            if (o.status == FD_LP_OPTIMAL)
                fd_study__set(t, "optimum", row, o.objective);
        }
        fd_study__dispose(&o);
    }
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

/* ---- shares ---- */

/* Shares by year as read off one model. */
typedef struct shares {
    const fd_model *from;
    fd_share *items;
    double *least; /* what each row requires there */
    size_t count;
} shares;

static void shares_dispose(shares *s)
{
    for (size_t i = 0; i < s->count; i++)
        fd_share_dispose(&s->items[i]);
    free(s->items);
    free(s->least);
    memset(s, 0, sizeof *s);
}

/* The row of the whole that belongs to a requirement: same end of the name. */
static bool partner(size_t *whole, const fd_model *model, const char *name,
                    const fd_study_options *options)
{
    size_t length = strlen(options->share_part);
    char wanted[512];

    if (strncmp(name, options->share_part, length) != 0)
        return false;
    snprintf(wanted, sizeof wanted, "%s%s", options->share_whole, name + length);
    return fd_model_find_row(model, wanted, whole);
}

static int by_name(const void *a, const void *b, void *payload)
{
    const fd_model *model = payload;

    return strverscmp(model->rows[*(const size_t *)a].name, model->rows[*(const size_t *)b].name);
}

/* Years in the order of their numbers, whatever that of the rows. */
static int shares_read(shares *out, const fd_study_model *models, size_t count,
                       const fd_study_options *options)
{
    memset(out, 0, sizeof *out);
    if (!options->share_part)
        return 0;
    for (size_t i = 0; i < count && out->count == 0; i++) {
        const fd_model *model = models[i].model;

        size_t *rows = fd_alloc((model->row_count + 1) * sizeof *rows), n = 0;
        int err = 0;

        out->from = model;
        for (size_t r = 0, whole; r < model->row_count; r++)
            if (partner(&whole, model, model->rows[r].name, options))
                rows[n++] = r;
        qsort_r(rows, n, sizeof *rows, by_name, (void *)(uintptr_t)model);
        for (size_t k = 0, whole; k < n && err >= 0; k++) {
            const size_t r = rows[k];
            fd_share share;
            double least;

            if (!partner(&whole, model, model->rows[r].name, options))
                continue;
            if ((err = fd_share_read(&share, &least, model, r, whole)) < 0) {
                shares_dispose(out);
                fd_error_detail("文件 %s,行 %s", "file %s, row %s", models[i].name,
                                model->rows[r].name);
                break;
            }
            out->items = fd_realloc_array(out->items, out->count + 1, sizeof *out->items);
            out->least = fd_realloc_array(out->least, out->count + 1, sizeof *out->least);
            out->items[out->count] = share;
            out->least[out->count++] = least;
        }
        free(rows);
        if (err < 0)
            return err;
    }
    if (out->count)
        return 0;
    return fd_error_set(FD_ENOTFOUND, "没有一对以 %s 和 %s 开头、结尾相同的行",
                        "no pair of rows begins with %s and %s and ends alike", options->share_part,
                        options->share_whole);
}

/* The same share by the columns of another model. FD_ENOTFOUND a column it does not have. */
static int share_for(fd_share *out, const shares *s, size_t which, const fd_model *model)
{
    const fd_share *from = &s->items[which];

    memset(out, 0, sizeof *out);
    out->columns = model->column_count;
    out->part = fd_alloc((model->column_count + 1) * sizeof *out->part);
    out->whole = fd_alloc((model->column_count + 1) * sizeof *out->whole);
    for (size_t c = 0; c < from->columns; c++) {
        size_t at = c;

        if (from->whole[c] == 0)
            continue;
        if (model != s->from && !fd_model_find_column(model, s->from->columns[c].name, &at)) {
            fd_share_dispose(out);
            return fd_error_set(FD_ENOTFOUND, "模型 %s 里没有占比要用的列 %s",
                                "model %s has no column %s, which the share needs", model->name,
                                s->from->columns[c].name);
        }
        out->part[at] = from->part[c];
        out->whole[at] = from->whole[c];
    }
    return 0;
}

static int add_shares(fd_table *t, size_t row, const shares *s, const fd_model *model,
                      const double *x)
{
    for (size_t k = 0; k < s->count; k++) {
        fd_share share;
        int err;

        if ((err = share_for(&share, s, k, model)) < 0)
            return err;
        fd_column_set_est(t->columns[2 + k], row, fd_share_value(&share, x));
        fd_share_dispose(&share);
    }
    return 0;
}

/* The program with its last share attached, and its solver. */
static int attach_last(fd_shared *shared, fd_lp **lp, const shares *s, const fd_model *model,
                       const fd_study_options *options)
{
    fd_lp_options how = FD_LP_OPTIONS_INIT;
    fd_share share;
    int err;

    if ((err = share_for(&share, s, s->count - 1, model)) < 0)
        return err;
    err = fd_share_attach(shared, model, &share);
    fd_share_dispose(&share);
    if (err < 0)
        return err;
    how.presolve = true;
    how.method = FD_LP_DUAL;
    how.seconds = options->seconds;
    *lp = fd_model_lp(shared->model, &how);
    return 0;
}

static int find_largest(fd_largest *out, const shares *s, const fd_model *model,
                        const fd_study_options *options)
{
    fd_shared shared;
    fd_lp *lp;
    int err;

    if ((err = attach_last(&shared, &lp, s, model, options)) < 0)
        return err;
    err = fd_share_largest(out, &shared, lp);
    fd_lp_free(lp);
    fd_model_free(shared.model);
    return err;
}

int fd_study__elastic(fd_elastic *out, const fd_model *model, const fd_study_options *options)
{
    fd_groups groups;
    int err;

    if (options->elastic_count)
        fd_groups_by_pattern(&groups, model, options->elastic, options->elastic_count);
    else
        fd_groups_by_row(&groups, model);
    err = fd_elastic_solve(out, model, &groups, options->seconds);
    fd_groups_dispose(&groups);
    return err;
}

/* How the least relaxation of a model is called: by the share it asks for, else by its name. */
static void elastic_name(char *buf, size_t size, const fd_study_model *m, const shares *s,
                         const fd_study_options *options)
{
    size_t last = SIZE_MAX, whole;
    double least = 0;
    fd_share share;

    for (size_t r = 0; s->count && r < m->model->row_count; r++)
        if (partner(&whole, m->model, m->model->rows[r].name, options) &&
            (last == SIZE_MAX || strverscmp(m->model->rows[r].name, m->model->rows[last].name) > 0))
            last = r;
    if (last != SIZE_MAX && partner(&whole, m->model, m->model->rows[last].name, options) &&
        fd_share_read(&share, &least, m->model, last, whole) >= 0)
        fd_share_dispose(&share);
    if (least > 0)
        snprintf(buf, size, "elastic_min_relative_violation_target_%.6g", least);
    else
        snprintf(buf, size, "elastic_min_relative_violation_%s", m->name);
}

static int add_largest(fd_table *t, const shares *s, const fd_model *model,
                       const fd_study_options *options)
{
    fd_largest largest;
    size_t row;
    int err;

    if ((err = find_largest(&largest, s, model, options)) < 0)
        return err;
    row = fd_table_add_row(t);
    fd_study__set_text(t, "case", row, "max_final_share");
    fd_study__set(t, "value", row, largest.share);
    fd_largest_dispose(&largest);
    return 0;
}

static int add_objective(fd_table *t, const fd_study_model *m, const shares *s, bool *had_largest,
                         const fd_study_options *options)
{
    fd_elastic elastic;
    char name[512];
    fd_study_outcome o;
    size_t row;
    int err = solve(&o, m->model, options);

    if (err < 0)
        goto done;
    if (o.status == FD_LP_OPTIMAL) {
        row = fd_table_add_row(t);
        fd_study__set_text(t, "case", row, m->name);
        fd_study__set(t, "value", row, o.objective);
        if ((err = add_shares(t, row, s, m->model, primal_of(&o))) < 0 || *had_largest || !s->count)
            goto done;
        *had_largest = true;
        err = add_largest(t, s, m->model, options);
    } else if (o.status == FD_LP_INFEASIBLE) {
        if ((err = fd_study__elastic(&elastic, m->model, options)) < 0)
            goto done;
        row = fd_table_add_row(t);
        elastic_name(name, sizeof name, m, s, options);
        fd_study__set_text(t, "case", row, name);
        if (elastic.status == FD_LP_OPTIMAL)
            fd_study__set(t, "value", row, elastic.objective);
        fd_elastic_dispose(&elastic);
    }
done:
    fd_study__dispose(&o);
    return err;
}

static int run_objectives(fd_table **out, const fd_study_model *models, size_t count,
                          const fd_study_options *options)
{
    static const fd_column_spec specs[] = {
        { "case", "情形", "Case", FD_TEXT, NULL, 0 },
        { "value", "值", "Value", FD_EST, NULL, 0 },
    };
    fd_table *t = fd_table_new("objectives", "目标值与占比", "Objectives and shares");
    bool had_largest = false;
    shares s;
    int err = shares_read(&s, models, count, options);

    fd_table_add_columns(t, specs, 2);
    for (size_t k = 0; k < s.count; k++) {
        char id[32], zh[48];

        snprintf(id, sizeof id, "share_y%zu", k + 1);
        snprintf(zh, sizeof zh, "第 %zu 年占比", k + 1);
        fd_table_add_new(t, id, zh, id, FD_EST, "", 0);
    }
    for (size_t i = 0; i < count && err >= 0; i++)
        err = add_objective(t, &models[i], &s, &had_largest, options);
    shares_dispose(&s);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

/* ---- one model ---- */

/* The first (or last) model whose solve ends in `status`; FD_EINVAL when there is none. */
int fd_study__find(size_t *which, fd_study_outcome *o, fd_lp_status status, bool last,
                   const fd_study_model *models, size_t count, const fd_study_options *options)
{
    *which = 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = last ? count - 1 - i : i;
        int err;

        if ((err = solve(o, models[at].model, options)) < 0) {
            fd_study__dispose(o);
            return err;
        }
        if (o->status == status) {
            *which = at;
            return 0;
        }
        fd_study__dispose(o);
    }
    if (status == FD_LP_OPTIMAL) {
        fd_error_set(FD_EINFEASIBLE, "没有可行的模型", "no model has a solution");
        return fd_error_hint("用 --iis 或 --elastic 看为什么", "--iis or --elastic say why");
    }
    return fd_error_set(FD_EINVAL, "模型都有解,没有矛盾可解释",
                        "every model has a solution: there is nothing to explain");
}

static int run_solution(fd_table **out, const fd_study_model *m, const fd_study_options *options,
                        bool rows)
{
    static const fd_column_spec by_column[] = {
        { "column", "列", "Column", FD_TEXT, NULL, 0 },
        { "value", "值", "Value", FD_EST, NULL, 0 },
        { "objective", "目标系数", "Objective", FD_EST, NULL, 0 },
        { "lower", "下限", "Lower", FD_EST, NULL, 0 },
        { "upper", "上限", "Upper", FD_EST, NULL, 0 },
        { "reduced_cost", "检验数", "Reduced cost", FD_EST, NULL, 0 },
    };
    static const fd_column_spec by_row[] = {
        { "row", "行", "Row", FD_TEXT, NULL, 0 },
        { "activity", "取值", "Activity", FD_EST, NULL, 0 },
        { "lower", "下限", "Lower", FD_EST, NULL, 0 },
        { "upper", "上限", "Upper", FD_EST, NULL, 0 },
        { "dual", "影子价格", "Dual", FD_EST, NULL, 0 },
    };
    const fd_model *model = m->model;
    double *activity = fd_alloc((model->row_count + 1) * sizeof *activity);
    fd_table *t = NULL;
    size_t which = 0;
    fd_study_outcome o;
    int err;

    if ((err = fd_study__find(&which, &o, FD_LP_OPTIMAL, false, m, 1, options)) < 0)
        goto done;
    t = rows ? fd_table_new("rows", "行", "Rows") : fd_table_new("solution", "解", "Solution");
    if (rows)
        fd_table_add_columns(t, by_row, sizeof by_row / sizeof *by_row);
    else
        fd_table_add_columns(t, by_column, sizeof by_column / sizeof *by_column);
    fd_model_activity(model, primal_of(&o), activity);
    for (size_t i = 0; i < (rows ? model->row_count : model->column_count); i++) {
        size_t row = fd_table_add_row(t);

        if (rows) {
            fd_study__set_text(t, "row", row, model->rows[i].name);
            fd_study__set(t, "activity", row, activity[i]);
            fd_study__set(t, "lower", row, model->rows[i].lower);
            fd_study__set(t, "upper", row, model->rows[i].upper);
            if (o.lp)
                fd_study__set(t, "dual", row, fd_lp_dual(o.lp)[i]);
        } else {
            fd_study__set_text(t, "column", row, model->columns[i].name);
            fd_study__set(t, "value", row, primal_of(&o)[i]);
            fd_study__set(t, "objective", row, model->columns[i].objective);
            fd_study__set(t, "lower", row, model->columns[i].lower);
            fd_study__set(t, "upper", row, model->columns[i].upper);
            if (o.lp)
                fd_study__set(t, "reduced_cost", row, fd_lp_reduced(o.lp)[i]);
        }
    }
    fd_study__dispose(&o);
done:
    free(activity);
    if (err >= 0)
        *out = t;
    return err;
}

static int run_shadow(fd_table **out, const fd_study_model *models, size_t count,
                      const fd_study_options *options)
{
    static const fd_column_spec specs[] = {
        { "row", "限制", "Row", FD_TEXT, NULL, 0 },
        { "dual_dobj_drhs", "影子价格", "Dual", FD_EST, NULL, 0 },
        { "fd_plus", "右端加一步", "Plus", FD_EST, NULL, 0 },
        { "fd_minus", "右端减一步", "Minus", FD_EST, NULL, 0 },
        { "degenerate", "两侧不同", "Degenerate", FD_BOOL, NULL, 0 },
        { "slack", "余量", "Slack", FD_EST, NULL, 0 },
    };
    const fd_model *model;
    fd_shadow *prices = NULL;
    size_t which = 0, *rows = NULL, n = 0;
    fd_table *t;
    fd_study_outcome o;
    int err;

    if ((err = fd_study__find(&which, &o, FD_LP_OPTIMAL, true, models, count, options)) < 0)
        return err;
    model = models[which].model;
    if (!o.lp) {
        err = fd_error_set(FD_EINVAL, "整数规划没有影子价格",
                           "a program with whole numbers has no shadow prices");
        goto done;
    }
    rows = fd_alloc((model->row_count + 1) * sizeof *rows);
    prices = fd_alloc((model->row_count + 1) * sizeof *prices);
    for (size_t r = 0; r < model->row_count; r++)
        if (!options->elastic_count ||
            fd_model_match(model->rows[r].name, options->elastic, options->elastic_count) >= 0)
            rows[n++] = r;
    if ((err = fd_shadow_prices(prices, model, o.lp, rows, n, options->step)) < 0)
        goto done;
    t = fd_table_new("shadow", "影子价格", "Shadow prices");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; i < n; i++) {
        size_t row = fd_table_add_row(t);

        fd_study__set_text(t, "row", row, model->rows[prices[i].row].name);
        fd_study__set(t, "dual_dobj_drhs", row, prices[i].dual);
        if (prices[i].has_plus)
            fd_study__set(t, "fd_plus", row, prices[i].plus);
        if (prices[i].has_minus)
            fd_study__set(t, "fd_minus", row, prices[i].minus);
        fd_column_set_bool(t->columns[4], row, prices[i].degenerate);
        fd_study__set(t, "slack", row, prices[i].slack);
    }
    fd_table_add_note(
        t,
        "影子价格 = 目标值对右端的变化率;两侧不同时没有单一价格,请分别用两侧的数;空 = 这一侧无解。",
        "Price = change of the objective by the right-hand side; where the sides differ there is "
        "no single price; empty = no solution on that side.");
    *out = t;
done:
    free(rows);
    free(prices);
    fd_study__dispose(&o);
    return err;
}

static int run_pareto(fd_table **out, const fd_study_model *models, size_t count,
                      const fd_study_options *options)
{
    fd_front_point *points = fd_alloc((options->points + 1) * sizeof *points);
    fd_largest largest = { 0 };
    fd_shared shared = { 0 };
    fd_lp *lp = NULL;
    fd_share share;
    fd_table *t;
    size_t which = 0;
    double from;
    fd_study_outcome o;
    shares s;
    int err;

    if ((err = shares_read(&s, models, count, options)) < 0)
        goto freed;
    if (!s.count) {
        err = fd_error_set(FD_EINVAL, "前沿要说明占比:--share 占比行/总量行",
                           "the front needs a share: --share REQUIREMENT/WHOLE");
        goto freed;
    }
    if ((err = fd_study__find(&which, &o, FD_LP_OPTIMAL, false, models, count, options)) < 0)
        goto freed;
    if (!o.lp) {
        err = fd_error_set(FD_EINVAL, "整数规划的前沿不在这里算",
                           "no front is made of a program with whole numbers");
        goto done;
    }
    if ((err = share_for(&share, &s, s.count - 1, models[which].model)) < 0)
        goto done;
    from = fd_share_value(&share, fd_lp_primal(o.lp));
    fd_share_dispose(&share);
    if ((err = attach_last(&shared, &lp, &s, models[which].model, options)) < 0 ||
        (err = fd_share_largest(&largest, &shared, lp)) < 0 ||
        (err = fd_share_front(points, options->points, &shared, lp, from,
                              options->end * largest.share)) < 0)
        goto done;
    t = fd_table_new("pareto", "占比与目标的前沿", "Front of share and objective");
    fd_table_add_new(t, "final_share_at_least", "末年占比不低于", "Final share at least", FD_EST,
                     "", 0);
    if (models[which].model->maximize)
        fd_table_add_new(t, "objective_max", "目标最大值", "Largest objective", FD_EST, "", 0);
    else
        fd_table_add_new(t, "objective_min", "目标最小值", "Least objective", FD_EST, "", 0);
    fd_table_add_new(t, "dominated", "被支配", "Dominated", FD_BOOL, "", 0);
    fd_table_add_new(t, "certificate", "证书", "Certificate", FD_BOOL, "", 0);
    for (size_t i = 0; i < options->points; i++) {
        size_t row = fd_table_add_row(t);

        fd_column_set_est(t->columns[0], row, points[i].share);
        if (!points[i].feasible)
            continue;
        fd_column_set_est(t->columns[1], row, points[i].objective);
        fd_column_set_bool(t->columns[2], row, points[i].dominated);
        fd_column_set_bool(t->columns[3], row, points[i].certificate.holds);
    }
    fd_table_add_note(t,
                      "ε 约束法:末年占比逐点抬高,各点重新求最优;末点取最大占比的 99.99 "
                      "%(再往前目标几乎垂直变坏)。",
                      "Epsilon-constraint: the last share is raised point by point; the last point "
                      "is 99.99 % of the largest share, where the front turns vertical.");
    *out = t;
done:
    fd_study__dispose(&o);
freed:
    shares_dispose(&s);
    fd_largest_dispose(&largest);
    fd_lp_free(lp);
    fd_model_free(shared.model);
    free(points);
    return err;
}

int fd_study_run(fd_table **out, fd_study_table wanted, const fd_study_model *models, size_t count,
                 const fd_study_options *options)
{
    *out = NULL;
    switch (wanted) {
    case FD_STUDY_SUMMARY:
    case FD_STUDY_OPTIMA:
        return run_all(out, wanted, models, count, options);
    case FD_STUDY_OBJECTIVES:
        return run_objectives(out, models, count, options);
    case FD_STUDY_SOLUTION:
    case FD_STUDY_ROWS:
        return run_solution(out, models, options, wanted == FD_STUDY_ROWS);
    case FD_STUDY_SHADOW:
        return run_shadow(out, models, count, options);
    case FD_STUDY_PARETO:
        return run_pareto(out, models, count, options);
    case FD_STUDY_ELASTIC:
        return fd_study__run_elastic(out, models, count, options);
    case FD_STUDY_IIS:
    case FD_STUDY_IIS_ROWS:
        return fd_study__run_iis(out, models, count, options, wanted == FD_STUDY_IIS_ROWS);
    case FD_STUDY_COUNT:
        break;
    }
    return fd_error_set(FD_EINVAL, "没有这张表", "no such table");
}
