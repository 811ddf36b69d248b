#include "app/city_cells.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/protect.h"
#include "base/str.h"
#include "fangding/measure.h"

void fd_city__init(fd_city_cells *c, fd_city_panel *p)
{
    memset(c, 0, sizeof *c);
    c->p = p;
    c->index = fd_map_new();
}

void fd_city__dispose(fd_city_cells *c)
{
    for (size_t u = 0; u < c->count; u++) {
        free(c->units[u].cells);
        free(c->units[u].hidden);
    }
    free(c->units);
    fd_map_free(c->index);
}

/* ---- from measured tables ---- */

static bool is_name(const char *id)
{
    const size_t length = strlen(id);

    return length > 5 && strcmp(id + length - 5, "_name") == 0;
}

/* Columns of the dimensions: codes, and their names where there are any. */
static void find_dimensions(int codes[FD_CITY_DIMENSIONS], int names[FD_CITY_DIMENSIONS],
                            const fd_table *t, size_t count)
{
    size_t found = 0;

    for (size_t d = 0; d < FD_CITY_DIMENSIONS; d++)
        codes[d] = names[d] = -1;
    for (int k = 0; k < (int)t->column_count && strcmp(t->columns[k]->id, "period") != 0; k++) {
        if (is_name(t->columns[k]->id) && found) {
            if (found <= count)
                names[found - 1] = k;
        } else if (found < count) {
            codes[found] = k;
            names[found++] = -1;
        } else {
            return;
        }
    }
}

size_t fd_city__slot(const fd_city_panel *p, const fd_table *t, size_t row)
{
    const fd_period at = t->columns[fd_table_find(t, "period")]->v.day[row];

    for (size_t k = 0; k < p->period_count; k++)
        if (p->periods[k] == at ||
            (fd_period_kind_of(p->periods[k]) == FD_YEAR &&
             fd_period_cumulative(fd_period_year_of(p->periods[k]), 12) == at))
            return k;
    return SIZE_MAX;
}

/* Codes that a reader needs beside the name. */
static bool shows_code(const char *dimension)
{
    return strstr("division industry enterprise", dimension) != NULL;
}

/* `key` and the codes of the row's unit. */
static const char *with_codes(const fd_city_cells *c, const fd_table *t, size_t row,
                              const int codes[FD_CITY_DIMENSIONS], const char *key)
{
    assert(c->p->by_count <= FD_CITY_DIMENSIONS);
    for (size_t d = 0; d < c->p->by_count; d++)
        key = fd_arena_printf(c->p->call->arena, "%s\x1f%s", key,
                              fd_column_text_or(t->columns[codes[d]], row, ""));
    return key;
}

const char *fd_city__key(const fd_city_cells *c, const fd_table *t, size_t row)
{
    int codes[FD_CITY_DIMENSIONS], names[FD_CITY_DIMENSIONS];
    const char *key = fd_arena_printf(c->p->call->arena, "%zu", fd_city__slot(c->p, t, row));

    find_dimensions(codes, names, t, c->p->by_count);
    return with_codes(c, t, row, codes, key);
}

static fd_city_unit *unit_at(fd_city_cells *c, const fd_table *t, size_t row)
{
    const size_t slots = c->p->period_count;
    fd_arena *arena = c->p->call->arena;
    int codes[FD_CITY_DIMENSIONS], names[FD_CITY_DIMENSIONS];
    const char *key;
    fd_city_unit *u;
    size_t at;

    find_dimensions(codes, names, t, c->p->by_count);
    key = with_codes(c, t, row, codes, "");
    at = (size_t)fd_map_intern(c->index, fd_view_of(key), c->count);
    if (at < c->count)
        return &c->units[at];
    if (c->count == c->capacity) {
        c->capacity = c->capacity ? 2 * c->capacity : 64;
        c->units = fd_realloc_array(c->units, c->capacity, sizeof *c->units);
    }
    u = &c->units[c->count++];
    memset(u, 0, sizeof *u);
    u->cells = fd_alloc((slots * c->p->count + 1) * sizeof *u->cells);
    u->hidden = fd_alloc((slots + 1) * sizeof *u->hidden);
    u->label[0] = u->code[0] = "全市";
    for (size_t d = 0; d < c->p->by_count; d++) {
        const char *code = fd_column_text_or(t->columns[codes[d]], row, "");
        const char *name = names[d] < 0 ? NULL : fd_column_text(t->columns[names[d]], row);

        u->code[d] = fd_arena_strdup(arena, code);
        u->label[d] = !name || !*name ? u->code[d]
                      : shows_code(t->columns[codes[d]]->id)
                          ? fd_arena_printf(arena, "%s %s", code, name)
                          : fd_arena_strdup(arena, name);
    }
    return u;
}

void fd_city__take(fd_city_cells *c, const fd_table *t, size_t q)
{
    const fd_column *value = t->columns[fd_table_find(t, "value")];
    const fd_column *n = t->columns[fd_table_find(t, "n")];

    for (size_t r = 0; r < t->rows; r++) {
        const size_t slot = fd_city__slot(c->p, t, r);
        const fd_number v = fd_column_number(value, r);
        fd_city_cell *cell;

        if (slot == SIZE_MAX)
            continue;
        cell = &unit_at(c, t, r)->cells[slot * c->p->count + q];
        if (v.state == FD_NA)
            continue;
        cell->state = v.state == FD_MISSING ? FD_CITY_MISSING : FD_CITY_HAS;
        cell->value = cell->state == FD_CITY_HAS ? fd_number_to_double(v) : 0;
        cell->size = fabs(cell->value);
        cell->n = fd_column_state(n, r) == FD_HAS ? (uint32_t)n->v.dec[r] : 0;
        cell->top1 = value->contributors ? value->top1[r] : 0;
        cell->top2 = value->contributors ? value->top2[r] : 0;
    }
}

void fd_city__hide(fd_city_cells *c, const fd_table *t, size_t row, size_t slot)
{
    if (slot != SIZE_MAX)
        unit_at(c, t, row)->hidden[slot] = true;
}

void fd_city__clear(fd_city_cells *c, size_t q)
{
    for (size_t u = 0; u < c->count; u++)
        for (size_t slot = 0; slot < c->p->period_count; slot++) {
            fd_city_cell *cell = &c->units[u].cells[slot * c->p->count + q];

            cell->value = 0;
            if (cell->state == FD_CITY_HAS)
                cell->state = FD_CITY_ABSENT;
        }
}

void fd_city__add(fd_city_cells *c, const fd_table *t, size_t row, size_t slot, size_t q,
                  double value)
{
    fd_city_cell *cell;

    if (slot == SIZE_MAX)
        return;
    cell = &unit_at(c, t, row)->cells[slot * c->p->count + q];
    if (cell->state == FD_CITY_MISSING)
        return;
    cell->state = isfinite(value) ? FD_CITY_HAS : FD_CITY_MISSING;
    cell->value += isfinite(value) ? value : 0;
}

/* ---- parts that may not be shown ---- */

static bool same_region(const fd_city_cells *c, size_t a, size_t b)
{
    return c->p->by_count < 2 || strcmp(c->units[a].code[0], c->units[b].code[0]) == 0;
}

/* May the parts put together be shown, in every period and quantity? */
static bool sum_shows(const fd_city_unit *sum, const fd_city_panel *p)
{
    for (size_t k = 0; k < p->period_count * p->count; k++) {
        const fd_city_cell *x = &sum->cells[k];

        if (x->n && !fd_protect_shows(x->n, x->size, x->top1, x->top2))
            return false;
    }
    return true;
}

static void take_in(fd_city_unit *sum, fd_city_unit *part, const fd_city_panel *p)
{
    for (size_t k = 0; k < p->period_count * p->count; k++) {
        fd_city_cell *to = &sum->cells[k];
        const fd_city_cell *from = &part->cells[k];
        const double next = fmax(fmin(to->top1, from->top1), fmax(to->top2, from->top2));

        if (from->state == FD_CITY_ABSENT)
            continue;
        to->state = to->state == FD_CITY_MISSING ? FD_CITY_MISSING : from->state;
        to->value += from->value;
        to->size += from->size;
        to->n += from->n;
        to->top1 = fmax(to->top1, from->top1);
        to->top2 = next;
    }
    part->gone = true;
}

/* Keep the labels of a part that no longer stands by itself. */
static void note_merged(fd_city_cells *c, const fd_city_unit *part)
{
    fd_city_panel *p = c->p;

    if (!p->merged)
        p->merged = fd_arena_alloc(p->call->arena, c->capacity * sizeof *p->merged);
    p->merged[p->merged_count][0] = part->label[0];
    p->merged[p->merged_count++][1] = part->label[c->p->by_count < 2 ? 0 : 1];
}

/* The smallest part of the region that still stands by itself. */
static size_t smallest(const fd_city_cells *c, size_t region, size_t sum)
{
    const size_t last = (c->p->period_count - 1) * c->p->count;
    size_t best = SIZE_MAX;

    for (size_t u = 0; u < c->count; u++)
        if (u != sum && !c->units[u].gone && same_region(c, region, u) &&
            (best == SIZE_MAX || c->units[u].cells[last].size < c->units[best].cells[last].size))
            best = u;
    return best;
}

static bool is_hidden(const fd_city_unit *u, size_t slots)
{
    for (size_t k = 0; k < slots; k++)
        if (u->hidden[k])
            return true;
    return false;
}

static size_t add_sum(fd_city_cells *c, size_t region)
{
    const size_t slots = c->p->period_count, d = c->p->by_count - 1;
    fd_city_unit *u;

    if (c->count == c->capacity) {
        c->capacity *= 2;
        c->units = fd_realloc_array(c->units, c->capacity, sizeof *c->units);
    }
    u = &c->units[c->count];
    *u = c->units[region];
    u->cells = fd_alloc((slots * c->p->count + 1) * sizeof *u->cells);
    u->hidden = fd_alloc((slots + 1) * sizeof *u->hidden);
    u->gone = false;
    u->code[d] = "ZZ";
    u->label[d] = "其他(合并)";
    return c->count++;
}

/* A region whose parts cannot all be shown: those go together, with further small ones until the
 * sum may be shown; in all periods alike, for a part that comes and goes would count as change. */
static void merge_region(fd_city_cells *c, size_t region)
{
    const size_t slots = c->p->period_count, before = c->count;
    size_t sum, parts = 0;

    for (size_t u = 0; u < before; u++)
        if (same_region(c, region, u) && !c->units[u].gone && is_hidden(&c->units[u], slots))
            parts++;
    if (!parts)
        return;
    sum = add_sum(c, region);
    for (size_t u = 0; u < before; u++)
        if (same_region(c, region, u) && !c->units[u].gone && is_hidden(&c->units[u], slots)) {
            note_merged(c, &c->units[u]);
            take_in(&c->units[sum], &c->units[u], c->p);
        }
    while (parts < 2 || !sum_shows(&c->units[sum], c->p)) {
        const size_t next = smallest(c, region, sum);

        if (next == SIZE_MAX) { /* nothing of this region may be shown */
            c->units[sum].gone = true;
            c->dropped++;
            return;
        }
        note_merged(c, &c->units[next]);
        take_in(&c->units[sum], &c->units[next], c->p);
        parts++;
    }
    c->merged += parts;
}

static void merge_parts(fd_city_cells *c)
{
    const size_t before = c->count;

    for (size_t u = 0; u < before; u++) {
        bool first = true;

        for (size_t v = 0; v < u && first; v++)
            first = !same_region(c, u, v);
        if (first)
            merge_region(c, u);
    }
}

/* ---- the table ---- */

enum { OMIT_MISSING, OMIT_HIDDEN, OMIT_BELOW, OMITS };

typedef struct omission {
    size_t rows[OMITS];
    const char *first[OMITS]; /* where, of the first few */
    size_t named[OMITS];
} omission;

/* Why a row cannot stand; OMITS when it can, -1 when there is nothing to speak of. */
static int judge(const fd_city_cells *c, const fd_city_unit *u, size_t slot)
{
    const fd_city_panel *p = c->p;
    bool any = false, missing = false, below = false;

    for (size_t q = 0; q < p->count; q++) {
        const fd_city_cell *cell = &u->cells[slot * p->count + q];

        any = any || cell->state != FD_CITY_ABSENT;
        if (p->quantities[q].use == FD_CITY_OPTIONAL)
            continue;
        missing = missing || cell->state != FD_CITY_HAS;
        below = below || (cell->state == FD_CITY_HAS && !(cell->value > 0));
    }
    if (!any)
        return -1;
    if (u->hidden[slot])
        return OMIT_HIDDEN;
    if (missing)
        return OMIT_MISSING;
    return p->above_zero && below ? OMIT_BELOW : OMITS;
}

/* Parts lack a figure in one period: they stand aside in all. */
static void drop_parts(fd_city_cells *c, omission *o)
{
    for (size_t u = 0; u < c->count; u++)
        for (size_t slot = 0; slot < c->p->period_count && !c->units[u].gone; slot++)
            if (judge(c, &c->units[u], slot) == OMIT_MISSING) {
                c->units[u].gone = true;
                o->rows[OMIT_MISSING]++;
                if (o->named[OMIT_MISSING]++ < 4)
                    o->first[OMIT_MISSING] =
                        fd_arena_printf(c->p->call->arena, "%s%s%s", o->first[OMIT_MISSING],
                                        o->named[OMIT_MISSING] > 1 ? "、" : "",
                                        c->units[u].label[c->p->by_count ? c->p->by_count - 1 : 0]);
            }
}

static void count_omission(omission *o, const fd_city_cells *c, const fd_city_unit *u, int why)
{
    o->rows[why]++;
    if (why == OMIT_HIDDEN || strstr(o->first[why], u->label[0]))
        return;
    if (o->named[why]++ < 4)
        o->first[why] = fd_arena_printf(c->p->call->arena, "%s%s%s", o->first[why],
                                        o->named[why] > 1 ? "、" : "", u->label[0]);
}

static void note_omissions(fd_table *notes, const fd_city_cells *c, const omission *o)
{
    static const char *const zh[] = { "有 %zu 处缺报,未计入:%s%s",
                                      "有 %zu 行按保密规则不显示,未计入%s%s",
                                      "有 %zu 行的数不大于零,未计入:%s%s" };
    static const char *const en[] = { "%zu are not reported and were left out: %s%s",
                                      "%zu rows may not be shown and were left out%s%s",
                                      "%zu rows with a number not above zero left out: %s%s" };
    char text[2][600];

    for (int k = 0; k < OMITS; k++) {
        const char *more = o->named[k] > 4 ? "……" : "";

        if (!o->rows[k])
            continue;
        snprintf(text[0], sizeof text[0], zh[k], o->rows[k], o->first[k], more);
        snprintf(text[1], sizeof text[1], en[k], o->rows[k], o->first[k], more);
        fd_table_add_note(notes, text[0], text[1]);
    }
    if (c->merged) {
        snprintf(text[0], sizeof text[0],
                 "有 %zu "
                 "个部分按保密规则不单独显示,各期一致并入“其他(合并)”:地区合计不变,"
                 "行业的全市数不含这些部分",
                 c->merged);
        snprintf(text[1], sizeof text[1],
                 "%zu parts may not be shown alone and stand together, in all periods, as "
                 "其他(合并): totals of "
                 "regions hold, those of industries are without them",
                 c->merged);
        fd_table_add_note(notes, text[0], text[1]);
    }
    if (c->dropped)
        fd_table_add_note(notes, "有的地区合并后仍不能显示,整个未计入",
                          "regions of which nothing may be shown are left out whole");
}

static void add_columns(fd_table *t, const fd_city_panel *p)
{
    static const char *const titles[] = { "单位", "行业" };

    assert(p->by_count <= FD_CITY_DIMENSIONS);
    for (size_t d = 0; d < (p->by_count ? p->by_count : 1); d++)
        fd_table_add_new(t, p->keys[d] ? p->keys[d] : "id", titles[d],
                         p->keys[d] ? p->keys[d] : "id", FD_TEXT, "", 0);
    fd_table_add_new(t, p->time ? p->time : "t", "期间", "Period", FD_TEXT, "", 0);
    for (size_t q = 0; q < p->count; q++) {
        const fd_indicator *i = p->quantities[q].indicator;

        fd_table_add_new(t, p->quantities[q].column, i->name, i->id, FD_EST,
                         i->unit ? i->unit->name : "", 0);
    }
}

static void add_row(fd_table *t, const fd_city_panel *p, const fd_city_unit *u, size_t slot)
{
    const size_t row = fd_table_add_row(t), dims = p->by_count ? p->by_count : 1;
    char text[32];

    for (size_t d = 0; d < dims; d++)
        fd_column_set_text(t->columns[d], row, u->label[d]);
    fd_period_format(p->periods[slot], text, sizeof text);
    fd_column_set_text(t->columns[dims], row, text);
    for (size_t q = 0; q < p->count; q++) {
        const fd_city_cell *cell = &u->cells[slot * p->count + q];

        if (cell->state == FD_CITY_HAS &&
            (!p->above_zero || cell->value > 0 || p->quantities[q].use == FD_CITY_OPTIONAL))
            fd_column_set_est(t->columns[dims + 1 + q], row, cell->value);
    }
}

int fd_city__table(fd_table **out, fd_city_cells *c, fd_table *notes)
{
    const fd_city_panel *p = c->p;
    omission o = { { 0 }, { "", "", "" }, { 0 } };
    fd_table *t = fd_table_new("data", "引擎用的表", "What the engine is given");

    if (p->as_parts) {
        drop_parts(c, &o);
        merge_parts(c);
    }
    add_columns(t, p);
    for (size_t u = 0; u < c->count; u++)
        for (size_t slot = 0; slot < p->period_count && !c->units[u].gone; slot++) {
            const int why = judge(c, &c->units[u], slot);

            if (why == OMITS || (why >= 0 && why != OMIT_HIDDEN && p->keep_rows))
                add_row(t, p, &c->units[u], slot);
            if (why >= 0 && why != OMITS)
                count_omission(&o, c, &c->units[u], why);
        }
    note_omissions(notes, c, &o);
    if (t->rows) {
        *out = t;
        return 0;
    }
    fd_table_free(t);
    fd_error_set(FD_ENOTFOUND, "没有一行能用:缺报 %zu,按保密规则不显示 %zu,不大于零 %zu",
                 "no row can be used: %zu not reported, %zu may not be shown, %zu not above zero",
                 o.rows[OMIT_MISSING], o.rows[OMIT_HIDDEN], o.rows[OMIT_BELOW]);
    return fd_error_hint("换一个 --by 或 --from;企业统计原始资料只给统计部门(--role 统计)",
                         "try another --by or --from; statistical returns by enterprise are for "
                         "the statistics bureau (--role statistics)");
}
