/*
 * The tree table of why, and the expressions that the walk makes on its way.
 */
#include <stdio.h>
#include <string.h>

#include "measure/arith.h"
#include "measure/why.h"

void fd_why__add_columns(fd_table *t)
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
    t->parent_column = FD_WHY_PARENT;
    t->order_column = FD_WHY_ORDER;
}

void fd_why__put_text(fd_why_walker *w, size_t row, int column, const char *text)
{
    if (text && text[0])
        fd_column_set_text(w->t->columns[column], row, text);
}

/* @return the row; its id is the row's number plus one */
size_t fd_why__add_node(fd_why_walker *w, int parent, const char *kind, const char *label,
                        const char *label_en)
{
    size_t row = fd_table_add_row(w->t);
    char id[16];

    snprintf(id, sizeof id, "%d", ++w->next);
    fd_why__put_text(w, row, FD_WHY_ID, id);
    if (parent > 0) {
        snprintf(id, sizeof id, "%d", parent);
        fd_why__put_text(w, row, FD_WHY_PARENT, id);
    }
    fd_column_set_dec(w->t->columns[FD_WHY_ORDER], row, w->next);
    fd_why__put_text(w, row, FD_WHY_LABEL, label);
    fd_why__put_text(w, row, FD_WHY_LABEL_EN, label_en ? label_en : label);
    fd_why__put_text(w, row, FD_WHY_KIND, kind);
    return row;
}

/* Exact decimals of up to four digits print in full, everything else with the indicator's digits
 * and two more. */
void fd_why__put_value(fd_why_walker *w, size_t row, fd_number v, const char *unit)
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
        fd_why__put_text(w, row, FD_WHY_VALUE, fd_number_text(v, digits, FD_ZH, buf, sizeof buf));
        fd_why__put_text(w, row, FD_WHY_UNIT, unit);
    }
    fd_why__put_text(w, row, FD_WHY_STATE, fd_state_name(v.state, FD_ZH));
}

/* ---- trees made here ---- */

fd_expr *fd_why__make(fd_why_walker *w, fd_expr_kind kind, size_t children)
{
    fd_expr *e = fd_arena_alloc(w->arena, sizeof *e);

    e->kind = kind;
    e->convert = (fd_quot){ 1, 1 };
    e->children = fd_arena_alloc(w->arena, (children + 1) * sizeof *e->children);
    e->child_count = children;
    return e;
}

static fd_expr *text_node(fd_why_walker *w, const char *text)
{
    fd_expr *e = fd_why__make(w, FD_EXPR_TEXT, 0);

    e->text = fd_arena_strdup(w->arena, text);
    return e;
}

/* The attribute of a kind for a dimension: county, or project_county. */
static fd_expr *attribute_node(fd_why_walker *w, const char *kind, const char *dim)
{
    const fd_item *known = fd_program_item(w->program, dim);
    fd_expr *e = fd_why__make(w, FD_EXPR_NAME, 0);
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

const fd_expr *fd_why__both(fd_why_walker *w, const fd_expr *a, const fd_expr *b)
{
    fd_expr *e;

    if (!a || !b)
        return a ? a : b;
    e = fd_why__make(w, FD_EXPR_AND, 2);
    e->children[0] = (fd_expr *)(uintptr_t)a;
    e->children[1] = (fd_expr *)(uintptr_t)b;
    return e;
}

/* Subjects of one group of a dimension, NULL for groups that no condition describes. */
const fd_expr *fd_why__group_condition(fd_why_walker *w, const char *kind, const char *dim,
                                       const char *code)
{
    const fd_class *class = fd_program_class(w->program, dim);
    fd_expr *e, *right;

    if (code[0] == '\0' || (class && strcmp(code, "in") != 0))
        return NULL;
    if (!class) {
        e = fd_why__make(w, FD_EXPR_EQ, 2);
        e->children[0] = attribute_node(w, kind, strcmp(dim, kind) == 0 ? "code" : dim);
        e->children[1] = text_node(w, code);
        return e;
    }
    e = fd_why__make(w, FD_EXPR_IN, 2);
    right = fd_why__make(w, FD_EXPR_NAME, 0);
    right->text = class->name;
    right->symbol = FD_SYM_CLASS;
    right->target = class;
    e->children[0] = attribute_node(w, kind, class->attribute);
    e->children[1] = right;
    return e;
}

const char *fd_why__unit_name(const fd_unit *unit)
{
    return unit ? unit->name : "";
}
