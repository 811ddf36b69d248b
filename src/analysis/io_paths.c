/*
 * Structural paths, the largest first, exactly.
 *
 * A path w_i a_ih .. a_jk f_k is built from its target k backwards.  A node is such a chain with
 * its weight a_h.. .. f_k, and an upper bound on everything that continues it: |weight| × the
 * remaining multiplier |w|' (I + |A| + .. + |A|^d) of its head, d the links still allowed.  A heap
 * holds finished paths by value and possible nodes by bound; what is taken from its top and is
 * finished is the next best, since no bound is above it.
 *
 * A sector may have thousands of suppliers, of which a few matter.  They are sorted as far as asked
 * by |a| × remaining multiplier, and a node enters only its best supplier; a supplier that is taken
 * enters the next one.  So each step adds at most three entries to the heap.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/io.h"
#include "base/str.h"
#include "base/vec.h"
#include "fangding/arena.h"

#define MOST_LINKS 64
#define MOST_PATHS 1000000
#define MOST_STEPS ((size_t)20000000) /* about 1.5 GB of nodes and heap */
#define NONE       UINT32_MAX
#define TOLERANCE  1e-13

typedef struct node {
    uint32_t sector, parent;
    uint16_t depth; /* links so far */
    double weight;
} node;

/* In the heap: a finished path (rank NONE), or the rank-th best supplier of a node; node NONE: of
 * final demand. */
typedef struct entry {
    double bound;
    uint64_t order; /* of entering: settles ties the same way every time */
    uint32_t node, rank;
} entry;

typedef struct supplier_list supplier_list;

typedef struct search {
    const fd_sparse *suppliers;
    const double *w, *f;
    const double **rest;   /* remaining multiplier by links left; one entry without a limit */
    size_t links;          /* 0: no limit */
    supplier_list **lists; /* [links left][sector] */
    uint32_t *roots;       /* targets, best first */
    size_t root_count;
    fd_vec(node) nodes;
    fd_vec(entry) heap;
    uint64_t entered;
} search;

static bool before(const entry *a, const entry *b)
{
    if (a->bound != b->bound)
        return a->bound > b->bound;
    return a->order < b->order;
}

static void heap_push(search *s, entry e)
{
    size_t at = s->heap.count;

    e.order = s->entered++;
    fd_vec_push(&s->heap, e);
    for (; at && before(&e, &s->heap.items[(at - 1) / 2]); at = (at - 1) / 2)
        s->heap.items[at] = s->heap.items[(at - 1) / 2];
    s->heap.items[at] = e;
}

static entry heap_pop(search *s)
{
    entry *items = s->heap.items;
    const entry top = items[0], last = items[--s->heap.count];
    size_t at = 0;

    for (;;) {
        size_t child = at * 2 + 1;

        if (child >= s->heap.count)
            break;
        if (child + 1 < s->heap.count && before(&items[child + 1], &items[child]))
            child++;
        if (!before(&items[child], &last))
            break;
        items[at] = items[child];
        at = child;
    }
    if (s->heap.count)
        items[at] = last;
    return top;
}

/* ---- suppliers in order ---- */

/* Suppliers of a sector by |a| × remaining multiplier, sorted only as far as somebody asked: a heap
 * at the front, and what was taken off it behind, so that the r-th best is the r-th from the end.
 * Numbers are positions in the row of the compressed matrix. */
struct supplier_list {
    uint32_t *at; /* NULL until asked */
    uint32_t count, sorted;
};

typedef struct ordering {
    const double *value; /* of the row */
    const uint32_t *column;
    const double *rest;
} ordering;

static bool is_better(const ordering *o, uint32_t a, uint32_t b)
{
    const double x = fabs(o->value[a]) * o->rest[o->column[a]];
    const double y = fabs(o->value[b]) * o->rest[o->column[b]];

    return x != y ? x > y : a < b;
}

static void sift_down(const ordering *o, uint32_t *heap, size_t count, size_t at)
{
    const uint32_t moved = heap[at];

    for (;;) {
        size_t child = at * 2 + 1;

        if (child >= count)
            break;
        if (child + 1 < count && is_better(o, heap[child + 1], heap[child]))
            child++;
        if (!is_better(o, heap[child], moved))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moved;
}

/* The rank-th best supplier of a sector that has more than `rank`, as an entry of the matrix;
 * `left` links may still be made. */
static size_t best_supplier(search *s, uint32_t sector, size_t left, uint32_t rank)
{
    const fd_sparse *m = s->suppliers;
    const size_t from = m->start[sector];
    supplier_list *list = &s->lists[s->links ? left : 0][sector];
    /* The supplier has one link less to go on with. */
    const ordering o = { m->value + from, m->column + from, s->rest[s->links ? left - 1 : 0] };

    if (!list->at) {
        list->count = (uint32_t)(m->start[sector + 1] - from);
        list->at = fd_alloc(list->count * sizeof *list->at + 1);
        for (uint32_t e = 0; e < list->count; e++)
            list->at[e] = e;
        for (size_t e = list->count / 2; e-- > 0;)
            sift_down(&o, list->at, list->count, e);
    }
    while (list->sorted <= rank) {
        const uint32_t last = list->count - 1 - list->sorted, top = list->at[0];

        list->at[0] = list->at[last];
        sift_down(&o, list->at, last, 0);
        list->at[last] = top;
        list->sorted++;
    }
    return from + list->at[list->count - 1 - rank];
}

/* Enter the rank-th continuation of a node (NONE: of nothing), where there is one. */
static void enter(search *s, uint32_t parent, uint32_t rank)
{
    double bound;

    if (parent == NONE) {
        if (rank >= s->root_count)
            return;
        bound = fabs(s->f[s->roots[rank]]) * s->rest[s->links][s->roots[rank]];
    } else {
        const node *p = &s->nodes.items[parent];
        const fd_sparse *m = s->suppliers;
        const size_t left = s->links ? s->links - p->depth : 1, from = m->start[p->sector];
        size_t e;

        if (left == 0 || rank >= m->start[p->sector + 1] - from)
            return;
        e = best_supplier(s, p->sector, left, rank);
        bound = fabs(p->weight * m->value[e]) * s->rest[s->links ? left - 1 : 0][m->column[e]];
    }
    if (bound > 0)
        heap_push(s, (entry){ bound, 0, parent, rank });
}

/* Take what an entry stands for: a node, with its finished path, first supplier and next sibling.
 */
static int take_node(search *s, const entry *e)
{
    node n;

    if (s->nodes.count >= NONE - 1)
        return fd_error_set(FD_ELIMIT, "路径太多", "too many paths");
    if (e->node == NONE) {
        n = (node){ s->roots[e->rank], NONE, 0, s->f[s->roots[e->rank]] };
    } else {
        const node *p = &s->nodes.items[e->node];
        const size_t left = s->links ? s->links - p->depth : 1;
        const size_t at = best_supplier(s, p->sector, left, e->rank);

        n = (node){ s->suppliers->column[at], e->node,
                    (uint16_t)(p->depth < UINT16_MAX ? p->depth + 1 : p->depth),
                    p->weight * s->suppliers->value[at] };
    }
    fd_vec_push(&s->nodes, n);
    enter(s, e->node, e->rank + 1);
    enter(s, (uint32_t)s->nodes.count - 1, 0);
    if (s->w[n.sector] * n.weight != 0)
        heap_push(s, (entry){ fabs(s->w[n.sector] * n.weight), 0, (uint32_t)s->nodes.count - 1,
                              NONE });
    return 0;
}

static void keep_path(fd_io_path *p, const search *s, uint32_t at)
{
    memset(p, 0, sizeof *p);
    p->value = s->w[s->nodes.items[at].sector] * s->nodes.items[at].weight;
    for (uint32_t i = at; i != NONE; i = s->nodes.items[i].parent)
        p->length++;
    p->sectors = fd_alloc(p->length * sizeof *p->sectors);
    for (uint32_t i = at, k = 0; i != NONE; i = s->nodes.items[i].parent)
        p->sectors[k++] = s->nodes.items[i].sector;
}

/* ---- ties ---- */

typedef struct texted {
    fd_io_path path;
    char *text;
} texted;

static int by_value(const void *a, const void *b)
{
    const texted *x = a, *y = b;

    if (fabs(x->path.value) != fabs(y->path.value))
        return fabs(x->path.value) < fabs(y->path.value) ? 1 : -1;
    return strcmp(x->text, y->text);
}

static void sort_paths(fd_io_path *paths, size_t count, char *const *codes)
{
    texted *t = fd_alloc(count * sizeof *t + 1);

    for (size_t i = 0; i < count; i++) {
        fd_buf b = FD_BUF_INIT;

        for (size_t k = 0; k < paths[i].length; k++)
            fd_buf_printf(&b, "%s%s", k ? ">" : "", codes[paths[i].sectors[k]]);
        t[i] = (texted){ paths[i], fd_buf_take(&b) };
    }
    if (count)
        qsort(t, count, sizeof *t, by_value);
    for (size_t i = 0; i < count; i++) {
        paths[i] = t[i].path;
        free(t[i].text);
    }
    free(t);
}

void fd_io__paths_free(fd_io_path *paths, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(paths[i].sectors);
    free(paths);
}

/* ---- the search ---- */

/* |w|' (I + |A| + .. + |A|^d) for d = 0 .. links. */
static double *remaining(const search *s)
{
    const fd_sparse *m = s->suppliers;
    double *rest = fd_alloc((s->links + 1) * m->n * sizeof *rest);

    for (size_t d = 0; d <= s->links; d++)
        for (size_t j = 0; j < m->n; j++) {
            double sum = fabs(s->w[j]);

            for (size_t e = m->start[j]; d && e < m->start[j + 1]; e++)
                sum += fabs(m->value[e]) * rest[(d - 1) * m->n + m->column[e]];
            rest[d * m->n + j] = sum;
        }
    return rest;
}

typedef struct ranked {
    double score;
    uint32_t at;
} ranked;

static int by_score(const void *a, const void *b)
{
    const ranked *x = a, *y = b;

    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static void sort_roots(search *s)
{
    const size_t n = s->suppliers->n;
    ranked *order = fd_alloc(n * sizeof *order + 1);

    for (size_t j = 0; j < n; j++)
        if (s->f[j] != 0)
            order[s->root_count++] = (ranked){ fabs(s->f[j]) * s->rest[s->links][j], (uint32_t)j };
    if (s->root_count)
        qsort(order, s->root_count, sizeof *order, by_score);
    s->roots = fd_alloc(s->root_count * sizeof *s->roots + 1);
    for (size_t r = 0; r < s->root_count; r++)
        s->roots[r] = order[r].at;
    free(order);
}

/* Paths come out by value; those that tie with the last wanted are all taken, then sorted. */
static int run(search *s, fd_io_path **out, size_t *found, size_t count)
{
    fd_vec(fd_io_path) paths = { 0 };
    int err = 0;

    enter(s, NONE, 0);
    for (size_t step = 0; s->heap.count && err >= 0; step++) {
        const entry e = heap_pop(s);

        if (paths.count >= count && e.bound < fabs(paths.items[paths.count - 1].value))
            break;
        if (step == MOST_STEPS || paths.count > count + MOST_PATHS) {
            err = fd_error_set(FD_ELIMIT, "路径搜索步数超过上限,请减少条数或限定层数",
                               "the search takes too many steps: ask for fewer paths or links");
        } else if (e.rank == NONE) {
            fd_io_path p;

            keep_path(&p, s, e.node);
            fd_vec_push(&paths, p);
        } else {
            err = take_node(s, &e);
        }
    }
    *out = paths.items;
    *found = paths.count;
    return err;
}

int fd_io__search(fd_io_path **out, size_t *found, const fd_sparse *suppliers, const double *w,
                  const double *f, const double *bound, size_t count, size_t links,
                  char *const *codes)
{
    search s = { .suppliers = suppliers, .w = w, .f = f, .links = links };
    const size_t n = suppliers->n, levels = links + 1;
    double *rest = NULL;
    int err;

    *out = NULL;
    *found = 0;
    if (count == 0 || count > MOST_PATHS || links > MOST_LINKS)
        return fd_error_set(FD_EINVAL, "路径条数应在 1 到 %d 之间,层数不超过 %d",
                            "between 1 and %d paths, at most %d links", MOST_PATHS, MOST_LINKS);
    s.rest = fd_alloc(levels * sizeof *s.rest);
    if (links)
        rest = remaining(&s);
    for (size_t d = 0; d < levels; d++)
        s.rest[d] = links ? rest + d * n : bound;
    s.lists = fd_alloc(levels * sizeof *s.lists);
    for (size_t d = 0; d < levels; d++)
        s.lists[d] = fd_alloc(n * sizeof **s.lists + 1);
    sort_roots(&s);
    err = run(&s, out, found, count);
    sort_paths(*out, *found, codes);
    for (; *found > count; --*found)
        free((*out)[*found - 1].sectors);
    for (size_t d = 0; d < levels; d++) {
        for (size_t j = 0; j < n; j++)
            free(s.lists[d][j].at);
        free(s.lists[d]);
    }
    free(s.lists);
    free(s.rest);
    free(rest);
    free(s.roots);
    fd_vec_dispose(&s.nodes);
    fd_vec_dispose(&s.heap);
    if (err < 0) {
        fd_io__paths_free(*out, *found);
        *out = NULL;
        *found = 0;
    }
    return err;
}

/* ---- on a table ---- */

/*
 * m = w' (I - A)^-1 and, for the search, |w|' (I - |A|)^-1 a hair larger: a bound must not fall
 * below what it bounds by rounding. Tables have no negative cells as a rule; then one solve gives
 * both.
 */
static int path_multipliers(double *m, double *bound, const fd_io *io, const double *w,
                            bool unlimited)
{
    fd_sparse absolute = io->by_column;
    const size_t entries = absolute.start[io->n], n = io->n;
    double *both = fd_alloc(2 * n * sizeof *both), *values = NULL;
    bool negative = false;
    int err;

    for (size_t e = 0; e < entries && !negative; e++)
        negative = absolute.value[e] < 0;
    for (size_t i = 0; i < n; i++) {
        both[2 * i] = w[i];
        both[2 * i + 1] = fabs(w[i]);
    }
    err = fd_sparse_solve(&io->by_column, both, both, 2, TOLERANCE, io->options.pool, NULL);
    for (size_t i = 0; i < n; i++) {
        m[i] = both[2 * i];
        bound[i] = both[2 * i + 1] * (1 + 1e-9);
    }
    if (negative && unlimited && err >= 0) {
        values = fd_alloc(entries * sizeof *values);
        for (size_t e = 0; e < entries; e++)
            values[e] = fabs(absolute.value[e]);
        absolute.value = values;
        for (size_t i = 0; i < n; i++)
            both[i] = fabs(w[i]);
        err = fd_sparse_solve(&absolute, both, bound, 1, TOLERANCE, io->options.pool, NULL);
        for (size_t i = 0; i < n; i++)
            bound[i] *= 1 + 1e-9;
    }
    free(both);
    free(values);
    return err;
}

static int paths_demand(double *f, fd_io *io, const fd_io_path_options *o)
{
    const ptrdiff_t category =
        o->category && io->y ? fd_labelled_find(io->y->column, io->y->columns, o->category) : 0;

    if (!io->y)
        return fd_error_set(FD_ENOTFOUND, "没有最终使用表", "there is no final demand");
    if (category < 0)
        return fd_error_set(FD_ENOTFOUND, "最终使用表里没有列 %s", "final demand has no column %s",
                            o->category);
    for (size_t t = 0; t < (o->target_count ? o->target_count : io->n); t++) {
        const ptrdiff_t j = o->target_count ? fd_io__sector(io, o->targets[t]) : (ptrdiff_t)t;

        if (j < 0)
            return FD_ENOTFOUND;
        f[j] = o->category ? io->y->v[(size_t)j * io->y->columns + (size_t)category] : io->f[j];
    }
    return 0;
}

static fd_table *paths_table(const fd_io *io, const fd_io_path *paths, size_t found, double total)
{
    fd_table *t = fd_io__table(io, "paths", "结构路径", "structural paths");
    fd_column *rank = fd_column_new("rank", FD_EST, "", 0, found), *path, *value, *share;
    fd_buf text = FD_BUF_INIT;

    fd_column_set_title(rank, "名次", "rank");
    fd_table_add(t, rank);
    path = fd_table_add_new(t, "path", "路径(源头>…>最终使用)", "path", FD_TEXT, "", 0);
    value = fd_table_add_new(t, "value", "数值", "value", FD_EST, "", 12);
    share = fd_table_add_new(t, "share_of_total", "占合计", "share of total", FD_EST, "", 12);
    for (size_t i = 0; i < found; i++) {
        fd_buf_clear(&text);
        for (size_t k = 0; k < paths[i].length; k++)
            fd_buf_printf(&text, "%s%s", k ? ">" : "", io->z->row[paths[i].sectors[k]]);
        fd_column_set_est(rank, i, (double)(i + 1));
        fd_column_set_text(path, i, fd_buf_text(&text));
        fd_column_set_est(value, i, paths[i].value);
        if (total != 0)
            fd_column_set_est(share, i, paths[i].value / total);
    }
    fd_buf_dispose(&text);
    return t;
}

int fd_io_paths(fd_table **out, fd_io *io, const fd_io_path_options *o)
{
    const size_t n = io->n;
    double *f = fd_alloc(n * sizeof *f), *w = fd_alloc(n * sizeof *w);
    double *m = fd_alloc(n * sizeof *m), *bound = fd_alloc(n * sizeof *bound), total = 0;
    const double *amount;
    fd_io_path *paths = NULL;
    size_t found = 0;
    int err;

    *out = NULL;
    if ((err = fd_io__factor(io, o->factor ? o->factor : "va", &amount)) < 0 ||
        (err = paths_demand(f, io, o)) < 0 || (err = fd_io__suppliers(io)) < 0)
        goto done;
    for (size_t i = 0; i < n; i++)
        w[i] = fd_io__per_output(io, i, amount[i]);
    if ((err = path_multipliers(m, bound, io, w, o->links == 0)) < 0)
        goto done;
    for (size_t i = 0; i < n; i++)
        total += m[i] * f[i];
    if ((err = fd_io__search(&paths, &found, &io->by_column, w, f, bound, o->count, o->links,
                             io->z->row)) < 0)
        goto done;
    *out = paths_table(io, paths, found, total);
done:
    fd_io__paths_free(paths, found);
    free(f);
    free(w);
    free(m);
    free(bound);
    return err;
}
