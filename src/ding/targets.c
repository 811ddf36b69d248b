/*
 * 灯 and 目标: rules of colours, dated promises.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ding/program.h"

/* ---- lights ---- */

static int color_of(const char *keyword)
{
    const fd_word *colors = fd_grammar_colors();

    for (int i = 0; colors[i].zh; i++)
        if (strcmp(colors[i].zh, keyword) == 0)
            return i;
    return -1;
}

/* Rules are tried in order; one behind 其余 never holds. */
static void add_rule(fd_loader *l, fd_light *light, int color, const fd_clause *c,
                     const fd_unit *unit)
{
    fd_check check = { l->p, l->p->arena, light->decl, l->diags, unit, NULL };
    fd_expr *when = fd_expr__clone(l->p->arena, c->expr);
    struct fd_light_rule *last;

    assert(light->rules);
    last = light->rule_count ? &light->rules[light->rule_count - 1] : NULL;

    if (last && !last->when)
        fd_program__find(l->diags, FD_FAULT, "light", light->decl, &c->span,
                         "其余 之后的规则永远轮不到", "a rule behind else is never reached");
    if (when && fd_expr__check(&check, when, "city", false) && !when->type.is_truth)
        fd_program__find(l->diags, FD_FAULT, "type", light->decl, &c->span, "灯的规则应为条件",
                         "a light's rule is a condition");
    light->rules[light->rule_count++] = (struct fd_light_rule){ color, when, NULL };
}

static void check_closed(fd_loader *l, const fd_light *light, const fd_span *span)
{
    if (light->rule_count && light->rules[light->rule_count - 1].when)
        fd_error_set_hint(fd_program__find(l->diags, FD_FAULT, "light", light->decl, span,
                                           "灯的最后一条应是 其余",
                                           "the last rule of a light is else"),
                          "例如 红 其余;数不明时为灰",
                          "for example: red else; what is unknown is grey");
}

static fd_light *read_light(fd_loader *l, const fd_decl *decl)
{
    fd_light *light = fd_arena_alloc(l->p->arena, sizeof *light);
    const fd_unit *unit = fd_decl__clause(decl, "单位") ? fd_unit__of_clause(l, decl, "单位")
                          : l->p->percent               ? l->p->percent
                                                        : l->p->one;

    light->decl = decl;
    light->id = decl->alias;
    light->name = decl->name;
    light->rules = fd_arena_alloc(l->p->arena, (decl->clause_count + 1) * sizeof *light->rules);
    for (size_t i = 0; i < decl->clause_count; i++) {
        const fd_clause *c = &decl->clauses[i];
        int color = color_of(c->keyword);

        if (color >= 0)
            add_rule(l, light, color, c, unit);
        else if (strcmp(c->keyword, "理由") == 0 && light->rule_count)
            light->rules[light->rule_count - 1].reason = c->text;
    }
    if (!light->rule_count && !decl->broken)
        fd_program__find(l->diags, FD_FAULT, "light", decl, NULL, "灯要有规则",
                         "a light needs rules");
    check_closed(l, light, NULL);
    return light;
}

void fd_load__lights(fd_loader *l)
{
    size_t count = l->p->decls[FD_DECL_LIGHT].count;

    l->p->typed[FD_DECL_LIGHT] = fd_arena_alloc(l->p->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count; i++)
        l->p->typed[FD_DECL_LIGHT][i] = read_light(l, l->p->decls[FD_DECL_LIGHT].items[i]);
}

/* ---- targets ---- */

static void grow_base(fd_loader *l, fd_target *t, size_t *room)
{
    fd_target_point *larger;

    if (t->base_count < *room)
        return;
    *room = *room ? *room * 2 : 8;
    larger = fd_arena_alloc(l->p->arena, *room * sizeof *larger);
    if (t->base_count)
        memcpy(larger, t->base, t->base_count * sizeof *larger);
    t->base = larger;
}

/* 2018 年 4.1 %;2024 年 13.9 % */
static void read_base(fd_loader *l, fd_target *t, const fd_clause *c, size_t *room)
{
    fd_reading r;

    fd_reading_start(&r, l, t->decl, c);
    do {
        fd_target_point point = { 0, { 0, 0 }, c->cite };

        if (r.token.kind == FD_TOKEN_END && t->base_count)
            break;
        if (!fd_reading_year(&r, &point.year) || !fd_reading_amount(&r, &point.value, t->unit)) {
            fd_reading_fault(&r, "base", "基线 应写 年份 年 数 单位;年份 年 数 单位",
                             "base: YEAR NUMBER UNIT; …");
            return;
        }
        if (t->base_count && point.year <= t->base[t->base_count - 1].year) {
            fd_reading_fault(&r, "order", "年份应从早到晚,不重复", "years must ascend");
            return;
        }
        grow_base(l, t, room);
        t->base[t->base_count++] = point;
    } while (fd_reading_symbol(&r, ';'));
    if (r.token.kind != FD_TOKEN_END)
        fd_reading_fault(&r, "base", "后面这一段看不懂", "what follows is not understood");
}

/* (起算年 2024,参数;并列 2026、2028) */
static bool read_due_options(fd_reading *r, fd_target *t)
{
    do {
        if (fd_reading_word(r, "起算年", "start")) {
            if (!fd_reading_year(r, &t->start_year))
                return false;
        } else if (fd_reading_word(r, "参数", "param")) {
            t->start_is_param = true;
        } else if (fd_reading_word(r, "并列", "also")) {
            do {
                int year;

                if (!fd_reading_year(r, &year) || t->also_count == 6)
                    return false;
                t->also_years[t->also_count++] = year;
            } while (fd_reading_symbol(r, ','));
        } else {
            return false;
        }
    } while (fd_reading_symbol(r, ',') || fd_reading_symbol(r, ';'));
    return fd_reading_symbol(r, ')');
}

/* 2027 年 ≥ 30 %(起算年 2024,参数;并列 2026、2028) */
static void read_due(fd_loader *l, fd_target *t, const fd_clause *c)
{
    fd_reading r;

    fd_reading_start(&r, l, t->decl, c);
    if (!fd_reading_year(&r, &t->due_year))
        goto bad;
    if (fd_reading_symbol(&r, 'G'))
        t->relation = FD_EXPR_GE;
    else if (fd_reading_symbol(&r, 'L'))
        t->relation = FD_EXPR_LE;
    else if (fd_reading_symbol(&r, '='))
        t->relation = FD_EXPR_EQ;
    else
        goto bad;
    if (!fd_reading_amount(&r, &t->value, t->unit))
        goto bad;
    if (fd_reading_symbol(&r, '(') && !read_due_options(&r, t))
        goto bad;
    if (r.token.kind == FD_TOKEN_END)
        return;
bad:
    fd_error_set_hint(fd_reading_fault(&r, "due", "到期 写不对", "due is not well formed"),
                      "应写 2027 年 ≥ 30 %%(起算年 2024,参数;并列 2026、2028),后面的括号可以不写",
                      "write: 2027 >= 30 %% (start 2024, param; also 2026, 2028); the parenthesis "
                      "may be left out");
}

/* 线性 2024 → 2027 */
static void read_path(fd_loader *l, fd_target *t, const fd_clause *c)
{
    fd_reading r;

    t->path_from = t->start_year;
    t->path_to = t->due_year;
    if (!c)
        return;
    fd_reading_start(&r, l, t->decl, c);
    if (fd_reading_word(&r, "线性", "linear")) {
        t->path_linear = true;
        if (r.token.kind == FD_TOKEN_END)
            return;
        if (fd_reading_year(&r, &t->path_from) && fd_reading_symbol(&r, 'A') &&
            fd_reading_year(&r, &t->path_to) && r.token.kind == FD_TOKEN_END) {
            if (t->path_from < t->path_to)
                return;
            fd_reading_fault(&r, "order", "路径 的起年不早于止年",
                             "the path ends before it begins");
            return;
        }
    }
    fd_reading_fault(&r, "path", "路径 应写 线性 2024 → 2027", "path: linear 2024 -> 2027");
}

/* 黄 ≥ 路径 − 2 百分点 (or ≤ 路径 + …): the margin, when the yellow rule has this form. */
static void find_margin(fd_target *t)
{
    for (size_t i = 0; t->light && i < t->light->rule_count; i++) {
        const fd_expr *when = t->light->rules[i].when;
        const fd_expr *bound;

        if (t->light->rules[i].color != 1 || !when ||
            (when->kind != FD_EXPR_GE && when->kind != FD_EXPR_LE))
            continue;
        bound = when->children[1];
        if ((bound->kind != FD_EXPR_SUB && bound->kind != FD_EXPR_ADD) ||
            bound->children[0]->symbol != FD_SYM_VARIABLE ||
            bound->children[1]->kind != FD_EXPR_NUMBER)
            continue;
        if (bound->children[1]->type.unit &&
            !fd_unit__convert_decimal(&t->yellow_margin, bound->children[1]->number,
                                      bound->children[1]->type.unit, t->unit))
            t->yellow_margin = bound->children[1]->number;
    }
}

static void read_lights(fd_loader *l, fd_target *t, const fd_clause *c)
{
    fd_light *light;

    if (!c)
        return;
    if (c->child_count == 1 && strcmp(c->children[0].keyword, "用") == 0) {
        const char *name = c->children[0].text;

        t->light = fd_program_light(l->p, name);
        if (!t->light)
            fd_program__suggest(l->p, l->diags,
                                fd_program__find(l->diags, FD_FAULT, "light", t->decl, &c->argument,
                                                 "没有灯:%.80s", "no such light: %.80s", name),
                                1u << FD_DECL_LIGHT, name);
        return;
    }
    light = fd_arena_alloc(l->p->arena, sizeof *light);
    light->decl = t->decl;
    light->id = t->id;
    light->name = t->name;
    light->rules = fd_arena_alloc(l->p->arena, (c->child_count + 1) * sizeof *light->rules);
    for (size_t i = 0; i < c->child_count; i++)
        add_rule(l, light, color_of(c->children[i].keyword), &c->children[i], t->unit);
    check_closed(l, light, &c->span);
    t->light = light;
    find_margin(t);
}

static void check_years(fd_loader *l, const fd_target *t)
{
    if (!t->due_year)
        return;
    if (t->start_year >= t->due_year && t->start_year)
        fd_program__find(l->diags, FD_FAULT, "order", t->decl, NULL, "起算年不早于到期年",
                         "the start year is not before the due year");
    for (size_t i = 0; i < t->also_count; i++)
        if (t->also_years[i] <= t->start_year || t->also_years[i] == t->due_year)
            fd_program__find(l->diags, FD_FAULT, "order", t->decl, NULL,
                             "并列的年份 %d 不在起算年之后,或就是到期年",
                             "the further year %d is not after the start year, or is the due year",
                             t->also_years[i]);
    for (size_t i = 0; i < t->base_count; i++)
        if (t->base[i].year == t->start_year)
            return;
    if (t->base_count && t->start_year)
        fd_program__find(l->diags, FD_WARNING, "base", t->decl, NULL, "起算年 %d 没有基线数",
                         "no base figure for %d", t->start_year);
}

static fd_target *read_target(fd_loader *l, const fd_decl *decl)
{
    fd_program *p = l->p;
    fd_target *t = fd_arena_alloc(p->arena, sizeof *t);
    const fd_clause *named = fd_decl__clause(decl, "指标"), *due = fd_decl__clause(decl, "到期"),
                    *scope = fd_decl__clause(decl, "范围"), *owner = fd_decl__clause(decl, "牵头"),
                    *cite = fd_decl__clause(decl, "依据");
    const char *name = named && named->word_count ? named->words[0] : "";
    const fd_expr *body;
    size_t room = 0;

    t->decl = decl;
    t->id = decl->alias;
    t->name = decl->name;
    t->relation = FD_EXPR_GE;
    t->unit = p->one;
    t->scope = scope ? scope->text : NULL;
    t->owner = owner ? owner->text : NULL;
    t->indicator = fd_program_indicator(p, name);
    if (!t->indicator) {
        if (named)
            fd_program__suggest(p, l->diags,
                                fd_program__find(l->diags, FD_FAULT, "indicator", decl,
                                                 &named->argument, "没有指标:%.80s",
                                                 "no such indicator: %.80s", name),
                                1u << FD_DECL_INDICATOR, name);
        return t;
    }
    t->unit = t->indicator->unit;
    body = fd_indicator__body(t->indicator, false);
    if (!body)
        fd_program__find(l->diags, FD_FAULT, "level", decl, &named->argument,
                         "指标「%s」没有汇总,不能作目标",
                         "indicator %s has no total and cannot be a target", t->indicator->name);
    else if (body->type.is_estimate)
        fd_error_set_hint(fd_program__find(l->diags, FD_FAULT, "estimate", decl, &named->argument,
                                           "指标「%s」是估计值,不能直接用来判定",
                                           "indicator %s is an estimate and does not decide",
                                           t->indicator->name),
                          "在指标的汇总里写明 修约(…,2 位)",
                          "write round_even(…, 2 digits) in the indicator's total");
    for (size_t i = 0; i < decl->clause_count; i++)
        if (strcmp(decl->clauses[i].keyword, "基线") == 0)
            read_base(l, t, &decl->clauses[i], &room);
    if (due)
        read_due(l, t, due);
    t->cite = due && due->cite ? due->cite : cite ? cite->text : NULL;
    if (!t->start_year && t->base_count)
        t->start_year = t->base[t->base_count - 1].year;
    check_years(l, t);
    read_path(l, t, fd_decl__clause(decl, "路径"));
    read_lights(l, t, fd_decl__clause(decl, "亮灯"));
    return t;
}

void fd_load__targets(fd_loader *l)
{
    size_t count = l->p->decls[FD_DECL_TARGET].count;

    l->p->typed[FD_DECL_TARGET] = fd_arena_alloc(l->p->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count; i++)
        l->p->typed[FD_DECL_TARGET][i] = read_target(l, l->p->decls[FD_DECL_TARGET].items[i]);
}
