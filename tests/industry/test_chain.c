/*
 * Closure of bills of materials: by hand, against brute force on random graphs, and what must not
 * matter.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "base/pool.h"
#include "fangding/arena.h"
#include "fangding/chain.h"
#include "fangding/error.h"
#include "chain_build.h"

#define assert_near(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

typedef struct world {
    fd_table *items, *recipes, *enterprises;
} world;

static void world_dispose(world *w)
{
    fd_table_free(w->items);
    fd_table_free(w->recipes);
    fd_table_free(w->enterprises);
}

static fd_bom *read_bom(const world *w)
{
    fd_bom *bom = NULL;

    assert_int_equal(fd_bom_read(&bom, &(fd_bom_input){ w->items, w->recipes, w->enterprises,
                                                        "i.csv", "r.csv", "e.csv" }),
                     0);
    return bom;
}

/* A drone of a frame and two batteries; the frame is cut from sheet or printed; nobody in the park
 * makes cells, and the printer waits for filament. */
static world drone(void)
{
    return (world){
        table_from("item,class,unit_cost:n\nDRONE,final,0\nFRAME,part,9\nBATT,part,0\nCELL,cell,7\n"
                   "SHEET,raw,3\nFIL,raw,2\nIDLE,raw,1\n"),
        table_from("product,recipe,input,qty:n\nDRONE,a,FRAME,1\nDRONE,a,BATT,2\nBATT,a,CELL,6\n"
                   "FRAME,cut,SHEET,2\nFRAME,print,FIL,4\n"),
        table_from("enterprise,territory,item,capacity_per_year:n\nE1,park,DRONE,100\n"
                   "E2,park,FRAME,80\nE3,park,BATT,500\nE4,park,SHEET,60\nE5,national,CELL,600\n"
                   "E6,overseas,CELL,300\nE7,national,FIL,40\nE8,park,FIL,0\n"),
    };
}

typedef int maker(fd_table **out, const fd_bom *bom, const fd_closure_options *o);

static char *made(maker *make, const fd_bom *bom, const fd_closure_options *o)
{
    fd_table *t = NULL;
    char *text;

    assert_int_equal(make(&t, bom, o), 0);
    text = printed(t);
    fd_table_free(t);
    return text;
}

/* By hand: 60 sheets make 30 frames, 40 filaments 10 more; 600 cells make 100 batteries for 50
 * drones, 900 make 150 for 75. */
static const struct {
    const char *label, *territory, *expected;
    maker *make;
} by_hand[] = {
    { "summary", "park",
      "territory,items_reachable,items_with_producer,items_makeable,drone_makeable\n"
      "park,6,4,2,0\npark+national,6,6,6,1\npark+national+overseas,6,6,6,1\n",
      fd_closure_summary },
    { "a set by name", "park+overseas",
      "territory,items_reachable,items_with_producer,items_makeable,drone_makeable\n"
      "park+overseas,6,5,5,1\n",
      fd_closure_summary },
    { "a known level that nobody is in", "city",
      "territory,items_reachable,items_with_producer,items_makeable,drone_makeable\n"
      "city,6,4,2,0\ncity+national,6,6,6,1\ncity+national+overseas,6,6,6,1\n",
      fd_closure_summary },
    { "status", "park",
      "item,class,status,n_park,n_all,hhi_capacity_all,single_source_worldwide,overseas_only\n"
      "BATT,part,blocked_upstream,1,1,1,1,0\nCELL,cell,missing,0,2,0.555555555556,0,0\n"
      "DRONE,final,blocked_upstream,1,1,1,1,0\nFIL,raw,missing,0,1,1,1,0\n"
      "FRAME,part,makeable,1,1,1,1,0\nSHEET,raw,makeable,1,1,1,1,0\n",
      fd_closure_status },
    { "explosion", "park",
      "leaf,qty_per_drone,unit_cost,cost,park_makeable\nCELL,12,7,84,0\nSHEET,2,3,6,1\n",
      fd_closure_explosion },
    { "output", "park",
      "territory,max_drone_per_year\npark,0\npark+national,40\npark+national+overseas,40\n",
      fd_closure_max_output },
    { "failures", "overseas",
      "enterprise,item,loss_drone_per_year\nE1,DRONE,40\nE2,FRAME,40\nE3,BATT,40\nE4,SHEET,30\n"
      "E5,CELL,15\nE7,FIL,10\nE6,CELL,0\n",
      fd_closure_failures },
    { "lost", "overseas",
      "enterprise,item,finals_lost,finals\nE1,DRONE,1,1\nE2,FRAME,1,1\nE3,BATT,1,1\n"
      "E4,SHEET,0,1\nE5,CELL,0,1\nE6,CELL,0,1\nE7,FIL,0,1\n",
      fd_closure_lost },
    { "bottlenecks", "overseas", "item,capacity,used,dual\nFIL,40,40,0.25\nSHEET,60,60,0.5\n",
      fd_closure_bottlenecks },
    { "producers", "park",
      "objective,optimum,one_optimal_set\ncount,1,CELL\ncost_weighted,7,CELL\n",
      fd_closure_producers },
};

static void test_by_hand(void **state)
{
    world w = drone();
    fd_bom *bom = read_bom(&w);

    (void)state;
    for (size_t i = 0; i < sizeof by_hand / sizeof *by_hand; i++) {
        fd_closure_options o = FD_CLOSURE_OPTIONS_INIT;
        char *text;

        o.territory = by_hand[i].territory;
        text = made(by_hand[i].make, bom, &o);
        if (strcmp(text, by_hand[i].expected) != 0)
            fail_msg("%s:\n%s\nexpected:\n%s", by_hand[i].label, text, by_hand[i].expected);
        free(text);
    }
    fd_bom_free(bom);
    world_dispose(&w);
}

/* 60 drones: 60 frames of 40 (sheets lack 40, or filament 80), 720 cells of 900. */
static void test_target(void **state)
{
    world w = drone();
    fd_bom *bom = read_bom(&w);
    fd_closure_options o = FD_CLOSURE_OPTIONS_INIT;
    char *text;

    (void)state;
    o.territory = "overseas";
    o.target = 60;
    text = made(fd_closure_bottlenecks, bom, &o);
    assert_string_equal(text, "item,capacity,used,dual,short\nFIL,40,40,0.25,0\n"
                              "SHEET,60,60,0.5,40\n");
    free(text);
    fd_bom_free(bom);
    world_dispose(&w);
}

/* Steel of ore and of its own scrap: it does not start itself, with stock it does, and stock that
 * nobody can make again does not count. */
static void test_cycles(void **state)
{
    static const struct {
        const char *items, *enterprises;
        int steel;
    } cases[] = {
        { "item,initial_stock:n\nCAR,\nSTEEL,0\nSCRAP,0\nORE,0\n", "ORE", 0 },
        { "item,initial_stock:n\nCAR,\nSTEEL,1\nSCRAP,0\nORE,0\n", "ORE", 1 },
        { "item,initial_stock:n\nCAR,\nSTEEL,0\nSCRAP,1\nORE,0\n", "ORE", 1 },
        { "item,initial_stock:n\nCAR,\nSTEEL,1\nSCRAP,0\nORE,0\n", "CAR", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_buf e = FD_BUF_INIT;
        world w = { table_from(cases[i].items),
                    table_from("product,input,qty:n\nCAR,STEEL,1\nSTEEL,ORE,1\nSTEEL,SCRAP,0.1\n"
                               "SCRAP,STEEL,1\n"),
                    NULL };
        fd_closure_options o = FD_CLOSURE_OPTIONS_INIT;
        uint8_t makeable[4];
        uint32_t lost[8];
        fd_table *t = NULL;
        fd_bom *bom;

        fd_buf_printf(&e,
                      "enterprise,territory,item,capacity:n\nA,park,STEEL,9\nB,park,SCRAP,9\n"
                      "C,park,CAR,9\nD,park,%s,9\n",
                      cases[i].enterprises);
        w.enterprises = table_from(fd_buf_text(&e));
        bom = read_bom(&w);
        fd_bom_closure(makeable, bom, 1);
        assert_int_equal(makeable[1], cases[i].steel);
        assert_int_equal(makeable[0], cases[i].steel);
        assert_int_equal(fd_bom_lost(lost, bom, 1, NULL), 0);
        for (size_t k = 0; k < fd_bom_enterprises(bom); k++)
            assert_int_equal(lost[k], cases[i].steel);
        assert_int_equal(fd_closure_explosion(&t, bom, &o), FD_EINVAL);
        assert_string_equal(fd_error_last()->file, "r.csv");
        assert_true(fd_error_last()->row == 4 || fd_error_last()->row == 5);
        if (i > 0) { /* stock on the circle */
            assert_int_equal(fd_closure_producers(&t, bom, &o), FD_EINVAL);
        } else { /* no way to start it */
            assert_int_equal(fd_closure_producers(&t, bom, &o), 0);
            assert_int_equal(fd_column_state(t->columns[1], 0), FD_MISSING);
            fd_table_free(t);
        }
        fd_bom_free(bom);
        world_dispose(&w);
        fd_buf_dispose(&e);
    }
}

/* Steel from scrap of itself (a circle) or from pig iron: what is asked decides whether the circle
 * matters. */
static void test_around_a_circle(void **state)
{
    world w = {
        table_from("item,unit_cost:n\nCAR,0\nSTEEL,5\nSCRAP,1\nPIG,9\n"),
        table_from("product,recipe,input,qty:n\nCAR,x,STEEL,2\nSTEEL,scrap,SCRAP,1\n"
                   "STEEL,pig,PIG,1.5\nSCRAP,x,STEEL,1\n"),
        table_from("enterprise,territory,item,capacity:n\nA,park,CAR,9\n"),
    };
    fd_bom *bom = read_bom(&w);
    fd_closure_options o = FD_CLOSURE_OPTIONS_INIT;
    fd_table *t = NULL;
    char *text;

    (void)state;
    assert_int_equal(fd_closure_explosion(&t, bom, &o), FD_EINVAL);
    assert_string_equal(fd_error_last()->file, "r.csv");
    o.recipe = "pig";
    text = made(fd_closure_explosion, bom, &o);
    assert_string_equal(text, "leaf,qty_per_car,unit_cost,cost,park_makeable\nPIG,3,9,27,0\n");
    free(text);
    text = made(fd_closure_producers, bom, &o); /* not SCRAP;STEEL, which wait for each other */
    assert_string_equal(text, "objective,optimum,one_optimal_set\ncount,2,PIG;STEEL\n"
                              "cost_weighted,14,PIG;STEEL\n");
    free(text);
    fd_bom_free(bom);
    world_dispose(&w);
}

/* A licence of which no quantity is used up is needed all the same. */
static void test_quantity_of_zero(void **state)
{
    world w = {
        table_from("item\nCAR\nLICENCE\nSTEEL\n"),
        table_from("product,input,qty:n\nCAR,LICENCE,0\nCAR,STEEL,1\n"),
        table_from("enterprise,territory,item,capacity:n\nA,park,CAR,9\nB,park,LICENCE,1\n"
                   "C,park,STEEL,20\n"),
    };
    fd_bom *bom = read_bom(&w);
    fd_closure_options o = FD_CLOSURE_OPTIONS_INIT;
    char *text = made(fd_closure_failures, bom, &o);

    (void)state;
    assert_string_equal(text, "enterprise,item,loss_car_per_year\nA,CAR,9\nB,LICENCE,9\n"
                              "C,STEEL,9\n");
    free(text);
    fd_bom_free(bom);
    world_dispose(&w);
}

/* ---- random graphs ---- */

/* Items 0 … n-1 whose inputs have larger numbers, or with circles any but 0 and quantities of zero
 * among them; up to three recipes each; enterprises of one to three items, some of them sole
 * producers. */
static world random_world_with(uint64_t seed, size_t items, size_t enterprises, bool circles)
{
    fd_buf i = FD_BUF_INIT, r = FD_BUF_INIT, e = FD_BUF_INIT;
    world w;

    seed = seed * 0x9e3779b97f4a7c15u + 1;
    fd_buf_puts(&i, "item,unit_cost:n\n");
    fd_buf_puts(&r, "product,recipe,input,qty:n\n");
    fd_buf_puts(&e, "enterprise,territory,item,capacity:n\n");
    for (size_t k = 0; k < items; k++) {
        fd_buf_printf(&i, "I%02zu,%zu\n", k, (size_t)(next_random(&seed) % 9));
        for (size_t m = next_random(&seed) % 3; m > 0 && k + 1 < items; m--)
            for (size_t n = 1 + next_random(&seed) % 3; n > 0; n--) {
                const bool back = circles && next_random(&seed) % 4 == 0;
                const size_t from = back ? 0 : k;

                fd_buf_printf(&r, "I%02zu,r%zu,I%02zu,%zu\n", k, m,
                              from + 1 + (size_t)(next_random(&seed) % (items - from - 1)),
                              (size_t)(!circles + next_random(&seed) % 4));
            }
    }
    for (size_t k = 0; k < enterprises; k++)
        for (size_t m = 1 + next_random(&seed) % 3; m > 0; m--)
            fd_buf_printf(&e, "E%02zu,%s,I%02zu,%zu\n", k, next_random(&seed) % 2 ? "park" : "city",
                          (size_t)(next_random(&seed) % items), (size_t)(next_random(&seed) % 50));
    w = (world){ table_from(fd_buf_text(&i)), table_from(fd_buf_text(&r)),
                 table_from(fd_buf_text(&e)) };
    fd_buf_dispose(&i);
    fd_buf_dispose(&r);
    fd_buf_dispose(&e);
    return w;
}

static world random_world(uint64_t seed, size_t items, size_t enterprises)
{
    return random_world_with(seed, items, enterprises, false);
}

/* The table of enterprises without one of them, or with its first `rows` rows. */
static fd_table *without(const fd_table *e, const char *enterprise, size_t rows)
{
    bool *keep = calloc(e->rows + 1, sizeof *keep);
    fd_table *out = NULL;

    for (size_t i = 0; i < e->rows; i++)
        keep[i] =
            i < rows && (!enterprise || strcmp(fd_column_text(e->columns[0], i), enterprise) != 0);
    assert_int_equal(fd_table_filter(&out, e, keep), 0);
    free(keep);
    return out;
}

enum { ITEMS = 24, ENTERPRISES = 40, WORLDS = 40 };

static void test_monotone(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        world w = random_world(seed, ITEMS, ENTERPRISES);
        uint8_t before[ITEMS] = { 0 }, now[ITEMS];

        for (size_t rows = 0; rows <= w.enterprises->rows; rows += 7) {
            world part = { w.items, w.recipes, without(w.enterprises, NULL, rows) };
            fd_bom *bom = read_bom(&part);
            uint64_t set;

            assert_int_equal(fd_bom_territories(&set, bom, "city"), 0);
            fd_bom_closure(now, bom, set);
            for (size_t i = 0; i < ITEMS; i++)
                assert_true(now[i] >= before[i]);
            memcpy(before, now, sizeof now);
            for (size_t i = 0; i < ITEMS; i++) { /* no producer: not makeable */
                bool produced = false;

                for (size_t k = 0; k < part.enterprises->rows; k++)
                    produced |= strcmp(fd_column_text(part.enterprises->columns[2], k),
                                       fd_bom_item(bom, i)) == 0 &&
                                part.enterprises->columns[3]->v.est[k] > 0;
                assert_true(produced || !now[i]);
            }
            fd_bom_free(bom);
            fd_table_free(part.enterprises);
        }
        world_dispose(&w);
    }
}

/* fd_bom_lost() and the losses of output beside what comes out when the enterprise is taken off the
 * table. */
static void test_failures_by_removal(void **state)
{
    size_t lossy = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 2 * WORLDS; seed++) {
        world w = random_world_with(seed, ITEMS, ENTERPRISES, seed > WORLDS);
        fd_bom *bom = read_bom(&w);
        fd_closure_options o = FD_CLOSURE_OPTIONS_INIT;
        const uint32_t *finals;
        uint32_t lost[ENTERPRISES];
        uint8_t base[ITEMS], now[ITEMS];
        uint64_t set;
        fd_table *failures = NULL, *output = NULL;
        double best;

        if (!fd_bom_finals(bom, &finals)) { /* circles */
            fd_bom_free(bom);
            world_dispose(&w);
            continue;
        }
        o.territory = "city";
        assert_int_equal(fd_bom_territories(&set, bom, "city"), 0);
        fd_bom_closure(base, bom, set);
        assert_int_equal(fd_bom_lost(lost, bom, set, NULL), 0);
        assert_int_equal(fd_closure_failures(&failures, bom, &o), 0);
        assert_int_equal(fd_closure_max_output(&output, bom, &o), 0);
        best = output->columns[1]->v.est[0];
        fd_table_free(output);
        for (size_t e = 0; e < fd_bom_enterprises(bom); e++) {
            world rest = { w.items, w.recipes,
                           without(w.enterprises, fd_bom_enterprise(bom, e), SIZE_MAX) };
            fd_bom *less = read_bom(&rest);
            size_t gone = 0, n = fd_bom_finals(bom, &finals);

            assert_int_equal(fd_bom_territories(&set, less, "city"), 0);
            fd_bom_closure(now, less, set);
            for (size_t f = 0; f < n; f++)
                gone += base[finals[f]] && !now[finals[f]];
            assert_int_equal(lost[e], gone);
            lossy += gone > 0;
            assert_int_equal(fd_closure_max_output(&output, less, &o), 0);
            for (size_t r = 0; r < failures->rows; r++)
                if (strcmp(fd_column_text(failures->columns[0], r), fd_bom_enterprise(bom, e)) ==
                    0) {
                    assert_true(failures->columns[2]->v.est[r] >= 0);
                    assert_near(failures->columns[2]->v.est[r], best - output->columns[1]->v.est[0],
                                1e-7);
                }
            fd_table_free(output);
            fd_bom_free(less);
            fd_table_free(rest.enterprises);
        }
        fd_table_free(failures);
        fd_bom_free(bom);
        world_dispose(&w);
    }
    assert_true(lossy > 20); /* the worlds do hang on somebody */
}

/* The least weight of new producers by trying all sets of items. */
static double cheapest(const world *w, const fd_bom *bom, const double *weight, uint32_t final)
{
    const size_t n = fd_bom_items(bom);
    double best = HUGE_VAL;

    for (uint32_t set = 0; set < 1u << n; set++) {
        world more = { w->items, w->recipes, without(w->enterprises, NULL, SIZE_MAX) };
        uint8_t now[32];
        double cost = 0;
        uint64_t levels;
        fd_bom *bigger;

        for (size_t i = 0; i < n; i++)
            cost += set >> i & 1 ? weight[i] : 0;
        if (cost >= best) {
            fd_table_free(more.enterprises);
            continue;
        }
        for (size_t i = 0; i < n; i++)
            if (set >> i & 1) {
                const size_t row = fd_table_add_row(more.enterprises);

                fd_column_set_text(more.enterprises->columns[0], row, "NEW");
                fd_column_set_text(more.enterprises->columns[1], row, "park");
                fd_column_set_text(more.enterprises->columns[2], row, fd_bom_item(bom, i));
                fd_column_set_est(more.enterprises->columns[3], row, 1);
            }
        bigger = read_bom(&more);
        assert_int_equal(fd_bom_territories(&levels, bigger, "park"), 0);
        fd_bom_closure(now, bigger, levels);
        if (now[final])
            best = cost;
        fd_bom_free(bigger);
        fd_table_free(more.enterprises);
    }
    return best;
}

static void test_fewest_producers_by_trial(void **state)
{
    size_t tried = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 36; seed++) {
        world w = random_world_with(seed, 9, 6, seed > 12);
        fd_bom *bom = read_bom(&w);
        fd_closure_options o = FD_CLOSURE_OPTIONS_INIT;
        const uint32_t *finals;
        double one[9];
        fd_table *t = NULL;

        o.territory = "park";
        for (size_t i = 0; i < 9; i++)
            one[i] = 1;
        if (fd_bom_finals(bom, &finals)) {
            assert_int_equal(fd_closure_producers(&t, bom, &o), 0);
            if (fd_column_state(t->columns[1], 0) == FD_HAS) {
                assert_near(t->columns[1]->v.est[0], cheapest(&w, bom, one, finals[0]), 1e-9);
                assert_near(t->columns[1]->v.est[1],
                            cheapest(&w, bom, w.items->columns[1]->v.est, finals[0]), 1e-9);
            } else { /* circles alone */
                assert_true(isinf(cheapest(&w, bom, one, finals[0])));
            }
            fd_table_free(t);
            tried++;
        }
        fd_bom_free(bom);
        world_dispose(&w);
    }
    assert_true(tried > 18);
}

/* The order of rows does not matter, except that of the final goods. */
static void test_rows_in_any_order(void **state)
{
    static maker *const makers[] = { fd_closure_summary,   fd_closure_status,
                                     fd_closure_explosion, fd_closure_max_output,
                                     fd_closure_failures,  fd_closure_lost };
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        world w = random_world(seed, ITEMS, ENTERPRISES);
        world other = { shuffled(w.items, seed), shuffled(w.recipes, seed + 1),
                        shuffled(w.enterprises, seed + 2) };
        fd_bom *a = read_bom(&w), *b = read_bom(&other);
        fd_closure_options o = FD_CLOSURE_OPTIONS_INIT;
        const uint32_t *finals;

        assert_true(fd_bom_finals(a, &finals) > 0);
        o.territory = "park";
        o.final = fd_bom_item(a, finals[0]);
        for (size_t m = 0; m < sizeof makers / sizeof *makers; m++) {
            char *x = NULL, *y = NULL;
            fd_table *t = NULL, *sorted = NULL;

            if (makers[m] == fd_closure_explosion)
                o.recipe = "r1,r2"; /* which recipe comes first is a matter of order */
            for (int k = 0; k < 2; k++) {
                const int err = makers[m](&t, k ? b : a, &o);

                if (err == FD_ENOTFOUND && o.recipe)
                    continue; /* nothing to choose */
                assert_int_equal(err, 0);
                assert_int_equal(
                    fd_table_sort(&sorted, t, &(fd_sort_key){ t->columns[0]->id, false }, 1), 0);
                *(k ? &y : &x) = printed(sorted);
                fd_table_free(t);
                fd_table_free(sorted);
            }
            if (makers[m] != fd_closure_failures && makers[m] != fd_closure_lost && x)
                assert_string_equal(x, y);
            else if (x)
                assert_int_equal(strlen(x), strlen(y)); /* items of one enterprise by row */
            free(x);
            free(y);
            o.recipe = NULL;
        }
        fd_bom_free(a);
        fd_bom_free(b);
        world_dispose(&w);
        world_dispose(&other);
    }
}

static void test_threads(void **state)
{
    fd_pool *two = fd_pool_new(2);
    world w = random_world(7, 3000, 2500);
    fd_bom *bom = read_bom(&w);
    uint32_t *a = calloc(2500, sizeof *a), *b = calloc(2500, sizeof *b);

    (void)state;
    assert_int_equal(fd_bom_lost(a, bom, 3, NULL), 0);
    assert_int_equal(fd_bom_lost(b, bom, 3, two), 0);
    assert_memory_equal(a, b, fd_bom_enterprises(bom) * sizeof *a);
    free(a);
    free(b);
    fd_pool_free(two);
    fd_bom_free(bom);
    world_dispose(&w);
}

/* ---- what is wrong with a table ---- */

static const char good_items[] = "item,unit_cost:n\nA,1\nB,1\n";
static const char good_recipes[] = "product,recipe,input,qty:n\nA,r,B,2\n";
static const char good_enterprises[] = "enterprise,territory,item,capacity:n\nE,park,A,5\n";

static const struct {
    const char *label, *items, *recipes, *enterprises, *file;
    int code;
    long row, column;
} bad[] = {
    { "item twice", "item,unit_cost:n\nA,1\nA,1\n", good_recipes, good_enterprises, "i.csv",
      FD_EINVAL, 3, 1 },
    { "negative cost", "item,unit_cost:n\nA,1\nB,-1\n", good_recipes, good_enterprises, "i.csv",
      FD_EINVAL, 3, 2 },
    { "no code", "item,unit_cost:n\nA,1\n,1\n", good_recipes, good_enterprises, "i.csv", FD_EINVAL,
      3, 1 },
    { "no column", "code\nA\n", good_recipes, good_enterprises, "i.csv", FD_ENOTFOUND, 1, 0 },
    { "unknown input", good_items, "product,recipe,input,qty:n\nA,r,B,2\nA,r,C,2\n",
      good_enterprises, "r.csv", FD_EINVAL, 3, 3 },
    { "unknown product", good_items, "product,recipe,input,qty:n\nC,r,B,2\n", good_enterprises,
      "r.csv", FD_EINVAL, 2, 1 },
    { "negative quantity", good_items, "product,recipe,input,qty:n\nA,r,B,-2\n", good_enterprises,
      "r.csv", FD_EINVAL, 2, 4 },
    { "no quantity", good_items, "product,recipe,input,qty:n\nA,r,B,\n", good_enterprises, "r.csv",
      FD_EINVAL, 2, 4 },
    { "not a number", good_items, "product,recipe,input,qty\nA,r,B,2\nA,q,B,two\n",
      good_enterprises, "r.csv", FD_EINVAL, 3, 4 },
    { "unknown item offered", good_items, good_recipes,
      "enterprise,territory,item,capacity:n\nE,park,Z,5\n", "e.csv", FD_EINVAL, 2, 3 },
    { "negative capacity", good_items, good_recipes,
      "enterprise,territory,item,capacity:n\nE,park,A,-5\n", "e.csv", FD_EINVAL, 2, 4 },
    { "no territory", good_items, good_recipes, "enterprise,territory,item,capacity:n\nE,,A,5\n",
      "e.csv", FD_EINVAL, 2, 2 },
};

static void test_bad_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        world w = { table_from(bad[i].items), table_from(bad[i].recipes),
                    table_from(bad[i].enterprises) };
        fd_bom *bom = NULL;
        const int err = fd_bom_read(&bom, &(fd_bom_input){ w.items, w.recipes, w.enterprises,
                                                           "i.csv", "r.csv", "e.csv" });
        const fd_error *e = fd_error_last();

        if (err != bad[i].code || strcmp(e->file, bad[i].file) != 0 || e->row != bad[i].row ||
            e->column != bad[i].column)
            fail_msg("%s: %d %s row %ld column %ld: %s", bad[i].label, err, e->file, e->row,
                     e->column, e->message[FD_EN]);
        world_dispose(&w);
    }
}

/* Empty tables, an unknown capacity, an unknown name. */
static void test_degenerate(void **state)
{
    world none = { table_from("item\n"), table_from("product,input,qty:n\n"),
                   table_from("enterprise,territory,item,capacity:n\n") };
    world unknown = drone();
    fd_closure_options o = FD_CLOSURE_OPTIONS_INIT;
    fd_table *t = NULL;
    fd_bom *bom = read_bom(&none);
    uint8_t makeable[8] = { 0 };

    (void)state;
    fd_bom_closure(makeable, bom, UINT64_MAX);
    assert_int_equal(fd_closure_summary(&t, bom, &o), FD_ENOTFOUND); /* no final good */
    fd_bom_free(bom);
    fd_column_set_state(unknown.enterprises->columns[3], 0, FD_MISSING);
    bom = read_bom(&unknown);
    o.territory = "national";
    fd_bom_closure(makeable, bom, 3);
    assert_true(makeable[0]); /* somebody makes drones, nobody knows how many */
    assert_int_equal(fd_closure_max_output(&t, bom, &o), FD_EINVAL);
    assert_int_equal(fd_error_last()->row, 2);
    o.territory = "moon";
    assert_int_equal(fd_closure_summary(&t, bom, &o), FD_ENOTFOUND);
    o.territory = "park";
    o.final = "SAUCER";
    assert_int_equal(fd_closure_status(&t, bom, &o), FD_ENOTFOUND);
    fd_bom_free(bom);
    world_dispose(&none);
    world_dispose(&unknown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_target),
        cmocka_unit_test(test_cycles),
        cmocka_unit_test(test_around_a_circle),
        cmocka_unit_test(test_quantity_of_zero),
        cmocka_unit_test(test_monotone),
        cmocka_unit_test(test_failures_by_removal),
        cmocka_unit_test(test_fewest_producers_by_trial),
        cmocka_unit_test(test_rows_in_any_order),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_bad_tables),
        cmocka_unit_test(test_degenerate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
