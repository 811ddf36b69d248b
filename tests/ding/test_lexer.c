/* Tokens, their columns, and bare names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "ding/lexer.h"

typedef struct token_case {
    const char *text;
    const char
        *kinds; /* N number, D date, n name, b 「name」, t text, a [ ], x bad; else the symbol */
    uint32_t columns[8];
} token_case;

static const token_case cases[] = {
    { "", "", { 0 } },
    { "税金及附加", "n", { 1 } },
    { "a+b", "n+n", { 1, 2, 3 } },
    { "营业收入 ≥ 4.1%", "nGN%", { 1, 6, 8, 11 } },
    { "（１＋２）", "(N+N)", { 1, 2, 3, 4, 5 } },
    { "2026-01-01 2026-01-011", "DN-N-N", { 1, 12, 16, 17, 19, 20 } },
    { "「a b」\"c d\"“e”", "btt", { 1, 6, 11 } },
    { "a[上年][-1]", "naa", { 1, 2, 6 } },
    { "<= >= <> != -> == → ⇒", "LG!!A=AA", { 1, 4, 7, 10, 13, 16, 19, 21 } },
    { "1.5. 2.", "NxNx", { 1, 4, 6, 7 } },
    { "a、b；c", "n,n;n", { 1, 2, 3, 4, 5 } },
    { "「a", "x", { 1 } },
    { "[a", "x", { 1 } },
    { "《a》", "xnx", { 1, 2, 3 } },
    { "‰ m² 〇", "nnn", { 1, 3, 6 } },
    { "x × y ÷ z − w – v", "n*n/n-n-n", { 1, 3, 5, 7, 9, 11, 13, 15 } },
};

static char kind_of(const fd_token *t)
{
    switch (t->kind) {
    case FD_TOKEN_NUMBER:
        return 'N';
    case FD_TOKEN_DATE:
        return 'D';
    case FD_TOKEN_NAME:
        return t->bracketed ? 'b' : 'n';
    case FD_TOKEN_TEXT:
        return 't';
    case FD_TOKEN_AT:
        return 'a';
    case FD_TOKEN_SYMBOL:
        return t->symbol;
    default:
        return 'x';
    }
}

static void tokens(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fd_piece piece = { fd_view_of(cases[i].text), { "", 0 }, 7, 1 };
        char kinds[32] = "";
        fd_lexer lexer;
        size_t n = 0;

        fd_lexer_init(&lexer, &piece, 1);
        for (fd_token t = fd_lexer_next(&lexer); t.kind != FD_TOKEN_END;
             t = fd_lexer_next(&lexer)) {
            assert_int_equal(t.span.line, 7);
            if (n < 8 && cases[i].columns[n] != t.span.column)
                fail_msg("%s: token %zu at %u", cases[i].text, n, t.span.column);
            assert_true(n < sizeof kinds - 1);
            kinds[n++] = kind_of(&t);
        }
        assert_string_equal(kinds, cases[i].kinds);
        assert_int_equal(fd_lexer_next(&lexer).kind, FD_TOKEN_END);
    }
}

static void pieces_keep_their_places(void **state)
{
    fd_piece pieces[] = { { FD_VIEW("a +"), { "", 0 }, 3, 10 },
                          { FD_VIEW(""), { "", 0 }, 4, 1 },
                          { FD_VIEW("b"), { "", 0 }, 5, 6 } };
    fd_lexer lexer;
    fd_token t;

    (void)state;
    fd_lexer_init(&lexer, pieces, 3);
    t = fd_lexer_next(&lexer);
    assert_int_equal(t.span.line, 3);
    assert_int_equal(t.span.column, 10);
    t = fd_lexer_next(&lexer);
    assert_int_equal(t.span.column, 12);
    t = fd_lexer_next(&lexer);
    assert_int_equal(t.span.line, 5);
    assert_int_equal(t.span.column, 6);
    fd_lexer_init(&lexer, NULL, 0);
    assert_int_equal(fd_lexer_next(&lexer).kind, FD_TOKEN_END);
}

static void bare_names(void **state)
{
    static const char *const bare[] = { "营业收入", "a",     "C#", "能源消费量:33",
                                        "a.b_c",    "近3年", "m²", "或有负债" };
    static const char *const not_bare[] = { "",     "a b",   "a+b",        "3a",   "且", "not",
                                            "a(b)", "「a」", "2026-01-01", "a、b", "%" };

    (void)state;
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++)
        assert_true(fd_ding__is_bare_name(bare[i]));
    for (size_t i = 0; i < sizeof not_bare / sizeof *not_bare; i++)
        assert_false(fd_ding__is_bare_name(not_bare[i]));
}

/* The caret stands under the place as a terminal shows it: wide characters take two columns. */
static void carets(void **state)
{
    static const struct {
        const char *line;
        uint32_t column, length;
        const char *detail;
    } excerpts[] = {
        { "  公式 甲 + 乙", 10, 1, "  公式 甲 + 乙\n              ^^" },
        { "a\tb", 3, 1, "a b\n    ^" },
        { "", 1, 1, "" },
        { "a", 2, 0, "a\n   ^" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof excerpts / sizeof *excerpts; i++) {
        fd_diags d = FD_DIAGS_INIT;
        fd_error *e = fd_ding__finding(&d, FD_FAULT, "x", "f",
                                       (fd_span){ 1, excerpts[i].column, excerpts[i].length },
                                       fd_view_of(excerpts[i].line), "%s", "%s", "m");

        assert_string_equal(e->detail[FD_ZH], excerpts[i].detail);
        fd_diags_dispose(&d);
    }
}

/* A line of a million characters is cut around the place. */
static void long_lines_are_cut(void **state)
{
    fd_buf line = FD_BUF_INIT;
    fd_diags d = FD_DIAGS_INIT;
    const char *caret;
    fd_error *e;

    (void)state;
    fd_buf_repeat(&line, "甲", 1000000);
    fd_buf_puts(&line, "X");
    fd_buf_repeat(&line, "乙", 1000000);
    e = fd_ding__finding(&d, FD_FAULT, "x", "f", (fd_span){ 1, 1000001, 1 },
                         (fd_view){ line.ptr, line.len }, "%s", "%s", "m");
    assert_non_null(strstr(e->detail[FD_EN], "X"));
    caret = strchr(e->detail[FD_EN], '^');
    assert_non_null(caret);
    assert_int_equal(strspn(caret, "^"), 1);
    fd_diags_dispose(&d);
    fd_buf_dispose(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens),
        cmocka_unit_test(pieces_keep_their_places),
        cmocka_unit_test(bare_names),
        cmocka_unit_test(carets),
        cmocka_unit_test(long_lines_are_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
