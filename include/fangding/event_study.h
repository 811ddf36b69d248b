/*
 * What changed after dated events, beside firms alike to which nothing happened.
 *
 * Pure: tables in, tables out; a fixed seed.  How to use it and to say it:
 * docs/methods/event-study.md.
 */
#ifndef FANGDING_EVENT_STUDY_H
#define FANGDING_EVENT_STUDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fangding/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fd_event_options {
    int version;
    const char *id, *time, *value; /* columns of the panel; NULL: first; t, year …; value */
    const char *stratum; /* exact match on this text column; NULL: industry or division when there
                            is one, else nobody is told apart */
    const char *size;    /* column to be near in; NULL: the mean value before the event */
    int window;          /* periods before and after, the event's own left out */
    size_t neighbours;
    double caliper; /* largest distance in log size; beyond it nobody is alike */
    bool level;     /* differences of values; else of logarithms */
    size_t draws;
    uint64_t seed;
} fd_event_options;
#define FD_EVENT_OPTIONS_INIT                                                                      \
    {                                                                                              \
        1, NULL, NULL, NULL, NULL, NULL, 3, 5, 1.0, false, 999, 1                                  \
    }

typedef struct fd_event_study {
    fd_table *summary; /* kind, events, with_data, matched, before_after, comparison, did, percent,
                          p, placebo, placebo_p, verdict */
    fd_table *events;  /* id, time, kind, before, after, change, peers, peer_change, did, alike,
                          state */
    fd_table *path;    /* k (periods since the event), did, n */
} fd_event_study;

/**
 * Difference in differences of each event against its nearest neighbours.
 *
 *   y          = ln value (value > 0; others count as missing), or the value itself
 *   change_i   = mean of y over the `window` periods after − mean over the `window` before; each
 *                side needs at least half of its periods
 *   alike      = units without any event, of the same stratum, with both sides, within `caliper`
 *                of ln size; the `neighbours` nearest, ties by order of the panel
 *   did_i      = change_i − mean change of those alike;  did of a kind = mean over its events
 *   placebo    = the same inside the time before: its last half against its first half
 *   p          = (1 + draws whose |did| is at least as large) / (1 + draws): in every draw each
 *                event is given to a unit of its own pool (itself and all candidates of its
 *                stratum), which is compared with its own neighbours (Fisher's randomisation;
 *                Rosenbaum 2002, doi:10.1007/978-1-4757-3692-2)
 *   path       = mean over matched events of y at k − mean before, less the same of those alike
 *
 * Matching on size before difference in differences: Heckman, Ichimura, Todd 1997,
 * doi:10.2307/2971733; Abadie, Imbens 2006, doi:10.1111/j.1468-0262.2006.00655.x.
 *
 * verdict (a word for programs): no_comparison (nobody alike: only before and after can be told),
 * placebo_fails (placebo_p < 0.1: they differed before), even (p >= 0.1), higher, lower.
 * state of an event: matched, no_peer, no_data (a side is too thin, or the panel has no such
 * period), unknown (no such unit),
 * overlap (another event of the unit within the window; the earlier one is kept).
 *
 * @param panel   one row per unit and period
 * @param events  id, time (a label of the panel's axis), and where known kind
 * @return FD_ENOTFOUND a column; FD_EINVAL as fd_prodpanel_read(), a window below 2 or above 100,
 * no event, neighbours 0, draws above 1,000,000
 *
 * The same input and seed give the same bytes.  Time: O(E (P log P + P k) + kinds E draws) for E
 * events and pools of P units.  Release with fd_event_study_dispose().
 */
FD_API int fd_event_study_run(fd_event_study *out, const fd_table *panel, const fd_table *events,
                              const fd_event_options *options);
FD_API void fd_event_study_dispose(fd_event_study *study);

#ifdef __cplusplus
}
#endif
#endif
