/*
 * A source for tests: subjects, facts and attributes given as literal tables.
 *
 *   fd_source *s = mock_source_new();
 *   mock_frame(s, "enterprise", 3, codes, names);
 *   mock_facts(s, "enterprise", "revenue", "2024", FD_CURRENT, 4, (const char *[]){ "100", "",
 * "2.5?" }); mock_attribute(s, "enterprise", "county", (const char *[]){ "990501", "990502", NULL
 * }); … mock_source_free(s);
 *
 * Cells: a number; "" or NULL missing; "-" not applicable; a number with "?" in doubt.  Attributes
 * hold on every day.
 */
#ifndef FD_TESTS_MOCK_SOURCE_H
#define FD_TESTS_MOCK_SOURCE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "fangding/source.h"

typedef struct mock_entry {
    char *kind, *item;
    fd_period period; /* 0: an attribute */
    fd_basis basis;
    fd_column *column;
    char origin[32]; /* of fd_origin: "statistical" … */
} mock_entry;

typedef struct mock_source {
    fd_source base;
    fd_vec(fd_frame *) frames;
    fd_vec(mock_entry) entries;
    fd_period *periods;
    size_t reads; /* calls of column() */
} mock_source;

static inline const fd_frame *mock__frame(mock_source *m, const char *kind)
{
    static const fd_frame none = { "", 0, NULL, NULL, NULL };

    for (size_t i = 0; i < m->frames.count; i++)
        if (strcmp(m->frames.items[i]->kind, kind) == 0)
            return m->frames.items[i];
    return &none;
}

static inline int mock__frame_op(fd_source *s, const char *kind, const fd_frame **out)
{
    *out = mock__frame((mock_source *)s, kind);
    return 0;
}

static inline mock_entry *mock__find(mock_source *m, const char *kind, const char *item,
                                     fd_period period, fd_basis basis)
{
    for (size_t i = 0; i < m->entries.count; i++) {
        mock_entry *e = &m->entries.items[i];

        if (e->period == period && e->basis == basis && strcmp(e->item, item) == 0 &&
            strcmp(e->kind, kind) == 0)
            return e;
    }
    return NULL;
}

static inline int mock__column(fd_source *s, const char *kind, const char *item, fd_period period,
                               fd_basis basis, fd_column **out)
{
    mock_source *m = (mock_source *)s;
    mock_entry *e = mock__find(m, kind, item, period, basis);

    m->reads++;
    *out =
        e ? fd_column_ref(e->column) : fd_column_new(item, FD_DEC, "", 0, mock__frame(m, kind)->n);
    return 0;
}

static inline int mock__attribute(fd_source *s, const char *kind, const char *attribute,
                                  fd_date date, fd_column **out)
{
    mock_source *m = (mock_source *)s;
    mock_entry *e = mock__find(m, kind, attribute, FD_PERIOD_NONE, FD_CURRENT);

    (void)date;
    *out = e ? fd_column_ref(e->column)
             : fd_column_new(attribute, FD_TEXT, "", 0, mock__frame(m, kind)->n);
    return 0;
}

static inline int mock__origin(fd_source *s, const char *kind, const char *item, fd_period period,
                               fd_basis basis, int32_t subject, fd_origin *out)
{
    mock_source *m = (mock_source *)s;
    mock_entry *e = mock__find(m, kind, item, period, basis);
    const fd_frame *frame = mock__frame(m, kind);

    *out = (fd_origin){
        .file = "示例.xlsx", .sheet = "表1", .column = item, .origin = "dispatch", .marks = "示例"
    };
    if (!e)
        return fd_error_set(FD_ENOTFOUND, "没有", "not stored");
    if (e->origin[0])
        out->origin = e->origin;
    for (size_t i = 0; i < frame->n; i++)
        if (frame->ids[i] == subject)
            out->row = (long)i + 2;
    return 0;
}

static inline int mock__by_period(const void *a, const void *b)
{
    return fd_period_compare(*(const fd_period *)a, *(const fd_period *)b);
}

static inline int mock__periods(fd_source *s, const char *item, fd_basis basis,
                                const fd_period **periods, size_t *count)
{
    mock_source *m = (mock_source *)s;

    free(m->periods);
    m->periods = fd_alloc((m->entries.count + 1) * sizeof *m->periods);
    *count = 0;
    for (size_t i = 0; i < m->entries.count; i++)
        if (m->entries.items[i].period && m->entries.items[i].basis == basis &&
            strcmp(m->entries.items[i].item, item) == 0)
            m->periods[(*count)++] = m->entries.items[i].period;
    qsort(m->periods, *count, sizeof *m->periods, mock__by_period);
    *periods = m->periods;
    return 0;
}

static inline int mock__marks(fd_source *s, const char *item, fd_period period, fd_basis basis,
                              const char **marks, const char **origin)
{
    (void)s, (void)item, (void)period, (void)basis;
    if (marks)
        *marks = "示例";
    if (origin)
        *origin = "dispatch";
    return 0;
}

static inline int mock__records(fd_source *s, const char *type, fd_date at, fd_table **out)
{
    (void)s, (void)at;
    *out = fd_table_new(type, type, type);
    return 0;
}

static inline fd_source *mock_source_new(void)
{
    static const fd_source_ops ops = { mock__frame_op, mock__column, mock__attribute, mock__origin,
                                       mock__periods,  mock__marks,  mock__records };
    mock_source *m = fd_alloc(sizeof *m);

    m->base.ops = &ops;
    return &m->base;
}

static inline void mock_source_free(fd_source *s)
{
    mock_source *m = (mock_source *)s;

    for (size_t i = 0; i < m->frames.count; i++) {
        fd_frame *f = m->frames.items[i];

        for (size_t k = 0; k < f->n; k++) {
            free((void *)(uintptr_t)f->codes[k]);
            free((void *)(uintptr_t)f->names[k]);
        }
        free((void *)(uintptr_t)f->codes);
        free((void *)(uintptr_t)f->names);
        free((void *)(uintptr_t)f->ids);
        free((void *)(uintptr_t)f->kind);
        free(f);
    }
    for (size_t i = 0; i < m->entries.count; i++) {
        free(m->entries.items[i].kind);
        free(m->entries.items[i].item);
        fd_column_unref(m->entries.items[i].column);
    }
    fd_vec_dispose(&m->frames);
    fd_vec_dispose(&m->entries);
    free(m->periods);
    free(m);
}

/** Subjects of a kind, ids 1, 2, …; codes NULL gives "K1", "K2", … */
static inline void mock_frame(fd_source *s, const char *kind, size_t n, const char *const *codes,
                              const char *const *names)
{
    fd_frame *f = fd_alloc(sizeof *f);
    int32_t *ids = fd_alloc((n + 1) * sizeof *ids);
    const char **c = fd_alloc((n + 1) * sizeof *c), **m = fd_alloc((n + 1) * sizeof *m);

    for (size_t i = 0; i < n; i++) {
        char made[32];

        snprintf(made, sizeof made, "K%zu", i + 1);
        ids[i] = (int32_t)i + 1;
        c[i] = fd_strdup(codes ? codes[i] : made);
        m[i] = fd_strdup(names ? names[i] : c[i]);
    }
    f->kind = fd_strdup(kind);
    f->n = n;
    f->ids = ids;
    f->codes = c;
    f->names = m;
    fd_vec_push(&((mock_source *)s)->frames, f);
}

static inline void mock__push(fd_source *s, const char *kind, const char *item, fd_period period,
                              fd_basis basis, fd_column *column)
{
    mock_entry e = { fd_strdup(kind), fd_strdup(item), period, basis, column, "" };

    fd_vec_push(&((mock_source *)s)->entries, e);
}

static inline fd_period mock_period(const char *text)
{
    fd_period p = FD_PERIOD_NONE;

    if (fd_period_parse(&p, text, strlen(text)) < 0)
        abort();
    return p;
}

/** Take over a finished column of facts. */
static inline void mock_column(fd_source *s, const char *kind, const char *item, const char *period,
                               fd_basis basis, fd_column *column)
{
    mock__push(s, kind, item, mock_period(period), basis, column);
}

static inline void mock_facts(fd_source *s, const char *kind, const char *item, const char *period,
                              fd_basis basis, int scale, const char *const *cells)
{
    size_t n = mock__frame((mock_source *)s, kind)->n;
    fd_column *c = fd_column_new(item, FD_DEC, "", scale, n);

    for (size_t i = 0; i < n; i++) {
        size_t length = cells[i] ? strlen(cells[i]) : 0;
        bool doubt = length && cells[i][length - 1] == '?';
        int64_t mantissa;

        if (length == 0)
            continue;
        if (strcmp(cells[i], "-") == 0) {
            fd_column_set_state(c, i, FD_NA);
            continue;
        }
        if (fd_decimal_parse_scaled(&mantissa, cells[i], length - doubt, scale) < 0)
            abort();
        fd_column_set_dec(c, i, mantissa);
        if (doubt)
            fd_column_set_state(c, i, FD_DOUBT);
    }
    mock_column(s, kind, item, period, basis, c);
}

static inline void mock_attribute(fd_source *s, const char *kind, const char *attribute,
                                  const char *const *cells)
{
    size_t n = mock__frame((mock_source *)s, kind)->n;
    fd_column *c = fd_column_new(attribute, FD_TEXT, "", 0, n);

    for (size_t i = 0; i < n; i++)
        if (cells[i] && cells[i][0])
            fd_column_set_text(c, i, cells[i]);
    mock__push(s, kind, attribute, FD_PERIOD_NONE, FD_CURRENT, c);
}

/** Say where an item's figures come from: "statistical" … */
static inline void mock_origin(fd_source *s, const char *item, const char *origin)
{
    mock_source *m = (mock_source *)s;

    for (size_t i = 0; i < m->entries.count; i++)
        if (strcmp(m->entries.items[i].item, item) == 0)
            snprintf(m->entries.items[i].origin, sizeof m->entries.items[i].origin, "%s", origin);
}

#endif
