/*
 * From words to a call: what the command line, the trace and the tests share.
 */
#ifndef FD_APP_LINE_H
#define FD_APP_LINE_H

#include "base/str.h"
#include "fangding/verbs.h"

/**
 * Give a word to the next positional parameter of call->verb; a repeated one takes all that follow.
 * @param next where the search for it begins; moves on
 * @return FD_EINVAL: the verb takes no more words
 */
int fd_call__take(fd_call *call, const char *word, size_t *next);

/** A verb's option by its name without dashes; NULL, with FD_EINVAL set, when it has none. */
const fd_verb_param *fd_call__option(const fd_verb *verb, fd_view name);

/**
 * Fill verb, values and rest of a call from a command line as it stands in examples and in
 * definitions: words cut at blanks, without "fangding" and without the options common to all verbs.
 * The texts live in call->arena.
 * @return FD_ENOTFOUND: no such verb; FD_EINVAL: an option or a word that it does not take
 */
int fd_call_line(fd_call *call, const char *line);

#endif
