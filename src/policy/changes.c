/*
 * What was answered then, what is answered now, and what lies between: other figures, another text
 * of the policy, other enterprises.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/tables.h"

#define MOST_NAMED 5 /* figures named in a line; of the rest the number is given */

enum { ENTERPRISE, POLICY, VERSION, THEN, NOW, AMOUNT_THEN, AMOUNT_NOW, CAUSE, DETAIL };

static const fd_column_spec columns[] = {
    { "enterprise", "企业", "Enterprise", FD_TEXT, NULL, 0 },
    { "policy", "政策", "Policy", FD_TEXT, NULL, 0 },
    { "version", "版本", "Version", FD_TEXT, NULL, 0 },
    { "then", "当时", "Then", FD_TEXT, NULL, 0 },
    { "now", "现在", "Now", FD_TEXT, NULL, 0 },
    { "amount_then", "当时金额", "Amount then", FD_DEC, "元", 2 },
    { "amount_now", "现在金额", "Amount now", FD_DEC, "元", 2 },
    { "cause", "原因", "Cause", FD_TEXT, NULL, 0 },
    { "detail", "哪里变了", "Detail", FD_TEXT, NULL, 0 },
};

fd_table *fd_policy_changes_table(void)
{
    fd_table *t = fd_table_new("changes", "和当时不同的答复", "Answers that differ from then");

    fd_table_add_columns(t, columns, sizeof columns / sizeof *columns);
    t->columns[THEN]->words = t->columns[NOW]->words = fd_policy__outcome_words;
    t->columns[AMOUNT_THEN]->na_words = t->columns[AMOUNT_NOW]->na_words = &fd_policy__no_money;
    return t;
}

/* One side for one enterprise; row -1: it was not there. */
typedef struct side {
    fd_policy_set *set; /* NULL: the policy was not there */
    const fd_policy_slot *slot;
    ptrdiff_t row;
    fd_outcome outcome;
    fd_state state;
    int64_t fen;
} side;

static int ask(side *s)
{
    s->outcome = FD_OUT;
    s->state = FD_NA;
    s->fen = 0;
    if (!s->slot || s->row < 0)
        return 0;
    s->outcome = fd_policy_result(s->set, s->slot, (size_t)s->row);
    return s->outcome == FD_MEETS || s->outcome == FD_MANUAL
               ? fd_policy_amount(&s->state, &s->fen, s->set, s->slot, (size_t)s->row)
               : 0;
}

static bool same_answer(const side *a, const side *b)
{
    return a->outcome == b->outcome && a->state == b->state && a->fen == b->fen;
}

static bool same_field(const fd_leaf *a, const fd_leaf *b)
{
    return a->form == b->form && strcmp(a->item->id, b->item->id) == 0 &&
           a->field.period == b->field.period && a->field.basis == b->field.basis &&
           strcmp(a->field.variant ? a->field.variant : "",
                  b->field.variant ? b->field.variant : "") == 0;
}

static void format_cell(const fd_leaf *leaf, ptrdiff_t row, char *buf, size_t size)
{
    buf[0] = '\0';
    if (leaf)
        fd_column_format(leaf->column, (size_t)row, FD_ZH, buf, size);
    if (!buf[0])
        snprintf(buf, size, "%s", fd_state_name(FD_MISSING, FD_ZH));
}

/* What is known of the enterprise by a complete list alone is no figure of its own. */
static bool by_list(const fd_leaf *leaf, ptrdiff_t row)
{
    return leaf && leaf->list && fd_bits_get(leaf->by_list, (size_t)row);
}

/* Figures that the policy reads and that differ: 研发费用[2024] 560 → 600 万元. @return how many */
static size_t changed_figures(fd_buf *out, const side *then, const side *now)
{
    size_t found = 0;

    for (size_t i = 0; i < now->set->leaves.count; i++) {
        const fd_leaf *b = now->set->leaves.items[i], *a = NULL;
        char name[256], was[96], is[96];

        if (!b->item || !b->column)
            continue;
        for (size_t k = 0; k < then->set->leaves.count && !a; k++) {
            const fd_leaf *other = then->set->leaves.items[k];

            if (other->item && other->column && same_field(other, b))
                a = other;
        }
        format_cell(a, then->row, was, sizeof was);
        format_cell(b, now->row, is, sizeof is);
        if (strcmp(was, is) == 0)
            continue;
        if (by_list(a, then->row) || by_list(b, now->row)) {
            fd_policy_field_name(&b->field, FD_ZH, name, sizeof name);
            fd_buf_printf(out, "%s%s %s → %s(全名单)", out->len ? ";" : "", name, was, is);
            continue;
        }
        if (found++ < MOST_NAMED) {
            fd_policy_field_name(&b->field, FD_ZH, name, sizeof name);
            fd_buf_printf(out, "%s%s %s → %s%s%s", out->len ? ";" : "", name, was, is,
                          b->column->unit[0] ? " " : "", b->column->unit);
        }
    }
    if (found > MOST_NAMED)
        fd_buf_printf(out, ";另有 %zu 个数", found - MOST_NAMED);
    return found;
}

/* Conditions whose truth differs, where both texts have a condition of that name. */
static void changed_conditions(fd_buf *out, const side *then, const side *now)
{
    const fd_policy *p = now->slot->policy, *q = then->slot->policy;

    for (size_t i = 0; i < now->slot->part_count; i++)
        for (size_t k = 0; k < then->slot->part_count; k++) {
            if (now->slot->roots[i] < 0 || then->slot->roots[k] < 0 ||
                strcmp(p->parts[i].name, q->parts[k].name) != 0 ||
                fd_policy_truth(now->set, now->slot, i, (size_t)now->row) ==
                    fd_policy_truth(then->set, then->slot, k, (size_t)then->row))
                continue;
            fd_buf_printf(out, "%s条件「%s」", out->len ? ";" : "", p->parts[i].name);
        }
}

static const char *cause_of(fd_buf *detail, const side *then, const side *now)
{
    const fd_policy *p, *q;
    bool text, figures;

    if (!then->set || !now->set)
        return then->set ? "政策撤下" : "政策新增";
    if (then->row < 0 || now->row < 0)
        return then->row < 0 ? "企业新增" : "企业退出";
    if (!then->slot || !now->slot)
        return "政策修订"; /* its dates of force */
    p = now->slot->policy;
    q = then->slot->policy;
    text = strcmp(p->decl->text, q->decl->text) != 0;
    changed_conditions(detail, then, now);
    figures = changed_figures(detail, then, now) > 0;
    return text && figures ? "政策修订;数据"
           : text          ? "政策修订"
           : figures       ? "数据"
                     : "共用的定义"; /* a class, a parameter of the city, an indicator, a list */
}

static int compare(fd_table *t, side *then, side *now, const char *enterprise, fd_buf *detail)
{
    const fd_policy_slot *named = now->slot ? now->slot : then->slot;
    const char *cause;
    size_t at;
    int err;

    if ((err = ask(then)) < 0 || (err = ask(now)) < 0)
        return err;
    if (same_answer(then, now))
        return 0;
    fd_buf_clear(detail);
    cause = cause_of(detail, then, now);
    at = fd_table_add_row(t);
    fd_column_set_text(t->columns[ENTERPRISE], at, enterprise);
    fd_column_set_text(t->columns[POLICY], at, named->policy->id);
    fd_column_set_text(t->columns[VERSION], at, named->policy->versions[named->edition].name);
    fd_column_set_text(t->columns[THEN], at, fd_outcome_name(then->outcome, FD_ZH));
    fd_column_set_text(t->columns[NOW], at, fd_outcome_name(now->outcome, FD_ZH));
    if (then->state == FD_HAS)
        fd_column_set_dec(t->columns[AMOUNT_THEN], at, then->fen);
    if (now->state == FD_HAS)
        fd_column_set_dec(t->columns[AMOUNT_NOW], at, now->fen);
    fd_column_set_text(t->columns[CAUSE], at, cause);
    fd_column_set_text(t->columns[DETAIL], at, fd_buf_text(detail));
    return 0;
}

static const fd_policy_slot *newest(const fd_policy_set *set)
{
    return set && set->slots.count ? &set->pub[set->slots.count - 1] : NULL;
}

static bool asked(const char *enterprise, const fd_frame *f, size_t row)
{
    return !enterprise || strcmp(f->codes[row], enterprise) == 0 ||
           strcmp(f->names[row], enterprise) == 0;
}

int fd_policy_changes(fd_table *into, fd_policy_set *then, fd_policy_set *now,
                      const char *enterprise)
{
    side a = { .set = then, .slot = newest(then) }, b = { .set = now, .slot = newest(now) };
    fd_buf detail = FD_BUF_INIT;
    fd_map *rows_then = fd_map_new(), *rows_now = fd_map_new();
    int err = 0;

    for (size_t i = 0; then && i < then->frame->n; i++)
        fd_map_set(rows_then, fd_view_of(then->frame->codes[i]), i);
    for (size_t i = 0; now && i < now->frame->n && err >= 0; i++) {
        uint64_t was;

        fd_map_set(rows_now, fd_view_of(now->frame->codes[i]), i);
        if (!asked(enterprise, now->frame, i))
            continue;
        b.row = (ptrdiff_t)i;
        a.row = fd_map_get(rows_then, fd_view_of(now->frame->codes[i]), &was) ? (ptrdiff_t)was : -1;
        err = compare(into, &a, &b, now->frame->codes[i], &detail);
    }
    for (size_t i = 0; then && i < then->frame->n && err >= 0; i++) {
        uint64_t is;

        if (!asked(enterprise, then->frame, i) ||
            fd_map_get(rows_now, fd_view_of(then->frame->codes[i]), &is))
            continue;
        a.row = (ptrdiff_t)i;
        b.row = -1;
        err = compare(into, &a, &b, then->frame->codes[i], &detail);
    }
    fd_map_free(rows_then);
    fd_map_free(rows_now);
    fd_buf_dispose(&detail);
    return err;
}
