/*
 * What reading and checking policies share.
 */
#ifndef FD_DING_POLICIES_H
#define FD_DING_POLICIES_H

#include "ding/program.h"

/** Static checks of a policy as a whole: contradictions, conditions that never decide, grants
 * without cap, local policies without a fair-competition review. */
void fd_policy__check(fd_loader *l, const fd_policy *p);

#endif
