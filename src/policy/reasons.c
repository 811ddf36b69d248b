/*
 * Reasons in quantity: one line per condition that keeps an enterprise out, from the graph alone.
 *
 * A line is the condition's name, what stands left and right as whole numbers of the graph's own
 * scale turned into their units once, and the clause.  What fd_policy_why() says in sentences is
 * for one enterprise; this is for all of them.
 */
#include <string.h>

#include "policy/set.h"

/* Decimal digits of a whole number at a scale, without trailing zeros. */
static void put_number(fd_buf *out, int64_t value, int scale)
{
    char buf[32];
    size_t at = sizeof buf;
    uint64_t m = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    bool begun = false;

    for (int digit = 0; m || digit <= scale; digit++) {
        unsigned d = (unsigned)(m % 10);

        m /= 10;
        if (digit == scale && scale > 0 && begun)
            buf[--at] = '.';
        begun = begun || d || digit >= scale;
        if (begun)
            buf[--at] = (char)('0' + d);
    }
    if (value < 0)
        buf[--at] = '-';
    fd_buf_put(out, buf + at, sizeof buf - at);
}

static void put_leaf(fd_buf *out, const fd_policy_set *set, int node, size_t row)
{
    const fd_node *n = node < 0 ? NULL : set->nodes.items[node];
    const fd_leaf *leaf = n && n->op == FD_N_LEAF ? set->leaves.items[n->a] : NULL;

    if (!leaf || leaf->form == FD_LEAF_DAYS || leaf->form == FD_LEAF_ORDER ||
        !fd_bits_get(leaf->known, row))
        return;
    fd_buf_putc(out, '\t');
    put_number(out, leaf->v[row], leaf->scale);
    if (leaf->item->unit) {
        fd_buf_putc(out, ' ');
        fd_buf_puts(out, leaf->item->unit->name);
    }
}

int fd_policy_reasons(struct fd_buf *out, const fd_policy_set *set, const fd_policy_slot *slot,
                      size_t row)
{
    const fd_policy *p = slot->policy;

    for (size_t i = 0; i < slot->part_count; i++) {
        const fd_node *n = slot->roots[i] < 0 ? NULL : set->nodes.items[slot->roots[i]];

        if (!n || p->parts[i].kind == FD_PART_DIRECT || fd_bits_get(n->t, row))
            continue;
        fd_buf_puts(out, p->parts[i].name);
        fd_buf_puts(out, fd_bits_get(n->u, row) ? "\t待补" : "\t不符合");
        if (n->op == FD_T_COMPARE || n->op == FD_T_BANDS) {
            put_leaf(out, set, n->a, row);
            put_leaf(out, set, n->op == FD_T_BANDS ? n->b : n->c >= 0 ? n->c : n->b, row);
        }
        fd_buf_putc(out, '\t');
        fd_buf_puts(out, p->parts[i].cite ? p->parts[i].cite : "");
        fd_buf_putc(out, '\n');
    }
    return 0;
}
