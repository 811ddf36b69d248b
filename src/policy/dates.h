/*
 * Dates with whole years, months, days and working days added: what policies compare.
 */
#ifndef FD_POLICY_DATES_H
#define FD_POLICY_DATES_H

#include "policy/set.h"

/** The date that the steps of 成立日期 + 1 年 − 5 日 start from. */
const fd_expr *fd_policy__date_base(const fd_expr *e);
/** `base` moved by the steps of e, from the innermost on: months clamp to the month's end, working
 * days follow the program's calendar.  `stop` (FD_DATE_NONE: none) is a day past which the exact
 * one does not matter: the last step ends there. FD_ENOTFOUND for a year that the calendar
 * lacks. */
int fd_policy__moved(fd_date *out, const fd_program *p, const fd_expr *e, fd_date base,
                     fd_date stop);
/** −1, 0, 1: how the left side, which starts from a, stands to the right side, which starts from
 * b. Errors as fd_policy__moved(). */
int fd_policy__date_order(int *out, const fd_program *p, const fd_expr *left, fd_date a,
                          const fd_expr *right, fd_date b);
/** A comparison of two dates as a truth node. */
int fd_policy__compare_days(int *out, const fd_policy_context *c, const fd_expr *e, fd_na_rule na);
/** The leaf of an attribute, NAME or NAME[period] (truths.c). */
int fd_policy__text_leaf(int *leaf, const fd_policy_context *c, const fd_expr *e);

#endif
