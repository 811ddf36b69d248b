/*
 * The plan on small tables: the base repeats itself when nothing is done, what is hidden adds up,
 * an answer known by hand, dates that move with a project, the same answer whatever the order of
 * rows, reasons that hold, and a file that another solver reads alike.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/plan.h"
#include "solve/explain.h"
#include "solve/mps.h"

/* A table of texts from CSV lines without quotes. */
static fd_table *table_of(const char *csv, bool reversed)
{
    fd_table *t = fd_table_new("t", "t", "t");
    char *copy = strdup(csv), *lines[200], *save = NULL;
    size_t count = 0;

    for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        lines[count++] = line;
    for (size_t i = 0; i < count; i++) {
        char *line = lines[i == 0 || !reversed ? i : count - i];
        size_t row = i ? fd_table_add_row(t) : 0, column = 0;

        for (char *cell = line; cell; column++) {
            char *comma = strchr(cell, ',');

            if (comma)
                *comma = '\0';
            if (i == 0)
                fd_table_add_new(t, cell, cell, cell, FD_TEXT, "", 0);
            else if (*cell)
                fd_column_set_text(t->columns[column], row, cell);
            cell = comma ? comma + 1 : NULL;
        }
    }
    free(copy);
    return t;
}

static const char base[] = "chain,county,value_added,emerging\n"
                           "S,1,60,0\nS,2,30,3\nN,1,8,8\nN,2,2,2\n";
static const char technologies[] =
    "chain,technology,kind,emerging,investment,energy,carbon,pollutant,land,jobs,lag,first,build,"
    "growth,retire,deviation\n"
    "*,old,existing,0,,2,5,1,,100,,,,3,5,\n"
    "*,sei,existing,1,,0.5,1,0.1,,80,,,,8,0,\n"
    "N,plant,new,1,3,0.4,0.8,0.1,20,90,1,0.5,4,0,0,0.2\n"
    "S,retrofit,new,0.3,2,1.2,3,0.5,5,60,1,0.7,2,0,0,0.1\n";
static const char limits[] = "limit,scope,year,value,unit,name,name_en\n"
                             "years,*,*,4,,,\n"
                             "share,*,2027,25,%,目标,target\n"
                             "growth,*,*,3,%,增长,growth\n"
                             "energy,*,*,104,%,能耗,energy\n"
                             "carbon,*,*,104,%,碳,carbon\n"
                             "finance,*,*,20,,投资,finance\n"
                             "market,*,*,60,%,市场,market\n"
                             "county,*,*,95,%,县区,county\n"
                             "land,*,*,400,,用地,land\n"
                             "labour,*,*,120,%,用工,labour\n";
static const char projects[] = "id,name,chain,county,finish,value_added,emerging\n"
                               "P1,一,N,1,2025-12-31,6,6\nP2,二,S,2,2026-06-30,4,0\n";

static fd_plan *plan_of(const char *base_csv, const char *limits_csv, bool reversed)
{
    fd_table *t[] = { table_of(base_csv, reversed), table_of(technologies, reversed),
                      table_of(limits_csv, reversed), table_of(projects, reversed) };
    fd_plan_tables tables = { t[0], t[1], t[2], t[3], 2024 };
    fd_plan *plan = NULL;
    int err = fd_plan_read(&plan, &tables);

    for (size_t i = 0; i < 4; i++)
        fd_table_free(t[i]);
    if (err < 0)
        fail_msg("%s", fd_error_last()->message[FD_EN]);
    return plan;
}

static fd_table *answer(fd_plan_summary *summary, fd_plan *plan, fd_plan_answer what)
{
    fd_plan_options options = FD_PLAN_OPTIONS_INIT;
    fd_table *t = NULL;
    int err = fd_plan_run(&t, summary, plan, what, &options);

    if (err < 0)
        fail_msg("%s", fd_error_last()->message[FD_EN]);
    return t;
}

static double at(const fd_table *t, const char *column, size_t row)
{
    int c = fd_table_find(t, column);

    assert_true(c >= 0 && row < t->rows);
    return fd_number_to_double(fd_column_number(t->columns[c], row));
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-7 * (1 + fabs(b));
}

static void doing_nothing_repeats_the_base(void **state)
{
    fd_plan *plan = plan_of(base, limits, false);
    fd_table *t;

    (void)state;
    fd_plan_freeze(plan);
    t = answer(NULL, plan, FD_PLAN_PATH);
    assert_int_equal(t->rows, 5);
    for (size_t r = 0; r < t->rows; r++) {
        assert_true(near(at(t, "value_added", r), 100));
        assert_true(near(at(t, "share", r), 13));
        assert_true(near(at(t, "energy", r), 2 * 87 + 0.5 * 13));
    }
    fd_table_free(t);
    fd_plan_free(plan);
}

static void hidden_cells_add_up(void **state)
{
    static const char hidden[] = "chain,county,value_added,emerging\n"
                                 "S,1,60,\nS,2,,\nN,1,8,\nN,2,,\n"
                                 "S,*,90,3\nN,*,10,\n*,1,68,8\n*,2,32,5\n*,*,100,13\n";
    fd_plan *plan = plan_of(hidden, limits, false);
    fd_table *t = answer(NULL, plan, FD_PLAN_BASE);
    double value = 0, emerging = 0;

    (void)state;
    for (size_t r = 0; r < t->rows; r++) {
        value += at(t, "value_added", r);
        emerging += at(t, "emerging", r);
        assert_true(at(t, "emerging", r) <= at(t, "value_added", r) + 1e-12);
    }
    assert_true(near(value, 100) && near(emerging, 13));
    assert_true(near(at(t, "value_added", 1), 30) && near(at(t, "value_added", 3), 2));
    fd_table_free(t);
    fd_plan_free(plan);
}

/* One cell, no technology: emerging grows 8 %, the rest at most 3 % and must keep 3 % in all. */
static void a_share_known_by_hand(void **state)
{
    static const char one[] = "chain,county,value_added,emerging\nX,1,100,10\n";
    static const char few[] = "limit,scope,year,value\nyears,*,*,1\ngrowth,*,*,2\nshare,*,*,12\n";
    static const char existing[] = "chain,technology,kind,emerging,growth,retire\n"
                                   "*,old,existing,0,3,5\n*,sei,existing,1,8,0\n";
    fd_table *t[] = { table_of(one, false), table_of(existing, false), table_of(few, false) };
    fd_plan_tables tables = { t[0], t[1], t[2], NULL, 2024 };
    fd_plan_summary summary;
    fd_plan *plan = NULL;
    fd_table *out;

    (void)state;
    assert_int_equal(fd_plan_read(&plan, &tables), 0);
    out = answer(&summary, plan, FD_PLAN_REACH);
    assert_int_equal(out->rows, 1);
    /* emerging 10.8 at most, the whole 102 at least */
    assert_true(near(at(out, "largest_share", 0), 100 * 10.8 / 102));
    assert_false(summary.reachable);
    assert_string_equal(summary.date, "");
    fd_table_free(out);
    assert_int_equal(fd_plan_set(plan, "share=10.2941176"), 0);
    out = answer(&summary, plan, FD_PLAN_REACH);
    assert_true(summary.reachable);
    /* (10.2941176 - 10) / (10.5882353 - 10) = half of the year */
    assert_string_equal(summary.date, "2025-06");
    fd_table_free(out);
    fd_plan_free(plan);
    for (size_t i = 0; i < 3; i++)
        fd_table_free(t[i]);
}

static void a_late_project_moves_the_date(void **state)
{
    double before = 0;

    (void)state;
    for (int months = 0; months <= 12; months += 4) {
        fd_plan *plan = plan_of(base, limits, false);
        fd_plan_summary summary;
        char change[16];

        snprintf(change, sizeof change, "P1=%d", months);
        assert_int_equal(fd_plan_slip(plan, change), 0);
        assert_int_equal(fd_plan_set(plan, "share=19"), 0);
        fd_table_free(answer(&summary, plan, FD_PLAN_REACH));
        assert_true(summary.moment > before + 1e-6);
        before = summary.moment;
        fd_plan_free(plan);
    }
    {
        fd_plan *plan = plan_of(base, limits, false);

        assert_int_equal(fd_plan_slip(plan, "P9=1"), FD_ENOTFOUND);
        assert_int_equal(fd_plan_slip(plan, "P1=x"), FD_EINVAL);
        assert_int_equal(fd_plan_set(plan, "energy"), FD_EINVAL);
        fd_plan_free(plan);
    }
}

/* What a desk says is what a plan made anew says, whatever was asked before: floors whose
 * coefficients move, limits that were not there, another horizon, a slipped project. */
static void the_desk_answers_alike(void **state)
{
    static const char *const questions[][2] = {
        { "finance+10", NULL }, { "growth=2", NULL },      { "growth=4", "P1=5" },
        { NULL, "P2=-3" },      { "energy=101", "P1=12" }, { "market@N@2026=40", NULL },
        { "build@N=50", NULL }, { "years=3", NULL },       { "share@2026=19", "P1=4" },
        { NULL, NULL },
    };
    fd_plan_options options = FD_PLAN_OPTIONS_INIT;
    fd_plan_desk *desk = NULL;
    size_t impossible = 0;

    (void)state;
    assert_int_equal(fd_plan_desk_new(&desk, plan_of(base, limits, false)), 0);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        fd_plan_changes changes = { &questions[i][0], questions[i][0] != NULL, &questions[i][1],
                                    questions[i][1] != NULL };
        fd_plan *plan = plan_of(base, limits, false);
        fd_plan_summary warm, cold;
        fd_table *t, *fresh;

        assert_int_equal(fd_plan_apply(plan, &changes), 0);
        if (fd_plan_run(&fresh, &cold, plan, FD_PLAN_REACH, &options) < 0) {
            /* Not even without a target: the desk says so too, and answers the next question. */
            impossible++;
            assert_int_equal(fd_plan_desk_reach(&t, &warm, desk, &changes, &options),
                             FD_EINFEASIBLE);
            fd_plan_free(plan);
            continue;
        }
        assert_int_equal(fd_plan_desk_reach(&t, &warm, desk, &changes, &options), 0);
        assert_int_equal(t->rows, fresh->rows);
        for (size_t r = 0; r < t->rows; r++) {
            assert_true(near(at(t, "largest_share", r), at(fresh, "largest_share", r)));
            assert_true(t->columns[fd_table_find(t, "certificate")]->v.boolean[r]);
        }
        assert_string_equal(warm.date, cold.date);
        assert_int_equal(warm.year, cold.year);
        fd_table_free(t);
        fd_table_free(fresh);
        fd_plan_free(plan);
    }
    assert_true(impossible >= 1 && impossible <= 3);
    assert_true(fd_plan_desk_bytes(desk) > 0);
    fd_plan_desk_free(desk);
}

static void the_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    for (int what = 0; what < 2; what++) {
        fd_table *t[2];

        for (int reversed = 0; reversed < 2; reversed++) {
            fd_plan *plan = plan_of(base, limits, reversed);

            t[reversed] = answer(NULL, plan, what ? FD_PLAN_FRONT : FD_PLAN_REACH);
            fd_plan_free(plan);
        }
        assert_int_equal(t[0]->rows, t[1]->rows);
        for (size_t r = 0; r < t[0]->rows; r++)
            for (size_t c = 0; c < 3; c++)
                if (what == 0 || c < 2)
                    assert_true(fabs(t[0]->columns[c]->v.est[r] - t[1]->columns[c]->v.est[r]) <=
                                1e-6 * (1 + fabs(t[0]->columns[c]->v.est[r])));
        fd_table_free(t[0]);
        fd_table_free(t[1]);
    }
}

static void the_target_moves_to_another_year(void **state)
{
    fd_plan *plan = plan_of(base, limits, false);
    fd_plan_summary s;

    (void)state;
    assert_int_equal(fd_plan_set(plan, "share@2026=16"), 0);
    fd_table_free(answer(&s, plan, FD_PLAN_REACH));
    assert_int_equal(s.year, 2026);
    assert_true(near(s.target, 16));
    assert_int_equal(fd_plan_set(plan, "energy@2026-2%"), FD_ENOTFOUND);
    assert_int_equal(fd_plan_set(plan, "energy@2026=102"), 0);
    fd_table_free(answer(&s, plan, FD_PLAN_REACH));
    fd_plan_free(plan);
}

/* The share grows when a limit is loosened, and never when one is tightened. */
static void looser_limits_never_hurt(void **state)
{
    static const char *const looser[] = { "energy+5%",  "carbon+5%", "finance+20%",
                                          "market+20%", "land+20%",  "growth=2" };

    (void)state;
    for (size_t i = 0; i < sizeof looser / sizeof *looser; i++) {
        fd_plan *plan = plan_of(base, limits, false);
        fd_plan_summary before, after;

        fd_table_free(answer(&before, plan, FD_PLAN_REACH));
        assert_int_equal(fd_plan_set(plan, looser[i]), 0);
        fd_table_free(answer(&after, plan, FD_PLAN_REACH));
        assert_true(after.largest_share >= before.largest_share - 1e-7);
        fd_plan_free(plan);
    }
}

/* What relax says is enough, what why says is a contradiction. */
static void reasons_hold(void **state)
{
    fd_plan_options options = FD_PLAN_OPTIONS_INIT;
    fd_plan *plan = plan_of(base, limits, false);
    fd_table *relax, *why, *bridge;
    fd_model *model = NULL;
    double points = 0;
    size_t length;
    char *text;

    (void)state;
    assert_int_equal(fd_plan_set(plan, "share=30"), 0);
    relax = answer(NULL, plan, FD_PLAN_RELAX);
    why = answer(NULL, plan, FD_PLAN_WHY);
    assert_true(relax->rows > 0 && why->rows > 0);
    for (size_t r = 0; r < why->rows; r++)
        assert_true(at(why, "verified", r) == 1);
    assert_int_equal(fd_plan_export(&text, &length, plan, &options), 0);
    assert_int_equal(fd_mps_read(&model, text, length, NULL), 0);
    for (size_t r = 0; r < relax->rows; r++) {
        const char *name = fd_column_text(relax->columns[fd_table_find(relax, "row")], r);
        double by = at(relax, "violation", r);
        size_t row;

        assert_true(fd_model_find_row(model, name, &row));
        if (by > 0)
            model->rows[row].upper += by + 1e-6;
        else
            model->rows[row].lower += by - 1e-6;
    }
    {
        fd_lp *lp = fd_model_lp(model, NULL);
        fd_lp_status status;

        assert_int_equal(fd_lp_solve(&status, lp), 0);
        assert_int_equal(status, FD_LP_OPTIMAL);
        fd_lp_free(lp);
    }
    bridge = answer(NULL, plan, FD_PLAN_BRIDGE);
    for (size_t r = 0; r < bridge->rows; r++) {
        const char *kind = fd_column_text(bridge->columns[fd_table_find(bridge, "kind")], r);

        if (strcmp(kind, "plan") == 0) {
            /* In the very numbers of the table: the residual is a line of its own. */
            assert_true(fabs(points - at(bridge, "points", r)) <= 1e-12);
            points = at(bridge, "points", r);
        } else {
            points += at(bridge, "points", r);
        }
        if (strcmp(kind, "residual") == 0)
            assert_true(fabs(at(bridge, "points", r)) < 1e-9);
    }
    assert_true(near(points, 30)); /* what is missing to the target closes it */
    fd_table_free(bridge);
    fd_table_free(relax);
    fd_table_free(why);
    fd_model_free(model);
    free(text);
    fd_plan_free(plan);
}

/* Written, read again and solved, the program has the optimum of the path's plan. */
static void the_file_has_the_same_optimum(void **state)
{
    fd_plan_options options = FD_PLAN_OPTIONS_INIT;
    fd_plan *plan = plan_of(base, limits, false);
    double sum = 0, cost = 0, objective;
    fd_model *model = NULL;
    fd_lp_status status;
    size_t length;
    fd_table *path;
    char *text;
    fd_lp *lp;

    (void)state;
    assert_int_equal(fd_plan_set(plan, "share=18"), 0);
    path = answer(NULL, plan, FD_PLAN_PATH);
    for (size_t r = 1; r < path->rows; r++) {
        sum += at(path, "value_added", r);
        cost += 0.05 * at(path, "investment", r) * (double)(path->rows - r);
    }
    assert_int_equal(fd_plan_export(&text, &length, plan, &options), 0);
    assert_int_equal(fd_mps_read(&model, text, length, NULL), 0);
    lp = fd_model_lp(model, NULL);
    assert_int_equal(fd_lp_solve(&status, lp), 0);
    assert_int_equal(status, FD_LP_OPTIMAL);
    objective = fd_lp_objective(lp);
    assert_true(near(-objective, sum - cost));
    fd_lp_free(lp);
    fd_model_free(model);
    free(text);
    fd_table_free(path);
    fd_plan_free(plan);
}

/* More uncertainty never gives more; the same seed gives the same draws. */
static void uncertainty_costs(void **state)
{
    fd_table *t[2];
    double before = 1e9;

    (void)state;
    for (int i = 0; i < 2; i++) {
        fd_plan *plan = plan_of(base, limits, false);

        t[i] = answer(NULL, plan, FD_PLAN_ROBUST);
        fd_plan_free(plan);
    }
    for (size_t r = 0; r < t[0]->rows; r++) {
        assert_true(at(t[0], "value", r) == at(t[1], "value", r));
        if (strcmp(fd_column_text(t[0]->columns[0], r), "largest_share") != 0)
            continue;
        assert_true(at(t[0], "value", r) <= before + 1e-4);
        before = at(t[0], "value", r);
    }
    assert_true(at(t[0], "value", 0) > before + 0.01);
    fd_table_free(t[0]);
    fd_table_free(t[1]);
}

/* With plants of 1.5 亿元 every build is a whole number of them, and the share stays below that of
 * any amount. */
static void plants_are_whole(void **state)
{
    static const char lots[] =
        "chain,technology,kind,emerging,investment,energy,lag,first,build,growth,retire,lot\n"
        "*,old,existing,0,,2,,,,3,5,\n*,sei,existing,1,,0.5,,,,8,0,\n"
        "N,plant,new,1,3,0.4,1,0.5,4,0,0,1.5\n";
    fd_table *t[] = { table_of(base, false), table_of(lots, false), table_of(limits, false) };
    fd_plan_tables tables = { t[0], t[1], t[2], NULL, 2024 };
    fd_plan_options options = FD_PLAN_OPTIONS_INIT;
    fd_plan_summary reach, summary;
    fd_table *out = NULL;
    fd_plan *plan = NULL;
    size_t built = 0;
    int err;

    (void)state;
    assert_int_equal(fd_plan_read(&plan, &tables), 0);
    fd_table_free(answer(&reach, plan, FD_PLAN_REACH));
    options.seconds = 20;
    err = fd_plan_run(&out, &summary, plan, FD_PLAN_PROGRAMME, &options);
    if (err != FD_ENOTFOUND) { /* no solver of whole numbers: nothing to see */
        assert_int_equal(err, 0);
        for (size_t r = 0; r < out->rows; r++) {
            double plants = at(out, "capacity", r) / 1.5;

            if (strcmp(fd_column_text(out->columns[2], r), "build") != 0)
                continue;
            assert_true(fabs(plants - round(plants)) < 1e-6);
            built++;
        }
        assert_true(built > 0);
        assert_true(summary.largest_share <= reach.largest_share + 1e-6);
        fd_table_free(out);
    }
    fd_plan_free(plan);
    for (size_t i = 0; i < 3; i++)
        fd_table_free(t[i]);
}

static void bad_tables_are_refused(void **state)
{
    static const struct {
        const char *base, *limits;
        int code;
    } cases[] = {
        { "chain,county,value_added,emerging\n", limits, FD_EINVAL },
        { "chain,county,value_added,emerging\nS,1,10,11\n", limits, FD_EINVAL },
        { "chain,county,value_added,emerging\nS,1,-1,0\n", limits, FD_EINVAL },
        { "chain,county,value_added,emerging\nS,1,1,0\nS,1,1,0\n", limits, FD_EINVAL },
        { base, "limit,value\nnonsense,3\n", FD_EINVAL },
        { base, "limit,value\nyears,900\n", FD_EINVAL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_table *t[] = { table_of(cases[i].base, false), table_of(technologies, false),
                          table_of(cases[i].limits, false) };
        fd_plan_tables tables = { t[0], t[1], t[2], NULL, 2024 };
        fd_plan *plan = NULL;

        if (fd_plan_read(&plan, &tables) != cases[i].code)
            fail_msg("case %zu", i);
        assert_null(plan);
        for (size_t k = 0; k < 3; k++)
            fd_table_free(t[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doing_nothing_repeats_the_base),
        cmocka_unit_test(hidden_cells_add_up),
        cmocka_unit_test(a_share_known_by_hand),
        cmocka_unit_test(a_late_project_moves_the_date),
        cmocka_unit_test(the_desk_answers_alike),
        cmocka_unit_test(the_order_of_rows_does_not_matter),
        cmocka_unit_test(the_target_moves_to_another_year),
        cmocka_unit_test(looser_limits_never_hurt),
        cmocka_unit_test(reasons_hold),
        cmocka_unit_test(the_file_has_the_same_optimum),
        cmocka_unit_test(uncertainty_costs),
        cmocka_unit_test(plants_are_whole),
        cmocka_unit_test(bad_tables_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
