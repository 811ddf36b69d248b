/*
 * Who may come above scale next in a park or its county.
 */
#ifndef FD_APP_RADAR_H
#define FD_APP_RADAR_H

#include "fangding/verbs.h"

/**
 * Candidates for the list of above-scale industry (line: main revenue of 2,000 万元 last year),
 * those in the park first, then by what is short:
 *
 * - projects of the county that produce and are not listed (stage 投产 or 达效), whose firm is not
 *   above scale: output of the year so far, made annual, beside the line; output is no revenue;
 * - enterprises of the county that are not above scale and fulfil the policy above_scale_radar, or
 *   may do so once figures come.
 *
 * In the park: the project's site names it, or a parcel of it is the enterprise's (by code or
 * name). Columns: kind, code, name, in_park, made, short, basis, basis_en. Empty without
 * candidates.
 *
 * @param parcels  of the park
 */
int fd_radar_candidates(fd_table **out, fd_call *call, const fd_table *parcels,
                        const char *park_name, const char *county);

#endif
