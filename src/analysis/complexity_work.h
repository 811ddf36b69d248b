/*
 * What the parts of economic complexity share: the matrix from both sides, and what was found.
 * What the quantities mean: include/fangding/complexity.h.
 */
#ifndef FD_ANALYSIS_COMPLEXITY_WORK_H
#define FD_ANALYSIS_COMPLEXITY_WORK_H

#include "base/bits.h"
#include "base/pool.h"
#include "base/vec.h"
#include "fangding/complexity.h"

/* One side of the matrix: codes in order of first appearance, with what stands on the other side.
 */
typedef struct fd_cx_side {
    fd_vec(const char *) codes;
    fd_vec(uint32_t) positions; /* of a text of the column's dictionary in codes */
    size_t n;
    double *sum;    /* of its values, those of what was left out among them */
    size_t *start;  /* n + 1: list[start[i] .. start[i+1]) are the neighbours of i */
    uint32_t *list; /* ascending */
    double *degree; /* diversity or ubiquity */
    uint64_t *bits; /* n rows of `words` words: the same neighbours */
    size_t words;
} fd_cx_side;

typedef struct fd_cx {
    fd_cx_side loc, prod;
    double *value;                       /* loc × prod; advantages after fd_cx__to_advantages() */
    double *phi;                         /* prod × prod */
    double *phi_sum;                     /* prod */
    double *density;                     /* loc × prod */
    double *eci, *pci, *pci_raw, *pci_z; /* none of them while `defined` is false */
    double lambda[3];
    bool defined; /* lambda2 differs from 1 and from lambda3: there is one second eigenvector */
    double total;
    fd_pool *pool;
} fd_cx;

/* From the values, loc.n and prod.n: sums, bits, degrees and lists of both sides. Locations and
 * products without any presence leave; their values keep counting in the advantages of the others.
 * @return how many were left out */
size_t fd_cx__find_presence(fd_cx *w);

/* Values become advantages, in place: where these are wanted nobody needs the values any more. */
void fd_cx__to_advantages(fd_cx *w);

/* Release the lists, when no more sums over neighbours are to come. */
void fd_cx__forget_lists(fd_cx *w);

static inline bool fd_cx__present(const fd_cx *w, size_t c, size_t p)
{
    return fd_bits_get(w->loc.bits + c * w->loc.words, p);
}

/* out[i] = sum of x over the neighbours of i; the same bytes on any number of threads. */
void fd_cx__gather(double *out, const fd_cx_side *s, const double *x, fd_pool *pool);

double fd_cx__mean_of(const double *x, size_t n);
double fd_cx__deviation_of(const double *x, size_t n); /* of the population */

/* z-score with the population's deviation; all 0 where nothing differs. */
void fd_cx__standardise(double *out, const double *x, size_t n);

/* Reflections, centred at each step: only differences matter, and they shrink by lambda2. */
void fd_cx__reflect(double *loc, double *prod, const fd_cx *w, int steps);

/* Fitness of locations and quality of products after `steps` steps. */
void fd_cx__fitness(double *f, double *q, const fd_cx *w, int steps);

/* The tables of a finished work. Variety reads values; cells need advantages in their place, take
 * them and density over and release the lists; proximity takes phi over: these two come last.
 * `dropped`: locations and products left out. */
void fd_cx__put_variety(fd_complexity *out, const fd_cx *w);
void fd_cx__put_locations(fd_complexity *out, const fd_cx *w, const fd_complexity_options *o);
void fd_cx__put_cells(fd_complexity *out, fd_cx *w);
void fd_cx__put_proximity(fd_complexity *out, fd_cx *w);
void fd_cx__put_summary(fd_complexity *out, const fd_cx *w, size_t dropped);

#endif
