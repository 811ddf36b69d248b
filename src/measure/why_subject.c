/*
 * The end of the walk: who is behind a sum or a count, and the cell each figure was read from.
 *
 * Nobody is listed when one of those shown, or a condition that chose them, comes from a return
 * that the asker may not see: a list with holes would tell who is in it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/arith.h"
#include "measure/why.h"

int fd_why__collect(void *payload, const fd_expr *name, const fd_expr *at)
{
    fd_why_facts *f = payload;
    const fd_item *item = name->target;
    fd_why_fact x = { item, name, NULL, f->s->q.period, f->s->q.basis };

    if (name->symbol == FD_SYM_INDICATOR && f->nested < 32) {
        int err;

        f->nested++;
        err = fd_expr_each_name(((const fd_indicator *)name->target)->formula, fd_why__collect, f);
        f->nested--;
        return err;
    }
    if (name->symbol != FD_SYM_ITEM || item->nature == FD_ATTRIBUTE)
        return 0;
    x.id =
        name->variant ? fd_arena_printf(f->w->arena, "%s:%s", item->id, name->variant) : item->id;
    if (at && at->at == FD_AT_COMPARATIVE)
        x.basis = FD_COMPARATIVE;
    else if (at && at->at == FD_AT_VERIFIED)
        x.basis = FD_VERIFIED;
    else if (at && (at->at == FD_AT_YEAR_BEFORE || at->at == FD_AT_YEAR_BEFORE_STORED))
        x.period = fd_period_years_before(x.period, 1);
    else if (at && at->at == FD_AT_STEP)
        x.period = fd_period_step(x.period, at->step);
    else if (at && at->at == FD_AT_PERIOD)
        x.period = at->period;
    for (size_t i = 0; i < f->list.count; i++)
        if (f->list.items[i].item == x.item && f->list.items[i].period == x.period &&
            f->list.items[i].basis == x.basis && strcmp(f->list.items[i].id, x.id) == 0)
            return 0;
    fd_vec_push(&f->list, x);
    return 0;
}

/* The unit that stands in brackets in a header as received: 本月电量(千瓦时). NULL when none does.
 */
static const fd_unit *unit_in_header(const fd_program *program, const char *header)
{
    static const char *const opens[] = { "(", "(" }, *const closes[] = { ")", ")" };

    for (size_t i = 0; i < 2; i++)
        for (const char *p = strstr(header, opens[i]); p; p = strstr(p, opens[i])) {
            const char *end = strstr(p += strlen(opens[i]), closes[i]);
            char name[64];
            const fd_unit *unit;

            if (!end || (size_t)(end - p) >= sizeof name)
                continue;
            snprintf(name, sizeof name, "%.*s", (int)(end - p), p);
            if ((unit = fd_program_unit(program, name)))
                return unit;
        }
    return NULL;
}

/* Reason of a correction, else the marks; then what the sender wrote, with the unit of his column
 * when that is another one. */
static void put_cell_note(fd_why_walker *w, size_t node, fd_number v, const fd_unit *unit,
                          const fd_origin *origin)
{
    const fd_unit *sent =
        origin->column && unit ? unit_in_header(w->program, origin->column) : NULL;
    const char *first = origin->corrected && origin->reason ? origin->reason : origin->marks;
    const char *between = first && first[0] ? ";" : "";
    char text[80];
    fd_quot factor = { 1, 1 };

    first = first ? first : "";
    if (sent &&
        (sent == unit || fd_unit_factor(&factor, unit, sent) < 0 || factor.num == factor.den))
        sent = NULL;
    fd_error_clear();
    if (origin->written) {
        first = fd_arena_printf(w->arena, "%s%s来表「%s」", first, between, origin->written);
    } else if (sent && !origin->corrected && fd_number_has(v) && !v.is_estimate) {
        v = fd_number_apply(v, '*', fd_number_exact(factor));
        for (int digits = 0; digits <= 6; digits++)
            if (fd_pow10(digits) % v.exact.den == 0 || digits == 6) {
                (void)fd_number_text(v, digits, FD_ZH, text, sizeof text);
                break;
            }
        first = fd_arena_printf(w->arena, "%s%s来表 %s ", first, between, text);
    } else {
        sent = NULL;
    }
    if (sent)
        first = fd_arena_printf(w->arena, "%s%s,折成 %s", first, sent->name, unit->name);
    fd_why__put_text(w, node, FD_WHY_NOTE, first);
}

int fd_why__add_cell(fd_why_walker *w, int parent, const fd_why_fact *x, const fd_frame *frame,
                     size_t row)
{
    fd_column *c = NULL;
    fd_origin origin = { 0 };
    fd_basis basis = x->basis;
    char zh[192], period[48];
    size_t node;
    int err = w->source->ops->column(w->source, x->item->kind, x->id, x->period, basis, &c);

    if (err < 0)
        return err;
    if (fd_column_state(c, row) == FD_MISSING && basis == FD_CURRENT &&
        strcmp(x->item->kind, "enterprise") != 0) {
        fd_column_unref(c);
        basis = FD_VERIFIED;
        if ((err = w->source->ops->column(w->source, x->item->kind, x->id, x->period, basis, &c)) <
            0)
            return err;
    }
    (void)fd_period_title(x->period, FD_ZH, period, sizeof period);
    snprintf(zh, sizeof zh, "%s %s%s", x->item->name, period,
             basis == FD_COMPARATIVE ? " 上年同期"
             : basis == FD_VERIFIED  ? " 核定"
                                     : "");
    node = fd_why__add_node(w, parent, "cell", zh, x->item->id);
    fd_why__put_value(w, node, fd_column_number(c, row), fd_why__unit_name(x->item->unit));
    if (w->source->ops->origin(w->source, x->item->kind, x->id, x->period, basis, frame->ids[row],
                               &origin) < 0) {
        fd_error_clear(); /* a cell that was never stored has no place */
    } else {
        fd_why__put_text(w, node, FD_WHY_FILE, origin.file);
        fd_why__put_text(w, node, FD_WHY_SHEET, origin.sheet);
        fd_why__put_text(w, node, FD_WHY_COLUMN, origin.column);
        if (origin.row > 0)
            fd_column_set_dec(w->t->columns[FD_WHY_ROW], node, origin.row);
        put_cell_note(w, node, fd_column_number(c, row), x->item->unit, &origin);
    }
    fd_why__put_text(w, node, FD_WHY_SUBJECT, frame->codes[row]);
    fd_column_unref(c);
    return 0;
}

/* ---- what may be seen ---- */

bool fd_why__may_see(fd_why_walker *w, const fd_why_facts *f, const char *kind,
                     const fd_frame *frame, size_t row, fd_origin *refused)
{
    if (!w->o->visible)
        return true;
    for (size_t i = 0; i < f->list.count; i++) {
        const fd_why_fact *x = &f->list.items[i];
        fd_origin origin;

        if (strcmp(x->item->kind, kind) != 0)
            continue;
        if (w->source->ops->origin(w->source, kind, x->id, x->period, x->basis, frame->ids[row],
                                   &origin) < 0) {
            fd_error_clear();
            continue;
        }
        if (!w->o->visible(w->o->payload, &origin, x->item->id)) {
            *refused = origin;
            return false;
        }
    }
    return true;
}

void fd_why__add_hidden(fd_why_walker *w, int parent, const fd_origin *refused)
{
    size_t node = fd_why__add_node(w, parent, "hidden", "原始资料:本角色不可见(统计法)",
                                   "original returns: not visible to this role (Statistics Law)");

    fd_why__put_text(w, node, FD_WHY_NOTE, refused->basis_of_law);
}

/* Facts that decide who is counted, and those that are added up. */
static int collect_all(fd_why_facts *f, const fd_why_scope *s, const fd_expr *row,
                       const fd_expr *condition)
{
    const fd_expr *const all[] = { row, condition, s->q.where, s->q.population };
    int err = 0;

    for (size_t i = 0; i < sizeof all / sizeof *all && err >= 0; i++)
        if (all[i])
            err = fd_expr_each_name(all[i], fd_why__collect, f);
    return err;
}

/* ---- who is behind a number ---- */

typedef struct contributor {
    size_t row;
    fd_number value;
    double size, weight;
} contributor;

typedef struct contributors {
    const char *kind;
    const fd_frame *frame;
    fd_vec(contributor) list; /* the largest first */
} contributors;

static int by_size(const void *a, const void *b)
{
    const contributor *x = a, *y = b;

    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* Everybody for whom the conditions hold and the row expression has a value; without one (`row`
 * NULL) everybody, of equal size. */
static int find_contributors(contributors *out, fd_why_walker *w, const fd_why_scope *s,
                             const char *kind, const fd_expr *row, const fd_expr *condition,
                             const fd_unit *unit)
{
    fd_eval_query q = s->q;
    fd_number *values = NULL;
    double *inside = NULL;
    int err;

    *out = (contributors){ .kind = kind };
    q.kind = kind;
    q.where = fd_why__both(w, s->q.where, condition);
    q.unit = unit;
    if ((err = w->source->ops->frame(w->source, kind, &out->frame)) < 0)
        return err;
    values = fd_alloc((out->frame->n + 1) * sizeof *values);
    inside = fd_alloc((out->frame->n + 1) * sizeof *inside);
    if (!row) {
        fd_expr *one = fd_why__make(w, FD_EXPR_NUMBER, 0);

        one->number = (fd_decimal){ 1, 0 };
        row = one;
        q.unit = NULL;
    }
    if ((err = fd_eval_rows(values, inside, w->eval, row, &q)) < 0)
        goto done;
    for (size_t i = 0; i < out->frame->n; i++)
        if (inside[i] > 0 && fd_number_has(values[i]))
            fd_vec_push(&out->list,
                        ((contributor){ i, values[i],
                                        fabs(fd_number_to_double(values[i])) * inside[i],
                                        inside[i] }));
    if (out->list.count > 1)
        qsort(out->list.items, out->list.count, sizeof *out->list.items, by_size);
done:
    free(values);
    free(inside);
    return err < 0 ? err : 0;
}

static size_t shown_of(const fd_why_walker *w, const contributors *c)
{
    return c->list.count < (size_t)w->largest ? c->list.count : (size_t)w->largest;
}

/* Is one of the first `shown` refused? */
static bool any_refused(fd_why_walker *w, const fd_why_facts *f, const contributors *c,
                        size_t shown, fd_origin *refused)
{
    for (size_t i = 0; i < shown; i++)
        if (!fd_why__may_see(w, f, c->kind, c->frame, c->list.items[i].row, refused))
            return true;
    return false;
}

/* One subject with its code, and below it the cells of the facts. */
static int add_subject(fd_why_walker *w, int parent, const fd_why_scope *s, const contributors *all,
                       const contributor *c, const fd_why_facts *cells, const char *unit,
                       bool with_value)
{
    const char *name = all->frame->names ? all->frame->names[c->row] : NULL;
    size_t node =
        fd_why__add_node(w, parent, "subject", name ? name : all->frame->codes[c->row], NULL);
    int id = w->next, err = 0;

    if (with_value)
        fd_why__put_value(w, node, c->value, unit);
    fd_why__put_text(w, node, FD_WHY_SUBJECT, all->frame->codes[c->row]);
    if (c->weight < 1) {
        char note[64];

        snprintf(note, sizeof note, "按 %.6g%% 计入", c->weight * 100);
        fd_why__put_text(w, node, FD_WHY_NOTE, note);
    }
    if (s->level + 1 >= w->depth)
        return 0;
    for (size_t k = 0; k < cells->list.count && err >= 0; k++)
        if (strcmp(cells->list.items[k].item->kind, all->kind) == 0)
            err = fd_why__add_cell(w, id, &cells->list.items[k], all->frame, c->row);
    return err;
}

static size_t add_others(fd_why_walker *w, int parent, size_t count)
{
    char zh[64], en[64];

    snprintf(zh, sizeof zh, "其余 %zu 家", count);
    snprintf(en, sizeof en, "%zu others", count);
    return fd_why__add_node(w, parent, "more", zh, en);
}

int fd_why__add_subjects(fd_why_walker *w, int parent, const fd_why_scope *s, const fd_expr *row,
                         const fd_expr *condition, const fd_unit *unit)
{
    const char *kind = fd_expr_frame(row);
    fd_why_facts cells = { .w = w, .s = s }, all = { .w = w, .s = s };
    fd_number rest = fd_number_int(0);
    contributors c = { 0 };
    fd_origin refused;
    bool whole = true;
    size_t shown;
    int err;

    if (!kind)
        return 0;
    if ((err = fd_expr_each_name(row, fd_why__collect, &cells)) < 0 ||
        (err = collect_all(&all, s, row, condition)) < 0 ||
        (err = find_contributors(&c, w, s, kind, row, condition, unit)) < 0)
        goto done;
    shown = shown_of(w, &c);
    if (any_refused(w, &all, &c, shown, &refused)) {
        fd_why__add_hidden(w, parent, &refused);
        goto done;
    }
    for (size_t i = 0; i < shown && err >= 0; i++)
        err =
            add_subject(w, parent, s, &c, &c.list.items[i], &cells, fd_why__unit_name(unit), true);
    if (err >= 0 && c.list.count > shown) {
        size_t node = add_others(w, parent, c.list.count - shown);

        for (size_t i = shown; i < c.list.count; i++) {
            rest = fd_number_apply(rest, '+', c.list.items[i].value);
            whole = whole && c.list.items[i].weight == 1;
        }
        if (whole)
            fd_why__put_value(w, node, rest, fd_why__unit_name(unit));
    }
done:
    fd_vec_dispose(&c.list);
    fd_vec_dispose(&cells.list);
    fd_vec_dispose(&all.list);
    return err < 0 ? err : 0;
}

/* What a count counts: those for whom its argument holds, or has a value. */
static const fd_expr *counted(fd_why_walker *w, const fd_expr *count, const fd_expr *condition)
{
    const fd_expr *argument = count->child_count ? count->children[0] : NULL;

    condition = fd_why__both(w, count->where, condition);
    return argument && argument->type.is_truth ? fd_why__both(w, condition, argument) : condition;
}

int fd_why__add_members(fd_why_walker *w, int parent, const fd_why_scope *s, const fd_expr *count,
                        const fd_expr *condition)
{
    const fd_expr *argument = count->child_count ? count->children[0] : NULL;
    const fd_expr *who = counted(w, count, condition), *measure = NULL;
    const char *kind = argument ? fd_expr_frame(argument) : NULL;
    fd_why_facts cells = { .w = w, .s = s }, all = { .w = w, .s = s };
    contributors c = { 0 };
    fd_origin refused;
    size_t shown;
    int err = 0;

    if (!kind)
        kind = s->q.kind ? s->q.kind : "enterprise";
    if ((argument && (err = fd_expr_each_name(argument, fd_why__collect, &cells)) < 0) ||
        (err = collect_all(&all, s, argument, who)) < 0)
        goto done;
    for (size_t i = 0; i < cells.list.count && !measure; i++)
        if (strcmp(cells.list.items[i].item->kind, kind) == 0 &&
            cells.list.items[i].period == s->q.period && cells.list.items[i].basis == s->q.basis)
            measure = cells.list.items[i].name;
    if (argument && !argument->type.is_truth)
        measure = argument;
    if ((err = find_contributors(&c, w, s, kind, measure, who,
                                 measure ? measure->type.unit : NULL)) < 0)
        goto done;
    shown = shown_of(w, &c);
    if (any_refused(w, &all, &c, shown, &refused)) {
        fd_why__add_hidden(w, parent, &refused);
        goto done;
    }
    for (size_t i = 0; i < shown && err >= 0; i++)
        err = add_subject(w, parent, s, &c, &c.list.items[i], &cells,
                          fd_why__unit_name(measure ? measure->type.unit : NULL), measure != NULL);
    if (err >= 0 && c.list.count > shown)
        (void)add_others(w, parent, c.list.count - shown);
done:
    fd_vec_dispose(&c.list);
    fd_vec_dispose(&cells.list);
    fd_vec_dispose(&all.list);
    return err < 0 ? err : 0;
}
