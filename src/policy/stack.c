/*
 * Grants of several policies together: what of them counts within a stacking group.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/set.h"

enum { ENTERPRISE, GROUP, POLICY, CLAIM, COUNTED, RULE };

static const fd_column_spec columns[] = {
    { "enterprise", "企业", "Enterprise", FD_TEXT, NULL, 0 },
    { "group", "叠加组", "Stacking group", FD_TEXT, NULL, 0 },
    { "policy", "政策", "Policy", FD_TEXT, NULL, 0 },
    { "claim", "应得", "Claim", FD_DEC, "元", 2 },
    { "counted", "计入", "Counted", FD_DEC, "元", 2 },
    { "rule", "规则", "Rule", FD_TEXT, NULL, 0 },
};

/* One grant that an enterprise meets. */
typedef struct claim {
    const fd_policy *policy;
    bool known;
    int64_t fen, counted;
} claim;

static bool same_group(const fd_policy *a, const fd_policy *b)
{
    return a == b || (a->stack && b->stack && strcmp(a->stack, b->stack) == 0);
}

/* A group has one rule, whoever names it. */
static int check_groups(const fd_policy_set *set)
{
    for (size_t i = 0; i < set->slots.count; i++)
        for (size_t k = 0; k < i; k++) {
            const fd_policy *a = set->pub[i].policy, *b = set->pub[k].policy;

            if (!same_group(a, b) || (a->stack_rule == b->stack_rule &&
                                      fd_decimal_compare(a->stack_cap, b->stack_cap) == 0))
                continue;
            fd_error_set(FD_ECONFLICT, "「%s」和「%s」同属叠加组「%s」,规则不一样",
                         "%s and %s name different rules for the stacking group %s", b->name,
                         a->name, a->stack);
            return fd_error_hint("同一组写同一条 叠加", "write the same 叠加 in all of them");
        }
    return 0;
}

/* Decide the group that begins at `first`. */
static void count_group(claim *claims, size_t count, size_t first, int64_t cap)
{
    const fd_policy *p = claims[first].policy;
    size_t best = first;
    int64_t left = cap;

    for (size_t i = first; i < count; i++)
        if (same_group(p, claims[i].policy) && claims[i].fen > claims[best].fen)
            best = i;
    for (size_t i = first; i < count; i++) {
        claim *c = &claims[i];

        if (!same_group(p, c->policy))
            continue;
        if (p->stack_rule == FD_STACK_HIGHEST)
            c->counted = i == best ? c->fen : 0;
        else if (p->stack_rule == FD_STACK_CAP)
            left -= c->counted = c->fen < left ? c->fen : left;
        else
            c->counted = c->fen;
    }
}

static bool group_known(const claim *claims, size_t count, const fd_policy *p)
{
    for (size_t i = 0; i < count; i++)
        if (same_group(p, claims[i].policy) && !claims[i].known)
            return false;
    return true;
}

static bool first_of_group(const claim *claims, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (same_group(claims[i].policy, claims[at].policy))
            return false;
    return true;
}

static int read_claims(claim *claims, size_t *count, fd_policy_set *set, size_t row)
{
    *count = 0;
    for (size_t s = 0; s < set->slots.count; s++) {
        const fd_policy_slot *slot = &set->pub[s];
        fd_state state;
        int err;

        if (!slot->policy->grant || fd_policy_result(set, slot, row) != FD_MEETS)
            continue;
        claims[*count] = (claim){ .policy = slot->policy };
        if ((err = fd_policy_amount(&state, &claims[*count].fen, set, slot, row)) < 0)
            return err;
        claims[*count].known = state == FD_HAS;
        if (state != FD_NA) /* 不适用: nothing to claim */
            ++*count;
    }
    return 0;
}

static const char *rule_name(fd_stack_rule rule)
{
    return rule == FD_STACK_HIGHEST ? "取高"
           : rule == FD_STACK_SUM   ? "累加"
           : rule == FD_STACK_CAP   ? "封顶"
                                    : "";
}

static void put_claims(fd_table *t, const claim *claims, size_t count, const char *enterprise)
{
    for (size_t i = 0; i < count; i++) {
        const claim *c = &claims[i];
        const size_t at = fd_table_add_row(t);

        fd_column_set_text(t->columns[ENTERPRISE], at, enterprise);
        fd_column_set_text(t->columns[GROUP], at, c->policy->stack ? c->policy->stack : "");
        fd_column_set_text(t->columns[POLICY], at, c->policy->id);
        if (c->known)
            fd_column_set_dec(t->columns[CLAIM], at, c->fen);
        if (group_known(claims, count, c->policy))
            fd_column_set_dec(t->columns[COUNTED], at, c->counted);
        fd_column_set_text(t->columns[RULE], at, rule_name(c->policy->stack_rule));
    }
}

int fd_policy_stack(fd_table **out, fd_policy_set *set)
{
    claim *claims = fd_alloc((set->slots.count + 1) * sizeof *claims);
    fd_table *t = fd_table_new("stack", "各项资助合计", "Grants together");
    int err = check_groups(set);
    size_t count;

    *out = NULL;
    fd_table_add_columns(t, columns, sizeof columns / sizeof *columns);
    for (size_t row = 0; row < set->frame->n && err >= 0; row++) {
        err = read_claims(claims, &count, set, row);
        for (size_t i = 0; i < count && err >= 0; i++) {
            fd_decimal cap = { 0, 2 };

            if (!first_of_group(claims, i))
                continue;
            if ((err = fd_decimal_rescale(&cap, claims[i].policy->stack_cap, 2)) >= 0)
                count_group(claims, count, i, cap.mantissa);
        }
        if (err >= 0)
            put_claims(t, claims, count, set->frame->codes[row]);
    }
    free(claims);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}
