/*
 * What is done about a chain: purchases and chain leaders, meetings, the four chains of each node,
 * leads that close gaps, the steps of a park, future industries.
 *
 * Pure: tables in, tables out; the graph is that of chainmap.h. Tables of records have the columns
 * id, state, since and their fields (definitions/chain_records.ding), or are plain CSV of the same
 * columns. What is not said stays unknown. docs/methods/chain.md.
 */
#ifndef FANGDING_CHAINWORK_H
#define FANGDING_CHAINWORK_H

#include "fangding/chainmap.h"
#include "fangding/period.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- purchases and chain leaders ------------------------------------------------------------- */

/**
 * Purchases by enterprise and node: buyer, node ("uav.fc"), supplier, place (本地 外地 境外, or
 * local outside foreign; empty: not said), amount (万元). Those of no node of the graph are
 * counted, not refused; state 作废 is passed over. fd_chains_indices() then weighs in what is
 * bought abroad and how many suppliers there are. May be called again for more.
 *
 * @return FD_ENOTFOUND a column; FD_EINVAL a place nobody knows, an amount below zero, with file
 * and row
 */
FD_API int fd_chains_supply(fd_chains *chains, const fd_table *purchases, const char *name);

/**
 * 链主 by chain: those that `roles` names (chain, role 链主, firm; 离任 left out), else the largest
 * active enterprise of the chain, and `basis` says which. Columns: chain, chain_name, firm, name,
 * territory, basis (named, largest), revenue (capacity), purchases, local, outside, foreign,
 * unknown (place not said) in 万元, local_rate 本地配套率 = local ÷ (local + outside + foreign),
 * foreign_rate, suppliers, local_suppliers, hhi, pull = local ÷ revenue × 100, nodes (how many it
 * buys), local_nodes (of how many something here). Without purchases all of these are 缺报.
 *
 * @param chain  code of a chain or NULL
 */
FD_API int fd_chains_leaders(fd_table **out, const fd_chains *chains, const fd_table *roles,
                             const char *chain);
/** What leaders buy elsewhere and who here could supply it: chain, firm, node, name, elsewhere
 * (万元), local_rate, candidate, candidate_name, territory, kind, score, reason, reason_en; the
 * most money first, at most `limit` candidates a node, one row without a candidate when there is
 * none. */
FD_API int fd_chains_sourcing(fd_table **out, const fd_chains *chains, const fd_table *roles,
                              const char *chain, size_t limit);

/**
 * Enterprises of a chain (NULL: of all), each once a chain: chain, enterprise, name, territory,
 * capacity, active (1, 0; unknown counts as active), leading (1, 0, 缺报), core (1 when a node of
 * it is downstream or has product words: the others supply many chains), nodes (codes, by ;).
 */
FD_API int fd_chains_enterprises(fd_table **out, const fd_chains *chains, const char *chain);
/** Does a text (a project's name) hold one of the chain's product words of at least two letters? */
FD_API bool fd_chains_speaks_of(const fd_chains *chains, const char *chain, const char *text);

/* ---- meetings -------------------------------------------------------------------------------- */

typedef struct fd_meeting_options {
    int version;
    fd_date today;
    const fd_calendar *calendar; /* working days, or NULL: due on the last day of the period */
    int remind;                  /* days before a meeting is due */
} fd_meeting_options;
#define FD_MEETING_OPTIONS_INIT                                                                    \
    {                                                                                              \
        1, 0, NULL, 10                                                                             \
    }

/**
 * Who has to meet by when. roles: chain, role, who, cadence (月 季 半年 年), started; meetings:
 * chain, role, held (计划 and 取消 are no meetings). A meeting is due by the last working day of
 * the period after that of the last one (of the first period, when there was none), so that a
 * meeting early in one month and late in the next are both on time. Columns: chain, role, who,
 * cadence, last, due, days (until it is due; below zero: late), missed (periods gone by without
 * one), state (overdue, soon, planned, unknown), light, why, why_en; the most overdue first.
 *
 * @return FD_EINVAL a cadence nobody knows, with the row
 */
FD_API int fd_meetings_make(fd_table **out, const fd_table *roles, const fd_table *meetings,
                            const fd_meeting_options *options);

/* ---- four chains ----------------------------------------------------------------------------- */

/**
 * 四链 of every node and, before its nodes, of the chain (node empty). Columns: chain, node, name,
 * innovation, industry, talent, finance (有 无 未知), innovation_n, industry_n, talent_n, finance_n
 * (things; 缺报 where unknown), action, action_en, command, nodes, and of each chain of the four
 * how many nodes have it and of how many it is unknown: innovation_nodes, innovation_unknown, ….
 *
 * industry: active enterprises of the node. The others from `links`: link (创新 人才 资金), node,
 * or firm (then every node where it stands), count (1 when empty); state 核实无 says that somebody
 * looked and there is none; 撤销 is passed over. Nothing written is 未知, never 无. A chain has 有
 * when a node has, 无 when all nodes are 无.
 *
 * @param leads  records of leads, or NULL: a node without enterprises points at its lead
 */
FD_API int fd_chains_four(fd_table **out, const fd_chains *chains, const fd_table *links,
                          const fd_table *leads, const char *chain);

/* ---- gaps and leads -------------------------------------------------------------------------- */

/**
 * fd_chains_gaps() with, at its right, id (CHAIN.NODE: it stays the same whatever kind of gap it
 * is), leads (open ones), lead (the furthest), lead_state, lead_days (in its state, to `today`),
 * next, next_en, command (what opens a lead, or moves it).
 *
 * @param[out] unlinked  leads that close no gap: id, name, state, gap, reason, reason_en; may be
 * NULL
 */
FD_API int fd_chains_gap_leads(fd_table **out, fd_table **unlinked, const fd_chains *chains,
                               const fd_table *leads, fd_date today, const char *chain);
/** Does the text name one node of the graph (so that a lead may name it as its gap)? FD_ENOTFOUND,
 * the hint names the nearest, at most three. */
FD_API int fd_chains_check_gap(const fd_chains *chains, const char *gap);

/* ---- the steps of a park --------------------------------------------------------------------- */

typedef struct fd_steps {
    fd_table *summary; /* territory (park, city), steps, covered, unknown, coverage (%), missing,
                          missing_en, purchases, local_rate */
    fd_table *steps;   /* step, name, name_en, park_firms, park_active, city_firms, city_active,
                          state (park, city, stopped, missing, unknown), purchases, local_rate, gap */
} fd_steps;

typedef struct fd_steps_input {
    const fd_table *steps; /* step, name_zh (or name), name_en, nodes (of the chain), importance */
    const fd_table *firms; /* step, firm, park, state (运行 停产 退出), or active */
    const char *park;      /* the park looked at; NULL: any */
    const fd_chains *chains;
    const char *chain; /* code in the graph; NULL with plain files */
} fd_steps_input;

/**
 * 不出园区 by steps: a step is covered in a territory when an active enterprise is there: in the
 * park one registered with it, in the city also one on a node of the graph that the step names.
 * coverage = covered ÷ steps. local_rate = bought here ÷ bought (local, outside, foreign) of the
 * nodes of the step.
 */
FD_API int fd_steps_make(fd_steps *out, const fd_steps_input *input);
FD_API void fd_steps_dispose(fd_steps *steps);

/* ---- future industries ----------------------------------------------------------------------- */

/**
 * The stage board: field, entries, watching, pilot, order, chain (entries by state), trl_low,
 * trl_high, pilots, orders (万元), policies. Of fewer than three entries with an order their sum is
 * not shown (`suppressed` 1); nor when only one field would be hidden: the next smallest goes too.
 */
FD_API int fd_futures_make(fd_table **out, const fd_table *records);

#ifdef __cplusplus
}
#endif
#endif
