/*
 * Measuring: indicators over periods and groups, why a number is what it is, growth taken apart,
 * targets and lights.
 *
 * Everything here is pure: a checked program and an fd_source go in, tables come out.  Nothing
 * opens a file or reads a clock, and the bytes do not depend on the number of threads.
 */
#ifndef FANGDING_MEASURE_H
#define FANGDING_MEASURE_H

#include "fangding/ding.h"

#ifdef __cplusplus
extern "C" {
#endif

struct fd_pool; /* base/pool.h */

/* ---- indicators × periods × groups ---------------------------------------------------------- */

/*
 * Dimensions are named by id or Chinese name: county 县区, chain 产业链, division 行业大类 (the
 * first two digits of industry), industry 行业, size 规模, town, any other attribute of the
 * indicator's subjects; the id of a class (groups 属于 / 不属于 / 未知, partial shares counted in
 * part); or a subject kind (enterprise, county, city, division, project, chain), which makes each
 * subject a group.  For subjects of kind K the attribute "K_dim" stands in when the dictionary has
 * no "dim" for them (project_county for county).
 */
typedef struct fd_measure_options {
    int version; /* FD_MEASURE_OPTIONS_INIT sets it */
    const char *const
        *by; /* dimensions, in the order of the result's columns; none = the whole city */
    size_t by_count;
    const fd_expr *where; /* a condition over the indicator's subjects, or NULL */
    struct fd_pool *pool; /* NULL = this thread only */
    bool all_groups; /* also groups without any member (as 不适用); else they are left out */
} fd_measure_options;
#define FD_MEASURE_OPTIONS_INIT                                                                    \
    {                                                                                              \
        1, NULL, 0, NULL, NULL, false                                                              \
    }

/**
 * Measure indicators: one table per indicator, out[0 .. count-1], each released with
 * fd_table_free().
 *
 * Columns: per dimension "<dim>" (CODE: the code) and "<dim>_name" (TEXT; absent when no name is
 * known); "period"; "value" (QUOT, or EST when the formula estimates; unit and display digits of
 * the indicator; contributors n, top1, top2 attached, see below); "n" (how many subjects the value
 * rests on); "reported", "expected" (answers in and due for its inputs; MISSING when nothing is due
 * by subject); "coverage" (%). Rows: group by group in the order of the frame or of the codes,
 * inside it by period; every column is read once per period for all indicators together.
 *
 * Contributors: n is that of the operand sum with the fewest; top1 and top2 are the largest two
 * contributors of the most concentrated operand, scaled into the value's unit so that top1 /
 * |value| is their share of that operand: one rule of disclosure then fits sums and ratios alike.
 *
 * Notes of a table: 合计 over 已报 with its coverage, which comparative figure a growth used, marks
 * (示例, unverified). An indicator that cannot be computed for the dimensions asked gives 不适用
 * rows, not an error.
 *
 * @return FD_ENOTFOUND an unknown dimension (hint: the known ones); FD_EOVERFLOW; FD_EINVAL; what
 * the source returns
 */
FD_API int fd_measure(fd_table **out, const fd_program *program, fd_source *source,
                      const fd_indicator *const *indicators, size_t count, const fd_period *periods,
                      size_t period_count, const fd_measure_options *options);

/* One number with what travels along. */
typedef struct fd_measured {
    fd_number value; /* in the indicator's unit (a share of 13.9 % is 13.9) */
    uint32_t n;
    double top1, top2;           /* as in fd_measure() */
    uint32_t reported, expected; /* expected 0: nothing is due */
    bool used_stored; /* a growth compared with stored figures: no comparative ones were reported */
    char marks[64];   /* "" or "示例", "示例;unverified" … of the figures used */
} fd_measured;

/** One indicator, ungrouped, one period; `where` may be NULL. */
FD_API int fd_measure_one(fd_measured *out, const fd_program *program, fd_source *source,
                          const fd_indicator *indicator, fd_period period, const fd_expr *where);

/**
 * The periods for which an indicator can be asked: those of its declared kinds for which every item
 * of its formula holds some value, ascending. *periods is the caller's (free).
 */
FD_API int fd_measure_periods(fd_period **periods, size_t *count, const fd_program *program,
                              fd_source *source, const fd_indicator *indicator);

/* ---- why ------------------------------------------------------------------------------------- */

typedef struct fd_why_options {
    int version;
    const fd_expr *where; /* only these subjects, or NULL */
    const char *by; /* first breakdown of sums: "county", "chain", "division", …; NULL = "county" */
    const char
        *place_kind; /* with place_code: restrict to one county, chain, …; NULL = whole city */
    const char *place_code;
    const char *chain_code; /* further restriction to one chain, or NULL */
    int depth;              /* levels below the indicator; 0 = all the way to the cells */
    int largest;            /* how many contributing subjects per sum; 0 = 5 */
    /* May the asker see one subject's own figure of this origin? NULL = everything is visible.
     * Called with the origin of the column before a subject is listed. */
    bool (*visible)(void *payload, const fd_origin *origin, const char *item);
    void *payload;
    /* May a figure that rests on returns the asker may not see be shown, given its size, how many
     * contribute and the two largest? NULL = yes. */
    bool (*shown)(void *payload, uint32_t n, double size, double top1, double top2);
} fd_why_options;
#define FD_WHY_OPTIONS_INIT                                                                        \
    {                                                                                              \
        1, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL                                    \
    }

/**
 * Why an indicator has its value: a tree table.
 *
 * Columns: id, parent, order (DEC); label (Chinese), label_en; value (TEXT, as it prints, full
 * precision of the indicator's digits plus two), unit, state, kind; note; file, sheet, column, row
 * (of cells); subject (code). kind is one of: indicator, operator, sum, item, group, subject, cell,
 * number, residual, hidden, more. A sum breaks down by options.by, each part by its largest
 * contributors, each contributor by the items of the sum's argument, each item by its cell: file,
 * sheet, column header and row as the sender sees them.  Parts that do not add up to their whole
 * get a residual line.  A count lists its members by name and code, by the first figure that its
 * condition speaks of.  Where `visible` refuses a figure, or one that decided who is counted, one
 * line stands for what is below: 原始资料:本角色不可见(统计法), with the legal basis as note. Where
 * `shown` refuses, the figure has the state 保密 and nothing below it; among the parts of a sum
 * never exactly one, for the sum would tell it.
 */
FD_API int fd_measure_why(fd_table **out, const fd_program *program, fd_source *source,
                          const fd_indicator *indicator, fd_period period,
                          const fd_why_options *options);

/* ---- growth taken apart ------------------------------------------------------------------------
 */

typedef enum fd_growth_mode {
    FD_GROWTH_LEVELS = 0, /* increments of levels */
    FD_GROWTH_RATES       /* 核定: rates with base weights, facts of their own */
} fd_growth_mode;

typedef struct fd_growth_options {
    int version;
    fd_growth_mode mode;
    const char *by; /* the dimension of the parts: county, chain, division, industry, enterprise, a
                       class … */
    fd_period from; /* FD_PERIOD_NONE = the comparative figures reported with `to` */
    fd_period to;
    const fd_expr *where;
    const fd_expr *population; /* which subjects count, or NULL */
    const fd_item
        *weight;        /* RATES: the item of the base weights (%), of the same kind as the rate */
    bool reported_only; /* skip 缺报 members instead of refusing the part; the note says how many */
} fd_growth_options;
#define FD_GROWTH_OPTIONS_INIT                                                                     \
    {                                                                                              \
        1, FD_GROWTH_LEVELS, NULL, FD_PERIOD_NONE, FD_PERIOD_NONE, NULL, NULL, NULL, false         \
    }

/**
 * Decompose the growth of an item (or of an indicator that is a sum) between two periods.
 *
 * LEVELS: per part i: base b_i, current c_i, increment c_i − b_i, growth c_i/b_i − 1, base share
 * b_i/Σb, contribution (c_i − b_i)/(Σc − Σb), pull (c_i − b_i)/Σb in 百分点 (base shares, M6–M8).
 * All exact. RATES: item = verified rate r_i (%), weight w_i (% of the base): pull = w_i · r_i /
 * 100, contribution = pull / total rate; total rate = the published total when the source has it
 * (item city_growth), else Σ pull. Columns: part, part_name, base, current, increment, growth,
 * base_share, contribution, pull; then a row 残差 (residual: total − Σ parts, never forced to 0 or
 * 100) and a row 合计 (total, measured by itself). Sorted by pull, largest first. Levels carry
 * their contributors. Exactly one of item and indicator is not NULL.
 */
FD_API int fd_growth(fd_table **out, const fd_program *program, fd_source *source,
                     const fd_item *item, const fd_indicator *indicator,
                     const fd_growth_options *options);

/** The same arithmetic on numbers: parts' bases and currents and, separately, the totals (which the
 * parts need not add up to).  The units are the caller's. For published tables and tests. */
FD_API int fd_growth_from_levels(fd_table **out, const char *const *names, const fd_number *base,
                                 const fd_number *current, size_t count, fd_number total_base,
                                 fd_number total_current, const char *unit);
/** Parts known by growth rate (%) and share (%): of the base, or of the current period
 * (shares_are_current: converted by s0 = s1/(1+r) · (1+R)).  total_rate R in %, or 缺报: then Σ
 * pull. */
FD_API int fd_growth_from_rates(fd_table **out, const char *const *names, const fd_number *rate,
                                const fd_number *share, size_t count, fd_number total_rate,
                                bool shares_are_current);

/* ---- targets ----------------------------------------------------------------------------------
 */

typedef enum fd_color { FD_GREEN = 0, FD_YELLOW = 1, FD_RED = 2, FD_GREY = 3 } fd_color;

/* 绿 黄 红 灰 / green … */
FD_API const char *fd_color_name(fd_color color, fd_lang lang);

typedef struct fd_verdict {
    fd_color color;
    char reason[2][512]; /* one sentence with the figures and the rule, zh and en */
} fd_verdict;

/* Needed growth of the part: one line per due year. */
typedef struct fd_target_need {
    int year, n;            /* n = year − start year */
    double share_wanted;    /* % */
    double needed_growth;   /* % a year, for total growth `growth` */
    double projected_share; /* % in that year if the part goes on at historic_growth and the total
                               at `growth` */
    double extra_value; /* needed minus projected value added of the part in that year, 亿元 at
                           prices of the start year; NAN when the total is unknown */
    double
        needed_increment; /* part(year) − part(start) when the target is met, 亿元; NAN likewise */
} fd_target_need;

typedef struct fd_target_options {
    int version;
    fd_period at;      /* where we stand; FD_PERIOD_NONE = the newest value of the indicator */
    fd_decimal growth; /* total growth G a year, % (e.g. 5) */
    fd_decimal
        historic_growth; /* growth of the part a year, %; scale -1 = unknown (no projection) */
    fd_number now; /* use this as the present value (a published figure) instead of measuring: state
                      HAS */
    int now_year;  /* its year */
    fd_number total_value; /* total of the start year in 亿元 (e.g. 规上工业增加值), or 缺报 */
    fd_number contribution; /* published contribution of the part to growth (%), for the 口径提示;
                               or 缺报 */
} fd_target_options;
#define FD_TARGET_OPTIONS_INIT                                                                     \
    {                                                                                              \
        1, FD_PERIOD_NONE, { 5, 0 }, { 0, -1 }, { FD_MISSING, false, { 0, 1 }, 0 }, 0,             \
            { FD_MISSING, false, { 0, 1 }, 0 },                                                    \
        {                                                                                          \
            FD_MISSING, false, { 0, 1 }, 0                                                         \
        }                                                                                          \
    }

/* What a target says, in numbers (for sentences) and in tables (for printing). */
typedef struct fd_target_result {
    fd_number base; /* the start of the path, in the target's unit */
    int base_year;
    fd_number now;
    int now_year;
    fd_number path; /* value of the straight path at now_year */
    fd_verdict verdict;
    double needed_pace;  /* points a year from base to due */
    double reached_pace; /* points a year between the first and last base year; NAN when there is
                            only one */
    double pace_ratio;
    double implied_2020; /* share in 2020 implied by growth and contribution, %; NAN when not
                            derivable */
    fd_target_need needs[8];
    size_t need_count;
    fd_table *summary;    /* 项目 item, 值 value, 单位 unit, 说明 note */
    fd_table *path_table; /* year, path */
    fd_table *needs_table;
    fd_table *matrix; /* needed growth for G = 4, 5, 6, 7 % by due year */
} fd_target_result;

/** The report of one target. The 口径提示 are notes of the summary. Release with
 * fd_target_result_dispose(). */
FD_API int fd_target_report(fd_target_result *out, const fd_program *program, fd_source *source,
                            const fd_target *target, const fd_target_options *options);
FD_API void fd_target_result_dispose(fd_target_result *result);

/**
 * Growth x a year that a part needs to reach share S from share s0 in n years while the total grows
 * by g a year, same price change: x = (1+g)(S/s0)^(1/n) − 1 (M10). Shares and rates in %, result in
 * %. FD_EINVAL for n < 1, s0 <= 0, S <= 0.
 */
FD_API int fd_target_needed_growth(double *x_percent, double s0_percent, double s_percent, int n,
                                   double g_percent);
/** The share after n years: s0 ((1+x)/(1+g))^n, in %. */
FD_API double fd_target_projected_share(double s0_percent, int n, double x_percent,
                                        double g_percent);
/**
 * The share k years before `share`, when the part grew by x a year and contributed `contribution`
 * of total growth over these k years at steady relative prices: part_0 = s/(1+x)^k; total_0 = 1 −
 * (s − part_0)/contribution; share_0 = part_0/total_0.  All in %. FD_EINVAL when that is not a
 * positive number.
 */
FD_API int fd_target_implied_share(double *share_percent, double share_now_percent,
                                   double x_percent, int years, double contribution_percent);

/* ---- lights as declared -----------------------------------------------------------------------
 */

/* The figures that a light's rules name. value, path, target and base are in `unit`; what is not
 * known is 缺报. */
typedef struct fd_light_figures {
    fd_number value, path, target, base; /* 值 路径 目标值 基期值; 完成率 is value ÷ path */
    const fd_unit *unit;
    fd_period period; /* of indicators and parameters in the rules */
} fd_light_figures;

/**
 * The first rule of a declared light (灯, or a target's 亮灯) that holds gives the colour; the
 * reason names it. Exact, in base units, Kleene's logic: a rule with an unknown figure (or one
 * known only as an estimate) before any that holds makes the light grey.  source may be NULL: then
 * indicators in the rules are unknown.
 * @return what the evaluator returns
 */
FD_API int fd_light_declared(fd_verdict *out, const fd_program *program, fd_source *source,
                             const fd_light *light, const fd_light_figures *figures);

/* ---- lights of project progress (M24) and energy (M25) ----------------------------------------
 */

typedef enum fd_light_preset {
    FD_LIGHT_YINCHUAN, /* behind schedule: ≤ 10 points green, ≤ 30 yellow, more red (0–10 is not
                          specified: green) */
    FD_LIGHT_SANYA,    /* done/plan: ≥ 100 % green, up to 50 % below yellow, more red */
    FD_LIGHT_WUHAN,    /* done/schedule: < 60 % red, < 80 % yellow */
    FD_LIGHT_TIANJIN /* growth: ≥ plan and ≥ average green; growing but below yellow; falling red */
} fd_light_preset;

/** "银川" … by name in either language. */
FD_API int fd_light_preset_parse(fd_light_preset *out, const char *name);
/** The share of the year that has passed at the end of a period: 2024-01..08 is 66.67 %. */
FD_API fd_quot fd_light_time_share(fd_period period);

/**
 * Investment progress against schedule.  done and plan in one unit (plan of the year), schedule in
 * % of the plan that should be done by now (fd_light_time_share(), or a declared schedule). Exact
 * comparisons; 缺报 or plan 0 gives grey. For TIANJIN use fd_light_growth().
 */
FD_API int fd_light_progress(fd_verdict *out, fd_light_preset preset, fd_number done,
                             fd_number plan, fd_quot schedule_percent);
/** TIANJIN: growth, planned growth and average growth, all in %. */
FD_API int fd_light_growth(fd_verdict *out, fd_number growth, fd_number plan, fd_number average);
/** Start of work (银川): planned start day, actual (FD_DATE_NONE: not started), today's key date.
 * Not started: in the due month yellow, 3 months or more after it red. */
FD_API int fd_light_start(fd_verdict *out, fd_date planned, fd_date actual, fd_date at);
/** Entry into the register (入库): more than 1 month late yellow, more than 2 red. */
FD_API int fd_light_entry(fd_verdict *out, fd_date due, fd_date actual, fd_date at);
/**
 * Energy (M25): progress of the year and of the five years, each as done/allowed in % of the
 * time-proportional pace; thresholds: ≥ smooth 基本顺利 (三级, green), ≥ severe 比较严峻 (二级,
 * yellow), else 十分严峻 (一级, red); the worse of both.
 */
FD_API int fd_light_energy(fd_verdict *out, fd_number year_progress, fd_number plan_progress,
                           fd_decimal smooth, fd_decimal severe);

#ifdef __cplusplus
}
#endif
#endif
