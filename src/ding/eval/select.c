/*
 * Selections: which rows are in, wholly, in part, or perhaps, and in which group.
 *
 * population ∧ where ∧ further, by Kleene's rules.  Conditions met in part (40 % emerging output,
 * two chains) give the row a weight: the product over the conditions that 且 joins.  A row with
 * weight one in one group is "plain" and is handled by the fast loops; the others are a list.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/pool.h"
#include "ding/eval/internal.h"

void fd_eval__selection_free(fd_eval_selection *s)
{
    if (!s)
        return;
    free(s->key);
    free(s->in);
    free(s->group);
    free(s->extra);
    free(s->unknown);
    free(s->plain);
    free(s->members);
    for (size_t i = 0; i < s->due_count; i++) {
        free(s->due[i].rows);
        free(s->due[i].count);
    }
    free(s);
}

/* The conditions of one selection, run to bitmaps. */
typedef struct filter {
    uint64_t *t, *u;      /* NULL = everything true */
    uint64_t *population; /* rows of the population, before where; NULL = all */
    fd_vec(const fd_row_node *) partial;
} filter;

static void collect_partial(filter *f, const fd_row_node *n)
{
    if (!n)
        return;
    if (n->op == FD_ROW_LOOKUP && n->weight)
        fd_vec_push(&f->partial, n);
    if (n->op == FD_ROW_AND) {
        collect_partial(f, n->a);
        collect_partial(f, n->b);
    }
}

/* And one more condition. */
static int narrow(filter *f, const fd_row_context *c, const fd_expr *e)
{
    size_t n = c->frame->n, words = FD_BITS_WORDS(n);
    fd_row_machine *machine = NULL;
    fd_row_node *node;
    int err;

    if (!e)
        return 0;
    if ((err = fd_row__compile_truth(&node, c, e)) < 0)
        return err;
    collect_partial(f, node);
    if (!f->t) {
        f->t = fd_alloc((words + 1) * sizeof *f->t);
        f->u = fd_alloc((words + 1) * sizeof *f->u);
        fd_bits_fill(f->t, n);
    }
    machine = fd_row_machine_new(fd_row__finish(node));
    for (size_t start = 0; start < n; start += FD_BLOCK_ROWS) {
        size_t rows = n - start < FD_BLOCK_ROWS ? n - start : FD_BLOCK_ROWS;
        fd_row_block b;

        if ((err = fd_row__run(&b, machine, node, start, rows)) < 0)
            break;
        for (size_t w = 0; w < FD_BITS_WORDS(rows); w++) {
            uint64_t *t = &f->t[start / 64 + w], *u = &f->u[start / 64 + w];
            uint64_t maybe = (*t | *u) & (b.t[w] | b.u[w]); /* neither is false */

            *t &= b.t[w];
            *u = maybe & ~*t;
        }
    }
    fd_row_machine_free(machine);
    return err < 0 ? err : 0;
}

static int weight_of(int64_t *out, const filter *f, size_t row)
{
    int64_t weight = FD_WEIGHT_ONE;

    for (size_t i = 0; i < f->partial.count; i++) {
        const fd_row_node *n = f->partial.items[i];
        const fd_column *c = n->column->column;
        fd_i128 w;

        if (!fd_bits_get(c->has, row))
            continue; /* decided by the truth value alone */
        w = (fd_i128)weight * n->weight[c->v.text[row]];
        if (w % FD_WEIGHT_ONE)
            return fd_error_set(FD_EOVERFLOW, "归属比例相乘超过十二位小数",
                                "the product of shares has more than twelve digits");
        weight = (int64_t)(w / FD_WEIGHT_ONE);
    }
    *out = weight;
    return 0;
}

typedef fd_vec(fd_eval_extra) extras;

/* Put each row where it belongs. where[]: group per row or UINT32_MAX with entries in `spread`. */
static int place_rows(fd_eval_selection *s, const filter *f, const uint32_t *where,
                      const fd_eval_extra *spread, size_t spread_count)
{
    size_t n = s->frame->n, at = 0;
    extras extra = { 0 }, unknown = { 0 };
    int err = 0;

    for (size_t row = 0; row < n; row++) {
        bool in = !f->t || fd_bits_get(f->t, row), maybe = f->u && fd_bits_get(f->u, row);
        bool member = !f->population || fd_bits_get(f->population, row);
        uint32_t group = where ? where[row] : 0;
        fd_eval_extra one = { (uint32_t)row, group, FD_WEIGHT_ONE };
        const fd_eval_extra *list = &one;
        size_t count = 1;
        int64_t weight = FD_WEIGHT_ONE;

        if (group == UINT32_MAX) {
            while (at < spread_count && spread[at].row < row)
                at++;
            list = spread + at;
            for (count = 0; at + count < spread_count && spread[at + count].row == row;)
                count++;
        }
        if (s->group)
            s->group[row] = (uint32_t)s->groups;
        for (size_t i = 0; member && i < count; i++)
            s->members[list[i].group]++;
        if (!in && !maybe)
            continue;
        if (in && f->partial.count && (err = weight_of(&weight, f, row)) < 0)
            goto done;
        if (in && count == 1 && list[0].weight == FD_WEIGHT_ONE && weight == FD_WEIGHT_ONE) {
            s->plain[list[0].group]++;
            if (s->group)
                s->group[row] = list[0].group;
            if (s->in)
                fd_bits_set(s->in, row);
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            fd_eval_extra x = list[i];
            fd_i128 w = (fd_i128)x.weight * weight;

            if (w % FD_WEIGHT_ONE) {
                err = fd_error_set(FD_EOVERFLOW, "归属比例相乘超过十二位小数",
                                   "the product of shares has more than twelve digits");
                goto done;
            }
            x.weight = (int64_t)(w / FD_WEIGHT_ONE);
            if (maybe)
                fd_vec_push(&unknown, x);
            else if (x.weight > 0)
                fd_vec_push(&extra, x);
        }
    }
    s->extra = extra.items;
    s->extra_count = extra.count;
    s->unknown = unknown.items;
    s->unknown_count = unknown.count;
    return 0;
done:
    fd_vec_dispose(&extra);
    fd_vec_dispose(&unknown);
    return err;
}

static int build(fd_eval_selection *s, fd_eval *e, const char *kind, const fd_eval_query *q,
                 const fd_row_context *c, bool own_kind, const fd_expr *further,
                 const fd_expr *also, bool *applies)
{
    filter f = { 0 };
    fd_row_context closed = *c;
    uint32_t *where = NULL;
    fd_eval_extra *spread = NULL;
    size_t spread_count = 0, n = c->frame->n, words = FD_BITS_WORDS(n);
    int err;

    *applies = true;
    closed.closed = true;
    if (own_kind && (err = narrow(&f, &closed, q->population)) < 0)
        goto done;
    if (f.t) {
        f.population = fd_alloc((words + 1) * sizeof *f.population);
        memcpy(f.population, f.t, words * sizeof *f.population);
    }
    if ((own_kind && (err = narrow(&f, c, q->where)) < 0) || (err = narrow(&f, c, further)) < 0 ||
        (err = narrow(&f, c, also)) < 0)
        goto done;
    s->groups = 1;
    if (q->grouping && fd_grouping_dims(q->grouping)) {
        where = fd_alloc((n + 1) * sizeof *where);
        if ((err = fd_grouping__assign(q->grouping, e, kind, fd_period_end(c->period), where,
                                       &spread, &spread_count, applies)) < 0 ||
            !*applies)
            goto done;
        s->groups = fd_grouping_count(q->grouping);
        s->group = fd_alloc((n + 1) * sizeof *s->group);
    }
    s->plain = fd_alloc((s->groups + 1) * sizeof *s->plain);
    s->members = fd_alloc((s->groups + 1) * sizeof *s->members);
    if (!where && !f.t) {
        s->everything = true;
        s->plain[0] = s->members[0] = (uint32_t)n;
        goto done;
    }
    if (!where)
        s->in = fd_alloc((words + 1) * sizeof *s->in);
    err = place_rows(s, &f, where, spread, spread_count);
done:
    free(f.t);
    free(f.u);
    free(f.population);
    fd_vec_dispose(&f.partial);
    free(where);
    free(spread);
    return err < 0 ? err : 0;
}

int fd_eval__select(fd_eval *e, const char *kind, const fd_eval_query *q, fd_period period,
                    const fd_expr *further, const fd_expr *also, fd_eval_selection **out)
{
    bool own_kind = strcmp(kind, q->kind ? q->kind : "enterprise") == 0, applies;
    fd_arena *arena = NULL;
    fd_eval_selection *s = NULL;
    fd_row_context c = { 0 };
    char key[256];
    int err;

    *out = NULL;
    if (!own_kind && q->where)
        return 0; /* a condition on other subjects cannot be carried over */
    snprintf(key, sizeof key, "%s|%d|%llu|%p|%p|%p|%p", kind, (int)period,
             (unsigned long long)fd_grouping__id(q->grouping),
             own_kind ? (const void *)q->population : NULL, (const void *)q->where,
             (const void *)further, (const void *)also);
    for (size_t i = e->selections.count; i > 0; i--)
        if (strcmp(e->selections.items[i - 1]->key, key) == 0) {
            *out = e->selections.items[i - 1];
            return 0;
        }
    arena = fd_arena_new();
    s = fd_alloc(sizeof *s);
    s->key = fd_strdup(key);
    if ((err = fd_eval__frame(e, kind, &s->frame)) < 0)
        goto done;
    c = (fd_row_context){ e, arena, kind, s->frame, period, FD_CURRENT, false };
    if ((err = build(s, e, kind, q, &c, own_kind, further, also, &applies)) < 0 || !applies)
        goto done;
    fd_vec_push(&e->selections, s);
    *out = s;
    s = NULL;
done:
    fd_eval__selection_free(s);
    fd_arena_free(arena);
    return err < 0 ? err : 0;
}

int fd_eval__due(fd_eval *e, const char *kind, fd_eval_selection *s, fd_date date, const char *form,
                 const struct fd_eval_due **out)
{
    const fd_eval_column *expects;
    struct fd_eval_due *due;
    char attribute[64];
    int err;

    for (size_t i = 0; i < s->due_count; i++)
        if (strcmp(s->due[i].form, form) == 0) {
            *out = &s->due[i];
            return 0;
        }
    *out = NULL;
    if (s->due_count == FD_EXPECT_FORMS)
        return 0;
    snprintf(attribute, sizeof attribute, "expects:%s", form);
    if ((err = fd_eval__attribute(e, kind, attribute, date, &expects)) < 0)
        return err;
    due = &s->due[s->due_count++];
    snprintf(due->form, sizeof due->form, "%s", form);
    *out = due;
    due->known = expects->any;
    if (!due->known)
        return 0;
    due->rows = fd_alloc((FD_BITS_WORDS(s->frame->n) + 1) * sizeof *due->rows);
    due->count = fd_alloc((s->groups + 1) * sizeof *due->count);
    for (size_t i = 0; i < s->frame->n; i++) {
        const char *text = fd_column_text(expects->column, i);
        size_t group = s->everything ? 0
                       : s->group    ? s->group[i]
                                     : (fd_bits_get(s->in, i) ? 0 : s->groups);

        if (fd_text_truth(text) != FD_TRUE)
            continue;
        fd_bits_set(due->rows, i);
        due->count[group]++;
    }
    for (size_t i = 0; i < s->extra_count; i++)
        if (fd_bits_get(due->rows, s->extra[i].row))
            due->count[s->extra[i].group]++;
    return 0;
}
