/*
 * 指标: reading the clauses, then checking every expression once those it needs have been checked.
 */
#include <stdlib.h>
#include <string.h>

#include "ding/program.h"

static bool period_kind(const char *word, fd_period_kind *out)
{
    static const struct {
        const char *zh;
        fd_period_kind kind;
    } names[] = {
        { "年", FD_YEAR },         { "季", FD_QUARTER }, { "月", FD_MONTH },
        { "累计", FD_CUMULATIVE }, { "日", FD_DAY },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(word, names[i].zh) == 0) {
            *out = names[i].kind;
            return true;
        }
    return false;
}

static fd_expr *expression(fd_loader *l, const fd_decl *decl, const char *keyword)
{
    const fd_clause *c = fd_decl__clause(decl, keyword);

    return c ? fd_expr__clone(l->p->arena, c->expr) : NULL;
}

/* 显示 保留 2 位(GB/T 8170), or display 2 digits: the first figure. -1 without. */
static int8_t display_digits(fd_loader *l, const fd_decl *decl)
{
    const fd_clause *c = fd_decl__clause(decl, "显示");
    fd_reading r;

    if (!c)
        return -1;
    for (fd_reading_start(&r, l, decl, c); r.token.kind != FD_TOKEN_END; fd_reading_next(&r))
        if (r.token.kind == FD_TOKEN_NUMBER && r.token.text.len == 1)
            return (int8_t)(r.token.text.ptr[0] - '0');
    fd_error_set_hint(fd_program__find(l->diags, FD_FAULT, "display", decl, &c->argument,
                                       "显示 里没有位数", "display has no number of digits"),
                      "写 保留 2 位", "write: 2 digits");
    return -1;
}

static void read_periods(fd_indicator *i)
{
    const fd_clause *period = fd_decl__clause(i->decl, "期间");

    for (size_t w = 0; period && w < period->word_count && i->period_count < 5; w++) {
        fd_period_kind kind;
        bool again = false;

        if (!period_kind(period->words[w], &kind))
            continue;
        for (size_t k = 0; k < i->period_count; k++)
            again = again || i->periods[k] == kind;
        if (!again)
            i->periods[i->period_count++] = kind;
    }
    if (!i->period_count)
        i->periods[i->period_count++] = FD_YEAR;
}

static void read_missing(fd_loader *l, fd_indicator *i)
{
    const fd_clause *c = fd_decl__clause(i->decl, "缺数");

    i->missing = FD_RULE_MISSING;
    if (!c) {
        if (!i->decl->broken)
            fd_error_set_hint(
                fd_program__find(l->diags, FD_WARNING, "missing", i->decl, NULL,
                                 "没有写 缺数,按 任一缺报 → 缺报 处理",
                                 "no rule for missing data: any missing gives missing"),
                "加一行 缺数 任一缺报 → 缺报", "add: missing any_missing -> missing");
        return;
    }
    i->rules = fd_arena_alloc(l->p->arena, (c->child_count + 1) * sizeof *i->rules);
    for (size_t k = 0; k < c->child_count; k++) {
        const fd_clause *rule = &c->children[k];

        if (!rule->expr)
            i->missing =
                strcmp(rule->keyword, "已报") == 0 ? FD_RULE_SKIP_REPORTED : FD_RULE_MISSING;
        else
            i->rules[i->rule_count++] =
                (fd_state_rule){ fd_expr__clone(l->p->arena, rule->expr),
                                 strcmp(rule->keyword, "不适用") == 0 ? FD_NA : FD_MISSING };
    }
}

static fd_indicator *read_indicator(fd_loader *l, const fd_decl *decl)
{
    fd_indicator *i = fd_arena_alloc(l->p->arena, sizeof *i);
    const char *series = fd_decl__word(decl, "口径"), *direction = fd_decl__word(decl, "方向");

    i->decl = decl;
    i->id = decl->alias;
    i->name = decl->name;
    i->kind = fd_subject_kind_id(fd_decl__word(decl, "对象"));
    i->kind = i->kind ? i->kind : "enterprise";
    read_periods(i);
    i->unit = fd_unit__of_clause(l, decl, "单位");
    i->formula = expression(l, decl, "公式");
    i->total = expression(l, decl, "汇总");
    i->population = expression(l, decl, "范围");
    if (!i->formula && !i->total && !decl->broken)
        fd_program__find(l->diags, FD_FAULT, "formula", decl, NULL, "指标要有 公式 或 汇总",
                         "an indicator needs a formula or a total");
    read_missing(l, i);
    i->digits = display_digits(l, decl);
    i->verified = fd_decl__clause(decl, "核定") || (series && strcmp(series, "核定") == 0);
    if (i->verified && fd_decl__clause(decl, "测算"))
        fd_program__find(l->diags, FD_FAULT, "series", decl, NULL, "核定 和 测算 只写一个",
                         "either verified or own");
    i->higher_is_better = direction && strcmp(direction, "越高越好") == 0;
    i->lower_is_better = direction && strcmp(direction, "越低越好") == 0;
    i->sources = fd_decl__words(l->p->arena, decl, "来源", &i->source_count);
    i->other_names = fd_decl__words(l->p->arena, decl, "别名", &i->other_count);
    return i;
}

/* ---- order and circles ---- */

/* A node is an indicator on a level: 2·index for its formula per subject, 2·index + 1 for its
 * total. */
typedef struct graph {
    fd_loader *loader;
    fd_map *index;        /* indicator's id → index */
    size_t count;         /* indicators */
    uint8_t *state;       /* 0 unseen, 1 on the path, 2 done */
    fd_vec(size_t) edges; /* of the node being expanded */
    fd_vec(size_t) order;
} graph;

static void add_edge(void *payload, const fd_indicator *i, bool vector)
{
    graph *g = payload;
    uint64_t at;

    if (fd_map_get(g->index, fd_view_of(i->id), &at))
        fd_vec_push(&g->edges, (size_t)at * 2 + (vector ? 0 : 1));
}

/* What a node needs, put at the end of edges. */
static void expand(graph *g, size_t node)
{
    const fd_indicator *i = g->loader->p->typed[FD_DECL_INDICATOR][node / 2];
    const fd_program *p = g->loader->p;
    bool vector = node % 2 == 0;

    fd_expr__indicators(p, fd_indicator__body(i, vector),
                        vector && fd_subject_kind_is_listed(i->kind), add_edge, g);
    fd_expr__indicators(p, i->population, true, add_edge, g);
    for (size_t k = 0; k < i->rule_count; k++)
        fd_expr__indicators(p, i->rules[k].when, i->formula != NULL, add_edge, g);
}

typedef struct step {
    size_t node, edge, end; /* edges[edge .. end) are still to be followed */
} step;

static void report_circle(graph *g, const step *path, size_t depth, size_t node)
{
    fd_program *p = g->loader->p;
    fd_buf names = FD_BUF_INIT;
    size_t from = depth;
    const fd_indicator *first = p->typed[FD_DECL_INDICATOR][node / 2];

    while (from > 0 && path[from - 1].node != node)
        from--;
    for (size_t i = from ? from - 1 : 0; i < depth && names.len < 200; i++)
        fd_buf_printf(&names, "%s → ",
                      ((fd_indicator *)p->typed[FD_DECL_INDICATOR][path[i].node / 2])->name);
    fd_buf_puts(&names, first->name);
    fd_program__find(g->loader->diags, FD_FAULT, "cycle", first->decl, NULL, "指标互相引用成环:%s",
                     "indicators refer to each other in a circle: %s", fd_buf_text(&names));
    fd_buf_dispose(&names);
}

/* Depth first without recursion: chains of indicators may be long. */
static void walk(graph *g, size_t start)
{
    fd_vec(step) path = { 0 };
    step f = { start, g->edges.count, 0 };

    if (g->state[start])
        return;
    g->state[start] = 1;
    expand(g, start);
    f.end = g->edges.count;
    fd_vec_push(&path, f);
    while (path.count) {
        step *top = &path.items[path.count - 1];
        size_t next;

        if (top->edge == top->end) {
            g->state[top->node] = 2;
            fd_vec_push(&g->order, top->node);
            path.count--;
            g->edges.count = path.count ? path.items[path.count - 1].end : 0;
            continue;
        }
        next = g->edges.items[top->edge++];
        if (g->state[next] == 1) {
            report_circle(g, path.items, path.count, next);
        } else if (g->state[next] == 0) {
            g->state[next] = 1;
            f = (step){ next, g->edges.count, 0 };
            expand(g, next);
            f.end = g->edges.count;
            fd_vec_push(&path, f);
        }
    }
    fd_vec_dispose(&path);
}

/* ---- checking ---- */

static fd_check checker_of(fd_loader *l, const fd_decl *decl)
{
    return (fd_check){ l->p, l->p->arena, decl, l->diags, NULL, NULL };
}

/* The formula per subject, and what goes with it. */
static void check_vector(fd_loader *l, fd_indicator *i)
{
    fd_check c = checker_of(l, i->decl);
    bool listed = fd_subject_kind_is_listed(i->kind);
    fd_expr *formula = (fd_expr *)(uintptr_t)i->formula,
            *population = (fd_expr *)(uintptr_t)i->population;

    if (population && fd_expr__check(&c, population, i->kind, true) && !population->type.is_truth)
        fd_program__find(l->diags, FD_FAULT, "type", i->decl, &population->span, "范围 应为条件",
                         "population is a condition");
    if (formula && listed && fd_expr__check(&c, formula, i->kind, true)) {
        if (formula->type.is_truth || formula->type.is_text || formula->type.is_date)
            fd_program__find(l->diags, FD_FAULT, "type", i->decl, &formula->span, "公式 应为数",
                             "a formula is a number");
        else
            (void)fd_expr__assign(&c, formula, i->unit);
    }
    for (size_t k = 0; k < i->rule_count; k++) {
        fd_expr *when = (fd_expr *)(uintptr_t)i->rules[k].when;
        const char *frame = fd_expr__frame(l->p, when);
        /* a rule that speaks of subjects is one about subjects */
        bool vector = listed && i->formula && frame && fd_subject_kind_is_listed(frame);

        if (fd_expr__check(&c, when, i->kind, vector) && !when->type.is_truth)
            fd_program__find(l->diags, FD_FAULT, "type", i->decl, &when->span,
                             "缺数 的 → 左边应为条件", "a condition is expected left of ->");
    }
}

/* The total, or the formula of a kind whose subjects are groups. */
static void check_group(fd_loader *l, fd_indicator *i)
{
    fd_check c = checker_of(l, i->decl);
    fd_expr *body = (fd_expr *)(uintptr_t)fd_indicator__body(i, false);

    if (!body || !fd_expr__check(&c, body, i->kind, false))
        return;
    if (body->type.is_truth || body->type.is_text || body->type.is_date)
        fd_program__find(l->diags, FD_FAULT, "type", i->decl, &body->span, "汇总 应为数",
                         "a total is a number");
    else
        (void)fd_expr__assign(&c, body, i->unit);
    if (i->total && i->formula && !fd_subject_kind_is_listed(i->kind)) {
        fd_expr *formula = (fd_expr *)(uintptr_t)i->formula;

        if (fd_expr__check(&c, formula, i->kind, false))
            (void)fd_expr__assign(&c, formula, i->unit);
    }
}

void fd_load__indicators(fd_loader *l)
{
    fd_program *p = l->p;
    size_t count = p->decls[FD_DECL_INDICATOR].count;
    graph g = { .loader = l, .index = fd_map_new(), .count = count };

    /* All are read before any is checked: names resolve to structs. */
    p->typed[FD_DECL_INDICATOR] = fd_arena_alloc(p->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count; i++) {
        p->typed[FD_DECL_INDICATOR][i] = read_indicator(l, p->decls[FD_DECL_INDICATOR].items[i]);
        fd_map_set(g.index, fd_view_of(p->decls[FD_DECL_INDICATOR].items[i]->alias), i);
    }
    g.state = fd_alloc(count * 2 + 1);
    for (size_t node = 0; node < count * 2; node++)
        walk(&g, node);
    for (size_t k = 0; k < g.order.count; k++) {
        fd_indicator *i = p->typed[FD_DECL_INDICATOR][g.order.items[k] / 2];

        if (g.order.items[k] % 2 == 0)
            check_vector(l, i);
        else
            check_group(l, i);
    }
    fd_vec_dispose(&g.edges);
    fd_vec_dispose(&g.order);
    fd_map_free(g.index);
    free(g.state);
}
