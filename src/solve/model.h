/*
 * A linear program with names: what a file holds and what a person can read.
 *
 *     optimise  constant + c'x   subject to   L <= A x <= U,   l <= x <= u,   some x whole numbers
 *
 * Rows and columns are numbered from 0 in order of creation; names are unique.  After
 * fd_model_finish() the matrix stands by columns and the model is no longer changed but for bounds,
 * objective and single coefficients.  fd_lp (solve/lp.h) solves it; everything that judges an
 * answer (solve/certify.h) reads the model and never the solver.
 */
#ifndef FD_SOLVE_MODEL_H
#define FD_SOLVE_MODEL_H

#include "base/map.h"
#include "base/str.h"
#include "fangding/arena.h"
#include "solve/lp.h"

typedef struct fd_model_row {
    const char *name;
    double lower, upper;
} fd_model_row;

typedef struct fd_model_column {
    const char *name;
    double objective, lower, upper;
    bool integer;
} fd_model_column;

typedef struct fd_model_entry {
    size_t row, column;
    double value;
} fd_model_entry;

/* Open for reading; written through the functions below only. */
typedef struct fd_model {
    fd_arena *arena; /* names */
    const char *name, *objective;
    bool maximize;
    double constant;
    fd_model_row *rows;
    fd_model_column *columns;
    size_t row_count, column_count, row_capacity, column_capacity;
    fd_map *row_names, *column_names;
    fd_model_entry *entries; /* by column, then row, once finished */
    size_t entry_count, entry_capacity;
    size_t *starts; /* column_count + 1 positions in entries, once finished */
    size_t integers;
} fd_model;

/** An empty model that minimises. Never NULL; fd_model_free() releases. */
fd_model *fd_model_new(const char *name);
void fd_model_free(fd_model *model); /* NULL is fine */
/** A deep copy; finished when the original is. */
fd_model *fd_model_copy(const fd_model *model);

/** @return 0 and the number of the row in *out (may be NULL); FD_EEXISTS the name is taken;
 * FD_EINVAL an empty name or a bound that is no number */
int fd_model_add_row(fd_model *model, size_t *out, const char *name, double lower, double upper);
int fd_model_add_column(fd_model *model, size_t *out, const char *name, double objective,
                        double lower, double upper, bool integer);
/** One coefficient; a place may be filled once only (fd_model_finish() reports the second). Zeros
 * are left out. */
void fd_model_put(fd_model *model, size_t row, size_t column, double value);
/** Sort the matrix. @return FD_EEXISTS a place filled twice; FD_EINVAL a coefficient that is not
 * finite; both name row and column. O(n log n) */
int fd_model_finish(fd_model *model);
/** Find by name; false when there is none. */
bool fd_model_find_row(const fd_model *model, const char *name, size_t *out);
bool fd_model_find_column(const fd_model *model, const char *name, size_t *out);
/** The coefficient at a place of a finished model, or NULL when it is zero. O(log) */
double *fd_model_at(const fd_model *model, size_t row, size_t column);

/** Coefficients of one row as a dense vector of column_count numbers (overwritten). */
void fd_model_row_vector(const fd_model *model, size_t row, double *out);
/** activity = A x. */
void fd_model_activity(const fd_model *model, const double *x, double *activity);
/** constant + c'x. */
double fd_model_objective(const fd_model *model, const double *x);

/** The program of a finished model for the solver: same numbers of rows and columns; whole-number
 * conditions are left out (the relaxation). fd_lp_free() releases. */
fd_lp *fd_model_lp(const fd_model *model, const fd_lp_options *options);

/** Does a name match one of the patterns? A pattern with * or ? is a shell pattern; any other one
 * matches names that begin with it, where no letter follows ("fin" matches fin0 and fin_a, not
 * finance). @return the number of the first that matches, or -1 */
ptrdiff_t fd_model_match(const char *name, const char *const *patterns, size_t count);

#endif
