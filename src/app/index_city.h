/*
 * Index trees of the city: 指数 declarations, their values by county and year from the measuring
 * engine, weights frozen for a plan period.
 */
#ifndef FD_APP_INDEX_CITY_H
#define FD_APP_INDEX_CITY_H

#include "fangding/index.h"
#include "fangding/verbs.h"

/* A declared tree. Lives in the call's arena but for `tree`. */
typedef struct fd_index_decl {
    const char *id, *name;
    int edition;
    int plan_from, plan_to; /* years; 0: no plan */
    fd_index_method method;
    bool by_county;     /* else the whole city, year by year */
    bool is_example;    /* marked 示例 */
    double combination; /* part of the combination in the score, 0: none */
    fd_table *tree;     /* code, parent, direction, weight, low, high, name */
} fd_index_decl;

/** Read the 指数 called `name` (id or name). FD_ENOTFOUND with those there are; FD_EPARSE with the
 * line of what is wrong, an indicator nobody knows among it. Dispose of it also after a failure. */
int fd_index_decl_read(fd_index_decl *out, fd_call *call, const char *name);
void fd_index_decl_dispose(fd_index_decl *decl);

/* Weights frozen for a plan period, as stored. */
typedef struct fd_index_frozen {
    bool there;
    const char *key, *plan, *reason, *batch, *since;
    int edition, from, to;
    fd_table *tree; /* a table `weights`, for options.frozen */
} fd_index_frozen;

/** The weights in force for the index in `year`; `there` is false when none are. FD_EFORMAT when
 * what is stored does not read. */
int fd_index_frozen_read(fd_index_frozen *out, fd_call *call, const char *id, int year);
void fd_index_frozen_dispose(fd_index_frozen *frozen);

/* An index scored for years, with what is not known and why. */
typedef struct fd_index_city {
    fd_index_decl decl;
    fd_index_frozen frozen;
    fd_index index;
    fd_table *gaps; /* unit, year, code, why: cells that are not known */
    int from, to;   /* years of the batch */
    size_t units;
} fd_index_city;

typedef struct fd_index_ask {
    const char *name;
    int from, to;  /* years shown; 0: those for which all indicators have data, in the plan */
    bool unfrozen; /* try the declaration, although weights are frozen */
    fd_index_method method;
    bool has_method; /* a method other than the declared one: a trial, too */
    double perturbation;
} fd_index_ask;

/**
 * Measure the leaves by county (or for the city) and score the tree.
 *
 * The batch is every year from the plan's beginning (or from `from`) to the newest: bounds and
 * entropy weights are taken from it unless weights are frozen for the newest year shown.  Cells
 * that disclosure hides are unknown, and `gaps` says so.
 * FD_EDENIED for callers who see a part of the city only.  Dispose of it also after a failure.
 */
int fd_index_city_run(fd_index_city *out, fd_call *call, const fd_index_ask *ask);
void fd_index_city_dispose(fd_index_city *city);

/** Names beside codes: a column `name` behind the unit's code, and where there is a column `code`
 * the indicator's or branch's name behind it; titles of c_ and u_ columns by branch. */
void fd_index_city_names(fd_table *t, const fd_index_city *city, fd_call *call);
/** Rows of one year, in place of *t; keeps all when `year` is 0. */
int fd_index_city_year(fd_table **t, int year);
/** The name of an indicator or branch of the tree by its code. */
const char *fd_index_city_name(const fd_index_city *city, fd_call *call, const char *code);

#endif
