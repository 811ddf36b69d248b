/*
 * Opportunities: what a place does not make yet, that is near, valuable and permitted.
 *
 * Pure: a table in, a table out; no file, no clock, no city.  How to use it and to say it:
 * docs/methods/opportunities.md.
 */
#ifndef FANGDING_OPPORTUNITIES_H
#define FANGDING_OPPORTUNITIES_H

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One line of what is permitted or not. */
typedef struct fd_opportunity_rule {
    const char *product;  /* a code, or the beginning of codes: 31 covers 3110 and C3110 */
    const char *location; /* NULL: everywhere */
    const char *reason;
    bool permitted; /* an exception to a shorter rule */
} fd_opportunity_rule;

typedef struct fd_opportunity_options {
    int version;
    const char *location, *product, *value; /* columns; NULL: the first, second and last */
    const fd_opportunity_rule *rules;
    size_t rule_count;
    size_t top;       /* so many permitted products for each location; 0: all */
    double weight[3]; /* of near, valuable (complexity), gain; each >= 0, not all 0 */
} fd_opportunity_options;
#define FD_OPPORTUNITY_OPTIONS_INIT                                                                \
    {                                                                                              \
        1, NULL, NULL, NULL, NULL, 0, 10,                                                          \
        {                                                                                          \
            0.5, 0.25, 0.25                                                                        \
        }                                                                                          \
    }

/**
 * For each location the products in which it has no advantage (rca < 1), best first.
 *
 * From fd_complexity_run(): density (how near a product is to what the place makes), pci (how
 * complex it is) and cog (what it would open up).  near, complex and gain are their ranks within
 * the location, from 0 to 1, ties shared; score is their weighted mean.
 * A rule applies when its product begins the code (a section's letter before the digits is passed
 * over) and its location fits; of several the longest product decides, then one of the location,
 * then the later.  What is not permitted keeps its row and its reason and has no rank; rank_of_all
 * is its rank if all were permitted.  With `top` those above the last of the shown
 * stay, too.
 *
 * Columns: the location and product columns under their own names, rank, rank_of_all, score, near,
 * complex, gain, density, pci, cog, rca, permitted (是/否), reason.
 *
 * @return as fd_complexity_run(); FD_EINVAL weights. The caller frees *out.
 */
FD_API int fd_opportunities_run(fd_table **out, const fd_table *in,
                                const fd_opportunity_options *options);

/** The rule that decides about a product in a location, or NULL: permitted. */
FD_API const fd_opportunity_rule *fd_opportunity_rule_for(const fd_opportunity_rule *rules,
                                                          size_t count, const char *location,
                                                          const char *product);

#ifdef __cplusplus
}
#endif
#endif
