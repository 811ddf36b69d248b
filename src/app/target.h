/*
 * What the city file knows beside a target: how fast the part grew, what it contributed, how large
 * the whole is. definitions/targets.csv names the indicators; without them the report simply has no
 * projection.
 */
#ifndef FD_APP_TARGET_H
#define FD_APP_TARGET_H

#include "fangding/measure.h"
#include "fangding/verbs.h"

/** Fill historic_growth, contribution and total_value (in 亿元) of the options from the newest
 * figures of the whole city, computed or else as published; where the target's own indicator cannot
 * be computed, `now` is its published figure. What is missing stays missing. */
int fd_target_facts(fd_target_options *options, fd_city *city, const fd_target *target);

#endif
