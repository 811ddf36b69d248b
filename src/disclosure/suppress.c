/*
 * Secondary suppression.
 *
 * A suppressed cell can be v + U as well as v when there is a shift y of all cells that keeps every
 * sum, takes no cell below zero, moves this one by U and moves nothing that is published.  So the
 * cheapest way to protect a cell is the cheapest such shift, where moving a cell that is hidden
 * already costs nothing, and hiding the cells that it moves makes it real.  That is one linear
 * program for each sensitive cell and side.  What is hidden later can only widen the interval,
 * hence one pass suffices; the order (largest first) matters only for the cost.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "disclosure/cube.h"
#include "fangding/arena.h"
#include "solve/lp.h"

#define SLACK          1.001 /* aim a little past the level, so that rounding in the audit cannot fail */
#define MOVES          1e-7 /* shifts below this share of the level are noise of the solver */
#define HIDDEN_COST    1e-4 /* not 0: of equal solutions the one that moves less */
#define TOTAL_FACTOR   8
#define RELEASE_BUDGET 6000 /* linear programs spent on releasing superfluous cells */
#define REPAIRS        4

typedef struct protector {
    fd_cube *cube;
    const fd_disclosure_rules *rules;
    fd_lp *lp;
    size_t *up, *down; /* columns per item, FD_CUBE_NOWHERE when it cannot move */
    double *net;       /* the last shift per item, in protection levels */
} protector;

static double cost_of(const fd_cube *cube, size_t i)
{
    const fd_cube_item *item = &cube->items.items[i];
    double cost;

    if (item->row == FD_CUBE_NOWHERE || fd_disclosure__is_unknown(item))
        return HIDDEN_COST;
    cost = log2(2 + fabs((double)item->value)) * pow(TOTAL_FACTOR, item->totals);
    /* A hair more for later keys: equal costs would leave the choice to the solver's pivots. */
    return cost * (1 + 1e-4 * (double)i / (double)cube->items.count);
}

static void build(protector *p)
{
    const fd_cube *cube = p->cube;
    size_t n = cube->items.count;

    p->lp = fd_lp_new(false);
    p->up = fd_alloc((n + 1) * sizeof *p->up);
    p->down = fd_alloc((n + 1) * sizeof *p->down);
    p->net = fd_alloc((n + 1) * sizeof *p->net);
    for (size_t i = 0; i < n; i++) {
        bool moves = fd_disclosure__can_move(&cube->items.items[i]);

        p->up[i] = moves ? fd_lp_add_column(p->lp, 0, 0, FD_LP_INF) : FD_CUBE_NOWHERE;
        p->down[i] = moves ? fd_lp_add_column(p->lp, 0, 0, FD_LP_INF) : FD_CUBE_NOWHERE;
    }
    for (size_t s = 0; s < cube->sums.count; s++) {
        const fd_cube_sum *sum = &cube->sums.items[s];
        size_t row = fd_lp_add_row(p->lp, 0, 0);

        for (size_t k = 0; k <= sum->count; k++) {
            size_t at = k < sum->count ? sum->parts[k] : sum->total;
            double sign = k < sum->count ? -1 : 1;

            if (p->up[at] == FD_CUBE_NOWHERE)
                continue;
            fd_lp_put(p->lp, row, p->up[at], sign);
            fd_lp_put(p->lp, row, p->down[at], -sign);
        }
    }
}

/* Costs and bounds of one program: the target moves by `level` one way, what the insider knows does
 * not move. */
static void aim(protector *p, size_t target, bool upward, double level, size_t insider)
{
    const fd_cube *cube = p->cube;

    for (size_t i = 0; i < cube->items.count; i++) {
        const fd_cube_item *item = &cube->items.items[i];
        double cost = cost_of(cube, i), most = FD_LP_INF, most_down = FD_LP_INF;

        if (p->up[i] == FD_CUBE_NOWHERE)
            continue;
        if (insider != FD_CUBE_NOWHERE &&
            fd_disclosure__knows(cube, &cube->items.items[insider], item))
            most = 0;
        if (!cube->is_signed && item->has_value && item->row != FD_CUBE_NOWHERE)
            most_down = (double)item->value / level;
        if (most < most_down)
            most_down = most;
        if (i == target) {
            fd_lp_set_column(p->lp, p->up[i], upward ? 1 : 0, upward ? 1 : 0);
            fd_lp_set_column(p->lp, p->down[i], upward ? 0 : 1, upward ? 0 : 1);
        } else {
            fd_lp_set_column(p->lp, p->up[i], 0, most);
            fd_lp_set_column(p->lp, p->down[i], 0, most_down);
        }
        fd_lp_set_objective(p->lp, p->up[i], cost);
        fd_lp_set_objective(p->lp, p->down[i], cost);
    }
}

/* Find the shift, hide what it moves. */
static int shift(protector *p, size_t target, bool upward, double level, size_t insider)
{
    fd_cube *cube = p->cube;
    const double *x;
    fd_lp_status status;
    int err;

    aim(p, target, upward, level, insider);
    if ((err = fd_lp_solve(&status, p->lp)) < 0)
        return err;
    if (status != FD_LP_OPTIMAL)
        return fd_error_set(FD_ENOCONV, "第 %zu 行的格无法保护(状态 %d)",
                            "the cell in row %zu cannot be protected (status %d)",
                            cube->items.items[target].row + 1, (int)status);
    x = fd_lp_primal(p->lp);
    for (size_t i = 0; i < cube->items.count; i++) {
        fd_cube_item *item = &cube->items.items[i];

        p->net[i] = p->up[i] == FD_CUBE_NOWHERE ? 0 : x[p->up[i]] - x[p->down[i]];
        if (fabs(p->net[i]) > MOVES && !fd_disclosure__is_unknown(item))
            item->mark = FD_MARK_SECONDARY;
    }
    return 0;
}

static bool is_insider(const protector *p, size_t i, size_t target)
{
    const fd_cube_item *item = &p->cube->items.items[i];

    return item->totals == 0 && item->n_known && item->n == 1 && item->has_value &&
           !fd_disclosure__knows(p->cube, item, &p->cube->items.items[target]);
}

/* Does the last shift move a cell whose figure the insider knows? */
static bool disturbs(const protector *p, size_t insider)
{
    const fd_cube *cube = p->cube;

    for (size_t i = 0; i < cube->items.count; i++)
        if (fabs(p->net[i]) > MOVES &&
            fd_disclosure__knows(cube, &cube->items.items[insider], &cube->items.items[i]))
            return true;
    return false;
}

/* How far to aim: a little past what the audit asks for, but never below zero. */
static double level_of(const protector *p, size_t target, bool upward, size_t insider, double slack)
{
    const fd_cube_item *item = &p->cube->items.items[target];
    double below, above, most;

    fd_disclosure__protection(p->cube, item, p->rules, insider, &below, &above);
    if (upward || p->cube->is_signed)
        return slack * (upward ? above : below);
    /* With the whole share (1000 per mille) the protection is the value itself: no room for slack.
     */
    most = below * 1000 / p->rules->protection_mille;
    return slack * below < most ? slack * below : most;
}

/* One side of one cell: for outsiders, then for each insider who could tell that the shift is not
 * real. */
static int protect_side(protector *p, size_t target, bool upward, double slack)
{
    size_t *insiders = fd_alloc((p->cube->items.count + 1) * sizeof *insiders), count = 0;
    double level = level_of(p, target, upward, FD_CUBE_NOWHERE, slack);
    int err = level > 0 ? shift(p, target, upward, level, FD_CUBE_NOWHERE) : 0;

    for (size_t i = 0; level > 0 && p->rules->insiders && err == 0 && i < p->cube->items.count; i++)
        if (is_insider(p, i, target) && disturbs(p, i))
            insiders[count++] = i;
    for (size_t k = 0; k < count && err == 0; k++) {
        level = level_of(p, target, upward, insiders[k], slack);
        if (level > 0)
            err = shift(p, target, upward, level, insiders[k]);
    }
    free(insiders);
    return err;
}

static int protect(protector *p, size_t target, double slack)
{
    int err = protect_side(p, target, true, slack);

    return err < 0 ? err : protect_side(p, target, false, slack);
}

typedef struct ranked {
    size_t item;
    fd_i128 size;
} ranked;

static int compare_ranked(const void *left, const void *right)
{
    const ranked *a = left, *b = right;

    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return a->item < b->item ? -1 : a->item > b->item;
}

/* Items that pass the test, largest first, ties by key. */
static size_t rank(ranked *out, const fd_cube *cube, bool (*test)(const fd_cube_item *item))
{
    size_t count = 0;

    for (size_t i = 0; i < cube->items.count; i++) {
        fd_i128 value = cube->items.items[i].value;

        if (test(&cube->items.items[i]))
            out[count++] = (ranked){ i, value < 0 ? -value : value };
    }
    qsort(out, count, sizeof *out, compare_ranked);
    return count;
}

static bool is_releasable(const fd_cube_item *item)
{
    return item->mark == FD_MARK_SECONDARY && !item->fixed;
}

/* Publish what turned out superfluous: earlier choices may have been overtaken by later ones. */
static int release(fd_cube *cube, const fd_disclosure_rules *rules, size_t sensitive)
{
    ranked *order = fd_alloc((cube->items.count + 1) * sizeof *order);
    size_t count = rank(order, cube, is_releasable);
    fd_cube_findings found = { { 0 } };
    int err = 0;

    if (count * sensitive * 2 > RELEASE_BUDGET)
        count = 0;
    for (size_t i = 0; i < count && err == 0; i++) {
        cube->items.items[order[i].item].mark = FD_MARK_NONE;
        err = fd_disclosure__audit(&found, cube, rules, true);
        if (err == 0 && found.list.count)
            cube->items.items[order[i].item].mark = FD_MARK_SECONDARY;
    }
    fd_vec_dispose(&found.list);
    free(order);
    return err;
}

/* The audit has the last word. Should rounding have left a cell short, it is protected again,
 * farther. */
static int repair(protector *p)
{
    fd_cube_findings found = { { 0 } };
    double slack = SLACK;
    int err = 0;

    for (int round = 0; round <= REPAIRS; round++) {
        slack *= 1.05;
        if ((err = fd_disclosure__audit(&found, p->cube, p->rules, false)) < 0 || !found.list.count)
            goto done;
        for (size_t i = 0; i < found.list.count && err == 0 && round < REPAIRS; i++)
            err = protect(p, found.list.items[i].item, slack);
        if (err < 0)
            goto done;
    }
    err = fd_error_set(FD_ENOCONV, "%zu 个保密格仍可推算",
                       "%zu suppressed cells can still be derived", found.list.count);
done:
    fd_vec_dispose(&found.list);
    return err;
}

static int protect_all(fd_cube *cube, const fd_disclosure_rules *rules)
{
    protector p = { .cube = cube, .rules = rules };
    ranked *order = fd_alloc((cube->items.count + 1) * sizeof *order);
    size_t count = rank(order, cube, fd_disclosure__is_sensitive);
    int err = 0;

    build(&p);
    for (size_t i = 0; i < count && err == 0; i++)
        err = protect(&p, order[i].item, SLACK);
    if (err == 0 && (err = repair(&p)) == 0)
        err = release(cube, rules, count);
    fd_lp_free(p.lp);
    free(p.up);
    free(p.down);
    free(p.net);
    free(order);
    return err;
}

static int apply_pattern(fd_cube *cube, const fd_table *pattern, const fd_disclosure_cube *spec)
{
    int columns[FD_DISCLOSURE_DIMENSIONS], at = fd_table_find(pattern, "suppressed"), err;

    if (at < 0 || (pattern->columns[at]->kind != FD_TEXT && pattern->columns[at]->kind != FD_CODE))
        return fd_error_set(FD_ENOTFOUND, "保密格局表 %s 没有文字列 suppressed",
                            "the pattern %s has no text column suppressed", pattern->id);
    if ((err = fd_disclosure__columns(columns, pattern, spec)) < 0)
        return err;
    for (size_t r = 0; r < pattern->rows; r++) {
        size_t i = fd_disclosure__lookup(cube, pattern, columns, r);

        if (fd_disclosure__mark_parse(fd_column_text(pattern->columns[at], r)) < FD_MARK_PRIMARY ||
            i == FD_CUBE_NOWHERE || cube->items.items[i].row == FD_CUBE_NOWHERE)
            continue;
        cube->items.items[i].fixed = true;
        if (!fd_disclosure__is_suppressed(&cube->items.items[i]))
            cube->items.items[i].mark = FD_MARK_SECONDARY;
    }
    return 0;
}

/* A copy that shares the columns of the table. */
static fd_table *copy_table(const fd_table *in, const char *leave_out)
{
    fd_table *t = fd_table_new(in->id, in->title[FD_ZH], in->title[FD_EN]);

    t->rows = in->rows;
    for (size_t c = 0; c < in->column_count; c++)
        if (strcmp(in->columns[c]->id, leave_out) != 0)
            fd_table_add(t, fd_column_ref(in->columns[c]));
    for (size_t i = 0; i < in->note_count; i++)
        fd_table_add_note(t, in->notes[FD_ZH][i], in->notes[FD_EN][i]);
    return t;
}

static fd_table *result_of(const fd_cube *cube, const fd_table *cells)
{
    fd_table *t = copy_table(cells, "suppressed");
    fd_column *mark = fd_table_add_new(t, "suppressed", "保密标记", "Suppressed", FD_TEXT, "", 0);

    for (size_t r = 0; r < t->rows; r++)
        fd_column_set_text(mark, r, "");
    for (size_t i = 0; i < cube->items.count; i++)
        if (cube->items.items[i].row != FD_CUBE_NOWHERE)
            fd_column_set_text(mark, cube->items.items[i].row,
                               fd_disclosure__mark_name(cube->items.items[i].mark));
    return t;
}

int fd_disclosure_suppress(fd_table **out, const fd_table *cells, const fd_disclosure_cube *spec,
                           const fd_disclosure_rules *rules, const fd_table *pattern)
{
    fd_cube cube = { 0 };
    int err;

    *out = NULL;
    if ((err = fd_disclosure__read(&cube, cells, spec, rules)) < 0 ||
        (pattern && (err = apply_pattern(&cube, pattern, spec)) < 0) ||
        (err = protect_all(&cube, rules)) < 0)
        goto done;
    *out = result_of(&cube, cells);
done:
    fd_disclosure__dispose(&cube);
    return err;
}

/* ---- patterns and the copy that may leave ---- */

static int find_marks(int *out, const fd_table *t)
{
    *out = fd_table_find(t, "suppressed");
    if (*out < 0 || (t->columns[*out]->kind != FD_TEXT && t->columns[*out]->kind != FD_CODE))
        return fd_error_set(FD_ENOTFOUND, "表 %s 没有文字列 suppressed",
                            "table %s has no text column suppressed", t->id);
    return 0;
}

static fd_table *new_pattern(const fd_table *like, const int *columns, size_t dimensions)
{
    fd_table *t = fd_table_new("disclosure-pattern", "保密格局", "Suppression pattern");

    for (size_t d = 0; d < dimensions; d++) {
        const fd_column *from = like->columns[columns[d]];

        fd_table_add_new(t, from->id, from->title[FD_ZH], from->title[FD_EN], FD_TEXT, "", 0);
    }
    fd_table_add_new(t, "suppressed", "保密标记", "Suppressed", FD_TEXT, "", 0);
    return t;
}

int fd_disclosure_pattern(fd_table **out, const fd_table *const *tables, size_t count,
                          const fd_disclosure_cube *spec)
{
    fd_map *seen = fd_map_new();
    fd_buf key = FD_BUF_INIT;
    fd_table *t = NULL;
    int err = 0;

    for (size_t i = 0; i < count && err == 0; i++) {
        int columns[FD_DISCLOSURE_DIMENSIONS], at;

        if ((err = fd_disclosure__columns(columns, tables[i], spec)) < 0 ||
            (err = find_marks(&at, tables[i])) < 0)
            break;
        if (!t)
            t = new_pattern(tables[i], columns, spec->dimension_count);
        for (size_t r = 0; r < tables[i]->rows; r++) {
            size_t row;

            if (fd_disclosure__mark_parse(fd_column_text(tables[i]->columns[at], r)) <
                FD_MARK_PRIMARY)
                continue;
            fd_buf_clear(&key);
            for (size_t d = 0; d < spec->dimension_count; d++) {
                fd_buf_puts(&key, fd_disclosure__key(tables[i], columns[d], r));
                fd_buf_putc(&key, '\x1f');
            }
            if (!fd_map_set(seen, (fd_view){ fd_buf_text(&key), key.len }, 0))
                continue;
            row = fd_table_add_row(t);
            for (size_t d = 0; d < spec->dimension_count; d++)
                fd_column_set_text(t->columns[d], row,
                                   fd_disclosure__key(tables[i], columns[d], r));
            fd_column_set_text(t->columns[spec->dimension_count], row,
                               fd_disclosure__mark_name(FD_MARK_SECONDARY));
        }
    }
    if (err == 0 && !t)
        err = fd_error_set(FD_EINVAL, "没有表可合并保密格局", "no table to take a pattern from");
    if (err < 0) {
        fd_table_free(t);
        t = NULL;
    }
    *out = t;
    fd_map_free(seen);
    fd_buf_dispose(&key);
    return err;
}

static bool is_one_of(const fd_disclosure_cube *spec, const char *id)
{
    return (spec->n && strcmp(id, spec->n) == 0) || (spec->top1 && strcmp(id, spec->top1) == 0) ||
           (spec->top2 && strcmp(id, spec->top2) == 0) || strcmp(id, "suppressed") == 0;
}

/* A one-column table filtered to all rows is a copy of the column; contributors do not travel. */
static int copy_column(fd_column **out, const fd_table *in, size_t c)
{
    fd_table *one = fd_table_new("", "", ""), *copy = NULL;
    bool *all = fd_alloc(in->rows + 1);
    int err;

    memset(all, true, in->rows + 1);
    fd_table_add(one, fd_column_ref(in->columns[c]));
    err = fd_table_filter(&copy, one, all);
    if (err == 0) {
        *out = fd_column_ref(copy->columns[0]);
        free((*out)->contributors);
        free((*out)->top1);
        free((*out)->top2);
        (*out)->contributors = NULL;
        (*out)->top1 = (*out)->top2 = NULL;
    }
    fd_table_free(copy);
    fd_table_free(one);
    free(all);
    return err;
}

int fd_disclosure_publish(fd_table **out, const fd_table *cells, const fd_disclosure_cube *spec)
{
    int columns[FD_DISCLOSURE_DIMENSIONS], at, err;
    fd_table *t = NULL;
    fd_column *mark;

    *out = NULL;
    if ((err = fd_disclosure__columns(columns, cells, spec)) < 0 ||
        (err = find_marks(&at, cells)) < 0)
        return err;
    t = fd_table_new(cells->id, cells->title[FD_ZH], cells->title[FD_EN]);
    t->rows = cells->rows;
    for (size_t i = 0; i < cells->note_count; i++)
        fd_table_add_note(t, cells->notes[FD_ZH][i], cells->notes[FD_EN][i]);
    for (size_t c = 0; c < cells->column_count && err == 0; c++) {
        bool is_dimension = false;
        fd_column *copy = NULL;

        for (size_t d = 0; d < spec->dimension_count; d++)
            is_dimension = is_dimension || (size_t)columns[d] == c;
        if (is_one_of(spec, cells->columns[c]->id))
            continue;
        if (is_dimension) {
            fd_table_add(t, fd_column_ref(cells->columns[c]));
            continue;
        }
        if ((err = copy_column(&copy, cells, c)) < 0)
            break;
        for (size_t r = 0; r < cells->rows; r++)
            if (fd_disclosure__mark_parse(fd_column_text(cells->columns[at], r)) >= FD_MARK_PRIMARY)
                fd_column_set_state(copy, r, FD_MISSING);
        fd_table_add(t, copy);
    }
    if (err < 0) {
        fd_table_free(t);
        return err;
    }
    mark = fd_table_add_new(t, "suppressed", "保密", "Suppressed", FD_TEXT, "", 0);
    for (size_t r = 0; r < cells->rows; r++) {
        fd_cube_mark m = fd_disclosure__mark_parse(fd_column_text(cells->columns[at], r));

        fd_column_set_text(mark, r,
                           m >= FD_MARK_PRIMARY ? "suppressed" : fd_disclosure__mark_name(m));
    }
    fd_table_add_note(
        t, "标 suppressed 的格按统计资料保密要求不公布,不是缺报。",
        "Cells marked suppressed are withheld to protect respondents; they are not missing.");
    *out = t;
    return 0;
}
