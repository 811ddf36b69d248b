/*
 * 指数: a tree of indicators. Its leaves name indicators, its words are known, its weights numbers.
 */
#include <string.h>

#include "base/utf8.h"
#include "ding/program.h"
#include "fangding/decimal.h"

static bool is_word(const char *word, const char *zh, const char *en)
{
    return strcmp(word, zh) == 0 || strcmp(word, en) == 0;
}

static uint32_t code_points(const char *text, size_t length)
{
    uint32_t n = 0;

    for (size_t at = 0; at < length; n++)
        (void)fd_utf8_next(text, length, &at);
    return n;
}

/* Where the word stands in the clause's line: the argument begins with its first word. */
static fd_span span_of(const fd_clause *c, size_t word)
{
    fd_span span = c->argument;
    const char *at = c->text;

    for (size_t k = 0; k <= word && at; k++) {
        const char *found = strstr(at, c->words[k]);

        if (!found)
            return c->argument;
        if (k == word) {
            span.column += code_points(c->text, (size_t)(found - c->text));
            span.length = code_points(found, strlen(c->words[k]));
        }
        at = found + strlen(c->words[k]);
    }
    return span;
}

/* What stands behind a name: 正 逆, 权重 N, 下限 N, 上限 N. */
static void check_words(fd_loader *l, const fd_decl *decl, const fd_clause *c, size_t k)
{
    for (; k < c->word_count; k++) {
        const char *word = c->words[k];
        const bool number = is_word(word, "权重", "weight") || is_word(word, "下限", "low") ||
                            is_word(word, "上限", "high");
        fd_span span = span_of(c, k);
        fd_decimal value;

        if (is_word(word, "正", "higher") || is_word(word, "逆", "lower"))
            continue;
        if (!number) {
            fd_error_set_hint(fd_program__find(l->diags, FD_FAULT, "index", decl, &span,
                                               "不认得这个词:%.80s",
                                               "not a word of an index: %.80s", word),
                              "可用 正、逆、权重 数、下限 数、上限 数",
                              "there are higher, lower, weight N, low N, high N");
            return;
        }
        if (++k == c->word_count ||
            fd_decimal_parse(&value, c->words[k], strlen(c->words[k])) < 0) {
            fd_program__find(l->diags, FD_FAULT, "index", decl, &span, "「%.80s」后面应是数",
                             "a number should follow %.80s", word);
            return;
        }
    }
}

static void check_leaf(fd_loader *l, const fd_decl *decl, const fd_clause *c)
{
    fd_span span;

    if (!c->word_count) {
        fd_program__find(l->diags, FD_FAULT, "index", decl, &c->span, "项 要写指标",
                         "a leaf names an indicator");
        return;
    }
    span = span_of(c, 0);
    if (!fd_program_indicator(l->p, c->words[0]))
        fd_program__suggest(l->p, l->diags,
                            fd_program__find(l->diags, FD_FAULT, "indicator", decl, &span,
                                             "没有指标:%.80s", "no such indicator: %.80s",
                                             c->words[0]),
                            1u << FD_DECL_INDICATOR, c->words[0]);
    check_words(l, decl, c, 1);
}

/* Depth is that of the file's indentation, which the parser limits. */
static void check_branch(fd_loader *l, const fd_decl *decl, const fd_clause *c)
{
    const bool aliased = c->word_count > 2 && strcmp(c->words[1], "/") == 0;

    if (!c->word_count)
        fd_program__find(l->diags, FD_FAULT, "index", decl, &c->span, "支 没有名称",
                         "a branch has no name");
    else
        check_words(l, decl, c, aliased ? 3 : 1);
    for (size_t i = 0; i < c->child_count; i++) {
        const fd_clause *child = &c->children[i];

        if (is_word(child->keyword, "项", "leaf"))
            check_leaf(l, decl, child);
        else if (is_word(child->keyword, "支", "branch"))
            check_branch(l, decl, child);
        else
            fd_program__find(l->diags, FD_FAULT, "index", decl, &child->span,
                             "支 下面只有 项 和 支:%.80s",
                             "below a branch stand leaves and branches: %.80s", child->keyword);
    }
}

void fd_load__indices(fd_loader *l)
{
    for (size_t i = 0; i < l->p->decls[FD_DECL_INDEX].count; i++) {
        const fd_decl *decl = l->p->decls[FD_DECL_INDEX].items[i];

        for (size_t k = 0; k < decl->clause_count; k++) {
            const fd_clause *c = &decl->clauses[k];

            if (strcmp(c->keyword, "支") == 0)
                check_branch(l, decl, c);
            else if (strcmp(c->keyword, "项") == 0)
                check_leaf(l, decl, c);
        }
    }
}
