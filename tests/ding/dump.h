/*
 * A tree as one line, operator first: what the tables of docs/language.md are written in.
 */
#ifndef FD_TESTS_DING_DUMP_H
#define FD_TESTS_DING_DUMP_H

#include "ding/grammar.h"
#include "fangding/ding.h"

static inline void dump_list(fd_buf *out, const char *head, const fd_expr *e);

static inline void dump_expr(fd_buf *out, const fd_expr *e)
{
    static const char *const operators[] = {
        [FD_EXPR_NEGATE] = "−",    [FD_EXPR_ADD] = "+", [FD_EXPR_SUB] = "−",
        [FD_EXPR_MUL] = "×",       [FD_EXPR_DIV] = "÷", [FD_EXPR_EQ] = "=",
        [FD_EXPR_NE] = "≠",        [FD_EXPR_LT] = "<",  [FD_EXPR_LE] = "≤",
        [FD_EXPR_GT] = ">",        [FD_EXPR_GE] = "≥",  [FD_EXPR_IN] = "属于",
        [FD_EXPR_AND] = "且",      [FD_EXPR_OR] = "或", [FD_EXPR_NOT] = "非",
        [FD_EXPR_CASE] = "分情况",
    };
    static const char *const moments[] = {
        [FD_AT_YEAR_BEFORE] = "上年",
        [FD_AT_COMPARATIVE] = "上年同期",
        [FD_AT_YEAR_BEFORE_STORED] = "上年同期 已存",
        [FD_AT_VERIFIED] = "核定",
    };
    char buf[64];

    switch (e->kind) {
    case FD_EXPR_NUMBER:
        fd_decimal_format(e->number, buf, sizeof buf);
        fd_buf_printf(out, e->unit_text ? "%s①%s" : "%s", buf, e->unit_text);
        break;
    case FD_EXPR_TEXT:
        fd_buf_printf(out, e->quoted ? "\"%s\"" : "'%s", e->text);
        break;
    case FD_EXPR_DATE:
        fd_date_format(e->date, buf, sizeof buf);
        fd_buf_printf(out, "%s", buf);
        break;
    case FD_EXPR_NAME:
        fd_buf_printf(out, strchr(e->text, ' ') ? "「%s」" : "%s", e->text);
        break;
    case FD_EXPR_AT:
        dump_expr(out, e->children[0]);
        if (e->at == FD_AT_STEP)
            fd_buf_printf(out, "[%d]", e->step);
        else if (e->at == FD_AT_PERIOD) {
            fd_period_format(e->period, buf, sizeof buf);
            fd_buf_printf(out, "[%s]", buf);
        } else
            fd_buf_printf(out, "[%s]", moments[e->at]);
        break;
    case FD_EXPR_CALL:
        dump_list(out, e->function == FD_FN_LAST_YEARS ? "近" : fd_grammar_function_of(e)->zh, e);
        break;
    default:
        dump_list(out, operators[e->kind], e);
        break;
    }
}

static inline void dump_list(fd_buf *out, const char *head, const fd_expr *e)
{
    fd_buf_printf(out, "(%s%s", head, e->reported_only ? "·已报" : "");
    for (size_t i = 0; i < e->child_count; i++) {
        fd_buf_putc(out, ' ');
        dump_expr(out, e->children[i]);
    }
    if (e->where) {
        fd_buf_puts(out, " 条件:");
        dump_expr(out, e->where);
    }
    if (e->deflator)
        fd_buf_printf(out, " 按:%s", e->deflator);
    if (e->from_year)
        fd_buf_printf(out, " 起:%d", e->from_year);
    fd_buf_putc(out, ')');
}

/* Keyword, argument, 〔citation〕, #comment, then children in braces. */
static inline void dump_clauses(fd_buf *out, const fd_clause *c, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fd_buf_printf(out, "%s%s", i ? " ¦ " : "", c[i].keyword);
        if (c[i].expr) {
            fd_buf_putc(out, '=');
            dump_expr(out, c[i].expr);
        } else if (c[i].text[0]) {
            fd_buf_printf(out, "=%s", c[i].text);
        }
        if (c[i].cite)
            fd_buf_printf(out, "〔%s〕", c[i].cite);
        if (c[i].comment)
            fd_buf_printf(out, "#%s", c[i].comment);
        if (c[i].child_count) {
            fd_buf_puts(out, "{");
            dump_clauses(out, c[i].children, c[i].child_count);
            fd_buf_puts(out, "}");
        }
    }
}

#endif
