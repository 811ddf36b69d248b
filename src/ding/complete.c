/*
 * 全名单: lists of which somebody says, with a source, that they are complete on certain days.
 *
 * Who has no entry in an attribute is unknown: a list that came in says who is on it, never that
 * nobody else is.  Only a declaration of its own turns "not listed" into 否, and only on the days
 * it names; of a date (有效期至) it turns it into 不适用.
 */
#include <string.h>

#include "ding/program.h"

const fd_complete *fd_item_complete_on(const fd_item *item, fd_date day)
{
    for (const fd_complete *c = item->complete; c; c = c->next)
        if (c->from <= day && day <= c->to)
            return c;
    return NULL;
}

bool fd_item_may_be_na(const fd_item *item)
{
    return item->may_be_na || (item->complete && item->value_kind == FD_DATE);
}

/* 有效 2024-12-31 起; 有效 2024-12-31 至 2025-12-31. One date alone would leave open which is
 * meant. */
static bool read_days(fd_complete *out, fd_loader *l, const fd_decl *decl)
{
    const fd_clause *valid = fd_decl__clause(decl, "有效");
    fd_date dates[2] = { FD_DATE_NONE, FD_DATE_NONE };
    bool open = false;
    size_t n = 0;

    for (size_t w = 0; valid && w < valid->word_count; w++) {
        const char *word = valid->words[w];

        open = open || !strcmp(word, "起") || !strcmp(word, "on");
        if (word[0] >= '0' && word[0] <= '9' && n < 2 &&
            fd_date_parse(&dates[n++], word, strlen(word)) < 0) {
            fd_error_clear();
            return false; /* check_valid() has said so */
        }
    }
    if (n == 0 || (n == 1) != open) {
        fd_error_set_hint(
            fd_program__find(l->diags, FD_FAULT, "complete", decl, valid ? &valid->argument : NULL,
                             "要写明名单在哪些天是全的", "say on which days the list is complete"),
            "有效 2024-12-31 起(一直有人维护),或 有效 2024-12-31 至 2025-12-31",
            "valid 2024-12-31 on (it is kept up), or valid 2024-12-31 to 2025-12-31");
        return false;
    }
    out->from = dates[0];
    out->to = n == 2 ? dates[1] : FD_DATE_MAX;
    return true;
}

static void close_item(fd_loader *l, const fd_decl *decl, const fd_clause *clause, const char *name,
                       const fd_complete *days)
{
    fd_item *item = NULL;
    const fd_item *found = fd_program_item(l->p, name);
    fd_complete *c;
    fd_error *e;

    for (size_t i = 0; found && i < l->p->decls[FD_DECL_ITEM].count && !item; i++)
        if (l->p->typed[FD_DECL_ITEM][i] == found)
            item = l->p->typed[FD_DECL_ITEM][i];
    if (!item) {
        e = fd_program__find(l->diags, FD_FAULT, "name", decl, &clause->argument,
                             "没有叫「%.80s」的数据项", "there is no item %.80s", name);
        fd_program__suggest(l->p, l->diags, e, 1u << FD_DECL_ITEM, name);
        return;
    }
    if (item->nature != FD_ATTRIBUTE || item->by ||
        (item->value_kind != FD_BOOL && item->value_kind != FD_DATE)) {
        fd_program__find(l->diags, FD_FAULT, "complete", decl, &clause->argument,
                         "「%.80s」不是 是否 或 日期 的属性,没有名单可言",
                         "%.80s is no attribute of yes or no, nor a date: it has no list",
                         item->name);
        return;
    }
    c = fd_arena_alloc(l->p->arena, sizeof *c);
    *c = *days;
    c->next = item->complete;
    item->complete = c;
}

void fd_load__complete(fd_loader *l)
{
    size_t count = l->p->decls[FD_DECL_COMPLETE].count;

    l->p->typed[FD_DECL_COMPLETE] = fd_arena_alloc(l->p->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count; i++) {
        const fd_decl *decl = l->p->decls[FD_DECL_COMPLETE].items[i];
        fd_complete *days = fd_arena_alloc(l->p->arena, sizeof *days);

        *days = (fd_complete){ .decl = decl, .from = FD_DATE_MAX, .to = FD_DATE_NONE };
        l->p->typed[FD_DECL_COMPLETE][i] = days;
        if (decl->broken)
            continue;
        if (fd_decl__clause(decl, "未核实"))
            fd_program__find(l->diags, FD_FAULT, "complete", decl, NULL,
                             "没有核实的名单不能当全名单",
                             "a list that is not verified is not complete");
        if (!read_days(days, l, decl))
            continue;
        for (size_t k = 0; k < decl->clause_count; k++)
            for (size_t w = 0;
                 strcmp(decl->clauses[k].keyword, "项") == 0 && w < decl->clauses[k].word_count;
                 w++)
                close_item(l, decl, &decl->clauses[k], decl->clauses[k].words[w], days);
    }
}
