/*
 * Shared between the parts of measure/.
 */
#ifndef FD_MEASURE_INTERNAL_H
#define FD_MEASURE_INTERNAL_H

#include "ding/eval/eval.h"
#include "fangding/measure.h"

/** Gather the marks (示例, unverified …) of all figures an indicator uses at a period, each once,
 * separated by ';'. */
void fd_measure__marks(char *buf, size_t size, fd_source *source, const fd_indicator *indicator,
                       fd_period period);

/** Does an expression read, at a period, an item of enterprises whose origin options->visible (not
 * NULL) refuses? Looks through indicators; what cannot be told is refused. */
bool fd_measure__unseen(const fd_expr *e, fd_source *source, fd_period period,
                        const fd_why_options *options);

/** How many answers a cell lacks, for a reader: those due that did not come, as the columns 应报
 * and 已报 say; of a value that is 缺报 all members without one. A firm that owes no return lacks
 * none. */
static inline uint32_t fd_measure__lacking(const fd_eval_cell *c)
{
    if (c->value.state == FD_MISSING || !c->expected)
        return c->missing;
    return c->expected > c->reported ? c->expected - c->reported : 0;
}

#endif
