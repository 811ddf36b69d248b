/*
 * The four chains of every node, and the leads that close its gap.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fangding/arena.h"
#include "fangding/chainwork.h"
#include "industry/chains.h"
#include "industry/works.h"

/* ---- leads by node --------------------------------------------------------------------------- */

enum { LANDED = 4, STAGES = 5 };

/* 线索 … 落地: 0 … 4; 流失 and anything else: -1. */
static int stage_of(const char *state)
{
    static const char *const stages[STAGES][2] = { { "线索", "lead" },
                                                   { "对接", "contact" },
                                                   { "在谈", "negotiation" },
                                                   { "签约", "signed" },
                                                   { "落地", "landed" } };

    for (int k = 0; k < STAGES; k++)
        if (strcmp(state, stages[k][0]) == 0 || strcmp(state, stages[k][1]) == 0)
            return k;
    return -1;
}

/* The open lead of a node that has come furthest, the first by id of equals; SIZE_MAX. */
static size_t lead_of(size_t *count, const fd_chains *c, const fd_table *leads, size_t node)
{
    size_t best = SIZE_MAX;
    int furthest = -1;

    *count = 0;
    for (size_t r = 0; leads && r < leads->rows; r++) {
        const int stage = stage_of(fd_works__text_or(leads, r, "state", "线索"));

        if (stage < 0 || stage == LANDED ||
            fd_chains__place(c, fd_works__text_or(leads, r, "gap", "")) != node)
            continue;
        ++*count;
        if (stage > furthest ||
            (stage == furthest && strcmp(fd_works__text_or(leads, r, "id", ""),
                                         fd_works__text_or(leads, best, "id", "")) < 0)) {
            furthest = stage;
            best = r;
        }
    }
    return best;
}

static void put_id(fd_buf *out, const fd_chains *c, const fd_chain_node *n)
{
    fd_buf_printf(out, "%s.%s", c->chains.items[n->chain].code, n->code);
}

static size_t letters(const char *text)
{
    size_t count = 0;

    for (size_t at = 0, length = strlen(text); at < length; count++)
        (void)fd_utf8_next(text, length, &at);
    return count;
}

/* How far a text is from what a node is called, in hundredths of the longer of the two; 0 where one
 * stands in the other. */
static size_t distance_of(const char *text, const char *called)
{
    const size_t a = letters(text), b = letters(called);
    const size_t longer = a > b ? a : b;

    if (!a || !b)
        return 100;
    if ((a > 1 && strstr(called, text)) || (b > 1 && strstr(text, called)))
        return 0;
    return fd_utf8_distance(fd_view_of(text), fd_view_of(called), longer) * 100 / longer;
}

/* The nodes whose code or name is nearest to the text, at most three, none farther than a half. */
static void put_nearest(fd_buf *out, const fd_chains *c, const char *text)
{
    enum { MOST = 3, FARTHEST = 50 };
    const char *dot = strrchr(text, '.'), *tail = dot ? dot + 1 : text;
    size_t best[MOST], far[MOST], count = 0;

    for (size_t i = 0; i < c->nodes.count; i++) {
        const fd_chain_node *n = &c->nodes.items[i];
        fd_buf id = FD_BUF_INIT;
        size_t d = distance_of(tail, n->name), k = count;

        put_id(&id, c, n);
        d = d < distance_of(tail, n->code) ? d : distance_of(tail, n->code);
        d = d < distance_of(text, fd_buf_text(&id)) ? d : distance_of(text, fd_buf_text(&id));
        fd_buf_dispose(&id);
        if (d > FARTHEST || (k == MOST && d >= far[k - 1]))
            continue;
        k -= k == MOST;
        count = k + 1;
        for (; k > 0 && far[k - 1] > d; k--) {
            best[k] = best[k - 1];
            far[k] = far[k - 1];
        }
        best[k] = i;
        far[k] = d;
    }
    for (size_t k = 0; k < count; k++) {
        if (k)
            fd_buf_puts(out, "、");
        put_id(out, c, &c->nodes.items[best[k]]);
        fd_buf_printf(out, " %s", c->nodes.items[best[k]].name);
    }
}

int fd_chains_check_gap(const fd_chains *c, const char *gap)
{
    fd_buf nearest = FD_BUF_INIT;
    int err;

    if (fd_chains__place(c, gap) != SIZE_MAX)
        return 0;
    put_nearest(&nearest, c, gap ? gap : "");
    fd_error_set(FD_ENOTFOUND, "缺口 %s 不是图谱上的环节", "gap %s is no node of the graph",
                 gap ? gap : "");
    err = nearest.len ? fd_error_hint("链.环节,最近的是 %s", "CHAIN.NODE; the nearest: %s",
                                      fd_buf_text(&nearest))
                      : fd_error_hint("链.环节,如 uav.fc;chain gaps 列出各缺口的编号",
                                      "CHAIN.NODE, as uav.fc; chain gaps lists the ids");
    fd_buf_dispose(&nearest);
    return err;
}

/* ---- gaps ------------------------------------------------------------------------------------ */

static void put_next(fd_table *t, size_t row, int first, const fd_chains *c, const fd_chain_node *n,
                     const fd_table *leads, fd_date today)
{
    const size_t node = (size_t)(n - c->nodes.items);
    size_t open;
    const size_t lead = lead_of(&open, c, leads, node);
    fd_buf id = FD_BUF_INIT, zh = FD_BUF_INIT, en = FD_BUF_INIT, command = FD_BUF_INIT;

    put_id(&id, c, n);
    fd_column_set_text(t->columns[first], row, fd_buf_text(&id));
    fd_column_set_dec(t->columns[first + 1], row, (int64_t)open);
    if (lead == SIZE_MAX) {
        fd_buf_puts(&zh, "还没有招商线索:立一条");
        fd_buf_puts(&en, "no lead yet: open one");
        fd_buf_printf(&command, "record move lead ZS-%s 线索 name=%s招商线索 gap=%s",
                      fd_buf_text(&id), n->name, fd_buf_text(&id));
    } else {
        const char *key = fd_works__text_or(leads, lead, "id", ""),
                   *state = fd_works__text_or(leads, lead, "state", "线索");
        const fd_date since = fd_works__date(leads, lead, "since");

        fd_column_set_text(t->columns[first + 2], row, key);
        fd_column_set_text(t->columns[first + 3], row, state);
        if (since != FD_DATE_NONE && today != FD_DATE_NONE)
            fd_column_set_dec(t->columns[first + 4], row, today - since);
        fd_buf_printf(&zh, "线索 %s %s", key, state);
        fd_buf_printf(&en, "lead %s: %s", key, state);
        if (since != FD_DATE_NONE && today != FD_DATE_NONE) {
            fd_buf_printf(&zh, ",在本阶段 %d 天", today - since);
            fd_buf_printf(&en, ", %d days in this stage", today - since);
        }
        fd_buf_printf(&command, "records lead %s", key);
    }
    fd_column_set_text(t->columns[first + 5], row, fd_buf_text(&zh));
    fd_column_set_text(t->columns[first + 6], row, fd_buf_text(&en));
    fd_column_set_text(t->columns[first + 7], row, fd_buf_text(&command));
    fd_buf_dispose(&id);
    fd_buf_dispose(&zh);
    fd_buf_dispose(&en);
    fd_buf_dispose(&command);
}

/* Leads that name nothing of the graph, or a node without a gap. */
static fd_table *list_unlinked(const fd_chains *c, const fd_table *leads, const fd_table *gaps)
{
    static const fd_column_spec specs[] = {
        { "id", "编号", "Id", FD_TEXT, "", 0 },
        { "name", "线索", "Lead", FD_TEXT, "", 0 },
        { "state", "阶段", "Stage", FD_TEXT, "", 0 },
        { "gap", "缺口", "Gap", FD_TEXT, "", 0 },
        { "reason", "说明", "Reason (Chinese)", FD_TEXT, "", 0 },
        { "reason_en", "英文说明", "Reason", FD_TEXT, "", 0 },
    };
    fd_table *t = fd_table_new("unlinked", "没有对上缺口的线索", "Leads that close no gap");
    bool *has = fd_alloc(c->nodes.count + 1);

    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t r = 0; r < gaps->rows; r++) {
        const size_t k = fd_chains__chain(c, fd_column_text_or(gaps->columns[0], r, ""));
        const size_t node =
            fd_chains__node(c, k, fd_view_of(fd_column_text_or(gaps->columns[2], r, "")));

        has[node] = true;
    }
    for (size_t r = 0; leads && r < leads->rows; r++) {
        const char *gap = fd_works__text_or(leads, r, "gap", "");
        const size_t node = fd_chains__place(c, gap);
        const int stage = stage_of(fd_works__text_or(leads, r, "state", "线索"));
        size_t row;

        if (stage < 0 || stage == LANDED || (node != SIZE_MAX && has[node]))
            continue;
        row = fd_table_add_row(t);
        for (size_t k = 0; k < 4; k++)
            fd_column_set_text(t->columns[k], row, fd_works__text_or(leads, r, specs[k].id, ""));
        fd_column_set_text(t->columns[4], row,
                           !*gap              ? "没有写缺口"
                           : node == SIZE_MAX ? "缺口不是图谱上的环节"
                                              : "这个环节现在没有缺口:算强链");
        fd_column_set_text(t->columns[5], row,
                           !*gap              ? "names no gap"
                           : node == SIZE_MAX ? "names no node of the graph"
                                              : "the node has no gap now: it strengthens");
    }
    free(has);
    return t;
}

int fd_chains_gap_leads(fd_table **out, fd_table **unlinked, const fd_chains *c,
                        const fd_table *leads, fd_date today, const char *chain)
{
    static const fd_column_spec specs[] = {
        { "id", "缺口编号", "Gap id", FD_TEXT, "", 0 },
        { "leads", "在办线索", "Open leads", FD_DEC, "条", 0 },
        { "lead", "线索", "Lead", FD_TEXT, "", 0 },
        { "lead_state", "线索阶段", "Stage of the lead", FD_TEXT, "", 0 },
        { "lead_days", "在本阶段", "Days in stage", FD_DEC, "天", 0 },
        { "next", "下一步", "Next (Chinese)", FD_TEXT, "", 0 },
        { "next_en", "英文下一步", "Next", FD_TEXT, "", 0 },
        { "command", "命令", "Command", FD_TEXT, "", 0 },
    };
    fd_table *t, *all = NULL;
    int err = fd_chains_gaps(&t, c, chain), first;

    if (err < 0)
        return err;
    if (unlinked && (err = fd_chains_gaps(&all, c, NULL)) < 0) {
        fd_table_free(t);
        return err;
    }
    first = (int)t->column_count;
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t k = 0; k < sizeof specs / sizeof *specs; k++)
        fd_column_resize(t->columns[(size_t)first + k], t->rows);
    for (size_t r = 0; r < t->rows; r++) {
        const size_t k = fd_chains__chain(c, fd_column_text_or(t->columns[0], r, ""));
        const size_t node =
            fd_chains__node(c, k, fd_view_of(fd_column_text_or(t->columns[2], r, "")));

        put_next(t, r, first, c, &c->nodes.items[node], leads, today);
    }
    fd_table_add_note(
        t, "缺口编号 = 链.环节,断点变成单一来源也还是它;招商线索必须写明关哪个缺口",
        "a gap's id is CHAIN.NODE, whatever kind of gap it is; a lead has to name one");
    if (unlinked)
        *unlinked = list_unlinked(c, leads, all);
    fd_table_free(all);
    *out = t;
    return 0;
}

/* ---- four chains ----------------------------------------------------------------------------- */

enum { INNOVATION, INDUSTRY, TALENT, FINANCE, FOUR };
typedef enum known { UNKNOWN, NONE, HAS } known;
static const char *const words[] = { "未知", "无", "有" };

typedef struct four {
    known has[FOUR];
    int64_t n[FOUR];
} four;

static int link_of(const char *text)
{
    static const char *const names[FOUR][2] = { { "创新", "innovation" },
                                                { "产业", "industry" },
                                                { "人才", "talent" },
                                                { "资金", "finance" } };

    for (int k = 0; k < FOUR; k++)
        if (strcmp(text, names[k][0]) == 0 || strcmp(text, names[k][1]) == 0)
            return k;
    return -1;
}

static void take_link(four *f, int link, bool none, int64_t count)
{
    if (none) {
        if (f->has[link] == UNKNOWN)
            f->has[link] = NONE;
        return;
    }
    f->has[link] = HAS;
    f->n[link] += count;
}

static bool stands(const fd_chains *c, const fd_chain_node *n, const char *firm)
{
    uint64_t at;

    if (!fd_map_get(c->firm_at, fd_view_of(firm), &at))
        return false;
    for (size_t k = 0; k < n->firms.count; k++)
        if (n->firms.items[k] == at)
            return true;
    return false;
}

static int read_links(four *all, const fd_chains *c, const fd_table *links, size_t *unplaced)
{
    for (size_t r = 0; links && r < links->rows; r++) {
        const char *state = fd_works__text_or(links, r, "state", "在册"),
                   *kind = fd_works__text_or(links, r, "link", ""),
                   *firm = fd_works__text(links, r, "firm"),
                   *node = fd_works__text(links, r, "node");
        const fd_number count = fd_works__number(links, r, "count");
        const double things = count.state == FD_HAS ? fd_number_to_double(count) : 1;
        const bool none =
            strcmp(state, "核实无") == 0 || strcmp(state, "none") == 0 || !(things > 0);
        const int link = link_of(kind);
        size_t hits = 0;

        if (link < 0 || things < 0 || things > 1e12) {
            fd_error_set(FD_EINVAL, "链别应是 创新、人才、资金,数量不小于零,见到 %s",
                         "a link is innovation, talent or finance, its count not below zero: %s",
                         kind);
            return fd_error_at((fd_place){ NULL, NULL, (long)r + 2, 0 });
        }
        if (strcmp(state, "撤销") == 0)
            continue;
        for (size_t i = 0; i < c->nodes.count; i++)
            if (node ? i == fd_chains__place(c, node)
                     : firm && stands(c, &c->nodes.items[i], firm)) {
                take_link(&all[i], link, none, (int64_t)things);
                hits++;
            }
        *unplaced += hits == 0;
    }
    return 0;
}

/* What to do first about a node: somebody to make it, then what the maker lacks. */
static void put_action(fd_table *t, size_t row, const fd_chains *c, const fd_chain_node *n,
                       const four *f, const fd_table *leads)
{
    static const char *const names[FOUR][2] = { { "创新", "innovation" },
                                                { "产业", "enterprises" },
                                                { "人才", "talent" },
                                                { "资金", "finance" } };
    static const int order[] = { INNOVATION, TALENT, FINANCE };
    fd_buf id = FD_BUF_INIT, zh = FD_BUF_INIT, en = FD_BUF_INIT, command = FD_BUF_INIT;
    size_t open;
    const size_t lead = lead_of(&open, c, leads, (size_t)(n - c->nodes.items));
    int lacks = -1, ask = -1;

    put_id(&id, c, n);
    for (size_t k = 0; k < 3; k++) {
        lacks = lacks < 0 && f->has[order[k]] == NONE ? order[k] : lacks;
        ask = ask < 0 && f->has[order[k]] == UNKNOWN ? order[k] : ask;
    }
    if (f->has[INDUSTRY] == NONE && lead != SIZE_MAX) {
        const char *key = fd_works__text_or(leads, lead, "id", ""),
                   *state = fd_works__text_or(leads, lead, "state", "");

        fd_buf_printf(&zh, "推进线索 %s(%s)", key, state);
        fd_buf_printf(&en, "move on lead %s (%s)", key, state);
        fd_buf_printf(&command, "records lead %s", key);
    } else if (f->has[INDUSTRY] == NONE) {
        fd_buf_puts(&zh, "没有在产企业:立招商线索");
        fd_buf_puts(&en, "nobody makes it: open a lead");
        fd_buf_printf(&command, "record move lead ZS-%s 线索 name=%s招商线索 gap=%s",
                      fd_buf_text(&id), n->name, fd_buf_text(&id));
    } else if (lacks >= 0) {
        fd_buf_printf(&zh, "核实过没有%s:列任务", names[lacks][0]);
        fd_buf_printf(&en, "no %s, as was checked: make it a task", names[lacks][1]);
        fd_buf_printf(&command, "record move node_link SL-%s-%s 在册 node=%s link=%s name=…",
                      fd_buf_text(&id), names[lacks][0], fd_buf_text(&id), names[lacks][0]);
    } else if (ask >= 0 || f->has[INDUSTRY] == UNKNOWN) {
        if (ask < 0)
            ask = INDUSTRY;
        fd_buf_printf(&zh, "不知道有没有%s:先核实", names[ask][0]);
        fd_buf_printf(&en, "nobody knows about %s: find out first", names[ask][1]);
        if (ask != INDUSTRY)
            fd_buf_printf(&command, "record move node_link SL-%s-%s 核实无 node=%s link=%s",
                          fd_buf_text(&id), names[ask][0], fd_buf_text(&id), names[ask][0]);
        else
            fd_buf_printf(&command, "chain candidates %s", fd_buf_text(&id));
    }
    if (zh.len) {
        fd_column_set_text(t->columns[11], row, fd_buf_text(&zh));
        fd_column_set_text(t->columns[12], row, fd_buf_text(&en));
        fd_column_set_text(t->columns[13], row, fd_buf_text(&command));
    } else {
        for (size_t k = 11; k < 14; k++)
            fd_column_set_state(t->columns[k], row, FD_NA);
    }
    fd_buf_dispose(&id);
    fd_buf_dispose(&zh);
    fd_buf_dispose(&en);
    fd_buf_dispose(&command);
}

static void put_four(fd_table *t, size_t row, const four *f)
{
    for (size_t k = 0; k < FOUR; k++) {
        fd_column_set_text(t->columns[3 + k], row, words[f->has[k]]);
        if (f->has[k] != UNKNOWN)
            fd_column_set_dec(t->columns[7 + k], row, f->n[k]);
    }
}

/* The row of a whole chain: 有 where any node has, 无 where all nodes are known not to. */
static void put_chain(fd_table *t, size_t row, const fd_chain *h, const four *nodes)
{
    four sum = { 0 };

    fd_column_set_text(t->columns[0], row, h->code);
    fd_column_set_state(t->columns[1], row, FD_NA);
    fd_column_set_text(t->columns[2], row, h->name);
    for (size_t k = 0; k < FOUR; k++) {
        size_t have = 0, unknown = 0;

        for (size_t i = 0; i < h->count; i++) {
            have += nodes[i].has[k] == HAS;
            unknown += nodes[i].has[k] == UNKNOWN;
            sum.n[k] += nodes[i].n[k];
        }
        sum.has[k] = have ? HAS : unknown ? UNKNOWN : NONE;
        fd_column_set_dec(t->columns[15 + 2 * k], row, (int64_t)have);
        fd_column_set_dec(t->columns[16 + 2 * k], row, (int64_t)unknown);
    }
    put_four(t, row, &sum);
    for (size_t k = 11; k < 14; k++)
        fd_column_set_state(t->columns[k], row, FD_NA);
    fd_column_set_dec(t->columns[14], row, (int64_t)h->count);
}

int fd_chains_four(fd_table **out, const fd_chains *c, const fd_table *links, const fd_table *leads,
                   const char *chain)
{
    static const fd_column_spec specs[] = {
        { "chain", "链", "Chain", FD_TEXT, "", 0 },
        { "node", "环节代码", "Node", FD_TEXT, "", 0 },
        { "name", "环节", "Name", FD_TEXT, "", 0 },
        { "innovation", "创新链", "Innovation", FD_TEXT, "", 0 },
        { "industry", "产业链", "Industry", FD_TEXT, "", 0 },
        { "talent", "人才链", "Talent", FD_TEXT, "", 0 },
        { "finance", "资金链", "Finance", FD_TEXT, "", 0 },
        { "innovation_n", "创新件数", "Innovation, number", FD_DEC, "件", 0 },
        { "industry_n", "在产企业", "Active enterprises", FD_DEC, "户", 0 },
        { "talent_n", "人才件数", "Talent, number", FD_DEC, "件", 0 },
        { "finance_n", "资金件数", "Finance, number", FD_DEC, "件", 0 },
        { "action", "下一步", "Action (Chinese)", FD_TEXT, "", 0 },
        { "action_en", "英文下一步", "Action", FD_TEXT, "", 0 },
        { "command", "命令", "Command", FD_TEXT, "", 0 },
        { "nodes", "环节数", "Nodes", FD_DEC, "个", 0 },
        { "innovation_nodes", "有创新的环节", "Nodes with innovation", FD_DEC, "个", 0 },
        { "innovation_unknown", "创新未知", "Innovation unknown", FD_DEC, "个", 0 },
        { "industry_nodes", "有产业的环节", "Nodes with industry", FD_DEC, "个", 0 },
        { "industry_unknown", "产业未知", "Industry unknown", FD_DEC, "个", 0 },
        { "talent_nodes", "有人才的环节", "Nodes with talent", FD_DEC, "个", 0 },
        { "talent_unknown", "人才未知", "Talent unknown", FD_DEC, "个", 0 },
        { "finance_nodes", "有资金的环节", "Nodes with finance", FD_DEC, "个", 0 },
        { "finance_unknown", "资金未知", "Finance unknown", FD_DEC, "个", 0 },
    };
    four *all = fd_alloc((c->nodes.count + 1) * sizeof *all);
    size_t only = SIZE_MAX, unplaced = 0;
    const char *code = chain ? fd_chains_find(c, chain) : NULL;
    fd_table *t = NULL;
    int err = chain && !code ? fd_error_last()->code : 0;

    if (err < 0 || (err = read_links(all, c, links, &unplaced)) < 0)
        goto done;
    if (code)
        only = fd_chains__chain(c, code);
    for (size_t i = 0; i < c->nodes.count; i++) {
        const fd_chain_node *n = &c->nodes.items[i];

        if (fd_chains__is_covered(c, n))
            take_link(&all[i], INDUSTRY, !fd_chains__active(c, n),
                      (int64_t)fd_chains__active(c, n));
    }
    t = fd_table_new("four", "四链完整度", "Four chains");
    fd_table_add_columns(t, specs, sizeof specs / sizeof *specs);
    for (size_t k = 0; k < c->chains.count; k++) {
        const fd_chain *h = &c->chains.items[k];

        if (only != SIZE_MAX && only != k)
            continue;
        put_chain(t, fd_table_add_row(t), h, all + h->first);
        for (size_t i = h->first; i < h->first + h->count; i++) {
            const fd_chain_node *n = &c->nodes.items[i];
            const size_t row = fd_table_add_row(t);

            fd_column_set_text(t->columns[0], row, h->code);
            fd_column_set_text(t->columns[1], row, n->code);
            fd_column_set_text(t->columns[2], row, n->name);
            put_four(t, row, &all[i]);
            put_action(t, row, c, n, &all[i], leads);
            fd_column_set_dec(t->columns[14], row, 1);
            for (size_t f = 0; f < FOUR; f++) {
                fd_column_set_dec(t->columns[15 + 2 * f], row, all[i].has[f] == HAS);
                fd_column_set_dec(t->columns[16 + 2 * f], row, all[i].has[f] == UNKNOWN);
            }
        }
    }
    fd_table_add_note(
        t,
        "有:登记在册;无:产业是没有在产企业,其余是专人核实过没有;未知:没有登记,不等于没有"
        "。环节空着的一行是整条链",
        "有: registered; 无: nobody active, or somebody looked and there is none; "
        "未知: nothing written, which is not a no; the row without a node is the chain");
    if (unplaced) {
        char zh[120], en[120];

        snprintf(zh, sizeof zh, "%zu 件登记的环节或企业不在图谱上,不计", unplaced);
        snprintf(en, sizeof en, "%zu entries name no node or enterprise of the graph", unplaced);
        fd_table_add_note(t, zh, en);
    }
    *out = t;
done:
    free(all);
    return err;
}
