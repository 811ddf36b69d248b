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
 * revenue of the newest month), and those of the file in the parameter "enterprises".
 * Release with fd_chains_free().
 */
int fd_city_chains(fd_chains **out, fd_call *call);
/** A note that a caller who sees some rows only sees some rows only. */
void fd_city_chains_note(const fd_call *call, fd_table *table);
/** The code of the chain that a text names: as fd_chains_find(), or the code of one of the city's
 * chains, by its name. NULL with the error set. */
const char *fd_city_chain(const fd_chains *chains, fd_call *call, const char *text);

#endif
