/*
 * What must not matter to an engine: the order of rows, the unit of a column; and what every engine
 * on panels does with one unit, equal units, many dimensions, zeros, doubles and gaps: an answer or
 * a refusal that names the place.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/panel_table.h"
#include "fangding/conversion.h"
#include "fangding/dea.h"
#include "fangding/error.h"
#include "fangding/lmdi.h"
#include "fangding/malmquist.h"

enum { UNITS = 24, TIMES = 3, MOST = 12 };

typedef struct panel {
    size_t units, times, columns;
    const char *const *names;
    double v[UNITS * TIMES][MOST];
} panel;

/* A number in 0.2 … 2 from a place alone. */
static double draw(uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t z = (a * 0x9E3779B97F4A7C15u) ^ (b * 0xBF58476D1CE4E5B9u) ^ (c * 0x94D049BB133111EBu);

    z = (z ^ (z >> 31)) * 0xD6E8FEB86659FD93u;
    z ^= z >> 32;
    return 0.2 + 1.8 * (double)(z >> 11) / 9007199254740992.0;
}

static void fill(panel *p, const char *const *names, size_t columns, uint64_t seed)
{
    p->units = UNITS;
    p->times = TIMES;
    p->columns = columns;
    p->names = names;
    for (size_t r = 0; r < (size_t)UNITS * TIMES; r++)
        for (size_t c = 0; c < columns; c++)
            p->v[r][c] = draw(seed, r, c);
}

/* Rows forwards or backwards, columns times their unit. */
static fd_table *table(const panel *p, bool backwards, const double *unit)
{
    fd_table *t = fd_table_new("in", "in", "in");
    const size_t n = p->units * p->times;
    char text[32];

    fd_table_add_new(t, "id", "id", "id", FD_TEXT, "", 0);
    fd_table_add_new(t, "t", "t", "t", FD_TEXT, "", 0);
    for (size_t c = 0; c < p->columns; c++)
        fd_table_add_new(t, p->names[c], p->names[c], p->names[c], FD_EST, "", 0);
    for (size_t k = 0; k < n; k++) {
        const size_t r = backwards ? n - 1 - k : k, row = fd_table_add_row(t);

        snprintf(text, sizeof text, "u%02zu", r / p->times);
        fd_column_set_text(t->columns[0], row, text);
        snprintf(text, sizeof text, "%zu", 2020 + r % p->times);
        fd_column_set_text(t->columns[1], row, text);
        for (size_t c = 0; c < p->columns; c++)
            fd_column_set_est(t->columns[2 + c], row, p->v[r][c] * (unit ? unit[c] : 1));
    }
    return t;
}

/* Row of b that has the same text columns as row r of a. */
static size_t twin(const fd_table *a, const fd_table *b, size_t r)
{
    for (size_t s = 0; s < b->rows; s++) {
        bool same = true;

        for (size_t c = 0; c < a->column_count && same; c++)
            same = a->columns[c]->kind != FD_TEXT || fd_column_text(a->columns[c], r) == NULL ||
                   strcmp(a->columns[c]->id, "returns") == 0 ||
                   strcmp(fd_column_text_or(a->columns[c], r, ""),
                          fd_column_text_or(b->columns[c], s, "")) == 0;
        if (same)
            return s;
    }
    return b->rows;
}

/* Every estimate of a stands in b, too. Columns whose id begins with `scaled` are times `factor`.
 */
static void assert_same(const fd_table *a, const fd_table *b, const char *scaled, double factor)
{
    size_t compared = 0;

    assert_int_equal(a->rows, b->rows);
    for (size_t r = 0; r < a->rows; r++) {
        const size_t s = twin(a, b, r);

        assert_true(s < b->rows);
        for (size_t c = 0; c < a->column_count; c++) {
            const char *id = a->columns[c]->id;
            double x, y;

            if (a->columns[c]->kind != FD_EST)
                continue;
            assert_int_equal(fd_column_state(a->columns[c], r), fd_column_state(b->columns[c], s));
            if (fd_column_state(a->columns[c], r) != FD_HAS)
                continue;
            x = a->columns[c]->v.est[r] *
                (scaled && strncmp(id, scaled, strlen(scaled)) == 0 ? factor : 1);
            y = b->columns[c]->v.est[s];
            if (!(fabs(x - y) <= 2e-9 * fmax(1, fabs(x))))
                fail_msg("%s row %zu: %.15g, %.15g", id, r, x, y);
            compared++;
        }
    }
    assert_true(compared > 0);
}

static const char *const names[] = { "in_a", "in_b", "out_y", "bad_b" };
static const double units[] = { 1000, 0.125, 3e4, 1e-3 };

static void test_dea(void **state)
{
    fd_dea_options o = FD_DEA_OPTIONS_INIT;
    panel p;
    fd_table *in[2];
    fd_dea a, b;

    (void)state;
    o.super = o.scale = true;
    fill(&p, names, 3, 1);
    in[0] = table(&p, false, NULL);
    in[1] = table(&p, true, units);
    assert_int_equal(fd_dea_run(&a, in[0], &o), 0);
    assert_int_equal(fd_dea_run(&b, in[1], &o), 0);
    assert_same(a.scores, b.scores, NULL, 1);
    fd_dea_dispose(&a);
    fd_dea_dispose(&b);
    fd_table_free(in[0]);
    fd_table_free(in[1]);
}

static void test_malmquist(void **state)
{
    fd_malmquist_options o = FD_MALMQUIST_OPTIONS_INIT;
    panel p;
    fd_table *in[2];
    fd_malmquist a, b;

    (void)state;
    fill(&p, names, 3, 2);
    in[0] = table(&p, false, NULL);
    in[1] = table(&p, true, units);
    assert_int_equal(fd_malmquist_run(&a, in[0], &o), 0);
    assert_int_equal(fd_malmquist_run(&b, in[1], &o), 0);
    assert_same(a.index, b.index, NULL, 1);
    fd_malmquist_dispose(&a);
    fd_malmquist_dispose(&b);
    fd_table_free(in[0]);
    fd_table_free(in[1]);
}

/* Both forms. By inequality every program has a solution, and no distance is smaller: the set only
 * grows. */
static void test_green(void **state)
{
    fd_green_options o = FD_GREEN_OPTIONS_INIT;
    fd_green result[2][2];
    panel p;
    fd_table *in[2];
    size_t infeasible = 0;

    (void)state;
    fill(&p, names, 4, 3);
    in[0] = table(&p, false, NULL);
    in[1] = table(&p, true, units);
    for (int form = 0; form < 2; form++) {
        o.inequality = form;
        for (int k = 0; k < 2; k++)
            assert_int_equal(fd_green_run(&result[form][k], in[k], &o), 0);
        assert_same(result[form][0].index, result[form][1].index, NULL, 1);
    }
    for (size_t r = 0; r < result[0][0].index->rows; r++) {
        static const char *const distances[] = { "d00", "d11", "d0_of_1", "d1_of_0" };

        for (size_t k = 0; k < 4; k++) {
            const double equal = number_at(result[0][0].index, r, distances[k]);
            const double most = number_at(result[1][0].index, r, distances[k]);

            assert_true(most == most);
            infeasible += isnan(equal) ? 1u : 0u;
            assert_true(isnan(equal) || most >= equal - 1e-9);
        }
    }
    assert_true(infeasible > 0); /* else the test shows nothing about the equality */
    o.ddf = o.inequality = true;
    for (int form = 0; form < 2; form++)
        for (int k = 0; k < 2; k++)
            fd_green_dispose(&result[form][k]);
    assert_int_equal(fd_green_run(&result[0][0], in[0], &o), FD_EINVAL);
    fd_table_free(in[0]);
    fd_table_free(in[1]);
}

static void test_lmdi(void **state)
{
    static const char *const columns[] = { "energy", "output" };
    static const double unit[] = { 8, 8 };
    fd_lmdi_options o = FD_LMDI_OPTIONS_INIT;
    panel p;
    fd_table *in[3];
    fd_lmdi a, b;

    (void)state;
    o.time = "t";
    o.value = "energy";
    o.factors = "scale=sum:output;structure=output/sum:output;intensity=energy/output";
    o.spans = FD_LMDI_BOTH;
    fill(&p, columns, 2, 4);
    in[0] = table(&p, false, NULL);
    in[1] = table(&p, true, NULL);
    in[2] = table(&p, true, unit);
    assert_int_equal(fd_lmdi_run(&a, in[0], &o), 0);
    assert_int_equal(fd_lmdi_run(&b, in[1], &o), 0);
    assert_same(a.effects, b.effects, NULL, 1);
    fd_lmdi_dispose(&b);
    assert_int_equal(fd_lmdi_run(&b, in[2], &o), 0); /* increments have the unit, ratios none */
    assert_same(a.effects, b.effects, "d_", 8);
    fd_lmdi_dispose(&a);
    fd_lmdi_dispose(&b);
    for (int k = 0; k < 3; k++)
        fd_table_free(in[k]);
}

/* Exact: the same decimals, whatever the order; the share has no unit. */
static void test_conversion(void **state)
{
    fd_conversion_options o = FD_CONVERSION_OPTIONS_INIT;
    fd_conversion result[3];

    (void)state;
    o.id = "id";
    o.time = "t";
    o.value = "value";
    o.member = "member";
    for (int k = 0; k < 3; k++) {
        fd_table *t = fd_table_new("in", "in", "in");

        fd_table_add_new(t, "id", "id", "id", FD_TEXT, "", 0);
        fd_table_add_new(t, "t", "t", "t", FD_TEXT, "", 0);
        fd_table_add_new(t, "value", "value", "value", FD_TEXT, "", 0);
        fd_table_add_new(t, "member", "member", "member", FD_TEXT, "", 0);
        for (size_t i = 0; i < 40; i++) {
            const size_t r = k ? 39 - i : i, row = fd_table_add_row(t);
            char id[32];

            snprintf(id, sizeof id, "f%02zu", r / 2);
            fd_column_set_text(t->columns[0], row, id);
            fd_column_set_text(t->columns[1], row, r % 2 ? "2024" : "2023");
            snprintf(id, sizeof id, "%zu", (100 + 7 * r % 31) * (k == 2 ? 1000 : 1));
            fd_column_set_text(t->columns[2], row, id);
            fd_column_set_text(t->columns[3], row, r % 8 == 3 ? "1" : r % 4 == 0 ? "0.5" : "0");
        }
        assert_int_equal(fd_conversion_table(&result[k], t, &o), 0);
        fd_table_free(t);
    }
    for (int k = 1; k < 3; k++)
        for (size_t r = 0; r < result[0].summary->rows; r++)
            assert_int_equal(result[0].summary->columns[1]->v.dec[r],
                             result[k].summary->columns[1]->v.dec[r]);
    for (int k = 0; k < 3; k++)
        fd_conversion_dispose(&result[k]);
}

/* ---- what is not an ordinary panel ---- */

typedef struct odd {
    const char *what, *lines;
    int dea, malmquist, green; /* 0, or how it is refused */
} odd;

#define HEAD "id,t,in_x,out_y,bad_b\n"

static const odd odds[] = {
    { "one unit", HEAD "a,1,1,1,1\na,2,1,2,1\n", 0, 0, 0 },
    { "all equal", HEAD "a,1,1,1,1\nb,1,1,1,1\na,2,1,1,1\nb,2,1,1,1\n", 0, 0, 0 },
    { "unbalanced", HEAD "a,1,1,1,1\nb,1,2,1,1\na,2,1,2,1\nc,2,3,1,1\n", 0, 0, 0 },
    { "twice", HEAD "a,1,1,1,1\na,1,2,1,1\na,2,1,2,1\n", FD_EINVAL, FD_EINVAL, FD_EINVAL },
    { "zero input", HEAD "a,1,0,1,1\na,2,1,2,1\n", FD_EINVAL, FD_EINVAL, FD_EINVAL },
    { "zero output", HEAD "a,1,1,0,1\na,2,1,2,1\n", FD_EINVAL, FD_EINVAL, FD_EINVAL },
    { "zero row", HEAD "a,1,0,0,0\na,2,1,2,1\n", FD_EINVAL, FD_EINVAL, FD_EINVAL },
    { "no bad at all", HEAD "a,1,1,1,0\nb,1,2,1,0\na,2,1,2,0\nb,2,1,1,0\n", 0, 0, 0 },
    { "negative", HEAD "a,1,1,-1,1\na,2,1,2,1\n", FD_EINVAL, FD_EINVAL, FD_EINVAL },
    { "a gap", HEAD "a,1,1,,1\nb,1,1,1,1\na,2,1,2,1\nb,2,1,2,1\n", 0, 0, 0 },
    { "no rows", HEAD, FD_EINVAL, FD_EINVAL, FD_EINVAL },
    { "one period", HEAD "a,1,1,1,1\nb,1,2,1,1\n", 0, FD_EINVAL, FD_EINVAL },
    { "nobody in two periods", HEAD "a,1,1,1,1\nb,2,2,1,1\n", 0, 0, 0 },
};

static void assert_outcome(const char *what, const char *engine, int expected, int err)
{
    if (err != expected)
        fail_msg("%s, %s: %d, expected %d", what, engine, err, expected);
    if (err < 0)
        assert_true(fd_error_last()->message[0][0] != '\0');
}

static void test_odd_panels(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof odds / sizeof *odds; k++) {
        const odd *x = &odds[k];
        fd_table *t = table_of_lines(x->lines, 2);
        fd_dea dea;
        fd_malmquist malmquist;
        fd_green green;
        int err;

        assert_outcome(x->what, "dea", x->dea, err = fd_dea_run(&dea, t, NULL));
        if (err == 0)
            fd_dea_dispose(&dea);
        assert_outcome(x->what, "malmquist", x->malmquist,
                       err = fd_malmquist_run(&malmquist, t, NULL));
        if (err == 0)
            fd_malmquist_dispose(&malmquist);
        assert_outcome(x->what, "green", x->green, err = fd_green_run(&green, t, NULL));
        if (err == 0)
            fd_green_dispose(&green);
        fd_table_free(t);
    }
}

/* Twelve dimensions: nearly everybody leads, and the note says why. */
static void test_many_dimensions(void **state)
{
    static const char *const many[] = { "in_1", "in_2", "in_3",  "in_4",  "in_5",  "in_6",
                                        "in_7", "in_8", "out_1", "out_2", "out_3", "out_4" };
    panel p;
    fd_table *t;
    size_t best = 0, notes = 0;
    fd_dea all;

    (void)state;
    fill(&p, many, 12, 6);
    t = table(&p, false, NULL);
    assert_int_equal(fd_dea_run(&all, t, NULL), 0);
    for (size_t r = 0; r < all.scores->rows; r++)
        best += fabs(number_at(all.scores, r, "vrs_in") - 1) < 1e-9 ? 1u : 0u;
    assert_true(best * 10 >= all.scores->rows * 9);
    for (size_t k = 0; k < all.scores->note_count; k++)
        notes += strstr(all.scores->notes[1][k], "so many measures") ? 1u : 0u;
    assert_int_equal(notes, 1);
    fd_dea_dispose(&all);
    fd_table_free(t);
}

/* Sizes beyond what one basis of doubles holds are said, not hidden. */
static void test_sizes_too_far_apart(void **state)
{
    static const struct {
        const char *lines;
        bool said;
    } cases[] = { { "id,in_x,out_y\na,1e-7,1e-7\nb,1e7,2e7\nc,1,1\n", true },
                  { "id,in_x,out_y\na,1e-5,1e-5\nb,1e5,2e5\nc,1,1\n", false } };
    fd_dea_options o = FD_DEA_OPTIONS_INIT;

    (void)state;
    o.rts[FD_DRS] = o.rts[FD_IRS] = true;
    for (size_t k = 0; k < 2; k++) {
        fd_table *t = table_of_lines(cases[k].lines, 1);
        bool said = false;
        fd_dea all;

        assert_int_equal(fd_dea_run(&all, t, &o), 0);
        for (size_t i = 0; i < all.scores->note_count; i++)
            said = said || strstr(all.scores->notes[1][i], "double precision");
        assert_int_equal(said, cases[k].said);
        fd_dea_dispose(&all);
        fd_table_free(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dea),
        cmocka_unit_test(test_malmquist),
        cmocka_unit_test(test_green),
        cmocka_unit_test(test_lmdi),
        cmocka_unit_test(test_conversion),
        cmocka_unit_test(test_odd_panels),
        cmocka_unit_test(test_many_dimensions),
        cmocka_unit_test(test_sizes_too_far_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
