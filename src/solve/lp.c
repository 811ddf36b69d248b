/*
 * The model is kept as triplets until it is solved; then it becomes CLP's column form.  CLP always
 * minimises: a maximum is solved as the minimum of -c'x, and objective, duals and reduced costs
 * change their sign on the way out, so that callers never meet CLP's own sign conventions.
 */
#include "solve/lp.h"

#include <assert.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include <coin/Clp_C_Interface.h>

#include "base/vec.h"

#define CLP_OPTIMAL    0
#define CLP_INFEASIBLE 1
#define CLP_UNBOUNDED  2
#define CLP_STOPPED    3
#define CLP_TIME       9 /* secondary status of a solve that ran out of time */

typedef struct entry {
    int row, column;
    double value;
} entry;

struct fd_lp {
    bool maximize, built, solved;
    fd_lp_options options;
    fd_vec(entry) entries;
    fd_vec(double) row_lower, row_upper, lower, upper, objective;
    Clp_Simplex *model;
    double *factor;                             /* per row: what it was multiplied by */
    double *primal, *activity, *dual, *reduced; /* results in the caller's scale and sense */
    double value;
    size_t dropped;
    int iterations;
    bool based; /* the model holds a basis worth starting from */
    fd_lp_basis *wanted;
};

struct fd_lp_basis {
    size_t rows, columns;
    unsigned char status[];
};

fd_lp *fd_lp_new(bool maximize)
{
    fd_lp *lp = fd_alloc(sizeof *lp);

    lp->maximize = maximize;
    return lp;
}

static void forget_model(fd_lp *lp)
{
    if (lp->model)
        Clp_deleteModel(lp->model);
    lp->model = NULL;
    lp->built = lp->solved = lp->based = false;
    free(lp->factor);
    free(lp->primal);
    free(lp->activity);
    free(lp->dual);
    free(lp->reduced);
    lp->factor = lp->primal = lp->activity = lp->dual = lp->reduced = NULL;
}

void fd_lp_free(fd_lp *lp)
{
    if (!lp)
        return;
    forget_model(lp);
    fd_vec_dispose(&lp->entries);
    fd_vec_dispose(&lp->row_lower);
    fd_vec_dispose(&lp->row_upper);
    fd_vec_dispose(&lp->lower);
    fd_vec_dispose(&lp->upper);
    fd_vec_dispose(&lp->objective);
    free(lp->wanted);
    free(lp);
}

void fd_lp_set_options(fd_lp *lp, const fd_lp_options *options)
{
    forget_model(lp);
    lp->options = *options;
}

size_t fd_lp_add_row(fd_lp *lp, double lower, double upper)
{
    forget_model(lp);
    fd_vec_push(&lp->row_lower, lower);
    fd_vec_push(&lp->row_upper, upper);
    return lp->row_lower.count - 1;
}

size_t fd_lp_add_column(fd_lp *lp, double objective, double lower, double upper)
{
    forget_model(lp);
    fd_vec_push(&lp->objective, objective);
    fd_vec_push(&lp->lower, lower);
    fd_vec_push(&lp->upper, upper);
    return lp->objective.count - 1;
}

void fd_lp_put(fd_lp *lp, size_t row, size_t column, double value)
{
    assert(row < lp->row_lower.count && column < lp->objective.count);
    forget_model(lp);
    fd_vec_push(&lp->entries, ((entry){ (int)row, (int)column, value }));
}

size_t fd_lp_rows(const fd_lp *lp)
{
    return lp->row_lower.count;
}

size_t fd_lp_columns(const fd_lp *lp)
{
    return lp->objective.count;
}

void fd_lp_set_objective(fd_lp *lp, size_t column, double objective)
{
    assert(column < lp->objective.count);
    lp->objective.items[column] = objective;
    lp->solved = false;
}

void fd_lp_set_row(fd_lp *lp, size_t row, double lower, double upper)
{
    assert(row < lp->row_lower.count);
    lp->row_lower.items[row] = lower;
    lp->row_upper.items[row] = upper;
    lp->solved = false;
}

void fd_lp_set_column(fd_lp *lp, size_t column, double lower, double upper)
{
    assert(column < lp->objective.count);
    lp->lower.items[column] = lower;
    lp->upper.items[column] = upper;
    lp->solved = false;
}

void fd_lp_set_maximize(fd_lp *lp, bool maximize)
{
    lp->maximize = maximize;
    lp->solved = false;
}

static int compare_entries(const void *left, const void *right)
{
    const entry *a = left, *b = right;

    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* Sort by column and row, and add up what falls into one place. */
static void merge_entries(fd_lp *lp)
{
    size_t kept = 0;

    if (lp->entries.count)
        qsort(lp->entries.items, lp->entries.count, sizeof *lp->entries.items, compare_entries);
    for (size_t i = 0; i < lp->entries.count; i++) {
        entry *e = &lp->entries.items[i];

        if (kept && compare_entries(&lp->entries.items[kept - 1], e) == 0)
            lp->entries.items[kept - 1].value += e->value;
        else
            lp->entries.items[kept++] = *e;
    }
    lp->entries.count = kept;
}

/* Row factors (all 1 without scaling) and the largest coefficient of each row. */
static void find_factors(fd_lp *lp, double *largest)
{
    size_t rows = fd_lp_rows(lp);
    double *smallest = fd_alloc((rows + 1) * sizeof *smallest);

    for (size_t i = 0; i < lp->entries.count; i++) {
        double size = fabs(lp->entries.items[i].value);
        size_t row = (size_t)lp->entries.items[i].row;

        if (size == 0)
            continue;
        if (size > largest[row])
            largest[row] = size;
        if (smallest[row] == 0 || size < smallest[row])
            smallest[row] = size;
    }
    for (size_t r = 0; r < rows; r++) {
        lp->factor[r] = 1;
        if (lp->options.scale_rows && largest[r] > 0)
            lp->factor[r] = exp2(-nearbyint((log2(smallest[r]) + log2(largest[r])) / 2));
    }
    free(smallest);
}

static double for_clp(double bound, double factor)
{
    if (isinf(bound))
        return bound > 0 ? DBL_MAX : -DBL_MAX; /* COIN_DBL_MAX is CLP's infinity */
    return bound * factor;
}

static void build(fd_lp *lp)
{
    size_t rows = fd_lp_rows(lp), columns = fd_lp_columns(lp), kept = 0, at = 0;
    double *largest = fd_alloc((rows + 1) * sizeof *largest), *values;
    int *starts = fd_alloc((columns + 1) * sizeof *starts), *indexes;

    merge_entries(lp);
    lp->factor = fd_alloc((rows + 1) * sizeof *lp->factor);
    lp->primal = fd_alloc((columns + 1) * sizeof *lp->primal);
    lp->reduced = fd_alloc((columns + 1) * sizeof *lp->reduced);
    lp->activity = fd_alloc((rows + 1) * sizeof *lp->activity);
    lp->dual = fd_alloc((rows + 1) * sizeof *lp->dual);
    find_factors(lp, largest);
    indexes = fd_alloc((lp->entries.count + 1) * sizeof *indexes);
    values = fd_alloc((lp->entries.count + 1) * sizeof *values);
    lp->dropped = 0;
    for (size_t c = 0; c < columns; c++) {
        starts[c] = (int)kept;
        for (; at < lp->entries.count && (size_t)lp->entries.items[at].column == c; at++) {
            const entry *e = &lp->entries.items[at];

            if (e->value == 0)
                continue;
            if (fabs(e->value) < lp->options.tiny * largest[e->row]) {
                lp->dropped++;
                continue;
            }
            indexes[kept] = e->row;
            values[kept++] = e->value * lp->factor[e->row];
        }
    }
    starts[columns] = (int)kept;
    lp->model = Clp_newModel();
    Clp_setLogLevel(lp->model, 0);
    Clp_loadProblem(lp->model, (int)columns, (int)rows, starts, indexes, values, NULL, NULL, NULL,
                    NULL, NULL);
    free(largest);
    free(starts);
    free(indexes);
    free(values);
    lp->built = true;
}

/* Bounds and objective go in before every solve: they may have changed, the matrix cannot. */
static void load_vectors(fd_lp *lp)
{
    double *row_lower = Clp_rowLower(lp->model), *row_upper = Clp_rowUpper(lp->model),
           *lower = Clp_columnLower(lp->model), *upper = Clp_columnUpper(lp->model),
           *objective = fd_alloc((fd_lp_columns(lp) + 1) * sizeof *objective);

    for (size_t r = 0; r < fd_lp_rows(lp); r++) {
        row_lower[r] = for_clp(lp->row_lower.items[r], lp->factor[r]);
        row_upper[r] = for_clp(lp->row_upper.items[r], lp->factor[r]);
    }
    for (size_t c = 0; c < fd_lp_columns(lp); c++) {
        lower[c] = for_clp(lp->lower.items[c], 1);
        upper[c] = for_clp(lp->upper.items[c], 1);
        objective[c] = lp->maximize ? -lp->objective.items[c] : lp->objective.items[c];
    }
    Clp_chgRowLower(lp->model, row_lower);
    Clp_chgRowUpper(lp->model, row_upper);
    Clp_chgColumnLower(lp->model, lower);
    Clp_chgColumnUpper(lp->model, upper);
    Clp_chgObjCoefficients(lp->model, objective);
    free(objective);
}

void fd_lp_change(fd_lp *lp, size_t row, size_t column, double value)
{
    entry key = { (int)row, (int)column, value };
    entry *found = NULL;

    if (lp->built)
        found = bsearch(&key, lp->entries.items, lp->entries.count, sizeof key, compare_entries);
    lp->solved = false;
    if (found && value != 0 && found->value != 0 && lp->options.tiny == 0) {
        found->value = value;
        Clp_modifyCoefficient(lp->model, (int)row, (int)column, value * lp->factor[row], true);
        return;
    }
    /* Rare: the place is not in the matrix of the solver, which is built anew. */
    {
        fd_lp_basis *basis = fd_lp_basis_save(lp);

        merge_entries(lp);
        found = bsearch(&key, lp->entries.items, lp->entries.count, sizeof key, compare_entries);
        forget_model(lp);
        if (found)
            found->value = value;
        else
            fd_vec_push(&lp->entries, key);
        fd_lp_basis_load(lp, basis);
        fd_lp_basis_free(basis);
    }
}

void fd_lp_set_method(fd_lp *lp, fd_lp_method method)
{
    lp->options.method = method;
}

fd_lp_basis *fd_lp_basis_save(const fd_lp *lp)
{
    size_t rows = fd_lp_rows(lp), columns = fd_lp_columns(lp);
    fd_lp_basis *basis;

    if (!lp->built || !lp->based || !Clp_statusExists(lp->model))
        return NULL;
    basis = fd_alloc(sizeof *basis + rows + columns);
    basis->rows = rows;
    basis->columns = columns;
    memcpy(basis->status, Clp_statusArray(lp->model), rows + columns);
    return basis;
}

void fd_lp_basis_load(fd_lp *lp, const fd_lp_basis *basis)
{
    size_t size;

    if (!basis || basis->rows != fd_lp_rows(lp) || basis->columns != fd_lp_columns(lp))
        return;
    size = sizeof *basis + basis->rows + basis->columns;
    free(lp->wanted);
    lp->wanted = fd_alloc(size);
    memcpy(lp->wanted, basis, size);
}

void fd_lp_basis_free(fd_lp_basis *basis)
{
    free(basis);
}

static int check_numbers(const fd_lp *lp)
{
    for (size_t i = 0; i < lp->entries.count; i++)
        if (!isfinite(lp->entries.items[i].value))
            return fd_error_set(
                FD_EINVAL, "线性规划第 %d 行第 %d 列的系数不是有限数",
                "the linear program's coefficient in row %d, column %d is not finite",
                lp->entries.items[i].row + 1, lp->entries.items[i].column + 1);
    for (size_t c = 0; c < fd_lp_columns(lp); c++)
        if (!isfinite(lp->objective.items[c]) || isnan(lp->lower.items[c]) ||
            isnan(lp->upper.items[c]))
            return fd_error_set(
                FD_EINVAL, "线性规划第 %zu 个变量的目标系数或界不是数",
                "objective or bound of variable %zu of the linear program is no number", c + 1);
    for (size_t r = 0; r < fd_lp_rows(lp); r++)
        if (isnan(lp->row_lower.items[r]) || isnan(lp->row_upper.items[r]))
            return fd_error_set(FD_EINVAL, "线性规划第 %zu 行的界不是数",
                                "a bound of row %zu of the linear program is no number", r + 1);
    return 0;
}

/* A row of zeros that may not be zero: CLP gives up on it. */
static bool has_hollow_row(const fd_lp *lp)
{
    bool *filled = fd_alloc((fd_lp_rows(lp) + 1) * sizeof *filled);
    bool hollow = false;

    for (size_t i = 0; i < lp->entries.count; i++)
        if (lp->entries.items[i].value != 0)
            filled[lp->entries.items[i].row] = true;
    for (size_t r = 0; r < fd_lp_rows(lp) && !hollow; r++)
        hollow = !filled[r] && (lp->row_lower.items[r] > 0 || lp->row_upper.items[r] < 0);
    free(filled);
    return hollow;
}

/* A lower bound above the upper one, or an infinite bound on the wrong side. */
static bool is_contradictory(const fd_lp *lp)
{
    for (size_t r = 0; r < fd_lp_rows(lp); r++)
        if (lp->row_lower.items[r] > lp->row_upper.items[r] ||
            lp->row_lower.items[r] == FD_LP_INF || lp->row_upper.items[r] == -FD_LP_INF)
            return true;
    for (size_t c = 0; c < fd_lp_columns(lp); c++)
        if (lp->lower.items[c] > lp->upper.items[c] || lp->lower.items[c] == FD_LP_INF ||
            lp->upper.items[c] == -FD_LP_INF)
            return true;
    return false;
}

static void take_results(fd_lp *lp)
{
    const double *primal = Clp_primalColumnSolution(lp->model),
                 *activity = Clp_primalRowSolution(lp->model),
                 *dual = Clp_dualRowSolution(lp->model),
                 *reduced = Clp_dualColumnSolution(lp->model);
    double sense = lp->maximize ? -1 : 1;

    lp->value = 0;
    for (size_t c = 0; c < fd_lp_columns(lp); c++) {
        lp->primal[c] = primal[c];
        lp->reduced[c] = sense * reduced[c];
        lp->value += lp->objective.items[c] * primal[c];
    }
    for (size_t r = 0; r < fd_lp_rows(lp); r++) {
        lp->activity[r] = activity[r] / lp->factor[r];
        lp->dual[r] = sense * dual[r] * lp->factor[r];
    }
}

static bool has_coefficients(const fd_lp *lp)
{
    for (size_t i = 0; i < lp->entries.count; i++)
        if (lp->entries.items[i].value != 0)
            return true;
    return false;
}

/* Without coefficients there is nothing for a simplex method to do, and CLP gives up: every row is
 * zero, every variable goes to its better bound. */
static fd_lp_status solve_without_coefficients(fd_lp *lp)
{
    for (size_t r = 0; r < fd_lp_rows(lp); r++) {
        if (lp->row_lower.items[r] > 0 || lp->row_upper.items[r] < 0)
            return FD_LP_INFEASIBLE;
        lp->activity[r] = lp->dual[r] = 0;
    }
    lp->value = 0;
    for (size_t c = 0; c < fd_lp_columns(lp); c++) {
        double gain = lp->maximize ? lp->objective.items[c] : -lp->objective.items[c];
        double at = gain > 0 ? lp->upper.items[c] : lp->lower.items[c];

        if (gain == 0 && isinf(at))
            at = isinf(lp->upper.items[c]) ? 0 : lp->upper.items[c];
        if (isinf(at))
            return FD_LP_UNBOUNDED;
        lp->primal[c] = at;
        lp->reduced[c] = lp->objective.items[c];
        lp->value += lp->objective.items[c] * at;
    }
    return FD_LP_OPTIMAL;
}

/* Presolve pays at the first solve only; after that the basis is worth more. */
static void solve_reduced(Clp_Simplex *model, fd_lp_method method)
{
    Clp_Solve *how = ClpSolve_new();

    ClpSolve_setSolveType(how, method == FD_LP_DUAL ? 0 : 1, -1);
    ClpSolve_setPresolveType(how, 0, -1);
    Clp_initialSolveWithOptions(model, how);
    ClpSolve_delete(how);
}

/* A basis from other bounds may hold something at a limit that is now infinite; CLP then takes
 * programs for infeasible that are not. Such places go to their other limit, or are free. */
static void mend_basis(fd_lp *lp)
{
    enum { FREE = 0, BASIC = 1, AT_UPPER = 2, AT_LOWER = 3 };
    size_t rows = fd_lp_rows(lp), columns = fd_lp_columns(lp);

    for (size_t i = 0; i < rows + columns; i++) {
        bool is_row = i >= columns;
        int at = (int)(is_row ? i - columns : i),
            status = is_row ? Clp_getRowStatus(lp->model, at) : Clp_getColumnStatus(lp->model, at),
            wanted = status;
        double lower = is_row ? lp->row_lower.items[at] : lp->lower.items[at],
               upper = is_row ? lp->row_upper.items[at] : lp->upper.items[at];

        if (status == BASIC)
            continue;
        if (isinf(lower) && isinf(upper))
            wanted = FREE;
        else if (isinf(upper))
            wanted = AT_LOWER;
        else if (isinf(lower))
            wanted = AT_UPPER;
        else if (status == FREE)
            wanted = AT_LOWER;
        if (wanted != status && is_row)
            Clp_setRowStatus(lp->model, at, wanted);
        else if (wanted != status)
            Clp_setColumnStatus(lp->model, at, wanted);
    }
}

/* Could the objective grow without end along a single column? Without one there is no confusing
 * what has no bound with what has no solution. */
static bool has_open_objective(const fd_lp *lp)
{
    for (size_t c = 0; c < fd_lp_columns(lp); c++) {
        const double gain = lp->maximize ? lp->objective.items[c] : -lp->objective.items[c];

        if ((gain > 0 && isinf(lp->upper.items[c])) || (gain < 0 && isinf(lp->lower.items[c])))
            return true;
    }
    return false;
}

/* CLP called the program infeasible, which it also does to some without a bound: without an
 * objective it must be so again. */
static int doubt_infeasible(fd_lp *lp)
{
    double *none = fd_alloc(fd_lp_columns(lp) * sizeof *none + 1);
    int outcome;

    Clp_chgObjCoefficients(lp->model, none);
    Clp_primal(lp->model, 0);
    lp->iterations += Clp_numberIterations(lp->model);
    outcome = Clp_status(lp->model);
    free(none);
    load_vectors(lp);
    if (outcome != CLP_OPTIMAL)
        return outcome;
    Clp_primal(lp->model, 0);
    lp->iterations += Clp_numberIterations(lp->model);
    outcome = Clp_status(lp->model);
    return outcome == CLP_INFEASIBLE ? CLP_UNBOUNDED : outcome;
}

static bool is_answer(int outcome)
{
    return outcome >= CLP_OPTIMAL && outcome <= CLP_STOPPED;
}

/* After an error inside: from the basis of slacks by the other methods in turn; last, whether there
 * is any solution, by a program without objective, and from there. */
static int start_afresh(fd_lp *lp)
{
    enum { BASIC = 1, AT_LOWER = 3, WAYS = 4 };
    double *none = fd_alloc(fd_lp_columns(lp) * sizeof *none + 1);
    int outcome = -1;

    for (int way = 0; way < WAYS && !is_answer(outcome); way++) {
        load_vectors(lp);
        for (size_t c = 0; c < fd_lp_columns(lp); c++)
            Clp_setColumnStatus(lp->model, (int)c, AT_LOWER);
        for (size_t r = 0; r < fd_lp_rows(lp); r++)
            Clp_setRowStatus(lp->model, (int)r, BASIC);
        mend_basis(lp);
        if (way == 3)
            Clp_chgObjCoefficients(lp->model, none);
        if (way == 2)
            solve_reduced(lp->model, FD_LP_PRIMAL);
        else if (way == 1)
            Clp_dual(lp->model, 0);
        else
            Clp_primal(lp->model, 0);
        lp->iterations += Clp_numberIterations(lp->model);
        outcome = Clp_status(lp->model);
        if (way == 3 && outcome == CLP_OPTIMAL) {
            load_vectors(lp);
            Clp_primal(lp->model, 0);
            lp->iterations += Clp_numberIterations(lp->model);
            outcome = Clp_status(lp->model);
        }
    }
    free(none);
    return outcome;
}

static int run_solver(fd_lp *lp)
{
    int outcome;

    if (lp->wanted) {
        Clp_copyinStatus(lp->model, lp->wanted->status);
        free(lp->wanted);
        lp->wanted = NULL;
        lp->based = true;
    }
    if (lp->based)
        mend_basis(lp);
    if (lp->options.max_iterations > 0)
        Clp_setMaximumIterations(lp->model, lp->options.max_iterations);
    if (lp->options.seconds > 0)
        Clp_setMaximumSeconds(lp->model, lp->options.seconds);
    if (lp->options.presolve && !lp->based)
        solve_reduced(lp->model, lp->options.method);
    else if (lp->options.method == FD_LP_DUAL)
        Clp_dual(lp->model, 0);
    else
        Clp_primal(lp->model, 0);
    lp->iterations = Clp_numberIterations(lp->model);
    outcome = Clp_status(lp->model);
    /* What presolve or the dual simplex calls unbounded may have no solution at all, and a solve
     * that was given up may work the other way. */
    if ((lp->options.presolve || lp->options.method == FD_LP_DUAL) && outcome != CLP_OPTIMAL &&
        outcome != CLP_INFEASIBLE && outcome != CLP_STOPPED) {
        Clp_primal(lp->model, 0);
        lp->iterations += Clp_numberIterations(lp->model);
        outcome = Clp_status(lp->model);
    }
    if (!is_answer(outcome))
        outcome = start_afresh(lp);
    if (outcome == CLP_INFEASIBLE && !lp->based && has_open_objective(lp))
        outcome = doubt_infeasible(lp);
    lp->based = true;
    return outcome;
}

int fd_lp_solve(fd_lp_status *status, fd_lp *lp)
{
    int err = check_numbers(lp), outcome;

    *status = FD_LP_UNSOLVED;
    if (err < 0)
        return err;
    if (is_contradictory(lp)) {
        *status = FD_LP_INFEASIBLE;
        return 0;
    }
    if (!lp->built)
        build(lp);
    if (!has_coefficients(lp)) {
        *status = solve_without_coefficients(lp);
        lp->solved = *status == FD_LP_OPTIMAL;
        return 0;
    }
    if (has_hollow_row(lp)) {
        *status = FD_LP_INFEASIBLE;
        return 0;
    }
    load_vectors(lp);
    outcome = run_solver(lp);
    if (outcome == CLP_STOPPED && Clp_secondaryStatus(lp->model) == CLP_TIME)
        return fd_error_set(FD_ENOCONV, "线性规划到了时限 %g 秒仍无答案(迭代 %d 次)",
                            "the linear program has no answer after its %g seconds (%d iterations)",
                            lp->options.seconds, lp->iterations);
    if (outcome != CLP_OPTIMAL && outcome != CLP_INFEASIBLE && outcome != CLP_UNBOUNDED)
        return fd_error_set(
            FD_ENOCONV, "线性规划求解中断(状态 %d,迭代 %d 次)",
            "the linear program stopped without an answer (status %d, %d iterations)", outcome,
            lp->iterations);
    *status = outcome == CLP_OPTIMAL      ? FD_LP_OPTIMAL
              : outcome == CLP_INFEASIBLE ? FD_LP_INFEASIBLE
                                          : FD_LP_UNBOUNDED;
    if (*status == FD_LP_OPTIMAL) {
        take_results(lp);
        lp->solved = true;
    }
    return 0;
}

double fd_lp_objective(const fd_lp *lp)
{
    assert(lp->solved);
    return lp->value;
}

const double *fd_lp_primal(const fd_lp *lp)
{
    assert(lp->solved);
    return lp->primal;
}

const double *fd_lp_activity(const fd_lp *lp)
{
    assert(lp->solved);
    return lp->activity;
}

const double *fd_lp_dual(const fd_lp *lp)
{
    assert(lp->solved);
    return lp->dual;
}

const double *fd_lp_reduced(const fd_lp *lp)
{
    assert(lp->solved);
    return lp->reduced;
}

bool fd_lp_ray(const fd_lp *lp, double *out)
{
    double *ray = lp->built && fd_lp_rows(lp) > 0 && Clp_status(lp->model) == CLP_INFEASIBLE
                      ? Clp_infeasibilityRay(lp->model)
                      : NULL;

    if (!ray)
        return false;
    for (size_t r = 0; r < fd_lp_rows(lp); r++)
        out[r] = ray[r] * lp->factor[r];
    Clp_freeRay(lp->model, ray);
    return true;
}

int fd_lp_iterations(const fd_lp *lp)
{
    return lp->iterations;
}

size_t fd_lp_dropped(const fd_lp *lp)
{
    return lp->dropped;
}
