/*
 * What the files of plan/ share: the inputs as read, and the program with the meaning of its
 * columns.
 */
#ifndef FD_PLAN_INTERNAL_H
#define FD_PLAN_INTERNAL_H

#include "base/map.h"
#include "base/vec.h"
#include "fangding/plan.h"
#include "solve/explain.h"
#include "solve/share.h"

#define FD_PLAN_MOST_YEARS 30

/* Resources a technology uses per 亿元 of value added. */
enum { FD_USE_ENERGY, FD_USE_CARBON, FD_USE_POLLUTANT, FD_USE_LABOUR, FD_USE_COUNT };

typedef struct fd_plan_technology {
    const char *chain, *id, *name; /* chain "*": any */
    bool existing;
    double emerging, investment, use[FD_USE_COUNT], land, first, build, growth, retire, deviation,
        lot;
    int lag;
} fd_plan_technology;

typedef struct fd_plan_cell {
    size_t chain, county;
    double value_added, emerging;
    bool has_value, has_emerging; /* as given; false: filled here */
} fd_plan_cell;

typedef struct fd_plan_project {
    const char *id, *name;
    size_t chain, county;
    int year, month; /* of the first full month of production */
    double value_added, emerging, investment;
} fd_plan_project;

typedef struct fd_plan_limit {
    const char *limit, *scope, *year, *unit, *name, *name_en;
    double value;
} fd_plan_limit;

struct fd_plan {
    fd_arena *arena;
    int base_year, years;
    fd_vec(const char *) chains, counties;
    fd_vec(fd_plan_cell) cells;
    fd_vec(fd_plan_technology) technologies;
    fd_vec(fd_plan_limit) limits;
    fd_vec(fd_plan_project) projects;
    double value_added, emerging; /* of the base */
    bool frozen, hidden;          /* hidden: some cells were filled */
};

/* An activity: a technology in a cell. Column numbers by year. */
typedef struct fd_plan_activity {
    size_t technology, cell;
    double capacity;                   /* at the base */
    size_t use, state, build, give_up; /* first column; the years follow */
} fd_plan_activity;

/* The program. */
typedef struct fd_plan_model {
    fd_model *model;
    fd_vec(fd_plan_activity) activities;
    size_t *project;           /* first column of each project */
    fd_share *shares;          /* per year */
    double *use[FD_USE_COUNT]; /* per column and unit of it */
    double *invest;            /* the same, 亿元 */
    int years;
    size_t target; /* the row of the target, or FD_PLAN_NONE */
} fd_plan_model;

#define FD_PLAN_NONE SIZE_MAX

/** The limit that holds for a scope and year: exact scope and year before *; NULL when there is
 * none. */
const fd_plan_limit *fd_plan__limit(const fd_plan *plan, const char *limit, const char *scope,
                                    int year);
/** Its value, or `fallback`. */
double fd_plan__value(const fd_plan *plan, const char *limit, const char *scope, int year,
                      double fallback);
/** The year of the target and the share asked for (a fraction), as limits and options say. */
int fd_plan__target_year(const fd_plan *plan, const fd_plan_options *options);
double fd_plan__target(const fd_plan *plan, const fd_plan_options *options);

/** Fill hidden cells and the totals. totals: NaN where the tables do not give them. */
int fd_plan__fill(fd_plan *plan, const double *chain_value, const double *chain_emerging,
                  const double *county_value, const double *county_emerging, double value,
                  double emerging);

/** Build the program without a target. Dispose with fd_plan__model_dispose(). */
int fd_plan__build(fd_plan_model *out, const fd_plan *plan);
void fd_plan__model_dispose(fd_plan_model *m);
/** Add the row share_YEAR: emerging - s whole >= 0 in that year. @return its number */
int fd_plan__require(size_t *row, fd_plan_model *m, const fd_plan *plan, int year, double share);
/** The part of its full value that a project can produce in a year: nothing before its date, by
 * months in the year of it, `first` of it in its first twelve months. */
double fd_plan__available(const fd_plan_project *project, double first, int year);
/** What rows of a limit are called in words. */
void fd_plan__words(const fd_plan *plan, const char *row, fd_lang lang, char *buf, size_t size);
/** The limits that may give way, as patterns of row names. */
const char *const *fd_plan__policies(size_t *count);

/* Objectives of the front. */
typedef enum fd_plan_goal {
    FD_GOAL_GROWTH,
    FD_GOAL_ENERGY,
    FD_GOAL_JOBS,
    FD_GOAL_COUNT
} fd_plan_goal;
/** Put an objective into the model: growth (sum of value added less the yearly cost of what was
 * invested), energy (sum, least), jobs (last year, most). */
void fd_plan__aim(fd_plan_model *m, const fd_plan *plan, fd_plan_goal goal);

/* A solved plan. */
typedef struct fd_plan_solution {
    double *x;
    double gap;     /* of whole plants: how far from the best it may be, relative */
    double share;   /* reached in the year of the target */
    bool reachable; /* the target itself; else x has the largest share */
    double largest;
    double found; /* whole plants: the largest share found of them; else 0 */
    fd_certificate certificate;
} fd_plan_solution;
/** The plan that meets the target at the best objective, or comes nearest to it. */
int fd_plan__solve(fd_plan_solution *out, fd_plan_model *m, const fd_plan *plan,
                   const fd_plan_options *options);
/** The same with whole plants: the share first, then the objective (whole.c). FD_ENOCONV: none in
 * time. */
int fd_plan__solve_plants(fd_plan_solution *out, fd_plan_model *m, const fd_plan *plan, int year,
                          double target, double seconds);
/** The model as it stands, by CBC, from out->x when there is one; false in *found: out stays. */
int fd_plan__solve_whole(bool *found, fd_plan_solution *out, const fd_plan_model *m, int at,
                         double seconds, double gap);
/** FD_EINFEASIBLE: the limits contradict each other without any target. */
int fd_plan__contradiction(void);
void fd_plan__solution_dispose(fd_plan_solution *s);
/** The largest share of year number `at` from 0 (model without the target). */
int fd_plan__largest(fd_largest *out, const fd_plan_model *m, int at, double seconds);

/** The largest share of year number `at`, however it is found. */
typedef int (*fd_plan__finder)(fd_largest *out, void *payload, int at);
/** What is known before anything is solved. */
void fd_plan__summary(fd_plan_summary *out, const fd_plan *plan, const fd_plan_options *options);
/** The table of the largest shares, and the date; fills *summary. */
int fd_plan__reach(fd_table **out, fd_plan_summary *summary, const fd_plan *plan,
                   const fd_plan_options *options, fd_plan__finder find, void *payload);

int fd_plan__front(fd_table **out, fd_plan *plan, const fd_plan_options *options);
int fd_plan__sliders(fd_table **out, fd_plan *plan, const fd_plan_options *options);
int fd_plan__robust(fd_table **out, fd_plan *plan, const fd_plan_options *options);
int fd_plan__relax(fd_table **out, fd_plan *plan, const fd_plan_options *options);
int fd_plan__why(fd_table **out, fd_plan *plan, const fd_plan_options *options);
int fd_plan__binds(fd_table **out, fd_plan *plan, const fd_plan_options *options);

#endif
