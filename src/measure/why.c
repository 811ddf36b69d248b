/*
 * Why a number is what it is: from the indicator down to the cell of the source file.
 *
 * The walk follows the formula.  An operator shows its operands; an aggregate breaks down by a
 * dimension, each part by its largest subjects, each subject by the items of the argument, each
 * item by the cell it was read from.  What the asker may not see ends with one line that says so.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/arith.h"
#include "measure/why.h"

static bool deeper(const fd_why_walker *w, const fd_why_scope *s)
{
    return s->level < w->depth;
}

static fd_why_scope below(const fd_why_scope *s)
{
    fd_why_scope inner = *s;

    inner.level++;
    return inner;
}

/* ---- values ---- */

/* Units of sums as people write them: a quotient's own unit has no name. */
static const fd_unit *unit_of(const fd_expr *e)
{
    return e->type.unit;
}

static int cell_of(fd_eval_cell *out, fd_why_walker *w, const fd_why_scope *s, const fd_expr *e,
                   const fd_indicator *i, const fd_unit *unit)
{
    const char *by = w->o->place_kind;
    fd_eval_query q = s->q;
    fd_grouping *grouping = NULL;
    fd_eval_result r = { 0 };
    int err;

    *out = (fd_eval_cell){ .value = fd_number_na() };
    q.unit = unit;
    if (s->group && (err = fd_grouping_new(&grouping, w->eval, &by, 1)) < 0)
        return err;
    q.grouping = grouping;
    err = i ? fd_eval_indicator(&r, w->eval, i, &q) : fd_eval_expr(&r, w->eval, e, &q);
    if (err < 0)
        goto done;
    if (!s->group && r.count)
        *out = r.cells[0];
    for (size_t g = 0; s->group && g < r.count; g++)
        if (strcmp(fd_grouping_code(grouping, g, 0), s->group) == 0)
            *out = r.cells[g];
done:
    fd_eval_result_dispose(&r);
    fd_grouping_free(grouping);
    return err < 0 ? err : 0;
}

/* ---- aggregates ---- */

static const char *breakdown(const fd_why_walker *w)
{
    return w->o->by ? w->o->by : "county";
}

/* A figure from returns the asker may not see, of so few that it would tell one of them. */
static bool tells(fd_why_walker *w, const fd_why_scope *s, const fd_expr *e, const fd_eval_cell *c)
{
    if (!w->o->visible || !w->o->shown || !fd_number_has(c->value) || c->n == 0 ||
        !fd_measure__unseen(e, w->source, s->q.period, w->o))
        return false;
    return !w->o->shown(w->o->payload, c->n, fabs(fd_number_to_double(c->value)), c->top1, c->top2);
}

static void put_secret(fd_why_walker *w, size_t row)
{
    fd_why__put_text(w, row, FD_WHY_STATE, "保密");
    fd_why__put_text(w, row, FD_WHY_NOTE, "少于 3 户或一两户占绝大部分,不显示(统计法)");
}

/* Of two groups, the one that goes with a hidden one: the fewer, then the smaller code, as a table
 * of the same groups hides it. */
static bool goes_first(const fd_eval_result *r, const fd_grouping *grouping, size_t a, size_t b)
{
    return r->cells[a].n != r->cells[b].n
               ? r->cells[a].n < r->cells[b].n
               : strcmp(fd_grouping_code(grouping, a, 0), fd_grouping_code(grouping, b, 0)) < 0;
}

/* Which groups may not be told; when it is one, the one of fewest others goes too. The caller
 * frees.
 */
static bool *secrets(fd_why_walker *w, const fd_why_scope *s, const fd_expr *e,
                     const fd_eval_result *r, const fd_grouping *grouping)
{
    bool *secret = fd_alloc((r->count + 1) * sizeof *secret);
    size_t count = 0, second = r->count;

    for (size_t g = 0; g < r->count; g++)
        count += secret[g] = tells(w, s, e, &r->cells[g]);
    for (size_t g = 0; count == 1 && g < r->count; g++)
        if (!secret[g] && fd_number_has(r->cells[g].value) && r->cells[g].n > 0 &&
            (second == r->count || goes_first(r, grouping, g, second)))
            second = g;
    if (second < r->count)
        secret[second] = true;
    return secret;
}

/* Parts of an aggregate by a dimension; sums and counts go on to subjects. */
static int add_groups(fd_why_walker *w, int parent, const fd_why_scope *s, const fd_expr *e,
                      fd_number whole, const fd_unit *unit)
{
    const char *by = breakdown(w), *kind = fd_expr_frame(e->child_count ? e->children[0] : NULL);
    bool additive = e->function == FD_FN_SUM || e->function == FD_FN_COUNT;
    fd_grouping *grouping = NULL;
    fd_eval_result r = { 0 };
    fd_eval_query q = s->q;
    fd_number rest = whole;
    size_t *order = NULL, parts = 0;
    bool *secret = NULL;
    int err;

    if (!kind)
        kind = s->q.kind ? s->q.kind : "enterprise";
    if ((err = fd_grouping_new(&grouping, w->eval, &by, 1)) < 0)
        return err;
    q.unit = unit;
    q.grouping = grouping;
    if ((err = fd_eval_expr(&r, w->eval, e, &q)) < 0)
        goto done;
    order = fd_grouping_order(grouping);
    secret = secrets(w, s, e, &r, grouping);
    for (size_t k = 0; k < r.count; k++) {
        const fd_eval_cell *c = &r.cells[order[k]];
        const char *code = fd_grouping_code(grouping, order[k], 0);
        const char *name = fd_grouping_name(grouping, order[k], 0, FD_ZH);
        fd_why_scope inner = below(s);
        size_t node;
        int id;

        if (c->members == 0 &&
            (c->value.state == FD_NA ||
             (fd_number_has(c->value) && fd_number_compare(c->value, fd_number_int(0)) == 0)))
            continue;
        if (w->o->place_code && strcmp(by, w->o->place_kind) == 0 &&
            strcmp(code, w->o->place_code) != 0)
            continue; /* one county was asked for; the others are zero by that */
        parts++;
        node = fd_why__add_node(w, parent, "group", name ? name : code,
                                fd_grouping_name(grouping, order[k], 0, FD_EN));
        id = w->next;
        fd_why__put_text(w, node, FD_WHY_SUBJECT, code);
        rest = fd_number_apply(rest, '-', c->value.state == FD_NA ? fd_number_int(0) : c->value);
        if (secret[order[k]]) {
            put_secret(w, node);
            continue;
        }
        fd_why__put_value(w, node, c->value, fd_why__unit_name(unit));
        if (fd_measure__lacking(c)) {
            char note[64];

            snprintf(note, sizeof note, "缺 %u 户", fd_measure__lacking(c));
            fd_why__put_text(w, node, FD_WHY_NOTE, note);
        }
        if (additive && deeper(w, &inner)) {
            const fd_expr *condition =
                fd_why__group_condition(w, kind, fd_grouping_dim(grouping, 0), code);

            if (condition)
                err = e->function == FD_FN_COUNT
                          ? fd_why__add_members(w, id, &inner, e, condition)
                          : fd_why__add_subjects(w, id, &inner, e->children[0],
                                                 fd_why__both(w, e->where, condition), unit);
            if (err < 0)
                goto done;
        }
    }
    if (additive && parts && fd_number_has(rest) &&
        fd_number_compare(rest, fd_number_int(0)) != 0) {
        size_t node = fd_why__add_node(w, parent, "residual", "残差", "residual");

        fd_why__put_value(w, node, rest, fd_why__unit_name(unit));
        fd_why__put_text(w, node, FD_WHY_NOTE, "各部分之和与合计之差");
    }
done:
    free(order);
    free(secret);
    fd_eval_result_dispose(&r);
    fd_grouping_free(grouping);
    return err < 0 ? err : 0;
}

static int expand(fd_why_walker *w, int parent, const fd_why_scope *s, const fd_expr *e,
                  const char *prefix);

/* 合计(argument) under a condition, as an expression of its own. */
static const fd_expr *sum_of(fd_why_walker *w, const fd_expr *call, const fd_expr *argument,
                             const fd_expr *where)
{
    fd_expr *e;

    if (!fd_expr_is_row(argument))
        return argument;
    e = fd_why__make(w, FD_EXPR_CALL, 1);
    e->function = FD_FN_SUM;
    e->reported_only = call->reported_only;
    e->children[0] = (fd_expr *)(uintptr_t)argument;
    e->where = (fd_expr *)(uintptr_t)where;
    e->type = argument->type;
    e->type.is_vector = false;
    return e;
}

/* Growth, share, contribution and pull rest on sums: now and before, part and whole. */
static int add_levels(fd_why_walker *w, int parent, const fd_why_scope *s, const fd_expr *e)
{
    bool growing = e->function != FD_FN_SHARE;
    bool has_whole = e->function != FD_FN_GROWTH && e->function != FD_FN_MEAN_GROWTH;
    const fd_expr *part = sum_of(w, e, e->children[0], e->where);
    const fd_expr *whole = e->child_count > 1 ? sum_of(w, e, e->children[1], NULL)
                                              : sum_of(w, e, e->children[0], NULL);
    fd_why_scope inner = below(s), before;
    int err;

    before = inner;
    before.q.basis = FD_COMPARATIVE;
    if (growing && e->from_year) {
        before.q.basis = FD_CURRENT;
        before.q.period = fd_period_years_before(inner.q.period,
                                                 fd_period_year_of(inner.q.period) - e->from_year);
    } else if (growing) {
        /* the same rule as the evaluator: comparative figures, else the stored year before */
        fd_eval_cell c;

        if ((err = cell_of(&c, w, &before, part, NULL, unit_of(part))) < 0)
            return err;
        if (!fd_number_has(c.value)) {
            before.q.basis = FD_CURRENT;
            before.q.period = fd_period_years_before(inner.q.period, 1);
        }
    }
    if ((err = expand(w, parent, &inner, part, growing ? "本期 " : "部分 ")) < 0 ||
        (growing && (err = expand(w, parent, &before, part, "基期 ")) < 0) ||
        (has_whole &&
         (err = expand(w, parent, &inner, whole, growing ? "全体本期 " : "全体 ")) < 0) ||
        (has_whole && growing && (err = expand(w, parent, &before, whole, "全体基期 ")) < 0))
        return err;
    return 0;
}

/* ---- the walk ---- */

static int own_cell(fd_why_walker *w, int parent, const fd_why_scope *s, const fd_expr *name)
{
    const fd_item *item = name->target;
    fd_why_facts f = { .w = w, .s = s };
    fd_origin refused;
    const fd_frame *frame;
    int err = w->source->ops->frame(w->source, item->kind, &frame);

    if (err >= 0)
        err = fd_why__collect(&f, name, NULL);
    for (size_t row = 0; err >= 0 && row < frame->n && f.list.count; row++) {
        bool own = s->group ? strcmp(frame->codes[row], s->group) == 0 : frame->n == 1;

        if (!own)
            continue;
        if (fd_why__may_see(w, &f, item->kind, frame, row, &refused))
            err = fd_why__add_cell(w, parent, &f.list.items[0], frame, row);
        else
            fd_why__add_hidden(w, parent, &refused);
    }
    fd_vec_dispose(&f.list);
    return err < 0 ? err : 0;
}

static int expand_indicator(fd_why_walker *w, int parent, const fd_why_scope *s,
                            const fd_indicator *i);

static int expand_children(fd_why_walker *w, int id, const fd_why_scope *s, const fd_expr *e,
                           fd_number value, const fd_unit *unit)
{
    fd_why_scope inner = below(s);
    int err = 0;

    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_INDICATOR)
        return expand_indicator(w, id, &inner, e->target);
    if (e->kind == FD_EXPR_NAME)
        return e->symbol == FD_SYM_ITEM ? own_cell(w, id, &inner, e) : 0;
    if (e->kind == FD_EXPR_AT) {
        fd_why_scope shifted = *s;

        switch (e->at) {
        case FD_AT_COMPARATIVE:
            shifted.q.basis = FD_COMPARATIVE;
            break;
        case FD_AT_VERIFIED:
            shifted.q.basis = FD_VERIFIED;
            break;
        case FD_AT_YEAR_BEFORE:
        case FD_AT_YEAR_BEFORE_STORED:
            shifted.q.period = fd_period_years_before(s->q.period, 1);
            break;
        case FD_AT_STEP:
            shifted.q.period = fd_period_step(s->q.period, e->step);
            break;
        case FD_AT_PERIOD:
            shifted.q.period = e->period;
            break;
        case FD_AT_NONE:
            break;
        }
        return expand_children(w, id, &shifted, e->children[0], value, unit);
    }
    if (e->kind == FD_EXPR_CALL) {
        switch (e->function) {
        case FD_FN_GROWTH:
        case FD_FN_MEAN_GROWTH:
        case FD_FN_SHARE:
        case FD_FN_CONTRIBUTION:
        case FD_FN_PULL:
            return add_levels(w, id, s, e);
        case FD_FN_SUM:
        case FD_FN_MEAN:
        case FD_FN_COUNT:
        case FD_FN_DISTINCT:
        case FD_FN_COVERAGE:
            return add_groups(w, id, &inner, e, value, unit);
        case FD_FN_MAX:
        case FD_FN_MIN:
            if (e->child_count == 1)
                return add_groups(w, id, &inner, e, value, unit);
            break;
        default:
            break;
        }
    }
    for (size_t i = 0; i < e->child_count && err >= 0; i++) {
        const fd_expr *child = e->children[i];

        if (child->type.is_truth || child->type.is_text ||
            (e->kind == FD_EXPR_CALL && i > 0 && child->kind == FD_EXPR_NUMBER))
            continue; /* conditions and counts of digits are in the label */
        err = expand(w, id, &inner, child, "");
    }
    return err < 0 ? err : 0;
}

static int expand(fd_why_walker *w, int parent, const fd_why_scope *s, const fd_expr *e,
                  const char *prefix)
{
    const fd_unit *unit = unit_of(e);
    const char *kind = e->kind == FD_EXPR_NUMBER                                  ? "number"
                       : e->kind == FD_EXPR_CALL                                  ? "sum"
                       : e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_ITEM      ? "item"
                       : e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_INDICATOR ? "indicator"
                                                                                  : "operator";
    char *zh = NULL, *en = NULL, *label = NULL;
    fd_eval_cell c;
    size_t node;
    int err, id;

    if (s->level > w->depth)
        return 0;
    if ((err = fd_expr_print(&zh, e, FD_ZH)) < 0 || (err = fd_expr_print(&en, e, FD_EN)) < 0 ||
        (err = cell_of(&c, w, s, e, NULL, unit)) < 0)
        goto done;
    label = fd_arena_printf(w->arena, "%s%s", prefix, zh);
    node = fd_why__add_node(w, parent, kind, label, en);
    id = w->next;
    if (e->kind != FD_EXPR_NUMBER && tells(w, s, e, &c)) {
        put_secret(w, node);
        goto done;
    }
    fd_why__put_value(w, node, c.value, fd_why__unit_name(unit));
    if (fd_measure__lacking(&c)) {
        char note[96];

        snprintf(note, sizeof note, "应报 %u,已报 %u", c.expected, c.reported);
        fd_why__put_text(w, node, FD_WHY_NOTE, note);
    }
    if (deeper(w, s))
        err = expand_children(w, id, s, e, c.value, unit);
done:
    free(zh);
    free(en);
    return err < 0 ? err : 0;
}

static int expand_indicator(fd_why_walker *w, int parent, const fd_why_scope *s,
                            const fd_indicator *i)
{
    const fd_expr *body = i->total ? i->total : i->formula;
    fd_why_scope inner = *s;
    int err;

    if (w->nested >= 16 || !body || s->level > w->depth)
        return 0;
    inner.indicator = i;
    inner.q.population = i->population;
    inner.q.kind = i->kind;
    inner.q.reported_only = i->missing == FD_RULE_SKIP_REPORTED;
    /* A formula per subject without its own total is summed. */
    if (!i->total && fd_expr_is_row(body) && !s->group)
        body = sum_of(w, body, body, NULL);
    w->nested++;
    err = expand(w, parent, &inner, body, "");
    w->nested--;
    return err;
}

static int restrict_place(fd_why_walker *w, fd_why_scope *s, const fd_indicator *i)
{
    const char *kind = i->kind;
    bool rows = strcmp(kind, "enterprise") == 0 || strcmp(kind, "project") == 0;

    s->q.where = w->o->where;
    if (w->o->place_code) {
        if (!w->o->place_kind)
            return fd_error_set(FD_EINVAL, "限定地方要写明是哪一类", "a place needs its kind");
        if (rows)
            s->q.where =
                fd_why__both(w, s->q.where,
                             fd_why__group_condition(w, kind, w->o->place_kind, w->o->place_code));
        else
            s->group = w->o->place_code;
    }
    if (w->o->chain_code && rows)
        s->q.where = fd_why__both(w, s->q.where,
                                  fd_why__group_condition(w, kind, "chain", w->o->chain_code));
    return 0;
}

int fd_measure_why(fd_table **out, const fd_program *program, fd_source *source,
                   const fd_indicator *indicator, fd_period period, const fd_why_options *options)
{
    static const fd_why_options defaults = FD_WHY_OPTIONS_INIT;
    fd_why_walker w = { .program = program, .source = source, .o = options ? options : &defaults };
    fd_why_scope s = { .indicator = indicator };
    char zh[192], title[48], marks[64] = "";
    fd_eval_cell c;
    size_t node;
    int err;

    *out = NULL;
    w.arena = fd_arena_new();
    w.depth = w.o->depth > 0 ? w.o->depth : 1000;
    w.largest = w.o->largest > 0 ? w.o->largest : 5;
    w.digits = indicator->digits >= 0 ? indicator->digits : 2;
    s.q.period = period;
    s.q.kind = indicator->kind;
    if ((err = fd_eval_new(&w.eval, program, source, NULL)) < 0 ||
        (err = restrict_place(&w, &s, indicator)) < 0 ||
        (err = cell_of(&c, &w, &s, NULL, indicator, indicator->unit)) < 0)
        goto done;
    (void)fd_period_title(period, FD_ZH, title, sizeof title);
    snprintf(zh, sizeof zh, "%s %s", indicator->name, title);
    w.t = fd_table_new("why", zh, indicator->id);
    fd_why__add_columns(w.t);
    node = fd_why__add_node(&w, 0, "indicator", zh, indicator->id);
    if (tells(&w, &s, indicator->total ? indicator->total : indicator->formula, &c))
        put_secret(&w, node);
    else
        fd_why__put_value(&w, node, c.value, fd_why__unit_name(indicator->unit));
    fd_why__put_text(&w, node, FD_WHY_NOTE, indicator->verified ? "核定" : "测算,内部参考");
    s.level = 1;
    if ((err = expand_indicator(&w, 1, &s, indicator)) < 0)
        goto done;
    fd_measure__marks(marks, sizeof marks, source, indicator, period);
    if (marks[0]) {
        char note_zh[128], note_en[128];

        snprintf(note_zh, sizeof note_zh, "数据标记:%s", marks);
        snprintf(note_en, sizeof note_en, "marks of the data: %s", marks);
        fd_table_add_note(w.t, note_zh, note_en);
    }
    *out = w.t;
    w.t = NULL;
done:
    fd_table_free(w.t);
    fd_eval_free(w.eval);
    fd_arena_free(w.arena);
    return err < 0 ? err : 0;
}
