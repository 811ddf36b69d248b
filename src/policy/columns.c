/*
 * Which figures a name in a policy stands for, and their columns.
 *
 * A figure of a year is looked for under the year, then under its months taken together (1–12), so
 * that a city that keeps monthly cumulative returns answers too; a stock also under December.  A
 * stock without brackets is the newest one known on the key date.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ding/eval/internal.h"
#include "policy/set.h"

#define MOST_PARTS 60

fd_policy_context fd_policy__context(fd_policy_set *set, const fd_slot *slot)
{
    return (fd_policy_context){ set, slot, FD_PERIOD_NONE, FD_CURRENT, 0 };
}

fd_policy_context fd_policy__shift(const fd_policy_context *c, const fd_expr *at)
{
    fd_policy_context s = *c;
    fd_period from = c->at ? c->at : c->slot->base ? c->slot->base : c->slot->year;
    int year = fd_period_year_of(c->at ? c->at : c->slot->year);

    switch (at->at) {
    case FD_AT_YEAR_BEFORE:
        s.at = fd_period_year(year - 1);
        break;
    case FD_AT_STEP:
        s.at = c->slot->base ? fd_period_step(from, at->step) : fd_period_year(year + at->step);
        break;
    case FD_AT_COMPARATIVE:
        s.basis = FD_COMPARATIVE;
        s.at = from;
        break;
    case FD_AT_YEAR_BEFORE_STORED:
        s.at = fd_period_years_before(from, 1);
        break;
    case FD_AT_PERIOD:
        s.at = at->period;
        break;
    case FD_AT_VERIFIED:
        s.basis = FD_VERIFIED;
        s.at = from;
        break;
    default:
        break;
    }
    return s;
}

fd_policy_context fd_policy__year(const fd_policy_context *c, int k)
{
    fd_policy_context s = *c;

    s.at = fd_period_year(fd_period_year_of(c->slot->year) - k);
    return s;
}

void fd_policy__leaf_free(fd_leaf *leaf)
{
    if (!leaf)
        return;
    fd_column_unref(leaf->column);
    free(leaf->own);
    free(leaf->own_known);
    free(leaf);
}

int fd_policy__leaf_factor(fd_quot *out, const fd_leaf *leaf)
{
    fd_quot unit = leaf->item && leaf->item->unit ? leaf->item->unit->factor : (fd_quot){ 1, 1 };
    int err =
        fd_quot_make(out, 1, (fd_i128)fd_pow10(leaf->scale) * (leaf->divisor ? leaf->divisor : 1));

    return err < 0 ? err : fd_quot_mul(out, *out, unit);
}

/* ---- states and bounds ---- */

/* The bits that any |v| has. */
static uint64_t bits_of(const int64_t *v, size_t n)
{
    uint64_t most = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t x = (uint64_t)v[i], sign = 0 - (x >> 63);

        most |= (x ^ sign) - sign;
    }
    return most;
}

/* The next power of two less one: enough for a bound, and the loop above stays a vector loop. */
static uint64_t bound_from(uint64_t most)
{
    while (most & (most + 1))
        most |= most >> 1;
    return most;
}

static void bound_of(fd_leaf *leaf, size_t n)
{
    leaf->bound = bound_from(bits_of(leaf->v, n));
}

static void states_of(fd_leaf *leaf, const fd_column *c, size_t n)
{
    size_t words = FD_BITS_WORDS(n);

    leaf->known = c->has;
    if (c->doubt) {
        leaf->own_known = fd_alloc((words + 1) * sizeof *leaf->own_known);
        for (size_t w = 0; w < words; w++)
            leaf->own_known[w] = c->has[w] & ~c->doubt[w];
        leaf->known = leaf->own_known;
    }
    leaf->na = c->na;
    leaf->all_known = fd_bits_count(leaf->known, n) == n;
}

int fd_policy__keep_leaf(fd_policy_set *set, const char *key, fd_leaf *leaf)
{
    fd_vec_push(&set->leaves, leaf);
    fd_map_set(set->leaf_index, fd_view_of(key), set->leaves.count - 1);
    return (int)set->leaves.count - 1;
}

/* ---- figures ---- */

static bool holds(fd_column *c)
{
    for (size_t w = 0; w < FD_BITS_WORDS(c->n); w++)
        if (c->has[w] || (c->na && c->na[w]))
            return true;
    return false;
}

/* The periods under which a figure of `want` may have been stored, best first. */
static size_t candidates(fd_period *out, const fd_policy_context *c, const fd_item *item,
                         const char *id)
{
    fd_period want = c->at ? c->at : c->slot->base ? c->slot->base : c->slot->year;
    int year = fd_period_year_of(want);
    size_t n = 0, count = 0;
    const fd_period *held;

    if (!c->at && !c->slot->base &&
        c->set->source->ops->periods(c->set->source, id, c->basis, &held, &count) >= 0)
        for (size_t i = count; i-- > 0 && n == 0;)
            if (fd_period_end(held[i]) <= c->set->on &&
                (item->nature != FD_FLOW || fd_period_year_of(held[i]) == year))
                out[n++] = held[i];
    out[n++] = want;
    if (fd_period_kind_of(want) == FD_YEAR) {
        out[n++] = fd_period_cumulative(year, 12);
        if (item->nature != FD_FLOW)
            out[n++] = fd_period_month(year, 12);
    } else if (fd_period_kind_of(want) == FD_QUARTER && fd_period_number_of(want) == 1) {
        out[n++] = fd_period_cumulative(year, 3);
    }
    return n;
}

static int read_figures(fd_leaf *leaf, const fd_policy_context *c, const char *id)
{
    fd_source *s = c->set->source;
    fd_period tries[6];
    size_t n = candidates(tries, c, leaf->item, id);
    int err = 0;

    for (size_t i = 0; i < n; i++) {
        fd_column *column = NULL;

        if ((err = s->ops->column(s, "enterprise", id, tries[i], c->basis, &column)) < 0)
            return err;
        if (i + 1 < n && !holds(column)) {
            fd_column_unref(column);
            continue;
        }
        leaf->column = column;
        leaf->field.period = tries[i];
        break;
    }
    /* what nothing was found for is asked for under the period meant */
    if (!holds(leaf->column))
        leaf->field.period = c->at ? c->at : c->slot->base ? c->slot->base : c->slot->year;
    if (leaf->column->kind != FD_DEC || leaf->column->n != c->set->frame->n)
        return fd_error_set(FD_EINVAL, "「%s」不是逐户的精确数",
                            "%s is no exact figure per enterprise", leaf->item->name);
    leaf->v = leaf->column->v.dec;
    leaf->scale = leaf->column->scale;
    states_of(leaf, leaf->column, c->set->frame->n);
    bound_of(leaf, c->set->frame->n);
    if (s->ops->marks) {
        const char *marks = NULL, *origin = NULL;

        if (s->ops->marks(s, id, leaf->field.period, c->basis, &marks, &origin) >= 0)
            leaf->origin = origin ? fd_arena_strdup(c->set->arena, origin) : NULL;
        else
            fd_error_clear();
    }
    return 0;
}

/* ---- attributes ---- */

/* 不适用 可, or a date of a complete list: who is not in the register is out of it, not unknown. */
static void close_register(fd_leaf *leaf, const fd_policy_set *set)
{
    size_t words = FD_BITS_WORDS(set->frame->n);
    uint64_t *na = fd_arena_alloc(set->arena, (words + 1) * sizeof *na);

    fd_bits_fill(na, set->frame->n);
    for (size_t w = 0; w < words; w++)
        na[w] = (na[w] & ~leaf->column->has[w]) | (leaf->na ? leaf->na[w] : 0);
    leaf->na = na;
}

/* 全名单: on a day on which the list is declared complete, who has no entry is not on it: 否, and
 * of a date 不适用.  A list of which nothing came in closes nothing. */
static void close_list(fd_leaf *leaf, const fd_policy_set *set, fd_date day)
{
    const fd_column *old = leaf->column;
    size_t n = set->frame->n;
    uint64_t *by_list;
    fd_column *c;

    leaf->list = fd_bits_count(old->has, n) ? fd_item_complete_on(leaf->item, day) : NULL;
    if (!leaf->list)
        return;
    leaf->by_list = by_list = fd_arena_alloc(set->arena, (FD_BITS_WORDS(n) + 1) * sizeof *by_list);
    for (size_t i = 0; i < n; i++)
        fd_bits_assign(by_list, i, fd_column_state(old, i) == FD_MISSING);
    if (leaf->item->value_kind != FD_BOOL)
        return;
    c = fd_column_new(old->id, FD_TEXT, "", 0, n);
    for (size_t i = 0; i < n; i++) {
        const fd_state state = fd_column_state(old, i);

        if (state == FD_HAS || state == FD_DOUBT || state == FD_MISSING)
            fd_column_set_text(c, i, state == FD_MISSING ? "否" : fd_column_text(old, i));
        if (state == FD_DOUBT || state == FD_NA)
            fd_column_set_state(c, i, state);
    }
    fd_column_unref(leaf->column);
    leaf->column = c;
}

/* Dates are parsed once per distinct text; what is no date is unknown. */
static void read_days(fd_leaf *leaf, const fd_policy_set *set)
{
    const fd_column *c = leaf->column;
    size_t n = set->frame->n, count = c->dict ? fd_dict_count(c->dict) : 0;
    fd_date *days = fd_alloc((count + 1) * sizeof *days);

    for (size_t i = 0; i < count; i++) {
        const char *text = fd_dict_text(c->dict, (uint32_t)i);

        if (fd_date_parse(&days[i], text, strlen(text)) < 0) {
            fd_error_clear();
            days[i] = FD_DATE_NONE;
        }
    }
    leaf->own = fd_alloc((n + 1) * sizeof *leaf->own);
    leaf->own_known = fd_alloc((FD_BITS_WORDS(n) + 1) * sizeof *leaf->own_known);
    for (size_t i = 0; i < n; i++)
        if (fd_bits_get(c->has, i) && !(c->doubt && fd_bits_get(c->doubt, i)) &&
            days[c->v.text[i]] != FD_DATE_NONE) {
            leaf->own[i] = days[c->v.text[i]];
            fd_bits_set(leaf->own_known, i);
        }
    free(days);
    leaf->v = leaf->own;
    leaf->known = leaf->own_known;
    leaf->all_known = fd_bits_count(leaf->known, n) == n;
    bound_of(leaf, n);
}

/* 行业大类 and 行业中类 are the first digits of the industry. */
static fd_column *prefix_column(const fd_column *c, size_t digits)
{
    fd_column *out = fd_column_new(c->id, FD_TEXT, "", 0, c->n);

    for (size_t i = 0; i < c->n; i++) {
        const char *text = fd_column_text(c, i);
        char head[8];

        if (!text || strlen(text) < digits)
            continue;
        memcpy(head, text, digits);
        head[digits] = '\0';
        fd_column_set_text(out, i, head);
    }
    return out;
}

static int read_attribute(fd_leaf *leaf, const fd_policy_context *c)
{
    fd_source *s = c->set->source;
    const char *id = leaf->item->id;
    size_t digits = strcmp(id, "division") == 0 ? 2 : strcmp(id, "group") == 0 ? 3 : 0;
    fd_date day = c->at ? fd_period_end(c->at) : c->set->on;
    int err;

    err = s->ops->attribute(s, "enterprise", digits ? "industry" : id, day, &leaf->column);
    if (err < 0)
        return err;
    if (digits) {
        fd_column *cut = prefix_column(leaf->column, digits);

        fd_column_unref(leaf->column);
        leaf->column = cut;
    }
    close_list(leaf, c->set, day);
    states_of(leaf, leaf->column, c->set->frame->n);
    if (leaf->item->may_be_na || (leaf->list && leaf->item->value_kind == FD_DATE))
        close_register(leaf, c->set);
    if (leaf->item->value_kind == FD_DATE) {
        leaf->form = FD_LEAF_DAYS;
        read_days(leaf, c->set);
    } else {
        leaf->form = FD_LEAF_TEXT;
        leaf->text = leaf->column->v.text;
    }
    return 0;
}

void fd_policy__note_lists(fd_table *t, const fd_policy_set *set)
{
    fd_map *seen = fd_map_new();

    for (size_t i = 0; i < set->leaves.count; i++) {
        const fd_leaf *leaf = set->leaves.items[i];
        char zh[400], en[400];

        if (!leaf->list || !fd_bits_count(leaf->by_list, set->frame->n) ||
            !fd_map_set(seen, fd_view_of(leaf->item->id), 1))
            continue;
        snprintf(zh, sizeof zh, "「%.80s」按全名单「%.80s」:名单上没有的算%s", leaf->item->name,
                 leaf->list->decl->name, leaf->item->value_kind == FD_BOOL ? "「否」" : "不适用");
        snprintf(en, sizeof en, "%.80s by the complete list %.80s: who is not on it is %s",
                 leaf->item->id, leaf->list->decl->alias,
                 leaf->item->value_kind == FD_BOOL ? "a no" : "n/a");
        fd_table_add_note(t, zh, en);
    }
    fd_map_free(seen);
}

static bool is_held(const fd_policy_context *c, const fd_leaf *leaf)
{
    const fd_policy *p = c->slot->pub.policy;

    for (size_t i = 0; i < p->held_count; i++)
        if (p->held[i] == leaf->item)
            return true;
    return leaf->origin &&
           (!strcmp(leaf->origin, "power") || !strcmp(leaf->origin, "administrative") ||
            !strcmp(leaf->origin, "dispatch") || !strcmp(leaf->origin, "project"));
}

/* A place in a definition and where it stands in time → its leaf, so that walks over single rows
 * need no names. */
typedef struct place {
    const void *expr;
    fd_period at, base;
    int32_t basis, span;
} place;

static fd_view place_key(place *p, const fd_policy_context *c, const fd_expr *e)
{
    memset(p, 0, sizeof *p);
    p->expr = e;
    p->at = c->at;
    p->base = c->slot->base;
    p->basis = (int32_t)c->basis;
    p->span = c->slot->pub.policy->actual_span;
    return (fd_view){ (const char *)p, sizeof *p };
}

static int find_leaf(int *out, const fd_policy_context *c, const fd_expr *name);
static int find_window(int *out, const fd_policy_context *c, const fd_expr *call);

int fd_policy__leaf(int *out, const fd_policy_context *c, const fd_expr *name)
{
    place p;
    fd_view key = place_key(&p, c, name);
    uint64_t at;
    int err;

    if (fd_map_get(c->set->place_index, key, &at)) {
        *out = (int)at;
        return 0;
    }
    if ((err = find_leaf(out, c, name)) >= 0)
        fd_map_set(c->set->place_index, key, (uint64_t)*out);
    return err;
}

int fd_policy__window(int *out, const fd_policy_context *c, const fd_expr *call)
{
    place p;
    fd_view key = place_key(&p, c, call);
    uint64_t at;
    int err;

    if (fd_map_get(c->set->place_index, key, &at)) {
        *out = (int)(int64_t)at;
        return 0;
    }
    if ((err = find_window(out, c, call)) >= 0)
        fd_map_set(c->set->place_index, key, (uint64_t)(int64_t)*out);
    return err;
}

static int find_leaf(int *out, const fd_policy_context *c, const fd_expr *name)
{
    const fd_item *item = name->target;
    const char *id = fd_eval__item_id(c->set->arena, name);
    char *key = fd_arena_printf(c->set->arena, "%s@%d@%d@%d", id, (int)c->at, (int)c->basis,
                                (int)c->slot->base);
    fd_leaf *leaf;
    uint64_t at;
    int err;

    if (fd_map_get(c->set->leaf_index, fd_view_of(key), &at)) {
        leaf = c->set->leaves.items[at];
        leaf->field.held = leaf->field.held || is_held(c, leaf);
        *out = (int)at;
        return 0;
    }
    if (strcmp(item->kind, "enterprise") != 0)
        return fd_error_set(FD_EINVAL, "政策只用企业的数据,「%s」属于 %s",
                            "a policy uses figures of enterprises; %s belongs to %s", item->name,
                            item->kind);
    leaf = fd_alloc(sizeof *leaf);
    leaf->item = item;
    leaf->field = (fd_policy_field){ item, name->variant, FD_PERIOD_NONE, c->basis, false };
    err = item->nature == FD_ATTRIBUTE ? read_attribute(leaf, c) : read_figures(leaf, c, id);
    if (err < 0) {
        fd_policy__leaf_free(leaf);
        return err;
    }
    leaf->field.held = is_held(c, leaf);
    *out = fd_policy__keep_leaf(c->set, key, leaf);
    return 0;
}

/* ---- windows: sums over years, months of a span ---- */

/* Years before an enterprise was founded count as nothing. */
static int forgive_before(int *out, const fd_policy_context *c, int part, int year)
{
    fd_policy_set *set = c->set;
    const fd_leaf *of = set->leaves.items[part];
    char *key = fd_arena_printf(set->arena, "young@%d", part);
    size_t n = set->frame->n, words = FD_BITS_WORDS(n);
    const fd_item *founded = fd_program_item(set->program, "founded");
    fd_expr name = { .kind = FD_EXPR_NAME, .text = "founded", .symbol = FD_SYM_ITEM };
    fd_policy_context plain = fd_policy__context(set, c->slot);
    const fd_leaf *days;
    fd_date end = fd_date_make(year, 12, 31);
    uint64_t at;
    fd_leaf *leaf;
    int index, err;

    *out = part;
    name.target = founded;
    if (!founded || of->all_known)
        return 0;
    if (fd_map_get(set->leaf_index, fd_view_of(key), &at)) {
        *out = (int)at;
        return 0;
    }
    if ((err = find_leaf(&index, &plain, &name)) < 0)
        return err;
    of = set->leaves.items[part];
    days = set->leaves.items[index];
    leaf = fd_alloc(sizeof *leaf);
    leaf->item = of->item;
    leaf->field = of->field;
    leaf->scale = of->scale;
    leaf->origin = of->origin;
    leaf->bound = of->bound;
    leaf->v = of->v;
    leaf->column = of->column ? fd_column_ref(of->column) : NULL;
    leaf->own_known = fd_alloc((words + 1) * sizeof *leaf->own_known);
    memcpy(leaf->own_known, of->known, words * sizeof *leaf->own_known);
    /* a cell without value holds 0, which is what the year then counts */
    for (size_t w = 0; w < words; w++) {
        uint64_t open = ~of->known[w] & days->known[w] & ~(of->column ? of->column->has[w] : 0);

        for (; open; open &= open - 1) {
            size_t i = w * 64 + (size_t)__builtin_ctzll(open);

            if (days->v[i] > end)
                leaf->own_known[w] |= open & -open;
        }
    }
    leaf->known = leaf->own_known;
    leaf->na = of->na;
    leaf->all_known = fd_bits_count(leaf->known, n) == n;
    *out = fd_policy__keep_leaf(set, key, leaf);
    return 0;
}

/* The sum or the largest of the parts, block by block, so that every figure is read once from
 * memory and written once; and the bound. No product here exceeds 64 bits: combine() has seen to
 * it. */
static void add_up(fd_leaf *leaf, const fd_policy_set *set, bool is_max, size_t n)
{
    uint64_t most = 0;

    for (size_t at = 0; at < n; at += FD_POLICY_BLOCK) {
        size_t rows = n - at < FD_POLICY_BLOCK ? n - at : FD_POLICY_BLOCK;
        int64_t *restrict own = leaf->own + at;

        for (size_t k = 0; k < leaf->part_count; k++) {
            const fd_leaf *part = set->leaves.items[leaf->parts[k]];
            const int64_t *restrict v = part->v + at;
            int64_t factor = fd_pow10(leaf->scale - part->scale);

            if (k == 0 && factor == 1)
                memcpy(own, v, rows * sizeof *own);
            else if (k == 0)
                for (size_t i = 0; i < rows; i++)
                    own[i] = v[i] * factor;
            else if (is_max)
                for (size_t i = 0; i < rows; i++)
                    own[i] = v[i] * factor > own[i] ? v[i] * factor : own[i];
            else if (factor ==
                     1) /* no vector instruction multiplies 64 bits: the common case apart */
                for (size_t i = 0; i < rows; i++)
                    own[i] += v[i];
            else
                for (size_t i = 0; i < rows; i++)
                    own[i] += v[i] * factor;
        }
        most |= bits_of(own, rows);
    }
    leaf->bound = bound_from(most);
}

static int combine(int *out, const fd_policy_context *c, const char *key, const fd_item *item,
                   const int *parts, size_t count, bool is_max, int divisor)
{
    fd_policy_set *set = c->set;
    size_t n = set->frame->n, words = FD_BITS_WORDS(n);
    const fd_leaf *first = set->leaves.items[parts[0]];
    fd_leaf *leaf = fd_alloc(sizeof *leaf);
    uint64_t *na = NULL;
    int *list = fd_arena_alloc(set->arena, count * sizeof *list);
    int8_t scale = 0;

    memcpy(list, parts, count * sizeof *list);
    leaf->form = is_max ? FD_LEAF_MAX : FD_LEAF_SUM;
    leaf->item = item;
    leaf->parts = list;
    leaf->part_count = count;
    leaf->divisor = divisor;
    leaf->field = first->field;
    leaf->own = fd_alloc((n + 1) * sizeof *leaf->own);
    leaf->own_known = fd_alloc((words + 1) * sizeof *leaf->own_known);
    leaf->v = leaf->own;
    leaf->known = leaf->own_known;
    for (size_t k = 0; k < count; k++)
        if (set->leaves.items[parts[k]]->scale > scale)
            scale = set->leaves.items[parts[k]]->scale;
    leaf->scale = scale;
    fd_bits_fill(leaf->own_known, n);
    for (size_t k = 0; k < count; k++) {
        const fd_leaf *part = set->leaves.items[parts[k]];
        int64_t factor = fd_pow10(scale - part->scale);

        if (part->bound > (uint64_t)INT64_MAX / (uint64_t)factor / (is_max ? 1 : count)) {
            fd_policy__leaf_free(leaf);
            return fd_error_set(FD_EOVERFLOW, "「%s」多期相加超出范围",
                                "%s: the sum over periods exceeds its range", item->name);
        }
        for (size_t w = 0; w < words; w++)
            leaf->own_known[w] &= part->known[w];
        if (part->na && !na)
            na = fd_arena_alloc(set->arena, (words + 1) * sizeof *na);
    }
    /* 不适用 where some part is and none is unknown */
    for (size_t w = 0; na && w < words; w++) {
        uint64_t any = 0, all = ~(uint64_t)0;

        for (size_t k = 0; k < count; k++) {
            const fd_leaf *part = set->leaves.items[parts[k]];
            uint64_t x = part->na ? part->na[w] : 0;

            any |= x;
            all &= part->known[w] | x;
        }
        na[w] = any & all;
    }
    leaf->na = na;
    leaf->all_known = fd_bits_count(leaf->known, n) == n;
    add_up(leaf, set, is_max, n);
    *out = fd_policy__keep_leaf(set, key, leaf);
    return 0;
}

/* A sum that the source gives as a whole, 近3年(研发费用), where the years themselves are not all
 * known. */
static int take_whole(int *out, const fd_policy_context *c, const char *key, const fd_expr *name,
                      int years)
{
    fd_policy_set *set = c->set;
    char *id = fd_arena_printf(set->arena, "%s#%d", fd_eval__item_id(set->arena, name), years);
    fd_leaf *sum = set->leaves.items[*out], *leaf;
    fd_column *given = NULL;
    size_t n = set->frame->n;
    int err;

    if (sum->all_known)
        return 0;
    if ((err = set->source->ops->column(set->source, "enterprise", id, c->slot->year, FD_CURRENT,
                                        &given)) < 0)
        return err;
    if (given->kind != FD_DEC || !holds(given)) {
        fd_column_unref(given);
        return 0;
    }
    leaf = fd_alloc(sizeof *leaf);
    *leaf = *sum;
    leaf->scale = given->scale > sum->scale ? given->scale : sum->scale;
    leaf->column = NULL;
    leaf->own = fd_alloc((n + 1) * sizeof *leaf->own);
    leaf->own_known = fd_alloc((FD_BITS_WORDS(n) + 1) * sizeof *leaf->own_known);
    for (size_t i = 0; i < n; i++) {
        bool whole = !fd_bits_get(sum->known, i) && fd_column_state(given, i) == FD_HAS;
        int64_t factor = fd_pow10(leaf->scale - (whole ? given->scale : sum->scale));

        if (__builtin_mul_overflow(whole ? given->v.dec[i] : sum->v[i], factor, &leaf->own[i]))
            err = fd_error_set(FD_EOVERFLOW, "%s 超出范围", "%s exceeds its range", id);
        fd_bits_assign(leaf->own_known, i, whole || fd_bits_get(sum->known, i));
    }
    leaf->v = leaf->own;
    leaf->known = leaf->own_known;
    leaf->all_known = fd_bits_count(leaf->known, n) == n;
    bound_of(leaf, n);
    fd_column_unref(given);
    *out = fd_policy__keep_leaf(set, fd_arena_printf(set->arena, "%s@whole", key), leaf);
    fd_map_set(set->leaf_index, fd_view_of(key), (uint64_t)*out);
    return err;
}

static void months_of_span(fd_period *out, size_t *count, fd_period span)
{
    fd_date from = fd_period_start(span), to = fd_period_end(span);
    int y, m, d, y2, m2;

    fd_date_split(from, &y, &m, &d);
    fd_date_split(to, &y2, &m2, &d);
    *count = 0;
    while ((y < y2 || (y == y2 && m <= m2)) && *count < 24) {
        out[(*count)++] = fd_period_month(y, m);
        if (++m > 12) {
            m = 1;
            y++;
        }
    }
}

static int find_window(int *out, const fd_policy_context *c, const fd_expr *call)
{
    const fd_expr *x = call->children[0], *name = x;
    fd_policy_context inner = *c;
    bool years = call->function == FD_FN_LAST_YEARS;
    int parts[MOST_PARTS], err;
    size_t count = 0;
    char *key;
    uint64_t at;

    *out = -1;
    if (x->kind == FD_EXPR_AT && !years) {
        inner = fd_policy__shift(c, x);
        name = x->children[0];
    }
    if (name->kind != FD_EXPR_NAME || name->symbol != FD_SYM_ITEM)
        return years ? 0
                     : fd_error_set(FD_EINVAL, "月均、最大月 里应为一个数据项",
                                    "month_mean and month_max take one item");
    if (years) {
        count = (size_t)call->children[1]->number.mantissa;
        key = fd_arena_printf(c->set->arena, "last%zu@%s@%d", count,
                              fd_eval__item_id(c->set->arena, name),
                              c->slot->pub.policy->actual_span);
    } else {
        key = fd_arena_printf(c->set->arena, "months%d@%s@%d@%d", (int)call->function,
                              fd_eval__item_id(c->set->arena, name), (int)inner.at,
                              (int)c->slot->base);
    }
    if (fd_map_get(c->set->leaf_index, fd_view_of(key), &at)) {
        *out = (int)at;
        return 0;
    }
    if (years) {
        if (count < 1 || count > 50)
            return fd_error_set(FD_EINVAL, "近N年 的年数应为 1 到 50",
                                "last N years: N is 1 to 50");
        for (size_t k = 0; k < count; k++) {
            fd_policy_context year = fd_policy__year(c, (int)k + 1);

            if ((err = fd_policy__leaf(&parts[k], &year, name)) < 0)
                return err;
            if (c->slot->pub.policy->actual_span &&
                (err = forgive_before(&parts[k], c, parts[k], fd_period_year_of(year.at))) < 0)
                return err;
        }
        if ((err = combine(out, c, key, name->target, parts, count, false, 0)) < 0)
            return err;
        return take_whole(out, c, key, name, (int)count);
    } else {
        fd_period months[24];
        fd_period span = inner.at ? inner.at : c->slot->base ? c->slot->base : c->slot->year;

        months_of_span(months, &count, span);
        assert(count > 0); /* a period has a month */
        for (size_t k = 0; k < count; k++) {
            inner.at = months[k];
            if ((err = fd_policy__leaf(&parts[k], &inner, name)) < 0)
                return err;
        }
        return combine(out, c, key, name->target, parts, count, call->function == FD_FN_MONTH_MAX,
                       call->function == FD_FN_MONTH_MEAN ? (int)count : 0);
    }
}
