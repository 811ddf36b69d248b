/*
 * What a limited caller sees of a city: the same city with a source that holds only the rows in
 * scope, so that no engine and no verb ever meets the others.
 *
 *   role        enterprises, projects          other subjects and their values
 *   county      of its own county, without     its own county's row; city, divisions, chains
 *               statistical returns
 *   enterprise  itself; no projects            names; values of published origin
 *   viewer      none                           names; values of published origin
 *
 * Records that name an enterprise or project out of scope are left out; an enterprise sees only
 * records that name it.  The other roles see every row (what they see of statistical returns is
 * app/protect.h's business).
 */
#ifndef FD_APP_SCOPE_H
#define FD_APP_SCOPE_H

#include "fangding/verbs.h"

typedef struct fd_scoped fd_scoped;

/** The call's city as its role and scope see it; `inner` is the source filtered: the city's own, or
 * that of a reader of another snapshot, which a verb opened itself.  FD_EDENIED when the scope
 * names nothing the city knows: an account without a scope sees nothing, not everything. */
int fd_scoped_new(fd_scoped **out, const fd_call *call, fd_source *inner);
void fd_scoped_free(fd_scoped *scoped); /* NULL is fine */
/** Shares everything but the source with the call's city. */
fd_city *fd_scoped_city(fd_scoped *scoped);
fd_source *fd_scoped_source(fd_scoped *scoped);
/** The last net: rows of the answer that name an enterprise or project out of scope are left out.
 * Each table gets a note that says what it rests on. */
int fd_scoped_sweep(fd_scoped *scoped, fd_result *result);

/** Leave in a table of facts (fd_reader_facts()) what a limited caller may see; others see all. */
int fd_scope_facts(const fd_call *call, fd_table **facts);

/** The enterprises that stand in the cells of an answer, as one text for the audit chain: up to
 * five and how many there are. free() it; NULL when there are none. */
char *fd_scope_subjects(fd_city *city, const fd_result *result);

#endif
