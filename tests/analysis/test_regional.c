/* Specialisation, shift-share, structure: by hand, and what must not matter. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/error.h"
#include "fangding/regional.h"

#define assert_near(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

/* A place and its nation, two industries, two years. */
typedef struct value {
    const char *region, *industry, *year;
    double v;
} value;

static const value hand[] = {
    { "P", "a", "2020", 10 },  { "P", "b", "2020", 30 },  { "P", "a", "2024", 25 },
    { "P", "b", "2024", 25 },  { "N", "a", "2020", 100 }, { "N", "b", "2020", 100 },
    { "N", "a", "2024", 120 }, { "N", "b", "2024", 100 },
};
#define HAND (sizeof hand / sizeof *hand)

static fd_table *long_table(const value *values, size_t n, double scale, bool backwards)
{
    fd_table *t = fd_table_new("in", "in", "in");
    fd_column *columns[3];
    fd_column *v;
    static const char *const names[] = { "region", "industry", "year" };

    for (int k = 0; k < 3; k++)
        columns[k] = fd_table_add_new(t, names[k], names[k], names[k], FD_TEXT, "", 0);
    v = fd_table_add_new(t, "emp", "emp", "emp", FD_EST, "", 0);
    for (size_t i = 0; i < n; i++) {
        const value *x = &values[backwards ? n - 1 - i : i];
        const size_t row = fd_table_add_row(t);

        fd_column_set_text(columns[0], row, x->region);
        fd_column_set_text(columns[1], row, x->industry);
        fd_column_set_text(columns[2], row, x->year);
        if (!isnan(x->v))
            fd_column_set_est(v, row, x->v * scale);
    }
    return t;
}

/* A number of a row; NAN where there is none. Rows are told apart by their leading texts. */
static double at(const fd_table *t, const char *leading, const char *column)
{
    const int k = fd_table_find(t, column);

    assert_true(k >= 0);
    for (size_t r = 0; r < t->rows; r++) {
        char key[256] = "";

        for (size_t c = 0; c < t->column_count && t->columns[c]->kind == FD_TEXT; c++)
            snprintf(key + strlen(key), sizeof key - strlen(key), "%s%s", c ? " " : "",
                     fd_column_text_or(t->columns[c], r, ""));
        if (strcmp(key, leading) == 0)
            return fd_number_to_double(fd_column_number(t->columns[k], r));
    }
    fail_msg("no row %s", leading);
    return NAN;
}

/* Shares of P: 1/4, 3/4; of N: 1/2, 1/2. */
static void test_specialise_by_hand(void **state)
{
    fd_table *in = long_table(hand, HAND, 1, false);
    fd_specialisation r;

    (void)state;
    assert_int_equal(fd_specialise(&r, in, NULL), 0);
    assert_int_equal(r.lq->rows, 4);
    assert_int_equal(fd_table_find(r.lq, "region"), -1);
    assert_near(at(r.lq, "2020 a", "lq"), 0.5, 1e-15);
    assert_near(at(r.lq, "2020 b", "lq"), 1.5, 1e-15);
    assert_near(at(r.specialisation, "2020", "hhi"), 0.625, 1e-15);
    assert_near(at(r.specialisation, "2020", "krugman"), 0.5, 1e-15);
    assert_near(at(r.specialisation, "2020", "krugman_half"), 0.25, 1e-15);
    assert_near(at(r.specialisation, "2020", "entropy_nat"), -0.25 * log(0.25) - 0.75 * log(0.75),
                1e-15);
    assert_near(at(r.specialisation, "2020", "theil_rel"), 0.25 * log(0.5) + 0.75 * log(1.5),
                1e-15);
    assert_near(at(r.specialisation, "2020", "hachman"), 0.8, 1e-15);
    fd_specialisation_dispose(&r);
    fd_table_free(in);
}

/* N: G = 10 %, g(a) = 20 %, g(b) = 0; P: 40 to 50. e' = 20, 20; r(a) = 150 %, r(b) = -1/6. */
static void test_shift_share_by_hand(void **state)
{
    fd_table *in = long_table(hand, HAND, 1, false);
    fd_shift_share r;
    const char *row = "2020 2024";

    (void)state;
    assert_int_equal(fd_shift_share_run(&r, in, NULL), 0);
    assert_int_equal(r.shift_change->rows, 1);
    assert_near(at(r.shift_change, row, "total"), 10, 1e-12);
    assert_near(at(r.shift_change, row, "national"), 4, 1e-12);
    assert_near(at(r.shift_change, row, "mix"), 10 * 0.1 - 30 * 0.1, 1e-12);
    assert_near(at(r.shift_change, row, "regional_dunn"), 13 - 5, 1e-12);
    assert_near(at(r.shift_change, row, "net_total"), 6, 1e-12);
    assert_near(at(r.shift_change, row, "regional_esteban"), 20 * 1.3 - 20. / 6, 1e-12);
    assert_near(at(r.shift_change, row, "allocation_esteban"), -10 * 1.3 - 10. / 6, 1e-12);
    assert_near(at(r.shift_change, row, "nav"), 0.25, 1e-15);
    assert_near(at(r.shift_change, row, "k_value_pct"), 50, 1e-12);
    assert_near(at(r.shift_change, row, "moore_cos"), 1 / sqrt(1.25), 1e-15);
    assert_near(at(r.shift_change, row, "moore_deg"), atan(0.5) * 180 / M_PI, 1e-12);
    assert_near(at(r.industries, "2020 2024 a", "total"), 15, 1e-12);
    assert_near(at(r.dynamic, row, "total"), 10, 1e-12);
    fd_shift_share_dispose(&r);
    fd_table_free(in);
}

/* A pseudo-random panel, with zeros. */
static value *panel(size_t regions, size_t industries, size_t years, unsigned seed, size_t *n)
{
    static char names[64][8];
    value *out = calloc(regions * industries * years, sizeof *out);
    uint64_t x = seed;

    *n = 0;
    for (size_t i = 0; i < 64; i++)
        snprintf(names[i], sizeof names[i], "%zu", 1000 + i);
    for (size_t r = 0; r < regions; r++)
        for (size_t i = 0; i < industries; i++)
            for (size_t t = 0; t < years; t++) {
                x = x * 6364136223846793005u + 1442695040888963407u;
                out[(*n)++] = (value){ names[r], names[20 + i], names[40 + t],
                                       (x >> 33) % 7 == 0 ? 0 : (double)((x >> 33) % 1000) };
            }
    return out;
}

static double cell(const fd_table *t, size_t row, const char *column)
{
    return fd_number_to_double(fd_column_number(t->columns[fd_table_find(t, column)], row));
}

/* The parts add up in every row, of regions, of steps and of industries. */
static void test_parts_add_up(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed < 30; seed++) {
        fd_regional_options o = FD_REGIONAL_OPTIONS_INIT;
        size_t n;
        value *values = panel(1 + seed % 5, 1 + seed % 7, 2 + seed % 4, seed, &n);
        fd_table *in = long_table(values, n, 1, false);
        fd_shift_share r;

        o.spans = FD_SPANS_BOTH;
        o.reference = "sum";
        assert_int_equal(fd_shift_share_run(&r, in, &o), 0);
        const fd_table *const tables[] = { r.shift_change, r.dynamic, r.industries };

        for (int k = 0; k < 3; k++) {
            assert_true(tables[k]->rows > 0);
            for (size_t row = 0; row < tables[k]->rows; row++) {
                const fd_table *t = tables[k];
                const double scale =
                    1e-9 * (1 + fabs(cell(t, row, "national")) + fabs(cell(t, row, "mix")) +
                            fabs(cell(t, row, "regional_dunn")));

                assert_near(cell(t, row, "national") + cell(t, row, "mix") +
                                cell(t, row, "regional_dunn"),
                            cell(t, row, "total"), scale);
                assert_near(cell(t, row, "regional_esteban") + cell(t, row, "allocation_esteban"),
                            cell(t, row, "regional_dunn"), scale);
            }
        }
        fd_shift_share_dispose(&r);
        fd_table_free(in);
        free(values);
    }
}

/* Units and the order of rows do not matter; a region that is the nation differs in nothing. */
static void test_what_does_not_matter(void **state)
{
    static const char *const measures[] = { "hhi",       "krugman", "entropy_nat",
                                            "theil_rel", "hachman", "krugman_half" };
    fd_regional_options o = FD_REGIONAL_OPTIONS_INIT;
    size_t n;
    value *values = panel(4, 6, 3, 99, &n);
    fd_table *a = long_table(values, n, 1, false), *b = long_table(values, n, 1e4, true);
    fd_specialisation x, y;

    (void)state;
    o.reference = "sum";
    assert_int_equal(fd_specialise(&x, a, &o), 0);
    assert_int_equal(fd_specialise(&y, b, &o), 0);
    assert_int_equal(x.specialisation->rows, 12);
    for (size_t row = 0; row < 12; row++) {
        char key[64];

        snprintf(key, sizeof key, "%s %s", fd_column_text(x.specialisation->columns[0], row),
                 fd_column_text(x.specialisation->columns[1], row));
        for (size_t k = 0; k < sizeof measures / sizeof *measures; k++)
            assert_near(at(x.specialisation, key, measures[k]),
                        at(y.specialisation, key, measures[k]), 1e-12);
    }
    fd_specialisation_dispose(&x);
    fd_specialisation_dispose(&y);
    fd_table_free(a);
    fd_table_free(b);

    a = long_table(values, 18, 1, false); /* the first region alone: its own reference */
    assert_int_equal(fd_specialise(&x, a, NULL), 0);
    for (size_t row = 0; row < x.lq->rows; row++)
        assert_true(isnan(cell(x.lq, row, "lq")) || fabs(cell(x.lq, row, "lq") - 1) < 1e-12);
    for (size_t row = 0; row < x.specialisation->rows; row++) {
        assert_near(cell(x.specialisation, row, "krugman"), 0, 1e-15);
        assert_near(cell(x.specialisation, row, "hachman"), 1, 1e-12);
    }
    fd_specialisation_dispose(&x);
    fd_table_free(a);
    free(values);
}

/* The wide form gives what the long one does. */
static void test_wide(void **state)
{
    static const double v[2][4] = { { 10, 25, 100, 120 }, { 30, 25, 100, 100 } };
    static const char *const names[] = { "e_P2020", "e_P2024", "e_N2020", "e_N2024" };
    fd_table *in = fd_table_new("in", "in", "in");
    fd_regional_columns columns;
    fd_regional_options o = FD_REGIONAL_OPTIONS_INIT;
    fd_shift_share r;

    (void)state;
    fd_table_add_new(in, "branch", "branch", "branch", FD_TEXT, "", 0);
    for (int k = 0; k < 4; k++)
        fd_table_add_new(in, names[k], names[k], names[k], FD_EST, "", 0);
    for (size_t i = 0; i < 2; i++) {
        const size_t row = fd_table_add_row(in);

        fd_column_set_text(in->columns[0], row, i ? "b" : "a");
        for (int k = 0; k < 4; k++)
            fd_column_set_est(in->columns[k + 1], row, v[i][k]);
    }
    assert_int_equal(fd_regional_find(&columns, in, &o), 0);
    assert_true(columns.wide);
    assert_string_equal(columns.industry, "branch");
    assert_int_equal(fd_shift_share_run(&r, in, &o), 0);
    assert_near(at(r.shift_change, "2020 2024", "regional_dunn"), 8, 1e-12);
    assert_near(at(r.industries, "2020 2024 b", "total"), -5, 1e-12);
    fd_shift_share_dispose(&r);
    o.reference = "P"; /* the other way round */
    assert_int_equal(fd_shift_share_run(&r, in, &o), 0);
    assert_near(at(r.shift_change, "2020 2024", "total"), 20, 1e-12);
    fd_shift_share_dispose(&r);
    fd_table_free(in);
}

/* New and vanished industries, unknown cells, a year without a region. */
static void test_gaps(void **state)
{
    static const value values[] = {
        { "P", "a", "1", 0 }, { "P", "b", "1", 4 },  { "P", "a", "2", 6 },   { "P", "b", "2", 0 },
        { "Q", "a", "1", 5 }, { "Q", "b", "1", 5 },  { "Q", "a", "2", NAN }, { "Q", "b", "2", 5 },
        { "N", "a", "1", 0 }, { "N", "b", "1", 10 }, { "N", "a", "2", 12 },  { "N", "b", "2", 8 },
        { "R", "a", "2", 1 },
    };
    fd_regional_options o = FD_REGIONAL_OPTIONS_INIT;
    fd_table *in = long_table(values, sizeof values / sizeof *values, 1, false);
    fd_shift_share r;
    fd_specialisation s;

    (void)state;
    o.reference = "N";
    assert_int_equal(fd_shift_share_run(&r, in, &o), 0);
    assert_near(at(r.shift_change, "1 2 P", "national"), 4, 1e-12);
    assert_near(at(r.shift_change, "1 2 P", "mix"), -4.8, 1e-12);
    assert_near(at(r.shift_change, "1 2 P", "regional_dunn"), 2.8, 1e-12);
    assert_near(at(r.shift_change, "1 2 P", "allocation_esteban") +
                    at(r.shift_change, "1 2 P", "regional_esteban"),
                2.8, 1e-12);
    assert_true(isnan(at(r.shift_change, "1 2 Q", "total")));
    assert_true(isnan(at(r.shift_change, "1 2 R", "total")));
    fd_shift_share_dispose(&r);
    assert_int_equal(fd_specialise(&s, in, &o), 0);
    assert_true(isnan(at(s.lq, "1 P a", "lq"))); /* the nation has none of it */
    assert_near(at(s.specialisation, "1 P", "theil_rel"), 0, 1e-15);
    assert_true(isnan(at(s.specialisation, "1 Q", "hachman")));
    assert_true(isnan(at(s.specialisation, "2 Q", "hhi")));
    assert_near(at(s.specialisation, "2 R", "hhi"), 1, 0);
    fd_specialisation_dispose(&s);
    fd_table_free(in);
}

static void test_structure(void **state)
{
    static const value values[] = {
        { "P", "11", "1", 1 }, { "P", "12", "1", 1 }, { "P", "21", "1", 2 },
        { "P", "11", "2", 4 }, { "P", "12", "2", 0 }, { "P", "21", "2", 0 },
    };
    fd_table *in = long_table(values, 6, 1, false), *t;

    (void)state;
    assert_int_equal(fd_structure_run(&t, in, NULL), 0);
    assert_int_equal(t->rows, 2);
    assert_near(cell(t, 0, "n"), 3, 0);
    assert_near(cell(t, 0, "entropy_bits"), 1.5, 1e-15);
    assert_near(cell(t, 0, "unrelated_variety_bits"), 1, 1e-15);
    assert_near(cell(t, 0, "related_variety_bits"), 0.5, 1e-15);
    assert_true(isnan(cell(t, 0, "krugman"))); /* one region alone */
    assert_true(isnan(cell(t, 0, "nav")));     /* the first year */
    assert_near(cell(t, 1, "nav"), 0.75, 1e-15);
    assert_near(cell(t, 1, "inv_hhi"), 1, 0);
    fd_table_free(t);
    fd_table_free(in);
}

static void test_bad_input(void **state)
{
    static const value negative[] = { { "P", "a", "1", 1 }, { "P", "a", "2", -1 } };
    static const value huge[] = { { "P", "a", "1", 1e308 }, { "P", "b", "1", 1e308 } };
    static const value zero[] = { { "P", "a", "1", 0 }, { "P", "a", "2", 0 } };
    fd_regional_options o = FD_REGIONAL_OPTIONS_INIT;
    fd_table *in = long_table(negative, 2, 1, false), *t;
    fd_shift_share r;

    (void)state;
    assert_int_equal(fd_shift_share_run(&r, in, NULL), FD_EINVAL);
    assert_non_null(strstr(fd_error_last()->message[FD_EN], "row 3"));
    fd_table_free(in);
    in = long_table(negative, 1, 1, false);
    assert_int_equal(fd_shift_share_run(&r, in, NULL), FD_EINVAL); /* one year */
    o.reference = "X";
    assert_int_equal(fd_structure_run(&t, in, &o), FD_ENOTFOUND);
    o.reference = NULL;
    o.only = "X";
    assert_int_equal(fd_structure_run(&t, in, &o), FD_ENOTFOUND);
    o.only = NULL;
    o.industry = "X";
    assert_int_equal(fd_structure_run(&t, in, &o), FD_ENOTFOUND);
    fd_table_free(in);
    in = long_table(negative, 0, 1, false);
    assert_int_equal(fd_structure_run(&t, in, NULL), FD_EINVAL);
    fd_table_free(in);
    in = long_table(huge, 2, 1, false);
    assert_int_equal(fd_shift_share_run(&r, in, NULL), FD_EOVERFLOW);
    fd_table_free(in);
    in = long_table(zero, 2, 1, false);
    assert_int_equal(fd_shift_share_run(&r, in, NULL), 0);
    assert_near(at(r.shift_change, "1 2", "total"), 0, 0);
    assert_true(isnan(at(r.shift_change, "1 2", "moore_deg")));
    fd_shift_share_dispose(&r);
    fd_table_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_specialise_by_hand),
        cmocka_unit_test(test_shift_share_by_hand),
        cmocka_unit_test(test_parts_add_up),
        cmocka_unit_test(test_what_does_not_matter),
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_structure),
        cmocka_unit_test(test_bad_input),
    };

    return cmocka_run_group_tests_name("analysis: regional", tests, NULL, NULL);
}
