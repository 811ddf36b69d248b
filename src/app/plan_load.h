/*
 * What the verbs of the plan share: the plan of a call, the changes a call asks for, scenarios that
 * were saved, and the sentence of an answer.
 */
#ifndef FD_APP_PLAN_LOAD_H
#define FD_APP_PLAN_LOAD_H

#include "fangding/plan.h"
#include "fangding/verbs.h"

/** FD_EDENIED for a role that sees a part of the city only. */
int fd_plan_may_see(const fd_call *call);

/** The plan as tables have it, without changes: those of `folder` (may be NULL), else the
 * templates; base and projects of the city where `city` says so. The caller frees. */
int fd_plan_load(fd_plan **out, fd_call *call, const char *folder, bool city);

/** The changes of --saved (where the verb has it), then --set, then --slip, in the call's arena. */
int fd_plan_call_changes(fd_plan_changes *out, fd_call *call);

/** Year, points, draws, seed, gamma and seconds, where the verb has them. */
int fd_plan_call_options(fd_plan_options *out, const fd_call *call);

/* A scenario that was saved. Texts live in the call's arena. */
typedef struct fd_plan_scenario {
    const char *name, *author, *saved, *note, *set, *slip;
    const char *target, *year, *largest, *date, *snapshot; /* what it said when it was saved */
    fd_plan_changes changes;
} fd_plan_scenario;

/** Those that were not deleted, in the order of their names' codes. *out in the call's arena. */
int fd_plan_scenarios(fd_plan_scenario **out, size_t *count, fd_call *call);
/** FD_ENOTFOUND names the nearest one. */
int fd_plan_scenario_find(fd_plan_scenario *out, fd_call *call, const char *name);

/** 做得到 or 做不到, how far, when; relaxed: 线性松弛 is said. */
void fd_plan_say(fd_result *result, const fd_plan_summary *s, bool relaxed);

#endif
