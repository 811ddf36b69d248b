/*
 * 梯度: rungs that are policies, and the steps between them → typed structs.
 */
#include <stdlib.h>
#include <string.h>

#include "ding/check_expr.h"
#include "ding/policies.h"

static size_t find_rung(const fd_ladder *g, fd_view name)
{
    for (size_t i = 0; i < g->rung_count; i++)
        if (fd_view_is(name, g->rungs[i].name))
            return i;
    return SIZE_MAX;
}

/* A date attribute of enterprises by name; a fault and NULL when there is none. */
static const fd_item *find_day(fd_loader *l, const fd_ladder *g, const fd_clause *c,
                               const char *name)
{
    const fd_item *item = fd_program_item(l->p, name);

    if (item && item->value_kind == FD_DATE && strcmp(item->kind, "enterprise") == 0)
        return item;
    fd_program__suggest(l->p, l->diags,
                        fd_program__find(l->diags, FD_FAULT, "name", g->decl, &c->argument,
                                         "「%.80s」不是企业的日期数据项",
                                         "%.80s is no date of an enterprise", name),
                        1u << FD_DECL_ITEM, name);
    return NULL;
}

/* 级 小巨人 政策 giant 证书 小巨人有效期至 起 小巨人认定日 */
static void read_rung(fd_loader *l, fd_ladder *g, const fd_clause *c)
{
    struct fd_rung *rung = &g->rungs[g->rung_count];

    if (!c->word_count)
        return;
    rung->name = c->words[0];
    for (size_t i = 1; i + 1 < c->word_count; i += 2) {
        const char *key = c->words[i], *value = c->words[i + 1];

        if (!strcmp(key, "政策") || !strcmp(key, "policy")) {
            if (!(rung->policy = fd_program_policy(l->p, value)))
                fd_program__suggest(l->p, l->diags,
                                    fd_program__find(l->diags, FD_FAULT, "policy", g->decl,
                                                     &c->argument, "没有政策:%.80s",
                                                     "no such policy: %.80s", value),
                                    1u << FD_DECL_POLICY, value);
        } else if (!strcmp(key, "证书") || !strcmp(key, "certificate")) {
            rung->certificate = find_day(l, g, c, value);
        } else if (!strcmp(key, "起") || !strcmp(key, "since")) {
            rung->since = find_day(l, g, c, value);
        } else {
            fd_program__find(l->diags, FD_FAULT, "word", g->decl, &c->argument,
                             "「%.60s」不是 政策、证书 或 起",
                             "%.60s is none of policy, certificate, since", key);
        }
    }
    if (c->word_count % 2 == 0)
        fd_program__find(l->diags, FD_FAULT, "word", g->decl, &c->argument, "「%.60s」后面缺了名字",
                         "a name is missing after %.60s", c->words[c->word_count - 1]);
    if (find_rung(g, fd_view_of(rung->name)) != SIZE_MAX)
        fd_program__find(l->diags, FD_FAULT, "twice", g->decl, &c->span, "级「%.60s」写了两次",
                         "rung %.60s stands twice", rung->name);
    g->rung_count++;
}

/* 晋级 a → b → c;a → d */
static void read_steps(fd_loader *l, fd_ladder *g, const fd_clause *c, size_t *room)
{
    fd_reading r;

    fd_reading_start(&r, l, g->decl, c);
    do {
        size_t before = SIZE_MAX, at;

        do {
            at = r.token.kind == FD_TOKEN_NAME ? find_rung(g, r.token.text) : SIZE_MAX;
            if (at == SIZE_MAX) {
                fd_reading_fault(&r, "rung", "没有这一级", "there is no such rung");
                return;
            }
            fd_reading_next(&r);
            if (before != SIZE_MAX) {
                if (g->step_count == *room) {
                    size_t(*larger)[2] =
                        fd_arena_alloc(l->p->arena, (*room = *room * 2 + 8) * sizeof *larger);

                    if (g->step_count)
                        memcpy(larger, g->steps, g->step_count * sizeof *larger);
                    g->steps = larger;
                }
                g->steps[g->step_count][0] = before;
                g->steps[g->step_count++][1] = at;
            }
            before = at;
        } while (fd_reading_symbol(&r, 'A'));
    } while (fd_reading_symbol(&r, ';') && r.token.kind != FD_TOKEN_END);
}

/* 储备 青苗企业户数: an indicator that counts enterprises. */
static void read_pool(fd_loader *l, fd_ladder *g, const fd_clause *c)
{
    const char *name = c->word_count == 1 ? c->words[0] : "";

    if (!(g->pool = fd_program_indicator(l->p, name)))
        fd_program__suggest(l->p, l->diags,
                            fd_program__find(l->diags, FD_FAULT, "name", g->decl, &c->argument,
                                             "储备后面应为一个指标:%.80s",
                                             "pool takes one indicator: %.80s", name),
                            1u << FD_DECL_INDICATOR, name);
}

/* A ladder that leads back to where it was is none: rungs are taken away that lead nowhere. */
static void check_circle(fd_loader *l, const fd_ladder *g)
{
    bool *gone = fd_arena_alloc(l->p->arena, g->rung_count + 1);
    bool changed = true;

    while (changed) {
        changed = false;
        for (size_t i = 0; i < g->rung_count; i++) {
            bool leads = false;

            for (size_t s = 0; s < g->step_count && !gone[i]; s++)
                leads = leads || (g->steps[s][0] == i && !gone[g->steps[s][1]]);
            if (!gone[i] && !leads)
                gone[i] = changed = true;
        }
    }
    for (size_t i = 0; i < g->rung_count; i++)
        if (!gone[i]) {
            fd_program__find(l->diags, FD_FAULT, "cycle", g->decl, NULL,
                             "梯度成环:经过「%s」又回到自己",
                             "the ladder leads in a circle through %s", g->rungs[i].name);
            return;
        }
}

void fd_load__ladders(fd_loader *l)
{
    size_t count = l->p->decls[FD_DECL_LADDER].count;

    l->p->typed[FD_DECL_LADDER] = fd_arena_alloc(l->p->arena, (count + 1) * sizeof(void *));
    for (size_t i = 0; i < count; i++) {
        fd_ladder *g = fd_arena_alloc(l->p->arena, sizeof *g);
        size_t room = 0;

        g->decl = l->p->decls[FD_DECL_LADDER].items[i];
        g->id = g->decl->alias;
        g->name = g->decl->name;
        g->rungs = fd_arena_alloc(l->p->arena, (g->decl->clause_count + 1) * sizeof *g->rungs);
        for (size_t k = 0; k < g->decl->clause_count; k++)
            if (strcmp(g->decl->clauses[k].keyword, "级") == 0)
                read_rung(l, g, &g->decl->clauses[k]);
        for (size_t k = 0; k < g->decl->clause_count; k++)
            if (strcmp(g->decl->clauses[k].keyword, "晋级") == 0)
                read_steps(l, g, &g->decl->clauses[k], &room);
            else if (strcmp(g->decl->clauses[k].keyword, "储备") == 0)
                read_pool(l, g, &g->decl->clauses[k]);
        check_circle(l, g);
        l->p->typed[FD_DECL_LADDER][i] = g;
    }
}
