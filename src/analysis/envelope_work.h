/*
 * Inside of the envelopment kernel: the basis of one program, shared by envelope.c (dual simplex)
 * and refine.c (second phase).
 *
 * Scaled space: row i is divided by scale[i] = |b_i|, column j by its size; `factor
 * (spread, the size of the point, as a rule) brings its entries near 1.  So lambda = x factor /
 * size and slack i = x scale[i]. Variables: 0 .. count-1 columns, count + i the slack of row i
 * (fixed at 0 when the row is an equality), count + rows beta.
 */
#ifndef FD_ANALYSIS_ENVELOPE_WORK_H
#define FD_ANALYSIS_ENVELOPE_WORK_H

#include "analysis/envelope.h"

enum { FD_FACETS = 384 }; /* remembered by a workspace */

typedef struct fd_envelope__work {
    size_t rows, most; /* most: columns that d and alpha hold */
    double *b, *g;     /* as given, with the row of returns to scale */
    double *scale;
    double spread;
    double *factor; /* columns: what spread is multiplied by; all 1 unless uneven */
    bool uneven;
    double *inverse; /* rows × rows; row p belongs to head[p] */
    double *x;       /* values of the basis */
    uint32_t *head;
    size_t beta_at;
    double *d;      /* reduced costs of the columns, >= 0 at a dual feasible basis */
    double *alpha;  /* the pivot row */
    uint32_t *list; /* candidates of the ratio test */
    double *row, *column, *price, *dense;
    bool costs_known; /* d belongs to the basis */
    size_t updates;   /* of the inverse since it was factorised */
    /* facets: normals (rows each) and heads */
    double *facet;
    uint32_t *facet_head;
    size_t facets, next_facet;
    bool by_solver; /* the last answer came from the general solver: there is no basis */
} fd_envelope__work;

static inline bool fd_envelope__is_equality(const fd_reference *r, size_t row)
{
    return row < r->model.dims ? row + r->model.equal >= r->model.dims : r->model.rts == FD_VRS;
}

/** What the stored column is multiplied by in this program. */
static inline double fd_envelope__factor(const fd_envelope__work *w, size_t column)
{
    return w->uneven ? w->spread * w->factor[column] : w->spread;
}

/** Factorise the basis and compute x. False when it is singular. */
bool fd_envelope__factorise(fd_envelope *e);
/** column = inverse × the scaled column of a variable. */
void fd_envelope__column(fd_envelope *e, uint32_t variable);
/** Put `variable`, whose column is in work->column, at place p with step x_p / column_p. */
void fd_envelope__exchange(fd_envelope *e, size_t p, uint32_t variable);
/** d, from the row of beta. */
void fd_envelope__costs(fd_envelope *e);
/** Solve by the general solver; fills the answer of e. refine: the second phase, too. */
int fd_envelope__general(fd_envelope *e, bool refine);

#endif
