/*
 * Who is in the nodes of a chain: the enterprises behind the numbers of the map.
 */
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "industry/chains.h"

enum { B_CHAIN, B_NODE, B_NODE_NAME, B_ENTERPRISE, B_NAME, B_TERRITORY, B_ACTIVE, B_LEADING };

static const fd_column_spec specs[] = {
    { "chain", "链", "Chain", FD_TEXT, "", 0 },
    { "node", "代码", "Code", FD_TEXT, "", 0 },
    { "node_name", "环节", "Node", FD_TEXT, "", 0 },
    { "enterprise", "企业代码", "Enterprise code", FD_TEXT, "", 0 },
    { "name", "企业", "Enterprise", FD_TEXT, "", 0 },
    { "territory", "县区", "County", FD_TEXT, "", 0 },
    { "active", "在产", "Active", FD_BOOL, "", 0 },
    { "leading", "行业领先", "Leading", FD_BOOL, "", 0 },
};

/* The larger first, those of unknown size last, then by code. */
static int compare_members(const void *left, const void *right, void *payload)
{
    const fd_chains *c = payload;
    const fd_chain_firm *a = &c->firms.items[*(const uint32_t *)left];
    const fd_chain_firm *b = &c->firms.items[*(const uint32_t *)right];
    const double x = a->capacity >= 0 ? a->capacity : -1, y = b->capacity >= 0 ? b->capacity : -1;

    if (x != y)
        return x > y ? -1 : 1;
    return strcmp(a->code, b->code);
}

/* Yes, no, or 缺报 where nobody said. */
static void put_answer(fd_column *column, size_t row, int answer)
{
    if (answer >= 0)
        fd_column_set_bool(column, row, answer != 0);
}

static void put_members(fd_table *t, const fd_chains *c, const fd_chain_node *n)
{
    const size_t count = n->firms.count;
    uint32_t *order = fd_alloc(count * sizeof *order + 1);

    for (size_t k = 0; k < count; k++)
        order[k] = n->firms.items[k];
    qsort_r(order, count, sizeof *order, compare_members, (void *)(uintptr_t)c);
    for (size_t k = 0; k < count; k++) {
        const fd_chain_firm *f = &c->firms.items[order[k]];
        const size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[B_CHAIN], row, c->chains.items[n->chain].code);
        fd_column_set_text(t->columns[B_NODE], row, n->code);
        fd_column_set_text(t->columns[B_NODE_NAME], row, n->name);
        fd_column_set_text(t->columns[B_ENTERPRISE], row, f->code);
        fd_column_set_text(t->columns[B_NAME], row, *f->name ? f->name : f->code);
        if (*f->territory)
            fd_column_set_text(t->columns[B_TERRITORY], row, f->territory);
        put_answer(t->columns[B_ACTIVE], row, f->active);
        put_answer(t->columns[B_LEADING], row, f->leading);
    }
    free(order);
}

int fd_chains_members(fd_table **out, const fd_chains *c, const char *chain, const char *node)
{
    const char *code = fd_chains_find(c, chain);
    const fd_chain *x;
    size_t only = SIZE_MAX;
    fd_table *t;

    if (!code)
        return fd_error_last()->code;
    x = &c->chains.items[fd_chains__chain(c, code)];
    if (node) {
        only = fd_chains__node(c, (size_t)(x - c->chains.items), fd_view_of(node));
        if (only == SIZE_MAX)
            return fd_error_set(FD_ENOTFOUND, "链“%s”没有环节:%s",
                                "the chain \"%s\" has no such node: %s", x->name, node);
    }
    t = fd_table_new("members", "环节里的企业", "Enterprises of the nodes");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (int stage = 0; stage < 3; stage++)
        for (size_t i = x->first; i < x->first + x->count; i++)
            if (c->nodes.items[i].stage == stage && (only == SIZE_MAX || only == i))
                put_members(t, c, &c->nodes.items[i]);
    fd_table_add_note(t,
                      "按行业代码和产品词归户,或按填报;一家可在几个环节;没人报过是否在产、是否领先"
                      "的为缺报",
                      "filled by industry and product words, or as declared; one enterprise may be "
                      "in several nodes; missing where nobody said");
    *out = t;
    return 0;
}
