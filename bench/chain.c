/*
 * How fast chains are followed: chain [FIRMS]
 *
 * One bill of materials of 100,000 items in 12 levels and 50,000 enterprises, from seed 1 (an item
 * above the lowest level has 1 to 7 inputs, mean 4, from deeper levels, one item in ten a second
 * recipe; an item has 1 to 5 producers, mean 3), loaded once: closure, then final goods lost at
 * every single failure, on one thread and on all.  Then the cascade of every firm in a network of
 * FIRMS (10,000) firms and five times as many links, 50 sectors, a third of the pairs essential.
 * Wall seconds, medians of five (the cascade once).  Sums are printed, so that no work can be left
 * out, and the bytes of one and all threads are compared.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/pool.h"
#include "fangding/chain.h"

enum { ITEMS = 100000, ENTERPRISES = 50000, DEPTH = 12, RUNS = 5, SECTORS = 50 };

static uint64_t state = 1;

static uint64_t next_random(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static size_t below(size_t n)
{
    return (size_t)(next_random() % n);
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static fd_table *table_of(const char *const *columns, size_t texts, size_t count)
{
    fd_table *t = fd_table_new("t", "t", "t");

    for (size_t c = 0; c < count; c++)
        fd_table_add_new(t, columns[c], "", "", c < texts ? FD_TEXT : FD_EST, "", 0);
    return t;
}

static void put(fd_table *t, size_t row, size_t column, char kind, size_t number)
{
    char text[32];

    snprintf(text, sizeof text, "%c%zu", kind, number);
    fd_column_set_text(t->columns[column], row, text);
}

/* A recipe of `product` from items of deeper levels. */
static void add_recipe(fd_table *t, size_t product, size_t from, size_t recipe)
{
    for (size_t n = 1 + below(7); n > 0; n--) {
        const size_t row = fd_table_add_row(t);

        put(t, row, 0, 'I', product);
        put(t, row, 1, 'r', recipe);
        put(t, row, 2, 'I', from + below(ITEMS - from));
        fd_column_set_est(t->columns[3], row, (double)(1 + below(4)));
    }
}

static fd_bom *make_bom(void)
{
    static const char *const names[3][4] = { { "item" },
                                             { "product", "recipe", "input", "qty" },
                                             { "enterprise", "territory", "item", "capacity" } };
    fd_table *items = table_of(names[0], 1, 1), *recipes = table_of(names[1], 3, 4),
             *enterprises = table_of(names[2], 3, 4);
    fd_bom *bom = NULL;

    for (size_t i = 0; i < ITEMS; i++) {
        const size_t level = i * DEPTH / ITEMS, deeper = ((level + 1) * ITEMS + DEPTH - 1) / DEPTH;

        put(items, fd_table_add_row(items), 0, 'I', i);
        if (level + 1 < DEPTH)
            for (size_t recipe = 0; recipe <= (below(10) == 0); recipe++)
                add_recipe(recipes, i, deeper, recipe);
        for (size_t n = 1 + below(5); n > 0; n--) {
            const size_t row = fd_table_add_row(enterprises);

            put(enterprises, row, 0, 'E', below(ENTERPRISES));
            fd_column_set_text(enterprises->columns[1], row, "park");
            put(enterprises, row, 2, 'I', i);
            fd_column_set_est(enterprises->columns[3], row, (double)(1 + below(1000)));
        }
    }
    if (fd_bom_read(&bom, &(fd_bom_input){ items, recipes, enterprises, NULL, NULL, NULL }) < 0)
        fprintf(stderr, "%s\n", fd_error_last()->message[FD_EN]);
    fd_table_free(items);
    fd_table_free(recipes);
    fd_table_free(enterprises);
    return bom;
}

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double median(double *runs)
{
    qsort(runs, RUNS, sizeof *runs, compare_numbers);
    return runs[RUNS / 2];
}

static void line(const char *what, double time, const char *aim)
{
    printf("%-46s | %9.3f | %9s | %-18s | %s\n", what, time, "-", "-", aim);
}

static int run_bom(fd_pool *all)
{
    fd_bom *bom = make_bom();
    uint8_t *makeable = malloc(ITEMS);
    uint32_t *lost[2] = { malloc(ENTERPRISES * sizeof **lost),
                          malloc(ENTERPRISES * sizeof **lost) };
    double runs[3][RUNS];
    size_t made = 0, losses = 0, count;
    const uint32_t *finals;
    uint64_t set;
    int bad = !bom;

    if (bad)
        goto done;
    fd_bom_territories(&set, bom, NULL);
    for (int k = 0; k < RUNS && !bad; k++) {
        double at = seconds();

        fd_bom_closure(makeable, bom, set);
        runs[0][k] = seconds() - at;
        for (int threads = 0; threads < 2; threads++) {
            at = seconds();
            bad |= fd_bom_lost(lost[threads], bom, set, threads ? all : NULL) < 0;
            runs[1 + threads][k] = seconds() - at;
        }
    }
    count = fd_bom_enterprises(bom);
    for (size_t i = 0; i < ITEMS; i++)
        made += makeable[i];
    for (size_t e = 0; e < count; e++)
        losses += lost[0][e];
    bad |= memcmp(lost[0], lost[1], count * sizeof **lost) != 0;
    line("closure of 100,000 items x 50,000 enterprises", median(runs[0]), "<= 0.1 s");
    line("every single failure, one thread", median(runs[1]), "-");
    line("every single failure, all threads", median(runs[2]), "<= 3 s");
    printf("  %zu items makeable, %zu final goods, %zu losses, threads %s\n", made,
           fd_bom_finals(bom, &finals), losses, bad ? "DIFFER" : "agree");
done:
    free(makeable);
    free(lost[0]);
    free(lost[1]);
    fd_bom_free(bom);
    return bad;
}

static int run_cascade(size_t firms, fd_pool *pool)
{
    static const char *const names[2][3] = { { "firm", "sector", "final_sales" },
                                             { "supplier", "buyer", "volume" } };
    char sector[SECTORS + 1][8] = { "code" };
    const char *columns[SECTORS + 1] = { sector[0] };
    fd_table *f = table_of(names[0], 2, 3), *l = table_of(names[1], 2, 3), *e, *t = NULL;
    fd_cascade_options o = FD_CASCADE_OPTIONS_INIT;
    double at, sum = 0;
    char what[80];

    for (size_t k = 0; k < SECTORS; k++) {
        snprintf(sector[k + 1], sizeof sector[0], "S%u", (unsigned)k % 1000);
        columns[k + 1] = sector[k + 1];
    }
    e = table_of(columns, 1, SECTORS + 1);
    for (size_t k = 0; k < SECTORS; k++) {
        fd_table_add_row(e);
        fd_column_set_text(e->columns[0], k, columns[k + 1]);
        for (size_t p = 0; p < SECTORS; p++)
            fd_column_set_est(e->columns[p + 1], k, below(3) == 0);
    }
    for (size_t i = 0; i < firms; i++) {
        fd_table_add_row(f);
        put(f, i, 0, 'F', i);
        put(f, i, 1, 'S', below(SECTORS));
        fd_column_set_est(f->columns[2], i, (double)below(200));
    }
    for (size_t i = 0; i < 5 * firms; i++) {
        fd_table_add_row(l);
        put(l, i, 0, 'F', below(firms));
        put(l, i, 1, 'F', below(firms));
        fd_column_set_est(l->columns[2], i, (double)(1 + below(100)));
    }
    o.pool = pool;
    at = seconds();
    if (fd_cascade_run(&t, f, l, e, &o) < 0) {
        fprintf(stderr, "%s\n", fd_error_last()->message[FD_EN]);
        return 1;
    }
    snprintf(what, sizeof what, "cascades of %zu firms x %zu links", firms, 5 * firms);
    line(what, seconds() - at, "<= 90 s");
    for (size_t i = 0; i < t->rows; i++)
        sum += t->columns[1]->v.est[i];
    printf("  mean index %.6f\n", sum / (double)(t->rows ? t->rows : 1));
    fd_table_free(f);
    fd_table_free(l);
    fd_table_free(e);
    fd_table_free(t);
    return 0;
}

int main(int argc, char **argv)
{
    fd_pool *all = fd_pool_new(0);
    const size_t firms = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000;
    const int bad = run_bom(all) || run_cascade(firms, all);

    fd_pool_free(all);
    return bad;
}
