/*
 * The works of leg 1: projects through their gates with lights, renovation before and after, leads,
 * platforms and services, parks, and how far a chain is from its promised scale.
 *
 * Pure: tables and an fd_source go in, tables come out. What an office may want to change (rules of
 * lights, ramp curves, promised scales) comes in as a table, too: definitions/project_rules.csv,
 * project_ramp.csv, scale_targets.csv, or a file of the same form.
 *
 * Record tables have the columns id, state, since, created and their fields, as the source gives
 * them or as a plain CSV writes them (texts and days as text).
 */
#ifndef FANGDING_WORKS_H
#define FANGDING_WORKS_H

#include "fangding/industry.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- rules of lights ------------------------------------------------------------------------- */

typedef struct fd_rule_measure {
    const char *id; /* behind, reached, growth … */
    fd_number value;
} fd_rule_measure;

/**
 * The colour that a book of rules gives: of the rows of `preset` and `kind`, from the top, the
 * first whose relation (>, >=, <, <=, =) holds between the named measure and the threshold; a row
 * without a measure holds always. A measure that is unknown before any row holds makes the light
 * grey: the answer could be that row's. Exact; an estimate is refused.
 *
 * @param book  columns preset, name_zh, name_en, kind, color, measure, relation, threshold, unit,
 *              source, status, all TEXT
 * @param[out] row  the row that decided, SIZE_MAX for grey
 * @return FD_ENOTFOUND no row of this preset and kind; FD_EFORMAT a column, colour, relation,
 *         threshold or measure that nobody knows (the message names the row); FD_EINVAL an estimate
 */
FD_API int fd_rules_judge(fd_color *color, size_t *row, const fd_table *book, const char *preset,
                          const char *kind, const fd_rule_measure *measures, size_t count);
/** The id of a preset by id, Chinese or English name. FD_ENOTFOUND lists those there are. */
FD_API int fd_rules_preset(const char **out, const fd_table *book, const char *name);
/** Are there rules of this kind in the preset? */
FD_API bool fd_rules_has(const fd_table *book, const char *preset, const char *kind);

/* ---- projects -------------------------------------------------------------------------------- */

/* The stages in order: 谋划 签约 开工 在建 投产 达效 入规; the index of one, -1 for anything else.
 */
FD_API int fd_project_stage(const char *name);
FD_API const char *fd_project_stage_name(int stage, fd_lang lang);

typedef struct fd_works_options {
    int version;
    fd_period period;      /* cumulative: the ledger's month */
    const fd_table *rules; /* project_rules.csv; NULL: fd_light_progress() by `builtin` */
    const char *preset;    /* id of a preset of the rules */
    const fd_table *ramp;  /* project_ramp.csv, or NULL: no curve, the ramp's light is grey */
    const fd_table *gates; /* records of type project, or NULL: no evidence is kept */
    const char *stage, *light, *chain, *county; /* codes or words to keep, or NULL */
    fd_light_preset builtin; /* the rule in place of `rules` when those are NULL */
} fd_works_options;
#define FD_WORKS_OPTIONS_INIT                                                                      \
    {                                                                                              \
        1, FD_PERIOD_NONE, NULL, "yinchuan", NULL, NULL, NULL, NULL, NULL, NULL, FD_LIGHT_YINCHUAN \
    }

/**
 * The ledger at the end of a month: the columns of fd_projects(), then gate (the last stage with
 * evidence), overall (the worst of the lights of investment, start and ramp), start_light,
 * start_why, start_why_en, ramp (达产率, %), ramp_light, ramp_why, ramp_why_en.
 *
 *   behind  = share of the year passed − done ÷ plan × 100           (百分点)
 *   reached = done ÷ plan × 100 ÷ share of the year passed × 100     (%)
 *   growth  = done ÷ done a year before − 1; behind_plan = (plan ÷ the whole year before − 1) −
 * growth; behind_average = growth of the ledger's projects that have a year before − growth. start:
 * months_late from the planned month, for a project not yet 开工. ramp: 达产率 = output of the last
 * three reported months (or as many as lie since production and in the year) made annual ÷ output
 * of the feasibility study; ramp_reached = 达产率 ÷ the curve's figure for the months since
 * production.
 *
 * Worst overall light first, then most days late, then the ledger's order.
 * @return FD_EINVAL a preset or filter nobody knows. Time: O(n log n).
 */
FD_API int fd_project_list(fd_table **out, fd_source *source, const fd_works_options *options);

/* One project's page. */
typedef struct fd_project_page {
    fd_table *card;   /* field, value: what the ledger says */
    fd_table *months; /* period, plan, done, percent, schedule, behind, due, light, why, why_en */
    fd_table *gates; /* gate, state (passed, missing, next, ahead), date, evidence, said, said_en */
    fd_table *ramp; /* period, made, annual, feasible, percent, expected, light, why, why_en; tax */
} fd_project_page;

/** @return FD_ENOTFOUND no such code. The tables are the caller's: fd_project_page_dispose(). */
FD_API int fd_project_page_make(fd_project_page *out, fd_source *source, const char *code,
                                const fd_works_options *options);
FD_API void fd_project_page_dispose(fd_project_page *page);

/**
 * Is anything counted twice, or ahead of its evidence? Findings, never corrections: severity
 * (fault, warning), rule, code, name, other, other_name, said, said_en.
 *
 *   same-approval   two codes, one 备案代码
 *   same-site       one 建设单位 or one site, and investment within 5 %
 *   near-name       names with a Dice coefficient of their pairs of letters of at least 0.85
 *                   (项目, 示例 and punctuation apart), and one firm, or one county with investment
 *                   within 20 %
 *   twice           a renovation that names no project, but whose firm has one of nearly that name
 *   gate-skipped    evidence of a later gate without that of an earlier one
 *   gate-order      a gate dated before an earlier one
 *   gate-missing    the ledger's stage lies beyond the last gate with evidence
 *   stage-back      the ledger's stage fell back from one month to the next
 *   stage-jump      it rose by more than one stage at once without evidence of those between
 *   effective       达效 in the ledger, 达产率 below the rule `effective` of the template
 *
 * @param renovations  records of type renovation, or NULL
 * Time: O(n²) of the projects; only pairs of one firm, site, approval or county are judged.
 */
FD_API int fd_project_check(fd_table **out, fd_source *source, const fd_table *renovations,
                            const fd_works_options *options);

/* ---- 技改: before and after --------------------------------------------------------------------
 */

typedef struct fd_renovations {
    fd_table *items; /* one row per renovation, with changes */
    fd_table *sums;  /* one row per group: by = county, chain or kind of work */
} fd_renovations;

/**
 * 技改 register. Fields read: project, firm, name, county, chain, kind (设备更新 工艺 数字化 绿色化
 * …), invest, equipment, output_before, output_after (万元 a year), energy_before, energy_after
 * (tce), quality_before, quality_after (合格率 %), maturity_before, maturity_after (level), what.
 *
 * items: change of output (%), energy per output before and after (tce/万元) and its change (%),
 * change of quality (百分点), of maturity (levels), added output per 万元 invested. A figure that
 * one side lacks stays 缺报. sums: count, finished, with figures on both sides (known), and Σ after
 * ÷ Σ before − 1 over those only; the rest is counted, not guessed.
 *
 * @param by  column to group by; FD_EINVAL when the table has none of that name
 */
FD_API int fd_renovations_make(fd_renovations *out, const fd_table *records, const char *by);
FD_API void fd_renovations_dispose(fd_renovations *r);

/* ---- leads, platforms, services ---------------------------------------------------------------
 */

typedef struct fd_leads {
    fd_table *items;      /* lead by lead with days in stage, days overdue, light, why */
    fd_table *funnel;     /* stage by stage: reached, now, conversion from the stage before */
    fd_table *unassigned; /* leads that name no gap: refused, with their ids */
} fd_leads;

/**
 * 招商 funnel. Stages 线索 对接 在谈 签约 落地; 流失 leaves it (its field `lost_at` says from which
 * stage). reached(s) = leads that are or were at s; it never rises along the funnel. A lead without
 * `gap` (a node or a hole of a chain) does not count and is listed apart.
 *
 * @param today  days are counted to here
 * @return FD_EFORMAT a state that is no stage
 */
FD_API int fd_leads_make(fd_leads *out, const fd_table *records, fd_date today,
                         const fd_works_options *options);
FD_API void fd_leads_dispose(fd_leads *leads);

/** Services (诉求): open, overdue, done, confirmed by the firm, by county and chain; light by the
 * rule `service`. Columns chain, county, open, overdue, solved, confirmed, light, why, why_en. */
FD_API int fd_services_sum(fd_table **out, const fd_table *records, fd_date today,
                           const fd_works_options *options);

/* ---- parks ----------------------------------------------------------------------------------- */

typedef struct fd_parks {
    fd_table *parks;    /* one row per park */
    fd_table *parcels;  /* the rows they rest on, with their park */
    fd_table *findings; /* parcels that exceed the park, unknown parks */
} fd_parks;

/**
 * Parks from their register and their parcels. park: id, name, level, county, chains, total (亩).
 * parcel: id, park, firm, area (亩), state (在用 空置 在建 待供 闲置), output, tax, invest (万元).
 *
 * used = Σ area of 在用, vacancy = Σ area of 空置 and 闲置 ÷ Σ area of what is supplied (在用 空置
 * 闲置 在建), occupancy = used ÷ supplied; output per mu = Σ output ÷ Σ area over 在用 parcels
 * whose output is known, and `known` says which part of the used area that is; the same for tax and
 * investment. Σ area > total is a fault.
 */
FD_API int fd_parks_make(fd_parks *out, const fd_table *parks, const fd_table *parcels);
/**
 * Why a park's figures are what they are: figure, formula, formula_en, parcel, area, value (万元;
 * of output, tax and investment), source (where the parcel was read, when the parcels have a column
 * source). A row for each parcel that the figure rests on and, parcel empty, one with its total.
 * @return FD_ENOTFOUND parcels without a column that is needed
 */
FD_API int fd_parks_why(fd_table **out, const fd_table *parcels, const char *park);
FD_API void fd_parks_dispose(fd_parks *parks);

/* ---- a chain against its promised scale --------------------------------------------------------
 */

typedef struct fd_scale_project {
    const char *code, *name;
    double output; /* 亿元 a year when fully reached */
    fd_date produces;
    int slip; /* months later than planned */
} fd_scale_project;

typedef struct fd_scale_input {
    double now;       /* 亿元 */
    int year;         /* of `now` */
    double target;    /* 亿元 */
    double growth;    /* % a year of what exists; an assumption */
    const int *years; /* for which a pace is asked */
    size_t year_count;
    const fd_scale_project *projects;
    size_t project_count;
    const fd_table *ramp; /* project_ramp.csv */
} fd_scale_input;

typedef struct fd_scale {
    fd_table *pace; /* year, years, needed (% a year), added (亿元) */
    fd_table *path; /* period (quarter), base, projects, total, share of the target; projects that
                       produce in it */
    int reached; /* year × 4 + quarter − 1 of the first quarter at the target; 0: not in ten years
                  */
} fd_scale;

/**
 * needed = (target ÷ now)^(1/n) − 1. The path goes by quarters: what exists grows by `growth` a
 * year, each project adds output × ramp(months since it produces), at annual rates; what already
 * produces at the end of `year` is in `now` with its share then and adds only what it still gains.
 */
FD_API int fd_scale_make(fd_scale *out, const fd_scale_input *input);
FD_API void fd_scale_dispose(fd_scale *scale);

#ifdef __cplusplus
}
#endif
#endif
