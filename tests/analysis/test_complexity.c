/* Economic complexity: a matrix small enough to do by hand, and what must not matter. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/complexity.h"
#include "fangding/error.h"

/* cmocka compares floats as floats. */
#define assert_near(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

typedef struct cell {
    const char *loc, *prod;
    double value;
} cell;

static fd_table *table_of(const cell *cells, size_t n, double scale, bool backwards)
{
    fd_table *t = fd_table_new("in", "in", "in");
    fd_column *a = fd_table_add_new(t, "c", "c", "c", FD_TEXT, "", 0);
    fd_column *b = fd_table_add_new(t, "p", "p", "p", FD_TEXT, "", 0);
    fd_column *v = fd_table_add_new(t, "v", "v", "v", FD_EST, "", 0);

    for (size_t i = 0; i < n; i++) {
        const cell *x = &cells[backwards ? n - 1 - i : i];
        size_t row = fd_table_add_row(t);

        fd_column_set_text(a, row, x->loc);
        fd_column_set_text(b, row, x->prod);
        fd_column_set_est(v, row, x->value * scale);
    }
    return t;
}

/* A staircase: A makes all four, B three, C two, D one; ubiquity is 1, 2, 3, 4. */
static const cell staircase[] = {
    { "A", "p1", 40 }, { "A", "p2", 30 }, { "A", "p3", 20 }, { "A", "p4", 10 }, { "B", "p2", 30 },
    { "B", "p3", 20 }, { "B", "p4", 10 }, { "C", "p3", 20 }, { "C", "p4", 10 }, { "D", "p4", 10 },
};
#define CELLS (sizeof staircase / sizeof *staircase)

static double at(const fd_table *t, const char *key, const char *column)
{
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text(t->columns[0], r), key) == 0)
            return fd_number_to_double(fd_column_number(t->columns[fd_table_find(t, column)], r));
    fail_msg("no row %s", key);
    return NAN;
}

static double pair(const fd_table *t, const char *a, const char *b, const char *column)
{
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(fd_column_text(t->columns[0], r), a) == 0 &&
            strcmp(fd_column_text(t->columns[1], r), b) == 0)
            return fd_number_to_double(fd_column_number(t->columns[fd_table_find(t, column)], r));
    fail_msg("no row %s %s", a, b);
    return NAN;
}

/* rca(A,p1) = (40/100) / (40/200) = 2; rca(A,p4) = (10/100) / (40/200) = 0.5. */
static void test_by_hand(void **state)
{
    fd_table *in = table_of(staircase, CELLS, 1, false);
    fd_complexity r;

    (void)state;
    assert_int_equal(fd_complexity_run(&r, in, NULL), 0);
    assert_near(pair(r.cells, "A", "p1", "rca"), 2, 1e-12);
    assert_near(pair(r.cells, "A", "p4", "rca"), 0.5, 1e-12);
    assert_near(pair(r.cells, "A", "p4", "m"), 0, 0);
    assert_near(pair(r.cells, "D", "p4", "rca"), 5, 1e-12);
    assert_near(at(r.summary, "lambda1", "value"), 1, 1e-12);
    /* p4 is made by B (0.83: no), C (1.67) and D; p1 only by A. */
    assert_near(at(r.products, "p1", "ubiquity"), 1, 0);
    assert_near(pair(r.proximity, "p1", "p1", "proximity"), 1, 0);
    assert_near(at(r.variety, "D", "hhi"), 1, 1e-15);
    assert_near(at(r.variety, "D", "entropy_nat"), 0, 1e-15);
    fd_complexity_dispose(&r);
    fd_table_free(in);
}

/* eci(c) is the mean of pci over what c makes; z-scores have mean 0 and deviation 1. */
static void test_eci_is_mean_of_pci(void **state)
{
    fd_table *in = table_of(staircase, CELLS, 1, false);
    fd_complexity r;
    double sum = 0, squares = 0;

    (void)state;
    assert_int_equal(fd_complexity_run(&r, in, NULL), 0);
    for (size_t c = 0; c < r.locations->rows; c++) {
        const char *loc = fd_column_text(r.locations->columns[0], c);
        double eci = at(r.locations, loc, "eci"), total = 0, n = 0;

        for (size_t p = 0; p < r.products->rows; p++) {
            const char *prod = fd_column_text(r.products->columns[0], p);
            double m = pair(r.cells, loc, prod, "m");

            total += m * at(r.products, prod, "pci");
            n += m;
        }
        assert_near(eci, total / n, 1e-9);
        assert_near(n, at(r.locations, loc, "diversity"), 0);
        sum += eci;
        squares += eci * eci;
    }
    assert_near(sum, 0, 1e-9);
    assert_near(squares / (double)r.locations->rows, 1, 1e-9);
    fd_complexity_dispose(&r);
    fd_table_free(in);
}

/* Units and the order of rows do not matter. */
static void test_units_and_order(void **state)
{
    static const char *const columns[] = { "diversity", "eci",        "mor18_z", "fitness20",
                                           "coi",       "fitness200", "coi_z" };
    fd_table *a = table_of(staircase, CELLS, 1, false), *b = table_of(staircase, CELLS, 1e4, true);
    fd_complexity x, y;

    (void)state;
    assert_int_equal(fd_complexity_run(&x, a, NULL), 0);
    assert_int_equal(fd_complexity_run(&y, b, NULL), 0);
    assert_int_equal(x.locations->rows, y.locations->rows);
    for (size_t c = 0; c < x.locations->rows; c++)
        for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
            const char *loc = fd_column_text(x.locations->columns[0], c);

            assert_near(at(x.locations, loc, columns[k]), at(y.locations, loc, columns[k]), 1e-9);
        }
    fd_complexity_dispose(&x);
    fd_complexity_dispose(&y);
    fd_table_free(a);
    fd_table_free(b);
}

/* 70 places × 135 products, drawn by a rule; none of the tables' sizes is a multiple of a panel. */
static fd_table *drawn(void)
{
    enum { PLACES = 70, PRODUCTS = 135 };
    static char codes[PLACES + PRODUCTS][8];
    static cell cells[PLACES * PRODUCTS];
    uint64_t x = 99;

    for (size_t k = 0; k < PLACES + PRODUCTS; k++)
        snprintf(codes[k], sizeof codes[k], "%c%02zu", k < PLACES ? 'c' : 'p', k);
    for (size_t k = 0; k < PLACES * PRODUCTS; k++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        cells[k].loc = codes[k / PRODUCTS];
        cells[k].prod = codes[PLACES + k % PRODUCTS];
        cells[k].value = (x >> 60) < 5 ? 0 : (double)(x >> 40);
    }
    return table_of(cells, PLACES * PRODUCTS, 1, false);
}

/* Density and gain as their formulas say, cell by cell. */
static void test_relatedness(void **state)
{
    fd_table *in = drawn();
    fd_complexity r;
    size_t n, places;

    (void)state;
    assert_int_equal(fd_complexity_run(&r, in, NULL), 0);
    n = r.products->rows;
    places = r.locations->rows;
    assert_int_equal(r.cells->rows, n * places);
    for (size_t c = 0; c < places; c += 7)
        for (size_t p = 0; p < n; p++) {
            const uint8_t *m = r.cells->columns[3]->v.boolean + c * n;
            double density = 0, gain = 0, sum = 0;

            for (size_t q = 0; q < n; q++) {
                const double phi = r.proximity->columns[2]->v.est[q * n + p];
                double around = 0;

                for (size_t s = 0; s < n; s++)
                    around += r.proximity->columns[2]->v.est[s * n + q];
                density += m[q] * phi;
                sum += phi;
                gain += (1 - m[q]) * phi * r.products->columns[2]->v.est[q] / around;
            }
            assert_near(r.cells->columns[4]->v.est[c * n + p], density / sum, 1e-12);
            assert_near(r.cells->columns[6]->v.est[c * n + p], (1 - m[p]) * gain, 1e-12);
        }
    fd_complexity_dispose(&r);
    fd_table_free(in);
}

/* The same bytes on one thread and on two; without relatedness its columns are missing, not 0. */
static void test_threads_and_parts(void **state)
{
    fd_complexity_options options = FD_COMPLEXITY_OPTIONS_INIT;
    fd_table *in = drawn();
    fd_complexity one, two, part;

    (void)state;
    options.threads = 1;
    assert_int_equal(fd_complexity_run(&one, in, &options), 0);
    options.threads = 2;
    assert_int_equal(fd_complexity_run(&two, in, &options), 0);
    for (size_t k = 2; k < one.cells->column_count; k++)
        assert_memory_equal(one.cells->columns[k]->v.any, two.cells->columns[k]->v.any,
                            one.cells->rows *
                                (one.cells->columns[k]->kind == FD_BOOL ? 1 : sizeof(double)));
    for (size_t k = 1; k < one.locations->column_count; k++)
        assert_memory_equal(one.locations->columns[k]->v.est, two.locations->columns[k]->v.est,
                            one.locations->rows * sizeof(double));
    options.relatedness = false;
    assert_int_equal(fd_complexity_run(&part, in, &options), 0);
    assert_null(part.cells);
    assert_null(part.proximity);
    assert_int_equal(fd_column_state(part.locations->columns[6], 0), FD_MISSING);
    assert_int_equal(fd_column_state(part.products->columns[6], 0), FD_MISSING);
    assert_memory_equal(one.locations->columns[2]->v.est, part.locations->columns[2]->v.est,
                        one.locations->rows * sizeof(double));
    fd_complexity_dispose(&one);
    fd_complexity_dispose(&two);
    fd_complexity_dispose(&part);
    fd_table_free(in);
}

/* What everybody makes alike is in nobody's basket: the empty place and the product without any
 * presence leave; advantages still count their values, and bits agree with advantages. */
static void test_left_out(void **state)
{
    static const cell more[] = { { "A", "thin", 1 },
                                 { "B", "thin", 1 },
                                 { "C", "thin", 1 },
                                 { "D", "thin", 9 },
                                 { "E", "p4", 0 } };
    fd_complexity_options options = FD_COMPLEXITY_OPTIONS_INIT;
    cell cells[CELLS + 5];
    fd_table *in;
    fd_complexity r;

    (void)state;
    memcpy(cells, staircase, sizeof staircase);
    memcpy(cells + CELLS, more, sizeof more);
    in = table_of(cells, CELLS + 5, 1, false);
    options.reflections = options.fitness_steps = 0;
    assert_int_equal(fd_complexity_run(&r, in, &options), 0);
    assert_int_equal(r.locations->rows, 4); /* E has nothing */
    assert_int_equal(r.products->rows, 5);
    /* D: 9 of 19 thin, 12 of 212 in all */
    assert_near(pair(r.cells, "D", "thin", "rca"), 9.0 / 19 * 212 / 12, 1e-12);
    for (size_t i = 0; i < r.cells->rows; i++)
        assert_int_equal(r.cells->columns[3]->v.boolean[i], r.cells->columns[2]->v.est[i] >= 1);
    for (int k = 3; k < 6; k++)
        assert_int_equal(fd_column_state(r.locations->columns[k], 0), FD_MISSING);
    fd_complexity_dispose(&r);
    fd_table_free(in);
}

static void test_bad_input(void **state)
{
    static const cell negative[] = { { "A", "p", 1 }, { "B", "q", -1 } };
    static const cell small[] = { { "A", "p", 1 }, { "B", "q", 1 } };
    fd_complexity_options options = FD_COMPLEXITY_OPTIONS_INIT;
    fd_table *in;
    fd_complexity r;

    (void)state;
    in = table_of(negative, 2, 1, false);
    assert_int_equal(fd_complexity_run(&r, in, NULL), FD_EINVAL);
    assert_non_null(strstr(fd_error_last()->message[FD_EN], "row 3"));
    fd_table_free(in);
    in = table_of(small, 2, 1, false);
    assert_int_equal(fd_complexity_run(&r, in, NULL), FD_EINVAL);
    options.value = "nosuch";
    assert_int_equal(fd_complexity_run(&r, in, &options), FD_ENOTFOUND);
    options.value = "c";
    assert_int_equal(fd_complexity_run(&r, in, &options), FD_EINVAL);
    fd_table_free(in);
    in = table_of(small, 0, 1, false);
    assert_int_equal(fd_complexity_run(&r, in, NULL), FD_EINVAL);
    fd_table_free(in);
}

/* Two blocks that nothing joins: any mixture of them is a second eigenvector, so what rests on one
 * has no value in any table, and what does not keeps its values. */
static void test_falls_apart(void **state)
{
    static const cell blocks[] = { { "A", "p1", 3 }, { "A", "p2", 2 }, { "B", "p2", 4 },
                                   { "B", "p3", 1 }, { "C", "q1", 5 }, { "C", "q2", 2 },
                                   { "D", "q2", 3 }, { "D", "q3", 1 } };
    static const char *const without[3][4] = { { "eci", "coi", "coi_z" },
                                               { "pci", "pci_z" },
                                               { "cog", "cog_unshifted" } };
    static const char *const with[3][4] = { { "diversity", "mor18_z", "fitness20", "fitness200" },
                                            { "ubiquity", "mor18_z", "q20", "prox_rowsum" },
                                            { "rca", "m", "density", "density_nodiag" } };
    fd_table *in = table_of(blocks, sizeof blocks / sizeof *blocks, 1, false);
    fd_complexity r;

    (void)state;
    assert_int_equal(fd_complexity_run(&r, in, NULL), 0);
    assert_near(at(r.summary, "lambda2", "value"), 1, 1e-12);
    for (int k = 0; k < 3; k++) {
        const fd_table *t = k == 0 ? r.locations : k == 1 ? r.products : r.cells;

        assert_true(t->note_count > 0);
        for (size_t row = 0; row < t->rows; row++)
            for (int i = 0; i < 4; i++) {
                if (without[k][i])
                    assert_int_equal(
                        fd_column_state(t->columns[fd_table_find(t, without[k][i])], row), FD_NA);
                assert_int_equal(fd_column_state(t->columns[fd_table_find(t, with[k][i])], row),
                                 FD_HAS);
            }
    }
    fd_complexity_dispose(&r);
    fd_table_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),           cmocka_unit_test(test_eci_is_mean_of_pci),
        cmocka_unit_test(test_units_and_order),   cmocka_unit_test(test_relatedness),
        cmocka_unit_test(test_threads_and_parts), cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_falls_apart),       cmocka_unit_test(test_bad_input),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
