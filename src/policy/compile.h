/*
 * Small rules that the vectors and the walk over one row share.
 */
#ifndef FD_POLICY_COMPILE_H
#define FD_POLICY_COMPILE_H

#include "policy/set.h"

/** What 不适用 means under a negation: the other way round. */
fd_na_rule fd_policy__turned(fd_na_rule na);
/** What 不适用 means in a part: as the policy says; a direct pass never passes by it. */
fd_na_rule fd_policy__part_na(const fd_policy *p, const fd_policy_part *part);
/** Does the direct pass make this part true?  Without 免 it is every 条件 above it. */
bool fd_policy__waives(const fd_policy *p, size_t direct, size_t part);
/** 查表 of one figure by edges that run one way, with constants for values: compared as one node.
 */
bool fd_policy__simple_bands(const fd_expr *e);
int fd_policy__or(fd_policy_set *set, int a, int b);

#endif
