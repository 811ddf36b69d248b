/*
 * Near, valuable, permitted: a shortlist for each location.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "fangding/arena.h"
#include "fangding/complexity.h"
#include "fangding/opportunities.h"

/* One product that a location does not make. */
typedef struct candidate {
    size_t cell; /* row of the table of cells */
    const char *product;
    double raw[3], part[3], score, pci;
    const fd_opportunity_rule *rule;
    size_t rank_of_all;
} candidate;

/* ---- rules ---- */

/* How long the rule's product is as a beginning of the code; 0 when it is none. */
static size_t match(const char *rule, const char *code)
{
    const size_t length = strlen(rule);

    if (strncmp(code, rule, length) == 0)
        return length;
    if (((code[0] >= 'A' && code[0] <= 'Z') || (code[0] >= 'a' && code[0] <= 'z')) &&
        strncmp(code + 1, rule, length) == 0 && rule[0] >= '0' && rule[0] <= '9')
        return length;
    return 0;
}

const fd_opportunity_rule *fd_opportunity_rule_for(const fd_opportunity_rule *rules, size_t count,
                                                   const char *location, const char *product)
{
    const fd_opportunity_rule *best = NULL;
    size_t best_length = 0;

    for (size_t i = 0; i < count; i++) {
        const fd_opportunity_rule *r = &rules[i];
        const size_t length = match(r->product, product);
        const bool here = r->location && strcmp(r->location, location) == 0;

        if (!length || (r->location && !here) || length < best_length ||
            (length == best_length && best && best->location && !here))
            continue;
        best = r;
        best_length = length;
    }
    return best && !best->permitted ? best : NULL;
}

/* ---- ranks ---- */

typedef struct place {
    double value;
    size_t at;
} place;

static int by_value(const void *a, const void *b)
{
    const place *x = a, *y = b;

    return x->value < y->value ? -1 : x->value > y->value ? 1 : x->at < y->at ? -1 : 1;
}

/* Ranks within a location from 0 (lowest) to 1, ties sharing their mean; one alone has 1/2. Values
 * that differ by the noise of their sums are ties, or the order of the file would rank them. */
static void rank_parts(candidate *list, size_t n, int part)
{
    place *order = fd_alloc(n * sizeof *order + 1);
    double noise = 0;

    for (size_t i = 0; i < n; i++) {
        order[i] = (place){ list[i].raw[part], i };
        noise = fmax(noise, 1e-9 * fabs(list[i].raw[part]));
    }
    qsort(order, n, sizeof *order, by_value);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && order[end].value <= order[i].value + noise;)
            end++;
        for (size_t k = i; k < end; k++)
            list[order[k].at].part[part] =
                n > 1 ? (double)(i + end - 1) / 2 / (double)(n - 1) : 0.5;
    }
    free(order);
}

/* Best first; equal scores by the code of the product. */
static int by_score(const void *a, const void *b)
{
    const candidate *x = a, *y = b;

    return x->score > y->score ? -1 : x->score < y->score ? 1 : strcmp(x->product, y->product);
}

/* ---- the table ---- */

enum { RANK, ALL, SCORE, NEAR, COMPLEX, GAIN, DENSITY, PCI, COG, RCA, PERMITTED, REASON, COLUMNS };

static const fd_column_spec specs[COLUMNS] = {
    { "rank", "名次", "Rank", FD_DEC, "", 0 },
    { "rank_of_all", "不计限制的名次", "Rank of all", FD_DEC, "", 0 },
    { "score", "得分", "Score", FD_EST, "", 0 },
    { "near", "近", "Near", FD_EST, "", 0 },
    { "complex", "高", "Complex", FD_EST, "", 0 },
    { "gain", "前景", "Gain", FD_EST, "", 0 },
    { "density", "密度", "Density", FD_EST, "", 0 },
    { "pci", "产品复杂度", "PCI", FD_EST, "", 0 },
    { "cog", "机会收益", "COG", FD_EST, "", 0 },
    { "rca", "比较优势", "RCA", FD_EST, "", 0 },
    { "permitted", "允许", "Permitted", FD_TEXT, "", 0 },
    { "reason", "限制的理由", "Reason", FD_TEXT, "", 0 },
};

static double number(const fd_table *t, const char *column, size_t row)
{
    return fd_number_to_double(fd_column_number(t->columns[fd_table_find(t, column)], row));
}

static void put_row(fd_table *t, const fd_table *cells, const candidate *c, size_t rank)
{
    const size_t row = fd_table_add_row(t);
    const double v[] = {
        c->score, c->part[0], c->part[1], c->part[2], c->raw[0], c->pci, c->raw[2]
    };

    for (size_t k = 0; k < 2; k++)
        fd_column_set_text(t->columns[k], row, fd_column_text_or(cells->columns[k], c->cell, ""));
    if (c->rule)
        fd_column_set_state(t->columns[2 + RANK], row, FD_NA);
    else
        fd_column_set_dec(t->columns[2 + RANK], row, (int64_t)rank);
    fd_column_set_dec(t->columns[2 + ALL], row, (int64_t)c->rank_of_all);
    for (size_t k = 0; k < sizeof v / sizeof *v; k++)
        if (isfinite(v[k]))
            fd_column_set_est(t->columns[2 + SCORE + k], row, v[k]);
        else
            fd_column_set_state(t->columns[2 + SCORE + k], row, FD_NA);
    fd_column_set_est(t->columns[2 + RCA], row, number(cells, "rca", c->cell));
    fd_column_set_text(t->columns[2 + PERMITTED], row, c->rule ? "否" : "是");
    if (c->rule)
        fd_column_set_text(t->columns[2 + REASON], row, c->rule->reason ? c->rule->reason : "");
}

/* The products have a complexity. */
static bool is_defined(const fd_complexity *c)
{
    return fd_column_state(c->products->columns[fd_table_find(c->products, "pci")], 0) == FD_HAS;
}

/* The rows of one location; its cells are from … to-1. @return rows not permitted */
static size_t put_location(fd_table *t, const fd_complexity *c, fd_map *pci, size_t from, size_t to,
                           const fd_opportunity_options *o)
{
    const bool defined = is_defined(c);
    const int parts = defined ? 3 : 1; /* without a PCI only nearness is known */
    const double weights = defined ? o->weight[0] + o->weight[1] + o->weight[2] : o->weight[0];
    candidate *list = fd_alloc((to - from + 1) * sizeof *list);
    size_t n = 0, rank = 0, refused = 0;

    for (size_t i = from; i < to; i++) {
        const char *product = fd_column_text_or(c->cells->columns[1], i, "");
        uint64_t row = 0;
        candidate *x = &list[n];

        if (number(c->cells, "m", i) > 0)
            continue;
        (void)fd_map_get(pci, fd_view_of(product), &row);
        x->cell = i;
        x->product = product;
        x->pci = defined ? number(c->products, "pci", (size_t)row) : NAN;
        x->raw[0] = number(c->cells, "density", i);
        x->raw[1] = x->pci;
        x->raw[2] = defined ? number(c->cells, "cog", i) : NAN;
        x->part[1] = x->part[2] = NAN;
        x->rule = fd_opportunity_rule_for(o->rules, o->rule_count,
                                          fd_column_text_or(c->cells->columns[0], i, ""), product);
        n++;
    }
    for (int part = 0; part < parts; part++)
        rank_parts(list, n, part);
    for (size_t i = 0; i < n; i++)
        for (int part = 0; part < parts; part++)
            list[i].score += o->weight[part] * list[i].part[part] / weights;
    qsort(list, n, sizeof *list, by_score);
    for (size_t i = 0; i < n; i++) {
        list[i].rank_of_all = i + 1;
        refused += list[i].rule != NULL;
        rank += !list[i].rule;
        if (!o->top || (list[i].rule ? rank < o->top : rank <= o->top))
            put_row(t, c->cells, &list[i], rank);
    }
    free(list);
    return refused;
}

int fd_opportunities_run(fd_table **out, const fd_table *in, const fd_opportunity_options *options)
{
    const fd_opportunity_options defaults = FD_OPPORTUNITY_OPTIONS_INIT;
    const fd_opportunity_options *o = options ? options : &defaults;
    fd_complexity_options asked = FD_COMPLEXITY_OPTIONS_INIT;
    fd_complexity c;
    fd_map *pci;
    fd_table *t;
    size_t refused = 0;
    double weights = 0;
    const char *names[2];
    char zh[200], en[200];
    int err;

    for (int k = 0; k < 3; k++) {
        if (!(o->weight[k] >= 0) || !isfinite(o->weight[k]))
            return fd_error_set(FD_EINVAL, "权重不能是负的", "weights are 0 or more");
        weights += o->weight[k];
    }
    if (!(weights > 0))
        return fd_error_set(FD_EINVAL, "权重不能都是 0", "weights are not all 0");
    asked.location = o->location;
    asked.product = o->product;
    asked.value = o->value;
    asked.variety = false;
    asked.proximity = false;
    if ((err = fd_complexity_run(&c, in, &asked)) < 0)
        return err;
    if (!is_defined(&c) && !(o->weight[0] > 0)) {
        fd_complexity_dispose(&c);
        return fd_error_set(FD_EINVAL, "复杂度指数没有定义,又不看远近:排不出名次",
                            "the ECI is not defined and nearness has no weight: there is nothing "
                            "to rank by");
    }
    names[0] = o->location ? o->location : in->columns[0]->id;
    names[1] = o->product ? o->product : in->columns[1]->id;
    t = *out = fd_table_new("opportunities", "机会清单", "Opportunities");
    for (int k = 0; k < 2; k++)
        fd_table_add_new(t, names[k], names[k], names[k], FD_TEXT, "", 0);
    fd_table_add_columns(t, specs, COLUMNS);
    for (int k = SCORE; k <= RCA; k++)
        t->columns[2 + k]->digits = 3;
    pci = fd_map_new();
    for (size_t r = 0; r < c.products->rows; r++)
        fd_map_set(pci, fd_view_of(fd_column_text_or(c.products->columns[0], r, "")), r);
    for (size_t from = 0; from < c.cells->rows; from += c.products->rows)
        refused += put_location(t, &c, pci, from, from + c.products->rows, o);
    snprintf(zh, sizeof zh,
             "只列没有优势(RCA<1)的;近、高、前景是在本地区内的位次(0 到 1),得分按 %g、%g、%g 加权",
             o->weight[0], o->weight[1], o->weight[2]);
    snprintf(en, sizeof en,
             "products without advantage (RCA < 1); near, complex and gain are ranks within the "
             "location, weighted %g, %g, %g",
             o->weight[0], o->weight[1], o->weight[2]);
    fd_table_add_note(t, zh, en);
    snprintf(zh, sizeof zh, "%zu 个地区×产品因限制不列名次,理由照列;参照是表内各地区之和", refused);
    snprintf(en, sizeof en,
             "%zu pairs are not permitted and have no rank; the reference is the sum of locations",
             refused);
    fd_table_add_note(t, zh, en);
    if (!is_defined(&c))
        fd_table_add_note(t, "没有复杂度可用:得分和名次只按远近",
                          "no complexity: score and rank rest on nearness alone");
    for (size_t k = 0; k < c.summary->note_count; k++)
        fd_table_add_note(t, c.summary->notes[FD_ZH][k], c.summary->notes[FD_EN][k]);
    fd_map_free(pci);
    fd_complexity_dispose(&c);
    return 0;
}
