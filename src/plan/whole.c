/*
 * Whole plants: the plan as a mixed-integer program.
 *
 * A share asked for as a hard row right below the largest one leaves the solver without any
 * solution to improve, and it spends its whole time looking for the first.  So the share comes
 * first, as the objective, where every plan is a solution:
 *
 *     1  s*, the largest share of the relaxation: no plan of whole plants has more
 *     2  max  part(x) - s* whole(x)  to within 0.1 points of a share: a plan x1, its share s1
 *     3  the best objective with a share of at least the target (or nearly s1), starting from x1
 *
 * Step 3 has a solution from its first moment, whatever the time limit.  A target well below s*
 * goes to step 3 at once.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan/internal.h"
#include "solve/milp.h"

/* A share so far below the best that was found leaves something to choose; one so far below the
 * relaxation's is no trouble to a solver. */
static const double NEARLY = 1 - 1e-3, EASILY = 0.97;
enum { MOST_SECONDS = 60 };

static int solve(fd_milp *out, const fd_plan_model *m, const fd_model *model, int at,
                 const fd_milp_options *how, fd_plan_solution *solution, bool *found)
{
    const int err = fd_milp_solve(out, model, how);

    *found = err >= 0 && out->has_solution && out->certificate.holds;
    if (*found) {
        free(solution->x);
        solution->x = out->x;
        out->x = NULL;
        solution->gap = out->gap;
        solution->share = fd_share_value(&m->shares[at], solution->x);
        solution->certificate = out->certificate;
    }
    return err;
}

int fd_plan__solve_whole(bool *found, fd_plan_solution *out, const fd_plan_model *m, int at,
                         double seconds, double gap)
{
    fd_milp_options how = FD_MILP_OPTIONS_INIT;
    fd_milp milp;
    int err;

    how.seconds = fmin(seconds, MOST_SECONDS);
    how.gap = gap;
    how.start = out->x;
    if ((err = solve(&milp, m, m->model, at, &how, out, found)) >= 0)
        fd_milp_dispose(&milp);
    return err;
}

/* Step 2. */
static int largest_whole(bool *found, fd_plan_solution *out, const fd_plan_model *m, int at,
                         double relaxed, double total, double seconds)
{
    fd_milp_options how = FD_MILP_OPTIONS_INIT;
    const fd_share *share = &m->shares[at];
    fd_model *model = fd_model_copy(m->model);
    fd_milp milp;
    int err;

    model->maximize = true;
    for (size_t c = 0; c < model->column_count; c++)
        model->columns[c].objective =
            c < share->columns ? share->part[c] - relaxed * share->whole[c] : 0;
    how.seconds = fmin(seconds, MOST_SECONDS);
    how.gap = 0;
    how.absolute = 1e-3 * total;
    if ((err = solve(&milp, m, model, at, &how, out, found)) >= 0)
        fd_milp_dispose(&milp);
    out->gap = 0;
    fd_model_free(model);
    return err;
}

int fd_plan__solve_plants(fd_plan_solution *out, fd_plan_model *m, const fd_plan *plan, int year,
                          double target, double seconds)
{
    const int at = year - plan->base_year - 1;
    fd_largest largest = { 0 };
    double wanted, reached;
    bool found, better;
    size_t row;
    int err;

    if ((err = fd_plan__largest(&largest, m, at, seconds)) < 0)
        return err;
    out->largest = largest.share;
    if (largest.status == FD_LP_INFEASIBLE)
        err = fd_plan__contradiction();
    fd_largest_dispose(&largest);
    if (err < 0)
        return err;
    if (target <= EASILY * out->largest) {
        if ((err = fd_plan__require(&row, m, plan, year, target)) < 0 ||
            (err = fd_plan__solve_whole(&found, out, m, at, seconds, 0.01)) < 0)
            return err;
        out->reachable = found;
        if (found)
            return 0;
        fd_plan__model_dispose(m);
        if ((err = fd_plan__build(m, plan)) < 0)
            return err;
    }
    if ((err = largest_whole(&found, out, m, at, out->largest, plan->value_added, seconds)) < 0)
        return err;
    reached = found ? out->share : 0;
    out->found = reached;
    wanted = found ? fmin(target, reached * NEARLY) : 0;
    if ((err = fd_plan__require(&row, m, plan, year, wanted)) < 0 ||
        (err = fd_plan__solve_whole(&better, out, m, at, seconds, wanted < target ? 0.02 : 0.01)) <
            0)
        return err;
    if (!found && !better)
        return fd_error_set(FD_ENOCONV, "整厂建设在时限内没有找到方案",
                            "no plan of whole plants was found in time");
    out->reachable = out->share >= target || reached >= target;
    return 0;
}
