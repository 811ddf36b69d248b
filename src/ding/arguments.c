/*
 * Whole arguments of clauses: formulas, conditions, 缺数 and 亮灯 rules, the parts of policies.
 */
#include "ding/expr_parser.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

/* ≥ 路径 − 2 百分点: the left side is the figure judged. */
static fd_expr *parse_light(fd_parser *p)
{
    fd_token at = p->token;
    fd_expr_kind kind;
    fd_expr *value;

    if (!fd_parse__relation(p, &kind))
        return fd_parse__or(p);
    value = fd_parse__make(p, FD_EXPR_NAME, &at);
    value->text = "值";
    return fd_parse__or_after(p, fd_parse__comparison(p, value));
}

static bool is_end(const fd_parser *p)
{
    return p->token.kind == FD_TOKEN_END;
}

/* A child for one rule of 缺数 or 亮灯. */
static void add_rule(fd_clause *clause, fd_parser *p, size_t *room, const char *keyword, fd_expr *e,
                     const fd_token *at)
{
    fd_clause *child;

    if (clause->child_count == *room) {
        fd_clause *larger;

        *room = *room ? *room * 2 : 4;
        larger = fd_arena_alloc(p->arena, *room * sizeof *larger);
        if (clause->child_count)
            memcpy(larger, clause->children, clause->child_count * sizeof *larger);
        clause->children = larger;
    }
    child = &clause->children[clause->child_count++];
    *child = (fd_clause){
        .keyword = keyword, .text = "", .expr = e, .span = at->span, .argument = at->span
    };
}

static const fd_word *take_from(fd_parser *p, const fd_word *list)
{
    const fd_word *w = p->token.kind == FD_TOKEN_NAME ? fd_grammar_word(list, p->token.text) : NULL;

    if (w)
        fd_parse__advance(p);
    return w;
}

/* 任一缺报 → 缺报;营业收入 = 0 → 不适用 */
static void parse_missing(fd_parser *p, fd_clause *clause)
{
    size_t room = 0;

    do {
        fd_token at = p->token;
        const fd_word *result = NULL;
        fd_expr *when = NULL;

        if (is_end(p) && clause->child_count)
            break;
        if (!fd_parse__take_word(p, "任一缺报", "any_missing"))
            when = fd_parse__or(p);
        if (!p->failed && !fd_parse__take_symbol(p, 'A'))
            fd_parse__fault(p, &p->token, "应写 任一缺报 → 缺报 或 条件 → 不适用",
                            "write: any_missing -> missing, or CONDITION -> na");
        if (!p->failed && !(result = take_from(p, fd_grammar_missing_results())))
            fd_parse__fault(p, &p->token, "→ 后面应为 缺报、不适用 或 已报",
                            "after ->: missing, na or reported");
        if (!p->failed && when && strcmp(result->zh, "已报") == 0)
            fd_parse__fault(p, &at, "只有 任一缺报 可以 → 已报",
                            "only any_missing may give reported");
        if (!p->failed && !when && strcmp(result->zh, "不适用") == 0)
            fd_parse__fault(p, &at, "缺报不是不适用", "missing is not the same as not applicable");
        if (!p->failed)
            add_rule(clause, p, &room, result->zh, when, &at);
    } while (!p->failed && fd_parse__take_symbol(p, ';'));
}

/* 绿 ≥ 路径;黄 ≥ 路径 − 2 百分点;红 其余 */
static void parse_lights(fd_parser *p, fd_clause *clause)
{
    size_t room = 0;

    do {
        fd_token at = p->token;
        const fd_word *color;
        fd_expr *when = NULL;

        if (is_end(p) && clause->child_count)
            break;
        if (clause->child_count == 0 && fd_parse__take_word(p, "用", "use")) {
            /* a light declared elsewhere */
            if (p->token.kind != FD_TOKEN_NAME) {
                fd_parse__fault(p, &p->token, "用 后面应为灯的名称",
                                "the name of a light is expected after use");
                break;
            }
            add_rule(clause, p, &room, "用", NULL, &at);
            clause->children[0].text = fd_parse__keep(p, p->token.text);
            fd_parse__advance(p);
            break;
        }
        if (!(color = take_from(p, fd_grammar_colors()))) {
            fd_parse__fault(p, &p->token, "应写 绿 条件;黄 条件;红 其余",
                            "write: green CONDITION; yellow CONDITION; red else");
            break;
        }
        if (!fd_parse__take_word(p, "其余", "else"))
            when = parse_light(p);
        if (!p->failed)
            add_rule(clause, p, &room, color->zh, when, &at);
    } while (!p->failed && fd_parse__take_symbol(p, ';'));
}

/* 名称 [仅 2026 | 免 条件、条件]: what stands before a policy's condition or value. */
static void parse_part_name(fd_parser *p, fd_clause *clause)
{
    size_t room = 0;
    const char *keyword;

    if (p->token.kind != FD_TOKEN_NAME || fd_parse__is_operator(&p->token) ||
        fd_parse__word_is(&p->token, "查表", "bands")) {
        fd_parse__hint(fd_parse__fault(p, &p->token, "这里应为条件的名称",
                                       "the condition's name is expected here"),
                       "写成 条件 名称 算式,例如 条件 满一年 成立日期 + 1 年 ≤ 申请日",
                       "write: where NAME CONDITION");
        return;
    }
    clause->name = fd_parse__keep(p, p->token.text);
    fd_parse__advance(p);
    while (!p->failed && ((keyword = fd_parse__take_word(p, "仅", "only") ? "仅" : NULL) ||
                          (keyword = fd_parse__take_word(p, "免", "waives") ? "免" : NULL)))
        do {
            fd_token at = p->token;

            if (p->token.kind != FD_TOKEN_NAME && p->token.kind != FD_TOKEN_NUMBER) {
                fd_parse__fault(p, &p->token, "这里应为版本或条件的名称",
                                "the name of a version or condition is expected");
                break;
            }
            add_rule(clause, p, &room, keyword, NULL, &at);
            clause->children[clause->child_count - 1].text = fd_parse__keep(p, p->token.text);
            fd_parse__advance(p);
        } while (!p->failed && fd_parse__take_symbol(p, ','));
}

/* What people write where a sign or a keyword should stand. */
static void hint_slip(fd_parser *p, fd_error *e)
{
    static const struct {
        const char *word, *sign;
    } slips[] = {
        { "大于等于", "≥" },   { "大于或等于", "≥" }, { "不低于", "≥" }, { "不少于", "≥" },
        { "不小于", "≥" },     { "达到", "≥" },       { "至少", "≥" },   { "小于等于", "≤" },
        { "小于或等于", "≤" }, { "不超过", "≤" },     { "不高于", "≤" }, { "不多于", "≤" },
        { "不大于", "≤" },     { "大于", ">" },       { "超过", ">" },   { "高于", ">" },
        { "多于", ">" },       { "小于", "<" },       { "低于", "<" },   { "不满", "<" },
        { "少于", "<" },       { "等于", "=" },       { "或者", "或" },  { "或是", "或" },
        { "并且", "且" },      { "而且", "且" },      { "同时", "且" },  { "除以", "÷" },
        { "乘以", "×" },       { "加上", "+" },       { "减去", "−" },
    };

    if (!e)
        return;
    if (p->token.kind == FD_TOKEN_SYMBOL && p->token.symbol == ',')
        fd_parse__hint(e, "数里不写千分位的逗号:5000 万元", "no comma in a number: 5000");
    for (size_t i = 0; p->token.kind == FD_TOKEN_NAME && i < sizeof slips / sizeof *slips; i++)
        if (fd_view_is(p->token.text, slips[i].word))
            fd_error_set_hint(e, "「%s」写成 %s,两边留空格", "for %s write %s between blanks",
                              slips[i].word, slips[i].sign);
}

bool fd_expr__parse(fd_clause *clause, fd_shape shape, fd_arena *arena, const fd_piece *pieces,
                    size_t count, const char *file, fd_diags *diags)
{
    fd_parser p = { .arena = arena, .diags = diags, .file = file };

    p.open_cases = shape == FD_SHAPE_GRANT;
    fd_lexer_init(&p.lexer, pieces, count);
    fd_parse__advance(&p);
    if (shape == FD_SHAPE_NAMED_TRUTH || shape == FD_SHAPE_NAMED_NUMBER) {
        parse_part_name(&p, clause);
        if (!p.failed)
            shape = shape == FD_SHAPE_NAMED_TRUTH ? FD_SHAPE_TRUTH : FD_SHAPE_NUMBER;
    }
    if (shape == FD_SHAPE_MISSING)
        parse_missing(&p, clause);
    else if (shape == FD_SHAPE_LIGHTS)
        parse_lights(&p, clause);
    else if (shape != FD_SHAPE_LIGHT)
        clause->expr = p.failed                  ? NULL
                       : shape == FD_SHAPE_TRUTH ? fd_parse__or(&p)
                                                 : fd_parse__case(&p);
    else if (!fd_parse__take_word(&p, "其余", "else"))
        clause->expr = parse_light(&p);
    if (!p.failed && !is_end(&p)) {
        fd_error *e =
            fd_parse__fault(&p, &p.token, "后面这一段看不懂", "what follows is not understood");

        hint_slip(&p, e);
        if (e && !e->hint[FD_ZH][0] && p.token.kind == FD_TOKEN_NAME)
            fd_parse__hint(
                e, "两个名称之间少了运算符;名称里有空格时写在「」里",
                "an operator is missing between two names; a name with blanks stands in 「」");
    }
    if (p.failed) {
        clause->expr = NULL;
        clause->name = NULL;
        clause->children = NULL;
        clause->child_count = 0;
    }
    return !p.failed;
}
