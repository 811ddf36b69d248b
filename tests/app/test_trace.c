/*
 * The 105 things on the generated city: which they are, what they claim, and that every command
 * they name runs; the published figures of both examples.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/figure.h"
#include "app/line.h"
#include "app/status.h"
#include "app/trace.h"
#include "base/str.h"
#include "fangding/verbs.h"
#include "io/file.h"
#include "remove_all.h"

enum { THINGS = 105 };

typedef struct world {
    char folder[128];
    char huanzhou[160], anyang[160];
} world;

static int run(fd_result *result, const char *line, const char *city)
{
    fd_arena *arena = fd_arena_new();
    fd_call call = { .arena = arena, .city_path = city, .actor = "test" };
    int err = fd_call_line(&call, line);

    assert_int_equal(err, 0);
    if ((err = fd_call_check(&call)) >= 0)
        err = fd_call_run(&call, result);
    fd_arena_free(arena);
    return err;
}

static void say_error(const char *line)
{
    char text[2048];

    fd_error_format(fd_error_last(), FD_EN, text, sizeof text);
    print_error("%s: %s\n", line, text);
}

static void make(const char *path, const char *arguments)
{
    fd_result result = { 0 };
    char line[512];

    snprintf(line, sizeof line, "new %s %s", path, arguments);
    if (run(&result, line, NULL) < 0) {
        say_error(line);
        fail();
    }
    fd_result_dispose(&result);
}

static int setup(void **state)
{
    world *w = calloc(1, sizeof *w);
    const char *base = getenv("TMPDIR");

    snprintf(w->folder, sizeof w->folder, "%.80s/fdtraceXXXXXX", base ? base : P_tmpdir);
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->huanzhou, sizeof w->huanzhou, "%s/h.fangding", w->folder);
    snprintf(w->anyang, sizeof w->anyang, "%s/a.fangding", w->folder);
    make(w->huanzhou, "--example huanzhou --months 1");
    make(w->anyang, "--example anyang");
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world *w = *state;

    remove_all(w->folder);
    free(w);
    return 0;
}

static const char *cell(const fd_table *t, const char *column, size_t row)
{
    const char *text = fd_column_text(t->columns[fd_table_find(t, column)], row);

    return text ? text : "";
}

static fd_table *trace_of(fd_city **city, const char *path)
{
    fd_call call = { .lang = FD_ZH };
    fd_table *t;

    assert_int_equal(fd_city_open(city, path, 0, false), 0);
    call.city = *city;
    assert_int_equal(fd_trace(&t, &call), 0);
    return t;
}

/* Seven parts, numbered through, in order; the article's own counts. */
static void test_ids(void **state)
{
    static const struct part {
        char letter;
        int count;
    } parts[] = { { 'A', 16 }, { 'B', 11 }, { 'C', 21 }, { 'D', 17 },
                  { 'E', 16 }, { 'F', 14 }, { 'G', 10 } };
    const world *w = *state;
    fd_city *city;
    fd_table *t = trace_of(&city, w->huanzhou);
    size_t row = 0;

    assert_int_equal(t->rows, THINGS);
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
        for (int i = 1; i <= parts[p].count; i++, row++) {
            char id[16];

            snprintf(id, sizeof id, "%c%d", parts[p].letter, i);
            assert_string_equal(cell(t, "id", row), id);
            assert_true(cell(t, "title", row)[0] != '\0');
            assert_string_equal(cell(t, "group", row), cell(t, "group", row - (size_t)(i - 1)));
        }
    assert_int_equal(row, THINGS);
    fd_table_free(t);
    fd_city_free(city);
}

/* What the generated city computes, each with a figure; the notes count every state. */
static void test_states(void **state)
{
    static const struct row {
        const char *id, *figure;
    } computed[] = {
        { "A8", "13.9%" },  { "A13", "13.9%" }, { "A15", "%" },
        { "A16", "36 类" }, { "C1", "10.5%" },  { "C2", "13.9%" },
        { "C3", "42.6%" },  { "C4", "85.8%" },  { "C5", "%" },
        { "C6", "2.07%" },  { "C12", "55.5%" }, { "C21", "30 条" },
        { "F6", "亿元" },   { "G9", "4.1%" },   { "A9", "百分点(增长快慢)" },
        { "B2", "亿元" },
    };
    const world *w = *state;
    fd_city *city;
    fd_table *t = trace_of(&city, w->huanzhou);
    size_t total = 0, found = 0;

    for (size_t r = 0; r < t->rows; r++)
        for (size_t i = 0; i < sizeof computed / sizeof *computed; i++)
            if (strcmp(cell(t, "id", r), computed[i].id) == 0) {
                found++;
                if (strcmp(cell(t, "state", r), "●算出") != 0)
                    print_error("%s: %s\n", computed[i].id, cell(t, "state", r));
                assert_string_equal(cell(t, "state", r), "●算出");
                assert_non_null(strstr(cell(t, "figure", r), computed[i].figure));
            }
    assert_int_equal(found, sizeof computed / sizeof *computed);
    assert_int_equal(t->note_count, 4);
    for (size_t n = 0; n < t->note_count; n++)
        total += (size_t)atoi(strchr(t->notes[FD_ZH][n], ' '));
    assert_int_equal(total, THINGS);
    fd_table_free(t);
    fd_city_free(city);
}

/* A row that claims anything names a command, and the command runs. */
static void test_commands(void **state)
{
    const world *w = *state;
    const char *const cities[] = { w->huanzhou, w->anyang };

    for (size_t c = 0; c < 2; c++) {
        fd_city *city;
        fd_table *t = trace_of(&city, cities[c]);
        size_t bad = 0, tried = 0;

        for (size_t r = 0; r < t->rows; r++) {
            const char *line = cell(t, "command", r), *own = cell(t, "state", r);
            fd_result result = { 0 };
            int err;

            if (strcmp(own, "·未做") == 0) {
                assert_string_equal(line, "");
                continue;
            }
            if (strcmp(own, "○模板") == 0 && line[0] == '\0')
                continue; /* nothing to show as yet */
            assert_int_equal(strncmp(line, "fangding ", 9), 0);
            tried++;
            if ((err = run(&result, line + 9, cities[c])) < 0) {
                say_error(line);
                fd_error_clear();
                bad++;
            } else {
                assert_true(result.table_count > 0 || result.message[FD_ZH]); /* or a file */
            }
            fd_result_dispose(&result);
        }
        assert_int_equal(bad, 0);
        assert_true(tried > 20);
        fd_table_free(t);
        fd_city_free(city);
    }
}

static void check_figure(fd_city *city, const char *id, const char *value, const char *marks)
{
    const fd_indicator *indicator = fd_program_indicator(city->program, id);
    fd_figure f;

    assert_int_equal(
        fd_figure_published(&f, city, indicator ? indicator->id : id, FD_PERIOD_NONE, FD_ZH), 0);
    if (!f.has_value || strcmp(f.value, value) != 0 || strcmp(f.marks, marks) != 0)
        print_error("%s: %s [%s]\n", id, f.value, f.marks);
    assert_true(f.has_value);
    assert_string_equal(f.value, value);
    assert_string_equal(f.marks, marks);
    assert_non_null(f.source);
    assert_true(strlen(f.source) > 10);
}

/* Published figures stand as they were published, each with its source and its reservations; what
 * the generated city computes agrees with what it claims as published. */
static void test_published(void **state)
{
    static const char *const both[] = {
        "sei_share",         "sei_mean_growth", "sei_contribution_plan", "traditional_share",
        "high_energy_share", "rd_gdp",          "division_count"
    };
    const world *w = *state;
    fd_city *city;
    fd_table *t;

    assert_int_equal(fd_city_open(&city, w->anyang, 0, false), 0);
    check_figure(city, "sei_share", "13.9", "");
    check_figure(city, "sei_mean_growth", "10.5", "2021-2024");
    check_figure(city, "sei_contribution_plan", "42.6", "期间待核");
    check_figure(city, "rd_gdp", "2.07", "");
    check_figure(city, "division_count", "36", "");
    check_figure(city, "drones_total", "103", "");
    check_figure(city, "achievements_listed", "3000", "以上");
    assert_int_equal(fd_figures_published(&t, city, NULL, FD_ZH), 0);
    assert_int_equal(t->rows, 34);
    for (size_t r = 0; r < t->rows; r++)
        assert_true(strlen(cell(t, "source", r)) > 10);
    fd_table_free(t);
    fd_city_free(city);

    assert_int_equal(fd_city_open(&city, w->huanzhou, 0, false), 0);
    for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
        const fd_indicator *indicator = fd_program_indicator(city->program, both[i]);
        fd_figure published, computed;

        assert_non_null(indicator);
        assert_int_equal(fd_figure_published(&published, city, both[i], FD_PERIOD_NONE, FD_ZH), 0);
        assert_int_equal(fd_figure_at(&computed, city, indicator, published.period, FD_ZH), 0);
        assert_true(published.has_value && computed.has_value);
        assert_string_equal(computed.value, published.value);
        assert_non_null(strstr(published.marks, "示例"));
    }
    fd_city_free(city);
}

/* The screen of both examples: published and computed beside each other, each said to be what it
 * is. */
static void test_screen(void **state)
{
    static const char *const wanted[2][6] = {
        { "42.6%【公·示】", "42.6%【算·示】", "期间待核", "其他拉动+", "较2020年-11.5点",
          "路径 13.90%" },
        { "42.6%【公】", "期间待核", "较2018年+9.8点", "2021-2024", "85.8% = 99.7%",
          "2027年约16.2%" },
    };
    static const char *const unwanted[] = { "-0.00", "绿 绿", "10.5007" };
    const world *w = *state;
    const char *const cities[] = { w->huanzhou, w->anyang };

    for (size_t c = 0; c < 2; c++) {
        fd_city *city;
        fd_status screen;
        const char *text;

        assert_int_equal(fd_city_open(&city, cities[c], 0, false), 0);
        assert_int_equal(fd_status_compose(&screen, city, FD_ZH), 0);
        text = fd_buf_text(&screen.text);
        for (size_t i = 0; i < sizeof wanted[c] / sizeof *wanted[c]; i++)
            if (!strstr(text, wanted[c][i]))
                fail_msg("no \"%s\" in\n%s", wanted[c][i], text);
        for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++)
            assert_null(strstr(text, unwanted[i]));
        assert_null(c == 1 ? strstr(text, "【算·示】") : NULL);
        fd_status_dispose(&screen);
        fd_city_free(city);
    }
}

/* The seven figures that the register of promises must have, of every promise. */
static void test_promises(void **state)
{
    static const char *const fields[] = { "kind", "title", "metric", "sentence", "reference" };
    const world *w = *state;
    fd_city *city;
    fd_table *t;
    size_t inferred = 0, kinds = 0;

    assert_int_equal(fd_city_open(&city, w->anyang, 0, false), 0);
    assert_int_equal(city->source->ops->records(city->source, "promise", FD_DATE_MAX, &t), 0);
    assert_int_equal(t->rows, 32);
    for (size_t r = 0; r < t->rows; r++) {
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
            assert_true(cell(t, fields[f], r)[0] != '\0');
        kinds += strcmp(cell(t, "kind", r), "目标") == 0;
        inferred += cell(t, "inferred", r)[0] != '\0';
    }
    assert_int_equal(kinds, 8);
    assert_int_equal(inferred, 30);
    fd_table_free(t);
    fd_city_free(city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids),      cmocka_unit_test(test_states),
        cmocka_unit_test(test_commands), cmocka_unit_test(test_published),
        cmocka_unit_test(test_screen),   cmocka_unit_test(test_promises),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
