/*
 * Amounts: the grant of one enterprise, pools, shares to the fen.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/walk.h"

typedef struct remainder {
    fd_i128 left;
    size_t index;
} remainder_of;

static int by_remainder(const void *a, const void *b)
{
    const remainder_of *x = a, *y = b;

    if (x->left != y->left)
        return x->left < y->left ? 1 : -1;
    return (x->index > y->index) - (x->index < y->index);
}

int fd_share_out(int64_t *parts, int64_t amount, const int64_t *weights, size_t count)
{
    remainder_of *rest = fd_alloc((count + 1) * sizeof *rest);
    fd_i128 total = 0;
    int64_t given = 0;
    int err = 0;

    for (size_t i = 0; i < count; i++) {
        if (weights[i] < 0)
            err = fd_error_set(FD_EINVAL, "分担比例不能是负数", "a share cannot be negative");
        total += weights[i];
    }
    if (err >= 0 && (total <= 0 || amount < 0))
        err = fd_error_set(FD_EINVAL, "没有可分担的比例,或金额是负数",
                           "there are no shares, or the amount is negative");
    for (size_t i = 0; i < count && err >= 0; i++) {
        fd_i128 exact = (fd_i128)amount * weights[i];

        parts[i] = (int64_t)(exact / total);
        rest[i] = (remainder_of){ exact % total, i };
        given += parts[i];
    }
    if (err >= 0) {
        qsort(rest, count, sizeof *rest, by_remainder);
        for (size_t i = 0; given < amount; i++, given++)
            parts[rest[i].index]++;
    }
    free(rest);
    return err;
}

int fd_pool_pay(int64_t *paid, const int64_t *claims, size_t count, int64_t pool, fd_pool_rule rule)
{
    fd_i128 total = 0;
    int64_t left = pool;

    for (size_t i = 0; i < count; i++) {
        if (claims[i] < 0)
            return fd_error_set(FD_EINVAL, "申请额不能是负数", "a claim cannot be negative");
        total += claims[i];
    }
    if (rule == FD_POOL_NONE || total <= pool) {
        memcpy(paid, claims, count * sizeof *paid);
        return 0;
    }
    if (rule == FD_POOL_RATA)
        return fd_share_out(paid, pool, claims, count);
    for (size_t i = 0; i < count; i++) {
        paid[i] = claims[i] < left ? claims[i] : left;
        left -= paid[i];
    }
    return 0;
}

int fd_policy_amount(fd_state *state, int64_t *fen, fd_policy_set *set, const fd_policy_slot *slot,
                     size_t row)
{
    const fd_policy *p = slot->policy;
    fd_walk w = fd_walk_of(set, fd_policy__slot(set, slot), row);
    fd_number amount, bound;
    fd_i128 whole;
    int err;

    *fen = 0;
    *state = FD_NA;
    if (!p->grant)
        return 0;
    if ((err = fd_walk_number(&amount, &w, p->grant)) < 0)
        return err;
    for (int k = 0; k < 2; k++) {
        const fd_expr *e = k ? p->cap : p->floor;
        int order;

        if (!e || amount.state != FD_HAS)
            continue;
        if ((err = fd_walk_number(&bound, &w, e)) < 0)
            return err;
        if (bound.state != FD_HAS) {
            amount.state = FD_MISSING;
            continue;
        }
        order = fd_quot_compare(amount.exact, bound.exact);
        if (k ? order > 0 : order < 0)
            amount.exact = bound.exact;
    }
    *state = amount.state;
    if (amount.state != FD_HAS)
        return 0;
    if (fd_i128_mul_overflow(amount.exact.num, 100, &whole))
        return fd_error_set(FD_EOVERFLOW, "金额超出范围", "the amount exceeds its range");
    whole = whole / amount.exact.den - (whole % amount.exact.den < 0);
    if (whole > INT64_MAX)
        return fd_error_set(FD_EOVERFLOW, "金额超出范围", "the amount exceeds its range");
    *fen = whole < 0 ? 0 : (int64_t)whole; /* nobody pays a grant back by a negative figure */
    return 0;
}

static int rescaled(int64_t *out, fd_decimal value, int scale)
{
    fd_decimal d = value;
    int err = fd_decimal_rescale(&d, value, scale);

    *out = d.mantissa;
    return err;
}

static void note_open(fd_table *t, size_t open, fd_pool_rule rule)
{
    char zh[200], en[200];

    snprintf(zh, sizeof zh, "%zu 户符合,金额缺数据算不出,空着不是零%s", open,
             rule == FD_POOL_RATA    ? ";资金池按比例兑付,所以各户兑付都算不出"
             : rule == FD_POOL_ORDER ? ";资金池先后兑付,排在后面的兑付都算不出"
                                     : "");
    snprintf(en, sizeof en, "%zu meet, but data for their amounts are missing: blank is not zero%s",
             open,
             rule == FD_POOL_RATA    ? "; the pool pays pro rata, so no payment can be told"
             : rule == FD_POOL_ORDER ? "; the pool pays in order, so no later payment can be told"
                                     : "");
    fd_table_add_note(t, zh, en);
}

int fd_policy_grants(fd_table **out, fd_policy_set *set, const fd_policy_slot *slot)
{
    const fd_policy *p = slot->policy;
    fd_table *t = fd_table_new("grants", "资助", "Grants");
    int64_t *claims = fd_alloc((set->frame->n + 1) * sizeof *claims);
    int64_t *paid = fd_alloc((set->frame->n + 1) * sizeof *paid);
    int64_t *weights = fd_alloc((p->sharer_count + 1) * sizeof *weights);
    int64_t *parts = fd_alloc((p->sharer_count + 1) * sizeof *parts);
    size_t *rows = fd_alloc((set->frame->n + 1) * sizeof *rows), count = 0;
    bool *known = fd_alloc((set->frame->n + 1) * sizeof *known);
    size_t first_open = SIZE_MAX, open = 0; /* claims that cannot be told */
    fd_decimal pool;
    int8_t scale = 0;
    int err = 0;

    *out = NULL;
    fd_table_add_new(t, "enterprise", "企业", "Enterprise", FD_TEXT, "", 0);
    fd_table_add_new(t, "claim", "应得", "Claim", FD_DEC, "元", 2);
    fd_table_add_new(t, "paid", "兑付", "Paid", FD_DEC, "元", 2);
    for (size_t i = 0; i < p->sharer_count; i++) {
        fd_table_add_new(t, p->sharers[i], p->sharers[i], p->sharers[i], FD_DEC, "元", 2);
        scale = p->shares[i].scale > scale ? p->shares[i].scale : scale;
    }
    for (size_t i = 0; i < p->sharer_count && err >= 0; i++)
        err = rescaled(&weights[i], p->shares[i], scale);
    for (size_t row = 0; row < set->frame->n && err >= 0; row++) {
        fd_state state;

        if (fd_policy_result(set, slot, row) != FD_MEETS)
            continue;
        err = fd_policy_amount(&state, &claims[count], set, slot, row);
        known[count] = state == FD_HAS;
        if (!known[count]) {
            claims[count] = 0;
            first_open = open++ ? first_open : count;
        }
        rows[count++] = row;
    }
    if (err >= 0 && (err = fd_decimal_rescale(&pool, p->pool, 2)) >= 0)
        err = fd_pool_pay(paid, claims, count, pool.mantissa, p->pool_rule);
    for (size_t i = 0; i < count && err >= 0; i++) {
        size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, set->frame->codes[rows[i]]);
        if (known[i])
            fd_column_set_dec(t->columns[1], row, claims[i]);
        /* what is paid out of a pool hangs on every claim (pro rata) or on those before it */
        if (!known[i] || (open && p->pool_rule == FD_POOL_RATA) ||
            (p->pool_rule == FD_POOL_ORDER && i > first_open))
            continue;
        fd_column_set_dec(t->columns[2], row, paid[i]);
        if (p->sharer_count && (err = fd_share_out(parts, paid[i], weights, p->sharer_count)) >= 0)
            for (size_t k = 0; k < p->sharer_count; k++)
                fd_column_set_dec(t->columns[3 + k], row, parts[k]);
    }
    if (open)
        note_open(t, open, p->pool_rule);
    free(claims);
    free(paid);
    free(weights);
    free(parts);
    free(rows);
    free(known);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}
