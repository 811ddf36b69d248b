#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <time.h>

#include "disclosure/cubes.h"

static const fd_disclosure_rules rules = FD_DISCLOSURE_RULES_INIT;

/* The 3 × 3 table of the textbooks: B/x has two contributors. Invented figures, in tenths. */
static const cell_in textbook[] = {
    { "A", "x", 200, 9, 40, 30 }, { "A", "y", 500, 9, 90, 80 },  { "A", "z", 100, 8, 30, 20 },
    { "A", "", 800, 26, 90, 80 }, { "B", "x", 80, 2, 50, 30 },   { "B", "y", 190, 7, 60, 40 },
    { "B", "z", 220, 9, 60, 50 }, { "B", "", 490, 18, 60, 60 },  { "C", "x", 170, 6, 50, 40 },
    { "C", "y", 320, 8, 70, 60 }, { "C", "z", 120, 5, 40, 30 },  { "C", "", 610, 19, 70, 60 },
    { "", "x", 450, 17, 50, 50 }, { "", "y", 1010, 24, 90, 80 }, { "", "z", 440, 22, 60, 50 },
    { "", "", 1900, 63, 90, 80 },
};
#define TEXTBOOK (sizeof textbook / sizeof *textbook)

static const char *mark_of(const fd_table *t, const char *county, const char *industry)
{
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text(t->columns[0], r), county) == 0 &&
            strcmp(fd_column_text(t->columns[1], r), industry) == 0)
            return fd_column_text(cube_column(t, "suppressed"), r);
    return NULL;
}

static size_t count_hidden(const fd_table *t)
{
    size_t n = 0;

    for (size_t r = 0; r < t->rows; r++)
        n += is_hidden(t, r);
    return n;
}

static fd_table *suppress(const fd_table *t, const fd_disclosure_cube *spec,
                          const fd_table *pattern)
{
    fd_table *out = NULL;

    if (fd_disclosure_suppress(&out, t, spec, &rules, pattern) != 0)
        fail_msg("%s", fd_error_last()->message[FD_EN]);
    return out;
}

static size_t attack(const fd_table *t, const fd_disclosure_cube *spec)
{
    fd_table *found = NULL;
    size_t n;

    if (fd_disclosure_attack(&found, t, spec, &rules) != 0)
        fail_msg("%s", fd_error_last()->message[FD_EN]);
    n = found->rows;
    fd_table_free(found);
    return n;
}

/* Unprotected, and with the primary cell alone hidden, the attack names the cell and its exact
 * value. */
static void test_attack_finds_the_cell(void **state)
{
    fd_disclosure_cube spec = cube_spec(2);
    fd_table *t = cube_from(textbook, TEXTBOOK), *found = NULL;
    fd_column *mark;

    (void)state;
    for (int hidden = 0; hidden < 2; hidden++) {
        if (hidden) {
            mark = fd_table_add_new(t, "suppressed", "", "", FD_TEXT, "", 0);
            for (size_t r = 0; r < t->rows; r++)
                fd_column_set_text(mark, r, r == 4 ? "primary" : "");
        }
        assert_int_equal(fd_disclosure_attack(&found, t, &spec, &rules), 0);
        assert_int_equal(found->rows, 1);
        assert_string_equal(fd_column_text(found->columns[0], 0), "B");
        assert_string_equal(fd_column_text(found->columns[1], 0), "x");
        assert_string_equal(fd_column_text(cube_column(found, "suppressed"), 0),
                            hidden ? "primary" : "");
        assert_int_equal(cube_column(found, "value")->v.dec[0], 80);
        assert_true(cube_column(found, "lower")->v.est[0] > 7.999 &&
                    cube_column(found, "upper")->v.est[0] < 8.001);
        assert_string_equal(fd_column_text(cube_column(found, "insider"), 0), "");
        fd_table_free(found);
    }
    assert_int_equal(cube_determined(t, 2, t->rows), 1);
    fd_table_free(t);
}

/* One sensitive cell needs three more, at the corners of a rectangle; no total is touched. */
static void test_textbook_takes_a_rectangle(void **state)
{
    fd_disclosure_cube spec = cube_spec(2);
    fd_table *t = cube_from(textbook, TEXTBOOK), *out = suppress(t, &spec, NULL);

    (void)state;
    assert_string_equal(mark_of(out, "B", "x"), "primary");
    assert_int_equal(count_hidden(out), 4);
    assert_string_equal(mark_of(out, "B", ""), "");
    assert_string_equal(mark_of(out, "", "x"), "");
    assert_string_equal(mark_of(out, "", ""), "");
    assert_int_equal(attack(out, &spec), 0);
    assert_int_equal(cube_determined(out, 2, out->rows), 0);
    fd_table_free(out);
    fd_table_free(t);
}

/* A rectangle whose opposite corner is too small protects against exact derivation only: the audit
 * must object. */
static void test_narrow_interval_is_found(void **state)
{
    static const cell_in cells[] = {
        { "A", "x", 1000, 2, 500, 500 },  { "A", "y", 1000, 9, 200, 200 },
        { "A", "", 2000, 11, 500, 500 },  { "B", "x", 20, 5, 5, 5 },
        { "B", "y", 20, 5, 5, 5 },        { "B", "", 40, 10, 5, 5 },
        { "C", "x", 5000, 9, 900, 900 },  { "C", "y", 5000, 9, 900, 900 },
        { "C", "", 10000, 18, 900, 900 }, { "", "x", 6020, 16, 900, 900 },
        { "", "y", 6020, 23, 900, 900 },  { "", "", 12040, 39, 900, 900 },
    };
    static const bool hidden[12] = { true, true, false, true, true };
    fd_disclosure_cube spec = cube_spec(2);
    fd_table *t = cube_from(cells, 12), *out;
    fd_column *mark = fd_table_add_new(t, "suppressed", "", "", FD_TEXT, "", 0);

    (void)state;
    for (size_t r = 0; r < 12; r++)
        fd_column_set_text(mark, r, hidden[r] ? r ? "secondary" : "primary" : "");
    assert_int_equal(cube_determined(t, 2, t->rows), 0); /* not exactly … */
    assert_int_equal(attack(t, &spec), 1);               /* … but within 98 to 102 */
    out = suppress(t, &spec, NULL);
    assert_int_equal(attack(out, &spec), 0);
    fd_table_free(out);
    fd_table_free(t);
}

/* Both hidden cells of the row have one contributor: each knows the other's value from the row's
 * total. */
static void test_insider_is_shut_out(void **state)
{
    static const cell_in cells[] = {
        { "A", "x", 100, 1, 100, 0 }, { "A", "y", 120, 1, 120, 0 },
        { "A", "z", 400, 9, 90, 80 }, { "A", "", 620, 11, 120, 100 },
        { "B", "x", 300, 8, 50, 50 }, { "B", "y", 310, 8, 50, 50 },
        { "B", "z", 350, 9, 60, 60 }, { "B", "", 960, 25, 60, 60 },
        { "", "x", 400, 9, 100, 50 }, { "", "y", 430, 9, 120, 50 },
        { "", "z", 750, 18, 90, 80 }, { "", "", 1580, 36, 120, 100 },
    };
    static const bool hidden[] = { true, true, false, false, true, true };
    fd_disclosure_cube spec = cube_spec(2);
    fd_disclosure_rules outsiders = rules;
    fd_table *t = cube_from(cells, 12), *out = NULL, *found = NULL;
    fd_column *mark = fd_table_add_new(t, "suppressed", "", "", FD_TEXT, "", 0);

    (void)state;
    outsiders.insiders = false;
    for (size_t r = 0; r < 12; r++)
        fd_column_set_text(mark, r, r < 6 && hidden[r] ? "secondary" : "");
    assert_int_equal(fd_disclosure_attack(&found, t, &spec, &outsiders), 0);
    assert_int_equal(found->rows, 0);
    fd_table_free(found);
    assert_int_equal(fd_disclosure_attack(&found, t, &spec, &rules), 0);
    assert_int_equal(found->rows, 2);
    assert_string_equal(fd_column_text(cube_column(found, "insider"), 0), "A/y");
    assert_string_equal(fd_column_text(cube_column(found, "insider"), 1), "A/x");
    fd_table_free(found);
    out = suppress(t, &spec, NULL);
    assert_int_equal(attack(out, &spec), 0);
    for (size_t r = 0; r < out->rows; r++)
        if (is_hidden(out, r) && cube_column(out, "n")->v.dec[r] == 1)
            assert_int_equal(cube_determined(out, 2, r), 0);
    fd_table_free(out);
    fd_table_free(t);
}

typedef struct rule_case {
    const char *name;
    int64_t value;
    int n;
    int64_t top1, top2;
    const char *mark;
} rule_case;

static void test_rules_are_exact(void **state)
{
    static const rule_case cases[] = {
        { "two contributors", 1000, 2, 500, 500, "primary" },
        { "three contributors", 1000, 3, 400, 300, "" },
        { "number unknown", 1000, -1, 100, 100, "primary" },
        { "exactly 85 %", 1000, 5, 850, 49, "" },
        { "more than 85 %", 1000, 5, 851, 1, "dominance" },
        { "exactly 90 % in two", 1000, 5, 500, 400, "" },
        { "more than 90 % in two", 1000, 5, 500, 401, "dominance" },
        { "beyond the digits of a double", 9007199254740993000, 5, 7656119366529843000, 0, "" },
        { "and one unit more", 9007199254740993000, 5, 7656119366529844051, 0, "dominance" },
        { "nothing there", 0, 0, 0, 0, "empty" },
        { "zero from many", 0, 5, 0, 0, "" },
        { "zero from one", 0, 1, 0, 0, "primary" },
    };
    fd_disclosure_cube spec = cube_spec(1);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_table *t = cube_new(1), *out = NULL;

        cube_put(t, (const char *const[]){ "A" }, 1, cases[i].value, cases[i].n, cases[i].top1,
                 cases[i].top2);
        out = suppress(t, &spec, NULL);
        if (strcmp(fd_column_text(cube_column(out, "suppressed"), 0), cases[i].mark) != 0)
            fail_msg("%s: %s", cases[i].name, fd_column_text(cube_column(out, "suppressed"), 0));
        fd_table_free(out);
        fd_table_free(t);
    }
}

typedef struct random_case {
    size_t dimensions, sizes[3];
    uint32_t most;
    int seeds;
} random_case;

/* Many invented cubes: after suppression the attack finds nothing, and elimination determines
 * nothing. */
static void test_random_cubes_are_safe(void **state)
{
    static const random_case cases[] = {
        { 1, { 6 }, 6, 10 },   { 2, { 3, 3 }, 7, 12 },   { 2, { 5, 6 }, 8, 8 },
        { 2, { 9, 5 }, 3, 3 }, { 3, { 3, 3, 2 }, 8, 4 },
    };
    size_t sensitive = 0, cells = 0, hidden = 0;
    struct timespec a, b;

    (void)state;
    clock_gettime(CLOCK_MONOTONIC, &a);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int seed = 1; seed <= cases[i].seeds; seed++) {
            fd_disclosure_cube spec = cube_spec(cases[i].dimensions);
            fd_table *t = cube_random((uint64_t)seed, cases[i].dimensions, cases[i].sizes,
                                      cases[i].most, false),
                     *back = cube_random((uint64_t)seed, cases[i].dimensions, cases[i].sizes,
                                         cases[i].most, true),
                     *out = suppress(t, &spec, NULL), *out_back = suppress(back, &spec, NULL);

            if (attack(out, &spec) != 0)
                fail_msg("case %zu seed %d: the attack succeeds", i, seed);
            if (cube_determined(out, cases[i].dimensions, out->rows) != 0)
                fail_msg("case %zu seed %d: a cell is determined", i, seed);
            for (size_t r = 0; r < out->rows; r++) {
                /* the same cells whatever the order of rows */
                assert_string_equal(fd_column_text(cube_column(out, "suppressed"), r),
                                    fd_column_text(cube_column(out_back, "suppressed"),
                                                   out->rows - 1 - r));
                sensitive += is_sensitive_row(out, r);
                hidden += is_hidden(out, r);
            }
            cells += out->rows;
            fd_table_free(t);
            fd_table_free(back);
            fd_table_free(out);
            fd_table_free(out_back);
        }
    clock_gettime(CLOCK_MONOTONIC, &b);
    print_message("%zu cells, %zu sensitive, %zu hidden in all, %.1f s\n", cells, sensitive, hidden,
                  (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec));
    assert_true(sensitive > 50);
}

/* The pattern of one month holds in the next, where nothing is sensitive; cells it does not know
 * are left alone. */
static void test_pattern_stays(void **state)
{
    fd_disclosure_cube spec = cube_spec(2);
    fd_table *first = cube_from(textbook, TEXTBOOK), *second = cube_from(textbook, TEXTBOOK), *out,
             *pattern = NULL, *next;

    (void)state;
    out = suppress(first, &spec, NULL);
    fd_column_set_dec(cube_column(second, "n"), 4, 5);
    fd_column_set_dec(cube_column(second, "top1"), 4, 20);
    fd_column_set_dec(cube_column(second, "top2"), 4, 20);
    next = suppress(second, &spec, NULL);
    assert_int_equal(count_hidden(next), 0);
    fd_table_free(next);
    assert_int_equal(
        fd_disclosure_pattern(&pattern, (const fd_table *const[]){ out, out }, 2, &spec), 0);
    assert_int_equal(pattern->rows, 4);
    next = suppress(second, &spec, pattern);
    assert_int_equal(count_hidden(next), 4);
    for (size_t r = 0; r < out->rows; r++)
        assert_int_equal(is_hidden(out, r), is_hidden(next, r));
    assert_string_equal(mark_of(next, "B", "x"), "secondary");
    fd_table_free(next);
    next = suppress(first, &spec, pattern);
    assert_string_equal(mark_of(next, "B", "x"), "primary");
    assert_int_equal(count_hidden(next), 4);
    fd_table_free(next);
    fd_table_free(pattern);
    fd_table_free(out);
    fd_table_free(first);
    fd_table_free(second);
}

static void test_published_copy_says_nothing(void **state)
{
    fd_disclosure_cube spec = cube_spec(2);
    fd_table *t = cube_from(textbook, TEXTBOOK), *out = suppress(t, &spec, NULL), *copy = NULL;

    (void)state;
    assert_int_equal(fd_disclosure_publish(&copy, t, &spec), FD_ENOTFOUND);
    assert_int_equal(fd_disclosure_publish(&copy, out, &spec), 0);
    assert_int_equal(copy->rows, TEXTBOOK);
    assert_int_equal(fd_table_find(copy, "n"), -1);
    assert_int_equal(fd_table_find(copy, "top1"), -1);
    assert_int_equal(fd_table_find(copy, "top2"), -1);
    assert_int_equal(copy->note_count, 1);
    for (size_t r = 0; r < copy->rows; r++) {
        const char *mark = fd_column_text(cube_column(copy, "suppressed"), r);

        assert_string_equal(mark, is_hidden(out, r) ? "suppressed" : "");
        assert_int_equal(fd_column_state(cube_column(copy, "output"), r),
                         is_hidden(out, r) ? FD_MISSING : FD_HAS);
        if (is_hidden(out, r))
            assert_int_equal(cube_column(copy, "output")->v.dec[r], 0); /* not even in memory */
        assert_int_equal(fd_column_state(cube_column(out, "output"), r), FD_HAS);
    }
    fd_table_free(copy);
    fd_table_free(out);
    fd_table_free(t);
}

/* A cube without its column totals, and one in which a cell was not reported. */
static void test_gaps(void **state)
{
    fd_disclosure_cube spec = cube_spec(2);
    fd_table *t = cube_new(2), *out;

    (void)state;
    for (size_t i = 0; i < TEXTBOOK; i++)
        if (textbook[i].county[0] || !textbook[i].industry[0])
            cube_put(t, (const char *const[]){ textbook[i].county, textbook[i].industry }, 2,
                     textbook[i].value, textbook[i].n, textbook[i].top1, textbook[i].top2);
    out = suppress(t, &spec, NULL);
    assert_int_equal(attack(out, &spec), 0);
    assert_int_equal(count_hidden(out), 2); /* one more in its row is enough now */
    fd_table_free(out);
    fd_table_free(t);

    t = cube_from(textbook, TEXTBOOK);
    for (size_t r = 0; r < t->rows; r++) /* A/y, and with it every total above */
        if (strcmp(fd_column_text(t->columns[1], r), "x") != 0 &&
            strcmp(fd_column_text(t->columns[1], r), "z") != 0 &&
            strcmp(fd_column_text(t->columns[0], r), "B") != 0 &&
            strcmp(fd_column_text(t->columns[0], r), "C") != 0)
            fd_column_set_state(cube_column(t, "output"), r, FD_MISSING);
    out = suppress(t, &spec, NULL);
    assert_int_equal(attack(out, &spec), 0);
    assert_string_equal(mark_of(out, "A", "y"), "");
    assert_string_equal(mark_of(out, "B", "x"), "primary");
    fd_table_free(out);
    fd_table_free(t);
}

/* Attached contributors instead of columns. */
static void test_attached_contributors(void **state)
{
    fd_disclosure_cube spec = cube_spec(2), attached = spec;
    fd_table *t = cube_from(textbook, TEXTBOOK), *bare = fd_table_new("bare", "", ""), *out,
             *reference;

    (void)state;
    attached.n = attached.top1 = attached.top2 = NULL;
    for (int c = 0; c < 3; c++)
        fd_table_add(bare, fd_column_ref(t->columns[c]));
    out = suppress(bare, &attached, NULL);
    assert_int_equal(count_hidden(out), TEXTBOOK); /* nobody knows how many: nothing leaves */
    fd_table_free(out);
    for (size_t r = 0; r < t->rows; r++)
        fd_column_set_contributors(bare->columns[2], r, (uint32_t)textbook[r].n,
                                   (double)textbook[r].top1, (double)textbook[r].top2);
    out = suppress(bare, &attached, NULL);
    reference = suppress(t, &spec, NULL);
    for (size_t r = 0; r < t->rows; r++)
        assert_string_equal(fd_column_text(cube_column(out, "suppressed"), r),
                            fd_column_text(cube_column(reference, "suppressed"), r));
    fd_table_free(out);
    fd_table_free(reference);
    fd_table_free(bare);
    fd_table_free(t);
}

static void test_bad_cubes_are_refused(void **state)
{
    fd_disclosure_cube spec = cube_spec(2), wrong = spec;
    fd_disclosure_rules loose = rules;
    fd_table *t = cube_from(textbook, TEXTBOOK), *out = NULL, *empty = cube_new(2);

    (void)state;
    wrong.value = "turnover";
    assert_int_equal(fd_disclosure_suppress(&out, t, &wrong, &rules, NULL), FD_ENOTFOUND);
    wrong.value = "county";
    assert_int_equal(fd_disclosure_suppress(&out, t, &wrong, &rules, NULL), FD_EINVAL);
    wrong = spec;
    wrong.top2 = NULL;
    assert_int_equal(fd_disclosure_suppress(&out, t, &wrong, &rules, NULL), FD_EINVAL);
    wrong = spec;
    wrong.dimension_count = 0;
    assert_int_equal(fd_disclosure_suppress(&out, t, &wrong, &rules, NULL), FD_EINVAL);
    loose.protection_mille = 0;
    assert_int_equal(fd_disclosure_suppress(&out, t, &spec, &loose, NULL), FD_EINVAL);
    assert_int_equal(fd_disclosure_suppress(&out, t, &spec, &rules, t),
                     FD_ENOTFOUND); /* no pattern in it */
    assert_null(out);

    fd_column_set_dec(cube_column(t, "output"), 15, 1911);
    assert_int_equal(fd_disclosure_suppress(&out, t, &spec, &rules, NULL), FD_ECONFLICT);
    assert_non_null(strstr(fd_error_last()->message[FD_EN], "residual 1.1"));
    fd_column_set_dec(cube_column(t, "output"), 15, 1900);
    cube_put(t, (const char *const[]){ "B", "x" }, 2, 0, 0, 0, 0);
    assert_int_equal(fd_disclosure_suppress(&out, t, &spec, &rules, NULL), FD_ECONFLICT);
    assert_int_equal(fd_disclosure_suppress(&out, empty, &spec, &rules, NULL), 0);
    assert_int_equal(out->rows, 0);
    assert_int_equal(attack(out, &spec), 0);
    fd_table_free(out);
    fd_table_free(empty);
    fd_table_free(t);
}

/* Profits may be negative: then nothing is known below zero, and the interval must reach both ways.
 */
static void test_negative_values(void **state)
{
    static const cell_in cells[] = {
        { "A", "x", -100, 2, 60, 40 }, { "A", "y", 300, 9, 60, 50 }, { "A", "", 200, 11, 60, 60 },
        { "B", "x", 250, 8, 50, 40 },  { "B", "y", -80, 7, 30, 20 }, { "B", "", 170, 15, 50, 40 },
        { "", "x", 150, 10, 60, 50 },  { "", "y", 220, 16, 60, 50 }, { "", "", 370, 26, 60, 60 },
    };
    fd_disclosure_cube spec = cube_spec(2);
    fd_table *t = cube_from(cells, 9), *out = suppress(t, &spec, NULL);

    (void)state;
    assert_string_equal(mark_of(out, "A", "x"), "primary");
    assert_int_equal(count_hidden(out), 4);
    assert_int_equal(attack(out, &spec), 0);
    fd_table_free(out);
    fd_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attack_finds_the_cell),
        cmocka_unit_test(test_textbook_takes_a_rectangle),
        cmocka_unit_test(test_narrow_interval_is_found),
        cmocka_unit_test(test_insider_is_shut_out),
        cmocka_unit_test(test_rules_are_exact),
        cmocka_unit_test(test_random_cubes_are_safe),
        cmocka_unit_test(test_pattern_stays),
        cmocka_unit_test(test_published_copy_says_nothing),
        cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_attached_contributors),
        cmocka_unit_test(test_bad_cubes_are_refused),
        cmocka_unit_test(test_negative_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
