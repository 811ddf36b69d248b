/*
 * The vector evaluator: a checked expression over all subjects of a source, for many groups at
 * once.
 *
 * Two levels, as in the checker.  A row expression has one value per subject; it is compiled into a
 * small program over blocks of int64 (or 128-bit, where block maxima do not prove that 64 suffice)
 * with bitmaps of states.  A group expression has one value per group and is computed on exact
 * fractions.  Aggregates (合计 …) lead from the first to the second.
 *
 * Semantics: docs/language and the comments of eval_group.c.  Nothing here depends on the order of
 * rows or the number of threads, except the last bits of sums of estimates, which are taken in
 * fixed blocks.
 */
#ifndef FD_DING_EVAL_H
#define FD_DING_EVAL_H

#include "fangding/ding.h"

struct fd_pool;

typedef struct fd_eval fd_eval;         /* source, caches; used by one thread at a time */
typedef struct fd_grouping fd_grouping; /* dimensions and the groups met so far */

/** Borrow program, source and pool (NULL: this thread only); they must outlive it. */
int fd_eval_new(fd_eval **out, const fd_program *program, fd_source *source, struct fd_pool *pool);
void fd_eval_free(fd_eval *eval);
/** Forget what was read for selections, and columns too when they have grown past `bytes`. Call
 * between periods. */
void fd_eval_trim(fd_eval *eval, size_t bytes);

/* ---- groups ---- */

/** One dimension by its id or Chinese name; FD_ENOTFOUND names the ones there are. */
int fd_grouping_new(fd_grouping **out, fd_eval *eval, const char *const *by, size_t count);
void fd_grouping_free(fd_grouping *grouping);
size_t fd_grouping_count(const fd_grouping *grouping); /* groups met so far */
size_t fd_grouping_dims(const fd_grouping *grouping);
/** Id of a dimension, as used in result columns: "county". */
const char *fd_grouping_dim(const fd_grouping *grouping, size_t dim);
/** Code of a group on a dimension; "" for subjects that have none. */
const char *fd_grouping_code(const fd_grouping *grouping, size_t group, size_t dim);
/** Its name in Chinese or English, NULL when none is known. */
const char *fd_grouping_name(const fd_grouping *grouping, size_t group, size_t dim, fd_lang lang);
/** All groups in order: by dimension, declared subjects in the order of their frame, others by
 * code, "" last. The array has fd_grouping_count() entries; the caller frees it. */
size_t *fd_grouping_order(const fd_grouping *grouping);
/** Make every subject of a dimension's own kind a group of its own even when it has no members (one
 * dimension only). */
int fd_grouping_declare(fd_grouping *grouping);

/* ---- results ---- */

/* One group's result. */
typedef struct fd_eval_cell {
    fd_number value;
    uint32_t n;                  /* subjects behind the operand sum with the fewest */
    double top1, top2;           /* of the most concentrated operand, scaled to the value */
    uint32_t reported, expected; /* answers in and due, over the operand sum with the worst ratio */
    uint32_t members;            /* subjects of the population in this group */
    uint32_t missing; /* 缺报 members that were skipped (已报) or that made the value 缺报 */
} fd_eval_cell;

typedef struct fd_eval_result {
    fd_eval_cell *cells; /* by group index */
    size_t count;
    bool is_estimate;   /* some cell is */
    bool used_stored;   /* a growth compared with the stored year before */
    bool used_reported; /* 合计 已报 somewhere */
} fd_eval_result;
void fd_eval_result_dispose(fd_eval_result *result);

/* What is asked of which subjects. */
typedef struct fd_eval_query {
    fd_period period;
    fd_basis basis;   /* of items that do not say another: normally FD_CURRENT */
    const char *kind; /* subjects that population and where are about; NULL = enterprise */
    const fd_expr
        *population;       /* or NULL. The register is closed: who is not entered as in is out */
    const fd_expr *where;  /* a further condition, or NULL; unknown members make sums 缺报 */
    bool reported_only;    /* every aggregate counts as 已报, as by an indicator's 缺数 rule */
    const fd_unit *unit;   /* of the values; NULL = base units */
    fd_grouping *grouping; /* NULL = one group, everything */
} fd_eval_query;

/** A group expression (an indicator's 汇总, or any) for every group. */
int fd_eval_expr(fd_eval_result *out, fd_eval *eval, const fd_expr *expr,
                 const fd_eval_query *query);
/** An indicator: its 汇总, else its formula at group level; population and unit are the
 * indicator's. */
int fd_eval_indicator(fd_eval_result *out, fd_eval *eval, const fd_indicator *indicator,
                      const fd_eval_query *query);
/** A row expression summed (合计, or 合计 已报) per group: the parts of a decomposition. */
int fd_eval_sum(fd_eval_result *out, fd_eval *eval, const fd_expr *row, bool reported_only,
                const fd_eval_query *query);

/** A row expression subject by subject: values[i] for the i-th subject of the frame of
 * `query->kind` (array of frame->n, the caller's). States as they come; with `inside` not NULL also
 * the weight (0 to 1) with which each is in population and where, NAN for unknown. */
int fd_eval_rows(fd_number *values, double *inside, fd_eval *eval, const fd_expr *row,
                 const fd_eval_query *query);

/** The frame of subjects a row expression runs over: "enterprise" … */
const char *fd_expr_frame(const fd_expr *expr);
/** Whether an expression has one value per subject (it names items outside any aggregate). */
bool fd_expr_is_row(const fd_expr *expr);

/** Convert an exact or estimated number by a factor; states pass. FD_EOVERFLOW. */
int fd_number_scale(fd_number *value, fd_quot factor);

#endif
