/* The tricky lines of docs/language.md, faults and where they are reported, hostile input. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "ding/dump.h"
#include "ding/expr_parse.h"
#include "ding/load.h"

/* ⏎ and →TAB→ become what they stand for. */
static void unfold(fd_buf *out, fd_view text)
{
    for (size_t i = 0; i < text.len;) {
        fd_view rest = { text.ptr + i, text.len - i };

        if (fd_view_starts(rest, "⏎")) {
            fd_buf_putc(out, '\n');
            i += strlen("⏎");
        } else if (fd_view_starts(rest, "→TAB→")) {
            fd_buf_putc(out, '\t');
            i += strlen("→TAB→");
        } else {
            fd_buf_putc(out, text.ptr[i++]);
        }
    }
}

static void describe_expression(fd_buf *out, const char *text)
{
    fd_arena *arena = fd_arena_new();
    fd_diags d = FD_DIAGS_INIT;
    fd_clause c = { 0 };
    fd_piece piece = { fd_view_of(text), fd_view_of(text), 1, 1 };

    if (fd_expr__parse(&c, FD_SHAPE_NUMBER, arena, &piece, 1, "doc", &d))
        dump_expr(out, c.expr);
    else
        fd_buf_printf(out, "✗ %ld %s", d.list.items[0]->error.column,
                      d.list.items[0]->error.message[FD_ZH]);
    fd_diags_dispose(&d);
    fd_arena_free(arena);
}

static void describe_declaration(fd_buf *out, const char *text)
{
    fd_diags d = FD_DIAGS_INIT;
    fd_script *s = NULL;

    (void)fd_script_parse(&s, text, strlen(text), "doc", &d);
    if (d.faults || s->count != 1) {
        fd_buf_printf(out, "✗ %zu faults, %zu declarations", d.faults, s->count);
    } else {
        fd_buf_printf(out, "%s / %s: ", s->decls[0].name, s->decls[0].alias);
        dump_clauses(out, s->decls[0].clauses, s->decls[0].clause_count);
    }
    fd_script_free(s);
    fd_diags_dispose(&d);
}

/* "| 12 | `line` | `parse` |" */
static bool table_row(fd_view line, fd_view *left, fd_view *right)
{
    ptrdiff_t a = fd_view_find(line, " | `"), b = fd_view_find(line, "` | `");

    if (!fd_view_starts(line, "| ") || line.len < 3 || line.ptr[2] < '0' || line.ptr[2] > '9' ||
        a < 0 || b < 0 || !fd_view_ends(line, "` |"))
        return false;
    *left = (fd_view){ line.ptr + a + 4, (size_t)(b - a - 4) };
    *right = (fd_view){ line.ptr + b + 5, line.len - (size_t)b - 5 - 3 };
    return true;
}

static void the_tricky_lines(void **state)
{
    size_t length, expressions = 0, declarations = 0;
    char *doc = read_file(FD_SOURCE_DIR "/docs/language.md", &length);
    fd_view rest = { doc, length }, line, left, right;

    (void)state;
    while (fd_view_split(&rest, '\n', &line)) {
        fd_buf text = FD_BUF_INIT, parse = FD_BUF_INIT, wanted = FD_BUF_INIT;
        bool whole;

        if (!table_row(line, &left, &right))
            continue;
        unfold(&text, left);
        fd_buf_view(&wanted, right);
        whole = strchr(fd_buf_text(&text), '\n') || fd_view_starts(left, "单位 「");
        if (whole)
            describe_declaration(&parse, fd_buf_text(&text));
        else
            describe_expression(&parse, fd_buf_text(&text));
        assert_string_equal(fd_buf_text(&parse), fd_buf_text(&wanted));
        declarations += whole;
        expressions += !whole;
        fd_buf_dispose(&text);
        fd_buf_dispose(&parse);
        fd_buf_dispose(&wanted);
    }
    assert_true(expressions >= 40);
    assert_true(declarations >= 20);
    free(doc);
}

/* ---- faults ---- */

typedef struct fault_case {
    const char *text;
    const char *rule;
    long row, column;
    const char *hint; /* part of the Chinese hint, or NULL */
} fault_case;

static const fault_case faults[] = {
    { "指表 甲 / a\n", "kind", 1, 1, "指标" },
    { "政策 高企 / hte\n  条件 ≥ 3\n", "syntax", 2, 6, "条件 满一年" },
    { "  公式 1\n", "indent", 1, 3, NULL },
    { "指标\n", "name", 1, 3, NULL },
    { "指标 甲 / 乙\n", "alias", 1, 4, NULL },
    { "指标 甲」 / a\n", "name", 1, 4, NULL },
    { "指标 甲 / a\n  公式子 1\n", "clause", 2, 3, "公式" },
    { "指标 甲 / a\n  公式 1\n  公式 2\n", "twice", 3, 3, NULL },
    { "指标 甲 / a\n  对象 企页\n", "word", 2, 6, "企业(enterprise)" },
    { "指标 甲 / a\n  对象\n", "word", 2, 3, "企业(enterprise)" },
    { "指标 甲 / a\n  公式 (a + b\n", "syntax", 2, 12, NULL },
    { "指标 甲 / a\n  公式 a +\n    ÷ b\n", "syntax", 3, 5, NULL },
    { "指标 甲 / a\n  公式 合记(a)\n", "syntax", 2, 6, "合计" },
    { "指标 甲 / a\n  公式 a b\n", "syntax", 2, 8, "「」" },
    { "指标 甲 / a\n  公式 且\n", "syntax", 2, 6, "「」" },
    { "指标 甲 / a\n  公式 a > 1 > 2\n", "syntax", 2, 12, "且" },
    { "指标 甲 / a\n  公式 x[前年]\n", "syntax", 2, 7, NULL },
    { "指标 甲 / a\n  公式 2026-02-30\n", "syntax", 2, 6, NULL },
    { "指标 甲 / a\n  公式 1234567890123456789\n", "syntax", 2, 6, NULL },
    { "指标 甲 / a\n  公式 计数(a,可比价 按 ppi)\n", "syntax", 2, 11, NULL },
    { "指标 甲 / a\n  公式 四舍五入(a,b)\n", "syntax", 2, 6, NULL },
    { "指标 甲 / a\n  公式 四舍五入(a)\n", "syntax", 2, 6, NULL },
    { "指标 甲 / a\n  公式 行业 属于\n", "syntax", 2, 11, NULL },
    { "指标 甲 / a\n  公式 行业 属于 {}\n", "syntax", 2, 13, NULL },
    { "指标 甲 / a\n  缺数 任一缺报 → 零\n", "syntax", 2, 13, NULL },
    { "指标 甲 / a\n  缺数 任一缺报 → 不适用\n", "syntax", 2, 6, NULL },
    { "指标 甲 / a\n  缺数 x = 0 → 已报\n", "syntax", 2, 6, NULL },
    { "目标 甲 / a\n  亮灯 蓝 ≥ 1\n", "syntax", 2, 6, NULL },
    { "指标 甲 / a\n  来源 甲 〔乙\n", "cite", 2, 8, NULL },
    { "指标 甲 / a\n  来源 「甲\n", "bracket", 2, 6, NULL },
};

static void faults_are_placed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        fd_diags d = FD_DIAGS_INIT;
        fd_script *s = NULL;
        const fd_diag *first;

        assert_int_equal(fd_script_parse(&s, faults[i].text, strlen(faults[i].text), "f.ding", &d),
                         FD_EPARSE);
        assert_true(d.faults == 1);
        first = d.list.items[0];
        if (strcmp(first->rule, faults[i].rule) != 0 || first->error.row != faults[i].row ||
            first->error.column != faults[i].column)
            fail_msg("%s: [%s] %ld:%ld %s", faults[i].text, first->rule, first->error.row,
                     first->error.column, first->error.message[FD_ZH]);
        assert_string_equal(first->error.file, "f.ding");
        assert_true(first->error.message[FD_ZH][0] && first->error.message[FD_EN][0]);
        assert_non_null(strchr(first->error.detail[FD_ZH], '^'));
        if (faults[i].hint)
            assert_non_null(strstr(first->error.hint[FD_ZH], faults[i].hint));
        fd_script_free(s);
        fd_diags_dispose(&d);
    }
}

/* One mistake, one message: what stands after it is still read. */
static void reading_goes_on(void **state)
{
    static const char text[] = "指标 甲 / a\n  公式 (1\n  单位 %\n  期间 年 周\n指表 乙\n  公式 "
                               "1\n数据 丙 / c\n  对象 企业\n";
    fd_diags d = FD_DIAGS_INIT;
    fd_script *s = NULL;

    (void)state;
    assert_int_equal(fd_script_parse(&s, text, sizeof text - 1, NULL, &d), FD_EPARSE);
    assert_int_equal(d.faults, 3);
    assert_int_equal(s->count, 2);
    assert_true(s->decls[0].broken);
    assert_int_equal(s->decls[0].clause_count, 1);
    assert_string_equal(s->decls[0].clauses[0].keyword, "单位");
    assert_string_equal(s->decls[1].alias, "c");
    assert_false(s->decls[1].broken);
    fd_script_free(s);
    fd_diags_dispose(&d);
}

static void text_as_it_comes(void **state)
{
    static const char text[] = "\xEF\xBB\xBF# 头\r\n\r\n# 说明\r\n数据 甲 / a  # 尾\r\n  # 上\r\n  "
                               "对象 企业\r\n\r\n# 完\r\n";
    fd_diags d = FD_DIAGS_INIT;
    fd_script *s = NULL;

    (void)state;
    assert_int_equal(fd_script_parse(&s, text, sizeof text - 1, "f", &d), 0);
    assert_int_equal(s->count, 1);
    assert_string_equal(s->decls[0].comment, "# 头\n# 说明\n# 尾");
    assert_string_equal(s->decls[0].clauses[0].above, "# 上");
    assert_string_equal(s->decls[0].clauses[0].words[0], "企业");
    assert_int_equal(s->decls[0].clauses[0].span.line, 6);
    assert_string_equal(s->comment, "# 完");
    assert_true(fd_view_ends(fd_view_of(s->decls[0].text), "对象 企业"));
    fd_script_free(s);
    fd_diags_dispose(&d);
}

static void refused(const char *text, size_t length, int code)
{
    fd_diags d = FD_DIAGS_INIT;
    fd_script *s = NULL;

    assert_int_equal(fd_script_parse(&s, text, length, "f", &d), FD_EPARSE);
    assert_int_equal(s->count, 0);
    assert_int_equal(d.list.items[0]->error.code, code);
    fd_script_free(s);
    fd_diags_dispose(&d);
}

static void what_is_no_text(void **state)
{
    size_t large = ((size_t)16 << 20) + 1;
    char *text = fd_alloc(large);

    (void)state;
    memset(text, '\n', large);
    refused(text, large, FD_ELIMIT);
    free(text);
    refused("数据 \xFF\n", 9, FD_EPARSE);
    refused("数据 a\0b\n", 11, FD_EPARSE);
    { /* a file in GBK: where it stops being ours, and what to do */
        static const char gbk[] = "# ok\n\xCA\xFD\xBE\xDD \xBC\xD7\n";
        fd_diags d = FD_DIAGS_INIT;
        fd_script *s = NULL;

        assert_int_equal(fd_script_parse(&s, gbk, sizeof gbk - 1, "f", &d), FD_EPARSE);
        assert_int_equal(d.list.items[0]->error.row, 2);
        assert_int_equal(d.list.items[0]->error.column, 1);
        assert_non_null(strstr(d.list.items[0]->error.hint[FD_ZH], "UTF-8"));
        fd_script_free(s);
        fd_diags_dispose(&d);
    }
}

/* Depth, length and repetition are bounded, and reading stays linear. */
static void hostile_input(void **state)
{
    static const struct {
        const char *before, *repeated, *after;
        size_t times;
    } inputs[] = {
        { "指标 甲 / a\n  公式 ", "(", "\n", 200000 },
        { "指标 甲 / a\n  公式 ", "-", "1\n", 200000 },
        { "指标 甲 / a\n  公式 ", "非 ", "1\n", 100000 },
        { "指标 甲 / a\n  公式 1", " + 1", "\n", 200000 },
        { "指标 甲 / a\n  公式 x 属于 {", "1,", "}\n", 200000 },
        { "指标 甲 / a\n  来源 ", "〔", "\n", 300000 },
        { "指标 甲 / a\n  来源 ", "〔a〕 ", "\n", 100000 },
        { "指标 甲 / a\n  来源 ", "「", "\n", 300000 },
        { "指标 甲 / a\n  来源 ", "x  单位", "\n", 100000 },
        { "", "数据 ", "\n", 200000 },
        { "指标 甲 / a\n", "  公式子 1\n", "", 50000 },
        { "分类 甲 / a\n  成员\n", "    31\n", "", 100000 },
        { "指标 甲 / a\n  公式 a", "[上年]", "\n", 100000 },
        { "单位 ", "a/", "\n", 300000 },
        { "指标 甲 / a\n  公式 ", "合计(", "\n", 100000 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        fd_diags d = FD_DIAGS_INIT;
        fd_script *s = NULL;
        fd_buf text = FD_BUF_INIT;

        fd_buf_puts(&text, inputs[i].before);
        fd_buf_repeat(&text, inputs[i].repeated, inputs[i].times);
        fd_buf_puts(&text, inputs[i].after);
        (void)fd_script_parse(&s, fd_buf_text(&text), text.len, "f", &d);
        assert_true(s->count <= 1);
        fd_script_free(s);
        fd_diags_dispose(&d);
        fd_buf_dispose(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tricky_lines), cmocka_unit_test(faults_are_placed),
        cmocka_unit_test(reading_goes_on),  cmocka_unit_test(text_as_it_comes),
        cmocka_unit_test(what_is_no_text),  cmocka_unit_test(hostile_input),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
