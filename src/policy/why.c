/*
 * Why, condition by condition, and the shortest way in.
 *
 * Closed years cannot be changed: a sum over them goes on with the next window.  Advice says what
 * actually happening would suffice (按真实发生额), never to lower sales and never to report
 * otherwise.
 */
#include <stdlib.h>
#include <string.h>

#include "ding/program.h"
#include "policy/compile.h"
#include "policy/tables.h"

typedef struct story {
    fd_policy_set *set;
    const fd_policy_slot *slot;
    fd_walk walk;
    fd_lang lang;
    fd_buf out;
} story;

static const char *either(const story *s, const char *zh, const char *en)
{
    return s->lang == FD_ZH ? zh : en;
}

static const char *relation_text(fd_expr_kind kind)
{
    static const char *const texts[] = { "=", "≠", "<", "≤", ">", "≥" };

    return kind >= FD_EXPR_EQ && kind <= FD_EXPR_GE ? texts[kind - FD_EXPR_EQ] : "";
}

static fd_expr_kind opposite(fd_expr_kind relation)
{
    static const fd_expr_kind other[] = { FD_EXPR_NE, FD_EXPR_EQ, FD_EXPR_GE,
                                          FD_EXPR_GT, FD_EXPR_LE, FD_EXPR_LT };

    return other[relation - FD_EXPR_EQ];
}

/* A ratio is read in %, unless its threshold is a plain number. */
static const fd_unit *shown_unit(const fd_policy_gap *g, const fd_program *program)
{
    const fd_unit *u = g->left_expr->type.unit, *r = g->right_expr->type.unit;
    const fd_unit *percent = fd_program_unit(program, "%");

    if (r && percent && r->factor.num == percent->factor.num &&
        r->factor.den == percent->factor.den && u && !u->name[0])
        return percent;
    return u && !u->name[0] && r ? r : u;
}

/* 2.80 %; 3.00 %(实 2.996 %) when two digits would hide the difference. */
static void put_value(const story *s, fd_buf *out, const fd_policy_gap *g)
{
    const fd_unit *unit = shown_unit(g, s->set->program);
    fd_buf a = FD_BUF_INIT, b = FD_BUF_INIT;

    fd_policy__number_text(&a, g->left, unit, 2);
    fd_policy__number_text(&b, g->right, unit, 2);
    fd_buf_puts(out, fd_buf_text(&a));
    if (fd_quot_compare(g->left, g->right) != 0 && strcmp(fd_buf_text(&a), fd_buf_text(&b)) == 0) {
        fd_buf_puts(out, either(s, "(实 ", " (exactly "));
        fd_policy__number_text(out, g->left, unit, 8);
        fd_buf_puts(out, ")");
    }
    fd_buf_dispose(&a);
    fd_buf_dispose(&b);
}

static void put_threshold(const story *s, fd_buf *out, const fd_policy_gap *g)
{
    fd_policy__number_text(out, g->right, shown_unit(g, s->set->program), 4);
}

/* ---- the table ---- */

static const char *truth_text(fd_truth t, fd_lang lang)
{
    static const char *const names[][2] = { { "不符合", "no" },
                                            { "未知", "unknown" },
                                            { "符合", "yes" } };

    return names[t][lang];
}

static int add_line(story *s, fd_table *t, size_t part)
{
    const fd_policy_part *p = &s->slot->policy->parts[part];
    fd_truth truth = fd_policy_truth(s->set, s->slot, part, s->walk.row);
    fd_buf text = FD_BUF_INIT;
    fd_policy_gap g = { 0 };
    char letter[2] = { p->confidence, 0 };
    size_t at = fd_table_add_row(t);
    fd_decimal d;
    int err = 0;

    fd_column_set_text(t->columns[0], at, p->name);
    fd_column_set_text(t->columns[1], at,
                       p->kind == FD_PART_MANUAL ? either(s, "待人工", "by hand")
                                                 : truth_text(truth, s->lang));
    if (p->expr && (err = fd_policy__gap(&g, &s->walk, p->expr, truth != FD_TRUE)) >= 0 &&
        !g.has_value)
        err = fd_policy__gap(&g, &s->walk, p->expr, truth == FD_TRUE);
    if (err >= 0 && g.has_value) {
        fd_expr_kind wanted = truth == FD_TRUE ? opposite(g.relation) : g.relation;

        put_value(s, &text, &g);
        fd_column_set_text(t->columns[2], at, fd_buf_text(&text));
        fd_buf_clear(&text);
        fd_buf_printf(&text, "%s ", relation_text(wanted));
        put_threshold(s, &text, &g);
        fd_column_set_text(t->columns[3], at, fd_buf_text(&text));
        if (g.has_gap && (err = fd_policy__gap_decimal(&d, &g)) >= 0) {
            fd_quot margin = fd_quot_from_decimal(d);

            margin.num = margin.num < 0 ? -margin.num : margin.num;
            if (truth == FD_FALSE)
                margin.num = -margin.num; /* short is negative */
            fd_buf_clear(&text);
            fd_policy__number_text(&text, margin, NULL, 4);
            fd_column_set_text(t->columns[4], at, fd_buf_text(&text));
            fd_column_set_text(t->columns[5], at, g.gap_unit ? g.gap_unit->name : "");
        }
    }
    fd_column_set_text(t->columns[6], at, p->cite ? p->cite : "");
    fd_column_set_text(t->columns[7], at, letter[0] == 'D' ? "D unverified" : letter);
    fd_buf_dispose(&text);
    return err;
}

/* ---- the shortest way ---- */

static const fd_item *item_in(const fd_expr *e)
{
    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_ITEM)
        return e->target;
    for (size_t i = 0; i < e->child_count; i++) {
        const fd_item *item = item_in(e->children[i]);

        if (item)
            return item;
    }
    return NULL;
}

static const fd_policy_advice *advice_for(const fd_policy *p, const fd_item *item)
{
    for (size_t i = 0; i < p->advice_count; i++)
        if (p->advice[i].item == item)
            return &p->advice[i];
    return NULL;
}

/* The smallest whole number of `unit` that is at least (strictly: more than) x. */
static int whole_at_least(int64_t *out, fd_quot x, const fd_unit *unit, bool strictly)
{
    fd_decimal d;
    fd_quot q = x;
    int err;

    if (unit && (err = fd_quot_div(&q, x, unit->factor)) < 0)
        return err;
    if ((err = fd_quot_round(&d, q, 0, FD_ROUND_UP)) < 0)
        return err;
    *out = d.mantissa + (strictly && q.den == 1);
    return 0;
}

/* Who joins counts above and below the line: (a + h) ÷ (b + h) ≥ p takes h = (p·b − a) ÷ (1 − p).
 */
static int tell_coupled(story *s, const fd_policy_gap *g, const fd_policy_advice *a)
{
    fd_quot one = { 1, 1 }, rest, hires;
    const char *unit = g->gap_unit ? g->gap_unit->name : "";
    int64_t hire, move;
    bool strictly = g->relation == FD_EXPR_GT;
    int err;

    if ((err = fd_quot_sub(&rest, one, g->right)) < 0)
        return err;
    if (rest.num <= 0)
        return 0;
    if ((err = fd_quot_div(&hires, g->gap, rest)) < 0 ||
        (err = whole_at_least(&hire, hires, g->gap_unit, strictly)) < 0 ||
        (err = whole_at_least(&move, g->gap, g->gap_unit, strictly)) < 0)
        return err;
    fd_buf_printf(
        &s->out,
        either(s, "%s是%s的一部分:新增 %lld %s,或在现有%s中转岗 %lld %s。",
               " %s is part of %s: %lld more %s, or of the present %s %lld %s moved there."),
        a->item->name, a->within->name, (long long)hire, unit, a->within->name, (long long)move,
        unit);
    return 0;
}

/* A year of an item as the walk sees it, years before the key date's; state MISSING unknown. */
static int year_of(fd_number *out, const story *s, const fd_expr *x, int back)
{
    fd_walk w = s->walk;

    w.context = fd_policy__year(&s->walk.context, back);
    return fd_walk_number(out, &w, x);
}

static bool is_window(const fd_expr *e)
{
    return e && e->kind == FD_EXPR_CALL && e->function == FD_FN_LAST_YEARS;
}

/* The window one year on: the oldest year goes, the present one comes.  What is not known of the
 * present year is taken as nothing above the line and as the year before below it. */
static int tell_window(story *s, const fd_policy_gap *g)
{
    const fd_expr *num = g->moves, *den = g->divisor;
    int n = (int)num->children[1]->number.mantissa, err;
    fd_quot above = { 0, 1 }, below = { 0, 1 }, need, gap;
    bool assumed = false;

    if (is_window(den) && den->children[1]->number.mantissa != n)
        return 0;
    for (int k = 0; k < n; k++) {
        fd_number a, b = fd_number_exact((fd_quot){ 1, 1 });

        if ((err = year_of(&a, s, num->children[0], k)) < 0)
            return err;
        if (is_window(den) && (err = year_of(&b, s, den->children[0], k)) < 0)
            return err;
        if (k == 0 && is_window(den) && b.state != FD_HAS) {
            assumed = true;
            if ((err = year_of(&b, s, den->children[0], 1)) < 0)
                return err;
        }
        if (k == 0 && a.state != FD_HAS)
            a = fd_number_exact((fd_quot){ 0, 1 });
        if (a.state != FD_HAS || b.state != FD_HAS)
            return 0;
        if ((err = fd_quot_add(&above, above, a.exact)) < 0 ||
            (err = fd_quot_add(&below, below, b.exact)) < 0)
            return err;
    }
    need = g->right;
    if (is_window(den) && (err = fd_quot_mul(&need, g->right, below)) < 0)
        return err;
    if ((err = fd_quot_sub(&gap, need, above)) < 0)
        return err;
    fd_buf_puts(&s->out, either(s, "已过去的年度不能改变;按下一窗口测算,",
                                " Closed years cannot be changed; by the next window,"));
    if (assumed)
        fd_buf_puts(&s->out, either(s, "设本年分母与上年相同,",
                                    " with this year's divisor as last year's,"));
    if (gap.num <= 0) {
        fd_buf_puts(&s->out, either(s, "已够。", " it suffices."));
        return 0;
    }
    fd_buf_puts(&s->out, either(s, "本年按真实发生额尚差 ", " this year actually needs another "));
    fd_policy__number_text(&s->out, gap, g->gap_unit, 2);
    fd_buf_puts(&s->out,
                either(s, ";不得为达标调整归集。", "; accounts are not rearranged to reach it."));
    return 0;
}

/* The next band, when its threshold is easier. */
static int tell_edge(story *s, const fd_policy_gap *g)
{
    const fd_expr *bands = g->right_expr, *subject;
    fd_number now, edge, rate;
    bool upper;
    int err;

    if (!fd_policy__simple_bands(bands) || (g->relation != FD_EXPR_GE && g->relation != FD_EXPR_GT))
        return 0;
    subject = bands->children[0]->children[0];
    upper = bands->children[0]->kind == FD_EXPR_LE || bands->children[0]->kind == FD_EXPR_LT;
    if ((err = fd_walk_number(&now, &s->walk, subject)) < 0 || now.state != FD_HAS || !upper)
        return err;
    for (size_t i = 0; i + 1 < bands->child_count; i += 2) {
        if ((err = fd_walk_number(&edge, &s->walk, bands->children[i]->children[1])) < 0 ||
            (err = fd_walk_number(&rate, &s->walk,
                                  bands->children[i + 3 < bands->child_count ? i + 3 : i + 2])) < 0)
            return err;
        if (fd_quot_compare(now.exact, edge.exact) > 0)
            continue;
        if (fd_quot_compare(rate.exact, g->right) >= 0)
            return 0;
        fd_buf_printf(&s->out, either(s, "档界:%s超过 ", " Band edge: with %s over "),
                      item_in(subject) ? item_in(subject)->name : "");
        fd_policy__number_text(&s->out, edge.exact, bands->children[i]->children[1]->type.unit, 4);
        fd_buf_puts(&s->out, either(s, " 后门槛为 ", " the threshold is "));
        fd_policy__number_text(&s->out, rate.exact, shown_unit(g, s->set->program), 4);
        fd_buf_puts(&s->out, either(s, "(只作说明,不作建议)。", " (for information, no advice)."));
        return 0;
    }
    return 0;
}

static void put_cite(story *s, const fd_policy_part *p)
{
    if (p->cite)
        fd_buf_printf(&s->out, "〔%s〕", p->cite);
}

static int tell_gap(story *s, const fd_policy_part *p, const fd_policy_gap *g)
{
    const fd_item *item = item_in(g->moves);
    const fd_policy_advice *a = item ? advice_for(s->slot->policy, item) : NULL;
    bool more = g->relation == FD_EXPR_GE || g->relation == FD_EXPR_GT;
    fd_decimal d;
    char number[64];
    int err;

    fd_buf_printf(&s->out, "%s ", p->name);
    put_value(s, &s->out, g);
    fd_buf_printf(&s->out, " %s ", relation_text(opposite(g->relation)));
    put_threshold(s, &s->out, g);
    put_cite(s, p);
    if (!g->has_gap) {
        fd_buf_puts(&s->out, either(s, "。", "."));
        return 0;
    }
    fd_buf_puts(&s->out, either(s, ":", ":"));
    if (g->divisor) {
        fd_buf_puts(&s->out,
                    more ? either(s, "应达 ", " needs ") : either(s, "应不超过 ", " may be "));
        fd_policy__number_text(&s->out, g->need, g->gap_unit, 4);
        fd_buf_puts(&s->out, either(s, ",实际 ", ", has "));
        fd_policy__number_text(&s->out, g->have, g->gap_unit, 4);
        fd_buf_puts(&s->out, either(s, ",", ","));
    }
    if ((err = fd_policy__gap_decimal(&d, g)) < 0)
        return err;
    {
        fd_quot q = fd_quot_from_decimal(d);
        fd_buf text = FD_BUF_INIT;

        if (g->gap_unit && (err = fd_quot_mul(&q, q, g->gap_unit->factor)) < 0)
            return err;
        fd_policy__number_text(&text, q, g->gap_unit, 4);
        snprintf(number, sizeof number, "%s", fd_buf_text(&text));
        fd_buf_dispose(&text);
    }
    if (g->gap.num == 0)
        fd_buf_puts(&s->out,
                    either(s, "要超过,正好不算。", " it must be more; equal does not count."));
    else
        fd_buf_printf(&s->out,
                      either(s, more ? "差 %s。" : "多 %s。",
                             more ? " short by %s." : " over by %s."),
                      number);
    if (is_window(g->moves) && more)
        err = tell_window(s, g);
    else if (more && a && a->may_rise && a->within)
        err = tell_coupled(s, g, a);
    return err < 0 ? err : tell_edge(s, g);
}

/* The next better band of one score, where the enterprise can move what it is read from. */
static int tell_score(story *s, const fd_policy_part *score, size_t *told)
{
    const fd_expr *e = score->expr;
    fd_number have, value, best = fd_number_missing();
    const fd_expr *way = NULL;
    const fd_policy_advice *a;
    fd_policy_gap g = { 0 };
    size_t before, opened;
    bool more;
    int err;

    if ((err = fd_walk_number(&have, &s->walk, e)) < 0 || have.state != FD_HAS)
        return err;
    for (size_t i = 0; i + 1 < e->child_count; i += 2) {
        if ((err = fd_walk_number(&value, &s->walk, e->children[i + 1])) < 0)
            return err;
        if (value.state == FD_HAS && fd_quot_compare(value.exact, have.exact) > 0 &&
            (!way || fd_quot_compare(value.exact, best.exact) < 0)) {
            way = e->children[i];
            best = value;
        }
    }
    if (!way || (err = fd_policy__gap(&g, &s->walk, way, true)) < 0 || !g.has_gap)
        return err;
    more = g.relation == FD_EXPR_GE || g.relation == FD_EXPR_GT;
    a = item_in(g.moves) ? advice_for(s->slot->policy, item_in(g.moves)) : NULL;
    if (!a || !(more ? a->may_rise : a->may_fall))
        return 0;
    fd_buf_printf(&s->out, "%s%s ",
                  (*told)++ ? either(s, ";", "; ") : either(s, "加分的下一档:", " Next bands: "),
                  score->name);
    fd_policy__number_text(&s->out, have.exact, e->type.unit, 2);
    fd_buf_puts(&s->out, " → ");
    fd_policy__number_text(&s->out, best.exact, e->type.unit, 2);
    fd_buf_printf(&s->out,
                  either(s, more ? ",%s差 " : ",%s多 ", more ? ", %s short by " : ", %s over by "),
                  a->item->name);
    {
        fd_decimal d;
        fd_quot q;

        if ((err = fd_policy__gap_decimal(&d, &g)) < 0)
            return err;
        q = fd_quot_from_decimal(d);
        if (g.gap_unit && (err = fd_quot_mul(&q, q, g.gap_unit->factor)) < 0)
            return err;
        fd_policy__number_text(&s->out, q, g.gap_unit, 4);
    }
    if (!more || !a->within || !g.divisor)
        return 0;
    before = s->out.len;
    fd_buf_puts(&s->out, either(s, "(", " ("));
    opened = s->out.len;
    if ((err = tell_coupled(s, &g, a)) < 0)
        return err;
    if (s->out.len == opened) {
        s->out.len = before;
        return 0;
    }
    s->out.len -= s->lang == FD_ZH ? strlen("。") : 1; /* no full stop inside the parentheses */
    fd_buf_puts(&s->out, ")");
    return 0;
}

/* A sum of scores is too small: each score's own way to more, once. */
static int tell_scores(story *s, const fd_expr *e, uint8_t *seen, size_t *told)
{
    const fd_policy *p = s->slot->policy;
    int err = 0;

    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_PART) {
        const fd_policy_part *part = e->target;
        size_t at = (size_t)(part - p->parts);

        if (seen[at])
            return 0;
        seen[at] = 1;
        if (part->expr->kind == FD_EXPR_CASE && !part->expr->type.is_truth)
            return tell_score(s, part, told);
        return part->kind == FD_PART_VALUE ? tell_scores(s, part->expr, seen, told) : 0;
    }
    for (size_t i = 0; i < e->child_count && err >= 0; i++)
        err = tell_scores(s, e->children[i], seen, told);
    return err;
}

/* A date that will come: the day from which the condition holds. */
static int tell_day(story *s, const fd_policy_part *p)
{
    const fd_expr *e = p->expr, *left = e->children ? e->children[0] : NULL;
    fd_state state;
    fd_date day;
    char text[16];
    int err;

    if (e->kind != FD_EXPR_LE || !left || !left->type.is_date ||
        e->children[1]->symbol != FD_SYM_VARIABLE)
        return 0;
    err = fd_walk_date(&state, &day, &s->walk, left);
    if (err == FD_ENOTFOUND) { /* a working day of a year whose arrangement is not out yet */
        fd_error_clear();
        return 0;
    }
    if (err < 0 || state != FD_HAS)
        return err;
    fd_date_format(day, text, sizeof text);
    fd_buf_printf(
        &s->out,
        either(s, "到 %s 满足,时间不能买。", " It holds from %s on; time cannot be bought."), text);
    return 0;
}

/* Not on a list that is declared complete: which, and who says so. */
static int tell_lists(story *s, const fd_policy_context *c, const fd_expr *e)
{
    const fd_policy_context inner = e->kind == FD_EXPR_AT ? fd_policy__shift(c, e) : *c;
    const fd_leaf *leaf;
    int index, err = 0;

    if (e->kind == FD_EXPR_NAME && e->symbol == FD_SYM_ITEM &&
        ((const fd_item *)e->target)->complete && (err = fd_policy__leaf(&index, c, e)) >= 0) {
        leaf = s->set->leaves.items[index];
        if (leaf->list && fd_bits_get(leaf->by_list, s->walk.row)) {
            const fd_clause *cite = fd_decl__clause(leaf->list->decl, "依据");

            fd_buf_printf(&s->out,
                          either(s, "「%s」的名单是全的(%s),上面没有这家〔%s〕。",
                                 " The list of %s is complete (%s) and does not name it 〔%s〕."),
                          leaf->item->name, leaf->list->decl->name,
                          cite ? cite->text : either(s, "见声明", "see the declaration"));
        }
    }
    for (size_t i = 0; i < e->child_count && err >= 0; i++)
        err = tell_lists(s, &inner, e->children[i]);
    return err;
}

/* The value that would pass, where one field alone is missing in a comparison: taken as 0, the gap
 * is what it must bring. */
static int tell_missing(story *s)
{
    int *list;
    size_t count;
    char name[256];
    int err = fd_policy__missing_leaves(&list, &count, s->set, s->slot, s->walk.row);

    if (err < 0 || !count) {
        free(list);
        return err;
    }
    for (size_t i = 0; i < count && err >= 0; i++) {
        fd_walk w = s->walk;

        fd_policy_field_name(&s->set->leaves.items[list[i]]->field, s->lang, name, sizeof name);
        fd_buf_printf(&s->out, "%s%s", i ? either(s, ";", "; ") : "", name);
        if (fd_walk__leaf_state(&w, list[i]) == FD_HAS)
            fd_buf_puts(&s->out, either(s, "(分母是零,请核)", " (the divisor is zero: check it)"));
        w.instead = list[i];
        w.value = 0;
        for (size_t k = 0; k < s->slot->part_count && err >= 0; k++) {
            const fd_policy_part *p = &s->slot->policy->parts[k];
            fd_policy_gap g = { 0 };
            fd_truth t;

            if (s->slot->roots[k] < 0 ||
                fd_policy_truth(s->set, s->slot, k, s->walk.row) != FD_UNKNOWN ||
                s->set->leaves.items[list[i]]->form != FD_LEAF_PLAIN)
                continue;
            if ((err = fd_walk_part(&t, &w, k)) < 0 || t != FD_FALSE ||
                (err = fd_policy__gap(&g, &w, p->expr, true)) < 0 || !g.has_gap ||
                item_in(g.moves) != s->set->leaves.items[list[i]]->item ||
                (g.relation != FD_EXPR_GE && g.relation != FD_EXPR_GT))
                continue;
            fd_buf_printf(&s->out, either(s, "(%s要 ", " (%s takes "), p->name);
            fd_buf_puts(&s->out, relation_text(g.relation));
            fd_buf_putc(&s->out, ' ');
            fd_policy__number_text(&s->out, g.gap, g.gap_unit, 4);
            fd_buf_puts(&s->out, ")");
            break;
        }
    }
    fd_buf_puts(&s->out, either(s, "。", ". "));
    free(list);
    return err;
}

static int tell(story *s)
{
    const fd_policy *p = s->slot->policy;
    size_t passed = 0, failed = 0, open = 0;
    uint8_t *seen = fd_arena_alloc(s->set->arena, p->part_count + 1);
    int err = 0;

    fd_buf_printf(&s->out, either(s, "%s:", "%s: "),
                  fd_outcome_name(fd_policy_result(s->set, s->slot, s->walk.row), s->lang));
    for (size_t i = 0; i < s->slot->part_count && err >= 0; i++) {
        fd_truth t = fd_policy_truth(s->set, s->slot, i, s->walk.row);
        fd_policy_gap g = { 0 };

        if (s->slot->roots[i] < 0 || p->parts[i].kind == FD_PART_DIRECT)
            continue;
        passed += t == FD_TRUE;
        open += t == FD_UNKNOWN;
        failed += t == FD_FALSE;
        if (t != FD_FALSE)
            continue;
        if ((err = fd_policy__gap(&g, &s->walk, p->parts[i].expr, true)) < 0)
            break;
        if (g.has_value) {
            size_t told = 0;

            if ((err = tell_gap(s, &p->parts[i], &g)) >= 0)
                err = tell_scores(s, p->parts[i].expr, seen, &told);
            if (told)
                fd_buf_puts(&s->out, either(s, "。", "."));
        } else {
            fd_buf_printf(&s->out, "%s", p->parts[i].name);
            put_cite(s, &p->parts[i]);
            fd_buf_puts(&s->out, either(s, "不符合。", " is not met."));
            if ((err = tell_lists(s, &s->walk.context, p->parts[i].expr)) >= 0)
                err = tell_day(s, &p->parts[i]);
        }
    }
    if (err < 0 || (err = tell_missing(s)) < 0)
        return err;
    if (failed || open)
        fd_buf_printf(&s->out, either(s, "其余 %zu 项已符合", " The other %zu are met"), passed);
    else
        fd_buf_printf(&s->out, either(s, "%zu 项都符合", "all %zu are met"), passed);
    for (size_t i = 0; i < s->slot->part_count; i++)
        if (p->parts[i].kind == FD_PART_MANUAL && (p->parts[i].versions & 1u << s->slot->edition))
            fd_buf_printf(&s->out, either(s, ";%s待人工判断", "; %s is decided by a person"),
                          p->parts[i].name);
    fd_buf_puts(&s->out, either(s, "。", "."));
    if (p->unverified)
        fd_buf_puts(&s->out, either(s, "(政策有未核实 unverified 的内容)",
                                    " (parts of the policy are unverified)"));
    if (p->notice)
        fd_buf_printf(&s->out, either(s, "%s。", " %s."), p->notice);
    return 0;
}

int fd_policy_why(fd_table **out, char **sentence, fd_policy_set *set, const fd_policy_slot *slot,
                  size_t row, fd_lang lang)
{
    story s = { set, slot, fd_walk_of(set, fd_policy__slot(set, slot), row), lang, FD_BUF_INIT };
    fd_table *t = fd_table_new("policy_why", "为什么", "Why");
    int err = 0;

    *out = NULL;
    *sentence = NULL;
    fd_table_add_new(t, "condition", "条件", "Condition", FD_TEXT, "", 0);
    fd_table_add_new(t, "result", "结果", "Result", FD_TEXT, "", 0);
    fd_table_add_new(t, "value", "实际", "Value", FD_TEXT, "", 0);
    fd_table_add_new(t, "threshold", "门槛", "Threshold", FD_TEXT, "", 0);
    fd_table_add_new(t, "margin", "余量", "Margin", FD_TEXT, "", 0);
    fd_table_add_new(t, "margin_unit", "单位", "Unit", FD_TEXT, "", 0);
    fd_table_add_new(t, "clause", "条款", "Clause", FD_TEXT, "", 0);
    fd_table_add_new(t, "confidence", "核实", "Confidence", FD_TEXT, "", 0);
    for (size_t i = 0; i < slot->part_count && err >= 0; i++)
        if (slot->roots[i] >= 0 || (slot->policy->parts[i].kind == FD_PART_MANUAL &&
                                    (slot->policy->parts[i].versions & 1u << slot->edition)))
            err = add_line(&s, t, i);
    if (err >= 0)
        err = tell(&s);
    fd_policy__notes(t, slot->policy);
    fd_policy__note_lists(t, set);
    if (err < 0) {
        fd_table_free(t);
        fd_buf_dispose(&s.out);
        return err;
    }
    *out = t;
    *sentence = fd_buf_take(&s.out);
    return 0;
}
