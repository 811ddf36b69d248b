/*
 * Total factor productivity: the decomposition of an aggregate into what its units did.
 */
#ifndef FD_ANALYSIS_TFP_H
#define FD_ANALYSIS_TFP_H

#include "analysis/prodpanel.h"
#include "fangding/tfp.h"

/**
 * Make out->aggregate and out->firms.
 *
 * @param level   ln TFP by row of the panel; NaN: not known, the row stands aside
 * @param weight  by row, >= 0; NaN: not known
 * @return FD_EINVAL a negative weight (row named), weights that sum to 0, fewer than two periods
 */
int fd_tfp__decompose(fd_tfp *out, const fd_prodpanel *panel, const double *level,
                      const double *weight);

#endif
