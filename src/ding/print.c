/*
 * Trees → text, keywords in either language.  What is printed parses to the same tree.
 */
#include "base/utf8.h"
#include "ding/lexer.h"
#include "ding/grammar.h"

#define LINE_COLUMNS 96

typedef struct printer {
    fd_buf *out;
    fd_lang lang;
} printer;

/* How strongly an expression binds. */
enum { CASE, OR, AND, NOT, RELATION, SUM, BANDS = SUM, PRODUCT, SIGN, PRIMARY };

static void put(printer *p, const char *zh, const char *en)
{
    fd_buf_puts(p->out, p->lang == FD_ZH ? zh : en);
}

static int level(const fd_expr *e)
{
    switch (e->kind) {
    case FD_EXPR_CASE:
        return e->bands ? BANDS : CASE;
    case FD_EXPR_OR:
        return OR;
    case FD_EXPR_AND:
        return AND;
    case FD_EXPR_NOT:
        return e->children[0]->kind == FD_EXPR_IN ? RELATION : NOT;
    case FD_EXPR_EQ:
    case FD_EXPR_NE:
    case FD_EXPR_LT:
    case FD_EXPR_LE:
    case FD_EXPR_GT:
    case FD_EXPR_GE:
    case FD_EXPR_IN:
        return RELATION;
    case FD_EXPR_ADD:
    case FD_EXPR_SUB:
        return SUM;
    case FD_EXPR_MUL:
    case FD_EXPR_DIV:
        return PRODUCT;
    case FD_EXPR_NEGATE:
        return SIGN;
    default:
        return PRIMARY;
    }
}

static const char *operator_text(fd_expr_kind kind, fd_lang lang)
{
    switch (kind) {
    case FD_EXPR_ADD:
        return "+";
    case FD_EXPR_SUB:
        return lang == FD_ZH ? "−" : "-";
    case FD_EXPR_MUL:
        return lang == FD_ZH ? "×" : "*";
    case FD_EXPR_DIV:
        return lang == FD_ZH ? "÷" : "/";
    case FD_EXPR_EQ:
        return "=";
    case FD_EXPR_NE:
        return lang == FD_ZH ? "≠" : "<>";
    case FD_EXPR_LT:
        return "<";
    case FD_EXPR_LE:
        return lang == FD_ZH ? "≤" : "<=";
    case FD_EXPR_GT:
        return ">";
    case FD_EXPR_GE:
        return lang == FD_ZH ? "≥" : ">=";
    case FD_EXPR_AND:
        return lang == FD_ZH ? "且" : "and";
    default:
        return lang == FD_ZH ? "或" : "or";
    }
}

/* Words that mean something at the place where a name may stand; as names they are wrapped. */
static bool is_option_word(const char *text)
{
    static const char *const words[] = {
        "条件", "where", "可比价", "real",       "按",       "by",          "起", "from",
        "近",   "last",  "已报",   "reported",   "任一缺报", "any_missing", "用", "use",
        "查表", "bands", "累进",   "cumulative", "仅",       "only",        "免", "waives"
    };
    fd_view v = fd_view_of(text);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (fd_view_is(v, words[i]))
            return true;
    if (fd_grammar_word(fd_grammar_edges(), v))
        return true;
    return (fd_view_starts(v, "近") && fd_view_ends(v, "年")) ||
           (fd_view_starts(v, "last") && fd_view_ends(v, "y"));
}

static void put_name(printer *p, const char *text)
{
    if (fd_ding__is_bare_name(text) && !is_option_word(text))
        fd_buf_puts(p->out, text);
    else
        fd_buf_printf(p->out, "「%s」", text);
}

static bool is_digits(const char *text)
{
    return text[0] && strspn(text, "0123456789.") == strlen(text);
}

static void put_number(printer *p, const fd_expr *e)
{
    char buf[48];

    fd_decimal_format(e->number, buf, sizeof buf);
    fd_buf_puts(p->out, e->text ? e->text : buf);
    if (!e->unit_text)
        return;
    fd_buf_putc(p->out, ' ');
    if (strcmp(e->unit_text, "%") == 0)
        fd_buf_puts(p->out, "%");
    else if (fd_ding__is_bare_name(e->unit_text))
        fd_buf_puts(p->out, e->unit_text);
    else
        fd_buf_printf(p->out, "「%s」", e->unit_text);
}

static void put_expr(printer *p, const fd_expr *e, int least);

static void put_at(printer *p, const fd_expr *e)
{
    char buf[32];

    put_expr(p, e->children[0], PRIMARY);
    fd_buf_putc(p->out, '[');
    switch (e->at) {
    case FD_AT_YEAR_BEFORE:
        put(p, "上年", "last");
        break;
    case FD_AT_COMPARATIVE:
        put(p, "上年同期", "comparative");
        break;
    case FD_AT_YEAR_BEFORE_STORED:
        put(p, "上年同期 已存", "comparative stored");
        break;
    case FD_AT_VERIFIED:
        put(p, "核定", "verified");
        break;
    case FD_AT_STEP:
        fd_buf_printf(p->out, "%d", e->step);
        break;
    default:
        fd_period_format(e->period, buf, sizeof buf);
        fd_buf_puts(p->out, buf);
        break;
    }
    fd_buf_putc(p->out, ']');
}

static void put_comma(printer *p, size_t *arguments)
{
    if ((*arguments)++)
        put(p, ",", ", ");
}

static void put_call(printer *p, const fd_expr *e)
{
    const fd_function_rule *rule = fd_grammar_function_of(e);
    size_t arguments = 0, children = e->child_count;

    if (e->function == FD_FN_LAST_YEARS) {
        children = 1;
        fd_buf_printf(p->out, p->lang == FD_ZH ? "近%d年" : "last%dy",
                      (int)e->children[1]->number.mantissa);
    } else {
        put(p, rule->zh, rule->en);
    }
    if (e->reported_only)
        put(p, " 已报", " reported");
    fd_buf_putc(p->out, '(');
    for (size_t i = 0; i < children; i++) {
        put_comma(p, &arguments);
        put_expr(p, e->children[i], OR);
        if (e->function == FD_FN_ROUND && i == 1)
            put(p, " 位", " digits");
    }
    if (e->where) {
        put_comma(p, &arguments);
        put(p, "条件 ", "where ");
        put_expr(p, e->where, OR);
    }
    if (e->deflator) {
        put_comma(p, &arguments);
        put(p, "可比价 按 ", "real by ");
        put_name(p, e->deflator);
    }
    if (e->from_year) {
        put_comma(p, &arguments);
        fd_buf_printf(p->out, p->lang == FD_ZH ? "起 %d" : "from %d", e->from_year);
    }
    fd_buf_putc(p->out, ')');
}

static void put_word(printer *p, const fd_expr *e)
{
    if (e->quoted)
        fd_buf_printf(p->out, "\"%s\"", e->text);
    else if (is_digits(e->text))
        fd_buf_puts(p->out, e->text);
    else
        put_name(p, e->text);
}

static void put_in(printer *p, const fd_expr *e, bool negated)
{
    put_expr(p, e->children[0], SUM);
    if (negated)
        put(p, " 不属于 ", " not in ");
    else
        put(p, " 属于 ", " in ");
    if (e->child_count == 2 && e->children[1]->kind == FD_EXPR_NAME) {
        put_name(p, e->children[1]->text);
        return;
    }
    fd_buf_putc(p->out, '{');
    for (size_t i = 1; i < e->child_count; i++) {
        if (i > 1)
            put(p, ",", ", ");
        put_word(p, e->children[i]);
    }
    fd_buf_putc(p->out, '}');
}

static void put_edge(printer *p, const fd_expr *e)
{
    static const char *const zh[] = { "不满", "不超过", "超过", "达到" };
    static const char *const en[] = { "below", "up_to", "over", "reaches" };

    if (e->kind == FD_EXPR_AND) {
        put_edge(p, e->children[0]);
        put_edge(p, e->children[1]);
        return;
    }
    put(p, zh[e->kind - FD_EXPR_LT], en[e->kind - FD_EXPR_LT]);
    fd_buf_putc(p->out, ' ');
    put_expr(p, e->children[1], SIGN);
    fd_buf_putc(p->out, ' ');
}

/* 查表 x 不超过 a p 不超过 b q 其余 r */
static void put_bands(printer *p, const fd_expr *e)
{
    const fd_expr *first = e->children[0];

    if (first->kind == FD_EXPR_AND)
        first = first->children[0];
    if (e->bands == 2)
        put(p, "累进 ", "cumulative ");
    else
        put(p, "查表 ", "bands ");
    put_expr(p, first->children[0], SUM);
    fd_buf_putc(p->out, ' ');
    for (size_t i = 0; i + 1 < e->child_count; i += 2) {
        put_edge(p, e->children[i]);
        put_expr(p, e->children[i + 1], PRODUCT);
        put(p, " ", " ");
    }
    put(p, "其余 ", "else ");
    put_expr(p, e->children[e->child_count - 1], PRODUCT);
}

static void put_case(printer *p, const fd_expr *e)
{
    if (e->bands) {
        put_bands(p, e);
        return;
    }
    for (size_t i = 0; i < e->child_count; i++) {
        bool last = i + 1 == e->child_count && e->child_count % 2;

        if (i)
            put(p, i % 2 ? " → " : ";", i % 2 ? " -> " : "; ");
        if (last)
            put(p, "其余 ", "else ");
        put_expr(p, e->children[i], OR);
    }
}

static void put_bare(printer *p, const fd_expr *e)
{
    char buf[32];
    int own = level(e);

    switch (e->kind) {
    case FD_EXPR_NUMBER:
        put_number(p, e);
        break;
    case FD_EXPR_TEXT:
        put_word(p, e);
        break;
    case FD_EXPR_DATE:
        fd_date_format(e->date, buf, sizeof buf);
        fd_buf_puts(p->out, buf);
        break;
    case FD_EXPR_NAME: {
        /* a checked light's 值 path … has its English id */
        const fd_word *w = e->symbol == FD_SYM_VARIABLE
                               ? fd_grammar_word(fd_grammar_light_variables(), fd_view_of(e->text))
                               : NULL;

        put_name(p, w ? (p->lang == FD_ZH ? w->zh : w->en) : e->text);
        break;
    }
    case FD_EXPR_AT:
        put_at(p, e);
        break;
    case FD_EXPR_NEGATE:
        put(p, "−", "-");
        put_expr(p, e->children[0], SIGN);
        break;
    case FD_EXPR_IN:
        put_in(p, e, false);
        break;
    case FD_EXPR_NOT:
        if (e->children[0]->kind == FD_EXPR_IN) {
            put_in(p, e->children[0], true);
            break;
        }
        put(p, "非 ", "not ");
        put_expr(p, e->children[0], NOT);
        break;
    case FD_EXPR_CALL:
        put_call(p, e);
        break;
    case FD_EXPR_CASE:
        put_case(p, e);
        break;
    default:
        /* left associative; comparisons take no comparison on either side */
        put_expr(p, e->children[0], own == RELATION ? SUM : own);
        fd_buf_printf(p->out, " %s ", operator_text(e->kind, p->lang));
        put_expr(p, e->children[1], own == RELATION ? SUM : own + 1);
        break;
    }
}

static void put_expr(printer *p, const fd_expr *e, int least)
{
    bool wrapped = level(e) < least;

    if (wrapped)
        fd_buf_putc(p->out, '(');
    put_bare(p, e);
    if (wrapped)
        fd_buf_putc(p->out, ')');
}

int fd_expr_print(char **out, const fd_expr *expr, fd_lang lang)
{
    fd_buf buf = FD_BUF_INIT;
    printer p = { &buf, lang };

    put_expr(&p, expr, CASE);
    *out = fd_buf_take(&buf);
    return 0;
}

/* ---- clauses ---- */

static void put_light(printer *p, const fd_expr *e)
{
    if (!e) {
        put(p, "其余", "else");
    } else if (level(e) == RELATION && e->kind != FD_EXPR_IN && e->kind != FD_EXPR_NOT &&
               e->children[0]->kind == FD_EXPR_NAME && strcmp(e->children[0]->text, "值") == 0) {
        fd_buf_printf(p->out, "%s ", operator_text(e->kind, p->lang));
        put_expr(p, e->children[1], SUM);
    } else {
        put_expr(p, e, OR);
    }
}

static void put_missing(printer *p, const fd_clause *c)
{
    for (size_t i = 0; i < c->child_count; i++) {
        const fd_word *result =
            fd_grammar_word(fd_grammar_missing_results(), fd_view_of(c->children[i].keyword));

        if (i)
            put(p, ";", "; ");
        if (c->children[i].expr)
            put_expr(p, c->children[i].expr, OR);
        else
            put(p, "任一缺报", "any_missing");
        put(p, " → ", " -> ");
        put(p, result->zh, result->en);
    }
}

static void put_lights(printer *p, const fd_clause *c)
{
    for (size_t i = 0; i < c->child_count; i++) {
        const fd_word *color =
            fd_grammar_word(fd_grammar_colors(), fd_view_of(c->children[i].keyword));

        if (i)
            put(p, ";", "; ");
        if (!color) {
            put(p, "用 ", "use ");
            put_name(p, c->children[i].text);
            continue;
        }
        put(p, color->zh, color->en);
        fd_buf_putc(p->out, ' ');
        put_light(p, c->children[i].expr);
    }
}

static void put_argument(printer *p, const fd_clause_rule *rule, const fd_clause *c)
{
    switch (rule ? rule->shape : FD_SHAPE_TEXT) {
    case FD_SHAPE_NAMED_TRUTH:
    case FD_SHAPE_NAMED_NUMBER:
        put_name(p, c->name);
        fd_buf_putc(p->out, ' ');
        for (size_t i = 0; i < c->child_count; i++) {
            bool only = strcmp(c->children[i].keyword, "仅") == 0;

            if (i && strcmp(c->children[i].keyword, c->children[i - 1].keyword) == 0)
                put(p, "、", ", ");
            else
                fd_buf_printf(p->out, "%s%s ", i ? " " : "",
                              only ? (p->lang == FD_ZH ? "仅" : "only")
                                   : (p->lang == FD_ZH ? "免" : "waives"));
            fd_buf_puts(p->out, c->children[i].text);
        }
        if (c->child_count)
            fd_buf_putc(p->out, ' ');
        put_expr(p, c->expr, CASE);
        break;
    case FD_SHAPE_GRANT:
    case FD_SHAPE_NUMBER:
    case FD_SHAPE_TRUTH:
        put_expr(p, c->expr, CASE);
        break;
    case FD_SHAPE_LIGHT:
        put_light(p, c->expr);
        break;
    case FD_SHAPE_MISSING:
        put_missing(p, c);
        break;
    case FD_SHAPE_LIGHTS:
        put_lights(p, c);
        break;
    case FD_SHAPE_VOCABULARY:
        for (size_t i = 0; i < c->word_count; i++) {
            const fd_word *w = fd_grammar_word(rule->words, fd_view_of(c->words[i]));

            if (i)
                fd_buf_putc(p->out, ' ');
            put(p, w->zh, w->en);
        }
        break;
    default:
        fd_buf_puts(p->out, c->text);
        break;
    }
}

/* Keyword, argument, citation, comment. */
static void put_clause(printer *p, const fd_clause_rule *rule, const fd_clause *c)
{
    fd_buf argument = FD_BUF_INIT;
    printer inner = { &argument, p->lang };
    bool wrap =
        !rule && (strpbrk(c->keyword, " \t") || fd_view_find(fd_view_of(c->keyword), "　") >= 0 ||
                  c->keyword[0] == '#' || fd_view_starts(fd_view_of(c->keyword), "「") ||
                  fd_view_starts(fd_view_of(c->keyword), "#") || !c->keyword[0]);

    put_argument(&inner, rule, c);
    if (rule)
        put(p, rule->zh, rule->en);
    else
        fd_buf_printf(p->out, wrap ? "「%s」" : "%s", c->keyword);
    if (argument.len)
        fd_buf_printf(p->out, " %s", fd_buf_text(&argument));
    fd_buf_dispose(&argument);
    if (c->cite)
        fd_buf_printf(p->out, "  〔%s〕", c->cite);
    if (c->comment)
        fd_buf_printf(p->out, "  # %s", c->comment);
}

static void put_above(printer *p, const char *lines, size_t indent)
{
    fd_view rest = fd_view_of(lines), line;

    while (fd_view_split(&rest, '\n', &line)) {
        fd_buf_repeat(p->out, " ", indent);
        fd_buf_view(p->out, line);
        fd_buf_putc(p->out, '\n');
    }
}

static void put_children(printer *p, const fd_clause *c, size_t indent)
{
    for (size_t i = 0; i < c->child_count; i++) {
        const fd_clause *child = &c->children[i];

        if (child->above)
            put_above(p, child->above, indent);
        fd_buf_repeat(p->out, " ", indent);
        put_clause(p, NULL, child);
        fd_buf_putc(p->out, '\n');
        put_children(p, child, indent + 2);
    }
}

static bool has_real_children(const fd_clause_rule *rule)
{
    return !rule || (rule->flags & FD_CLAUSE_CHILDREN);
}

static void put_header(printer *p, const fd_decl *decl)
{
    const fd_kind_rule *kind = fd_grammar_kind_of(decl->kind);
    bool wrap = strpbrk(decl->name, " \t/#(") || fd_view_find(fd_view_of(decl->name), "　") >= 0 ||
                fd_view_find(fd_view_of(decl->name), "#") >= 0 ||
                fd_view_find(fd_view_of(decl->name), "\xC2\xA0") >= 0;

    put(p, kind->zh, kind->en);
    fd_buf_printf(p->out, wrap ? " 「%s」" : " %s", decl->name);
    if (strcmp(decl->alias, decl->name) != 0)
        fd_buf_printf(p->out, " / %s", decl->alias);
    fd_buf_putc(p->out, '\n');
}

int fd_decl_print(char **out, const fd_decl *decl, fd_lang lang)
{
    fd_buf buf = FD_BUF_INIT, one = FD_BUF_INIT;
    printer p = { &buf, lang };
    size_t used = 0; /* columns of the line still open, 0 = none is */

    put_header(&p, decl);
    for (size_t i = 0; i < decl->clause_count; i++) {
        const fd_clause *c = &decl->clauses[i];
        const fd_clause_rule *rule = fd_grammar_clause(decl->kind, fd_view_of(c->keyword));
        bool is_short = rule && (rule->flags & FD_CLAUSE_SHORT);
        printer inner = { &one, lang };
        size_t columns;

        fd_buf_clear(&one);
        put_clause(&inner, rule, c);
        columns = fd_utf8_columns(fd_view_of(fd_buf_text(&one)));
        if (used && (!is_short || c->above || used + 4 + columns > LINE_COLUMNS)) {
            fd_buf_putc(&buf, '\n');
            used = 0;
        }
        if (c->above)
            put_above(&p, c->above, 2);
        fd_buf_puts(&buf, used ? "    " : "  ");
        used += columns + (used ? 4 : 2);
        fd_buf_view(&buf, (fd_view){ fd_buf_text(&one), one.len });
        /* behind a keyword without argument the next keyword would be taken for one */
        if (!is_short || c->comment || c->cite || (rule->shape != FD_SHAPE_FLAG && !c->text[0])) {
            fd_buf_putc(&buf, '\n');
            used = 0;
        }
        if (has_real_children(rule))
            put_children(&p, c, 4);
    }
    if (used)
        fd_buf_putc(&buf, '\n');
    fd_buf_dispose(&one);
    *out = fd_buf_take(&buf);
    return 0;
}
