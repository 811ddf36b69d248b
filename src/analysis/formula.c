/*
 * Parsing arithmetic over columns: recursive descent into the steps of a stack machine.
 *
 *   expression = product { ("+" | "-") product }
 *   product    = value { ("*" | "/") value }
 *   value      = number | column | "(" expression ")" | "sum:" column [":" ("by" | "over") { ":"
 *                column }]
 */
#include "analysis/formula.h"

#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"

#define MOST_NESTED 64
#define MOST_STEPS  1000

typedef struct parser {
    fd_formula *out;
    const char *text;
    size_t length, at;
    size_t nested, stack; /* brackets open; values on the stack so far */
} parser;

static int fail(const parser *p, const char *zh, const char *en)
{
    fd_error_set(FD_EPARSE, "算式「%.*s」第 %zu 字节处有误", "expression \"%.*s\", byte %zu",
                 (int)p->length, p->text, p->at + 1);
    return fd_error_detail("%s%.0s", "%.0s%s", zh, en); /* each takes its own of the two */
}

static void skip_blanks(parser *p)
{
    while (p->at < p->length && strchr(" \t\r\n", p->text[p->at]))
        p->at++;
}

static bool take(parser *p, char c)
{
    skip_blanks(p);
    if (p->at >= p->length || p->text[p->at] != c)
        return false;
    p->at++;
    return true;
}

static int emit(parser *p, fd_formula_step step)
{
    fd_formula *f = p->out;

    if (f->count >= MOST_STEPS)
        return fd_error_set(FD_ELIMIT, "算式太长", "the expression is too long");
    if (f->count == f->capacity) {
        f->capacity = f->capacity ? 2 * f->capacity : 8;
        f->steps = fd_realloc_array(f->steps, f->capacity, sizeof *f->steps);
    }
    f->steps[f->count++] = step;
    if (step.kind <= FD_FORMULA_SUM)
        p->stack++;
    else
        p->stack--;
    f->depth = p->stack > f->depth ? p->stack : f->depth;
    return 0;
}

static bool is_mark(char c)
{
    return strchr(" \t\r\n+-*/():;=\"", c) != NULL;
}

/* A word, or a text in quotes; false when there is none. */
static bool take_name(parser *p, fd_view *out, bool *quoted)
{
    size_t from;

    skip_blanks(p);
    from = p->at;
    *quoted = p->at < p->length && p->text[p->at] == '"';
    if (*quoted) {
        const char *end = memchr(p->text + p->at + 1, '"', p->length - p->at - 1);

        if (!end)
            return false;
        *out = (fd_view){ p->text + from + 1, (size_t)(end - p->text) - from - 1 };
        p->at = (size_t)(end - p->text) + 1;
        return out->len > 0;
    }
    while (p->at < p->length && !is_mark(p->text[p->at]))
        p->at++;
    *out = (fd_view){ p->text + from, p->at - from };
    return out->len > 0;
}

static char *copy_of(fd_view v)
{
    char *out = fd_alloc(v.len + 1);

    memcpy(out, v.ptr, v.len);
    return out;
}

/* After "sum:". */
static int parse_sum(parser *p)
{
    fd_formula_step step = { .kind = FD_FORMULA_SUM };
    fd_view name;
    bool quoted;
    int err = 0;

    if (!take_name(p, &name, &quoted))
        return fail(p, "sum: 后面应是列名", "after sum: a column is expected");
    step.column = copy_of(name);
    if (take(p, ':')) {
        if (!take_name(p, &name, &quoted) || quoted ||
            (!fd_view_is(name, "over") && !fd_view_is(name, "by")))
            err = fail(p, "这里应是 by 或 over", "by or over is expected here");
        else
            step.over = fd_view_is(name, "over");
        while (err >= 0 && take(p, ':'))
            if (step.key_count == FD_FORMULA_KEYS)
                err = fail(p, "by、over 后面的列太多", "too many columns after by or over");
            else if (!take_name(p, &name, &quoted))
                err = fail(p, "这里应是列名", "a column is expected here");
            else
                step.keys[step.key_count++] = copy_of(name);
        if (err >= 0 && !step.key_count)
            err = fail(p, "by、over 后面应有列名", "by and over are followed by columns");
    }
    if (err < 0 || (err = emit(p, step)) < 0) {
        free(step.column);
        for (size_t k = 0; k < step.key_count; k++)
            free(step.keys[k]);
    }
    return err;
}

static int parse_expression(parser *p);

/* A plain number as it stands in an expression: digits and a point. */
static bool as_number(double *out, fd_view word)
{
    char buf[40], *end;

    if (word.len >= sizeof buf)
        return false;
    memcpy(buf, word.ptr, word.len);
    buf[word.len] = '\0';
    if (strspn(buf, "0123456789.") != word.len)
        return false;
    *out = strtod(buf, &end);
    return *end == '\0';
}

static int parse_value(parser *p)
{
    fd_view word;
    double number;
    bool quoted;
    int err;

    if (take(p, '(')) {
        if (++p->nested > MOST_NESTED)
            return fd_error_set(FD_ELIMIT, "括号套得太深", "brackets are nested too deeply");
        if ((err = parse_expression(p)) < 0)
            return err;
        p->nested--;
        return take(p, ')') ? 0 : fail(p, "少了 )", "a ) is missing");
    }
    if (!take_name(p, &word, &quoted))
        return fail(p, "这里应是列名、数或括号", "a column, number or bracket is expected here");
    if (!quoted && fd_view_is(word, "sum") && take(p, ':'))
        return parse_sum(p);
    if (!quoted && as_number(&number, word))
        return emit(p, (fd_formula_step){ .kind = FD_FORMULA_NUMBER, .number = number });
    {
        const fd_formula_step step = { .kind = FD_FORMULA_COLUMN, .column = copy_of(word) };

        if ((err = emit(p, step)) < 0)
            free(step.column);
    }
    return err;
}

static int parse_product(parser *p)
{
    int err = parse_value(p);

    while (err >= 0) {
        fd_formula_kind kind;

        if (take(p, '*'))
            kind = FD_FORMULA_MULTIPLY;
        else if (take(p, '/'))
            kind = FD_FORMULA_DIVIDE;
        else
            break;
        if ((err = parse_value(p)) >= 0)
            err = emit(p, (fd_formula_step){ .kind = kind });
    }
    return err;
}

static int parse_expression(parser *p)
{
    int err = parse_product(p);

    while (err >= 0) {
        fd_formula_kind kind;

        if (take(p, '+'))
            kind = FD_FORMULA_ADD;
        else if (take(p, '-'))
            kind = FD_FORMULA_SUBTRACT;
        else
            break;
        if ((err = parse_product(p)) >= 0)
            err = emit(p, (fd_formula_step){ .kind = kind });
    }
    return err;
}

int fd_formula_parse(fd_formula *out, fd_view text)
{
    parser p = { .out = out, .text = text.ptr, .length = text.len };
    int err;

    memset(out, 0, sizeof *out);
    if ((err = parse_expression(&p)) < 0)
        return err;
    skip_blanks(&p);
    return p.at == p.length
               ? 0
               : fail(&p, "这里应是运算符或结尾", "an operator or the end is expected");
}

void fd_formula_dispose(fd_formula *f)
{
    for (size_t i = 0; i < f->count; i++) {
        free(f->steps[i].column);
        for (size_t k = 0; k < f->steps[i].key_count; k++)
            free(f->steps[i].keys[k]);
    }
    free(f->steps);
    memset(f, 0, sizeof *f);
}
