/*
 * Productivity over time: Malmquist indices, and with bad outputs Malmquist–Luenberger and
 * Luenberger indices from directional distances.
 *
 * Pure: a table in, tables out; no file, no clock, no city.  The same input gives the same bytes on
 * any number of threads.  How to use it and to say it: docs/methods/malmquist.md, green-tfp.md.
 */
#ifndef FANGDING_MALMQUIST_H
#define FANGDING_MALMQUIST_H

#include "fangding/dea.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fd_malmquist_options {
    int version;
    fd_panel_columns columns;
    bool global;        /* gmi and bpc, too */
    bool input, output; /* orientations of pech and sech */
    size_t threads;     /* 0: as many as there are processors */
} fd_malmquist_options;
#define FD_MALMQUIST_OPTIONS_INIT                                                                  \
    {                                                                                              \
        1, { NULL, NULL, NULL, 0, 0, 0, NULL, NULL }, true, true, true, 0                          \
    }

typedef struct fd_malmquist {
    fd_table *index;   /* id, t0, t1, D00, D11, D0_of_1, D1_of_0, mi, ec, tc, pech_out, sech_out,
                          pech_in, sech_in, gmi, bpc */
    fd_table *summary; /* t0, t1, units in each and in both, geometric means of mi, ec, tc */
} fd_malmquist;

/**
 * Malmquist indices between neighbouring periods (Färe, Grosskopf, Norris, Zhang 1994, American
 * Economic Review 84(1), 66–83).
 *
 * Ds(t): Shephard output distance of the unit's point of period t to the frontier of period s under
 * constant returns, 1/phi (equal to theta of the input side); > 1 beyond that frontier.
 *   mi = ec tc > 1 is progress; ec = D1(1)/D0(0); tc = sqrt(D0(1)/D1(1) · D0(0)/D1(0))
 *   pech = the same ratio as ec under variable returns, with 1/phi (out) or theta (in); sech =
 * ec/pech gmi = DG(1)/DG(0), frontier of all periods together (Pastor, Lovell 2005,
 *     doi:10.1016/j.econlet.2005.02.013), circular; bpc = gmi/ec
 * Rows in order of period and id. The frontier of a period is that of all units of the period; the
 * index is given for units that stand in both (counts in a note and in `summary`).
 *
 * @param in  one row for each unit and period
 * @return as fd_dea_run(); FD_ENOTFOUND without a column of periods; FD_EINVAL with one period
 * only.
 *
 * Release with fd_malmquist_dispose().
 */
FD_API int fd_malmquist_run(fd_malmquist *out, const fd_table *in,
                            const fd_malmquist_options *options);
FD_API void fd_malmquist_dispose(fd_malmquist *result);

typedef struct fd_green_options {
    int version;
    fd_panel_columns columns;
    bool index, ddf; /* which tables */
    size_t threads;  /* 0: as many as there are processors */
    bool inequality; /* index: B lambda <= b - beta gb in every program, the bads as inputs */
} fd_green_options;
#define FD_GREEN_OPTIONS_INIT                                                                      \
    {                                                                                              \
        1, { NULL, NULL, NULL, 0, 0, 0, NULL, NULL }, true, false, 0, false                        \
    }

typedef struct fd_green {
    fd_table *index; /* id, t0, t1, d00, d11, d0_of_1, d1_of_0, ml, mlec, mltc, luenberger, lec,
                        ltc, gml, gml_bpc; or NULL */
    fd_table *ddf;   /* id, ddf_crs_weak, ddf_crs_ineq, ddf_crs_weak_xyb, ddf_vrs_noB_xy; or NULL */
} fd_green;

/**
 * Productivity with bad outputs (Chung, Färe, Grosskopf 1997, doi:10.1006/jema.1997.0146).
 *
 * Directional distance of a point (x, y, b) in the direction (gx, gy, gb):
 *   d = max { beta : X lambda <= x - beta gx, Y lambda >= y + beta gy, B lambda = b - beta gb,
 *             lambda >= 0 }
 * The equality is weak disposability: bads cannot be thrown away for nothing; it goes with constant
 * returns only. Direction (0, y, b) of the evaluated point itself; also across periods.
 *   ml = mlec mltc (> 1 progress); mlec = (1+d00)/(1+d11);
 *     mltc = sqrt((1+d11)/(1+d0_of_1) · (1+d1_of_0)/(1+d00))
 *   luenberger = ((d00-d0_of_1)+(d1_of_0-d11))/2 (> 0 progress), lec = d00-d11, ltc = the rest
 *     (Chambers, Färe, Grosskopf 1996)
 *   gml = (1+dG(0))/(1+dG(1)), frontier of all periods together (Oh 2010,
 *     doi:10.1007/s11123-010-0178-y); gml_bpc = gml/mlec
 * A point of one period may be out of reach of another period's frontier: that program has no
 * solution, the cell is NA (prints `infeasible`), and so is what is made from it. Nothing else is
 * put in its place.
 * inequality: all of this with B lambda <= b - beta gb, the bads as inputs. Every program then has
 * a solution (lambda = 0, beta = -1). For the index alone: FD_EINVAL together with ddf, which has
 * both forms anyway.
 * ddf: against the units of the same period, ddf_crs_weak as above, _ineq with B lambda <= (the
 * bads as inputs), _weak_xyb with gx = x, too, ddf_vrs_noB_xy without the bads, sum(lambda) = 1,
 * direction (x, y).
 *
 * Inputs must be above zero, good and bad outputs not below it, some good output above it.
 *
 * @return as fd_malmquist_run(); FD_ENOTFOUND without a column of bads. Release with
 *         fd_green_dispose().
 */
FD_API int fd_green_run(fd_green *out, const fd_table *in, const fd_green_options *options);
FD_API void fd_green_dispose(fd_green *result);

#ifdef __cplusplus
}
#endif
#endif
