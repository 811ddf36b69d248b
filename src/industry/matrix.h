/*
 * Inside of the matrix: a figure for every chain × county, with totals in the last row and column.
 */
#ifndef FD_INDUSTRY_MATRIX_H
#define FD_INDUSTRY_MATRIX_H

#include "fangding/industry.h"

typedef struct fd_matrix_grid {
    const fd_frame *chains, *counties;
    size_t size; /* (chains + 1) × (counties + 1) */
    fd_number *firms, *revenue, *growth, *stopped, *slowed, *innovation;
    bool *lead;
    const char **leader; /* names of the source */
    char **owner;        /* who answers for a declared lead cell, or NULL; ours */
} fd_matrix_grid;

/** Place of a cell; chains->n and counties->n stand for the totals. */
size_t fd_matrix__at(const fd_matrix_grid *g, size_t chain, size_t county);
/** Put the values of a measured table at their places; codes that the axes do not know are left
 * out. */
int fd_matrix__scatter(const fd_matrix_grid *g, fd_number *values, const fd_table *t, bool by_chain,
                       bool by_county);
/** The table `states` of fd_matrix_compute(). */
int fd_matrix__states(fd_table **out, const fd_matrix_grid *g, fd_source *source,
                      const fd_matrix_options *options);

#endif
