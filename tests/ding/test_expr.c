/* Random trees: what is printed, in either language, parses to the same tree. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ding/dump.h"
#include "ding/expr_parse.h"

/* xorshift64: the seed decides everything. */
typedef struct generator {
    uint64_t state;
    fd_arena *arena;
} generator;

static unsigned pick(generator *g, unsigned n)
{
    g->state ^= g->state << 13;
    g->state ^= g->state >> 7;
    g->state ^= g->state << 17;
    return (unsigned)(g->state % n);
}

static fd_expr *leaf(generator *g, fd_expr_kind kind)
{
    fd_expr *e = fd_arena_alloc(g->arena, sizeof *e);

    e->kind = kind;
    e->height = 1;
    return e;
}

static void add_child(generator *g, fd_expr *e, fd_expr *child)
{
    fd_expr **larger = fd_arena_alloc(g->arena, (e->child_count + 1) * sizeof *larger);

    if (e->child_count)
        memcpy(larger, e->children, e->child_count * sizeof *larger);
    larger[e->child_count++] = child;
    e->children = larger;
}

static fd_expr *number(generator *g)
{
    static const struct {
        const char *text, *unit;
    } numbers[] = { { "0", NULL },     { "5000", "万元" }, { "4.10", "%" },     { "06", NULL },
                    { "2", "百分点" }, { "3.14", NULL },   { "1", "tce/万元" }, { "7", "条件" } };
    unsigned i = pick(g, sizeof numbers / sizeof *numbers);
    fd_expr *e = leaf(g, FD_EXPR_NUMBER);

    e->text = numbers[i].text;
    e->unit_text = numbers[i].unit;
    assert_int_equal(fd_decimal_parse(&e->number, e->text, strlen(e->text)), 0);
    return e;
}

static fd_expr *name(generator *g)
{
    static const char *const names[] = {
        "营业收入", "税金及附加", "或有负债", "a b",           "合计",
        "且",       "条件",       "a+b",      "能源消费量:33", "近3年",
        "3号线",    "C#",         "按",       "else",          "工业总产值(当年价格)",
        "value",    "值",         "任一缺报", "last3y",        "起"
    };
    fd_expr *e = leaf(g, FD_EXPR_NAME);

    e->text = names[pick(g, sizeof names / sizeof *names)];
    return e;
}

static fd_expr *word(generator *g)
{
    static const char *const quoted[] = { "停 产", "", "a,b", "「x」" };
    static const char *const bare[] = { "停产", "06", "31", "a b", "或" };
    fd_expr *e = leaf(g, FD_EXPR_TEXT);

    e->quoted = pick(g, 2);
    e->text = e->quoted ? quoted[pick(g, 4)] : bare[pick(g, 5)];
    return e;
}

static fd_expr *tree(generator *g, int depth);

static fd_expr *call(generator *g, int depth)
{
    static const fd_function functions[] = { FD_FN_SUM,         FD_FN_MEAN,       FD_FN_COUNT,
                                             FD_FN_MAX,         FD_FN_LAST_YEARS, FD_FN_GROWTH,
                                             FD_FN_MEAN_GROWTH, FD_FN_SHARE,      FD_FN_PULL,
                                             FD_FN_ROUND,       FD_FN_DISTINCT,   FD_FN_ABS };
    fd_expr *e = leaf(g, FD_EXPR_CALL), *digits;
    const fd_function_rule *rule;

    e->function = functions[pick(g, sizeof functions / sizeof *functions)];
    if (e->function == FD_FN_ROUND)
        e->rounding = (fd_rounding)pick(g, 4);
    add_child(g, e, tree(g, depth - 1));
    if (e->function == FD_FN_MAX && pick(g, 2))
        add_child(g, e, tree(g, depth - 1));
    if (e->function == FD_FN_ROUND || e->function == FD_FN_LAST_YEARS) {
        digits = leaf(g, FD_EXPR_NUMBER);
        digits->number.mantissa = 1 + pick(g, 9);
        digits->text = fd_arena_printf(g->arena, "%d", (int)digits->number.mantissa);
        add_child(g, e, digits);
        return e;
    }
    rule = fd_grammar_function_of(e);
    if ((rule->options & FD_OPTION_WHERE) && pick(g, 2))
        e->where = tree(g, depth - 1);
    if (e->where && e->where->kind == FD_EXPR_CASE)
        e->where = name(g); /* written in parentheses it is the same tree, but 条件 a → b is none */
    if ((rule->options & FD_OPTION_REPORTED) && pick(g, 3) == 0)
        e->reported_only = true;
    if ((rule->options & FD_OPTION_DEFLATOR) && pick(g, 3) == 0)
        e->deflator = name(g)->text;
    if ((rule->options & FD_OPTION_FROM) && pick(g, 2))
        e->from_year = 2020;
    return e;
}

static fd_expr *tree(generator *g, int depth)
{
    fd_expr *e;
    unsigned n;

    if (depth <= 0)
        return pick(g, 3) ? name(g) : number(g);
    switch (pick(g, 11)) {
    case 0:
        return number(g);
    case 1:
        return name(g);
    case 2:
        e = leaf(g, FD_EXPR_DATE);
        e->date = fd_date_make(2000 + (int)pick(g, 30), 1 + (int)pick(g, 12), 1 + (int)pick(g, 28));
        return e;
    case 3:
        e = word(g);
        e->quoted = true;
        e->text = "停 产";
        return e;
    case 4:
        e = leaf(g, FD_EXPR_AT);
        e->at = (fd_at_kind)(1 + pick(g, 6));
        e->step = e->at == FD_AT_STEP ? -1 - (int)pick(g, 5) : 0;
        e->period = e->at == FD_AT_PERIOD ? fd_period_cumulative(2024, 1 + (int)pick(g, 12)) : 0;
        add_child(g, e, tree(g, depth - 1));
        return e;
    case 5:
        e = leaf(g, pick(g, 2) ? FD_EXPR_NEGATE : FD_EXPR_NOT);
        add_child(g, e, tree(g, depth - 1));
        return e;
    case 6:
        e = leaf(g, FD_EXPR_IN);
        add_child(g, e, tree(g, depth - 1));
        n = pick(g, 4);
        if (n == 0)
            add_child(g, e, name(g));
        for (; n > 0; n--)
            add_child(g, e, word(g));
        return e;
    case 7:
        return call(g, depth);
    case 8:
        e = leaf(g, FD_EXPR_CASE);
        for (n = 1 + pick(g, 2) * 2; n > 0; n--)
            add_child(g, e, tree(g, depth - 1));
        add_child(g, e, tree(g, depth - 1));
        add_child(g, e, tree(g, depth - 1));
        return e;
    default:
        e = leaf(g, (fd_expr_kind)(FD_EXPR_ADD + pick(g, FD_EXPR_OR - FD_EXPR_ADD + 1)));
        if (e->kind == FD_EXPR_IN)
            e->kind = FD_EXPR_AND;
        if (e->kind == FD_EXPR_NOT)
            e->kind = FD_EXPR_OR;
        add_child(g, e, tree(g, depth - 1));
        add_child(g, e, tree(g, depth - 1));
        return e;
    }
}

static void round_trip(generator *g, const fd_expr *e, fd_lang lang)
{
    fd_diags d = FD_DIAGS_INIT;
    fd_clause c = { 0 };
    fd_piece piece;
    char *text = NULL;

    assert_int_equal(fd_expr_print(&text, e, lang), 0);
    piece = (fd_piece){ fd_view_of(text), fd_view_of(text), 1, 1 };
    if (!fd_expr__parse(&c, FD_SHAPE_NUMBER, g->arena, &piece, 1, "random", &d) ||
        !fd_expr_equal(c.expr, e)) {
        fd_buf was = FD_BUF_INIT, is = FD_BUF_INIT;

        dump_expr(&was, e);
        if (c.expr)
            dump_expr(&is, c.expr);
        fail_msg("%s\nwas %s\nis  %s\n%s", text, fd_buf_text(&was), fd_buf_text(&is),
                 d.faults ? d.list.items[0]->error.message[FD_EN] : "");
    }
    free(text);
    fd_diags_dispose(&d);
}

static void random_trees_print_and_parse(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4000; seed++) {
        generator g = { seed * 0x9E3779B97F4A7C15u, fd_arena_new() };
        fd_expr *e = tree(&g, 1 + (int)(seed % 5));

        round_trip(&g, e, FD_ZH);
        round_trip(&g, e, FD_EN);
        assert_true(fd_expr_equal(e, fd_expr__clone(g.arena, e)));
        fd_arena_free(g.arena);
    }
}

/* Equality notices every difference that means something. */
static void equality(void **state)
{
    static const char *const texts[] = { "a",
                                         "b",
                                         "\"a\"",
                                         "1",
                                         "1.0",
                                         "1 元",
                                         "a[上年]",
                                         "a[-1]",
                                         "a[-2]",
                                         "a[2024]",
                                         "合计(a)",
                                         "合计 已报(a)",
                                         "平均(a)",
                                         "四舍五入(a,2 位)",
                                         "修约(a,2 位)",
                                         "增速(a,可比价 按 p)",
                                         "增速(a)",
                                         "年均增长(a,起 2020)",
                                         "年均增长(a)",
                                         "合计(a,条件 b)",
                                         "2024-01-01",
                                         "a + b",
                                         "b + a",
                                         "a − b",
                                         "a = b",
                                         "a 属于 b",
                                         "a 属于 {b}",
                                         "非 a" };
    const size_t n = sizeof texts / sizeof *texts;
    fd_arena *arena = fd_arena_new();
    fd_expr *trees[sizeof texts / sizeof *texts];

    (void)state;
    for (size_t i = 0; i < n; i++) {
        fd_diags d = FD_DIAGS_INIT;
        fd_clause c = { 0 };
        fd_piece piece = { fd_view_of(texts[i]), { "", 0 }, 1, 1 };

        assert_true(fd_expr__parse(&c, FD_SHAPE_NUMBER, arena, &piece, 1, "x", &d));
        trees[i] = c.expr;
        fd_diags_dispose(&d);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            if (fd_expr_equal(trees[i], trees[k]) != (i == k))
                fail_msg("%s and %s", texts[i], texts[k]);
    assert_true(fd_expr_equal(NULL, NULL));
    assert_false(fd_expr_equal(trees[0], NULL));
    fd_arena_free(arena);
}

/* No tree is higher than its cap, so every recursion over one ends. */
static void heights_are_bounded(void **state)
{
    fd_buf text = FD_BUF_INIT;
    fd_arena *arena = fd_arena_new();

    (void)state;
    for (int terms = 150; terms <= 260; terms += 55) {
        fd_diags d = FD_DIAGS_INIT;
        fd_clause c = { 0 };
        fd_piece piece;
        bool ok;

        fd_buf_clear(&text);
        fd_buf_puts(&text, "1");
        fd_buf_repeat(&text, " + 1", (size_t)terms - 1);
        piece = (fd_piece){ { text.ptr, text.len }, { "", 0 }, 1, 1 };
        ok = fd_expr__parse(&c, FD_SHAPE_NUMBER, arena, &piece, 1, "x", &d);
        assert_int_equal(ok, terms <= FD_EXPR_HEIGHT);
        if (ok)
            assert_int_equal(c.expr->height, terms);
        fd_diags_dispose(&d);
    }
    fd_buf_dispose(&text);
    fd_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_trees_print_and_parse),
        cmocka_unit_test(equality),
        cmocka_unit_test(heights_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
