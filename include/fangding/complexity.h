/*
 * Economic complexity: who makes what, and what that says.
 *
 * Pure: a table in, tables out; no file, no clock, no city.  The same input gives the same bytes on
 * any number of threads.  How to use it and to say it: docs/methods/complexity.md.
 */
#ifndef FANGDING_COMPLEXITY_H
#define FANGDING_COMPLEXITY_H

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fd_complexity_options {
    int version;
    const char *location, *product, *value; /* columns; NULL: the first, second and last */
    int reflections; /* steps of the method of reflections, even; 0: none, their columns MISSING */
    int fitness_steps;     /* steps of fitness and quality; 0: none, their columns MISSING */
    bool cells, proximity; /* make these tables, too: they hold locations × products and products ×
                              products rows */
    bool variety;          /* make this table, too: a logarithm for each value */
    bool relatedness; /* false: no proximity, so no cells either; coi, coi_z, prox_rowsum MISSING */
    size_t threads;   /* 0: as many as there are processors */
} fd_complexity_options;
#define FD_COMPLEXITY_OPTIONS_INIT                                                                 \
    {                                                                                              \
        1, NULL, NULL, NULL, 18, 200, true, true, true, true, 0                                    \
    }

typedef struct fd_complexity {
    fd_table *locations; /* loc, diversity, eci, mor18_z, fitness20, fitness200, coi, coi_z */
    fd_table *products;  /* prod, ubiquity, pci, pci_z, mor18_z, q20, prox_rowsum */
    fd_table *cells;     /* loc, prod, rca, m, density, density_nodiag, cog, cog_unshifted */
    fd_table *proximity; /* prod1, prod2, proximity */
    fd_table *variety;   /* loc, hhi, inv_hhi, entropy_nat, entropy_bits, unrelated_variety_bits,
                            related_variety_bits */
    fd_table *summary;   /* quantity, value: n_loc, n_prod, lambda1, lambda2, lambda3 */
} fd_complexity;

/**
 * Who makes what, and what that says.
 *
 * With values x(c,p) >= 0 (rows that repeat a pair are added; a pair without a row is 0):
 *   rca(c,p) = (x(c,p) / x(c,.)) / (x(.,p) / x(.,.));   M = rca >= 1 (Balassa; a tie is present)
 *   diversity d(c) = sum_p M, ubiquity u(p) = sum_c M; locations and products with 0 are left out
 *   eci: eigenvector k of the second largest eigenvalue of D^-1 M U^-1 M', sign such that it
 *     correlates with diversity, as a z-score (population sd); found as the eigenvector of the
 *     symmetric D^-1/2 M U^-1 M' D^-1/2 (Hidalgo and Hausmann 2009, doi:10.1073/pnas.0900943106)
 *   pci(p) = (U^-1 M' k / lambda2 - mean(k)) / sd(k), so that eci(c) is the mean of pci over M(c,.)
 *   pci_z: its own z-score
 *   mor18_z: reflections after 18 steps, z-score
 *   fitness, quality: F = M Q, Q = 1 / (M' (1/F)), each divided by its mean, both from the previous
 *     step (Tacchella et al. 2012, doi:10.1038/srep00723)
 *   proximity phi(p,q) = co-occurrences / max(u(p), u(q)), 1 on the diagonal
 *   density(c,p) = sum_q M(c,q) phi(q,p) / sum_q phi(q,p); density_nodiag leaves q = p out
 *   coi(c) = sum_p density (1 - M) pci; coi_z is the z-score of the same with pci + mean(k)/sd(k)
 *   cog(c,p) = (1 - M(c,p)) sum_q (1 - M(c,q)) phi(q,p) pci(q) / sum_r phi(r,q); cog_unshifted
 *     takes pci + mean(k)/sd(k): a shift of pci changes the ranking, so both are given
 *   variety: shares over products; entropy between groups of products (first two characters of the
 *     code) is unrelated, the rest related variety (Frenken et al. 2007,
 *     doi:10.1080/00343400601120296)
 *
 * @return FD_ENOTFOUND a column; FD_EINVAL a negative value, with its row, or fewer than three
 *         locations or products; FD_ENOCONV
 *
 * Notes of the tables say what was left out. When lambda2 lies within 1e-9 of 1 (the matrix falls
 * apart) or of lambda3, the eci is not defined: eci, pci, pci_z, coi, coi_z, cog and cog_unshifted
 * are NA in every row, and a note says why; what needs no eigenvector keeps its values.
 *
 * L locations, P products: O(P^2 L / 64 + L P^2) time for proximity, density and gains, on
 * options->threads threads; O(L P + P^2) memory. Release with fd_complexity_dispose().
 */
FD_API int fd_complexity_run(fd_complexity *out, const fd_table *in,
                             const fd_complexity_options *options);
FD_API void fd_complexity_dispose(fd_complexity *result);

#ifdef __cplusplus
}
#endif
#endif
