/*
 * What the files of the study share: a solve of one model, and the choice of the model a table
 * tells about.
 */
#ifndef FD_SOLVE_STUDY_INTERNAL_H
#define FD_SOLVE_STUDY_INTERNAL_H

#include "solve/study.h"

/* What a solve of one model has shown. */
typedef struct fd_study_outcome {
    fd_lp_status status;
    fd_lp *lp; /* NULL for programs with whole numbers */
    fd_milp milp;
    double objective, bound, gap;
    fd_certificate certificate;
    fd_farkas proof;
} fd_study_outcome;

void fd_study__dispose(fd_study_outcome *o);
/** The first (or last) model whose solve ends in `status`, solved in *o (dispose it). FD_EINVAL or
 * FD_EINFEASIBLE when there is none; *o is then disposed. */
int fd_study__find(size_t *which, fd_study_outcome *o, fd_lp_status status, bool last,
                   const fd_study_model *models, size_t count, const fd_study_options *options);
/** The least relaxation of the rows the options name (all of them by default). */
int fd_study__elastic(fd_elastic *out, const fd_model *model, const fd_study_options *options);
/** Cells by id of the column; a number that is not finite leaves its cell empty. */
void fd_study__set(fd_table *t, const char *column, size_t row, double value);
void fd_study__set_text(fd_table *t, const char *column, size_t row, const char *text);

int fd_study__run_elastic(fd_table **out, const fd_study_model *models, size_t count,
                          const fd_study_options *options);
int fd_study__run_iis(fd_table **out, const fd_study_model *models, size_t count,
                      const fd_study_options *options, bool detailed);

#endif
