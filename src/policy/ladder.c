/*
 * 梯度: where an enterprise stands, what the next rung takes, what runs out.
 */
#include <stdlib.h>
#include <string.h>

#include "ding/program.h"
#include "policy/tables.h"

typedef struct climb {
    fd_policy_set *set;
    const fd_ladder *g;
    fd_column **until, **since; /* per rung, TEXT; NULL entries */
    bool *above;                /* [i * rungs + j]: from rung i steps lead to rung j */
    bool *held;                 /* per rung: of the enterprise in hand, on the key date */
} climb;

/* Which rungs steps lead to, over any number of them. The ladder has no circle. */
static void find_above(climb *c)
{
    size_t n = c->g->rung_count;

    c->above = fd_alloc((n * n + 1) * sizeof *c->above);
    c->held = fd_alloc((n + 1) * sizeof *c->held);
    for (size_t s = 0; s < c->g->step_count; s++)
        c->above[c->g->steps[s][0] * n + c->g->steps[s][1]] = true;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; c->above[i * n + k] && j < n; j++)
                c->above[i * n + j] = c->above[i * n + j] || c->above[k * n + j];
}

static int open_columns(climb *c)
{
    fd_source *s = c->set->source;
    int err = 0;

    find_above(c);
    c->until = fd_alloc((c->g->rung_count + 1) * sizeof *c->until);
    c->since = fd_alloc((c->g->rung_count + 1) * sizeof *c->since);
    for (size_t i = 0; i < c->g->rung_count && err >= 0; i++) {
        const struct fd_rung *r = &c->g->rungs[i];

        if (r->certificate)
            err = s->ops->attribute(s, "enterprise", r->certificate->id, c->set->on, &c->until[i]);
        if (err >= 0 && r->since)
            err = s->ops->attribute(s, "enterprise", r->since->id, c->set->on, &c->since[i]);
    }
    return err;
}

static void close_columns(climb *c)
{
    for (size_t i = 0; i < c->g->rung_count; i++) {
        fd_column_unref(c->until[i]);
        fd_column_unref(c->since[i]);
    }
    free(c->until);
    free(c->since);
    free(c->above);
    free(c->held);
}

static fd_date day_of(const fd_column *c, size_t row)
{
    const char *text = c ? fd_column_text(c, row) : NULL;
    fd_date day;

    if (!text || fd_date_parse(&day, text, strlen(text)) < 0) {
        fd_error_clear();
        return FD_DATE_NONE;
    }
    return day;
}

/* A title is held on a day from its start (unknown: always) to its end. */
static bool held_on(const climb *c, size_t rung, size_t row, fd_date day)
{
    fd_date until = day_of(c->until[rung], row), since = day_of(c->since[rung], row);

    return until != FD_DATE_NONE && until >= day && (since == FD_DATE_NONE || since <= day);
}

/* The highest rung held: one from which no other held rung is reached. SIZE_MAX: none. */
static size_t rung_on(const climb *c, size_t row, fd_date day)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < c->g->rung_count; i++) {
        bool below = false;

        if (!held_on(c, i, row, day))
            continue;
        for (size_t s = 0; s < c->g->step_count; s++)
            below = below || (c->g->steps[s][0] == i && held_on(c, c->g->steps[s][1], row, day));
        if (!below)
            best = best == SIZE_MAX ? i : best;
    }
    return best;
}

static bool is_entry(const fd_ladder *g, size_t rung)
{
    for (size_t s = 0; s < g->step_count; s++)
        if (g->steps[s][1] == rung)
            return false;
    return true;
}

/* What stands between an enterprise and a rung. */
typedef struct distance {
    size_t passed, total, failed, open;
    fd_quot money; /* short, in 元 */
    int years;     /* that cannot be bought, at most */
    /* a figure in 元, or in 年, that a condition waits for: then the sum, or the years, are not
     * known */
    bool money_open, years_open;
    fd_buf repairs;
} distance;

typedef struct waiting {
    const fd_policy_set *set;
    distance *d;
} waiting;

static void wait_for(void *payload, int leaf)
{
    waiting *w = payload;
    const fd_item *item = w->set->leaves.items[leaf]->item;
    const fd_unit *yuan = fd_program_unit(w->set->program, "元"),
                  *year = fd_program_unit(w->set->program, "年");
    fd_quot factor;

    if (!item || !item->unit)
        return;
    w->d->money_open = w->d->money_open || (yuan && fd_unit_factor(&factor, item->unit, yuan) >= 0);
    w->d->years_open = w->d->years_open || (year && fd_unit_factor(&factor, item->unit, year) >= 0);
    fd_error_clear();
}

/* What an undecided part waits for, the direct passes that may stand in for it left out: they can
 * only make it cheaper. */
static int wait_of(distance *d, fd_policy_set *set, const fd_policy_slot *slot, size_t part,
                   size_t row)
{
    waiting what = { set, d };
    fd_walk w = fd_walk_of(set, fd_policy__slot(set, slot), row);
    fd_truth t;

    w.meet = wait_for;
    w.payload = &what;
    return fd_walk__truth(&t, &w, slot->policy->parts[part].expr, slot->policy->na);
}

static int measure(distance *d, fd_policy_set *set, const fd_policy_slot *slot, size_t row)
{
    int err = 0;

    d->money = (fd_quot){ 0, 1 };
    for (size_t i = 0; i < slot->part_count && err >= 0; i++) {
        fd_truth t = fd_policy_truth(set, slot, i, row);
        fd_policy_gap g;
        fd_decimal gap;

        if (slot->roots[i] < 0 || slot->policy->parts[i].kind == FD_PART_DIRECT)
            continue;
        d->total++;
        d->passed += t == FD_TRUE;
        d->open += t == FD_UNKNOWN;
        d->failed += t == FD_FALSE;
        if (t == FD_UNKNOWN)
            err = wait_of(d, set, slot, i, row);
        if (t != FD_FALSE)
            continue;
        fd_buf_printf(&d->repairs, "%s%s", d->repairs.len ? ";" : "", slot->policy->parts[i].name);
        if ((err = fd_policy_gap_of(&g, set, slot, i, row)) < 0 || !g.has_gap ||
            (err = fd_policy__gap_decimal(&gap, &g)) < 0)
            continue;
        {
            fd_quot q = fd_quot_from_decimal(gap);
            const fd_unit *yuan = fd_program_unit(set->program, "元"),
                          *year = fd_program_unit(set->program, "年");
            fd_quot factor;

            fd_buf_puts(&d->repairs,
                        g.relation == FD_EXPR_GE || g.relation == FD_EXPR_GT ? " 差 " : " 多 ");
            if (g.gap_unit && (err = fd_quot_mul(&q, q, g.gap_unit->factor)) < 0)
                continue;
            fd_policy__number_text(&d->repairs, q, g.gap_unit, 4);
            if (g.gap_unit && yuan && fd_unit_factor(&factor, g.gap_unit, yuan) >= 0 &&
                (g.relation == FD_EXPR_GE || g.relation == FD_EXPR_GT))
                err = fd_quot_add(&d->money, d->money, q);
            else if (g.gap_unit && year && fd_unit_factor(&factor, g.gap_unit, year) >= 0 &&
                     fd_quot_div(&q, q, year->factor) >= 0 &&
                     fd_quot_round(&gap, q, 0, FD_ROUND_UP) >= 0 && gap.mantissa > d->years)
                d->years = (int)gap.mantissa;
            fd_error_clear();
        }
    }
    return err;
}

/* Of a title that is held. */
static const char *alert_of(fd_date until, fd_date on)
{
    if (until == FD_DATE_NONE)
        return "";
    return until - on <= 30 ? "30天内到期" : until - on <= 90 ? "90天内到期" : "";
}

/* One line: the title held (SIZE_MAX: none) and when it runs out, the next rung (SIZE_MAX: none)
 * and what it takes. */
static int add_line(fd_table *t, climb *c, size_t row, size_t now, size_t next)
{
    const fd_policy *p = next == SIZE_MAX ? NULL : c->g->rungs[next].policy;
    const fd_policy_slot *slot = p ? fd_policy_set_slot(c->set, p, -1) : NULL;
    fd_date until = now == SIZE_MAX ? FD_DATE_NONE : day_of(c->until[now], row);
    distance d = { 0 };
    size_t at;
    char text[32];
    fd_quot wan;
    int err = slot ? measure(&d, c->set, slot, row) : 0;

    if (err < 0) {
        fd_buf_dispose(&d.repairs);
        return err;
    }
    at = fd_table_add_row(t);
    fd_column_set_text(t->columns[0], at, c->set->frame->codes[row]);
    fd_column_set_text(t->columns[11], at, c->set->frame->names[row]);
    fd_column_set_text(t->columns[1], at, now == SIZE_MAX ? "" : c->g->rungs[now].name);
    if (until != FD_DATE_NONE) {
        fd_date_format(until, text, sizeof text);
        fd_column_set_text(t->columns[2], at, text);
    }
    fd_column_set_text(t->columns[3], at, alert_of(until, c->set->on));
    if (next != SIZE_MAX) {
        fd_column_set_text(t->columns[4], at, c->g->rungs[next].name);
        fd_column_set_text(t->columns[5], at,
                           fd_outcome_name(slot ? fd_policy_result(c->set, slot, row) : FD_OUT,
                                           FD_ZH));
    }
    if (slot) {
        snprintf(text, sizeof text, "%zu/%zu", d.passed, d.total);
        fd_column_set_text(t->columns[6], at, text);
        fd_column_set_text(t->columns[7], at, fd_buf_text(&d.repairs));
        if (!d.money_open && fd_quot_div(&wan, d.money, fd_quot_from_int(10000)) >= 0)
            fd_column_set_quot(t->columns[8], at, wan);
        if (!d.years_open)
            fd_column_set_dec(t->columns[9], at, d.years);
        fd_column_set_text(t->columns[10], at, slot->policy->unverified ? "unverified" : "");
    } else {
        fd_column_set_state(t->columns[8], at, FD_NA);
        fd_column_set_state(t->columns[9], at, FD_NA);
    }
    fd_buf_dispose(&d.repairs);
    return 0;
}

/* No rung above it is held. */
static bool is_top(const climb *c, size_t rung)
{
    size_t n = c->g->rung_count;

    for (size_t k = 0; k < n; k++)
        if (c->above[rung * n + k] && c->held[k])
            return false;
    return true;
}

/*
 * The title held from which `next` is the next step: the rung right below it, or, when that rung
 * is passed already, the highest one held above it (小巨人 without 高企, which starts from
 * 科技型中小).  SIZE_MAX when `next` is no next step: held, or below what is held.
 */
static size_t step_to(const climb *c, size_t next)
{
    size_t n = c->g->rung_count, found = SIZE_MAX;

    if (c->held[next] || !is_top(c, next))
        return SIZE_MAX;
    for (size_t s = 0; s < c->g->step_count; s++) {
        size_t below = c->g->steps[s][0];

        if (c->g->steps[s][1] != next)
            continue;
        if (c->held[below])
            return below;
        for (size_t k = 0; k < n && found == SIZE_MAX; k++)
            if (c->above[below * n + k] && c->held[k] && is_top(c, k))
                found = k;
    }
    return found;
}

/* Every title held with its next steps; a title without one stands alone when nothing is above it
 * (its certificate runs out all the same) or when it runs out soon. */
static int add_firm(fd_table *t, climb *c, size_t row)
{
    size_t n = c->g->rung_count, count = 0;
    int err = 0;

    for (size_t i = 0; i < n; i++)
        count += c->held[i] = held_on(c, i, row, c->set->on);
    for (size_t i = 0; i < n && !count && err >= 0; i++)
        if (is_entry(c->g, i))
            err = add_line(t, c, row, SIZE_MAX, i);
    for (size_t i = 0; i < n && err >= 0; i++) {
        bool listed = false;

        for (size_t j = 0; c->held[i] && j < n && err >= 0; j++)
            if (step_to(c, j) == i) {
                err = add_line(t, c, row, i, j);
                listed = true;
            }
        if (err >= 0 && c->held[i] && !listed &&
            (is_top(c, i) || alert_of(day_of(c->until[i], row), c->set->on)[0]))
            err = add_line(t, c, row, i, SIZE_MAX);
    }
    return err;
}

static const fd_column_spec firm_columns[] = {
    { "enterprise", "企业", "Enterprise", FD_TEXT, NULL, 0 },
    { "rung", "现在", "Rung", FD_TEXT, NULL, 0 },
    { "until", "有效至", "Until", FD_TEXT, NULL, 0 },
    { "alert", "提醒", "Alert", FD_TEXT, NULL, 0 },
    { "next", "下一级", "Next", FD_TEXT, NULL, 0 },
    { "result", "结果", "Result", FD_TEXT, NULL, 0 },
    { "readiness", "就绪", "Readiness", FD_TEXT, NULL, 0 },
    { "repairs", "要补的", "Repairs", FD_TEXT, NULL, 0 },
    { "money", "差的钱", "Money", FD_QUOT, "万元", 0 },
    { "years", "买不到的年数", "Years", FD_DEC, "年", 0 },
    { "marks", "标记", "Marks", FD_TEXT, NULL, 0 },
    { "name", "名称", "Name", FD_TEXT, NULL, 0 },
};

int fd_ladder_table(fd_table **out, fd_policy_set *set, const fd_ladder *ladder,
                    const char *enterprise)
{
    climb c = { .set = set, .g = ladder };
    fd_table *t = fd_table_new("ladder", ladder->name, ladder->id);
    int err = open_columns(&c);

    *out = NULL;
    fd_table_add_columns(t, firm_columns, sizeof firm_columns / sizeof *firm_columns);
    t->columns[3]->words = t->columns[5]->words = fd_policy__outcome_words;
    t->columns[8]->na_words = t->columns[9]->na_words = &fd_policy__nothing;
    for (size_t row = 0; row < set->frame->n && err >= 0; row++) {
        if (!enterprise || strcmp(set->frame->codes[row], enterprise) == 0 ||
            strcmp(set->frame->names[row], enterprise) == 0)
            err = add_firm(t, &c, row);
    }
    close_columns(&c);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

static const char *name_of(const fd_ladder *g, size_t rung)
{
    return rung == SIZE_MAX ? "未入梯度" : g->rungs[rung].name;
}

/* From one new year's eve to the next, between the first and the last day that any title speaks of.
 */
static int flow_years(fd_table *t, climb *c)
{
    size_t k = c->g->rung_count + 1;
    size_t *count = fd_alloc(k * k * sizeof *count);
    int first = 9999, last, m, d;

    fd_date_split(c->set->on - 1, &last, &m,
                  &d); /* a year that begins with the key date has none */
    for (size_t row = 0; row < c->set->frame->n; row++)
        for (size_t i = 0; i < c->g->rung_count; i++) {
            fd_date since = day_of(c->since[i], row);
            int y;

            if (since == FD_DATE_NONE)
                continue;
            fd_date_split(since, &y, &m, &d);
            first = y < first ? y : first;
        }
    for (int y = first < last - 20 ? last - 20 : first; y <= last; y++) {
        memset(count, 0, k * k * sizeof *count);
        for (size_t row = 0; row < c->set->frame->n; row++) {
            fd_date end =
                fd_date_make(y, 12, 31) < c->set->on ? fd_date_make(y, 12, 31) : c->set->on;
            size_t a = rung_on(c, row, fd_date_make(y - 1, 12, 31)), b = rung_on(c, row, end);

            count[(a == SIZE_MAX ? k - 1 : a) * k + (b == SIZE_MAX ? k - 1 : b)]++;
        }
        for (size_t a = 0; a < k; a++)
            for (size_t b = 0; b < k; b++) {
                size_t at;

                if (!count[a * k + b] || (a == k - 1 && b == k - 1))
                    continue;
                at = fd_table_add_row(t);
                fd_column_set_dec(t->columns[0], at, y);
                fd_column_set_text(t->columns[1], at, name_of(c->g, a == k - 1 ? SIZE_MAX : a));
                fd_column_set_text(t->columns[2], at, name_of(c->g, b == k - 1 ? SIZE_MAX : b));
                fd_column_set_dec(t->columns[3], at, (int64_t)count[a * k + b]);
            }
    }
    free(count);
    return 0;
}

static const fd_column_spec flow_columns[] = {
    { "year", "年", "Year", FD_DEC, NULL, 0 },
    { "from", "从", "From", FD_TEXT, NULL, 0 },
    { "to", "到", "To", FD_TEXT, NULL, 0 },
    { "firms", "户数", "Firms", FD_DEC, "户", 0 },
};
static const fd_column_spec pipeline_columns[] = {
    { "rung", "级", "Rung", FD_TEXT, NULL, 0 },
    { "holding", "已有", "Holding", FD_DEC, "户", 0 },
    { "ready", "够条件", "Ready", FD_DEC, "户", 0 },
    { "nearly", "差一项", "Nearly", FD_DEC, "户", 0 },
    { "incomplete", "待补数据", "Incomplete", FD_DEC, "户", 0 },
};

int fd_ladder_flow(fd_table **flow, fd_table **pipeline, fd_policy_set *set,
                   const fd_ladder *ladder)
{
    climb c = { .set = set, .g = ladder };
    const fd_clause *note = fd_decl__clause(ladder->decl, "说明");
    fd_table *f = fd_table_new("flow", "各级之间的流动", "Flow"),
             *p = fd_table_new("pipeline", "储备", "Pipeline");
    int err = open_columns(&c);

    fd_table_add_columns(f, flow_columns, sizeof flow_columns / sizeof *flow_columns);
    f->columns[1]->words = f->columns[2]->words = fd_policy__outcome_words;
    fd_table_add_columns(p, pipeline_columns, sizeof pipeline_columns / sizeof *pipeline_columns);
    if (err >= 0)
        err = flow_years(f, &c);
    for (size_t i = 0; i < ladder->rung_count && err >= 0; i++) {
        const fd_policy_slot *slot =
            ladder->rungs[i].policy ? fd_policy_set_slot(set, ladder->rungs[i].policy, -1) : NULL;
        int64_t n[4] = { 0 };
        size_t at;

        for (size_t row = 0; row < set->frame->n && err >= 0; row++) {
            distance d = { 0 };
            bool held = held_on(&c, i, row, set->on);

            n[0] += held;
            if (held || !slot)
                continue;
            if (fd_policy_result(set, slot, row) == FD_FAILS)
                err = measure(&d, set, slot, row);
            n[1] += fd_policy_result(set, slot, row) >= FD_MANUAL;
            n[2] += d.failed == 1 && d.open == 0;
            n[3] += fd_policy_result(set, slot, row) == FD_NEEDS;
            fd_buf_dispose(&d.repairs);
        }
        at = fd_table_add_row(p);
        fd_column_set_text(p->columns[0], at, ladder->rungs[i].name);
        for (size_t k = 0; k < 4; k++)
            fd_column_set_dec(p->columns[1 + k], at, n[k]);
    }
    if (note)
        fd_table_add_note(p, note->text, note->text);
    close_columns(&c);
    if (err < 0) {
        fd_table_free(f);
        fd_table_free(p);
        return err;
    }
    *flow = f;
    *pipeline = p;
    return 0;
}
