/*
 * Chains: what can be made where, what is missing, what hangs on one enterprise.
 *
 * A bill of materials is an AND/OR graph: an item is made by one of its recipes (OR), a recipe
 * needs all of its inputs (AND), and an item without a recipe is simply supplied.  Enterprises in
 * territories, nested from park to overseas, offer items with a capacity.
 *
 * Pure: tables in, tables out; no file, no clock, no city.  The same input gives the same bytes on
 * any number of threads, and rows may stand in any order.  How to use it: docs/methods/chain.md.
 */
#ifndef FANGDING_CHAIN_H
#define FANGDING_CHAIN_H

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

struct fd_pool;

/* The three tables, with what to call them in an error (a file name, or NULL). */
typedef struct fd_bom_input {
    const fd_table *items;       /* item; name, class, unit_cost, initial_stock (1: yes) or none */
    const fd_table *recipes;     /* product, input, qty; recipe or none */
    const fd_table *enterprises; /* enterprise, territory, item, capacity_per_year (or capacity) */
    const char *items_name, *recipes_name, *enterprises_name;
} fd_bom_input;

typedef struct fd_bom fd_bom;

/**
 * Check the tables and index them; *out holds copies, the tables may go.
 *
 * Rows of one product and recipe make up that recipe; an input that stands in it twice is added up.
 * A capacity that is missing is unknown: the enterprise counts as a producer, and what needs
 * capacities refuses.  0 is no producer.
 *
 * @return FD_ENOTFOUND a column; FD_EINVAL an item twice, an item that is unknown, a quantity or
 *         capacity that is negative, a quantity that is missing: with file, row and column;
 *         FD_ELIMIT more than 64 territories. O(rows). fd_bom_free() releases.
 */
FD_API int fd_bom_read(fd_bom **out, const fd_bom_input *in);
FD_API void fd_bom_free(fd_bom *bom); /* NULL is fine */

FD_API size_t fd_bom_items(const fd_bom *bom);
FD_API const char *fd_bom_item(const fd_bom *bom, size_t item); /* its code */
FD_API size_t fd_bom_enterprises(const fd_bom *bom);
FD_API const char *fd_bom_enterprise(const fd_bom *bom, size_t enterprise);
/** Final goods: items that have a recipe and go into nothing; in the order of the items. *list is
 * borrowed. @return how many */
FD_API size_t fd_bom_finals(const fd_bom *bom, const uint32_t **list);

/**
 * The set of territories that a text names: "park+province" exactly these; "province" alone that
 * level and those inside it.  The nesting is park < county < city < province < national < overseas
 * (园区 县 市 省 全国 海外); names beyond these come last in order of first appearance.  NULL: the
 * innermost level that has an enterprise.
 * @return FD_ENOTFOUND a name that is neither known nor in the table
 */
FD_API int fd_bom_territories(uint64_t *set, const fd_bom *bom, const char *text);

/**
 * Which items can be made with the enterprises of the territories: the least fixed point of
 *
 *     makeable(i)  iff  i has an enterprise there with capacity > 0, and
 *                       (i has no recipe, or some recipe has all inputs makeable)
 *
 * A cycle does not start itself unless an item of it is marked initial_stock and can then be made
 * again.  makeable: an entry per item, 0 or 1.  O(items + inputs + offers) by counters: each input
 * is looked at once when its item becomes makeable.
 */
FD_API void fd_bom_closure(uint8_t *makeable, const fd_bom *bom, uint64_t set);

/**
 * For each enterprise, how many final goods that can be made can no longer be made without it (all
 * of its items at once).
 *
 * Only an enterprise that is the sole producer of something matters; 512 of them are followed
 * through the graph at once, a bit each, which is exact also with alternative recipes.
 * lost: an entry per enterprise.  O((items + inputs) × sole producers / 512) words.
 * @return a code of the pool
 */
FD_API int fd_bom_lost(uint32_t *lost, const fd_bom *bom, uint64_t set, struct fd_pool *pool);

typedef struct fd_closure_options {
    int version;
    const char *territory; /* as fd_bom_territories() reads it */
    const char *final;     /* code of the final good; NULL: all, or the first where one is needed */
    const char *recipe; /* explosion: which recipe where there are several, "own_fc" for any item or
                           "ITEM=own_fc", comma-separated; NULL: the first of the table */
    double target;      /* max-output: wanted a year, for what falls short; 0: none */
    size_t nodes;       /* producers: at most so many programs per objective */
    struct fd_pool *pool;
} fd_closure_options;
#define FD_CLOSURE_OPTIONS_INIT                                                                    \
    {                                                                                              \
        1, NULL, NULL, NULL, 0, 20000, NULL                                                        \
    }

/* Each makes one table, which the caller frees.  T stands for the territory, f for the final good
 * in lower case.  FD_ENOTFOUND an unknown territory or final good, or no final good at all. */

/** territory, items_reachable, items_with_producer, items_makeable, f_makeable (one column each; of
 * more than 16 final goods their number, finals_makeable): a row for T and for each wider level
 * added to it.  Reachable: the final goods and whatever may go into them. */
FD_API int fd_closure_summary(fd_table **out, const fd_bom *bom, const fd_closure_options *o);
/** item, class, status (makeable, missing: no producer in T, blocked_upstream), n_T, n_all
 * (producers), hhi_capacity_all (sum of squared shares of capacity), single_source_worldwide,
 * overseas_only (0 or 1): reachable items by code. */
FD_API int fd_closure_status(fd_table **out, const fd_bom *bom, const fd_closure_options *o);
/** leaf, qty_per_f, unit_cost, cost, T_makeable: what one unit of the final good takes of the items
 * without recipe, through one recipe of each item. FD_EINVAL: the recipes chosen go in a circle,
 * with its place. */
FD_API int fd_closure_explosion(fd_table **out, const fd_bom *bom, const fd_closure_options *o);
/** territory, max_f_per_year: the largest output, for T and each wider level, by the linear program
 *
 *     max y(f)   s.t.  made(i) = sum of a(r) over i's recipes <= capacity(i),
 *                      used(i) = sum of a(r) qty(r, i) <= made(i)   (<= capacity(i) without recipe)
 *
 * FD_EINVAL: a capacity is unknown. */
FD_API int fd_closure_max_output(fd_table **out, const fd_bom *bom, const fd_closure_options *o);
/** item, capacity, used, dual: where the largest output in T ends: items whose capacity is used up;
 * dual: more final goods a year for one more unit of capacity (0: not on this item alone). With a
 * target: short, the capacity that is missing for it, and every item that is short. */
FD_API int fd_closure_bottlenecks(fd_table **out, const fd_bom *bom, const fd_closure_options *o);
/** enterprise, item, loss_f_per_year: the largest output less the largest output without the
 * enterprise; the greatest loss first.  Of an enterprise with several items, items joined by ";".
 */
FD_API int fd_closure_failures(fd_table **out, const fd_bom *bom, const fd_closure_options *o);
/** enterprise, item, finals_lost, finals: final goods that cannot be made in T without it. */
FD_API int fd_closure_lost(fd_table **out, const fd_bom *bom, const fd_closure_options *o);
/** objective (count, cost_weighted), optimum, one_optimal_set: the fewest items, and the least sum
 * of unit costs of items, that need a new producer in T before f can be made there.  Exact branch
 * and bound over the recipes with linear programs below; a note gives bound and gap.  Only the
 * optimum is unique.  Where recipes go in circles, a plan counts when it starts from materials; no
 * optimum where none does. FD_EINVAL: a circle with initial stock on it. */
FD_API int fd_closure_producers(fd_table **out, const fd_bom *bom, const fd_closure_options *o);

/* ---- cascades ---- */

typedef struct fd_cascade_options {
    int version;
    double stop;         /* a change at most so large is not carried on */
    bool replaceability; /* the third cascade, too */
    struct fd_pool *pool;
    const char *firms_name, *links_name, *essential_name; /* for errors */
} fd_cascade_options;
#define FD_CASCADE_OPTIONS_INIT                                                                    \
    {                                                                                              \
        1, 1e-12, true, NULL, NULL, NULL, NULL                                                     \
    }

/**
 * Economic systemic risk index: the share of all output that stops when one firm stops (Diem,
 * Borsos, Reisch, Kertész, Thurner 2022, doi:10.1038/s41598-022-11522-z).
 *
 * With W(j,i) the volume that j sells to i, p the sector, out the out-strength (final sales
 * included), starting from 1 with the failed firm at 0:
 *
 *   short d(j) = s(j) (1 - hd(j));  s = 1, or with replaceability
 *                s(j) = min(1, out(j) / sum over l of p(j) of out(l) hd(l))
 *   hd(i) <- min(hd(i), min over essential sectors k of 1 - sum_k W(j,i) d(j) / sum_k W(j,i),
 *                1 - sum over non-essential j of W(j,i) d(j) / sum over all j of W(j,i))
 *   hu(i) <- min(hu(i), (sum of W(i,l) hu(l) + final sales(i)) / out(i))
 *   esri = sum of out(i) (1 - min(hd(i), hu(i))) / sum of out(i)
 *
 * A firm without inputs keeps hd = 1, one without sales hu = 1. The operators are monotone, so the
 * limit does not depend on the order of updates; only firms that changed pass anything on.
 *
 * firms: firm, sector, final_sales, out_strength (or none: links plus final sales).  links:
 * supplier, buyer, volume.  essential: first column sector of the input, others sectors of the
 * buyer, 1 where essential.
 * Columns: firm, esri, esri_down_only, esri_up_only, esri_with_replaceability (unless off); in the
 * order of the firms.
 *
 * @return FD_ENOTFOUND a column; FD_EINVAL with file, row and column: a firm twice or unknown, a
 *         negative or missing number, a sector that `essential` does not have
 * Firms × rounds × links in the worst case, on as many threads as the pool has.
 */
FD_API int fd_cascade_run(fd_table **out, const fd_table *firms, const fd_table *links,
                          const fd_table *essential, const fd_cascade_options *options);

#ifdef __cplusplus
}
#endif
#endif
