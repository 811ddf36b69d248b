/* Production functions: panels whose technology is known, what must not matter, what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/panel_table.h"
#include "fangding/error.h"
#include "fangding/prodfun.h"

typedef struct panel {
    char *text;
    size_t used, size;
} panel;

static void add(panel *p, const char *id, int t, double y, double l, double k, double m, double v)
{
    if (p->size - p->used < 256)
        p->text = realloc(p->text, p->size += 65536);
    p->used += (size_t)snprintf(p->text + p->used, p->size - p->used,
                                "%s,%d,%.17g,%.17g,%.17g,%.17g,%.17g\n", id, t, y, l, k, m, v);
}

static void begin(panel *p)
{
    p->text = malloc(p->size = 65536);
    p->used = (size_t)sprintf(p->text, "id,t,ln_y,ln_l_all,ln_k,ln_proxy,ln_inv\n");
}

static fd_table *finish(panel *p)
{
    fd_table *t = table_of_lines(p->text, 2);

    free(p->text);
    return t;
}

/* A sum of twelve uniforms less six: near enough to a normal. */
static double bell(unsigned *seed)
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += chance(seed);
    return sum;
}

/*
 * y = 0.6 l + 0.3 k + omega without measurement error.  omega follows 0.7 omega_-1 + news; capital
 * was decided before the news; labour leans on last year's productivity and on its own past;
 * materials and investment are functions of capital and omega, so that a first stage finds omega.
 * Everything is shifted by `shift` in logs (a unit of measurement), every unit stands `copies`
 * times, and the rows come backwards if asked.
 */
static fd_table *simulate(int units, int years, unsigned seed, double shift, int copies,
                          bool backwards)
{
    const int rows = units * years;
    double *v = malloc((size_t)rows * 5 * sizeof *v);
    fd_table *t;
    panel p;

    for (int u = 0; u < units; u++) {
        double omega = bell(&seed), k = 2 * bell(&seed), l = 0.5 * k + bell(&seed);

        for (int y = 0; y < years; y++) {
            double *x = v + (u * years + y) * 5;
            const double before = omega;

            omega = 0.7 * omega + 0.3 * bell(&seed);
            k += 0.2 * before + 0.3 * bell(&seed);
            l = 0.8 * l + 0.1 * k + 0.1 * before + bell(&seed);
            x[0] = 0.6 * l + 0.3 * k + omega;
            x[1] = l;
            x[2] = k;
            x[3] = 0.4 * k + omega;
            x[4] = 0.5 * k + 0.8 * omega;
        }
    }
    begin(&p);
    for (int c = 0; c < copies; c++)
        for (int i = 0; i < rows; i++) {
            const int at = backwards ? rows - 1 - i : i;
            const double *x = v + at * 5;
            char id[32];

            snprintf(id, sizeof id, "u%dc%d", at / years, c);
            add(&p, id, 2000 + at % years, x[0] + shift, x[1] + 2 * shift, x[2] - shift,
                x[3] + shift, x[4] + shift);
        }
    t = finish(&p);
    free(v);
    return t;
}

static size_t row_of(const fd_table *t, const char *method)
{
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(text_at(t, r, "method"), method) == 0)
            return r;
    fail_msg("no row %s", method);
    return 0;
}

static double of(const fd_table *t, const char *method, const char *column)
{
    return number_at(t, row_of(t, method), column);
}

/* A line through exact points, with and without a level for each unit. */
static void test_linear(void **state)
{
    static const double l[] = { 1, 2, 3, 1, 4, 2 }, k[] = { 1, 1, 2, 3, 2, 5 };
    fd_table *in, *out;
    panel p;

    (void)state;
    begin(&p);
    for (int i = 0; i < 6; i++)
        add(&p, i < 3 ? "a" : "b", i, 1 + 0.6 * l[i] + 0.3 * k[i], l[i], k[i], 0, 0);
    in = finish(&p);
    assert_int_equal(fd_prodfun_run(&out, in, NULL), 0);
    assert_near(of(out, "OLS", "b_all"), 0.6, 1e-14);
    assert_near(of(out, "OLS", "b_k"), 0.3, 1e-14);
    assert_near(of(out, "FE", "b_all"), 0.6, 1e-14);
    assert_near(of(out, "FE", "b_k"), 0.3, 1e-14);
    assert_near(of(out, "OLS", "n"), 6, 0);
    assert_true(isnan(of(out, "OP", "b_k"))); /* an investment of 0 everywhere tells nothing */
    assert_true(out->note_count >= 2);
    fd_table_free(out);
    fd_table_free(in);
    begin(&p);
    for (int i = 0; i < 6; i++)
        add(&p, i < 3 ? "a" : "b", i, (i < 3 ? 5 : -9) + 0.6 * l[i] + 0.3 * k[i], l[i], k[i], 0, 0);
    in = finish(&p);
    assert_int_equal(fd_prodfun_run(&out, in, NULL), 0);
    assert_near(of(out, "FE", "b_all"), 0.6, 1e-14);
    assert_near(of(out, "FE", "b_k"), 0.3, 1e-14);
    assert_true(fabs(of(out, "OLS", "b_k") - 0.3) > 0.1);
    fd_table_free(out);
    fd_table_free(in);
}

/* Within is wrong where productivity leads capital; the three others find the technology. */
static void test_known_technology(void **state)
{
    fd_table *in = simulate(800, 8, 3, 0, 1, false), *out;

    (void)state;
    assert_int_equal(fd_prodfun_run(&out, in, NULL), 0);
    assert_true(fabs(of(out, "FE", "b_k") - 0.3) > 0.05);
    assert_near(of(out, "OP", "b_all"), 0.6, 1e-10); /* the first stage is exact */
    assert_near(of(out, "LP", "b_all"), 0.6, 1e-10);
    assert_near(of(out, "OP", "b_k"), 0.3, 0.02);
    assert_near(of(out, "LP", "b_k"), 0.3, 0.02);
    assert_near(of(out, "ACF", "b_all"), 0.6, 0.05);
    assert_near(of(out, "ACF", "b_k"), 0.3, 0.05);
    assert_true(of(out, "ACF", "criterion") < 1e-15);
    assert_near(of(out, "ACF", "n"), 800 * 7, 0);
    fd_table_free(out);
    fd_table_free(in);
}

/* Units of measurement, the order of rows, and everybody standing twice. */
static void test_what_must_not_matter(void **state)
{
    static const char *const methods[] = { "OLS", "FE", "OP", "LP", "ACF" };
    fd_table *in[4], *out[4];

    (void)state;
    in[0] = simulate(60, 6, 5, 0, 1, false);
    in[1] = simulate(60, 6, 5, 3.7, 1, false);
    in[2] = simulate(60, 6, 5, 0, 1, true);
    in[3] = simulate(60, 6, 5, 0, 2, false);
    for (int i = 0; i < 4; i++)
        assert_int_equal(fd_prodfun_run(&out[i], in[i], NULL), 0);
    for (int i = 1; i < 4; i++)
        for (size_t k = 0; k < 5; k++) {
            const double tolerance = k < 2 ? 1e-10 : 1e-7;

            assert_near(of(out[0], methods[k], "b_all"), of(out[i], methods[k], "b_all"),
                        tolerance);
            assert_near(of(out[0], methods[k], "b_k"), of(out[i], methods[k], "b_k"), tolerance);
            assert_near(of(out[0], methods[k], "n") * (i == 3 ? 2 : 1), of(out[i], methods[k], "n"),
                        0);
        }
    for (int i = 0; i < 4; i++) {
        fd_table_free(in[i]);
        fd_table_free(out[i]);
    }
}

/* A year that is missing takes its own row and the next one's predecessor away. */
static void test_lag_is_one_period(void **state)
{
    fd_table *in = simulate(20, 6, 5, 0, 1, false), *less, *out;
    bool keep[120];

    (void)state;
    for (size_t i = 0; i < 120; i++)
        keep[i] = i != 2;
    assert_int_equal(fd_table_filter(&less, in, keep), 0);
    assert_int_equal(fd_prodfun_run(&out, less, NULL), 0);
    assert_near(of(out, "OLS", "n"), 119, 0);
    assert_near(of(out, "LP", "n"), 98, 0);
    fd_table_free(out);
    fd_table_free(less);
    fd_table_free(in);
}

static void test_bootstrap(void **state)
{
    fd_table *in = simulate(60, 6, 5, 0, 1, false), *out[3];
    fd_prodfun_options o = FD_PRODFUN_OPTIONS_INIT;

    (void)state;
    o.bootstraps = 20;
    for (int i = 0; i < 3; i++) {
        o.threads = i == 1 ? 2 : 1;
        o.seed = i == 2 ? 8 : 7;
        assert_int_equal(fd_prodfun_run(&out[i], in, &o), 0);
    }
    assert_int_equal(out[0]->column_count, out[1]->column_count);
    for (size_t c = 1; c < out[0]->column_count; c++)
        assert_memory_equal(out[0]->columns[c]->v.est, out[1]->columns[c]->v.est,
                            out[0]->rows * sizeof(double));
    assert_true(of(out[0], "OLS", "se_k") != of(out[2], "OLS", "se_k"));
    assert_true(of(out[0], "OLS", "se_k") > 0);
    assert_near(of(out[0], "FE", "replicates"), 20, 0);
    assert_true(of(out[0], "OLS", "lo_k") < of(out[0], "OLS", "b_k"));
    assert_true(of(out[0], "OLS", "hi_k") > of(out[0], "OLS", "b_k"));
    for (int i = 0; i < 3; i++)
        fd_table_free(out[i]);
    fd_table_free(in);
}

typedef struct bad_case {
    const char *name, *lines;
    int err;
    const char *says;
} bad_case;

static void test_bad_input(void **state)
{
    static const bad_case cases[] = {
        { "all equal", "id,t,ln_y,ln_l,ln_k\na,1,1,1,1\na,2,1,1,1\nb,1,1,1,1\nb,2,1,1,1\n",
          FD_EINVAL, "depend" },
        { "too few", "id,t,ln_y,ln_l,ln_k\na,1,1,1,1\n", FD_EINVAL, "rows" },
        { "no rows", "id,t,ln_y,ln_l,ln_k\n", FD_EINVAL, "no row" },
        { "no output", "id,t,y,ln_l,ln_k\na,1,1,1,1\n", FD_ENOTFOUND, "ln_y" },
        { "no capital", "id,t,ln_y,ln_l,k\na,1,1,1,1\n", FD_ENOTFOUND, "ln_k" },
        { "twice", "id,t,ln_y,ln_l,ln_k\na,1,1,1,1\na,1,1,1,2\n", FD_EINVAL, "rows 2 and 3" },
    };
    fd_prodfun_options o = FD_PRODFUN_OPTIONS_INIT;
    fd_table *in, *out;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        in = table_of_lines(cases[i].lines, 2);
        if (fd_prodfun_run(&out, in, NULL) != cases[i].err ||
            (!strstr(fd_error_last()->message[FD_EN], cases[i].says) &&
             !strstr(fd_error_last()->detail[FD_EN], cases[i].says)))
            fail_msg("%s: %s %s", cases[i].name, fd_error_last()->message[FD_EN],
                     fd_error_last()->detail[FD_EN]);
        assert_null(out);
        fd_table_free(in);
    }
    in = table_of_lines("id,t,ln_y,ln_l,ln_k\na,1,1,1,1\n", 2);
    o.method[FD_PRODFUN_ACF] = true;
    assert_int_equal(fd_prodfun_run(&out, in, &o), FD_ENOTFOUND);
    assert_non_null(strstr(fd_error_last()->hint[FD_EN], "--proxy"));
    fd_table_free(in);
}

static bool says(const fd_table *t, const char *method, const char *words)
{
    for (size_t k = 0; k < t->note_count; k++)
        if (strstr(t->notes[FD_EN][k], method) && strstr(t->notes[FD_EN][k], words))
            return true;
    return false;
}

/* A capital coefficient of 5 lies outside what OP and LP search, and ACF's root far from LP's end:
 * both are said, and neither is said of an ordinary panel. */
static void test_ends_of_the_search(void **state)
{
    fd_table *in = simulate(200, 6, 7, 0, 1, false), *out = NULL;
    fd_column *y = in->columns[fd_table_find(in, "ln_y")];
    const fd_column *k = in->columns[fd_table_find(in, "ln_k")];

    (void)state;
    assert_int_equal(fd_prodfun_run(&out, in, NULL), 0);
    assert_false(says(out, "OP", "end of the search"));
    assert_false(says(out, "LP", "end of the search"));
    assert_false(says(out, "ACF", "from its start"));
    fd_table_free(out);
    for (size_t r = 0; r < in->rows; r++)
        fd_column_set_est(y, r,
                          fd_number_to_double(fd_column_number(y, r)) +
                              4.7 * fd_number_to_double(fd_column_number(k, r)));
    assert_int_equal(fd_prodfun_run(&out, in, NULL), 0);
    assert_near(of(out, "LP", "b_k"), 2, 1e-6);
    assert_true(says(out, "OP", "end of the search"));
    assert_true(says(out, "LP", "end of the search"));
    assert_near(of(out, "ACF", "b_k"), 5, 0.1);
    assert_true(says(out, "ACF", "from its start"));
    fd_table_free(out);
    fd_table_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linear),
        cmocka_unit_test(test_known_technology),
        cmocka_unit_test(test_what_must_not_matter),
        cmocka_unit_test(test_lag_is_one_period),
        cmocka_unit_test(test_bootstrap),
        cmocka_unit_test(test_ends_of_the_search),
        cmocka_unit_test(test_bad_input),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
