/*
 * The chain graph of a city: nodes from upstream to downstream, who occupies them, where it breaks.
 *
 * Pure: tables in, tables out.  A node needs others by an expression with 且 and 或 (and, or);
 * enterprises occupy nodes by what is declared, by industry and by product words.  docs/methods/
 * chain.md says how lights and indices are defined.
 */
#ifndef FANGDING_CHAINMAP_H
#define FANGDING_CHAINMAP_H

#include "fangding/ding.h"
#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fd_chains fd_chains;

/**
 * The nodes of every 链 (chain) declaration of a program as a table for fd_chains_read().
 *
 *     链 无人机 / uav
 *       环节 飞控 / fc    中游    重要 5
 *         行业 3963
 *         产品 飞控,航电
 *         需要 芯片 且 (陀螺 或 惯导)
 *         外引 珠三角
 *         说明 种子
 *
 * @return FD_EPARSE a node without name, a stage that is none, with file and line. The caller frees
 *         *out.
 */
FD_API int fd_chains_declared(fd_table **out, const fd_program *program);

/**
 * Read nodes.  Columns: chain, node; chain_name, name (the codes when left out), stage (上游 up,
 * 中游 mid, 下游 down), importance (1 when empty), needs, industries (codes of GB/T 4754, a prefix
 * counts for all below it, cut at ; or ,), products (words), outside, note.
 *
 * needs names nodes of the same chain by code or name; 且 binds closer than 或; brackets nest.
 *
 * @return FD_ENOTFOUND a column; FD_EINVAL a node twice or unknown, a stage, an importance that is
 *         not positive, needs that lead back to themselves; FD_EPARSE needs; FD_ELIMIT more than
 *         256 alternatives: each with file, row and column. fd_chains_free() releases.
 */
FD_API int fd_chains_read(fd_chains **out, const fd_table *nodes, const char *name);
FD_API void fd_chains_free(fd_chains *chains); /* NULL is fine */

/**
 * Put enterprises on nodes; may be called again for more.  Columns: enterprise; name, territory,
 * industry, products, node ("fc" or "uav.fc", several by ;), capacity, active (0: stopped; empty
 * counts as active), leading (1 or 0: at the leading level of its trade; empty: unknown), all of
 * which may be left out.  Rows of one enterprise are one enterprise: what a later row says holds.
 *
 * A row with nodes occupies these; any other occupies each node that has its industry and, where
 * the node has product words, one of them in its name or products.
 *
 * @return FD_ENOTFOUND a column; FD_EINVAL an unknown node, a negative capacity: with file, row,
 *         column. Enterprises × nodes.
 */
FD_API int fd_chains_occupy(fd_chains *chains, const fd_table *enterprises, const char *name);

/** The code of a chain by code, name or unique part of the name; NULL with the error set. */
FD_API const char *fd_chains_find(const fd_chains *chains, const char *text);

/**
 * One chain, node by node from upstream to downstream: chain, stage, node, name, importance, light
 * (green, yellow, red), gap (break 断点: nobody; stopped: all stopped; choke 堵点: somebody, but no
 * way to make it here; single: one active; concentrated: HHI above a half; or empty), firms,
 * active, counties, hhi (by capacity; of fewer than three only 1 for one), finals_lost (end
 * products that cannot do without the node), needs, why, why_en, ways (needs by code: the nodes of
 * one way are cut at ;, alternative ways at |). The light: red without an active enterprise, yellow
 * with any other gap.
 */
FD_API int fd_chains_map(fd_table **out, const fd_chains *chains, const char *chain);
/** The rows of fd_chains_map() that have a gap, of one chain or all (NULL), the most pressing
 * first: red before yellow, then importance × (1 + finals_lost). */
FD_API int fd_chains_gaps(fd_table **out, const fd_chains *chains, const char *chain);
/**
 * Who is in the nodes of a chain, from upstream to downstream, the larger first: chain, node,
 * node_name, enterprise, name, territory, active, leading (缺报 where nobody said).  Of one node
 * when `node` (a code or a name) is not NULL. FD_ENOTFOUND no such chain or node.
 */
FD_API int fd_chains_members(fd_table **out, const fd_chains *chains, const char *chain,
                             const char *node);
/** What the map looks like in three columns; free(). */
FD_API char *fd_chains_draw(const fd_table *map, fd_lang lang);

/**
 * Who could fill, strengthen or extend a node: kind (strengthen 强链: there already; extend 延链:
 * in a node that it needs or that needs it; fill 补链: near by products or industry; outside 外引),
 * enterprise, name, territory, score, reason, reason_en; the nearest first, at most `limit` inside.
 *
 *   score = 0.5 industry (same class 1, group 0.7, division 0.4) + 0.3 products (a word of the node
 *           1, else the share of its two-letter pieces) + 0.2 neighbour
 *
 * node: "fc", "uav.fc" or a name. FD_ENOTFOUND, FD_ECONFLICT when several chains have it.
 */
FD_API int fd_chains_candidates(fd_table **out, const fd_chains *chains, const char *node,
                                size_t limit);

/**
 * chain, name, nodes, occupied, completeness, completeness_count, advancedness, security, reds,
 * yellows, unknown (%; w importance; unknown nodes left out, 缺报 when all are):
 *   completeness = sum of w over nodes with an active enterprise / sum of w
 *   advancedness = sum of w × share of leading enterprises / sum of w, over occupied nodes whose
 *                  enterprises are all known; 缺报 without any
 *   security     = sum of w × s / sum of w; s = 0 without an active enterprise, else
 *                  1 - HHI k, k = 1 where an end product cannot do without the node, else 1/2;
 *                  HHI by capacity, equal parts where one is unknown or fewer than three
 */
FD_API int fd_chains_indices(fd_table **out, const fd_chains *chains);
/** Nodes with enterprises in several territories: chain, node, name, territories, firms, where.
 * Of all chains when `chain` is NULL. */
FD_API int fd_chains_overlap(fd_table **out, const fd_chains *chains, const char *chain);

#ifdef __cplusplus
}
#endif
#endif
