/*
 * Leg 1, industry: projects with their lights, counties beside their peers, and the matrix of
 * chains × works × counties.
 *
 * Pure: a checked program and an fd_source go in, tables come out.
 */
#ifndef FANGDING_INDUSTRY_H
#define FANGDING_INDUSTRY_H

#include "fangding/measure.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Every project at the end of a period, the worst light first, then the most days late.
 *
 * Columns: code, name, county, chain (codes), type, stage, start, finish, owner, reason (TEXT);
 * done, plan, total (DEC, 万元: done this year, planned for this year, planned in all); light (绿
 * 黄 红 灰 as green, yellow, red, grey), why, why_en (the sentence of the light); days (DEC: days
 * past the planned finish while not yet 投产 or 达效; MISSING when not late). The light is
 * fd_light_progress() by the preset against the share of the year that has passed.
 *
 * @return what the source returns. Time: O(n log n) of the projects.
 */
FD_API int fd_projects(fd_table **out, fd_source *source, fd_period period, fd_light_preset preset);

/* One county beside its peers: published or verified figures, all in %. */
typedef struct fd_peer {
    const char *code, *name;
    fd_number weight; /* share of the city's base */
    fd_number rate;   /* growth now */
    fd_number before; /* growth a year before */
} fd_peer;

/**
 * Counties in two groups: the large ones, whose weight is at least the mean weight, and the others;
 * a county without weight stands in neither.
 *
 * Columns: county, county_name, group (large, other), weight, growth, before, improvement = growth
 * − before (百分点), pull = weight × growth ÷ 100 (百分点), rank (in the group, by growth; equal
 * growth has equal rank), size (of the group). The order is that of the input, not of the growth.
 * Exact. @return FD_EOVERFLOW past 128 bits
 */
FD_API int fd_peers(fd_table **out, const fd_peer *peers, size_t count);

/* One published figure of another area, and ours of the same indicator and period. */
typedef struct fd_benchmark {
    const char *area, *kind;      /* 同类城市, 全省, 全国 … as the register says */
    const char *indicator, *name; /* id or the register's words; on screen */
    const char *unit;             /* of value */
    fd_period period;
    fd_number value;
    const char *reference, *dated; /* the source and its date; neither is NULL */
    fd_number own;                 /* in `unit`; missing when the city has no figure */
} fd_benchmark;

/**
 * The city beside similar cities, its province and the country; a source with every number.
 *
 * Columns: indicator, name, period (TEXT), area, kind, value, own, unit, gap = own − value, rank
 * and of (the city's place among the areas of the row's kind for this indicator and period, largest
 * first, equal values equal place; MISSING while the city's figure is), reference, dated. Sorted by
 * indicator, newest period first, kind, then value, largest first, then area: the order of the
 * input does not matter. Exact. @return FD_EOVERFLOW past 128 bits. O(n²) within an indicator.
 */
FD_API int fd_benchmarks(fd_table **out, const fd_benchmark *list, size_t count);

/* A row of definitions/works.csv. */
typedef struct fd_work {
    const char *id;      /* W1 … W5 */
    const char *name[2]; /* zh, en */
    const char *not_for; /* name of the chain for which the work is 不适用, or "" */
} fd_work;

typedef struct fd_matrix_options {
    int version;
    fd_period period; /* of dispatch returns and projects */
    fd_period year;   /* of the register */
    const fd_work *works;
    size_t work_count; /* five */
    /* R&D coverage by chain and county as fd_measure() gives it, disclosure applied; or NULL. */
    const fd_table *innovation;
    bool name_leaders;     /* may one enterprise be named as the largest of a cell? */
    const fd_table *rules; /* lights of leads and services (fangding/works.h), or NULL: none */
} fd_matrix_options;
#define FD_MATRIX_OPTIONS_INIT                                                                     \
    {                                                                                              \
        1, FD_PERIOD_NONE, FD_PERIOD_NONE, NULL, 0, NULL, false, NULL                              \
    }

typedef struct fd_matrix {
    fd_table *chains, *counties, *works, *cells, *states;
} fd_matrix;

/**
 * The matrix of chains × works × counties.
 *
 * chains: code, name, group, owner.  counties: code, name.  works: id, name, name_en.
 *
 * cells, one row per chain × county, then the totals by chain (county ""), by county (chain "") and
 * of the city (both ""): chain, county, lead (BOOL), firms, revenue (亿元), growth (%), share (% of
 * the county's revenue), lq (location quotient: the chain's share in the county ÷ its share in the
 * city), stopped, slowed (户), leader.  Figures are those of fd_measure() for the indicators
 * firm_count, dispatch_revenue_total, dispatch_revenue_growth, stopped_count and slowed_count, so
 * that an enterprise on two chains counts in both by its weights and chains add up to the city.
 * Revenue, growth, share and lq of a cell of fewer than three enterprises are 缺报 (not shown);
 * where there are no enterprises, 不适用.
 *
 * lead: declared by records lead_cell (fd_lead_cells_make()), else by the county's attribute
 * lead_chains ("U2;E3"); when nobody declares any,
 * computed: of the county's chains (链外 apart) with at least three enterprises, the three with the
 * largest revenue among those with lq ≥ 1, and at least two of them while there are any.  A note of
 * cells says which. Exact comparisons.
 *
 * states, one row per chain × county × work: chain, county, work, state (不适用: the work cannot
 * exist there; 缺报: nothing is known; else empty), light (or MISSING when no rule of lights
 * applies), count (DEC), text, text_en.
 *   W1: projects of type 技改: how many, done ÷ planned of the year beside the time that has
 * passed. W2: other projects: how many are 签约, 开工 or 在建, 投产 or 达效; the worst light. W3:
 * leads being negotiated, those past the rule's time, landed; the worst light. W4: platforms in
 * operation, R&D coverage. W5: services open and overdue with their light; stopped and slowed
 * enterprises. A register that the source does not keep (no record of type lead, platform, service
 * by then) is 缺报, not none.
 *
 * The tables are the caller's: fd_matrix_dispose().
 * @return FD_EOVERFLOW, or what the source returns. Time: five passes over the enterprises plus
 * chains × counties × (enterprises) for leaders.
 */
FD_API int fd_matrix_compute(fd_matrix *out, const fd_program *program, fd_source *source,
                             const fd_matrix_options *options);
FD_API void fd_matrix_dispose(fd_matrix *matrix);

typedef struct fd_lead_cells {
    fd_table *cells;    /* id, county, county_name, chain, chain_name, owner, since (DATE) */
    fd_table *findings; /* where, finding, finding_en, id; no row when all is well */
} fd_lead_cells;
/**
 * Lead cells declared at a day (records lead_cell in state 指定) and what is wrong with them: an
 * unknown chain or county, no owner, the same cell twice, a county that leads fewer than two or
 * more than three chains, fewer than 2n or more than 3n cells for n counties (18 to 27 for nine).
 * Nothing declared is no finding. Release with fd_lead_cells_dispose().
 */
FD_API int fd_lead_cells_make(fd_lead_cells *out, fd_source *source, fd_date at);
FD_API void fd_lead_cells_dispose(fd_lead_cells *cells);

#ifdef __cplusplus
}
#endif
#endif
