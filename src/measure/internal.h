/*
 * Shared between the parts of measure/.
 */
#ifndef FD_MEASURE_INTERNAL_H
#define FD_MEASURE_INTERNAL_H

#include "fangding/measure.h"

/** Gather the marks (示例, unverified …) of all figures an indicator uses at a period, each once,
 * separated by ';'. */
void fd_measure__marks(char *buf, size_t size, fd_source *source, const fd_indicator *indicator,
                       fd_period period);

#endif
