/*
 * What the tables of the engine share.
 */
#ifndef FD_POLICY_TABLES_H
#define FD_POLICY_TABLES_H

#include "policy/near.h"

/** The columns of fd_policy_check(), empty. */
fd_table *fd_policy__answer_table(bool marks);
/** unverified and 提示 of a policy as notes. */
void fd_policy__notes(fd_table *t, const fd_policy *p);

#endif
