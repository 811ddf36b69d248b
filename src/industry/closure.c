/*
 * Closure: what can be made, by counters; what a single failure takes away, 512 failures at a time;
 * and the tables of both.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "base/str.h"
#include "fangding/arena.h"
#include "industry/bom.h"

/* ---- least fixed point ---- */

static bool has_producer(const fd_bom *b, uint32_t item, uint64_t set)
{
    for (size_t k = b->offered.start[item]; k < b->offered.start[item + 1]; k++)
        if (fd_offer_counts(&b->offer[b->offered.list[k]], set))
            return true;
    return false;
}

typedef struct closing {
    const fd_bom *b;
    const uint8_t *produced; /* by item: has a producer in the set */
    uint8_t *made;
    uint32_t *left; /* by recipe: inputs that cannot be made as yet */
    uint32_t *queue;
    size_t count;
} closing;

static void make(closing *c, uint32_t item)
{
    if (!c->produced[item] || c->made[item])
        return;
    c->made[item] = 1;
    c->queue[c->count++] = item;
}

static bool has_complete_recipe(const closing *c, uint32_t item)
{
    const fd_bom *b = c->b;

    for (size_t m = b->made_by.start[item]; m < b->made_by.start[item + 1]; m++)
        if (c->left[b->made_by.list[m]] == 0)
            return true;
    return b->made_by.start[item] == b->made_by.start[item + 1];
}

/* One least fixed point with the stock that is assumed. */
static void close_once(closing *c, const uint8_t *stock)
{
    const fd_bom *b = c->b;

    memset(c->made, 0, b->items);
    c->count = 0;
    for (size_t r = 0; r < b->recipes; r++)
        c->left[r] = (uint32_t)(b->inputs.start[r + 1] - b->inputs.start[r]);
    for (size_t i = 0; i < b->items; i++)
        if (stock[i] || b->made_by.start[i] == b->made_by.start[i + 1])
            make(c, (uint32_t)i);
    for (size_t head = 0; head < c->count; head++) {
        const uint32_t i = c->queue[head];

        for (size_t k = b->used_in.start[i]; k < b->used_in.start[i + 1]; k++)
            if (--c->left[b->used_in.list[k]] == 0)
                make(c, b->product[b->used_in.list[k]]);
    }
}

/* Stock starts a cycle, but only an item that can be made again keeps it going: an assumption that
 * does not carry itself is dropped, and the rest is computed anew. */
static void close_all(uint8_t *made, const fd_bom *b, const uint8_t *produced)
{
    closing c = { b, produced, made, NULL, NULL, 0 };
    uint8_t *stock = fd_alloc(b->items + 1);
    bool again = true;

    c.left = fd_alloc(b->recipes * sizeof *c.left + 1);
    c.queue = fd_alloc(b->items * sizeof *c.queue + 1);
    memcpy(stock, b->stock, b->items);
    while (again) {
        again = false;
        close_once(&c, stock);
        for (size_t i = 0; i < b->items; i++)
            if (stock[i] && made[i] && !has_complete_recipe(&c, (uint32_t)i)) {
                stock[i] = 0;
                again = true;
            }
    }
    free(stock);
    free(c.left);
    free(c.queue);
}

void fd_bom__closure_without(uint8_t *makeable, const fd_bom *b, uint64_t set, uint32_t enterprise)
{
    uint8_t *produced = fd_alloc(b->items + 1);

    for (size_t k = 0; k < b->offers; k++)
        if (fd_offer_counts(&b->offer[k], set) && b->offer[k].enterprise != enterprise)
            produced[b->offer[k].item] = 1;
    close_all(makeable, b, produced);
    free(produced);
}

void fd_bom_closure(uint8_t *makeable, const fd_bom *b, uint64_t set)
{
    fd_bom__closure_without(makeable, b, set, UINT32_MAX);
}

/* ---- single failures ---- */

enum { WORDS = 8, LANES = WORDS * 64 };

typedef struct lanes {
    uint64_t w[WORDS];
} lanes;

typedef struct losing {
    const fd_bom *b;
    const uint8_t *base;     /* makeable with everybody */
    const uint32_t *sole;    /* by item: the enterprise that alone makes it + 1, or 0 */
    const uint32_t *chosen;  /* enterprises that alone make something */
    const uint32_t *lane_of; /* by enterprise: its position in chosen */
    size_t count;
    uint32_t *lost; /* by enterprise */
    bool acyclic;
} losing;

/* Does the item stay makeable, lane by lane, given its inputs? */
static lanes stays(const losing *l, const lanes *made, uint32_t item, uint32_t first)
{
    const fd_bom *b = l->b;
    lanes any = { { 0 } };

    if (!l->base[item])
        return any;
    for (size_t m = b->made_by.start[item]; m < b->made_by.start[item + 1]; m++) {
        const uint32_t r = b->made_by.list[m];
        lanes all;

        memset(&all, 0xff, sizeof all);
        for (size_t k = b->inputs.start[r]; k < b->inputs.start[r + 1]; k++)
            for (int w = 0; w < WORDS; w++)
                all.w[w] &= made[b->inputs.list[k]].w[w];
        for (int w = 0; w < WORDS; w++)
            any.w[w] |= all.w[w];
    }
    if (b->made_by.start[item] == b->made_by.start[item + 1])
        memset(&any, 0xff, sizeof any);
    if (l->sole[item]) {
        const uint32_t at = l->lane_of[l->sole[item] - 1];

        if (at >= first && at < first + LANES)
            any.w[(at - first) / 64] &= ~(UINT64_C(1) << ((at - first) % 64));
    }
    return any;
}

static bool sweep(const losing *l, lanes *made, uint32_t first, const lanes *stock)
{
    const fd_bom *b = l->b;
    bool changed = false;

    for (size_t n = 0; n < b->items; n++) {
        /* order[] holds what has an order first; the tail of a cyclic graph follows by number */
        const uint32_t i = l->acyclic ? b->order[n] : (uint32_t)n;
        lanes now = stays(l, made, i, first);

        if (stock)
            for (int w = 0; w < WORDS; w++)
                now.w[w] |= stock[i].w[w];
        changed |= memcmp(&now, &made[i], sizeof now) != 0;
        made[i] = now;
    }
    return changed;
}

/* With cycles: stock is assumed per lane, sweeps run to the least fixed point, and assumptions that
 * do not carry themselves are dropped, as in close_all(). */
static void sweep_cycles(const losing *l, lanes *made, uint32_t first)
{
    const fd_bom *b = l->b;
    lanes *stock = fd_alloc(b->items * sizeof *stock + 1);
    bool again = true;

    for (size_t i = 0; i < b->items; i++)
        if (b->stock[i] && l->base[i])
            memset(&stock[i], 0xff, sizeof stock[i]);
    while (again) {
        again = false;
        memset(made, 0, b->items * sizeof *made);
        while (sweep(l, made, first, stock))
            ;
        for (size_t i = 0; i < b->items; i++) {
            const lanes carried = stays(l, made, (uint32_t)i, first);

            for (int w = 0; w < WORDS; w++) {
                again |= (stock[i].w[w] & ~carried.w[w]) != 0;
                stock[i].w[w] &= carried.w[w];
            }
        }
    }
    free(stock);
}

/* One batch of LANES failures. */
static int lose_batch(void *payload, size_t batch)
{
    const losing *l = payload;
    const fd_bom *b = l->b;
    const uint32_t first = (uint32_t)batch * LANES;
    lanes *made = fd_alloc(b->items * sizeof *made + 1);

    if (l->acyclic)
        sweep(l, made, first, NULL);
    else
        sweep_cycles(l, made, first);
    for (size_t f = 0; f < b->final_count; f++)
        if (l->base[b->finals[f]])
            for (int w = 0; w < WORDS; w++)
                for (uint64_t gone = ~made[b->finals[f]].w[w]; gone; gone &= gone - 1) {
                    const size_t at = first + (size_t)w * 64 + (size_t)__builtin_ctzll(gone);

                    if (at < l->count)
                        l->lost[l->chosen[at]]++;
                }
    free(made);
    return 0;
}

/* By item, the one enterprise of the set that offers it + 1; 0 with none or several. */
static uint32_t *find_sole(const fd_bom *b, uint64_t set)
{
    uint32_t *sole = fd_alloc(b->items * sizeof *sole + 1);

    for (size_t i = 0; i < b->items; i++)
        for (size_t k = b->offered.start[i]; k < b->offered.start[i + 1]; k++) {
            const fd_offer *o = &b->offer[b->offered.list[k]];

            if (!fd_offer_counts(o, set) || sole[i] == o->enterprise + 1)
                continue;
            if (sole[i]) {
                sole[i] = 0;
                break;
            }
            sole[i] = o->enterprise + 1;
        }
    return sole;
}

int fd_bom_lost(uint32_t *lost, const fd_bom *b, uint64_t set, fd_pool *pool)
{
    uint8_t *base = fd_alloc(b->items + 1);
    uint32_t *sole = find_sole(b, set);
    uint32_t *chosen = fd_alloc(b->enterprises * sizeof *chosen + 1);
    uint32_t *lane_of = fd_alloc(b->enterprises * sizeof *lane_of + 1);
    uint8_t *picked = fd_alloc(b->enterprises + 1);
    losing l = { b, base, sole, chosen, lane_of, 0, lost, b->order_count == b->items };
    int err;

    memset(lost, 0, b->enterprises * sizeof *lost);
    fd_bom_closure(base, b, set);
    for (size_t i = 0; i < b->items; i++)
        if (base[i] && sole[i] && !picked[sole[i] - 1]) {
            picked[sole[i] - 1] = 1;
            lane_of[sole[i] - 1] = (uint32_t)l.count;
            chosen[l.count++] = sole[i] - 1;
        } else if (!base[i]) {
            sole[i] = 0; /* what cannot be made is not lost */
        }
    err = fd_pool_run(pool, (l.count + LANES - 1) / LANES, lose_batch, &l);
    free(base);
    free(sole);
    free(chosen);
    free(lane_of);
    free(picked);
    return err;
}

/* ---- tables ---- */

static fd_column *add(fd_table *t, const char *id, const char *zh, const char *en, fd_kind kind)
{
    return fd_table_add_new(t, id, zh, en, kind, "", 0);
}

/* A column whose id, and titles, hold a word. */
static fd_column *add_with(fd_table *t, const char *id, const char *zh, const char *en,
                           const char *word, fd_kind kind)
{
    char *texts[3] = { fd_bom__format(id, word), fd_bom__format(zh, word),
                       fd_bom__format(en, word) };
    fd_column *c = add(t, texts[0], texts[1], texts[2], kind);

    for (int i = 0; i < 3; i++)
        free(texts[i]);
    return c;
}

static void set_count(fd_column *c, size_t row, size_t value)
{
    fd_column_set_dec(c, row, (int64_t)value);
}

static void note_unknown_capacity(const fd_bom *b, fd_table *t)
{
    size_t unknown = 0;
    char zh[160], en[160];

    for (size_t k = 0; k < b->offers; k++)
        unknown += isnan(b->offer[k].capacity) ? 1 : 0;
    if (!unknown)
        return;
    snprintf(zh, sizeof zh, "%zu 行没有产能:按能生产计,不参与集中度和最大产量", unknown);
    snprintf(en, sizeof en,
             "%zu rows without capacity count as producers, not in concentration or output",
             unknown);
    fd_table_add_note(t, zh, en);
}

static void note_cycle(const fd_bom *b, fd_table *t)
{
    char zh[640], en[640];
    const fd_error *e;

    if (fd_bom__acyclic(b, NULL) >= 0)
        return;
    e = fd_error_last();
    snprintf(zh, sizeof zh, "%s 第 %ld 行成环:不能自己启动,除非标 initial_stock", e->file, e->row);
    snprintf(en, sizeof en,
             "row %ld of %s closes a cycle, which does not start itself without initial_stock",
             e->row, e->file);
    fd_table_add_note(t, zh, en);
    fd_error_clear();
}

enum { MOST_FINAL_COLUMNS = 16 };

static void summary_row(fd_table *t, const fd_scene *s, const uint32_t *finals, size_t count,
                        uint8_t *made)
{
    const fd_bom *b = s->bom;
    const size_t row = fd_table_add_row(t);
    size_t reach = 0, produced = 0, makeable = 0, finals_made = 0;

    fd_bom_closure(made, b, s->set);
    for (size_t i = 0; i < b->items; i++)
        if (s->reach[i]) {
            reach++;
            produced += has_producer(b, (uint32_t)i, s->set);
            makeable += made[i];
        }
    fd_column_set_text(t->columns[0], row, s->place);
    set_count(t->columns[1], row, reach);
    set_count(t->columns[2], row, produced);
    set_count(t->columns[3], row, makeable);
    for (size_t f = 0; f < count; f++) {
        finals_made += made[finals[f]];
        if (count <= MOST_FINAL_COLUMNS)
            set_count(t->columns[4 + f], row, made[finals[f]]);
    }
    if (count > MOST_FINAL_COLUMNS)
        set_count(t->columns[4], row, finals_made);
}

int fd_closure_summary(fd_table **out, const fd_bom *b, const fd_closure_options *o)
{
    fd_scene s;
    fd_table *t = NULL;
    uint8_t *made = fd_alloc(b->items + 1);
    const uint32_t *finals;
    size_t count;
    int err = fd_scene_init(&s, b, o);

    if (err < 0)
        goto done;
    finals = o->final ? &s.final : b->finals;
    count = o->final ? 1 : b->final_count;
    t = fd_table_new("closure", "能否就地造出", "What can be made where");
    add(t, "territory", "地域", "Territory", FD_TEXT);
    add(t, "items_reachable", "所需产品", "Items needed", FD_DEC);
    add(t, "items_with_producer", "有企业生产", "With a producer", FD_DEC);
    add(t, "items_makeable", "能造", "Makeable", FD_DEC);
    for (size_t f = 0; f < count && count <= MOST_FINAL_COLUMNS; f++) {
        char *slug = fd_bom__slug(b, finals[f]);

        add_with(t, "%s_makeable", "%s 能造", "%s makeable", slug, FD_DEC);
        free(slug);
    }
    if (count > MOST_FINAL_COLUMNS)
        add(t, "finals_makeable", "能造的最终产品", "Final goods makeable", FD_DEC);
    do
        summary_row(t, &s, finals, count, made);
    while (fd_scene_widen(&s));
    note_unknown_capacity(b, t);
    note_cycle(b, t);
    fd_table_add_note(
        t, "能造:当地有产能大于零的企业,且没有配方或有一条配方的全部投入都能造(最小不动点)",
        "makeable: a producer with capacity there, and no recipe or one with all "
        "inputs makeable (least fixed point)");
    *out = t;
done:
    fd_scene_dispose(&s);
    free(made);
    return err;
}

/* Producers, and how concentrated their capacity is, over all territories. */
typedef struct producers {
    size_t here, all, overseas;
    double hhi; /* NaN: unknown */
} producers;

static bool is_overseas(const char *level)
{
    static const char *const names[] = { "overseas", "foreign", "海外", "境外", "国外" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(level, names[i]) == 0)
            return true;
    return false;
}

/* `sum` holds, by enterprise, what it offers of the item; `where` bit 1: here, 2: not overseas. */
static producers count_producers(const fd_bom *b, uint32_t item, uint64_t set, double *sum,
                                 uint8_t *where)
{
    producers p = { 0, 0, 0, NAN };
    const size_t from = b->offered.start[item], to = b->offered.start[item + 1];
    double total = 0, squares = 0;

    for (size_t k = from; k < to; k++) {
        const fd_offer *x = &b->offer[b->offered.list[k]];

        sum[x->enterprise] = 0;
        where[x->enterprise] = 0;
    }
    for (size_t k = from; k < to; k++) {
        const fd_offer *x = &b->offer[b->offered.list[k]];
        uint8_t *bits = &where[x->enterprise];

        if (!fd_offer_counts(x, UINT64_MAX))
            continue;
        p.all += *bits == 0;
        *bits |= (uint8_t)(4 | (set >> x->level & 1) | (is_overseas(b->level[x->level]) ? 0 : 2));
        sum[x->enterprise] += x->capacity;
        total += x->capacity;
    }
    for (size_t k = from; k < to; k++) {
        const uint32_t e = b->offer[b->offered.list[k]].enterprise;

        if (!where[e])
            continue;
        p.here += (size_t)(where[e] & 1);
        p.overseas += (where[e] & 2) == 0;
        squares += sum[e] * sum[e];
        where[e] = 0;
    }
    if (p.all)
        p.hhi = squares / (total * total); /* NaN with an unknown capacity */
    return p;
}

int fd_closure_status(fd_table **out, const fd_bom *b, const fd_closure_options *o)
{
    fd_scene s;
    fd_table *t = NULL;
    uint8_t *made = fd_alloc(b->items + 1), *where = fd_alloc(b->enterprises + 1);
    double *sum = fd_alloc(b->enterprises * sizeof *sum + 1);
    uint32_t *by_code = fd_bom__by_code(b);
    int err = fd_scene_init(&s, b, o);

    if (err < 0)
        goto done;
    fd_bom_closure(made, b, s.set);
    t = fd_table_new("item_status", "产品能否就地造出", "State of each item");
    add(t, "item", "产品", "Item", FD_TEXT);
    add(t, "class", "类别", "Class", FD_TEXT);
    add(t, "status", "状态", "Status", FD_TEXT);
    add_with(t, "n_%s", "企业数(%s)", "Producers in %s", s.place, FD_DEC);
    add(t, "n_all", "企业数(各地)", "Producers anywhere", FD_DEC);
    add(t, "hhi_capacity_all", "产能集中度", "Concentration (HHI)", FD_EST);
    add(t, "single_source_worldwide", "唯一来源", "Single source", FD_DEC);
    add(t, "overseas_only", "仅境外", "Overseas only", FD_DEC);
    for (size_t n = 0; n < b->items; n++) {
        const uint32_t i = by_code[n];
        producers p;
        size_t row;

        if (!s.reach[i])
            continue;
        p = count_producers(b, i, s.set, sum, where);
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, fd_bom__code(b, i));
        if (b->item_class[i])
            fd_column_set_text(t->columns[1], row, b->item_class[i]);
        fd_column_set_text(t->columns[2], row,
                           made[i]  ? "makeable"
                           : p.here ? "blocked_upstream"
                                    : "missing");
        set_count(t->columns[3], row, p.here);
        set_count(t->columns[4], row, p.all);
        if (!isnan(p.hhi))
            fd_column_set_est(t->columns[5], row, fd_bom__round(p.hhi));
        set_count(t->columns[6], row, p.all == 1);
        set_count(t->columns[7], row, p.all && p.overseas == p.all);
    }
    note_unknown_capacity(b, t);
    note_cycle(b, t);
    fd_table_add_note(
        t, "missing 断点:当地没有企业;blocked_upstream 堵点:有企业,但上游造不出;makeable 能造",
        "missing: no producer here; blocked_upstream: a producer, but an input cannot "
        "be made here");
    *out = t;
done:
    fd_scene_dispose(&s);
    free(made);
    free(where);
    free(sum);
    free(by_code);
    return err;
}

/* ---- explosion ---- */

/* The recipe asked for, "own_fc" or "ITEM=own_fc" in a list by commas; otherwise the first. */
static uint32_t choose_recipe(const fd_bom *b, uint32_t item, const char *asked, bool *found)
{
    const size_t from = b->made_by.start[item], to = b->made_by.start[item + 1];
    fd_view rest = fd_view_of(asked), word;

    while (asked && fd_view_split(&rest, ',', &word)) {
        const ptrdiff_t equals = fd_view_find(word, "=");
        const fd_view name =
            equals < 0 ? word : (fd_view){ word.ptr + equals + 1, word.len - (size_t)equals - 1 };

        if (equals >= 0 &&
            !fd_view_is((fd_view){ word.ptr, (size_t)equals }, fd_bom__code(b, item)))
            continue;
        for (size_t m = from; m < to; m++)
            if (fd_view_is(name, b->recipe_name[b->made_by.list[m]])) {
                *found = true;
                return b->made_by.list[m];
            }
    }
    return b->made_by.list[from];
}

/* Of the items that one unit of `final` takes by the recipes chosen (marked in used), inputs before
 * what they go into; fewer than `needed` when the recipes chosen go in a circle. */
static size_t order_chosen(uint32_t *order, const fd_bom *b, const uint8_t *used,
                           const uint32_t *chosen)
{
    size_t *waits = fd_alloc(b->items * sizeof *waits + 1), count = 0;

    for (size_t i = 0; i < b->items; i++) {
        if (!used[i])
            continue;
        if (b->made_by.start[i] != b->made_by.start[i + 1])
            waits[i] = b->inputs.start[chosen[i] + 1] - b->inputs.start[chosen[i]];
        if (!waits[i])
            order[count++] = (uint32_t)i;
    }
    for (size_t head = 0; head < count; head++)
        for (size_t k = b->used_in.start[order[head]]; k < b->used_in.start[order[head] + 1]; k++) {
            const uint32_t r = b->used_in.list[k], made = b->product[r];

            if (used[made] && chosen[made] == r && --waits[made] == 0)
                order[count++] = made;
        }
    free(waits);
    return count;
}

/* What one unit of `final` takes of each item, by one recipe of each; needed items are marked. */
static int explode(double *need, uint8_t *used, const fd_bom *b, uint32_t final, const char *asked)
{
    uint32_t *chosen = fd_alloc(b->items * sizeof *chosen + 1);
    uint32_t *order = fd_alloc(b->items * sizeof *order + 1);
    size_t open = 0, needed = 0, count;
    bool found = false;
    int err = 0;

    order[open++] = final;
    used[final] = 1;
    while (open) {
        const uint32_t i = order[--open];

        needed++;
        if (b->made_by.start[i] == b->made_by.start[i + 1])
            continue;
        chosen[i] = choose_recipe(b, i, asked, &found);
        for (size_t k = b->inputs.start[chosen[i]]; k < b->inputs.start[chosen[i] + 1]; k++)
            if (!used[b->inputs.list[k]]) {
                used[b->inputs.list[k]] = 1;
                order[open++] = b->inputs.list[k];
            }
    }
    if (asked && !found) {
        err = fd_error_set(FD_ENOTFOUND, "没有这条配方:%s", "there is no such recipe: %s", asked);
        goto done;
    }
    if ((count = order_chosen(order, b, used, chosen)) < needed) {
        err = fd_bom__report_circle(b, used, order, count, chosen);
        goto done;
    }
    need[final] = 1;
    while (count-- > 0) {
        const uint32_t i = order[count];

        for (size_t k = b->inputs.start[chosen[i]];
             b->made_by.start[i] != b->made_by.start[i + 1] && k < b->inputs.start[chosen[i] + 1];
             k++)
            need[b->inputs.list[k]] += need[i] * b->qty[k];
    }
done:
    free(chosen);
    free(order);
    return err;
}

int fd_closure_explosion(fd_table **out, const fd_bom *b, const fd_closure_options *o)
{
    fd_scene s;
    fd_table *t = NULL;
    uint8_t *reach = fd_alloc(b->items + 1);
    double *need = fd_alloc(b->items * sizeof *need + 1), total = 0;
    uint32_t *by_code = fd_bom__by_code(b);
    uint8_t *used = fd_alloc(b->items + 1);
    bool costed = true;
    char zh[160], en[160];
    int err = fd_scene_init(&s, b, o);

    if (err < 0)
        goto done;
    if ((err = explode(need, used, b, s.final, o->recipe)) < 0)
        goto done;
    t = fd_table_new("explosion", "一件要用多少", "What one takes");
    add(t, "leaf", "产品", "Item", FD_TEXT);
    add_with(t, "qty_per_%s", "每 %s 用量", "Quantity per %s", s.final_slug, FD_EST);
    add(t, "unit_cost", "单价", "Unit cost", FD_EST);
    add(t, "cost", "金额", "Cost", FD_EST);
    add_with(t, "%s_makeable", "%s 能造", "Makeable in %s", s.place, FD_DEC);
    fd_bom_closure(reach, b, s.set);
    for (size_t n = 0; n < b->items; n++) {
        const uint32_t i = by_code[n];
        size_t row;

        if (!used[i] || b->made_by.start[i] != b->made_by.start[i + 1])
            continue;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, fd_bom__code(b, i));
        fd_column_set_est(t->columns[1], row, fd_bom__round(need[i]));
        set_count(t->columns[4], row, reach[i]);
        costed &= !isnan(b->unit_cost[i]);
        if (isnan(b->unit_cost[i]))
            continue;
        fd_column_set_est(t->columns[2], row, b->unit_cost[i]);
        fd_column_set_est(t->columns[3], row, fd_bom__round(need[i] * b->unit_cost[i]));
        total += need[i] * b->unit_cost[i];
    }
    snprintf(zh, sizeof zh, "%s外购件合计 %.6g", costed ? "" : "已知单价的", total);
    snprintf(en, sizeof en, "leaves%s cost %.6g", costed ? "" : " with a known price", total);
    fd_table_add_note(t, zh, en);
    fd_scene_note(&s, t);
    *out = t;
done:
    fd_scene_dispose(&s);
    free(reach);
    free(need);
    free(by_code);
    free(used);
    return err;
}

/* ---- the table of single failures ---- */

void fd_bom__by_enterprise(fd_csr *out, const fd_bom *b)
{
    uint32_t *key = fd_alloc(b->offers * sizeof *key + 1);

    for (size_t k = 0; k < b->offers; k++)
        key[k] = b->offer[k].enterprise;
    fd_csr_build(out, b->enterprises, key, NULL, b->offers);
    free(key);
}

void fd_bom__items_of(fd_buf *items, const fd_bom *b, uint32_t enterprise, uint64_t set,
                      const fd_csr *by_enterprise)
{
    fd_buf_clear(items);
    for (size_t k = by_enterprise->start[enterprise]; k < by_enterprise->start[enterprise + 1];
         k++) {
        const fd_offer *x = &b->offer[by_enterprise->list[k]];

        if (!fd_offer_counts(x, set))
            continue;
        if (items->len)
            fd_buf_putc(items, ';');
        fd_buf_puts(items, fd_bom__code(b, x->item));
    }
}

static int compare_lost(const void *left, const void *right, void *payload)
{
    const uint32_t a = *(const uint32_t *)left, c = *(const uint32_t *)right, *lost = payload;

    if (lost[a] != lost[c])
        return lost[a] > lost[c] ? -1 : 1;
    return a < c ? -1 : a > c;
}

int fd_closure_lost(fd_table **out, const fd_bom *b, const fd_closure_options *o)
{
    fd_scene s;
    uint32_t *lost = fd_alloc(b->enterprises * sizeof *lost + 1);
    uint32_t *list = fd_alloc(b->enterprises * sizeof *list + 1);
    uint8_t *made = fd_alloc(b->items + 1);
    fd_csr by_enterprise = { 0 };
    fd_buf items = FD_BUF_INIT;
    size_t finals = 0;
    fd_table *t;
    int err = fd_scene_init(&s, b, o);

    if (err < 0 || (err = fd_bom_lost(lost, b, s.set, o->pool)) < 0)
        goto done;
    fd_bom__by_enterprise(&by_enterprise, b);
    fd_bom_closure(made, b, s.set);
    for (size_t f = 0; f < b->final_count; f++)
        finals += made[b->finals[f]];
    for (size_t e = 0; e < b->enterprises; e++)
        list[e] = (uint32_t)e;
    qsort_r(list, b->enterprises, sizeof *list, compare_lost, lost);
    t = fd_table_new("lost", "单点失效失去的最终产品", "Final goods lost at a single failure");
    add(t, "enterprise", "企业", "Enterprise", FD_TEXT);
    add(t, "item", "产品", "Items", FD_TEXT);
    add(t, "finals_lost", "失去最终产品", "Final goods lost", FD_DEC);
    add(t, "finals", "能造的最终产品", "Final goods makeable", FD_DEC);
    for (size_t n = 0; n < b->enterprises; n++) {
        size_t row;

        fd_bom__items_of(&items, b, list[n], s.set, &by_enterprise);
        if (!items.len)
            continue;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, fd_bom_enterprise(b, list[n]));
        fd_column_set_text(t->columns[1], row, fd_buf_text(&items));
        set_count(t->columns[2], row, lost[list[n]]);
        set_count(t->columns[3], row, finals);
    }
    *out = t;
done:
    fd_scene_dispose(&s);
    fd_csr_dispose(&by_enterprise);
    fd_buf_dispose(&items);
    free(lost);
    free(list);
    free(made);
    return err;
}
