/*
 * Purchases on the graph; chain leaders and what they could buy here.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fangding/arena.h"
#include "fangding/chainwork.h"
#include "industry/chains.h"
#include "industry/works.h"

size_t fd_chains__chain_like(const fd_chains *c, const char *text)
{
    size_t found = SIZE_MAX, hits = 0;

    for (size_t i = 0; text && *text && i < c->chains.count; i++)
        if (strcmp(c->chains.items[i].code, text) == 0 ||
            strcmp(c->chains.items[i].name, text) == 0)
            return i;
    for (size_t i = 0; text && *text && i < c->chains.count; i++)
        if (strstr(c->chains.items[i].name, text)) {
            found = i;
            hits++;
        }
    return hits == 1 ? found : SIZE_MAX;
}

size_t fd_chains__place(const fd_chains *c, const char *text)
{
    const char *dot = text ? strchr(text, '.') : NULL;
    size_t found = SIZE_MAX, hits = 0;

    for (size_t k = 0; text && *text && k < c->chains.count; k++) {
        const fd_chain *x = &c->chains.items[k];
        const fd_view head = { text, dot ? (size_t)(dot - text) : 0 };
        size_t node;

        if (dot && !fd_view_is(head, x->code) && !fd_view_is(head, x->name))
            continue;
        if ((node = fd_chains__node(c, k, fd_view_of(dot ? dot + 1 : text))) == SIZE_MAX)
            continue;
        found = node;
        hits++;
    }
    return hits == 1 ? found : SIZE_MAX;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int place_of(fd_place_kind *out, const char *text)
{
    static const char *const names[3][2] = { { "本地", "local" },
                                             { "外地", "outside" },
                                             { "境外", "foreign" } };

    *out = FD_NOWHERE;
    if (!*text)
        return 0;
    for (int i = 0; i < 3; i++)
        if (strcmp(text, names[i][0]) == 0 || strcmp(text, names[i][1]) == 0) {
            *out = (fd_place_kind)i;
            return 0;
        }
    return fd_error_set(FD_EINVAL, "来源应是 本地、外地、境外,见到 %s",
                        "a place is local, outside or foreign, not %s", text);
}

int fd_chains_supply(fd_chains *c, const fd_table *t, const char *name)
{
    static const char *const needed[] = { "buyer", "node", "amount" };

    for (size_t k = 0; k < sizeof needed / sizeof *needed; k++)
        if (fd_table_find(t, needed[k]) < 0 && t->rows) {
            fd_error_set(FD_ENOTFOUND, "缺少列 %s", "there is no column %s", needed[k]);
            return fd_error_at((fd_place){ name, NULL, 1, 0 });
        }
    for (size_t r = 0; r < t->rows; r++) {
        const fd_number amount = fd_works__number(t, r, "amount");
        const size_t node = fd_chains__place(c, fd_works__text_or(t, r, "node", ""));
        fd_purchase p = { .amount = NAN };
        int err;

        if (strcmp(fd_works__text_or(t, r, "state", ""), "作废") == 0)
            continue;
        if ((err = place_of(&p.place, fd_works__text_or(t, r, "place", ""))) < 0)
            return fd_error_at((fd_place){ name, NULL, (long)r + 2, 0 });
        if (amount.state == FD_HAS)
            p.amount = fd_number_to_double(amount);
        if (p.amount < 0) {
            fd_error_set(FD_EINVAL, "采购金额小于零", "an amount bought is below zero");
            return fd_error_at((fd_place){ name, NULL, (long)r + 2, 0 });
        }
        if (node == SIZE_MAX) {
            c->unplaced++;
            continue;
        }
        p.node = (uint32_t)node;
        p.buyer = fd_strdup(fd_works__text_or(t, r, "buyer", ""));
        p.supplier = fd_strdup(fd_works__text_or(t, r, "supplier", ""));
        fd_vec_push(&c->purchases, p);
    }
    return 0;
}

/* ---- sums ------------------------------------------------------------------------------------ */

typedef struct part {
    const char *supplier;
    fd_place_kind place;
    double amount;
} part;

/* By what is in them, not by where they stood: sums come out the same in any order of rows. */
static int compare_parts(const void *left, const void *right)
{
    const part *a = left, *b = right;
    const int order = strcmp(a->supplier, b->supplier);

    if (order || a->place != b->place)
        return order ? order : a->place < b->place ? -1 : 1;
    return a->amount < b->amount ? -1 : a->amount > b->amount;
}

void fd_chains__supply(fd_supply *out, const fd_chains *c, size_t node, const char *buyer)
{
    part *parts = NULL;
    size_t count = 0;
    double squares = 0, all = 0;

    *out = (fd_supply){ 0 };
    if (!c->purchases.count)
        return;
    parts = fd_alloc(c->purchases.count * sizeof *parts);
    for (size_t i = 0; i < c->purchases.count; i++) {
        const fd_purchase *p = &c->purchases.items[i];

        if ((node != SIZE_MAX && p->node != node) || (buyer && strcmp(p->buyer, buyer) != 0))
            continue;
        out->rows++;
        if (isnan(p->amount)) {
            out->unknown++;
            continue;
        }
        /* Whom nobody names is taken as another supplier each time: concentration is not made up.
         */
        parts[count++] = (part){ p->supplier, p->place, p->amount };
    }
    qsort(parts, count, sizeof *parts, compare_parts);
    for (size_t i = 0, next; i < count; i = next) {
        const bool named = *parts[i].supplier;
        double sum = 0;
        bool local = false;

        for (next = i;
             next < count &&
             (next == i || (named && strcmp(parts[next].supplier, parts[i].supplier) == 0));
             next++) {
            sum += parts[next].amount;
            out->by[parts[next].place] += parts[next].amount;
            local |= parts[next].place == FD_LOCAL;
        }
        out->suppliers += named;
        out->local_suppliers += named && local;
        squares += sum * sum;
        all += sum;
    }
    out->total = out->by[FD_LOCAL] + out->by[FD_OUTSIDE] + out->by[FD_FOREIGN];
    if (all > 0)
        out->hhi = squares / (all * all);
    free(parts);
}

/* ---- leaders --------------------------------------------------------------------------------- */

typedef struct leader {
    size_t chain;
    const char *firm;
    bool named;
} leader;

typedef fd_vec(leader) leaders;

/* The largest active enterprise of a chain, the first by code of equals; NULL without any known. */
static const fd_chain_firm *largest(const fd_chains *c, size_t chain)
{
    const fd_chain *h = &c->chains.items[chain];
    const fd_chain_firm *best = NULL;

    for (size_t i = h->first; i < h->first + h->count; i++) {
        const fd_chain_node *n = &c->nodes.items[i];

        for (size_t k = 0; k < n->firms.count; k++) {
            const fd_chain_firm *f = &c->firms.items[n->firms.items[k]];

            if (!fd_chain_is_active(f) || !(f->capacity > 0))
                continue;
            if (!best || f->capacity > best->capacity ||
                (!(f->capacity < best->capacity) && strcmp(f->code, best->code) < 0))
                best = f;
        }
    }
    return best;
}

static int find_leaders(leaders *out, const fd_chains *c, const fd_table *roles, const char *chain)
{
    size_t only = SIZE_MAX;

    memset(out, 0, sizeof *out);
    if (chain) {
        const char *code = fd_chains_find(c, chain);

        if (!code)
            return fd_error_last()->code;
        only = fd_chains__chain(c, code);
    }
    for (size_t k = 0; k < c->chains.count; k++) {
        const fd_chain_firm *f;
        size_t before = out->count;

        if (only != SIZE_MAX && only != k)
            continue;
        for (size_t r = 0; roles && r < roles->rows; r++) {
            const char *firm = fd_works__text(roles, r, "firm"),
                       *role = fd_works__text_or(roles, r, "role", "");

            if (!firm || (strcmp(role, "链主") != 0 && strcmp(role, "leader") != 0) ||
                strcmp(fd_works__text_or(roles, r, "state", ""), "离任") == 0 ||
                fd_chains__chain_like(c, fd_works__text_or(roles, r, "chain", "")) != k)
                continue;
            fd_vec_push(out, ((leader){ k, firm, true }));
        }
        if (out->count == before && (f = largest(c, k)))
            fd_vec_push(out, ((leader){ k, f->code, false }));
    }
    return 0;
}

static const fd_chain_firm *firm_of(const fd_chains *c, const char *code)
{
    uint64_t at;

    return fd_map_get(c->firm_at, fd_view_of(code), &at) ? &c->firms.items[at] : NULL;
}

static void put_bought(fd_table *t, size_t row, const fd_chains *c, const char *firm,
                       double revenue)
{
    size_t nodes = 0, here = 0;
    fd_supply s;

    fd_chains__supply(&s, c, SIZE_MAX, firm);
    if (!s.rows)
        return;
    for (size_t i = 0; i < c->nodes.count; i++) {
        fd_supply one;

        fd_chains__supply(&one, c, i, firm);
        nodes += one.rows > 0;
        here += one.by[FD_LOCAL] > 0;
    }
    fd_column_set_est(t->columns[7], row, s.total + s.by[FD_NOWHERE]);
    for (size_t k = 0; k < 4; k++)
        fd_column_set_est(t->columns[8 + k], row, s.by[k]);
    if (s.total > 0) {
        fd_column_set_est(t->columns[12], row, 100 * s.by[FD_LOCAL] / s.total);
        fd_column_set_est(t->columns[13], row, 100 * s.by[FD_FOREIGN] / s.total);
        fd_column_set_est(t->columns[16], row, s.hhi);
    }
    fd_column_set_dec(t->columns[14], row, (int64_t)s.suppliers);
    fd_column_set_dec(t->columns[15], row, (int64_t)s.local_suppliers);
    if (revenue > 0)
        fd_column_set_est(t->columns[17], row, 100 * s.by[FD_LOCAL] / revenue);
    fd_column_set_dec(t->columns[18], row, (int64_t)nodes);
    fd_column_set_dec(t->columns[19], row, (int64_t)here);
}

int fd_chains_leaders(fd_table **out, const fd_chains *c, const fd_table *roles, const char *chain)
{
    static const fd_column_spec specs[] = {
        { "chain", "链", "Chain", FD_TEXT, "", 0 },
        { "chain_name", "链名", "Chain name", FD_TEXT, "", 0 },
        { "firm", "链主代码", "Code", FD_TEXT, "", 0 },
        { "name", "链主", "Leader", FD_TEXT, "", 0 },
        { "territory", "县区", "County", FD_TEXT, "", 0 },
        { "basis", "依据", "Basis", FD_TEXT, "", 0 },
        { "revenue", "规模", "Size", FD_EST, "万元", 0 },
        { "purchases", "申报采购", "Purchases", FD_EST, "万元", 0 },
        { "local", "本地", "Here", FD_EST, "万元", 0 },
        { "outside", "外地", "Outside", FD_EST, "万元", 0 },
        { "foreign", "境外", "Abroad", FD_EST, "万元", 0 },
        { "unknown", "来源没写", "Not said", FD_EST, "万元", 0 },
        { "local_rate", "本地配套率", "Local sourcing", FD_EST, "%", 0 },
        { "foreign_rate", "境外依赖", "From abroad", FD_EST, "%", 0 },
        { "suppliers", "供应商", "Suppliers", FD_DEC, "家", 0 },
        { "local_suppliers", "本地供应商", "Local suppliers", FD_DEC, "家", 0 },
        { "hhi", "供应商集中度", "HHI of suppliers", FD_EST, "", 0 },
        { "pull", "每百元营收本地采购", "Bought here per 100 of revenue", FD_EST, "元", 0 },
        { "nodes", "采购环节", "Nodes bought", FD_DEC, "个", 0 },
        { "local_nodes", "其中有本地采购", "With local purchases", FD_DEC, "个", 0 },
    };
    leaders list;
    fd_table *t;
    int err = find_leaders(&list, c, roles, chain);

    if (err < 0)
        return err;
    t = fd_table_new("leaders", "链主", "Chain leaders");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t k = 6; k < 18; k++)
        if (t->columns[k]->kind == FD_EST)
            t->columns[k]->digits = k < 12 ? 0 : k == 16 ? 2 : 1;
    for (size_t k = 0; k < list.count; k++) {
        const fd_chain *h = &c->chains.items[list.items[k].chain];
        const fd_chain_firm *f = firm_of(c, list.items[k].firm);
        const size_t row = fd_table_add_row(t);

        fd_column_set_text(t->columns[0], row, h->code);
        fd_column_set_text(t->columns[1], row, h->name);
        fd_column_set_text(t->columns[2], row, list.items[k].firm);
        if (f && *f->name)
            fd_column_set_text(t->columns[3], row, f->name);
        if (f && *f->territory)
            fd_column_set_text(t->columns[4], row, f->territory);
        fd_column_set_text(t->columns[5], row, list.items[k].named ? "named" : "largest");
        if (f && f->capacity >= 0)
            fd_column_set_est(t->columns[6], row, f->capacity);
        put_bought(t, row, c, list.items[k].firm, f ? f->capacity : NAN);
    }
    fd_vec_dispose(&list);
    fd_table_add_note(
        t,
        "本地配套率 = 本地 ÷(本地 + 外地 + 境外),来源没写的不进分母;没有申报采购的为缺报,"
        "不是零;依据 named 认定,largest 没有认定、按规模最大推断",
        "local sourcing = here ÷ (here + outside + abroad), what is not said left "
        "out; without purchases it is missing, not zero; basis named: by a paper, "
        "largest: nobody is named, so the largest");
    *out = t;
    return 0;
}

/* ---- what could be bought here --------------------------------------------------------------- */

typedef struct want {
    size_t leader, node;
    double elsewhere, total;
} want;

static int compare_wants(const void *left, const void *right)
{
    const want *a = left, *b = right;

    if (a->elsewhere > b->elsewhere || a->elsewhere < b->elsewhere)
        return a->elsewhere > b->elsewhere ? -1 : 1;
    return a->leader != b->leader ? (a->leader < b->leader ? -1 : 1)
                                  : (a->node < b->node ? -1 : a->node > b->node);
}

static size_t put_want(fd_table *t, const fd_chains *c, const leader *l, const want *w)
{
    const fd_chain_node *n = &c->nodes.items[w->node];
    const size_t row = fd_table_add_row(t);
    fd_buf id = FD_BUF_INIT;

    fd_buf_printf(&id, "%s.%s", c->chains.items[n->chain].code, n->code);
    fd_column_set_text(t->columns[0], row, c->chains.items[l->chain].code);
    fd_column_set_text(t->columns[1], row, l->firm);
    fd_column_set_text(t->columns[2], row, fd_buf_text(&id));
    fd_column_set_text(t->columns[3], row, n->name);
    fd_column_set_est(t->columns[4], row, w->elsewhere);
    if (w->total > 0)
        fd_column_set_est(t->columns[5], row, 100 * (1 - w->elsewhere / w->total));
    fd_buf_dispose(&id);
    return row;
}

/* Candidates of a node but the buyer itself. */
static int put_candidates(fd_table *t, const fd_chains *c, const leader *l, const want *w,
                          size_t limit)
{
    const fd_chain_node *n = &c->nodes.items[w->node];
    fd_table *found = NULL;
    fd_buf id = FD_BUF_INIT;
    size_t kept = 0;
    int err;

    fd_buf_printf(&id, "%s.%s", c->chains.items[n->chain].code, n->code);
    err = fd_chains_candidates(&found, c, fd_buf_text(&id), limit + 1);
    for (size_t r = 0; err >= 0 && r < found->rows && kept < limit; r++) {
        const char *kind = fd_column_text(found->columns[0], r),
                   *firm = fd_column_text_or(found->columns[1], r, "");
        size_t row;

        if (strcmp(kind, "outside") == 0 || strcmp(firm, l->firm) == 0)
            continue;
        row = put_want(t, c, l, w);
        fd_column_set_text(t->columns[6], row, firm);
        fd_column_set_text(t->columns[7], row, fd_column_text_or(found->columns[2], r, ""));
        fd_column_set_text(t->columns[8], row, fd_column_text_or(found->columns[3], r, ""));
        fd_column_set_text(t->columns[9], row, kind);
        fd_column_set_number(t->columns[10], row, fd_column_number(found->columns[4], r));
        fd_column_set_text(t->columns[11], row, fd_column_text_or(found->columns[5], r, ""));
        fd_column_set_text(t->columns[12], row, fd_column_text_or(found->columns[6], r, ""));
        kept++;
    }
    if (err >= 0 && !kept) {
        const size_t row = put_want(t, c, l, w);

        fd_column_set_text(t->columns[9], row, "none");
        fd_column_set_text(t->columns[11], row, "本地没有相近企业:立招商线索");
        fd_column_set_text(t->columns[12], row, "nobody near by here: open a lead");
    }
    fd_table_free(found);
    fd_buf_dispose(&id);
    return err;
}

int fd_chains_sourcing(fd_table **out, const fd_chains *c, const fd_table *roles, const char *chain,
                       size_t limit)
{
    static const fd_column_spec specs[] = {
        { "chain", "链", "Chain", FD_TEXT, "", 0 },
        { "firm", "链主代码", "Leader", FD_TEXT, "", 0 },
        { "node", "环节", "Node", FD_TEXT, "", 0 },
        { "name", "环节名", "Node name", FD_TEXT, "", 0 },
        { "elsewhere", "外购", "Bought elsewhere", FD_EST, "万元", 0 },
        { "local_rate", "本地配套率", "Local sourcing", FD_EST, "%", 0 },
        { "candidate", "备选代码", "Candidate", FD_TEXT, "", 0 },
        { "candidate_name", "本地备选", "Candidate name", FD_TEXT, "", 0 },
        { "territory", "县区", "County", FD_TEXT, "", 0 },
        { "kind", "办法", "How", FD_TEXT, "", 0 },
        { "score", "接近", "Nearness", FD_EST, "", 0 },
        { "reason", "理由", "Reason (Chinese)", FD_TEXT, "", 0 },
        { "reason_en", "英文理由", "Reason", FD_TEXT, "", 0 },
    };
    fd_vec(want) wants = { 0 };
    leaders list;
    fd_table *t;
    int err = find_leaders(&list, c, roles, chain);

    if (err < 0)
        return err;
    t = fd_table_new("sourcing", "外购和本地备选",
                     "Bought elsewhere, and who could supply it here");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    t->columns[4]->digits = 0;
    t->columns[5]->digits = 1;
    t->columns[10]->digits = 2;
    for (size_t k = 0; k < list.count; k++)
        for (size_t i = 0; i < c->nodes.count; i++) {
            fd_supply s;
            want w = { k, i, 0, 0 };

            fd_chains__supply(&s, c, i, list.items[k].firm);
            w.elsewhere = s.by[FD_OUTSIDE] + s.by[FD_FOREIGN];
            w.total = s.total;
            if (w.elsewhere > 0)
                fd_vec_push(&wants, w);
        }
    if (wants.count)
        qsort(wants.items, wants.count, sizeof *wants.items, compare_wants);
    for (size_t k = 0; k < wants.count && err >= 0; k++)
        err = put_candidates(t, c, &list.items[wants.items[k].leader], &wants.items[k], limit);
    fd_vec_dispose(&wants);
    fd_vec_dispose(&list);
    if (err < 0) {
        fd_table_free(t);
        return err;
    }
    fd_table_add_note(t, "接近程度是线索,不是能力认定;先对接、试样,再谈替代",
                      "nearness is a lead, not a finding of capability: meet, try a sample first");
    *out = t;
    return 0;
}

/* ---- members --------------------------------------------------------------------------------- */

bool fd_chains_speaks_of(const fd_chains *c, const char *chain, const char *text)
{
    const size_t k = fd_chains__chain(c, chain);

    for (size_t i = 0; k != SIZE_MAX && i < c->nodes.count; i++)
        for (size_t w = 0; c->nodes.items[i].chain == k && c->nodes.items[i].products[w]; w++)
            if (strlen(c->nodes.items[i].products[w]) >= 6 &&
                fd_chains__is_word_in(text, c->nodes.items[i].products[w]))
                return true;
    return false;
}

static void put_member(fd_table *t, const fd_chain *h, const fd_chain_firm *f, const char *nodes,
                       bool core)
{
    const size_t row = fd_table_add_row(t);

    fd_column_set_text(t->columns[0], row, h->code);
    fd_column_set_text(t->columns[1], row, f->code);
    if (*f->name)
        fd_column_set_text(t->columns[2], row, f->name);
    if (*f->territory)
        fd_column_set_text(t->columns[3], row, f->territory);
    if (f->capacity >= 0)
        fd_column_set_est(t->columns[4], row, f->capacity);
    fd_column_set_dec(t->columns[5], row, fd_chain_is_active(f));
    if (f->leading >= 0)
        fd_column_set_dec(t->columns[6], row, f->leading > 0);
    fd_column_set_dec(t->columns[7], row, core);
    fd_column_set_text(t->columns[8], row, nodes);
}

int fd_chains_enterprises(fd_table **out, const fd_chains *c, const char *chain)
{
    static const fd_column_spec specs[] = {
        { "chain", "链", "Chain", FD_TEXT, "", 0 },
        { "enterprise", "企业代码", "Code", FD_TEXT, "", 0 },
        { "name", "企业", "Name", FD_TEXT, "", 0 },
        { "territory", "县区", "County", FD_TEXT, "", 0 },
        { "capacity", "规模", "Size", FD_EST, "万元", 0 },
        { "active", "在产", "Active", FD_DEC, "", 0 },
        { "leading", "领先", "Leading", FD_DEC, "", 0 },
        { "core", "核心环节", "On its own nodes", FD_DEC, "", 0 },
        { "nodes", "环节", "Nodes", FD_TEXT, "", 0 },
    };
    const char *code = chain ? fd_chains_find(c, chain) : NULL;
    fd_table *t;

    if (chain && !code)
        return fd_error_last()->code;
    t = fd_table_new("members", "链上企业", "Enterprises of the chain");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t k = 0; k < c->chains.count; k++) {
        const fd_chain *h = &c->chains.items[k];

        for (size_t f = 0; (!code || strcmp(code, h->code) == 0) && f < c->firms.count; f++) {
            fd_buf nodes = FD_BUF_INIT;
            bool core = false;

            for (size_t i = h->first; i < h->first + h->count; i++)
                for (size_t n = 0; n < c->nodes.items[i].firms.count; n++)
                    if (c->nodes.items[i].firms.items[n] == f) {
                        fd_buf_printf(&nodes, "%s%s", nodes.len ? ";" : "", c->nodes.items[i].code);
                        core =
                            core || c->nodes.items[i].stage == 2 || c->nodes.items[i].products[0];
                    }
            if (nodes.len)
                put_member(t, h, &c->firms.items[f], fd_buf_text(&nodes), core);
            fd_buf_dispose(&nodes);
        }
    }
    *out = t;
    return 0;
}
