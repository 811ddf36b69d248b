/*
 * The cascade of one failure: a network small enough for a pencil, synchronous sweeps by the book
 * on random networks, and what must not matter.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "base/pool.h"
#include "fangding/chain.h"
#include "fangding/error.h"
#include "chain_build.h"

#define assert_near(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

/* A feeds B, which cannot do without; B and D feed C, which can; E could stand in for A. */
static const char firms[] = "firm,sector,final_sales:n,out_strength:n\nA,s,0,10\nB,t,5,10\n"
                            "C,u,20,20\nD,v,0,15\nE,s,30,30\n";
static const char links[] = "supplier,buyer,volume:n\nA,B,10\nB,C,5\nD,C,15\n";
static const char essential[] =
    "code,s:n,t:n,u:n,v:n\ns,0,1,0,0\nt,0,0,0,0\nu,0,0,0,0\nv,0,0,0,0\n";

static double cell(const fd_table *t, size_t row, const char *column)
{
    return t->columns[fd_table_find(t, column)]->v.est[row];
}

/* A fails: B stops, C loses 5 of 20 inputs: (10 + 10 + 20/4) / 85. With E to stand in for a third …
 * of nothing: A is 10 of E's 30, so a third of A's supply is gone, B falls to 2/3, and nobody can
 * stand in for B: C loses 5/3 of 20. C fails: D stops, B halves, A halves. */
static void test_by_hand(void **state)
{
    fd_table *f = table_from(firms), *l = table_from(links), *e = table_from(essential), *t = NULL;

    (void)state;
    assert_int_equal(fd_cascade_run(&t, f, l, e, NULL), 0);
    assert_near(cell(t, 0, "esri"), 25.0 / 85, 1e-12);
    assert_near(cell(t, 0, "esri_down_only"), 25.0 / 85, 1e-12);
    assert_near(cell(t, 0, "esri_up_only"), 10.0 / 85, 1e-12);
    assert_near(cell(t, 0, "esri_with_replaceability"), 15.0 / 85, 1e-12);
    assert_near(cell(t, 2, "esri_up_only"), 45.0 / 85, 1e-12);
    assert_near(cell(t, 2, "esri_down_only"), 20.0 / 85, 1e-12);
    assert_near(cell(t, 2, "esri"), 45.0 / 85, 1e-12);
    assert_near(cell(t, 4, "esri"), 30.0 / 85, 1e-12);
    fd_table_free(f);
    fd_table_free(l);
    fd_table_free(e);
    fd_table_free(t);
}

/* ---- the book's sweeps, dense and slow ---- */

enum { FIRMS = 30, SECTORS = 4 };

typedef struct net {
    fd_table *firms, *links, *essential;
    double w[FIRMS][FIRMS], out[FIRMS], final[FIRMS]; /* w[j][i]: j sells to i */
    int sector[FIRMS], need[SECTORS][SECTORS];
} net;

static net random_net(uint64_t seed)
{
    net n = { 0 };
    fd_buf f = FD_BUF_INIT, l = FD_BUF_INIT, e = FD_BUF_INIT;

    seed = seed * 0x9e3779b97f4a7c15u + 1;
    fd_buf_puts(&f, "firm,sector,final_sales:n\n");
    fd_buf_puts(&l, "supplier,buyer,volume:n\n");
    fd_buf_puts(&e, "code");
    for (int i = 0; i < FIRMS; i++) {
        n.sector[i] = (int)(next_random(&seed) % SECTORS);
        n.final[i] = n.out[i] = (double)(next_random(&seed) % 20);
        fd_buf_printf(&f, "F%02d,s%d,%g\n", i, n.sector[i], n.final[i]);
    }
    for (int k = 0; k < 3 * FIRMS; k++) {
        const int j = (int)(next_random(&seed) % FIRMS), i = (int)(next_random(&seed) % FIRMS);
        const double v = (double)(1 + next_random(&seed) % 30);

        if (i == j)
            continue;
        n.w[j][i] += v;
        n.out[j] += v;
        fd_buf_printf(&l, "F%02d,F%02d,%g\n", j, i, v);
    }
    for (int k = 0; k < SECTORS; k++)
        fd_buf_printf(&e, ",s%d:n", k);
    for (int k = 0; k < SECTORS; k++) {
        fd_buf_printf(&e, "\ns%d", k);
        for (int p = 0; p < SECTORS; p++)
            fd_buf_printf(&e, ",%d", n.need[k][p] = next_random(&seed) % 3 == 0);
    }
    fd_buf_putc(&e, '\n');
    n.firms = table_from(fd_buf_text(&f));
    n.links = table_from(fd_buf_text(&l));
    n.essential = table_from(fd_buf_text(&e));
    fd_buf_dispose(&f);
    fd_buf_dispose(&l);
    fd_buf_dispose(&e);
    return n;
}

static void net_dispose(net *n)
{
    fd_table_free(n->firms);
    fd_table_free(n->links);
    fd_table_free(n->essential);
}

/* One downstream update of firm i from the shortfalls d. */
static double down_of(const net *n, int i, const double *d)
{
    double lost[SECTORS] = { 0 }, all[SECTORS] = { 0 }, rest = 0, total = 0, least = 1;

    for (int j = 0; j < FIRMS; j++) {
        const int k = n->sector[j];

        total += n->w[j][i];
        all[k] += n->w[j][i];
        lost[k] += n->w[j][i] * d[j];
    }
    for (int k = 0; k < SECTORS; k++)
        if (n->need[k][n->sector[i]]) {
            if (all[k] > 0)
                least = fmin(least, 1 - lost[k] / all[k]);
        } else {
            rest += lost[k];
        }
    return total > 0 ? fmin(least, 1 - rest / total) : 1;
}

static void sweep(double *h, const net *n, int failed, bool replaceable)
{
    for (int i = 0; i < FIRMS; i++)
        h[i] = i != failed;
    for (double change = 1; change > 1e-13;) { /* some cycles leak a thousandth a round */
        double d[FIRMS], supply[SECTORS] = { 0 }, next[FIRMS];

        for (int j = 0; j < FIRMS; j++)
            supply[n->sector[j]] += n->out[j] * h[j];
        for (int j = 0; j < FIRMS; j++) {
            const double all = supply[n->sector[j]];

            d[j] = (1 - h[j]) * (replaceable && n->out[j] < all ? n->out[j] / all : 1);
        }
        for (int i = 0; i < FIRMS; i++)
            next[i] = fmin(h[i], down_of(n, i, d));
        change = 0;
        for (int i = 0; i < FIRMS; i++)
            change = fmax(change, h[i] - next[i]);
        memcpy(h, next, sizeof next);
    }
}

static double share(const net *n, const double *h)
{
    double lost = 0, all = 0;

    for (int i = 0; i < FIRMS; i++) {
        lost += n->out[i] * (1 - h[i]);
        all += n->out[i];
    }
    return lost / all;
}

static void test_against_sweeps(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        net n = random_net(seed);
        fd_table *t = NULL;

        assert_int_equal(fd_cascade_run(&t, n.firms, n.links, n.essential, NULL), 0);
        for (int i = 0; i < FIRMS; i++) {
            double h[FIRMS];

            sweep(h, &n, i, false);
            if (fabs(cell(t, (size_t)i, "esri_down_only") - share(&n, h)) > 1e-8)
                fail_msg("network %u, firm %d: %.15g, by sweeps %.15g", (unsigned)seed, i,
                         cell(t, (size_t)i, "esri_down_only"), share(&n, h));
            assert_true(cell(t, (size_t)i, "esri") >= share(&n, h) - 1e-9);
            assert_true(cell(t, (size_t)i, "esri") >= cell(t, (size_t)i, "esri_up_only") - 1e-12);
            assert_true(cell(t, (size_t)i, "esri") >=
                        cell(t, (size_t)i, "esri_with_replaceability") - 1e-9);
        }
        fd_table_free(t);
        net_dispose(&n);
    }
}

static void test_replaceable_against_sweeps(void **state)
{
    net n = random_net(9);
    fd_table *t = NULL;

    (void)state;
    assert_int_equal(fd_cascade_run(&t, n.firms, n.links, n.essential, NULL), 0);
    for (int i = 0; i < FIRMS; i++) {
        double h[FIRMS];

        sweep(h, &n, i, true);
        assert_true(cell(t, (size_t)i, "esri_with_replaceability") >= share(&n, h) - 1e-8);
        assert_true(cell(t, (size_t)i, "esri_with_replaceability") <=
                    share(&n, h) + cell(t, (size_t)i, "esri_up_only") + 1e-8);
    }
    fd_table_free(t);
    net_dispose(&n);
}

/* Order of rows: numbers differ by rounding alone; number of threads: not at all. */
static void test_order_and_threads(void **state)
{
    net n = random_net(3);
    fd_table *l = shuffled(n.links, 5), *a = NULL, *b = NULL;
    fd_pool *two = fd_pool_new(2);
    fd_cascade_options o = FD_CASCADE_OPTIONS_INIT;
    char *x, *y;

    (void)state;
    assert_int_equal(fd_cascade_run(&a, n.firms, n.links, n.essential, &o), 0);
    o.pool = two;
    assert_int_equal(fd_cascade_run(&b, n.firms, n.links, n.essential, &o), 0);
    x = printed(a);
    y = printed(b);
    assert_string_equal(x, y);
    free(x);
    free(y);
    fd_table_free(b);
    assert_int_equal(fd_cascade_run(&b, n.firms, l, n.essential, &o), 0);
    for (size_t i = 0; i < FIRMS; i++)
        for (size_t c = 1; c < a->column_count; c++)
            assert_near(a->columns[c]->v.est[i], b->columns[c]->v.est[i], 1e-12);
    fd_table_free(a);
    fd_table_free(b);
    fd_table_free(l);
    fd_pool_free(two);
    net_dispose(&n);
}

static const struct {
    const char *label, *firms, *links, *essential, *file;
    long row, column;
} bad[] = {
    { "firm twice", "firm,sector,final_sales:n\nA,s,1\nA,s,1\n", links, essential, "f.csv", 3, 1 },
    { "negative sales", "firm,sector,final_sales:n\nA,s,-1\n", links, essential, "f.csv", 2, 3 },
    { "unknown buyer", firms, "supplier,buyer,volume:n\nA,Z,1\n", essential, "l.csv", 2, 2 },
    { "no volume", firms, "supplier,buyer,volume:n\nA,B,\n", essential, "l.csv", 2, 3 },
    { "no such sector", firms, links, "code,s:n\ns,1\n", "e.csv", 0, 0 },
    { "output below sales",
      "firm,sector,final_sales:n,out_strength:n\nA,s,0,9\nB,t,0,9\nC,u,0,0\n"
      "D,v,0,15\n",
      links, essential, "f.csv", 2, 4 },
};

static void test_bad_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fd_table *f = table_from(bad[i].firms), *l = table_from(bad[i].links),
                 *e = table_from(bad[i].essential), *t = NULL;
        fd_cascade_options o = FD_CASCADE_OPTIONS_INIT;
        const fd_error *error = fd_error_last();

        o.firms_name = "f.csv";
        o.links_name = "l.csv";
        o.essential_name = "e.csv";
        if (fd_cascade_run(&t, f, l, e, &o) != FD_EINVAL || strcmp(error->file, bad[i].file) != 0 ||
            error->row != bad[i].row || error->column != bad[i].column)
            fail_msg("%s: %s row %ld column %ld: %s", bad[i].label, error->file, error->row,
                     error->column, error->message[FD_EN]);
        fd_table_free(f);
        fd_table_free(l);
        fd_table_free(e);
    }
}

/* Nobody; and one firm, which is all there is. */
static void test_degenerate(void **state)
{
    fd_table *f = table_from("firm,sector,final_sales:n\n"),
             *l = table_from("supplier,buyer,volume:n\n"), *e = table_from("code,s:n\ns,1\n"),
             *t = NULL;
    size_t row;

    (void)state;
    assert_int_equal(fd_cascade_run(&t, f, l, e, NULL), 0);
    assert_int_equal(t->rows, 0);
    fd_table_free(t);
    row = fd_table_add_row(f);
    fd_column_set_text(f->columns[0], row, "A");
    fd_column_set_text(f->columns[1], row, "s");
    fd_column_set_est(f->columns[2], row, 0);
    assert_int_equal(fd_cascade_run(&t, f, l, e, NULL), 0);
    assert_near(cell(t, 0, "esri"), 0, 0); /* nothing made, nothing lost */
    fd_table_free(t);
    fd_column_set_est(f->columns[2], row, 3);
    assert_int_equal(fd_cascade_run(&t, f, l, e, NULL), 0);
    assert_near(cell(t, 0, "esri"), 1, 0);
    fd_table_free(t);
    fd_table_free(f);
    fd_table_free(l);
    fd_table_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_against_sweeps),
        cmocka_unit_test(test_replaceable_against_sweeps),
        cmocka_unit_test(test_order_and_threads),
        cmocka_unit_test(test_bad_tables),
        cmocka_unit_test(test_degenerate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
