/*
 * Help, printed from the registry: nothing is said here that a verb does not declare.
 */
#ifndef FD_CLI_HELP_H
#define FD_CLI_HELP_H

#include "fangding/verbs.h"

/** `fangding help [VERB…]`: the list of verbs, or one verb. FD_ENOTFOUND for an unknown verb. */
int fd_help(int argc, char **argv, fd_lang lang);
/** Everything about one verb. */
void fd_help_verb(const fd_verb *verb, fd_lang lang);

#endif
