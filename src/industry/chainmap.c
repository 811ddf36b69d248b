/*
 * The map of a chain: lights and gaps, indices, overlap.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fangding/arena.h"
#include "industry/chains.h"

enum {
    M_CHAIN,
    M_STAGE,
    M_NODE,
    M_NAME,
    M_IMPORTANCE,
    M_LIGHT,
    M_GAP,
    M_FIRMS,
    M_ACTIVE,
    M_COUNTIES,
    M_HHI,
    M_LOST,
    M_NEEDS,
    M_WHY,
    M_WHY_EN,
    M_WAYS
};

static const fd_column_spec map_specs[] = {
    { "chain", "链", "Chain", FD_TEXT, "", 0 },
    { "stage", "阶段", "Stage", FD_TEXT, "", 0 },
    { "node", "代码", "Code", FD_TEXT, "", 0 },
    { "name", "环节", "Node", FD_TEXT, "", 0 },
    { "importance", "重要", "Importance", FD_EST, "", 0 },
    { "light", "灯", "Light", FD_TEXT, "", 0 },
    { "gap", "缺口", "Gap", FD_TEXT, "", 0 },
    { "firms", "企业", "Enterprises", FD_DEC, "户", 0 },
    { "active", "在产", "Active", FD_DEC, "户", 0 },
    { "counties", "县区", "Counties", FD_DEC, "个", 0 },
    { "hhi", "集中度", "HHI", FD_EST, "", 0 },
    { "finals_lost", "断后失去终端产品", "End products lost without it", FD_DEC, "种", 0 },
    { "needs", "需要", "Needs", FD_TEXT, "", 0 },
    { "why", "说明", "Why (Chinese)", FD_TEXT, "", 0 },
    { "why_en", "英文说明", "Why", FD_TEXT, "", 0 },
    { "ways", "需要(代码)", "Needs (codes)", FD_TEXT, "", 0 },
};

static const char *const stages[] = { "up", "mid", "down" };

/* Distinct territories of the active. */
static size_t count_places(const fd_chains *c, const fd_chain_node *n, bool active_only)
{
    fd_map *places = fd_map_new();
    size_t count;

    for (size_t k = 0; k < n->firms.count; k++) {
        const fd_chain_firm *f = &c->firms.items[n->firms.items[k]];

        if (*f->territory && (!active_only || fd_chain_is_active(f)))
            fd_map_set(places, fd_view_of(f->territory), 0);
    }
    count = fd_map_count(places);
    fd_map_free(places);
    return count;
}

/* The needs that are not local, by the way that lacks least. */
static void list_missing(fd_buf *zh, const fd_chains *c, const fd_chain_node *n,
                         const fd_chain_state *s)
{
    const size_t first = c->chains.items[n->chain].first;
    size_t best = 0, least = SIZE_MAX;

    for (size_t w = 0; w < n->way_count; w++) {
        size_t lacks = 0;

        for (size_t m = 0; m < n->ways[w].count; m++)
            lacks += !s->local[n->ways[w].nodes[m] - first];
        if (lacks < least) {
            least = lacks;
            best = w;
        }
    }
    for (size_t m = 0; n->way_count && m < n->ways[best].count; m++) {
        const uint32_t i = n->ways[best].nodes[m];

        if (!s->local[i - first])
            fd_buf_printf(zh, "%s%s", zh->len ? "、" : "", c->nodes.items[i].name);
    }
}

const char *fd_chains__gap(const fd_chains *c, const fd_chain_node *n, bool local, bool *red)
{
    const size_t active = fd_chains__active(c, n);
    bool by_capacity;

    *red = active == 0 && fd_chains__is_covered(c, n);
    if (!fd_chains__is_covered(c, n))
        return "unknown";
    if (!n->firms.count)
        return "break";
    if (!active)
        return "stopped";
    if (!local)
        return "choke";
    if (active == 1)
        return "single";
    return fd_chains__hhi(&by_capacity, c, n) > 0.5 ? "concentrated" : "";
}

static void explain(fd_table *t, size_t row, const fd_chains *c, const fd_chain_node *n,
                    const fd_chain_state *s, const char *gap)
{
    fd_buf missing = FD_BUF_INIT, zh = FD_BUF_INIT, en = FD_BUF_INIT;
    const size_t active = fd_chains__active(c, n);

    list_missing(&missing, c, n, s);
    if (strcmp(gap, "unknown") == 0) {
        fd_buf_puts(&zh, "不知道:企业名单只有工业,没有这一行");
        fd_buf_puts(&en, "unknown: the list holds industry only");
    } else if (strcmp(gap, "break") == 0) {
        fd_buf_puts(&zh, "断点:本地没有企业");
        fd_buf_puts(&en, "a break: nobody here");
    } else if (strcmp(gap, "stopped") == 0) {
        fd_buf_printf(&zh, "断点:%zu 家都停产", n->firms.count);
        fd_buf_printf(&en, "a break: all %zu have stopped", n->firms.count);
    } else if (strcmp(gap, "choke") == 0) {
        fd_buf_printf(&zh, "堵点:%zu 家在产,上游不在本地:%s", active, fd_buf_text(&missing));
        fd_buf_printf(&en, "a choke: %zu active, upstream not local: %s", active,
                      fd_buf_text(&missing));
    } else if (strcmp(gap, "single") == 0) {
        fd_buf_puts(&zh, "单一来源:只有 1 家在产");
        fd_buf_puts(&en, "a single source: one active");
    } else if (strcmp(gap, "concentrated") == 0) {
        fd_buf_printf(&zh, "过于集中:%zu 家在产,一家独大", active);
        fd_buf_printf(&en, "concentrated: %zu active, one large", active);
    } else {
        fd_buf_printf(&zh, "%zu 家在产", active);
        fd_buf_printf(&en, "%zu active", active);
    }
    if (*gap && *n->outside) {
        fd_buf_printf(&zh, ";外引可看:%s", n->outside);
        fd_buf_printf(&en, "; outside: %s", n->outside);
    }
    fd_column_set_text(t->columns[M_WHY], row, fd_buf_text(&zh));
    fd_column_set_text(t->columns[M_WHY_EN], row, fd_buf_text(&en));
    fd_buf_dispose(&missing);
    fd_buf_dispose(&zh);
    fd_buf_dispose(&en);
}

/* What a drawing needs to join the nodes: codes, whatever words the declaration used. */
static void put_ways(fd_column *column, size_t row, const fd_chains *c, const fd_chain_node *n)
{
    fd_buf text = FD_BUF_INIT;

    for (size_t w = 0; w < n->way_count; w++)
        for (size_t m = 0; m < n->ways[w].count; m++)
            fd_buf_printf(&text, "%s%s",
                          m   ? ";"
                          : w ? "|"
                              : "",
                          c->nodes.items[n->ways[w].nodes[m]].code);
    if (text.len)
        fd_column_set_text(column, row, fd_buf_text(&text));
    else
        fd_column_set_state(column, row, FD_NA);
    fd_buf_dispose(&text);
}

static void put_node(fd_table *t, const fd_chains *c, const fd_chain_node *n,
                     const fd_chain_state *s)
{
    const fd_chain *x = &c->chains.items[n->chain];
    const size_t row = fd_table_add_row(t), i = (size_t)(n - c->nodes.items) - x->first;
    const size_t active = fd_chains__active(c, n);
    bool red, by_capacity;
    const char *gap = fd_chains__gap(c, n, s->local[i], &red);
    const double hhi = fd_chains__hhi(&by_capacity, c, n);

    fd_column_set_text(t->columns[M_CHAIN], row, x->code);
    fd_column_set_text(t->columns[M_STAGE], row, stages[n->stage]);
    fd_column_set_text(t->columns[M_NODE], row, n->code);
    fd_column_set_text(t->columns[M_NAME], row, n->name);
    fd_column_set_est(t->columns[M_IMPORTANCE], row, n->importance);
    fd_column_set_text(t->columns[M_LIGHT], row,
                       red                           ? "red"
                       : strcmp(gap, "unknown") == 0 ? "grey"
                       : *gap                        ? "yellow"
                                                     : "green");
    if (*gap)
        fd_column_set_text(t->columns[M_GAP], row, gap);
    else
        fd_column_set_state(t->columns[M_GAP], row, FD_NA);
    fd_column_set_dec(t->columns[M_FIRMS], row, (int64_t)n->firms.count);
    fd_column_set_dec(t->columns[M_ACTIVE], row, (int64_t)active);
    fd_column_set_dec(t->columns[M_COUNTIES], row, (int64_t)count_places(c, n, true));
    if (by_capacity || active == 1)
        fd_column_set_est(t->columns[M_HHI], row, hhi);
    fd_column_set_dec(t->columns[M_LOST], row, s->lost[i]);
    if (*n->needs)
        fd_column_set_text(t->columns[M_NEEDS], row, n->needs);
    else
        fd_column_set_state(t->columns[M_NEEDS], row, FD_NA);
    explain(t, row, c, n, s, gap);
    put_ways(t->columns[M_WAYS], row, c, n);
}

/* Appends a chain to a table of map_specs, from upstream to downstream. */
static int put_chain(fd_table *t, const fd_chains *c, size_t chain)
{
    const fd_chain *x = &c->chains.items[chain];
    fd_chain_state s = { 0 };
    int err = fd_chain_state_init(&s, c, chain);

    for (int stage = 0; stage < 3 && err >= 0; stage++)
        for (size_t i = x->first; i < x->first + x->count; i++)
            if (c->nodes.items[i].stage == stage)
                put_node(t, c, &c->nodes.items[i], &s);
    fd_chain_state_dispose(&s);
    return err;
}

static int find_chain(size_t *out, const fd_chains *c, const char *chain)
{
    const char *code = fd_chains_find(c, chain);

    if (!code)
        return fd_error_last()->code;
    *out = fd_chains__chain(c, code);
    return 0;
}

static void add_notes(fd_table *t, const fd_chains *c)
{
    bool seed = false;

    for (size_t i = 0; i < c->nodes.count; i++)
        seed |= fd_chains__is_word_in(c->nodes.items[i].note, "种子");
    fd_table_add_note(t,
                      "环节按行业代码和产品词归户,或按填报;断点 = 本地没有在产企业,堵点 = 有企业但"
                      "上游有环节不在本地",
                      "nodes are filled by industry and product words, or as declared; a break: "
                      "nobody active here; a choke: somebody, but an upstream node is not local");
    if (seed)
        fd_table_add_note(t, "图谱是种子(公开常识),用前请本地专班核对、改写(替代)",
                          "the graph is a seed of public knowledge: check and override it first");
}

int fd_chains_map(fd_table **out, const fd_chains *c, const char *chain)
{
    fd_table *t;
    size_t at = 0;
    int err = find_chain(&at, c, chain);

    if (err < 0)
        return err;
    t = fd_table_new("chain_map", c->chains.items[at].name, c->chains.items[at].name);
    fd_table_add_columns(t, map_specs, sizeof map_specs / sizeof *map_specs);
    if ((err = put_chain(t, c, at)) < 0) {
        fd_table_free(t);
        return err;
    }
    add_notes(t, c);
    *out = t;
    return 0;
}

/* Red before yellow before grey, then what weighs more, then the order of the map. */
static int compare_gaps(const void *left, const void *right, void *payload)
{
    const size_t a = *(const size_t *)left, b = *(const size_t *)right;
    const fd_table *t = payload;
    double weight[2];
    int rank[2];

    for (int k = 0; k < 2; k++) {
        const size_t row = k ? b : a;
        const char *light = fd_column_text(t->columns[M_LIGHT], row);

        rank[k] = strcmp(light, "red") == 0 ? 0 : strcmp(light, "yellow") == 0 ? 1 : 2;
        weight[k] =
            t->columns[M_IMPORTANCE]->v.est[row] * (1 + (double)t->columns[M_LOST]->v.dec[row]);
    }
    if (rank[0] != rank[1])
        return rank[0] < rank[1] ? -1 : 1;
    if (weight[0] != weight[1])
        return weight[0] > weight[1] ? -1 : 1;
    return a < b ? -1 : a > b;
}

int fd_chains_gaps(fd_table **out, const fd_chains *c, const char *chain)
{
    fd_table *all = fd_table_new("gaps", "断点堵点", "Gaps"), *t;
    size_t only = SIZE_MAX, *order = NULL, count = 0;
    int err = chain ? find_chain(&only, c, chain) : 0;

    fd_table_add_columns(all, map_specs, sizeof map_specs / sizeof *map_specs);
    for (size_t k = 0; k < c->chains.count && err >= 0; k++)
        if (only == SIZE_MAX || only == k)
            err = put_chain(all, c, k);
    if (err < 0)
        goto done;
    order = fd_alloc(all->rows * sizeof *order + 1);
    for (size_t r = 0; r < all->rows; r++)
        if (fd_column_text(all->columns[M_GAP], r))
            order[count++] = r;
    qsort_r(order, count, sizeof *order, compare_gaps, all);
    t = fd_table_new("gaps", "断点堵点", "Gaps");
    fd_table_add_columns(t, map_specs, sizeof map_specs / sizeof *map_specs);
    for (size_t k = 0; k < count; k++) {
        fd_table_add_row(t);
        for (size_t i = 0; i < t->column_count; i++) {
            const fd_column *from = all->columns[i];

            if (fd_column_state(from, order[k]) != FD_HAS)
                fd_column_set_state(t->columns[i], k, fd_column_state(from, order[k]));
            else if (from->kind == FD_TEXT)
                fd_column_set_text(t->columns[i], k, fd_column_text(from, order[k]));
            else if (from->kind == FD_EST)
                fd_column_set_est(t->columns[i], k, from->v.est[order[k]]);
            else
                fd_column_set_dec(t->columns[i], k, from->v.dec[order[k]]);
        }
    }
    add_notes(t, c);
    *out = t;
done:
    fd_table_free(all);
    free(order);
    return err;
}

/* ---- the drawing ---- */

enum { WIDE = 32 };

static void draw_cell(fd_buf *line, const fd_table *t, size_t row, fd_lang lang)
{
    const char *light = fd_column_text(t->columns[M_LIGHT], row);
    const char *mark = strcmp(light, "red") == 0      ? "■"
                       : strcmp(light, "yellow") == 0 ? "▲"
                       : strcmp(light, "grey") == 0   ? "○"
                                                      : "●";
    const bool dashed = strcmp(light, "red") == 0; /* a gap stands in dashes */
    const char *name = fd_column_text(t->columns[M_NAME], row);
    const size_t fit = fd_utf8_fit(fd_view_of(name), WIDE - 14);

    fd_buf_printf(line, dashed ? "%s ┄%.*s┄" : "%s %.*s", mark, (int)fit, name);
    fd_buf_printf(line, lang == FD_ZH ? " %lld家" : " %lld",
                  (long long)t->columns[M_ACTIVE]->v.dec[row]);
}

char *fd_chains_draw(const fd_table *t, fd_lang lang)
{
    static const char *const heads[2][3] = { { "上游", "中游", "下游" },
                                             { "upstream", "midstream", "downstream" } };
    fd_buf out = FD_BUF_INIT, cell = FD_BUF_INIT;
    size_t next[3] = { 0 };
    bool more = true;

    fd_buf_printf(&out, "%s\n", t->title[lang]);
    for (bool head = true; more; head = false) {
        size_t pad = 0;

        more = head;
        for (int stage = 0; stage < 3; stage++) {
            fd_buf_clear(&cell);
            while (next[stage] < t->rows &&
                   strcmp(fd_column_text(t->columns[M_STAGE], next[stage]), stages[stage]) != 0)
                next[stage]++;
            if (head)
                fd_buf_puts(&cell, heads[lang][stage]);
            else if (next[stage] < t->rows)
                draw_cell(&cell, t, next[stage]++, lang);
            if (cell.len) {
                fd_buf_repeat(&out, " ", pad);
                fd_buf_puts(&out, fd_buf_text(&cell));
                more = true;
                pad = 0;
            }
            pad += WIDE > fd_utf8_columns(fd_view_of(fd_buf_text(&cell)))
                       ? WIDE - fd_utf8_columns(fd_view_of(fd_buf_text(&cell)))
                       : 1;
        }
        if (more)
            fd_buf_putc(&out, '\n');
    }
    fd_buf_puts(&out, lang == FD_ZH
                          ? "● 有两家以上在产  ▲ 堵点、单一来源或过于集中  ■ ┄断点┄  ○ 不知道\n"
                          : "● two or more active  ▲ choke, single source or "
                            "concentrated  ■ ┄break┄  ○ unknown\n");
    for (size_t r = 0; r < t->rows; r++)
        if (fd_column_text(t->columns[M_GAP], r))
            fd_buf_printf(&out, "  %s:%s\n", fd_column_text(t->columns[M_NAME], r),
                          fd_column_text(t->columns[lang == FD_ZH ? M_WHY : M_WHY_EN], r));
    for (size_t k = 0; k < t->note_count; k++)
        fd_buf_printf(&out, lang == FD_ZH ? "注:%s\n" : "Note: %s\n", t->notes[lang][k]);
    fd_buf_dispose(&cell);
    return fd_buf_take(&out);
}

/* ---- indices ---- */

typedef struct indices {
    double weight, occupied, known, leading, secure;
    double low, high, assessed; /* of leading: unknown taken as no, as yes; share that is known */
    size_t nodes, active_nodes, unknown, reds, yellows, supplied;
} indices;

/* A node's part at the leading level, by capacity where all active enterprises have one, else by
 * number. */
typedef struct level {
    double leading, known, all;
} level;

static level level_of(const fd_chains *c, const fd_chain_node *n)
{
    bool by_capacity = true;
    level v = { 0 };

    for (size_t k = 0; k < n->firms.count; k++) {
        const fd_chain_firm *f = &c->firms.items[n->firms.items[k]];

        by_capacity = by_capacity && (!fd_chain_is_active(f) || f->capacity > 0);
    }
    for (size_t k = 0; k < n->firms.count; k++) {
        const fd_chain_firm *f = &c->firms.items[n->firms.items[k]];
        const double size = by_capacity ? f->capacity : 1;

        if (!fd_chain_is_active(f))
            continue;
        v.all += size;
        v.known += f->leading >= 0 ? size : 0;
        v.leading += f->leading > 0 ? size : 0;
    }
    return v;
}

/* How far the node's goods are safe: 1 - concentration (half of it where the node can be gone
 * round), times what is not bought abroad. Where purchases are known the suppliers count beside the
 * enterprises that are here: whichever is less concentrated. */
static double security_of(const fd_chains *c, const fd_chain_node *n, bool lost, bool *supplied)
{
    const double weight = lost ? 1 : 0.5;
    bool by_capacity;
    fd_supply bought;
    double hhi;

    fd_chains__supply(&bought, c, (size_t)(n - c->nodes.items), NULL);
    *supplied = bought.total > 0;
    hhi = fd_chains__active(c, n) ? fd_chains__hhi(&by_capacity, c, n) : 2;
    if (!*supplied)
        return hhi > 1 ? 0 : 1 - hhi * weight;
    if (bought.hhi < hhi)
        hhi = bought.hhi;
    return (1 - bought.by[FD_FOREIGN] / bought.total) * (1 - hhi * weight);
}

static int sum_indices(indices *x, const fd_chains *c, size_t chain)
{
    const fd_chain *h = &c->chains.items[chain];
    fd_chain_state s = { 0 };
    int err = fd_chain_state_init(&s, c, chain);

    *x = (indices){ .nodes = h->count };
    for (size_t i = 0; i < h->count && err >= 0; i++) {
        const fd_chain_node *n = &c->nodes.items[h->first + i];
        const double w = n->importance;
        bool red, supplied;
        level v;
        const bool yellow = *fd_chains__gap(c, n, s.local[i], &red) && !red;

        if (!fd_chains__is_covered(c, n)) {
            x->unknown++;
            continue;
        }
        x->weight += w;
        x->reds += red;
        x->yellows += yellow;
        x->secure += w * security_of(c, n, s.lost[i] > 0, &supplied);
        x->supplied += supplied;
        if (red)
            continue;
        x->active_nodes++;
        x->occupied += w;
        v = level_of(c, n);
        if (!(v.all > 0))
            continue;
        x->assessed += w * v.known / v.all;
        x->low += w * v.leading / v.all;
        x->high += w * (v.leading + v.all - v.known) / v.all;
        if (!(v.known > 0))
            continue;
        x->known += w;
        x->leading += w * v.leading / v.known;
    }
    fd_chain_state_dispose(&s);
    return err;
}

/* What is bought of the chain's goods, from where; the concentration of suppliers as a mean by
 * amount. */
static void put_supply(fd_table *t, size_t row, const fd_chains *c, size_t chain, size_t supplied)
{
    const fd_chain *h = &c->chains.items[chain];
    double by[3] = { 0 }, total = 0, hhi = 0;

    for (size_t i = h->first; i < h->first + h->count; i++) {
        fd_supply s;

        fd_chains__supply(&s, c, i, NULL);
        for (int p = 0; p < 3; p++)
            by[p] += s.by[p];
        total += s.total;
        hhi += s.hhi * s.total;
    }
    fd_column_set_dec(t->columns[14], row, (int64_t)supplied);
    if (!(total > 0))
        return;
    fd_column_set_est(t->columns[15], row, total);
    for (size_t p = 0; p < 3; p++)
        fd_column_set_est(t->columns[16 + p], row, 100 * by[p] / total);
    fd_column_set_est(t->columns[19], row, hhi / total);
}

int fd_chains_indices(fd_table **out, const fd_chains *c)
{
    static const fd_column_spec specs[] = {
        { "chain", "链", "Chain", FD_TEXT, "", 0 },
        { "name", "链名", "Name", FD_TEXT, "", 0 },
        { "nodes", "环节", "Nodes", FD_DEC, "个", 0 },
        { "occupied", "有在产企业", "Occupied", FD_DEC, "个", 0 },
        { "completeness", "完整性", "Completeness", FD_EST, "%", 0 },
        { "completeness_count", "完整性(按个数)", "Completeness by count", FD_EST, "%", 0 },
        { "advancedness", "先进性", "Advancedness", FD_EST, "%", 0 },
        { "security", "安全性", "Security", FD_EST, "%", 0 },
        { "reds", "断点", "Breaks", FD_DEC, "个", 0 },
        { "yellows", "黄灯", "Yellow", FD_DEC, "个", 0 },
        { "unknown", "不知道", "Unknown", FD_DEC, "个", 0 },
        { "assessed", "评过领先的", "Assessed", FD_EST, "%", 0 },
        { "advancedness_low", "先进性下限", "Advancedness at least", FD_EST, "%", 0 },
        { "advancedness_high", "先进性上限", "Advancedness at most", FD_EST, "%", 0 },
        { "supplied", "有采购申报的环节", "Nodes with purchases", FD_DEC, "个", 0 },
        { "purchases", "申报采购", "Purchases", FD_EST, "万元", 0 },
        { "local_rate", "本地采购", "Bought here", FD_EST, "%", 0 },
        { "outside_rate", "外地采购", "Bought outside", FD_EST, "%", 0 },
        { "foreign_rate", "境外采购", "Bought abroad", FD_EST, "%", 0 },
        { "supplier_hhi", "供应商集中度", "HHI of suppliers", FD_EST, "", 0 },
    };
    fd_table *t = fd_table_new("chain_indices", "完整性、先进性、安全性",
                               "Completeness, advancedness, security");
    int err = 0;

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t c4 = 4; c4 < t->column_count; c4++)
        if (t->columns[c4]->kind == FD_EST)
            t->columns[c4]->digits = c4 == t->column_count - 1 ? 2 : 1;
    for (size_t k = 0; k < c->chains.count && err >= 0; k++) {
        indices x;
        size_t row;

        if ((err = sum_indices(&x, c, k)) < 0)
            break;
        row = fd_table_add_row(t);
        fd_column_set_text(t->columns[0], row, c->chains.items[k].code);
        fd_column_set_text(t->columns[1], row, c->chains.items[k].name);
        fd_column_set_dec(t->columns[2], row, (int64_t)x.nodes);
        fd_column_set_dec(t->columns[3], row, (int64_t)x.active_nodes);
        if (x.weight > 0) {
            fd_column_set_est(t->columns[4], row, 100 * x.occupied / x.weight);
            fd_column_set_est(t->columns[5], row,
                              100 * (double)x.active_nodes / (double)(x.nodes - x.unknown));
            fd_column_set_est(t->columns[7], row, 100 * x.secure / x.weight);
        }
        if (x.known > 0)
            fd_column_set_est(t->columns[6], row, 100 * x.leading / x.known);
        fd_column_set_dec(t->columns[8], row, (int64_t)x.reds);
        fd_column_set_dec(t->columns[9], row, (int64_t)x.yellows);
        fd_column_set_dec(t->columns[10], row, (int64_t)x.unknown);
        if (x.occupied > 0) {
            fd_column_set_est(t->columns[11], row, 100 * x.assessed / x.occupied);
            fd_column_set_est(t->columns[12], row, 100 * x.low / x.occupied);
            fd_column_set_est(t->columns[13], row, 100 * x.high / x.occupied);
        }
        put_supply(t, row, c, k, x.supplied);
    }
    add_notes(t, c);
    fd_table_add_note(
        t,
        "完整性 = 有在产企业的环节的重要度占比;先进性 = 领先企业的规模占评过的企业(规模不全按"
        "户数),按重要度平均,没有评过的不算“不领先”:上下限把它们全当领先或全当不领先;安全性 = "
        "Σ 重要度 ×(1 − 集中度,可绕开的减半)×(1 − 境外采购占比)÷ Σ 重要度",
        "completeness: importance of nodes with an active enterprise; advancedness: leading part "
        "of what was assessed, by size; what was not assessed is not a no: the bounds take all of "
        "it either way; security: (1 - HHI, half of it where the node can be gone round) × (1 - "
        "share bought abroad)");
    if (c->purchases.count || c->unplaced) {
        char zh[160], en[160];

        snprintf(zh, sizeof zh,
                 "采购申报 %zu 笔,环节不在图谱上的 %zu 笔不计;来源没写的不算本地也不算"
                 "外地",
                 c->purchases.count, c->unplaced);
        snprintf(en, sizeof en,
                 "%zu purchases; %zu of no node of the graph are left out; without "
                 "a place they count as neither",
                 c->purchases.count, c->unplaced);
        fd_table_add_note(t, zh, en);
    }
    if (err < 0)
        fd_table_free(t);
    else
        *out = t;
    return err;
}

/* ---- overlap ---- */

int fd_chains_overlap(fd_table **out, const fd_chains *c, const char *chain)
{
    static const fd_column_spec specs[] = {
        { "chain", "链", "Chain", FD_TEXT, "", 0 },
        { "node", "代码", "Code", FD_TEXT, "", 0 },
        { "name", "环节", "Node", FD_TEXT, "", 0 },
        { "counties", "县区", "Counties", FD_DEC, "个", 0 },
        { "firms", "企业", "Enterprises", FD_DEC, "户", 0 },
        { "where", "分布", "Where", FD_TEXT, "", 0 },
    };
    fd_table *t;
    size_t only = SIZE_MAX;
    int err = chain ? find_chain(&only, c, chain) : 0;

    if (err < 0)
        return err;
    t = fd_table_new("overlap", "县区重叠", "Counties on one node");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t i = 0; i < c->nodes.count; i++) {
        const fd_chain_node *n = &c->nodes.items[i];
        fd_map *places = fd_map_new();
        fd_buf where = FD_BUF_INIT;
        size_t row;

        for (size_t k = 0; k < n->firms.count; k++) {
            const fd_view place = fd_view_of(c->firms.items[n->firms.items[k]].territory);
            uint64_t count = 0;

            fd_map_get(places, place, &count);
            if (place.len)
                fd_map_set(places, place, count + 1);
        }
        if (fd_map_count(places) > 1 && (only == SIZE_MAX || only == n->chain)) {
            for (size_t k = 0; k < fd_map_count(places); k++)
                fd_buf_printf(&where, "%s%s %llu", k ? "、" : "", fd_map_key(places, k).ptr,
                              (unsigned long long)fd_map_value(places, k));
            row = fd_table_add_row(t);
            fd_column_set_text(t->columns[0], row, c->chains.items[n->chain].code);
            fd_column_set_text(t->columns[1], row, n->code);
            fd_column_set_text(t->columns[2], row, n->name);
            fd_column_set_dec(t->columns[3], row, (int64_t)fd_map_count(places));
            fd_column_set_dec(t->columns[4], row, (int64_t)n->firms.count);
            fd_column_set_text(t->columns[5], row, fd_buf_text(&where));
        }
        fd_buf_dispose(&where);
        fd_map_free(places);
    }
    add_notes(t, c);
    fd_table_add_note(t, "两个以上县区占同一环节:先看是配套还是同质,再谈分工",
                      "several counties on one node: see first whether they complement each other");
    *out = t;
    return 0;
}
