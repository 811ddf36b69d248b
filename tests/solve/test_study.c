/*
 * Tables about linear programs: what is printed, and of which file.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "solve/mps.h"
#include "solve/study.h"

/* q old industry, n new one; the whole at least 10, of which n at least `share`. */
#define PLAN(rows, share)                                                                          \
    "NAME t\nROWS\n N o\n G grow0\n" rows "COLUMNS\n q o -1 grow0 1\n" share                       \
    " n o -0.5 grow0 1\nRHS\n RHS grow0 10\nBOUNDS\n UP BND q 12\n UP BND n 3\nENDATA\n"

static const char base[] = PLAN("", "");
static const char target[] = PLAN(" G share0\n", " q share0 -0.25\n n share0 0.75\n");
static const char beyond[] = PLAN(" G share0\n", " q share0 -0.4\n n share0 0.6\n");

static fd_model *read_text(const char *text)
{
    fd_model *model = NULL;

    assert_int_equal(fd_mps_read(&model, text, strlen(text), NULL), 0);
    return model;
}

static double at(const fd_table *t, const char *column, size_t row)
{
    int c = fd_table_find(t, column);

    assert_true(c >= 0 && row < t->rows);
    return fd_number_to_double(fd_column_number(t->columns[c], row));
}

static const char *text_at(const fd_table *t, const char *column, size_t row)
{
    int c = fd_table_find(t, column);

    assert_true(c >= 0 && row < t->rows);
    return fd_column_text_or(t->columns[c], row, "");
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

static void three_files_give_their_tables(void **state)
{
    static const char *const policies[] = { "grow" };
    fd_study_options options = FD_STUDY_OPTIONS_INIT;
    fd_model *models[] = { read_text(base), read_text(beyond), read_text(target) };
    fd_study_model all[] = { { "base", models[0] },
                             { "beyond", models[1] },
                             { "target", models[2] } };
    fd_table *t;

    (void)state;
    options.share_part = "share";
    options.share_whole = "grow";
    options.elastic = policies;
    options.elastic_count = 1;
    options.points = 3;
    options.end = 1;
    assert_int_equal(fd_study_run(&t, FD_STUDY_OBJECTIVES, all, 3, &options), 0);
    assert_int_equal(t->rows, 4);
    assert_string_equal(text_at(t, "case", 0), "base");
    assert_true(near(at(t, "value", 0), -13.5) && near(at(t, "share_y1", 0), 0.2));
    assert_string_equal(text_at(t, "case", 1), "max_final_share");
    assert_true(near(at(t, "value", 1), 0.3) && isnan(at(t, "share_y1", 1)));
    /* n = 3, q = 4.5 at most: the floor of 10 is missed by 2.5 of 10 */
    assert_string_equal(text_at(t, "case", 2), "elastic_min_relative_violation_target_0.4");
    assert_true(near(at(t, "value", 2), 0.25));
    assert_true(near(at(t, "value", 3), -10.5) && near(at(t, "share_y1", 3), 0.25));
    fd_table_free(t);
    assert_int_equal(fd_study_run(&t, FD_STUDY_PARETO, all, 3, &options), 0);
    assert_true(near(at(t, "final_share_at_least", 1), 0.25) &&
                near(at(t, "objective_min", 1), -10.5) && near(at(t, "objective_min", 2), -8.5));
    fd_table_free(t);
    assert_int_equal(fd_study_run(&t, FD_STUDY_IIS, all, 3, &options), 0);
    assert_string_equal(text_at(t, "rows", 0), "grow0;share0");
    assert_true(at(t, "verified", 0) == 1);
    fd_table_free(t);
    assert_int_equal(fd_study_run(&t, FD_STUDY_SUMMARY, all, 3, &options), 0);
    assert_string_equal(text_at(t, "status", 1), "infeasible");
    for (size_t r = 0; r < 3; r++)
        assert_string_equal(text_at(t, "certificate", r), "holds");
    fd_table_free(t);
    options.elastic_count = 0;
    assert_int_equal(fd_study_run(&t, FD_STUDY_SHADOW, all, 3, &options), 0);
    assert_string_equal(text_at(t, "row", 1), "share0");
    assert_true(near(at(t, "dual_dobj_drhs", 1), 4) && fabs(at(t, "fd_plus", 1) - 4) < 1e-6);
    fd_table_free(t);
    for (size_t i = 0; i < 3; i++)
        fd_model_free(models[i]);
}

/* Years by the numbers of their rows, in whatever order these stand: year 10 is the last. */
static void years_come_by_number(void **state)
{
    static const char text[] =
        "NAME t\nROWS\n N o\n G share10\n G grow2\n G grow10\n G share2\nCOLUMNS\n"
        " a o -1 grow2 1\n a share2 -0.1\n b grow2 1 share2 0.9\n"
        " c o -1 grow10 1\n c share10 -0.2\n d grow10 1 share10 0.8\n"
        "RHS\n RHS grow2 10 grow10 10\nBOUNDS\n UP B a 10\n UP B b 2\n UP B c 10\n UP B d 5\n"
        "ENDATA\n";
    static const char *const policies[] = { "grow" };
    fd_study_options options = FD_STUDY_OPTIONS_INIT;
    fd_model *model = read_text(text);
    fd_study_model only = { "m", model };
    fd_table *t;

    (void)state;
    options.share_part = "share";
    options.share_whole = "grow";
    options.elastic = policies;
    options.elastic_count = 1;
    assert_int_equal(fd_study_run(&t, FD_STUDY_OBJECTIVES, &only, 1, &options), 0);
    assert_string_equal(text_at(t, "case", 1), "max_final_share");
    assert_true(near(at(t, "value", 1), 0.5)); /* 5 of 10 in year 10; 2 of 10 in year 2 */
    assert_true(at(t, "share_y1", 0) <= 0.2 + 1e-9 && at(t, "share_y2", 0) >= 0.2 - 1e-9);
    fd_table_free(t);
    fd_model_free(model);
}

static void what_cannot_be_told_is_refused(void **state)
{
    fd_study_options options = FD_STUDY_OPTIONS_INIT;
    fd_model *models[] = { read_text(base), read_text(beyond) };
    fd_study_model good = { "base", models[0] }, bad = { "beyond", models[1] };
    fd_table *t;

    (void)state;
    assert_int_equal(fd_study_run(&t, FD_STUDY_IIS, &good, 1, &options), FD_EINVAL);
    assert_int_equal(fd_study_run(&t, FD_STUDY_SHADOW, &bad, 1, &options), FD_EINFEASIBLE);
    assert_int_equal(fd_study_run(&t, FD_STUDY_PARETO, &good, 1, &options), FD_EINVAL);
    options.share_part = "share";
    options.share_whole = "grow";
    assert_int_equal(fd_study_run(&t, FD_STUDY_PARETO, &good, 1, &options), FD_ENOTFOUND);
    fd_model_free(models[0]);
    fd_model_free(models[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_files_give_their_tables),
        cmocka_unit_test(years_come_by_number),
        cmocka_unit_test(what_cannot_be_told_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
