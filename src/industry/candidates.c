/*
 * Who could fill, strengthen or extend a node.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fangding/arena.h"
#include "industry/chains.h"

typedef struct candidate {
    uint32_t firm;
    bool there;         /* in the node already */
    uint32_t neighbour; /* node that it is in and that is next to this one; UINT32_MAX */
    bool feeds;         /* the neighbour is needed by this node */
    double industry, products, score;
    const char *word; /* product word of the node that it carries, or NULL */
} candidate;

/* GB/T 4754: same class 1, group 0.7, division 0.4. */
static double industry_nearness(const fd_chain_node *n, const char *industry)
{
    static const double by_length[] = { 0, 0, 0.4, 0.7, 1 };
    double best = 0;

    for (size_t k = 0; n->industries[k]; k++) {
        size_t same = 0;

        while (same < 4 && n->industries[k][same] && n->industries[k][same] == industry[same])
            same++;
        if (!n->industries[k][same] && same < 4 && same >= 2)
            same = 4; /* the node names a division or group, and this is in it */
        if (by_length[same] > best)
            best = by_length[same];
    }
    return best;
}

/* The share of the two-letter pieces of a word that stand in a text. */
static double piece_share(const char *word, const char *text)
{
    const size_t length = strlen(word);
    size_t pieces = 0, found = 0;

    for (size_t at = 0; at < length;) {
        size_t second = at, end;
        char piece[16];

        fd_utf8_next(word, length, &second);
        end = second;
        if (second >= length)
            break;
        fd_utf8_next(word, length, &end);
        memcpy(piece, word + at, end - at);
        piece[end - at] = '\0';
        pieces++;
        found += strstr(text, piece) != NULL;
        at = second;
    }
    return pieces ? (double)found / (double)pieces : 0;
}

static void weigh_products(candidate *x, const fd_chain_node *n, const fd_chain_firm *f)
{
    for (size_t k = 0; n->products[k]; k++) {
        double share;

        if (fd_chains__is_word_in(f->name, n->products[k]) ||
            fd_chains__is_word_in(f->products, n->products[k])) {
            x->products = 1;
            x->word = n->products[k];
            return;
        }
        share = piece_share(n->products[k], f->name);
        if (piece_share(n->products[k], f->products) > share)
            share = piece_share(n->products[k], f->products);
        if (share > x->products)
            x->products = share;
    }
}

static bool stands_in(const fd_chain_node *n, uint32_t firm)
{
    for (size_t k = 0; k < n->firms.count; k++)
        if (n->firms.items[k] == firm)
            return true;
    return false;
}

static bool is_needed(const fd_chain_node *n, size_t other)
{
    for (size_t w = 0; w < n->way_count; w++)
        for (size_t m = 0; m < n->ways[w].count; m++)
            if (n->ways[w].nodes[m] == other)
                return true;
    return false;
}

static candidate weigh(const fd_chains *c, size_t node, uint32_t firm)
{
    const fd_chain_node *n = &c->nodes.items[node];
    const fd_chain_firm *f = &c->firms.items[firm];
    const fd_chain *x = &c->chains.items[n->chain];
    candidate out = { .firm = firm, .neighbour = UINT32_MAX };

    out.there = stands_in(n, firm);
    for (size_t i = x->first; i < x->first + x->count && out.neighbour == UINT32_MAX; i++)
        if (i != node && stands_in(&c->nodes.items[i], firm)) {
            out.feeds = is_needed(n, i);
            if (out.feeds || is_needed(&c->nodes.items[i], node))
                out.neighbour = (uint32_t)i;
        }
    out.industry = industry_nearness(n, f->industry);
    weigh_products(&out, n, f);
    out.score = 0.5 * out.industry + 0.3 * out.products + (out.neighbour != UINT32_MAX ? 0.2 : 0) +
                (out.there ? 1 : 0);
    return out;
}

static int compare_candidates(const void *left, const void *right, void *payload)
{
    const candidate *a = left, *b = right;
    const fd_chains *c = payload;

    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return strcmp(c->firms.items[a->firm].code, c->firms.items[b->firm].code);
}

static void put_reason(fd_table *t, size_t row, const fd_chains *c, const candidate *x)
{
    const fd_chain_firm *f = &c->firms.items[x->firm];
    fd_buf zh = FD_BUF_INIT, en = FD_BUF_INIT;

    if (x->there) {
        fd_buf_puts(&zh, f->active == 0 ? "已在本环节,目前停产" : "已在本环节");
        fd_buf_puts(&en,
                    f->active == 0 ? "in the node, stopped at present" : "in the node already");
    }
    if (x->industry > 0) {
        fd_buf_printf(&zh, "%s行业 %s %s", zh.len ? ";" : "", f->industry,
                      x->industry >= 1    ? "同类"
                      : x->industry > 0.5 ? "同中类"
                                          : "同大类");
        fd_buf_printf(&en, "%sindustry %s: same %s", en.len ? "; " : "", f->industry,
                      x->industry >= 1    ? "class"
                      : x->industry > 0.5 ? "group"
                                          : "division");
    }
    if (x->word) {
        fd_buf_printf(&zh, "%s产品含“%s”", zh.len ? ";" : "", x->word);
        fd_buf_printf(&en, "%smakes \"%s\"", en.len ? "; " : "", x->word);
    } else if (x->products > 0) {
        fd_buf_printf(&zh, "%s产品相近 %.0f%%", zh.len ? ";" : "", 100 * x->products);
        fd_buf_printf(&en, "%sproducts near by %.0f %%", en.len ? "; " : "", 100 * x->products);
    }
    if (x->neighbour != UINT32_MAX) {
        const char *name = c->nodes.items[x->neighbour].name;

        fd_buf_printf(&zh, "%s在%s环节“%s”", zh.len ? ";" : "", x->feeds ? "上游" : "下游", name);
        fd_buf_printf(&en, "%sin the node %s \"%s\"", en.len ? "; " : "",
                      x->feeds ? "upstream" : "downstream", name);
    }
    fd_column_set_text(t->columns[5], row, fd_buf_text(&zh));
    fd_column_set_text(t->columns[6], row, fd_buf_text(&en));
    fd_buf_dispose(&zh);
    fd_buf_dispose(&en);
}

static void put_outside(fd_table *t, const fd_chain_node *n)
{
    const size_t row = fd_table_add_row(t);

    fd_column_set_text(t->columns[0], row, "outside");
    fd_column_set_text(t->columns[2], row, n->outside);
    fd_column_set_text(t->columns[5], row, "外引:到这些地方找(图谱所记,未核实)");
    fd_column_set_text(t->columns[6], row, "look there (as the graph says, unverified)");
}

/* "uav.fc", "fc" or a name. */
static int find_node(size_t *out, const fd_chains *c, const char *text)
{
    const char *dot = strchr(text, '.');
    size_t hits = 0;

    for (size_t k = 0; k < c->chains.count; k++) {
        const char *code = c->chains.items[k].code;
        const bool same = !dot || fd_view_is((fd_view){ text, (size_t)(dot - text) }, code);
        const size_t node =
            same ? fd_chains__node(c, k, fd_view_of(dot ? dot + 1 : text)) : SIZE_MAX;

        if (node == SIZE_MAX)
            continue;
        *out = node;
        hits++;
    }
    if (hits == 1)
        return 0;
    if (hits) {
        fd_error_set(FD_ECONFLICT, "有 %zu 条链有环节“%s”", "%zu chains have a node \"%s\"", hits,
                     text);
        return fd_error_hint("写 链代码.环节代码", "write CHAIN.NODE");
    }
    fd_error_set(FD_ENOTFOUND, "没有这个环节:%s", "there is no such node: %s", text);
    return fd_error_hint("chain gaps 列出环节", "chain gaps lists nodes");
}

int fd_chains_candidates(fd_table **out, const fd_chains *c, const char *text, size_t limit)
{
    static const fd_column_spec specs[] = {
        { "kind", "办法", "How", FD_TEXT, "", 0 },
        { "enterprise", "代码", "Code", FD_TEXT, "", 0 },
        { "name", "名称", "Name", FD_TEXT, "", 0 },
        { "territory", "县区", "County", FD_TEXT, "", 0 },
        { "score", "接近", "Nearness", FD_EST, "", 0 },
        { "reason", "理由", "Reason (Chinese)", FD_TEXT, "", 0 },
        { "reason_en", "英文理由", "Reason", FD_TEXT, "", 0 },
    };
    candidate *all;
    size_t node = 0, count = 0;
    fd_table *t;
    int err = find_node(&node, c, text);

    if (err < 0)
        return err;
    all = fd_alloc(c->firms.count * sizeof *all + 1);
    for (size_t f = 0; f < c->firms.count; f++) {
        const candidate x = weigh(c, node, (uint32_t)f);

        if (x.score >= 0.2 && (x.there || c->firms.items[f].active != 0))
            all[count++] = x;
    }
    qsort_r(all, count, sizeof *all, compare_candidates, (void *)(uintptr_t)c);
    t = fd_table_new("candidates", c->nodes.items[node].name, c->nodes.items[node].name);
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    t->columns[4]->digits = 2;
    for (size_t k = 0; k < count && k < limit; k++) {
        const fd_chain_firm *f = &c->firms.items[all[k].firm];
        const size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row,
                           all[k].there                     ? "strengthen"
                           : all[k].neighbour != UINT32_MAX ? "extend"
                                                            : "fill");
        fd_column_set_text(t->columns[1], row, f->code);
        fd_column_set_text(t->columns[2], row, f->name);
        fd_column_set_text(t->columns[3], row, f->territory);
        fd_column_set_est(t->columns[4], row, all[k].score);
        put_reason(t, row, c, &all[k]);
    }
    if (*c->nodes.items[node].outside)
        put_outside(t, &c->nodes.items[node]);
    fd_table_add_note(t,
                      "强链 strengthen 已在环节;延链 extend 在上下游环节;补链 fill 行业或产品相近;"
                      "接近程度只是线索,不是能力认定",
                      "strengthen: there already; extend: next to it; fill: near by industry or "
                      "products; nearness is a lead, not a finding of capability");
    free(all);
    *out = t;
    return 0;
}
