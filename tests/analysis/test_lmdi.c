/* LMDI: published and hand values, the identity by machine, zeros, expressions. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/formula.h"
#include "fangding/error.h"
#include "fangding/lmdi.h"

#define assert_near(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

/* A table from a text: columns by comma, rows by line; the first `names` columns are texts. */
static fd_table *table_of(const char *text, size_t names)
{
    fd_table *t = fd_table_new("in", "in", "in");
    char *copy = strdup(text), *rest = copy, *line;

    for (bool header = true; (line = strsep(&rest, "\n")) && *line; header = false) {
        const size_t row = header ? 0 : fd_table_add_row(t);
        char *cell;

        for (size_t c = 0; (cell = strsep(&line, ",")); c++)
            if (header)
                fd_table_add_new(t, cell, cell, cell, c < names ? FD_TEXT : FD_EST, "", 0);
            else if (*cell && c < names)
                fd_column_set_text(t->columns[c], row, cell);
            else if (*cell)
                fd_column_set_est(t->columns[c], row, strtod(cell, NULL));
    }
    free(copy);
    return t;
}

static double cell(const fd_table *t, size_t row, const char *column)
{
    const int k = fd_table_find(t, column);

    if (k < 0)
        fail_msg("no column %s", column);
    return fd_number_to_double(fd_column_number(t->columns[k], row));
}

static void test_log_mean(void **state)
{
    (void)state;
    assert_near(fd_log_mean(3, 3), 3, 0);
    assert_near(fd_log_mean(3, 0), 0, 0);
    assert_near(fd_log_mean(0, 0), 0, 0);
    assert_near(fd_log_mean(2, 1), 1 / log(2), 1e-15);
    assert_near(fd_log_mean(1, 2), 1 / log(2), 1e-15);
    assert_near(fd_log_mean(1e300, 1), 1e300 / (300 * log(10)), 1e286);
    /* L(a, b) = m (1 - d^2/3 …) for a, b = m (1 ± d) */
    assert_near(fd_log_mean(1 + 1e-9, 1 - 1e-9), 1, 1e-15);
    assert_near(fd_log_mean(1.001, 0.999), 1 - 1e-6 / 3, 1e-12);
}

/* The classical illustration: two sectors, activity × structure × intensity. */
static const char two_sectors[] =
    "sector,activity_0,share_0,intensity_0,activity_T,share_T,intensity_T,E_0,E_T\n"
    "1,50,0.2,3,80,0.5,2,30,80\n2,50,0.8,0.5,80,0.5,0.4,20,16\n";

static void test_two_sectors(void **state)
{
    static const double additive[] = { 46, 32.3846379109, 38.2848673502, -24.6695052611 };
    static const double ratio[] = { 1.92, 1.58288000725, 1.72101980748, 0.704802387002 };
    fd_table *in = table_of(two_sectors, 1);
    fd_lmdi_options o = FD_LMDI_OPTIONS_INIT;
    fd_lmdi r;

    (void)state;
    o.factors = "activity;structure=share;intensity";
    for (int k = 0; k < 3; k++) {
        o.value = k == 0 ? "E" : NULL; /* the product of the factors is the same */
        o.factors = k == 2 ? NULL : o.factors;
        o.value = k == 2 ? "E" : o.value;
        assert_int_equal(fd_lmdi_run(&r, in, &o), 0);
        assert_int_equal(r.factors->rows, 4);
        assert_int_equal(r.factors->column_count, 3);
        for (size_t i = 0; i < 4; i++) {
            assert_near(cell(r.factors, i, "additive"), additive[i], 1e-9);
            assert_near(cell(r.factors, i, "multiplicative"), ratio[i], 1e-9);
        }
        fd_lmdi_dispose(&r);
    }
    o.factors = "structure=share";
    assert_int_equal(fd_lmdi_run(&r, in, &o), 0);
    assert_string_equal(fd_column_text(r.factors->columns[0], 2), "residual");
    assert_near(cell(r.effects, 0, "d_structure") + cell(r.effects, 0, "d_residual"), 46, 1e-12);
    assert_near(cell(r.effects, 0, "r_structure") * cell(r.effects, 0, "r_residual"), 1.92, 1e-12);
    fd_lmdi_dispose(&r);
    fd_table_free(in);
}

/* Random panels: what is added adds up, what is multiplied multiplies, whatever the spans; units of
 * a factor and the order of the rows do not matter; a chain is its steps. */
static fd_table *random_panel(unsigned seed, double unit, bool backwards)
{
    const size_t groups = 1 + seed % 3, terms = 1 + seed % 4, times = 2 + seed % 4;
    const size_t n = groups * terms * times;
    fd_table *t = table_of("g,k,year,pop,out,energy\n", 3);

    for (size_t i = 0; i < n; i++) {
        const size_t at = backwards ? n - 1 - i : i, row = fd_table_add_row(t);
        uint64_t x = (at + 7) * 6364136223846793005u * (seed + 1) + 1442695040888963407u;
        char text[32];
        double v[3];

        for (int k = 0; k < 3; k++) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            v[k] = 1 + (double)(x >> 40) / 1e4;
        }
        snprintf(text, sizeof text, "g%zu", at / (terms * times));
        fd_column_set_text(t->columns[0], row, text);
        snprintf(text, sizeof text, "%zu", at / times % terms);
        fd_column_set_text(t->columns[1], row, text);
        snprintf(text, sizeof text, "%zu", 8 + at % times); /* 9 comes before 10 */
        fd_column_set_text(t->columns[2], row, text);
        /* population is of the group and time, the same for each term */
        fd_column_set_est(t->columns[3], row,
                          unit * (1000 + (double)(at / (terms * times) * 10 + at % times)));
        fd_column_set_est(t->columns[4], row, v[1]);
        fd_column_set_est(t->columns[5], row, seed % 5 == 0 && at % 3 == 0 ? 0 : v[2]);
    }
    return t;
}

static void test_identity(void **state)
{
    static const char *const names[] = { "pop", "rich", "mix", "intensity" };

    (void)state;
    for (unsigned seed = 1; seed < 40; seed++) {
        fd_lmdi_options o = FD_LMDI_OPTIONS_INIT;
        fd_table *in = random_panel(seed, 1, false), *other = random_panel(seed, 1e4, true);
        fd_lmdi r, s, chain;

        o.by = "g";
        o.value = "energy";
        o.factors = "pop;rich=sum:out/pop;mix=out/sum:out;intensity=energy/out";
        o.spans = FD_LMDI_BOTH;
        assert_int_equal(fd_lmdi_run(&r, in, &o), 0);
        assert_int_equal(fd_table_find(r.effects, "d_residual"), -1);
        for (size_t row = 0; row < r.effects->rows; row++) {
            double sum = 0, product = 1;

            for (int k = 0; k < 4; k++) {
                char id[32];

                snprintf(id, sizeof id, "d_%s", names[k]);
                sum += cell(r.effects, row, id);
                id[0] = 'r';
                product *= cell(r.effects, row, id);
            }
            assert_near(sum, cell(r.effects, row, "d_total"), 1e-8);
            if (!isnan(cell(r.effects, row, "r_total")) && !isnan(product))
                assert_near(product / cell(r.effects, row, "r_total"), 1, 1e-10);
        }
        assert_int_equal(fd_lmdi_run(&s, other, &o), 0);
        assert_int_equal(s.effects->rows, r.effects->rows);
        for (size_t row = 0; row < r.effects->rows; row++)
            for (size_t k = 0; k < s.effects->rows; k++)
                if (strcmp(fd_column_text(s.effects->columns[0], k),
                           fd_column_text(r.effects->columns[0], row)) == 0 &&
                    strcmp(fd_column_text(s.effects->columns[1], k),
                           fd_column_text(r.effects->columns[1], row)) == 0 &&
                    strcmp(fd_column_text(s.effects->columns[2], k),
                           fd_column_text(r.effects->columns[2], row)) == 0)
                    assert_near(cell(s.effects, k, "d_mix"), cell(r.effects, row, "d_mix"), 1e-8);
        fd_lmdi_dispose(&s);
        fd_lmdi_dispose(&r);

        o.spans = FD_LMDI_STEPS;
        assert_int_equal(fd_lmdi_run(&r, in, &o), 0);
        o.spans = FD_LMDI_CHAINED;
        assert_int_equal(fd_lmdi_run(&chain, in, &o), 0);
        for (size_t c = 0; c < chain.effects->rows; c++) {
            double sum = 0;

            for (size_t row = 0; row < r.effects->rows; row++)
                if (strcmp(fd_column_text(r.effects->columns[0], row),
                           fd_column_text(chain.effects->columns[0], c)) == 0)
                    sum += cell(r.effects, row, "d_mix");
            assert_near(cell(chain.effects, c, "d_mix"), sum, 1e-9);
        }
        fd_lmdi_dispose(&r);
        fd_lmdi_dispose(&chain);
        fd_table_free(in);
        fd_table_free(other);
    }
}

/* A constant term keeps its offsetting effects: L(a,a) = a. */
static void test_constant_term(void **state)
{
    fd_table *in = table_of("year,x,y\n1,2,6\n2,4,3\n", 1);
    fd_lmdi r;

    (void)state;
    assert_int_equal(fd_lmdi_run(&r, in, NULL), 0);
    assert_near(cell(r.effects, 0, "d_total"), 0, 0);
    assert_near(cell(r.effects, 0, "d_x"), 12 * log(2), 1e-12);
    assert_near(cell(r.effects, 0, "d_y"), -12 * log(2), 1e-12);
    assert_near(cell(r.effects, 0, "r_x"), 2, 1e-12);
    fd_lmdi_dispose(&r);
    fd_table_free(in);
}

/* Limits at zeros: the factor that is 0 takes the whole; nothing at either end has no effect. */
static void test_zeros(void **state)
{
    fd_table *in = table_of("fuel,year,gdp,co2\na,1,10,4\nb,1,10,0\nc,1,10,0\na,2,20,6\nb,2,20,3\n"
                            "c,2,20,0\n",
                            2);
    fd_lmdi_options o = FD_LMDI_OPTIONS_INIT;
    fd_lmdi r;

    (void)state;
    o.value = "co2";
    o.factors = "gdp;intensity=sum:co2/gdp;fuels=co2/sum:co2";
    o.terms = true;
    assert_int_equal(fd_lmdi_run(&r, in, &o), 0);
    assert_near(cell(r.effects, 0, "n_zero_switch"), 1, 0);
    assert_near(cell(r.effects, 0, "d_gdp"), 2 / log(1.5) * log(2), 1e-12);
    assert_near(cell(r.effects, 0, "d_fuels"), 3 + 2 / log(1.5) * log(6. / 9), 1e-12);
    assert_near(cell(r.effects, 0, "r_fuels"),
                exp(cell(r.effects, 0, "d_fuels") / (5 / log(9. / 4))), 1e-12);
    assert_int_equal(r.terms->rows, 3);
    assert_near(cell(r.terms, 1, "d_fuels"), 3, 0);
    assert_near(cell(r.terms, 1, "d_gdp"), 0, 0);
    fd_lmdi_dispose(&r);
    fd_table_free(in);
    /* All of it new: the intensity is 0 and takes the whole, the share 0/0 takes nothing. */
    in = table_of("fuel,year,gdp,co2\na,1,10,0\na,2,20,6\n", 2);
    assert_int_equal(fd_lmdi_run(&r, in, &o), 0);
    assert_near(cell(r.effects, 0, "d_intensity"), 6, 0);
    assert_near(cell(r.effects, 0, "d_fuels"), 0, 0);
    assert_true(isnan(cell(r.effects, 0, "r_intensity")));
    fd_lmdi_dispose(&r);
    fd_table_free(in);
    /* A fuel without a row goes to the last factor; both at 0 to halves. */
    in = table_of("fuel,year,gdp,co2\na,1,10,4\na,2,20,6\nb,2,20,3\n", 2);
    assert_int_equal(fd_lmdi_run(&r, in, &o), 0);
    assert_near(cell(r.terms, 1, "d_fuels"), 3, 0);
    fd_lmdi_dispose(&r);
    fd_table_free(in);
    in = table_of("year,x,y\n1,0,0\n2,4,3\n", 1);
    assert_int_equal(fd_lmdi_run(&r, in, NULL), 0);
    assert_near(cell(r.effects, 0, "d_x"), 6, 0);
    assert_near(cell(r.effects, 0, "d_y"), 6, 0);
    fd_lmdi_dispose(&r);
    fd_table_free(in);
}

/* Output stands in each row of its sector: sum:over takes it once. */
static void test_sums(void **state)
{
    static const char text[] = "s,fuel,year,out,e\nA,f,1,10,1\nA,g,1,10,3\nB,f,1,30,6\n"
                               "A,f,2,15,2\nA,g,2,15,2\nB,f,2,25,7\n";
    fd_table *in = table_of(text, 3);
    fd_lmdi_options o = FD_LMDI_OPTIONS_INIT;
    fd_lmdi r;

    (void)state;
    o.value = "e";
    o.factors = "scale=sum:out:over:s;structure=out/sum:out:over:s;intensity=sum:e:by:s/out;"
                "fuels=e/sum:e:by:s";
    assert_int_equal(fd_lmdi_run(&r, in, &o), 0);
    assert_int_equal(fd_table_find(r.effects, "d_residual"), -1);
    assert_near(cell(r.effects, 0, "d_scale"), 0, 1e-15); /* 40 and 40 */
    assert_near(cell(r.effects, 0, "d_structure") + cell(r.effects, 0, "d_intensity") +
                    cell(r.effects, 0, "d_fuels"),
                1, 1e-12);
    fd_lmdi_dispose(&r);
    in->columns[3]->v.est[1] = 11; /* no longer one output for the sector */
    assert_int_equal(fd_lmdi_run(&r, in, &o), FD_EINVAL);
    fd_table_free(in);
}

static void test_formulas(void **state)
{
    static const struct {
        const char *text;
        int err;
        size_t steps;
    } cases[] = {
        { "a", 0, 1 },
        { " a / ( b + 2.5 ) ", 0, 5 },
        { "a*b/c-d", 0, 7 },
        { "sum:a", 0, 1 },
        { "a/sum:a:by:b:c", 0, 3 },
        { "sum:a:over:\"b c\"", 0, 1 },
        { "\"a-b\"/产值", 0, 3 },
        { "sum", 0, 1 },
        { "", FD_EPARSE, 0 },
        { "a/", FD_EPARSE, 0 },
        { "(a", FD_EPARSE, 0 },
        { "a b", FD_EPARSE, 0 },
        { "\"a", FD_EPARSE, 0 },
        { "sum:", FD_EPARSE, 0 },
        { "sum:a:with:b", FD_EPARSE, 0 },
        { "sum:a:by", FD_EPARSE, 0 },
        { "sum:a:by:b:c:d:e:f", FD_EPARSE, 0 },
    };
    char deep[200];
    fd_formula f;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int err = fd_formula_parse(&f, fd_view_of(cases[i].text));

        if (err != cases[i].err || (err == 0 && f.count != cases[i].steps))
            fail_msg("%s: %d, %zu steps", cases[i].text, err, f.count);
        fd_formula_dispose(&f);
    }
    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_int_equal(fd_formula_parse(&f, fd_view_of(deep)), FD_ELIMIT);
    fd_formula_dispose(&f);
}

static void test_bad_input(void **state)
{
    static const struct {
        const char *text, *by, *time, *value, *factors;
        int err;
    } cases[] = {
        { "year,x\n1,2\n2,3\n", NULL, NULL, NULL, "y", FD_ENOTFOUND },
        { "year,x\n1,2\n2,3\n", "g", NULL, NULL, "x", FD_ENOTFOUND },
        { "year,x\n1,2\n2,3\n", NULL, "when", NULL, "x", FD_ENOTFOUND },
        { "year,x\n1,2\n2,3\n", NULL, NULL, "x/", "x", FD_EPARSE },
        { "year,x\n1,2\n2,3\n", NULL, NULL, NULL, "a=x;a=x", FD_EINVAL },
        { "year,x\n1,2\n2,3\n", NULL, NULL, NULL, "=x", FD_EPARSE },
        { "year,x\n1,2\n2,3\n", NULL, NULL, NULL, ";", FD_EINVAL },
        { "year,x\n1,2\n2,-3\n", NULL, NULL, NULL, "x", FD_EINVAL },
        { "year,x\n1,2\n1,3\n", NULL, NULL, NULL, "x", FD_EINVAL },
        { "year,x\n1,2\n", NULL, NULL, NULL, "x", FD_EINVAL },
        { "year,x\n", NULL, NULL, NULL, "x", FD_EINVAL },
        { "year,x\n,2\n2,3\n", NULL, NULL, NULL, "x", FD_EINVAL },
        { "name,x\na,2\nb,3\n", NULL, NULL, NULL, "x", FD_ENOTFOUND },
    };
    fd_table *in;
    fd_lmdi r;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_lmdi_options o = FD_LMDI_OPTIONS_INIT;
        int err;

        o.by = cases[i].by;
        o.time = cases[i].time;
        o.value = cases[i].value;
        o.factors = cases[i].factors;
        in = table_of(cases[i].text, 1);
        err = fd_lmdi_run(&r, in, &o);
        if (err != cases[i].err)
            fail_msg("case %zu: %d %s", i, err, fd_error_last()->message[FD_EN]);
        fd_table_free(in);
    }
    /* Missing is not zero: the span stays unknown; x/0 with a value has no decomposition. */
    in = table_of("year,x\n1,2\n2,\n3,4\n", 1);
    fd_lmdi_options o = FD_LMDI_OPTIONS_INIT;

    o.factors = "x";
    o.spans = FD_LMDI_BOTH;
    assert_int_equal(fd_lmdi_run(&r, in, &o), 0);
    assert_near(cell(r.effects, 0, "d_x"), 2, 1e-15);
    assert_true(isnan(cell(r.effects, 1, "d_total")));
    assert_int_equal(fd_column_state(r.effects->columns[2], 1), FD_MISSING);
    fd_lmdi_dispose(&r);
    fd_table_free(in);
    in = table_of("year,x,y\n1,2,0\n2,3,1\n", 1);
    o.value = "x";
    o.factors = "y;rest=x/y";
    o.spans = FD_LMDI_ENDS;
    assert_int_equal(fd_lmdi_run(&r, in, &o), 0);
    assert_int_equal(fd_column_state(r.effects->columns[fd_table_find(r.effects, "d_y")], 0),
                     FD_NA);
    fd_lmdi_dispose(&r);
    fd_table_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_mean), cmocka_unit_test(test_two_sectors),
        cmocka_unit_test(test_identity), cmocka_unit_test(test_constant_term),
        cmocka_unit_test(test_zeros),    cmocka_unit_test(test_sums),
        cmocka_unit_test(test_formulas), cmocka_unit_test(test_bad_input),
    };

    return cmocka_run_group_tests_name("analysis: lmdi", tests, NULL, NULL);
}
