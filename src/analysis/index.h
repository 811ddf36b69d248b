/*
 * Composite indices: the tree and the numbers that reading, scoring and the tables share.
 */
#ifndef FD_ANALYSIS_INDEX_H
#define FD_ANALYSIS_INDEX_H

#include "analysis/prodpanel.h"
#include "fangding/index.h"

typedef struct fd_index__node {
    char *code;
    ptrdiff_t parent; /* -1: first level */
    size_t children, depth, line;
    bool negative;
    bool dropped;     /* an indicator that tells nobody apart, or a group of such */
    double low, high; /* NaN: to be found */
    double given;     /* weight of the tree; NaN: none */
    double local, global, entropy;
    ptrdiff_t column; /* of the panel; -1: a group, or an indicator without a column */
} fd_index__node;

typedef struct fd_index__tree {
    fd_index__node *node;
    size_t count, deepest;
} fd_index__tree;

typedef struct fd_index__work {
    const fd_index_options *o;
    fd_index_method method;
    fd_index__tree tree;
    fd_prodpanel panel;
    double *norm;                  /* nodes × n: x' of indicators; NaN missing */
    double *part;                  /* nodes × n: contributions; NaN where the score is not known */
    double *score;                 /* n; NaN */
    double *coverage, *low, *high; /* n */
    size_t beyond;                 /* cells outside frozen bounds */
    char *plan;                    /* of a frozen tree or of the options; owned, or NULL */
} fd_index__work;

/** Read a tree table, or make one of all columns of numbers. @return FD_EINVAL, FD_ENOTFOUND */
int fd_index__read_tree(fd_index__work *w, const fd_table *in);
void fd_index__tree_dispose(fd_index__tree *tree);

/** Is the node an indicator (no children)? */
bool fd_index__is_leaf(const fd_index__node *node);

/** Local weights among siblings from the given ones, global ones down the tree. */
int fd_index__fixed_weights(fd_index__tree *tree);
/** Global weights of indicators from entropies, local ones up the tree. */
void fd_index__entropy_weights(fd_index__tree *tree);

/** Scores and parts of all rows with the weights that stand in the tree. part may be NULL. */
void fd_index__score(double *score, double *part, const fd_index__work *w, fd_index_method method);

/** Ranks within each period, 0 where there is no score. */
void fd_index__rank(double *rank, const double *score, const fd_prodpanel *panel);

/** The tables of a finished work. */
void fd_index__tables(fd_index *out, const fd_index__work *w);

#endif
