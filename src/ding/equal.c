/*
 * Do two trees say the same? Places, files and layout are not compared.
 */
#include <string.h>

#include "ding/grammar.h"

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_decimal(fd_decimal a, fd_decimal b)
{
    return a.mantissa == b.mantissa && a.scale == b.scale;
}

bool fd_expr_equal(const fd_expr *a, const fd_expr *b)
{
    if (!a || !b)
        return a == b;
    if (a->kind != b->kind || !same_text(a->text, b->text) ||
        !same_text(a->unit_text, b->unit_text) || !same_decimal(a->number, b->number) ||
        a->quoted != b->quoted || a->date != b->date || a->at != b->at || a->step != b->step ||
        a->period != b->period || a->function != b->function || a->rounding != b->rounding ||
        a->reported_only != b->reported_only || a->from_year != b->from_year ||
        a->bands != b->bands || !same_text(a->deflator, b->deflator) ||
        a->child_count != b->child_count || !fd_expr_equal(a->where, b->where))
        return false;
    for (size_t i = 0; i < a->child_count; i++)
        if (!fd_expr_equal(a->children[i], b->children[i]))
            return false;
    return true;
}

static bool same_words(const fd_clause *a, const fd_clause *b)
{
    if (a->word_count != b->word_count)
        return false;
    for (size_t i = 0; i < a->word_count; i++)
        if (strcmp(a->words[i], b->words[i]) != 0)
            return false;
    return true;
}

/* What a clause means by its shape: an expression, chosen words, or the text. */
static bool same_argument(fd_decl_kind kind, const fd_clause *a, const fd_clause *b)
{
    const fd_clause_rule *rule = fd_grammar_clause(kind, fd_view_of(a->keyword));

    if (a->expr || b->expr)
        return same_text(a->name, b->name) && fd_expr_equal(a->expr, b->expr);
    if (!rule)
        return same_text(a->text, b->text) && same_words(a, b);
    switch (rule->shape) {
    case FD_SHAPE_VOCABULARY:
        return same_words(a, b);
    case FD_SHAPE_MISSING:
    case FD_SHAPE_LIGHTS:
    case FD_SHAPE_LIGHT:
    case FD_SHAPE_NUMBER:
    case FD_SHAPE_TRUTH:
        return true;
    default:
        return same_text(a->text, b->text) && same_words(a, b);
    }
}

static bool same_clauses(fd_decl_kind kind, const fd_clause *a, const fd_clause *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(a[i].keyword, b[i].keyword) != 0 || !same_argument(kind, &a[i], &b[i]) ||
            !same_text(a[i].cite, b[i].cite) || !same_text(a[i].comment, b[i].comment) ||
            !same_text(a[i].above, b[i].above) || a[i].child_count != b[i].child_count ||
            !same_clauses(kind, a[i].children, b[i].children, a[i].child_count))
            return false;
    return true;
}

bool fd_decl_equal(const fd_decl *a, const fd_decl *b)
{
    return a->kind == b->kind && strcmp(a->name, b->name) == 0 && strcmp(a->alias, b->alias) == 0 &&
           same_text(a->replaces, b->replaces) && same_text(a->comment, b->comment) &&
           a->clause_count == b->clause_count &&
           same_clauses(a->kind, a->clauses, b->clauses, a->clause_count);
}
