/*
 * A policy as a table for the law department, which reads it against the document.
 */
#include <stdlib.h>
#include <string.h>

#include "ding/grammar.h"
#include "policy/tables.h"

static const char *const kinds[][2] = { { "", "" },
                                        { "前提", "scope" },
                                        { "条件", "condition" },
                                        { "人工", "by hand" },
                                        { "直通", "direct pass" },
                                        { "计算", "value" } };

static void editions_of(fd_buf *out, const fd_policy *p, uint32_t versions)
{
    fd_buf_clear(out);
    for (size_t v = 0; v < p->version_count; v++)
        if (versions & 1u << v)
            fd_buf_printf(out, "%s%s", out->len ? " " : "", p->versions[v].name);
}

static void put(fd_table *t, const char *kind, const char *name, const char *says,
                const char *editions, const char *cite, const char *letter)
{
    const char *const cells[] = { kind, name, says, editions, cite, letter };
    size_t row = fd_table_add_row(t);

    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        fd_column_set_text(t->columns[i], row, cells[i] ? cells[i] : "");
}

static int put_expr(fd_table *t, const char *kind, const char *name, const fd_expr *e,
                    const char *editions, const char *cite, const char *letter, fd_lang lang)
{
    char *text = NULL;
    int err = e ? fd_expr_print(&text, e, lang) : 0;

    if (err >= 0 && e)
        put(t, kind, name, text, editions, cite, letter);
    free(text);
    return err;
}

static const fd_clause *clause_of(const fd_policy *p, const char *keyword)
{
    for (size_t i = 0; i < p->decl->clause_count; i++)
        if (strcmp(p->decl->clauses[i].keyword, keyword) == 0)
            return &p->decl->clauses[i];
    return NULL;
}

static void put_editions(fd_table *t, const fd_policy *p, fd_lang lang)
{
    char from[16], to[16], span[64];

    for (size_t v = 0; v < p->version_count; v++) {
        const fd_policy_version *version = &p->versions[v];

        fd_date_format(version->from, from, sizeof from);
        fd_date_format(version->to, to, sizeof to);
        if (version->to == FD_DATE_MAX)
            snprintf(span, sizeof span, lang == FD_ZH ? "%s 起" : "from %s", from);
        else
            snprintf(span, sizeof span, lang == FD_ZH ? "%s 至 %s" : "%s to %s", from, to);
        put(t, lang == FD_ZH ? "版本" : "edition", version->number, span, version->name,
            version->cite, "");
    }
}

static void put_params(fd_table *t, const fd_policy *p, fd_lang lang)
{
    for (size_t i = 0; i < p->param_count; i++)
        for (size_t v = 0; v < p->version_count; v++) {
            fd_buf value = FD_BUF_INIT;
            fd_quot q = fd_quot_from_decimal(p->params[i].values[v]);

            if (!p->params[i].has[v])
                continue;
            if (fd_quot_mul(&q, q, p->params[i].unit->factor) >= 0)
                fd_policy__number_text(&value, q, p->params[i].unit, 9);
            put(t, lang == FD_ZH ? "参数" : "parameter", p->params[i].name, fd_buf_text(&value),
                p->versions[v].name, p->params[i].clause->cite, "");
            fd_buf_dispose(&value);
        }
}

/* What a 人工 asks: its words behind the name and 仅 EDITION, which stand in columns of their own.
 */
static const char *by_hand(fd_buf *out, const fd_clause *c)
{
    size_t from = 1;

    if (c->word_count > 2 && (!strcmp(c->words[1], "仅") || !strcmp(c->words[1], "only")))
        from = 3;
    fd_buf_clear(out);
    for (size_t i = from; i < c->word_count; i++)
        fd_buf_printf(out, "%s%s", i > from ? " " : "", c->words[i]);
    return fd_buf_text(out);
}

/* The letter at the end of a citation; "" when it has none. */
static const char *letter_of(char *out, const char *cite)
{
    size_t n = cite ? strlen(cite) : 0;

    out[0] = '\0';
    if (n > 1 && cite[n - 2] == ' ' && cite[n - 1] >= 'A' && cite[n - 1] <= 'D')
        snprintf(out, 16, "%c%s", cite[n - 1], cite[n - 1] == 'D' ? " unverified" : "");
    return out;
}

int fd_policy_table(fd_table **out, const fd_program *program, const fd_policy *p, fd_lang lang)
{
    static const char *const columns[][3] = {
        { "kind", "类别", "Kind" },     { "name", "名称", "Name" },
        { "says", "内容", "Says" },     { "editions", "版本", "Editions" },
        { "clause", "条款", "Clause" }, { "confidence", "核实", "Confidence" }
    };
    fd_table *t = fd_table_new("policy_table", p->name, p->id);
    fd_buf editions = FD_BUF_INIT, manual = FD_BUF_INIT;
    char letter[16];
    int err = 0;

    (void)program;
    *out = NULL;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        fd_table_add_new(t, columns[i][0], columns[i][1], columns[i][2], FD_TEXT, "", 0);
    put_editions(t, p, lang);
    put_params(t, p, lang);
    for (size_t i = 0; i < p->part_count && err >= 0; i++) {
        const fd_policy_part *part = &p->parts[i];

        snprintf(letter, sizeof letter, "%c%s", part->confidence,
                 part->confidence == 'D' ? " unverified" : "");
        editions_of(&editions, p, part->versions);
        if (part->clause->expr)
            err = put_expr(t, kinds[part->kind][lang], part->name, part->clause->expr,
                           fd_buf_text(&editions), part->cite, letter, lang);
        else
            put(t, kinds[part->kind][lang], part->name, by_hand(&manual, part->clause),
                fd_buf_text(&editions), part->cite, letter);
    }
    for (size_t i = 0; i < 3 && err >= 0; i++) {
        static const char *const money[][2] = { { "资助", "grant" },
                                                { "封顶", "cap" },
                                                { "保底", "floor" } };
        const fd_clause *c = clause_of(p, money[i][0]);

        if (c && c->expr)
            err = put_expr(t, money[i][lang], "", c->expr, "", c->cite, letter_of(letter, c->cite),
                           lang);
    }
    for (size_t i = 0; i < p->decl->clause_count; i++) {
        static const char *const others[] = { "有效期", "过渡", "叠加", "资金池",      "分担",
                                              "掌握",   "建议", "发文", "公平竞争审查" };
        const fd_clause *c = &p->decl->clauses[i];
        const fd_clause_rule *rule = fd_grammar_clause(p->decl->kind, fd_view_of(c->keyword));

        for (size_t k = 0; k < sizeof others / sizeof *others; k++)
            if (strcmp(c->keyword, others[k]) == 0)
                put(t, lang == FD_ZH || !rule ? c->keyword : rule->en, "", c->text, "", c->cite,
                    letter_of(letter, c->cite));
    }
    fd_buf_dispose(&editions);
    fd_buf_dispose(&manual);
    fd_policy__notes(t, p);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}
