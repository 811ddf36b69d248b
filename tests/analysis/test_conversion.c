/* Conversion: by hand, and that nothing is ever left over. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/conversion.h"
#include "fangding/error.h"

static const char *const labels[2] = { "2020", "2024" };

static fd_decimal whole(int64_t n)
{
    return (fd_decimal){ n, 0 };
}

static fd_conversion_firm firm(const char *id, int64_t v0, int64_t m0, int64_t v1, int64_t c1,
                               int64_t m1)
{
    return (fd_conversion_firm){ id,
                                 NULL,
                                 { v0 >= 0, v1 >= 0 },
                                 { whole(v0), whole(v1) },
                                 whole(c1),
                                 { { m0, 2 }, { m1, 2 } },
                                 NULL };
}

static const char *exact(const fd_conversion *c, const char *part)
{
    for (size_t r = 0; r < c->summary->rows; r++)
        if (strcmp(fd_column_text(c->summary->columns[0], r), part) == 0)
            return fd_column_text_or(c->summary->columns[3], r, "");
    fail_msg("no part %s", part);
    return "";
}

static int64_t points(const fd_conversion *c, const char *part)
{
    for (size_t r = 0; r < c->summary->rows; r++)
        if (strcmp(fd_column_text(c->summary->columns[0], r), part) == 0)
            return c->summary->columns[1]->v.dec[r];
    fail_msg("no part %s", part);
    return 0;
}

/* A and B halve the start; A is converted, C enters a member, prices double C: start 0, comparable
 * (50 + 50)/150 …, by hand. */
static void test_by_hand(void **state)
{
    const fd_conversion_firm firms[] = {
        firm("A", 50, 0, 50, 50, 100),
        firm("B", 50, 0, 50, 50, 0),
        firm("C", -1, 0, 200, 100, 100),
    };
    const fd_column *values;
    fd_conversion r;

    (void)state;
    assert_int_equal(fd_conversion_run(&r, firms, 3, labels), 0);
    assert_string_equal(exact(&r, "start"), "0");
    assert_string_equal(exact(&r, "end"), "250/3"); /* 250 of 300 */
    assert_string_equal(exact(&r, "change"), "250/3");
    /* s = (0 + 75 %)/2 = 37.5 %: w0 = 1/2, 1/2; w1 = 1/4, 1/4, 1/2 */
    assert_string_equal(exact(&r, "growth"), "25/4"); /* (.125 - .375)(-1/4) … */
    assert_string_equal(exact(&r, "reclassification"), "75/2");
    assert_string_equal(exact(&r, "entry"), "125/4");
    assert_string_equal(exact(&r, "exit"), "0");
    assert_string_equal(exact(&r, "price"), "25/3");
    values = r.summary->columns[1]; /* a heading never says its unit twice */
    assert_string_not_equal(values->title[FD_ZH], values->unit);
    fd_conversion_dispose(&r);
}

/* Start plus parts is the end, to the last digit printed and as fractions; by enterprise and group
 * the same; units and order do not matter. */
static void test_adds_exactly(void **state)
{
    static const char *const parts[] = { "growth", "reclassification", "entry", "exit", "price" };
    static const char *const groups[] = { "x", "y", NULL };

    (void)state;
    for (unsigned seed = 1; seed < 60; seed++) {
        const size_t n = 1 + seed * 7 % 40;
        fd_conversion_firm *a = calloc(n, sizeof *a), *b = calloc(n, sizeof *b);
        char ids[40][8];
        uint64_t x = seed;
        fd_conversion r, s;
        int64_t sum;
        fd_quot total = { 0, 1 }, by_group = { 0, 1 };

        for (size_t i = 0; i < n; i++) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            snprintf(ids[i], sizeof ids[i], "%zu", i);
            a[i] = firm(ids[i], (int64_t)(x >> 40) % 100000, (int64_t)(x >> 33) % 101,
                        (int64_t)(x >> 20) % 100000, (int64_t)(x >> 25) % 100000,
                        (int64_t)(x >> 13) % 101);
            a[i].value[0].scale = a[i].value[1].scale = a[i].comparable.scale = (int8_t)(x % 4);
            a[i].there[0] = i == 0 || x % 5 != 0;
            a[i].there[1] = i == 0 || x % 7 != 0;
            a[i].group = groups[x % 3];
        }
        for (size_t i = 0; i < n; i++) { /* ten times the unit, the other way round */
            b[i] = a[n - 1 - i];
            b[i].value[0].mantissa *= 10;
            b[i].value[1].mantissa *= 10;
            b[i].comparable.mantissa *= 10;
        }
        assert_int_equal(fd_conversion_run(&r, a, n, labels), 0);
        assert_int_equal(fd_conversion_run(&s, b, n, labels), 0);
        sum = points(&r, "start");
        for (int k = 0; k < 5; k++) {
            sum += points(&r, parts[k]);
            assert_string_equal(exact(&r, parts[k]), exact(&s, parts[k]));
        }
        assert_int_equal(sum, points(&r, "end"));
        assert_int_equal(points(&r, "end") - points(&r, "start"), points(&r, "change"));
        for (size_t row = 0; row < r.groups->rows; row++)
            assert_int_equal(fd_quot_add(&by_group, by_group, r.groups->columns[7]->v.quot[row]),
                             0);
        if (n < 12) { /* fractions of many enterprises have no common 128 bits on the way */
            for (size_t row = 0; row < r.enterprises->rows; row++)
                assert_int_equal(
                    fd_quot_add(&total, total, r.enterprises->columns[11]->v.quot[row]), 0);
            assert_int_equal(fd_quot_compare(total, by_group), 0);
        }
        {
            fd_decimal rounded;

            assert_int_equal(fd_quot_round(&rounded, by_group, 10, FD_ROUND_HALF_EVEN), 0);
            assert_true(llabs(rounded.mantissa - points(&r, "change")) <= 1);
        }
        fd_conversion_dispose(&r);
        fd_conversion_dispose(&s);
        free(a);
        free(b);
    }
}

/* Whatever moves, a class of all or none does not change; one enterprise changes by its own class
 * alone. */
static void test_limits(void **state)
{
    fd_conversion_firm firms[] = { firm("A", 5, 100, 9, 8, 100), firm("B", 7, 100, -1, 0, 0),
                                   firm("C", -1, 0, 3, 3, 100) };
    fd_conversion r;

    (void)state;
    assert_int_equal(fd_conversion_run(&r, firms, 3, labels), 0);
    assert_int_equal(points(&r, "change"), 0);
    assert_string_equal(exact(&r, "entry"), "0");
    fd_conversion_dispose(&r);
    firms[0].member[1] = (fd_decimal){ 25, 2 };
    assert_int_equal(fd_conversion_run(&r, firms, 1, labels), 0);
    assert_string_equal(exact(&r, "reclassification"), "-75");
    assert_string_equal(exact(&r, "change"), "-75");
    fd_conversion_dispose(&r);
}

/* Only labels change: no growth, no entry, no price; what rests on nothing is said. */
static void test_relabelling(void **state)
{
    fd_conversion_firm firms[] = { firm("A", 40, 0, 40, 40, 100), firm("B", 20, 0, 20, 20, 50),
                                   firm("C", 40, 0, 40, 40, 0) };
    fd_conversion r;
    bool said = false;

    (void)state;
    firms[0].evidence = "2024-7";
    assert_int_equal(fd_conversion_run(&r, firms, 3, labels), 0);
    assert_string_equal(exact(&r, "growth"), "0");
    assert_string_equal(exact(&r, "entry"), "0");
    assert_string_equal(exact(&r, "exit"), "0");
    assert_string_equal(exact(&r, "price"), "0");
    assert_string_equal(exact(&r, "reclassification"), "50");
    for (size_t k = 0; k < r.summary->note_count; k++)
        said |= strstr(r.summary->notes[1][k], "2, of which 1 (10.0000 points)") != NULL;
    assert_true(said);
    fd_conversion_dispose(&r);
}

static void test_bad_input(void **state)
{
    fd_conversion_firm firms[] = { firm("A", 5, 100, 9, 8, 100), firm("B", 7, 101, 3, 3, 0) };
    fd_conversion r;

    (void)state;
    assert_int_equal(fd_conversion_run(&r, firms, 2, labels), FD_EINVAL);
    firms[1] = firm("B", -1, 0, -1, 0, 0);
    firms[0].there[0] = false;
    assert_int_equal(fd_conversion_run(&r, firms, 2, labels), FD_EINVAL);
    assert_int_equal(fd_conversion_run(&r, firms, 0, labels), FD_EINVAL);
    firms[0] = firm("A", 999999999999999989, 33, 999999999999999967, 999999999999999877, 34);
    firms[0].member[0] = (fd_decimal){ 333333333333333333, 18 };
    firms[1] = firm("B", 7, 100, 3, 3, 0);
    assert_int_equal(fd_conversion_run(&r, firms, 2, labels), FD_EOVERFLOW);
}

static fd_table *table_of(const char *text)
{
    fd_table *t = fd_table_new("in", "in", "in");
    char *copy = strdup(text), *rest = copy, *line;

    for (bool header = true; (line = strsep(&rest, "\n")) && *line; header = false) {
        const size_t row = header ? 0 : fd_table_add_row(t);
        char *cell;

        for (size_t c = 0; (cell = strsep(&line, ",")); c++)
            if (header)
                fd_table_add_new(t, cell, cell, cell, FD_TEXT, "", 0);
            else if (*cell)
                fd_column_set_text(t->columns[c], row, cell);
    }
    free(copy);
    return t;
}

static void test_tables(void **state)
{
    static const struct {
        const char *text;
        int err;
        const char *change; /* or NULL */
        bool reported;
    } cases[] = {
        { "id,year,value,comparable,member\nA,1,10,10,0\nA,2,20,10,是\nB,1,10,10,50%\nB,2,20,10,"
          "no\n",
          0, "25", false },
        { "id,year,value,member\nA,1,0.1,0\nA,2,0.1,1\n", 0, "100", false },
        { "id,year,value,member\nA,9,1,0\nA,10,1,1\nA,8,1,1\n", 0, "0", false },
        { "id,year,value,member\nA,1,1,0\nA,2,,1\n", FD_EINVAL, NULL, false },
        { "id,year,value,member\nA,1,1,0\nA,2,,1\nB,1,1,0\nB,2,1,1\n", 0, "100", true },
        { "id,year,value,member\nA,1,1,0\nA,1,2,1\nA,2,2,1\n", FD_EINVAL, NULL, false },
        { "id,year,value,member\nA,1,x,0\nA,2,2,1\n", FD_EINVAL, NULL, false },
        { "id,year,value,member\nA,1,1,maybe\nA,2,2,1\n", FD_EINVAL, NULL, false },
        { "id,year,value,member\nA,1,1,1.5\nA,2,2,1\n", FD_EINVAL, NULL, false },
        { "id,year,value,member\nA,1,1,1\n", FD_EINVAL, NULL, false },
        { "id,year,value\nA,1,1\nA,2,2\n", FD_ENOTFOUND, NULL, false },
        { "id,year,value,member\n", FD_EINVAL, NULL, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_conversion_options o = FD_CONVERSION_OPTIONS_INIT;
        fd_table *in = table_of(cases[i].text);
        fd_conversion r;
        int err;

        o.reported_only = cases[i].reported;
        err = fd_conversion_table(&r, in, &o);
        if (err != cases[i].err)
            fail_msg("case %zu: %d %s", i, err, fd_error_last()->message[FD_EN]);
        if (err >= 0) {
            if (cases[i].change)
                assert_string_equal(exact(&r, "change"), cases[i].change);
            fd_conversion_dispose(&r);
        }
        fd_table_free(in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),   cmocka_unit_test(test_adds_exactly),
        cmocka_unit_test(test_limits),    cmocka_unit_test(test_relabelling),
        cmocka_unit_test(test_bad_input), cmocka_unit_test(test_tables),
    };

    return cmocka_run_group_tests_name("analysis: conversion", tests, NULL, NULL);
}
