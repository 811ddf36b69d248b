/*
 * A source in memory: enterprises, their figures and attributes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "fangding/policy.h"

typedef struct fact {
    const char *item;
    fd_period period;
    fd_basis basis;
    fd_column *column;
} fact;

struct fd_facts {
    fd_source source;
    fd_arena *arena;
    fd_frame frame, none;
    fd_vec(fact) facts;
    fd_map *index; /* item@period@basis, or the attribute → position */
    fd_vec(fd_period) periods;
};

static char *key_of(const char *item, fd_period period, fd_basis basis, char *buf, size_t size)
{
    snprintf(buf, size, "%s@%d@%d", item, (int)period, (int)basis);
    return buf;
}

static int frame_op(fd_source *s, const char *kind, const fd_frame **out)
{
    fd_facts *f = (fd_facts *)s;

    *out = strcmp(kind, "enterprise") == 0 ? &f->frame : &f->none;
    return 0;
}

static fd_column *find(fd_facts *f, const char *item, fd_period period, fd_basis basis)
{
    char buf[256];
    uint64_t at;

    if (!fd_map_get(f->index, fd_view_of(key_of(item, period, basis, buf, sizeof buf)), &at))
        return NULL;
    return f->facts.items[at].column;
}

static int column_op(fd_source *s, const char *kind, const char *item, fd_period period,
                     fd_basis basis, fd_column **out)
{
    fd_facts *f = (fd_facts *)s;
    fd_column *c = find(f, item, period, basis);

    (void)kind;
    *out = c ? fd_column_ref(c) : fd_column_new(item, FD_DEC, "", 0, f->frame.n);
    return 0;
}

static int attribute_op(fd_source *s, const char *kind, const char *attribute, fd_date date,
                        fd_column **out)
{
    fd_facts *f = (fd_facts *)s;
    fd_column *c = find(f, attribute, FD_PERIOD_NONE, FD_CURRENT);

    (void)kind;
    (void)date;
    *out = c ? fd_column_ref(c) : fd_column_new(attribute, FD_TEXT, "", 0, f->frame.n);
    return 0;
}

static int origin_op(fd_source *s, const char *kind, const char *item, fd_period period,
                     fd_basis basis, int32_t subject, fd_origin *out)
{
    (void)s;
    (void)kind;
    (void)item;
    (void)period;
    (void)basis;
    (void)subject;
    memset(out, 0, sizeof *out);
    return fd_error_set(FD_ENOTFOUND, "没有来源", "no origin");
}

static int by_period(const void *a, const void *b)
{
    return fd_period_compare(*(const fd_period *)a, *(const fd_period *)b);
}

static int periods_op(fd_source *s, const char *item, fd_basis basis, const fd_period **periods,
                      size_t *count)
{
    fd_facts *f = (fd_facts *)s;

    f->periods.count = 0;
    for (size_t i = 0; i < f->facts.count; i++)
        if (f->facts.items[i].basis == basis && f->facts.items[i].period &&
            strcmp(f->facts.items[i].item, item) == 0)
            fd_vec_push(&f->periods, f->facts.items[i].period);
    if (f->periods.count)
        qsort(f->periods.items, f->periods.count, sizeof *f->periods.items, by_period);
    *periods = f->periods.items;
    *count = f->periods.count;
    return 0;
}

static int marks_op(fd_source *s, const char *item, fd_period period, fd_basis basis,
                    const char **marks, const char **origin)
{
    (void)s;
    (void)item;
    (void)period;
    (void)basis;
    if (marks)
        *marks = "";
    if (origin)
        *origin = NULL;
    return 0;
}

static int records_op(fd_source *s, const char *type, fd_date at, fd_table **out)
{
    (void)s;
    (void)at;
    *out = fd_table_new(type, type, type);
    return 0;
}

fd_facts *fd_facts_new(void)
{
    static const fd_source_ops ops = { frame_op,   column_op, attribute_op, origin_op,
                                       periods_op, marks_op,  records_op };
    fd_facts *f = fd_alloc(sizeof *f);

    f->source.ops = &ops;
    f->arena = fd_arena_new();
    f->index = fd_map_new();
    f->frame.kind = "enterprise";
    f->none.kind = "";
    return f;
}

void fd_facts_free(fd_facts *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->facts.count; i++)
        fd_column_unref(f->facts.items[i].column);
    fd_vec_dispose(&f->facts);
    fd_vec_dispose(&f->periods);
    fd_map_free(f->index);
    fd_arena_free(f->arena);
    free(f);
}

fd_source *fd_facts_source(fd_facts *f)
{
    return &f->source;
}

void fd_facts_subjects(fd_facts *f, size_t n, const char *const *codes, const char *const *names)
{
    int32_t *ids = fd_arena_alloc(f->arena, (n + 1) * sizeof *ids);
    const char **c = fd_arena_alloc(f->arena, (n + 1) * sizeof *c);
    const char **m = fd_arena_alloc(f->arena, (n + 1) * sizeof *m);

    for (size_t i = 0; i < n; i++) {
        ids[i] = (int32_t)i + 1;
        c[i] = fd_arena_strdup(f->arena, codes[i]);
        m[i] = names && names[i] ? fd_arena_strdup(f->arena, names[i]) : c[i];
    }
    f->frame.n = n;
    f->frame.ids = ids;
    f->frame.codes = c;
    f->frame.names = m;
}

void fd_facts_add(fd_facts *f, const char *item, fd_period period, fd_basis basis,
                  fd_column *column)
{
    fact one = { fd_arena_strdup(f->arena, item), period, basis, column };
    char buf[256];
    uint64_t at;

    key_of(item, period, basis, buf, sizeof buf);
    if (fd_map_get(f->index, fd_view_of(buf), &at)) {
        fd_column_unref(f->facts.items[at].column);
        f->facts.items[at].column = column;
        return;
    }
    fd_map_set(f->index, fd_view_of(buf), f->facts.count);
    fd_vec_push(&f->facts, one);
}

void fd_facts_attribute(fd_facts *f, const char *attribute, fd_column *column)
{
    fd_facts_add(f, attribute, FD_PERIOD_NONE, FD_CURRENT, column);
}
