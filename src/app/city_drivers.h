/*
 * Old and new drivers of growth: how fast the share moves from one to the other.
 */
#ifndef FD_APP_CITY_DRIVERS_H
#define FD_APP_CITY_DRIVERS_H

#include "fangding/verbs.h"

/**
 * `structure city --out drivers`: the share of the new (--new) in the whole (--value), for the city
 * and each unit of the first dimension of --by.
 *
 * Columns: region, t0, t1, share0, share1 (%, of current prices), points (share1 - share0),
 * points_per_year, old_points_per_year (the same of the rest, with the sign turned).  With fewer
 * than two periods FD_EINVAL.
 */
int fd_city_drivers(fd_call *call, fd_result *result);

#endif
