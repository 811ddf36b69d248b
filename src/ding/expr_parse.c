/*
 * Recursive descent. From weak to strong: 条件 → 值; 或; 且; 非; comparison and 属于; + −; × ÷;
 * sign; [ ].
 */
#include "ding/expr_parser.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

/* The first fault of an argument is reported, those that follow from it are not. @return NULL then
 */
fd_error *fd_parse__fault(fd_parser *p, const fd_token *at, const char *zh, const char *en)
{
    fd_error *e = NULL;

    if (!p->failed) {
        e = fd_ding__finding(p->diags, FD_FAULT, "syntax", p->file, at->span, at->whole, "%s", "%s",
                             "");
        snprintf(e->message[FD_ZH], sizeof e->message[FD_ZH], "%s", zh);
        snprintf(e->message[FD_EN], sizeof e->message[FD_EN], "%s", en);
    }
    p->failed = true;
    return e;
}

void fd_parse__hint(fd_error *e, const char *zh, const char *en)
{
    if (e)
        fd_error_set_hint(e, "%s", "%s", "");
    if (e)
        for (int lang = 0; lang < 2; lang++)
            snprintf(e->hint[lang], sizeof e->hint[lang], "%s", lang == FD_ZH ? zh : en);
}

void fd_parse__advance(fd_parser *p)
{
    p->token = fd_lexer_next(&p->lexer);
    if (p->token.kind == FD_TOKEN_BAD)
        fd_parse__hint(
            fd_parse__fault(
                p, &p->token, "看不懂的字符,或者「」、引号、方括号没有闭合",
                "unexpected character, or 「」, a quote or a bracket that is not closed"),
            "名称里有空格、括号或运算符时,整个写在「」里",
            "a name with blanks, parentheses or operators stands in 「」");
}

bool fd_parse__is_symbol(const fd_parser *p, char symbol)
{
    return p->token.kind == FD_TOKEN_SYMBOL && p->token.symbol == symbol;
}

bool fd_parse__word_is(const fd_token *t, const char *zh, const char *en)
{
    return t->kind == FD_TOKEN_NAME && !t->bracketed &&
           (fd_view_is(t->text, zh) || fd_view_is(t->text, en));
}

bool fd_parse__take_symbol(fd_parser *p, char symbol)
{
    if (!fd_parse__is_symbol(p, symbol))
        return false;
    fd_parse__advance(p);
    return true;
}

bool fd_parse__take_word(fd_parser *p, const char *zh, const char *en)
{
    if (!fd_parse__word_is(&p->token, zh, en))
        return false;
    fd_parse__advance(p);
    return true;
}

/* The token after the present one. */
static fd_token look_ahead(const fd_parser *p)
{
    fd_lexer copy = p->lexer;

    return fd_lexer_next(&copy);
}

bool fd_parse__is_operator(const fd_token *t)
{
    return t->kind == FD_TOKEN_NAME && !t->bracketed && fd_grammar_is_operator(t->text);
}

/* 不超过, 达到 …: where a band begins. */
const fd_word *fd_parse__edge_of(const fd_token *t)
{
    return t->kind == FD_TOKEN_NAME && !t->bracketed ? fd_grammar_word(fd_grammar_edges(), t->text)
                                                     : NULL;
}

static bool is_edge(const fd_token *t)
{
    return fd_parse__edge_of(t) != NULL;
}

fd_expr *fd_parse__make(fd_parser *p, fd_expr_kind kind, const fd_token *at)
{
    fd_expr *e = fd_arena_alloc(p->arena, sizeof *e);

    e->kind = kind;
    e->height = 1;
    e->span = at->span;
    e->convert = (fd_quot){ 1, 1 };
    if (++p->nodes > FD_EXPR_NODES)
        fd_parse__fault(p, at, "一个子句里的算式太长", "the expression of one clause is too long");
    return e;
}

const char *fd_parse__keep(fd_parser *p, fd_view text)
{
    return fd_ding__half(p->arena, text);
}

void fd_parse__set_children(fd_parser *p, fd_expr *e, expr_list *list, const fd_token *at)
{
    e->child_count = list->count;
    e->children = fd_arena_alloc(p->arena, (list->count + 1) * sizeof *e->children);
    for (size_t i = 0; i < list->count; i++) {
        e->children[i] = list->items[i];
        if (e->children[i]->height >= e->height)
            e->height = e->children[i]->height + 1;
    }
    if (e->where && e->where->height >= e->height)
        e->height = e->where->height + 1;
    fd_vec_dispose(list);
    if (e->height > FD_EXPR_HEIGHT)
        fd_parse__fault(p, at, "算式嵌套超过 200 层,或一连超过 200 项",
                        "more than 200 levels, or terms in a row");
}

fd_expr *fd_parse__node(fd_parser *p, fd_expr_kind kind, const fd_token *at, fd_expr *a, fd_expr *b)
{
    fd_expr *e = fd_parse__make(p, kind, at);
    expr_list list = { 0 };

    fd_vec_push(&list, a);
    if (b)
        fd_vec_push(&list, b);
    fd_parse__set_children(p, e, &list, at);
    return e;
}

/* ---- leaves ---- */

/* A name that follows a number directly is its unit, unless it is an operator word. */
static fd_expr *parse_number(fd_parser *p)
{
    fd_expr *e = fd_parse__make(p, FD_EXPR_NUMBER, &p->token);

    e->text = fd_parse__keep(p, p->token.text);
    if (fd_decimal_parse(&e->number, e->text, strlen(e->text)) < 0) {
        fd_parse__fault(p, &p->token, "数字超过 18 位", "the number has more than 18 digits");
        fd_error_clear();
    }
    fd_parse__advance(p);
    if (fd_parse__is_symbol(p, '%')) {
        e->unit_text = "%";
        e->span.length = p->token.span.line == e->span.line
                             ? p->token.span.column + 1 - e->span.column
                             : e->span.length;
        fd_parse__advance(p);
    } else if (p->token.kind == FD_TOKEN_NAME && !fd_parse__is_operator(&p->token) &&
               !is_edge(&p->token)) {
        e->unit_text = fd_parse__keep(p, p->token.text);
        if (!p->token.bracketed &&
            (fd_view_starts(p->token.text, "且") || fd_view_starts(p->token.text, "或")))
            fd_parse__hint(fd_parse__fault(p, &p->token, "关键字两边要留空格",
                                           "blanks stand around a keyword"),
                           "写成 a = 1 且 b = 2", "write: a = 1 and b = 2");
        if (p->token.span.line == e->span.line)
            e->span.length = p->token.span.column + p->token.span.length - e->span.column;
        fd_parse__advance(p);
    }
    return e;
}

static fd_expr *parse_date(fd_parser *p)
{
    fd_expr *e = fd_parse__make(p, FD_EXPR_DATE, &p->token);

    if (fd_date_parse(&e->date, p->token.text.ptr, p->token.text.len) < 0) {
        fd_error_clear();
        fd_parse__fault(p, &p->token, "没有这一天", "there is no such day");
    }
    fd_parse__advance(p);
    return e;
}

/* The text between [ ]: 上年, 上年同期, 上年同期 已存, 核定, -1, 2020, 2024-01..12. */
static void parse_at(fd_parser *p, fd_expr *e, const fd_token *at)
{
    fd_buf folded = FD_BUF_INIT;
    const char *s;

    fd_utf8_fold(&folded, at->text);
    s = fd_buf_text(&folded);
    if (!strncmp(s, "−", strlen("−"))) {
        memmove(folded.ptr + 1, folded.ptr + strlen("−"), folded.len - strlen("−") + 1);
        folded.ptr[0] = '-';
    }
    if (!strcmp(s, "上年") || !strcmp(s, "last")) {
        e->at = FD_AT_YEAR_BEFORE;
    } else if (!strcmp(s, "上年同期") || !strcmp(s, "comparative")) {
        e->at = FD_AT_COMPARATIVE;
    } else if (!strcmp(s, "上年同期已存") || !strcmp(s, "comparativestored")) {
        e->at = FD_AT_YEAR_BEFORE_STORED;
    } else if (!strcmp(s, "核定") || !strcmp(s, "verified")) {
        e->at = FD_AT_VERIFIED;
    } else if (s[0] == '-' && s[1] >= '1' && s[1] <= '9' &&
               strspn(s + 1, "0123456789") == strlen(s + 1) && strlen(s) < 5) {
        e->at = FD_AT_STEP;
        e->step = atoi(s);
    } else if (at->text.len < 64 && fd_period_parse(&e->period, at->text.ptr, at->text.len) == 0) {
        e->at = FD_AT_PERIOD;
    } else {
        fd_error_clear();
        fd_parse__fault(
            p, at, "方括号里应为 上年、上年同期、上年同期 已存、核定、-1 或一个期间",
            "in brackets: last, comparative, comparative stored, verified, -1, or a period");
    }
    fd_buf_dispose(&folded);
}

static fd_expr *parse_word(fd_parser *p, fd_expr_kind kind)
{
    fd_expr *e = fd_parse__make(p, kind, &p->token);

    e->text = fd_parse__keep(p, p->token.text);
    e->quoted = kind == FD_EXPR_TEXT;
    if (!e->text[0] && kind == FD_EXPR_NAME)
        fd_parse__fault(p, &p->token, "名称是空的", "an empty name");
    fd_parse__advance(p);
    return e;
}

/* ---- calls ---- */

/* 近3年 or last3y: the number of years, 0 when the word is none. */
static int last_years(fd_view word)
{
    char text[32];
    int n = 0, used = 0;

    if (word.len >= sizeof text)
        return 0;
    memcpy(text, word.ptr, word.len);
    text[word.len] = '\0';
    if (sscanf(text, "近%2d年%n", &n, &used) == 1 && used == (int)word.len && n > 0)
        return n;
    used = 0;
    if (sscanf(text, "last%2dy%n", &n, &used) == 1 && used == (int)word.len && n > 0)
        return n;
    return 0;
}

static fd_expr *integer(fd_parser *p, const fd_token *at, int value)
{
    fd_expr *e = fd_parse__make(p, FD_EXPR_NUMBER, at);

    e->number = (fd_decimal){ value, 0 };
    e->text = fd_arena_printf(p->arena, "%d", value);
    return e;
}

static bool option(fd_parser *p, const fd_function_rule *rule, unsigned which)
{
    if (rule->options & which)
        return true;
    fd_parse__fault(p, &p->token, "这个函数没有这个选项",
                    "this function does not take this option");
    return false;
}

/* 条件 c, 可比价 按 index, 起 2020, 近3年, or an argument. *years receives N of 近N年. */
static void parse_argument(fd_parser *p, fd_expr *call, const fd_function_rule *rule,
                           expr_list *arguments, int *years)
{
    fd_token ahead = look_ahead(p);

    if (fd_parse__word_is(&p->token, "条件", "where") && call->function == FD_FN_COUNT) {
        fd_parse__advance(p);
        fd_vec_push(arguments, fd_parse__or(p));
        return;
    }
    if (fd_parse__word_is(&p->token, "条件", "where")) {
        if (!option(p, rule, FD_OPTION_WHERE))
            return;
        fd_parse__advance(p);
        if (call->where)
            fd_parse__fault(p, &p->token, "条件写了两次", "where stands twice");
        call->where = fd_parse__or(p);
        return;
    }
    if (fd_parse__word_is(&p->token, "可比价", "real") ||
        (fd_parse__word_is(&p->token, "按", "by") && ahead.kind == FD_TOKEN_NAME)) {
        if (!option(p, rule, FD_OPTION_DEFLATOR))
            return;
        (void)fd_parse__take_word(p, "可比价", "real");
        if (!fd_parse__take_word(p, "按", "by") || p->token.kind != FD_TOKEN_NAME ||
            fd_parse__is_operator(&p->token)) {
            fd_parse__fault(p, &p->token, "应写 可比价 按 价格指数", "write: real by PRICE_INDEX");
            return;
        }
        call->deflator = fd_parse__keep(p, p->token.text);
        fd_parse__advance(p);
        return;
    }
    if (fd_parse__word_is(&p->token, "起", "from") && ahead.kind == FD_TOKEN_NUMBER) {
        fd_expr *year;

        if (!option(p, rule, FD_OPTION_FROM))
            return;
        fd_parse__advance(p);
        year = parse_number(p);
        if (year->number.scale || year->number.mantissa < 1900 || year->number.mantissa > 2200)
            fd_parse__fault(p, &p->token, "起 后面应为年份", "a year is expected after from");
        else
            call->from_year = (int)year->number.mantissa;
        return;
    }
    if (call->function == FD_FN_SUM && arguments->count == 1) {
        *years = p->token.kind == FD_TOKEN_NAME && !p->token.bracketed &&
                         (ahead.kind != FD_TOKEN_SYMBOL || ahead.symbol != '(')
                     ? last_years(p->token.text)
                     : 0;
        if (*years) {
            fd_parse__advance(p);
            return;
        }
        if (fd_parse__word_is(&p->token, "近", "last") && ahead.kind == FD_TOKEN_NUMBER) {
            fd_expr *n;

            fd_parse__advance(p);
            n = parse_number(p);
            if (n->number.scale || n->number.mantissa < 1 || n->number.mantissa > 99)
                fd_parse__fault(p, &p->token, "近N年 的 N 应为 1 到 99", "last N y: N is 1 to 99");
            else
                *years = (int)n->number.mantissa;
            return;
        }
    }
    fd_vec_push(arguments, fd_parse__case(p));
}

static void check_arguments(fd_parser *p, const fd_token *at, const fd_function_rule *rule,
                            fd_expr *call, size_t count)
{
    const fd_expr *digits = count == 2 ? call->children[1] : NULL;

    if (p->failed)
        return;
    if ((int)count < rule->least || (int)count > rule->most) {
        fd_parse__fault(p, at, "参数个数不对", "wrong number of arguments");
    } else if (call->function == FD_FN_ROUND) {
        assert(digits); /* the rule asks for two arguments */
        if (digits->kind != FD_EXPR_NUMBER || digits->number.scale ||
            digits->number.mantissa > 12 ||
            (digits->unit_text && strcmp(digits->unit_text, "位") != 0 &&
             strcmp(digits->unit_text, "digits") != 0))
            fd_parse__fault(p, at, "位数应写成 0 位 到 12 位", "digits: 0 digits to 12 digits");
        call->children[1]->unit_text = NULL;
    }
}

static fd_expr *parse_call(fd_parser *p, const fd_function_rule *rule, const fd_token *at,
                           int years, bool reported)
{
    fd_expr *call = fd_parse__make(p, FD_EXPR_CALL, at);
    expr_list arguments = { 0 };
    size_t count;
    int window = 0;

    if (!rule) /* 近N年(x) */
        rule = fd_grammar_function(FD_VIEW("合计"));
    call->function = rule->function;
    call->rounding = rule->rounding;
    call->reported_only = reported;
    if (reported)
        (void)option(p, rule, FD_OPTION_REPORTED);
    fd_parse__advance(p); /* ( */
    if (!fd_parse__is_symbol(p, ')')) {
        parse_argument(p, call, rule, &arguments, &window);
        while (!p->failed && (fd_parse__take_symbol(p, ',') || fd_parse__take_symbol(p, ';')))
            parse_argument(p, call, rule, &arguments, &window);
    }
    if (!fd_parse__take_symbol(p, ')'))
        fd_parse__fault(p, &p->token, "缺少右括号", "a closing parenthesis is missing");
    count = arguments.count;
    if (years && window)
        fd_parse__fault(p, at, "近N年 写了两次", "last N years stands twice");
    years = years ? years : window;
    if (years) {
        call->function = FD_FN_LAST_YEARS;
        if (call->where || reported)
            fd_parse__fault(p, at, "近N年 不带 条件 和 已报",
                            "last N years takes neither where nor reported");
        fd_vec_push(&arguments, integer(p, at, years));
    }
    fd_parse__set_children(p, call, &arguments, at);
    check_arguments(p, at, rule, call, count);
    return call;
}

static fd_expr *unknown_function(fd_parser *p, const fd_token *at)
{
    const char *names[64];
    size_t count = fd_grammar_function_names(names, 64);
    const char *nearest = fd_nearest(fd_parse__keep(p, at->text), names, count);
    fd_error *e = fd_parse__fault(p, at, "没有这个函数", "there is no such function");

    if (e && nearest)
        fd_error_set_hint(e, "是不是「%s」?", "did you mean %s?", nearest);
    else
        fd_parse__hint(e, "名称里有括号时,整个写在「」里",
                       "a name with parentheses stands in 「」");
    return fd_parse__make(p, FD_EXPR_NAME, at);
}

/* A name, or a call when a parenthesis follows: 合计(…), 合计 已报(…), 近3年(…). */
static fd_expr *parse_name_or_call(fd_parser *p)
{
    const fd_function_rule *rule = p->token.bracketed ? NULL : fd_grammar_function(p->token.text);
    int years = p->token.bracketed ? 0 : last_years(p->token.text);
    fd_token at = p->token, ahead = look_ahead(p);
    bool reported = false;

    if (rule && fd_parse__word_is(&ahead, "已报", "reported")) {
        fd_parse__advance(p);
        ahead = look_ahead(p);
        reported = true;
    }
    if (!at.bracketed && ahead.kind == FD_TOKEN_SYMBOL && ahead.symbol == '(') {
        if (!rule && !years)
            return unknown_function(p, &at);
        fd_parse__advance(p);
        return parse_call(p, rule, &at, years, reported);
    }
    if (reported)
        fd_parse__fault(p, &p->token, "已报 后面应为括号",
                        "a parenthesis is expected after reported");
    return parse_word(p, FD_EXPR_NAME);
}

/* ---- operators ---- */

static fd_expr *parse_primary(fd_parser *p)
{
    fd_expr *e = NULL;
    fd_error *f;

    switch (p->token.kind) {
    case FD_TOKEN_NUMBER:
        e = parse_number(p);
        break;
    case FD_TOKEN_DATE:
        e = parse_date(p);
        break;
    case FD_TOKEN_NAME:
        if (fd_parse__word_is(&p->token, "查表", "bands"))
            e = fd_parse__bands(p, 1);
        else if (fd_parse__word_is(&p->token, "累进", "cumulative"))
            e = fd_parse__bands(p, 2);
        else if (!fd_parse__is_operator(&p->token))
            e = parse_name_or_call(p);
        break;
    case FD_TOKEN_TEXT:
        e = parse_word(p, FD_EXPR_TEXT);
        break;
    case FD_TOKEN_SYMBOL:
        if (fd_parse__take_symbol(p, '(')) {
            e = fd_parse__case(p);
            if (!fd_parse__take_symbol(p, ')'))
                fd_parse__fault(p, &p->token, "缺少右括号", "a closing parenthesis is missing");
        }
        break;
    default:
        break;
    }
    if (!e) {
        f = fd_parse__fault(
            p, &p->token, p->token.kind == FD_TOKEN_END ? "算式没有写完" : "这里应为数、名称或括号",
            p->token.kind == FD_TOKEN_END ? "the expression is not finished"
                                          : "a number, a name or a parenthesis is expected here");
        if (fd_parse__is_operator(&p->token))
            fd_parse__hint(f, "这个词是关键字;要作名称,写在「」里",
                           "this word is a keyword; as a name it stands in 「」");
        return fd_parse__make(p, FD_EXPR_NUMBER, &p->token);
    }
    while (p->token.kind == FD_TOKEN_AT && !p->failed) {
        fd_token at = p->token;

        e = fd_parse__node(p, FD_EXPR_AT, &at, e, NULL);
        parse_at(p, e, &at);
        fd_parse__advance(p);
    }
    return e;
}

fd_expr *fd_parse__sign(fd_parser *p)
{
    fd_token at = p->token;
    fd_expr *e;

    if (++p->depth > FD_EXPR_HEIGHT) {
        fd_parse__fault(p, &at, "算式嵌套超过 200 层", "more than 200 levels of nesting");
        e = fd_parse__make(p, FD_EXPR_NUMBER, &at);
    } else if (fd_parse__take_symbol(p, '-')) {
        e = fd_parse__node(p, FD_EXPR_NEGATE, &at, fd_parse__sign(p), NULL);
    } else if (fd_parse__take_symbol(p, '+')) {
        e = fd_parse__sign(p);
    } else {
        e = parse_primary(p);
    }
    p->depth--;
    return e;
}

fd_expr *fd_parse__product(fd_parser *p)
{
    fd_expr *left = fd_parse__sign(p);

    while (!p->failed && (fd_parse__is_symbol(p, '*') || fd_parse__is_symbol(p, '/'))) {
        fd_token at = p->token;

        fd_parse__advance(p);
        left = fd_parse__node(p, at.symbol == '*' ? FD_EXPR_MUL : FD_EXPR_DIV, &at, left,
                              fd_parse__sign(p));
    }
    return left;
}

fd_expr *fd_parse__sum(fd_parser *p)
{
    fd_expr *left = fd_parse__product(p);

    while (!p->failed && (fd_parse__is_symbol(p, '+') || fd_parse__is_symbol(p, '-'))) {
        fd_token at = p->token;

        fd_parse__advance(p);
        left = fd_parse__node(p, at.symbol == '+' ? FD_EXPR_ADD : FD_EXPR_SUB, &at, left,
                              fd_parse__product(p));
    }
    return left;
}

/* Right side of 属于: a class, or { a, b, c } of which each is a code or a word. */
static fd_expr *parse_membership(fd_parser *p, const fd_token *at, fd_expr *left)
{
    fd_expr *in = fd_parse__make(p, FD_EXPR_IN, at);
    expr_list list = { 0 };

    fd_vec_push(&list, left);
    if (fd_parse__take_symbol(p, '{')) {
        do {
            fd_expr *member = fd_parse__make(p, FD_EXPR_TEXT, &p->token);

            if ((p->token.kind != FD_TOKEN_NAME && p->token.kind != FD_TOKEN_TEXT &&
                 p->token.kind != FD_TOKEN_NUMBER) ||
                fd_parse__is_operator(&p->token)) {
                fd_parse__fault(p, &p->token, "集合里应为代码或词",
                                "a code or a word is expected in the set");
                break;
            }
            member->quoted = p->token.kind == FD_TOKEN_TEXT;
            member->text = fd_parse__keep(p, p->token.text);
            fd_vec_push(&list, member);
            fd_parse__advance(p);
        } while (!p->failed && (fd_parse__take_symbol(p, ',') || fd_parse__take_symbol(p, ';')));
        if (!fd_parse__take_symbol(p, '}'))
            fd_parse__fault(p, &p->token, "缺少 }", "a closing } is missing");
    } else if (p->token.kind == FD_TOKEN_NAME && !fd_parse__is_operator(&p->token)) {
        fd_vec_push(&list, parse_word(p, FD_EXPR_NAME));
    } else {
        fd_parse__fault(p, &p->token, "属于 后面应为分类或 { … }",
                        "a class or { … } is expected after in");
    }
    fd_parse__set_children(p, in, &list, at);
    return in;
}

bool fd_parse__relation(const fd_parser *p, fd_expr_kind *kind)
{
    static const struct {
        char symbol;
        fd_expr_kind kind;
    } relations[] = { { '=', FD_EXPR_EQ }, { '!', FD_EXPR_NE }, { '<', FD_EXPR_LT },
                      { 'L', FD_EXPR_LE }, { '>', FD_EXPR_GT }, { 'G', FD_EXPR_GE } };

    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++)
        if (fd_parse__is_symbol(p, relations[i].symbol)) {
            *kind = relations[i].kind;
            return true;
        }
    return false;
}

/* left is what stands before, or NULL when it is still to be read. */
fd_expr *fd_parse__comparison(fd_parser *p, fd_expr *left)
{
    fd_token at, ahead;
    fd_expr_kind kind;

    left = left ? left : fd_parse__sum(p);
    at = p->token;
    ahead = look_ahead(p);
    if (fd_parse__take_word(p, "属于", "in"))
        return parse_membership(p, &at, left);
    if (fd_parse__word_is(&p->token, "not", "not") && fd_parse__word_is(&ahead, "in", "in")) {
        fd_parse__advance(p);
        fd_parse__advance(p);
        return fd_parse__node(p, FD_EXPR_NOT, &at, parse_membership(p, &at, left), NULL);
    }
    if (fd_parse__take_word(p, "不属于", "不属于"))
        return fd_parse__node(p, FD_EXPR_NOT, &at, parse_membership(p, &at, left), NULL);
    if (fd_parse__relation(p, &kind)) {
        fd_parse__advance(p);
        left = fd_parse__node(p, kind, &at, left, fd_parse__sum(p));
        if (!p->failed && fd_parse__relation(p, &kind))
            fd_parse__hint(fd_parse__fault(p, &p->token, "比较不能连写",
                                           "comparisons do not chain"),
                           "写成 a < b 且 b < c", "write: a < b and b < c");
    }
    return left;
}

static fd_expr *parse_not(fd_parser *p)
{
    fd_token at = p->token;
    fd_expr *e;

    if (++p->depth > FD_EXPR_HEIGHT) {
        fd_parse__fault(p, &at, "算式嵌套超过 200 层", "more than 200 levels of nesting");
        e = fd_parse__make(p, FD_EXPR_NUMBER, &at);
    } else if (fd_parse__take_word(p, "非", "not")) {
        e = fd_parse__node(p, FD_EXPR_NOT, &at, parse_not(p), NULL);
    } else {
        e = fd_parse__comparison(p, NULL);
    }
    p->depth--;
    return e;
}

static fd_expr *parse_and(fd_parser *p, fd_expr *left)
{
    left = left ? left : parse_not(p);
    while (!p->failed && fd_parse__word_is(&p->token, "且", "and")) {
        fd_token at = p->token;

        fd_parse__advance(p);
        left = fd_parse__node(p, FD_EXPR_AND, &at, left, parse_not(p));
    }
    return left;
}

fd_expr *fd_parse__or_after(fd_parser *p, fd_expr *left)
{
    left = parse_and(p, left);
    while (!p->failed && fd_parse__word_is(&p->token, "或", "or")) {
        fd_token at = p->token;

        fd_parse__advance(p);
        left = fd_parse__node(p, FD_EXPR_OR, &at, left, parse_and(p, NULL));
    }
    return left;
}

fd_expr *fd_parse__or(fd_parser *p)
{
    return fd_parse__or_after(p, NULL);
}

/* 条件 → 值;条件 → 值;其余 值, or just a value. */
fd_expr *fd_parse__case(fd_parser *p)
{
    fd_token at = p->token;
    fd_expr *first = fd_parse__or(p), *e;
    expr_list list = { 0 };
    bool closed = false;

    if (p->failed || !fd_parse__is_symbol(p, 'A'))
        return first;
    fd_vec_push(&list, first);
    fd_parse__advance(p);
    fd_vec_push(&list, fd_parse__or(p));
    while (!p->failed && fd_parse__take_symbol(p, ';')) {
        if (fd_parse__take_word(p, "其余", "else")) {
            (void)fd_parse__take_symbol(p, 'A');
            fd_vec_push(&list, fd_parse__or(p));
            closed = true;
            break;
        }
        fd_vec_push(&list, fd_parse__or(p));
        if (!fd_parse__take_symbol(p, 'A'))
            fd_parse__fault(p, &p->token, "条件后面应为 →", "-> is expected after the condition");
        fd_vec_push(&list, fd_parse__or(p));
    }
    if (!closed && !p->open_cases)
        fd_parse__hint(fd_parse__fault(p, &p->token, "分情况的算式要以「其余」结尾",
                                       "the cases must end with else"),
                       "写成 条件 → 值;其余 值", "write: condition -> value; else value");
    e = fd_parse__make(p, FD_EXPR_CASE, &at);
    fd_parse__set_children(p, e, &list, &at);
    return e;
}
