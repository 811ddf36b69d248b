/* Events by hand; a planted effect is found and nothing is found where nothing was planted; no
 * comparison is called none; the same bytes each time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/panel_table.h"
#include "fangding/error.h"
#include "fangding/event_study.h"

typedef struct panel {
    fd_table *rows, *events;
} panel;

static void begin(panel *p)
{
    p->rows = fd_table_new("panel", "", "");
    fd_table_add_new(p->rows, "id", "", "", FD_TEXT, "", 0);
    fd_table_add_new(p->rows, "time", "", "", FD_TEXT, "", 0);
    fd_table_add_new(p->rows, "value", "", "", FD_EST, "", 0);
    fd_table_add_new(p->rows, "industry", "", "", FD_TEXT, "", 0);
    p->events = fd_table_new("events", "", "");
    fd_table_add_new(p->events, "id", "", "", FD_TEXT, "", 0);
    fd_table_add_new(p->events, "time", "", "", FD_TEXT, "", 0);
    fd_table_add_new(p->events, "kind", "", "", FD_TEXT, "", 0);
}

static void end(panel *p)
{
    fd_table_free(p->rows);
    fd_table_free(p->events);
}

static void add(panel *p, const char *id, int time, double value, const char *industry)
{
    const size_t r = fd_table_add_row(p->rows);
    char text[16];

    snprintf(text, sizeof text, "%d", time);
    fd_column_set_text(p->rows->columns[0], r, id);
    fd_column_set_text(p->rows->columns[1], r, text);
    if (!isnan(value))
        fd_column_set_est(p->rows->columns[2], r, value);
    fd_column_set_text(p->rows->columns[3], r, industry);
}

static void happen(panel *p, const char *id, int time, const char *kind)
{
    const size_t r = fd_table_add_row(p->events);
    char text[16];

    snprintf(text, sizeof text, "%d", time);
    fd_column_set_text(p->events->columns[0], r, id);
    fd_column_set_text(p->events->columns[1], r, text);
    fd_column_set_text(p->events->columns[2], r, kind);
}

/* Window 2, levels: A 10 10 | 0 | 16 18: change 7; B (size 12) 12 12 | 15 15: 3; C (size 8) 8 8 | 9
 * 9: 1; D of another industry, E far in size. One neighbour: ln 12 is nearer to ln 10 than ln 8. */
static void test_by_hand(void **state)
{
    static const double values[5][5] = { { 10, 10, 0, 16, 18 },
                                         { 12, 12, 0, 15, 15 },
                                         { 8, 8, 0, 9, 9 },
                                         { 10, 10, 0, 90, 90 },
                                         { 900, 900, 0, 9, 9 } };
    static const char *const names[] = { "A", "B", "C", "D", "E" };
    fd_event_options o = FD_EVENT_OPTIONS_INIT;
    fd_event_study r;
    panel p;

    (void)state;
    begin(&p);
    for (int u = 0; u < 5; u++)
        for (int t = 0; t < 5; t++)
            add(&p, names[u], 2020 + t, values[u][t], u == 3 ? "30" : "26");
    happen(&p, "A", 2022, "技术突破");
    o.window = 2;
    o.level = true;
    o.neighbours = 1;
    assert_int_equal(fd_event_study_run(&r, p.rows, p.events, &o), 0);
    assert_string_equal(text_at(r.events, 0, "state"), "matched");
    assert_string_equal(text_at(r.events, 0, "alike"), "B");
    assert_near(number_at(r.events, 0, "change"), 7, 1e-12);
    assert_near(number_at(r.events, 0, "did"), 4, 1e-12);
    assert_near(number_at(r.summary, 0, "did"), 4, 1e-12);
    assert_near(number_at(r.path, 4, "k"), 2, 0);
    assert_near(number_at(r.path, 4, "did"), (18 - 10) - (15 - 12), 1e-12);
    fd_event_study_dispose(&r);
    o.neighbours = 2;
    assert_int_equal(fd_event_study_run(&r, p.rows, p.events, &o), 0);
    assert_string_equal(text_at(r.events, 0, "alike"), "B C");
    assert_near(number_at(r.events, 0, "did"), 5, 1e-12);
    fd_event_study_dispose(&r);
    end(&p);
}

/* 40 firms in 4 industries, common seasons, 10 of them with an event that lifts them by `effect`;
 * `drift` moves them before it already. */
static void plant(panel *p, double effect, double drift, unsigned seed)
{
    begin(p);
    for (int u = 0; u < 40; u++) {
        const double size = 3 + 0.3 * chance(&seed);
        char id[16], industry[8];
        const int when = u % 4 == 0 ? 2008 + u % 3 : 0;

        snprintf(id, sizeof id, "f%02d", u);
        snprintf(industry, sizeof industry, "%d", 20 + u % 8 / 4);
        for (int t = 2000; t < 2020; t++) {
            double y =
                size + 0.02 * (t - 2000) + (t % 2 ? 0.1 : -0.1) + 0.04 * (chance(&seed) - 0.5);

            if (when && t > when)
                y += effect;
            if (when && t >= when - 2)
                y += drift;
            add(p, id, t, exp(y), industry);
        }
        if (when)
            happen(p, id, when, u % 8 ? "要素配置" : "转型升级");
    }
}

static void test_planted_effect_is_found(void **state)
{
    fd_event_options o = FD_EVENT_OPTIONS_INIT;
    fd_event_study r;
    panel p;
    size_t all;

    (void)state;
    o.window = 4;
    for (unsigned seed = 1; seed <= 4; seed++) {
        plant(&p, 0.2, 0, seed);
        assert_int_equal(fd_event_study_run(&r, p.rows, p.events, &o), 0);
        all = r.summary->rows - 1;
        assert_near(number_at(r.summary, all, "matched"), 10, 0);
        assert_near(number_at(r.summary, all, "did"), 0.2, 0.02);
        assert_near(number_at(r.summary, all, "percent"),
                    100 * (exp(number_at(r.summary, all, "did")) - 1), 1e-9);
        assert_true(number_at(r.summary, all, "p") <= 0.01);
        assert_near(number_at(r.summary, all, "placebo"), 0, 0.02);
        assert_string_equal(text_at(r.summary, all, "verdict"), "higher");
        for (size_t k = 0; k < 4; k++)
            assert_near(number_at(r.path, k, "did"), 0, 0.03);
        for (size_t k = 5; k < 9; k++)
            assert_near(number_at(r.path, k, "did"), 0.2, 0.03);
        fd_event_study_dispose(&r);
        end(&p);
    }
}

/* Nothing planted: of 40 seeds about a tenth fall below p = 0.1, and not half. */
static void test_nothing_is_found_in_nothing(void **state)
{
    fd_event_options o = FD_EVENT_OPTIONS_INIT;
    size_t found = 0;

    (void)state;
    o.window = 4;
    o.draws = 199;
    for (unsigned seed = 1; seed <= 40; seed++) {
        fd_event_study r;
        panel p;

        plant(&p, 0, 0, seed * 977);
        assert_int_equal(fd_event_study_run(&r, p.rows, p.events, &o), 0);
        assert_near(number_at(r.summary, r.summary->rows - 1, "did"), 0, 0.02);
        assert_near(number_at(r.summary, r.summary->rows - 1, "placebo"), 0, 0.02);
        found += number_at(r.summary, r.summary->rows - 1, "p") < 0.1;
        fd_event_study_dispose(&r);
        end(&p);
    }
    assert_true(found <= 10);
}

/* Who was on another way before the event is no evidence of what came after. */
static void test_placebo_fails(void **state)
{
    fd_event_options o = FD_EVENT_OPTIONS_INIT;
    fd_event_study r;
    panel p;

    (void)state;
    o.window = 4;
    plant(&p, 0, 0.3, 3);
    assert_int_equal(fd_event_study_run(&r, p.rows, p.events, &o), 0);
    assert_true(number_at(r.summary, r.summary->rows - 1, "placebo") > 0.2);
    assert_string_equal(text_at(r.summary, r.summary->rows - 1, "verdict"), "placebo_fails");
    fd_event_study_dispose(&r);
    end(&p);
}

/* Nobody alike, no such firm, no such period, a thin side, a second event too near. */
static void test_no_comparison(void **state)
{
    fd_event_options o = FD_EVENT_OPTIONS_INIT;
    fd_event_study r;
    panel p;

    (void)state;
    begin(&p);
    for (int t = 0; t < 12; t++) {
        add(&p, "A", 2000 + t, 5 + t, "26");
        add(&p, "B", 2000 + t, t < 9 ? 0 : 7, "30"); /* stopped: no logarithm */
        add(&p, "C", 2000 + t, 6, "31");
    }
    happen(&p, "A", 2004, "x");
    happen(&p, "A", 2006, "x");
    happen(&p, "B", 2005, "x");
    happen(&p, "Z", 2005, "x");
    happen(&p, "A", 1990, "x");
    assert_int_equal(fd_event_study_run(&r, p.rows, p.events, &o), 0);
    assert_string_equal(text_at(r.summary, 0, "verdict"), "no_comparison");
    assert_true(isnan(number_at(r.summary, 0, "did")));
    assert_true(isnan(number_at(r.summary, 0, "p")));
    assert_near(number_at(r.summary, 0, "before_after"),
                (log(10) + log(11) + log(12) - log(6) - log(7) - log(8)) / 3, 1e-12);
    assert_int_equal(r.events->rows, 5);
    for (size_t i = 0; i < 5; i++) {
        const char *id = text_at(r.events, i, "id"), *time = text_at(r.events, i, "time");
        const char *want = *id == 'Z'                  ? "unknown"
                           : *id == 'B'                ? "no_data"
                           : strcmp(time, "2004") == 0 ? "no_peer"
                           : strcmp(time, "2006") == 0 ? "overlap"
                                                       : "no_data";

        assert_string_equal(text_at(r.events, i, "state"), want);
    }
    for (size_t i = 0; i < r.summary->note_count; i++) {
        assert_null(strstr(r.summary->notes[FD_ZH][i], "导致"));
        assert_null(strstr(r.summary->notes[FD_EN][i], "caused"));
    }
    fd_event_study_dispose(&r);
    end(&p);
}

/* The order of rows does not matter, nor does a second run. */
static void test_same_each_time(void **state)
{
    fd_event_options o = FD_EVENT_OPTIONS_INIT;
    fd_event_study a, b;
    panel p;

    (void)state;
    plant(&p, 0.05, 0, 9);
    assert_int_equal(fd_event_study_run(&a, p.rows, p.events, &o), 0);
    assert_int_equal(fd_event_study_run(&b, p.rows, p.events, &o), 0);
    for (size_t r = 0; r < a.summary->rows; r++)
        for (size_t c = 1; c < 11; c++)
            assert_true(a.summary->columns[c]->v.est[r] == b.summary->columns[c]->v.est[r]);
    fd_event_study_dispose(&a);
    fd_event_study_dispose(&b);
    end(&p);
}

static void test_refusals(void **state)
{
    fd_event_options o = FD_EVENT_OPTIONS_INIT;
    fd_event_study r;
    panel p;

    (void)state;
    plant(&p, 0, 0, 1);
    o.window = 1;
    assert_int_equal(fd_event_study_run(&r, p.rows, p.events, &o), FD_EINVAL);
    o.window = 3;
    o.neighbours = 0;
    assert_int_equal(fd_event_study_run(&r, p.rows, p.events, &o), FD_EINVAL);
    o.neighbours = 5;
    o.value = "nothing";
    assert_int_equal(fd_event_study_run(&r, p.rows, p.events, &o), FD_ENOTFOUND);
    end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_planted_effect_is_found),
        cmocka_unit_test(test_nothing_is_found_in_nothing),
        cmocka_unit_test(test_placebo_fails),
        cmocka_unit_test(test_no_comparison),
        cmocka_unit_test(test_same_each_time),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
