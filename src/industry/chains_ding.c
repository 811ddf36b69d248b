/*
 * 链 declarations as a table of nodes.
 */
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "industry/chains.h"

enum {
    C_CHAIN,
    C_CHAIN_NAME,
    C_NODE,
    C_NAME,
    C_STAGE,
    C_IMPORTANCE,
    C_NEEDS,
    C_INDUSTRIES,
    C_PRODUCTS,
    C_OUTSIDE,
    C_NOTE
};

static const fd_column_spec specs[] = {
    { "chain", "链", "Chain", FD_TEXT, "", 0 },
    { "chain_name", "链名", "Chain name", FD_TEXT, "", 0 },
    { "node", "环节", "Node", FD_TEXT, "", 0 },
    { "name", "名称", "Name", FD_TEXT, "", 0 },
    { "stage", "阶段", "Stage", FD_TEXT, "", 0 },
    { "importance", "重要", "Importance", FD_TEXT, "", 0 },
    { "needs", "需要", "Needs", FD_TEXT, "", 0 },
    { "industries", "行业", "Industries", FD_TEXT, "", 0 },
    { "products", "产品", "Products", FD_TEXT, "", 0 },
    { "outside", "外引", "Outside", FD_TEXT, "", 0 },
    { "note", "说明", "Note", FD_TEXT, "", 0 },
};

/* Lines below a node: keyword and column. */
static const struct {
    const char *zh, *en;
    int column;
} lines[] = {
    { "需要", "needs", C_NEEDS },       { "行业", "industries", C_INDUSTRIES },
    { "产品", "products", C_PRODUCTS }, { "外引", "outside", C_OUTSIDE },
    { "说明", "note", C_NOTE },
};

static bool is_stage(const char *word)
{
    static const char *const names[] = { "上游", "中游",     "下游",      "up",        "mid",
                                         "down", "upstream", "midstream", "downstream" };

    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(word, names[k]) == 0)
            return true;
    return false;
}

static int fault(const fd_decl *decl, const fd_clause *clause, const char *zh, const char *en)
{
    fd_error_set(FD_EPARSE, "链「%s」:%s", "chain \"%s\": %s", decl->name, zh);
    (void)en;
    return fd_error_at((fd_place){ decl->file, NULL, (long)clause->span.line, 0 });
}

/* 环节 飞控 / fc    中游    重要 5; the alias may be left out, and the words glued to the name by a
 * slash are cut. */
static int read_node(fd_table *t, const fd_decl *decl, const fd_clause *clause)
{
    const size_t row = fd_table_add_row(t);
    size_t k = 0;

    for (size_t i = 0; i < decl->clause_count; i++) /* what is said of the chain holds for it */
        if (strcmp(decl->clauses[i].keyword, "说明") == 0)
            fd_column_set_text(t->columns[C_NOTE], row, decl->clauses[i].text);

    fd_column_set_text(t->columns[C_CHAIN], row, decl->alias);
    fd_column_set_text(t->columns[C_CHAIN_NAME], row, decl->name);
    if (!clause->word_count)
        return fault(decl, clause, "环节没有名称", "a node has no name");
    fd_column_set_text(t->columns[C_NAME], row, clause->words[k]);
    fd_column_set_text(t->columns[C_NODE], row, clause->words[k++]);
    if (k + 1 < clause->word_count && strcmp(clause->words[k], "/") == 0) {
        fd_column_set_text(t->columns[C_NODE], row, clause->words[k + 1]);
        k += 2;
    }
    for (; k < clause->word_count; k++) {
        const char *word = clause->words[k];

        if (is_stage(word))
            fd_column_set_text(t->columns[C_STAGE], row, word);
        else if ((strcmp(word, "重要") == 0 || strcmp(word, "importance") == 0) &&
                 k + 1 < clause->word_count)
            fd_column_set_text(t->columns[C_IMPORTANCE], row, clause->words[++k]);
        else
            return fault(decl, clause, word, word);
    }
    for (size_t i = 0; i < clause->child_count; i++) {
        const fd_clause *child = &clause->children[i];
        int column = -1;

        for (size_t n = 0; n < sizeof lines / sizeof *lines; n++)
            if (strcmp(child->keyword, lines[n].zh) == 0 ||
                strcmp(child->keyword, lines[n].en) == 0)
                column = lines[n].column;
        if (column < 0)
            return fault(decl, child, child->keyword, child->keyword);
        fd_column_set_text(t->columns[column], row, child->text);
    }
    return 0;
}

int fd_chains_declared(fd_table **out, const fd_program *program)
{
    fd_table *t = fd_table_new("nodes", "产业链环节", "Nodes of chains");
    const fd_decl *decl;
    int err = 0;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; err >= 0 && (decl = fd_program_decl(program, FD_DECL_CHAIN, i)); i++)
        for (size_t k = 0; k < decl->clause_count && err >= 0; k++)
            if (strcmp(decl->clauses[k].keyword, "环节") == 0)
                err = read_node(t, decl, &decl->clauses[k]);
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}
