/*
 * Two answers over the same enterprises: who gains, who loses, by which condition, what it costs.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/tables.h"

static bool meets(fd_outcome o)
{
    return o == FD_MEETS || o == FD_MANUAL;
}

/* Conditions of one slot that are not true where the other answer passed: the reasons. */
static void because(fd_buf *out, const fd_policy_set *set, const fd_policy_slot *slot, size_t row)
{
    fd_buf_clear(out);
    for (size_t i = 0; i < slot->part_count; i++) {
        if (slot->roots[i] < 0 || slot->policy->parts[i].kind == FD_PART_DIRECT ||
            fd_policy_truth(set, slot, i, row) == FD_TRUE)
            continue;
        fd_buf_printf(out, "%s%s", out->len ? ";" : "", slot->policy->parts[i].name);
    }
}

/* Gains, losses and money of one group. */
typedef struct tally {
    const char *dimension, *group;
    int64_t gains, losses;
    int64_t before, after; /* fen */
    int64_t unknown;       /* firms whose amount cannot be told, before or after */
} tally;

typedef struct tallies {
    fd_map *index;
    fd_vec(tally) list;
    fd_arena *arena;
} tallies;

static tally *tally_of(tallies *t, const char *dimension, const char *group)
{
    char *key = fd_arena_printf(t->arena, "%s\t%s", dimension, group);
    uint64_t at = fd_map_intern(t->index, fd_view_of(key), t->list.count);

    if (at == t->list.count) {
        tally one = { dimension, fd_arena_strdup(t->arena, group), 0, 0, 0, 0, 0 };

        fd_vec_push(&t->list, one);
    }
    return &t->list.items[at];
}

static int add_money(tally *t, int64_t before, int64_t after)
{
    if (__builtin_add_overflow(t->before, before, &t->before) ||
        __builtin_add_overflow(t->after, after, &t->after))
        return fd_error_set(FD_EOVERFLOW, "金额合计超出范围",
                            "the sum of amounts exceeds its range");
    return 0;
}

/* What one answer grants: 0 fen to who gets nothing, unknown where a figure of the amount is. */
static int amount_of(bool *known, int64_t *fen, fd_policy_set *set, const fd_policy_slot *slot,
                     size_t row, fd_outcome o)
{
    fd_state state = FD_NA;
    int err = 0;

    *fen = 0;
    if (slot && meets(o) && slot->policy->grant)
        err = fd_policy_amount(&state, fen, set, slot, row);
    *known = state == FD_HAS || state == FD_NA;
    return err;
}

typedef struct shift {
    fd_policy_set *a, *b;
    const fd_policy_slot *sa, *sb;
    fd_table *firms;
    tallies groups;
    fd_column *county, *chain;
    fd_buf text;
    size_t undecided;
    bool grants;
} shift;

static const char *group_of(const fd_column *c, size_t row)
{
    const char *text = c ? fd_column_text(c, row) : NULL;

    return text ? text : "";
}

/* "L1:0.6;E2:0.4" counts whole under its first chain, so that the groups add up. */
static const char *first_chain(shift *s, size_t row)
{
    const char *text = group_of(s->chain, row);

    return fd_arena_strndup(s->groups.arena, text, strcspn(text, ":;"));
}

static int compare_row(shift *s, size_t row)
{
    fd_outcome x = s->sa ? fd_policy_result(s->a, s->sa, row) : FD_OUT;
    fd_outcome y = s->sb ? fd_policy_result(s->b, s->sb, row) : FD_OUT;
    const char *const dims[3] = { "city", "county", "chain" };
    const char *groups[3] = { "", group_of(s->county, row), NULL };
    bool known_before, known_after;
    int64_t before, after;
    int err;

    if ((err = amount_of(&known_before, &before, s->a, s->sa, row, x)) < 0 ||
        (err = amount_of(&known_after, &after, s->b, s->sb, row, y)) < 0)
        return err;
    groups[2] = first_chain(s, row);
    s->undecided += x == FD_NEEDS || y == FD_NEEDS;
    for (int d = 0; d < 3; d++) {
        tally *t = tally_of(&s->groups, dims[d], groups[d]);

        t->gains += !meets(x) && meets(y);
        t->losses += meets(x) && !meets(y);
        t->unknown += !known_before || !known_after;
        if ((err = add_money(t, before, after)) < 0)
            return err;
    }
    if (x == y && before == after && known_before == known_after)
        return 0;
    {
        size_t at = fd_table_add_row(s->firms);
        const char *change = !meets(x) && meets(y)                   ? "得"
                             : meets(x) && !meets(y)                 ? "失"
                             : x != y || known_before != known_after ? "变"
                             : after > before                        ? "增"
                                                                     : "减";

        if (meets(y) && s->sa)
            because(&s->text, s->a, s->sa, row);
        else if (s->sb)
            because(&s->text, s->b, s->sb, row);
        if (!s->grants) {
            fd_column_set_state(s->firms->columns[5], at, FD_NA);
            fd_column_set_state(s->firms->columns[6], at, FD_NA);
        }
        fd_column_set_text(s->firms->columns[0], at, s->a->frame->codes[row]);
        fd_column_set_text(s->firms->columns[1], at, fd_outcome_name(x, FD_ZH));
        fd_column_set_text(s->firms->columns[2], at, fd_outcome_name(y, FD_ZH));
        fd_column_set_text(s->firms->columns[3], at, change);
        fd_column_set_text(s->firms->columns[4], at, fd_buf_text(&s->text));
        if (known_before && s->grants)
            fd_column_set_dec(s->firms->columns[5], at, before);
        if (known_after && s->grants)
            fd_column_set_dec(s->firms->columns[6], at, after);
    }
    return 0;
}

static const fd_column_spec budget_columns[] = {
    { "dimension", "维度", "Dimension", FD_TEXT, NULL, 0 },
    { "group", "组", "Group", FD_TEXT, NULL, 0 },
    { "gains", "得", "Gains", FD_DEC, "户", 0 },
    { "losses", "失", "Losses", FD_DEC, "户", 0 },
    { "before", "原预算", "Before", FD_DEC, "元", 2 },
    { "after", "新预算", "After", FD_DEC, "元", 2 },
    { "change", "增减", "Change", FD_DEC, "元", 2 },
    { "unknown", "金额待定", "Amount unknown", FD_DEC, "户", 0 },
};

static fd_table *budget_table(const tallies *t)
{
    static const char *const names[3] = { "city", "county", "chain" };
    fd_table *out = fd_table_new("budget", "得失和预算", "Budget");
    int64_t unknown = 0;

    fd_table_add_columns(out, budget_columns, sizeof budget_columns / sizeof *budget_columns);
    for (int d = 0; d < 3; d++)
        for (size_t i = 0; i < t->list.count; i++) {
            const tally *x = &t->list.items[i];
            size_t at;

            if (strcmp(x->dimension, names[d]) != 0)
                continue;
            at = fd_table_add_row(out);
            fd_column_set_text(out->columns[0], at, x->dimension);
            fd_column_set_text(out->columns[1], at, x->group);
            fd_column_set_dec(out->columns[2], at, x->gains);
            fd_column_set_dec(out->columns[3], at, x->losses);
            fd_column_set_dec(out->columns[4], at, x->before);
            fd_column_set_dec(out->columns[5], at, x->after);
            fd_column_set_dec(out->columns[6], at, x->after - x->before);
            fd_column_set_dec(out->columns[7], at, x->unknown);
            unknown += x->unknown;
        }
    if (unknown)
        fd_table_add_note(out, "有金额待定的企业:预算是已知部分的合计",
                          "some amounts are unknown: budgets add up what is known");
    return out;
}

static const fd_column_spec firm_columns[] = {
    { "enterprise", "企业", "Enterprise", FD_TEXT, NULL, 0 },
    { "before", "原来", "Before", FD_TEXT, NULL, 0 },
    { "after", "现在", "After", FD_TEXT, NULL, 0 },
    { "change", "变化", "Change", FD_TEXT, NULL, 0 },
    { "because", "因为", "Because", FD_TEXT, NULL, 0 },
    { "amount_before", "原金额", "Amount before", FD_DEC, "元", 2 },
    { "amount_after", "现金额", "Amount after", FD_DEC, "元", 2 },
};

int fd_policy_compare(fd_policy_shift *out, fd_policy_set *before,
                      const fd_policy_slot *slot_before, fd_policy_set *after,
                      const fd_policy_slot *slot_after)
{
    shift s = { .a = before, .b = after, .sa = slot_before, .sb = slot_after };
    fd_source *src = after->source;
    int err;

    *out = (fd_policy_shift){ .firms = NULL };
    s.grants =
        (slot_before && slot_before->policy->grant) || (slot_after && slot_after->policy->grant);
    if (before->frame->n != after->frame->n)
        return fd_error_set(FD_EINVAL, "两次的企业不同", "the two sets have other enterprises");
    s.groups.arena = fd_arena_new();
    s.groups.index = fd_map_new();
    s.firms = fd_table_new("shift", "谁得谁失", "Who gains, who loses");
    fd_table_add_columns(s.firms, firm_columns, sizeof firm_columns / sizeof *firm_columns);
    for (size_t i = 1; i <= 3; i++)
        s.firms->columns[i]->words = fd_policy__outcome_words;
    s.firms->columns[5]->na_words = s.firms->columns[6]->na_words = &fd_policy__no_money;
    if ((err = src->ops->attribute(src, "enterprise", "county", after->on, &s.county)) < 0 ||
        (err = src->ops->attribute(src, "enterprise", "chain", after->on, &s.chain)) < 0)
        goto done;
    for (size_t row = 0; row < before->frame->n && err >= 0; row++)
        err = compare_row(&s, row);
    if (err >= 0) {
        out->firms = s.firms;
        out->budget = budget_table(&s.groups);
        out->undecided = s.undecided;
        for (size_t i = 0; i < s.groups.list.count; i++) {
            const tally *t = &s.groups.list.items[i];

            if (strcmp(t->dimension, "city") != 0)
                continue;
            out->gains += (size_t)t->gains;
            out->losses += (size_t)t->losses;
            out->before += t->before;
            out->after += t->after;
        }
        s.firms = NULL;
    }
done:
    fd_table_free(s.firms);
    fd_column_unref(s.county);
    fd_column_unref(s.chain);
    fd_buf_dispose(&s.text);
    fd_vec_dispose(&s.groups.list);
    fd_map_free(s.groups.index);
    fd_arena_free(s.groups.arena);
    return err;
}
