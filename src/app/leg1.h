/*
 * What the pages of leg 1 ask for: the works of definitions/works.csv, the months to stand at.
 */
#ifndef FD_APP_LEG1_H
#define FD_APP_LEG1_H

#include "fangding/industry.h"
#include "fangding/verbs.h"

/** The five works, in the call's arena. */
int fd_leg1_works(fd_call *call, fd_work **out, size_t *count);
/** The newest month of the dispatch returns, or what `at` says; FD_PERIOD_NONE when there is none.
 */
int fd_leg1_month(fd_call *call, fd_period *out);
/** The day of this call: `today`; else the end of the city's newest month (fd_leg1_month());
 * without a city or a month the clock's. */
int fd_leg1_day(fd_date *out, fd_call *call);
/** The matrix at a month for this call's role: disclosure applied to what rests on statistics, no
 * enterprise named to a viewer. Release with fd_matrix_dispose(). */
int fd_leg1_matrix(fd_call *call, fd_matrix *out, fd_period month);
/** May this role be shown lists of enterprises and projects by name? */
bool fd_leg1_sees_names(const fd_call *call);

/** Promises whose text names the chain or the county (codes; NULL: none). NULL when the city keeps
 * no promises. The caller frees. */
int fd_leg1_promises(fd_table **out, fd_call *call, const char *chain, const char *county);

#endif
