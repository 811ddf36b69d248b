/*
 * Composite indices: reading the tree and weighing it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/index.h"
#include "base/str.h"
#include "fangding/arena.h"

bool fd_index__is_leaf(const fd_index__node *node)
{
    return node->children == 0;
}

void fd_index__tree_dispose(fd_index__tree *tree)
{
    for (size_t i = 0; i < tree->count; i++)
        free(tree->node[i].code);
    free(tree->node);
    memset(tree, 0, sizeof *tree);
}

static bool is_number(const fd_column *c)
{
    return c->kind == FD_EST || c->kind == FD_DEC || c->kind == FD_QUOT;
}

/* ---- without a tree ---- */

static bool listed(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static fd_index__node *push(fd_index__tree *tree, const char *code)
{
    fd_index__node *node = &tree->node[tree->count++];

    node->code = fd_strdup(code);
    node->parent = -1;
    node->low = node->high = node->given = node->entropy = NAN;
    node->column = -1;
    return node;
}

static int plain_tree(fd_index__work *w, const fd_table *in, const char *id, const char *time)
{
    fd_index__tree *tree = &w->tree;

    tree->node = fd_alloc((in->column_count + 1) * sizeof *tree->node);
    for (size_t c = 0; c < in->column_count; c++) {
        const char *name = in->columns[c]->id;

        if (!is_number(in->columns[c]) || strcmp(name, id) == 0 || strcmp(name, time) == 0)
            continue;
        push(tree, name)->negative = listed(w->o->negative, w->o->negative_count, name);
    }
    for (size_t i = 0; i < w->o->negative_count; i++)
        if (fd_table_find(in, w->o->negative[i]) < 0)
            return fd_error_set(FD_ENOTFOUND, "没有这一列:%s", "no such column: %s",
                                w->o->negative[i]);
    return tree->count ? 0
                       : fd_error_set(FD_EINVAL, "没有一列是数:没有指标",
                                      "no column holds numbers: there is no indicator");
}

/* ---- a tree table ---- */

static double number_of(const fd_table *t, const char *column, size_t row)
{
    const int at = fd_table_find(t, column);

    if (at < 0 || !is_number(t->columns[at]) || fd_column_state(t->columns[at], row) != FD_HAS)
        return NAN;
    return fd_number_to_double(fd_column_number(t->columns[at], row));
}

static int read_direction(bool *negative, const char *text, size_t line)
{
    static const char *const less[] = { "-", "-1", "负", "逆", "negative", "neg", "down" };
    static const char *const more[] = { "", "+", "1", "+1", "正", "positive", "pos", "up" };

    *negative = listed(less, sizeof less / sizeof *less, text);
    if (*negative || listed(more, sizeof more / sizeof *more, text))
        return 0;
    return fd_error_set(FD_EINVAL, "指标树第 %zu 行的方向“%s”:应为 + 或 -",
                        "row %zu of the tree: the direction '%s' should be + or -", line, text);
}

static int read_node(fd_index__tree *tree, const fd_table *t, size_t row)
{
    const char *code = fd_table_text(t, "code", row);
    fd_index__node *node;

    if (!code[0])
        return fd_error_set(FD_EINVAL, "指标树第 %zu 行没有代码", "row %zu of the tree has no code",
                            row + 2);
    for (size_t i = 0; i < tree->count; i++)
        if (strcmp(tree->node[i].code, code) == 0)
            return fd_error_set(FD_EINVAL, "指标树里 %s 有两行:第 %zu 行和第 %zu 行",
                                "%s stands twice in the tree: rows %zu and %zu", code,
                                tree->node[i].line, row + 2);
    node = push(tree, code);
    node->line = row + 2;
    node->given = number_of(t, "weight", row);
    node->low = number_of(t, "low", row);
    node->high = number_of(t, "high", row);
    node->entropy = number_of(t, "entropy", row);
    if (node->given < 0)
        return fd_error_set(FD_EINVAL, "指标树第 %zu 行(%s)的权重是负的",
                            "row %zu of the tree (%s) has a negative weight", row + 2, code);
    if (node->low >= node->high)
        return fd_error_set(FD_EINVAL, "指标树第 %zu 行(%s):下限应小于上限",
                            "row %zu of the tree (%s): low should be below high", row + 2, code);
    return read_direction(&node->negative, fd_table_text(t, "direction", row), row + 2);
}

static int link_parents(fd_index__tree *tree, const fd_table *t)
{
    for (size_t i = 0; i < tree->count; i++) {
        const char *parent = fd_table_text(t, "parent", i);

        for (size_t k = 0; k < tree->count && parent[0]; k++)
            if (strcmp(tree->node[k].code, parent) == 0)
                tree->node[i].parent = (ptrdiff_t)k;
        if (parent[0] && tree->node[i].parent < 0)
            return fd_error_set(FD_EINVAL, "指标树第 %zu 行(%s)的上级 %s 不在树里",
                                "row %zu of the tree (%s): its parent %s is not in the tree", i + 2,
                                tree->node[i].code, parent);
        if (tree->node[i].parent >= 0)
            tree->node[tree->node[i].parent].children++;
    }
    for (size_t i = 0; i < tree->count; i++) {
        ptrdiff_t up = tree->node[i].parent;

        for (; up >= 0 && tree->node[i].depth <= tree->count; up = tree->node[up].parent)
            tree->node[i].depth++;
        if (up >= 0)
            return fd_error_set(FD_EINVAL, "指标树第 %zu 行(%s)是自己的上级",
                                "row %zu of the tree (%s) is its own ancestor", i + 2,
                                tree->node[i].code);
        if (tree->node[i].depth > tree->deepest)
            tree->deepest = tree->node[i].depth;
    }
    return 0;
}

/* What a frozen tree leaves open would be taken from the data: refused. */
static int check_frozen(fd_index__work *w, const fd_table *t)
{
    static const char *const names[] = { "fixed", "entropy", "topsis" };
    const char *method = fd_table_text(t, "method", 0);

    for (size_t i = 0; i < w->tree.count; i++) {
        const fd_index__node *node = &w->tree.node[i];

        if (isnan(node->given) ||
            (fd_index__is_leaf(node) && node->given > 0 && (isnan(node->low) || isnan(node->high))))
            return fd_error_set(FD_EINVAL, "冻结的权重第 %zu 行(%s)缺权重、下限或上限",
                                "row %zu of the frozen weights (%s) lacks weight, low or high",
                                node->line, node->code);
    }
    for (int k = 0; k < 3; k++)
        if (strcmp(method, names[k]) == 0)
            w->method = (fd_index_method)k;
    if (fd_table_text(t, "plan", 0)[0]) {
        free(w->plan);
        w->plan = fd_strdup(fd_table_text(t, "plan", 0));
    }
    return 0;
}

int fd_index__read_tree(fd_index__work *w, const fd_table *in)
{
    const fd_table *t = w->o->tree;
    const char *id = w->o->id ? w->o->id : in->column_count ? in->columns[0]->id : "";
    int err = 0;

    w->method = w->o->method;
    w->plan = w->o->plan ? fd_strdup(w->o->plan) : NULL;
    if (!t)
        return plain_tree(w, in, id, w->o->time);
    if (fd_table_find(t, "code") < 0)
        return fd_error_set(FD_ENOTFOUND, "指标树没有 code 列", "the tree has no column code");
    if (t->rows == 0)
        return fd_error_set(FD_EINVAL, "指标树是空的", "the tree is empty");
    w->tree.node = fd_alloc((t->rows + 1) * sizeof *w->tree.node);
    for (size_t r = 0; r < t->rows && err >= 0; r++)
        err = read_node(&w->tree, t, r);
    if (err >= 0)
        err = link_parents(&w->tree, t);
    if (err >= 0 && w->o->frozen)
        err = check_frozen(w, t);
    return err;
}

/* ---- weights ---- */

/* A group all of whose indicators were left out is left out, too; deepest first. */
static void drop_empty_groups(fd_index__tree *tree)
{
    for (size_t depth = tree->deepest; depth-- > 0;)
        for (size_t i = 0; i < tree->count; i++) {
            fd_index__node *node = &tree->node[i];
            size_t alive = 0;

            if (node->depth != depth || fd_index__is_leaf(node))
                continue;
            for (size_t k = 0; k < tree->count; k++)
                alive += tree->node[k].parent == (ptrdiff_t)i && !tree->node[k].dropped;
            node->dropped = alive == 0;
        }
}

/* The weight a node asks for among its siblings: what is given; where none of them gives any, 1. */
static double asked(const fd_index__node *node, bool siblings_give)
{
    if (node->dropped)
        return 0;
    if (!siblings_give)
        return 1;
    return isnan(node->given) ? 0 : node->given;
}

int fd_index__fixed_weights(fd_index__tree *tree)
{
    drop_empty_groups(tree);
    for (size_t depth = 0; depth <= tree->deepest; depth++)
        for (size_t i = 0; i < tree->count; i++) {
            fd_index__node *node = &tree->node[i];
            double sum = 0;
            bool give = false;

            if (node->depth != depth)
                continue;
            for (size_t k = 0; k < tree->count; k++)
                give |= tree->node[k].parent == node->parent && !isnan(tree->node[k].given);
            for (size_t k = 0; k < tree->count; k++)
                if (tree->node[k].parent == node->parent)
                    sum += asked(&tree->node[k], give);
            if (give && isnan(node->given) && !node->dropped)
                return fd_error_set(FD_EINVAL, "%s 没有权重,而同级指标有",
                                    "%s has no weight though its siblings have", node->code);
            if (!(sum > 0) && !node->dropped)
                return fd_error_set(FD_EINVAL, "%s 与同级指标的权重合计是 0",
                                    "the weights of %s and its siblings sum to 0", node->code);
            node->local = sum > 0 ? asked(node, give) / sum : 0;
            node->global = node->local * (node->parent < 0 ? 1 : tree->node[node->parent].global);
        }
    return 0;
}

void fd_index__entropy_weights(fd_index__tree *tree)
{
    double total = 0;

    drop_empty_groups(tree);
    for (size_t i = 0; i < tree->count; i++) {
        fd_index__node *node = &tree->node[i];

        node->global = 0;
        if (fd_index__is_leaf(node) && !node->dropped && !isnan(node->entropy))
            total += node->global = fmax(1 - node->entropy, 0);
    }
    for (size_t depth = tree->deepest + 1; depth-- > 0;)
        for (size_t i = 0; i < tree->count; i++) {
            fd_index__node *node = &tree->node[i];

            if (node->depth != depth)
                continue;
            if (fd_index__is_leaf(node))
                node->global = total > 0 ? node->global / total : 0;
            if (node->parent >= 0)
                tree->node[node->parent].global += node->global;
        }
    for (size_t i = 0; i < tree->count; i++) {
        const double whole = tree->node[i].parent < 0 ? 1 : tree->node[tree->node[i].parent].global;

        tree->node[i].local = whole > 0 ? tree->node[i].global / whole : 0;
    }
}
