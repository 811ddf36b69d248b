/*
 * From the plan to firms.
 *
 * The firms of a line are pure (all output emerging), mixed (a multiple of 10 % of it) or other.  A
 * year's plan of the line is met exactly: mixed firms are given value added in tens of 千元, so
 * that their emerging part is whole; pure firms share what remains of the emerging total; others
 * share what remains of the line.  2024 comes first; earlier years follow backwards, each firm near
 * its next year divided by the line's pace.
 *
 * Entrants and leavers are others.  What the entrants of a year report for the year before adds up
 * to what the leavers had then, so that growth from the comparative column and growth from the
 * stored year agree for the city.
 */
#include <math.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "example/firms.h"
#include "example/random.h"

const char *const fd_ex_reasons[FD_EX_REASONS] = { "限产", "无订单",   "检修",     "破产",
                                                   "搬迁", "订单不足", "原料短缺", "资金紧张" };

/* Tags of the draws, so that no two uses share a number. */
enum {
    T_KIND = 100,
    T_WEIGHT,
    T_COUNTY,
    T_ENTER,
    T_LEAVE,
    T_PICK,
    T_PART,
    T_PACE,
    T_REVENUE,
    T_OUTPUT,
    T_FIRST_SHARE,
    T_DOWN,
    T_SPECIAL,
    T_LINE
};

enum { NEVER = 9999, MIN_REVENUE = 20600 }; /* 2,060 万元: above scale begins at 2,000 */

bool fd_example__live(const fd_ex_firm *firm, int year)
{
    int calendar = FD_EX_FIRST_YEAR + year;

    return firm->enters <= calendar && calendar < firm->leaves;
}

int fd_example__part(const fd_ex_model *m, const fd_ex_firm *firm, int year)
{
    int percent = (int)lround(m->parameters->years[year].catalogue * 100);
    int part = firm->kind == FD_EX_PURE ? 10000 : firm->kind == FD_EX_MIXED ? firm->part : 0;

    return part * percent / 100;
}

/* A member's floor in units. */
static double least(const double *floor, size_t i, int64_t unit)
{
    return floor ? floor[i] / (double)unit : 0;
}

void fd_example__spread(int64_t *out, int64_t total, int64_t unit, const double *want,
                        const double *floor, size_t n)
{
    int64_t whole = total / unit;
    double units = (double)whole, fixed = 0, loose = 0, factor = 1, s = 0, at = 0;
    int64_t given = 0;
    bool *held = fd_alloc(n + 1);

    for (size_t i = 0; i < n; i++)
        fixed += least(floor, i, unit);
    if (fixed > 0.95 * units)
        factor = 0.95 * units / fixed;
    /* Whoever falls below its floor is held there and the others share the rest, until nobody does.
     */
    for (bool again = true; again;) {
        again = false;
        fixed = loose = 0;
        for (size_t i = 0; i < n; i++) {
            if (held[i])
                fixed += factor * least(floor, i, unit);
            else
                loose += want[i];
        }
        s = loose > 0 ? (units - fixed) / loose : 0;
        for (size_t i = 0; i < n; i++)
            if (!held[i] && s * want[i] < factor * least(floor, i, unit))
                held[i] = again = true;
    }
    for (size_t i = 0; i < n; i++) {
        int64_t upto;

        at += held[i] ? factor * least(floor, i, unit) : s * want[i];
        upto = i + 1 == n ? whole : llround(at);
        out[i] = (upto - given) * unit;
        given = upto;
    }
    if (n)
        out[n - 1] += total % unit;
    free(held);
}

/* How many firms of each line: the table's numbers, or those scaled with the remainder on the
 * largest. */
static int count_lines(size_t *counts, const fd_ex_parameters *p, size_t enterprises)
{
    size_t sum = 0, largest = 0;

    for (size_t l = 0; l < p->line_count; l++) {
        const fd_ex_line *line = &p->lines[l];
        bool mixed = line->emerging > 0 && line->emerging < line->value_added;
        double exact = (double)line->firms * (double)enterprises / FD_EXAMPLE_ENTERPRISES;

        counts[l] = (size_t)(exact + 0.5);
        if (counts[l] < (mixed ? 2u : 1u))
            counts[l] = mixed ? 2 : 1;
        sum += counts[l];
        if (counts[l] > counts[largest])
            largest = l;
    }
    if (sum > enterprises && sum - enterprises >= counts[largest])
        return fd_error_set(FD_EINVAL, "企业数太少", "too few enterprises");
    counts[largest] = counts[largest] + enterprises - sum;
    return 0;
}

static int pick_county(const fd_ex_line *line, uint64_t key)
{
    int sum = 0, at;

    for (int i = 0; i < line->county_count; i++)
        sum += line->county_weights[i];
    at = (int)fd_example__below(key, T_COUNTY, (size_t)sum);
    for (int i = 0; i < line->county_count; i++)
        if ((at -= line->county_weights[i]) < 0)
            return line->counties[i];
    return line->counties[0];
}

typedef fd_vec(fd_ex_firm) firm_list;

static fd_ex_firm *add(firm_list *list, const fd_ex_model *m, size_t line, fd_ex_kind kind)
{
    const fd_ex_line *l = &m->parameters->lines[line];
    fd_ex_firm f = {
        .line = (int16_t)line, .kind = (uint8_t)kind, .enters = FD_EX_FIRST_YEAR, .leaves = NEVER
    };

    f.key = fd_example__key(m->seed, 0x100000 + list->count);
    f.county = (int8_t)pick_county(l, f.key);
    f.weight = exp(0.75 * fd_example__bell(f.key, T_WEIGHT));
    if (kind == FD_EX_MIXED)
        f.part = (int16_t)(1000 * (2 + fd_example__below(f.key, T_PART, 5)));
    f.trades_traditional = strcmp(l->industry, "3714") != 0 && strcmp(l->industry, "4011") != 0 &&
                           strcmp(l->industry, "4012") != 0 && strcmp(l->industry, "3591") != 0 &&
                           strcmp(l->industry, "3516") != 0;
    fd_vec_push(list, f);
    return &list->items[list->count - 1];
}

static void make_line(firm_list *list, const fd_ex_model *m, size_t line, size_t n)
{
    const fd_ex_line *l = &m->parameters->lines[line];
    double share = (double)l->emerging / (double)l->value_added;
    size_t pure = 0, mixed = 0, first = list->count;

    if (l->emerging == l->value_added) {
        pure = n;
    } else if (l->emerging > 0) {
        pure = (size_t)((double)n * share * 0.7 + 0.5);
        if (pure < 1)
            pure = 1;
        if (n >= 6)
            mixed = (size_t)((double)n * 0.1 + 1);
        if (pure + mixed > n - 1) {
            mixed = 0;
            pure = pure > n - 1 ? n - 1 : pure;
        }
    }
    for (size_t i = 0; i < n; i++)
        add(list, m, line, i < pure ? FD_EX_PURE : i < pure + mixed ? FD_EX_MIXED : FD_EX_OTHER);
    /* Leaders are the first of their class: pure where the line has pure firms worth leading, else
     * other. */
    for (size_t i = 0; i < m->parameters->leader_count; i++) {
        const fd_ex_leader *leader = &m->parameters->leaders[i];
        size_t at = l->emerging * 2 > l->value_added ? first : first + pure + mixed;

        if (leader->line != (int)line)
            continue;
        while (at < list->count && list->items[at].leader)
            at++;
        if (at == list->count)
            continue;
        list->items[at].leader = true;
        list->items[at].county = (int8_t)leader->county;
        list->items[at].weight = -leader->share; /* a fixed share of the class, not a weight */
        list->items[at].name = leader->name;
        list->items[at].products = leader->products;
    }
}

/* Others of a line at the end of 2024; lines with few of them neither gain nor lose firms. */
static size_t others_of(const firm_list *list, int line)
{
    size_t n = 0;

    for (size_t i = 0; i < list->count; i++)
        n += list->items[i].line == line && list->items[i].kind == FD_EX_OTHER &&
             list->items[i].leaves == NEVER;
    return n;
}

/* Entrants are marked among the firms of 2024; leavers are firms more. */
static void enter_and_leave(firm_list *list, const fd_ex_model *m)
{
    const fd_ex_parameters *p = m->parameters;
    size_t others[FD_EX_MAX_LINES] = { 0 }, firms = list->count;
    uint64_t draw = 0;

    for (size_t l = 0; l < p->line_count; l++)
        others[l] = others_of(list, (int)l);
    for (int y = 1; y < FD_EX_YEARS; y++) {
        size_t enter = (size_t)((double)p->years[y].enter * m->scale + 0.5),
               leave = (size_t)((double)p->years[y].leave * m->scale + 0.5);
        size_t entered[FD_EX_MAX_LINES] = { 0 };

        for (size_t tries = 0; enter && tries < 64 * firms; tries++) {
            fd_ex_firm *f = &list->items[fd_example__below(m->seed ^ T_ENTER, draw++, firms)];

            /* Not so many in a line that they would take the old firms' part. */
            if (f->kind != FD_EX_OTHER || f->leader || f->enters != FD_EX_FIRST_YEAR ||
                entered[f->line] * 14 + 13 >= others[f->line])
                continue;
            entered[f->line]++;
            f->enters = (int16_t)(FD_EX_FIRST_YEAR + y);
            f->weight *= 0.35;
            enter--;
        }
        for (size_t tries = 0; leave && tries < 64 * firms; tries++) {
            const fd_ex_firm *like =
                &list->items[fd_example__below(m->seed ^ T_LEAVE, draw++, firms)];
            fd_ex_firm *gone;

            if (like->kind != FD_EX_OTHER || others[like->line] < 8)
                continue;
            gone = add(list, m, (size_t)like->line, FD_EX_OTHER);
            gone->leaves = (int16_t)(FD_EX_FIRST_YEAR + y);
            leave--;
        }
    }
}

/* Scratch for the firms of one line and kind in one year. */
typedef struct group {
    fd_vec(size_t) firms;
    fd_vec(double) want;
    fd_vec(double) floor;
    fd_vec(int64_t) value;
} group;

static void group_dispose(group *g)
{
    fd_vec_dispose(&g->firms);
    fd_vec_dispose(&g->want);
    fd_vec_dispose(&g->floor);
    fd_vec_dispose(&g->value);
}

static double pace(const fd_ex_firm *f, int year)
{
    return fd_example__between(f->key, fd_ex_tag(T_PACE * 16 + year), 0.95, 1.06);
}

/* What the firm would have in the year if nobody else mattered. */
static double wanted(const fd_ex_firm *f, int year, double floor)
{
    if (year == FD_EX_LAST)
        return f->weight;
    if (f->leaves == FD_EX_FIRST_YEAR + year + 1)
        return floor * fd_example__between(f->key, T_LEAVE, 1.02, 1.5);
    return (double)f->value_added[year + 1] / pace(f, year + 1);
}

/*
 * Share `total` among the firms of one kind in a line: those whose value is given (leaders in 2024,
 * firms that fell in 2024 in the year before) take it, the rest follows its wants.
 */
static void share(fd_ex_model *m, group *g, const size_t *members, size_t count, fd_ex_kind kind,
                  int year, int64_t total, double floor)
{
    int64_t left = total;

    g->firms.count = g->want.count = g->floor.count = 0;
    for (size_t i = 0; i < count; i++) {
        fd_ex_firm *f = &m->firms[members[i]];

        if (f->kind != kind || !fd_example__live(f, year))
            continue;
        if (f->leader && year == FD_EX_LAST) {
            f->value_added[year] = llround(-f->weight * (double)total);
            left -= f->value_added[year];
            continue;
        }
        if (f->fate == FD_EX_DOWN && year == FD_EX_LAST - 1) {
            f->value_added[year] = llround((double)f->value_added[year + 1] /
                                           fd_example__between(f->key, T_DOWN, 0.52, 0.74));
            left -= f->value_added[year];
            continue;
        }
        fd_vec_push(&g->firms, members[i]);
        fd_vec_push(&g->want, wanted(f, year, floor));
        /* Above scale means above 2,000 万元 of revenue, in every year. */
        fd_vec_push(&g->floor, year == FD_EX_LAST ? floor : MIN_REVENUE * 0.985 / f->revenue_ratio);
    }
    fd_vec_reserve(&g->value, g->firms.count + 1);
    fd_example__spread(g->value.items, left, 1, g->want.items, g->floor.items, g->firms.count);
    for (size_t i = 0; i < g->firms.count; i++)
        m->firms[g->firms.items[i]].value_added[year] = g->value.items[i];
}

/* Mixed firms: value added in tens, and not more than 40 % of either side of the line. Returns
 * their sum. */
static int64_t share_mixed(fd_ex_model *m, const size_t *members, size_t count, int line, int year,
                           int64_t *emerging)
{
    const fd_ex_plan *plan = &m->plan;
    double of = (double)plan->potential[line][year],
           rest = (double)plan->value_added[line][year] - of, e = 0, o = 0, cut = 1;
    int64_t sum = 0;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            fd_ex_firm *f = &m->firms[members[i]];
            double want, part = f->part / 10000.0;

            if (f->kind != FD_EX_MIXED)
                continue;
            want = year == FD_EX_LAST ? f->weight * (of + rest) / (double)count
                                      : (double)f->value_added[year + 1] / pace(f, year + 1) *
                                            (of + rest) / (double)plan->value_added[line][year + 1];
            if (pass == 0) {
                e += want * part;
                o += want * (1 - part);
                continue;
            }
            f->value_added[year] = 10 * llround(want * cut / 10);
            if (f->value_added[year] < 10)
                f->value_added[year] = 10;
            sum += f->value_added[year];
            *emerging += f->value_added[year] * f->part / 10000;
        }
        if (pass == 0 && (e > 0.4 * of || o > 0.4 * rest))
            cut = fmin(0.4 * of / e, 0.4 * rest / o);
    }
    return sum;
}

static void year_of_lines(fd_ex_model *m, const size_t *order, const size_t *starts, int year)
{
    group g = { 0 };

    for (size_t l = 0; l < m->parameters->line_count; l++) {
        const fd_ex_line *line = &m->parameters->lines[l];
        const size_t *members = order + starts[l];
        size_t count = starts[l + 1] - starts[l];
        double floor = MIN_REVENUE * (double)line->value_added / (double)line->revenue;
        int64_t emerging = 0, mixed = share_mixed(m, members, count, (int)l, year, &emerging),
                pure = m->plan.potential[l][year] - emerging;

        share(m, &g, members, count, FD_EX_PURE, year, pure, floor);
        share(m, &g, members, count, FD_EX_OTHER, year, m->plan.value_added[l][year] - pure - mixed,
              floor);
    }
    group_dispose(&g);
}

/* What the entrants of the next year report for this one: together what its leavers have. */
static void year_before_entry(fd_ex_model *m, int year)
{
    int next = FD_EX_FIRST_YEAR + year + 1;
    int64_t total = 0;
    group g = { 0 };

    for (size_t i = 0; i < m->count; i++) {
        const fd_ex_firm *f = &m->firms[i];

        if (f->leaves == next)
            total += f->value_added[year];
        if (f->enters == next) {
            fd_vec_push(&g.firms, i);
            fd_vec_push(&g.want, (double)f->value_added[year + 1] *
                                     fd_example__between(f->key, T_FIRST_SHARE, 0.5, 0.9));
        }
    }
    fd_vec_reserve(&g.value, g.firms.count + 1);
    fd_example__spread(g.value.items, total, 1, g.want.items, NULL, g.firms.count);
    for (size_t i = 0; i < g.firms.count; i++)
        m->firms[g.firms.items[i]].value_added[year] = g.value.items[i];
    group_dispose(&g);
}

/* Revenue of 2024, with the line's totals exact, and the ratios that carry it to other years and to
 * output. */
static void revenue_of_2024(fd_ex_model *m, const size_t *order, const size_t *starts)
{
    group g = { 0 };

    for (size_t l = 0; l < m->parameters->line_count; l++) {
        const fd_ex_line *line = &m->parameters->lines[l];
        bool drones =
            !strcmp(line->industry, "3963"); /* whose output is published with the count */

        g.firms.count = g.want.count = g.floor.count = 0;
        for (size_t i = starts[l]; i < starts[l + 1]; i++) {
            const fd_ex_firm *f = &m->firms[order[i]];

            if (!fd_example__live(f, FD_EX_LAST))
                continue;
            fd_vec_push(&g.firms, order[i]);
            fd_vec_push(&g.want, (double)f->value_added[FD_EX_LAST] *
                                     exp(0.10 * fd_example__bell(f->key, T_REVENUE)));
            fd_vec_push(&g.floor, MIN_REVENUE * 0.98);
        }
        fd_vec_reserve(&g.value, g.firms.count + 1);
        fd_example__spread(g.value.items, llround((double)line->revenue * 10 * m->scale), 1,
                           g.want.items, g.floor.items, g.firms.count);
        for (size_t i = 0; i < g.firms.count; i++) {
            fd_ex_firm *f = &m->firms[g.firms.items[i]];

            f->revenue[FD_EX_LAST] = g.value.items[i];
            g.want.items[i] = (double)g.value.items[i];
        }
        if (drones)
            fd_example__spread(g.value.items, llround(180000 * 10 * m->scale / 100) * 100, 100,
                               g.want.items, NULL, g.firms.count);
        for (size_t i = 0; i < g.firms.count; i++) {
            fd_ex_firm *f = &m->firms[g.firms.items[i]];
            double revenue = (double)f->revenue[FD_EX_LAST];

            f->revenue_ratio = revenue / (double)f->value_added[FD_EX_LAST];
            f->output_ratio = drones ? (double)g.value.items[i] / revenue
                                     : fd_example__between(f->key, T_OUTPUT, 0.985, 1.02);
        }
    }
    for (size_t i = 0; i < m->count; i++) {
        fd_ex_firm *f = &m->firms[i];
        const fd_ex_line *line = &m->parameters->lines[f->line];

        if (f->revenue_ratio <= 0) { /* left before 2024 */
            f->revenue_ratio = (double)line->revenue / (double)line->value_added;
            f->output_ratio = fd_example__between(f->key, T_OUTPUT, 0.985, 1.02);
        }
    }
    group_dispose(&g);
}

static void revenue_and_output(fd_ex_model *m)
{
    for (size_t i = 0; i < m->count; i++) {
        fd_ex_firm *f = &m->firms[i];

        for (int y = 0; y < FD_EX_YEARS; y++) {
            if (!f->value_added[y])
                continue;
            if (y < FD_EX_LAST)
                f->revenue[y] = llround((double)f->value_added[y] * f->revenue_ratio);
            f->output[y] = 100 * llround((double)f->revenue[y] * f->output_ratio / 100);
        }
    }
}

int fd_example__make_firms(fd_ex_model *m, size_t enterprises)
{
    const fd_ex_parameters *p = m->parameters;
    size_t counts[FD_EX_MAX_LINES] = { 0 }, starts[FD_EX_MAX_LINES + 1] = { 0 }, *order = NULL;
    firm_list list = { 0 };
    int err;

    if ((err = count_lines(counts, p, enterprises)) < 0)
        return err;
    for (size_t l = 0; l < p->line_count; l++)
        make_line(&list, m, l, counts[l]);
    enter_and_leave(&list, m);
    m->firms = list.items;
    m->count = list.count;
    order = fd_alloc((m->count + 1) * sizeof *order);
    for (size_t i = 0; i < m->count; i++)
        starts[m->firms[i].line + 1]++;
    for (size_t l = 0; l < p->line_count; l++)
        starts[l + 1] += starts[l];
    for (size_t i = m->count; i-- > 0;)
        order[--starts[m->firms[i].line + 1]] = i;
    /* Now starts[l + 1] is where line l begins; move it back by one place. */
    for (size_t l = 0; l < p->line_count; l++)
        starts[l] = starts[l + 1];
    starts[p->line_count] = m->count;
    year_of_lines(m, order, starts, FD_EX_LAST);
    if ((err = fd_example__cast(m)) < 0)
        goto done;
    revenue_of_2024(m, order, starts);
    for (int y = FD_EX_LAST - 1; y >= 0; y--) {
        year_of_lines(m, order, starts, y);
        year_before_entry(m, y);
    }
    revenue_and_output(m);
done:
    free(order);
    return err;
}
