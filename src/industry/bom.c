/*
 * Reading items, recipes and enterprises into arrays, and what follows from the shape alone: final
 * goods, an order in which inputs come first, cycles.
 */
#include "industry/bom.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "fangding/arena.h"

enum { ITEMS, RECIPES, ENTERPRISES };

static const char *const level_names[][5] = {
    { "park", "园区", "本园区", NULL, NULL },
    { "county", "县", "县区", "本县", NULL },
    { "city", "市", "本市", "local", NULL },
    { "province", "省", "本省", NULL, NULL },
    { "national", "全国", "国内", "domestic", NULL },
    { "overseas", "海外", "境外", "国外", "foreign" },
};
#define KNOWN_LEVELS (sizeof level_names / sizeof *level_names)

static size_t level_rank(const char *name)
{
    for (size_t i = 0; i < KNOWN_LEVELS; i++)
        for (size_t k = 0; k < 5 && level_names[i][k]; k++)
            if (strcmp(level_names[i][k], name) == 0)
                return i;
    return KNOWN_LEVELS;
}

void fd_csr_build(fd_csr *out, size_t n, const uint32_t *key, const uint32_t *value, size_t count)
{
    size_t *at = fd_alloc((n + 1) * sizeof *at);

    out->start = fd_alloc((n + 1) * sizeof *out->start);
    out->list = fd_alloc(count * sizeof *out->list + 1);
    for (size_t i = 0; i < count; i++)
        out->start[key[i] + 1]++;
    for (size_t i = 0; i < n; i++)
        out->start[i + 1] += out->start[i];
    memcpy(at, out->start, n * sizeof *at);
    for (size_t i = 0; i < count; i++)
        out->list[at[key[i]]++] = value ? value[i] : (uint32_t)i;
    free(at);
}

void fd_csr_dispose(fd_csr *csr)
{
    free(csr->start);
    free(csr->list);
    memset(csr, 0, sizeof *csr);
}

/* ---- reading ---- */

typedef struct reading {
    fd_bom *bom;
    const fd_table *t;
    int which; /* ITEMS … */
} reading;

static int at(const reading *r, size_t row, const fd_column *c)
{
    for (size_t i = 0; i < r->t->column_count; i++)
        if (r->t->columns[i] == c)
            return fd_error_at(
                (fd_place){ r->bom->file[r->which], NULL, (long)row + 2, (long)i + 1 });
    return fd_error_at((fd_place){ r->bom->file[r->which], NULL, (long)row + 2, 0 });
}

static const fd_column *column_of(int *err, const reading *r, const char *id, const char *other)
{
    int i = fd_table_find(r->t, id);

    if (i < 0 && other)
        i = fd_table_find(r->t, other);
    if (i >= 0)
        return r->t->columns[i];
    *err = fd_error_set(FD_ENOTFOUND, "缺少列 %s", "there is no column %s", id);
    fd_error_at((fd_place){ r->bom->file[r->which], NULL, 1, 0 });
    return NULL;
}

static int text_at(const char **out, const reading *r, const fd_column *c, size_t row)
{
    *out = c->kind == FD_TEXT || c->kind == FD_CODE ? fd_column_text(c, row) : NULL;
    if (*out && **out)
        return 0;
    fd_error_set(FD_EINVAL, "列 %s 没有代码", "column %s holds no code", c->id);
    return at(r, row, c);
}

/* NaN where the cell is empty; negative is an error. */
static int number_at(double *out, const reading *r, const fd_column *c, size_t row)
{
    const char *text = NULL;
    char *end = NULL;

    *out = NAN;
    if (fd_column_state(c, row) == FD_MISSING || fd_column_state(c, row) == FD_NA)
        return 0;
    if (c->kind == FD_TEXT || c->kind == FD_CODE) { /* one bad cell makes a column of a CSV text */
        text = fd_column_text_or(c, row, "");
        *out = strtod(text, &end);
    } else {
        *out = fd_number_to_double(fd_column_number(c, row));
    }
    if (text && (end == text || *end || !isfinite(*out)))
        fd_error_set(FD_EINVAL, "列 %s 应是数,见到 %s", "column %s should hold a number, found %s",
                     c->id, text);
    else if (*out >= 0)
        return 0;
    else
        fd_error_set(FD_EINVAL, "列 %s 不能是负数:%g", "column %s may not be negative: %g", c->id,
                     *out);
    return at(r, row, c);
}

static int item_at(uint32_t *out, const reading *r, const fd_column *c, size_t row)
{
    const char *code;
    uint64_t value;
    int err = text_at(&code, r, c, row);

    if (err < 0)
        return err;
    if (!fd_map_get(r->bom->item_at, fd_view_of(code), &value)) {
        const char **codes = fd_alloc(r->bom->items * sizeof *codes + 1);
        const char *nearest;

        for (size_t i = 0; i < r->bom->items; i++)
            codes[i] = fd_bom__code(r->bom, i);
        nearest = fd_nearest(code, codes, r->bom->items);
        err = fd_error_set(FD_EINVAL, "没有这个产品:%s", "there is no such item: %s", code);
        if (nearest)
            fd_error_hint("是不是 %s?", "did you mean %s?", nearest);
        at(r, row, c);
        free(codes);
        return err;
    }
    *out = (uint32_t)value;
    return 0;
}

static int read_items(reading *r)
{
    fd_bom *b = r->bom;
    int err = 0;
    const fd_column *code = column_of(&err, r, "item", NULL);
    const int class = fd_table_find(r->t, "class"), cost = fd_table_find(r->t, "unit_cost"),
              stock = fd_table_find(r->t, "initial_stock");

    if (err < 0)
        return err;
    b->items = r->t->rows;
    b->item_class = fd_alloc(b->items * sizeof *b->item_class + 1);
    b->unit_cost = fd_alloc(b->items * sizeof *b->unit_cost + 1);
    b->stock = fd_alloc(b->items + 1);
    for (size_t i = 0; i < b->items; i++) {
        const char *text;
        double marked = 0;

        if ((err = text_at(&text, r, code, i)) < 0)
            return err;
        if (!fd_map_set(b->item_at, fd_view_of(text), i)) {
            fd_error_set(FD_EINVAL, "产品 %s 出现两次", "item %s stands twice", text);
            return at(r, i, code);
        }
        text = class >= 0 ? fd_column_text_or(r->t->columns[class], i, NULL) : NULL;
        b->item_class[i] = text ? fd_strdup(text) : NULL;
        b->unit_cost[i] = NAN;
        if (cost >= 0 && (err = number_at(&b->unit_cost[i], r, r->t->columns[cost], i)) < 0)
            return err;
        if (stock >= 0 && (err = number_at(&marked, r, r->t->columns[stock], i)) < 0)
            return err;
        b->stock[i] = marked > 0;
    }
    return 0;
}

/* One input row after another, sorted by recipe later. */
typedef struct input_row {
    uint32_t recipe, item;
    double qty;
    size_t row;
} input_row;

typedef fd_vec(input_row) input_rows;

static uint32_t recipe_of(fd_bom *b, fd_map *known, fd_buf *key, uint32_t product, const char *name)
{
    uint64_t recipe = b->recipes;

    fd_buf_clear(key);
    fd_buf_printf(key, "%u %s", product, name);
    recipe = fd_map_intern(known, fd_view_of(fd_buf_text(key)), recipe);
    if (recipe == b->recipes) {
        /* capacity grows by doubling: powers of two are when it is full */
        if ((b->recipes & (b->recipes - 1)) == 0) {
            const size_t room = b->recipes ? 2 * b->recipes : 1;

            b->product = fd_realloc_array(b->product, room, sizeof *b->product);
            b->recipe_name = fd_realloc_array(b->recipe_name, room, sizeof *b->recipe_name);
        }
        b->product[b->recipes] = product;
        b->recipe_name[b->recipes++] = fd_strdup(name);
    }
    return (uint32_t)recipe;
}

/* The inputs of each recipe in order of the rows; a second row of an input is added to the first.
 */
static void index_recipes(fd_bom *b, const input_rows *rows)
{
    const size_t count = rows->count;
    uint32_t *key = fd_alloc(count * sizeof *key + 1), *used = fd_alloc(count * sizeof *used + 1);
    uint32_t *seen = fd_alloc(b->items * sizeof *seen + 1);
    size_t *place = fd_alloc(b->items * sizeof *place + 1), to = 0;
    fd_csr by_recipe;

    for (size_t i = 0; i < count; i++)
        key[i] = rows->items[i].recipe;
    fd_csr_build(&by_recipe, b->recipes, key, NULL, count);
    b->inputs.start = fd_alloc((b->recipes + 1) * sizeof *b->inputs.start);
    b->inputs.list = fd_alloc(count * sizeof *b->inputs.list + 1);
    b->qty = fd_alloc(count * sizeof *b->qty + 1);
    b->row = fd_alloc(count * sizeof *b->row + 1);
    for (size_t r = 0; r < b->recipes; r++) {
        for (size_t k = by_recipe.start[r]; k < by_recipe.start[r + 1]; k++) {
            const input_row *x = &rows->items[by_recipe.list[k]];

            if (seen[x->item] == r + 1) {
                b->qty[place[x->item]] += x->qty;
                continue;
            }
            seen[x->item] = (uint32_t)r + 1;
            place[x->item] = to;
            b->inputs.list[to] = x->item;
            b->qty[to] = x->qty;
            b->row[to] = x->row;
            key[to] = x->item;
            used[to++] = (uint32_t)r;
        }
        b->inputs.start[r + 1] = to;
    }
    fd_csr_build(&b->used_in, b->items, key, used, to);
    fd_csr_build(&b->made_by, b->items, b->product, NULL, b->recipes);
    fd_csr_dispose(&by_recipe);
    free(key);
    free(used);
    free(seen);
    free(place);
}

static int read_recipes(reading *r)
{
    fd_bom *b = r->bom;
    int err = 0;
    const fd_column *product = column_of(&err, r, "product", NULL);
    const fd_column *input = column_of(&err, r, "input", NULL);
    const fd_column *qty = column_of(&err, r, "qty", "quantity");
    const int recipe = fd_table_find(r->t, "recipe");
    fd_map *known = fd_map_new();
    fd_buf key = FD_BUF_INIT;
    input_rows rows = { 0 };

    for (size_t i = 0; i < r->t->rows && err >= 0; i++) {
        input_row x = { .row = i };
        uint32_t made;

        if ((err = item_at(&made, r, product, i)) < 0 ||
            (err = item_at(&x.item, r, input, i)) < 0 || (err = number_at(&x.qty, r, qty, i)) < 0)
            break;
        if (isnan(x.qty)) {
            err = fd_error_set(FD_EINVAL, "没有写用量", "the quantity is missing");
            at(r, i, qty);
            break;
        }
        x.recipe = recipe_of(b, known, &key, made,
                             recipe < 0 ? "" : fd_column_text_or(r->t->columns[recipe], i, ""));
        fd_vec_push(&rows, x);
    }
    if (err >= 0)
        index_recipes(b, &rows);
    fd_vec_dispose(&rows);
    fd_buf_dispose(&key);
    fd_map_free(known);
    return err;
}

/* Territories in order of nesting; `to` maps order of first appearance to it. */
static int order_levels(fd_bom *b, const fd_map *names, uint8_t *to)
{
    b->levels = fd_map_count(names);
    if (b->levels > 64)
        return fd_error_set(FD_ELIMIT, "地域超过 64 个", "more than 64 territories");
    b->level = fd_alloc(b->levels * sizeof *b->level + 1);
    for (size_t rank = 0, next = 0; rank <= KNOWN_LEVELS; rank++)
        for (size_t i = 0; i < b->levels; i++)
            if (level_rank(fd_map_key(names, i).ptr) == rank) {
                to[i] = (uint8_t)next;
                b->level[next++] = fd_strdup(fd_map_key(names, i).ptr);
            }
    return 0;
}

static int read_enterprises(reading *r)
{
    fd_bom *b = r->bom;
    int err = 0;
    const fd_column *code = column_of(&err, r, "enterprise", NULL);
    const fd_column *territory = column_of(&err, r, "territory", NULL);
    const fd_column *item = column_of(&err, r, "item", NULL);
    const fd_column *capacity = column_of(&err, r, "capacity_per_year", "capacity");
    fd_map *names = fd_map_new();
    uint8_t to[64];
    uint32_t *key = NULL;

    b->offer = fd_alloc(r->t->rows * sizeof *b->offer + 1);
    for (size_t i = 0; i < r->t->rows && err >= 0; i++) {
        fd_offer *o = &b->offer[i];
        const char *who, *where;
        uint64_t level;

        if ((err = text_at(&who, r, code, i)) < 0 || (err = text_at(&where, r, territory, i)) < 0 ||
            (err = item_at(&o->item, r, item, i)) < 0 ||
            (err = number_at(&o->capacity, r, capacity, i)) < 0)
            break;
        o->enterprise = (uint32_t)fd_map_intern(b->enterprise_at, fd_view_of(who),
                                                fd_map_count(b->enterprise_at));
        level = fd_map_intern(names, fd_view_of(where), fd_map_count(names));
        if (level >= 64) {
            err = fd_error_set(FD_ELIMIT, "地域超过 64 个", "more than 64 territories");
            at(r, i, territory);
            break;
        }
        o->level = (uint8_t)level;
        o->row = i;
    }
    if (err >= 0 && (err = order_levels(b, names, to)) >= 0) {
        b->offers = r->t->rows;
        b->enterprises = fd_map_count(b->enterprise_at);
        key = fd_alloc(b->offers * sizeof *key + 1);
        for (size_t i = 0; i < b->offers; i++) {
            b->offer[i].level = to[b->offer[i].level];
            key[i] = b->offer[i].item;
        }
        fd_csr_build(&b->offered, b->items, key, NULL, b->offers);
        free(key);
    }
    fd_map_free(names);
    return err;
}

/* ---- shape ---- */

/* Final goods, and Kahn's order of the graph item → item. */
static void find_order(fd_bom *b)
{
    size_t *waits = fd_alloc(b->items * sizeof *waits + 1), head = 0;

    b->finals = fd_alloc(b->items * sizeof *b->finals + 1);
    b->order = fd_alloc(b->items * sizeof *b->order + 1);
    for (size_t i = 0; i < b->items; i++)
        if (b->used_in.start[i] == b->used_in.start[i + 1] &&
            b->made_by.start[i] != b->made_by.start[i + 1])
            b->finals[b->final_count++] = (uint32_t)i;
    for (size_t r = 0; r < b->recipes; r++)
        for (size_t k = b->inputs.start[r]; k < b->inputs.start[r + 1]; k++)
            waits[b->product[r]]++;
    for (size_t i = 0; i < b->items; i++)
        if (!waits[i])
            b->order[b->order_count++] = (uint32_t)i;
    while (head < b->order_count) {
        const uint32_t i = b->order[head++];

        for (size_t k = b->used_in.start[i]; k < b->used_in.start[i + 1]; k++)
            if (--waits[b->product[b->used_in.list[k]]] == 0)
                b->order[b->order_count++] = b->product[b->used_in.list[k]];
    }
    free(waits);
}

/* Every open item has an input that is open (by the recipe chosen, if `chosen` is given): the walk
 * along such inputs comes back to itself. */
static int report_cycle(const fd_bom *b, const uint8_t *open, const uint32_t *chosen, uint32_t item)
{
    uint8_t *seen = fd_alloc(b->items + 1);
    size_t row = 0;
    uint32_t from = item;

    while (!seen[item]) {
        bool moved = false;

        seen[item] = 1;
        for (size_t m = b->made_by.start[item]; m < b->made_by.start[item + 1] && !moved; m++) {
            const uint32_t r = b->made_by.list[m];

            if (chosen && chosen[item] != r)
                continue;
            for (size_t k = b->inputs.start[r]; k < b->inputs.start[r + 1] && !moved; k++)
                if (open[b->inputs.list[k]]) {
                    row = b->row[k];
                    from = item;
                    item = b->inputs.list[k];
                    moved = true;
                }
        }
    }
    free(seen);
    fd_error_set(FD_EINVAL, "产品 %s 的配方绕回自己(经 %s),数量无解",
                 "the recipes of %s lead back to itself (by %s): quantities have no answer",
                 fd_bom__code(b, item), fd_bom__code(b, from));
    fd_error_hint("断开这一行", "take this row out");
    return fd_error_at((fd_place){ b->file[RECIPES], NULL, (long)row + 2, 0 });
}

int fd_bom__acyclic(const fd_bom *b, const uint8_t *reach)
{
    uint8_t *open;
    int err = 0;

    if (b->order_count == b->items)
        return 0;
    open = fd_alloc(b->items + 1);
    memset(open, 1, b->items);
    for (size_t i = 0; i < b->order_count; i++)
        open[b->order[i]] = 0;
    for (size_t i = 0; i < b->items && err >= 0; i++)
        if (open[i] && (!reach || reach[i]))
            err = report_cycle(b, open, NULL, (uint32_t)i);
    free(open);
    return err;
}

int fd_bom__report_circle(const fd_bom *b, const uint8_t *used, const uint32_t *order, size_t count,
                          const uint32_t *chosen)
{
    uint8_t *open = fd_alloc(b->items + 1);
    size_t first = 0;
    int err;

    memcpy(open, used, b->items);
    for (size_t i = 0; i < count; i++)
        open[order[i]] = 0;
    while (!open[first])
        first++;
    err = report_cycle(b, open, chosen, (uint32_t)first);
    free(open);
    return err;
}

int fd_bom_read(fd_bom **out, const fd_bom_input *in)
{
    const fd_table *const tables[] = { in->items, in->recipes, in->enterprises };
    const char *const names[] = { in->items_name, in->recipes_name, in->enterprises_name };
    static int (*const readers[])(reading *) = { read_items, read_recipes, read_enterprises };
    fd_bom *b = fd_alloc(sizeof *b);
    int err = 0;

    b->item_at = fd_map_new();
    b->enterprise_at = fd_map_new();
    for (int i = 0; i < 3; i++)
        b->file[i] = names[i] ? fd_strdup(names[i]) : NULL;
    for (int i = 0; i < 3 && err >= 0; i++)
        err = readers[i](&(reading){ b, tables[i], i });
    if (err < 0) {
        fd_bom_free(b);
        return err;
    }
    find_order(b);
    *out = b;
    return 0;
}

void fd_bom_free(fd_bom *b)
{
    if (!b)
        return;
    for (size_t i = 0; b->item_class && i < b->items; i++)
        free(b->item_class[i]);
    for (size_t i = 0; i < b->recipes; i++)
        free(b->recipe_name[i]);
    for (size_t i = 0; i < b->levels && b->level; i++)
        free(b->level[i]);
    for (int i = 0; i < 3; i++)
        free(b->file[i]);
    fd_map_free(b->item_at);
    fd_map_free(b->enterprise_at);
    fd_csr_dispose(&b->inputs);
    fd_csr_dispose(&b->made_by);
    fd_csr_dispose(&b->used_in);
    fd_csr_dispose(&b->offered);
    free(b->item_class);
    free(b->unit_cost);
    free(b->stock);
    free(b->product);
    free(b->recipe_name);
    free(b->qty);
    free(b->row);
    free(b->offer);
    free(b->level);
    free(b->finals);
    free(b->order);
    free(b);
}

size_t fd_bom_items(const fd_bom *b)
{
    return b->items;
}

const char *fd_bom_item(const fd_bom *b, size_t item)
{
    return fd_bom__code(b, item);
}

size_t fd_bom_enterprises(const fd_bom *b)
{
    return b->enterprises;
}

const char *fd_bom_enterprise(const fd_bom *b, size_t enterprise)
{
    return fd_map_key(b->enterprise_at, enterprise).ptr;
}

size_t fd_bom_finals(const fd_bom *b, const uint32_t **list)
{
    *list = b->finals;
    return b->final_count;
}

/* ---- territories and final goods ---- */

static bool is_level(const fd_bom *b, fd_view name, size_t *at)
{
    for (*at = 0; *at < b->levels; ++*at)
        if (fd_view_is(name, b->level[*at]))
            return true;
    return false;
}

int fd_bom_territories(uint64_t *set, const fd_bom *b, const char *text)
{
    fd_view rest = fd_view_of(text), name;
    const bool exact = text && strchr(text, '+');
    size_t at;

    *set = 0;
    if (!text) {
        *set = b->levels ? 1 : 0;
        return 0;
    }
    while (fd_view_split(&rest, '+', &name)) {
        char *word = strndup(name.ptr, name.len);
        const size_t rank = level_rank(word);
        const bool there = is_level(b, name, &at);

        free(word);
        if (!there && rank == KNOWN_LEVELS) {
            const char *const *names = (const char *const *)b->level;
            const char *nearest = fd_nearest(text, names, b->levels);

            fd_error_set(FD_ENOTFOUND, "没有这个地域:%.*s", "there is no such territory: %.*s",
                         (int)name.len, name.ptr);
            return nearest ? fd_error_hint("是不是 %s?", "did you mean %s?", nearest)
                           : fd_error_last()->code;
        }
        for (size_t i = 0; i < b->levels; i++)
            if (there ? (exact ? i == at : i <= at) : (!exact && level_rank(b->level[i]) < rank))
                *set |= UINT64_C(1) << i;
    }
    return 0;
}

void fd_bom__reach(uint8_t *reach, const fd_bom *b, uint32_t item)
{
    fd_vec(uint32_t) open = { 0 };

    if (!reach[item])
        fd_vec_push(&open, item);
    reach[item] = 1;
    while (open.count) {
        const uint32_t i = open.items[--open.count];

        for (size_t m = b->made_by.start[i]; m < b->made_by.start[i + 1]; m++) {
            const uint32_t r = b->made_by.list[m];

            for (size_t k = b->inputs.start[r]; k < b->inputs.start[r + 1]; k++)
                if (!reach[b->inputs.list[k]]) {
                    reach[b->inputs.list[k]] = 1;
                    fd_vec_push(&open, b->inputs.list[k]);
                }
        }
    }
    fd_vec_dispose(&open);
}

char *fd_bom__slug(const fd_bom *b, uint32_t item)
{
    char *slug = fd_strdup(fd_bom__code(b, item));

    for (char *c = slug; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return slug;
}

int fd_scene_init(fd_scene *s, const fd_bom *b, const fd_closure_options *o)
{
    uint64_t value;
    int err;

    memset(s, 0, sizeof *s);
    s->bom = b;
    if ((err = fd_bom_territories(&s->set, b, o->territory)) < 0)
        return err;
    if (o->final && !fd_map_get(b->item_at, fd_view_of(o->final), &value))
        return fd_error_set(FD_ENOTFOUND, "没有这个产品:%s", "there is no such item: %s", o->final);
    if (!o->final && !b->final_count) {
        fd_error_set(FD_ENOTFOUND, "配方里找不到最终产品", "no final good among the recipes");
        return fd_error_hint("用 --final 指定", "name one with --final");
    }
    s->final = o->final ? (uint32_t)value : b->finals[0];
    s->several = !o->final && b->final_count > 1;
    s->place = fd_strdup(o->territory ? o->territory : b->levels ? b->level[0] : "");
    s->final_slug = fd_bom__slug(b, s->final);
    for (size_t i = 0; i < b->levels; i++)
        if (s->set >> i & 1)
            s->next = i + 1;
    if (!s->next && o->territory) /* a known level without enterprises: what is wider comes next */
        while (s->next < b->levels && level_rank(b->level[s->next]) < level_rank(o->territory))
            s->next++;
    s->reach = fd_alloc(b->items + 1);
    if (o->final)
        fd_bom__reach(s->reach, b, s->final);
    for (size_t i = 0; !o->final && i < b->final_count; i++)
        fd_bom__reach(s->reach, b, b->finals[i]);
    return 0;
}

void fd_scene_dispose(fd_scene *s)
{
    free(s->place);
    free(s->final_slug);
    free(s->reach);
    memset(s, 0, sizeof *s);
}

bool fd_scene_widen(fd_scene *s)
{
    char *wider;

    if (s->next >= s->bom->levels)
        return false;
    if (asprintf(&wider, "%s+%s", s->place, s->bom->level[s->next]) < 0)
        abort();
    free(s->place);
    s->place = wider;
    s->set |= UINT64_C(1) << s->next++;
    return true;
}

void fd_scene_note(const fd_scene *s, fd_table *t)
{
    char zh[256], en[256];
    const char *code = fd_bom__code(s->bom, s->final);

    if (!s->several)
        return;
    snprintf(zh, sizeof zh, "最终产品有 %zu 个,这里算的是第一个:%.100s(用 --final 另选)",
             s->bom->final_count, code);
    snprintf(en, sizeof en, "of %zu final goods this is the first: %.100s (--final takes another)",
             s->bom->final_count, code);
    fd_table_add_note(t, zh, en);
}

char *fd_bom__format(const char *format, const char *word)
{
    fd_buf b = FD_BUF_INIT;
    const char *at = strstr(format, "%s");

    fd_buf_put(&b, format, at ? (size_t)(at - format) : strlen(format));
    if (at) {
        fd_buf_puts(&b, word);
        fd_buf_puts(&b, at + 2);
    }
    return fd_buf_take(&b);
}

static int compare_codes(const void *a, const void *b, void *payload)
{
    const fd_bom *bom = payload;

    return strcmp(fd_bom__code(bom, *(const uint32_t *)a), fd_bom__code(bom, *(const uint32_t *)b));
}

uint32_t *fd_bom__by_code(const fd_bom *b)
{
    uint32_t *list = fd_alloc(b->items * sizeof *list + 1);

    for (size_t i = 0; i < b->items; i++)
        list[i] = (uint32_t)i;
    qsort_r(list, b->items, sizeof *list, compare_codes, (void *)(uintptr_t)b);
    return list;
}

double fd_bom__round(double value)
{
    char text[40];

    snprintf(text, sizeof text, "%.12g", value);
    return strtod(text, NULL);
}
