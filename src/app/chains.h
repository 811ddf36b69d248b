/*
 * The chain graph of a city for the verbs: declared nodes, enterprises from the register.
 */
#ifndef FD_APP_CHAINS_H
#define FD_APP_CHAINS_H

#include "fangding/chainmap.h"
#include "fangding/verbs.h"

/**
 * Chains of the city's definitions (or of the file in the parameter "graph") with the enterprises
 * of its register on them (county by name; stopped ones by their state; capacity: the dispatch
 * revenue of the newest month), those of the file in the parameter "enterprises", and, for who may
 * see names, the purchases of the register or of the parameter "purchases".  With the parameter
 * "data", a file of enterprises, there is no city: "graph" has the nodes.
 * Release with fd_chains_free().
 */
int fd_city_chains(fd_chains **out, fd_call *call);
/** Records of a type, or of the file in a parameter (NULL: none), with the names of chains in place
 * of the codes of the city's list. The caller frees. */
int fd_city_chain_records(fd_table **out, fd_call *call, const char *type, const char *param);
/** What a terminal shows of a table: the columns named, in their order, one language (why, reason,
 * next, action, missing stand for their English ones, too). */
void fd_city_chain_screen(fd_result *result, const fd_table *t, const char *const *ids,
                          size_t count);
/** A note that a caller who sees some rows only sees some rows only. */
void fd_city_chains_note(const fd_call *call, fd_table *table);
/** The code of the chain that a text names: as fd_chains_find(), or the code of one of the city's
 * chains, by its name. NULL with the error set. */
const char *fd_city_chain(const fd_chains *chains, fd_call *call, const char *text);

#endif
