/*
 * Relatedness of products and what lies around a place: the part of economic complexity that costs
 * locations × products × products. What the quantities mean: include/fangding/complexity.h.
 */
#ifndef FD_ANALYSIS_RELATEDNESS_H
#define FD_ANALYSIS_RELATEDNESS_H

#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"

/* Who makes a product: `products` rows of `words` words, a bit for each location. */
typedef struct fd_makers {
    const uint64_t *bits;
    size_t words;
    const double *ubiquity; /* products */
    size_t products;
} fd_makers;

/**
 * Proximity phi(p,q) = makers of both / max(ubiquity(p), ubiquity(q)), 1 on the diagonal, and the
 * sum of each row.
 *
 * @param phi products × products, filled; @param phi_sum products, filled; @param pool may be NULL
 * O(products² locations / 64); the same bytes on any number of threads.
 */
void fd_proximity__run(double *phi, double *phi_sum, const fd_makers *makers, fd_pool *pool);

/* One location after the other: list[start[c] .. start[c+1]) are products, ascending. */
typedef struct fd_baskets {
    const size_t *start;
    const uint32_t *list;
    size_t locations;
} fd_baskets;

/**
 * out(c,p) = sum over the products q in the basket of c of weight(q) phi(q,p), then divided by
 * divide(p).
 *
 * @param out locations × products, filled; @param phi symmetric, products × products
 * @param weight products, or NULL for 1; @param divide products, or NULL for 1; pool may be NULL
 * O(entries of the baskets × products), in panels of columns that stay in the second cache; sums
 * run in the order of the basket, so the bytes do not depend on threads or processor.
 */
void fd_basket_sums__run(double *out, const fd_baskets *baskets, const double *phi, size_t products,
                         const double *weight, const double *divide, fd_pool *pool);

#endif
