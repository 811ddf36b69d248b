/*
 * What the tables of the engine share.
 */
#ifndef FD_POLICY_TABLES_H
#define FD_POLICY_TABLES_H

#include "policy/near.h"

/** The columns of fd_policy_check(), empty. */
fd_table *fd_policy__answer_table(bool marks);
/** What a column of results prints on screen, and a column of amounts where there is nothing to
 * grant (blank for programs). */
extern const fd_na_words fd_policy__outcome_words[];
extern const fd_na_words fd_policy__no_money;
/** Nothing to say in this cell: blank for programs, a dash on screen. */
extern const fd_na_words fd_policy__nothing;
/** unverified and 提示 of a policy as notes. */
void fd_policy__notes(fd_table *t, const fd_policy *p);

#endif
