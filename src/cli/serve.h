/*
 * serve: the verb that the command line adds to the registry's, because what it runs (http/) stands
 * above it.
 */
#ifndef FD_CLI_SERVE_H
#define FD_CLI_SERVE_H

#include "fangding/verbs.h"

extern const fd_verb fd_verb_serve;

#endif
