/*
 * The plan: from where the city stands to a share of emerging industry, year by year.
 *
 * Pure: tables in, tables out.  A linear program over chains × counties × years × technologies and
 * projects, whose every answer carries its proof.  How to read it: docs/methods/plan.md.
 */
#ifndef FANGDING_PLAN_H
#define FANGDING_PLAN_H

#include <stdint.h>

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What the plan starts from. All value added in 亿元 a year; columns beside those named are passed
 * over.
 *
 * base: chain, county, value_added, emerging.  An empty cell of the last two is one that may not be
 * shown: it takes a part of what its chain and county have left.  Rows with county * give a chain's
 * total, with chain * a county's, with both the city's.
 *
 * technologies: chain (* any), technology, name, kind (existing | new), emerging (part of its value
 * added that counts as emerging, 0 to 1; of existing ones 0 or 1), investment (亿元 per 亿元 of
 * yearly value added), energy (万吨标准煤), carbon (万吨), pollutant (吨), land (亩), jobs (人),
 * each per 亿元 of value added; lag (years from building to use), first (part of new capacity used
 * in its first year), build (most 亿元 of capacity begun in a county and year), growth (% a year by
 * which the same capacity yields more, with the same energy and hands), retire (most % of capacity
 * given up a year), deviation (± part of the yield that is uncertain), lot (亿元 of capacity of one
 * plant; empty: any amount can be built).
 *
 * limits: limit, scope (* all), year (* all), value, unit, name, name_en.  limit is one of growth
 * (floor of total growth on the year before, %), county (floor of a county's value added, % of
 * base), market (most growth of a chain, % a year), energy, carbon, pollutant, labour (% of base),
 * land (亩 of a county, from the start), finance (亿元 a year), build (% of the technologies'
 * build), share (%, the target), cost (yearly cost of investment, %), years (how many),
 * project_first (part of a project's value in its first year, %).
 *
 * projects: id, name, chain, county, finish (YYYY-MM-DD), value_added, emerging (亿元 a year at
 * full production), investment (亿元, shown only).  May be NULL.
 */
typedef struct fd_plan_tables {
    const fd_table *base, *technologies, *limits, *projects;
    int base_year;
} fd_plan_tables;

typedef struct fd_plan fd_plan;

/**
 * Read and check the tables, fill what is hidden in the base.
 *
 * Hidden cells: in proportion to (what the chain has left) × (what the county has left), fitted to
 * both in turn (RAS), then scaled to the city's total; so that the base adds up to the published
 * figures exactly and no hidden figure is used.
 *
 * @return FD_EINVAL, FD_ENOTFOUND with table and row; the caller frees *out with fd_plan_free()
 */
FD_API int fd_plan_read(fd_plan **out, const fd_plan_tables *tables);
FD_API void fd_plan_free(fd_plan *plan);

/** Change a limit before solving: "energy=105", "finance+10%", "share@2028=25", "market@E2-20%":
 * name, scope or year (or scope@year) after @, then = value, or + or - a part of what stands.
 * FD_EINVAL */
FD_API int fd_plan_set(fd_plan *plan, const char *change);
/** Move a project's date of production by months: "HZ2023013=6". FD_ENOTFOUND, FD_EINVAL */
FD_API int fd_plan_slip(fd_plan *plan, const char *change);
/** Nothing is built, given up or begun, and no project produces: the base repeats itself. */
FD_API void fd_plan_freeze(fd_plan *plan);

typedef enum fd_plan_answer {
    FD_PLAN_REACH,     /* year, share_base, largest_share, target, reachable, certificate; and the
                          date */
    FD_PLAN_PATH,      /* year, value_added, emerging, share, energy, carbon, jobs, investment */
    FD_PLAN_PROGRAMME, /* year, what, kind, chain, county, capacity, investment, value_added */
    FD_PLAN_BINDS,     /* limit, year, what binds: words, plus, minus, degenerate */
    FD_PLAN_FRONT,     /* share_at_least, growth, energy, jobs: each the best with that share */
    FD_PLAN_SLIDERS,   /* limit, -10 %, base, +10 %: the largest share */
    FD_PLAN_ROBUST,    /* gamma, largest share, price; and the probability by Monte Carlo */
    FD_PLAN_RELAX,     /* limit, row, how far it must give way */
    FD_PLAN_WHY,       /* policies that contradict each other, verified */
    FD_PLAN_BASE,      /* chain, county, value added, emerging as used, and whether estimated */
    FD_PLAN_BRIDGE,    /* from the base share to the planned one: what each source adds */
    FD_PLAN_COUNT
} fd_plan_answer;
FD_API const char *fd_plan_answer_name(fd_plan_answer answer);

typedef struct fd_plan_options {
    int version;
    int year;       /* the year of the target; 0: the year the limits name, else the last */
    double seconds; /* watchdog of each solve */
    size_t points;  /* of the front */
    double gamma;   /* budget of uncertainty: so many yields fall short at once; < 0: a range */
    size_t draws;   /* Monte Carlo */
    uint64_t seed;
} fd_plan_options;
#define FD_PLAN_OPTIONS_INIT                                                                       \
    {                                                                                              \
        1, 0, 120, 9, -1, 10000, 1                                                                 \
    }

/** What a run showed beside its table, for a sentence. */
typedef struct fd_plan_summary {
    bool reachable;
    int year;
    double base_share, largest_share, target; /* % */
    char date[16]; /* when the target is first reached, "2028-07"; "" when not within the years */
    double moment; /* the same as a year with decimals, 2028.0 being the end of 2027; NAN */
} fd_plan_summary;

/**
 * One answer as a table with notes; *summary may be NULL.  Where the target cannot be reached,
 * PATH, PROGRAMME, BINDS and BRIDGE show the plan with the largest share instead, and say so.
 *
 * @return FD_EINFEASIBLE when the limits contradict each other even without a target (RELAX and WHY
 * then say why); FD_ENOCONV the watchdog. The caller frees *out.
 */
FD_API int fd_plan_run(fd_table **out, fd_plan_summary *summary, fd_plan *plan,
                       fd_plan_answer answer, const fd_plan_options *options);

/* ---- the desk: a plan kept warm between questions ------------------------------------------ */

/* Changes as fd_plan_set() and fd_plan_slip() read them. */
typedef struct fd_plan_changes {
    const char *const *set;
    size_t set_count;
    const char *const *slip;
    size_t slip_count;
} fd_plan_changes;
/** All of them, in order, into the plan itself; NULL: none. */
FD_API int fd_plan_apply(fd_plan *plan, const fd_plan_changes *changes);

typedef struct fd_plan_desk fd_plan_desk;
/**
 * Keep a plan at hand: takes it over.  Its linear relaxations stay in memory with their last
 * bases, so that a question with other limits or dates is answered in a fraction of the time of a
 * first one.  One thread at a time.  fd_plan_desk_free() releases; NULL is fine.
 */
FD_API int fd_plan_desk_new(fd_plan_desk **out, fd_plan *plan);
FD_API void fd_plan_desk_free(fd_plan_desk *desk);
/** About how much memory it holds; grows with the first questions. */
FD_API size_t fd_plan_desk_bytes(const fd_plan_desk *desk);
/** FD_PLAN_REACH with changes (NULL: none), which do not stay. *summary may be NULL. */
FD_API int fd_plan_desk_reach(fd_table **out, fd_plan_summary *summary, fd_plan_desk *desk,
                              const fd_plan_changes *changes, const fd_plan_options *options);
/** FD_PLAN_SLIDERS from where the changes are. */
FD_API int fd_plan_desk_moves(fd_table **out, fd_plan_desk *desk, const fd_plan_changes *changes,
                              const fd_plan_options *options);
/** limit, scope, year, value, standing (without the changes), unit, name, name_en. */
FD_API int fd_plan_desk_limits(fd_table **out, fd_plan_desk *desk, const fd_plan_changes *changes);
/** id, name, chain, county, produces (YYYY-MM), slip, value_added, emerging. */
FD_API int fd_plan_desk_projects(fd_table **out, fd_plan_desk *desk,
                                 const fd_plan_changes *changes);

/* ---- everything of one solve --------------------------------------------------------------- */

enum {
    FD_PLAN_R_PATH,
    FD_PLAN_R_PROGRAMME,
    FD_PLAN_R_BRIDGE,
    FD_PLAN_R_CERTIFICATE, /* what, value, tolerance, holds */
    FD_PLAN_R_COUNT
};
/** Path, programme, bridge and certificate of one and the same solution: solved once, which counts
 * where plants are whole. The caller frees the tables. */
FD_API int fd_plan_report(fd_table *out[FD_PLAN_R_COUNT], fd_plan_summary *summary, fd_plan *plan,
                          const fd_plan_options *options);
/** New technologies that name no lot are built in plants of `lot` 亿元 (mixed-integer). */
FD_API void fd_plan_whole(fd_plan *plan, double lot);

/** The program with the target as a row, as free MPS, stated as the minimum of minus the objective
 * (OBJSENSE is not read by every solver); free() *text. */
FD_API int fd_plan_export(char **text, size_t *length, fd_plan *plan,
                          const fd_plan_options *options);

#ifdef __cplusplus
}
#endif
#endif
