/*
 * Groups: tuples of codes, one per dimension, in the order met; sorted only for printing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ding/eval/internal.h"

#define MOST_GROUPS (16u << 20)

typedef struct dimension {
    char *id;
    const fd_class *class;    /* groups in, out, unknown */
    const fd_frame *declared; /* subjects of the kind of that name, or NULL */
    fd_map *values;           /* code → index */
} dimension;

struct fd_grouping {
    uint64_t id;
    const fd_program *program;
    dimension *dims;
    size_t dim_count;
    fd_map *tuples;           /* value indexes, 4 bytes each → group */
    fd_vec(uint32_t) members; /* value indexes of each group, dim_count apiece */
};

uint64_t fd_grouping__id(const fd_grouping *g)
{
    return g ? g->id : 0;
}

size_t fd_grouping_count(const fd_grouping *g)
{
    return g ? fd_map_count(g->tuples) : 1;
}

size_t fd_grouping_dims(const fd_grouping *g)
{
    return g ? g->dim_count : 0;
}

const char *fd_grouping_dim(const fd_grouping *g, size_t dim)
{
    return g->dims[dim].id;
}

const char *fd_grouping_code(const fd_grouping *grouping, size_t group, size_t dim)
{
    return fd_map_key(grouping->dims[dim].values,
                      grouping->members.items[group * grouping->dim_count + dim])
        .ptr;
}

const char *fd_grouping_name(const fd_grouping *grouping, size_t group, size_t dim, fd_lang lang)
{
    const char *code = fd_grouping_code(grouping, group, dim);
    const dimension *d = &grouping->dims[dim];

    if (d->class) {
        if (strcmp(code, "in") == 0)
            return d->class->name;
        if (strcmp(code, "out") == 0)
            return lang == FD_ZH ? "其余" : "other";
        return lang == FD_ZH ? "未知" : "unknown";
    }
    if (code[0] == '\0')
        return lang == FD_ZH ? "未登记" : "not entered";
    return fd_frame_find(d->declared, code) != SIZE_MAX ? fd_frame_name(d->declared, code) : NULL;
}

const char *fd_grouping__subject(const fd_grouping *grouping, size_t group, const char **code)
{
    if (!grouping || grouping->dim_count != 1 || grouping->dims[0].class)
        return NULL;
    *code = fd_grouping_code(grouping, group, 0);
    return grouping->dims[0].id;
}

/* ---- naming dimensions ---- */

/* Kinds of subjects and derived attributes, by either name. */
static const char *known_dimension(const char *name)
{
    static const char *const names[][2] = {
        { "enterprise", "企业" }, { "county", "县区" },  { "city", "市" },
        { "chain", "产业链" },    { "project", "项目" }, { "division", "行业大类" },
        { "group", "行业中类" },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i][0]) == 0 || strcmp(name, names[i][1]) == 0)
            return names[i][0];
    return NULL;
}

static bool is_derived(const char *name)
{
    return strcmp(name, "division") == 0 || strcmp(name, "group") == 0;
}

static int unknown_dimension(const char *name)
{
    (void)fd_error_set(FD_ENOTFOUND, "没有叫「%s」的维度", "there is no dimension called %s", name);
    return fd_error_hint(
        "可用:县区 county、产业链 chain、行业大类 division、行业 industry、规模 size、"
        "企业 enterprise、任一属性或分类",
        "there are county, chain, division, industry, size, enterprise, any attribute or "
        "class");
}

static int name_dimension(dimension *d, fd_eval *e, const char *name)
{
    const char *kind = known_dimension(name);
    const fd_item *item = e->program ? fd_program_item(e->program, name) : NULL;
    int err;

    if (kind)
        d->id = fd_strdup(kind);
    else if (item && item->nature == FD_ATTRIBUTE)
        d->id = fd_strdup(item->id);
    else if (e->program && (d->class = fd_program_class(e->program, name)))
        d->id = fd_strdup(d->class->id);
    else if (!e->program)
        d->id = fd_strdup(name);
    else
        return unknown_dimension(name);
    d->values = fd_map_new();
    if (!d->class) {
        if ((err = fd_eval__frame(e, d->id, &d->declared)) < 0)
            return err;
        if (d->declared->n == 0)
            d->declared = NULL;
    }
    return 0;
}

int fd_grouping_new(fd_grouping **out, fd_eval *e, const char *const *by, size_t count)
{
    fd_grouping *g = fd_alloc(sizeof *g);
    int err = 0;

    g->id = e->next_grouping++;
    g->program = e->program;
    g->dims = fd_alloc((count + 1) * sizeof *g->dims);
    g->dim_count = count;
    g->tuples = fd_map_new();
    for (size_t i = 0; i < count; i++)
        if ((err = name_dimension(&g->dims[i], e, by[i])) < 0)
            goto done;
    *out = g;
done:
    if (err < 0)
        fd_grouping_free(g);
    return err < 0 ? err : 0;
}

void fd_grouping_free(fd_grouping *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->dim_count; i++) {
        free(g->dims[i].id);
        fd_map_free(g->dims[i].values);
    }
    free(g->dims);
    fd_map_free(g->tuples);
    fd_vec_dispose(&g->members);
    free(g);
}

static uint32_t value_index(dimension *d, const char *code)
{
    return (uint32_t)fd_map_intern(d->values, fd_view_of(code), fd_map_count(d->values));
}

static int group_of(uint32_t *out, fd_grouping *g, const uint32_t *values)
{
    fd_view key = { (const char *)values, g->dim_count * sizeof *values };
    size_t before = fd_map_count(g->tuples);

    if (before >= MOST_GROUPS)
        return fd_error_set(FD_ELIMIT, "分组超过 %u 个", "more than %u groups", MOST_GROUPS);
    *out = (uint32_t)fd_map_intern(g->tuples, key, before);
    if (fd_map_count(g->tuples) > before)
        for (size_t i = 0; i < g->dim_count; i++)
            fd_vec_push(&g->members, values[i]);
    return 0;
}

int fd_grouping_declare(fd_grouping *g)
{
    const fd_frame *frame = g && g->dim_count == 1 ? g->dims[0].declared : NULL;
    int err = 0;

    for (size_t i = 0; frame && i < frame->n && err >= 0; i++) {
        uint32_t value = value_index(&g->dims[0], frame->codes[i]), group;

        err = group_of(&group, g, &value);
    }
    return err < 0 ? err : 0;
}

/* ---- order ---- */

typedef struct rank {
    size_t position; /* in the frame; SIZE_MAX - 1 undeclared; SIZE_MAX none */
    const char *code;
} rank;

typedef struct entry {
    size_t group;
    const rank *ranks[8];
    size_t count;
} entry;

static int by_rank(const void *x, const void *y)
{
    const entry *a = x, *b = y;

    for (size_t i = 0; i < a->count; i++) {
        const rank *p = a->ranks[i], *q = b->ranks[i];
        int c;

        if (p->position != q->position)
            return p->position < q->position ? -1 : 1;
        if ((c = strcmp(p->code, q->code)))
            return c;
    }
    return a->group < b->group ? -1 : a->group > b->group;
}

static size_t position_of(const dimension *d, const fd_map *frame_rows, const char *code)
{
    uint64_t at;

    if (code[0] == '\0')
        return SIZE_MAX;
    if (d->class)
        return strcmp(code, "in") == 0 ? 0 : strcmp(code, "out") == 0 ? 1 : 2;
    return frame_rows && fd_map_get(frame_rows, fd_view_of(code), &at) ? (size_t)at : SIZE_MAX - 1;
}

size_t *fd_grouping_order(const fd_grouping *g)
{
    size_t n = fd_grouping_count(g);
    size_t *order = fd_alloc((n + 1) * sizeof *order);
    entry *entries;
    rank **ranks;

    if (!g)
        return order;
    entries = fd_alloc((n + 1) * sizeof *entries);
    ranks = fd_alloc((g->dim_count + 1) * sizeof *ranks);
    for (size_t d = 0; d < g->dim_count; d++) {
        const dimension *dim = &g->dims[d];
        size_t values = fd_map_count(dim->values);
        fd_map *rows = NULL;

        if (dim->declared) {
            rows = fd_map_new();
            for (size_t i = 0; i < dim->declared->n; i++)
                (void)fd_map_set(rows, fd_view_of(dim->declared->codes[i]), i);
        }
        ranks[d] = fd_alloc((values + 1) * sizeof **ranks);
        for (size_t v = 0; v < values; v++) {
            const char *code = fd_map_key(dim->values, v).ptr;

            ranks[d][v] = (rank){ position_of(dim, rows, code), code };
        }
        fd_map_free(rows);
    }
    for (size_t i = 0; i < n; i++) {
        entries[i].group = i;
        entries[i].count = g->dim_count < 8 ? g->dim_count : 8;
        for (size_t d = 0; d < entries[i].count; d++)
            entries[i].ranks[d] = &ranks[d][g->members.items[i * g->dim_count + d]];
    }
    qsort(entries, n, sizeof *entries, by_rank);
    for (size_t i = 0; i < n; i++)
        order[i] = entries[i].group;
    for (size_t d = 0; d < g->dim_count; d++)
        free(ranks[d]);
    free(ranks);
    free(entries);
    return order;
}

/* ---- memberships ---- */

/* What one dictionary entry of one dimension means. */
typedef struct membership {
    struct {
        uint32_t value;
        int64_t weight;
    } * parts;
    size_t count;
} membership;

/* One dimension over all rows: an index into `entries` per row. */
typedef struct layout {
    const fd_eval_column *column; /* NULL: every subject is its own group */
    membership *entries;          /* per dictionary entry, then one for "none" */
    size_t none;
} layout;

/* The attribute that tells a subject of this kind its place on the dimension; NULL when it has
 * none. */
static const char *attribute_for(const fd_grouping *g, const dimension *d, const char *kind,
                                 char *buf, size_t size)
{
    const char *id = d->class ? d->class->attribute : d->id;
    const fd_item *item;

    if (!g->program)
        return id;
    if (strcmp(kind, "enterprise") == 0 && (is_derived(id) || strcmp(id, "code") == 0))
        return id;
    item = fd_program_item(g->program, id);
    if (item && item->nature == FD_ATTRIBUTE && strcmp(item->kind, kind) == 0 &&
        strcmp(item->id, id) == 0)
        return id;
    snprintf(buf, size, "%s_%s", kind, id);
    item = fd_program_item(g->program, buf);
    return item && item->nature == FD_ATTRIBUTE && strcmp(item->kind, kind) == 0 ? buf : NULL;
}

static void set_one(membership *m, fd_arena *arena, uint32_t value)
{
    m->parts = fd_arena_alloc(arena, sizeof *m->parts);
    m->parts[0].value = value;
    m->parts[0].weight = FD_WEIGHT_ONE;
    m->count = 1;
}

static int class_membership(membership *m, dimension *d, fd_arena *arena, const fd_eval_part *parts,
                            size_t count, fd_date date)
{
    int64_t in = 0, out = 0, unknown = 0;
    const struct {
        const char *code;
        int64_t *weight;
    } sides[] = { { "in", &in }, { "out", &out }, { "unknown", &unknown } };
    int err;

    for (size_t i = 0; i < count; i++) {
        int64_t share;
        bool open;

        if ((err = fd_eval__class_share(&share, &open, d->class, parts[i].code, date)) < 0)
            return err;
        if (open) {
            unknown += parts[i].weight;
            continue;
        }
        in += (int64_t)((fd_i128)parts[i].weight * share / 1000000);
        out += parts[i].weight - (int64_t)((fd_i128)parts[i].weight * share / 1000000);
    }
    m->parts = fd_arena_alloc(arena, 3 * sizeof *m->parts);
    for (size_t i = 0; i < 3; i++)
        if (*sides[i].weight > 0) {
            m->parts[m->count].value = value_index(d, sides[i].code);
            m->parts[m->count++].weight = *sides[i].weight;
        }
    return 0;
}

static int lay_out(layout *l, fd_grouping *g, dimension *d, fd_eval *e, const char *kind,
                   fd_date date, fd_arena *arena, bool *applies)
{
    char buf[128];
    const char *attribute;
    int err;

    if (!d->class && strcmp(kind, d->id) == 0)
        return 0;
    if (!(attribute = attribute_for(g, d, kind, buf, sizeof buf))) {
        *applies = false;
        return 0;
    }
    if ((err = fd_eval__attribute(e, kind, attribute, date, &l->column)) < 0)
        return err;
    l->none = fd_dict_count(l->column->column->dict);
    l->entries = fd_arena_alloc(arena, (l->none + 1) * sizeof *l->entries);
    for (size_t i = 0; i < l->none; i++) {
        membership *m = &l->entries[i];
        fd_eval_part *parts;
        size_t count;

        if ((err = fd_eval__parts(&parts, &count, arena,
                                  fd_dict_text(l->column->column->dict, (uint32_t)i))) < 0)
            return err;
        if (d->class) {
            if ((err = class_membership(m, d, arena, parts, count, date)) < 0)
                return err;
            continue;
        }
        m->parts = fd_arena_alloc(arena, (count + 1) * sizeof *m->parts);
        for (size_t k = 0; k < count; k++) {
            m->parts[k].value = value_index(d, parts[k].code);
            m->parts[k].weight = parts[k].weight;
        }
        m->count = count;
    }
    set_one(&l->entries[l->none], arena, value_index(d, d->class ? "unknown" : ""));
    return 0;
}

typedef fd_vec(fd_eval_extra) extras;

/* Every combination of a row's parts over the dimensions, weights multiplied. */
static int spread(fd_grouping *g, const membership *const *ms, size_t dim, uint32_t *values,
                  int64_t weight, uint32_t row, extras *list)
{
    int err;

    if (dim == g->dim_count) {
        fd_eval_extra x = { row, 0, weight };

        if ((err = group_of(&x.group, g, values)) < 0)
            return err;
        fd_vec_push(list, x);
        return 0;
    }
    for (size_t i = 0; i < ms[dim]->count; i++) {
        fd_i128 w = (fd_i128)weight * ms[dim]->parts[i].weight;

        if (w % FD_WEIGHT_ONE)
            return fd_error_set(FD_EOVERFLOW, "归属比例相乘超过十二位小数",
                                "the product of shares has more than twelve digits");
        values[dim] = ms[dim]->parts[i].value;
        if ((err = spread(g, ms, dim + 1, values, (int64_t)(w / FD_WEIGHT_ONE), row, list)) < 0)
            return err;
    }
    return 0;
}

int fd_grouping__assign(fd_grouping *g, fd_eval *e, const char *kind, fd_date date, uint32_t *group,
                        fd_eval_extra **extra, size_t *extra_count, bool *applies)
{
    fd_arena *arena = fd_arena_new();
    layout *layouts = fd_arena_alloc(arena, (g->dim_count + 1) * sizeof *layouts);
    const membership **ms = fd_arena_alloc(arena, (g->dim_count + 1) * sizeof *ms);
    uint32_t *values = fd_arena_alloc(arena, (g->dim_count + 1) * sizeof *values);
    uint32_t *memory = NULL; /* last value tuple → group, for one or two dimensions */
    size_t stride = 0, cells = 0;
    extras list = { 0 };
    const fd_frame *frame;
    int err;

    *applies = true;
    if ((err = fd_eval__frame(e, kind, &frame)) < 0)
        goto done;
    for (size_t d = 0; d < g->dim_count; d++)
        if ((err = lay_out(&layouts[d], g, &g->dims[d], e, kind, date, arena, applies)) < 0)
            goto done;
    if (!*applies)
        goto done;
    /* Tuples of dictionary entries repeat: remember the group of each that was met. */
    if (g->dim_count && layouts[0].column && (g->dim_count == 1 || layouts[1].column)) {
        stride = g->dim_count > 1 ? layouts[1].none + 1 : 1;
        cells = g->dim_count <= 2 ? (layouts[0].none + 1) * stride : 0;
        if (cells && cells <= (1u << 20)) {
            memory = fd_arena_alloc(arena, cells * sizeof *memory);
            memset(memory, 0xff, cells * sizeof *memory);
        }
    }
    for (size_t row = 0; row < frame->n; row++) {
        bool whole = true;
        size_t cell = 0;
        membership own;

        for (size_t d = 0; d < g->dim_count; d++) {
            const layout *l = &layouts[d];

            if (l->column) {
                size_t at = fd_bits_get(l->column->column->has, row)
                                ? l->column->column->v.text[row]
                                : l->none;

                ms[d] = &l->entries[at];
                cell = d == 0 ? at * stride : cell + at;
            } else {
                own = (membership){ 0 };
                set_one(&own, arena, value_index(&g->dims[d], frame->codes[row]));
                ms[d] = fd_arena_alloc(arena, sizeof own);
                memcpy((void *)(uintptr_t)ms[d], &own, sizeof own);
            }
            if (ms[d]->count != 1 || ms[d]->parts[0].weight != FD_WEIGHT_ONE)
                whole = false;
        }
        group[row] = UINT32_MAX;
        if (!whole) {
            if ((err = spread(g, ms, 0, values, FD_WEIGHT_ONE, (uint32_t)row, &list)) < 0)
                goto done;
            continue;
        }
        if (memory && memory[cell] != UINT32_MAX) {
            group[row] = memory[cell];
            continue;
        }
        for (size_t d = 0; d < g->dim_count; d++)
            values[d] = ms[d]->parts[0].value;
        if ((err = group_of(&group[row], g, values)) < 0)
            goto done;
        if (memory)
            memory[cell] = group[row];
    }
    *extra = list.items;
    *extra_count = list.count;
    list.items = NULL;
done:
    fd_vec_dispose(&list);
    fd_arena_free(arena);
    return err < 0 ? err : 0;
}
