/*
 * Data envelopment analysis: how far each unit stays behind the best practice of all.
 *
 * Pure: a table in, tables out; no file, no clock, no city.  The same input gives the same bytes on
 * any number of threads.  How to use it and to say it: docs/methods/dea.md.
 */
#ifndef FANGDING_DEA_H
#define FANGDING_DEA_H

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Returns to scale: no condition on sum(lambda), = 1, <= 1, >= 1. */
typedef enum fd_rts { FD_CRS, FD_VRS, FD_DRS, FD_IRS } fd_rts;
enum { FD_RTS_COUNT = 4 };

/* Which columns of a table are what. NULL or an empty list: by prefix, in_*, out_*, bad_*, and id
 * and t by name. */
typedef struct fd_panel_columns {
    const char *const *inputs, *const *outputs, *const *bads;
    size_t input_count, output_count, bad_count;
    const char *id, *time;
} fd_panel_columns;

typedef struct fd_dea_options {
    int version;
    fd_panel_columns columns;
    bool rts[FD_RTS_COUNT]; /* by fd_rts */
    bool input, output;     /* orientations */
    bool super, slacks, scale, peers;
    size_t threads; /* 0: as many as there are processors */
} fd_dea_options;
#define FD_DEA_OPTIONS_INIT                                                                        \
    {                                                                                              \
        1, { NULL, NULL, NULL, 0, 0, 0, NULL, NULL }, { true, true, false, false }, true, true,    \
            false, false, false, false, 0                                                          \
    }

typedef struct fd_dea {
    fd_table *scores; /* id, {crs,vrs,drs,irs}_{in,out}, scale_eff_in, rts_class_in, super_…,
                         slacksum_mean_…, peers_…: what was asked for */
    fd_table *slacks; /* id, model, one column for each input and output; with slacks, else NULL */
    fd_table *peers;  /* id, model, peer, lambda; with peers, else NULL */
    fd_table *frontier; /* model, units, corners: how many units span the frontier */
} fd_dea;

/**
 * Radial efficiency of each unit against all units.
 *
 * For unit o, inputs X and outputs Y of all units (Charnes, Cooper, Rhodes 1978,
 * doi:10.1016/0377-2217(78)90138-8; Banker, Charnes, Cooper 1984, doi:10.1287/mnsc.30.9.1078):
 *   in:  theta = min { theta : X lambda <= theta x_o, Y lambda >= y_o, lambda >= 0 }  <= 1
 *   out: phi   = max { phi   : X lambda <= x_o, Y lambda >= phi y_o, lambda >= 0 }    >= 1
 * (phi itself, not 1/phi), with sum(lambda) = 1 for vrs, <= 1 for drs, >= 1 for irs.
 *   scale_eff_in = crs_in / vrs_in; rts_class_in: crs when that is 1 (within 1e-7), drs when drs_in
 *     equals vrs_in, else irs (of the first orientation asked for)
 *   super_*: the same with o taken out of the reference (Andersen, Petersen 1993,
 *     doi:10.1287/mnsc.39.10.1261); no solution: the cell is NA and prints as inf (in) or -inf
 * (out) slacksum_mean_*: max sum of s / mean over the solutions with the best score (a second
 * phase, never a small number in the objective); the optimum is unique, single slacks are not
 *   peers: lambdas of that second phase, the lexicographically largest in the order of the rows
 * super and slacks are given for crs and vrs as far as they are asked for, and for drs and irs only
 * when neither crs nor vrs is.
 *
 * Rows in which a number is missing are left out with a note: missing is not zero.
 *
 * @param in  one row for each unit
 * @return FD_ENOTFOUND a column; FD_EINVAL a value that is not above zero (with row and column; a
 *         radial score has no meaning there, zero included), an id twice, no rows; FD_ENOCONV
 *
 * Time: one small program a unit over the h corners of the frontier, and a pass over the units for
 * each corner; memory O(n (inputs + outputs)). Release with fd_dea_dispose().
 */
FD_API int fd_dea_run(fd_dea *out, const fd_table *in, const fd_dea_options *options);
FD_API void fd_dea_dispose(fd_dea *result);

#ifdef __cplusplus
}
#endif
#endif
