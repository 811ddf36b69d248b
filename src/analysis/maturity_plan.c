/*
 * Maturity: the fewest steps to the next level; who goes first.
 */
#include "fangding/maturity_plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "fangding/arena.h"

enum { ID, LEVEL, NEXT, STEPS, ITEMS, UNKNOWN, WEIGHT, PRIORITY, ADVICE };

typedef struct known {
    const char *item;
    double level, weight;
    size_t order;
    int raised;
} known;

typedef struct row {
    const char *id, *advice;
    double level, next, weight, priority;
    int steps, unknown;
    char *items;
    size_t order;
} row;

static double number_of(const fd_table *t, const char *column, size_t at, double otherwise)
{
    const int c = fd_table_find(t, column);

    return c >= 0 && fd_column_state(t->columns[c], at) == FD_HAS
               ? fd_number_to_double(fd_column_number(t->columns[c], at))
               : otherwise;
}

/* The item to raise next: the heaviest that is below top, among those the lowest, then the first.
 */
static known *best_item(known *k, size_t n, int top)
{
    known *best = NULL;

    for (size_t i = 0; i < n; i++) {
        const double level = k[i].level + k[i].raised;

        if (level + 1 > top + 1e-9 || !(k[i].weight > 0))
            continue;
        if (!best || k[i].weight > best->weight ||
            (k[i].weight == best->weight && level < best->level + best->raised))
            best = &k[i];
    }
    return best;
}

static void plan_row(row *r, known *k, size_t n, int top)
{
    double sum = 0, weight = 0, need;
    fd_buf items = FD_BUF_INIT;

    for (size_t i = 0; i < n; i++) {
        sum += k[i].weight * k[i].level;
        weight += k[i].weight;
    }
    r->level = weight > 0 ? sum / weight : NAN;
    r->next = floor(r->level) + 1;
    r->advice = isnan(r->level) ? "evidence" : r->next > top ? "top" : "raise";
    if (strcmp(r->advice, "raise") != 0)
        return;
    for (need = weight * r->next - sum; need > 1e-9 * weight;) {
        known *item = best_item(k, n, top);

        if (!item) /* levels of half a step at the top: no whole step is left */
            break;
        item->raised++;
        r->steps++;
        need -= item->weight;
    }
    for (size_t i = 0; i < n; i++)
        if (k[i].raised)
            fd_buf_printf(&items, "%s%s+%d", items.len ? " " : "", k[i].item, k[i].raised);
    r->items = fd_buf_take(&items);
    r->priority = r->steps ? r->weight / r->steps : NAN;
}

static int compare_rows(const void *a, const void *b)
{
    const row *x = a, *y = b;
    const double p = isnan(x->priority) ? -1 : x->priority,
                 q = isnan(y->priority) ? -1 : y->priority;
    const int s = x->steps ? x->steps : 1 << 20, t = y->steps ? y->steps : 1 << 20;

    if (p != q)
        return p > q ? -1 : 1;
    if (s != t)
        return s < t ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static void put(fd_table *t, size_t column, size_t at, double value)
{
    if (isfinite(value))
        fd_column_set_est(t->columns[column], at, value);
}

static fd_table *table_of(row *rows, size_t count)
{
    static const fd_column_spec specs[] = {
        { "id", "单位", "Unit", FD_TEXT, NULL, 0 },
        { "level", "等级", "Level", FD_EST, NULL, 0 },
        { "next", "下一级", "Next level", FD_EST, NULL, 0 },
        { "steps", "还要几步", "Steps", FD_EST, NULL, 0 },
        { "items", "先补", "Raise first", FD_TEXT, NULL, 0 },
        { "unknown", "缺凭据或过期", "Without valid evidence", FD_EST, NULL, 0 },
        { "weight", "权数", "Weight", FD_EST, NULL, 0 },
        { "priority", "每步带动", "Weight a step", FD_EST, NULL, 0 },
        { "advice", "建议", "Advice", FD_TEXT, NULL, 0 },
    };
    fd_table *t = fd_table_new("priority", "先帮谁、先补什么", "Whom to help first, and with what");

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    qsort(rows, count, sizeof *rows, compare_rows);
    for (size_t i = 0; i < count; i++) {
        const size_t at = fd_table_add_row(t);

        fd_column_set_text(t->columns[ID], at, rows[i].id);
        put(t, LEVEL, at, rows[i].level);
        if (strcmp(rows[i].advice, "raise") == 0) {
            put(t, NEXT, at, rows[i].next);
            put(t, STEPS, at, rows[i].steps);
            fd_column_set_text(t->columns[ITEMS], at, rows[i].items);
        }
        put(t, UNKNOWN, at, rows[i].unknown);
        put(t, WEIGHT, at, rows[i].weight);
        put(t, PRIORITY, at, rows[i].priority);
        fd_column_set_text(t->columns[ADVICE], at, rows[i].advice);
    }
    return t;
}

int fd_maturity_priority(fd_table **out, const fd_table *in, const fd_maturity_options *options)
{
    const char *weight = options->weight ? options->weight : "output";
    fd_map *ids = fd_map_new();
    fd_maturity m;
    row *rows;
    known *k;
    size_t count, *first, *next, *last;
    int err = fd_maturity_run(&m, in, options); /* what is known is decided there, and only there */

    if (err < 0) {
        fd_map_free(ids);
        return err;
    }
    rows = fd_alloc((m.units->rows + 1) * sizeof *rows);
    k = fd_alloc((in->rows + 1) * sizeof *k);
    last = fd_alloc((in->rows + 1) * sizeof *last);
    first = fd_alloc((in->rows + 1) * sizeof *first);
    next = fd_alloc((in->rows + 1) * sizeof *next);
    for (size_t r = 0; r < in->rows; r++)
        next[r] = SIZE_MAX;
    for (size_t r = 0; r < in->rows; r++) {
        const size_t known_units = fd_map_count(ids);
        const size_t u =
            (size_t)fd_map_intern(ids, fd_view_of(fd_table_text(in, "id", r)), known_units);

        if (u == known_units)
            first[u] = last[u] = r;
        else
            last[u] = next[last[u]] = r;
    }
    count = fd_map_count(ids);
    for (size_t u = 0; u < count; u++) {
        size_t n = 0;

        rows[u] = (row){ .id = fd_map_key(ids, u).ptr, .weight = NAN, .priority = NAN, .order = u };
        for (size_t r = first[u]; r != SIZE_MAX; r = next[r]) {
            rows[u].weight = number_of(in, weight, r, fd_table_find(in, weight) < 0 ? 1 : NAN);
            if (strcmp(fd_table_text(m.claims, "state", r), "known") != 0)
                rows[u].unknown++;
            else
                k[n++] = (known){ fd_table_text(in, "item", r), number_of(in, "level", r, NAN),
                                  number_of(in, "item_weight", r, 1), r, 0 };
        }
        plan_row(&rows[u], k, n, options->top);
    }
    *out = table_of(rows, count);
    for (size_t i = 0; i < m.claims->note_count && i < 1; i++)
        fd_table_add_note(*out, m.claims->notes[FD_ZH][i], m.claims->notes[FD_EN][i]);
    for (size_t u = 0; u < count; u++)
        free(rows[u].items);
    free(rows);
    free(k);
    free(first);
    free(next);
    free(last);
    fd_map_free(ids);
    fd_maturity_dispose(&m);
    return 0;
}
