/*
 * Plans kept warm by a server: one desk (fangding/plan.h) per version of the city and role, so that
 * a slider is answered from the last basis.  Any thread may ask; a desk serves one at a time, the
 * others wait for it.  Bounded: a few desks and so many bytes, the longest unused goes first.
 */
#ifndef FD_APP_PLAN_WARM_H
#define FD_APP_PLAN_WARM_H

#include "fangding/plan.h"
#include "fangding/verbs.h"

typedef struct fd_plan_shelf fd_plan_shelf;

fd_plan_shelf *fd_plan_shelf_new(size_t most, size_t bytes);
/** Nobody may hold a desk any more. */
void fd_plan_shelf_free(fd_plan_shelf *shelf); /* NULL is fine */
/** Desks that are kept now, and their bytes; for tests and metrics. */
size_t fd_plan_shelf_count(fd_plan_shelf *shelf, size_t *bytes);

/* A desk on loan. */
typedef struct fd_plan_loan {
    fd_plan_desk *desk;
    fd_plan_shelf *shelf; /* NULL: the desk is the borrower's own */
    struct fd_plan_place *place;
} fd_plan_loan;

/** The desk of the call's city by the templates: from the call's shelf, made when it is not there;
 * without a shelf a new one. Give it back.  `use` keeps long questions ("moves") on a desk of their
 * own, so that a slider never waits behind them; "" for short ones. */
int fd_plan_borrow(fd_plan_loan *out, fd_call *call, const char *use);
void fd_plan_give_back(fd_plan_loan *loan); /* also of a failed borrowing */

#endif
