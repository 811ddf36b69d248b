/*
 * Everything one asks of linear programs, as tables: optima with their proof, shadow prices, the
 * front of a share, the least relaxation, what contradicts what.
 */
#ifndef FD_SOLVE_STUDY_H
#define FD_SOLVE_STUDY_H

#include "fangding/table.h"
#include "solve/explain.h"
#include "solve/milp.h"
#include "solve/share.h"

typedef struct fd_study_options {
    int version;
    const char *const *elastic; /* patterns of rows that may give way; count 0: all rows */
    size_t elastic_count;
    const char *const *policies; /* groups of the irreducible set; count 0: each row for itself */
    size_t policy_count;
    const char *share_part, *share_whole; /* beginnings of row names whose ends agree: the
                                             requirement of a share and its whole; or NULL */
    size_t points;                        /* of the front */
    double end;     /* the front ends at this part of the largest share, where it is vertical */
    double step;    /* of one-sided prices, relative */
    double seconds; /* watchdog of each solve; 0: none */
    double gap;     /* of programs with whole numbers */
} fd_study_options;
#define FD_STUDY_OPTIONS_INIT                                                                      \
    {                                                                                              \
        1, NULL, 0, NULL, 0, NULL, NULL, 9, 0.9999, FD_SHADOW_STEP, 60, 0.01                       \
    }

/* One program under study. The study borrows the models. */
typedef struct fd_study_model {
    const char *name;
    const fd_model *model;
} fd_study_model;

typedef enum fd_study_table {
    FD_STUDY_SUMMARY,    /* model, status, objective, bound, gap, sizes, residuals, proof, holds */
    FD_STUDY_OPTIMA,     /* model, optimum */
    FD_STUDY_OBJECTIVES, /* case, value, share_y1 …: each optimum with its shares, the largest last
                            share, the least relaxation of what is infeasible */
    FD_STUDY_SOLUTION,   /* column, value, objective, lower, upper, reduced cost */
    FD_STUDY_ROWS,       /* row, activity, lower, upper, dual */
    FD_STUDY_SHADOW,     /* row, dual_dobj_drhs, fd_plus, fd_minus, degenerate, slack */
    FD_STUDY_PARETO,     /* final_share_at_least, objective_min (_max), dominated, holds */
    FD_STUDY_ELASTIC,    /* row, violation, weighted, direction */
    FD_STUDY_IIS,        /* iis, rows */
    FD_STUDY_IIS_ROWS,   /* iis, group, row, multiplier */
    FD_STUDY_COUNT
} fd_study_table;

/** Name of a table, as `--out` takes it. */
const char *fd_study_name(fd_study_table table);

/**
 * One table.  Of several models SUMMARY, OPTIMA and OBJECTIVES tell about all; SOLUTION and ROWS
 * about the first; the front about the first with a solution; SHADOW about the last with a solution
 * (the one with the most demands, in a folder where base comes before target); ELASTIC and IIS
 * about the first without one.  The share is read off the first model that has its rows, and
 * applied to the others by names of columns.
 *
 * @return FD_EINFEASIBLE, FD_EINVAL when no model is of the kind the table needs; FD_ENOTFOUND the
 *         share's rows are nowhere; FD_ENOCONV. The caller frees *out.
 */
int fd_study_run(fd_table **out, fd_study_table wanted, const fd_study_model *models, size_t count,
                 const fd_study_options *options);

#endif
