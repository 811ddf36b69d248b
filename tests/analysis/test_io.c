/*
 * Input–output analysis: the two sectors of Miller and Blair's textbook, properties of invented
 * tables, closed forms against the long way.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/io_build.h"
#include "base/pool.h"

/* ---- the textbook ---- */

/* Miller and Blair, Input–Output Analysis, 2nd ed. (2009), section 2.3: Z, f, x, A, L, and the
 * output for a new final demand; chapter 12: B and G. */
static void textbook(void **state)
{
    static const double z[] = { 150, 500, 200, 100 }, y[] = { 350, 1700 }, x[] = { 1000, 2000 };
    static const double l[] = { 1.2541, 0.3300, 0.2640, 1.1221 };
    static const double g[] = { 1.2541, 0.6601, 0.1320, 1.1221 };
    static const double new_demand[] = { 600, 1500 }, new_output[] = { 1247.52, 1841.58 };
    const fd_io_shock shocks[] = { { "s1", 600 }, { "s2", 1500 } };
    fd_io_tables t = { .z = matrix(2, 2, z, "s", "s"),
                       .y = matrix(2, 1, y, "s", "f"),
                       .output = matrix(2, 1, x, "s", "x") };
    fd_io *io = open_tables(&t, NULL);
    fd_table *out, *effects;

    (void)state;
    assert_int_equal(fd_io_matrix_table(&out, io, FD_IO_L), 0);
    for (size_t i = 0; i < 4; i++)
        near(cell(out, i % 2 ? "s2" : "s1", i / 2), l[i], 5e-5);
    fd_table_free(out);
    assert_int_equal(fd_io_matrix_table(&out, io, FD_IO_G), 0);
    for (size_t i = 0; i < 4; i++)
        near(cell(out, i % 2 ? "s2" : "s1", i / 2), g[i], 5e-5);
    fd_table_free(out);
    assert_int_equal(fd_io_matrix_table(&out, io, FD_IO_A), 0);
    near(cell(out, "s1", 0), 0.15, 1e-15);
    near(cell(out, "s2", 0), 0.25, 1e-15);
    near(cell(out, "s1", 1), 0.20, 1e-15);
    near(cell(out, "s2", 1), 0.05, 1e-15);
    fd_table_free(out);
    assert_int_equal(fd_io_shocks(&effects, &out, io, shocks, 2), 0);
    for (size_t i = 0; i < 2; i++)
        near(cell(out, "dx_s1", i) + cell(out, "dx_s2", i), new_output[i], 1e-5);
    near(cell(effects, "output", 0), new_demand[0], 1e-15);
    assert_int_equal(effects->rows, 9); /* no households: three steps of each, and of all */
    assert_string_equal(word(effects, "shock", 8), "all");
    near(cell(effects, "output", 8), new_output[0] + new_output[1], 1e-5);
    fd_table_free(out);
    fd_table_free(effects);
    fd_io_free(io);
}

/* ---- properties ---- */

static void identities(void **state)
{
    data d;
    fd_io *io;
    fd_table *m, *s, *p, *g;

    (void)state;
    invent(&d, 9, 7);
    io = open_data(&d, NULL);
    assert_int_equal(fd_io_multipliers(&m, io), 0);
    assert_int_equal(fd_io_sectors(&s, io, NULL, 0), 0);
    assert_int_equal(fd_io_price(&p, io, 10, NULL, 0, NULL, 0), 0);
    assert_int_equal(fd_io_matrix_table(&g, io, FD_IO_G), 0);
    for (size_t i = 0; i < d.n; i++) {
        double supplied = 0;

        near(cell(m, "va", i) + cell(m, "import", i), 1, 1e-12);
        near(cell(m, "va_plus_import", i), 1, 1e-12);
        near(cell(s, "x_leontief", i), d.x[i], 1e-12);
        near(cell(s, "va_multiplier", i), cell(m, "va", i), 1e-12);
        near(cell(s, "output_multiplier", i), cell(m, "output", i), 1e-12);
        near(cell(p, "base_price", i), 1, 1e-12);
        near(cell(p, "dp_import_price_up_10pct", i), 0.1 * cell(m, "import", i), 1e-12);
        /* x' = v' G, with v what is not bought at home. */
        for (size_t k = 0; k < d.n; k++) {
            double bought = 0;

            for (size_t h = 0; h < d.n; h++)
                bought += d.z[h * d.n + k];
            supplied += (d.x[k] - bought) * g->columns[i + 1]->v.est[k];
        }
        near(supplied, d.x[i], 1e-12);
        assert_string_equal(word(s, "key_leontief", i),
                            cell(s, "power_of_dispersion", i) >= 1
                                ? cell(s, "sensitivity_of_dispersion", i) >= 1 ? "key" : "backward"
                            : cell(s, "sensitivity_of_dispersion", i) >= 1 ? "forward"
                                                                           : "weak");
    }
    fd_table_free(m);
    fd_table_free(s);
    fd_table_free(p);
    fd_table_free(g);
    fd_io_free(io);
}

/* What demand calls forth adds to what there is. */
static void demand_adds_up(void **state)
{
    static const char *const factors[] = {
        "output", "va", "income", "employment", "tax", "import"
    };
    data d;
    fd_io *io;

    (void)state;
    invent(&d, 8, 21);
    io = open_data(&d, NULL);
    for (size_t f = 0; f < 6; f++) {
        const double *amount;
        fd_table *t;

        assert_int_equal(fd_io__factor(io, factors[f], &amount), 0);
        assert_int_equal(fd_io_demand(&t, io, factors[f]), 0);
        for (size_t i = 0; i < d.n; i++)
            near(cell(t, "TC", i) + cell(t, "FU", i) + cell(t, "EX", i), amount[i], 1e-11);
        fd_table_free(t);
    }
    fd_io_free(io);
}

/* Another order of sectors, and another unit of money, change nothing but the order. */
static void order_and_unit(void **state)
{
    static const size_t to[] = { 3, 0, 4, 1, 2 };
    data d, other;
    fd_io *one, *two;
    fd_table *a, *b;
    fd_io_tables t;

    (void)state;
    invent(&d, 5, 99);
    other = d;
    for (size_t i = 0; i < 5; i++) {
        for (size_t j = 0; j < 5; j++) {
            other.z[i * 5 + j] = 1000 * d.z[to[i] * 5 + to[j]];
            other.zm[i * 5 + j] = 1000 * d.zm[to[i] * 5 + to[j]];
        }
        other.x[i] = 1000 * d.x[to[i]];
    }
    for (size_t k = 0; k < 15; k++) { /* these keep their order: they are found by code */
        other.y[k] *= 1000;
        other.ym[k] *= 1000;
        other.va[k] *= 1000;
    }
    t = tables_of(&other);
    for (size_t i = 0; i < 5; i++) {
        char name[8];

        snprintf(name, sizeof name, "s%zu", to[i] + 1);
        rename_code(&t.z->row[i], name);
        rename_code(&t.z->column[i], name);
        rename_code(&t.z_import->row[i], name);
        rename_code(&t.z_import->column[i], name);
        rename_code(&t.output->row[i], name);
    }
    one = open_data(&d, NULL);
    two = open_tables(&t, NULL);
    assert_int_equal(fd_io_sectors(&a, one, NULL, 0), 0);
    assert_int_equal(fd_io_sectors(&b, two, NULL, 0), 0);
    assert_int_equal(a->column_count, b->column_count);
    for (size_t i = 0; i < 5; i++) {
        static const char *const same[] = { "va_coef",
                                            "output_multiplier",
                                            "power_of_dispersion",
                                            "ghosh_forward_norm",
                                            "va_type1_ratio",
                                            "import_multiplier",
                                            "output_multiplier_type2_total",
                                            "income_type2_ratio",
                                            "cv_backward",
                                            "cv_forward" };

        for (size_t k = 0; k < sizeof same / sizeof *same; k++)
            near(cell(b, same[k], i), cell(a, same[k], to[i]), 1e-11);
        near(cell(b, "hem_full", i), 1000 * cell(a, "hem_full", to[i]), 1e-11);
        near(cell(b, "emp_coef", i) * 1000, cell(a, "emp_coef", to[i]), 1e-11);
    }
    fd_table_free(a);
    fd_table_free(b);
    fd_io_free(one);
    fd_io_free(two);
}

/* ---- closed forms against the long way ---- */

/* Sum of w' (I - A')^-1 f'. */
static double worth(const double *a, const double *f, const double *w, size_t n)
{
    double *m = fd_alloc(n * n * sizeof *m), *x = fd_alloc(n * sizeof *x), sum = 0;

    for (size_t i = 0; i < n; i++) {
        x[i] = f[i];
        for (size_t j = 0; j < n; j++)
            m[i * n + j] = (i == j) - a[i * n + j];
    }
    assert_int_equal(fd_linear_solve(m, x, n, 1), 0);
    for (size_t i = 0; i < n; i++)
        sum += w[i] * x[i];
    free(m);
    free(x);
    return sum;
}

static void extraction_the_long_way(void **state)
{
    static const double shares[] = { 1, 0.35, 0.01 };
    data d;
    fd_io *io;
    fd_table *t;

    (void)state;
    invent(&d, 7, 5);
    io = open_data(&d, NULL);
    for (size_t s = 0; s < 3; s++) {
        assert_int_equal(fd_io_extract(&t, io, shares[s]), 0);
        for (size_t k = 0; k < d.n; k++) {
            double a[MOST * MOST], f[MOST], ones[MOST], jobs[MOST];
            const double keep = 1 - shares[s];

            for (size_t i = 0; i < d.n; i++) {
                ones[i] = 1;
                jobs[i] = d.jobs[i] / d.x[i];
            }
            for (int kind = 0; kind < 3; kind++) {
                static const char *const output[] = { "full", "backward", "forward" };
                static const char *const work[] = { "full_employment", "backward_employment",
                                                    "forward_employment" };

                memcpy(a, io->a, d.n * d.n * sizeof *a);
                memcpy(f, io->f, d.n * sizeof *f);
                for (size_t i = 0; i < d.n; i++) {
                    if (kind == 0 || kind == 1)
                        a[i * d.n + k] *= keep;
                    if ((kind == 0 && i != k) || kind == 2)
                        a[k * d.n + i] *= keep;
                }
                if (kind == 0)
                    f[k] *= keep;
                near(cell(t, output[kind], k),
                     worth(io->a, io->f, ones, d.n) - worth(a, f, ones, d.n), 1e-9);
                near(cell(t, work[kind], k),
                     worth(io->a, io->f, jobs, d.n) - worth(a, f, jobs, d.n), 1e-9);
            }
        }
        fd_table_free(t);
    }
    fd_io_free(io);
}

static void group_the_long_way(void **state)
{
    static const char *const members[] = { "s2", "s5" };
    data d;
    fd_io *io;
    fd_table *t;
    double a[MOST * MOST], f[MOST];

    (void)state;
    invent(&d, 6, 11);
    io = open_data(&d, NULL);
    assert_int_equal(fd_io_extract_group(&t, io, members, 2, false), 0);
    memcpy(a, io->a, d.n * d.n * sizeof *a);
    memcpy(f, io->f, d.n * sizeof *f);
    for (size_t i = 0; i < d.n; i++)
        for (size_t k = 1; k <= 4; k += 3)
            a[i * d.n + k] = a[k * d.n + i] = f[k] = 0;
    for (size_t i = 0; i < d.n; i++) {
        double one[MOST] = { 0 };

        one[i] = 1;
        near(cell(t, "output_loss", i), i == 1 || i == 4 ? 0 : d.x[i] - worth(a, f, one, d.n),
             1e-10);
    }
    fd_table_free(t);
    assert_int_equal(fd_io_extract_group(&t, io, (const char *const[]){ "nobody" }, 1, false),
                     FD_ENOTFOUND);
    fd_io_free(io);
}

/* Type II by inverting the table with its household row and column. */
static void type_two_the_long_way(void **state)
{
    data d;
    fd_io *io;
    fd_table *s, *e;
    double m[(MOST + 1) * (MOST + 1)], income = 0;
    const fd_io_shock shock = { "s3", 10 };
    size_t n;

    (void)state;
    invent(&d, 6, 3);
    io = open_data(&d, NULL);
    n = d.n + 1;
    memset(m, 0, sizeof m);
    for (size_t j = 0; j < d.n; j++)
        income += d.va[j];
    for (size_t i = 0; i < d.n; i++) {
        for (size_t j = 0; j < d.n; j++)
            m[i * n + j] = -io->a[i * d.n + j];
        m[i * n + d.n] = -d.y[i * 3] / income;
        m[d.n * n + i] = -d.va[i] / d.x[i];
    }
    for (size_t i = 0; i < n; i++)
        m[i * n + i] += 1;
    assert_int_equal(fd_linear_invert(m, n), 0);
    assert_int_equal(fd_io_sectors(&s, io, NULL, 0), 0);
    assert_int_equal(fd_io_shocks(&e, NULL, io, &shock, 1), 0);
    for (size_t j = 0; j < d.n; j++) {
        double sum = 0;

        for (size_t i = 0; i < d.n; i++)
            sum += m[i * n + j];
        near(cell(s, "output_multiplier_type2_trunc", j), sum, 1e-11);
        near(cell(s, "output_multiplier_type2_total", j), sum + m[d.n * n + j], 1e-11);
        near(cell(s, "income_type2_ratio", j), m[d.n * n + j] / (d.va[j] / d.x[j]), 1e-11);
        if (j == 2) {
            near(cell(e, "output", 3), 10 * sum, 1e-11);
            near(cell(e, "output", 0) + cell(e, "output", 1) + cell(e, "output", 2),
                 cell(e, "output", 3), 1e-12);
            near(cell(e, "income", 3), 10 * m[d.n * n + j], 1e-11);
        }
    }
    fd_table_free(s);
    fd_table_free(e);
    fd_io_free(io);
}

/* ---- paths ---- */

typedef struct walk {
    double value[4096];
    size_t count;
} walk;

static void walk_on(walk *w, const double *a, const double *weight, size_t n, size_t head,
                    double value, size_t links)
{
    w->value[w->count++] = weight[head] * value;
    for (size_t i = 0; i < n && links; i++)
        if (a[i * n + head] != 0)
            walk_on(w, a, weight, n, i, value * a[i * n + head], links - 1);
}

static int by_size(const void *a, const void *b)
{
    const double x = fabs(*(const double *)a), y = fabs(*(const double *)b);

    return x < y ? 1 : x > y ? -1 : 0;
}

/* All paths of at most four links, one by one. */
static void paths_the_long_way(void **state)
{
    static const char *const factors[] = { "va", "tax" }; /* taxes are negative in one sector */

    (void)state;
    for (size_t k = 0; k < 2; k++) {
        fd_io_path_options o = { .factor = factors[k], .count = 200, .links = 4 };
        double weight[MOST], sum = 0;
        const double *amount;
        walk w = { { 0 }, 0 };
        fd_table *t, *unlimited;
        fd_io *io;
        data d;

        invent(&d, 4, 17);
        io = open_data(&d, NULL);
        assert_int_equal(fd_io__factor(io, factors[k], &amount), 0);
        for (size_t i = 0; i < d.n; i++)
            weight[i] = amount[i] / d.x[i];
        for (size_t j = 0; j < d.n; j++)
            walk_on(&w, io->a, weight, d.n, j, io->f[j], 4);
        qsort(w.value, w.count, sizeof *w.value, by_size);
        assert_int_equal(fd_io_paths(&t, io, &o), 0);
        assert_int_equal(t->rows, 200);
        for (size_t r = 0; r < t->rows; r++)
            near(fabs(cell(t, "value", r)), fabs(w.value[r]), 1e-12);
        /* Without a limit, the first hundred can only be as large or larger. */
        o.links = 0;
        assert_int_equal(fd_io_paths(&unlimited, io, &o), 0);
        for (size_t r = 0; r < 100; r++)
            assert_true(fabs(cell(unlimited, "value", r)) >= fabs(w.value[r]) * (1 - 1e-12));
        /* All paths together are the whole. */
        o.count = 3000;
        fd_table_free(unlimited);
        assert_int_equal(fd_io_paths(&unlimited, io, &o), 0);
        for (size_t r = 0; r < unlimited->rows; r++)
            sum += cell(unlimited, "share_of_total", r);
        near(sum, 1, 2e-3);
        fd_table_free(t);
        fd_table_free(unlimited);
        fd_io_free(io);
    }
}

/* Equal paths come by their text. */
static void ties(void **state)
{
    static const double z[] = { 0, 10, 10, 0, 0, 0, 0, 0, 0 }, y[] = { 80, 100, 100 };
    fd_io_tables t = { .z = matrix(3, 3, z, "s", "s"), .y = matrix(3, 1, y, "s", "f") };
    fd_io *io = open_tables(&t, NULL);
    fd_io_path_options o = { .factor = "output", .count = 4 };
    fd_table *out;

    (void)state;
    assert_int_equal(fd_io_paths(&out, io, &o), 0);
    assert_int_equal(out->rows, 4);
    assert_string_equal(word(out, "path", 0), "s2");
    assert_string_equal(word(out, "path", 1), "s3");
    assert_string_equal(word(out, "path", 2), "s1");
    assert_string_equal(word(out, "path", 3), "s1>s2");
    fd_table_free(out);
    o.count = 50; /* there are five */
    assert_int_equal(fd_io_paths(&out, io, &o), 0);
    assert_int_equal(out->rows, 5);
    fd_table_free(out);
    o.count = 0;
    assert_int_equal(fd_io_paths(&out, io, &o), FD_EINVAL);
    fd_io_free(io);
}

/* ---- large tables ---- */

/* Iterating gives what the inverse gives; one thread and two give the same bytes. */
static void iteration_agrees(void **state)
{
    const fd_io_shock shocks[] = { { "s1", 5 }, { "s4", -3 } };
    fd_table *one[3], *two[3], *dense[3];
    data d;

    (void)state;
    invent(&d, 16, 40);
    for (size_t round = 0; round < 3; round++) {
        fd_table **to = round == 0 ? dense : round == 1 ? one : two;
        fd_io_options o = FD_IO_OPTIONS_INIT;
        fd_pool *pool = fd_pool_new(round == 2 ? 2 : 1);
        fd_io *io;

        o.dense_order = round == 0 ? 100 : 0;
        o.pool = pool;
        io = open_data(&d, &o);
        assert_int_equal(fd_io_multipliers(&to[0], io), 0);
        assert_int_equal(fd_io_demand(&to[1], io, "va"), 0);
        assert_int_equal(fd_io_shocks(NULL, &to[2], io, shocks, 2), 0);
        assert_true(round == 0 ? io->l != NULL : io->l == NULL);
        fd_io_free(io);
        fd_pool_free(pool);
    }
    for (size_t k = 0; k < 3; k++) {
        for (size_t c = 1; c < dense[k]->column_count; c++) {
            const double *a = dense[k]->columns[c]->v.est, *b = one[k]->columns[c]->v.est;

            for (size_t r = 0; r < dense[k]->rows; r++)
                near(b[r], a[r], 1e-10);
            assert_memory_equal(b, two[k]->columns[c]->v.est, dense[k]->rows * sizeof *b);
        }
        fd_table_free(dense[k]);
        fd_table_free(one[k]);
        fd_table_free(two[k]);
    }
}

/* ---- competitive tables ---- */

/* Splitting imports off gives a table whose domestic part balances, and A_d = (I - M) A. */
static void competitive(void **state)
{
    data d;
    fd_io_tables t;
    fd_io *io;
    fd_table *s, *m;
    double imports[MOST];

    (void)state;
    invent(&d, 5, 13);
    for (size_t i = 0; i < d.n; i++) {
        imports[i] = 0;
        for (size_t j = 0; j < d.n; j++) {
            imports[i] += d.zm[i * d.n + j];
            d.z[i * d.n + j] += d.zm[i * d.n + j];
        }
        for (size_t c = 0; c < 3; c++) {
            imports[i] += d.ym[i * 3 + c];
            d.y[i * 3 + c] += d.ym[i * 3 + c];
        }
    }
    memset(d.zm, 0, sizeof d.zm);
    t = tables_of(&d);
    fd_labelled_dispose(t.z_import);
    free(t.z_import);
    t.z_import = NULL;
    t.imports = matrix(d.n, 1, imports, "s", "IM");
    io = open_tables(&t, NULL);
    assert_true(fd_io_is_competitive(io));
    assert_true(io->worst < 1e-12);
    assert_int_equal(fd_io_sectors(&s, io, NULL, 0), 0);
    assert_int_equal(fd_io_multipliers(&m, io), 0);
    for (size_t i = 0; i < d.n; i++) {
        near(cell(s, "import_ratio", i), imports[i] / (d.x[i] + imports[i] - d.y[i * 3 + 2]),
             1e-13);
        near(cell(s, "va_multiplier_competitive", i), 1, 1e-12);
        near(cell(m, "va_plus_import", i), 1, 1e-12);
        for (size_t j = 0; j < d.n; j++)
            near(io->a[i * d.n + j], (1 - cell(s, "import_ratio", i)) * d.z[i * d.n + j] / d.x[j],
                 1e-13);
    }
    fd_table_free(s);
    fd_table_free(m);
    fd_io_free(io);
}

/* ---- regions ---- */

static void footprints_of_the_world(void **state)
{
    static const char *const sectors[] = { "a.food", "a.steel", "b.food", "b.steel" };
    static const double carbon[] = { 5, 60, 7, 30 }, own[] = { 4, 9 };
    double z[16], y[8], x[4] = { 0 };
    uint64_t seed = 8;
    fd_io_tables t = { 0 };
    fd_labelled *accounts, *households;
    fd_io_footprint f;
    fd_io *io;

    (void)state;
    for (size_t i = 0; i < 16; i++)
        z[i] = 10 * random_of(&seed);
    for (size_t i = 0; i < 8; i++)
        y[i] = 90 * random_of(&seed);
    (void)x;
    t.z = matrix(4, 4, z, "s", "s");
    t.y = matrix(4, 2, y, "s", "c");
    accounts = matrix(1, 4, carbon, "CO", "s");
    households = matrix(1, 2, own, "CO", "c");
    for (size_t i = 0; i < 4; i++) {
        rename_code(&t.z->row[i], sectors[i]);
        rename_code(&t.z->column[i], sectors[i]);
        rename_code(&t.y->row[i], sectors[i]);
        rename_code(&accounts->column[i], sectors[i]);
    }
    for (size_t k = 0; k < 2; k++) {
        fd_labelled *m = k ? households : t.y;

        rename_code(&m->column[0], "a.use");
        rename_code(&m->column[1], "b.use");
    }
    io = open_tables(&t, NULL);
    assert_int_equal(fd_io_footprints(&f, io, accounts, households), 0);
    near(cell(f.consumption, "a", 0) + cell(f.consumption, "b", 0), 102 + 13, 1e-12);
    near(cell(f.production, "a", 0), 65 + 4, 1e-12);
    near(cell(f.production, "b", 0), 37 + 9, 1e-12);
    near(cell(f.imports, "a", 0), cell(f.exports, "b", 0), 1e-12);
    near(cell(f.imports, "b", 0), cell(f.exports, "a", 0), 1e-12);
    for (size_t r = 0; r < 2; r++) {
        const char *region = r ? "b" : "a";

        near(cell(f.production, region, 0) - cell(f.exports, region, 0),
             cell(f.consumption, region, 0) - cell(f.imports, region, 0), 1e-11);
        near(cell(f.by_product, r ? "b.food" : "a.food", 0) +
                 cell(f.by_product, r ? "b.steel" : "a.steel", 0),
             cell(f.consumption, region, 0) - own[r], 1e-12);
    }
    fd_io_footprint_dispose(&f);
    fd_labelled_dispose(accounts);
    fd_labelled_dispose(households);
    free(accounts);
    free(households);
    fd_io_free(io);
}

/* Production is for exports and for home; without imports consumption is home's. */
static void carbon_of_a_region(void **state)
{
    static const double factor[] = { 3, 20, 8, 1, 2 };
    data d;
    fd_io *io;
    fd_table *t;
    fd_labelled *accounts;

    (void)state;
    invent(&d, 5, 77);
    io = open_data(&d, NULL);
    accounts = matrix(1, 5, factor, "CO", "s");
    assert_int_equal(fd_io_carbon(&t, io, accounts, NULL), 0);
    near(cell(t, "production", 0), 34, 1e-13);
    near(cell(t, "exports", 0) + cell(t, "domestic_use", 0), 34, 1e-12);
    assert_true(cell(t, "imports_intermediate", 0) > 0);
    assert_true(cell(t, "consumption", 0) > cell(t, "domestic_use", 0));
    fd_table_free(t);
    fd_labelled_dispose(accounts);
    free(accounts);
    fd_io_free(io);
}

static void columns_asked_for(void **state)
{
    static const char *const wanted[] = { "sector=code", "m=output_multiplier", "leontief.s2",
                                          "g=ghosh.s1" };
    static const char *const unknown[] = { "code", "nothing" };
    static const char *const twice[] = { "code", "x", "x" };
    data d;
    fd_io *io;
    fd_table *t;

    (void)state;
    invent(&d, 3, 2);
    io = open_data(&d, NULL);
    assert_int_equal(fd_io_sectors(&t, io, wanted, 4), 0);
    assert_int_equal(t->column_count, 4);
    assert_string_equal(t->columns[0]->id, "sector");
    near(cell(t, "leontief.s2", 0), io->l[1], 1e-15);
    near(cell(t, "g", 1), io->l[3] * d.x[0] / d.x[1], 1e-15);
    fd_table_free(t);
    assert_int_equal(fd_io_sectors(&t, io, unknown, 2), FD_ENOTFOUND);
    assert_int_equal(fd_io_sectors(&t, io, twice, 3), FD_EINVAL);
    fd_io_free(io);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(textbook),
        cmocka_unit_test(identities),
        cmocka_unit_test(demand_adds_up),
        cmocka_unit_test(order_and_unit),
        cmocka_unit_test(extraction_the_long_way),
        cmocka_unit_test(group_the_long_way),
        cmocka_unit_test(type_two_the_long_way),
        cmocka_unit_test(paths_the_long_way),
        cmocka_unit_test(ties),
        cmocka_unit_test(iteration_agrees),
        cmocka_unit_test(competitive),
        cmocka_unit_test(footprints_of_the_world),
        cmocka_unit_test(carbon_of_a_region),
        cmocka_unit_test(columns_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
