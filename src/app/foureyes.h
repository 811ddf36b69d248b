/*
 * Four eyes: which verbs take a second person over the network (docs/decisions/0004).
 */
#ifndef FD_APP_FOUREYES_H
#define FD_APP_FOUREYES_H

#include "fangding/verbs.h"

/* Setting of the city file: "publish,correct", or "none"; absent: see fd_four_eyes_rule(). */
#define FD_FOUR_EYES_META "four_eyes"

/** Can this verb wait for a second person? It writes, and all its parameters are texts, so that
 * they can be kept and shown. */
bool fd_four_eyes_can(const fd_verb *verb);
/** What the city's setting says of a verb: 1 yes, 0 no, −1 there is no setting. */
int fd_four_eyes_rule(const char *setting, const char *verb);

#endif
