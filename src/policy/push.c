/*
 * Whom to tell: who has it, who nearly, who could have it without asking; and the feed that would
 * unlock most.
 *
 * Without asking (免申即享) is a proof, not a declaration: no person decides, the government holds
 * every input, and all of them are there for this enterprise.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/tables.h"

/* The fields that a policy reads, each once. */
typedef struct inputs {
    fd_vec(int) list;
    bool held;
} inputs;

static void collect_leaf(fd_policy_set *set, inputs *in, int leaf)
{
    const fd_leaf *l = set->leaves.items[leaf];

    for (size_t k = 0; k < l->part_count; k++)
        collect_leaf(set, in, l->parts[k]);
    if (l->part_count)
        return;
    for (size_t i = 0; i < in->list.count; i++)
        if (in->list.items[i] == leaf)
            return;
    fd_vec_push(&in->list, leaf);
    in->held = in->held && l->field.held;
}

static void collect_node(fd_policy_set *set, inputs *in, int at, uint8_t *seen)
{
    const fd_node *n = set->nodes.items[at];

    if (seen[at])
        return;
    seen[at] = 1;
    if (n->op == FD_N_LEAF || n->op == FD_T_LOOKUP) {
        collect_leaf(set, in, n->a);
        return;
    }
    if (n->a >= 0)
        collect_node(set, in, n->a, seen);
    if (n->b >= 0)
        collect_node(set, in, n->b, seen);
    if (n->c >= 0)
        collect_node(set, in, n->c, seen);
}

static void inputs_of(fd_policy_set *set, const fd_policy_slot *slot, inputs *in)
{
    uint8_t *seen = fd_alloc(set->nodes.count + 1);

    *in = (inputs){ { 0 }, true };
    for (size_t i = 0; i < slot->part_count; i++)
        if (slot->roots[i] >= 0)
            collect_node(set, in, slot->roots[i], seen);
    free(seen);
}

/* Does a single condition keep the enterprise out, with all others known to hold? Then it is
 * `last`. What is unknown may turn out either way, so that nothing can be said of nearness. */
static bool is_near(const fd_policy_set *set, const fd_policy_slot *slot, size_t row, size_t *last)
{
    size_t failing = 0;

    for (size_t i = 0; i < slot->part_count; i++) {
        if (slot->roots[i] < 0 || slot->policy->parts[i].kind == FD_PART_DIRECT)
            continue;
        switch (fd_policy_truth(set, slot, i, row)) {
        case FD_FALSE:
            failing++;
            *last = i;
            break;
        case FD_UNKNOWN:
            return false;
        default:
            break;
        }
    }
    return failing == 1;
}

static bool scope_fails(const fd_policy_set *set, const fd_policy_slot *slot, size_t row)
{
    for (size_t i = 0; i < slot->part_count; i++)
        if (slot->roots[i] >= 0 && slot->policy->parts[i].kind == FD_PART_GIVEN &&
            fd_policy_truth(set, slot, i, row) == FD_FALSE)
            return true;
    return false;
}

/* Firms that one more field would turn into an answer without asking. */
typedef struct feed {
    const fd_item *item;
    size_t firms;
} feed;
typedef fd_vec(feed) feed_list;

static void count_feed(feed_list *feeds, const fd_item *item)
{
    for (size_t i = 0; i < feeds->count; i++)
        if (feeds->items[i].item == item) {
            feeds->items[i].firms++;
            return;
        }
    fd_vec_push(feeds, ((feed){ item, 1 }));
}

static bool is_among(const int *list, size_t count, int leaf)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == leaf)
            return true;
    return false;
}

/*
 * The one item that is not held or has no value, NULL when there are none or several.  What is
 * unknown counts only where the answer hangs on it: `open` are the fields that an undecided answer
 * waits for (a firm in the register need not tell whether it works for defence).
 */
static const fd_item *only_lack(const fd_policy_set *set, const inputs *in, const int *open,
                                size_t open_count, size_t row, bool *none)
{
    const fd_item *lack = NULL;

    *none = true;
    for (size_t i = 0; i < in->list.count; i++) {
        const fd_leaf *l = set->leaves.items[in->list.items[i]];
        bool there = fd_bits_get(l->known, row) || (l->na && fd_bits_get(l->na, row));

        if (there ? l->field.held : !is_among(open, open_count, in->list.items[i]))
            continue;
        *none = false;
        if (lack && lack != l->item)
            return NULL;
        lack = l->item;
    }
    return lack;
}

typedef struct needed {
    const fd_policy_set *set;
    bool held;
} needed;

static void need(void *payload, int leaf)
{
    needed *n = payload;

    n->held = n->held && n->set->leaves.items[leaf]->field.held;
}

/* Does the government hold every figure that the amount of this enterprise is computed from? */
static int amount_held(bool *out, fd_policy_set *set, const fd_policy_slot *slot, size_t row)
{
    const fd_policy *p = slot->policy;
    const fd_expr *const money[] = { p->grant, p->cap, p->floor };
    needed n = { set, true };
    fd_walk w = fd_walk_of(set, fd_policy__slot(set, slot), row);
    int err = 0;

    w.meet = need;
    w.payload = &n;
    w.every = true;
    for (size_t i = 0; i < sizeof money / sizeof *money && err >= 0; i++) {
        fd_number x;

        if (money[i])
            err = fd_walk_number(&x, &w, money[i]);
    }
    *out = n.held;
    return err;
}

static int add_firm(fd_table *t, fd_policy_set *set, const fd_policy_slot *slot, const inputs *in,
                    size_t row, feed_list *feeds)
{
    fd_outcome result = fd_policy_result(set, slot, row);
    const char *state = NULL, *needs = "";
    const fd_item *lack;
    size_t last = 0, open_count = 0, at;
    int64_t fen;
    fd_state known;
    bool complete;
    int *open = NULL, err = 0;

    if (slot->policy->grant && !slot->has_manual)
        err = fd_policy__missing_leaves(&open, &open_count, set, slot, row);
    if (err < 0)
        return err;
    lack = only_lack(set, in, open, open_count, row, &complete);
    free(open);
    if (result == FD_MEETS || result == FD_MANUAL) {
        if ((err = fd_policy_amount(&known, &fen, set, slot, row)) < 0 ||
            (complete && (err = amount_held(&complete, set, slot, row)) < 0))
            return err;
        state = result == FD_MANUAL                                  ? "待人工"
                : complete && slot->policy->grant && known == FD_HAS ? "免申即享"
                                                                     : "已符合";
    } else if (result == FD_FAILS && !scope_fails(set, slot, row) &&
               is_near(set, slot, row, &last)) {
        state = "差一项";
        needs = slot->policy->parts[last].name;
    }
    if (lack && !slot->has_manual && slot->policy->grant && result != FD_FAILS)
        count_feed(feeds, lack);
    if (!state)
        return 0;
    if ((err = fd_policy_amount(&known, &fen, set, slot, row)) < 0)
        return err;
    at = fd_table_add_row(t);
    if (!slot->policy->grant || result == FD_FAILS)
        fd_column_set_state(t->columns[6], at, FD_NA);
    fd_column_set_text(t->columns[0], at, set->frame->codes[row]);
    fd_column_set_text(t->columns[1], at, set->frame->names[row]);
    fd_column_set_text(t->columns[2], at, slot->policy->id);
    fd_column_set_text(t->columns[3], at, slot->policy->versions[slot->edition].name);
    fd_column_set_text(t->columns[4], at, state);
    fd_column_set_text(t->columns[5], at, needs);
    if (known == FD_HAS && result != FD_FAILS)
        fd_column_set_dec(t->columns[6], at, fen);
    fd_column_set_text(t->columns[7], at, slot->policy->unverified ? "unverified" : "");
    return 0;
}

static int by_firms(const void *a, const void *b)
{
    const feed *x = a, *y = b;

    if (x->firms != y->firms)
        return x->firms < y->firms ? 1 : -1;
    return strcmp(x->item->id, y->item->id);
}

static const fd_column_spec firm_columns[] = {
    { "enterprise", "企业", "Enterprise", FD_TEXT, NULL, 0 },
    { "name", "名称", "Name", FD_TEXT, NULL, 0 },
    { "policy", "政策", "Policy", FD_TEXT, NULL, 0 },
    { "version", "版本", "Version", FD_TEXT, NULL, 0 },
    { "state", "状态", "State", FD_TEXT, NULL, 0 },
    { "needs", "还差", "Needs", FD_TEXT, NULL, 0 },
    { "amount", "金额", "Amount", FD_DEC, "元", 2 },
    { "marks", "标记", "Marks", FD_TEXT, NULL, 0 },
};
static const fd_column_spec feed_columns[] = {
    { "item", "数据项", "Item", FD_TEXT, NULL, 0 },
    { "name", "名称", "Name", FD_TEXT, NULL, 0 },
    { "firms", "可多免申的户次", "Firms", FD_DEC, "户", 0 },
};

int fd_policy_push(fd_table **firms, fd_table **feeds, fd_policy_set *set)
{
    fd_table *t = fd_table_new("push", "政策推送", "Push"),
             *f = fd_table_new("feeds", "接通一路数据可多免申", "Feeds");
    inputs *in = fd_alloc((set->slots.count + 1) * sizeof *in);
    feed_list list = { 0 };
    int err = 0;

    fd_table_add_columns(t, firm_columns, sizeof firm_columns / sizeof *firm_columns);
    t->columns[4]->words = fd_policy__outcome_words;
    t->columns[6]->na_words = &fd_policy__no_money;
    fd_table_add_columns(f, feed_columns, sizeof feed_columns / sizeof *feed_columns);
    for (size_t s = 0; s < set->slots.count; s++)
        inputs_of(set, &set->pub[s], &in[s]);
    for (size_t row = 0; row < set->frame->n && err >= 0; row++)
        for (size_t s = 0; s < set->slots.count && err >= 0; s++)
            err = add_firm(t, set, &set->pub[s], &in[s], row, &list);
    if (list.count)
        qsort(list.items, list.count, sizeof *list.items, by_firms);
    for (size_t i = 0; i < list.count; i++) {
        size_t at = fd_table_add_row(f);

        fd_column_set_text(f->columns[0], at, list.items[i].item->id);
        fd_column_set_text(f->columns[1], at, list.items[i].item->name);
        fd_column_set_dec(f->columns[2], at, (int64_t)list.items[i].firms);
    }
    for (size_t s = 0; s < set->slots.count; s++) {
        fd_vec_dispose(&in[s].list);
        fd_policy__notes(t, set->pub[s].policy);
    }
    free(in);
    fd_vec_dispose(&list);
    if (err < 0) {
        fd_table_free(t);
        fd_table_free(f);
        return err;
    }
    *firms = t;
    *feeds = f;
    return 0;
}
