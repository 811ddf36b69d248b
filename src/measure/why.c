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

#include "base/vec.h"
#include "ding/eval/eval.h"
#include "measure/arith.h"
#include "measure/internal.h"

typedef struct walker {
    const fd_program *program;
    fd_source *source;
    const fd_why_options *o;
    fd_eval *eval;
    fd_arena *arena;
    fd_table *t;
    int next;  /* id of the next node */
    int depth; /* of nodes allowed; INT_MAX = all */
    int largest;
    int digits;
    int nested; /* indicators inside indicators */
} walker;

/* What is evaluated for whom at one place of the walk. */
typedef struct scope {
    fd_eval_query q;
    const fd_indicator *indicator;
    const char *group; /* code of the group looked at (indicators of places), or NULL */
    int level;
} scope;

enum {
    ID,
    PARENT,
    ORDER,
    LABEL,
    LABEL_EN,
    VALUE,
    UNIT,
    STATE,
    KIND,
    NOTE,
    FILE_,
    SHEET,
    COLUMN,
    ROW,
    SUBJECT
};

static void add_columns(fd_table *t)
{
    static const struct {
        const char *id, *zh, *en;
        fd_kind kind;
    } columns[] = { { "id", "编号", "Id", FD_TEXT },
                    { "parent", "上级", "Parent", FD_TEXT },
                    { "order", "次序", "Order", FD_DEC },
                    { "label", "名称", "Label", FD_TEXT },
                    { "label_en", "Label", "Label (en)", FD_TEXT },
                    { "value", "值", "Value", FD_TEXT },
                    { "unit", "单位", "Unit", FD_TEXT },
                    { "state", "状态", "State", FD_TEXT },
                    { "kind", "类别", "Kind", FD_TEXT },
                    { "note", "说明", "Note", FD_TEXT },
                    { "file", "文件", "File", FD_TEXT },
                    { "sheet", "工作表", "Sheet", FD_TEXT },
                    { "column", "列", "Column", FD_TEXT },
                    { "row", "行", "Row", FD_DEC },
                    { "subject", "主体", "Subject", FD_TEXT } };

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        (void)fd_table_add_new(t, columns[i].id, columns[i].zh, columns[i].en, columns[i].kind, "",
                               0);
    t->parent_column = PARENT;
    t->order_column = ORDER;
}

static void put_text(walker *w, size_t row, int column, const char *text)
{
    if (text && text[0])
        fd_column_set_text(w->t->columns[column], row, text);
}

/* @return the row; its id is the row's number plus one */
static size_t add_node(walker *w, int parent, const char *kind, const char *label,
                       const char *label_en)
{
    size_t row = fd_table_add_row(w->t);
    char id[16];

    snprintf(id, sizeof id, "%d", ++w->next);
    put_text(w, row, ID, id);
    if (parent > 0) {
        snprintf(id, sizeof id, "%d", parent);
        put_text(w, row, PARENT, id);
    }
    fd_column_set_dec(w->t->columns[ORDER], row, w->next);
    put_text(w, row, LABEL, label);
    put_text(w, row, LABEL_EN, label_en ? label_en : label);
    put_text(w, row, KIND, kind);
    return row;
}

/* Exact decimals of up to four digits print in full, everything else with the indicator's digits
 * and two more. */
static void put_value(walker *w, size_t row, fd_number v, const char *unit)
{
    char buf[80];
    int digits = w->digits + 2;

    if (fd_number_has(v)) {
        if (!v.is_estimate)
            for (int k = 0; k <= 4; k++)
                if (fd_pow10(k) % v.exact.den == 0) {
                    digits = k;
                    break;
                }
        put_text(w, row, VALUE, fd_number_text(v, digits, FD_ZH, buf, sizeof buf));
        put_text(w, row, UNIT, unit);
    }
    put_text(w, row, STATE, fd_state_name(v.state, FD_ZH));
}

static bool deeper(const walker *w, const scope *s)
{
    return s->level < w->depth;
}

static scope below(const scope *s)
{
    scope inner = *s;

    inner.level++;
    return inner;
}

/* ---- trees made here ---- */

static fd_expr *make(walker *w, fd_expr_kind kind, size_t children)
{
    fd_expr *e = fd_arena_alloc(w->arena, sizeof *e);

    e->kind = kind;
    e->convert = (fd_quot){ 1, 1 };
    e->children = fd_arena_alloc(w->arena, (children + 1) * sizeof *e->children);
    e->child_count = children;
    return e;
}

static fd_expr *text_node(walker *w, const char *text)
{
    fd_expr *e = make(w, FD_EXPR_TEXT, 0);

    e->text = fd_arena_strdup(w->arena, text);
    return e;
}

/* The attribute of a kind for a dimension: county, or project_county. */
static fd_expr *attribute_node(walker *w, const char *kind, const char *dim)
{
    const fd_item *known = fd_program_item(w->program, dim);
    fd_expr *e = make(w, FD_EXPR_NAME, 0);
    fd_item *item = fd_arena_alloc(w->arena, sizeof *item);

    item->kind = fd_arena_strdup(w->arena, kind);
    item->nature = FD_ATTRIBUTE;
    item->value_kind = FD_CODE;
    item->id = known && strcmp(known->kind, kind) == 0 ? known->id
               : strcmp(kind, "enterprise") == 0       ? fd_arena_strdup(w->arena, dim)
                                                 : fd_arena_printf(w->arena, "%s_%s", kind, dim);
    item->name = item->id;
    e->text = item->id;
    e->symbol = FD_SYM_ITEM;
    e->target = item;
    e->type.is_text = true;
    return e;
}

static const fd_expr *both(walker *w, const fd_expr *a, const fd_expr *b)
{
    fd_expr *e;

    if (!a || !b)
        return a ? a : b;
    e = make(w, FD_EXPR_AND, 2);
    e->children[0] = (fd_expr *)(uintptr_t)a;
    e->children[1] = (fd_expr *)(uintptr_t)b;
    return e;
}

/* Subjects of one group of a dimension, NULL for groups that no condition describes. */
static const fd_expr *group_condition(walker *w, const char *kind, const char *dim,
                                      const char *code)
{
    const fd_class *class = fd_program_class(w->program, dim);
    fd_expr *e, *right;

    if (code[0] == '\0' || (class && strcmp(code, "in") != 0))
        return NULL;
    if (!class) {
        e = make(w, FD_EXPR_EQ, 2);
        e->children[0] = attribute_node(w, kind, strcmp(dim, kind) == 0 ? "code" : dim);
        e->children[1] = text_node(w, code);
        return e;
    }
    e = make(w, FD_EXPR_IN, 2);
    right = make(w, FD_EXPR_NAME, 0);
    right->text = class->name;
    right->symbol = FD_SYM_CLASS;
    right->target = class;
    e->children[0] = attribute_node(w, kind, class->attribute);
    e->children[1] = right;
    return e;
}

/* ---- values ---- */

static const char *unit_name(const fd_unit *unit)
{
    return unit ? unit->name : "";
}

/* Units of sums as people write them: a quotient's own unit has no name. */
static const fd_unit *unit_of(const fd_expr *e)
{
    return e->type.unit;
}

static int cell_of(fd_eval_cell *out, walker *w, const scope *s, const fd_expr *e,
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

/* ---- cells ---- */

/* Every item of facts in a row expression, with the period and basis it is read at. */
typedef struct fact {
    const fd_item *item;
    const char *id;
    fd_period period;
    fd_basis basis;
} fact;

typedef struct facts {
    walker *w;
    const scope *s;
    fd_vec(fact) list;
    int nested;
} facts;

static int collect(void *payload, const fd_expr *name, const fd_expr *at)
{
    facts *f = payload;
    const fd_item *item = name->target;
    fact x = { item, NULL, f->s->q.period, f->s->q.basis };

    if (name->symbol == FD_SYM_INDICATOR && f->nested < 32) {
        int err;

        f->nested++;
        err = fd_expr_each_name(((const fd_indicator *)name->target)->formula, collect, f);
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

static int add_cell(walker *w, int parent, const fact *x, const fd_frame *frame, size_t row)
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
    node = add_node(w, parent, "cell", zh, x->item->id);
    put_value(w, node, fd_column_number(c, row), unit_name(x->item->unit));
    if (w->source->ops->origin(w->source, x->item->kind, x->id, x->period, basis, frame->ids[row],
                               &origin) < 0) {
        fd_error_clear(); /* a cell that was never stored has no place */
    } else {
        put_text(w, node, FILE_, origin.file);
        put_text(w, node, SHEET, origin.sheet);
        put_text(w, node, COLUMN, origin.column);
        if (origin.row > 0)
            fd_column_set_dec(w->t->columns[ROW], node, origin.row);
        put_text(w, node, NOTE, origin.corrected && origin.reason ? origin.reason : origin.marks);
    }
    put_text(w, node, SUBJECT, frame->codes[row]);
    fd_column_unref(c);
    return 0;
}

/* ---- subjects ---- */

typedef struct contributor {
    size_t row;
    fd_number value;
    double size, weight;
} contributor;

static int by_size(const void *a, const void *b)
{
    const contributor *x = a, *y = b;

    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static bool may_see(walker *w, const facts *f, const char *kind, const fd_frame *frame, size_t row)
{
    if (!w->o->visible)
        return true;
    for (size_t i = 0; i < f->list.count; i++) {
        const fact *x = &f->list.items[i];
        fd_origin origin;

        if (strcmp(x->item->kind, kind) != 0)
            continue;
        if (w->source->ops->origin(w->source, kind, x->id, x->period, x->basis, frame->ids[row],
                                   &origin) < 0) {
            fd_error_clear();
            continue;
        }
        if (!w->o->visible(w->o->payload, &origin, x->item->id))
            return false;
    }
    return true;
}

/* A figure from returns the asker may not see, of so few that it would tell one of them. */
static bool tells(walker *w, const scope *s, const fd_expr *e, const fd_eval_cell *c)
{
    if (!w->o->visible || !w->o->shown || !fd_number_has(c->value) || c->n == 0 ||
        !fd_measure__unseen(e, w->source, s->q.period, w->o))
        return false;
    return !w->o->shown(w->o->payload, c->n, fabs(fd_number_to_double(c->value)), c->top1, c->top2);
}

static void put_secret(walker *w, size_t row)
{
    put_text(w, row, STATE, "保密");
    put_text(w, row, NOTE, "少于 3 户或一两户占绝大部分,不显示(统计法)");
}

static void add_hidden(walker *w, int parent)
{
    (void)add_node(w, parent, "hidden", "原始资料:本角色不可见(统计法)",
                   "original returns: not visible to this role (Statistics Law)");
}

/* The largest subjects of a sum in one group, then what the others add. */
static int add_subjects(walker *w, int parent, const scope *s, const fd_expr *row,
                        const fd_expr *condition, const fd_unit *unit)
{
    const char *kind = fd_expr_frame(row);
    facts f = { .w = w, .s = s };
    fd_eval_query q = s->q;
    fd_number *values = NULL, rest = fd_number_int(0);
    double *inside = NULL;
    fd_vec(contributor) list = { 0 };
    const fd_frame *frame;
    size_t shown;
    int err;

    if (!kind)
        return 0;
    q.kind = kind;
    q.where = both(w, s->q.where, condition);
    q.unit = unit;
    if ((err = w->source->ops->frame(w->source, kind, &frame)) < 0 ||
        (err = fd_expr_each_name(row, collect, &f)) < 0)
        goto done;
    values = fd_alloc((frame->n + 1) * sizeof *values);
    inside = fd_alloc((frame->n + 1) * sizeof *inside);
    if ((err = fd_eval_rows(values, inside, w->eval, row, &q)) < 0)
        goto done;
    for (size_t i = 0; i < frame->n; i++)
        if (inside[i] > 0 && fd_number_has(values[i]))
            fd_vec_push(&list, ((contributor){ i, values[i],
                                               fabs(fd_number_to_double(values[i])) * inside[i],
                                               inside[i] }));
    if (list.count == 0)
        goto done;
    qsort(list.items, list.count, sizeof *list.items, by_size);
    /* Nothing below the group is listed when one of the largest comes from a return the asker may
     * not see: a list with holes would tell who is in it. */
    shown = list.count < (size_t)w->largest ? list.count : (size_t)w->largest;
    for (size_t i = 0; i < shown; i++)
        if (!may_see(w, &f, kind, frame, list.items[i].row)) {
            add_hidden(w, parent);
            goto done;
        }
    for (size_t i = 0; i < shown; i++) {
        const contributor *c = &list.items[i];
        size_t node = add_node(w, parent, "subject",
                               frame->names ? frame->names[c->row] : frame->codes[c->row], NULL);
        int id = w->next;

        put_value(w, node, c->value, unit_name(unit));
        put_text(w, node, SUBJECT, frame->codes[c->row]);
        if (c->weight < 1) {
            char note[64];

            snprintf(note, sizeof note, "按 %.6g%% 计入", c->weight * 100);
            put_text(w, node, NOTE, note);
        }
        if (s->level + 1 >= w->depth)
            continue;
        for (size_t k = 0; k < f.list.count; k++)
            if (strcmp(f.list.items[k].item->kind, kind) == 0 &&
                (err = add_cell(w, id, &f.list.items[k], frame, c->row)) < 0)
                goto done;
    }
    if (list.count > shown) {
        char zh[64], en[64];
        bool whole = true;

        for (size_t i = shown; i < list.count; i++) {
            rest = fd_number_apply(rest, '+', list.items[i].value);
            whole = whole && list.items[i].weight == 1;
        }
        snprintf(zh, sizeof zh, "其余 %zu 家", list.count - shown);
        snprintf(en, sizeof en, "%zu others", list.count - shown);
        {
            size_t node = add_node(w, parent, "more", zh, en);

            if (whole)
                put_value(w, node, rest, unit_name(unit));
        }
    }
done:
    fd_vec_dispose(&list);
    fd_vec_dispose(&f.list);
    free(values);
    free(inside);
    return err < 0 ? err : 0;
}

/* ---- aggregates ---- */

static const char *breakdown(const walker *w)
{
    return w->o->by ? w->o->by : "county";
}

/* Which groups may not be told; when it is one, the one of fewest others goes too. The caller
 * frees.
 */
static bool *secrets(walker *w, const scope *s, const fd_expr *e, const fd_eval_result *r)
{
    bool *secret = fd_alloc((r->count + 1) * sizeof *secret);
    size_t count = 0, second = r->count;

    for (size_t g = 0; g < r->count; g++)
        count += secret[g] = tells(w, s, e, &r->cells[g]);
    for (size_t g = 0; count == 1 && g < r->count; g++)
        if (!secret[g] && fd_number_has(r->cells[g].value) && r->cells[g].n > 0 &&
            (second == r->count || r->cells[g].n < r->cells[second].n))
            second = g;
    if (second < r->count)
        secret[second] = true;
    return secret;
}

/* Parts of an aggregate by a dimension; sums go on to subjects. */
static int add_groups(walker *w, int parent, const scope *s, const fd_expr *e, fd_number whole,
                      const fd_unit *unit)
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
    secret = secrets(w, s, e, &r);
    for (size_t k = 0; k < r.count; k++) {
        const fd_eval_cell *c = &r.cells[order[k]];
        const char *code = fd_grouping_code(grouping, order[k], 0);
        const char *name = fd_grouping_name(grouping, order[k], 0, FD_ZH);
        scope inner = below(s);
        size_t node;
        int id;

        if (c->members == 0 &&
            (c->value.state == FD_NA ||
             (fd_number_has(c->value) && fd_number_compare(c->value, fd_number_int(0)) == 0)))
            continue;
        parts++;
        node = add_node(w, parent, "group", name ? name : code,
                        fd_grouping_name(grouping, order[k], 0, FD_EN));
        id = w->next;
        put_text(w, node, SUBJECT, code);
        rest = fd_number_apply(rest, '-', c->value.state == FD_NA ? fd_number_int(0) : c->value);
        if (secret[order[k]]) {
            put_secret(w, node);
            continue;
        }
        put_value(w, node, c->value, unit_name(unit));
        if (c->missing) {
            char note[64];

            snprintf(note, sizeof note, "缺 %u 户", c->missing);
            put_text(w, node, NOTE, note);
        }
        if (e->function == FD_FN_SUM && deeper(w, &inner)) {
            const fd_expr *condition = group_condition(w, kind, fd_grouping_dim(grouping, 0), code);

            if (condition && (err = add_subjects(w, id, &inner, e->children[0],
                                                 both(w, e->where, condition), unit)) < 0)
                goto done;
        }
    }
    if (additive && parts && fd_number_has(rest) &&
        fd_number_compare(rest, fd_number_int(0)) != 0) {
        size_t node = add_node(w, parent, "residual", "残差", "residual");

        put_value(w, node, rest, unit_name(unit));
        put_text(w, node, NOTE, "各部分之和与合计之差");
    }
done:
    free(secret);
    free(order);
    fd_eval_result_dispose(&r);
    fd_grouping_free(grouping);
    return err < 0 ? err : 0;
}

static int expand(walker *w, int parent, const scope *s, const fd_expr *e, const char *prefix);

/* 合计(argument) under a condition, as an expression of its own. */
static const fd_expr *sum_of(walker *w, const fd_expr *call, const fd_expr *argument,
                             const fd_expr *where)
{
    fd_expr *e;

    if (!fd_expr_is_row(argument))
        return argument;
    e = make(w, FD_EXPR_CALL, 1);
    e->function = FD_FN_SUM;
    e->reported_only = call->reported_only;
    e->children[0] = (fd_expr *)(uintptr_t)argument;
    e->where = (fd_expr *)(uintptr_t)where;
    e->type = argument->type;
    e->type.is_vector = false;
    return e;
}

/* Growth, share, contribution and pull rest on sums: now and before, part and whole. */
static int add_levels(walker *w, int parent, const scope *s, const fd_expr *e)
{
    bool growing = e->function != FD_FN_SHARE;
    bool has_whole = e->function != FD_FN_GROWTH && e->function != FD_FN_MEAN_GROWTH;
    const fd_expr *part = sum_of(w, e, e->children[0], e->where);
    const fd_expr *whole = e->child_count > 1 ? sum_of(w, e, e->children[1], NULL)
                                              : sum_of(w, e, e->children[0], NULL);
    scope inner = below(s), before;
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

static int own_cell(walker *w, int parent, const scope *s, const fd_expr *name)
{
    const fd_item *item = name->target;
    facts f = { .w = w, .s = s };
    const fd_frame *frame;
    int err = w->source->ops->frame(w->source, item->kind, &frame);

    if (err >= 0)
        err = collect(&f, name, NULL);
    for (size_t row = 0; err >= 0 && row < frame->n && f.list.count; row++) {
        bool own = s->group ? strcmp(frame->codes[row], s->group) == 0 : frame->n == 1;

        if (!own)
            continue;
        if (may_see(w, &f, item->kind, frame, row))
            err = add_cell(w, parent, &f.list.items[0], frame, row);
        else
            add_hidden(w, parent);
    }
    fd_vec_dispose(&f.list);
    return err < 0 ? err : 0;
}

static int expand_indicator(walker *w, int parent, const scope *s, const fd_indicator *i);

static int expand_children(walker *w, int id, const scope *s, const fd_expr *e, fd_number value,
                           const fd_unit *unit)
{
    scope inner = below(s);
    int err = 0;

    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_INDICATOR)
        return expand_indicator(w, id, &inner, e->target);
    if (e->kind == FD_EXPR_NAME)
        return e->symbol == FD_SYM_ITEM ? own_cell(w, id, &inner, e) : 0;
    if (e->kind == FD_EXPR_AT) {
        scope shifted = *s;

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

static int expand(walker *w, int parent, const scope *s, const fd_expr *e, const char *prefix)
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
    node = add_node(w, parent, kind, label, en);
    id = w->next;
    if (e->kind != FD_EXPR_NUMBER && tells(w, s, e, &c)) {
        put_secret(w, node);
        goto done;
    }
    put_value(w, node, c.value, unit_name(unit));
    if (c.missing || (c.expected && c.reported < c.expected)) {
        char note[96];

        snprintf(note, sizeof note, "应报 %u,已报 %u", c.expected, c.reported);
        put_text(w, node, NOTE, note);
    }
    if (deeper(w, s))
        err = expand_children(w, id, s, e, c.value, unit);
done:
    free(zh);
    free(en);
    return err < 0 ? err : 0;
}

static int expand_indicator(walker *w, int parent, const scope *s, const fd_indicator *i)
{
    const fd_expr *body = i->total ? i->total : i->formula;
    scope inner = *s;
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

static int restrict_place(walker *w, scope *s, const fd_indicator *i)
{
    const char *kind = i->kind;
    bool rows = strcmp(kind, "enterprise") == 0 || strcmp(kind, "project") == 0;

    s->q.where = w->o->where;
    if (w->o->place_code) {
        if (!w->o->place_kind)
            return fd_error_set(FD_EINVAL, "限定地方要写明是哪一类", "a place needs its kind");
        if (rows)
            s->q.where =
                both(w, s->q.where, group_condition(w, kind, w->o->place_kind, w->o->place_code));
        else
            s->group = w->o->place_code;
    }
    if (w->o->chain_code && rows)
        s->q.where = both(w, s->q.where, group_condition(w, kind, "chain", w->o->chain_code));
    return 0;
}

int fd_measure_why(fd_table **out, const fd_program *program, fd_source *source,
                   const fd_indicator *indicator, fd_period period, const fd_why_options *options)
{
    static const fd_why_options defaults = FD_WHY_OPTIONS_INIT;
    walker w = { .program = program, .source = source, .o = options ? options : &defaults };
    scope s = { .indicator = indicator };
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
    add_columns(w.t);
    node = add_node(&w, 0, "indicator", zh, indicator->id);
    if (tells(&w, &s, indicator->total ? indicator->total : indicator->formula, &c))
        put_secret(&w, node);
    else
        put_value(&w, node, c.value, unit_name(indicator->unit));
    put_text(&w, node, NOTE, indicator->verified ? "核定" : "测算,内部参考");
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
