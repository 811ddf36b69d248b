/*
 * Plans kept warm: one desk per version of the city and role, the same answers from several
 * threads, bounds that hold, and no desk for whoever sees a part of the city.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/plan_warm.h"
#include "remove_all.h"

typedef struct world {
    char folder[128], city[192];
} world;

/* One call of a verb with "name=value" pairs on the city. */
static int ask(fd_result *result, const world *w, fd_plan_shelf *shelf, const char *verb,
               fd_role role, const fd_scope *scope, const char *actor, const char *const pairs[])
{
    const fd_verb *v = fd_verb_find(verb);
    const char *values[32] = { NULL };
    fd_call call = { .verb = v,
                     .arena = fd_arena_new(),
                     .city_path = w->city,
                     .values = values,
                     .role = role,
                     .scope = scope,
                     .actor = actor,
                     .plans = shelf };
    int err = 0;

    assert_non_null(v);
    memset(result, 0, sizeof *result);
    for (size_t i = 0; pairs && pairs[i]; i += 2)
        values[fd_call_index(&call, pairs[i])] = pairs[i + 1];
    if (v->needs_city)
        err = fd_city_open(&call.city, w->city, 0, v->effect != FD_READ);
    if (err >= 0)
        err = fd_call_run(&call, result);
    fd_city_free(call.city);
    fd_arena_free(call.arena);
    return err;
}

static double largest(const fd_result *result, size_t row)
{
    const fd_table *t = result->tables[0];

    return fd_number_to_double(
        fd_column_number(t->columns[fd_table_find(t, "largest_share")], row));
}

static int set_up(void **state)
{
    world *w = calloc(1, sizeof *w);
    const char *base = getenv("TMPDIR");
    char path[192];
    const char *pairs[] = { "file", path, "example", "huanzhou", "months", "1", NULL };
    fd_result result;

    snprintf(w->folder, sizeof w->folder, "%.80s/fdwarmXXXXXX", base ? base : P_tmpdir);
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->city, sizeof w->city, "%s/city.fangding", w->folder);
    snprintf(path, sizeof path, "%s", w->city);
    assert_int_equal(ask(&result, w, NULL, "new", FD_ROLE_INDUSTRY, NULL, "test", pairs), 0);
    fd_result_dispose(&result);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;

    remove_all(w->folder);
    free(w);
    return 0;
}

/* ---- from several threads ---- */

enum { THREADS = 3, QUESTIONS = 3 };
static const char *const questions[QUESTIONS] = { "finance=95", "finance=110", "growth=3" };

typedef struct asking {
    const world *w;
    fd_plan_shelf *shelf;
    double found[QUESTIONS];
    int err;
} asking;

static void *ask_all(void *payload)
{
    asking *a = payload;

    for (int i = 0; i < QUESTIONS; i++) {
        const char *pairs[] = { "set", questions[i], "short", "1", NULL };
        fd_result result;
        int err = ask(&result, a->w, a->shelf, "plan ask", FD_ROLE_INDUSTRY, NULL, "test", pairs);

        if (err < 0)
            a->err = err;
        else
            a->found[i] = largest(&result, 1);
        fd_result_dispose(&result);
    }
    return NULL;
}

static void threads_agree_with_a_cold_plan(void **state)
{
    const world *w = *state;
    fd_plan_shelf *shelf = fd_plan_shelf_new(2, (size_t)256 << 20);
    asking cold = { w, NULL, { 0 }, 0 }, warm[THREADS];
    pthread_t threads[THREADS];
    size_t bytes;

    ask_all(&cold);
    assert_int_equal(cold.err, 0);
    assert_true(cold.found[1] > cold.found[0] + 0.01);
    for (int i = 0; i < THREADS; i++) {
        warm[i] = (asking){ w, shelf, { 0 }, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, ask_all, &warm[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(warm[i].err, 0);
        for (int q = 0; q < QUESTIONS; q++)
            assert_true(fabs(warm[i].found[q] - cold.found[q]) < 1e-7);
    }
    assert_int_equal(fd_plan_shelf_count(shelf, &bytes), 1); /* one version, one role */
    assert_true(bytes > 10000);
    fd_plan_shelf_free(shelf);
}

static void bounds_hold(void **state)
{
    const char *pairs[] = { "short", "1", NULL };
    fd_plan_shelf *few = fd_plan_shelf_new(1, (size_t)256 << 20),
                  *tiny = fd_plan_shelf_new(8, 1000);
    const fd_role roles[] = { FD_ROLE_INDUSTRY, FD_ROLE_STATISTICS };
    fd_result result;
    size_t bytes;

    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ask(&result, *state, few, "plan ask", roles[i], NULL, "test", pairs), 0);
        fd_result_dispose(&result);
        assert_int_equal(fd_plan_shelf_count(few, &bytes), 1);
    }
    assert_int_equal(ask(&result, *state, tiny, "plan ask", roles[0], NULL, "test", pairs), 0);
    fd_result_dispose(&result);
    assert_int_equal(fd_plan_shelf_count(tiny, &bytes), 0); /* nothing that large is kept */
    fd_plan_shelf_free(few);
    fd_plan_shelf_free(tiny);
}

static void a_warm_plan_is_not_for_everybody(void **state)
{
    const char *pairs[] = { "short", "1", NULL };
    const fd_scope county = { "990501", NULL };
    fd_plan_shelf *shelf = fd_plan_shelf_new(2, (size_t)256 << 20);
    fd_result result;

    assert_int_equal(ask(&result, *state, shelf, "plan ask", FD_ROLE_INDUSTRY, NULL, "t", pairs),
                     0);
    fd_result_dispose(&result);
    assert_int_equal(ask(&result, *state, shelf, "plan ask", FD_ROLE_COUNTY, &county, "t", pairs),
                     FD_EDENIED);
    fd_result_dispose(&result);
    assert_int_equal(ask(&result, *state, shelf, "plan ask", FD_ROLE_VIEWER, &county, "t", pairs),
                     FD_EDENIED);
    fd_result_dispose(&result);
    fd_plan_shelf_free(shelf);
}

/* ---- scenarios ---- */

static void a_scenario_belongs_to_its_author(void **state)
{
    const fd_scope all = { NULL, NULL };
    const char *save[] = { "name", "甲", "set", "finance+10%", NULL };
    const char *bad[] = { "name", "a,b", "set", "finance+10%", NULL };
    const char *wrong[] = { "name", "乙", "set", "nothing+10%", NULL };
    const char *drop[] = { "name", "甲", NULL }, *compare[] = { "names", "甲", NULL };
    fd_result r;
    size_t rows;

#define ASK(verb, role, who, pairs) ask(&r, *state, NULL, verb, role, &all, who, pairs)
    assert_int_equal(ASK("plan save", FD_ROLE_INDUSTRY, "a", save), 0);
    fd_result_dispose(&r);
    assert_int_equal(ASK("plan save", FD_ROLE_INDUSTRY, "b", save), FD_EEXISTS);
    fd_result_dispose(&r);
    assert_int_equal(ASK("plan save", FD_ROLE_INDUSTRY, "a", bad), FD_EINVAL);
    fd_result_dispose(&r);
    assert_int_equal(ASK("plan save", FD_ROLE_INDUSTRY, "a", wrong), FD_ENOTFOUND);
    fd_result_dispose(&r);
    assert_int_equal(ASK("plan save", FD_ROLE_VIEWER, "v", save), FD_EDENIED);
    fd_result_dispose(&r);
    assert_int_equal(ASK("plan compare", FD_ROLE_INDUSTRY, "b", compare), 0);
    assert_int_equal(r.tables[0]->rows, 2);
    assert_true(largest(&r, 1) > largest(&r, 0) + 0.01);
    fd_result_dispose(&r);
    assert_int_equal(ASK("plan drop", FD_ROLE_INDUSTRY, "b", drop), FD_EDENIED);
    fd_result_dispose(&r);
    assert_int_equal(ASK("plan drop", FD_ROLE_ADMINISTRATOR, "root", drop), 0);
    fd_result_dispose(&r);
    assert_int_equal(ASK("plan scenarios", FD_ROLE_INDUSTRY, "a", NULL), 0);
    rows = r.tables[0]->rows;
    fd_result_dispose(&r);
    assert_int_equal(rows, 0);
    /* A name that is free again. */
    assert_int_equal(ASK("plan save", FD_ROLE_INDUSTRY, "b", save), 0);
    fd_result_dispose(&r);
#undef ASK
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_agree_with_a_cold_plan),
        cmocka_unit_test(bounds_hold),
        cmocka_unit_test(a_warm_plan_is_not_for_everybody),
        cmocka_unit_test(a_scenario_belongs_to_its_author),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
